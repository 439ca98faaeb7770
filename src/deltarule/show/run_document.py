"""A layer, a run or its history as a document, for the renderers of worked steps."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from deltarule.show.document import Document, Part
from deltarule.show.sentences import descent_sentence, layer_sentence, parameters_title
from deltarule.show.table import Table, parameter_tables
from deltarule.typeset.figures import duration, figure, figures, thousands
from deltarule.typeset.maths import Maths
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from deltarule.layers import Layer
    from deltarule.training import History, Run

DECIMALS = 4
# Epochs in the table of a run, at most: 0, 1, 2, 5, ..., 2,000 and 5,000 are 13.
EPOCHS_SHOWN = 13


class SetColumns(NamedTuple):
    """Figures of one set of patterns.

    Attributes
    ----------
    title : the name of the set.
    heads : what stands above the columns.
    rows : the figures, a row for each epoch.
    """

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def layer_document(layer: Layer, decimals: int = DECIMALS) -> Document:
    """A `layer`: its kind and size, weights and biases with this number of `decimals`."""
    return Document("", "Layer", (layer_sentence(layer),), (_parameters(layer, decimals),))


def run_document(run: Run, decimals: int = DECIMALS) -> Document:
    """A run: layer and descent, the cost at about ten epochs, how it ended, weights and biases.

    Parameters
    ----------
    run : the run.
    decimals : of each figure.
    """
    outcome = Part("outcome", "Outcome", remark=str(run.outcome))
    parts = (*_history_parts(run.history, decimals), _parameters(run.layer, decimals), outcome)
    return Document("", "Run", tuple(about_sentences(run)), parts)


def history_document(history: History, decimals: int = DECIMALS) -> Document:
    """A history by itself: the cost, the errors and the accuracy at about ten of the recorded epochs.

    Parameters
    ----------
    history : the history.
    decimals : of each cost.
    """
    return Document("", "", (), tuple(_history_parts(history, decimals)))


def _history_parts(history: History, decimals: int) -> list[Part]:
    labels, sets = history_columns(history, decimals)
    if not sets:
        return [Part("history", "History", remark="No cost could be recorded.")]
    tables = [Table(Maths("epoch", r"\text{epoch}"), tuple(labels), each.heads, tuple(each.rows)) for each in sets]
    titles = [f"History, {each.title}" if each.title else "History" for each in sets]
    return [Part("history", title, tables=(table,)) for title, table in zip(titles, tables, strict=True)]


def about_sentences(run: Run, patterns: int | None = None) -> list[str]:
    """The layer and the descent of a run, and what was done.

    Parameters
    ----------
    run : the run.
    patterns : the number of training patterns; None where it is not known.
    """
    timed = run.updates and math.isfinite(run.seconds_per_update)
    pace = f", {duration(run.seconds_per_update)} each" if timed else ""
    done = f"{run.engine} engine, {counted(run.updates, 'update')}{pace}"
    return [layer_sentence(run.layer), descent_sentence(run.descent, patterns), done]


def history_columns(
    history: History, decimals: int, second_set: str = "validation"
) -> tuple[list[str], list[SetColumns]]:
    """About ten of the recorded epochs, and their cost, errors and accuracy on each set; none where no cost is finite.

    Parameters
    ----------
    history : the history.
    decimals : of each cost.
    second_set : the name of the set that training followed beside the training set.
    """
    if not len(history.epoch):
        return [], []
    places = milestones(history.epoch.tolist(), EPOCHS_SHOWN)
    sets = []
    for title, cost, errors, accuracy in (
        ("training" if history.validation_cost is not None else "", history.cost, history.errors, history.accuracy),
        (second_set, history.validation_cost, history.validation_errors, history.validation_accuracy),
    ):
        if cost is None:
            continue
        columns = [("cost", figures(cost[places].tolist(), decimals))]
        if errors is not None and accuracy is not None:
            columns.append(("errors", [error_count(e, decimals) for e in errors[places].tolist()]))
            columns.append(("accuracy", [figure(a, 4) for a in accuracy[places].tolist()]))
        heads, texts = zip(*columns, strict=True)
        sets.append(SetColumns(title, heads, list(zip(*texts, strict=True))))
    return [thousands(int(history.epoch[p])) for p in places], sets


def milestones(epochs: Sequence[int], limit: int) -> list[int]:
    """Places of about `limit` recorded epochs: those nearest to 0, 1, 2, 5, 10, 20, 50, ..., and the last.

    Where there are too many, 0, 1, 5, 10, 50, ..., or powers of ten.

    Examples
    --------
    >>> epochs = list(range(1501))
    >>> [epochs[place] for place in milestones(epochs, 13)]
    [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1500]
    """
    last = len(epochs) - 1
    if last < limit:
        return list(range(last + 1))
    powers = range(len(str(epochs[-1])))
    places: list[int] = []
    for digits in ((1, 2, 5), (1, 5), (1,)):
        round_epochs = [0, *(digit * 10**power for power in powers for digit in digits)]
        places = sorted({min(bisect_left(epochs, epoch), last) for epoch in round_epochs} | {last})
        if len(places) <= limit:
            break
    return places


def error_count(errors: float, decimals: int) -> str:
    """A number of errors as a figure: without decimals where it is whole, which it always is unless patterns have weights."""
    return figure(errors, 0 if math.isfinite(errors) and errors == int(errors) else decimals)


def _parameters(layer: Layer, decimals: int) -> Part:
    return Part("weights", parameters_title(layer), tables=parameter_tables(layer, decimals))
