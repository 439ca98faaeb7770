"""Whether some layer tells all classes apart, by a linear program, with a certificate of either answer."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.analysis.margins import Margins, margins
from deltarule.checks import Matrix, Vector, numbers
from deltarule.errors import InputError
from deltarule.iteration import plain
from deltarule.layers import Layer, Patterns, SoftmaxLayer

# What the solver may leave of an equation whose terms are about 1, and what our own correction of it may leave.
SOLVED, CORRECTED = 1e-10, 1e-12
# Steps of the quick try; where it does better than the linear program, it needs a few dozen.
TRIES = 200


class Verdict(enum.Enum):
    """The three cases of Albert and Anderson (1984); each value is the message."""

    SEPARABLE = "separable: some layer has all margins above 0, so that it makes no error"
    QUASI_SEPARABLE = (
        "quasi-separable: some layer has no margin below 0 and some above, but none has all of them above 0"
    )
    OVERLAPPING = "overlapping: each layer has a margin below 0, unless all its margins are 0"


@dataclass(frozen=True, eq=False)
class Separability:
    """What `separability` returns; a margin is u_label - u_k, of a pattern and a class k other than its own.

    Attributes
    ----------
    verdict : separable, quasi-separable or overlapping.
    layer : a layer that shows it, checked on the data; its least margin above 0 is 1. None where the classes overlap.
    touching : (T,) the patterns (counted from 0) that have a margin of 0 in each layer without a margin below 0. Empty where
        the classes are separable; all patterns where they overlap, since the only such layers have all margins 0.
    multipliers : (P, K) why no layer has all margins above 0: numbers lambda_pk of at least 0, with the sum 1 and

            sum_pk lambda_pk (x_p, 1) outer (e_label - e_k) = 0,    lambda_pk = 0 in the label's own column.

        The lambda-weighted sum of any layer's margins is then 0, so they cannot all be above 0 (Gordan's theorem); those with
        lambda_pk > 0 cannot even be all at least 0 without all being 0 (Stiemke's lemma). As many as possible are above 0:
        all where the classes overlap. None where they are separable.
    conflict : (C,) a few patterns (counted from 0) that no layer gives all margins above 0: those of a sparse solution of the
        same equations. Empty where the classes are separable.
    """

    verdict: Verdict
    layer: Layer | None
    touching: NDArray[np.intp]
    multipliers: Matrix | None
    conflict: NDArray[np.intp]

    def __str__(self) -> str:
        text = f"The classes are {self.verdict.value}."
        if self.verdict is Verdict.QUASI_SEPARABLE:
            text += f" {_rows(self.touching)} on a boundary."
        if len(self.conflict):
            text += f" {_rows(self.conflict)} in conflict: no layer has them all on their own sides."
        return text

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
    """Whether some layer u = x W + b gives each pattern's own class the largest synaptic input, and why if none does.

    Separable: some W, b have u_label - u_k > 0 for all patterns and all k other than the label. Quasi-separable: at least 0 for
    all, and above 0 for some. Overlapping: neither. For overlapping classes alone has the cost of a softmax layer a minimum.
    Neither the scale of the inputs nor the names of the classes matter.

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
            "targets", "be labels, one a pattern", "rows", "Turn one-hot rows into labels: layer.decode(rows)."
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
    inside = margins(layer, (X - centre) / scale, D)
    theta = _separator(inside)
    lambdas = np.zeros(len(inside.pattern))
    if theta is None:
        theta, lambdas = _complement(inside.matrix)

    held = lambdas > 0
    multipliers, conflict = None, np.empty(0, dtype=np.intp)
    if held.any():
        rows = inside.matrix[held]
        theta = _corrected(rows, theta)
        lambdas[held] = _checked_multipliers(rows, lambdas[held])
        multipliers = np.zeros(D.shape)
        multipliers[inside.pattern, inside.neuron] = lambdas
        conflict = np.unique(inside.pattern[held][_vertex(rows) > 0])
    touching = np.unique(inside.pattern[held])
    if held.all():
        return Separability(Verdict.OVERLAPPING, None, touching, multipliers, conflict)

    theta = theta.reshape(-1, D.shape[1])
    weights = theta[:-1] / scale[:, None]
    theta = np.vstack([weights, theta[-1] - centre @ weights])
    theta = _checked_layer(margins(layer, X, D), theta, held)
    verdict = Verdict.QUASI_SEPARABLE if held.any() else Verdict.SEPARABLE
    return Separability(verdict, layer.with_parameters(theta[:-1], theta[-1]), touching, multipliers, conflict)


def _smooth(inside: Margins) -> tuple[Vector, Vector | None]:
    """A quick try: the theta that lowers sum f(margin), f(m) = sqrt(1 + m^2) - m, and multipliers where it has a minimum.

    Where all margins can be above 0, they soon are. Where the classes overlap there is a minimum, and its stationarity is the
    equation of the multipliers, lambda = -f'(m) = 1 - m / sqrt(1 + m^2) > 0. f falls off slowly, so that these are not tiny.
    In either case the linear program, which may take minutes for many patterns, has nothing left to do.
    """
    from scipy.optimize import minimize

    A, transposed = inside.matrix, inside.matrix.T.tocsr()

    def multipliers(reached: Vector) -> Vector:
        root = np.hypot(1.0, reached)
        return 1 / (root * (root + reached))  # 1 - m / root, without its cancellation

    def value(theta: Vector) -> tuple[float, Vector]:
        reached = A @ theta
        return float((np.hypot(1.0, reached) - reached).sum()), -(transposed @ multipliers(reached))

    def stop(theta: Vector) -> None:
        if (A @ theta).min() > 0:
            raise StopIteration  # scipy then returns what was reached

    found = minimize(
        value, np.zeros(A.shape[1]), jac=True, method="L-BFGS-B", callback=stop, options={"maxiter": TRIES, "gtol": 1e-8, "ftol": 0.0}
    )
    lambdas = multipliers(A @ found.x)
    # Corrected by factors near 1, so that small ones stay above 0.
    root = np.sqrt(lambdas)
    lambdas = root * _corrected(transposed * root, root)
    return found.x, lambdas if lambdas.min() > CLEAR * lambdas.max() else None


def _complement(A: Any) -> tuple[Vector, Vector]:
    """A theta with A theta >= 0 and a lambda >= 0 with A^T lambda = 0, each with as many entries above 0 as there can be.

    The linear program: maximise sum t, with A^T lambda = 0, lambda >= t, 0 <= t <= 1. Since a solution may be made larger, t is
    0 or 1 at the optimum: 1 where lambda can be above 0. Theta is what the equations' duals say, and has A theta >= 1 where t is 0
    (Goldman and Tucker's strict complementarity). The program has (N+1) K rows however many patterns there are, so it is fast.
    """
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    count, unknowns = A.shape
    found = linprog(
        np.repeat([-1.0, 0.0], count),  # lambda = t + more
        A_eq=hstack([A.T, A.T], format="csc"),
        b_eq=np.zeros(unknowns),
        bounds=[(0, 1)] * count + [(0, None)] * count,
        method="highs-ds",
        options={"primal_feasibility_tolerance": SOLVED, "dual_feasibility_tolerance": SOLVED},
    )
    if found.status != 0:
        raise _undecided()
    t, more = found.x[:count], found.x[count:]
    return -found.eqlin.marginals, np.where(t > 0.5, t + more, 0.0)


def _vertex(rows: Any) -> Vector:
    """Multipliers of at least 0, with the sum 1, that make the sum of these rows 0: as few as can be above 0 without the others."""
    from scipy.optimize import linprog
    from scipy.sparse import csc_array, vstack

    count, unknowns = rows.shape
    found = linprog(
        np.zeros(count),
        A_eq=vstack([rows.T, csc_array(np.ones((1, count)))], format="csc"),
        b_eq=np.append(np.zeros(unknowns), 1.0),
        method="highs-ds",
        options={"primal_feasibility_tolerance": SOLVED, "dual_feasibility_tolerance": SOLVED},
    )
    if found.status != 0:
        raise _undecided()
    vertex: Vector = np.where(found.x > SOLVED, found.x, 0.0)
    return vertex


def _corrected(rows: Any, vector: Vector) -> Vector:
    """The vector nearest to a given one with rows @ vector = 0, which holds to the solver's tolerance only."""
    from scipy.sparse.linalg import lsmr

    for _ in range(2):
        correction, *_ = lsmr(rows, rows @ vector, atol=1e-14, btol=1e-14, conlim=0, maxiter=10 * min(rows.shape))
        vector = vector - correction
    return vector


def _checked_multipliers(rows: Any, lambdas: Vector) -> Vector:
    """Multipliers with the sum 1, all above 0, that make the sum of the rows 0 to rounding; or an `InputError`."""
    lambdas = _corrected(rows.T, lambdas)
    left, size = np.abs(rows.T @ lambdas), abs(rows).T @ np.abs(lambdas)
    if lambdas.min() <= 0 or (left > CORRECTED * size).any():
        raise _undecided()
    checked: Vector = lambdas / lambdas.sum()
    return checked


def _checked_layer(data: Margins, theta: Matrix, held: NDArray[np.bool_]) -> Matrix:
    """(W; b) with margins above 0, the least being 1, except those held at 0, beyond doubt of rounding; or an `InputError`."""
    with np.errstate(over="ignore", invalid="ignore"):
        reached, doubt = data.of(theta), data.rounding(theta)
        sound = np.where(held, np.abs(reached) <= doubt, reached > doubt).all() and np.isfinite(theta).all()
    if not sound:
        raise _undecided()
    checked: Matrix = theta / reached[~held].min()
    return checked


def _undecided() -> InputError:
    return InputError(
        "inputs",
        "tell the classes apart, or not, by more than the rounding of float64",
        "patterns of different classes that differ by about as little",
        "Subtract the mean of each input, or round the inputs to the digits that were measured.",
    )


def _rows(places: NDArray[np.intp]) -> str:
    shown = ", ".join(str(place + 1) for place in places[:8])
    if len(places) == 1:
        return f"Row {shown} (counted from 1) is"
    return f"Rows {shown}{', ...' if len(places) > 8 else ''} (counted from 1) are"
