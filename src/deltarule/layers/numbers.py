"""What layers that predict numbers share: their cost is the squared error."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from deltarule.checks import Matrix, Seed, Vector
from deltarule.layers.base import Layer, diagonal
from deltarule.layers.initial import random_parameters


@dataclass(frozen=True, eq=False, repr=False)
class NumberLayer(Layer):
    """What layers that predict numbers share: the squared error, J = 1/2 sum (d - y)^2."""

    squares_errors: ClassVar[bool] = True

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
