"""Small problems for practice mode of all kinds, and students who work them."""

import numpy as np

from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework, rounded
from deltarule.parts import COUNTS, ITERATION_PARTS, PartName
from deltarule.problem import problem_from
from samples import NAMES, sample

# The page's letters for the parts of an update.
LETTERS = dict(
    zip(
        ITERATION_PARTS,
        ("U", "Y", "predicted", "errors", "cost", "delta", "GW", "Gb", "VW", "Vb", "W", "b"),
        strict=True,
    )
)

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


WAYS = ("right", "slip", "turned", "doubled")


def way_of(seed):
    """What a student does: nothing wrong, a slip in one figure, dJ/dW of the other sign, or a factor 2 in delta."""
    return WAYS[seed // len(NAMES) % len(WAYS)]


def answer_of(problem, seed):
    """A student's figures of iteration 1, exact or rounded on the way; some parts are missing."""
    rng = np.random.default_rng([seed, 77])
    exercise = Exercise.of(problem)
    decimals = problem.decimals
    parts = [part for part in ITERATION_PARTS if exercise.has(part)]
    slipped = str(rng.choice([part for part in parts if part not in COUNTS]))

    def slip(_sheet, right):
        values = np.array(right, float)
        values.ravel()[rng.integers(values.size)] += float(rng.choice([-1, 1])) * rng.integers(2, 60) / 10**decimals
        return values if values.ndim else float(values)

    changes = {
        "right": {},
        "slip": {slipped: slip},
        "turned": {"weight_gradient": lambda _sheet, right: -right},
        "doubled": {"delta.factor": lambda _sheet, right: 2 * right},
    }[way_of(seed)]
    figures = rework(exercise, [1], changes, rounded(decimals) if rng.random() < 0.5 else None)
    table = {}
    for part in parts:
        value = np.asarray(figures[PartName.in_iteration(1, part)])
        if part == "predicted":
            table[part] = value.tolist() if exercise.layer.independent else [exercise.classes[place] for place in value]
        elif part == "errors":
            table[part] = int(value)
        elif rng.random() < 0.85 and (problem.layer.has_biases or not part.startswith("bias")):
            table[part] = np.round(rounded(decimals)(part, value), decimals).tolist()
    return {"iteration": {"1": table}}


def flat(value):
    return [None if np.isnan(each) else float(each) for each in np.ravel(np.asarray(value, float))]


def as_typed(given):
    """The parts of an answer's first iteration as the page has them."""
    return {
        LETTERS[name.part]: {"values": flat(part.values), "decimals": np.ravel(part.decimals).tolist()}
        for name, part in given.of_iterations([1]).items()
    }
