"""The document of a worked step: its parts in order, formulas and figures as text. Renderers only lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from deltarule.show.formulas import layer_formulas
from deltarule.show.notation import SYMBOLS, derivative, notation
from deltarule.show.sentences import descent_sentence, layer_sentence, neuron_names
from deltarule.show.substitution import Substitution, Texts
from deltarule.typeset.figures import ELLIPSIS, data_figures, figure, figures, matrix_figures, thousands
from deltarule.typeset.maths import Maths, Pieces, maths, number
from deltarule.typeset.words import MAXIMUM_COLUMNS, counted, heads, legend, places_shown, short_name

if TYPE_CHECKING:
    from deltarule.iteration import Iteration
    from deltarule.layers import Layer

# Rows of a matrix that are shown where nothing else was asked for.
ROWS = 30
# Characters between two columns of a table that is folded.
BETWEEN = 2


@dataclass(frozen=True)
class Table:
    """A matrix as texts.

    symbol : what stands before it. labels, heads : of its rows and columns.
    rows : texts, with a column of `ELLIPSIS` where columns were left out. gap : before which row others were left out.
    words : whether they are words, which stand to the left.
    wrong : places of the rows that are predicted wrongly.
    """

    symbol: Maths
    labels: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    gap: int | None = None
    words: bool = False
    wrong: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """One step of the work.

    name : the `Iteration`'s, or "problem". formula : with letters. lines : the same with numbers, some entries of it.
    where : what letters of the formula stand for. value : the figure of a number (cost, errors). remark : a sentence.
    """

    name: str
    title: str
    formula: Maths | None = None
    lines: tuple[Pieces, ...] = ()
    tables: tuple[Table, ...] = ()
    where: tuple[Maths, ...] = ()
    value: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Document:
    """A heading, sentences on layer and descent, and the parts."""

    title: str
    heading: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        """The part of that name, if there is one."""
        return next((part for part in self.parts if part.name == name), None)


def iteration_document(
    iteration: Iteration,
    decimals: int = 2,
    rows: int | None = None,
    *,
    title: str = "",
    input_names: Sequence[str] = (),
    neuron_names: Sequence[str] = (),
    patterns: int | None = None,
) -> Document:
    """The worked step of an iteration, every figure rounded half away from zero.

    Parameters
    ----------
    decimals : of each figure; where a whole matrix would read as 0, figures have powers of ten instead.
    rows : patterns (and rows of W) shown; of more, the first ones and the last. None: all up to 30.
    input_names, neuron_names : those too long to stand above figures are numbered, and explained.
    patterns : the number of training patterns, of which the batch may be a part.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> worked = iterate(LinearLayer([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(learning_rate=0.1, epochs=1))
    >>> part = iteration_document(worked).part("synaptic_inputs")
    >>> part.formula.text, part.tables[0].rows, [piece.text for piece in part.lines[0]]
    ('U = X W + b', (('2.50',),), ['u_1,1', '= 1 * 2.00', '+ 0.50', '= 2.50'])
    """
    shaper = _Shaper(iteration, decimals, ROWS if rows is None else rows, input_names, neuron_names)
    layer = iteration.initial
    sentences = [layer_sentence(layer), descent_sentence(iteration.descent, patterns), *shaper.legends]
    count = len(iteration.batch)
    if iteration.batch.tolist() != list(range(count)):
        sentences.append(
            f"{counted(count, 'pattern')} in this batch; p is the place of each among the training patterns, from 1"
        )
    sentences.append(f"figures are rounded to {counted(decimals, 'decimal')}; the work itself is done with all digits")
    heading = f"Iteration {thousands(iteration.iteration)}, in epoch {thousands(iteration.epoch)}"
    return Document(title, heading, tuple(sentences), tuple(_parts(iteration, shaper, decimals)))


class _Shaper:
    """Which rows and columns of an iteration are shown, under which names, in which figures."""

    def __init__(
        self, iteration: Iteration, decimals: int, limit: int, input_names: Sequence[str], neurons: Sequence[str]
    ) -> None:
        layer = iteration.initial
        names = neuron_names(layer, neurons)
        self.inputs, self.neurons = heads(input_names, layer.inputs, "x"), heads(names, layer.neurons, "")
        self.legends = [*legend("inputs", self.inputs, input_names), *legend("neurons", self.neurons, names)]
        self.decimals = decimals
        places, self.pattern_gap = _kept(len(iteration.batch), limit)
        lines, self.input_gap = _kept(layer.inputs, limit)
        self.places, self.lines = places, lines
        self.labels = tuple(str(p + 1) for p in iteration.batch[places].tolist())
        v = iteration.sample_weight
        self.weighted = bool(np.any(v != 1))
        said, wanted = iteration.predicted[places], iteration.targets[places]
        classes = iteration.errors is not None
        self.wrong = tuple(i for i in range(len(places)) if classes and np.any(said[i] != wanted[i]))

        def matrix(values: Any) -> list[list[str]]:
            return matrix_figures(values[places].tolist(), decimals)

        def data(values: Any) -> list[list[str]]:
            return data_figures(values[places].tolist(), decimals)

        def parameters(W: Any, b: Any) -> tuple[list[list[str]], list[str]]:
            *above, last = matrix_figures([*W[lines].tolist(), b.tolist()], decimals)
            return above, last

        W, b = parameters(layer.weights, layer.biases)
        dW, db = parameters(iteration.weight_gradient, iteration.bias_gradient)
        after_W, after_b = parameters(iteration.weights, iteration.biases)
        slopes = iteration.slopes
        self.texts = Texts(
            X=data(iteration.inputs),
            D=data(iteration.desired),
            v=[row[0] for row in data(v[:, None])],
            W=W,
            b=b,
            U=matrix(iteration.synaptic_inputs),
            Y=matrix(iteration.outputs),
            slopes=None if slopes is None else matrix(slopes),
            delta=matrix(iteration.delta),
            weight_gradient=dW,
            bias_gradient=db,
            weights=after_W,
            biases=after_b,
        )

    def patterns(self, symbol: Maths | str, texts: list[list[str]], columns: Sequence[str], **options: Any) -> Table:
        """A matrix with a row a pattern."""
        return _table(maths(symbol), self.labels, columns, texts, self.pattern_gap, **options)

    def weights(self, symbol: Maths | str, texts: list[list[str]]) -> Table:
        """A matrix with a row an input."""
        return _table(maths(symbol), [self.inputs[n] for n in self.lines], self.neurons, texts, self.input_gap)

    def biases(self, symbol: Maths | str, texts: list[str]) -> Table:
        """A row, one figure a neuron."""
        return _table(maths(symbol), [""], self.neurons, [texts])


def _parts(iteration: Iteration, shaper: _Shaper, decimals: int) -> list[Part]:
    layer, descent, t = iteration.initial, iteration.descent, shaper.texts
    formulas, row = layer_formulas(layer, descent, weighted=shaper.weighted), notation(layer)
    step = Substitution(iteration, t, shaper.places, shaper.pattern_gap, shaper.lines, shaper.input_gap, decimals)
    neurons = shaper.neurons
    dW, db, delta = SYMBOLS["weight_gradient"], SYMBOLS["bias_gradient"], SYMBOLS["delta"]
    rate = Maths("a", r"\alpha")
    weights = [shaper.patterns("v", [[text] for text in t.v], [""])] if shaper.weighted else []
    problem = (
        shaper.patterns("X", t.X, shaper.inputs),
        shaper.patterns("D", t.D, neurons),
        *weights,
        shaper.weights("W", t.W),
        shaper.biases("b", t.b),
    )
    output = maths("Y = f(U),", Maths("", r"\quad"), f"{row.output} =", formulas.output)
    output = Maths(output.text.replace("  ", " "), output.latex)
    parts = [
        Part("problem", "The layer and its patterns", maths(rate, "=", number(f"{descent.learning_rate:g}")), (), problem),
        Part(
            "synaptic_inputs", "Synaptic inputs", maths("U = X W + b"), step.synaptic_inputs(),
            (shaper.patterns("U", t.U, neurons),),
        ),
        Part("outputs", "Outputs", output, step.outputs(), (shaper.patterns("Y", t.Y, neurons),)),
    ]  # fmt: skip
    slope = row.activation(layer).slope
    if t.slopes is not None and slope is not None:
        formula = maths("f'(u) =", slope.formula)
        parts.append(Part("slopes", "Slopes", formula, step.slopes(), (shaper.patterns("f'(U)", t.slopes, neurons),)))
    if iteration.errors is not None:
        parts += [_predicted(iteration, shaper), _errors(iteration, shaper, decimals)]
    cost = figures([iteration.cost], decimals)[0]
    each = figures(iteration.pattern_costs[shaper.places].tolist(), decimals)
    costs = shaper.patterns(Maths("j_p", "j_p"), [[text] for text in each], [""])
    parts += [
        Part(
            "cost", "Cost", maths("J =", formulas.cost), (step.cost(cost),), (costs,),
            _where(iteration, weighted=shaper.weighted), cost,
        ),
        Part(
            "delta", "Delta", maths(delta, "=", derivative("U"), "=", formulas.delta), step.delta(),
            (shaper.patterns(delta, t.delta, neurons),),
        ),
        Part(
            "weight_gradient", "Weight gradient", maths(dW, "=", formulas.weight_gradient), step.weight_gradient(),
            (shaper.weights(dW, t.weight_gradient),),
        ),
        Part(
            "bias_gradient", "Bias gradient", maths(db, "=", Maths("1^T delta", r"1^T \delta")),
            step.bias_gradient(), (shaper.biases(db, t.bias_gradient),),
        ),
        Part(
            "weights", "New weights", maths("W", Maths("<-", r"\leftarrow"), "W -", rate, dW), step.weights(),
            (shaper.weights("W", t.weights),),
        ),
        Part(
            "biases", "New biases", maths("b", Maths("<-", r"\leftarrow"), "b -", rate, db), step.biases(),
            (shaper.biases("b", t.biases),),
        ),
    ]  # fmt: skip
    return parts


def _predicted(iteration: Iteration, shaper: _Shaper) -> Part:
    said, wanted = iteration.predicted[shaper.places], iteration.targets[shaper.places]
    symbol = Maths("", "")
    if said.ndim == 1:
        pairs = [[short_name(a), short_name(b)] for a, b in zip(said.tolist(), wanted.tolist(), strict=True)]
        rule = "The class of the largest output." if shaper.texts.Y[0][1:] else "The second class where y is above 1/2."
        table = shaper.patterns(symbol, pairs, ["predicted", "target"], words=True, wrong=shaper.wrong)
    else:  # independent neurons: a row of 0 and 1, to be set against D
        rule = "1 where y is above 1/2."
        table = shaper.patterns(symbol, data_figures(said.tolist(), 0), shaper.neurons, wrong=shaper.wrong)
    return Part("predicted", "Predictions", tables=(table,), remark=rule)


def _errors(iteration: Iteration, shaper: _Shaper, decimals: int) -> Part:
    errors = iteration.errors or 0.0
    value = figure(errors, 0 if errors == int(errors) else decimals)
    of = "by weight" if shaper.weighted else f"of {len(iteration.batch)}"
    return Part("errors", "Errors", value=value, remark=of)


def _where(iteration: Iteration, *, weighted: bool) -> tuple[Maths, ...]:
    """What the letters of the cost stand for."""
    layer, descent, letters = iteration.initial, iteration.descent, []
    if descent.reduction == "mean":
        letters.append(Maths("V = sum_p v_p", r"V = \sum_p v_p") if weighted else maths(f"P = {len(iteration.batch)}"))
        letters += [maths(f"K = {layer.neurons}")] if notation(layer).cost.per_neuron else []
    if descent.weight_decay:
        letters.append(maths("L =", number(f"{descent.weight_decay:g}")))
    return tuple(letters)


def _kept(count: int, limit: int) -> tuple[list[int], int | None]:
    """The places shown, and before which of them others were left out."""
    places = places_shown(count, limit)
    return [p for p in places if p is not None], places.index(None) if None in places else None


def _table(
    symbol: Maths,
    labels: Sequence[str],
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    gap: int | None = None,
    *,
    words: bool = False,
    wrong: tuple[int, ...] = (),
) -> Table:
    """A table of at most `MAXIMUM_COLUMNS` columns: of more, the first ones, an ellipsis and the last."""
    places = places_shown(len(columns), MAXIMUM_COLUMNS)

    def cut(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(ELLIPSIS if p is None else row[p] for p in places)

    return Table(symbol, tuple(labels), cut(columns), tuple(map(cut, texts)), gap, words, wrong)


def parameters(
    layer: Layer, decimals: int, input_names: Sequence[str] = (), names: Sequence[str] = ()
) -> tuple[Table, Table]:
    """W and b of a layer, under the full names of inputs and neurons."""
    inputs = [short_name(n) for n in input_names] or heads((), layer.inputs, "x")
    neurons = [short_name(n) for n in neuron_names(layer, names)]
    if len(neurons) != layer.neurons:
        neurons = heads((), layer.neurons, "")
    lines, gap = _kept(layer.inputs, ROWS)
    *above, last = matrix_figures([*layer.weights[lines].tolist(), layer.biases.tolist()], decimals)
    W = _table(maths("W"), [inputs[n] for n in lines], neurons, above, gap)
    return W, _table(maths("b"), [""], neurons, [last])


def folded(table: Table, room: int) -> list[Table]:
    """The table, or pieces of some of its columns each.

    Parameters
    ----------
    table : the whole.
    room : the width of a piece in characters, with two between columns; a single wider column is a piece of its own.
    """
    columns = list(zip(table.heads, *table.rows, strict=True))
    pieces: list[list[int]] = [[]]
    left = room
    for place, column in enumerate(columns):
        width = max(map(len, column)) + BETWEEN
        if pieces[-1] and width > left:
            pieces.append([])
            left = room
        pieces[-1].append(place)
        left -= width
    if len(pieces) == 1:
        return [table]
    return [
        replace(
            table,
            heads=tuple(table.heads[c] for c in piece),
            rows=tuple(tuple(row[c] for c in piece) for row in table.rows),
        )
        for piece in pieces
    ]
