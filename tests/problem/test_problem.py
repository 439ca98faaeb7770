"""Problem files: what is read, each error at its key, and what is written read back."""

# ruff: noqa: E501 - the tables of errors have a case a line

import tomllib
from copy import deepcopy
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from deltarule.data import split
from deltarule.datasets import load
from deltarule.descent import Descent
from deltarule.errors import InputError, ProblemError
from deltarule.iteration import iterate
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.problem import problem_from, problem_text, read_problem, write_problem
from deltarule.training import train

QUESTIONS = resources.files("deltarule.tutorial") / "problems"


def document(layer=None, data=None, descent=None, **rest):
    """A small document: two patterns of two classes and two inputs, with some tables replaced."""
    return {
        "title": "Two",
        "layer": layer or {"kind": "softmax", "weights": [[1, 0], [0, 1]]},
        "data": data or {"inputs": [[0, 1], [2, 3]], "targets": ["b", "a"]},
        "descent": descent or {"learning_rate": 0.5, "epochs": 3},
        **rest,
    }


def changed(name, **keys):
    """The small document with some keys of a table set."""
    made = document()
    made[name] = made[name] | keys
    return made


def numbers_problem(kind="linear", **keys):
    return document(
        layer={"kind": kind, "weights": [[0.5]]},
        data={"inputs": [[1], [2], [3], [4]], "targets": [1, 2, 3, 5.5], **keys},
    )


def error(made, folder="."):
    with pytest.raises(ProblemError) as caught:
        problem_from(made, folder)
    return caught.value


@pytest.fixture
def toml(tmp_path):
    def write(text, name="two.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


GOOD = """\
title = "Two"
[layer]
kind = "softmax"
weights = [[1, 0], [0, 1]]
[data]
inputs = [[0, 1], [2, 3]]
targets = ["b", "a"]
[descent]
learning_rate = 0.5
epochs = 3
"""


# ---- the handout's questions


def question(number):
    with resources.as_file(QUESTIONS / f"question_{number}.toml") as path:
        return read_problem(path)


def test_question_1_is_the_handouts():
    problem = question(1)
    worked = iterate(problem.layer, problem.X, problem.targets, problem.descent)
    assert round(worked.cost, 4) == 34.4994
    assert worked.errors == 14
    assert_allclose(worked.weights, [[0.2787, -0.5450, 0.8863], [0.5401, -0.1217, -0.3184]], rtol=0, atol=5e-5)
    assert_allclose(worked.biases, [-0.3214, 0.2663, 0.0551], rtol=0, atol=5e-5)  # four decimals, as recomputed
    assert problem.descent == Descent(learning_rate=0.05, epochs=1500)
    assert (problem.layer.classes, problem.test, problem.decimals) == (("A", "B", "C"), None, 2)
    assert (problem.input_names, problem.target_names) == (("x1", "x2"), ("target",))


def test_question_2_is_linnerud_split_and_scaled_as_the_handout_does():
    problem = question(2)
    assert problem.descent == Descent(learning_rate=0.001, epochs=10000)
    assert (problem.X.shape, problem.targets.shape) == ((15, 3), (15, 3))
    assert_allclose(problem.X.mean(axis=0), 0, atol=1e-15)  # rounding of a mean of 15 numbers near 1
    assert_allclose(problem.X.var(axis=0), 1, rtol=1e-14)
    assert problem.targets.min(axis=0).tolist() == [0, 0, 0]
    assert_allclose(problem.targets.max(axis=0), 1, rtol=1e-15)
    linnerud = load("linnerud")
    training, test = split(20, 0.25, 1)
    assert problem.test is not None
    for rows, (X, D) in [(training, (problem.X, problem.targets)), (test, problem.test)]:
        # Undone, the numbers come back to their rounding.
        assert_allclose(problem.input_scaling.undo(X), linnerud.inputs[rows], rtol=1e-14)
        assert_allclose(problem.target_scaling.undo(D), linnerud.targets[rows], rtol=1e-14)
    assert isinstance(problem.layer, PerceptronLayer)
    assert np.array_equal(problem.layer.weights, PerceptronLayer.random(3, 3, seed=0).weights)
    assert problem.target_names == ("weight", "waist", "pulse")


def test_question_3_is_iris_centred_by_its_training_flowers():
    problem = question(3)
    assert problem.descent == Descent(learning_rate=0.1, epochs=1000, batch_size=16, reduction="mean")
    iris = load("iris")
    training, test = split(150, 0.4, 2)
    mean = iris.inputs[training].mean(axis=0)
    assert np.array_equal(problem.X, iris.inputs[training] - mean)
    assert np.array_equal(problem.test[0], iris.inputs[test] - mean)
    assert np.array_equal(problem.targets, iris.targets[training])
    assert np.array_equal(problem.test[1], iris.targets[test])
    drawn = SoftmaxLayer.random(4, ["setosa", "versicolor", "virginica"], seed=0)
    assert np.array_equal(problem.layer.weights, drawn.weights)
    assert np.array_equal(problem.layer.biases, drawn.biases)
    assert problem.layer.classes == drawn.classes


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_question_trained_and_written_back_goes_on_where_it_was(number, tmp_path):
    problem = question(number)
    run = train(problem.layer, problem.X, problem.targets, replace(problem.descent, epochs=2), engine="direct")
    write_problem(problem.with_layer(run.layer), tmp_path / "trained.toml")
    again = read_problem(tmp_path / "trained.toml")
    assert again.layer.weights.tobytes() == run.layer.weights.tobytes()
    assert again.layer.biases.tobytes() == run.layer.biases.tobytes()
    assert np.array_equal(again.X, problem.X)
    assert np.array_equal(again.targets, problem.targets)
    assert "init" not in again.document["layer"]


# ---- layers and their targets


def test_biases_left_out_are_zeros_and_the_rest_has_defaults():
    problem = problem_from(document())
    assert problem.layer.biases.tolist() == [0, 0]
    assert problem.layer.classes == ("a", "b")
    assert (problem.decimals, problem.test, problem.input_scaling, problem.target_scaling) == (2, None, None, None)
    assert problem.X.tolist() == [[0, 1], [2, 3]]
    assert problem.targets.tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("layer", "targets", "kind", "shape", "classes"),
    [
        ({"kind": "softmax", "init": {"seed": 1}}, ["x", "y"], SoftmaxLayer, (2, 2), ("x", "y")),
        ({"kind": "softmax", "init": {"seed": 1}}, [[0, 1, 0], [1, 0, 0]], SoftmaxLayer, (2, 3), (1, 2, 3)),
        ({"kind": "logistic", "init": {"seed": 1}}, [7, 3], LogisticLayer, (2, 1), (3, 7)),
        ({"kind": "logistic", "init": {"seed": 1}}, [True, False], LogisticLayer, (2, 1), (False, True)),
        ({"kind": "logistic", "weights": [[1], [2]]}, ["no", "yes"], LogisticLayer, (2, 1), ("no", "yes")),
        ({"kind": "logistic", "weights": [[1, 2], [2, 3]]}, ["no", "yes"], LogisticLayer, (2, 2), ("no", "yes")),
        ({"kind": "logistic", "init": {"seed": 1}}, [[0, 1, 1], [0, 0, 1]], LogisticLayer, (2, 3), None),
        ({"kind": "logistic", "weights": [[1], [2]]}, [[0], [1]], LogisticLayer, (2, 1), None),
        ({"kind": "linear", "init": {"seed": 1}}, [1, 2.5], LinearLayer, (2, 1), None),
        ({"kind": "linear", "init": {"seed": 1}}, [[1, 2.5], [0, 1]], LinearLayer, (2, 2), None),
        ({"kind": "perceptron", "weights": [[1], [2]]}, [0.25, 1], PerceptronLayer, (2, 1), None),
        ({"kind": "perceptron", "init": {"seed": 1}, "activation": "tanh"}, [0, 1], PerceptronLayer, (2, 1), None),
    ],
)
def test_targets_make_the_neurons_and_the_classes(layer, targets, kind, shape, classes):
    problem = problem_from(document(layer, {"inputs": [[0, 1], [2, 3]], "targets": targets}))
    assert type(problem.layer) is kind
    assert problem.layer.weights.shape == shape
    assert getattr(problem.layer, "classes", None) == classes
    assert getattr(problem.layer, "activation", None) in {None, layer.get("activation", "sigmoid")}
    assert len(problem.layer.patterns(problem.X, problem.targets).D) == 2


