"""The ways in which people round: a table of hands, each with what it rounds and how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.rework.by_hand import Hands
from deltarule.marking.rework.grains import SLACK, Grain

Values = NDArray[Any]
NOTHING = frozenset[str]()
PRODUCTS = frozenset(
    {"synaptic_inputs", "weight_gradient", "bias_gradient", "weight_velocity", "bias_velocity", "weights", "biases"}
)
SLOPES, EXPONENTIALS = frozenset({"delta"}), frozenset({"outputs"})
SQUARES, TERMS = frozenset({"squares"}), frozenset({"cost"})
EVERYTHING = PRODUCTS | SLOPES | EXPONENTIALS | SQUARES | TERMS
# What may be rounded on the way to the weights, and in the cost, each with each.
ON_THE_WAY = (
    NOTHING,
    PRODUCTS,
    EXPONENTIALS,
    PRODUCTS | SLOPES,
    PRODUCTS | EXPONENTIALS,
    PRODUCTS | SLOPES | EXPONENTIALS,
)
IN_THE_COST = (NOTHING, SQUARES, TERMS, SQUARES | TERMS)
# Significant digits that people copy from a calculator, rounded or cut off there, whatever they write in the end.
CALCULATOR = (3, 4, 5)
# The learning rate in force is worked from a schedule by hand: it has so many significant digits then, or the decimals of figures.
DIGITS_OF_RATES = (3, 4)


@dataclass(frozen=True)
class Way:
    """A way to round.

    Attributes
    ----------
    grain : how far.
    between : the parts whose results in between are rounded.
    steps : the parts whose figures are rounded before they are used.
    rates : how far the learning rates of a schedule are rounded; None: they are not.
    """

    grain: Grain
    between: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    rates: Grain | None = None


def usual_ways(grain: Grain, *, scheduled: bool = False) -> Iterator[Way]:
    """The ways in which people round.

    Parameters
    ----------
    grain : how far the figures are rounded that they write.
    scheduled : whether the learning rates of a schedule must be worked, and may be rounded.
    """
    for between in (way | cost for way in ON_THE_WAY for cost in IN_THE_COST):
        yield Way(grain, between, EVERYTHING)
        yield Way(replace(grain, even=True), between, EVERYTHING)
        yield Way(grain, between)
        yield Way(replace(grain, even=True), between)
    for alone in (frozenset({"synaptic_inputs"}), frozenset({"outputs"}), frozenset({"weights", "biases"})):
        yield Way(grain, steps=alone)
        yield Way(grain, PRODUCTS, alone)
    # The logarithm of a small output depends on the decimals behind those that are written.
    finer_ones = () if grain.decimals is None else (grain.decimals + 1, grain.decimals + 2)
    for decimals in finer_ones:
        finer = replace(grain, decimals=decimals)
        yield from (Way(finer, between, EVERYTHING) for between in (NOTHING, PRODUCTS, EVERYTHING))
    for digits in CALCULATOR:
        for shown in (Grain(digits=digits), Grain(digits=digits, even=True), Grain(digits=digits, cut=True)):
            yield from (Way(shown, between, EVERYTHING) for between in (NOTHING, PRODUCTS, EVERYTHING))
            yield from (Way(shown, between) for between in (EVERYTHING, EXPONENTIALS, PRODUCTS))

    for rates in (grain, *(Grain(digits=digits) for digits in DIGITS_OF_RATES)) if scheduled else ():
        for between in (NOTHING, PRODUCTS, EVERYTHING):
            yield from (Way(grain, between, steps, rates) for steps in (EVERYTHING, NOTHING))


def hands_of(ways: list[Way]) -> Hands:
    """Hands of which each works in one of the `ways`."""
    grains = [way.grain for way in ways]
    units_in_1 = np.array(
        [10.0 ** (grain.decimals or 0) for grain in grains]
    )  # NumPy multiplies by it: so halves come out alike
    digits = np.array([grain.digits or 0 for grain in grains])
    even = np.array([grain.even for grain in grains])
    bias = np.array([SLACK if grain.cut else 0.5 + SLACK for grain in grains])

    def rounded(values: Values, which: NDArray[np.bool_]) -> Values:
        """The figures of those hands that round."""
        if not which.any():
            return values
        some = values[which]
        each = (-1, *[1] * (values.ndim - 1))
        size, scale = np.abs(some), units_in_1[which].reshape(each)
        if digits.any():
            power = np.floor(np.log10(np.where(size > 0, size, 1.0)) + SLACK)
            by_digits = 10.0 ** (digits[which].reshape(each) - 1 - power)
            scale = np.where(digits[which].reshape(each) > 0, by_digits, scale)
        units = size * scale
        whole = np.where(even[which].reshape(each), np.rint(units), np.floor(units + bias[which].reshape(each)))
        found = values.copy()
        found[which] = np.sign(some) * whole / scale
        return found

    def masks(sets: list[frozenset[str]]) -> dict[str, NDArray[np.bool_]]:
        return {part: np.array([part in each for each in sets]) for part in EVERYTHING}

    between, steps = masks([way.between for way in ways]), masks([way.steps for way in ways])
    return Hands(
        len(ways),
        lambda part, values: rounded(values, between[part]),
        lambda part, values: rounded(values, steps[part]),
        rates=lambda rates: np.array(
            [
                rate if way.rates is None else way.rates.rounded(rate)
                for way, rate in zip(ways, rates.tolist(), strict=True)
            ]
        ),
    )
