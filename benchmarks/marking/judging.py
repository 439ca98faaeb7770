"""What the marks said of a case, and whether it is so."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

from benchmarks.marking.answers import Document, same
from benchmarks.marking.cases import Case
from benchmarks.marking.exercises import read
from benchmarks.marking.slip import Slip
from benchmarks.marking.slips import SLIPS
from deltarule.marking import check
from deltarule.problem import problem_from

COPIED = re.compile(r"\((?P<what>[^:()]*): (?P<number>[-\d.e]+) for ")
DOCS = Path(__file__).parents[2] / "docs" / "answer-file.md"
# Remarks that are true of an answer that was rounded, whatever else is in it.
ON_ROUNDING = {"rounded-carried", "fewer-decimals"}
# Two names are true together where some pair of slips prints the figures; so many pairs are tried.
PAIRS_TRIED = 60
# The wrong entries that are kept of an answer; and those in which a slip in one entry is tried.
ENTRIES = 8
ENTRIES_TRIED = 60


@cache
def documented() -> dict[str, str]:
    """The sentence of each documented name."""
    rows = (
        line.split("|")
        for line in DOCS.read_text("utf-8").split("## Mistakes")[-1].splitlines()
        if line.startswith("| `")
    )
    return {row[1].strip().strip("`"): row[2].strip() for row in rows}


@dataclass(frozen=True)
class Said:
    """What the marks said.

    Attributes
    ----------
    mistakes, remarks : the names of the findings.
    alternatives : whether the mistakes are alternatives.
    right : whether nothing is wrong.
    score : of the answer.
    crash : what stopped the checker.
    sentences : of the findings.
    wrong_parts : with a wrong entry, and the faults.
    entries : the first wrong entries, with what was expected.
    """

    mistakes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    alternatives: bool = False
    right: bool = False
    score: float = 0.0
    crash: str = ""
    sentences: tuple[str, ...] = ()
    wrong_parts: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


def said(case: Case) -> Said:
    """Marks a case."""
    try:
        marks = check(problem_from(case.task.document), case.answer)
    except Exception as error:  # noqa: BLE001 - whatever stops the checker counts as a failure
        return Said(crash=f"{type(error).__name__}: {error}")
    wrong = tuple(str(part.part) for part in marks.parts if part.verdict == "wrong")
    return Said(
        tuple(finding.name for finding in marks.mistakes if finding.is_mistake),
        tuple(finding.name for finding in marks.mistakes if not finding.is_mistake),
        marks.alternatives,
        marks.right,
        marks.score,
        "",
        tuple(f"{finding.part}: {finding.name}: {finding.why}" for finding in marks.mistakes),
        (*wrong, *(f"not read: {part}: {why}" for part, why in marks.faults.items())),
        tuple(
            f"{part.part} {entry.place}: {entry.given} for {entry.expected}"
            for part in marks.parts
            for entry in part.entries
            if entry.verdict == "wrong"
        )[:ENTRIES],
    )


def of_right(case: Case, it: Said) -> str:
    """The verdict on a right answer: "" where all is well."""
    if it.crash:
        return "crash"
    if it.mistakes:
        return "accused"
    if not it.right:
        return "marked wrong"
    allowed = (ON_ROUNDING if case.style != "exact" else set()) | (
        {"counted-from-zero"} if "from 0" in case.style else set()
    )
    if set(it.remarks) - allowed:
        return "a false remark"
    return ""


def of_slips(case: Case, it: Said) -> str:
    """The verdict on an answer with slips.

    "named": a true name first, and no false one; of two slips both. "among": a true name among alternatives, or of two slips one.
    "silence"; "passed", where nothing was wrong; "wrong name"; "crash".
    """
    if it.crash:
        return "crash"
    if not it.mistakes:
        return "passed" if it.right else "silence"
    true = [
        name for name in it.mistakes if _tells_one(case, name) or is_true(case, (name,)) or copied_so(case, it, name)
    ]
    if it.alternatives:
        return "named" if it.mistakes[0] in true and _all_told(case, it) else "among" if true else "wrong name"
    if len(true) < len(it.mistakes) and not is_true(case, it.mistakes):
        return "wrong name"
    return "named" if _all_told(case, it) else "among"


def _all_told(case: Case, it: Said) -> bool:
    """Whether each slip has one of its names, or the names together print the figures."""
    return (
        all(set(slip.names + slip.near) & set(it.mistakes) for slip in case.slips)
        or is_true(case, it.mistakes)
        or (it.alternatives and any(is_true(case, (name,)) for name in it.mistakes))
    )


def _tells_one(case: Case, name: str) -> bool:
    return any(name in slip.names + slip.near for slip in case.slips)


def is_true(case: Case, names: tuple[str, ...]) -> bool:
    """Whether our own students who make the named mistakes print the very figures of the case."""
    if len(case.slips) == 1 and len(names) == 1 and names[0] in case.slips[0].names + case.slips[0].near:
        return True
    if len(names) > 2:
        return False
    makers = [[slip for slip in SLIPS if name in slip.names and slip.where(case.task)] for name in names]
    exact = case.with_slips(*case.slips, exactly=True)
    return any(_prints(case, made, exact) for made in islice(product(*makers), PAIRS_TRIED))


def copied_so(case: Case, it: Said, name: str) -> bool:
    """Whether the number that is said to be copied wrongly, copied so, prints the very figures of the case."""
    if name != "copied-wrongly":
        return False
    for sentence in it.sentences:
        document = with_copy(case.task.document, sentence)
        if document:
            other = replace(case, task=read(document), slips=(), when="always")
            answer, exact, own = (
                other.with_slips(),
                other.with_slips(exactly=True),
                case.with_slips(*case.slips, exactly=True),
            )
            if (answer and same(answer, case.answer)) or (exact and own and same(exact, own)):
                return True
    return False


def with_copy(document: dict[str, Any], sentence: str) -> dict[str, Any] | None:
    """The problem with the number that a sentence says: "(the weight of input 3 and neuron 2: 0.93 for -0.93)"."""
    found = COPIED.search(sentence)
    if not found:
        return None
    what, number = found["what"], float(found["number"])
    places = [int(place) - 1 for place in re.findall(r"\d+", what)]
    copied = deepcopy(document)
    if "rate" in what:
        copied["descent"]["learning_rate"] = number
    elif "weight of input" in what and len(places) == 2:
        copied["layer"]["weights"][places[0]][places[1]] = number
    elif "bias" in what and places:
        if "biases" not in copied["layer"]:
            copied["layer"]["biases"] = [0.0] * len(copied["layer"]["weights"][0])
        copied["layer"]["biases"][places[0]] = number
    elif "input" in what and "pattern" in what and len(places) == 2 and "split" not in document["data"]:
        by_pattern = what.index("pattern") < what.index("input")
        row, column = places if by_pattern else places[::-1]
        copied["data"]["inputs"][row][column] = number
    else:
        return None
    return copied


def _prints(case: Case, made: tuple[Slip, ...], exact: Document | None) -> bool:
    lucks = range(ENTRIES_TRIED) if len(made) == 1 and made[0].in_one_entry else (case.luck,)
    for when, luck in product({case.when, "always"}, lucks):
        styled = case.with_slips(*made, when=when, luck=luck)
        if styled and same(styled, case.answer):
            return True
        plainly = case.with_slips(*made, exactly=True, when=when, luck=luck)
        if plainly and exact and same(plainly, exact):
            return True
    return False
