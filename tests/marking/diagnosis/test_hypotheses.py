"""Variants made together, and what a hypothesis predicts in each mode."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.hypotheses import EVERY_MODE, Hypotheses, Mode, together
from deltarule.marking.mistakes.mistake import Variant, changed, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework

EXERCISE = Exercise.of(LINE)


def hypotheses(**parts):
    answer = answer_from({"decimals": 2, "iteration": {"1": LINE_RIGHT | parts}}, LINE)
    return Hypotheses(EXERCISE, answer, rework(EXERCISE, [1]), answer.parts)


def test_two_changes_of_one_part_are_made_one_after_the_other():
    both = together((changed(cost=times(lambda _s: 2.0)), changed(cost=lambda _s, right: right + 1)))
    assert rework(EXERCISE, [1], both.changes)["iteration.1.cost"] == pytest.approx(2 * 20.75 + 1)


@pytest.mark.parametrize(
    "kind", [{"exercise": EXERCISE}, {"as_written": lambda _name, value: value}], ids=["exercise", "written"]
)
def test_two_other_exercises_or_two_other_writings_exclude_each_other(kind):
    variant = Variant(**kind)
    assert together((variant, variant)) is None
    assert together((variant,)) is variant
    assert together((variant, Variant(price=1.0))) is not None


def test_variants_together_keep_shift_iteration_and_flags():
    both = together(
        (Variant(shift=1, flags=frozenset({"transposed"})), Variant(only_in=3, flags=frozenset({"from_zero"})))
    )
    assert (both.shift, both.only_in, both.flags) == (1, 3, {"transposed", "from_zero"})


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
    assert hypotheses().hypothesis((object(),), (changed(delta=lambda _s, _right: np.zeros((7, 7))),)) is None


def test_an_iteration_that_is_not_there_makes_no_hypothesis():
    assert hypotheses().hypothesis((object(),), (Variant(shift=-1),)) is None
