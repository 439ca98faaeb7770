"""Figures read back from what is drawn."""

from deltarule.layers import SoftmaxLayer

SVG = "{http://www.w3.org/2000/svg}"


# What the handout prints for question 1 at convergence, beside its first layer.
PRINTED = SoftmaxLayer([[-0.15, -3.41, 4.18], [5.27, -1.02, -4.15]], [-7.82, 5.81, 2.02], classes=["A", "B", "C"])


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
