"""Where descent is heading: the minimum of the cost, or, of separable classes, the direction in which it falls for ever."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from deltarule.analysis.margins import margins, maximum_margin
from deltarule.analysis.separability import Separability, Verdict, certify
from deltarule.checks import Matrix, Vector, choice, positive
from deltarule.errors import InputError
from deltarule.layers import REDUCTIONS, Layer, LogisticLayer, Patterns, Reduction, SoftmaxLayer

GRADIENT_NORM = 1e-10
POLISHING_STEPS = 20


@dataclass(frozen=True, eq=False)
class Optimum:
    """What `optimum` returns.

    Attributes
    ----------
    layer : the layer at the minimum (of a perceptron: a local one, or a plateau where its units are saturated), in float64;
        None where there is no minimum.
    cost : J there; where there is no minimum, what the cost falls towards, or NaN where that is not known.
    gradient_norm : the largest entry of |dJ/dW| and |dJ/db| there; NaN where there is no minimum.
    attained : whether there is a minimum and the gradient norm is at most 1e-10 (a perceptron's plateau passes for one).
    direction : of separable classes without weight decay, the layer of norm 1 over (W, b) with the largest margin, to whose
        direction that of gradient descent converges. None otherwise, and where rounding leaves it uncertain.
    separability : of classes without weight decay, the verdict that decides whether there is a minimum. Otherwise None.
    message : what was found, in a sentence.
    """

    layer: Layer | None
    cost: float
    gradient_norm: float
    attained: bool
    direction: Layer | None
    separability: Separability | None
    message: str

    def __str__(self) -> str:
        return self.message


def optimum(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    reduction: Reduction = "sum",
    *,
    weight_decay: float = 0.0,
    sample_weight: ArrayLike | None = None,
) -> Optimum:
    """Minimise the cost J from `layer`, by a second-order method, to a gradient norm of 1e-10.

    Linear, softmax and logistic layers have one least cost. A perceptron layer has local minima as well; which one is found depends
    on `layer`, and need not be that of a descent with steps of another length.

    Softmax and logistic layers without weight decay have no minimum where the classes are separable or quasi-separable: the cost
    falls for ever while the weights grow.

    Parameters
    ----------
    layer : where to start.
    X, targets, reduction, weight_decay, sample_weight : as in `train`; patterns of weight 0 do not count.

    Raises
    ------
    InputError
        If the data do not fit the layer, or are too large for float64 to hold their products.

    References
    ----------
    Nocedal and Wright, Numerical Optimization (2006), algorithm 7.2: Newton's steps by conjugate gradients in a trust region
    (`scipy.optimize.minimize`, trust-ncg).
    Soudry et al., "The implicit bias of gradient descent on separable data", JMLR 19 (2018): the direction.

    Examples
    --------
    >>> from deltarule import LinearLayer, optimum
    >>> found = optimum(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]])
    >>> found.layer.weights.round(6).tolist(), found.layer.biases.round(6).tolist()
    ([[2.0]], [1.0])
    """
    choice("reduction", reduction, REDUCTIONS)
    decay = positive("weight decay", weight_decay, "Give 0 for none.", zero=True)
    patterns = layer.patterns(X, targets, sample_weight)
    counted = patterns.take(np.flatnonzero(patterns.sample_weight > 0))
    verdict = None
    if decay > 0 and isinstance(layer, SoftmaxLayer | LogisticLayer) and _one_sided(layer, counted):
        message = (
            "The cost has no minimum: some class (or answer of a neuron) has no pattern, so a bias, which is not decayed, "
            "grows for ever."
        )
        return Optimum(None, np.nan, np.nan, False, None, None, message)
    if decay == 0 and isinstance(layer, SoftmaxLayer | LogisticLayer):
        verdict = certify(layer, counted)
        if verdict.verdict is not Verdict.OVERLAPPING:
            return _at_infinity(layer, counted, verdict)
    objective = _Cost(layer, counted, reduction, decay)
    found, norm = _minimise(objective, objective.start)
    if not norm <= GRADIENT_NORM and layer.kind != "perceptron":
        # Far out a cost is nearly straight, and second-order steps are lost. It is convex: from the origin, the same minimum.
        origin = objective.layer(np.zeros(objective.shape).ravel())
        found, norm = min(_minimise(objective, origin), (found, norm), key=lambda end: end[1])
    reached = norm <= GRADIENT_NORM
    what = "A local minimum, or a plateau" if layer.kind == "perceptron" else "The minimum"
    cost = found.evaluate(counted, reduction, decay)[0]
    message = f"{what}: cost {cost:.8g}, gradient norm {norm:.1e}."
    if not reached:
        remedy = f"Standardise the inputs{', or start elsewhere' if layer.kind == 'perceptron' else ''}."
        message = (
            f"Not quite a minimum: cost {cost:.8g}, gradient norm {norm:.1e}, more than {GRADIENT_NORM:g}. {remedy}"
        )
    return Optimum(found, cost, norm, reached, None, verdict, message)


def _one_sided(layer: Layer, patterns: Patterns) -> bool:
    """Whether a class (softmax), or an answer of a neuron (logistic), never occurs."""
    D = patterns.D
    never, always = D.max(axis=0) == 0, D.min(axis=0) == 1
    return bool(never.any() or (isinstance(layer, LogisticLayer) and always.any()))


def _at_infinity(layer: Layer, patterns: Patterns, verdict: Separability) -> Optimum:
    """No minimum: of separable classes the maximum-margin direction."""
    if verdict.verdict is Verdict.QUASI_SEPARABLE or verdict.layer is None:
        message = (
            "The cost has no minimum: the classes are quasi-separable, so it falls for ever, towards a limit above 0."
        )
        return Optimum(None, np.nan, np.nan, False, None, verdict, message)
    theta = np.vstack([verdict.layer.weights, verdict.layer.biases])
    widest = maximum_margin(margins(layer, patterns.X, patterns.D), theta)
    direction = None if widest is None else layer.with_parameters(widest[:-1], widest[-1])
    message = (
        "The cost has no minimum: the classes are separable, so it falls towards 0 for ever while the weights grow."
    )
    return Optimum(None, 0.0, np.nan, False, direction, verdict, message)


class _Cost:
    """J as a function of (W; b) in one vector: its value, gradient, and Hessian times a vector. All formulas are the layer's."""

    def __init__(self, layer: Layer, patterns: Patterns, reduction: Reduction, weight_decay: float) -> None:
        self.start, self.patterns, self.reduction, self.decay = (
            layer.astype(np.float64),
            patterns,
            reduction,
            weight_decay,
        )
        self.factor = patterns.sample_weight * layer.scale(patterns.sample_weight, reduction)
        self.shape = (layer.inputs + 1, layer.neurons)
        # Biases are weights of an input that is always 1, and are not decayed.
        self.extended = np.column_stack([patterns.X, np.ones(len(patterns.X))]).astype(np.float64)
        self.decayed = np.vstack([np.full((layer.inputs, layer.neurons), weight_decay), np.zeros((1, layer.neurons))])

    def flat(self, layer: Layer) -> Vector:
        return np.vstack([layer.weights, layer.biases]).ravel()

    def layer(self, theta: Vector) -> Layer:
        stacked = theta.reshape(self.shape)
        return self.start.with_unchecked_parameters(stacked[:-1].copy(), stacked[-1].copy())

    def value(self, theta: Vector) -> float:
        return self.layer(theta).evaluate(self.patterns, self.reduction, self.decay)[0]

    def gradient(self, theta: Vector) -> Vector:
        U = self.extended @ theta.reshape(self.shape)
        delta = self.start.scaled_delta(U, self.patterns, self.reduction)
        gradient: Matrix = self.extended.T @ delta + self.decayed * theta.reshape(self.shape)
        return gradient.ravel()

    def hessian_times(self, theta: Vector, vector: Vector) -> Vector:
        """X~^T (C (X~ V)) + L V, with C the patterns' curvatures."""
        V = vector.reshape(self.shape)
        curvature = self.start.pattern_curvature(self.extended @ theta.reshape(self.shape), self.patterns.D)
        change = np.einsum("pkj,pj->pk", curvature, self.extended @ V) * self.factor[:, None]
        product: Matrix = self.extended.T @ change + self.decayed * V
        return product.ravel()


