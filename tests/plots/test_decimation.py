"""Fewer points give the same picture."""

import io

import numpy as np
from matplotlib.figure import Figure
from numpy.testing import assert_array_equal

from deltarule.plots.decimation import thinned


def naive_needed(x, y, columns):
    """Plain loops: in each column of the x axis the first, last, lowest and highest y."""
    buckets = {}
    for place, at in enumerate(x):
        column = min(int((at - x[0]) / (x[-1] - x[0]) * columns), columns - 1)
        buckets.setdefault(column, []).append(place)
    return [
        (y[places[0]], y[places[-1]], min(y[p] for p in places), max(y[p] for p in places))
        for places in buckets.values()
    ]


def test_thinning_keeps_ends_and_extremes_of_every_column():
    rng = np.random.default_rng(5)
    x = np.sort(rng.uniform(0, 100, 3000))
    y = rng.normal(size=3000)
    kept = thinned(x, y, columns=50)
    assert len(kept) <= 4 * 50
    assert kept[0] == 0
    assert kept[-1] == 2999
    # The same four values a column from all points and from those kept: x[0] and x[-1] are, so columns are the same.
    assert naive_needed(x[kept], y[kept], 50) == naive_needed(x, y, 50)


def test_thinning_on_a_logarithmic_axis_takes_equal_columns_of_it():
    x, y = np.arange(20_001.0), np.cos(np.arange(20_001.0))
    kept = thinned(x, y, log=True, columns=40)
    assert kept[0] == 1  # 0 cannot be seen there
    assert naive_needed(np.log(x[kept]), y[kept], 40) == naive_needed(np.log(x[1:]), y[1:], 40)
    # A decade of few points keeps them all: 1 to 9 take up a quarter of the axis.
    assert set(range(1, 10)) <= set(kept.tolist())


def test_short_and_unsorted_lines_keep_every_point():
    assert_array_equal(thinned(np.arange(200.0), np.zeros(200), columns=50), np.arange(200))
    unsorted = np.array([*range(300), 0.0])
    assert_array_equal(thinned(unsorted, unsorted, columns=50), np.arange(301))


def test_a_thinned_line_covers_the_same_pixels():
    x = np.arange(30_000.0)
    y = np.random.default_rng(0).normal(size=30_000)
    kept = thinned(x, y, columns=300)

    def pixels(chosen):
        figure = Figure(figsize=(3, 1), dpi=100)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 29_999), ylim=(-5, 5))
        axes.set_axis_off()
        axes.plot(x[chosen], y[chosen], color="black", linewidth=1)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="rgba")
        return np.frombuffer(buffer.getvalue(), np.uint8)[::4] < 128

    # The joints between columns may differ by an antialiased pixel.
    assert np.mean(pixels(slice(None)) != pixels(kept)) < 0.01
