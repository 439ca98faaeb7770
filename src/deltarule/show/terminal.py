"""An iteration or a run as lines of plain text, at most so many characters wide."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deltarule.show.formulas import counted, descent_sentence, formulas, layer_sentence
from deltarule.show.layout import Block, Line, banded, joined, shown, unbroken, wrapped
from deltarule.show.numbers import ELLIPSIS, data_figures, duration, figure, figures, matrix_figures

if TYPE_CHECKING:
    from deltarule.descent import Descent
    from deltarule.iteration import Iteration
    from deltarule.layers import Layer
    from deltarule.metrics import Scores
    from deltarule.training import History, Run

# What is shown where nothing else was asked for: rows of a matrix, columns of one.
ROWS = 30
COLUMNS = 30
# Names up to this length stand above figures; longer ones are numbered, and the numbers explained.
SHORT_NAME, LONG_NAME = 4, 16
# Rows in the table of a run, about.
EPOCHS_SHOWN = 13


def iteration_text(iteration: Iteration, decimals: int = 2, rows: int | None = None, width: int = 80) -> str:
    r"""An iteration as plain text: the formulas, then every matrix.

    Parameters
    ----------
    decimals : of each figure; where a whole matrix would read as 0, figures have powers of ten instead.
    rows : patterns (and rows of W) shown; of more, the first ones and the last. None: all up to 30.
    width : characters a line; matrices that do not fit side by side go below each other, wider ones fold.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> descent = Descent(learning_rate=0.1, epochs=1)
    >>> worked = iterate(LinearLayer([[2.0]], [0.0]), [[1.0], [3.0]], [[1.0], [5.0]], descent)
    >>> print("\n".join(iteration_text(worked).splitlines()[-5:]))
    Gradients and update
          dJ/dW, dJ/db    W, b after
             1                1
    x1    4.00             1.60
    b     2.00            -0.20
    """
    return joined(iteration_lines(iteration, decimals, rows, width))


def run_text(run: Run, decimals: int = 4, width: int = 80) -> str:
    """A run as plain text: the layer, the cost at about ten epochs, weights and biases, and how it ended."""
    return joined(run_lines(run, decimals, width))


def iteration_lines(
    iteration: Iteration,
    decimals: int = 2,
    rows: int | None = None,
    width: int = 80,
    *,
    patterns: int | None = None,
    input_names: Sequence[str] = (),
    neuron_names: Sequence[str] = (),
) -> list[Line]:
    """`iteration_text`, line by line; names too long to stand above figures are numbered, and explained.

    patterns : the number of training patterns, of which the batch may be a part.
    """
    layer = iteration.initial
    limit = ROWS if rows is None else rows
    names = _neuron_names(layer, neuron_names)
    inputs, neurons = _heads(input_names, layer.inputs, "x"), _heads(names, layer.neurons, "")
    v = getattr(iteration, "sample_weight", None)
    weighted = v is not None and bool(np.any(v != 1))
    says = formulas(layer, iteration.descent, weighted=weighted)

    lines = [Line(f"Iteration {iteration.iteration}, in epoch {iteration.epoch}", "bold")]
    lines += wrapped(layer_sentence(layer), width) + wrapped(descent_sentence(iteration.descent, patterns), width)
    lines += _legend("inputs", inputs, input_names, width) + _legend("neurons", neurons, names, width)
    count = len(iteration.batch)
    if iteration.batch.tolist() != list(range(count)):
        which = f"{counted(count, 'pattern')} in this batch; p is the place of each among the training patterns, from 1"
        lines += wrapped(which, width)

    lines += [Line(""), Line("Formulas", "bold")]
    where = _where(layer, iteration.descent, count, weighted=weighted)
    lines += _formula("synaptic inputs", "U = X W + b", width)
    lines += _formula("outputs", f"Y = f(U), {'y_k' if layer.kind == 'softmax' else 'y'} = {says.output}", width)
    lines += _formula("cost", f"J = {says.cost}{where}", width)
    lines += _formula("delta", f"delta = dJ/dU = {says.delta}", width)
    lines += _formula("gradients", f"dJ/dW = {says.weight_gradient}, dJ/db = 1^T delta", width)
    update = f"W <- W - a dJ/dW, b <- b - a dJ/db, a = {iteration.descent.learning_rate:g}"
    lines += _formula("update", update, width)

    lines += [Line(""), Line("Layer before the update", "bold")]
    before = ("W, b", layer.weights, layer.biases)
    lines += _parameters([before], (inputs, neurons), decimals, width, limit)

    lines += [Line(""), Line("Patterns", "bold")]
    lines += _pattern_lines(
        iteration, (inputs, neurons), decimals, width, limit, delta=says.delta, v=v if weighted else None
    )

    lines.append(Line(""))
    if iteration.errors is not None:
        of = " by weight" if weighted else f" of {count}"
        lines.append(Line(f"errors  {_count(iteration.errors, decimals)}{of}"))
    lines += wrapped(f"cost    J = {says.cost} = {figures([iteration.cost], decimals)[0]}", width, indent=" " * 8)

    lines += [Line(""), Line("Gradients and update", "bold")]
    gradients = ("dJ/dW, dJ/db", iteration.weight_gradient, iteration.bias_gradient)
    after = ("W, b after", iteration.weights, iteration.biases)
    return lines + _parameters([gradients, after], (inputs, neurons), decimals, width, limit)


def _pattern_lines(
    iteration: Iteration,
    heads: tuple[Sequence[str], Sequence[str]],
    decimals: int,
    width: int,
    limit: int,
    *,
    delta: str,
    v: Any,
) -> list[Line]:
    """A row a pattern: X, D, U, Y, what was predicted, delta; wrong predictions are marked."""
    inputs, neurons = heads
    places = shown(len(iteration.batch), limit)
    kept = [p for p in places if p is not None]
    index = Block("", ["p"], [[str(iteration.batch[p] + 1)] for p in kept])

    def block(title: str, heads: Sequence[str], matrix: Any, *, data: bool = False) -> Block:
        chosen = matrix[kept].tolist()
        return _cut(Block(title, heads, (data_figures if data else matrix_figures)(chosen, decimals)))

    blocks = [block("X", inputs, iteration.inputs, data=True)]
    if v is not None:
        blocks.append(block("v", [""], v[:, None], data=True))
    blocks += [
        block("D", neurons, iteration.desired, data=True),
        block("U = X W + b", neurons, iteration.synaptic_inputs),
        block("Y = f(U)", neurons, iteration.outputs),
    ]
    styles: list[str] = []
    if iteration.errors is not None:
        wrong = [bool(np.any(iteration.predicted[p] != iteration.targets[p])) for p in kept]
        styles = ["red" if is_wrong else "" for is_wrong in wrong]
        said = [["wrong" if is_wrong else ""] for is_wrong in wrong]
        if iteration.predicted.ndim == 1:
            pairs = [[name(iteration.predicted[p]), name(iteration.targets[p])] for p in kept]
            said = [pair + mark for pair, mark in zip(pairs, said, strict=True)]
            blocks.append(Block("", ["predicted", "target", ""], said, words=True))
        else:  # independent neurons: a row of 0 and 1, to be set against D
            blocks.append(block("predicted", neurons, iteration.predicted, data=True))
            blocks.append(Block("", [""], said, words=True))
    blocks.append(block(f"delta = {delta}", neurons, iteration.delta))
    return banded(index, blocks, width, gaps=_gaps(places), styles=styles)


def run_lines(run: Run, decimals: int = 4, width: int = 80) -> list[Line]:
    """`run_text`, line by line."""
    lines = [*about_lines(run, width), Line(""), *history_lines(run.history, decimals, width), Line("")]
    lines += [Line("Weights and biases", "bold"), *parameter_lines(run.layer, decimals, width)]
    return [*lines, Line(""), *wrapped(str(run.outcome), width)]


def about_lines(run: Run, width: int, patterns: int | None = None) -> list[Line]:
    """The layer, the descent (on so many training patterns), and what was done."""
    lines = wrapped(layer_sentence(run.layer), width) + wrapped(descent_sentence(run.descent, patterns), width)
    pace = f", {duration(run.seconds_per_update)} each" if run.updates else ""
    return [*lines, *wrapped(f"{run.engine} engine, {counted(run.updates, 'update')}{pace}", width)]


def history_lines(history: History, decimals: int, width: int, held_out: str = "validation") -> list[Line]:
    """Cost, errors and accuracy at about ten of the recorded epochs: early ones close together, late ones far apart."""
    if not len(history.epoch):
        return [Line("No cost could be recorded.")]
    places = milestones(history.epoch.tolist(), EPOCHS_SHOWN)
    index = Block("", ["epoch"], [[str(history.epoch[p])] for p in places])
    blocks = []
    for title, cost, errors, accuracy in (
        ("training" if history.validation_cost is not None else "", history.cost, history.errors, history.accuracy),
        (held_out, history.validation_cost, history.validation_errors, history.validation_accuracy),
    ):
        if cost is None:
            continue
        columns = [("cost", figures(cost[places].tolist(), decimals))]
        if errors is not None and accuracy is not None:
            columns.append(("errors", [_count(e, decimals) for e in errors[places].tolist()]))
            columns.append(("accuracy", [figure(a, 4) for a in accuracy[places].tolist()]))
        heads, texts = zip(*columns, strict=True)
        blocks.append(Block(title, heads, list(zip(*texts, strict=True))))
    return banded(index, blocks, width)


def parameter_lines(
    layer: Layer,
    decimals: int,
    width: int,
    *,
    input_names: Sequence[str] = (),
    neuron_names: Sequence[str] = (),
) -> list[Line]:
    """Weights, a neuron a column, and biases below them, under the names of inputs and neurons."""
    inputs = [name(n) for n in input_names] or _heads((), layer.inputs, "x")
    neurons = [name(n) for n in _neuron_names(layer, neuron_names)]
    if len(neurons) != layer.neurons:
        neurons = _heads((), layer.neurons, "")
    return _parameters([("", layer.weights, layer.biases)], (inputs, neurons), decimals, width)


def score_lines(
    names: Sequence[str], sets: Mapping[str, Scores], decimals: int, width: int, *, units: str = ""
) -> list[Line]:
    """Mean square error and R2 of each target variable, a pair of columns a set of patterns."""
    index = Block("", [""], [[name(n)] for n in names], words=True)
    blocks = [
        Block(
            title,
            ["MSE", "R2"],
            list(
                zip(
                    figures(found.mean_square_error.tolist(), decimals),
                    ["undefined" if math.isnan(r) else figures([r], decimals)[0] for r in found.r2.tolist()],
                    strict=True,
                )
            ),
        )
        for title, found in sets.items()
    ]
    lines = [*wrapped(f"Mean square error and R2{units}", width, style="bold"), *banded(index, blocks, width)]
    if any(math.isnan(r) for found in sets.values() for r in found.r2.tolist()):
        lines += wrapped("R2 is undefined where all targets are equal: there is nothing to explain.", width)
    return lines


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
        wanted = [0, *(digit * 10**power for power in powers for digit in digits)]
        places = sorted({min(bisect_left(epochs, epoch), last) for epoch in wanted} | {last})
        if len(places) <= limit:
            break
    return places


def name(label: object) -> str:
    """A label in a table: as text, on one line, cut to 16 characters."""
    text = str(label)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= LONG_NAME else text[: LONG_NAME - len(ELLIPSIS)] + ELLIPSIS


def _parameters(
    matrices: Iterable[tuple[str, Any, Any]],
    heads: tuple[Sequence[str], Sequence[str]],
    decimals: int,
    width: int,
    limit: int = ROWS,
) -> list[Line]:
    """Matrices shaped as W, each with its row shaped as b below, side by side."""
    inputs, neurons = heads
    places = shown(len(inputs), limit)
    kept = [n for n in places if n is not None]
    index = Block("", [""], [*([inputs[n]] for n in kept), ["b"]], words=True)
    blocks = [
        _cut(Block(title, neurons, matrix_figures([*W[kept].tolist(), b.tolist()], decimals)))
        for title, W, b in matrices
    ]
    return banded(index, blocks, width, gaps=_gaps(places))


def _gaps(places: Sequence[int | None]) -> list[int]:
    """Before which of the rows shown the ellipsis stands."""
    return [places.index(None)] if None in places else []


def _heads(names: Sequence[object], count: int, prefix: str) -> list[str]:
    """Names to stand above figures: those given if all are short, else numbers."""
    texts = [name(n) for n in names]
    if len(texts) == count and max(map(len, texts)) <= SHORT_NAME:
        return texts
    return [f"{prefix}{n}" for n in range(1, count + 1)]


def _neuron_names(layer: Layer, given: Sequence[str]) -> Sequence[object]:
    classes = getattr(layer, "classes", None)
    return given if classes is None else classes


def _legend(thing: str, heads: Sequence[str], names: Sequence[object], width: int) -> list[Line]:
    """What the numbers above figures stand for, where they stand for names."""
    texts = [name(n) for n in names]
    if len(texts) != len(heads) or texts == list(heads):
        return []
    places = shown(len(texts), COLUMNS)
    said = [ELLIPSIS if p is None else unbroken(f"{heads[p]} = {texts[p]}") for p in places]
    return wrapped(f"{thing}: {', '.join(said)}", width)


def _cut(block: Block) -> Block:
    """A block of at most `COLUMNS` columns: of more, the first ones, an ellipsis and the last."""
    places = shown(len(block.heads), COLUMNS)
    if None not in places:
        return block

    def cut(row: Sequence[str]) -> list[str]:
        return [ELLIPSIS if p is None else row[p] for p in places]

    return Block(block.title, cut(block.heads), [cut(row) for row in block.rows], block.words)


def _formula(thing: str, text: str, width: int) -> list[Line]:
    return wrapped(f"  {thing:<17}{text}", width, indent=" " * 19)


def _where(layer: Layer, descent: Descent, count: int, *, weighted: bool) -> str:
    """What the letters of the cost stand for."""
    letters = ["log: natural"] if layer.kind in ("softmax", "logistic") else []
    if descent.reduction == "mean":
        letters.append("V = sum_p v_p" if weighted else f"P = {count}")
        letters += [] if layer.kind == "softmax" else [f"K = {layer.neurons}"]
    if descent.weight_decay:
        letters.append(f"L = {descent.weight_decay:g}")
    return f"  ({', '.join(map(unbroken, letters))})" if letters else ""


def _count(errors: float, decimals: int) -> str:
    """A number of errors: whole where it is, as it is unless patterns have weights."""
    return figure(errors, 0 if math.isfinite(errors) and errors == int(errors) else decimals)
