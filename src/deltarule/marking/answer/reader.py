"""Reading an answer's document, part by part: what fits the problem is kept, what does not is a fault of its part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError, nearest
from deltarule.marking.answer.figures import TransposedError, check_counts, figures_of, list_of
from deltarule.marking.answer.given import GivenPart
from deltarule.marking.report.text import SYMBOLS
from deltarule.marking.rework.exercise import (
    CONVERGENCE_PARTS,
    COUNTS,
    ITERATION_PARTS,
    METRICS,
    ROWS_OF_PATTERNS,
    SETS,
    Exercise,
)

# What the output calls a part, for those who take it as a key.
NAMES = {symbol: part for part, symbol in SYMBOLS.items()} | {"Y": "outputs", "J": "cost"}


class Reader:
    """Collects the parts of a document, and what is wrong with them."""

    def __init__(self, exercise: Exercise, decimals: int, folder: Path | None) -> None:
        self.exercise, self.decimals, self.folder = exercise, decimals, folder
        self.parts: dict[str, GivenPart] = {}
        self.faults: dict[str, str] = {}
        self.from_zero = False

    def table(self, name: str, value: Any) -> None:
        """One of the document's tables."""
        if not isinstance(value, Mapping):
            self.faults[name] = (
                f"This must be a table. Write [{name}{'.1' if name == 'iteration' else ''}] above its parts."
            )
        elif name == "iteration":
            self._iterations(value)
        elif name == "convergence":
            self._parts("convergence", value, CONVERGENCE_PARTS, self.exercise.count, range(self.exercise.count))
        elif name == "boundaries":
            for pair, entries in value.items():
                self._boundary(str(pair), entries)
        else:
            for metric, entries in value.items():
                self._metric(str(metric), entries)

    def _iterations(self, value: Mapping[str, Any]) -> None:
        # Counted from 0, the first update is iteration 0.
        self.from_zero = "0" in map(str, value)
        for key, table in value.items():
            name = f"iteration.{key}"
            try:
                number = int(str(key)) + self.from_zero
            except ValueError:
                number = 0
            if not 1 <= number <= self.exercise.updates:
                self.faults[name] = (
                    f"The number of an iteration must be one of 1 to {self.exercise.updates}. Correct it."
                )
            elif not isinstance(table, Mapping):
                self.faults[name] = f"This must be a table. Write [{name}] above its parts."
            else:
                batch = self.exercise.batches(number, number)[0]
                self._parts(f"iteration.{number}", table, ITERATION_PARTS, len(batch), batch)

    def _parts(
        self, where: str, table: Mapping[str, Any], known: tuple[str, ...], rows: int, batch: Iterable[int]
    ) -> None:
        places = {int(p) + 1: row for row, p in enumerate(batch)}
        for part, value in ((str(key), value) for key, value in table.items()):
            if part == "rows":
                self._rows(where, value, known, rows, places)
                continue
            name = f"{where}.{part}"
            shape = self.exercise.shape(part, rows) if part in known else None
            if shape is None:
                self.faults[name] = self._unknown(part, known)
            else:
                self._keep(name, part, shape, value, slice(None))

    def _rows(self, where: str, value: Any, known: tuple[str, ...], rows: int, places: Mapping[int, int]) -> None:
        if not isinstance(value, Mapping):
            self.faults[f"{where}.rows"] = "Rows are written one by one, as in rows.outputs.18 = [0.88, 0.10, 0.02]."
            return
        for part, given in ((str(key), value) for key, value in value.items()):
            name = f"{where}.{part}"
            shape = self.exercise.shape(part, rows) if part in known else None
            if shape is None:
                self.faults[name] = self._unknown(part, known)
                continue
            if len(shape) < 2 and part not in ROWS_OF_PATTERNS:
                self.faults[name] = f"This {'has one row only' if shape else 'is one number'}. Write it without `rows`."
                continue
            if not isinstance(given, Mapping):
                self.faults[name] = "Write rows as rows.outputs.18 = [...]."
                continue
            own = places if part in ROWS_OF_PATTERNS else {n: n - 1 for n in range(1, shape[0] + 1)}
            for key, row in given.items():
                if not str(key).isdecimal() or int(key) not in own:
                    self.faults[f"{name}.{key}"] = f"There is no row {key}. Rows are counted from 1 to {max(own)}."
                else:
                    place = own[int(key)]
                    self._keep(name, part, shape, [row], slice(place, place + 1), label=f"{name}.{key}")

    def _unknown(self, part: str, known: tuple[str, ...]) -> str:
        if part in known:
            return f"The problem has no such part: a {self.exercise.layer.kind} layer predicts numbers. Leave it out."
        return f"There is no such part. {nearest(NAMES.get(part, part), known)}"

    def _boundary(self, pair: str, entries: Any) -> None:
        names = {"-".join(map(str, both)) for both in combinations(self.exercise.classes, 2)}
        names |= {f"{b}-{a}" for a, b in combinations(map(str, self.exercise.classes), 2)}
        if pair not in names:
            known = nearest(pair, sorted(names)) if names else "This layer has no classes."
            self.faults[f"boundaries.{pair}"] = f"There is no such pair of classes. {known}"
        else:
            self._keep(f"boundaries.{pair}", "boundary", (self.exercise.layer.inputs + 1,), entries, slice(None))

    def _metric(self, metric: str, entries: Any) -> None:
        which, _, kind = metric.partition("_")
        own = ("cost", "mse", "r2") if self.exercise.predicts_numbers else ("cost", "errors", "accuracy")
        sets = SETS if self.exercise.problem.test is not None else SETS[:1]
        names = [f"{s}_{m}" for s in sets for m in own]
        if which in sets and kind in METRICS and kind not in own:
            self.faults[f"metrics.{metric}"] = (
                f"A {self.exercise.layer.kind} layer has {own[0]}, {own[1]} and {own[2]} only. Leave it out."
            )
            return
        if which not in sets or kind not in own:
            why = "The problem has no test set. " if which == "test" and which not in sets and kind in METRICS else ""
            self.faults[f"metrics.{metric}"] = f"{why}There is no such figure. {nearest(metric, names)}"
            return
        shape = (self.exercise.layer.neurons,) if kind in ("mse", "r2") else ()
        self._keep(f"metrics.{metric}", kind, shape, entries, slice(None))

    def _keep(self, name: str, part: str, shape: tuple[int, ...], value: Any, rows: slice, label: str = "") -> None:
        """One part, or one row of it, checked and kept; or its fault."""
        try:
            if isinstance(value, str) and shape and part != "predicted":
                value = self._file(value)
            wanted = shape if rows == slice(None) else (1, *shape[1:])
            if part == "predicted" and not self.exercise.independent:
                entries, from_zero = self._classes(value, wanted)
                digits = np.zeros(wanted, int)
            else:
                entries, digits, from_zero = *figures_of(value, wanted), False
            if part in COUNTS:
                check_counts(entries)
            transposed = False
        except TransposedError as found:
            entries, digits, transposed, from_zero = found.entries.T, found.digits.T, True, False
        except InputError as error:
            self.faults[label or name] = str(error)
            return
        digits = np.maximum(digits, 0 if part in ("predicted", "errors", "updates") else self.decimals)
        if rows == slice(None):
            self.parts[name] = GivenPart(name, entries, digits, transposed, from_zero)
            return
        before = self.parts.get(name)
        values = np.full(shape, np.nan) if before is None else before.values
        decimals = np.full(shape, self.decimals) if before is None else before.decimals
        values[rows], decimals[rows] = entries, digits
        if before is not None:
            transposed, from_zero = transposed or before.transposed, from_zero or before.from_zero
        self.parts[name] = GivenPart(name, values, decimals, transposed, from_zero)

    def _file(self, value: str) -> Any:
        if self.folder is None or not value.endswith(".csv"):
            raise InputError(
                "part", "be numbers, or the name of a CSV file", repr(value), "Write the matrix, row by row."
            )
        path = self.folder / value
        try:
            return csv_rows(path.read_text(encoding="utf-8-sig"))
        except InputError:
            raise
        except (OSError, ValueError, csv.Error):
            raise InputError("file", "be a CSV file that can be read", repr(value), "Check its name.") from None

    def _classes(self, value: Any, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], bool]:
        """Predicted labels, or numbers of classes counted from 1 (or, told by a 0, from 0), as places."""
        given = [each for row in list_of(value) for each in (list_of(row) if isinstance(row, list | tuple) else [row])]
        if len(given) != shape[0]:
            raise InputError("part", f"have {shape[0]} labels, one a pattern", len(given), "Give one a pattern.")
        classes = list(self.exercise.classes)
        places = {_same(c): k for k, c in enumerate(classes)}
        if all(_same(each) in places for each in given):
            return np.array([places[_same(each)] for each in given], float), False
        numbers = [int(text) if text.isdecimal() and len(text) < 10 else None for text in map(_same, given)]
        from_zero = 0 in numbers and all(n is not None and n < len(classes) for n in numbers)
        known = range(len(classes)) if from_zero else range(1, len(classes) + 1)
        bad = [at for at, number in enumerate(numbers) if number not in known]
        if bad:
            at = next((at for at in bad if _same(given[at]) not in places), bad[0])
            rule = f"be among {', '.join(map(str, classes))}, or 1 to {len(classes)}"
            raise InputError("predicted classes", rule, f"{given[at]!s:.40} in place {at + 1}", "Write the label.")
        return np.array(numbers, float) - (not from_zero), from_zero


