"""Splits and scalings against scikit-learn's, and against figures worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.datasets import load
from deltarule.errors import InputError

# ---- split


def theirs(count, test, seed, **options):
    return train_test_split(np.arange(count), test_size=test, random_state=seed, **options)


@given(
    count=st.integers(2, 300),
    share=st.floats(0.01, 0.99),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_share_is_split_as_scikit_learn_does(count, share, seed):
    if not 0 < np.ceil(share * count) < count:
        with pytest.raises(InputError):
            split(count, share, seed)
        return
    for ours, their in zip(split(count, share, seed), theirs(count, share, seed), strict=True):
        assert np.array_equal(ours, their)


@pytest.mark.parametrize("count", [2, 3, 20, 150, 1000])
@pytest.mark.parametrize("seed", [0, 1, 2, 42])
def test_a_number_of_rows_is_split_as_scikit_learn_does(count, seed):
    for test in {1, count // 2, count - 1, np.int64(1)}:
        for ours, their in zip(split(count, test, seed), theirs(count, int(test), seed), strict=True):
            assert np.array_equal(ours, their)


@pytest.mark.parametrize(
    ("name", "test", "seed", "sizes"),
    [("linnerud", 0.25, 1, (15, 5)), ("iris", 0.4, 2, (90, 60)), ("iris", 0.2, 2, (120, 30))],
)
def test_the_handouts_splits(name, test, seed, sizes):
    data = load(name)
    training, held_out = split(len(data.inputs), test, seed)
    assert (len(training), len(held_out)) == sizes
    X, X_test, D, D_test = train_test_split(data.inputs, data.targets, test_size=test, random_state=seed)
    for rows, inputs, targets in [(training, X, D), (held_out, X_test, D_test)]:
        assert np.array_equal(data.inputs[rows], inputs)
        assert np.array_equal(data.targets[rows], targets)


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("test", [0.3, 20])
def test_a_stratified_split_is_scikit_learns(test, seed):
    labels = load("iris").targets
    found = split(150, test, seed, stratified=True, labels=labels.tolist())
    for ours, their in zip(found, theirs(150, test, seed, stratify=labels), strict=True):
        assert np.array_equal(ours, their)
    _, shares = np.unique(labels[found[1]], return_counts=True)
    assert shares.max() - shares.min() <= 1


@pytest.mark.parametrize("test", [0, 1, 0.0, 1.0, 5, 5.0, -0.2, 0.9, float("nan"), True, "0.4", None, [1], np.True_])
def test_a_side_without_patterns_or_a_share_that_is_none_is_refused(test):
    # 0.9 of 5 rows, rounded up, leaves none to train on; so does the whole number 5.
    if test == 1 and not isinstance(test, bool | float | np.bool_):
        assert [len(side) for side in split(5, test, 0)] == [4, 1]
        return
    with pytest.raises(InputError, match=r"^The test set must be a share between 0 and 1, or a whole number") as caught:
        split(5, test, 0)
    assert str(caught.value).endswith("Leave at least one pattern on each side.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0.5, 0), "The number of patterns must be a whole number of at least 2. Got 1. A split needs one pattern"),
        ((5, 0.4, -1), "The seed of the split must be a whole number of at least 0. Got -1. Give a whole number"),
        ((5, 0.4, 1.5), "The seed of the split must be a whole number of at least 0. Got 1.5. Give a whole number"),
        ((5, 0.4, 2**32), "The seed of the split must be below 2^32. Got 4294967296. Give a smaller whole number."),
    ],
)
def test_each_argument_is_checked(arguments, message):
    with pytest.raises(InputError) as caught:
        split(*arguments)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("labels", "got"),
    [
        (None, "Got none. Give labels"),
        (["a", "b"], "Got 2 for 4. Give labels"),
        # Two patterns of each class are needed, and a place for each class on both sides.
        (
            ["a", "a", "a", "b"],
            "have enough patterns of each class for both sets. Got one pattern of 'b'. Give more patterns",
        ),
    ],
)
def test_what_cannot_be_stratified_is_reported(labels, got):
    with pytest.raises(InputError, match=r"^The stratified split must ") as caught:
        split(4, 2, 0, stratified=True, labels=labels)
    assert got in str(caught.value)
    assert "leave out stratified" in caught.value.remedy


@pytest.mark.parametrize(
    ("test", "got"), [(2, "a test set of 2 for 3 classes"), (4, "a training set of 2 for 3 classes")]
)
def test_a_stratified_split_needs_a_place_for_each_class_on_both_sides(test, got):
    with pytest.raises(InputError, match=r"must have enough patterns of each class for both sets\.") as caught:
        split(6, test, 0, stratified=True, labels=["a", "b", "c"] * 2)
    assert caught.value.got == got


# ---- scalings

HELD = "The numbers to scale must have a mean and a spread that float64 can hold."
numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
columns = arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=numbers)


@given(columns)
def test_standardising_is_standard_scalers(X):
    scaler = StandardScaler().fit(X)
    # The two sum in different orders; numbers to 1e3 over a spread of 1e-3 and more lose six digits at the most.
    assert_allclose(standardising(X).apply(X), scaler.transform(X), rtol=1e-9, atol=1e-8)


@given(columns)
def test_min_max_is_min_max_scalers(X):
    scaled = min_max(X).apply(X)
    assert_allclose(scaled, MinMaxScaler().fit_transform(X), rtol=1e-9, atol=1e-9)  # x s + m there, (x - min) s here
    assert scaled.min() == 0
    assert scaled.max() <= 1 + 1e-15  # (max - min) times the rounded 1 / (max - min)


@given(columns)
def test_undo_is_the_inverse_of_apply(X):
    for scaling in (standardising(X), centring(X), min_max(X)):
        # A rounding of the numbers' own size (1e3) each way.
        assert_allclose(scaling.undo(scaling.apply(X)), X, rtol=0, atol=1e-11)


@given(columns)
def test_centring_only_takes_the_mean_off(X):
    scaling = centring(X)
    assert np.array_equal(scaling.scale, np.ones(X.shape[1]))
    assert_allclose(scaling.apply(X), X - X.mean(axis=0), rtol=0, atol=0)  # the same operations


def test_the_handouts_scalings_of_linnerud():
    # The handout prints, of the 15 training rows: means, variances; MinMaxScaler's scale_ and min_ (= -shift * scale).
    data = load("linnerud")
    training, _ = split(20, 0.25, 1)
    inputs, targets = standardising(data.inputs[training]), min_max(data.targets[training])
    assert_allclose(inputs.shift, [9.0667, 161.6, 77.8], rtol=0, atol=5e-5)  # as printed: four decimals
    assert_allclose(inputs.scale**-2, [28.4622, 3795.1733, 2861.6267], rtol=0, atol=5e-5)
    assert_allclose(targets.scale, [0.00917431, 0.06666667, 0.03571429], rtol=0, atol=5e-9)  # eight decimals
    assert_allclose(-targets.shift * targets.scale, [-1.26605505, -2.06666667, -1.64285714], rtol=0, atol=5e-9)


def test_a_column_by_hand():
    # 1, 2, 6: mean 3, squared deviations 4 + 1 + 9 = 14, variance 14/3; least 1, range 5.
    X = [[1.0], [2.0], [6.0]]
    assert_allclose(standardising(X).apply(X), np.array([[-2], [-1], [3]]) * np.sqrt(3 / 14), rtol=1e-15)
    assert_allclose(min_max(X).apply(X), [[0], [0.2], [1]], rtol=1e-15)
    assert centring(X).apply(X).tolist() == [[-2.0], [-1.0], [3.0]]


def test_a_constant_column_is_only_shifted():
    # 0.1 three times has a mean of 0.10000000000000002 and a variance of 1e-34, which is rounding and no spread.
    X = [[0.1], [0.1], [0.1]]
    assert standardising(X).scale.tolist() == min_max(X).scale.tolist() == [1.0]
    assert_allclose(standardising(X).apply(X), 0, atol=1e-16)
    assert min_max(X).apply(X).tolist() == [[0.0]] * 3


def test_a_scaling_is_plain_lists_for_json():
    assert Scaling([1.0, 0.0], [2.0, 0.5]).to_dict() == {"shift": [1.0, 0.0], "scale": [2.0, 0.5]}


def test_a_scaling_cannot_be_changed():
    scaling = Scaling([0.0], [1.0])
    with pytest.raises(ValueError, match="read-only"):
        scaling.scale[0] = 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Scaling([0.0], [1.0, 2.0]),
            "The scale of a scaling must be 1 numbers other than 0, as many as the shift has. Got [1.0, 2.0].",
        ),
        (
            lambda: Scaling([0.0], [0.0]),
            "The scale of a scaling must be 1 numbers other than 0, as many as the shift has. Got [0.0].",
        ),
        (lambda: Scaling([np.nan], [1.0]), "The shift of a scaling must hold finite numbers only. Got nan in entry 1."),
        (
            lambda: centring([[1.0], [2.0]]).apply([[1.0, 2.0]]),
            "The numbers to scale must have 1 columns, as the scaling has. Got 2.",
        ),
        (
            lambda: centring(np.empty((0, 2))),
            "The numbers to scale must have at least one row and one column. Got shape (0, 2).",
        ),
        (
            lambda: standardising([[1e308], [-1e308]]),
            f"{HELD} Got column 1, whose spread is inf. Give the column in another unit.",
        ),
        (
            # The squares of the deviations are 0 in float64, so that the column would pass for a constant one.
            lambda: standardising([[1.0, 3e-170], [2.0, 1e-170]]),
            f"{HELD} Got column 2, whose spread is 2e-170. Give the column in another unit.",
        ),
        (
            lambda: centring([[1.0, 1e308], [1.0, 1e308]]),
            f"{HELD} Got column 2, whose spread is 1.",
        ),
        (
            lambda: min_max([[0.0], [5e-324]]),
            f"{HELD} Got column 1, whose spread is 4.94066e-324.",
        ),
        (
            lambda: centring([[-1e308]]).apply([[1e308]]),
            "The scaled numbers must hold finite numbers only. Got inf of 1e+308 in row 1, column 1.",
        ),
        (
            lambda: Scaling([0.0], [1e-300]).undo([[1e100]]),
            "The numbers scaled back must hold finite numbers only. Got inf in row 1, column 1.",
        ),
    ],
)
def test_what_cannot_be_scaled_is_reported(make, message):
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value).startswith(message)
