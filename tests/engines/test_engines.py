"""Three engines, one path: they visit the same patterns in the same order, and agree to rounding."""

import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule import engines
from deltarule.descent import Descent
from deltarule.engines import ENGINES, Work
from deltarule.engines.recorded import joined
from deltarule.errors import MissingExtraError
from deltarule.layers import LinearLayer
from deltarule.outcome import Reason
from deltarule.training import train
from samples import (
    NAMES,
    NUMBERS,
    QUESTION_1_LABELS,
    QUESTION_1_LAYER,
    QUESTION_1_X,
    assert_same_record,
    refused,
    sample,
)

JIT_OFF = os.environ.get("NUMBA_DISABLE_JIT") == "1"
# Interpreted, the kernels take a millisecond an update.
UPDATES = 30 if JIT_OFF else 1000
PATTERNS = 20
# 20 = 8 + 8 + 4: the last batch is smaller.
BATCH_SIZES = (None, 8)
WEIGHTS = np.array([1.0, 0.0, 2.0, 0.5] * 5)

every_kind = pytest.mark.parametrize("name", NAMES)
every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)
every_option = [
    pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"]),
    pytest.mark.parametrize("decay", [0.0, 0.05]),
    pytest.mark.parametrize("batch_size", BATCH_SIZES),
]


def for_every_option(test):
    for mark in every_option:
        test = mark(test)
    return test


def descent_for(reduction, decay, batch_size, updates=UPDATES):
    """A learning rate at which every kind of layer comes down on the samples, over so many updates or the next few."""
    return Descent(
        learning_rate=0.005 if reduction == "sum" else 0.1,
        epochs=updates if batch_size is None else -(-updates // 3),
        batch_size=batch_size,
        reduction=reduction,
        weight_decay=decay,
        seed=3,
    )


def train_sample(name, descent, engine, weights=None):
    sampled, validation = sample(name, PATTERNS), sample(name, 7, seed=1)
    return train(
        sampled.layer, sampled.X, sampled.targets, descent, engine,
        validation=(validation.X, validation.targets), sample_weight=weights,
    )  # fmt: skip


def assert_same_run(found, expected):
    """Weights within 1e-9 of the largest; costs to the rounding that such weights leave; errors exactly."""
    largest = np.abs(expected.layer.weights).max()
    assert np.abs(found.layer.weights - expected.layer.weights).max() < 1e-9 * largest
    assert np.abs(found.layer.biases - expected.layer.biases).max() < 1e-9 * largest
    assert found.updates == expected.updates
    history, other = found.history, expected.history
    assert_array_equal(history.epoch, other.epoch)
    assert_allclose(history.cost, other.cost, rtol=1e-9)
    assert_allclose(history.validation_cost, other.validation_cost, rtol=1e-9)
    for name in ("errors", "accuracy", "validation_errors", "validation_accuracy"):
        if getattr(other, name) is None:
            assert getattr(history, name) is None
        else:
            assert_array_equal(getattr(history, name), getattr(other, name))


@pytest.mark.kernels
@every_kind
@for_every_option
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["unweighted", "weighted"])
def test_compiled_follows_direct(name, reduction, decay, batch_size, weights):
    descent = descent_for(reduction, decay, batch_size)
    direct = train_sample(name, descent, "direct", weights)
    assert direct.updates >= UPDATES or direct.outcome.reason is Reason.NO_ERRORS
    # It descends, and moves: two runs that stand still would agree too.
    assert direct.history.cost[-1] < 0.99 * direct.history.cost[0]
    assert_same_run(train_sample(name, descent, "compiled", weights), direct)


@pytest.mark.slow
@every_kind
@for_every_option
def test_autograd_follows_direct(name, reduction, decay, batch_size):
    descent = descent_for(reduction, decay, batch_size, updates=1000)
    assert_same_run(train_sample(name, descent, "autograd"), train_sample(name, descent, "direct"))


@pytest.mark.slow
@every_kind
@pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"])
def test_autograd_follows_direct_with_weights(name, reduction):
    descent = descent_for(reduction, 0.05, 8, updates=200)
    assert_same_run(train_sample(name, descent, "autograd", WEIGHTS), train_sample(name, descent, "direct", WEIGHTS))


