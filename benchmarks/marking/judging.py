"""What the marks said of a case, and whether it is so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.marking.answers import Document, same
from benchmarks.marking.cases import WHEN, Case
from benchmarks.marking.exercises import Exercise, read
from benchmarks.marking.makers import MAKERS
from benchmarks.marking.slip import Slip
from benchmarks.marking.slips import SLIPS
from benchmarks.marking.working import PARTS, Sheet, again, other
from deltarule.marking import check
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.mistakes.registry import EVERY
from deltarule.problem import problem_from

COPIED = re.compile(r"\((?P<what>[^:()]*): (?P<number>[-\d.e]+) for ")
COPIED_CLASS = re.compile(r"\(the target of pattern (?P<pattern>\d+)[);]")
DOCS = Path(__file__).parents[2] / "docs" / "answer-file.md"
# Remarks that are true of an answer that was rounded, whatever else is in it.
ON_ROUNDING = {"rounded-carried", "fewer-decimals"}
# What is added where the work goes on without the mistake.
WRITTEN_ALONE = "here only: you went on without it"
# Names whose sentence says the figure.
OF_ONE_FIGURE = {"sign-lost", "digits-swapped"}
# Two names are true together where some pair of slips prints the figures; so many pairs are tried.
PAIRS_TRIED = 400
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


def said(case: Case, left_out: tuple[str, ...] = ()) -> Said:
    """Marks a case, with a checker that does not know some mistakes."""
    known = [mistake for mistake in EVERY if mistake.name not in left_out]
    try:
        with patch("deltarule.marking.grading.iterations.Diagnosis", partial(Diagnosis, mistakes=known)):
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

    "named": a true name first, and no false one; of two slips both. "among": a true name is among alternatives, or of two slips
    one is named. "untimed": named, but not said that it was so in some iterations only. "silence"; "passed", where nothing was
    wrong; "wrong name"; "crash".
    """
    if it.crash:
        return "crash"
    if not it.mistakes:
        return "passed" if it.right else "silence"
    told = {name: slips_told(case, it, name) for name in it.mistakes}
    if it.alternatives:
        found = (
            "named"
            if told[it.mistakes[0]] and len(case.slips) == 1
            else "among"
            if any(told.values())
            else "wrong name"
        )
    elif not all(told.values()):
        found = "named" if is_true(case, it) else "wrong name"
    else:
        every = set().union(*told.values())
        found = "named" if len(every) == len(case.slips) or is_true(case, it) else "among"
    return "untimed" if found == "named" and not timed(case, it) else found


def timed(case: Case, it: Said) -> bool:
    """Whether it is said in which iterations the slip was made, where that shows; a slip in one figure is told with its figure.

    A mistake that is said to be made always is so, if made always it prints the very same figures: a mean over a batch of one.
    """
    if (
        case.when == "always"
        or set(it.mistakes) <= OF_ONE_FIGURE
        or case.with_slips(*case.slips, when="always") == case.answer
    ):
        return True
    if it.mistakes == ("copied-wrongly",) and copied_so(case, it, *it.mistakes):
        return True  # a pattern shows in its own batches only
    numbers = max(case.plan.numbers)
    said_so = {"in iteration 1": ["in iteration 1 only"], "from iteration 2 on": ["from iteration 2 on"]}[case.when]
    if numbers == 2 and case.when == "from iteration 2 on":
        said_so.append("in iteration 2 only")
    if any(words in sentence for words in said_so for sentence in it.sentences):
        return True
    exact = case.with_slips(*case.slips, exactly=True)
    makers = (_makers(case, name) for name in it.mistakes[: len(case.slips)])
    return any(_prints(case, made, exact, ("always",)) for made in islice(product(*makers), PAIRS_TRIED))


def written_alone(slip: Slip) -> Slip:
    """The slip in what is written of each part, worked from the right parts before it, while the work goes on without the slip."""

    def shown(s: Sheet) -> dict[str, Any]:
        made, right = other(s, choices=slip.changes), {name: getattr(s, name) for name in PARTS.values()}
        found = {}
        for part, name in PARTS.items():
            rest = {each: value for each, value in right.items() if each != name}
            found[part] = getattr(again(made, ("shown",), **rest), name)
        return found

    return replace(slip, what=f"{slip.what}, as written alone", changes={"shown": shown})


