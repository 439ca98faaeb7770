"""A group of models that share patterns, order and batch size, as the kernels of `sweeping` train it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines import thresholds
from deltarule.engines.for_kernels import is_small, kernel_orders, kernel_rates, kernel_rule, steps_of, tiles_of_wide
from deltarule.engines.kernels import heads, models, wide_tiles
from deltarule.engines.kernels.arguments import (
    COLUMNS,
    COST,
    EPOCH,
    ERRORS,
    RUNNING,
    VALIDATION_COST,
    VALIDATION_ERRORS,
    Data,
    zeros,
)
from deltarule.engines.kernels.sweeping import Standing, descend_all, evaluate_group
from deltarule.engines.kernels.vectors import lane_count
from deltarule.layers import Layer


class Group:
    """Models under way together.

    Parameters
    ----------
    layers, descents : one a model; layers of one kind, shape and dtype, descents of one reduction, batch size and
        (for mini-batches) seed. All have momentum, or none has; and all have
        patience by the same monitor, or none has.
    training, validation : patterns; an empty validation set stands for no such set.
    record_every : costs and errors are recorded after epochs `record_every`, 2 `record_every`, ...; 0: after none.
    followed : the sum of the weights of the validation set.

    Tables are (..., models, 5): see `kernels.arguments`. Columns that do not exist hold anything.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        descents: Sequence[Descent],
        training: Data,
        validation: Data,
        record_every: int,
        followed: float = 0.0,
    ) -> None:
        self.layers, self.training, self.validation = layers, training, validation
        first = layers[0]
        N, K, dtype, count = first.inputs, first.neurons, first.dtype, training.patterns
        # What differs between the models is in the tiles; of decays the rule says whether any model has one.
        rules = [kernel_rule(first, descent, count, record_every, followed) for descent in descents]
        settings = np.array(
            [
                [
                    rule.weight_decay,
                    rule.bias_decay,
                    rule.momentum,
                    rule.nesterov,
                    rule.momentum if rule.nesterov else 1.0,
                ]
                for rule in rules
            ]
        ).T
        decay, bias_decay = settings[:2].max(axis=1).tolist()
        self.rule = rules[0]._replace(weight_decay=decay, bias_decay=bias_decay)
        self.descents, momentum = descents, bool(settings[2].any())
        self.small = is_small(first)
        self.tiles: Any
        if self.small:
            largest = thresholds.get().models_panel
            self.tiles = models.tiles_for(
                N, K, self.rule.batch_size, dtype, settings, largest, biases=first.has_biases, momentum=momentum
            )
        else:
            alone = tiles_of_wide(first, self.rule.batch_size, momentum=momentum)
            self.tiles = heads.tiles_for(alone, np.ascontiguousarray(settings))
        # Models are the last axis (lanes) of small ones, the first of others.
        self.lanes = lane_count(dtype)
        flat = (-1,) if self.small else (len(layers), -1)
        size = (N + 1) * K * self.lanes if self.small else len(layers) * wide_tiles.parameters_size(self.tiles.own)
        self.parameters, self.saved, self.reached = (zeros(size, dtype).reshape(flat) for _ in range(3))
        self.velocity = zeros(size if momentum else 0, dtype).reshape(flat if momentum else (*flat[:-1], 0))
        for m, layer in enumerate(layers):
            if self.small:
                own = self._in_lane(self.parameters, m)
                own[:N], own[N] = layer.weights, layer.biases
            else:
                wide_tiles.put(self.tiles.own, layer.weights, layer.biases, self.parameters[m])
        self.reached[:] = self.parameters
        self.standing = Standing(
            ends=np.array([descent.epochs for descent in descents]),
            tolerances=np.array([-1.0 if descent.tolerance is None else descent.tolerance for descent in descents]),
            running=np.ones(len(layers), dtype=np.bool_),
            why=np.full(len(layers), RUNNING),
            done=np.zeros(len(layers), dtype=np.int64),
            costs=np.zeros(len(layers)),
            patience=np.array([rule.patience for rule in rules]),
            min_change=np.array([rule.min_change for rule in rules]),
            best_values=np.zeros(len(layers)),
            best_epochs=np.zeros(len(layers), dtype=np.int64),
        )
        self.orders, _ = kernel_orders(descents[0], count)
        self.scratch, self.finite = np.zeros((3, len(layers))), np.ones(len(layers), dtype=np.bool_)
        self.epoch = 0
        self._set_rates(0)
        self.initial = self._initial_rows(descents)
        self.standing.costs[:] = self.initial[:, COST]
        share = self.rule.share_of
        values = self.initial[:, VALIDATION_ERRORS] / share if share else self.initial[:, VALIDATION_COST]
        self.standing.best_values[:] = np.where(np.isnan(values), np.inf, values)  # see `Work.monitored`
        self.standing.running[:] = np.isfinite(self.initial[:, COST])

    def _in_lane(self, parameters: NDArray[Any], m: int) -> NDArray[Any]:
        """Small model m's (N + 1, K): the weights' rows, then the biases; a view."""
        N, K = self.layers[0].weights.shape
        return parameters.reshape(N + 1, K, self.lanes)[:, :, m]

    def _set_rates(self, epochs: int) -> None:
        """The learning rates of the next epochs, see `sweeping.descend_all`; those of a model that ends before mean nothing."""
        each = [
            kernel_rates(layer, descent, self.training.patterns, self.epoch, epochs)
            for layer, descent in zip(self.layers, self.descents, strict=True)
        ]
        places = self.lanes if self.small else len(each)
        rates = np.zeros((*np.broadcast_shapes(*(own.shape for own in each)), places))
        for m, own in enumerate(each):
            rates[:, :, m] = own
        self.rates = rates.reshape(-1).astype(self.parameters.dtype if self.small else np.float64, copy=False)
        self.steps = steps_of(rates)

    def advance(self, epochs: int, stop: NDArray[np.int64]) -> NDArray[np.float64]:
        """Run more epochs, or fewer where all models end. The result is the table (R, models, 5) of what was recorded.

        Parameters
        ----------
        epochs : how many.
        stop : see `CompiledEngine`.
        """
        every = self.rule.record_every
        recorded = (self.epoch + epochs) // every - self.epoch // every if every else 0
        table = np.empty((recorded, len(self.layers), COLUMNS))
        if any(not descent.schedule.is_constant for descent in self.descents):
            self._set_rates(epochs)
        if not self.small:  # an update of them all may take long
            self.tiles = self.tiles._replace(stop=stop)
        done, filled = descend_all(
            self.rule, self.training, self.validation, self.tiles, self.orders, self.rates, self.steps, self.parameters,
            self.velocity, self.saved, self.reached, self.standing, epochs, self.epoch + 1, table, self.scratch, self.finite, stop,
        )  # fmt: skip
        self.epoch += done
        return table[:filled]

    def rows(self, parameters: NDArray[Any], epoch: int | NDArray[np.int64]) -> NDArray[np.float64]:
        """A row of the table for each model, (models, 5), evaluated now: as that after an epoch."""
        rows = np.empty((len(self.layers), COLUMNS))
        rows[:, EPOCH] = epoch
        for cost, errors, data in (
            (COST, ERRORS, self.training),
            (VALIDATION_COST, VALIDATION_ERRORS, self.validation),
        ):
            if data.patterns:
                evaluate_group(self.rule, data, self.tiles, parameters, *self.scratch[:2])
                rows[:, cost], rows[:, errors] = self.scratch[:2]
        return rows

    def _initial_rows(self, descents: Sequence[Descent]) -> NDArray[np.float64]:
        """A row for each model as it starts. Wide models that start at the same layer differ in the cost of their decay only."""
        if self.small or len(self.layers) == 1 or any(layer is not self.layers[0] for layer in self.layers):
            return self.rows(self.parameters, 0)
        plain = replace(descents[0], weight_decay=0.0, decay_biases=False)
        one = Group([self.layers[0]], [plain], self.training, self.validation, 0)
        rows = np.repeat(one.rows(one.parameters, 0), len(descents), axis=0)
        with np.errstate(over="ignore"):  # squares may be infinite where costs without a decay are not
            weights, biases = (
                float(np.sum(np.float64(part) ** 2)) for part in (self.layers[0].weights, self.layers[0].biases)
            )
            for row, descent in zip(rows, descents, strict=True):
                if descent.weight_decay:
                    squares = weights + biases if descent.decay_biases else weights
                    row[[COST, VALIDATION_COST]] += 0.5 * descent.weight_decay * squares
        return rows

    def finish(self) -> NDArray[np.float64]:
        """Models that go on end here; the last rows (models, 5), of the layers reached: with patience, of the best ones."""
        patient = bool(self.rule.patience)
        for m in np.flatnonzero(self.standing.running & (not patient)):
            if self.small:
                self._in_lane(self.reached, int(m))[:] = self._in_lane(self.parameters, int(m))
            else:
                self.reached[m] = self.parameters[m]
        return self.rows(self.reached, self.standing.best_epochs if patient else self.standing.done)

    def layer(self, m: int) -> Layer:
        """The layer that model m reached."""
        layer = self.layers[m]
        if self.small:
            own = self._in_lane(self.reached, m)
            return layer.with_unchecked_parameters(own[:-1].copy(), own[-1].copy())
        return layer.with_unchecked_parameters(*wide_tiles.taken(self.tiles.own, layer.weights.shape, self.reached[m]))
