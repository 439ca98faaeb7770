"""An answer's text as a document, with the digits that were written: TOML, JSON, or one part in CSV.

Nothing is lost silently: where a key stands twice, `Twice` stands for both, and whoever reads the part names it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from deltarule.documents import check_depth, toml_document, too_deep
from deltarule.errors import InputError
from deltarule.marking.answer.csv_file import csv_rows
from deltarule.marking.parts import TABLES

# Tables in tables, from `iteration` down to a row.
LEVELS = 5
# Digits of the largest float64; Python makes no whole number of more than 4300 digits.
LONGEST_WHOLE = 309
# A whole number of more digits than Python reads, and nothing else: it begins no word, and ends none.
_LONG = re.compile(r"(?<![\w.])\d(?:_?\d){4000,}+(?![\w.])", re.ASCII)
_DIGITS_KEPT = 20


class Twice:
    """What stands for the values of a key that is given twice: neither is taken.

    Parameters
    ----------
    how : in which spellings it is given; empty where they are the same.
    """

    def __init__(self, how: str = "") -> None:
        self.how = how

    def __str__(self) -> str:
        return f"This stands twice{self.how and f', {self.how}'}. Keep one."


def document_of(name: PurePath, text: str) -> Any:
    """The document of an answer's text.

    Parameters
    ----------
    name : of the file: its ending says how the text is written, and that of a CSV file says which part it is.
    text : of the file.

    Raises
    ------
    InputError
        If it is nested too deep, or is CSV with other separators or a heading.
    ValueError, csv.Error
        If it is not TOML, JSON or CSV.
    """
    form = name.suffix.lower()
    if form == ".csv":
        # The words before the table are a name: Ada.iteration.1.delta.csv
        words = name.stem.split(".")
        words = words[next((i for i, word in enumerate(words) if word in TABLES), 0) :]
        document: Any = csv_rows(text)
        for word in reversed(words):
            document = {word: document}
    elif form == ".json":
        document = _json(text)
    else:
        document = _toml(text)
    return document


def _json(text: str) -> Any:
    try:
        document = json.loads(text, parse_float=_figure, parse_int=_whole, object_pairs_hook=_table)
    except RecursionError:
        raise too_deep() from None
    check_depth(document)
    return document


def _toml(text: str) -> dict[str, Any]:
    try:
        return toml_document(text, _figure)
    except (tomllib.TOMLDecodeError, InputError):
        raise
    except ValueError:  # a whole number of too many digits: as a figure it costs its own part only
        return toml_document(_LONG.sub(_with_exponent, text), _figure)


def _with_exponent(found: re.Match[str]) -> str:
    digits = found[0].replace("_", "")
    return f"{digits[:_DIGITS_KEPT]}e{len(digits) - _DIGITS_KEPT}"


def _figure(text: str) -> Any:
    """A figure with its digits; its text where the exponent is beyond all numbers, so that it costs its own part only."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _whole(text: str) -> Any:
    return int(text) if len(text) <= LONGEST_WHOLE else _figure(text)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, in which a key may stand twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = merged(found[key], value) if key in found else value
    return found


def merged(one: Any, other: Any, how: str = "", levels: int = LEVELS) -> Any:
    """Two tables of one key as one table; `Twice` stands for what is in both, and for what are no tables.

    Parameters
    ----------
    one, other : the values of the key.
    how : in which spellings it is given.
    levels : how many tables below each other are merged.

    Examples
    --------
    >>> found = merged({"cost": 1, "errors": 2}, {"errors": 2, "biases": [0]}, "as 1 and 01")
    >>> found["cost"], found["biases"], str(found["errors"])
    (1, [0], 'This stands twice, as 1 and 01. Keep one.')
    """
    if not (levels and isinstance(one, Mapping) and isinstance(other, Mapping)):
        return Twice(how)
    both = {key: merged(one[key], other[key], how, levels - 1) for key in other if key in one}
    return {**one, **other, **both}
