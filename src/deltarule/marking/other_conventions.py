"""Answers that follow another convention than their problem's throughout: they are told so, and where any will do lose nothing.

An answer is read again as another convention writes it, in each that differs in what the answer has: the sign of delta, the shape
of W, the place of the biases. It follows that convention if, read so,

- no part is worse: no part has fewer entries that keep their mark, none is unreadable that was readable, and none is transposed;
- every part that reads otherwise has lost no entry, or as many as before, and one of them at least keeps all its entries, half of
  which were lost or unreadable before;
- where figures before it are wrong, delta follows from these: else what made them wrong may have turned its sign;
- a mistake is named in what is wrong then, if one is named in the problem's own conventions: that explains more.

A mixture fails the first rule, and matrices of zeros or symmetric ones read the same in both: they tell nothing.
Whoever takes D - Y for delta may write X^T delta for the gradients, too, and step along them. That is read so only where the
weights or the biases after the step are there, since the same signs with a step along dJ/dW are a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from deltarule.conventions import BESIDE, BIASES, DELTAS, WEIGHTS, Conventions
from deltarule.errors import AnswerError
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.judged import BEFORE, EARLY
from deltarule.marking.marks import Finding, Marks, PartMarks
from deltarule.marking.mistakes.recognised import BIASES_ELSEWHERE
from deltarule.marking.mistakes.registry import BY_NAME
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked, after_updates, rework
from deltarule.marking.written import as_house, marks_as_written
from deltarule.parts import OF_MOMENTUM, PartName

PARAMETERS = (*BESIDE, *BESIDE.values())
# What has the sign of the gradients.
GRADIENTS = ("weight_gradient", "bias_gradient", *OF_MOMENTUM)
# Figures agree within so many half units of their last decimal: rounding on the way may do as much. The marks decide afterwards.
ROUNDING = 4.0
# A reading is marked if most figures of a part agree that did not before, and in no part a quarter fewer than before.
MOST, AS_MANY = 0.5, 0.75
# One figure agrees by chance too often: it takes two that did not agree before.
AT_LEAST = 2
# Marks an answer, both in the house's conventions.
Mark = Callable[[Exercise, Answer], Marks]


@dataclass(frozen=True)
class Reading:
    """An answer as another convention writes it.

    Attributes
    ----------
    conventions : in which it is read.
    turned_gradients : whether its gradients are read as X^T delta with delta as D - Y, the negatives of dJ/dW and dJ/db.
    answer : what was read, in the house's conventions.
    shows : the parts that read otherwise, by their names in the house.
    """

    conventions: Conventions
    turned_gradients: bool
    answer: Answer
    shows: frozenset[PartName]


def marks_in_any(exercise: Exercise, answer: Answer, mark: Mark) -> Marks:
    """The marks of an answer, and whether it follows another convention than its problem.

    Parameters
    ----------
    exercise : what is answered; `exercise.conventions` are the problem's.
    answer : as it was written.
    mark : marks an answer in the house's conventions.
    """
    house = as_house(answer, exercise.conventions)
    marks = mark(exercise, house)
    if not marks.right and answer.read_in is not None:
        reading = _likely(exercise, answer, house)
        if reading is not None:
            others = mark(exercise, reading.answer)
            if _follows(reading, marks, others):
                told = _told(exercise, reading, marks, others)
                same = None if allows_any(exercise) else answer
                return marks_as_written(told, exercise, exercise.conventions, same)
    return marks_as_written(marks, exercise, exercise.conventions, answer)


def allows_any(exercise: Exercise) -> bool:
    """Whether an answer to the `exercise` may follow any conventions."""
    marking = exercise.problem.marking
    return marking is not None and marking.conventions == "any"


# ---- Which conventions an answer may follow.


def _likely(exercise: Exercise, answer: Answer, house: Answer) -> Reading | None:
    """The reading that most figures agree with; None where that is the problem's own, or parts disagree that agree with this.

    The marks of an answer take long where it is wrong, so that only one more reading is marked, and that seldom in vain.
    """
    readings = list(_readings(exercise, answer, house))
    if not readings:
        return None
    numbers = sorted({n for reading in readings for n in reading.answer.iterations()} | set(house.iterations()))
    near = after_updates(exercise, numbers[0] - BEFORE) if numbers and numbers[0] > EARLY else exercise
    right = rework(near, numbers) if numbers else {}
    found = [_agreeing(near, reading.answer, right, numbers) for reading in readings]
    best = max(range(len(readings)), key=lambda place: sum(found[place].values()))
    reading, agree, own = readings[best], found[best], _agreeing(near, house, right, numbers)
    if any(agree.get(name, 0) < AS_MANY * count for name, count in own.items()):
        return None
    sizes = {name: reading.answer.parts[name].values.size for name in reading.shows & agree.keys()}
    telling = any(own.get(name, 0) <= MOST * size < agree[name] for name, size in sizes.items())
    return reading if telling and sum(agree.values()) >= sum(own.values()) + AT_LEAST else None


def _agreeing(exercise: Exercise, answer: Answer, right: Reworked, numbers: list[int]) -> dict[PartName, int]:
    """How many figures of W, b, delta and the gradients are right or follow, within what rounding may do, by the part."""
    trusted = {name: part for name, part in answer.of_iterations(numbers).items() if not part.transposed}
    follow = rework(exercise, numbers, given=trusted) if numbers else {}
    agreeing = {}
    for name, part in answer.parts.items():
        among = name.number in numbers if name.table == "iteration" else name.table == "convergence"
        if part.transposed or not among or name.part not in (*PARAMETERS, "delta"):
            continue
        if name.table == "convergence":
            layer = exercise.run.layer
            targets = [layer.weights if name.part == "weights" else layer.biases]
        else:
            targets = [right[name], follow[name]]
        close = [np.abs(part.values - target) <= ROUNDING * part.half for target in targets]
        agreeing[name] = int(np.any(close, axis=0).sum())
    return agreeing


def _readings(exercise: Exercise, answer: Answer, house: Answer) -> Iterator[Reading]:
    """The answer as each other convention writes it, where it can be read so and something reads otherwise; the nearest first."""
    own = exercise.conventions
    layouts = _layouts(exercise, answer)
    biases = BIASES if own.has_biases else (own.biases,)
    every = [Conventions(*values, own.has_biases) for values in product(DELTAS, WEIGHTS, biases)]
    for conventions in sorted(every, key=lambda each: _differences(own, each)):
        if conventions.of_weights not in layouts:
            continue
        read = layouts[conventions.of_weights]
        if read is None:
            continue
        as_read = as_house(read, conventions)
        for turned_gradients in (False, True) if conventions.turned else (False,):
            parts = dict(as_read.parts)
            if turned_gradients:
                if not any(name.part in ("weights", "biases") for name in as_read.of_iterations()):
                    continue
                parts = {name: _negated(part) if name.part in GRADIENTS else part for name, part in parts.items()}
            shows = frozenset(name for name, part in parts.items() if _differs(part, house.parts.get(name)))
            if shows and not any(parts[name].transposed for name in parts if name.part in PARAMETERS):
                yield Reading(conventions, turned_gradients, replace(as_read, parts=parts), shows)


def _layouts(exercise: Exercise, answer: Answer) -> Mapping[Conventions, Answer | None]:
    """The answer as each shape of W and each place of the biases reads it; None where that leaves more unread.

    Where all that is shaped as W or as b was read as the problem writes it, only those are tried in which W has the same shape.
    """
    own = exercise.conventions
    found: dict[Conventions, Answer | None] = {own.of_weights: answer}
    given = [part for name, part in answer.parts.items() if name.part in PARAMETERS]
    misread = any(PartName.parse(name).part in PARAMETERS for name in answer.faults) or any(p.transposed for p in given)
    if not (misread or given):
        return found
    size = exercise.layer.weights.shape
    for weights, biases in product(WEIGHTS, BIASES if own.has_biases else (own.biases,)):
        other = Conventions(own.delta, weights, biases, own.has_biases)
        if not misread and other.shape("weights", size) != own.shape("weights", size):
            continue
        if other.of_weights not in found and answer.read_in is not None:
            try:
                read = answer.read_in(other)
            except AnswerError:  # nothing of it can be read so
                read = None
            readable = read is not None and read.faults.keys() <= answer.faults.keys()
            found[other.of_weights] = read if readable else None
    return found


def _differences(one: Conventions, other: Conventions) -> int:
    """In how many ways two conventions differ."""
    return sum(value != other.to_dict()[name] for name, value in one.to_dict().items())


def _differs(part: GivenPart, own: GivenPart | None) -> bool:
    """Whether a part reads otherwise than in the problem's own conventions, where it may be unread or transposed."""
    return own is None or own.transposed or not np.array_equal(part.values, own.values, equal_nan=True)


