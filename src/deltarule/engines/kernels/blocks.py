"""Blocks of matrix products in registers, for wide inputs.

A block adds sum_t A(t, i) B(t, v) for 8 (or 1, or 16) numbers i of A and up to 3 vectors v of B: enough sums side by
side to keep the processor's multiply-add units busy, few enough to stay in its registers. Rows of X are found by
where they start.

Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008; here the batch is thin, and
stays in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from deltarule.engines.kernels.compiling import number_of
from deltarule.engines.kernels.vectors import (
    LanesType,
    as_vector,
    call,
    lane_count,
    machine_code,
    multiply_add_code,
    pointer,
    spread,
)

# Rows of a block.
ROWS = 8
INT64 = ir.IntType(64)


def _sums(
    builder: Any,
    vector: Any,
    counts: tuple[int, int],
    bounds: tuple[Any, Any],
    start: Callable[[int, int], Any],
    factors: Callable[[Any], tuple[list[Any], list[Any]]],
    finish: Callable[[int, int, Any], None],
    besides: Callable[[Any], None] | None = None,
) -> None:
    """For i and v: finish(i, v, start(i, v) + sum over t in bounds of a_i b_v).

    Parameters
    ----------
    builder : of LLVM code.
    vector : LLVM's type of a vector.
    counts : how many i and how many v.
    bounds : the first t, and the one after the last.
    start : gives the vector that a sum starts with.
    factors : gives, for a t, the a (scalars) and the b (vectors).
    finish : takes each sum.
    besides : done once for as many t as a vector has lanes; None for nothing.
    """
    places = [(i, v) for i in range(counts[0]) for v in range(counts[1])]
    sums = {place: cgutils.alloca_once(builder, vector) for place in places}
    for place in places:
        builder.store(start(*place), sums[place])

    def add(start: Any, end: Any) -> None:
        with cgutils.for_range_slice(builder, start, end, INT64(1), INT64) as (t, _):
            a, b = factors(t)
            spread_a = [spread(builder, each, vector.count) for each in a]
            for i, v in places:
                builder.store(multiply_add_code(builder, spread_a[i], b[v], builder.load(sums[i, v])), sums[i, v])

    if besides is None:
        add(*bounds)
    else:
        with cgutils.for_range_slice(builder, bounds[0], bounds[1], INT64(vector.count), INT64) as (turn, _):
            besides(turn)
            after = builder.add(turn, INT64(vector.count))
            add(turn, builder.select(builder.icmp_signed("<", after, bounds[1]), after, bounds[1]))
    for place in places:
        finish(*place, builder.load(sums[place]))


def fetch(builder: Any, context: Any, array: tuple[Any, Any], row: Any, column: Any) -> None:
    """Ask for a line of the array into the second-level cache.

    Parameters
    ----------
    builder, context : of LLVM code.
    array : its Numba type, and its LLVM value.
    row : the address of the place where the row starts.
    column : how far after that.
    """
    address = pointer(context, builder, *array, builder.add(builder.load(row), column))
    address = builder.bitcast(address, ir.IntType(8).as_pointer())
    call(builder, "llvm.prefetch.p0", ir.VoidType(), [address, *(ir.IntType(32)(c) for c in (0, 2, 1))])


def _plain_rows_times(
    X: Any, rows: Any, place: int, bounds: Any, W: Any, stride: int, column: int, origin: Any, base: int, U: Any,
    target: int, vectors: Any, ahead: Any, next_place: int,
) -> None:  # fmt: skip
    """U[target + r stride + c] = origin[base + c] + sum_n X[rows[place + r] + n] W[n stride + c].

    For ROWS rows r, vectors of columns c from `column` on, n in bounds.

    Parameters
    ----------
    X : (P N,) the inputs.
    rows : where in X rows start; `place` is the first used.
    bounds : the first n, and the one after the last.
    W, stride : flat weights, and how far apart their rows are.
    column : the first column.
    origin, base : what the sums start with: the row of `origin` at `base`.
    U, target : where the sums go: the row of `U` at `target`, and the rows after it, `stride` apart.
    vectors : how many vectors of columns, 1 to 3; a number as a type.
    ahead : 1 to fetch half as many other rows into the cache meanwhile, those that start at rows[next_place], ...
        (`add_outer` fetches the other half: spread over all of the work, the memory keeps up); 2 for as many; 0 for none. A
        number as a type.
    next_place : see `ahead`.
    """
    first, last = bounds
    columns = column + np.arange(number_of(vectors) * lane_count(X.dtype))
    n = np.arange(first, last)
    x = X[rows[place : place + ROWS, None] + n]
    U[target + np.arange(ROWS)[:, None] * stride + columns] = (
        origin[base + columns] + x @ W[n[:, None] * stride + columns]
    )


@machine_code(_plain_rows_times)
def rows_times(
    typingctx: Any, X: Any, rows: Any, place: Any, bounds: Any, W: Any, stride: Any, column: Any, origin: Any, base: Any,
    U: Any, target: Any, vectors: Any, ahead: Any, next_place: Any,
) -> Any:  # fmt: skip
    """See `_plain_rows_times`."""
    lanes, V, prefetches = LanesType(X.dtype), len(vectors), len(ahead)
    intp = types.intp
    signature = types.void(X, rows, intp, bounds, W, intp, intp, origin, intp, U, intp, vectors, ahead, intp)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x_, rows_, place, bounds_, w_, stride, column, origin_, base, u_, target, _, _, next_place = arguments
        vector = context.get_value_type(lanes)
        bytes_each = X.dtype.bitwidth // 8
        row_place = [
            builder.load(pointer(context, builder, rows, rows_, builder.add(place, INT64(r)))) for r in range(ROWS)
        ]
        row = [pointer(context, builder, X, x_, each) for each in row_place]
        w = pointer(context, builder, W, w_, column)
        u = pointer(context, builder, U, u_, builder.add(target, column))
        first, last = builder.extract_value(bounds_, 0), builder.extract_value(bounds_, 1)
        fetched = pointer(context, builder, rows, rows_, next_place)

        def factors(n: Any) -> tuple[list[Any], list[Any]]:
            at = as_vector(builder, builder.gep(w, [builder.mul(n, stride)]), vector)
            b = [builder.load(builder.gep(at, [INT64(v)]), align=bytes_each) for v in range(V)]
            return [builder.load(builder.gep(each, [n])) for each in row], b

        def fetch_lines(n: Any) -> None:
            for i in range(prefetches * ROWS // 2):
                fetch(builder, context, (X, x_), builder.gep(fetched, [INT64(i)]), n)

        def finish(r: int, v: int, result: Any) -> None:
            at = as_vector(builder, builder.gep(u, [builder.mul(stride, INT64(r))]), vector)
            builder.store(result, builder.gep(at, [INT64(v)]), align=bytes_each)

        start = as_vector(builder, pointer(context, builder, origin, origin_, builder.add(base, column)), vector)
        starts = [builder.load(builder.gep(start, [INT64(v)]), align=bytes_each) for v in range(V)]
        _sums(
            builder,
            vector,
            (ROWS, V),
            (first, last),
            lambda _r, v: starts[v],
            factors,
            finish,
            fetch_lines if prefetches else None,
        )
        return context.get_dummy_value()

    return signature, build


def _plain_add_outer(
    X: Any, rows: Any, place: int, count: int, n: int, delta: Any, stride: int, column: int, keep: float, W: Any, inputs: Any,
    vectors: Any, ahead: Any, next_place: int,
) -> None:  # fmt: skip
    """W[m stride + c] = keep W[m stride + c] + sum_p X[rows[p] + m] delta[p stride + c].

    For `count` p from `place` on, `inputs` inputs m from n on, and vectors of columns c from `column` on.

    Parameters
    ----------
    X : (P N,) the inputs.
    rows : where in X rows start.
    place, count : the first pattern p, and how many.
    n : the first input.
    delta, stride : a row a pattern, and how far apart rows are, also those of W.
    column : the first column.
    keep : what W is multiplied by first: 1 less the learning rate times the decay. 0: W starts anew, whatever it is.
    W : flat weights; changed.
    inputs : how many inputs, 1, 4, 8 or 16; a number as a type.
    vectors : how many vectors of columns, 1 to 3; a number as a type.
    ahead : 1 to fetch a line of half as many other rows into the cache meanwhile, from rows[next_place] on; 0 for none. A
        number as a type.
    next_place : see `ahead`.
    """
    columns = column + np.arange(number_of(vectors) * lane_count(X.dtype))
    m = n + np.arange(number_of(inputs))
    p = place + np.arange(count)
    x = X[rows[p, None] + m]
    places = m[:, None] * stride + columns
    W[places] = (keep * W[places] if keep else 0.0) + x.T @ delta[p[:, None] * stride + columns]


@machine_code(_plain_add_outer)
def add_outer(
    typingctx: Any, X: Any, rows: Any, place: Any, count: Any, n: Any, delta: Any, stride: Any, column: Any, keep: Any, W: Any,
    inputs: Any, vectors: Any, ahead: Any, next_place: Any,
) -> Any:  # fmt: skip
    """See `_plain_add_outer`."""
    lanes, M, V, prefetches = LanesType(X.dtype), len(inputs), len(vectors), len(ahead)
    intp = types.intp
    signature = types.void(X, rows, intp, intp, intp, delta, intp, intp, X.dtype, W, inputs, vectors, ahead, intp)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x_, rows_, first, count, n, delta_, stride, column, keep, w_, _, _, _, next_place = arguments
        vector = context.get_value_type(lanes)
        bytes_each = X.dtype.bitwidth // 8
        rows_at = pointer(context, builder, rows, rows_, INT64(0))
        x = pointer(context, builder, X, x_, n)
        d = pointer(context, builder, delta, delta_, column)
        w = pointer(context, builder, W, w_, builder.add(builder.mul(n, stride), column))
        keep_vector = spread(builder, keep, lanes.count)
        anew = builder.fcmp_ordered("==", keep, ir.Constant(keep.type, 0.0))

        def weights_at(m: int, v: int) -> Any:
            at = as_vector(builder, builder.gep(w, [builder.mul(stride, INT64(m))]), vector)
            return builder.gep(at, [INT64(v)])

        def added(m: int, v: int, result: Any) -> None:
            # The sum first, and then to W: in float32 a rounding of W for each pattern would be seen after 1,000 updates.
            old = builder.fmul(keep_vector, builder.load(weights_at(m, v), align=bytes_each))
            old = builder.select(anew, ir.Constant(vector, None), old)
            builder.store(builder.fadd(old, result), weights_at(m, v), align=bytes_each)

        def factors(p: Any) -> tuple[list[Any], list[Any]]:
            if prefetches:
                turn = builder.lshr(builder.sub(p, first), INT64(1))
                fetched = pointer(context, builder, rows, rows_, builder.add(next_place, turn))
                fetch(builder, context, (X, x_), fetched, n)
            row = builder.gep(x, [builder.load(builder.gep(rows_at, [p]))])
            at = as_vector(builder, builder.gep(d, [builder.mul(p, stride)]), vector)
            b = [builder.load(builder.gep(at, [INT64(v)]), align=bytes_each) for v in range(V)]
            return [builder.load(builder.gep(row, [INT64(m)])) for m in range(M)], b

        _sums(
            builder,
            vector,
            (M, V),
            (first, builder.add(first, count)),
            lambda _m, _v: ir.Constant(vector, None),
            factors,
            added,
        )
        return context.get_dummy_value()

    return signature, build
