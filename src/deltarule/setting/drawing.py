"""A problem drawn by rejection: layers, points and targets from a seed, until all conditions are met."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Seed, generator
from deltarule.errors import InputError
from deltarule.iteration import step
from deltarule.layers import (
    KINDS,
    Layer,
    LinearLayer,
    LogisticLayer,
    NumberLayer,
    Patterns,
    PerceptronLayer,
    SoftmaxLayer,
)
from deltarule.problem import Problem, problem_from
from deltarule.setting.conditions import ITERATIONS, conditions, near_half, undecided
from deltarule.setting.request import Wish

# Layers drawn at most, and sets of patterns for each.
LAYERS, SETS = 500, 200
# Points that are looked at for a layer: all of a small grid, so many of a large one.
POINTS = 1000
# So many draws that only the last condition rejects are no accident.
TELLING = 3
# Why a draw was rejected, and what then helps.
TOO_FEW = "too few points had figures away from a half"
HALF = "a figure lay next to a half"
TIE = "a prediction of iteration 2 was a near-tie"
ONE_SIDED = "the predictions were all right or all wrong"
NO_FALL = "the cost did not fall"
NOT_SEPARABLE, NOT_OVERLAPPING = "the classes were not separable", "the classes did not overlap"
REMEDIES = {
    TOO_FEW: "Ask for fewer patterns, or for one decimal, or more inputs.",
    HALF: "Ask for fewer patterns, inputs or neurons, whose figures must all lie away from it.",
    TIE: "Ask for fewer patterns or classes.",
    ONE_SIDED: "Ask for more patterns.",
    NO_FALL: "Give a smaller learning rate, or leave it out.",
    NOT_SEPARABLE: "Ask for fewer patterns or more inputs.",
    NOT_OVERLAPPING: "Ask for more patterns or fewer inputs or classes.",
}


def new_problem(
    kind: str = "softmax",
    patterns: int = 8,
    inputs: int = 2,
    *,
    classes: int | None = None,
    neurons: int | None = None,
    separable: bool | None = None,
    one_decimal: bool = False,
    learning_rate: float | None = None,
    epochs: int = 1000,
    decimals: int = 2,
    seed: Seed = 0,
) -> Problem:
    """A problem for hand-work: small whole inputs, an initial layer of two decimals, figures that everyone rounds alike.

    It meets `deltarule.setting.conditions` in its first two iterations; the same seed gives the same problem.

    Parameters
    ----------
    seed : a whole number, or a `numpy.random.Generator`. The others: see `deltarule.setting.Wish`.

    Raises
    ------
    InputError
        If a value breaks its rule, no problem can be like that, or none was found in 100,000 draws.

    Examples
    --------
    >>> problem = new_problem("softmax", patterns=6, inputs=2, classes=3, seed=1)
    >>> problem.X.shape, sorted(set(problem.targets.tolist())), problem.layer.weights.shape
    ((6, 2), ['A', 'B', 'C'], (2, 3))
    """
    wish = Wish(
        kind=kind,
        patterns=patterns,
        inputs=inputs,
        classes=classes,
        neurons=neurons,
        separable=separable,
        one_decimal=one_decimal,
        learning_rate=learning_rate,
        epochs=epochs,
        decimals=decimals,
    )
    return drawn(wish, seed)


def drawn(wish: Wish, seed: Seed, progress: Callable[[int, float], None] = lambda _layers, _cost: None) -> Problem:
    """The problem of a wish and a seed; `progress` is called with the layers tried of at most `LAYERS`."""
    rng = generator("seed", seed)
    rejected: Counter[str] = Counter()
    last = NOT_SEPARABLE if wish.separable else NOT_OVERLAPPING
    for layers in range(LAYERS):
        progress(layers, math.nan)
        field = _field(wish, rng)
        sets = _sets(wish, field, rng)
        if sets is None:
            rejected[TOO_FEW] += SETS
            continue
        for rows in sets:
            with np.errstate(over="ignore", invalid="ignore"):  # with a huge learning rate the cost does not fall
                why = _unfit(wish, field, rows)
            if not why:
                problem = problem_from(_document(wish, field, rows))
                if not conditions(problem, separable=wish.separable):
                    return problem
                why = last
            rejected[why] += 1
    # What failed at the last had passed all else, so that is what was never met.
    commonest = last if rejected[last] >= TELLING else rejected.most_common(1)[0][0]
    raise InputError(
        "problem",
        f"be among those that {LAYERS * SETS} draws can find",
        f"none that meets all conditions; most often {commonest}",
        REMEDIES[commonest],
    )


class Field(NamedTuple):
    """A layer, and all points from which its patterns are taken: their inputs and desired outputs, targets, and who is wrong."""

    layer: Layer
    X: Matrix
    D: Matrix
    targets: NDArray[Any]
    wrong: NDArray[np.bool_] | None


def _field(wish: Wish, rng: np.random.Generator) -> Field:
    """A layer drawn, and the points whose rows of iteration 1 everyone rounds and decides alike."""
    layer = _layer(wish, rng)
    X = _points(wish, rng)
    targets = _targets(wish, layer, X, rng)
    U, D = layer.synaptic_input(X), layer.encode(targets)
    good = ~_bad_rows(layer, U, D, wish.decimals)
    wrong = layer.wrong(U, D)
    return Field(layer, X[good], D[good], targets[good], None if wrong is None else wrong[good])


def _layer(wish: Wish, rng: np.random.Generator) -> Layer:
    """A random layer of the kind, its weights and biases rounded to two decimals."""
    kind = KINDS[wish.kind]
    if issubclass(kind, NumberLayer):
        layer: Layer = kind.random(wish.inputs, wish.neurons or 1, rng)
    else:
        layer = (SoftmaxLayer if kind is SoftmaxLayer else LogisticLayer).random(wish.inputs, wish.labels, seed=rng)
    # + 0.0: no weight is -0.0.
    return layer.with_parameters(np.rint(layer.weights * 100) / 100 + 0.0, np.rint(layer.biases * 100) / 100 + 0.0)


def _points(wish: Wish, rng: np.random.Generator) -> Matrix:
    """Points of the grid, no two alike: (points, N)."""
    values = wish.values
    if len(values) ** wish.inputs <= POINTS:
        return np.array(list(itertools.product(values, repeat=wish.inputs)))
    return np.unique(rng.choice(values, (POINTS, wish.inputs)), axis=0)


def _targets(wish: Wish, layer: Layer, X: Matrix, rng: np.random.Generator) -> NDArray[Any]:
    """What another, random layer says of the points: labels, with noise where they shall overlap, or noisy numbers."""
    columns = wish.classes or layer.neurons
    spread = float(np.std(wish.values))
    scale = 1 / (spread * np.sqrt(wish.inputs))
    teacher = LinearLayer(rng.normal(0, scale, (wish.inputs, columns)), rng.normal(0, 0.5, columns))
    said = teacher.output(X)
    if wish.classes is not None:
        noise = 0.0 if wish.separable else rng.choice([0.3, 1.0, 3.0])
        labels: NDArray[Any] = np.array(wish.labels)[(said + noise * rng.normal(size=said.shape)).argmax(axis=1)]
        return labels
    noisy = said + 0.3 * rng.normal(size=said.shape)
    if isinstance(layer, PerceptronLayer):
        return np.clip(np.rint(layer.activate(noisy) * 10), 1, 9) / 10
    step_of = 10 if wish.one_decimal else 1
    return np.rint(noisy * spread * step_of) / step_of + 0.0


def _bad_rows(layer: Layer, U: Matrix, D: Matrix, decimals: int) -> NDArray[np.bool_]:
    """Which rows have a figure next to a half, or a near-tie."""
    Y = layer.activate(U)
    bad: NDArray[np.bool_] = undecided(layer, U, Y) | near_half(_row_figures(layer, U, Y, D), decimals).any(axis=1)
    return bad


def _row_figures(layer: Layer, U: Matrix, Y: Matrix, D: Matrix) -> Matrix:
    """All figures of a pattern side by side."""
    slopes = [layer.output_slope(Y)] if isinstance(layer, PerceptronLayer | LogisticLayer) else []
    return np.hstack([U, Y, layer.output_delta(Y, D), *slopes])


def _sets(wish: Wish, field: Field, rng: np.random.Generator) -> Iterator[NDArray[np.intp]] | None:
    """Rows of a field, P a set, with every class; None where the field has too few."""
    labels = [np.flatnonzero(field.targets == label) for label in wish.labels]
    if len(field.X) < wish.patterns or not all(map(len, labels)):
        return None
    return _sets_of(labels, len(field.X), wish.patterns, rng)


def _sets_of(
    labels: list[NDArray[np.intp]], points: int, patterns: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    for _ in range(SETS):
        turn = rng.permutation(points).astype(float)
        for rows in labels:
            # By turns, with some luck: about as many of each class, and of each the first.
            turn[rows] = turn[rows].argsort().argsort() + rng.uniform(0, 2, len(rows))
            turn[rows[turn[rows].argmin()]] = -1
        yield rng.permutation(turn.argsort()[:patterns])


def _unfit(wish: Wish, field: Field, rows: NDArray[np.intp]) -> str:
    """Why these patterns are rejected, by the quickest checks; empty if they are not. `conditions` has the last word."""
    if field.wrong is not None and field.wrong[rows].all() == field.wrong[rows].any():
        return ONE_SIDED
    patterns = Patterns(field.X[rows], field.D[rows], np.ones(len(rows)))
    layer, cost = field.layer, field.layer.evaluate(patterns)[0]
    for _ in range(ITERATIONS):
        worked = step(layer, patterns, wish.descent)
        U, after = worked.synaptic_inputs, worked.layer
        Y, lower = layer.activate(U), after.evaluate(patterns)[0]
        if not lower < cost:
            return NO_FALL
        if undecided(layer, U, Y).any():
            return TIE
        figures: list[ArrayLike] = [_row_figures(layer, U, Y, patterns.D), cost]
        figures += [worked.weight_gradient, worked.bias_gradient, after.weights, after.biases]
        if near_half(np.concatenate([np.ravel(figure) for figure in figures]), wish.decimals).any():
            return HALF
        layer, cost = after, lower
    return ""


def _document(wish: Wish, field: Field, rows: NDArray[np.intp]) -> dict[str, Any]:
    X = field.X[rows] if wish.one_decimal else field.X[rows].astype(int)
    targets = field.targets[rows]
    if wish.kind == "linear" and not wish.one_decimal:
        targets = targets.astype(int)
    return {
        "title": wish.title,
        "layer": {"kind": wish.kind, "weights": field.layer.weights, "biases": field.layer.biases},
        "data": {"inputs": X, "targets": targets},
        "descent": {"learning_rate": wish.descent.learning_rate, "epochs": wish.epochs},
        "show": {"decimals": wish.decimals},
    }
