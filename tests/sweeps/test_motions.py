"""Momentum, schedules, decay of biases and patience in sweeps: each model is the one trained by itself."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import deltarule as dr
from deltarule import Descent, Schedule, sweep, sweep_problem, train
from deltarule.plots import sweep_curves
from deltarule.problem import problem_from
from kernel_families import every_family, kernels_of
from samples import NAMES, refused, sample

SCHEDULES = (
    Schedule("step", every=3, factor=0.5),
    Schedule("exponential", factor=0.9),
    Schedule("inverse-time", decay=0.1),
    Schedule("cosine", warm_up=2),
    Schedule("one-cycle"),
)


def assert_is_the_single_run(swept, model, sampled, validation=None, tolerance=1e-10):
    found = swept[model]
    alone = train(
        swept.layers[model], sampled.X, sampled.targets, swept.descents[model], "direct", validation=validation
    )
    assert (found.outcome.reason, found.outcome.epochs) == (alone.outcome.reason, alone.outcome.epochs)
    assert found.outcome.later_epochs == alone.outcome.later_epochs
    assert_allclose(found.layer.weights, alone.layer.weights, rtol=tolerance, atol=tolerance)
    assert_allclose(found.layer.biases, alone.layer.biases, rtol=tolerance, atol=tolerance)
    assert_allclose(found.history.cost[-1], alone.history.cost[-1], rtol=tolerance)


@every_family
@pytest.mark.kernels
@pytest.mark.parametrize("by", ["epoch", "update"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.kind)
def test_each_model_of_a_schedule_is_the_single_run(schedule, by, family):
    """The T of a cosine is each model's own, where epochs or batch sizes differ."""
    sampled = sample("softmax")
    given = schedule.to_dict() | {"by": by}
    with kernels_of(family):
        swept = sweep(
            sampled.layer, sampled.X, sampled.targets, learning_rate=[0.01, 0.05], batch_size=[8, None], momentum=[0, 0.8],
            epochs=[5, 9], schedule=given, reduction="mean",
        )  # fmt: skip
    assert len(swept) == 16
    for model in range(len(swept)):
        assert swept.descents[model].schedule.kind == schedule.kind
        assert_is_the_single_run(swept, model, sampled)


@every_family
@pytest.mark.kernels
@pytest.mark.parametrize("name", NAMES)
def test_each_model_with_momentum_and_decay_is_the_single_run(name, family):
    sampled = sample(name)
    with kernels_of(family):
        for nesterov, decay_biases in ((False, True), (True, False)):
            swept = sweep(
                sampled.layer, sampled.X, sampled.targets, learning_rate=0.02, batch_size=8, momentum=[0, 0.5, 0.9],
                weight_decay=[0, 0.1], epochs=6, reduction="half-mean", nesterov=nesterov, decay_biases=decay_biases,
            )  # fmt: skip
            assert len(np.unique(swept.columns["cost"])) == 6
            for model, descent in enumerate(swept.descents):
                assert descent.nesterov == (nesterov and descent.momentum > 0)
                assert descent.decay_biases == (decay_biases and descent.weight_decay > 0)
                assert_is_the_single_run(swept, model, sampled)


@pytest.mark.kernels
def test_each_model_stops_by_its_own_patience():
    sampled, other = sample("softmax"), sample("softmax", 12, seed=7)
    validation = (other.X, other.targets)
    swept = sweep(
        sampled.layer, sampled.X, sampled.targets, learning_rate=[0.003, 0.03, 0.3], momentum=[0, 0.9], epochs=60,
        patience=2, validation=validation,
    )  # fmt: skip
    for model in range(len(swept)):
        assert_is_the_single_run(swept, model, sampled, validation)
        assert swept.columns["validation_cost"][model] == pytest.approx(swept[model].layer.cost(*validation), rel=1e-12)
    assert "patience_over" in swept.columns["outcome"].tolist()
    assert np.isin(swept.ranking(), np.arange(6)).all()
    assert "patience 2" in " ".join(str(swept).split())
    with refused("refitted model", "stop by other patterns", "patience of 2 epochs", "Take the best model as it is."):
        swept.refit()


def test_patience_needs_a_validation_set():
    sampled = sample("softmax")
    for options in ({}, {"folds": 3}):
        with refused("patience", "go with a validation set", "none", "--validation 0.2"):
            sweep(sampled.layer, sampled.X, sampled.targets, learning_rate=0.1, epochs=5, patience=2, **options)


