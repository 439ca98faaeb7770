"""Boundaries: the exact lines u_a = u_b, the part of each that separates, and how they are written and clipped."""

import json
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.analysis.boundaries import boundaries, clip, linear_form
from deltarule.analysis.line_parts import cut
from deltarule.descent import Descent
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.training import train
from naive import synaptic_input
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X, refused

# Eighths: differences and products of a few are exact, and equal or parallel neurons occur.
eighths = st.integers(-24, 24).map(lambda n: n / 8)


@st.composite
def plane_layers(draw, least=2, most=5):
    """A softmax layer with 2 inputs."""
    neurons = draw(st.integers(least, most))
    scores = draw(hnp.arrays(np.float64, (3, neurons), elements=eighths))
    return SoftmaxLayer(scores[:2], scores[2], classes=range(neurons))


def layer_of(*scores):
    """A layer of the classes A, B, ..., from one row (w1, ..., wN, b) a class."""
    scores = np.array(scores, dtype=float)
    return SoftmaxLayer(scores[:, :-1].T, scores[:, -1], classes=list("ABCDEF"[: len(scores)]))


def of(layer, a, b):
    (found,) = [boundary for boundary in boundaries(layer) if boundary.classes == (a, b)]
    return found


def value(boundary, x):
    return float(boundary.coefficients[:-1] @ np.asarray(x) + boundary.coefficients[-1])


# ---- The coefficients.


@pytest.fixture(scope="module")
def question_1():
    """The layer of question 1 after 1500 updates."""
    return train(
        QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500), engine="direct", record_every=0
    ).layer


def test_question_1_has_the_boundaries_that_the_handout_prints(question_1):
    # The handout prints C-A: that is A-C with its signs changed.
    expected = {("A", "B"): (3.25, 6.29, -13.63), ("A", "C"): (-4.33, 9.42, -9.84), ("B", "C"): (-7.59, 3.13, 3.79)}
    found = boundaries(question_1)
    assert [boundary.classes for boundary in found] == list(expected)
    for boundary in found:
        assert np.round(boundary.coefficients, 2).tolist() == list(expected[boundary.classes])
        assert boundary.separates
    assert [boundary.equation() for boundary in found] == [
        "3.25 x1 + 6.29 x2 - 13.63 = 0",
        "-4.33 x1 + 9.42 x2 - 9.84 = 0",
        "-7.59 x1 + 3.13 x2 + 3.79 = 0",
    ]


def test_the_parts_of_question_1_are_rays_from_the_point_where_all_classes_are_equal(question_1):
    # u_A = u_B = u_C: two equations in x, solved here by Cramer's rule.
    (a1, a2, a3), (b1, b2, b3) = (boundary.coefficients.tolist() for boundary in boundaries(question_1)[:2])
    determinant = a1 * b2 - a2 * b1
    meeting = [(a2 * b3 - a3 * b2) / determinant, (a3 * b1 - a1 * b3) / determinant]
    for boundary in boundaries(question_1):
        ends = [end for end in (boundary.part.start, boundary.part.end) if math.isfinite(end)]
        assert len(ends) == 1
        assert_allclose(boundary.part.at(ends[0]), meeting, rtol=1e-12)  # a few products of figures of size 10


