"""Question 1: a softmax layer on 18 points in the plane, by full-batch gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.boundaries import boundaries
from deltarule.analysis.optimum import optimum
from deltarule.analysis.separability import separability
from deltarule.iteration import Iteration, iterate, step
from deltarule.layers import Layer
from deltarule.marking import Marks
from deltarule.marking.report.text import part_title
from deltarule.plain import plain
from deltarule.problem import Problem
from deltarule.training import train
from deltarule.tutorial import handout
from deltarule.tutorial.account import Answer, Entry, rounds_to
from deltarule.tutorial.printed_answers import entries, marks_of
from deltarule.tutorial.progress import Teller
from deltarule.tutorial.rounded_weights import Rounded

# Parts of the printed answer, as the account calls them.
TOLD = {
    **{
        f"iteration.1.{part}": f"first iteration: {title}, row {{row}}"
        for part, title in (("synaptic_inputs", "U"), ("outputs", "f(U)"), ("delta", "delta"))
    },
    "iteration.1.predicted": "first iteration: predicted classes of rows 1-4 and 18",
    "iteration.1.errors": "first iteration: classification errors",
    "iteration.1.cost": "first iteration: cost",
    "iteration.1.weights": "first iteration: W after the update",
    "iteration.1.biases": "first iteration: b after the update",
    "convergence.updates": "convergence: updates",
    "convergence.weights": "convergence: W",
    "convergence.biases": "convergence: b",
    "convergence.cost": "convergence: cost",
    "convergence.errors": "convergence: classification errors",
    "convergence.outputs": "probabilities: f(U), row {row}",
    "convergence.predicted": "probabilities: predicted classes",
    "convergence.inputs": "probabilities: the patterns printed beside f(U)",
}
LONG = 200_000  # updates, to see where descent is heading
STEPS = {
    "iteration": ("the first iteration, and where the printed one comes from", 1),
    "convergence": ("1500 updates, and what convergence means", 2),
}


def answer(problem: Problem, say: Teller) -> Answer:
    """Work the question."""
    say("iteration")
    first = iterate(problem.layer, problem.X, problem.targets, problem.descent)
    rounding = Rounded(problem).report()
    say("convergence")
    run = train(problem.layer, problem.X, problem.targets, problem.descent)
    matching = _updates_that_match(problem)
    heading = _where_it_heads(problem)
    lines = boundaries(run.layer)
    verdict = separability(problem.X, problem.targets)
    final_cost, final_errors = float(run.history.cost[-1]), _whole(run.layer.errors(problem.X, problem.targets))
    marks = marks_of("question_1", problem)
    results = {
        "problem": {
            "inputs": plain(problem.X),
            "targets": plain(problem.targets),
            "desired": plain(first.desired),
            "weights": plain(problem.layer.weights),
            "biases": plain(problem.layer.biases),
            "learning_rate": problem.descent.learning_rate,
        },
        "first_iteration": {**first.to_dict(), "errors": _whole(first.errors)},
        "initial_weights": rounding,
        "convergence": {
            "updates": run.updates,
            "updates_that_match_the_handout": matching,
            "weights": plain(run.layer.weights),
            "biases": plain(run.layer.biases),
            "cost": final_cost,
            "errors": final_errors,
            "outputs": plain(run.layer.output(problem.X)),
            "predicted": plain(run.layer.predict(problem.X)),
        },
        "boundaries": [
            {
                "classes": list(line.classes),
                "coefficients": plain(line.coefficients),
                "equation": line.equation(("x_1", "x_2")),
            }
            for line in lines
        ],
        "separability": verdict.to_dict(),
        "heading": {
            name: plain(heading[name]) for name in ("updates", "cost", "weight_norm", "degrees_from_maximum_margin")
        },
        "history": {
            "epoch": plain(run.history.epoch),
            "cost": plain(run.history.cost),
            "errors": plain(run.history.errors),
        },
    }
    account = _account(problem, first, marks, run.layer, matching)
    data = {"problem": problem, "first": first, "run": run, "heading": heading, "lines": lines, "separability": verdict}
    return Answer(results, account, data, {"question_1": marks})


def _whole(errors: float | None) -> int | None:
    return None if errors is None else round(errors)


def _account(problem: Problem, first: Iteration, marks: Marks, layer: Layer, matching: list[int]) -> list[Entry]:
    """The checker's entries, and what it cannot know: a sign in a formula, and how many updates give the printed layer."""
    numbers = ", ".join(map(str, matching))
    only = f"Of 1 to 3000 updates, all nine parameters and the cost round to what is printed after exactly {numbers}."
    also: dict[str, Callable[[int], str]] = {
        "convergence.weights": lambda _row: only,
        "convergence.biases": lambda _row: only,
        "convergence.cost": lambda _row: (
            "The classes are separable, so the cost has no minimum: stopping after 1500 updates is a choice."
        ),
        "convergence.outputs": lambda row: _why_row(problem, layer, marks, row),
    }
    boundary = {
        part.part: f"{part_title(part.part)}: coefficients" for part in marks if part.part.startswith("boundaries.")
    }
    told = {
        part: entries(1, marks, part, what, also.get(part, lambda _row: "")) for part, what in (TOLD | boundary).items()
    }
    with_plus = problem.layer.biases + problem.descent.learning_rate * first.bias_gradient
    sign = Entry(
        1,
        "first iteration: sign before 0.05 in the update of b",
        "b + 0.05 (delta)^T 1",
        "b - 0.05 (delta)^T 1",
        "differs",
        f"With the printed plus sign b would be ({', '.join(f'{x:.2f}' for x in with_plus)}); "
        "the printed figures follow the minus sign.",
    )
    found = [entry for each in told.values() for entry in each]
    place = found.index(told["iteration.1.biases"][-1]) + 1
    return [*found[:place], sign, *found[place:]]


