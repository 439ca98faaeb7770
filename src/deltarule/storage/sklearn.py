"""From and to scikit-learn: fitted linear models, by their `coef_` and `intercept_`."""

from __future__ import annotations

from typing import Any

import numpy as np

from deltarule.checks import instance
from deltarule.errors import InputError
from deltarule.layers import Layer, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, kind_name
from deltarule.layers.linear import AdalineLayer
from deltarule.layers.perceptron import RosenblattLayer


def to_sklearn(layer: Layer) -> Any:
    """A fitted estimator of scikit-learn that predicts what the layer predicts.

    A softmax layer and a logistic layer of one neuron become a `LogisticRegression`, one against the rest an `SGDClassifier` of
    the logistic loss, a linear layer a `LinearRegression`, Rosenblatt's perceptron with classes a `Perceptron`. Its `coef_` is W
    transposed and its `intercept_` is b; of two classes it is the difference of the two columns.

    Parameters
    ----------
    layer : the layer. Its inputs are to be scaled before: a `Pipeline` with a `StandardScaler` does both.

    Raises
    ------
    InputError
        If scikit-learn has no estimator for this kind of layer.

    Examples
    --------
    >>> from deltarule import SoftmaxLayer
    >>> estimator = to_sklearn(SoftmaxLayer([[1.0, -1.0, 0.5]], [0.0, 0.0, 0.0], classes=["A", "B", "C"]))
    >>> type(estimator).__name__, estimator.predict([[3.0]]).tolist()
    ('LogisticRegression', ['A'])
    """
    from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, SGDClassifier

    instance("layer", layer, Layer, "Give the layer of a run or a model.")
    if isinstance(layer, LinearLayer) and not isinstance(layer, AdalineLayer):
        return _fitted(LinearRegression(), layer.weights.T, layer.biases, layer.inputs)
    classes = layer.classes
    if classes is None or not isinstance(layer, SoftmaxLayer | LogisticLayer | RosenblattLayer):
        raise InputError(
            "layer",
            "be linear, or a softmax, logistic or Rosenblatt layer with classes, for scikit-learn",
            f"a {kind_name(layer)} layer{'' if layer.has_classes else ' of numbers'}",
            "Export it to ONNX, or save it.",
        )
    W, b = layer.weights, layer.biases
    if isinstance(layer, SoftmaxLayer) and len(classes) == 2:
        W, b = W[:, 1:] - W[:, :1], b[1:] - b[:1]
    estimator = LogisticRegression()
    if isinstance(layer, RosenblattLayer):
        estimator = Perceptron()
    elif isinstance(layer, LogisticLayer) and layer.neurons > 1:
        estimator = SGDClassifier(loss="log_loss")
    estimator.classes_ = np.array(classes)
    return _fitted(estimator, W.T, b, layer.inputs)


def _fitted(estimator: Any, coef: Any, intercept: Any, inputs: int) -> Any:
    estimator.coef_, estimator.intercept_ = np.array(coef), np.array(intercept)
    estimator.n_features_in_ = inputs
    estimator.n_iter_ = np.array([0])
    return estimator


def from_sklearn(estimator: Any) -> Layer:
    """The layer of a fitted linear model of scikit-learn.

    `LogisticRegression` (and its CV) becomes a softmax layer, or a logistic layer of one neuron for two classes; `SGDClassifier` of
    the logistic loss a logistic layer; `Perceptron` Rosenblatt's; `LinearRegression`, `Ridge`, `Lasso` and other regressors with
    `coef_` and `intercept_` a linear layer.

    Parameters
    ----------
    estimator : fitted. Of a pipeline give the last step; its scaling is a matter of the steps before.

    Raises
    ------
    InputError
        If it is not fitted, or no such model.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> fitted = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"])
    >>> from_sklearn(fitted)
    LogisticLayer(1 x 1, classes=('no', 'yes'))
    """
    coef, intercept = getattr(estimator, "coef_", None), getattr(estimator, "intercept_", None)
    if coef is None or intercept is None:
        raise InputError(
            "estimator",
            "be a fitted linear model of scikit-learn, with coef_ and intercept_",
            f"a {type(estimator).__name__} without them",
            "Fit it first; of a pipeline give the last step.",
        )
    W = np.atleast_2d(np.asarray(coef)).T
    b: Any = None if not getattr(estimator, "fit_intercept", True) else np.broadcast_to(intercept, W.shape[1:])
    names: dict[str, Any] = {"input_names": getattr(estimator, "feature_names_in_", None)}
    if names["input_names"] is not None:
        names["input_names"] = tuple(names["input_names"].tolist())
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        return LinearLayer(W, b, **names)
    labels, name = tuple(np.asarray(classes).tolist()), type(estimator).__name__
    if name == "Perceptron" or (name == "SGDClassifier" and estimator.loss == "perceptron"):
        return PerceptronLayer(W, b, activation="step", classes=labels, **names)
    if name == "SGDClassifier" and estimator.loss == "log_loss":
        return LogisticLayer(W, b, classes=labels, **names)
    if name in ("LogisticRegression", "LogisticRegressionCV"):
        return (LogisticLayer if len(labels) == 2 else SoftmaxLayer)(W, b, classes=labels, **names)
    raise InputError(
        "estimator",
        "be a regressor, or one of LogisticRegression, SGDClassifier (log_loss) and Perceptron",
        f"a {name}",
        "Give one of these: what the outputs of others mean, its name does not say.",
    )
