"""Marks as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.figures import LARGE, figure, figures
from deltarule.typeset.words import counted

# Wrong entries told of one part.
MOST_TOLD = 4
SYMBOLS = {
    "synaptic_inputs": "U", "outputs": "f(U)", "predicted": "predicted", "errors": "errors", "cost": "cost J",
    "delta": "delta", "weight_gradient": "dJ/dW", "bias_gradient": "dJ/db", "weights": "W", "biases": "b",
    "updates": "updates", "inputs": "patterns",
}  # fmt: skip


def marks_text(marks: Marks, width: int = 80) -> str:
    """Marks as plain text."""
    return joined(marks_lines(marks, width))


def part_title(name: str) -> str:
    """A part as a reader calls it.

    Examples
    --------
    >>> part_title("iteration.1.synaptic_inputs"), part_title("boundaries.A-B"), part_title("metrics.test_mse")
    ('iteration 1: U', 'boundary A-B', 'test mse')
    >>> part_title("iteration.1"), part_title("iteration")
    ('iteration 1', 'iteration')
    """
    table, _, inner = name.partition(".")
    if table == "iteration":
        number, _, part = inner.partition(".")
        return f"iteration {number}: {SYMBOLS.get(part, part)}" if part else f"iteration {number}".rstrip()
    if table == "convergence":
        return f"convergence: {SYMBOLS.get(inner, inner)}"
    return f"boundary {inner}" if table == "boundaries" else inner.replace("_", " ") or table


def summary(marks: Marks) -> str:
    """One sentence: how much is right, and what went wrong."""
    share = f"{figure(100 * marks.score, 0)}%"
    wrong = sum(entry.verdict == "wrong" for part in marks for entry in part.entries)
    if marks.right:
        rounded = any(part.verdict == "rounding" for part in marks)
        return f"All right{', within rounding' if rounded else ''}: {share}."
    follows = sum(entry.verdict == "wrong" and bool(entry.follows) for part in marks for entry in part.entries)
    told = []
    if wrong:
        told.append(f"{'1 entry is' if wrong == 1 else f'{wrong} entries are'} wrong")
    if follows:
        told[-1] += f", of which {follows} {'follows' if follows == 1 else 'follow'} from earlier ones"
    if marks.faults:
        told.append(f"{counted(len(marks.faults), 'part')} could not be read")
    return f"{share}: {'; '.join(told)}."


def marks_lines(marks: Marks, width: int) -> list[Line]:
    """The marks of each part, what is wrong, and why."""
    index = Block("", ["part"], [[part_title(part.part)] for part in marks], words=True)
    verdicts = [[_verdict(part)] for part in marks]
    scores = [[f"{sum(e.counts for e in part.entries)} of {len(part.entries)}"] for part in marks]
    blocks = [Block("", ["verdict"], verdicts, words=True), Block("", ["marks"], scores)]
    styles = [{"right": "", "rounding": "", "wrong": "red"}[part.verdict] for part in marks]
    lines = banded(index, blocks, width, styles=styles) if marks.parts else []
    for part in marks:
        told = list(_told(part))
        if told:
            lines += [Line(""), Line(part_title(part.part), "bold")]
            lines += [line for text in told for line in wrapped(f"  {text}", width, indent="    ")]
    if marks.faults:
        lines += [Line(""), Line("Not read", "bold")]
        for name, why in marks.faults.items():
            lines += wrapped(f"  {part_title(name)}: {why}", width, indent="    ")
    for heading, found in findings(marks):
        lines += [Line(""), Line(heading, "bold")]
        for each in found:
            lines += wrapped(f"  {each.name}, first seen in {part_title(each.part)}. {each.why}", width, indent="    ")
    lost = any(part.verdict == "wrong" and not part.follow_through for part in marks)
    if lost and not any(each.is_mistake for each in marks.mistakes):
        lines += [Line(""), *wrapped("No known mistake explains what is wrong.", width)]
    return [*lines, Line(""), *wrapped(summary(marks), width, style="bold")]


def findings(marks: Marks) -> list[tuple[str, list[Finding]]]:
    """Mistakes, and what is no mistake but good to know, each with its heading."""
    mistakes, notes = ([each for each in marks.mistakes if each.is_mistake is wrong] for wrong in (True, False))
    either = "Mistake: one of these" if marks.alternatives else "Mistake" if len(mistakes) == 1 else "Mistakes"
    pairs = [(either, mistakes), ("Note" if len(notes) == 1 else "Notes", notes)]
    return [(heading, found) for heading, found in pairs if found]


def hint_lines(marks: Marks, level: int, width: int) -> list[Line]:
    """Hints: where (1), and what kind (2), and the figures (3); never more than asked for."""
    wrong = [part for part in marks if part.verdict == "wrong" and not part.follow_through]
    if not wrong:
        return [line for text in _unread(marks, level) for line in wrapped(text, width)]
    first = wrong[0]
    entry = next(e for e in first.entries if e.verdict == "wrong" and not e.follows)
    lines = wrapped(f"Look at {part_title(first.part)}{_where(entry)} first.", width)
    if level >= 2:
        hints = dict.fromkeys(mistake.hint for mistake in marks.mistakes) or {
            "It is no mistake that is known here.": None
        }
        for hint in hints:
            lines += wrapped(hint, width)
    if level >= 3 and first.note:
        lines += wrapped(f"There {first.note}.", width)
    elif level >= 3:
        given, expected = (said(value, entry.decimals) for value in (entry.given, entry.expected))
        lines += wrapped(f"There should be {expected} instead of {given}.", width)
    return lines


def _unread(marks: Marks, level: int) -> Iterable[str]:
    """The sentence, and which part to mend where nothing is wrong but one cannot be read; from level 2 on why."""
    yield summary(marks)
    for name, why in list(marks.faults.items())[:1]:
        yield f"Mend {part_title(name)} first.{f' {why}' if level >= 2 else ''}"


def _verdict(part: PartMarks) -> str:
    if part.verdict == "wrong" and part.follow_through:
        return "follows"
    return part.verdict


def _told(part: PartMarks) -> Iterable[str]:
    """What is wrong in a part, entry by entry."""
    if part.note:
        yield part.note
        return
    wrong = [entry for entry in part.entries if entry.verdict == "wrong"]
    lost = [entry for entry in wrong if not entry.follows]
    for entry in lost[:MOST_TOLD]:
        given, expected = (said(value, entry.decimals) for value in (entry.given, entry.expected))
        yield f"{_where(entry).lstrip(', ') or 'here'}: {given}, should be {expected}"
    if len(lost) > MOST_TOLD:
        yield f"and {len(lost) - MOST_TOLD} more"
    follows = len(wrong) - len(lost)
    if follows:
        which = "this follows" if follows == 1 else f"{follows} entries follow"
        yield f"{which} from your own earlier figures: no mark is lost"


def _where(entry: Entry) -> str:
    if not entry.place:
        return ""
    names = ("row", "column") if len(entry.place) == 2 else ("entry",)
    return ", " + ", ".join(f"{name} {at}" for name, at in zip(names, entry.place, strict=True))


def said(value: Any, decimals: int) -> str:
    """A figure with so many decimals; a label as it is."""
    if not isinstance(value, float):
        return str(value)
    return figure(value, decimals) if abs(value) < LARGE else figures([value], decimals)[0]
