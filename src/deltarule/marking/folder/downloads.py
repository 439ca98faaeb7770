"""What was handed in: the answers of a folder or a zip file, as people put them there or as a learning platform gives them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from deltarule.errors import InputError
from deltarule.files.archives import opened_archive
from deltarule.marking.answer.file import LARGEST_ANSWER
from deltarule.marking.folder.choosing import HandedFile, answer_among, is_answer_name, is_matrix_name
from deltarule.marking.folder.origins import Origin, Owner, named_owner, origin_of
from deltarule.marking.folder.packed import (
    LITTER,
    METADATA,
    entries_of,
    files_below,
    files_in_zip,
    is_zip,
    opened,
    submitters_among,
    time_of,
    unzipped,
    without_top,
)


@dataclass(frozen=True)
class HandedIn:
    """What somebody handed in at once.

    Attributes
    ----------
    shown : its path below the folder or the zip file.
    owners : whose it is.
    path : where the answer can be read.
    root : the folder that the answer, and what lies beside it, must lie in.
    error : why there is no answer in it; empty where there is one.
    note : what else to say of it.
    attempt : what orders the attempts of one student.
    time : when the answer was changed, in seconds since 1970.
    """

    shown: str
    owners: tuple[Owner, ...]
    path: Path
    root: Path
    error: str = ""
    note: str = ""
    attempt: str = ""
    time: float = 0.0

    @property
    def by_platform(self) -> bool:
        """Whether a learning platform named it."""
        return any(owner.platform for owner in self.owners)


@contextmanager
def handed_in(source: Path, claimed: Callable[[str], bool]) -> Iterator[tuple[list[HandedIn], list[str]]]:
    """What was handed in, and what to say of the whole. What does not lie in a folder as it is to be read is copied for the block.

    Answers that lie in the folder itself are read where they lie. Those in folders below it, in zip files, and those that a
    platform has renamed are copied to a temporary folder, with the CSV files beside them, under the names that they had.

    Parameters
    ----------
    source : a folder or a zip file.
    claimed : whether the name of a folder is that of a student or of a problem.

    Raises
    ------
    InputError
        If the folder cannot be read, or the zip file is none.
    """
    with tempfile.TemporaryDirectory(prefix="deltarule-") as stage:
        notes: list[str] = []
        found: list[HandedIn] = []
        staging = _Staging(Path(stage).resolve())
        if not is_zip(source):
            entries = sorted(entries_of(source))
            named = [path for path in entries if path.name not in LITTER and not path.name.startswith(".")]
            own = [path for path in named if is_answer_name(path.name) and origin_of([path.name], {}) is None]
            found += [HandedIn(path.name, (named_owner(path.name),), path, source, time=time_of(path)) for path in own]
            files = files_below(source, [path for path in named if path not in own], claimed, own)
            found += staging.staged(files, notes)
        else:
            with opened_archive(source, source.name) as archive:
                files = files_in_zip(archive, notes)
                found += staging.staged(without_top(files, claimed), notes)
        yield found, notes


class _Staging:
    """Copies what was handed in to a temporary folder, so that each answer lies beside its matrices under the names that they had.

    Parameters
    ----------
    folder : the temporary folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    def staged(self, files: Iterable[HandedFile], notes: list[str]) -> Iterator[HandedIn]:
        """What was handed in, each by itself. What is to be said of the whole is added to the `notes`."""
        files = list(files)
        submitters = submitters_among(files, notes)
        groups: dict[tuple[tuple[Owner, ...], str], list[HandedFile]] = {}
        plain: list[HandedFile] = []
        for file in opened(files, submitters, notes):
            origin = origin_of(file.parts, submitters)
            if origin is None and len(file.parts) == 1:
                plain.append(file)
                continue
            if origin is None:
                origin = Origin((named_owner(file.parts[0]),), file.parts[1:])
            if file.parts[-1] != METADATA:
                group = groups.setdefault((origin.owners, origin.attempt), [])
                if origin.file:
                    group.append(replace(file, parts=origin.file, number=origin.number))
        yield from self._plain(plain)
        for (owners, attempt), group in groups.items():
            yield self._one(owners, attempt, group)

    def _plain(self, files: list[HandedFile]) -> Iterator[HandedIn]:
        """Answers that lie side by side, with their matrices."""
        place = self._place()
        for file in files:
            if is_matrix_name(file.parts[-1]) and not is_answer_name(file.parts[-1]):
                with suppress(InputError):
                    _write(place, file.parts, file.read(LARGEST_ANSWER))
        for file in files:
            if is_answer_name(file.parts[-1]):
                yield _copied(file, [], (named_owner(file.parts[0]),), "", place, "")

    def _one(self, owners: tuple[Owner, ...], attempt: str, files: list[HandedFile]) -> HandedIn:
        """What one student handed in at once."""
        inner, faults = list[HandedFile](), list[str]()
        for file in files:
            inner += unzipped(file, faults) if file.parts[-1].lower().endswith(".zip") else [file]
        answer, note = answer_among(inner)
        label = owners[0].label
        if answer is None:
            return HandedIn(label, owners, Path(), self.folder, "; ".join([note, *faults]), "", attempt)
        shown = replace(answer, parts=(label, *answer.parts))
        beside = [file for file in inner if is_matrix_name(file.parts[-1]) and file is not answer]
        return replace(_copied(answer, beside, owners, attempt, self._place(), note), shown=shown.shown)

    def _place(self) -> Path:
        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir()
        return place


def _copied(
    answer: HandedFile, beside: list[HandedFile], owners: tuple[Owner, ...], attempt: str, place: Path, note: str
) -> HandedIn:
    """An answer, copied to its place with the matrices in its folder or below, also under the names that these had before."""
    above = answer.parts[:-1]
    try:
        path = _write(place, answer.parts[-1:], answer.read(LARGEST_ANSWER))
    except InputError as error:
        return HandedIn(answer.shown, owners, Path(), place, str(error), note, attempt, answer.time)
    for file in sorted(beside, key=lambda file: (file.base[1], file.number, file.time)):
        if file.parts[: len(above)] == above:
            below = file.parts[len(above) :]
            with suppress(InputError):  # the part that names it says that it is not there
                content = file.read(LARGEST_ANSWER)
                for name in dict.fromkeys([file.parts[-1], file.base[0]]):
                    if (place / name) != path:
                        _write(place, (*below[:-1], name), content)
    return HandedIn(answer.shown, owners, path, place, "", note, attempt, answer.time)


def _write(place: Path, parts: tuple[str, ...], content: bytes) -> Path:
    """Write a file below a folder that nobody else sees. Paths of members were checked when they were read."""
    path = place.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except (OSError, ValueError) as error:  # a name that is too long, or half of a letter; a full disk
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            "file", "have a name that the system can use", f"{'/'.join(parts)!r} ({why})", "Rename it."
        ) from None
    return path