@every_kind
@every_engine
@pytest.mark.parametrize(
    ("reduction", "decay", "batch_size", "order"),
    [
        ("sum", 0.05, None, "shuffled"),
        ("mean", 0.0, 8, "shuffled"),
        ("mean", 0.05, 8, "given"),
        ("half-mean", 0.05, 8, "shuffled"),
        ("half-mean", 0.0, 1, "given"),
    ],
)
def test_every_engine_follows_the_plain_loops(name, engine, reduction, decay, batch_size, order):
    descent = replace(descent_for(reduction, decay, batch_size, updates=30), order=order)
    sampled = sample(name, PATTERNS)
    states = naive.descend(
        **sampled.plain(WEIGHTS), learning_rate=descent.learning_rate, epochs=descent.epochs, batch_size=batch_size,
        reduction=reduction, decay=decay, seed=3, shuffled=order == "shuffled",
    )  # fmt: skip
    run = train_sample(name, descent, engine, WEIGHTS)
    assert_allclose(run.layer.weights, states[-1][0], atol=1e-12)
    assert_allclose(run.layer.biases, states[-1][1], atol=1e-12)
    if run.outcome.reason is Reason.NO_ERRORS:  # Rosenblatt's rule is at rest, and the loops go on without a change
        assert all(state[2] == 0 for state in states[run.outcome.epochs :])
        states = states[: run.outcome.epochs + 1]
    assert_allclose(run.history.cost, [state[2] for state in states], rtol=1e-10)
    if name not in NUMBERS:
        assert_array_equal(run.history.errors, [state[3] for state in states])


@every_kind
@every_engine
def test_a_batch_whose_weights_are_all_0_moves_nothing(name, engine):
    weights = np.zeros(PATTERNS)
    weights[4] = 1.0  # 20 batches of one pattern: 19 of them say nothing
    descent = Descent(0.1, 1, batch_size=1, reduction="mean")
    sampled = sample(name, PATTERNS)
    alone = train(sampled.layer, sampled.X[4:5], sampled.targets[4:5], Descent(0.1, 1, reduction="mean"), "direct")
    run = train_sample(name, descent, engine, weights)
    assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-13)
    assert_allclose(run.layer.biases, alone.layer.biases, rtol=1e-13)


@every_kind
@every_engine
def test_float32_stays_float32_and_on_the_path(name, engine):
    sampled = sample(name, PATTERNS, dtype=np.float32)
    descent = descent_for("mean", 0.05, 8, updates=60)
    run = train(sampled.layer, sampled.X, sampled.targets, descent, engine, sample_weight=WEIGHTS)
    assert run.layer.dtype == np.float32
    assert run.layer.biases.dtype == np.float32
    wide = train(sampled.layer.astype(np.float64), sampled.X, sampled.targets, descent, "direct", sample_weight=WEIGHTS)
    # 60 updates, each rounded to 2^-24 of values of order 1.
    assert_allclose(run.layer.weights, wide.layer.weights, atol=2e-5)
    assert_allclose(run.history.cost, wide.history.cost, rtol=1e-5)


@every_engine
@pytest.mark.parametrize("batch_size", [None, 1, 8, 25])
def test_every_engine_visits_the_patterns_in_the_descents_order(engine, batch_size, monkeypatch):
    # The input of pattern p is p, so that what an engine is given tells which patterns it visits.
    X = np.arange(float(PATTERNS))[:, None]
    visited = []
    module = __import__(f"deltarule.engines.{engine}", fromlist=["start"])
    if engine == "direct":
        real = module.step

        def spy(layer, batch, *rest):
            visited.append(batch.X[:, 0].tolist())
            return real(layer, batch, *rest)

        monkeypatch.setattr(module, "step", spy)
    elif engine == "autograd":
        real_update = module.AutogradEngine._update

        def spy_update(self, inputs, *rest):
            visited.append(inputs[:, 0].tolist())
            real_update(self, inputs, *rest)

        monkeypatch.setattr(module.AutogradEngine, "_update", spy_update)
    else:
        # Its kernels shuffle; the order of the last epoch stays with the engine.
        layer = LinearLayer([[0.0]], [0.0])
        work = Work(layer, layer.patterns(X, X), None, Descent(1e-5, 5, batch_size=batch_size, seed=11), 0)
        started = engines.start("compiled", work)
        for _ in range(5):
            started.advance(1)
            order = started.orders.order[:PATTERNS].tolist()
            size = started.rule.batch_size
            visited += [order[start : start + size] for start in range(0, PATTERNS, size)]

    if engine != "compiled":
        train(LinearLayer([[0.0]], [0.0]), X, X, Descent(1e-5, 5, batch_size=batch_size, seed=11), engine)
    rng = np.random.default_rng(11)
    expected = []
    for _ in range(5):
        order = list(range(PATTERNS)) if batch_size in (None, 25) else rng.permutation(PATTERNS).tolist()
        size = batch_size or PATTERNS
        expected += [order[start : start + size] for start in range(0, PATTERNS, size)]
    assert visited == expected


