"""The right answer, as an answer file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from deltarule.checks import whole
from deltarule.iteration import Iteration, iterate
from deltarule.marking.rework.exercise import ITERATION_PARTS
from deltarule.problem import Problem
from deltarule.typeset.figures import decimals_shown, figure


def worked_answer(
    problem: Problem,
    iterations: Iterable[int] = (1,),
    decimals: int | None = None,
    parts: Iterable[str] = ITERATION_PARTS,
) -> dict[str, Any]:
    """The document of a right answer: iterations of the problem, rounded half away from zero."""
    digits = problem.decimals if decimals is None else decimals_shown(decimals)
    tables = {}
    for asked in iterations:
        number = whole("iteration", asked, 1, "The first update is iteration 1.")
        worked = iterate(problem.layer, problem.X, problem.targets, problem.descent, iteration=number)
        tables[str(number)] = dict(_worked_parts(worked, digits, tuple(parts)))
    return {"decimals": digits, "iteration": tables}


def _worked_parts(worked: Iteration, digits: int, parts: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for part in parts:
        value = getattr(worked, part)
        if part == "predicted":
            if worked.errors is not None:
                yield part, value.tolist()
        elif part == "errors":
            if value is not None:
                yield part, int(value) if value == int(value) else value
        else:
            yield part, _rounded(np.asarray(value).tolist(), digits)


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_rounded(each, digits) for each in value]
    return float(figure(value, digits))


def answer_text(document: Mapping[str, Any]) -> str:
    """An answer's document as TOML: a row of a matrix a line, each figure with the document's decimals."""
    digits = document.get("decimals")
    lines = [] if digits is None else [f"decimals = {digits}"]
    for table, inner in document.items():
        if table == "iteration":
            for number, parts in inner.items():
                lines += ["", f"[iteration.{number}]", *_lines(parts, digits)]
        elif isinstance(inner, Mapping):
            lines += ["", f"[{table}]", *_lines(inner, digits)]
    return "\n".join(lines) + "\n"


def _lines(parts: Mapping[str, Any], digits: int | None) -> Iterator[str]:
    for part, value in parts.items():
        key = part if part.replace("_", "").isalnum() and part.isascii() else json.dumps(part, ensure_ascii=False)
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
        return figure(value, digits) if digits else f"{figure(value, 0)}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
