"""Marks: right answers are right, one slip costs once, and what cannot be read is named. `by_hand` works the answers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deltarule as dr
from by_hand import (
    LINE,
    PARTS,
    SOFTMAX,
    TANH,
    altered,
    drawn,
    line,
    lost,
    names,
    page,
)
from deltarule.errors import AnswerError, InputError
from deltarule.marking import answer_from, check

# ---- Right answers.

hundredths = st.integers(-150, 150).map(lambda n: n / 100)
tenths = st.integers(-30, 30).map(lambda n: n / 10)


@st.composite
def problems(draw):
    """Small ones of every kind."""
    kind = draw(st.sampled_from(["linear", "sigmoid", "tanh", "one", "rest", "independent", "softmax"]))
    P, N = draw(st.integers(3, 6)), draw(st.integers(1, 3))
    K = {"one": 1, "rest": 3, "softmax": draw(st.integers(2, 3))}.get(kind) or draw(st.integers(1, 3))
    K = max(K, 2) if kind == "independent" else K

    def matrix(rows, columns, entries):
        return draw(st.lists(st.lists(entries, min_size=columns, max_size=columns), min_size=rows, max_size=rows))

    if kind in ("one", "rest", "softmax"):
        targets = [*"ABC"[: max(K, 2)], *"AAAA"][:P]
    elif kind == "independent":
        targets = matrix(P, K, st.sampled_from([0, 1]))
    else:
        targets = matrix(P, K, st.integers(0 if kind == "sigmoid" else -9, 9).map(lambda n: n / 10))
    layer = {"sigmoid": "perceptron", "tanh": "perceptron", "linear": "linear", "softmax": "softmax"}.get(
        kind, "logistic"
    )
    return drawn(
        layer, matrix(N, K, hundredths), matrix(1, K, hundredths)[0], matrix(P, N, tenths), targets,
        draw(st.sampled_from([0.01, 0.1, 0.25])), kind if layer == "perceptron" else None,
    )  # fmt: skip


@settings(max_examples=80)
@given(problem=problems(), decimals=st.integers(2, 5))
def test_a_right_answer_is_right_and_not_accused(problem, decimals):
    document = page(problem, decimals)
    U = np.sort(problem.X @ problem.layer.weights + problem.layer.biases, axis=1)
    if "predicted" in document["iteration"]["1"] and (U[:, -1] - U[:, -2] < 1e-9).any():
        del document["iteration"]["1"]["predicted"], document["iteration"]["1"]["errors"]  # a tie: either is right
    marks = check(problem, document)
    assert (marks.right, marks.score, marks.faults, names(marks)) == (True, 1.0, {}, [])
    assert {part.verdict for part in marks} == {"right"}


@pytest.mark.slow
@settings(max_examples=80)
@given(problem=problems(), decimals=st.integers(2, 4), more=st.integers(0, 2))
def test_figures_carried_on_rounded_are_within_rounding(problem, decimals, more):
    """To the decimals that are written, or some more."""
    document = page(problem, decimals, carried=decimals + more)
    for part in ("predicted", "errors"):  # rounding may make a tie
        document["iteration"]["1"].pop(part, None)
    if not np.isfinite(document["iteration"]["1"]["cost"]):
        return
    marks = check(problem, document)
    assert (marks.right, marks.score, marks.faults) == (True, 1.0, {})
    assert names(marks) in ([], ["rounded-carried"])
    assert not any(mistake.is_mistake for mistake in marks.mistakes)


def test_every_figure_of_float64_is_right():
    worked = dr.iterate(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, SOFTMAX.descent)
    marks = check(SOFTMAX, {"iteration": {1: {part: getattr(worked, part) for part in PARTS}}})
    assert (marks.right, marks.mistakes) == (True, ())


def test_several_iterations_and_single_rows_are_marked():
    document = dr.marking.worked_answer(SOFTMAX, [1, 3], 3)
    assert check(SOFTMAX, document).right
    rows = {"iteration": {"3": {"rows": {"delta": {"2": document["iteration"]["3"]["delta"][1]}}}}}
    marks = check(SOFTMAX, rows)
    assert (marks.right, len(marks["iteration.3.delta"].entries)) == (True, 3)
    assert [entry.place for entry in marks["iteration.3.delta"].entries] == [(2, 1), (2, 2), (2, 3)]


def test_an_exact_half_may_be_rounded_either_way():
    half = drawn("linear", [[0.125]], [0.0], [[1], [2]], [0, 0])
    for written in (0.12, 0.13):
        assert check(half, {"iteration": {"1": {"rows": {"synaptic_inputs": {"1": [written]}}}}}).right
    assert not check(half, {"iteration": {"1": {"rows": {"synaptic_inputs": {"1": [0.14]}}}}}).right


def test_an_entry_says_by_how_much_it_is_off():
    entry = check(LINE, {"iteration": {"1": {"cost": 21.0}}})["iteration.1.cost"].entries[0]
    assert (entry.given, entry.expected, entry.off, entry.verdict) == (21.0, 20.75, 0.25, "wrong")


# ---- Follow-through.


@pytest.mark.slow
@settings(max_examples=15)
@given(p=st.integers(0, 4), k=st.integers(0, 2), off=st.sampled_from([-0.7, -0.2, 0.13, 0.4, 1.1]))
def test_one_slip_costs_once(p, k, off):
    """The rest worked rightly from it."""

    def slipped(s):
        U = s.X @ s.W + s.b
        U[p, k] += off
        return U

    for problem in (SOFTMAX, TANH):
        marks = check(problem, page(problem, 4, synaptic_inputs=slipped))
        assert lost(marks) == {("synaptic_inputs", p + 1, k + 1)}
        assert not marks.right
        for part in marks:
            assert part.follow_through in (None, part.part != "iteration.1.synaptic_inputs")


def test_two_wrong_figures_cost_two_marks():
    document = page(TANH, 4, synaptic_inputs=lambda s: s.X @ s.W + s.b + np.eye(5, 3) * 0.3)
    document = altered(document, "weights", (1, 2), 9.87)
    assert lost(check(TANH, document)) == {
        ("synaptic_inputs", 1, 1), ("synaptic_inputs", 2, 2), ("synaptic_inputs", 3, 3), ("weights", 2, 3),
    }  # fmt: skip


def test_nothing_follows_from_an_answer_of_zeros():
    """From a delta of zeros it would follow that nothing changes."""
    document = page(SOFTMAX, 2, delta=lambda s: 0 * s.outputs)
    marks = check(SOFTMAX, document)
    for part in ("delta", "weight_gradient", "bias_gradient", "weights", "biases"):
        assert marks[f"iteration.1.{part}"].score < 0.5, part
    assert marks["iteration.1.cost"].score == 1


# ---- Bad input.


def test_something_that_is_not_a_problem_or_not_an_answer_is_refused(tmp_path):
    with pytest.raises(InputError, match="read_problem"):
        check({"layer": {}}, {})
    with pytest.raises(AnswerError, match="nothing to mark"):
        check(SOFTMAX, {})
    with pytest.raises(AnswerError, match=r"none\.toml: The answer must be a file that exists"):
        check(SOFTMAX, tmp_path / "none.toml")


def test_faults_cost_and_the_rest_is_marked():
    document = page(SOFTMAX)
    parts = {part: document["iteration"]["1"][part] for part in ("outputs", "cost", "biases")}
    marks = check(SOFTMAX, {"iteration": {"1": parts | {"delta": [[1, 2]], "weights": "see above"}}, "extra": 1})
    assert set(marks.faults) == {"iteration.1.delta", "iteration.1.weights", "extra"}
    assert (marks.right, marks.score) == (False, 0.5)
    assert {part.verdict for part in marks} == {"right"}
    assert "3 parts could not be read" in str(marks)


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-300, 0.0, 1e15])
@pytest.mark.parametrize("part", ["synaptic_inputs", "outputs", "delta", "weight_gradient", "weights"])
def test_very_large_and_very_small_figures_are_marked_like_others(part, value):
    marks = check(SOFTMAX, altered(page(SOFTMAX), part, (0, 1), value))
    assert lost(marks) == {(part, 1, 2)}
    json.dumps(marks.to_dict(), allow_nan=False)
    assert "wrong" in str(marks)


def test_a_descent_that_overflows_is_marked():
    lost_ = drawn("linear", [[0.5]], [0.0], [[1e3], [2e3], [3e3]], [2, 4, 7], 10.0, epochs=400)
    answer = {
        "iteration": {"1": {"cost": 2.0}, "60": {"cost": 1.0}},
        "convergence": {"updates": 400, "weights": [[1.0]], "biases": [1.0], "cost": 2.0, "outputs": [1, 2, 3]},
        "metrics": {"training_mse": [0.5], "training_r2": [0.5]},
    }
    marks = check(lost_, answer)
    assert not marks.right
    json.dumps(marks.to_dict(), allow_nan=False)
    assert str(marks)


def test_marks_as_plain_values():
    document = check(LINE, line(weights=[-1.9], biases=[-1])).to_dict()
    assert set(document) >= {"right", "score", "parts", "mistakes"}
    assert document["mistakes"][0] | {"why": ""} == {"name": "ascent", "part": "iteration.1.weights", "why": ""}
    part = next(part for part in document["parts"] if part["part"] == "iteration.1.weights")
    assert (part["verdict"], part["follow_through"], part["score"]) == ("wrong", False, 0.0)
    assert part["entries"] == [
        {"place": [1, 1], "given": -1.9, "expected": pytest.approx(2.9), "off": pytest.approx(-4.8), "verdict": "wrong",
         "follow_through": None},
    ]  # fmt: skip
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_an_answer_that_was_read_before():
    answer = answer_from(page(SOFTMAX), SOFTMAX)
    assert check(SOFTMAX, answer) == check(SOFTMAX, page(SOFTMAX))


def test_marks_show_themselves_in_a_notebook():
    document = page(SOFTMAX)
    turned = document["iteration"]["1"]["weights"] = np.transpose(document["iteration"]["1"]["weights"]).tolist()
    shown = check(SOFTMAX, document)._repr_html_()
    assert shown.startswith('<div class="deltarule-marks">')
    assert "<html" not in shown
    assert "rows and columns are exchanged" in shown
    assert "weights-transposed" in shown
    for entry in np.ravel(turned):
        assert f"{entry:.2f}".replace("-", "\N{MINUS SIGN}") in shown


def test_marks_of_a_part_and_findings_are_short_in_a_list():
    """U - d = -2, 1, so dJ/dw = -2 + 3 = 1 and dJ/db = -1: w = 1 - 0.1 and b = 0 + 0.1; up the gradient 1.1 and -0.1."""
    problem = dr.problem_from(
        {
            "layer": {"kind": "linear", "weights": [[1.0]]},
            "data": {"inputs": [[1], [3]], "targets": [3, 2]},
            "descent": {"learning_rate": 0.1, "epochs": 10},
        }
    )
    marks = check(problem, {"iteration": {"1": {"weights": [[1.1]], "biases": [-0.1]}}})
    assert repr(marks.mistakes) == "(<Finding ascent in iteration.1.weights>,)"
    assert repr(marks.parts[0]) == "<PartMarks of iteration.1.weights: wrong, score 0>"
