"""Whether some layer tells all classes apart, with a certificate of either answer."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.analysis import gordan
from deltarule.analysis.margins import Margins, margins
from deltarule.checks import Matrix, Vector, numbers
from deltarule.errors import InputError
from deltarule.iteration import plain
from deltarule.layers import Layer, Patterns, SoftmaxLayer


class Verdict(enum.Enum):
    """The three cases of Albert and Anderson (1984); each value is the message."""

    SEPARABLE = "separable: some layer has all margins above 0, so that it makes no error"
    QUASI_SEPARABLE = "quasi-separable: some layer has no margin below 0, but none has all of them above 0"
    OVERLAPPING = "overlapping: each layer that has a margin above 0 has one below 0 as well"


@dataclass(frozen=True, eq=False)
class Separability:
    """What `separability` returns; a margin is u_label - u_k, of a pattern and a class k other than its own.

    Attributes
    ----------
    verdict : separable, quasi-separable or overlapping.
    layer : a layer that shows it, checked on the data: no margin is below 0, and the least one above 0 is 1. None where the
        classes overlap.
    touching : (T,) where the classes are quasi-separable, the patterns (counted from 0) that lie on a boundary of each layer
        without a margin below 0. Otherwise empty.
    multipliers : (P, K) why no layer has all margins above 0: numbers lambda_pk of at least 0, with the sum 1, checked, and

            sum_pk lambda_pk (x_p, 1) outer (e_label - e_k) = 0,    lambda_pk = 0 in the label's own column.

        The sum of any layer's margins, weighted by lambda, is then 0, so they cannot all be above 0 (Gordan's theorem). As many as
        possible are above 0; where the classes overlap, all, so no layer can have margins above 0 and none below (Stiemke's
        lemma). None where the classes are separable.
    conflict : (C,) a few patterns (counted from 0) that suffice for that: no layer has all their margins above 0. Empty where the
        classes are separable.
    """

    verdict: Verdict
    layer: Layer | None
    touching: NDArray[np.intp]
    multipliers: Matrix | None
    conflict: NDArray[np.intp]

    def __str__(self) -> str:
        text = f"The classes are {self.verdict.value}."
        return text if not len(self.conflict) else f"{text} {_rows(self.conflict)} cannot all have theirs above 0."

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and texts, for JSON."""
        layer = self.layer
        return {
            "verdict": self.verdict.name.lower().replace("_", "-"),
            "message": str(self),
            "layer": None if layer is None else {"weights": plain(layer.weights), "biases": plain(layer.biases)},
            "touching": plain(self.touching),
            "multipliers": plain(self.multipliers),
            "conflict": plain(self.conflict),
        }


def separability(X: ArrayLike, targets: Sequence[Any] | NDArray[Any]) -> Separability:
    """Whether some layer U = X W + b gives each pattern's own class the largest synaptic input, and why if none does.

    Separable: some W, b have u_label - u_k > 0 for all patterns and all k other than the label. Quasi-separable: at least 0
    for all, and above 0 for some. Overlapping: neither; then alone has the cost of a softmax layer a minimum.
    Neither the scale of the inputs nor the names of the classes matter. A margin of less than about 1e-12 of the size of its
    terms counts as 0.

    Parameters
    ----------
    X, targets : (P, N), and (P,) labels of any hashable type.

    Raises
    ------
    InputError
        If X or the targets are not as above, there is one class only, or rounding decides.

    References
    ----------
    Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression models", Biometrika 71 (1984).
    Mangasarian, Nonlinear Programming (1969), chapter 2: the theorems of Gordan and Stiemke.

    Examples
    --------
    >>> found = separability([[0.0], [1.0], [1.0], [2.0]], ["a", "a", "b", "b"])
    >>> found.verdict.name, found.touching.tolist(), found.conflict.tolist()
    ('QUASI_SEPARABLE', [1, 2], [1, 2])
    """
    if any(isinstance(target, list | np.ndarray) for target in targets):
        raise InputError(
            "targets", "be labels, one a pattern", "rows", "Turn one-hot rows into labels first: layer.decode(rows)."
        )
    inputs = numbers("inputs", X, 2, np.float64)
    classes = labels.check_classes(labels.sorted_classes(targets))
    layer = SoftmaxLayer(np.zeros((inputs.shape[1], len(classes))), np.zeros(len(classes)), classes)
    return certify(layer, layer.patterns(inputs, targets))


