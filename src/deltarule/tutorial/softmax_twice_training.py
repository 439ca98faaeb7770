"""Training with softmax applied twice, in two ways on purpose.

In PyTorch, as the handout does it; and by the chain rule, which trains many seeds side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.layers import Layer, SoftmaxLayer


def train_twice(
    layers: Sequence[SoftmaxLayer], X: NDArray[Any], targets: NDArray[Any], descents: Sequence[Descent]
) -> list[Layer]:
    """S mini-batch descents on the mean of J(softmax(softmax(U))), side by side.

    By the chain rule: with Y = softmax(U), delta = (dJ/dY) (diag(y) - y y^T), where dJ/dY is a softmax layer's delta at Y.

    Parameters
    ----------
    layers : S initial layers.
    X, targets : (P, N) inputs and (P,) labels, the same for all.
    descents : S descents that differ in their seeds alone.
    """
    softmax, rule = layers[0], descents[0]
    patterns = softmax.patterns(X, targets)
    W, b = np.stack([layer.weights for layer in layers]), np.stack([layer.biases for layer in layers])[:, None, :]
    orders = [descent.orders(len(patterns.X)) for descent in descents]
    size = rule.batch_size or len(patterns.X)
    for _ in range(rule.epochs):
        order = np.stack([next(each) for each in orders])
        for start in range(0, order.shape[1], size):
            batch = order[:, start : start + size]
            x, d = patterns.X[batch], patterns.D[batch].reshape(batch.size, -1)
            Y = softmax.activate((x @ W + b).reshape(d.shape))
            outer = softmax.pattern_delta(Y, d)
            delta = Y * (outer - np.sum(outer * Y, axis=1, keepdims=True)) / batch.shape[1]
            delta = delta.reshape(*batch.shape, -1)
            W -= rule.learning_rate * (x.transpose(0, 2, 1) @ delta)
            b -= rule.learning_rate * delta.sum(axis=1, keepdims=True)
    return [layer.with_parameters(w, c[0]) for layer, w, c in zip(layers, W, b, strict=True)]


def train_twice_in_torch(layer: SoftmaxLayer, X: NDArray[Any], targets: NDArray[Any], descent: Descent) -> Layer:
    """The same descent from one layer, as the handout writes it: `nn.Softmax`, `nn.CrossEntropyLoss`, SGD, a `DataLoader`.

    Parameters
    ----------
    layer : the initial layer.
    X, targets : (P, N) inputs and (P,) labels.
    descent : how to descend.
    """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader

    from deltarule.engines.autograd import GivenOrder, NeuronLayer, PatternDataset, threads_for

    patterns = layer.patterns(X, targets)
    scores = NeuronLayer(layer)
    model = nn.Sequential(scores, nn.Softmax(dim=1))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=descent.learning_rate)
    sampler = GivenOrder(len(patterns.X))
    loader = DataLoader(PatternDataset(layer, patterns), batch_size=descent.batch_size, sampler=sampler)
    orders = descent.orders(len(patterns.X))
    with threads_for(patterns.X.size * layer.neurons):
        for _ in range(descent.epochs):
            sampler.order = next(orders).tolist()
            for x, y, _ in loader:
                loss = loss_fn(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    linear = scores.linear
    return layer.with_parameters(linear.weight.detach().numpy().T, linear.bias.detach().numpy())
