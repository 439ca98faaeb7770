"""Vectors of 64 bytes (8 float64 or 16 float32: lanes), as numbers to calculate with inside compiled code.

Loops that a compiler may or may not turn into vector code are left out: what is written with lanes is vector code, on
every processor (LLVM splits a vector where the registers are narrower), in the order written. So results repeat to
the last bit, and no flag that lets a compiler assume finite numbers is needed. Each operation stands twice: plain, on
NumPy arrays of one vector's length, which is what runs with the JIT off; and as LLVM code.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.core.typing import signature as types_signature
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.extending import lower_builtin

from deltarule.engines.kernels.vectors import (
    BYTES,
    INT32,
    LanesType,
    constant,
    integers_of,
    machine_code,
    multiply_add_code,
    spread,
)


def _cast(context: Any, builder: Any, value: Any, found: Any, lanes: LanesType) -> Any:
    """A vector as it is; a scalar in every lane."""
    if isinstance(found, LanesType):
        return value
    return spread(builder, context.cast(builder, value, found, lanes.dtype), lanes.count)


def _lanes_of(*found: Any) -> LanesType | None:
    """The lanes type among operands, where the others are lanes or numbers."""
    lanes = [each for each in found if isinstance(each, LanesType)]
    others = all(isinstance(each, LanesType | types.Number) for each in found)
    return lanes[0] if lanes and others else None


def _operands(*found: Any) -> LanesType:
    """The lanes type among operands that must have one."""
    lanes = _lanes_of(*found)
    if lanes is None:
        raise TypingError(f"lanes or numbers are required, not {found}")
    return lanes


# ---- Arithmetic: + - * / of lanes with lanes or numbers.


def _define(operation: Any, instruction: str) -> None:
    @infer_global(operation)
    class _Typed(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:
            lanes = _lanes_of(*args)
            return None if lanes is None else types_signature(lanes, *args)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        lanes = signature.return_type
        both = [_cast(context, builder, v, t, lanes) for v, t in zip(arguments, signature.args, strict=True)]
        return getattr(builder, instruction)(*both)

    for kinds in ((LanesType, LanesType), (LanesType, types.Number), (types.Number, LanesType)):
        lower_builtin(operation, *kinds)(build)


for _operation, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _define(_operation, _instruction)


def _plain_fma(a: Any, b: Any, c: Any) -> Any:
    """A b + c in one rounding.

    Parameters
    ----------
    a, b, c : lanes or numbers, one of them lanes.
    """
    return a * b + c


@machine_code(_plain_fma)
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """See `_plain_fma`."""
    lanes = _operands(a, b, c)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return multiply_add_code(
            builder, *(_cast(context, builder, v, t, lanes) for v, t in zip(arguments, (a, b, c), strict=True))
        )

    return lanes(a, b, c), build


def _plain_where_greater(a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` where a > b, `no` elsewhere (a NaN is not greater).

    Parameters
    ----------
    a, b, yes, no : lanes or numbers, one of them lanes.
    """
    return np.where(np.greater(a, b), yes, no)


