"""A notebook (.ipynb) as a document: its Markdown, what its cells print, and figures that its code has. Nothing of it is run.

A variable has its last value, so of several values of a part the last one counts.

Source: the format of notebooks, https://nbformat.readthedocs.io/en/latest/format_description.html (versions 3 and 4 are read).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.figure_text import brackets_opened
from deltarule.marking.answer.part_keys import keys_of
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.text_blocks import Blocks
from deltarule.marking.answer.twice import Assigned, Twice

# Calls that give back the figures of their first argument, if rounded.
_SAME_FIGURES = frozenset(
    {
        "array",
        "asarray",
        "matrix",
        "tensor",
        "round",
        "around",
        "round_",
        "print",
        "display",
        "list",
        "float",
        "float64",
        "DataFrame",
        "Series",
    }
)
# Parts that a problem gives, too: whoever shows them before any other looks at the problem.
_GIVEN = ("inputs", "weights", "biases")
# Longer code is no answer, and takes time to parse.
LONGEST_CODE = 100_000
IN_A_LOOP = "This changes in a loop. Of which iteration is it? Write a heading above it, as in ## Iteration 1."
_COLOURS = re.compile("\x1b\\[[0-9;]{0,20}m")


def notebook_document(notebook: Any) -> dict[str, Any]:
    """The document of a notebook.

    Parameters
    ----------
    notebook : what its JSON says.

    Raises
    ------
    InputError
        If it is no notebook.

    Examples
    --------
    >>> cells = [
    ...     {"cell_type": "markdown", "source": ["## Iteration 1"]},
    ...     {"cell_type": "code", "source": ["b = np.array([0.5, -1.0])"], "outputs": []},
    ...     {"cell_type": "code", "source": "J", "outputs": [{"output_type": "execute_result", "data": {"text/plain": "12.29"}}]},
    ... ]
    >>> found = notebook_document({"cells": cells, "nbformat": 4})["iteration"]["1"]
    >>> found["biases"].values, found["cost"]
    (('[0.5, -1.0]',), '12.29')
    """
    blocks = Blocks(last_counts=True)
    looped: set[str] = set()
    literal: set[str] = set()
    for cell in _cells(notebook):
        source = _text(cell.get("source", cell.get("input")))
        if cell.get("cell_type") in ("markdown", "heading", "raw"):
            blocks.read(f"# {source}" if cell.get("cell_type") == "heading" else source)
        elif cell.get("cell_type") == "code" and len(source) <= LONGEST_CODE:
            _read_code(blocks, source, cell.get("outputs"), looped, literal)
    return blocks.end()


def _cells(notebook: Any) -> Iterator[Mapping[str, Any]]:
    sheets = notebook.get("worksheets", [notebook]) if isinstance(notebook, Mapping) else None
    cells = (
        [sheet.get("cells") if isinstance(sheet, Mapping) else None for sheet in sheets]
        if isinstance(sheets, list)
        else [None]
    )
    if not cells or not all(isinstance(each, list) for each in cells):
        raise InputError("notebook", "have cells", "none", "Save it with Jupyter.")
    yield from (cell for each in cells if each for cell in each if isinstance(cell, Mapping))


def _text(value: Any) -> str:
    """The text of a notebook's field, which may be a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


# ---- Code, and what it printed.


def _read_code(blocks: Blocks, source: str, outputs: Any, looped: set[str], literal: set[str]) -> None:
    """Note the figures that code assigns, then those that it printed, which come later.

    Parameters
    ----------
    blocks : collects them.
    source, outputs : of a cell.
    looped : the variables that a loop changed so far; those of this cell are added.
    literal : the variables whose value stands in the code as it is shown; kept up to date. What shows one of them shows nothing
        that was worked.
    """
    source = "\n".join(line for line in source.split("\n") if not line.lstrip().startswith(("%", "!")))  # Jupyter's own
    statements = _statements(source)
    lines = source.encode("utf-8", "replace").split(b"\n")
    for statement in statements:
        assigned = dict(_assigned(statement))
        literal.difference_update(_stored(statement))
        literal.update(assigned)
        for name, node in assigned.items():
            _put(blocks, name, Assigned(_written(node, lines)))
    looped |= {part for statement in statements for part in _changed_in_loop(statement)}
    printed = "".join(
        _COLOURS.sub("", _text(each.get("text")))
        for each in _outputs(outputs, "stream")
        if each.get("name") != "stderr"
    )
    names = [_shown(statement) for statement in statements if _is_call(statement, "print")]
    values = list(_values(printed))
    if any(names) and len(values) == len(names):
        for name, value in zip(names, values, strict=True):
            _put_or_read(blocks, name, value, looped, literal)
    else:
        blocks.read(printed)
    results = list(_outputs(outputs, "execute_result", "display_data", "pyout"))
    shown = [
        _shown(statement)
        for statement in statements
        if isinstance(statement, ast.Expr) and not _is_call(statement, "print")
    ]
    for name, result in zip(shown[-len(results) :] if results else [], results, strict=False):
        data = result.get("data", result)
        text = _text(data.get("text/plain", data.get("text"))) if isinstance(data, Mapping) else ""
        _put_or_read(blocks, name, text, looped, literal)


