"""Figures show what they say: lines, regions, marks and legends are read back from what is drawn."""

import base64
import dataclasses
import io
import itertools
import pkgutil
import re
import subprocess
import sys
import tracemalloc
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal

from deltarule import plots
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.plots.appearance import CLASS_COLOURS, FAINT, LINE_COLOURS, WIDTH
from deltarule.plots.axis import power_text
from deltarule.plots.decimation import thinned
from deltarule.plots.polygons import clear_place, regions
from deltarule.plots.strip_figure import spread
from deltarule.training import train
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_LAYER as FIRST
from samples import QUESTION_1_X as X

SVG = "{http://www.w3.org/2000/svg}"

# What the handout prints for question 1 at convergence, beside its first layer.
PRINTED = SoftmaxLayer([[-0.15, -3.41, 4.18], [5.27, -1.02, -4.15]], [-7.82, 5.81, 2.02], classes=["A", "B", "C"])


@pytest.fixture(scope="module")
def run():
    """A run with classes and a validation set."""
    return train(FIRST, X, LABELS, Descent(0.05, epochs=40), "direct", validation=(X[::2], LABELS[::2]))


def lines_of(axes):
    """The lines with data drawn into axes, by label (not those of references and marks)."""
    return {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}


def legend_names(legend):
    return [text.get_text() for text in legend.get_texts()]


def placed(figure):
    """The figure, laid out as it will be saved."""
    figure.draw_without_rendering()
    return figure


def assert_outside(legend, figure):
    """A legend lies inside the figure and covers no axes."""
    box = legend.get_window_extent()
    for axes in figure.axes:
        data = axes.get_window_extent()
        assert box.y0 >= data.y1 or box.y1 <= data.y0 or box.x0 >= data.x1
    assert box.x0 >= -1
    assert box.x1 <= figure.bbox.width + 1
    assert box.y1 <= figure.bbox.height + 1


# ---- Thinning


def naive_needed(x, y, columns):
    """Plain loops: in each column of the x axis the first, last, lowest and highest y."""
    buckets = {}
    for place, at in enumerate(x):
        column = min(int((at - x[0]) / (x[-1] - x[0]) * columns), columns - 1)
        buckets.setdefault(column, []).append(place)
    return [
        (y[places[0]], y[places[-1]], min(y[p] for p in places), max(y[p] for p in places))
        for places in buckets.values()
    ]


def test_thinning_keeps_ends_and_extremes_of_every_column():
    rng = np.random.default_rng(5)
    x = np.sort(rng.uniform(0, 100, 3000))
    y = rng.normal(size=3000)
    kept = thinned(x, y, columns=50)
    assert len(kept) <= 4 * 50
    assert kept[0] == 0
    assert kept[-1] == 2999
    # The same four values a column from all points and from those kept: x[0] and x[-1] are, so columns are the same.
    assert naive_needed(x[kept], y[kept], 50) == naive_needed(x, y, 50)


def test_thinning_on_a_logarithmic_axis_takes_equal_columns_of_it():
    x, y = np.arange(20_001.0), np.cos(np.arange(20_001.0))
    kept = thinned(x, y, log=True, columns=40)
    assert kept[0] == 1  # 0 cannot be seen there
    assert naive_needed(np.log(x[kept]), y[kept], 40) == naive_needed(np.log(x[1:]), y[1:], 40)
    # A decade of few points keeps them all: 1 to 9 take up a quarter of the axis.
    assert set(range(1, 10)) <= set(kept.tolist())


def test_short_and_unsorted_lines_keep_every_point():
    assert_array_equal(thinned(np.arange(200.0), np.zeros(200), columns=50), np.arange(200))
    unsorted = np.array([*range(300), 0.0])
    assert_array_equal(thinned(unsorted, unsorted, columns=50), np.arange(301))


