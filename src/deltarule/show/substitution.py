"""The numbers put into the formulas of a step, for the first entries, as a person would write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltarule.show.notation import SYMBOLS, Activation, Notation, PatternNumbers, derivative, notation
from deltarule.typeset.figures import data_figures, figures
from deltarule.typeset.maths import (
    DOTS,
    TIMES,
    Maths,
    Pieces,
    at,
    equation,
    factor,
    fraction,
    grouped,
    maths,
    number,
    power,
    total,
)

if TYPE_CHECKING:
    from deltarule.conventions import Conventions
    from deltarule.iteration import Iteration

# Entries that are worked with numbers, of the first row: one is an example, three show the pattern.
ENTRIES = 3
# A cost is written with all its terms up to this length, in characters: about five lines.
LONG_COST = 400

Rows = list[list[str]]


@dataclass(frozen=True)
class StepFigures:
    """The figures of an iteration.

    Attributes
    ----------
    X, D, v, U, Y, slopes, delta : a row (an entry) for each pattern that is shown; slopes are None where none are shown.
    W, weight_gradient, weights : a row for each input that is shown; W before the update, weights after it.
    b, bias_gradient, biases : an entry for each neuron; b before the update, biases after it.
    initial_velocity, velocity : V before and after the update, as W and as b have it; None without momentum.
    """

    X: Rows
    D: Rows
    v: list[str]
    W: Rows
    b: list[str]
    U: Rows
    Y: Rows
    slopes: Rows | None
    delta: Rows
    weight_gradient: Rows
    bias_gradient: list[str]
    weights: Rows
    biases: list[str]
    initial_velocity: tuple[Rows, list[str]] | None = None
    velocity: tuple[Rows, list[str]] | None = None


@dataclass(frozen=True)
class Substitution:
    """The formulas of an iteration with the numbers put in.

    Attributes
    ----------
    iteration : the worked step.
    texts : its figures.
    places : the places of the patterns shown in the batch.
    gap : before which of them others were left out; None if none were.
    lines : the places of the inputs shown.
    line_gap : before which of them others were left out; None if none were.
    decimals : of each figure.
    """

    iteration: Iteration
    texts: StepFigures
    places: Sequence[int]
    gap: int | None
    lines: Sequence[int]
    line_gap: int | None
    decimals: int

    @property
    def notation(self) -> Notation:
        """The notation of the layer's kind."""
        return notation(self.iteration.initial)

    @property
    def activation(self) -> Activation:
        """The activation of the layer."""
        return self.notation.activation(self.iteration.initial)

    @property
    def neurons(self) -> range:
        """The neurons that are worked with numbers."""
        return range(min(ENTRIES, len(self.texts.b)))

    @property
    def pattern(self) -> int:
        """The place in the data of the pattern that is worked with numbers."""
        return int(self.iteration.batch[self.places[0]])

    @property
    def conventions(self) -> Conventions:
        """How delta, weights and biases are written."""
        return self.iteration.conventions

    def synaptic_inputs(self) -> tuple[Pieces, ...]:
        """The products x_n w_n, and b, or 1 times it where W holds the biases."""
        t, c = self.texts, self.conventions
        lines = []
        for k in self.neurons:
            products = [maths(factor(t.X[0][n]), TIMES, factor(row[k])) for n, row in zip(self.lines, t.W, strict=True)]
            terms = _parted(products, self.line_gap)
            if c.has_biases:
                bias = maths("1", TIMES, factor(t.b[k])) if c.biases_in_weights else factor(t.b[k])
                terms = [bias, *terms] if c.biases_first else [*terms, bias]
            lines.append(equation(at("u", self.pattern, k), total(terms), right=number(t.U[0][k])))
        return tuple(lines)

    def outputs(self) -> tuple[Pieces, ...]:
        """f(u); nothing where y = u."""
        worked = self.activation.worked
        if worked is None:
            return ()
        return self._first_row("y", [(each,) for each in worked(self.texts.U[0])], self.texts.Y[0])

    def slopes(self) -> tuple[Pieces, ...]:
        """f'(u), from the outputs; nothing where a worked step does not show it."""
        slope, y, slopes = self.activation.slope, self.texts.Y[0], self.texts.slopes
        if slope is None or slopes is None:
            return ()
        return tuple(
            equation(
                maths("f'(", at("u", self.pattern, k), ")", gap=""), (slope.worked(y[k]),), right=number(slopes[0][k])
            )
            for k in self.neurons
        )

    def cost(self, cost: str) -> Pieces:
        """The sum over the patterns, and the decay."""
        descent, cost_notation = self.iteration.descent, self.notation.cost
        terms = self._cost_terms()
        sign = cost_notation.sign
        before = self._factor()
        pieces = list(total(terms, LONG_COST))
        if sign or before or len(pieces) > 1:
            opening, closing = cost_notation.brackets
            start = Maths(f"{sign}{''.join(f'{f.text} ' for f in before)}", sign + "".join(f.latex for f in before))
            pieces[0] = maths(start, opening, pieces[0], gap="")
            pieces[-1] = maths(pieces[-1], closing, gap="")
        if descent.weight_decay:
            biases = self.texts.b if self._decays_biases else []
            squares = [power(factor(text), "2") for row in [*self.texts.W, biases] for text in row]
            added = list(total(squares))
            added[0] = maths(
                maths("+", fraction(f"{descent.weight_decay:g}", "2", gap="")), maths("(", added[0], gap="")
            )
            added[-1] = maths(added[-1], ")", gap="")
            pieces += added
        return equation(maths("J"), pieces, right=number(cost))

    def delta(self) -> tuple[Pieces, ...]:
        """Output less desired output, or the converse, with its factors."""
        t = self.texts
        before = self._factor(of_delta=True)
        if self._weighted:
            before = [*(maths(each, TIMES) for each in before), maths(number(t.v[0]), TIMES)]
        worked = []
        for k in self.neurons:
            pair = (t.D[0][k], t.Y[0][k]) if self.conventions.turned else (t.Y[0][k], t.D[0][k])
            difference = maths(number(pair[0]), "-", factor(pair[1]))
            after = []
            if self.notation.slopes_in_delta and t.slopes is not None:
                after = [maths(TIMES, factor(t.slopes[0][k]))]
            if before or after:
                difference = grouped(difference)
            worked.append((maths(*before, difference), *after))
        return self._first_row(SYMBOLS["delta"], worked, t.delta[0])

    def weight_gradient(self) -> tuple[Pieces, ...]:
        """The weights of the first input: x_1 times each delta; with the biases where W holds them."""
        t, decay = self.texts, self.iteration.descent.weight_decay
        lines = []
        for k in self.neurons:
            terms = [maths(factor(x[0]), TIMES, factor(d[k])) for x, d in zip(t.X, t.delta, strict=True)]
            pieces = self._signed(total(_parted(terms, self.gap)))
            if decay:
                pieces = (*pieces, maths("+", f"{decay:g}", TIMES, factor(t.W[0][k])))
            lines.append(equation(derivative(self._weight(k)), pieces, right=number(t.weight_gradient[0][k])))
        return self._with_biases(lines, self._bias_gradient())

    def bias_gradient(self) -> tuple[Pieces, ...]:
        """The sum of each neuron's deltas; nothing where there is no b."""
        return tuple(self._bias_gradient()) if self.conventions.writes("bias_gradient") else ()

    def _bias_gradient(self) -> list[Pieces]:
        t = self.texts
        lines = []
        for k in self.neurons:
            terms = [number(t.delta[0][k]), *(factor(d[k]) for d in t.delta[1:])]
            if self.conventions.biases_in_weights:
                terms = [maths("1", TIMES, factor(d[k])) for d in t.delta]
            pieces = self._signed(total(_parted(terms, self.gap)))
            if self._decays_biases:
                pieces = (*pieces, maths("+", f"{self.iteration.descent.weight_decay:g}", TIMES, factor(t.b[k])))
            lines.append(equation(derivative(self._bias(k)), pieces, right=number(t.bias_gradient[k])))
        return lines

    def weight_velocity(self) -> tuple[Pieces, ...]:
        """M times the velocities of the first input's weights, and their gradient; with the biases where W holds them."""
        t = self.texts
        if t.initial_velocity is None or t.velocity is None:
            return ()
        before, after = t.initial_velocity[0][0], t.velocity[0][0]
        lines = [
            self._velocity(at("v", *self._place_of_weight(k)), before[k], t.weight_gradient[0][k], after[k])
            for k in self.neurons
        ]
        return self._with_biases(lines, self._bias_velocity())

    def bias_velocity(self) -> tuple[Pieces, ...]:
        """The same of the biases; nothing where there is no b."""
        return tuple(self._bias_velocity()) if self.conventions.writes("bias_velocity") else ()

    def _bias_velocity(self) -> list[Pieces]:
        t = self.texts
        if t.initial_velocity is None or t.velocity is None:
            return []
        before, after = t.initial_velocity[1], t.velocity[1]
        in_weights = self.conventions.biases_in_weights
        return [
            self._velocity(
                at("v", *self._place_of_bias(k)) if in_weights else Maths(f"v_b,{k + 1}", f"v_{{b,{k + 1}}}"),
                before[k], t.bias_gradient[k], after[k],
            )
            for k in self.neurons
        ]  # fmt: skip

    def _velocity(self, symbol: Maths, before: str, gradient: str, after: str) -> Pieces:
        m = number(f"{self.iteration.descent.momentum:g}")
        return equation(symbol, (maths(m, TIMES, factor(before)), maths("+", factor(gradient))), right=number(after))

    def weights(self) -> tuple[Pieces, ...]:
        """The weights of the first input, less the rate times what they step along; with the biases where W holds them."""
        t = self.texts
        velocity = None if t.velocity is None else t.velocity[0][0]
        lines = [
            equation(
                self._weight(k),
                (number(t.W[0][k]), self._change(t.weight_gradient[0][k], None if velocity is None else velocity[k])),
                right=number(t.weights[0][k]),
            )
            for k in self.neurons
        ]
        return self._with_biases(lines, self._biases())

    def biases(self) -> tuple[Pieces, ...]:
        """The biases, less the rate times what they step along; nothing where there is no b."""
        return tuple(self._biases()) if self.conventions.writes("biases") else ()

    def _biases(self) -> list[Pieces]:
        t = self.texts
        velocity = None if t.velocity is None else t.velocity[1]
        return [
            equation(
                self._bias(k),
                (number(t.b[k]), self._change(t.bias_gradient[k], None if velocity is None else velocity[k])),
                right=number(t.biases[k]),
            )
            for k in self.neurons
        ]

    def _weight(self, k: int) -> Maths:
        """The weight between the first input and a neuron, by its place in W."""
        return at("w", *self._place_of_weight(k))

    def _place_of_weight(self, k: int) -> tuple[int, int]:
        place = 1 if self.conventions.biases_first else 0
        return (k, place) if self.conventions.by_neuron else (place, k)

    def _bias(self, k: int) -> Maths:
        """The bias of a neuron, by its place in b, or in W where that holds it."""
        return at("w", *self._place_of_bias(k)) if self.conventions.biases_in_weights else at("b", k)

    def _place_of_bias(self, k: int) -> tuple[int, int]:
        place = 0 if self.conventions.biases_first else self.iteration.initial.inputs
        return (k, place) if self.conventions.by_neuron else (place, k)

    def _with_biases(self, lines: list[Pieces], biases: list[Pieces]) -> tuple[Pieces, ...]:
        """The lines of the weights with those of the biases, in the order of their places, where W holds them."""
        if not self.conventions.biases_in_weights:
            return tuple(lines)
        return (*biases, *lines) if self.conventions.biases_first else (*lines, *biases)

    def _signed(self, pieces: Pieces) -> Pieces:
        """A sum of products with delta, with a minus where delta has the other sign."""
        if not self.conventions.turned:
            return pieces
        opened = (maths("-(", pieces[0], gap=""), *pieces[1:])
        return (*opened[:-1], maths(opened[-1], ")", gap=""))

    def _change(self, gradient: str, velocity: str | None) -> Maths:
        """The rate times the gradient, or times the velocity where there is one; with Nesterov's momentum times both."""
        descent = self.iteration.descent
        along = factor(gradient if velocity is None else velocity)
        if velocity is not None and descent.nesterov:
            m = number(f"{descent.momentum:g}")
            along = grouped(maths(number(gradient), "+", m, TIMES, factor(velocity)))
        return maths("-", number(f"{self.iteration.learning_rate:g}"), TIMES, along)

    def _first_row(
        self, symbol: str | Maths, worked: Sequence[Sequence[Maths]], found: list[str]
    ) -> tuple[Pieces, ...]:
        return tuple(
            equation(at(symbol, self.pattern, k), each, right=number(found[k]))
            for k, each in zip(self.neurons, worked, strict=False)
        )

    def _cost_terms(self) -> list[Maths]:
        """The terms of each pattern; an ellipsis where patterns are left out."""
        t = self.texts
        terms: list[list[Maths]] = []
        for i in range(len(self.places)):
            row = self.notation.cost.worked(self._pattern_numbers(i))
            terms.append([maths(number(t.v[i]), TIMES, term) for term in row] if self._weighted else row)
        if self.gap is not None:
            terms.insert(self.gap, [DOTS])
        return [term for row in terms for term in row]

    def _pattern_numbers(self, i: int) -> PatternNumbers:
        iteration, place = self.iteration, self.places[i]

        def logarithm_of(k: int) -> str:
            return figures([float(iteration.outputs[place, k])], self.decimals)[0]

        def complement_of(k: int) -> str:
            # 1 - f(u) = f(-u) keeps the digits that the subtraction would lose.
            u = iteration.synaptic_inputs[place, k].reshape(1, 1)
            return figures(iteration.initial.activate(-u).ravel().tolist(), self.decimals)[0]

        desired: list[float] = iteration.desired[place].tolist()
        return PatternNumbers(desired, self.texts.D[i], self.texts.Y[i], self.texts.U[i], logarithm_of, complement_of)

    def _factor(self, *, of_delta: bool = False) -> list[Maths]:
        """What the sum of the costs is multiplied by, or (`of_delta`) the differences of delta; nothing where that is 1."""
        layer, v = self.iteration.initial, self.iteration.sample_weight
        reduction, halved = self.iteration.descent.reduction, self.notation.cost.halved
        if reduction == "sum":
            return [fraction("1", "2", gap="")] if halved and not of_delta else []
        weight = float(v.sum())
        if weight == 0:  # such a batch has no part in the cost
            return [number("0")]
        count = number(data_figures([[weight]], self.decimals)[0][0])
        if reduction == "mean" and self.notation.cost.per_neuron:
            count = maths(count, TIMES, str(layer.neurons))
        if reduction == "half-mean" and halved and not of_delta:
            count = maths("2", TIMES, count)
        return [fraction("2" if reduction == "mean" and halved and of_delta else "1", count, gap="")]

    @property
    def _decays_biases(self) -> bool:
        return self.iteration.descent.decay_biases and self.conventions.has_biases

    @property
    def _weighted(self) -> bool:
        return bool((self.iteration.sample_weight != 1).any())


def _parted(terms: Sequence[Maths], gap: int | None) -> list[Maths]:
    return list(terms) if gap is None else [*terms[:gap], DOTS, *terms[gap:]]
