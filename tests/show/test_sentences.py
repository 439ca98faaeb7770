"""Sentences about layers and descents."""

import math
import re

import numpy as np
import pytest

from deltarule import Descent, LinearLayer, LogisticLayer, PerceptronLayer, iterate
from deltarule.show.document import iteration_document
from deltarule.show.sentences import descent_sentence, layer_sentence, schedule_sentence
from samples import QUESTION_1_LAYER


def test_sentences_say_what_there_is():
    assert layer_sentence(QUESTION_1_LAYER) == "softmax layer, 2 inputs, 3 neurons, one a class"
    assert layer_sentence(LogisticLayer.random(1, neurons=2)) == "logistic layer, 1 input, 2 neurons, each on its own"
    assert layer_sentence(PerceptronLayer.random(1, 1, activation="tanh")) == "tanh perceptron layer, 1 input, 1 neuron"
    full = Descent(0.1, 1, weight_decay=0.5, tolerance=1e-6)
    assert (
        descent_sentence(full) == "learning rate 0.1, 1 epoch, full batch, cost: sum, weight decay 0.5, tolerance 1e-06"
    )
    batch = Descent(0.1, 1, batch_size=6)
    assert "1 epoch, mini-batches of 6 (seed 0), cost" in descent_sentence(batch, 7)
    assert "1 epoch, full batch, cost" in descent_sentence(batch, 6)
    assert "1 epoch, full batch (batch size 6 is larger than the set of 4), cost" in descent_sentence(batch, 4)
    assert "mini-batches of 2, cost" in descent_sentence(Descent(0.1, 1, batch_size=2, seed=np.random.default_rng(0)))


@pytest.mark.parametrize("by", ["epoch", "update"])
@pytest.mark.parametrize(
    "schedule",
    [
        {"kind": "constant", "warm_up": 3},
        {"kind": "step", "every": 2},
        {"kind": "step", "every": 3, "factor": 0.5, "warm_up": 2},
        {"kind": "exponential", "factor": 0.9},
        {"kind": "inverse-time", "decay": 0.25, "warm_up": 1},
        {"kind": "cosine"},
        {"kind": "cosine", "final": 0.25, "warm_up": 2},
        {"kind": "one-cycle"},
    ],
    ids=str,
)
def test_the_formula_of_a_schedule_gives_the_rates_in_force(schedule, by):
    """Python reads the formula, of 10 epochs of 2 updates."""
    descent = Descent(1.0, 10, batch_size=3, schedule=schedule | {"by": by})
    count = 10 if by == "epoch" else 20
    words, _, formula = schedule_sentence(descent, 6).partition(" = ")
    assert words == f"The learning rate is a f(t), t the {by}s done before: f(t)"
    pieces = [re.split(r" (?:for t <|up to t =) ", piece) for piece in formula.split(", then ")]
    known = {"cos": math.cos, "pi": math.pi, "floor": math.floor}
    for t in range(count):
        piece = next(text for text, *limit in pieces if not limit or t < float(limit[0]))
        code = re.sub(r"(?<=[\w)]) (?=[\w(])", " * ", re.sub(r"\^", "**", piece)).replace("cos * (", "cos(")
        expected = descent.rates(t // (2 if by == "update" else 1), 1, 6)[0]
        assert eval(code, known | {"t": t}) == pytest.approx(expected[t % 2 if by == "update" else 0], rel=1e-4), t


def test_hard_outputs_and_adaline_say_how_their_classes_are_coded():
    step = PerceptronLayer([[1.0]], [0.0], activation="step", classes=["no", "yes"])
    assert layer_sentence(step) == "step perceptron layer, 1 input, 1 neuron; d is 0 for no and 1 for yes"
    adaline = LinearLayer([[1.0]], [0.0], classes=["no", "yes"])
    assert layer_sentence(adaline) == "Adaline layer, 1 input, 1 neuron; d is -1 for no and 1 for yes"
    several = PerceptronLayer.random(1, 3, activation="sign", classes=["a", "b", "c"])
    assert layer_sentence(several) == "sign perceptron layer, 1 input, 3 neurons, one a class"


def test_a_step_by_rosenblatts_rule_says_that_no_derivative_of_the_output_is_taken():
    layer = PerceptronLayer([[0.5]], [0.0], activation="step")
    work = iteration_document(iterate(layer, [[1.0], [2.0]], [[0], [1]], Descent(0.5, 3)))
    assert "Rosenblatt's rule: delta is Y - D, 0 where an answer is right" in work.sentences[1]
    assert [" ".join(piece.text for piece in line) for line in work.part("cost").lines] == [
        "J = [(1.00 - 0) * 0.50 + (1.00 - 1) * 1.00] = 0.50"
    ]
    assert [" ".join(piece.text for piece in line) for line in work.part("outputs").lines] == [
        "y_1,1 = step(0.50) = 1.00"
    ]