@given(plane_layers(), hnp.arrays(np.float64, (6, 2), elements=eighths))
def test_a_boundary_is_the_difference_of_two_synaptic_inputs(layer, X):
    W, b = layer.weights.tolist(), layer.biases.tolist()
    found = boundaries(layer)
    assert [boundary.classes for boundary in found] == list(combinations(layer.classes, 2))
    for boundary in found:
        first, second = boundary.classes
        assert boundary.neurons == (first, second)
        for x in X.tolist():
            u = synaptic_input(x, W, b)
            assert value(boundary, x) == u[first] - u[second]  # eighths: exact


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_two_synaptic_inputs_are_equal_on_the_line(dtype):
    rng = np.random.default_rng(0)
    layer = SoftmaxLayer(*(rng.normal(size=shape).astype(dtype) for shape in ((2, 3), 3)), classes=["x", "y", "z"])
    W, b = layer.weights.astype(float).tolist(), layer.biases.astype(float).tolist()
    for boundary in boundaries(layer):
        assert boundary.coefficients.dtype == np.float64
        for t in (-7.0, 0.0, 3.0):
            u = synaptic_input(boundary.line().at(t).tolist(), W, b)
            first, second = boundary.neurons
            assert u[first] == pytest.approx(u[second], abs=1e-13)  # rounding of sums of size 10


def test_one_logistic_neuron_has_the_boundary_u_0():
    # u = 2 x1 - x2 + 3 is the second class's lead, so the first's is -u.
    layer = LogisticLayer([[2.0], [-1.0]], [3.0], classes=["no", "yes"])
    (boundary,) = boundaries(layer)
    assert boundary.classes == ("no", "yes")
    assert boundary.coefficients.tolist() == [-2.0, 1.0, -3.0]
    assert (boundary.part.start, boundary.part.end) == (-math.inf, math.inf)
    for x in ([0.0, 4.0], [0.0, 2.0], [-5.0, 1.0], [5.0, 1.0]):
        assert layer.predict([x])[0] == ("no" if value(boundary, x) > 0 else "yes")


def test_logistic_neurons_one_against_the_rest_have_the_boundaries_of_their_synaptic_inputs():
    W, b = [[1.0, -1.0, 0.5], [0.0, 2.0, 1.0]], [0.5, 0.0, -1.0]
    logistic = boundaries(LogisticLayer(W, b, classes=["p", "q", "r"]))
    for one, other in zip(logistic, boundaries(SoftmaxLayer(W, b, classes=["p", "q", "r"])), strict=True):
        assert one.classes == other.classes
        assert_array_equal(one.coefficients, other.coefficients)
        assert (one.part.start, one.part.end) == (other.part.start, other.part.end)


@pytest.mark.parametrize(
    ("layer", "got"),
    [
        (LinearLayer([[1.0, 2.0]], [0.0, 0.0]), "a linear layer"),
        (PerceptronLayer([[1.0, 2.0]], [0.0, 0.0]), "a perceptron layer"),
        (LogisticLayer([[1.0, 2.0]], [0.0, 0.0]), "independent logistic neurons"),
    ],
)
def test_a_layer_without_classes_has_no_boundaries(layer, got):
    with refused("layer", "tell classes apart", got, "Give a softmax layer, or a logistic one with classes."):
        boundaries(layer)


# ---- The part that separates.


@given(plane_layers())
def test_the_part_is_where_no_other_class_has_more(layer):
    W, b = layer.weights.tolist(), layer.biases.tolist()
    for boundary in boundaries(layer):
        line, part = boundary.line(), boundary.part
        first, second = boundary.neurons
        if line is None:
            assert W[0][first] == W[0][second]
            assert W[1][first] == W[1][second]
            assert part is None
            continue
        assert boundary.separates == (part is not None)
        for t in np.linspace(-40, 40, 81):
            u = synaptic_input(line.at(t).tolist(), W, b)
            assert u[first] == pytest.approx(u[second], abs=1e-12)  # rounding of sums of size 100
            behind = max(u) - u[first]
            inside = part is not None and part.start <= t <= part.end
            if behind > 1e-12:
                assert not inside
            elif not inside:  # equal to rounding, so an end of the part is as near; eighths leave no slope below 1e-3
                assert part is not None
                assert min(abs(t - part.start), abs(t - part.end)) < 1e-9


