"""What a mistake is, the variants in which it can be made, and what these are built from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deltarule.marking.given import Answer
from deltarule.marking.marks import Finding
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, parts_of
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import ITERATION_PARTS, PartName


def always(_exercise: Exercise) -> bool:
    """True, in any exercise."""
    return True


@dataclass(frozen=True, eq=False)
class Variant:
    """One form in which a mistake is made.

    Attributes
    ----------
    changes : what is worked otherwise, and carried on, by ingredient ("delta.slope") or part ("delta"); see `rework.ingredients`.
    exercise : another exercise that is worked instead; None: the one that was set.
    as_written : what is written of each part, from its name and its values, while the work goes on without it; None: the values.
    shift : how many updates later the iteration is whose figures are written.
    made_in : the iterations in which it is made, as in range(1, 2); None: all.
    exercise_in : those in which the other exercise is worked; None: those of `made_in`.
    roundings : how many times over figures are rounded that are worked so.
    price : how much less likely it is than a variant with nothing to choose, as a natural logarithm: that of the number of those of
        its kind, any of which may be made. Below 0: more likely.
    flags : what it explains about how the answer is written: "transposed", "from_zero" (see `EvidencePart.flag`).
    detail : what the sentence adds in brackets.
    beyond : whether it works more than its part from the parts before it: the updated layer, other iterations or patterns. Then
        mistakes show in it that are made elsewhere.
    of_step : whether its sentence is about the step, though it is made before it: the work goes on with it.
    when : whether it can be made in an exercise.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    exercise: Exercise | None = None
    as_written: Callable[[PartName, Any], Any] | None = None
    shift: int = 0
    made_in: range | None = None
    exercise_in: range | None = None
    roundings: int = 1
    price: float = 0.0
    flags: frozenset[str] = frozenset()
    detail: str = ""
    beyond: bool = False
    of_step: bool = False
    when: Callable[[Exercise], bool] = always

    def first_part(self, exercise: Exercise) -> str:
        """The first part of an iteration in which it can show: those before it are as they were without it.

        Parameters
        ----------
        exercise : the one that was set.
        """
        if self.as_written is not None or self.shift or self.flags:
            return ITERATION_PARTS[0]
        shown = {parts_of(name)[0] for name in self.changes} | (
            set() if self.exercise is None else {_first_part_of_other(exercise, self.exercise)}
        )
        return min(shown, key=ITERATION_PARTS.index, default=ITERATION_PARTS[-1])

    @property
    def worked_in(self) -> range | None:
        """The iterations in which the other exercise is worked; None: all."""
        return self.exercise_in if self.exercise_in is not None or self.shift else self.made_in

    def written(self) -> Callable[[PartName, Any], Any] | None:
        """What it writes of each part, in the iterations of `made_in` only; None: the values."""
        write, among = self.as_written, self.made_in
        if write is None or among is None or self.shift:
            return write
        return lambda name, value: write(name, value) if name.number in among else value

    def made(self) -> Mapping[str, Change]:
        """Its changes, each made in the iterations of `made_in` only."""
        among = self.made_in
        if among is None:
            return self.changes
        return {name: _only_in(among, change) for name, change in self.changes.items()}


def _only_in(among: range, change: Change) -> Change:
    return lambda s, right: change(s, right) if s.number in among else right


def _first_part_of_other(exercise: Exercise, other: Exercise) -> str:
    """The first part in which another exercise can differ from the one that was set."""
    layer, patterns = exercise.layer, exercise.patterns
    mine = exercise.descent.batch_key(exercise.count), exercise.first_rows
    same_layer = other.layer.weights is layer.weights and other.layer.biases is layer.biases
    theirs = other.descent.batch_key(other.count), other.first_rows
    if theirs != mine or other.patterns.X is not patterns.X or not same_layer:
        return "synaptic_inputs"
    if other.layer is not layer:
        return "outputs"
    return "errors" if other.patterns.D is not patterns.D else "cost"


def together(variants: Sequence[Variant]) -> Variant | None:
    """Several variants made at once, as one; None where they exclude each other.

    Changes of one ingredient are made one after another: two factors multiply.
    """
    if len(variants) == 1:
        return variants[0]
    exercises = [variant.exercise for variant in variants if variant.exercise is not None]
    as_written = [written for variant in variants if (written := variant.written()) is not None]
    if len(exercises) > 1 or len(as_written) > 1:
        return None
    changes: dict[str, Change] = {}
    for variant in variants:
        for name, change in variant.made().items():
            changes[name] = _after(changes[name], change) if name in changes else change
    return Variant(
        changes,
        exercise=exercises[0] if exercises else None,
        as_written=as_written[0] if as_written else None,
        shift=sum(variant.shift for variant in variants),
        made_in=next((variant.made_in for variant in variants if variant.shift), None),
        exercise_in=next((variant.worked_in for variant in variants if variant.exercise is not None), None),
        roundings=max(variant.roundings for variant in variants),
        flags=frozenset().union(*(variant.flags for variant in variants)),
    )


def _after(first: Change, second: Change) -> Change:
    """The second change, made after the first."""
    return lambda sheet, right: second(sheet, first(sheet, right))


def in_iterations(made_in: range | None) -> str:
    """What a sentence adds where a mistake was made in some iterations only: `made_in`.

    Examples
    --------
    >>> in_iterations(range(1, 2)), in_iterations(range(2, 1000)), in_iterations(None)
    ('in iteration 1 only', 'from iteration 2 on', '')
    """
    if made_in is None:
        return ""
    return f"in iteration {made_in.start} only" if len(made_in) == 1 else f"from iteration {made_in.start} on"


def _none(*_: Any) -> Iterable[Variant]:
    return ()


@dataclass(frozen=True, eq=False)
class Mistake:
    """A known mistake, or a remark that is not a mistake.

    Attributes
    ----------
    name : "mean-for-sum".
    why : what a tutor would say.
    hint : which kind of mistake it is, without the solution.
    variants : those in which it can be made in an exercise.
    read_off : variants that are read off an answer: from the exercise, the answer, and the right figures of its parts.
    is_mistake : False for a remark.
    """

    name: str
    why: str
    hint: str
    variants: Callable[[Exercise], Iterable[Variant]] = _none
    read_off: Callable[[Exercise, Answer, Reworked], Iterable[Variant]] = _none
    is_mistake: bool = True

    def finding(self, part: PartName, detail: str = "") -> Finding:
        """The finding of this mistake, first seen in a part; with the detail in brackets."""
        why = f"{self.why} ({detail})" if detail else self.why
        return Finding(self.name, part, why, self.hint, self.is_mistake)
