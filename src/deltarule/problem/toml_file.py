"""A problem file as plain Python values; what to do about a file that is not one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from deltarule.checks import IF_COMMA
from deltarule.documents import toml_document
from deltarule.errors import InputError, ProblemError
from deltarule.files import read_regular
from deltarule.not_supported import SINGLE

TABLES_OF_DATA = (".csv", ".tsv", ".parquet", ".xlsx", ".xls", ".ods")
# A number with a comma for its point: alone behind the equals sign, or with a digit after the comma that no number begins with.
_COMMA = re.compile(r"=\s*[-+]?\d+,\d|\d,0\d")


def load(path: Path) -> dict[str, Any]:
    """The tables and keys of the TOML file at this `path`.

    Raises
    ------
    ProblemError
        If the file cannot be read, or is not TOML.
    """
    text = _text(path)
    try:
        document = toml_document(text)
    except InputError as error:
        raise ProblemError(path.name, str(error)) from None
    except ValueError as error:
        # Besides TOMLDecodeError: an integer of thousands of digits.
        raise ProblemError(
            path.name, f"This is not valid TOML: {error}. Correct it. {_hint(text, str(error))}"
        ) from None
    if not document:
        raise ProblemError(path.name, "The file is empty. Write the tables [layer], [data] and [descent].")
    return document


def _text(path: Path) -> str:
    if path.suffix.lower() in TABLES_OF_DATA and path.is_file():
        raise ProblemError(
            path.name,
            f'This is a table of data, not a problem file. Write a problem file with table = "{path.name}" and target in '
            "[data], and give that.",
        )
    try:
        # utf-8-sig: an editor may have put a byte order mark first, which TOML does not know.
        return read_regular(path, "problem file", suffixes=[".toml"]).decode("utf-8-sig")
    except InputError as error:
        raise ProblemError(path.name, str(error)) from None
    except UnicodeDecodeError as error:
        raise ProblemError(
            path.name,
            f"A problem file must be UTF-8 text. Got another byte in place {error.start + 1}. Save it as UTF-8.",
        ) from None


def _hint(text: str, error: str) -> str:
    """What is probably wrong, from the line at which the TOML reader stopped."""
    if _is_json(text):
        return "It is JSON; a problem file has tables such as [layer], and keys such as epochs = 1000."
    if "Cannot declare ('layer'" in error:
        return SINGLE
    lines, found = text.splitlines(), re.search(r"at line (\d+)", error)
    line = lines[int(found[1]) - 1] if found is not None and int(found[1]) <= len(lines) else ""
    return IF_COMMA if _COMMA.search(line) else "Text stands in quotation marks, lists in brackets."


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