@given(plane_layers(least=3))
def test_across_the_part_the_prediction_changes_from_one_class_to_the_other(layer):
    for boundary in boundaries(layer):
        part = boundary.part
        if part is None:
            continue
        start, end = max(part.start, -10.0), min(part.end, 10.0)
        if end - start < 1e-6:
            continue
        middle, step = part.at((start + end) / 2), 1e-9
        right = np.array([part.direction[1], -part.direction[0]])  # who walks along has the first class on the right
        for side, own, other in ((1, *boundary.neurons), (-1, *boundary.neurons[::-1])):
            u = layer.synaptic_input([middle + side * step * right])[0]
            assert u[own] > u[other]
            assert u[own] >= u.max() - 1e-7  # a third class may be equal along the line; the step leaves 6e-9 at most


@given(plane_layers())
def test_the_point_of_a_line_is_its_nearest_to_the_origin_and_the_direction_has_length_1(layer):
    for boundary in boundaries(layer):
        line = boundary.line()
        if line is None:
            continue
        assert math.hypot(*line.direction) == pytest.approx(1, rel=1e-15)
        assert float(line.point @ line.direction) == pytest.approx(0, abs=1e-12)  # sizes up to 50, rounded
        assert (line.start, line.end) == (-math.inf, math.inf)
        if boundary.part is not None:
            assert boundary.part.start <= boundary.part.end
            assert_array_equal(boundary.part.point, line.point)


def test_parts_worked_by_hand_a_segment():
    # u_A = x1, u_B = -x1: the line x1 = 0, where both are 0. There u_C = x2 - 1 <= 0 for x2 <= 1, u_D = -x2 - 2 <= 0 for
    # x2 >= -2. The normal (2, 0) turned left gives the direction (0, 1), so t = x2.
    boundary = of(layer_of((1, 0, 0), (-1, 0, 0), (0, 1, -1), (0, -1, -2)), "A", "B")
    assert boundary.part.point.tolist() == [0, 0]
    assert boundary.part.direction.tolist() == [0, 1]
    assert (boundary.part.start, boundary.part.end) == (-2, 1)
    assert boundary.part.at(-2).tolist() == [0, -2]


def test_parts_worked_by_hand_a_point():
    # On x1 = 0, u_C = x2 and u_D = -x2: one of them has more than u_A = 0 everywhere but at the origin.
    boundary = of(layer_of((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)), "A", "B")
    assert (boundary.part.start, boundary.part.end) == (0, 0)
    assert boundary.separates


def test_three_lines_through_a_point_off_the_grid_meet_there_in_spite_of_rounding():
    # As before, about the point (0.1, 0.3), with weights that are not fractions of 2: the two ends differ by rounding.
    place = np.array([0.1, 0.3])
    weights = np.array([[0.7, 0.2], [-0.7, -0.2], [-0.2, 0.7], [0.2, -0.7]])
    boundary = of(layer_of(*np.column_stack([weights, -weights @ place]).tolist()), "A", "B")
    assert boundary.part is not None
    assert boundary.part.end == pytest.approx(boundary.part.start, abs=1e-15)  # a few units of rounding
    assert_allclose(boundary.part.at(boundary.part.start), place, rtol=1e-14)


def test_a_class_ahead_all_along_the_line_leaves_nothing():
    # On x1 = 0, u_A = u_B = 0 < u_C = 1, whose line is parallel.
    layer = layer_of((1, 0, 0), (-1, 0, 0), (0, 0, 1))
    boundary = of(layer, "A", "B")
    assert boundary.part is None
    assert not boundary.separates
    assert of(layer, "A", "C").part is not None
    # Two bounds that leave nothing between them: u_C <= 0 for x2 <= 0 and u_D <= 0 for x2 >= 1.
    assert of(layer_of((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 1)), "A", "B").part is None


def test_a_class_equal_all_along_the_line_takes_nothing_away():
    # On x1 = 0 all three are 0.
    part = of(layer_of((1, 0, 0), (-1, 0, 0), (0, 0, 0)), "A", "B").part
    assert (part.start, part.end) == (-math.inf, math.inf)


