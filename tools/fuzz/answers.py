"""Answers that could be right, of every table and part of docs/answer-file.md."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tools.fuzz.problems import Sizes, figures, matrix

KEYS = (
    "iteration",
    "convergence",
    "boundaries",
    "metrics",
    "decimals",
    "hints",
    "title",
    "name",
    "rows",
    "synaptic_inputs",
    "outputs",
    "predicted",
    "errors",
    "cost",
    "delta",
    "weight_gradient",
    "bias_gradient",
    "weight_velocity",
    "bias_velocity",
    "weights",
    "biases",
    "updates",
    "inputs",
    "training_cost",
    "test_accuracy",
    "training_r2",
    "A-B",
    "1",
    "01",
    "0",
    "2",
    "10",
    "1000000000",
    "99999999999999999999",
    "-1",
    "1.0",
    "U",
    "A-A",
)


@st.composite
def answers(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """An answer as dictionaries: parts of the right shapes with figures that are seldom right.

    sizes : of the problem.
    """
    parts = {
        "synaptic_inputs": (sizes.P, sizes.K),
        "outputs": (sizes.P, sizes.K),
        "delta": (sizes.P, sizes.K),
        "weight_gradient": (sizes.N, sizes.K),
        "bias_gradient": (sizes.K,),
        "weight_velocity": (sizes.N, sizes.K),
        "bias_velocity": (sizes.K,),
        "weights": (sizes.N, sizes.K),
        "biases": (sizes.K,),
        "cost": (),
        "errors": (),
        "predicted": None,
    }
    document: dict[str, Any] = {}
    if draw(st.booleans()):
        document["decimals"] = draw(st.integers(0, 6))
    if draw(st.integers(0, 3)) == 3:
        document["hints"] = draw(st.integers(0, 3))
    for number in draw(st.lists(st.sampled_from(["1", "2", "3"]), min_size=0, max_size=2, unique=True)):
        document.setdefault("iteration", {})[number] = draw(_table(sizes, parts))
    if not document.get("iteration") or draw(st.integers(0, 2)) == 2:
        few = {name: parts[name] for name in ("weights", "biases", "cost", "errors", "outputs", "predicted")}
        document["convergence"] = draw(_table(sizes, few | {"updates": (), "inputs": (sizes.P, sizes.N)}))
    if sizes.labels and draw(st.integers(0, 3)) == 3:
        pair = "-".join(map(str, sizes.labels[:2]))
        document["boundaries"] = {pair: draw(figures(sizes.N + 1))}
    if draw(st.integers(0, 3)) == 3:
        names = ["training_cost", "training_errors", "training_accuracy", "training_mse", "training_r2", "test_cost"]
        document["metrics"] = {draw(st.sampled_from(names)): draw(figures(1))[0]}
    return document


@st.composite
def _table(draw: st.DrawFn, sizes: Sizes, parts: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=4, unique=True)):
        shape = parts[name]
        if name == "predicted":
            known = st.sampled_from(sizes.labels or [0, 1])
            table[name] = draw(st.lists(known, min_size=sizes.P, max_size=sizes.P))
        elif name in ("errors", "updates"):
            table[name] = draw(st.integers(0, 9))
        elif shape == ():
            table[name] = draw(figures(1))[0]
        elif len(shape) == 1:
            table[name] = draw(figures(shape[0]))
        elif draw(st.integers(0, 3)) == 3:
            row = draw(st.integers(1, shape[0]))
            table.setdefault("rows", {}).setdefault(name, {})[str(row)] = draw(figures(shape[1]))
        else:
            table[name] = draw(matrix(*shape))
    return table
