"""An answer to another problem: all three shares must be small, each from both sides."""

from __future__ import annotations

import pytest

from by_hand import LINE, LINE_RIGHT
from deltarule.marking.checking import answers_problem
from deltarule.marking.grading.iterations import IterationMarks
from deltarule.marking.marks import Entry, Finding, PartMarks
from deltarule.marking.parts import PartName


def part(name, entries, right):
    """A part with so many entries, of which so many are right; the others follow."""
    marks = tuple(Entry((k + 1,), 2.0, 1.0, "right" if k < right else "wrong", False) for k in range(entries))
    return PartMarks(PartName.in_iteration(1, name), marks, (entries,))


def named(U=(20, 4), gradient=(10, 3), rest=(0, 0), findings=()):
    parts = [part("synaptic_inputs", *U), part("weight_gradient", *gradient)]
    parts += [part("outputs", *rest)] if rest[0] else []
    return [each.name for each in as_another_problem(IterationMarks(parts, list(findings))).findings]


@pytest.mark.parametrize(("right", "found"), [(4, ["another-problem"]), (5, [])])
def test_less_than_a_quarter_of_the_synaptic_inputs_is_right(right, found):
    assert named(U=(20, right)) == found


@pytest.mark.parametrize(("right", "found"), [(3, ["another-problem"]), (4, [])])
def test_less_than_two_fifths_of_the_gradient_is_right_or_follows(right, found):
    assert named(gradient=(10, right)) == found


@pytest.mark.parametrize(("right", "found"), [(22, ["another-problem"]), (23, [])])
def test_less_than_half_of_all_entries_is_right(right, found):
    """4 of 20, 3 of 10 and so many of 30: 29 of 60, or 30."""
    assert named(rest=(30, right)) == found


@pytest.mark.parametrize(("entries", "found"), [(6, ["another-problem"]), (5, [])])
def test_six_synaptic_inputs_are_enough_to_tell(entries, found):
    assert named(U=(entries, 0)) == found


def test_where_a_mistake_explains_the_figures_it_stays():
    mistake = Finding("ascent", PartName.in_iteration(1, "weights"), "", "")
    assert named(findings=[mistake]) == ["ascent"]


def test_nothing_follows_in_an_answer_to_another_problem():
    following = PartMarks(
        PartName.in_iteration(1, "synaptic_inputs"), (Entry((1,), 2.0, 1.0, "wrong", False),) * 6, (6,)
    )
    gradient = PartMarks(
        PartName.in_iteration(1, "weight_gradient"),
        tuple(Entry((k,), 2.0, 1.0, "wrong", k == 1) for k in range(1, 7)),
        (6,),
    )
    marks = as_another_problem(IterationMarks([following, gradient], []))
    assert marks.lost == 12


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
