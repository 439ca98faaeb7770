"""How far marks can be trusted: `python -m benchmarks.marking --right 1000 --held-out 300 --jobs 2`, or `--show KIND INDEX`.

The students share nothing with what marks: see `benchmarks.marking`. Each number says how many cases are tried: of right
answers in all, of nonsense for each kind, of named mistakes for each name, of the others in all.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.marking import tables
from benchmarks.marking.failures import shown, write_failures
from benchmarks.marking.kinds import Result, makers, result, subjects

KINDS = {
    "right": "right answers, in all styles of rounding together",
    "nonsense": "answers that nobody worked, of each kind",
    "named": "answers with each named mistake",
    "held-out": "answers with mistakes that the checker does not know",
    "pairs": "answers with two named mistakes",
    "once": "answers with a named mistake in iteration 1 alone, or from iteration 2 on",
}
PROGRESS_EVERY = 100


def _tasks(kind: str, count: int, seed: int) -> Iterator[tuple[str, str, int, int]]:
    every = subjects(kind)
    if kind == "right":
        return ((kind, every[i % len(every)], seed, i) for i in range(count))
    return ((kind, subject, seed, i) for subject in every for i in range(count))


def _run(kind: str, count: int, seed: int, jobs: int) -> tuple[list[Result], float]:
    began, tasks = time.perf_counter(), list(_tasks(kind, count, seed))
    if jobs == 1:
        return _followed(kind, len(tasks), map(_result, tasks)), time.perf_counter() - began
    with ProcessPoolExecutor(jobs) as pool:
        found = _followed(kind, len(tasks), pool.map(_result, tasks, chunksize=10))
    return found, time.perf_counter() - began


def _followed(kind: str, count: int, results: Iterable[Result | None]) -> list[Result]:
    """The results, with a line of progress now and then."""
    began, found = time.perf_counter(), list[Result]()
    for done, each in enumerate(results, 1):
        found += [each] if each else []
        if done % PROGRESS_EVERY == 0 or done == count:
            counts = dict(Counter(one.verdict or "well" for one in found).most_common())
            print(
                f"{kind}: {done} of {count}, {time.perf_counter() - began:.0f} s, {counts}", file=sys.stderr, flush=True
            )
    return found


def _result(task: tuple[str, str, int, int]) -> Result | None:
    return result(*task)


HEAD = """# How far marks can be trusted

`python -m benchmarks.marking {command}`

The answers come from students that share nothing with the checker, not even the list of mistakes: they work an iteration from
{slips} slips of their own, written from the formulas of the field, in all kinds of layer, sums and means, with decay and
mini-batches. Some parts are written or all, with 2 to 4 decimals, exactly or with figures rounded on the way. Where a name was
given that is not the slip's own, the same student makes the named mistake: the name is true if that prints the very same figures.

"""
TITLES = {
    "right": "Right answers",
    "nonsense": "Answers that nobody worked",
    "named": "Named mistakes",
    "held-out": "Mistakes that the checker does not know",
    "pairs": "Two mistakes at once",
    "once": "A mistake in iteration 1 alone, or from iteration 2 on",
}
WHAT = {
    "right": "Of 1 to 50 iterations, all written, or the last one, or the first and the last. All should be 0.",
    "nonsense": "`not-attempted` and `not-updated` are true of them. What is right to the last digit is told beside the marks.",
    "named": "For each documented name, slips of which its sentence is true, wherever they are made.",
    "held-out": (
        "Every third slip, drawn by the seed, with its names left out of the checker's table; and the slips that no documented "
        "name says. Silence or a true name should follow."
    ),
    "pairs": (
        "In different ingredients; each is seen in the figures beside the other, beyond what rounding changes, and not in one "
        "same figure alone."
    ),
    "once": "The sentence has to say when.",
}
LEGEND = """*named*: truly, and nothing false beside it; *otherwise*: by another name that is true too; *among*: a true name is
among alternatives, or one of two was named; *untimed*: named, but not said that it was so in some iterations only; *silence*:
nothing was named, and the first wrong entry is shown; *passed*: nothing was marked wrong, since rounding explains the figures.

*cannot be told*: of those that were not named, cases that no reader could have told, which the shares leave out. Either
other slips, one or two, that have other names print the very same figures (or, where figures were rounded on the way,
figures within a unit and as near); or one of the slips changes no figure by more than the rounding of some honest student
does. Both are worked from the slips above alone.
"""


def _text(kind: str, results: list[Result], seconds: float) -> str:
    lines = [f"## {TITLES[kind]}", "", WHAT[kind], "", f"{len(results)} answers, {seconds:.0f} s.", ""]
    if kind == "right":
        lines += tables.right(results)
    elif kind == "nonsense":
        lines += tables.nonsense(results)
    else:
        lines += [
            LEGEND,
            *tables.slips(results, "subject", "name" if kind == "named" else "slips"),
            *tables.bad(results),
        ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Draw, mark, judge, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for kind, what in KINDS.items():
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N", help=what)
    parser.add_argument("--seed", type=int, default=0, help="by which all cases are drawn (default 0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the tables are written")
    parser.add_argument(
        "--failures", type=Path, metavar="DIR", help="where cases that failed are written, a file a kind"
    )
    parser.add_argument(
        "--show", nargs=2, metavar=("KIND", "INDEX"), help="print one case again: KIND as in the tables, named/ascent"
    )
    chosen = parser.parse_args(arguments)
    if chosen.show:
        kind, _, subject = chosen.show[0].partition("/")
        print(shown(kind, subject, chosen.seed, int(chosen.show[1])))
        return 0
    texts = []
    for kind in KINDS:
        count = getattr(chosen, kind.replace("-", "_"))
        if count:
            found, seconds = _run(kind, count, chosen.seed, chosen.jobs)
            texts.append(_text(kind, found, seconds))
            print(texts[-1], flush=True)
            if chosen.failures:
                write_failures(chosen.failures, kind, found, chosen.seed)
    without = [name for name in makers() if name not in subjects("named")]
    print(f"Names without a student: {', '.join(without)}.", file=sys.stderr)
    if chosen.out:
        from benchmarks.marking.slips import SLIPS

        counts = [f"--{kind} {n}" for kind in KINDS if (n := getattr(chosen, kind.replace("-", "_")))]
        head = HEAD.format(command=" ".join([*counts, f"--seed {chosen.seed}"]), slips=len(SLIPS))
        chosen.out.write_text(head + "\n".join(texts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
