"""A layer of every kind with patterns that fit it, for tests that hold of them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest

from deltarule.errors import DeltaruleError, InputError
from deltarule.layers import Layer, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer

NAMES = (
    "linear",
    "perceptron sigmoid",
    "perceptron tanh",
    "logistic, one neuron",
    "logistic, independent",
    "logistic, one against rest",
    "softmax",
    "step, one neuron",
    "sign, independent",
    "sign, one against rest",
    "adaline, one neuron",
    "adaline, one a class",
)
NUMBERS = tuple(name for name in NAMES if not name.startswith(("logistic", "softmax", "step", "sign", "adaline")))
# Rosenblatt's perceptrons.
HARD = tuple(name for name in NAMES if name.startswith(("step", "sign")))
# Those whose cost has a minimum to be found.
MINIMISED = tuple(name for name in NAMES if name not in HARD)
CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class Sample:
    """`kind` is the name in `naive`."""

    name: str
    kind: str
    layer: Layer
    X: np.ndarray
    targets: Any

    @property
    def desired(self) -> list[list[float]]:
        return self.layer.encode(self.targets).tolist()

    def plain(self, weights: np.ndarray | None = None) -> dict[str, Any]:
        """What the functions of `naive` take."""
        return {
            "kind": self.kind,
            "X": self.X.tolist(),
            "D": self.desired,
            "v": [1.0] * len(self.X) if weights is None else [float(x) for x in weights],
            "W": self.layer.weights.tolist(),
            "b": self.layer.biases.tolist(),
        }


def sample(
    name: str, patterns: int = 20, inputs: int = 3, seed: int = 0, dtype: Any = np.float64, neurons: int = 3
) -> Sample:
    """Patterns from overlapping clouds, as many as neurons; every class occurs (in as many patterns), and targets are noisy.

    One neuron with two classes has three clouds too. The other class layers have at least two neurons.
    """
    one_neuron = name.endswith("one neuron")
    if name.endswith(("one against rest", "softmax", "one a class")):
        neurons = max(neurons, 2)
    clouds = 3 if one_neuron else neurons
    rng = np.random.default_rng([seed, patterns, inputs])
    place = rng.permutation(np.arange(patterns) % clouds)
    X = (rng.normal(0, 1, (patterns, inputs)) + rng.normal(0, 1, (clouds, inputs))[place]).astype(dtype)
    neurons = 1 if one_neuron else neurons
    classes = CLASSES if neurons == 3 else tuple(range(neurons))
    W = rng.normal(0, 0.5, (inputs, neurons)).astype(dtype)
    b = rng.normal(0, 0.5, neurons).astype(dtype)
    names = [] if neurons == 1 else [classes[k] for k in place]
    numbers = {
        "linear": ("linear", LinearLayer(W, b), rng.normal(0, 1, (patterns, neurons))),
        "perceptron sigmoid": ("sigmoid", PerceptronLayer(W, b), rng.uniform(0, 1, (patterns, neurons))),
        "perceptron tanh": ("tanh", PerceptronLayer(W, b, activation="tanh"), rng.uniform(-1, 1, (patterns, neurons))),
        "sign, independent": (
            "sign",
            PerceptronLayer(W, b, "sign"),
            2 * rng.integers(0, 2, (patterns, neurons)) - 1,
        ),
        "logistic, independent": ("logistic", LogisticLayer(W, b), rng.integers(0, 2, (patterns, neurons))),
    }
    if name in numbers:
        kind, layer, targets = numbers[name]
        return Sample(name, kind, layer, X, targets.astype(dtype))
    two = {
        "logistic, one neuron": ("logistic", LogisticLayer),
        "step, one neuron": ("step", partial(PerceptronLayer, activation="step")),
        "adaline, one neuron": ("adaline", LinearLayer),
    }
    if name in two:
        kind, layer_of = two[name]
        return Sample(name, kind, layer_of(W, b, classes=("no", "yes")), X, ["yes" if k else "no" for k in place])
    if name == "sign, one against rest":
        return Sample(name, "sign-against-rest", PerceptronLayer(W, b, "sign", classes), X, names)
    if name == "adaline, one a class":
        return Sample(name, "adaline-of-classes", LinearLayer(W, b, classes), X, names)
    if name == "logistic, one against rest":
        return Sample(name, "one-against-rest", LogisticLayer(W, b, classes=classes), X, names)
    return Sample(name, "softmax", SoftmaxLayer(W, b, classes=classes), X, names)


def assert_same_record(found: Any, expected: Any, rtol: float = 0.0, atol: float = 0.0, errors: float = 0.0) -> None:
    """Two `Recorded` of the same epochs and columns; costs within rtol and atol, errors within a share of `errors`."""
    np.testing.assert_array_equal(found.epoch, expected.epoch)
    for name in ("cost", "errors", "validation_cost", "validation_errors"):
        one, other = getattr(found, name), getattr(expected, name)
        assert (one is None) == (other is None), name
        if one is not None and name.endswith("cost"):
            np.testing.assert_allclose(one, other, rtol=rtol, atol=atol)
        elif one is not None and errors < np.inf:
            np.testing.assert_allclose(one, other, rtol=errors)


# Question 1 of the handout: the patterns in order, W and b as printed (rounded to two decimals), learning rate 0.05.
QUESTION_1_X = np.column_stack(
    [
        [0, -1, 2, -2, 0, 1, -1, -3, -1, 2, 4, -2, 1, 3, -3, -2, 2, 4],
        [4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, -1, -1, -1, -1],
    ]
).astype(float)
QUESTION_1_LABELS = list("AAABBABBBCCBCCBBCC")
QUESTION_1_LAYER = SoftmaxLayer([[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]], [0.0, 0.0, 0.0], classes=CLASSES)


@contextmanager
def refused(name: str, rule: str, got: str, remedy: str) -> Iterator[None]:
    """The block raises an `InputError` whose message names these four; `rule`, `got` and `remedy` are parts of it."""
    with pytest.raises(InputError) as caught:
        yield
    error = caught.value
    assert isinstance(error, DeltaruleError)
    assert isinstance(error, ValueError)
    assert error.name == name
    assert rule in error.rule
    assert got in str(error.got)
    assert remedy in error.remedy
    assert str(error) == f"The {error.name} must {error.rule}. Got {error.got}. {error.remedy}"
    assert error.remedy.endswith((".", "?"))