def test_logistic_layers_of_three_classes_are_drawn_one_neuron_a_class():
    data = {"inputs": [[0], [1], [2]], "targets": ["b", "c", "a"]}
    problem = problem_from(document({"kind": "logistic", "init": {"seed": 4}}, data))
    assert np.array_equal(problem.layer.weights, LogisticLayer.random(1, ["a", "b", "c"], seed=4).weights)


def test_one_hot_rows_become_labels_and_flat_numbers_a_column():
    rows = problem_from(changed("data", targets=[[0, 1], [1, 0]]))
    assert rows.targets.tolist() == [2, 1]
    assert (rows.layer.classes, rows.target_names) == ((1, 2), ("d1", "d2"))
    flat = problem_from(numbers_problem())
    assert flat.targets.tolist() == [[1.0], [2.0], [3.0], [5.5]]


def test_classes_are_those_of_all_patterns_the_test_set_too():
    data = {"inputs": [[0], [1], [2], [3]], "targets": ["c", "a", "b", "d"], "split": {"test": 2, "seed": 0}}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 0}}, data))
    assert problem.layer.classes == ("a", "b", "c", "d")
    assert sorted([*problem.targets.tolist(), *problem.test[1].tolist()]) == ["a", "b", "c", "d"]
    assert len(problem.targets) == 2


# ---- data


def test_a_table_is_found_beside_the_file(toml, tmp_path):
    (tmp_path / "flowers.csv").write_text("length,width,species\n1,2,a\n3,4,b\n5,7,a\n")
    head, tail = (
        'title = "T"\n[layer]\nkind = "KIND"\ninit = {seed = 1}\n[data]\n',
        "\n[descent]\nlearning_rate = 1\nepochs = 1\n",
    )

    def read(kind, data):
        return read_problem(toml(head.replace("KIND", kind) + data + tail))

    problem = read("softmax", 'table = "flowers.csv"\ntarget = "species"')
    assert problem.X.tolist() == [[1, 2], [3, 4], [5, 7]]
    assert problem.targets.tolist() == ["a", "b", "a"]
    assert (problem.input_names, problem.target_names) == (("length", "width"), ("species",))
    problem = read("linear", 'table = "flowers.csv"\ntarget = "width"\ninputs = ["length"]\nscale_targets = true')
    assert problem.X.tolist() == [[1], [3], [5]]
    assert_allclose(problem.targets, [[0], [0.4], [1]], rtol=1e-15)  # (2, 4, 7) - 2 over 5
    assert problem.target_names == ("width",)


def test_columns_of_a_table_are_one_hot_classes_by_their_names(tmp_path):
    pq.write_table(pa.table({"x": [1.0, 2.0], "cat": [0, 1], "ant": [1, 0]}), tmp_path / "p1.parquet")
    data = {"table": "p*.parquet", "target": ["cat", "ant"]}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 1}}, data), tmp_path)
    assert problem.layer.classes == ("cat", "ant")
    assert problem.targets.tolist() == ["ant", "cat"]
    independent = problem_from(document({"kind": "logistic", "init": {"seed": 1}}, data), tmp_path)
    assert independent.layer.classes is None
    assert independent.targets.tolist() == [[0, 1], [1, 0]]