def _negated(part: GivenPart) -> GivenPart:
    return replace(part, values=0.0 - part.values)


# ---- Whether it follows one.


def _follows(reading: Reading, own: Marks, others: Marks) -> bool:
    """Whether the answer follows a convention throughout: see above.

    Parameters
    ----------
    reading : the answer as that convention writes it.
    own, others : its marks as the problem writes it, and as that convention does.
    """
    if _names(own) and not (others.right or _names(others)):
        return False
    before = {part.part: part for part in own.parts}
    telling = False
    for part in others.parts:
        was = before.get(part.part)
        if was is not None and _kept(part) < _kept(was):
            return False
        if part.part not in reading.shows:
            continue
        lost = len(part.entries) - _kept(part)
        if lost and (was is None or _kept(part) > _kept(was)):
            return False
        telling = telling or (not lost and (was is None or 2 * _kept(was) <= len(was.entries)))
    return telling and all(map(_follows_what_is_before, (part for part in others.parts if part.part in reading.shows)))


def _follows_what_is_before(part: PartMarks) -> bool:
    """Whether no figure of a delta is right that does not follow from the answer's own figures before it."""
    return part.part.part != "delta" or not any(entry.counts and entry.follows is False for entry in part.entries)


def _names(marks: Marks) -> bool:
    """Whether a mistake is named."""
    return any(finding.is_mistake for finding in marks.mistakes)


