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
from deltarule.cli.output import echo, failed
from deltarule.cli.sweep import sweep
from deltarule.cli.train import train
from deltarule.cli.tutorial import tutorial
from deltarule.cli.usage import Command, Commands
from deltarule.cli.work import work
from deltarule.errors import DeltaruleError

INTERRUPTED = 130  # the exit code that shells give for Ctrl-C

# Plain help: rich would double the time that it takes.
app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (tutorial, work, train, sweep, new, check):
    app.command(cls=Command)(command)


def _version(asked: bool) -> None:
    if asked:
        echo(f"deltarule {__version__}")
        raise typer.Exit


FIRST_STEPS = """\b
First steps:
  deltarule new                 write a problem, its solution and its answer
  deltarule work problem.toml   the first iteration, every formula and matrix
  deltarule train problem.toml  the whole training
  deltarule COMMAND --help      the options of a command, with an example
"""


@app.callback(epilog=FIRST_STEPS)
def about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Train single layers of neurons by gradient descent, and see the work.

    A problem is a TOML file with a layer, data and a descent.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process: exit code 0 done, 1 the answer checked is wrong, 2 bad use or bad input, 130 interrupted.

    Parameters
    ----------
    arguments : what follows the program's name; None: the arguments of the process.
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
            echo("Interrupted.", err=True)
        raise
    except KeyboardInterrupt:
        echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
