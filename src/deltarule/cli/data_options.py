"""What commands that read a table have in common: how a CSV file is written, and lists of columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from deltarule.errors import InputError

TableFile = Annotated[
    Path,
    typer.Argument(
        metavar="DATA", help="A table: .csv, .parquet, .feather or .jsonl.", show_default=False, readable=False
    ),
]
ModelFile = Annotated[
    Path,
    typer.Argument(metavar="MODEL", help="A model that train wrote (--out).", show_default=False, readable=False),
]
Header = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header",
        help="Whether a CSV file has a row of names first; if not, its columns are 1, 2, ...",
        show_default=False,
    ),
]
Separator = Annotated[
    str | None, typer.Option("--separator", metavar="MARK", help='Between columns of a CSV file: "," ";" tab or "|".')
]
Decimal = Annotated[
    str | None, typer.Option("--decimal", metavar="MARK", help='Decimal mark of a CSV file: "." or ",".')
]


def table_source(path: Path, separator: str | None, decimal: str | None, *, header: bool | None) -> Any:
    """The columns of a table.

    Parameters
    ----------
    path : the file.
    separator, decimal : as they are typed; None: comma and point.
    header : whether a CSV file has a row of names; None: it has, and is refused if it looks like data.
    """
    from deltarule.tables.sources import source_of

    return source_of(path, header=header, separator=separator or ",", decimal=decimal or ".")


def column_list(
    name: str, given: list[str] | None, names: Sequence[str], where: str, *, header: bool | None = None
) -> tuple[str, ...] | None:
    """The columns of an option, which may be given again, and may have commas between names; None where it is left out.

    Parameters
    ----------
    name : what they are, for messages.
    given : the option as it is typed.
    names : the columns of the table.
    where : what holds them, for messages.
    header : where it is False, columns are counted: 3 is the third.

    Raises
    ------
    InputError
        If a column is not there.
    """
    from deltarule.errors import nearest

    if not given:
        return None
    found: list[str] = []
    for text in given:
        # A name may hold a comma itself.
        found += [text] if text in names else [part.strip() for part in text.split(",")]
    if header is False:
        found = [f"x{column}" if column.isdecimal() else column for column in found]
    for column in found:
        if column not in names:
            raise InputError(name, f"be columns of {where}", repr(column), nearest(column, names))
    return tuple(found)