def test_a_thinned_line_covers_the_same_pixels():
    x = np.arange(30_000.0)
    y = np.random.default_rng(0).normal(size=30_000)
    kept = thinned(x, y, columns=300)

    def pixels(chosen):
        figure = Figure(figsize=(3, 1), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 29_999), ylim=(-5, 5))
        axes.set_axis_off()
        axes.plot(x[chosen], y[chosen], color="black", linewidth=1)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="rgba")
        return np.frombuffer(buffer.getvalue(), np.uint8)[::4] < 128

    # The joints between columns may differ by an antialiased pixel.
    assert np.mean(pixels(slice(None)) != pixels(kept)) < 0.01


# ---- Learning curves


def test_learning_curves_draw_the_history(run):
    figure = placed(plots.learning_curves(run, cost_label="cross-entropy").draw())
    cost, accuracy = figure.axes
    drawn = lines_of(cost)
    assert_array_equal(drawn["training"].get_xdata(), np.arange(41))
    assert_array_equal(drawn["training"].get_ydata(), run.history.cost)
    assert_array_equal(drawn["validation"].get_ydata(), run.history.validation_cost)
    assert_array_equal(lines_of(accuracy)["training"].get_ydata(), run.history.accuracy)
    assert cost.get_ylabel() == "cross-entropy"
    assert accuracy.get_ylabel() == "accuracy"
    assert accuracy.get_xlabel() == "epoch"
    assert drawn["training"].get_color() != drawn["validation"].get_color()
    assert drawn["training"].is_dashed() != drawn["validation"].is_dashed()
    assert legend_names(cost.get_legend()) == ["training", "validation"]
    assert accuracy.get_legend() is None  # it would say the same
    assert_outside(cost.get_legend(), figure)


@pytest.mark.parametrize(
    ("layer", "targets"), [(FIRST, LABELS), (LinearLayer.random(2, 2, seed=0), np.column_stack([X[:, 0], X.sum(1)]))]
)
def test_means_are_the_costs_of_the_reduction_mean(layer, targets):
    """Of both sets, which are of different sizes: a sum over 18 patterns and one over 9 do not compare."""
    half = slice(None, None, 2)
    validation = (X[half], targets[half])
    weights = np.arange(1, 19) % 3
    run = train(layer, X, targets, Descent(1e-3, epochs=5), "direct", validation=validation, sample_weight=weights)
    training, followed = plots.learning_curves(run, mean=True).panels[0].lines
    # The last epoch's layer, its costs computed anew in the other reduction.
    assert training.y[-1] == pytest.approx(run.layer.cost(X, targets, "mean", sample_weight=weights), rel=1e-12)
    assert followed.y[-1] == pytest.approx(run.layer.cost(*validation, "mean"), rel=1e-12)
    mean = train(layer, X, targets, Descent(1e-3, epochs=5, reduction="mean"), "direct", validation=validation)
    assert_array_equal(plots.learning_curves(mean, mean=True).panels[0].lines[1].y, mean.history.validation_cost)


def test_costs_that_do_not_turn_into_means_are_errors(run):
    decayed = train(FIRST, X, LABELS, Descent(0.05, epochs=2, weight_decay=0.5), "direct")
    with pytest.raises(
        InputError, match=r"weight decay of a mean cost must be 0 .* Got 0\.5\. Train with reduction='mean'"
    ):
        plots.learning_curves(decayed, mean=True)
    with pytest.raises(InputError, match=r"must be Runs where costs are means\. Got a History.* Give the run itself"):
        plots.learning_curves(run.history, mean=True)


def test_errors_and_accuracy_are_steps_and_costs_are_not(run):
    for count in ("errors", "accuracy"):
        cost, counts = plots.learning_curves(run, count=count).draw().axes
        assert {line.get_drawstyle() for line in lines_of(counts).values()} == {"steps-post"}
        assert {line.get_drawstyle() for line in lines_of(cost).values()} == {"default"}


