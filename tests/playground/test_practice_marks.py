"""Practice mode marks each entry as `deltarule.check` does."""

from importlib import resources

import numpy as np
import pytest

from deltarule.marking import check
from deltarule.marking.answer.file import answer_for, read_for
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework, rounded
from deltarule.parts import COUNTS, ITERATION_PARTS, PartName
from deltarule.playground.presets import question
from deltarule.playground.state import state_of
from deltarule.problem import problem_from
from playground_node import worked
from samples import NAMES, sample

# The page's letters for the parts of an update.
LETTERS = dict(
    zip(
        ITERATION_PARTS,
        ("U", "Y", "predicted", "errors", "cost", "delta", "GW", "Gb", "VW", "Vb", "W", "b"),
        strict=True,
    )
)


def flat(value):
    return [None if np.isnan(each) else float(each) for each in np.ravel(np.asarray(value, float))]


def as_typed(given):
    """The parts of an answer's first iteration as the page has them."""
    return {
        LETTERS[name.part]: {"values": flat(part.values), "decimals": np.ravel(part.decimals).tolist()}
        for name, part in given.of_iterations([1]).items()
    }


def verdicts(marks):
    """What `check` says of each entry of iteration 1: by letter and place, the verdict and whether it keeps its mark."""
    return {
        (LETTERS[part.part.part], entry.place): (entry.verdict, entry.counts)
        for part in marks
        if part.part.number == 1
        for entry in part.entries
    }


