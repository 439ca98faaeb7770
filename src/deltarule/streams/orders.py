"""The order in which the rows of a stream come: as stored, or shuffled by groups and within a window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Tells the generator of a window's order from that of the groups.
GROUPS, WINDOWS = 0, 1

Rows = tuple[Any, ...]  # arrays of the same rows


def group_order(groups: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """The order in which groups are read in an epoch: a permutation that depends on nothing but these numbers.

    Parameters
    ----------
    groups : how many there are.
    seed, epoch : whole numbers of at least 0.

    Examples
    --------
    >>> group_order(4, seed=0, epoch=1).tolist() == group_order(4, seed=0, epoch=1).tolist()
    True
    """
    return np.random.default_rng([seed, epoch, GROUPS]).permutation(groups)


def window_order(rows: int, seed: int, epoch: int, window: int) -> NDArray[np.intp]:
    """The order of the rows within a window, the `window`-th of its epoch, counted from 0.

    Parameters
    ----------
    rows : of the window.
    seed, epoch, window : whole numbers of at least 0.
    """
    return np.random.default_rng([seed, epoch, WINDOWS, window]).permutation(rows)


def in_windows(parts: Iterable[Rows], size: int) -> Iterator[Rows]:
    """Rows gathered into windows of this size; the last may be smaller.

    Parameters
    ----------
    parts : tuples of arrays of the same rows.
    size : rows of a window.

    Examples
    --------
    >>> [window[0].tolist() for window in in_windows([(np.arange(3),), (np.arange(3, 5),)], 2)]
    [[0, 1], [2, 3], [4]]
    """
    held: list[Rows] = []
    count = 0
    for part in parts:
        start, rows = 0, len(part[0])
        while count + rows - start >= size:
            stop = start + size - count
            held.append(tuple(each[start:stop] for each in part))
            yield _joined(held)
            held, count, start = [], 0, stop
        if start < rows:
            held.append(tuple(each[start:] for each in part))
            count += rows - start
    if held:
        yield _joined(held)


def _joined(parts: list[Rows]) -> Rows:
    """The rows of all parts; the list is emptied, so that nothing is held twice."""
    if len(parts) == 1:
        return parts.pop()
    joined = tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    parts.clear()
    return joined


def in_batches(parts: Iterable[Rows], size: int) -> Iterator[Rows]:
    """Rows cut so that mini-batches stay whole: each piece has a multiple of `size` rows, but for the last.

    What is left over of a part is joined with the first rows of the next, so that little is copied.

    Parameters
    ----------
    parts : tuples of arrays of the same rows.
    size : rows of a mini-batch.

    Examples
    --------
    >>> [piece[0].tolist() for piece in in_batches([(np.arange(5),), (np.arange(5, 10),)], 2)]
    [[0, 1, 2, 3], [4, 5], [6, 7, 8, 9]]
    """
    held: list[Rows] = []
    count = 0
    for part in parts:
        start, rows = 0, len(part[0])
        if count:
            start = min(size - count, rows)
            held.append(tuple(each[:start] for each in part))
            count += start
            if count == size:
                yield _joined(held)
                count = 0
        whole = (rows - start) // size * size
        if whole:
            yield tuple(each[start : start + whole] for each in part)
        if start + whole < rows:
            # Copied, so that the whole part is not held for a few rows.
            held.append(tuple(each[start + whole :].copy() for each in part))
            count += rows - start - whole
    if held:
        yield _joined(held)
