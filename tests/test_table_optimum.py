"""A table is fitted exactly: the layer stands at the least cost, with its certificate, and what only a descent has is refused."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

import deltarule as dr
from deltarule.data import split
from deltarule.fitting import Columns, Preparation, fit_table
from deltarule.tables.sources import source_of_frame
from samples import refused

DECAY = 0.02


def iris(classes=3):
    frame = load_iris(as_frame=True).frame
    frame["species"] = frame.pop("target").map({0: "setosa", 1: "versicolor", 2: "virginica"})
    return frame[frame["species"].isin(["versicolor", "virginica"])] if classes == 2 else frame


def fitted(frame, target, kind=None, preparation=None, *, biases=True, activation=None, **descent):
    return fit_table(
        source_of_frame("table", frame),
        Columns((target,)),
        preparation or Preparation(),
        kind,
        descent=descent,
        biases=biases,
        activation=activation,
        solver="exact",
    )


@pytest.mark.parametrize("kind", ["softmax", "logistic"])
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_layers_with_classes_stand_where_scikit_learn_ends(kind, biases, reduction):
    frame = iris(classes=3 if kind == "softmax" else 2)
    fit = fitted(frame, "species", kind, biases=biases, reduction=reduction, weight_decay=DECAY)
    X = StandardScaler().fit_transform(frame.drop(columns="species"))
    C = 1 / (DECAY * (len(X) if reduction == "mean" else 1))
    expected = LogisticRegression(C=C, fit_intercept=biases, tol=1e-12, max_iter=10_000).fit(X, frame["species"])
    assert_allclose(fit.model.layer.weights.T, expected.coef_, atol=1e-4)
    assert_allclose(fit.model.probabilities(frame), expected.predict_proba(X), atol=1e-5)
    assert fit.model.exact.attained
    assert fit.model.run is None


def test_a_linear_layer_stands_at_the_ridge_regression_of_a_table():
    frame = load_diabetes(as_frame=True).frame
    fit = fitted(frame, "target", "linear", weight_decay=DECAY)
    X, y = StandardScaler().fit_transform(frame.drop(columns="target")), frame["target"]
    # J is the mean of e^2 plus L/2 sum W^2; what Ridge minimises is P times that.
    expected = Ridge(alpha=DECAY / 2 * len(X), tol=1e-12).fit(X, y)
    assert_allclose(fit.model.layer.weights[:, 0], expected.coef_, rtol=1e-8)
    assert_allclose(fit.model.layer.biases[0], expected.intercept_, rtol=1e-10)


def test_a_perceptron_layer_stands_at_a_local_minimum_and_says_so():
    fit = fitted(load_diabetes(as_frame=True).frame, "target", "perceptron", weight_decay=DECAY)
    layer = fit.model.layer
    X, D = fit.training[0], fit.model.target_scaling.apply(fit.training[1])
    after = dr.train(layer, X, D, dr.Descent(1.0, 1, None, "mean", DECAY), "direct").layer  # a step by the gradient
    assert_allclose(after.weights, layer.weights, atol=1e-12)
    assert_allclose(after.biases, layer.biases, atol=1e-12)
    assert fit.model.exact.outcome == "local_minimum"


def test_the_certificate_is_that_of_the_optimum():
    frame = iris()
    fit = fitted(frame, "species", weight_decay=DECAY)
    found = dr.optimum(
        dr.SoftmaxLayer.random(4, ["setosa", "versicolor", "virginica"]),
        StandardScaler().fit_transform(frame.drop(columns="species")),
        frame["species"],
        dr.Descent(1.0, 1, reduction="mean", weight_decay=DECAY),
    )
    kept = fit.model.exact
    assert_allclose(kept.cost, found.cost, rtol=1e-12)
    assert (kept.outcome, kept.attained, kept.patterns) == ("minimum", True, 150)
    assert kept.excess < 1e-12
    assert_allclose(kept.costs[-1], found.cost, rtol=1e-12)
    assert kept.message.startswith("The minimum: cost 0.")


def test_separable_classes_give_a_layer_near_the_limit_and_a_remark():
    frame = iris()[["petal length (cm)", "species"]].iloc[:100]
    fit = fitted(frame, "species")
    assert (fit.model.exact.outcome, fit.model.exact.attained, fit.model.exact.cost) == ("separable", False, 0.0)
    assert (fit.model.predict(frame) == frame["species"]).all()
    assert any("With --weight-decay 0.001" in remark for remark in fit.remarks)


def test_the_test_rows_do_not_matter():
    frame = iris()
    fit = fitted(frame, "species", preparation=Preparation(test=50, seed=1), weight_decay=DECAY)
    alone = fitted(frame.iloc[split(150, 50, 1)[0]], "species", weight_decay=DECAY)
    assert_allclose(fit.model.layer.weights, alone.model.layer.weights, atol=1e-9)
    assert fit.model.exact.patterns == 100


def test_the_layer_is_float64_where_the_columns_are_float32():
    frame = iris()
    frame = frame.astype({name: np.float32 for name in frame if name != "species"})
    fit = fitted(frame, "species", weight_decay=DECAY)
    assert fit.model.layer.dtype == fit.training[0].dtype == np.float64
    assert not any("float32" in remark for remark in fit.remarks)


OF_DESCENT = {
    "learning_rate": 0.1, "epochs": 5, "batch_size": 4, "momentum": 0.5, "nesterov": True, "schedule": "cosine",
    "tolerance": 1e-3, "patience": 3, "monitor": "cost", "min_change": 0.1, "order": "given",
}  # fmt: skip


@pytest.mark.parametrize("name", OF_DESCENT)
def test_options_of_a_descent_are_refused_by_the_exact_solver(name):
    with pytest.raises(dr.InputError, match="left out with the exact solver") as caught:
        fitted(iris(), "species", **{name: OF_DESCENT[name]})
    assert (caught.value.name, caught.value.got) == (name, repr(OF_DESCENT[name]))


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ({"engine": "direct"}, "'direct'"),
        ({"record_every": 2}, "2"),
        ({"log": dr.logs.TensorBoardLog("runs/1")}, "TensorBoardLog('runs/1')"),
        ({"log": dr.logs.MLflowLog(experiment="first")}, "MLflowLog(experiment='first')"),
    ],
)
def test_what_only_a_descent_has_is_refused_by_the_exact_solver(given, got):
    source = source_of_frame("table", iris())
    with refused(next(iter(given)), "left out with the exact solver", got, "--solver descent"):
        fit_table(source, Columns(("species",)), Preparation(), descent={}, solver="exact", **given)


def test_a_layer_without_a_cost_of_its_own_is_refused():
    with pytest.raises(dr.InputError, match="have a cost with a minimum of its own"):
        fitted(iris(2), "species", "perceptron", activation="step")


def test_another_solver_is_refused():
    source = source_of_frame("table", pd.DataFrame({"x": [1.0, 2.0], "t": ["a", "b"]}))
    with pytest.raises(dr.InputError, match="solver must be one of descent, exact"):
        fit_table(source, Columns(("t",)), Preparation(), descent={}, solver="newton")
