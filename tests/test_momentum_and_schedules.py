"""Momentum, schedules and decay of biases: each against PyTorch's optimiser and schedulers, in all engines and kinds."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch.nn import functional
from torch.optim import lr_scheduler

import deltarule as dr
from deltarule.engines import ENGINES
from deltarule.iteration import iterations
from samples import NAMES, refused, sample

EPOCHS, BATCH = 50, 8  # of 20 patterns: 150 updates
every_kind = pytest.mark.parametrize("name", NAMES)
every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)

# Each schedule, and the one of PyTorch with the same rates; by epoch T is the number of epochs.
SCHEDULES = {
    "constant": ("constant", lambda opt, T: lr_scheduler.ConstantLR(opt, factor=1.0)),
    "step": ({"kind": "step", "every": 7, "factor": 0.5}, lambda opt, T: lr_scheduler.StepLR(opt, 7, 0.5)),
    "exponential": ({"kind": "exponential", "factor": 0.97}, lambda opt, T: lr_scheduler.ExponentialLR(opt, 0.97)),
    "inverse-time": (
        {"kind": "inverse-time", "decay": 0.1},
        lambda opt, T: lr_scheduler.LambdaLR(opt, lambda t: 1 / (1 + 0.1 * t)),
    ),
    "cosine": ("cosine", lr_scheduler.CosineAnnealingLR),
    "cosine to a share": (
        {"kind": "cosine", "final": 0.1},
        lambda opt, T: lr_scheduler.CosineAnnealingLR(opt, T, eta_min=0.1 * opt.param_groups[0]["lr"]),
    ),
    "one-cycle": (
        "one-cycle",
        lambda opt, T: lr_scheduler.OneCycleLR(opt, opt.param_groups[0]["lr"], total_steps=T, cycle_momentum=False),
    ),
    "warm-up, then cosine": (
        {"kind": "cosine", "warm_up": 5},
        lambda opt, T: lr_scheduler.SequentialLR(
            opt,
            [
                lr_scheduler.LinearLR(opt, start_factor=1 / 6, total_iters=5),
                lr_scheduler.CosineAnnealingLR(opt, T - 5),
            ],
            milestones=[5],
        ),
    ),
}
MOMENTA = {
    "none": {},
    "heavy ball": {"momentum": 0.9},
    "Nesterov's": {"momentum": 0.8, "nesterov": True},
}


def torch_cost(name, U, D, reduction):
    """The cost as PyTorch's losses have it."""
    if name == "softmax":
        loss = functional.cross_entropy(U, D.argmax(1), reduction="sum")
    elif name.startswith("logistic"):
        loss = functional.binary_cross_entropy_with_logits(U, D, reduction="sum")
    elif name.startswith(("step", "sign")):  # the perceptron criterion, whose derivative is Y - D
        low = 0.0 if name.startswith("step") else -1.0
        loss = ((torch.where(U > 0, 1.0, low) - D) * U).sum()
    else:
        squashed = {"perceptron sigmoid": torch.sigmoid, "perceptron tanh": torch.tanh}
        Y = squashed.get(name, lambda u: u)(U)
        loss = functional.mse_loss(Y, D, reduction="sum") / 2
    return loss if reduction == "sum" else loss / len(U)


