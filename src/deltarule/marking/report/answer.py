"""An answer as it was read: which parts it has, how many figures of each, and what could not be read."""

from __future__ import annotations

from deltarule.marking.given import Answer, GivenPart
from deltarule.parts import PartName
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.templating import escaped
from deltarule.typeset.words import counted


def summary_text(answer: Answer, width: int = 80) -> str:
    """An `answer` as plain text of at most `width` columns."""
    lines = [*wrapped(_summary(answer), width, style="bold")]
    if answer.parts:
        index = Block("", ["part"], [[name.heading] for name in answer.parts], words=True)
        entries = Block("", ["figures given"], [[_given(part)] for part in answer.parts.values()])
        lines += [Line(""), *banded(index, [entries], width)]
    if answer.faults:
        lines += [Line(""), Line("Not read", "bold")]
        for name, why in answer.faults.items():
            lines += wrapped(f"  {PartName.parse(name).heading}: {why}", width, indent="    ")
    return joined(lines)


def summary_html(answer: Answer) -> str:
    """An answer as a fragment of HTML."""
    rows = "".join(
        f"<tr><td>{escaped(name.heading)}</td><td>{_given(part)}</td></tr>" for name, part in answer.parts.items()
    )
    table = f"<table><tr><th>part</th><th>figures given</th></tr>{rows}</table>" if rows else ""
    faults = "".join(
        f"<li>{escaped(PartName.parse(name).heading)}: {escaped(why)}</li>" for name, why in answer.faults.items()
    )
    not_read = f"<p>Not read:</p><ul>{faults}</ul>" if faults else ""
    return f"<div><p>{escaped(_summary(answer))}</p>{table}{not_read}</div>"


def _summary(answer: Answer) -> str:
    parts = f"An answer of {counted(len(answer.parts), 'part')}, with {counted(answer.decimals, 'decimal')}"
    unread = f"; {counted(len(answer.faults), 'part')} could not be read" if answer.faults else ""
    return f"{parts}{unread}."


def _given(part: GivenPart) -> str:
    known, size = int(part.known.sum()), part.values.size
    note = f" ({part.note})" if part.note else ""
    return f"{size if known == size else f'{known} of {size}'}{note}"
