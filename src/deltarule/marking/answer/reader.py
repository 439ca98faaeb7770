"""Reading an answer's document, part by part: what fits the exercise is taken, and what does not is a fault of its part."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from deltarule.errors import InputError, nearest
from deltarule.marking.answer.csv_file import csv_rows
from deltarule.marking.answer.figures import TransposedError, check_counts, classes_of, figures_of
from deltarule.marking.given import GivenPart
from deltarule.marking.parts import (
    CONVERGENCE_PARTS,
    COUNTS,
    ITERATION_PARTS,
    METRICS,
    ROWS_OF_PATTERNS,
    SETS,
    PartName,
)
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.reach import out_of_reach

# What marks call a part, for those who take it as a key: the part that they should write.
PARTS_BY_SYMBOL = {
    PartName("convergence", None, part).symbol: part for part in (*ITERATION_PARTS, *CONVERGENCE_PARTS)
} | {"Y": "outputs", "J": "cost"}


class Reader:
    """Collects the parts of a document, and the faults in it.

    Parameters
    ----------
    exercise : which parts there are, and their shapes.
    decimals : of the answer's figures.
    folder : where CSV files lie; None where the document names none.
    """

    def __init__(self, exercise: Exercise, decimals: int, folder: Path | None) -> None:
        self.exercise, self.decimals, self.folder = exercise, decimals, folder
        self.parts: dict[PartName, GivenPart] = {}
        self.faults: dict[str, str] = {}
        self.from_zero = False

    def table(self, name: str, value: Any) -> None:
        """Read one of the document's tables: iteration, convergence, boundaries or metrics."""
        if not isinstance(value, Mapping):
            self.faults[name] = (
                f"This must be a table. Write [{name}{'.1' if name == 'iteration' else ''}] above its parts."
            )
        elif name == "iteration":
            self._iterations(value)
        elif name == "convergence":
            self._parts(name, None, value, CONVERGENCE_PARTS, range(self.exercise.count))
        elif name == "boundaries":
            for pair, entries in value.items():
                self._boundary(PartName(name, None, str(pair)), entries)
        else:
            for metric, entries in value.items():
                self._metric(PartName(name, None, str(metric)), entries)

    # ---- Iterations, and what the descent reaches.

    def _iterations(self, value: Mapping[str, Any]) -> None:
        # Where iterations are counted from 0, the first update is iteration 0.
        self.from_zero = "0" in map(str, value)
        numbers = {key: self._iteration(key) for key in value}
        valid = [number for number in numbers.values() if number]
        for key, table in value.items():
            name, number = f"iteration.{key}", numbers[key]
            if not number:
                self.faults[name] = (
                    f"The number of an iteration must be one of 1 to {self.exercise.updates}. Correct it."
                )
            elif why := out_of_reach(self.exercise, number, valid):
                self.faults[name] = why
            elif not isinstance(table, Mapping):
                self.faults[name] = f"This must be a table. Write [{name}] above its parts."
            else:
                self._parts("iteration", number, table, ITERATION_PARTS, self.exercise.batch(number))

    def _iteration(self, key: Any) -> int:
        """The number of an iteration, from 1; 0 where the descent has none of that name."""
        try:
            number = int(str(key)) + self.from_zero
        except ValueError:
            return 0
        return number if 1 <= number <= self.exercise.updates else 0

    def _parts(
        self, table: str, number: int | None, value: Mapping[str, Any], known: tuple[str, ...], batch: Iterable[int]
    ) -> None:
        """The parts of an iteration, or of the convergence, over these patterns."""
        row_of_pattern = {int(p) + 1: row for row, p in enumerate(batch)}
        for part, entries in ((str(key), entries) for key, entries in value.items()):
            name = PartName(table, number, part)
            if part == "rows":
                self._rows(name, entries, known, row_of_pattern)
                continue
            shape = self.exercise.shape(part, len(row_of_pattern)) if part in known else None
            if shape is None:
                self.faults[name] = self._unknown(part, known)
            else:
                self._take(name, part, shape, entries)

    def _rows(self, rows_name: PartName, value: Any, known: tuple[str, ...], row_of_pattern: Mapping[int, int]) -> None:
        """Rows given one by one."""
        if not isinstance(value, Mapping):
            self.faults[rows_name] = "Rows are written one by one, as in rows.outputs.18 = [0.88, 0.10, 0.02]."
            return
        for part, given in ((str(key), value) for key, value in value.items()):
            name = PartName(rows_name.table, rows_name.number, part)
            shape = self.exercise.shape(part, len(row_of_pattern)) if part in known else None
            if shape is None:
                self.faults[name] = self._unknown(part, known)
                continue
            if len(shape) < 2 and part not in ROWS_OF_PATTERNS:
                self.faults[name] = f"This {'has only one row' if shape else 'is one number'}. Write it without `rows`."
                continue
            if not isinstance(given, Mapping):
                self.faults[name] = "Write rows as rows.outputs.18 = [...]."
                continue
            places = row_of_pattern if part in ROWS_OF_PATTERNS else {n: n - 1 for n in range(1, shape[0] + 1)}
            for key, row in given.items():
                if not str(key).isdecimal() or int(key) not in places:
                    self.faults[f"{name}.{key}"] = f"There is no row {key}. Rows are counted from 1 to {max(places)}."
                else:
                    self._take(name, part, shape, [row], places[int(key)], label=f"{name}.{key}")

    def _unknown(self, part: str, known: tuple[str, ...]) -> str:
        if part in known:
            return f"The problem has no such part: a {self.exercise.layer.kind} layer predicts numbers. Leave it out."
        return f"There is no such part. {nearest(PARTS_BY_SYMBOL.get(part, part), known)}"

    # ---- Boundaries and metrics.

    def _boundary(self, name: PartName, entries: Any) -> None:
        pairs = {"-".join(map(str, both)) for both in combinations(self.exercise.classes, 2)}
        pairs |= {f"{b}-{a}" for a, b in combinations(map(str, self.exercise.classes), 2)}
        if name.part not in pairs:
            known = nearest(name.part, sorted(pairs)) if pairs else "This layer has no classes."
            self.faults[name] = f"There is no such pair of classes. {known}"
        else:
            self._take(name, "boundary", (self.exercise.layer.inputs + 1,), entries)

    def _metric(self, name: PartName, entries: Any) -> None:
        which, measure = name.set_and_measure
        own = ("cost", "mse", "r2") if self.exercise.predicts_numbers else ("cost", "errors", "accuracy")
        sets = SETS if self.exercise.problem.test is not None else SETS[:1]
        if which in sets and measure in METRICS and measure not in own:
            kind = self.exercise.layer.kind
            self.faults[name] = f"A {kind} layer has only {own[0]}, {own[1]} and {own[2]}. Leave it out."
        elif which not in sets or measure not in own:
            no_test = which == "test" and which not in sets and measure in METRICS
            known = [f"{each}_{m}" for each in sets for m in own]
            self.faults[name] = (
                f"{'The problem has no test set. ' if no_test else ''}There is no such figure. {nearest(name.part, known)}"
            )
        else:
            shape = (self.exercise.layer.neurons,) if measure in ("mse", "r2") else ()
            self._take(name, measure, shape, entries)

    # ---- One part.

    def _take(
        self, name: PartName, part: str, shape: tuple[int, ...], value: Any, row: int | None = None, label: str = ""
    ) -> None:
        """Check one part, or one row of it, and take it; or note its fault.

        Parameters
        ----------
        name : of the part.
        part : what kind of figures it holds: the part's name, or the measure of a metric.
        shape : of the whole part.
        value : of the part, or of the one row.
        row : the place of that row from 0; None for the whole part.
        label : what the fault is noted under; the name where it is empty.
        """
        transposed = from_zero = False
        try:
            if isinstance(value, str) and shape and part != "predicted":
                value = self._file(value)
            expected = shape if row is None else (1, *shape[1:])
            if part == "predicted" and not self.exercise.layer.independent:
                entries, from_zero = classes_of(value, expected[0], self.exercise.classes)
                decimals = np.zeros(expected, int)
            else:
                entries, decimals = figures_of(value, expected)
            if part in COUNTS:
                check_counts(entries)
        except TransposedError as found:
            entries, decimals, transposed = found.entries.T, found.decimals.T, True
        except InputError as error:
            self.faults[label or name] = str(error)
            return
        decimals = np.maximum(decimals, 0 if part in COUNTS else self.decimals)
        if row is None:
            self.parts[name] = GivenPart(name, entries, decimals, transposed, from_zero)
            return
        before = self.parts.get(name)
        all_values = np.full(shape, np.nan) if before is None else before.values
        all_decimals = np.full(shape, self.decimals) if before is None else before.decimals
        all_values[row : row + 1], all_decimals[row : row + 1] = entries, decimals
        if before is not None:
            transposed, from_zero = transposed or before.transposed, from_zero or before.from_zero
        self.parts[name] = GivenPart(name, all_values, all_decimals, transposed, from_zero)

    def _file(self, value: str) -> Any:
        """The rows of a CSV file that is named instead of a matrix."""
        if self.folder is None or not value.endswith(".csv"):
            raise InputError(
                "part", "be numbers, or the name of a CSV file", repr(value), "Write the matrix, row by row."
            )
        try:
            return csv_rows((self.folder / value).read_text(encoding="utf-8-sig"))
        except InputError:
            raise
        except (OSError, ValueError, csv.Error):
            raise InputError("file", "be a CSV file that can be read", repr(value), "Check its name.") from None
