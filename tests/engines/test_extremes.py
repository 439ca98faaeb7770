"""Absurd rates, decays, inputs and weights: what becomes of them is an outcome, and the same one in every engine."""

import numpy as np
import pytest

from deltarule.descent import Descent
from deltarule.engines import many_models
from deltarule.errors import InputError
from deltarule.outcome import Reason
from deltarule.training import train
from kernel_families import JIT_OFF, kernels_of
from samples import NAMES, refused, sample

PATTERNS = 7
ENGINES = (
    ("direct", "small"),
    ("autograd", "small"),
    ("compiled", "small"),
    ("compiled", "wide"),
    ("compiled", "few neurons"),
    ("sweep", "small"),
    ("sweep", "wide"),
    ("sweep", "few neurons"),
)
EXTREMES = {
    "a rate beyond float32": {"rate": 1e39},
    "a rate near the end of float64": {"rate": 1e300},
    "a rate of nearly nothing": {"rate": 1e-300},
    "a large decay": {"decay": 1e3},
    "a decay beyond float32": {"decay": 1e39},
    "a decay near the end of float64": {"decay": 1e300},
    "a rate and a decay whose product is 1": {"rate": 1e-39, "decay": 1e39},
    "a rate and a decay beyond all": {"rate": 1e300, "decay": 1e300},
    "large inputs": {"scale": 1e19},
    "inputs near the end of float32": {"scale": 1e37},
    "subnormal inputs": {"scale": 1e-40},
    "large weights": {"weight": 1e30},
    "small weights": {"weight": 1e-30},
}


def ends(engine, family, sampled, descent, X, weights, record_every):
    """Why a run ended, after how many epochs."""
    layer = sampled.layer
    with kernels_of(family):
        if engine == "sweep":
            patterns = layer.patterns(X, sampled.targets, weights)
            found = many_models.descend([layer] * 3, patterns, None, [descent] * 3, record_every, lambda *_: None)[0]
            return found.reason, found.epochs
        run = train(layer, X, sampled.targets, descent, engine, sample_weight=weights, record_every=record_every)
        return run.outcome.reason, int(run.history.epoch[-1]) if len(run.history.epoch) else 0


@pytest.mark.skipif(JIT_OFF, reason="NumPy's scalars warn of overflows, and the lines are the same")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("extreme", EXTREMES)
def test_every_engine_ends_for_the_same_reason_at_the_same_epoch(extreme, name, dtype):
    given = {"rate": 0.1, "decay": 0.0, "scale": 1.0, "weight": None} | EXTREMES[extreme]
    sampled = sample(name, PATTERNS, dtype=dtype)
    X = (sampled.X * given["scale"]).astype(dtype)
    weights = None if given["weight"] is None else np.linspace(0.5, 1, PATTERNS) * given["weight"]
    for batch_size, reduction, record_every in ((None, "sum", 1), (3, "mean", 0), (None, "mean", 1)):
        descent = Descent(given["rate"], 4, batch_size=batch_size, reduction=reduction, weight_decay=given["decay"])
        found = {each: ends(*each, sampled, descent, X, weights, record_every) for each in ENGINES}
        assert set(found.values()) == {found["direct", "small"]}
        assert found["direct", "small"][0] in (Reason.EPOCHS_DONE, Reason.COST_NOT_FINITE, Reason.NO_ERRORS)


@pytest.mark.parametrize(
    ("dtype", "weight"), [(np.float32, 1e-40), (np.float64, 1e-310), (np.float64, 1e308), (np.float32, 3e38)]
)
def test_weights_whose_sum_has_no_inverse_are_refused(dtype, weight):
    sampled = sample("linear", PATTERNS, dtype=dtype)
    with refused("sample weights", "have a sum that", "", "Multiply them all by one number."):
        sampled.layer.patterns(sampled.X, sampled.targets, np.full(PATTERNS, weight, dtype))


def test_weights_of_0_are_refused_as_before():
    sampled = sample("linear", PATTERNS)
    with pytest.raises(InputError, match="at least 0, and not all zero"):
        sampled.layer.patterns(sampled.X, sampled.targets, np.zeros(PATTERNS))
