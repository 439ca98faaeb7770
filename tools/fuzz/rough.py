"""Numbers with a bound on what rounding may have done to them, and the delta rule in plain loops of them.

Nothing of deltarule is imported. A number is a pair: a value, calculated in float64, and a bound on how far a calculation
in floats of a given unit roundoff may be from the exact value, in whatever order it adds (running error analysis: Higham,
Accuracy and Stability of Numerical Algorithms, 2nd edition, 3.3). Bounds are carried from update to update, to first order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

FUNCTION = 8  # units in the last place that exp, log and tanh of an engine may be off


class BeyondError(ArithmeticError):
    """A number comes near the largest or the bounds are no bounds any more: engines may part here."""


class Rough(NamedTuple):
    """A value, and a bound on its error."""

    v: float
    e: float = 0.0


class Arithmetic:
    """Operations on rough numbers.

    unit : the unit roundoff: 2^-53 of float64, 2^-24 of float32.
    tiny : below it figures may be anything down to 0: e^-690 in float64 and e^-69 in float32, the least exponentials of the
        compiled engine that are not 0.
    huge : above it nothing is compared.
    """

    def __init__(self, unit: float, tiny: float, huge: float) -> None:
        self.unit, self.tiny, self.huge = unit, tiny, huge

    def number(self, v: float, e: float) -> Rough:
        """A number whose value has just been rounded."""
        e += self.unit * abs(v) + self.tiny
        if not (abs(v) < self.huge and e < self.huge):
            raise BeyondError
        return Rough(v, e)

    def product(self, a: Rough, b: Rough) -> Rough:
        """a b."""
        return self.number(a.v * b.v, abs(a.v) * b.e + abs(b.v) * a.e + a.e * b.e)

    def total(self, terms: Sequence[Rough]) -> Rough:
        """The sum, in whatever order it is taken."""
        size = sum(abs(term.v) for term in terms)
        if size >= self.huge:
            raise BeyondError
        return self.number(
            math.fsum(term.v for term in terms), sum(term.e for term in terms) + len(terms) * self.unit * size
        )

    def difference(self, a: Rough, b: Rough) -> Rough:
        """a - b."""
        return self.total([a, Rough(-b.v, b.e)])

    def sigmoid(self, u: Rough) -> Rough:
        """1 / (1 + e^-u), whose slope is y (1 - y), at most e times it within a distance of 1, and at most 1/4."""
        t = math.exp(-abs(u.v))
        y, other = (1 / (1 + t), t / (1 + t)) if u.v >= 0 else (t / (1 + t), 1 / (1 + t))
        slope = min(0.25, y * other * math.exp(min(u.e, 1)) if u.e < 1 else 0.25)
        return self.number(
            y, slope * u.e + (FUNCTION + abs(u.v)) * self.unit * min(y, other) + FUNCTION * self.unit * y
        )

    def tanh(self, u: Rough) -> Rough:
        """tanh u, whose slope is 1 - y^2, at most e^2 times it within a distance of 1."""
        y = math.tanh(u.v)
        slope = min(1.0, math.cosh(min(abs(u.v), 300.0)) ** -2 * math.exp(2 * u.e) if u.e < 1 else 1.0)
        return self.number(y, slope * u.e + FUNCTION * self.unit * abs(y))

    def softmax(self, us: Sequence[Rough]) -> list[Rough]:
        """e^u / sum e^u: where each u is off by at most e, each output by a factor of at most exp(2 e)."""
        top = max(u.v for u in us)
        powers = [math.exp(u.v - top) for u in us]
        whole = sum(powers)
        spread = max(u.e for u in us)
        if spread > 1:
            return [Rough(p / whole, 1.0) for p in powers]
        return [
            self.number(p / whole, p / whole * (math.expm1(2 * spread) + (FUNCTION + len(us) + top - u.v) * self.unit))
            for p, u in zip(powers, us, strict=True)
        ]

    def log_cost(self, us: Sequence[Rough], label: int) -> Rough:
        """log sum e^u - u_label."""
        top = max(us, key=lambda u: u.v)
        v = math.log(math.fsum(math.exp(u.v - top.v) for u in us)) + (top.v - us[label].v)
        size = abs(top.v) + abs(us[label].v) + 1
        return self.number(v, max(u.e for u in us) + us[label].e + FUNCTION * self.unit * size)

    def yes_no_cost(self, u: Rough, d: float) -> Rough:
        """-log y where d is 1, -log (1 - y) where d is 0: log (1 + e^u) with u or -u."""
        x = -u.v if d == 1 else u.v
        v = max(x, 0.0) + math.log1p(math.exp(-abs(x)))
        return self.number(v, u.e + FUNCTION * self.unit * (v + abs(x)))


DOUBLE = Arithmetic(2.0**-53, math.exp(-690), 1e150)
SINGLE = Arithmetic(2.0**-24, math.exp(-69), 1e18)

Row = list[Rough]


class State(NamedTuple):
    """A layer after an epoch, with its cost, and the fewest and the most errors that rounding leaves possible."""

    W: list[Row]
    b: Row
    cost: Rough
    errors: tuple[float, float]


class Task(NamedTuple):
    """A descent: the kind, data as plain lists, and its rule. `kind` is one of those of tests/naive.py."""

    kind: str
    X: list[list[float]]
    D: list[list[float]]
    v: list[float]
    W: list[list[float]]
    b: list[float]
    rate: float
    epochs: int
    batch: int | None
    mean: bool
    decay: float
    seed: int


def descend(task: Task, numbers: Arithmetic) -> list[State]:
    """The states from epoch 0 on, as far as bounds hold."""
    import numpy as np

    rough = _Descent(task, numbers)
    W = [[Rough(w) for w in row] for row in task.W]
    b = [Rough(x) for x in task.b]
    rng = np.random.default_rng(task.seed)
    count = len(task.X)
    states: list[State] = []
    try:
        states.append(rough.state(W, b))
        for _ in range(task.epochs):
            if task.batch is None or task.batch >= count:
                batches = [list(range(count))]
            else:
                order = rng.permutation(count).tolist()
                batches = [order[start : start + task.batch] for start in range(0, count, task.batch)]
            for batch in batches:
                W, b = rough.update(W, b, batch)
            states.append(rough.state(W, b))
    except (BeyondError, OverflowError):
        pass
    return states


class _Descent:
    def __init__(self, task: Task, numbers: Arithmetic) -> None:
        self.task, self.of = task, numbers
        unit = numbers.unit
        self.rate, self.decay = Rough(task.rate, unit * task.rate), Rough(task.decay, unit * task.decay)

    def inputs(self, p: int, W: list[Row], b: Row) -> Row:
        x = self.task.X[p]
        return [
            self.of.total([b[k], *(self.of.product(Rough(x[n]), W[n][k]) for n in range(len(x)))])
            for k in range(len(b))
        ]

    def delta(self, p: int, us: Row) -> Row:
        """dJ/du of one pattern's part of the summed cost."""
        d, kind, of = self.task.D[p], self.task.kind, self.of
        if kind == "softmax":
            return [of.difference(y, Rough(dk)) for y, dk in zip(of.softmax(us), d, strict=True)]
        if kind == "linear":
            return [of.difference(u, Rough(dk)) for u, dk in zip(us, d, strict=True)]
        ys = [of.tanh(u) if kind == "tanh" else of.sigmoid(u) for u in us]
        off = [of.difference(y, Rough(dk)) for y, dk in zip(ys, d, strict=True)]
        if kind in ("logistic", "one-against-rest"):
            return off
        slopes = [
            of.difference(Rough(1.0), of.product(y, y))
            if kind == "tanh"
            else of.product(y, of.difference(Rough(1.0), y))
            for y in ys
        ]
        return [of.product(o, slope) for o, slope in zip(off, slopes, strict=True)]

    def scale(self, batch: list[int], neurons: int) -> Rough:
        if not self.task.mean:
            return Rough(1.0)
        weight = sum(self.task.v[p] for p in batch)
        if weight == 0:
            return Rough(0.0)
        factor = {"softmax": 1.0, "logistic": 1 / neurons, "one-against-rest": 1 / neurons}.get(
            self.task.kind, 2 / neurons
        )
        return self.of.number(factor / weight, 4 * self.of.unit * factor / weight)

    def update(self, W: list[Row], b: Row, batch: list[int]) -> tuple[list[Row], Row]:
        """W - a (X^T delta + L W), b - a 1^T delta."""
        of, task = self.of, self.task
        scale = self.scale(batch, len(b))
        deltas = {}
        for p in batch:
            weight = of.product(scale, Rough(task.v[p]))
            deltas[p] = [of.product(weight, d) for d in self.delta(p, self.inputs(p, W, b))]
        new_W = []
        for n, row in enumerate(W):
            new = []
            for k, w in enumerate(row):
                terms = [of.product(Rough(task.X[p][n]), deltas[p][k]) for p in batch]
                gradient = of.total([*terms, of.product(self.decay, w)])
                new.append(of.difference(w, of.product(self.rate, gradient)))
            new_W.append(new)
        new_b = [
            of.difference(bk, of.product(self.rate, of.total([deltas[p][k] for p in batch]))) for k, bk in enumerate(b)
        ]
        return new_W, new_b

    def state(self, W: list[Row], b: Row) -> State:
        """The layer with its cost over all patterns, decay included, and its errors."""
        of, task = self.of, self.task
        terms = []
        fewest = most = 0.0
        for p in range(len(task.X)):
            us = self.inputs(p, W, b)
            terms.append(of.product(Rough(task.v[p]), self.cost(p, us)))
            sure, possible = self.wrong(p, us)
            fewest, most = fewest + sure * task.v[p], most + possible * task.v[p]
        cost = of.product(self.scale(list(range(len(task.X))), len(b)), of.total(terms))
        squares = of.total([of.product(w, w) for row in W for w in row])
        return State(W, b, of.total([cost, of.product(of.product(self.decay, Rough(0.5)), squares)]), (fewest, most))

    def cost(self, p: int, us: Row) -> Rough:
        d, kind, of = self.task.D[p], self.task.kind, self.of
        if kind == "softmax":
            return of.log_cost(us, d.index(1))
        if kind in ("logistic", "one-against-rest"):
            return of.total([of.yes_no_cost(u, dk) for u, dk in zip(us, d, strict=True)])
        ys = [u if kind == "linear" else of.tanh(u) if kind == "tanh" else of.sigmoid(u) for u in us]
        off = [of.difference(y, Rough(dk)) for y, dk in zip(ys, d, strict=True)]
        return of.product(Rough(0.5), of.total([of.product(o, o) for o in off]))

    def wrong(self, p: int, us: Row) -> tuple[bool, bool]:
        """Whether the prediction is surely wrong, and whether it may be."""
        d, kind = self.task.D[p], self.task.kind
        if kind in ("softmax", "one-against-rest"):
            label = d.index(1)
            rivals = [(u.v - us[label].v, u.e + us[label].e) for k, u in enumerate(us) if k != label]
            return any(gap > 4 * e for gap, e in rivals), any(gap >= -4 * e for gap, e in rivals)
        if kind == "logistic":
            margins = [(u.v if dk == 0 else -u.v, u.e) for u, dk in zip(us, d, strict=True)]
            return any(m > 4 * e for m, e in margins), any(m >= -4 * e for m, e in margins)
        return False, False


def within(found: Any, expected: Rough, factor: float) -> bool:
    """Whether a figure lies within so many times its bound."""
    return math.isfinite(found) and abs(float(found) - expected.v) <= factor * expected.e
