"""Lanes from memory and back. Places are positions in a flat array, not checked.

As in `lanes` each operation stands twice: plain, on NumPy arrays, and as LLVM code.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from deltarule.engines.kernels.vectors import (
    INT32,
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