def test_several_runs_have_a_colour_each_and_dashes_for_validation(run):
    alone = train(FIRST, X, LABELS, Descent(0.2, epochs=5), "direct")
    display = plots.learning_curves({"slow": run, "fast": alone.history}, count="errors")
    looks = [(line.label, line.colour, line.dashes) for line in display.panels[0].lines]
    assert [label for label, _, _ in looks] == ["slow, training", "slow, validation", "fast, training"]
    assert looks[0][1] != looks[1][1]
    assert looks[0][1] != looks[2][1]
    assert looks[0][2] == looks[2][2] != looks[1][2]
    assert_array_equal(display.panels[1].lines[0].y, run.history.errors)
    assert_array_equal(display.panels[1].lines[2].x, np.arange(6))
    errors = placed(display.draw()).axes[1]
    ticks = errors.get_yticks()
    assert_array_equal(ticks, np.round(ticks))  # errors are counted
    # Without a validation set anywhere, a run's label is enough.
    assert plots.learning_curves({"a": alone, "b": alone}).panels[0].lines[1].label == "b"


def test_a_layer_that_predicts_numbers_has_one_panel_and_marks_and_references_are_drawn():
    history = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], Descent(0.1, epochs=4), "direct")
    display = plots.learning_curves(history, log_y=True, references={"least": 0.01}, marks={"stop": 3})
    figure = display.draw()
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    assert legend_names(axes.get_legend()) == ["training", "least", "stop"]
    straight = [line.get_xydata().tolist() for line in axes.lines[1:]]
    assert straight == [[[0, 0.01], [1, 0.01]], [[3, 0], [3, 1]]]  # across and along the axes
    assert len(plots.learning_curves(history, count="none").panels) == 1


def test_a_validation_cost_that_is_not_finite_is_a_gap(run):
    broken = dataclasses.replace(run.history, validation_cost=np.where(np.arange(41) == 7, np.inf, 1.0))
    line = plots.learning_curves(broken).panels[0].lines[1]
    assert 7 not in line.x
    assert len(line.x) == 40


def test_long_runs_are_thinned_and_still_reach_every_extreme(run):
    cost = np.random.default_rng(1).uniform(1, 2, 50_001)
    cost[31_415] = 9.0
    long = dataclasses.replace(
        run.history, epoch=np.arange(50_001), cost=cost, validation_cost=None, accuracy=None, validation_accuracy=None
    )
    line = lines_of(plots.learning_curves(long, count="accuracy").draw().axes[0])["training"]
    assert len(line.get_xdata()) <= 4000
    assert [31_415, 9.0] in line.get_xydata().tolist()
    assert line.get_xdata()[[0, -1]].tolist() == [0, 50_000]


def test_runs_that_cannot_be_shown_are_errors(run):
    with pytest.raises(InputError, match=r"The runs must be at least one\. Got none"):
        plots.learning_curves({})
    with pytest.raises(InputError, match=r"The runs must be a Run, a History.* Got list"):
        plots.learning_curves([1.0, 0.5])
    empty = dataclasses.replace(run.history, epoch=np.array([], dtype=int), cost=np.array([]))
    with pytest.raises(InputError, match=r"The history of the run must have a recorded epoch"):
        plots.learning_curves(empty)
    with pytest.raises(InputError, match=r"count must be one of accuracy, errors, none.*Did you mean 'errors'"):
        plots.learning_curves(run, count="error")
    perfect = dataclasses.replace(run.history, cost=np.zeros(41), validation_cost=np.zeros(41))
    with pytest.raises(InputError, match=r"y of cost must have values above 0.*Leave out log_y"):
        plots.learning_curves(perfect, log_y=True)


# ---- Traces and batch sizes


