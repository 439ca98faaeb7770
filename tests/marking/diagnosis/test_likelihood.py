"""How likely an entry is, worked by hand from the assumptions in docs/how-mistakes-are-named.md."""

from __future__ import annotations

import math

import numpy as np
import pytest

from by_hand import LINE, SOFTMAX
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.diagnosis.likelihood import in_any_manner, likelihood, off_by
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework


def of_cost(value, works, reach=0.0, decimals=2):
    """A cost of 20.75 stands at 2 decimals in a range of 41.5, 4,150 units."""
    exercise = Exercise.of(LINE)
    answer = answer_from({"decimals": decimals, "iteration": {"1": {"cost": value}}}, LINE)
    evidence = evidence_of(answer, rework(exercise, [1]), exercise, answer.parts)
    each = [tuple(np.array([way]) for way in work) for work in works]
    return likelihood(evidence, slice(None), each, np.array([reach]))


def by_manner(*probabilities):
    """The logarithms of the probabilities of one figure, in each manner of rounding."""
    return pytest.approx(np.log(probabilities)[:, None])


def test_a_figure_that_the_work_gives_has_two_thirds_and_one_third_between_the_ways_of_rounding():
    found = of_cost(20.75, [(20.75, 20.75)])
    assert found.agreed == pytest.approx([2 / 3 + 1 / 3])  # the ways agree: one figure is between them
    assert found.near == pytest.approx([1 / 1.1])
    assert found.explained.all()
    assert found.exact.all()


def test_a_work_whose_rounding_covers_much_makes_the_figures_of_another_no_less_likely():
    """One work gives 20.75; of another, 1,000 units are covered, elsewhere: as likely as two works that cover a unit each."""
    far, beside = (of_cost(20.75, [(20.75, 20.75), work]) for work in ((50.0, 60.0), (50.0, 50.0)))
    assert far.agreed == pytest.approx([2 / 3 + 1 / 3 / 2])
    assert (far.agreed, far.near) == (beside.agreed, beside.near)
    assert of_cost(20.75, [(20.75, 20.75), (np.nan, np.nan)]).agreed == pytest.approx([1])


def test_of_figures_that_are_rounded_plainly_one_in_a_hundred_is_not_and_of_others_every_second():
    found = of_cost(20.75, [(20.75, 20.75)])
    assert found.own == by_manner(0.99 * (0.99 + 0.01 / 1.1), 0.99 * (0.5 + 0.5 / 1.1))


def test_seven_students_in_ten_round_plainly():
    one, other = -3.0, -5.0
    expected = math.log(0.7 * math.exp(one) + 0.3 * math.exp(other))
    assert in_any_manner(np.array([one, other])) == pytest.approx(expected)
    assert in_any_manner(np.array([[one, 0.0], [other, 0.0]])) == pytest.approx([expected, 0.0])


def test_a_student_rounds_in_one_manner_throughout():
    """A figure that no plain way gives is less likely beside 9 that one gives than alone."""
    plain = of_cost(20.75, [(20.75, 20.75)], reach=0.03).own
    other = of_cost(20.78, [(20.75, 20.75)], reach=0.03).own
    of_one_in_ten, of_one = (in_any_manner((n * plain + other).sum(axis=-1)) for n in (9, 0))
    assert of_one - in_any_manner(plain.sum(axis=-1)) > of_one_in_ten - in_any_manner((10 * plain).sum(axis=-1)) + 2


def test_a_figure_between_the_ways_of_rounding_shares_one_third_with_the_others_there():
    found = of_cost(20.77, [(20.75, 20.79)])
    assert found.agreed == pytest.approx([1 / 3 / 5])  # 20.75 to 20.79 are 5 figures
    assert found.explained.all()
    assert not found.exact.any()


