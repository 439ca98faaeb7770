"""Feedback: a page for each student, with their own marks alone, and an index for the instructor that links them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deltarule.file_names import file_name
from deltarule.files import new_folder, write_whole
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.report.folder import folder_page, row_names
from deltarule.marking.report.page import marks_page, page_templates

INDEX = "index.html"


def write_feedback(folder: Path, marks: FolderMarks) -> None:
    """Write the pages of a class, all or none.

    Parameters
    ----------
    folder : a new or an empty one. The pages of the students lie in its folder `students`, which can be handed out as it is; the
        index, which has everybody's marks, lies above.
    marks : of the class.

    Raises
    ------
    InputError
        If the folder holds files or cannot be written to.
    """
    pages = feedback_pages(marks)
    with new_folder(folder) as draft:
        (draft / "students").mkdir()
        for name, text in pages.items():
            write_whole(draft / name, text)


def feedback_pages(marks: FolderMarks) -> dict[str, str]:
    """The pages of a class by their names: the index, and one for each student of the list, or for each answer without a list.

    Parameters
    ----------
    marks : of the class.
    """
    names = row_names(marks)
    files = list(_files(names))
    pages = {INDEX: folder_page(marks, [f"students/{file}" for file in files])}
    for (_, answer), name, file in zip(marks.rows, names, files, strict=True):
        pages[f"students/{file}"] = _page(answer, name)
    return pages


def _files(names: list[str]) -> Iterator[str]:
    """A file name for each, safe and unlike the others on every system."""
    taken: set[str] = set()
    for name in names:
        stem = file_name(_without_ending(name)) or "student"
        own, count = stem, 1
        while own.casefold() in taken:
            count += 1
            own = f"{stem}-{count}"
        taken.add(own.casefold())
        yield f"{own}.html"


def _without_ending(name: str) -> str:
    """The name of a student as it is; of a file or a folder what tells it from others."""
    first = name.split("/", maxsplit=1)[0]
    return next((first[: -len(suffix)] for suffix in SUFFIXES if first.lower().endswith(suffix)), first) or name


def _page(answer: MarkedAnswer | None, name: str) -> str:
    """The page of one student. It tells of nobody else: an error that might is not told."""
    if answer is not None and answer.marks is not None:
        return marks_page(answer.marks, answer.title, name)
    why = "No answer of yours was found."
    if answer is not None:
        why = answer.error if answer.may_be_shown else "Your answer could not be marked. Ask your teacher."
    return page_templates().get_template("unmarked.html").render(name=name, why=why)
