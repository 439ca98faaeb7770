"""The order in which rows are nearest to the expected ones; and which orders of classes are tried."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from by_hand import BIASES, POINTS, WEIGHTS, drawn, names
from deltarule.marking import check
from deltarule.marking.given import GivenPart
from deltarule.marking.mistakes.class_orders import other_orders
from deltarule.marking.mistakes.orders import assigned, distances, nearest_order
from deltarule.marking.mistakes.pattern_orders import order_text
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName
from students import document, worked


def part(values):
    return GivenPart(PartName.parse("iteration.1.delta"), np.array(values, float), np.full(np.shape(values), 2))


@given(st.permutations(range(6)))
def test_the_order_of_rows_and_of_columns_is_found(order):
    right = np.random.default_rng(5).normal(size=(6, 6))
    expected = None if list(order) == sorted(order) else tuple(order)
    assert nearest_order([(part(right[list(order)]), right)]) == expected
    assert nearest_order([(part(right[:, list(order)]), right)], of_columns=True) == expected


@pytest.mark.parametrize("slip", [0.15, 1e6])
def test_one_slip_does_not_decide_the_order(slip):
    right = np.array([[1.0, 2.0], [1.1, 2.1], [3.0, 4.0]])
    given_rows = right.copy()
    given_rows[2, 0] += slip
    assert nearest_order([(part(given_rows), right)]) is None


def test_two_large_slips_do_not_decide_the_order():
    """The first figures of two rows are exchanged, the other two agree: beyond 20 units of 0.01 an entry is simply different."""
    right = np.array([[0.0, 0.0, 0.0], [10.0, 0.3, 0.3]])
    given_rows = right.copy()
    given_rows[:, 0] = right[::-1, 0]
    assert nearest_order([(part(given_rows), right)]) is None


def test_rows_that_are_equally_near_stay_in_their_places():
    right = np.ones((4, 3))
    assert nearest_order([(part(right), right)]) is None
    assert nearest_order([]) is None


@pytest.mark.parametrize(("classes", "count"), [(2, 1), (3, 5), (4, 23), (5, 5)])
def test_of_up_to_four_classes_every_order_is_tried(classes, count):
    """Of five only likely ones: reversed, and four with neighbours exchanged. (That of the first patterns is their own.)"""
    weights = [[0.1 * k for k in range(classes)]]
    labels = list("ABCDE"[:classes])
    problem = drawn("softmax", weights, [0.0] * classes, [[k] for k in range(classes)], labels)
    found = list(other_orders(Exercise.of(problem)))
    assert len(found) == len(set(found)) == count
    assert count == math.factorial(classes) - 1 or classes > 4


@pytest.mark.parametrize(("patterns", "ending"), [(20, ", 20"), (21, ", 20, ...")])
def test_a_long_order_is_cut_after_20_patterns(patterns, ending):
    assert order_text(tuple(range(patterns))).endswith(ending)


def test_up_to_20_units_it_counts_how_far_figures_are_apart():
    """0.11 and 0.06 are 11 and 12 units from 0.00 and 0.18 in this order, 7 and 6 in the other one."""
    assert nearest_order([(part([[0.11], [0.06]]), np.array([[0.0], [0.18]]))]) == (1, 0)


@pytest.mark.parametrize(("units", "counted"), [(15, 15), (19, 19), (21, 20), (25, 20), (np.nan, 20)])
def test_two_figures_are_at_most_20_units_apart(units, counted):
    apart = distances(np.array([[0.01 * units, 1.0]]), np.array([[0.0, 1.0]]), np.array([[0.005, 0.005]]))
    assert apart == pytest.approx(counted)


def test_one_unit_nearer_is_another_place_and_equally_near_is_not():
    right = np.array([[0.0], [0.01]])
    assert nearest_order([(part([[0.01], [0.0]]), right)]) == (1, 0)
    assert nearest_order([(part([[0.01], [0.01]]), right)]) is None


def test_distances_are_compared_however_large_they_are_and_infinite_ones_are_no_fault():
    assert assigned(np.array([[5000.0, 2000.0], [2000.0, 5000.0]])).tolist() == [1, 0]
    assert assigned(np.array([[np.inf, 1.0], [1.0, np.nan]])).tolist() == [1, 0]
    assert assigned(np.full((2, 2), np.inf)).tolist() == [0, 1]


@pytest.mark.parametrize(("classes", "count"), [(100, 100), (101, 1)])
def test_of_up_to_a_hundred_classes_neighbours_are_exchanged(classes, count):
    """100 classes have 99 pairs of neighbours, and the reversed order."""
    points = [[k] for k in range(classes)]
    problem = drawn("softmax", [[0.0] * classes], [0.0] * classes, points, list(range(classes)))
    assert len(list(other_orders(Exercise.of(problem)))) == count


def test_rows_of_one_matrix_in_another_order_in_each_iteration_are_one_mistake():
    """The first two rows of U change places in both iterations, and what follows is right."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "A", "C", "A"], 0.2)
    answer = document(problem, worked(problem, 2, {}))
    for parts in answer["iteration"].values():
        U = parts["synaptic_inputs"]
        parts["synaptic_inputs"] = [U[1], U[0], *U[2:]]
    marks = check(problem, answer)
    assert names(marks) == ["patterns-reordered"]
    assert "iteration" not in marks.mistakes[0].why
