"""Items made ahead in one thread, while those before them are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in the same order; while one is used, a thread makes the next.

    An error of theirs is raised in the place of the item. No thread is left when the iterator ends or is closed.

    Parameters
    ----------
    items : what makes them; all of it runs in the thread.

    Examples
    --------
    >>> list(ahead(number * number for number in range(4)))
    [0, 1, 4, 9]
    """
    end = object()
    # A pool of one: what is submitted runs one after the other, so the iterator is never asked twice at once.
    with ThreadPoolExecutor(1, "deltarule-stream") as pool:
        iterator = iter(items)
        coming = pool.submit(next, iterator, end)
        try:
            while (item := coming.result()) is not end:
                coming = pool.submit(next, iterator, end)
                yield item  # type: ignore[misc]
                del item  # or it would be held while the next is waited for
        finally:
            coming.cancel()
            pool.submit(getattr(iterator, "close", lambda: None))
