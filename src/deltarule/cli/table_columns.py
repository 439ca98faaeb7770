"""What is typed of a table, as what is made of it: which columns are what, how they are prepared, and the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltarule.cli.data_options import column_list
from deltarule.cli.usage import UsageError, option_remedy
from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.fitting import Columns, Preparation


def check_source(
    command: str, problem: Path | None, data: Path | None, root: Path | None, for_tables: Mapping[str, Any]
) -> None:
    """An error of use where there is not one source of data, or an option for one goes with the other.

    Parameters
    ----------
    command : the name of the command.
    problem, data, root : what is typed; None for none.
    for_tables : the options that go with a table, by their names.
    """
    if problem is None and data is None:
        raise UsageError(
            "Missing argument 'PROBLEM'. Give the name of a problem file; deltarule new writes one. "
            f"Or {command} on a table: --data FILE --target COLUMN."
        )
    if problem is not None and data is not None:
        raise UsageError(f"Give the problem file {str(problem)!r} or --data, not both.")
    if problem is None:
        if root is not None:
            raise UsageError("The option --root goes with a problem file. Leave it out: a table may lie anywhere.")
        return
    odd = next((name for name, value in for_tables.items() if value is not None and value is not False), None)
    if odd is not None:
        option = f"--{odd.replace('_', '-')}"
        raise UsageError(f"The option {option} goes with --data. {option_remedy(option, [], command)}")


def check_stream_options(kept: Mapping[str, Any], *, stream: bool) -> None:
    """An error of use for an option of a stream without --stream.

    Parameters
    ----------
    kept : what is typed of the memory and of the checkpoint, by the names of the options.
    stream : whether the table is streamed.
    """
    odd = next((name for name, value in kept.items() if value is not None and value is not False), None)
    if odd is not None and not stream:
        raise UsageError(f"The option --{odd} goes with --stream. Add it, or leave --{odd} out.")


def check_partners(options: Mapping[str, Any], descent: Mapping[str, Any], batch_sizes: Sequence[int | None]) -> None:
    """An `InputError` where an option would do nothing, since what it goes with is not asked for.

    Parameters
    ----------
    options : what is typed of the table and the layer, by the names of the options.
    descent : what is typed of the descent; None or nothing for what is left out.
    batch_sizes : that are trained with; None: all rows.
    """
    order = descent.get("order")
    if options.get("solver") != "exact" and order is not None and all(size is None for size in batch_sizes):
        remedy = "Add --batch-size 16, say, or leave it out."
        raise InputError("order", "go with mini-batches", f"{order!r} for updates of all rows", remedy)
    if descent.get("decay_biases") and options["no_biases"]:
        remedy = "Leave out --decay-biases or --no-biases."
        raise InputError("decay_biases", "go with a layer that has biases", "one without", remedy)


def chosen_columns(options: Mapping[str, Any], names: Sequence[str], where: str) -> Columns:
    """Which columns of a table are what.

    Parameters
    ----------
    options : what is typed, by the names of the options.
    names : the columns of the table.
    where : what holds them, for messages.

    Raises
    ------
    InputError
        If no target is named, or a column is not there.
    """
    from deltarule.fitting import Columns

    def columns(name: str, what: str) -> tuple[str, ...] | None:
        return column_list(what, options[name], names, where, header=options["header"])

    target = columns("target", "target")
    if target is None:
        remedy = f"Name its column, as in --target {names[-1] if names else 'COLUMN'}."
        raise InputError("target", "be given with a table", "none", remedy)
    return Columns(
        target,
        columns("inputs", "inputs"),
        columns("leave_out", "columns left out") or (),
        columns("categories", "categories") or (),
    )


def preparation_of(options: Mapping[str, Any], validation: float | None = None) -> Preparation:
    """What is done with the columns of a table.

    Parameters
    ----------
    options : what is typed, by the names of the options.
    validation : the share or number of rows by which models are chosen; None: none.
    """
    from deltarule.cli.values import share_or_count
    from deltarule.fitting import Preparation

    test = options["test"]
    return Preparation(
        options["missing"] or "refuse",
        options["scale"] or "standardise",
        options["scale_targets"],
        None if test is None else share_or_count("test share", test),
        options["stratified"],
        options.get("seed") or 0,
        validation,
    )


def schedule_of(text: str | None) -> Any:
    """The schedule of an option, as in cosine or step:every=10,factor=0.5; None where it is left out.

    Parameters
    ----------
    text : as it is typed.

    Examples
    --------
    >>> schedule_of("step:every=10,factor=0.5")
    {'kind': 'step', 'every': 10, 'factor': 0.5}
    """
    if text is None or ":" not in text:
        return text
    kind, _, rest = text.partition(":")
    found: dict[str, Any] = {"kind": kind}
    for part in rest.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        try:
            number: Any = value if name == "by" else int(value) if value.isdecimal() else float(value)
        except ValueError:
            number = None
        if not equals or number is None:
            raise InputError(
                "schedule", "have its parameters as NAME=VALUE", repr(part), "As in step:every=10,factor=0.5."
            )
        found[name] = number
    return found
