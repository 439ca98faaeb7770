"""Question 3: a softmax layer on Iris, by mini-batch gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np

from deltarule.descent import Descent
from deltarule.engines import ENGINES
from deltarule.json_values import json_value
from deltarule.layers import Layer, SoftmaxLayer
from deltarule.marking import Marks
from deltarule.problem import Problem
from deltarule.training import train
from deltarule.tutorial import handout
from deltarule.tutorial.account import Answer, Entry, Stages, bracket, compare
from deltarule.tutorial.beside import Wait
from deltarule.tutorial.iris import LabelledSet, errors_of, random_layer, test_set
from deltarule.tutorial.plan import Plan
from deltarule.tutorial.printed_answers import findings, marks_of
from deltarule.tutorial.progress import Progress
from deltarule.tutorial.separable import separability_report
from deltarule.tutorial.softmax_twice import Study, study
from deltarule.tutorial.timing import seconds_per_epoch

# Epochs of a timed run, by engine: some tenths of a second each.
TIMED_EPOCHS = {"direct": 40, "autograd": 10, "compiled": 1000}
SCORES = ("train_cost", "test_cost", "train_accuracy", "test_accuracy")
STEPS = {
    "curves": ("1000 epochs at batch size 16, by each engine", 4),
    "accuracies": ("accuracies of the batch sizes, over 20 seeds", 1),
    "planes": ("the six planes of two features", 1),
    "twice": ("softmax applied twice, as in the handout's code", 3),
    "times": ("the time for an epoch of the batch sizes, by each engine", 4),
}


def beside(problem: Problem, plan: Plan) -> Callable[[], Study]:
    """The study of softmax applied twice.

    Parameters
    ----------
    problem, plan : as in `answer`.
    """
    return partial(study, problem, plan)


def answer(problem: Problem, progress: Progress, plan: Plan, wait: Wait) -> Stages:
    """Work the question.

    Parameters
    ----------
    problem : the problem `question_3`.
    progress : learns which of `STEPS` is under way.
    plan : how many seeds, shuffles and runs, and how short the descents.
    wait : for the result of `beside`.
    """
    descent = plan.shortened(problem.descent)
    progress.begin("curves")
    runs = {
        engine: train(
            problem.layer, problem.X, problem.targets, descent, engine, validation=problem.test, on_interrupt="raise"
        )
        for engine in ENGINES
    }
    layer, curve = runs["compiled"].layer, runs["compiled"].history
    progress.begin("accuracies")
    sizes = [*handout.BATCH_SIZES, len(problem.X)]
    by_size = {size: replace(descent, batch_size=size) for size in sizes}
    scores = {
        size: np.array([_scores(problem, its, seed) for seed in range(plan.few_seeds)]) for size, its in by_size.items()
    }
    progress.begin("planes")
    planes = _planes(problem, descent)
    yield
    progress.begin("twice")
    twice = wait()
    yield
    progress.begin("times")
    times = {}
    for done, size in enumerate(sizes):
        progress.within(done / len(sizes))
        times[size] = {
            engine: seconds_per_epoch(engine, problem, plan.epochs(TIMED_EPOCHS[engine]), plan.timed_runs, size)
            for engine in ENGINES
        }
    marks = marks_of("question_3", problem)
    results = {
        "batch_16": {
            "train_cost": json_value(curve.cost),
            "test_cost": json_value(curve.validation_cost),
            "train_accuracy": json_value(curve.accuracy),
            "test_accuracy": json_value(curve.validation_accuracy),
            "weights": json_value(layer.weights),
            "biases": json_value(layer.biases),
            "handout_weights": handout.printed("question_3")["convergence"]["weights"],
            "handout_biases": handout.printed("question_3")["convergence"]["biases"],
            "epochs": descent.epochs,
            "classes": list(random_layer(problem, 0).classes),
            "inputs": list(problem.input_names),
            "largest_difference_between_engines": max(_difference(layer, run.layer) for run in runs.values()),
        },
        "seeds": plan.few_seeds,
        "timed_runs": plan.timed_runs,
        "batch_sizes": [
            _batch_size(size, its.updates_per_epoch(len(problem.X)), scores[size], times[size])
            for size, its in by_size.items()
        ],
        "softmax_twice": twice.report,
        "separability": separability_report(problem.X, problem.targets),
        "separability_setosa": separability_report(problem.X, problem.targets == "setosa"),
        "planes": [
            {"inputs": list(plane["names"]), "train_errors": plane["train_errors"], "test_errors": plane["test_errors"]}
            for plane in planes
        ],
        "mean_before_the_split": twice.leak,
    }
    data = {"history": curve, "scores": scores, "times": times, "sizes": sizes, "planes": planes}
    return Answer(results, _account(results, marks, twice), data, {"question_3": marks})


def _difference(a: Layer, b: Layer) -> float:
    """The largest difference between two parameters of the same place."""
    return float(max(np.abs(a.weights - b.weights).max(), np.abs(a.biases - b.biases).max()))


def _scores(problem: Problem, descent: Descent, seed: int) -> list[float]:
    """`SCORES` after the descent from an initial layer, and in an order of the patterns, drawn with this seed."""
    start, seeded = random_layer(problem, seed), replace(descent, seed=seed)
    layer = train(start, problem.X, problem.targets, seeded, record_every=0, on_interrupt="raise").layer
    sets: list[LabelledSet] = [(problem.X, problem.targets), test_set(problem)]
    costs = [layer.cost(*patterns, "mean") for patterns in sets]
    return [*costs, *(1 - errors_of(layer, patterns) / len(patterns[0]) for patterns in sets)]


def _batch_size(size: int, updates: int, scores: Any, times: dict[str, list[float]]) -> dict[str, Any]:
    """A batch size's part of results.json: medians and ranges of `SCORES` over seeds, and of the times over runs."""
    columns = dict(zip(SCORES, json_value(scores.T), strict=True))
    return {
        "batch_size": size,
        "updates_per_epoch": updates,
        **{name: median(column) for name, column in columns.items()},
        "spread": {name: [min(column), max(column)] for name, column in columns.items()},
        "seconds_per_epoch": {engine: median(runs) for engine, runs in times.items()},
        "seconds_per_epoch_spread": {engine: [min(runs), max(runs)] for engine, runs in times.items()},
    }


