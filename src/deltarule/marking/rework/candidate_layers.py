"""The layers that figures about a trained layer may come from, and what each part is for such a layer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from deltarule import metrics
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns
from deltarule.marking.given import GivenPart
from deltarule.marking.rework.boundary_multiples import boundary_of
from deltarule.marking.rework.chaos import OTHERS
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.reach import within_reach
from deltarule.marking.rework.tolerance import within
from deltarule.parts import PartName
from deltarule.training import Run

WEIGHTS, BIASES, UPDATES = (PartName("convergence", None, part) for part in ("weights", "biases", "updates"))
COST = PartName("convergence", None, "cost")
# The number of layers drawn that round to the answer's own: their spread shows how much the rounding of weights does.
NEAR_LAYERS = 12
# Where the problem draws its initial layer, 40 other draws are tried: their extremes then leave out one draw in some 20. Only where
# all take at most 2e9 multiplications, which take some seconds.
OTHER_DRAWS, MAXIMUM_WORK = 40, 2e9
# An answer's own number of updates is followed up to this one, which takes seconds.
MAXIMUM_UPDATES = 1_000_000


class CandidateLayers:
    """The layers that an answer's figures may come from: the right one, the answer's own, and others near them.

    Parameters
    ----------
    exercise : what was trained.
    given : the parts of the answer that are about the trained layer.
    """

    def __init__(self, exercise: Exercise, given: Mapping[PartName, GivenPart]) -> None:
        self.exercise, self.given = exercise, given

    @cached_property
    def run(self) -> Run:
        """The run of the problem's own descent."""
        return self.exercise.run

    @property
    def right(self) -> Layer:
        """The layer that the problem's descent reaches."""
        return self.run.layer

    @cached_property
    def own(self) -> Layer | None:
        """The layer of the answer's own weights; with the right biases where it has none. None without usable weights."""
        W, b = self.given.get(WEIGHTS), self.given.get(BIASES)
        if W is None or not W.complete or W.transposed or (W.values.size > 1 and np.ptp(W.values) == 0):
            return None
        biases = b.values if b is not None and b.complete else self.right.biases
        return self.exercise.layer.with_parameters(W.values, biases)

    @cached_property
    def own_is_right(self) -> bool:
        """Whether the answer's own layer is the right one, as it is written."""
        written = [self.given[name] for name in (WEIGHTS, BIASES) if name in self.given]
        return self.own is not None and all(
            within(part.values, np.asarray(self.figure(part.name, self.right), float), part.half).all()
            for part in written
        )

    @cached_property
    def after_own_updates(self) -> Layer | None:
        """The layer after as many updates as the answer has; None where that is the right number, or no whole epochs."""
        updates = self.given.get(UPDATES)
        per_epoch = self.exercise.descent.updates_per_epoch(self.exercise.count)
        count = 0 if updates is None else int(updates.values)
        if count < 1 or count == self.exercise.updates or count % per_epoch or count > MAXIMUM_UPDATES:
            return None
        schedule, epochs = self.exercise.descent.schedule, count // per_epoch
        if not within_reach(self.exercise, count) or (schedule.by == "epoch" and schedule.warm_up >= epochs):
            return None
        return self.exercise.with_descent(epochs=epochs).trained().layer

    @cached_property
    def near_own(self) -> list[Layer]:
        """Layers that round to the answer's own."""
        W, b = self.given.get(WEIGHTS), self.given.get(BIASES)
        if self.own is None or W is None:
            return []
        rng = np.random.default_rng(0)
        half_of_biases = W.half.max() if b is None else b.half
        return [
            self.own.with_parameters(
                self.own.weights + rng.uniform(-W.half, W.half),
                self.own.biases + rng.uniform(-1, 1, self.own.neurons) * half_of_biases,
            )
            for _ in range(NEAR_LAYERS)
        ]

    @cached_property
    def from_other_draws(self) -> list[Layer]:
        """The layers that the descent reaches from other draws of the initial layer; none where the problem states one."""
        layer, descent = self.exercise.layer, self.exercise.descent
        work = OTHER_DRAWS * descent.epochs * self.exercise.count * layer.weights.size
        updates = OTHER_DRAWS * self.exercise.updates
        if self.exercise.problem.init_seed is None or work > MAXIMUM_WORK or updates > 20 * MAXIMUM_UPDATES:
            return []
        starts = [layer.redrawn(seed) for seed in range(OTHER_DRAWS)]
        return [self.exercise.with_layer(start).trained().layer for start in starts]

    @cached_property
    def chaotic_ends(self) -> list[Layer]:
        """The layers that the descent reaches from starts which differ in the last digits only; none where that takes long."""
        if self.exercise.updates > MAXIMUM_UPDATES or not within_reach(self.exercise, OTHERS * self.exercise.updates):
            return []
        return [self.right, *(other.run.layer for other in self.exercise.beside)]

    @cached_property
    def is_chaotic(self) -> bool:
        """Whether right computations of the descent part, by half a unit of what the problem shows."""
        ends = [np.concatenate([np.ravel(layer.weights), layer.biases]) for layer in self.chaotic_ends]
        return bool(ends) and bool((np.ptp(ends, axis=0) > 0.5 * 10.0**-self.exercise.decimals).any())

    # ---- What a part is for a layer.

    def figure(self, name: PartName, layer: Layer) -> Any:
        """What a part is for a layer: figures in the part's shape."""
        if name.table == "boundaries":
            return boundary_of(layer, name.part)
        if name.table == "metrics":
            return self._metric(layer, *name.set_and_measure)
        exercise, X = self.exercise, self.exercise.patterns.X
        U = X @ layer.weights + layer.biases
        descent = exercise.descent
        cost, errors = layer.evaluate(exercise.patterns, descent.reduction, descent.weight_decay, descent.decay_biases)
        figures = {
            "updates": float(self.run.updates),  # fewer than asked for where the descent stops by itself
            "weights": layer.weights,
            "biases": layer.biases,
            "cost": cost,
            "errors": errors,
            "inputs": X,
            "outputs": layer.activate(U),
            "predicted": None if exercise.predicts_numbers else exercise.decided(U),
        }
        return figures[name.part]

    @staticmethod
    def parameter(name: PartName, layer: Layer) -> Any:
        """The weights or the biases of a layer, as the name says."""
        return layer.weights if name.part == "weights" else layer.biases

    def patterns_of(self, which: str) -> Patterns:
        """The "training" or the "test" patterns."""
        return self.exercise.patterns if which == "training" else self._test_patterns

    @cached_property
    def _test_patterns(self) -> Patterns:
        test = self.exercise.problem.test
        return self.exercise.patterns if test is None else self.exercise.layer.patterns(*test)

    def _metric(self, layer: Layer, which: str, measure: str) -> Any:
        """How good a layer is on a set. For classes the cost is a mean, whatever the descent takes; decay is left out."""
        patterns = self.patterns_of(which)
        if measure in ("mse", "r2"):
            try:
                found = metrics.scores(layer, patterns.X, patterns.D, self.exercise.problem.target_scaling)
            except InputError:  # an answer's weights may be so large that outputs overflow: nothing follows from them
                return np.full(layer.neurons, np.nan)
            return found.mean_square_error if measure == "mse" else found.r2
        reduction = self.exercise.descent.reduction if self.exercise.predicts_numbers else "mean"
        cost, errors = layer.evaluate(patterns, reduction)
        if measure == "cost":
            return cost
        return errors if measure == "errors" else 1 - (errors or 0.0) / len(patterns.X)
