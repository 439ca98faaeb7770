"""The optima along a path of weight decays, each exact, and their scores on validation patterns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from deltarule.analysis.compiled_newton import compiled_newton, is_small
from deltarule.analysis.endless import missing, missing_names
from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.newton import Carried, newton
from deltarule.analysis.objective import Objective, objective
from deltarule.analysis.optimum import (
    Optimum,
    OptimumOutcome,
    check_curvature,
    method_for,
    minimum,
    of_weight,
    optimum_of,
)
from deltarule.checks import Matrix, Vector, brief, numbers
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.folds import Split, class_places
from deltarule.folds import folds as split_folds
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns
from deltarule.training_task import TrainingTask, task_parts, validation_patterns
from deltarule.views import Shown

# How near the least cost is near enough to compare scores: what is left to gain, relative to the cost.
NEARLY = 1e-7
# Optima through which the next is foreseen: with more the foresight is hardly better.
FORESEEN_BY = 3
# What approximates the second derivatives of one cost serves the next where the decay is no more than so many times less.
SERVES_WITHIN = 2.0


@dataclass(frozen=True, eq=False)
class Path(Shown):
    """The optima along weight decays, as `path` finds them.

    Attributes
    ----------
    weight_decay : (S,) the decays, from the largest to the smallest.
    optima : one for each decay, with its certificate.
    cost : (S,) the costs of the optima, with decay.
    validation_cost : (S,) the costs of their layers on the validation patterns, without decay; NaN where there is no layer. None
        without validation patterns.
    validation_errors : (S,) how many validation patterns they predict wrongly; None without such patterns, and where layers predict
        numbers.
    fold_costs : (F, S) with folds, the costs of each fold's layers on the patterns that they were not trained on, without decay;
        `validation_cost` is their mean over the folds, and `validation_errors` the sum of theirs. None without folds.
    """

    weight_decay: Vector
    optima: tuple[Optimum, ...]
    cost: Vector
    validation_cost: Vector | None = None
    validation_errors: Vector | None = None
    fold_costs: Matrix | None = None

    @property
    def best(self) -> int | None:
        """The place of the least validation cost (of equal ones, of the largest decay); None where there is none."""
        if self.validation_cost is None or np.isnan(self.validation_cost).all():
            return None
        return int(np.nanargmin(self.validation_cost))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; what is not known is None."""
        return {
            "message": str(self),
            "weight_decay": json_value(self.weight_decay),
            "cost": json_value(self.cost),
            "validation_cost": json_value(self.validation_cost),
            "validation_errors": json_value(self.validation_errors),
            "fold_costs": json_value(self.fold_costs),
            "best": self.best,
            "optima": [found.to_dict() for found in self.optima],
        }

    def __repr__(self) -> str:
        best = "" if self.best is None else f", best {self.weight_decay[self.best]:g}"
        return f"<Path: {len(self.optima)} weight decays, {self.weight_decay[0]:g} to {self.weight_decay[-1]:g}{best}>"


@overload
def path(
    problem: TrainingTask,
    /,
    *,
    weight_decay: ArrayLike,
    sample_weight: ArrayLike | None = ...,
    validation: tuple[ArrayLike, Any] | None = ...,
    folds: Any = ...,
) -> Path: ...


@overload
def path(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    *,
    weight_decay: ArrayLike,
    sample_weight: ArrayLike | None = ...,
    validation: tuple[ArrayLike, Any] | None = ...,
    folds: Any = ...,
) -> Path: ...


