"""The estimators among scikit-learn's tools, and its arguments: weights, batches, warm starts, validation, names, searches."""

import io

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

from deltarule import (
    Descent,
    InputError,
    LinearLayerRegressor,
    LogisticClassifier,
    PerceptronClassifier,
    PerceptronRegressor,
    SoftmaxClassifier,
    SoftmaxClassifierCV,
    train,
)

KINDS = [SoftmaxClassifier, LogisticClassifier, LinearLayerRegressor, PerceptronRegressor]
CLASSIFIERS = [SoftmaxClassifier, LogisticClassifier, PerceptronClassifier]
# Descent as it stands in `deltarule.Descent`: full batches of inputs as they are, for so many epochs.
PLAIN = {
    "solver": "descent",
    "standardise": False,
    "tolerance": None,
    "learning_rate": 0.001,
    "engine": "direct",
    "random_state": 0,
}


def patterns(count=120, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, count)
    return rng.normal(size=(count, 4)) + 0.8 * np.eye(4)[y], y


# ---- Weights.


@pytest.mark.parametrize("kind", KINDS)
def test_a_weight_of_two_counts_as_two_copies(kind):
    X, y = patterns()
    v = np.arange(len(X)) % 3
    weighted = kind(random_state=0).fit(X, y, sample_weight=v)
    copied = kind(random_state=0).fit(np.repeat(X, v, axis=0), np.repeat(y, v))
    assert_allclose(weighted.layer_.weights, copied.layer_.weights, atol=1e-7)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # of the perceptron, after 3 epochs
@pytest.mark.parametrize("kind", CLASSIFIERS)
@pytest.mark.parametrize("class_weight", ["balanced", {0: 2.0, 1: 0.5, 2: 1.0}])
def test_the_weight_of_a_class_is_that_of_its_patterns(kind, class_weight):
    X, y = patterns()
    options = {"random_state": 0} | ({"epochs": 3, "engine": "direct"} if kind is PerceptronClassifier else {})
    by_class = kind(class_weight=class_weight, **options).fit(X, y)
    by_pattern = kind(**options).fit(X, y, sample_weight=compute_sample_weight(class_weight, y))
    assert_allclose(by_class.layer_.weights, by_pattern.layer_.weights, rtol=1e-9)


def test_balanced_classes_have_the_same_sum_of_weights_beside_those_of_patterns():
    X, y = patterns()
    v = np.where(y == 0, 5.0, 1.0)
    total, each = v.sum(), np.bincount(y, v)
    balanced = SoftmaxClassifier(class_weight="balanced").fit(X, y, sample_weight=v)
    by_hand = SoftmaxClassifier().fit(X, y, sample_weight=v * (total / (3 * each))[y])
    assert_allclose(balanced.coef_, by_hand.coef_, rtol=1e-9)


def test_the_weights_of_classes_and_several_answers_do_not_go_together():
    with pytest.raises(InputError, match="class_weight"):
        LogisticClassifier(class_weight="balanced").fit([[0.0], [1.0]], [[0, 1], [1, 0]])


# ---- Batches that come one by one, and fits that go on.


def test_parts_of_one_epoch_each_make_the_same_run():
    X, y = patterns()
    model = SoftmaxClassifier(**PLAIN)
    for _ in range(5):
        model.partial_fit(X, y, classes=[0, 1, 2])
    start = model.layer_.with_parameters(np.zeros((4, 3)), np.zeros(3))
    whole = train(start, X, y, Descent(0.001, 5, weight_decay=1.0), engine="direct")
    assert_allclose(model.layer_.weights, whole.layer.weights, rtol=1e-12)


def test_a_class_may_come_in_a_later_batch():
    X, y = patterns()
    model = LogisticClassifier(solver="descent", engine="direct")
    for _ in range(30):
        for k in range(3):
            model.partial_fit(X[y == k], y[y == k], classes=[0, 1, 2] if not hasattr(model, "layer_") else None)
    assert set(model.predict(X)) == {0, 1, 2}


def test_the_first_batch_must_name_the_classes():
    with pytest.raises(InputError, match="classes must be given in the first call"):
        SoftmaxClassifier().partial_fit([[0.0]], [0])


def test_a_label_of_no_class_is_named():
    model = SoftmaxClassifier(engine="direct").partial_fit([[0.0], [1.0]], [0, 1], classes=[0, 1])
    with pytest.raises(InputError, match="among the classes"):
        model.partial_fit([[0.0]], [7])


