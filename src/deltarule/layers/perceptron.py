"""Perceptron layers: those that descend the squared error, and Rosenblatt's, whose outputs are hard."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import expit

from deltarule import labels
from deltarule.checks import Matrix, Seed, Vector, brief, choice
from deltarule.errors import InputError
from deltarule.layers.answers import AnsweringLayer
from deltarule.layers.base import Layer, diagonal
from deltarule.layers.numbers import NumberLayer

# The activations that Rosenblatt's rule trains.
HARD = ("step", "sign")
OTHER_WORDS = {
    "logistic": "sigmoid",
    "hyperbolic tangent": "tanh",
    "heaviside": "step",
    "threshold": "step",
    "hardlim": "step",
    "signum": "sign",
    "sgn": "sign",
    "hardlims": "sign",
    **dict.fromkeys(("linear", "identity", "none"), 'Neurons with y = u are kind "linear", a LinearLayer.'),
    "softmax": 'Softmax is kind "softmax", a SoftmaxLayer.',
    **dict.fromkeys(
        ("relu", "leaky relu", "elu", "gelu", "selu", "swish", "silu", "softplus"),
        "Such neurons are for hidden layers, and there are none here. Take sigmoid or tanh.",
    ),
}


def is_hard(activation: object) -> bool:
    """Whether an activation has the hard outputs of Rosenblatt's perceptron."""
    return isinstance(activation, str) and activation in HARD


