"""Where the prediction of a layer changes: the exact lines (hyperplanes) u_a = u_b, and the part of each that separates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from deltarule.analysis.line_parts import ROUNDING, LinePart, cut
from deltarule.checks import Matrix, Vector, instance, numbers, texts, whole
from deltarule.errors import InputError
from deltarule.labels import Label
from deltarule.layers import AdalineLayer, Layer, LogisticLayer, RosenblattLayer, SoftmaxLayer
from deltarule.typeset.figures import DEFAULT_DECIMALS
from deltarule.views import Shown

# A line that is farther from the origin has points that float64 does not hold.
FARTHEST = 1e307


@dataclass(frozen=True, eq=False)
class Boundary(Shown):
    """The hyperplane on which two classes' synaptic inputs are equal.

    Attributes
    ----------
    classes : the two labels (a, b).
    coefficients : (N+1,) a1, ..., aN, c with a1 x1 + ... + aN xN + c = u_a - u_b: 0 on the boundary, above 0 on the
        side of a. For N = 1 the boundary is the point x = -c / a1.
    part : for N = 2, the part that separates the two classes: the points where u_a = u_b and no other class has more.
        None where there are none, and for N other than 2.
    scores : (K, N+1) weights and bias of each class: u_k = scores[k] . (x, 1).
    neurons : the rows of `scores` that belong to the two classes.
    """

    classes: tuple[Label, Label]
    coefficients: Vector
    part: LinePart | None
    scores: Matrix
    neurons: tuple[int, int]

    @cached_property
    def separates(self) -> bool:
        """Whether there is a point of the boundary where no third class has more (for N other than 2, a linear program tells)."""
        if self._no_line():
            return False
        if len(self.coefficients) == 3:
            return self.part is not None
        return _has_points(self.coefficients, self._leads())

    def line(self) -> LinePart | None:
        """The whole line, for N = 2; None where there is none because the two classes' weights are equal, or it is too far away."""
        if len(self.coefficients) != 3:
            raise InputError(
                "boundary to draw",
                "be a line: of a layer with 2 inputs",
                f"{len(self.coefficients) - 1} inputs",
                "Use its coefficients.",
            )
        if self._no_line():
            return None
        normal, c = self.coefficients[:2], self.coefficients[2]
        exponent = np.frexp(np.abs(normal).max())[1]
        normal = np.ldexp(normal, -exponent)
        length = math.hypot(*normal)
        normal = normal / length
        with np.errstate(over="ignore"):
            distance = float(np.ldexp(c, -exponent) / length)
        if abs(distance) > FARTHEST:
            return None
        return LinePart(0.0 - distance * normal, np.array([-normal[1], normal[0]]), -math.inf, math.inf)

    def equation(self, names: Sequence[str] | None = None, decimals: int = DEFAULT_DECIMALS) -> str:
        """The boundary as text.

        Parameters
        ----------
        names : one an input; x1, x2, ... if left out.
        decimals : digits after the point.

        Examples
        --------
        >>> layer = SoftmaxLayer([[1.25, -2.0], [0.0, 6.29]], [-13.63, 0.0], classes=["A", "B"])
        >>> boundaries(layer)[0].equation()
        '3.25 x1 - 6.29 x2 - 13.63 = 0'
        """
        decimals = whole("decimals", decimals, 0, "2 is usual.")
        inputs = len(self.coefficients) - 1
        names = [f"x{n}" for n in range(1, inputs + 1)] if names is None else texts("names", names)
        if len(names) != inputs:
            raise InputError("names", f"be {inputs}, one for each input", len(names), "Give one name an input.")
        return f"{linear_form(self.coefficients, names, decimals)} = 0"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; where the part has no end, its `start` or `end` is None."""
        part = self.part
        return {
            "classes": list(self.classes),
            "coefficients": self.coefficients.tolist(),
            "equation": self.equation(),
            "separates": self.separates,
            "part": None
            if part is None
            else {
                "point": part.point.tolist(),
                "direction": part.direction.tolist(),
                "start": part.start if math.isfinite(part.start) else None,
                "end": part.end if math.isfinite(part.end) else None,
            },
        }

    def __repr__(self) -> str:
        return f"<Boundary of {self.classes[0]!r} and {self.classes[1]!r}: {self.equation()}>"

    def _no_line(self) -> bool:
        """Whether the two classes' weights are equal, to rounding: u_a - u_b is then the same everywhere."""
        pair = self.scores[list(self.neurons), :-1]
        return bool(np.all(np.abs(self.coefficients[:-1]) <= ROUNDING * np.abs(pair).max()))

    def _leads(self) -> Matrix:
        """(K-2, N+1) coefficients of u_a - u_k, for each third class k: at least 0 on the part that separates."""
        others = np.delete(np.arange(len(self.scores)), self.neurons)
        scores = _scaled(self.scores)
        leads: Matrix = scores[self.neurons[0]] - scores[others]
        return leads


