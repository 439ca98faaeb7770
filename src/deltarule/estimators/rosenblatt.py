"""Rosenblatt's perceptron behind scikit-learn's interface."""

from __future__ import annotations

from dataclasses import dataclass

from deltarule.estimators.classifying import ClassifyingEstimator
from deltarule.layers import RosenblattLayer


@dataclass(kw_only=True, eq=False, repr=False)
class PerceptronClassifier(ClassifyingEstimator):
    """y = 1 where u >= 0, else 0; W <- W - a x^T (y - d) after each wrong answer: Rosenblatt's perceptron.

    Two classes have one neuron. More have one neuron each, which tells its class from the rest; the largest synaptic input decides.
    It comes to rest where no answer is wrong, which it finds wherever the classes are separable, in finitely many steps. Elsewhere
    it never rests: a `ConvergenceWarning` says so after the last epoch.

    Its parameters are those of `deltarule.estimators.base.LayerEstimator` and of
    `deltarule.estimators.classifying.ClassifyingEstimator`.

    Parameters
    ----------
    learning_rate : a. From weights 0 it changes the lengths of the weights alone.
    batch_size : patterns an update; 1 is Rosenblatt's rule.

    Attributes
    ----------
    layer_ : the `RosenblattLayer`, of the inputs as they are.
    classes_ : (K,) the labels, sorted.
    run_, n_iter_, loss_curve_, validation_curve_, scaling_ : as in `SoftmaxClassifier` after descent.
    coef_, intercept_ : what `decision_function` multiplies with, as scikit-learn has them: one neuron a row.

    Examples
    --------
    >>> model = PerceptronClassifier().fit([[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"])
    >>> model.predict([[0.5], [2.5]]).tolist(), model.run_.outcome.reason.name
    (['no', 'yes'], 'NO_ERRORS')
    """

    learning_rate: float | None = 1.0
    batch_size: int | None = 1
    tolerance: float | None = None

    def _new_layer(self, inputs: int, seed: int) -> RosenblattLayer:
        neurons = 1 if len(self.classes_) == 2 else len(self.classes_)
        return RosenblattLayer(*self._zeros(inputs, neurons), classes=self._labels())  # type: ignore[arg-type]
