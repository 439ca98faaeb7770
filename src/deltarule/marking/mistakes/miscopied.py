"""A number of the problem that was copied wrongly, read off the answer itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.layers import NumberLayer
from deltarule.marking.answer.given import Answer
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import Exercise

COPIED = Mistake(
    "copied-wrongly", "A number of the problem was copied wrongly.", "Compare your numbers with the problem's."
)
# What a target that is a number costs: it can be fitted to any delta.
FITTED = 2.0
# A copied number is looked for with so many decimals.
DECIMALS = (0, 1, 2, 3)


def copied(exercise: Exercise, answer: Answer, right: dict[str, Any]) -> tuple[Mistake, Iterator[Variant]]:
    """Ways in which one input, weight, bias, target or the learning rate may have been copied wrongly."""
    return COPIED, _copied(exercise, answer, right)


def _copied(exercise: Exercise, answer: Answer, right: dict[str, Any]) -> Iterator[Variant]:
    numbers = answer.iterations()
    if not numbers:
        return
    first = numbers[0]
    rows = exercise.batches(first, first)[0]
    U = answer.parts.get(f"iteration.{first}.synaptic_inputs")
    if U is not None and U.complete:
        off = U.values - right[U.name]
        bad = np.abs(off) > 2 * U.half
        if bad.any():
            yield from _input(exercise, rows, off, bad)
            if first == 1:
                yield from _weight(exercise, rows, off, bad)
            return
    yield from _target(exercise, rows, answer, first, right)
    yield from _rate(exercise, answer, first, right)


def _input(exercise: Exercise, rows: NDArray[np.intp], off: NDArray[Any], bad: NDArray[np.bool_]) -> Iterator[Variant]:
    wrong = np.flatnonzero(bad.any(axis=1))
    if len(wrong) != 1:
        return
    p, pattern = int(wrong[0]), int(rows[wrong[0]])
    W = exercise.layer.weights
    for n in range(len(W)):
        size = float(W[n] @ W[n])
        if size:
            x = float(exercise.patterns.X[pattern, n])
            for value in _rounded(x + float(off[p] @ W[n]) / size, x):
                X = exercise.patterns.X.copy()
                X[pattern, n] = value
                yield Variant(
                    exercise=exercise.having(X=X), said=f"input {n + 1} of pattern {pattern + 1}: {value:g} for {x:g}"
                )


def _weight(exercise: Exercise, rows: NDArray[np.intp], off: NDArray[Any], bad: NDArray[np.bool_]) -> Iterator[Variant]:
    wrong = np.flatnonzero(bad.any(axis=0))
    if len(wrong) != 1:
        return
    k, layer = int(wrong[0]), exercise.layer
    X = exercise.patterns.X[rows]
    for n in range(layer.inputs):
        size = float(X[:, n] @ X[:, n])
        if size:
            w = float(layer.weights[n, k])
            for value in _rounded(w + float(off[:, k] @ X[:, n]) / size, w):
                W = layer.weights.copy()
                W[n, k] = value
                other = layer.with_parameters(W, layer.biases)
                said = f"the weight of input {n + 1} and neuron {k + 1}: {value:g} for {w:g}"
                yield Variant(exercise=exercise.having(layer=other), said=said)
    b = float(layer.biases[k])
    for value in _rounded(b + float(off[:, k].mean()), b):
        biases = layer.biases.copy()
        biases[k] = value
        other = layer.with_parameters(layer.weights, biases)
        yield Variant(exercise=exercise.having(layer=other), said=f"the bias of neuron {k + 1}: {value:g} for {b:g}")


def _target(
    exercise: Exercise, rows: NDArray[np.intp], answer: Answer, first: int, right: dict[str, Any]
) -> Iterator[Variant]:
    delta = answer.parts.get(f"iteration.{first}.delta")
    if delta is None or not delta.complete or delta.transposed:
        return
    bad = np.argwhere(np.abs(delta.values - right[delta.name]) > 2 * delta.half)
    if not len(bad) or len({int(p) for p, _ in bad}) > 1:
        return
    pattern = int(rows[bad[0, 0]])
    D = exercise.patterns.D
    others: Iterable[tuple[Any, str]]
    price = 0.0
    if isinstance(exercise.layer, NumberLayer):
        if len(bad) > 1:
            return
        k, price = int(bad[0, 1]), FITTED
        values = _numbers(exercise, answer, first, right, (int(bad[0, 0]), k), pattern)
        others = [(_with(D[pattern], [k], value), f": {value:g} for {D[pattern, k]:g}") for value in values]
    elif exercise.classes and exercise.layer.neurons > 1:
        others = [(row, "") for row in np.eye(exercise.layer.neurons) if (row != D[pattern]).any()]
    else:
        places = bad[:, 1]
        others = [(_with(D[pattern], places, 1 - D[pattern, places]), "")]
    for row, said in others:
        other = exercise.having(D=_with(D, [pattern], row))
        yield Variant(exercise=other, price=price, said=f"the target of pattern {pattern + 1}{said}")


def _with(values: NDArray[Any], places: Any, new: Any) -> NDArray[Any]:
    """The same but for some places."""
    found = values.copy()
    found[places] = new
    return found


def _numbers(
    exercise: Exercise, answer: Answer, first: int, right: dict[str, Any], place: tuple[int, int], pattern: int
) -> list[float]:
    """Targets d' that explain a delta c (y - d') f'(u), or the cost's part s (y - d')^2 / 2, rounded to few decimals."""
    delta, cost = (answer.parts.get(f"iteration.{first}.{part}") for part in ("delta", "cost"))
    y, d = float(right[f"iteration.{first}.outputs"][place]), float(exercise.patterns.D[pattern, place[1]])
    if delta is None or y == d or not right[delta.name][place]:
        return []
    found = [y - (y - d) * float(delta.values[place] / right[delta.name][place])]
    if cost is not None:  # more exact where the slope is small
        rows = exercise.batches(first, first)[-1]
        weights = exercise.patterns.sample_weight
        share = weights[pattern] * exercise.layer.scale(weights[rows], exercise.descent.reduction)
        square = (y - d) ** 2 + 2 * (float(cost.values) - float(right[cost.name])) / share
        if square > 0:
            found.append(y + float(np.copysign(np.sqrt(square), found[0] - y)))
    return [value for each in found for value in _rounded(each, d)]


def _rate(exercise: Exercise, answer: Answer, first: int, right: dict[str, Any]) -> Iterator[Variant]:
    W = answer.parts.get(f"iteration.{first}.weights")
    if W is None or not W.complete or first != 1:
        return
    gradient = right[f"iteration.{first}.weight_gradient"]
    size = float(np.sum(gradient**2))
    if not size or not np.isfinite(size):
        return
    a = exercise.descent.learning_rate
    found = float(np.sum((exercise.layer.weights - W.values) * gradient)) / size
    for value in {float(f"{found:.{digits}g}") for digits in (1, 2)} if found > 0 else ():
        if 0 < value < np.inf and value not in (1.0, a**2) and abs(value - a) > 0.02 * a:
            other = replace(exercise.descent, learning_rate=value)
            yield Variant(exercise=exercise.having(descent=other), said=f"the learning rate: {value:g} for {a:g}")


def _rounded(value: float, right: float) -> list[float]:
    """The value with few decimals, each once, where it is another than the right one."""
    found = dict.fromkeys(round(value, digits) for digits in DECIMALS)
    return [each for each in found if each != right and np.isfinite(each)]