@pytest.mark.parametrize("weights", [(1.0, 2.0), (0.1, 0.7), (0.0, 0.0)])
@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_neurons_with_equal_weights_have_no_boundary(weights, inputs):
    row = [*weights, 1.0][:inputs]
    boundary = of(layer_of((*row, 0.0), (*row, 1.0)), "A", "B")
    assert not boundary.separates
    assert boundary.part is None
    assert boundary.coefficients.tolist() == [0.0] * inputs + [-1.0]
    if inputs == 2:
        assert boundary.line() is None
        assert clip(boundary, (-1, 1), (-1, 1)) is None
        assert clip(boundary, (-1, 1), (-1, 1), whole=True) is None


def test_weights_equal_but_for_rounding_have_no_boundary():
    # 0.1 + 0.2 differs from 0.3 by a unit of rounding.
    boundary = of(layer_of((0.1 + 0.2, 1.0, 0.0), (0.3, 1.0, 1.0)), "A", "B")
    assert boundary.coefficients[0] != 0
    assert boundary.line() is None


def test_large_biases_take_no_line_away():
    # u_A - u_B = 2 x1: rounding of the biases of 1e16 does not make the weights 1 and -1 equal.
    boundary = of(layer_of((1, 0, 1e16), (-1, 0, 1e16)), "A", "B")
    assert boundary.separates
    assert_array_equal(np.abs(boundary.line().direction), [0, 1])
    # On x1 = 0 the third class has x2 more: its part is the half x2 <= 0.
    part = of(layer_of((1, 0, 1e16), (-1, 0, 1e16), (0, 1, 1e16)), "A", "B").part
    ends = [end for end in (part.start, part.end) if math.isfinite(end)]
    assert ends == [0]
    assert part.at(part.start + 1 if math.isfinite(part.start) else part.end - 1)[1] == -1


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("weights", [(0.1, 0.3), (0.7, -0.3), (0.11, 0.13), (1 / 3, 1 / 7)])
def test_parallel_lines_separate_along_their_whole_length_or_nowhere(weights, scale):
    # With t = weights . x the classes have 0, t and 3 t - 2: they are equal at t = 0, 1 (where B and C meet) and 2/3, where B
    # has 2/3 more than A and C. Rounding of the weights times the scale does not cut the lines.
    v = scale * np.array(weights)
    layer = layer_of((0, 0, 0), (*v, 0), (*(3 * v), -2 * scale))
    for pair in (("A", "B"), ("B", "C")):
        part = of(layer, *pair).part
        assert (part.start, part.end) == (-math.inf, math.inf)
    assert of(layer, "A", "C").part is None


def test_whether_a_boundary_separates_is_a_truth_value_in_json():
    equal = of(layer_of((1, 2, 0), (1, 2, 1)), "A", "B")
    assert json.loads(json.dumps(equal.to_dict()))["separates"] is False
    assert json.loads(json.dumps(of(layer_of((1, 2, 0), (1, 3, 1)), "A", "B").to_dict()))["separates"] is True


# ---- Parts of lines.