def _updates_that_match(problem: Problem) -> list[int]:
    """After how many updates, up to 3000, every parameter and the cost round to what the handout prints at convergence."""
    patterns = problem.layer.patterns(problem.X, problem.targets)
    found, layer = [], problem.layer
    printed = handout.printed("question_1")["convergence"]
    for update in range(1, 3001):
        layer = step(layer, patterns, problem.descent).layer
        figures = (layer.weights, "weights"), (layer.biases, "biases"), (layer.evaluate(patterns)[0], "cost")
        if all(rounds_to(computed, printed[name], 2) for computed, name in figures):
            found.append(update)
    return found


def _where_it_heads(problem: Problem) -> dict[str, Any]:
    """Cost, size and direction of the layer after 1, 2, 5, ... updates: the size grows without end, the direction settles."""
    updates = sorted({*(int(m * 10**e) for e in range(6) for m in (1, 1.5, 2, 3, 5, 7)), LONG})
    updates = [u for u in updates if u <= LONG]
    limit = optimum(problem.layer, problem.X, problem.targets).direction
    layers, layer, done = [], problem.layer, 0
    for target in updates:
        layer = train(
            layer, problem.X, problem.targets, replace(problem.descent, epochs=target - done), record_every=0
        ).layer
        layers.append(layer)
        done = target
    goal = None if limit is None else _flat(limit)
    return {
        "updates": updates,
        "layers": layers,
        "cost": [reached.cost(problem.X, problem.targets) for reached in layers],
        "weight_norm": [float(np.linalg.norm(reached.weights)) for reached in layers],
        "degrees_from_maximum_margin": None if goal is None else [_degrees(_flat(reached), goal) for reached in layers],
        "limit": limit,
    }


def _flat(layer: Layer) -> NDArray[Any]:
    """W and b as one vector, less what all neurons share (softmax does not see it)."""
    stacked = np.vstack([layer.weights, layer.biases])
    flat: NDArray[Any] = (stacked - stacked.mean(axis=1, keepdims=True)).ravel()
    return flat


def _degrees(a: NDArray[Any], b: NDArray[Any]) -> float:
    """The angle between two vectors."""
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _why_row(problem: Problem, layer: Layer, marks: Marks, row: int) -> str:
    """Why a row of probabilities cannot be what is printed."""
    if all(entry.verdict == "right" for entry in marks["convergence.outputs"].entries if entry.place[0] == row):
        return ""
    printed = handout.printed("question_1")["convergence"]
    rounded = layer.with_parameters(printed["weights"], printed["biases"])
    here, from_printed = (", ".join(f"{y:.4f}" for y in each.output(problem.X)[row - 1]) for each in (layer, rounded))
    return f"f(U) is ({here}) here, and ({from_printed}) from W and b as printed: neither rounds to what is printed."
