"""Reading an answer's document, part by part: what fits the exercise is taken, and what does not is a fault of its part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

from deltarule.conventions import BESIDE
from deltarule.errors import InputError, nearest
from deltarule.marking.answer.faults import LONGEST_NAME, Faults
from deltarule.marking.answer.figures import TransposedError, check_counts, classes_of, figures_of, is_blank
from deltarule.marking.answer.several import distinct, is_start, start_of
from deltarule.marking.answer.tables_of_text import Table
from deltarule.marking.answer.twice import Twice, merged
from deltarule.marking.answer.values import Values
from deltarule.marking.given import GivenPart
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.reach import out_of_reach
from deltarule.parts import (
    CONVERGENCE_PARTS,
    COUNTS,
    ITERATION_PARTS,
    LONGEST_NUMBER,
    METRICS,
    METRICS_OF_CLASSES,
    METRICS_OF_NUMBERS,
    OF_MOMENTUM,
    ROWS_OF_PATTERNS,
    SETS,
    PartName,
    pairs_of,
)

# Of more classes there are too many pairs to look for the nearest one.
MOST_CLASSES_NAMED = 20


class Reader:
    """Collects the parts of a document, and the faults in it.

    Parameters
    ----------
    exercise : which parts there are, and their shapes.
    decimals : of the answer's figures.
    folder : where CSV files lie; None where the document names none.
    faults : where faults are noted.

    Attributes
    ----------
    parts : what was read, by name.
    values : reads the values of parts.
    last_taken : parts of which a notebook has different values, so that the last one was taken.
    from_zero : whether iterations are counted from 0.
    has_blanks : whether a part is left blank, as in a template that nobody has filled in: it counts as not given.
    """

    def __init__(self, exercise: Exercise, decimals: int, folder: Path | None, faults: Faults) -> None:
        self.exercise, self.decimals = exercise, decimals
        self.parts: dict[PartName, GivenPart] = {}
        self.fault = faults.add
        self.values = Values(folder, frozenset(map(str, exercise.classes)))
        self.last_taken: list[PartName] = []
        self.from_zero = False
        self.has_blanks = False

    def table(self, name: str, value: Any) -> None:
        """Read one of the document's tables: iteration, convergence, boundaries or metrics."""
        if not isinstance(value, Mapping):
            heading = f"[{name}{'.1' if name == 'iteration' else ''}]"
            self.fault(name, f"This must be a table. Write {heading} above its parts.", value)
        elif name == "iteration":
            self._iterations(value)
        elif name == "convergence":
            self._parts(name, None, value, CONVERGENCE_PARTS, range(self.exercise.count))
        elif name == "boundaries":
            self._boundaries(value)
        else:
            for metric, entries in value.items():
                self._metric(PartName(name, None, str(metric)), entries)

    # ---- Iterations, and what the descent reaches.

    def _iterations(self, value: Mapping[str, Any]) -> None:
        tables, unknown = by_number(value, "iteration")
        if len(tables) > 1 and 0 in tables and is_start(tables[0], self.exercise.layer):
            del tables[0]
        # Where iterations are counted from 0, the first update is iteration 0.
        self.from_zero = 0 in tables
        unclear = len(tables) > 1 and self.from_zero and not _is_update(tables[0])
        self.from_zero = self.from_zero and not unclear
        numbers = {given: given + self.from_zero for given in tables}
        valid = {number for number in numbers.values() if 1 - unclear <= number <= self.exercise.updates}
        first = min(valid, default=1)
        for key in [*unknown, *(str(given) for given, number in numbers.items() if number not in valid)]:
            rule = f"The number of an iteration must be one of 1 to {self.exercise.updates}. Correct it."
            self.fault(f"iteration.{key}", rule)
        if unclear:
            other = min(number for number in tables if number)
            both = f"Iteration 0 and iteration {other} both stand. Which is the first update?"
            for number in sorted(valid):
                self.fault(f"iteration.{number}", f"{both} Call it iteration 1, and leave out what stands before it.")
            return
        for given, table in tables.items():
            number, name = numbers[given], f"iteration.{given}"
            if number not in valid:
                continue
            if why := out_of_reach(self.exercise, number, first):
                self.fault(name, why)
            elif not isinstance(table, Mapping):
                self.fault(name, f"This must be a table. Write [{name}] above its parts.", table)
            else:
                self._parts("iteration", number, table, ITERATION_PARTS, self.exercise.batch(number))

    def _parts(
        self, table: str, number: int | None, value: Mapping[str, Any], known: tuple[str, ...], batch: Iterable[int]
    ) -> None:
        """The parts of an iteration, or of the convergence, over these patterns."""
        row_of_pattern = {int(p) + 1: row for row, p in enumerate(batch)}
        by_rows = value.get("rows")
        for part, entries in ((str(key), entries) for key, entries in value.items()):
            name = PartName(table, number, part)
            if part == "rows":
                whole = {part: Twice("as a whole and by rows") for part in known if part in value}
                self._rows(name, entries, known, row_of_pattern, whole)
                continue
            if part in known and isinstance(by_rows, Mapping) and part in by_rows:
                continue  # is named with the rows
            if part in OF_MOMENTUM and not self.exercise.momentum and not isinstance(entries, list):
                continue  # what a text calls V may be anything
            shape = self.exercise.shape(part, len(row_of_pattern)) if part in known else None
            if shape is None:
                self.fault(name, self._unknown(part, known), entries)
            else:
                self._take(name, part, shape, entries)

    def _rows(
        self,
        rows_name: PartName,
        value: Any,
        known: tuple[str, ...],
        row_of_pattern: Mapping[int, int],
        whole: Mapping[str, Twice],
    ) -> None:
        """Rows given one by one; `whole` has the parts that are given as a whole too."""
        if not isinstance(value, Mapping):
            self.fault(rows_name, "Rows are written one by one, as in rows.outputs.18 = [0.88, 0.10, 0.02].", value)
            return
        for part, given in ((str(key), value) for key, value in value.items()):
            name = PartName(rows_name.table, rows_name.number, part)
            shape = self.exercise.shape(part, len(row_of_pattern)) if part in known else None
            if shape is None:
                self.fault(name, self._unknown(part, known), given)
            elif part in whole:
                self.fault(name, str(whole[part]))
            elif len(shape) < 2 and part not in ROWS_OF_PATTERNS:
                only = "has only one row" if shape else "is one number"
                self.fault(name, f"This {only}. Write it without `rows`.", given)
            elif not isinstance(given, Mapping):
                self.fault(name, "Write rows as rows.outputs.18 = [...].", given)
            else:
                places = row_of_pattern if part in ROWS_OF_PATTERNS else {n: n - 1 for n in range(1, shape[0] + 1)}
                self._rows_of_part(name, shape, given, places)

    def _rows_of_part(
        self, name: PartName, shape: tuple[int, ...], given: Mapping[str, Any], places: Mapping[int, int]
    ) -> None:
        """The rows of one part; `places` has the place of each row by its number."""
        rows, unknown = by_number(given, "row")
        for key in [*unknown, *(str(row) for row in rows if row not in places)]:
            why = f"There is no row {key:.{LONGEST_NUMBER}}. Rows are counted from 1 to {max(places)}."
            self.fault(f"{name}.{key}", why)
        for row, entries in rows.items():
            if row in places:
                value = entries if isinstance(entries, Twice) else [entries]
                self._take(name, name.part, shape, value, places[row], label=f"{name}.{row}")

    def _unknown(self, part: str, known: tuple[str, ...]) -> str:
        conventions = self.exercise.conventions
        if part in BESIDE.values() and not conventions.has_biases:
            return "The layer of this problem has no biases. Leave it out."
        if part in OF_MOMENTUM and not self.exercise.momentum:
            return "The descent of this problem has no momentum. Leave it out."
        if part in known and not conventions.writes(part):
            why = ", and ".join(conventions.of_weights.sentences)
            return f"The problem has no such part: {why}. Write it in {conventions.part_of(part)}."
        if part in known:
            return f"The problem has no such part: a {self.exercise.layer.kind} layer predicts numbers. Leave it out."
        return f"There is no such part. {nearest(part[:LONGEST_NAME], known)}"

    # ---- Boundaries and metrics.

    def _boundaries(self, value: Mapping[str, Any]) -> None:
        found = {str(key): pairs_of(self.exercise.classes, str(key)) for key in value}
        spellings: dict[frozenset[int], list[str]] = {}
        for key, pairs in found.items():
            for pair in pairs[:1]:
                spellings.setdefault(frozenset(pair), []).append(key)
        for key, entries in ((str(key), entries) for key, entries in value.items()):
            name, shape = PartName("boundaries", None, key), (self.exercise.layer.inputs + 1,)
            if not found[key]:
                self.fault(name, f"There is no such pair of classes. {self._known_pairs(key)}", entries)
            elif len(found[key]) > 1:
                self.fault(name, "This may be several pairs of classes. Leave it out.", entries)
            elif len(same := spellings[frozenset(found[key][0])]) == 1:
                self._take(name, "boundary", shape, entries)
            elif key == same[0]:
                self.fault(name, str(Twice(f"as {' and '.join(same)}")))

    def _known_pairs(self, key: str) -> str:
        classes = list(map(str, self.exercise.classes))
        if not classes:
            return "This layer has no classes."
        if len(classes) > MOST_CLASSES_NAMED:
            return f"Write two classes with a hyphen, as in {classes[0]}-{classes[1]}."
        return nearest(key[:LONGEST_NAME], sorted(map("-".join, permutations(classes, 2))))

    def _metric(self, name: PartName, entries: Any) -> None:
        which, measure = name.set_and_measure
        own = METRICS_OF_NUMBERS if self.exercise.predicts_numbers else METRICS_OF_CLASSES
        sets = SETS if self.exercise.problem.test is not None else SETS[:1]
        if which in sets and measure in METRICS and measure not in own:
            kind = self.exercise.layer.kind
            self.fault(name, f"A {kind} layer has only {own[0]}, {own[1]} and {own[2]}. Leave it out.", entries)
        elif which not in sets or measure not in own:
            no_test = which == "test" and which not in sets and measure in METRICS
            known = [f"{each}_{m}" for each in sets for m in own]
            near = nearest(name.part[:LONGEST_NAME], known)
            no_set = "The problem has no test set. " if no_test else ""
            self.fault(name, f"{no_set}There is no such figure. {near}", entries)
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
        transposed = from_zero = numbered = False
        if isinstance(value, Twice):
            value = self._one_of(name, part, shape, value, label)
        if is_blank(value) or (isinstance(value, list) and value and all(map(is_blank, value))):
            self.has_blanks = True
            return
        expected = shape if row is None else (1, *shape[1:])
        labels = part == "predicted" and not self.exercise.layer.independent
        try:
            value = self._in_order(name, self.values.of(value, expected, labels=labels))
            if labels:
                entries, from_zero, numbered = classes_of(value, expected[0], self.exercise.classes)
                decimals = np.zeros(expected, int)
            else:
                entries, decimals = figures_of(value, expected)
            if part in COUNTS:
                check_counts(entries)
        except TransposedError as found:
            entries, decimals, transposed = found.entries.T, found.decimals.T, True
        except InputError as error:
            self.fault(label or name, f"{error}{self._shape_here(part, error)}")
            return
        if np.isnan(entries).all():
            self.has_blanks = True
            return
        decimals = np.maximum(decimals, 0 if part in COUNTS else self.decimals)
        if row is None:
            self.parts[name] = GivenPart(name, entries, decimals, transposed, from_zero, numbered)
            return
        before = self.parts.get(name)
        all_values = np.full(shape, np.nan) if before is None else before.values.copy()
        all_decimals = np.full(shape, self.decimals) if before is None else before.decimals.copy()
        all_values[row : row + 1], all_decimals[row : row + 1] = entries, decimals
        if before is not None:
            transposed, from_zero = transposed or before.transposed, from_zero or before.from_zero
        self.parts[name] = GivenPart(name, all_values, all_decimals, transposed, from_zero, numbered)

    def _in_order(self, name: PartName, value: Any) -> Any:
        """The value, with the columns and rows of a table where its headings say that they belong."""
        if not isinstance(value, Table):
            return value
        rows, columns = self.exercise.heads(name)
        if name.part in BESIDE or name.part in BESIDE.values():
            rows = self.exercise.conventions.names_with_one(rows)
        elif name.part == "inputs":
            columns = self.exercise.conventions.names_with_one(columns)
        return value.in_order(rows, columns)

    def _one_of(self, name: PartName, part: str, shape: tuple[int, ...], given: Twice, label: str) -> Any:
        """The value that is meant of several; None where none is, or it is a fault which; the parameters are those of `_take`."""
        start = start_of(self.exercise.layer, part) if name.table == "iteration" else []
        several = distinct(given, shape, start)
        if given.values and not several:
            return None
        if not several or (len(several) > 1 and not given.last_counts):
            self.fault(label or name, str(given))
            return None
        if len(several) > 1:
            self.last_taken.append(name)
        return several[-1]

    def _shape_here(self, part: str, error: InputError) -> str:
        """What an error of the shape of W adds where the problem writes W otherwise than most do."""
        sentences = self.exercise.conventions.of_weights.sentences
        if part not in BESIDE or not sentences or not error.rule.startswith("have "):
            return ""
        return f" In this problem {', and '.join(sentences)}."


