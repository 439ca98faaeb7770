"""Marks of figures about the trained layer: weights at convergence, outputs, boundaries, metrics.

Right is what the problem's own descent reaches. Outputs, boundaries and metrics follow where they are those of the weights that the
answer has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.layers import Layer
from deltarule.marking.diagnosis.trained_layer import mistakes_in
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.entries import part_marks
from deltarule.marking.marks import Finding, PartMarks
from deltarule.marking.mistakes.recognised import CHAOTIC, OTHER_START
from deltarule.marking.rework.boundary_multiples import half_of_multiple, maximum_half, multiple_of
from deltarule.marking.rework.candidate_layers import COST, NEAR_LAYERS, CandidateLayers
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.own_figures import from_own_figures, moved_by_outputs
from deltarule.marking.rework.rounding import TWICE_ROUNDED
from deltarule.marking.rework.tolerance import tolerance, within

# A figure follows from rounded weights if it is within 4 deviations of what weights that round to them give: a right one then is
# lost once in some 16,000.
DEVIATIONS = 4.0
# Weights may come from another draw if their cost is at most a tenth outside the range of the draws' costs.
COST_MARGIN = 0.1


def mark_trained_layer(exercise: Exercise, answer: Answer) -> tuple[list[PartMarks], list[Finding]]:
    """The marks of convergence, boundaries and metrics in an answer, and the mistakes seen in them.

    Parameters
    ----------
    exercise : what was trained.
    answer : the answer that is marked.
    """
    given = {name: part for name, part in answer.parts.items() if name.table != "iteration"}
    candidates = CandidateLayers(exercise, given)
    parts, all_right = [], True
    for part in given.values():
        marks = _marks(candidates, part, all_right=all_right)
        all_right = all_right and marks.verdict != "wrong"
        parts.append(marks)
    wrong = [marks.part for marks in parts if marks.verdict == "wrong"]
    findings = mistakes_in(candidates, wrong) if wrong else []
    explained = {finding.part for finding in findings}
    if wrong and candidates.is_chaotic:
        parts = [marks if marks.part.is_count else _within_chaos(candidates, marks) for marks in parts]
        findings.append(CHAOTIC.finding(wrong[0]))
        if all(marks.verdict != "wrong" for marks in parts):
            findings = [finding for finding in findings if not finding.is_mistake]
    others = candidates.from_other_draws
    drawn = {
        marks.part: _from_another_start(candidates, marks, others) for marks in parts if marks.part not in explained
    }
    changed = {name: marks for name, marks in drawn.items() if marks is not None}
    if changed:
        findings.append(OTHER_START.finding(next(iter(changed))))
    return [changed.get(marks.part, marks) for marks in parts], findings


def _marks(candidates: CandidateLayers, given: GivenPart, *, all_right: bool) -> PartMarks:
    """The marks of a part; `all_right`: whether all parts before it are right."""
    name, values, half = given.name, given.values, tolerance(given)
    expected = np.asarray(candidates.figure(name, candidates.right), float)
    is_line = name.table == "boundaries"
    factor = 1.0
    if is_line:
        half = np.minimum(half, maximum_half(values))
        factor = multiple_of(expected, values, half)
        expected = factor * expected
    is_right = within(values, expected, half)
    outputs_rounded = DEVIATIONS * moved_by_outputs(candidates, name, half)
    # Weights and patterns can follow from the answer's number of updates only; everything else from its weights too.
    is_source = name.part in ("weights", "biases", "updates", "inputs")
    layers = [candidates.after_own_updates]
    if not is_source:
        layers = [candidates.own, candidates.after_own_updates, *candidates.near_own]
    figures = [np.asarray(candidates.figure(name, layer), float) for layer in layers if layer is not None]
    if is_line:
        figures = [multiple_of(each, values, half) * each for each in figures]
    follows = np.zeros(values.shape, bool)
    for each in figures[: 1 if is_source else 2]:
        follows |= within(values, each, half)
    if len(figures) > NEAR_LAYERS:
        near = np.array(figures[-NEAR_LAYERS:])
        # The answer's weights are rounded: a figure follows if it is within 4 deviations of what weights that round to them give.
        spread = np.nan_to_num(DEVIATIONS * near.std(axis=0), nan=0.0, posinf=0.0)
        follows |= within(values, figures[0], half + spread + outputs_rounded)
    from_own = from_own_figures(candidates, name)
    if from_own is not None:
        figure, open_ = from_own
        follows |= within(values, figure, TWICE_ROUNDED * half + open_)
    is_rounding = within(values, expected, half + outputs_rounded)
    if candidates.own_is_right or (all_right and from_own is not None):
        is_rounding |= follows
    if is_line:
        is_rounding |= within(values, expected, half_of_multiple(half, factor))
    return part_marks(candidates.exercise, given, expected, is_right, is_rounding, follows, all_right=all_right)


def _within_chaos(candidates: CandidateLayers, marks: PartMarks) -> PartMarks:
    """The marks in which entries are within rounding that another right computation may give, or that follow from such weights."""
    given = candidates.given[marks.part]
    possible = _among(given.values, given.half, [candidates.figure(marks.part, end) for end in candidates.chaotic_ends])
    if marks.part.is_parameter:
        # Single weights lie in their ranges easily: all must, and the cost of the whole layer too.
        costs = [candidates.figure(COST, end) for end in candidates.chaotic_ends]
        own = candidates.right if candidates.own is None else candidates.own
        cost = np.array(float(candidates.figure(COST, own)))
        possible &= bool(possible[given.known].all() and _among(cost, np.zeros(()), costs).all())
    entries = tuple(
        replace(e, verdict="rounding")
        if e.verdict == "wrong" and (e.follows or possible[tuple(i - 1 for i in e.place)])
        else e
        for e in marks.entries
    )
    return replace(marks, entries=entries)


def _among(values: NDArray[np.float64], half: NDArray[np.float64], ends: Sequence[Any]) -> NDArray[np.bool_]:
    """Which values lie among those of the ends, or as far beyond them as these are apart: the ends are not all that there are."""
    figures = np.array([np.asarray(end, float) for end in ends])
    low, high = figures.min(axis=0), figures.max(axis=0)
    return within(values, np.clip(values, 2 * low - high, 2 * high - low), half)


def _from_another_start(candidates: CandidateLayers, marks: PartMarks, ends: Sequence[Layer]) -> PartMarks | None:
    """The marks where entries that another start may lead to are not lost; None where there are none.

    Parameters
    ----------
    candidates : the parts given.
    marks : of a part.
    ends : the layers that other starts lead to.
    """
    name = marks.part
    if marks.verdict != "wrong" or marks.follow_through or name.is_count or not ends:
        return None
    if name.is_parameter:
        # Where the descent is heading depends little on the start; how near it comes is seen in the cost.
        costs = [float(candidates.figure(COST, layer)) for layer in ends]
        own = None if candidates.own is None else float(candidates.figure(COST, candidates.own))
        low, high = (1 - COST_MARGIN) * min(costs), (1 + COST_MARGIN) * max(costs)
        possible = np.full(marks.shape, own is not None and low <= own <= high)
    else:
        figures = np.array([candidates.figure(name, layer) for layer in ends], float)
        given = candidates.given[name]
        nearest = np.clip(given.values, figures.min(axis=0), figures.max(axis=0))
        possible = within(given.values, nearest, given.half)
    entries = tuple(
        replace(e, follows=True) if e.verdict == "wrong" and possible[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    )
    return None if entries == marks.entries else replace(marks, entries=entries)
