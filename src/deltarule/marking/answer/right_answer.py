"""The right answer, as an answer file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from deltarule.checks import instance, listed, table, whole
from deltarule.iteration import Iteration, iterate
from deltarule.parts import COUNTS, ITERATION_PARTS
from deltarule.printable import toml_safe
from deltarule.problem import Problem
from deltarule.typeset.figures import decimals_shown, figure
from deltarule.typeset.words import one_line


def worked_answer(problem: Problem, iterations: Iterable[int] = (1,), decimals: int | None = None) -> dict[str, Any]:
    """The document of a right answer: iterations of the problem, rounded half away from zero.

    Parameters
    ----------
    problem : the problem that it answers.
    iterations : their numbers, from 1.
    decimals : of its figures; None: those that the problem shows.

    Raises
    ------
    InputError
        If a number of an iteration or the decimals are out of range.
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    digits = problem.decimals if decimals is None else decimals_shown(decimals)
    tables = {}
    for asked in listed("iterations", iterations, "Give their numbers, as in [1, 2]."):
        number = whole("iteration", asked, 1, "The first update is iteration 1.")
        worked = iterate(problem, iteration=number)
        tables[str(number)] = dict(_worked_parts(worked, digits))
    return {"decimals": digits, "iteration": tables}


def _worked_parts(worked: Iteration, digits: int) -> Iterator[tuple[str, Any]]:
    parts = {part: value for part in ITERATION_PARTS if (value := getattr(worked, part)) is not None}
    written = worked.conventions.written(parts)
    for part, value in written.items():
        if part not in COUNTS:
            yield part, _rounded(np.asarray(value).tolist(), digits)
        elif part == "errors":
            yield part, int(value) if value == int(value) else value
        elif worked.errors is not None:  # the layer predicts classes
            yield part, value.tolist()


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_rounded(each, digits) for each in value]
    return float(figure(value, digits))


def answer_text(document: Mapping[str, Any], notes: Mapping[str, str] | None = None) -> str:
    """An answer's document as TOML: a line for each row of a matrix, each figure with the document's decimals.

    Parameters
    ----------
    document : the tables by their names.
    notes : comments that stand above parts, by the names of these ("iteration.1.delta"); None: none.

    Examples
    --------
    >>> print(answer_text({"decimals": 2, "iteration": {"1": {"cost": 3.8, "errors": 2}}}), end="")
    decimals = 2
    <BLANKLINE>
    [iteration.1]
    cost = 3.80
    errors = 2
    """
    instance("document", document, Mapping, "Give what `worked_answer` makes.")
    digits = document.get("decimals")
    lines = [f"{key} = {document[key]}" for key in ("decimals", "hints") if document.get(key) is not None]
    notes = {} if notes is None else table("notes", notes, "Give comments by the names of parts.")
    for name, inner in document.items():
        if name == "iteration":
            for number, parts in inner.items():
                lines += ["", f"[iteration.{number}]", *_lines(parts, digits, f"iteration.{number}", notes)]
        elif isinstance(inner, Mapping):
            lines += ["", f"[{name}]", *_lines(inner, digits, name, notes)]
    return "\n".join(lines) + "\n"


def _lines(parts: Mapping[str, Any], digits: int | None, above: str, notes: Mapping[str, str]) -> Iterator[str]:
    for part, value in parts.items():
        if f"{above}.{part}" in notes:
            yield f"# {one_line(notes[f'{above}.{part}'])}"
        key = part if part.replace("_", "").isalnum() and part.isascii() else _quoted(part)
        if part == "rows":
            for name, rows in value.items():
                for place, row in rows.items():
                    yield f"rows.{name}.{place} = {_inline(row, digits)}"
        elif isinstance(value, list) and value and isinstance(value[0], list):
            yield f"{key} = ["
            yield from (f"    {_inline(row, digits)}," for row in value)
            yield "]"
        else:
            yield f"{key} = {_inline(value, digits)}"


def _inline(value: Any, digits: int | None) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_inline(each, digits) for each in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and digits is not None:
        return figure(value, digits)
    if isinstance(value, str):
        return _quoted(value)
    return str(value)


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for the letters that JSON leaves.
    return toml_safe(json.dumps(text, ensure_ascii=False))
