"""Where descent is heading: the minimum of the cost, or, of separable classes, the direction in which it falls for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.margins import margins, maximum_margin
from deltarule.analysis.minimising import GRADIENT_NORM, minimise
from deltarule.analysis.objective import objective
from deltarule.analysis.separability import Separability, SeparabilityOutcome, certify
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Ending
from deltarule.training_task import TrainingTask, task_parts
from deltarule.views import Shown


class OptimumOutcome(Ending):
    """What was found where descent is heading."""

    MINIMUM = "the minimum"
    LOCAL_MINIMUM = "a local minimum, or a plateau"
    NOT_ATTAINED = "not quite a minimum"
    OVERFLOW = "not found: figures on the way to the minimum do not fit float64"
    SEPARABLE = (
        "the cost has no minimum: the classes are separable, so it falls towards 0 for ever while the weights grow"
    )
    QUASI_SEPARABLE = (
        "the cost has no minimum: the classes are quasi-separable, so it falls for ever, towards a limit above 0"
    )
    ONE_SIDED = (
        "the cost has no minimum: some class (or answer of a neuron) has no pattern, so a bias, which is not decayed, grows "
        "for ever"
    )

    @property
    def label(self) -> str:
        """The word for people, as in "local minimum"."""
        return "quasi-separable" if self is OptimumOutcome.QUASI_SEPARABLE else super().label

    @property
    def ended(self) -> bool:
        """Whether a minimum was found (a plateau passes for a local one)."""
        return self in (OptimumOutcome.MINIMUM, OptimumOutcome.LOCAL_MINIMUM)


@dataclass(frozen=True, eq=False)
class Optimum(Shown):
    """Where descent is heading, as `optimum` finds it.

    Attributes
    ----------
    outcome : whether there is a minimum, and why not if there is none.
    layer : the layer at the minimum, in float64; None where there is no minimum, or it is not found. A local minimum, or a
        plateau where its units are saturated, where the cost of the kind is not convex (a perceptron's).
    cost : J there; where there is no minimum, what the cost falls towards, or NaN where that is not known.
    gradient_norm : the largest entry of |dJ/dW| and |dJ/db| there; NaN where there is no minimum. An input whose largest entry is
        below 1e-8 or above 1e8 counts in units of about that entry.
    direction : for separable classes without weight decay, the layer of norm 1 over (W, b) with the largest margin: the
        direction of gradient descent converges to its direction. None otherwise, and where rounding leaves it uncertain.
    separability : the finding that decides whether there is a minimum, for classes without weight decay. None otherwise.
    """

    outcome: OptimumOutcome
    layer: Layer | None
    cost: float
    gradient_norm: float
    direction: Layer | None = None
    separability: Separability | None = None

    @property
    def attained(self) -> bool:
        """Whether there is a minimum, and the gradient norm is at most 1e-10."""
        return self.outcome.ended

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; what is not known, or is not there, is None."""
        return {
            "outcome": self.outcome.key,
            "message": str(self),
            "cost": json_value(self.cost),
            "gradient_norm": json_value(self.gradient_norm),
            "layer": parameters(self.layer),
            "direction": parameters(self.direction),
            "separability": None if self.separability is None else self.separability.to_dict(),
        }

    def __repr__(self) -> str:
        cost = f", cost {self.cost:.6g}" if np.isfinite(self.cost) else ""
        return f"<Optimum: {self.outcome.label}{cost}>"


def parameters(layer: Layer | None) -> dict[str, Any] | None:
    """A layer's weights and biases as plain lists; None for no layer."""
    return None if layer is None else {name: layer.to_dict()[name] for name in ("weights", "biases")}


@overload
def optimum(problem: TrainingTask, /, *, sample_weight: ArrayLike | None = ...) -> Optimum: ...


@overload
def optimum(
    layer: Layer, X: ArrayLike, targets: Any, descent: Descent, *, sample_weight: ArrayLike | None = ...
) -> Optimum: ...


def optimum(
    layer: Layer | TrainingTask,
    X: ArrayLike | None = None,
    targets: Any = None,
    descent: Descent | None = None,
    *,
    sample_weight: ArrayLike | None = None,
) -> Optimum:
    """Minimise the cost J from `layer`, by a second-order method, to a gradient norm of 1e-10.

    Linear, softmax and logistic layers have one least cost. A perceptron layer has local minima as well; which one is found
    depends on `layer`, and a descent may find another. A kind of layer of your own is minimised by its own formulas, and what
    is found may be a local minimum.

    Softmax and logistic layers without weight decay have no minimum where the classes are separable or quasi-separable: the
    cost falls for ever while the weights grow.

    Parameters
    ----------
    layer : where to start. Or a problem (`read_problem`), which holds X, targets and descent as well.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    descent : its reduction and its weight decay make the cost; all else in it does not matter here.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern; patterns of weight 0 do not count.

    Raises
    ------
    InputError
        If the data do not fit the layer, or rounding decides whether classes are separable; or if the layer is of a kind of your
        own without `pattern_curvature`.

    References
    ----------
    Soudry et al., "The implicit bias of gradient descent on separable data", JMLR 19 (2018): the direction.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, optimum
    >>> descent = Descent(learning_rate=0.1, epochs=100)
    >>> found = optimum(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]], descent)
    >>> found.layer.weights.round(6).tolist(), found.layer.biases.round(6).tolist()
    ([[2.0]], [1.0])
    >>> found.outcome.name
    'MINIMUM'
    """
    task = task_parts(layer, X, targets, descent)
    task = task._replace(layer=task.layer.with_names_of(task.X, task.targets))
    patterns = task.layer.patterns(task.X, task.targets, sample_weight)
    counting = patterns.take(np.flatnonzero(patterns.sample_weight > 0))
    kind = cost_kind(task.layer)
    separability = None
    if kind.margin_terms is not None and task.descent.weight_decay == 0:
        separability = certify(task.layer, counting)
        if separability.outcome is not SeparabilityOutcome.OVERLAPPING:
            return _at_infinity(task.layer, counting, separability)
    if task.layer.has_biases and kind.one_sided is not None and kind.one_sided(counting.D):
        return Optimum(OptimumOutcome.ONE_SIDED, None, np.nan, np.nan)
    return _minimum(task.layer, counting, task.descent, separability)


def _minimum(layer: Layer, patterns: Patterns, descent: Descent, separability: Separability | None) -> Optimum:
    """The minimum that is found from a layer."""
    _check_curvature(layer, patterns)
    with np.errstate(all="ignore"):  # what overflows is an outcome
        cost, convex = objective(layer, patterns, descent), cost_kind(layer).convex
        ends = [minimise(cost, cost.theta(cost.kind))]
        if convex and not (ends[0] is not None and ends[0][1] <= GRADIENT_NORM):
            # Far out a cost is nearly straight, and second-order steps are lost. It is convex: from the origin, the same minimum.
            ends.insert(0, minimise(cost, np.zeros(cost.size)))
        ended = [end for end in ends if end is not None]
        theta, norm = min(ended, key=lambda end: end[1]) if ended else (np.full(cost.size, np.nan), np.nan)
        found = cost.layer(theta)
        value, _ = found.evaluate(patterns, descent.reduction, descent.weight_decay)
    if not (np.isfinite(value) and np.isfinite(found.weights).all()):
        return Optimum(OptimumOutcome.OVERFLOW, None, np.nan, np.nan, separability=separability)
    outcome = OptimumOutcome.MINIMUM if convex else OptimumOutcome.LOCAL_MINIMUM
    if not norm <= GRADIENT_NORM:
        outcome = OptimumOutcome.NOT_ATTAINED
    return Optimum(outcome, found, value, norm, separability=separability)


def _check_curvature(layer: Layer, patterns: Patterns) -> None:
    try:
        layer.pattern_curvature(patterns.D, patterns.D)  # any U and D do, to see whether there are formulas
    except NotImplementedError:
        raise InputError(
            "layer",
            "know the second derivatives of its cost, for the optimum",
            f"a {layer.kind} layer whose pattern_curvature is not implemented",
            "Write it, or train the layer instead.",
        ) from None


def _at_infinity(layer: Layer, patterns: Patterns, separability: Separability) -> Optimum:
    """No minimum: of separable classes the direction with the largest margin."""
    if separability.outcome is SeparabilityOutcome.QUASI_SEPARABLE or separability.layer is None:
        return Optimum(OptimumOutcome.QUASI_SEPARABLE, None, np.nan, np.nan, separability=separability)
    theta = np.vstack([separability.layer.weights, separability.layer.biases])
    widest = maximum_margin(margins(layer, patterns.X, patterns.D), theta)
    direction = None if widest is None else layer.with_parameters(widest[:-1], widest[-1] if layer.has_biases else None)
    return Optimum(OptimumOutcome.SEPARABLE, None, 0.0, np.nan, direction, separability)
