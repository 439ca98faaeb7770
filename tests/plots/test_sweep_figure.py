"""The figure of a sweep is read back from what is drawn."""

import numpy as np
from numpy.testing import assert_allclose

from deltarule import plots, sweep
from samples import refused
from sweep_samples import LINE, VALIDATION


def test_the_figure_has_a_line_a_batch_size_and_a_panel_a_decay(swept):
    display = plots.sweep_curves(swept)
    assert len(display.panels) == 3
    for panel, decay in zip(display.panels, (0, 0.1, 1), strict=True):
        assert panel.label == f"validation cost\nweight decay {decay:g}"
        assert [line.label for line in panel.lines] == ["batch size 4", "batch size 30 (full)"]
        for line, size in zip(panel.lines, (4, 30), strict=True):
            assert line.x.tolist() == [0.01, 0.3]
            for rate, middle, low, high in zip(line.x, line.y, line.low, line.high, strict=True):
                costs = [
                    run.layer.cost(*VALIDATION, "mean")
                    for run in swept
                    if (run.descent.learning_rate, run.descent.weight_decay) == (rate, decay)
                    and (run.descent.batch_size or 30) == size
                ]
                assert len(costs) == 2
                assert_allclose([middle, low, high], [np.median(costs), min(costs), max(costs)], rtol=1e-12)
    looks = {(line.colour, line.marker, str(line.dashes)) for line in display.panels[0].lines}
    assert len(looks) == len({colour for colour, _, _ in looks}) == 2
    first = display.draw().axes[0]
    assert [text.get_text() for text in first.get_legend().get_texts()] == ["batch size 4", "batch size 30 (full)"]
    assert plots.sweep_curves(swept, "cost").panels[0].label == "training cost\nweight decay 0"
    with refused("cost of a sweep", "be one of validation_cost, cost", "'costs'", "cost"):
        plots.sweep_curves(swept, "costs")


def test_what_diverged_is_marked_at_the_top_edge(ignore_overflow):
    # Above a = 1 the full batch diverges: by a = 1.01, 1 - 2a = -1.02 a step, far beyond the initial cost after 2000 epochs.
    result = sweep(**LINE, learning_rate=[0.1, 0.3, 1.01, 50], batch_size=[1, None], epochs=2000)
    display = plots.sweep_curves(result)
    full = display.panels[0].lines[1]
    assert full.x.tolist() == [0.1, 0.3]
    assert full.low is None  # one seed has no spread
    assert display.diverged[0][1].tolist() == [1.01, 50]
    assert result.columns["diverged"].tolist()[-1] is True
    figure = display.draw()
    figure.draw_without_rendering()
    (axes,) = figure.axes
    marks = [line for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    rows = {tuple(line.get_xdata()): line for line in marks}
    assert (1.01, 50) in rows
    assert rows[(1.01, 50)].get_color() == full.colour
    # Inside the axes, above all data.
    assert all(0.5 < height < 1 for line in marks for height in line.get_ydata())
    low, high = axes.get_xlim()
    assert low < 0.1
    assert high > 50
    top = axes.transData.inverted().transform(axes.transAxes.transform((0, min(m.get_ydata()[0] for m in marks))))[1]
    assert top > max(line.y.max() for line in display.panels[0].lines)
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["batch size 1", "batch size 2 (full)", "diverged"]


def test_marks_above_a_linear_axis(ignore_overflow):
    result = sweep(**LINE, learning_rate=[0.1, 0.101, 50], epochs=3)
    display = plots.sweep_curves(result)
    assert not display.panels[0].log
    assert display.diverged[0][0].tolist() == [50]  # finite after 3 epochs, but far above the initial cost
    assert not result.columns["diverged"].any()
    figure = display.draw()
    figure.draw_without_rendering()
    assert figure.axes[0].get_ylim()[1] > display.panels[0].lines[0].y.max()


def test_a_figure_of_nothing_is_refused(ignore_overflow):
    result = sweep(**LINE, learning_rate=[50.0], epochs=2000)
    with refused("sweep", "have a model that ended", "none", "Try learning rates below 50"):
        plots.sweep_curves(result)


def test_many_rows_of_marks_leave_room_for_the_lines(ignore_overflow):
    result = sweep(
        "linear", np.ones((30, 1)), np.ones((30, 1)), learning_rate=[1e-3, 1e3], batch_size=range(1, 21), epochs=200
    )
    figure = plots.sweep_curves(result).draw()
    (axes,) = figure.axes
    heights = [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert len(heights) == 20
    assert min(heights) > 0.5
