r"""Documents as LaTeX: a document of its own, or a fragment to paste into one that loads amsmath.

Everything stands in paragraphs set ragged: matrices side by side as far as they fit, and sums broken at their terms, so that
no line is overfull at any width of 330 points or more. Labels are escaped; letters that LaTeX lacks show their code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from deltarule.show.document import Document, Part
from deltarule.show.table import Table, folded
from deltarule.typeset.figures import ELLIPSIS
from deltarule.typeset.maths import Maths, Pieces, number
from deltarule.typeset.words import one_line

# A matrix that is wider (in characters) is folded, one that is longer (in rows) is divided: so it fits an A4 or letter page.
ROOM, LONGEST = 50, 36
# A box to be filled in by hand is so wide, and its row so high and deep.
PLACE, STRUT = r"\hspace{3.2em}", r"\rule[-1.4ex]{0pt}{4.4ex}"
# The largest number of letters of a label in a table that are shown as codes.
MAXIMUM_CODES = 3

PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[margin=22mm]{geometry}
\usepackage{amsmath}
\pagestyle{plain}
\begin{document}
"""
OPENING = r"""% Needs \usepackage{amsmath}.
\begingroup
\raggedright\setlength{\parindent}{0pt}\setlength{\parskip}{3pt plus 1pt}\setlength{\arraycolsep}{4pt}%
"""
CLOSING = "\\par\n\\endgroup\n"

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedblright{}",
    "'": r"\textquoteright{}",
    "`": r"\textquoteleft{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{LEFT-TO-RIGHT MARK}": "",
    "\N{MINUS SIGN}": "$-$",
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "ı": r"{\i}",
}
ACCENTS = dict(
    zip("\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0306\u0304\u0307\u030b\u0327", "`'^~\"rvu=.Hc", strict=True)
)
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi pi rho sigma tau upsilon phi chi psi omega"
)


def latex(documents: Iterable[Document], *, standalone: bool = True) -> str:
    """Documents, one below the other.

    Parameters
    ----------
    documents : at least one.
    standalone : a LaTeX document of its own; false: a fragment to paste into a document that loads amsmath.
    """
    lines: list[str] = []
    title = ""
    for each in documents:
        if each.title != title:
            title = each.title
            lines.append(rf"\section*{{{escaped(title)}}}")
        lines += [rf"\subsection*{{{escaped(each.heading)}}}"] if each.heading else []
        lines += [*(f"{escaped(text)}\\par" for text in each.sentences)]
        for part in each.parts:
            lines += _part(part)
    body = OPENING + "\n".join(lines) + "\n" + CLOSING
    return f"{PREAMBLE}{body}\\end{{document}}\n" if standalone else body


def escaped(text: str) -> str:
    r"""Any text as LaTeX text, in ASCII.

    Examples
    --------
    >>> print(escaped("a&b_c%"), escaped("é"), escaped("λ"), escaped("名"))
    a\&b\_c\% \'{e} $\lambda$ {\ttfamily U+540D}
    """
    written = "".join(_letter(letter) for letter in unicodedata.normalize("NFC", one_line(text)))
    # Two in a row would become a dash, or a quotation mark.
    return re.sub(r"([-,])(?=\1)", r"\1{}", written)


def _short_label(text: str) -> str:
    """A label in a table; of a label in a script that LaTeX lacks, the codes of its first letters."""
    lacking = [place for place, letter in enumerate(text) if "U+" in _letter(letter)]
    return escaped(text if len(lacking) <= MAXIMUM_CODES else text[: lacking[MAXIMUM_CODES]] + ELLIPSIS)


def _letter(letter: str) -> str:
    if letter in SPECIAL:
        return SPECIAL[letter]
    if " " <= letter <= "~":
        return letter
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in ACCENTS:
        base = rf"\{parts[0]}{{}}" if parts[0] in "ij" and parts[1] != "\u0327" else parts[0]
        return rf"\{ACCENTS[parts[1]]}{{{base}}}"
    greek = re.fullmatch("GREEK SMALL LETTER ([A-Z]+)", unicodedata.name(letter, ""))
    if greek and greek[1].lower() in GREEK.split():
        return rf"$\{greek[1].lower().replace('lamda', 'lambda')}$"
    return rf"{{\ttfamily U+{ord(letter):04X}}}"


