"""The mistakes that practice mode names: figures and names are those of `deltarule.marking.mistakes`."""

import numpy as np
import pytest

from deltarule.marking.mistakes.registry import BY_NAME
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName
from deltarule.playground.state import state_of
from playground_node import worked
from practice import LETTERS, practice_problem

PARTS = {letter: part for part, letter in LETTERS.items()}


def forms_of(exercise, name, part):
    """What each form of a mistake gives for a part of iteration 1."""
    for variant in BY_NAME[name].variants(exercise):
        worked_as = variant.exercise or exercise
        figures = rework(worked_as, [1], variant.made())
        yield np.ravel(np.asarray(figures[PartName.in_iteration(1, part)], float))


def test_what_a_mistake_gives_is_what_the_table_of_mistakes_gives():
    problems = [practice_problem(seed) for seed in range(96)]
    found = worked([{"what": "wrongFigures", "state": state_of(problem)} for problem in problems])
    seen = set()
    for problem, parts in zip(problems, found, strict=True):
        exercise = Exercise.of(problem)
        for letter, names in parts.items():
            for name, values in names.items():
                seen.add(name)
                forms = list(forms_of(exercise, name, PARTS[letter]))
                assert any(np.allclose(values, form, rtol=1e-9, atol=1e-9) for form in forms), (problem, letter, name)
    (names,) = worked([{"what": "mistakes"}])
    assert seen == set(names)