@pytest.mark.parametrize("kind", [LinearLayerRegressor, PerceptronRegressor])
def test_regressors_learn_from_batches(kind):
    X, _ = patterns()
    y = X @ [1.0, -0.5, 0.2, 0.0]
    model = kind(random_state=0, engine="direct")
    for _ in range(80):
        model.partial_fit(X, y)
    assert model.score(X, y) > 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_two_warm_fits_make_one_of_twice_as_many_epochs(kind):
    X, y = patterns()
    once, twice = kind(**PLAIN, epochs=10), kind(**PLAIN, epochs=5, warm_start=True)
    assert_allclose(twice.fit(X, y).fit(X, y).layer_.weights, once.fit(X, y).layer_.weights, rtol=1e-9)


def test_a_warm_start_keeps_its_place_in_standardised_units():
    X, y = patterns()
    X = X * [1, 10, 100, 1000] + 5
    options = PLAIN | {"standardise": True}
    once, twice = SoftmaxClassifier(**options, epochs=10), SoftmaxClassifier(**options, epochs=5, warm_start=True)
    assert_allclose(twice.fit(X, y).fit(X, y).layer_.weights, once.fit(X, y).layer_.weights, rtol=1e-9)


def test_a_warm_start_with_other_classes_is_refused():
    X, y = patterns()
    model = SoftmaxClassifier(warm_start=True).fit(X, y)
    with pytest.raises(InputError, match="warm start"):
        model.fit(X[y < 2], y[y < 2])


# ---- Validation.


def test_early_stopping_keeps_the_best_layer_on_the_users_validation_set():
    X, y = patterns()
    V, t = patterns(seed=1)
    model = SoftmaxClassifier(**PLAIN | {"learning_rate": 0.05, "weight_decay": 0.0}, epochs=300, early_stopping=True)
    model.fit(X, y, X_val=V, y_val=t)
    assert model.n_iter_ == model.validation_curve_.argmin()
    assert model.validation_curve_[-1] == pytest.approx(model.layer_.cost(V, t))
    assert len(model.loss_curve_) == len(model.validation_curve_)


def test_a_validation_set_without_early_stopping_is_only_followed():
    X, y = patterns()
    V, t = patterns(seed=1)
    model = SoftmaxClassifier(**PLAIN, epochs=7).fit(X, y, X_val=V, y_val=t)
    assert (model.n_iter_, len(model.validation_curve_)) == (7, 8)


@pytest.mark.parametrize("kind", [*KINDS, PerceptronClassifier])
def test_early_stopping_sets_a_share_of_the_patterns_apart(kind):
    X, y = patterns()
    options = {"early_stopping": True, "validation_fraction": 0.25, "epochs": 50, "engine": "direct", "random_state": 0}
    model = kind(**options) if kind is PerceptronClassifier else kind(solver="descent", **options)
    model.fit(X, y, sample_weight=np.ones(len(X)))
    assert (model.run_.history.patterns, model.run_.history.validation_patterns) == (90, 30)


