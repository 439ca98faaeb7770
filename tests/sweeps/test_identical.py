"""Identical models are found, trained once, and explained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from deltarule import Descent, LinearLayer, sweep, train
from deltarule.engines import many_models
from deltarule.sweeps.identical import identical_to
from samples import sample
from sweep_samples import LINE, SOFTMAX

LINEAR = sample("linear", patterns=6)
GIVEN = {"layer": LINEAR.layer, "X": LINEAR.X, "targets": LINEAR.targets, "learning_rate": 0.01, "epochs": 3}


@pytest.fixture
def trained(monkeypatch):
    """How many models each call of the engine trains."""
    real, counts = many_models.descend, []

    def descend(layers, *arguments):
        counts.append(len(layers))
        return real(layers, *arguments)

    monkeypatch.setattr(many_models, "descend", descend)
    return counts


def joined(result):
    return " ".join(result.remarks)


def test_seeds_of_the_full_batch_make_identical_models_from_given_weights(trained):
    result = sweep(**GIVEN, seed=range(8))
    assert trained == [1]
    assert result.columns["identical_to"].tolist() == [0] * 8
    assert result.distinct.tolist() == [0]
    assert "All 8 models are identical. The 8 seeds make identical models at the full batch" in joined(result)
    assert "Give batch sizes below 6, or let each seed draw its own initial layer" in joined(result)
    assert joined(result) in " ".join(str(result).split())
    assert result.to_dict()["remarks"] == list(result.remarks)


def test_seeds_of_mini_batches_and_seeds_that_draw_the_layer_make_different_models(trained):
    for result in (sweep(**GIVEN, batch_size=2, seed=range(3)), sweep(**(GIVEN | {"layer": "linear"}), seed=range(3))):
        assert result.remarks == ()
        assert "identical_to" not in result.columns
        assert result.distinct.tolist() == [0, 1, 2]
    assert trained == [3, 3]


def test_batch_sizes_beyond_the_set_are_one():
    result = sweep(**GIVEN, batch_size=[4, 6, 16, None])
    assert result.columns["identical_to"].tolist() == [0, 1, 1, 1]
    assert joined(result) == (
        "Only 2 of the 4 models differ from each other. Batch sizes 6, 16 and all (None) make identical models: each is the "
        "full batch of 6 patterns. Give one of them."
    )


def test_values_given_twice_are_trained_once(trained):
    result = sweep(**(GIVEN | {"learning_rate": [0.01, 0.02, 0.01]}), folds=2)
    assert trained == [2, 2, 2]
    assert joined(result).endswith("Some values are given more than once. Give each once.")
    assert result.columns["validation_cost"][0] == result.columns["validation_cost"][2]
    assert_array_equal(result[0].layer.weights, result[2].layer.weights)


def test_layers_with_equal_numbers_are_one_initial_layer():
    result = sweep(
        **(GIVEN | {"layer": lambda _seed: LinearLayer([[1.0]] * 3, [0.0]), "targets": LINEAR.targets[:, :1]}),
        seed=[4, 7],
    )
    assert result.columns["identical_to"].tolist() == [0, 0]


def test_a_batch_that_is_full_in_the_folds_only_is_told():
    result = sweep(**GIVEN, batch_size=[1, 4], folds=3)  # the folds train on 4 of 6 patterns
    assert joined(result) == (
        "Some folds train on only 4 patterns, where batch size 4 is the full batch, though not of all 6. Give smaller batch "
        "sizes, or more folds."
    )
    assert sweep(**GIVEN, batch_size=[1, 3], folds=3).remarks == ()
    assert "batch sizes 4, 5 are" in joined(sweep(**GIVEN, batch_size=[4, 5], folds=3))


def test_the_table_shows_one_of_identical_models():
    result = sweep(**LINE, learning_rate=[0.1, 0.2, 0.3], epochs=2, seed=range(5), validation=([[3.0]], [[7.0]]))
    lines = str(result).splitlines()
    shown = [int(line.split()[0]) for line in lines if line[:5].strip().isdigit()]
    assert sorted(shown) == [0, 5, 10]
    assert "more model" not in str(result)
    assert "As the best of 3, it looks better" in " ".join(str(result).split())


settings = st.tuples(
    st.sampled_from([0.01, 0.02]), st.sampled_from([1, 3]), st.sampled_from([None, 2, 6, 9]), st.sampled_from([0, 1])
)


@given(st.lists(settings, min_size=2, max_size=8))
def test_models_that_are_said_to_be_identical_are(chosen):
    """Each model trained alone by the direct engine: equal places have equal bits, and others differ."""
    descents = [Descent(rate, epochs, batch_size=size, seed=seed) for rate, epochs, size, seed in chosen]
    first = identical_to([LINEAR.layer] * len(descents), descents, 6)
    found = [train(LINEAR.layer, LINEAR.X, LINEAR.targets, d, "direct").layer.weights.tobytes() for d in descents]
    for place, (one, weights) in enumerate(zip(first.tolist(), found, strict=True)):
        assert one == found.index(weights) <= place


def test_models_of_different_decay_or_tolerance_differ():
    result = sweep(
        SOFTMAX.layer,
        SOFTMAX.X,
        SOFTMAX.targets,
        learning_rate=0.1,
        epochs=2,
        weight_decay=[0, 1],
        tolerance=[None, 0.1],
    )
    assert len(result.distinct) == 4
    assert not np.any(result.columns["diverged"])
