"""Text cells of CSV files that people open in a spreadsheet, which would run some of them as formulas.

For people are the tables of `deltarule new` (whose problem is whose) and of a sweep. Tables of data (`deltarule.tables`) are for
machines: they are only read here, and their labels are taken as they are.
"""

from __future__ import annotations

import re

from deltarule.printable import printable

# A number, with a decimal point or comma: spreadsheets take it for what it is.
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
# What begins a formula, in Excel, LibreOffice and Google Sheets; the wide forms too, which some of them take for the narrow.
# Source: OWASP, "CSV Injection".
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")


def text_cell(text: str) -> str:
    """A text as a cell that a spreadsheet shows and does not run: an apostrophe stands before what begins as a formula does.

    Parameters
    ----------
    text : such as a name. A number is no text: -0.5 is written as it is.

    Examples
    --------
    >>> text_cell("=1+1"), text_cell("Ada"), text_cell("'=x")
    ("'=1+1", 'Ada', "''=x")
    """
    return printable(f"'{text}" if _FORMULA.match(text) else text)


def cell_text(cell: str) -> str:
    """The text of a cell that `text_cell` wrote: the inverse of it, for texts that can be shown.

    Parameters
    ----------
    cell : as it was read.

    Examples
    --------
    >>> cell_text("'=1+1"), cell_text("Ada"), cell_text("'Ada")
    ('=1+1', 'Ada', "'Ada")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def kept_cell(cell: str) -> str:
    """A cell of somebody's list as it goes into another: numbers and a lone dash as they are, texts as `text_cell` writes them.

    Parameters
    ----------
    cell : as it was read.

    Examples
    --------
    >>> kept_cell("-0.5"), kept_cell("-"), kept_cell("=1+1"), kept_cell("'=1+1"), kept_cell("    Points Possible")
    ('-0.5', '-', "'=1+1", "'=1+1", '    Points Possible')
    """
    return cell if cell == "-" or _NUMBER.fullmatch(cell) else text_cell(cell_text(cell))