def test_traces_draw_panels_that_share_x_and_looks():
    x = np.array([1.0, 10.0, 100.0])
    panels = {
        "angle": {"A-B": [3, 2, 1], "B-C": [4, 4, 4]},
        "norm": {"W": [1, 5, 9]},
        "gap": {"B-C": [0.1, 1, 10], "A-B": [1, 1, 1]},
    }
    display = plots.traces(x, panels, x_label="updates", log_x=True, log_y=["gap"], references={"angle": {"A-B": 0.5}})
    figure = placed(display.draw())
    angle, norm, gap = figure.axes
    assert_array_equal(lines_of(angle)["A-B"].get_xydata(), np.column_stack([x, [3, 2, 1]]))
    assert lines_of(gap)["B-C"].get_color() == lines_of(angle)["B-C"].get_color() != lines_of(angle)["A-B"].get_color()
    assert not lines_of(norm)["W"].is_dashed()  # alone
    assert [axes.get_yscale() for axes in figure.axes] == ["linear", "linear", "log"]
    assert {axes.get_xscale() for axes in figure.axes} == {"log"}
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "", "updates"]
    # The limit of a line is in its colour; the legend explains limits once, in none.
    limit = next(line for line in angle.lines if set(line.get_ydata()) == {0.5})
    assert limit.get_color() == lines_of(angle)["A-B"].get_color()
    assert legend_names(angle.get_legend()) == ["A-B", "B-C", "limit"]
    assert legend_names(norm.get_legend()) == ["W"]
    assert gap.get_legend() is None
    for axes in (angle, norm):
        assert_outside(axes.get_legend(), figure)


def test_a_line_named_as_its_panel_needs_no_legend():
    display = plots.traces([0, 1], {"cost": {"cost": [2, 1]}, "norm": {"norm": [1, 2]}}, marks={"stop": 1})
    first, second = display.draw().axes
    assert legend_names(first.get_legend()) == ["stop"]
    assert second.get_legend() is None


def test_panels_side_by_side_have_one_legend_above():
    panels = {name: {"direct": [1, 2], "compiled": [2, 1]} for name in ("cost", "accuracy", "time")}
    display = plots.traces([0, 1], panels, x_label="epoch", marks={"stop": 0.5})
    figure = placed(display.draw(columns=2))
    (legend,) = figure.legends
    assert legend_names(legend) == ["direct", "compiled", "stop"]
    assert_outside(legend, figure)
    assert len(figure.axes) == 3  # the fourth place is empty, not an empty frame
    assert [axes.get_xlabel() for axes in figure.axes] == ["epoch"] * 3


def test_repetitions_are_a_median_in_a_band():
    y = np.array([[3.0, 1.0, 2.0], [6.0, 4.0, 8.0]])
    display = plots.traces([0, 1], {"seeds": y}, y_label="cost")
    (line,) = display.panels[0].lines
    # Medians of {1, 2, 3} and {4, 6, 8}.
    assert line.y.tolist() == [2, 6]
    axes = display.draw().axes[0]
    corners = {tuple(corner) for corner in axes.collections[0].get_paths()[0].vertices.tolist()}
    assert {(0, 1), (0, 3), (1, 4), (1, 8)} == corners


def test_lines_are_drawn_into_given_axes():
    figure = Figure()
    given_axes = figure.subplots(2, 1)
    display = plots.traces([0, 1], {"a": {"one": [1, 2]}, "b": {"one": [2, 3]}})
    assert display.draw(given_axes) is figure
    assert [len(axes.lines) for axes in given_axes] == [1, 1]
    single = Figure().add_axes((0.1, 0.1, 0.8, 0.7))
    plots.traces([0, 1], {"one": [1, 2]}, x_label="x").draw(single)
    assert single.get_xlabel() == "x"
    with pytest.raises(InputError, match=r"axes must be 2, one for each panel\. Got 1"):
        display.draw(single)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, 2], {}), {}, "lines must be at least one"),
        (([1, 2], {"a": [1, 2], "b": {"c": [1, 2]}}), {}, "Got a mixture. Give each line a panel"),
        (([1, 2], {"a": [1, 2, 3]}), {}, "values of 'a' must be as many as x, 2. Got 3"),
        (([1, 2], {"a": [1, np.nan]}), {}, "values of 'a' must hold finite numbers"),
        (([1, 2], {"cost": {"a": [1, 2]}}), {"log_y": ["costs"]}, "Got 'costs'. Did you mean 'cost'?"),
        (([1, 2], {"cost": {"a": [1, 2]}}), {"references": {"time": {}}}, "must name panels. Got 'time'"),
        (([-1, 0], {"a": [1, 2]}), {"log_x": True}, "x of the lines must have values above 0"),
    ],
)
def test_lines_that_cannot_be_drawn_are_errors(arguments, options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        plots.traces(*arguments, **options)


def assert_apart(labels):
    """Tick labels of one line, the first or (after an empty one) the second, do not touch."""
    for lower in (False, True):
        boxes = [label.get_window_extent() for label in labels if label.get_text().startswith("\n") == lower]
        boxes.sort(key=lambda box: box.x0)
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))


