"""Mistakes that show in figures about the trained layer: another order of the patterns, another exercise, another score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule import metrics
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.marking.given import GivenPart
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.descents import other_descents
from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.orders import assigned
from deltarule.marking.mistakes.outputs import SOFTMAX_TWICE
from deltarule.marking.mistakes.pattern_orders import PATTERNS_REORDERED
from deltarule.marking.mistakes.recognised import R2_SWAPPED
from deltarule.marking.mistakes.reductions import COST_PER_BATCH, SUM_FOR_MEAN
from deltarule.marking.mistakes.registry import BY_NAME, EVERY
from deltarule.marking.mistakes.slips import MAXIMUM_SLIPS, same_slip, slip_of
from deltarule.marking.mistakes.transcription import WEIGHTS_TRANSPOSED
from deltarule.marking.rework.boundary_multiples import multiple_of
from deltarule.marking.rework.candidate_layers import MAXIMUM_UPDATES, CandidateLayers
from deltarule.marking.rework.own_figures import from_own_figures, target_variances
from deltarule.marking.rework.reach import within_reach
from deltarule.marking.rework.tolerance import within
from deltarule.parts import PartName
from deltarule.typeset.figures import figure

# Figures worked from rounded weights may differ by 1.5 half units.
FROM_ROUNDED = 1.5
# More than nine tenths of the entries must be right in the other order.
SHARE_IN_ORDER = 0.9
# Without the weights R2 is compared with the mean square error; one figure alone fits too easily, so 2 or more are needed.
MINIMUM_SCORES = 2
# Shuffles of the batches over which a sum of their means is looked for: its extremes over 200 leave out one order in some 100.
SHUFFLES = 200


def mistakes_in(candidates: CandidateLayers, wrong: list[PartName]) -> list[Finding]:
    """The mistakes that explain what is wrong, each once.

    Parameters
    ----------
    candidates : the layers that figures may come from, and the given parts.
    wrong : the names of the parts in which an entry is wrong.
    """
    found: dict[str, Finding] = {}
    for name in wrong:
        for finding in _mistakes_in_part(candidates, candidates.given[name]):
            found.setdefault(finding.name, finding)
    return list(found.values())


def _mistakes_in_part(candidates: CandidateLayers, given: GivenPart) -> Iterator[Finding]:
    slip = _slip(candidates, given)
    if slip is not None:
        yield slip
        return
    _, measure = given.name.set_and_measure
    if given.name.part in ("inputs", "outputs"):
        yield from _another_order(candidates, given)
    elif given.name.is_parameter:
        yield from _another_exercise(candidates, given)
    elif given.name.table == "metrics" and measure == "r2":
        yield from _swapped_r2(candidates, given)
    elif given.name.table == "metrics" and measure == "cost":
        yield from _another_cost(candidates, given)


def _slip(candidates: CandidateLayers, given: GivenPart) -> Finding | None:
    """A sign lost, or digits exchanged, in the few figures that are off."""
    expected = np.asarray(candidates.figure(given.name, candidates.right), float)
    if given.name.table == "boundaries":
        expected = expected * multiple_of(expected, given.values, given.half)
    off = given.known & ~within(given.values, expected, given.half)
    if not 0 < np.count_nonzero(off) <= MAXIMUM_SLIPS or given.name.is_count:
        return None
    figures = zip(given.values[off].tolist(), expected[off].tolist(), given.decimals[off].tolist(), strict=True)
    slip = same_slip([slip_of(value, [right], decimals, given.name) for value, right, decimals in figures])
    return None if slip is None else slip.finding()


def _another_order(candidates: CandidateLayers, given: GivenPart) -> Iterator[Finding]:
    """Rows that are right, but in another order than the patterns."""
    if not given.complete:
        return
    is_inputs = given.name.part == "inputs"
    for layer in (candidates.own, candidates.right):
        if layer is None:
            continue
        expected = np.asarray(candidates.figure(given.name, layer), float)
        order = assigned(np.abs(given.values[:, None] - expected[None]).sum(axis=2))
        close = within(given.values, expected[order], given.half * (1.0 if is_inputs else FROM_ROUNDED))
        if close.mean() > SHARE_IN_ORDER and (order != np.arange(len(order))).any():
            detail = f"patterns {', '.join(str(p + 1) for p in order)}"
            if is_inputs:
                detail += "; outputs in the original order then stand beside the wrong patterns"
            yield PATTERNS_REORDERED.finding(given.name, detail)
            return


def _swapped_r2(candidates: CandidateLayers, given: GivenPart) -> Iterator[Finding]:
    """R2 with its arguments exchanged: 1 - SS_res / SS_tot with SS_tot of the predictions."""
    which, _ = given.name.set_and_measure
    from_own = from_own_figures(candidates, given.name)
    # What follows from the answer's own mean square error, both as far as they are rounded, is not exchanged.
    if from_own is not None and within(given.values, from_own[0], FROM_ROUNDED * given.half + from_own[1]).any():
        return
    patterns, scaling = candidates.patterns_of(which), candidates.exercise.problem.target_scaling
    D = patterns.D if scaling is None else scaling.undo(patterns.D)
    for layer in (candidates.own, candidates.right):
        if layer is not None:
            try:
                Y = layer.output(patterns.X)
                swapped = metrics.r2(Y if scaling is None else scaling.undo(Y), D)
            except InputError:  # the answer's weights may be so large that outputs overflow
                continue
            if within(given.values, swapped, given.half * FROM_ROUNDED).all():
                yield R2_SWAPPED.finding(given.name)
                return
    mse = candidates.given.get(PartName("metrics", None, f"{which}_mse"))
    if mse is None or from_own is None or not (mse.complete and given.complete) or given.values.size < MINIMUM_SCORES:
        return
    # Without the weights: with its arguments exchanged R2 gives
    # the spread of the predictions, which the error bounds: |sd y - sd d| <= sqrt(mse).
    spread = np.sqrt(mse.values / np.maximum(1 - given.values, 1e-12))
    deviations = np.sqrt(target_variances(candidates, which))
    if (np.abs(spread - deviations) <= np.sqrt(mse.values) * (1 + 1e-6)).all():
        digits = int(given.decimals.max())
        correct = ", ".join(figure(float(value), digits) for value in from_own[0])
        yield R2_SWAPPED.finding(given.name, f"from your mean square errors R2 is {correct}")


# ---- Costs.


def _another_cost(candidates: CandidateLayers, given: GivenPart) -> Iterator[Finding]:
    """Softmax applied twice, and sums divided by something else, from the answer's own weights or the right ones."""
    which, _ = given.name.set_and_measure
    value, half = float(given.values), float(given.half)
    for layer in (candidates.own, candidates.right):
        if layer is None or not kind_of(layer).sums_to_one:
            continue
        for twice, reduction in product((False, True), ("mean", "sum", "batches")):
            if not twice and reduction == "mean":  # the right cost
                continue
            low, high = _costs_between(candidates, layer, which, reduction, twice=twice)
            if low - half <= value <= high + half:
                if twice:
                    yield SOFTMAX_TWICE.finding(given.name)
                if reduction == "sum":
                    yield SUM_FOR_MEAN.finding(given.name)
                if reduction == "batches":
                    detail = "the sum of the batches' means, over the number of patterns"
                    yield COST_PER_BATCH.finding(given.name, detail)
                return


