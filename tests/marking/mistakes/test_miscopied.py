"""A number of the problem that was copied wrongly: which one, and as what, is read off the answer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from by_hand import BIASES, POINTS, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import answer_from, check
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.mistakes.miscopied import COPIED_WRONGLY, is_miscopy
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.mistakes.neighbours import row, rows, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from students import document, worked

TARGETS = TANH.targets.tolist()


def problem(weights=WEIGHTS, biases=BIASES, points=POINTS, targets=TARGETS, rate=0.2):
    return drawn("perceptron", weights, biases, points, targets, rate, "tanh")


def changed(rows, r, c, value):
    return [[value if (i, k) == (r, c) else entry for k, entry in enumerate(row)] for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("copied", "detail"),
    [
        ({"points": changed(POINTS, 3, 1, 2.0)}, "input 2 of pattern 4: 2 for 3"),
        ({"weights": changed(WEIGHTS, 1, 2, -0.68)}, "the weight of input 2 and neuron 3: -0.68 for 0.68"),
        ({"biases": [0.12, 0.21, 0.33]}, "the bias of neuron 2: 0.21 for -0.21"),
        ({"targets": changed(TARGETS, 2, 0, 0.3)}, "the target of pattern 3 and neuron 1: 0.3 for -0.3"),
        ({"rate": 0.3}, "the learning rate: 0.3 for 0.2"),
    ],
    ids=["input", "weight", "bias", "target", "rate"],
)
def test_the_number_and_what_was_copied_are_named(copied, detail):
    marks = check(problem(), page(problem(**copied), 4))
    assert names(marks) == ["copied-wrongly"]
    assert f"({detail})" in marks.mistakes[0].why


@pytest.mark.parametrize(("rate", "found"), [(0.097, ["copied-wrongly"]), (0.099, [])])
def test_a_learning_rate_within_2_per_cent_is_not_another_one(rate, found):
    """0.1 for 0.097 is 3% off, for 0.099 only 1%."""
    marks = check(problem(rate=rate), page(problem(rate=0.1), 5))
    assert [name for name in names(marks) if name == "copied-wrongly"] == found


@pytest.mark.parametrize("copied", [-0.25, 2.5, 0.025, 0.24, 0.52, 0.3, 0.2, 2.25, 0.05])
def test_one_slip_of_the_pen_is_a_miscopy(copied):
    """A sign, the point, a digit, two exchanged, rounded, cut, one more; 0 for a digit."""
    assert is_miscopy(copied, 0.25 if copied != 0.3 else 0.34)


@pytest.mark.parametrize(("copied", "right"), [(0.033, 0.1), (0.0625, 0.25), (0.37, 0.25), (-0.24, 0.25)])
def test_a_number_that_was_computed_is_no_miscopy(copied, right):
    assert not is_miscopy(copied, right)


def details(problem, parts, decimals=4):
    """What may have been copied wrongly, as it is read off an answer's first iteration."""
    exercise = Exercise.of(problem)
    answer = answer_from({"decimals": decimals, "iteration": {"1": parts}}, problem)
    return [variant.detail for variant in COPIED_WRONGLY.read_off(exercise, answer, rework(exercise, [1]))]


def test_a_copied_number_is_looked_for_with_up_to_three_decimals():
    """U = x, where the weight is 1: x = 2.1256."""
    found = details(
        drawn("linear", [[1.0]], [0.0], [[2.175], [4.0]], [1.0, 1.0]), {"synaptic_inputs": [[2.1256], [4.0]]}
    )
    tried = {float(each.partition(": ")[2].split()[0]) for each in found if each.startswith("input 1 of pattern 1")}
    assert tried == {2.0, 2.1, 2.13, 2.126}


@pytest.mark.parametrize(("bias", "found"), [(0.5005, True), (0.4995, False)])
def test_a_figure_may_be_off_by_two_half_units_before_it_shows_a_number_copied_wrongly(bias, found):
    """The input of the first pattern is copied. U of the second is the bias, written 0.51: off by 1.9 half units, or by 2.1."""
    problem = drawn("linear", [[1.0]], [bias], [[3.0], [0.0]], [1.0, 1.0])
    written = details(problem, {"synaptic_inputs": [[2.0 + bias], [0.51]]}, decimals=2)
    assert any(each.startswith("input 1 of pattern 1") for each in written) == found


@pytest.mark.parametrize(
    ("right", "copied", "tried"),
    [
        (0.2, 0.27, ["0.3"]),
        (0.2, 0.296, ["0.3"]),
        (0.35, 0.25, ["0.25"]),
        (0.225, 0.125, []),
        (0.1, 0.01, []),
        (0.1, 1.0, []),
    ],
)
def test_a_learning_rate_is_looked_for_with_one_digit_or_two(right, copied, tried):
    """A step of 0.27 for 0.2 is 0.3 or 0.27, of which 0.27 has more decimals than were copied, and 0.3 is another rate.

    0.296 is 0.3 with one digit and with two. 0.01 is the square of 0.1, and 1 no rate: these are mistakes of their own.
    """
    problem = drawn("linear", [[1.0]], [0.0], [[2.0]], [1.0], right)  # delta = 1, dJ/dW = 2
    found = details(problem, {"weights": [[1.0 - copied * 2.0]]})
    assert [each.partition(": ")[2].split()[0] for each in found if "rate" in each] == tried


