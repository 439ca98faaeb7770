"""The marks of a folder as a table for the instructor: as text, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.folder.pairing import composed
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.report.page import page_templates
from deltarule.marking.report.text import percent, summary
from deltarule.parts import PartName
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.words import counted, short_name

# Letters of a file's name in the table: with score and a mistake or two a row then fits 80 columns.
LONGEST_NAME = 36
# Mistakes in the table of the commonest, and problems without an answer that are named: a screen holds no more.
COMMONEST, MAXIMUM_MISSING = 12, 20


def folder_text(marks: FolderMarks, width: int = 80) -> str:
    """The `marks` of a folder as a table in plain text of at most `width` columns."""
    return joined(folder_lines(marks, width))


def folder_lines(marks: FolderMarks, width: int) -> list[Line]:
    """The `marks` of a folder as lines of at most `width` columns.

    The table, what could not be read, the commonest mistakes, and what is missing.
    """
    rows, names = marks.rows, row_names(marks)
    heading = "answer" if marks.class_list is None else "student"
    index = Block("", [heading], [[short_name(composed(name), LONGEST_NAME)] for name in names], words=True)
    figures = Block(
        "", ["score", "answered"], [[_score(answer) or "-", _answered(answer) or "-"] for _, answer in rows]
    )
    mistakes = Block("", ["mistakes"], [[_in_words(answer)] for _, answer in rows], words=True)
    styles = ["" if answer is not None and answer.right else "red" for _, answer in rows]
    lines = banded(index, [figures, mistakes], width, styles=styles)
    lines += _section("Not read", (why for each in marks.answers for why in _unread(each)), width)
    lines += _section(
        "Not in the class list", (_sentence(each.note) for each in marks.answers if _is_nobodys(marks, each)), width
    )
    lines += _section("Notes", _notes(marks), width)
    if marks.mistakes:
        lines += [Line(""), Line("Commonest mistakes", "bold")]
        lines += [Line(f"  {count:>4}  {mistake}") for mistake, count in marks.mistakes[:COMMONEST]]
    if marks.missing:
        rest = len(marks.missing) - MAXIMUM_MISSING
        shown = [short_name(each, LONGEST_NAME) for each in marks.missing[:MAXIMUM_MISSING]]
        more = [f"and {rest} more"] if rest > 0 else []
        lines += [Line(""), *wrapped(f"No answer: {', '.join([*shown, *more])}", width, indent="  ")]
    return [*lines, Line(""), Line(_count(marks), "bold")]


def _section(title: str, sentences: Iterable[str], width: int) -> list[Line]:
    """Sentences below a title; nothing where there are none."""
    lines = [line for each in sentences for line in wrapped(f"  {each}", width, indent="    ")]
    return [Line(""), Line(title, "bold"), *lines] if lines else []


def _count(marks: FolderMarks) -> str:
    right = sum(each.right for each in marks.answers)
    of = "" if marks.class_list is None else f" of {counted(len(marks.class_list.students), 'student')}"
    return f"{counted(len(marks.answers), 'answer')}{of}, {right} right."


def row_names(marks: FolderMarks) -> list[str]:
    """What the rows of a folder's `marks` are called: students by their names, with an id where two have one name; else files."""
    listed = [] if marks.class_list is None else marks.class_list.labels
    return [*listed, *(answer.file for _, answer in marks.rows[len(listed) :] if answer is not None)]


def _is_nobodys(marks: FolderMarks, answer: MarkedAnswer) -> bool:
    return marks.class_list is not None and not answer.students


def _notes(marks: FolderMarks) -> Iterator[str]:
    """What is to be said of the whole, and of answers: which is the latest of several."""
    yield from map(_sentence, marks.notes)
    yield from (f"{_owner(each)}: {each.note}." for each in marks.answers if each.note and not _is_nobodys(marks, each))


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


def _owner(answer: MarkedAnswer) -> str:
    return " and ".join(student.name for student in answer.students) or _name(answer)


