"""Messages that point the right way: keys and tables of other programs, decimal commas, files that are not problem files."""

# ruff: noqa: E501 - the tables of errors have a case a line

import pytest

from deltarule.errors import ProblemError
from deltarule.problem import problem_from, read_problem
from deltarule.problem.unknown_keys import NOT_SUPPORTED, SYNONYMS, key_of, not_supported
from problem_files import UNTITLED


@pytest.fixture
def message(tmp_path):
    """What the reader says to a file of this text."""

    def read(text, name="two.toml"):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(ProblemError) as caught:
            read_problem(path)
        return str(caught.value)

    return read


def in_table(table, line):
    """The good file with a line more in a table."""
    return UNTITLED.replace(f"[{table}]\n", f"[{table}]\n{line}\n")


# ---- Single layers only.

SINGLE = "deltarule trains a single layer of neurons: there are no hidden layers."


@pytest.mark.parametrize(
    "text",
    [
        UNTITLED.replace("[layer]", "[[layers]]"),
        UNTITLED + '[[layers]]\nkind = "softmax"\n',
        UNTITLED + "[layers]\nhidden = 3\n",
        UNTITLED + "[hidden]\nneurons = 3\n",
        UNTITLED + '[layer2]\nkind = "softmax"\n',
        UNTITLED + '[layer.2]\nkind = "softmax"\n',
        "layers = [3, 2]\n" + UNTITLED,
        "hidden_layers = 2\n" + UNTITLED,
        in_table("layer", "hidden = 5"),
        in_table("layer", "hidden-units = [5, 5]"),
        in_table("layer", "layers = 2"),
        UNTITLED.replace("[layer]", "[[layer]]") + '[[layer]]\nkind = "softmax"\n',
        UNTITLED + "[layer]\nkind = 'softmax'\n",
    ],
)
def test_several_layers_get_told_that_there_is_a_single_one(message, text):
    assert SINGLE in message(text)


def test_a_single_layer_in_double_brackets_is_told_to_use_single_ones(message):
    found = message(UNTITLED.replace("[layer]", "[[layer]]"))
    assert found == (
        "two.toml, [layer]: The layer must be a table. Got a list of tables. Write [layer] above its keys, in single brackets."
    )


# ---- Plain gradient descent only.


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('optimizer = "adam"', ["no choice of optimiser", "gradient descent, with or without momentum"]),
        ("beta1 = 0.9", ["no choice of optimiser"]),
        ("l1 = 0.01", ["L1 regularisation is not supported", "weight_decay adds L/2 sum W^2"]),
        ("dropout = 0.5", ["Dropout is not supported", "weight_decay"]),
    ],
)
def test_what_is_not_supported_is_reported_with_what_there_is_instead(message, line, parts):
    found = message(in_table("descent", line))
    assert found.startswith(f"two.toml, [descent] {line.partition(' ')[0]}: There is no such key. ")
    assert all(part in found for part in parts)


@pytest.mark.parametrize(
    ("table", "line", "remedy"),
    [
        ("descent", "early_stopping = true", "Did you mean 'patience'?"),
        ("descent", 'lr_scheduler = "cosine"', "Did you mean 'schedule'?"),
        ("descent", "regularization = 0.1", "Did you mean 'weight_decay'?"),
        ("descent", "l2 = 0.1", "Did you mean 'weight_decay'?"),
        ("descent", "lambda = 0.1", "Did you mean 'weight_decay'?"),
        ("descent", "alpha = 0.1", "Did you mean 'learning_rate' or 'weight_decay'?"),
        ("descent", "lr = 0.1", "Did you mean 'learning_rate'?"),
        ("descent", "eta = 0.1", "Did you mean 'learning_rate'?"),
        ("descent", "learning-rate = 0.1", "Did you mean 'learning_rate'?"),
        ("descent", "iterations = 10", "Did you mean 'epochs'?"),
        ("descent", "steps = 10", "Did you mean 'epochs'?"),
        ("descent", "max_iter = 10", "Did you mean 'epochs'?"),
        ("descent", "batchsize = 10", "Did you mean 'batch_size'?"),
        ("descent", "minibatch = 10", "Did you mean 'batch_size'?"),
        ("data", "X = [[1]]", "Did you mean 'inputs'?"),
        ("data", "y = [1]", "Did you mean 'targets'?"),
        ("data", "normalize = true", "Did you mean 'standardise'?"),
        ("layer", "bias = [1]", "Did you mean 'biases'?"),
        ("layer", "lr = 0.1", "Did you mean 'learning_rate'? It belongs in [descent]."),
        ("layer", "name = 'x'", "Did you mean 'title'? It belongs at the top of the file, above all tables."),
        ("layer", "neurons = 3", "The number of neurons follows from the weights, or with init from the targets."),
        ("layer", "loss = 'mse'", "The cost follows from the kind of layer"),
    ],
)
def test_a_word_of_another_program_gets_the_key_that_it_stands_for(message, table, line, remedy):
    assert f"There is no such key. {remedy}" in message(in_table(table, line))


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ("training", "Did you mean [descent]?"),
        ("optimizer", "Did you mean [descent]?"),
        ("dataset", "Did you mean [data]?"),
        ("model", "Did you mean [layer]?"),
        ("iteration", "This is a table of an answer file. Give the problem file first, then the answer."),
    ],
)
def test_a_table_of_another_name_gets_the_known_one(message, table, remedy):
    assert message(f"{UNTITLED}[{table}]\na = 1\n") == f"two.toml, [{table}]: There is no such table. {remedy}"


