"""The playground's core in JavaScript does what the layers and the descent in Python do."""

from itertools import combinations

import numpy as np
import pytest

from deltarule.analysis.boundaries import boundaries, clip
from deltarule.descent import Descent
from deltarule.iteration import iterate
from deltarule.layers import SoftmaxLayer, random_parameters
from deltarule.playground.state import kind_of
from deltarule.plots.polygons import regions
from playground_node import worked
from samples import NAMES, sample

TOLERANCE = 1e-12
MATRICES = {
    "X": "inputs",
    "D": "desired",
    "U": "synaptic_inputs",
    "Y": "outputs",
    "slopes": "slopes",
    "delta": "delta",
    "GW": "weight_gradient",
    "Gb": "bias_gradient",
    "VW": "weight_velocity",
    "Vb": "bias_velocity",
    "W": "weights",
    "b": "biases",
}


# Those that are sums over patterns, in which large terms may cancel.
SUMS = ("GW", "Gb", "VW", "Vb")


def random_schedule(rng, epochs):
    by = ["epoch", "update"][rng.integers(2)]
    own = [
        {"kind": "constant"},
        {"kind": "step", "every": int(rng.integers(1, 6)), "factor": float(rng.uniform(0.3, 1))},
        {"kind": "exponential", "factor": float(rng.uniform(0.7, 1))},
        {"kind": "inverse-time", "decay": float(rng.uniform(0, 1))},
        {"kind": "cosine", "final": float(rng.uniform(0, 0.5))},
        {"kind": "one-cycle", "start": 0.1, "rising": float(rng.uniform(0.1, 0.9)), "final": 0.01},
    ][rng.integers(6)]
    warm_up = {} if own["kind"] == "one-cycle" else {"warm_up": int(rng.integers(0, epochs))}
    return {**own, "by": by, **warm_up}


def random_problem(seed):
    """A layer of any kind, data and a descent with any options; the update to be worked."""
    rng = np.random.default_rng([seed, 16])
    name = NAMES[rng.integers(len(NAMES))]
    given = sample(
        name,
        patterns=int(rng.integers(3, 25)),
        inputs=int(rng.integers(1, 5)),
        seed=seed,
        neurons=int(rng.integers(1, 6)),
    )
    layer = given.layer if rng.random() < 0.8 else given.layer.with_parameters(given.layer.weights, None)
    epochs = int(rng.integers(2, 12))
    decays, has_momentum = rng.random() < 0.5, rng.random() < 0.5
    momentum = float(rng.uniform(0.1, 0.9)) if has_momentum else 0.0
    reduction = ["sum", "mean", "half-mean"][rng.integers(3)]
    # Rates at which a descent does not swing: those that swing make large differences of the last bits' rounding.
    descent = Descent(
        float(rng.uniform(0.001, 0.01 if reduction == "sum" else 0.05) * (1 - momentum)),
        epochs,
        batch_size=None if rng.random() < 0.3 else int(rng.integers(1, 9)),
        reduction=reduction,
        weight_decay=float(rng.uniform(0, 0.2)) if decays else 0.0,
        decay_biases=bool(decays and rng.random() < 0.5),
        momentum=momentum,
        nesterov=bool(has_momentum and rng.random() < 0.5),
        schedule=random_schedule(rng, epochs) if rng.random() < 0.6 else "constant",
        seed=int(rng.integers(0, [10, 2**32, 2**53][rng.integers(3)])),
        order=["shuffled", "given"][rng.integers(2)],
    )
    updates = epochs * descent.updates_per_epoch(len(given.X))
    return given, layer, descent, int(rng.integers(updates)) + 1


def task_of(given, layer, descent):
    described = descent.to_dict()
    described["schedule"] = descent.schedule.to_dict()
    return {
        "kind": kind_of(layer),
        "hasClasses": layer.classes is not None,
        "X": given.X.tolist(),
        "D": layer.encode(given.targets).tolist(),
        "weights": layer.weights.tolist(),
        "biases": layer.biases.tolist(),
        "hasBiases": layer.has_biases,
        "descent": described,
    }


