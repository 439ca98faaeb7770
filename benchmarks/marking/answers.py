"""What a student writes down: some parts of some iterations, with so many decimals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.marking.exercises import Exercise, Random
from benchmarks.marking.rounding import Style, significant
from benchmarks.marking.working import PARTS, Sheet, page

Document = dict[str, Any]
# Figures that are exact: they are not rounded.
EXACT_PARTS = ("predicted", "errors")


@dataclass(frozen=True)
class Plan:
    """What is written.

    Attributes
    ----------
    numbers : of the iterations.
    parts : their parts.
    decimals : of the figures.
    style : how they are rounded.
    says_so : whether the answer says how many decimals it has.
    """

    numbers: tuple[int, ...]
    parts: tuple[str, ...]
    decimals: int
    style: Style
    says_so: bool


def parts_of(task: Exercise, random: Random) -> tuple[str, ...]:
    """All, or some: those that a lecturer asks for, or any."""
    every = tuple(part for part in PARTS if task.classes or part not in EXACT_PARTS)
    chance = random.random()
    if chance < 0.5:
        return every
    if chance < 0.7:
        return tuple(part for part in every if part not in {"weight_gradient", "bias_gradient"})
    if chance < 0.8:
        return tuple(part for part in every if part in {"outputs", "cost", "weights", "biases"})
    return tuple(part for part in every if random.random() < 0.6) or ("weights",)


def written(task: Exercise, sheets: list[Sheet], plan: Plan) -> Document:
    """The answer file as tables."""
    iterations = {}
    for number in plan.numbers:
        found = page(sheets[number - 1])
        iterations[str(number)] = {
            part: _figures(task, part, found[part], plan) for part in plan.parts if part in found
        }
    return ({"decimals": plan.decimals} if plan.says_so else {}) | {"iteration": iterations}


def _figures(task: Exercise, part: str, value: Any, plan: Plan) -> Any:
    if part == "errors":
        return int(value)
    if part == "predicted":
        places = np.asarray(value).astype(int)
        return [task.labels[place] for place in places] if task.labels else places.tolist()
    figures = np.asarray(value, float)
    style = plan.style
    rounded = significant(figures, style.figures, style.way) if style.written_so else style.way(figures, plan.decimals)
    return (rounded + 0.0).tolist()


def finite(value: Any) -> bool:
    """Whether every figure of a document is."""
    if isinstance(value, dict | list):
        return all(finite(each) for each in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or bool(np.isfinite(value))


def gaps(one: Document, other: Document) -> dict[tuple[str, str], float]:
    """The largest difference of each part; infinite where classes or shapes differ."""
    found = {}
    for number, parts in one["iteration"].items():
        for part, value in parts.items():
            against = other["iteration"][number][part]
            if part in EXACT_PARTS:
                found[number, part] = 0.0 if value == against else np.inf
            else:
                a, b = np.asarray(value, float), np.asarray(against, float)
                found[number, part] = float(np.abs(a - b).max()) if a.shape == b.shape else np.inf
    return found


def agreeing(one: Document, other: Document) -> float:
    """The mean over the parts of the share of their entries that are the same."""
    shares = []
    for number, parts in one["iteration"].items():
        for part, value in parts.items():
            a, b = np.asarray(value), np.asarray(other["iteration"][number][part])
            shares.append(float(np.mean(a == b)) if a.shape == b.shape else 0.0)
    return float(np.mean(shares))


def figures_changed(one: Document, other: Document) -> int:
    """How many figures differ; all of a part that has another shape."""
    count = 0
    for number, parts in one["iteration"].items():
        for part, value in parts.items():
            a, b = np.asarray(value), np.asarray(other["iteration"][number][part])
            count += int(np.count_nonzero(a != b)) if a.shape == b.shape else a.size
    return count


def same(one: Document, other: Document) -> bool:
    """Whether the very same figures are printed."""
    return all(gap < 1e-9 for gap in gaps(one, other).values())


def seen(slipped: Document, right: Document, exact: Document, decimals: int, units: float = 1.5) -> bool:
    """Whether a slip changes a part by so many units of the last digit, beyond three times what the style of rounding changes."""
    rounded = gaps(right, exact)
    return any(gap > 3 * rounded[key] + units * 10.0**-decimals for key, gap in gaps(slipped, right).items())