def _put_or_read(blocks: Blocks, name: str, text: str, looped: set[str], literal: set[str]) -> None:
    """Note the text as that of a variable; where it has no name, read it."""
    if not name:
        blocks.read(text)
    elif part_named(name) in looped and not blocks.table:
        blocks.document[part_named(name) or name] = Twice(why=IN_A_LOOP)
    else:
        begun = any(keys[:-1] == blocks.table and keys[-1] not in _GIVEN for keys in blocks.values)
        _put(blocks, name, Assigned(text) if name in literal and not begun else text)


def _put(blocks: Blocks, name: str, text: str) -> None:
    part = part_named(name)
    keys = keys_of(name, blocks.table) if part is None else (*blocks.table, part)
    if keys is not None and any(map(str.isalnum, text)):
        blocks.put(keys, text if isinstance(text, Assigned) else text.strip())


def _stored(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement, or anything in it, gives values."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            yield node.value.id


def _changed_in_loop(statement: ast.stmt) -> Iterator[str]:
    """The parts whose variables a loop of several turns changes."""
    if not isinstance(statement, ast.For | ast.While) or _is_single(statement):
        return
    for node in ast.walk(statement):
        part = part_named(node.id) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
        if part is not None:
            yield part


def _is_single(loop: ast.For | ast.While) -> bool:
    """Whether a loop has one turn: for _ in range(1)."""
    turns = loop.iter if isinstance(loop, ast.For) else None
    arguments = turns.args if isinstance(turns, ast.Call) and _called(turns) == "range" else []
    return len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value == 1


def _outputs(outputs: Any, *kinds: str) -> Iterator[Mapping[str, Any]]:
    for each in outputs if isinstance(outputs, list) else ():
        if isinstance(each, Mapping) and each.get("output_type") in kinds:
            yield each


def _statements(source: str) -> list[ast.stmt]:
    """The statements of code at its outermost level; none where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an escape in a text that Python does not know
            return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement gives figures, which stand in it as such."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    literal = _literal(statement.value)
    for target in targets:
        if isinstance(target, ast.Name) and literal is not None:
            yield target.id, literal
        elif isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            for name, value in zip(target.elts, statement.value.elts, strict=False):
                inner = _literal(value)
                if isinstance(name, ast.Name) and inner is not None:
                    yield name.id, inner


def _literal(node: ast.expr) -> ast.expr | None:
    """The list or figure that an expression is, within calls such as `np.array`; None where something must be worked."""
    while isinstance(node, ast.Call) and _called(node) in _SAME_FIGURES and node.args:
        node = node.args[0]
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return node if isinstance(value, int | float | list | tuple | str) and not isinstance(value, bool) else None


def _called(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def _is_call(statement: ast.stmt, name: str) -> bool:
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and _called(statement.value) == name
    )


def _shown(statement: ast.stmt) -> str:
    """The name of the one variable that a statement shows, as in `U`, `print(U)` and `U.round(2)`; empty where it is none."""
    node: ast.expr | None = statement.value if isinstance(statement, ast.Expr) else None
    while isinstance(node, ast.Call) and _called(node) in _SAME_FIGURES:
        inner = node.func.value if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value) else None
        if inner is None and len(node.args) != 1 and _called(node) in ("print", "display"):
            return ""
        node = inner if inner is not None else node.args[0] if node.args else None
    return node.id if isinstance(node, ast.Name) else ""


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "torch", "jnp", "pd", "pandas")


def _values(text: str) -> Iterator[str]:
    """The values that a text prints one after another, each in a line or in brackets."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        if line.strip():
            lines.append(line)
            depth = max(depth + brackets_opened(line), 0)
        if lines and depth == 0:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _written(node: ast.expr, lines: list[bytes]) -> str:
    """The text of a literal, its figures with the decimals that were written."""
    if isinstance(node, ast.List | ast.Tuple):
        return f"[{', '.join(_written(each, lines) for each in node.elts)}]"
    if node.end_lineno != node.lineno:
        return ast.unparse(node)
    return lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
