"""What one pass over a stream tells: the labels, the levels of categories, and the mean and the deviation of each input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from deltarule.checks import Vector, all_finite
from deltarule.data import Scaling, scaling_of_moments
from deltarule.errors import InputError
from deltarule.labels import CodedLabels, one_column, sorted_classes
from deltarule.streams.decoding import Decoding, placed, source_of_part
from deltarule.streams.stores import Part
from deltarule.tables.cells import is_text, texts_of
from deltarule.tables.columns import plain_type
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.learning import MOST_LEVELS

# Different labels that a column may have.
MOST_LABELS = 100_000
Scale = Literal["standardise", "centre", "none"]


@dataclass
class Moments:
    """Count, mean, and sum of squared deviations of columns, of blocks one after the other.

    The sums of two sets are joined as in Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
    sample variances" (1979): their means are not subtracted from large sums.

    Attributes
    ----------
    count : rows so far.
    mean, squares, low, high : (N,) the means, the sums of squared deviations from them, the least and the largest numbers.
    """

    count: int = 0
    mean: Vector = field(default_factory=lambda: np.zeros(0))
    squares: Vector = field(default_factory=lambda: np.zeros(0))
    low: Vector = field(default_factory=lambda: np.zeros(0))
    high: Vector = field(default_factory=lambda: np.zeros(0))

    def add(self, X: np.ndarray[Any, Any]) -> None:
        """Take the rows X (P, N)."""
        X = X.astype(np.float64, copy=False)
        with np.errstate(over="ignore", invalid="ignore"):  # what does not fit is named when the scaling is made
            mean = X.mean(axis=0)
            squares = np.square(X - mean).sum(axis=0)
            low, high = X.min(axis=0), X.max(axis=0)
            if not self.count:
                self.count, self.mean, self.squares, self.low, self.high = len(X), mean, squares, low, high
                return
            total = self.count + len(X)
            step = mean - self.mean
            self.squares = self.squares + squares + step**2 * (self.count * (len(X) / total))
            self.mean = self.mean + step * (len(X) / total)
            self.low, self.high, self.count = np.minimum(self.low, low), np.maximum(self.high, high), total


@dataclass(frozen=True)
class Survey:
    """What a pass found.

    Attributes
    ----------
    encoding : how columns become inputs; None where rows are arrays.
    scaling : of the inputs; None: none.
    """

    encoding: Encoding | None
    scaling: Scaling | None


def survey(
    parts: Iterable[Part],
    decoding: Decoding,
    texts: Sequence[str],
    levels: Mapping[str, tuple[str, ...]],
    forced: Collection[str],
    scale: Scale,
) -> Survey:
    """Look at all rows once.

    Parameters
    ----------
    parts : all rows.
    decoding : of all columns in their order, unscaled; levels need not be known.
    texts : columns of categories whose levels are to be found.
    levels : the levels of those that are known.
    forced : columns that hold categories although they look like numbers.
    scale : "standardise", "centre" or "none".

    Raises
    ------
    InputError
        If a cell is wrong, or a column has too many categories.
    """
    encoding = decoding.encoding
    order = [] if encoding is None else [column.name for column in encoding.columns]
    numbers = [name for name in order if name not in texts and name not in levels]
    plain = None if encoding is None else Encoding(tuple(map(InputColumn, numbers))) if numbers else None
    of_numbers = Decoding(plain, None, decoding.target, decoding.labelled)
    counts: dict[str, Counter[str]] = {name: Counter() for name in order if name not in numbers}
    moments, rows = Moments(), 0
    for part in parts:
        rows += len(part.content[0]) if encoding is None else len(part.content)
        for name, counter in counts.items():
            _count(counter, part, name, known=name in levels, forced=name in forced)
        if scale != "none" and (encoding is None or numbers):
            X = of_numbers.inputs_of(part)
            if not all_finite(X):
                of_numbers.refuse_wrong_cells(part)
            moments.add(X)
    found = None if encoding is None else Encoding(tuple(_column(name, counts, levels) for name in order))
    scaling = None if scale == "none" else _scaling(scale, moments, found, counts, numbers, rows)
    return Survey(found, scaling)


def labels_in(parts: Iterable[Part], decoding: Decoding) -> list[Any]:
    """The distinct labels of all rows, in the order in which they come.

    Parameters
    ----------
    parts : all rows; the columns of inputs need not be there.
    decoding : of the targets.

    Raises
    ------
    InputError
        If a cell is wrong, or there are too many labels.
    """
    seen: dict[Any, None] = {}
    for part in parts:
        try:
            seen.update(dict.fromkeys(_occurring(decoding.targets_of(part))))
        except InputError as error:
            # What is said of a table names file, group and row already.
            raise (error if part.where in str(error.got) else placed(error, part)) from None
        if len(seen) > MOST_LABELS:
            got = f"more than {MOST_LABELS:,} different ones"
            raise InputError("target", "be a column of labels", got, "Give its name in a list for numbers.")
    return list(seen)


def _occurring(targets: Any) -> list[Any]:
    """The labels that occur."""
    if isinstance(targets, CodedLabels):
        return targets.occurring()
    flat = one_column(targets)
    if np.ndim(flat) != 1:
        got = f"an array of shape {np.shape(flat)}"
        raise InputError(
            "target", "be labels (P,)", got, "Name the classes yourself, for layers that take rows of 0 and 1."
        )
    return list(sorted_classes(flat))


def _count(counter: Counter[str], part: Part, name: str, *, known: bool, forced: bool) -> None:
    """Count the categories of a column."""
    import pyarrow as pa

    source = source_of_part(part)
    texts = texts_of(source.read(name), source.at(name))
    if texts.null_count:
        from deltarule.tables.encoding import refuse_missing

        refuse_missing(InputColumn(name), np.where(texts.is_null().to_numpy(), np.nan, 0.0), source)
    found = texts.value_counts()
    words = found.field("values").to_pylist()
    if not (known or forced) and is_text(plain_type(source.read(name)[:0])):
        try:
            pa.array(words, pa.string()).cast(pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            raise InputError(
                "inputs",
                "be columns of numbers, or of categories that do not look like numbers",
                f"texts such as {words[0]!r} in {source.at(name)}",
                "Write them as numbers, or name the column among the categories.",
            )
    counter.update(dict(zip(words, found.field("counts").to_pylist(), strict=True)))
    if len(counter) > MOST_LEVELS:
        raise InputError(
            "inputs",
            f"be numbers, or at most {MOST_LEVELS} categories",
            f"more in {source.at(name)}",
            "Leave the column out: such texts are names.",
        )


def _column(name: str, counts: Mapping[str, Counter[str]], levels: Mapping[str, tuple[str, ...]]) -> InputColumn:
    if name in levels:
        return InputColumn(name, levels[name])
    return InputColumn(name, tuple(sorted(counts[name])) if name in counts else None)


def _scaling(
    scale: Scale,
    moments: Moments,
    encoding: Encoding | None,
    counts: Mapping[str, Counter[str]],
    numbers: Sequence[str],
    rows: int,
) -> Scaling:
    """The scaling of all inputs: those of categories are 1 in a share of the rows, and else 0."""
    mean, squares, low, high = moments.mean, moments.squares, moments.low, moments.high
    if encoding is not None:
        place = {name: at for at, name in enumerate(numbers)}
        columns: list[tuple[float, float, float, float]] = []
        for column in encoding.columns:
            if column.levels is None:
                at = place[column.name]
                columns.append((mean[at], squares[at], low[at], high[at]))
                continue
            for level in column.levels:
                count = counts[column.name][level]
                share = count / rows
                columns.append((share, count * (1 - share), float(count == rows), float(count > 0)))
        mean, squares, low, high = np.array(columns).T
    return scaling_of_moments(mean, squares / rows, high - low, rows, centred=scale == "centre")