def path(
    layer: Layer | TrainingTask,
    X: ArrayLike | None = None,
    targets: Any = None,
    descent: Descent | None = None,
    *,
    weight_decay: ArrayLike,
    sample_weight: ArrayLike | None = None,
    validation: tuple[ArrayLike, Any] | None = None,
    folds: Any = None,
) -> Path:
    """The `optimum` for each of several weight decays, in one call: each starts where the one of the next larger decay ended.

    Each is as exact as `optimum` alone, with the same certificate. Data are prepared once; those of linear layers are factorised
    once.

    Parameters
    ----------
    layer : where to start. Or a problem (`read_problem`), which holds X, targets and descent as well.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    descent : its reduction makes the cost; its own weight decay and all else in it do not matter here.
    weight_decay : the decays, at least 0, in any order.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern; patterns of weight 0 do not count.
    validation : a pair, inputs (V, N) and targets, on which each layer is scored. None: those of a problem's test set are not
        taken.
    folds : a number, a splitter of scikit-learn, or pairs (places to train on, places to validate on): each fold has a path of its
        own, whose layers are scored on the patterns that it leaves out. None: none. The optima are those of all patterns.

    Raises
    ------
    InputError
        If there is no decay, one is below 0, the data do not fit the layer, there are folds and a validation set, or a fold trains
        on no pattern of a class, so that its cost has no minimum.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, path
    >>> descent = Descent(learning_rate=0.1, epochs=1)
    >>> found = path(LinearLayer([[0.0]], [0.0]), [[-1.0], [1.0]], [[-1.0], [1.0]], descent, weight_decay=[0.0, 2.0, 6.0])
    >>> [(float(L), it.layer.weights.round(6).item()) for L, it in zip(found.weight_decay, found.optima)]
    [(6.0, 0.25), (2.0, 0.5), (0.0, 1.0)]
    """
    decays = descending(weight_decay)
    if folds is not None and validation is not None:
        raise InputError(
            "folds", "be left out where there is a validation set", brief(folds), "Leave out one of the two."
        )
    task = task_parts(layer, X, targets, descent)
    start = task.layer.with_names_of(task.X, task.targets)
    patterns = start.patterns(task.X, task.targets, sample_weight)
    splits = None if folds is None else split_folds(start, patterns, folds)
    if splits is not None:
        _check_folds(start, patterns, splits, task.descent)
    optima = path_of(start, patterns, task.descent, decays)
    costs = np.array([found.cost for found in optima])
    if splits is not None:
        found = [
            _scores(path_of(start, patterns.take(rows), task.descent, decays), patterns.take(others), task.descent)
            for rows, others in splits
        ]
        fold_costs = np.array([cost for cost, _ in found])
        wrong = [errors for _, errors in found if errors is not None]
        errors = np.sum(wrong, axis=0) if wrong else None
        return Path(decays, optima, costs, fold_costs.mean(axis=0), errors, fold_costs)
    if validation is None:
        return Path(decays, optima, costs)
    return Path(decays, optima, costs, *_scores(optima, validation_patterns(start, validation), task.descent))


def path_of(
    start: Layer, patterns: Patterns, descent: Descent, decays: Vector, *, certified: bool = True
) -> tuple[Optimum, ...]:
    """The optima of `path`, of checked patterns.

    Parameters
    ----------
    start : where to start.
    patterns : the patterns, checked against the layer.
    descent : its reduction makes the cost.
    decays : (S,) of `descending`.
    certified : whether they are to be exact. False: large layers come within about 1e-7 of the least cost, which is enough to
        compare decays by their scores, and are said to be NOT_ATTAINED, in half the time.
    """
    counting = of_weight(patterns)
    descents = [
        replace(descent, weight_decay=float(decay), decay_biases=descent.decay_biases and decay > 0) for decay in decays
    ]
    optima: list[Optimum] = []
    endless = missing(start, counting, descent).any()
    if not endless:
        check_curvature(start, counting)
    with np.errstate(all="ignore"):  # what overflows is an outcome
        cost = objective(start, counting, descents[0])
        theta = np.zeros(cost.shape) if cost_kind(start).convex else cost.scaling.theta(start)
        method = method_for(cost)
        large = method is compiled_newton and not is_small(cost)
        found_so_far: dict[float, Matrix] = {}
        carried, carried_decay = Carried(), np.inf
        for each in descents:
            if endless or (
                each.weight_decay == 0 and (descent.decay_biases or cost_kind(start).margin_terms is not None)
            ):
                # Whether there is a minimum is another question.
                optima.append(optimum_of(start, patterns, each))
                continue
            this = cost.with_decay(each.weight_decay)
            if large:
                theta = _foreseen(this, each.weight_decay, found_so_far, theta)
            if carried_decay > SERVES_WITHIN * each.weight_decay:
                carried = Carried()
            carried_decay = each.weight_decay
            if large and not certified:
                found, theta = _nearly(this, theta, carried)
            else:
                found, theta = minimum(this, counting, each, method, theta, carried)
                if not found.attained:
                    # One of these is found at least from where the caller starts, in units of its own decay.
                    found = optimum_of(start, patterns, each)
                    theta = theta if found.layer is None else cost.scaling.theta(found.layer)
                    carried = Carried()
            found_so_far[each.weight_decay] = theta
            optima.append(found)
    return tuple(optima)


