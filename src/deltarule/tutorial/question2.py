"""Question 2: a perceptron layer on the Linnerud data, by direct gradients and by PyTorch's autograd."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from deltarule.descent import Descent
from deltarule.engines import ENGINES
from deltarule.json_values import json_value
from deltarule.layers import Layer
from deltarule.problem import Problem
from deltarule.training import Run
from deltarule.tutorial.account import Answer, Stages
from deltarule.tutorial.beside import Wait
from deltarule.tutorial.convergence import early_stopping, epochs_to_convergence, errors_on_the_way, minima_of_descent
from deltarule.tutorial.linnerud import Linnerud, Scores, linnerud, normal_layer, train_on, uniform_layer
from deltarule.tutorial.listings import listings
from deltarule.tutorial.plan import Plan
from deltarule.tutorial.printed_answers import marks_of, problem_of
from deltarule.tutorial.progress import Progress
from deltarule.tutorial.question2_account import CAPTION_RATE, account
from deltarule.tutorial.timing import seconds_per_epoch

STEPS = {
    "heading": ("the minima of the cost, from many initial layers", 2),
    "direct": ("10,000 updates by direct gradients", 1),
    "spread": ("both descents from many initial layers", 2),
    "convergence": ("epochs to convergence, and the test error on the way", 1),
    "autograd": ("50,000 updates by autograd", 8),
    "agreement": ("direct gradients at autograd's step length", 2),
    "times": ("the time for an update, by each engine", 2),
}
# Epochs of a timed run: some tenths of a second each.
TIMED_EPOCHS = {"direct": 2000, "autograd": 500, "compiled": 20_000}


def beside(problem: Problem, plan: Plan) -> Callable[[], Run]:
    """The descent by autograd, which takes longest.

    Parameters
    ----------
    problem, plan : as in `answer`.
    """
    return partial(train_on, linnerud(problem), _by_autograd(plan), "autograd", record_every=50)


def answer(problem: Problem, progress: Progress, plan: Plan, wait: Wait) -> Stages:
    """Work the question.

    Parameters
    ----------
    problem : the problem `question_2`.
    progress : learns which of `STEPS` is under way.
    plan : how many seeds and runs, and how short the descents by autograd.
    wait : for the result of `beside`.
    """
    data = linnerud(problem)
    names = problem.target_names
    forms = {"direct": problem, "autograd": problem_of("question_2_autograd")}
    direct, autograd = problem.descent, _by_autograd(plan)

    progress.begin("heading")
    minima = minima_of_descent(data, plan.many_seeds)
    progress.begin("direct")
    by_direct = train_on(data, direct, "direct", record_every=10)
    progress.begin("spread")
    many, few = range(plan.many_seeds), range(plan.few_seeds)
    spread = {
        "direct": _spread(data, direct, uniform_layer, many),
        "directnormal_layer": _spread(data, direct, normal_layer, many),
        "autograd": _spread(data, autograd, uniform_layer, many),
        "autograd_faster": _spread(data, replace(autograd, learning_rate=CAPTION_RATE), uniform_layer, few),
    }
    progress.begin("convergence")
    needed = epochs_to_convergence(data, direct, minima["train_mse_scaled"], plan.few_seeds)
    on_the_way = errors_on_the_way(data, direct)
    yield
    progress.begin("autograd")
    by_autograd = wait()
    progress.begin("agreement")
    agreement = _agreement(data, by_autograd)
    yield
    progress.begin("times")
    times = {
        engine: seconds_per_epoch(engine, problem, plan.epochs(TIMED_EPOCHS[engine]), plan.timed_runs)
        for engine in ENGINES
    }

    marks = {form: marks_of(f"question_2_{form}", its_problem) for form, its_problem in forms.items()}
    best = {
        form: np.bincount(np.array([scores.r2 for scores in spread[form]]).argmax(axis=1), minlength=len(names))
        for form in forms
    }
    steps = problem.targets.size / 2
    results = {
        "direct": _report(data, by_direct, times["direct"]),
        "autograd": _report(data, by_autograd, times["autograd"]),
        "compiled": {"seconds_per_update": median(times["compiled"]), "seconds_per_update_runs": times["compiled"]},
        "step_length": {"direct_to_autograd": steps, "equivalent_epochs": autograd.epochs / steps},
        "agreement": agreement["weights"],
        "agreement_all": agreement,
        "optimum": minima,
        "epochs_to_criterion": needed,
        "best_predicted": names[int(best["direct"].argmax())],
        "best_predicted_counts": {
            form: dict(zip(names, json_value(counts), strict=True)) for form, counts in best.items()
        },
        "seeds": plan.many_seeds,
        "worse_than_mean": {form: _always_worse(spread[form], names) for form in forms},
        "spread": {form: _ranges(scores, names) for form, scores in spread.items()},
        "early_stopping": early_stopping(on_the_way, names),
    }
    return Answer(
        results,
        account(data, results, marks, spread, times),
        {
            "linnerud": data,
            "direct": by_direct,
            "autograd": by_autograd,
            "on_the_way": on_the_way,
            "spread": spread,
            "times": times,
        },
        {f"question_2_{form}": each for form, each in marks.items()},
        {"listings": listings(forms["direct"], replace(forms["autograd"], descent=autograd))},
    )


def _by_autograd(plan: Plan) -> Descent:
    return plan.shortened(problem_of("question_2_autograd").descent)


def _report(data: Linnerud, run: Run, seconds: Sequence[float]) -> dict[str, Any]:
    """One form's part of results.json: its scores on the test set and on the training set, its times and parameters."""
    names = data.problem.target_names
    test, training = data.scores(run.layer, data.test), data.scores(run.layer, data.train)
    return {
        "epochs": run.outcome.epochs,
        "learning_rate": run.descent.learning_rate,
        "reduction": run.descent.reduction,
        "seconds_per_update": median(seconds),
        "seconds_per_update_runs": list(seconds),
        "cost": float(run.history.cost[-1]),
        **_named(test, names),
        "train": _named(training, names),
        "weights": json_value(run.layer.weights),
        "biases": json_value(run.layer.biases),
    }


