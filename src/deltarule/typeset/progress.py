"""Progress on standard error: a bar on a terminal; elsewhere one plain line a step, or a line now and then."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from deltarule.typeset.figures import duration, figures

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

# Work that is done sooner needs no bar.
PATIENCE_SECONDS = 0.5
# What is called as work goes on, with how much is done and the cost; and what is called at its end.
Bar = tuple[Callable[[int, float], None], Callable[[], None]]
# Between two lines where there is no terminal: a log of an hour's work then has 360.
SECONDS_A_LINE = 10.0


def bar(title: str, total: int, clock: Callable[[], float] = time.monotonic) -> Bar:
    """A bar with the cost so far and the time left: `update(done, cost)` as epochs pass, `close()` at the end.

    Parameters
    ----------
    title : what is being done, such as "Training".
    total : the number of epochs.
    clock : gives the time in seconds.

    Returns
    -------
    (update, close)
        A cost of NaN is unknown. The bar appears after half a second and leaves nothing behind. Where standard error is not a
        terminal, work that takes longer prints a plain line every ten seconds, and one at its end.

    Examples
    --------
    >>> update, close = bar("Training", 100)
    >>> update(50, 0.25)
    >>> close()
    """
    if not sys.stderr.isatty():
        return _plain_lines(title, total, clock)
    began = clock()
    running: list[tuple[Progress, float]] = []

    def update(done: int, cost: float) -> None:
        if not running:
            if clock() - began < PATIENCE_SECONDS:
                return
            from rich.progress import TextColumn, TimeRemainingColumn

            progress = _progress(TextColumn("{task.fields[cost]}"), TextColumn("left"), TimeRemainingColumn())
            progress.add_task(title, total=total, cost="")
            running.append((progress, done))
            progress.start()
        progress = running[0][0]
        progress.update(progress.task_ids[0], completed=done, cost=_cost_text(cost))

    def close() -> None:
        if running:
            running[0][0].stop()

    return update, close


def _plain_lines(title: str, total: int, clock: Callable[[], float]) -> Bar:
    """A line now and then, as in "Training [ 24%] cost 0.2500, about 31.7 s left", for logs and pipes."""
    printed = clock()
    reached, said, told = (0, math.nan), -1, ""
    # The first call. What went before it is not part of the pace: perhaps kernels were compiled.
    first: tuple[int, float] | None = None

    def line(done: int, cost: float) -> None:
        nonlocal printed, said, told
        printed, said = clock(), done
        left = ""
        if first is not None and first[0] < done < total and first[1] < printed:
            left = f"about {duration((printed - first[1]) * (total - done) / (done - first[0]))} left"
        rest = ", ".join(filter(None, [_cost_text(cost), left]))
        text = f"{title} {_share(done, total)} {rest}".rstrip()
        if text != told:
            print(text, file=sys.stderr, flush=True)
            told = text

    def update(done: int, cost: float) -> None:
        nonlocal reached, first
        reached, first = (done, cost), first or (done, clock())
        if clock() - printed >= SECONDS_A_LINE:
            line(done, cost)

    def close() -> None:
        if said not in (-1, reached[0]):
            line(*reached)

    return update, close


def _cost_text(cost: float) -> str:
    return "" if math.isnan(cost) else f"cost {figures([cost], 4)[0]}"


def _share(done: float, total: float) -> str:
    return f"[{min(int(100 * done / total), 100) if total > 0 else 100:3d}%]"


class Advance(Protocol):
    """Called as each step begins, with how much of the total is done; without that number, each call is a step of 1."""

    def __call__(self, name: str, done: float | None = None, /) -> None:
        """Begin the step of that name."""
        ...


@contextmanager
def steps(title: str, total: float, *, show: bool = True) -> Iterator[Advance]:
    """Named steps of a long job: `advance(name)` as each begins, or `advance(name, done)` for steps of unequal length.

    One plain line a step is printed, so that a log shows progress; on a terminal a bar stands below the lines.

    Parameters
    ----------
    title : the name of the job, at the beginning of each line.
    total : the number of steps, or the sum of their lengths.
    show : false: print nothing.

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
    with _printer(title, total, show=show) as print_step:
        begun = 0.0

        def advance(name: str, done: float | None = None, /) -> None:
            nonlocal begun
            behind = begun if done is None else done
            begun = behind + 1
            print_step(name, behind)

        yield advance
        print_step("done", total)


@contextmanager
def _printer(title: str, total: float, *, show: bool) -> Iterator[Callable[[str, float], None]]:
    """The function that is called with a step and what is behind it: it does nothing, or prints lines, with a bar below them."""
    if not show:
        yield lambda _name, _done: None
        return
    printed: list[str] = []

    def print_line(name: str, done: float) -> None:
        if printed[-1:] != [name]:
            printed.append(name)
            print(f"{title} {_share(done, total)} {name}", file=sys.stderr, flush=True)

    if not sys.stderr.isatty():
        yield print_line
        return
    from rich.progress import TimeElapsedColumn

    # The time elapsed, not the time left: the steps differ too much in length to predict it.
    with _progress(TimeElapsedColumn()) as progress:
        task = progress.add_task(title, total=total)

        def print_above_bar(name: str, done: float) -> None:
            progress.update(task, completed=done)
            print_line(name, done)

        yield print_above_bar


def _progress(*columns: ProgressColumn) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        *columns,
        console=Console(stderr=True),
        # The bar disappears at the end: the result follows it.
        transient=True,
    )
