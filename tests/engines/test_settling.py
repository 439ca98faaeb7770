"""Rosenblatt's rule ends where no pattern is wrong: the same epoch in all engines and sweeps."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import deltarule as dr
import naive
from deltarule.descent import Descent
from deltarule.engines import ENGINES
from deltarule.layers import LogisticLayer, PerceptronLayer
from deltarule.outcome import Reason
from deltarule.training import train

every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)
AND_X, AND = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), [0, 0, 0, 1]
XOR = [0, 1, 1, 0]
ZERO = ([[0.0], [0.0]], [0.0])
ONLINE = {"learning_rate": 1.0, "epochs": 50, "batch_size": 1, "order": "given"}


@every_engine
def test_the_and_of_two_inputs_is_learnt_as_by_hand(engine):
    # In the first epoch (0, 0) is wrong at u = 0, so b = -1; then (1, 1) is wrong at u = -1, so W = (1, 1) and b = 0. Later
    # epochs are left to plain loops.
    layer = PerceptronLayer(*ZERO, activation="step")
    run = train(layer, AND_X, AND, Descent(**ONLINE), engine)
    states = naive.descend(
        "step", AND_X.tolist(), [[float(d)] for d in AND], [1.0] * 4, *layer_parts(layer),
        learning_rate=1.0, epochs=50, batch_size=1, shuffled=False,
    )  # fmt: skip
    first = next(epoch for epoch, state in enumerate(states) if epoch > 0 and state[3] == 0 and state[2] == 0)
    assert run.outcome.reason is Reason.NO_ERRORS
    assert run.outcome.epochs == first
    assert (states[1][0], states[1][1]) == ([[1.0], [1.0]], [0.0])
    assert run.updates == 4 * first
    assert_array_equal(run.layer.weights, states[-1][0])
    assert_array_equal(run.layer.biases, states[-1][1])
    assert_array_equal(run.history.epoch, np.arange(first + 1))
    assert run.history.errors[-1] == 0
    assert np.all(run.history.errors[1:-1] > 0)


def layer_parts(layer):
    return layer.weights.tolist(), layer.biases.tolist()


@every_engine
@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_what_is_not_separable_runs_all_epochs(engine, batch_size):
    layer = PerceptronLayer(*ZERO, activation="sign", classes=[0, 1])
    run = train(layer, AND_X, XOR, Descent(0.5, 40, batch_size), engine)
    assert run.outcome.reason is Reason.EPOCHS_DONE
    assert run.outcome.epochs == 40
    assert run.history.errors[-1] > 0


@every_engine
@pytest.mark.parametrize("record_every", [0, 1, 4])
def test_the_last_epoch_does_not_depend_on_what_is_recorded(engine, record_every):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(30, 2))
    targets = np.where(X @ [1.0, -2.0] + 0.3 > 0, "up", "down")
    layer = PerceptronLayer(*ZERO, activation="step", classes=["down", "up"])
    descent = Descent(0.1, 500, batch_size=1, seed=2)
    every = train(layer, X, targets, descent, "direct")
    run = train(layer, X, targets, descent, engine, record_every=record_every)
    assert every.outcome.reason is run.outcome.reason is Reason.NO_ERRORS
    assert run.outcome.epochs == every.outcome.epochs
    np.testing.assert_allclose(run.layer.weights, every.layer.weights, rtol=1e-12)
    assert run.history.epoch[-1] == run.outcome.epochs
    expected = {0, *range(0, run.outcome.epochs, record_every or 10**9), run.outcome.epochs}
    assert set(run.history.epoch) == expected


@every_engine
def test_three_classes_end_where_each_neuron_answers_rightly(engine):
    X = np.array([[0.0, 3.0], [1.0, 3.0], [-3.0, -2.0], [-2.0, -3.0], [3.0, -2.0], [2.0, -3.0]])
    layer = PerceptronLayer(np.zeros((2, 3)), np.zeros(3), activation="step", classes=["a", "b", "c"])
    run = train(layer, X, list("aabbcc"), Descent(1.0, 200, batch_size=1, order="given"), engine)
    assert run.outcome.reason is Reason.NO_ERRORS
    assert_array_equal(run.layer.output(X), run.layer.encode(list("aabbcc")))


@every_engine
@pytest.mark.parametrize("change", [{"weight_decay": 0.01}, {"momentum": 0.5}])
def test_where_something_else_moves_the_layer_all_epochs_are_run(engine, change):
    layer = PerceptronLayer(*ZERO, activation="step")
    run = train(layer, AND_X, AND, Descent(**ONLINE, **change), engine)
    assert run.outcome.reason is Reason.EPOCHS_DONE


@every_engine
def test_a_generator_as_the_seed_is_drawn_from_no_further_than_the_last_epoch(engine):
    rng, plain = np.random.default_rng(7), np.random.default_rng(7)
    layer = PerceptronLayer(*ZERO, activation="step")
    run = train(layer, AND_X, AND, Descent(1.0, 100, batch_size=1, seed=rng), engine)
    for _ in range(run.outcome.epochs):
        plain.permutation(4)
    assert run.outcome.reason is Reason.NO_ERRORS
    assert rng.integers(10**9) == plain.integers(10**9)


@every_engine
def test_a_neuron_that_is_wrong_at_no_cost_ends_the_run_with_the_layer_of_that_epoch(engine):
    # u = 0 for the second neuron, which then says yes wrongly, though the first class has the larger u and the cost is 0.
    layer = PerceptronLayer([[1.0, 0.0]], [0.0, 0.0], activation="step", classes=["a", "b"])
    run = train(layer, [[1.0]], ["a"], Descent(0.5, 20), engine)
    direct = train(layer, [[1.0]], ["a"], Descent(0.5, run.outcome.epochs), "direct")
    assert run.outcome.reason is Reason.NO_ERRORS
    assert_array_equal(run.layer.weights, direct.layer.weights)


@pytest.mark.kernels
def test_each_model_of_a_sweep_ends_as_it_does_alone():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(20, 3))
    targets = np.where(X @ [1.0, -1.0, 0.5] > 0.1, 1, 0)
    layer = PerceptronLayer(np.zeros((3, 1)), [0.0], activation="step", classes=[0, 1])
    found = dr.sweep(layer, X, targets, learning_rate=[0.01, 0.1], batch_size=1, epochs=300, seed=[0, 1, 2])
    assert len(found) == 6
    for run in found:
        alone = train(layer, X, targets, run.descent)
        assert run.outcome.reason is alone.outcome.reason is Reason.NO_ERRORS
        assert run.outcome.epochs == alone.outcome.epochs
        assert_array_equal(run.layer.weights, alone.layer.weights)


def test_other_kinds_go_on_where_they_make_no_error():
    layer = LogisticLayer([[1.0]], [0.0], classes=[0, 1])
    assert train(layer, [[-1.0], [1.0]], [0, 1], Descent(0.1, 5), "direct").outcome.epochs == 5