@pytest.mark.parametrize(
    ("interval", "offset", "slope", "unsure", "flat", "expected"),
    [
        ((-1.0, 1.0), 0.5, 0.0, 0.0, 0.0, (-1.0, 1.0)),  # 0.5 >= 0 everywhere
        ((-1.0, 1.0), -0.5, 0.0, 0.0, 0.0, None),
        ((-1.0, 1.0), 0.0, 0.0, 0.0, 0.0, (-1.0, 1.0)),
        ((-1.0, 1.0), -1.0, 1.0, 1.0, 1.0, (-1.0, 1.0)),  # a slope and an offset of the size of their rounding are 0
        ((-1.0, 1.0), -1.5, 1.0, 1.0, 1.0, None),
        ((-1.0, 4.0), -1.0, 2.0, 0.0, 0.0, (0.5, 4.0)),  # 2 t >= 1
        ((-1.0, 4.0), 6.0, -2.0, 0.0, 0.0, (-1.0, 3.0)),  # 2 t <= 6
        ((-math.inf, math.inf), 3.0, 2.0, 0.0, 0.0, (-1.5, math.inf)),
        ((-1.0, 4.0), -8.0, 2.0, 0.0, 0.0, (4.0, 4.0)),  # t >= 4 leaves the end alone
        ((-1.0, 4.0), -9.0, 2.0, 0.0, 0.0, None),  # t >= 4.5 leaves nothing
        ((-1.0, 4.0), -9.0, 2.0, 1.0, 0.0, (4.5, 4.5)),  # but t is unsure by 1 / 2
        ((-1.0, 4.0), -9.0, 2.0, 0.875, 0.0, None),  # by 0.4375 it does not reach
        ((-1.0, 4.0), -9.0, 2.0, 0.0, 0.25, (4.5, 4.5)),  # by 0.25 * 4.5 / 2 = 0.5625 it does
        ((-1.0, 4.0), -9.0, 2.0, 0.0, 0.125, None),  # by half of that it does not
    ],
    ids=str,
)
def test_cuts_worked_by_hand(interval, offset, slope, unsure, flat, expected):
    assert cut(interval, offset, slope, unsure, flat) == expected


# ---- Other than 2 inputs.


def test_with_1_input_a_boundary_is_a_point():
    # u_A = -x, u_B = 0.5, u_C = x: A-B at x = -0.5, B-C at 0.5; A-C at 0, where B has more.
    layer = layer_of((-1, 0), (0, 0.5), (1, 0))
    found = {boundary.classes: boundary for boundary in boundaries(layer)}
    places = {pair: -boundary.coefficients[1] / boundary.coefficients[0] for pair, boundary in found.items()}
    assert places == {("A", "B"): -0.5, ("A", "C"): 0, ("B", "C"): 0.5}
    assert {pair: boundary.separates for pair, boundary in found.items()} == {
        ("A", "B"): True, ("A", "C"): False, ("B", "C"): True,
    }  # fmt: skip
    assert all(boundary.part is None for boundary in found.values())
    assert found["A", "B"].equation() == "-1.00 x1 - 0.50 = 0"


def test_with_3_inputs_a_boundary_separates_where_no_other_class_has_more():
    # u_A = x1, u_B = -x1: on x1 = 0 both are 0, and u_C = x2 + x3 - 9 has less at the origin; u_D = 1 has more everywhere.
    scores = ((1, 0, 0, 0), (-1, 0, 0, 0), (0, 1, 1, -9), (0, 0, 0, 1))
    assert of(layer_of(*scores[:2]), "A", "B").separates
    assert of(layer_of(*scores[:3]), "A", "B").separates
    assert of(layer_of(*scores[:3]), "A", "B").part is None
    assert not of(layer_of(*scores), "A", "B").separates
    # The scale of the scores does not matter; nor does a fifth class equal to A.
    assert not of(layer_of(*(np.array(scores) * 1e9)), "A", "B").separates
    assert of(layer_of(*scores[:3], scores[0]), "A", "B").separates


def test_with_3_inputs_a_boundary_off_the_origin_separates_where_no_other_class_has_more():
    # u_A = x1 - 5, u_B = 5 - x1: on x1 = 5 both are 0. There u_C = 3 x1 - 14 = 1 has more, and 3 x1 - 16 = -1 has less.
    pair = ((1, 0, 0, -5), (-1, 0, 0, 5))
    assert not of(layer_of(*pair, (3, 0, 0, -14)), "A", "B").separates
    assert of(layer_of(*pair, (3, 0, 0, -16)), "A", "B").separates


