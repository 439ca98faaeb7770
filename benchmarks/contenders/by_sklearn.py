"""scikit-learn: `MLPClassifier` without hidden layers is the same softmax descent; the others are other mathematics."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neural_network import MLPClassifier

from benchmarks.task import Task, Train, Trained


def mlp(task: Task) -> Train:
    """No hidden layer, no momentum, no early stop. Its shuffle is its own, so its proof takes the patterns as given."""
    model = MLPClassifier(
        hidden_layer_sizes=(),
        solver="sgd",
        momentum=0.0,
        nesterovs_momentum=False,
        alpha=task.weight_decay * task.size,  # it divides the penalty by the batch's size
        batch_size=task.size,
        learning_rate_init=task.learning_rate,
        shuffle=task.seed is not None and task.batch_size is not None,
        random_state=task.seed,
        max_iter=1,
        tol=0.0,
        n_iter_no_change=10**9,
        warm_start=True,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(task.X, task.labels)

    def train() -> Trained:
        model.coefs_, model.intercepts_ = [task.W.copy()], [task.b.copy()]
        model.max_iter = task.epochs
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(task.X, task.labels)
        return Trained(model.coefs_[0], model.intercepts_[0])

    return train


def linear(model: Any) -> Trained:
    """The weights and biases of a fitted linear classifier."""
    return Trained(model.coef_.T, model.intercept_)


def logistic_regression(task: Task, iterations: int) -> Train:
    """The same cost by L-BFGS, from weights of 0."""

    def train() -> Trained:
        model = LogisticRegression(C=1 / (task.weight_decay * len(task.X)), max_iter=iterations, tol=1e-12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return linear(model.fit(task.X, task.labels))

    return train


def one_against_rest(task: Task, epochs: int) -> Train:
    """`SGDClassifier`: a logistic neuron a class, one pattern an update, a falling learning rate: another cost."""

    def train() -> Trained:
        model = SGDClassifier(
            loss="log_loss", alpha=task.weight_decay, max_iter=epochs, tol=None, random_state=task.seed, n_jobs=-1
        )
        return linear(model.fit(task.X, task.labels))

    return train
