"""What was handed in: the answers of a folder or a zip file, as people put them there or as a learning platform gives them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

from deltarule.errors import InputError
from deltarule.files import read_regular
from deltarule.files.archives import MAXIMUM_MEMBERS, Archive, Member, opened_archive
from deltarule.marking.answer.file import LARGEST_ANSWER, SUFFIXES
from deltarule.marking.folder.choosing import HandedFile, answer_among, is_answer_name, is_matrix_name
from deltarule.marking.folder.origins import Origin, Owner, named_owner, origin_of, submitters_of

METADATA = "submission_metadata.yml"
# A student's own zip file; a class's is not read whole.
LARGEST_ZIP = 64 * 2**20
# What file managers leave behind.
LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")
# Folders in folders that are looked into.
DEEPEST = 8


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
            entries = sorted(_entries(source))
            named = [path for path in entries if path.name not in LITTER and not path.name.startswith(".")]
            own = [path for path in named if is_answer_name(path.name) and origin_of([path.name], {}) is None]
            found += [HandedIn(path.name, (named_owner(path.name),), path, source, time=_time(path)) for path in own]
            files = _below(source, [path for path in named if path not in own], claimed, own)
            found += staging.staged(files, notes)
        else:
            with opened_archive(source, source.name) as archive:
                files = _members(archive, notes)
                found += staging.staged(_without_top(files, claimed), notes)
        yield found, notes


def is_zip(path: Path) -> bool:
    """Whether a `path` is that of a zip file, by its name."""
    return path.suffix.lower() == ".zip" and not os.path.isdir(path)  # noqa: PTH112 - it raises nothing


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        got = f"{str(folder)!r} ({error.strerror})"
        raise InputError("folder", "be one that can be read", got, "Check its name and its permissions.") from None


def _time(path: Path) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - a broken link raises nothing else
    except (OSError, ValueError):
        return 0.0


def _below(folder: Path, paths: list[Path], claimed: Callable[[str], bool], own: list[Path]) -> list[HandedFile]:
    """The files of a folder that do not lie in it as answers: those of its folders and zip files, and renamed ones.

    A folder that no platform named is a student's if it is `claimed`, or if no answer lies beside it.
    """
    found: list[HandedFile] = []
    for path in paths:
        if path.is_symlink():
            continue
        if path.is_dir():
            platform = origin_of([path.name, "x"], {}) is not None
            if platform or not own or claimed(path.name):
                found += _walked(folder, path)
        elif path.is_file() and (path.suffix.lower() == ".zip" or path.name == METADATA or origin_of([path.name], {})):
            found.append(_file(folder, path))
    return found


def _walked(folder: Path, below: Path) -> Iterator[HandedFile]:
    count = 0
    for place, folders, names in os.walk(below):
        here = Path(place)
        deep = len(here.relative_to(folder).parts) >= DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if name not in LITTER and not name.startswith("."))
        for name in sorted(names):
            if name not in LITTER and not name.startswith("."):
                count += 1
                yield _file(folder, here / name)
        if count > MAXIMUM_MEMBERS:
            rule = f"hold at most {MAXIMUM_MEMBERS:,} files"
            raise InputError("folder", rule, f"more in {str(below)!r}", "Give the folder of the answers.")


def _file(folder: Path, path: Path) -> HandedFile:
    inside = path.relative_to(folder)

    def read(limit: int) -> bytes:
        return read_regular(inside, "answer", root=folder, limit=limit, smaller="Leave out what was not asked for.")

    return HandedFile(inside.parts, read, _time(path), path=path)


def _members(archive: Archive, notes: list[str]) -> list[HandedFile]:
    """The files of a zip file, without what file managers leave behind; of two with one path the later one."""
    members = {member.parts: member for member in archive.members()}
    if archive.refused:
        more = f", and {len(archive.refused) - 1} more" if len(archive.refused) > 1 else ""
        notes.append(f"{archive.name} holds what was passed over: {archive.refused[0]}{more}")
    return [
        HandedFile(member.parts, partial(_read, archive, member), member.time)
        for member in members.values()
        if not any(part in LITTER or part.startswith(".") for part in member.parts)
    ]


def _read(archive: Archive, member: Member, limit: int) -> bytes:
    return archive.read(member, limit)


def _without_top(files: list[HandedFile], claimed: Callable[[str], bool]) -> list[HandedFile]:
    """The files of a zip file without the one folder that all lie in, unless that is a student's."""
    tops = {file.parts[0] for file in files if len(file.parts) > 1}
    if len(tops) != 1 or any(len(file.parts) == 1 for file in files):
        return files
    (top,) = tops
    if origin_of([top, "x"], {}) is not None or claimed(top):
        return files
    return [replace(file, parts=file.parts[1:]) for file in files]


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
        submitters = _submitters(files, notes)
        groups: dict[tuple[tuple[Owner, ...], str], list[HandedFile]] = {}
        plain: list[HandedFile] = []
        for file in _opened(files, submitters, notes):
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
            inner += _unzipped(file, faults) if file.parts[-1].lower().endswith(".zip") else [file]
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


def _submitters(files: list[HandedFile], notes: list[str]) -> dict[str, tuple[Owner, ...]]:
    """The owners of the folders of a download of Gradescope; none where it is none."""
    found: dict[str, tuple[Owner, ...]] = {}
    for file in files:
        if file.parts[-1] == METADATA:
            try:
                found |= submitters_of(file.read(LARGEST_ZIP).decode("utf-8", "replace"))
            except InputError as error:
                notes.append(str(error).rstrip("."))
    return found


def _opened(
    files: list[HandedFile], submitters: dict[str, tuple[Owner, ...]], notes: list[str]
) -> Iterator[HandedFile]:
    """The files, where a zip file that is no student's is replaced by what it holds: a download that lies in a folder."""
    for file in files:
        if len(file.parts) > 1 or not file.parts[0].lower().endswith(".zip") or origin_of(file.parts, submitters):
            yield file
            continue
        faults: list[str] = []
        inner = _unzipped(file, faults)
        notes += faults
        own = _submitters(inner, notes)
        submitters |= own
        if any(origin_of(each.parts, own) for each in inner):
            yield from inner
        else:
            yield from (replace(each, parts=(PurePath(file.parts[0]).stem, *each.parts)) for each in inner)


def _unzipped(file: HandedFile, faults: list[str]) -> list[HandedFile]:
    """What a zip file in a folder or a zip file holds; zip files in it are left alone. What is wrong is added to the `faults`."""
    try:
        with opened_archive(file.path or file.read(LARGEST_ZIP), file.shown) as archive:
            found = []
            for each in _members(archive, faults):
                if PurePath(each.parts[-1]).suffix.lower() in SUFFIXES or each.parts[-1] == METADATA:
                    try:
                        content = each.read(LARGEST_ANSWER)
                    except InputError as error:
                        found.append(replace(each, read=partial(_raise, error)))
                        continue
                    found.append(replace(each, read=partial(_known, content)))
            return found
    except InputError as error:
        faults.append(str(error).rstrip("."))
        return []


def _known(content: bytes, _limit: int) -> bytes:
    return content


def _raise(error: InputError, _limit: int) -> bytes:
    raise error
