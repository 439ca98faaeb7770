"""The document of a worked step: its parts in order, formulas and figures as texts. Renderers only lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltarule.show.formulas import Formulas, decayed_weights, layer_formulas
from deltarule.show.notation import RATE, SYMBOLS, derivative, notation
from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.show.shaping import Shaper
from deltarule.show.substitution import Substitution
from deltarule.show.table import ROWS, Table
from deltarule.typeset.figures import DEFAULT_DECIMALS, data_figures, figure, figures, thousands
from deltarule.typeset.maths import TIMES, Maths, Pieces, factor, maths, number
from deltarule.typeset.words import counted, short_name

if TYPE_CHECKING:
    from deltarule.conventions import Conventions
    from deltarule.descent import Descent
    from deltarule.iteration import Iteration


__all__ = ["Document", "Part", "Table", "iteration_document"]

BECOMES = Maths("<-", r"\leftarrow")


@dataclass(frozen=True)
class Part:
    """One part of a document, such as a step of the work.

    Attributes
    ----------
    name : the name of the attribute of `Iteration` that it shows; or "problem", "history", "outcome".
    title : its heading; "" for none.
    formula : the formula with letters.
    lines : the formula with numbers put in, for the first entries; each a formula in pieces.
    tables : the matrices.
    where : what letters of the formula stand for.
    value : the figure of a number, such as the cost.
    remark : a sentence.
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
    """What is rendered: a heading, sentences, and parts in order.

    Attributes
    ----------
    title : of the whole page; documents that share it stand below one title. "" for none.
    heading : of this document; "" for none.
    sentences : a line each.
    parts : in the order of the work.
    """

    title: str
    heading: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part | None:
        """The part of that name, if there is one."""
        return next((part for part in self.parts if part.name == name), None)