def _kept(part: PartMarks) -> int:
    return sum(entry.counts for entry in part.entries if not part.note)


# ---- What is told.


def _told(exercise: Exercise, reading: Reading, own: Marks, others: Marks) -> Marks:
    """The marks of an answer that follows another convention, with a finding for each difference.

    Parameters
    ----------
    exercise : for what the problem allows.
    reading : the answer as that convention writes it.
    own, others : its marks as the problem writes it, and as that convention does.
    """
    allowed = allows_any(exercise)
    findings = tuple(_findings(exercise.conventions, reading, allowed=allowed))
    return replace(others if allowed else own, mistakes=(*findings, *others.mistakes), alternatives=False)


def _findings(own: Conventions, reading: Reading, *, allowed: bool) -> Iterator[Finding]:
    for name, parts, theirs, problems in _told_apart(own, reading):
        part = min((each for each in reading.shows if each.part in parts), key=lambda each: each.place)
        why = f"You follow another convention throughout: {theirs}. The problem has {problems}."
        if allowed:
            why += " Any convention will do: no mark is lost, and your figures are shown as the problem writes them."
        yield Finding(name, part, why, BY_NAME[name].hint, is_mistake=not allowed)


def _told_apart(own: Conventions, reading: Reading) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """For each difference: its name, the parts that may show it, and the two conventions in words."""
    theirs = reading.conventions
    if reading.turned_gradients:
        delta, problems = ("", "") if own.turned else ("delta as D - Y, ", "delta as Y - D, ")
        step, problems_step = (
            "gradients as X^T delta, and a step along them",
            "dJ/dW and dJ/db, and a step against them",
        )
        yield "delta-turned", ("delta", *GRADIENTS), delta + step, problems + problems_step
    elif own.delta != theirs.delta:
        # Where no gradient is written, these may have the other sign too.
        name = "delta-sign" if any(each.part in GRADIENTS for each in reading.answer.parts) else "delta-turned"
        yield name, ("delta",), f"delta as {theirs.delta}", own.delta
    if own.weights != theirs.weights:
        yield "weights-transposed", PARAMETERS, _shape(theirs), _shape(own)
    if own.biases != theirs.biases:
        yield BIASES_ELSEWHERE.name, PARAMETERS, _place(theirs), _place(own)


def _shape(c: Conventions) -> str:
    rows, columns = ("neuron", "input") if c.by_neuron else ("input", "neuron")
    return f"W with a row for each {rows} and a column for each {columns}"


def _place(c: Conventions) -> str:
    if not c.biases_in_weights:
        return "the biases as a vector b beside W"
    place = "first" if c.biases_first else "last"
    return f"a {place} column of ones in X, and the biases as the {place} {'column' if c.by_neuron else 'row'} of W"
