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
from deltarule.plain import plain
from deltarule.problem import Problem
from deltarule.training import train
from deltarule.tutorial import handout
from deltarule.tutorial.account import Answer, Entry, compare, rounds_to
from deltarule.tutorial.rounding import Rounded
from deltarule.tutorial.steps import Teller

LONG = 200_000  # updates, to see where descent is heading
STEPS = {
    "iteration": ("the first iteration, and where the printed one comes from", 1),
    "convergence": ("1500 updates, and what convergence means", 2),
}


def answer(problem: Problem, say: Teller) -> Answer:
    """Work the question."""
    say("iteration")
    first = iterate(problem.layer, problem.X, problem.targets, problem.descent)
    rounded = Rounded(problem)
    rounding = rounded.report()
    say("convergence")
    run = train(problem.layer, problem.X, problem.targets, problem.descent)
    matching = _updates_that_match(problem)
    heading = _where_it_heads(problem)
    lines = boundaries(run.layer)
    verdict = separability(problem.X, problem.targets)
    final_cost, final_errors = float(run.history.cost[-1]), _whole(run.layer.errors(problem.X, problem.targets))
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
    account = [
        *_account_of_the_iteration(problem, first, rounded, rounding),
        *_account_of_convergence(problem, run.layer, final_cost, matching),
    ]
    data = {"problem": problem, "first": first, "run": run, "heading": heading, "lines": lines, "separability": verdict}
    return Answer(results, account, data)


def _whole(errors: float | None) -> int | None:
    return None if errors is None else round(errors)


def _row_entry(rounded: Rounded, first: Iteration, what: str, name: str, place: Any, values: Any) -> Entry:
    """`equal`; else `within rounding` if a W0 that rounds to the printed one gives each entry that is off; else `differs`."""
    printed = np.asarray(values, dtype=float)
    computed = np.asarray(getattr(first, name))[place]
    if rounds_to(computed, printed, 2):
        return Entry(1, what, values, computed, "equal", "", 2)

    def entry(index: tuple[int, ...]) -> Callable[[Iteration], float]:
        return lambda iteration: float(np.asarray(getattr(iteration, name))[place][index])

    off = [index for index in np.ndindex(printed.shape) if not rounds_to(computed[index], printed[index], 2)]
    if all(rounded.reaches(entry(index), float(printed[index])) for index in off):
        why = "The handout's W0 is printed to two decimals; a W0 that rounds to it gives the printed entry."
        return Entry(1, what, values, computed, "within rounding", why, 2)
    return Entry(1, what, values, computed, "differs", "No W0 that rounds to the printed one gives it.", 2)


def _account_of_the_iteration(
    problem: Problem, first: Iteration, rounded: Rounded, rounding: dict[str, Any]
) -> list[Entry]:
    printed = handout.FIRST_ITERATION
    entries = [
        _row_entry(rounded, first, f"first iteration: {title}, row {row}", name, row - 1, values)
        for name, title in (("synaptic_inputs", "U"), ("outputs", "f(U)"), ("delta", "delta"))
        for row, values in printed[name].items()
    ]
    place = {label: k for k, label in enumerate(("A", "B", "C"), start=1)}
    said = [place[first.predicted[row - 1]] for row in printed["predicted"]]
    entries += [
        compare(
            1, "first iteration: predicted classes of rows 1-4 and 18", list(printed["predicted"].values()), said, 0
        ),
        compare(1, "first iteration: classification errors", printed["errors"], first.errors or 0, 0),
        Entry(
            1,
            "first iteration: cost",
            printed["cost"],
            first.cost,
            "within rounding" if abs(rounding["its_cost"] - printed["cost"]) < 1e-6 else "differs",
            f"From W0 as printed the cost is {first.cost:.4f}. W0 is itself rounded: changing no entry by more than "
            f"{rounding['largest_change']:.4f} gives {rounding['its_cost']:.4f}.",
            2,
        ),
        _row_entry(rounded, first, "first iteration: W after the update", "weights", slice(None), printed["weights"]),
        _row_entry(rounded, first, "first iteration: b after the update", "biases", slice(None), printed["biases"]),
    ]
    with_plus = problem.layer.biases + problem.descent.learning_rate * first.bias_gradient
    entries.append(
        Entry(
            1,
            "first iteration: sign before 0.05 in the update of b",
            "b + 0.05 (delta)^T 1",
            "b - 0.05 (delta)^T 1",
            "differs",
            f"With the printed plus sign b would be ({', '.join(f'{x:.2f}' for x in with_plus)}); "
            "the printed figures follow the minus sign.",
        )
    )
    return entries


def _updates_that_match(problem: Problem) -> list[int]:
    """After how many updates, up to 3000, every parameter and the cost round to what the handout prints at convergence."""
    patterns = problem.layer.patterns(problem.X, problem.targets)
    found, layer = [], problem.layer
    printed = handout.CONVERGENCE
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


def _account_of_convergence(problem: Problem, layer: Layer, cost: float, matching: list[int]) -> list[Entry]:
    printed = handout.CONVERGENCE
    outputs, predicted = layer.output(problem.X), layer.predict(problem.X)
    place = {label: k for k, label in enumerate(("A", "B", "C"), start=1)}
    numbers = ", ".join(map(str, matching))
    only = f"Of 1 to 3000 updates, all nine parameters and the cost round to what is printed after exactly {numbers}."
    entries = [
        compare(1, "convergence: W", printed["weights"], layer.weights, 2, only),
        compare(1, "convergence: b", printed["biases"], layer.biases, 2, only),
        compare(
            1,
            "convergence: cost",
            printed["cost"],
            cost,
            2,
            "The classes are separable, so the cost has no minimum: stopping after 1500 updates is a choice.",
        ),
        compare(
            1, "convergence: classification errors", printed["errors"], layer.errors(problem.X, problem.targets) or 0, 0
        ),
    ]
    entries += [
        compare(
            1,
            f"probabilities: f(U), row {row}",
            values,
            outputs[row - 1],
            2,
            _why_row(layer, problem, row, values, outputs[row - 1]),
        )
        for row, values in enumerate(handout.TABLE_OUTPUTS, start=1)
    ]
    entries.append(
        compare(
            1, "probabilities: predicted classes", handout.TABLE_PREDICTED, [place[label] for label in predicted], 0
        )
    )
    order = [problem.X.tolist().index(list(map(float, point))) + 1 for point in handout.TABLE_PATTERNS]
    entries.append(
        Entry(
            1,
            "probabilities: the patterns printed beside f(U)",
            handout.TABLE_PATTERNS,
            problem.X,
            "differs",
            f"They are printed in a shuffled order (patterns {', '.join(map(str, order))}), while f(U) and the predictions "
            "are in the original order: the rows do not belong together.",
        )
    )
    for (a, b), values in handout.BOUNDARIES.items():
        line = next(line for line in boundaries(layer) if set(line.classes) == {a, b})
        sign = 1 if line.classes == (a, b) else -1
        entries.append(compare(1, f"boundary {a}-{b}: coefficients", values, sign * line.coefficients, 2))
    return entries


def _why_row(layer: Layer, problem: Problem, row: int, printed: Any, computed: Any) -> str:
    if rounds_to(computed, printed, 2):
        return ""
    rounded = layer.with_parameters(handout.CONVERGENCE["weights"], handout.CONVERGENCE["biases"]).output(problem.X)[
        row - 1
    ]
    here, from_printed = (", ".join(f"{y:.4f}" for y in row_of) for row_of in (computed, rounded))
    return f"f(U) is ({here}) here, and ({from_printed}) from W and b as printed: neither rounds to what is printed."
