"""The files that hold a table: which they are, and what is said where Arrow cannot read one."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deltarule.checks import IF_COMMA
from deltarule.errors import InputError
from deltarule.files import placed
from deltarule.tables.lines import Lines, check_quotes
from deltarule.tables.reading import JSON_LINES, ROW_OF_LINES, not_utf8

# Files that one pattern may match.
MOST_FILES = 10_000
# Characters of an error of Arrow's, which may quote a row of any length.
LONGEST = 300
# What Arrow says of a line of JSON that holds something else than an object.
NO_OBJECT = re.compile(r"Column\(\) changed from object to (\w+)")
# What Arrow says of a column of JSON lines whose cells are of two types.
CHANGED = re.compile(r"Column\(/(.*)\) changed")
OUTSIDE = "Put it there, or state a folder above both: root= in Python, --root on the command line."


def files_of(path: Path, root: str | os.PathLike[str] | None, suffixes: tuple[str, ...]) -> list[Path]:
    """The file, or the files that a pattern matches, each with a known suffix, relative to the root where there is one.

    Parameters
    ----------
    path : a file, or a pattern such as "part-*.parquet".
    root : the folder that the files must lie in; None: anywhere.
    suffixes : the endings, in lower case, of files that can be read.

    Raises
    ------
    InputError
        If there is no such file, or it has another ending.
    """
    whole = placed(path, "table", root, OUTSIDE)
    if os.path.isdir(whole):  # noqa: PTH112 - `Path.is_dir` fails where a name is too long
        raise InputError("table", "be a file", f"the directory {path}", f"Give a pattern, as in {path / '*.parquet'}.")
    if path.suffix.lower() not in suffixes:
        rule = f"be a file that ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}"
        raise InputError("table", rule, str(path), "Save it in one of these forms.")
    # Only what does not exist is a pattern: a name may have brackets in it.
    if not any(mark in str(path) for mark in "*?[") or os.path.lexists(whole):
        return [path]
    if "**" in path.name or not os.path.isdir(whole.parent):  # noqa: PTH112
        raise InputError(
            "table",
            "have a pattern that can be used, in the name of the file alone and without **",
            repr(str(path)),
            "Write one like 'part-*.csv'.",
        )
    try:
        # A hidden file may be the draft of another.
        names = [name for name in os.listdir(whole.parent) if not name.startswith(".")]  # noqa: PTH208
    except OSError as error:
        raise InputError(
            "table", "lie in a folder that can be read", f"{path} ({error.strerror})", "Check it."
        ) from None
    found = sorted(fnmatch.filter(names, path.name))
    if not found:
        raise InputError("table", "be a file that exists", str(path), _beside(path, names))
    if len(found) > MOST_FILES:
        raise InputError(
            "table", f"be at most {MOST_FILES:,} files", f"{len(found):,} for {str(path)!r}", "Join them into fewer."
        )
    return [path.with_name(name) for name in found]


def _beside(pattern: Path, names: list[str]) -> str:
    """The remedy for a pattern that no file in the folder matches, which holds these names."""
    suffix = pattern.suffix.lower()
    there = sorted(name for name in names if name.lower().endswith(suffix))
    if not there:
        return f"Check the folder: it holds no {suffix} file."
    shown = ", ".join(map(repr, there[:3])) + (", ..." if len(there) > 3 else "")
    return f"Correct the pattern: its folder holds {shown}."


@contextmanager
def readable(file: Path, opened: BinaryIO, lines: Lines | None, *, header: bool) -> Iterator[None]:
    """Turn what Arrow says about a file that it cannot read into an `InputError`.

    Parameters
    ----------
    file : its name.
    opened : the file.
    lines : of a CSV file; None of others.
    header : whether the first row of a CSV file holds names.
    """
    import pyarrow as pa

    try:
        yield
    except OSError as error:
        raise InputError(
            "table", "be a file that can be read", f"{file}: {error.strerror or error}", "Check the file."
        ) from None
    except (pa.ArrowException, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError) or "nvalid UTF8" in str(error):
            raise not_utf8(str(file)) from None
        if "mpty CSV file" in str(error):
            got = f"{file}, which holds fewer than two lines of text"
            rule = "have a row of names and at least one row (pattern)"
            raise InputError("table", rule, got, "Check that the data were written.") from None
        other = NO_OBJECT.search(str(error))
        if other is not None:
            raise InputError(
                "table",
                "have one JSON object in each line",
                f"a JSON {other[1]} in {file}",
                'Write each row as an object in a line of its own, as in {"length": 5.1, "kind": "setosa"}.',
            ) from None
        if lines is not None:
            check_quotes(file, opened, lines)
        note = " (Row 1 is the row of names.)" if "Row #" in str(error) and header else ""
        if "columns, got" in str(error):
            note += f" {IF_COMMA}"
        why = CHANGED.sub(r"column '\1' changed", str(error))
        why = ROW_OF_LINES.sub(lambda found: f" in row {int(found[1]) + 1}", why)
        raise InputError(
            "table",
            f"be readable as {'JSON lines' if file.suffix.lower() in JSON_LINES else file.suffix[1:]}",
            f"{file}: {why[:LONGEST].rstrip(' .')}",
            f"Correct the file, or write it again.{note}",
        ) from None
