"""Lanes from memory and back. Places are positions in a flat array, not checked.

As in `lanes` each operation stands twice: plain, on NumPy arrays, and as LLVM code.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.imputils import impl_ret_borrowed
from numba.np.arrayobj import populate_array

from deltarule.engines.kernels.vectors import (
    INT32,
    INT64,
    LanesType,
    as_vector,
    below,
    call,
    constant,
    lane_count,
    machine_code,
    pointer,
    spread,
    suffix,
)


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
        mask = below(builder, arguments[2], lanes.count)
        return call(
            builder,
            f"llvm.masked.load.{suffix(vector)}.p0",
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
        bytes_apart = builder.mul(places, constant(whole, array.dtype.bitwidth // 8))
        addresses = builder.add(spread(builder, builder.ptrtoint(data, ir.IntType(64)), lanes.count), bytes_apart)
        pointers = builder.inttoptr(addresses, ir.VectorType(data.type, lanes.count))
        mask = below(builder, arguments[3], lanes.count)
        return call(
            builder,
            f"llvm.masked.gather.{suffix(vector)}.v{lanes.count}p0",
            vector,
            [pointers, INT32(array.dtype.bitwidth // 8), mask, constant(vector, 0.0)],
        )

    return lanes(array, rows, types.intp, types.intp, types.intp, types.intp), build


def _exchanged(builder: Any, one: Any, other: Any, step: int) -> tuple[Any, Any]:
    """Two vectors, whose quarters (16 bytes, inside which an exchange takes one step of the processor) give their entries by turns.

    Parameters
    ----------
    builder : of LLVM code.
    one, other : LLVM values of one vector type.
    step : entries that go together. [a b c d] and [e f g h] give [a e b f] and [c g d h] one by one, and two by two
        [a b e f] and [c d g h].
    """
    count = one.type.count
    quarter = count // 4
    halves = []
    for begin in (0, quarter // 2):
        places = [
            vector + part + begin + unit + i
            for part in range(0, count, quarter)
            for unit in range(0, quarter // 2, step)
            for vector in (0, count)
            for i in range(step)
        ]
        halves.append(builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(INT32, count), places)))
    return halves[0], halves[1]


def _quarters_of(builder: Any, one: Any, other: Any, which: tuple[int, int]) -> Any:
    """A vector of two quarters of one vector and the same two of another.

    Parameters
    ----------
    builder : of LLVM code.
    one, other : LLVM values of one vector type.
    which : the quarters, from 0.
    """
    count = one.type.count
    quarter = count // 4
    places = [vector + part * quarter + i for vector in (0, count) for part in which for i in range(quarter)]
    return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(INT32, count), places))


def _plain_load_columns(
    array: Any, rows: Any, place: int, count: int, stride: int, first: int, target: Any, at: int
) -> None:
    """Columns of some rows of an array, each as a vector: lane i of a column is the entry of row `rows[place + i]`.

    As many columns as 16 bytes hold, and the array has. They are read row by row and exchanged in registers, which takes a
    fraction of the time of `gather`.

    Parameters
    ----------
    array : a flat array of rows.
    rows, place : whole numbers of rows, and the first used; from there on there must be a whole vector of rows that exist.
    count : how many lanes are filled, if there are so many; the others become 0.
    stride : entries of a row.
    first : the first column.
    target, at : where the first column goes; the next ones follow.
    """
    lanes = lane_count(array.dtype)
    for column in range(first, min(first + lanes // 4, stride)):
        _plain_store(target, at + (column - first) * lanes, _plain_gather(array, rows, place, count, stride, column))


@machine_code(_plain_load_columns)
def load_columns(
    typingctx: Any, array: Any, rows: Any, place: Any, count: Any, stride: Any, first: Any, target: Any, at: Any
) -> Any:
    """See `_plain_load_columns`."""
    lanes = LanesType(array.dtype)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array_, rows_, place, count, stride, first, target_, at = arguments
        vector = context.get_value_type(lanes)
        bytes_each = array.dtype.bitwidth // 8
        size = lanes.count // 4
        quarter = ir.VectorType(vector.element, size)
        left = builder.sub(stride, first)
        there = below(builder, left, size)
        start = pointer(context, builder, array, array_, first)
        numbers = pointer(context, builder, rows, rows_, place)

        def row(number: int) -> Any:
            begin = builder.mul(builder.load(builder.gep(numbers, [INT64(number)])), stride)
            address = as_vector(builder, builder.gep(start, [begin]), quarter)
            align = INT32(bytes_each)
            return call(
                builder,
                f"llvm.masked.load.{suffix(quarter)}.p0",
                quarter,
                [address, align, there, constant(quarter, 0.0)],
            )

        def joined(parts: list[Any]) -> Any:
            while len(parts) > 1:
                places = ir.Constant(
                    ir.VectorType(INT32, 2 * parts[0].type.count), list(range(2 * parts[0].type.count))
                )
                parts = [builder.shuffle_vector(a, b, places) for a, b in zip(parts[::2], parts[1::2], strict=True)]
            return parts[0]

        columns = [joined([row(part * size + j) for part in range(4)]) for j in range(size)]
        step = 1
        while step < size:
            # Vectors that are `step` apart were exchanged last; the columns come out in order.
            exchanged = list(columns)
            for j in range(0, size, 2 * step):
                for i in range(step):
                    pair = _exchanged(builder, columns[j + i], columns[j + step + i], step)
                    exchanged[j + 2 * i], exchanged[j + 2 * i + 1] = pair
            columns = exchanged
            step *= 2
        filled = below(builder, count, lanes.count)
        goal = pointer(context, builder, target, target_, at)
        for j, column in enumerate(columns):
            with builder.if_then(builder.icmp_signed(">", left, INT64(j))):
                address = as_vector(builder, builder.gep(goal, [INT64(j * lanes.count)]), vector)
                builder.store(builder.select(filled, column, constant(vector, 0.0)), address, align=bytes_each)
        return context.get_dummy_value()

    arguments = (array, rows, types.intp, types.intp, types.intp, types.intp, target, types.intp)
    return types.void(*arguments), build


def _plain_own(array: Any, rows: Any, columns: Any) -> Any:
    """Working memory: a vector for each entry of W and of b, up to whole vectors of them.

    It is the array. Where rows and columns are numbers as types it is new, all 0, and the function's own, so that the compiler
    can keep it in registers.

    Parameters
    ----------
    array : flat, of that size or more.
    rows, columns : of W.
    """
    if isinstance(rows, int) or isinstance(columns, int):
        return array
    lanes = lane_count(array.dtype)
    vectors = -(-(len(rows) + 1) * len(columns) // lanes) * lanes
    return np.zeros(vectors * lanes, array.dtype)


@machine_code(_plain_own)
def own(typingctx: Any, array: Any, rows: Any, columns: Any) -> Any:
    """See `_plain_own`."""
    signature = array(array, rows, columns)
    if not (isinstance(rows, types.BaseTuple) and isinstance(columns, types.BaseTuple)):
        return signature, lambda context, builder, signature, arguments: impl_ret_borrowed(
            context, builder, array, arguments[0]
        )
    lanes = LanesType(array.dtype)
    vectors = -(-(len(rows) + 1) * len(columns) // lanes.count) * lanes.count

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = context.get_value_type(lanes)
        bytes_each = array.dtype.bitwidth // 8
        with builder.goto_entry_block():
            memory = builder.alloca(ir.ArrayType(vector, vectors))
        for i in range(vectors):
            builder.store(constant(vector, 0.0), builder.gep(memory, [INT64(0), INT64(i)]), align=bytes_each)
        made = context.make_array(array)(context, builder)
        populate_array(
            made,
            data=builder.bitcast(memory, vector.element.as_pointer()),
            shape=[INT64(vectors * lanes.count)],
            strides=[INT64(bytes_each)],
            itemsize=INT64(bytes_each),
            meminfo=None,
        )
        return made._getvalue()  # noqa: SLF001 - Numba's own name

    return signature, build


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
        # The rows' numbers by turns, in one vector for two rows: there are half as many rows, each of sums of neighbours, and
        # their order stays. First inside each quarter of the vectors, then over quarters.
        step = 1
        while step < lanes.count // 4:
            pairs = zip(rows[::2], rows[1::2], strict=True)
            rows = [builder.fadd(*_exchanged(builder, a, b, step)) for a, b in pairs]
            step *= 2
        for one, other in (((0, 1), (2, 3)), ((0, 2), (1, 3))):
            pairs = zip(rows[::2], rows[1::2], strict=True)
            rows = [
                builder.fadd(_quarters_of(builder, a, b, one), _quarters_of(builder, a, b, other)) for a, b in pairs
            ]
        return rows[0]

    return lanes(array, types.intp), build
