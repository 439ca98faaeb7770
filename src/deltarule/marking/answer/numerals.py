"""One figure as people write it: typographic minus, .69, 3., 1,5 and powers of ten; with the decimals that were written."""

from __future__ import annotations

import re
from decimal import Decimal

from deltarule.errors import InputError

# Signs that word processors and LaTeX put in the place of a minus, and blanks of other widths.
_PLAIN = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-") | dict.fromkeys("\xa0\u2007\u2009\u202f", " ")
)
# What stands for figures that are none.
NO_NUMBER = re.compile(r"[-+]?(?:s?nan|inf(?:inity)?)", re.IGNORECASE)
_NUMERAL = re.compile(r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?", re.ASCII)
_WITH_COMMA = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d*+),(?P<rest>\d++)(?P<power>(?:[eE][-+]?\d++)?)", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:0,\d++|\d++,(?!\d{3}(?!\d))\d++)(?![\d.,])", re.ASCII)
# 1,234.5 and 1.234,5: the last of the two marks is that of the decimals.
_ENGLISH = re.compile(r"[-+]?\d{1,3}(?:,\d{3})++\.\d++", re.ASCII)
_EUROPEAN = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})++,\d++", re.ASCII)
_POWER = re.compile(
    r"(?<![ \t])[ \t]*+(?:\\times|\\cdot|×|·|\*)[ \t]*+10[ \t]*+(?:\^|\*\*)[ \t]*+(?:\{([-+]?\d{1,9})\}|([-+]?\d{1,9}))",
    re.ASCII,
)


def plain(text: str) -> str:
    r"""A text with hyphens for all signs of minus, and blanks for all signs of a blank.

    Examples
    --------
    >>> plain("\u22120.5\u202f\u20131")
    '-0.5 -1'
    """
    return text.translate(_PLAIN)


def without_powers(text: str) -> str:
    r"""A `text` in which 1.2 x 10^-3, as typeset, is 1.2e-3.

    Examples
    --------
    >>> without_powers(r"1.2 \times 10^{-3} & 5·10^2")
    '1.2e-3 & 5e2'
    """
    return _POWER.sub(lambda found: f"e{found[1] or found[2]}", text)


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
    >>> str(with_comma("1.234,50")), str(with_comma("1,234.50"))
    ('1234.50', '1234.50')
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
    if not sure and len(found["rest"]) == 3 and 1 <= len(found["whole"]) <= 3 and not found["whole"].startswith("0"):
        remedy = f"Write {text.replace(',', '.')} or {text.replace(',', '')}."
        raise InputError("figure", "say what its comma means", repr(text), remedy)
    return pointed


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
