"""What commands print: lines, one JSON document, an error."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.printable import printable

if TYPE_CHECKING:
    from deltarule.typeset.columns import Line

NARROWEST = 40
BAD = 2  # exit code of bad use, bad input, or output that cannot be written
# Whether the program's option --debug is given.
debug = ContextVar("debug", default=False)
# What commands that read a problem have in common.
ProblemFile = Annotated[
    Path, typer.Argument(metavar="PROBLEM", help="A problem file (TOML).", show_default=False, readable=False)
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write to this file instead of the terminal.", show_default=False),
]
Root = Annotated[
    Path | None,
    typer.Option(
        "--root", metavar="DIR", help="Tables may lie in this folder or below.", show_default="the problem's folder"
    ),
]


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
    stream = sys.stderr if err else sys.stdout
    stream.write(printable(text, keep="\n\t") + end)
    stream.flush()


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


def print_notes(remarks: Iterable[str]) -> None:
    """Print what the user should be told about the data on standard error, a sentence a line.

    Parameters
    ----------
    remarks : sentences without full stops, as `Problem.remarks`.
    """
    for remark in remarks:
        echo(textwrap.fill(f"Note: {remark}.", width(), break_long_words=False, break_on_hyphens=False), err=True)


def print_document(text: str, *, end: str = "\n") -> None:
    """Print what other programs read (JSON, HTML, LaTeX, Markdown): in UTF-8, as in a file, whatever letters a terminal has.

    Parameters
    ----------
    text : the document.
    end : what follows it.
    """
    if hasattr(sys.stdout, "reconfigure") and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
    echo(text, end=end)


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document. NaN and infinity, for which JSON has no numbers, become null."""
    from deltarule.json_values import json_text

    print_document(json_text(document))


def say_error(message: str, error: BaseException | None = None) -> int:
    """Print a message on standard error. The result is the exit code.

    Parameters
    ----------
    message : what is wrong and what to do.
    error : where it comes from; its traceback is printed too if the program's option --debug is given.
    """
    if error is not None and debug.get():
        echo("".join(traceback.format_exception(error)), err=True)
    text = textwrap.fill(f"Error: {message}", width(), break_long_words=False, break_on_hyphens=False)
    echo(text, err=True)
    return BAD


def say_use(error: Any) -> int:
    """Print an error of use (`error`, as typer raises it) with the usage of its command. The result is the exit code."""
    shown = io.StringIO()
    error.message = printable(str(error.message), keep="\n")
    error.show(shown)
    lines = shown.getvalue().rstrip("\n").split("\n")
    wide = width()
    echo(
        "\n".join(textwrap.fill(each, wide, break_long_words=False, break_on_hyphens=False) for each in lines), err=True
    )
    return BAD


def listed(words: Sequence[str]) -> str:
    """The `words` in a row, as in ".svg, .pdf or .png"."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
