"""A problem as TOML."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deltarule import checks
from deltarule.checks import instance
from deltarule.errors import InputError, ProblemError
from deltarule.files import write_whole
from deltarule.printable import toml_safe
from deltarule.problem.keys import TABLES
from deltarule.problem.problem import Problem

# Entries a line of a long list that is not a matrix.
ENTRIES = 10


def problem_text(problem: Problem) -> str:
    """A problem as the text of its TOML file. Each row of a matrix has a line; numbers read back equal.

    Parameters
    ----------
    problem : its document is written; comments of the file that was read are not in it.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> print(problem_text(problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })))
    title = "Double it"
    <BLANKLINE>
    [layer]
    kind = "linear"
    weights = [
        [0.0],
    ]
    <BLANKLINE>
    [data]
    inputs = [
        [1],
        [2],
    ]
    targets = [2, 4]
    <BLANKLINE>
    [descent]
    learning_rate = 0.1
    epochs = 10
    <BLANKLINE>
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    return _text(problem.document)


def write_problem(problem: Problem, path: str | os.PathLike[str]) -> None:
    """Write a problem to a TOML file, whole or not at all.

    Parameters
    ----------
    problem : its document is written. The path of a table is changed to be relative to the new file.
    path : the file; an existing one is replaced.

    Raises
    ------
    ProblemError
        If the file cannot be written.
    """
    path = checks.path("problem file", path)
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    try:
        write_whole(path, _text(_moved(problem, path.parent)))
    except InputError as error:
        raise ProblemError(str(path), str(error)) from error


def _moved(problem: Problem, folder: Path) -> dict[str, Any]:
    """The document as it must read in another folder."""
    data = problem.document["data"]
    here, there = os.path.realpath(problem.folder), os.path.realpath(folder)
    if "table" not in data or Path(data["table"]).is_absolute() or here == there:
        return problem.document
    table = Path(os.path.relpath(Path(here, data["table"]), there)).as_posix()
    return problem.document | {"data": data | {"table": table}}


def _text(document: Mapping[str, Any]) -> str:
    import tomlkit

    written = tomlkit.document()
    written.add("title", tomlkit.item(document["title"]))
    for name in TABLES:
        if name in document:
            table = tomlkit.table()
            for key, value in document[name].items():
                table.add(key, _item(value))
            written.add(name, table)
    return toml_safe(tomlkit.dumps(written))


def _item(value: Any) -> Any:
    """A value as tomlkit writes it: tables in braces, matrices a row a line, long lists over several lines."""
    import tomlkit

    if isinstance(value, Mapping):
        braces = tomlkit.inline_table()
        braces.update(value)
        return braces
    if not isinstance(value, list) or not (isinstance(value[0], list) or len(value) > 2 * ENTRIES):
        return tomlkit.item(value)
    lines = tomlkit.array()
    width = 1 if isinstance(value[0], list) else ENTRIES
    for start in range(0, len(value), width):
        lines.add_line(*value[start : start + width])
    lines.add_line(indent="")
    return lines