@dataclass(frozen=True, eq=False, repr=False)
class PerceptronLayer(NumberLayer):
    """Y = f(U) with f the sigmoid 1 / (1 + e^-u), or tanh; the cost is the squared error.

    Targets: (P, K) numbers. Only targets in (0, 1), or for tanh in (-1, 1), can be reached. With the hard outputs of "step" or
    "sign" it is Rosenblatt's perceptron, a `RosenblattLayer`, which has classes.

    Parameters
    ----------
    activation : "sigmoid" or "tanh"; or "step" or "sign", which make a `RosenblattLayer`.
    classes : of a `RosenblattLayer`; None otherwise.

    Examples
    --------
    >>> PerceptronLayer([[1.0]], [0.0]).predict([[0.0], [10000.0]])
    array([[0.5],
           [1. ]])
    >>> PerceptronLayer([[1.0]], [0.0], activation="step", classes=["no", "yes"]).predict([[0.0], [-0.5]]).tolist()
    ['yes', 'no']
    """

    activation: str = "sigmoid"
    classes: InitVar[Iterable[Any] | None] = None

    kind: ClassVar[str] = "perceptron"
    has_slopes: ClassVar[bool] = True
    ACTIVATIONS: ClassVar[tuple[str, ...]] = ("sigmoid", "tanh")

    def __new__(cls, *given: Any, **named: Any) -> Self:
        """A `RosenblattLayer` where the outputs are hard."""
        activation = named.get("activation", given[2] if len(given) > 2 else None)
        return object.__new__(RosenblattLayer if cls is PerceptronLayer and is_hard(activation) else cls)  # type: ignore[return-value]

    def __post_init__(self, classes: Iterable[Any] | None = None) -> None:  # noqa: RUF033 - called by hand too
        super().__post_init__()
        known = (*PerceptronLayer.ACTIVATIONS, *HARD)
        activation = choice("activation", self.activation, known, OTHER_WORDS)
        if activation not in self.ACTIVATIONS:
            raise InputError(
                "activation",
                f"be one of {', '.join(self.ACTIVATIONS)} for a {type(self).__name__}",
                repr(activation),
                "A step and a sign have no slope to descend; PerceptronLayer trains them by Rosenblatt's rule."
                if is_hard(activation)
                else "A sigmoid and tanh descend the squared error: make a PerceptronLayer.",
            )
        if classes is not None:
            raise InputError(
                "classes",
                f"be left out for a perceptron layer of activation {activation!r}",
                brief(classes),
                'It predicts numbers. activation="step" and "sign", and logistic layers, tell classes apart.',
            )
        object.__setattr__(self, "activation", activation)

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; with hard outputs it is a `RosenblattLayer`."""
        if cls is PerceptronLayer and is_hard(options.get("activation")):
            return RosenblattLayer.for_targets(inputs, targets, classes=classes, seed=seed, **options)  # type: ignore[return-value]
        return super().for_targets(inputs, targets, classes=classes, seed=seed, **options)

    @property
    def output_range(self) -> tuple[float, float]:
        """0 and 1 for the sigmoid, -1 and 1 for tanh; outputs come close to these limits."""
        return (0.0, 1.0) if self.activation == "sigmoid" else (-1.0, 1.0)

    def activate(self, U: Matrix) -> Matrix:
        """1 / (1 + e^-u), or tanh u."""
        Y: Matrix = expit(U) if self.activation == "sigmoid" else np.tanh(U)
        return Y

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(u) = y (1 - y) for the sigmoid, 1 - y^2 for tanh."""
        return Y * (1 - Y) if self.activation == "sigmoid" else 1 - Y**2

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = y (1 - y) (1 - 2y) for the sigmoid, -2 y (1 - y^2) for tanh."""
        Y = self.unchecked_activate(U)
        return self.unchecked_slope(U) * ((1 - 2 * Y) if self.activation == "sigmoid" else -2 * Y)


@dataclass(frozen=True, eq=False, repr=False)
class RosenblattLayer(AnsweringLayer, PerceptronLayer):  # type: ignore[misc]  # __post_init__ has an argument in one base
    """Rosenblatt's perceptron: hard outputs, trained by delta = Y - D, which is 0 where the answer is right.

    The step is y = 1 where u >= 0, else 0; the sign is y = 1 where u >= 0, else -1. A step has no slope, so no squared error is
    descended: the rule W <- W - a X^T delta follows from the perceptron criterion

        J = sum (y - d) u,

    which is the sum of |u| over the wrong answers of a step, and of 2 |u| over those of a sign, whose rule takes steps twice as
    long. It is 0 where no answer is wrong. (It is 0 too where u = 0, so at the weights 0: `errors` counts the wrong answers.)

    Where some layer answers every pattern rightly, the rule of one update a pattern ends after finitely many mistakes
    (see `deltarule.novikoff`).

    Parameters
    ----------
    activation : "step" or "sign".
    classes : the labels that the neurons tell apart: two labels and one neuron, which answers yes for the second; or as many labels
        as neurons, each of which tells its class from the rest, and the largest synaptic input decides. None: the neurons are
        independent; targets and predictions are (P, K) rows of 0 and 1 (step) or of -1 and 1 (sign).

    References
    ----------
    Rosenblatt, "The perceptron: a probabilistic model", Psychological Review 65 (1958). Bishop, Pattern Recognition and Machine
    Learning (2006), 4.1.7: the criterion and the rule; f(0) = 1.

    Examples
    --------
    >>> layer = RosenblattLayer([[1.0]], [0.0], activation="sign")
    >>> layer.predict([[2.0], [0.0], [-2.0]]).tolist(), layer.delta([[2.0]], [[-1]]).tolist()
    ([[1], [1], [-1]], [[2.0]])
    """

    activation: str = "step"
    classes: tuple[labels.Label, ...] | None = None

    has_slopes: ClassVar[bool] = False
    learns_from_errors: ClassVar[bool] = True
    squares_errors: ClassVar[bool] = False
    yes_at_threshold: ClassVar[bool] = True
    ACTIVATIONS: ClassVar[tuple[str, ...]] = HARD

    @property
    def answers(self) -> tuple[float, float]:
        """0 and 1 of a step, -1 and 1 of a sign."""
        return self.output_range

    @property
    def threshold(self) -> float:
        """1/2 of a step, 0 of a sign: halfway between the two outputs."""
        return sum(self.answers) / 2

    @property
    def output_range(self) -> tuple[float, float]:
        """0 and 1 of a step, -1 and 1 of a sign."""
        return (0.0, 1.0) if self.activation == "step" else (-1.0, 1.0)

    def activate(self, U: Matrix) -> Matrix:
        """1 where u >= 0; elsewhere 0 (step) or -1 (sign)."""
        low, high = np.array(self.answers, U.dtype)
        Y: Matrix = np.where(U < 0, low, high)  # of a NaN as in the other engines
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """sum_k (y_k - d_k) u_k."""
        return self.unchecked_worked_cost(U, self.unchecked_activate(U), D)

    def worked_cost(self, U: Matrix, Y: Matrix, D: Matrix) -> Vector:
        """sum_k (y_k - d_k) u_k, from outputs Y as they were worked."""
        cost: Vector = np.sum((Y - D) * U, axis=1)
        return cost

    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """An `InputError`: the perceptron criterion does not follow from outputs alone."""
        raise InputError(
            "cost",
            "follow from the outputs alone, to be worked from them",
            "the perceptron criterion, a sum of |u|",
            "Use pattern_cost, which takes synaptic inputs.",
        )

    def output_slope(self, Y: Matrix) -> Matrix:
        """An `InputError`: a hard output has no slope."""
        return Layer.output_slope(self, Y)

    def slope(self, U: Matrix) -> Matrix:
        """An `InputError`: a hard output has no slope."""
        return Layer.output_slope(self, U)

    def slope_change(self, U: Matrix) -> Matrix:
        """An `InputError`: a hard output has no slope."""
        return Layer.output_slope(self, U)

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """0: the criterion is linear where no u is 0."""
        return diagonal(np.zeros_like(U))

    @property
    def mean_factor(self) -> float:
        """1/K: the mean over patterns and neurons."""
        return 1 / self.neurons


PerceptronLayer.__new__.__signature__ = inspect.signature(PerceptronLayer.__init__)  # type: ignore[attr-defined]
