"""Colours for dark paper: hues stay, lightness is reversed or raised, and contrast is enough to read."""

import colorsys
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.plots import appearance, svg_text, traces, with_dark_mode
from deltarule.plots.dark_mode import dark_colour

PAPER = dark_colour("#ffffff")
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_white_becomes_dark_and_black_white():
    assert luminance(PAPER) < 0.02
    assert dark_colour("#000000") == "#ffffff"


@pytest.mark.parametrize("colour", appearance.LINE_COLOURS)
def test_lines_stand_out_on_dark_paper(colour):
    # WCAG 2.2, success criterion 1.4.11: 3:1 for graphics.
    assert contrast(dark_colour(colour.lower()), PAPER) >= 3


def test_text_reads_on_dark_paper():
    # WCAG 2.2, success criterion 1.4.3: 4.5:1 for text.
    assert contrast(dark_colour(appearance.INK), PAPER) >= 4.5


@pytest.mark.parametrize("colour", ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#c7e0ee"])
def test_hues_stay(colour):
    hue, dark_hue = (colorsys.rgb_to_hls(*rgb(each))[0] for each in (colour, dark_colour(colour)))
    assert abs((hue - dark_hue + 0.5) % 1 - 0.5) < 0.03


@given(colours)
def test_every_colour_has_one_for_dark_paper(colour):
    assert re.fullmatch("#[0-9a-f]{6}", dark_colour(colour))


@given(st.integers(0, 254))
def test_greys_are_reversed(level):
    grey, lighter = (f"#{each:02x}{each:02x}{each:02x}" for each in (level, level + 1))
    assert luminance(dark_colour(grey)) >= luminance(dark_colour(lighter))


def test_a_figure_keeps_its_light_colours_and_text():
    svg = svg_text(traces([1, 2], {"a": [1, 2], "b": [2, 1]}))
    both = with_dark_mode(svg)
    assert re.sub(r"; (fill|stroke): light-dark\([^)]*\)", "", both).replace("fill: #000000;", "", 1) == svg
    assert re.findall(r">([^<]+)</text>", both) == re.findall(r">([^<]+)</text>", svg)
