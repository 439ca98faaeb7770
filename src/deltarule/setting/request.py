"""What problem is asked for: its kind of layer, its sizes, and how its inputs look; checked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, fields
from functools import wraps
from string import ascii_uppercase
from typing import Any, ParamSpec, TypeVar

import numpy as np

from deltarule.checks import Seed, Vector, brief, choice, generator, instance, positive, whole
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import KINDS, OTHER_NAMES
from deltarule.typeset.figures import DEFAULT_DECIMALS, decimals_shown
from deltarule.typeset.words import counted

Fields = ParamSpec("Fields")
Record = TypeVar("Record")
Result = TypeVar("Result")

# The largest sizes that are worked by hand.
MAX_PATTERNS, MAX_INPUTS, MAX_NEURONS = 100, 20, 20
# The largest derivative of delta by u, whatever the targets (in [0, 1] for a perceptron): descent certainly goes down with a
# rate below 2 / (curvature * largest eigenvalue of X^T X with a column of ones).
CURVATURE = {"linear": 1.0, "perceptron": 0.16, "logistic": 0.25, "softmax": 0.5}
# Round rates, without 1: nobody would see whether a rate of 1 was forgotten.
RATES: tuple[float, ...] = tuple(digit / 10**power for power in range(1, 9) for digit in (5, 2, 1))


MAX_RATE = 1000.0


@dataclass(frozen=True)
class ProblemRequest:
    """A problem for hand-work, as an instructor asks for it.

    Parameters
    ----------
    kind : the kind of layer: "softmax", "logistic", "perceptron" or "linear".
    patterns : P, the number of patterns, from 2 to 100. One pattern would hide whether the cost is a sum or a mean.
    inputs : N, the number of inputs, from 1 to 20.
    classes : the number of classes of a softmax or logistic layer, from 2 to 20. None: 3. A logistic layer of two classes has
        one neuron.
    neurons : the number of neurons of a perceptron or linear layer, from 1 to 20; its targets are numbers. None: 2.
    separable : whether the classes must be separable (True) or overlapping (False). None: separable.
    one_decimal : True for inputs from -2.0 to 2.0 with one decimal, False for whole inputs from -4 to 4.
    learning_rate : of the descent; above 0, and not 1, which would hide that it was forgotten. None: a round one with which the
        cost can be expected to fall.
    epochs : of the descent; at least 1.
    decimals : how many decimals the figures are worked to, from 0 to 15.
    seed : a whole number from 0 on, or a `numpy.random.Generator`. The same number gives the same problem.

    Raises
    ------
    InputError
        If a value breaks its rule, or no problem can meet the request.

    Examples
    --------
    >>> request = ProblemRequest("logistic", patterns=6, classes=2)
    >>> request.labels, request.descent.learning_rate, request.separable
    (('A', 'B'), 0.05, True)
    """

    kind: str = "softmax"
    patterns: int = 8
    inputs: int = 2
    _: KW_ONLY
    classes: int | None = None
    neurons: int | None = None
    separable: bool | None = None
    one_decimal: bool = False
    learning_rate: float | None = None
    epochs: int = 1000
    decimals: int = DEFAULT_DECIMALS
    seed: Seed = 0

    def __post_init__(self) -> None:
        kind = choice("kind of layer", self.kind, tuple(CURVATURE), OTHER_NAMES)
        checked: dict[str, Any] = {
            "patterns": whole("number of patterns", self.patterns, 2, f"Give 2 to {MAX_PATTERNS}.", MAX_PATTERNS),
            "inputs": whole("number of inputs", self.inputs, 1, f"Give 1 to {MAX_INPUTS}.", MAX_INPUTS),
            "decimals": decimals_shown(self.decimals),
        }
        if self.learning_rate is not None:
            checked["learning_rate"] = _checked_rate(self.learning_rate)
        instance("choice of one decimal", self.one_decimal, bool, "Give True or False.")
        generator("seed", self.seed)
        if not KINDS[kind].has_classes:
            layers = f"a {kind} layer, whose targets are numbers"
            _refuse("number of classes", self.classes, layers, "Give neurons instead.")
            _refuse("request for separable or overlapping classes", self.separable, layers, "Leave it out.")
            checked["neurons"] = _size("number of neurons", self.neurons, default=2, minimum=1)
        else:
            layers = f"a {kind} layer: its classes decide"
            _refuse("number of neurons", self.neurons, layers, "Give classes instead.")
            if self.separable is not None:
                instance("request for separable classes", self.separable, bool, "Give True, False or None.")
            checked["classes"] = _size("number of classes", self.classes, default=3, minimum=2)
            checked["separable"] = self.separable is not False
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_possible()
        object.__setattr__(self, "epochs", self.descent.epochs)

    @property
    def descent(self) -> Descent:
        """The full batch and the summed cost, as by hand."""
        return Descent(self.learning_rate or self._suitable_rate(), self.epochs)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes A, B, C, ...; none where targets are numbers."""
        return tuple(ascii_uppercase[: self.classes or 0])

    @property
    def values(self) -> Vector:
        """The values that an input can have."""
        return np.arange(-20, 21) / 10 if self.one_decimal else np.arange(-4.0, 5.0)

    @property
    def title(self) -> str:
        """The sizes in words."""
        size = counted(self.neurons or 0, "neuron") if self.classes is None else f"{self.classes} classes"
        return f"A {self.kind} layer: {counted(self.patterns, 'pattern')}, {counted(self.inputs, 'input')}, {size}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; the seed is None where it is a generator."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        return record | {"seed": None if isinstance(self.seed, np.random.Generator) else int(self.seed)}

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
            self._check_reductions_differ()
            return
        # Of as many points as classes none has a neighbour of its own class; such points never overlap.
        minimum = self.classes + (self.separable is False)
        if self.patterns < minimum:
            why = "one for each class" if self.separable else "more than there are classes, since these must overlap"
            raise InputError(
                "number of patterns",
                f"be at least {minimum}, {why}",
                self.patterns,
                "Ask for more patterns, or fewer classes.",
            )

    def _check_reductions_differ(self) -> None:
        """The squared error as a mean is 2 / (P K) times that as a sum: the same where P K = 2."""
        if self.patterns * (self.neurons or 1) == 2:
            raise InputError(
                "number of patterns",
                "be at least 3 for one neuron: of 2 the summed and the mean squared error are the same",
                self.patterns,
                "Ask for more patterns or neurons.",
            )

    def _suitable_rate(self) -> float:
        """A round rate with which descent certainly goes down; a larger one where figures of few decimals would not show it.

        The trace of X^T X with a column of ones is above its largest eigenvalue, so descent goes down below
        2 / (curvature * trace). A bias changes by the rate times a sum of P deltas, some above and some below 0, of about P/4:
        the rate is at least what makes that a unit of the last decimal, unless this is above 4 times that bound, where the cost
        would soon rise.
        """
        trace = self.patterns * (1 + self.inputs * float(np.mean(self.values**2)))
        bound = 2 / (CURVATURE[self.kind] * trace)
        safe = next(rate for rate in RATES if rate <= bound)
        unit = 10.0**-self.decimals
        visible = min(rate for rate in RATES if rate >= min(4 * unit / self.patterns, RATES[0]))
        return visible if safe < visible <= 4 * bound else safe


