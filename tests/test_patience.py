"""Early stopping: the run ends once the validation set shows nothing better, and the best layer is kept."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import deltarule as dr
from deltarule.engines import ENGINES, Work
from deltarule.engines.base import Best
from samples import NAMES, NUMBERS, refused, sample

every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)
# One step of a linear layer y = w x at x = 1, d = 4 halves the distance to 4: w = 0, 2, 3, 3.5, 3.75, ...
# The validation set wants w = 3: its costs are 4.5, 0.5, 0, 0.125, 0.28, ...
HALVING = dr.LinearLayer([[0.0]], None)
PATTERN, WANTED = ([[1.0]], [[4.0]]), ([[1.0]], [[3.0]])


def halving(engine="direct", record_every=1, **options):
    descent = dr.Descent(0.5, **({"epochs": 20} | options))
    return dr.train(HALVING, *PATTERN, descent, engine, validation=WANTED, record_every=record_every)


def oracle(full, patience, min_change, values):
    """The best epoch and the last one, from the values of all epochs: plain reading of the rule."""
    best = 0
    for epoch in range(1, full + 1):
        if values[epoch] < values[best] - min_change:
            best = epoch
        elif epoch - best >= patience:
            return best, epoch
    return best, full


@every_engine
@pytest.mark.parametrize("record_every", [0, 1, 3])
def test_the_best_layer_is_kept(engine, record_every):
    run = halving(engine, record_every, patience=2)
    assert run.layer.weights.item() == 3.0
    assert (run.outcome.reason, run.outcome.epochs, run.outcome.later_epochs) == (dr.Reason.PATIENCE_OVER, 2, 2)
    assert run.updates == 2
    assert run.history.epoch[-1] == 2
    assert run.history.validation_cost[-1] == 0.0
    assert str(run.outcome).startswith(
        "After 4 epochs: the validation set showed nothing better for as many epochs as "
    )
    assert "The layer kept is the best one, of epoch 2" in str(run.outcome)


@every_engine
def test_the_best_layer_is_kept_where_the_epochs_are_done_first(engine):
    run = halving(engine, epochs=4, patience=10)
    assert run.layer.weights.item() == 3.0
    assert (run.outcome.reason, run.outcome.epochs, run.outcome.later_epochs) == (dr.Reason.EPOCHS_DONE, 2, 2)


@every_engine
def test_the_initial_layer_may_be_the_best(engine):
    descent = dr.Descent(0.5, 20, patience=3)
    run = dr.train(HALVING, *PATTERN, descent, engine, validation=([[1.0]], [[-1.0]]))
    assert run.layer.weights.item() == 0.0
    assert (run.outcome.epochs, run.outcome.later_epochs) == (0, 3)


def test_a_change_that_is_too_small_is_no_better():
    # From 4.5 to 0.5 is better by 4, from 0.5 to 0 by 0.5 only.
    run = halving(patience=2, min_change=0.5)
    assert run.layer.weights.item() == 2.0
    assert run.outcome.later_epochs == 2
    assert halving(patience=2, min_change=0.49).layer.weights.item() == 3.0


@every_engine
@pytest.mark.parametrize(
    ("name", "monitor"),
    [(name, "cost") for name in NAMES] + [(name, "accuracy") for name in NAMES if name not in NUMBERS],
)
def test_the_run_is_a_part_of_the_one_without_patience(name, engine, monitor):
    sampled, other = sample(name), sample(name, 9, seed=4)
    options = {"batch_size": 8, "seed": 2, "momentum": 0.9, "reduction": "mean"}
    validation = other.X, other.targets
    whole = dr.train(
        sampled.layer, sampled.X, sampled.targets, dr.Descent(0.3, 40, **options), engine, validation=validation
    )
    values = whole.history.validation_cost if monitor == "cost" else 1 - whole.history.validation_accuracy
    for patience in (1, 3, 8):
        descent = dr.Descent(0.3, 40, patience=patience, monitor=monitor, min_change=0.001, **options)
        run = dr.train(sampled.layer, sampled.X, sampled.targets, descent, engine, validation=validation)
        best, last = oracle(40, patience, 0.001, values)
        assert (run.outcome.epochs, run.outcome.epochs + run.outcome.later_epochs) == (best, last)
        assert_array_equal(run.history.epoch, np.arange(best + 1))
        assert_allclose(run.history.validation_cost, whole.history.validation_cost[: best + 1], rtol=1e-12)
        descent = dr.Descent(0.3, max(best, 1), **options)
        again = dr.train(sampled.layer, sampled.X, sampled.targets, descent, engine)
        if best:
            assert_allclose(run.layer.weights, again.layer.weights, rtol=1e-12)


def test_a_value_that_is_no_number_is_beaten_by_any():
    patterns = HALVING.patterns(*PATTERN)
    work = Work(HALVING, patterns, patterns, dr.Descent(0.5, 3, patience=2), 1)
    first = Best(HALVING, 0, work.monitored(np.nan, None))
    assert first.is_beaten(work.monitored(1e300, None), work.descent)
    assert not first.is_beaten(work.monitored(np.nan, None), work.descent)


def test_a_descent_that_diverges_keeps_the_best_layer():
    # Each step goes four times as far beyond the target.
    run = dr.train(HALVING, *PATTERN, dr.Descent(5.0, 2000, patience=1999), "direct", validation=WANTED)
    assert run.outcome.reason is dr.Reason.COST_NOT_FINITE
    assert run.outcome.epochs == 0
    assert run.layer.weights.item() == 0.0


@pytest.mark.parametrize(
    ("options", "name", "rule"),
    [
        ({"patience": 0}, "patience", "of at least 1"),
        ({"patience": 1.5}, "patience", "whole number"),
        ({"min_change": 0.1}, "min_change", "go with a patience"),
        ({"monitor": "accuracy"}, "monitor", "go with a patience"),
        ({"monitor": "loss", "patience": 3}, "monitor", "be one of cost, accuracy"),
        ({"patience": 3, "min_change": -1}, "min_change", "at least 0"),
    ],
)
def test_options_that_make_no_sense_are_named(options, name, rule):
    with pytest.raises(dr.InputError) as caught:
        dr.Descent(0.1, 5, **options)
    assert caught.value.name == name
    assert rule in caught.value.rule


def test_patience_needs_a_validation_set():
    with refused("patience", "go with a validation set", "none", "Give validation=(X, targets)"):
        dr.train(HALVING, *PATTERN, dr.Descent(0.5, 5, patience=2))
    with refused("monitor", "be the cost where the layer predicts numbers", "'accuracy'", 'monitor = "cost"'):
        dr.train(HALVING, *PATTERN, dr.Descent(0.5, 5, patience=2, monitor="accuracy"), validation=WANTED)
