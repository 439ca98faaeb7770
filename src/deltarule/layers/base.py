"""What all layers share: weights and biases, checks of the data, costs and deltas of checked patterns."""

from __future__ import annotations

import copy
import math
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.checks import Matrix, Seed, Vector, brief, choice, is_flat, numbers, positive, rows_of_numbers, truth
from deltarule.errors import InputError
from deltarule.frames import column_names, distinct_names, places
from deltarule.json_values import json_value
from deltarule.labels import Label
from deltarule.layers.formulas import guard
from deltarule.layers.initial import random_parameters
from deltarule.layers.patterns import REDUCTIONS, Labelled, Patterns, Reduction
from deltarule.sums import weighted_sum
from deltarule.typeset.words import counted
from deltarule.views import Shown

# Synaptic inputs that are in memory together where all that is wanted of them is smaller.
AT_ONCE = 1 << 20
# The fields that all kinds of layer have.
PARAMETERS = ("weights", "biases")
NAMES = ("input_names", "target_names")
COMMON = (*PARAMETERS, *NAMES, "has_biases")
# Numbers of a matrix of inputs whose product takes as long as a look at all weights many times over.
LARGE = 1 << 16


@dataclass(frozen=True, eq=False, repr=False)
class Layer(Shown, ABC):
    """A layer of K neurons with N inputs: U = X W + b, Y = f(U). Immutable; an update makes a new one.

    Parameters
    ----------
    weights : (N, K) W, one neuron a column. float32 arrays make a float32 layer; everything else makes a float64 layer.
    biases : (K,) b, one a neuron. None: the layer has no biases, U = X W, and `has_biases` is false; `biases` are zeros then,
        which no descent changes.
    input_names : (N,) names of the inputs, by which the columns of a frame are matched; None: columns are taken as they stand.
        `train` takes them from the frame that it is given.
    target_names : (K,) names of the target variables, where the layer has no classes; the columns of a frame are matched by them.
    has_biases : whether there are biases. It follows from `biases`, and stands here so that copies of the layer keep it.

    Raises
    ------
    InputError
        If shapes do not fit, or an entry is not a finite number.

    Notes
    -----
    A kind of layer answers these questions about itself, so that no other code need know the kinds:

    kind : the word for it in problem files, sentences and JSON.
    has_classes : whether its predictions are right or wrong (labels, or 0 and 1), so that `wrong` counts them. False: numbers.
    has_slopes : whether a step worked by hand shows f'(U), as `output_slope` gives it: f acts on each neuron and is not linear.
    learns_from_errors : whether delta is 0 for each right answer, so that training ends where no pattern is wrong (Rosenblatt).
    squares_errors : whether its cost is 1/2 sum (d - y)^2.
    classes : the labels that it tells apart, in the order of its neurons; None where there are none.
    independent : whether each neuron answers yes or no by itself.
    for_targets : a layer of this kind for given targets.
    """

    weights: Matrix
    biases: Vector
    input_names: tuple[Hashable, ...] | None = field(default=None, kw_only=True)
    target_names: tuple[Hashable, ...] | None = field(default=None, kw_only=True)
    has_biases: bool = field(default=True, kw_only=True)

    kind: ClassVar[str] = "user-defined"
    has_classes: ClassVar[bool] = False
    has_slopes: ClassVar[bool] = False
    learns_from_errors: ClassVar[bool] = False
    squares_errors: ClassVar[bool] = False

    if TYPE_CHECKING:
        # The formulas as they were written: see `layers.formulas`.
        def unchecked_activate(self, U: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_decide(self, U: Matrix) -> NDArray[Any]: ...  # noqa: D102
        def unchecked_evaluate(  # noqa: D102
            self,
            patterns: Patterns,
            reduction: Reduction = "sum",
            weight_decay: float = 0.0,
            decay_biases: bool = False,
        ) -> tuple[float, float | None]: ...
        def unchecked_output_change(self, Y: Matrix, V: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_output_cost(self, Y: Matrix, D: Matrix) -> Vector: ...  # noqa: D102
        def unchecked_output_delta(self, Y: Matrix, D: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_output_slope(self, Y: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_pattern_cost(self, U: Matrix, D: Matrix) -> Vector: ...  # noqa: D102
        def unchecked_pattern_delta(self, U: Matrix, D: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_scale(self, weights: Vector, reduction: Reduction) -> float: ...  # noqa: D102
        def unchecked_scaled_delta(self, U: Matrix, patterns: Patterns, reduction: Reduction) -> Matrix: ...  # noqa: D102
        def unchecked_slope(self, U: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_slope_change(self, U: Matrix) -> Matrix: ...  # noqa: D102
        def unchecked_worked_cost(self, U: Matrix, Y: Matrix, D: Matrix) -> Vector: ...  # noqa: D102
        def unchecked_wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_] | None: ...  # noqa: D102

        @property
        def classes(self) -> tuple[Label, ...] | None:
            """The labels that the layer tells apart; None where it predicts numbers or has independent neurons."""
    else:
        # Not a property at run time: a field `classes` of a derived dataclass could not be set over it.
        classes = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        guard(cls)

    def __post_init__(self) -> None:
        weights = numbers("weights", self.weights, 2)
        given: Any = self.biases
        if given is None:
            object.__setattr__(self, "has_biases", False)
            object.__setattr__(self, "biases", np.zeros(weights.shape[1], weights.dtype))
        biases = numbers("biases", self.biases, 1, weights.dtype)
        if weights.size == 0:
            raise InputError(
                "weights",
                "have at least one input (row) and one neuron (column)",
                f"shape {weights.shape}",
                "Give N rows of K numbers.",
            )
        if len(biases) != weights.shape[1]:
            raise InputError(
                "biases",
                f"be as many as the neurons, the {weights.shape[1]} columns of the weights",
                len(biases),
                "Give one bias a neuron.",
            )
        if not truth("has_biases", self.has_biases) and biases.any():
            raise InputError(
                "biases", "be None where the layer has no biases", brief(self.biases), "Leave out one of the two."
            )
        self._freeze(weights.copy(), biases.copy())
        object.__setattr__(self, "input_names", distinct_names("input names", self.input_names, self.inputs))
        object.__setattr__(self, "target_names", distinct_names("target names", self.target_names, self.neurons))

    def _freeze(self, weights: Matrix, biases: Vector) -> None:
        weights.flags.writeable = biases.flags.writeable = False
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    def __repr__(self) -> str:
        own = [f"{name}={reprlib.repr(value)}" for name, value in self.own_fields().items()]
        own += [] if self.has_biases else ["no biases"]
        return f"{type(self).__name__}({', '.join([f'{self.inputs} x {self.neurons}', *own])})"

    def own_fields(self) -> dict[str, Any]:
        """The fields of the kind, by name: what it has beside weights, biases and names."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in COMMON}

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: kind, weights, biases, the kind's own fields (classes, activation), names if known.

        The biases are None where there are none. The `dtype` stands there where it is float32.
        """
        biases = self.biases if self.has_biases else None
        record = {"kind": self.kind, "weights": self.weights, "biases": biases, **self.own_fields()}
        record |= {name: getattr(self, name) for name in NAMES if getattr(self, name) is not None}
        record |= {} if self.dtype == np.float64 else {"dtype": self.dtype.name}
        return {name: json_value(value) for name, value in record.items()}

    # ---- The formulas: what differs between the kinds. From synaptic inputs (P, K) and desired outputs (P, K).

    @abstractmethod
    def activate(self, U: Matrix) -> Matrix:
        """Y = f(U), entry by entry or (softmax) row by row. (P, K) -> (P, K)."""

    @abstractmethod
    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Each pattern's part of the summed cost, from U (P, K) and D (P, K). -> (P,)."""

    def unchecked_outputs_and_cost(self, U: Matrix, D: Matrix) -> tuple[Matrix, Vector]:
        """`activate` and `pattern_cost` of U (P, K) and D (P, K), of which a kind may know a quicker way to both."""
        return self.unchecked_activate(U), self.unchecked_pattern_cost(U, D)

    @abstractmethod
    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """`pattern_cost` as it is worked by hand, from Y (P, K) and D (P, K): infinite where y is 0 for the true class. -> (P,)."""

    def worked_cost(self, U: Matrix, Y: Matrix, D: Matrix) -> Vector:
        """`output_cost` from U, Y and D (P, K) each, for costs that need the synaptic inputs U as well. -> (P,)."""
        return self.unchecked_output_cost(Y, D)

    @abstractmethod
    def output_delta(self, Y: Matrix, D: Matrix) -> Matrix:
        """`pattern_delta`, from the outputs Y = f(U) (P, K) and D (P, K). -> (P, K)."""

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(U), from the outputs Y = f(U), where f acts on each neuron by itself. (P, K) -> (P, K)."""
        raise InputError(
            "layer",
            "have a slope f'(u) for each neuron",
            f"a {self.kind} layer",
            "Ask for it only where has_slopes is true.",
        )

    def output_change(self, Y: Matrix, V: Matrix) -> Matrix:
        """dY/dU V, the change of the outputs Y = f(U) (P, K) for a small change V of U (P, K). -> (P, K)."""
        return self.unchecked_output_slope(Y) * V

    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """The derivative of `pattern_cost` by U (P, K), for desired outputs D (P, K). -> (P, K)."""
        return self.unchecked_output_delta(self.unchecked_activate(U), D)

    @abstractmethod
    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """The second derivatives of `pattern_cost` by U (P, K), for desired outputs D (P, K). -> (P, K, K)."""

    @property
    @abstractmethod
    def mean_factor(self) -> float:
        """The mean cost divided by (summed cost / number of patterns): 1, 1/K or 2/K (see `deltarule.layers`)."""

    @property
    def independent(self) -> bool:
        """Whether each neuron answers yes or no by itself: targets and predictions are (P, K) rows of 0 and 1."""
        return self.has_classes and self.classes is None

    @classmethod
    def for_targets(
        cls,
        inputs: int,
        targets: Any,
        *,
        classes: Iterable[Any] | None = None,
        seed: Seed = 0,
        **options: Any,
    ) -> Self:
        """A layer of this kind with `random_parameters`, with the neurons and the classes that the targets ask for.

        Parameters
        ----------
        inputs : N, the number of columns of the data.
        targets : labels (P,) or rows (P, K), as the kind takes them. Rows of numbers ask for one neuron a column, and flat
            numbers (P,) for one neuron.
        classes : the labels in the order of the neurons, for a layer that tells classes apart; None: those of the targets, sorted.
        seed : of the random numbers.
        options : further fields of the kind, as in activation="tanh".

        Raises
        ------
        InputError
            If the targets do not suit the kind of layer.

        Examples
        --------
        >>> from deltarule import LinearLayer, SoftmaxLayer
        >>> LinearLayer.for_targets(4, [[1.0, 2.0, 3.0]]).weights.shape
        (4, 3)
        >>> SoftmaxLayer.for_targets(2, ["B", "A", "B"]).classes
        ('A', 'B')
        """
        if classes is not None:
            raise InputError(
                "classes", f"be left out for a {cls.kind} layer", brief(classes), "Such a layer predicts numbers."
            )
        columns = rows_of_numbers("targets", targets).shape[1]
        return cls(*random_parameters(inputs, columns, seed), **options)

    # ---- What all kinds share.

    @property
    def inputs(self) -> int:
        """N, the number of inputs."""
        return int(self.weights.shape[0])

    @property
    def neurons(self) -> int:
        """K, the number of neurons."""
        return int(self.weights.shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64, or float32 where the weights were given so."""
        return self.weights.dtype

    def with_parameters(self, weights: ArrayLike, biases: ArrayLike | None) -> Self:
        """The same kind of layer, with the same classes or activation, with other weights and biases.

        Parameters
        ----------
        weights, biases : (N, K) and (K,), checked as those of a new layer. Biases of None: it has none.

        Examples
        --------
        >>> from deltarule import LinearLayer
        >>> LinearLayer.random(2, 1).with_parameters([[1.0], [2.0]], None)
        LinearLayer(2 x 1, no biases)
        """
        layer = copy.copy(self)
        object.__setattr__(layer, "weights", weights)
        object.__setattr__(layer, "biases", biases)
        for name in NAMES:
            object.__setattr__(layer, name, None)
        layer.__post_init__()
        if layer.weights.shape == self.weights.shape:  # other inputs or neurons have other names
            for name in NAMES:
                object.__setattr__(layer, name, getattr(self, name))
        return layer

    def redrawn(self, seed: Seed) -> Self:
        """The same kind of layer with `random_parameters`, and without biases where this one has none.

        Parameters
        ----------
        seed : of the random numbers.
        """
        weights, biases = random_parameters(self.inputs, self.neurons, seed)
        return self.with_parameters(weights, biases if self.has_biases else None)

    def with_names_of(self, X: Any, targets: Any = None) -> Self:
        """The layer with the names of the columns of frames, where they have names and the layer has none yet.

        Parameters
        ----------
        X : (P, N) inputs; only a frame has names.
        targets : labels or rows; the names of a frame's columns are kept where there are several, and the layer has no classes.

        Examples
        --------
        >>> import pyarrow
        >>> from deltarule import LinearLayer
        >>> layer = LinearLayer([[1.0], [10.0]], [0.0]).with_names_of(pyarrow.table({"length": [1.0], "width": [2.0]}))
        >>> layer.input_names, layer.predict(pyarrow.table({"width": [2.0], "length": [1.0]})).tolist()
        (('length', 'width'), [[21.0]])
        """
        inputs = column_names(X) if self.input_names is None else None
        variables = column_names(targets) if self.target_names is None else None
        return self if inputs is None and variables is None else self.with_names(inputs, variables)

    def with_names(
        self, input_names: Sequence[Hashable] | None, target_names: Sequence[Hashable] | None = None
    ) -> Self:
        """The layer with these names; None keeps those that it has.

        Parameters
        ----------
        input_names : (N,) names of the inputs.
        target_names : (K,) names of the target variables. A layer with classes, or with one neuron, keeps none: its targets are
            told apart by their classes, or not at all.
        """
        layer = copy.copy(self)
        if input_names is not None:
            object.__setattr__(layer, "input_names", input_names)
        if target_names is not None and self.classes is None and self.neurons > 1:
            object.__setattr__(layer, "target_names", target_names)
        layer.__post_init__()
        return layer

    def with_unchecked_parameters(self, weights: Matrix, biases: Vector) -> Self:
        """`with_parameters` without checks and copies, for arrays that an update has just made; engines call it for each update.

        Parameters
        ----------
        weights, biases : (N, K) and (K,) of the layer's dtype; they become read-only.
        """
        layer = object.__new__(type(self))
        vars(layer).update(vars(self))  # a quarter of the time of copy.copy
        layer._freeze(weights, biases)
        return layer

    def astype(self, dtype: Any) -> Self:
        """The layer in another precision.

        Parameters
        ----------
        dtype : float32 or float64.
        """
        try:
            word = np.dtype(dtype).name
        except Exception:  # noqa: BLE001 - NumPy takes much for a dtype, and raises all kinds of errors
            word = brief(dtype)
        name = choice("dtype", word, ("float32", "float64"))
        if name == self.dtype.name:
            return self
        return self.with_parameters(numbers("weights", self.weights, 2, name), numbers("biases", self.biases, 1, name))

    @property
    def output_range(self) -> tuple[float, float]:
        """The limits between which every output lies; a kind of layer whose outputs are bounded says so."""
        return -math.inf, math.inf

    def synaptic_input(self, X: ArrayLike) -> Matrix:
        """U = X W + b. (P, N) -> (P, K)."""
        with np.errstate(over="ignore", invalid="ignore"):  # where inputs are so large that U overflows
            return self.unchecked_synaptic_input(self.check_inputs(X))

    def unchecked_synaptic_input(self, X: Matrix) -> Matrix:
        """`synaptic_input` of checked inputs X (P, N), which may be a sparse array."""
        if X.size > LARGE and not self.weights.any():  # as a descent often starts: X need not be read
            return np.tile(self.biases, (X.shape[0], 1))
        U: Matrix = X @ self.weights + self.biases
        return U

    def output(self, X: ArrayLike) -> Matrix:
        """Y = f(X W + b). (P, N) -> (P, K)."""
        return self._of_blocks(X, self.activate)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The prediction for each pattern: outputs (P, K), or labels (P,) where the layer has classes. X : (P, N)."""
        return self._of_blocks(X, self.decide)

    def _of_blocks(self, X: ArrayLike, formula: Callable[[Matrix], NDArray[Any]]) -> NDArray[Any]:
        """A formula of U for each pattern; of many patterns some at once, so that no memory is needed beside the result."""
        X = self.check_inputs(X)
        blocks = self._blocks(len(X))
        with np.errstate(over="ignore", invalid="ignore"):  # where inputs are so large that U overflows
            first = formula(self.unchecked_synaptic_input(X[blocks[0]]))
            if len(blocks) == 1:
                return first
            result = np.empty((len(X), *first.shape[1:]), first.dtype)
            result[blocks[0]] = first
            for rows in blocks[1:]:
                result[rows] = formula(self.unchecked_synaptic_input(X[rows]))
        return result

    def _blocks(self, patterns: int) -> list[slice]:
        rows = max(1, AT_ONCE // self.neurons)
        return [slice(start, start + rows) for start in range(0, patterns, rows)]

    def decide(self, U: Matrix) -> NDArray[Any]:
        """`predict`, from synaptic inputs U (P, K)."""
        return self.unchecked_activate(U)

    def decode(self, D: Matrix) -> NDArray[Any]:
        """The targets that `encode` turned into D (P, K): labels (P,) where the layer has classes, else numbers (P, K)."""
        return D

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_] | None:
        """Which patterns are predicted wrongly (P,), from U (P, K) and D (P, K); None where the layer predicts numbers."""
        return None

    def cost(
        self,
        X: ArrayLike,
        targets: Any,
        reduction: Reduction = "sum",
        *,
        weight_decay: float = 0.0,
        decay_biases: bool = False,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """The cost J of the layer on these patterns.

        Parameters
        ----------
        X : (P, N) inputs.
        targets : labels (P,) or rows (P, K), as the kind of layer takes them.
        reduction : "sum", "mean" or "half-mean", see the conventions of `deltarule.layers`.
        weight_decay : L, at least 0; the cost includes L/2 sum W^2.
        decay_biases : whether it includes L/2 sum b^2 too.
        sample_weight : (P,) weights v of the patterns, at least 0. None: 1 each.

        Raises
        ------
        InputError
            If data, targets or options do not fit the layer.

        Examples
        --------
        >>> from deltarule import LinearLayer
        >>> layer = LinearLayer([[2.0]], [0.0])
        >>> layer.cost([[1.0], [2.0]], [[1.0], [1.0]])  # 1/2 (1^2 + 3^2)
        5.0
        """
        weight_decay = positive("weight decay", weight_decay, "Give 0 for none.", zero=True)
        patterns = self._to_evaluate(X, targets, sample_weight)
        return self.evaluate(patterns, reduction, weight_decay, truth("decay_biases", decay_biases))[0]

    def delta(
        self, X: ArrayLike, targets: Any, reduction: Reduction = "sum", *, sample_weight: ArrayLike | None = None
    ) -> Matrix:
        """Delta = dJ/dU, (P, K), of the cost without weight decay. The parameters are those of `cost`."""
        patterns = self.patterns(X, targets, sample_weight)
        with np.errstate(over="ignore", invalid="ignore"):
            U = self.unchecked_synaptic_input(patterns.X)
        return self.scaled_delta(U, patterns, reduction)

    def errors(self, X: ArrayLike, targets: Any, *, sample_weight: ArrayLike | None = None) -> float | None:
        """The number of patterns (the sum of their weights) predicted wrongly; None where the layer predicts numbers.

        The parameters are those of `cost`.
        """
        return self.evaluate(self._to_evaluate(X, targets, sample_weight))[1]

    def _to_evaluate(self, X: ArrayLike, targets: Any, sample_weight: ArrayLike | None) -> Patterns | Labelled:
        """`patterns`; where they are many and have labels, these stay labels."""
        X = self.check_inputs(X)
        if self.classes is not None and len(X) * self.neurons > AT_ONCE and self.neurons > 1:
            flat = labels.one_column(targets, classes=self.classes)
            if not labels.are_rows(flat, self.classes):
                coded = labels.CodedLabels(self.classes, labels.positions(flat, self.classes))
                return Labelled(X, coded, self._weights(sample_weight, as_many(coded, len(X))), self.encode)
        return self.patterns_of_checked(X, targets, sample_weight)

    def scaled_delta(self, U: Matrix, patterns: Patterns, reduction: Reduction) -> Matrix:
        """Delta (P, K) of checked patterns, from their synaptic inputs U (P, K): `pattern_delta`, weighted and reduced.

        Parameters
        ----------
        U : (P, K) the synaptic inputs of the patterns.
        patterns : the patterns, checked against the layer.
        reduction : "sum", "mean" or "half-mean", see the conventions of `deltarule.layers`.
        """
        factor = patterns.sample_weight * self.unchecked_scale(patterns.sample_weight, reduction)
        return self.unchecked_pattern_delta(U, patterns.D) * factor[:, None]

    def evaluate(
        self,
        patterns: Patterns | Labelled,
        reduction: Reduction = "sum",
        weight_decay: float = 0.0,
        decay_biases: bool = False,
    ) -> tuple[float, float | None]:
        """The cost and the errors on checked patterns; errors are None where the layer predicts numbers.

        Parameters
        ----------
        patterns : the patterns, checked against the layer.
        reduction : "sum", "mean" or "half-mean", see the conventions of `deltarule.layers`.
        weight_decay : L, at least 0; the cost includes L/2 sum W^2.
        decay_biases : whether it includes L/2 sum b^2 too.
        """
        v = patterns.sample_weight
        if v.size * self.neurons <= AT_ONCE:
            total, errors = self._summed(patterns.take(slice(None)))
        else:  # some patterns at once, so that U is never large
            sums = [self._summed(patterns.take(rows)) for rows in self._blocks(v.size)]
            total = math.fsum(cost for cost, _ in sums)
            errors = None if sums[0][1] is None else math.fsum(wrong or 0.0 for _, wrong in sums)
        cost = total * self.unchecked_scale(v, reduction)
        if weight_decay:
            cost += self.unchecked_decay_cost(weight_decay, decay_biases)
        return cost, errors

    def unchecked_decay_cost(self, weight_decay: float, decay_biases: bool = False) -> float:
        """L/2 sum W^2, and with `decay_biases` + L/2 sum b^2: what a weight decay adds to the cost.

        Parameters
        ----------
        weight_decay : L, at least 0.
        decay_biases : whether biases are decayed.
        """
        squares = float(np.sum(np.square(self.weights, dtype=np.float64)))
        if decay_biases:
            squares += float(np.sum(np.square(self.biases, dtype=np.float64)))
        return 0.5 * weight_decay * squares

    def _summed(self, patterns: Patterns) -> tuple[float, float | None]:
        """The sums of costs and of errors, without reduction."""
        U = self.unchecked_synaptic_input(patterns.X)
        total = weighted_sum(patterns.sample_weight, self.unchecked_pattern_cost(U, patterns.D))
        wrong = self.unchecked_wrong(U, patterns.D)
        return total, None if wrong is None else weighted_sum(patterns.sample_weight, wrong)

    def scale(self, weights: Vector, reduction: Reduction) -> float:
        """The factor from the sum over patterns to the reduced cost.

        Parameters
        ----------
        weights : (P,) weights v of the patterns. If all are 0, a mean is 0.
        reduction : "sum": 1; "mean": `mean_factor` / sum v; "half-mean": 1 / sum v.
        """
        factor = self.factor_of_mean(reduction)
        if factor is None:
            return 1.0
        total = float(weights.sum(dtype=np.float64))
        return factor / total if total > 0 else 0.0

    def factor_of_mean(self, reduction: Reduction) -> float | None:
        """The reduced cost divided by (summed cost / number of patterns): `mean_factor` of a mean, 1 of a half-mean.

        None for a sum.

        Parameters
        ----------
        reduction : "sum", "mean" or "half-mean".
        """
        choice("reduction", reduction, REDUCTIONS)
        return {"sum": None, "mean": self.mean_factor, "half-mean": 1.0}[reduction]

    # ---- Checks of the data.

    def check_inputs(self, X: ArrayLike) -> Matrix:
        """X as a (P, N) matrix of the layer's dtype, with P at least 1; an `InputError` if it cannot be one."""
        order = None if self.input_names is None else places("inputs", X, self.input_names, "the layer's inputs")
        X = numbers("inputs", X, 2, self.dtype)
        if order is not None:
            X = np.ascontiguousarray(X[:, order])
        if len(X) == 0:
            raise InputError("inputs", "have at least one row (pattern)", "none", "Check that the data were read.")
        if X.shape[1] != self.inputs:
            raise InputError(
                "inputs",
                f"have {counted(self.inputs, 'column')}, one for each input of the layer",
                f"{X.shape[1]}",
                "Check the columns chosen, or give the weights one row an input.",
            )
        return X

    def patterns(self, X: ArrayLike, targets: Any, sample_weight: ArrayLike | None = None) -> Patterns:
        """Inputs, targets and weights, checked against the layer and each other, for the methods that take checked patterns.

        Parameters
        ----------
        X : (P, N) inputs.
        targets : labels (P,) or rows (P, K), as the kind of layer takes them.
        sample_weight : (P,) weights of the patterns, at least 0 and not all 0. None: 1 each.

        Raises
        ------
        InputError
            If shapes do not fit, or an entry is not allowed.
        """
        return self.patterns_of_checked(self.check_inputs(X), targets, sample_weight)

    def patterns_of_checked(self, X: Any, targets: Any, sample_weight: ArrayLike | None = None) -> Patterns:
        """`patterns`, of inputs that are checked already.

        Parameters
        ----------
        X : (P, N) inputs, which may be a sparse array.
        targets, sample_weight : as in `patterns`.
        """
        D = self.encode(targets)
        return Patterns(X, D, self._weights(sample_weight, as_many(D, X.shape[0])))

    def _weights(self, sample_weight: ArrayLike | None, count: int) -> Vector:
        """The checked weights of so many patterns; None: 1 each."""
        if sample_weight is None:
            return np.ones(count, dtype=self.dtype)
        v = numbers("sample weights", sample_weight, 1, self.dtype)
        if len(v) != count:
            raise InputError(
                "sample weights",
                f"be as many as the rows of the inputs, {count}",
                len(v),
                "Give one weight a pattern.",
            )
        if v.min() < 0 or not v.any():
            raise InputError(
                "sample weights",
                "be at least 0, and not all zero",
                f"{v.min():g} as the smallest",
                "A weight of k counts a pattern k times.",
            )
        with np.errstate(over="ignore"):
            total = float(v.sum(dtype=np.float64))
        if not float(np.finfo(v.dtype).tiny) <= total <= float(np.finfo(v.dtype).max):
            raise InputError(
                "sample weights",
                f"have a sum that {v.dtype} holds with all its digits",
                f"{total:g}",
                "Multiply them all by one number.",
            )
        return v

    def encode(self, targets: Any) -> Matrix:
        """Targets as desired outputs D (P, K). Here they are numbers already; a layer with classes turns labels into 0 and 1.

        Parameters
        ----------
        targets : labels (P,) or rows (P, K), as the kind of layer takes them; for one neuron also flat numbers (P,), which
            become one column.
        """
        order = (
            None if self.target_names is None else places("targets", targets, self.target_names, "the layer's neurons")
        )
        D = rows_of_numbers("targets", targets, self.dtype)
        if order is not None:
            D = np.ascontiguousarray(D[:, order])
        if D.shape[1] != self.neurons:
            raise InputError(
                "targets",
                f"have {counted(self.neurons, 'column')}, one for each neuron",
                f"a flat list of {counted(len(D), 'number')}" if is_flat(targets) else D.shape[1],
                f"Give one row of {counted(self.neurons, 'number')} a pattern.",
            )
        return D


guard(Layer)


def as_many(targets: Any, count: int) -> int:
    """The number of patterns, which is that of their targets.

    Parameters
    ----------
    targets : those of the patterns.
    count : the number of rows of the inputs.

    Raises
    ------
    InputError
        If there are more or fewer targets.
    """
    if len(targets) != count:
        raise InputError(
            "targets", f"be as many as the rows of the inputs, {count}", len(targets), "Give one target a pattern."
        )
    return count


def diagonal(values: Matrix) -> Matrix:
    """(P, K) -> (P, K, K) with the values on each diagonal."""
    return values[:, :, None] * np.eye(values.shape[1], dtype=values.dtype)
