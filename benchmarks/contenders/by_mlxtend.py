# mypy: disable-error-code="import-not-found,import-untyped"
"""mlxtend: `SoftmaxRegression`, NumPy with a class around it. It computes the cost after each epoch too."""

from __future__ import annotations

from mlxtend.classifier import SoftmaxRegression

from benchmarks.task import Task, Train, Trained


def softmax_regression(task: Task) -> Train:
    """Its batches are equal parts of the set, so where sizes do not divide they are not the others': the proof is by full batch."""

    def train() -> Trained:
        model = SoftmaxRegression(
            eta=task.step(task.size),
            epochs=task.epochs,
            l2=task.weight_decay * (task.size if task.mean else 1),
            minibatches=task.updates,
            n_classes=task.W.shape[1],
            random_seed=task.seed,
        )
        model.w_, model.b_, model.cost_ = task.W.copy(), task.b.copy(), []
        model.fit(task.X, task.labels, init_params=False)
        return Trained(model.w_, model.b_)

    return train
