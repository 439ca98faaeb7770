"""Blocks of matrix products in registers, with the inputs in the lanes.

A block has the sums of some patterns (rows of X) and some neurons, or of some vectors of inputs and some neurons: few
enough to stay in registers, with so few loads for each that the multiply-add units are kept busy. Nothing is padded but the
end of a row of X.

Weights lie vector by vector of inputs: for the first L inputs (L lanes) K vectors, one a neuron, then for the next L. U and
delta lie in tiles: for the first L patterns of a panel K vectors, one a neuron, then for the next L.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from deltarule.engines.kernels.blocks import fetch
from deltarule.engines.kernels.compiling import number_of
from deltarule.engines.kernels.vectors import (
    INT32,
    LanesType,
    as_vector,
    below,
    call,
    constant,
    lane_count,
    machine_code,
    multiply_add_code,
    pointer,
    spread,
    suffix,
)

INT64 = ir.IntType(64)


def block_sizes(features: str) -> tuple[int, int]:
    """How many neurons a block has at most, and how many vectors of inputs, or patterns, so that its sums fit into registers.

    Parameters
    ----------
    features : of the processor, as LLVM lists them. With AVX-512 it has 32 registers for a vector each; AVX2 has 16 for half a
        vector each (and ARM's 32 are for a quarter).
    """
    return (5, 4) if "+avx512f" in features.split(",") else (3, 2)


MOST, VECTORS = block_sizes(numba.config.CPU_FEATURES or llvmlite.binding.get_host_cpu_features().flatten())


def _load(builder: Any, vector: Any, start: Any, place: Any, count: Any = None) -> Any:
    """The vector at a place after `start`; with a count only its first lanes, and 0 in the others.

    Parameters
    ----------
    builder : of LLVM code.
    vector : LLVM's type of a vector.
    start, place : an address, and how far after it.
    count : how many lanes; None for all.
    """
    at = as_vector(builder, builder.gep(start, [place]), vector)
    size = 8 if isinstance(vector.element, ir.DoubleType) else 4
    if count is None:
        return builder.load(at, align=size)
    mask = below(builder, count, vector.count)
    return call(
        builder, f"llvm.masked.load.{suffix(vector)}.p0", vector, [at, INT32(size), mask, constant(vector, 0.0)]
    )


def _sums_across(builder: Any, vectors: list[Any]) -> list[Any]:
    """The sum of each vector's lanes: one after another in the lanes of as few vectors as hold them.

    Each step adds the halves of two vectors and puts them side by side: first inside the 16 bytes that shuffles are
    fastest in, then across.

    Parameters
    ----------
    builder : of LLVM code.
    vectors : LLVM values of one type.
    """
    lanes = vectors[0].type.count
    unit = lanes // 4  # lanes in 16 bytes
    # What is added, as places in a unit of the first vector and (after those) of the second; then the same of whole units.
    inside = [((0, 2), (1, 3))] if unit == 2 else [((0, 4, 1, 5), (2, 6, 3, 7)), ((0, 1, 4, 5), (2, 3, 6, 7))]
    across = [((0, 1, 4, 5), (2, 3, 6, 7)), ((0, 2, 4, 6), (1, 3, 5, 7))]
    steps = [
        [[u + i % unit + i // unit * lanes for u in range(0, lanes, unit) for i in side] for side in sides]
        for sides in inside
    ] + [[[unit * u + i for u in side for i in range(unit)] for side in sides] for sides in across]
    for step in steps:
        if len(vectors) % 2:
            vectors = [*vectors, ir.Constant(vectors[0].type, ir.Undefined)]
        picks = [ir.Constant(ir.VectorType(INT32, lanes), pick) for pick in step]
        pairs = zip(vectors[::2], vectors[1::2], strict=True)
        vectors = [builder.fadd(*(builder.shuffle_vector(a, b, pick) for pick in picks)) for a, b in pairs]
    return vectors


def _places(K: int, n: Any, k: Any, lanes: int) -> Any:
    """Where the weights of inputs n and neurons k are; arrays of whole numbers."""
    return (n - n % lanes) * K + k * lanes + n % lanes


def _plain_synaptic_block(
    X: Any, rows: Any, place: int, bounds: Any, N: int, W: Any, K: int, first: int, U: Any, target: int, patterns: Any,
    neurons: Any, ahead: int,
) -> None:  # fmt: skip
    """U[target + k L + r] = sum_n X[rows[place + r] + n] W[n, k], for some patterns r and neurons k, n in bounds.

    Parameters
    ----------
    X : (P N,) the inputs.
    rows, place : where in X rows start, and the first used.
    bounds : the first n, and the one after the last; whole vectors, of which N may end the last.
    N : inputs.
    W, K : weights, and how many neurons they are of.
    first : the first neuron.
    U, target : the sums of neuron `first` go to U[target], ...
    patterns, neurons : how many, as types.
    ahead : how far after their own places in `rows` those of the rows are which are fetched into the cache meanwhile.
    """
    lanes = lane_count(X.dtype)
    n = np.arange(bounds[0], min(bounds[1], N))
    x = X[rows[place : place + number_of(patterns), None] + n]
    k = first + np.arange(number_of(neurons))
    w = W[_places(K, n[:, None], k, lanes)]
    U[target + (k - first)[:, None] * lanes + np.arange(number_of(patterns))] = (x @ w).T


@machine_code(_plain_synaptic_block)
def synaptic_block(
    typingctx: Any, X: Any, rows: Any, place: Any, bounds: Any, N: Any, W: Any, K: Any, first: Any, U: Any, target: Any,
    patterns: Any, neurons: Any, ahead: Any,
) -> Any:  # fmt: skip
    """See `_plain_synaptic_block`."""
    lanes, R, G = LanesType(X.dtype), len(patterns), len(neurons)
    intp = types.intp
    signature = types.void(X, rows, intp, bounds, intp, W, intp, intp, U, intp, patterns, neurons, intp)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x_, rows_, place, bounds_, N, w_, K, first, u_, target, _, _, ahead = arguments
        vector, L = context.get_value_type(lanes), INT64(lanes.count)
        place = pointer(context, builder, rows, rows_, place)
        row = [pointer(context, builder, X, x_, builder.load(builder.gep(place, [INT64(r)]))) for r in range(R)]
        fetched = [builder.gep(place, [builder.add(ahead, INT64(r))]) for r in range(R)]
        w = pointer(context, builder, W, w_, builder.mul(first, L))
        begin, end = builder.extract_value(bounds_, 0), builder.extract_value(bounds_, 1)
        sums = [[cgutils.alloca_once(builder, vector) for _ in range(R)] for _ in range(G)]
        for each in sums:
            for one in each:
                builder.store(ir.Constant(vector, None), one)

        def add(n: Any, count: Any = None) -> None:
            x = [_load(builder, vector, each, n, count) for each in row]
            at = builder.gep(w, [builder.mul(n, K)])
            for k in range(G):
                weight = _load(builder, vector, at, INT64(k * lanes.count))
                for r in range(R):
                    builder.store(multiply_add_code(builder, x[r], weight, builder.load(sums[k][r])), sums[k][r])

        whole = builder.sub(N, builder.srem(N, L))
        whole = builder.select(builder.icmp_signed("<", end, whole), end, whole)
        whole = builder.select(builder.icmp_signed(">", begin, whole), begin, whole)
        with cgutils.for_range_slice(builder, begin, whole, L, INT64) as (n, _):
            for each in fetched:
                fetch(builder, context, (X, x_), each, n)
            add(n)
        with builder.if_then(builder.icmp_signed("<", whole, end)):
            add(whole, builder.sub(N, whole))
        totals = _sums_across(builder, [builder.load(one) for each in sums for one in each])
        part = ir.VectorType(vector.element, R)
        u = pointer(context, builder, U, u_, target)
        for k in range(G):
            found, start = divmod(k * R, lanes.count)
            picked = ir.Constant(ir.VectorType(INT32, R), list(range(start, start + R)))
            some = builder.shuffle_vector(totals[found], ir.Constant(vector, ir.Undefined), picked)
            at = as_vector(builder, builder.gep(u, [INT64(k * lanes.count)]), part)
            builder.store(some, at, align=X.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return signature, build


def _plain_gradient_block(
    X: Any, rows: Any, place: int, count: int, n: int, N: int, delta: Any, K: int, first: int, keep: float, W: Any, vectors: Any,
    neurons: Any, ahead: int,
) -> None:  # fmt: skip
    """W[m, k] = keep W[m, k] + sum_p X[rows[p] + m] delta[p, k], for some inputs m from n on and some neurons k from `first` on.

    Parameters
    ----------
    X : (P N,) the inputs.
    rows : where in X rows start.
    place, count : the first pattern p, and how many.
    n, N : the first input, and how many inputs X has. Beyond them W stays 0.
    delta : tiles.
    K : neurons.
    first : the first neuron.
    keep : what W is multiplied by first: 1 less the learning rate times the decay. 0: W starts anew, whatever it is.
    W : weights; changed.
    vectors : how many vectors of inputs, as a type; of one alone N may end within it.
    neurons : how many, as a type.
    ahead : how far after its own place in `rows` that of the row is which is fetched into the cache meanwhile.
    """
    lanes = lane_count(X.dtype)
    m = np.arange(n, min(n + number_of(vectors) * lanes, N))
    k = first + np.arange(number_of(neurons))
    p = place + np.arange(count)
    d = delta[(p - p % lanes)[:, None] * K + k * lanes + (p % lanes)[:, None]]
    places = _places(K, m[:, None], k, lanes)
    W[places] = (keep * W[places] if keep else 0.0) + X[rows[p, None] + m].T @ d


@machine_code(_plain_gradient_block)
def gradient_block(
    typingctx: Any, X: Any, rows: Any, place: Any, count: Any, n: Any, N: Any, delta: Any, K: Any, first: Any, keep: Any, W: Any,
    vectors: Any, neurons: Any, ahead: Any,
) -> Any:  # fmt: skip
    """See `_plain_gradient_block`."""
    lanes, V, G = LanesType(X.dtype), len(vectors), len(neurons)
    intp = types.intp
    signature = types.void(X, rows, intp, intp, intp, intp, delta, intp, intp, X.dtype, W, vectors, neurons, intp)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x_, rows_, place, count, n, N, delta_, K, first, keep, w_, _, _, ahead = arguments
        vector, L = context.get_value_type(lanes), INT64(lanes.count)
        bytes_each = X.dtype.bitwidth // 8
        rows_at = pointer(context, builder, rows, rows_, INT64(0))
        x = pointer(context, builder, X, x_, n)
        d = pointer(context, builder, delta, delta_, builder.mul(first, L))
        w = pointer(context, builder, W, w_, builder.add(builder.mul(n, K), builder.mul(first, L)))
        some = builder.sub(N, n) if V == 1 else None
        sums = [[cgutils.alloca_once(builder, vector) for _ in range(V)] for _ in range(G)]
        for each in sums:
            for one in each:
                builder.store(ir.Constant(vector, None), one)
        with cgutils.for_range_slice(builder, place, builder.add(place, count), INT64(1), INT64) as (p, _):
            row = builder.gep(x, [builder.load(builder.gep(rows_at, [p]))])
            if V > 1:
                fetched = builder.gep(rows_at, [builder.add(p, ahead)])
                for v in range(V):
                    fetch(builder, context, (X, x_), fetched, builder.add(n, INT64(v * lanes.count)))
            inside = builder.srem(p, L)
            at = builder.gep(d, [builder.add(builder.mul(builder.sub(p, inside), K), inside)])
            xs = [_load(builder, vector, row, INT64(v * lanes.count), some) for v in range(V)]
            for k in range(G):
                factor = spread(builder, builder.load(builder.gep(at, [INT64(k * lanes.count)])), lanes.count)
                for v in range(V):
                    builder.store(multiply_add_code(builder, factor, xs[v], builder.load(sums[k][v])), sums[k][v])
        keep_vector = spread(builder, keep, lanes.count)
        anew = builder.fcmp_ordered("==", keep, ir.Constant(keep.type, 0.0))
        for v in range(V):
            here = builder.gep(w, [builder.mul(INT64(v * lanes.count), K)])
            for k in range(G):
                # The sum first, and then to W: in float32 a rounding of W for each pattern would be seen after 1,000 updates.
                at = as_vector(builder, builder.gep(here, [INT64(k * lanes.count)]), vector)
                old = builder.fmul(keep_vector, builder.load(at, align=bytes_each))
                old = builder.select(anew, ir.Constant(vector, None), old)
                builder.store(builder.fadd(old, builder.load(sums[k][v])), at, align=bytes_each)
        return context.get_dummy_value()

    return signature, build
