"""Which column of a class list has the names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deltarule.checks import brief
from deltarule.csv_cells import cell_text
from deltarule.errors import InputError, nearest

# Headings of the column of names; the second is the one that the index of a set has.
HEADINGS = ("name", "student", "student name", "full name", "names", "students")
Rows = Sequence[tuple[int, list[str]]]


def names_in(rows: Rows, column: str | Sequence[str] | None, path: Path) -> list[tuple[int, str]]:
    """The names in the rows of a CSV file, each with its line number.

    Parameters
    ----------
    rows : (line number, cells) of each row that is not empty.
    column : as in `deltarule.setting.read_students`.
    path : the file, for messages.

    Raises
    ------
    InputError
        If it cannot be told which column has the names, or there is none of this heading.
    """
    if not rows:
        return []
    heads = [cell.strip().casefold() for cell in rows[0][1]]
    if column is None:
        places, headed = _found(rows, heads, path)
    else:
        wanted = [column] if isinstance(column, str) else column
        if not isinstance(wanted, list | tuple) or not wanted or not all(isinstance(each, str) for each in wanted):
            raise InputError("column of names", "be a heading, or a list of them", brief(column), "Give 'name', say.")
        places = [_place(each, heads, rows, path) for each in wanted]
        headed = _has_heads(rows) or any(each.strip().casefold() in heads for each in wanted)
    return [(line, " ".join(filter(None, (_cell(row, at) for at in places)))) for line, row in rows[headed:]]


def _cell(row: list[str], place: int) -> str:
    return cell_text(row[place]).strip() if place < len(row) else ""


def _found(rows: Rows, heads: list[str], path: Path) -> tuple[list[int], bool]:
    """The column of names where it can be told, and whether the first row holds headings."""
    known = next((heads.index(heading) for heading in HEADINGS if heading in heads), None)
    if known is not None:
        return [_only(heads, heads[known], path)], True
    count = max(len(row) for _, row in rows)
    headed = _has_heads(rows)
    able = [at for at in range(count) if all(_may_be_name(_cell(row, at)) for _, row in rows[headed:])]
    if count > 1 and len(able) != 1:
        raise InputError(
            "class list",
            "show which column has the names",
            f"{', '.join(repr(cell.strip()) for cell in rows[0][1])} in the first row of {path}",
            "Head it 'name', or give its heading or its place: --names on the command line, column= in Python. Several are joined, "
            "as for first and last names.",
        )
    return able if count > 1 else [0], headed and count > 1


def _has_heads(rows: Rows) -> bool:
    """Whether the first row holds headings: a word above figures or addresses."""
    return len(rows) > 1 and any(
        _may_be_name(cell) and cell.strip() and not any(_may_be_name(_cell(row, at)) for _, row in rows[1:])
        for at, cell in enumerate(rows[0][1])
    )


def _may_be_name(cell: str) -> bool:
    """Whether a cell holds no figure and no address; an empty one may be a name that is missing."""
    return not any(letter.isdigit() or letter == "@" for letter in cell)


def _only(heads: list[str], heading: str, path: Path) -> int:
    """The place of a heading, which must stand once."""
    if heads.count(heading) > 1:
        raise InputError(
            "class list",
            "head one column with each name",
            f"{heading!r} above {heads.count(heading)} columns of {path}",
            "Give the place of the right one: --names on the command line, column= in Python.",
        )
    return heads.index(heading)


def _place(wanted: str, heads: list[str], rows: Rows, path: Path) -> int:
    """The place of a column from 0, by its heading or its number."""
    word = wanted.strip().casefold()
    if word in heads:
        return _only(heads, word, path)
    count = max(len(row) for _, row in rows)
    places = [str(place) for place in range(1, count + 1)]
    if word in places:
        return places.index(word)
    raise InputError(
        "column of names",
        f"be a heading of {path}, or a place from 1 to {count}",
        brief(wanted),
        nearest(word, [cell.strip() for cell in rows[0][1]]),
    )
