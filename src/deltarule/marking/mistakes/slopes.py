"""Mistakes in the slope f'(U) that stands in delta."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deltarule.marking.mistakes.conditions import (
    Condition,
    all_of,
    cross_entropy,
    linear,
    sigmoid,
    slope_in_delta,
    tanh,
)
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import instead, ones, row, rows
from deltarule.marking.rework.ingredients import Values, Worksheet

Slope = Callable[[Worksheet], Values]
PERCEPTRON_TANH: Condition = all_of(slope_in_delta, tanh)


def slope(formula: Slope, when: Condition, detail: str = "") -> Variant:
    """Delta with another `formula` for its slope; `when`, `detail`: see `Variant`."""
    return row({"delta.slope": instead(formula)}, when=when, detail=detail)


def _bare(s: Worksheet) -> Values:
    """(Y - D) c, without the slope."""
    found: Values = s.take("delta.error") * s.factor()
    return found


MISTAKES = (
    Mistake(
        "delta-without-slope",
        "Delta is (Y - D) times f'(U). The slope f'(U) is missing.",
        "Look at the derivative of the activation.",
        rows(
            row({"delta.slope": ones}, when=slope_in_delta),
            row(
                {"weight_gradient.delta": instead(_bare), "bias_gradient.delta": instead(_bare)},
                when=slope_in_delta,
                detail="in the gradients",
            ),
            row(
                {"bias_gradient.delta": instead(_bare)},
                when=slope_in_delta,
                detail="in the biases' gradient",
            ),
        ),
    ),
    Mistake(
        "slope-at-output",
        "The slope is f'(U). You took f' at Y, as if Y were the synaptic input.",
        "Look at where the slope is taken.",
        rows(
            slope(
                lambda s: s.exercise.layer.unchecked_output_slope(s.exercise.layer.unchecked_activate(s.Y)),
                slope_in_delta,
            )
        ),
    ),
    Mistake(
        "slope-constant",
        "The slope is f'(U), another one for each synaptic input. You took 1/4 for all, which is the sigmoid's slope at 0.",
        "Look at where the slope is taken.",
        rows(slope(lambda s: np.full_like(s.Y, 0.25), sigmoid)),
    ),
    Mistake(
        "slope-extra",
        "Delta is Y - D here, without f'(U): with the cross-entropy the slope cancels, and that of a linear layer is 1.",
        "Look at the derivative of the cost.",
        rows(
            slope(lambda s: s.Y * (1 - s.Y), cross_entropy),
            slope(lambda s: s.Y * (1 - s.Y), linear, detail="y (1 - y), that of the sigmoid"),
            slope(lambda s: 1 - s.Y**2, linear, detail="1 - y^2, that of tanh"),
            slope(lambda s: s.U * (1 - s.U), cross_entropy, detail="taken as u (1 - u)"),
        ),
    ),
    Mistake(
        "slope-u-1-u",
        "The slope is taken from the outputs: y (1 - y), or 1 - y^2 of tanh. You put u in the place of y.",
        "Look at where the slope is taken.",
        rows(
            slope(lambda s: s.U * (1 - s.U), sigmoid, detail="u (1 - u)"),
            slope(lambda s: 1 - s.U**2, PERCEPTRON_TANH, detail="1 - u^2"),
        ),
    ),
    Mistake(
        "slope-of-other-activation",
        "The slope is that of another activation than this layer's.",
        "Look at the derivative of the activation.",
        rows(
            slope(lambda s: 1 - s.Y**2, sigmoid, detail="1 - y^2, that of tanh: this is a sigmoid layer"),
            slope(
                lambda s: 1 - np.tanh(s.U) ** 2, sigmoid, detail="1 - tanh(u)^2, that of tanh: this is a sigmoid layer"
            ),
            slope(
                lambda s: s.Y * (1 - s.Y),
                PERCEPTRON_TANH,
                detail="y (1 - y), that of the sigmoid: this is a tanh layer",
            ),
            slope(
                lambda s: 1 / (2 + np.exp(s.U) + np.exp(-s.U)),
                PERCEPTRON_TANH,
                detail="that of the sigmoid: this is a tanh layer",
            ),
        ),
    ),
    Mistake(
        "slope-sign",
        "The slope is y (1 - y) for the sigmoid and 1 - y^2 for tanh. You have a plus for the minus, or the difference turned.",
        "Look at signs in the derivative of the activation.",
        rows(
            slope(lambda s: s.Y * (1 + s.Y), sigmoid, detail="y (1 + y)"),
            slope(lambda s: 1 + s.Y**2, PERCEPTRON_TANH, detail="1 + y^2"),
            slope(lambda s: s.Y * (s.Y - 1), sigmoid, detail="y (y - 1)"),
            slope(lambda s: s.Y**2 - 1, PERCEPTRON_TANH, detail="y^2 - 1"),
        ),
    ),
    Mistake(
        "slope-factor-missing",
        "The slope is y (1 - y) for the sigmoid and 1 - y^2 for tanh. You have only a piece of it.",
        "Look at the derivative of the activation.",
        rows(
            slope(lambda s: s.Y, slope_in_delta, detail="y"),
            slope(lambda s: 1 - s.Y, slope_in_delta, detail="1 - y"),
            slope(lambda s: s.Y**2, PERCEPTRON_TANH, detail="y^2"),
        ),
    ),
    Mistake(
        "slope-twice",
        "Delta has the slope f'(U) as a factor once. You have it twice.",
        "Count the factors of delta.",
        rows(row({"delta.slope": lambda _s, right: right**2}, when=slope_in_delta)),
    ),
)
