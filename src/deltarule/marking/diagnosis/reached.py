"""Mistakes that show in what was reached: another order of the patterns, another exercise, another score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule import metrics
from deltarule.descent import Descent
from deltarule.layers import Layer, SoftmaxLayer
from deltarule.marking.grading.boundaries import multiple_of
from deltarule.marking.grading.reached import CandidateLayers
from deltarule.marking.marks import Finding, within
from deltarule.marking.mistakes.catalogue import MISTAKES
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.mistakes.reordered import PATTERNS
from deltarule.marking.mistakes.slips import MOST_SLIPS, slip_of
from deltarule.marking.rework.exercise import COUNTS

SWAPPED = Mistake(
    "r2-swapped",
    "R2 takes the true values first; you gave it the predictions first, and the two do not commute.",
    "Look at the order of the arguments of R2.",
)
BY_NAME = {mistake.name: mistake for mistake in MISTAKES}
# One figure is no evidence of a swap where the weights are not known.
SEVERAL = 2
# Shuffles of the batches over which a sum of their means is looked for.
SHUFFLES = 200


def mistakes_in(reached: CandidateLayers, wrong: list[str]) -> list[Finding]:
    """The mistakes that explain what is wrong, each once."""
    found: dict[str, Finding] = {}
    for part in wrong:
        for named in _of(reached, part):
            found.setdefault(named.name, named)
    return list(found.values())


def _of(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    kind = part.rsplit(".", maxsplit=1)[-1]
    slips = list(_slips(reached, part))
    yield from slips
    if slips:
        return
    if kind in ("inputs", "outputs"):
        yield from _order(reached, part)
    elif kind.endswith("r2"):
        yield from _r2(reached, part)
    elif kind.endswith("_cost"):
        yield from _costs(reached, part)
    elif kind in ("weights", "biases"):
        yield from _other_tasks(reached, part)


def _named(mistake: Mistake, part: str, said: str = "") -> Finding:
    return Finding(mistake.name, part, mistake.why + (f" ({said})" if said else ""), mistake.hint)


def _slips(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    """A sign lost, or digits that changed places, in the few figures that are off."""
    given, expected = reached.given[part], np.asarray(reached.figure(part, reached.right), float)
    if part.startswith("boundaries."):
        expected = expected * multiple_of(expected, given.values, given.half)
    off = ~(np.isnan(given.values) | within(given.values, expected, given.half))
    if not 0 < np.count_nonzero(off) <= MOST_SLIPS or part.rsplit(".", maxsplit=1)[-1] in COUNTS:
        return
    figures = zip(given.values[off].tolist(), expected[off].tolist(), given.decimals[off].tolist(), strict=True)
    slips = [slip_of(said, [meant], digits, part) for said, meant, digits in figures]
    first = slips[0]
    if first is not None and all(slip is not None and slip.mistake is first.mistake for slip in slips):
        yield Finding(first.mistake.name, part, first.why, first.mistake.hint)


def _order(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    """Rows that are right, but in another order than the patterns."""
    given = reached.given[part]
    if not given.complete:
        return
    from scipy.optimize import linear_sum_assignment

    layers = [reached.right] if reached.own is None else [reached.own, reached.right]
    for layer in layers:
        expected = np.asarray(reached.figure(part, layer), float)
        apart = np.abs(given.values[:, None] - expected[None])
        order = linear_sum_assignment(apart.sum(axis=2) - 1e-6 * np.eye(len(apart)))[1]
        close = within(given.values, expected[order], given.half * (1.0 if part.endswith("inputs") else 1.5))
        if close.mean() > 0.9 and (order != np.arange(len(order))).any():
            beside = (
                " Beside outputs in the original order, rows do not belong together." if part.endswith("inputs") else ""
            )
            yield _named(PATTERNS, part, f"patterns {', '.join(str(p + 1) for p in order)}.{beside}")
            return


def _r2(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    """R2 with its arguments swapped: 1 - SS_res / SS_tot with SS_tot of the predictions."""
    given = reached.given[part]
    which = part.rsplit(".", maxsplit=1)[-1].partition("_")[0]
    patterns, scaling = reached.patterns_of(which), reached.exercise.problem.target_scaling
    D = patterns.D if scaling is None else scaling.undo(patterns.D)
    for layer in (reached.own, reached.right):
        if layer is not None:
            Y = layer.output(patterns.X)
            Y = Y if scaling is None else scaling.undo(Y)
            if within(given.values, metrics.r2(Y, D), given.half * 1.5).all():
                yield _named(SWAPPED, part)
                return
    mse = reached.given.get(part.removesuffix("r2") + "mse")
    if mse is None or not mse.complete or not given.complete or given.values.size < SEVERAL:
        return
    # Without the weights: R2 follows from the answer's own mean square error and the targets alone ...
    follows = 1 - mse.values / D.var(axis=0)
    if within(given.values, follows, 1e-3 * (1 + np.abs(follows))).any():
        return
    # ... and swapped it says how far the predictions spread, which the error bounds: |sd y - sd d| <= sqrt(mse).
    spread = np.sqrt(mse.values / np.maximum(1 - given.values, 1e-12))
    if (np.abs(spread - D.std(axis=0)) <= np.sqrt(mse.values) * (1 + 1e-6)).all():
        rightly = ", ".join(f"{value:.4f}" for value in follows)
        yield _named(SWAPPED, part, f"from your mean square errors R2 is {rightly}")


def _costs(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    """Softmax applied twice, and sums divided by something else, from the answer's own weights."""
    given = reached.given[part]
    which = part.rsplit(".", maxsplit=1)[-1].partition("_")[0]
    value, half = float(given.values), float(given.half)
    for layer in (reached.own, reached.right):
        if layer is None or not isinstance(layer, SoftmaxLayer):
            continue
        for twice, variant in product((False, True), ("mean", "sum", "batches")):
            if not twice and variant == "mean":
                continue
            low, high = _range_of(reached, layer, which, twice=twice, variant=variant)
            if low - half <= value <= high + half:
                if twice:
                    yield _named(BY_NAME["softmax-twice"], part)
                if variant == "sum":
                    yield _named(BY_NAME["sum-for-mean"], part)
                if variant == "batches":
                    said = "the sum of the batches' means, over the number of patterns"
                    yield _named(BY_NAME["cost-per-batch"], part, said)
                return


