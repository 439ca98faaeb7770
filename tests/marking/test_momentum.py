"""Answers to problems with momentum and schedules: how velocities are read and asked for, what follows, and what is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, WEIGHTS, drawn, names
from deltarule.errors import ProblemError
from deltarule.marking import answer_from, check, worked_answer
from deltarule.marking.answer.blank_answer import blank_answer, template
from deltarule.marking.answer.file import read_answer
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import after_updates
from deltarule.marking.written import of_momentum
from deltarule.setting.sheet import sheet
from students import document, worked

LABELS = ["A", "B", "C", "A", "B"]
MOMENTUM = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, momentum=0.9, schedule="cosine")
NESTEROV = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, momentum=0.9, nesterov=True)
PLAIN = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15)
VELOCITIES = ("weight_velocity", "bias_velocity")


def table(problem, number=2):
    return worked_answer(problem, [number])["iteration"][str(number)]


@pytest.mark.parametrize(
    "spelled", [("V", "vb"), ("vW", "v_b"), ("velocity", "velocity of the biases"), ("V_W", "V_b")]
)
def test_velocities_have_the_names_that_people_give_them(spelled):
    figures = table(MOMENTUM)
    parts = dict(zip(spelled, (figures[part] for part in VELOCITIES), strict=True))
    answer = answer_from({"iteration": {"2": parts}}, MOMENTUM)
    assert sorted(name.part for name in answer.parts) == ["bias_velocity", "weight_velocity"]
    assert check(MOMENTUM, answer).right


def test_velocities_are_read_from_a_text(tmp_path):
    figures = table(MOMENTUM)
    rows = "\n".join(" ".join(f"{value:.2f}" for value in row) for row in figures["weight_velocity"])
    biases = " ".join(f"{value:.2f}" for value in figures["bias_velocity"])
    (tmp_path / "answer.txt").write_text(f"Iteration 2\nV =\n{rows}\n\nvb = {biases}\n")
    marks = check(MOMENTUM, read_answer(tmp_path / "answer.txt", MOMENTUM))
    assert [part.part.part for part in marks] == [*VELOCITIES]
    assert marks.right
    # What a text calls V may be anything where there is no momentum.
    (tmp_path / "answer.txt").write_text(f"Iteration 2\nV =\n{rows}\n\nb = {biases}\n")
    read = read_answer(tmp_path / "answer.txt", PLAIN)
    assert ([name.part for name in read.parts], read.faults) == (["biases"], {})


def test_velocities_of_a_problem_without_momentum_are_refused():
    answer = answer_from({"iteration": {"2": {"V": [[1.0]], "biases": table(PLAIN)["biases"]}}}, PLAIN)
    (why,) = answer.faults.values()
    assert "The descent of this problem has no momentum. Leave it out." in why
    with pytest.raises(ProblemError, match="Its descent has no momentum: leave it out"):
        dr.problem_from(PLAIN.document | {"marking": {"asked": ["iteration.1.weight_velocity"]}})


def test_velocities_are_asked_for_where_there_is_momentum_alone():
    asked = {problem: list(blank_answer(problem)["iteration"]["1"]) for problem in (MOMENTUM, PLAIN)}
    assert asked[MOMENTUM][-6:] == ["weight_gradient", "bias_gradient", *VELOCITIES, "weights", "biases"]
    assert asked[PLAIN] == [part for part in asked[MOMENTUM] if part not in VELOCITIES]
    for form in ("toml", "json", "markdown"):
        assert "weight_velocity" in template(MOMENTUM, form)
    assert "Weight velocity" in sheet(MOMENTUM, "markdown")
    assert "f(t) = (1 + cos(pi t / 4)) / 2" in sheet(MOMENTUM, "html")


def test_where_the_weights_hold_the_biases_so_does_their_velocity():
    document_of = MOMENTUM.document | {"conventions": {"weights": "neurons x inputs", "biases": "first column"}}
    rows = np.vstack([BIASES, WEIGHTS]).T.tolist()
    layer = {"kind": "softmax", "weights": rows}
    turned = dr.problem_from(document_of | {"layer": layer})
    figures = table(turned)
    assert np.shape(figures["weight_velocity"]) == (3, 3)
    assert "bias_velocity" not in figures
    house = table(MOMENTUM)
    np.testing.assert_array_equal(np.array(figures["weight_velocity"])[:, 0], house["bias_velocity"])
    marks = check(turned, {"iteration": {"2": figures}})
    assert marks.right
    assert marks["iteration.2.weight_velocity"].shape == (3, 3)


def test_what_follows_from_a_wrong_velocity_counts():
    """V of the weights is copied wrongly in one place: W and all of iteration 3 follow from it."""
    pages = worked(MOMENTUM, 3, {"weight_velocity": lambda s: s.m * s.V + s.weight_gradient + (s.number == 2) * OFF})
    marks = check(MOMENTUM, document(MOMENTUM, pages))
    wrong = [entry for part in marks for entry in part.entries if not entry.counts]
    assert len(wrong) == 1
    assert marks["iteration.2.weight_velocity"].verdict == "wrong"
    assert any(entry.follows for entry in marks["iteration.3.weights"].entries)


OFF = np.array([[0.0, 3.0, 0.0], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize("problem", [MOMENTUM, NESTEROV], ids=["heavy ball", "Nesterov's"])
def test_what_is_said_of_the_step_is_true_of_a_velocity(problem):
    step = lambda s: s.weight_gradient + s.m * s.weight_velocity if s.nesterov else s.weight_velocity  # noqa: E731
    biases = lambda s: s.bias_gradient + s.m * s.bias_velocity if s.nesterov else s.bias_velocity  # noqa: E731
    uphill = {"weights": lambda s: s.W + s.a * step(s), "biases": lambda s: s.b + s.a * biases(s)}
    marks = check(problem, document(problem, worked(problem, 2, uphill)))
    assert names(marks) == ["ascent"]
    expected = "W - a (dJ/dW + m V_W)" if problem is NESTEROV else "W - a V_W"
    assert expected in marks.mistakes[0].why


def test_sentences_on_anything_else_stay():
    text = "Delta is Y - D here. You took D - Y."
    assert of_momentum(text, nesterov=True) == text


# ---- Trained layers.


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("momentum-left-out", {"momentum": 0.0}),
        ("nesterov-added", {"nesterov": True}),
        ("schedule-forgotten", {"schedule": "constant"}),
        ("biases-decayed", {"decay_biases": True}),
    ],
)
def test_a_trained_layer_shows_the_descent_that_reached_it(name, changes):
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, momentum=0.9, schedule="cosine", weight_decay=0.1)
    problem = problem.with_descent(replace(problem.descent, epochs=8))
    layer = dr.train(problem.with_descent(replace(problem.descent, **changes)), engine="direct").layer
    figures = {"weights": layer.weights.round(2).tolist(), "biases": layer.biases.round(2).tolist()}
    assert names(check(problem, {"convergence": figures})) == [name]


def test_late_iterations_start_from_the_velocity_that_led_there():
    problem = MOMENTUM.with_descent(replace(MOMENTUM.descent, epochs=60))
    near = after_updates(after_updates(Exercise.of(problem), 20), 50)
    expected = dr.iterate(problem, iteration=50)
    np.testing.assert_allclose(near.layer.weights, expected.weights, rtol=1e-12)
    np.testing.assert_allclose(near.velocity.weights, expected.weight_velocity, rtol=1e-9, atol=1e-14)
    assert check(problem, worked_answer(problem, [50, 51])).right


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize(
    "layer",
    [
        {"kind": "perceptron", "activation": "step"},
        {"kind": "perceptron", "activation": "sign"},
        {"kind": "linear", "classes": ["A", "B"]},
        {"kind": "logistic"},
    ],
    ids=lambda layer: layer.get("activation", layer["kind"]),
)
def test_right_answers_of_hard_outputs_of_adaline_and_without_biases_are_right(layer, biases):
    layer = layer | {"weights": [[0.3], [-0.2]]} | ({"biases": [0.1]} if biases else {"biases": False})
    descent = {"learning_rate": 0.05, "epochs": 6, "momentum": 0.9, "schedule": "cosine"}
    for changes in ({}, {"nesterov": True}, {"batch_size": 2}, {"weight_decay": 0.1, "decay_biases": True}):
        data = {"inputs": POINTS, "targets": ["A", "B", "B", "A", "B"]}
        problem = dr.problem_from({"layer": layer, "data": data, "descent": descent | changes})
        marks = check(problem, worked_answer(problem, [1, 2, 3]))
        assert marks.right
        assert not marks.mistakes
        assert ("iteration.1.bias_velocity" in {part.part for part in marks}) == biases
