"""What follows from an answer's own figures, from both sides: as they are written, with more decimals, and no farther."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from by_hand import POINTS, SOFTMAX, WEIGHTS, drawn, page
from deltarule.marking import answer_from, check, worked_answer
from deltarule.marking.given import GivenPart
from deltarule.marking.rework import rounding
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.following import all_decimals, following
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.rounding import disturbing_hands, in_usual_ways, rounding_of
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

MANY = drawn("linear", [[0.537]], [0.2], [[0.1 * p] for p in range(40)], [[0.3]] * 40, 0.01)


def own_of(problem, parts, decimals=2):
    """What follows from one iteration."""
    exercise = Exercise.of(problem)
    given = answer_from({"decimals": decimals, "iteration": {"1": parts}}, problem).of_iterations()
    grain = Grain(decimals=decimals)
    rounding = rounding_of(exercise, given, rework(exercise, [1]), grain)
    return following(exercise, given, given, grain, rounding), given


def name(part):
    return PartName.in_iteration(1, part)


def test_sums_follow_from_delta_as_it_is_written_and_with_all_its_decimals():
    """Of the two columns of delta, of 40 entries each, the sums by hand."""
    delta = np.full((40, 1), 0.014)  # exactly 0.56; as written, 0.01 each, 0.40
    problem = drawn("linear", [[0.0]], [0.014], [[0.0]] * 40, [[0.0]] * 40, 0.01)
    exact = page(problem, 10)["iteration"]["1"]
    np.testing.assert_allclose(exact["delta"], delta)
    own, given = own_of(problem, {"delta": np.round(delta, 2).tolist(), "bias_gradient": [0.56]})
    figures = own.figures[name("bias_gradient")]
    ways = all_decimals(Exercise.of(problem))
    by_way = dict(zip(ways, figures[:, 0], strict=True))
    assert by_way[frozenset()] == pytest.approx(0.40)
    assert by_way[max(ways, key=len)] == pytest.approx(0.56)
    assert own.near(given[name("bias_gradient")]).all()


@pytest.mark.parametrize(("units", "follows"), [(0, True), (4, True), (-4, True), (9, False), (-9, False)])
def test_a_sum_of_40_figures_of_delta_is_off_by_no_more_than_a_decimal_more_leaves_open(units, follows):
    """If delta were not written, the sum might be off by 12 units."""
    parts = page(MANY, 2)["iteration"]["1"]
    written = round(float(np.sum(parts["delta"])), 2)
    own, given = own_of(MANY, {"delta": parts["delta"], "bias_gradient": [round(written + 0.01 * units, 2)]})
    exact = page(MANY, 10)["iteration"]["1"]["bias_gradient"][0]
    assert abs(exact - written) < 0.02
    assert own.near(given[name("bias_gradient")]).all() == follows
    alone, given = own_of(MANY, {"bias_gradient": [round(written + 0.01 * units, 2)]})
    assert alone.near(given[name("bias_gradient")]).all()


def test_where_a_figure_comes_from_nothing_before_its_decimals_are_open_by_half_a_unit():
    """Delta with 40 entries a tenth off: what was carried on of them is not known, and their sum may be off by more."""
    parts = page(MANY, 2)["iteration"]["1"]
    off = (np.array(parts["delta"]) + 0.1).tolist()
    reach = [
        own_of(MANY, {"synaptic_inputs": parts["synaptic_inputs"], "delta": delta, "bias_gradient": [0.0]})[0]
        .rounding.accumulated[name("bias_gradient")]
        .item()
        for delta in (parts["delta"], off)
    ]
    assert reach[1] > 1.5 * reach[0]


def test_a_mistake_in_a_sum_is_not_taken_for_rounding_where_the_figures_before_it_are_written():
    """The biases' gradient with a decay of the biases: some 40 units off, and 15 figures of delta stand above it."""
    problem = drawn("softmax", WEIGHTS, [0.9, -0.8, 0.7], POINTS, ["A", "B", "C", "A", "B"], weight_decay=0.05)
    answer, right = worked_answer(problem, decimals=3), dr.iterate(problem)
    decayed = right.bias_gradient + 0.05 * np.array([0.9, -0.8, 0.7])
    biases = np.array([0.9, -0.8, 0.7]) - 0.1 * decayed
    answer["iteration"]["1"] |= {"bias_gradient": np.round(decayed, 3).tolist(), "biases": np.round(biases, 3).tolist()}
    marks = check(problem, answer)
    assert marks["iteration.1.bias_gradient"].verdict == "wrong"
    assert [each.name for each in marks.mistakes] == ["biases-decayed"]


