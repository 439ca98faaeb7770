"""The optimum: minima against least squares and scikit-learn, and of separable classes the direction of descent."""

import dataclasses
import json
import math
from importlib import resources

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression

import naive
from deltarule.analysis.margins import margins, maximum_margin
from deltarule.analysis.minimising import polished
from deltarule.analysis.objective import Point, objective
from deltarule.analysis.optimum import OptimumOutcome, optimum
from deltarule.analysis.separability import SeparabilityOutcome
from deltarule.data import split
from deltarule.datasets import load
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.problem import problem_from, read_problem
from deltarule.training import train
from samples import MINIMISED as NAMES
from samples import NUMBERS, QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X, refused, sample

CONVEX = [name for name in NAMES if not name.startswith("perceptron")]
# What each reduction divides the summed cost by: V, V K and V K / 2 (see `deltarule.layers`), for V = 20 and K of the sample.
DIVISOR = {
    "linear": 30,
    "logistic, one neuron": 20,
    "logistic, independent": 60,
    "logistic, one against rest": 60,
    "softmax": 20,
    "adaline, one neuron": 10,
    "adaline, one a class": 30,
}


def theta(layer):
    """(W; b)."""
    return np.vstack([layer.weights, layer.biases])


def by(reduction="sum", weight_decay=0.0):
    """A descent whose cost this is; its rate and epochs do not matter."""
    return Descent(1.0, 1, reduction=reduction, weight_decay=weight_decay)


def norm(layer):
    return float(np.linalg.norm(theta(layer)))


def numbers(layer):
    """(W; b) less what leaves a softmax layer as it is: the same number added to each row."""
    found = theta(layer)
    return found - found.mean(axis=1, keepdims=True) if isinstance(layer, SoftmaxLayer) else found


def moved(sampled, scale):
    """The same kind of layer, as many times as far from the origin."""
    return sampled.layer.with_parameters(sampled.layer.weights * scale, sampled.layer.biases * scale)


# ---- Minima.


def test_a_linear_layer_has_the_least_squares_solution():
    sampled = sample("linear")
    found = optimum(sampled.layer, sampled.X, sampled.targets, by())
    expected, *_ = np.linalg.lstsq(np.column_stack([sampled.X, np.ones(20)]), sampled.targets, rcond=None)
    assert_allclose(theta(found.layer), expected, atol=1e-12)  # a gradient of 1e-10 over a curvature of 5 or more
    assert found.attained
    assert found.separability is found.direction is None
    # 1e-30 would claim what float64 cannot hold.
    assert found.excess < 1e-16 * found.cost
    assert str(found) == (
        f"The minimum: cost {found.cost:.8g}, the least to rounding, gradient norm {found.gradient_norm:.1e}."
    )
    assert "at most 1.0e-09 above the least" in str(dataclasses.replace(found, excess=1e-9))


def test_a_linear_layer_with_inputs_that_depend_on_each_other_has_a_least_cost():
    # The second input is twice the first. Through (1, 1), (2, 0), (3, 3): slope 1, mean 4/3, and the residuals 2/3, -4/3, 2/3
    # have 1/2 (4 + 16 + 4) / 9 = 4/3.
    found = optimum(
        LinearLayer([[0.0], [0.0]], [0.0]), [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], [[1.0], [0.0], [3.0]], by()
    )
    assert found.attained
    assert found.cost == pytest.approx(4 / 3, rel=1e-12)


@pytest.mark.parametrize("decay", [0.3, 3.0])
@pytest.mark.parametrize("name", ["softmax", "logistic, one neuron", "logistic, one against rest"])
def test_decayed_class_layers_agree_with_scikit_learn(name, decay):
    # scikit-learn's cost is C times the summed cost plus 1/2 sum W^2, so C = 1 / L.
    sampled = sample(name, 40)
    found = optimum(sampled.layer, sampled.X, sampled.targets, by(weight_decay=decay))
    assert found.attained
    assert found.separability is None
    model = LogisticRegression(C=1 / decay, tol=1e-10, max_iter=1000, solver="newton-cholesky")
    targets = np.array(sampled.targets)
    # One against the rest: a problem for each neuron.
    problems = [targets == label for label in "ABC"] if name.endswith("rest") else [targets]
    fitted = [(model.fit(sampled.X, problem).coef_.copy(), model.intercept_.copy()) for problem in problems]
    expected = found.layer.with_parameters(np.vstack([W for W, _ in fitted]).T, np.concatenate([b for _, b in fitted]))
    assert_allclose(numbers(found.layer), numbers(expected), atol=1e-8)  # scikit-learn stops at a gradient of 1e-10 / C
    assert found.cost == pytest.approx(expected.cost(sampled.X, targets, weight_decay=decay), rel=1e-12)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", NAMES)
def test_at_the_optimum_the_gradient_is_zero_by_finite_differences(name, reduction):
    sampled = sample(name)
    weights = np.arange(20) % 3 + 0.5
    found = optimum(sampled.layer, sampled.X, sampled.targets, by(reduction, weight_decay=0.2), sample_weight=weights)
    assert found.attained
    assert found.gradient_norm <= 1e-10
    plain = {**sampled.plain(weights), "reduction": reduction, "decay": 0.2}

    def cost(at):
        return naive.cost(**{**plain, "W": at[:-1].tolist(), "b": at[-1].tolist()})

    there, step = theta(found.layer), 1e-4
    assert found.cost == pytest.approx(cost(there), rel=1e-12)
    slopes = []
    for n, k in np.ndindex(there.shape):
        change = np.zeros_like(there)
        change[n, k] = step
        slopes.append((cost(there + change) - cost(there - change)) / (2 * step))
        assert cost(there + 100 * change) > found.cost  # and it is a minimum
        assert cost(there - 100 * change) > found.cost
    assert_allclose(slopes, 0, atol=1e-6)  # step^2 / 6 times third derivatives of up to about 100


