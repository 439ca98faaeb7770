r"""Layers of neurons: the one home of each activation, cost and delta.

Conventions (everywhere in deltarule)
-------------------------------------
X : (P, N), one pattern a row.  W : (N, K), one neuron a column.  b : (K,).
U = X W + b : (P, K) synaptic inputs.  Y = f(U) : (P, K) outputs.
D : (P, K) desired outputs: one-hot rows of a class layer, numbers otherwise.
v : (P,) pattern weights (`sample_weight`): weight k counts as k copies of the pattern.
delta = dJ/dU : (P, K), of the cost J as reduced.

`reduction="sum"` adds the patterns' costs; `reduction="mean"` is what PyTorch's losses compute: with V = sum of v,

    softmax    sum: J = -sum_p v_p log y_label                        mean: J / V
    logistic   sum: J = -sum v_p [d log y + (1-d) log(1-y)]           mean: J / (V K)
    linear,    sum: J = 1/2 sum v_p (d - y)^2                         mean: 2 J / (V K), so without the 1/2
    perceptron

Weight decay L adds L/2 sum W^2 to the cost as it stands, in either reduction; biases are not decayed.

Every formula takes synaptic inputs, never probabilities, so that it stays exact where e^u would overflow.

References
----------
Bishop, Pattern Recognition and Machine Learning (2006), 4.3.2 (logistic), 4.3.4 (softmax), 3.1 (linear).
Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer. Anal. 41 (2021): the shift by the largest input.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from deltarule import labels
from deltarule.checks import Matrix, Seed, Vector, choice, generator, numbers, positive, whole
from deltarule.errors import InputError

Reduction = Literal["sum", "mean"]
REDUCTIONS = ("sum", "mean")


class Patterns(NamedTuple):
    """Patterns as formulas need them: inputs X (P, N), desired outputs D (P, K), weights v (P,); all checked, of one dtype."""

    inputs: Matrix
    desired: Matrix
    weights: Vector

    def take(self, batch: NDArray[np.intp] | slice) -> Patterns:
        """The patterns of one batch (a slice gives views, not copies)."""
        return Patterns(self.inputs[batch], self.desired[batch], self.weights[batch])


@dataclass(frozen=True, eq=False)
class Layer(ABC):
    """A layer of K neurons with N inputs: U = X W + b, Y = f(U). Immutable; an update makes a new one.

    Parameters
    ----------
    weights : (N, K), one neuron a column. float32 arrays make a float32 layer, all else a float64 one.
    biases : (K,).

    Raises
    ------
    InputError
        If shapes do not fit, or an entry is not a finite number.
    """

    weights: Matrix
    biases: Vector

    kind: ClassVar[str]

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
        self._hold(weights.copy(), biases.copy())

    def _hold(self, weights: Matrix, biases: Vector) -> None:
        weights.flags.writeable = biases.flags.writeable = False
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    # ---- The formulas: what differs between the kinds. From synaptic inputs (P, K) and desired outputs (P, K).

    @abstractmethod
    def activation(self, U: Matrix) -> Matrix:
        """Y = f(U), entry by entry or (softmax) row by row. (P, K) -> (P, K)."""

    @abstractmethod
    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Each pattern's part of the summed cost. (P, K), (P, K) -> (P,)."""

    @abstractmethod
    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """The derivative of `pattern_cost` by U. (P, K), (P, K) -> (P, K)."""

    @abstractmethod
    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """The second derivatives of `pattern_cost` by U. (P, K), (P, K) -> (P, K, K)."""

    @property
    @abstractmethod
    def mean_factor(self) -> float:
        """What the mean cost is to the summed cost over the number of patterns: 1, 1/K or 2/K (see Conventions)."""

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

    def updated(self, weights: Matrix, biases: Vector) -> Self:
        """`with_parameters` without the checks, for arrays that an update has just made: engines call it once an update."""
        layer = copy.copy(self)
        layer._hold(weights, biases)  # noqa: SLF001 - its own kind
        return layer

    def astype(self, dtype: Any) -> Self:
        """The layer in float32 or float64."""
        name = choice("dtype", np.dtype(dtype).name, ("float32", "float64"))
        return self.with_parameters(numbers("weights", self.weights, 2, name), numbers("biases", self.biases, 1, name))

    def synaptic_input(self, X: ArrayLike) -> Matrix:
        """U = X W + b. (P, N) -> (P, K)."""
        return self._synaptic_input(self.check_inputs(X))

    def _synaptic_input(self, X: Matrix) -> Matrix:
        U: Matrix = X @ self.weights + self.biases
        return U

    def output(self, X: ArrayLike) -> Matrix:
        """Y = f(X W + b). (P, N) -> (P, K)."""
        return self.activation(self.synaptic_input(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """What the layer says of each pattern: outputs (P, K); of a class layer, labels (P,)."""
        return self.decide(self.synaptic_input(X))

    def decide(self, U: Matrix) -> NDArray[Any]:
        """`predict`, from synaptic inputs."""
        return self.activation(U)

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
        return self.scaled_delta(self._synaptic_input(patterns.inputs), patterns, reduction)

    def errors(self, X: ArrayLike, targets: Any, *, sample_weight: ArrayLike | None = None) -> float | None:
        """How many patterns (by weight) a class layer predicts wrongly; None where a layer predicts numbers."""
        return self.evaluate(self.patterns(X, targets, sample_weight))[1]

    def scaled_delta(self, U: Matrix, patterns: Patterns, reduction: Reduction) -> Matrix:
        """Delta of checked patterns, from their synaptic inputs: `pattern_delta`, weighted and reduced."""
        factor = patterns.weights * self.scale(patterns.weights, reduction)
        return self.pattern_delta(U, patterns.desired) * factor[:, None]

    def evaluate(
        self, patterns: Patterns, reduction: Reduction = "sum", weight_decay: float = 0.0
    ) -> tuple[float, float | None]:
        """Cost and errors on checked patterns."""
        U = self._synaptic_input(patterns.inputs)
        v = patterns.weights
        cost = float(v @ self.pattern_cost(U, patterns.desired)) * self.scale(v, reduction)
        if weight_decay:
            cost += 0.5 * weight_decay * float(np.sum(self.weights**2))
        wrong = self.wrong(U, patterns.desired)
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


@dataclass(frozen=True, eq=False)
class NumberLayer(Layer):
    """What layers that predict numbers share: the squared error, J = 1/2 sum (d - y)^2."""

    @classmethod
    def random(cls, inputs: int, neurons: int, seed: Seed = 0, **options: Any) -> Self:
        """A layer with `random_parameters`."""
        return cls(*random_parameters(inputs, neurons, seed), **options)

    @abstractmethod
    def slope(self, U: Matrix) -> Matrix:
        """f'(U)."""

    @abstractmethod
    def slope_change(self, U: Matrix) -> Matrix:
        """f''(U)."""

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """1/2 sum_k (d_k - y_k)^2."""
        cost: Vector = 0.5 * np.sum((D - self.activation(U)) ** 2, axis=1)
        return cost

    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """(y - d) f'(u)."""
        return (self.activation(U) - D) * self.slope(U)

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(f'(u)^2 + (y - d) f''(u))."""
        return _diagonal(self.slope(U) ** 2 + (self.activation(U) - D) * self.slope_change(U))

    @property
    def mean_factor(self) -> float:
        """2/K: the mean over patterns and neurons, without the 1/2."""
        return 2 / self.neurons


@dataclass(frozen=True, eq=False)
class LinearLayer(NumberLayer):
    """Y = U: linear regression by gradient descent. Targets: (P, K) numbers.

    Examples
    --------
    >>> LinearLayer([[2.0], [1.0]], [0.5]).predict([[1.0, 3.0]])
    array([[5.5]])
    """

    kind: ClassVar[str] = "linear"

    def activation(self, U: Matrix) -> Matrix:
        """Y = U."""
        return U

    def slope(self, U: Matrix) -> Matrix:
        """f'(u) = 1."""
        return np.ones_like(U)

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = 0."""
        return np.zeros_like(U)


@dataclass(frozen=True, eq=False)
class PerceptronLayer(NumberLayer):
    """Y = f(U) with f the sigmoid 1 / (1 + e^-u), or tanh; squared error.

    Targets: (P, K) numbers, in (0, 1) or, for tanh, (-1, 1) if they are to be reached.

    Examples
    --------
    >>> PerceptronLayer([[1.0]], [0.0]).predict([[0.0], [10000.0]])
    array([[0.5],
           [1. ]])
    """

    activation_name: str = "sigmoid"

    kind: ClassVar[str] = "perceptron"
    ACTIVATIONS: ClassVar[tuple[str, ...]] = ("sigmoid", "tanh")

    def __init__(self, weights: ArrayLike, biases: ArrayLike, activation: str = "sigmoid") -> None:
        object.__setattr__(self, "activation_name", choice("activation", activation, self.ACTIVATIONS))
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)
        self.__post_init__()

    def activation(self, U: Matrix) -> Matrix:
        """1 / (1 + e^-u), or tanh u."""
        Y: Matrix = expit(U) if self.activation_name == "sigmoid" else np.tanh(U)
        return Y

    def slope(self, U: Matrix) -> Matrix:
        """f'(u) = y (1 - y) for the sigmoid, 1 - y^2 for tanh."""
        Y = self.activation(U)
        return Y * (1 - Y) if self.activation_name == "sigmoid" else 1 - Y**2

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = y (1 - y) (1 - 2y) for the sigmoid, -2 y (1 - y^2) for tanh."""
        Y = self.activation(U)
        return self.slope(U) * ((1 - 2 * Y) if self.activation_name == "sigmoid" else -2 * Y)


@dataclass(frozen=True, eq=False)
class SoftmaxLayer(Layer):
    """y_k = e^(u_k) / sum_j e^(u_j), J = -sum log y_label: one neuron a class. Targets: labels (P,), or one-hot rows (P, K).

    Parameters
    ----------
    classes : the label of each neuron, in the order of the columns of `weights`.

    Examples
    --------
    >>> layer = SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=["left", "right"])
    >>> layer.predict([[3.0], [-3.0]]).tolist()
    ['left', 'right']
    """

    classes: tuple[labels.Label, ...]

    kind: ClassVar[str] = "softmax"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "classes", _classes_for(self.classes, self.neurons, "one neuron a class"))

    @classmethod
    def random(cls, inputs: int, classes: Iterable[Any], seed: Seed = 0) -> Self:
        """A layer with `random_parameters`, one neuron a class."""
        classes = labels.check_classes(classes)
        return cls(*random_parameters(inputs, len(classes), seed), classes=classes)

    def activation(self, U: Matrix) -> Matrix:
        """e^(u_k) / sum_j e^(u_j), shifted by the row's largest u so that nothing overflows."""
        with np.errstate(over="ignore"):
            E = np.exp(U - U.max(axis=1, keepdims=True))
        Y: Matrix = E / E.sum(axis=1, keepdims=True)
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Log sum_j e^(u_j) - u_label."""
        with np.errstate(over="ignore"):
            shifted = U - U.max(axis=1, keepdims=True)
            at_label = np.take_along_axis(shifted, D.argmax(axis=1)[:, None], axis=1)[:, 0]
            cost: Vector = np.log(np.exp(shifted).sum(axis=1)) - at_label
        return cost

    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """Y - d, with d one-hot: -(K - f(U)) in the handout's notation."""
        return self.activation(U) - D

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(y) - y y^T."""
        Y = self.activation(U)
        return _diagonal(Y) - Y[:, :, None] * Y[:, None, :]

    @property
    def mean_factor(self) -> float:
        """1: the mean over patterns."""
        return 1.0

    def decide(self, U: Matrix) -> NDArray[Any]:
        """The class of the largest output; of equal ones, the first."""
        said: NDArray[Any] = labels.as_array(self.classes)[U.argmax(axis=1)]
        return said

    def decode(self, D: Matrix) -> NDArray[Any]:
        """The labels of one-hot rows."""
        return self.decide(D)

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Where the largest output is not the label's."""
        return _argmax_differs(U, D)

    def encode(self, targets: Any) -> Matrix:
        """Labels (P,) or one-hot rows (P, K) as one-hot rows."""
        return _one_hot(targets, self.classes, self.dtype)


@dataclass(frozen=True, eq=False)
class LogisticLayer(Layer):
    """y = 1 / (1 + e^-u), J = -sum [d log y + (1 - d) log(1 - y)]: neurons that each say yes or no.

    Parameters
    ----------
    classes : what the neurons tell apart.
        Two labels and one neuron: y is the probability of the second. As many labels as neurons, three or more or two: each neuron
        tells its class from the rest, and the largest output decides. None: the neurons are independent, targets are (P, K)
        rows of 0 and 1, and so are predictions.

    Examples
    --------
    >>> LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]).predict([[2.0], [-2.0]]).tolist()
    ['yes', 'no']
    """

    classes: tuple[labels.Label, ...] | None = None

    kind: ClassVar[str] = "logistic"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.classes is not None:
            wanted = 2 if self.neurons == 1 else self.neurons
            object.__setattr__(
                self, "classes", _classes_for(self.classes, wanted, "one neuron for two classes, or one a class")
            )

    @classmethod
    def random(
        cls, inputs: int, classes: Iterable[Any] | None = None, neurons: int | None = None, seed: Seed = 0
    ) -> Self:
        """A layer with `random_parameters`: one neuron for two classes, one a class for more, or `neurons` independent ones."""
        if (classes is None) == (neurons is None):
            raise InputError(
                "random logistic layer",
                "be given either classes or neurons",
                f"classes={classes!r}, neurons={neurons!r}",
                "Give one of them.",
            )
        if neurons is None:
            classes = labels.check_classes(() if classes is None else classes)
            neurons = 1 if len(classes) == 2 else len(classes)
        return cls(*random_parameters(inputs, neurons, seed), classes=None if classes is None else tuple(classes))

    def activation(self, U: Matrix) -> Matrix:
        """1 / (1 + e^-u)."""
        Y: Matrix = expit(U)
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """sum_k d log(1 + e^-u) + (1 - d) log(1 + e^u): each term exact where the other would be 0 times infinity."""
        zero = np.zeros((), dtype=U.dtype)
        cost: Vector = np.sum(D * np.logaddexp(zero, -U) + (1 - D) * np.logaddexp(zero, U), axis=1)
        return cost

    def pattern_delta(self, U: Matrix, D: Matrix) -> Matrix:
        """Y - d."""
        return self.activation(U) - D

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(y (1 - y))."""
        Y = self.activation(U)
        return _diagonal(Y * (1 - Y))

    @property
    def mean_factor(self) -> float:
        """1/K: the mean over patterns and neurons."""
        return 1 / self.neurons

    def _one_against_rest(self) -> bool:
        return self.classes is not None and self.neurons > 1

    def decide(self, U: Matrix) -> NDArray[Any]:
        """Labels; of independent neurons, rows of 0 and 1. A tie (u = 0) goes to the first class, or 0."""
        if self.classes is None:
            return (U > 0).astype(int)
        place = U.argmax(axis=1) if self._one_against_rest() else (U[:, 0] > 0).astype(int)
        said: NDArray[Any] = labels.as_array(self.classes)[place]
        return said

    def decode(self, D: Matrix) -> NDArray[Any]:
        """The labels, or rows of 0 and 1, that D stands for: D read as synaptic inputs, since 1 is above 0 and above its row."""
        return self.decide(D)

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Where the prediction is not the target; independent neurons are wrong where any of them is."""
        if self._one_against_rest():
            return _argmax_differs(U, D)
        wrong: NDArray[np.bool_] = np.any((U > 0) != (D > 0.5), axis=1)
        return wrong

    def encode(self, targets: Any) -> Matrix:
        """Labels as rows of 0 and 1; rows of 0 and 1 (P, K) as they are."""
        if self.classes is not None and self.neurons > 1:
            return _one_hot(targets, self.classes, self.dtype)
        if self.classes is not None and not _is_rows(targets, self.classes):
            return labels.positions(targets, self.classes)[:, None].astype(self.dtype)
        D = super().encode(targets)
        if not np.isin(D, (0, 1)).all():
            raise InputError(
                "targets",
                "be 0 or 1",
                f"{D[~np.isin(D, (0, 1))][0]:g}",
                "Give 1 where the neuron should say yes, 0 elsewhere.",
            )
        return D


KINDS: dict[str, type[Layer]] = {cls.kind: cls for cls in (LinearLayer, PerceptronLayer, LogisticLayer, SoftmaxLayer)}


def _diagonal(values: Matrix) -> Matrix:
    """(P, K) -> (P, K, K) with the values on each diagonal."""
    return values[:, :, None] * np.eye(values.shape[1], dtype=values.dtype)


def _classes_for(classes: Iterable[Any], wanted: int, rule: str) -> tuple[labels.Label, ...]:
    found = labels.check_classes(classes)
    if len(found) != wanted:
        raise InputError(
            "classes",
            f"be {wanted} for this layer ({rule})",
            f"{len(found)}: {list(found)}",
            "Give the weights one column a class, or correct the classes.",
        )
    return found


def _argmax_differs(U: Matrix, D: Matrix) -> NDArray[np.bool_]:
    differs: NDArray[np.bool_] = U.argmax(axis=1) != D.argmax(axis=1)
    return differs


def _is_rows(targets: Any, classes: tuple[labels.Label, ...]) -> bool:
    """Whether targets are rows of numbers rather than labels; tuples may be either."""
    if hasattr(targets, "ndim"):
        return bool(targets.ndim == 2)
    return (
        isinstance(targets, Sequence)
        and len(targets) > 0
        and all(isinstance(row, list | np.ndarray | tuple) for row in targets)
        and not any(isinstance(row, tuple) and row in classes for row in targets)
    )


def _one_hot(targets: Any, classes: tuple[labels.Label, ...], dtype: np.dtype[Any]) -> Matrix:
    """Labels or one-hot rows as one-hot rows (P, K)."""
    if not _is_rows(targets, classes):
        return np.eye(len(classes), dtype=dtype)[labels.positions(targets, classes)]
    if getattr(targets, "dtype", np.dtype(float)).kind in "USO":
        raise InputError(
            "targets",
            "be labels (P,), or rows of 0 and 1",
            f"texts of shape {targets.shape}",
            "Flatten them: targets.ravel().",
        )
    D = numbers("one-hot targets", targets, 2, dtype)
    if D.shape[1] != len(classes):
        raise InputError(
            "one-hot targets",
            f"have {len(classes)} columns, one a class",
            D.shape[1],
            "Give one column a class, in the order of the classes.",
        )
    bad = np.flatnonzero(~(np.isin(D, (0, 1)).all(axis=1) & (D.sum(axis=1) == 1)))
    if len(bad):
        raise InputError(
            "one-hot targets",
            "hold a single 1 a row and 0 elsewhere",
            f"{D[bad[0]].tolist()} in row {bad[0] + 1}",
            "Give labels, or correct the row.",
        )
    return D
