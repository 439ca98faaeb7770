"""Where descent is heading: the minimum of the cost, or, of separable classes, the direction in which it falls for ever."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from deltarule.analysis.certificate import GRADIENT_NORM, excess, gradient_norm, is_nothing, on_plateau
from deltarule.analysis.compiled_newton import compiled_newton
from deltarule.analysis.endless import ESCAPED, direction, missing, missing_names, neuron_names, untouched
from deltarule.analysis.inputs import is_sparse
from deltarule.analysis.kinds import UNKNOWN, cost_kind
from deltarule.analysis.least_squares import least_squares
from deltarule.analysis.minimising import minimise
from deltarule.analysis.newton import Carried, newton
from deltarule.analysis.objective import Objective, Point, objective
from deltarule.analysis.separability import Separability, SeparabilityOutcome, certify
from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Ending
from deltarule.training_task import TrainingTask, task_parts
from deltarule.views import Shown

# Sparse inputs of so many numbers are asked whether they tell the classes apart.
MOST_NUMBERS = 1 << 24


class OptimumOutcome(Ending):
    """What was found where descent is heading."""

    MINIMUM = "the minimum"
    LOCAL_MINIMUM = "a local minimum"
    PLATEAU = "a plateau: descent stands still, but this is no minimum"
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
        """Whether a minimum was found."""
        return self in (OptimumOutcome.MINIMUM, OptimumOutcome.LOCAL_MINIMUM)


@dataclass(frozen=True, eq=False)
class Optimum(Shown):
    """Where descent is heading, as `optimum` finds it, with a certificate of how near it is.

    Attributes
    ----------
    outcome : whether there is a minimum, and why not if there is none.
    layer : the layer at the minimum, in float64; None where there is no minimum, or it is not found. A local minimum, or a
        plateau, where the cost of the kind is not convex (a perceptron's).
    cost : J there; where there is no minimum, what the cost falls towards.
    gradient_norm : how far the gradient there is from 0, relative to what it is of: the largest |dJ/dw_nk| / (|x_n| (|y_k| +
        |d_k|)), with norms over the patterns, inputs less their means in a layer with biases, and 1 for a bias
        (a decay counts as one more pattern a weight). Neither the unit
        of an input nor that of a target matters. NaN where there is no minimum.
    direction : for separable classes without weight decay, the layer of norm 1 over (W, b) with the largest margin: the
        direction of gradient descent converges to its direction. None otherwise, and where rounding leaves it uncertain.
    separability : the finding that decides whether there is a minimum, for classes without weight decay. None otherwise.
    excess : a bound on J less the least cost, for linear, softmax and logistic layers: g H^-1 g, with the gradient g and the second
        derivatives H, and what rounding the layer to float64 adds. NaN for other kinds, and where there is no minimum.
    distance : a bound on the Euclidean distance of W from the weights at the minimum, sqrt(2 excess / L); NaN without weight decay.
    escaping : what is why there is no minimum: the classes without a pattern; the classes that are told apart from all others,
        where others are not; or the neurons that stand on a plateau. Neurons without a class are numbered from 1, or have the
        names of their target variables.
    costs : J at the start, and after each step on the way there (of small softmax and logistic layers until it falls no more, but
        for rounding); of least squares, which are solved at once, J alone. Empty where there is no minimum.
    """

    outcome: OptimumOutcome
    layer: Layer | None
    cost: float
    gradient_norm: float
    direction: Layer | None = None
    separability: Separability | None = None
    excess: float = np.nan
    distance: float = np.nan
    escaping: tuple[Any, ...] = ()
    costs: tuple[float, ...] = ()

    @property
    def attained(self) -> bool:
        """Whether a minimum is certified: `gradient_norm` is at most 1e-10, and `excess`, where known, at most 1e-8 of the cost.

        A cost that is 0 but for rounding passes, too.
        """
        return self.outcome.ended

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; what is not known, or is not there, is None."""
        return {
            "outcome": self.outcome.key,
            "message": str(self),
            "cost": json_value(self.cost),
            "gradient_norm": json_value(self.gradient_norm),
            "excess": json_value(self.excess),
            "distance": json_value(self.distance),
            "escaping": json_value(self.escaping),
            "costs": json_value(self.costs),
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
    """Minimise the cost J exactly, and certify how near the minimum is.

    Linear layers: least squares by an orthogonal factorisation (singular values of at most eps max(P, N+1) times the largest count
    as 0; where inputs depend on each other, the solution of least norm in the units below). Softmax and logistic layers: Newton's
    method by preconditioned conjugate gradients. Others: Newton's method in a trust region. Inputs are shifted by their means
    (where there are biases) and scaled by powers of two to deviations of about 1 inside, and the layer is mapped back; weight
    decay acts on the weights as they are. So neither the origin nor the unit of an input matters.

    Linear, softmax and logistic layers have one least cost, and `layer` says their kind alone. A perceptron layer has local
    minima as well; which one is found depends on `layer`, and a descent may find another. A kind of layer of your own is
    minimised by its own formulas, and what is found may be a local minimum.

    Softmax and logistic layers without weight decay have no minimum where the classes are separable or quasi-separable: the
    cost falls for ever while the weights grow. What it falls towards is the least cost of the patterns and classes that are not
    told apart.

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
    start = task.layer.with_names_of(task.X, task.targets)
    patterns = start.patterns(task.X, task.targets, sample_weight)
    return optimum_of(start, patterns, task.descent)


def optimum_of(start: Layer, patterns: Patterns, descent: Descent) -> Optimum:
    """`optimum`, of checked patterns.

    Parameters
    ----------
    start : where to start.
    patterns : the patterns, checked against the layer.
    descent : its reduction and its weight decay make the cost.
    """
    counting = of_weight(patterns)
    kind = cost_kind(start)
    separability = None
    if kind.margin_terms is not None and descent.weight_decay == 0:
        dense = _dense(counting)
        separability = certify(start, dense)
        if separability.outcome is SeparabilityOutcome.SEPARABLE:
            return separable(start, dense, separability)
        if separability.outcome is SeparabilityOutcome.QUASI_SEPARABLE:
            return quasi_separable(start, dense, descent, separability)
    sides = missing(start, counting, descent)
    if sides.any():
        return one_sided(start, counting, descent, sides)
    check_curvature(start, counting)
    with np.errstate(all="ignore"):  # what overflows is an outcome
        cost = objective(start, counting, descent)
        theta = np.zeros(cost.shape) if kind.convex else cost.scaling.theta(start)
        found, _ = minimum(cost, counting, descent, method_for(cost), theta)
    return replace(found, separability=separability)


def of_weight(patterns: Patterns) -> Patterns:
    """The `patterns` whose weights are above 0: themselves, not a copy, where all are."""
    counts = patterns.sample_weight > 0
    return patterns if counts.all() else patterns.take(np.flatnonzero(counts))


def _dense(patterns: Patterns) -> Patterns:
    """Patterns that `certify` takes: sparse inputs as dense ones, where these fit."""
    if not is_sparse(patterns.X):
        return patterns
    if np.prod(patterns.X.shape) > MOST_NUMBERS:
        got = f"0, and {patterns.X.shape[0]:,} x {patterns.X.shape[1]:,} sparse inputs"
        remedy = "Give one: whether so many inputs tell the classes apart is not asked."
        raise InputError("weight decay", "be above 0 for sparse inputs of this size", got, remedy)
    sparse: Any = patterns.X
    return patterns._replace(X=sparse.toarray())


Method = Callable[[Objective, Matrix, Carried | None], tuple[Point | None, Matrix | None, list[float]]]


def method_for(cost: Objective) -> Method:
    """How to find minima of a cost: from theta to the point, the Newton step that is left where the cost is convex, and the costs.

    Parameters
    ----------
    cost : one whose minima are sought, perhaps with several weight decays.
    """
    if cost.quadratic and not is_sparse(cost.extended):
        factors = least_squares(cost)
        return lambda of, _start, _carried: factors.minimum(of)
    if cost.convex:
        return compiled_newton

    def local(of: Objective, start: Matrix, _: Carried | None) -> tuple[Point | None, None, list[float]]:
        point, costs = minimise(of, start)
        return point, None, costs

    return local


def minimum(
    cost: Objective,
    patterns: Patterns,
    descent: Descent,
    method: Method,
    start: Matrix,
    carried: Carried | None = None,
) -> tuple[Optimum, Matrix]:
    """The minimum of a cost that has one, with its certificate, and theta there.

    Parameters
    ----------
    cost : the cost.
    patterns : the patterns that count, as they are.
    descent : its reduction and its weight decay.
    method : of `method_for`.
    start : (N+1, K) theta to start from.
    carried : as in `newton`.
    """
    point, step, costs = method(cost, start, carried)
    if point is None:
        return Optimum(OptimumOutcome.OVERFLOW, None, np.nan, np.nan), start
    layer = cost.layer(point.theta)
    value, _ = layer.unchecked_evaluate(patterns, descent.reduction, descent.weight_decay, descent.decay_biases)
    if not (np.isfinite(value) and np.isfinite(layer.weights).all() and np.isfinite(layer.biases).all()):
        return Optimum(OptimumOutcome.OVERFLOW, None, np.nan, np.nan), start
    norm, left, distance = gradient_norm(cost, point), np.nan, np.nan
    outcome = OptimumOutcome.MINIMUM
    stuck: tuple[int, ...] = ()
    if step is None:
        outcome, stuck = OptimumOutcome.LOCAL_MINIMUM, on_plateau(cost, point)
    else:
        left = excess(cost, point, step)
        distance = np.sqrt(2 * left / descent.weight_decay) if descent.weight_decay else np.nan
    gap = value - point.value if math.isnan(left) else max(left, value - point.value)
    if not (norm <= GRADIENT_NORM and is_nothing(cost, point, max(gap, 0.0))):
        outcome = OptimumOutcome.NOT_ATTAINED
    elif stuck:
        outcome = OptimumOutcome.PLATEAU
    names = tuple(neuron_names(layer)[k] for k in stuck)
    return Optimum(
        outcome, layer, value, norm, excess=left, distance=float(distance), escaping=names, costs=tuple(costs)
    ), point.theta


def check_curvature(layer: Layer, patterns: Patterns) -> None:
    """Raise an `InputError` where a `layer` has no optimum, or a user's own kind no second derivatives for these `patterns`."""
    if layer.learns_from_errors:
        raise InputError(
            "layer",
            "have a cost with a minimum of its own, for the optimum",
            f"a {layer.kind} layer whose cost is Rosenblatt's criterion, which is 0 at the weights 0 and where no answer is wrong",
            "Train the layer, or ask separability whether some layer makes no error.",
        )
    if cost_kind(layer) is not UNKNOWN:
        return
    few = patterns.take(slice(1))
    try:
        layer.pattern_curvature(few.D, few.D)  # any U and D do, to see whether there are formulas
    except NotImplementedError:
        raise InputError(
            "layer",
            "know the second derivatives of its cost, for the optimum",
            f"a {layer.kind} layer whose pattern_curvature is not implemented",
            "Write it, or train the layer instead.",
        ) from None


def separable(layer: Layer, patterns: Patterns, found: Separability) -> Optimum:
    """No minimum: the cost falls towards 0. `found` says that the `patterns` are separable by layers of the kind of `layer`."""
    return Optimum(OptimumOutcome.SEPARABLE, None, 0.0, np.nan, direction(layer, patterns, found), found)


def quasi_separable(layer: Layer, patterns: Patterns, descent: Descent, found: Separability) -> Optimum:
    """No minimum: the cost falls towards that of the margins that stay 0 whatever others do.

    Parameters
    ----------
    layer : of the kind.
    patterns : the patterns that count.
    descent : its reduction makes the cost.
    found : says that they are quasi-separable.
    """
    offset, apart = untouched(layer, patterns, found)
    cost = _limit(layer, patterns, descent, offset)
    names = tuple(neuron_names(layer)[k] for k in apart)
    return Optimum(OptimumOutcome.QUASI_SEPARABLE, None, cost, np.nan, separability=found, escaping=names)


def one_sided(layer: Layer, patterns: Patterns, descent: Descent, sides: Vector) -> Optimum:
    """No minimum: the cost falls towards that without the neurons whose bias runs away.

    Parameters
    ----------
    layer : of the kind.
    patterns : the patterns that count.
    descent : its reduction and weight decay make the cost.
    sides : (K,) of `missing`.
    """
    cost = _limit(layer, patterns, descent, np.broadcast_to(sides * ESCAPED, patterns.D.shape))
    return Optimum(OptimumOutcome.ONE_SIDED, None, cost, np.nan, escaping=missing_names(layer, sides))


def _limit(layer: Layer, patterns: Patterns, descent: Descent, offset: Matrix) -> float:
    """The least cost with an offset of U; NaN where it is not certified."""
    with np.errstate(all="ignore"):
        cost = replace(objective(layer, patterns, descent), offset=offset)
        point, step, _ = newton(cost, np.zeros(cost.shape))
        sure = gradient_norm(cost, point) <= GRADIENT_NORM and is_nothing(cost, point, excess(cost, point, step))
    return point.value if sure else np.nan
