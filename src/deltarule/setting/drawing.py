"""A problem drawn by rejection: layers, points and targets from a seed, until all conditions are met."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, generator
from deltarule.errors import InputError
from deltarule.iteration import step
from deltarule.layers import KINDS, Layer, LinearLayer, Patterns
from deltarule.problem import Problem, problem_from
from deltarule.setting.conditions import ITERATIONS, conditions, near_half_unit, near_ties, separability_unmet
from deltarule.setting.request import ProblemRequest, takes_fields_of
from deltarule.setting.visibility import hidden_parts
from deltarule.typeset.figures import thousands

# How many layers are drawn at most, and how many sets of patterns for each.
LAYERS, SETS = 500, 200
# How many points are looked at for a layer: all of a small grid, this many of a large one.
POINTS = 1000
# 3 draws that meet all conditions but a late one, which is looked at after the quick checks, are no accident: the late one is then
# named as the reason.
TELLING = 3
# Why a draw was rejected, and what then helps.
TOO_FEW = "too few points had figures away from a half"
HALF = "a figure was next to a half"
TIE = "a prediction of iteration 2 was a near-tie"
ONE_SIDED = "the predictions were all right or all wrong"
NO_FALL = "the cost did not fall"
HIDDEN = "a part that can be forgotten did not show"
OTHER = "another condition for hand-work was not met"
NOT_SEPARABLE, NOT_OVERLAPPING = "the classes were not separable", "the classes did not overlap"
REMEDIES = {
    TOO_FEW: "Ask for fewer patterns, or for one decimal, or more inputs.",
    HALF: "Ask for fewer patterns, inputs or neurons, whose figures must all lie away from it.",
    TIE: "Ask for fewer patterns or classes.",
    ONE_SIDED: "Ask for more patterns.",
    NO_FALL: "Give a smaller learning rate, or leave it out.",
    HIDDEN: "Ask for more decimals, or a larger learning rate.",
    OTHER: "Give another seed, or ask for other sizes.",
    NOT_SEPARABLE: "Ask for fewer patterns or more inputs.",
    NOT_OVERLAPPING: "Ask for more patterns or fewer inputs or classes.",
}


@takes_fields_of(ProblemRequest)
def new_problem(request: ProblemRequest) -> Problem:
    """A problem for hand-work: small inputs, an initial layer of two decimals, figures that everyone rounds alike.

    It meets `deltarule.setting.conditions` in its first two iterations.

    Raises
    ------
    InputError
        If a value breaks its rule, no problem can meet the request, or none was found in 100,000 draws.

    Examples
    --------
    >>> problem = new_problem("softmax", patterns=6, inputs=2, classes=3, seed=1)
    >>> problem.X.shape, sorted(set(problem.targets.tolist())), problem.layer.weights.shape
    ((6, 2), ['A', 'B', 'C'], (2, 3))
    """
    return draw(request)


def draw(
    request: ProblemRequest,
    *,
    layers: int = LAYERS,
    progress: Callable[[int, float], None] = lambda _layers, _cost: None,
) -> Problem:
    """The problem of a request.

    Parameters
    ----------
    request : what is asked for, with the seed.
    layers : how many layers are tried at most, each with 200 sets of patterns.
    progress : called with the number of layers tried, and NaN.

    Raises
    ------
    InputError
        If none was found; it names the condition that was in the way, and a remedy.
    """
    rng = generator("seed", request.seed)
    rejected: Counter[str] = Counter()
    last = NOT_SEPARABLE if request.separable else NOT_OVERLAPPING
    for tried in range(layers):
        progress(tried, math.nan)
        candidates = _candidates(request, rng)
        sets = _sets(request, candidates, rng)
        if sets is None:
            rejected[TOO_FEW] += SETS
            continue
        for rows in sets:
            with np.errstate(over="ignore", invalid="ignore"):  # with a huge learning rate the cost does not fall
                why = _why_unfit(request, candidates, rows)
            if not why:
                problem = problem_from(_document(request, candidates, rows))
                if conditions(problem):
                    why = OTHER
                elif separability_unmet(problem, request.separable):
                    why = last
                else:
                    return problem
            rejected[why] += 1
    draws = thousands(layers * SETS)
    reason, got = rejected.most_common(1)[0][0], "none: most often,"
    for late in (last, OTHER):
        if rejected[late] >= TELLING:
            reason, got = late, f"none: in the {thousands(rejected[late])} draws that came closest,"
            break
    raise InputError("request", f"lead to a suitable problem within {draws} draws", f"{got} {reason}", REMEDIES[reason])


class Candidates(NamedTuple):
    """A layer, and the points from which its patterns can be taken.

    layer : the initial layer.
    X : (M, N) inputs of the points.
    D : (M, K) their desired outputs.
    targets : (M,) labels, or (M, K) numbers.
    wrong : (M,) which points the layer predicts wrongly; None where it predicts numbers.
    """

    layer: Layer
    X: Matrix
    D: Matrix
    targets: NDArray[Any]
    wrong: NDArray[np.bool_] | None


def _candidates(request: ProblemRequest, rng: np.random.Generator) -> Candidates:
    """A layer drawn, and the points whose rows of iteration 1 everyone rounds and decides alike."""
    layer = _layer(request, rng)
    X = _points(request, rng)
    targets = _targets(request, layer, X, rng)
    U, D = layer.synaptic_input(X), layer.encode(targets)
    good = ~_bad_rows(layer, U, D, request.decimals)
    wrong = layer.wrong(U, D)
    return Candidates(layer, X[good], D[good], targets[good], None if wrong is None else wrong[good])


def _layer(request: ProblemRequest, rng: np.random.Generator) -> Layer:
    """A random layer of the kind, its weights and biases rounded to two decimals."""
    kind = KINDS[request.kind]
    if request.classes is None:
        layer = kind.for_targets(request.inputs, np.zeros((1, request.neurons or 1)), seed=rng)
    else:
        layer = kind.for_targets(request.inputs, request.labels, classes=request.labels, seed=rng)
    # + 0.0: no weight is -0.0.
    return layer.with_parameters(np.rint(layer.weights * 100) / 100 + 0.0, np.rint(layer.biases * 100) / 100 + 0.0)


def _points(request: ProblemRequest, rng: np.random.Generator) -> Matrix:
    """Points of the grid (M, N), no two alike."""
    values = request.values
    if len(values) ** request.inputs <= POINTS:
        return np.array(list(itertools.product(values, repeat=request.inputs)))
    return np.unique(rng.choice(values, (POINTS, request.inputs)), axis=0)


def _targets(request: ProblemRequest, layer: Layer, X: Matrix, rng: np.random.Generator) -> NDArray[Any]:
    """What another, random layer makes of the points: labels, with noise where classes must overlap, or noisy numbers."""
    columns = request.classes or layer.neurons
    spread = float(np.std(request.values))
    scale = 1 / (spread * np.sqrt(request.inputs))
    teacher = LinearLayer(rng.normal(0, scale, (request.inputs, columns)), rng.normal(0, 0.5, columns))
    taught = teacher.output(X)
    if request.classes is not None:
        noise = 0.0 if request.separable else rng.choice([0.3, 1.0, 3.0])
        labels: NDArray[Any] = np.array(request.labels)[(taught + noise * rng.normal(size=taught.shape)).argmax(axis=1)]
        return labels
    noisy = taught + 0.3 * rng.normal(size=taught.shape)
    if layer.has_slopes:  # of a sigmoid: tenths that it can reach
        return np.clip(np.rint(layer.activate(noisy) * 10), 1, 9) / 10
    steps = 10 if request.one_decimal else 1
    return np.rint(noisy * spread * steps) / steps + 0.0


def _bad_rows(layer: Layer, U: Matrix, D: Matrix, decimals: int) -> NDArray[np.bool_]:
    """Which rows have a figure next to a half, or a near-tie."""
    Y = layer.activate(U)
    bad: NDArray[np.bool_] = near_ties(layer, U, Y) | near_half_unit(_row_figures(layer, U, Y, D), decimals).any(axis=1)
    return bad


def _row_figures(layer: Layer, U: Matrix, Y: Matrix, D: Matrix) -> Matrix:
    """All figures of a pattern side by side."""
    slopes = [layer.output_slope(Y)] if layer.has_slopes else []
    return np.hstack([U, Y, layer.output_delta(Y, D), *slopes])


def _sets(
    request: ProblemRequest, candidates: Candidates, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]] | None:
    """Rows of the candidates, P a set, with every class; None where there are too few candidates."""
    labels = [np.flatnonzero(candidates.targets == label) for label in request.labels]
    if len(candidates.X) < request.patterns or not all(map(len, labels)):
        return None
    return _sets_of(labels, len(candidates.X), request.patterns, rng)


def _sets_of(
    labels: list[NDArray[np.intp]], points: int, patterns: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    for _ in range(SETS):
        turn = rng.permutation(points).astype(float)
        for rows in labels:
            # By turns, with some randomness: about equally many of each class, and the first ones of each.
            turn[rows] = turn[rows].argsort().argsort() + rng.uniform(0, 2, len(rows))
            turn[rows[turn[rows].argmin()]] = -1
        yield rng.permutation(turn.argsort()[:patterns])


def _why_unfit(request: ProblemRequest, candidates: Candidates, rows: NDArray[np.intp]) -> str:
    """Why these patterns are rejected, by the quickest checks; empty if they are not. `conditions` has the last word."""
    if candidates.wrong is not None and candidates.wrong[rows].all() == candidates.wrong[rows].any():
        return ONE_SIDED
    patterns = Patterns(candidates.X[rows], candidates.D[rows], np.ones(len(rows)))
    descent, layer = request.descent, candidates.layer
    cost = layer.evaluate(patterns)[0]
    for _ in range(ITERATIONS):
        worked = step(layer, patterns, descent, descent.learning_rate)
        U, after = worked.synaptic_inputs, worked.layer
        Y, lower = layer.activate(U), after.evaluate(patterns)[0]
        if not lower < cost:
            return NO_FALL
        if near_ties(layer, U, Y).any():
            return TIE
        if any(hidden_parts(layer, worked, cost, descent, request.decimals)):
            return HIDDEN
        figures: list[ArrayLike] = [_row_figures(layer, U, Y, patterns.D), cost]
        figures += [worked.weight_gradient, worked.bias_gradient, after.weights, after.biases]
        if near_half_unit(np.concatenate([np.ravel(figure) for figure in figures]), request.decimals).any():
            return HALF
        layer, cost = after, lower
    return ""


def _document(request: ProblemRequest, candidates: Candidates, rows: NDArray[np.intp]) -> dict[str, Any]:
    X = candidates.X[rows] if request.one_decimal else candidates.X[rows].astype(int)
    targets = candidates.targets[rows]
    if targets.dtype.kind == "f" and not request.one_decimal and (targets == np.rint(targets)).all():
        targets = targets.astype(int)
    return {
        "title": request.title,
        "layer": {"kind": request.kind, "weights": candidates.layer.weights, "biases": candidates.layer.biases},
        "data": {"inputs": X, "targets": targets},
        "descent": {"learning_rate": request.descent.learning_rate, "epochs": request.epochs},
        "show": {"decimals": request.decimals},
    }