def _checked_rate(value: Any) -> float:
    rate = positive("learning rate", value, "Leave it out for one that suits the sizes.")
    if rate > MAX_RATE:
        raise InputError(
            "learning rate",
            f"be at most {MAX_RATE:g}: a step by a larger one leads to figures that nobody works by hand",
            brief(value),
            "Leave it out for one that suits the sizes.",
        )
    if rate == 1:
        raise InputError(
            "learning rate",
            "not be 1, since nobody would see whether it was forgotten",
            value,
            "Give another, or leave it out for one that suits the sizes.",
        )
    return rate


def _size(name: str, value: Any, *, default: int, minimum: int) -> int:
    remedy = f"Give {minimum} to {MAX_NEURONS}."
    return whole(name, default if value is None else value, minimum, remedy, MAX_NEURONS)


def _refuse(name: str, value: Any, layers: str, remedy: str) -> None:
    if value is not None:
        raise InputError(name, f"be left out for {layers}", brief(value), remedy)


def takes_fields_of(
    record: Callable[Fields, Record],
) -> Callable[[Callable[[Record], Result]], Callable[Fields, Result]]:
    """Turn a function of a record into one that takes the record's fields; their signature and documentation stand once."""

    def decorate(function: Callable[[Record], Result]) -> Callable[Fields, Result]:
        @wraps(function)
        def of_fields(*positional: Fields.args, **named: Fields.kwargs) -> Result:
            return function(record(*positional, **named))

        parameters = inspect.signature(record).parameters.values()
        result = inspect.signature(function).return_annotation
        vars(of_fields)["__signature__"] = inspect.Signature(list(parameters), return_annotation=result)
        summary, raises = (function.__doc__ or "").split("    Raises\n", 1)
        fields_section = (record.__doc__ or "").split("    Raises\n", 1)[0]
        fields_section = fields_section[fields_section.index("    Parameters\n") :]
        of_fields.__doc__ = f"{summary}{fields_section}    Raises\n{raises}"
        return of_fields

    return decorate
