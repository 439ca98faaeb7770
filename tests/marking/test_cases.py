"""Samples of answers that were marked wrongly, each with its right verdict. Problem and answer stand in `cases/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from by_hand import names
from deltarule import check, read_problem
from deltarule.problem import problem_from

CASES = Path(__file__).parent / "cases"


def marked(case):
    return check(read_problem(CASES / f"{case}.problem.toml"), CASES / f"{case}.answer.toml")


def accused(marks):
    return [mistake.name for mistake in marks.mistakes if mistake.is_mistake]


def test_zeros_are_worth_nothing_and_nothing_was_worked():
    marks = marked("zeros")
    assert (marks.score, names(marks)) == (0, ["not-attempted"])


def test_a_tie_is_decided_from_the_answers_own_outputs():
    marks = marked("tie-one-b")
    assert (marks.score, accused(marks)) == (1, [])


def test_r2_follows_from_the_answers_own_mean_square_error():
    marks = marked("r2")
    assert names(marks) == []
    assert [part.score for part in marks] == [0, 1]


def as_set(case, **keys):
    """The marks of a case whose problem has further keys, as in `descent__order`."""
    document = read_problem(CASES / f"{case}.problem.toml").to_dict()
    for name, value in keys.items():
        table, _, key = name.partition("__")
        document[table][key] = value
    return check(problem_from(document), CASES / f"{case}.answer.toml")


def test_an_online_answer_in_the_given_order_without_a_bias_is_right_where_the_problem_says_so():
    marks = as_set("order-and-no-bias", layer__biases=False, descent__order="given")
    assert (marks.score, accused(marks)) == (1, [])


def test_half_of_a_mean_is_right_where_the_problem_says_so():
    marks = as_set("one-over-2m", descent__reduction="half-mean")
    assert marks.score == 1
    assert names(marks) == []


@pytest.mark.parametrize("case", ["rounded-decay-forgotten", "rounded-copied-rate", "rounded-classes-reordered"])
def test_no_mistake_is_named_beside_all_right(case):
    marks = marked(case)
    assert marks.right
    assert accused(marks) == []


def test_classes_counted_from_zero_are_right_where_no_zero_is_among_them():
    marks = marked("absent-class")
    assert marks.right
    assert names(marks) == ["counted-from-zero"]


def test_an_answer_that_counts_from_zero_may_be_rounded_too():
    marks = marked("zero-carried")
    assert marks.right
    assert names(marks) == ["counted-from-zero", "rounded-carried"]


def test_weights_and_biases_as_before_were_not_updated():
    marks = marked("unchanged")
    assert not marks.right
    assert names(marks) == ["not-updated"]


def test_from_the_first_rows_taken_for_the_batch_the_rest_follows():
    marks = marked("first-rows-as-batch")
    assert names(marks) == ["first-rows"]
    assert [part.score for part in marks] == [0, 1]
