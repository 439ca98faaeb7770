"""What the estimators learn: the optimum that scikit-learn finds, the same by descent, and in any unit of the inputs."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_linnerud, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler

from deltarule import (
    Descent,
    InputError,
    LinearLayerRegressor,
    LogisticClassifier,
    PerceptronClassifier,
    PerceptronRegressor,
    SeparableWarning,
    SoftmaxClassifier,
    train,
)

# scikit-learn's Newton method at its tightest: its weights are right to about this.
TIGHT = {"solver": "newton-cholesky", "tol": 1e-13, "max_iter": 1000}


def standardised(load):
    X, y = load(return_X_y=True)
    return StandardScaler().fit_transform(X), y


def overlapping(seed=0, classes=3, patterns=200):
    """Classes that no layer tells apart, in columns of size 1."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, patterns)
    return rng.normal(size=(patterns, 4)) + 0.8 * np.eye(4)[y], y


# ---- The exact solver.


@pytest.mark.parametrize("decay", [0.01, 1.0, 100.0])
def test_softmax_finds_the_optimum_of_scikit_learns_multinomial_regression(decay):
    X, y = standardised(load_iris)
    ours = SoftmaxClassifier(weight_decay=decay).fit(X, y)
    theirs = LogisticRegression(C=1 / decay, **TIGHT).fit(X, y)
    assert ours.optimum_.attained
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-8)
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


def test_logistic_finds_that_of_two_classes():
    X, y = standardised(load_breast_cancer)
    ours, theirs = LogisticClassifier().fit(X, y), LogisticRegression(**TIGHT).fit(X, y)
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)
    assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-6)
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-8)
    assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-6)


def test_logistic_finds_that_of_one_against_the_rest():
    X, y = standardised(load_iris)
    ours, theirs = LogisticClassifier().fit(X, y), OneVsRestClassifier(LogisticRegression(**TIGHT)).fit(X, y)
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-8)
    assert_array_equal(ours.predict(X), theirs.predict(X))


def test_logistic_finds_that_of_several_answers_a_pattern():
    X, Y = make_multilabel_classification(n_samples=80, n_features=5, n_classes=4, random_state=0)
    ours, theirs = LogisticClassifier().fit(X, Y), OneVsRestClassifier(LogisticRegression(**TIGHT)).fit(X, Y)
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-8)
    assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("load", [load_diabetes, load_linnerud])
@pytest.mark.parametrize("decay", [0.0, 0.1, 10.0])
def test_linear_finds_least_squares_and_ridge(load, decay):
    X, y = load(return_X_y=True)
    theirs = (Ridge(alpha=decay, solver="svd") if decay else LinearRegression()).fit(X, y)
    ours = LinearLayerRegressor(weight_decay=decay).fit(X, y)
    assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-9)
    assert_allclose(ours.coef_.reshape(theirs.coef_.shape), theirs.coef_, rtol=1e-7)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), rel=1e-9)


@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_without_intercept_there_are_no_biases(kind):
    X, y = overlapping(classes=2)
    theirs = LogisticRegression(fit_intercept=False, C=2 if kind is SoftmaxClassifier else 1, **TIGHT).fit(X, y)
    ours = kind(fit_intercept=False).fit(X, y)
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-7)
    assert_array_equal(ours.intercept_, [0.0])


@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_without_decay_the_units_of_the_columns_do_not_matter(kind):
    X, y = overlapping()
    units = np.array([1e-6, 1.0, 1e3, 1e6])
    plain = kind(weight_decay=0).fit(X, y)
    scaled = kind(weight_decay=0).fit(X * units + 10 * units, y)
    assert_allclose(scaled.predict_proba(X * units + 10 * units), plain.predict_proba(X), atol=1e-8)


# ---- Descent.

