"""Mistakes in momentum: V <- m V + G, and a step along V; Nesterov's step along G + m V."""

from __future__ import annotations

from deltarule.marking.mistakes.conditions import (
    all_of,
    has_biases,
    has_momentum,
    heavy_ball,
    nesterov,
    several_updates,
)
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.mistakes.neighbours import instead, nothing, ones, row, rows, times
from deltarule.marking.rework.ingredients import Change, Worksheet

LATER = all_of(has_momentum, several_updates)
FACTORS = ("weight_velocity.factor", "bias_velocity.factor")
BEFORE = {"weight_velocity.before": "weight_gradient", "bias_velocity.before": "bias_gradient"}
STEPS = {"weights.step": "weight_gradient", "biases.step": "bias_gradient"}


def _part(part: str) -> Change:
    """A gradient or a velocity of the iteration, in the place of another."""
    return instead(lambda s: s.parts[part])


def _gradient_before(part: str) -> Change:
    """The gradient of the iteration before; 0 in the first."""
    return lambda s, right: right if s.before is None else s.before.parts[part]


def _velocity_before(parameter: str) -> Change:
    """The velocity that the iteration begins with; 0 in the first."""
    return lambda s, right: right * 0.0 + s.velocity_before(parameter)


def _rate(s: Worksheet) -> float:
    return s.a


def _rest(s: Worksheet) -> float:
    return 1 - s.exercise.momentum


MISTAKES = (
    Mistake(
        "momentum-left-out",
        "With momentum the step goes along the velocity: V_W <- m V_W + dJ/dW, and V_b likewise. Yours goes along the gradient "
        "alone.",
        "Look at what the step goes along.",
        rows(
            row({step: _part(part) for step, part in STEPS.items()}, when=LATER),
            *(
                row({step: _part(part)}, when=all_of(LATER, has_biases), detail=f"for the {parameter}")
                for (step, part), parameter in zip(STEPS.items(), ("weights", "biases"), strict=True)
            ),
        ),
    ),
    Mistake(
        "velocity-not-carried",
        "V_W <- m V_W + dJ/dW starts from the velocity that the last iteration reached, and so does V_b. Yours does not.",
        "Look at which velocity an iteration starts from.",
        rows(
            # Where no velocity is written, this is momentum that was left out.
            row(dict.fromkeys(BEFORE, nothing), when=LATER, detail="you started from 0 again"),
            row(
                {before: _gradient_before(part) for before, part in BEFORE.items()},
                when=LATER,
                detail="you took the gradient of the iteration before",
                beyond=True,
            ),
        ),
    ),
    Mistake(
        "velocity-late",
        "The step goes along the new velocity. You took the velocity that the iteration started from.",
        "Look at which velocity the step goes along.",
        # With Nesterov's momentum, G + m V is the heavy ball's step then.
        rows(row({f"{each}.velocity": _velocity_before(each) for each in ("weights", "biases")}, when=heavy_ball)),
    ),
    Mistake(
        "rate-in-velocity",
        "V_W is m V_W + dJ/dW, without the learning rate, which stands in the step alone; V_b likewise. You put the rate into the "
        "velocity.",
        "Look at where the learning rate stands.",
        rows(
            row(
                dict.fromkeys(FACTORS, times(_rate)) | {"weights.rate": ones, "biases.rate": ones},
                when=has_momentum,
                detail="and not into the step",
            ),
            row(
                dict.fromkeys(FACTORS, times(lambda s: -s.a))
                | dict.fromkeys(("weights.rate", "biases.rate"), instead(lambda _s: -1.0)),
                when=has_momentum,
                detail="with a minus, and added it",
            ),
            row(dict.fromkeys(FACTORS, times(_rate)), when=has_momentum, detail="and into the step, too"),
        ),
    ),
    Mistake(
        "velocity-averaged",
        "V_W is m V_W + dJ/dW, and V_b likewise: the gradient counts in full. You took a share of it.",
        "Look at the factors in the velocity.",
        rows(
            row(dict.fromkeys(FACTORS, times(_rest)), when=has_momentum, detail="1 - m, as in an average"),
            row(
                {"momentum": instead(_rest), **dict.fromkeys(FACTORS, times(lambda s: s.exercise.momentum))},
                when=has_momentum,
                detail="m, and 1 - m of the velocity",
            ),
        ),
    ),
    Mistake(
        "momentum-exchanged",
        "V_W is m V_W + dJ/dW, and V_b likewise. You took 1 - m for m.",
        "Look at the factors in the velocity.",
        rows(row({"momentum": instead(_rest)}, when=LATER)),
    ),
    Mistake(
        "velocity-sign",
        "V_W is m V_W + dJ/dW, and V_b likewise. A sign of yours is another one.",
        "Look at the signs in the velocity.",
        rows(
            row(dict.fromkeys(BEFORE, times(-1.0)), when=LATER, detail="that of the velocity before"),
            row(
                dict.fromkeys(FACTORS, times(-1.0)) | dict.fromkeys(("weights.rate", "biases.rate"), times(-1.0)),
                when=heavy_ball,
                detail="that of the gradient; you added the step",
            ),
        ),
    ),
    Mistake(
        "nesterov-added",
        "The step of this problem goes along the velocity V_W, and V_b. You took Nesterov's step, along dJ/dW + m V_W.",
        "Look at what the step goes along.",
        rows(row({"nesterov": instead(lambda _s: True)}, when=heavy_ball)),
    ),
    Mistake(
        "nesterov-left-out",
        "Nesterov's step goes along dJ/dW + m V_W, and dJ/db + m V_b. Yours does not.",
        "Look at what the step goes along.",
        rows(
            row({"nesterov": instead(lambda _s: False)}, when=nesterov, detail="you took the velocity alone"),
            row(
                {
                    "weights.gradient": _part("weight_velocity"),
                    "biases.gradient": _part("bias_velocity"),
                },
                when=all_of(nesterov, several_updates),
                detail="you took V + m V",
            ),
        ),
    ),
)