def _part(part: Part) -> list[str]:
    head = rf"\medskip\textbf{{{escaped(part.title)}}}"
    if part.formula is not None:
        head += rf"\quad $\displaystyle {part.formula.latex}$"
    if part.where:
        head += rf"\quad ({', '.join(f'${letter.latex}$' for letter in part.where)})"
    if part.value and not part.lines:
        head += rf"\quad ${number(part.value).latex}$"
    if part.remark:
        head += f" {escaped(part.remark)}"
    lines = [f"{head}\\par\\nopagebreak", *(_written(line) for line in part.lines)]
    matrices = [matrix for table in part.tables for matrix in _matrices(table)]
    return [*lines, *([" \\quad\n".join(matrices) + "\\par"] if matrices else [])]


def _written(line: Pieces) -> str:
    return f"$\\displaystyle {' '.join(piece.latex for piece in line)}$\\par"


def _matrices(table: Table) -> Iterable[str]:
    """The matrix, or its folds and lengths, each a formula that is not broken."""
    symbol: Maths | None = table.symbol if table.symbol.latex else None
    for piece in folded(table, ROOM):
        for start in range(0, len(piece.rows), LONGEST):
            gap = None if piece.gap is None else piece.gap - start
            rows = piece.rows[start : start + LONGEST]
            part = replace(piece, labels=piece.labels[start : start + LONGEST], rows=rows, gap=gap)
            marked = tuple(place - start for place in piece.wrong if 0 <= place - start < LONGEST)
            left = "" if symbol is None else rf"{symbol.latex} = "
            yield f"${left}{_array(replace(part, wrong=marked), marks=bool(table.wrong))}$"
            symbol = None


def _array(table: Table, *, marks: bool) -> str:
    if table.blank:
        return _places(table)
    columns = ("l" if table.words else "r") * len(table.heads) + ("l" if marks else "")
    labelled = any(table.labels)
    lines = []
    if any(table.heads):
        lines.append([*_label("", shown=labelled), *map(_text, table.heads), *([""] if marks else [])])
        lines[-1][-1] += r" \\ \hline"
    for place, (label, row) in enumerate(zip(table.labels, table.rows, strict=True)):
        if place == table.gap:
            lines.append(_dots(len(columns) + labelled))
        cells = [_text(text) if table.words else _entry(text) for text in row]
        mark = [r"\text{wrong}" if place in table.wrong else ""] if marks else []
        lines.append([*_label(label, shown=labelled), *cells, *mark])
        lines[-1][-1] += r" \\"
    if table.gap == len(table.rows):
        lines.append(_dots(len(columns) + labelled))
    rule = "r|" if labelled else ""
    return f"\\begin{{array}}{{{rule}{columns}}}\n" + "\n".join(" & ".join(line) for line in lines) + "\n\\end{array}"


def _places(table: Table) -> str:
    """A matrix of boxes to be filled in by hand."""
    count, labelled = len(table.heads), any(table.labels)
    rule = rf"\\ \cline{{{1 + labelled}-{count + labelled}}}"
    heads = " & ".join([*_label("", shown=labelled), *map(_head_of_place, table.heads)])
    lines = [f"{heads} {rule}" if any(table.heads) else rf"\cline{{{1 + labelled}-{count + labelled}}}"]
    for place, label in enumerate(table.labels):
        if place == table.gap:
            lines.append(" & ".join([r"\vdots"] * (count + labelled)) + f" {rule}")
        lines.append(" & ".join([*_label(label, shown=labelled), STRUT + PLACE, *[PLACE] * (count - 1)]) + f" {rule}")
    if table.gap == len(table.labels):
        lines.append(" & ".join([r"\vdots"] * (count + labelled)) + f" {rule}")
    return f"\\begin{{array}}{{{'r|' if labelled else '|'}{'c|' * count}}}\n" + "\n".join(lines) + "\n\\end{array}"


def _head_of_place(head: str) -> str:
    """A name above boxes, without rules beside it."""
    return rf"\multicolumn{{1}}{{c}}{{{_text(head)}}}"


def _label(label: str, *, shown: bool) -> list[str]:
    return [_text(label)] if shown else []


def _dots(columns: int) -> list[str]:
    return [*[r"\vdots"] * (columns - 1), r"\vdots \\"]


def _entry(text: str) -> str:
    return r"\cdots" if text == ELLIPSIS else number(text).latex


def _text(text: str) -> str:
    if text == ELLIPSIS:
        return r"\cdots"
    if text.isascii() and text.isdigit():
        return text
    return rf"\text{{{_short_label(text)}}}" if text else ""
