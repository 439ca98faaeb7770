"""What problem is wanted: sizes, kind, and how its inputs look; checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np

from deltarule.checks import Vector, choice, instance, positive, whole
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import KINDS, NumberLayer
from deltarule.typeset.figures import decimals_shown
from deltarule.typeset.words import counted

# Nobody works more by hand.
MOST_PATTERNS, MOST_INPUTS, MOST_NEURONS = 100, 20, 20
# The largest derivative of delta by u, whatever the targets (in [0, 1] for a perceptron): descent certainly goes down with a
# rate below 2 / (curvature * largest eigenvalue of X^T X with a column of ones).
CURVATURE = {"linear": 1.0, "perceptron": 0.16, "logistic": 0.25, "softmax": 0.5}


@dataclass(frozen=True)
class Wish:
    """A problem as an instructor asks for it.

    Parameters
    ----------
    kind : softmax, logistic, perceptron or linear.
    patterns, inputs : P and N.
    classes : of a softmax or logistic layer (3). A logistic layer of two classes has one neuron.
    neurons : of a perceptron or linear layer (2); its targets are numbers.
    separable : whether the classes shall be separable (True) or overlapping. None: separable.
    one_decimal : inputs from -2.0 to 2.0 with one decimal, not whole ones from -4 to 4.
    learning_rate : None: a round one with which the cost can be expected to fall.
    epochs, decimals : of the descent, and of the figures.

    Raises
    ------
    InputError
        If a value breaks its rule, or no problem can be like that.

    Examples
    --------
    >>> wish = Wish("logistic", patterns=6, classes=2)
    >>> wish.labels, wish.descent.learning_rate, wish.separable
    (('A', 'B'), 0.05, True)
    """

    kind: str = "softmax"
    patterns: int = 8
    inputs: int = 2
    classes: int | None = None
    neurons: int | None = None
    separable: bool | None = None
    one_decimal: bool = False
    learning_rate: float | None = None
    epochs: int = 1000
    decimals: int = 2

    def __post_init__(self) -> None:
        kind = choice("kind of layer", self.kind, tuple(KINDS))
        labelled = not issubclass(KINDS[kind], NumberLayer)
        checked: dict[str, Any] = {
            "patterns": whole("number of patterns", self.patterns, 1, f"Give 1 to {MOST_PATTERNS}.", MOST_PATTERNS),
            "inputs": whole("number of inputs", self.inputs, 1, f"Give 1 to {MOST_INPUTS}.", MOST_INPUTS),
            "decimals": decimals_shown(self.decimals),
        }
        if self.learning_rate is not None:
            remedy = "Leave it out for one that suits the sizes."
            checked["learning_rate"] = positive("learning rate", self.learning_rate, remedy)
        instance("choice of one decimal", self.one_decimal, bool, "Give True or False.")
        if labelled:
            _refuse("number of neurons", self.neurons, f"a {kind} layer: its classes decide", "Give classes instead.")
            classes = _size("number of classes", self.classes, 3, least=2)
            if self.separable is not None:
                instance("wish for separable classes", self.separable, bool, "Give True, False or None.")
            checked |= {
                "classes": classes,
                "separable": self.separable is not False,
            }
        else:
            rule = f"a {kind} layer, whose targets are numbers"
            _refuse("number of classes", self.classes, rule, "Give neurons instead.")
            _refuse("wish for separable or overlapping classes", self.separable, rule, "Leave it out.")
            checked["neurons"] = _size("number of neurons", self.neurons, 2, least=1)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_possible()
        object.__setattr__(self, "epochs", self.descent.epochs)

    @property
    def descent(self) -> Descent:
        """The full batch, and the summed cost, as by hand."""
        return Descent(self.learning_rate or self._gentle_rate(), self.epochs)

    @property
    def labels(self) -> tuple[str, ...]:
        """A, B, C, ...: none where targets are numbers."""
        return tuple(ascii_uppercase[: self.classes or 0])

    @property
    def values(self) -> Vector:
        """What an input can be."""
        return np.arange(-20, 21) / 10 if self.one_decimal else np.arange(-4.0, 5.0)

    @property
    def title(self) -> str:
        """The sizes in words."""
        size = counted(self.neurons or 0, "neuron") if self.classes is None else f"{self.classes} classes"
        return f"A {self.kind} layer: {counted(self.patterns, 'pattern')}, {counted(self.inputs, 'input')}, {size}"

    def _check_possible(self) -> None:
        points = len(self.values) ** self.inputs
        if self.patterns > points:
            grid = f"{counted(self.inputs, 'input')} of {len(self.values)} values"
            raise InputError(
                "number of patterns",
                f"be at most {points}, the points that {grid} can make",
                self.patterns,
                "Ask for more inputs, or one decimal." if not self.one_decimal else "Ask for more inputs.",
            )
        if self.classes is None:
            return
        # Of as many points as classes none has a neighbour of its own class; such points never overlap.
        least = self.classes + (self.separable is False)
        if self.patterns < least:
            why = "one a class" if self.separable else "more than there are classes, since these shall overlap"
            raise InputError(
                "number of patterns",
                f"be at least {least}, {why}",
                self.patterns,
                "Ask for more patterns, or fewer classes.",
            )

    def _gentle_rate(self) -> float:
        """The largest of 1, 0.5, 0.2, 0.1, ... below 2 / (curvature * trace), since the trace is above the largest eigenvalue."""
        trace = self.patterns * (1 + self.inputs * float(np.mean(self.values**2)))
        bound = 2 / (CURVATURE[self.kind] * trace)
        rates: Iterator[float] = (digit / 10**power for power in range(1, 9) for digit in (10, 5, 2))
        return next(rate for rate in rates if rate <= bound)


def _size(thing: str, value: Any, default: int, *, least: int) -> int:
    return whole(thing, default if value is None else value, least, f"Give {least} to {MOST_NEURONS}.", MOST_NEURONS)


def _refuse(thing: str, value: Any, rule: str, remedy: str) -> None:
    if value is not None:
        raise InputError(thing, f"be left out for {rule}", repr(value), remedy)
