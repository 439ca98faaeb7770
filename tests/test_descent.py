"""How to descend: values checked, batches cut, patterns visited in a reproducible order."""

import json
import math
from dataclasses import FrozenInstanceError
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from deltarule.descent import Descent
from samples import refused


def visits(descent, patterns, epochs):
    """The places visited, batch by batch, in each epoch."""
    return [
        [np.arange(patterns)[batch].tolist() for batch in descent.batches(order)]
        for order in islice(descent.orders(patterns), epochs)
    ]


def test_defaults_are_the_plain_full_batch():
    descent = Descent(learning_rate=0.1, epochs=3)
    assert (descent.batch_size, descent.reduction, descent.weight_decay) == (None, "sum", 0.0)
    assert (descent.tolerance, descent.seed) == (None, 0)


def test_values_become_pythons_own():
    descent = Descent(
        np.float32(0.5), np.int64(3), batch_size=np.int8(2), weight_decay=0, tolerance=1, seed=np.int64(4)
    )
    kinds = [
        type(getattr(descent, name)) for name in ("learning_rate", "epochs", "batch_size", "weight_decay", "tolerance")
    ]
    assert kinds == [float, int, int, float, float]


def test_a_descent_is_plain_json():
    descent = Descent(np.float32(0.5), np.int64(3), batch_size=4, reduction="mean", tolerance=1e-6, seed=7)
    assert json.loads(json.dumps(descent.to_dict())) == {
        "learning_rate": 0.5,
        "epochs": 3,
        "batch_size": 4,
        "reduction": "mean",
        "weight_decay": 0.0,
        "tolerance": 1e-6,
        "seed": 7,
        "order": "shuffled",
        "decay_biases": False,
        "momentum": 0.0,
        "nesterov": False,
        "schedule": {"kind": "constant"},
        "patience": None,
        "monitor": "cost",
        "min_change": 0.0,
    }
    assert Descent(**descent.to_dict()) == descent


def test_a_generator_is_no_seed_for_json():
    assert Descent(0.5, 3, seed=np.random.default_rng(0)).to_dict()["seed"] is None


def test_a_descent_is_immutable():
    with pytest.raises(FrozenInstanceError):
        Descent(0.1, 3).epochs = 4


@pytest.mark.parametrize(
    ("options", "name", "rule", "got", "remedy"),
    [
        ({"learning_rate": 0}, "learning rate", "finite number above 0", "0", "Try 0.01"),
        ({"learning_rate": -0.5}, "learning rate", "finite number above 0", "-0.5", "Try 0.01"),
        ({"learning_rate": math.nan}, "learning rate", "finite number above 0", "nan", "Try 0.01"),
        ({"learning_rate": math.inf}, "learning rate", "finite number above 0", "inf", "Try 0.01"),
        ({"learning_rate": True}, "learning rate", "finite number above 0", "True", "Try 0.01"),
        ({"learning_rate": "0.1"}, "learning rate", "finite number above 0", "'0.1'", "without quotation marks"),
        ({"learning_rate": None}, "learning rate", "finite number above 0", "None", "Try 0.01"),
        ({"epochs": 0}, "number of epochs", "whole number of at least 1", "0", "one pass"),
        ({"epochs": 1.5}, "number of epochs", "whole number of at least 1", "1.5", "one pass"),
        ({"epochs": True}, "number of epochs", "whole number of at least 1", "True", "one pass"),
        ({"batch_size": 0}, "batch size", "whole number of at least 1", "0", "Leave it out (None)"),
        ({"batch_size": -3}, "batch size", "whole number of at least 1", "-3", "Leave it out (None)"),
        ({"batch_size": True}, "batch size", "whole number of at least 1", "True", "Leave it out (None)"),
        ({"batch_size": False}, "batch size", "whole number of at least 1", "False", "Leave it out (None)"),
        ({"batch_size": 16.0}, "batch size", "whole number of at least 1", "16.0", "Write 16, without a decimal point"),
        ({"batch_size": "all"}, "batch size", "whole number of at least 1", "'all'", "Leave it out (None)"),
        (
            {"reduction": "average"},
            "reduction",
            "one of sum, mean, half-mean",
            "'average'",
            "Known: sum, mean, half-mean",
        ),
        ({"reduction": "Mean"}, "reduction", "one of sum, mean, half-mean", "'Mean'", "Did you mean 'mean'?"),
        ({"reduction": None}, "reduction", "one of sum, mean, half-mean", "None", "Known: sum, mean"),
        ({"weight_decay": -0.1}, "weight decay", "finite number of at least 0", "-0.1", "0 for none"),
        ({"weight_decay": None}, "weight decay", "finite number of at least 0", "None", "0 for none"),
        ({"tolerance": -1e-9}, "tolerance", "finite number of at least 0", "-1e-09", "run all epochs"),
        ({"tolerance": math.nan}, "tolerance", "finite number of at least 0", "nan", "run all epochs"),
        ({"order": "random"}, "order", "one of shuffled, given", "'random'", "Did you mean 'shuffled'?"),
        ({"order": None}, "order", "one of shuffled, given", "None", "Known: shuffled, given"),
        ({"seed": -1}, "seed", "whole number of at least 0", "-1", "numpy.random.Generator"),
        ({"seed": 0.5}, "seed", "whole number of at least 0", "0.5", "numpy.random.Generator"),
    ],
)
def test_bad_values(options, name, rule, got, remedy):
    with refused(name, rule, got, remedy):
        Descent(**{"learning_rate": 0.1, "epochs": 3, **options})


