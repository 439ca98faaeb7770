"""Marks as a page: every entry in its place; what is wrong is marked by colour and by a sign."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from deltarule.marking.marks import Entry, Marks, PartMarks
from deltarule.marking.report.text import (
    counted_entries,
    entry_text,
    headed_findings,
    summary,
    verdict,
    worth,
)
from deltarule.parts import PartName
from deltarule.typeset.figures import true_minus
from deltarule.typeset.templating import templates

if TYPE_CHECKING:
    from jinja2 import Environment

# Labels in a row of predictions: they fit a phone.
LABELS_IN_ROW = 9
# The class and the sign of each verdict; the sign says what the colour says.
SIGNS = {"right": ("right", ""), "rounding": ("rounding", "≈"), "wrong": ("wrong", "✗"), "follows": ("follows", "↪")}


class Cell(NamedTuple):
    """An entry as it stands on the page.

    Attributes
    ----------
    kind, sign : the class and the sign of its verdict; see `SIGNS`.
    given, expected : the two figures as texts; `expected` is empty where nothing is wrong.
    """

    kind: str
    sign: str
    given: str
    expected: str


class Grid(NamedTuple):
    """A part as rows of cells.

    Attributes
    ----------
    title, verdict, marks : its heading, its verdict, and how many entries keep their mark.
    rows : a name and the cells of each row; a cell is None where nothing was given.
    columns : the names of the columns.
    note : what is wrong with the part as a whole.
    worth : what it earns of its weight; empty where the problem says nothing about marks.
    """

    title: str
    verdict: str
    marks: str
    rows: list[tuple[str, list[Cell | None]]]
    columns: list[str]
    note: str
    worth: str = ""


def marks_page(marks: Marks, title: str, name: str) -> str:
    """A whole page that loads nothing else.

    Parameters
    ----------
    marks : what it shows.
    title : of the problem.
    name : of the answer.
    """
    return _rendered("marks.html", marks, title, name)


def marks_fragment(marks: Marks) -> str:
    """The `marks` as a fragment of HTML for a notebook."""
    return _rendered("fragment.html", marks, "", "")


def _rendered(template: str, marks: Marks, title: str, name: str) -> str:
    return page_templates().get_template(template).render(
        title=title,
        name=name,
        summary=summary(marks),
        right=marks.right,
        grids=[grid(marks, part) for part in marks],
        missing=[(name.heading, f"{marks.weight(name):g}") for name in marks.missing],
        faults=[(PartName.parse(part).heading, why) for part, why in marks.faults.items()],
        findings=[
            (heading, [(each.name, each.part.heading, each.why) for each in found])
            for heading, found in headed_findings(marks)
        ],
    )  # fmt: skip


def grid(marks: Marks, part: PartMarks) -> Grid:
    """A part as rows of cells.

    Parameters
    ----------
    marks : of the whole answer.
    part : one of its parts.
    """
    cells = {entry.place: _cell(entry) for entry in part.entries}
    shape = part.shape
    if len(shape) == 2:
        shown = [r for r in range(1, shape[0] + 1) if any((r, c) in cells for c in range(1, shape[1] + 1))]
        rows = [(part.rows[r - 1], [cells.get((r, c)) for c in range(1, shape[1] + 1)]) for r in shown]
        columns = list(part.columns)
    elif part.part.part == "predicted":
        rows = [
            (part.rows[first - 1], [cells.get((r,)) for r in range(first, min(first + LABELS_IN_ROW, shape[0] + 1))])
            for first in range(1, shape[0] + 1, LABELS_IN_ROW)
        ]
        columns = [""]
    else:
        count = shape[0] if shape else 1
        rows = [("", [cells.get((c,) if shape else ()) for c in range(1, count + 1)])]
        columns = list(part.columns) if shape else [""]
    return Grid(
        part.part.heading,
        verdict(part),
        counted_entries(marks, part),
        rows,
        columns,
        part.note,
        worth(marks, part),
    )


def _cell(entry: Entry) -> Cell:
    kind = "follows" if entry.verdict == "wrong" and entry.follows else entry.verdict
    expected = _text(entry.expected, entry.decimals) if kind in ("wrong", "follows") else ""
    return Cell(*SIGNS[kind], _text(entry.given, entry.decimals), expected)


def _text(value: Any, decimals: int) -> str:
    """An entry with a true minus sign."""
    text = entry_text(value, decimals)
    return true_minus(text) if isinstance(value, int | float) else text


@cache
def page_templates() -> Environment:
    """The templates of this room, and those that all share."""
    return templates("deltarule.marking.report")
