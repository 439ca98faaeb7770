"""Documents of tables as TOML and as JSON, which may be as wrong as the document is."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from tools.fuzz.odd import Raw, is_pairs

BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def text_of(word: str) -> str:
    """A text as TOML writes it."""
    letters = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(letters.get(c, c if c.isprintable() else _code(c)) for c in word) + '"'


def _code(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def key_of(word: str) -> str:
    """A key as TOML writes it."""
    return word if BARE.match(word) else text_of(word)


def value_of(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return text_of(value)
    if is_pairs(value):
        return "{" + ", ".join(f"{key_of(key)} = {value_of(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(value_of, value)) + "]"
    return str(value)


def toml_of(document: Any) -> str:
    """A document: its tables under headings, what is in them on a line each."""
    lines = [f"{key_of(key)} = {value_of(value)}" for key, value in document if not is_pairs(value)]
    for name, table in document:
        if is_pairs(table):
            lines += _lines([name], table)
    return "\n".join(lines) + "\n"


def _lines(path: list[str], table: Any) -> list[str]:
    lines = ["[" + ".".join(map(key_of, path)) + "]"]
    inner = [] if len(path) > 1 else [(key, value) for key, value in table if is_pairs(value) and key.isdecimal()]
    lines += [f"{key_of(key)} = {value_of(value)}" for key, value in table if (key, value) not in inner]
    for key, value in inner:
        lines += _lines([*path, key], value)
    return lines


def json_of(value: Any) -> str:
    """A document as JSON, in which a key may stand twice."""
    if isinstance(value, Raw):
        return value
    if is_pairs(value):
        return "{" + ", ".join(f"{json.dumps(key)}: {json_of(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_of, value)) + "]"
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return json.dumps(value)