def iteration_document(
    iteration: Iteration,
    decimals: int = DEFAULT_DECIMALS,
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
    iteration : of a layer whose kind has a notation.
    decimals : of each figure; where all figures of a matrix would read as 0, they have powers of ten instead.
    rows : the largest number of patterns (and of rows of W) shown; if there are more, the first ones and the last. None: 30.
    title : of the page, such as the problem's.
    input_names : (N,) names of the inputs. Names that are too long to stand above figures are numbered and explained.
    neuron_names : (K,) names of the neurons of a layer that predicts numbers.
    patterns : the number of training patterns, of which the batch may be a part.

    Raises
    ------
    InputError
        If the layer's kind has no notation.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> worked = iterate(LinearLayer([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(learning_rate=0.1, epochs=1))
    >>> part = iteration_document(worked).part("synaptic_inputs")
    >>> part.formula.text, part.tables[0].rows, [piece.text for piece in part.lines[0]]
    ('U = X W + b', (('2.50',),), ['u_1,1', '= 1 * 2.00', '+ 0.50', '= 2.50'])
    """
    shaper = Shaper(iteration, decimals, ROWS if rows is None else rows, input_names, neuron_names)
    layer = iteration.initial
    rule = notation(layer).rule
    sentences = [layer_sentence(layer), *([rule] if rule else []), descent_sentence(iteration.descent, patterns)]
    sentences += [*iteration.conventions.sentences, *shaper.legends]
    count = len(iteration.batch)
    if iteration.batch.tolist() != list(range(count)):
        sentences.append(
            f"{counted(count, 'pattern')} in this batch; p is the place of each among the training patterns, from 1"
        )
    sentences.append(f"figures are rounded to {counted(decimals, 'decimal')}; the work itself is done with all digits")
    heading = f"Iteration {thousands(iteration.iteration)}, in epoch {thousands(iteration.epoch)}"
    return Document(title, heading, tuple(sentences), tuple(_parts(iteration, shaper, decimals)))


def _parts(iteration: Iteration, shaper: Shaper, decimals: int) -> list[Part]:
    layer, descent, t = iteration.initial, iteration.descent, shaper.texts
    conventions = iteration.conventions
    formulas = layer_formulas(layer, descent, weighted=shaper.weighted, conventions=conventions)
    row = notation(layer)
    step = Substitution(iteration, t, shaper.places, shaper.pattern_gap, shaper.lines, shaper.input_gap, decimals)
    neurons = shaper.neurons
    dW, db, delta = SYMBOLS["weight_gradient"], SYMBOLS["bias_gradient"], SYMBOLS["delta"]
    weights = [shaper.patterns("v", [[text] for text in t.v], [""])] if shaper.weighted else []
    problem = (
        shaper.given_inputs(),
        shaper.patterns("D", t.D, neurons),
        *weights,
        *shaper.parameters(("W", "b"), t.W, t.b),
        *(() if t.initial_velocity is None else shaper.velocity(*t.initial_velocity)),
    )
    gradients = shaper.parameters((dW, db), t.weight_gradient, t.bias_gradient)
    after = shaper.parameters(("W", "b"), t.weights, t.biases)
    velocities = [] if t.velocity is None else _velocities(shaper, formulas, step, t.velocity)
    output = maths("Y = f(U),", Maths("", r"\quad"), f"{row.output} =", formulas.output)
    output = Maths(output.text.replace("  ", " "), output.latex)
    parts = [
        Part("problem", "The layer and its patterns", _rate(iteration), (), problem, _momentum(descent)),
        Part(
            "synaptic_inputs", "Synaptic inputs", maths("U =", formulas.synaptic_inputs), step.synaptic_inputs(),
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
            "delta", "Delta", maths(delta, "=", _of_delta(conventions), "=", formulas.delta), step.delta(),
            (shaper.patterns(delta, t.delta, neurons),),
        ),
        Part(
            "weight_gradient", "Weight gradient", maths(dW, "=", formulas.weight_gradient), step.weight_gradient(),
            gradients[:1], _decayed(iteration),
        ),
        Part(
            "bias_gradient", "Bias gradient", maths(db, "=", formulas.bias_gradient), step.bias_gradient(), gradients[1:],
        ),
        *velocities,
        Part("weights", "New weights", maths("W", BECOMES, formulas.weights), step.weights(), after[:1]),
        Part("biases", "New biases", maths("b", BECOMES, formulas.biases), step.biases(), after[1:]),
    ]  # fmt: skip
    return [part for part in parts if conventions.writes(part.name)]


def _velocities(
    shaper: Shaper, formulas: Formulas, step: Substitution, velocity: tuple[list[list[str]], list[str]]
) -> list[Part]:
    """V after the update, of the weights and of the biases."""
    tables = shaper.velocity(*velocity)
    V, V_b = SYMBOLS["weight_velocity"], SYMBOLS["bias_velocity"]
    return [
        Part(
            "weight_velocity", "Weight velocity", maths(V, BECOMES, formulas.weight_velocity), step.weight_velocity(),
            tables[:1],
        ),
        Part(
            "bias_velocity", "Bias velocity", maths(V_b, BECOMES, formulas.bias_velocity), step.bias_velocity(),
            tables[1:],
        ),
    ]  # fmt: skip


def _rate(iteration: Iteration) -> Maths:
    """The learning rate; with a schedule that in force, as the initial one times the schedule's factor."""
    descent, rate = iteration.descent, number(f"{iteration.learning_rate:g}")
    if descent.schedule.is_constant:
        return maths(RATE, "=", rate)
    share = factor(f"{iteration.learning_rate / descent.learning_rate:g}")
    return maths(RATE, "=", number(f"{descent.learning_rate:g}"), TIMES, share, "=", rate)


def _momentum(descent: Descent) -> tuple[Maths, ...]:
    return (maths("m =", number(f"{descent.momentum:g}")),) if descent.momentum else ()


def _of_delta(conventions: Conventions) -> Maths:
    """What delta is: dJ/dU, or its negative."""
    return maths("-", derivative("U"), gap="") if conventions.turned else derivative("U")


def _decayed(iteration: Iteration) -> tuple[Maths, ...]:
    """What W_0 stands for, where the formulas of the decay have it."""
    c = iteration.conventions
    descent = iteration.descent
    if not (descent.weight_decay and c.biases_in_weights) or descent.decay_biases:
        return ()
    words = f"W with zeros for its {'first' if c.biases_first else 'last'} {'column' if c.by_neuron else 'row'}"
    return (maths(decayed_weights(c, descent), "=", Maths(words, rf"\text{{{words}}}")),)


def _predicted(iteration: Iteration, shaper: Shaper) -> Part:
    predicted, targets = iteration.predicted[shaper.places], iteration.targets[shaper.places]
    rule = notation(iteration.initial).decision(iteration.initial)
    symbol = Maths("", "")
    if predicted.ndim == 1:
        pairs = [[short_name(a), short_name(b)] for a, b in zip(predicted.tolist(), targets.tolist(), strict=True)]
        table = shaper.patterns(symbol, pairs, ["predicted", "target"], words=True, wrong=shaper.wrong)
    else:  # independent neurons: a row of 0 and 1, to be compared with D
        table = shaper.patterns(symbol, data_figures(predicted.tolist(), 0), shaper.neurons, wrong=shaper.wrong)
    return Part("predicted", "Predictions", tables=(table,), remark=rule)


def _errors(iteration: Iteration, shaper: Shaper, decimals: int) -> Part:
    errors = iteration.errors or 0.0
    value = figure(errors, 0 if errors == int(errors) else decimals)
    of = "by weight" if shaper.weighted else f"of {len(iteration.batch)}"
    return Part("errors", "Errors", value=value, remark=of)


def _where(iteration: Iteration, *, weighted: bool) -> tuple[Maths, ...]:
    """What the letters of the cost stand for."""
    layer, descent, letters = iteration.initial, iteration.descent, []
    if descent.reduction != "sum":
        letters.append(Maths("V = sum_p v_p", r"V = \sum_p v_p") if weighted else maths(f"P = {len(iteration.batch)}"))
    if descent.reduction == "mean" and notation(layer).cost.per_neuron:
        letters.append(maths(f"K = {layer.neurons}"))
    if descent.weight_decay:
        letters.append(maths("L =", number(f"{descent.weight_decay:g}")))
    return (*letters, *_decayed(iteration))
