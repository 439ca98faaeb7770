"""How much memory is free, and the error for what would need more: said before anything is made."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from deltarule.errors import InputError
from deltarule.printable import brief

# What is taken to be free where the system does not say.
ASSUMED = 8 * 10**9
# What needs less is not worth a look, which takes a millisecond.
SMALL = 10**8
# Numbers from which on a cgroup's limit means that it has none.
NO_LIMIT = 2**60


def check_fits(name: str, got: str, size: int, remedy: str) -> None:
    """Raise an `InputError` where something needs more memory than is free.

    Parameters
    ----------
    name : what it is, for the message.
    got : its size in the user's terms, as in "1,000 x 1,000 weights".
    size : the bytes that it needs.
    remedy : what to do.

    Examples
    --------
    >>> check_fits("layer", "10^9 x 10^9 weights", 8 * 10**18, "Give fewer inputs.")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    deltarule.errors.InputError: The layer must fit into memory. Got 10^9 x 10^9 weights, which need 8,000,000,000 GB, ...
    """
    if size <= SMALL:
        return
    free = free_memory()
    if size > free:
        got = f"{got}, which need {bytes_text(size)}, where {bytes_text(free)} are free"
        raise InputError(name, "fit into memory", got, remedy)


def bytes_text(count: int) -> str:
    """A number of bytes for people, with two figures or more.

    Parameters
    ----------
    count : the bytes.

    Examples
    --------
    >>> bytes_text(2_345_000), bytes_text(7_300_000_000), bytes_text(12_345_000_000), bytes_text(900)
    ('2.3 MB', '7.3 GB', '12 GB', '0.1 MB')
    """
    amount, unit = (count / 10**9, "GB") if count >= 10**9 else (max(count, 10**5) / 10**6, "MB")
    return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:,.0f} {unit}"


# What a size is written with, and the bytes that it stands for.
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_SIZE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", re.ASCII)


def bytes_of(name: str, size: object) -> int:
    """A size of memory in bytes, from a whole number of bytes or from a text such as "2GB" or "500 MiB".

    Parameters
    ----------
    name : what has this size, for messages.
    size : the size.

    Raises
    ------
    InputError
        If it is no such size, is 0, or is larger than any memory.

    Examples
    --------
    >>> bytes_of("memory", "1.5GB"), bytes_of("memory", 4096)
    (1500000000, 4096)
    """
    found = _SIZE.fullmatch(str(size)) if isinstance(size, str | int) and not isinstance(size, bool) else None
    unit = UNITS.get(found[2].upper()) if found is not None else None
    if found is None or unit is None or not 1 <= float(found[1]) * unit < 2**63:
        raise InputError(name, "be a size such as '2GB' or a number of bytes", brief(size), "Write it like '500MB'.")
    return int(float(found[1]) * unit)


def free_memory(root: Path = Path("/")) -> int:
    """Bytes that this process may still take: the least of what the system, its control groups and its own limits leave.

    Parameters
    ----------
    root : where /proc and /sys lie.
    """
    found = [*_of_system(root), *_of_groups(root), *_of_process(root)]
    return max(0, min(found, default=ASSUMED))


def _of_system(root: Path) -> Iterator[int]:
    """What Linux counts as available; elsewhere the whole memory."""
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield 1024 * int(line.split()[1])
            return
    try:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # pragma: no cover - Windows
        return


def _of_groups(root: Path) -> Iterator[int]:
    """What the limits of control groups leave: of the group of the process and of those above it, in version 2 and 1."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, kinds, path = line.split(":", 2)
        top = root / "sys/fs/cgroup"
        limit, used, idle = "memory.max", "memory.current", "inactive_file"
        if kinds:
            if "memory" not in kinds.split(","):
                continue
            top = top / "memory"
            limit, used, idle = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for depth in range(len(parts) + 1):
            group = top.joinpath(*parts[:depth])
            most, now = _number(_text(group / limit)), _number(_text(group / used))
            if most is None or now is None or most >= NO_LIMIT:
                continue
            statistics = dict(entry.split() for entry in _text(group / "memory.stat").splitlines())
            # Files that were read lie in memory too, and make room when it is needed.
            yield most - now + int(statistics.get(idle, 0))


def _of_process(root: Path) -> Iterator[int]:
    """What the limit of the address space leaves (`ulimit -v`)."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows
        return
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        taken = _text(root / "proc/self/statm").split()
        yield most - (int(taken[0]) * resource.getpagesize() if taken else 0)


def _number(text: str) -> int | None:
    """A whole number; None for another text ("max") and for none."""
    return int(text) if text.strip().isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, ValueError):
        return ""
