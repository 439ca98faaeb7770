"""A command or a call, run in this process with its output caught, its warnings noted, and its time and memory bounded."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.fuzz.case import Case, Fault, Verdict, traceback_of

# Of one input: seconds of the processor, of the clock where other programs keep the processor busy, and of the clock for
# one that only waits.
CPU_SECONDS, CLOCK_SECONDS, WAITING_SECONDS = 20, 60, 10
WAITING_SHARE = 0.05  # of the processor: who uses less is waiting
MEMORY = 2 << 30  # bytes more than before
GIVEN_UP = CLOCK_SECONDS + 30  # seconds after which the parent ends a child that heard nothing


class Hang(BaseException):
    """The time of an input is over. Not an `Exception`, so that nothing takes it for one of its own."""


@dataclass
class Ran:
    """What came of a command."""

    code: object = None
    out: str = ""
    err: str = ""
    error: BaseException | None = None
    warned: list[str] = field(default_factory=list)
    peak: int = 0
    changed: dict[str, bytes | None] = field(default_factory=dict)


class _Watch:
    """Raises `Hang` when the time of an input is over; it looks each second."""

    def __init__(self) -> None:
        self.clock, self.processor = time.monotonic(), time.process_time()

    def __call__(self, _signal: int, _frame: object) -> None:
        clock, processor = time.monotonic() - self.clock, time.process_time() - self.processor
        waits = clock > WAITING_SECONDS and processor < WAITING_SHARE * clock
        if waits or processor > CPU_SECONDS or clock > CLOCK_SECONDS:
            raise Hang(f"{clock:.0f} s, {processor:.1f} s of them at work")


@contextlib.contextmanager
def bounded() -> Iterator[Callable[[], int]]:
    """Time bounded by `Hang`; gives a function that says how many bytes more were used at the peak, where the system tells."""
    before = _memory_now()
    handler = signal.signal(signal.SIGALRM, _Watch())
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    try:
        yield lambda: _peak() - before
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def limit_memory() -> None:
    """Half as much again as is allowed, for this process, so that the machine is never in danger."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _has_proc() else 1 << 33
    resource.setrlimit(resource.RLIMIT_AS, (used + 3 * MEMORY // 2, resource.RLIM_INFINITY))


def _has_proc() -> bool:
    return Path("/proc/self/statm").exists()


def _memory_now() -> int:
    """The bytes that this process has now; its peak counts from here on."""
    if not _has_proc():
        return 0
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _peak() -> int:
    if not _has_proc():
        return 0
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """An empty folder, in which the process is as long as it is there."""
    path = Path(tempfile.mkdtemp(prefix="fuzz-"))
    before = Path.cwd()
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(before)
        shutil.rmtree(path, ignore_errors=True)


def contents(path: Path) -> dict[str, bytes]:
    """The regular files below a folder."""
    found = {}
    for place, _, names in os.walk(path):
        for name in names:
            file = Path(place, name)
            if file.is_file() and not file.is_symlink():
                found[os.fsdecode(file.relative_to(path))] = file.read_bytes()
    return found


@contextlib.contextmanager
def noting(warned: list[str]) -> Iterator[None]:
    """Warnings go to a list: class, file and line."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, category, filename, line, *_: warned.append(
            f"{category.__name__} in {filename.rpartition('site-packages/')[2].rpartition('/deltarule/')[2]}:{line}: {message}"
        )
        yield


def run_command(case: Case) -> Ran:
    """Run a command beside its files, in a folder of its own."""
    from deltarule.cli import main

    ran = Ran()
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with folder() as here:
        case.lay(here)
        before = contents(here)
        with noting(ran.warned), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                with bounded() as peak:
                    try:
                        main(case.argv)
                        ran.code = 0
                    finally:
                        ran.peak = peak()
            except SystemExit as ended:
                ran.code = 0 if ended.code is None else ended.code
            except BaseException as error:  # noqa: BLE001 - whatever comes out is the fault that is looked for
                ran.error = error
        after = contents(here)
    ran.changed = {name: after.get(name) for name in {*before, *after} if before.get(name) != after.get(name)}
    for stream in (out, err):
        stream.flush()
    ran.out, ran.err = (stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err))
    return ran


def bounded_faults(ran: Ran) -> list[Fault]:
    """What is wrong whatever was run."""
    faults = [] if ran.error is None else [traceback_of(ran.error)]
    if ran.peak > MEMORY:
        faults.append(Fault("memory", "more than 2 GB", f"{ran.peak / 2**30:.1f} GiB at the peak"))
    faults += [Fault("warning", text.partition(": ")[0], text) for text in ran.warned]
    return faults


def quiet(attempt: Callable[[], Verdict]) -> Verdict:
    """An attempt whose prints nobody sees."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return attempt()


def silence() -> None:
    """What a dying child says is not for the table."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for the rest of the process