def slips_told(case: Case, it: Said, name: str) -> set[int]:
    """Which slips a name tells: by its sentence, or since the mistake in the place of the slip prints the very same figures."""
    listed = {i for i, slip in enumerate(case.slips) if name in slip.names + slip.near}
    if listed:
        return listed
    others = [tuple(slip for slip in case.slips if slip is not left_out) for left_out in case.slips]
    exact = case.with_slips(*case.slips, exactly=True)
    makers = _makers(case, name, alone=_is_alone(it, name))
    return {
        i
        for i, rest in enumerate(others)
        if any(_prints(case, (maker, *rest), exact) for maker in makers) or copied_so(case, it, name, rest)
    }


def _makers(case: Case, name: str, *, alone: bool = False) -> list[Slip]:
    """The slips of which the name is true, those that it says exactly first; `alone`: in what is written alone."""
    every = [slip for slip in (*SLIPS, *MAKERS) if slip.where(case.task)]
    exactly = [slip for slip in every if name in slip.names]
    found = [*exactly, *(slip for slip in every if name in slip.near and slip not in exactly)]
    return [written_alone(slip) for slip in found if not {"shown", "whole"} & slip.changes.keys()] if alone else found


def _is_alone(it: Said, name: str) -> bool:
    """Whether a mistake is said to be written alone, while the work goes on without it."""
    return any(f": {name}: " in sentence and WRITTEN_ALONE in sentence for sentence in it.sentences)


def is_true(case: Case, it: Said) -> bool:
    """Whether our own students who make the named mistakes, one or two, print the very figures of the case."""
    if len(it.mistakes) > 2:
        return False
    exact = case.with_slips(*case.slips, exactly=True)
    makers = (_makers(case, name, alone=_is_alone(it, name)) for name in it.mistakes)
    pairs = islice(product(*makers), PAIRS_TRIED)
    return any(_prints(case, made, exact) for made in pairs)


def _prints(case: Case, made: tuple[Slip, ...], exact: Document | None, times: Iterable[str] = WHEN) -> bool:
    in_entries = [slip.in_one_entry for slip in made]
    lucks = range(ENTRIES_TRIED) if in_entries[0] and not any(in_entries[1:]) else (case.luck,)
    for when, luck in product(times, lucks):
        styled = case.with_slips(*made, when=when, luck=luck)
        if styled and same(styled, case.answer):
            return True
        plainly = case.with_slips(*made, exactly=True, when=when, luck=luck)
        if plainly and exact and same(plainly, exact):
            return True
    return False


def copied_so(case: Case, it: Said, name: str, others: tuple[Slip, ...] = ()) -> bool:
    """Whether the number that is said to be copied wrongly, copied so, prints the very figures of the case."""
    if name != "copied-wrongly":
        return False
    own = case.with_slips(*case.slips, exactly=True)
    for task in (copy for sentence in it.sentences for copy in copies(case.task, sentence)):
        other = replace(case, task=task)
        answer, exact = other.with_slips(*others), other.with_slips(*others, exactly=True)
        if (answer and same(answer, case.answer)) or (exact and own and same(exact, own)):
            return True
    return False


def copies(task: Exercise, sentence: str) -> list[Exercise]:
    """The exercises that a sentence may mean: it says a number, or that the class of one pattern is another."""
    document = with_copy(task.document, sentence)
    if document is not None:
        return [read(document)]
    found = COPIED_CLASS.search(sentence)
    if not found or "split" in task.document["data"] or task.squared:
        return []
    place, D = int(found["pattern"]) - 1, task.D
    others = np.eye(D.shape[1]) if task.kind == "softmax" else product((0.0, 1.0), repeat=D.shape[1])
    of_place = np.arange(len(D))[:, None] == place
    return [replace(task, D=np.where(of_place, each, D)) for each in others if (each != D[place]).any()]


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
    elif "target" in what and places and "split" not in document["data"]:
        targets = copied["data"]["targets"]
        if isinstance(targets[places[0]], list):
            targets[places[0]][places[1] if len(places) > 1 else 0] = number
        else:
            targets[places[0]] = number
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
