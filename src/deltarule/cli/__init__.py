"""The command line: one module a command; each parses, calls and prints.

Heavy libraries are imported when a command runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from deltarule import __version__
from deltarule.cli.check import check
from deltarule.cli.new import new
from deltarule.cli.output import failed
from deltarule.cli.sweep import sweep
from deltarule.cli.train import train
from deltarule.cli.tutorial import tutorial
from deltarule.cli.work import work
from deltarule.errors import DeltaruleError

INTERRUPTED = 130  # the exit code that shells give for Ctrl-C

# Plain help: rich would double the time that it takes.
app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (tutorial, work, train, sweep, new, check):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"deltarule {__version__}")
        raise typer.Exit


@app.callback(epilog="Example:  deltarule work problem.toml --iteration 2")
def about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Train single layers of neurons by gradient descent, and see the work."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process: exit code 0 done, 2 bad use or bad input, 130 interrupted.

    arguments : without the program's name; None: those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter of some label shows its code instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(args=None if arguments is None else list(arguments), prog_name="deltarule")
    except DeltaruleError as error:
        failed(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        failed(f"{error.filename}: {error.strerror}. Check that the path exists and that you may use it.")
    except SystemExit as ended:
        # So typer passes on a Ctrl-C inside a command.
        if ended.code == INTERRUPTED:
            typer.echo("Interrupted.", err=True)
        raise
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
