r"""Text from files and users, made safe to show: what a terminal or a page would obey, or nobody can see, becomes a visible escape.

Whatever shows text calls `printable` where it lays the text out: terminals, pages, Markdown, LaTeX, figures, messages of errors.
"""

from __future__ import annotations

import re
from typing import Any

# Controls (C0, DEL, C1), separators of lines and paragraphs, orders to turn the direction of text, halves of surrogate pairs,
# and letters without a shape. Left as they are: joiners (U+200C, U+200D) and marks of direction (U+200E, U+200F), which
# scripts and emoji need and which turn nothing but the signs beside them.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)


def printable(text: str, keep: str = "") -> str:
    r"""A text in which every letter can be seen and none is obeyed; letters of all scripts stay as they are.

    A letter that is not safe to show stands as Python writes it in a string: ``\x1b`` for the escape character. The letters
    are those of categories Cc, Cs, Zl and Zp of Unicode and those of Cf that reorder text or have no shape; for why they
    are not safe see Boucher and Anderson, "Trojan Source", 2021, and ECMA-48 (control functions of terminals).

    Parameters
    ----------
    text : any text.
    keep : letters that stay, such as "\n" for a text of several lines.

    Returns
    -------
    str
        The text itself where nothing is replaced.

    Examples
    --------
    >>> print(printable("\x1b[31mred"), printable("a\tb\n"), printable("\u202egpj.exe"), printable("Łódź 名前"))
    \x1b[31mred a\tb\n \u202egpj.exe Łódź 名前
    """
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(lambda found: found[0] if found[0] in keep else escape(found[0]), text)


def escape(letter: str) -> str:
    r"""One `letter` as Python writes it in a string, in ASCII.

    Examples
    --------
    >>> print(escape("\x9b"))
    \x9b
    """
    return letter.encode("unicode_escape").decode()


def json_safe(document: str) -> str:
    r"""A JSON `document` without letters that a terminal obeys; they stand as JSON's own escapes, so that it reads the same.

    Examples
    --------
    >>> print(json_safe('"\x9b31m"'))
    "\u009b31m"
    """
    return _UNSAFE.sub(lambda found: found[0] if found[0] in _LINE_ENDS else _utf_16(found[0]), document)


def toml_safe(document: str) -> str:
    r"""A TOML `document` without letters that a terminal obeys; they stand as TOML's own escapes, so that it reads the same.

    Texts must stand in double quotation marks. A lone surrogate, for which TOML has no form, stays as it is.

    Examples
    --------
    >>> print(toml_safe('title = "\x9b31m"'))
    title = "\u009b31m"
    """
    return _UNSAFE.sub(lambda found: found[0] if found[0] in _LINE_ENDS else _code(found[0]), document)


# They stand between the values of a document; within them its writer has escaped them.
_LINE_ENDS = "\n\r\t"


def _utf_16(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _code(letter: str) -> str:
    code = ord(letter)
    if 0xD800 <= code <= 0xDFFF:
        return letter
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def brief(values: Any) -> str:
    """`values` as a message shows them: as Python writes them, on one line, at most 60 characters.

    Examples
    --------
    >>> brief([1, "two"]), len(brief("x" * 100)), brief(10**5000)
    ("[1, 'two']", 60, 'a value of type int that cannot be written out')
    """
    try:
        # A scalar of NumPy's, which is known by its names: NumPy need not be imported to show a value.
        scalar = any((base.__module__, base.__name__) == ("numpy", "generic") for base in type(values).__mro__)
        text = repr(values.item() if scalar else values)
    except Exception:  # noqa: BLE001 - digits by the thousand, a list nested too deep, or an object of the user's own
        text = f"a value of type {type(values).__name__} that cannot be written out"
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
