"""Layers behind scikit-learn's interface: fit, predict, score, in pipelines and searches. One estimator a file.

They hold no formula: `base` leads to `train` and `optimum`, `classifying` to labels.
"""

from __future__ import annotations

from deltarule.estimators.softmax import SoftmaxClassifier

__all__ = ["SoftmaxClassifier"]
