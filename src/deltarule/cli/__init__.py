"""The command line: one module a command; each parses, calls and prints.

Heavy libraries are imported when a command runs.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from typing import Annotated

import typer

from deltarule import __version__
from deltarule.cli.check import WRONG, check
from deltarule.cli.evaluate import evaluate
from deltarule.cli.inspect import inspect
from deltarule.cli.new import new
from deltarule.cli.output import BAD, debug, echo, say_error, say_use
from deltarule.cli.play import play
from deltarule.cli.predict import predict
from deltarule.cli.sheet import sheet
from deltarule.cli.signals import INTERRUPTED, ended_by_signals, interrupted
from deltarule.cli.streams import guarded_streams
from deltarule.cli.sweep import sweep
from deltarule.cli.template import template
from deltarule.cli.train import train
from deltarule.cli.tutorial import tutorial
from deltarule.cli.usage import Command, Commands, EscapedError, UsageError
from deltarule.cli.work import work
from deltarule.errors import DeltaruleError
from deltarule.files import inputs

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
for command in (tutorial, work, train, predict, evaluate, inspect, sweep, new, sheet, template, check, play):
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
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error comes from; before or behind the command.")
    ] = False,
) -> None:
    """Train single layers of neurons by gradient descent, and see the work.

    A problem is a TOML file with a layer, data and a descent.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process.

    Exit code 0: done; 1: the answer checked is wrong; 2: bad use, bad input, or output that could not be written;
    130: interrupted; 75: stopped by a signal, with the run kept in a checkpoint.

    Parameters
    ----------
    arguments : what follows the program's name; None: the arguments of the process.
    """
    words = sys.argv[1:] if arguments is None else [*arguments]
    # It may stand before the command or behind it.
    debug.set("--debug" in words)
    words = [word for word in words if word != "--debug"]
    token = inputs.set({})
    with guarded_streams() as out:
        # Without a way out no work begins.
        code = _run(words) if out.error is None else BAD
        out.flush()
        if isinstance(out.error, BrokenPipeError):
            # Its reader has seen enough; but an exit code must not mark an answer whose marks nobody has seen.
            code = BAD if code == WRONG else code
        elif out.error is not None and code != INTERRUPTED:
            code = say_error(
                f"The standard output cannot be written to the end ({out.error}). Send it elsewhere.", out.error
            )
    inputs.reset(token)
    sys.exit(code)


def _run(words: list[str]) -> int:
    """Run a command. The result is its exit code."""
    try:
        with ended_by_signals():
            # Errors come here; otherwise typer would give some of them the exit code 1, which means a wrong answer.
            code = app(args=words, prog_name="deltarule", standalone_mode=False) or 0
    except UsageError as error:
        return say_use(error)
    except DeltaruleError as error:
        return say_error(str(error), error)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - the process ends here
        code = INTERRUPTED if interrupted(error) else say_error(_told(error), error)
    if code == INTERRUPTED:
        echo("Interrupted.", err=True)
    return code


def _told(error: BaseException) -> str:
    """What to say about an error that is not one of ours."""
    if isinstance(error, EscapedError) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, MemoryError):
        return "This does not fit in memory. Give fewer patterns, inputs, epochs or models."
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}. Check that the path exists and that you may use it."
    if isinstance(error, OSError) and error.strerror is not None:
        return f"The system cannot do it: {error.strerror}. Check disk, memory and permissions."
    what = ": ".join(filter(None, [type(error).__name__, str(error)]))
    return (
        f"This is a fault of deltarule, not yours ({textwrap.shorten(what, 200)}). "
        "Please report it, with what the option --debug shows."
    )
