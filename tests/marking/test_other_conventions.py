"""When an answer is read in another convention: how many of its figures must agree then that did not before.

The layers have weights and biases of 0 and predict 0, so that delta is the negative of the targets. Answers write delta as D - Y.
"""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import drawn
from deltarule.marking import answer_from
from deltarule.marking.marks import Entry, Marks, PartMarks
from deltarule.marking.other_conventions import marks_in_any
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName

WRONG = Marks((PartMarks(PartName.in_iteration(1, "cost"), (Entry((), 0.0, 1.0, "wrong", False),), ()),), (), {})


def is_read_again(targets, iterations, inputs=None):
    """Whether an answer, whatever its marks, is marked a second time, in another convention."""
    inputs = [[1.0]] * len(targets) if inputs is None else inputs
    weights = [[0.0]] * len(inputs[0])
    problem = drawn("linear", weights, [0.0], inputs, targets, 1e-9, epochs=9)
    tables = {str(number): parts for number, parts in iterations.items()}
    marked = []

    def mark(_exercise, answer):
        marked.append(answer)
        return WRONG

    marks_in_any(Exercise.of(problem), answer_from({"decimals": 2, "iteration": tables}, problem), mark)
    return len(marked) == 2


def delta(figures):
    return {"delta": [[figure] for figure in figures]}


@pytest.mark.parametrize(("off", "found"), [(0.017, True), (-0.017, True), (0.023, False), (-0.023, False)])
def test_figures_agree_within_four_half_units(off, found):
    """3.4 half units of 0.005, and 4.6."""
    written = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert is_read_again([figure + off for figure in written], {1: delta(written)}) == found


@pytest.mark.parametrize(("agreeing", "found"), [(2, False), (3, True), (5, True)])
def test_most_figures_of_a_part_must_agree(agreeing, found):
    """Of 5; the others are something else in any convention."""
    targets = [1.0, 2.0, 3.0, 4.0, 5.0]
    written = [*targets[:agreeing], *[9.0] * (5 - agreeing)]
    assert is_read_again(targets, {1: delta(written)}) == found


@pytest.mark.parametrize(("zeros", "found"), [(2, True), (3, False)])
def test_at_most_half_of_the_figures_of_a_part_may_have_agreed_before(zeros, found):
    """Of 5. A delta of 0 is the same in any convention."""
    targets = [*[0.0] * zeros, *[3.0] * (5 - zeros)]
    assert is_read_again(targets, {1: delta(targets)}) == found


@pytest.mark.parametrize(("patterns", "found"), [(1, False), (2, True)])
def test_two_figures_must_agree_that_did_not_before(patterns, found):
    targets = [2.0, 3.0][:patterns]
    assert is_read_again(targets, {1: delta(targets)}) == found


@pytest.mark.parametrize(("turned", "found"), [(0, True), (1, True), (2, False)])
def test_three_quarters_of_the_figures_of_each_part_must_agree_that_did_before(turned, found):
    """Of the 4 of dJ/dW, some are X^T delta with delta as it is written: they agree with the sign of the problem only.

    Without new weights nobody can tell whether these are meant as they are written.
    """
    rng = np.random.default_rng(0)
    inputs, targets = rng.integers(1, 9, (5, 4)).astype(float), np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    gradient = -inputs.T @ targets
    gradient[:turned] *= -1
    parts = delta(targets.tolist()) | {"weight_gradient": gradient[:, None].tolist()}
    assert is_read_again(targets.tolist(), {1: parts}, inputs.tolist()) == found


@pytest.mark.parametrize("number", [1, 6, 9])
def test_every_iteration_shows_the_convention(number):
    targets = [1.0, 2.0, 3.0]
    iterations = {n: {"cost": 7.0} for n in range(1, number)} | {number: delta(targets)}
    assert is_read_again(targets, iterations)