KINDS = [SoftmaxClassifier, LogisticClassifier, LinearLayerRegressor]


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"])
@pytest.mark.parametrize("kind", KINDS)
def test_descent_comes_to_the_optimum_at_the_rate_of_the_bound(kind, reduction, standardise):
    X, y = overlapping()
    X = X * [1, 2, 3, 4] + 1 if standardise else X
    options = {"reduction": reduction, "weight_decay": 0.05, "standardise": standardise}
    exact = kind(**options).fit(X, y)
    near = kind(**options, solver="descent", tolerance=1e-13, epochs=20_000, engine="direct").fit(X, y)
    assert_allclose(near.coef_, exact.coef_, atol=2e-4)
    assert_allclose(near.intercept_, exact.intercept_, atol=2e-4)
    assert (np.diff(near.loss_curve_) <= 1e-12 * near.loss_curve_[0]).all()


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("batch_size", [1, 7])
@pytest.mark.parametrize("kind", [*KINDS, PerceptronRegressor])
def test_the_rate_of_the_bound_is_stable_in_mini_batches(kind, batch_size, reduction):
    X, y = overlapping()
    model = kind(
        solver="descent",
        batch_size=batch_size,
        reduction=reduction,
        epochs=30,
        tolerance=None,
        engine="direct",
        random_state=0,
    ).fit(X * 50, y)
    assert model.loss_curve_[-1] < model.loss_curve_[0]


def test_descent_learns_from_columns_of_any_unit():
    X, y = overlapping()
    units = np.array([1e-6, 1.0, 1e3, 1e6])
    plain = SoftmaxClassifier(solver="descent", engine="direct").fit(X, y)
    scaled = SoftmaxClassifier(solver="descent", engine="direct").fit(X * units + 10 * units, y)
    assert_allclose(scaled.predict_proba(X * units + 10 * units), plain.predict_proba(X), atol=1e-6)


def test_every_option_of_descent_reaches_it():
    X, y = overlapping()
    options = {
        "batch_size": 16, "reduction": "mean", "weight_decay": 0.01, "decay_biases": True, "momentum": 0.5, "nesterov": True,
        "schedule": {"kind": "step", "every": 3}, "order": "given", "tolerance": None, "epochs": 5, "learning_rate": 0.05,
    }  # fmt: skip
    model = SoftmaxClassifier(solver="descent", standardise=False, engine="direct", random_state=3, **options).fit(X, y)
    start = model.layer_.with_parameters(np.zeros((4, 3)), np.zeros(3))
    run = train(start, X, y, Descent(**options), engine="direct")
    assert_array_equal(model.layer_.weights, run.layer.weights)
    assert_array_equal(model.loss_curve_, run.history.cost)


def test_the_same_random_state_gives_the_same_model():
    X, y = overlapping()

    def weights(seed):
        return SoftmaxClassifier(
            solver="descent", batch_size=8, epochs=3, tolerance=None, random_state=seed, engine="direct"
        ).fit(X, y).coef_  # fmt: skip

    assert_array_equal(weights(1), weights(1))
    assert (weights(1) != weights(2)).any()


def test_too_few_epochs_are_told():
    X, y = overlapping()
    with pytest.warns(ConvergenceWarning, match="all epochs done.*Give more epochs"):
        SoftmaxClassifier(solver="descent", epochs=2, engine="direct").fit(X, y)


def test_divergence_is_told_with_its_remedy():
    X, y = overlapping()
    with pytest.warns(ConvergenceWarning, match="not finite.*converges below a learning rate of"):
        LinearLayerRegressor(solver="descent", learning_rate=10.0, engine="direct").fit(X, y)


# ---- Perceptrons.


def test_a_perceptron_regressor_scales_targets_into_the_range_less_the_margin():
    X = np.linspace(-1, 1, 9)[:, None]
    Y = np.column_stack([100 + 20 * X[:, 0], -5 * X[:, 0]])
    model = PerceptronRegressor(activation="tanh", target_margin=0.1, random_state=0).fit(X, Y)
    scaled = model.target_scaling_.apply(Y)
    assert_allclose(scaled.min(axis=0), [-0.8, -0.8])
    assert_allclose(scaled.max(axis=0), [0.8, 0.8])
    assert_allclose(model.predict(X), model.target_scaling_.undo(model.layer_.output(X)))
    assert model.score(X, Y) > 0.99


def test_a_perceptron_regressor_learns_what_a_sigmoid_layer_says():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = 7 + 3 * np.tanh(X @ [0.5, -1.0, 0.2] + 0.3)
    descent = {"solver": "descent", "epochs": 5000, "tolerance": 1e-10, "engine": "direct"}
    for options in ({}, descent):
        model = PerceptronRegressor(**options, random_state=0)
        assert model.fit(X, y).score(X, y) > 0.98