def _same(label: Any) -> str:
    """A label as text; 3, 3.0 and 3.00 are one."""
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool) or not isinstance(label, float | Decimal):
        return str(label)
    return str(int(label) if float(label).is_integer() else float(label))


def csv_rows(text: str) -> list[list[Any]]:
    """The rows of a CSV file, numbers as they are written.

    Raises
    ------
    InputError
        If figures are separated otherwise than by commas, or a heading stands above them.
    """
    lines = list(csv.reader(io.StringIO(text, newline=None)))  # lines as any system ends them
    rows = [[_cell(cell) for cell in row] for row in lines if any(cell.strip() for cell in row)]
    for separator in ";\t":
        first = text.strip().partition("\n")[0]
        cells = [_cell(cell.replace(",", ".")) for cell in first.split(separator)]
        if len(cells) > 1 and all(isinstance(cell, Decimal) for cell in cells):
            remedy = f"Write {','.join(map(str, cells)):.40}."
            raise InputError("file", "separate figures by commas, with decimal points", f"{first!r:.40}", remedy)
    words = [[isinstance(cell, str) for cell in row] for row in rows]
    if len(rows) > 1 and all(words[0]) and not any(map(any, words[1:])):
        raise InputError("file", "hold figures only", f"the words {', '.join(rows[0])!r:.40}", "Take out the heading.")
    return rows


def _cell(cell: str) -> Any:
    try:
        return Decimal(cell.strip())
    except ArithmeticError:
        return cell.strip()
