"""How likely honest rounding makes figures that are near to the right ones, and what is named where it hardly would give them."""

from __future__ import annotations

from math import log
from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import ACTIVATIONS, BIASES, LINE, POINTS, SLOPES, WEIGHTS, drawn, lost, names, page
from deltarule.marking import answer_from, check
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.diagnosis.honest_rounding import log_honest
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

W, B = (PartName.in_iteration(1, part) for part in ("weights", "biases"))
RIGHT = {W: np.array([[2.9]]), B: np.array([1.0])}
FIRST, PARAMETERS = 1, 2


def honest(written, ways, reach=0.02):
    """Of the line's weight and bias as they are written with two decimals; the ways are pairs of what they give."""
    answer = answer_from({"decimals": 2, "iteration": {"1": {"weights": [written[0]], "biases": [written[1]]}}}, LINE)
    exercise = Exercise.of(LINE)
    evidence = evidence_of(answer, rework(exercise, [1]), exercise, answer.parts)
    worked = [{W: np.array([[w]]), B: np.array([b])} for w, b in ways]
    own = SimpleNamespace(
        figures={W: np.array([[[2.9]]]), B: np.array([[1.0]])},
        rounding=SimpleNamespace(reach={W: np.array([[reach]]), B: np.array([reach])}),
    )
    return log_honest(evidence, worked, own, RIGHT, FIRST, PARAMETERS)


def test_a_usual_way_that_gives_every_part_explains_an_answer():
    assert honest((2.91, 1.0), [(2.9, 1.0), (2.91, 1.0)]) == 0


@pytest.mark.parametrize(("worked", "explained"), [(2.9154, True), (2.9156, False)])
def test_a_figure_may_be_rounded_twice(worked, explained):
    """2.9154 is 2.915 with three decimals, and 2.92 with two of these; 2.91 is 1.1 half units from 2.9155."""
    assert (honest((2.91, 1.0), [(worked, 1.0)]) == 0) is explained


def test_parts_that_different_ways_give_are_as_likely_as_these_are_among_all():
    """One way of four gives the weight, and two give the bias; one student in 20 who rounds does so in several ways."""
    ways = [(2.91, 1.02), (2.9, 1.0), (2.9, 1.0), (2.9, 1.03)]
    assert honest((2.91, 1.0), ways) == pytest.approx(log(0.05) + log(1 / 4) + log(2 / 4))


def test_a_part_that_no_way_gives_is_as_likely_as_its_distance_in_deviations():
    """Reach 0.02 is 4 deviations of 0.005; 2.91 is 1 to 3 of them off, and the bias, rounded in the same step, within 1."""
    off, within = 0.158655 - 0.001350, 0.682689
    assert honest((2.91, 1.0), [(2.9, 1.0)]) == pytest.approx(log(0.01) + log(off) + log(within), abs=1e-4)


def test_rounding_in_a_manner_of_its_own_may_move_all_figures_less():
    """Reach 0.2 at a tenth is 4 deviations of 0.005; the whole of it would make 1.0 less likely than that: 0.08 for 0.683."""
    off, within = 0.158655 - 0.001350, 0.682689
    assert honest((2.91, 1.0), [(2.9, 1.0)], 0.2) == pytest.approx(log(0.01) + log(off) + log(within), abs=1e-4)


def test_a_figure_beyond_reach_is_one_in_ten_thousand():
    """At a tenth of the reach the bias, which is exact, is nearly certain."""
    assert honest((3.4, 1.0), [(2.9, 1.0)]) == pytest.approx(log(0.01) + log(1e-4), abs=1e-3)


# ---- What is named.


def of_new_weights(s):
    """The bias gradient worked once more, with the new weights."""
    Y = ACTIVATIONS[s.activation](s.X @ s.weights + s.b)
    return s.b - s.a * ((Y - s.D) * SLOPES[s.activation](Y)).sum(axis=0)


@pytest.mark.parametrize("decimals", [3, 4])
def test_a_mistake_within_reach_of_rounding_is_named_where_no_way_of_rounding_gives_its_figures(decimals):
    """All other figures are exact, also the weights, which are worked in the same step; so the biases are not rounded but wrong."""
    targets = [[0.9, 0.5, 0.1], [0.1, 1, 0.2], [0.1, 1, 0], [0.5, 0, 1], [1, 0.2, 0]]
    problem = drawn("perceptron", WEIGHTS, BIASES, POINTS, targets, 0.02, "tanh")
    marks = check(problem, page(problem, decimals, biases=of_new_weights))
    assert names(marks) == ["new-weights-for-biases"]
    assert {part for part, *_ in lost(marks)} == {"biases"}
