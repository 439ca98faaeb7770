"""Question 1: a softmax layer on 18 points in the plane, by full-batch gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deltarule.analysis.boundaries import boundaries, linear_form
from deltarule.iteration import Iteration, iterate, step
from deltarule.json_values import json_value
from deltarule.layers import Layer
from deltarule.marking import Marks
from deltarule.problem import Problem
from deltarule.training import train
from deltarule.tutorial import handout
from deltarule.tutorial.account import Answer, Entry, Stages, rounds_to
from deltarule.tutorial.beside import Wait
from deltarule.tutorial.direction import long_descent
from deltarule.tutorial.plan import Plan
from deltarule.tutorial.printed_answers import entries, marks_of
from deltarule.tutorial.progress import Progress
from deltarule.tutorial.rounded_weights import RoundedWeights
from deltarule.tutorial.separable import separability_report

# Part of the printed answer -> its name in the account.
PARTS = {
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
# Updates among which those that give the printed figures are looked for: twice the handout's number.
SEARCHED_UPDATES = 3000
INPUT_NAMES = ("x_1", "x_2")
STEPS = {
    "iteration": ("the first iteration, and the rounding of the printed weights", 1),
    "convergence": ("1500 updates, and what convergence means", 2),
}


def beside(_problem: Problem, _plan: Plan) -> Callable[[], None]:
    """Nothing: all of it takes about a second."""
    return _nothing


def _nothing() -> None:
    pass


def answer(problem: Problem, progress: Progress, _plan: Plan, _wait: Wait) -> Stages:
    """Work the question, whole under any plan, in one stage.

    Parameters
    ----------
    problem : the problem `question_1`.
    progress : learns which of `STEPS` is under way.
    """
    yield from ()
    progress.begin("iteration")
    first = iterate(problem)
    rounding = RoundedWeights(problem).report()
    progress.begin("convergence")
    run = train(problem, on_interrupt="raise")
    matching = _updates_that_match(problem)
    descent_beyond = long_descent(problem)
    lines = boundaries(run.layer)
    marks = marks_of("question_1", problem)
    results = {
        "problem": {
            "inputs": json_value(problem.X),
            "targets": json_value(problem.targets),
            "desired": json_value(first.desired),
            "classes": list(problem.layer.classes or ()),
            "weights": json_value(problem.layer.weights),
            "biases": json_value(problem.layer.biases),
            "learning_rate": problem.descent.learning_rate,
        },
        "first_iteration": {**first.to_dict(), "errors": _count(first.errors)},
        "initial_weights": rounding,
        "convergence": {
            "updates": run.updates,
            "updates_searched": SEARCHED_UPDATES,
            "updates_that_match_the_handout": matching,
            "weights": json_value(run.layer.weights),
            "biases": json_value(run.layer.biases),
            "cost": float(run.history.cost[-1]),
            "errors": _count(run.layer.errors(problem.X, problem.targets)),
            "outputs": json_value(run.layer.output(problem.X)),
            "predicted": json_value(run.layer.predict(problem.X)),
        },
        "neurons": [linear_form(score, INPUT_NAMES) for score in lines[0].scores],
        "boundaries": [
            {
                "classes": list(line.classes),
                "neurons": [neuron + 1 for neuron in line.neurons],
                "coefficients": json_value(line.coefficients),
                "equation": line.equation(INPUT_NAMES),
            }
            for line in lines
        ],
        "separability": separability_report(problem.X, problem.targets),
        "heading": {name: json_value(values) for name, values in descent_beyond.items() if name != "layers"},
        "history": {
            "epoch": json_value(run.history.epoch),
            "cost": json_value(run.history.cost),
            "errors": json_value(run.history.errors),
        },
    }
    return Answer(
        results,
        _account(problem, first, marks, run.layer, matching),
        {"problem": problem, "run": run, "long_descent": descent_beyond},
        {"question_1": marks},
        {"first_iteration": first},
    )


def _count(errors: float | None) -> int | None:
    """Errors of patterns that all weigh 1, as a whole number."""
    return None if errors is None else round(errors)


def _account(problem: Problem, first: Iteration, marks: Marks, layer: Layer, matching: list[int]) -> list[Entry]:
    """The checker's entries, and what it cannot know: a sign in a formula, and how many updates give the printed layer."""
    numbers = ", ".join(map(str, matching)) or "none of them"
    only = (
        f"Of the first {SEARCHED_UPDATES} updates, all nine parameters and the cost round to what is printed after exactly "
        f"{numbers}."
    )
    remarks: dict[str, Callable[[int], str]] = {
        "convergence.weights": lambda _row: only,
        "convergence.biases": lambda _row: only,
        "convergence.cost": lambda _row: (
            f"The classes are separable, so the cost has no minimum: stopping after {problem.descent.epochs} updates is a choice."
        ),
        "convergence.outputs": lambda row: _why_row_differs(problem, layer, marks, row),
        "convergence.inputs": lambda _row: _printed_order(problem),
    }
    lines = {part.part: f"{part.part.heading}: coefficients" for part in marks if part.part.table == "boundaries"}
    by_part = {
        part: entries(1, marks, part, what, remarks.get(part, lambda _row: ""))
        for part, what in (PARTS | lines).items()
    }
    with_plus = problem.layer.biases + problem.descent.learning_rate * first.bias_gradient
    sign = Entry(
        1,
        "first iteration: sign before 0.05 in the update of b",
        "b + 0.05 Δᵀ1",
        "b − 0.05 Δᵀ1",
        "differs",
        f"With the printed plus sign b would be ({', '.join(f'{x:.2f}' for x in with_plus)}); "
        "the printed figures follow the minus sign.",
    )
    by_part["iteration.1.biases"].append(sign)
    return [entry for each in by_part.values() for entry in each]


def _updates_that_match(problem: Problem) -> list[int]:
    """After how many updates every parameter and the cost round to what the handout prints at convergence."""
    patterns = problem.layer.patterns(problem.X, problem.targets)
    matching, layer = [], problem.layer
    printed = handout.printed("question_1")["convergence"]
    for update in range(1, SEARCHED_UPDATES + 1):
        layer = step(layer, patterns, problem.descent, problem.descent.learning_rate).layer
        figures = (layer.weights, "weights"), (layer.biases, "biases"), (layer.evaluate(patterns)[0], "cost")
        if all(rounds_to(computed, printed[name], 2) for computed, name in figures):
            matching.append(update)
    return matching


def _why_row_differs(problem: Problem, layer: Layer, marks: Marks, row: int) -> str:
    """Why a row of probabilities cannot be what is printed; empty where it is."""
    if all(entry.verdict == "right" for entry in marks["convergence.outputs"].entries if entry.place[0] == row):
        return ""
    printed = handout.printed("question_1")["convergence"]
    rounded = layer.with_parameters(printed["weights"], printed["biases"])
    ours, from_printed = (_row(each.output(problem.X)[row - 1]) for each in (layer, rounded))
    return f"f(U) is {ours} here, and {from_printed} from W and b as printed: neither rounds to what is printed."


def _printed_order(problem: Problem) -> str:
    """Which patterns the handout prints beside the rows of f(U), whose own order is the original one."""
    numbers = {tuple(pattern): number for number, pattern in enumerate(problem.X.tolist(), 1)}
    order = [numbers[tuple(map(float, pattern))] for pattern in handout.printed("question_1")["convergence"]["inputs"]]
    return (
        f"They are patterns {', '.join(map(str, order))}, beside outputs in the original order: the rows do not belong "
        "together."
    )


def _row(values: Sequence[float]) -> str:
    return f"({', '.join(f'{value:.4f}' for value in values)})"
