"""Optima along weight decays: each that of `optimum` alone and no worse than scikit-learn's, with scores on validation patterns."""

import json
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold

from deltarule.analysis.optimum import OptimumOutcome, optimum
from deltarule.analysis.path import path, path_of
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import LinearLayer, LogisticLayer, SoftmaxLayer
from deltarule.problem import problem_from
from samples import MINIMISED as NAMES
from samples import refused, sample

DECAYS = [0.01, 10.0, 1.0]


def by(reduction="sum", weight_decay=0.0):
    return Descent(1.0, 1, reduction=reduction, weight_decay=weight_decay)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", NAMES)
def test_each_optimum_of_a_path_is_that_of_its_decay_alone(name, reduction):
    sampled = sample(name)
    weights = np.arange(20) % 3
    found = path(sampled.layer, sampled.X, sampled.targets, by(reduction), weight_decay=DECAYS, sample_weight=weights)
    assert found.weight_decay.tolist() == [10.0, 1.0, 0.01]
    for decay, along, cost in zip(found.weight_decay, found.optima, found.cost, strict=True):
        alone = optimum(sampled.layer, sampled.X, sampled.targets, by(reduction, decay), sample_weight=weights)
        assert along.attained
        assert along.cost == cost
        if not name.startswith("perceptron"):  # whose minima are local
            assert cost == pytest.approx(alone.cost, rel=1e-12)
            assert_allclose(along.layer.weights, alone.layer.weights, atol=1e-8)


@pytest.mark.parametrize("ratio", [1.0, 1.1, 3.0, 10.0])
@pytest.mark.parametrize("kind", [LogisticLayer, SoftmaxLayer])
def test_optima_of_a_large_layer_are_exact_however_near_their_decays_are(kind, ratio):
    X, labels = load_digits(return_X_y=True)
    X, labels = X[:300], labels[:300] % 8
    layer = kind(np.zeros((64, 8)), np.zeros(8), classes=range(8))
    decays = 50.0 / ratio ** np.arange(6)
    found = path(layer, X, labels, by(), weight_decay=decays)
    for decay, along in zip(decays, found.optima, strict=True):
        alone = optimum(layer, X, labels, by(weight_decay=decay))
        assert along.attained
        assert along.cost == pytest.approx(alone.cost, rel=1e-12)
        assert_allclose(along.layer.weights, alone.layer.weights, atol=1e-7)


def test_along_near_decays_a_search_takes_few_steps():
    X, labels = load_digits(return_X_y=True)
    layer = SoftmaxLayer(np.zeros((64, 10)), np.zeros(10), classes=range(10))
    decays = 50.0 / 1.2 ** np.arange(8)
    found = path(layer, X[:500], labels[:500], by(), weight_decay=decays)
    alone = [optimum(layer, X[:500], labels[:500], by(weight_decay=decay)) for decay in decays]
    # From the polynomial through the last three optima the cost has hardly anything left to fall.
    for along, one in zip(found.optima[3:], alone[3:], strict=True):
        assert along.costs[0] - along.cost < 1e-4 * (one.costs[0] - one.cost)
        assert len(along.costs) < len(one.costs)


def test_a_path_of_ridge_regression_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    X, D = rng.normal(size=(50, 4)) * [1.0, 100.0, 0.01, 1.0] + 7.0, rng.normal(size=(50, 2))
    found = path(LinearLayer(np.zeros((4, 2)), np.zeros(2)), X, D, by(), weight_decay=[0.1, 3.0])
    for decay, one in zip(found.weight_decay, found.optima, strict=True):
        ridge = Ridge(alpha=decay, solver="svd").fit(X, D)
        assert_allclose(one.layer.weights, ridge.coef_.T, rtol=1e-9)
        assert_allclose(one.layer.biases, ridge.intercept_, rtol=1e-9)


def test_no_cost_on_digits_is_above_that_of_scikit_learn():
    X, labels = load_digits(return_X_y=True)
    X, labels = X[:400], labels[:400]
    layer = SoftmaxLayer(np.zeros((64, 10)), np.zeros(10), classes=range(10))
    found = path(layer, X, labels, by(), weight_decay=[100.0, 10.0])
    for decay, one in zip(found.weight_decay, found.optima, strict=True):
        assert one.attained
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(C=1 / decay, tol=1e-10, max_iter=5000).fit(X, labels)
        theirs = layer.with_parameters(model.coef_.T, model.intercept_).cost(X, labels, weight_decay=decay)
        assert one.cost <= theirs * (1 + 1e-12)
        assert one.cost == pytest.approx(theirs, rel=1e-6)


