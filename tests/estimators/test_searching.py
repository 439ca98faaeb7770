"""Weight decays chosen by folds: as GridSearchCV chooses them, in one pass."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes, load_iris, load_linnerud
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, TimeSeriesSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import deltarule as dr

DECAYS = [100.0, 1.0, 0.01]
PAIRS = [
    (dr.SoftmaxClassifierCV, dr.SoftmaxClassifier, load_iris),
    (dr.LogisticClassifierCV, dr.LogisticClassifier, load_iris),
    (dr.LinearLayerRegressorCV, dr.LinearLayerRegressor, load_diabetes),
    (dr.LinearLayerRegressorCV, dr.LinearLayerRegressor, load_linnerud),
]


@pytest.mark.parametrize(("search", "kind", "load"), PAIRS)
@pytest.mark.parametrize("cv", [None, 3, KFold(4, shuffle=True, random_state=0)], ids=str)
def test_the_scores_are_those_of_a_grid_search(search, kind, load, cv):
    X, y = load(return_X_y=True)
    found = search(weight_decays=DECAYS, cv=cv).fit(X, y)
    grid = GridSearchCV(kind(), {"weight_decay": DECAYS}, cv=cv).fit(X, y)
    assert_array_equal(found.weight_decays_, DECAYS)
    assert_allclose(found.scores_.mean(axis=0), grid.cv_results_["mean_test_score"], rtol=1e-8)
    assert found.weight_decay_ == grid.best_params_["weight_decay"]
    assert_allclose(found.coef_, grid.best_estimator_.coef_, rtol=1e-6, atol=1e-9)
    assert_array_equal(found.predict(X), grid.predict(X))


def test_any_scorer_of_scikit_learn_chooses():
    X, y = load_iris(return_X_y=True)
    found = dr.SoftmaxClassifierCV(weight_decays=DECAYS, cv=3, scoring="neg_log_loss").fit(X, y)
    for place, decay in enumerate(DECAYS):
        theirs = LogisticRegression(C=1 / decay, solver="newton-cholesky", tol=1e-12)
        scores = cross_val_score(theirs, X, y, cv=3, scoring="neg_log_loss")
        assert_allclose(found.scores_[:, place], scores, atol=1e-6)


def test_ridge_is_chosen_as_by_scikit_learn():
    X, y = load_diabetes(return_X_y=True)
    found = dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=5).fit(X, y)
    grid = GridSearchCV(Ridge(solver="svd"), {"alpha": DECAYS}, cv=5).fit(X, y)
    assert found.weight_decay_ == grid.best_params_["alpha"]
    assert found.score(X, y) == pytest.approx(grid.score(X, y))


def test_groups_stay_together():
    X, y = load_diabetes(return_X_y=True)
    groups = np.arange(len(X)) % 7
    found = dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=GroupKFold(7)).fit(X, y, groups=groups)
    grid = GridSearchCV(dr.LinearLayerRegressor(), {"weight_decay": DECAYS}, cv=GroupKFold(7)).fit(X, y, groups=groups)
    assert_allclose(found.scores_.mean(axis=0), grid.cv_results_["mean_test_score"])


def test_times_are_split_in_their_order():
    X, y = load_diabetes(return_X_y=True)
    found = dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=TimeSeriesSplit(4)).fit(X, y)
    grid = GridSearchCV(dr.LinearLayerRegressor(), {"weight_decay": DECAYS}, cv=TimeSeriesSplit(4)).fit(X, y)
    assert_allclose(found.scores_.mean(axis=0), grid.cv_results_["mean_test_score"])


def test_what_standardises_is_fitted_inside_each_fold():
    X, y = load_iris(return_X_y=True)
    X = X * [1, 10, 100, 1000]
    found = dr.SoftmaxClassifierCV(weight_decays=DECAYS, cv=3, scoring="neg_log_loss", standardise=True).fit(X, y)
    pipeline = make_pipeline(StandardScaler(), dr.SoftmaxClassifier())
    grid = GridSearchCV(pipeline, {"softmaxclassifier__weight_decay": DECAYS}, cv=3, scoring="neg_log_loss").fit(X, y)
    assert_allclose(found.scores_.mean(axis=0), grid.cv_results_["mean_test_score"], rtol=1e-7)
    assert_allclose(found.predict_proba(X), grid.predict_proba(X), atol=1e-8)


def test_weights_of_patterns_count_in_the_scores_too():
    X, y = load_diabetes(return_X_y=True)
    v = 1.0 + np.arange(len(X)) % 2
    folds = [(np.arange(0, 300), np.arange(300, 442)), (np.arange(142, 442), np.arange(0, 142))]
    found = dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=folds).fit(X, y, sample_weight=v)
    for row, (rows, others) in enumerate(folds):
        for place, decay in enumerate(DECAYS):
            theirs = Ridge(alpha=decay, solver="svd").fit(X[rows], y[rows], v[rows])
            assert found.scores_[row, place] == pytest.approx(theirs.score(X[others], y[others], v[others]))


@pytest.mark.parametrize("standardise", [False, True])
def test_the_models_of_a_path_are_those_of_their_decays(standardise):
    X, y = load_iris(return_X_y=True)
    decays, models = dr.SoftmaxClassifier(standardise=standardise).fit_path(X, y, weight_decays=[0.1, 10.0])
    for decay, model in zip(decays, models, strict=True):
        alone = dr.SoftmaxClassifier(weight_decay=decay, standardise=standardise).fit(X, y)
        assert_allclose(model.predict_proba(X), alone.predict_proba(X), atol=1e-9)
        assert model.weight_decay == decay