def _named(scores: Scores, names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    return {measure: dict(zip(names, json_value(values), strict=True)) for measure, values in scores._asdict().items()}


def _agreement(data: Linnerud, by_autograd: Run) -> dict[str, Any]:
    """Direct gradients at the step length of autograd: a step of the sum is P K / 2 times as long as one of the mean."""
    autograd = by_autograd.descent
    shorter = replace(autograd, reduction="sum", learning_rate=autograd.learning_rate / (data.problem.targets.size / 2))
    a, b = train_on(data, shorter, "direct").layer, by_autograd.layer
    return {
        "updates": autograd.epochs,
        "learning_rate": {"direct_sum": shorter.learning_rate, "autograd_mean": autograd.learning_rate},
        "weights": float(np.abs(a.weights - b.weights).max()),
        "biases": float(np.abs(a.biases - b.biases).max()),
        "direct_weights": json_value(a.weights),
        "autograd_weights": json_value(b.weights),
    }


def _spread(
    data: Linnerud, descent: Descent, draw: Callable[[Linnerud, int], Layer], seeds: Sequence[int]
) -> list[Scores]:
    """Scores on the test set after the descent from an initial layer of each seed."""
    # The compiled engine lets other threads run, so that all cores share the seeds.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        layers = pool.map(lambda seed: train_on(data, descent, "compiled", layer=draw(data, seed)).layer, seeds)
        return [data.scores(layer, data.test) for layer in layers]


def _always_worse(spread: list[Scores], names: tuple[str, ...]) -> list[str]:
    """The variables that every layer predicts worse than their mean does: R2 below 0."""
    worse = np.array([scores.r2 for scores in spread]).max(axis=0) < 0
    return [name for name, always in zip(names, worse, strict=True) if always]


def _ranges(spread: list[Scores], names: tuple[str, ...]) -> dict[str, Any]:
    """The range of each score of each variable over the layers found."""
    report: dict[str, Any] = {}
    for measure in Scores._fields:
        values = np.array([getattr(scores, measure) for scores in spread])
        low, middle, high = values.min(axis=0), np.median(values, axis=0), values.max(axis=0)
        report[measure] = {
            name: {"low": float(low[k]), "median": float(middle[k]), "high": float(high[k])}
            for k, name in enumerate(names)
        }
    return report
