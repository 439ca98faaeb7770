"""The contenders, each named once; its module is imported when it is first asked for, since every library is optional."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from benchmarks.task import Train


@dataclass(frozen=True)
class Contender:
    """A way to train.

    Attributes
    ----------
    name : as tables show it.
    home : "module:function"; the function makes a task (or a family) ready and gives what is timed.
    proof : how its mathematics are proved: "order" (mini-batches in the same order), "given" (mini-batches, patterns in the order
        given, since its shuffle is its own), "full" (full batch, since its batches are its own).
    alone : so many models of a family are trained one after the other, and the time is scaled to all; 0: a family at once.
    longest : seconds that a timed run of it may take, about.
    note : what a reader should know.
    """

    name: str
    home: str
    proof: str = "order"
    alone: int = 0
    longest: float = 0.25
    note: str = ""

    def load(self) -> Callable[[Any], Train]:
        """Its function; ImportError or AttributeError where it is missing."""
        module, function = self.home.split(":")
        found: Callable[[Any], Train] = getattr(import_module(f"benchmarks.contenders.{module}"), function)
        return found


DELTARULE = Contender(
    "deltarule", "by_deltarule:made_for_the_shape", note="kernels made for the shape: after one run of 20 s, on disk"
)
ANY_SHAPE = Contender("deltarule, any shape", "by_deltarule:for_any_shape", note="kernels for any shape")
UPDATES = Contender("deltarule", "by_deltarule:updates_alone", longest=1.0, note="its updates, as of the others")
WHOLE_CALL = Contender(
    "deltarule, whole call", "by_deltarule:train", longest=1.0, note="checks of the data and the cost at both ends too"
)
SWEEP = Contender("deltarule", "by_deltarule:sweep", longest=20.0, note="sweep, the whole call")
NUMPY = Contender("NumPy", "by_numpy:loop")
TUTORIAL = Contender("PyTorch tutorial", "by_pytorch:tutorial")
TORCH = Contender("PyTorch at its best", "by_pytorch:at_its_best")
TORCH_COMPILED = Contender(
    "PyTorch compiled", "by_pytorch:compiled", note="torch.compile of an unrolled epoch or ten updates"
)
JAX = Contender("JAX scan", "by_jax:scan")
SKLEARN = Contender(
    "scikit-learn MLPClassifier", "by_sklearn:mlp", "given", note="without hidden layers; its own shuffle"
)
SKORCH = Contender("skorch", "by_skorch:net")
MLXTEND = Contender(
    "mlxtend",
    "by_mlxtend:softmax_regression",
    "full",
    note="its own shuffle and equal batches; float64; costs each epoch too",
)
JAX_VMAP = Contender("JAX vmap", "by_jax:vmapped", longest=2.0)
TORCH_STACKED = Contender("PyTorch stacked", "by_pytorch:stacked", longest=2.0, note="all models in one baddbmm")
TORCH_SIDE_BY_SIDE = Contender(
    "PyTorch side by side", "by_pytorch:side_by_side", longest=2.0, note="all heads' weights in one product"
)
TUTORIAL_ALONE = Contender("PyTorch tutorial, one after another", "by_pytorch:tutorial", alone=2)
TORCH_ALONE = Contender("PyTorch at its best, one after another", "by_pytorch:at_its_best", alone=4)
