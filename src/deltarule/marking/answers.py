"""The answer file: any part of a worked answer, read with the digits that were written.

An answer file (TOML; JSON alike)
---------------------------------
    decimals = 2                             # of its figures; left out: the problem's

    [iteration.1]                            # any of these, of any iteration
    synaptic_inputs = [[2.72, -1.56, -0.76]] # U; a matrix is complete, or its rows are given one by one:
    rows.outputs.18 = [0.88, 0.10, 0.02]     # row 18 of f(U)
    predicted = ["A", "A"]                   # labels, or the numbers of the classes, from 1
    errors = 14
    cost = 34.50
    delta = "delta.csv"                      # a matrix may lie in a CSV file beside the answer
    weight_gradient = [[0.1, 0.2]]
    bias_gradient = [6.43, -5.33, -1.10]
    weights = [[0.28, -0.54, 0.89]]          # after the update
    biases = [-0.32, 0.27, 0.06]

    [convergence]
    updates = 1500
    weights = [[-0.15, -3.41, 4.18]]         # biases, cost, errors, outputs, predicted alike, and
    inputs = [[0, 4], [-1, 3]]               # the patterns, where they are written beside their outputs

    [boundaries]
    "A-B" = [3.25, 6.29, -13.63]             # a1 x1 + a2 x2 + c = 0, or any multiple

    [metrics]                                # training_ or test_: cost, errors, accuracy, mse, r2
    test_accuracy = 0.95

A CSV file alone is one part, named by the file: `iteration.1.delta.csv`, or `Ada.iteration.1.delta.csv`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import whole
from deltarule.errors import AnswerError, InputError, nearest
from deltarule.iteration import Iteration, iterate
from deltarule.marking.task import CONVERGENCE_PARTS, COUNTS, ITERATION_PARTS, METRICS, ROWS_OF_PATTERNS, SETS, Task
from deltarule.problem import Problem
from deltarule.show.formulas import counted
from deltarule.show.numbers import MOST_DECIMALS, decimals_shown, figure

TABLES = ("iteration", "convergence", "boundaries", "metrics")


@dataclass(frozen=True, eq=False)
class Given:
    """One part of an answer.

    name : "iteration.1.delta".
    values : as the part's shape; NaN where nothing was given. Predicted classes by their places, from 0.
    decimals : of each entry.
    transposed : whether rows and columns were swapped in the file.
    from_zero : whether classes were numbered from 0.
    """

    name: str
    values: NDArray[np.float64]
    decimals: NDArray[np.int_]
    transposed: bool = False
    from_zero: bool = False

    @property
    def half(self) -> NDArray[np.float64]:
        """Half a unit of each entry's last decimal."""
        return 0.5 * 10.0 ** -self.decimals.astype(float)

    @property
    def note(self) -> str:
        """What is wrong with it as a whole."""
        if self.transposed:
            return "rows and columns are exchanged"
        return "the classes are counted from 0" if self.from_zero else ""

    @property
    def complete(self) -> bool:
        """Whether every entry is given."""
        return not np.isnan(self.values).any()


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer as fitted to its problem.

    parts : by name, in the order in which they are worked.
    faults : what could not be read, by the name of its part, and why.
    """

    parts: dict[str, Given]
    faults: dict[str, str]
    decimals: int
    counted_from_zero: bool = False

    def iterations(self) -> list[int]:
        """Those of which any part is given."""
        return sorted({int(name.split(".")[1]) for name in self.parts if name.startswith("iteration.")})


def read_answer(path: str | os.PathLike[str], problem: Problem) -> Answer:
    """The answer of a TOML, JSON or CSV file, fitted to its problem.

    Raises
    ------
    AnswerError
        If the file cannot be read at all, or is empty. What is wrong with one part only is among the answer's faults.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AnswerError(str(path), f"The file cannot be read: {error.strerror}. Check its name.") from None
    except UnicodeDecodeError:
        raise AnswerError(str(path), "The file is no text in UTF-8. Save it as UTF-8.") from None
    if not text.strip():
        raise AnswerError(str(path), "The file is empty. Write the parts that were worked, see the help of check.")
    try:
        document = _document(path, text)
    except (ValueError, ArithmeticError, csv.Error, RecursionError) as error:
        why = "A number is too large" if isinstance(error, ArithmeticError) else str(error).removesuffix(".")
        raise AnswerError(str(path), f"This is no {path.suffix[1:].upper() or 'TOML'}: {why}. Mend it there.") from None
    return answer_from(document, problem, folder=path.parent, where=path.name)


