"""A layer of standardised inputs as one of the inputs as they are, and back: x' = (x - shift) scale, u = x' W' + b' = x W + b."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from sklearn.preprocessing import StandardScaler

from deltarule.checks import Matrix
from deltarule.data import Scaling, refuse_tiny
from deltarule.layers import Layer
from deltarule.layers.initial import constant_inputs

AnyLayer = TypeVar("AnyLayer", bound=Layer)


def scaling_of(X: Matrix, weights: Any, *, has_biases: bool) -> Scaling:
    """The scaling that standardises inputs; scikit-learn's `StandardScaler`, which counts weights.

    Parameters
    ----------
    X : (P, N) inputs.
    weights : (P,) of the patterns; None: 1 each.
    has_biases : whether the layer has some. Without them nothing can be shifted.

    Examples
    --------
    >>> scaling_of(np.array([[1.0], [3.0]]), None, has_biases=False).apply([[1.0]]).tolist()
    [[1.0]]
    """
    found = StandardScaler().fit(X, sample_weight=weights)
    refuse_tiny(X, found.var_)
    shift = found.mean_ if has_biases else np.zeros(X.shape[1])
    return Scaling(shift, 1 / found.scale_)


def of_raw(layer: AnyLayer, scaling: Scaling) -> AnyLayer:
    """The layer of the inputs as they are, W = scale W', b = b' - shift W.

    Parameters
    ----------
    layer : of scaled inputs.
    scaling : of the inputs.
    """
    W = layer.weights * scaling.scale[:, None]
    return layer.with_parameters(W, layer.biases - scaling.shift @ W if layer.has_biases else None)


def of_scaled(layer: AnyLayer, scaling: Scaling) -> AnyLayer:
    """The inverse of `of_raw`: the layer of scaled inputs.

    Parameters
    ----------
    layer : of the inputs as they are.
    scaling : of the inputs.
    """
    biases = layer.biases + scaling.shift @ layer.weights if layer.has_biases else None
    return layer.with_parameters(layer.weights / scaling.scale[:, None], biases)


def without_constant(layer: AnyLayer, X: Any) -> AnyLayer:
    """The layer with weights of 0 for inputs that are the same in all patterns: what is drawn for them would stay by chance.

    Parameters
    ----------
    layer : to start from.
    X : (P, N) inputs, which may be sparse.
    """
    if not layer.weights.any():
        return layer
    constant = constant_inputs(X)
    W = np.where(constant[:, None], 0, layer.weights).astype(layer.dtype)
    return layer.with_parameters(W, layer.biases if layer.has_biases else None)
