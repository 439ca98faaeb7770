"""Sentences about layers and descents."""

import numpy as np

from deltarule import Descent, LinearLayer, LogisticLayer, PerceptronLayer, iterate
from deltarule.show.document import iteration_document
from deltarule.show.sentences import descent_sentence, layer_sentence
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
    assert [" ".join(piece.text for piece in line) for line in work.part("outputs").lines] == ["y_1,1 = step(0.50) = 1.00"]