@pytest.mark.parametrize("name", CONVEX)
def test_the_mean_is_the_sum_divided(name):
    # mean + L/2 W^2 = (sum + divisor L/2 W^2) / divisor
    sampled = sample(name)
    divisor = DIVISOR[name]
    mean = optimum(sampled.layer, sampled.X, sampled.targets, by("mean", weight_decay=0.02))
    total = optimum(sampled.layer, sampled.X, sampled.targets, by("sum", weight_decay=0.02 * divisor))
    assert mean.attained
    assert mean.cost * divisor == pytest.approx(total.cost, rel=1e-12)
    assert_allclose(numbers(mean.layer), numbers(total.layer), atol=1e-8)  # gradients of 1e-10 over curvatures of 0.02


@pytest.mark.parametrize("name", CONVEX)
def test_a_weight_of_k_is_k_copies_and_a_weight_of_0_none(name):
    sampled = sample(name)
    weights = np.arange(20) % 4
    copies = np.repeat(np.arange(20), weights)
    decay = {"weight_decay": 0.5}
    weighted = optimum(sampled.layer, sampled.X, sampled.targets, by(**decay), sample_weight=weights)
    copied = optimum(sampled.layer, sampled.X[copies], np.array(sampled.targets)[copies], by(**decay))
    assert weighted.attained
    assert weighted.cost == pytest.approx(copied.cost, rel=1e-12)
    assert_allclose(numbers(weighted.layer), numbers(copied.layer), atol=1e-8)


def test_a_pattern_of_weight_0_does_not_count_for_separability():
    # -1, 1 | 2, 3 are apart, but for a pattern of class a at 4.
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["a", "b"])
    X, targets = [[-1.0], [1.0], [4.0], [2.0], [3.0]], ["a", "a", "a", "b", "b"]
    assert optimum(layer, X, targets, by()).attained
    without = optimum(layer, X, targets, by(), sample_weight=[1, 1, 0, 1, 1])
    assert without.separability.outcome is SeparabilityOutcome.SEPARABLE
    expected = optimum(layer, [X[p] for p in (0, 1, 3, 4)], list("aabb"), by())
    assert_array_equal(theta(without.direction), theta(expected.direction))
    assert (
        optimum(layer, X, targets, by(), sample_weight=[5, 2, 1, 0.1, 3]).separability.outcome
        is SeparabilityOutcome.OVERLAPPING
    )


def test_an_optimum_worked_by_hand_from_counts():
    # All inputs are 0, so that weights do not matter, and biases give the classes their shares: 1/4 and 3/4.
    # J = log 4 + 3 log(4/3).
    layer = SoftmaxLayer([[0.0, 0.0]], [0.0, 0.0], classes=["a", "b"])
    found = optimum(layer, np.zeros((4, 1)), ["a", "b", "b", "b"], by())
    assert found.attained
    assert found.separability.outcome is SeparabilityOutcome.OVERLAPPING
    assert found.cost == pytest.approx(math.log(4) + 3 * math.log(4 / 3), rel=1e-12)
    assert_allclose(found.layer.output([[0.0]]), [[0.25, 0.75]], rtol=1e-10)
    logistic = optimum(LogisticLayer([[0.0]], [0.0], classes=["a", "b"]), np.zeros((4, 1)), ["a", "b", "b", "b"], by())
    assert logistic.layer.biases[0] == pytest.approx(math.log(3), rel=1e-10)  # y = 3/4


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_a_start_does_not_matter_to_a_convex_cost(seed):
    sampled = sample("logistic, independent")
    rng = np.random.default_rng(seed)
    start = sampled.layer.with_parameters(rng.normal(0, 5, (3, 3)), rng.normal(0, 5, 3))
    one, other = (optimum(layer, sampled.X, sampled.targets, by()) for layer in (sampled.layer, start))
    assert one.separability.outcome is SeparabilityOutcome.OVERLAPPING
    assert_allclose(theta(one.layer), theta(other.layer), atol=1e-8)  # gradients of 1e-10 over curvatures above 0.05


@pytest.mark.parametrize("name", ["linear", "softmax"])
def test_a_start_far_out_leads_to_the_same_minimum(name):
    sampled = sample(name)
    near, far = (
        optimum(layer, sampled.X, sampled.targets, by(weight_decay=0.1))
        for layer in (sampled.layer, moved(sampled, 1e4))
    )
    assert near.attained
    assert far.attained
    assert_allclose(numbers(far.layer), numbers(near.layer), atol=1e-8)  # gradients of 1e-10 over curvatures of 0.1