def linear_form(coefficients: Vector, names: Sequence[str], decimals: int = DEFAULT_DECIMALS) -> str:
    """`a1 x1 + ... + aN xN + c` as text.

    Parameters
    ----------
    coefficients : (N+1,) a1, ..., aN, c.
    names : one for each input.
    decimals : digits after the point; a small coefficient that would read as 0 has more.

    Examples
    --------
    >>> linear_form(np.array([-0.15, 5.27, -7.82]), ["x1", "x2"])
    '-0.15 x1 + 5.27 x2 - 7.82'
    """
    text, size = "", float(np.abs(coefficients).max())
    for coefficient, name in zip(coefficients.tolist(), [*names, ""], strict=True):
        figure = f"{abs(coefficient):.{decimals}f}"
        if float(figure) == 0 and abs(coefficient) > ROUNDING * size:  # small, but not nothing
            figure = f"{abs(coefficient):.{max(decimals, 1)}g}"
        negative = coefficient < 0 and float(figure) != 0  # what rounds to 0 has no sign
        text += (" - " if negative else " + ") if text else ("-" if negative else "")
        text += f"{figure} {name}".rstrip()
    return text


def boundaries(layer: Layer) -> tuple[Boundary, ...]:
    """The boundary u_a = u_b of each pair of classes, in the order of `itertools.combinations(layer.classes, 2)`.

    Parameters
    ----------
    layer : a softmax layer, or one with classes that is logistic, a perceptron with hard outputs, or Adaline. With one neuron for
        two classes, the first class has the synaptic input 0 and the second has u.

    Raises
    ------
    InputError
        If it is not a layer, does not tell classes apart, or its figures are so large that their differences overflow.

    Examples
    --------
    >>> from deltarule import SoftmaxLayer, boundaries
    >>> layer = SoftmaxLayer([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0]], [0.0, 0.0, 0.0], classes=["A", "B", "C"])
    >>> for boundary in boundaries(layer):
    ...     print(*boundary.classes, boundary.equation(decimals=0), boundary.part.start, boundary.part.end)
    A B 2 x1 - 1 x2 + 0 = 0 0.0 inf
    A C 3 x1 + 0 x2 + 0 = 0 -inf 0.0
    B C 1 x1 + 1 x2 + 0 = 0 0.0 inf
    """
    scores = _scores(layer)
    return tuple(
        _boundary(pair, scores, neurons)
        for pair, neurons in zip(
            combinations(layer.classes or (), 2), combinations(range(len(layer.classes or ())), 2), strict=True
        )
    )


def boundary_between(layer: Layer, first: int, second: int) -> Boundary:
    """The boundary of two classes alone: of many classes there are many pairs.

    Parameters
    ----------
    layer : as in `boundaries`.
    first, second : the places of the classes, from 0; the first has the larger score where the equation is above 0.

    Raises
    ------
    InputError
        As `boundaries`.
    """
    scores, classes = _scores(layer), layer.classes or ()
    return _boundary((classes[first], classes[second]), scores, (first, second))


def _scores(layer: Layer) -> Matrix:
    """The scores (K, N+1) of a layer's classes; an `InputError` where it has none."""
    instance("layer", layer, Layer, "Give a layer, such as problem.layer or run.layer.")
    scores_of = SCORES.get(type(layer))
    if layer.classes is None or scores_of is None:
        raise InputError(
            "layer",
            "tell classes apart by a softmax or logistic layer's rule, to have boundaries",
            f"independent {layer.kind} neurons" if layer.independent else f"a {layer.kind} layer",
            "Give a softmax layer, or a logistic one with classes.",
        )
    return scores_of(np.vstack([layer.weights, layer.biases]).T.astype(np.float64))


