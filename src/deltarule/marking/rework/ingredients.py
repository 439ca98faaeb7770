"""The ingredients of each part of an iteration, and how a part is worked from them.

A part is worked by one formula from a few ingredients, each a small function of the worksheet: U = inputs weights + biases;
delta = (outputs - targets) slope factor. A mistake is one ingredient changed. Since a formula takes its ingredients one by one,
mistakes in several of them are made at once without thought: two factors multiply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.iteration import Velocity
from deltarule.layers import Patterns
from deltarule.marking.rework.by_hand import MOST_PRODUCTS, outputs_of, terms_of_cost
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import OF_MOMENTUM

Values = NDArray[Any]
# Works an ingredient or a part otherwise: from the worksheet so far, and from its right value.
Change = Callable[["Worksheet", Any], Any]
# What becomes of results in between of a part: of its name and each product, exponential or term.
Between = Callable[[str, Any], Any]
# What an update needs; the other parts of an iteration are looked at on the way.
UPDATE_PARTS = (
    *("synaptic_inputs", "outputs", "delta"),
    *("weight_gradient", "bias_gradient", *OF_MOMENTUM, "weights", "biases"),
)
NOTHING: Mapping[str, Change] = {}


def _all_of_it(_part: str, value: Any) -> Any:
    return value


@dataclass(eq=False)
class Worksheet:
    """One iteration under way.

    Attributes
    ----------
    exercise : what is worked.
    batch, rows : the patterns of the iteration, and their places among all patterns.
    number : of the iteration, from 1.
    W, b : weights (N, K) and biases (K,) before the update.
    changes : what is worked otherwise, by the name of a part ("delta") or of an ingredient ("delta.slope", "inputs").
    parts : the parts worked so far, by their part's name ("delta"), as they are carried on.
    first, before : the worksheets of the first iteration that was worked and of the one before; None where this is the first.
    carried : what is carried on of a part, from its name and its values.
    outputs_given : whether the outputs are those that a student wrote, from which the predicted classes then follow, as they
        do from outputs that are worked otherwise.
    velocity : V before the update; None: 0.
    between : what becomes of the results in between, as in `by_hand`; None: they are not rounded.
    rounded : what becomes of a part that is carried on in work of its own, at another layer or of other patterns.
    """

    exercise: Exercise
    batch: Patterns
    rows: NDArray[np.intp]
    number: int
    W: Values
    b: Values
    changes: Mapping[str, Change] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    first: Worksheet | None = None
    before: Worksheet | None = None
    carried: Callable[[str, Any], Any] = _all_of_it
    outputs_given: bool = False
    velocity: Velocity | None = None
    between: Between | None = None
    rounded: Callable[[str, Any], Any] = _all_of_it

    def take(self, ingredient: str) -> Any:
        """An ingredient, by its name, with its change if it has one."""
        value = INGREDIENTS[ingredient](self)
        change = self.changes.get(ingredient)
        return value if change is None else change(self, value)

    def work(self, part: str) -> Any:
        """A part, by its name, worked from the parts before it, with the changes of its ingredients and its own."""
        value = FORMULAS[part](self)
        change = self.changes.get(part)
        return value if change is None else change(self, value)

    def go_on(self, parts: tuple[str, ...]) -> Worksheet:
        """The worksheet after these parts were worked and carried on, where the exercise has them and they were not before."""
        for part in parts:
            if part not in self.parts and self.exercise.has(part):
                self.parts[part] = self.carried(part, self.work(part))
        return self

    def with_changes(self, changes: Mapping[str, Change]) -> Worksheet:
        """The same worksheet with other changes; what was worked so far stays."""
        return replace(self, changes=changes, parts=dict(self.parts))

    def without(self, *names: str) -> Worksheet:
        """The same worksheet without the changes of these ingredients or parts."""
        return self.with_changes({name: change for name, change in self.changes.items() if name not in names})

    def at(self, W: Values, b: Values) -> Worksheet:
        """A worksheet of the same patterns and changes at another layer, nothing worked on it yet."""
        return replace(self, W=W, b=b, parts={}, carried=self.rounded, outputs_given=False)

    def after_update(self) -> Worksheet:
        """A worksheet of the same patterns and changes at the layer after the update, nothing worked on it yet."""
        updated = self.with_changes(self.changes).go_on(UPDATE_PARTS).parts
        return self.at(updated["weights"], updated["biases"])

    @property
    def X(self) -> Values:
        """Inputs of the batch (P, N), as taken."""
        value: Values = self.take("inputs")
        return value

    @property
    def D(self) -> Values:
        """Desired outputs of the batch (P, K), as taken."""
        value: Values = self.take("targets")
        return value

    @property
    def U(self) -> Values:
        """Synaptic inputs (P, K), as worked."""
        value: Values = self.parts["synaptic_inputs"]
        return value

    @property
    def Y(self) -> Values:
        """Outputs (P, K), as worked."""
        value: Values = self.parts["outputs"]
        return value

    @property
    def delta(self) -> Values:
        """Delta (P, K), as worked."""
        value: Values = self.parts["delta"]
        return value

    @property
    def P(self) -> int:
        """The number of patterns in the batch."""
        return len(self.batch.X)

    @property
    def K(self) -> int:
        """The number of neurons."""
        return self.exercise.layer.neurons

    @property
    def a(self) -> float:
        """The learning rate, as taken."""
        value: float = self.take("rate")
        return value

    @property
    def L(self) -> float:
        """The weight decay."""
        return self.exercise.descent.weight_decay

    @property
    def decides_by_outputs(self) -> bool:
        """Whether the predicted classes are those of the outputs, and not of the synaptic inputs."""
        if not self.exercise.outputs_decide:
            return False
        return self.outputs_given or any(name.partition(".")[0] == "outputs" for name in self.changes)

    def result(self, part: str, value: Any) -> Any:
        """A result in between of a part, as it is used."""
        return value if self.between is None else self.between(part, value)

    def products(self, part: str, left: Values, right: Values) -> Values:
        """Left @ right, the products being results in between of a part."""
        if self.between is None or left.size * right.shape[1] > MOST_PRODUCTS:
            return left @ right
        found: Values = self.between(part, left[:, :, None] * right[None]).sum(axis=1)
        return found

    def scale(self) -> float:
        """What the reduction multiplies a sum over the batch by."""
        return self.exercise.layer.unchecked_scale(self.batch.sample_weight, self.exercise.descent.reduction)

    def factor(self) -> Values:
        """What delta is multiplied by: the patterns' weights times the scale, a column (P, 1)."""
        value: Values = self.take("delta.pattern_weights") * (self.take("delta.scale") * self.take("delta.factor"))
        return value[:, None]

    @property
    def decayed(self) -> Values:
        """The numbers that decay: W, or W above b where biases do too."""
        return np.vstack([self.W, self.b]) if self.exercise.descent.decay_biases else self.W

    def decay_cost(self) -> float:
        """L/2 times the sum of the squares of what decays."""
        return 0.5 * self.L * float(np.sum(self.decayed**2)) if self.L else 0.0

    def velocity_before(self, parameter: str) -> Values | float:
        """V of the "weights" or "biases" before the update."""
        return 0.0 if self.velocity is None else getattr(self.velocity, parameter)

    def step(self, parameter: str) -> Values:
        """What the "weights" or "biases" step along, times the learning rate: the gradient, or with momentum the velocity."""
        if not self.exercise.momentum:
            found: Values = self.take(f"{parameter}.gradient")
            return found
        velocity: Values = self.take(f"{parameter}.velocity")
        if not self.take("nesterov"):
            return velocity
        ahead: Values = self.take(f"{parameter}.gradient") + self.take("momentum") * velocity
        return ahead