@pytest.mark.parametrize("name", NAMES)
def test_a_float32_layer_has_its_optimum_in_float64(name):
    single = sample(name, dtype=np.float32)
    double = sample(name)
    options = {"weight_decay": 0.1}
    found = optimum(single.layer, single.X, single.targets, by(**options))
    assert found.attained
    assert found.layer.dtype == np.float64
    # The minimum of the rounded patterns, and near that of the others (rounding of 6e-8, curvatures of about 0.1).
    exact = optimum(single.layer.astype(np.float64), single.X.astype(float), single.targets, by(**options))
    assert_allclose(theta(found.layer), theta(exact.layer), atol=1e-8)
    expected = optimum(double.layer, double.X, double.targets, by(**options))
    assert_allclose(theta(found.layer), theta(expected.layer), atol=1e-4)


def test_descent_comes_to_the_minimum():
    sampled = sample("softmax")
    found = optimum(sampled.layer, sampled.X, sampled.targets, by("mean", weight_decay=0.1))
    run = train(
        sampled.layer, sampled.X, sampled.targets, Descent(0.5, 2000, reduction="mean", weight_decay=0.1), engine="direct",
        record_every=0,
    )  # fmt: skip
    assert_allclose(
        theta(run.layer)[:-1], theta(found.layer)[:-1], atol=1e-10
    )  # (1 - 0.5 * 0.1)^2000 of the way is left
    assert run.history.cost[-1] == pytest.approx(found.cost, rel=1e-12)


# ---- A perceptron, whose minima are local.


def test_the_perceptron_of_question_2_has_the_least_training_error_of_the_facts():
    with resources.as_file(resources.files("deltarule.tutorial") / "problems" / "question_2.toml") as path:
        problem = read_problem(path)
    starts = [problem.layer, *(PerceptronLayer.random(3, 3, seed) for seed in range(1, 5))]
    found = [optimum(start, problem.X, problem.targets, by("mean")) for start in starts]
    assert all(it.attained for it in found)
    assert min(it.cost for it in found) == pytest.approx(0.04174446, abs=5e-9)  # as printed, to 8 decimals
    least = min(found, key=lambda it: it.cost)
    # The mean squared error, by loops.
    Y = [
        naive.activation("sigmoid", naive.synaptic_input(x, least.layer.weights, least.layer.biases)) for x in problem.X
    ]
    errors = [
        (d - y) ** 2 for row, outputs in zip(problem.targets, Y, strict=True) for d, y in zip(row, outputs, strict=True)
    ]
    assert sum(errors) / 45 == pytest.approx(least.cost, rel=1e-12)
    summed = optimum(problem.layer, problem.X, problem.targets, by())
    assert summed.cost * 2 / 45 == pytest.approx(least.cost, rel=1e-12)
    assert summed.separability is summed.direction is None


def test_a_perceptron_far_out_stays_on_a_plateau_and_that_is_said():
    # At u = 10000 the sigmoid's slope is 0 in float64: 1/2 ((0.2 - 1)^2 + (0.3 - 1)^2) = 0.565. The minimum is below.
    X, targets = [[1.0], [-1.0]], [[0.2], [0.3]]
    plateau = optimum(PerceptronLayer([[0.0]], [1e4]), X, targets, by())
    assert plateau.outcome is OptimumOutcome.PLATEAU
    assert not plateau.attained
    assert plateau.escaping == (1,)
    assert str(plateau) == (
        "A plateau: descent stands still, but this is no minimum: cost 0.565, gradient norm 0.0e+00. On it: neuron 1. "
        "Start elsewhere."
    )
    minimum = optimum(PerceptronLayer([[0.0]], [0.0]), X, targets, by())
    assert minimum.cost == pytest.approx(0, abs=1e-18)  # two numbers by two parameters
    assert_allclose(minimum.layer.output(X), targets, atol=1e-8)  # a gradient of 1e-10 over a slope of 0.16


# ---- Where the gradient norm is not reached.


def test_a_minimum_that_is_not_reached_is_said():
    # Without a decay beside inputs of 1e200, classes that are apart have no minimum: 0.1 / 1e400 is 0 in float64.
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["a", "b"])
    found = optimum(layer, [[-1e200], [1e200]], ["a", "b"], by(weight_decay=0.1))
    assert found.outcome is OptimumOutcome.NOT_ATTAINED
    assert not found.attained
    assert found.excess == math.inf
    assert str(found) == (
        f"Not quite a minimum: cost {found.cost:.8g}, gradient norm {found.gradient_norm:.1e}. Leave out inputs that nearly follow "
        "from others, or add weight decay."
    )


def polishing(name):
    """The objective of a sample, and theta of its layer."""
    sampled = sample(name)
    cost = objective(sampled.layer, sampled.layer.patterns(sampled.X, sampled.targets), by())
    return cost, cost.scaling.theta(sampled.layer)


def test_newtons_steps_alone_solve_least_squares():
    sampled = sample("linear")
    cost, start = polishing("linear")
    found = cost.layer(polished(cost, start).theta)
    exact, *_ = np.linalg.lstsq(np.column_stack([sampled.X, np.ones(20)]), sampled.targets, rcond=None)
    assert_allclose(theta(found), exact, atol=1e-12)


def test_newtons_steps_stop_where_the_gradient_no_longer_falls():
    cost, start = polishing("linear")
    minimum = polished(cost, start)
    again = polished(cost, minimum.theta)
    assert np.abs(again.gradient).max() <= np.abs(minimum.gradient).max()
    assert_allclose(again.theta, minimum.theta, atol=1e-14)