def test_validation_patterns_choose_the_best_decay():
    sampled, other = sample("softmax", 40), sample("softmax", 40)
    layer = sampled.layer
    validation = (other.X + 0.5, other.targets)
    found = path(layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, validation=validation)
    plain = [one.layer.cost(*validation) for one in found.optima]
    assert_allclose(found.validation_cost, plain, rtol=1e-14)
    assert found.validation_errors.tolist() == [one.layer.errors(*validation) for one in found.optima]
    assert found.best == int(np.argmin(plain))
    assert str(found).endswith(
        f"The least validation cost is that of the weight decay {found.weight_decay[found.best]:g}."
    )
    without = path(layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS)
    assert without.best is without.validation_cost is without.validation_errors is None
    numbers = sample("linear")
    scored = path(
        numbers.layer, numbers.X, numbers.targets, by(), weight_decay=[1.0], validation=(numbers.X, numbers.targets)
    )
    assert scored.validation_errors is None
    assert scored.best == 0


def test_a_path_may_end_without_decay():
    # Separable: without decay there is no minimum, and no layer to score.
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["a", "b"])
    X, labels = [[0.0], [1.0]], ["a", "b"]
    found = path(layer, X, labels, by(), weight_decay=[0.0, 1.0], validation=(X, labels))
    assert [one.outcome for one in found.optima] == [OptimumOutcome.MINIMUM, OptimumOutcome.SEPARABLE]
    assert np.isnan(found.validation_cost).tolist() == [False, True]
    assert found.best == 0
    # A class that never occurs has no minimum with any decay.
    three = SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=["a", "b", "c"])
    found = path(three, X, labels, by(), weight_decay=[2.0, 1.0], validation=(X, labels))
    assert {one.outcome for one in found.optima} == {OptimumOutcome.ONE_SIDED}
    assert found.best is None


def test_a_problem_is_a_layer_patterns_and_a_descent():
    problem = problem_from({
        "layer": {"kind": "linear", "weights": [[0.5]]},
        "data": {"inputs": [[0], [1], [2]], "targets": [1, 2, 5]},
        "descent": {"learning_rate": 0.1, "epochs": 5, "weight_decay": 0.5, "reduction": "mean"},
    })  # fmt: skip
    one = path(problem, weight_decay=[1.0, 2.0])
    other = path(problem.layer, problem.X, problem.targets, problem.descent, weight_decay=[1.0, 2.0])
    assert one.cost.tolist() == other.cost.tolist()


def test_a_path_is_plain_values_as_a_dictionary_and_a_table_as_text():
    sampled = sample("logistic, one neuron")
    found = path(
        sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, validation=(sampled.X, sampled.targets)
    )
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["weight_decay"] == [10.0, 1.0, 0.01]
    assert record["best"] == found.best
    assert [one["outcome"] for one in record["optima"]] == ["minimum"] * 3
    lines = str(found).splitlines()
    assert lines[0].split() == [
        "weight",
        "decay",
        "cost",
        "bound",
        "validation",
        "cost",
        "errors",
    ]
    assert [line.split()[0] for line in lines[1:4]] == ["10", "1", "0.01"]
    assert repr(found) == f"<Path: 3 weight decays, 10 to 0.01, best {found.weight_decay[found.best]:g}>"


def test_what_is_no_decay_is_refused():
    layer = LogisticLayer([[0.0]], [0.0], classes=["no", "yes"])
    with refused("weight decays", "one or more numbers of at least 0", "-1", "Give some"):
        path(layer, [[0.0], [1.0]], ["no", "yes"], by(), weight_decay=[1.0, -1.0])
    with refused("weight decays", "one or more numbers of at least 0", "none", "Give some"):
        path(layer, [[0.0], [1.0]], ["no", "yes"], by(), weight_decay=[])
    with refused("weight decays", "finite numbers", "nan", ""):
        path(layer, [[0.0], [1.0]], ["no", "yes"], by(), weight_decay=[np.nan])