def test_a_stratified_split_keeps_the_shares():
    data = {"dataset": "iris", "split": {"test": 30, "seed": 3, "stratified": True}}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 1}}, data))
    assert np.unique(problem.test[1], return_counts=True)[1].tolist() == [10, 10, 10]
    training, _ = split(150, 30, 3, stratified=True, labels=load("iris").targets.tolist())
    assert np.array_equal(problem.X, load("iris").inputs[training])


def test_a_document_made_in_python_may_hold_arrays_tuples_and_nones():
    made = document(
        {"kind": "softmax", "weights": np.eye(2), "biases": (0.5, np.float32(0.25)), "init": None},
        {"inputs": np.array([[0, 1], [2, 3]]), "targets": np.array(["b", "a"]), "split": None},
        {"learning_rate": np.float64(0.5), "epochs": np.int64(3), "batch_size": None},
    )
    kept = deepcopy(made)
    problem = problem_from(made)
    assert tomllib.loads(problem_text(problem)) == document(
        {"kind": "softmax", "weights": [[1.0, 0.0], [0.0, 1.0]], "biases": [0.5, 0.25]}
    )
    problem.document["data"]["inputs"][0][0] = 9
    assert made["data"]["inputs"][0][0] == kept["data"]["inputs"][0][0]  # the document is the problem's own


def test_the_title_left_out_is_the_files_name(toml):
    problem = read_problem(toml(GOOD.removeprefix('title = "Two"\n')))
    assert problem.title == problem.document["title"] == "two"
    made = document()
    del made["title"]
    assert problem_from(made).title == "problem"


