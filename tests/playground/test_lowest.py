"""The lowest cost that the page states is that of the optimum in Python, or the page is silent."""

import numpy as np
import pytest

from deltarule.analysis.optimum import optimum
from deltarule.playground.presets import presets
from deltarule.playground.restored import problem_of
from deltarule.playground.state import state_of
from playground_node import worked

KINDS = ("softmax", "logistic", "linear", "adaline", "sigmoid", "step")


def drawn(rng):
    kind = KINDS[rng.integers(len(KINDS))]
    P, N, K = int(rng.integers(3, 20)), int(rng.integers(1, 4)), int(rng.integers(2, 4))
    # Two neurons may stand for two classes in the page; a problem file has one.
    M = 1 if K == 2 and kind in ("logistic", "adaline", "step") else K
    has_biases = rng.random() < 0.7
    decay = [0.0, 0.3][rng.integers(2)]
    labels = [*range(K), *rng.integers(K, size=P - K).tolist()]
    return state_of(presets()["xor"]) | {
        "kind": kind,
        "classes": None if kind == "linear" else list("abc"[:K]),
        "input_names": [f"x{n}" for n in range(N)],
        "target_names": [f"d{k}" for k in range(K)] if kind == "linear" else None,
        "inputs": rng.normal(size=(P, N)).round(2).tolist(),
        "targets": rng.normal(size=(P, K)).round(2).tolist() if kind == "linear" else labels,
        "weights": np.zeros((N, M)).tolist(),
        "biases": [0.0] * M if has_biases else None,
        "descent": state_of(presets()["xor"])["descent"]
        | {"reduction": ["sum", "mean", "half-mean"][rng.integers(3)], "weight_decay": decay}
        | {"decay_biases": bool(decay and has_biases and rng.random() < 0.5)},
    }


@pytest.mark.parametrize("count", [pytest.param(8, id="few"), pytest.param(120, id="many", marks=pytest.mark.slow)])
def test_the_lowest_cost_is_that_of_the_optimum(count):
    rng = np.random.default_rng(count)
    states = [drawn(rng) for _ in range(count)]
    (found,) = worked([{"what": "lowest", "states": states}])
    known = 0
    for state, cost in zip(states, found, strict=True):
        if state["kind"] in ("sigmoid", "step"):
            assert cost is None
            continue
        best = optimum(problem_of(state))
        # Below a millionth the page says nothing: such a cost may belong to weights that grow for ever.
        if cost is not None and cost > 1e-6:
            known += 1
            assert cost == pytest.approx(best.cost, rel=1e-7, abs=1e-9), state
    assert known >= count / 8


def test_of_question_1_with_a_decay_the_page_knows_where_the_cost_goes():
    state = state_of(presets()["question_1"])
    state["descent"] = state["descent"] | {"weight_decay": 0.1}
    (found,) = worked([{"what": "lowest", "states": [state]}])
    assert found[0] == pytest.approx(optimum(problem_of(state)).cost, rel=1e-9)
