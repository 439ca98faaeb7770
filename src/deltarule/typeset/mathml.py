"""Formulas as MathML, which browsers set without a script."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from deltarule.typeset.maths import Pieces


@cache
def mathml(latex: str, display: str = "inline") -> Markup:
    """LaTeX as a `math` element.

    Parameters
    ----------
    latex : a formula without dollar signs, made by this package: it is not escaped.
    display : "inline", or "block" for a formula on a line of its own.

    Examples
    --------
    >>> mathml("u")
    Markup('<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>u</mi></mrow></math>')
    """
    from latex2mathml.converter import convert

    # A negative figure in a group of its own, or its sign is spaced like a subtraction's.
    latex = re.sub(r"-\d[\d.]*", lambda found: f"{{{found[0]}}}", latex)
    # TeX sets a gap before a function and after it, unless a parenthesis follows; MathML does not.
    latex = re.sub(r"(?<=[\w)]) \\(ln|tanh)\b", r" \\, \\\1", latex)
    latex = re.sub(r"\\(ln|tanh) (?!\()", r"\\\1\\, ", latex)
    return Markup(convert(latex, display=display))  # noqa: S704 - made of our own letters and of figures


def mathml_line(pieces: Pieces) -> Markup:
    """A formula that a line may break between any two pieces; each is a `math` of its own, since browsers break none."""
    # An empty row before an operator makes it stand between two operands, not before one.
    return Markup("<wbr/>").join(mathml(("{}" if place else "") + piece.latex) for place, piece in enumerate(pieces))