def test_batch_sizes_are_ticks_with_spread_beside_them():
    sizes = [2, 4, 8, 16, 24, 32, 64, 90]
    rng = np.random.default_rng(0)
    time = {name: rng.uniform(1, 2, (8, 5)) for name in ("direct", "autograd", "compiled")}
    accuracy = {"training": rng.uniform(0.9, 1, 8), "test": rng.uniform(0.8, 0.9, (8, 3))}
    display = plots.against_batch_size(sizes, {"accuracy": accuracy, "time": time}, full=90, log_y=["time"])
    figure = placed(display.draw())
    first, second = figure.axes
    assert first.get_xticks().tolist() == sizes
    assert [label.get_text().strip() for label in second.get_xticklabels()] == [*map(str, sizes[:-1]), "90 (full)"]
    assert_apart(second.get_xticklabels())
    assert second.get_yscale() == "log"
    drawn = lines_of(second)
    assert_array_equal(drawn["direct"].get_ydata(), np.median(time["direct"], axis=1))
    assert len({line.get_marker() for line in drawn.values()}) == 3
    # The middle one of three stands on the ticks, the others a little (less than a tenth of a doubling) beside them.
    assert_array_equal(drawn["autograd"].get_xdata(), sizes)
    beside = np.log2(drawn["compiled"].get_xdata() / np.array(sizes))
    assert np.all((beside > 0) & (beside < 0.1))
    bars = second.collections[1].get_segments()
    expected = [
        [[p, low], [p, high]]
        for p, low, high in zip(sizes, time["autograd"].min(1), time["autograd"].max(1), strict=True)
    ]
    assert_array_equal(bars, expected)
    assert len(first.collections) == 1  # one value a size has no spread
    assert_apart(placed(display.draw(columns=3)).axes[0].get_xticklabels())


def test_a_batch_size_is_a_whole_number():
    with pytest.raises(InputError, match=r"batch size must be a whole number of at least 1\. Got 0"):
        plots.against_batch_size([0, 2], {"cost": {"a": [1, 2]}})


# ---- Decision regions


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
        (PRINTED, {"inputs": (0, 0)}, "two different ones of the layer's 2, counted from 0. Got (0, 0)"),
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


def test_a_name_stays_clear_of_what_is_there():
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    # The middle is taken; the four corners' middles are the clearest, 0.25 from the edges.
    place = clear_place(square, np.array([[0.5, 0.5]]), (0, 1), (0, 1))
    assert np.abs(place - 0.5).tolist() == pytest.approx([0.2, 0.2], abs=0.07)
    sliver = np.array([[0.0, 0], [1, 0], [1, 0.05], [0, 0.05]])
    assert clear_place(sliver, np.empty((1, 2)) + 9, (0, 1), (0, 1)) is None


def naive_clear_place(corners, obstacles, aspect):
    """Plain loops over the raster of places in the unit box: the first that is farthest from all."""
    best, found = 0.03, None
    for y in np.linspace(0.04, 0.96, 47):
        for x in np.linspace(0.04, 0.96, 47):
            distances = [np.hypot((x - a) / aspect, y - b) for a, b in obstacles]
            for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
                side = (bx - ax) / aspect, by - ay
                distances.append((side[0] * (y - ay) - side[1] * (x - ax) / aspect) / np.hypot(*side))
            if min(distances) > best + 1e-12:
                best, found = min(distances), (x, y)
    return found


@pytest.mark.parametrize("aspect", [1.0, 2.4])
def test_a_clear_place_is_the_best_of_all(aspect):
    triangle = np.array([[0.1, 0.05], [0.9, 0.2], [0.3, 0.95]])
    obstacles = np.random.default_rng(3).uniform(size=(12, 2))
    expected = naive_clear_place(triangle, obstacles, aspect)
    # The same places of the raster, computed in another order: a few roundings of numbers below 1.
    assert_allclose(clear_place(triangle, obstacles, (0, 1), (0, 1), aspect), expected, atol=1e-12)


