"""Mathematics in two notations at once, plain text and LaTeX, so that each formula is written once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from deltarule.typeset.figures import ELLIPSIS

# A sum that is longer than this, in characters of plain text, has an ellipsis: it fits one line of 80.
LONG_SUM = 80


class Maths(NamedTuple):
    """A formula as plain `text` and as `latex` (without dollar signs; it needs amsmath)."""

    text: str
    latex: str


# A formula in pieces: a line may be broken between any two.
Pieces = tuple[Maths, ...]

DOTS = Maths(ELLIPSIS, r"\dots")
TIMES = Maths("*", r"\cdot")
ENTRYWISE = Maths("*", r"\circ")
LN = Maths("ln", r"\ln")


def maths(*parts: Maths | str, gap: str = " ") -> Maths:
    r"""Formulas beside each other, as one.

    Parameters
    ----------
    parts : the formulas; a str reads the same in both notations.
    gap : what stands between them.

    Examples
    --------
    >>> maths(LN, "y")
    Maths(text='ln y', latex='\\ln y')
    """
    pairs = [Maths(part, part) if isinstance(part, str) else part for part in parts]
    return Maths(gap.join(pair.text for pair in pairs), " ".join(pair.latex for pair in pairs))


def number(text: str) -> Maths:
    r"""A figure, `text`; in LaTeX its power of ten is written as people write it.

    Examples
    --------
    >>> number("-1.5e-12").latex, number("0.25").latex
    ('{-1.5 \\times 10^{-12}}', '0.25')
    """
    found = re.fullmatch(r"(.*)e([+-]\d+)", text)
    if found:
        # In braces, so that no line is broken at the multiplication sign.
        return Maths(text, rf"{{{found[1]} \times 10^{{{int(found[2])}}}}}")
    return Maths(text, rf"\text{{{text}}}" if text.strip("-").isalpha() else text)


def factor(text: str) -> Maths:
    """A figure, `text`, that follows an operator: a negative one stands in parentheses.

    Examples
    --------
    >>> factor("-0.5").text, factor("0.5").text
    ('(-0.5)', '0.5')
    """
    return grouped(number(text)) if text.startswith("-") else number(text)


def negated(text: str) -> Maths:
    """A figure, `text`, with the other sign; zero stays as it is.

    Examples
    --------
    >>> negated("0.5").text, negated("-0.5").text, negated("0.00").text
    ('-0.5', '0.5', '0.00')
    """
    zero = not re.sub(r"e.*", "", text).strip("0.")
    return number(text.removeprefix("-") if text.startswith("-") or zero else f"-{text}")


def grouped(inner: Maths) -> Maths:
    """The `inner` formula in parentheses."""
    return Maths(f"({inner.text})", f"({inner.latex})")


def fraction(over: Maths | str, under: Maths | str, gap: str = " ") -> Maths:
    r"""The quotient `over` / `under`; a sum in it is grouped in plain text.

    Parameters
    ----------
    over, under : the numerator and the denominator.
    gap : what stands around the stroke in plain text.

    Examples
    --------
    >>> fraction("1", "P K", gap="")
    Maths(text='1/(P K)', latex='\\frac{1}{P K}')
    """
    over, under = maths(over), maths(under)

    def single(part: Maths) -> str:
        return f"({part.text})" if " " in part.text else part.text

    return Maths(f"{single(over)}{gap}/{gap}{single(under)}", rf"\frac{{{over.latex}}}{{{under.latex}}}")


def power(base: Maths | str, exponent: Maths | str) -> Maths:
    """The `base` to the power of the `exponent`: e^2.72."""
    base, exponent = maths(base), maths(exponent)
    return Maths(f"{base.text}^{exponent.text}", f"{base.latex}^{{{exponent.latex}}}")


def at(symbol: Maths | str, *places: int) -> Maths:
    r"""An entry of a matrix or vector.

    Parameters
    ----------
    symbol : of the matrix or vector.
    places : of the entry, counted from 0.

    Examples
    --------
    >>> at("u", 0, 2)
    Maths(text='u_1,3', latex='u_{1,3}')
    """
    symbol, index = maths(symbol), ",".join(str(place + 1) for place in places)
    return Maths(f"{symbol.text}_{index}", f"{symbol.latex}_{{{index}}}")


def total(terms: Sequence[Maths], longest: int = LONG_SUM) -> Pieces:
    """A sum, a piece for each term with its plus sign; a long sum has the first terms, an ellipsis and the last.

    Parameters
    ----------
    terms : at least one.
    longest : the largest number of characters of a sum that has all its terms.

    Examples
    --------
    >>> [piece.text for piece in total([number("1"), number("2")])]
    ['1', '+ 2']
    >>> [piece.text for piece in total([number(str(n)) for n in range(100, 150)], longest=20)]
    ['100', '+ 101', '+ ...', '+ 149']
    """
    known = [term for term in terms if term != DOTS]
    # Before which term the ellipsis stands: where one is given, or where there is no more room before the last.
    count_before = terms.index(DOTS) if DOTS in terms else len(known)
    lengths = [len(term.text) + 3 for term in known]
    if sum(lengths) > longest + 3:
        room = longest - lengths[-1]
        count_before = min(count_before, max(1, sum(sum(lengths[: n + 1]) <= room for n in range(len(known) - 1))))
    if count_before < len(known) - 1 or DOTS in terms:
        known = [*known[:count_before], DOTS, *(known[-1:] if count_before < len(known) else [])]
    return tuple(maths("+", term) if place else term for place, term in enumerate(known))


def equation(left: Maths, *middle: Sequence[Maths], right: Maths) -> Pieces:
    """`left = middle = ... = right`, which a line may break at the pieces and the equality signs."""
    lines: list[Maths] = [left]
    for pieces in (*middle, (right,)):
        lines += [maths("=", pieces[0]), *pieces[1:]]
    return tuple(lines)