def folder_page(marks: FolderMarks, links: Sequence[str] = ()) -> str:
    """The `marks` of a folder as a page that loads nothing else.

    Each answer with its score and mistakes, the commonest mistakes, and what is missing.

    Parameters
    ----------
    marks : what it shows.
    links : the page of each row; empty for none.
    """
    return _rendered("folder.html", marks, links)


def folder_fragment(marks: FolderMarks) -> str:
    """The `marks` of a folder as a fragment of HTML for a notebook."""
    return _rendered("folder_fragment.html", marks)


def _rendered(template: str, marks: FolderMarks, links: Sequence[str] = ()) -> str:
    largest = max((count for _, count in marks.mistakes), default=1)
    rows = marks.rows
    return page_templates().get_template(template).render(
        heading="answer" if marks.class_list is None else "student",
        rows=[
            _row(answer, name, link)
            for (_, answer), name, link in zip(rows, row_names(marks), links or [""] * len(rows), strict=True)
        ],
        bars=[(mistake, count, round(100 * count / largest)) for mistake, count in marks.mistakes],
        answers=counted(len(marks.answers), "answer"),
        count=_count(marks),
        missing=marks.missing,
        notes=[_sentence(note) for note in marks.notes],
    )  # fmt: skip


def _row(answer: MarkedAnswer | None, name: str, link: str) -> Row:
    if answer is None:
        return Row(name, link, "no answer", "", False, "", [])
    score, share = _score(answer) or "not read", _answered(answer)
    return Row(name, link, score, share, answer.right, ", ".join(answer.mistakes), list(_remarks(answer)))


class Row(NamedTuple):
    """A row of the page.

    Attributes
    ----------
    name, link : what it is called, and its own page; "" for none.
    score : as a text, or why there is none.
    answered : as a text; empty where the answer was not read.
    right : whether all is right.
    mistakes : their names.
    remarks : sentences.
    """

    name: str
    link: str
    score: str
    answered: str
    right: bool
    mistakes: str
    remarks: list[str]


def _name(answer: MarkedAnswer) -> str:
    return short_name(composed(answer.file), LONGEST_NAME)


def _score(answer: MarkedAnswer | None) -> str:
    return "" if answer is None or answer.marks is None else percent(answer.marks.score)


def _answered(answer: MarkedAnswer | None) -> str:
    """How much of what could be answered was answered."""
    return "" if answer is None or answer.marks is None else percent(answer.marks.answered)


def _in_words(answer: MarkedAnswer | None) -> str:
    """The last column of the table: the mistakes, or that there are none."""
    if answer is None:
        return "no answer"
    if answer.marks is None:
        return "not read"
    other = f" ({answer.answers})" if answer.answers is not None else ""
    words = [f"{mistake}{other}" if mistake == ANOTHER_PROBLEM.name else mistake for mistake in answer.mistakes]
    if not words and any(part.verdict == "wrong" for part in answer.marks):
        words = ["no mistake found"]
    if not (answer.marks.parts or answer.marks.faults):
        words.append("nothing answered")
    elif answer.marks.missing:
        words.append(f"{counted(len(answer.marks.missing), 'part')} missing")
    if answer.marks.faults:
        words.append(f"{counted(len(answer.marks.faults), 'part')} not read")
    return ", ".join(words) or "right"


def _unread(answer: MarkedAnswer) -> Iterator[str]:
    """What could not be read of an answer, or of the whole of it, and why."""
    if answer.marks is None:
        yield answer.error
    else:
        yield from (f"{_name(answer)}, {fault}" for fault in _faults(answer))


def _faults(answer: MarkedAnswer) -> list[str]:
    faults = {} if answer.marks is None else answer.marks.faults
    return [f"{PartName.parse(part).heading}: {why}" for part, why in faults.items()]


def _remarks(answer: MarkedAnswer) -> Iterator[str]:
    """What the page says of an answer besides its mistakes."""
    if answer.note:
        yield _sentence(answer.note)
    if answer.marks is None:
        yield answer.error
        return
    other = f" It is the answer to {answer.answers}." if answer.answers is not None else ""
    yield f"{summary(answer.marks)}{other}"
    yield from _faults(answer)
