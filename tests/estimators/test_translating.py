"""Parameters of other libraries: each library trained to its optimum comes to ours."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge, SGDClassifier, SGDRegressor
from sklearn.preprocessing import StandardScaler

import deltarule as dr

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 3, 90)
X = StandardScaler().fit_transform(RNG.normal(size=(90, 3)) + 0.8 * np.eye(3)[Y])
TIGHT = {"tol": 1e-12, "max_iter": 10_000}


def same(kind, theirs, y, tolerance=1e-5):
    theirs.fit(X, y)
    ours = kind.from_sklearn_params(theirs).fit(X, y)
    assert_allclose(ours.coef_, np.atleast_2d(theirs.coef_), atol=tolerance)
    assert_allclose(ours.intercept_, np.broadcast_to(theirs.intercept_, ours.intercept_.shape), atol=tolerance)


@pytest.mark.parametrize("C", [0.1, 1.0, 10.0, np.inf])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_logistic_regression_of_three_classes(C, fit_intercept):
    same(dr.SoftmaxClassifier, LogisticRegression(C=C, fit_intercept=fit_intercept, **TIGHT), Y)


@pytest.mark.parametrize(
    "options", [{}, {"solver": "liblinear"}, {"class_weight": "balanced"}, {"fit_intercept": False}]
)
def test_logistic_regression_of_two_classes(options):
    same(dr.LogisticClassifier, LogisticRegression(C=0.3, **options, **TIGHT), Y == 0)


def test_logistic_regression_of_two_classes_has_twice_the_decay_in_two_neurons():
    theirs = LogisticRegression(C=0.3, **TIGHT).fit(X, Y == 0)
    ours = dr.SoftmaxClassifier(weight_decay=2 / 0.3).fit(X, Y == 0)
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


@pytest.mark.parametrize(
    "theirs", [LinearRegression(), Ridge(alpha=3.0, solver="svd"), Ridge(2.0, fit_intercept=False)]
)
@pytest.mark.parametrize("columns", [None, 2])
def test_ridge_and_least_squares(theirs, columns):
    y = X @ [1.0, -2.0, 0.5] + Y + 7
    same(dr.LinearLayerRegressor, theirs, y if columns is None else np.column_stack([y, -y + X[:, 0]]), 1e-8)


SGD = {
    "alpha": 0.1,
    "learning_rate": "invscaling",
    "power_t": 0.6,
    "eta0": 0.5,
    "max_iter": 3000,
    "tol": None,
    "random_state": 0,
}


@pytest.mark.slow
def test_stochastic_descent_of_logistic_regression():
    same(dr.LogisticClassifier, SGDClassifier(loss="log_loss", average=True, **SGD), Y, 5e-3)


@pytest.mark.slow
def test_stochastic_descent_of_linear_regression():
    same(dr.LinearLayerRegressor, SGDRegressor(average=True, **SGD | {"eta0": 0.05}), X @ [1.0, -2.0, 0.5] + Y, 5e-3)


def trained_by_pytorch(loss, outputs, targets, weight_decay, *, biases_decayed):
    """Weights and biases of PyTorch's SGD after many full-batch steps."""
    import torch

    layer = torch.nn.Linear(3, outputs, dtype=torch.float64)
    groups = [
        {"params": [layer.weight], "weight_decay": weight_decay},
        {"params": [layer.bias], "weight_decay": weight_decay if biases_decayed else 0.0},
    ]
    sums = loss.reduction == "sum"
    descent = torch.optim.SGD(groups, lr=0.004 if sums else 0.4, momentum=0.9)
    inputs = torch.from_numpy(X)
    for _ in range(1500):
        descent.zero_grad()
        loss(layer(inputs), targets).backward()
        descent.step()
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


@pytest.mark.slow
@pytest.mark.parametrize("biases_decayed", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_pytorchs_cross_entropy(reduction, biases_decayed):
    torch = pytest.importorskip("torch")
    loss = torch.nn.CrossEntropyLoss(reduction=reduction)
    W, b = trained_by_pytorch(loss, 3, torch.from_numpy(Y), 0.05, biases_decayed=biases_decayed)
    ours = dr.SoftmaxClassifier(weight_decay=0.05, reduction=reduction, decay_biases=biases_decayed).fit(X, Y)
    assert_allclose(ours.coef_, W - W.mean(axis=0), atol=1e-6)
    assert_allclose(ours.intercept_ - ours.intercept_.mean(), b - b.mean(), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("kind", ["logistic", "linear"])
def test_pytorchs_losses_of_several_neurons(kind, reduction):
    torch = pytest.importorskip("torch")
    D = np.eye(3)[Y]
    losses = {"logistic": torch.nn.BCEWithLogitsLoss, "linear": torch.nn.MSELoss}
    W, b = trained_by_pytorch(losses[kind](reduction=reduction), 3, torch.from_numpy(D), 0.05, biases_decayed=True)
    decay = 0.025 if (kind, reduction) == ("linear", "sum") else 0.05
    estimator = dr.LogisticClassifier if kind == "logistic" else dr.LinearLayerRegressor
    ours = estimator(weight_decay=decay, reduction=reduction, decay_biases=True).fit(X, D)
    assert_allclose(ours.coef_, W, atol=1e-6)
    assert_allclose(ours.intercept_, b, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "theirs", "message"),
    [
        (dr.SoftmaxClassifier, LogisticRegression(l1_ratio=0.5), "L1 is not supported"),
        (dr.LogisticClassifier, SGDClassifier(), "loss must be log_loss. Got 'hinge'"),
        (dr.LogisticClassifier, SGDClassifier(loss="log_loss", penalty="l1"), "L1 is not supported"),
        (dr.LogisticClassifier, LogisticRegression(solver="liblinear", intercept_scaling=2), "intercept_scaling must be 1"),
        (dr.LinearLayerRegressor, Ridge(positive=True), "positive must be False"),
        (dr.LinearLayerRegressor, Ridge(alpha=[1.0, 2.0]), "alpha must be one number"),
        (dr.LinearLayerRegressor, Lasso(), "Got Lasso"),
        (dr.SoftmaxClassifier, Ridge(), "Use LinearLayerRegressor"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_refused_by_name(kind, theirs, message):
    with pytest.raises(dr.InputError, match=message):
        kind.from_sklearn_params(theirs)
