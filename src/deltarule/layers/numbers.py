"""Layers that predict numbers; their cost is the squared error: linear and perceptron."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import expit

from deltarule.checks import Matrix, Seed, Vector, choice
from deltarule.layers.base import Layer, diagonal
from deltarule.layers.initial import random_parameters


@dataclass(frozen=True, eq=False, repr=False)
class NumberLayer(Layer):
    """What layers that predict numbers share: the squared error, J = 1/2 sum (d - y)^2."""

    @classmethod
    def random(cls, inputs: int, neurons: int, seed: Seed = 0, **options: Any) -> Self:
        """A layer with `random_parameters`.

        Parameters
        ----------
        inputs : N, the number of columns of the data.
        neurons : K, the number of target variables.
        seed : of the random numbers.
        options : further fields of the kind, as in activation="tanh".
        """
        return cls(*random_parameters(inputs, neurons, seed), **options)

    @abstractmethod
    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(U), from the outputs Y = f(U)."""

    def slope(self, U: Matrix) -> Matrix:
        """f'(U)."""
        return self.unchecked_output_slope(self.unchecked_activate(U))

    @abstractmethod
    def slope_change(self, U: Matrix) -> Matrix:
        """f''(U)."""

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """1/2 sum_k (d_k - y_k)^2."""
        return self.unchecked_output_cost(self.unchecked_activate(U), D)

    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """1/2 sum_k (d_k - y_k)^2."""
        cost: Vector = 0.5 * np.sum((D - Y) ** 2, axis=1)
        return cost

    def output_delta(self, Y: Matrix, D: Matrix) -> Matrix:
        """(y - d) f'(u)."""
        return (Y - D) * self.unchecked_output_slope(Y)

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(f'(u)^2 + (y - d) f''(u))."""
        return diagonal(
            self.unchecked_slope(U) ** 2 + (self.unchecked_activate(U) - D) * self.unchecked_slope_change(U)
        )

    @property
    def mean_factor(self) -> float:
        """2/K: the mean over patterns and neurons, without the 1/2."""
        return 2 / self.neurons


@dataclass(frozen=True, eq=False, repr=False)
class LinearLayer(NumberLayer):
    """Y = U: linear regression by gradient descent. Targets: (P, K) numbers.

    Examples
    --------
    >>> LinearLayer([[2.0], [1.0]], [0.5]).predict([[1.0, 3.0]])
    array([[5.5]])
    """

    kind: ClassVar[str] = "linear"

    def activate(self, U: Matrix) -> Matrix:
        """Y = U."""
        return U

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(u) = 1."""
        return np.ones_like(Y)

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = 0."""
        return np.zeros_like(U)


@dataclass(frozen=True, eq=False, repr=False)
class PerceptronLayer(NumberLayer):
    """Y = f(U) with f the sigmoid 1 / (1 + e^-u), or tanh; the cost is the squared error.

    Targets: (P, K) numbers. Only targets in (0, 1), or for tanh in (-1, 1), can be reached.

    Parameters
    ----------
    activation : "sigmoid" or "tanh".

    Examples
    --------
    >>> PerceptronLayer([[1.0]], [0.0]).predict([[0.0], [10000.0]])
    array([[0.5],
           [1. ]])
    """

    activation: str = "sigmoid"

    kind: ClassVar[str] = "perceptron"
    has_slopes: ClassVar[bool] = True
    ACTIVATIONS: ClassVar[tuple[str, ...]] = ("sigmoid", "tanh")

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "activation", choice("activation", self.activation, self.ACTIVATIONS))

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
