"""Documents that people write, as plain values: TOML text, no deeper nested than anybody needs.

Whoever walks through a document, or shows a piece of it, then needs no care for its depth.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from deltarule.errors import InputError

# The deepest document that is asked for anywhere has 6 levels; Python's own limit is some hundreds.
DEEPEST = 50
# Text as `tomllib` reads it from the left: strings of several lines, comments, and keys (or figures) in pieces joined by points.
# Every quantifier is possessive and a string need not end, so that the search takes time in proportion to the text.
_PIECE = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?)"""
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?'
    r"|'{3}(?:[^']|'(?!''))*+(?:'{3})?"
    rf"|\#[^\n]*+|(?P<key>{_PIECE}(?:[ \t]*+\.[ \t]*+{_PIECE})*+)",
    re.ASCII,
)


def toml_document(text: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    r"""The tables and keys of a TOML text.

    Parameters
    ----------
    text : the text.
    parse_float : what makes a figure of the text of a number with a point or an exponent.

    Raises
    ------
    InputError
        If its tables and lists are nested more than 50 deep.
    ValueError
        If it is not TOML; a number of thousands of digits is none that Python reads.

    Examples
    --------
    >>> toml_document("[layer]\nkind = 'linear'")
    {'layer': {'kind': 'linear'}}
    >>> toml_document("a = " + "[" * 2000 + "]" * 2000)
    Traceback (most recent call last):
    deltarule.errors.InputError: The document must nest tables and lists at most 50 deep. Got more. Write it flatter.
    """
    if any(key.count(".") >= DEEPEST and len(re.findall(_PIECE, key, re.ASCII)) > DEEPEST for key in _keys(text)):
        raise too_deep()  # `tomllib` takes time in the square of a key's pieces: it must not begin
    try:
        document = tomllib.loads(text, parse_float=parse_float)
    except RecursionError:
        raise too_deep() from None
    check_depth(document)
    return document


def check_depth(document: Any) -> None:
    """Raise an `InputError` if the dictionaries and lists of a `document` are nested more than 50 deep."""
    level = [document]
    for _ in range(DEEPEST):
        # By their identity, so that a list that holds itself, and more than once, does not grow.
        inner = {
            id(each): each for outer in level for each in _inside(outer) if isinstance(each, Mapping | list | tuple)
        }
        if not inner:
            return
        level = list(inner.values())
    raise too_deep()


def too_deep() -> InputError:
    """The error for a document that is nested too deep."""
    return InputError("document", f"nest tables and lists at most {DEEPEST} deep", "more", "Write it flatter.")


def _keys(text: str) -> Iterator[str]:
    return (found["key"] for found in _TOKEN.finditer(text) if found["key"])


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
