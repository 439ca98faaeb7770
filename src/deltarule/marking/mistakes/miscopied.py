"""A number of the problem that was copied wrongly: which one, and as what, is read off the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isclose, log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.mistakes.conditions import logistic, sigmoid, tanh
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked, rework
from deltarule.parts import PartName

# A number that is misread may be any of some 100, so that each is as much less likely.
MISREAD_PRICE = log(100)
# A copied number is looked for with 0 to 3 decimals, those of numbers that people copy.
DECIMALS = (0, 1, 2, 3)
# Entries are off if they differ by more than 2 half units: one may come from rounding.
OFF = 2.0
# Outputs that are carried on as they are written move delta, (y - d) f'(u), by up to some 3 half units more, and U by as many.
OFF_AS_CARRIED = 6.0
# A learning rate is looked for with 1 or 2 digits, as rates are written. One within 2% of the right one is rounding; 1 and a^2
# are mistakes of their own (rate-missing, rate-twice).
RATE_DIGITS, RATE_MARGIN = (1, 2), 0.02
# From these parts of the answer targets and the learning rate are read off, where they are not right.
CARRIED_ON = ("synaptic_inputs", "outputs", "weight_gradient")


def _read_off(exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[Variant]:
    """One input, weight, bias, target or the learning rate, as it may have been copied."""
    numbers = answer.iterations()
    if not numbers:
        return
    for number in numbers:  # a pattern shows in its own batches only
        W = _before(exercise, answer, number, "weights")
        follows = right if number == numbers[0] else _from_before(exercise, answer, number)
        off, wrong = _off(exercise, answer, number, follows)
        if wrong.any():
            rows = exercise.batch(number)
            yield from _input(exercise, exercise.layer.weights if W is None else W, rows, off, wrong)
            if number == 1:
                yield from _weight(exercise, rows, off, wrong)
            break
    yield from _rates(exercise, answer, numbers, right)
    for number in numbers:
        follows = _from_own(exercise, answer, number, right)
        targets = list(_target(exercise, answer, number, follows, OFF if follows is right else OFF_AS_CARRIED))
        yield from targets
        if targets:
            return


def _off(exercise: Exercise, answer: Answer, first: int, right: Reworked) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """(P, K) by how much U is off, and where it is; from the outputs where U is not written, as far as these tell it."""
    U, Y = (answer.part(first, part) for part in ("synaptic_inputs", "outputs"))
    if U is not None and U.complete:
        off = U.values - right[U.name]
        return off, np.abs(off) > OFF * U.half
    inverse: Any = logit if sigmoid(exercise) or logistic(exercise) else np.arctanh if tanh(exercise) else None
    if Y is None or not Y.complete or inverse is None:
        return np.zeros((1, 1)), np.zeros((1, 1), bool)
    wrong = np.abs(Y.values - right[Y.name]) > OFF * Y.half
    with np.errstate(all="ignore"):
        off = np.where(wrong, inverse(Y.values) - inverse(right[Y.name]), 0.0)
    return np.where(np.isfinite(off), off, 0.0), wrong


def _from_before(exercise: Exercise, answer: Answer, number: int) -> Reworked:
    """The parts of an iteration that follow from the answer's own weights and biases before it, where it has these."""
    before = (answer.part(number - 1, name) for name in ("weights", "biases"))
    given = {each.name: each for each in before if each is not None and each.complete and not each.transposed}
    return rework(exercise, [number], given=given)


def _from_own(exercise: Exercise, answer: Answer, first: int, right: Reworked) -> Reworked:
    """The right parts, or what follows from the answer's own that are not: a number may be copied beside another mistake."""
    given = (answer.part(first, part) for part in CARRIED_ON)
    own = {each.name: each for each in given if each is not None and each.complete and _is_off(each, right)}
    try:
        return right | rework(exercise, [first], given=own) if own else right
    except (ValueError, ArithmeticError):
        return right


def _is_off(part: GivenPart, right: Reworked) -> bool:
    return not part.transposed and bool((np.abs(part.values - right[part.name]) > OFF * part.half).any())


COPIED_WRONGLY = Mistake(
    "copied-wrongly",
    "A number of the problem was copied wrongly.",
    "Compare your numbers with the problem's.",
    read_off=_read_off,
)


def _input(
    exercise: Exercise, W: NDArray[Any], rows: NDArray[np.intp], off: NDArray[Any], wrong: NDArray[np.bool_]
) -> Iterator[Variant]:
    """An input x of the one pattern whose U is off: off = (x' - x) w, solved for x' by least squares over the neurons.

    Parameters
    ----------
    W : the weights before the iteration.
    rows, off, wrong : the patterns of the iteration; by how much their U is off, and where.
    """
    places = np.flatnonzero(wrong.any(axis=1))
    if len(places) != 1:
        return
    p, pattern = int(places[0]), int(rows[places[0]])
    for n in range(len(W)):
        size = float(W[n] @ W[n])
        if size:
            x = float(exercise.patterns.X[pattern, n])
            for value in _rounded(x + float(off[p] @ W[n]) / size, x):
                X = _with(exercise.patterns.X, (pattern, n), value)
                detail = f"input {n + 1} of pattern {pattern + 1}: {value:g} for {x:g}"
                yield Variant(exercise=exercise.with_patterns(X=X), price=MISREAD_PRICE, detail=detail)