def test_what_goes_with_no_model_is_refused():
    given = {
        "layer": dr.LinearLayer([[0.0]], [0.0]),
        "X": [[1.0]],
        "targets": [[1.0]],
        "learning_rate": 0.1,
        "epochs": 3,
    }
    with refused("nesterov", "go with a momentum above 0", "a momentum of 0", "Give one"):
        sweep(**given, nesterov=True)
    with refused("decay_biases", "go with a weight decay above 0", "a weight decay of 0", "Give one"):
        sweep(**given, decay_biases=True, momentum=0.5)
    with refused("momentum", "be below 1", "1", "Give 0 for none"):
        sweep(**given, momentum=[0.5, 1.0])
    with refused("descents", "be given without momentum", "momentum=0.5", "Leave out momentum"):
        sweep(given["layer"], given["X"], given["targets"], descents=[Descent(0.1, 3)], momentum=0.5)


def test_models_that_differ_in_one_of_these_are_not_identical():
    sampled = sample("linear")
    usual = {"learning_rate": 0.01, "epochs": 6, "weight_decay": 0.1}
    options = [
        {}, {"momentum": 0.5}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}, {"schedule": "cosine"},
        {"schedule": Schedule("cosine", by="update")}, {"decay_biases": True}, {"momentum": 0.5},
    ]  # fmt: skip
    swept = sweep(sampled.layer, sampled.X, sampled.targets, descents=[Descent(**usual, **each) for each in options])
    # By epoch and by update are one where an epoch is one update, but nobody need find that out.
    assert swept.columns["identical_to"].tolist() == [0, 1, 2, 3, 4, 5, 6, 1]


def test_the_momentum_is_a_column_a_head_and_a_panel():
    sampled = sample("linear")
    swept = sweep(
        sampled.layer, sampled.X, sampled.targets, learning_rate=[0.001, 0.002], momentum=[0, 0.9], epochs=3,
        weight_decay=0.1, schedule="cosine", nesterov=True, decay_biases=True,
    )  # fmt: skip
    assert list(swept.columns)[:4] == ["learning_rate", "batch_size", "weight_decay", "momentum"]
    assert swept.columns["momentum"].tolist() == [0.0, 0.9] * 2
    text = " ".join(str(swept).split())
    assert "schedule: cosine (final 0)" in text
    assert "Nesterov's momentum, biases decayed too" in text
    assert "rate momentum" in text
    panels = sweep_curves(swept).panels
    assert [panel.label.splitlines()[1] for panel in panels] == ["momentum 0", "momentum 0.9"]
    assert_array_equal(panels[1].lines[0].y, swept.columns["cost"][1::2])
    plain = sweep(sampled.layer, sampled.X, sampled.targets, learning_rate=0.001, epochs=3)
    assert "momentum" not in plain.columns


def test_a_problem_is_swept_with_all_that_its_descent_says():
    problem = problem_from(
        {
            "layer": {"kind": "softmax", "init": {"seed": 4}},
            "data": {"dataset": "iris", "standardise": True, "split": {"test": 0.3, "seed": 1}},
            "descent": {
                "learning_rate": 0.05, "epochs": 12, "reduction": "mean", "batch_size": 16, "momentum": 0.9, "nesterov": True,
                "schedule": "cosine", "weight_decay": 0.01, "decay_biases": True, "patience": 3,
            },
        }
    )  # fmt: skip
    found = sweep_problem(problem, validation=0.2)
    assert found.sweep.descents == [problem.descent]
    swept = sweep_problem(problem, momentum=[0, 0.5], validation=0.2).sweep
    assert [(each.momentum, each.nesterov, each.patience) for each in swept.descents] == [(0, False, 3), (0.5, True, 3)]
    assert json.loads(json.dumps(swept.to_dict()))["models"]["momentum"] == [0.0, 0.5]
    (plain,) = sweep_problem(problem, momentum=0, weight_decay=iter([0]), validation=0.2).sweep.descents
    assert (plain.nesterov, plain.decay_biases) == (False, False)
    with refused("patience", "go with a validation set", "none", "leave patience out"):
        sweep_problem(problem, momentum=0.5)
