"""Which problem of a folder an answer belongs to: the one of the same name, however that is spelled."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from deltarule.class_list.names import spellings
from deltarule.documents import toml_document
from deltarule.errors import InputError, nearest
from deltarule.file_names import file_name
from deltarule.files import read_regular
from deltarule.parts import TABLES


def problems_in(folder: Path) -> dict[str, Path]:
    """The problems (.toml) of a folder by their names up to the first point, as they are and as `deltarule new` spells them.

    Answers that lie in the same folder are no problems.

    Raises
    ------
    InputError
        If there is none.
    """
    found = [path for path in folder.glob("*.toml") if not _tables(path) & {*TABLES}]
    files = sorted(found, key=lambda p: -p.name.count("."))  # Ada.toml wins over Ada.draft.toml
    if not files:
        raise InputError("folder", "hold problems (.toml)", f"none in {str(folder)!r}", "Check its name.")
    by_title = {title(path): path for path in files}
    return {_spelled(name): path for name, path in by_title.items()} | by_title


def problem_for(answer: Path, problems: Mapping[str, Path]) -> Path:
    """The problem of an answer's name.

    Parameters
    ----------
    answer : the path of an answer file.
    problems : what `problems_in` gives.

    Raises
    ------
    InputError
        If there is none; it names the nearest one.
    """
    found = next((problems[name] for name in _names(answer) if name in problems), None)
    if found is None:
        raise _no_problem(title(answer), composed(answer.name), problems)
    return found


def has_problem(name: str, problems: Mapping[str, Path]) -> bool:
    """Whether a problem has the name of a folder.

    Parameters
    ----------
    name : of the folder.
    problems : what `problems_in` gives.
    """
    return composed(name) in problems or _spelled(name) in problems


def problem_of(name: str, problems: Mapping[str, Path]) -> Path:
    """The problem of a person's name, however a platform or a person spells it: "leeann" answers Ann-Lee.toml.

    Parameters
    ----------
    name : of the person.
    problems : what `problems_in` gives.

    Raises
    ------
    InputError
        If there is none, or it may be one of several.
    """
    if has_problem(name, problems):
        return problems.get(composed(name)) or problems[_spelled(name)]
    for strictness in (0, 1):
        own = spellings(name)[strictness]
        found = {path for known, path in problems.items() if own & spellings(known)[strictness]}
        if len(found) == 1:
            return found.pop()
        if found:
            rule = "have one problem of the same name"
            raise InputError(
                "answer", rule, f"{name}: {' or '.join(sorted(title(path) for path in found))}", "Rename it."
            )
    raise _no_problem(name, name, problems)


def _no_problem(name: str, got: str, problems: Mapping[str, Path]) -> InputError:
    close = difflib.get_close_matches(name, sorted({title(path) for path in problems.values()}), n=1)
    remedy = nearest(name, close) if close else "Rename it, or give one problem for all."
    return InputError("answer", "have a problem of the same name", got, remedy)


def is_problem(path: Path) -> bool:
    """Whether the file at this `path` has tables of a problem, and so is not an answer."""
    return bool(_tables(path) & {"layer", "data"})


def _tables(path: Path) -> set[str]:
    """The tables and keys of a TOML file; none where it cannot be read, which whoever reads it for its content will say."""
    try:
        return {*toml_document(read_regular(path, "file").decode("utf-8-sig"))}
    except ValueError:
        return set()


def title(path: Path) -> str:
    """The name of the file at this `path`, up to its first point."""
    return composed(path.name.partition(".")[0])


def composed(name: str) -> str:
    """A name with each accent as a part of its letter; some systems store accents apart."""
    return unicodedata.normalize("NFC", name)


def _names(answer: Path) -> Iterator[str]:
    """The names that a file's name may stand for: up to each of its points, since a student's name may have points."""
    words = answer.name.split(".")
    for count in range(1, len(words)):
        name = composed(".".join(words[:count]))
        yield from (name, _spelled(name))


def _spelled(name: str) -> str:
    """A name as `deltarule new --for` makes a file name of it, without capitals; as it is where it has no letter and no digit."""
    return file_name(name).casefold() or name
