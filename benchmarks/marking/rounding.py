"""How people round on the way: where, to how many figures, and which way an exact half goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.marking.exercises import Array, Random

# Where figures may be rounded: each x w and x delta and a g; each e^u; each term of the cost; U, Y, delta, gradients, W and b.
PLACES = ("product", "exponential", "term", "step")
Way = Callable[[Array, int], Array]


def to_even(values: Array, decimals: int) -> Array:
    """As Python and NumPy do."""
    return np.asarray(np.round(values, decimals))


def half_up(values: Array, decimals: int) -> Array:
    """As calculators do: a half away from 0."""
    size = np.floor(np.abs(values) * 10.0**decimals + 0.5 + 1e-9) / 10.0**decimals
    return np.asarray(np.round(np.copysign(size, values), decimals))


def cut(values: Array, decimals: int) -> Array:
    """Cut off, which is a mistake."""
    size = np.floor(np.abs(values) * 10.0**decimals + 1e-9) / 10.0**decimals
    return np.asarray(np.round(np.copysign(size, values), decimals))


def significant(values: Array, figures: int, way: Way) -> Array:
    """To so many significant figures."""
    rounded = np.array(values, float)
    flat = rounded.reshape(-1)
    for place, value in enumerate(flat):
        if value and np.isfinite(value):
            flat[place] = way(np.array(value), figures - 1 - int(np.floor(np.log10(abs(value)))))
    return rounded


@dataclass(frozen=True)
class Style:
    """How a student rounds.

    Attributes
    ----------
    name : of the style, for the table.
    places : where figures are rounded on the way, of `PLACES`.
    figures : decimals (or significant figures) that are kept on the way.
    by_significance : whether `figures` are significant ones.
    written_so : whether the answer is written in significant figures too.
    way : what becomes of an exact half.
    """

    name: str
    places: frozenset[str] = frozenset()
    figures: int = 2
    by_significance: bool = False
    written_so: bool = False
    way: Way = to_even

    def __call__(self, place: str, values: Array) -> Array:
        """The figures, rounded if this is a place where the student rounds."""
        if place not in self.places:
            return values
        if self.by_significance:
            return significant(values, self.figures, self.way)
        return self.way(values, self.figures)


EXACT = Style("exact")
NAMES = (
    *("exact", "each product", "each exponential", "each term of a cost", "each step", "all of these", "any of these"),
    *("a decimal more on the way", "significant figures on the way", "significant figures", "the outputs alone"),
    *(
        "classes counted from 0",
        "iterations counted from 0",
        "of the trained layer",
        "of the trained layer, from rounded outputs",
    ),
)
# Those in which answers with slips are rounded.
OF_SLIPS = NAMES[1:7]


def style(name: str, decimals: int, random: Random) -> Style:
    """A style by its name, for an answer of so many decimals."""
    way = half_up if random.random() < 0.5 else to_even
    steps = frozenset({"step"})
    if name == "exact":
        return Style(name, figures=decimals, way=way)
    if name in {"significant figures on the way", "significant figures"}:
        places = frozenset(PLACES) if random.random() < 0.5 else steps
        more = int(random.integers(1, 3))
        return Style(name, places, decimals + more, True, name == "significant figures", way)
    places = {
        "each product": frozenset({"product"}),
        "each exponential": frozenset({"exponential"}),
        "each term of a cost": frozenset({"term"}),
        "each step": steps,
        "all of these": frozenset(PLACES),
        "any of these": frozenset(place for place in PLACES if random.random() < 0.5) or steps,
        "a decimal more on the way": frozenset(PLACES) if random.random() < 0.5 else steps,
        "the outputs alone": frozenset({"output"}),
        "classes counted from 0": steps if random.random() < 0.5 else frozenset(),
        "iterations counted from 0": steps if random.random() < 0.5 else frozenset(),
        "of the trained layer": frozenset(),
        "of the trained layer, from rounded outputs": frozenset({"output"}),
    }[name]
    return Style(name, places, decimals + (name == "a decimal more on the way"), way=way)