def test_a_tenth_of_the_rate_is_tried_where_the_written_step_allows_it():
    """A step of 0.02 times 0.8 is written 0.02: it may be one of 0.025, and a tenth of 0.2 as well."""
    problem = drawn("linear", [[1.0]], [0.0], [[0.8]], [-0.2], 0.2)  # delta = 1, dJ/dW = 0.8
    found = details(problem, {"weights": [[0.98]]}, decimals=2)
    assert [each for each in found if "rate" in each] == ["the learning rate: 0.02 for 0.2"]


def test_a_rate_copied_wrongly_is_named_beside_a_mistake_in_delta():
    """The step follows the answer's own gradients, which are not the right ones."""
    answer = page(problem(rate=0.02), 4, delta=lambda s: s.outputs - s.D)
    assert set(names(check(problem(), answer))) == {"delta-without-slope", "copied-wrongly"}


def test_a_rate_copied_wrongly_for_the_second_step_is_named_with_its_iteration():
    first = page(problem(), 5)["iteration"]["1"]
    second = page(problem(first["weights"], first["biases"], rate=0.02), 5)["iteration"]["1"]
    marks = check(problem(), {"decimals": 5, "iteration": {"1": first, "2": second}})
    assert names(marks) == ["copied-wrongly"]
    assert "(the learning rate: 0.02 for 0.2; in iteration 2 only)" in marks.mistakes[0].why


def test_an_input_that_is_copied_wrongly_in_a_later_batch_is_read_off_that():
    """Two of five patterns a batch: the number is one of the second batch, which starts from right weights."""
    own, p = batches(POINTS), int(Exercise.of(batches(POINTS)).batch(2)[0])
    copied = batches(changed(POINTS, p, 0, POINTS[p][0] + 1))
    marks = check(own, document(copied, worked(copied, 2, {})))
    assert names(marks) == ["copied-wrongly"]
    assert f"(input 1 of pattern {p + 1}: {POINTS[p][0] + 1:g} for {POINTS[p][0]:g}" in marks.mistakes[0].why


def batches(points):
    return drawn("perceptron", WEIGHTS, BIASES, points, TARGETS, 0.2, "tanh", batch_size=2, seed=1)


def test_a_copied_target_is_named_beside_a_mistake_before_it():
    """U lacks its biases, and the target of one pattern was copied wrongly: delta is worked from the answer's own outputs."""
    answer = page(problem(targets=changed(TARGETS, 2, 0, 0.3)), 4, synaptic_inputs=lambda s: s.X @ s.W)
    marks = check(problem(), answer)
    assert set(names(marks)) == {"biases-left-out", "copied-wrongly"}
    assert any("(the target of pattern 3 and neuron 1: 0.3 for -0.3)" in each.why for each in marks.mistakes)


@pytest.mark.parametrize("kind", ["tanh", "sigmoid"])
def test_a_copied_weight_is_read_off_the_outputs_where_u_is_not_written(kind):
    def of(weights):
        return drawn("perceptron", weights, BIASES, POINTS, np.abs(TARGETS).tolist(), 0.2, kind)

    answer = page(of(changed(WEIGHTS, 1, 2, -0.68)), 4)
    del answer["iteration"]["1"]["synaptic_inputs"]
    marks = check(of(WEIGHTS), answer)
    assert names(marks) == ["copied-wrongly"]
    assert "(the weight of input 2 and neuron 3: -0.68 for 0.68)" in marks.mistakes[0].why


@pytest.mark.parametrize(("units", "found"), [(5.9, True), (6.1, False)])
def test_delta_from_own_outputs_may_be_off_by_six_half_units_before_it_shows_a_target_copied_wrongly(units, found):
    """U lacks its biases; the target of the first pattern is 2 for 1, and delta of the second is off besides.

    U = x, written as 3 and 5 for 3.5 and 5.5; delta = 3 - 2 and 5 - 1.
    """
    problem = drawn("linear", [[1.0]], [0.5], [[3.0], [5.0]], [1.0, 1.0])
    parts = {"synaptic_inputs": [[3.0], [5.0]], "outputs": [[3.0], [5.0]], "delta": [[1.0], [4 + units * 0.005]]}
    written = {part: np.round(value, 4).tolist() for part, value in parts.items()}
    answer = answer_from({"decimals": 2, "iteration": {"1": written}}, problem)
    coarse = {name: replace(part, decimals=np.full_like(part.decimals, 2)) for name, part in answer.parts.items()}
    exercise = Exercise.of(problem)
    told = COPIED_WRONGLY.read_off(exercise, replace(answer, parts=coarse), rework(exercise, [1]))
    assert any(each.detail.startswith("the target of pattern 1: 2 for 1") for each in told) == found


@pytest.mark.parametrize(("decimals", "named"), [(1, []), (2, ["copied-wrongly"])])
def test_a_misread_number_may_be_any_of_a_hundred_so_that_one_figure_of_few_digits_does_not_tell_it(
    monkeypatch, decimals, named
):
    """The rate 0.18 for 0.13, in one weight: -0.24 or some -4, of a range of 49 units with one decimal and of 490 with two.

    Beside it the table has one other mistake, which does not give the weight.
    """
    other = Mistake("uphill", "Why.", "Look.", rows(row({"weights.rate": times(-1.0)})))
    few = partial(Diagnosis, mistakes=(COPIED_WRONGLY, other))
    monkeypatch.setattr("deltarule.marking.grading.iterations.Diagnosis", few)
    right, copied = (drawn("linear", [[0.5]], [0.25], [[0.9], [1.8], [3.6]], [2.0, 5.0, 7.0], a) for a in (0.13, 0.18))
    weights = page(copied, decimals)["iteration"]["1"]["weights"]
    assert names(check(right, {"decimals": decimals, "iteration": {"1": {"weights": weights}}})) == named
