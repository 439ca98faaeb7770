"""Marks as a page: every entry in its place, what is wrong marked by colour and by sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from deltarule.marking.marks import Entry, Marks, PartMarks
from deltarule.marking.report.text import findings, part_title, said, summary
from deltarule.typeset.figures import figure, true_minus
from deltarule.typeset.templating import templates

if TYPE_CHECKING:
    from jinja2 import Environment

# Labels a row.
ACROSS = 9
# Each verdict's class, sign and word; the sign tells what the colour tells.
SIGNS = {"right": ("right", ""), "rounding": ("rounding", "≈"), "wrong": ("wrong", "✗"), "follows": ("follows", "↪")}


class Cell(NamedTuple):
    """An entry as it stands on the page."""

    kind: str
    sign: str
    given: str
    expected: str


class Grid(NamedTuple):
    """A part: its title, what became of it, and its entries in rows (None where nothing was given)."""

    title: str
    verdict: str
    marks: str
    rows: list[tuple[str, list[Cell | None]]]
    columns: list[str]
    note: str


def marks_page(marks: Marks, title: str, name: str) -> str:
    """A page that loads nothing: the parts, the mistakes, and a sentence.

    title : the problem's. name : the answer's.
    """
    return _rendered("marks.html", marks, title, name)


def marks_fragment(marks: Marks) -> str:
    """The same for a notebook."""
    return _rendered("fragment.html", marks, "", "")


def _rendered(template: str, marks: Marks, title: str, name: str) -> str:
    grids = [grid(part) for part in marks]
    faults = [(part_title(part), why) for part, why in marks.faults.items()]
    found = [(heading, [(m.name, part_title(m.part), m.why) for m in each]) for heading, each in findings(marks)]
    return _templates().get_template(template).render(
        title=title, name=name, summary=summary(marks), right=marks.right, grids=grids, faults=faults, findings=found,
    )  # fmt: skip


def folder_page(
    results: Sequence[dict[str, Any]], commonest: Sequence[tuple[str, int]], missing: Sequence[str] = ()
) -> str:
    """The instructor's table: each answer, its score and mistakes; which mistakes are commonest, and what is missing."""
    rows = [
        (
            each["file"],
            f"{figure(100 * each['score'], 0)}%" if "score" in each else "",
            each["right"],
            ", ".join(each.get("names", ())),
            [each["error"]] if "error" in each else [each["summary"], *each["faults"]],
        )
        for each in results
    ]
    most = max((count for _, count in commonest), default=1)
    bars = [(name, count, round(100 * count / most)) for name, count in commonest]
    right = sum(bool(each["right"]) for each in results)
    return _templates().get_template("folder.html").render(rows=rows, bars=bars, right=right, missing=missing)


def grid(part: PartMarks) -> Grid:
    """A part as rows of cells."""
    cells = {entry.place: _cell(entry) for entry in part.entries}
    shape = part.shape
    if len(shape) == 2:
        shown = [r for r in range(1, shape[0] + 1) if any((r, c) in cells for c in range(1, shape[1] + 1))]
        rows = [(part.rows[r - 1], [cells.get((r, c)) for c in range(1, shape[1] + 1)]) for r in shown]
        columns = list(part.columns)
    elif part.part.endswith("predicted"):
        rows = [
            (part.rows[first - 1], [cells.get((r,)) for r in range(first, min(first + ACROSS, shape[0] + 1))])
            for first in range(1, shape[0] + 1, ACROSS)
        ]
        columns = [""]
    else:
        count = shape[0] if shape else 1
        rows = [("", [cells.get((c,) if shape else ()) for c in range(1, count + 1)])]
        columns = list(part.columns) if shape else [""]
    verdict = "follows" if part.follow_through else part.verdict
    counted = f"{sum(entry.counts for entry in part.entries)} of {len(part.entries)}"
    return Grid(part_title(part.part), verdict, counted, rows, columns, part.note)


def _cell(entry: Entry) -> Cell:
    kind = "follows" if entry.verdict == "wrong" and entry.follows else entry.verdict
    expected = _text(entry.expected, entry.decimals) if kind in ("wrong", "follows") else ""
    return Cell(*SIGNS[kind], _text(entry.given, entry.decimals), expected)


def _text(value: Any, decimals: int) -> str:
    """A figure with a true minus sign."""
    text = said(value, decimals)
    return true_minus(text) if isinstance(value, int | float) else text


@cache
def _templates() -> Environment:
    return templates("deltarule.marking.report")
