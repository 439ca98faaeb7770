"""Marks of what descent reaches: weights at convergence, probabilities, boundaries, scores.

Right is what the problem's own descent reaches. What is asked of a layer (outputs, boundaries, scores) follows from the
weights that the answer says were reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from deltarule import metrics
from deltarule.layers import Layer, NumberLayer, Patterns, random_parameters
from deltarule.marking.answer.given import Answer, GivenPart
from deltarule.marking.grading.boundaries import boundary_of, from_rounded, least_half, multiple_of
from deltarule.marking.grading.entries import part_marks, tolerance
from deltarule.marking.marks import Finding, PartMarks, within
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.training import Run

# Layers near the one written, to see how far its rounding reaches.
LAYERS, DEVIATIONS = 12, 4.0
# Other initial layers that are tried where the problem draws one; and not for more multiplications than these.
STARTS, MOST_WORK = 40, 2e9
OTHER_START = "other-start"
OTHER_WHY = (
    "The initial layer of this problem is drawn, and yours was another one: weights differ, and figures lie in the range that "
    "other draws give. This is no mistake of yours."
)
# An answer's own number of updates is gone through up to this.
MOST_UPDATES = 1_000_000


def mark_reached(exercise: Exercise, answer: Answer) -> tuple[list[PartMarks], list[Finding]]:
    """Marks of convergence, boundaries and metrics, and the mistakes seen in them."""
    given = {name: part for name, part in answer.parts.items() if not name.startswith("iteration.")}
    if not given:
        return [], []
    from deltarule.marking.diagnosis.reached import mistakes_in

    reached = CandidateLayers(exercise, given)
    parts, all_right = [], True
    for part in given.values():
        marks = reached.mark(part, all_right)
        all_right = all_right and marks.verdict != "wrong"
        parts.append(marks)
    wrong = [part.part for part in parts if part.verdict == "wrong"]
    named = mistakes_in(reached, wrong) if wrong else []
    explained = {each.part for each in named}
    parts = [part if part.part in explained else reached.from_another_start(part) for part in parts]
    from_elsewhere = [part.part for part in parts if reached.elsewhere(part.part)]
    if from_elsewhere:
        named.append(Finding(OTHER_START, from_elsewhere[0], OTHER_WHY, OTHER_WHY, is_mistake=False))
    return parts, named


class CandidateLayers:
    """The layers that figures may come from: the right one, the answer's own, and those that round to it."""

    def __init__(self, exercise: Exercise, given: Mapping[str, GivenPart]) -> None:
        self.exercise, self.given = exercise, given
        self._elsewhere: set[str] = set()

    @cached_property
    def right(self) -> Layer:
        """What the problem's descent reaches."""
        return self._run.layer

    @cached_property
    def _run(self) -> Run:
        return self.exercise.descended()

    @cached_property
    def own(self) -> Layer | None:
        """The layer that the answer says was reached; with the right biases where it says none."""
        W, b = (self.given.get(f"convergence.{part}") for part in ("weights", "biases"))
        if W is None or not W.complete or W.transposed or (W.values.size > 1 and np.ptp(W.values) == 0):
            return None
        biases = b.values if b is not None and b.complete else self.right.biases
        return self.exercise.layer.with_parameters(W.values, biases)

    @cached_property
    def own_is_right(self) -> bool:
        """Whether the layer that the answer says was reached is the right one, as written."""
        written = [self.given[name] for name in ("convergence.weights", "convergence.biases") if name in self.given]
        return self.own is not None and all(
            within(part.values, np.asarray(self.figure(part.name, self.right), float), part.half).all()
            for part in written
        )

    @cached_property
    def after_own_updates(self) -> Layer | None:
        """What the descent has reached after as many updates as the answer says."""
        updates = self.given.get("convergence.updates")
        per_epoch = self.exercise.descent.updates_per_epoch(self.exercise.count)
        count = 0 if updates is None else int(updates.values)
        if count < 1 or count == self.exercise.updates or count % per_epoch or count > MOST_UPDATES:
            return None
        return self.exercise.having(descent=replace(self.exercise.descent, epochs=count // per_epoch)).descended().layer

    @cached_property
    def near_own(self) -> list[Layer]:
        """Layers that round to the answer's own."""
        W, b = (self.given.get(f"convergence.{part}") for part in ("weights", "biases"))
        if self.own is None or W is None:
            return []
        rng = np.random.default_rng(0)
        half_b = W.half.max() if b is None else b.half
        return [
            self.own.with_parameters(
                self.own.weights + rng.uniform(-W.half, W.half),
                self.own.biases + rng.uniform(-1, 1, self.own.neurons) * half_b,
            )
            for _ in range(LAYERS)
        ]

    @cached_property
    def others(self) -> list[Layer]:
        """What the descent reaches from other draws of the initial layer, where the problem draws one."""
        layer, descent = self.exercise.layer, self.exercise.descent
        size = STARTS * descent.epochs * self.exercise.count * layer.weights.size
        if self.exercise.problem.init_seed is None or size > MOST_WORK:
            return []
        starts = [
            layer.with_parameters(*random_parameters(layer.inputs, layer.neurons, seed)) for seed in range(STARTS)
        ]
        return [self.exercise.having(layer=start).descended().layer for start in starts]

    def elsewhere(self, name: str) -> bool:
        """Whether a part was told to come from another start."""
        return name in self._elsewhere

    def from_another_start(self, marks: PartMarks) -> PartMarks:
        """Marks in which no entry is lost that may come from another draw of the initial layer."""
        part = marks.part.split(".")[-1]
        if marks.verdict != "wrong" or marks.follow_through or part in COUNTS or not self.others:
            return marks
        if part in ("weights", "biases"):
            # Where descent is heading does not depend much on the start: the cost tells.
            costs = [float(self.figure("convergence.cost", layer)) for layer in self.others]
            own = None if self.own is None else float(self.figure("convergence.cost", self.own))
            inside = np.full(marks.shape, own is not None and 0.9 * min(costs) <= own <= 1.1 * max(costs))
        else:
            figures = np.array([self.figure(marks.part, layer) for layer in self.others], float)
            given = self.given[marks.part]
            inside = (figures.min(axis=0) - given.half <= given.values) & (
                given.values <= figures.max(axis=0) + given.half
            )
        entries = tuple(
            replace(e, follows=True) if e.verdict == "wrong" and inside[tuple(i - 1 for i in e.place)] else e
            for e in marks.entries
        )
        if entries != marks.entries:
            self._elsewhere.add(marks.part)
        return replace(marks, entries=entries)

    def figure(self, name: str, layer: Layer) -> Any:
        """What a part is of a layer."""
        table, _, part = name.partition(".")
        if table == "boundaries":
            return boundary_of(layer, part)
        if table == "metrics":
            which, _, kind = part.partition("_")
            return self.score(layer, which, kind)
        exercise, X = self.exercise, self.exercise.patterns.X
        U = X @ layer.weights + layer.biases
        cost, errors = layer.evaluate(exercise.patterns, exercise.descent.reduction, exercise.descent.weight_decay)
        figures = {
            "updates": float(self._run.updates),  # fewer than asked for, where it stops by itself
            "weights": layer.weights,
            "biases": layer.biases,
            "cost": cost,
            "errors": errors,
            "inputs": X,
            "outputs": layer.activate(U),
            "predicted": None if exercise.predicts_numbers else exercise.decided(U),
        }
        return figures[part]

    def patterns_of(self, which: str) -> Patterns:
        """The training or the test patterns."""
        test = self.exercise.problem.test
        if which == "training" or test is None:
            return self.exercise.patterns
        return self.exercise.layer.patterns(*test)

    def score(self, layer: Layer, which: str, kind: str) -> Any:
        """A figure of how good a layer is on a set. The cost of a set is a mean, whatever descends; decay is left out."""
        patterns = self.patterns_of(which)
        if kind in ("mse", "r2"):
            scaling = self.exercise.problem.target_scaling
            found = metrics.scores(layer, patterns.X, patterns.D, scaling)
            return found.mean_square_error if kind == "mse" else found.r2
        reduction: Any = self.exercise.descent.reduction if isinstance(layer, NumberLayer) else "mean"
        cost, errors = layer.evaluate(patterns, reduction)
        if kind == "cost":
            return cost
        return errors if kind == "errors" else 1 - (errors or 0.0) / len(patterns.X)

    def mark(self, given: GivenPart, all_right: bool) -> PartMarks:
        """A part's marks."""
        part = given.name.split(".")[-1]
        half = tolerance(given)
        expected = np.asarray(self.figure(given.name, self.right), float)
        values = given.values
        factor = 0.0
        if given.name.startswith("boundaries."):
            half = np.minimum(half, least_half(values))
            factor = multiple_of(expected, values, half)
            expected = factor * expected
        is_right = within(values, expected, half)
        follows = np.zeros(values.shape, bool)
        is_parameter = part in ("weights", "biases", "updates", "inputs")
        sources = [self.after_own_updates] if is_parameter else [self.own, self.after_own_updates, *self.near_own]
        reached = [np.asarray(self.figure(given.name, layer), float) for layer in sources if layer is not None]
        if factor:
            reached = [multiple_of(each, values, half) * each for each in reached]
        for each in reached[: 1 if is_parameter else 2]:
            follows |= within(values, each, half)
        if len(reached) > LAYERS:
            near = np.array(reached[-LAYERS:])
            spread = np.nan_to_num(DEVIATIONS * near.std(axis=0), nan=0.0, posinf=0.0)
            follows |= within(values, reached[0], half + spread)
        is_rounding = is_right | (follows if self.own_is_right else False)
        if factor:
            is_rounding |= within(values, expected, from_rounded(half, factor))
        return part_marks(self.exercise, given, expected, is_right, is_rounding, follows, all_right=all_right)
