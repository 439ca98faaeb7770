"""Right answers mark as right at every number of decimals, and answers that nobody worked do not."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from deltarule import check, problem_from
from deltarule.marking import answer_text, worked_answer
from right_answers import COUNTS, HALVES, KINDS, Style, drawn, right_answer

# Every kind with each reduction and size of a batch; decays alternate.
CASES = [
    (kind, reduction, batch_size, 0.1 * (place % 2))
    for place, (kind, reduction, batch_size) in enumerate(product(KINDS, ("sum", "mean"), (None, 1, 4)))
]
FEW = CASES[::5]


def problem_document(case, decimals, seed=0):
    kind, reduction, batch_size, decay = case
    return drawn(kind, seed, reduction=reduction, batch_size=batch_size, decay=decay, decimals=decimals)


def told(marks):
    """What is wrong or named in an answer; nothing where all is right."""
    wrong = [
        (str(part.part), entry.given, entry.expected) for part in marks for entry in part.entries if not entry.counts
    ]
    return marks.faults, wrong, [finding.name for finding in marks.mistakes]


NOTHING = ({}, [], [])


@pytest.mark.parametrize("decimals", range(4))
@pytest.mark.parametrize("half", HALVES)
def test_exact_figures_rounded_at_the_end_are_right(decimals, half):
    for case in CASES:
        document = problem_document(case, decimals)
        marks = check(problem_from(document), right_answer(document, Style(decimals, half=half), 2))
        assert told(marks) == NOTHING, case
        assert {part.verdict for part in marks} == {"right"}


@pytest.mark.slow
@pytest.mark.parametrize("decimals", range(4))
@pytest.mark.parametrize("half", HALVES)
def test_figures_worked_from_rounded_figures_are_within_rounding(decimals, half):
    for case in CASES:
        document = problem_document(case, decimals)
        marks = check(problem_from(document), right_answer(document, Style(decimals, carried=True, half=half), 2))
        assert marks.right, (case, told(marks))
        assert not [finding.name for finding in marks.mistakes if finding.is_mistake], case


@pytest.mark.parametrize("half", HALVES)
def test_few_figures_worked_from_rounded_figures_are_within_rounding(half):
    for case, decimals in product(FEW, (0, 1)):
        document = problem_document(case, decimals, seed=1)
        marks = check(problem_from(document), right_answer(document, Style(decimals, carried=True, half=half), 2))
        assert marks.right, (case, told(marks))


@pytest.mark.parametrize("decimals", [0, 1, 12, 15])
def test_worked_answers_are_right_from_python_and_from_files(decimals, tmp_path):
    for case in FEW:
        problem = problem_from(problem_document(case, decimals))
        document = worked_answer(problem, [1, 2])
        (tmp_path / "a.toml").write_text(answer_text(document))
        (tmp_path / "a.json").write_text(json.dumps(document))
        for answer in (document, tmp_path / "a.toml", tmp_path / "a.json"):
            assert told(check(problem, answer)) == NOTHING, case


@pytest.mark.parametrize("decimals", [1, 3])
def test_the_decimals_of_the_answer_hold_where_the_problem_has_others(decimals):
    for case in FEW:
        document = problem_document(case, 2)
        answer = right_answer(document, Style(decimals))
        assert answer["decimals"] == decimals
        marks = check(problem_from(document), answer)
        # With one decimal some matrices of small figures tell nothing: those alone are marked with the problem's decimals.
        assert told(marks) == NOTHING if decimals == 3 else marks.score > 0.86, (case, told(marks))
        assert not [finding.name for finding in marks.mistakes if finding.is_mistake], case


def test_decimals_that_tell_nothing_are_not_believed():
    """With no decimals every figure from -0.5 to 0.5 is 0: outputs of a perceptron are marked with decimals of the problem."""
    case = ("sigmoid", "sum", None, 0.0)
    document = problem_document(case, 2)
    rounded = right_answer(document, Style(0))["iteration"]["1"]["outputs"]
    marks = check(problem_from(document), {"decimals": 0, "iteration": {"1": {"outputs": rounded}}})
    assert marks.score < 0.3


def test_a_figure_off_by_three_units_is_wrong_with_no_decimals():
    """U of the first iteration is off by half a unit a product, and there are three."""
    for case in FEW:
        document = problem_document(case, 0)
        answer = right_answer(document, Style(0))
        answer["iteration"]["1"]["synaptic_inputs"][0][0] += 3.0
        marks = check(problem_from(document), answer)
        assert not marks.right
        assert marks["iteration.1.synaptic_inputs"].entries[0].verdict == "wrong"


@pytest.mark.parametrize("decimals", range(3))
def test_zeros_are_right_only_where_the_figure_is_zero(decimals):
    """Of all figures but 0: nine in ten lose their mark. (With few decimals some zeros are what rounding on the way gives.)"""
    lost = []
    for case in FEW:
        document = problem_document(case, decimals)
        answer = right_answer(document, Style(decimals), 2)
        figures = {(n, part): np.array(v) for n, t in answer["iteration"].items() for part, v in t.items()}
        for (number, part), values in figures.items():
            if part not in COUNTS:
                answer["iteration"][number][part] = np.zeros_like(values).tolist()
        marks = check(problem_from(document), answer)
        assert not marks.right
        assert [mistake.name for mistake in marks.mistakes] == ["not-attempted"]
        for part in marks:
            right = figures[str(part.part.number), part.part.part]
            zero = [right[tuple(i - 1 for i in entry.place)] == 0 for entry in part.entries]
            if part.part.part not in COUNTS:
                assert all(entry.counts for entry, is_zero in zip(part.entries, zero, strict=True) if is_zero)
                lost += [not entry.counts for entry, is_zero in zip(part.entries, zero, strict=True) if not is_zero]
    assert np.mean(lost) > 0.9


def test_a_cost_worked_from_outputs_near_one_is_right():
    """-log(1 - y) with y = 1 - 2^-50 or so has few digits in float64; the cost from u has all. Both are right."""
    problem = problem_from(
        {
            "layer": {"kind": "logistic", "weights": [[1.0]]},
            "data": {"inputs": [[35.0], [-1.0]], "targets": ["A", "B"]},
            "descent": {"learning_rate": 0.1, "epochs": 1},
            "show": {"decimals": 6},
        }
    )
    u = np.array([35.0, -1.0])
    y = 1 / (1 + np.exp(-u))
    from_outputs, from_inputs = -np.log(1 - y[0]) - np.log(y[1]), np.log1p(np.exp(35.0)) + np.log1p(np.exp(1.0))
    assert abs(from_outputs - from_inputs) > 1e-3
    for cost in (from_outputs, from_inputs):
        assert told(check(problem, {"iteration": {"1": {"cost": round(float(cost), 6)}}})) == NOTHING


@pytest.mark.parametrize("decimals", [0, 1])
def test_right_figures_with_fewer_decimals_than_asked_for_show_no_mistake(decimals):
    """So few decimals may not be believed, and marks are lost; but each figure is the right one as far as it is written."""
    for case in FEW:
        document = problem_document(case, 2)
        marks = check(problem_from(document), right_answer(document, Style(decimals)))
        assert not [finding.name for finding in marks.mistakes if finding.is_mistake], case


# ---- Momentum, schedules and the decay of biases.

SCHEDULES = (
    "constant",
    "cosine",
    "one-cycle",
    {"kind": "step", "every": 1, "factor": 0.5},
    {"kind": "exponential", "factor": 0.9, "by": "update"},
    {"kind": "inverse-time", "decay": 0.5},
    {"kind": "cosine", "warm_up": 2, "final": 0.1},
    {"kind": "one-cycle", "by": "update"},
)
MOMENTA = ({}, {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True})
DECAYS = ({}, {"weight_decay": 0.1}, {"weight_decay": 0.1, "decay_biases": True})
# Every kind with each momentum and schedule; decays, reductions and batches alternate.
DESCENTS = [
    (kind, reduction, batch_size, {**momentum, **decay, "schedule": schedule})
    for place, (kind, momentum, schedule) in enumerate(product(KINDS, MOMENTA, SCHEDULES))
    for decay, reduction, batch_size in [
        (DECAYS[place % 3], ("sum", "mean", "half-mean")[place // 3 % 3], (None, 4, 1, None)[place // 2 % 4])
    ]
]


def descent_document(case, decimals, seed=0):
    kind, reduction, batch_size, changes = case
    document = drawn(kind, seed, reduction=reduction, batch_size=batch_size, decay=0.0, decimals=decimals)
    return document | {"descent": document["descent"] | changes}


@pytest.mark.parametrize("cases", [DESCENTS[::11], pytest.param(DESCENTS, marks=pytest.mark.slow)], ids=["few", "all"])
@pytest.mark.parametrize("decimals", [1, 3])
def test_right_answers_with_momentum_schedules_and_decayed_biases_are_right(decimals, cases):
    for case in cases:
        document = descent_document(case, decimals)
        answer = right_answer(document, Style(decimals), 4)
        assert ("weight_velocity" in answer["iteration"]["1"]) == ("momentum" in case[3])
        marks = check(problem_from(document), answer)
        assert told(marks) == NOTHING, case
        assert {part.verdict for part in marks} == {"right"}


@pytest.mark.parametrize("cases", [DESCENTS[::43], pytest.param(DESCENTS, marks=pytest.mark.slow)], ids=["few", "all"])
@pytest.mark.parametrize("digits", [None, 3])
@pytest.mark.parametrize("decimals", [2, 4])
def test_of_such_descents_rounded_figures_and_rates_are_within_rounding(decimals, digits, cases):
    for case in cases:
        document = descent_document(case, decimals, seed=1)
        answer = right_answer(document, Style(decimals, carried=True, digits_of_rates=digits), 4)
        marks = check(problem_from(document), answer)
        assert marks.right, (case, told(marks))
        assert not [finding.name for finding in marks.mistakes if finding.is_mistake], case