def test_coefficients_within_rounding_of_the_largest_are_written_as_0():
    # A unit of rounding is 16 * 2.2e-16 of the largest: 3.6e-12 of 1000.
    assert linear_form(np.array([1e3, 1e-12, 0.0]), ["a", "b"]) == "1000.00 a + 0.00 b + 0.00"
    assert linear_form(np.array([1e3, -1e-11, 0.0]), ["a", "b"]) == "1000.00 a - 1e-11 b + 0.00"
    unit = 2.0**-52
    assert linear_form(np.array([1.0, 16 * unit, 0.0]), ["a", "b"]) == "1.00 a + 0.00 b + 0.00"
    assert linear_form(np.array([1.0, 17 * unit, 0.0]), ["a", "b"]) == "1.00 a + 3.8e-15 b + 0.00"


def test_a_small_coefficient_has_as_many_digits_as_decimals_and_at_least_one():
    coefficients = np.array([1.0, 0.001234, -2.0])
    assert linear_form(coefficients, ["a", "b"], 2) == "1.00 a + 0.0012 b - 2.00"
    assert linear_form(coefficients, ["a", "b"], 1) == "1.0 a + 0.001 b - 2.0"
    assert linear_form(coefficients, ["a", "b"], 0) == "1 a + 0.001 b - 2"


def test_a_line_is_asked_of_2_inputs():
    for inputs in (1, 3):
        boundary = of(layer_of([1.0] * inputs + [0.0], [0.0] * inputs + [1.0]), "A", "B")
        for ask in (boundary.line, lambda boundary=boundary: clip(boundary, (0, 1), (0, 1))):
            with refused("boundary to draw", "2 inputs", f"{inputs} inputs", "Use its coefficients."):
                ask()


# ---- Inside a box.


@given(
    plane_layers(), st.tuples(eighths, eighths), st.tuples(eighths.filter(bool), eighths.filter(bool)), st.booleans()
)
def test_clipped_ends_are_on_the_line_and_in_the_box_and_nothing_between_is_lost(layer, corner, extent, whole):
    limits = [(low, low + abs(size)) for low, size in zip(corner, extent, strict=True)]
    for boundary in boundaries(layer):
        ends = clip(boundary, *limits, whole=whole)
        shown = boundary.line() if whole else boundary.part
        if shown is None:
            assert ends is None
            continue
        # Rounding: coordinates of size 10, coefficients of size 6.
        near = 1e-12
        if ends is not None:
            for end in ends:
                assert value(boundary, end) == pytest.approx(0, abs=100 * near)
                assert all(low - near <= x <= high + near for x, (low, high) in zip(end, limits, strict=True))
            reached = [float((end - shown.point) @ shown.direction) for end in ends]
            assert shown.start - near <= reached[0] <= reached[1] <= shown.end + near
        for t in np.linspace(-12, 12, 97):
            inside = shown.start < t < shown.end and all(
                low + near < x < high - near for x, (low, high) in zip(shown.at(t), limits, strict=True)
            )
            if inside:
                assert ends is not None
                assert reached[0] - near <= t <= reached[1] + near


def test_clips_worked_by_hand():
    # A-B: x1 - x2 = 0 where C, u_C = -x1 - x2, has no more: x1 + x2 + x1 >= 0 on x1 = x2, so from the origin on.
    layer = layer_of((1, 0, 0), (0, 1, 0), (-1, -1, 0))
    boundary = of(layer, "A", "B")
    box = {"x_limits": (-1, 3), "y_limits": (-4, 2)}
    assert_allclose(clip(boundary, **box), [[0, 0], [2, 2]], atol=1e-15)  # multiples of sqrt(1/2), rounded
    assert_allclose(clip(boundary, **box, whole=True), [[-1, -1], [2, 2]], atol=1e-15)
    assert clip(boundary, (-3, -2), (-3, -2)) is None
    assert clip(boundary, (-3, -2), (-3, -2), whole=True) is not None
    assert clip(boundary, (1, 2), (3, 4), whole=True) is None


