"""What a problem must be like, so that all who work it by hand without a mistake write the same figures, and see each step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.analysis.separability import SeparabilityOutcome, separability
from deltarule.checks import Matrix, instance, truth
from deltarule.errors import InputError
from deltarule.iteration import Iteration, iterations
from deltarule.layers import Layer
from deltarule.problem import Problem
from deltarule.setting.visibility import hidden_parts

# How near a half, in units of the last decimal, roundings may differ: where a figure is worked from rounded ones, or by
# another calculator.
NEAR_HALF = 0.02
# By how much the largest output must be above the next, so that a prediction is clear.
CLEAR_LEAD = 0.05
# How far from 0 the synaptic input must be of a neuron that says yes or no by itself.
CLEAR_INPUT = 0.1
# Iterations that are looked at: this number of them is set as hand-work.
ITERATIONS = 2
FIGURES = {
    "synaptic_inputs": "U",
    "outputs": "f(U)",
    "slopes": "f'(U)",
    "cost": "the cost",
    "delta": "delta",
    "weight_gradient": "dJ/dW",
    "bias_gradient": "dJ/db",
    "weight_velocity": "V_W",
    "bias_velocity": "V_b",
    "weights": "W after the update",
    "biases": "b after the update",
}


def near_half_unit(values: ArrayLike, decimals: int) -> NDArray[np.bool_]:
    """Which numbers lie within 2% of a unit of their last decimal from a half of it, or on it.

    Parameters
    ----------
    values : numbers, of any shape.
    decimals : how many they are rounded to.

    Examples
    --------
    >>> near_half_unit([0.125, 0.1249, 0.1247, 3.5], 2).tolist()
    [True, True, False, False]
    """
    units = np.abs(np.asarray(values, dtype=np.float64)) * 10.0**decimals
    near: NDArray[np.bool_] = np.abs(units % 1 - 0.5) < NEAR_HALF
    return near


def near_ties(layer: Layer, U: Matrix, Y: Matrix) -> NDArray[np.bool_]:
    """Which predictions are near-ties (P,); none where the layer predicts numbers.

    Parameters
    ----------
    layer : any.
    U, Y : (P, K) its synaptic inputs and outputs.
    """
    if not layer.has_classes:
        return np.zeros(len(U), dtype=bool)
    if layer.independent or layer.neurons == 1:  # each neuron answers by the sign of its u
        unclear: NDArray[np.bool_] = np.any(np.abs(U) < CLEAR_INPUT, axis=1)
        return unclear
    ordered = np.sort(Y, axis=1)
    close: NDArray[np.bool_] = ordered[:, -1] - ordered[:, -2] < CLEAR_LEAD
    return close


def conditions(problem: Problem, *, separable: bool | None = None) -> list[str]:
    """The conditions for hand-work that a problem does not meet, a sentence each; none for a good problem.

    Its first two iterations are looked at, or the only one. See `deltarule.setting` for the conditions.

    Parameters
    ----------
    problem : any, however it was made.
    separable : whether its classes must be separable (True) or overlapping (False). None: either.

    Raises
    ------
    InputError
        If it is not a `Problem`.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> for sentence in conditions(problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.125]]},
    ...     "data": {"inputs": [[1], [1]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 2, "epochs": 10},
    ... })):
    ...     print(sentence)
    Two patterns have the same inputs.
    Iteration 1: U has 0.125 (row 1, column 1), next to a half of its last decimal.
    Iteration 1: f(U) has 0.125 (row 1, column 1), next to a half of its last decimal.
    Iteration 1: delta has -1.875 (row 1, column 1), next to a half of its last decimal.
    Iteration 1: W after the update has 11.625 (row 1, column 1), next to a half of its last decimal.
    Iteration 1: the difference between sum and mean does not show: nobody sees whether it was forgotten.
    Iteration 2: U has 23.125 (row 1, column 1), next to a half of its last decimal.
    Iteration 2: f(U) has 23.125 (row 1, column 1), next to a half of its last decimal.
    Iteration 2: delta has 21.125 (row 1, column 1), next to a half of its last decimal.
    Iteration 2: W after the update has -68.875 (row 1, column 1), next to a half of its last decimal.
    Iteration 2: the difference between sum and mean does not show: nobody sees whether it was forgotten.
    The cost does not fall from iteration 1 to iteration 2.
    """
    instance("problem", problem, Problem, "Read one first, with read_problem.")
    unmet = [*_of_patterns(problem), *separability_unmet(problem, separable)]
    layer, descent = problem.layer, problem.descent
    patterns = layer.patterns(problem.X, problem.targets)
    updates = descent.epochs * descent.updates_per_epoch(len(problem.X))
    cost, errors = layer.evaluate(patterns, descent.reduction, descent.weight_decay, descent.decay_biases)
    if errors is not None and errors in (0, len(problem.X)):
        unmet.append(f"At first the predictions are all {'wrong' if errors else 'right'}.")
    try:
        worked = list(iterations(layer, problem.X, problem.targets, descent, 1, min(ITERATIONS, updates)))
    except InputError:
        return [*unmet, "The cost, a weight or a bias is soon no longer finite."]
    for iteration in worked:
        unmet += _of_iteration(iteration, problem.decimals)
        unmet += [
            f"Iteration {iteration.iteration}: {part} does not show: nobody sees whether it was forgotten."
            for part in hidden_parts(iteration.initial, iteration, iteration.cost, descent, problem.decimals)
        ]
    with np.errstate(over="ignore", invalid="ignore"):  # after a last step that was too large
        after, _ = worked[0].layer.evaluate(patterns, descent.reduction, descent.weight_decay, descent.decay_biases)
    if not (math.isfinite(after) and after < cost):
        unmet.append("The cost does not fall from iteration 1 to iteration 2.")
    return unmet


def separability_unmet(problem: Problem, separable: bool | None) -> list[str]:
    """The sentence that the classes are not as they must be; nothing if they are, or if a class has no pattern.

    Parameters
    ----------
    problem : any.
    separable : whether its classes must be separable (True) or overlapping (False). None: either.
    """
    separable = None if separable is None else truth("separable", separable)
    if separable is None or problem.layer.classes is None or _missing_classes(problem):
        return []
    outcome = separability(problem.X, problem.targets).outcome
    if outcome is (SeparabilityOutcome.SEPARABLE if separable else SeparabilityOutcome.OVERLAPPING):
        return []
    return [f"The classes are not {'separable' if separable else 'overlapping'} but {outcome.label}."]


def _missing_classes(problem: Problem) -> list[Any]:
    """The classes of the layer that no pattern has."""
    targets = problem.targets.tolist()
    return [label for label in problem.layer.classes or () if label not in targets]


def _of_patterns(problem: Problem) -> list[str]:
    unmet = []
    if len(np.unique(problem.X, axis=0)) < len(problem.X):
        unmet.append("Two patterns have the same inputs.")
    unmet += [f"No pattern is of class {label}." for label in _missing_classes(problem)[:1]]
    return unmet


def _of_iteration(worked: Iteration, decimals: int) -> list[str]:
    unmet = []
    ties = np.flatnonzero(near_ties(worked.initial, worked.synaptic_inputs, worked.outputs))
    if len(ties):
        unmet.append(
            f"Iteration {worked.iteration}: the prediction of pattern {worked.batch[ties[0]] + 1} is a near-tie."
        )
    for part, symbol in FIGURES.items():
        values = getattr(worked, part)
        if values is None:
            continue
        near = np.argwhere(near_half_unit(values, decimals))
        if len(near):
            place = tuple(int(i) for i in near[0])
            unmet.append(
                f"Iteration {worked.iteration}: {symbol} has {_shown(np.asarray(values)[place], decimals)}"
                f"{_place_in_words(place)}, next to a half of its last decimal."
            )
    return unmet


def _shown(value: float, decimals: int) -> str:
    """A number with the digits that show how near it is: those of the figure and three more, without final zeros."""
    return f"{value:.{decimals + 3}f}".rstrip("0")


def _place_in_words(place: tuple[int, ...]) -> str:
    names = {0: (), 1: ("entry",), 2: ("row", "column")}[len(place)]
    return f" ({', '.join(f'{name} {i + 1}' for name, i in zip(names, place, strict=True))})" if names else ""