def _planes(problem: Problem, descent: Descent) -> list[dict[str, Any]]:
    """A softmax layer on each pair of the features alone."""
    planes = []
    Xt, test_targets = test_set(problem)
    for pair in combinations(range(problem.layer.inputs), 2):
        X = problem.X[:, pair]
        start = SoftmaxLayer.random(2, classes=random_layer(problem, 0).classes, seed=0)
        layer = train(start, X, problem.targets, descent, record_every=0, on_interrupt="raise").layer
        planes.append(
            {
                "names": tuple(problem.input_names[n] for n in pair),
                "layer": layer,
                "X": X,
                "targets": problem.targets,
                "train_errors": errors_of(layer, (X, problem.targets)),
                "test_errors": errors_of(layer, (Xt[:, pair], test_targets)),
            }
        )
    return planes


def _account(results: dict[str, Any], marks: Marks, twice: Study) -> list[Entry]:
    printed = twice.report["printed_weights"]
    trained = (
        f"The initial layer and the shuffles are not given. The range is over {len(twice.layers)} seeds, trained as the "
        f"handout trains: softmax twice, batch size 16, {results['batch_16']['epochs']} epochs."
    )
    figures = handout.printed("question_3")
    layer, metrics = figures["convergence"], figures["metrics"]
    entries = [
        bracket(3, "weights (inputs x neurons)", layer["weights"], [each.weights for each in twice.layers], trained),
        bracket(3, "biases", layer["biases"], [each.biases for each in twice.layers], trained),
    ]
    for name, title in (("train", "training"), ("test", "test")):
        loss = printed[name]
        because = (
            f"{findings(marks, 'metrics.training_cost')} From the printed weights the correct cross-entropy is "
            f"{loss['cross_entropy']:.5f}; softmax applied twice makes it {loss['softmax_twice_loss']:.5f} (it cannot go "
            f"below {twice.report['least_loss']:.4f}); the division gives what is printed, within what the shuffle changes "
            f"(the range is over {len(twice.shuffles[name])} shuffles)."
        )
        entries.append(bracket(3, f"{title} loss", metrics[f"{title}_cost"], twice.shuffles[name], because))
        right = loss["patterns"] - loss["errors"]
        because = f"From the printed weights, on 90 training and 60 test patterns: {right} of {loss['patterns']}."
        accuracy = metrics[f"{title}_accuracy"]
        entries.append(compare(3, f"{title} accuracy", accuracy, right / loss["patterns"], 6, because))
    train_accuracy, test_accuracy = twice.report["split_0.2_accuracy"]
    entries.append(
        Entry(
            3,
            "test_size of the split, in the code shown",
            0.2,
            0.4,
            "differs",
            "0.2 makes 120 training and 30 test patterns; the question asks for 90 and 60, and the printed accuracies are "
            f"87/90 and 57/60. With 0.2 the printed weights give {train_accuracy:.6f} and {test_accuracy:.6f}.",
        )
    )
    verdicts = {
        "training set": results["separability"]["verdict"],
        "setosa against the rest": results["separability_setosa"]["verdict"],
    }
    because = (
        "Setosa is separable from the rest, versicolor and virginica are not separable from each other: the training set is "
        "not separable, but quasi-separable. The cross-entropy has no minimum: it falls for ever, towards a limit above 0, "
        "while setosa's weights grow."
    )
    entries.append(Entry(3, "convergence after 1000 epochs", "at convergence", verdicts, "differs", because))
    return entries
