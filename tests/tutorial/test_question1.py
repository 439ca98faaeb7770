"""Question 1, which a small run works whole: its results beside the figures of the handout's recomputation."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from account_entries import entries, mistakes
from deltarule.tutorial import handout

PRINTED = handout.printed("question_1")
PLACE = {"A": 1, "B": 2, "C": 3}


@pytest.fixture(scope="module")
def question(small_results: dict) -> dict:
    return small_results["question_1"]


def test_the_first_iteration_is_that_of_the_weights_as_printed(question):
    # Row 1 is x = (0, 4): u = 4 (0.68, -0.39, -0.19). Cost and updates: the recomputation of the handout.
    first = question["first_iteration"]
    assert_allclose(first["synaptic_inputs"][0], [2.72, -1.56, -0.76], atol=1e-12)
    assert first["cost"] == pytest.approx(34.4994, abs=5e-5)
    assert first["errors"] == 14
    expected = [1, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 1, 1, 3, 3, 1, 1]
    assert [PLACE[label] for label in first["predicted"]] == expected
    assert_allclose(first["weights"], [[0.2787, -0.5450, 0.8863], [0.5401, -0.1217, -0.3184]], atol=5e-5)
    assert_allclose(first["biases"], [-0.3214, 0.2663, 0.0551], atol=5e-5)
    assert len(first["delta"]) == len(first["outputs"]) == 18


def test_the_descent_starts_from_biases_of_zero(question):
    assert question["problem"]["biases"] == [0, 0, 0]


def test_weights_that_round_to_those_printed_give_the_printed_cost(question):
    rounding = question["initial_weights"]
    assert rounding["cost_from_printed"] == pytest.approx(34.4994, abs=5e-5)
    assert rounding["its_cost"] == pytest.approx(34.36, abs=1e-6)
    moved = np.array(rounding["nearest_with_printed_cost"]) - rounding["printed"]
    assert 0 < np.abs(moved).max() <= 0.005  # half a unit of the last decimal
    assert np.abs(moved).max() == pytest.approx(rounding["largest_change"])


def test_other_weights_bring_all_figures_closer_to_those_printed(question):
    rounding = question["initial_weights"]
    assert rounding["its_largest_deviation"] < rounding["deviation_from_printed"]
    moved = np.array(rounding["best_for_all_figures"]) - rounding["printed"]
    assert np.abs(moved).max() <= 0.005 * (1 + 1e-9)


def test_the_printed_layer_is_that_after_exactly_1500_updates(question):
    reached = question["convergence"]
    assert reached["updates"] == 1500
    assert reached["updates_that_match_the_handout"] == [1500]
    assert_allclose(reached["weights"], PRINTED["convergence"]["weights"], atol=0.005)
    assert_allclose(reached["biases"], PRINTED["convergence"]["biases"], atol=0.005)
    assert reached["cost"] == pytest.approx(0.5784, abs=5e-5)
    assert reached["errors"] == 0


def test_boundaries_are_the_printed_ones_with_the_signs_of_their_classes(question):
    found = {tuple(line["classes"]): np.array(line["coefficients"]) for line in question["boundaries"]}
    for pair, printed in PRINTED["boundaries"].items():
        a, b = pair.split("-")
        line = found[a, b] if (a, b) in found else -found[b, a]
        assert_allclose(line, printed, atol=0.005)


def test_a_boundary_is_the_difference_of_two_neurons_synaptic_inputs(question):
    # The handout's u1, u2 and u3, from W and b as it prints them.
    assert question["neurons"] == [
        "-0.15 x_1 + 5.27 x_2 - 7.82",
        "-3.41 x_1 - 1.02 x_2 + 5.81",
        "4.18 x_1 - 4.15 x_2 + 2.02",
    ]
    parameters = np.vstack([question["convergence"]["weights"], question["convergence"]["biases"]])
    for line in question["boundaries"]:
        a, b = (neuron - 1 for neuron in line["neurons"])
        assert_allclose(line["coefficients"], parameters[:, a] - parameters[:, b], rtol=1e-12)


def test_the_cost_falls_for_ever_while_the_direction_settles(question):
    assert question["separability"]["verdict"] == "separable"
    heading = question["heading"]
    cost = dict(zip(heading["updates"], heading["cost"], strict=True))
    assert cost[5000] == pytest.approx(0.2301, abs=5e-5)
    assert cost[20_000] == pytest.approx(0.0621, abs=5e-5)
    # The angle to the maximum-margin direction shrinks (like 1 over log t: slowly) while the weights grow.
    angles, norms = heading["degrees_from_maximum_margin"], heading["weight_norm"]
    assert angles[-1] < 5
    assert np.all(np.diff(angles[-10:]) < 0)
    assert np.all(np.diff(norms[-10:]) > 0)


def test_the_account_tells_rounding_from_what_differs(small_results):
    found = entries(small_results, 1)
    assert found["first iteration: cost"]["verdict"] == "within rounding"
    assert found["first iteration: U, row 1"]["verdict"] == "within rounding"
    assert found["first iteration: b after the update"]["verdict"] == "equal"
    assert found["convergence: W"]["verdict"] == "equal"
    assert [what for what, entry in found.items() if entry["verdict"] == "differs"] == [
        "first iteration: sign before 0.05 in the update of b",
        "probabilities: f(U), row 6",  # its third entry is 0.01, not 0.0, however it is computed
        "probabilities: the patterns printed beside f(U)",
    ]


def test_the_order_of_the_printed_patterns_is_named(small_results):
    assert mistakes(small_results, "question_1") == ["patterns-reordered", "start-rounded"]
    entry = entries(small_results, 1)["probabilities: the patterns printed beside f(U)"]
    order = [int(n) for n in re.search(r"patterns ([\d, ]+),", entry["why"])[1].split(", ")]
    assert [entry["computed"][n - 1] for n in order] == entry["printed"]


def test_findings_speak_of_the_handout_not_to_a_student(small_results):
    for entry in small_results["account"]:
        assert not re.search(r"\byou(rs?)?\b", entry["why"], re.IGNORECASE), entry["what"]