def clip(boundary: Boundary, x_limits: ArrayLike, y_limits: ArrayLike, *, whole: bool = False) -> Matrix | None:
    """The piece of a boundary inside a box: its two ends, one a row (2, 2). None where nothing is inside.

    Parameters
    ----------
    boundary : of a layer with 2 inputs.
    x_limits, y_limits : (2,) the box: the smallest and the largest x1, and those of x2.
    whole : true: clip the whole line, also where it does not separate. False: only `boundary.part`.

    Raises
    ------
    InputError
        If the layer does not have 2 inputs, or limits do not increase.

    Examples
    --------
    >>> from deltarule import SoftmaxLayer, boundaries
    >>> layer = SoftmaxLayer([[1.0, -1.0], [0.0, 0.0]], [-2.0, 0.0], classes=["right", "left"])
    >>> clip(boundaries(layer)[0], (0, 5), (-2, 3)).tolist()
    [[1.0, -2.0], [1.0, 3.0]]
    """
    box = (_limits("x limits", x_limits), _limits("y limits", y_limits))
    line = boundary.line()
    shown = line if whole else boundary.part
    if line is None or shown is None:
        return None
    interval: tuple[float, float] | None = (shown.start, shown.end)
    for axis, (low, high) in enumerate(box):
        start, pace = float(line.point[axis]), float(line.direction[axis])
        unsure = ROUNDING * max(abs(low), abs(high))
        for offset, slope in ((start - low, pace), (high - start, -pace)):
            interval = interval and cut(interval, offset, slope, unsure, ROUNDING)
    return None if interval is None else np.array([line.at(t) for t in interval])


def _own_scores(scores: Matrix) -> Matrix:
    return scores


def _logistic_scores(scores: Matrix) -> Matrix:
    """With one neuron for two classes, the first class has the score 0 and the second has u."""
    return np.vstack([np.zeros_like(scores), scores]) if len(scores) == 1 else scores


# The scores (K, N+1) of the classes, of which the largest decides, from the weights and biases (K, N+1) of each neuron.
SCORES: dict[type[Layer], Callable[[Matrix], Matrix]] = {
    SoftmaxLayer: _own_scores,
    LogisticLayer: _logistic_scores,
    RosenblattLayer: _logistic_scores,
    AdalineLayer: _logistic_scores,
}


def _scaled(scores: Matrix) -> Matrix:
    """The scores times a power of two, by which the largest is about 1: the signs of all differences stay, and none overflows."""
    scaled: Matrix = np.ldexp(scores, -np.frexp(np.abs(scores).max())[1])
    return scaled


def _boundary(classes: tuple[Label, Label], scores: Matrix, neurons: tuple[int, int]) -> Boundary:
    with np.errstate(over="ignore"):
        coefficients = scores[neurons[0]] - scores[neurons[1]]
    if not np.isfinite(coefficients).all():
        raise InputError(
            "layer",
            "have weights and biases whose differences fit float64, to have boundaries",
            f"{np.abs(scores).max():g} as the largest",
            "Make all of them smaller by one factor: the boundaries stay.",
        )
    whole_line = Boundary(classes, coefficients, None, scores, neurons)
    if scores.shape[1] != 3:
        return whole_line
    return Boundary(classes, whole_line.coefficients, _part(whole_line), scores, neurons)


def _part(boundary: Boundary) -> LinePart | None:
    """The interval of the line where every lead u_a - u_k, linear along the line, is at least 0."""
    line = boundary.line()
    if line is None:
        return None
    interval: tuple[float, float] | None = (line.start, line.end)
    # A lead is the difference of two scores, so the larger score sets the size of its rounding.
    size = np.abs(_scaled(boundary.scores)).max(axis=0)
    steep = ROUNDING * float(size[:2].max())
    unsure = steep * math.hypot(*line.point) + ROUNDING * float(size[2])
    for lead in boundary._leads():  # noqa: SLF001  the same module
        offset, slope = float(lead[:2] @ line.point + lead[2]), float(lead[:2] @ line.direction)
        interval = interval and cut(interval, offset, slope, unsure, steep)
    return None if interval is None else LinePart(line.point, line.direction, *interval)


def _has_points(coefficients: Vector, leads: Matrix) -> bool:
    """Whether some x has coefficients . (x, 1) = 0 and leads . (x, 1) >= 0: a linear program without a cost."""
    from scipy.optimize import linprog

    # Rows are scaled to one size, so that the solver's tolerance means the same in each. A row of zeros is no condition.
    sizes = np.abs(np.vstack([coefficients, leads])).max(axis=1, keepdims=True)
    rows = np.vstack([coefficients, leads]) / np.where(sizes > 0, sizes, 1.0)
    found = linprog(
        np.zeros(len(coefficients) - 1),
        A_eq=rows[:1, :-1],
        b_eq=-rows[:1, -1],
        A_ub=-rows[1:, :-1] if len(leads) else None,
        b_ub=rows[1:, -1] if len(leads) else None,
        bounds=(None, None),
    )
    return bool(found.status == 0)


def _limits(name: str, limits: ArrayLike) -> tuple[float, float]:
    pair = numbers(name, limits, 1, np.float64)
    if len(pair) != 2 or pair[0] >= pair[1]:
        raise InputError(name, "be two increasing numbers", pair.tolist(), "Give (smallest, largest).")
    return float(pair[0]), float(pair[1])