def test_far_fewer_distances_than_places_times_obstacles_are_computed():
    # 47 x 47 places and 200 000 obstacles: all distances at once would take 2209 * 2e5 * 8 bytes = 3.5 GB.
    obstacles = np.random.default_rng(0).uniform(2, 3, (200_000, 2))
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    tracemalloc.start()
    place = clear_place(square, obstacles, (0, 1), (0, 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert_allclose(place, [0.5, 0.5], atol=1e-12)  # the middle of the square; roundings
    assert peak < 1e8


# ---- Strips


def test_strips_draw_every_value_once_with_median_and_reference():
    values = {"waist": np.r_[np.full(20, 1.5), 1.2, 3.0], "pulse": np.array([21.0, 25.0, 22.0])}
    display = plots.strips(values, references={"waist": 1.6}, reference_label="at the optimum", x_label="MSE")
    figure = placed(display.draw())
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["pulse", "waist"]  # upwards: waist on top
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert_array_equal(dots[1].get_xdata(), values["waist"])
    heights = dots[1].get_ydata()
    assert len(set(heights[:20])) == 20  # equal values are stacked, not hidden
    assert np.abs(heights - 1).max() <= 0.4
    (reference,) = (line for line in axes.lines if line.get_marker() == "D")
    assert reference.get_xydata().tolist() == [[1.6, 1.0]]
    medians = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "None"]
    assert medians == [22.0, 1.5]
    assert legend_names(axes.get_legend()) == ["one seed", "median", "at the optimum"]
    assert_outside(axes.get_legend(), figure)


def test_strips_of_different_units_have_an_axis_each():
    display = plots.strips({"a": [1.0, 10.0], "b": [200.0, 100.0]}, references={"b": 1.0}, log=True, shared=False)
    figure = display.draw()
    first, second = figure.axes
    assert first.get_xscale() == second.get_xscale() == "log"
    assert first.get_xlim()[1] < 20
    assert second.get_xlim()[0] < 1
    assert "reference" in legend_names(first.get_legend())  # though its own row has none
    target = Figure()
    assert display.draw(target.subplots(2)) is target


def test_spread_is_flat_where_dots_are_apart():
    assert spread(np.array([0.0, 1.0, 2.0]), (0.0, 2.0)).tolist() == [0, 0, 0]
    assert len(set(spread(np.zeros(9), (0.0, 0.0)).tolist())) == 9


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ({}, {}, "values must be at least one a row"),
        ({"a": []}, {}, "values must be at least one a row"),
        ({"waist": [1.0]}, {"references": {"waste": 1.0}}, "Got 'waste'. Did you mean 'waist'?"),
        ({"a": [1.0, 0.0]}, {"log": True}, "above 0 on a logarithmic axis. Got 0"),
        ({"a": [1.0]}, {"log": True, "references": {"a": -2}}, "Got -2"),
    ],
)
def test_strips_that_cannot_be_drawn_are_errors(values, options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        plots.strips(values, **options)


# ---- Files


@pytest.fixture(scope="module")
def plane():
    return plots.decision_regions(PRINTED, X, LABELS)


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<svg"), ("PDF", b"%PDF-"), ("png", b"\x89PNG")])
def test_files_are_whole_and_the_same_each_time(tmp_path, plane, suffix, start):
    first, second = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    assert plots.save(plane, first) == first
    plane.save(str(second))
    content = first.read_bytes()
    assert content.startswith(start)
    assert content == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name])  # no drafts left


def test_a_figure_that_cannot_be_written_leaves_nothing(tmp_path, plane):
    with pytest.raises(InputError, match=r"must end in \.svg, \.pdf or \.png\. Got 'figure\.jpeg'"):
        plots.save(plane, tmp_path / "figure.jpeg")
    with pytest.raises(InputError, match=r"must be one that can be written\. Got .*missing.*No such file"):
        plots.save(plane, tmp_path / "missing" / "figure.png")
    (tmp_path / "taken.png").mkdir()
    with pytest.raises(InputError, match=r"The file must be a file\. Got .*taken\.png', a directory"):
        plots.save(plane, tmp_path / "taken.png")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.png"]


