"""Hints: where the first mistake is, then what kind it is, then the figures. No level says more than it must."""

from __future__ import annotations

from collections.abc import Iterable

from deltarule.marking.marks import Marks
from deltarule.marking.report.text import entry_text, hint_cost, place_text, summary
from deltarule.parts import PartName
from deltarule.typeset.columns import Line, wrapped

WHERE, WHAT_KIND, FIGURES = 1, 2, 3


def hint_lines(marks: Marks, level: int, width: int) -> list[Line]:
    """Hints as lines.

    Parameters
    ----------
    marks : the marks of an answer.
    level : 1: where the mistake is; 2: its kind too; 3: the figures too.
    width : the number of columns.
    """
    return [line for text in hints(marks, level) for line in wrapped(text, width)]


def hints(marks: Marks, level: int) -> Iterable[str]:
    """The sentences of this `level`, and of those below it, on the `marks`; at the end, what hints cost."""
    yield from _of_marks(marks, level)
    if marks.marking is not None and marks.marking.hint_cost:
        asked = max(level, marks.hints)
        note = "" if marks.hints >= level else f" Write hints = {level} at the top of the answer."
        yield f"{hint_cost(asked, marks.marking.cost_of(asked))} of all marks.{note}"


def _of_marks(marks: Marks, level: int) -> Iterable[str]:
    lost = [part for part in marks if part.verdict == "wrong" and not part.follow_through]
    if not lost:
        yield from _of_unread_parts(marks, level)
        return
    part = lost[0]
    entry = next(e for e in part.entries if e.verdict == "wrong" and not e.follows)
    place = place_text(entry)
    yield f"Look at {part.part.heading}{f', {place}' if place else ''} first."
    if level >= WHAT_KIND:
        found = dict.fromkeys(mistake.hint for mistake in marks.mistakes)
        yield from found or ["None of the mistakes that were tried explains it."]
    if level >= FIGURES and part.note:
        yield f"There {part.note}."
    elif level >= FIGURES:
        given, expected = (entry_text(value, entry.decimals) for value in (entry.given, entry.expected))
        yield f"There should be {expected} instead of {given}."


def _of_unread_parts(marks: Marks, level: int) -> Iterable[str]:
    """Where nothing is wrong: the summary, and the first part that could not be read; from level 2 on why."""
    yield summary(marks)
    for name, why in list(marks.faults.items())[:1]:
        yield f"Correct {PartName.parse(name).heading} first.{f' {why}' if level >= WHAT_KIND else ''}"
