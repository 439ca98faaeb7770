"""A sweep as text: what all models share, the best ones as a table, and what diverged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.sweeps.result import Sweep
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.figures import duration, figure, figures
from deltarule.typeset.words import counted
from deltarule.views import View, register

# The columns that say which model it is, and their heads; a rate is written as short as it can be.
SETTINGS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "learning_rate": ("rate", lambda value: f"{value:.4g}"),
    "batch_size": ("batch", str),
    "weight_decay": ("decay", lambda value: f"{value:.4g}"),
    "tolerance": ("tolerance", lambda value: f"{value:.4g}"),
    "seed": ("seed", str),
}
OUTCOMES = {
    "epochs_done": "",
    "tolerance_met": "tolerance met",
    "cost_not_finite": "diverged",
    "interrupted": "interrupted",
}


def sweep_text(sweep: Sweep, decimals: int = 4, width: int = 80, limit: int = 10) -> str:
    """The best models of a sweep, and what became of the others."""
    return joined(sweep_lines(sweep, decimals, width, limit))


def sweep_lines(sweep: Sweep, decimals: int = 4, width: int = 80, limit: int = 10) -> list[Line]:
    """`sweep_text`, line by line."""
    by = "validation_cost" if "validation_cost" in sweep.columns else "cost"
    lines = [*wrapped(_about(sweep), width), *wrapped(_compared(sweep), width), Line("")]
    ranking = sweep.ranking(by).tolist()
    others = sorted(set(range(len(sweep))) - set(ranking))
    lines += _table(sweep, [*ranking, *others][:limit], decimals, width)
    if len(sweep) > limit:
        lines += wrapped(f"... and {counted(len(sweep) - limit, 'more model')}", width, style="dim")
    lines += wrapped(_lost(sweep), width, style="yellow")
    if by == "validation_cost" and ranking:
        lines += [Line(""), *wrapped(_best(sweep, ranking[0]), width)]
    return lines


def _about(sweep: Sweep) -> str:
    """The layer, how many models, and what they share."""
    shared = [
        f"{name.replace('_', ' ')} {shown(sweep.columns[name][0])}"
        for name, (_, shown) in SETTINGS.items()
        if name in sweep.columns and not _varies(sweep, name)
    ]
    epochs = [descent.epochs for descent in sweep.descents]
    shared.append(
        counted(epochs[0], "epoch") if min(epochs) == max(epochs) else f"{min(epochs)} to {max(epochs)} epochs"
    )
    pace = duration(sweep.seconds)
    parts = [counted(len(sweep), "model"), layer_sentence(sweep.layers[0]), *shared]
    return ", ".join([*parts, f"cost: {sweep.descents[0].reduction}"]) + f"; {pace}"


def _compared(sweep: Sweep) -> str:
    patterns = counted(len(sweep.training.X), "training pattern")
    if sweep.validation is not None:
        held_out = counted(len(sweep.validation.X), "validation pattern")
        return f"{patterns}; compared on {held_out}, by their cost without weight decay"
    if sweep.folds is not None:
        return f"{patterns}; compared by {sweep.folds}-fold cross-validation: mean cost without weight decay, and its deviation"
    return f"{patterns}; in the order of training cost: nothing was held out to choose by"


def _best(sweep: Sweep, place: int) -> str:
    """The model with the least validation cost, and what to think of that."""
    rates, rate = sweep.columns["learning_rate"], sweep.columns["learning_rate"][place]
    said = f"Best by validation cost: model {place}: {descent_sentence(sweep.descents[place], len(sweep.training.X))}."
    if len(sweep) > 1:
        said += f" Being the best of {len(sweep)}, it is flattered by that cost; a test set says how well it does."
    if rates.min() < rates.max() and rate in (rates.min(), rates.max()):
        end, further = ("least", "smaller") if rate == rates.min() else ("largest", "larger")
        said += f" Its learning rate is the {end} of those tried: try {further} ones too."
    return said


def _table(sweep: Sweep, places: list[int], decimals: int, width: int) -> list[Line]:
    columns = {name: column[places] for name, column in sweep.columns.items()}
    varied = [name for name in SETTINGS if name in columns and _varies(sweep, name)]
    index = Block("", ["model"], [[str(place)] for place in places])
    blocks = []
    if varied:
        texts = [[SETTINGS[name][1](value) for value in columns[name].tolist()] for name in varied]
        blocks.append(Block("", [SETTINGS[name][0] for name in varied], list(zip(*texts, strict=True))))
    if "validation_cost" in columns:
        blocks.append(_scores("folds" if sweep.folds else "validation", "validation_", columns, decimals))
        blocks.append(_scores("training", "", {"cost": columns["cost"]}, decimals))
    else:
        blocks.append(_scores("", "", columns, decimals))
    said = [_outcome(sweep, place) for place in places]
    if any(said):
        blocks.append(Block("", [""], [[text] for text in said], words=True))
    return banded(index, blocks, width, styles=["yellow" if text == "diverged" else "" for text in said])


def _scores(title: str, prefix: str, columns: dict[str, Any], decimals: int) -> Block:
    heads, texts = ["cost"], [figures(columns[f"{prefix}cost"].tolist(), decimals)]
    if f"{prefix}cost_deviation" in columns:
        heads.append("+-")
        texts.append(figures(columns[f"{prefix}cost_deviation"].tolist(), decimals))
    if f"{prefix}accuracy" in columns:
        heads.append("accuracy")
        texts.append([figure(value, 4) for value in columns[f"{prefix}accuracy"].tolist()])
    rows = [["-" if text == "nan" else text for text in row] for row in zip(*texts, strict=True)]
    return Block(title, heads, rows)


def _outcome(sweep: Sweep, place: int) -> str:
    outcome = OUTCOMES[str(sweep.columns["outcome"][place])]
    return "diverged in a fold" if not outcome and sweep.columns["diverged"][place] else outcome


def _lost(sweep: Sweep) -> str:
    """How many models diverged, from which learning rate on, and how many were interrupted."""
    parts = []
    diverged = sweep.columns["diverged"]
    if diverged.any():
        least = sweep.columns["learning_rate"][diverged].min()
        parts.append(
            f"{int(diverged.sum())} of {counted(len(sweep), 'model')} diverged, the least learning rate among them {least:.4g}"
        )
    interrupted = int(np.sum(sweep.columns["outcome"] == "interrupted"))
    if interrupted:
        parts.append(f"{counted(interrupted, 'model')} did not end: the sweep was interrupted")
    return "; ".join(parts) + "." if parts else ""


def _varies(sweep: Sweep, name: str) -> bool:
    column = sweep.columns[name]
    return bool((column != column[0]).any())


register(Sweep, View(sweep_text))