def test_a_line_through_a_corner_of_the_box_is_clipped_to_a_point():
    boundary = of(layer_of((0.3, 0.3, -0.3), (0, 0, 0)), "A", "B")  # x1 + x2 = 1
    assert_allclose(clip(boundary, (0.5, 2), (0.5, 2)), [[0.5, 0.5], [0.5, 0.5]], rtol=1e-14)


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0,), (0, 1, 2)])
def test_limits_increase(limits):
    boundary = of(layer_of((1, 0, 0), (0, 1, 0)), "A", "B")
    for name, box in {"x limits": (limits, (0, 1)), "y limits": ((0, 1), limits)}.items():
        with refused(name, "be two increasing numbers", str([float(x) for x in limits]), "Give (smallest, largest)."):
            clip(boundary, *box)
    with refused("x limits", "finite numbers", "nan", "Remove or fill it."):
        clip(boundary, (0, np.nan), (0, 1))


# ---- As text and as plain values.


@pytest.mark.parametrize(
    ("coefficients", "decimals", "text"),
    [
        ((3.25, 6.29, -13.63), 2, "3.25 x1 + 6.29 x2 - 13.63 = 0"),
        ((-7.59, 3.13, 3.79), 2, "-7.59 x1 + 3.13 x2 + 3.79 = 0"),
        ((-0.004, -0.004, -0.004), 2, "-0.004 x1 - 0.004 x2 - 0.004 = 0"),
        ((-0.006, -0.0, -0.006), 2, "-0.01 x1 + 0.00 x2 - 0.01 = 0"),
        ((1.5, -2.5, 0.0), 0, "2 x1 - 2 x2 + 0 = 0"),
        ((-1.0, 2.0), 1, "-1.0 x1 + 2.0 = 0"),
        ((1.0, -2.0, 3.0, -4.0), 3, "1.000 x1 - 2.000 x2 + 3.000 x3 - 4.000 = 0"),
    ],
)
def test_the_equation_as_text(coefficients, decimals, text):
    boundary = of(layer_of(coefficients, [0.0] * len(coefficients)), "A", "B")
    assert boundary.equation(decimals=decimals) == text


def test_the_equation_with_other_names():
    boundary = of(layer_of((1, -1, 2), (0, 0, 0)), "A", "B")
    assert boundary.equation(["length", "width"]) == "1.00 length - 1.00 width + 2.00 = 0"
    with refused("names", "be 2, one for each input", "3", "Give one name an input."):
        boundary.equation(["a", "b", "c"])
    with refused("decimals", "whole number of at least 0", "-1", "2 is usual."):
        boundary.equation(decimals=-1)


def test_a_boundary_as_plain_values():
    # C, u_C = -2 x1 - 2 x2, has less than A on x1 = x2 from the origin on: 2 t / sqrt(2) >= 0 in the direction (1, 1).
    layer = layer_of((1, 0, 0), (0, 1, 0), (-1, -1, 0))
    found = json.loads(json.dumps(of(layer, "A", "B").to_dict(), allow_nan=False))
    assert list(found) == ["classes", "coefficients", "equation", "separates", "part"]
    assert found["classes"] == ["A", "B"]
    assert found["coefficients"] == [1, -1, 0]
    assert found["equation"] == "1.00 x1 - 1.00 x2 + 0.00 = 0"
    assert found["separates"] is True
    assert found["part"]["point"] == [0, 0]
    assert found["part"]["direction"] == pytest.approx([math.sqrt(0.5)] * 2)
    assert (found["part"]["start"], found["part"]["end"]) == (0, None)
    # A-C: 2 x1 + x2 = 0 with the direction (-1, 2) / sqrt(5); u_A - u_B = x1 - x2 is at least 0 for t <= 0.
    part = of(layer, "A", "C").to_dict()["part"]
    assert (part["start"], part["end"]) == (None, 0)
    assert of(layer_of((1, 0, 0), (-1, 0, 0), (0, 0, 1)), "A", "B").to_dict()["part"] is None