def _weight(
    exercise: Exercise, rows: NDArray[np.intp], off: NDArray[Any], wrong: NDArray[np.bool_]
) -> Iterator[Variant]:
    """A weight w or the bias of the one neuron whose U is off: off = x (w' - w), solved by least squares over the patterns."""
    places = np.flatnonzero(wrong.any(axis=0))
    if len(places) != 1:
        return
    k, layer = int(places[0]), exercise.layer
    X = exercise.patterns.X[rows]
    for n in range(layer.inputs):
        size = float(X[:, n] @ X[:, n])
        if size:
            w = float(layer.weights[n, k])
            for value in _rounded(w + float(off[:, k] @ X[:, n]) / size, w):
                other = layer.with_parameters(_with(layer.weights, (n, k), value), layer.biases)
                detail = f"the weight of input {n + 1} and neuron {k + 1}: {value:g} for {w:g}"
                yield Variant(exercise=exercise.with_layer(other), price=MISREAD_PRICE, detail=detail)
    b = float(layer.biases[k])
    for value in _rounded(b + float(off[:, k].mean()), b):
        other = layer.with_parameters(layer.weights, _with(layer.biases, k, value))
        detail = f"the bias of neuron {k + 1}: {value:g} for {b:g}"
        yield Variant(exercise=exercise.with_layer(other), price=MISREAD_PRICE, detail=detail)


def _target(exercise: Exercise, answer: Answer, first: int, right: Reworked, units: float) -> Iterator[Variant]:
    """The target of the one pattern whose delta is off, by more than some half units."""
    delta = answer.part(first, "delta")
    if delta is None or not delta.complete or delta.transposed:
        return
    wrong = np.argwhere(np.abs(delta.values - right[delta.name]) > units * delta.half)
    if not len(wrong) or len({int(p) for p, _ in wrong}) > 1:
        return
    row, D = int(wrong[0, 0]), exercise.patterns.D
    pattern = int(exercise.batch(first)[row])
    others: Iterable[tuple[Any, str]]
    price = 0.0
    if exercise.predicts_numbers:
        if len(wrong) > 1:
            return
        k, price = int(wrong[0, 1]), MISREAD_PRICE
        values = _target_numbers(exercise, answer, first, right, row, k)
        of_neuron = f" and neuron {k + 1}" if exercise.layer.neurons > 1 else ""
        others = [(_with(D[pattern], k, value), f"{of_neuron}: {value:g} for {D[pattern, k]:g}") for value in values]
    elif exercise.classes and exercise.layer.neurons > 1:
        others = [(one_hot, "") for one_hot in np.eye(exercise.layer.neurons) if (one_hot != D[pattern]).any()]
    else:  # neurons that answer yes or no: the other answer wherever delta is off
        neurons = wrong[:, 1]
        others = [(_with(D[pattern], neurons, 1 - D[pattern, neurons]), "")]
    for target, detail in others:
        other = exercise.with_patterns(D=_with(D, pattern, target))
        yield Variant(exercise=other, price=price, detail=f"the target of pattern {pattern + 1}{detail}")


def _target_numbers(exercise: Exercise, answer: Answer, first: int, right: Reworked, row: int, k: int) -> list[float]:
    """Targets d' that explain a delta c (y - d') f'(u), or the cost's part s (y - d')^2 / 2, with few decimals.

    Parameters
    ----------
    row : of the pattern in the batch.
    k : the neuron whose delta is off.
    """
    delta, cost = (answer.part(first, part) for part in ("delta", "cost"))
    pattern = int(exercise.batch(first)[row])
    y = float(right[PartName.in_iteration(first, "outputs")][row, k])
    d = float(exercise.patterns.D[pattern, k])
    if delta is None or y == d or not right[delta.name][row, k]:
        return []
    found = [y - (y - d) * float(delta.values[row, k] / right[delta.name][row, k])]
    if cost is not None:  # more exact where the slope is small
        rows, weights = exercise.batch(first), exercise.patterns.sample_weight
        share = weights[pattern] * exercise.layer.scale(weights[rows], exercise.descent.reduction)
        square = (y - d) * (y - d) + 2 * (float(cost.values) - float(right[cost.name])) / share
        if square > 0:
            found.append(y + float(np.copysign(np.sqrt(square), found[0] - y)))
    return [value for each in found for value in _rounded(each, d) if is_miscopy(value, d)]


def _rates(exercise: Exercise, answer: Answer, numbers: Sequence[int], right: Reworked) -> Iterator[Variant]:
    """The learning rates of the first two steps, each once: it may be copied again for each step."""
    found = dict[float, Variant]()
    for number in numbers[:2]:
        for each in _rate(exercise, answer, number, _from_own(exercise, answer, number, right)):
            assert each.exercise is not None  # noqa: S101 - `_rate` gives other exercises
            found.setdefault(each.exercise.descent.learning_rate, each)
    yield from found.values()


