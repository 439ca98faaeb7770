"""What is left blank in an answer counts as not given: it is no zero, and no fault."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from deltarule.errors import AnswerError
from deltarule.marking import answer_from, check, read_answer, worked_answer
from right_answers import drawn

BLANKS = ["", "  ", None]


@pytest.fixture
def problem():
    return dr.problem_from(
        {
            "layer": {"kind": "softmax", "weights": [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]]},
            "data": {"inputs": [[4, 3], [-1, 3], [0, 1]], "targets": ["C", "B", "A"]},
            "descent": {"learning_rate": 0.05, "epochs": 10},
        }
    )


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_part_is_not_given(problem, blank):
    answer = answer_from({"iteration": {"1": {"cost": blank, "delta": blank, "errors": 2}}}, problem)
    assert list(answer.parts) == ["iteration.1.errors"]
    assert answer.faults == {}


@pytest.mark.parametrize("blank", BLANKS)
def test_blank_entries_of_a_matrix_are_not_given_and_the_others_are(problem, blank):
    rows = [[blank, 1.5, blank], [blank] * 3, [0.25, blank, -1]]
    part = answer_from({"iteration": {"1": {"delta": rows}}}, problem).parts["iteration.1.delta"]
    nan = np.nan
    np.testing.assert_array_equal(part.values, [[nan, 1.5, nan], [nan] * 3, [0.25, nan, -1]])
    assert part.decimals[0, 1] == part.decimals[2, 0] == 2


@pytest.mark.parametrize("value", [[[""] * 3] * 3, ["", "", ""], [["", None, " "], [None] * 3, ""]], ids=range(3))
def test_a_matrix_of_blanks_is_not_given(problem, value):
    answer = answer_from({"iteration": {"1": {"delta": value, "predicted": [""] * 3, "cost": [""]}}}, problem)
    assert (answer.parts, answer.faults) == ({}, {})


def test_blank_labels_are_not_given_and_the_others_are(problem):
    answer = answer_from({"iteration": {"1": {"predicted": ["A", "", "C"]}}}, problem)
    np.testing.assert_array_equal(answer.parts["iteration.1.predicted"].values, [0, np.nan, 2])
    fault = answer_from({"iteration": {"1": {"predicted": ["", "A", "X"]}}}, problem).faults["iteration.1.predicted"]
    assert "X in place 3" in fault


def test_blank_rows_given_one_by_one_are_not_given(problem):
    rows = {"delta": {"1": "", "2": ["", 0.5, ""]}}
    part = answer_from({"iteration": {"1": {"rows": rows}}}, problem).parts["iteration.1.delta"]
    assert part.known.sum() == 1
    assert part.values[1, 1] == 0.5


def test_blank_places_keep_whole_floats_whole(problem):
    part = answer_from({"decimals": 0, "iteration": {"1": {"delta": [[3.0, "", 1.0], [""] * 3, [""] * 3]}}}, problem)
    assert part.parts["iteration.1.delta"].decimals.max() == 0


def test_answers_of_independent_neurons_may_have_blank_predictions():
    problem = dr.problem_from(drawn("independent", 1, reduction="sum", batch_size=None, decay=0.0, decimals=2))
    answer = answer_from(
        {"iteration": {"1": {"predicted": [["", 1, ""]] + [[""] * 3] * (len(problem.X) - 1)}}}, problem
    )
    assert answer.faults == {}
    assert answer.parts["iteration.1.predicted"].known.sum() == 1


def test_what_is_filled_in_is_marked_and_what_is_blank_is_not(problem):
    document = worked_answer(problem)
    right = document["iteration"]["1"]["delta"]
    document["iteration"]["1"]["delta"] = [[right[0][0], "", ""], ["", "", right[1][2] + 1], ["", "", ""]]
    document["iteration"]["1"]["predicted"] = ["", "", ""]
    marks = check(problem, document)
    assert [(entry.place, entry.verdict) for entry in marks["iteration.1.delta"].entries] == [
        ((1, 1), "right"),
        ((2, 3), "wrong"),
    ]
    assert "iteration.1.predicted" not in [part.part for part in marks]
    assert marks.faults == {}


def test_an_answer_without_any_key_is_still_nothing_to_mark(problem):
    with pytest.raises(AnswerError, match="There is nothing to mark"):
        answer_from({"iteration": {"1": {}}}, problem)


def test_blanks_read_alike_from_toml_and_json(problem, tmp_path):
    (tmp_path / "a.toml").write_text('[iteration.1]\ncost = ""\nbiases = ["", 0.25, ""]\n')
    (tmp_path / "a.json").write_text('{"iteration": {"1": {"cost": null, "biases": [null, 0.25, ""]}}}')
    for name in ("a.toml", "a.json"):
        answer = read_answer(tmp_path / name, problem)
        assert list(answer.parts) == ["iteration.1.biases"]
        np.testing.assert_array_equal(answer.parts["iteration.1.biases"].values, [np.nan, 0.25, np.nan])