def distance(found, expected, terms=0.0):
    """The largest difference of two matrices, relative to the largest entry, or to that of the terms that make a sum."""
    if expected is None or found is None:
        assert found is None
        assert expected is None
        return 0.0
    expected = np.asarray(expected, dtype=float)
    assert np.shape(found) == expected.shape
    largest = max(float(np.abs(expected).max(initial=0.0)), terms, 1e-300)
    return float(np.abs(np.array(found) - expected).max(initial=0.0)) / largest


def largest_difference(seeds):
    problems = [random_problem(seed) for seed in seeds]
    tasks = [
        {"what": "descent", "task": task_of(given, layer, descent), "updates": iteration - 1}
        for given, layer, descent, iteration in problems
    ]
    differences = [0.0]
    for (given, layer, descent, iteration), found in zip(problems, worked(tasks), strict=True):
        expected = iterate(layer, given.X, given.targets, descent, iteration=iteration)
        for name, attribute in MATRICES.items():
            terms = np.abs(expected.delta).max() if name in SUMS else 0.0
            differences.append(distance(found[name], getattr(expected, attribute), float(terms)))
        assert found["batch"] == expected.batch.tolist()
        assert found["epoch"] == expected.epoch
        assert found["errors"] == expected.errors
        cost, errors = expected.layer.evaluate(
            layer.patterns(given.X, given.targets), descent.reduction, descent.weight_decay, descent.decay_biases
        )
        assert found["after"]["errors"] == errors
        scale = max(abs(cost), 1e-3)
        differences += [
            distance([found["rate"]], [expected.learning_rate]),
            distance(found["costs"], expected.pattern_costs, 1e-3),
            abs(found["cost"] - expected.cost) / max(abs(expected.cost), 1e-3),
            abs(found["after"]["cost"] - cost) / scale,
        ]
    return max(differences)


def test_every_matrix_of_random_problems_of_all_kinds_and_options_is_that_of_python():
    assert largest_difference(range(400)) < TOLERANCE


@pytest.mark.slow
def test_every_matrix_of_thousands_of_random_problems_is_that_of_python():
    assert largest_difference(range(400, 2800)) < TOLERANCE


def test_permutations_are_those_of_numpys_generator():
    cases = [(seed, count) for seed in (0, 1, 7, 2**32 - 1, 2**32, 2**53 - 1) for count in (1, 2, 3, 17, 150, 1000)]
    found = worked([{"what": "permutations", "seed": seed, "count": count, "draws": 4} for seed, count in cases])
    for (seed, count), orders in zip(cases, found, strict=True):
        rng = np.random.default_rng(seed)
        assert orders == [rng.permutation(count).tolist() for _ in range(4)]


def test_new_layers_have_the_weights_of_the_same_seed_in_python():
    cases = [(1, 1, 0), (2, 3, 5), (4, 3, 2**40)]
    found = worked([{"what": "parameters", "inputs": n, "neurons": k, "seed": seed} for n, k, seed in cases])
    for case, parameters in zip(cases, found, strict=True):
        weights, biases = random_parameters(*case)
        assert parameters == {"weights": weights.tolist(), "biases": biases.tolist()}


def test_regions_and_boundaries_are_those_of_the_exact_polygons_in_python():
    rng = np.random.default_rng(3)
    layers = [(rng.normal(size=(2, k)), rng.normal(size=k)) for k in (2, 3, 4, 6, 8) for _ in range(20)]
    box = {"left": -2.0, "right": 3.0, "low": -1.5, "high": 2.5}
    found = worked([{"what": "plane", "W": W.tolist(), "b": b.tolist(), "box": box} for W, b in layers])
    for (W, b), plane in zip(layers, found, strict=True):
        limits = (box["left"], box["right"]), (box["low"], box["high"])
        for corners, expected in zip(plane["regions"], regions(np.vstack([W, b]).T, *limits), strict=True):
            np.testing.assert_allclose(np.reshape(corners, (-1, 2)), expected, atol=1e-12)
        layer = SoftmaxLayer(W, b, classes=range(len(b)))
        for line, pair, place in zip(plane["lines"], boundaries(layer), combinations(range(len(b)), 2), strict=True):
            assert pair.classes == place
            piece = clip(pair, *limits)
            assert (line is None) == (piece is None)
            if piece is not None:
                np.testing.assert_allclose(sorted(line), sorted(piece.tolist()), atol=1e-10)