@every_engine
@pytest.mark.parametrize("batch_size", [None, 6])
def test_advancing_in_pieces_is_advancing_at_once(engine, batch_size):
    sampled = sample("softmax", PATTERNS)
    data = sampled.layer.patterns(sampled.X, sampled.targets)
    work = Work(sampled.layer, data, data, Descent(0.01, 100, batch_size=batch_size), 3)
    once, pieces = engines.start(engine, work), engines.start(engine, work)
    whole = once.advance(20)
    reports = [pieces.advance(epochs) for epochs in (1, 2, 5, 1, 4, 7)]
    assert_array_equal(reports[-1].layer.weights, whole.layer.weights)
    assert_array_equal(reports[-1].layer.biases, whole.layer.biases)
    assert_same_record(joined([report.recorded for report in reports]), whole.recorded)
    assert whole.recorded.epoch.tolist() == [3, 6, 9, 12, 15, 18]
    assert [report.epochs for report in reports] == [1, 2, 5, 1, 4, 7]
    assert {report.reason for report in (*reports, whole)} == {None}


@every_kind
@every_engine
def test_there_are_errors_and_validation_costs_only_where_they_exist(name, engine):
    sampled = sample(name, PATTERNS)
    data = sampled.layer.patterns(sampled.X, sampled.targets)
    for validation in (None, data):
        work = Work(sampled.layer, data, validation, Descent(0.01, 2), 1)
        recorded = engines.start(engine, work).advance(2).recorded
        assert recorded.epoch.tolist() == [1, 2]
        assert recorded.cost.shape == (2,)
        assert (recorded.errors is not None) == (name not in NUMBERS)
        assert (recorded.validation_cost is not None) == (validation is not None)
        assert (recorded.validation_errors is not None) == (validation is not None and name not in NUMBERS)


@every_engine
def test_a_layer_reported_is_not_changed_by_what_follows(engine):
    # One input and one neuron: where a transposed view of the parameters would pass for a copy.
    layer = LinearLayer([[1.0]], [0.0])
    data = layer.patterns([[1.0], [2.0]], [[0.0], [0.0]])
    running = engines.start(engine, Work(layer, data, None, Descent(0.1, 10), 0))
    first = running.advance(1).layer
    weights, biases = first.weights.copy(), first.biases.copy()
    second = running.advance(1).layer
    assert_array_equal(first.weights, weights)
    assert_array_equal(first.biases, biases)
    assert not np.array_equal(second.weights, weights)
    assert not second.weights.flags.writeable


@pytest.mark.parametrize("engine", ENGINES)  # the compiled one with the JIT only: interpreted, it takes seconds
def test_question_1_converges_to_the_printed_figures(engine):
    run = train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500), engine, record_every=0)
    assert run.layer.weights.round(2).tolist() == [[-0.15, -3.41, 4.18], [5.27, -1.02, -4.15]]
    assert run.layer.biases.round(2).tolist() == [-7.82, 5.81, 2.02]
    assert round(run.history.cost[-1], 4) == 0.5784
    assert run.history.errors.tolist() == [14, 0]


def test_question_1_rounds_to_the_printed_figures_at_1500_updates_only():
    data = QUESTION_1_LAYER.patterns(QUESTION_1_X, QUESTION_1_LABELS)
    running = engines.start("compiled", Work(QUESTION_1_LAYER, data, None, Descent(0.05, 2000), 1))
    running.advance(1299)
    matching = []
    for update in range(1300, 1701):
        report = running.advance(1)
        figures = [*report.layer.weights.ravel(), *report.layer.biases, report.recorded.cost[0]]
        if np.round(figures, 2).tolist() == [-0.15, -3.41, 4.18, 5.27, -1.02, -4.15, -7.82, 5.81, 2.02, 0.58]:
            matching.append(update)
    assert matching == [1500]


def test_the_loader_of_autograd_knows_its_number_of_batches():
    from deltarule.engines.autograd import AutogradEngine

    sampled = sample("softmax", PATTERNS)
    data = sampled.layer.patterns(sampled.X, sampled.targets)
    running = AutogradEngine(Work(sampled.layer, data, None, Descent(0.1, 1, batch_size=8), 0))
    assert (len(running.sampler), len(running.loader)) == (20, 3)


def test_an_unknown_engine():
    sampled = sample("linear")
    with refused("engine", "one of direct, autograd, compiled", "'pytorch'", "Did you mean 'autograd'?"):
        train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 1), "pytorch")
    with refused("engine", "one of direct, autograd, compiled", "'complied'", "Did you mean 'compiled'?"):
        engines.start("complied", None)


def test_autograd_without_pytorch_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "deltarule.engines.autograd", raising=False)
    sampled = sample("linear")
    with pytest.raises(MissingExtraError, match=r"PyTorch.*pip install 'deltarule\[autograd\]'"):
        train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 1), "autograd")
