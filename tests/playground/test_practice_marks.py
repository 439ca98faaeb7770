"""Practice mode marks each entry as `deltarule.check` does."""

from importlib import resources

import numpy as np
import pytest

from deltarule.marking import check
from deltarule.marking.answer.file import answer_for, read_for
from deltarule.marking.rework.exercise import Exercise
from deltarule.playground.presets import question
from deltarule.playground.state import state_of
from playground_node import worked
from practice import LETTERS, answer_of, practice_problem


def flat(value):
    return [None if np.isnan(each) else float(each) for each in np.ravel(np.asarray(value, float))]


def as_typed(given):
    """The parts of an answer's first iteration as the page has them."""
    return {
        LETTERS[name.part]: {"values": flat(part.values), "decimals": np.ravel(part.decimals).tolist()}
        for name, part in given.of_iterations([1]).items()
    }


def verdicts(marks):
    """What `check` says of each entry of iteration 1: by letter and place, the verdict and whether it keeps its mark."""
    return {
        (LETTERS[part.part.part], entry.place): (entry.verdict, entry.counts)
        for part in marks
        if part.part.number == 1
        for entry in part.entries
    }


def verdicts_of_page(found, shapes, *, independent=False):
    page = {}
    for letter, marks in found["marks"].items():
        rows, columns = shapes[letter]
        for place, mark in enumerate(marks):
            if mark is not None:
                at = (place // columns + 1, place % columns + 1)
                if letter in ("errors", "cost"):
                    at = ()
                elif rows == 1 and letter in ("Gb", "Vb", "b"):
                    at = at[1:]
                elif letter == "predicted" and not independent:
                    at = at[:1]
                page[letter, at] = mark["verdict"], mark["verdict"] != "wrong" or mark["follows"]
    return page


def test_the_handouts_own_answer_is_marked_as_check_marks_it():
    problem = question(1)
    with resources.as_file(resources.files("deltarule.tutorial") / "answers" / "question_1.toml") as path:
        given, marks = read_for(Exercise.of(problem), path), check(problem, path)
    state = state_of(problem)
    (found,), shapes = worked(
        [{"what": "judged", "state": state, "answers": [as_typed(given)]}, {"what": "shapes", "state": state}]
    )
    expected = verdicts(marks)
    assert verdicts_of_page(found, shapes) == expected
    assert len(expected) == 15 + 15 + 5 + 1 + 1 + 9 + 6 + 3
    assert found["startRounded"]
    assert [finding.name for finding in marks.mistakes if not finding.is_mistake] == ["start-rounded"]


# ---- Answers of many kinds to problems of many kinds.

def of_the_page(problem, marks):
    """The verdicts of the parts that the page asks for: a layer without biases has none there."""
    found = verdicts(marks)
    if problem.layer.has_biases:
        return found
    return {key: verdict for key, verdict in found.items() if key[0] not in ("Gb", "Vb", "b")}


def compared(seeds):
    """For each seed the verdicts of `check`, those of the page, and what `check` names."""
    problems = [practice_problem(seed) for seed in seeds]
    answers = [answer_of(problem, seed) for problem, seed in zip(problems, seeds, strict=True)]
    tasks = []
    for problem, answer in zip(problems, answers, strict=True):
        exercise = Exercise.of(problem)
        typed = as_typed(answer_for(exercise, answer))
        tasks += [{"what": "judged", "state": state_of(problem), "answers": [typed]}, {"what": "shapes", "state": state_of(problem)}]
    found = worked(tasks)
    for place, (problem, answer) in enumerate(zip(problems, answers, strict=True)):
        marks = check(problem, answer)
        page = verdicts_of_page(
            found[2 * place][0], found[2 * place + 1], independent=Exercise.of(problem).layer.independent
        )
        yield of_the_page(problem, marks), page, [each.name for each in marks.mistakes if each.is_mistake]


def assert_as_check(seeds):
    """Where `check` names a mistake, it may say that figures come of it which rounding explains as well; the page does not."""
    for seed, (expected, page, mistakes) in zip(seeds, compared(seeds), strict=True):
        assert page.keys() == expected.keys(), seed
        for place, verdict in expected.items():
            lenient = mistakes and (verdict[0], page[place]) == ("wrong", ("rounding", True))
            assert page[place] == verdict or lenient, (seed, place)


def test_each_verdict_on_answers_of_all_kinds_is_that_of_check():
    assert_as_check(range(24))


@pytest.mark.slow
def test_each_verdict_on_many_answers_of_all_kinds_is_that_of_check():
    assert_as_check(range(24, 150))
