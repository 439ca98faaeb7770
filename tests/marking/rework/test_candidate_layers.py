"""The layers that an answer's figures may come from: how many are tried, how much they tell, and which would take too long."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import deltarule as dr
from deltarule.layers import random_parameters
from deltarule.marking.given import GivenPart
from deltarule.marking.rework.candidate_layers import BIASES, UPDATES, WEIGHTS, CandidateLayers
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName


def drawn_problem(inputs=1, neurons=1, patterns=3, epochs=1, rate=0.1):
    """A linear layer whose weights are drawn."""
    return Exercise.of(
        dr.problem_from({
            "layer": {"kind": "linear", "init": {"seed": 1}},
            "data": {"inputs": np.ones((patterns, inputs)).tolist(), "targets": np.zeros((patterns, neurons)).tolist()},
            "descent": {"learning_rate": rate, "epochs": epochs},
        })
    )  # fmt: skip


@pytest.fixture
def untrained(monkeypatch):
    """Layers stay as they are, so that a long descent takes no time."""
    monkeypatch.setattr("deltarule.training.train", lambda layer, *_, **__: SimpleNamespace(layer=layer, updates=1))


def test_the_extremes_of_the_other_draws_leave_out_one_draw_in_some_20():
    """Of a figure, a new draw is the smallest or the largest of 41 with a chance of 2 in 41; 400 figures are drawn alike."""
    exercise = drawn_problem(inputs=1, neurons=400, patterns=1, rate=1e-9)
    ends = np.array([layer.weights for layer in CandidateLayers(exercise, {}).from_other_draws])
    new = np.array([random_parameters(1, 400, seed)[0] for seed in range(1000, 1100)])
    share = ((new < ends.min(axis=0)) | (new > ends.max(axis=0))).mean()
    assert share == pytest.approx(2 / 41, rel=0.15)


@pytest.mark.parametrize(("epochs", "tried"), [(500, True), (501, False)])
def test_other_draws_are_tried_up_to_2e9_multiplications(untrained, epochs, tried):
    """40 draws, 500 epochs, 5000 patterns, 10 inputs and 2 neurons are 2e9."""
    exercise = drawn_problem(inputs=10, neurons=2, patterns=5000, epochs=epochs)
    assert bool(CandidateLayers(exercise, {}).from_other_draws) == tried


@pytest.mark.parametrize(("epochs", "tried"), [(500_000, True), (500_001, False)])
def test_other_draws_are_tried_up_to_20_million_updates(untrained, epochs, tried):
    """40 draws of 500,000 updates: each takes about a microsecond however small the layer is."""
    assert bool(CandidateLayers(drawn_problem(epochs=epochs), {}).from_other_draws) == tried


@pytest.mark.parametrize(("updates", "followed"), [(1_000_000, True), (1_000_001, False)])
def test_an_answers_own_updates_are_followed_up_to_a_million(untrained, updates, followed):
    given = {UPDATES: GivenPart(UPDATES, np.array(float(updates)), np.array(0))}
    assert (CandidateLayers(drawn_problem(), given).after_own_updates is not None) == followed


def test_layers_that_round_to_the_answers_tell_how_far_rounding_spreads_a_figure():
    """A weight is even within half a unit h, its deviation h / sqrt 3.

    The square of a deviation found from n of these has the relative variance 2 / (n - 1) - 1.2 / n; of its root a quarter. So it
    is off by 14% of itself with 12 figures, by 22% with 6, by 10% with 24.
    """
    values, decimals = np.zeros((10, 50)), np.full((10, 50), 2)
    values[0, 0] = 1.0
    exercise = drawn_problem(inputs=10, neurons=50)
    biases = GivenPart(BIASES, np.zeros(50), np.full(50, 2))
    near = CandidateLayers(exercise, {WEIGHTS: GivenPart(WEIGHTS, values, decimals), BIASES: biases}).near_own
    spread = np.array([layer.weights for layer in near]).std(axis=0, ddof=1)
    error = np.sqrt(np.mean((spread / (0.005 / np.sqrt(3)) - 1) ** 2))
    assert error == pytest.approx(0.143, abs=0.02)


@pytest.mark.parametrize(
    ("weights", "biases", "chaotic"),
    [(0.0051, 0.0, True), (0.0049, 0.0, False), (0.0, 0.0051, True), (0.0049, 0.0049, False)],
)
def test_a_descent_is_chaotic_where_a_parameter_of_its_ends_parts_by_half_a_unit(weights, biases, chaotic):
    """The problem shows 2 decimals: half a unit is 0.005."""
    exercise = drawn_problem()
    candidates = CandidateLayers(exercise, {})
    ends = [exercise.layer.with_parameters([[0.3 + weights * end]], [0.2 + biases * end]) for end in (0, 1, 0.5)]
    vars(candidates)["chaotic_ends"] = ends
    assert candidates.is_chaotic == chaotic


@pytest.mark.parametrize(("inputs", "worked"), [(833, True), (834, False)])
def test_ends_are_looked_for_where_all_of_the_12_take_2e10_multiplications_at_most(untrained, inputs, worked):
    """12 layers, a million epochs, 2 patterns and 833 weights are 1.9992e10; 834 weights are too many."""
    exercise = drawn_problem(inputs=inputs, patterns=2, epochs=1_000_000)
    assert len(CandidateLayers(exercise, {}).chaotic_ends) == (13 if worked else 0)


@pytest.mark.parametrize(("updates", "worked"), [(1_000_000, True), (1_000_001, False)])
def test_ends_are_looked_for_up_to_a_million_updates(untrained, updates, worked):
    assert bool(CandidateLayers(drawn_problem(epochs=updates), {}).chaotic_ends) == worked


# Inputs 1, 2, 3, -1 and 4 of one neuron with targets no, yes, yes, yes, yes: U = x says no at -1 only, so that 2 of 5 are wrong.
METRICS = Exercise.of(
    dr.problem_from({
        "layer": {"kind": "logistic", "weights": [[1.0]], "biases": [0.0]},
        "data": {"inputs": [[1.0], [2.0], [3.0], [-1.0], [4.0]], "targets": ["no", "yes", "yes", "yes", "yes"]},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    })
)  # fmt: skip


def test_the_accuracy_is_the_share_of_patterns_that_a_layer_gets_right():
    candidates = CandidateLayers(METRICS, {})
    errors, accuracy = (
        candidates.figure(PartName("metrics", None, f"training_{part}"), METRICS.layer)
        for part in ("errors", "accuracy")
    )
    assert (errors, accuracy) == (2, pytest.approx(0.6))


def test_the_mean_square_error_and_r2_of_a_layer_are_those_of_its_outputs():
    """Outputs 1, 2 and 3 for the targets 0, 2 and 4: the squares are 1, 0 and 1, those round the mean of the targets 4, 0 and 4."""
    exercise = Exercise.of(
        dr.problem_from({
            "layer": {"kind": "linear", "weights": [[1.0]]},
            "data": {"inputs": [[1.0], [2.0], [3.0]], "targets": [0.0, 2.0, 4.0]},
            "descent": {"learning_rate": 0.1, "epochs": 1},
        })
    )  # fmt: skip
    candidates = CandidateLayers(exercise, {})
    mse, r2 = (
        candidates.figure(PartName("metrics", None, f"training_{part}"), exercise.layer) for part in ("mse", "r2")
    )
    np.testing.assert_allclose([mse[0], r2[0]], [2 / 3, 1 - 2 / 8])


def test_metrics_of_weights_whose_outputs_overflow_are_unknown():
    exercise = drawn_problem(neurons=2)
    layer = exercise.layer.with_parameters([[1e308, 1.0]], [1e308, 0.0])
    found = CandidateLayers(exercise, {}).figure(PartName("metrics", None, "training_mse"), layer)
    assert found.shape == (2,)
    assert np.isnan(found).all()


@pytest.mark.parametrize(("weights", "known"), [([[7.0]], True), ([[7.0, 7.0]], False), ([[7.0, 7.01]], True)])
def test_an_answers_own_layer_has_weights_that_somebody_worked(weights, known):
    """One value everywhere is nobody's; a single weight may be any."""
    exercise = drawn_problem(neurons=len(weights[0]))
    given = {WEIGHTS: GivenPart(WEIGHTS, np.array(weights), np.full(np.shape(weights), 2))}
    assert (CandidateLayers(exercise, given).own is not None) == known
