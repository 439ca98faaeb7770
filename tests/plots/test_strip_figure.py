"""Strips draw every value."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_array_equal

from deltarule import plots
from deltarule.errors import InputError
from deltarule.plots.strip_figure import spread
from figures_read import assert_outside, legend_names, placed


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


def test_dots_have_the_name_that_they_are_given():
    figure = placed(plots.strips({"direct": [1.0, 2.0]}, dot_label="one run").draw())
    assert legend_names(figure.axes[0].get_legend()) == ["one run", "median"]


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
