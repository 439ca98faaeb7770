"""Layers behind scikit-learn's interface: fit, predict, score, in pipelines and searches. One estimator a file.

They hold no formula: `base` leads to `train` and `optimum`, `classifying` and `predicting` to labels and numbers.
"""

from __future__ import annotations

from deltarule.estimators.linear import LinearLayerRegressor
from deltarule.estimators.logistic import LogisticClassifier
from deltarule.estimators.perceptron import PerceptronRegressor
from deltarule.estimators.rosenblatt import PerceptronClassifier
from deltarule.estimators.searching import (
    LinearLayerRegressorCV,
    LogisticClassifierCV,
    PerceptronRegressorCV,
    SoftmaxClassifierCV,
)
from deltarule.estimators.softmax import SoftmaxClassifier

__all__ = [
    "LinearLayerRegressor",
    "LinearLayerRegressorCV",
    "LogisticClassifier",
    "LogisticClassifierCV",
    "PerceptronClassifier",
    "PerceptronRegressor",
    "PerceptronRegressorCV",
    "SoftmaxClassifier",
    "SoftmaxClassifierCV",
]