def test_newtons_steps_stop_where_the_gradient_stays():
    # J = sum |theta| + 1 falls by steps of 1, but its gradient, the signs, does not.
    class Straight:
        shape = (2, 1)
        factor = np.ones(1)

        def at(self, theta):
            return Point(theta, float(np.abs(theta).sum()) + 1, np.sign(theta), theta, theta)

        def hessian_times(self, point, vector):
            return vector

    start = np.array([[3.5], [-2.5]])
    assert polished(Straight(), start).theta is start


# ---- The cost as a function of a vector.


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", NAMES)
def test_gradient_and_curvature_are_the_derivatives_of_the_cost_by_finite_differences(name, reduction):
    sampled = sample(name)
    patterns = sampled.layer.patterns(sampled.X, sampled.targets, np.arange(20) % 3 + 0.5)
    cost = objective(sampled.layer, patterns, by(reduction, weight_decay=0.3))
    here = cost.scaling.theta(sampled.layer)
    here[-1] -= cost.level
    assert cost.shape == here.shape
    assert_allclose(theta(cost.layer(here)), theta(sampled.layer), rtol=1e-13, atol=1e-14)
    point = cost.at(here)
    assert point.value == pytest.approx(sampled.layer.evaluate(patterns, reduction, 0.3)[0], rel=1e-13)
    rng = np.random.default_rng(0)
    for _ in range(5):
        V = rng.normal(size=here.shape)
        step = 1e-4
        ahead, behind = cost.at(here + step * V), cost.at(here - step * V)
        slope = (ahead.value - behind.value) / (2 * step)
        assert np.sum(point.gradient * V) == pytest.approx(
            slope, rel=1e-5, abs=1e-6
        )  # third derivatives times step^2 / 6
        change = (ahead.gradient - behind.gradient) / (2 * step)
        assert_allclose(cost.hessian_times(point, V), change, rtol=1e-4, atol=1e-5)


# ---- Kinds of layer of one's own, and problems.


@dataclasses.dataclass(frozen=True, eq=False)
class SoftplusLayer(LinearLayer):
    """Y = log(1 + e^U), with the squared error; its slope is the sigmoid of U, so 1 - e^-Y of its outputs."""

    kind = "softplus"

    def activate(self, U):
        return np.logaddexp(0, U)

    def output_slope(self, Y):
        return -np.expm1(-Y)

    def slope_change(self, U):
        slope = self.slope(U)
        return slope * (1 - slope)


def test_a_kind_of_ones_own_is_minimised_by_its_formulas_and_promises_a_local_minimum_alone():
    # Two targets by two parameters: log(1 + e^u) = 1 and 2 have u = log(e - 1) and log(e^2 - 1).
    found = optimum(SoftplusLayer([[0.5]], [0.5]), [[0.0], [1.0]], [[1.0], [2.0]], by())
    assert found.outcome is OptimumOutcome.LOCAL_MINIMUM
    low, high = math.log(math.e - 1), math.log(math.e**2 - 1)
    # A gradient of 1e-10 over slopes of 0.6.
    assert_allclose(theta(found.layer).ravel(), [high - low, low], atol=1e-9)
    assert isinstance(found.layer, SoftplusLayer)


def test_a_kind_without_second_derivatives_is_refused():
    class Simple(LinearLayer):
        kind = "simple"

        def pattern_curvature(self, U, D):
            raise NotImplementedError

    with refused("layer", "second derivatives", "a simple layer", "Write it, or train the layer instead."):
        optimum(Simple([[1.0]], [0.0]), [[1.0]], [[1.0]], by())


def test_a_kind_without_margins_is_refused():
    with refused("layer", "softmax or logistic", "a linear layer", "add the margins of this kind"):
        margins(LinearLayer([[1.0]], [0.0]), np.ones((2, 1)), np.ones((2, 1)))


def test_of_a_descent_the_reduction_and_the_decay_alone_matter():
    sampled = sample("softmax")
    one = optimum(sampled.layer, sampled.X, sampled.targets, by("mean", weight_decay=0.1))
    descent = Descent(7.0, 3, batch_size=4, reduction="mean", weight_decay=0.1, tolerance=0.5, seed=9)
    other = optimum(sampled.layer, sampled.X, sampled.targets, descent)
    assert_array_equal(theta(one.layer), theta(other.layer))


def test_a_problem_is_a_layer_patterns_and_a_descent():
    problem = problem_from({
        "layer": {"kind": "linear", "weights": [[0.5]]},
        "data": {"inputs": [[0], [1], [2]], "targets": [1, 2, 5]},
        "descent": {"learning_rate": 0.1, "epochs": 5, "weight_decay": 0.5, "reduction": "mean"},
    })  # fmt: skip
    one, other = optimum(problem), optimum(problem.layer, problem.X, problem.targets, problem.descent)
    assert_array_equal(theta(one.layer), theta(other.layer))
    assert one.cost == other.cost
    with refused("descent", "be left out where a problem is given", "Descent", "The problem holds its own."):
        optimum(problem, None, None, problem.descent)
    with refused("descent", "be given with a layer", "none", "or a problem alone"):
        optimum(problem.layer, problem.X, problem.targets)


# ---- The outcome, and how it shows itself.


