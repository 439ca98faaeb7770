"""The marks of a folder as a table for the instructor: as text, and as a page."""

from __future__ import annotations

from collections.abc import Iterator

from deltarule.marking.folder.marking import FolderMarks, MarkedAnswer
from deltarule.marking.folder.pairing import composed
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.parts import PartName
from deltarule.marking.report.page import page_templates
from deltarule.marking.report.text import percent, summary
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
    answers = marks.answers
    index = Block("", ["answer"], [[_name(each)] for each in answers], words=True)
    scores = Block("", ["score", "answered"], [[_score(each) or "-", _answered(each) or "-"] for each in answers])
    mistakes = Block("", ["mistakes"], [[_in_words(each)] for each in answers], words=True)
    lines = banded(index, [scores, mistakes], width, styles=["" if each.right else "red" for each in answers])
    unread = [why for each in answers for why in _unread(each)]
    if unread:
        lines += [Line(""), Line("Not read", "bold")]
        for why in unread:
            lines += wrapped(f"  {why}", width, indent="    ")
    if marks.mistakes:
        lines += [Line(""), Line("Commonest mistakes", "bold")]
        lines += [Line(f"  {count:>4}  {mistake}") for mistake, count in marks.mistakes[:COMMONEST]]
    if marks.missing:
        rest = len(marks.missing) - MAXIMUM_MISSING
        shown = [short_name(each, LONGEST_NAME) for each in marks.missing[:MAXIMUM_MISSING]]
        more = [f"and {rest} more"] if rest > 0 else []
        lines += [Line(""), *wrapped(f"No answer: {', '.join([*shown, *more])}", width, indent="  ")]
    right = sum(each.right for each in answers)
    return [*lines, Line(""), Line(f"{counted(len(answers), 'answer')}, {right} right.", "bold")]


def folder_page(marks: FolderMarks) -> str:
    """The `marks` of a folder as a page that loads nothing else.

    Each answer with its score and mistakes, the commonest mistakes, and what is missing.
    """
    return _rendered("folder.html", marks)


def folder_fragment(marks: FolderMarks) -> str:
    """The `marks` of a folder as a fragment of HTML for a notebook."""
    return _rendered("folder_fragment.html", marks)


def _rendered(template: str, marks: FolderMarks) -> str:
    largest = max((count for _, count in marks.mistakes), default=1)
    return page_templates().get_template(template).render(
        rows=[
            (each.file, _score(each), _answered(each), each.right, ", ".join(each.mistakes), list(_remarks(each)))
            for each in marks.answers
        ],
        bars=[(mistake, count, round(100 * count / largest)) for mistake, count in marks.mistakes],
        right=sum(each.right for each in marks.answers),
        missing=marks.missing,
    )  # fmt: skip


def _name(answer: MarkedAnswer) -> str:
    return short_name(composed(answer.file), LONGEST_NAME)


def _score(answer: MarkedAnswer) -> str:
    return "" if answer.marks is None else percent(answer.marks.score)


def _answered(answer: MarkedAnswer) -> str:
    """How much of what could be answered was answered."""
    return "" if answer.marks is None else percent(answer.marks.answered)


def _in_words(answer: MarkedAnswer) -> str:
    """The last column of the table: the mistakes, or that there are none."""
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
    if answer.marks is None:
        yield answer.error
        return
    other = f" It is the answer to {answer.answers}." if answer.answers is not None else ""
    yield f"{summary(answer.marks)}{other}"
    yield from _faults(answer)
