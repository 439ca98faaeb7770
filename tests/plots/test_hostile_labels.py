"""Labels of figures are text: nothing in them is a formula, a tag, a control character, or too long for the data."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from deltarule import SoftmaxLayer, plots
from deltarule.printable import printable
from figures_read import SVG, legend_names
from hostile import NAMES

FORMULA = r"$\frac{"
# Some only: a layer of 30 classes takes seconds to draw.
NAMES = [*[name for name in NAMES if name.strip() and "\0" not in name][:8], FORMULA]


def regions(names):
    rng = np.random.default_rng(0)
    layer = SoftmaxLayer(rng.normal(size=(2, len(names))), np.zeros(len(names)), classes=names)
    return plots.decision_regions(layer, rng.normal(size=(len(names), 2)), names, names=(names[0], names[1]))


def traces(names):
    return plots.traces(
        [0, 1], {name: [1, 2] for name in names}, x_label=names[0], y_label=names[1], marks={names[2]: 0.5}
    )


def strips(names):
    return plots.strips(
        {name: [1.0, 2.0] for name in names},
        references={names[0]: 1.0},
        x_label=names[1],
        reference_label=names[2],
        dot_label=names[3],
    )


every_figure = pytest.mark.parametrize("made", [regions, traces, strips])


@every_figure
def test_an_svg_has_its_labels_as_text_with_no_control_character(made):
    drawn = plots.svg_text(made(NAMES), title=" ".join(NAMES), name=NAMES[5])
    assert printable(drawn, keep="\n") == drawn
    root = ET.fromstring(drawn)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {
        "svg",
        "title",
        "defs",
        "style",
        "g",
        "path",
        "use",
        "text",
        "tspan",
        "clipPath",
        "rect",
        "metadata",
    }
    text = " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    assert r"\x1b[31mred" in text
    assert FORMULA in text


@every_figure
@pytest.mark.parametrize("form", ["pdf", "png"])
def test_other_files_are_written_too(made, form, tmp_path):
    assert made(NAMES).save(tmp_path / f"figure.{form}").stat().st_size > 1000


@every_figure
def test_a_formula_is_text_in_axes_of_the_users_own(made):
    figure = Figure()
    made([FORMULA, "$x$", r"$\y$", "d"]).draw(figure.subplots())
    figure.savefig(io.BytesIO(), format="svg")  # outside our style, where matplotlib reads formulas
    texts = [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_parse_math"))]
    assert FORMULA in texts


@every_figure
@pytest.mark.parametrize("letter", ["x", "W", "名"])
def test_long_names_leave_room_for_the_data(made, letter, tmp_path):
    """A warning, which is an error here, would say that the axes have collapsed."""
    names = [letter * 200 + end for end in "abcd"]
    with plots.style():
        figure = made(names).draw()
        figure.savefig(tmp_path / "figure.png")
    width, height = figure.get_size_inches() * figure.dpi
    for axes in figure.axes:
        box = axes.get_window_extent()
        assert box.width > 0.2 * width
        assert box.height > 0.2 * height


def test_a_line_without_a_name_is_not_in_the_legend():
    axes = plots.traces([0, 1], {"a": [1, 2], "_b": [2, 1], "": [3, 3]}).draw().axes[0]
    assert legend_names(axes.get_legend()) == ["a", "_b"]


def test_a_class_may_have_the_name_of_a_line_of_the_figure():
    names = ["boundary", "misclassified"]
    layer = SoftmaxLayer([[1.0, -1.0], [0.0, 0.0]], [0.0, 0.0], classes=names)
    plane = plots.decision_regions(layer, [[1, 1], [-1, -1]], names)
    (legend,) = plots.grid([plane, plane]).legends
    assert legend_names(legend) == [*names, "boundary"]
    markers = [handle.get_marker() for handle in legend.legend_handles]
    assert markers == ["o", "s", "None"]
