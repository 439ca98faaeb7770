"""Answers to problems of Rosenblatt's perceptron and of Adaline: right ones are right, and usual mistakes are named."""

import numpy as np
import pytest

from deltarule.marking import check
from deltarule.problem import problem_from

# kind, activation, classes, targets of five patterns, and how a student codes them.
POINTS = [[1.0, 2.0], [-1.5, 0.5], [2.0, -1.0], [0.5, 3.0], [-2.0, -1.5]]
LABELS2, LABELS3 = ["no", "yes", "yes", "no", "yes"], ["A", "B", "C", "A", "B"]
CASES = {
    "step, two classes": ("perceptron", "step", LABELS2, (0, 1)),
    "step, independent": ("perceptron", "step", [[1, 0], [0, 1], [1, 1], [0, 0], [1, 0]], (0, 1)),
    "step, three classes": ("perceptron", "step", LABELS3, (0, 1)),
    "sign, two classes": ("perceptron", "sign", LABELS2, (-1, 1)),
    "sign, independent": ("perceptron", "sign", [[1, -1], [-1, 1], [1, 1], [-1, -1], [1, -1]], (-1, 1)),
    "sign, three classes": ("perceptron", "sign", LABELS3, (-1, 1)),
    "adaline, two classes": ("linear", None, LABELS2, (-1, 1)),
    "adaline, three classes": ("linear", None, LABELS3, (0, 1)),
}
EVERY = pytest.mark.parametrize("case", CASES)
BATCHES = pytest.mark.parametrize("batch", [{}, {"batch_size": 1, "order": "given"}, {"reduction": "mean"}])


def problem_of(case, batch, seed=0):
    kind, activation, targets, _ = CASES[case]
    neurons = 1 if case.endswith("two classes") else 2 if case.endswith("independent") else 3
    rng = np.random.default_rng(seed)
    layer = {
        "kind": kind,
        "weights": rng.integers(-9, 10, (2, neurons)) / 10,
        "biases": rng.integers(-9, 10, neurons) / 10,
    }
    if activation is not None:
        layer["activation"] = activation
    if isinstance(targets[0], str):
        layer["classes"] = sorted(set(targets))
    return problem_from({
        "layer": layer,
        "data": {"inputs": POINTS, "targets": targets},
        "descent": {"learning_rate": 0.2, "epochs": 3, **batch},
    })  # fmt: skip


def desired_of(case):
    """D as the student codes it."""
    _, _, targets, (low, high) = CASES[case]
    if not isinstance(targets[0], str):
        return np.array(targets, float)
    classes = sorted(set(targets))
    if len(classes) == 2:
        return np.array([[high if t == classes[1] else low] for t in targets], float)
    return np.array([[high if t == c else low for c in classes] for t in targets], float)


def worked(case, problem, last, batch, *, output=None, delta=None, step=-1.0, decimals=None):
    """A student's iterations 1 to `last`; `output`, `delta` and `step` are worked otherwise where they are given.

    With `decimals` each part is rounded before the student goes on with it.
    """
    kind, _, targets, (low, high) = CASES[case]
    classes = sorted(set(targets)) if isinstance(targets[0], str) else None
    X, D = np.array(POINTS), desired_of(case)
    W, b = np.array(problem.layer.weights), np.array(problem.layer.biases)
    own = (lambda values: values) if decimals is None else (lambda values: np.round(values, decimals))
    answer = {}
    for number in range(1, last + 1):
        rows = [(number - 1) % 5] if "batch_size" in batch else list(range(5))
        x, d = X[rows], D[rows]
        U = own(x @ W + b)
        Y = U if kind == "linear" else np.where(U >= 0, high, low)
        Y = Y if output is None else output(U)
        scale = 1.0
        if batch.get("reduction") == "mean":
            scale = (2 if kind == "linear" else 1) / (len(rows) * W.shape[1])
        error = own(scale * ((Y - d) if delta is None else delta(U, Y, d)))
        G, g = own(x.T @ error), own(error.sum(axis=0))
        cost = scale * (0.5 * np.sum((d - Y) ** 2) if kind == "linear" else np.sum((Y - d) * U))
        parts = {"synaptic_inputs": U, "outputs": Y, "delta": error, "cost": own(cost)}
        if classes is None:
            predicted = np.where(U >= 0, high, low)
            errors = int(np.any(predicted != d, axis=1).sum())
        else:
            place = (U[:, 0] >= 0).astype(int) if len(classes) == 2 else U.argmax(axis=1)
            predicted = np.array(classes)[place]
            errors = int(np.sum(predicted != np.array(targets)[rows]))
        W, b = own(W + step * 0.2 * G), own(b + step * 0.2 * g)
        parts |= {"predicted": predicted, "errors": errors, "weight_gradient": G, "bias_gradient": g}
        parts |= {"weights": W, "biases": b}
        answer[str(number)] = {name: np.asarray(value).tolist() for name, value in parts.items()}
    return {"decimals": 2 if decimals is None else decimals, "iteration": answer}


def lost(marks):
    """The parts with an entry that costs a mark."""
    return [part.part for part in marks if not all(entry.counts for entry in part.entries)]


@EVERY
@BATCHES
@pytest.mark.parametrize("decimals", [None, 2, 3])
def test_right_answers_are_right(case, batch, decimals):
    for seed in range(3):
        problem = problem_of(case, batch, seed)
        marks = check(problem, worked(case, problem, 3, batch, decimals=decimals))
        assert lost(marks) == []
        assert {mistake.name for mistake in marks.mistakes} <= ({"rounded-carried"} if decimals else set())


@EVERY
def test_ascent_is_named(case):
    problem = problem_of(case, {})
    marks = check(problem, worked(case, problem, 1, {}, step=1.0))
    assert [mistake.name for mistake in marks.mistakes] == ["ascent"]


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("adaline")])
def test_wrong_predictions_and_outputs_of_hard_neurons_are_seen(case):
    problem = problem_of(case, {})
    answer = worked(case, problem, 1, {})
    first = answer["iteration"]["1"]
    low, high = CASES[case][3]
    first["outputs"][0][0] = low + high - first["outputs"][0][0]
    marks = check(problem, answer)
    assert lost(marks) == ["iteration.1.outputs"]


@pytest.mark.parametrize("case", ["sign, two classes", "step, two classes"])
def test_the_rule_of_adaline_in_the_place_of_rosenblatts_is_named(case):
    problem = problem_of(case, {})
    marks = check(problem, worked(case, problem, 1, {}, delta=lambda U, Y, d: U - d))
    assert not marks.right
    assert marks.mistakes[0].part == "iteration.1.delta"


def test_rosenblatts_rule_in_the_place_of_adalines_is_named():
    problem = problem_of("adaline, two classes", {})
    marks = check(
        problem, worked("adaline, two classes", problem, 1, {}, delta=lambda U, Y, d: np.where(U >= 0, 1, -1) - d)
    )
    assert [mistake.name for mistake in marks.mistakes] == ["hard-outputs"]
