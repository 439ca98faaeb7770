"""PyTorch: as its tutorials write it; at its best, with gradients by hand; compiled; and many models stacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Sampler, TensorDataset

from benchmarks.task import Array, Family, Task, Train, Trained
from deltarule.engines.autograd import threads_for


class GivenOrder(Sampler[int]):
    """Visits the patterns in the orders of a task, one an epoch."""

    def __init__(self, task: Task) -> None:
        self.count, self.orders = len(task.X), task.orders()

    def __iter__(self) -> Iterator[int]:
        return iter(next(self.orders).tolist())

    def __len__(self) -> int:
        return self.count


def module_of(task: Task) -> nn.Module:
    """`nn.Linear` with the task's weights; with a sigmoid where the loss does not contain the activation."""
    linear = nn.Linear(task.W.shape[0], task.W.shape[1], dtype=getattr(torch, task.W.dtype.name))
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(task.W.T.copy()))
        linear.bias.copy_(torch.tensor(task.b.copy()))
    return linear if task.kind == "softmax" else nn.Sequential(linear, nn.Sigmoid())


def parameters_of(module: nn.Module) -> Trained:
    """Copies of a module's weights and biases."""
    weight, bias = module.parameters()
    return Trained(weight.detach().numpy().T.copy(), bias.detach().numpy().copy())