def test_each_word_has_one_remedy_and_none_is_a_key():
    words = [word for each in NOT_SUPPORTED for word in each.split()]
    synonyms = [word for each in SYNONYMS.values() for word in each.split() if word != "alpha"]
    assert len(set(words + synonyms)) == len(words + synonyms)
    assert [word for word in words if key_of(word)] == []
    assert [word for word in synonyms if not_supported(word)] == []


# ---- Decimal commas.

POINT = "If a comma stands for a decimal point, write a point: 0.5, not 0,5."


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("weights = [[1, 0], [0, 1]]", "weights = [[0,5, 1,25], [-0,5, 2,0]]", "[layer] weights: "),
        ("weights = [[1, 0], [0, 1]]", "weights = [[0,5, 1], [0, 1]]", "[layer] weights: "),
        ("[data]", "biases = [0,5, 1,25]\n[data]", "[layer] biases: "),
        ("[[0, 1], [2, 3]]\ntargets", "[[0,5, 1,0], [2,5, 3,5]]\ntargets", "[data] inputs: "),
    ],
)
def test_numbers_cut_in_two_by_commas_are_noticed(message, old, new, where):
    found = message(UNTITLED.replace(old, new))
    assert found.startswith(f"two.toml, {where}")
    assert found.endswith(POINT)


@pytest.mark.parametrize("data", [{"targets": [0, 5, 1, 25]}, {"targets": [[0, 5], [1, 25]]}])
def test_targets_cut_in_two_by_commas_are_noticed(data):
    made = {
        "layer": {"kind": "linear", "weights": [[0.5]]},
        "data": {"inputs": [[1], [2]], **data},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    }
    with pytest.raises(ProblemError) as caught:
        problem_from(made)
    assert caught.value.where == "problem, [data] targets"
    assert caught.value.why.endswith(POINT)


@pytest.mark.parametrize(
    "weights",
    [
        [[1, 0, 1], [0, 1, 1]],
        [[0.5, 1, 1, 2], [1, 1, 1, 1]],
        [[1, -1, 1, -1], [1, 1, 1, 1]],
        [[1, 1, 1, 1], [1, 1, 1, -1]],
    ],
)
def test_other_numbers_too_many_are_not_blamed_on_commas(weights):
    made = {
        "layer": {"kind": "softmax", "weights": weights},
        "data": {"inputs": [[0, 1], [2, 3]], "targets": ["a", "b"]},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    }
    with pytest.raises(ProblemError) as caught:
        problem_from(made)
    assert "decimal point" not in str(caught.value)


@pytest.mark.parametrize("line", ["learning_rate = 0,5", "learning_rate = 0,05", "tolerance = 1,5e-3"])
def test_a_comma_that_is_not_toml_is_noticed(message, line):
    found = message(UNTITLED.replace("learning_rate = 0.5", line))
    assert found.startswith(
        "two.toml: This is not valid TOML: Expected newline or end of document after a statement (at line 8"
    )
    assert found.endswith(f"Correct it. {POINT}")


