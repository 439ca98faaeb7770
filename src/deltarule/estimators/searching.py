"""The weight decay chosen by folds: the whole path of decays of each fold in one pass."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, is_classifier
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from deltarule.checks import Matrix
from deltarule.estimators.base import OptimisedEstimator
from deltarule.estimators.linear import LinearLayerRegressor
from deltarule.estimators.logistic import LogisticClassifier
from deltarule.estimators.perceptron import PerceptronRegressor
from deltarule.estimators.softmax import SoftmaxClassifier
from deltarule.frames import refuse_masked, refuse_stream
from deltarule.layers import Layer, Reduction

# Those of the decay, for costs that are sums: scikit-learn's LogisticRegressionCV has the same range of C.
DECAYS = tuple(10.0 ** np.arange(-4, 5))


def _estimator_has(name: str) -> Any:
    return available_if(lambda self: hasattr(self.KIND, name))


@dataclass(kw_only=True, eq=False, repr=False)
class DecaySearch(BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """The weight decay with the best mean score over folds; then the optimum of all patterns with it.

    The layers of the folds are optima; of more than 256 weights and biases they come within about 1e-7 of the least cost.

    Parameters
    ----------
    weight_decays : (S,) the decays to choose among, at least 0.
    cv : the folds: a number, any splitter of scikit-learn, or pairs of places. None: 5, stratified for classes.
    scoring : any scorer of scikit-learn, by name or as a function. None: the accuracy, or R2.
    decay_biases, fit_intercept, reduction : as in the estimator without CV.
    standardise : whether inputs are standardised, in each fold by its own training patterns.

    Attributes
    ----------
    estimator_ : the estimator without CV, fitted to all patterns with the best decay.
    weight_decays_ : (S,) the decays, from the largest to the smallest.
    scores_ : (F, S) the scores of the folds.
    weight_decay_ : the decay of the best mean score; of equal ones the largest.
    """

    weight_decays: ArrayLike = DECAYS
    cv: Any = None
    scoring: Any = None
    decay_biases: bool = False
    fit_intercept: bool = True
    reduction: Reduction = "sum"
    standardise: bool | None = None

    KIND: ClassVar[type[OptimisedEstimator]]

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None, *, groups: Any = None) -> Self:
        """Choose the weight decay, and train with it.

        Parameters
        ----------
        X : (P, N) inputs.
        y : (P,) or (P, K) targets.
        sample_weight : (P,) at least 0: weight k counts as k copies of the pattern, in the scores too.
        groups : (P,) for splitters that keep groups together.
        """
        model = self._estimator()
        X, y = model._checked(X, y, reset=True)  # noqa: SLF001 - of this package
        self.n_features_in_ = model.n_features_in_
        if hasattr(model, "feature_names_in_"):
            self.feature_names_in_ = model.feature_names_in_
        v = None if sample_weight is None else np.asarray(sample_weight)
        scorer = check_scoring(model, self.scoring)
        scores = []
        for rows, others in check_cv(self.cv, y, classifier=is_classifier(model)).split(X, y, groups):
            decays, models = self._estimator()._path(  # noqa: SLF001 - of this package
                X[rows], y[rows], None if v is None else v[rows], self.weight_decays, certified=False
            )
            weights = {} if v is None else {"sample_weight": v[others]}
            scores.append([scorer(each, X[others], y[others], **weights) for each in models])
        self.weight_decays_, self.scores_ = decays, np.array(scores)
        self.weight_decay_ = float(decays[np.argmax(self.scores_.mean(axis=0))])
        self.estimator_ = self._estimator().set_params(weight_decay=self.weight_decay_).fit(X, y, v)
        if is_classifier(model):
            self.classes_ = self.estimator_.classes_
        return self

    def _estimator(self) -> OptimisedEstimator:
        own = {each.name for each in fields(self)} - {"weight_decays", "cv", "scoring"}
        return self.KIND(**{name: getattr(self, name) for name in own})

    def _of_estimator(self, method: str, X: Any) -> Any:
        check_is_fitted(self, "estimator_")
        refuse_stream("inputs", X)
        refuse_masked("inputs", X)
        X = validate_data(self, X, reset=False, dtype=(np.float64, np.float32), accept_sparse=("csr", "csc"))
        return getattr(self.estimator_, method)(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """Predictions as those of the estimator without CV. X : (P, N) inputs."""
        return self._of_estimator("predict", X)  # type: ignore[no-any-return]

    @_estimator_has("decision_function")  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> Matrix:
        """Synaptic inputs as those of the estimator without CV. X : (P, N) inputs."""
        return self._of_estimator("decision_function", X)  # type: ignore[no-any-return]

    @_estimator_has("predict_proba")  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Matrix:
        """Probabilities as those of the estimator without CV. X : (P, N) inputs."""
        return self._of_estimator("predict_proba", X)  # type: ignore[no-any-return]

    @property
    def layer_(self) -> Layer:
        """The layer reached."""
        reached: Layer = self.estimator_.layer_
        return reached

    @property
    def coef_(self) -> Matrix:
        """(K, N) as that of the estimator without CV."""
        weights: Matrix = self.estimator_.coef_
        return weights

    @property
    def intercept_(self) -> Matrix:
        """(K,) as that of the estimator without CV."""
        biases: Matrix = self.estimator_.intercept_
        return biases

    def __sklearn_tags__(self) -> Any:
        tags, known = super().__sklearn_tags__(), self.KIND().__sklearn_tags__()
        tags.input_tags.sparse = known.input_tags.sparse
        tags.target_tags.multi_output = known.target_tags.multi_output
        return tags


@dataclass(kw_only=True, eq=False, repr=False)
class ClassifyingSearch(ClassifierMixin, DecaySearch):  # type: ignore[misc]
    """A search for classifiers.

    Parameters
    ----------
    class_weight : as in the estimator without CV.
    """

    class_weight: Mapping[Any, float] | str | None = None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = self.KIND().__sklearn_tags__().classifier_tags.multi_label
        return tags


class SoftmaxClassifierCV(ClassifyingSearch):
    """`SoftmaxClassifier` with the weight decay chosen by folds; parameters and attributes are those of `DecaySearch`.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]], ["a", "a", "a", "b", "b", "b"]
    >>> model = SoftmaxClassifierCV(weight_decays=[100.0, 1.0], cv=3, scoring="neg_log_loss").fit(X, y)
    >>> model.weight_decay_, model.scores_.shape
    (1.0, (3, 2))
    """

    KIND = SoftmaxClassifier


class LogisticClassifierCV(ClassifyingSearch):
    """`LogisticClassifier` with the weight decay chosen by folds; parameters and attributes are those of `DecaySearch`."""

    KIND = LogisticClassifier


class LinearLayerRegressorCV(RegressorMixin, DecaySearch):  # type: ignore[misc]
    """`LinearLayerRegressor` with the weight decay chosen by folds; parameters and attributes are those of `DecaySearch`."""

    KIND = LinearLayerRegressor


@dataclass(kw_only=True, eq=False, repr=False)
class PerceptronRegressorCV(RegressorMixin, DecaySearch):  # type: ignore[misc]
    """`PerceptronRegressor` with the weight decay chosen by folds; the other parameters and attributes are those of `DecaySearch`.

    Each fold's path of local minima starts from a layer drawn with `random_state`.

    Parameters
    ----------
    activation, target_margin, random_state : as in `PerceptronRegressor`.
    """

    activation: str = "sigmoid"
    target_margin: float = 0.1
    random_state: int | np.random.RandomState | None = None

    KIND = PerceptronRegressor
