"""Figures drawn at random earn what is right by chance; whoever worked keeps what follows."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import POINTS, SOFTMAX, TANH, drawn, lost, page
from deltarule.marking import check

YES_NO = drawn("logistic", [[0.5], [-0.3]], [0.1], POINTS, ["A", "B", "B", "A", "B"])
FIGURES = ("synaptic_inputs", "outputs", "cost", "delta", "weight_gradient", "bias_gradient", "weights", "biases")


def made_up(problem, seed, whole=False):
    """Figures and classes drawn at random in the shapes of the right ones."""
    random, parts = np.random.default_rng(seed), page(problem)["iteration"]["1"]
    found = {}
    for part, value in parts.items():
        shape = np.shape(value)
        drawn_ones = random.integers(-3, 4, shape).astype(float) if whole else random.normal(0, 1, shape).round(2)
        found[part] = drawn_ones.tolist() if part in FIGURES else value
    classes = problem.layer.classes
    if "predicted" in found:
        found["predicted"] = [classes[k] for k in random.integers(0, len(classes), len(POINTS))]
        found["errors"] = int(random.integers(0, len(POINTS) + 1))
    return found


def right_by_chance(problem, parts):
    """The share of the figures that are those of the right answer, part by part."""
    expected = page(problem)["iteration"]["1"]
    return float(np.mean([np.mean(np.asarray(parts[part]) == np.asarray(expected[part])) for part in parts]))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("problem", [SOFTMAX, TANH, YES_NO], ids=["softmax", "tanh", "logistic"])
def test_figures_drawn_at_random_earn_what_is_right_by_chance(problem, whole):
    for seed in range(2):
        parts = made_up(problem, seed, whole)
        marks = check(problem, {"iteration": {"1": parts}})
        assert marks.score == pytest.approx(right_by_chance(problem, parts))
        assert not marks.mistakes


def softmax_with(*parts):
    """The marks of a right answer with some parts drawn at random."""
    document, drawn_ones = page(SOFTMAX), made_up(SOFTMAX, 1)
    document["iteration"]["1"] |= {part: drawn_ones[part] for part in parts}
    return check(SOFTMAX, document)


def test_what_is_right_and_what_follows_count_though_all_other_parts_are_drawn_at_random():
    """That 15 outputs follow from 15 synaptic inputs by chance is less likely than six mistakes."""
    marks = softmax_with("cost", "delta", "weight_gradient", "bias_gradient", "weights", "biases")
    assert {part for part, *_ in lost(marks)}.isdisjoint({"synaptic_inputs", "outputs", "predicted", "errors"})
    marks = softmax_with("synaptic_inputs", "delta", "weight_gradient", "bias_gradient")
    assert {part for part, *_ in lost(marks)}.isdisjoint({"outputs", "predicted", "errors", "cost"})


def with_errors_that_follow(*parts):
    """The marks of 5 errors, those of classes that are all wrong; and of parts drawn at random."""
    drawn_ones = made_up(SOFTMAX, 1)
    classes = {"predicted": ["B", "A", "A", "B", "A"], "errors": 5}
    return check(SOFTMAX, {"iteration": {"1": classes | {part: drawn_ones[part] for part in parts}}})


def test_a_count_that_follows_counts_where_two_parts_are_wrong_throughout_and_not_where_three_are():
    """Three mistakes are one in a thousand. Made up is one answer in a hundred, and one count in six follows then."""
    assert with_errors_that_follow("outputs")["iteration.1.errors"].score == 1
    assert with_errors_that_follow("outputs", "weights")["iteration.1.errors"].score == 0
