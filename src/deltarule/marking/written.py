"""Answers and marks between the conventions in which they are written and those of the house, in which all marking is done.

An answer is translated where it comes in, and its marks where they go out: figures change places and signs; none is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from deltarule.conventions import BESIDE, HOUSE, Conventions
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.marking.mistakes.slips import DIGITS_SWAPPED, SIGN_LOST
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName, as_written_name
from deltarule.typeset.maths import negated

# A figure in the sentence on a slip.
FIGURE = re.compile(r"-?\d+(\.\d+)?")


def as_house(answer: Answer, conventions: Conventions) -> Answer:
    """An answer with its parts in the house's conventions.

    Parameters
    ----------
    answer : as it was written.
    conventions : those in which it was written.
    """
    if conventions == HOUSE:
        return answer
    parts = dict(_house_parts(answer.parts, conventions))
    return replace(answer, parts=dict(sorted(parts.items(), key=lambda item: item[0].place)))


def _house_parts(parts: Mapping[PartName, GivenPart], c: Conventions) -> Iterator[tuple[PartName, GivenPart]]:
    for name, given in parts.items():
        if name.part == "delta":
            yield name, replace(given, values=c.signed(given.values))
        elif name.part in BESIDE:
            both = zip(c.divided(given.values), c.divided(given.decimals), strict=True)
            for part, (values, decimals) in zip((name.part, BESIDE[name.part]), both, strict=True):
                if values is not None and decimals is not None and not np.isnan(values).all():
                    own = PartName(name.table, name.number, part)
                    yield own, replace(given, name=own, values=values, decimals=decimals)
        elif name.part == "inputs":
            yield name, replace(given, values=c.without_ones(given.values), decimals=c.without_ones(given.decimals))
        else:
            yield name, given


def as_written(
    parts: Iterable[PartMarks], exercise: Exercise, conventions: Conventions, answer: Answer | None = None
) -> tuple[PartMarks, ...]:
    """The marks of parts in the house's conventions, as those of the parts that were written.

    Parameters
    ----------
    parts : in the order in which they are worked.
    exercise : for what the rows of W stand for.
    conventions : those in which the answer was written.
    answer : as it was written, for its columns of ones; None where it was written in others: they are right then.
    """
    found = {marks.part: marks for marks in parts}
    written: dict[PartName, PartMarks] = {}
    for name, marks in found.items():
        whole = as_written_name(name, conventions)
        if name.part == "delta":
            written[name] = replace(marks, entries=tuple(_signed(entry, conventions) for entry in marks.entries))
        elif name.part == "inputs" and conventions.biases_in_weights:
            written[name] = _with_ones(marks, None if answer is None else answer.parts[name], conventions)
        elif whole.part not in BESIDE:
            written[name] = marks
        elif whole not in written:
            beside = PartName(name.table, name.number, BESIDE[whole.part])
            held = found.get(beside) if conventions.biases_in_weights else None
            written[whole] = _matrix(whole, found.get(whole), held, exercise, conventions)
    return tuple(written.values())


def _signed(entry: Entry, conventions: Conventions) -> Entry:
    given, expected = (float(conventions.signed(value)) for value in (entry.given, entry.expected))
    return replace(entry, given=given, expected=expected)


def _with_ones(marks: PartMarks, given: GivenPart | None, c: Conventions) -> PartMarks:
    """The marks of the patterns with a column of ones, which nothing is worked from: each is right where it is 1."""
    rows, columns = marks.shape
    at, shift = (1, 1) if c.biases_first else (columns + 1, 0)
    entries = [replace(entry, place=(entry.place[0], entry.place[1] + shift)) for entry in marks.entries]
    ones = np.ones(rows) if given is None else given.values[:, at - 1]
    for row, one in enumerate(ones.tolist(), start=1):
        if not np.isnan(one):
            entries.append(Entry((row, at), one, 1.0, "right" if one == 1 else "wrong", None))
    names = tuple(c.names_with_one(marks.columns))
    return replace(
        marks, entries=tuple(sorted(entries, key=lambda e: e.place)), shape=(rows, columns + 1), columns=names
    )


def _matrix(
    name: PartName, weights: PartMarks | None, biases: PartMarks | None, exercise: Exercise, c: Conventions
) -> PartMarks:
    """The marks of a matrix that is shaped as W; `weights` and `biases` are those of what it holds."""
    N, K = exercise.layer.weights.shape
    W, b = np.full((N, K), None, object), np.full(K, None, object)
    for grid, marks in ((W, weights), (b, biases)):
        for entry in () if marks is None else marks.entries:
            grid[tuple(place - 1 for place in entry.place)] = entry
    entries = [
        replace(entry, place=tuple(at + 1 for at in place)) for place, entry in np.ndenumerate(c.joined(W, b)) if entry
    ]
    inputs, neurons = exercise.heads(name)
    inputs = c.names_with_one(inputs)
    rows, columns = (neurons, inputs) if c.by_neuron else (inputs, neurons)
    note = next((marks.note for marks in (weights, biases) if marks is not None), "")
    return PartMarks(name, tuple(entries), (len(rows), len(columns)), note, tuple(rows), tuple(columns))


def in_words(text: str, conventions: Conventions) -> str:
    """A sentence about the house's formulas and shapes, true of those of the conventions.

    Parameters
    ----------
    text : which quotes them as the house writes them: "Y - D", "X W + b", "X^T delta", "a row for each input".
    conventions : those in which the answer was written.

    Examples
    --------
    >>> in_words("Delta is Y - D. You took D - Y.", Conventions(delta="D - Y"))
    'Delta is D - Y. You took Y - D.'
    """
    pairs = dict(_words(text, conventions))
    place, found = 0, []
    while place < len(text):
        old = next((old for old in pairs if text.startswith(old, place)), text[place])
        found.append(pairs.get(old, old))
        place += len(old)
    return "".join(found)


def _words(text: str, c: Conventions) -> Iterator[tuple[str, str]]:
    """What the house writes, longest first, and what stands in its place."""
    if c.by_neuron:
        yield (
            "W has a row for each input and a column for each neuron",
            "W has a row for each neuron and a column for each input",
        )
    if c.by_neuron or not c.writes("biases"):
        yield "X W + b", ("X W^T" if c.by_neuron else "X W") + (" + b" if c.writes("biases") else "")
    if c.turned or c.by_neuron:
        yield "X^T delta", ("-" if c.turned else "") + ("delta^T X" if c.by_neuron else "X^T delta")
    if c.turned and "elta" in text:  # the cost squares D - Y, whatever delta is
        yield "b - a times the sum of delta", "b + a times the sum of delta"
        yield "1^T delta", "-1^T delta"
        yield "Y - D", "D - Y"
        yield "D - Y", "Y - D"


def of_momentum(text: str, *, nesterov: bool) -> str:
    """A sentence about the step along the gradient, true of the step of a descent with momentum.

    Parameters
    ----------
    text : which says "W - a dJ/dW" or "times the gradient".
    nesterov : whether it is Nesterov's.

    Examples
    --------
    >>> of_momentum("Descent goes against the gradient: W - a dJ/dW.", nesterov=False)
    'Descent goes against the velocity: W - a V_W.'
    """
    W, b = ("(dJ/dW + m V_W)", "(dJ/db + m V_b)") if nesterov else ("V_W", "V_b")
    along = "dJ/dW + m V_W" if nesterov else "velocity"
    the = "" if nesterov else "the "
    for old, new in (
        ("a dJ/dW", f"a {W}"),
        ("a dJ/db", f"a {b}"),
        ("b - a times the sum of delta", f"b - a {b}"),
        ("against the gradient", f"against {the}{along}"),
        ("the learning rate times the gradient", f"the learning rate times {the}{along}"),
        ("You took the gradient alone", f"You took {the}{along} alone"),
    ):
        text = text.replace(old, new)
    return text


def with_words(finding: Finding, conventions: Conventions) -> Finding:
    """A `finding` about the house's conventions, as one about the `conventions` in which the answer was written."""
    part, why = as_written_name(finding.part, conventions), in_words(finding.why, conventions)
    if conventions.turned and part.part == "delta" and finding.name in (SIGN_LOST.name, DIGITS_SWAPPED.name):
        why = FIGURE.sub(lambda found: negated(found[0]).text, why)
    return replace(finding, part=part, why=why, hint=in_words(finding.hint, conventions))


def marks_as_written(marks: Marks, exercise: Exercise, conventions: Conventions, answer: Answer | None) -> Marks:
    """Marks in the house's conventions, as those of the answer that was written.

    Parameters
    ----------
    marks, exercise : the marks, and what they are of.
    conventions : those in which the answer was written.
    answer : see `as_written`.
    """
    if exercise.momentum:
        nesterov = exercise.descent.nesterov
        told = (replace(each, why=of_momentum(each.why, nesterov=nesterov)) for each in marks.mistakes)
        marks = replace(marks, mistakes=tuple(told))
    if conventions == HOUSE:
        return marks
    findings = tuple(with_words(finding, conventions) for finding in marks.mistakes)
    return replace(marks, parts=as_written(marks.parts, exercise, conventions, answer), mistakes=findings)
