"""A round of inputs of one kind, in a child of this process; faults are made small there."""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky, HypothesisException
from hypothesis.strategies import SearchStrategy

from tools.fuzz.case import Fault, Verdict
from tools.fuzz.sandbox import GIVEN_UP, limit_memory, silence

SHRINKING = 25.0  # seconds that are spent on making a fault smaller


class Kind(NamedTuple):
    """A kind of input.

    inputs : gives the strategy that draws inputs.
    attempt : tries one, and says what came of it.
    size : inputs of a round.
    share : how often its turn comes.
    patience : seconds without another input after which the child is ended.
    prepare : called once before the first round, so that all children have what it makes.
    """

    inputs: Callable[[], SearchStrategy[Any]]
    attempt: Callable[[Any], Verdict]
    size: int = 200
    share: int = 1
    patience: float = GIVEN_UP
    prepare: Callable[[], object] = lambda: None


@dataclass
class Tally:
    """What came of the inputs of a kind.

    ended : how many ended how.
    faults : how often each was met, by sort and place.
    found : the smallest input of each, with its text.
    """

    ended: Counter[str] = field(default_factory=Counter)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)

    @property
    def inputs(self) -> int:
        """How many were tried."""
        return self.ended.total()

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.ended += other.ended
        self.faults += other.faults
        self.found = {**other.found, **self.found}


class _Enough(BaseException):
    """Ends a search for smaller inputs."""


class _Round:
    """The inputs of a round: a fault that is not known yet is raised, so that hypothesis makes its input smaller."""

    def __init__(self, kind: Kind, known: set[tuple[str, str]], note: Callable[[Any], None]) -> None:
        self.kind, self.known, self.note = kind, set(known), note
        self.tally = Tally()
        self.sought: tuple[str, str] | None = None
        self.until = 0.0

    def attempt(self, value: Any) -> None:
        self.note(value)
        if self.sought is not None and time.monotonic() > self.until:
            raise _Enough
        verdict = self.kind.attempt(value)
        if self.sought is None:
            self.tally.ended[verdict.ended] += 1
            self.tally.faults.update({(fault.sort, fault.where) for fault in verdict.faults})
        for fault in verdict.faults:
            self._meet(fault, value)

    def _meet(self, fault: Fault, value: Any) -> None:
        key = fault.sort, fault.where
        if key in self.known or self.sought not in (None, key):
            return
        if self.sought is None:
            self.sought, self.until = key, time.monotonic() + SHRINKING
        before = self.tally.found.get(key)
        if before is None or len(repr(value)) <= len(repr(before[1])):
            self.tally.found[key] = fault.text, value
        raise _FoundError(fault.where)


class _FoundError(Exception):
    """The fault that is being made smaller."""


def run_here(kind: Kind, number: int, count: int, known: set[tuple[str, str]], note: Callable[[Any], None]) -> Tally:
    """A round in this process.

    kind : of the inputs.
    number : the seed.
    count : of inputs.
    known : sort and place of the faults that need not be made smaller.
    note : called with each input before it is tried.
    """
    each = _Round(kind, known, note)
    turn = 0
    while each.tally.inputs < count:
        rest, before = count - each.tally.inputs, each.tally.inputs
        search = settings(
            max_examples=rest,
            database=None,
            derandomize=False,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
        )(seed(number + 1000003 * turn)(given(kind.inputs())(each.attempt)))
        try:
            search()
        except (_Enough, _FoundError, Flaky):
            pass
        except HypothesisException:
            break
        if each.sought is not None:
            each.known.add(each.sought)
            each.sought = None
        turn += 1
        if each.tally.inputs == before:
            break  # the strategy has no more inputs
    return each.tally


class Child:
    """A round in a process of its own. If that dies, the input that it had then is the fault.

    kind, number, count, known : as in `run_here`.
    """

    def __init__(self, kind: Kind, number: int, count: int, known: set[tuple[str, str]]) -> None:
        self.kind = kind
        self.place = Path(tempfile.mkdtemp(prefix="fuzz-round-"))
        self.current, self.said = self.place / "current", self.place / "said"
        self.process = os.fork()
        if self.process == 0:
            _child(kind, number, count, known, self.current, self.said)
        with contextlib.suppress(OSError):  # both do it, since either may come first
            os.setpgid(self.process, self.process)

    def tally(self) -> Tally | None:
        """What came of it, once it has ended; None before."""
        ended, status, _ = os.wait4(self.process, os.WNOHANG)
        if not ended:
            if self.current.exists() and time.time() - self.current.stat().st_mtime > self.kind.patience:
                os.killpg(self.process, signal.SIGKILL)
            return None
        try:
            return self._read(os.waitstatus_to_exitcode(status))
        finally:
            shutil.rmtree(self.place, ignore_errors=True)

    def end(self) -> None:
        """End it before its time."""
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        shutil.rmtree(self.place, ignore_errors=True)

    def _read(self, status: int) -> Tally:
        if self.said.exists():
            return pickle.loads(self.said.read_bytes())
        last, done = pickle.loads(self.current.read_bytes())
        how = "no sign of life" if status == -signal.SIGKILL else f"status {status}"
        error = self.said.with_suffix(".error")
        text = error.read_text() if error.exists() else ""
        key = "died", next((line for line in reversed(text.splitlines()) if ": " in line), how)[:100]
        return Tally(Counter(done), Counter([key]), {key: (f"the process ended: {how}\n{text}", last)})


def _child(kind: Kind, number: int, count: int, known: set[tuple[str, str]], current: Path, said: Path) -> None:
    code = 1
    try:
        os.setpgrp()
        silence()
        limit_memory()
        tempfile.tempdir = str(said.parent)  # so that nothing is left, however this process ends
        random.seed(number)
        tried = Counter[str]()

        def note(value: Any) -> None:
            current.write_bytes(pickle.dumps((value, tried)))
            tried["tried"] += 1

        tally = run_here(kind, number, count, known, note)
        draft = said.with_suffix(".draft")
        draft.write_bytes(pickle.dumps(tally))
        draft.rename(said)
        code = 0
    except BaseException:  # noqa: BLE001 - said to the parent
        import traceback

        said.with_suffix(".error").write_text(traceback.format_exc())
    finally:
        os._exit(code)
