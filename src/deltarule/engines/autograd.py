"""The same descent as a PyTorch user would write it: a module, its loss, `torch.optim.SGD`, and a `DataLoader` for mini-batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch, Descent
from deltarule.engines import thresholds
from deltarule.engines.base import EpochEngine, Report, Work, representable, row_for
from deltarule.engines.threads import chosen_threads
from deltarule.errors import MissingExtraError
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    Patterns,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
)
from deltarule.sums import FEW, column_sums, products

try:
    import torch
    from torch import Tensor, nn
    from torch.utils.data import DataLoader, Dataset, Sampler
except ImportError as error:  # pragma: no cover - the development environment has it
    raise MissingExtraError("the autograd engine", "PyTorch", "autograd") from error


@contextmanager
def threads_for(multiplications: int) -> Iterator[None]:
    """One thread for small updates: others would wait for work that never comes, and on busy cores take 100 times as long.

    For others as many as the user allows, see `threads.set_threads`.

    Parameters
    ----------
    multiplications : in an update.
    """
    before, chosen = torch.get_num_threads(), thresholds.get().threads or chosen_threads()
    if multiplications < thresholds.get().torch_multiplications:
        torch.set_num_threads(1)
    elif chosen is not None:
        torch.set_num_threads(chosen)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Row(NamedTuple):
    """What PyTorch has for a kind of layer.

    activation : makes the module that follows `nn.Linear`, from the layer.
    loss : PyTorch's loss of this kind.
    desired : what that loss takes as targets, from patterns.
    half : the factor that the loss lacks where costs are summed: the squared error has 1/2, `nn.MSELoss` has not.
    options : what that loss must know of the layer.
    """

    activation: Callable[[Any], nn.Module]
    loss: type[Any]
    desired: Callable[[Patterns], NDArray[Any]]
    half: float = 1.0
    options: Callable[[Any], dict[str, Any]] = lambda _layer: {}


class PerceptronLoss(nn.Module):
    """Rosenblatt's criterion, sum (y - d) u with hard outputs y, which PyTorch has not. Its gradient by u is y - d.

    Parameters
    ----------
    reduction : "sum", "mean" (over patterns and neurons) or "none".
    low : y where u < 0: 0 of a step, -1 of a sign.
    """

    def __init__(self, reduction: str, low: float) -> None:
        super().__init__()
        self.reduction, self.low = reduction, low

    def forward(self, synaptic_inputs: Tensor, desired: Tensor) -> Tensor:
        """J, or its terms (B, K), from U (B, K) and D (B, K)."""
        outputs = torch.where(synaptic_inputs < 0, self.low, 1.0).to(desired.dtype)
        terms: Tensor = (outputs - desired) * synaptic_inputs
        return terms if self.reduction == "none" else terms.mean() if self.reduction == "mean" else terms.sum()


def _rows(patterns: Patterns) -> NDArray[Any]:
    return patterns.D.copy()


# A row a kind; see `base.row_for`. `nn.CrossEntropyLoss` and `nn.BCEWithLogitsLoss` apply softmax and sigmoid themselves,
# so those layers give synaptic inputs. (`nn.Identity` takes any argument.)
KINDS: dict[type[Layer], Row] = {
    LinearLayer: Row(nn.Identity, nn.MSELoss, _rows, half=0.5),
    PerceptronLayer: Row(
        lambda layer: {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh}[layer.activation](), nn.MSELoss, _rows, half=0.5
    ),
    AdalineLayer: Row(nn.Identity, nn.MSELoss, _rows, half=0.5),
    RosenblattLayer: Row(nn.Identity, PerceptronLoss, _rows, options=lambda layer: {"low": layer.answers[0]}),
    LogisticLayer: Row(nn.Identity, nn.BCEWithLogitsLoss, _rows),
    SoftmaxLayer: Row(nn.Identity, nn.CrossEntropyLoss, lambda patterns: patterns.D.argmax(axis=1)),
}


def _row(layer: Layer) -> Row:
    return row_for(KINDS, layer, "autograd")


class SummedWidely(torch.autograd.Function):
    """`nn.functional.linear` with gradients that are summed in float64: sums over many patterns in float32 would be wrong."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """U of `inputs` (B, N), with PyTorch's `weight` (K, N) and `bias` (K,), or None for no biases."""
        ctx.save_for_backward(inputs)
        return nn.functional.linear(inputs, weight, bias)

    @staticmethod
    def backward(ctx: Any, *delta: Tensor) -> tuple[None, Tensor, Tensor | None]:
        """delta^T X and 1^T delta (None without biases), from `delta` (B, K)."""
        (inputs,) = ctx.saved_tensors
        d, x = delta[0].numpy(), inputs.numpy()
        of_biases = torch.from_numpy(column_sums(d)) if ctx.needs_input_grad[2] else None
        return None, torch.from_numpy(products(d, x)), of_biases