@machine_code(_plain_where_greater)
def where_greater(typingctx: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """See `_plain_where_greater`."""
    lanes = _operands(a, b, yes, no)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        each = [_cast(context, builder, v, t, lanes) for v, t in zip(arguments, (a, b, yes, no), strict=True)]
        return builder.select(builder.fcmp_ordered(">", each[0], each[1]), each[2], each[3])

    return lanes(a, b, yes, no), build


def _fraction_bits(dtype: Any) -> tuple[int, int]:
    """The bits of a number's fraction, and the bias of its exponent."""
    return (52, 1023) if dtype.bitwidth == 64 else (23, 127)


def _plain_shift(a: Any) -> Any:
    """A number so large that a sum with it has no room for a fraction: the sum's low bits are the nearest whole number.

    Subtracted again, it leaves that whole number, in half the time of an instruction that rounds. For numbers up to
    2^51 (2^22 in float32).

    Parameters
    ----------
    a : lanes, which say the type only.
    """
    return np.full_like(a, 1.5 * 2.0 ** (52 if a.itemsize == 8 else 23))


@machine_code(_plain_shift)
def shift(typingctx: Any, a: Any) -> Any:
    """See `_plain_shift`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return constant(arguments[0].type, 1.5 * 2.0 ** _fraction_bits(a.dtype)[0])

    return a(a), build


def _plain_power_of_shifted(a: Any) -> Any:
    """2^n for n + `shift`, n whole and within the exponents of normal numbers; of others, anything.

    Parameters
    ----------
    a : lanes: n + `shift`.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return np.ldexp(np.ones_like(a), np.clip(np.nan_to_num(a - _plain_shift(a)), -2000, 2000).astype(int))


@machine_code(_plain_power_of_shifted)
def power_of_shifted(typingctx: Any, a: Any) -> Any:
    """See `_plain_power_of_shifted`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = arguments[0].type
        fraction, bias = _fraction_bits(a.dtype)
        whole = integers_of(vector)
        bits = builder.add(builder.bitcast(arguments[0], whole), constant(whole, bias))
        return builder.bitcast(builder.shl(bits, constant(whole, fraction)), vector)

    return a(a), build


def _plain_exponent(a: Any) -> Any:
    """floor(log2 a) of normal, positive numbers; of others, anything.

    Parameters
    ----------
    a : lanes.
    """
    return np.frexp(a)[1].astype(a.dtype) - 1


@machine_code(_plain_exponent)
def exponent(typingctx: Any, a: Any) -> Any:
    """See `_plain_exponent`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = arguments[0].type
        fraction, bias = (52, 1023) if a.dtype.bitwidth == 64 else (23, 127)
        whole = integers_of(vector)
        bits = builder.lshr(builder.bitcast(arguments[0], whole), constant(whole, fraction))
        return builder.sitofp(builder.sub(bits, constant(whole, bias)), vector)

    return a(a), build


def _plain_total(a: Any) -> Any:
    """The sum of the lanes, by halves.

    Parameters
    ----------
    a : lanes.
    """
    while len(a) > 1:
        a = a[: len(a) // 2] + a[len(a) // 2 :]
    return a[0]


def _by_halves(builder: Any, vector: Any, join: Callable[[Any, Any], Any]) -> Any:
    """One scalar of a vector: its halves joined, the halves of that, and so on."""
    count = vector.type.count
    while count > 1:
        count //= 2
        chosen = [ir.Constant(ir.VectorType(INT32, count), list(range(start, start + count))) for start in (0, count)]
        nothing = ir.Constant(vector.type, ir.Undefined)
        vector = join(*(builder.shuffle_vector(vector, nothing, half) for half in chosen))
    return builder.extract_element(vector, INT32(0))


@machine_code(_plain_total)
def total(typingctx: Any, a: Any) -> Any:
    """See `_plain_total`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _by_halves(builder, arguments[0], builder.fadd)

    return a.dtype(a), build


def _plain_low(a: Any) -> Any:
    """The first half of float32 lanes as float64; all of float64 lanes.

    Parameters
    ----------
    a : lanes.
    """
    return a[: BYTES // 8].astype(np.float64)


def _plain_high(a: Any) -> Any:
    """The second half of float32 lanes as float64; of float64 lanes, which have none, -0 throughout: what adds nothing.

    Parameters
    ----------
    a : lanes.
    """
    return a[BYTES // 8 :].astype(np.float64) if len(a) > BYTES // 8 else np.full(BYTES // 8, -0.0)


def _half(a: Any, first: int) -> Any:
    """The signature and the LLVM code of `low` and `high`; `first` is the first lane."""
    double = LanesType(types.float64)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = context.get_value_type(double)
        if a.count == double.count:
            return arguments[0] if first == 0 else constant(vector, -0.0)
        picked = ir.Constant(ir.VectorType(INT32, double.count), list(range(first, first + double.count)))
        half = builder.shuffle_vector(arguments[0], ir.Constant(arguments[0].type, ir.Undefined), picked)
        return builder.fpext(half, vector)

    return double(a), build


@machine_code(_plain_low)
def low(typingctx: Any, a: Any) -> Any:
    """See `_plain_low`."""
    return _half(a, 0)


@machine_code(_plain_high)
def high(typingctx: Any, a: Any) -> Any:
    """See `_plain_high`."""
    return _half(a, BYTES // 8)


def _plain_largest(a: Any) -> Any:
    """The largest lane; NaN or another lane where one is NaN.

    Parameters
    ----------
    a : lanes.
    """
    return a.max()


@machine_code(_plain_largest)
def largest(typingctx: Any, a: Any) -> Any:
    """See `_plain_largest`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _by_halves(
            builder, arguments[0], lambda one, other: builder.select(builder.fcmp_ordered(">", one, other), one, other)
        )

    return a.dtype(a), build