@given(plane_layers(), st.permutations(range(5)))
def test_relabelled_classes_keep_their_lines(layer, order):
    assume(layer.neurons >= 3)
    order = [k for k in order if k < layer.neurons]
    names = [f"class {k}" for k in order]
    shuffled = SoftmaxLayer(layer.weights[:, order], layer.biases[order], classes=names)
    separate = {frozenset(b.classes): b for b in boundaries(shuffled)}
    for boundary in boundaries(layer):
        other = separate[frozenset(f"class {k}" for k in boundary.classes)]
        sign = 1 if other.classes == tuple(f"class {k}" for k in boundary.classes) else -1
        assert_array_equal(other.coefficients, sign * boundary.coefficients)
        assert (other.part is None) == (boundary.part is None)


# ---- Kinds of layer of one's own; how boundaries show themselves.


def test_something_that_is_not_a_layer_is_refused_with_what_to_give():
    with refused("layer", "be a Layer", "None", "Give a layer, such as problem.layer or run.layer."):
        boundaries(None)


def test_a_kind_of_ones_own_is_refused_by_name():
    class Ranked(SoftmaxLayer):
        kind = "ranked"

    with refused("layer", "a softmax or logistic layer's rule", "a ranked layer", "Give a softmax layer"):
        boundaries(Ranked([[1.0, 2.0]], [0.0, 0.0], classes=["a", "b"]))


def test_a_boundary_shows_itself_briefly():
    boundary = of(layer_of((1, 0, 0), (-1, 0, 0.5)), "A", "B")
    assert repr(boundary) == "<Boundary of 'A' and 'B': 2.00 x1 + 0.00 x2 - 0.50 = 0>"
    assert str(boundary) == "A | B: 2.00 x1 + 0.00 x2 - 0.50 = 0"
    assert boundary._repr_html_() == f"<p>{boundary}</p>"
    hidden = of(layer_of((1, 0, 0), (-1, 0, 0), (0, 0, 1)), "A", "B")
    assert str(hidden).endswith("= 0 (another class has more everywhere on it)")


# ---- Figures of any size.


@pytest.mark.parametrize("exponent", [-1000, -290, 290, 1000])
def test_boundaries_do_not_depend_on_the_unit_of_the_synaptic_inputs(exponent):
    """All weights and biases times a power of two: the same lines, to the bit."""
    layer = SoftmaxLayer([[1.5, -2.0, 0.25], [0.5, 6.25, -1.0]], [-3.5, 0.0, 1.0], classes=["A", "B", "C"])
    scaled = layer.with_parameters(np.ldexp(layer.weights, exponent), np.ldexp(layer.biases, exponent))
    for found, expected in zip(boundaries(scaled), boundaries(layer), strict=True):
        assert_array_equal(np.ldexp(found.coefficients, -exponent), expected.coefficients)
        assert found.separates == expected.separates
        assert (found.part is None) == (expected.part is None)
        if found.part is not None:
            assert_array_equal(found.part.point, expected.part.point)
            assert_array_equal(found.part.direction, expected.part.direction)
            assert (found.part.start, found.part.end) == (expected.part.start, expected.part.end)


def test_a_line_that_is_farther_away_than_float64_reaches_is_none():
    (found,) = boundaries(SoftmaxLayer([[1e-300, 0.0], [0.0, 0.0]], [1e300, 0.0], classes=["A", "B"]))
    assert found.line() is None
    assert found.part is None
    assert not found.separates


def test_differences_that_overflow_are_refused():
    layer = SoftmaxLayer([[1.5e308, -1.5e308], [0.0, 1.0]], [0.0, 0.0], classes=["A", "B"])
    with refused("layer", "differences fit float64", "1.5e+308 as the largest", "smaller by one factor"):
        boundaries(layer)
