"""python -m tools.fuzz [--minutes M] [--inputs N] [--only KIND,...] [--seed S] [--jobs J] [--out DIR]

Prints counts by kind, and each distinct fault with its smallest input, which is written whole below the folder. Exit code
1: there is a fault.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from itertools import cycle
from pathlib import Path
from typing import Any

from tools.fuzz.case import SORTS
from tools.fuzz.kinds import KINDS
from tools.fuzz.rounds import Child, Tally

SHOWN = 1500  # letters of a fault
SAY_SECONDS = 600  # between counts


def options(arguments: list[str]) -> argparse.Namespace:
    """The options given."""
    parser = argparse.ArgumentParser(prog="tools.fuzz", description="Hostile and odd input for every door.")
    parser.add_argument("--minutes", type=float, default=60, help="How long, unless --inputs ends it.")
    parser.add_argument("--inputs", type=int, help="How many of each kind.")
    parser.add_argument(
        "--only", type=lambda text: text.split(","), default=list(KINDS), help=f"Kinds: {', '.join(KINDS)}."
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="Processes at once.")
    parser.add_argument("--seed", type=int, default=0, help="Another number draws other inputs.")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"), help="The folder for what is found.")
    given = parser.parse_args(arguments)
    if unknown := set(given.only) - set(KINDS):
        parser.error(f"unknown kind: {', '.join(sorted(unknown))}; known: {', '.join(KINDS)}")
    return given


def warm() -> None:
    """Load what commands load, and compile what they compile, so that each child has it."""
    os.environ.setdefault("NUMBA_NUM_THREADS", "2")
    import torch

    torch.set_num_threads(1)
    from tools.fuzz.warming import warm_all

    warm_all()


def fuzz(given: argparse.Namespace) -> dict[str, Tally]:
    """Rounds of all kinds by turns, until the time is over; Ctrl-C ends them early, and keeps what was found."""
    tallies = {name: Tally() for name in given.only}
    children: dict[Child, str] = {}
    try:
        _rounds(given, tallies, children)
    except KeyboardInterrupt:
        for child in children:
            child.end()
    return tallies


def _rounds(given: argparse.Namespace, tallies: dict[str, Tally], children: dict[Child, str]) -> None:
    """Rounds into `tallies`; `children` are those that run."""
    planned = dict.fromkeys(given.only, 0)
    most = max(KINDS[name].share for name in given.only)
    turns = cycle([name for turn in range(most) for name in given.only if KINDS[name].share > turn])
    began = said = time.monotonic()
    number = 0
    while True:
        goes_on = time.monotonic() < began + 60 * given.minutes
        wanted = [name for name in given.only if given.inputs is None or planned[name] < given.inputs]
        if not children and not (goes_on and wanted):
            return
        if goes_on and wanted and len(children) < given.jobs:
            name = next(turn for turn in turns if turn in wanted)
            kind = KINDS[name]
            if not planned[name]:
                kind.prepare()
            count = kind.size if given.inputs is None else min(kind.size, given.inputs - planned[name])
            children[Child(kind, given.seed * 1_000_000 + number, count, set(tallies[name].found))] = name
            planned[name] += count
            number += 1
            continue
        time.sleep(0.02)
        for child, name in [*children.items()]:
            tally = child.tally()
            if tally is not None:
                del children[child]
                take(given.out, name, tallies[name], tally)
        if time.monotonic() > said + SAY_SECONDS:
            said = time.monotonic()
            print(f"\n{table(tallies)}", flush=True)


def take(out: Path, name: str, tally: Tally, found: Tally) -> None:
    """Add what a round found, and report what is new."""
    for key in found.found.keys() - tally.found.keys():
        report(out / f"{name}-{len(tally.found) + 1}", name, key, *found.found[key])
        tally.found[key] = found.found[key]
    tally.add(found)


def report(folder: Path, name: str, key: tuple[str, str], text: str, value: Any) -> None:
    """Print a fault, and write its input whole."""
    value.write(folder)
    seen = f"{value!s:.{SHOWN}}"
    (folder / "FAULT").write_text(f"{key[0]}: {key[1]}\n\n{text}\n\n{value}\n", errors="backslashreplace")
    said = f"\n{name}: {key[0]}: {key[1]}  ({folder})\n{text[-SHOWN:]}\n{seen}"
    print(said.encode("utf-8", "backslashreplace").decode(), flush=True)


def table(tallies: dict[str, Tally]) -> str:
    """The counts by kind."""
    heads = ["kind", "inputs", "done", "refused", "other", *SORTS]
    rows = [heads]
    for name, tally in tallies.items():
        by_sort = {sort: sum(n for (s, _), n in tally.faults.items() if s == sort) for sort in SORTS}
        other = tally.inputs - tally.ended["done"] - tally.ended["refused"]
        counts = [tally.inputs, tally.ended["done"], tally.ended["refused"], other, *by_sort.values()]
        rows.append([name, *map(str, counts)])
    total = [sum(int(row[place]) for row in rows[1:]) for place in range(1, len(heads))]
    rows.append(["all", *map(str, total)])
    wide = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    return "\n".join("  ".join(word.rjust(width) for word, width in zip(row, wide, strict=True)) for row in rows)


def main(arguments: list[str]) -> int:
    """Fuzz, print, and say whether all is well."""
    given = options(arguments)
    warm()
    tallies = fuzz(given)
    print("\n" + table(tallies))
    return int(any(tally.faults for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