def _foreseen(cost: Objective, decay: float, found: dict[float, Matrix], last: Matrix) -> Matrix:
    """Where the search for the optimum of a decay starts: the polynomial in log(decay) through the last optima, if that is better.

    Parameters
    ----------
    cost : with this decay.
    decay : the decay.
    found : theta of the decays so far, which are larger.
    last : theta of the last of them, or where the path starts.

    Returns
    -------
    theta : `last` where its cost is not above, where there is one optimum at most, or where the decay is 0.
    """
    through = list(found.items())[-FORESEEN_BY:]
    if len(through) < 2 or decay == 0 or decay in found:
        return last
    ahead = np.zeros_like(last)
    for place, (one, theta) in enumerate(through):  # Lagrange's form
        others = np.log([other for other, _ in through[:place] + through[place + 1 :]])
        ahead += np.prod((np.log(decay) - others) / (np.log(one) - others)) * theta
    return ahead if cost.at(ahead).value < cost.at(last).value else last


def _nearly(cost: Objective, start: Matrix, carried: Carried) -> tuple[Optimum, Matrix]:
    """Nearly the least cost, from `start`, and theta there; no more is known of it."""
    point, _, costs = newton(cost, start, nearly=NEARLY, carried=carried)
    layer = cost.layer(point.theta)
    if not (np.isfinite(point.value) and np.isfinite(layer.weights).all() and np.isfinite(layer.biases).all()):
        return Optimum(OptimumOutcome.OVERFLOW, None, np.nan, np.nan), start
    return Optimum(OptimumOutcome.NOT_ATTAINED, layer, point.value, np.nan, costs=tuple(costs)), point.theta


def descending(weight_decay: ArrayLike) -> Vector:
    """Weight decays, checked, from the largest to the smallest.

    Parameters
    ----------
    weight_decay : (S,) at least 0, in any order.
    """
    decays = numbers("weight decays", weight_decay, 1, np.float64)
    truth = next((each for each in iter(weight_decay) if isinstance(each, bool | np.bool_)), None)  # type: ignore[arg-type]
    if len(decays) == 0 or decays.min() < 0 or truth is not None:
        got = "none" if len(decays) == 0 else f"{decays.min():g}" if truth is None else brief(truth)
        raise InputError("weight decays", "be one or more numbers of at least 0", got, "Give some, as in [10, 1, 0.1].")
    return np.sort(decays)[::-1] + 0.0  # -0 becomes 0


def _check_folds(start: Layer, patterns: Patterns, splits: list[Split], descent: Descent) -> None:
    """Raise an `InputError` if a fold trains on no pattern of a class, or of an answer, which others have: a bias would run off."""
    if missing(start, of_weight(patterns), descent).any():
        return  # in each fold, and the optima say so
    for place, (rows, _) in enumerate(splits, start=1):
        training = of_weight(patterns.take(rows))
        sides = missing(start, training, descent)
        if not sides.any():
            continue
        if start.classes is None:
            rule = "each train on both answers of each neuron"
            what = f"one answer only of neuron {missing_names(start, sides)[0]!r}"
        else:
            absent = sorted({*range(len(start.classes))} - {*class_places(start, training).tolist()})
            rule = "each train on patterns of all classes"
            what = f"none of class {start.classes[absent[0]]!r}"
        raise InputError(
            "folds",
            rule,
            f"{what} in fold {place} of {len(splits)}",
            "Give other folds (a number, or StratifiedKFold of scikit-learn, spreads the classes over them), or decay the biases.",
        )


def _scores(optima: tuple[Optimum, ...], patterns: Patterns, descent: Descent) -> tuple[Vector, Vector | None]:
    """The costs of the layers of optima on other patterns, without decay, and their errors; NaN where there is no layer."""
    scores = [(np.nan, None) if it.layer is None else it.layer.evaluate(patterns, descent.reduction) for it in optima]
    wrong = [np.nan if errors is None else errors for _, errors in scores]
    return np.array([cost for cost, _ in scores]), None if all(e is None for _, e in scores) else np.array(wrong)
