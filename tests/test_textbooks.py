"""Worked examples that others have published, patterns in the order given: every engine reaches the figures that they print."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import deltarule as dr
from deltarule.engines import ENGINES

every_engine = pytest.mark.parametrize("engine", ENGINES)

# Brownlee, "Machine Learning Algorithms From Scratch" and machinelearningmastery.com, "Logistic Regression Tutorial for Machine
# Learning": two inputs, classes 0 and 1.
TEN = [
    [2.7810836, 2.550537003], [1.465489372, 2.362125076], [3.396561688, 4.400293529], [1.38807019, 1.850220317],
    [3.06407232, 3.005305973], [7.627531214, 2.759262235], [5.332441248, 2.088626775], [6.922596716, 1.77106367],
    [8.675418651, -0.242068655], [7.673756466, 3.508563011],
]  # fmt: skip
ZEROS_AND_ONES = [[0]] * 5 + [[1]] * 5
OR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def online(learning_rate, epochs, **options):
    """One pattern an update, in the order given: the textbooks' online descent."""
    return dr.Descent(learning_rate, epochs, batch_size=1, order="given", **options)


@every_engine
@pytest.mark.parametrize(
    ("epochs", "bias", "weights"),
    [
        # The tutorial's spreadsheet, and the book's program.
        (10, -0.4066054641, [0.8525733164, -1.104746259]),
        (100, -0.8596443546618897, [1.5223825112460005, -2.218700210565016]),
    ],
)
def test_brownlees_logistic_regression(engine, epochs, bias, weights):
    # b <- b + 0.3 (y - p) p (1 - p) x: it descends squared errors of sigmoids, which is a perceptron layer here.
    start = dr.PerceptronLayer(np.zeros((2, 1)), np.zeros(1))
    layer = dr.train(start, TEN, ZEROS_AND_ONES, online(0.3, epochs), engine).layer
    assert_allclose([*layer.biases, *layer.weights.ravel()], [bias, *weights], rtol=2e-8)


@every_engine
def test_brownlees_linear_regression(engine):
    # "Linear Regression Tutorial Using Gradient Descent for Machine Learning": 20 updates.
    X, targets = [[1], [2], [4], [3], [5]], [[1], [3], [3], [2], [5]]
    layer = dr.train(dr.LinearLayer([[0.0]], [0.0]), X, targets, online(0.01, 4), engine).layer
    assert_allclose([layer.biases[0], layer.weights[0, 0]], [0.230897491, 0.7904386102], rtol=1e-9)


@every_engine
def test_brownlees_perceptron(engine):
    # "How To Implement The Perceptron Algorithm From Scratch In Python": 5 epochs; the last ones change nothing.
    start = dr.PerceptronLayer(np.zeros((2, 1)), np.zeros(1), activation="step")
    layer = dr.train(start, TEN, ZEROS_AND_ONES, online(0.1, 5), engine).layer
    expected = [-0.1, 0.20653640140000007, -0.23418117710000003]
    assert_allclose([*layer.biases, *layer.weights.ravel()], expected, rtol=1e-12)


def test_the_perceptron_that_learns_or_at_cornell():
    """Cornell University, CS 472, 2004, "Perceptron example": the bias is an input of -1, and the layer has none of its own.

    Three epochs learn; in the fourth nothing is wrong.
    """
    X = [[*row, -1] for row in OR]
    start = dr.PerceptronLayer(np.zeros((3, 1)), None, activation="step")
    reached = [
        dr.iterate(start, X, [[0], [1], [1], [1]], online(0.5, 4), iteration=update).weights.ravel().tolist()
        for update in range(1, 17)
    ]
    assert reached == [
        [0, 0, 0.5], [0, 0.5, 0], [0, 0.5, 0], [0, 0.5, 0],
        [0, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0.5, 0],
        [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5],
        *[[0.5, 0.5, 0.5]] * 4,
    ]  # fmt: skip


def test_the_adaline_that_learns_or():
    """Sivanandam and Deepa, "Principles of Soft Computing", solved problem on Adaline: rate 0.1, all weights 0.1 at first.

    As 0.1 + 0.1 + 0.1 = 0.3, and each weight grows by 0.1 (1 - 0.3) x = 0.07 x.
    """
    X, targets = [[1, 1], [1, -1], [-1, 1], [-1, -1]], [1, 1, 1, -1]
    start = dr.LinearLayer([[0.1], [0.1]], [0.1])
    updates = [dr.iterate(start, X, targets, online(0.1, 1), iteration=update) for update in range(1, 5)]
    reached = [[*each.weights.ravel().tolist(), each.biases[0]] for each in updates]
    assert_allclose([each.synaptic_inputs[0, 0] for each in updates], [0.3, 0.17, 0.087, 0.0043], atol=5e-5)
    assert_allclose(
        reached,
        [[0.17, 0.17, 0.17], [0.253, 0.087, 0.253], [0.1617, 0.1783, 0.3443], [0.2621, 0.2787, 0.2439]],
        atol=5e-5,
    )


def test_the_cost_of_a_line_through_the_origin():
    """Ng, "Machine Learning", 2011, "Cost function: intuition I": J = 1/(2m) sum (h - y)^2 for the points (1, 1) to (3, 3)."""
    X = targets = [[1], [2], [3]]
    costs = [dr.LinearLayer([[slope]], None).cost(X, targets, "half-mean") for slope in (1.0, 0.5, 0.0)]
    assert_array_equal(np.round(costs, 2), [0.0, 0.58, 2.33])  # 0, 3.5/6 and 14/6
