"""[marking]: what a problem asks for, what it is worth, and what is refused."""

from __future__ import annotations

import tomllib

import pytest

import deltarule as dr
from deltarule.errors import ProblemError
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import ITERATION_PARTS, OF_MOMENTUM
from deltarule.problem import problem_from, problem_text
from deltarule.problem.marking_section import Marking
from right_answers import KINDS, NUMBERS, drawn


def document(kind="softmax", **options):
    return drawn(kind, 1, reduction="sum", batch_size=None, decay=0.0, decimals=2) | options


def marking(text, kind="softmax", **options):
    return problem_from(document(kind, marking=tomllib.loads(text), **options)).marking


def refusal(text, kind="softmax"):
    with pytest.raises(ProblemError) as caught:
        marking(text, kind)
    return str(caught.value)


def test_a_problem_without_the_table_asks_for_nothing_in_particular():
    assert problem_from(document()).marking is None
    assert problem_from(document(marking={})).marking is None


def test_parts_are_asked_for_by_their_names_and_stand_in_the_order_of_the_work():
    found = marking(
        'asked = ["metrics.training_accuracy", "iteration.2.cost", "iteration.1.delta", "iteration.1.outputs"]'
    )
    assert found.asked == (
        *("iteration.1.outputs", "iteration.1.delta"),
        *("iteration.2.cost", "metrics.training_accuracy"),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_iteration_stands_for_all_of_its_parts_that_the_layer_has(kind):
    found = marking('asked = ["iteration.1"]', kind)
    exercise = Exercise.of(problem_from(document(kind)))
    assert [name.part for name in found.asked] == [
        part for part in ITERATION_PARTS if exercise.shape(part, exercise.count) is not None
    ]
    assert {(name.table, name.number) for name in found.asked} == {("iteration", 1)}


def test_boundaries_stand_for_all_pairs_and_the_order_of_two_classes_does_not_matter():
    problem = problem_from(document(marking={"asked": ["boundaries"]}))
    first, second, third = problem.layer.classes
    assert problem.marking.asked == (
        f"boundaries.{first}-{second}",
        f"boundaries.{first}-{third}",
        f"boundaries.{second}-{third}",
    )
    turned = problem_from(document(marking={"asked": [f"boundaries.{third}-{first}"]}))
    assert turned.marking.asked == (f"boundaries.{first}-{third}",)


def test_a_part_that_is_asked_for_twice_counts_once():
    asked = marking('asked = ["iteration.1", "iteration.1.cost", "iteration.1.cost"]').asked
    assert len(asked) == len(ITERATION_PARTS) - len(OF_MOMENTUM)


@pytest.mark.parametrize(
    "text",
    [
        'weights = {cost = 0.5, "iteration.1.cost" = 2}',
        "weights = {cost = 0.5, iteration.1.cost = 2}",
        '[weights]\ncost = 0.5\n"iteration.1.cost" = 2',
        "[weights]\ncost = 0.5\niteration.1.cost = 2",
    ],
)
def test_the_weight_of_a_whole_name_goes_before_that_of_its_last_word(text):
    found = marking(text)
    assert [found.weight(f"iteration.{name}") for name in ("1.cost", "2.cost", "1.delta")] == [2, 0.5, 1]
    assert (found.asked, found.credit, found.hint_cost) == (None, "entries", 0)


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("part", ["iteration.1.errors", "iteration.1.predicted", "convergence.errors"])
def test_parts_of_classes_are_refused_where_a_layer_predicts_numbers(kind, part):
    told = refusal(f'asked = ["{part}"]', kind)
    assert f"[marking] asked: The part that is asked for must be a part that the problem has. Got '{part}'." in told
    assert "predicts numbers: leave it out." in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('asked = ["delta"]', "Did you mean 'iteration.1.delta'?"),
        ('asked = ["iteration.1.dleta"]', "Did you mean 'iteration.1.delta'?"),
        ('asked = ["iteration.delta"]', "name one of the iterations 1 to "),
        ('asked = ["iteration.999999999.delta"]', "name one of the iterations 1 to "),
        ('asked = ["metrics.training_mse"]', "must be a part that the problem has. Got 'metrics.training_mse'."),
        ('asked = ["metrics.test_cost"]', "Did you mean 'metrics.training_cost'?"),
        ('asked = ["convergence"]', "must be a part that the problem has. Got 'convergence'."),
        ('asked = "iteration.1"', "The value of asked must be a list of names of parts. Got 'iteration.1'."),
        ("asked = [1]", "The part that is asked for must be text. Got 1."),
        ("asked = []", "The list of parts must name at least one."),
        ("weights = {dleta = 2}", "Did you mean 'delta'?"),
        ("weights = {delta = -1}", "The weight of delta must be a finite number above 0. Got -1."),
        ("weights = {delta = true}", "The weight of delta must be a finite number above 0."),
        ("weights = {iteration.1 = 2}", "The part with a weight must be one part. Got 'iteration.1'."),
        ("weights = 2", "The weights must be a table of names and numbers. Got 2."),
        ('asked = ["iteration.1.cost"]\nweights = {delta = 2}', "must be asked for. Got 'delta'."),
        ('credit = "half"', "The credit must be one of entries, all-or-nothing. Got 'half'."),
        ("hint_cost = 10", "The cost of a hint must be a share from 0 to 1. Got 10"),
        ("hint_cost = -0.1", "The cost of a hint must be a finite number of at least 0."),
        ('ask = ["iteration.1"]', "Did you mean 'asked'?"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_a_remedy(text, told):
    assert told in refusal(text)


def test_the_table_is_written_and_read_back(tmp_path):
    given = {
        "asked": ["iteration.1", "convergence.weights"],
        "weights": {"cost": 0.5, "iteration.1.delta": 2},
        "credit": "all-or-nothing",
        "hint_cost": 0.1,
    }
    problem = problem_from(document(marking=given))
    (tmp_path / "p.toml").write_text(problem_text(problem))
    again = dr.read_problem(tmp_path / "p.toml")
    assert again.document["marking"] == given
    assert again.marking == problem.marking
    assert isinstance(again.marking, Marking)
