"""Two mistakes at once are both named, in one part or in two, also where one of them shows in the other."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import ACTIVATIONS, BIASES, FORMULAS, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import check


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
