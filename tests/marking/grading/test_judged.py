"""What follows, from what, and what counts: rounding, the answer's own figures, other batches, chaotic descents."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import answer_from, check, worked_answer
from deltarule.marking.grading.judged import judged
from deltarule.marking.rework.exercise import Exercise

LABELS = ["A", "B", "C", "A", "B"]


def carried(problem, iterations, decimals):
    """An answer of several iterations, each from the rounded weights and biases of the one before."""
    tables, document = {}, problem.document
    for number in range(1, iterations + 1):
        there = dr.problem_from(document)
        tables[str(number)] = page(there, decimals, carried=decimals)["iteration"]["1"]
        layer = document["layer"] | {part: tables[str(number)][part] for part in ("weights", "biases")}
        document = document | {"layer": layer}
    return {"decimals": decimals, "iteration": tables}


@pytest.mark.parametrize("problem", [SOFTMAX, TANH], ids=["softmax", "tanh"])
@pytest.mark.parametrize("shown", [["1", "2", "3", "4"], ["4"]], ids=["all", "the last"])
def test_figures_carried_rounded_over_iterations_are_right_whatever_is_shown(problem, shown):
    answer = carried(problem, 4, 2)
    answer["iteration"] = {number: answer["iteration"][number] for number in shown}
    marks = check(problem, answer)
    assert marks.right
    assert not [mistake for mistake in marks.mistakes if mistake.is_mistake]


def test_weights_of_the_fiftieth_iteration_count_where_every_step_was_rounded():
    """Alone, one decimal: they lie far from the exact ones, and one usual way gives them all."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, epochs=50)
    answer = carried(problem, 50, 1)
    weights = answer["iteration"]["50"]["weights"]
    exact = dr.iterate(problem, iteration=50).weights
    assert np.abs(np.array(weights) - exact).max() > 0.1
    right = check(problem, {"decimals": 1, "iteration": {"50": {"weights": weights}}})
    off = np.round(np.array(weights) + 0.4, 1).tolist()
    wrong = check(problem, {"decimals": 1, "iteration": {"50": {"weights": off}}})
    assert right.right
    assert not wrong.right
    assert wrong.score <= 0.5


def test_significant_digits_are_read_where_all_figures_have_no_more():
    parts = page(TANH, 8)["iteration"]["1"]
    digits = {
        part: np.vectorize(lambda value: float(f"{value:.3g}"))(figures).tolist() for part, figures in parts.items()
    }
    large = drawn("linear", WEIGHTS, BIASES, (100 * np.array(POINTS)).tolist(), np.ones((5, 3)).tolist())
    of_large = page(large, 8)["iteration"]["1"]["synaptic_inputs"]
    written = np.vectorize(lambda value: float(f"{value:.3g}"))(of_large).tolist()
    marks = check(large, {"decimals": 2, "iteration": {"1": {"synaptic_inputs": written}}})
    assert (marks.right, names(marks)) == (True, ["fewer-decimals"])
    assert check(TANH, {"decimals": 2, "iteration": {"1": digits}}).right
    written[0][0] = of_large[0][0] + 2
    assert not check(large, {"decimals": 2, "iteration": {"1": {"synaptic_inputs": written}}}).right


def test_from_the_first_rows_taken_for_a_batch_everything_follows_but_the_synaptic_inputs():
    document = SOFTMAX.document
    shuffled = dr.problem_from(document | {"descent": document["descent"] | {"batch_size": 2, "seed": 1}})
    assert dr.iterate(shuffled).batch.tolist() != [0, 1]
    few = {
        "data": {"inputs": POINTS[:2], "targets": LABELS[:2]},
        "layer": document["layer"] | {"classes": ["A", "B", "C"]},
    }
    first = dr.problem_from(document | few)
    answer = worked_answer(first, decimals=4)
    marks = check(shuffled, answer)
    assert names(marks) == ["first-rows"]
    assert {part.part.part for part in marks if part.score < 1} == {"synaptic_inputs"}


