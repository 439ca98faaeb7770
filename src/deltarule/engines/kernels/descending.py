"""The epochs: one call does as many as are asked for, with history, tolerance and the watch for infinities inside.

What it does with a batch depends on the working memory that it is given: `patterns.PatternTiles` or
`wide_tiles.WideTiles`.
"""

from __future__ import annotations

import math
from typing import Any

from numba import types
from numba.extending import overload

from deltarule.engines.kernels import patterns, wide
from deltarule.engines.kernels.arguments import (
    ALL_EPOCHS,
    COST,
    EPOCH,
    ERRORS,
    INTERRUPTED,
    NOT_FINITE,
    PATIENCE_OVER,
    TOLERANCE_MET,
    VALIDATION_COST,
    VALIDATION_ERRORS,
    all_finite,
    copy,
    monitored,
    next_order,
)  # fmt: skip
from deltarule.engines.kernels.compiling import CHOSEN, OPTIONS, compiled


def family(tiles: Any) -> Any:
    """The module of kernels for these tiles, or for tiles of this Numba type."""
    kind = tiles.instance_class if isinstance(tiles, types.BaseNamedTuple) else type(tiles)
    return patterns if kind is patterns.PatternTiles else wide


def update(
    rule: Any, data: Any, tiles: Any, order: Any, start: int, count: int, parameters: Any, velocity: Any, rate: float, loaded: bool,
    stop: Any,
) -> bool:  # fmt: skip
    """One update of the family's kind; see `patterns.update`."""
    return family(tiles).update(  # type: ignore[no-any-return]
        rule, data, tiles, order, start, count, parameters, velocity, rate, loaded, stop
    )


def evaluate(rule: Any, data: Any, tiles: Any, parameters: Any) -> tuple[float, float]:
    """Cost and errors over a whole set; see `patterns.evaluate`."""
    return family(tiles).evaluate(rule, data, tiles, parameters)  # type: ignore[no-any-return]


def leads(tiles: Any) -> bool:
    """Whether this thread does what one must do for all."""
    return family(tiles).leads(tiles)  # type: ignore[no-any-return]


def wait_for_all(tiles: Any) -> None:
    """Go on when all threads of the team are here."""
    family(tiles).wait_for_all(tiles)


# The compiler knows the tiles' type, and so the family: a call costs nothing.
overload(update, strict=False, jit_options=CHOSEN)(
    lambda rule, data, tiles, order, start, count, parameters, velocity, rate, loaded, stop: _compiled(tiles, "update")
)
overload(evaluate, strict=False, jit_options=OPTIONS)(
    lambda rule, data, tiles, parameters: _compiled(tiles, "evaluate")
)
overload(leads, strict=False, jit_options=CHOSEN)(lambda tiles: _compiled(tiles, "leads"))
overload(wait_for_all, strict=False, jit_options=CHOSEN)(lambda tiles: _compiled(tiles, "wait_for_all"))


def _compiled(tiles: Any, name: str) -> Any:
    return getattr(family(tiles), name).py_func


@compiled
def descend(
    rule: Any,
    training: Any,
    validation: Any,
    tiles: Any,
    orders: Any,
    rates: Any,
    steps: Any,
    parameters: Any,
    velocity: Any,
    saved: Any,
    best: Any,
    epochs: int,
    first_epoch: int,
    cost: float,
    best_value: float,
    best_epoch: int,
    table: Any,
    stop: Any,
) -> tuple[int, int, int, float, float, int]:
    """Run epochs `first_epoch` to `first_epoch + epochs - 1`; the parameters are changed in place.

    Each thread of a team calls this with its own tiles, `saved` and `table`, and takes the same decisions.

    Parameters
    ----------
    rule, orders : see `arguments`.
    training, validation : `Data`; a validation set without patterns is none.
    tiles : the working memory of a family: `PatternTiles` or `WideTiles`.
    rates, steps : the learning rates in force, flat; how far apart they are from one epoch to the next, and from one update
        to the next, where 0 says that they are the same.
    parameters : W and b, flat, as the family lays them.
    velocity : V, as long as the parameters; (0,) without momentum. It goes on from where it stands.
    saved : as long as the parameters; working memory, for those of the epoch before.
    best : with patience as long as the parameters, for those of the best epoch; else (0,).
    epochs : how many to run; 0 with a row in the table: the parameters are evaluated as they stand.
    first_epoch : the number of the first of them.
    cost : the cost before it, for the tolerance.
    best_value, best_epoch : of the best epoch so far, for patience.
    table : (R, 5) filled with a row a recorded epoch; see `arguments.COLUMNS`.
    stop : (1,) looked at before each update: other than 0, the run ends with the last whole epoch.

    Returns
    -------
    (epochs, rows, why, cost, best_value, best_epoch)
        The epochs that count, the rows filled, why it ended (ALL_EPOCHS, ...), the cost last evaluated, and the best. Where a cost
        is not finite, the parameters are those of the epoch before.
    """
    if epochs == 0 and table.shape[0] > 0:
        table[0, COST], table[0, ERRORS] = evaluate(rule, training, tiles, parameters)
        return 0, 1, ALL_EPOCHS, cost, best_value, best_epoch
    filled = 0
    loaded = False
    full = rule.batch_size >= training.patterns
    for e in range(epochs):
        copy(parameters, saved)
        if leads(tiles):
            next_order(orders, e, training.patterns)
        wait_for_all(tiles)
        before = cost
        errors = 0.0
        stopped = False
        place = e * steps[0]
        for start in range(0, training.patterns, rule.batch_size):
            count = min(rule.batch_size, training.patterns - start)
            rate = float(rates[place])
            place += steps[1]
            stopped = update(
                rule, training, tiles, orders.order, start, count, parameters, velocity, rate, loaded, stop
            )
            if stopped:
                break
            loaded = full  # whether the tiles go on holding the batch
        wait_for_all(tiles)
        epoch = first_epoch + e
        recorded = epoch == rule.last_epoch or (rule.record_every > 0 and epoch % rule.record_every == 0)
        finite = all_finite(parameters)
        if finite and not stopped and (recorded or rule.tolerance >= 0):
            cost, errors = evaluate(rule, training, tiles, parameters)
            loaded = False
            finite = math.isfinite(cost)
        if stopped or not finite:
            wait_for_all(tiles)
            if leads(tiles):
                copy(saved, parameters)
            return e, filled, INTERRUPTED if stopped else NOT_FINITE, before, best_value, best_epoch
        if recorded:
            table[filled, EPOCH] = epoch
            table[filled, COST] = cost
            table[filled, ERRORS] = errors
        if validation.patterns > 0 and (recorded or rule.patience > 0):
            validation_cost, validation_errors = evaluate(rule, validation, tiles, parameters)
            loaded = False
            if recorded:
                table[filled, VALIDATION_COST] = validation_cost
                table[filled, VALIDATION_ERRORS] = validation_errors
            value = monitored(rule, validation_cost, validation_errors)
            if rule.patience > 0 and value < best_value - rule.min_change:
                best_value, best_epoch = value, epoch
                if leads(tiles):  # the others wait for it before the next update
                    copy(parameters, best)
        if recorded:
            filled += 1
        if rule.patience > 0 and epoch - best_epoch >= rule.patience:
            return e + 1, filled, PATIENCE_OVER, cost, best_value, best_epoch
        if rule.tolerance >= 0 and abs(cost - before) <= rule.tolerance * abs(before):
            return e + 1, filled, TOLERANCE_MET, cost, best_value, best_epoch
    return epochs, filled, ALL_EPOCHS, cost, best_value, best_epoch
