"""Names stand clear in their regions."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule.plots.polygons import clear_place


def test_a_name_stays_clear_of_what_is_there():
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    # The middle is taken; the four corners' middles are the clearest, 0.25 from the edges.
    place = clear_place(square, np.array([[0.5, 0.5]]), (0, 1), (0, 1))
    assert np.abs(place - 0.5).tolist() == pytest.approx([0.2, 0.2], abs=0.07)
    sliver = np.array([[0.0, 0], [1, 0], [1, 0.05], [0, 0.05]])
    assert clear_place(sliver, np.empty((1, 2)) + 9, (0, 1), (0, 1)) is None


def naive_clear_place(corners, obstacles, aspect):
    """Plain loops over the raster of places in the unit box: the first with the largest rectangle round it."""
    best, found = 0.03, None
    for y in np.linspace(0.04, 0.96, 47):
        for x in np.linspace(0.04, 0.96, 47):
            distances = [max(abs(x - a) / aspect, abs(y - b)) for a, b in obstacles]
            for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
                side = (bx - ax) / aspect, by - ay
                # The rectangle touches the side with a corner.
                distances.append((side[0] * (y - ay) - side[1] * (x - ax) / aspect) / (abs(side[0]) + abs(side[1])))
            if min(distances) > best + 1e-12:
                best, found = min(distances), (x, y)
    return found


@pytest.mark.parametrize("aspect", [1.0, 2.4])
def test_a_clear_place_is_the_best_of_all(aspect):
    triangle = np.array([[0.1, 0.05], [0.9, 0.2], [0.3, 0.95]])
    obstacles = np.random.default_rng(3).uniform(size=(12, 2))
    expected = naive_clear_place(triangle, obstacles, aspect)
    # The same places of the raster, computed in another order: a few roundings of numbers below 1.
    assert_allclose(clear_place(triangle, obstacles, (0, 1), (0, 1), aspect), expected, atol=1e-12)


def test_far_fewer_distances_than_places_times_obstacles_are_computed():
    # 47 x 47 places and 200 000 obstacles: all distances at once would take 2209 * 2e5 * 8 bytes = 3.5 GB.
    obstacles = np.random.default_rng(0).uniform(2, 3, (200_000, 2))
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    tracemalloc.start()
    place = clear_place(square, obstacles, (0, 1), (0, 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert_allclose(place, [0.5, 0.5], atol=1e-12)  # the middle of the square; roundings
    assert peak < 1e8
