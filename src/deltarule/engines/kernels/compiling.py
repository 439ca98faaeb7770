"""How functions are compiled, and numbers that are known when they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target

from deltarule.engines.kernels.disk import KernelCache, fingerprint
from deltarule.engines.kernels.vectors import machine_code

DISABLE_JIT = bool(numba.config.DISABLE_JIT)
Function = TypeVar("Function", bound=Callable[..., Any])
# For functions that compiled code calls. No wrappers for callers in Python: they take a third of the time to compile.
OPTIONS = {"error_model": "numpy", "nogil": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
# A function that is chosen by types (`overload`) is compiled as part of its caller only where it is told to be. A call
# with all that kernels are given copies some 150 numbers, which takes longer than an update of a small layer.
CHOSEN = {**OPTIONS, "forceinline": True}


def compiled(function: Function) -> Function:
    """Compile on first call and keep the code on disk; run without Python's lock. For functions that engines call.

    With NumPy's error model a division by 0 is an infinity to look at, not a branch in each loop.
    """
    made = numba.njit(error_model="numpy", nogil=True, _nrt=False)(function)
    if not numba.config.DISABLE_JIT:
        made._cache = KernelCache(function, fingerprint())  # noqa: SLF001 - there is no public way
    return cast("Function", made)


def on_disk(function: Any, *arguments: Any) -> bool:
    """Whether a function was compiled for arguments of these types before, by this process or another.

    Parameters
    ----------
    function : a `compiled` one.
    arguments : as it would be called.
    """
    if numba.config.DISABLE_JIT:
        return False
    signature = tuple(numba.typeof(argument) for argument in arguments)
    return function._cache.holds(signature, cpu_target.target_context)  # type: ignore[no-any-return]  # noqa: SLF001


def inlined(function: Function) -> Function:
    """Compile as part of whatever calls it. For functions that compiled code calls."""
    return _njit(function, forceinline=True)


def not_inlined(function: Function) -> Function:
    """Compile as a function of its own, for compiled callers only: long, and called from more than one place."""
    return _njit(function, forceinline=False)


def _njit(function: Function, *, forceinline: bool) -> Function:
    return cast("Function", numba.njit(**OPTIONS, forceinline=forceinline)(function))


# A whole number that the compiler knows: a tuple of so many Nones, whose length is part of its type. Code that takes
# sizes by `number_of` takes both, and is compiled for each known size once: its loops are then unrolled, its branches
# decided.
NumberType = tuple[None, ...]


def as_type(number: int) -> NumberType:
    """A whole number as a type, which the compiler knows."""
    return (None,) * number


def _plain_number_of(number: int | NumberType) -> int:
    """The whole number, given as itself or as a type."""
    return number if isinstance(number, int) else len(number)


@machine_code(_plain_number_of)
def number_of(typingctx: Any, number: Any) -> Any:
    """See `_plain_number_of`."""
    if isinstance(number, types.BaseTuple):
        count = len(number)
        return types.intp(number), lambda context, builder, signature, arguments: ir.IntType(64)(count)
    return types.intp(types.intp), lambda context, builder, signature, arguments: arguments[0]


def _plain_is_type(number: int | NumberType) -> bool:
    """Whether the compiler knows the number."""
    return not isinstance(number, int)


@machine_code(_plain_is_type)
def is_type(typingctx: Any, number: Any) -> Any:
    """See `_plain_is_type`."""
    known = isinstance(number, types.BaseTuple)
    return types.boolean(number), lambda context, builder, signature, arguments: ir.IntType(1)(known)
