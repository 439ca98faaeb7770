"""Hypotheses about the line's answer: what they predict, and what they are worth."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT, drawn
from deltarule.marking import answer_from, worked_answer
from deltarule.marking.diagnosis.hypotheses import LOG_LISTED, LOG_UNLISTED, Hypotheses
from deltarule.marking.diagnosis.likelihood import Likelihood
from deltarule.marking.diagnosis.working import NO_MISTAKE, Working
from deltarule.marking.mistakes.mistake import Variant, together
from deltarule.marking.mistakes.neighbours import times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

EXERCISE = Exercise.of(LINE)
DOUBLED = Variant({"delta": times(2.0)})


def hypotheses(reach=None, **parts):
    given = {part: value for part, value in (LINE_RIGHT | parts).items() if value is not None}
    answer = answer_from({"decimals": 2, "iteration": {"1": given}}, LINE)
    working = Working(EXERCISE, EXERCISE, answer, rework(EXERCISE, [1]), answer.parts)
    return Hypotheses(working, reach or {}, {})


def in_all(parts):
    """The logarithm of the probability of all parts, of 7 students in 10 who round plainly, and 3 who do not."""
    plain, other = parts.sum(axis=1)
    return math.log(0.7 * math.exp(plain) + 0.3 * math.exp(other))


def by_part(found, values):
    """Of values by manner of rounding those of a student who rounds plainly."""
    values = values[0] if np.ndim(values) == 2 else values
    return {part.name.part: float(value) for part, value in zip(found.evidence.parts, values, strict=True)}


def test_a_right_answer_is_explained_without_a_mistake():
    found = hypotheses()
    assert found.none.explains_all
    assert found.none.likelihood.exact.all()
    assert found.score(found.none) == pytest.approx(in_all(found.none.own))


def test_what_follows_from_a_slip_is_explained_and_the_slip_is_not():
    """dJ/dw = -20 for -24: then w = 0.5 + 2."""
    found = hypotheses(weight_gradient=[-20], weights=[2.5])
    explained = by_part(found, [found.none.explained[part.among].all() for part in found.evidence.parts])
    assert [part for part, each in explained.items() if not each] == ["weight_gradient"]


def test_what_does_not_follow_from_a_slip_that_was_not_carried_on_is_explained_too():
    found = hypotheses(weight_gradient=[-20])
    assert np.count_nonzero(~found.none.explained) == 1


def test_a_mistake_explains_the_part_in_which_it_is_made_and_what_follows_from_it_is_explained_without():
    found = hypotheses(delta=[-3, -6, -11], weight_gradient=[-48], bias_gradient=[-20], weights=[5.3], biases=[2])
    doubled = found.hypothesis((object(),), (DOUBLED,), 0.0)
    assert doubled.explains_all
    assert not found.none.explains_all
    assert by_part(found, doubled.changed)["delta"] == 1
    assert by_part(found, doubled.changed)["cost"] == 0
    assert by_part(found, doubled.own)["delta"] > by_part(found, found.none.own)["delta"] + 30
    assert by_part(found, doubled.own)["cost"] == pytest.approx(by_part(found, found.none.own)["cost"])


def test_a_mistake_is_refuted_where_it_changes_a_part_that_is_right():
    found = hypotheses()
    doubled = found.hypothesis((object(),), (DOUBLED,), 0.0)
    assert found.score(doubled) < found.score(found.none) - 20


def test_an_unlisted_mistake_is_paid_for_once_wherever_it_shows():
    one, both = hypotheses(delta=[7, 5, 1]), hypotheses(delta=[7, 5, 1], cost=3)
    for found, shown in ((one, {"delta"}), (both, {"delta", "cost"})):
        is_shown = np.array([part.name.part in shown for part in found.evidence.parts])
        parts = np.where(is_shown, found.none.unlisted, found.none.own)
        # Where it shows it does not leave all figures as they are: of three in 7 of 8 cases, of one every second time.
        seen = math.log(8 / 7) + (math.log(2) if "cost" in shown else 0.0)
        assert found.without(found.none) == pytest.approx(LOG_UNLISTED + in_all(parts) + seen)


def test_what_rounding_explains_is_not_made_likelier_by_an_unlisted_mistake_elsewhere():
    """dJ/dW is off within its reach: so it is with every hypothesis about the cost, which is as likely as beside an exact dJ/dW."""
    reach = {PartName.in_iteration(1, "weight_gradient"): np.full((1, 1), 3.0)}
    margins = []
    for gradient in (-24, -21.6):
        found = hypotheses(reach, cost=3, weight_gradient=[gradient], weights=None)
        costly = found.hypothesis((object(),), (Variant({"cost": lambda _s, _right: 3.0}),), 0.0)
        assert found.none.explains_all == (gradient == 0) or not costly.explained.all()
        margins.append([found.score(costly) - found.without(costly), found.score(costly) - found.relative(costly)])
    # A student who rounds in a manner of his own may have done so in the cost too.
    assert margins[0] == pytest.approx(margins[1], abs=0.7)


def test_what_is_made_in_some_iterations_only_is_four_times_less_likely_whether_it_is_listed_or_not():
    found = hypotheses(delta=[-3, -6, -11])
    for numbers, times_less in ((None, 1), (range(1, 2), 1), (range(2, 3), 4)):
        assert np.exp(found.price_of_times((replace(DOUBLED, made_in=numbers),))) == pytest.approx(times_less)
    doubled = found.hypothesis((object(),), (DOUBLED,), LOG_LISTED)
    late = replace(doubled, variants=(replace(DOUBLED, made_in=range(2, 3)),))
    assert found.without(doubled) - found.without(late) == pytest.approx(np.log(4))


def test_what_a_mistake_makes_larger_is_rounded_as_much_more():
    """The cost of 20.75 may be 0.03 off; ten times that is 0.3 off, of which 0.2 is explained."""
    reach = {PartName.in_iteration(1, "cost"): np.array(0.03)}
    large = Variant({"cost": times(10.0)})
    for cost, explained in ((207.7, True), (207.9, False)):
        found = hypotheses(reach, cost=cost)
        assert found.hypothesis((object(),), (large,), 0.0).explains_all == explained
    small = hypotheses(reach, cost=2.115).hypothesis((object(),), (Variant({"cost": times(0.1)}),), 0.0)
    assert not small.explains_all


def test_a_part_that_follows_alike_with_a_mistake_and_without_it_speaks_for_none():
    found = hypotheses(delta=[-3, -6, -11], weight_gradient=[-48], bias_gradient=[-20], weights=[5.3], biases=[2])
    doubled = found.hypothesis((object(),), (DOUBLED,), 0.0)
    follows = by_part(found, doubled.follows)
    assert by_part(found, doubled.changed)["weight_gradient"] == follows["weight_gradient"] == 1
    assert follows["delta"] == 0


def test_a_listed_mistake_and_an_unlisted_one_share_seven_and_three_tenths():
    assert np.exp(LOG_LISTED - LOG_UNLISTED) == pytest.approx(7 / 3)
    assert np.exp(LOG_LISTED) + np.exp(LOG_UNLISTED) == pytest.approx(0.1)


def test_the_relative_of_a_mistake_has_half_of_its_figures():
    """Of the changed delta, each of its 3 entries; where the mistake changes nothing, nothing is lost."""
    found = hypotheses(delta=[-3, -6, -11], weight_gradient=None, bias_gradient=None, weights=None, biases=None)
    doubled = found.hypothesis((object(),), (DOUBLED,), LOG_LISTED)
    own, unlisted = by_part(found, doubled.own)["delta"], by_part(found, doubled.unlisted)["delta"]
    assert unlisted < own - 3 * np.log(2) + 0.6
    assert found.score(doubled) - found.relative(doubled) == pytest.approx(
        LOG_LISTED - LOG_UNLISTED + np.log(2) + own - unlisted, abs=0.01
    )


def test_a_mistake_that_needs_an_unlisted_one_besides_may_be_that_one():
    found = hypotheses(delta=[-3, -6, -11], cost=3)
    doubled = found.hypothesis((object(),), (DOUBLED,), LOG_LISTED)
    parts = np.where(
        doubled.changed, np.maximum(found.none.own, doubled.unlisted), np.maximum(found.none.own, found.none.unlisted)
    )
    # The cost is wrong, as every second one is in which an unlisted mistake may show.
    assert found.relative(doubled) == pytest.approx(LOG_UNLISTED - np.log(2) + in_all(parts) + np.log(2))


def giving(*gives):
    """The likelihood of figures, one a part, of which a work gives some."""
    given = np.array(gives, float)
    return Likelihood(given, given, np.full(len(given), 0.1), np.ones(len(given)), given > 1, given > 0, given > 0)


@pytest.mark.parametrize(
    ("so", "probability"),
    [
        ((1, 1, 1, 1), 0.8**4),
        ((1, 1, 0, 0), 0.5 / 3),
        ((0, 0, 1, 1), 0.8**2 * 0.2**2),
        ((0, 0, 1, 0), 0.5 / 3),
        ((0, 1, 0, 0), 0.8 * 0.2**3),  # in the second delta alone it is not made in all that have one name
        ((1, 1, 1, 0), 0.8**3 * 0.2),
    ],
)
def test_a_mistake_in_how_an_answer_is_written_is_made_in_each_part_or_in_those_of_one_name_alone(so, probability):
    """Two deltas, a cost and weights, that is three names; the errors are written alike anyway."""
    names = [*((n, "delta") for n in (1, 2)), (1, "cost"), (1, "weights"), (1, "errors")]
    parts = [
        SimpleNamespace(name=PartName.in_iteration(*name), among=slice(at, at + 1)) for at, name in enumerate(names)
    ]
    found = Hypotheses.__new__(Hypotheses)
    found.evidence = SimpleNamespace(parts=parts, by_part=lambda entries: entries)
    written, worked = giving(*so, 1), giving(*(1 - each for each in so), 1)
    chosen, of_way = found._by_part(written, worked, np.array([True] * 4 + [False]))
    assert chosen.explained.all()
    assert math.exp(of_way.sum()) == pytest.approx(probability)
    assert of_way[-1] == 0


def test_a_mistake_that_does_not_fit_the_shapes_makes_no_hypothesis():
    assert hypotheses().hypothesis((object(),), (Variant({"delta": lambda _s, _right: np.zeros((7, 7))}),), 0.0) is None


def test_rows_in_another_order_and_more_patterns_than_the_batch_has_make_no_hypothesis_together():
    """Three patterns fill the places of two, and figures of two rows that are written do not fill those of three."""
    problem = drawn("linear", [[0.5]], [0.0], [[1], [2], [3]], [2, 4, 7], batch_size=2, seed=1)
    batch = Exercise.of(problem)
    answer = answer_from(worked_answer(problem), problem)
    found = Hypotheses(Working(batch, batch, answer, rework(batch, [1]), answer.parts), {}, {})
    written, whole = (
        Variant(as_written=lambda _name, value: value),
        Variant(exercise=batch.with_descent(batch_size=None)),
    )
    assert found.hypothesis((object(),), (written,), 0.0) is not None
    assert found.hypothesis((object(), object()), (written, whole), 0.0) is None


def test_a_mistake_that_fits_throughout_and_not_beside_right_figures_is_worked_throughout():
    """One pattern for three: of one row of inputs and three rows of delta there is no gradient."""
    first_alone = ("inputs", "targets", "cost.pattern_weights", "delta.pattern_weights")
    variant = Variant({each: lambda _s, right: right[:1] for each in first_alone})
    found = hypotheses(synaptic_inputs=None, outputs=None, delta=None)
    written = found.hypothesis((object(),), (variant,), 0.0, only_in={"weight_gradient"})
    assert by_part(found, written.changed) == dict.fromkeys(by_part(found, written.changed), 0) | {"weight_gradient": 1}
    beside_right = found.hypothesis((object(),), (DOUBLED,), 0.0, only_in={"delta"})
    assert len(written.predicted) == len(beside_right.predicted) - 1


def test_an_iteration_that_is_not_there_makes_no_hypothesis():
    assert hypotheses().hypothesis((object(),), (Variant(shift=-1),), 0.0) is None


@pytest.mark.parametrize(
    "kind", [{"exercise": EXERCISE}, {"as_written": lambda _name, value: value}], ids=["exercise", "written"]
)
def test_two_other_exercises_or_two_other_writings_exclude_each_other(kind):
    variant = Variant(**kind)
    assert together((variant, variant)) is None
    assert hypotheses().hypothesis((object(), object()), (variant, variant), 0.0) is None
    assert together((variant, NO_MISTAKE)) is not None
