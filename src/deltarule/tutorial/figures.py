"""The tutorial's figures, drawn from the answers' data. Nothing is computed here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from deltarule import plots
from deltarule.analysis.boundaries import boundaries
from deltarule.tutorial.account import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Name -> the figure, and what it shows in words, for readers who cannot see it.
Drawn = dict[str, "tuple[Figure | plots.Display, str]"]
MEAN_SQUARES = "mean square error\n(scaled targets)"
# The accuracy axis of question 3 begins here, so that the two sets can be told apart.
LOWEST_ACCURACY = 0.85


def question_1(answer: Answer) -> Drawn:
    """The figures of the `answer`: the regions; cost and errors against updates; how the boundaries settle."""
    data = answer.data
    problem, run, descent = data["problem"], data["run"], data["long_descent"]
    regions = plots.decision_regions(run.layer, problem.X, problem.targets, x_limits=(-4, 5), y_limits=(-2, 5))
    # The full batch makes one update an epoch; the page counts updates.
    curves = replace(
        plots.learning_curves(run, count="errors", cost_label="cost (cross-entropy, sum)", log_x=True, log_y=True),
        x_label="updates",
    )
    angles: dict[str, Any] = {}
    for layer in descent["layers"]:
        for line in boundaries(layer):
            slope = np.degrees(np.arctan2(line.coefficients[1], line.coefficients[0]))
            angles.setdefault("-".join(map(str, line.classes)), []).append(slope)
    settling = plots.traces(
        descent["updates"],
        {
            "direction of the\nboundary's normal (°)": {
                name: np.unwrap(values, period=360) for name, values in angles.items()
            },
            "length of W": {"length of W": descent["weight_norm"]},
            "cost": {"cost": descent["cost"]},
        },
        x_label="updates",
        log_x=True,
        log_y=["cost"],
        marks={f"{run.updates} updates": run.updates},
    )
    return {
        "question_1_regions": (
            regions,
            f"The 18 patterns, the regions of the three classes after {run.updates} updates and the exact boundaries between them",
        ),
        "question_1_curves": (curves, "Cost and classification errors against updates"),
        "question_1_settling": (
            settling,
            "The boundaries' directions settle while the weights grow and the cost falls",
        ),
    }


def question_2(answer: Answer) -> Drawn:
    """The figures of the `answer`: learning curves; errors on the way to the minimum; R2 over seeds; time for an update."""
    data, results = answer.data, answer.results
    names = data["linnerud"].problem.target_names
    curves: Drawn = {
        f"question_2_{form}": (
            plots.learning_curves(data[form], mean=True, cost_label=MEAN_SQUARES, validation_label="test"),
            f"Mean square error of training and test set against epochs, {title}",
        )
        for form, title in (("direct", "direct gradients"), ("autograd", "PyTorch's autograd"))
    }
    errors = data["on_the_way"]
    beyond = plots.traces(
        errors["epoch"],
        {
            MEAN_SQUARES: {"training": errors["train_cost"], "test": errors["test_cost"]},
            "test error over its\nsmallest on the way": {
                name: errors["test_mse"][:, k] / errors["test_mse"][:, k].min() for k, name in enumerate(names)
            },
        },
        x_label="epochs (direct form)",
        log_x=True,
        log_y=[MEAN_SQUARES],
        references={MEAN_SQUARES: {"smallest training error": results["optimum"]["train_mse_scaled"]}},
        marks={"10,000 epochs": 10_000},
    )
    spread = data["spread"]["direct"]
    seeds = plots.strips(
        {name: [scores.r2[k] for scores in spread] for k, name in enumerate(names)},
        references=dict(zip(names, results["optimum"]["test_r2"], strict=True)),
        reference_label="at the smallest training error",
        x_label=f"R² on the test set, {len(spread)} initial layers",
    )
    times = plots.strips(
        {engine: 1e6 * np.asarray(seconds) for engine, seconds in data["times"].items()},
        x_label="time for an update (µs)",
        dot_label="one run",
        log=True,
    )
    return {
        **curves,
        "question_2_way": (beyond, "Training and test error on the way to the smallest training error"),
        "question_2_seeds": (seeds, f"R² of each measurement over {len(spread)} initial layers"),
        "question_2_times": (times, "Time for an update by each engine"),
    }


def question_3(answer: Answer) -> Drawn:
    """The figures of the `answer`: learning curves; batch sizes; planes of two features."""
    data = answer.data
    curves = plots.learning_curves(
        data["history"], cost_label="cross-entropy (mean)", validation_label="test", log_y=True
    ).draw()
    curves.axes[1].set_ylim(LOWEST_ACCURACY, 1.0)
    sizes = data["sizes"]
    scores = {size: each.T for size, each in data["scores"].items()}
    panels = {
        "cross-entropy": {"training": [scores[size][0] for size in sizes], "test": [scores[size][1] for size in sizes]},
        "accuracy": {"training": [scores[size][2] for size in sizes], "test": [scores[size][3] for size in sizes]},
        "time for an epoch (ms)": {
            engine: [1000 * np.asarray(data["times"][size][engine]) for size in sizes]
            for engine in data["times"][sizes[0]]
        },
    }
    batch_sizes = plots.against_batch_size(sizes, panels, full=sizes[-1], log_y=["time for an epoch (ms)"])
    planes = plots.grid(
        [
            plots.decision_regions(
                plane["layer"],
                plane["X"],
                plane["targets"],
                names=[name.replace("_", " ") + " (cm, centred)" for name in plane["names"]],
            )
            for plane in data["planes"]
        ],
        columns=2,  # three would be too small to read on a phone
    )
    return {
        "question_3_curves": (curves, "Cross-entropy and accuracy of both sets against epochs, batch size 16"),
        "question_3_batch_sizes": (batch_sizes, "Cross-entropy, accuracy and time for an epoch against batch size"),
        "question_3_planes": (planes, "Regions of softmax layers trained on two features each"),
    }


FIGURES = {1: question_1, 2: question_2, 3: question_3}
