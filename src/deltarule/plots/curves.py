"""Learning curves: cost and errors over the epochs of one run or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import choice, numbers_by_name, text, truth
from deltarule.errors import InputError
from deltarule.plots import appearance
from deltarule.plots.panels import Line, Panel, Traces, checked
from deltarule.sweeps import Sweep
from deltarule.training import History, Run

Count = Literal["accuracy", "errors", "none"]
COUNTS = ("accuracy", "errors", "none")


def learning_curves(
    runs: Run | History | Sweep | Mapping[str, Run | History],
    *,
    count: Count = "accuracy",
    mean: bool = False,
    cost_label: str = "cost",
    validation_label: str = "validation",
    log_x: bool = False,
    log_y: bool = False,
    references: Mapping[str, float] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Traces:
    """Cost against epochs, and below it accuracy (or errors) where the layer has classes, of one run or several.

    Training and validation set differ in colour and dashes, runs in colour. All recorded epochs are part of the display.
    Accuracy and errors are steps, since they are counts.

    Parameters
    ----------
    runs : a `Run`, its `History`, or several of them by their labels; a `Sweep` stands for its best model. For some
        models of a sweep, give them by name: `{f"model {m}": sweep[m] for m in (0, 3)}`.
    count : what the second panel shows: "accuracy", "errors" or "none" (no second panel).
    mean : whether costs are those of `reduction="mean"`, whatever the reduction of the run: over the patterns of each
        set, so that the curves of sets of different sizes compare. It needs runs, without weight decay where their
        reduction is "sum".
    cost_label : of the cost's axis, with its reduction, as in "cross-entropy (mean)".
    validation_label : the name of the validation set in the legend, as in "test".
    log_x : whether the axis of epochs is logarithmic. Epoch 0 cannot be seen there.
    log_y : whether the axis of the cost is logarithmic.
    references : label -> cost: horizontal lines in the panel of the cost, such as the minimum of the cost.
    marks : label -> epoch: vertical lines.

    Raises
    ------
    InputError
        If there is no run, or one without a recorded epoch, or costs cannot be turned into means.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> descent = Descent(learning_rate=0.25, epochs=3)
    >>> run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], descent, engine="direct")
    >>> learning_curves(run).panels[0].lines[0].y.tolist()
    [0.5, 0.125, 0.03125, 0.0078125]
    >>> learning_curves(run, mean=True).panels[0].lines[0].y.tolist()  # without the 1/2: see `deltarule.layers`
    [1.0, 0.25, 0.0625, 0.015625]
    """
    choice("count", count, COUNTS)
    mean, log_x, log_y = truth("mean", mean), truth("log_x", log_x), truth("log_y", log_y)
    cost_label, validation_label = text("cost_label", cost_label), text("validation_label", validation_label)
    by_label = {label: _checked_run(label, run) for label, run in _by_label(runs).items()}
    histories = {label: _history(run) for label, run in by_label.items()}
    factors = {label: _mean_factors(run) if mean else (1.0, 1.0) for label, run in by_label.items()}
    cost = _lines(histories, "cost", validation_label, factors=factors)
    panels = [Panel(cost_label, cost, log_y, references=numbers_by_name("references", references))]
    if count != "none" and (counts := _lines(histories, count, validation_label, steps=True)):
        label = "errors (patterns)" if count == "errors" else count
        panels.append(Panel(label, counts, whole=count == "errors"))
    return checked(Traces(tuple(panels), "epoch", log_x, marks=numbers_by_name("marks", marks), whole_x=True))


def _by_label(runs: Any) -> Mapping[str, Any]:
    """The runs by their labels; one run has none."""
    if isinstance(runs, Sweep):
        if runs.record_every == 0:
            raise InputError(
                "learning curves",
                "be of recorded epochs",
                "a sweep with record_every=0, which records the first and the last",
                "Sweep with record_every=1, or train this model alone.",
            )
        return {"": runs.best}
    if isinstance(runs, Mapping):
        if not runs:
            raise InputError("runs", "be at least one", "none", "Give a Run, or a mapping from label to Run.")
        return runs
    return {"": runs}


def _checked_run(label: str, run: Any) -> Run | History:
    if not isinstance(run, Run | History):
        raise InputError(
            "runs",
            "be a Run, a History, a Sweep, or a mapping from label to Run or History",
            type(run).__name__,
            "Give the result of train().",
        )
    if len(_history(run).epoch) == 0:
        raise InputError(
            f"history of {label or 'the run'}",
            "have a recorded epoch",
            "none",
            "The run never had a finite cost: give inputs, targets and weights of a smaller scale.",
        )
    return run


def _history(run: Run | History) -> History:
    return run.history if isinstance(run, Run) else run


def _mean_factors(run: Run | History) -> tuple[float, float]:
    """What turns the costs of the training and of the validation set into those of `reduction="mean"`."""
    if not isinstance(run, Run):
        raise InputError(
            "runs",
            "be Runs where costs are means",
            "a History, which does not have the reduction",
            "Give the run itself.",
        )
    history, descent = run.history, run.descent
    factor = run.layer.mean_factor
    if descent.reduction == "mean" or (descent.reduction == "half-mean" and factor == 1):
        return 1.0, 1.0
    if descent.weight_decay:
        raise InputError(
            "weight decay of a mean cost",
            "be 0 where the run's costs are no means as of reduction='mean'",
            f"{descent.weight_decay:g}",
            "Train with reduction='mean', or draw the costs as they are.",
        )
    if descent.reduction == "half-mean":
        return factor, factor
    return factor / history.patterns, factor / (history.validation_patterns or np.nan)


def _lines(
    histories: Mapping[str, History],
    what: str,
    validation_label: str,
    *,
    factors: Mapping[str, tuple[float, float]] | None = None,
    steps: bool = False,
) -> tuple[Line, ...]:
    """The lines of a panel: one of the training set a run, and one of its validation set where it has one.

    Parameters
    ----------
    histories : label -> history.
    what : the column of the history, as in "cost".
    validation_label : the name of the validation set.
    factors : label -> what multiplies the values of the training and of the validation set; None for 1.
    steps : whether the lines are steps.
    """
    lines = []
    both = any(getattr(history, f"validation_{what}") is not None for history in histories.values())
    for place, (label, history) in enumerate(histories.items()):
        first = appearance.colour(place)
        second = appearance.VERMILLION if len(histories) == 1 else appearance.shade(first)
        factor, validation_factor = (1.0, 1.0) if factors is None else factors[label]
        for name, column, times, colour, dashes in (
            ("training", what, factor, first, appearance.DASHES[0]),
            (validation_label, f"validation_{what}", validation_factor, second, appearance.DASHES[1]),
        ):
            values: NDArray[np.float64] | None = getattr(history, column)
            if values is not None:
                # A validation cost may overflow where the training cost is still finite.
                finite = np.isfinite(values)
                parts = ", ".join(part for part in (label, name if both or not label else "") if part)
                x, y = history.epoch[finite].astype(np.float64), times * values[finite]
                lines.append(Line(parts, x, y, colour, dashes, steps=steps))
    return tuple(lines)
