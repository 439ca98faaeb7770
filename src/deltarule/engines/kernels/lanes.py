"""Vectors of 64 bytes (8 float64 or 16 float32: lanes), as numbers to calculate with inside compiled code.

Loops that a compiler may or may not turn into vector code are left out: what is written with lanes is vector code, on
every processor (LLVM splits a vector where the registers are narrower), in the order written. So results repeat to
the last bit, and no flag that lets a compiler assume finite numbers is needed. Each operation stands twice: plain, on
NumPy arrays of one vector's length, which is what runs with the JIT off; and as LLVM code.

Places are positions in a flat array, not checked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.core.typing import signature as types_signature
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.extending import intrinsic, lower_builtin, models, register_model

BYTES = 64
INT32 = ir.IntType(32)


def lane_count(dtype: np.dtype[Any]) -> int:
    """How many numbers of a type a vector has: 8 of float64, 16 of float32."""
    return BYTES // dtype.itemsize


class LanesType(types.Type):  # type: ignore[misc]
    """Numba's type of a vector of lanes."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype = dtype
        self.count = 8 * BYTES // dtype.bitwidth
        super().__init__(name=f"Lanes({dtype})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: LanesType) -> None:
        scalar = ir.DoubleType() if fe_type.dtype.bitwidth == 64 else ir.FloatType()
        super().__init__(dmm, fe_type, ir.VectorType(scalar, fe_type.count))


def machine_code(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """The decorated builder of LLVM code, as an intrinsic; `plain` itself with the JIT off.

    Parameters
    ----------
    plain : does the same on NumPy arrays; its docstring becomes that of the intrinsic.
    """

    def decorate(build: Callable[..., Any]) -> Any:
        if numba.config.DISABLE_JIT:
            return plain
        build.__doc__ = plain.__doc__
        return intrinsic(build)

    return decorate


# ---- How LLVM code is written.


def pointer(context: Any, builder: Any, array_type: Any, array: Any, place: Any) -> Any:
    """The address of a place in a flat array.

    Parameters
    ----------
    context, builder : of LLVM code.
    array_type, array : the array's Numba type, and its LLVM value.
    place : the place, as an LLVM value.
    """
    return builder.gep(context.make_array(array_type)(context, builder, array).data, [place])


def as_vector(builder: Any, pointer: Any, vector: Any) -> Any:
    """The address as that of a vector.

    Parameters
    ----------
    builder : of LLVM code.
    pointer : the address.
    vector : LLVM's type of the vector.
    """
    return builder.bitcast(pointer, vector.as_pointer())


def _integers(vector: Any) -> Any:
    """The type of whole numbers as wide as a vector's lanes."""
    return ir.VectorType(ir.IntType(64 if isinstance(vector.element, ir.DoubleType) else 32), vector.count)


def _same(vector: Any, value: float) -> Any:
    return ir.Constant(vector, [value] * vector.count)


def spread(builder: Any, value: Any, count: int) -> Any:
    """A vector with the value in each lane.

    Parameters
    ----------
    builder : of LLVM code.
    value : an LLVM value.
    count : how many lanes.
    """
    vector = ir.VectorType(value.type, count)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, INT32(0))
    return builder.shuffle_vector(
        first, ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(INT32, count), [0] * count)
    )


def _suffix(vector: Any) -> str:
    kinds = {"double": "f64", "float": "f32", "i64": "i64", "i32": "i32"}
    return f"v{vector.count}{kinds[str(vector.element)]}"


