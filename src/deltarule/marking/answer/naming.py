"""A document whose keys are those of an answer file, made of one with the names that people give: `iteration1`, `U`, `dW`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.twice import merged, put
from deltarule.parts import CONVERGENCE_PARTS, ITERATION_PARTS, TABLES

_WITH_PARTS = {"iteration": ITERATION_PARTS, "convergence": CONVERGENCE_PARTS}


def with_known_names(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the names of tables and parts that the program knows; names that it does not know stay.

    Parts that stand in no table are those of iteration 1 where no iteration bears a number. Two names of one part are one key
    that stands twice.

    Parameters
    ----------
    document : the tables.

    Examples
    --------
    >>> with_known_names({"iteration1": {"U": [1], "rows": {"Y": {"2": [3]}}}})
    {'iteration': {'1': {'synaptic_inputs': [1], 'rows': {'outputs': {'2': [3]}}}}}
    >>> with_known_names({"J": 12.29, "title": "Mine"})
    {'title': 'Mine', 'iteration': {'1': {'cost': 12.29}}}
    """
    found: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    loose: dict[str, Any] = {}
    for key, value in document.items():
        name = str(key)
        if name not in TABLES and part_named(name) is not None:
            loose[name] = value
            continue
        path = table_named(name) or (key,)
        inner = _table(path, value)
        for step in reversed(path[1:]):
            inner = {step: inner}
        _put(found, spelled, path[0], inner, name)
    numbered = found.get("iteration")
    if isinstance(numbered, Mapping) and not any(map(_is_number, numbered)):
        parts = {key for key in numbered if part_named(str(key)) is not None}
        loose |= {str(key): numbered[key] for key in parts}
        numbered = {key: value for key, value in numbered.items() if key not in parts}
        found = {key: value for key, value in found.items() if key != "iteration"}
        found |= {"iteration": numbered} if numbered else {}
    if loose and not (isinstance(numbered, Mapping) and any(map(_is_number, numbered))):
        one = {"1": _parts(loose, ITERATION_PARTS)}
        found["iteration"] = merged(found["iteration"], one) if "iteration" in found else one
        return found
    return {**found, **loose}


def _is_number(key: object) -> bool:
    return str(key).isdecimal()


def _table(path: tuple[Any, ...], value: Any) -> Any:
    """A table with the names of its parts; `path` leads to it."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
        value = value[0]  # TOML's [[iteration.1]]
    if not isinstance(value, Mapping):
        return value
    if path == ("iteration",):
        found: dict[str, Any] = {}
        spelled: dict[str, str] = {}
        for key, inner in value.items():
            name = table_named(str(key))
            number = name[1] if len(name) == 2 else key
            _put(found, spelled, number, _table(("iteration", number), inner), str(key))
        return found
    return _parts(value, _WITH_PARTS[path[0]]) if path[0] in _WITH_PARTS else value


def _parts(table: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    for key, value in table.items():
        part = None if key in known else part_named(str(key))
        inner = _parts(value, known) if key == "rows" and isinstance(value, Mapping) else value
        _put(found, spelled, part if part in known else key, inner, str(key))
    return found


def _put(found: dict[str, Any], spelled: dict[str, str], key: Any, value: Any, written: str) -> None:
    """Put a value into a table, where its key may stand already by another name."""
    put(found, (key,), value, f"as {spelled.setdefault(key, written)} and {written}")
