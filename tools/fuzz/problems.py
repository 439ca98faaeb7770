"""Problems that are right, of every kind and with every key of docs/problem-file.md."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

KEYS = (
    "title",
    "kind",
    "weights",
    "biases",
    "init",
    "activation",
    "seed",
    "inputs",
    "targets",
    "table",
    "target",
    "dataset",
    "split",
    "standardise",
    "centre",
    "scale_targets",
    "test",
    "stratified",
    "learning_rate",
    "epochs",
    "batch_size",
    "reduction",
    "weight_decay",
    "tolerance",
    "decimals",
    "layer",
    "data",
    "descent",
    "show",
    "conventions",
    "delta",
    "marking",
    "asked",
    "weights",
    "credit",
    "hint_cost",
    "lr",
    "momentum",
    "hidden",
    "classes",
    "header",
    "separator",
    "decimal_mark",
    "loss",
)
KINDS = ("softmax", "logistic", "linear", "perceptron")
LABELS = (["A", "B", "C"], [1, 2, 3], [0, 1, 2], ["no", "yes", "so"], ["é", "日本", "ß"])


class Sizes(NamedTuple):
    """Of a problem: its kind, patterns, inputs, neurons, updates, and the labels of its classes."""

    kind: str
    P: int
    N: int
    K: int
    epochs: int
    labels: list[Any] | None


def figures(count: int, places: int = 2, most: float = 3.0) -> st.SearchStrategy[list[float]]:
    """So many small figures with few decimals."""
    scale = 10**places
    return st.lists(
        st.integers(-int(most * scale), int(most * scale)).map(lambda n: n / scale), min_size=count, max_size=count
    )


def matrix(rows: int, columns: int, places: int = 2) -> st.SearchStrategy[list[list[float]]]:
    """Rows of small figures."""
    return st.lists(figures(columns, places), min_size=rows, max_size=rows)


@st.composite
def _marking(draw: st.DrawFn) -> dict[str, Any]:
    """What is asked for, in a third of the problems."""
    if draw(st.integers(0, 2)) < 2:
        return {}
    names = ["iteration.1", "iteration.1.delta", "metrics.training_cost"]
    asked = draw(st.lists(st.sampled_from(names), min_size=1))
    weights = {name: draw(st.sampled_from([0.5, 2])) for name in asked if name != "iteration.1"}
    return {"marking": {"asked": asked, "weights": weights, "hint_cost": draw(st.sampled_from([0, 0.1, 1]))}}


@st.composite
def problems(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, most_epochs: int = 60) -> tuple[dict[str, Any], Sizes]:
    """A problem as dictionaries, and its sizes. It is right, and small.

    kinds : of layers.
    most_epochs : of the descent.
    """
    kind = draw(st.sampled_from(kinds))
    P, N = draw(st.integers(2, 6)), draw(st.integers(1, 3))
    labels: list[Any] | None = None
    if kind in ("softmax", "logistic"):
        labels = list(draw(st.sampled_from(LABELS)))[: draw(st.integers(2, 3))]
        count = len(labels)
        P = max(P, count)
        targets = labels + draw(st.lists(st.sampled_from(labels), min_size=P - count, max_size=P - count))
        K = 1 if kind == "logistic" and count == 2 and draw(st.booleans()) else count
        if kind == "logistic" and count == 2:
            K = 1
    else:
        K = draw(st.integers(1, 3))
        numbers = st.integers(0, 10).map(lambda n: n / 10)
        rows = st.lists(numbers, min_size=K, max_size=K)
        targets = draw(st.lists(rows, min_size=P, max_size=P))
        if K == 1 and draw(st.booleans()):
            targets = [row[0] for row in targets]
    layer: dict[str, Any] = {"kind": kind}
    if labels and draw(st.integers(0, 4)) == 4:
        layer["classes"] = labels
    if kind == "perceptron" and draw(st.booleans()):
        layer["activation"] = draw(st.sampled_from(["sigmoid", "tanh"]))
    if draw(st.integers(0, 3)) == 3:
        layer["init"] = {"seed": draw(st.integers(0, 5))}
    else:
        layer["weights"] = draw(matrix(N, K))
        if draw(st.booleans()):
            layer["biases"] = draw(figures(K))
    data: dict[str, Any] = {"inputs": draw(matrix(P, N, 1)), "targets": targets}
    epochs = draw(st.integers(1, most_epochs))
    descent: dict[str, Any] = {"learning_rate": draw(st.sampled_from([0.01, 0.1, 0.5])), "epochs": epochs}
    for key, choices in {
        "batch_size": [1, 2, 3, 100],
        "reduction": ["sum", "mean"],
        "weight_decay": [0, 0.01, 0.5],
        "tolerance": [0, 1e-6, 0.1],
        "seed": [0, 7],
    }.items():
        if draw(st.integers(0, 3)) == 3:
            descent[key] = draw(st.sampled_from(choices))
    document: dict[str, Any] = {"title": "A problem"} if draw(st.booleans()) else {}
    document |= {"layer": layer, "data": data, "descent": descent}
    if draw(st.booleans()):
        document["show"] = {"decimals": draw(st.integers(0, 15))}
    document |= draw(st.sampled_from([{}, {}, {}, {"conventions": {"delta": "D - Y"}}]))
    document |= draw(_marking())
    return document, Sizes(kind, P, N, K, epochs, labels)