def test_a_full_batch_takes_the_patterns_as_given():
    for batch_size in (None, 5, 6):
        descent = Descent(0.1, 2, batch_size=batch_size)
        assert descent.is_full_batch(5)
        assert descent.updates_per_epoch(5) == 1
        assert visits(descent, 5, 2) == [[[0, 1, 2, 3, 4]]] * 2


def test_mini_batches_are_runs_of_numpys_permutations():
    rng = np.random.default_rng(3)
    expected = []
    for _ in range(4):
        order = rng.permutation(10).tolist()
        expected.append([order[:4], order[4:8], order[8:]])
    descent = Descent(0.1, 4, batch_size=4, seed=3)
    assert visits(descent, 10, 4) == expected
    assert descent.updates_per_epoch(10) == 3


@given(patterns=st.integers(1, 40), batch_size=st.integers(1, 45), seed=st.integers(0, 99))
def test_an_epoch_visits_each_pattern_once(patterns, batch_size, seed):
    descent = Descent(0.1, 3, batch_size=batch_size, seed=seed)
    for batches in visits(descent, patterns, 3):
        assert sorted(p for batch in batches for p in batch) == list(range(patterns))
        assert len(batches) == descent.updates_per_epoch(patterns)
        assert all(len(batch) == min(batch_size, patterns) for batch in batches[:-1])
        assert 1 <= len(batches[-1]) <= batch_size


def test_the_given_order_is_that_of_the_data_in_every_epoch():
    descent = Descent(0.1, 2, batch_size=2, order="given", seed=np.random.default_rng(0))
    assert visits(descent, 5, 2) == [[[0, 1], [2, 3], [4]]] * 2
    assert not descent.is_shuffled(5)
    # The generator was not drawn from.
    assert descent.seed.integers(1000) == np.random.default_rng(0).integers(1000)


def test_equal_keys_take_the_same_batches():
    descents = [
        Descent(0.1, 2, batch_size=size, order=order, seed=seed)
        for size in (None, 2, 3, 9)
        for order in ("shuffled", "given")
        for seed in (0, 1)
    ]
    for one in descents:
        for other in descents:
            same_key = one.batch_key(7) == other.batch_key(7)
            assert same_key == (visits(one, 7, 2) == visits(other, 7, 2))


def test_the_seed_decides_the_order():
    def once(seed):
        return visits(Descent(0.1, 2, batch_size=3, seed=seed), 12, 2)

    assert once(0) == once(0) == once(np.random.default_rng(0))
    assert once(0) != once(1)
    epochs = once(0)
    assert epochs[0] != epochs[1]


def test_a_generator_is_drawn_from():
    rng = np.random.default_rng(0)
    descent = Descent(0.1, 1, batch_size=3, seed=rng)
    assert visits(descent, 12, 1) != visits(descent, 12, 1)


def test_batches_of_a_full_batch_are_views():
    (batch,) = Descent(0.1, 1).batches(np.arange(3))
    values = np.arange(3.0)
    assert np.shares_memory(values[batch], values)


def test_every_order_is_a_permutation_of_places():
    order = next(Descent(0.1, 1, batch_size=2).orders(7))
    assert order.dtype.kind == "i"
    assert_array_equal(np.sort(order), np.arange(7))
