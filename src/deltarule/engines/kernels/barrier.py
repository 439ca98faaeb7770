"""Where threads meet: a barrier inside compiled code."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numpy.typing import NDArray

from deltarule.engines.kernels.vectors import call, machine_code, pointer

# Looks at the counter before the thread offers its core to others.
PATIENCE = 20_000
INT64 = ir.IntType(64)
_lock = threading.Lock()


def new_arrivals() -> NDArray[np.int64]:
    """What a team's threads count their arrivals in: a cache line of its own."""
    return np.zeros(16, np.int64)


def _plain_wait(arrivals: Any, size: int) -> None:
    """Return when `size` threads have come here as often as this one. What each wrote before, all see after.

    Parameters
    ----------
    arrivals : the team's `new_arrivals`.
    size : how many threads the team has.
    """
    with _lock:
        arrivals[0] += 1
        goal = -(-int(arrivals[0]) // size) * size
    while arrivals[0] < goal:
        time.sleep(0)


@machine_code(_plain_wait)
def wait(typingctx: Any, arrivals: Any, size: Any) -> Any:
    """See `_plain_wait`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = pointer(context, builder, arrivals, arguments[0], INT64(0))
        size = arguments[1]
        came = builder.atomic_rmw("add", place, INT64(1), "seq_cst")
        goal = builder.mul(builder.add(builder.sdiv(came, size), INT64(1)), size)
        looks = cgutils.alloca_once_value(builder, INT64(0))
        look, again, done = (builder.append_basic_block(f"wait.{name}") for name in ("look", "again", "done"))
        builder.branch(look)
        builder.position_at_end(look)
        here = builder.load_atomic(place, "seq_cst", 8)
        builder.cbranch(builder.icmp_signed(">=", here, goal), done, again)
        builder.position_at_end(again)
        times = builder.add(builder.load(looks), INT64(1))
        builder.store(times, looks)
        if os.name == "posix":
            with builder.if_then(builder.icmp_signed(">", times, INT64(PATIENCE)), likely=False):
                call(builder, "sched_yield", ir.IntType(32), [])
        builder.branch(look)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return types.void(arrivals, types.intp), build
