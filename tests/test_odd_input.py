"""Input of odd kinds, and runs that end oddly: each is named for what it is, or comes out right."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import deltarule as dr
from deltarule.json_values import json_value

X = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]]
LABELS = ["A", "A", "B", "B"]


def layer() -> dr.SoftmaxLayer:
    return dr.SoftmaxLayer.random(2, ["A", "B"], seed=0)


def test_classes_without_an_order_are_refused() -> None:
    with pytest.raises(dr.InputError, match=r"classes must come in the order of the neurons. Got a set, .* sorted"):
        dr.SoftmaxLayer.random(2, {"A", "B"})


def test_masked_entries_are_missing_entries() -> None:
    masked = np.ma.masked_array(X, mask=np.array(X) > 3)
    with pytest.raises(dr.InputError, match="inputs must have no entry masked"):
        layer().predict(masked)
    assert layer().predict(np.ma.masked_array(X, mask=False)).shape == (4,)


def test_one_hot_rows_as_tuples_are_rows_unless_they_are_classes() -> None:
    assert layer().errors(X, [(1, 0), (1, 0), (0, 1), (0, 1)]) == layer().errors(X, LABELS)
    pairs = dr.SoftmaxLayer(layer().weights, layer().biases, [(1, 0), (0, 1)])
    assert pairs.encode([(0, 1), (1, 0)]).tolist() == [[0, 1], [1, 0]]


def test_labels_in_a_tensor_are_labels() -> None:
    import torch

    digits = dr.SoftmaxLayer(layer().weights, layer().biases, [0, 1])
    assert digits.errors(X, torch.tensor([0, 0, 1, 1])) == layer().errors(X, LABELS)
    assert digits.errors(X, [torch.tensor(k) for k in (0, 0, 1, 1)]) == layer().errors(X, LABELS)
    assert dr.SoftmaxLayer.for_targets(2, [torch.tensor(k) for k in (0, 0, 1, 1)]).classes == (0, 1)


@pytest.mark.parametrize("call", [dr.iterate, dr.train])
def test_a_class_of_layers_is_no_layer(call: object) -> None:
    descent = dr.Descent(learning_rate=0.1, epochs=1)
    with pytest.raises(dr.InputError, match="layer must be a Layer"):
        call(dr.SoftmaxLayer, X, LABELS, descent)
    with pytest.raises(dr.InputError, match="descent must be a Descent"):
        call(layer(), X, LABELS, {"epochs": 1})


def test_labels_of_any_kind_make_json() -> None:
    assert json.dumps(json_value([b"a", Fraction(1, 2), None, True, 1.5])) == '["b\'a\'", "1/2", null, true, 1.5]'


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["direct", "autograd", pytest.param("compiled", marks=pytest.mark.kernels)])
@pytest.mark.parametrize("record_every", [0, 1, 7])
@pytest.mark.parametrize("seed", [3, "generator"])
def test_a_diverged_run_keeps_the_last_layer_whose_cost_is_finite(
    engine: str, record_every: int, seed: object, ignore_overflow: None
) -> None:
    inputs = np.random.default_rng(0).normal(size=(10, 3))
    start = dr.LinearLayer.random(3, 2, seed=0)
    descent = dr.Descent(1e3, 500, batch_size=4, seed=np.random.default_rng(3) if seed == "generator" else 3)
    run = dr.train(start, inputs, inputs[:, :2], descent, engine, record_every=record_every)
    assert run.outcome.reason is dr.Reason.COST_NOT_FINITE
    assert run.history.epoch[-1] == run.outcome.epochs
    assert run.history.cost[-1] == pytest.approx(run.layer.cost(inputs, inputs[:, :2]), rel=1e-6)
    # One epoch more, and the cost is not finite: the same descent, an epoch at a time.
    longer = dr.train(start, inputs, inputs[:, :2], dr.Descent(1e3, 500, batch_size=4, seed=3), "direct")
    assert longer.outcome.epochs == run.outcome.epochs


def test_decay_that_makes_weights_grow_is_named() -> None:
    run = dr.train(layer(), X, LABELS, dr.Descent(0.1, 50, weight_decay=1e3), "direct")
    assert "The learning rate times the weight decay must stay below 2; it is 100" in str(run.outcome)


def test_decay_leaves_biases_alone_so_an_absent_class_has_no_optimum() -> None:
    three = dr.SoftmaxLayer.random(2, ["A", "B", "C"], seed=0)
    alone = dr.LogisticLayer.random(2, neurons=1, seed=0)
    decayed = dr.Descent(0.1, 1, weight_decay=0.1)
    for found in (
        dr.optimum(three, X, LABELS, decayed),
        dr.optimum(alone, X, [[1], [1], [1], [1]], decayed),
        dr.optimum(alone, X, [[0], [0], [0], [0]], decayed),
    ):
        assert found.layer is None
        assert found.outcome.key == "one_sided"
        assert "has no pattern" in str(found)


def test_small_coefficients_of_a_boundary_are_not_hidden() -> None:
    line = dr.boundaries(dr.SoftmaxLayer([[0.004, -0.0005], [0.002, 0.0015]], [-1.2, 0.0], ["A", "B"]))[0]
    assert line.equation() == "0.0045 x1 + 0.0005 x2 - 1.20 = 0"
