"""Remedies for bad use of the command line: the command or option that was probably intended, or where it belongs."""

from __future__ import annotations

import difflib
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from deltarule.errors import InputError

# The base of all errors of use, in typer with its own copy of click and in typer beside click.
UsageError: type[Any] = typer.BadParameter.__mro__[1]
# Other words for the commands.
SYNONYMS = {
    "train": "fit learn run descend",
    "work": "step steps show solve iterate iteration explain",
    "check": "mark grade verify marks",
    "new": "create generate make init problem",
    "sheet": "paper print handout-sheet worksheet",
    "template": "blank form answer empty",
    "sweep": "search grid tune gridsearch",
    "predict": "apply infer classify score",
    "evaluate": "eval test assess metrics validate",
    "inspect": "describe info view summary",
    "play": "playground open browser live interactive serve widget",
    "tutorial": "demo handout example examples learn-more",
}

# Keys of a problem file for which `deltarule sweep` has an option of the same name.
SWEPT = ("learning_rate", "epochs", "batch_size", "weight_decay", "momentum")
# An option of one word that is no noun.
ONLY_TYPED = ("nesterov",)


class EscapedError(Exception):
    """Carries an error (its cause) past typer, which would make an exit code of it."""


class Command(TyperCommand):
    """A command whose errors of use have a remedy."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; an error of use gets a remedy."""
        typed = list(args)
        try:
            left = super().parse_args(ctx, args)
            _check_no_empty_path(typed, [each for each in self.params if ctx.params.get(each.name or "") == Path()])
        except UsageError as error:
            if hasattr(error, "possibilities"):
                options = [name for parameter in self.params for name in parameter.opts if name.startswith("--")]
                error.message = f"{error.message}. {option_remedy(error.option_name, options, self.name or '')}"
                error.possibilities = None
            else:
                error.message = _plain(error, typed) + _value_remedy(error, typed)
            raise
        else:
            return left

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error of input calls an option as it is typed."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            if error.name not in ctx.params or ("_" not in error.name and error.name not in ONLY_TYPED):
                raise
            option = f"--{error.name.replace('_', '-')}"
            raise InputError(option, error.rule, error.got, error.remedy) from error
        except (EOFError, BrokenPipeError) as error:
            raise EscapedError from error

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The names of arguments as they are, without the braces of typer."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def get_help(self, ctx: Any) -> str:
        """The help, without the types of arguments, which their descriptions tell better."""
        return re.sub(r"^(  [A-Z]+) <\S+>", r"\1", super().get_help(ctx), flags=re.MULTILINE)


class Commands(TyperGroup):
    """The program with its commands; an unknown command gets a remedy."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        try:
            return super().parse_args(ctx, args)
        except UsageError as error:
            word = str(getattr(error, "option_name", "")).lstrip("-")
            if word in self.commands:
                error.message = f"{error.message}. A command has no dashes: deltarule {word}"
                error.possibilities = None
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of this name."""
        try:
            return super().resolve_command(ctx, args)
        except UsageError as error:
            word = args[0]
            known = [name for name, words in SYNONYMS.items() if word.lower() in words.split()]
            if word.lower() == "help":
                error.message = "There is no command 'help'. Write: deltarule --help"
            elif word.lower().endswith(".toml"):
                error.message = f"A command comes before the problem file, as in: deltarule work {word}"
            elif known and "Did you mean" not in error.message:
                error.message = f"{error.message} Did you mean {known[0]!r}?"
            elif "Did you mean" not in error.message:
                error.message = f"{error.message} The commands are {', '.join(self.commands)}."
            raise


def _check_no_empty_path(typed: list[str], current: list[Any]) -> None:
    """An error of use for an empty path, which would be the current folder: nobody means that by it.

    Parameters
    ----------
    typed : all words behind the command.
    current : the options and arguments that have the current folder as their value.
    """
    pairs = list(pairwise(["", *typed]))
    for name in (name for each in current for name in each.opts):
        option = name.startswith("-")
        if f"{name}=" in typed or any(not word and (before == name or not option) for before, word in pairs):
            what = f"what is given to {name}" if option else f"the {name}"
            raise typer.BadParameter(f"{what} is empty. Give a path; in a script, look at the variable for it.")


def option_remedy(option: str, options: list[str], command: str) -> str:
    """What to do about an option that the command does not have.

    Parameters
    ----------
    option : as it is typed.
    options : those that the command has.
    command : its name.
    """
    from deltarule.problem.keys import KEYS
    from deltarule.problem.unknown_keys import key_of, not_supported

    found = key_of(option.lstrip("-"))
    if found is not None:
        table, key = found
        own = f"--{key.replace('_', '-')}"
        if own in options:
            return f"Did you mean {own}?"
        if f"{own}s" in options:
            return f"Did you mean {own}s? It takes a number N: the {key}s are 0 to N-1."
        place = f"in [{table}]" if table else "at the top"
        remedy = f"Write {KEYS[table][key].written} {place} of the problem file."
        return remedy + (f" deltarule sweep has the option {own}." if key in SWEPT else "")
    close = difflib.get_close_matches(option, options, n=1)
    nothing = not_supported(option.lstrip("-"))
    if close and not nothing:
        return f"Did you mean {close[0]}?"
    return nothing or f"deltarule {command} --help lists the options."


def _plain(error: Any, typed: list[str]) -> str:
    """The message of an error of use; ours where typer passes on how a library words that a value is not a number."""
    words = str(error.message)
    found = re.search(r"valid (integer|number|float)", words)
    if found is None:
        return words
    names = getattr(error.param, "opts", [])
    given = [after for name, after in pairwise([*typed, ""]) if name in names]
    given += [word.partition("=")[2] for word in typed if word.partition("=")[0] in names and "=" in word]
    got = f" Got {given[-1]!r}." if given else ""
    return f"it must be a {'whole number' if found[1] == 'integer' else 'number'}.{got}"


def _value_remedy(error: Any, typed: list[str]) -> str:
    """What to do about a value that an option cannot have, or that is missing; "" where there is nothing to add."""
    if not isinstance(error, typer.BadParameter):
        return ""
    comma = next((word for word in typed if re.fullmatch(r"[-+]?\d+,\d+", word)), None)
    if comma is not None and "integer" not in error.message:
        return f" Write {comma.replace(',', '.')}, with a decimal point."
    if error.message == "" and getattr(error.param, "metavar", None) == "PROBLEM":
        return "Give the name of a problem file; deltarule new writes one."
    return ""
