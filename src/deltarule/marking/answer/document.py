"""An answer's text as a document, with the digits that were written: TOML, JSON, text, a notebook, or one part in CSV."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from deltarule.documents import check_depth, toml_document, too_deep
from deltarule.errors import InputError
from deltarule.marking.answer.csv_file import csv_document, csv_rows
from deltarule.marking.answer.markup import text_of_html
from deltarule.marking.answer.notebook import notebook_document
from deltarule.marking.answer.repairing import cut_json, cut_toml
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.text_blocks import text_document
from deltarule.marking.answer.twice import merged, put

CSV_SUFFIXES = (".csv", ".tsv")
HTML_SUFFIXES = (".html",)
TEXT_SUFFIXES = (".txt", ".md", ".tex")
# Digits of the largest float64; Python makes no whole number of more than 4300 digits.
LONGEST_WHOLE = 309
# A whole number of more digits, and nothing else: it begins no word, and ends none.
_LONG = re.compile(rf"(?<![\w.])\d(?:_?\d){{{LONGEST_WHOLE},}}+(?![\w.])", re.ASCII)


def document_of(name: PurePath, text: str) -> Any:
    """The document of an answer's text.

    Parameters
    ----------
    name : of the file: its ending says how the text is written, and that of a file with one part says which part it is.
    text : of the file.

    Raises
    ------
    InputError
        If it is nested too deep, is CSV whose commas may mean two things, or has nothing that is a part's.
    ValueError, csv.Error
        If it is not TOML, JSON or CSV.
    """
    form = name.suffix.lower()
    words = _words_of_part(name)
    if form in CSV_SUFFIXES:
        document = {} if words else csv_document(text)
        return document or _one_part(words or name.stem.split("."), csv_rows(text))
    if form in TEXT_SUFFIXES and len(words) > 1:
        return _one_part(words, text)
    if form == ".json" or (form in TEXT_SUFFIXES and text.lstrip()[:1] == "{"):
        return _json(text)
    if form == ".ipynb":
        return notebook_document(_json(text))
    if form in (*TEXT_SUFFIXES, *HTML_SUFFIXES):
        document = text_document(text_of_html(text) if form in HTML_SUFFIXES else text)
        if not document:
            remedy = "Write each part below a heading as in: Iteration 1, U = [[0.5, 1.0], [2.0, 3.0]]."
            raise InputError("text", "have parts of an answer, by their names", "none", remedy)
        return document
    return _toml(text)


def _words_of_part(name: PurePath) -> list[str]:
    """The keys of the part that a file's name says; the words before the table are a name: Ada.iteration.1.delta.csv."""
    words = name.stem.split(".")
    first = next((place for place, word in enumerate(words) if table_named(word)), None)
    return [] if first is None else words[first:]


def _one_part(keys: list[str], value: Any) -> dict[str, Any]:
    document: dict[str, Any] = {}
    put(document, keys, value)
    return document


def _json(text: str) -> Any:
    try:
        document = json.loads(text, parse_float=_figure, parse_int=_whole, object_pairs_hook=_table)
    except RecursionError:
        raise too_deep() from None
    except json.JSONDecodeError:
        document = cut_json(text, _loads) if text.lstrip()[:1] in ("{", '"') else {}
        if not document:
            raise
    check_depth(document)
    return document


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_figure, parse_int=_whole, object_pairs_hook=_table)
    except RecursionError:
        raise too_deep() from None


def _toml(text: str) -> dict[str, Any]:
    try:
        return toml_document(text, _figure)
    except InputError:
        raise
    except tomllib.TOMLDecodeError:
        document = cut_toml(text, _figure)
        if not document:
            raise
        check_depth(document)
        return document
    except ValueError:  # a whole number of too many digits: as a figure it costs its own part only
        return toml_document(_LONG.sub(r"\g<0>e0", text), _figure)


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
