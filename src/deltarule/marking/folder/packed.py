"""The files of a folder or a zip file in which answers may lie, however a platform or a person packed them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath

from deltarule.errors import InputError
from deltarule.files import read_regular
from deltarule.files.archives import MAXIMUM_MEMBERS, Archive, Member, opened_archive
from deltarule.marking.answer.document import HTML_SUFFIXES
from deltarule.marking.answer.file import LARGEST_ANSWER, SUFFIXES
from deltarule.marking.folder.choosing import HandedFile
from deltarule.marking.folder.origins import Owner, origin_of, submitters_of

METADATA = "submission_metadata.yml"
# A student's own zip file; a class's is not read whole.
LARGEST_ZIP = 64 * 2**20
# What file managers leave behind.
LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")
# Folders in folders that are looked into.
DEEPEST = 8


def is_zip(path: Path) -> bool:
    """Whether a `path` is that of a zip file, by its name."""
    return path.suffix.lower() == ".zip" and not os.path.isdir(path)  # noqa: PTH112 - it raises nothing


def entries_of(folder: Path) -> list[Path]:
    """What lies in a `folder`.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    try:
        return list(folder.iterdir())
    except OSError as error:
        got = f"{str(folder)!r} ({error.strerror})"
        raise InputError("folder", "be one that can be read", got, "Check its name and its permissions.") from None


def time_of(path: Path) -> float:
    """When what lies at a `path` was changed, in seconds since 1970; 0.0 where nothing does."""
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - a broken link raises nothing else
    except (OSError, ValueError):
        return 0.0


def files_below(folder: Path, paths: list[Path], claimed: Callable[[str], bool], own: list[Path]) -> list[HandedFile]:
    """The files of a folder that do not lie in it as answers: those of its folders and zip files, and renamed ones.

    A folder that no platform named is a student's if it is `claimed`, or if no answer lies beside it.

    Parameters
    ----------
    folder : the folder.
    paths : what lies in it, but for the answers.
    claimed : whether the name of a folder is that of a student or of a problem.
    own : the answers that lie in it.
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

    return HandedFile(inside.parts, read, time_of(path), path=path)


def files_in_zip(archive: Archive, notes: list[str]) -> list[HandedFile]:
    """The files of a zip file, without what file managers leave behind; of two with one path the later one.

    Parameters
    ----------
    archive : the zip file.
    notes : what is passed over is added to it.
    """
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


def without_top(files: list[HandedFile], claimed: Callable[[str], bool]) -> list[HandedFile]:
    """The files of a zip file without the one folder that all lie in, unless that is a student's.

    Parameters
    ----------
    files : all files.
    claimed : whether the name of a folder is that of a student or of a problem.
    """
    tops = {file.parts[0] for file in files if len(file.parts) > 1}
    if len(tops) != 1 or any(len(file.parts) == 1 for file in files):
        return files
    (top,) = tops
    if origin_of([top, "x"], {}) is not None or claimed(top):
        return files
    return [replace(file, parts=file.parts[1:]) for file in files]


def submitters_among(files: list[HandedFile], notes: list[str]) -> dict[str, tuple[Owner, ...]]:
    """The owners of the folders of a download of Gradescope; none where it is none.

    Parameters
    ----------
    files : all files.
    notes : what is wrong is added to it.
    """
    found: dict[str, tuple[Owner, ...]] = {}
    for file in files:
        if file.parts[-1] == METADATA:
            try:
                found |= submitters_of(file.read(LARGEST_ZIP).decode("utf-8", "replace"))
            except InputError as error:
                notes.append(str(error).rstrip("."))
    return found


def opened(files: list[HandedFile], submitters: dict[str, tuple[Owner, ...]], notes: list[str]) -> Iterator[HandedFile]:
    """The files, where a zip file that is no student's is replaced by what it holds: a download that lies in a folder.

    Parameters
    ----------
    files : all files.
    submitters : the owners of folders of Gradescope; those of such a download are added to it.
    notes : what is wrong is added to it.
    """
    for file in files:
        if len(file.parts) > 1 or not file.parts[0].lower().endswith(".zip") or origin_of(file.parts, submitters):
            yield file
            continue
        faults: list[str] = []
        inner = unzipped(file, faults)
        notes += faults
        own = submitters_among(inner, notes)
        submitters |= own
        if any(origin_of(each.parts, own) for each in inner):
            yield from inner
        else:
            yield from (replace(each, parts=(PurePath(file.parts[0]).stem, *each.parts)) for each in inner)


def unzipped(file: HandedFile, faults: list[str], *, once_more: bool = True) -> list[HandedFile]:
    """What a zip file in a folder or a zip file holds; one zip file that it holds alone is opened, too.

    Parameters
    ----------
    file : the zip file.
    faults : what is wrong is added to it.
    once_more : whether a zip file in it may be opened.
    """
    try:
        with opened_archive(file.path or file.read(LARGEST_ZIP), file.shown) as archive:
            found, files = [], files_in_zip(archive, faults)
            if once_more and len(files) == 1 and files[0].parts[-1].lower().endswith(".zip"):
                return unzipped(files[0], faults, once_more=False)
            for each in files:
                if PurePath(each.parts[-1]).suffix.lower() in (*SUFFIXES, *HTML_SUFFIXES) or each.parts[-1] == METADATA:
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
