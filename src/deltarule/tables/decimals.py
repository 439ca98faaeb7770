"""Numbers with a decimal comma, as a file of semicolons often has them."""

from __future__ import annotations

from typing import Any

from deltarule.errors import InputError

_COMMA = r"^\s*[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]+)?\s*$"
_POINT = r"^\s*[-+]?[0-9]*\.[0-9]+([eE][-+]?[0-9]+)?\s*$"


def with_points(column: Any, where: str) -> Any:
    """A column of texts whose numbers have a decimal comma, with points in its place; a column of words as it is.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray` of texts.
    where : file and column, for messages.

    Raises
    ------
    InputError
        If a number has a point, which may stand for a decimal point or part thousands.

    Examples
    --------
    >>> import pyarrow as pa
    >>> with_points(pa.chunked_array([["0,5", "3"]]), "t.csv").to_pylist()
    ['0.5', '3']
    """
    import pyarrow.compute as pc

    row = pc.index(pc.match_substring_regex(column, _POINT), True).as_py()
    if row >= 0:
        raise InputError(
            "table",
            "have a comma in each decimal number, as the decimal mark says",
            f"{column[row].as_py()!r} in {where}, row {row + 1}",
            "Write it with a comma, or leave out the decimal mark.",
        )
    commas = pc.match_substring_regex(column, _COMMA)
    return pc.if_else(commas, pc.replace_substring(column, ",", "."), column)
