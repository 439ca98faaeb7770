"""One table of a problem file, read key by key, so that each mistake is reported at its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from deltarule.checks import Matrix, brief, choice, numbers
from deltarule.errors import InputError, ProblemError, nearest

T = TypeVar("T")

TABLES = ("layer", "data", "descent", "show")
# Tables in braces, by the table that they stand in.
INNER = {"layer": "init", "data": "split"}
# The keys of each table, each as it is written: the remedy where one is missing or of the wrong type.
KEYS: dict[str, dict[str, str]] = {
    "": {"title": 'title = "Three classes in the plane"'},
    "layer": {
        "kind": 'kind = "softmax"',
        "weights": "weights = [[0.1, -0.2], [0.3, 0.0]] (a row an input, a column a neuron), or init = {seed = 1}",
        "biases": "biases = [0.0, 0.0]",
        "init": "init = {seed = 1}",
        "activation": 'activation = "sigmoid"',
    },
    "data": {
        "inputs": "inputs = [[0, 4], [-1, 3]] (a row a pattern)",
        "targets": 'targets = ["A", "B"] (one a pattern)',
        "table": 'table = "flowers.csv"',
        "target": 'target = "species", or target = ["weight", "waist"]',
        "dataset": 'dataset = "iris"',
        "standardise": "standardise = true",
        "centre": "centre = true",
        "scale_targets": "scale_targets = true",
        "split": "split = {test = 0.4, seed = 2}",
    },
    "descent": {
        "learning_rate": "learning_rate = 0.05",
        "epochs": "epochs = 1000",
        "batch_size": "batch_size = 16",
        "reduction": 'reduction = "mean"',
        "weight_decay": "weight_decay = 0.01",
        "tolerance": "tolerance = 1e-6",
        "seed": "seed = 0",
    },
    "show": {"decimals": "decimals = 2"},
    "init": {"seed": "seed = 1"},
    "split": {"test": "test = 0.4", "seed": "seed = 2", "stratified": "stratified = true"},
}


@dataclass(frozen=True)
class Section:
    """The keys of one table, and what points at them: `where` is "iris.toml, [data] " or "iris.toml, [data] split."."""

    name: str
    where: str
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        for key in self.values:
            if key not in KEYS[self.name]:
                raise ProblemError(self.at(key), f"There is no such key. {_home(self.name, key)}")

    def at(self, key: str) -> str:
        """What points at a key of this table."""
        return f"{self.where}{key}"

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str) -> Any:
        """The value of a key, or None."""
        return self.values.get(key)

    def need(self, key: str) -> Any:
        """The value of a key that must be there."""
        if key not in self.values:
            raise ProblemError(self.at(key), f"This key is missing. Add {KEYS[self.name][key]}.")
        return self.values[key]

    def text(self, key: str) -> str:
        """The value of a key that must be there and be text."""
        value = self.need(key)
        if not isinstance(value, str):
            raise self._mistyped(key, "be text", value)
        return value

    def one_of(self, key: str, known: Mapping[str, T]) -> T:
        """What the value of a key, which must be there, stands for among the known ones."""
        value = self.need(key)
        with self.pointing(key):
            return known[choice(key, value, tuple(known))]

    def flag(self, key: str) -> bool:
        """The value of a key that is true or false; false where it is left out."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self._mistyped(key, "be true or false", value)
        return value

    def inner(self, key: str) -> Section:
        """The value of a key that must be a table in braces."""
        value = self.values[key]
        if not isinstance(value, Mapping):
            raise self._mistyped(key, "be a table in braces", value)
        return Section(key, f"{self.at(key)}.", value)

    def _mistyped(self, key: str, rule: str, value: object) -> ProblemError:
        return ProblemError(
            self.at(key), str(InputError(f"value of {key}", rule, brief(value), f"Write {KEYS[self.name][key]}."))
        )

    @contextmanager
    def pointing(self, keys: Mapping[str, str] | str) -> Iterator[None]:
        """An `InputError` raised inside becomes a `ProblemError` at the key of its name (or at the one key given)."""
        try:
            yield
        except InputError as error:
            key = keys if isinstance(keys, str) else keys.get(error.name)
            raise ProblemError(self.where.rstrip(" .") if key is None else self.at(key), str(error)) from error


def section(file: str, document: Mapping[str, Any], name: str, *, optional: bool = False) -> Section:
    """One of the document's tables, its keys checked against the known ones."""
    where = f"{file}, [{name}]"
    if name not in document and not optional:
        raise ProblemError(where, f"This table is missing. Add a line [{name}], and its keys below it.")
    value = document.get(name, {})
    if not isinstance(value, Mapping):
        got = "a list of tables" if isinstance(value, list) else brief(value)
        raise ProblemError(where, str(InputError(name, "be a table", got, f"Write [{name}] above its keys.")))
    return Section(name, f"{where} ", value)


def top(file: str, document: Mapping[str, Any]) -> Section:
    """The keys above all tables; the names of the tables are checked."""
    for name, value in document.items():
        if isinstance(value, Mapping) and name not in TABLES and name not in KEYS[""]:
            raise ProblemError(f"{file}, [{name}]", f"There is no such table. {nearest(name, TABLES)}")
    return Section("", f"{file}, ", {key: value for key, value in document.items() if key not in TABLES})


def _home(name: str, key: str) -> str:
    """Where an unknown key belongs: in another table, or where the nearest known one does."""
    if key in KEYS[""]:
        return "It belongs at the top of the file, above all tables."
    inner = INNER.get(name)
    if inner is not None and key in KEYS[inner]:
        return f"It belongs in {inner}: write {KEYS[name][inner]}."
    homes = [table for table in TABLES if key in KEYS[table]]
    return f"It belongs in [{homes[0]}]: move it there." if homes else nearest(key, KEYS[name])


# ---- Values.


def matrix(name: str, value: Any) -> Matrix:
    """A list of rows of numbers, all as long; of what is no number (a boolean is none), the place is named."""
    for place, row in enumerate(value if isinstance(value, list) else (), start=1):
        if isinstance(row, list):
            only_numbers(name, row, f"row {place}, column")
    return numbers(name, value, 2)


def only_numbers(name: str, values: Any, place: str, remedy: str = "Write a number there.") -> Any:
    """The values, if none in the list is something else than a number."""
    for at, value in enumerate(values if isinstance(values, list) else (), start=1):
        if isinstance(value, bool) or not isinstance(value, int | float | list):
            raise InputError(name, "hold numbers only", f"{brief(value)} in {place} {at}", remedy)
    return values