class NeuronLayer(nn.Module):
    """A layer of neurons: `nn.Linear`, then its activation where the loss does not hold it.

    Applying softmax here as well, before `nn.CrossEntropyLoss`, is the handout's mistake.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        dtype = torch.from_numpy(np.zeros(0, layer.dtype)).dtype
        self.linear = nn.Linear(layer.inputs, layer.neurons, bias=layer.has_biases, dtype=dtype)
        self.activation = _row(layer).activation(layer)
        with torch.no_grad():  # PyTorch keeps weights as neurons x inputs
            self.linear.weight.copy_(torch.from_numpy(layer.weights.T.copy()))
            if layer.has_biases:
                self.linear.bias.copy_(torch.from_numpy(layer.biases.copy()))

    def forward(self, inputs: Tensor) -> Tensor:
        """U of a class layer, f(U) of one that predicts numbers. (B, N) -> (B, K)."""
        linear = self.linear
        if inputs.dtype == torch.float32 and len(inputs) > FEW:
            synaptic_inputs = SummedWidely.apply(inputs, linear.weight, linear.bias)  # type: ignore[no-untyped-call]
        else:
            synaptic_inputs = linear(inputs)
        outputs: Tensor = self.activation(synaptic_inputs)
        return outputs


class Cost(nn.Module):
    """The cost J as PyTorch's loss of that kind, for each reduction, with or without pattern weights.

    Parameters
    ----------
    layer : whose cost.
    descent : how it is reduced.
    weighted : whether patterns have weights.
    """

    def __init__(self, layer: Layer, descent: Descent, *, weighted: bool) -> None:
        super().__init__()
        row = _row(layer)
        self.reduction = descent.reduction
        self.factor = 1.0 if self.reduction == "mean" else row.half
        # PyTorch has no half-mean: it is the sum over the number of patterns.
        reduction = "none" if weighted else "mean" if self.reduction == "mean" else "sum"
        self.loss = row.loss(reduction=reduction, **row.options(layer))
        self.weighted = weighted

    def forward(self, outputs: Tensor, desired: Tensor, weights: Tensor) -> Tensor:
        """J of a batch of B patterns, without weight decay.

        outputs : (B, K) of the module. desired : (B, K), or the places of the labels (B,). weights : (B,).
        """
        if not self.weighted:
            cost: Tensor = self.loss(outputs, desired)
            if self.factor != 1:
                cost = self.factor * cost
            return cost / len(weights) if self.reduction == "half-mean" else cost
        losses: Tensor = self.loss(outputs, desired).reshape(len(weights), -1)
        total = self.factor * (weights @ losses).sum()
        if self.reduction == "sum":
            return total
        count = weights.sum() * losses.shape[1] if self.reduction == "mean" else weights.sum()
        return total / count.clamp_min(torch.finfo(total.dtype).tiny)


class PatternDataset(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Patterns as a `Dataset`: inputs, desired outputs as the loss takes them, weights.

    Parameters
    ----------
    layer : what is trained on them.
    patterns : the patterns.
    """

    def __init__(self, layer: Layer, patterns: Patterns) -> None:
        self.inputs = torch.from_numpy(patterns.X.copy())
        self.desired = torch.from_numpy(_row(layer).desired(patterns))
        self.weights = torch.from_numpy(patterns.sample_weight.copy())

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, place: int) -> tuple[Tensor, Tensor, Tensor]:
        return self.inputs[place], self.desired[place], self.weights[place]


class GivenOrder(Sampler[int]):
    """Visits the patterns in the order that it was last given, so that all engines visit them in the same one.

    Parameters
    ----------
    patterns : how many there are.
    """

    def __init__(self, patterns: int) -> None:
        self.order: list[int] = list(range(patterns))

    def __iter__(self) -> Iterator[int]:
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)


class AutogradEngine(EpochEngine):
    """loss.backward(), optimizer.step()."""

    name = "autograd"

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        weighted = bool(np.any(work.training.sample_weight != 1))
        self.module = NeuronLayer(work.layer)
        self.loss = Cost(work.layer, work.descent, weighted=weighted)
        linear = self.module.linear
        descent, has_biases = work.descent, work.layer.has_biases
        decay = representable(descent.weight_decay, work.layer)
        groups: Any = self.module.parameters()
        if decay and has_biases and not descent.decay_biases:
            # Biases that are not decayed need a group of their own; one group is faster, and what one writes.
            groups = [{"params": [linear.weight]}, {"params": [linear.bias], "weight_decay": 0.0}]
        self.optimizer = torch.optim.SGD(
            groups,
            lr=representable(descent.learning_rate, work.layer),
            momentum=descent.momentum,
            nesterov=descent.nesterov,
            weight_decay=decay,
            foreach=False,  # two small tensors one by one are quicker than as a list
        )
        self.dataset = PatternDataset(work.layer, work.training)
        batch = min(work.descent.batch_size or len(self.dataset), len(self.dataset))
        self.multiplications = batch * work.layer.weights.size
        self.sampler = GivenOrder(len(self.dataset))
        self.loader = DataLoader(
            self.dataset, batch_size=work.descent.batch_size or len(self.dataset), sampler=self.sampler
        )
        # Views of the parameters' memory: to look at them costs no copy.
        self.weights = linear.weight.detach().numpy()
        self.biases = linear.bias.detach().numpy() if has_biases else work.layer.biases

    def advance(self, epochs: int) -> Report:
        """See `engines.base.Engine`."""
        with threads_for(self.multiplications):
            return super().advance(epochs)

    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch], rates: list[float]) -> None:
        """One update a batch; the full batch without a loader, as one writes it."""
        if len(batches) == 1 and isinstance(batches[0], slice):
            self._update(self.dataset.inputs, self.dataset.desired, self.dataset.weights, rates[0])
            return
        self.sampler.order = order.tolist()
        for (inputs, desired, weights), rate in zip(self.loader, rates, strict=True):
            self._update(inputs, desired, weights, rate)

    def _update(self, inputs: Tensor, desired: Tensor, weights: Tensor, rate: float) -> None:
        if not self.work.descent.schedule.is_constant:
            for group in self.optimizer.param_groups:
                group["lr"] = representable(rate, self.work.layer)
        loss = self.loss(self.module(inputs), desired, weights)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def layer(self) -> Layer:
        """The layer as it stands."""
        # Copies always: with one neuron or one input `ascontiguousarray` would give the parameters' own memory.
        return self.work.layer.with_unchecked_parameters(self.weights.T.copy(), self.biases.copy())


start = AutogradEngine
