"""The epochs of a group of models that share patterns, order and batch size; each has its own rate, decay, tolerance and end.

What is done with a batch depends on the working memory: `models.ModelTiles` or `heads.HeadTiles`.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

from numba import types
from numba.extending import overload
from numpy.typing import NDArray

from deltarule.engines.kernels import heads, models
from deltarule.engines.kernels.arguments import (
    ALL_EPOCHS,
    COST,
    EPOCH,
    ERRORS,
    NOT_FINITE,
    PATIENCE_OVER,
    RUNNING,
    TOLERANCE_MET,
    VALIDATION_COST,
    VALIDATION_ERRORS,
    copy,
    monitored,
    next_order,
)  # fmt: skip
from deltarule.engines.kernels.compiling import OPTIONS, compiled


class Standing(NamedTuple):
    """Where each model of a group stands; filled in as they go on. Each is (models,).

    Attributes
    ----------
    ends : epochs asked for.
    tolerances : below 0 for none.
    running : whether it goes on.
    why : RUNNING, or why it ended (ALL_EPOCHS, ...).
    done : epochs that count.
    costs : last evaluated.
    patience, min_change : see `Rule`. A group with patience has it in all models.
    best_values, best_epochs : of the best epoch of each so far, for patience.
    """

    ends: NDArray[Any]
    tolerances: NDArray[Any]
    running: NDArray[Any]
    why: NDArray[Any]
    done: NDArray[Any]
    costs: NDArray[Any]
    patience: NDArray[Any]
    min_change: NDArray[Any]
    best_values: NDArray[Any]
    best_epochs: NDArray[Any]


def family(tiles: Any) -> Any:
    """The module of kernels for these tiles, or for tiles of this Numba type."""
    kind = tiles.instance_class if isinstance(tiles, types.BaseNamedTuple) else type(tiles)
    return models if kind is models.ModelTiles else heads


def update_all(
    rule: Any,
    data: Any,
    tiles: Any,
    order: Any,
    start: int,
    count: int,
    parameters: Any,
    velocity: Any,
    rates: Any,
    place: int,
    running: Any,
) -> None:
    """One update of every model; see `models.update_all`."""
    family(tiles).update_all(rule, data, tiles, order, start, count, parameters, velocity, rates, place, running)


def evaluate_all(rule: Any, data: Any, tiles: Any, parameters: Any, costs: Any, errors: Any) -> None:
    """Every model's cost and errors over a whole set; see `models.evaluate_all`."""
    family(tiles).evaluate_all(rule, data, tiles, parameters, costs, errors)


def find_finite(tiles: Any, parameters: Any, finite: Any) -> None:
    """Which models have only finite parameters; see `models.find_finite`."""
    family(tiles).find_finite(tiles, parameters, finite)


def take(tiles: Any, source: Any, m: int, target: Any) -> None:
    """Model m's parameters from one array into another; see `models.take`."""
    family(tiles).take(tiles, source, m, target)


_chosen = partial(overload, strict=False, jit_options=OPTIONS)
_chosen(update_all)(
    lambda rule, data, tiles, order, start, count, parameters, velocity, rates, place, running: (
        family(tiles).update_all.py_func
    )
)
_chosen(evaluate_all)(lambda rule, data, tiles, parameters, costs, errors: family(tiles).evaluate_all.py_func)
_chosen(find_finite)(lambda tiles, parameters, finite: family(tiles).find_finite.py_func)
_chosen(take)(lambda tiles, source, m, target: family(tiles).take.py_func)


@compiled
def evaluate_group(rule: Any, data: Any, tiles: Any, parameters: Any, costs: Any, errors: Any) -> None:
    """Every model's cost and errors over a whole set; see `models.evaluate_all`."""
    evaluate_all(rule, data, tiles, parameters, costs, errors)