CHAOTIC = dr.problem_from({
    "layer": {"kind": "softmax", "weights": [[0.3, -0.2, 0.1], [0.5, 0.1, -0.4]], "biases": [0.1, 0.0, -0.1]},
    "data": {"inputs": (np.random.default_rng(3).integers(-40, 41, (12, 2)) / 10).tolist(), "targets": list("ABCABCABCABC")},
    "descent": {"learning_rate": 8.0, "epochs": 400},
    "show": {"decimals": 3},
})  # fmt: skip


@pytest.fixture(scope="module")
def ends():
    """Weights that three right computations reach: from the layer itself, and from layers one unit in the last place away."""
    layer = CHAOTIC.layer
    starts = [layer, *(layer.with_parameters(np.nextafter(layer.weights, up), layer.biases) for up in (9.0, -9.0))]
    return [
        dr.train(start, CHAOTIC.X, CHAOTIC.targets, CHAOTIC.descent, engine="direct").layer.weights for start in starts
    ]


@pytest.mark.parametrize("where", ["convergence", "iteration"])
def test_of_a_chaotic_descent_what_any_right_computation_reaches_is_right(where, ends):
    assert np.abs(ends[0] - ends[1]).max() > 1
    for weights in ends:
        parts = {"weights": np.round(weights, 3).tolist()}
        marks = check(CHAOTIC, {where: parts if where == "convergence" else {"400": parts}})
        assert marks.right
        assert names(marks) in ([], ["chaotic"])


def test_of_a_chaotic_descent_other_weights_are_wrong():
    marks = check(CHAOTIC, {"convergence": {"weights": [[1.5, 2.5, 3.5], [2.5, 3.5, -1.5]]}})
    assert marks.score == 0
    assert names(marks) == ["chaotic"]


def judged_at(*numbers):
    """An answer with the biases of some iterations of a layer that stays as it is, judged."""
    problem = drawn("linear", [[0.25]], [0.5], [[1.0], [2.0]], [0.3, 0.6], 1e-15, epochs=80)
    answer = answer_from({"iteration": {str(number): {"biases": [0.5]} for number in numbers}}, problem)
    return judged(Exercise.of(problem), answer)


@pytest.mark.parametrize(("number", "skipped"), [(1, 0), (20, 0), (21, 18), (40, 37)])
def test_an_iteration_after_the_20th_is_worked_from_three_updates_before(number, skipped):
    assert judged_at(number).exercise.skipped == skipped
    assert judged_at(number, number + 30).exercise.skipped == skipped  # the first one decides


@pytest.mark.parametrize(("number", "skipped"), [(21, 0), (50, 0), (51, 48)])
def test_rounding_is_followed_from_the_first_update_on_up_to_iteration_50(number, skipped):
    assert judged_at(number).by_hand.skipped == skipped


@pytest.mark.parametrize(("of_first_rows", "follows"), [(2, False), (3, True), (4, True)])
def test_first_rows_were_taken_for_a_batch_where_most_synaptic_inputs_are_theirs(of_first_rows, follows):
    """Of 4 patterns in the batch. U = x; delta = U - d with the targets of the first rows."""
    X, D = np.arange(1.0, 9.0), np.arange(0.25, 8.25)[::-1]
    problem = drawn("linear", [[1.0]], [0.0], X[:, None].tolist(), D.tolist(), 0.01, batch_size=4, seed=9)
    rows = Exercise.of(problem).batch(1)
    assert not (rows == np.arange(4)).any()
    taken = np.where(np.arange(4) < of_first_rows, np.arange(4), rows)
    parts = {"synaptic_inputs": X[taken][:, None].tolist(), "delta": (X[taken] - D[:4])[:, None].tolist()}
    marks = check(problem, {"iteration": {"1": parts}})["iteration.1.delta"]
    assert [entry.follows for entry in marks.entries] == [follows] * 4