def test_byte_order_marks_and_dos_line_ends_are_read(toml):
    assert read_problem(toml(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).title == "Two"


# ---- errors: the file


def read_error(path):
    with pytest.raises(ProblemError) as caught:
        read_problem(path)
    return str(caught.value)


def test_a_file_that_cannot_be_read_is_said(toml, tmp_path, monkeypatch):
    toml(GOOD)
    assert (
        read_error(tmp_path / "tow.toml") == f"{tmp_path / 'tow.toml'}: There is no such file. Did you mean 'two.toml'?"
    )
    assert read_error(tmp_path / "no" / "two.toml").endswith("There is no such file. Check the path.")
    assert read_error(tmp_path) == f"{tmp_path}: This is a directory. Give the problem file in it."

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read_error(tmp_path / "two.toml").endswith(
        "two.toml: The file cannot be read: Permission denied. Check its permissions."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "two.toml: The file is empty. Write the tables [layer], [data] and [descent]."),
        ("# only a remark\n", "two.toml: The file is empty. Write the tables [layer], [data] and [descent]."),
        (
            "title = Two\n",
            (
                "two.toml: This is not valid TOML: Invalid value (at line 1, column 9). Correct it. "
                "Text stands in quotation marks, lists in brackets."
            ),
        ),
        (
            '[layer]\nkind = "softmax"\nkind = "linear"\n',
            (
                "two.toml: This is not valid TOML: Cannot overwrite a value (at line 3, column 16). Correct it. "
                "Text stands in quotation marks, lists in brackets."
            ),
        ),
        (
            "a = " + "[" * 5000 + "]" * 5000,
            "two.toml: This is not valid TOML: maximum recursion depth exceeded",
        ),
        ("a = " + "9" * 5000, "two.toml: This is not valid TOML: Exceeds the limit"),
        (
            b"title = '\xe9'\n",
            "two.toml: A problem file must be UTF-8 text. Got another byte in place 10. Save it as UTF-8.",
        ),
        (
            GOOD.encode("utf-16"),
            "two.toml: A problem file must be UTF-8 text. Got another byte in place 1. Save it as UTF-8.",
        ),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_file_that_is_no_toml_is_said(toml, text, said):
    assert read_error(toml(text)).startswith(said)


def test_an_error_in_a_file_names_the_file_and_the_key(toml):
    assert read_error(toml(GOOD.replace("learning_rate", "learning_rat"), "iris.toml")) == (
        "iris.toml, [descent] learning_rat: There is no such key. Did you mean 'learning_rate'?"
    )


# ---- errors: tables and keys


def without(name, key=None):
    made = document()
    if key is None:
        del made[name]
    else:
        del made[name][key]
    return made


@pytest.mark.parametrize(
    ("made", "where", "why"),
    [
        (document(titel="x"), "titel", "There is no such key. Did you mean 'title'?"),
        (document(epochs=3), "epochs", "There is no such key. It belongs in [descent]: move it there."),
        (document(dat={"a": 1}), "[dat]", "There is no such table. Did you mean 'data'?"),
        (
            document(title=3),
            "title",
            'The value of title must be text. Got 3. Write title = "Three classes in the plane".',
        ),
        (document(title={"a": 1}), "title", "The value of title must be text. Got {'a': 1}. Write title = "),
        (without("layer"), "[layer]", "This table is missing. Add a line [layer], and its keys below it."),
        (without("data"), "[data]", "This table is missing. Add a line [data], and its keys below it."),
        (without("descent"), "[descent]", "This table is missing. Add a line [descent], and its keys below it."),
        (
            document() | {"layer": "softmax"},
            "[layer]",
            "The layer must be a table. Got 'softmax'. Write [layer] above its keys, in single brackets.",
        ),
        (
            document() | {"data": [{}]},
            "[data]",
            "The data must be a table. Got a list of tables. Write [data] above its keys, in single brackets.",
        ),
        (changed("layer", kinds=1), "[layer] kinds", "There is no such key. Did you mean 'kind'?"),
        (
            changed("layer", title="x"),
            "[layer] title",
            "There is no such key. It belongs at the top of the file, above all tables.",
        ),
        (
            changed("layer", seed=1),
            "[layer] seed",
            "There is no such key. It belongs in init: write init = {seed = 1}.",
        ),
        (
            changed("data", test=0.4),
            "[data] test",
            "There is no such key. It belongs in split: write split = {test = 0.4, seed = 2}.",
        ),
        (changed("data", decimals=2), "[data] decimals", "There is no such key. It belongs in [show]: move it there."),
        (
            changed("descent", zzz=2),
            "[descent] zzz",
            "There is no such key. Known: learning_rate, epochs, batch_size, ",
        ),
        (document(show={"decimal": 2}), "[show] decimal", "There is no such key. Did you mean 'decimals'?"),
        (without("layer", "kind"), "[layer] kind", 'This key is missing. Add kind = "softmax".'),
        (
            without("layer", "weights"),
            "[layer] weights",
            "This key is missing. Add weights = [[0.1, -0.2], [0.3, 0.0]] (a row an input, a column a neuron), or init = {seed = 1}.",
        ),
        (
            without("data", "inputs"),
            "[data] inputs",
            "This key is missing. Add inputs = [[0, 4], [-1, 3]] (a row a pattern).",
        ),
        (
            without("data", "targets"),
            "[data] targets",
            'This key is missing. Add targets = ["A", "B"] (one a pattern).',
        ),
        (
            without("descent", "learning_rate"),
            "[descent] learning_rate",
            "This key is missing. Add learning_rate = 0.05.",
        ),
        (without("descent", "epochs"), "[descent] epochs", "This key is missing. Add epochs = 1000."),
    ],
)
def test_unknown_and_missing_tables_and_keys_are_said(made, where, why):
    found = error(made)
    assert found.where == f"problem, {where}"
    assert found.why.startswith(why)


def test_a_problem_is_made_of_a_dictionary():
    assert str(error([1])) == "problem: The document must be a dictionary. Got [1]. Give tables by name."


# ---- errors: [layer]


@pytest.mark.parametrize(
    ("layer", "key", "why"),
    [
        ({"kind": "softmx", "weights": [[1]]}, "kind", "The kind must be one of linear, perceptron, logistic, softmax. Got 'softmx'. Did you mean 'softmax'?"),
        ({"kind": 3, "weights": [[1]]}, "kind", "The kind must be one of linear, perceptron, logistic, softmax. Got 3. Known: linear"),
        ({"kind": "softmax", "weights": [[1, 0], [0]]}, "weights", "The weights must have rows of the same length. Got 2 numbers in row 1 and 1 in row 2. Correct row 2. If a comma"),
        ({"kind": "softmax", "weights": [1, 0]}, "weights", "The weights must be a matrix: a list of rows of numbers, all as long. Got an array of shape (2,). Give"),
        ({"kind": "softmax", "weights": "none"}, "weights", "The weights must be a matrix: "),
        ({"kind": "softmax", "weights": [[1, 0], [True, 1]]}, "weights", "The weights must hold numbers only. Got True in row 2, column 1. Write a number there."),
        ({"kind": "softmax", "weights": [[1, "0"], [0, 1]]}, "weights", "The weights must hold numbers only. Got '0' in row 1, column 2. Write 0 without quotation marks."),
        ({"kind": "softmax", "weights": [[1, 0], [float("nan"), 1]]}, "weights", "The weights must hold finite numbers only. Got nan in row 2, column 1. Remove or fill it."),
        ({"kind": "softmax", "weights": [[1, 0], [10**400, 1]]}, "weights", "The weights must "),
        ({"kind": "softmax", "weights": [[1, 0, 1], [0, 1, 1]]}, "weights", "The classes must be 3 for this layer (one neuron a class). Got 2: ['a', 'b']. Give the weights one column a class"),
        ({"kind": "logistic", "weights": [[1, 0, 1], [0, 1, 1]]}, "weights", "The classes must be 3 for this layer (one neuron for two classes, or one a class). Got 2"),
        ({"kind": "softmax", "weights": [[1, 0, 1], [0, 1, 1]], "biases": [1]}, "biases", "The biases must be as many as the neurons, the 3 columns"),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1]}, "biases", "The biases must be as many as the neurons, the 2 columns of the weights. Got 1. Give one bias a neuron."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1, False]}, "biases", "The biases must hold numbers only. Got False in entry 2. Write a number there."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1, float("inf")]}, "biases", "The biases must hold finite numbers only. Got inf in entry 2."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": 0}, "biases", "The biases must be a list of numbers. Got an array of shape ()."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "activation": "tanh"}, "activation", "Only a perceptron layer has a choice of activation; this one is softmax. Leave the key out."),
        ({"kind": "softmax", "init": {"seed": 1}, "weights": [[1, 0], [0, 1]]}, "weights", "The key init draws weights and biases. Keep init, or the numbers."),
        ({"kind": "softmax", "init": {"seed": 1}, "biases": [0, 0]}, "biases", "The key init draws weights and biases. Keep init, or the numbers."),
        ({"kind": "softmax", "init": 1}, "init", "The value of init must be a table in braces. Got 1. Write init = {seed = 1}."),
        ({"kind": "softmax", "init": {}}, "init.seed", "This key is missing. Add seed = 1."),
        ({"kind": "softmax", "init": {"sed": 1}}, "init.sed", "There is no such key. Did you mean 'seed'?"),
        ({"kind": "softmax", "init": {"seed": -1}}, "init.seed", "The seed must be a whole number of at least 0. Got -1. "),
        ({"kind": "softmax", "init": {"seed": True}}, "init.seed", "The seed must be a whole number of at least 0. Got True. "),
    ],
)  # fmt: skip
def test_a_layer_that_cannot_be_is_said(layer, key, why):
    found = error(document(layer))
    assert found.where == f"problem, [layer] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("kind", "weights", "targets", "biases"),
    [
        ("softmax", [[1, 2, 3], [4, 5, 6]], ["a", "b"], [0, 0]),
        ("logistic", [[1, 2, 3]], ["a", "b"], [0]),
        ("linear", [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]], [0, 0]),
    ],
)
def test_weights_with_rows_and_columns_swapped_are_said(kind, weights, targets, biases):
    found = error(
        document({"kind": kind, "weights": weights, "biases": biases}, {"inputs": [[1, 2, 3]] * 2, "targets": targets})
    )
    assert str(found) == (
        "problem, [layer] weights: The weights must have one row an input (3) and one column a neuron. "
        f"Got {len(weights)} row{'s' * (len(weights) > 1)} and 3 columns. They look transposed: swap rows and columns."
    )