def _document(path: Path, text: str) -> Any:
    suffix = path.suffix.lower()
    if suffix == ".json":
        return json.loads(text, parse_float=Decimal)
    if suffix == ".csv":
        document: dict[str, Any] = {}
        # What stands before the table is a name: Ada.iteration.1.delta.csv
        words = path.stem.split(".")
        *tables, part = words[next((i for i, word in enumerate(words) if word in TABLES), 0) :]
        inner = document
        for name in tables:
            inner = inner.setdefault(name, {})
        inner[part] = _csv_rows(text)
        return document
    return tomllib.loads(text, parse_float=Decimal)


def _csv_rows(text: str) -> list[list[Any]]:
    rows = csv.reader(io.StringIO(text, newline=None))  # lines as any system ends them
    return [[_cell(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _cell(cell: str) -> Any:
    try:
        return Decimal(cell.strip())
    except ArithmeticError:
        return cell.strip()


def answer_from(
    document: Mapping[str, Any], problem: Problem, *, folder: Path | None = None, where: str = "answer"
) -> Answer:
    """The answer of a document: dictionaries where an answer file has tables; arrays do for lists.

    Raises
    ------
    AnswerError
        If it is no such document, or has nothing to mark.
    """
    if not isinstance(document, Mapping):
        raise AnswerError(where, "An answer has tables, as in [iteration.1]. Write the parts that were worked.")
    task = Task.of(problem)
    try:
        decimals = decimals_shown(document.get("decimals", task.decimals))
    except InputError as error:
        raise AnswerError(f"{where}, decimals", str(error)) from None
    reader = _Reader(task, decimals, folder)
    for name, value in document.items():
        if name in TABLES:
            reader.table(name, value)
        elif name not in ("decimals", "title", "name"):
            reader.faults[str(name)] = f"There is no such table. {nearest(str(name), TABLES)}"
    if not reader.parts and not reader.faults:
        raise AnswerError(where, "There is nothing to mark. Write the parts that were worked, as in [iteration.1].")
    faults = {_printable(name): _printable(why) for name, why in reader.faults.items()}
    return Answer(dict(sorted(reader.parts.items(), key=_place)), faults, decimals, reader.from_zero)


def _printable(text: str) -> str:
    """A text of the answer's own that no terminal obeys and every stream can take."""
    return text if text.isprintable() else repr(text)[1:-1]


def _place(item: tuple[str, Given]) -> tuple[Any, ...]:
    table, *inner = item[0].split(".")
    if table == "iteration":
        return 0, int(inner[0]), ITERATION_PARTS.index(inner[1])
    known = CONVERGENCE_PARTS if table == "convergence" else ()
    return TABLES.index(table), 0, known.index(inner[0]) if inner[0] in known else 0


class _Reader:
    """Collects the parts of a document, and what is wrong with them."""

    def __init__(self, task: Task, decimals: int, folder: Path | None) -> None:
        self.task, self.decimals, self.folder = task, decimals, folder
        self.parts: dict[str, Given] = {}
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
            self._parts("convergence", value, CONVERGENCE_PARTS, self.task.count, range(self.task.count))
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
            if not 1 <= number <= self.task.updates:
                self.faults[name] = f"The number of an iteration must be one of 1 to {self.task.updates}. Correct it."
            elif not isinstance(table, Mapping):
                self.faults[name] = f"This must be a table. Write [{name}] above its parts."
            else:
                batch = self.task.batches(number, number)[0]
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
            shape = self.task.shape(part, rows) if part in known else None
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
            shape = self.task.shape(part, rows) if part in known else None
            if not shape or not isinstance(given, Mapping):
                self.faults[name] = (
                    self._unknown(part, known) if not shape else "Write rows as rows.outputs.18 = [...]."
                )
                continue
            if part in ("biases", "bias_gradient"):
                self.faults[name] = "This has one row only. Write it without `rows`."
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
            return f"The problem has no such part: a {self.task.layer.kind} layer predicts numbers. Leave it out."
        return f"There is no such part. {nearest(part, known)}"

    def _boundary(self, pair: str, entries: Any) -> None:
        names = {"-".join(map(str, both)) for both in combinations(self.task.classes, 2)}
        names |= {f"{b}-{a}" for a, b in combinations(map(str, self.task.classes), 2)}
        if pair not in names:
            known = nearest(pair, sorted(names)) if names else "This layer has no classes."
            self.faults[f"boundaries.{pair}"] = f"There is no such pair of classes. {known}"
        else:
            self._keep(f"boundaries.{pair}", "boundary", (self.task.layer.inputs + 1,), entries, slice(None))

    def _metric(self, metric: str, entries: Any) -> None:
        which, _, kind = metric.partition("_")
        own = ("cost", "mse", "r2") if self.task.says_numbers else ("cost", "errors", "accuracy")
        sets = SETS if self.task.problem.test is not None else SETS[:1]
        names = [f"{s}_{m}" for s in sets for m in own]
        if which not in sets or kind not in own:
            why = "The problem has no test set. " if which == "test" and which not in sets and kind in METRICS else ""
            self.faults[f"metrics.{metric}"] = f"{why}There is no such figure. {nearest(metric, names)}"
            return
        shape = (self.task.layer.neurons,) if kind in ("mse", "r2") else ()
        self._keep(f"metrics.{metric}", kind, shape, entries, slice(None))

    def _keep(self, name: str, part: str, shape: tuple[int, ...], value: Any, rows: slice, label: str = "") -> None:
        """One part, or one row of it, checked and kept; or its fault."""
        try:
            if isinstance(value, str) and shape and part != "predicted":
                value = self._file(value)
            wanted = shape if rows == slice(None) else (1, *shape[1:])
            if part == "predicted" and not self.task.independent:
                entries, from_zero = self._classes(value, wanted)
                digits = np.zeros(wanted, int)
            else:
                entries, digits, from_zero = *_figures(value, wanted), False
            if part in COUNTS:
                _check_counts(entries)
            transposed = False
        except _TransposedError as found:
            entries, digits, transposed, from_zero = found.entries.T, found.digits.T, True, False
        except InputError as error:
            self.faults[label or name] = str(error)
            return
        digits = np.maximum(digits, 0 if part in ("predicted", "errors", "updates") else self.decimals)
        if rows == slice(None):
            self.parts[name] = Given(name, entries, digits, transposed, from_zero)
            return
        before = self.parts.get(name)
        values = np.full(shape, np.nan) if before is None else before.values
        decimals = np.full(shape, self.decimals) if before is None else before.decimals
        values[rows], decimals[rows] = entries, digits
        if before is not None:
            transposed, from_zero = transposed or before.transposed, from_zero or before.from_zero
        self.parts[name] = Given(name, values, decimals, transposed, from_zero)

    def _file(self, value: str) -> Any:
        if self.folder is None or not value.endswith(".csv"):
            raise InputError(
                "part", "be numbers, or the name of a CSV file", repr(value), "Write the matrix, row by row."
            )
        path = self.folder / value
        try:
            return _csv_rows(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, csv.Error):
            raise InputError("file", "be a CSV file that can be read", repr(value), "Check its name.") from None

    def _classes(self, value: Any, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], bool]:
        """Predicted labels, or numbers of classes counted from 1 (or, told by a 0, from 0), as places."""
        given = [each for row in _list(value) for each in (_list(row) if isinstance(row, list | tuple) else [row])]
        if len(given) != shape[0]:
            raise InputError("part", f"have {shape[0]} labels, one a pattern", len(given), "Give one a pattern.")
        classes = list(self.task.classes)
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


class _TransposedError(Exception):
    def __init__(self, entries: NDArray[np.float64], digits: NDArray[np.int_]) -> None:
        self.entries, self.digits = entries, digits


def _same(label: Any) -> str:
    """A label as text; 3, 3.0 and 3.00 are one."""
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool) or not isinstance(label, float | Decimal):
        return str(label)
    return str(int(label) if float(label).is_integer() else float(label))


def _list(value: Any) -> list[Any]:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise InputError("part", "be a list", f"{value!s:.40}", "Write it in brackets.")
    return list(value)


def _figures(value: Any, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Numbers of that shape, and the decimals of each."""
    if not shape:
        while isinstance(value, list | tuple | np.ndarray) and len(value) == 1:
            value = value[0]
        number, digits = _number(value, "")
        return np.array(number), np.array(digits)
    rows = _list(value)
    nested = [isinstance(row, list | tuple | np.ndarray) for row in rows]
    if len(shape) == 1:
        if len(rows) == 1 and nested[0]:  # a row in double brackets
            rows = _list(rows[0])
        elif all(nested) and all(len(row) == 1 for row in rows):  # a column
            rows = [_list(row)[0] for row in rows]
        pairs = [_number(each, f" in entry {place}") for place, each in enumerate(rows, start=1)]
        _check_shape((len(pairs),), shape)
    else:
        if shape[1] == 1 and not any(nested):  # one neuron: a list will do
            rows = [[row] for row in rows]
        elif shape[0] == 1 and not any(nested):
            rows = [rows]
        table = [_list(row) for row in rows]
        pairs = [
            _number(each, f" in row {r}, column {c}")
            for r, row in enumerate(table, start=1)
            for c, each in enumerate(row, start=1)
        ]
        lengths = sorted({len(row) for row in table}) or [0]
        if len(lengths) != 1:
            raise InputError("part", f"have {shape[1]} columns in each row", f"rows of {lengths}", "Complete the rows.")
        found = (len(table), lengths[0])
        if found != shape and found == shape[::-1]:
            raise _TransposedError(*_arrays(pairs, found))
        _check_shape(found, shape)
    return _arrays(pairs, shape)


def _arrays(pairs: list[tuple[float, int]], shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    numbers, digits = zip(*pairs, strict=True)
    return np.array(numbers, float).reshape(shape), np.array(digits).reshape(shape)


def _check_counts(entries: NDArray[np.float64]) -> None:
    if (entries != np.floor(entries)).any():
        raise InputError("count", "be a whole number", f"{float(entries.flat[0]):g}", "Count again.")


def _check_shape(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    if found == shape:
        return
    if len(shape) == 1:
        raise InputError("part", f"have {shape[0]} entries", found[0], "Give one for each.")
    wanted, got = (f"{counted(rows, 'row')} and {counted(columns, 'column')}" for rows, columns in (shape, found))
    raise InputError("part", f"have {wanted}", got, "Give all rows, or single ones as in rows.outputs.18 = [...].")


def _number(value: Any, where: str) -> tuple[float, int]:
    """A figure and its decimals."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError("part", "hold numbers", f"{value!r:.40}{where}", "Write a number there.")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise InputError("part", "hold finite numbers", f"{value!s}{where}", "Write the figure that was found.")
    number = float(exact)
    if not np.isfinite(number):
        raise InputError("part", "hold numbers that fit float64", f"{value!s:.40}{where}", "Correct it.")
    exponent = exact.as_tuple().exponent
    return number, min(max(0, -exponent), MOST_DECIMALS) if isinstance(exponent, int) else 0


# ---- The right answer, as a file.


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
