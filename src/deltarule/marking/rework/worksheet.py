"""Iterations worked one after another, part by part, without a mistake or with changes of their ingredients.

The same formulas work the right answer, an answer with a known mistake, an answer whose every figure was rounded before it
was used, and an answer that follows from what a student wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from deltarule.iteration import Velocity, step
from deltarule.marking.given import GivenPart
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import NOTHING, Between, Change, Worksheet
from deltarule.marking.rework.tolerance import within
from deltarule.parts import COUNTS, ITERATION_PARTS, PartName

# The parts of iterations as they were worked, by name.
Reworked = dict[PartName, Any]
# What is carried on of a part ("delta", its values): its figures rounded, for example.
Carry = Callable[[str, Any], Any]


def cost_from_outputs(sheet: Worksheet, _right: Any = None) -> float:
    """J as it is worked from the outputs of a `sheet`; infinite or NaN where one of them has no logarithm."""
    costs: Change = lambda s, _: s.exercise.layer.worked_cost(s.U, s.Y, s.D)  # noqa: E731
    return float(sheet.with_changes({"cost.pattern_costs": costs}).work("cost"))


def worksheets(
    exercise: Exercise,
    last: int,
    changes: Mapping[str, Change] = NOTHING,
    carry: Carry | None = None,
    given: Mapping[PartName, GivenPart] | None = None,
    *,
    sharpen: bool = False,
    as_written: Container[str] = (),
    other: Exercise | None = None,
    other_in: Container[int] | None = None,
    between: Between | None = None,
) -> Iterator[tuple[Worksheet, dict[str, Any]]]:
    """Iteration after iteration: its worksheet, with the parts as they are carried on, and the parts as they were worked.

    Parameters
    ----------
    exercise, changes, carry, given, sharpen, as_written, other, other_in, between : as in `rework`.
    last : the number of the last iteration.
    """
    parts = [part for part in ITERATION_PARTS if exercise.has(part)]
    start: Worksheet | None = None
    before: Worksheet | None = None
    first = exercise.skipped + 1
    orders = {each: each.batches(first, last) for each in (exercise, other) if each is not None}
    W, b, velocity = exercise.layer.weights, exercise.layer.biases, exercise.velocity
    for number in range(first, last + 1):
        taken = exercise if other is None or (other_in is not None and number not in other_in) else other
        rows = orders[taken][number - first]
        if number == first:
            W, b = taken.layer.weights, taken.layer.biases
        sheet = Worksheet(
            taken,
            taken.patterns.take(rows),
            rows,
            number,
            W,
            b,
            changes,
            first=start,
            before=before,
            carried=partial(_carried_on, number, carry, given, sharpen, as_written),
            outputs_given=given is not None and PartName.in_iteration(number, "outputs") in given,
            velocity=velocity,
            between=between,
            rounded=partial(_rounded, carry),
        )
        worked = {}
        with np.errstate(all="ignore"):
            for part in parts:
                worked[part] = sheet.work(part)
                sheet.parts[part] = sheet.carried(part, worked[part])
        yield sheet, worked
        W, b, start = sheet.parts["weights"], sheet.parts["biases"], start or sheet
        if exercise.momentum:
            velocity = Velocity(sheet.parts["weight_velocity"], sheet.parts["bias_velocity"])
        before = replace(sheet, before=None)  # none but the first and the last are kept in memory


def rework(
    exercise: Exercise,
    numbers: Iterable[int],
    changes: Mapping[str, Change] | None = None,
    carry: Carry | None = None,
    given: Mapping[PartName, GivenPart] | None = None,
    *,
    sharpen: bool = False,
    as_written: Container[str] = (),
    other: Exercise | None = None,
    other_in: Container[int] | None = None,
    between: Between | None = None,
) -> Reworked:
    """The parts of some iterations, worked from the exercise's layer on.

    Parameters
    ----------
    exercise : what is worked.
    numbers : of the iterations that are returned; those before them are worked too.
    changes : what is done otherwise, by part or ingredient (see `rework.ingredients`); None: nothing.
    carry : what is carried on of a part; None: all of it.
    given : parts of an answer, which are carried on instead of those worked. What is returned is the part as worked.
    sharpen : carry on all decimals of a given figure that is the worked one, rounded.
    as_written : the parts whose given figures are carried on as they are all the same.
    other : another exercise, which is worked in some iterations instead; None: none is.
    other_in : these iterations, as in range(2, 5); None: all.
    between : what becomes of results in between; None: they are not rounded.

    Returns
    -------
    dict
        The parts by name.
    """
    asked = set(numbers)
    if not asked:
        return {}
    every = worksheets(
        exercise, max(asked), changes or NOTHING, carry, given, sharpen=sharpen, as_written=as_written,
        other=other, other_in=other_in, between=between,
    )  # fmt: skip
    return {
        PartName.in_iteration(sheet.number, part): value
        for sheet, worked in every
        if sheet.number in asked
        for part, value in worked.items()
    }


def _carried_on(
    number: int,
    carry: Carry | None,
    given: Mapping[PartName, GivenPart] | None,
    sharpen: bool,
    as_written: Container[str],
    part: str,
    value: Any,
) -> Any:
    """What is carried on of a part of an iteration."""
    value = _rounded(carry, part, value)
    if given is not None:
        name = PartName.in_iteration(number, part)
        if name in given:
            value = _carried(given[name], value, sharpen=sharpen and part not in as_written)
    return value


def _rounded(carry: Carry | None, part: str, value: Any) -> Any:
    return value if carry is None or part in COUNTS else carry(part, value)


def _carried(given: GivenPart, value: Any, *, sharpen: bool) -> Any:
    """The figures given, and those worked where nothing was given."""
    own = ~given.known
    if sharpen and not given.name.is_count:
        own = own | within(given.values, value, given.half)
    carried = np.where(own, value, given.values)
    if given.name.part == "predicted":
        return carried.astype(int)
    return carried if carried.ndim else float(carried)


def after_updates(exercise: Exercise, updates: int) -> Exercise:
    """The exercise from the layer that its first updates lead to. Late iterations then begin close to that layer."""
    if updates <= exercise.skipped:
        return exercise
    per_epoch = exercise.descent.updates_per_epoch(exercise.count)
    epochs = updates // per_epoch
    simple = exercise.descent.schedule.is_constant and not exercise.momentum  # an engine tells no velocity
    if epochs > 1 and not exercise.skipped and simple:
        layer = exercise.to_the_end(epochs=epochs).trained().layer
        return after_updates(exercise.with_layer(layer, skipped=epochs * per_epoch), updates)
    layer, velocity, first = exercise.layer, exercise.velocity, exercise.skipped + 1
    with np.errstate(all="ignore"):
        for number, rows in enumerate(exercise.batches(first, updates), start=first):
            done = step(layer, exercise.patterns.take(rows), exercise.descent, exercise.rate(number), velocity)
            layer, velocity = done.layer, done.velocity
    return exercise.with_layer(layer, updates, velocity)


def rounded(decimals: int) -> Carry:
    """What rounds figures to this number of decimals as people do: halves are rounded away from zero."""
    unit = 10.0**-decimals

    def carry(_part: str, value: Any) -> Any:
        # Binary fractions miss an exact half by some 1e-16; the 1e-9 lets it be one.
        return np.sign(value) * np.floor(np.abs(value) / unit + (0.5 + 1e-9)) * unit

    return carry
