"""What the user is told about a run besides why it ended."""

import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.analysis.separability import SeparabilityOutcome, separability
from deltarule.descent import Descent
from deltarule.engines import ENGINES
from deltarule.engines.recorded import Recorded
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.outcome import Outcome, Reason
from deltarule.remarks import remarks
from deltarule.training import train
from samples import sample

every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)


def run_sample(name, descent, engine="direct", **options):
    sampled = sample(name)
    return train(sampled.layer, sampled.X, sampled.targets, descent, engine, **options)


# ---- Divergence.

BOUND = re.compile(r"converges below a learning rate of ([0-9.e+-]+); this one is ([0-9.e+-]+)")


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("decay", [0.0, 0.5])
@pytest.mark.parametrize("weights", [None, np.arange(20) / 4], ids=["unweighted", "weighted"])
def test_the_remedy_for_a_linear_layer_is_the_exact_bound(reduction, decay, weights):
    sampled = sample("linear")

    def run(learning_rate):
        descent = Descent(learning_rate, 3000, reduction=reduction, weight_decay=decay)
        return train(
            sampled.layer, sampled.X, sampled.targets, descent, "direct", sample_weight=weights, record_every=100
        )

    diverged = run(20.0)
    assert diverged.outcome.reason is Reason.COST_NOT_FINITE
    bound, asked = map(float, BOUND.search(str(diverged.outcome)).groups())
    assert asked == 20
    # The bound given is rounded down to three digits: it converges itself, and 1.1% more is beyond the bound.
    below, above = run(bound), run(1.011 * bound)
    assert below.outcome == Outcome(Reason.EPOCHS_DONE, 3000)
    assert below.history.cost[-1] < below.history.cost[0]
    assert (np.diff(below.history.cost) <= 1e-12 * below.history.cost[0]).all()
    assert above.history.cost[-1] > 10 * above.history.cost[10]


@pytest.mark.parametrize(
    "options",
    [
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 0.5, "nesterov": True, "weight_decay": 0.5},
        {"weight_decay": 5.0, "decay_biases": True},
        {"weight_decay": 5.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", [1.0, 0.01], ids=["as it is", "where biases decide"])
def test_the_remedy_is_exact_with_momentum_and_decay_of_biases_too(options, unit):
    sampled = sample("linear")

    def costs(learning_rate):
        descent = Descent(learning_rate, 3000, reduction="mean", **options)
        return train(sampled.layer, unit * sampled.X, sampled.targets, descent, "direct", record_every=10)

    bound, asked = map(float, BOUND.search(str(costs(20.0).outcome)).groups())
    assert bound < asked == 20
    below, above = costs(bound).history.cost, costs(1.02 * bound).history.cost
    assert below[-20:].max() <= below[:20].max()
    assert above[-1] > 10 * above[10]


def test_no_bound_is_told_of_a_rate_that_changes():
    sampled = sample("linear")
    descent = Descent(20.0, 3000, schedule="cosine")
    run = train(sampled.layer, sampled.X, sampled.targets, descent, "direct")
    assert run.outcome.reason is Reason.COST_NOT_FINITE
    assert BOUND.search(str(run.outcome)) is None


def test_a_cost_that_rose_is_remarked():
    # x = 1 in both patterns, of classes A and B: at W = 0 nothing better exists, and a step of 30 x 20 overshoots from elsewhere.
    layer = SoftmaxLayer([[0.1, 0.0]], [0.0, 0.0], classes=["A", "B"])
    run = train(layer, [[1.0]] * 3, ["A", "B", "B"], Descent(30.0, 50), "direct")
    assert run.outcome.reason is Reason.EPOCHS_DONE
    (remark,) = run.outcome.remarks
    assert remark.startswith(f"The cost rose from {run.history.cost[0]:.6g} to {run.history.cost[-1]:.6g}. ")
    advice = (
        "Try a learning rate of 3, or reduction='mean'. If the inputs are of very different sizes, standardise them"
    )
    assert remark.endswith(advice)
    assert str(run.outcome) == f"After 50 epochs: all epochs done. {remark}."
    run = train(layer, [[1.0]] * 3, ["A", "B", "B"], Descent(90.0, 50, reduction="mean"), "direct")
    assert "reduction=" not in run.outcome.remarks[0]
    assert "Try a learning rate of 9." in run.outcome.remarks[0]


def test_a_mini_batch_or_a_hessian_too_large_has_no_bound():
    run = run_sample("linear", Descent(20.0, 500, batch_size=8))
    assert run.outcome.reason is Reason.COST_NOT_FINITE
    assert "Try a learning rate of 2, or reduction='mean'" in str(run.outcome)
    run = train(LinearLayer([[0.0]], [0.0]), [[1e200]], [[1.0]], Descent(5.0, 500), "direct")
    assert "standardise them, or give them in another unit" in str(run.outcome)


@pytest.mark.parametrize(("rise", "is_remarked"), [(1e-12, False), (0.0, False), (-0.1, False), (1e-6, True)])
def test_a_rise_by_rounding_at_the_minimum_is_not_remarked(rise, is_remarked):
    sampled = sample("softmax")
    costs = np.array([1.0, 1.0 + rise])
    table = np.column_stack([[0, 1], costs, np.zeros((2, 3))])
    recorded = Recorded(table, has_classes=True, has_validation=False)
    data = sampled.layer.patterns(sampled.X, sampled.targets)
    found = remarks(Reason.EPOCHS_DONE, sampled.layer, data, Descent(0.01, 1), recorded, sampled.layer)
    assert [remark.startswith("The cost rose") for remark in found] == [True] * is_remarked


@every_engine
def test_a_batch_larger_than_the_set_is_allowed_and_remarked(engine):
    run = run_sample("linear", Descent(0.01, 5, batch_size=64), engine)
    full = run_sample("linear", Descent(0.01, 5), engine)
    assert_array_equal(run.layer.weights, full.layer.weights)
    assert run.updates == 5
    assert run.outcome.remarks == ("The batch size 64 is larger than the set: each update used all 20 patterns",)
    assert full.outcome.remarks == run_sample("linear", Descent(0.01, 5, batch_size=20), engine).outcome.remarks == ()


# ---- Errors that are left.

# Two patterns that are the same, of classes A and B: any layer predicts one of them wrongly.
TWINS_X, TWINS_LABELS = [[1.0], [1.0], [-1.0]], ["A", "B", "B"]
LEFT = (
    "The layer predicts 1 of 3 training patterns wrongly",
    "dr.separability(X, targets) tells whether any layer predicts all of them correctly",
)


@pytest.mark.parametrize(
    "layer",
    [
        SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["A", "B"]),
        LogisticLayer(np.zeros((1, 2)), np.zeros(2), classes=["A", "B"]),
        LogisticLayer(np.zeros((1, 1)), np.zeros(1), classes=["A", "B"]),
    ],
    ids=["softmax", "one against rest", "one neuron"],
)
def test_errors_that_are_left_name_what_tells_whether_they_must_be(layer):
    run = train(layer, TWINS_X, TWINS_LABELS, Descent(0.1, 100), "direct")
    assert run.history.errors[-1] == 1
    assert run.outcome.remarks == LEFT
    assert separability(TWINS_X, TWINS_LABELS).outcome is not SeparabilityOutcome.SEPARABLE


def test_errors_are_counted_by_weight():
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["A", "B"])
    run = train(layer, TWINS_X, TWINS_LABELS, Descent(0.1, 100), "direct", sample_weight=[0.5, 2.0, 1.0])
    assert run.outcome.remarks[0] == "The layer predicts 0.5 of 3.5 training patterns wrongly"


