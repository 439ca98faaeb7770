"""How likely honest rounding makes figures, worked by hand with the normal distribution."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import LINE
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.diagnosis.honest_rounding import beyond_rounding, surprise
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

W = PartName.in_iteration(1, "weights")


def weight_of(value):
    """An answer's one weight, with two decimals: half a unit is 0.005."""
    exercise = Exercise.of(LINE)
    answer = answer_from({"decimals": 2, "iteration": {"1": {"weights": [[value]]}}}, LINE)
    return evidence_of(answer, rework(exercise, [1]), exercise, answer.parts)


def nats(off, reach):
    """How unlikely the weight 2.90 is, where it should be so much larger, and rounding reaches so far."""
    evidence, figure = weight_of(2.9), np.array([[2.9 + off]])
    own = SimpleNamespace(figures={W: figure[None]}, rounding=SimpleNamespace(reach={W: np.full((1, 1), reach)}))
    return surprise(evidence, evidence.parts, own, {W: figure}, first=1, parameters=2)


def test_the_reach_of_rounding_is_four_deviations():
    """With a reach of 0.02 the deviation is half a unit: 68.27% are within one deviation, 15.73% from one half to three."""
    assert nats(0.0, 0.02) == pytest.approx(-math.log(0.6827), rel=1e-3)
    assert nats(0.01, 0.02) == pytest.approx(-math.log(0.1573), rel=1e-3)


def test_where_nothing_was_rounded_a_figure_may_be_a_tenth_of_its_half_unit_off():
    """The edge of the half unit is one such deviation away: 15.87% are beyond, or 84.13% within."""
    assert nats(0.0055, 0.0) == pytest.approx(-math.log(0.1587), rel=1e-3)
    assert nats(0.0045, 0.0) == pytest.approx(-math.log(0.8413), rel=1e-3)


def test_no_figure_is_less_likely_than_one_in_ten_thousand():
    assert nats(1.0, 0.0) == pytest.approx(math.log(10_000))
    assert nats(1.0, 0.1) == pytest.approx(math.log(10_000))


@pytest.mark.parametrize(("figure", "beyond"), [(2.9054, False), (2.9056, True)])
def test_a_part_is_beyond_a_way_of_rounding_where_it_is_off_by_more_than_figures_rounded_twice(figure, beyond):
    """1.1 half units."""
    evidence = weight_of(2.9)
    assert bool(beyond_rounding(evidence, [{W: np.array([[figure]])}])) == beyond
    assert not beyond_rounding(evidence, [{W: np.array([[7.0]])}, {W: np.array([[2.9]])}])