@pytest.mark.parametrize(
    ("outcome", "key", "label", "ended"),
    [
        (OptimumOutcome.MINIMUM, "minimum", "minimum", True),
        (OptimumOutcome.LOCAL_MINIMUM, "local_minimum", "local minimum", True),
        (OptimumOutcome.PLATEAU, "plateau", "plateau", False),
        (OptimumOutcome.NOT_ATTAINED, "not_attained", "not attained", False),
        (OptimumOutcome.OVERFLOW, "overflow", "overflow", False),
        (OptimumOutcome.SEPARABLE, "separable", "separable", False),
        (OptimumOutcome.QUASI_SEPARABLE, "quasi_separable", "quasi-separable", False),
        (OptimumOutcome.ONE_SIDED, "one_sided", "one sided", False),
    ],
)
def test_outcomes_have_a_key_a_label_and_whether_a_minimum_was_found(outcome, key, label, ended):
    assert (outcome.key, outcome.label, outcome.ended) == (key, label, ended)


def test_an_optimum_is_plain_values_as_a_dictionary():
    sampled = sample("softmax")
    found = optimum(sampled.layer, sampled.X, sampled.targets, by(weight_decay=0.1))
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record == {
        "outcome": "minimum",
        "message": str(found),
        "cost": found.cost,
        "gradient_norm": found.gradient_norm,
        "excess": found.excess,
        "distance": found.distance,
        "escaping": [],
        "costs": list(found.costs),
        "layer": {"weights": found.layer.weights.tolist(), "biases": found.layer.biases.tolist()},
        "direction": None,
        "separability": None,
    }
    nowhere = optimum(SoftmaxLayer.random(1, ["a", "b"]), [[0.0], [2.0]], ["a", "b"], by())
    record = json.loads(json.dumps(nowhere.to_dict(), allow_nan=False))
    assert (record["outcome"], record["layer"], record["cost"], record["gradient_norm"]) == ("separable", None, 0, None)
    assert record["direction"] == {
        "weights": nowhere.direction.weights.tolist(),
        "biases": nowhere.direction.biases.tolist(),
    }
    assert record["separability"]["outcome"] == "separable"


def test_an_optimum_shows_itself_briefly():
    found = optimum(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0], [2.0]], [[1.0], [-1.0], [-3.0]], by())
    assert repr(found) in ("<Optimum: minimum, cost 0>", f"<Optimum: minimum, cost {found.cost:.6g}>")
    table = found._repr_html_()
    assert table.startswith(f"<p>{found!s}</p><table><caption>at the minimum</caption>")
    assert (
        '<tr><th scope="row">x1</th><td>\N{MINUS SIGN}2</td></tr><tr><th scope="row">bias</th><td>1</td></tr>' in table
    )
    nowhere = optimum(SoftmaxLayer.random(1, ["a", "b"]), [[0.0], [2.0]], ["a", "b"], by())
    assert repr(nowhere) == "<Optimum: separable, cost 0>"
    assert "<caption>direction of descent, of norm 1</caption>" in nowhere._repr_html_()
    quasi = optimum(SoftmaxLayer.random(1, ["a", "b"]), [[0.0], [1.0], [1.0], [2.0]], list("aabb"), by())
    # The patterns at 0 and 2 cost nothing in the end, and those at 1 log 2 each.
    assert repr(quasi) == "<Optimum: quasi-separable, cost 1.38629>"
    assert quasi._repr_html_() == f"<p>{quasi}</p>"


# ---- No minimum: separable and quasi-separable classes.


def least_margin(layer, X, targets):
    """The least u_label - u_k, by loops; of one logistic neuron the least (2d - 1) u."""
    W, b = layer.weights.tolist(), layer.biases.tolist()
    found = []
    for x, target in zip(np.asarray(X).tolist(), targets, strict=True):
        u = naive.synaptic_input(x, W, b)
        own = layer.classes.index(target)
        if len(u) == 1:
            found.append(u[0] if own == 1 else -u[0])
        else:
            found += [u[own] - u[k] for k in range(len(u)) if k != own]
    return min(found)


def test_the_widest_direction_worked_by_hand_two_classes():
    # a at 0, b at 2. With w = w_b - w_a and c = b_b - b_a the margins are -c and 2w + c; the least norm for given w, c has
    # w_b = -w_a = w/2 and b_b = -b_a = c/2, so that |theta|^2 = (w^2 + c^2) / 2. Both margins at least 1: c <= -1 and
    # w >= (1 - c) / 2 >= 1, hence c = -1, w = 1 and |theta| = 1. The other patterns have more, so do not count.
    layer = SoftmaxLayer.random(1, ["a", "b"])
    found = optimum(layer, [[0.0], [2.0], [-7.0], [9.0]], ["a", "b", "a", "b"], by())
    assert_allclose(found.direction.weights, [[-0.5, 0.5]], atol=1e-12)  # a few operations on figures of size 1
    assert_allclose(found.direction.biases, [0.5, -0.5], atol=1e-12)


def test_the_widest_direction_worked_by_hand_one_logistic_neuron():
    # no at 1, yes at 2: margins -(w + b) and 2w + b. Both 1: w = 2, b = -3. That is the least norm, since
    # (2, -3) = 8 (-1, -1) + 5 (2, 1) is a sum of the margins' own vectors with factors above 0 (Karush, Kuhn, Tucker).
    found = optimum(LogisticLayer([[0.0]], [0.0], classes=["no", "yes"]), [[1.0], [2.0]], ["no", "yes"], by())
    assert_allclose(theta(found.direction).ravel(), np.array([2, -3]) / math.sqrt(13), rtol=1e-12)
    assert least_margin(found.direction, [[1.0], [2.0]], ["no", "yes"]) == pytest.approx(1 / math.sqrt(13), rel=1e-12)