def test_without_errors_with_numbers_and_with_independent_neurons_nothing_is_remarked():
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["A", "B"])
    apart = train(layer, [[1.0], [-1.0]], ["A", "B"], Descent(0.1, 100), "direct")
    numbers = train(LinearLayer([[0.0]], [0.0]), TWINS_X, [[1.0], [0.0], [0.0]], Descent(0.1, 100), "direct")
    independent = train(LogisticLayer([[0.0]], [0.0]), TWINS_X, [[1], [0], [0]], Descent(0.1, 100), "direct")
    assert independent.history.errors[-1] == 1
    assert apart.outcome.remarks == numbers.outcome.remarks == independent.outcome.remarks == ()


def test_an_interrupted_run_is_not_told_of_its_errors():
    def interrupt(done, _cost):
        raise KeyboardInterrupt

    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["A", "B"])
    run = train(layer, TWINS_X, TWINS_LABELS, Descent(0.1, 100), "direct", progress=interrupt)
    assert run.outcome.reason is Reason.INTERRUPTED
    assert run.outcome.remarks == ()


# ---- Targets that no output reaches.


@pytest.mark.parametrize(
    ("activation", "target", "remark"),
    [
        (
            "sigmoid",
            -1.0,
            'The target -1 cannot be reached: the outputs of this layer lie between 0 and 1. Use activation="tanh"',
        ),
        (
            "sigmoid",
            1.01,
            "The target 1.01 cannot be reached: the outputs of this layer lie between 0 and 1. Scale the targets",
        ),
        ("sigmoid", 0.0, None),
        ("sigmoid", 1.0, None),
        (
            "tanh",
            1.5,
            "The target 1.5 cannot be reached: the outputs of this layer lie between -1 and 1. Scale the targets",
        ),
        ("tanh", -1.0, None),
        ("tanh", 1.0, None),
    ],
)
def test_a_target_outside_the_range_of_the_outputs_is_remarked(activation, target, remark):
    layer = PerceptronLayer([[0.5]], [0.0], activation=activation)
    found = train(layer, [[1.0], [2.0]], [[0.5], [target]], Descent(0.01, 5), "direct").outcome.remarks
    assert [each.startswith(remark or "nothing") for each in found] == [True] * (remark is not None)


def test_a_linear_layer_reaches_any_target():
    run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[50.0]], Descent(0.1, 5), "direct")
    assert run.outcome == Outcome(Reason.EPOCHS_DONE, 5)


@pytest.mark.parametrize("largest", [1e160, 1e300])
def test_inputs_whose_products_overflow_are_the_reason_and_not_the_rate(largest):
    layer = SoftmaxLayer([[0.0, 0.0]], [0.0, 0.0], classes=["a", "b"])
    run = train(layer, [[largest], [-largest / 2]], ["a", "b"], Descent(0.1, 3), "direct")
    assert (
        f"The inputs are as large as {largest:.3g}: standardise them, or give them in another unit"
        in run.outcome.remarks
    )


def test_a_seed_beside_the_given_order_is_said_to_be_unused():
    def remarks(**options):
        return run_sample("linear", Descent(0.01, 2, batch_size=4, **options)).outcome.remarks

    unused = "The seed was not used, since the order of the patterns is given"
    assert unused in remarks(order="given", seed=3)
    assert unused not in remarks(order="given")
    assert unused not in remarks(seed=3)
