"""What is not named: chance, other people's problems, fewer decimals, what follows; and what has a name at last."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import FORMULAS, LINE, SOFTMAX, TANH, altered, costs, drawn, lost, names, page, rounded
from deltarule.marking import check
from deltarule.setting import new_problem

MATRICES = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")


def disturbed(document, random, noise):
    """Every matrix with noise added, or with noise in its place."""
    parts = document["iteration"]["1"]
    for part in MATRICES:
        entries = np.array(parts[part])
        parts[part] = rounded(noise(random, entries), 2).tolist()
    return document


@pytest.mark.parametrize(
    "problem", [SOFTMAX, TANH, new_problem(kind="logistic", patterns=8, seed=1)], ids=["softmax", "tanh", "logistic"]
)
@pytest.mark.parametrize(
    "noise",
    [
        lambda random, entries: random.uniform(-3, 3, entries.shape),
        lambda random, entries: entries + random.normal(0, 0.5, entries.shape),
        lambda random, entries: entries + random.normal(0, 0.05, entries.shape),
    ],
    ids=["figures by chance", "much noise", "some noise"],
)
def test_figures_by_chance_have_no_mistake_named(problem, noise):
    for seed in range(5):
        marks = check(problem, disturbed(page(problem), np.random.default_rng(seed), noise))
        assert not marks.right
        assert [each.name for each in marks.mistakes if each.name != "another-problem"] == []


def test_an_answer_to_another_problem_is_asked_for_in_a_remark():
    own, other = (new_problem(patterns=6, seed=seed) for seed in (1, 2))
    (remark,) = check(own, page(other)).mistakes
    assert (remark.name, remark.is_mistake) == ("another-problem", False)  # it is a guess, and asks
    assert names(check(own, page(own))) == []


def test_fewer_decimals_than_are_asked_for_are_no_mistake():
    document = page(SOFTMAX, 1)
    del document["decimals"]
    marks = check(SOFTMAX, document)
    assert (names(marks), marks.right) == (["fewer-decimals"], True)
    assert "No known mistake" not in str(marks)


def test_predictions_follow_from_the_answers_own_outputs():
    """Row 1 of f(U) is wrong, and says another class; the prediction and the number of errors are taken from it."""
    right = page(SOFTMAX)["iteration"]["1"]
    right_place = "ABC".index(right["predicted"][0])
    other = (right_place + 1) % 3
    outputs = [list(row) for row in right["outputs"]]
    outputs[0] = [0.1, 0.1, 0.1]
    outputs[0][other] = 0.8
    predicted = ["ABC"[other], *right["predicted"][1:]]
    errors = sum(p != t for p, t in zip(predicted, "ABCAB", strict=True))
    document = {"iteration": {"1": {"outputs": outputs, "predicted": predicted, "errors": errors}}}
    assert lost(check(SOFTMAX, document)) == {("outputs", 1, k) for k in (1, 2, 3)}


def test_classes_numbered_from_zero_are_read_as_such():
    right = page(SOFTMAX)
    places = ["ABC".index(label) for label in right["iteration"]["1"]["predicted"]]
    right["iteration"]["1"]["predicted"] = places
    assert 0 in places
    marks = check(SOFTMAX, right)
    assert (names(marks), lost(marks)) == (["counted-from-zero"], set())
    # A wrong one among them is wrong by itself.
    at = len(places) - 1
    wrong = altered(right, "predicted", (at,), (places[at] + 1) % 3)
    assert 0 in wrong["iteration"]["1"]["predicted"]
    assert lost(check(SOFTMAX, wrong)) == {("predicted", at + 1)}


def test_of_two_mistakes_each_is_first_seen_where_it_is_made():
    marks = check(
        SOFTMAX,
        page(SOFTMAX, 3, cost=lambda s: costs(s) / np.log(2), weights=lambda s: s.W + s.a * s.weight_gradient,
             biases=lambda s: s.b + s.a * s.bias_gradient),
    )  # fmt: skip
    assert {each.name: each.part for each in marks.mistakes} == {
        "log-base-2": "iteration.1.cost",
        "ascent": "iteration.1.weights",
    }


@pytest.mark.parametrize(
    ("name", "problem", "instead"),
    [
        ("biases-subtracted", SOFTMAX, {"synaptic_inputs": lambda s: s.X @ s.W - s.b}),
        ("targets-left-out", SOFTMAX, {"delta": lambda s: s.outputs}),
        ("pattern-left-out", TANH, {"weight_gradient": lambda s: s.X[:-1].T @ s.delta[:-1],
                                    "bias_gradient": lambda s: s.delta[:-1].sum(axis=0)}),
        ("delta-turned", TANH, {"delta": lambda s: (s.D - s.outputs) * (1 - s.outputs**2),
                                "weights": lambda s: s.W + s.a * s.weight_gradient,
                                "biases": lambda s: s.b + s.a * s.bias_gradient}),
        ("mean-for-one-gradient", LINE, {"bias_gradient": lambda s: s.delta.mean(axis=0)}),
    ],
)  # fmt: skip
def test_more_mistakes_of_students_are_named(name, problem, instead):
    assert name in names(check(problem, page(problem, 3, **instead)))


@pytest.mark.parametrize(
    ("descent", "factor", "named"), [({}, 2.0, "half-missing"), ({"reduction": "mean"}, 0.5, "half-extra")]
)
def test_in_a_batch_of_one_pattern_no_sum_is_taken_for_a_mean(descent, factor, named):
    """The two reductions of one neuron differ in a factor 2 there: nothing is divided by a number of patterns."""
    problem = drawn("linear", [[0.5], [0.2]], [0.1], [[1.0, 2.0]], [2.0], **descent)
    right = 2.0 if descent else 1.0  # the mean has no 1/2
    answer = page(
        problem,
        3,
        cost=lambda s: factor * right * costs(s),
        delta=lambda s: factor * right * (s.outputs - s.D),
    )
    assert names(check(problem, answer)) == [named]


def test_figures_cut_off():
    """Not rounded: 0.287 as 0.28."""
    exact = page(SOFTMAX, 9)["iteration"]["1"]
    cut = {part: (np.trunc(np.array(exact[part]) * 100) / 100).tolist() for part in MATRICES}
    assert names(check(SOFTMAX, {"decimals": 2, "iteration": {"1": cut}})) == ["figures-cut-off"]


def test_right_predictions_counted_for_errors():
    right = page(SOFTMAX)
    errors = right["iteration"]["1"]["errors"]
    right["iteration"]["1"]["errors"] = 5 - errors
    assert errors * 2 != 5
    assert names(check(SOFTMAX, right)) == ["right-counted"]


def test_decay_twice():
    """dJ/dW = X^T delta + 2 L W, with L = 0.5."""
    problem = drawn("linear", [[0.5, -1.2]], [0.0, 0.1], [[1], [2], [3]], [[2, 1], [4, 0], [7, 2]], weight_decay=0.5)
    document = page(
        problem, 3, cost=lambda s: costs(s) + 0.25 * np.sum(s.W**2), weight_gradient=lambda s: s.X.T @ s.delta + s.W
    )
    assert names(check(problem, document)) == ["decay-twice"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "parts", [("delta",), ("delta", "weight_gradient"), ("synaptic_inputs", "delta"), ("weight_gradient",)]
)
def test_rounding_here_and_there_is_not_wrong(parts):
    """Some parts are rounded before they are used, others not: no entry is wrong, and no mistake is named."""
    for seed in range(5):
        problem = new_problem(patterns=12, seed=seed)
        carried = {part: (lambda s, formula=FORMULAS[part]: rounded(formula(s), 2)) for part in parts}
        marks = check(problem, page(problem, 2, **carried))
        assert marks.right, seed
        assert [each.name for each in marks.mistakes if each.is_mistake] == []
