"""Commands in processes of their own: forked from this one, which has everything loaded, or begun anew."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

SECONDS = 60.0  # after which a command hangs


class Ended(NamedTuple):
    """How a command ended.

    code : its exit code, or the number of the signal that ended it, below 0; None: it had to be killed.
    out, err : what it said.
    seconds : how long it took.
    left : processes of its group that lived on.
    """

    code: int | None
    out: str
    err: str
    seconds: float
    left: bool = False


def command(
    argv: tuple[str, ...],
    here: Path,
    *,
    anew: bool = False,
    before: Callable[[], None] = lambda: None,
    kill: tuple[int, float] | None = None,
    stdout: int | None = None,
) -> Ended:
    """Run a command in a folder.

    argv : what follows the program's name.
    here : the folder.
    anew : whether in a new interpreter.
    before : called in the process first.
    kill : a signal, and the seconds after which it is sent.
    stdout : a descriptor to write to; None: a file.
    """
    said = here.parent / f"{here.name}.said"
    began = time.monotonic()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT, signal.SIGTERM])
    else:
        gc.callbacks.clear()  # those of hypothesis, in which an interruption would be lost
        _measure_no_more()
        _run(argv, here, said, before, stdout, anew=anew)
    if kill is not None:
        number, seconds = kill
        _wait(child, began + seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
    status = _wait(child, began + SECONDS, reap=True)
    seconds = time.monotonic() - began
    left = _group_lives(child, 5.0 if kill else 0.5)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
    out, err = (_text(said.with_suffix(end)) for end in (".out", ".err"))
    return Ended(None if status is None else os.waitstatus_to_exitcode(status), out, err, seconds, left)


def _measure_no_more() -> None:
    """Stop coverage, if tests measure it: a signal that raises inside its own code leaves its lock held for ever.

    Nothing is lost, since a child ends at once and writes no measurement.
    """
    coverage = sys.modules.get("coverage")
    running = coverage.Coverage.current() if coverage else None
    if running is not None:
        running.stop()


def _text(path: Path) -> str:
    text = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
    path.unlink(missing_ok=True)
    return text


def _wait(child: int, until: float, *, reap: bool = False) -> int | None:
    """The status of a child that has ended until then; it is still there for the next call unless it is to be reaped."""
    while True:
        if reap:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return status
        elif os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return None
        left = until - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(left, 0.003))


def _group_lives(group: int, seconds: float) -> bool:
    """Whether a process of a group lives on after so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return False
        time.sleep(0.01)
    return True


def _run(
    argv: tuple[str, ...], here: Path, said: Path, before: Callable[[], None], stdout: int | None, *, anew: bool
) -> None:
    """The process itself, which ends here."""
    code = 99
    try:
        os.setpgid(0, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        # As the program does while it is imported.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(130))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT, signal.SIGTERM])
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        for place, end in ((1, ".out"), (2, ".err")):
            target = stdout if place == 1 and stdout is not None else os.open(said.with_suffix(end), flags)
            os.dup2(target, place)
        os.chdir(here)
        before()
        if anew:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.execv(sys.executable, [sys.executable, "-m", "deltarule", *argv])
        code = _main(argv)
    except BaseException:  # noqa: BLE001 - as an interpreter does
        import traceback

        traceback.print_exc()
        code = 98
    finally:
        os._exit(code)


def _main(argv: tuple[str, ...]) -> int:
    """The exit code that an interpreter would give."""
    from deltarule.cli import main

    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
    code = 0
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main(argv)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        code = 130  # as in `deltarule.__main__`
    try:
        sys.stdout.flush()
    except OSError:
        return 120  # so Python ends when it cannot write what it still holds
    return code


def small_files(size: int) -> None:
    """No file may become larger: a disk that is full. What is written beyond is an error, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


HIDDEN = re.compile(r"(^|/)\.")
