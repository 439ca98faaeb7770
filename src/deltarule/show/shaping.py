"""Which rows and columns of an iteration are shown, under which names, in which figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deltarule.show.notation import SYMBOLS
from deltarule.show.sentences import neuron_names
from deltarule.show.substitution import StepFigures
from deltarule.show.table import Cut, Table, places_kept, table_of, written_tables
from deltarule.typeset.figures import data_figures, matrix_figures
from deltarule.typeset.maths import Maths, maths
from deltarule.typeset.words import heads, legend

if TYPE_CHECKING:
    from deltarule.iteration import Iteration


class Shaper:
    """Which rows and columns of an iteration are shown, under which names, in which figures.

    Parameters
    ----------
    iteration, decimals, input_names : see `deltarule.show.document.iteration_document`.
    limit : the largest number of patterns, and of rows of W.
    neurons : (K,) names of the neurons of a layer that predicts numbers.
    """

    def __init__(
        self, iteration: Iteration, decimals: int, limit: int, input_names: Sequence[str], neurons: Sequence[str]
    ) -> None:
        layer = iteration.initial
        input_names = input_names or [str(name) for name in layer.input_names or ()]
        names = neuron_names(layer, neurons or [str(name) for name in layer.target_names or ()])
        self.inputs, self.neurons = heads(input_names, layer.inputs, "x"), heads(names, layer.neurons, "")
        self.legends = [*legend("inputs", self.inputs, input_names), *legend("neurons", self.neurons, names)]
        self.conventions = iteration.conventions
        self.decimals, self.limit = decimals, limit
        places, self.pattern_gap = places_kept(len(iteration.batch), limit)
        lines, self.input_gap = places_kept(layer.inputs, limit)
        self.places, self.lines = places, lines
        self.labels = tuple(str(p + 1) for p in iteration.batch[places].tolist())
        v = iteration.sample_weight
        self.weighted = bool(np.any(v != 1))
        differs = iteration.predicted[places] != iteration.targets[places]
        has_classes = layer.has_classes
        self.wrong = tuple(i for i in range(len(places)) if has_classes and np.any(differs[i]))

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
        initial_velocity, velocity = iteration.initial_velocity, iteration.velocity
        slopes = iteration.slopes
        self.texts = StepFigures(
            X=data(iteration.inputs),
            D=data(iteration.desired),
            v=[row[0] for row in data(v[:, None])],
            W=W,
            b=b,
            U=matrix(iteration.synaptic_inputs),
            Y=matrix(iteration.outputs),
            slopes=None if slopes is None else matrix(slopes),
            delta=matrix(self.conventions.signed(iteration.delta)),
            weight_gradient=dW,
            bias_gradient=db,
            weights=after_W,
            biases=after_b,
            initial_velocity=None if initial_velocity is None else parameters(*initial_velocity),
            velocity=None if velocity is None else parameters(*velocity),
        )

    def patterns(self, symbol: Maths | str, texts: list[list[str]], columns: Sequence[str], **options: Any) -> Table:
        """A matrix with a row a pattern."""
        return table_of(maths(symbol), self.labels, columns, texts, self.pattern_gap, **options)

    def given_inputs(self) -> Table:
        """X, with a column of ones where W holds the biases."""
        c, X = self.conventions, np.array(self.texts.X, object)
        return self.patterns("X", c.with_ones(X).astype(str).tolist(), c.names_with_one(self.inputs))

    def parameters(
        self, symbols: tuple[Maths | str, Maths | str], W: list[list[str]], b: list[str]
    ) -> tuple[Table, ...]:
        """What is shaped as W and as b: a table each, or one where W holds the biases.

        Parameters
        ----------
        symbols : of the two.
        W : the figures, a row for each input that is shown.
        b : the figures, one a neuron.
        """
        return written_tables(symbols, W, b, self._cut, self.conventions)

    def velocity(self, W: list[list[str]], b: list[str]) -> tuple[Table, ...]:
        """A velocity as `parameters` has it, from its figures.

        Parameters
        ----------
        W, b : of the weights and of the biases.
        """
        return self.parameters((SYMBOLS["weight_velocity"], SYMBOLS["bias_velocity"]), W, b)

    @property
    def _cut(self) -> Cut:
        return Cut(self.inputs, self.lines, self.input_gap, self.neurons, self.limit)
