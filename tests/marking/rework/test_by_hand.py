"""Many hands at once: without rounding they work what the package works, and with it what one hand works in plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, SOFTMAX, TANH, WEIGHTS, drawn
from deltarule.marking.rework.by_hand import Hands, work
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.usual_ways import EVERYTHING, Way, hands_of
from deltarule.parts import ITERATION_PARTS, PartName

EXACT = Hands(2, lambda _part, values: values, lambda _part, values: values)
LABELS = ["A", "B", "C", "A", "B"]
DECAYS = {"weight_decay": 0.1, "decay_biases": True}
PROBLEMS = {
    "softmax": SOFTMAX,
    "tanh": TANH,
    "one against rest": drawn("logistic", WEIGHTS, BIASES, POINTS, LABELS, reduction="mean", weight_decay=0.1),
    "independent": drawn("logistic", WEIGHTS, BIASES, POINTS, np.eye(3, dtype=int)[[0, 1, 2, 0, 1]].tolist()),
    "one neuron": drawn("logistic", [[0.5], [-0.3]], [0.1], POINTS, ["A", "B", "B", "A", "B"], batch_size=2, seed=3),
    "linear": drawn("linear", WEIGHTS, BIASES, POINTS, np.ones((5, 3)).tolist(), 0.01, weight_decay=0.5),
    "momentum": drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, momentum=0.9, schedule="cosine", **DECAYS),
    "Nesterov's": drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, momentum=0.5, nesterov=True, batch_size=2),
}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_hands_that_do_not_round_work_what_the_package_works(kind):
    problem = PROBLEMS[kind]
    found = work(Exercise.of(problem), [1, 3], EXACT)
    for number in (1, 3):
        expected = dr.iterate(problem, iteration=number)
        for part in ITERATION_PARTS:
            name = PartName.in_iteration(number, part)
            if name not in found:
                assert not (problem.layer.has_classes if part in ("predicted", "errors") else problem.descent.momentum)
                continue
            value = getattr(expected, part)
            if part == "predicted" and problem.layer.classes:
                value = [problem.layer.classes.index(label) for label in value]
            for hand in range(2):
                np.testing.assert_allclose(found[name][hand], value, rtol=1e-12, atol=1e-14, err_msg=name)


def round2(value):
    return math.copysign(math.floor(abs(value) * 100 + 0.5 + 1e-9) / 100, value)


def test_a_hand_that_rounds_everything_works_what_plain_loops_work():
    """Softmax with two decimals: each x w, each e^u and their sum, each term of the cost, each x delta, a dJ/dW, and each step."""
    X, D = POINTS, SOFTMAX.layer.encode(SOFTMAX.targets).tolist()
    W, b, a = WEIGHTS, BIASES, SOFTMAX.descent.learning_rate
    P, N, K = range(5), range(2), range(3)
    U = [[round2(sum(round2(X[p][i] * W[i][k]) for i in N) + b[k]) for k in K] for p in P]
    Y = []
    for u in U:
        e = [round2(math.exp(value)) for value in u]
        Y.append([round2(value / round2(sum(e))) for value in e])
    cost = round2(sum(round2(-math.log(Y[p][k])) for p in P for k in K if D[p][k]))
    delta = [[round2(Y[p][k] - D[p][k]) for k in K] for p in P]
    gradient = [[round2(sum(round2(X[p][i] * delta[p][k]) for p in P)) for k in K] for i in N]
    bias_gradient = [round2(sum(delta[p][k] for p in P)) for k in K]
    weights = [[round2(W[i][k] - round2(a * gradient[i][k])) for k in K] for i in N]
    biases = [round2(b[k] - round2(a * bias_gradient[k])) for k in K]
    expected = {
        "synaptic_inputs": U, "outputs": Y, "cost": cost, "delta": delta, "weight_gradient": gradient,
        "bias_gradient": bias_gradient, "weights": weights, "biases": biases,
    }  # fmt: skip
    grain = Grain(decimals=2)
    found = work(Exercise.of(SOFTMAX), [1], hands_of([Way(grain, EVERYTHING, EVERYTHING)]))
    for part, figures in expected.items():
        worked = grain.rounded(found[PartName.in_iteration(1, part)][0])
        np.testing.assert_allclose(worked, figures, atol=1e-9, err_msg=part)


def test_figures_that_are_given_are_carried_on_by_every_hand():
    name, after = PartName.in_iteration(1, "weight_gradient"), PartName.in_iteration(1, "weights")
    known = np.array([[True, False, True], [True, True, True]])
    given = {name: lambda worked: np.where(known, 2.0, worked)}
    exact = work(Exercise.of(SOFTMAX), [1], EXACT)
    found = work(Exercise.of(SOFTMAX), [1], EXACT, given)
    stepped = np.array(WEIGHTS) - 0.1 * np.where(known, 2.0, exact[name][0])
    np.testing.assert_allclose(found[after], [stepped, stepped])


def test_where_every_exponential_of_a_pattern_is_rounded_to_0_the_outputs_are_exact():
    far = drawn("softmax", [[-9.0, -9.5, -9.2]], [0.0, 0.0, 0.0], [[1.0], [-1.0], [0.5]], ["A", "B", "C"])
    name = PartName.in_iteration(1, "outputs")
    found = work(Exercise.of(far), [1], hands_of([Way(Grain(decimals=2), EVERYTHING)]))
    np.testing.assert_allclose(found[name][0][0], work(Exercise.of(far), [1], EXACT)[name][0][0], rtol=1e-12)


@pytest.mark.parametrize(("patterns", "synaptic_input"), [(1000, 0.0), (1001, 0.08)])
def test_up_to_20_000_products_are_rounded_one_by_one(patterns, synaptic_input):
    """Of each pattern 20 products of 0.004, each 0.00 with two decimals; 1000 patterns have 20,000."""
    many = drawn("linear", [[0.004]] * 20, [0.0], np.ones((patterns, 20)).tolist(), [0.0] * patterns)
    found = work(Exercise.of(many), [1], hands_of([Way(Grain(decimals=2), EVERYTHING)]))
    np.testing.assert_allclose(found[PartName.in_iteration(1, "synaptic_inputs")], synaptic_input, atol=1e-12)


# Synaptic inputs 0.004, 1 and -1 of one neuron: outputs 0.501, 0.731 and 0.269. Targets no, yes, no.
DECIDES = Exercise.of(drawn("logistic", [[1.0]], [0.0], [[0.004], [1.0], [-1.0]], ["no", "yes", "no"]))
PREDICTED, OUTPUTS = (PartName.in_iteration(1, part) for part in ("predicted", "outputs"))


def test_some_hands_predict_from_outputs_that_they_round_and_others_from_synaptic_inputs():
    """An output of 0.501 is above a half, and as 0.50 it is not; the synaptic input 0.004 is above 0 in any case."""
    grain = Grain(decimals=2)
    by_outputs = np.array([True, False])
    hands = Hands(2, lambda _, values: values, lambda part, v: grain.rounded(v) if part == "outputs" else v, by_outputs)
    found = work(DECIDES, [1], hands)
    np.testing.assert_array_equal(found[PREDICTED], [[0, 1, 0], [1, 1, 0]])
    np.testing.assert_array_equal(found[PartName.in_iteration(1, "errors")], [0, 1])


@pytest.mark.parametrize(("written", "predicted"), [([0.5, 0.73, 0.27], [0, 1, 0]), ([0.51, 0.49, 0.27], [1, 0, 0])])
def test_every_hand_predicts_from_outputs_that_are_written(written, predicted):
    given = {OUTPUTS: lambda worked: np.broadcast_to(np.array(written)[:, None], worked.shape)}
    for by_outputs in (None, np.array([True, False])):
        hands = Hands(2, EXACT.between, EXACT.carried, by_outputs)
        np.testing.assert_array_equal(work(DECIDES, [1], hands, given)[PREDICTED], [predicted] * 2)


def test_of_outputs_that_are_written_alike_every_class_is_taken_by_some_hands():
    """0.50 of one neuron is yes or no; of three classes with 0.4, 0.4 and 0.2 either of the first two is the largest."""
    hands = Hands(12, EXACT.between, EXACT.carried, None)
    given = {OUTPUTS: lambda worked: np.broadcast_to(np.array([[0.5], [0.73], [0.27]]), worked.shape)}
    assert {tuple(each) for each in work(DECIDES, [1], hands, given)[PREDICTED].tolist()} == {(0, 1, 0), (1, 1, 0)}
    given = {OUTPUTS: lambda worked: np.broadcast_to(np.array([[0.4, 0.4, 0.2]] * 5), worked.shape)}
    assert set(work(Exercise.of(SOFTMAX), [1], hands, given)[PREDICTED].ravel().tolist()) == {0, 1}


def test_hands_predict_from_synaptic_inputs_where_nothing_says_otherwise():
    np.testing.assert_array_equal(work(DECIDES, [1], EXACT)[PREDICTED], [[1, 1, 0]] * 2)


@pytest.mark.parametrize("kind", ["softmax", "tanh", "linear"])
def test_patterns_that_count_more_count_more_for_every_hand(kind):
    """The cost and dJ/db of patterns with the weights 1, 2, 3, 0.5 and 0.25, from the outputs."""
    problem, v = PROBLEMS[kind], np.array([1.0, 2.0, 3.0, 0.5, 0.25])
    exercise = Exercise.of(problem)
    weighted = replace(exercise, patterns=exercise.patterns._replace(sample_weight=v))
    found = work(weighted, [1], EXACT)
    layer = problem.layer
    Y, D = layer.output(problem.X), exercise.patterns.D
    each = -np.log(Y[D > 0.5]) if kind == "softmax" else ((D - Y) ** 2).sum(axis=1) / 2
    decay = 0.25 * (layer.weights**2).sum() if kind == "linear" else 0.0
    delta = (Y - D) * (1 - Y**2 if kind == "tanh" else 1.0)
    np.testing.assert_allclose(found[PartName.in_iteration(1, "cost")], [(v * each).sum() + decay] * 2)
    np.testing.assert_allclose(found[PartName.in_iteration(1, "bias_gradient")], [(v[:, None] * delta).sum(axis=0)] * 2)
