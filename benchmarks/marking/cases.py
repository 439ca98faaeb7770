"""A case: a problem and an answer, drawn from a kind and a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.marking import rounding, trained
from benchmarks.marking.answers import Document, Plan, figures_changed, finite, parts_of, seen, written
from benchmarks.marking.exercises import Exercise, Random, drawn, read
from benchmarks.marking.nonsense import nonsense
from benchmarks.marking.slip import Condition, Slip, anywhere, squared
from benchmarks.marking.slips_written import PARTS
from benchmarks.marking.working import RIGHT, Choices, Ingredient, Sheet, decided, worked

# Weights beyond this are no exercise: the descent diverges.
LARGEST = 30.0
# The last digits in which computers differ, and what they may have grown to: beyond it the descent is chaotic.
LAST_DIGITS, LARGEST_DRIFT = 1e-12, 1e-4
# How often another problem is drawn for a slip that changes no printed digit.
TRIES = 300
# Ingredients that are factors: two slips in one of them are both made.
FACTORS = {"cost_factor", "factor", "cost_decay", "decay", "step_W", "step_b"}
When = Callable[[int], bool]


@dataclass(frozen=True)
class Case:
    """An answer to be marked.

    Attributes
    ----------
    task : the exercise.
    answer : the answer file as tables.
    plan : what is written.
    luck : by which slips in one entry choose it.
    slips : what the student did wrong.
    when : the iterations in which it was done: "always", "in iteration 1", "from iteration 2 on".
    right : the right answer in the same style of rounding.
    """

    task: Exercise
    answer: Document
    plan: Plan
    luck: int
    slips: tuple[Slip, ...] = ()
    when: str = "always"
    right: Document | None = None

    @property
    def style(self) -> str:
        """The name of the style of rounding."""
        return self.plan.style.name

    def with_slips(
        self, *slips: Slip, exactly: bool = False, when: str | None = None, luck: int | None = None
    ) -> Document | None:
        """The same answer with other slips; None where they cannot be made."""
        if not self.plan.numbers or not all(slip.where(self.task) for slip in slips):
            return None
        plan = replace(self.plan, style=replace(self.plan.style, places=frozenset())) if exactly else self.plan
        return _answer(self.task, slips, plan, self.luck if luck is None else luck, when or self.when)


WHEN: dict[str, When] = {
    "always": lambda number: True,
    "in iteration 1": lambda number: number == 1,
    "from iteration 2 on": lambda number: number > 1,
}


def _times(name: str, one: Ingredient, other: Ingredient) -> Ingredient:
    """Both factors that two slips put in the place of one."""
    return lambda s: one(s) * other(s) / RIGHT[name](s)


def _choices(slips: tuple[Slip, ...], when: str) -> Callable[[int], Choices]:
    changed: dict[str, Any] = {}
    for slip in slips:
        both = {
            name: _times(name, changed[name], slip.changes[name])
            for name in FACTORS & changed.keys() & slip.changes.keys()
        }
        changed |= {**slip.changes, **both}
    return lambda number: changed if WHEN[when](number) else {}


def _answer(task: Exercise, slips: tuple[Slip, ...], plan: Plan, luck: int, when: str) -> Document | None:
    cut_off = next((slip.changes["cut"](Sheet()) for slip in slips if "cut" in slip.changes), None)
    if cut_off is not None:
        plan = replace(plan, style=replace(plan.style, places=cut_off, way=rounding.cut))
    try:
        with np.errstate(all="ignore"):
            sheets = worked(task, _choices(slips, when), max(plan.numbers), plan.style, luck)
            found = written(task, sheets, plan)
    except (ValueError, IndexError, RecursionError):  # another slip changed a shape, or each is made after the other
        return None
    return found if finite(found) else None


def random_of(kind: str, subject: str, seed: int, index: int) -> Random:
    """The random numbers of one case."""
    return np.random.default_rng([seed, crc32(f"{kind}/{subject}".encode()), index])


def exercises(random: Random, where: Condition = anywhere, iterations: int = 4) -> Iterator[Exercise]:
    """Exercises that can be worked by hand, of a kind in which something can be done."""
    for _ in range(40 * TRIES):
        task = read(drawn(random))
        if np.isfinite(task.X).all() and where(task) and _sound(task, iterations):
            yield task


def _sound(task: Exercise, iterations: int) -> bool:
    """Finite and small, with a logarithm for each output and no ties."""
    with np.errstate(all="ignore"):
        for s in worked(task, lambda number: {}, iterations):
            if not (np.isfinite(s.cost) and np.abs(s.next_W).max() < LARGEST and np.abs(s.U).max() < 100):
                return False
            nudge = 1e-7 * np.arange(1, s.U.shape[1] + 1)
            if task.classes and (decided(task, s.Y + nudge) != decided(task, s.Y - nudge)).any():
                return False
            if task.classes and min(s.Y.min(), 1 - s.Y.max()) < 1e-9:
                return False
    return True


def drift(task: Exercise, iterations: int, size: float) -> float:
    """How far the weights end from where they would without a small change of the initial ones."""
    moved = replace(task, W=task.W + size * np.cos(1.0 + np.arange(task.W.size)).reshape(task.W.shape))
    one, other = (worked(each, lambda number: {}, iterations)[-1].next_W for each in (task, moved))
    return float(np.abs(one - other).max())


def steady(task: Exercise, style: rounding.Style, iterations: int, unseen: bool) -> bool:
    """Whether what is rounded before the figures that are written can still be seen in them: not in a chaotic descent.

    Where all iterations are written, each is worked from the one before, and only the last digits of a computer are unseen.
    """
    size = 10.0**-style.figures if style.places and unseen else LAST_DIGITS
    return drift(task, iterations, size) < max(20 * size, LARGEST_DRIFT)


def _plan(task: Exercise, name: str, numbers: tuple[int, ...], random: Random) -> Plan:
    decimals = task.decimals if random.random() < 0.8 else int(random.integers(2, 5))
    says_so = decimals != task.decimals or random.random() < 0.7
    return Plan(numbers, parts_of(task, random), decimals, rounding.style(name, decimals, random), says_so)


# ---- Kinds of cases.


def right_case(style: str, random: Random) -> Case:
    """A right answer of 1 to 50 iterations, worked in a style of rounding."""
    if style.startswith("of the trained layer"):
        return trained_case(style, random)
    chance = random.random()
    last = 1 if chance < 0.4 else int(random.integers(2, 6)) if chance < 0.75 else int(random.integers(6, 51))
    shown = random.random()
    numbers = tuple(range(1, last + 1)) if shown < 0.6 else (last,) if shown < 0.85 else tuple(sorted({1, last}))
    if style.startswith("iterations"):
        numbers = (1,)  # an iteration 0 beside an iteration 1 is asked back
    for task in exercises(random, iterations=last):
        plan = _plan(task, style, numbers, random)
        luck = int(random.integers(1000))
        answer = (
            _answer(task, (), plan, luck, "always")
            if steady(task, plan.style, last, len(plan.numbers) < last)
            else None
        )
        answer = counted_from_zero(answer, task, style) if answer and "from 0" in style else answer
        if answer:
            return Case(task, answer, plan, luck)
    raise RuntimeError("No exercise was found.")


def counted_from_zero(answer: Document, task: Exercise, what: str) -> Document | None:
    """The same answer with iterations or classes counted from 0; None where nobody could see it."""
    iterations = answer["iteration"]
    if what.startswith("iterations"):
        return (
            {**answer, "iteration": {str(int(number) - 1): parts for number, parts in iterations.items()}}
            if "1" in iterations
            else None
        )
    if not task.labels or not isinstance(task.labels[0], str):
        return None
    changed = {
        number: {
            part: [task.labels.index(label) for label in value] if part == "predicted" else value
            for part, value in parts.items()
        }
        for number, parts in iterations.items()
    }
    shown = [parts["predicted"] for parts in changed.values() if "predicted" in parts]
    return {**answer, "iteration": changed} if shown and all(0 in places for places in shown) else None


def trained_case(style: str, random: Random, slip: Slip | None = None) -> Case:
    """An answer about the trained layer; with a slip: R2 with its arguments exchanged."""
    wanted = squared if slip else anywhere
    for task in exercises(random, wanted, 50):
        plan = replace(_plan(task, style, (), random), says_so=True)
        with np.errstate(all="ignore"):
            answer = trained.document(task, plan.style, plan.decimals, slip is not None)
            right = trained.document(task, plan.style, plan.decimals)
        if steady(task, plan.style, len(task.batches), False) and finite(answer) and (not slip or answer != right):
            return Case(task, answer, plan, 0, (slip,) if slip else ())
    raise RuntimeError("No exercise was found.")


def nonsense_case(kind: str, random: Random) -> Case:
    """An answer that nobody worked."""
    for task in exercises(random):
        plan = _plan(task, "exact", (1,) if random.random() < 0.7 else (1, 2), random)
        right = _answer(task, (), plan, 0, "always")
        if right:
            answer = nonsense(kind, task, right, random)
            if answer["iteration"]:
                return Case(task, answer, plan, 0, right=right)
    raise RuntimeError("No exercise was found.")


def slipped_case(slips: tuple[Slip, ...], random: Random, when: str = "always") -> Case | None:
    """An answer with slips that change printed digits, each of them; None where no problem was found."""
    numbers: tuple[int, ...] = (1, 2) if when != "always" or random.random() < 0.35 else (1,)
    if when != "always" and random.random() < 0.5:
        numbers = (1, 2, 3)
    rounded = random.random() < 0.4
    units = 0.5 if any("cut" in slip.changes for slip in slips) else 1.5  # cutting off changes the last digit alone
    for tried, task in enumerate(exercises(random, lambda task: all(slip.where(task) for slip in slips))):
        if tried >= TRIES:
            return None
        style = str(random.choice(rounding.OF_SLIPS)) if rounded else "exact"
        found = _plan(task, style, numbers if tried < 50 else (1, 2, 3), random)
        luck = int(random.integers(1000))
        case = Case(task, {}, found, luck, slips, when)
        answer, right = case.with_slips(*slips), case.with_slips()
        exact = case.with_slips(exactly=True)
        if answer and right and exact and seen(answer, right, exact, found.decimals, units):
            fewer = [case.with_slips(*(each for each in slips if each is not slip)) for slip in slips]
            if len(slips) == 1 or _each_seen(case, answer, fewer):
                return replace(case, answer=answer, right=right)
    return None


def _is_written(slip: Slip, plan: Plan) -> bool:
    """Whether the parts in which a slip of the pen is made are written."""
    return "shown" in slip.changes or all(PARTS[name] in plan.parts for name in slip.changes)


def _each_seen(case: Case, answer: Document, fewer: list[Document | None]) -> bool:
    """Whether each of two slips is seen beside the other, as one slip is: beyond what the style of rounding changes.

    In one figure alone, that of a cost or a count, nobody sees two: some other slip, or no slip at all, has any such figure. Nobody
    sees that two digits were exchanged in a figure that is not written.
    """
    if any("digits-swapped" in slip.names and not _is_written(slip, case.plan) for slip in case.slips):
        return False
    exact = [case.with_slips(each, exactly=True) for each in reversed(case.slips)]
    if not all(
        one and plain and seen(answer, one, plain, case.plan.decimals) for one, plain in zip(fewer, exact, strict=True)
    ):
        return False
    right = case.with_slips()
    return right is not None and figures_changed(answer, right) > 1
