"""Decision regions agree with the layer."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal

from deltarule import plots
from deltarule.errors import InputError
from deltarule.layers import LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.plots.appearance import FAINT, WIDTH
from deltarule.plots.polygons import regions
from figures_read import PRINTED, SVG, assert_outside, legend_names, placed
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_LAYER as FIRST
from samples import QUESTION_1_X as X


def area(corners):
    """Of a polygon with corners anticlockwise: the shoelace formula."""
    x, y = corners.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) if len(corners) else 0.0


def inside(corners, points):
    """Naive: on the left of every side of an anticlockwise convex polygon."""
    found = np.full(len(points), len(corners) > 0)
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        found &= (b[0] - a[0]) * (points[:, 1] - a[1]) - (b[1] - a[1]) * (points[:, 0] - a[0]) >= 0
    return found


numbers = st.floats(-3, 3).map(lambda value: round(value, 2))


@settings(max_examples=25)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_regions_cover_the_box_and_agree_with_the_layer(columns, seed):
    scores = np.array(columns)
    if len(np.unique(scores, axis=0)) < len(scores):
        return  # equal neurons share a region
    layer = SoftmaxLayer(scores[:, :2].T, scores[:, 2], classes=range(len(scores)))
    found = regions(scores, (-2.0, 3.0), (-1.0, 1.0))
    assert_allclose(
        sum(map(area, found)), 10.0, rtol=1e-9
    )  # a few roundings a cut; cuts of nearly equal scores amplify them
    points = np.random.default_rng(seed).uniform([-2, -1], [3, 1], (200, 2))
    U = np.sort(layer.synaptic_input(points), axis=1)
    clear = U[:, -1] - U[:, -2] > 1e-9  # on a boundary, either side is right
    predicted = layer.predict(points)
    for place, corners in enumerate(found):
        assert_array_equal(inside(corners, points)[clear], (predicted == place)[clear])


def test_regions_of_one_logistic_neuron_and_of_one_against_the_rest():
    # u = 2 x1 - 1: the second class where x1 > 1/2. The box is [0, 1] x [0, 1].
    one = LogisticLayer([[2.0], [0.0]], [-1.0], classes=["no", "yes"])
    plane = plots.decision_regions(one, [[0, 0], [1, 1]], ["no", "no"], x_limits=(0, 1), y_limits=(0, 1))
    assert [area(corners) for corners in plane.polygons] == [0.5, 0.5]
    assert plane.polygons[1][:, 0].min() == 0.5
    assert plane.wrong.tolist() == [False, True]
    assert sorted(plane.boundaries[0].tolist()) == [[0.5, 0], [0.5, 1]]
    assert plane.continuations == (None,)  # all of the line separates
    rest = LogisticLayer([[1.0, 0.0, -1.0], [0.0, 1.0, 0.0]], [0.0, 0.0, 0.0], classes=[1, 2, 3])
    plane = plots.decision_regions(rest, X, np.ones(18, dtype=int))
    points = np.random.default_rng(0).uniform([-3, -1], [4, 4], (300, 2))
    for label, corners in zip(plane.classes, plane.polygons, strict=True):
        assert_array_equal(inside(corners, points), rest.predict(points) == label)


def test_a_class_that_wins_nowhere_has_no_region():
    # u = (x1, -x1, -9): the third class needs x1 < -9 and x1 > 9.
    layer = SoftmaxLayer([[1.0, -1.0, 0.0], [0.0, 0.0, 0.0]], [0.0, 0.0, -9.0], classes=["a", "b", "c"])
    plane = plots.decision_regions(layer, [[-1, -1], [1, 1]], ["b", "c"])
    assert plane.polygons[2].shape == (0, 2)
    figure = plane.draw()
    assert [text.get_text() for text in figure.axes[0].texts] == ["a", "b"]
    assert len(figure.axes[0].patches) == 2


def test_the_plane_of_question_1_is_drawn_as_it_is():
    plane = plots.decision_regions(PRINTED, X, LABELS)
    figure = placed(plane.draw())
    (axes,) = figure.axes
    # Markers: a shape and colour a class, at the places of its patterns.
    markers = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert len(markers) == 3
    for label, line in zip("ABC", markers, strict=True):
        assert_array_equal(line.get_xydata(), X[np.array(LABELS) == label])
    assert len({line.get_marker() for line in markers}) == 3
    assert len({to_hex(line.get_markerfacecolor()) for line in markers}) == 3
    # Boundaries: u_i = u_k along them, and both are the largest.
    solid = [line.get_xydata() for line in axes.lines if line.get_linestyle() == "-"]
    assert len(solid) == 3
    for segment, (i, k) in zip(solid, [(0, 1), (0, 2), (1, 2)], strict=True):
        U = PRINTED.synaptic_input(segment)
        assert_allclose(U[:, i], U[:, k], atol=1e-12)  # of figures around 10, in double precision
        assert_allclose(U[:, i], U.max(axis=1), atol=1e-12)
    # Their continuations, dashed and faint, reach beyond them to the edge of the box.
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert {line.get_color() for line in dashed} == {FAINT}
    for line, segment in zip(dashed, solid, strict=True):
        assert np.linalg.norm(np.diff(line.get_xydata(), axis=0)) > np.linalg.norm(np.diff(segment, axis=0))
    legend = axes.get_legend()
    assert legend_names(legend) == ["A", "B", "C", "boundary", "its continuation"]
    assert_outside(legend, figure)
    assert axes.get_xlim() == plane.x_limits
    assert np.all(
        (plane.points > [plane.x_limits[0], plane.y_limits[0]])
        & (plane.points < [plane.x_limits[1], plane.y_limits[1]])
    )
    assert [text.get_text() for text in axes.texts] == ["A", "B", "C"]
    # Each name stands in its own region, clear of the patterns.
    for text in axes.texts:
        place = np.array([text.get_position()])
        assert PRINTED.predict(place) == [text.get_text()]
        assert np.hypot(*(X - place).T).min() > 0.4


@pytest.mark.parametrize("width", [2.2, 6.0])
@pytest.mark.parametrize("letters", [1, 6, 16, 40])
@pytest.mark.parametrize("equal", [False, True])
def test_a_name_lies_in_its_region_clear_of_patterns_and_is_left_out_where_none_can(letters, width, equal):
    classes = [letter * letters for letter in "ABC"]
    layer = PRINTED.with_parameters(PRINTED.weights, PRINTED.biases)
    layer = SoftmaxLayer(layer.weights, layer.biases, classes=classes)
    figure = Figure(figsize=(width, width))
    axes = figure.subplots()
    plots.decision_regions(layer, X, [classes["ABC".index(label)] for label in LABELS]).draw(axes, equal=equal)
    figure.canvas.draw()
    assert axes.texts or letters > 6 or width < 3
    for text in axes.texts:
        box = text.get_window_extent().transformed(axes.transData.inverted())
        corners = np.array([[x, y] for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
        assert list(layer.predict(corners)) == [text.get_text()] * 4
        assert not any(box.contains(*point) for point in X)


def test_a_long_name_stands_on_a_continuation_where_there_is_no_other_room():
    layer = SoftmaxLayer([[-2.0, 0.0, 2.0], [0.0, 0.0, 0.0]], [-1.0, 0.0, -1.0], classes=["left", "long" * 4, "right"])
    points, labels = [[-2.0, 0.0], [0.0, 1.0], [2.0, 0.0]], ["left", "long" * 4, "right"]
    plane = plots.decision_regions(layer, points, labels, x_limits=(-1.2, 1.2), y_limits=(-1, 1))
    assert any(line.get_linestyle() == "--" for line in plane.draw().axes[0].lines)
    assert "long" * 4 in [text.get_text() for text in plane.draw().axes[0].texts]


def test_ringed_patterns_are_exactly_the_wrong_ones():
    plane = plots.decision_regions(FIRST, X, LABELS)
    wrong = FIRST.predict(X) != np.array(LABELS)
    assert wrong.sum() == 14  # what the handout prints
    axes = plane.draw(legend=True).axes[0]
    (ring,) = (line for line in axes.lines if line.get_markerfacecolor() == "none")
    assert_array_equal(ring.get_xydata(), X[wrong])
    assert "misclassified" in legend_names(axes.get_legend())
    assert plane.draw(legend=False, name_regions=False).axes[0].get_legend() is None


def test_equal_units_are_as_long_on_both_axes():
    figure = placed(plots.decision_regions(PRINTED, X, LABELS).draw(equal=True))
    box, (left, right), (low, high) = (
        figure.axes[0].get_window_extent(),
        figure.axes[0].get_xlim(),
        figure.axes[0].get_ylim(),
    )
    assert_allclose(box.width / (right - left), box.height / (high - low), rtol=1e-9)
    # A band is not drawn as a thread: limits of 10 to 1 leave a third of the width.
    flat = plots.decision_regions(PRINTED, X, LABELS, x_limits=(-50, 50), y_limits=(-1, 1)).draw(equal=True)
    assert flat.get_figheight() > 0.3 * (WIDTH - 0.6)


def test_a_plane_of_more_inputs_holds_the_others_still():
    rng = np.random.default_rng(2)
    layer = SoftmaxLayer(rng.normal(size=(4, 3)), rng.normal(size=3), classes=["a", "b", "c"])
    data, targets = rng.normal(size=(30, 4)), rng.choice(["a", "b", "c"], 30)
    at = np.array([9.0, 0.5, 9.0, -0.5])  # entries of the plane's own inputs do not matter
    plane = plots.decision_regions(layer, data, targets, inputs=(2, 0), at=at, names=("three", "one"))
    assert_array_equal(plane.points, data[:, [2, 0]])
    assert_array_equal(plane.wrong, layer.predict(data) != targets)
    probes = rng.uniform([plane.x_limits[0], plane.y_limits[0]], [plane.x_limits[1], plane.y_limits[1]], (200, 2))
    full = np.tile(at, (200, 1))
    full[:, 2], full[:, 0] = probes.T
    for label, corners in zip(plane.classes, plane.polygons, strict=True):
        assert_array_equal(inside(corners, probes), layer.predict(full) == label)
    # Left out, the others are at their means.
    means = plots.decision_regions(layer, data, targets, inputs=(2, 0), at=data.mean(axis=0))
    assert_array_equal(means.polygons[0], plots.decision_regions(layer, data, targets, inputs=(2, 0)).polygons[0])


def test_labels_of_any_kind_are_shown():
    layer = SoftmaxLayer([[1.0, -1.0], [0.5, 0.0]], [0.0, 0.0], classes=['$5 <a> & "b"', ("x", 2)])
    plane = plots.decision_regions(layer, [[1, 1], [-1, 0]], [[1, 0], [0, 1]])  # one-hot rows
    assert plane.places.tolist() == [0, 1]
    root = ET.fromstring(plots.svg_text(plane))
    assert '$5 <a> & "b"' in [text.text for text in root.iter(f"{SVG}text")]


def test_data_without_extent_still_get_a_box():
    plane = plots.decision_regions(PRINTED, [[1.0, 2.0]], ["A"])
    assert (plane.x_limits, plane.y_limits) == ((0.0, 2.0), (1.0, 3.0))


def test_planes_share_one_legend_and_empty_places_vanish():
    planes = [plots.decision_regions(layer, X, LABELS) for layer in (PRINTED, FIRST, PRINTED, FIRST, PRINTED)]
    figure = placed(plots.grid(planes))
    assert len(figure.axes) == 5
    assert all(axes.get_legend() is None for axes in figure.axes)
    (legend,) = figure.legends
    assert sorted(legend_names(legend)) == ["A", "B", "C", "boundary", "its continuation", "misclassified"]
    assert_outside(legend, figure)
    positions = [axes.get_position() for axes in figure.axes]
    assert positions[0].y0 > positions[3].y0  # three in the first row
    assert positions[2].y0 == positions[0].y0
    narrow = plots.grid(planes[:2], columns=2, equal=True)
    assert narrow.get_figwidth() == WIDTH
    with pytest.raises(InputError, match="planes must be at least one, all of the same classes"):
        plots.grid([])


@pytest.mark.parametrize(
    ("layer", "options", "message"),
    [
        (PerceptronLayer([[1.0], [1.0]], [0.0]), {}, "layer must tell classes apart"),
        (LogisticLayer([[1.0], [1.0]], [0.0]), {}, "layer must tell classes apart"),
        (PRINTED, {"inputs": (0, 0)}, "two different ones of the 2 inputs, counted from 0. Got (0, 0)"),
        (PRINTED, {"inputs": (0, 2)}, "Got (0, 2). Give two, as in (0, 1)"),
        (PRINTED, {"inputs": (0, -1)}, "input of the plane must be a whole number of at least 0. Got -1"),
        (PRINTED, {"names": ["only"]}, "names must be two, one for each axis. Got 1"),
        (PRINTED, {"at": [1.0]}, "place of the other inputs must have 2 numbers"),
        (PRINTED, {"x_limits": (3, 1)}, "x limits must be two increasing numbers"),
    ],
)
def test_planes_that_cannot_be_drawn_are_errors(layer, options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        plots.decision_regions(layer, X, LABELS, **options)


@pytest.mark.parametrize("largest", [1e308, -1.7e308])
def test_numbers_too_large_to_draw_are_refused_by_name(largest):
    with pytest.raises(InputError, match=re.escape(f"at most 1e+300. Got {largest:g}. Give them in another unit.")):
        plots.decision_regions(FIRST, [[largest, 1.0], [0.0, 2.0]], LABELS[:2])
    with pytest.raises(
        InputError, match=re.escape("x_limits must be at most 1e+300. Got (0, 1e+301). Give smaller limits.")
    ):
        plots.decision_regions(FIRST, X, LABELS, x_limits=(0, 1e301))
    assert plots.decision_regions(FIRST, [[1e300, 1.0], [0.0, 2.0]], LABELS[:2]).x_limits[1] > 1e300
