"""`deltarule train` says whether the errors that are left must be."""

import pytest

from command_line import QUESTION_1, written

CLASSES = """
[layer]
kind = "softmax"
init = {{seed = 0}}
[data]
inputs = {inputs}
targets = {targets}
[descent]
learning_rate = 1e-6
epochs = 1
"""
# Classes on a line, with errors after one small step from the layer drawn: 1 2 | 3 4; the point 2 in both; 3 among As.
CASES = {
    "separable": ([[1], [2], [3], [4]], ["A", "A", "B", "B"], "Some layer predicts all of them correctly"),
    "quasi-separable": ([[1], [2], [2], [4]], ["A", "A", "B", "B"], "No layer separates the classes"),
    "overlapping": ([[1], [3], [2], [4]], ["A", "A", "B", "B"], "No layer predicts all of them correctly: the classes overlap"),
}  # fmt: skip


def text_of(done):
    """The output on one line, however it is wrapped."""
    code, out, _ = done
    assert code == 0
    return " ".join(out.split())


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_of_separability_is_part_of_the_outcome(command, tmp_path, case):
    inputs, targets, sentence = CASES[case]
    path = written(tmp_path, CLASSES.format(inputs=inputs, targets=targets))
    text = text_of(command("train", path))
    assert "training patterns wrongly. " + sentence in text
    assert "dr.separability" not in text


def test_of_a_layer_without_biases_the_verdict_is_that_of_such_layers(command, tmp_path):
    """1 and 2 of one class, 3 and 4 of the other: a boundary at 2.5 needs biases."""
    inputs, targets, _ = CASES["separable"]
    text = CLASSES.format(inputs=inputs, targets=targets).replace("[data]", "biases = false\n[data]")
    assert "wrongly. No layer predicts all of them correctly" in text_of(command("train", written(tmp_path, text)))


def test_a_run_without_errors_has_no_verdict(command, tmp_path):
    text = text_of(command("train", written(tmp_path, QUESTION_1)))
    assert text.endswith("After 1500 epochs: all epochs done.")


@pytest.mark.parametrize(
    ("patterns", "inputs", "is_small"), [(2000, 1, True), (2001, 1, False), (4, 50, True), (4, 51, False)]
)
def test_only_of_small_data_is_the_verdict_found(command, tmp_path, patterns, inputs, is_small):
    """All patterns are the same, so that classes overlap."""
    rows, labels = [[1] * inputs] * patterns, ["A", "B"] * (patterns // 2) + ["A"] * (patterns % 2)
    text = text_of(command("train", written(tmp_path, CLASSES.format(inputs=rows, targets=labels))))
    assert ("No layer" in text) == is_small
    assert ("dr.separability(X, targets) tells whether any layer" in text) != is_small


HARD = """
[layer]
kind = "perceptron"
activation = "step"
weights = [[1.0], [1.0]]
biases = [0.0]
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = {targets}
[descent]
learning_rate = 0.1
epochs = {epochs}
batch_size = 1
"""


@pytest.mark.parametrize(
    ("targets", "epochs", "sentence"),
    [
        ("[0, 1, 1, 0]", 9, "the classes overlap, so Rosenblatt's rule never comes to rest on them."),
        ("[0, 0, 0, 1]", 1, "Some layer predicts all of them correctly, and Rosenblatt's rule finds one after enough epochs."),
        ("[0, 0, 0, 1]", 500, "no training pattern is predicted wrongly, and the cost is 0. By Novikoff's theorem"),
    ],
)  # fmt: skip
def test_of_rosenblatts_rule_the_verdict_says_whether_it_comes_to_rest(command, tmp_path, targets, epochs, sentence):
    assert sentence in text_of(command("train", written(tmp_path, HARD.format(targets=targets, epochs=epochs))))