def parts_of(name: str) -> tuple[str, ...]:
    """The parts in whose working a change does something else, the first one first, by the name of what it changes.

    Examples
    --------
    >>> parts_of("delta.slope"), parts_of("delta"), parts_of("inputs")
    (('delta',), ('delta',), ('synaptic_inputs', 'weight_gradient'))
    """
    return SHARED.get(name) or (name.partition(".")[0],)


# ---- The costs of the patterns, whose logarithms need care.


def _pattern_costs(s: Worksheet) -> Values:
    """The patterns' costs (P,): from U where the outputs are those of U, since of 1 - y few digits are left where y is near 1."""
    layer, Y, D = s.exercise.layer, s.take("cost.outputs"), s.take("cost.targets")
    if s.between is not None:
        terms = terms_of_cost(layer, s.U, Y, D)
        if np.isfinite(terms).all():
            terms = 0.5 * s.between("squares", 2 * terms) if layer.squares_errors else s.between("cost", terms)
            of_patterns: Values = terms.sum(axis=1)
            return of_patterns
    if Y is not s.parts["outputs"] or not np.array_equal(Y, layer.unchecked_activate(s.U)):
        costs: Values = layer.worked_cost(s.U, Y, D)
        if np.isfinite(costs).all():
            return costs
    return layer.unchecked_pattern_cost(s.U, D)  # also where an output was rounded to 0, which has no logarithm


