"""One figure as people write it: typographic minus, .69, 3., 1,5 and powers of ten; with the decimals that were written."""

from __future__ import annotations

import re
from decimal import Decimal

from deltarule.errors import InputError

# Signs that word processors, LaTeX and other keyboards put in the place of ASCII: minus, blanks of other widths and of none,
# full-width letters, the pieces of large brackets, and lines of tables.
_SIGNS = {
    "-": "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u2500\u2501\u2550",
    " ": "\xa0\u2002\u2003\u2004\u2005\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "": "\u200b\u200e\u200f\u2060\ufeff",
    "·": "\u2219\u22c5\u30fb",
    "[": "\u239b\u239c\u239d\u23a1\u23a2\u23a3",
    "]": "\u239e\u239f\u23a0\u23a4\u23a5\u23a6",
    "|": "\u2502\u2503\u2551\u23d0",
    "+": "".join(map(chr, [*range(0x250C, 0x254C), *range(0x2552, 0x2571)])),
}
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(sign): plain for plain, signs in _SIGNS.items() for sign in signs
}
# What stands for figures that are none.
NO_NUMBER = re.compile(r"[-+]?(?:s?nan|inf(?:inity)?)", re.IGNORECASE)
_NUMERAL = re.compile(r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?", re.ASCII)
_WITH_COMMA = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d*+),(?P<rest>\d++)(?P<power>(?:[eE][-+]?\d++)?)", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:0,\d++|\d++,(?!\d{3}(?!\d))\d++)(?![\d.,])", re.ASCII)
# 1,234.5 and 1.234,5: the last of the two marks is that of the decimals.
_ENGLISH = re.compile(r"[-+]?\d{1,3}(?:,\d{3})++\.\d++", re.ASCII)
_EUROPEAN = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})++,\d++", re.ASCII)
_POWER = re.compile(
    r"(?<=[\d.,}])[ \t]*+(?:\\times|\\cdot|×|·|\*|x(?=[ \t]*+10[\^*]))[ \t]*+10[ \t]*+"
    r"(?:(?:\^|\*\*)[ \t]*+(?:[{(][ \t]*+([-+]?\d{1,9})[ \t]*+[})]|([-+]?\d{1,9}))|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9}))",
    re.ASCII,
)
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def plain(text: str) -> str:
    r"""A text with hyphens for all signs of minus, blanks for all signs of a blank, and the like.

    Examples
    --------
    >>> plain("\u22120.5\u202f\u20131"), plain("\uff10\uff0e\uff15\u3000\uff0d\uff11"), plain("\u23a10.5\u23a4")
    ('-0.5 -1', '0.5 -1', '[0.5]')
    """
    return text.translate(_PLAIN)


def without_powers(text: str) -> str:
    r"""A `text` in which 1.2 x 10^-3, as typeset, is 1.2e-3.

    Examples
    --------
    >>> without_powers(r"1.2 \times 10^{-3} & 5·10^2 & 2×10⁻³")
    '1.2e-3 & 5e2 & 2e-3'
    """
    return _POWER.sub(lambda found: f"e{found[1] or found[2] or found[3].translate(_RAISED)}", text)


def numeral(text: str) -> Decimal | None:
    """The figure that a `text` is, with a decimal point; None where it is none.

    Examples
    --------
    >>> [str(numeral(text)) for text in (".69", "3.", "-0.50", "1.2e-01", "+4")]
    ['0.69', '3', '-0.50', '0.12', '4']
    >>> numeral("0,69") is numeral("1_000") is numeral("nan") is None
    True
    """
    if _NUMERAL.fullmatch(text) is None:
        return None
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent beyond all numbers
        return None


def with_comma(text: str, *, sure: bool = False) -> Decimal | None:
    """The figure that a `text` with one decimal comma is; None where it is none.

    Parameters
    ----------
    text : such as "0,69".
    sure : whether a comma can be nothing but a decimal comma where it stands.

    Raises
    ------
    InputError
        If the comma may as well stand for thousands: "1,234".

    Examples
    --------
    >>> str(with_comma("0,690")), str(with_comma("-12,5")), str(with_comma("1,234", sure=True)), with_comma("1,2,3")
    ('0.690', '-12.5', '1.234', None)
    >>> str(with_comma("1.234,50")), str(with_comma("1,234.50")), str(with_comma("1,234e1"))
    ('1234.50', '1234.50', '12.34')
    >>> with_comma("1,234")
    Traceback (most recent call last):
    deltarule.errors.InputError: The figure must say what its comma means. Got '1,234'. Write 1.234 or 1234.
    """
    if _ENGLISH.fullmatch(text):
        return numeral(text.replace(",", ""))
    if _EUROPEAN.fullmatch(text):
        return numeral(text.replace(".", "").replace(",", "."))
    found = _WITH_COMMA.fullmatch(text)
    if found is None:
        return None
    pointed = numeral(text.replace(",", "."))
    of_thousands = len(found["rest"]) == 3 and 1 <= len(found["whole"]) <= 3 and not found["whole"].startswith("0")
    if of_thousands and not (sure or found["power"]):
        remedy = f"Write {text.replace(',', '.')} or {text.replace(',', '')}."
        raise InputError("figure", "say what its comma means", repr(text), remedy)
    return pointed


def cell_of(text: str, *, sure: bool = True) -> Decimal | str:
    """The figure of a cell; its `text` where it is none.

    Parameters
    ----------
    text : of the cell, without what stands around it.
    sure : whether a comma can be nothing but a decimal comma, since something else separates cells.

    Examples
    --------
    >>> cell_of("0,5"), cell_of("x1")
    (Decimal('0.5'), 'x1')
    """
    found = numeral(text)
    if found is None and "," in text:
        found = with_comma(text, sure=sure)
    return text if found is None else found


def commas_are_decimal(text: str) -> bool:
    """Whether a `text` has a figure whose comma can be nothing but a decimal comma, if it separates none: 0,123 or 1,5.

    Examples
    --------
    >>> commas_are_decimal("1,234 0,500"), commas_are_decimal("1,234 5,678"), commas_are_decimal("1,5")
    (True, False, True)
    """
    return _DECIMAL_COMMA.search(text) is not None


def figure_of(text: str) -> Decimal | None:
    """The figure that a `text` is by itself, with a point or a comma; None where it is none.

    Examples
    --------
    >>> str(figure_of(" −0,50 ")), figure_of("A")
    ('-0.50', None)
    """
    text = without_powers(plain(text)).strip()
    found = numeral(text)
    return with_comma(text) if found is None else found