def _range_of(
    reached: CandidateLayers, layer: SoftmaxLayer, which: str, *, twice: bool, variant: str
) -> tuple[float, float]:
    """The least and greatest such cost, over shuffles where batches are uneven."""
    X, D, _ = reached.patterns_of(which)
    U = layer.synaptic_input(X)
    costs: NDArray[Any] = layer.pattern_cost(layer.activate(U) if twice else U, D)
    if variant != "batches":
        found = float(costs.mean() if variant == "mean" else costs.sum())
        return found, found
    size = reached.exercise.descent.batch_size or len(X)
    values = []
    for seed in range(SHUFFLES):
        shuffle = Descent(learning_rate=1, epochs=1, batch_size=size, seed=seed)
        batches = shuffle.batches(next(shuffle.orders(len(X))))
        values.append(sum(float(costs[batch].mean()) for batch in batches) / len(X))
    return min(values), max(values)


def _other_tasks(reached: CandidateLayers, part: str) -> Iterator[Finding]:
    """Another exercise worked to its end: other scaling, reduction, decay, order of classes; or rows for columns."""
    given = reached.given[part]
    if given.transposed:
        yield _named(BY_NAME["weights-transposed"], part)
        return
    for mistake in MISTAKES:
        for variant in mistake.variants(reached.exercise):
            if variant.exercise is None:
                continue
            exercise = variant.exercise.having(descent=replace(variant.exercise.descent, tolerance=None))
            layer: Layer = exercise.descended().layer
            if within(given.values, getattr(layer, part.rsplit(".", maxsplit=1)[-1]), given.half).all():
                yield _named(mistake, part, variant.said)
                return
