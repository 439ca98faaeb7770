"""Colours that differ, and a style that leaves others alone."""

import itertools

import numpy as np
from matplotlib.colors import to_rgb

from deltarule import plots
from deltarule.plots.appearance import CLASS_COLOURS, LINE_COLOURS


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
