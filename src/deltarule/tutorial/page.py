"""The tutorial's page: one HTML file with everything in it. No arithmetic: figures come from the results, pictures as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from deltarule.tutorial.account import VERDICTS
from deltarule.typeset.figures import figure, figures, matrix_figures
from deltarule.typeset.templating import templates

MANY_ROWS = 6
SIGNS = {"equal": "=", "within rounding": "≈", "bracketed": "∈", "differs": "≠"}


def page(results: Mapping[str, Any], drawn: Mapping[str, str]) -> str:
    """`index.html` of these results, with these figures (name -> SVG)."""
    environment = templates("deltarule.tutorial")
    environment.filters |= {
        "math": mathml,
        "matrix": matrix,
        "fig": number,
        "row": row,
        "ms": milliseconds,
        "us": microseconds,
        "value": value,
        "count": thousands,
        "lower_first": lambda text: text[:1].lower() + text[1:],
    }
    environment.globals |= {
        "svg": lambda name: Markup(drawn[name]),  # noqa: S704 - our own drawing
        "signs": SIGNS,
        "verdicts": VERDICTS,
    }
    counts = Counter(entry["verdict"] for entry in results["account"])
    questions = [number for number in (1, 2, 3) if f"question_{number}" in results]
    return environment.get_template("page.html").render(results=results, questions=questions, counts=counts)


@cache
def mathml(latex: str, display: str = "inline") -> Markup:
    """LaTeX as MathML."""
    from latex2mathml.converter import convert

    return Markup(convert(latex, display=display))  # noqa: S704 - made of our own text and of numbers


def matrix(rows: Sequence[Any], decimals: int = 2) -> str:
    """A matrix (or, of plain numbers, a column) as LaTeX, without brackets: the page's style draws them.

    Brackets that stretch need a mathematical font, which not every machine has.
    """
    texts = matrix_figures([list(r) if isinstance(r, list | tuple) else [r] for r in rows], decimals)
    return r"\begin{matrix}" + r" \\ ".join(" & ".join(line) for line in texts) + r"\end{matrix}"


def number(x: float | None, decimals: int = 2) -> str:
    """A number as people write it, with a true minus sign; a dash where there is none."""
    return "–" if x is None else _minus(figure(x, decimals))


def row(values: Iterable[float], decimals: int = 2) -> str:
    """Numbers in brackets."""
    return f"({', '.join(_minus(text) for text in figures(values, decimals))})"


def thousands(x: float) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{round(x):,}".replace(",", "\u202f")


def milliseconds(seconds: float) -> str:
    """A time in ms, three significant digits."""
    return f"{1e3 * seconds:.3g} ms"


def microseconds(seconds: float) -> str:
    """A time in microseconds, three significant digits (no powers of ten)."""
    return f"{float(f'{1e6 * seconds:.3g}'):g} µs"


def value(x: Any, decimals: int | None = None) -> Markup | str:
    """A figure of the account: a number, a row, a matrix (folded where it is long), a range, or words."""
    if isinstance(x, Mapping):
        if set(x) == {"low", "median", "high"}:
            return Markup("{} <span class=to>to</span> {}").format(
                value(x["low"], decimals), value(x["high"], decimals)
            )
        shown = {name.replace("_", " "): item for name, item in x.items() if not isinstance(item, list)}
        return Markup("<br>").join(Markup("{}: {}").format(name, value(item, decimals)) for name, item in shown.items())
    if isinstance(x, list | tuple):
        if x and isinstance(x[0], list | tuple):
            lines = Markup("<br>").join(value(line, decimals) for line in x)
            folded = Markup("<details><summary>{} rows</summary>{}</details>")
            return folded.format(len(x), lines) if len(x) > MANY_ROWS else lines
        return f"({', '.join(str(value(item, decimals)) for item in x)})"
    return _number(x, decimals) if isinstance(x, int | float) else str(x)


def _number(x: float, decimals: int | None) -> str:
    if isinstance(x, int):
        return _minus(str(x))
    return _minus(f"{x:.6g}" if decimals is None else figure(x, decimals))


def _minus(text: str) -> str:
    return text.replace("-", "−")
