"""Sparse inputs give what dense ones give, to rounding, and are never made dense."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csc_array, csc_matrix, csr_array, csr_matrix, random_array
from sklearn.linear_model import LogisticRegression, Ridge

import deltarule as dr
from deltarule.errors import InputError

KINDS = [dr.SoftmaxClassifier, dr.LogisticClassifier, dr.LinearLayerRegressor, dr.PerceptronRegressor]


def words(patterns=150, inputs=30, density=0.15, classes=3, seed=0):
    """Counts of words, as in texts, and classes that depend on some of them."""
    rng = np.random.default_rng(seed)
    X = random_array((patterns, inputs), density=density, rng=rng, data_sampler=lambda size: rng.integers(1, 6, size))
    X = X.astype(np.float64).tocsr()
    U = X @ rng.normal(size=(inputs, classes)) / 3
    return X, (U + rng.gumbel(size=U.shape)).argmax(axis=1)


@pytest.mark.parametrize("form", [csr_array, csc_array, csr_matrix, csc_matrix])
@pytest.mark.parametrize("kind", KINDS)
def test_sparse_is_dense_to_rounding(kind, form):
    X, y = words()
    v = 1.0 + np.arange(150) % 3
    options = {"weight_decay": 1.0, "random_state": 0}
    sparse = kind(**options).fit(form(X), y, sample_weight=v)
    dense = kind(**options).fit(X.toarray(), y, sample_weight=v)
    assert sparse.optimum_.attained
    assert sparse.optimum_.cost == pytest.approx(dense.optimum_.cost, rel=1e-10)
    assert_allclose(sparse.layer_.weights, dense.layer_.weights, atol=1e-7)
    assert_allclose(sparse.predict(form(X)), dense.predict(X.toarray()), atol=1e-7)
    assert_allclose(sparse.predict(form(X)), sparse.predict(X.toarray()), atol=1e-12)


@pytest.mark.parametrize("fit_intercept", [False, True])
@pytest.mark.parametrize("kind", KINDS[:3])
def test_with_and_without_biases(kind, fit_intercept):
    X, y = words()
    sparse, dense = (kind(weight_decay=0.5, fit_intercept=fit_intercept).fit(Z, y) for Z in (X, X.toarray()))
    assert_allclose(sparse.coef_, dense.coef_, atol=1e-7)
    assert_allclose(sparse.intercept_, dense.intercept_, atol=1e-7)


@pytest.mark.parametrize("inputs", [500, 3000])
def test_with_more_inputs_than_patterns_it_is_scikit_learns_optimum(inputs):
    X, y = words(patterns=200, inputs=inputs, density=0.02)
    ours = dr.SoftmaxClassifier().fit(X, y)
    theirs = LogisticRegression(tol=1e-10, max_iter=10_000).fit(X, y)
    assert ours.optimum_.attained
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


def test_ridge_of_sparse_inputs_is_scikit_learns():
    X, y = words(patterns=300, inputs=80)
    ours = dr.LinearLayerRegressor(weight_decay=2.0).fit(X, y)
    theirs = Ridge(alpha=2.0, solver="sparse_cg", tol=1e-13).fit(X, y)
    assert_allclose(ours.coef_[0], theirs.coef_, atol=1e-8)


def test_of_several_least_squares_that_of_least_norm_is_found():
    X, y = words(patterns=25, inputs=60)
    v = np.arange(25) % 3
    weighted = dr.LinearLayerRegressor(fit_intercept=False).fit(X, y, sample_weight=v)
    copied = dr.LinearLayerRegressor(fit_intercept=False).fit(X[np.repeat(np.arange(25), v)], np.repeat(y, v))
    assert_allclose(weighted.coef_, copied.coef_, atol=1e-7)
    lengths = np.sqrt(X.power(2).T @ v)
    used = lengths > 0
    rows = (np.sqrt(v)[:, None] * X.toarray())[:, used] / lengths[used]
    least = np.linalg.lstsq(rows, np.sqrt(v) * y)[0] / lengths[used]  # in units of columns of length 1
    assert_allclose(weighted.coef_[0][used], least, atol=1e-6)


def test_columns_of_zeros_and_of_any_unit_do_not_matter():
    X, y = words()
    units = np.full(31, 1.0)
    units[:3] = 1e-6, 1e6, 1e3
    wide = csr_array(np.column_stack([X.toarray(), np.zeros(150)]) * units)
    sparse = dr.LogisticClassifier().fit(wide, y)
    dense = dr.LogisticClassifier().fit(wide.toarray(), y)
    assert_allclose(sparse.predict_proba(wide), dense.predict_proba(wide.toarray()), atol=1e-8)


def test_they_are_never_made_dense(monkeypatch):
    X, y = words(patterns=60, inputs=4000, density=0.005)  # a diagonal preconditioner

    def no(*_args, **_kwargs):
        raise AssertionError("made dense")

    for kind in (csr_array, csc_array, csr_matrix):
        monkeypatch.setattr(kind, "toarray", no)
        monkeypatch.setattr(kind, "todense", no)
    model = dr.SoftmaxClassifier().fit(X, y)
    assert model.score(X, y) > 0.5


def test_folds_take_them_too():
    X, y = words()
    sparse, dense = (dr.SoftmaxClassifierCV(weight_decays=[10.0, 0.1], cv=3).fit(Z, y) for Z in (X, X.toarray()))
    assert_allclose(sparse.scores_, dense.scores_)
    assert_array_equal(sparse.predict(X), dense.predict(X.toarray()))


def test_float32_is_taken():
    X, y = words()
    single, double = (dr.SoftmaxClassifier().fit(X.astype(kind), y) for kind in (np.float32, np.float64))
    assert_allclose(single.coef_, double.coef_, atol=1e-6)


def test_without_decay_separable_classes_are_told():
    X, y = words(patterns=20, inputs=60)
    with pytest.warns(dr.SeparableWarning, match="separable"):
        dr.SoftmaxClassifier(weight_decay=0).fit(X, y)


@pytest.mark.parametrize("solver", ["exact", "descent"])
def test_what_needs_dense_inputs_says_so(solver):
    X, y = words()
    with pytest.raises(InputError, match="standardise must be left out for sparse inputs"):
        dr.SoftmaxClassifier(solver=solver, standardise=True).fit(X, y)


def test_sparse_inputs_too_large_to_ask_for_separability_need_decay():
    X = csr_array((np.ones(4), ([0, 1, 2, 3], [0, 1, 2, 3])), shape=(6000, 4000))
    with pytest.raises(dr.InputError, match="weight decay must be above 0 for sparse inputs of this size"):
        dr.SoftmaxClassifier(weight_decay=0).fit(X, np.arange(6000) % 2)


DESCENDING = [*KINDS, dr.PerceptronClassifier]


def descending(kind, **options):
    """An estimator that descends, without standardising, which sparse inputs do not allow."""
    solver = {} if kind is dr.PerceptronClassifier else {"solver": "descent"}
    return kind(**solver, **{"standardise": False, "epochs": 30, "tolerance": None, "random_state": 0, **options})


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore::deltarule.SeparableWarning")
@pytest.mark.parametrize("form", [csr_array, csc_matrix])
@pytest.mark.parametrize("kind", DESCENDING)
def test_descent_on_sparse_inputs_is_that_on_dense_ones(kind, form):
    X, y = words()
    v = 1.0 + np.arange(150) % 3
    exact = 2.0**-10  # so that no u of counts is 0 but for rounding
    for options in ({"batch_size": 16, "weight_decay": 0.5}, {"learning_rate": exact}):
        sparse = descending(kind, **options).fit(form(X), y, sample_weight=v)
        dense = descending(kind, **options).fit(X.toarray(), y, sample_weight=v)
        # The rate follows from the curvature, whose bound is found by another way for sparse inputs.
        assert_allclose(sparse.coef_, dense.coef_, rtol=1e-2 if "learning_rate" not in options else 1e-9, atol=1e-9)
        assert_allclose(
            sparse.intercept_, dense.intercept_, rtol=1e-2 if "learning_rate" not in options else 1e-9, atol=1e-9
        )
        assert_allclose(sparse.predict(form(X)), sparse.predict(X.toarray()), rtol=1e-12)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_early_stopping_validation_and_partial_fit_take_sparse_inputs():
    X, y = words()
    options = {"learning_rate": 0.01, "batch_size": 16, "early_stopping": True, "epochs": 200}
    sparse, dense = (descending(dr.SoftmaxClassifier, **options).fit(Z, y) for Z in (X, X.toarray()))
    assert_allclose(sparse.validation_curve_, dense.validation_curve_, rtol=1e-9)
    followed = descending(dr.SoftmaxClassifier, learning_rate=0.01).fit(X[:100], y[:100], X_val=X[100:], y_val=y[100:])
    assert len(followed.validation_curve_) == 31
    parts, whole = (dr.SoftmaxClassifier(learning_rate=0.01, random_state=0) for _ in range(2))
    for start in (0, 75):
        parts.partial_fit(X[start : start + 75], y[start : start + 75], classes=[0, 1, 2])
        whole.partial_fit(X[start : start + 75].toarray(), y[start : start + 75], classes=[0, 1, 2])
    assert_allclose(parts.coef_, whole.coef_, rtol=1e-9)


def test_an_epoch_more_of_standardised_inputs_needs_dense_ones():
    X, y = words()
    model = dr.SoftmaxClassifier(solver="descent", epochs=2, tolerance=None).fit(X.toarray(), y)
    with pytest.raises(InputError, match="be dense, as those of fit, which were standardised"):
        model.partial_fit(X, y)
