"""The samples of answers with a mistake are named as they should be, and so are their parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from by_hand import names
from deltarule.marking import check
from deltarule.problem import read_problem

CASES = Path(__file__).parent.parent / "cases"


@pytest.mark.parametrize(
    ("case", "name", "words"),
    [
        ("gradient-halved", "half-extra", "1/2 that is not in the formula. (in the gradients)"),
        ("thresholded", "hard-outputs", "thresholded outputs"),
        ("biases-first", "biases-first", "updated the biases first, and used the new ones for the weights"),
        ("pattern-by-pattern", "pattern-by-pattern", "You updated them after each pattern."),
        ("bias-summed-weights-mean", "mean-for-one-gradient", "(the sum for the biases)"),
        ("mean-over-classes-too", "per-class-too", "divided by the number of neurons (classes) too"),
        ("mean-twice", "mean-twice", "divided by the number of patterns twice"),
        ("slope-u-1-u", "slope-u-1-u", "(u (1 - u))"),
        ("inputs-left-out", "inputs-left-out", "You left the inputs out."),
        ("sigmoid-left-out", "activation-left-out", "the activation is missing"),
        ("second-term-missing", "cost-term-missing", "((1 - d) log(1 - y))"),
        ("yes-no-cost", "other-cost", "(that of a logistic layer)"),
        ("decay-halved", "decay-halved", "half of that"),
        ("decay-subtracted", "decay-sign", "You subtracted it."),
    ],
)
def test_the_mistake_of_a_sample_is_named_alone(case, name, words):
    marks = check(read_problem(CASES / f"{case}.problem.toml"), CASES / f"{case}.answer.toml")
    assert (names(marks), marks.right) == ([name], False)
    assert words in marks.mistakes[0].why


def test_both_mistakes_of_a_sample_are_named():
    marks = check(read_problem(CASES / "two-at-once.problem.toml"), CASES / "two-at-once.answer.toml")
    assert (sorted(names(marks)), marks.alternatives) == (["ascent", "half-missing"], False)
