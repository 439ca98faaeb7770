"""From and to PyTorch: a layer as an `nn.Module`, and a module's parameters as a layer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np

from deltarule.checks import choice
from deltarule.errors import InputError, MissingExtraError
from deltarule.frames import is_tensor, numbers_of_tensor
from deltarule.layers import KINDS, OTHER_NAMES, Layer, class_of, kind_name
from deltarule.layers.classes import LogisticLayer, SoftmaxLayer
from deltarule.layers.kinds import row_of
from deltarule.layers.linear import LinearLayer
from deltarule.layers.perceptron import PerceptronLayer, RosenblattLayer
from deltarule.model import Model
from deltarule.training import Run

# The module that follows the linear one, by the kind of layer.
MODULES: dict[type[Layer], Any] = {
    LinearLayer: lambda nn, _layer: nn.Identity(),
    SoftmaxLayer: lambda nn, _layer: nn.Softmax(dim=1),
    LogisticLayer: lambda nn, _layer: nn.Sigmoid(),
    PerceptronLayer: lambda nn, layer: nn.Sigmoid() if layer.activation == "sigmoid" else nn.Tanh(),
}


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError("a model for PyTorch", "PyTorch", "autograd") from error
    return torch


def to_torch(model: Model | Run | Layer) -> Any:
    """The model as an `nn.Sequential`: "scaling" of the inputs, "linear", "activation" and "unscaling" of the targets.

    It gives the outputs Y (P, K) from inputs (P, N) in the layer's precision; numbers in the targets' own units. A scaling
    stands there only where there is one; no optimiser changes it. What goes before the activation, which losses such as
    `CrossEntropyLoss` take, is `module[:-1]` of a layer with classes.

    Parameters
    ----------
    model : a model, a run or a layer. Columns of a table become inputs before: `model.encoding`.

    Raises
    ------
    InputError
        If the kind of layer has no module in PyTorch, as hard outputs have none.
    MissingExtraError
        If PyTorch is not installed.

    Examples
    --------
    >>> import torch
    >>> from deltarule import SoftmaxLayer
    >>> module = to_torch(SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=["left", "right"]))
    >>> list(module.state_dict()), module(torch.zeros(1, 1, dtype=torch.float64)).tolist()
    (['linear.weight', 'linear.bias'], [[0.5, 0.5]])
    """
    model = Model.of(model)
    layer, torch = model.layer, _torch()
    activation = None if isinstance(layer, RosenblattLayer) else row_of(MODULES, layer)
    if activation is None:
        raise InputError(
            "layer", "be of a kind that PyTorch has a module for", f"a {kind_name(layer)} layer", "Export to ONNX."
        )
    dtype = getattr(torch, layer.dtype.name)
    linear = torch.nn.Linear(layer.inputs, layer.neurons, bias=layer.has_biases, dtype=dtype)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(np.array(layer.weights.T)))
        if layer.has_biases:
            linear.bias.copy_(torch.from_numpy(np.array(layer.biases)))
    parts = [("linear", linear), ("activation", activation(torch.nn, layer))]
    if model.input_scaling is not None or model.target_scaling is not None:
        from deltarule.storage.torch_modules import Scale, Unscale

        if model.input_scaling is not None:
            parts.insert(0, ("scaling", Scale(model.input_scaling, dtype)))
        if model.target_scaling is not None:
            parts.append(("unscaling", Unscale(model.target_scaling, dtype)))
    return torch.nn.Sequential(OrderedDict(parts)).eval()


def from_torch(source: Any, kind: str, **options: Any) -> Layer:
    """The layer of a module with one linear part, or of its `state_dict`.

    Parameters
    ----------
    source : an `nn.Linear`, a module that holds one, or a `state_dict` with one weight (K, N) and at most one bias (K,).
    kind : of the layer, since no module says what it was trained for: "softmax" after `CrossEntropyLoss`, "logistic" after
        `BCEWithLogitsLoss`, "linear" after `MSELoss`, "perceptron".
    options : further arguments of the layer: `classes`, in the order of the outputs, or `activation`.

    Raises
    ------
    InputError
        If there is no such part, or more than one, or a scaling stands before it.

    Examples
    --------
    >>> import torch
    >>> from_torch(torch.nn.Linear(4, 3), "softmax", classes=["A", "B", "C"])
    SoftmaxLayer(4 x 3, classes=('A', 'B', 'C'))
    """
    state = source if isinstance(source, Mapping) else _state(source)
    found = {str(name): value for name, value in state.items() if is_tensor(type(value))}
    weights = [name for name, value in found.items() if value.ndim == 2]
    biases = [name for name, value in found.items() if value.ndim == 1]
    if len(weights) != 1 or len(found) != len(weights) + len(biases) or len(biases) > 1:
        shapes = ", ".join(f"{name} {tuple(value.shape)}" for name, value in found.items()) or "none"
        raise InputError(
            "module", "have one weight (K, N) and at most one bias (K,)", shapes[:200], "Give its linear part alone."
        )
    W = numbers_of_tensor("weights", found[weights[0]]).T
    b: Any = numbers_of_tensor("biases", found[biases[0]]) if biases else None
    layer_kind = KINDS[choice("kind", kind, tuple(KINDS), OTHER_NAMES)]
    known = {"classes", "activation"}
    odd = next((name for name in options if name not in known), None)
    if odd is not None:
        raise InputError("options of the layer", "be classes or activation", repr(odd), "Leave it out.")
    of_class = class_of(layer_kind, **options)
    try:
        return of_class(W, b, **options)
    except TypeError as error:
        raise InputError(
            "options of the layer", f"be those of a {kind} layer", str(error)[:200], "Correct them."
        ) from None


def _state(module: Any) -> Mapping[str, Any]:
    state = getattr(module, "state_dict", None)
    if not callable(state):
        raise InputError("module", "be one of PyTorch, or its state_dict", f"a {type(module).__name__}", "Give one.")
    found = state()
    if not isinstance(found, Mapping):
        raise InputError("module", "have a state_dict of tensors", f"a {type(found).__name__}", "Give a module.")
    return found