def test_weights_for_other_data_are_not_called_transposed():
    # Three inputs and two neurons, as the kind and the classes say; a column of the data is missing.
    found = error(document({"kind": "softmax", "weights": [[1, 0], [0, 1], [1, 1]]}))
    assert found.where == "problem, [data] inputs"


@pytest.mark.parametrize("start", [{"weights": [[0.5]]}, {"init": {"seed": 0}}])
def test_an_unknown_activations_the_nearest(start):
    found = error(numbers_problem() | {"layer": {"kind": "perceptron", "activation": "tan", **start}})
    assert str(found) == (
        "problem, [layer] activation: The activation must be one of sigmoid, tanh. Got 'tan'. Did you mean 'tanh'?"
    )


# ---- errors: [data]

ALIKE = "The targets must be all texts, all numbers, all booleans or all rows. Got "


@pytest.mark.parametrize(
    ("data", "key", "why"),
    [
        ({"standardise": True}, "", "This table names no data. Give inputs and targets, or table and target, or dataset."),
        ({"inputs": [[0, 1]], "targets": ["a"], "target": "t"}, " target", "This key names columns of a table. Add table, or write targets instead."),
        ({"table": "t.csv", "dataset": "iris"}, " dataset", "A problem has one source of data. Keep table or dataset."),
        ({"table": "t.csv", "targets": ["a"]}, " targets", "This key does not go with table. Choose columns with target and inputs."),
        ({"dataset": "iris", "targets": ["a"]}, " targets", "This key does not go with dataset. Leave it out."),
        ({"dataset": "iris", "inputs": ["a"]}, " inputs", "This key does not go with dataset. Leave it out."),
        ({"dataset": "iriss"}, " dataset", "The data set must be one of iris, linnerud. Got 'iriss'. Did you mean 'iris'?"),
        ({"table": 3, "target": "t"}, " table", 'The value of table must be text. Got 3. Write table = "flowers.csv".'),
        ({"table": "t.csv"}, " target", 'This key is missing. Add target = "species", or target = ["weight", "waist"].'),
        ({"table": "none.csv", "target": "t"}, " table", "The table must be a file that exists. Got none.csv. Check the path."),
        ({"inputs": [], "targets": ["a", "b"]}, " inputs", "The inputs must have at least one row. Got none."),
        ({"inputs": [[0, "x"], [1, 2]], "targets": ["a", "b"]}, " inputs", "The inputs must hold numbers only. Got 'x' in row 1, column 2."),
        ({"inputs": [[0, 1], [1, float("inf")]], "targets": ["a", "b"]}, " inputs", "The inputs must hold finite numbers only. Got inf in row 2, column 2."),
        ({"inputs": [[0, 1], [1]], "targets": ["a", "b"]}, " inputs", "The inputs must have rows of the same length. Got 2 numbers in row 1 and 1 in row 2."),
        ({"inputs": [[0], [1]], "targets": ["a", "b"]}, " inputs", "The inputs must have 2 columns, one for each input of the layer. Got 1."),
        ({"inputs": {"a": 1}, "targets": ["a", "b"]}, " inputs", "The inputs must be a matrix: "),
        ({"inputs": [[0, 1], [2, 3]], "targets": []}, " targets", "The targets must be a list of one a pattern. Got []. Write targets = "),
        ({"inputs": [[0, 1], [2, 3]], "targets": "ab"}, " targets", "The targets must be a list of one a pattern. Got 'ab'. Write targets = "),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", "b", "a"]}, " targets", "The targets must be as many as the rows of the inputs, 2. Got 3. Give one target a pattern."),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", "a"]}, " targets", "The classes must be at least two for a class layer. Got ['a']. Add patterns of another class"),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", " "]}, " targets", "The targets must have no label missing. Got ' ' in entry 2. Fill it in"),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["", "a"]}, " targets", "The targets must have no label missing. Got '' in entry 1. Fill it in"),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1, "1"]}, " targets", ALIKE + "'1' in entry 2. Write all of them alike; classes are best as texts."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1, True]}, " targets", ALIKE + "True in entry 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1, 0], 1]}, " targets", ALIKE + "1 in entry 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [{"a": 1}]}, " targets", ALIKE + "{'a': 1} in entry 1."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1.5, float("nan")]}, " targets", "The targets must have no label missing. Got nan in row 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1, 0], [1, 1]]}, " targets", "The one-hot targets must hold a single 1 a row and 0 elsewhere. Got [1.0, 1.0] in row 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1], [1]]}, " targets", "The classes must be at least two for a class layer. Got [1]."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[True, 0], [0, 1]]}, " targets", "The targets must hold numbers only. Got True in row 1, column 1."),
    ],
)  # fmt: skip
def test_data_that_cannot_be_are_said(data, key, why):
    found = error(document(data=data))
    assert found.where == f"problem, [data]{key}"
    assert found.why.startswith(why)


def test_numbers_are_no_one_hot_rows():
    found = error(document({"kind": "softmax", "init": {"seed": 1}}, {"dataset": "linnerud"}))
    assert str(found).startswith(
        "problem, [data] dataset: The one-hot targets must hold a single 1 a row and 0 elsewhere. Got [191.0, 36.0, 50.0]"
    )