def test_svg_text_is_one_element_that_keeps_to_itself(plane):
    text = plots.svg_text(plane, title='Regions of "A" & B')
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text == 'Regions of "A" & B'
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"A", "B", "C", "boundary", "x₁", "−3"} <= texts  # text is text, Greek letters and all
    salt = root.get("id")
    identifiers = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(identifiers)) == len(identifiers)
    assert all(name.startswith(salt) for name in identifiers)
    referred = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    assert referred <= set(identifiers)
    assert referred | {salt} == set(identifiers)  # no others, which would only take space
    style = root.find(f".//{SVG}style").text
    assert all(rule.startswith((f".{salt}", "@font-face")) for rule in re.findall(r"(?:^|\})([^{}]+)\{", style))


def test_figures_in_one_page_share_no_identifier(plane, run):
    others = [plane, plots.decision_regions(FIRST, X, LABELS), plots.learning_curves(run)]
    drawn = [plots.svg_text(other) for other in others] + [plots.svg_text(plane, name="again")]
    names = [set(re.findall(r' id="([^"]+)"', text)) for text in drawn]
    assert not any(a & b for place, a in enumerate(names) for b in names[:place])
    assert plots.svg_text(plane) == drawn[0] == plane._repr_svg_()


def test_the_embedded_font_has_the_glyphs_with_their_widths(plane):
    from fontTools.ttLib import TTFont
    from matplotlib.font_manager import findfont

    text = plots.svg_text(plane)
    (encoded,) = re.findall(r"base64,([^)]+)\)", text)
    font, whole = TTFont(io.BytesIO(base64.b64decode(encoded))), TTFont(findfont("DejaVu Sans"))
    needed = {ord(letter) for letter in "ABCboundaryits continuation−₁₂"}
    assert needed <= set(font.getBestCmap())
    assert len(font.getBestCmap()) < 60
    for code in needed:
        assert font["hmtx"][font.getBestCmap()[code]][0] == whole["hmtx"][whole.getBestCmap()[code]][0]


def test_a_figure_without_text_embeds_no_font():
    figure = Figure(figsize=(1, 1))
    figure.add_axes((0, 0, 1, 1)).set_axis_off()
    text = plots.svg_text(figure)
    assert "font-face" not in text
    assert ET.fromstring(text).get("role") is None


# ---- Style


