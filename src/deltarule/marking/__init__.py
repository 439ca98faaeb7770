r"""Marks: an answer worked by hand, entry by entry against the problem, and the mistake that explains it.

How an entry is marked
----------------------
An answer's figures are rounded. With h half a unit of an entry's last decimal, e the right figure and a the figure given:

    right     |a - e| <= h
    rounding  a comes from rounding on the way: earlier figures were rounded to the answer's decimals (see `rework.rounding`)
    wrong     neither

Follow-through: each part is worked again from the answer's own earlier parts, so that one slip costs one mark; an entry that
follows from them keeps its mark.

Mistakes: what is neither right nor follows is worked again with each known mistake. The mistakes under which the answer's figures
are likeliest are named, if they are much likelier than all that would make the names false (see `diagnosis.diagnose`).

The rooms
---------
Each uses only those above it:

    parts, given, marks   the names of parts; an answer as given; the marks of an answer
    rework                an exercise worked again: without a mistake, from a student's own figures, rounded, or with a mistake
    worth                 what could be answered, and its weights
    answer                reading answers, and writing the right one and a blank one
    mistakes              every known mistake, in one registry
    diagnosis             which mistakes explain an answer
    grading               which entries are right, within rounding, follow, or are wrong
    checking              `check`: all of it
    folder                a folder of answers
    report                marks as text and as pages
"""

from deltarule.marking.answer.blank_answer import blank_answer, template
from deltarule.marking.answer.file import answer_from, read_answer
from deltarule.marking.answer.right_answer import answer_text, worked_answer
from deltarule.marking.checking import check
from deltarule.marking.folder import FolderMarks, MarkedAnswer, mark_folder
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.parts import PartName

__all__ = [
    "Answer",
    "Entry",
    "Finding",
    "FolderMarks",
    "GivenPart",
    "MarkedAnswer",
    "Marks",
    "PartMarks",
    "PartName",
    "answer_from",
    "answer_text",
    "blank_answer",
    "check",
    "mark_folder",
    "read_answer",
    "template",
    "worked_answer",
]