@pytest.mark.parametrize(("figure", "beyond"), [(20.75, 0.0), (20.78, 3 - 0.55), (20.72, 3 - 0.55)])
def test_of_figures_within_reach_of_rounding_half_are_any_and_half_are_off_by_its_quarter(figure, beyond):
    """A reach of 3 units, a deviation of 0.75; up to 0.55 units are no more than rounding twice."""
    found = of_cost(figure, [(20.75, 20.75)], reach=0.03)
    normal = math.exp(-0.5 * (beyond / 0.75) ** 2) / (1 + 0.1 + math.sqrt(2 * math.pi) * 0.75)
    assert found.near == pytest.approx([0.5 / (1 + 0.1 + 6) + 0.5 * normal])
    assert found.explained.all()


def test_another_figure_is_a_slip_once_in_a_hundred():
    found = of_cost(20.95, [(20.75,)])
    assert not found.explained.any()
    chance = 0.5 / (2 * 20 * (math.log(4150) + 0.577)) + 0.5 / 4150
    assert found.slipped == pytest.approx([chance])
    assert found.own == by_manner(0.01 * chance, 0.01 * chance)


def test_a_mistake_that_nobody_listed_leaves_every_second_entry():
    found = of_cost(20.75, [(20.75,)])
    chance = 0.5 / (2 * (math.log(4150) + 0.577)) + 0.5 / 4150
    expected = (0.5 * given + 0.5 * chance for given in (0.99 + 0.01 / 1.1, 0.5 + 0.5 / 1.1))
    assert found.relative_of(found) == by_manner(*expected)


def test_of_several_works_the_nearest_counts():
    assert of_cost(20.75, [(41.5,), (20.75,)]).exact.all()
    far = of_cost(20.95, [(20.75,), (20.96,)])
    assert far.slipped == pytest.approx(of_cost(20.95, [(20.96,)]).slipped)


def test_a_count_is_given_or_it_is_any_of_those_to_choose_from():
    exercise = Exercise.of(SOFTMAX)
    answer = answer_from({"decimals": 2, "iteration": {"1": {"errors": 2}}}, SOFTMAX)
    evidence = evidence_of(answer, rework(exercise, [1]), exercise, answer.parts)
    given, other = (likelihood(evidence, slice(None), [(np.array([value]),)], np.array([5.0])) for value in (2.0, 3.0))
    assert given.own == by_manner(0.99, 0.99)
    assert not other.explained.any()  # counts are not rounded, whatever the reach
    assert other.own == by_manner(0.01 / 6, 0.01 / 6)


@pytest.mark.parametrize("span", [20, 300, 40_000])
def test_the_figures_that_something_else_gives_have_a_probability_of_one_in_all(span):
    """The sum over all figures of a range that is off by up to 20 times itself, and over smaller ones alike."""
    units = np.arange(1, 20 * span, dtype=float)
    each = off_by(units, np.full(units.shape, float(span)), np.zeros(units.shape, bool))
    # Deviations of both signs are of a magnitude; of the range, half are on each side.
    magnitude = 2 * (each[:span] - 0.5 / span).sum()
    within = each[:span].size * 0.5 / span
    assert magnitude + within == pytest.approx(1.0, abs=0.03)
    assert (np.diff(each) < 0).all()


@pytest.mark.parametrize(("work", "explained"), [(20.7545, True), (20.7544, False)])
def test_a_figure_may_be_rounded_twice(work, explained):
    """20.7545 as 20.755, and that as 20.76: 1.1 half units."""
    assert bool(of_cost(20.76, [(work,)]).explained[0]) is explained


def test_the_other_figures_of_an_unlisted_mistake_are_off_from_right_ones():
    """Where this work gives the figure, from those without the mistake; where it does not, from the nearer of both."""
    right = of_cost(20.75, [(41.5,)])
    given = of_cost(20.75, [(20.75,)]).relative_of(right)
    slipped = float(right.slipped[0])
    assert given == by_manner(*(0.5 * each + 0.5 * slipped for each in (0.99 + 0.01 / 1.1, 0.5 + 0.5 / 1.1)))
    away = of_cost(20.75, [(20.95,)])
    assert away.relative_of(right) == by_manner(*[0.5 * float(away.slipped[0])] * 2)
