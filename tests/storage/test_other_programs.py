"""Models in PyTorch, ONNX, scikit-learn and skops give what they give here."""

import io

import numpy as np
import onnxruntime
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge, SGDClassifier

import deltarule as dr
from deltarule.data import standardising
from deltarule.layers import LinearLayer, row_of
from deltarule.model import Model, gives_probabilities
from deltarule.storage import from_sklearn, from_torch, to_onnx, to_sklearn, to_torch
from deltarule.storage.onnx import OPERATORS
from deltarule.storage.pytorch import MODULES
from samples import HARD, NAMES, sample

BOTH = [np.float64, np.float32]
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
IN_TORCH = [name for name in NAMES if name not in HARD and row_of(MODULES, sample(name).layer) is not None]
IN_ONNX = [
    name for name in NAMES if sample(name).layer.has_classes or row_of(OPERATORS, sample(name).layer) is not None
]


def scaled_model(name, dtype=np.float64, biases=True):
    given = sample(name, dtype=dtype)
    layer = given.layer if biases else given.layer.with_parameters(given.layer.weights, None)
    targets = None if layer.has_classes else standardising(np.asarray(given.targets) * 3 + 1)
    return Model(layer, input_scaling=standardising(given.X * 5 + 2), target_scaling=targets), given.X * 5 + 2


# ---- PyTorch.


@pytest.mark.parametrize("name", IN_TORCH)
@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("biases", [True, False])
def test_a_module_gives_the_outputs_of_the_model(name, dtype, biases):
    model, X = scaled_model(name, dtype, biases)
    with torch.no_grad():
        found = to_torch(model)(torch.from_numpy(X.astype(dtype))).numpy()
    expected = model.output(X) if model.target_scaling is None else model.predict(X)
    assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_a_module_has_parameters_of_the_linear_part_alone():
    model, _ = scaled_model("softmax")
    assert [name for name, _ in to_torch(model).named_parameters()] == ["linear.weight", "linear.bias"]
    assert list(to_torch(model).state_dict()) == ["scaling.shift", "scaling.scale", "linear.weight", "linear.bias"]


@pytest.mark.parametrize("name", IN_TORCH)
def test_a_layer_comes_back_from_its_module_and_from_its_state(name):
    layer = sample(name).layer
    options = {key: value for key, value in layer.own_fields().items() if value is not None}
    module = to_torch(layer)
    for source in (module, module.state_dict(), module.linear):
        found = from_torch(source, layer.kind, **options)
        assert type(found) is type(layer)
        assert_array_equal(found.weights, layer.weights)
        assert_array_equal(found.biases, layer.biases)


def test_a_module_that_was_trained_in_torch_predicts_as_it_did():
    X, labels = load_iris(return_X_y=True)
    module = torch.nn.Linear(4, 3, dtype=torch.float64)
    layer = from_torch(module, "softmax", classes=[0, 1, 2])
    with torch.no_grad():
        expected = float(torch.nn.CrossEntropyLoss()(module(torch.from_numpy(X)), torch.from_numpy(labels)))
    assert layer.cost(X, labels, "mean") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "source", [torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 2)), torch.nn.ReLU(), {}]
)
def test_a_module_of_more_or_less_than_one_linear_part_is_refused(source):
    with pytest.raises(dr.InputError, match=r"must have one weight"):
        from_torch(source, "softmax", classes=["a", "b"])


def test_hard_outputs_have_no_module():
    for name in HARD:
        with pytest.raises(dr.InputError, match=r"a kind that PyTorch has a module for"):
            to_torch(sample(name).layer)


# ---- ONNX.


def in_onnxruntime(path, X):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = session.run(None, {"inputs": X})
    return dict(zip([output.name for output in session.get_outputs()], found, strict=True))


@pytest.mark.parametrize("name", IN_ONNX)
@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("biases", [True, False])
def test_the_runtime_gives_labels_probabilities_and_numbers_of_the_model(name, dtype, biases, tmp_path):
    model, X = scaled_model(name, dtype, biases)
    path = tmp_path / "model.onnx"
    to_onnx(model, path)
    found = in_onnxruntime(path, X.astype(dtype))
    if model.layer.has_classes:
        assert_array_equal(found.pop("labels"), model.predict(X))
        if gives_probabilities(model.layer):
            assert_allclose(found.pop("probabilities"), model.probabilities(X), rtol=0, atol=1e-6)
    else:
        assert_allclose(found.pop("outputs"), model.predict(X), rtol=1e-6, atol=1e-6)
    assert not found


@pytest.mark.parametrize("classes", [(3, 7, 9), ("ä", "b", "名"), (-1, 0, 2**62)])
def test_labels_keep_their_type_in_onnx(classes, tmp_path):
    layer = dr.SoftmaxLayer(np.eye(3), np.zeros(3), classes)
    to_onnx(layer, tmp_path / "m.onnx")
    assert in_onnxruntime(tmp_path / "m.onnx", np.eye(3))["labels"].tolist() == list(classes)