def _activation(s: Worksheet) -> Callable[[Values], Values]:
    layer, between = s.exercise.layer, s.between
    if between is None:
        return layer.unchecked_activate
    return lambda U: outputs_of(layer, U[None], lambda values: between("outputs", values))[0]


def _slope(s: Worksheet) -> Any:
    """f'(U) where the cost is a squared error; 1 where it is a cross-entropy, in whose delta the slope cancels."""
    layer = s.exercise.layer
    return 1.0 if layer.has_classes else layer.unchecked_output_slope(s.Y)


def _errors(s: Worksheet) -> float:
    """How many predictions differ from the targets."""
    return float(s.exercise.is_wrong(s.take("errors.predicted"), s.take("errors.targets")).sum())


def _velocity(s: Worksheet, part: str) -> Any:
    """M V + G."""
    return s.take("momentum") * s.take(f"{part}.before") + s.take(f"{part}.gradient") * s.take(f"{part}.factor")


# ---- The tables.

# The ingredients that several parts share, and the parts in which each is taken.
SHARED: dict[str, tuple[str, ...]] = {
    "inputs": ("synaptic_inputs", "weight_gradient"),
    "targets": ("errors", "cost", "delta"),
    "rate": ("weights", "biases"),
    "momentum": OF_MOMENTUM,  # and in Nesterov's step, which comes after them
    "nesterov": ("weights", "biases"),
}