def torch_descent(name, sampled, descent, scheduler=None):
    """W and b after the descent, by torch.optim.SGD and one of its schedulers."""
    W = torch.tensor(sampled.layer.weights, requires_grad=True)
    b = torch.tensor(sampled.layer.biases, requires_grad=True)
    X, D = torch.tensor(sampled.X), torch.tensor(np.asarray(sampled.desired))
    decay = descent.weight_decay
    groups = [{"params": [W]}, {"params": [b], "weight_decay": decay if descent.decay_biases else 0.0}]
    optimiser = torch.optim.SGD(
        groups, lr=descent.learning_rate, momentum=descent.momentum, nesterov=descent.nesterov, weight_decay=decay
    )
    by_update = descent.schedule.by == "update"
    rng = np.random.default_rng(descent.seed)
    size = descent.batch_size or len(X)
    steps = descent.epochs * (-(-len(X) // size) if by_update else 1)
    follow = None if scheduler is None else scheduler(optimiser, steps)
    for _ in range(descent.epochs):
        order = rng.permutation(len(X)) if size < len(X) else np.arange(len(X))
        for start in range(0, len(X), size):
            rows = order[start : start + size]
            optimiser.zero_grad()
            torch_cost(name, X[rows] @ W + b, D[rows], descent.reduction).backward()
            optimiser.step()
            if follow is not None and by_update:
                follow.step()
        if follow is not None and not by_update:
            follow.step()
    return W.detach().numpy(), b.detach().numpy()


def assert_reached(run, expected):
    for found, wanted in zip((run.layer.weights, run.layer.biases), expected, strict=True):
        assert_allclose(found, wanted, rtol=1e-9, atol=1e-10)


def descent_with(**options):
    usual = {"learning_rate": 0.02, "epochs": EPOCHS, "reduction": "half-mean", "batch_size": BATCH, "seed": 3}
    return dr.Descent(**(usual | options))


@every_engine
@every_kind
@pytest.mark.parametrize("momentum", MOMENTA)
@pytest.mark.parametrize("decay", [{}, {"weight_decay": 0.1}, {"weight_decay": 0.1, "decay_biases": True}], ids=str)
def test_momentum_and_decay_are_those_of_torch(name, engine, momentum, decay):
    sampled, descent = sample(name), descent_with(**MOMENTA[momentum], **decay)
    run = dr.train(sampled.layer, sampled.X, sampled.targets, descent, engine)
    assert_reached(run, torch_descent(name, sampled, descent))


@every_engine
@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step.*")
@pytest.mark.parametrize("name", ["linear", "softmax"])
@pytest.mark.parametrize("by", ["epoch", "update"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules_are_those_of_torch(name, engine, by, schedule):
    given, scheduler = SCHEDULES[schedule]
    given = {"kind": given} if isinstance(given, str) else given
    sampled, descent = sample(name), descent_with(schedule=given | {"by": by}, momentum=0.5)
    run = dr.train(sampled.layer, sampled.X, sampled.targets, descent, engine)
    assert_reached(run, torch_descent(name, sampled, descent, scheduler))


@pytest.mark.parametrize("batch_size", [None, 1, 64])
def test_other_batches_have_the_same_momentum_and_rates(batch_size):
    sampled = sample("softmax")
    descent = descent_with(
        momentum=0.9, nesterov=True, schedule={"kind": "cosine", "by": "update"}, batch_size=batch_size
    )
    expected = torch_descent("softmax", sampled, descent, SCHEDULES["cosine"][1])
    for engine in ("direct", "autograd"):
        assert_reached(dr.train(sampled.layer, sampled.X, sampled.targets, descent, engine), expected)


@every_kind
def test_the_iterations_are_the_updates_of_the_descent(name):
    sampled = sample(name)
    descent = descent_with(epochs=4, momentum=0.9, schedule="cosine", weight_decay=0.1, decay_biases=True)
    worked = list(iterations(sampled.layer, sampled.X, sampled.targets, descent))
    run = dr.train(sampled.layer, sampled.X, sampled.targets, descent, "direct")
    assert_allclose(worked[-1].weights, run.layer.weights, rtol=1e-14)
    assert [round(each.learning_rate, 12) for each in worked[::3]] == [
        round(0.02 * (1 + np.cos(np.pi * t / 4)) / 2, 12) for t in range(4)
    ]
    velocity = 0.0
    for each in worked:
        assert_allclose(each.initial_velocity.weights, velocity * np.ones_like(each.weights), rtol=1e-14)
        velocity = 0.9 * velocity + each.weight_gradient
        assert_allclose(each.weight_velocity, velocity, rtol=1e-14)
        assert_allclose(each.weights, each.initial.weights - each.learning_rate * velocity, rtol=1e-13)
        assert_allclose(each.bias_gradient, each.delta.sum(0) + 0.1 * each.initial.biases, rtol=1e-12)
    assert each.to_dict()["weight_velocity"] == each.weight_velocity.tolist()
    plain = dr.iterate(sampled.layer, sampled.X, sampled.targets, descent_with())
    assert plain.velocity is plain.initial_velocity is plain.weight_velocity is plain.bias_velocity is None
    assert "weight_velocity" not in plain.to_dict()


def test_an_update_with_momentum_worked_by_hand():
    # u = 2, delta = 2 - 1 = 1, G = 1: V = 1, W = 2 - 0.1 = 1.9, b = -0.1. Then u = 1.8, delta = 0.8, V = 0.5 + 0.8 = 1.3,
    # at half the rate: W = 1.9 - 0.05 * 1.3 = 1.835; with Nesterov's step 0.8 + 0.5 * 1.3 = 1.45.
    layer = dr.LinearLayer([[2.0]], [0.0])
    descent = dr.Descent(0.1, 2, momentum=0.5, schedule=dr.Schedule("exponential", factor=0.5))
    second = dr.iterate(layer, [[1.0]], [[1.0]], descent, iteration=2)
    assert_allclose(second.weight_velocity, [[1.3]])
    assert_allclose(second.weights, [[1.835]])
    ahead = dr.Descent(0.1, 2, momentum=0.5, nesterov=True)
    first = dr.iterate(layer, [[1.0]], [[1.0]], ahead)
    assert_allclose(first.weights, [[2 - 0.1 * (1 + 0.5 * 1)]])


def test_the_cost_counts_decayed_biases():
    layer = dr.LinearLayer([[1.0], [2.0]], [3.0])
    # (1 + 2 + 3 - 4)^2 / 2 = 2, and 0.5 / 2 (1 + 4 + 9) = 3.5.
    assert layer.cost([[1.0, 1.0]], [[4.0]], weight_decay=0.5, decay_biases=True) == pytest.approx(5.5)
    run = dr.train(layer, [[1.0, 1.0]], [[4.0]], dr.Descent(0.1, 1, weight_decay=0.5, decay_biases=True), "direct")
    assert run.history.cost[0] == pytest.approx(5.5)


@pytest.mark.parametrize(
    ("options", "name", "rule"),
    [
        ({"momentum": 1.0}, "momentum", "below 1"),
        ({"momentum": -0.1}, "momentum", "of at least 0"),
        ({"momentum": "0.9"}, "momentum", "a finite number"),
        ({"nesterov": True}, "nesterov", "go with a momentum above 0"),
        ({"nesterov": "yes", "momentum": 0.5}, "nesterov", "be True or False"),
        ({"decay_biases": True}, "decay_biases", "go with a weight decay above 0"),
        ({"schedule": "cosin"}, "kind of schedule", "be one of"),
        ({"schedule": 3}, "schedule", "the name of a kind"),
        ({"schedule": {"every": 3}}, "schedule", "have a kind"),
        ({"schedule": {"kind": "step"}}, "step schedule", "have an every"),
        ({"schedule": {"kind": "step", "every": 0}}, "every of the schedule", "at least 1"),
        ({"schedule": {"kind": "step", "evry": 3}}, "schedule", "known parameters"),
        (
            {"schedule": {"kind": "cosine", "every": 3}},
            "cosine schedule",
            "its own parameters only: final, warm_up, by",
        ),
        ({"schedule": {"kind": "cosine", "final": 2}}, "final of the schedule", "at most 1"),
        ({"schedule": {"kind": "cosine", "by": "batch"}}, "by of the schedule", "epoch, update"),
        ({"schedule": {"kind": "cosine", "warm_up": 5}}, "warm-up of the schedule", "shorter than the 5 epochs"),
        ({"schedule": {"kind": "exponential", "factor": 0}}, "factor of the schedule", "above 0"),
        ({"schedule": {"kind": "one-cycle", "rising": 1}}, "rising of the schedule", "below 1"),
        ({"schedule": {"kind": "one-cycle", "warm_up": 1}}, "one-cycle schedule", "no warm-up"),
    ],
)
def test_options_out_of_their_ranges_are_named(options, name, rule):
    with pytest.raises(dr.InputError) as caught:
        dr.Descent(0.1, 5, **options)
    assert caught.value.name == name
    assert rule in caught.value.rule


def test_a_schedule_is_told_with_its_parameters():
    assert str(dr.Schedule("cosine")) == "cosine (final 0)"
    assert (
        str(dr.Schedule("step", every=3, warm_up=2, by="update")) == "step (every 3, factor 0.1; warm-up 2, by update)"
    )
    assert dr.Schedule("step", every=3).to_dict() == {"kind": "step", "every": 3}
    assert dr.Descent(0.1, 5, schedule="cosine").to_dict()["schedule"] == {"kind": "cosine"}


def test_the_first_rate_of_a_run_of_one_epoch_is_defined():
    for kind in ("cosine", "one-cycle"):
        factors = dr.Schedule(kind).factors(0, 1, 1)
        assert np.isfinite(factors).all()


def cosine(t, T, warm_up, final):
    """By the formula of the docstring, a rate at a time; after the run its last one."""
    if t < warm_up:
        return (t + 1) / (warm_up + 1)
    way = min((t - warm_up) / max(T - warm_up, 1), 1.0)
    return final + (1 - final) * (1 + math.cos(math.pi * way)) / 2


def one_cycle(t, T, start, rising, final):
    """From `start` to 1 at step rising T - 1, then to `final` at step T - 1, and no further."""
    top = rising * T - 1
    low, way = (start, (top - t) / top) if t < top else (final, min((t - top) / max(T - 1 - top, 1e-300), 1.0))
    return low + (1 - low) * (1 + math.cos(math.pi * way)) / 2


@settings(deadline=None)
@given(T=st.integers(2, 3000), data=st.data())
def test_any_part_of_a_long_schedule_has_the_rates_of_the_formula(T, data):
    first = data.draw(st.integers(0, T + 5))
    count = data.draw(st.integers(0, T + 10 - first))
    warm_up, final = data.draw(st.integers(0, 400)), data.draw(st.sampled_from([0.0, 0.1, 1.0]))
    steps = range(first, first + count)
    found = dr.Schedule("cosine", warm_up=warm_up, final=final).factors(first, count, T)
    assert_allclose(found, [cosine(t, T, warm_up, final) for t in steps], atol=1e-14)
    rising = data.draw(st.floats(0.01, 0.99))
    found = dr.Schedule("one-cycle", start=0.2, rising=rising, final=final).factors(first, count, T)
    assert_allclose(found, [one_cycle(t, T, 0.2, rising, final) for t in steps], atol=1e-9)


@pytest.mark.parametrize("kind", ["cosine", "one-cycle"])
@pytest.mark.parametrize("pieces", [[1000], [1, 999], [255, 1, 1, 743], [300, 300, 400]])
def test_a_rate_has_the_same_bits_whichever_are_worked_with_it(kind, pieces):
    schedule, begin, found = dr.Schedule(kind), 0, []
    for count in pieces:
        found += schedule.factors(begin, count, 1000).tolist()
        begin += count
    assert found == [schedule.factors(t, 1, 1000)[0] for t in range(1000)]


def test_a_warm_up_ends_at_the_rate_itself():
    factors = dr.Schedule("constant", warm_up=3).factors(0, 5, 5)
    assert factors.tolist() == [0.25, 0.5, 0.75, 1.0, 1.0]
    with refused("warm-up of the schedule", "at least 0", "-1", "Give 0"):
        dr.Schedule("cosine", warm_up=-1)
