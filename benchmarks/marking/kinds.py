"""The kinds of cases that are tried, each drawn from a subject, a seed and an index, and judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from benchmarks.marking import nonsense, rounding
from benchmarks.marking.answers import agreeing
from benchmarks.marking.cases import Case, nonsense_case, random_of, right_case, slipped_case, trained_case
from benchmarks.marking.exercises import Random
from benchmarks.marking.judging import Said, documented, of_right, of_slips, said
from benchmarks.marking.slip import Slip
from benchmarks.marking.slips import R2_EXCHANGED, SLIPS, held_out, named
from benchmarks.marking.telling import CANNOT_BE_TOLD, cannot_be_told

# Verdicts that are no failure where nobody could have told what was done.
OPEN = {"silence", "among", "untimed", "passed"}
# The names that an answer which nobody worked may be given.
OF_NONSENSE = {"not-attempted", "not-updated", "weights-not-updated", "biases-not-updated"}


@dataclass(frozen=True)
class Result:
    """What became of a case.

    Attributes
    ----------
    kind, subject, index : by which it is drawn again.
    verdict : "" where all is well, or as `judging` says.
    said : what the marks said.
    slips : what the student did.
    style : of rounding.
    extent : whether all parts are written, and whether figures were rounded on the way.
    lucky : of an answer that nobody worked, the share that is right to the last digit.
    """

    kind: str
    subject: str
    index: int
    verdict: str
    said: Said
    slips: tuple[str, ...] = ()
    style: str = ""
    extent: str = ""
    lucky: float = 0.0


@cache
def makers() -> dict[str, list[Slip]]:
    """The slips of each documented name."""
    return {name: [slip for slip in SLIPS if name in slip.names] for name in documented()}


def subjects(kind: str) -> list[str]:
    """What the cases of a kind are counted by."""
    if kind == "right":
        return list(rounding.NAMES)
    if kind == "nonsense":
        return list(nonsense.KINDS)
    if kind == "named":
        return [name for name, slips in makers().items() if slips or name in R2_EXCHANGED.names]
    return [""]


def case(kind: str, subject: str, seed: int, index: int) -> Case | None:
    """A case; None where the slip cannot be seen in any problem that was drawn."""
    random = random_of(kind, subject, seed, index)
    return MAKERS[kind](subject, random, seed)


def _named(subject: str, random: Random) -> Case | None:
    slips = makers()[subject]
    if subject in R2_EXCHANGED.names:
        return trained_case("of the trained layer", random, R2_EXCHANGED)
    return slipped_case((slips[int(random.integers(len(slips)))],), random)


def _held_out(random: Random, seed: int) -> Case | None:
    chosen = [slip for slip in SLIPS if slip.what in out_of(seed)]
    return slipped_case((chosen[int(random.integers(len(chosen)))],), random)


@cache
def out_of(seed: int) -> frozenset[str]:
    """The slips that are held out, and those that no documented name says."""
    return held_out(seed) | {slip.what for slip in SLIPS if not documented().keys() & set(slip.names)}


def _pair(random: Random) -> Case | None:
    chosen = named(frozenset(documented()))
    while True:
        first, second = (chosen[place] for place in random.choice(len(chosen), 2, replace=False))
        if not (
            set(first.changes) & set(second.changes)
            or set(first.names) & set(second.names)
            or {"shown", "whole"} & {*first.changes, *second.changes}
        ):
            found = slipped_case((first, second), random)
            if found:
                return found


def _once(random: Random) -> Case | None:
    chosen = [slip for slip in named(frozenset(documented())) if "shown" not in slip.changes]
    when = "in iteration 1" if random.random() < 0.5 else "from iteration 2 on"
    return slipped_case((chosen[int(random.integers(len(chosen)))],), random, when)


MAKERS: dict[str, Callable[[str, Random, int], Case | None]] = {
    "right": lambda subject, random, seed: right_case(subject, random),
    "nonsense": lambda subject, random, seed: nonsense_case(subject, random),
    "named": lambda subject, random, seed: _named(subject, random),
    "held-out": lambda subject, random, seed: _held_out(random, seed),
    "pairs": lambda subject, random, seed: _pair(random),
    "once": lambda subject, random, seed: _once(random),
}


def result(kind: str, subject: str, seed: int, index: int) -> Result | None:
    """Draws a case, has it marked, and judges what was said."""
    drawn = case(kind, subject, seed, index)
    if drawn is None:
        return None
    it = said(drawn, unknown(kind, drawn))
    slips = tuple(slip.what for slip in drawn.slips) + ((drawn.when,) if drawn.when != "always" else ())
    every = len(drawn.plan.parts) == (10 if drawn.task.classes else 8)
    extent = f"{'all' if every else 'some'} parts, {'exactly' if drawn.style == 'exact' else 'rounded'}"
    lucky = agreeing(drawn.answer, drawn.right) if kind == "nonsense" and drawn.right else 0.0
    return Result(kind, subject, index, verdict(kind, drawn, it), it, slips, drawn.style, extent, lucky)


def unknown(kind: str, drawn: Case) -> tuple[str, ...]:
    """The names that the checker does not know: of what is held out, those of the slip."""
    return drawn.slips[0].names if kind == "held-out" else ()


def verdict(kind: str, drawn: Case, it: Said) -> str:
    """What is to be said of what the marks said."""
    if kind == "right":
        return of_right(drawn, it)
    if kind == "nonsense":
        return "crash" if it.crash else "wrong name" if set(it.mistakes) - OF_NONSENSE else ""
    found = of_slips(drawn, it)
    if kind != "held-out" and found in OPEN and cannot_be_told(drawn):
        return CANNOT_BE_TOLD
    if (
        kind == "named"
        and found == "named"
        and not it.alternatives
        and it.mistakes[0] not in drawn.slips[0].names + drawn.slips[0].near
    ):
        return "named otherwise"
    return found
