"""Modules of PyTorch that scale and scale back. Import only where PyTorch is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from deltarule.data import Scaling


class Scale(torch.nn.Module):
    """(x - shift) * scale, column by column. The two are buffers: no optimiser changes them.

    Parameters
    ----------
    scaling : shift and scale of N columns.
    dtype : of the module.
    """

    def __init__(self, scaling: Scaling, dtype: Any) -> None:
        super().__init__()
        self.register_buffer("shift", torch.from_numpy(np.array(scaling.shift)).to(dtype))
        self.register_buffer("scale", torch.from_numpy(np.array(scaling.scale)).to(dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The scaled columns of x (P, N)."""
        shift, scale = self.get_buffer("shift"), self.get_buffer("scale")
        return (x - shift) * scale


class Unscale(Scale):
    """The inverse of `Scale`: x / scale + shift."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The columns of x (P, K) before they were scaled."""
        shift, scale = self.get_buffer("shift"), self.get_buffer("scale")
        return x / scale + shift
