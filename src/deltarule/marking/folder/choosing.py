"""Which of several files is the answer, and which of several answers is the latest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

from deltarule.marking.answer.document import CSV_SUFFIXES, HTML_SUFFIXES
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.values import SUFFIXES_BESIDE

Each = TypeVar("Each")
# What a platform or a browser adds to the name of a file that was there before: "answer-1.toml", "answer (1).toml".
_AGAIN = re.compile(r"(?P<base>.*?)(?:-(?P<count>\d{1,3})| ?\((?P<other>\d{1,3})\))")
# Texts that lie beside answers, and are none.
_NOTES = frozenset({"readme", "notes", "note", "license", "changelog", "todo", "instructions", "feedback"})
# What a student typed on the platform, as Moodle and Canvas call it.
_TYPED = ("onlinetext", "text")
# Forms that nobody writes a note or a heading in.
_TABLES = (".toml", ".json")


@dataclass(frozen=True)
class HandedFile:
    """A file of somebody's.

    Attributes
    ----------
    parts : its path below what is theirs.
    read : gives its bytes, at most so many; it raises an `InputError` for more.
    time : when it was changed, in seconds since 1970.
    number : what orders the files of one attempt, where a platform numbers them.
    path : where it lies; None in a zip file.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes]
    time: float = 0.0
    number: int = 0
    path: Path | None = None

    @property
    def shown(self) -> str:
        """The path as people write it."""
        return "/".join(self.parts)

    @property
    def base(self) -> tuple[str, int]:
        """The name without what was added since one of this name was there before, and how often that was."""
        path = PurePath(self.parts[-1])
        found = _AGAIN.fullmatch(path.stem)
        return (found["base"] + path.suffix, int(found["count"] or found["other"])) if found else (path.name, 0)


def is_answer_name(name: str) -> bool:
    """Whether a file of this `name` may be an answer: not hidden, no matrix beside one, no README and no notes.

    A CSV file that is an answer names its table, or says that it is an answer. A text whose name is that of a part is a matrix.

    Examples
    --------
    >>> [is_answer_name(name) for name in ("Ada.toml", "Ada.md", "Ada.iteration.1.U.csv", "answer.csv", "Ada.ipynb")]
    [True, True, True, True, True]
    >>> [is_answer_name(name) for name in ("delta.csv", "dW.txt", "README.md", ".Ada.toml", "Ada.pdf")]
    [False, False, False, False, False]
    """
    path = PurePath(name)
    suffix = path.suffix.lower()
    if suffix in HTML_SUFFIXES:
        return path.stem.casefold() in _TYPED
    if name.startswith(".") or suffix not in SUFFIXES:
        return False
    words = path.stem.split(".")
    if any(map(table_named, words)) or suffix not in SUFFIXES_BESIDE:
        return True
    if suffix in CSV_SUFFIXES:
        return "answer" in path.stem.casefold()
    return part_named(path.stem) is None and path.stem.casefold() not in _NOTES


def is_matrix_name(name: str) -> bool:
    """Whether a file of this `name` may be a matrix beside an answer."""
    return PurePath(name).suffix.lower() in SUFFIXES_BESIDE and not name.startswith(".")


def answer_among(files: Sequence[HandedFile]) -> tuple[HandedFile | None, str]:
    """The answer among the files of one student, and what to say: that it is the latest of several, or why there is none.

    Before others go those that have "answer" in their name, and those whose form holds nothing but answers.

    Parameters
    ----------
    files : all that was handed in at once.

    Examples
    --------
    >>> files = [HandedFile((name,), lambda limit: b"") for name in ("answer.toml", "answer-1.toml", "delta.csv")]
    >>> found, note = answer_among(files)
    >>> found.shown, note
    ('answer-1.toml', 'the latest of 2 files: answer-1.toml, answer.toml')
    """
    able = [file for file in files if is_answer_name(file.parts[-1])]
    if not able and len(files) == 1:  # a table or a text that is alone lies beside no answer
        able = [file for file in files if is_matrix_name(file.parts[-1])]
    able = [file for file in able if not file.parts[-1].lower().endswith(HTML_SUFFIXES)] or able
    able = [file for file in able if not file.parts[-1].lower().endswith(".csv")] or able
    able = [file for file in able if "answer" in file.parts[-1].casefold()] or able
    able = [file for file in able if PurePath(file.parts[-1]).suffix.lower() in _TABLES] or able
    if not able:
        names = ", ".join(file.shown for file in files[:3])
        return None, f"there is no answer ({', '.join(SUFFIXES)}){f' among {names}' if names else ''}"
    # What was added to a name orders files that had the same name.
    alike = len({file.base[0] for file in able}) == 1
    return latest(
        able, lambda file: (file.base[1] if alike else 0, file.number, file.time), "file", lambda file: file.shown
    )


def latest(
    several: Iterable[Each], order: Callable[[Each], tuple[object, ...]], noun: str, shown: Callable[[Each], str]
) -> tuple[Each | None, str]:
    """The latest of several, and what to say: that it is one of several, or that it cannot be told which is the latest.

    Parameters
    ----------
    several : at least one.
    order : what is larger for a later one.
    noun : what they are.
    shown : the name of one.
    """
    ordered = sorted(several, key=order, reverse=True)
    if len(ordered) == 1:
        return ordered[0], ""
    names = ", ".join(shown(each) for each in ordered)
    if order(ordered[0]) == order(ordered[1]):
        return None, f"it cannot be told which of {len(ordered)} {noun}s is the latest: {names}; keep one"
    return ordered[0], f"the latest of {len(ordered)} {noun}s: {names}"