@pytest.mark.parametrize(("given", "right"), [(30.845, True), (30.846, False)])
def test_a_figure_of_few_significant_digits_is_read_as_such(given, right):
    """30.8447 with 4 decimals; a calculator that shows 5 digits has 30.845."""
    problem = drawn("linear", [[1.0]], [0.8447], [[30.0], [-1.0]], [[0.0], [0.0]], 0.01)
    assert page(problem, 4)["iteration"]["1"]["synaptic_inputs"] == [[30.8447], [-0.1553]]
    answer = {"decimals": 4, "iteration": {"1": {"synaptic_inputs": [[given], [-0.1553]]}}}
    assert check(problem, answer).right == right


def test_hands_predict_from_outputs_that_rounding_makes_alike():
    """Outputs of 0.502 and 0.498 are 0.50 both: either class may have been taken."""
    problem = drawn("softmax", [[0.0, 0.0]], [0.004, -0.004], [[1.0], [1.0], [2.0]], ["A", "B", "A"])
    predicted = rounding_of(
        Exercise.of(problem),
        answer_from({"decimals": 2, "iteration": {"1": {"predicted": ["B", "A", "A"]}}}, problem).of_iterations(),
        rework(Exercise.of(problem), [1]),
        Grain(decimals=2),
    ).by_chance[name("predicted")]
    assert set(np.unique(predicted)) == {0, 1}


@pytest.mark.parametrize(("pattern", "possible"), [(0.0, {0, 1, 2, 3}), (1.0, {1, 2})])
def test_patterns_whose_outputs_rounding_makes_alike_may_be_wrong_each_by_itself(pattern, possible):
    """Outputs of 0.502 and 0.498 are 0.50 both: of three patterns, or of one, and the others are A, one of them rightly."""
    inputs = [[pattern], [0.0], [pattern]]
    problem = drawn("softmax", [[2.0, -2.0]], [0.004, -0.004], inputs, ["A", "B", "B"])
    right = [check(problem, {"decimals": 2, "iteration": {"1": {"errors": errors}}}).right for errors in range(4)]
    assert {errors for errors, each in enumerate(right) if each} == possible


@pytest.mark.parametrize("labels", ["AB", "ABC", "ABCD"])
def test_each_class_is_predicted_of_outputs_that_rounding_makes_alike(labels):
    """Whatever the tie is between: as many neurons of the same output, but for 0.002."""
    for chosen in labels:
        biases = np.where(np.array(list(labels)) == chosen, -0.004, 0.004).tolist()
        problem = drawn("softmax", [[0.0] * len(labels)], biases, [[1.0]] * len(labels), list(labels))
        parts = {"predicted": [chosen] * len(labels), "cost": page(problem)["iteration"]["1"]["cost"]}
        assert check(problem, {"decimals": 2, "iteration": {"1": parts}}).right


@pytest.mark.parametrize(("label", "bias"), [("no", 0.004), ("yes", -0.004)])
def test_a_neuron_says_yes_or_no_where_its_output_rounds_to_a_half(label, bias):
    """U = 0.004 or -0.004: an output of 0.501 or 0.499 is 0.50."""
    problem = drawn("logistic", [[0.0]], [bias], [[1.0], [2.0]], ["no", "yes"])
    cost = page(problem)["iteration"]["1"]["cost"]
    assert check(problem, {"decimals": 2, "iteration": {"1": {"predicted": [label] * 2, "cost": cost}}}).right


