"""Problem files are read: the handout's questions, files of every form, and errors of files and descents."""

import os
import tomllib
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule.data import split
from deltarule.datasets import load
from deltarule.descent import Descent
from deltarule.errors import ProblemError
from deltarule.files import LARGEST_TEXT
from deltarule.iteration import iterate
from deltarule.layers import PerceptronLayer, SoftmaxLayer
from deltarule.problem import problem_from, problem_text, read_problem, write_problem
from deltarule.training import train
from problem_files import GOOD, UNTITLED, changed, document, error, question


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


def test_a_file_whose_name_is_of_another_encoding_is_read_and_written_back(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.toml")
    path.write_text(UNTITLED)
    problem = read_problem(path)
    assert problem.title == r"\udcff"
    write_problem(problem, path)
    assert read_problem(path).title == r"\udcff"


def test_byte_order_marks_and_dos_line_ends_are_read(toml):
    assert read_problem(toml(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).title == "Two"


def read_error(path):
    with pytest.raises(ProblemError) as caught:
        read_problem(path)
    return str(caught.value)


def test_a_file_that_cannot_be_read_is_reported(toml, tmp_path):
    toml(GOOD)
    for path, why in [
        (tmp_path / "tow.toml", "be a file that exists. Got {}. Did you mean 'two.toml'?"),
        (tmp_path / "no" / "two.toml", "be a file that exists. Got {}. Check the path."),
        (tmp_path, "be a file. Got '{}', a directory. Give the name of a file."),
        (tmp_path / "two.toml" / "a.toml", "be a file that can be read. Got '{}' (Not a directory). Check it."),
    ]:
        assert read_error(path) == f"{path.name}: The problem file must {why.format(path)}"


def test_a_problem_file_is_a_regular_one_of_limited_size(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    assert "pipe.toml', a device, pipe or socket." in read_error(tmp_path / "pipe.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST_TEXT + 1))
    assert "The problem file must hold at most 16,777,216 bytes." in read_error(tmp_path / "large.toml")


DEEP = "The document must nest tables and lists at most 50 deep. Got more. Write it flatter."


@pytest.mark.parametrize(
    "text",
    [
        f"title{'.a' * 2000} = 2\n" + UNTITLED,
        f"[show{'.a' * 2000}]\n" + GOOD,
        "a = " + "[" * 200 + "]" * 200 + "\n" + GOOD,
        "a = " + "{a=" * 5000 + "1" + "}" * 5000,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_nested_too_deeply_is_said(toml, text):
    assert read_error(toml(text)) == f"two.toml: {DEEP}"


def test_a_document_that_holds_itself_is_nested_too_deeply():
    endless = []
    endless.append(endless)
    endless.append(endless)
    held = np.empty(1, object)
    held[0] = [held]
    for value in (endless, held):
        assert str(error(document(title=value))) == f"problem: {DEEP}"


def test_a_key_that_stands_twice_in_a_document_is_not_lost():
    twice = {1: "a", "1": "b"}
    why = "A key stands twice, as text and as another type. Keep one."
    assert str(error(document(title=twice))) == f"problem: {why}"
    assert str(error(document() | twice)) == f"problem: {why}"


@pytest.mark.parametrize(
    ("text", "message"),
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
def test_a_file_that_is_not_toml_is_reported(toml, text, message):
    assert read_error(toml(text)).startswith(message)


def test_an_error_in_a_file_names_the_file_and_the_key(toml):
    assert read_error(toml(GOOD.replace("learning_rate", "learning_rat"), "iris.toml")) == (
        "iris.toml, [descent] learning_rat: There is no such key. Did you mean 'learning_rate'?"
    )


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
        ("reduction", "means", "The reduction must be one of sum, mean, half-mean. Got 'means'. Did you mean 'mean'?"),
        ("weight_decay", -1, "The weight decay must be a finite number of at least 0. Got -1. Give 0 for none."),
        ("tolerance", "no", "The tolerance must be a finite number of at least 0. Got 'no'. Leave it out"),
        ("seed", -3, "The seed must be a whole number of at least 0. Got -3. Give a whole number."),
        ("seed", np.random.default_rng(0), "The seed must be a whole number of at least 0. Got Generator"),
    ],
)
def test_a_descent_that_cannot_be_is_reported(key, value, why):
    found = error(changed("descent", **{key: value}))
    assert found.where == f"problem, [descent] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (16, "The number of decimals must be at most 15. Got 16. Give 0 to 15: float64 holds no more."),
        (-1, "The number of decimals must be a whole number of at least 0. Got -1. Give 0 to 15"),
        (2.0, "The number of decimals must be a whole number of at least 0. Got 2.0. Write 2, without a decimal point"),
    ],
)
def test_decimals_that_cannot_be_are_reported(value, why):
    found = error(document(show={"decimals": value}))
    assert found.where == "problem, [show] decimals"
    assert found.why.startswith(why)
    assert problem_from(document(show={"decimals": 15})).decimals == 15
