"""Figures as SVG text: one element that keeps to itself."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib.figure import Figure

from deltarule import plots
from figures_read import SVG
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_LAYER as FIRST
from samples import QUESTION_1_X as X


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


@pytest.mark.slow
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


def test_letters_that_the_font_lacks_are_text_in_an_svg_and_no_warning(tmp_path):
    display = plots.traces([0, 1], {"猫": [1, 2], "犬": [2, 1]}, x_label="幅")
    display.save(tmp_path / "cats.png")
    display.save(tmp_path / "cats.pdf")
    texts = {element.text for element in ET.fromstring(plots.svg_text(display)).iter(f"{SVG}text")}
    assert {"猫", "犬", "幅"} <= texts
