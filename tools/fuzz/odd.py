"""Odd values, and documents and bytes that are changed a little."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

TEXTS = [
    "",
    " ",
    "A",
    "B",
    "yes ",
    "a\x00b",
    "\x1b[31mred",
    "\x9b31m",
    "\u202egnp",
    "\u2028",
    "é",
    "e\u0301",
    "日本",
    "\U0001f600",
    "\ufeff",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "$x$",
    r"\input{/etc/passwd}",
    "</title><script>",
    "{{7*7}}",
    "%s%n",
    "../../x",
    "/etc/passwd",
    "/dev/zero",
    ".",
    "..",
    "~",
    "a" * 3000,
    "nan",
    "inf",
    "0,5",
    "1e400",
    "None",
    "**.csv",
    "[",
    "a\nb",
    "a\rb",
    "\t",
    "|",
    "&amp;",
    "'\"",
    "\\",
    "true",
    "1",
    "-",
    "b",
    "x1",
    "\ud800",
    "\ufffe",
]
NUMBERS = [
    0,
    -0.0,
    1,
    -1,
    2,
    3,
    0.5,
    1.5,
    1e-320,
    5e-324,
    1e-17,
    1e16,
    1e154,
    -1e154,
    1e200,
    1e308,
    -1e308,
    math.nan,
    math.inf,
    -math.inf,
    2**31,
    2**32,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**30,
    10**400,
    True,
    False,
    0.1,
    1e-3,
    100,
    99999,
    10**9,
]

Pairs = list  # a table as pairs, so that a key may stand twice


class Raw(str):
    """A value that stands in the document letter by letter."""

    __slots__ = ()


RAWS = [
    Raw(word)
    for word in (
        "1979-05-27",
        "07:32:00",
        "1979-05-27T07:32:00Z",
        "0xff",
        "0b1",
        "+inf",
        "-nan",
        "1_000",
        "1e5_0",
        "01",
        "1.",
        "tru",
        "",
        "{",
        "[",
        "'''a\n'''",
        "[" * 2000,
        "[" * 300 + "]" * 300,
        "{a=" * 100 + "1" + "}" * 100,
    )
]


def texts() -> st.SearchStrategy[str]:
    """Odd and other texts."""
    return st.sampled_from(TEXTS) | st.text(max_size=6)


def numbers() -> st.SearchStrategy[Any]:
    """Odd and other numbers."""
    return st.sampled_from(NUMBERS) | st.integers(-20, 20) | st.floats(-1e6, 1e6) | st.floats()


def values() -> st.SearchStrategy[Any]:
    """Odd values of a document."""
    plain = numbers() | texts() | st.sampled_from(RAWS)
    return plain | st.recursive(
        plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(), inner, max_size=3), max_leaves=8
    )


def _paths(tree: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = [path] if path else []
    if isinstance(tree, dict):
        raise TypeError("pairs, not a dictionary")
    if is_pairs(tree):
        for place, (_, value) in enumerate(tree):
            found += _paths(value, (*path, place))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            found += _paths(value, (*path, place))
    return found


class Table(list):
    """A table of a document: pairs of a key and a value, in order; a key may stand twice."""


def is_pairs(tree: Any) -> bool:
    """Whether this is a table of a document."""
    return isinstance(tree, Table)


def as_tables(tree: Any) -> Any:
    """A document of dictionaries as one of tables."""
    if isinstance(tree, dict):
        return Table((key, as_tables(value)) for key, value in tree.items())
    return [as_tables(value) for value in tree] if isinstance(tree, list) else tree


def as_dictionaries(tree: Any) -> Any:
    """A document of tables as one of dictionaries; of a key that stands twice, the last."""
    if is_pairs(tree):
        return {key: as_dictionaries(value) for key, value in tree}
    return [as_dictionaries(value) for value in tree] if isinstance(tree, list) else tree


def _value(item: Any, parent: Any) -> Any:
    return item[1] if is_pairs(parent) else item


@st.composite
def changed(draw: st.DrawFn, tree: Any, most: int = 3, keys: tuple[str, ...] = ()) -> Any:
    """A document of tables, changed in a few places.

    tree : the document; it is changed in place.
    most : changes.
    keys : names that a key may be changed into.
    """
    for _ in range(draw(st.integers(0, most))):
        paths = _paths(tree)
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        parent = tree
        for place in path[:-1]:
            parent = _value(parent[place], parent)
        _change(draw, parent, path[-1], keys)
    return tree


def _change(draw: st.DrawFn, parent: Any, place: int, keys: tuple[str, ...]) -> None:
    names = st.sampled_from(keys) | texts() if keys else texts()
    item = parent[place]
    value = _value(item, parent)
    what = draw(st.sampled_from(["replace", "replace", "replace", "drop", "double", "wrap", "word", "rename", "add"]))
    if what == "drop":
        del parent[place]
        return
    if what == "double":
        parent.insert(place, item)
        return
    if what == "add" and is_pairs(parent):
        parent.insert(place, (draw(names), as_tables(draw(values()))))
        return
    if what == "rename" and is_pairs(parent):
        parent[place] = (draw(names), value)
        return
    new = {"wrap": lambda: [value], "word": lambda: str(value)[:100]}.get(what, lambda: as_tables(draw(values())))()
    parent[place] = (item[0], new) if is_pairs(parent) else new


PIECES = [
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n",
    b"\x1b[2J",
    b'"',
    b"'",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b",",
    b";",
    b"\t",
    b"#",
    b"\xc3",
    b"\xed\xa0\x80",
    b".",
    b"nan",
    b"1e999",
    b"-",
    b"[[a]]\n",
    b"a.b.c=1\n",
    b"\xe2\x80\xae",
]


@st.composite
def broken(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes, now and then cut, changed, or written in another encoding."""
    what = draw(st.sampled_from(["whole"] * 6 + ["cut", "piece", "byte", "encoding", "double"]))
    if what == "whole" or not data:
        return data
    place = draw(st.integers(0, len(data) - 1))
    if what == "cut":
        return data[:place]
    if what == "piece":
        return data[:place] + draw(st.sampled_from(PIECES)) + data[place:]
    if what == "byte":
        return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]
    if what == "double":
        return data + data[place:]
    return data.decode("utf-8", "replace").encode(
        draw(st.sampled_from(["utf-16", "utf-8-sig", "latin-1", "cp1252"])), "replace"
    )
