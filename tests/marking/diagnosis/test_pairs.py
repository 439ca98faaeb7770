"""Two mistakes at once are both named, in one part or in two, also where one of them shows in the other."""

from __future__ import annotations

from functools import partial
from unittest.mock import patch

import numpy as np
import pytest

from by_hand import ACTIVATIONS, BIASES, FORMULAS, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import check
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.mistakes.registry import EVERY


def softmax(U):
    return ACTIVATIONS["softmax"](U)


def after_weights(s):
    """dJ/db of a student who updates the weights first, and applies softmax twice."""
    W = s.W - s.a * s.weight_gradient
    return (softmax(softmax(s.X @ W + s.b)) - s.D).sum(axis=0)


@pytest.mark.parametrize(
    ("problem", "instead", "named"),
    [
        # The new weights are used with the wrong activation.
        (SOFTMAX, {"outputs": lambda s: softmax(softmax(s.synaptic_inputs)), "bias_gradient": after_weights},
         {"softmax-twice", "new-weights-for-biases"}),
        (SOFTMAX, {"delta": lambda s: (s.outputs - s.D) / 2, "weight_gradient": lambda s: np.square(s.X).T @ s.delta},
         {"half-extra", "inputs-squared"}),
        (TANH, {"delta": lambda s: s.outputs - s.D, "weights": lambda s: s.W + s.a * s.weight_gradient,
                "biases": lambda s: s.b + s.a * s.bias_gradient}, {"delta-without-slope", "ascent"}),
        (SOFTMAX, {"cost": lambda s: FORMULAS["cost"](s) / np.log(2), "biases": lambda s: s.b},
         {"log-base-2", "biases-not-updated"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("decimals", [3, 4])
def test_two_mistakes_at_once_are_both_named(problem, instead, named, decimals):
    marks = check(problem, page(problem, decimals, **instead))
    assert set(names(marks)) == named
    assert not marks.alternatives


def test_two_mistakes_in_one_step_are_both_named_where_the_gradients_are_not_written():
    """Twice a step with the inputs of the pattern after: the changes of the weights multiply, not the weights."""
    answer = page(
        SOFTMAX, 4,
        weight_gradient=lambda s: np.roll(s.X, -1, axis=0).T @ s.delta,
        weights=lambda s: s.W - 2 * s.a * s.weight_gradient,
    )  # fmt: skip
    answer["iteration"]["1"] = {
        part: answer["iteration"]["1"][part] for part in ("outputs", "cost", "weights", "biases")
    }
    assert set(names(check(SOFTMAX, answer))) == {"inputs-of-other-patterns", "stepped-twice"}


def test_a_single_pattern_is_not_told_as_two_mistakes_that_leave_it_over():
    """Patterns 1 and 5 are predicted wrongly; without the last one, the first alone is left."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "A", "C", "A"], 0.2)
    first = {"weight_gradient": lambda s: s.X[:1].T @ s.delta[:1], "bias_gradient": lambda s: s.delta[0]}
    answer = page(problem, 4, **first)
    wrong = np.array(answer["iteration"]["1"]["predicted"]) != problem.targets
    assert names(check(problem, answer)) == ["one-pattern-only"]
    known = [each for each in EVERY if each.name != "one-pattern-only"]
    with patch("deltarule.marking.grading.iterations.Diagnosis", partial(Diagnosis, mistakes=known)):
        assert (wrong.tolist(), names(check(problem, answer))) == ([True, False, False, False, True], [])


def test_a_second_mistake_of_no_listed_strength_leaves_the_first_named_alone():
    """Delta is halved; dJ/dW is 0.6 of what it should be then."""
    answer = page(
        SOFTMAX,
        4,
        delta=lambda s: (s.outputs - s.D) / 2,
        weight_gradient=lambda s: 0.6 * s.X.T @ s.delta,
    )
    assert names(check(SOFTMAX, answer)) == ["half-extra"]


def test_patterns_of_the_whole_set_do_not_fit_right_parts_of_a_batch():
    """The gradients are those of the whole set; dJ/db has one pattern alone, and the batch's parts before them are not written."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], 0.2, batch_size=3, seed=3)
    answer = page(problem, 3, bias_gradient=lambda s: s.delta[-1])
    for part in ("synaptic_inputs", "outputs", "predicted", "errors", "delta"):
        del answer["iteration"]["1"][part]
    assert "whole-set-for-batch" in names(check(problem, answer))


def test_a_mistake_after_a_slip_of_the_pen_is_named_beside_it():
    """Two digits of the cost are exchanged; delta is doubled, which is not what is wrong with the cost."""
    answer = page(TANH, 4, delta=lambda s: 2 * FORMULAS["delta"](s))
    cost = answer["iteration"]["1"]["cost"]
    units, digits = f"{cost:.4f}".split(".")
    answer["iteration"]["1"]["cost"] = float(f"{units}.{digits[1]}{digits[0]}{digits[2:]}")
    assert set(names(check(TANH, answer))) == {"half-missing", "digits-swapped"}


def test_a_sign_that_is_lost_at_the_same_place_of_each_iteration_is_one_slip():
    """A sigmoid in a linear layer; in both iterations one entry of dJ/dW has the other sign as it is written."""

    def of(weights, biases):
        return drawn("linear", weights, biases, POINTS, [[0.3, -0.2, 1.0]] * 5)

    def worked(weights, biases):
        return page(of(weights, biases), 2, outputs=lambda s: ACTIVATIONS["sigmoid"](s.synaptic_inputs))

    first = worked(WEIGHTS, BIASES)["iteration"]["1"]
    second = worked(first["weights"], first["biases"])["iteration"]["1"]
    for each in (first, second):
        each["weight_gradient"][0][1] *= -1
    marks = check(of(WEIGHTS, BIASES), {"decimals": 2, "iteration": {"1": first, "2": second}})
    assert set(names(marks)) == {"other-activation", "sign-lost"}


def test_hard_outputs_of_each_neuron_are_named_in_a_layer_that_tells_classes():
    """0 and 1 for each neuron by itself, where the first input was left out of U: no row has a single 1."""
    problem = drawn("logistic", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"])
    answer = page(
        problem,
        3,
        synaptic_inputs=lambda s: s.X[:, :1] @ s.W[:1] + s.b,
        delta=lambda s: ((s.outputs > 0.5) - s.D) * 1.0,
    )
    assert set(names(check(problem, answer))) == {"input-left-out", "hard-outputs"}


SQUARE = [[0.4, -0.2], [0.1, 0.6]]
TWO = [[1.0, 2.0], [-1.0, 0.5], [2.0, -1.5], [0.5, 3.0]]


def test_a_gradient_that_is_transposed_without_its_decay_is_named_beside_another_mistake():
    problem = drawn("linear", SQUARE, [0.1, -0.2], TWO, [[1.3, 0.2]] * 4, 0.1, weight_decay=0.5)
    answer = page(
        problem,
        3,
        cost=lambda s: FORMULAS["cost"](s) + 0.25 * (s.W**2).sum(),
        delta=lambda s: (s.outputs - s.D) / 2,
        weight_gradient=lambda s: (s.X.T @ s.delta).T + 0.5 * s.W,
    )
    assert set(names(check(problem, answer))) == {"half-extra", "weights-transposed"}


def test_outputs_in_the_place_of_delta_need_not_have_its_factor():
    """The cost is divided by the patterns, and so is delta; dJ/db sums the outputs as they are."""
    answer = page(
        SOFTMAX,
        3,
        cost=lambda s: FORMULAS["cost"](s) / len(s.X),
        delta=lambda s: FORMULAS["delta"](s) / len(s.X),
        bias_gradient=lambda s: s.outputs.sum(axis=0),
    )
    assert set(names(check(SOFTMAX, answer))) == {"mean-for-sum", "outputs-for-delta"}


@pytest.mark.parametrize("divided", [len(TWO), 2 * len(TWO)])
def test_a_step_without_the_division_of_a_mean_is_named_whichever_it_is(divided):
    """By the patterns, or by patterns and neurons; the gradient is that of the mean."""
    problem = drawn("linear", SQUARE, [0.1, -0.2], TWO, [[1.3, 0.2]] * 4, 0.02, reduction="mean")
    answer = page(
        problem,
        3,
        cost=lambda s: ((s.outputs - s.D) ** 2).mean(),
        delta=lambda s: 2 * (s.outputs - s.D) / s.D.size,
        weights=lambda s: s.W - divided * s.a * s.weight_gradient,
        biases=lambda s: s.b - divided * s.a * s.bias_gradient,
    )
    assert "sum-for-mean" in names(check(problem, answer))


@pytest.mark.parametrize("problem", [SOFTMAX, TANH])
def test_no_two_mistakes_are_named_beside_a_delta_of_zeros_that_is_wrong(problem):
    """The cost is halved; gradients of 0 follow from delta, and the weights and biases stay: whoever has this did update them."""
    answer = page(problem, 4, cost=lambda s: FORMULAS["cost"](s) / 2, delta=lambda s: 0.0 * s.D)
    assert "not-updated" not in names(check(problem, answer))


def test_a_weight_that_was_copied_wrongly_is_read_off_what_another_mistake_leaves():
    """The second input is left out of U, and 0.3 is written for the first weight, 0.8 or so."""
    weights = [[0.81, -0.42, 0.33], [0.27, 0.64, -0.59]]
    problem = drawn("softmax", weights, BIASES, POINTS, ["A", "B", "C", "A", "B"], 0.2)
    copied = np.array([[0.31, -0.42, 0.33], weights[1]])
    answer = page(
        problem,
        3,
        synaptic_inputs=lambda s: s.X[:, :1] @ copied[:1] + s.b,
        weights=lambda s: copied - s.a * s.weight_gradient,
    )
    marks = check(problem, answer)
    assert set(names(marks)) == {"input-left-out", "copied-wrongly"}
    assert any("0.31 for 0.81" in finding.why for finding in marks.mistakes)


@pytest.mark.parametrize("problem", [SOFTMAX, TANH])
def test_a_mistake_is_named_beside_a_cost_that_nothing_explains(problem):
    answer = page(
        problem,
        3,
        cost=lambda s: 0.83 * FORMULAS["cost"](s) + 0.05,
        weights=lambda s: s.W + s.a * s.weight_gradient,
        biases=lambda s: s.b + s.a * s.bias_gradient,
    )
    assert names(check(problem, answer)) == ["ascent"]


def test_what_two_stories_tell_otherwise_with_the_same_figures_is_told_of_both():
    """The biases' step without its rate is, at a rate of 1/2, the step made twice for the biases."""
    problem = drawn("perceptron", WEIGHTS, BIASES, POINTS, [[0.3, -0.2, 0.9]] * 5, 0.5, "tanh")
    answer = page(problem, 4, delta=lambda s: s.outputs - s.D, biases=lambda s: s.b - s.bias_gradient)
    marks = check(problem, answer)
    assert names(marks) == ["delta-without-slope", "rate-on-one"]
    first, second = (finding.why for finding in marks.mistakes)
    assert "Or, with the same figures: An iteration is one step. You made two." in second
    assert "Or, with" not in first
    assert not marks.alternatives


def test_a_step_that_is_not_made_hides_no_mistake_before_it():
    """The columns of the targets are exchanged, which is seen in cost and delta; weights and biases stay as they were."""
    answer = page(
        SOFTMAX,
        4,
        cost=lambda s: -(s.D[:, [1, 0, 2]] * np.log(s.outputs)).sum(),
        delta=lambda s: s.outputs - s.D[:, [1, 0, 2]],
        weights=lambda s: s.W,
        biases=lambda s: s.b,
    )
    del answer["iteration"]["1"]["errors"]
    known = [each for each in EVERY if each.name != "target-columns-exchanged"]
    with patch("deltarule.marking.grading.iterations.Diagnosis", partial(Diagnosis, mistakes=known)):
        assert set(names(check(SOFTMAX, answer))) == {"classes-reordered", "not-updated"}


def test_two_mistakes_are_named_beside_a_matrix_of_one_figure_that_they_give():
    """One pattern and one neuron: delta is one figure. It is doubled, with the cost, and the step goes uphill."""
    problem = drawn("linear", [[0.4], [-0.3], [0.7]], [0.2], [[1.5, 2.5, -1.3]], [[2.35]], 0.1)
    answer = page(
        problem,
        4,
        cost=lambda s: 2 * FORMULAS["cost"](s),
        delta=lambda s: 2 * (s.outputs - s.D),
        weights=lambda s: s.W + s.a * s.weight_gradient,
        biases=lambda s: s.b + s.a * s.bias_gradient,
    )
    assert set(names(check(problem, answer))) == {"half-missing", "ascent"}
