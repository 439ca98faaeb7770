"""The estimators keep scikit-learn's rules: its own checks of estimators."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from deltarule.estimators import SoftmaxClassifier

ESTIMATORS = [SoftmaxClassifier(), SoftmaxClassifier(solver="descent")]


@pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)  # the checks train on noise, and for a moment
@parametrize_with_checks(ESTIMATORS)
def test_scikit_learns_own_check_passes(estimator, check):
    check(estimator)