@pytest.mark.parametrize(
    ("keys", "key", "why"),
    [
        ({"standardise": 1}, "standardise", "The value of standardise must be true or false. Got 1. Write standardise = true."),
        ({"centre": "yes"}, "centre", "The value of centre must be true or false. Got 'yes'. Write centre = true."),
        ({"standardise": True, "centre": True}, "centre", "Standardised inputs are centred already. Leave out centre."),
        ({"scale_targets": True}, "scale_targets", "The targets of a softmax layer are classes, not sizes. Leave the key out."),
        ({"split": 0.4}, "split", "The value of split must be a table in braces. Got 0.4. Write split = {test = 0.4, seed = 2}."),
        ({"split": {"test": 1}}, "split.seed", "This key is missing. Add seed = 2."),
        ({"split": {"seed": 1}}, "split.test", "This key is missing. Add test = 0.4."),
        ({"split": {"test": 1, "seed": 1, "stratify": True}}, "split.stratify", "There is no such key. Did you mean 'stratified'?"),
        ({"split": {"test": 1, "seed": 1, "stratified": 1}}, "split.stratified", "The value of stratified must be true or false. Got 1. Write stratified = true."),
        ({"split": {"test": 2, "seed": 1}}, "split.test", "The test set must be a share between 0 and 1, or a whole number of patterns from 1 to 1. Got 2 of 2"),
        ({"split": {"test": "1", "seed": 1}}, "split.test", "The test set must be a share between 0 and 1, or a whole number of patterns"),
        ({"split": {"test": 1, "seed": "x"}}, "split.seed", "The seed of the split must be a whole number of at least 0. Got 'x'."),
        ({"split": {"test": 1, "seed": 1, "stratified": True}}, "split.stratified", "The stratified split must find each class often enough for both sides. Got one pattern of 'a'."),
        ({"inputs": [[1e308, 0], [-1e308, 1]], "standardise": True}, "standardise", "The numbers to scale must have a mean and a spread that float64 can hold. Got column 1"),
        ({"inputs": [[1e308, 0], [1e308, 1]], "centre": True}, "centre", "The numbers to scale must have a mean and a spread that float64 can hold. Got column 1"),
        ({"inputs": [[1e308, 0], [-1e308, 1]], "centre": True, "split": {"test": 1, "seed": 1}}, "inputs", "The scaled numbers must hold finite numbers only. Got "),
    ],
)  # fmt: skip
def test_a_split_or_a_scaling_that_cannot_be_is_said(keys, key, why):
    found = error(changed("data", **keys))
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("keys", "key", "why"),
    [
        ({"targets": ["a", "b", "c", "d"]}, "targets", "The targets of a linear layer must hold numbers only. Got 'a' in row 1. Write numbers; softmax and logistic layers take labels."),
        ({"targets": [True, False, True, True]}, "targets", "The targets of a linear layer must hold numbers only. Got True in row 1."),
        ({"targets": [1, 2, float("inf"), 3]}, "targets", "The targets of a linear layer must hold finite numbers only. Got inf in entry 3."),
        ({"targets": [[1, 2]] * 4}, "targets", "The targets must have 1 columns, one for each neuron. Got 2."),
        ({"targets": [1e308, -1e308, 0, 0], "scale_targets": True}, "scale_targets", "The numbers to scale must have a mean and a spread"),
        ({"targets": [1e100, 1e-300, 0, 0], "scale_targets": True, "split": {"test": 1, "seed": 4}}, "targets", "The scaled numbers must hold finite"),
        ({"split": {"test": 1, "seed": 1, "stratified": True}}, "split.stratified", "The stratified split must have a label for each pattern. Got none."),
        ({"inputs": [[1]], "targets": [1], "split": {"test": 0.5, "seed": 1}}, "split", "The number of patterns must be a whole number of at least 2. Got 1."),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_targets_are_said(keys, key, why):
    found = error(numbers_problem(**keys))
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("kind", "keys", "key", "why"),
    [
        ("softmax", {"target": "specis"}, "target", "The targets must be columns of {t}. Got 'specis'. Did you mean 'species'?"),
        ("softmax", {"target": 3}, "target", "The targets must be a list of column names. Got 3."),
        ("softmax", {"target": "species", "inputs": ["lenght"]}, "inputs", "The inputs must be columns of {t}. Got 'lenght'. Did you mean 'length'?"),
        ("linear", {"target": "species"}, "target", "The targets must be numbers. Got 'a' in {t}, column 'species', row 1."),
        ("linear", {"target": "length"}, "table", "The inputs must be numbers. Got 'a' in {t}, column 'species', row 1."),
        ("softmax", {"target": "length", "inputs": ["width"], "table": "flower.csv"}, "table", "The table must be a file that exists. Got {u}. Did you mean 'flowers.csv'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_points_at_its_key(tmp_path, kind, keys, key, why):
    path = tmp_path / "flowers.csv"
    path.write_text("length,width,species\n1,2,a\n3,4,b\n")
    found = error(document({"kind": kind, "init": {"seed": 1}}, {"table": "flowers.csv", **keys}), tmp_path)
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why.format(t=path, u=tmp_path / "flower.csv"))


# ---- errors: [descent] and [show]


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("learning_rate", 0, "The learning rate must be a finite number above 0. Got 0. Try 0.01"),
        ("learning_rate", -1, "The learning rate must be a finite number above 0. Got -1. Try 0.01"),
        ("learning_rate", True, "The learning rate must be a finite number above 0. Got True. Try 0.01"),
        (
            "learning_rate",
            "0.1",
            "The learning rate must be a finite number above 0. Got '0.1'. Write 0.1 without quotation marks.",
        ),
        ("learning_rate", [0.1], "The learning rate must be a finite number above 0. Got [0.1]. Try 0.01"),
        ("epochs", 0, "The number of epochs must be a whole number of at least 1. Got 0. An epoch is"),
        ("epochs", 1.5, "The number of epochs must be a whole number of at least 1. Got 1.5. An epoch is"),
        ("batch_size", 0, "The batch size must be a whole number of at least 1. Got 0. Leave it out"),
        ("batch_size", True, "The batch size must be a whole number of at least 1. Got True. Leave it out"),
        ("reduction", "means", "The reduction must be one of sum, mean. Got 'means'. Did you mean 'mean'?"),
        ("weight_decay", -1, "The weight decay must be a finite number of at least 0. Got -1. Give 0 for none."),
        ("tolerance", "no", "The tolerance must be a finite number of at least 0. Got 'no'. Leave it out"),
        ("seed", -3, "The seed must be a whole number of at least 0. Got -3. Give a whole number."),
        ("seed", np.random.default_rng(0), "The seed must be a whole number of at least 0. Got Generator"),
    ],
)
def test_a_descent_that_cannot_be_is_said(key, value, why):
    found = error(changed("descent", **{key: value}))
    assert found.where == f"problem, [descent] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (16, "The number of decimals must be at most 15. Got 16. Give 0 to 15: float64 holds no more."),
        (-1, "The number of decimals must be a whole number of at least 0. Got -1. Give 0 to 15"),
        (2.0, "The number of decimals must be a whole number of at least 0. Got 2.0. Give 0 to 15"),
    ],
)
def test_decimals_that_cannot_be_are_said(value, why):
    found = error(document(show={"decimals": value}))
    assert found.where == "problem, [show] decimals"
    assert found.why.startswith(why)
    assert problem_from(document(show={"decimals": 15})).decimals == 15