def verdicts_of_page(found, shapes, *, independent=False):
    page = {}
    for letter, marks in found["marks"].items():
        rows, columns = shapes[letter]
        for place, mark in enumerate(marks):
            if mark is not None:
                at = (place // columns + 1, place % columns + 1)
                if letter in ("errors", "cost"):
                    at = ()
                elif rows == 1 and letter in ("Gb", "Vb", "b"):
                    at = at[1:]
                elif letter == "predicted" and not independent:
                    at = at[:1]
                page[letter, at] = mark["verdict"], mark["verdict"] != "wrong" or mark["follows"]
    return page


def test_the_handouts_own_answer_is_marked_as_check_marks_it():
    problem = question(1)
    with resources.as_file(resources.files("deltarule.tutorial") / "answers" / "question_1.toml") as path:
        given, marks = read_for(Exercise.of(problem), path), check(problem, path)
    state = state_of(problem)
    (found,), shapes = worked(
        [{"what": "judged", "state": state, "answers": [as_typed(given)]}, {"what": "shapes", "state": state}]
    )
    expected = verdicts(marks)
    assert verdicts_of_page(found, shapes) == expected
    assert len(expected) == 15 + 15 + 5 + 1 + 1 + 9 + 6 + 3
    assert found["startRounded"]
    assert [finding.name for finding in marks.mistakes if not finding.is_mistake] == ["start-rounded"]


# ---- Answers of many kinds to problems of many kinds.

KINDS = {"step": "perceptron", "sign": "perceptron", "perceptron": "perceptron", "adaline": "linear"}


def practice_problem(seed):
    """A small problem of any kind, whose numbers have one or two decimals."""
    rng = np.random.default_rng([seed, 1612])
    name = NAMES[seed % len(NAMES)]
    neurons = int(rng.integers(1, 4))
    given = sample(name, patterns=int(rng.integers(3, 9)), inputs=int(rng.integers(1, 4)), seed=seed, neurons=neurons)
    layer = given.layer
    kind = name.split(",")[0].split(" ")[0]
    targets = given.targets if isinstance(given.targets, list) else np.round(given.targets, 1).tolist()
    momentum, decay = float(rng.choice([0, 0.9])), float(rng.choice([0, 0.1]))
    document = {
        "layer": {
            "kind": KINDS.get(kind, kind),
            "weights": np.round(layer.weights, 2).tolist(),
            "biases": False if rng.random() < 0.2 else np.round(layer.biases, 2).tolist(),
            **({"classes": list(layer.classes)} if layer.classes else {}),
            **({"activation": layer.own_fields()["activation"]} if KINDS.get(kind) == "perceptron" else {}),
        },
        "data": {"inputs": np.round(given.X, 1).tolist(), "targets": targets},
        "descent": {
            "learning_rate": float(rng.choice([0.05, 0.1, 0.5])),
            "epochs": 10,
            "reduction": str(rng.choice(["sum", "mean", "half-mean"])),
            "weight_decay": decay,
            **({"decay_biases": True} if decay and rng.random() < 0.5 else {}),
            "momentum": momentum,
            **({"nesterov": True} if momentum and rng.random() < 0.5 else {}),
            **({"batch_size": 3} if rng.random() < 0.3 else {}),
            "seed": int(seed),
        },
        "show": {"decimals": int(rng.integers(1, 5))},
    }
    return problem_from(document)


def answer_of(problem, seed):
    """A student's figures of iteration 1: exact, or rounded on the way; some with slips, some with parts that are missing."""
    rng = np.random.default_rng([seed, 77])
    exercise = Exercise.of(problem)
    decimals = problem.decimals
    changes, carry = {}, rounded(decimals) if rng.random() < 0.5 else None
    way = rng.integers(4)
    parts = [part for part in ITERATION_PARTS if exercise.has(part)]
    slipped = str(rng.choice([part for part in parts if part not in COUNTS]))
    if way == 1:

        def slip(_sheet, right):
            values = np.array(right, float)
            values.ravel()[rng.integers(values.size)] += float(rng.choice([-1, 1])) * rng.integers(2, 60) / 10**decimals
            return values if values.ndim else float(values)

        changes = {slipped: slip}
    elif way == 2:
        changes = {f"{part}": lambda _sheet, right: -right for part in ("weight_gradient",)}
    elif way == 3:
        changes = {"delta.factor": lambda _sheet, right: 2 * right}
    figures = rework(exercise, [1], changes, carry)
    table = {}
    for part in parts:
        if part == "bias_gradient" and not problem.layer.has_biases:
            continue
        value = figures[PartName.in_iteration(1, part)]
        if part == "predicted":
            value = np.asarray(value)
            labels = exercise.classes
            table[part] = value.tolist() if exercise.layer.independent else [labels[place] for place in value]
        elif part == "errors":
            table[part] = int(value)
        elif rng.random() < 0.85:
            table[part] = np.round(rounded(decimals)(part, np.asarray(value, float)), decimals).tolist()
    return {"iteration": {"1": table}}


def of_the_page(problem, marks):
    """The verdicts of the parts that the page asks for: a layer without biases has none there."""
    found = verdicts(marks)
    if problem.layer.has_biases:
        return found
    return {key: verdict for key, verdict in found.items() if key[0] not in ("Gb", "Vb", "b")}


def compared(seeds):
    """For each seed the verdicts of `check`, those of the page, and what `check` names."""
    problems = [practice_problem(seed) for seed in seeds]
    answers = [answer_of(problem, seed) for problem, seed in zip(problems, seeds, strict=True)]
    tasks = []
    for problem, answer in zip(problems, answers, strict=True):
        exercise = Exercise.of(problem)
        typed = as_typed(answer_for(exercise, answer))
        tasks += [
            {"what": "judged", "state": state_of(problem), "answers": [typed]},
            {"what": "shapes", "state": state_of(problem)},
        ]
    found = worked(tasks)
    for place, (problem, answer) in enumerate(zip(problems, answers, strict=True)):
        marks = check(problem, answer)
        page = verdicts_of_page(
            found[2 * place][0], found[2 * place + 1], independent=Exercise.of(problem).layer.independent
        )
        yield of_the_page(problem, marks), page, [finding.name for finding in marks.mistakes]


@pytest.mark.parametrize("first", [0])
def test_verdicts_are_those_of_check(first):
    for seed, (expected, page, _named) in enumerate(compared(range(first, first + 60)), start=first):
        assert page == expected, seed
