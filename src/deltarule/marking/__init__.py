r"""Marks: an answer worked by hand, entry by entry against the problem, and the mistake that explains it.

How an entry is marked
----------------------
An answer's figures are rounded. With h half a unit of an entry's last decimal, e what it should be and a what it says:

    right     |a - e| <= h
    rounding  a is what comes of rounding on the variant: of earlier figures rounded to the answer's decimals (see `rounding`)
    wrong     neither

Follow-through: each part is worked again from the answer's own earlier parts, so that one slip costs once; an entry that
follows from them is not lost.

Mistakes: each known one is worked as if it had been made; the one under which the answer's figures are likeliest is named, if
they are far likelier than by chance (see `explaining`).
"""

from deltarule.marking.answer.file import answer_from, read_answer
from deltarule.marking.answer.given import Answer
from deltarule.marking.answer.right_answer import answer_text, worked_answer
from deltarule.marking.checking import check
from deltarule.marking.marks import Entry, Finding, Marks, PartMarks

__all__ = [
    "Answer",
    "Entry",
    "Finding",
    "Marks",
    "PartMarks",
    "answer_from",
    "answer_text",
    "check",
    "read_answer",
    "worked_answer",
]
