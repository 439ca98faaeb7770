"""What an answer is worth where the problem asks for parts, weighs them, and takes something off for hints."""

from __future__ import annotations

import json

import numpy as np
import pytest

import deltarule as dr
from deltarule.conventions import Conventions
from deltarule.marking import check, worked_answer
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.worth import shape_of
from deltarule.parts import PartName
from right_answers import KINDS, NUMBERS, drawn

# U = (0, 0), Y = U, delta = Y - D = (-2, -4); J = 1/2 (4 + 16) = 10; dJ/dW = 1 * -2 + 2 * -4 = -10, dJ/db = -6; W = 1, b = 0.6.
DOUBLE = {
    "title": "Double it",
    "layer": {"kind": "linear", "weights": [[0.0]]},
    "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    "descent": {"learning_rate": 0.1, "epochs": 10},
}


def problem(**marking):
    return dr.problem_from(DOUBLE | ({"marking": marking} if marking else {}))


def marked(parts, hints=None, **marking):
    document = {"iteration": {"1": parts}} | ({} if hints is None else {"hints": hints})
    return check(problem(**marking), document)


ASKED = ["iteration.1.cost", "iteration.1.delta", "iteration.1.weights"]


def test_a_missing_part_is_worth_nothing_of_its_weight():
    marks = marked({"cost": 10.0, "delta": [-2, -4]}, asked=ASKED, weights={"cost": 2, "iteration.1.weights": 5})
    assert marks.score == pytest.approx((2 + 1) / (2 + 1 + 5))
    assert marks.missing == ("iteration.1.weights",)
    assert not marks.right


def test_an_answer_of_one_right_part_of_three_has_a_third():
    marks = marked({"cost": 10.0}, asked=ASKED)
    assert marks.score == marks.answered == pytest.approx(1 / 3)


def test_all_that_is_asked_for_and_right_is_all_right_though_other_parts_are_missing():
    marks = marked({"cost": 10.0, "delta": [-2, -4], "weights": [[1.0]]}, asked=ASKED)
    assert (marks.right, marks.score, marks.answered, marks.missing) == (True, 1, 1, ())


def test_a_part_that_is_not_asked_for_is_marked_and_worth_nothing():
    marks = marked({"cost": 10.0, "biases": [7.0]}, asked=["iteration.1.cost"])
    assert marks["iteration.1.biases"].verdict == "wrong"
    assert marks.score == 1
    assert not marks.right
    assert "not asked" in str(marks)


def test_a_part_that_cannot_be_read_is_worth_nothing_of_its_weight_and_is_not_called_missing():
    marks = marked({"cost": 10.0, "delta": [-2]}, asked=["iteration.1.cost", "iteration.1.delta"], weights={"delta": 3})
    assert marks.score == pytest.approx(1 / 4)
    assert marks.missing == ()
    assert list(marks.faults) == ["iteration.1.delta"]
    assert marks.answered == pytest.approx(1 / 4)


def test_an_unreadable_part_that_is_not_asked_for_costs_nothing():
    marks = marked({"cost": 10.0, "delta": [-2]}, asked=["iteration.1.cost"])
    assert (marks.score, marks.right) == (1, False)


def test_entries_left_blank_in_a_part_that_is_asked_for_earn_nothing():
    marks = marked({"delta": [-2, ""]}, asked=["iteration.1.delta"])
    assert marks.score == marks.answered == 0.5
    assert not marks.right
    assert "1 entry is left blank" in str(marks)
    assert "1 of 2    0.5 of 1" in str(marks)


def test_credit_by_entry_or_all_or_nothing():
    wrong = {"delta": [-2, 4], "cost": 10.0}
    asked = ["iteration.1.cost", "iteration.1.delta"]
    assert marked(wrong, asked=asked).score == 0.75
    assert marked(wrong, asked=asked, credit="all-or-nothing").score == 0.5
    assert marked({"delta": [-2, ""]}, asked=["iteration.1.delta"], credit="all-or-nothing").score == 0
    assert marked(wrong, credit="all-or-nothing").score == 0.5


def test_weights_without_parts_asked_for_weigh_what_is_given():
    marks = marked({"delta": [-2, 4], "cost": 10.0}, weights={"cost": 3})
    assert marks.score == pytest.approx((3 + 0.5) / 4)
    assert marks.missing == ()


def test_without_marking_only_what_is_there_is_marked_and_answered_says_how_much_that_is():
    marks = marked({"cost": 10.0, "delta": [-2, ""]})
    assert marks.score == 1
    assert marks.right
    assert marks.answered == pytest.approx(1.5 / 8)  # a linear layer has 8 parts, without predictions and errors


def test_answered_counts_every_part_of_each_iteration_that_was_begun_and_what_else_is_given():
    found = worked_answer(problem(), [1])
    assert check(problem(), found).answered == 1
    found["iteration"]["2"] = {"cost": worked_answer(problem(), [2])["iteration"]["2"]["cost"]}
    assert check(problem(), found).answered == pytest.approx(9 / 16)
    found["metrics"] = {"training_r2": [1.0]}
    assert check(problem(), found).answered == pytest.approx(10 / 17)