def _rate(exercise: Exercise, answer: Answer, number: int, right: Reworked) -> Iterator[Variant]:
    """The learning rate of the step that was made: W - W' = a' dJ/dW, and so the biases, solved for a' by least squares.

    With momentum the first velocity is the gradient, and a schedule's rate is a share of a'. Written figures fix it only so far:
    ten times the rate and a tenth of it are tried too where they allow these.
    """
    if number > 1 and exercise.momentum:
        return  # the velocity is not this step's gradient
    steps = [
        (before - after.values, _gradient(answer, number, gradient, right), after.half)
        for name, gradient in (("weights", "weight_gradient"), ("biases", "bias_gradient"))
        if (after := _complete(answer, number, name)) is not None
        and (before := _before(exercise, answer, number, name)) is not None
        and after.values.shape == before.shape
    ]
    size = sum(float(np.sum(gradient**2)) for _, gradient, _ in steps)
    if not size or not np.isfinite(size):
        return
    a = exercise.descent.learning_rate
    found = sum(float(np.sum(step * gradient)) for step, gradient, _ in steps) / size
    share = exercise.rate(number) / a * (1 + exercise.momentum if exercise.descent.nesterov else 1)
    # The weights before the step are rounded too, but for the initial ones.
    off = (1 if number == 1 else 2) * sum(float(np.sum(half * np.abs(gradient))) for _, gradient, half in steps) / size
    found, off = found / share, off / share
    rounded = {float(f"{found:.{digits}g}") for digits in RATE_DIGITS} if found > 0 else set()
    for value in rounded | {float(f"{each:g}") for each in (10 * a, a / 10) if abs(each - found) <= off}:
        if (
            0 < value < np.inf
            and not (value == 1 or isclose(value, a * a))
            and abs(value - a) > RATE_MARGIN * a
            and is_miscopy(value, a)
        ):
            other = exercise.with_descent(learning_rate=value)
            yield Variant(exercise=other, price=MISREAD_PRICE, detail=f"the learning rate: {value:g} for {a:g}")


def _gradient(answer: Answer, number: int, name: str, right: Reworked) -> NDArray[Any]:
    """The gradient of a step: the answer's own where it is off, which the step follows."""
    part = _complete(answer, number, name)
    found = right[PartName.in_iteration(number, name)]
    own = part is not None and part.values.shape == np.shape(found) and _is_off(part, right)
    return np.asarray(part.values if own and part is not None else found, float)


def _complete(answer: Answer, number: int, name: str) -> GivenPart | None:
    part = answer.part(number, name)
    return part if part is not None and part.complete and not part.transposed else None


def _before(exercise: Exercise, answer: Answer, number: int, name: str) -> NDArray[Any] | None:
    """The weights or biases from which an iteration starts; None where the answer does not say."""
    if number == 1:
        layer = exercise.layer
        return layer.weights if name == "weights" else layer.biases
    part = _complete(answer, number - 1, name)
    return None if part is None else part.values


def _with(values: NDArray[Any], places: Any, new: Any) -> NDArray[Any]:
    """A copy with other values in some places."""
    found = values.copy()
    found[places] = new
    return found


def _rounded(value: float, right: float) -> list[float]:
    """The value with few decimals, each once, where it is not the right one."""
    found = dict.fromkeys(round(value, digits) for digits in DECIMALS)
    return [each for each in found if each != right and np.isfinite(each)]


def is_miscopy(copied: float, right: float) -> bool:
    """Whether a person may write a number for another: one thing is otherwise.

    It has another sign, or the point stands a place away, or it is rounded; or one digit is another, is missing or is written once
    more, or two neighbours are exchanged. What has more decimals than the number was computed, not copied.

    Parameters
    ----------
    copied, right : the numbers.

    Examples
    --------
    >>> [is_miscopy(each, 0.25) for each in (-0.25, 0.26, 0.52, 0.2, 2.5)], is_miscopy(0.0625, 0.25)
    ([True, True, True, True, True], False)
    """
    if copied == -right or isclose(copied, 10 * right) or isclose(copied, right / 10):
        return True
    decimals = max(_decimals(right), 1)
    if _decimals(copied) > decimals or copied * right < 0:
        return False
    if copied and copied == round(right, _decimals(copied)):
        return True
    one, other = (f"{abs(value):.{decimals}f}".replace(".", "") for value in (copied, right))
    if len(one) == len(other):
        off = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        swapped = (
            len(off) == 2 and off[1] == off[0] + 1 and one[off[0]] == other[off[1]] and one[off[1]] == other[off[0]]
        )
        return len(off) == 1 or swapped
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _decimals(value: float) -> int:
    """How many decimals a number is written with."""
    return len(f"{value:.9f}".rstrip("0").partition(".")[2])
