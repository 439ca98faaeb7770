"""Marks of figures about the trained layer: weights at convergence, outputs, boundaries, metrics.

Right is what the problem's own descent reaches. Outputs, boundaries and metrics follow where they are those of the weights that the
answer has.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deltarule.marking.diagnosis.trained_layer import mistakes_in
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.entries import part_marks
from deltarule.marking.marks import Finding, PartMarks
from deltarule.marking.mistakes.recognised import OTHER_START
from deltarule.marking.rework.boundary_multiples import half_of_multiple, maximum_half, multiple_of
from deltarule.marking.rework.candidate_layers import COST, NEAR_LAYERS, CandidateLayers
from deltarule.marking.rework.exercise import Exercise
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
    drawn = {marks.part: _from_another_draw(candidates, marks) for marks in parts if marks.part not in explained}
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
        follows |= within(values, figures[0], half + spread)
    is_rounding = is_right | (follows if candidates.own_is_right else False)
    if is_line:
        is_rounding |= within(values, expected, half_of_multiple(half, factor))
    return part_marks(candidates.exercise, given, expected, is_right, is_rounding, follows, all_right=all_right)


def _from_another_draw(candidates: CandidateLayers, marks: PartMarks) -> PartMarks | None:
    """The marks where entries that another draw of the initial layer may give are not lost; None where there are none."""
    name = marks.part
    if marks.verdict != "wrong" or marks.follow_through or name.is_count or not candidates.from_other_draws:
        return None
    if name.is_parameter:
        # Where the descent is heading depends little on the start; how near it comes is seen in the cost.
        costs = [float(candidates.figure(COST, layer)) for layer in candidates.from_other_draws]
        own = None if candidates.own is None else float(candidates.figure(COST, candidates.own))
        low, high = (1 - COST_MARGIN) * min(costs), (1 + COST_MARGIN) * max(costs)
        possible = np.full(marks.shape, own is not None and low <= own <= high)
    else:
        figures = np.array([candidates.figure(name, layer) for layer in candidates.from_other_draws], float)
        given = candidates.given[name]
        nearest = np.clip(given.values, figures.min(axis=0), figures.max(axis=0))
        possible = within(given.values, nearest, given.half)
    entries = tuple(
        replace(e, follows=True) if e.verdict == "wrong" and possible[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    )
    return None if entries == marks.entries else replace(marks, entries=entries)
