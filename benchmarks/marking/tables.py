"""What was measured, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.marking.kinds import Result
from benchmarks.marking.telling import CANNOT_BE_TOLD
from benchmarks.mistakes import share

RIGHT_COLUMNS = ("accused", "marked wrong", "a false remark", "crash")
SLIP_COLUMNS = ("named", "named otherwise", "among", "untimed", "silence", "passed", "wrong name", "crash")


def _by(results: Iterable[Result], key: str) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for each in results:
        found.setdefault(getattr(each, key), []).append(each)
    return found


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _head(first: str, *columns: str) -> list[str]:
    return [_row(first, *columns), "|---|" + "--:|" * len(columns)]


def right(results: list[Result]) -> Iterator[str]:
    """By style of rounding."""
    yield from _head("style of rounding", "answers", *RIGHT_COLUMNS)
    rows = {**_by(results, "subject"), "all": results}
    for subject, found in rows.items():
        counts = Counter(each.verdict for each in found)
        yield _row(subject, len(found), *(counts[column] for column in RIGHT_COLUMNS))


def nonsense(results: list[Result]) -> Iterator[str]:
    """By kind of nonsense."""
    yield from _head(
        "answers", "number", "mean marks %", "right to the last digit %", "marks above 15 %", "wrongly named", "names"
    )
    for subject, found in {**_by(results, "subject"), "all": results}.items():
        scores = [each.said.score for each in found]
        names = Counter(name for each in found for name in each.said.mistakes)
        told = ", ".join(f"{name} ({count})" for name, count in names.most_common(4)) or "-"
        wrong = sum(each.verdict != "" for each in found)
        yield _row(
            subject,
            len(found),
            f"{100 * np.mean(scores):.1f}",
            f"{100 * np.mean([each.lucky for each in found]):.1f}",
            sum(score > 0.15 for score in scores),
            wrong,
            told,
        )


def slips(results: list[Result], key: str, first: str) -> Iterator[str]:
    """By name, or all together: shares of the cases that a reader could have told."""
    yield from _head(
        first, "cases", CANNOT_BE_TOLD, *(f"{column} %" for column in SLIP_COLUMNS), "wrong names, most often"
    )
    extents = {f"all: {extent}": found for extent, found in sorted(_by(results, "extent").items())}
    rows = {subject: found for subject, found in _by(results, key).items() if subject}
    for subject, found in {**rows, **extents, "all": results}.items():
        counts = Counter(each.verdict for each in found)
        names = Counter(", ".join(each.said.mistakes) for each in found if each.verdict == "wrong name")
        told = ", ".join(f"{name} ({count})" for name, count in names.most_common(3)) or "-"
        could = len(found) - counts[CANNOT_BE_TOLD]
        shares = (share(counts[column], could) for column in SLIP_COLUMNS)
        yield _row(subject, len(found), counts[CANNOT_BE_TOLD], *shares, told)


def bad(results: list[Result], most: int = 40) -> Iterator[str]:
    """The slips that were given wrong names most often, or that are known and met with silence, each as it is drawn again."""
    shown = {"wrong name", "crash", "passed"} | ({"silence"} if results[0].kind == "named" else set())
    worst: dict[tuple[tuple[str, ...], str], list[Result]] = {}
    for each in results:
        if each.verdict in shown:
            worst.setdefault((each.slips, each.verdict), []).append(each)
    if worst:
        yield ""
        yield from _head("slip", "verdict", "cases", "said", "drawn by")
        for (what, verdict), found in sorted(worst.items(), key=lambda item: -len(item[1]))[:most]:
            names = Counter(", ".join(each.said.mistakes) or each.said.crash[:60] for each in found).most_common(2)
            told = "; ".join(f"{name or '-'} ({count})" for name, count in names)
            kind = found[0].kind + (f"/{found[0].subject}" if found[0].subject else "")
            yield _row(" and ".join(what), verdict, len(found), told, f"`{kind}` {found[0].index}")