INGREDIENTS: dict[str, Callable[[Worksheet], Any]] = {
    "inputs": lambda s: s.batch.X,
    "targets": lambda s: s.batch.D,
    "rate": lambda s: s.exercise.rate(s.number),
    "momentum": lambda s: s.exercise.momentum,
    "nesterov": lambda s: s.exercise.descent.nesterov,
    "synaptic_inputs.inputs": lambda s: s.X,
    "synaptic_inputs.weights": lambda s: s.W,
    "synaptic_inputs.biases": lambda s: s.b,
    "outputs.synaptic_inputs": lambda s: s.U,
    "outputs.activation": _activation,
    "predicted.values": lambda s: s.Y if s.decides_by_outputs else s.U,
    "predicted.threshold": lambda s: s.exercise.output_threshold if s.decides_by_outputs else 0.0,
    "errors.predicted": lambda s: s.parts["predicted"],
    "errors.targets": lambda s: s.D,
    "cost.outputs": lambda s: s.Y,
    "cost.targets": lambda s: s.D,
    "cost.pattern_costs": _pattern_costs,
    "cost.pattern_weights": lambda s: s.batch.sample_weight,
    "cost.scale": Worksheet.scale,
    "cost.factor": lambda _s: 1.0,
    "cost.decay": Worksheet.decay_cost,
    "delta.outputs": lambda s: s.Y,
    "delta.targets": lambda s: s.D,
    "delta.error": lambda s: s.take("delta.outputs") - s.take("delta.targets"),
    "delta.slope": _slope,
    "delta.pattern_weights": lambda s: s.batch.sample_weight,
    "delta.scale": Worksheet.scale,
    "delta.factor": lambda _s: 1.0,
    "weight_gradient.inputs": lambda s: s.X,
    "weight_gradient.delta": lambda s: s.delta,
    "weight_gradient.factor": lambda _s: 1.0,
    "weight_gradient.decay": lambda s: s.L * s.W,
    "bias_gradient.delta": lambda s: s.delta,
    "bias_gradient.factor": lambda s: float(s.exercise.layer.has_biases),
    "bias_gradient.decay": lambda s: s.L * s.b if s.exercise.descent.decay_biases else 0.0,
    "weight_velocity.before": lambda s: s.velocity_before("weights"),
    "weight_velocity.gradient": lambda s: s.parts["weight_gradient"],
    "weight_velocity.factor": lambda _s: 1.0,
    "bias_velocity.before": lambda s: s.velocity_before("biases"),
    "bias_velocity.gradient": lambda s: s.parts["bias_gradient"],
    "bias_velocity.factor": lambda _s: 1.0,
    "weights.before": lambda s: s.W,
    "weights.rate": lambda s: s.a,
    "weights.gradient": lambda s: s.parts["weight_gradient"],
    "weights.velocity": lambda s: s.parts["weight_velocity"],
    "weights.step": lambda s: s.step("weights"),
    "biases.before": lambda s: s.b,
    "biases.rate": lambda s: s.a,
    "biases.gradient": lambda s: s.parts["bias_gradient"],
    "biases.velocity": lambda s: s.parts["bias_velocity"],
    "biases.step": lambda s: s.step("biases"),
}

FORMULAS: dict[str, Callable[[Worksheet], Any]] = {
    "synaptic_inputs": lambda s: (
        s.products("synaptic_inputs", s.take("synaptic_inputs.inputs"), s.take("synaptic_inputs.weights"))
        + s.take("synaptic_inputs.biases")
    ),
    "outputs": lambda s: s.take("outputs.activation")(s.take("outputs.synaptic_inputs")),
    "predicted": lambda s: s.exercise.decided(s.take("predicted.values"), s.take("predicted.threshold")),
    "errors": _errors,
    "cost": lambda s: (
        float(s.take("cost.pattern_weights") @ s.take("cost.pattern_costs"))
        * (s.take("cost.scale") * s.take("cost.factor"))
        + s.take("cost.decay")
    ),
    "delta": lambda s: s.take("delta.error") * s.take("delta.slope") * s.factor(),
    "weight_gradient": lambda s: (
        s.products("weight_gradient", s.take("weight_gradient.inputs").T, s.take("weight_gradient.delta"))
        * s.take("weight_gradient.factor")
        + s.result("weight_gradient", s.take("weight_gradient.decay"))
    ),
    "bias_gradient": lambda s: (
        s.take("bias_gradient.delta").sum(axis=0) * s.take("bias_gradient.factor")
        + s.result("bias_gradient", s.take("bias_gradient.decay"))
    ),
    "weight_velocity": lambda s: _velocity(s, "weight_velocity"),
    "bias_velocity": lambda s: _velocity(s, "bias_velocity"),
    "weights": lambda s: (
        s.take("weights.before") - s.result("weights", s.take("weights.rate") * s.take("weights.step"))
    ),
    "biases": lambda s: s.take("biases.before") - s.result("biases", s.take("biases.rate") * s.take("biases.step")),
}
