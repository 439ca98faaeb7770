"""The estimators keep scikit-learn's rules: its own checks of estimators.

One check is skipped by scikit-learn itself: that of arrays of other libraries, which it runs with SCIPY_ARRAY_API alone.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from deltarule.estimators import (
    LinearLayerRegressor,
    LinearLayerRegressorCV,
    LogisticClassifier,
    LogisticClassifierCV,
    PerceptronClassifier,
    PerceptronRegressor,
    PerceptronRegressorCV,
    SoftmaxClassifier,
    SoftmaxClassifierCV,
)

OPTIMISED = (SoftmaxClassifier, LogisticClassifier, LinearLayerRegressor, PerceptronRegressor)
ESTIMATORS = [
    *(kind() for kind in OPTIMISED),
    *(kind(solver="descent") for kind in OPTIMISED),
    PerceptronClassifier(),
]
SEARCHES = [
    SoftmaxClassifierCV(),
    LogisticClassifierCV(),
    LinearLayerRegressorCV(),
    PerceptronRegressorCV(weight_decays=[1.0, 0.01]),
]


def expected_to_fail(estimator):
    if isinstance(estimator, PerceptronClassifier):
        reason = "with an update a pattern, a weight of 2 makes one step twice as long, and two patterns make two steps"
        return {f"check_sample_weight_equivalence_on_{kind}_data": reason for kind in ("dense", "sparse")}
    return {}


@pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"
)  # the checks train on noise, and for a moment
@parametrize_with_checks(ESTIMATORS, expected_failed_checks=expected_to_fail, xfail_strict=True)
def test_scikit_learns_own_check_passes(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(SEARCHES)
def test_scikit_learns_own_check_passes_for_searches(estimator, check):
    check(estimator)
