"""Commands that write, killed at a random moment, or on a disk that is full: files are whole or absent, and the next run works."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tools.fuzz.case import DONE, Case, Fault, Verdict
from tools.fuzz.commands import FILES
from tools.fuzz.folders import right_answer
from tools.fuzz.judging import form_fault
from tools.fuzz.processes import HIDDEN, Ended, command, small_files
from tools.fuzz.sandbox import contents

LONG = FILES["problem.toml"].replace(b"epochs = 20", b"epochs = 200000")
TABLE = b"length,colour,kind\n" + b"".join(
    b"%d,%s,%s\n" % (n * n % 7, (b"red", b"blue")[n % 2], (b"yes", b"no")[n % 3 % 2]) for n in range(40)
)
INPUTS = (
    FILES | {"long.toml": LONG, "data.csv": TABLE} | {f"many/R{number}.toml": right_answer() for number in range(60)}
)
# Each with the share of it among all; those that take long are rare.
COMMANDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (6, ("work", "problem.toml", "--out", "out.html")),
    (3, ("work", "problem.toml", "--out", "out.tex")),
    (3, ("work", "problem.toml", "--iteration", "1:3", "--out", "out.json")),
    (6, ("train", "problem.toml", "--out", "out.toml")),
    (3, ("train", "problem.toml", "--curves", "out.svg", "--out", "out.toml")),
    (2, ("train", "problem.toml", "--curves", "out.pdf")),
    (1, ("train", "long.toml", "--out", "out.toml", "--json")),
    (6, ("sweep", "problem.toml", "--learning-rate", "0.01,0.1", "--out", "out.csv", "--best-out", "out.toml")),
    (3, ("sweep", "problem.toml", "--seeds", "3", "--out", "out.parquet")),
    (2, ("sweep", "problem.toml", "--learning-rate", "0.01,0.1", "--plot", "out.png")),
    (6, ("check", "problem.toml", "answer.toml", "--page", "out.html")),
    (3, ("check", "problem.toml", "answers", "--page", "out.html")),
    (2, ("check", "problem.toml", "many", "--page", "out.html")),
    (6, ("new", "--out", "new.toml")),
    (6, ("new", "--for", "class.txt", "--out", "week")),
    (3, ("new", "--for", "class.txt", "--out", "week", "--forms", "html,latex")),
    (1, ("tutorial", "1", "--out", "tutorial")),
    (3, ("train", "--data", "data.csv", "--target", "kind", "--epochs", "20", "--out", "out.safetensors")),
)
TRAIN_TABLE = COMMANDS[-1][1]
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Kill:
    """A command, and how it is disturbed.

    argv : what follows the program's name.
    number : the signal.
    moment : when, as a share of the time that the command takes.
    again : whether the files were written before.
    anew : whether in a new interpreter.
    """

    argv: tuple[str, ...]
    number: int
    moment: float
    again: bool
    anew: bool

    def write(self, folder: Path) -> None:
        """Put the files and the command into a folder, for a person to look at."""
        Case(INPUTS, self.argv).write(folder)
        (folder / "KILL").write_text(f"{self}\n")


@st.composite
def kills(draw: st.DrawFn) -> Kill:
    """A kill."""
    argv = draw(st.sampled_from([argv for share, argv in COMMANDS for _ in range(share)]))
    # An interpreter that begins anew takes a second: one in ten.
    return Kill(
        argv,
        draw(st.sampled_from(SIGNALS)),
        draw(st.integers(0, 1100)) / 1000,
        draw(st.booleans()),
        draw(st.integers(0, 9)) == 9,
    )


@st.composite
def model_kills(draw: st.DrawFn) -> Kill:
    """SIGKILL at a random moment while a model is trained and written, in a new interpreter or a fork."""
    moment = draw(st.integers(0, 1050)) / 1000
    return Kill(TRAIN_TABLE, signal.SIGKILL, moment, draw(st.booleans()), draw(st.integers(0, 3)) == 3)


def _laid() -> Path:
    here = Path(tempfile.mkdtemp(prefix="fuzz-kill-")) / "here"
    here.mkdir()
    Case(dict(INPUTS)).lay(here)
    return here


def _drop(here: Path) -> None:
    shutil.rmtree(here.parent, ignore_errors=True)


@cache
def undisturbed(argv: tuple[str, ...], *, anew: bool) -> tuple[Ended, dict[str, bytes]]:
    """How a command ends that nobody disturbs, and the files that it writes."""
    here = _laid()
    try:
        ended = command(argv, here, anew=anew)
        files = contents(here)
    finally:
        _drop(here)
    return ended, {name: data for name, data in files.items() if name not in INPUTS}


def attempt(kill: Kill) -> Verdict:
    """Kill a command, look at the files, and run it once more."""
    reference, written = undisturbed(kill.argv, anew=kill.anew)
    here = _laid()
    try:
        if kill.again and kill.argv[0] != "new":
            command(kill.argv, here)
        before = contents(here)
        ended = command(kill.argv, here, anew=kill.anew, kill=(kill.number, kill.moment * reference.seconds))
        after = contents(here)
        verdict = Verdict("killed" if ended.code not in (0, 1) else DONE)
        verdict.faults += _ending_faults(kill, ended) + file_faults(before, after, written)
        if kill.number != signal.SIGKILL:
            verdict.faults += [
                Fault("output", f"{_name(kill)}: a draft is left", name) for name in after if HIDDEN.search(name)
            ]
        verdict.faults += _next_faults(kill, here, reference, written)
    finally:
        _drop(here)
    return verdict


def _name(kill: Kill) -> str:
    return f"{kill.argv[0]} and {signal.Signals(kill.number).name}"


def _ending_faults(kill: Kill, ended: Ended) -> list[Fault]:
    faults = []
    told = f"{ended}"
    if ended.code is None:
        faults.append(Fault("hang", f"{_name(kill)}: does not end", told))
    if ended.left:
        faults.append(Fault("hang", f"{_name(kill)}: a process lives on", told))
    if "Traceback" in ended.err and not (
        kill.anew and kill.number == signal.SIGINT and "deltarule/cli" not in ended.err
    ):
        faults.append(Fault("traceback", f"{_name(kill)}: printed", ended.err))
    allowed = {0, 2, 130, -kill.number, 128 + kill.number} | ({1} if kill.argv[0] == "check" else set())
    if ended.code is not None and ended.code not in allowed and not (kill.anew and kill.number == signal.SIGINT):
        faults.append(Fault("exit code", f"{_name(kill)}: {ended.code}", told))
    return faults


def file_faults(before: dict[str, bytes], after: dict[str, bytes], whole: dict[str, bytes]) -> list[Fault]:
    """Files that are neither as they were nor whole.

    before, after : the files.
    whole : what the command writes where nobody disturbs it.
    """
    faults = [
        Fault("output", f"a file is lost: {name}", name)
        for name in before
        if name not in after and not HIDDEN.search(name)
    ]
    for name, data in after.items():
        if HIDDEN.search(name) or before.get(name) == data:
            continue
        if name in INPUTS:
            faults.append(Fault("output", "an input was changed", name))
            continue
        fault = form_fault(name, data)
        # The bytes of a model's weights may be line feeds, and two engines differ in their last bits.
        lines = name in whole and not name.endswith(".safetensors")
        if fault is None and lines and data.count(b"\n") != whole[name].count(b"\n"):
            fault = f"{data.count(10)} lines instead of {whole[name].count(10)}"
        if fault is not None:
            faults.append(Fault("output", f"a file is not whole: {name}", fault))
    return faults


def _next_faults(kill: Kill, here: Path, reference: Ended, written: dict[str, bytes]) -> list[Fault]:
    """The same command once more works, and writes what it should.

    A problem that is there already may be refused, if all of it is there.
    """
    ended = command(kill.argv, here)
    after = {name: data for name, data in contents(here).items() if name not in INPUTS and not HIDDEN.search(name)}
    whole = after.keys() == written.keys()
    if kill.argv[0] == "new" and ended.code == 2 and whole:
        return []
    if ended.code != reference.code or not whole:
        lost = sorted(written.keys() ^ after.keys())
        return [Fault("output", f"{_name(kill)}: the next run fails", f"{ended}\n{reference}\nnot in both: {lost}")]
    return file_faults({}, after, written)


@dataclass(frozen=True)
class Full:
    """A command on a disk that is full.

    argv : what follows the program's name.
    size : bytes that a file may have; None: no bound.
    out : where the output goes: "file", "full" (a full disk), or "closed" (a pipe that nobody reads).
    again : whether the files were written before.
    """

    argv: tuple[str, ...]
    size: int | None
    out: str
    again: bool

    def write(self, folder: Path) -> None:
        """Put the files and the command into a folder, for a person to look at."""
        Case(INPUTS, self.argv).write(folder)
        (folder / "FULL").write_text(f"{self}\n")


@st.composite
def fulls(draw: st.DrawFn) -> Full:
    """A disk that is full, or an output that nobody takes."""
    argv = draw(st.sampled_from([argv for share, argv in COMMANDS for _ in range(share) if share > 1]))
    more = draw(st.sampled_from([(), ("--json",)])) if "--json" not in argv and argv[0] != "work" else ()
    out = draw(st.sampled_from(["file", "file", "full", "closed"]))
    size = draw(st.integers(0, 12)) if draw(st.booleans()) else draw(st.integers(0, 60000))
    return Full((*argv, *more), size if out == "file" or draw(st.booleans()) else None, out, draw(st.booleans()))


def attempt_full(full: Full) -> Verdict:
    """Run, look at the files, and run once more with room."""
    here = _laid()
    _, written = undisturbed(full.argv, anew=False)
    descriptor = _descriptor(full.out)
    try:
        if full.again and full.argv[0] != "new":
            command(full.argv, here)
        before = contents(here)
        size = full.size
        ended = command(full.argv, here, before=lambda: None if size is None else small_files(size), stdout=descriptor)
        after = contents(here)
        verdict = Verdict("refused" if ended.code == 2 else DONE, file_faults(before, after, written))
        where = f"{full.argv[0]}, output {full.out}"
        told = f"{ended}"
        verdict.faults += [Fault("output", f"{where}: a draft is left", name) for name in after if HIDDEN.search(name)]
        # Marks that could not be said must not count as "wrong"; on a full disk the output may be the file that is full.
        allowed = {0, 2} | ({1} if full.argv[0] == "check" and full.out == "file" else set())
        if full.argv[0] == "check" and full.out == "closed":
            allowed.discard(1)
        if ended.code not in allowed:
            verdict.faults.append(Fault("exit code", f"{where}: {ended.code}", told))
        if "Traceback" in ended.err or "fault of deltarule" in ended.err or "Exception ignored" in ended.err:
            verdict.faults.append(Fault("traceback", f"{where}: printed", told))
    finally:
        if descriptor is not None:
            os.close(descriptor)
        _drop(here)
    return verdict


def _descriptor(out: str) -> int | None:
    """A descriptor to write to, to no avail; None for a file."""
    if out == "full":
        return os.open("/dev/full", os.O_WRONLY)
    if out == "closed":
        reader, writer = os.pipe()
        os.close(reader)
        return writer
    return None