def test_labels_that_onnx_cannot_hold_are_refused(tmp_path):
    with pytest.raises(dr.InputError, match=r"all texts or all whole numbers for ONNX. Got 1"):
        to_onnx(dr.SoftmaxLayer(np.eye(2), np.zeros(2), ("a", 1)), tmp_path / "m.onnx")
    with pytest.raises(dr.InputError, match=r"all texts or all whole numbers for ONNX"):
        to_onnx(dr.SoftmaxLayer(np.eye(2), np.zeros(2), (2**63, 1)), tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists()


def test_where_no_neuron_says_yes_at_all_each_class_is_as_probable(tmp_path):
    layer = dr.LogisticLayer(np.eye(3), np.full(3, -1e4), classes=["a", "b", "c"])
    to_onnx(layer, tmp_path / "m.onnx")
    expected = Model(layer).probabilities(np.zeros((1, 3)))
    assert_allclose(expected, np.full((1, 3), 1 / 3))
    assert_allclose(in_onnxruntime(tmp_path / "m.onnx", np.zeros((1, 3)))["probabilities"], expected)


# ---- scikit-learn.

CLASSIFIERS = [
    LogisticRegression(max_iter=500),
    SGDClassifier(loss="log_loss", random_state=0),
    Perceptron(random_state=0),
]


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_fitted_classifier_and_its_layer_predict_alike_both_ways(classifier, classes):
    X, y = load_iris(return_X_y=True)
    X, labels = X[y < classes], np.array(["a", "b", "c"])[y[y < classes]]
    fitted = classifier.fit(X, labels)
    layer = from_sklearn(fitted)
    assert_array_equal(layer.predict(X), fitted.predict(X))
    again = to_sklearn(layer)
    assert_array_equal(again.predict(X), fitted.predict(X))
    if hasattr(fitted, "predict_proba"):
        assert_allclose(Model(layer).probabilities(X), fitted.predict_proba(X), rtol=1e-12, atol=1e-15)
    if hasattr(again, "predict_proba"):
        assert_allclose(again.predict_proba(X), Model(layer).probabilities(X), rtol=1e-12, atol=1e-15)


def test_a_softmax_layer_of_two_classes_is_a_logistic_regression_with_the_difference_of_its_columns():
    X = load_iris().data
    layer = dr.SoftmaxLayer.random(4, ["a", "b"], seed=1)
    assert_allclose(to_sklearn(layer).predict_proba(X), Model(layer).probabilities(X), rtol=1e-12)


@pytest.mark.parametrize("regressor", [LinearRegression(), Ridge(), LinearRegression(fit_intercept=False)])
@pytest.mark.parametrize("columns", [1, 2])
def test_a_fitted_regressor_and_its_layer_predict_alike_both_ways(regressor, columns):
    X, _ = load_iris(return_X_y=True)
    fitted = regressor.fit(X[:, :2], X[:, 2 : 2 + columns])
    layer = from_sklearn(fitted)
    assert layer.has_biases is regressor.fit_intercept
    assert_allclose(layer.predict(X[:, :2]), fitted.predict(X[:, :2]).reshape(-1, columns), rtol=1e-12)
    assert_allclose(to_sklearn(layer).predict(X[:, :2]), layer.predict(X[:, :2]), rtol=1e-12)


def test_what_is_not_fitted_or_no_such_model_is_refused():
    with pytest.raises(dr.InputError, match=r"a LogisticRegression without them"):
        from_sklearn(LogisticRegression())
    with pytest.raises(dr.InputError, match=r"Got a SGDClassifier"):
        from_sklearn(SGDClassifier().fit([[0.0], [1.0]], [0, 1]))
    with pytest.raises(dr.InputError, match=r"for scikit-learn. Got a perceptron layer of numbers"):
        to_sklearn(dr.PerceptronLayer([[1.0]], [0.0]))


# ---- skops.


@pytest.mark.parametrize("name", NAMES)
def test_a_model_goes_through_skops(name):
    from skops.io import dumps, get_untrusted_types, loads

    given = sample(name)
    run = dr.train(given.layer, given.X, given.targets, dr.Descent(0.01, 2), "direct")
    written = dumps(Model(run.layer, run, input_scaling=standardising(given.X)))
    found = loads(written, trusted=get_untrusted_types(data=written))
    assert_array_equal(found.layer.weights, run.layer.weights)
    assert_array_equal(found.run.history.cost, run.history.cost)
    assert found.run.outcome == run.outcome
    assert found.layer.classes == run.layer.classes
    assert not found.layer.weights.flags.writeable
    assert not found.input_scaling.shift.flags.writeable


def test_torch_saves_what_a_model_becomes():
    model, X = scaled_model("linear")
    file = io.BytesIO()
    torch.save(to_torch(model), file)
    file.seek(0)
    again = torch.load(file, weights_only=False)
    assert_allclose(again(torch.from_numpy(X)).detach().numpy(), model.predict(X), rtol=1e-12)


def test_a_layer_without_biases_has_none_elsewhere():
    layer = LinearLayer([[1.0]], None)
    assert not from_torch(to_torch(layer), "linear").has_biases
