"""Problems drawn at random, and each as a student reads it: arrays, and which patterns each update takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Random = np.random.Generator

LABELS = (("A", "B", "C", "D", "E"), ("no", "perhaps", "yes", "z1", "z2"), (1, 2, 3, 4, 5), (0, 1, 2, 3, 4))
RATES = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
KINDS = (
    "softmax",
    "softmax",
    "softmax",
    "two classes",
    "a neuron a class",
    "yes or no",
    "perceptron",
    "perceptron",
    "linear",
)


@dataclass(frozen=True, eq=False)
class Exercise:
    """A problem as a student reads it.

    Attributes
    ----------
    document : the problem file as tables.
    kind : "linear", "perceptron", "logistic" or "softmax".
    activation : "identity", "sigmoid", "tanh" or "softmax".
    labels : of the classes, in the order of the neurons; () where there are none.
    X, D : (P, N), (P, K) the training patterns, scaled as the problem says, and their targets.
    raw, everything : (P, N) and of all patterns: the inputs before they were scaled.
    W, b : (N, K), (K,) where the layer starts.
    a, mean, L : learning rate; whether the cost is a mean; weight decay.
    batches : the patterns of each update, in order.
    per_epoch : updates an epoch.
    decimals : that the problem asks for.
    """

    document: dict[str, Any]
    kind: str
    activation: str
    labels: tuple[Any, ...]
    X: Array
    D: Array
    raw: Array
    everything: Array
    W: Array
    b: Array
    a: float
    mean: bool
    L: float
    batches: tuple[Places, ...]
    per_epoch: int
    decimals: int

    @property
    def squared(self) -> bool:
        """Whether the cost is the squared error."""
        return self.kind in {"linear", "perceptron"}

    @property
    def classes(self) -> bool:
        """Whether there are predictions to count."""
        return not self.squared


def drawn(random: Random) -> dict[str, Any]:
    """The document of a problem of any kind."""
    kind = str(random.choice(KINDS))
    P, N = int(random.integers(3, 11)), int(random.integers(1, 5))
    low, high = {"softmax": (2, 4), "a neuron a class": (3, 4), "two classes": (1, 1), "yes or no": (2, 3)}.get(
        kind, (1, 3)
    )
    K = int(random.integers(low, high + 1))
    inputs = random.integers(-4, 5, (P, N)) if random.random() < 0.5 else random.integers(-30, 31, (P, N)) / 10
    name = {"two classes": "logistic", "a neuron a class": "logistic", "yes or no": "logistic"}.get(kind, kind)
    layer: dict[str, Any] = {"kind": name, "weights": (random.integers(-100, 101, (N, K)) / 100).tolist()}
    if random.random() < 0.85:
        layer["biases"] = (random.integers(-100, 101, K) / 100).tolist()
    if kind == "perceptron":
        layer["activation"] = str(random.choice(["sigmoid", "tanh"]))
    data: dict[str, Any] = {"inputs": inputs.tolist(), "targets": _targets(kind, layer, P, K, random)}
    if random.random() < 0.12:
        data["standardise"] = True
        if random.random() < 0.5 and P > 4:
            data["split"] = {"test": int(random.integers(1, P // 2)), "seed": int(random.integers(100))}
    descent: dict[str, Any] = {"learning_rate": float(random.choice(RATES)), "epochs": 50}
    if random.random() < 0.25:
        descent |= {"batch_size": int(random.integers(1, P)), "seed": int(random.integers(100))}
    if random.random() < 0.4:
        descent["reduction"] = "mean"
    if random.random() < 0.3:
        descent["weight_decay"] = float(random.choice([0.05, 0.1, 0.2, 0.5]))
    decimals = int(random.choice([2, 2, 3, 4]))
    return {"title": "Drawn", "layer": layer, "data": data, "descent": descent, "show": {"decimals": decimals}}


def _targets(kind: str, layer: dict[str, Any], P: int, K: int, random: Random) -> list[Any]:
    if kind in {"softmax", "a neuron a class", "two classes"}:
        classes = max(K, 2)
        places = random.permutation(np.concatenate([np.arange(classes), random.integers(0, classes, P)]))[:P]
        if len(set(places.tolist())) < classes:
            layer["classes"] = list(LABELS[P % 4][:classes])
        return [LABELS[P % 4][k] for k in places]
    if kind == "yes or no":
        rows: list[Any] = random.integers(0, 2, (P, K)).tolist()
        return rows
    if kind == "perceptron" and random.random() < 0.2:
        signs: list[Any] = (random.integers(0, 2, (P, K)) * 2 - 1).tolist()
        return [[max(d, 0) for d in row] for row in signs] if layer["activation"] == "sigmoid" else signs
    low, high = (-30, 30) if kind == "linear" else (0, 10) if layer["activation"] == "sigmoid" else (-10, 10)
    tenths: list[Any] = (random.integers(low, high + 1, (P, K)) / 10).tolist()
    return tenths


def scaled(raw: Array, by: Array, less: int = 0) -> Array:
    """Inputs less the mean of others, over their deviation (with 1/(P - less))."""
    return np.asarray((raw - by.mean(0)) / by.std(0, ddof=less))


def read(document: dict[str, Any]) -> Exercise:
    """What a student takes from a problem file."""
    layer, data, descent = document["layer"], document["data"], document["descent"]
    W = np.array(layer["weights"], float)
    targets = data["targets"]
    labels: tuple[Any, ...] = ()
    if isinstance(targets[0], list):
        D = np.array(targets, float)
    else:
        labels = tuple(layer.get("classes", sorted(set(targets))))
        D = np.array([[float(label == each) for each in labels] for label in targets])
        D = D[:, 1:] if W.shape[1] == 1 else D
    X = everything = np.array(data["inputs"], float)
    if "split" in data:
        rows = np.random.RandomState(data["split"]["seed"]).permutation(len(X))[data["split"]["test"] :]
        X, D = X[rows], D[rows]
    raw = X
    if data.get("standardise"):
        with np.errstate(all="ignore"):
            X = scaled(raw, raw)
    natural = {"softmax": "softmax", "logistic": "sigmoid", "linear": "identity"}
    batches, per_epoch = _batches(len(X), descent)
    return Exercise(
        document=document,
        kind=layer["kind"],
        activation=layer.get("activation", natural.get(layer["kind"], "sigmoid")),
        labels=labels,
        X=X,
        D=D,
        raw=raw,
        everything=everything,
        W=W,
        b=np.array(layer.get("biases", [0.0] * W.shape[1])),
        a=descent["learning_rate"],
        mean=descent.get("reduction") == "mean",
        L=descent.get("weight_decay", 0.0),
        batches=tuple(batches),
        per_epoch=per_epoch,
        decimals=document["show"]["decimals"],
    )


def _batches(count: int, descent: dict[str, Any]) -> tuple[list[Places], int]:
    size, epochs = descent.get("batch_size", count), descent["epochs"]
    if size >= count:
        return [np.arange(count)] * epochs, 1
    random = np.random.default_rng(descent["seed"])
    orders = [random.permutation(count) for _ in range(epochs)]
    return [order[i : i + size] for order in orders for i in range(0, count, size)], -(-count // size)
