"""The tutorial's page: one HTML file with everything in it. It computes nothing: figures come from the results."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from deltarule.iteration import Iteration
from deltarule.plots import with_dark_mode
from deltarule.show.document import Document, Part, Table, iteration_document
from deltarule.show.html import html
from deltarule.tutorial.account import VERDICTS
from deltarule.tutorial.cells import between, computed_cell, printed_cell, significant
from deltarule.typeset.figures import (
    DEFAULT_DECIMALS,
    figure,
    figures,
    matrix_figures,
    scientific,
    thousands,
    true_minus,
)
from deltarule.typeset.mathml import mathml
from deltarule.typeset.maths import Maths
from deltarule.typeset.maths import number as typeset_number
from deltarule.typeset.templating import templates

SIGNS = {"equal": "=", "within rounding": "≈", "bracketed": "∈", "differs": "≠"}


def page(results: Mapping[str, Any], shown: Mapping[str, Mapping[str, Any]], drawn: Mapping[str, str]) -> str:
    """The text of `index.html`.

    Parameters
    ----------
    results : the content of results.json.
    shown : question ("question_1") -> what its page shows besides results, by name (see `account.Answer`).
    drawn : figures by name, as SVG.
    """
    counts = Counter(entry["verdict"] for entry in results["account"])
    questions = [number for number in (1, 2, 3) if f"question_{number}" in results]
    pictures = {name: Markup(with_dark_mode(svg)) for name, svg in drawn.items()}  # noqa: S704 - our own drawings
    return (
        _environment()
        .get_template("page.html")
        .render(results=results, shown=shown, pictures=pictures, questions=questions, counts=counts)
    )


def _environment() -> Environment:
    environment = templates("deltarule.tutorial")
    if environment.loader is not None:  # the style of worked steps is that of deltarule.show
        environment.loader = ChoiceLoader([environment.loader, PackageLoader("deltarule.show")])
    environment.filters |= {
        "math": mathml,
        "fig": number,
        "row": row,
        "digits": significant,
        "time": lambda value: significant(value, 3, zeros=True),
        "us": microseconds,
        "power": power_of_ten,
        "minus": lambda text: re.sub(r"(?<![\w.])-(?=\d)", "−", text),
        "count": lambda value: thousands(round(value)),
        "printed": printed_cell,
        "computed": computed_cell,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "code": code,
        "worked": worked_step,
    }
    environment.globals |= {
        "between": between,
        "matrix": matrix,
        "matrices": matrices,
        "signs": SIGNS,
        "verdicts": VERDICTS,
    }
    return environment


def number(x: float | None, decimals: int = DEFAULT_DECIMALS) -> str:
    """A number `x` with this number of `decimals` and a true minus sign; a dash for None."""
    return "–" if x is None else true_minus(figure(x, decimals))


def row(values: Iterable[float], decimals: int = DEFAULT_DECIMALS) -> str:
    """The `values` with this number of `decimals`, in brackets, with commas between them."""
    return f"({', '.join(true_minus(text) for text in figures(values, decimals))})"


def microseconds(seconds: float) -> str:
    """A time in `seconds` as microseconds, with three significant digits."""
    return f"{significant(1e6 * seconds, 3, zeros=True)}\N{NO-BREAK SPACE}µs"


def power_of_ten(x: float) -> Markup:
    """A very small number `x`, with one digit and a power of ten."""
    return mathml(typeset_number(scientific(x, 0)).latex)


def code(text: str) -> Markup:
    """Lines of Python, `text`, with their comments set apart."""
    return Markup(re.sub(r"(#.*)", r"<span class=comment>\1</span>", str(escape(text))))  # noqa: S704 - escaped


def worked_step(iteration: Iteration) -> Markup:
    """The worked step of an iteration, as `deltarule work` shows it."""
    return _fragment(iteration_document(iteration))


def matrix(
    symbol: str,
    rows: Sequence[Any],
    decimals: int = DEFAULT_DECIMALS,
    heads: Sequence[str] = (),
    labels: Sequence[Any] = (),
) -> Table:
    """A matrix of numbers as the worked steps show it.

    Parameters
    ----------
    symbol : LaTeX, to stand above it.
    rows : of numbers; or numbers alone, which make one row.
    decimals : of each number.
    heads, labels : of its columns and rows; none if left out.
    """
    lines = [list(line) if isinstance(line, list | tuple) else [line] for line in rows]
    if rows and not isinstance(rows[0], list | tuple):
        lines = [list(rows)]
    texts = matrix_figures(lines, decimals)
    return Table(
        Maths(symbol, symbol),
        tuple(str(label) for label in labels) or ("",) * len(texts),
        tuple(heads) or ("",) * len(texts[0]),
        tuple(tuple(line) for line in texts),
    )


def matrices(*tables: Table) -> Markup:
    """Matrices, as `tables`, side by side as far as there is room."""
    return _fragment(Document("", "", (), (Part("matrices", "", tables=tables),)))


def _fragment(document: Document) -> Markup:
    """A document of `deltarule.show` without its style, which the page has once, below the page's own headings."""
    text = re.sub(r"<style>.*?</style>\s*", "", html([document], standalone=False), flags=re.DOTALL)
    text = re.sub(r"<h2>\s*</h2>\s*", "", text)
    for level in (3, 2):
        text = text.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return Markup(text)  # noqa: S704 - made by a template that escapes
