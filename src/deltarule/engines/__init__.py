"""The engines: three ways to run the same descent, to rounding. Each is one module, imported when asked for.

base (what an engine is given and gives back) <- direct (NumPy), autograd (PyTorch), compiled (Numba, by `kernels`; of sparse
inputs `sparse`, by `sparse_kernels`; block by block `block_kernels`); streaming descends over patterns that are read from a stream;
settling ends a run of Rosenblatt's rule where no pattern is wrong; running is the loop round an engine, many_models that for the
models of a sweep.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module

from deltarule.checks import choice
from deltarule.engines.base import Engine, Report, Work, is_streamed
from deltarule.engines.numba_here import usable
from deltarule.engines.settling import settling
from deltarule.errors import InputError

ENGINES = ("direct", "autograd", "compiled")
# The libraries that compute, for those who ask for an engine by its library.
SYNONYMS = {"numpy": "direct", "torch": "autograd", "pytorch": "autograd", "numba": "compiled"}

__all__ = ["ENGINES", "Engine", "Report", "Work", "is_streamed", "start"]


def start(name: str, work: Work) -> Engine:
    """The engine of that name, at the start of its work.

    Parameters
    ----------
    name : "direct", "autograd" or "compiled", in whose place the direct engine runs where there is no Numba.
    work : what to do.

    Raises
    ------
    InputError
        If there is no such engine, or it has no formulas for the kind of the layer.
    MissingExtraError
        If the library that it needs is not installed.
    """
    name = usable(choice("engine", name, ENGINES, SYNONYMS))
    if is_streamed(work.training):
        from deltarule.engines.streaming import start_stream

        return settling(partial(start_stream, name), work)
    if hasattr(work.training.X, "indptr"):  # sparse
        if name == "autograd":
            remedy = 'Give engine="compiled" or "direct".'
            raise InputError("engine", "be one that takes sparse inputs", "'autograd'", remedy)
        name = "sparse" if name == "compiled" else name
    module = import_module(f"deltarule.engines.{name}")
    return settling(module.start, work)
