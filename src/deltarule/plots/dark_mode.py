"""SVG for light and dark pages: each colour also has the one that takes its place on dark paper."""

from __future__ import annotations

import re

import numpy as np

from deltarule.checks import text

# Björn Ottosson, "A perceptual color space for image processing" (2020): lightness L, and a and b, from linear sRGB.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# White paper becomes this lightness, and black ink 1. Between them lightness is reversed; the power keeps faint ink readable.
DARK_PAPER, POWER = 0.21, 0.9
# Lines and markers of strong colours keep their hue, and have at least this lightness, so that they stand out on dark paper.
STRONG_CHROMA, LINE_LIGHTNESS = 0.085, 0.66


def with_dark_mode(svg: str) -> str:
    """The SVG with a second colour for each, used where the page's `color-scheme` is dark.

    The page must declare `color-scheme: light dark`. Browsers that do not know `light-dark()` show the first colours.

    Parameters
    ----------
    svg : an `<svg>` element, as `svg_text` gives it.

    Examples
    --------
    >>> with_dark_mode('<path style="stroke: #000000"/>')
    '<path style="stroke: #000000; stroke: light-dark(#000000, #ffffff)"/>'
    """

    def both(name: str, colour: str) -> str:
        return f"{name}: {colour}; {name}: light-dark({colour}, {dark_colour(colour)})"

    svg = text("svg", svg, "Give what svg_text makes.")
    svg = re.sub(r"\b(fill|stroke): (#[0-9a-fA-F]{6})\b", lambda found: both(*found.groups()), svg)
    # Shapes without a fill of their own are black: SVG's default, which they inherit from the element.
    black = both("fill", "#000000")
    return re.sub(r'^<svg(?: style="([^"]*)")?', lambda root: f'<svg style="{black};{root[1] or ""}"', svg)


def dark_colour(colour: str) -> str:
    """The colour that takes this one's place on dark paper, as "#rrggbb".

    Examples
    --------
    >>> dark_colour("#ffffff"), dark_colour("#0072b2")
    ('#181818', '#3e99dc')
    """
    lightness, a, b = _lab(colour)
    if np.hypot(a, b) > STRONG_CHROMA:
        lightness = max(lightness, LINE_LIGHTNESS)
    else:
        lightness = DARK_PAPER + (1 - DARK_PAPER) * max(0.0, 1 - lightness) ** POWER
    return _hex(np.array([lightness, a, b]))


def _lab(colour: str) -> np.ndarray:
    """Oklab of "#rrggbb"."""
    rgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lab: np.ndarray = _TO_LAB @ np.cbrt(_TO_CONES @ linear)
    return lab


def _hex(lab: np.ndarray) -> str:
    """The colour as "#rrggbb"; one that no screen shows becomes one that it does."""
    linear = np.clip(np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_LAB, lab) ** 3), 0, 1)
    rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in rgb)
