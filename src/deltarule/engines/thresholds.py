"""The sizes and times from which on an engine works another way; they change how fast it is, not what it computes.

They were measured with `benchmarks`; on another processor others may be a little better. Only the limits of histories change
what is kept of what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Thresholds:
    """Where engines change their way of working.

    Attributes
    ----------
    threads : how many there may be; None: as many as the user allows, see `threads.set_threads`.
    slice_seconds : how long an engine runs before the loop looks at the clock, the bar and the user again: so short that
        a bar moves smoothly and Ctrl-C seems instant.
    orders_ahead : orders of patterns made at once for an engine, in patterns: 8 bytes each, so 16 MB.
    lane_weights, lane_inputs : the largest numbers of weights and inputs of a layer whose patterns (or models) lie in the
        lanes of vectors; others are wide.
    input_lanes_neurons : the most neurons of a wide layer whose inputs lie in the lanes; of more neurons, these do.
    team_sizes : how many threads may divide an update of a layer whose neurons lie in the lanes. The fastest is found
        as the run goes on.
    team_multiplications : multiplications in an update from which on more threads than one repay their waiting for
        each other.
    team_trials : calls of the engine between new trials of each team size, since other programs come and go.
    long_epoch : multiplications in an epoch from which on it takes some ten milliseconds, so that Ctrl-C is asked
        about inside it.
    spared_seconds : what the direct engine does in place of kernels that are not compiled yet, in seconds of its time for each
        family of kernels in a process; 0: nothing.
    unrolled_weights : the largest number of weights of a layer for whose shape alone kernels may be compiled, with all loops
        unrolled.
    unrolled_seconds : what layers of one kind and shape take, in seconds, from which on that repays the 3 seconds that compiling
        takes: it saves a quarter to a half of the time, and the kernels are kept for later runs.
    smallest_panel, largest_panel : patterns that are worked on together where neurons lie in the lanes.
    models_panel : the largest number of patterns that are worked on together where models lie in the lanes.
    minimum_share : inputs for which a thread of a team is worth its waiting.
    minimum_lanes_share : the same where inputs lie in the lanes: the sums across lanes of each share take time too.
    models_in_lanes : models from which on they are done together in the lanes; fewer take less time one after the other.
    first_slice : multiplications in the first slice of a group of models: some milliseconds.
    first_multiplications : multiplications in the first slice of a compiled run: a millisecond at most, so that a run of so many
        takes one call.
    torch_multiplications : multiplications in an update from which on PyTorch may use more threads than one.
    history_rows : recorded epochs that a history keeps at most, besides the last: 4 MB, and more than any curve shows.
    sweep_rows : the same for all models of a sweep together: 200 MB.
    rows_ahead : rows recorded in one slice: 4 MB.
    """

    threads: int | None = None
    slice_seconds: float = 0.05
    orders_ahead: int = 2_000_000
    lane_weights: int = 256
    lane_inputs: int = 256
    input_lanes_neurons: int = 40
    team_sizes: tuple[int, ...] = (1, 2, 4)
    team_multiplications: int = 400_000
    team_trials: int = 24
    long_epoch: int = 20_000_000
    spared_seconds: float = 1.0
    unrolled_weights: int = 64
    unrolled_seconds: float = 5.0
    smallest_panel: int = 64
    largest_panel: int = 512
    models_panel: int = 128
    minimum_share: int = 64
    minimum_lanes_share: int = 256
    models_in_lanes: int = 3
    first_slice: int = 4_000_000
    first_multiplications: int = 200_000
    torch_multiplications: int = 1_000_000
    history_rows: int = 100_000
    sweep_rows: int = 5_000_000
    rows_ahead: int = 100_000


_current: ContextVar[Thresholds] = ContextVar("thresholds", default=Thresholds())  # noqa: B039 - frozen


def get() -> Thresholds:
    """The thresholds that hold here."""
    return _current.get()


@contextmanager
def using(**changes: Any) -> Iterator[Thresholds]:
    """Other thresholds inside a `with` block, also in the threads that are started there: for tests and benchmarks.

    Parameters
    ----------
    changes : attributes of `Thresholds` by name.

    Examples
    --------
    >>> with using(threads=1):
    ...     get().threads
    1
    """
    token = _current.set(replace(get(), **changes))
    try:
        yield get()
    finally:
        _current.reset(token)