def _costs_between(
    candidates: CandidateLayers, layer: Layer, which: str, reduction: str, *, twice: bool
) -> tuple[float, float]:
    """The smallest and the largest such cost; they differ where uneven batches are shuffled.

    Parameters
    ----------
    which : "training" or "test".
    reduction : "mean", "sum", or "batches": the sum of the batches' means, over the number of patterns.
    twice : whether softmax is applied twice.
    """
    X, D, _ = candidates.patterns_of(which)
    U = layer.synaptic_input(X)
    costs: NDArray[Any] = layer.pattern_cost(layer.activate(U) if twice else U, D)
    if reduction != "batches":
        found = float(costs.mean() if reduction == "mean" else costs.sum())
        return found, found
    size = candidates.exercise.descent.batch_size or len(X)
    values = []
    for seed in range(SHUFFLES):
        shuffle = Descent(learning_rate=1, epochs=1, batch_size=size, seed=seed)
        batches = shuffle.batches(next(shuffle.orders(len(X))))
        values.append(sum(float(costs[batch].mean()) for batch in batches) / len(X))
    return min(values), max(values)


# ---- Weights.


def _another_exercise(candidates: CandidateLayers, given: GivenPart) -> Iterator[Finding]:
    """Another exercise worked to its end: other scaling, reduction, decay, order of classes; or rows for columns."""
    if given.transposed:
        yield WEIGHTS_TRANSPOSED.finding(given.name)
        return
    if candidates.exercise.updates > MAXIMUM_UPDATES or not within_reach(
        candidates.exercise, candidates.exercise.updates
    ):
        return  # each variant takes as long as the descent itself
    variants = ((mistake, variant) for mistake in EVERY for variant in mistake.variants(candidates.exercise))
    others = ((BY_NAME[name], variant) for name, variant in other_descents(candidates.exercise))
    for mistake, variant in chain(variants, others):
        if variant.exercise is None:
            continue
        layer = variant.exercise.with_descent(tolerance=None).trained().layer
        if within(given.values, candidates.parameter(given.name, layer), given.half).all():
            yield mistake.finding(given.name, variant.detail)
            return
