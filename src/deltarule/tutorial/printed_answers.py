"""What the checker says of the handout's printed answers, as entries of the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from deltarule.marking import Entry as Marked
from deltarule.marking import Marks, PartMarks, check
from deltarule.problem import Problem, read_problem
from deltarule.tutorial.account import Entry, Verdict

FILES = resources.files("deltarule.tutorial")
VERDICTS: dict[str, Verdict] = {"right": "equal", "rounding": "within rounding", "wrong": "differs"}


def problem_of(name: str) -> Problem:
    """A problem of the tutorial: question_1, question_2, question_2_autograd, question_3."""
    with resources.as_file(FILES / "problems" / f"{name}.toml") as path:
        return read_problem(path)


def files(marks: Mapping[str, Marks]) -> dict[str, str]:
    """What is needed to mark the printed answers again: problems, answers, and pages of marks, by file name."""
    from deltarule.marking.report.page import marks_page

    found = {}
    for name, each in marks.items():
        problem = name.removesuffix("_direct")
        texts = [
            (FILES / kind / f"{own}.toml").read_text("utf-8")
            for kind, own in (("problems", problem), ("answers", name))
        ]
        found[f"{name}.problem.toml"], found[f"{name}.answer.toml"] = texts
        found[f"{name}.marks.html"] = marks_page(each, problem_of(problem).title, "the printed answer")
    return found


def marks_of(name: str, problem: Problem) -> Marks:
    """Marks of a printed answer."""
    with resources.as_file(FILES / "answers" / f"{name}.toml") as path:
        return check(problem, path)


def why(marks: Marks, part: str) -> str:
    """What the checker names in a part, as sentences."""
    return " ".join(_sentence(named.why) for named in marks.mistakes if named.part == part)


def entries(
    question: int, marks: Marks, part: str, what: str, also: Callable[[int], str] = lambda _row: ""
) -> list[Entry]:
    """A part's entries, one for each row if `what` has a place for {row}; `also`: what is to be said besides of a row, or 0."""
    found = marks[part]
    if "{row}" not in what:
        return [_entry(question, what, marks, found, list(found.entries), also(0))]
    rows: dict[int, list[Marked]] = {}
    for entry in found.entries:
        rows.setdefault(entry.place[0], []).append(entry)
    return [_entry(question, what.format(row=n), marks, found, each, also(n)) for n, each in rows.items()]


def _entry(question: int, what: str, marks: Marks, part: PartMarks, marked: list[Marked], also: str) -> Entry:
    verdict = VERDICTS[PartMarks(part.part, tuple(marked), part.shape).verdict]
    said = {
        "equal": "",
        "within rounding": _rounded(marks, part.part, marked),
        "differs": why(marks, part.part),
    }[verdict]
    given, expected = (_laid_out(marked, name) for name in ("given", "expected"))
    words = isinstance(marked[0].given, str)
    decimals = None if words else max(entry.decimals for entry in marked)
    return Entry(question, what, given, expected, verdict, " ".join(filter(None, (said, also))), decimals)


def _rounded(marks: Marks, part: str, marked: list[Marked]) -> str:
    """What lies behind figures within rounding: once in full, where it is first seen."""
    named = next((named for named in marks.mistakes if not named.is_mistake), None)
    if named is None:
        return ""
    first = named.part == part and marked[0] == marks[part].entries[0]
    return _sentence(named.why) if first else f"{named.name}, as above."


def _laid_out(marked: list[Marked], name: str) -> Any:
    """Entries as a figure, a row, or the rows of a matrix."""
    if marked[0].place == ():
        return getattr(marked[0], name)
    rows: dict[tuple[int, ...], list[Any]] = {}
    for entry in marked:
        rows.setdefault(entry.place[:-1], []).append(getattr(entry, name))
    return list(rows.values()) if len(rows) > 1 else next(iter(rows.values()))


def _sentence(text: str) -> str:
    return text if text.endswith((".", ".)")) else f"{text}."