# ---- what a problem says of itself


def test_a_problem_keeps_its_patterns_encoded_once():
    problem = problem_from(changed("data", inputs=[[0, 1], [2, 3], [4, 6]], targets=["b", "a", "b"], standardise=True))
    X, D, v = problem.patterns
    assert X is problem.X
    assert D.tolist() == [[0, 1], [1, 0], [0, 1]]  # one-hot, in the order of the classes a, b
    assert v.tolist() == [1, 1, 1]
    expected = problem.layer.patterns(problem.X, problem.targets)
    assert all(np.array_equal(one, other) for one, other in zip(problem.patterns, expected, strict=True))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_patterns_of_a_question_are_those_of_its_training_set(number):
    problem = question(number)
    expected = problem.layer.patterns(problem.X, problem.targets)
    assert all(np.array_equal(one, other) for one, other in zip(problem.patterns, expected, strict=True))


def test_a_problem_says_how_its_layer_and_its_inputs_were_made():
    given = problem_from(document())
    assert (given.init_seed, given.standardised) == (None, False)
    drawn = problem_from(document({"kind": "softmax", "init": {"seed": 4}}))
    assert drawn.init_seed == 4
    assert drawn.with_layer(drawn.layer).init_seed is None
    assert problem_from(changed("data", standardise=True)).standardised
    centred = problem_from(changed("data", centre=True))
    assert centred.input_scaling is not None
    assert not centred.standardised


def test_another_title_and_another_descent_are_in_the_document_too():
    problem = problem_from(document())
    descent = Descent(0.1, 7, batch_size=1, weight_decay=0.5)
    other = problem.with_title("Other").with_descent(descent)
    again = problem_from(other.to_dict())
    assert (again.title, again.descent) == ("Other", descent)
    assert (problem.title, problem.descent) == ("Two", Descent(0.5, 3))
    with pytest.raises(InputError, match="seed must be a whole number"):
        problem.with_descent(Descent(0.1, 7, seed=np.random.default_rng(0)))


def test_a_problem_as_plain_values_is_its_own_and_makes_the_same_problem():
    problem = problem_from(document())
    values = problem.to_dict()
    assert problem_text(problem_from(values)) == problem_text(problem)
    values["data"]["inputs"][0][0] = 99
    assert problem.document["data"]["inputs"][0][0] == 0


def test_a_problem_shows_itself_briefly():
    problem = question(3)
    assert repr(problem) == (
        f"Problem({problem.title!r}, softmax layer of 4 x 3, 90 training patterns, 60 test patterns)"
    )
    lines = str(problem).splitlines()
    assert lines[0] == problem.title
    assert "drawn with seed 0" in str(problem)
    assert "sepal_length" in str(problem)
    assert "(centred)" in " ".join(str(problem).split())
    assert "learning rate 0.1" in str(problem)
    assert max(map(len, lines)) <= 80
    assert "(scaled to [0, 1])" in " ".join(str(question(2)).split())


def test_a_problem_shows_itself_in_a_notebook_with_its_title_escaped():
    shown = problem_from(document(title="a < b & c"))._repr_html_()
    assert "<b>a &lt; b &amp; c</b>" in shown
    assert "2 training patterns; inputs x1, x2; targets target" in shown
    assert "softmax layer" in shown


def test_the_names_of_many_inputs_are_cut():
    wide = problem_from(
        document({"kind": "linear", "init": {"seed": 0}}, {"inputs": [[0] * 20, [1] * 20], "targets": [1, 2]})
    )
    assert "x8 and 12 more" in " ".join(str(wide).split())


# ---- writing

finite = st.floats(allow_nan=False, allow_infinity=False)
# Characters that UTF-8 can hold: all but the surrogates.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# NumPy's texts do not tell "a" from "a" with a zero character after it.
label = text.map(lambda word: word.rstrip("\0"))


