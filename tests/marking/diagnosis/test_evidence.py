"""The evidence of an answer: its entries, the range of each, and as how many those of a part count."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from by_hand import LINE, POINTS, SOFTMAX, drawn, page
from deltarule.marking import answer_from
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName


def evidence(problem, parts, decimals=2, trusted=None):
    answer = answer_from({"decimals": decimals, "iteration": {"1": parts}}, problem)
    exercise = Exercise.of(problem)
    right = rework(exercise, [1])
    return evidence_of(answer, right, exercise, answer.parts if trusted is None else trusted), right


def test_the_span_of_an_entry_is_the_range_of_its_part_over_its_unit():
    """Delta is -1.5, -3, -5.5: a range of 11, in units of 0.01."""
    found, _ = evidence(LINE, {"delta": [-1.5, -3, -5.5]})
    assert_allclose(found.span, [11 / 0.01] * 3)


@pytest.mark.parametrize(("decimals", "span"), [(0, 20), (1, 110)])
def test_the_span_of_an_entry_is_at_least_20_units(decimals, span):
    """A range of 11 is 11 units of 1, and 110 of 0.1."""
    found, _ = evidence(LINE, {"delta": [-2, -3, -6]}, decimals)
    assert_allclose(found.span, [span] * 3)


def test_the_span_of_counts_and_classes_is_the_number_of_choices():
    found, _ = evidence(SOFTMAX, {"predicted": ["A", "B", "C", "A", "B"], "errors": 2})
    assert_allclose(found.span, [3] * 5 + [6])  # three classes; 0 to 5 errors
    assert found.counts.all()


def counting(problem, part, value):
    return evidence(problem, {part: value})[0].parts[0].counting


def test_figures_that_are_alike_but_for_their_sign_count_once():
    assert counting(LINE, "delta", [-1.5, -3, -5.5]) == 1
    assert counting(LINE, "delta", [2, -2, 2]) == pytest.approx(1 / 3)  # as written
    twice = drawn("linear", [[0.5]], [0.0], [[1], [1], [3]], [2, 2, 7])
    assert counting(twice, "delta", [-1, -2, -3]) == pytest.approx(2 / 3)  # as they should be


def test_the_classes_that_are_predicted_count_one_by_one():
    assert counting(SOFTMAX, "predicted", ["A"] * 5) == 1


def test_gradients_of_few_patterns_count_as_many_times_as_there_are_patterns():
    """One pattern of three inputs: dJ/dW is three times the same delta."""
    one = drawn("linear", [[0.5], [0.2], [0.1]], [0.0], [[1, 2, 4]], [2])
    assert counting(one, "weight_gradient", [[1], [2], [4]]) == pytest.approx(1 / 3)
    two = drawn("linear", [[0.5], [0.2], [0.1]], [0.0], [[1, 2, 4], [2, 4, 9]], [2, 3])
    assert counting(two, "weight_gradient", [[1], [2], [4]]) == pytest.approx(2 / 3)


def test_synaptic_inputs_count_as_many_times_as_there_are_inputs_and_a_bias():
    U = (np.array(POINTS) @ [[0.52, -0.31, 0.17], [-0.24, 0.43, 0.68]]).round(2).tolist()
    assert counting(SOFTMAX, "synaptic_inputs", U) == pytest.approx(3 * 3 / 15)


def left_of(parts):
    """Of two inputs, weights 0.5 and 2, and a decay of 0.1: what is left, by part; None where more is given."""
    decayed = drawn("linear", [[0.5], [2.0]], [0.0], [[1, 2], [3, 1]], [2, 4], weight_decay=0.1)
    found, _ = evidence(decayed, parts)
    left = {part.name.part: found.left[part.among].tolist() for part in found.parts}
    return {name: [None if np.isnan(value) else value for value in values] for name, values in left.items()}


def test_where_a_product_vanishes_nothing_is_left_or_the_decay_alone():
    """L W is 0.05 and 0.2."""
    assert left_of({"cost": 0, "delta": [0, 1.5]}) == {"cost": [0], "delta": [0, None]}
    assert left_of({"weight_gradient": [[0.05], [0.3]]}) == {"weight_gradient": [pytest.approx(0.05), None]}
    assert left_of({"weight_gradient": [[0.05], [0.2]]}) == {"weight_gradient": pytest.approx([0.05, 0.2])}
    assert left_of({"weight_gradient": [[0.0], [0.0]]}) == {"weight_gradient": [0, 0]}
    assert left_of({"synaptic_inputs": [0, 0]}) == {"synaptic_inputs": [None, None]}  # no product


def test_weights_and_biases_after_a_gradient_that_vanishes_follow():
    parts = {"weights": [[0.4], [2.0]], "biases": [0.3]}
    assert left_of(parts) == {"weights": [None, None], "biases": [None]}
    left = left_of({"weight_gradient": [[0.05], [3.0]], "bias_gradient": [0], **parts})
    assert left["weights"] == [0.4, None]
    assert left["biases"] == [0.3]


def test_rows_that_are_not_given_are_no_evidence():
    found, right = evidence(SOFTMAX, {"rows": {"delta": {"2": [0, 0, 0]}}, "cost": 1.0})
    assert [part.name for part in found.parts] == ["iteration.1.cost", "iteration.1.delta"]
    assert_allclose(found.of(right)[1:], np.asarray(right["iteration.1.delta"])[1])
    assert found.part_of(0).name.part == "cost"
    assert {found.part_of(entry).name.part for entry in (1, 2, 3)} == {"delta"}
    assert_allclose(found.by_part(np.array([1.0, 2, 3, 4])), [1, 9])


def test_a_matrix_of_patterns_that_is_not_trusted_is_left_out_if_there_are_other_parts():
    parts = {"outputs": [[0.0] * 3] * 5, "cost": 1.0}
    assert [part.name.part for part in evidence(SOFTMAX, parts, trusted=())[0].parts] == ["cost"]
    del parts["cost"]
    assert [part.name.part for part in evidence(SOFTMAX, parts, trusted=())[0].parts] == ["outputs"]


@pytest.mark.parametrize(("delta", "gradients"), [([0, 0, 0], False), ([-1.5, -3, -5.5], True)])
def test_gradients_of_zeros_after_a_delta_of_zeros_tell_nothing(delta, gradients):
    given = {"outputs": [0.5, 1, 1.5], "delta": delta, "weight_gradient": [0], "bias_gradient": [0], "weights": [0.5]}
    trusted = {PartName.in_iteration(1, part) for part in given if part != "delta" or any(delta)}
    found, _ = evidence(LINE, given, trusted=trusted)
    parts = [part.name.part for part in found.parts]
    assert ("weight_gradient" in parts, "bias_gradient" in parts) == (gradients, gradients)
    assert {"outputs", "weights"} <= set(parts)


def test_weights_of_a_neuron_that_all_move_alike_count_once():
    """From 0.5, 0.2, 0.1 by 0.3 each; by 0 each, or by another way each, they count as they are."""
    of_three = drawn("linear", [[0.5], [0.2], [0.1]], [0.0], [[1, 2, 4], [2, 1, 0], [0, 1, 1], [3, 1, 2]], [2, 1, 0, 1])
    assert counting(of_three, "weights", [[0.8], [0.5], [0.4]]) == pytest.approx(1 / 3)
    assert counting(of_three, "weights", [[0.5], [0.2], [0.1]]) == 1
    assert counting(of_three, "weights", [[0.8], [0.4], [0.7]]) == 1
    assert counting(of_three, "weight_gradient", [[3], [3], [3]]) == pytest.approx(1 / 3)


def test_a_right_answer_is_predicted_by_right_work_and_a_wrong_shape_by_nothing():
    found, right = evidence(SOFTMAX, page(SOFTMAX)["iteration"]["1"])
    assert found.hits(right).all()
    flat = {name: np.zeros(1) if name.part == "delta" else value for name, value in right.items()}
    delta = next(part for part in found.parts if part.name.part == "delta")
    assert not found.hits(flat)[delta.among].any()
    assert found.same(right, right).all()
