"""The evidence of an answer: its entries, what each is worth, and which a prediction meets."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from by_hand import LINE, SOFTMAX, page
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework


def evidence(problem, parts, decimals=2, trusted=None):
    answer = answer_from({"decimals": decimals, "iteration": {"1": parts}}, problem)
    exercise = Exercise.of(problem)
    right = rework(exercise, [1])
    return evidence_of(answer, right, exercise, answer.parts if trusted is None else trusted), right


def test_an_entry_is_worth_the_range_of_its_part_over_its_unit():
    """Delta is -1.5, -3, -5.5: a range of 11, in units of 0.01."""
    found, _ = evidence(LINE, {"delta": [-1.5, -3, -5.5]})
    assert_allclose(found.gain, [math.log(11 / 0.01)] * 3)


@pytest.mark.parametrize(("decimals", "worth"), [(0, 20), (1, 110)])
def test_an_entry_is_worth_a_range_of_at_least_20_units(decimals, worth):
    """A range of 11 is 11 units of 1, and 110 of 0.1."""
    found, _ = evidence(LINE, {"delta": [-2, -3, -6]}, decimals)
    assert_allclose(found.gain, [math.log(worth)] * 3)


def test_counts_and_classes_are_worth_the_number_of_choices():
    found, _ = evidence(SOFTMAX, {"predicted": ["A", "B", "C", "A", "B"], "errors": 2})
    assert_allclose(found.gain, [math.log(3)] * 5 + [math.log(6)])  # three classes; 0 to 5 errors


def test_rows_that_are_not_given_are_no_evidence():
    found, right = evidence(SOFTMAX, {"rows": {"delta": {"2": [0, 0, 0]}}, "cost": 1.0})
    assert [part.name for part in found.parts] == ["iteration.1.cost", "iteration.1.delta"]
    assert_allclose(found.of(right)[1:], np.asarray(right["iteration.1.delta"])[1])
    assert found.part_of(0).name.part == "cost"
    assert {found.part_of(entry).name.part for entry in (1, 2, 3)} == {"delta"}


def test_a_matrix_of_patterns_that_is_not_trusted_is_left_out_if_there_are_other_parts():
    parts = {"outputs": [[0.0] * 3] * 5, "cost": 1.0}
    assert [part.name.part for part in evidence(SOFTMAX, parts, trusted=())[0].parts] == ["cost"]
    del parts["cost"]
    assert [part.name.part for part in evidence(SOFTMAX, parts, trusted=())[0].parts] == ["outputs"]


def test_a_right_answer_is_predicted_by_right_work_and_a_wrong_shape_by_nothing():
    found, right = evidence(SOFTMAX, page(SOFTMAX)["iteration"]["1"])
    assert found.hits(right).all()
    flat = {name: np.zeros(1) if name.part == "delta" else value for name, value in right.items()}
    delta = next(part for part in found.parts if part.name.part == "delta")
    assert not found.hits(flat)[delta.among].any()
    assert found.same(right, right).all()
