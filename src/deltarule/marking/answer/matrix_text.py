r"""A number, a vector or a matrix in any notation that people write it in, as lists of figures with the decimals that were written.

brackets : what Python, NumPy and MATLAB print or read (`bracketed`).
LaTeX : `bmatrix` and its like, or rows of `&` and `\\` (`latex_matrix`).
tables : of Markdown, or lines of figures (`tables_of_text`).

Each notation is known by signs that no other has. What is ambiguous is an error that asks back.
"""

from __future__ import annotations

import re
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.bracketed import bracketed, without_scalars
from deltarule.marking.answer.labelled_rows import row_of, rows_in_line
from deltarule.marking.answer.latex_matrix import LATEX_ROWS, latex_rows, without_commands
from deltarule.marking.answer.numerals import NO_NUMBER, figure_of, plain, without_powers
from deltarule.marking.answer.r_code import matrix_of_r
from deltarule.marking.answer.tables_of_text import is_markdown_table, lines_of_figures, markdown_rows
from deltarule.printable import brief

_ELLIPSIS = re.compile(r"\.\.\.|…|\\[cvdl]?dots(?![A-Za-z])")
# Quotation marks, signs of formulas and of code, and emphasis, around the whole.
_AROUND = ('"""', "'''", "$$", "**", "```", "$", "`", '"', "'")
_PAIRS = ((r"\[", r"\]"), (r"\(", r"\)"))
# The sign of a transposed matrix, behind its bracket.
TRANSPOSED = re.compile(
    r"(?<=[\])}])[ \t]*+(?:\^[ \t]*+(?:\{[ \t]*+)?\\?(?:top|intercal|prime|T|math(?:sf|rm)[ ]?\{T\})(?:[ \t]*+\})?|'|\.T)"
    r"[ \t$*`]*+$"
)
# A figure of which one quotation mark is missing.
_HALF_QUOTED = re.compile(r"""\A(?:["']([-+.,\deE]++)|([-+.,\deE]++)["'])\Z""", re.ASCII)
# A figure in bold, and a sign that stands apart from its figure, where another sign separates figures.
_BOLD = re.compile(r"\*\*([-+]?[\d.,]++(?:e[-+]?\d++)?)\*\*", re.ASCII | re.IGNORECASE)
_APART = re.compile(r"(?<=[\[({,;&|])(\s*+[-+])[ \t]++(?=[.\d])", re.ASCII)
# What code says behind the figures of a line.
_COMMENT = re.compile(r"(?<=[\d\]),;\s])[#%][^\n]*+(?=\n|$)")


def matrix_of(text: str) -> Any:
    r"""The value that a text stands for: a figure, or lists of figures and words.

    Parameters
    ----------
    text : of one part.

    Raises
    ------
    InputError
        If it can be read in no way, or in several.

    Examples
    --------
    >>> matrix_of("[[0.69 0.4 ]\n [1.   −2. ]]")
    [[Decimal('0.69'), Decimal('0.4')], [Decimal('1'), Decimal('-2')]]
    >>> matrix_of(r"\begin{pmatrix} 0.69 & 0{,}31 \\ .5 & 1 \end{pmatrix}")
    [[Decimal('0.69'), Decimal('0.31')], [Decimal('0.5'), Decimal('1')]]
    >>> matrix_of("12,29")
    Decimal('12.29')
    >>> matrix_of("[0,69, 0,31]")
    Traceback (most recent call last):
    deltarule.errors.InputError: The matrix must say which commas separate figures. Got '0,69, 0,31'. Write decimal points: 0.69.
    """
    text = _inside(_APART.sub(r"\1", _BOLD.sub(r"\1", without_powers(plain(text)))))
    bare = TRANSPOSED.sub("", text)
    if bare != text:
        return _turned(matrix_of(bare))
    if "\n" in text and ("[" in text or "&" in text):
        text = _COMMENT.sub("", text)
    found = _ELLIPSIS.search(text)
    if found is not None:
        remedy = "Print the whole: numpy.set_printoptions(threshold=sys.maxsize)."
        raise InputError("matrix", "be complete", f"{found[0]!r} in the place of figures", remedy)
    if LATEX_ROWS.search(text) is not None or is_markdown_table(text):
        return latex_rows(text) if LATEX_ROWS.search(text) is not None else markdown_rows(text)
    text = _inside(without_commands(without_scalars(text)))
    single = figure_of(text)
    if single is not None:
        return single
    return text if NO_NUMBER.fullmatch(text) else _listed(text)


def _listed(text: str) -> Any:
    """The lists of a text in brackets, of one in R, or of lines."""
    of_r = matrix_of_r(text)
    if of_r is not None:
        return of_r
    if rows_in_line(text):
        return lines_of_figures(text)
    labelled = "[" not in text and any(row_of(line) is not None for line in text.splitlines()[1:])
    if not labelled and any(map(text.count, "[{(")):
        return bracketed(text)
    if not text:
        raise InputError("part", "hold numbers", "nothing", "Write the figures, or leave it out.")
    if not any(letter.isdigit() for letter in text):
        raise InputError("part", "hold numbers", brief(text), "Write a number there.")
    return lines_of_figures(text)


def _turned(value: Any) -> Any:
    """A vector whose sign says that it is transposed, which is the same figures."""
    rows = value if isinstance(value, list) else [value]
    if len(rows) > 1 and any(isinstance(row, list) and len(row) > 1 for row in rows):
        raise InputError("matrix", "stand as it is", "the sign of a transposed one", "Write it out, without the sign.")
    return value


def _inside(text: str) -> str:
    """The text without blanks and what stands around the whole of it."""
    text = text.strip()
    for _ in range(4):  # quotation marks round a formula in bold, and one more
        before = text
        for sign in _AROUND:
            if len(text) >= 2 * len(sign) and text.startswith(sign) and text.endswith(sign):
                text = text[len(sign) : -len(sign)].strip()
        for first, last in _PAIRS:
            if text.startswith(first) and text.endswith(last):
                text = text[len(first) : -len(last)].strip()
        if text == before:
            break
    return _HALF_QUOTED.sub(r"\1\2", text)