def _is_update(table: Any) -> bool:
    """Whether the table of an iteration has what is worked for an update only: a delta or a gradient."""
    if not isinstance(table, Mapping):
        return False
    rows = table.get("rows")
    parts = {*table, *(rows if isinstance(rows, Mapping) else ())}
    return not parts.isdisjoint(("delta", "weight_gradient", "bias_gradient"))


def by_number(table: Mapping[Any, Any], what: str) -> tuple[dict[int, Any], list[str]]:
    """The values of a table whose keys are numbers, by these; and the keys that are none.

    Parameters
    ----------
    table : keys such as "1", and their values. Two spellings of a number, "1" and "01", are one key that stands twice.
    what : the keys are the numbers of, for the fault.

    Examples
    --------
    >>> by_number({"1": "a", "x": "b", "02": "c"}, "row")
    ({1: 'a', 2: 'c'}, ['x'])
    """
    found: dict[int, Any] = {}
    spelled: dict[int, str] = {}
    unknown = []
    for key, value in ((str(key), value) for key, value in table.items()):
        if not key.isdecimal() or len(key) > LONGEST_NUMBER:
            unknown.append(key)
            continue
        number = int(key)
        if number in found:
            found[number] = merged(found[number], value, f"as {what} {spelled[number]} and {what} {key}")
        else:
            found[number], spelled[number] = value, key
    return found, unknown
