"""What the marks said of a case, and whether it is so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from pathlib import Path

from benchmarks.marking.answers import Document, same
from benchmarks.marking.cases import Case
from benchmarks.marking.slip import Slip
from benchmarks.marking.slips import SLIPS
from deltarule.marking import check
from deltarule.problem import problem_from

DOCS = Path(__file__).parents[2] / "docs" / "answer-file.md"
# Remarks that are true of an answer that was rounded, whatever else is in it.
ON_ROUNDING = {"rounded-carried", "fewer-decimals"}
# Two names are true together where some pair of slips prints the figures; so many pairs are tried.
PAIRS_TRIED = 60


@cache
def documented() -> dict[str, str]:
    """The sentence of each documented name."""
    rows = (line.split("|") for line in DOCS.read_text("utf-8").split("## Mistakes")[-1].splitlines() if line.startswith("| `"))
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
    """

    mistakes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    alternatives: bool = False
    right: bool = False
    score: float = 0.0
    crash: str = ""
    sentences: tuple[str, ...] = ()
    wrong_parts: tuple[str, ...] = ()


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
    )


def of_right(case: Case, it: Said) -> str:
    """The verdict on a right answer: "" where all is well."""
    if it.crash:
        return "crash"
    if it.mistakes:
        return "accused"
    if not it.right:
        return "marked wrong"
    if set(it.remarks) - (ON_ROUNDING if case.style != "exact" else set()):
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
    true = [name for name in it.mistakes if is_true(case, (name,)) or _tells_one(case, name)]
    if it.alternatives:
        return "named" if it.mistakes[0] in true and _all_told(case, it) else "among" if true else "wrong name"
    if len(true) < len(it.mistakes) and not is_true(case, it.mistakes):
        return "wrong name"
    return "named" if _all_told(case, it) else "among"


def _all_told(case: Case, it: Said) -> bool:
    """Whether each slip has one of its names, or the names together print the figures."""
    return all(set(slip.names + slip.near) & set(it.mistakes) for slip in case.slips) or is_true(case, it.mistakes) or (
        it.alternatives and any(is_true(case, (name,)) for name in it.mistakes)
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


def _prints(case: Case, made: tuple[Slip, ...], exact: Document | None) -> bool:
    for when in {case.when, "always"}:
        styled = case.with_slips(*made, when=when)
        if styled and same(styled, case.answer):
            return True
        plainly = case.with_slips(*made, exactly=True, when=when)
        if plainly and exact and same(plainly, exact):
            return True
    return False
