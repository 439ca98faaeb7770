# mypy: disable-error-code="import-not-found,import-untyped"
"""skorch: scikit-learn's interface around a PyTorch module."""

from __future__ import annotations

import torch
from skorch import NeuralNetClassifier, NeuralNetRegressor
from torch import nn

from benchmarks.contenders.by_pytorch import GivenOrder, module_of, parameters_of
from benchmarks.task import Task, Train, Trained


def net(task: Task) -> Train:
    """As its guide has it, without validation split and callbacks, which would cost time that the others do not spend."""
    softmax = task.kind == "softmax"
    desired = task.labels if softmax else task.D

    def train() -> Trained:
        model = (NeuralNetClassifier if softmax else NeuralNetRegressor)(
            module_of(task),
            criterion=nn.CrossEntropyLoss if softmax else nn.MSELoss,
            criterion__reduction="mean" if task.mean and softmax else "sum",
            optimizer=torch.optim.SGD,
            optimizer__param_groups=[("*weight", {"weight_decay": task.weight_decay})],
            lr=task.learning_rate if softmax else task.learning_rate / 2,
            max_epochs=task.epochs,
            batch_size=task.size,
            iterator_train__sampler=GivenOrder(task),
            train_split=None,
            callbacks="disable",
            verbose=0,
        )
        model.fit(task.X, desired)
        return parameters_of(model.module_)

    return train
