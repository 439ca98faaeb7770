"""The worked step: every matrix of one update, against hand-worked figures and plain loops."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule.descent import Descent
from deltarule.iteration import FARTHEST, iterate, iterations, step
from deltarule.json_values import json_value
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.training import train
from samples import NAMES, NUMBERS, QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X, refused, sample


def test_a_linear_step_by_hand():
    # W = 2, b = 1; x = (1, -1), d = (1, 1): u = (3, -1), delta = (2, -2), J = 1/2 (4 + 4) = 4.
    # dJ/dW = 2 + 2 = 4, and decay 1/2: 4 + 1 = 5, J = 4 + 1/4 2^2 = 5; dJ/db = 0. a = 0.1: W = 1.5, b = 1.
    layer = LinearLayer([[2.0]], [1.0])
    worked = iterate(layer, [[1.0], [-1.0]], [[1.0], [1.0]], Descent(0.1, 1, weight_decay=0.5))
    assert_array_equal(worked.synaptic_inputs, [[3.0], [-1.0]])
    assert_array_equal(worked.outputs, [[3.0], [-1.0]])
    assert_array_equal(worked.predicted, [[3.0], [-1.0]])
    assert_array_equal(worked.targets, [[1.0], [1.0]])
    assert_array_equal(worked.delta, [[2.0], [-2.0]])
    assert worked.cost == 5.0
    assert worked.errors is None
    assert_array_equal(worked.weight_gradient, [[5.0]])
    assert_array_equal(worked.bias_gradient, [0.0])
    assert_array_equal(worked.weights, [[1.5]])
    assert_array_equal(worked.biases, [1.0])
    assert worked.initial is layer


def test_a_softmax_step_by_hand():
    # u = (0, 0) for x = (1, 2): y = (1/2, 1/2), label "b": J = ln 2, delta = (1/2, -1/2).
    # dJ/dW = x^T delta = ((1/2, -1/2), (1, -1)); a = 1: W = ((-1/2, 1/2), (-1, 1)), b = (-1/2, 1/2). Tie: "a" is said, wrongly.
    worked = iterate(
        SoftmaxLayer(np.zeros((2, 2)), [0.0, 0.0], classes=["a", "b"]), [[1.0, 2.0]], ["b"], Descent(1.0, 1)
    )
    assert_array_equal(worked.outputs, [[0.5, 0.5]])
    assert worked.cost == pytest.approx(math.log(2), rel=1e-15)
    assert_array_equal(worked.delta, [[0.5, -0.5]])
    assert_array_equal(worked.desired, [[0.0, 1.0]])
    assert (worked.predicted.tolist(), worked.targets.tolist(), worked.errors) == (["a"], ["b"], 1)
    assert_array_equal(worked.weight_gradient, [[0.5, -0.5], [1.0, -1.0]])
    assert_array_equal(worked.weights, [[-0.5, 0.5], [-1.0, 1.0]])
    assert_array_equal(worked.biases, [-0.5, 0.5])


def test_question_1_first_iteration_is_the_handouts():
    worked = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500))
    # Recomputed from W0 as printed (facts.md), to every digit given there.
    assert round(worked.cost, 4) == 34.4994
    assert worked.errors == 14
    assert_array_equal(worked.weights.round(4), [[0.2787, -0.5450, 0.8863], [0.5401, -0.1217, -0.3184]])
    assert_array_equal(worked.biases.round(4), [-0.3214, 0.2663, 0.0551])
    # Printed U, delta, W1, b1 come from a W0 before its rounding: 0.005 in each entry of W0 is at most 0.025 in u
    # (|x1| + |x2| <= 5), and less in delta, W1 and b1 (18 patterns, a = 0.05, slopes at most 1/4); each is then printed to 0.005.
    printed = [
        [2.72, -1.54, -0.75],
        [1.17, -1.23, -0.23],
        [3.8, -1.0, -1.23],
        [-0.39, -0.93, 0.30],
        [2.82, 0.71, -1.16],
    ]
    assert_allclose(worked.synaptic_inputs[[0, 1, 2, 3, 17]], printed, atol=0.03)
    printed = [[-0.04, 0.01, 0.03], [-0.25, 0.07, 0.18], [0.88, 0.11, -0.98]]
    assert_allclose(worked.delta[[0, 1, 17]], printed, atol=0.03)
    assert_allclose(worked.weights, [[0.28, -0.54, 0.89], [0.54, -0.12, -0.31]], atol=0.03)
    assert_allclose(worked.biases, [-0.32, 0.27, 0.06], atol=0.03)


@pytest.mark.parametrize("name", NAMES)
@given(
    patterns=st.integers(3, 8),
    inputs=st.integers(1, 4),
    seed=st.integers(0, 1000),
    reduction=st.sampled_from(["sum", "mean", "half-mean"]),
    decay=st.sampled_from([0.0, 0.3]),
    weighted=st.booleans(),
)
def test_a_step_is_that_of_plain_loops(name, patterns, inputs, seed, reduction, decay, weighted):
    sampled = sample(name, patterns, inputs, seed)
    v = np.arange(patterns) / 2 if weighted else None
    worked = iterate(
        sampled.layer, sampled.X, sampled.targets,
        Descent(0.1, 1, reduction=reduction, weight_decay=decay), sample_weight=v,
    )  # fmt: skip
    data = sampled.plain(v)
    W, b = naive.update(**data, learning_rate=0.1, reduction=reduction, decay=decay)
    assert_array_equal(worked.sample_weight, np.ones(patterns) if v is None else v)
    # Of order 1, sums of 8 terms and fewer.
    assert_allclose(worked.weights, W, atol=1e-12)
    assert_allclose(worked.biases, b, atol=1e-12)
    assert_allclose(worked.delta, naive.delta(**data, reduction=reduction), atol=1e-12)
    assert worked.cost == pytest.approx(naive.cost(**data, reduction=reduction, decay=decay), rel=1e-10)
    if name not in NUMBERS:
        assert worked.errors == naive.errors(**data)


def test_a_later_iteration_continues_the_descent():
    sampled = sample("softmax", patterns=10)
    descent = Descent(0.1, 3, batch_size=4, seed=5)  # batches of 4, 4, 2: three updates an epoch
    layer = sampled.layer
    rng = np.random.default_rng(5)
    orders = [rng.permutation(10) for _ in range(3)]
    for number in range(1, 10):
        worked = iterate(sampled.layer, sampled.X, sampled.targets, descent, iteration=number)
        epoch, place = divmod(number - 1, 3)
        assert (worked.iteration, worked.epoch) == (number, epoch + 1)
        batch = orders[epoch][4 * place : 4 * place + 4]
        assert_array_equal(worked.batch, batch)
        assert_array_equal(worked.inputs, sampled.X[batch])
        assert_array_equal(worked.sample_weight, np.ones(len(batch)))
        assert worked.targets.tolist() == [sampled.targets[p] for p in batch]
        # It starts from the layer that the update before left.
        assert_array_equal(worked.initial.weights, layer.weights)
        layer = worked.layer
    run = train(sampled.layer, sampled.X, sampled.targets, descent, engine="direct")
    assert_array_equal(layer.weights, run.layer.weights)
    assert_array_equal(layer.biases, run.layer.biases)


def test_a_full_batch_names_all_its_patterns():
    sampled = sample("linear", patterns=4)
    worked = iterate(sampled.layer, sampled.X, sampled.targets, Descent(0.01, 2), iteration=2)
    assert worked.batch.tolist() == [0, 1, 2, 3]
    assert (worked.epoch, worked.iteration) == (2, 2)


def test_a_step_keeps_float32_and_leaves_its_layer_alone():
    sampled = sample("softmax", dtype=np.float32)
    before = sampled.layer.weights.copy()
    done = step(
        sampled.layer, sampled.layer.patterns(sampled.X, sampled.targets), Descent(0.1, 1, weight_decay=0.1), 0.1
    )
    assert {part.dtype for part in done[:4]} == {np.dtype(np.float32)}
    assert done.layer.dtype == np.float32
    assert not done.layer.weights.flags.writeable
    assert_array_equal(sampled.layer.weights, before)


@pytest.mark.parametrize("name", NAMES)
def test_to_dict_is_plain_json(name):
    sampled = sample(name)
    worked = iterate(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 1))
    back = json.loads(json.dumps(worked.to_dict(), allow_nan=False))
    assert_array_equal(back["weights"], worked.weights)
    assert_array_equal(back["initial"]["biases"], sampled.layer.biases)
    assert back["targets"] == np.asarray(sampled.targets).tolist()
    assert back["batch"] == list(range(20))
    assert back["cost"] == worked.cost
    assert {"synaptic_inputs", "outputs", "predicted", "errors", "delta", "weight_gradient", "bias_gradient"} < set(
        back
    )


def test_plain_reaches_every_depth():
    value = {
        1: np.float32(0.5),
        "a": [np.int8(3), (np.array([True]), None)],
        "b": np.array([math.nan, 1.0]),
        "c": -math.inf,
    }
    assert json_value(value) == {"1": 0.5, "a": [3, [[True], None]], "b": [None, 1.0], "c": None}


@pytest.mark.parametrize(
    ("iteration", "rule", "got", "remedy"),
    [
        (0, "whole number of at least 1", "0", "first update is iteration 1"),
        (True, "whole number of at least 1", "True", "first update is iteration 1"),
        (1.0, "whole number of at least 1", "1.0", "Write 1, without a decimal point"),
        (7, "one of the descent's 6 (2 epochs of 3)", "7", "more epochs"),
    ],
)
def test_bad_iterations(iteration, rule, got, remedy):
    sampled = sample("softmax", patterns=5)
    with refused("iteration", rule, got, remedy):
        iterate(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 2, batch_size=2), iteration=iteration)


# Weights grow by |1 - a (10^2 + 20^2)|, about 2500, an update: the cost overflows from iteration 46, the weights from 91 on.
DIVERGING = {"X": [[10.0], [-20.0]], "targets": [[1.0], [2.0]], "descent": Descent(5.0, 500)}


@pytest.mark.parametrize("iteration", [60, 91, 400])
def test_an_iteration_after_the_descent_diverged_is_refused(iteration):
    with refused("iteration", "becomes infinite", str(iteration), "This descent diverges"):
        iterate(LinearLayer([[1.0]], [0.0]), **DIVERGING, iteration=iteration)


def test_a_descent_that_diverges_at_once_has_no_earlier_iteration_to_give():
    with refused(
        "iteration", "becomes infinite", "1", "diverges at once: give a smaller learning rate, or data of a smaller"
    ):
        iterate(LinearLayer([[1.0]], [0.0]), [[1e200]], [[1.0]], Descent(0.1, 1))


def test_an_iteration_of_a_diverging_descent_is_shown_while_it_is_finite():
    assert iterate(LinearLayer([[1.0]], [0.0]), **DIVERGING, iteration=40).cost > 1e200


def test_slopes_and_pattern_costs_are_the_layers():
    X, D = np.array([[0.5], [-1.0]]), np.array([[0.2], [0.7]])
    Y = 1 / (1 + np.exp(-2 * X))
    worked = iterate(PerceptronLayer([[2.0]], [0.0]), X, D, Descent(0.1, 1))
    assert_allclose(worked.slopes, Y * (1 - Y), rtol=1e-14)
    assert_allclose(worked.pattern_costs, ((D - Y) ** 2 / 2)[:, 0], rtol=1e-14)
    worked = iterate(LogisticLayer([[2.0]], [0.0]), X, [[1], [0]], Descent(0.1, 1))
    assert_allclose(worked.slopes, Y * (1 - Y), rtol=1e-14)
    assert_allclose(worked.pattern_costs, [-np.log(Y[0, 0]), -np.log(1 - Y[1, 0])], rtol=1e-14)
    assert iterate(LinearLayer([[2.0]], [0.0]), X, D, Descent(0.1, 1)).slopes is None
    assert iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.1, 1)).slopes is None


def test_the_repr_of_an_iteration_names_its_place_its_cost_and_its_errors():
    worked = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 10, batch_size=4), iteration=7)
    assert (
        repr(worked) == f"Iteration(iteration=7, epoch=2, patterns=4, cost={worked.cost:.6g}, errors={worked.errors:g})"
    )
    worked = iterate(LinearLayer([[0.0]], [0.0]), [[1.0]], [[2.0]], Descent(0.1, 3))
    assert repr(worked) == "Iteration(iteration=1, epoch=1, patterns=1, cost=2)"


def test_iterations_start_at_the_first_and_tell_how_far_they_are():
    # By hand, W = 2, b = 0, x = d = 1, a = 1/4: an update takes 1/4 (u - d) off W and off b.
    # So u - d halves: 1, 1/2, 1/4, and J = 1/2, 1/8, 1/32.
    layer, told = LinearLayer([[2.0]], [0.0]), []
    found = iterations(layer, [[1.0]], [[1.0]], Descent(0.25, 3), progress=lambda *state: told.append(state))
    assert [worked.iteration for worked in found] == [1, 2, 3]
    assert told == [(1, 1 / 2), (2, 1 / 8), (3, 1 / 32)]


def test_updates_before_the_first_are_told_without_a_cost():
    told = []
    layer, descent = LinearLayer([[2.0]], [0.0]), Descent(0.25, 3)
    found = iterations(layer, [[1.0]], [[1.0]], descent, 3, progress=lambda *state: told.append(state))
    assert [(worked.iteration, worked.cost) for worked in found] == [(3, 1 / 32)]
    assert [done for done, _ in told] == [1, 2, 3]
    assert [math.isnan(cost) for _, cost in told] == [True, True, False]


def test_a_range_of_iterations_goes_upwards():
    layer, descent = LinearLayer([[2.0]], [0.0]), Descent(0.25, 3)
    assert [worked.iteration for worked in iterations(layer, [[1.0]], [[1.0]], descent, 2, 2)] == [2]
    with refused("iteration", "whole number of at least 2", "1", "A range goes upwards"):
        iterations(layer, [[1.0]], [[1.0]], descent, 2, 1)


def test_an_iteration_that_is_too_far_out_is_refused_at_once():
    layer, descent = LinearLayer([[2.0]], [0.0]), Descent(0.25, 10**12)
    for far in (FARTHEST + 1, 10**9):
        with refused("iteration", "at most 100,000, since all before it", f"{far:,}", "work iteration 1 from there"):
            iterations(layer, [[1.0]], [[1.0]], descent, far)
    iterations(layer, [[1.0]], [[1.0]], descent, FARTHEST)
    assert next(iterations(layer, [[1.0]], [[1.0]], descent)).iteration == 1