@pytest.mark.parametrize(
    ("options", "fit", "message"),
    [
        ({"early_stopping": True}, {}, "early_stopping must be left out for the exact solver"),
        ({}, {"X_val": [[0.0]], "y_val": [0]}, "X_val must be left out for the exact solver"),
        ({"solver": "descent"}, {"X_val": [[0.0]]}, "Give both X_val and y_val"),
        ({"solver": "descent", "patience": 3}, {}, "Give early_stopping=True, or X_val"),
        ({"solver": "lbfgs"}, {}, "solver must be one of exact, descent"),
        ({"weight_decay": -1}, {}, "weight decay must be a finite number of at least 0"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_remedy(options, fit, message):
    with pytest.raises(InputError, match=message):
        SoftmaxClassifier(**options).fit([[0.0], [1.0]], [0, 1], **fit)


def test_verbose_calls_a_function_with_epochs_and_costs():
    X, y = patterns()
    calls = []
    SoftmaxClassifier(**PLAIN, epochs=5, verbose=lambda epochs, cost: calls.append((epochs, cost))).fit(X, y)
    assert calls[-1][0] == 5


# ---- Names of columns, pipelines, searches.


def test_columns_keep_their_names():
    X, y = load_iris(return_X_y=True, as_frame=True)
    model = SoftmaxClassifier().fit(X, y)
    assert model.feature_names_in_.tolist() == X.columns.tolist() == list(model.layer_.input_names)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(X[X.columns[::-1]])


def test_in_a_pipeline_whose_output_is_set_names_arrive():
    X, y = load_iris(return_X_y=True, as_frame=True)
    pipeline = make_pipeline(StandardScaler(), SoftmaxClassifier()).set_output(transform="pandas").fit(X, y)
    assert pipeline[-1].feature_names_in_.tolist() == X.columns.tolist()
    assert pipeline.score(X, y) > 0.95


def test_a_grid_search_chooses_a_weight_decay():
    X, y = load_iris(return_X_y=True)
    search = GridSearchCV(SoftmaxClassifier(), {"weight_decay": [1e4, 1.0, 1e-2]}, cv=3).fit(X, y)
    assert search.best_params_["weight_decay"] < 1e4
    assert search.best_score_ > 0.95


@pytest.mark.slow
def test_searches_in_several_processes_give_the_same():
    X, y = load_iris(return_X_y=True)
    alone, two = (cross_validate(SoftmaxClassifier(), X, y, cv=3, n_jobs=n)["test_score"] for n in (None, 2))
    assert_array_equal(alone, two)


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
@pytest.mark.parametrize("kind", [SoftmaxClassifier, LogisticClassifier])
def test_classifiers_can_be_calibrated(kind, method):
    X, y = patterns()
    proba = CalibratedClassifierCV(kind(), method=method, cv=3).fit(X, y).predict_proba(X)
    assert_allclose(proba.sum(axis=1), 1)


def test_weights_are_routed_to_fit_and_score():
    X, y = load_iris(return_X_y=True)
    v = np.where(y == 0, 0.1, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        model = SoftmaxClassifier().set_fit_request(sample_weight=True).set_score_request(sample_weight=False)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), model).fit(
            X, y, sample_weight=v
        )
    by_hand = SoftmaxClassifier().fit(StandardScaler().fit_transform(X), y, sample_weight=v)
    assert_array_equal(pipeline[-1].coef_, by_hand.coef_)


@pytest.mark.parametrize("kind", [*KINDS, PerceptronClassifier])
def test_a_model_comes_back_from_joblib(kind):
    X, y = load_iris(return_X_y=True)
    model = kind(random_state=0).fit(X, y == 0)
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    back = joblib.load(file)
    assert_array_equal(back.predict(X), model.predict(X))
    assert back.get_params() == model.get_params()


# ---- Labels and shapes of any kind.


@pytest.mark.parametrize(
    "labels", [np.array(["b", "a", "c"]), np.array([7, -1, 3], dtype=np.int32), np.array(["x", "y", "z"], dtype=object)]
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # of the perceptron
@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_predictions_have_the_type_of_the_labels(kind, labels):
    X, y = patterns()
    model = kind().fit(X, labels[y])
    assert model.predict(X).dtype == labels.dtype
    assert model.classes_.tolist() == sorted(labels)
    assert list(model.layer_.classes) == sorted(labels.tolist())


def test_missing_labels_of_pandas_are_refused():
    with pytest.raises(ValueError, match=r"NaN|missing|NA"):
        SoftmaxClassifier().fit([[0.0], [1.0], [2.0]], pd.Series(["a", None, "b"]))


@pytest.mark.parametrize("kind", [*CLASSIFIERS, SoftmaxClassifierCV])
@pytest.mark.parametrize(
    ("other", "message"),
    [(None, "no label missing. Got None in row 2"), (3, "texts only, or numbers only. Got int and str")],
)
def test_a_label_that_cannot_be_sorted_is_named(kind, other, message):
    with pytest.raises(InputError, match=f"targets must (have|be) {message}"):
        kind().fit([[0.0], [1.0], [2.0], [3.0]], np.array(["a", other, "b", "a"], dtype=object))


def test_a_class_that_cannot_be_sorted_is_named():
    with pytest.raises(InputError, match=r"classes must have no label missing\. Got None in place 2"):
        SoftmaxClassifier().partial_fit([[0.0], [1.0]], ["a", "b"], classes=["a", None, "b"])


@pytest.mark.parametrize("activation", ["step", "sign", "relu", None])
def test_a_perceptron_regressor_takes_smooth_activations_alone(activation):
    with pytest.raises(InputError, match="activation must be one of sigmoid, tanh"):
        PerceptronRegressor(activation=activation).fit([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0])


OF_DESCENT = {
    "learning_rate": 0.1, "epochs": 7, "batch_size": 2, "momentum": 0.5, "nesterov": True, "schedule": {"kind": "cosine"},
    "order": "given", "tolerance": None, "early_stopping": True, "validation_fraction": 0.5, "patience": 3,
    "monitor": "accuracy", "min_change": 0.1, "engine": "fast",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", OF_DESCENT)
def test_the_exact_solver_refuses_what_only_descent_depends_on(kind, name):
    X, y = patterns()
    message = rf'{name} must be left out for the exact solver.*solver="descent"'
    with pytest.raises(InputError, match=message):
        kind(**{name: OF_DESCENT[name]}).fit(X, y)
    with pytest.raises(InputError, match=message):
        kind(**{name: OF_DESCENT[name]}).fit_path(X, y, weight_decays=[1.0])


def test_defaults_that_are_given_are_no_options_of_descent():
    X, y = patterns()
    given = SoftmaxClassifier(epochs=np.int64(1000), momentum=0, tolerance=np.float64(1e-7), schedule="constant")
    assert_array_equal(given.fit(X, y).coef_, SoftmaxClassifier().fit(X, y).coef_)


@pytest.mark.parametrize("solver", ["exact", "descent"])
@pytest.mark.parametrize("name", ["standardise", "decay_biases", "fit_intercept", "warm_start", "verbose"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_neither_true_nor_false_is_refused_by_both_solvers(kind, name, solver):
    X, y = patterns()
    with pytest.raises(InputError, match=f"{name} must be True or False. Got 'no'"):
        kind(solver=solver, **{name: "no"}).fit(X, y)


@pytest.mark.parametrize("name", ["monitor", "min_change", "validation_fraction"])
@pytest.mark.parametrize("kind", [SoftmaxClassifier, PerceptronClassifier])
def test_an_option_of_early_stopping_is_refused_without_it(kind, name):
    X, y = patterns()
    options = {} if kind is PerceptronClassifier else {"solver": "descent"}
    with pytest.raises(InputError, match=f"{name} must go with early stopping"):
        kind(**options, **{name: OF_DESCENT[name]}).fit(X, y)


def test_a_search_over_solvers_and_rates_takes_one_grid_for_each_solver():
    X, y = patterns()
    grids = [{"solver": ["exact"]}, {"solver": ["descent"], "learning_rate": [1e-12, 2e-12], "tolerance": [None]}]
    found = GridSearchCV(SoftmaxClassifier(epochs=1000, engine="compiled"), grids, cv=2, error_score="raise").fit(X, y)
    assert found.best_params_ == {"solver": "exact"}


def test_float32_inputs_are_trained_as_such():
    X, y = patterns()
    model = SoftmaxClassifier(**PLAIN, epochs=3).fit(X.astype(np.float32), y)
    assert model.layer_.weights.dtype == np.float32


# ---- Bad input.


@pytest.mark.parametrize("kind", [*KINDS, PerceptronClassifier])
def test_masked_entries_are_refused(kind):
    X, y = patterns()
    mask = np.arange(120) == 3
    with pytest.raises(InputError, match="inputs must have no entry masked"):
        kind().fit(np.ma.array(X, mask=np.repeat(mask[:, None], 4, axis=1)), y)
    with pytest.raises(InputError, match="targets must have no entry masked"):
        kind().fit(X, np.ma.array(y, mask=mask))


@pytest.mark.parametrize(
    ("V", "t", "message"),
    [
        ([[0.0, 1.0]], [0], "validation set must be like the training set.*2 features"),
        ([[0.0, 1.0, np.nan, 0.0]], [0], "validation set must be like the training set.*NaN"),
        ([[0.0, 1.0, 2.0, 0.0]], [7], "validation set's targets must be among the classes"),
    ],
)
def test_an_error_about_the_validation_set_says_so(V, t, message):
    X, y = patterns()
    with pytest.raises(InputError, match=f"(?s){message}"):
        SoftmaxClassifier(**PLAIN).fit(X, y, X_val=V, y_val=t)


def test_missing_values_of_nullable_columns_are_refused():
    frame = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64"), "b": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match=r"NaN|NA"):
        SoftmaxClassifier().fit(frame, ["x", "y", "x"])