def test_each_hint_costs_its_share_of_all_marks_and_no_mark_falls_below_zero():
    right = {"cost": 10.0}
    assert marked(right, hints=2, hint_cost=0.1).score == pytest.approx(0.8)
    assert marked(right, hints=2).score == 1
    assert marked({"cost": 3.0}, hints=9, hint_cost=0.3).score == 0
    assert "All right, but 2 hints cost 20%: 80%." in str(marked(right, hints=2, hint_cost=0.1))


@pytest.mark.parametrize("hints", ["two", -1, 1.5, True])
def test_a_number_of_hints_that_is_none_is_named(hints):
    assert "number of hints must be a whole number" in marked({"cost": 10.0}, hints=hints).faults["hints"]


def test_a_boundary_that_is_asked_for_may_be_answered_with_its_classes_the_other_way_round():
    document = drawn("softmax", 1, reduction="sum", batch_size=None, decay=0.0, decimals=2)
    asking = dr.problem_from(document | {"marking": {"asked": ["boundaries"], "weights": {"boundaries.B-A": 2}}})
    marks = check(asking, {"boundaries": {"B-A": [1.0, 2.0, 3.0, 4.0]}})
    assert marks.missing == ("boundaries.A-C", "boundaries.B-C")
    assert marks.answered == pytest.approx(2 / 4)


@pytest.mark.parametrize("kind", KINDS)
def test_parts_have_the_shapes_of_a_right_answer(kind):
    document = drawn(kind, 2, reduction="mean", batch_size=4, decay=0.0, decimals=2)
    asking = dr.problem_from(document)
    exercise = Exercise.of(asking)
    for part, value in worked_answer(asking, [2])["iteration"]["2"].items():
        assert shape_of(exercise, PartName.in_iteration(2, part)) == np.shape(value), part
    measures = ("mse", "r2") if kind in NUMBERS else ("accuracy",)
    for measure in measures:
        shape = shape_of(exercise, PartName("metrics", None, f"training_{measure}"))
        assert shape == ((3,) if kind in NUMBERS else ())


def test_the_report_lists_what_is_missing_in_its_place_with_what_it_would_be_worth():
    marks = marked({"weights": [[1.0]]}, asked=["iteration.1"], weights={"delta": 4})
    lines = [" ".join(line.split()) for line in str(marks).splitlines()]
    assert "iteration 1: delta missing 0 of 2 0 of 4" in lines
    assert "iteration 1: W right 1 of 1 1 of 1" in lines
    assert lines.index("iteration 1: delta missing 0 of 2 0 of 4") < lines.index("iteration 1: W right 1 of 1 1 of 1")
    assert lines[-1] == "9%: 7 parts are missing."


def test_an_answer_of_blanks_alone_is_nothing_answered_and_no_mistake_is_named():
    for marking in ({}, {"asked": ["iteration.1"]}):
        marks = marked({"cost": "", "delta": ["", ""], "weights": ""}, **marking)
        assert (marks.score, marks.answered, marks.right, marks.mistakes) == (0, 0, False, ())
        assert "0%: nothing is answered." in str(marks)


def test_marks_as_plain_values_say_weights_and_what_is_missing():
    found = marked({"cost": 10.0}, hints=1, asked=ASKED, weights={"delta": 2}, hint_cost=0.05).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["missing"] == [
        {"part": "iteration.1.delta", "weight": 2},
        {"part": "iteration.1.weights", "weight": 1},
    ]
    assert (found["parts"][0]["weight"], found["parts"][0]["earned"]) == (1, 1)
    assert (found["hints"], found["hint_cost"], found["answered"]) == (1, 0.05, 0.25)
    assert found["score"] == pytest.approx(0.2)
    assert "weight" not in marked({"cost": 10.0}).to_dict()["parts"][0]


@pytest.mark.parametrize("biases", ["vector", "first column"])
@pytest.mark.parametrize("weights", ["inputs x neurons", "neurons x inputs"])
def test_what_is_asked_for_is_answered_in_the_conventions_of_the_problem(weights, biases):
    document = drawn("softmax", 5, reduction="sum", batch_size=None, decay=0.0, decimals=2)
    asking = dr.problem_from(document | {"marking": {"asked": ["iteration.1"], "weights": {"biases": 3}}})
    asking = asking.with_conventions(Conventions(weights=weights, biases=biases))
    answer = worked_answer(asking)
    marks = check(asking, answer)
    assert (marks.right, marks.score, marks.answered, marks.missing) == (True, 1, 1, ())
    assert sum(worth.weight for worth in marks.expected.values()) == 12
    del answer["iteration"]["1"]["weights"]
    marks = check(asking, answer)
    assert marks.missing == ("iteration.1.weights",)
    assert marks.score == pytest.approx(1 - (1 if biases == "vector" else 4) / 12)


def test_figures_written_between_the_quotation_marks_of_a_template_count():
    assert marked({"cost": "10.0", "delta": [["-2"], ["-4"]]}, asked=["iteration.1.cost", "iteration.1.delta"]).right
