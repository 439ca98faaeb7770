"""Labels and ticks of axes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule import plots
from deltarule.layers import SoftmaxLayer
from deltarule.plots.axis import power_text
from figures_read import PRINTED, placed
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_X as X


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


def tick_texts(axis):
    low, high = sorted(axis.get_view_interval())
    return [
        label.get_text()
        for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        if low <= at <= high
    ]


def test_ticks_have_commas_from_10_000_on():
    figure = placed(plots.traces([0, 10_000], {"a": [-50_000, 50_000]}).draw())
    assert tick_texts(figure.axes[0].xaxis) == ["0", "2000", "4000", "6000", "8000", "10,000"]
    assert {"−40,000", "0", "40,000"} <= set(tick_texts(figure.axes[0].yaxis))
    logarithmic = placed(plots.traces([1, 100_000], {"a": [0, 1]}, log_x=True).draw())
    assert {"1000", "10,000", "100,000"} <= set(tick_texts(logarithmic.axes[0].xaxis))


def test_ticks_between_whole_numbers_keep_their_decimals():
    figure = placed(plots.traces([20_000, 20_001], {"a": [0, 1]}).draw())
    assert "20000.2" in tick_texts(figure.axes[0].xaxis)


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


def test_ticks_from_ten_thousand_on_have_commas():
    display = plots.traces([0, 30_000], {"a": [0, 8000]}, x_label="epoch")
    (axes,) = placed(display.draw()).axes
    x, y = ([label.get_text() for label in axis.get_ticklabels()] for axis in (axes.xaxis, axes.yaxis))
    assert {"5000", "10,000", "30,000"} <= set(x)
    assert "8000" in y
    whole = placed(plots.traces([1, 1e5], {"a": [1, 2]}, log_x=True).draw()).axes[0].xaxis
    assert {"1000", "10,000", "100,000"} <= {label.get_text() for label in whole.get_ticklabels()}