@pytest.mark.parametrize("others", [0, 1, 12])
def test_every_second_hand_that_disturbs_figures_predicts_from_outputs(others):
    """So that both are seen. The hands that do not disturb figures come first, and predict from synaptic inputs."""
    by_outputs = disturbing_hands(Grain(decimals=2), others).by_outputs
    assert by_outputs.tolist() == [*[False] * others, *[False, True] * 8]


def test_exponentials_are_disturbed_by_the_digits_that_a_calculator_shows():
    """e^u = 16.44 with 3 decimals: of 4 digits the last is a hundredth. Products are disturbed by half a thousandth."""
    hands = disturbing_hands(Grain(decimals=3), 1)
    values = np.full((hands.count, 1), 16.4412)
    off = {part: np.abs(hands.between(part, values) - values) for part in ("outputs", "weight_gradient")}
    np.testing.assert_allclose(off["outputs"][1:], 0.005)
    np.testing.assert_allclose(off["weight_gradient"][1:], 0.0005)
    assert not (off["outputs"][0] + off["weight_gradient"][0]).any()


def test_an_iteration_that_nothing_precedes_is_judged_as_without_the_answer():
    """Nothing before the first part: the reach is that of the exercise."""
    exercise = Exercise.of(SOFTMAX)
    figures = {"synaptic_inputs": page(SOFTMAX, 2)["iteration"]["1"]["synaptic_inputs"]}
    own, given = own_of(SOFTMAX, figures)
    alone = rounding_of(exercise, given, rework(exercise, [1]), Grain(decimals=2))
    np.testing.assert_allclose(
        own.rounding.accumulated[name("synaptic_inputs")], alone.accumulated[name("synaptic_inputs")], atol=1e-12
    )


def in_parts(problem, names, value=0.0):
    """Parts of iterations in the shapes that they should have, filled with a figure."""
    right = rework(Exercise.of(problem), {name.number for name in names})
    shapes = {each: np.shape(right[each]) for each in names}
    return {each: GivenPart(each, np.full(shape, value), np.full(shape, 2)) for each, shape in shapes.items()}


@pytest.mark.parametrize("problem", [SOFTMAX, MANY])
def test_the_usual_ways_give_the_same_some_after_others_as_at_once(problem, monkeypatch):
    exercise, names = Exercise.of(problem), [name("cost"), name("weights"), PartName.in_iteration(3, "delta")]
    found = []
    for at_once in (10**9, 200, 1):
        monkeypatch.setattr(rounding, "PRODUCTS_AT_ONCE", at_once)
        found.append(in_usual_ways(exercise, in_parts(problem, names), Grain(decimals=2), {}))
    assert all(list(each) == names for each in found)
    for each in names:
        assert len(found[0][each]) > 100
        np.testing.assert_array_equal(found[0][each], found[1][each])
        np.testing.assert_array_equal(found[0][each], found[2][each])


@pytest.mark.parametrize(("wrong", "worked"), [(2, True), (3, False)])
def test_after_three_iterations_whose_weights_no_usual_way_gives_later_ones_are_not_worked(wrong, worked):
    problem = drawn("softmax", WEIGHTS, [0.12, -0.21, 0.33], POINTS, ["A", "B", "C", "A", "B"], epochs=9)
    names = [PartName.in_iteration(n, part) for n in range(1, 6) for part in ("weights", "biases")]
    right = worked_answer(problem, decimals=2, iterations=range(1, 6))
    parts = answer_from(right, problem).of_iterations()
    parts = {each: parts[each] for each in names}
    parts |= in_parts(problem, names[: 2 * wrong], 9.0)
    found = in_usual_ways(Exercise.of(problem), parts, Grain(decimals=2), {}, to_the_end=False)
    assert np.isfinite(found[PartName.in_iteration(5, "weights")]).all() == worked