def test_the_widest_direction_worked_by_hand_three_classes():
    # Three points of length 1, 120 degrees apart, one a class. The mean of the six margins is theta . G / 6 with
    # G = sum_p (x_p, 1) outer (3 e_p - 1) = (3 x_p as columns; 0), as the points sum to 0. |G| = 3 sqrt(3), so for |theta| = 1
    # the mean, and with it the least margin, is at most sqrt(3)/2; theta = G / |G| has all of them there.
    angles = np.radians([90, 210, 330])
    X = np.column_stack([np.cos(angles), np.sin(angles)])
    found = optimum(SoftmaxLayer.random(2, [0, 1, 2]), X, [0, 1, 2], by())
    assert_allclose(found.direction.weights, X.T / math.sqrt(3), atol=1e-12)
    assert_allclose(found.direction.biases, 0, atol=1e-12)
    assert least_margin(found.direction, X, [0, 1, 2]) == pytest.approx(math.sqrt(3) / 2, rel=1e-12)


@pytest.fixture(scope="module")
def question_1():
    return optimum(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, by())


def test_the_18_points_have_no_minimum(question_1):
    assert question_1.separability.outcome is SeparabilityOutcome.SEPARABLE
    assert question_1.layer is None
    assert not question_1.attained
    assert question_1.cost == 0
    assert math.isnan(question_1.gradient_norm)
    assert str(question_1) == (
        "The cost has no minimum: the classes are separable, so it falls towards 0 for ever while the weights grow."
    )
    assert norm(question_1.direction) == pytest.approx(1, rel=1e-14)
    assert question_1.direction.classes == QUESTION_1_LAYER.classes


def test_no_direction_nearby_or_anywhere_has_a_larger_least_margin(question_1):
    best = least_margin(question_1.direction, QUESTION_1_X, QUESTION_1_LABELS)
    assert best > 0
    rng = np.random.default_rng(0)
    here = theta(question_1.direction)
    own = np.array([QUESTION_1_LAYER.classes.index(label) for label in QUESTION_1_LABELS])
    places = np.arange(18)
    for size in (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 100.0):
        for _ in range(200):
            other = here + size * rng.normal(size=here.shape)
            U = np.column_stack([QUESTION_1_X, np.ones(18)]) @ (other / np.linalg.norm(other))
            leads = U[places, own][:, None] - U
            leads[places, own] = np.inf
            assert leads.min() < best
    # Margins are concave on the ball, so none anywhere: SLSQP, told to find theta with margins of 1 and the least norm, agrees.
    data = margins(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LAYER.encode(QUESTION_1_LABELS)).matrix.toarray()
    other = scipy.optimize.minimize(
        lambda t: 0.5 * t @ t, here.ravel() / best * 1.5, jac=lambda t: t, method="SLSQP", options={"ftol": 1e-12},
        constraints={"type": "ineq", "fun": lambda t: data @ t - 1, "jac": lambda _: data},
    )  # fmt: skip
    assert other.success
    assert_allclose(other.x * best, here.ravel(), atol=1e-6)  # the square root of its tolerance


def test_the_direction_of_descent_comes_nearer_the_longer_it_runs(question_1):
    expected, layer = theta(question_1.direction), QUESTION_1_LAYER
    distances, costs = [], []
    for epochs in (100, 1_000, 10_000, 50_000):
        run = train(
            QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, epochs), "compiled", record_every=0
        )
        layer = run.layer
        # What is the same in all neurons stays as it was at the start, and does not matter to the outputs.
        reached = numbers(layer)
        distances.append(float(np.linalg.norm(reached / np.linalg.norm(reached) - expected)))
        costs.append(run.history.cost[-1])
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.5 * distances[0]  # like 1 / log(epochs): log 100 / log 50,000 = 0.43
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < 0.05


@pytest.mark.parametrize("training", [False, True])
def test_quasi_separable_classes_have_no_minimum_either(training):
    iris = load("iris")
    rows = split(150, 0.4, 2)[0] if training else np.arange(150)
    layer = SoftmaxLayer.random(4, ["setosa", "versicolor", "virginica"])
    found = optimum(layer, iris.inputs[rows], iris.targets[rows], by())
    assert found.separability.outcome is SeparabilityOutcome.QUASI_SEPARABLE
    assert found.layer is found.direction is None
    assert not found.attained
    assert math.isnan(found.gradient_norm)
    assert found.escaping == ("setosa",)
    assert str(found) == (
        "The cost has no minimum: the classes are quasi-separable, so it falls for ever, towards a limit above 0. It falls towards "
        f"{found.cost:.8g}. Apart from all others: setosa."
    )
    # What is left is the cost of the other two, which overlap.
    others = np.flatnonzero(np.array(iris.targets)[rows] != "setosa")
    pair = SoftmaxLayer.random(4, ["versicolor", "virginica"])
    least = optimum(pair, iris.inputs[rows][others], np.array(iris.targets)[rows][others], by())
    assert least.attained
    assert found.cost == pytest.approx(least.cost, rel=1e-10)
    # With decay there is one.
    decayed = optimum(layer, iris.inputs[rows], iris.targets[rows], by(weight_decay=1e-3))
    assert decayed.attained
    assert decayed.separability is None