def call(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """A call of an LLVM intrinsic.

    Parameters
    ----------
    builder : of LLVM code.
    name : the intrinsic's, with its types' suffix.
    result : LLVM's type of what it returns.
    arguments : LLVM values.
    """
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def multiply_add_code(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """A b + c of LLVM vectors, in one rounding."""
    return call(builder, f"llvm.fma.{_suffix(a.type)}", a.type, [a, b, c])


def _below(builder: Any, count: Any, lanes: int) -> Any:
    """A mask of the first `count` lanes."""
    numbers = ir.Constant(ir.VectorType(ir.IntType(64), lanes), list(range(lanes)))
    return builder.icmp_signed("<", numbers, spread(builder, count, lanes))


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
        return _same(arguments[0].type, 1.5 * 2.0 ** _fraction_bits(a.dtype)[0])

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
        whole = _integers(vector)
        bits = builder.add(builder.bitcast(arguments[0], whole), _same(whole, bias))
        return builder.bitcast(builder.shl(bits, _same(whole, fraction)), vector)

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
        whole = _integers(vector)
        bits = builder.lshr(builder.bitcast(arguments[0], whole), _same(whole, fraction))
        return builder.sitofp(builder.sub(bits, _same(whole, bias)), vector)

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


# ---- Memory.


def _plain_width(array: Any) -> int:
    """How many of an array's numbers make a vector.

    Parameters
    ----------
    array : a flat array.
    """
    return lane_count(array.dtype)


@machine_code(_plain_width)
def width(typingctx: Any, array: Any) -> Any:
    """See `_plain_width`."""
    count = LanesType(array.dtype).count
    return types.intp(array), lambda context, builder, signature, arguments: ir.IntType(64)(count)


def _plain_splat(x: Any) -> Any:
    """A number in every lane.

    Parameters
    ----------
    x : a float32 or float64 number.
    """
    return np.full(lane_count(x.dtype), x)


@machine_code(_plain_splat)
def splat(typingctx: Any, x: Any) -> Any:
    """See `_plain_splat`."""
    lanes = LanesType(x)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return spread(builder, arguments[0], lanes.count)

    return lanes(x), build


def _plain_load(array: Any, place: int) -> Any:
    """The lanes that start at a place.

    Parameters
    ----------
    array, place : a flat array, and a place in it.
    """
    return array[place : place + lane_count(array.dtype)].copy()


@machine_code(_plain_load)
def load(typingctx: Any, array: Any, place: Any) -> Any:
    """See `_plain_load`."""
    lanes = LanesType(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = pointer(context, builder, array, *arguments)
        vector = context.get_value_type(lanes)
        return builder.load(as_vector(builder, start, vector), align=array.dtype.bitwidth // 8)

    return lanes(array, types.intp), build


def _plain_load_some(array: Any, place: int, count: int, fill: float) -> Any:
    """The first `count` lanes from a place; `fill` in the others, whose memory is not touched.

    Parameters
    ----------
    array, place : a flat array, and a place in it.
    count : how many lanes are read, if there are so many.
    fill : a number.
    """
    lanes = np.full(lane_count(array.dtype), fill, dtype=array.dtype)
    given = array[place : place + min(count, len(lanes))]
    lanes[: len(given)] = given
    return lanes


@machine_code(_plain_load_some)
def load_some(typingctx: Any, array: Any, place: Any, count: Any, fill: Any) -> Any:
    """See `_plain_load_some`."""
    lanes = LanesType(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = pointer(context, builder, array, arguments[0], arguments[1])
        vector = context.get_value_type(lanes)
        others = spread(builder, context.cast(builder, arguments[3], fill, array.dtype), lanes.count)
        mask = _below(builder, arguments[2], lanes.count)
        return call(
            builder,
            f"llvm.masked.load.{_suffix(vector)}.p0",
            vector,
            [as_vector(builder, start, vector), INT32(array.dtype.bitwidth // 8), mask, others],
        )

    return lanes(array, types.intp, types.intp, fill), build


def _plain_store(array: Any, place: int, lanes: Any) -> None:
    """Write lanes.

    Parameters
    ----------
    array, place : a flat array, and where in it they start.
    lanes : what is written.
    """
    array[place : place + len(lanes)] = lanes


@machine_code(_plain_store)
def store(typingctx: Any, array: Any, place: Any, lanes: Any) -> Any:
    """See `_plain_store`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = pointer(context, builder, array, arguments[0], arguments[1])
        vector = arguments[2].type
        builder.store(arguments[2], as_vector(builder, start, vector), align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), build


def _plain_gather(array: Any, rows: Any, place: int, count: int, stride: int, column: int) -> Any:
    """Lane i: `array[rows[place + i] * stride + column]`, 0 from lane `count` on.

    Parameters
    ----------
    array : a flat array of rows.
    rows, place : whole numbers of rows, and the first used; from there on there must be a whole vector of them.
    count : how many lanes are read, if there are so many.
    stride : how far apart rows are in the array.
    column : which entry of a row.
    """
    lanes = np.zeros(lane_count(array.dtype), dtype=array.dtype)
    filled = min(count, len(lanes))
    lanes[:filled] = array[rows[place : place + filled] * stride + column]
    return lanes


@machine_code(_plain_gather)
def gather(typingctx: Any, array: Any, rows: Any, place: Any, count: Any, stride: Any, column: Any) -> Any:
    """See `_plain_gather`."""
    lanes = LanesType(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = context.get_value_type(lanes)
        whole = ir.VectorType(ir.IntType(64), lanes.count)
        start = pointer(context, builder, rows, arguments[1], arguments[2])
        places = builder.load(as_vector(builder, start, whole), align=8)
        places = builder.mul(places, spread(builder, arguments[4], lanes.count))
        places = builder.add(places, spread(builder, arguments[5], lanes.count))
        data = context.make_array(array)(context, builder, arguments[0]).data
        # llvmlite has no address arithmetic on vectors of pointers; on whole numbers it has.
        bytes_apart = builder.mul(places, _same(whole, array.dtype.bitwidth // 8))
        addresses = builder.add(spread(builder, builder.ptrtoint(data, ir.IntType(64)), lanes.count), bytes_apart)
        pointers = builder.inttoptr(addresses, ir.VectorType(data.type, lanes.count))
        mask = _below(builder, arguments[3], lanes.count)
        return call(
            builder,
            f"llvm.masked.gather.{_suffix(vector)}.v{lanes.count}p0",
            vector,
            [pointers, INT32(array.dtype.bitwidth // 8), mask, _same(vector, 0.0)],
        )

    return lanes(array, rows, types.intp, types.intp, types.intp, types.intp), build


def _plain_totals(array: Any, place: int) -> Any:
    """Lane i: the sum of vector i.

    Parameters
    ----------
    array, place : a flat array, and where in it as many vectors as a vector has lanes start, one after another.
    """
    lanes = lane_count(array.dtype)
    return array[place : place + lanes * lanes].reshape(lanes, lanes).sum(axis=1)


@machine_code(_plain_totals)
def totals(typingctx: Any, array: Any, place: Any) -> Any:
    """See `_plain_totals`."""
    lanes = LanesType(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = context.get_value_type(lanes)
        start = as_vector(builder, pointer(context, builder, array, *arguments), vector)
        bytes_each = array.dtype.bitwidth // 8
        rows = [builder.load(builder.gep(start, [INT32(i)]), align=bytes_each) for i in range(lanes.count)]
        picks = [
            ir.Constant(ir.VectorType(INT32, lanes.count), list(range(first, 2 * lanes.count, 2))) for first in (0, 1)
        ]
        # Neighbours in each pair of rows added, in one vector for both: the number of rows halves, and their order
        # stays.
        while len(rows) > 1:
            pairs = zip(rows[::2], rows[1::2], strict=True)
            rows = [builder.fadd(*(builder.shuffle_vector(a, b, pick) for pick in picks)) for a, b in pairs]
        return rows[0]

    return lanes(array, types.intp), build
