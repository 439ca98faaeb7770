"""Variants made together, made in some iterations only, and the first part in which each can show."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import LINE, drawn
from deltarule.marking.mistakes.mistake import Variant, together
from deltarule.marking.mistakes.neighbours import times
from deltarule.marking.mistakes.registry import BY_NAME
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

EXERCISE = Exercise.of(LINE)


def test_two_changes_of_one_part_are_made_one_after_the_other():
    both = together((Variant({"cost": times(2.0)}), Variant({"cost": lambda _s, right: right + 1})))
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
        (
            Variant(shift=1, made_in=range(3, 4), flags=frozenset({"transposed"})),
            Variant(flags=frozenset({"from_zero"})),
        )
    )
    assert (both.shift, both.made_in, both.flags) == (1, range(3, 4), {"transposed", "from_zero"})


def test_another_exercise_beside_another_mistake_is_worked_in_its_own_iterations():
    """The rate is 0.2 in iteration 2, and the cost is doubled in iteration 1."""
    other = Variant(exercise=EXERCISE.with_descent(learning_rate=0.2), made_in=range(2, 3))
    both = together((other, Variant({"cost": times(2.0)}, made_in=range(1, 2))))
    assert other.worked_in == both.worked_in == range(2, 3)
    assert together((Variant(exercise=EXERCISE), Variant())).worked_in is None
    right = rework(EXERCISE, [1, 2])
    found = rework(EXERCISE, [1, 2], both.made(), other=both.exercise, other_in=both.worked_in)
    assert found["iteration.1.cost"] == 2 * right["iteration.1.cost"]
    assert found["iteration.1.biases"] == right["iteration.1.biases"]
    assert found["iteration.2.cost"] == right["iteration.2.cost"]
    step = found["iteration.1.biases"] - found["iteration.2.biases"]
    assert step == pytest.approx(0.2 * right["iteration.2.bias_gradient"])


@pytest.mark.parametrize("beside", [(), (Variant({"cost": times(2.0)}),)], ids=["alone", "beside another"])
def test_what_is_written_otherwise_in_one_iteration_is_so_in_that_alone(beside):
    written = together((Variant(as_written=lambda _name, value: -value, made_in=range(2, 3)), *beside)).written()
    assert [written(PartName.in_iteration(number, "cost"), 3.0) for number in (1, 2, 3)] == [3, -3, 3]


def test_mistakes_in_several_ingredients_of_one_part_are_made_at_once():
    """Delta is (Y - D) f'(U) c: of 0 - D times 1/2 comes -1, -2, -3.5, for the targets 2, 4 and 7."""
    both = together(
        (
            Variant({"delta.outputs": lambda _s, right: 0 * right}),
            Variant({"delta.factor": times(0.5)}),
        )
    )
    assert rework(EXERCISE, [1], both.changes)["iteration.1.delta"].ravel().tolist() == [-1, -2, -3.5]


def test_two_factors_multiply():
    """A half and an uphill sign: dJ/dw = -24 becomes 12."""
    half, turned = ({"weight_gradient.factor": times(by)} for by in (0.5, -1.0))
    both = together((Variant(half), Variant(turned)))
    assert rework(EXERCISE, [1], both.changes)["iteration.1.weight_gradient"].item() == pytest.approx(12)


def test_each_of_two_mistakes_is_made_in_its_own_iterations():
    """Biases stay in iteration 1; weights in iteration 2."""
    both = together(
        (
            Variant({"biases": lambda s, _: s.b}, made_in=range(1, 2)),
            Variant({"weights": lambda s, _: s.W}, made_in=range(2, 100)),
        )
    )
    worked = rework(EXERCISE, [1, 2], both.changes)
    assert worked["iteration.1.biases"].item() == 0
    assert worked["iteration.1.weights"].item() == pytest.approx(2.9)
    assert worked["iteration.2.weights"].item() == pytest.approx(2.9)
    assert worked["iteration.2.biases"].item() != 0


@pytest.mark.parametrize(
    ("variant", "part"),
    [
        (Variant({"weights.rate": times(2.0), "delta.slope": times(2.0)}), "delta"),
        (Variant({"bias_gradient": times(2.0)}), "bias_gradient"),
        (Variant({"targets": times(2.0)}), "errors"),
        (Variant(exercise=EXERCISE.with_descent(reduction="mean")), "cost"),
        (Variant(exercise=EXERCISE.with_patterns(X=EXERCISE.patterns.X + 1)), "synaptic_inputs"),
        (Variant(exercise=EXERCISE.with_first_rows()), "synaptic_inputs"),
        (Variant(as_written=lambda _name, value: value), "synaptic_inputs"),
        (Variant(), "biases"),
    ],
)
def test_the_first_part_in_which_a_mistake_can_show(variant, part):
    assert variant.first_part(EXERCISE) == part


@pytest.mark.parametrize("variant", [{"weights.rate": lambda s, a: a * a}, {"delta.outputs": lambda _s, Y: np.sign(Y)}])
def test_parts_before_the_first_one_stay(variant):
    variant = Variant(variant)
    right, wrong = rework(EXERCISE, [1]), rework(EXERCISE, [1], variant.changes)
    differing = [name.part for name in right if not np.array_equal(right[name], wrong[name])]
    assert differing[0] == variant.first_part(EXERCISE)


@pytest.mark.parametrize(("inputs", "pairs"), [(6, 15), (7, 6)])
def test_of_up_to_six_inputs_each_pair_may_be_exchanged_and_of_more_neighbours(inputs, pairs):
    """6 inputs make 15 pairs, 7 have 6 neighbours. Each is exchanged everywhere, in U, in dJ/dW, and in W as it is updated."""
    problem = drawn("linear", [[0.1]] * inputs, [0.0], np.eye(inputs).tolist(), [1.0] * inputs)
    assert len(list(BY_NAME["inputs-exchanged"].variants(Exercise.of(problem)))) == 4 * pairs