@pytest.mark.parametrize("decays", [[True], [1.0, True], np.array([True, False]), (np.bool_(True), 0.5)])
def test_a_truth_value_is_no_decay(decays):
    sampled = sample("softmax")
    with refused("weight decays", "one or more numbers of at least 0", "True", "Give some"):
        path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=decays)


def test_a_decay_of_minus_zero_is_zero():
    sampled = sample("linear")
    found = path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=[-0.0, 1.0])
    assert np.signbit(found.weight_decay).tolist() == [False, False]
    assert repr(found).startswith("<Path: 2 weight decays, 1 to 0")


# ---- Folds.


@pytest.mark.parametrize("name", NAMES)
def test_with_folds_each_layer_is_scored_on_the_patterns_that_it_has_not_seen(name):
    sampled = sample(name)
    weights = 1.0 + np.arange(20) % 3
    pairs = [(np.arange(20)[np.arange(20) % 2 != k], np.arange(20)[np.arange(20) % 2 == k]) for k in (0, 1)]
    found = path(
        sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, sample_weight=weights, folds=pairs
    )
    whole = path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, sample_weight=weights)
    assert_allclose(found.cost, whole.cost)
    targets = np.asarray(sampled.targets)
    for (rows, others), costs in zip(pairs, found.fold_costs, strict=True):
        of_fold = path(
            sampled.layer, sampled.X[rows], targets[rows], by(), weight_decay=DECAYS, sample_weight=weights[rows]
        )
        by_hand = [
            it.layer.cost(sampled.X[others], targets[others], sample_weight=weights[others]) for it in of_fold.optima
        ]
        assert_allclose(costs, by_hand, rtol=1e-9)
    assert_allclose(found.validation_cost, found.fold_costs.mean(axis=0))
    assert found.best == found.validation_cost.argmin()


def test_folds_may_be_a_number_or_a_splitter():
    sampled = sample("softmax")
    splitter = StratifiedKFold(3, shuffle=True, random_state=0)
    counted, split = (
        path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, folds=folds)
        for folds in (3, splitter)
    )
    assert_allclose(counted.fold_costs, split.fold_costs)
    assert counted.validation_errors is not None
    assert json.dumps(counted.to_dict())


@pytest.mark.parametrize("folds", [1, "five", [], [([0], [99])], object()])
def test_what_are_no_folds_is_refused(folds):
    sampled = sample("softmax")
    with pytest.raises(InputError, match="folds must"):
        path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, folds=folds)


@pytest.mark.parametrize("pairs", [[([0, 1, 2], [-1])], [(np.arange(10), [11]), (np.array([3, -2]), [0])]])
def test_places_of_folds_are_not_counted_from_the_end(pairs):
    sampled = sample("linear")
    with pytest.raises(InputError, match=r"folds must .* the place -[12] is below 0"):
        path(sampled.layer, sampled.X, sampled.targets, by(), weight_decay=DECAYS, folds=pairs)


@pytest.mark.parametrize(
    ("layer", "targets", "told"),
    [
        (
            SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=list("abc")),
            list("aabbcc"),
            "none of class 'c' in fold 2 of 2",
        ),
        (
            LogisticLayer(np.zeros((1, 3)), np.zeros(3), classes=list("abc")),
            list("aabbcc"),
            "none of class 'c' in fold 2 of 2",
        ),
        (LogisticLayer([[0.0]], [0.0], classes=["n", "y"]), list("nynyyy"), "none of class 'y' in fold 2 of 2"),
        (
            LogisticLayer(np.zeros((1, 2)), np.zeros(2)),
            [[0, 0], [1, 0], [0, 1], [1, 0], [1, 1], [0, 1]],
            "one answer only of neuron 2 in fold 2 of 2",
        ),
    ],
)
def test_a_fold_that_trains_on_no_pattern_of_a_class_is_named(layer, targets, told):
    X = np.array([[0.0], [1.0], [0.5], [2.0], [1.5], [3.0]])
    rows = {"none of class 'y' in fold 2 of 2": [0, 2], "one answer only of neuron 2 in fold 2 of 2": [0, 1, 3]}.get(
        told, [0, 1, 2, 3]
    )
    others = [place for place in range(6) if place not in rows]
    pairs = [([0, 1, 2, 3, 4], [5]), (rows, others)]
    with refused("folds", "each train on", told, "decay the biases"):
        path(layer, X, targets, by(), weight_decay=[1.0], folds=pairs)
    # Decayed biases go nowhere, so there is a minimum.
    decaying = Descent(1.0, 1, weight_decay=1.0, decay_biases=True)
    assert np.isfinite(path(layer, X, targets, decaying, weight_decay=[1.0], folds=pairs).fold_costs).all()


