"""NumPy's permutations inside compiled code: as `numpy.random.Generator.permutation` draws them from PCG64.

The order of the patterns is the same in every engine, so a kernel that shuffles must draw what NumPy draws, bit by
bit: `Descent.orders` draws the same permutations for the other engines, and both must change together. (Numba's own
support of generators goes through a function pointer for every number, and takes several times as long.)

Sources: O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
Generation", 2014 (XSL RR 128/64); Durstenfeld, "Algorithm 235: Random permutation", 1964; NumPy's `Generator.shuffle`
and `random_interval`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numpy.typing import NDArray

from deltarule.engines.kernels.compiling import inlined
from deltarule.engines.kernels.vectors import machine_code

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def state_of(rng: np.random.Generator) -> NDArray[np.uint64] | None:
    """A generator's state as the kernels keep it: (6,), or None where it is not PCG64, which is what `default_rng` gives.

    Its low and high half, the increment's halves, whether 32 bits are left over, those bits.
    """
    if type(rng.bit_generator) is not np.random.PCG64:
        return None
    values = rng.bit_generator.state
    low = 2**64 - 1
    state, increment = values["state"]["state"], values["state"]["inc"]
    parts = [state & low, state >> 64, increment & low, increment >> 64, values["has_uint32"], values["uinteger"]]
    return np.array(parts, dtype=np.uint64)


def set_state(rng: np.random.Generator, parts: NDArray[np.uint64]) -> None:
    """Put a PCG64 generator where the kernels left it.

    Parameters
    ----------
    rng : the generator.
    parts : (6,) see `state_of`.
    """
    low, high, increment_low, increment_high, has_uint32, uinteger = (int(part) for part in parts)
    rng.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": high << 64 | low, "inc": increment_high << 64 | increment_low},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }


def _plain_advanced(low: Any, high: Any, increment_low: Any, increment_high: Any) -> tuple[np.uint64, np.uint64]:
    """The state times a constant plus the increment, modulo 2^128, in halves.

    Parameters
    ----------
    low, high : the halves of the state.
    increment_low, increment_high : the halves of the increment.
    """
    state = (int(high) << 64 | int(low)) * MULTIPLIER + (int(increment_high) << 64 | int(increment_low))
    return np.uint64(state % 2**64), np.uint64(state >> 64 & 2**64 - 1)


@machine_code(_plain_advanced)
def advanced(typingctx: Any, low: Any, high: Any, increment_low: Any, increment_high: Any) -> Any:
    """See `_plain_advanced`."""
    int64, int128 = ir.IntType(64), ir.IntType(128)
    halves = types.UniTuple(types.uint64, 2)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high, increment_low, increment_high = (builder.zext(part, int128) for part in arguments)
        state = builder.or_(low, builder.shl(high, int128(64)))
        increment = builder.or_(increment_low, builder.shl(increment_high, int128(64)))
        state = builder.add(builder.mul(state, int128(MULTIPLIER)), increment)
        parts = [builder.trunc(state, int64), builder.trunc(builder.lshr(state, int128(64)), int64)]
        return context.make_tuple(builder, halves, parts)

    return halves(types.uint64, types.uint64, types.uint64, types.uint64), build


@inlined
def bits_of(low: Any, high: Any) -> Any:
    """64 bits from a state: its halves' XOR, turned right by its six highest bits.

    Parameters
    ----------
    low, high : the halves of the state.
    """
    mixed = low ^ high
    turn = high >> np.uint64(58)
    back = (np.uint64(64) - turn) & np.uint64(63)
    return mixed >> turn | mixed << back


@inlined
def shuffle(parts: Any, order: Any, count: Any) -> None:
    """order[:count] becomes a permutation of 0, ..., count - 1 (count up to 2^32).

    Plainly: for i from count - 1 down to 1, draw 32 bits, keep those that the smallest mask over i covers, draw again
    while they are above i, and exchange the entries at i and at what was drawn. Here each draw exchanges, one that is
    too large with itself, and i falls by 1 or 0: no branch depends on what was drawn, so the processor need not
    guess.

    Parameters
    ----------
    parts : (6,) the state, see `state_of`; it is advanced.
    order : filled.
    count : how many.
    """
    for i in range(count):
        order[i] = i
    low, high, increment_low, increment_high, left_over, bits = (
        parts[0],
        parts[1],
        parts[2],
        parts[3],
        parts[4],
        parts[5],
    )
    one: Any = np.uint64(1)
    mask = one
    while mask < np.uint64(count - 1):
        mask = mask << one | one
    last: Any = np.uint64(max(count - 1, 0))
    while last > np.uint64(0):
        floor = mask >> one
        while last > floor:
            if left_over != np.uint64(0):
                drawn = bits
                left_over = np.uint64(0)
            else:
                low, high = advanced(low, high, increment_low, increment_high)
                drawn = bits_of(low, high)
                bits = drawn >> np.uint64(32)
                left_over = one
            drawn &= mask
            fits = drawn <= last
            chosen = np.int64(drawn) if fits else np.int64(last)
            moved = order[np.int64(last)]
            order[np.int64(last)] = order[chosen]
            order[chosen] = moved
            last -= np.uint64(fits)
        mask = floor
    parts[0], parts[1], parts[4], parts[5] = low, high, left_over, bits
