"""Progress on standard error: a bar on a terminal; elsewhere silence, or one plain line a step."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from deltarule.typeset.figures import figures

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

# What is done sooner than this needs no bar.
PATIENCE_SECONDS = 0.5


def bar(title: str, total: int) -> tuple[Callable[[int, float], None], Callable[[], None]]:
    """A bar with the cost so far and the time left: `update(done, cost)` as epochs pass, `close()` at the end.

    A cost of NaN is unknown. The bar comes up after half a second, leaves nothing behind, and is not there at all where
    standard error is no terminal.

    Examples
    --------
    >>> update, close = bar("Training", 100)
    >>> update(50, 0.25)
    >>> close()
    """
    if not sys.stderr.isatty():
        return (lambda _done, _cost: None), (lambda: None)
    began = time.monotonic()
    running: list[tuple[Progress, float]] = []

    def update(done: int, cost: float) -> None:
        if not running:
            if time.monotonic() - began < PATIENCE_SECONDS:
                return
            from rich.progress import TextColumn, TimeRemainingColumn

            progress = _progress(TextColumn("{task.fields[cost]}"), TextColumn("left"), TimeRemainingColumn())
            progress.add_task(title, total=total, cost="")
            running.append((progress, done))
            progress.start()
        cost_text = "" if math.isnan(cost) else f"cost {figures([cost], 4)[0]}"
        progress = running[0][0]
        progress.update(progress.task_ids[0], completed=done, cost=cost_text)

    def close() -> None:
        if running:
            running[0][0].stop()

    return update, close


class Advance(Protocol):
    """Says which step begins, and how much of the total is behind; without that, each call is a step of 1."""

    def __call__(self, name: str, done: float | None = None, /) -> None:
        """Begin the step of that name."""
        ...


@contextmanager
def steps(title: str, total: float, *, show: bool = True) -> Iterator[Advance]:
    """Named steps of a long job: `advance(name)` as each begins, or `advance(name, done)` for steps of unequal length.

    One plain line a step, so that a log shows progress; on a terminal a bar below them; with `show` false nothing.

    Examples
    --------
    >>> import contextlib, sys
    >>> with contextlib.redirect_stderr(sys.stdout), steps("deltarule tutorial", 2) as advance:
    ...     advance("question 1: one iteration")
    ...     advance("question 1: convergence")
    ...     advance("question 1: convergence", 1.5)
    deltarule tutorial [  0%] question 1: one iteration
    deltarule tutorial [ 50%] question 1: convergence
    deltarule tutorial [100%] done
    """
    with _said(title, total, show=show) as say:
        begun = 0.0

        def advance(name: str, done: float | None = None, /) -> None:
            nonlocal begun
            behind = begun if done is None else done
            begun = behind + 1
            say(name, behind)

        yield advance
        say("done", total)


@contextmanager
def _said(title: str, total: float, *, show: bool) -> Iterator[Callable[[str, float], None]]:
    """What to call with a step and what is behind: nothing, a printer of lines, or that and a bar below the lines."""
    if not show:
        yield lambda _name, _done: None
        return
    said: list[str] = []

    def say(name: str, done: float) -> None:
        if said[-1:] != [name]:
            said.append(name)
            share = min(int(100 * done / total), 100) if total > 0 else 100
            print(f"{title} [{share:3d}%] {name}", file=sys.stderr, flush=True)

    if not sys.stderr.isatty():
        yield say
        return
    from rich.progress import TimeElapsedColumn

    # Elapsed, not left: steps differ too much for the pace so far to foretell the rest.
    with _progress(TimeElapsedColumn()) as progress:
        task = progress.add_task(title, total=total)

        def say_above(name: str, done: float) -> None:
            progress.update(task, completed=done)
            say(name, done)

        yield say_above


def _progress(*columns: ProgressColumn) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        *columns,
        console=Console(stderr=True),
        # The result says what the bar said, so the bar goes.
        transient=True,
    )
