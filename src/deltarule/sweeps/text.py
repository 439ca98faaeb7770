"""A sweep as text and as a document: what all models share, a table of the best ones, and what to think of the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.outcome import Reason
from deltarule.show.document import Document, Part, Table
from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.sweeps.result import Sweep, overflowing
from deltarule.typeset.columns import Block, Line, banded, wrapped
from deltarule.typeset.figures import duration, figure, figures
from deltarule.typeset.maths import Maths
from deltarule.typeset.words import counted

# Models in a table.
ROWS = 10
DECIMALS = 4
# The columns that say which model it is, and their heads; a rate is written as short as it can be.
SETTINGS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "learning_rate": ("rate", lambda value: f"{value:.4g}"),
    "batch_size": ("batch", str),
    "weight_decay": ("decay", lambda value: f"{value:.4g}"),
    "momentum": ("momentum", lambda value: f"{value:.4g}"),
    "tolerance": ("tolerance", lambda value: f"{value:.4g}"),
    "seed": ("seed", str),
}


def sweep_lines(sweep: Sweep, decimals: int = DECIMALS, width: int = 80, rows: int = ROWS) -> list[Line]:
    """A sweep for a terminal.

    Parameters
    ----------
    sweep : the sweep.
    decimals : of costs.
    width : of the lines, in characters.
    rows : how many models the table has at most.
    """
    places, more = _places(sweep, rows)
    lines = [line for sentence in _about(sweep) for line in wrapped(sentence, width)]
    states = [_state(sweep, place) for place in places]
    index = Block("", ["model"], [[str(place)] for place in places])
    styles = ["yellow" if state == Reason.COST_NOT_FINITE.label else "" for state in states]
    lines += [Line(""), *banded(index, _blocks(sweep, places, states, decimals), width, styles=styles)]
    if more:
        lines += wrapped(f"... and {counted(more, 'more model')}", width, style="dim")
    if sweep.remarks:
        lines += [Line(""), *wrapped(" ".join(sweep.remarks), width, style="yellow")]
    for sentence in _lost(sweep):
        lines += wrapped(sentence, width, style="yellow")
    for sentence in _best(sweep):
        lines += [Line(""), *wrapped(sentence, width)]
    return lines


def sweep_document(sweep: Sweep, decimals: int = DECIMALS, rows: int = ROWS) -> Document:
    """A sweep for a notebook; the parameters are those of `sweep_lines`."""
    places, more = _places(sweep, rows)
    blocks = _blocks(sweep, places, [_state(sweep, place) for place in places], decimals)
    # The title of a block stands before its first head, "cost": the heads are then short enough for one table.
    heads = tuple(
        f"{'' if k else block.title} {head}".strip() for block in blocks for k, head in enumerate(block.heads)
    )
    texts = tuple(tuple(text for row in parts for text in row) for parts in zip(*(b.rows for b in blocks), strict=True))
    table = Table(Maths("", ""), tuple(f"model {place}" for place in places), heads, texts)
    title = f"The first {len(places)} of {counted(len(places) + more, 'different model')}" if more else "Models"
    parts = [Part("models", title, tables=(table,))]
    for name, sentences in (("best", _best(sweep)), ("remarks", [*sweep.remarks, *_lost(sweep)])):
        if sentences:
            parts.append(Part(name, name.capitalize(), remark=" ".join(sentences)))
    return Document("", "Sweep", tuple(_about(sweep)), tuple(parts))


def _places(sweep: Sweep, rows: int) -> tuple[list[int], int]:
    """The models of the table, best first, one of those that are identical; and how many more there are."""
    by = "validation_cost" if "validation_cost" in sweep.columns else "cost"
    distinct = sweep.distinct
    ranking = sweep.ranking(by)
    ordered = [*ranking[np.isin(ranking, distinct)].tolist(), *np.setdiff1d(distinct, ranking).tolist()]
    return ordered[:rows], len(ordered[rows:])


def _about(sweep: Sweep) -> list[str]:
    """The layer, how many models there are and what they share; what they are compared by."""
    shared = [_shared(sweep, name) for name in SETTINGS if name in sweep.columns and not _varies(sweep, name)]
    epochs = [descent.epochs for descent in sweep.descents]
    shared.append(
        counted(epochs[0], "epoch") if min(epochs) == max(epochs) else f"{min(epochs)} to {max(epochs)} epochs"
    )
    parts = [counted(len(sweep), "model"), layer_sentence(sweep.layers[0]), *shared, *_same_for_all(sweep)]
    about = ", ".join([*parts, f"cost: {sweep.descents[0].reduction}"]) + f"; {duration(sweep.seconds)}"
    return [about, f"{counted(len(sweep.training.X), 'training pattern')}; {_compared(sweep)}"]


def _shared(sweep: Sweep, name: str) -> str:
    """A setting that all models have."""
    if name == "batch_size" and sweep.descents[0].is_full_batch(len(sweep.training.X)):
        return "full batch"
    return f"{name.replace('_', ' ')} {SETTINGS[name][1](sweep.columns[name][0])}"


def _same_for_all(sweep: Sweep) -> list[str]:
    """Settings beside the columns: the schedule, and so on, where all models have it."""
    found = []
    schedules = {descent.schedule for descent in sweep.descents}
    if len(schedules) == 1 and not sweep.descents[0].schedule.is_constant:
        found.append(f"schedule: {sweep.descents[0].schedule}")
    if any(descent.nesterov for descent in sweep.descents):
        found.append("Nesterov's momentum")
    if any(descent.decay_biases for descent in sweep.descents):
        found.append("biases decayed too")
    patience = {descent.patience for descent in sweep.descents}
    if len(patience) == 1 and sweep.descents[0].patience is not None:
        found.append(f"patience {sweep.descents[0].patience}")
    return found


def _compared(sweep: Sweep) -> str:
    """What the models are compared by."""
    if sweep.validation is not None:
        return f"compared on {counted(len(sweep.validation.X), 'validation pattern')}, by cost without weight decay"
    if sweep.folds is not None:
        return f"compared by {sweep.folds}-fold cross-validation: mean and deviation of the cost without weight decay"
    return "ordered by training cost, since there are no validation patterns to choose by"


def _blocks(sweep: Sweep, places: Sequence[int], states: Sequence[str], decimals: int) -> list[Block]:
    """The settings that vary, the scores and, where any is worth a word, the states of these models."""
    columns = {name: column[places] for name, column in sweep.columns.items()}
    varied = [name for name in SETTINGS if name in columns and _varies(sweep, name)]
    blocks = []
    if varied:
        texts = [[SETTINGS[name][1](value) for value in columns[name].tolist()] for name in varied]
        blocks.append(Block("", [SETTINGS[name][0] for name in varied], list(zip(*texts, strict=True))))
    if "validation_cost" in columns:
        blocks.append(_score_block("validation", "validation_", columns, decimals))
        blocks.append(_score_block("training", "", {name: columns[name] for name in ("cost", "diverged")}, decimals))
    else:
        blocks.append(_score_block("", "", columns, decimals))
    if any(states):
        blocks.append(Block("", [""], [[state] for state in states], words=True))
    return blocks


def _score_block(title: str, prefix: str, columns: dict[str, Any], decimals: int) -> Block:
    """The scores of one set of patterns, whose columns begin with the prefix."""
    diverged = columns["diverged"]
    heads, texts = ["cost"], [_costs(columns[f"{prefix}cost"], diverged, decimals)]
    if f"{prefix}cost_deviation" in columns:
        heads.append("deviation")
        texts.append(_costs(columns[f"{prefix}cost_deviation"], diverged, decimals))
    if f"{prefix}accuracy" in columns:
        heads.append("accuracy")
        texts.append([figure(value, 4) for value in columns[f"{prefix}accuracy"].tolist()])
    rows = [["-" if text == "nan" else text for text in row] for row in zip(*texts, strict=True)]
    return Block(title, heads, rows)


def _costs(costs: NDArray[np.float64], diverged: NDArray[np.bool_], decimals: int) -> list[str]:
    """Costs in one notation, which models that diverged have no say in: theirs may have hundreds of digits.

    Parameters
    ----------
    costs, diverged : (models,) the costs, and which models diverged.
    decimals : of the costs.
    """
    if diverged.all():
        return figures(costs.tolist(), decimals)
    others = iter(figures(costs[~diverged].tolist(), decimals))
    return [
        figures([cost], decimals)[0] if lost else next(others)
        for cost, lost in zip(costs.tolist(), diverged.tolist(), strict=True)
    ]


def _state(sweep: Sweep, place: int) -> str:
    """How a model ended; nothing where it did all its epochs."""
    reason = sweep.results[place].reason
    if reason.ended and sweep.columns["diverged"][place]:
        return "diverged in a fold"
    return "" if reason is Reason.EPOCHS_DONE else reason.label


def _lost(sweep: Sweep) -> list[str]:
    """How many models diverged, from which learning rate on, and how many were interrupted."""
    found = []
    without_cost = overflowing(sweep)
    if without_cost.any():
        verb = "has" if without_cost.sum() == 1 else "have"
        found.append(
            f"{int(without_cost.sum())} of {counted(len(sweep), 'model')} {verb} no finite cost from the start: "
            "the initial weights, the inputs or the targets are too large."
        )
    diverged = sweep.columns["diverged"] & ~without_cost
    if diverged.any():
        smallest = sweep.columns["learning_rate"][diverged].min()
        found.append(
            f"{int(diverged.sum())} of {counted(len(sweep), 'model')} diverged; the smallest learning rate among them is "
            f"{smallest:.4g}."
        )
    interrupted = sum(result.reason is Reason.INTERRUPTED for result in sweep.results)
    if interrupted:
        found.append(f"{counted(interrupted, 'model')} did not end: the sweep was interrupted.")
    elif sweep.interrupted and sweep.folds is not None:
        found.append("The sweep was interrupted in the cross-validation: no model has a validation cost.")
    return found


def _best(sweep: Sweep) -> list[str]:
    """The model with the smallest validation cost, and how far to trust that cost."""
    ranking = sweep.ranking().tolist() if "validation_cost" in sweep.columns else []
    if not ranking:
        return []
    place, models = ranking[0], int(np.isin(sweep.distinct, ranking).sum())
    rates, rate = sweep.columns["learning_rate"], sweep.columns["learning_rate"][place]
    descent = descent_sentence(sweep.descents[place], len(sweep.training.X))
    text = f"Best by validation cost: model {place}: {descent}."
    if models > 1:
        text += f" As the best of {models}, it looks better by that cost than it is; a test set says how good it is."
    if sweep.interrupted:
        text += " The sweep was interrupted: a model that did not end may be better."
    elif rates.min() < rates.max() and rate in (rates.min(), rates.max()):
        end, further = ("smallest", "smaller") if rate == rates.min() else ("largest", "larger")
        text += f" Its learning rate is the {end} of those tried: try {further} ones too."
    return [text]


def _varies(sweep: Sweep, name: str) -> bool:
    column = sweep.columns[name]
    return bool((column != column[0]).any())
