"""The handout's printed answers, marked by the checker as a student's would be, and their entries of the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from deltarule.marking import Entry as MarkedEntry
from deltarule.marking import Marks, PartMarks, check
from deltarule.problem import Problem, read_problem
from deltarule.tutorial.account import Entry, Verdict

FILES = resources.files("deltarule.tutorial")
VERDICTS: dict[str, Verdict] = {"right": "equal", "rounding": "within rounding", "wrong": "differs"}
# What the checker finds in the printed answers, as a sentence about the handout; the checker itself speaks to a student.
FINDINGS = {
    "start-rounded": "The printed W0 is rounded to two decimals; other weights that round to it give this figure.",
    "patterns-reordered": "The printed patterns stand in another order than the patterns of the question.",
    "r2-swapped": "R2 takes the true values first; the handout's code passes the predictions first.",
    "softmax-twice": "The handout's layer ends in softmax, and its loss applies softmax once more.",
    "cost-per-batch": "The handout's code divides the sum of the batches' means by the number of patterns, not of batches.",
}


def problem_of(name: str) -> Problem:
    """A problem of the tutorial by its `name`: question_1, question_2, question_2_autograd or question_3."""
    with resources.as_file(FILES / "problems" / f"{name}.toml") as path:
        return read_problem(path)


def marks_of(name: str, problem: Problem) -> Marks:
    """The marks of a printed answer.

    Parameters
    ----------
    name : question_1, question_2_direct, question_2_autograd or question_3.
    problem : the problem that it answers.
    """
    with resources.as_file(FILES / "answers" / f"{name}.toml") as path:
        return check(problem, path)


def printed_files(marks: Mapping[str, Marks]) -> dict[str, str]:
    """All that is needed to mark the printed answers again: problems, answers and pages of marks, by file name.

    marks : by the name of the printed answer (see `marks_of`).
    """
    from deltarule.marking.report.page import marks_page

    files = {}
    for name, each in marks.items():
        problem = name.removesuffix("_direct")
        files[f"{name}.problem.toml"] = (FILES / "problems" / f"{problem}.toml").read_text("utf-8")
        files[f"{name}.answer.toml"] = (FILES / "answers" / f"{name}.toml").read_text("utf-8")
        files[f"{name}.marks.html"] = marks_page(each, problem_of(problem).title, "the printed answer")
    return files


def findings(marks: Marks, part: str) -> str:
    """The sentences of `FINDINGS` on what the checker finds first in one part.

    Parameters
    ----------
    marks : of a printed answer.
    part : the name of the part, as in "metrics.test_r2".
    """
    return " ".join(_sentence(found.name) for found in marks.mistakes if found.part == part)


def _sentence(name: str) -> str:
    """The sentence on a mistake of this name."""
    if name not in FINDINGS:
        raise LookupError(
            f"FINDINGS of the tutorial has no sentence on {name!r}, which the checker finds in the handout"
        )
    return FINDINGS[name]


def entries(
    question: int, marks: Marks, part: str, what: str, remark: Callable[[int], str] = lambda _row: ""
) -> list[Entry]:
    """The entries of one part of a printed answer, in words and in the account's verdicts.

    Parameters
    ----------
    question : 1, 2 or 3.
    marks : of the printed answer.
    part : its name, as in "iteration.1.delta".
    what : the part in words. With "{row}" in it there is an entry for each row of the part, else one in all.
    remark : a sentence to add, given the row (counted from 1; 0 where the entry is not of a row).
    """
    marked = marks[part]
    if "{row}" not in what:
        return [_entry(question, what, marks, marked, list(marked.entries), remark(0))]
    rows: dict[int, list[MarkedEntry]] = {}
    for entry in marked.entries:
        rows.setdefault(entry.place[0], []).append(entry)
    return [_entry(question, what.format(row=n), marks, marked, each, remark(n)) for n, each in rows.items()]


def _entry(question: int, what: str, marks: Marks, part: PartMarks, marked: list[MarkedEntry], remark: str) -> Entry:
    verdict = VERDICTS[PartMarks(part.part, tuple(marked), part.shape).verdict]
    reasons = {
        "equal": "",
        "within rounding": _rounding(marks, part.part, marked),
        "differs": findings(marks, part.part),
    }
    given, expected = (_laid_out(marked, name) for name in ("given", "expected"))
    labels = isinstance(marked[0].given, str)
    decimals = None if labels else max(entry.decimals for entry in marked)
    why = " ".join(filter(None, (reasons[verdict], remark)))
    return Entry(question, what, given, expected, verdict, why, decimals)


def _rounding(marks: Marks, part: str, marked: list[MarkedEntry]) -> str:
    """Why a figure is within rounding: as a sentence where it is seen first, and in a word from there on."""
    found = next((found for found in marks.mistakes if not found.is_mistake), None)
    if found is None:
        return ""
    first = found.part == part and marked[0] == marks[part].entries[0]
    return _sentence(found.name) if first else "The rounding of W0, as above."


def _laid_out(marked: list[MarkedEntry], name: str) -> Any:
    """Entries as a single figure, as a row, or as the rows of a matrix."""
    if marked[0].place == ():
        return getattr(marked[0], name)
    rows: dict[tuple[int, ...], list[Any]] = {}
    for entry in marked:
        rows.setdefault(entry.place[:-1], []).append(getattr(entry, name))
    return list(rows.values()) if len(rows) > 1 else next(iter(rows.values()))
