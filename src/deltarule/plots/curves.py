"""Learning curves: how cost and errors fall over the epochs of one run or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import choice
from deltarule.errors import InputError
from deltarule.plots import appearance
from deltarule.plots.lines import Line, Panel, Traces, checked
from deltarule.training import History, Run

Count = Literal["accuracy", "errors", "none"]
COUNTS = ("accuracy", "errors", "none")


def learning_curves(
    runs: Run | History | Mapping[str, Run | History],
    *,
    count: Count = "accuracy",
    cost_label: str = "cost",
    validation_label: str = "validation",
    log_x: bool = False,
    log_y: bool = False,
    references: Mapping[str, float] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Traces:
    """Cost against epochs, and below it accuracy (or errors) where the layer has classes, of one run or several.

    Training and validation set are told apart by colour and by dashes, runs by colour. All recorded epochs are kept.

    Parameters
    ----------
    runs : a `Run`, its `History`, or several by their labels.
    count : what the second panel shows: "accuracy", "errors" or "none" (no second panel).
    validation_label : the name of the validation set in the legend, as in "test".
    cost_label : what the cost is, with its reduction, as in "cross-entropy (mean)".
    log_x, log_y : logarithmic axes of epochs and of cost. Epoch 0 cannot be seen on a logarithmic axis.
    references : label -> cost: horizontal lines in the cost's panel, such as the least cost there is.
    marks : label -> epoch: vertical lines.

    Raises
    ------
    InputError
        If there is no run, or one without a recorded epoch.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> descent = Descent(learning_rate=0.25, epochs=3)
    >>> run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], descent, engine="direct")
    >>> learning_curves(run).panels[0].lines[0].y.tolist()
    [0.5, 0.125, 0.03125, 0.0078125]
    """
    choice("count", count, COUNTS)
    named: Mapping[str, Any] = runs if isinstance(runs, Mapping) else {"": runs}
    if not named:
        raise InputError("runs", "be at least one", "none", "Give a Run, or a mapping from label to Run.")
    histories = {label: _history(label, run) for label, run in named.items()}
    panels = [Panel(cost_label, _lines(histories, "cost", validation_label), log_y, references=dict(references or {}))]
    if count != "none" and (counted := _lines(histories, count, validation_label)):
        label = "errors (patterns)" if count == "errors" else count
        panels.append(Panel(label, counted, whole=count == "errors"))
    return checked(Traces(tuple(panels), "epoch", log_x, marks=dict(marks or {})))


def _history(label: str, run: Any) -> History:
    history = run.history if isinstance(run, Run) else run
    if not isinstance(history, History):
        raise InputError(
            "runs",
            "be a Run, a History, or a mapping from label to one",
            type(run).__name__,
            "Give what train() returned.",
        )
    if len(history.epoch) == 0:
        raise InputError(
            f"history of {label or 'the run'}",
            "have a recorded epoch",
            "none",
            "The run never had a finite cost: try a smaller learning rate.",
        )
    return history


def _lines(histories: Mapping[str, History], what: str, validation_label: str) -> tuple[Line, ...]:
    """Two lines a run: its training set, and its validation set where it has one."""
    lines = []
    both = any(getattr(history, f"validation_{what}") is not None for history in histories.values())
    for place, (label, history) in enumerate(histories.items()):
        training, validation = getattr(history, what), getattr(history, f"validation_{what}")
        first = appearance.colour(place)
        second = appearance.VERMILLION if len(histories) == 1 else appearance.shade(first)
        for name, values, colour, dashes in (
            ("training", training, first, appearance.DASHES[0]),
            (validation_label, validation, second, appearance.DASHES[1]),
        ):
            if values is not None:
                named = ", ".join(part for part in (label, name if both or not label else "") if part)
                lines.append(_line(named, history.epoch, values, colour, dashes))
    return tuple(lines)


def _line(label: str, epoch: NDArray[Any], values: NDArray[Any], colour: Any, dashes: Any) -> Line:
    # A validation cost may overflow where the training cost is still finite.
    seen = np.isfinite(values)
    return Line(label, epoch[seen], values[seen], colour, dashes)
