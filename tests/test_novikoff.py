"""The convergence theorem of Rosenblatt's rule: by hand, and never less than the wrong answers that plain loops count."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deltarule.descent import Descent
from deltarule.layers import LogisticLayer, PerceptronLayer
from deltarule.novikoff import mistake_bound
from deltarule.outcome import Reason
from deltarule.training import train

ONLINE = Descent(1.0, 10_000, batch_size=1, order="given")


def wrong_answers(X, T, theta, size, batch, epochs, one):
    """How many answers are wrong, of one neuron with targets T of -1 and 1, until an epoch has none; None if none has."""
    rows, total = [[*x, one] for x in X], 0
    for _ in range(epochs):
        in_epoch = 0
        for start in range(0, len(rows), batch):
            changes = [0.0] * len(theta)
            for x, t in list(zip(rows, T, strict=True))[start : start + batch]:
                u = sum(a * b for a, b in zip(x, theta, strict=True))
                if (u >= 0) != (t > 0):
                    in_epoch += 1
                    changes = [c + size * t * a for c, a in zip(changes, x, strict=True)]
            theta = [w + c for w, c in zip(theta, changes, strict=True)]
        total += in_epoch
        if not in_epoch:
            return total
    return None


def test_the_bound_from_zero_is_r_squared_over_the_margin_squared():
    # Without biases: x = -1, 2 by w* = 1: R = 2, g = 1, (R / g)^2 = 4.
    start = PerceptronLayer([[0.0]], None, activation="sign")
    patterns = start.patterns([[-1.0], [2.0]], [[-1], [1]])
    found = mistake_bound(start, start.with_parameters([[3.0]], None), patterns, ONLINE)
    assert (found.mistakes, found.radius) == (4, 2.0)
    assert found.margin == pytest.approx(1.0, rel=1e-12)
    # All patterns in a batch: twice as many.
    assert mistake_bound(start, start.with_parameters([[3.0]], None), patterns, Descent(1.0, 9)).mistakes == 8


@given(
    seed=st.integers(0, 10**6),
    batch=st.sampled_from([1, 2, 4, 8]),
    activation=st.sampled_from(["step", "sign"]),
    at_zero=st.booleans(),
    biases=st.booleans(),
    rate=st.sampled_from([0.01, 0.3, 1.0, 20.0]),
)
def test_no_run_gives_more_wrong_answers_than_the_bound(seed, batch, activation, at_zero, biases, rate):
    rng = np.random.default_rng(seed)
    X, star = rng.normal(size=(8, 2)), rng.normal(size=3) * [1, 1, biases]
    scores = X @ star[:2] + star[2]
    assume(np.abs(scores).min() > 0.02 and len(set(scores > 0)) == 2)
    low = 0 if activation == "step" else -1
    W, b = (np.zeros((2, 1)), np.zeros(1)) if at_zero else (rng.normal(size=(2, 1)), rng.normal(size=1) * biases)
    start = PerceptronLayer(W, b if biases else None, activation=activation)
    separating = start.with_parameters(star[:2, None], star[2:] if biases else None)
    patterns = start.patterns(X, np.where(scores > 0, 1, low)[:, None])
    bound = mistake_bound(start, separating, patterns, Descent(rate, 10_000, batch_size=batch, order="given"))
    T = np.where(scores > 0, 1, -1).tolist()
    found = wrong_answers(
        X.tolist(), T, [*W[:, 0].tolist(), float(b[0]) * biases], rate * (1 - low), batch, 3000, float(biases)
    )
    assert found is not None
    assert found <= bound.mistakes


@pytest.mark.parametrize(
    "changes",
    [
        {"weight_decay": 0.1},
        {"momentum": 0.5},
        {"schedule": "cosine"},
        {"batch_size": 2, "reduction": "mean"},  # of 3 patterns: the last batch has 1
    ],
)
def test_there_is_no_bound_where_steps_differ(changes):
    start = PerceptronLayer([[1.0]], [0.0], activation="step")
    patterns = start.patterns([[-1.0], [1.0], [2.0]], [[0], [1], [1]])
    assert mistake_bound(start, start, patterns, ONLINE) is not None
    options = {"batch_size": 1, **changes}
    assert mistake_bound(start, start, patterns, Descent(1.0, 100, **options)) is None


def test_there_is_no_bound_for_other_rules_weights_or_a_layer_that_separates_nothing():
    start = PerceptronLayer([[1.0]], [0.0], activation="step")
    X, targets = [[-1.0], [1.0], [2.0]], [[0], [1], [1]]
    assert mistake_bound(start, start, start.patterns(X, targets, [1.0, 2.0, 1.0]), ONLINE) is None
    assert mistake_bound(start, start, start.patterns([[0.0], [1.0], [2.0]], targets), ONLINE) is None
    logistic = LogisticLayer([[1.0]], [0.0])
    assert mistake_bound(logistic, start, logistic.patterns(X, targets), ONLINE) is None


def test_a_run_that_comes_to_rest_tells_the_bound():
    start = PerceptronLayer([[0.0]], None, activation="sign")
    run = train(start, [[-1.0], [2.0]], [[-1], [1]], ONLINE, "direct")
    assert run.outcome.reason is Reason.NO_ERRORS
    (remark,) = run.outcome.remarks
    assert remark == (
        "By Novikoff's theorem the rule gives at most 4 wrong answers on these patterns from this start, whatever their order: "
        "|x| is at most 2, and the layer reached has a margin of 1"
    )


def test_a_run_that_does_not_come_to_rest_says_what_tells_whether_it_can():
    layer = PerceptronLayer([[0.0], [0.0]], [0.0], activation="step", classes=[0, 1])
    X, xor = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]
    run = train(layer, X, xor, Descent(1.0, 20, batch_size=1, order="given"), "direct")
    assert run.history.cost[-1] > run.history.cost[0] == 0  # which is no sign of a rate that is too large
    assert run.outcome.remarks == (
        f"The layer predicts {run.history.errors[-1]:g} of 4 training patterns wrongly",
        "dr.separability(X, targets) tells whether any layer predicts all of them correctly",
    )
    independent = PerceptronLayer(np.zeros((2, 2)), np.zeros(2), activation="step")
    run = train(independent, X, [[d, d] for d in xor], Descent(1.0, 20), "direct")
    assert (
        run.outcome.remarks[-1]
        == "dr.separability(X, targets[:, k]) tells whether neuron k can answer all of them rightly"
    )
