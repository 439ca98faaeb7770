"""Panels of lines: what is drawn is what was given."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal

from deltarule import plots
from deltarule.errors import InputError
from figures_read import assert_outside, legend_names, lines_of, placed


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