def test_rosenblatts_perceptron_makes_no_error_on_separable_classes():
    X, y = load_iris(return_X_y=True)
    model = PerceptronClassifier(random_state=0, engine="direct").fit(X, y == 0)
    assert model.score(X, y == 0) == 1
    assert model.loss_curve_[-1] == 0


def test_rosenblatts_perceptron_says_where_it_does_not_rest():
    X, y = overlapping()
    model = PerceptronClassifier(epochs=5, random_state=0, engine="direct")
    with pytest.warns(ConvergenceWarning, match="separability"):
        model.fit(X, y)


# ---- Costs without a minimum.


@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_separable_classes_without_decay_are_told_with_the_certificate(kind):
    X, y = load_iris(return_X_y=True)
    with pytest.warns(SeparableWarning, match="separable.*optimum_.separability.*weight_decay above 0"):
        model = kind(weight_decay=0).fit(X, y == 0)
    assert model.optimum_.separability.outcome.name == "SEPARABLE"
    assert model.score(X, y == 0) == 1
    assert_allclose(model.predict_proba(X).max(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_a_descent_that_separates_the_classes_without_decay_says_so(kind):
    X, y = load_iris(return_X_y=True)
    with pytest.warns(SeparableWarning, match="tells all classes apart.*weight_decay above 0"):
        kind(weight_decay=0, solver="descent", engine="direct").fit(X, y == 0)


def test_one_neuron_against_the_rest_that_cannot_answer_rightly_is_no_sign_of_separable_classes():
    X, y = load_iris(return_X_y=True)
    kept = (y != 1) | (np.arange(150) % 25 == 0)
    model = LogisticClassifier(weight_decay=0, solver="descent", epochs=20_000, tolerance=1e-5, engine="direct")
    model.fit(X[kept, :1], y[kept])
    assert model.run_.outcome.reason.name == "TOLERANCE_MET"


def test_quasi_separable_classes_without_decay_are_told():
    X, y = load_iris(return_X_y=True)
    with pytest.warns(SeparableWarning, match="quasi-separable"):
        model = SoftmaxClassifier(weight_decay=0).fit(X, y)
    others = y > 0
    alone = LogisticRegression(C=np.inf, **TIGHT).fit(X[others], y[others])
    assert_allclose(model.predict_proba(X[others])[:, 2], alone.predict_proba(X[others])[:, 1], atol=1e-3)


def test_an_answer_that_is_always_the_same_is_told():
    X, y = overlapping(classes=2)
    Y = np.column_stack([y, np.ones_like(y)])
    with pytest.warns(SeparableWarning, match="never|no pattern"):
        model = LogisticClassifier().fit(X, Y)
    alone = LogisticRegression(**TIGHT).fit(X, y)
    assert_allclose(model.predict_proba(X)[:, 0], alone.predict_proba(X)[:, 1], atol=1e-6)
    assert_allclose(model.predict_proba(X)[:, 1], 1, atol=1e-4)


@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_overlapping_classes_without_decay_are_not(kind):
    X, y = overlapping()
    assert kind(weight_decay=0).fit(X, y).optimum_.attained


def test_a_class_of_no_weight_is_refused_by_name():
    X, y = overlapping()
    with pytest.raises(InputError, match="none of class 2"):
        SoftmaxClassifier().fit(X, y, sample_weight=y != 2)


# ---- The way there, and what is not checked twice.


def test_the_exact_solver_says_its_steps_and_the_cost_after_each():
    X, y = standardised(load_iris)
    model = SoftmaxClassifier().fit(X, y)
    assert len(model.loss_curve_) == model.n_iter_ + 1
    assert model.loss_curve_[0] == pytest.approx(150 * np.log(3))
    assert model.loss_curve_[-1] == pytest.approx(model.optimum_.cost, rel=1e-12)
    assert (np.diff(model.loss_curve_) < 1e-9).all()


def test_least_squares_take_one_step():
    model = LinearLayerRegressor().fit(*standardised(load_diabetes))
    assert model.n_iter_ == len(model.loss_curve_) == 1
    assert model.loss_curve_[0] == pytest.approx(model.optimum_.cost)


def test_a_path_says_the_steps_of_each_decay():
    X, y = standardised(load_iris)
    decays, models = SoftmaxClassifier().fit_path(X, y, weight_decays=[1.0, 10.0])
    for decay, model in zip(decays, models, strict=True):
        alone = SoftmaxClassifier(weight_decay=decay).fit(X, y)
        assert model.loss_curve_[-1] == pytest.approx(alone.loss_curve_[-1], rel=1e-12)
        assert model.n_iter_ == len(model.loss_curve_) - 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("labels", [lambda y: y, lambda y: y > 0, lambda y: np.array(["a", "b", "c"])[y]])
def test_arrays_and_the_same_as_lists_lead_to_the_same_layer(dtype, labels):
    X, y = standardised(load_iris)
    X, y = X.astype(dtype), labels(y)
    of_arrays = SoftmaxClassifier().fit(X, y)
    of_lists = SoftmaxClassifier().fit(X.tolist(), y.tolist())
    assert_allclose(of_arrays.coef_, of_lists.coef_, rtol=1e-9, atol=1e-12)
    assert of_arrays.n_features_in_ == of_lists.n_features_in_ == 4


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("model", [SoftmaxClassifier(), LinearLayerRegressor()])
def test_an_array_with_a_number_that_is_not_finite_is_refused(model, wrong):
    X, y = standardised(load_iris)
    X[7, 2] = wrong
    with pytest.raises(ValueError, match="X contains"):
        model.fit(X, y)


def test_targets_that_are_not_finite_and_arrays_of_other_lengths_are_refused():
    X, y = standardised(load_diabetes)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LinearLayerRegressor().fit(X, y[:-1])
    y[3] = np.nan
    with pytest.raises(ValueError, match="y contains NaN"):
        LinearLayerRegressor().fit(X, y)


def test_a_fit_to_an_array_forgets_the_names_of_a_frame():
    pandas = pytest.importorskip("pandas")
    X, y = standardised(load_iris)
    model = SoftmaxClassifier().fit(pandas.DataFrame(X, columns=list("abcd")), y)
    assert list(model.feature_names_in_) == list("abcd")
    assert not hasattr(model.fit(X, y), "feature_names_in_")


def test_as_many_classes_as_half_the_patterns_look_like_numbers_to_predict():
    X = np.arange(30.0)[:, None]
    with pytest.warns(UserWarning, match="could represent a regression problem"):
        SoftmaxClassifier().fit(X, np.arange(30) // 2 * 2 + (np.arange(30) > 20))


@pytest.mark.parametrize("solver", ["exact", "descent"])
@pytest.mark.parametrize("make", [SoftmaxClassifier, LogisticClassifier, LinearLayerRegressor, PerceptronRegressor])
def test_a_constant_column_has_a_weight_of_0(make, solver):
    X, y = overlapping()
    X = np.column_stack([X, np.full(len(X), 5.0)])
    targets = X[:, 0] if make in (LinearLayerRegressor, PerceptronRegressor) else y
    options = {"solver": solver, "standardise": True, "weight_decay": 1e-3, "random_state": 0}
    options |= (
        {"epochs": 300, "learning_rate": 0.1, "reduction": "mean", "tolerance": None} if solver == "descent" else {}
    )
    model = make(**options).fit(X, targets)
    assert_allclose(model.layer_.weights[-1], 0, atol=1e-12)
    changed = X.copy()
    changed[:, -1] = 60.0
    assert_allclose(model.predict(changed) if targets is not y else model.predict_proba(changed),
                    model.predict(X) if targets is not y else model.predict_proba(X), rtol=1e-9)  # fmt: skip


@pytest.mark.parametrize("make", [SoftmaxClassifier, LinearLayerRegressor])
def test_a_column_whose_spread_float64_cannot_square_is_refused(make):
    X, y = overlapping()
    with pytest.raises(InputError, match=r"column 2, whose spread is .*e-170\. Give the column in another unit"):
        make(standardise=True).fit(X * [1, 1e-170, 1, 1], y)
