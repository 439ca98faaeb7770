"""Marks as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any, NamedTuple

from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.parts import PartName
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.figures import LARGE, figure, figures
from deltarule.typeset.words import SENTENCE_NAME, counted, short_name

# Wrong entries that are written out for each part: more would hide the next part.
ENTRIES_SHOWN = 4
# A sum of marks that are all kept may miss 1 by some 1e-16 of each; one entry of millions that is lost is more than this.
WHOLE = 1 - 1e-9


def marks_text(marks: Marks, width: int = 80) -> str:
    """The `marks` as plain text of at most `width` columns."""
    return joined(marks_lines(marks, width))


def finding_sentence(finding: Finding) -> str:
    """A `finding` in sentences: its name, where it is first seen, and what a tutor would say."""
    return f"{finding.name}, first seen in {finding.part.heading}. {finding.why}"


def summary(marks: Marks) -> str:
    """The `marks` in one sentence: how much is right, what is wrong or missing, and what hints cost."""
    share = percent(marks.score)
    entries = [entry for part in marks for entry in part.entries]
    hints = [hint_cost(marks.hints, marks.hint_cost)] if marks.hint_cost else []
    if marks.right:
        rounded = any(entry.verdict == "rounding" for entry in entries)
        return (
            f"All right{', within rounding' if rounded else ''}{''.join(f', but {cost}' for cost in hints)}: {share}."
        )
    wrong = sum(entry.verdict == "wrong" for entry in entries)
    follows = sum(entry.verdict == "wrong" and bool(entry.follows) for entry in entries)
    clauses = [] if entries or marks.faults else ["nothing is answered"]
    if wrong:
        clauses.append(f"{'1 entry is' if wrong == 1 else f'{wrong} entries are'} wrong")
    if follows:
        clauses[-1] += f", of which {follows} {'follows' if follows == 1 else 'follow'} from earlier ones"
    if marks.missing and clauses[:1] != ["nothing is answered"]:
        clauses.append(f"{counted(len(marks.missing), 'part')} {'is' if len(marks.missing) == 1 else 'are'} missing")
    if blank := blanks(marks):
        clauses.append(f"{'1 entry is' if blank == 1 else f'{blank} entries are'} left blank")
    if marks.faults:
        clauses.append(f"{counted(len(marks.faults), 'part')} could not be read")
    return f"{share}: {'; '.join([*clauses, *hints])}."


def percent(share: float) -> str:
    """A `share` from 0 to 1 as "83%"; what lacks anything is not 100%."""
    rounded = figure(100 * share, 0)
    if rounded == "100" and share < WHOLE:
        rounded = "99"
    return f"{rounded}%"


def hint_cost(hints: int, cost: float) -> str:
    """What `hints` cost, where all together cost this share of the marks: "2 hints cost 20%"."""
    return f"{counted(hints, 'hint')} {'costs' if hints == 1 else 'cost'} {percent(cost)}"


def blanks(marks: Marks) -> int:
    """Entries that are missing in parts of the `marks` of which others are given, where the problem asks for these parts."""
    return sum(part.size - len(part.entries) for part in marks if part.part in marks.expected) if marks.asks else 0


def marks_lines(marks: Marks, width: int) -> list[Line]:
    """The `marks` of each part, what is wrong, and why, in lines of at most `width` columns."""
    lines = _table(marks, width) if marks.parts or marks.missing else []
    for part in marks:
        sentences = list(_sentences(part))
        if sentences:
            lines += [Line(""), Line(part.part.heading, "bold")]
            lines += [line for text in sentences for line in wrapped(f"  {text}", width, indent="    ")]
    if marks.faults:
        lines += [Line(""), Line("Not read", "bold")]
        for name, why in marks.faults.items():
            lines += wrapped(f"  {PartName.parse(name).heading}: {why}", width, indent="    ")
    for heading, found in headed_findings(marks):
        lines += [Line(""), Line(heading, "bold")]
        for each in found:
            lines += wrapped(f"  {finding_sentence(each)}", width, indent="    ")
    lost = any(part.verdict == "wrong" and not part.follow_through for part in marks)
    if lost and not any(each.is_mistake for each in marks.mistakes):
        lines += [Line(""), *wrapped("None of the mistakes that were tried explains what is wrong.", width)]
    return [*lines, Line(""), *wrapped(summary(marks), width, style="bold")]


class Row(NamedTuple):
    """A part in the table of marks.

    Attributes
    ----------
    part : its name.
    verdict : "right", "rounding", "follows" or "wrong"; "missing" or "not read" where it was asked for.
    entries : how many keep their mark, "11 of 12".
    worth : what it earns of its weight, "1.83 of 2".
    """

    part: PartName
    verdict: str
    entries: str
    worth: str


def rows(marks: Marks) -> list[Row]:
    """The parts of the `marks`, and those that are asked for and missing or could not be read, in the order of the work."""
    found = [Row(part.part, verdict(part), counted_entries(marks, part), worth(marks, part)) for part in marks]
    for name, asked in marks.expected.items() if marks.asks else ():
        if not any(row.part == name for row in found):
            why = "not read" if name in marks.faults else "missing"
            found.append(Row(name, why, f"0 of {prod(asked.shape)}", f"0 of {asked.weight:g}"))
    return sorted(found, key=lambda row: row.part.place)


def verdict(part: PartMarks) -> str:
    """The verdict of a `part`: "follows" where all that is wrong in it follows."""
    return "follows" if part.follow_through else part.verdict


def worth(marks: Marks, part: PartMarks) -> str:
    """What a part earns of its weight: "1.83 of 2"; an empty text where the problem says nothing about marks.

    Parameters
    ----------
    marks : of the whole answer.
    part : one of its parts.
    """
    if not marks.weighs:
        return ""
    weight = marks.weight(part.part)
    return f"{round(marks.earned(part), 2):g} of {weight:g}" if weight else "not asked"


def _table(marks: Marks, width: int) -> list[Line]:
    found = rows(marks)
    index = Block("", ["part"], [[row.part.heading] for row in found], words=True)
    blocks = [
        Block("", ["verdict"], [[row.verdict] for row in found], words=True),
        Block("", ["entries" if marks.weighs else "marks"], [[row.entries] for row in found]),
    ]
    if marks.weighs:
        blocks.append(Block("", ["worth"], [[row.worth] for row in found]))
    lost = {part.part for part in marks if part.verdict == "wrong"} | {*marks.missing}
    return banded(index, blocks, width, styles=["red" if row.part in lost else "" for row in found])


def counted_entries(marks: Marks, part: PartMarks) -> str:
    """How many entries of a part keep their mark: "11 of 12"; of all that it has, where it is asked for.

    Parameters
    ----------
    marks : of the whole answer.
    part : one of its parts.
    """
    of = part.size if marks.asks and part.part in marks.expected else len(part.entries)
    return f"{sum(entry.counts for entry in part.entries)} of {of}"


def headed_findings(marks: Marks) -> list[tuple[str, list[Finding]]]:
    """The mistakes in the `marks`, and the remarks that are not mistakes, each with a heading."""
    mistakes, remarks = ([each for each in marks.mistakes if each.is_mistake is kind] for kind in (True, False))
    heading = "Mistake: one of these" if marks.alternatives else "Mistake" if len(mistakes) == 1 else "Mistakes"
    pairs = [(heading, mistakes), ("Note" if len(remarks) == 1 else "Notes", remarks)]
    return [(heading, found) for heading, found in pairs if found]


def _sentences(part: PartMarks) -> Iterable[str]:
    """What is wrong in a part, entry by entry."""
    if part.note:
        yield part.note
        return
    wrong = [entry for entry in part.entries if entry.verdict == "wrong"]
    lost = [entry for entry in wrong if not entry.follows]
    for entry in lost[:ENTRIES_SHOWN]:
        given, expected = (entry_text(value, entry.decimals) for value in (entry.given, entry.expected))
        yield f"{place_text(entry) or 'here'}: {given}, should be {expected}"
    if len(lost) > ENTRIES_SHOWN:
        yield f"and {len(lost) - ENTRIES_SHOWN} more"
    follows = len(wrong) - len(lost)
    if follows:
        which = "this follows" if follows == 1 else f"{follows} entries follow"
        yield f"{which} from your own earlier figures: no mark is lost"


def place_text(entry: Entry) -> str:
    """Where an entry stands: "row 4, column 1", "entry 3"; an empty text for a single figure."""
    names = ("row", "column") if len(entry.place) == 2 else ("entry",) * len(entry.place)
    return ", ".join(f"{name} {at}" for name, at in zip(names, entry.place, strict=True))


def entry_text(value: Any, decimals: int) -> str:
    """The `value` of an entry: a figure with this number of `decimals`; a label or a count as it is, cut where it is long."""
    if not isinstance(value, float):
        return short_name(value, SENTENCE_NAME)
    return figure(value, decimals) if abs(value) < LARGE else figures([value], decimals)[0]
