"""What could be answered, with its shapes and weights: what the problem asks for, or else what an answer of this kind has.

Parts have the names and shapes of the problem's conventions: where W holds the biases, what these are worth is in W.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deltarule.marking.marks import Worth
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import ITERATION_PARTS, PartName, as_written_name, in_order_of_classes
from deltarule.problem.marking_section import Marking


def worths(exercise: Exercise, given: Iterable[PartName] = (), unread: Iterable[str] = ()) -> dict[PartName, Worth]:
    """What could be answered, in the order in which it is worked.

    Where the problem asks for parts, these. Where it asks for none in particular: the parts of iteration 1, those of every other
    iteration of which the answer has one, and every other part that it has.

    Parameters
    ----------
    exercise : what is answered.
    given : the names of the parts that an answer has.
    unread : the names of those that could not be read. A boundary "B-A" stands for the boundary "A-B" that is asked for.
    """
    given = list(given)
    marking = exercise.problem.marking or Marking()
    spelled = {in_order_of_classes(name, exercise.classes): name for name in (*map(PartName.parse, unread), *given)}
    weights: dict[PartName, float] = {}
    for name in _could_be_answered(exercise, marking, given):
        written = as_written_name(name, exercise.conventions)
        weights[written] = weights.get(written, 0.0) + marking.weight(name)
    return {
        spelled.get(name, name): Worth(shape, weights[name])
        for name in sorted(weights, key=lambda name: name.place)
        if (shape := shape_of(exercise, name)) is not None
    }


def shape_of(exercise: Exercise, name: PartName) -> tuple[int, ...] | None:
    """The shape of a part as it is written; None where the problem has no such part.

    Parameters
    ----------
    exercise : what is answered.
    name : of the part.
    """
    layer = exercise.layer
    if name.table == "boundaries":
        return (layer.inputs + 1,)
    if name.table == "metrics":
        return (layer.neurons,) if name.set_and_measure[1] in ("mse", "r2") else ()
    return exercise.shape(name.part, exercise.count if name.number is None else len(exercise.batch(name.number)))


def _could_be_answered(exercise: Exercise, marking: Marking, given: list[PartName]) -> Iterator[PartName]:
    """The names of the parts, each once, in the house's conventions."""
    if marking.asked is not None:
        yield from marking.asked
        return
    for number in sorted({1} | {name.number for name in given if name.number is not None}):
        for part in ITERATION_PARTS:
            if exercise.has(part):
                yield PartName.in_iteration(number, part)
    yield from dict.fromkeys(in_order_of_classes(name, exercise.classes) for name in given if name.number is None)
