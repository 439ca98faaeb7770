"""Which columns of a class list hold the names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deltarule.checks import brief
from deltarule.class_list.headings import EITHER, FIRST, FULL, LAST, plain
from deltarule.csv_cells import cell_text
from deltarule.errors import InputError, nearest

# Rows that are looked at for headings below a title, and how many cells each row of a title has.
LONGEST_TITLE, CELLS_OF_A_TITLE = 10, 2
Rows = Sequence[tuple[int, Sequence[str]]]


def name_columns(rows: Rows, column: str | Sequence[str] | None, path: Path) -> tuple[list[int], bool]:
    """The places of the columns of names, from 0, in the order in which they are joined; and whether the first row holds headings.

    Parameters
    ----------
    rows : (line number, cells) of each row that is not empty; at least one.
    column : as in `deltarule.class_list.read_class_list`.
    path : the file, for messages.

    Raises
    ------
    InputError
        If it cannot be told which column has the names, or there is none of this heading.
    """
    if column is None:
        return _found(rows, path)
    wanted = columns_given(column, "column of names", "Give 'name', say.")
    if not wanted:
        raise InputError("column of names", "be a heading, or a list of them", brief(column), "Give 'name', say.")
    places = [place_of(each, rows, path, "column of names") for each in wanted]
    heads = headings_of(rows)
    return places, has_headings(rows) or any(each.strip().casefold() in heads for each in wanted)


def below_title(rows: Rows, column: str | Sequence[str] | None, path: Path) -> Rows:
    """The rows from the one with the headings on: rows of a cell or two above it are a title.

    Parameters
    ----------
    rows, column, path : as in `name_columns`.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for _, row in rows[:LONGEST_TITLE]]
    for at in range(1, len(filled)):
        if max(filled[:at]) > CELLS_OF_A_TITLE or max(filled[:at]) >= filled[at]:
            continue
        heads = headings_of(rows[at:])
        wanted = (
            [] if column is None else [each.strip().casefold() for each in columns_given(column, "column of names", "")]
        )
        if (
            all(each in heads for each in wanted)
            if wanted
            else _known([plain(head) for head in heads], rows[at:], path)
        ):
            return rows[at:]
    return rows


def columns_given(columns: str | Sequence[str], name: str, remedy: str) -> Sequence[str]:
    """Headings or places of columns, of which there may be one or several.

    Parameters
    ----------
    columns : what was given.
    name : what the columns are, for the message.
    remedy : what to do about anything else.

    Raises
    ------
    InputError
        If they are no texts.
    """
    wanted = [columns] if isinstance(columns, str) else columns
    if not isinstance(wanted, list | tuple) or not all(isinstance(each, str) for each in wanted):
        raise InputError(name, "be a heading, or a list of them", brief(columns), remedy)
    return wanted


def headings_of(rows: Rows) -> list[str]:
    """The cells of the first of the `rows`, without capitals."""
    return [cell.strip().casefold() for cell in rows[0][1]]


def name_of(row: Sequence[str], places: Sequence[int]) -> str:
    """The name in a row, with single spaces.

    Parameters
    ----------
    row : its cells.
    places : the columns of names, in their order. A cell that another one repeats is left out: some lists have the whole name
        in one column, and the surname in the next.
    """
    cells = [" ".join(cell_at(row, at).split()) for at in places]
    first = cells[0].casefold().split()
    others = [
        cell
        for cell in cells[1:]
        if not cell.casefold().split() or first[-len(cell.split()) :] != cell.casefold().split()
    ]
    return " ".join(filter(None, (cells[0], *others)))


def cell_at(row: Sequence[str], place: int) -> str:
    """The text of a cell; empty where the row is shorter.

    Parameters
    ----------
    row : the cells.
    place : from 0.
    """
    text = cell_text(row[place]).strip() if place < len(row) else ""
    return (
        text[2:-1] if text.startswith('="') and text.endswith('"') else text
    )  # a number that a spreadsheet shall not shorten


def _found(rows: Rows, path: Path) -> tuple[list[int], bool]:
    heads = [plain(cell) for cell in rows[0][1]]
    known = _known(heads, rows, path)
    if known:
        return known, True
    count = max(len(row) for _, row in rows)
    headed = has_headings(rows)
    able = [at for at in range(count) if all(_may_be_name(cell_at(row, at)) for _, row in rows[headed:])]
    if count > 1 and len(able) != 1:
        raise InputError(
            "class list",
            "show which column has the names",
            f"{', '.join(repr(cell.strip()) for cell in rows[0][1])} in the first row of {path}",
            "Head it 'name', or give its heading or its place: --names on the command line, column= in Python. Several are joined, "
            "as for first and last names.",
        )
    return able if count > 1 else [0], headed and count > 1


def _known(heads: list[str], rows: Rows, path: Path) -> list[int]:
    """The columns of names by their headings; none where no heading is known.

    A whole name goes before a first and a last one. "Name" beside "Vorname" is a surname, "Nome" beside "Cognome" a first name.
    """
    first, last = ([head for head in heads if head in known] for known in (FIRST, LAST))
    whole = [head for head in FULL if head in heads and not (head in EITHER and (first or last))]
    either = [head for head in EITHER if head in heads]
    if not whole and first and last:
        whole = [head for head in either if head in FULL][:1]  # all three stand there
    for words in (whole[:1], first[:1] + (last or either)[:1], (first or either)[:1] + last[:1]):
        if len(words) == 2 or (words and words == whole[:1]):
            return [_only(heads, word, rows, path) for word in words]
    return []


def has_headings(rows: Rows) -> bool:
    """Whether the first of the `rows` holds headings: a word above figures or addresses."""
    return len(rows) > 1 and any(
        _may_be_name(cell) and bool(cell.strip()) and not any(_may_be_name(cell_at(row, at)) for _, row in rows[1:])
        for at, cell in enumerate(rows[0][1])
    )


def _may_be_name(cell: str) -> bool:
    """Whether a cell holds no figure and no address; an empty one may be a name that is missing."""
    return not any(letter.isdigit() or letter == "@" for letter in cell)


def _only(heads: list[str], word: str, rows: Rows, path: Path) -> int:
    """The place of a heading, which must stand once."""
    if heads.count(word) > 1:
        raise InputError(
            "class list",
            "head one column with each name",
            f"{rows[0][1][heads.index(word)].strip()!r} above {heads.count(word)} columns of {path}",
            "Give the place of the right one: --names on the command line, column= in Python.",
        )
    return heads.index(word)


def place_of(wanted: str, rows: Rows, path: Path, name: str) -> int:
    """The place of a column from 0, by its heading or its number.

    Parameters
    ----------
    wanted : what was given: a heading, in small or capital letters, or a place from 1.
    rows, path : as in `name_columns`.
    name : what the column is, for messages.

    Raises
    ------
    InputError
        If there is no such column, or the heading stands above several.
    """
    word, heads = wanted.strip().casefold(), headings_of(rows)
    if word in heads:
        return _only(heads, word, rows, path)
    count = max(len(row) for _, row in rows)
    places = [str(place) for place in range(1, count + 1)]
    if word in places:
        return places.index(word)
    raise InputError(
        name,
        f"be a heading of {path}, or a place from 1 to {count}",
        brief(wanted),
        nearest(word, [cell.strip() for cell in rows[0][1]]),
    )
