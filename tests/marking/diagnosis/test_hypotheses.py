"""What a hypothesis predicts in each mode."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.hypotheses import EVERY_MODE, Hypotheses, Mode
from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework

EXERCISE = Exercise.of(LINE)


def hypotheses(**parts):
    answer = answer_from({"decimals": 2, "iteration": {"1": LINE_RIGHT | parts}}, LINE)
    return Hypotheses(EXERCISE, answer, rework(EXERCISE, [1]), answer.parts)


def test_from_the_answers_own_parts_a_slip_in_them_is_followed():
    """dJ/dw = -20 for -24: then w = 0.5 + 2."""
    found = hypotheses(weight_gradient=[-20], weights=[2.5])
    by_mode = {mode: found.no_mistake((mode,)) for mode in EVERY_MODE}
    count = {mode: int(np.count_nonzero(~each.explained)) for mode, each in by_mode.items()}
    assert count == {Mode.EXACT: 2, Mode.ROUNDED: 2, Mode.FOLLOWING: 1, Mode.SHARPENED: 1}


def test_a_mistake_costs_its_prior_and_its_price():
    found = hypotheses()
    none, one = found.no_mistake((Mode.EXACT,)), found.hypothesis((object(),), (Variant(price=1.5),), (Mode.EXACT,))
    assert none.explains_all
    assert one.explains_all
    assert none.score - one.score == pytest.approx(3.7 + 1.5)


def test_a_mistake_that_does_not_fit_the_shapes_makes_no_hypothesis():
    assert hypotheses().hypothesis((object(),), (Variant({"delta": lambda _s, _right: np.zeros((7, 7))}),)) is None


def test_an_iteration_that_is_not_there_makes_no_hypothesis():
    assert hypotheses().hypothesis((object(),), (Variant(shift=-1),)) is None