def tutorial(task: Task) -> Train:
    """A module, a loss, `torch.optim.SGD`; a `DataLoader` for mini-batches."""
    inputs = torch.tensor(task.X)
    if task.kind == "softmax":
        desired, loss_fn = torch.tensor(task.labels), nn.CrossEntropyLoss(reduction="mean" if task.mean else "sum")
        rate = task.learning_rate
    else:
        desired, loss_fn = torch.tensor(task.D), nn.MSELoss(reduction="sum")  # type: ignore[assignment]
        rate = task.learning_rate / 2  # its loss lacks the 1/2

    def train() -> Trained:
        model = module_of(task)
        weight, bias = model.parameters()
        groups: Any = model.parameters()
        if task.weight_decay:
            groups = [{"params": [weight], "weight_decay": task.weight_decay}, {"params": [bias]}]
        optimizer = torch.optim.SGD(groups, lr=rate)
        batches: Any = [(inputs, desired)]
        if task.batch_size is not None:
            batches = DataLoader(TensorDataset(inputs, desired), batch_size=task.batch_size, sampler=GivenOrder(task))
        for _ in range(task.epochs):
            for x, y in batches:
                loss = loss_fn(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        return parameters_of(model)

    return train


def at_its_best(task: Task) -> Train:
    """Batches by `index_select` into buffers, the gradient by hand, every product in place, threads where they help."""
    X, D = torch.from_numpy(task.X), torch.from_numpy(task.D)
    L, size = task.weight_decay, task.size
    x, d = torch.empty_like(X[:size]), torch.empty_like(D[:size])
    U = torch.empty_like(d)

    def update(W: Tensor, b: Tensor, x: Tensor, d: Tensor, U: Tensor) -> None:
        step = task.step(len(x))
        torch.addmm(b, x, W, out=U)
        if task.kind == "softmax":
            delta = torch.softmax(U, 1).sub_(d)
        else:
            Y = U.sigmoid_()
            delta = (Y - d).mul_(Y).mul_(1 - Y)
        W.addmm_(x.t(), delta, beta=1 - task.learning_rate * L, alpha=-step)
        b.sub_(delta.sum(0), alpha=step)

    @torch.no_grad()
    def train() -> Trained:
        W, b = torch.tensor(task.W), torch.tensor(task.b)
        with threads_for(size * W.numel()):
            for order in task.orders():
                if task.batch_size is None:
                    update(W, b, X, D, U)
                    continue
                for batch in torch.split(torch.from_numpy(order), size):
                    taken = len(batch)
                    torch.index_select(X, 0, batch, out=x[:taken])
                    torch.index_select(D, 0, batch, out=d[:taken])
                    update(W, b, x[:taken], d[:taken], U[:taken])
        return Trained(W.numpy(), b.numpy())

    return train


def compiled(task: Task) -> Train:
    """`torch.compile` of a whole epoch, its updates unrolled; of a full batch, ten updates. Needs a C++ compiler."""
    X, D = torch.from_numpy(task.X), torch.from_numpy(task.D)
    L, unrolled = task.weight_decay, 10 if task.epochs % 10 == 0 else 1

    def update(W: Tensor, b: Tensor, x: Tensor, d: Tensor) -> tuple[Tensor, Tensor]:
        step = task.step(len(x))
        U = torch.addmm(b, x, W)
        if task.kind == "softmax":
            delta = torch.softmax(U, 1) - d
        else:
            Y = torch.sigmoid(U)
            delta = (Y - d) * Y * (1 - Y)
        return (1 - task.learning_rate * L) * W - step * (x.t() @ delta), b - step * delta.sum(0)

    def pass_over(W: Tensor, b: Tensor, order: Tensor) -> tuple[Tensor, Tensor]:
        if task.batch_size is None:
            for _ in range(unrolled):
                W, b = update(W, b, X, D)
            return W, b
        for batch in torch.split(order, task.size):
            W, b = update(W, b, X[batch], D[batch])
        return W, b

    fast: Callable[..., tuple[Tensor, Tensor]] = torch.compile(pass_over, dynamic=False, fullgraph=True)

    @torch.no_grad()
    def train() -> Trained:
        W, b = torch.tensor(task.W), torch.tensor(task.b)
        if task.batch_size is None:
            nothing = torch.empty(0)
            for _ in range(task.epochs // unrolled):
                W, b = fast(W, b, nothing)
        else:
            for order in task.orders():
                W, b = fast(W, b, torch.from_numpy(order))
        return Trained(W.numpy(), b.numpy())

    return train


def stacked(family: Family) -> Train:
    """All models in each update: `baddbmm` over (M, batch, N), every model with its own patterns."""
    first, rates = family.starts[0], torch.tensor(family.rates, dtype=getattr(torch, family.starts[0].W.dtype.name))
    X, D = torch.from_numpy(first.X), torch.from_numpy(first.D)
    seeds = len(family.starts)
    a = rates.repeat_interleave(seeds)[:, None, None]

    def each(values: list[Array]) -> Tensor:
        return torch.tensor(np.stack(values)).repeat(len(family.rates), *[1] * values[0].ndim)

    @torch.no_grad()
    def train() -> Trained:
        W, b = each([start.W for start in family.starts]), each([start.b for start in family.starts])[:, None, :]
        with threads_for(first.size * W.numel()):
            for orders in zip(*(start.orders() for start in family.starts), strict=True):
                order = torch.from_numpy(np.stack(orders))
                for batch in torch.split(order, first.size, dim=1):
                    count = batch.shape[1]
                    x, d = (part[batch].repeat(len(family.rates), 1, 1) for part in (X, D))
                    delta = torch.softmax(torch.baddbmm(b, x, W), 2).sub_(d)
                    delta.mul_(a if not first.mean else a / count)
                    W.baddbmm_(x.transpose(1, 2), delta, alpha=-1)
                    b.sub_(delta.sum(1, keepdim=True))
        return Trained(W.numpy(), b[:, 0].numpy())

    return train


def side_by_side(family: Family) -> Train:
    """All models of one seed in each update: they share the batch, so their weights stand side by side in one product."""
    (first,) = family.starts
    X, D = torch.from_numpy(first.X), torch.from_numpy(first.D)
    models, (inputs, neurons) = len(family.rates), first.W.shape
    a = torch.tensor(family.rates, dtype=X.dtype)[:, None]
    x, d = torch.empty_like(X[: first.size]), torch.empty_like(D[: first.size])

    @torch.no_grad()
    def train() -> Trained:
        W, b = torch.tensor(first.W).repeat(1, models), torch.tensor(first.b).repeat(models)
        with threads_for(first.size * W.numel()):
            for order in first.orders():
                for batch in torch.split(torch.from_numpy(order), first.size):
                    count = len(batch)
                    torch.index_select(X, 0, batch, out=x[:count])
                    torch.index_select(D, 0, batch, out=d[:count])
                    U = torch.addmm(b, x[:count], W).view(count, models, neurons)
                    delta = torch.softmax(U, 2).sub_(d[:count, None]).mul_(a / count if first.mean else a)
                    delta = delta.view(count, models * neurons)
                    W.addmm_(x[:count].t(), delta, alpha=-1)
                    b.sub_(delta.sum(0))
        weights = W.view(inputs, models, neurons).transpose(0, 1)
        return Trained(weights.numpy().copy(), b.view(models, neurons).numpy())

    return train
