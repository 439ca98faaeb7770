"""Any one pattern that is left out of a sum, counted twice or taken alone is read off the answer."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import BIASES, POINTS, WEIGHTS, drawn, names
from deltarule.marking import check
from students import document, losses, worked

LABELS = ["A", "B", "C", "A", "B"]
FEW = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2)
# Sixty patterns on a spiral, so that no two are alike.
TURNS = np.linspace(0.5, 9, 60)
MANY = drawn(
    "logistic", WEIGHTS, BIASES, np.round(np.column_stack([TURNS * np.cos(TURNS), np.sin(TURNS) * 3]), 2).tolist(),
    (np.column_stack([np.sin(TURNS), np.cos(3 * TURNS), np.sin(5 * TURNS)]) > 0).astype(int).tolist(), 0.05,
    reduction="mean", weight_decay=0.1,
)  # fmt: skip
PROBLEMS = {"few": FEW, "many": MANY}


def counted(counts):
    """Both gradients and the cost, where pattern p counts counts(P)[p] times."""
    return {
        "weight_gradient": lambda s: (s.X * counts(s.P)[:, None]).T @ s.delta + s.L * s.W,
        "bias_gradient": lambda s: (s.delta * counts(s.P)[:, None]).sum(axis=0),
        "cost": lambda s: s.c * np.sum(losses(s) * counts(s.P)) + s.L / 2 * np.sum(s.W**2),
    }


def but(p, others, own):
    """What gives how often each pattern counts."""
    return lambda P: np.where(np.arange(P) == p, own, others).astype(float)


FORMS = {"pattern-left-out": (1, 0), "pattern-twice": (1, 2), "one-pattern-only": (0, 1)}


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("parts", [("weight_gradient", "bias_gradient"), ("weight_gradient",)], ids=["both", "weights"])
def test_any_pattern_is_found_and_told(problem, name, parts):
    p = len(problem.X) // 2
    instead = {part: formula for part, formula in counted(but(p, *FORMS[name])).items() if part in parts}
    marks = check(problem, document(problem, worked(problem, 1, instead), 5))
    assert names(marks) == [name]
    assert f"pattern {p + 1} of the batch" in marks.mistakes[0].why


def test_a_pattern_is_read_off_the_step_where_the_gradients_are_not_written():
    instead = {part: formula for part, formula in counted(but(2, 1, 0)).items() if part != "cost"}
    marks = check(FEW, document(FEW, worked(FEW, 1, instead), 5, ("outputs", "delta", "weights", "biases")))
    assert names(marks) == ["pattern-left-out"]
    assert "pattern 3 of the batch" in marks.mistakes[0].why


def test_a_pattern_is_read_off_the_cost():
    instead = {"cost": counted(but(2, 0, 1))["cost"]}
    marks = check(FEW, document(FEW, worked(FEW, 1, instead), 6))
    assert "cost-of-one-pattern" in names(marks)


def test_of_a_batch_the_place_in_it_is_told():
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2, batch_size=4, seed=1)
    instead = {part: formula for part, formula in counted(but(1, 1, 2)).items() if part != "cost"}
    marks = check(problem, document(problem, worked(problem, 1, instead)))
    assert names(marks) == ["pattern-twice"]
    assert "pattern 2 of the batch" in marks.mistakes[0].why
