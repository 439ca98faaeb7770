"""Lists in brackets as Python, NumPy, PyTorch, MATLAB and Mathematica print or read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from deltarule.documents import DEEPEST, too_deep
from deltarule.errors import InputError
from deltarule.marking.answer.numerals import commas_are_decimal, numeral, with_comma
from deltarule.printable import brief

# A figure of NumPy's as its repr has it: np.float64(0.69).
_SCALAR = re.compile(r"\b(?:np|numpy)\.\w{1,20}\(([^()\[\]]{0,400})\)", re.ASCII)
# array(..., dtype=float32), tensor(..., grad_fn=<AddBackward0>): the call's name, and what is no figure in it.
_CALL = re.compile(r"(?<![\w.])[A-Za-z_][\w.]*+[ \t]*+(?=\()", re.ASCII)
_OPTION = re.compile(r",\s*+[A-Za-z_]\w*+\s*+=\s*+[^,()\[\]{}]*+", re.ASCII)
_ZERO_BEFORE = re.compile(r",0\d|-0,", re.ASCII)
_TOKEN = re.compile(r"""[\[({]|[\])}]|"[^"\n]*+"|'[^'\n]*+'|;|[^\[\](){};"']++|["']""")
_OPEN, _CLOSE = "[({", "])}"
_PAIR = dict(zip(_CLOSE, _OPEN, strict=True))


def without_scalars(text: str) -> str:
    """A `text` with figures in the place of NumPy's scalars.

    Examples
    --------
    >>> without_scalars("[np.float64(0.5), np.int64(2)]")
    '[0.5, 2]'
    """
    return _SCALAR.sub(r"\1", text)


def bracketed(text: str) -> Any:
    r"""The lists in a `text` that has one pair of brackets around all.

    Raises
    ------
    InputError
        If a bracket is missing, something stands beside the outermost pair, or what separates figures is ambiguous.

    Examples
    --------
    >>> bracketed("array([[0.5, -1. ],\n       [2.25, 3.  ]], dtype=float32)")
    [[Decimal('0.5'), Decimal('-1')], [Decimal('2.25'), Decimal('3')]]
    >>> bracketed("[0.5 1; 2 3]"), bracketed("['A' 'B' \"C d\"]")
    ([[Decimal('0.5'), Decimal('1')], [Decimal('2'), Decimal('3')]], ['A', 'B', 'C d'])
    >>> bracketed("[[1 2] [3 4")
    Traceback (most recent call last):
    deltarule.errors.InputError: The matrix must close its brackets. Got 2 that are open at its end. Close each.
    """
    text = _OPTION.sub("", _CALL.sub("", without_scalars(text)))
    stack: list[_List] = []
    done: list[Any] = []
    between, sure = "", commas_are_decimal(text)
    for token in _TOKEN.findall(text):
        if token in _OPEN:
            if len(stack) == DEEPEST:
                raise too_deep()
            stack.append(_List(token, sure=sure))
        elif token in _CLOSE:
            if not stack or stack[-1].bracket != _PAIR[token]:
                raise InputError("matrix", "close the brackets that it opens", f"a {token!r} too many", "Correct it.")
            value = stack.pop().value()
            (stack[-1].lists if stack else done).append(value)
        elif stack:
            stack[-1].add_text(token)
        elif token.strip(" \t\n\r,;.:$*`"):
            raise InputError("matrix", "stand alone", f"{brief(token.strip())} beside it", "Write its figures only.")
        elif done:
            between += token
    if stack:
        raise InputError("matrix", "close its brackets", f"{len(stack)} that are open at its end", "Close each.")
    if len(done) > 1 and all(map(_is_row, done)) and between.count("\n") + between.count(",") >= len(done) - 1:
        return done  # a line a row, with no brackets around all
    if len(done) != 1:
        raise InputError(
            "matrix", "stand alone", f"{len(done)} side by side", "Write the result alone, in one pair of brackets."
        )
    return done[0]


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(each, list) for each in value)


class _List:
    """A list that is being read: either of lists, or of figures and words as written.

    Parameters
    ----------
    bracket : that opens it.
    sure : whether commas that separate nothing are decimal commas.
    """

    def __init__(self, bracket: str, *, sure: bool) -> None:
        self.bracket, self.sure = bracket, sure
        self.lists: list[Any] = []
        self.rows: list[list[str]] = [[]]  # of pieces of text; MATLAB's semicolons begin a row

    def add_text(self, piece: str) -> None:
        if piece == ";":
            self.rows.append([])
        else:
            self.rows[-1].append(piece)

    def value(self) -> Any:
        beside = "".join(piece for row in self.rows for piece in row).strip(" \t\n\r,")
        if self.lists:
            if beside:
                raise InputError(
                    "matrix", "have rows of figures", f"{brief(beside)} beside a row", "Write all rows in brackets."
                )
            # A pair of round brackets around one list is a call's.
            return self.lists[0] if self.bracket == "(" and len(self.lists) == 1 else self.lists
        rows = [row for row in self.rows if "".join(row).strip()]
        if len(rows) > 1:
            single = _with_decimal_commas(rows, sure=self.bracket == "(")
            if single:
                return single
            return [list(entries(row, sure=self.sure)) for row in rows]
        found = list(entries(rows[0], sure=self.sure)) if rows else []
        # array(3.5), and a figure in round brackets, are no lists.
        return found[0] if self.bracket == "(" and len(found) == 1 and "," not in beside else found


def _with_decimal_commas(rows: list[list[str]], *, sure: bool) -> list[Any]:
    """The figures between semicolons, each with a decimal comma; empty where they are the rows of a matrix.

    Parameters
    ----------
    rows : the pieces of text between semicolons.
    sure : whether they are no rows: in round brackets, which no matrix has.

    Raises
    ------
    InputError
        If semicolons may separate rows or, beside decimal commas, figures.
    """
    text = ["".join(row).strip() for row in rows]
    found = [numeral(each) if "," not in each else with_comma(each, sure=True) for each in text]
    if any("." in each for each in text) or not any(
        "," in each and one is not None for each, one in zip(text, found, strict=True)
    ):
        return []
    sure = sure or any(_ZERO_BEFORE.search(each) is not None for each in text)  # no whole number is 08, 00 or -0
    if not sure or None in found:
        got = brief("; ".join(text))
        raise InputError("matrix", "say what its commas mean", got, "Write decimal points, and each row in brackets.")
    return found


def entries(pieces: list[str], *, sure: bool) -> Iterator[Any]:
    """The figures and words of one row: figures as `Decimal`, all else as text.

    Parameters
    ----------
    pieces : of its text; a piece in quotation marks is one entry.
    sure : whether commas that separate nothing are decimal commas; see `commas_are_decimal`.

    Raises
    ------
    InputError
        If commas may separate figures or be decimal commas.
    """
    bare = "".join(piece if piece[:1] not in "\"'" else " " for piece in pieces)
    tokens = bare.split()
    apart = any(token.endswith(",") or token.startswith(",") for token in tokens)
    inner = [token.strip(",") for token in tokens if "," in token.strip(",")]
    decimal = bool(inner) and len(tokens) > 1 and "." not in bare
    if decimal and apart:
        remedy = f"Write decimal points: {inner[0].replace(',', '.', 1):.20}."
        raise InputError("matrix", "say which commas separate figures", brief(bare.strip()), remedy)
    for piece in pieces:
        if piece[:1] in ("'", '"'):
            yield piece[1:-1] if len(piece) > 1 and piece[-1] == piece[0] else piece
        elif decimal:
            for token in piece.split():
                found = numeral(token)
                found = with_comma(token, sure=sure) if found is None else found
                yield token if found is None else found
        else:
            for token in piece.replace(",", " ").split():
                found = numeral(token)
                yield token if found is None else found
