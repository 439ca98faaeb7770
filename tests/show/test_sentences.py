"""Sentences about layers and descents."""

import numpy as np

from deltarule import Descent, LogisticLayer, PerceptronLayer
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
