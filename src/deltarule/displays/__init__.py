"""Displays in scikit-learn's manner: `from_estimator` or `from_run` computes and draws, `plot` draws again, into axes if given.

`DecisionRegionsDisplay`, `LearningCurvesDisplay` and `WeightsDisplay` show the figures of `deltarule.plots` for fitted estimators,
runs and layers. The confusion matrix is scikit-learn's own `ConfusionMatrixDisplay`, which takes our estimators as they are.
"""

from __future__ import annotations

from deltarule.displays.base import EstimatorDisplay
from deltarule.displays.curves import LearningCurvesDisplay
from deltarule.displays.planes import DecisionRegionsDisplay
from deltarule.displays.weights import WeightsDisplay

__all__ = ["DecisionRegionsDisplay", "EstimatorDisplay", "LearningCurvesDisplay", "WeightsDisplay"]
