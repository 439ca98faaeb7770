"""Iterations as many hands work them at once: each rounds, or disturbs, results in between and the figures that it goes on with.

Results in between are no parts of an answer: each product, each exponential, each term of a cost. So the formulas stand here
product by product; `worksheet` has them as matrices. All arrays have the hands as their first axis.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.iteration import Velocity
from deltarule.layers import Layer, LogisticLayer, PerceptronLayer, SoftmaxLayer, row_of
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import SLACK
from deltarule.parts import PartName

Values = NDArray[Any]
# What becomes of figures of a part.
Result = Callable[[str, Values], Values]
# What is carried on of a part that is given: from what each hand works of it, or figures, whatever a hand works.
Given = Callable[[Values], Values] | Values
# Nothing is worked from these parts.
DEAD_ENDS = ("errors", "cost")
# So many products are not rounded one by one: nobody works them by hand.
MOST_PRODUCTS = 20_000


@dataclass(frozen=True)
class Hands:
    """How many hands work, and how.

    Attributes
    ----------
    count : of the hands, the first axis of all figures.
    between : what becomes of the results in between of a part, "delta", and of "squares".
    carried : what is carried on of the figures of a part.
    by_outputs : which hands predict from outputs that they round, of which two may be alike: each takes another class then. The
        others predict from the synaptic inputs. None: all of them do.
    rates : what each hand takes for the learning rates (count,) of a schedule, which must be worked too; None: these.
    """

    count: int
    between: Result
    carried: Result
    by_outputs: NDArray[np.bool_] | None = None
    rates: Callable[[Values], Values] | None = None


def work(
    exercise: Exercise,
    numbers: Iterable[int],
    hands: Hands,
    given: Mapping[PartName, Given] | None = None,
    only: Container[PartName] | None = None,
    is_enough: Callable[[Mapping[PartName, Values]], bool] | None = None,
) -> dict[PartName, Values]:
    """The parts of some iterations, as each hand works them.

    Parameters
    ----------
    exercise, numbers : what is worked, and the numbers of the iterations that are returned.
    hands : who works.
    given : what is carried on of parts that are given; None: none are.
    only : the parts that are asked for; others are worked where these need them. None: all are.
    is_enough : says after each iteration, from the parts so far, whether later ones need not be worked; None: they are.
    """
    wanted, own = set(numbers), given or {}
    found: dict[PartName, Values] = {}
    layer = exercise.layer
    W = np.broadcast_to(layer.weights, (hands.count, *layer.weights.shape))
    b = np.broadcast_to(layer.biases, (hands.count, *layer.biases.shape))
    first, last = exercise.skipped + 1, max(wanted, default=0)
    formulas = {part: f for part, f in _FORMULAS.items() if exercise.has(part)}
    velocity = exercise.velocity
    with np.errstate(all="ignore"):
        for number, rows in enumerate(exercise.batches(first, last), start=first):
            sheet = _Sheet(exercise, number, rows, hands, W, b, velocity)
            sheet.outputs_given = PartName.in_iteration(number, "outputs") in own
            for part, worked in formulas.items():
                name = PartName.in_iteration(number, part)
                carried = own.get(name)
                if isinstance(carried, np.ndarray):
                    sheet.parts[part] = np.broadcast_to(carried, (hands.count, *carried.shape))
                if only is not None and name not in only and (part in sheet.parts or part in DEAD_ENDS):
                    continue
                value = worked(sheet)
                if number in wanted:
                    found[name] = value
                if part == "outputs":
                    sheet.outputs_worked = value
                if callable(carried):
                    sheet.parts[part] = carried(value)
                elif carried is None:
                    sheet.parts[part] = value if name.is_count else hands.carried(part, value)
            W, b = sheet["weights"], sheet["biases"]
            if exercise.momentum:
                velocity = Velocity(sheet["weight_velocity"], sheet["bias_velocity"])
            if is_enough is not None and is_enough(found):
                break
    return found


class _Sheet:
    """One iteration under way, of all hands."""

    def __init__(
        self,
        exercise: Exercise,
        number: int,
        rows: NDArray[np.intp],
        hands: Hands,
        W: Values,
        b: Values,
        velocity: Velocity | None,
    ) -> None:
        self.exercise, self.layer, self.hands, self.W, self.b = exercise, exercise.layer, hands, W, b
        self.velocity = velocity
        self.X, self.D, self.v = exercise.patterns.take(rows)
        self.scale = self.layer.unchecked_scale(self.v, exercise.descent.reduction)
        self.decay, self.momentum = exercise.descent.weight_decay, exercise.momentum
        self.rates = np.full(hands.count, exercise.rate(number))
        if hands.rates is not None and not exercise.descent.schedule.is_constant:
            self.rates = hands.rates(self.rates)
        self.parts: dict[str, Values] = {}
        self.outputs_given, self.outputs_worked = False, np.empty(0)

    def __getitem__(self, part: str) -> Values:
        return self.parts[part]

    @property
    def all_D(self) -> Values:
        """D of all hands, one below the other: what acts on rows does not know of hands."""
        return np.tile(self.D, (self.hands.count, 1))

    def by_rows(self, formula: Callable[..., Values], *values: Values) -> Values:
        """What a formula gives that acts on each row of matrices (P, K)."""
        rows = formula(*(each.reshape(-1, self.layer.neurons) for each in values))
        found: Values = rows.reshape(self.hands.count, -1, *rows.shape[1:])
        return found

    def decided(self, U: Values, threshold: float = 0.0) -> Values:
        """The predicted classes."""
        return self.by_rows(lambda rows: self.exercise.decided(rows, threshold), U)

    def velocity_after(self, part: str, parameter: str, gradient: str) -> Values:
        """M V + G, the product being a result in between."""
        found = self[gradient]
        if self.velocity is not None:
            found = self.hands.between(part, self.momentum * getattr(self.velocity, parameter)) + found
        return found

    def updated(self, parameter: str, before: Values, gradient: str, velocity: str) -> Values:
        """The weights or biases after the update, each product being a result in between."""
        along = self[velocity] if self.momentum else self[gradient]
        if self.exercise.descent.nesterov:
            along = self[gradient] + self.hands.between(velocity, self.momentum * along)
        rates = self.rates.reshape(-1, *[1] * (along.ndim - 1))
        return before - self.hands.between(parameter, rates * along)

    def products(self, part: str, left: Values, right: Values) -> Any:
        """Left @ right, (..., P, N) and (..., N, K), the products being results in between."""
        if left.shape[-2] * left.shape[-1] * right.shape[-1] > MOST_PRODUCTS:
            return left @ right
        return self.hands.between(part, left[..., :, :, None] * right[..., None, :, :]).sum(axis=-2)


# ---- Exponentials: the synaptic inputs of which the rounded exponentials are the exact ones, and a factor of the outputs. So no
# activation is written twice.

Rounded = Callable[[Values], Values]


def _softmax(U: Values, result: Rounded) -> tuple[Values, Any]:
    """e^u of each neuron is rounded, and their sum."""
    E = _not_negative(result(np.exp(U)))
    total = E.sum(axis=2, keepdims=True)
    return np.log(E), total / result(total)


def _sigmoid(U: Values, result: Rounded) -> tuple[Values, Any]:
    """e^-u in 1 / (1 + e^-u) is rounded, and the sum."""
    total = result(1 + _not_negative(result(np.exp(-U))))
    return -np.log(_not_negative(total - 1)), 1.0


def _tanh(U: Values, result: Rounded) -> tuple[Values, Any]:
    """e^u and e^-u in (e^u - e^-u) / (e^u + e^-u) are rounded."""
    up, down = (_not_negative(result(np.exp(each))) for each in (U, -U))
    return 0.5 * (np.log(up) - np.log(down)), 1.0


def _not_negative(values: Values) -> Values:
    return np.maximum(values, 0.0)


# A kind without a row has no exponentials that are rounded.
EXPONENTIALS_OF: dict[type[Layer], Callable[[Any], Callable[[Values, Rounded], tuple[Values, Any]]]] = {
    SoftmaxLayer: lambda _layer: _softmax,
    LogisticLayer: lambda _layer: _sigmoid,
    PerceptronLayer: lambda layer: _tanh if layer.activation == "tanh" else _sigmoid,
}


# ---- The formulas.


def _outputs(s: _Sheet) -> Any:
    return outputs_of(s.layer, s["synaptic_inputs"], lambda values: s.hands.between("outputs", values))


def outputs_of(layer: Layer, U: Values, result: Rounded) -> Any:
    """f(U) with rounded exponentials.

    Parameters
    ----------
    layer : whose activation it is.
    U : (hands, P, K) synaptic inputs.
    result : what rounds the exponentials.
    """

    def activated(values: Values) -> Values:
        found: Values = layer.unchecked_activate(values.reshape(-1, layer.neurons))
        return found.reshape(values.shape)

    exact, row = activated(U), row_of(EXPONENTIALS_OF, layer)
    if row is None:
        return exact
    of_rounded, factor = row(layer)(U, result)
    found = activated(of_rounded) * factor
    # Where every exponential of a pattern is rounded to 0, nothing can be divided: then they are not rounded.
    return np.where(np.isnan(found), exact, found)


def _predicted(s: _Sheet) -> Values:
    """The classes: from outputs that are given, of which two may be alike, or as each hand does."""
    by_outputs = s.hands.by_outputs
    if s.outputs_given and s.exercise.outputs_decide:
        return s.decided(_turned(s, s["outputs"], SLACK), s.exercise.output_threshold)
    from_inputs = s.decided(s["synaptic_inputs"])
    if by_outputs is None or not s.exercise.outputs_decide:
        return from_inputs
    each = by_outputs.reshape(-1, *[1] * (from_inputs.ndim - 1))
    return np.where(each, s.decided(_leaning(s), s.exercise.output_threshold), from_inputs)


def _leaning(s: _Sheet) -> Values:
    """The outputs, each as far up or down as it is rounded."""
    return _turned(s, s.outputs_worked, np.abs(s["outputs"] - s.outputs_worked) + SLACK)


def _turned(s: _Sheet, outputs: Values, off: Values | float) -> Values:
    """Outputs, each up or down by some `off`: up for the class that a hand takes where two are alike."""
    turn, K = np.arange(s.hands.count).reshape(-1, 1, 1) // 2, s.layer.neurons
    up = turn % 2 == 1 if s.layer.independent or K == 1 else turn % K == np.arange(K)
    found: Values = outputs + np.where(up, off, -off)
    return found


def _errors(s: _Sheet) -> Values:
    """How many predictions differ from the targets."""
    return np.asarray(s.exercise.is_wrong(s["predicted"], s.D).sum(axis=1), float)


def _cost(s: _Sheet) -> Any:
    """The cost, whose terms are results in between: one a pattern and neuron, and the squares of the decay."""
    terms = _terms(s, s["outputs"])
    if not np.isfinite(terms).all():  # an output that was rounded to 0 has no logarithm: then the exact output is taken
        terms = np.where(
            np.isfinite(terms), terms, _terms(s, s.by_rows(s.layer.unchecked_activate, s["synaptic_inputs"]))
        )
    if s.layer.squares_errors:  # 1/2 (d - y)^2: the square is a result in between too
        terms = 0.5 * s.hands.between("squares", 2 * terms)
    cost = (s.hands.between("cost", terms).sum(axis=2) * s.v).sum(axis=1) * s.scale
    if s.decay:
        cost = cost + 0.5 * s.decay * s.hands.between("cost", s.W**2).sum(axis=(1, 2))
    if s.exercise.descent.decay_biases:
        cost = cost + 0.5 * s.decay * s.hands.between("cost", s.b**2).sum(axis=1)
    return cost


def _terms(s: _Sheet, Y: Values) -> Any:
    """(P, K) what each neuron adds to the cost of each pattern; (P, 1) where its cost is one term."""
    terms = terms_of_cost(s.layer, *(each.reshape(-1, s.layer.neurons) for each in (s["synaptic_inputs"], Y, s.all_D)))
    return terms.reshape(s.hands.count, -1, terms.shape[1])


def terms_of_cost(layer: Layer, U: Values, Y: Values, D: Values) -> Values:
    """What each neuron adds to the cost of each pattern (P, K); (P, 1) where its cost is one term.

    Parameters
    ----------
    layer : whose cost it is.
    U, Y, D : synaptic inputs, outputs and targets (P, K).
    """
    whole = layer.worked_cost(U, Y, D)
    one_by_one = ([part[:, [k]] for part in (U, Y, D)] for k in range(layer.neurons))
    each = np.stack([layer.worked_cost(*parts) for parts in one_by_one], axis=1)
    found: Values = each if np.allclose(each.sum(axis=1), whole, equal_nan=True) else whole[:, None]
    return found


def _delta(s: _Sheet) -> Any:
    factor = s.scale * s.v[:, None]
    if not (s.layer.has_slopes and s.exercise.predicts_numbers):
        return s.by_rows(lambda Y: s.layer.unchecked_output_delta(Y, s.all_D), s["outputs"]) * factor
    slope = s.hands.between("delta", s.by_rows(s.layer.unchecked_output_slope, s["outputs"]))
    return s.hands.between("delta", (s["outputs"] - s.D) * slope) * factor


def _weight_gradient(s: _Sheet) -> Any:
    sums = s.products("weight_gradient", s.X.T, s["delta"])
    return sums + s.hands.between("weight_gradient", s.decay * s.W) if s.decay else sums


def _bias_gradient(s: _Sheet) -> Any:
    sums = s["delta"].sum(axis=1) * s.layer.has_biases
    return sums + s.hands.between("bias_gradient", s.decay * s.b) if s.exercise.descent.decay_biases else sums


_FORMULAS: dict[str, Callable[[_Sheet], Any]] = {
    "synaptic_inputs": lambda s: s.products("synaptic_inputs", s.X, s.W) + s.b[:, None],
    "outputs": _outputs,
    "predicted": _predicted,
    "errors": _errors,
    "cost": _cost,
    "delta": _delta,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "weight_velocity": lambda s: s.velocity_after("weight_velocity", "weights", "weight_gradient"),
    "bias_velocity": lambda s: s.velocity_after("bias_velocity", "biases", "bias_gradient"),
    "weights": lambda s: s.updated("weights", s.W, "weight_gradient", "weight_velocity"),
    "biases": lambda s: s.updated("biases", s.b, "bias_gradient", "bias_velocity"),
}