def test_a_comma_before_a_zero_in_a_list_is_noticed(message):
    assert message(UNTITLED.replace("[[1, 0],", "[[0,88, 0,08],")).endswith(POINT)


def test_a_comma_in_quotation_marks_is_noticed(message):
    assert message(UNTITLED.replace("[[1, 0]", '[["0,5", 0]')) == (
        "two.toml, [layer] weights: The weights must hold numbers only. Got '0,5' in row 1, column 1. "
        "Write 0.5, with a decimal point."
    )
    assert message(UNTITLED.replace("learning_rate = 0.5", 'learning_rate = "0,5"')).endswith(
        "Got '0,5'. Write 0.5, with a decimal point."
    )


def test_a_comma_in_a_cell_of_a_table_is_noticed(message, tmp_path):
    (tmp_path / "t.csv").write_text('a,b\n1,x\n"0,5",y\n')
    text = '[layer]\nkind = "softmax"\ninit = {seed = 1}\n[data]\ntable = "t.csv"\ntarget = "b"\n'
    found = message(text + "[descent]\nlearning_rate = 1\nepochs = 1\n")
    assert found.endswith(f"Got '0,5' in {tmp_path / 't.csv'}, column 'a', row 2. Write 0.5, with a decimal point.")


# ---- Targets that the outputs cannot come close to.


def perceptron(targets, activation="sigmoid", **data):
    return {
        "layer": {"kind": "perceptron", "init": {"seed": 1}, "activation": activation},
        "data": {"inputs": [[1], [2], [3]], "targets": targets, **data},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    }


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (perceptron([1, -1, 1]), 'between 0 and 1, the limits of the outputs of this layer. Got -1 in row 2, column 1. Write activation = "tanh" in [layer], or scale_targets = true in [data].'),
        (perceptron([[1, 0.5], [0, 1], [0, 7]]), "Got 7 in row 3, column 2. Write scale_targets = true in [data], or use a linear layer."),
        (perceptron([1, -1, 2]), "Got -1 in row 2, column 1. Write scale_targets = true in [data], or use a linear layer."),
        (perceptron([1, -1, 2], "tanh"), "between -1 and 1, the limits of the outputs of this layer. Got 2 in row 3, column 1. Write scale_targets"),
    ],
)  # fmt: skip
def test_targets_out_of_reach_are_refused_with_a_remedy(made, why):
    with pytest.raises(ProblemError) as caught:
        problem_from(made)
    assert caught.value.where == "problem, [data] targets"
    assert why in caught.value.why


@pytest.mark.parametrize(
    "made",
    [
        perceptron([0, 1, 1]),
        perceptron([-1, 1, 1], "tanh"),
        perceptron([-5, 100, 3], scale_targets=True),
        # Split with this seed, pattern 3 is the test set: only training targets must be reached.
        perceptron([0, 1, 5], split={"test": 1, "seed": 0}),
        perceptron([0, 0.5, 1 + 1e-12]),
    ],
)
def test_targets_at_the_limits_scaled_ones_and_those_of_the_test_set_are_read(made):
    assert len(problem_from(made).X) in (2, 3)


# ---- Files that are not problem files.


@pytest.mark.parametrize("name", ["flowers.csv", "flowers.parquet", "FLOWERS.XLSX"])
def test_a_table_of_data_is_told_how_to_name_it_in_a_problem_file(message, name):
    assert message("a,b\n1,2\n", name) == (
        f'{name}: This is a table of data, not a problem file. Write a problem file with table = "{name}" and target in [data], '
        "and give that."
    )


def test_json_is_told_to_be_json(message):
    found = message('{"layer": {"kind": "softmax"}}')
    assert found.startswith(
        "two.toml: This is not valid TOML: Invalid statement (at line 1, column 1). Correct it. It is JSON;"
    )


def test_a_line_that_is_not_toml_is_named(message):
    assert message("hello\n") == (
        "two.toml: This is not valid TOML: Expected '=' after a key in a key/value pair (at line 1, column 6). Correct it. "
        "Text stands in quotation marks, lists in brackets."
    )


def test_a_key_given_twice_is_not_called_a_second_layer(message):
    assert "single layer" not in message(UNTITLED + "[data]\na = 1\n")
