"""What takes rows in memory alone says so of a stream, and names what takes one."""

import numpy as np
import pytest

import deltarule as dr
from deltarule import estimators
from deltarule.data import standardising
from deltarule.evaluation import evaluate

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
LABELS = np.where(X[:, 0] > 0, "a", "b")
NUMBERS = X[:, :1] - X[:, 1:2]
STREAM = dr.Stream(lambda: [(X, LABELS)])
LAYER = dr.SoftmaxLayer.random(3, ["a", "b"], seed=0)
DESCENT = dr.Descent(0.1, 3)
RATES = {"learning_rate": [0.1, 0.2], "epochs": 3}
CALLS = {
    "layer.predict": lambda: LAYER.predict(STREAM),
    "layer.output": lambda: LAYER.output(STREAM),
    "layer.cost": lambda: LAYER.cost(STREAM, LABELS),
    "model.predict": lambda: dr.Model(LAYER).predict(STREAM),
    "model.output": lambda: dr.Model(LAYER).output(STREAM),
    "model.probabilities": lambda: dr.Model(LAYER).probabilities(STREAM),
    "optimum": lambda: dr.optimum(LAYER, STREAM, DESCENT),
    "optimum with targets": lambda: dr.optimum(LAYER, STREAM, LABELS, DESCENT),
    "path": lambda: dr.path(LAYER, STREAM, DESCENT, weight_decay=[1.0]),
    "path's validation": lambda: dr.path(LAYER, X, LABELS, DESCENT, weight_decay=[1.0], validation=STREAM),
    "iterate": lambda: dr.iterate(LAYER, STREAM, DESCENT),
    "sweep": lambda: dr.sweep(LAYER, STREAM, LABELS, **RATES),
    "sweep without values": lambda: dr.sweep(LAYER, STREAM, None),
    "sweep's validation": lambda: dr.sweep(LAYER, X, LABELS, **RATES, validation=STREAM),
    "separability": lambda: dr.separability(STREAM, LABELS),
    "targets": lambda: dr.train(LAYER, X, STREAM, DESCENT),
    "sample weights": lambda: dr.train(LAYER, X, LABELS, DESCENT, sample_weight=STREAM),
    "targets of a score": lambda: evaluate(dr.Model(LAYER), X, STREAM),
    "scaling": lambda: standardising(STREAM),
}
CLASSIFIERS = ("SoftmaxClassifier", "LogisticClassifier", "PerceptronClassifier")
REGRESSORS = ("LinearLayerRegressor", "PerceptronRegressor")
SEARCHES = ("SoftmaxClassifierCV", "LogisticClassifierCV", "LinearLayerRegressorCV", "PerceptronRegressorCV")
REFUSED = r"must be rows in memory\. Got <Stream of 40 rows.* A stream is taken by dr\.train\(layer, stream, descent\)"


@pytest.mark.parametrize("call", CALLS)
def test_a_stream_is_refused_with_what_takes_one_where_rows_must_be_in_memory(call):
    with pytest.raises(dr.InputError, match=REFUSED):
        CALLS[call]()


@pytest.mark.parametrize("name", [*CLASSIFIERS, *REGRESSORS, *SEARCHES])
def test_estimators_refuse_a_stream_with_what_takes_one(name):
    estimator = getattr(estimators, name)()
    targets = NUMBERS if "Regressor" in name else LABELS
    for arguments in ((STREAM,), (STREAM, targets), (X, STREAM)):
        with pytest.raises(dr.InputError, match=REFUSED):
            estimator.fit(*arguments)
    options = {"cv": 2} if name.endswith("CV") else {} if name == "PerceptronClassifier" else {"weight_decay": 1.0}
    fitted = estimator.set_params(**options).fit(X, targets)
    with pytest.raises(dr.InputError, match=REFUSED):
        fitted.predict(STREAM)
    if hasattr(estimator, "partial_fit"):
        with pytest.raises(dr.InputError, match=REFUSED):
            estimator.partial_fit(STREAM)


def test_masked_inputs_are_refused_by_a_search_that_predicts():
    fitted = estimators.SoftmaxClassifierCV(cv=2).fit(X, LABELS)
    with pytest.raises(dr.InputError, match="inputs must have no entry masked"):
        fitted.predict(np.ma.masked_greater(X, 1))


def test_a_stream_in_a_pair_is_refused_as_a_validation_set():
    with pytest.raises(dr.InputError, match=r"validation set must be a stream alone.* Give validation=stream\."):
        dr.train(LAYER, X, LABELS, DESCENT, validation=(STREAM, LABELS))
