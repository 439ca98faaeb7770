"""What all layers share: weights and biases, data at the door, costs and deltas of checked patterns."""

from __future__ import annotations

import copy
import math
import reprlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Seed, Vector, choice, generator, numbers, positive, whole
from deltarule.errors import InputError
from deltarule.labels import Label
from deltarule.plain import plain
from deltarule.views import Shown

Reduction = Literal["sum", "mean"]
REDUCTIONS = ("sum", "mean")


class Patterns(NamedTuple):
    """Patterns as formulas need them, all checked and of one dtype.

    X : (P, N) inputs. D : (P, K) desired outputs. sample_weight : (P,) weights v.
    """

    X: Matrix
    D: Matrix
    sample_weight: Vector

    def take(self, batch: NDArray[np.intp] | slice) -> Patterns:
        """The patterns of one batch (a slice gives views, not copies)."""
        return Patterns(self.X[batch], self.D[batch], self.sample_weight[batch])


@dataclass(frozen=True, eq=False, repr=False)
class Layer(Shown, ABC):
    """A layer of K neurons with N inputs: U = X W + b, Y = f(U). Immutable; an update makes a new one.

    Parameters
    ----------
    weights : (N, K), one neuron a column. float32 arrays make a float32 layer, all else a float64 one.
    biases : (K,).

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
    classes : the labels that it tells apart, in the order of its neurons; None where there are none.
    independent : whether each neuron answers yes or no by itself.
    for_targets : a layer of this kind for given targets.
    """

    weights: Matrix
    biases: Vector

    kind: ClassVar[str] = "user-defined"
    has_classes: ClassVar[bool] = False
    has_slopes: ClassVar[bool] = False

    if TYPE_CHECKING:

        @property
        def classes(self) -> tuple[Label, ...] | None:
            """The labels that the layer tells apart; None where it predicts numbers or has independent neurons."""
    else:
        # Not a property at run time: a field `classes` of a derived dataclass could not be set over it.
        classes = None

    def __post_init__(self) -> None:
        weights = numbers("weights", self.weights, 2)
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
        self._freeze(weights.copy(), biases.copy())

    def _freeze(self, weights: Matrix, biases: Vector) -> None:
        weights.flags.writeable = biases.flags.writeable = False
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    def __repr__(self) -> str:
        own = [f"{name}={reprlib.repr(value)}" for name, value in self._options().items()]
        return f"{type(self).__name__}({', '.join([f'{self.inputs} x {self.neurons}', *own])})"

    def _options(self) -> dict[str, Any]:
        """The fields of the kind beside weights and biases."""
        return {
            field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("weights", "biases")
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: kind, weights, biases, and the kind's own fields (classes, activation)."""
        record = {"kind": self.kind, "weights": self.weights, "biases": self.biases, **self._options()}
        return {name: plain(value) for name, value in record.items()}

    # ---- The formulas: what differs between the kinds. From synaptic inputs (P, K) and desired outputs (P, K).

    @abstractmethod
    def activate(self, U: Matrix) -> Matrix:
        """Y = f(U), entry by entry or (softmax) row by row. (P, K) -> (P, K)."""

    @abstractmethod
    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Each pattern's part of the summed cost. (P, K), (P, K) -> (P,)."""

    @abstractmethod
    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """`pattern_cost` as it is worked by hand, from outputs: infinite where an output says 0 of what is so."""

    @abstractmethod
    def output_delta(self, Y: Matrix, D: Matrix) -> Matrix:
        """`pattern_delta`, from outputs."""

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(U), from the outputs Y = f(U), where f acts on each neuron by itself. (P, K) -> (P, K)."""
        raise InputError(
            "layer",
            "have a slope f'(u) for each neuron",
            f"a {self.kind} layer",
            "Ask for it only where has_slopes is true.",
        )

    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """The derivative of `pattern_cost` by U. (P, K), (P, K) -> (P, K)."""
        return self.output_delta(self.activate(U), D)

    @abstractmethod
    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """The second derivatives of `pattern_cost` by U. (P, K), (P, K) -> (P, K, K)."""

    @property
    @abstractmethod
    def mean_factor(self) -> float:
        """What the mean cost is to the summed cost over the number of patterns: 1, 1/K or 2/K (see Conventions)."""

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
        targets : labels (P,) or rows (P, K), as the kind takes them. Numbers ask for one neuron a column.
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
                "classes", f"be left out for a {cls.kind} layer", list(classes), "Such a layer predicts numbers."
            )
        columns = numbers("targets", targets, 2).shape[1]
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

    def with_parameters(self, weights: ArrayLike, biases: ArrayLike) -> Self:
        """The same kind of layer (classes, activation) with other weights and biases, checked."""
        layer = copy.copy(self)
        object.__setattr__(layer, "weights", weights)
        object.__setattr__(layer, "biases", biases)
        layer.__post_init__()
        return layer

    def with_unchecked_parameters(self, weights: Matrix, biases: Vector) -> Self:
        """`with_parameters` without the checks, for arrays that an update has just made: engines call it once an update."""
        layer = object.__new__(type(self))
        vars(layer).update(vars(self))  # a quarter of the time of copy.copy
        layer._freeze(weights, biases)
        return layer

    def astype(self, dtype: Any) -> Self:
        """The layer in float32 or float64."""
        name = choice("dtype", np.dtype(dtype).name, ("float32", "float64"))
        return self.with_parameters(numbers("weights", self.weights, 2, name), numbers("biases", self.biases, 1, name))

    @property
    def output_range(self) -> tuple[float, float]:
        """The limits between which every output lies; a kind of layer whose outputs are bounded says so."""
        return -math.inf, math.inf

    def synaptic_input(self, X: ArrayLike) -> Matrix:
        """U = X W + b. (P, N) -> (P, K)."""
        return self._synaptic_input(self.check_inputs(X))

    def _synaptic_input(self, X: Matrix) -> Matrix:
        U: Matrix = X @ self.weights + self.biases
        return U

    def output(self, X: ArrayLike) -> Matrix:
        """Y = f(X W + b). (P, N) -> (P, K)."""
        return self.activate(self.synaptic_input(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """What the layer says of each pattern: outputs (P, K); of a class layer, labels (P,)."""
        return self.decide(self.synaptic_input(X))

    def decide(self, U: Matrix) -> NDArray[Any]:
        """`predict`, from synaptic inputs."""
        return self.activate(U)

    def decode(self, D: Matrix) -> NDArray[Any]:
        """The targets that `encode` made D of, as an array: labels (P,) of a class layer, numbers (P, K) otherwise."""
        return D

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_] | None:
        """Which patterns a class layer predicts wrongly (P,); None where a layer predicts numbers."""
        return None

    def cost(
        self,
        X: ArrayLike,
        targets: Any,
        reduction: Reduction = "sum",
        *,
        weight_decay: float = 0.0,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """The cost J of the layer on these patterns, weight decay included.

        Examples
        --------
        >>> from deltarule import LinearLayer
        >>> layer = LinearLayer([[2.0]], [0.0])
        >>> layer.cost([[1.0], [2.0]], [[1.0], [1.0]])  # 1/2 (1^2 + 3^2)
        5.0
        """
        weight_decay = positive("weight decay", weight_decay, "Give 0 for none.", zero=True)
        return self.evaluate(self.patterns(X, targets, sample_weight), reduction, weight_decay)[0]

    def delta(
        self, X: ArrayLike, targets: Any, reduction: Reduction = "sum", *, sample_weight: ArrayLike | None = None
    ) -> Matrix:
        """Delta = dJ/dU of the cost without its decay. (P, K)."""
        patterns = self.patterns(X, targets, sample_weight)
        return self.scaled_delta(self._synaptic_input(patterns.X), patterns, reduction)

    def errors(self, X: ArrayLike, targets: Any, *, sample_weight: ArrayLike | None = None) -> float | None:
        """How many patterns (by weight) a class layer predicts wrongly; None where a layer predicts numbers."""
        return self.evaluate(self.patterns(X, targets, sample_weight))[1]

    def scaled_delta(self, U: Matrix, patterns: Patterns, reduction: Reduction) -> Matrix:
        """Delta of checked patterns, from their synaptic inputs: `pattern_delta`, weighted and reduced."""
        factor = patterns.sample_weight * self.scale(patterns.sample_weight, reduction)
        return self.pattern_delta(U, patterns.D) * factor[:, None]

    def evaluate(
        self, patterns: Patterns, reduction: Reduction = "sum", weight_decay: float = 0.0
    ) -> tuple[float, float | None]:
        """Cost and errors on checked patterns."""
        U = self._synaptic_input(patterns.X)
        v = patterns.sample_weight
        cost = float(v @ self.pattern_cost(U, patterns.D)) * self.scale(v, reduction)
        if weight_decay:
            cost += 0.5 * weight_decay * float(np.sum(self.weights**2))
        wrong = self.wrong(U, patterns.D)
        return cost, None if wrong is None else float(v @ wrong)

    def scale(self, weights: Vector, reduction: Reduction) -> float:
        """What a sum over patterns with these weights is multiplied by in this reduction.

        The mean of a batch whose weights are all 0 is 0: such a batch says nothing.
        """
        if choice("reduction", reduction, REDUCTIONS) == "sum":
            return 1.0
        total = float(weights.sum())
        return self.mean_factor / total if total > 0 else 0.0

    # ---- Data at the door.

    def check_inputs(self, X: ArrayLike) -> Matrix:
        """X as a (P, N) matrix of the layer's dtype, P at least 1."""
        X = numbers("inputs", X, 2, self.dtype)
        if len(X) == 0:
            raise InputError("inputs", "have at least one row (pattern)", "none", "Check that the data were read.")
        if X.shape[1] != self.inputs:
            raise InputError(
                "inputs",
                f"have {self.inputs} columns, one for each input of the layer",
                f"{X.shape[1]}",
                "Check the columns chosen, or give the weights one row an input.",
            )
        return X

    def patterns(self, X: ArrayLike, targets: Any, sample_weight: ArrayLike | None = None) -> Patterns:
        """Inputs, targets and weights, checked against the layer and each other."""
        X = self.check_inputs(X)
        D = self.encode(targets)
        if len(D) != len(X):
            raise InputError(
                "targets", f"be as many as the rows of the inputs, {len(X)}", len(D), "Give one target a pattern."
            )
        if sample_weight is None:
            return Patterns(X, D, np.ones(len(X), dtype=self.dtype))
        v = numbers("sample weights", sample_weight, 1, self.dtype)
        if len(v) != len(X):
            raise InputError(
                "sample weights",
                f"be as many as the rows of the inputs, {len(X)}",
                len(v),
                "Give one weight a pattern.",
            )
        if v.min() < 0 or v.sum() == 0:
            raise InputError(
                "sample weights",
                "be at least 0, and not all 0",
                f"{v.min():g} as the least",
                "A weight of k counts a pattern k times.",
            )
        return Patterns(X, D, v)

    def encode(self, targets: Any) -> Matrix:
        """Targets as desired outputs D (P, K): here, numbers as they are."""
        D = numbers("targets", targets, 2, self.dtype)
        if D.shape[1] != self.neurons:
            raise InputError(
                "targets",
                f"have {self.neurons} columns, one for each neuron",
                D.shape[1],
                "Give (P, K) numbers, as in [[0.2, 0.9], [0.4, 0.1]].",
            )
        return D


# What makes a kind of layer the kind it is: a derived class that changes one of these is a kind of its own.
FORMULAS = (
    "activate",
    "pattern_cost",
    "output_cost",
    "output_delta",
    "output_slope",
    "pattern_delta",
    "mean_factor",
    "wrong",
)

Row = TypeVar("Row")


def row_of(table: Mapping[type[Layer], Row], layer: Layer) -> Row | None:
    """The row of a layer's kind, or of the nearest class that it is derived from, in a table with one row a kind.

    Parameters
    ----------
    table : the rows, by the class of the layer.
    layer : any layer.

    Returns
    -------
    None where there is no row, and where the layer's class changes a formula of the class that has one (`FORMULAS`): what the row
    says would be untrue of it. The caller says what lacks the kind.

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> row_of({LinearLayer: "linear"}, LinearLayer([[1.0]], [0.0]))
    'linear'
    """
    kind = type(layer)
    known = next((base for base in kind.__mro__ if base in table), None)
    if known is None or any(getattr(kind, name) is not getattr(known, name) for name in FORMULAS):
        return None
    return table[known]


def random_parameters(inputs: int, neurons: int, seed: Seed) -> tuple[Matrix, Vector]:
    r"""Weights and biases drawn from the uniform distribution on (-1/sqrt(N), 1/sqrt(N)).

    For inputs of mean 0 and variance 1 the synaptic inputs then have variance of about 1/3, on the steep part of every
    activation (LeCun et al., "Efficient BackProp", 1998, section 4.6). It is also the default of `torch.nn.Linear` (there:
    Kaiming uniform with a = sqrt(5)), so that a layer starts as the handout's layers do. Drawn by
    `numpy.random.default_rng(seed)`: W row by row, then b.
    """
    inputs = whole("number of inputs", inputs, 1, "Give the number of columns of the data.")
    neurons = whole("number of neurons", neurons, 1, "Give the number of outputs.")
    rng = generator("seed", seed)
    bound = 1 / np.sqrt(inputs)
    return rng.uniform(-bound, bound, (inputs, neurons)), rng.uniform(-bound, bound, neurons)


def diagonal(values: Matrix) -> Matrix:
    """(P, K) -> (P, K, K) with the values on each diagonal."""
    return values[:, :, None] * np.eye(values.shape[1], dtype=values.dtype)
