"""The files that commands write: checked before the work, written after its results are printed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from deltarule.cli.output import echo, listed, say_error
from deltarule.errors import DeltaruleError, InputError
from deltarule.files import check_overwritable

PAGE_SUFFIXES = (".html", ".htm")


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
    """Raise an `InputError` before the work, if a file could not be written after it; call it when the inputs are read.

    Parameters
    ----------
    outputs : all options of the command that write files. None is to write a file that the command has read, nor two the same.

    Examples
    --------
    >>> check_outputs(Output("--out", Path("a.svg"), (".toml",)), Output("--curves", None, (".svg", ".pdf")))
    Traceback (most recent call last):
    deltarule.errors.InputError: The file of --out must end in .toml. Got 'a.svg'. Give it to --curves, which writes .svg files.
    """
    check_suffixes(*outputs)
    given = [(option, path) for option, path, _ in outputs if path is not None]
    for place, (option, path) in enumerate(given):
        check_writable(f"file of {option}", path)
        for other, before in given[:place]:
            if _same(path, before):
                raise InputError(
                    f"file of {option}", f"be another than that of {other}", repr(str(path)), "Give another name."
                )


def check_suffixes(*outputs: Output) -> None:
    """Raise an `InputError` for a file whose name does not end as what is written into it.

    Parameters
    ----------
    outputs : all options of the command that write files. They have no suffix in common, so that a file of a wrong suffix
        can be told to which option it should go.
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


def chosen_form(form: str | None, out: Path | None, endings: Mapping[str, str]) -> str | None:
    """The form that --format names, or else that of the ending of the file's name; None where neither is given.

    Parameters
    ----------
    form : what was given as --format.
    out : what was given as --out.
    endings : the form of each ending.
    """
    from deltarule.checks import choice

    if form is not None:
        return choice("format", form, tuple(dict.fromkeys(endings.values())))
    if out is None:
        return None
    if out.suffix.lower() not in endings:
        raise InputError(
            "file of --out", f"end in {listed(list(endings))}", repr(out.name), "Or choose the form with --format."
        )
    return endings[out.suffix.lower()]


def _same(path: Path, other: Path) -> bool:
    """Whether both paths name one file, there or not; names that differ in capitals do on some systems."""
    with suppress(OSError):
        return path.samefile(other)
    return os.path.realpath(path).casefold() == os.path.realpath(other).casefold()


def figure_suffixes() -> tuple[str, ...]:
    """The endings of figures' files. They are imported when they are needed, since the plots take a third of a second."""
    from deltarule.plots.display import FORMATS

    return tuple(f".{form}" for form in FORMATS)


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


def write_outputs(files: Sequence[tuple[Path, Callable[[], object]]], *, quiet: bool) -> None:
    """Write the files of a command, and print which were written. One that fails costs no other.

    Parameters
    ----------
    files : each with the function that writes it.
    quiet : whether to print nothing: standard output holds JSON.

    Raises
    ------
    DeltaruleError
        At the end, if a file could not be written.
    """
    written: list[Path] = []
    errors: list[DeltaruleError] = []
    for path, write in files:
        try:
            write()
        except DeltaruleError as error:
            errors.append(error)
        else:
            written.append(path)
    if written and not quiet:
        echo("\n" + "\n".join(f"Written: {path}" for path in written))
    for earlier in errors[:-1]:
        say_error(str(earlier), earlier)
    if errors:
        raise errors[-1]