@pytest.mark.parametrize(
    ("layer", "targets", "key"),
    [
        (SoftmaxLayer.random(2, ["a", "b", "c"]), ["a", "c", "a"], "one_sided"),
        (SoftmaxLayer.random(2, ["a", "b", "c"]), ["a", "c", "b"], "minimum"),
        (LogisticLayer.random(2, classes=["a", "b", "c"]), ["b", "c", "c"], "one_sided"),
        (LogisticLayer.random(2, classes=["a", "b"]), ["a", "a", "a"], "one_sided"),
        (LogisticLayer.random(2, classes=["a", "b"]), ["b", "b", "b"], "one_sided"),
        (LogisticLayer.random(2, classes=["a", "b"]), ["a", "b", "b"], "minimum"),
        (LogisticLayer.random(2, neurons=2), [[0, 1], [1, 1], [0, 1]], "one_sided"),
        (LogisticLayer.random(2, neurons=2), [[0, 0], [1, 0], [0, 0]], "one_sided"),
        (LogisticLayer.random(2, neurons=2), [[0, 1], [1, 0], [0, 0]], "minimum"),
    ],
    ids=range(9),
)
def test_with_decay_there_is_a_minimum_unless_a_class_or_an_answer_never_occurs(layer, targets, key):
    X = [[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]
    found = optimum(layer, X, targets, by(weight_decay=0.1))
    assert found.outcome.key == key
    assert found.attained == (key == "minimum")
    assert (found.layer is None) == math.isnan(found.gradient_norm) == (key == "one_sided")


def test_one_class_alone_is_separable_from_what_never_occurs():
    # The only margin is b_a - b_b at x = 0: largest for (1, -1) / sqrt(2).
    found = optimum(SoftmaxLayer.random(1, ["a", "b"]), [[0.0]], ["a"], by())
    assert found.separability.outcome is SeparabilityOutcome.SEPARABLE
    assert_allclose(theta(found.direction), [[0, 0], [math.sqrt(0.5), -math.sqrt(0.5)]], atol=1e-15)


@pytest.mark.parametrize("scale", [1e-3, 1e3, 1e200, 1e300])
def test_the_direction_of_inputs_of_another_size(scale):
    # a at -s, b at s: margins w s - c and w s + c of w = w_b - w_a, c = b_b - b_a are equal for c = 0.
    found = optimum(SoftmaxLayer.random(1, ["a", "b"]), [[-scale], [scale]], ["a", "b"], by())
    assert_allclose(found.direction.weights, [[-math.sqrt(0.5), math.sqrt(0.5)]], rtol=1e-9)
    assert_allclose(found.direction.biases, 0, atol=1e-9)


def test_a_direction_that_rounding_leaves_uncertain_is_not_given(monkeypatch):
    # Apart by 1e-8 of the range, or 1e8 from the origin: separable, but the last digits decide where.
    layer = SoftmaxLayer.random(1, ["a", "b"])
    for X in ([[0.0], [1.0], [1.0 + 1e-8], [2.0]], [[1e8], [1e8 + 1], [1e8 + 2], [1e8 + 3]]):
        found = optimum(layer, X, list("aabb"), by())
        assert found.separability.outcome is SeparabilityOutcome.SEPARABLE
        assert found.direction is None
        assert found.cost == 0

    def give_up(*_):
        raise RuntimeError("Maximum number of iterations reached.")

    monkeypatch.setattr(scipy.optimize, "nnls", give_up)
    found = optimum(layer, [[0.0], [2.0]], ["a", "b"], by())
    assert found.separability.outcome is SeparabilityOutcome.SEPARABLE
    assert found.direction is None


def test_margins_by_loops():
    sampled = sample("softmax", 7)
    D = sampled.layer.encode(sampled.targets)
    found = margins(sampled.layer, sampled.X, D)
    at, size = found.of(theta(sampled.layer)), found.size(theta(sampled.layer))
    assert len(at) == len(size) == 14
    U = [naive.synaptic_input(x, sampled.layer.weights, sampled.layer.biases) for x in sampled.X]
    for margin, total, p, k in zip(at, size, found.pattern, found.neuron, strict=True):
        own = sampled.layer.classes.index(sampled.targets[p])
        assert margin == pytest.approx(U[p][own] - U[p][k], rel=1e-12, abs=1e-14)
        terms = np.abs([*sampled.X[p], 1.0]) @ np.abs(theta(sampled.layer)[:, [own, k]])
        assert total == pytest.approx(terms.sum(), rel=1e-12)
    widest = maximum_margin(margins(QUESTION_1_LAYER, QUESTION_1_X[:2], QUESTION_1_LAYER.encode(["A", "A"])), np.array(
        [[0.0, 0, 0], [0, 0, 0], [1, 0, 0]]
    ))  # fmt: skip
    assert np.linalg.norm(widest) == pytest.approx(1, rel=1e-14)


# ---- What is refused.


@pytest.mark.parametrize("name", NUMBERS)
def test_data_that_do_not_fit_are_refused(name):
    sampled = sample(name)
    with refused("targets", "be as many as the rows", "19", "one target a pattern"):
        optimum(sampled.layer, sampled.X, sampled.targets[:-1], by())
    with refused("sample weights", "at least 0, and not all zero", "0", "counts a pattern k times"):
        optimum(sampled.layer, sampled.X, sampled.targets, by(), sample_weight=np.zeros(20))
    with refused("inputs", "finite numbers", "nan", "Remove or fill it."):
        optimum(sampled.layer, sampled.X * np.nan, sampled.targets, by())


# ---- Inputs of any size.

SIZES = {
    "large": (1e87, 1e87, 1e87),
    "small": (1e-87, 1e-87, 1e-87),
    "squares overflow": (1e154, 1e155, 1e160),
    "the largest": (2.0**1021, 2.0**1021, 2.0**1021),
    "the smallest": (1e-290, 1e-290, 1e-290),
    "mixed": (1e87, 1.0, 1e-87),
    "far apart": (1e250, 1e-250, 1e8),
}


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", CONVEX)
@pytest.mark.parametrize("size", SIZES)
def test_the_unit_of_an_input_does_not_change_the_optimum(size, name, reduction):
    """Without decay: weights of inputs that are s times as large are s times as small, and all else is the same."""
    scale = np.array(SIZES[size])
    rng = np.random.default_rng(0)
    sampled = sample(name, patterns=60, inputs=3)
    X, targets = np.clip(sampled.X, -1.5, 1.5), np.asarray(sampled.targets).copy()
    if sampled.layer.classes is not None:
        targets = rng.permutation(targets)  # overlapping classes
    elif name == "logistic, independent":
        targets = rng.permutation(targets, axis=0)
    start = sampled.layer.with_parameters(np.zeros((3, sampled.layer.neurons)), np.zeros(sampled.layer.neurons))
    expected = optimum(start, X, targets, by(reduction))
    found = optimum(start, X * scale, targets, by(reduction))
    assert expected.outcome is found.outcome is OptimumOutcome.MINIMUM
    assert found.cost == pytest.approx(expected.cost, rel=1e-9)
    difference = (numbers(found.layer) - numbers(expected.layer) / np.append(scale, 1.0)[:, None]) * np.append(
        scale, 1.0
    )[:, None]
    assert np.abs(difference).max() <= 1e-6 * np.abs(numbers(expected.layer)).max()


def found_or_refused(*arguments):
    """The optimum, or the error that refuses the data."""
    try:
        return optimum(*arguments)
    except InputError as error:
        return error


@pytest.mark.parametrize("decay", [0.0, 0.1, 1e200])
@pytest.mark.parametrize("name", ["linear", "perceptron sigmoid", "logistic, one neuron", "softmax"])
@pytest.mark.parametrize(
    "scale",
    [(1e87, 1.0, 1e-87), (1e308, 1e308, 1e308), (1e-308, 1e-308, 1.0), (5e-324, 0.0, 0.0), (1e308, 1e-308, 1.0)],
)
@pytest.mark.parametrize("shift", [0.0, 1e100])
def test_data_of_any_size_end_with_an_outcome(scale, shift, name, decay):
    """Warnings are errors here. What is found has a finite cost; it is a minimum, or it is said that it is none."""
    sampled = sample(name, patterns=12, inputs=3)
    X = np.clip(sampled.X, -1, 1) * np.array(scale) + shift
    found = found_or_refused(sampled.layer, X, sampled.targets, by(weight_decay=decay))
    if isinstance(found, InputError):
        assert found.name == "inputs"
        assert "rounding" in found.rule or "float64" in found.rule
        return
    assert str(found)
    assert found.to_dict()["outcome"] == found.outcome.key
    if found.layer is not None:
        assert np.isfinite(found.cost)
        if found.attained:
            assert found.gradient_norm <= 1e-10
            assert not found.excess > 1e-8 * found.cost + 1e-18  # 12 squares of at most 1 or so, times 1e-20


@pytest.mark.parametrize("target", [1e150, 1e300])
def test_targets_too_large_for_their_squares_end_with_an_outcome(target):
    layer = LinearLayer([[0.0]], [0.0])
    found = optimum(layer, [[0.0], [1.0], [2.0]], [[target], [0.0], [target]], by())
    expected = (OptimumOutcome.MINIMUM, False) if target < 1e200 else (OptimumOutcome.OVERFLOW, True)
    assert (found.outcome, found.layer is None) == expected
    if found.layer is None:
        assert str(found) == (
            "Not found: figures on the way to the minimum do not fit float64. Standardise the inputs, scale targets that are "
            "large, and start from small weights."
        )


def test_a_start_whose_figures_overflow_leads_to_the_minimum_where_the_cost_is_convex():
    found = optimum(LinearLayer([[1e300]], [0.0]), [[1e100], [2e100]], [[1.0], [3.0]], by())
    assert found.outcome is OptimumOutcome.MINIMUM
    assert found.layer.weights[0, 0] == pytest.approx(2e-100, rel=1e-9)
    assert found.layer.biases[0] == pytest.approx(-1, rel=1e-9)


@pytest.mark.parametrize("activation", ["step", "sign"])
def test_the_criterion_of_hard_outputs_has_no_optimum_of_its_own(activation):
    layer = PerceptronLayer([[1.0]], [0.0], activation=activation, classes=["no", "yes"])
    with refused("layer", "have a cost with a minimum of its own", "Rosenblatt's criterion", "ask separability"):
        optimum(layer, [[0.0], [1.0]], ["no", "yes"], Descent(0.1, 1))
