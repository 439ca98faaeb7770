"""How many threads a run's updates are divided among: the number that turns out the fastest."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from deltarule.engines import thresholds


class Pace:
    """Which team size is the fastest: each is tried, and tried again now and then, for cores may be busy with other things.

    Parameters
    ----------
    sizes : numbers of threads.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes, self.calls = sizes, 0
        self.seconds: dict[int, float] = {}

    def choose(self) -> int:
        """The size for the next call."""
        untried = [size for size in self.sizes if size not in self.seconds]
        if untried:
            return untried[0]
        turn, rest = divmod(self.calls, thresholds.get().team_trials)
        if rest == 0:
            return self.sizes[turn % len(self.sizes)]
        return self.best()

    def best(self) -> int:
        """The fastest size so far; the largest before any is tried."""
        return min(self.seconds or self.sizes[-1:], key=lambda size: self.seconds.get(size, 0.0))

    def note(self, size: int, seconds: float) -> None:
        """Remember what an epoch took with a team of this size."""
        self.calls += 1
        self.seconds[size] = seconds


@lru_cache(maxsize=256)
def pace_of(sizes: tuple[int, ...], _run: tuple[Any, ...]) -> Pace:
    """The pace that runs alike share in a process: a short one has no time to try.

    Parameters
    ----------
    sizes : numbers of threads.
    _run : what runs that are alike have in common.
    """
    return Pace(sizes)