@given(
    weights=st.lists(st.tuples(finite, finite), min_size=1, max_size=3),
    biases=st.tuples(finite, finite),
    inputs=st.lists(st.tuples(finite, st.integers(-(2**53), 2**53), finite), min_size=2, max_size=30),
    classes=st.one_of(
        st.lists(label.filter(str.strip), min_size=2, max_size=2, unique=True),
        st.lists(st.integers(-9, 9), min_size=2, max_size=2, unique=True),
        st.just([True, False]),
    ),
    title=text,
)
def test_what_is_written_reads_back_bit_equal(tmp_path_factory, weights, biases, inputs, classes, title):
    rows = [row[: len(weights)] for row in inputs]
    targets = [classes[place % 2] for place in range(len(rows))]
    made = {
        "show": {"decimals": 3},
        "descent": {"tolerance": 1e-300, "epochs": 2, "learning_rate": 5e-324, "reduction": "mean"},
        "data": {"inputs": rows, "targets": targets},
        "layer": {"kind": "softmax", "weights": weights, "biases": biases},
        "title": title,
    }
    problem = problem_from(made)
    path = tmp_path_factory.mktemp("written") / "p.toml"
    write_problem(problem, path)
    again = read_problem(path)
    assert again.document == problem.document
    assert again.layer.weights.tobytes() == problem.layer.weights.tobytes()
    assert again.layer.biases.tobytes() == problem.layer.biases.tobytes()
    assert again.X.tobytes() == problem.X.tobytes()
    assert again.targets.tolist() == targets
    assert (again.title, again.descent, again.layer.classes) == (title, problem.descent, problem.layer.classes)
    assert problem_text(again) == problem_text(problem)


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=4), st.tuples(finite, finite))
def test_a_layer_put_in_reads_back_bit_equal(tmp_path_factory, weights, biases):
    data = {"inputs": [[1.0] * len(weights)] * 2, "targets": [[0.5, -1], [1, 0.25]]}
    start = {"kind": "perceptron", "activation": "tanh", "init": {"seed": 3}}
    problem = problem_from(document(start, data))
    layer = PerceptronLayer(weights, biases, activation="tanh")
    path = tmp_path_factory.mktemp("written") / "p.toml"
    write_problem(problem.with_layer(layer), path)
    again = read_problem(path)
    assert again.layer.weights.tobytes() == layer.weights.tobytes()
    assert again.layer.biases.tobytes() == layer.biases.tobytes()
    assert again.layer.activation == "tanh"
    assert problem.document["layer"] == start  # the first problem is as it was


def test_a_matrix_is_written_a_row_a_line_and_a_long_list_over_lines():
    data = {
        "inputs": [[n, 0.5] for n in range(23)],
        "targets": [f"c{n % 3}" for n in range(23)],
        "split": {"test": 5, "seed": 1},
    }
    written = problem_text(problem_from(document({"kind": "softmax", "init": {"seed": 2}}, data, show={"decimals": 4})))
    lines = written.splitlines()
    assert lines[:5] == ['title = "Two"', "", "[layer]", 'kind = "softmax"', "init = {seed = 2}"]
    start = lines.index("inputs = [")
    assert lines[start + 1 : start + 24] == [f"    [{n}, 0.5]," for n in range(23)]
    assert lines[start + 24] == "]"
    start = lines.index("targets = [")
    assert [line.count('"') // 2 for line in lines[start + 1 : start + 5]] == [10, 10, 3, 0]
    assert "split = {test = 5, seed = 1}" in lines
    assert lines[-2:] == ["[show]", "decimals = 4"]


@pytest.mark.parametrize(
    ("layer", "what"),
    [
        (LinearLayer([[1.0, 0], [0, 1]], [0.0, 0]), "kind is 'softmax'. Got 'linear'."),
        (SoftmaxLayer([[1.0, 0]], [0.0, 0], classes=["a", "b"]), "inputs is 2. Got 1."),
        (SoftmaxLayer([[1.0, 0, 0]] * 2, [0.0] * 3, classes=["a", "b", "c"]), "neurons is 2. Got 3."),
        (SoftmaxLayer([[1.0, 0]] * 2, [0.0] * 2, classes=["b", "a"]), "classes is ('a', 'b'). Got ('b', 'a')."),
    ],
)
def test_a_layer_of_another_problem_is_refused(layer, what):
    with pytest.raises(InputError, match=r"^The layer must be like the problem's, whose ") as caught:
        problem_from(document()).with_layer(layer)
    assert what in str(caught.value)


def test_a_layer_of_another_activation_is_refused():
    problem = problem_from(numbers_problem("perceptron", scale_targets=True))
    with pytest.raises(InputError, match=r"whose activation is 'sigmoid'\. Got 'tanh'"):
        problem.with_layer(PerceptronLayer([[1.0]], [0.0], "tanh"))


def test_a_table_is_found_again_from_another_folder(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t.csv").write_text("a,b,t\n1,2,x\n3,4,y\n")
    (tmp_path / "out" / "deep").mkdir(parents=True)
    made = document(data={"table": "data/t.csv", "target": "t"})
    monkeypatch.chdir(tmp_path)
    problem = problem_from(made)  # relative to the folder of now
    for target, table in [("out/deep/p.toml", "../../data/t.csv"), ("data/p.toml", "t.csv"), ("p.toml", "data/t.csv")]:
        write_problem(problem, target)
        again = read_problem(target)
        assert again.document["data"]["table"] == table
        assert again.X.tolist() == [[1, 2], [3, 4]]
    absolute = problem_from(document(data={"table": str(tmp_path / "data/t.csv"), "target": "t"}))
    write_problem(absolute, "out/p.toml")
    assert read_problem("out/p.toml").document == absolute.document


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "p.toml"
    write_problem(problem_from(document(title="first")), path)
    before = path.read_bytes()

    def fail(self, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(ProblemError, match=r"No space left on device"):
            write_problem(problem_from(document(title="second")), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["p.toml"]  # no draft is left
    write_problem(problem_from(document(title="second")), path)
    assert read_problem(path).title == "second"


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    problem = problem_from(document())
    for path, why in [(tmp_path, "directory"), (tmp_path / "none" / "p.toml", "No such file or directory")]:
        with pytest.raises(ProblemError) as caught:
            write_problem(problem, path)
        assert caught.value.where == str(path)
        assert why in caught.value.why
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_kept_and_its_file_replaced(tmp_path):
    (tmp_path / "real.toml").write_text("old")
    (tmp_path / "link.toml").symlink_to("real.toml")
    write_problem(problem_from(document()), tmp_path / "link.toml")
    assert (tmp_path / "link.toml").is_symlink()
    assert read_problem(tmp_path / "real.toml").title == "Two"
