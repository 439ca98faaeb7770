"""How far the search for mistakes goes: how many are worked throughout, paired and continued, each bound from both sides.

The mistakes here are factors of delta or of the cost; some give the same figures at different prices.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT, TANH, names, page
from deltarule.marking import answer_from, check
from deltarule.marking.diagnosis.candidates import Candidates
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.diagnosis.hypotheses import Hypotheses
from deltarule.marking.diagnosis.search import Search, _may_be_written_alone
from deltarule.marking.diagnosis.working import Working
from deltarule.marking.grading import iterations
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import row, times
from deltarule.marking.mistakes.registry import EVERY
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework

EXERCISE = Exercise.of(LINE)


def factor(number, part="delta", price=0.0):
    """A mistake, and its one form."""
    return Mistake(f"{part} times {number} at {price}", "Why.", "Look."), Variant({part: times(number)}, price=price)


def hypotheses(decimals=2, **parts):
    answer = answer_from({"decimals": decimals, "iteration": {"1": parts}}, LINE)
    return Hypotheses(Working(EXERCISE, EXERCISE, answer, rework(EXERCISE, [1]), answer.parts), {}, {})


def scaled(number, part="delta"):
    return (number * np.array(LINE_RIGHT[part])).tolist()


@pytest.mark.parametrize(("forms", "worked"), [(15, 15), (16, 16), (17, 16), (40, 16)])
def test_of_the_mistakes_that_give_a_part_16_are_worked_throughout(forms, worked):
    found = Search(hypotheses(delta=scaled(2)), [factor(2.0, price=0.01 * n) for n in range(forms)]).found()
    assert len(found) == worked
    assert [each.mistakes[0].name for each in found][:2] == ["delta times 2.0 at 0.0", "delta times 2.0 at 0.01"]


@pytest.mark.parametrize(("price", "worked"), [(11.9, 2), (12.1, 1)])
def test_a_mistake_that_is_less_likely_by_e_to_12_is_not_worked_throughout(price, worked):
    assert len(Search(hypotheses(delta=scaled(2)), [factor(2.0), factor(2.0, price=price)]).found()) == worked


def test_a_mistake_in_a_cost_that_is_wrong_hides_none_in_the_parts_after_it():
    """No mistake gives the cost; delta is doubled. A pair that is met in either order is one."""
    doubled, tripled = factor(2.0), factor(3.0, "cost")
    found = Search(hypotheses(cost=scaled(5, "cost"), delta=scaled(2)), [doubled, tripled]).found()
    assert {each.mistakes for each in found} >= {(doubled[0],)}
    both = Search(hypotheses(cost=scaled(3, "cost"), delta=scaled(2)), [doubled, tripled]).found()
    assert len([each for each in both if len(each.mistakes) == 2]) == 1


@pytest.mark.parametrize(("forms", "continued"), [(3, 3), (4, 4), (5, 4), (9, 4)])
def test_a_second_mistake_is_added_to_the_4_likeliest(forms, continued):
    """Delta is three times what it should be, as several mistakes give it, and dJ/dW twice what follows."""
    found = hypotheses(delta=scaled(3), weight_gradient=scaled(6, "weight_gradient"))
    items = [*(factor(3.0, "delta", 0.01 * n) for n in range(forms)), factor(2.0, "weight_gradient")]
    pairs = [each for each in Search(found, items).found() if len(each.mistakes) == 2]
    assert len(pairs) == continued
    assert all(each.explains_all for each in pairs)


@pytest.mark.parametrize("places", [(0, 23), (0, 59), (58, 59)])
def test_two_mistakes_are_tried_together_however_far_down_the_table_they_stand(places):
    """Of 60 factors two are made at once: no one gives the part, and few of the 1770 pairs are tried."""
    numbers = [1 + math.sqrt(n + 2) / 7 for n in range(60)]
    one, other = (numbers[place] for place in places)
    worked = hypotheses(8, delta=scaled(one * other))
    candidates = Candidates(worked, [factor(number, price=0.01 * n) for n, number in enumerate(numbers)])
    part = worked.evidence.parts[0]
    singles = candidates.of_part(worked.none, part)
    assert not any(each.complete for each in singles)
    assert any(each.complete for each in candidates.pairs_of_part(worked.none, part, singles))


def test_three_mistakes_at_once_are_not_looked_for():
    found = hypotheses(cost=scaled(3, "cost"), delta=scaled(2), weight_gradient=scaled(10, "weight_gradient"))
    items = [factor(3.0, "cost"), factor(2.0), factor(5.0, "weight_gradient")]
    assert max(len(each.mistakes) for each in Search(found, items).found()) == 2


def test_a_mistake_that_is_written_and_not_carried_on_is_made_in_one_case_of_eight():
    """Delta is doubled, and dJ/dW is that of the right one."""
    found = Search(hypotheses(delta=scaled(2), weight_gradient=LINE_RIGHT["weight_gradient"]), [factor(2.0)]).found()
    with_it, without = (next(each for each in found if each.carried_on == kind) for kind in (True, False))
    assert math.exp(with_it.prior - without.prior) == pytest.approx(8)
    assert without.explains_all
    assert not with_it.explains_all


@pytest.mark.parametrize(
    ("changed", "alone"),
    [
        (("delta.factor",), True),
        (("cost.factor", "delta.factor"), True),  # neither is worked from the other
        (("weight_gradient.factor", "bias_gradient.factor"), True),
        (("weights.rate", "biases.rate"), True),
        (("inputs",), True),
        (("delta.factor", "weight_gradient.delta"), False),
        (("delta.factor", "weights.rate"), False),
        (("outputs.activation", "delta.slope"), False),
        (("bias_gradient.factor", "weights.rate"), False),
    ],
)
def test_a_mistake_is_written_alone_where_none_of_its_parts_is_worked_from_another(changed, alone):
    made = row(dict.fromkeys(changed, times(2.0)))
    assert _may_be_written_alone(made) == alone
    assert not _may_be_written_alone(replace(made, of_step=True))


def test_gradients_with_the_other_sign_are_no_step_along_them_where_the_step_is_right(monkeypatch):
    """The step is right, whatever else is known: no sentence says that it is not."""
    table = [each for each in EVERY if each.name not in {"delta-turned", "gradients-turned"}]
    monkeypatch.setattr(iterations, "Diagnosis", partial(Diagnosis, mistakes=table))
    right = page(TANH, 3)
    for part in ("weight_gradient", "bias_gradient"):
        right["iteration"]["1"][part] = (-np.array(right["iteration"]["1"][part])).tolist()
    assert "ascent" not in names(check(TANH, right))


def test_each_of_two_mistakes_is_tried_alone_too():
    """The cost is three times what it should be, and delta twice: the first part is searched, and both together."""
    found = Search(hypotheses(cost=scaled(3, "cost"), delta=scaled(2)), [factor(3.0, "cost"), factor(2.0)]).found()
    names = [tuple(mistake.name for mistake in each.mistakes) for each in found]
    assert names[0] == ("cost times 3.0 at 0.0", "delta times 2.0 at 0.0")
    assert ("delta times 2.0 at 0.0",) in names
    assert ("cost times 3.0 at 0.0",) in names
