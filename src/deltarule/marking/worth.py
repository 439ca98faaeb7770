"""What could be answered, with its shapes and weights: what the problem asks for, or else what an answer of this kind has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deltarule.marking.given import Answer
from deltarule.marking.marks import Worth
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import ITERATION_PARTS, PartName, as_written_name, in_order_of_classes
from deltarule.problem.marking_section import Marking


def asked_for(exercise: Exercise) -> tuple[PartName, ...]:
    """The parts that an answer to the `exercise` is asked for: those of [marking], or else all parts of iteration 1."""
    marking = exercise.problem.marking
    if marking is not None and marking.asked is not None:
        return tuple(dict.fromkeys(as_written_name(name, exercise.conventions) for name in marking.asked))
    return tuple(_parts_of(exercise, 1))


def worths(exercise: Exercise, answer: Answer) -> dict[PartName, Worth]:
    """What could be answered, in the order in which it is worked.

    Where the problem asks for parts, these. Where it asks for none in particular: the parts of iteration 1, those of every other
    iteration of which the answer has one, and every other part that it has.

    Parameters
    ----------
    exercise : what is answered.
    answer : a boundary "B-A" in it stands for the boundary "A-B" that is asked for.
    """
    marking = exercise.problem.marking or Marking()
    named = {in_order_of_classes(name, exercise.classes): name for name in _given(answer)}
    expected = dict.fromkeys(asked_for(exercise))
    if marking.asked is None:
        for number in answer.iterations():
            expected |= dict.fromkeys(_parts_of(exercise, number))
        expected |= {name: None for name, given in named.items() if given in answer.parts}
    found = {}
    for name in sorted(expected, key=lambda name: name.place):
        shape = shape_of(exercise, name)
        if shape is not None:
            found[named.get(name, name)] = Worth(shape, marking.weight(name))
    return found


def shape_of(exercise: Exercise, name: PartName) -> tuple[int, ...] | None:
    """The shape of a part; None where the problem has no such part.

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


def _parts_of(exercise: Exercise, number: int) -> Iterator[PartName]:
    for part in ITERATION_PARTS:
        if exercise.shape(part, 1) is not None:
            yield PartName.in_iteration(number, part)


def _given(answer: Answer) -> Iterable[PartName]:
    """The names of the parts that were given, and of those that could not be read."""
    return [*answer.parts, *(PartName.parse(name) for name in answer.faults)]