def _minimise(cost: _Cost, start: Layer) -> tuple[Layer, float]:
    """A minimum and the gradient norm there."""
    from scipy.optimize import minimize
    from scipy.sparse.linalg import LinearOperator, minres

    with np.errstate(over="ignore", invalid="ignore"):
        try:
            found = minimize(
                cost.value,
                cost.flat(start),
                method="trust-ncg",
                jac=cost.gradient,
                hessp=cost.hessian_times,
                options={"gtol": GRADIENT_NORM},
            )
        except ValueError:  # the solver's word for a product that is not finite
            largest = float(np.abs(cost.patterns.X).max())
            raise InputError(
                "inputs",
                "be of a size whose products float64 can hold",
                f"{largest:g} as the largest",
                "Standardise the inputs, and start from small weights.",
            ) from None
        theta, gradient = found.x, cost.gradient(found.x)
        # A trust region judges a step by the cost, whose changes are lost in rounding near the minimum; Newton's steps on the
        # gradient go on from there. MINRES takes the singular Hessian of a softmax layer.
        for _ in range(POLISHING_STEPS):
            if np.abs(gradient).max() <= GRADIENT_NORM:
                break
            hessian = LinearOperator(
                (theta.size, theta.size), matvec=partial(cost.hessian_times, theta), dtype=np.float64
            )
            step, _ = minres(hessian, -gradient, rtol=1e-12)
            next_gradient = cost.gradient(theta + step)
            if not np.abs(next_gradient).max() < np.abs(gradient).max():
                break
            theta, gradient = theta + step, next_gradient
    return cost.layer(theta), float(np.abs(gradient).max())
