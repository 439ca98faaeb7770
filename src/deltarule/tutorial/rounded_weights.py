"""The handout prints W0 to two decimals: weights that round to it and give the figures that the handout prints."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import NonlinearConstraint, minimize

from deltarule.iteration import Iteration, iterate
from deltarule.json_values import json_value
from deltarule.problem import Problem
from deltarule.tutorial import handout

HALF_UNIT = 0.005  # of the last decimal printed
Flat = NDArray[np.float64]


class RoundedWeights:
    """The first iteration from initial weights within half a unit of those printed.

    Weights are passed as (N K,) numbers, row by row.

    Parameters
    ----------
    problem : the problem `question_1`, whose initial weights are those printed.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.printed: Flat = problem.layer.weights.astype(np.float64).ravel()
        self.figures = handout.printed("question_1")["iteration"]["1"]
        self.box = [(float(w) - HALF_UNIT, float(w) + HALF_UNIT) for w in self.printed]

    def iteration(self, weights: Flat) -> Iteration:
        """The first iteration from these initial weights."""
        layer = self.problem.layer
        start = layer.with_parameters(weights.reshape(layer.weights.shape), layer.biases)
        return iterate(start, self.problem.X, self.problem.targets, self.problem.descent)

    def nearest_with_printed_cost(self) -> Flat:
        """The weights nearest to those printed whose cost is the printed one."""

        # Distances in half units, so that the solver sees numbers near 1.
        def distance(weights: Flat) -> float:
            return float(np.sum(((weights - self.printed) / HALF_UNIT) ** 2))

        def cost_off(weights: Flat) -> float:
            return self.iteration(weights).cost - float(self.figures["cost"])

        found = minimize(
            distance, self.printed, bounds=self.box, method="SLSQP", constraints={"type": "eq", "fun": cost_off}
        )
        nearest: Flat = found.x
        return nearest

    def deviations(self, weights: Flat) -> Flat:
        """All figures of the iteration, except counts, minus those printed; as one vector."""
        first, printed = self.iteration(weights), self.figures
        parts: list[Any] = []
        for name in ("synaptic_inputs", "outputs", "delta"):
            rows = printed["rows"][name]
            parts.append(getattr(first, name)[[int(row) - 1 for row in rows]] - np.array(list(rows.values())))
        parts += [first.cost - printed["cost"], first.weights - printed["weights"], first.biases - printed["biases"]]
        return np.concatenate([np.ravel(part) for part in parts])

    def best_for_all_figures(self, start: Flat) -> Flat:
        """The weights that minimise the largest deviation t from a printed figure: min t with -t <= deviation <= t.

        start : weights to begin the search at.
        """

        def slack(z: Flat) -> Flat:
            deviation = self.deviations(z[:-1]) / HALF_UNIT
            return np.concatenate([z[-1] - deviation, z[-1] + deviation])

        def largest(z: Flat) -> float:
            return float(z[-1])

        initial: Flat = np.append(start, np.abs(self.deviations(start)).max() / HALF_UNIT)
        found = minimize(
            largest,
            initial,
            bounds=[*self.box, (0.0, 1e6)],  # t, in half units
            method="SLSQP",
            constraints=NonlinearConstraint(slack, 0, np.inf),
            options={"maxiter": 200},
        )
        best: Flat = found.x[:-1]
        return best

    def report(self) -> dict[str, Any]:
        """The weights found and their figures, for results.json."""
        shape = self.problem.layer.weights.shape
        nearest = self.nearest_with_printed_cost()
        best = self.best_for_all_figures(nearest)
        return {
            "printed": json_value(self.problem.layer.weights),
            "cost_from_printed": self.iteration(self.printed).cost,
            "deviation_from_printed": float(np.abs(self.deviations(self.printed)).max()),
            "nearest_with_printed_cost": json_value(nearest.reshape(shape)),
            "its_cost": self.iteration(nearest).cost,
            "largest_change": float(np.abs(nearest - self.printed).max()),
            "best_for_all_figures": json_value(best.reshape(shape)),
            "its_largest_deviation": float(np.abs(self.deviations(best)).max()),
        }
