"""An answer to another problem: all three shares must be small, each from both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT, drawn, names
from deltarule.marking import answer_from, check, worked_answer
from deltarule.marking.checking import answers_problem
from deltarule.marking.grading.another_problem import answers_another, from_same_inputs
from deltarule.marking.marks import Entry, PartMarks
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName
from deltarule.setting import new_problem


def part(name, entries, right):
    """A part with so many entries, of which so many are right; the others follow."""
    marks = tuple(Entry((k + 1,), 2.0, 1.0, "right" if k < right else "wrong", False) for k in range(entries))
    return PartMarks(PartName.in_iteration(1, name), marks, (entries,))


def outputs(entries, follow):
    """Outputs that are wrong, of which so many follow from the answer's own U."""
    marks = tuple(Entry((k + 1,), 2.0, 1.0, "wrong", k < follow) for k in range(entries))
    return PartMarks(PartName.in_iteration(1, "outputs"), marks, (entries,))


def named(U=(20, 4), Y=(20, 20), gradient=(10, 3), rest=(0, 0)):
    parts = [part("synaptic_inputs", *U), outputs(*Y), part("weight_gradient", *gradient)]
    parts += [part("delta", *rest)] if rest[0] else []
    return answers_another(parts)


@pytest.mark.parametrize(("right", "found"), [(4, True), (5, False)])
def test_less_than_a_quarter_of_the_synaptic_inputs_is_right(right, found):
    assert named(U=(20, right)) == found


@pytest.mark.parametrize(("right", "found"), [(3, True), (4, False)])
def test_less_than_two_fifths_of_the_gradient_is_right_or_follows(right, found):
    assert named(gradient=(10, right)) == found


@pytest.mark.parametrize(("right", "found"), [(47, True), (48, False)])
def test_less_than_half_of_all_entries_is_right(right, found):
    """4 of 20, none of 20, 3 of 10 and so many of 60: 54 of 110, or 55."""
    assert named(rest=(60, right)) == found


@pytest.mark.parametrize(("entries", "found"), [(6, True), (5, False)])
def test_six_synaptic_inputs_are_enough_to_tell(entries, found):
    assert named(U=(entries, 0)) == found


@pytest.mark.parametrize(("follow", "found"), [(16, True), (15, False)])
def test_four_fifths_of_the_outputs_follow_from_its_own_synaptic_inputs(follow, found):
    """Of 20. Figures that nobody worked follow from nothing."""
    assert named(Y=(20, follow)) == found


def test_what_follows_keeps_its_mark_in_an_answer_to_another_problem():
    own, other = (new_problem(patterns=6, seed=seed) for seed in (1, 2))
    marks = check(own, worked_answer(other))
    assert names(marks) == ["another-problem"]
    assert marks["iteration.1.outputs"].score == 1
    assert marks.score < 0.6


@pytest.mark.parametrize(("wrong", "found"), [(0, True), (1, False)])
def test_an_answer_answers_a_problem_if_more_than_three_quarters_of_its_synaptic_inputs_are_right(
    wrong, found, tmp_path
):
    """One of the three is a third."""
    U = [9.99] * wrong + LINE_RIGHT["synaptic_inputs"][wrong:]
    (tmp_path / "a.toml").write_text(f"[iteration.1]\nsynaptic_inputs = {U}\n")
    assert answers_problem(LINE, tmp_path / "a.toml") == found


@pytest.mark.parametrize("text", ["", "[iteration.1]\ncost = 1"])
def test_a_file_without_synaptic_inputs_answers_no_problem(text, tmp_path):
    (tmp_path / "a.toml").write_text(text)
    assert not answers_problem(LINE, tmp_path / "a.toml")


@pytest.mark.parametrize("weights", [0.9, -1.0])
def test_other_weights_times_the_problems_own_inputs_are_no_other_problem(weights):
    problem = new_problem(patterns=8, seed=1)
    exercise = Exercise.of(problem)
    U = problem.patterns.X @ (weights * problem.layer.weights) + 0.5
    answer = answer_from({"decimals": 4, "iteration": {"1": {"synaptic_inputs": U.round(4).tolist()}}}, problem)
    assert from_same_inputs(exercise, answer)
    away = U + np.random.default_rng(0).normal(0, 1, U.shape)
    other = answer_from({"decimals": 4, "iteration": {"1": {"synaptic_inputs": away.round(4).tolist()}}}, problem)
    assert not from_same_inputs(exercise, other)


@pytest.mark.parametrize(("half_units", "found"), [(1.9, True), (2.1, False)])
def test_what_comes_from_the_problems_own_inputs_is_off_by_two_half_units_at_most(half_units, found):
    """Inputs -2, -1, 1 and 2. No line comes nearer to 1, -2, 2, -1, which add up to 0, against the inputs too, than 0 does."""
    problem = drawn("linear", [[0.5]], [0.0], [[-2], [-1], [1], [2]], [2, 4, 7, 9])
    off = np.array([1.0, -2.0, 2.0, -1.0]) / 2 * half_units * 0.5
    U = {"decimals": 0, "iteration": {"1": {"synaptic_inputs": (1000 * problem.X[:, 0]).tolist()}}}
    answer = answer_from(U, problem)
    given = answer.part(1, "synaptic_inputs")
    off_line = replace(given, values=given.values + off[:, None])
    assert from_same_inputs(Exercise.of(problem), answer.with_parts({given.name: off_line})) == found


@pytest.mark.parametrize(("signed", "absolute", "found"), [(3, 0, True), (0, 3, True), (3, 7, False)])
def test_absolute_values_of_the_inputs_are_its_own_inputs_too_but_not_beside_them(signed, absolute, found):
    """U of |x|, or of x; not of x and |x| at once."""
    X = np.array([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 5.0])
    problem = drawn("linear", [[0.5]], [0.0], X[:, None].tolist(), [0.0] * 8)
    U = signed * X + absolute * np.abs(X)
    answer = answer_from({"decimals": 2, "iteration": {"1": {"synaptic_inputs": U[:, None].tolist()}}}, problem)
    assert from_same_inputs(Exercise.of(problem), answer) == found


@pytest.mark.parametrize(("patterns", "found"), [(2, True), (3, False)])
def test_as_many_patterns_as_inputs_and_a_bias_tell_nothing(patterns, found):
    """Through two points there is a line, whatever U is; through these three there is none."""
    problem = drawn("linear", [[0.5]], [0.0], [[1.0], [2.0], [3.0]][:patterns], [0.0] * patterns)
    answer = answer_from({"iteration": {"1": {"synaptic_inputs": [[7.0], [-2.0], [9.0]][:patterns]}}}, problem)
    assert from_same_inputs(Exercise.of(problem), answer) == found