@compiled
def descend_all(
    rule: Any, training: Any, validation: Any, tiles: Any, orders: Any, rates: Any, steps: Any, parameters: Any, velocity: Any,
    saved: Any, reached: Any, standing: Any, epochs: int, first_epoch: int, table: Any, scratch: Any, finite: Any, stop: Any,
) -> tuple[int, int]:  # fmt: skip
    """Run epochs `first_epoch` to `first_epoch + epochs - 1` of every model that is running.

    Parameters
    ----------
    rule, orders : see `arguments`.
    training, validation : `Data`; a validation set without patterns is none.
    tiles : the working memory of a family: `ModelTiles` or `HeadTiles`.
    rates, steps : as for `descending.descend`, with a rate for each model as the family lays them.
    parameters : W and b of all models, as the family lays them; changed.
    velocity : V of all, as the parameters; without momentum empty. It goes on from where it stands.
    saved : as long as the parameters; working memory, for those of the epoch before.
    reached : as long: where a model's parameters go when it ends, or, with patience, when they are the best so far.
    standing : see `Standing`.
    epochs : how many to run.
    first_epoch : the number of the first of them.
    table : (R, models, 5) filled with a row for each model a recorded epoch; see `arguments.COLUMNS`.
    scratch : (3, models) float64; working memory.
    finite : (models,) bool; working memory.
    stop : (1,) looked at in each update: other than 0, the run ends with the last whole epoch.

    Returns
    -------
    (epochs, rows)
        The epochs done and the rows filled.
    """
    filled = 0
    watched = False  # whether any model has a tolerance
    for m in range(tiles.models):
        watched = watched or standing.tolerances[m] >= 0
    patient = standing.patience[0] > 0
    for e in range(epochs):
        copy(parameters, saved)
        next_order(orders, e, training.patterns)
        place = e * steps[0]
        for start in range(0, training.patterns, rule.batch_size):
            count = min(rule.batch_size, training.patterns - start)
            update_all(
                rule, training, tiles, orders.order, start, count, parameters, velocity, rates, place, standing.running
            )
            place += steps[1]
            if stop[0] != 0:  # an update of wide models may have broken off
                copy(saved, parameters)
                return e, filled
        epoch = first_epoch + e
        recorded = rule.record_every > 0 and epoch % rule.record_every == 0
        find_finite(tiles, parameters, finite)
        if recorded or watched:
            evaluate_all(rule, training, tiles, parameters, scratch[0], scratch[1])
            for m in range(tiles.models):
                # As alone: a cost that neither the history nor the model's own tolerance asks for is not looked at.
                if recorded or standing.tolerances[m] >= 0:
                    finite[m] = finite[m] and math.isfinite(scratch[0, m])
                if recorded:
                    table[filled, m, EPOCH] = epoch
                    table[filled, m, COST] = scratch[0, m]
                    table[filled, m, ERRORS] = scratch[1, m]
        if validation.patterns > 0 and (recorded or patient):
            evaluate_all(rule, validation, tiles, parameters, scratch[1], scratch[2])
            if recorded:
                for m in range(tiles.models):
                    table[filled, m, VALIDATION_COST] = scratch[1, m]
                    table[filled, m, VALIDATION_ERRORS] = scratch[2, m]
        if recorded:
            filled += 1
        left = 0
        for m in range(tiles.models):
            if not standing.running[m]:
                continue
            before = standing.costs[m]
            if recorded or watched:
                standing.costs[m] = scratch[0, m]
            if patient and finite[m]:
                value = monitored(rule, scratch[1, m], scratch[2, m])
                if value < standing.best_values[m] - standing.min_change[m]:
                    standing.best_values[m], standing.best_epochs[m] = value, epoch
                    take(tiles, parameters, m, reached)
            if not finite[m]:
                standing.why[m] = NOT_FINITE
            elif patient and epoch - standing.best_epochs[m] >= standing.patience[m]:
                standing.why[m] = PATIENCE_OVER
            elif standing.tolerances[m] >= 0 and abs(scratch[0, m] - before) <= standing.tolerances[m] * abs(before):
                standing.why[m] = TOLERANCE_MET
            elif epoch == standing.ends[m]:
                standing.why[m] = ALL_EPOCHS
            if standing.why[m] == RUNNING:
                standing.done[m] = epoch
                left += 1
            else:
                standing.running[m] = False
                standing.done[m] = epoch if finite[m] else epoch - 1
                if not patient:
                    take(tiles, parameters if finite[m] else saved, m, reached)
        if left == 0:
            return e + 1, filled
    return epochs, filled
