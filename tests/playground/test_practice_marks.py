"""Practice mode marks each entry as `deltarule.check` does."""

from importlib import resources

import pytest

from deltarule.marking import check
from deltarule.marking.answer.file import answer_for, read_for
from deltarule.marking.rework.exercise import Exercise
from deltarule.playground.presets import question
from deltarule.playground.state import state_of
from playground_node import worked
from practice import LETTERS, answer_of, as_typed, practice_problem


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


def compared(seeds):
    """For each seed the verdicts of `check`, those of the page, and what `check` names."""
    problems = [practice_problem(seed) for seed in seeds]
    answers = [answer_of(problem, seed) for problem, seed in zip(problems, seeds, strict=True)]
    tasks = []
    for problem, answer in zip(problems, answers, strict=True):
        exercise = Exercise.of(problem)
        typed = as_typed(answer_for(exercise, answer))
        tasks += [
            {"what": "judged", "state": state_of(problem), "answers": [typed]},
            {"what": "shapes", "state": state_of(problem)},
        ]
    found = worked(tasks)
    for place, (problem, answer) in enumerate(zip(problems, answers, strict=True)):
        marks = check(problem, answer)
        page = verdicts_of_page(
            found[2 * place][0], found[2 * place + 1], independent=Exercise.of(problem).layer.independent
        )
        yield verdicts(marks), page, [each.name for each in marks.mistakes if each.is_mistake]


def assert_as_check(seeds):
    """Verdicts are the same, but for a few that keep their mark by another rule, and where `check` finds a mistake likelier."""
    entries, others = 0, 0
    for seed, (expected, page, mistakes) in zip(seeds, compared(seeds), strict=True):
        assert page.keys() == expected.keys(), seed
        for place, (verdict, counts) in expected.items():
            entries, others = entries + 1, others + (page[place][0] != verdict)
            assert page[place][1] == counts or (mistakes and page[place][0] == "rounding"), (seed, place)
    assert others < 0.005 * entries


def test_each_verdict_on_answers_of_all_kinds_is_that_of_check():
    assert_as_check(range(24))


@pytest.mark.slow
def test_each_verdict_on_many_answers_of_all_kinds_is_that_of_check():
    assert_as_check(range(24, 150))
