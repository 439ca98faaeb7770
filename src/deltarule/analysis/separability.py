"""Whether some layer tells all classes apart, with a certificate of either answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.analysis.conflicts import few_in_conflict
from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.margins import margins
from deltarule.analysis.separating import Verdict, verdict
from deltarule.checks import Matrix, Vector, numbers, truth
from deltarule.errors import InputError
from deltarule.interrupts import heard_during
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns, SoftmaxLayer
from deltarule.outcome import Ending
from deltarule.training_task import TrainingTask
from deltarule.views import Shown

# What counts as 0, against the size of the terms that are added: the solver's own tolerance.
NOTHING = 1e-7
# An input that varies by less counts as constant: its weights would not fit float64.
SMALLEST_RANGE = 1e-300
# Numbers of the margins' terms up to which one linear program decides.
FEW = 100_000
# Programs with more columns are not presolved. Presolving tells classes apart that hardly are, but of a larger program it takes
# ten times as long as solving.
PRESOLVED = 20_000


class SeparabilityOutcome(Ending):
    """The three cases of Albert and Anderson (1984)."""

    SEPARABLE = "separable: some layer has all margins above 0, so that it makes no error"
    QUASI_SEPARABLE = "quasi-separable: some layer has no margin below 0, but none has all of them above 0"
    OVERLAPPING = "overlapping: each layer that has a margin above 0 has one below 0 as well"

    @property
    def label(self) -> str:
        """The word for people, as in "quasi-separable"."""
        return self.key.replace("_", "-")


@dataclass(frozen=True, eq=False)
class Separability(Shown):
    """What `separability` finds. A margin is u_label - u_k, of a pattern and a class k other than its own.

    Attributes
    ----------
    outcome : separable, quasi-separable or overlapping.
    layer : a layer that shows it, checked on the data: no margin is below 0, and the least one above 0 is 1. None where the
        classes overlap.
    touching : (T,) where the classes are quasi-separable, the patterns (counted from 0) that lie on a boundary of each layer
        without a margin below 0. Otherwise empty.
    multipliers : (P, K) why no layer has all margins above 0: numbers lambda_pk of at least 0, with the sum 1, checked, and

            sum_pk lambda_pk (x_p, 1) outer (e_label - e_k) = 0,    lambda_pk = 0 in the label's own column.

        The sum of any layer's margins, weighted by lambda, is then 0, so they cannot all be above 0 (Gordan's theorem). As many
        as possible are above 0. Where the classes overlap all are, so no layer can have margins above 0 and none below
        (Stiemke's lemma). None where the classes are separable.
    conflict : (C,) a few patterns (counted from 0) that are enough for that: no layer has all their margins above 0. Empty
        where the classes are separable.
    """

    outcome: SeparabilityOutcome
    layer: Layer | None
    touching: NDArray[np.intp]
    multipliers: Matrix | None
    conflict: NDArray[np.intp]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; what is not there is None."""
        layer = self.layer
        return {
            "outcome": self.outcome.key,
            "message": str(self),
            "layer": None if layer is None else {name: layer.to_dict()[name] for name in ("weights", "biases")},
            "touching": json_value(self.touching),
            "multipliers": json_value(self.multipliers),
            "conflict": json_value(self.conflict),
        }

    def __repr__(self) -> str:
        conflict = f", {len(self.conflict)} patterns in conflict" if len(self.conflict) else ""
        return f"<Separability: {self.outcome.label}{conflict}>"


@overload
def separability(problem: TrainingTask, /) -> Separability: ...


@overload
def separability(X: ArrayLike, targets: Sequence[Any] | NDArray[Any], *, biases: bool = ...) -> Separability: ...


def separability(
    X: ArrayLike | TrainingTask, targets: Sequence[Any] | NDArray[Any] | None = None, *, biases: bool = True
) -> Separability:
    """Whether some layer U = X W + b gives each pattern's own class the largest synaptic input, and why not if none does.

    Separable: some W, b have u_label - u_k > 0 for all patterns and all k other than the label. Quasi-separable: at least 0
    for all, and above 0 for some. Overlapping: neither; only then the cost of a softmax layer has a minimum.

    Neither the scale of the inputs nor the names of the classes matter. A linear program decides, or of many patterns softmax
    regression, whose outputs are the multipliers where the classes overlap. Differences of the inputs below about 1e-8 of their
    range may count as 0, or be refused.

    Parameters
    ----------
    X : (P, N) inputs. Or a problem (`read_problem`), which holds the targets as well.
    targets : (P,) labels of any hashable type, or one column of them (P, 1).
    biases : whether the layers have biases. False: U = X W. A problem says it itself.

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
    >>> found.outcome.label, found.touching.tolist(), found.conflict.tolist()
    ('quasi-separable', [1, 2], [1, 2])
    """
    has_biases = truth("biases", biases)
    if isinstance(X, TrainingTask):
        if not has_biases and X.layer.has_biases:
            raise InputError("biases", "be left out where a problem is given", "False", "The problem says it itself.")
        has_biases = X.layer.has_biases
    given, targets = _given(X, targets)
    targets = labels.one_column(targets)
    rows = isinstance(targets, list | tuple) and any(isinstance(target, list | np.ndarray) for target in targets)
    if rows or labels.are_rows(targets) or getattr(targets, "ndim", 1) > 1:
        raise InputError(
            "targets", "be labels, one a pattern", "rows", "Turn one-hot rows into labels first: layer.decode(rows)."
        )
    inputs = numbers("inputs", given, 2, np.float64)
    targets = labels.plain(targets)
    classes = labels.check_classes(labels.sorted_classes(targets))
    start: Any = np.zeros(len(classes)) if has_biases else None
    layer = SoftmaxLayer(np.zeros((inputs.shape[1], len(classes))), start, classes)
    return certify(layer, layer.patterns(inputs, targets))


def _given(X: Any, targets: Any) -> tuple[Any, Any]:
    """Inputs and labels, given as such or as a problem."""
    if not isinstance(X, TrainingTask):
        return X, targets
    if targets is not None:
        raise InputError(
            "targets", "be left out where a problem is given", type(targets).__name__, "The problem holds its own."
        )
    if X.layer.classes is None:
        raise InputError(
            "problem",
            "have patterns of classes",
            f"one of a {X.layer.kind} layer without classes",
            "Give inputs and labels.",
        )
    return X.X, X.targets


def certify(layer: Layer, patterns: Patterns) -> Separability:
    """`separability` by layers of one kind: softmax, or logistic, whose margins are (2d - 1) u.

    The outcome of several logistic neurons is that of all of them together: separable if each one's patterns are, overlapping
    if the patterns of none are separable or quasi-separable.

    A few patterns go to one linear program. Many are told apart by softmax regression, see `deltarule.analysis.separating`, and go
    to the program only where that is not certain.

    Parameters
    ----------
    layer : of that kind; its weights do not matter, but whether it has biases.
    patterns : the patterns; their weights do not matter.

    Raises
    ------
    InputError
        If the kind has no margins, or rounding decides.
    """
    X, D = patterns.X.astype(np.float64), patterns.D.astype(np.float64)
    one_hot = cost_kind(layer).one_hot
    if one_hot is None or D.size * (X.shape[1] + 1) * D.shape[1] <= FEW:
        return _by_program(layer, X, D)
    problems = one_hot(D)
    found = [_of_problem(layer, X, each) for each in problems]
    outcome = _outcome(found)
    shown = None
    if outcome is not SeparabilityOutcome.OVERLAPPING:
        columns = [np.zeros((X.shape[1] + 1, each.shape[1])) for each in problems]
        for column, one in zip(columns, found, strict=True):
            if one.layer is not None:
                column[:] = np.vstack([one.layer.weights, one.layer.biases])
        theta = columns[0] if cost_kind(layer).relative else np.column_stack([c[:, 1] - c[:, 0] for c in columns])
        shown = layer.astype(np.float64).with_parameters(theta[:-1], theta[-1] if layer.has_biases else None)
    none = np.empty(0, dtype=np.intp)
    if outcome is SeparabilityOutcome.SEPARABLE:
        return Separability(outcome, shown, none, None, none)
    parts = [
        np.zeros(each.shape) if one.multipliers is None else one.multipliers
        for each, one in zip(problems, found, strict=True)
    ]
    multipliers = parts[0] if cost_kind(layer).relative else np.column_stack([part.sum(axis=1) for part in parts])
    place = next(k for k, one in enumerate(found) if one.multipliers is not None)
    conflict = few_in_conflict(X, problems[place], parts[place], layer.has_biases)
    if conflict is None:
        data = margins(_softmax(layer, problems[place]), X, problems[place])
        held = parts[place][data.pattern, data.neuron] > 0
        conflict = np.unique(data.pattern[held][_few(data.matrix[held])])
    touching = none if shown is None else np.flatnonzero((multipliers > 0).any(axis=1))
    return Separability(outcome, shown, touching, multipliers / multipliers.sum(), conflict)


def _softmax(layer: Layer, D: Matrix) -> SoftmaxLayer:
    """A softmax layer for one-hot D, with biases where `layer` has them."""
    N, K = layer.inputs, D.shape[1]
    biases: Any = np.zeros(K) if layer.has_biases else None
    return SoftmaxLayer(np.zeros((N, K)), biases, tuple(range(K)))


def _of_problem(layer: Layer, X: Matrix, D: Matrix) -> Verdict:
    kind = _softmax(layer, D)
    found = verdict(kind, X, D)
    if found is not None:
        return found
    programmed = _by_program(kind, X, D)
    return Verdict(programmed.layer, programmed.multipliers)


def _outcome(found: list[Verdict]) -> SeparabilityOutcome:
    if all(one.multipliers is None for one in found):
        return SeparabilityOutcome.SEPARABLE
    overlapping = all(one.layer is None for one in found)
    return SeparabilityOutcome.OVERLAPPING if overlapping else SeparabilityOutcome.QUASI_SEPARABLE


def _by_program(layer: Layer, X: Matrix, D: Matrix) -> Separability:
    """`certify` by one linear program.

    Each input is shifted and scaled to a size of about 1. This changes (W; b), but no margin, and no equation of the multipliers.
    Without biases nothing can be shifted.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    if not layer.has_biases:
        high = np.maximum(high, -low)
        low = -high
    centre, half = low / 2 + high / 2, high / 2 - low / 2
    scale = np.where(half > SMALLEST_RANGE, half, 1.0)
    data = margins(layer, (X - centre) / scale, D)
    theta, lambdas = _certificates(data.matrix)
    in_conflict = lambdas > 0
    inner = theta.reshape(-1, D.shape[1])
    reached, size = data.of(inner), data.size(inner)
    balance, terms = np.abs(data.matrix.T @ lambdas), abs(data.matrix).T @ lambdas
    if not (
        (reached[~in_conflict] > 0.5).all()
        and (np.abs(reached[in_conflict]) <= NOTHING * (1 + size[in_conflict])).all()
        and (balance <= NOTHING * (1 + terms)).all()
    ):
        raise InputError(
            "inputs",
            "tell the classes apart, or not, by more than rounding",
            "patterns of different classes that differ by about as little",
            "Round the inputs to the digits that were measured.",
        )
    none = np.empty(0, dtype=np.intp)
    if in_conflict.all():
        shown = None
    else:
        inner = inner / reached[~in_conflict].min()
        with np.errstate(over="ignore", invalid="ignore"):
            weights = inner[:-1] / scale[:, None]
            biases = inner[-1] - centre @ weights
        if not (np.isfinite(weights).all() and np.isfinite(biases).all()):
            raise InputError(
                "inputs",
                "vary by so much that float64 can hold the weights that tell the classes apart",
                f"an input that varies by {2 * half[half > 0].min():g}",
                "Standardise the inputs.",
            )
        shown = layer.astype(np.float64).with_parameters(weights, biases if layer.has_biases else None)
    if not in_conflict.any():
        return Separability(SeparabilityOutcome.SEPARABLE, shown, none, None, none)
    multipliers = np.zeros(D.shape)
    multipliers[data.pattern, data.neuron] = lambdas / lambdas.sum()
    conflict = np.unique(data.pattern[in_conflict][_few(data.matrix[in_conflict])])
    if shown is None:
        return Separability(SeparabilityOutcome.OVERLAPPING, None, none, multipliers, conflict)
    return Separability(
        SeparabilityOutcome.QUASI_SEPARABLE, shown, np.unique(data.pattern[in_conflict]), multipliers, conflict
    )


def _certificates(A: Any) -> tuple[Vector, Vector]:
    """A theta with A theta >= 1 in the rows where that can be, and multipliers lambda, above 0 in all others, with A^T lambda = 0.

    One linear program: maximise sum t, with A^T lambda = 0, lambda >= t, 0 <= t <= 1. A lambda may be made larger, so t is 0 or 1
    at the optimum: 1 where lambda can be above 0. The duals of the equations are theta: A theta is at least 1 where t is 0, and 0
    elsewhere.
    """
    from scipy.sparse import hstack

    count, unknowns = A.shape
    found = _solve(
        np.repeat([-1.0, 0.0], count),  # lambda = t + more
        hstack([A.T, A.T], format="csc"),
        np.zeros(unknowns),
        np.column_stack([np.zeros(2 * count), np.repeat([1.0, np.inf], count)]),
    )
    t, more = found.x[:count], found.x[count:]
    return -np.asarray(found.eqlin.marginals), np.where(t > 0.5, t + more, 0.0)


def _few(A: Any) -> NDArray[np.intp]:
    """A few rows that no theta has all above 0: those of a vertex of the multipliers that make their sum 0 (Caratheodory)."""
    from scipy.sparse import csr_array, vstack

    count, unknowns = A.shape
    equations = vstack([A.T, csr_array(np.ones((1, count)))], format="csc")
    bounds = np.column_stack([np.zeros(count), np.full(count, np.inf)])
    found = _solve(np.zeros(count), equations, np.append(np.zeros(unknowns), 1.0), bounds)
    return np.flatnonzero(found.x > NOTHING)


def _solve(cost: Vector, equations: Any, values: Vector, bounds: Matrix) -> Any:
    """Minimise cost . x with equations @ x = values and x within its bounds, at a vertex."""
    from scipy.optimize import linprog

    found: Any = heard_during(
        lambda: linprog(  # type: ignore[call-overload]
            cost,
            A_eq=equations,
            b_eq=values,
            bounds=bounds,
            method="highs-ds",
            options={"presolve": len(cost) <= PRESOLVED},
        )
    )
    if found.status != 0:
        raise InputError(
            "inputs",
            "make a linear program that can be solved",
            f"one that the solver gives up: {found.message}",
            "Scale the inputs.",
        )
    return found
