"""Descents that the last digits of float64 decide: two right computations of them part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.layers import Layer

# Computations of a sum in another order differ by some units in the last place, 2^-52 each.
LAST_PLACE = 2.0**-50
# The descent is repeated from 12 layers that differ from the initial one so little: in a chaotic one no two of them end alike, and
# another end lies farther out than they are apart only once in many.
OTHERS = 12


def nearly_equal_starts(layer: Layer) -> list[Layer]:
    """Layers that differ from a `layer` in the last digits that float64 holds."""
    rng = np.random.default_rng(0)

    def moved(values: NDArray[Any]) -> Any:
        return values + rng.choice([-1.0, 1.0], values.shape) * LAST_PLACE * np.maximum(1.0, np.abs(values))

    return [layer.with_parameters(moved(layer.weights), moved(layer.biases)) for _ in range(OTHERS)]
