"""Conventions: how an instructor writes delta, weights and biases; the same descent in another hand.

The house itself writes one convention everywhere: delta = dJ/dU, which is Y - D; W (N, K), a row an input and a column a neuron;
biases b (K,) beside it. `Conventions` says how the same things are written in a problem file, a worked step and an answer, and
translates between the two exactly: signs are changed, and figures are moved, but none is computed.

- `delta = "D - Y"`: delta = -dJ/dU, the local gradient of Haykin's "Neural Networks" and of Rumelhart, Hinton and Williams
  (1986). The gradients stay gradients: dJ/dW = -X^T delta, dJ/db = -1^T delta, and W <- W - a dJ/dW.
- `weights = "neurons x inputs"`: W (K, N), U = X W^T + b, dJ/dW = delta^T X.
- `biases = "first column"`: X has a first column of ones (P, N + 1), and W holds the biases as its first row (as its first column
  where it has a row for each neuron). There are no parts b and dJ/db. `"last column"` likewise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import choice
from deltarule.typeset.words import unlike
from deltarule.views import Shown

# The values of each convention; the first is the house's own.
DELTAS = ("Y - D", "D - Y")
WEIGHTS = ("inputs x neurons", "neurons x inputs")
BIASES = ("vector", "first column", "last column")
VALUES = {"delta": DELTAS, "weights": WEIGHTS, "biases": BIASES}
# The parts that are shaped as W, each with the part that is shaped as b.
BESIDE = {"weights": "biases", "weight_gradient": "bias_gradient", "weight_velocity": "bias_velocity"}


class HasBiases(Protocol):
    """Anything that says whether it has biases, as a layer does."""

    @property
    def has_biases(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class Conventions(Shown):
    """How delta, weights and biases are written.

    Attributes
    ----------
    delta : "Y - D" (dJ/dU), or "D - Y" (-dJ/dU).
    weights : "inputs x neurons" (a row an input), or "neurons x inputs" (a row a neuron).
    biases : "vector" (b beside W), or "first column" or "last column" (of ones in X; W holds the biases).
    has_biases : whether the layer has biases; where it has none they are written nowhere, whatever `biases` says. No convention
        but a fact of the layer, see `of_layer`.

    Raises
    ------
    InputError
        If one has no such value.

    Examples
    --------
    >>> turned = Conventions(weights="neurons x inputs", biases="first column")
    >>> turned.written({"weights": [[1.0, 2.0]], "biases": [3.0, 4.0]})["weights"].tolist()
    [[3.0, 1.0], [4.0, 2.0]]
    """

    delta: str = DELTAS[0]
    weights: str = WEIGHTS[0]
    biases: str = BIASES[0]
    has_biases: bool = True

    def __post_init__(self) -> None:
        for name, known in VALUES.items():
            choice(f"convention of {name}", getattr(self, name), known)

    @property
    def turned(self) -> bool:
        """Whether delta has the other sign: D - Y."""
        return self.delta != DELTAS[0]

    @property
    def by_neuron(self) -> bool:
        """Whether W has a row for each neuron."""
        return self.weights != WEIGHTS[0]

    @property
    def biases_in_weights(self) -> bool:
        """Whether W holds the biases, so that there is no part b."""
        return self.has_biases and self.biases != BIASES[0]

    @property
    def biases_first(self) -> bool:
        """Whether the biases stand before the weights of the inputs."""
        return self.biases == "first column"

    def writes(self, part: str) -> bool:
        """Whether a part, such as "bias_gradient", is written by itself."""
        return part not in BESIDE.values() or (self.has_biases and not self.biases_in_weights)

    def part_of(self, part: str) -> str:
        """The part in which a part is written: "weights" for "biases" where W holds them."""
        held = {beside: whole for whole, beside in BESIDE.items()} if self.biases_in_weights else {}
        return held.get(part, part)

    def shape(self, part: str, shape: tuple[int, ...]) -> tuple[int, ...] | None:
        """The shape in which a part is written; None where it is not written by itself.

        Parameters
        ----------
        part : its name, as in "weights".
        shape : of the part in the house: (N, K) of weights.
        """
        if not self.writes(part):
            return None
        if part == "inputs":
            return (shape[0], shape[1] + self.biases_in_weights)
        if part not in BESIDE:
            return shape
        N, K = shape[0] + self.biases_in_weights, shape[1]
        return (K, N) if self.by_neuron else (N, K)

    # ---- One matrix.

    def joined(self, W: Any, b: Any) -> NDArray[Any]:
        """A matrix shaped as W (N, K), as it is written, with what is shaped as b (K,) in it where W holds the biases."""
        rows = np.asarray(W)
        if self.biases_in_weights:
            row = np.asarray(b)[None]
            rows = np.concatenate([row, rows] if self.biases_first else [rows, row])
        found: NDArray[Any] = rows.T if self.by_neuron else rows
        return found

    def divided(self, written: Any) -> tuple[NDArray[Any], NDArray[Any] | None]:
        """A matrix that is written, as what is shaped as W (N, K) and as b (K,); None for b where W does not hold it."""
        rows = np.asarray(written)
        rows = rows.T if self.by_neuron else rows
        if not self.biases_in_weights:
            return rows, None
        return (rows[1:], rows[0]) if self.biases_first else (rows[:-1], rows[-1])

    def with_ones(self, X: Any) -> NDArray[Any]:
        """Inputs (P, N) as they are written, with a column of ones where W holds the biases."""
        found: NDArray[Any] = np.asarray(X)
        if self.biases_in_weights:
            ones = np.ones((len(found), 1), found.dtype)
            found = np.concatenate([ones, found] if self.biases_first else [found, ones], axis=1)
        return found

    def without_ones(self, X: Any) -> NDArray[Any]:
        """Inputs as they are written, without the column of ones where there is one."""
        found: NDArray[Any] = np.asarray(X)
        if self.biases_in_weights:
            found = found[:, 1:] if self.biases_first else found[:, :-1]
        return found

    def signed(self, delta: Any) -> NDArray[Any]:
        """Delta with its sign as written, or a written one with the house's sign; a zero has no minus."""
        found: NDArray[Any] = np.asarray(delta)
        return 0.0 - found if self.turned else found

    # ---- Parts by name.

    def written(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of the house as they are written.

        Parameters
        ----------
        parts : by their names in `Iteration`. Where W holds the biases, those shaped as b must be beside those shaped as W.
        """
        found = {}
        for part, value in parts.items():
            if part in BESIDE:
                found[part] = self.joined(value, parts[BESIDE[part]] if self.biases_in_weights else None)
            elif part == "inputs":
                found[part] = self.with_ones(value)
            elif self.writes(part):
                found[part] = self.signed(value) if part == "delta" else value
        return found

    def internal(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """Parts as they are written (see `written`), as those of the house."""
        found: dict[str, Any] = {}
        for part, value in parts.items():
            if part in BESIDE:
                W, b = self.divided(value)
                found |= {part: W} if b is None else {part: W, BESIDE[part]: b}
            elif part == "inputs":
                found[part] = self.without_ones(value)
            else:
                found[part] = self.signed(value) if part == "delta" else value
        return found

    # ---- Words.

    def names_with_one(self, inputs: Sequence[str]) -> list[str]:
        """The names of `inputs` (N,), with one for the column of ones, x0, where there is such a column.

        Examples
        --------
        >>> Conventions(biases="last column").names_with_one(["x1", "x2"])
        ['x1', 'x2', 'x0']
        """
        if not self.biases_in_weights:
            return [*inputs]
        one = unlike(inputs, "x0", "one")
        return [one, *inputs] if self.biases_first else [*inputs, one]

    def of_layer(self, layer: HasBiases) -> Conventions:
        """The same conventions for this `layer`, which has biases or none."""
        return self if self.has_biases == layer.has_biases else replace(self, has_biases=layer.has_biases)

    @property
    def of_weights(self) -> Conventions:
        """Those of weights and biases alone."""
        return replace(self, delta=DELTAS[0])

    @property
    def sentences(self) -> tuple[str, ...]:
        """What differs from the house's own conventions, a sentence each without a full stop.

        Examples
        --------
        >>> Conventions(delta="D - Y", biases="first column").sentences
        ('delta has D - Y, so that it is -dJ/dU', 'X has a first column of ones, and the biases are the first row of W')
        """
        found = []
        if self.turned:
            found.append("delta has D - Y, so that it is -dJ/dU")
        if self.by_neuron:
            found.append("W has a row for each neuron and a column for each input")
        if self.biases_in_weights:
            line = "column" if self.by_neuron else "row"
            place = "first" if self.biases_first else "last"
            found.append(f"X has a {place} column of ones, and the biases are the {place} {line} of W")
        return tuple(found)

    def to_dict(self) -> dict[str, str]:
        """Plain values, for JSON and problem files."""
        return {name: getattr(self, name) for name in VALUES}


HOUSE = Conventions()