def luminance(colour):
    """Relative luminance, WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_lines_stand_out_on_white_and_neighbouring_classes_differ_in_grey():
    contrast = [1.05 / (luminance(colour) + 0.05) for colour in LINE_COLOURS[:5]]
    assert min(contrast) > 2.9
    grey = [luminance(colour) for colour in CLASS_COLOURS[:3]]
    assert min(abs(a - b) for a, b in itertools.pairwise(grey)) > 0.07


def test_style_leaves_the_settings_of_others_alone():
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 33, "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        axes = plots.traces([0, 1], {"a": [1, 2]}).draw().axes[0]
        assert dict(mpl.rcParams) == before
        assert axes.xaxis.label.get_size() == 9
        assert axes.lines[0].get_linewidth() < 2


def test_more_lines_than_colours_still_differ():
    display = plots.traces([0, 1], {f"line {n}": [n, n] for n in range(21)})
    looks = {(line.colour, str(line.dashes)) for line in display.panels[0].lines}
    assert len(looks) == 21
    figure = placed(display.draw())
    assert_outside(figure.axes[0].get_legend(), figure)
    # A legend of so many rows makes the figure higher, not the axes lower.
    few = placed(plots.traces([0, 1], {"one": [0, 1]}).draw())
    heights = [axes.get_window_extent().height for axes in (figure.axes[0], few.axes[0])]
    assert_allclose(*heights, rtol=0.05)  # paddings differ by a few points


def test_ticks_of_logarithmic_axes_are_text():
    assert [power_text(value) for value in (1e-5, 3e-7, 0.001, 1.0, 20.0, 1e6)] == [
        "10⁻⁵",
        "3×10⁻⁷",
        "0.001",
        "1",
        "20",
        "10⁶",
    ]

    def shown(low, high):
        axes = placed(plots.traces([0, 1], {"a": [low, high]}, log_y=True).draw()).axes[0]
        lowest, highest = axes.get_ylim()
        ticks = zip(axes.get_yticks(minor=True), axes.get_yticklabels(minor=True), strict=True)
        return {label.get_text() for at, label in ticks if lowest <= at <= highest} - {""}

    assert shown(1e-3, 1e3) == set()
    assert shown(1, 30) == {"2", "5", "20"}
    assert {"2", "3", "4"} <= shown(2, 4)


def test_no_module_has_the_name_of_a_function():
    """Else `from deltarule.plots import strips` would give one or the other, by the order of imports."""
    modules = {module.name for module in pkgutil.iter_modules(plots.__path__)}
    assert not modules & set(plots.__all__)


def test_matplotlib_is_imported_when_a_figure_is_drawn_and_pyplot_never():
    program = (
        "import sys, deltarule.plots as p; assert 'matplotlib' not in sys.modules;"
        "p.traces([0, 1], {'a': [1, 2]}).draw();"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(("factor", "text"), [(1e-6, " (×10⁻⁶)"), (1.0, ""), (1e6, " (×10⁶)"), (1e14, " (×10¹⁴)")])
def test_the_power_of_large_and_small_ticks_stands_at_the_axis_and_nowhere_else(factor, text):
    values = np.array([0.0, 2.0]) * factor
    lines = placed(plots.traces(values, {"cost": {"a": values, "b": values}}, x_label="time").draw())
    scaled = np.array([1.0, 1.0]) * factor
    layer = SoftmaxLayer(PRINTED.weights / factor, PRINTED.biases, classes=PRINTED.classes)
    plane = placed(plots.decision_regions(layer, X * scaled, LABELS).draw())
    strip = placed(plots.strips({"a": values}, x_label="time").draw())
    for axis, label in [
        (lines.axes[0].xaxis, "time"),
        (lines.axes[0].yaxis, "cost"),
        (plane.axes[0].xaxis, "x₁"),
        (plane.axes[0].yaxis, "x₂"),
        (strip.axes[0].xaxis, "time"),
    ]:
        assert axis.get_label_text() == label + text
        assert not (axis.get_offset_text().get_visible() and axis.get_offset_text().get_text())
        # The ticks say what they stand at: all have at most 3 digits.
        shown = [float(tick.get_text().replace("−", "-")) for tick in axis.get_ticklabels()]
        assert_allclose(np.array(shown) * factor, axis.get_ticklocs(), rtol=1e-9, atol=1e-9 * factor)
    unnamed = placed(plots.traces([0, 1], {"a": values}).draw())
    assert unnamed.axes[0].get_ylabel() == text.strip(" ()")


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("top", [1e250, 2.4e303, 1.79e308])
def test_a_cost_up_to_the_largest_number_is_drawn_without_a_warning(tmp_path, top, log):
    display = plots.traces(np.arange(30), {"cost": {"a": np.geomspace(0.5, top, 30)}}, log_y=log)
    display.save(tmp_path / "cost.png")  # warnings are errors here
    axes = placed(display.draw()).axes[0]
    low, high = axes.get_ylim()
    assert low <= 0.5
    assert top <= high < np.inf
    assert sum(low <= tick <= high for tick in axes.get_yticks()) >= 3


def test_letters_that_the_font_lacks_are_text_in_an_svg_and_no_warning(tmp_path):
    display = plots.traces([0, 1], {"猫": [1, 2], "犬": [2, 1]}, x_label="幅")
    display.save(tmp_path / "cats.png")
    display.save(tmp_path / "cats.pdf")
    texts = {element.text for element in ET.fromstring(plots.svg_text(display)).iter(f"{SVG}text")}
    assert {"猫", "犬", "幅"} <= texts
