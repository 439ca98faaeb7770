"""Tables whose columns are parts: a row an iteration, with its cost and errors, or a row a pattern, where there is one neuron."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deltarule.marking.answer.figure_text import SCALARS
from deltarule.marking.answer.part_keys import keys_of
from deltarule.marking.answer.tables_of_text import COUNTS

Keys = tuple[str, ...]
_OF_ITERATIONS = re.compile(r"it(?:er\w{0,9}|ér\w{0,9}|\.)?(?: no\.?)?", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def parts_of_columns(rows: Sequence[Sequence[str]], table: Keys) -> list[tuple[Keys, str]]:
    r"""The keys and the texts of the parts that stand in the columns of a table; none where its headings are not their names.

    Parameters
    ----------
    rows : the texts of its cells, below the headings.
    table : below whose heading it stands.

    Examples
    --------
    >>> parts_of_columns([["Iteration", "J", "errors"], ["1", "3.5", "3"]], ())
    [(('iteration', '1', 'cost'), '3.5'), (('iteration', '1', 'errors'), '3')]
    >>> parts_of_columns([["p", "U", "Y"], ["1", "0.5", "0.6"], ["2", "-1", "0.3"]], ("iteration", "1"))
    [(('iteration', '1', 'synaptic_inputs'), '1: 0.5\n2: -1'), (('iteration', '1', 'outputs'), '1: 0.6\n2: 0.3')]
    >>> parts_of_columns([["", "A", "B"], ["1", "0.5", "0.6"]], ())
    []
    """
    head, *body = rows or [[]]
    first, *known = [keys_of(cell, table) for cell in head] or [None]
    named = [each for each in known if each is not None]
    if not body or not named or len({*named}) < len(known) or any(len(row) != len(head) for row in body):
        return []
    scalars = [each[-1] in SCALARS for each in named]
    if all(scalars) and _OF_ITERATIONS.fullmatch(head[0]) and all(_WHOLE.fullmatch(row[0]) for row in body):
        cells = [(row[0], each[-1], cell) for row in body for each, cell in zip(named, row[1:], strict=True)]
        return [(("iteration", number, part), cell) for number, part, cell in cells]
    if not any(scalars) and first is None and COUNTS.fullmatch(head[0]) and len(body) > 1:
        labels = [row[0] or str(place) for place, row in enumerate(body, start=1)]
        columns = zip(*(row[1:] for row in body), strict=True)
        return [(each, _lines(labels, column)) for each, column in zip(named, columns, strict=True)]
    if all(scalars) and first is not None and first[-1] in SCALARS and len(body) == 1:
        return list(zip([first, *named], body[0], strict=True))
    return []


def are_parts(head: Sequence[str], table: Keys) -> bool:
    """Whether all headings of columns but the first are names of parts.

    Parameters
    ----------
    head : the headings.
    table : below whose heading they stand.
    """
    return len(head) > 1 and all(keys_of(cell, table) is not None for cell in head[1:])


def _lines(labels: Sequence[str], column: Sequence[str]) -> str:
    return "\n".join(f"{label}: {cell}" for label, cell in zip(labels, column, strict=True))
