"""Mean square error and R2: by hand, and against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.metrics import mean_squared_error, r2_score

from deltarule import InputError, LinearLayer
from deltarule.data import Scaling
from deltarule.metrics import Scores, mean_square_error, r2, scores


@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 1000))
def test_metrics_agree_with_scikit_learn(patterns, columns, seed):
    source = np.random.default_rng(seed)
    D, Y = source.normal(size=(2, patterns, columns)) * 10.0 ** source.integers(-3, 4, size=columns)
    # 1e-10: sums in another order, and 1 - (nearly 1) may cancel some digits.
    assert_allclose(mean_square_error(D, Y), mean_squared_error(D, Y, multioutput="raw_values"), rtol=1e-10)
    assert_allclose(r2(D, Y), r2_score(D, Y, multioutput="raw_values"), rtol=1e-10, atol=1e-10)


def test_metrics_by_hand():
    # d = 1, 2, 3; y = 1, 2, 5: squares 0, 0, 4; mean 4/3; SS_tot = 1 + 0 + 1 = 2; R2 = 1 - 4/2 = -1.
    assert mean_square_error([[1], [2], [3]], [[1], [2], [5]]).tolist() == [4 / 3]
    assert r2([[1], [2], [3]], [[1], [2], [5]]).tolist() == [-1]
    # The other way round: mean of y 8/3, SS_tot = (25 + 4 + 49) / 9 = 26/3, R2 = 1 - 4 / (26/3) = 14/26.
    assert_allclose(r2([[1], [2], [5]], [[1], [2], [3]]), [14 / 26], rtol=1e-14)


def test_r2_of_constant_targets_is_undefined_even_where_their_mean_rounds():
    # The mean of three 0.1 is 0.10000000000000002 in floating point: SS_tot is no exact zero.
    assert np.isnan(r2([[0.1]] * 3, [[0.1], [0.2], [0.3]])).all()
    assert np.isnan(r2([[5.0]], [[5.0]])).all()


def test_metrics_of_a_layer_are_in_the_units_before_scaling():
    D = np.array([[10.0, 0.2], [30.0, 0.1], [20.0, 0.4]])
    scaling = Scaling([10.0, 0.1], [0.05, 2.0])
    layer = LinearLayer.random(2, 2, seed=4)
    X = np.random.default_rng(0).normal(size=(3, 2))
    found = scores(layer, X, scaling.apply(D), scaling)
    Y = scaling.undo(layer.output(X))
    # 1e-12: rounding of the scaling and back.
    assert_allclose(found.mean_square_error, mean_squared_error(D, Y, multioutput="raw_values"), rtol=1e-12)
    assert_allclose(found.r2, r2_score(D, Y, multioutput="raw_values"), rtol=1e-12)
    assert_allclose(scores(layer, X, D).r2, r2(D, layer.output(X)), rtol=0)


@pytest.mark.parametrize(
    ("D", "Y", "message"),
    [
        ([[1.0]], [[1.0], [2.0]], "The predictions must have the shape of the targets, (1, 1). Got (2, 1)."),
        (np.empty((0, 2)), np.empty((0, 2)), "The targets must have at least one row (pattern). Got none."),
        ([[math.nan]], [[1.0]], "The targets must hold finite numbers only. Got nan in row 1, column 1."),
        ([[1.0]], 1.0, "The predictions must be a matrix"),
    ],
)
def test_metrics_refuse_what_does_not_fit(D, Y, message):
    for metric in (mean_square_error, r2):
        with pytest.raises(InputError) as caught:
            metric(D, Y)
        assert str(caught.value).startswith(message)


def test_huge_errors_are_infinite_without_a_warning():
    assert mean_square_error([[0.0], [1.0]], [[1e200], [1.0]]).tolist() == [math.inf]
    assert r2([[0.0], [1.0]], [[1e200], [1.0]]).tolist() == [-math.inf]


def test_scores_as_a_dictionary_have_none_where_r2_is_undefined():
    found = Scores(np.array([0.25, 2.0]), np.array([0.5, np.nan]))
    assert found.to_dict() == {"mean_square_error": [0.25, 2.0], "r2": [0.5, None]}


def test_many_equal_rows_of_float32_are_scored_as_one():
    targets, predicted = (np.tile(np.asarray(row, np.float32), (500_000, 1)) for row in ([[0.1, 3.0]], [[0.4, 2.0]]))
    one = (np.float64(np.float32(0.1)) - np.float64(np.float32(0.4))) ** 2
    np.testing.assert_allclose(mean_square_error(targets, predicted), [one, 1.0], rtol=1e-9)
    targets[::2] += 1
    np.testing.assert_allclose(r2(targets, predicted)[1], 1 - 2.5 / 0.25, rtol=1e-9)
