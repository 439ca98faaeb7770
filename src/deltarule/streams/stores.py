"""What holds the rows of a stream: the seam between a stream and the kinds of file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple


class Part(NamedTuple):
    """Some rows, as they are stored.

    where : what holds them, for messages, as in "a.parquet, row group 3".
    first : the number of the first of them there, counted from 1.
    content : a `pyarrow.Table`, or a pair of arrays: inputs, and targets or None.
    """

    where: str
    first: int
    content: Any


class Store(ABC):
    """Rows in groups, each of which is read by itself.

    Attributes
    ----------
    where : what holds the rows, for messages.
    groups : the rows of each group. A store whose rows come one after the other has one group.
    columns : the Arrow types of the columns that are read, by name; empty where rows are arrays.
    width : N, the number of inputs of rows that are arrays; 0 of tables.
    has_targets : whether rows that are arrays have targets.
    names, target_names : of the columns of rows that are frames, and of their targets where these are several columns; else None.
    """

    where: str
    groups: tuple[int, ...]
    columns: dict[str, Any]
    width: int = 0
    has_targets: bool = True
    names: tuple[Hashable, ...] | None = None
    target_names: tuple[Hashable, ...] | None = None

    @property
    def rows(self) -> int:
        """P, the number of rows."""
        return sum(self.groups)

    @property
    @abstractmethod
    def row_bytes(self) -> int:
        """About how many bytes a row takes as it is read."""

    @abstractmethod
    def parts(
        self, group: int, skip: int, most: int, buffer: int, columns: Sequence[str] | None = None
    ) -> Iterator[Part]:
        """The rows of a group in order, some at a time.

        group : its place.
        skip : rows at its beginning that are left out.
        most : rows of a part.
        buffer : bytes that reading may take beside that.
        columns : of a table, those that are wanted; None: all of `columns`.
        """

    @abstractmethod
    def state(self) -> list[list[Any]]:
        """What changes when the data change, for JSON: name, size and time of each file. Empty where nothing is known."""