def test_a_class_that_no_pattern_has_is_told_by_the_optima_and_no_fold_is_blamed():
    layer = SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=list("abc"))
    found = path(layer, [[0.0], [1.0], [0.5], [2.0]], list("aabb"), by(), weight_decay=[1.0], folds=2)
    assert str(found.optima[0]).endswith("Without a pattern: c.")
    assert np.isnan(found.validation_cost).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", [LogisticLayer, SoftmaxLayer])
def test_each_step_along_a_fine_path_is_certified(kind, seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(size=(40, 3)) * (rng.uniform(size=(40, 3)) > 0.6)
    layer = kind(np.zeros((3, 3)), np.zeros(3), classes=(0, 1, 2))
    found = path(layer, X, rng.integers(0, 3, 40), by(), weight_decay=np.logspace(4, -6, 60))
    assert all(it.attained for it in found.optima)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", [LogisticLayer, SoftmaxLayer])
def test_weights_of_very_different_sizes_do_not_hide_the_minimum_in_rounding(kind, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(60, 2)) * 20, np.arange(60) % 3
    layer = kind(np.zeros((2, 3)), np.zeros(3), classes=(0, 1, 2))
    weights = np.array([1000, 1e-4, 1e-4])[y]
    found = path(layer, X, y, by(), weight_decay=np.logspace(-4, 4, 9), sample_weight=weights)
    assert all(it.attained for it in found.optima)


@pytest.mark.parametrize("kind", [SoftmaxLayer, LogisticLayer])
def test_a_path_that_is_to_be_nearly_exact_comes_within_a_millionth_of_the_least_costs(kind):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 6, 400)
    X = rng.normal(size=(400, 50)) + rng.normal(size=(6, 50))[y] / 2
    layer = kind.for_targets(50, y)
    patterns, decays = layer.patterns(X, y), np.array([100.0, 1.0, 0.01])
    exact = path_of(layer, patterns, Descent(1.0, 1), decays)
    nearly = path_of(layer, patterns, Descent(1.0, 1), decays, certified=False)
    for decay, a, b in zip(decays, exact, nearly, strict=True):
        cost = b.layer.evaluate(patterns, "sum", decay)[0]
        assert a.attained
        assert a.cost < cost <= a.cost * (1 + 1e-6)
        assert b.cost == pytest.approx(cost, rel=1e-12)
        assert not b.attained


@pytest.mark.parametrize("decays", [[1e300, 1.0, 0.1], [1e10, 1e5, 1.0, 1e-3], [1.0, 1e-3, 1e-3, 0.0, 1e-12, 1e300]])
@pytest.mark.parametrize("name", ["softmax", "perceptron"])
def test_decays_of_very_different_sizes_have_their_optima_as_alone(name, decays):
    sampled = sample(name)
    found = path(sampled.layer, sampled.X, sampled.targets, by("mean"), weight_decay=decays)
    for decay, along in zip(found.weight_decay, found.optima, strict=True):
        alone = optimum(sampled.layer, sampled.X, sampled.targets, by("mean", decay))
        assert along.outcome is alone.outcome
        assert along.cost == pytest.approx(alone.cost, rel=1e-9)


@pytest.mark.parametrize("decays", [[1e12, 1e-6], [1e8, 1e4, 1.0, 1e-4]])
def test_a_path_that_is_to_be_nearly_exact_takes_nothing_from_a_far_decay(decays):
    X, labels = load_digits(return_X_y=True)
    layer = SoftmaxLayer(np.zeros((64, 10)), np.zeros(10), classes=range(10))
    patterns = layer.patterns(X[:500], labels[:500])
    for decay, found in zip(decays, path_of(layer, patterns, by(), np.array(decays), certified=False), strict=True):
        least = optimum(layer, X[:500], labels[:500], by(weight_decay=decay)).cost
        assert found.cost == pytest.approx(least, rel=1e-6)
