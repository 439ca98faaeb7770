"""What commands share: printed lines, one JSON document, an error, and checks of files before they are written."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import typer

from deltarule.errors import InputError
from deltarule.files import check_overwritable
from deltarule.printable import printable

if TYPE_CHECKING:
    from deltarule.typeset.columns import Line

NARROWEST = 40
PAGE_SUFFIXES = (".html", ".htm")


def width() -> int:
    """Characters a line: the width of the terminal (or COLUMNS); 80 if there is no terminal."""
    return max(shutil.get_terminal_size((80, 24)).columns, NARROWEST)


def echo(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Print a text, the one way in which commands do: what a terminal would obey is shown as an escape.

    Parameters
    ----------
    text : one line or several.
    err : whether it goes to standard error.
    end : what follows it.
    """
    typer.echo(printable(text, keep="\n\t") + end, err=err, nl=False)


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines, with bold and colour on a terminal; plain in a pipe, with NO_COLOR, or on a dumb terminal."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        echo("\n".join(line.text for line in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(printable(line.text), line.style), soft_wrap=True)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document. NaN and infinity, for which JSON has no numbers, become null."""
    from deltarule.json_values import json_text

    echo(json_text(document))


def failed(message: str) -> NoReturn:
    """Print a message on standard error, and end the process with exit code 2."""
    text = textwrap.fill(f"Error: {message}", width(), break_long_words=False, break_on_hyphens=False)
    echo(text, err=True)
    sys.exit(2)


class Output(NamedTuple):
    """A file that an option of a command writes.

    option : as it is typed, "--curves".
    path : what was given for it; None where it was left out.
    suffixes : the endings that the file's name may have.
    """

    option: str
    path: Path | None
    suffixes: tuple[str, ...]


def check_outputs(*outputs: Output) -> None:
    """Raise an `InputError` before the work, if a file could not be written after it.

    Parameters
    ----------
    outputs : all options of the command that write files. They have no suffix in common, so that a file of a wrong suffix
        can be told to which option it should go, and two options never write the same file.

    Examples
    --------
    >>> check_outputs(Output("--out", Path("a.svg"), (".toml",)), Output("--curves", None, (".svg", ".pdf")))
    Traceback (most recent call last):
    deltarule.errors.InputError: The file of --out must end in .toml. Got 'a.svg'. Give it to --curves, which writes .svg files.
    """
    for option, path, suffixes in outputs:
        if path is None:
            continue
        name, suffix = f"file of {option}", path.suffix.lower()
        if suffix not in suffixes and not path.is_dir():
            other = next((other.option for other in outputs if suffix in other.suffixes), None)
            if other is not None:
                remedy = f"Give it to {other}, which writes {suffix} files."
            elif suffix == ".json":
                remedy = "The option --json prints JSON."
            else:
                remedy = f"Write {path.with_suffix(suffixes[0]).name!r}, for example." if path.name else "Give a name."
            raise InputError(name, f"end in {listed(suffixes)}", repr(path.name), remedy)
        check_writable(name, path)


def figure_suffixes() -> tuple[str, ...]:
    """The endings of figures' files. They are imported when they are needed, since the plots take a third of a second."""
    from deltarule.plots.display import FORMATS

    return tuple(f".{form}" for form in FORMATS)


def listed(words: Sequence[str]) -> str:
    """The `words` in a row, as in ".svg, .pdf or .png"."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def check_writable(name: str, path: Path) -> None:
    """Raise an `InputError` before the work, if the file could not be written after it.

    Parameters
    ----------
    name : what the file is, for the message.
    path : where it is to be written.
    """
    # A link stays a link: what counts is where it points.
    folder = Path(os.path.realpath(path)).parent if path.is_symlink() else path.parent
    if path.is_dir():
        raise InputError(name, "be a file", f"{str(path)!r}, a directory", "Give the name of a file in it.")
    if not folder.is_dir():
        found = "is not a directory" if folder.exists() else "does not exist"
        raise InputError(name, "lie in a directory", f"{str(path)!r}, and {str(folder)!r} {found}", "Make it first.")
    if not os.access(folder, os.W_OK):
        raise InputError(
            name,
            "lie in a directory that can be written to",
            repr(str(path)),
            "Choose another, or change its permissions.",
        )
    check_overwritable(name, path)