def certify(layer: Layer, patterns: Patterns) -> Separability:
    """`separability`, by layers of this kind: softmax, or logistic, whose margins are (2d - 1) u. Weights do not matter.

    For several logistic neurons the verdict is of all of them together: separable if each one's patterns are, overlapping if
    none's are separable or quasi-separable.
    """
    X, D = patterns.inputs, patterns.desired
    # A frame in which each input is about 1 in size. It changes (W; b), but no margin, and no equation of the multipliers.
    low, high = X.min(axis=0), X.max(axis=0)
    centre = low / 2 + high / 2
    scale = np.ldexp(1.0, np.frexp(high / 2 - low / 2)[1] - 1)  # a power of 2: dividing by it is exact
    inside, outside = margins(layer, (X - centre) / scale, D), margins(layer, X, D)
    for pair in gordan.pairs(inside.matrix):
        with np.errstate(over="ignore", invalid="ignore"):
            inner = pair.theta.reshape(-1, D.shape[1])
            weights = inner[:-1] / scale[:, None]
            outer = np.vstack([weights, inner[-1] - centre @ weights])
            nothing = np.maximum(outside.rounding(outer), gordan.NOTHING * inside.size(inner))
            if _balanced(inside, pair.multipliers) and _signed(outside, outer, pair.multipliers > 0, nothing):
                shown = layer.updated(outer[:-1], outer[-1])
                return _separability(shown, inside, pair, outside.of(outer))
    raise InputError(
        "inputs",
        "tell the classes apart, or not, by more than the rounding of float64",
        "patterns of different classes that differ by about as little",
        "Subtract the mean of each input, or round the inputs to the digits that were measured.",
    )


def _balanced(data: Margins, lambdas: Vector) -> bool:
    """Whether the multipliers are none below 0, and make the sum of the rows 0, up to rounding."""
    left, size = np.abs(data.matrix.T @ lambdas), abs(data.matrix).T @ np.abs(lambdas)
    return bool((lambdas >= 0).all() and (left <= gordan.NOTHING * size).all())


def _signed(data: Margins, theta: Matrix, held: NDArray[np.bool_], nothing: Vector) -> bool:
    """Whether the margins held at 0 are `nothing`, and the others beyond doubt above 0."""
    reached = data.of(theta)
    return bool(np.where(held, np.abs(reached) <= nothing, reached > data.rounding(theta)).all())


def _separability(layer: Layer, data: Margins, pair: gordan.Pair, reached: Vector) -> Separability:
    """The record of a pair that was checked; `layer` is its theta, and `reached` are the layer's margins."""
    held = pair.multipliers > 0
    none = np.empty(0, dtype=np.intp)
    if not held.all():
        size = reached[~held].min()
        layer = layer.with_parameters(layer.weights / size, layer.biases / size)
        if not held.any():
            return Separability(Verdict.SEPARABLE, layer, none, None, none)
    multipliers = np.zeros((data.pattern.max() + 1, data.neurons))
    multipliers[data.pattern, data.neuron] = pair.multipliers / pair.multipliers.sum()
    conflict = np.unique(data.pattern[gordan.few(data.matrix, pair)])
    if held.all():
        return Separability(Verdict.OVERLAPPING, None, none, multipliers, conflict)
    return Separability(Verdict.QUASI_SEPARABLE, layer, np.unique(data.pattern[held]), multipliers, conflict)


def _rows(places: NDArray[np.intp]) -> str:
    shown = ", ".join(str(place + 1) for place in places[:8])
    return f"The patterns of rows {shown}{', ...' if len(places) > 8 else ''} (counted from 1)"
