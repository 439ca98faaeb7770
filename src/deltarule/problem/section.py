"""One table of a problem file, read key by key, so that each mistake is reported at its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from deltarule.checks import brief, choice
from deltarule.errors import InputError, ProblemError
from deltarule.not_supported import SINGLE
from deltarule.problem.keys import KEYS, TABLES
from deltarule.problem.unknown_keys import key_remedy, table_remedy

T = TypeVar("T")


@dataclass(frozen=True)
class Section:
    """The keys of one table.

    Attributes
    ----------
    name : of the table, as in `KEYS`.
    where : what stands before a key in a message, as in "iris.toml, [data] " or "iris.toml, [data] split.".
    values : the keys that the file gives, with their values.
    """

    name: str
    where: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        for key in self.values:
            if key not in KEYS[self.name]:
                raise ProblemError(self.at(key), f"There is no such key. {key_remedy(self.name, key)}")

    def at(self, key: str) -> str:
        """What points at a key of this table."""
        return f"{self.where}{key}"

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str) -> Any:
        """The value of a key, of its declared type; its default where it is left out."""
        declared = KEYS[self.name][key]
        if key not in self.values:
            return declared.default
        value, python = self.values[key], declared.type.python
        if python is not None and not isinstance(value, python):
            raise ProblemError(
                self.at(key),
                str(
                    InputError(f"value of {key}", f"be {declared.type.name}", brief(value), f"Write {declared.remedy}.")
                ),
            )
        return value

    def need(self, key: str) -> Any:
        """The value of a key that must be there, of its declared type."""
        if key not in self.values:
            raise ProblemError(self.at(key), f"This key is missing. Add {KEYS[self.name][key].remedy}.")
        return self.get(key)

    def one_of(self, key: str, known: Mapping[str, T], other: Mapping[str, str]) -> T:
        """What the value of a key, which must be there, stands for among the known ones; see `choice` for `other` words."""
        value = self.need(key)
        with self.pointing(key):
            return known[choice(key, value, tuple(known), other)]

    def inner(self, key: str) -> Section:
        """The table in braces that is the value of a key; empty where the key is left out."""
        return Section(key, f"{self.at(key)}.", self.get(key) or {})

    @contextmanager
    def pointing(self, keys: Mapping[str, str] | str) -> Iterator[None]:
        """Turn an `InputError` raised inside into a `ProblemError` at a key.

        Parameters
        ----------
        keys : the key for each name of an `InputError`, or one key for all. An error of another name points at the table.
        """
        places = {} if isinstance(keys, str) else {name: self.at(key) for name, key in keys.items()}
        with placing(places, self.at(keys) if isinstance(keys, str) else self.where.rstrip(" .")):
            yield


@contextmanager
def placing(places: Mapping[str, str], otherwise: str) -> Iterator[None]:
    """Turn an `InputError` raised inside into a `ProblemError` that points at a place of the file.

    Parameters
    ----------
    places : the place for each name of an `InputError`.
    otherwise : the place for any other name.
    """
    try:
        yield
    except InputError as error:
        raise ProblemError(places.get(error.name, otherwise), str(error)) from error


def section(file: str, document: Mapping[str, Any], name: str, *, optional: bool = False) -> Section:
    """One of the document's tables, its keys checked against the known ones.

    Parameters
    ----------
    file : the file's name, for messages.
    document : the whole file.
    name : of the table.
    optional : whether the table may be left out.
    """
    where = f"{file}, [{name}]"
    if name not in document and not optional:
        raise ProblemError(where, f"This table is missing. Add a line [{name}], and its keys below it.")
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        listed = isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
        got = "a list of tables" if listed else brief(value)
        remedy = f"Write [{name}] above its keys, in single brackets."
        if name == "layer" and listed and len(value) > 1:
            remedy = SINGLE
        raise ProblemError(where, str(InputError(name, "be a table", got, remedy)))
    return Section(name, f"{where} ", value)


def top(file: str, document: Mapping[str, Any]) -> Section:
    """The keys above all tables; the names of the tables are checked.

    Parameters
    ----------
    file : the file's name, for messages.
    document : the whole file.
    """
    for name, value in document.items():
        tables = isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(v, Mapping) for v in value))
        if tables and name not in TABLES and name not in KEYS[""]:
            raise ProblemError(f"{file}, [{name}]", f"There is no such table. {table_remedy(name)}")
    return Section("", f"{file}, ", {key: value for key, value in document.items() if key not in TABLES})
