"""Mistakes in the update: its sign, its length, the layer that it starts from and the one whose gradient it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deltarule.marking.mistakes.conditions import all_of, from_start, has_biases, not_, several_updates
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import (
    DELTA,
    STEPS,
    factor,
    nothing,
    ones,
    rare,
    row,
    rows,
    times,
)
from deltarule.marking.rework.ingredients import Change, Worksheet

GRADIENT_OF = {"weights": "weight_gradient", "biases": "bias_gradient"}
VELOCITY_OF = {"weights": "weight_velocity", "biases": "bias_velocity"}
TURNED: Change = times(-1.0)
UPHILL = {"weights.rate": TURNED, "biases.rate": TURNED}
# Where delta alone has the other sign, the sums over patterns turn it back.
BACK = {"weight_gradient.delta": TURNED, "bias_gradient.delta": TURNED}


def gradient_with_new(new: str, name: str, gradient: str) -> Change:
    """A gradient taken where one of weights and biases is updated already.

    Parameters
    ----------
    new : "weights" or "biases", what is updated first.
    name : what the change changes.
    gradient : "weight_gradient" or "bias_gradient".
    """

    def change(s: Worksheet, _right: Any) -> Any:
        plain = s.without(name)
        updated = plain.go_on((GRADIENT_OF[new], VELOCITY_OF[new], new)).parts[new]
        layer = (updated, s.b) if new == "weights" else (s.W, updated)
        return plain.at(*layer).go_on(("synaptic_inputs", "outputs", "delta", gradient)).parts[gradient]

    return change


def two_steps(parameter: str) -> Change:
    """The gradient of a `parameter`, and that of the layer which one step reaches: what two steps go together."""

    def change(s: Worksheet, right: Any) -> Any:
        plain = s.without("weights.gradient", "biases.gradient")
        after = plain.at(plain.work("weights"), plain.work("biases"))
        gradient = GRADIENT_OF[parameter]
        return right + after.go_on(("synaptic_inputs", "outputs", "delta", gradient)).parts[gradient]

    return change


def of_first(part: str) -> Change:
    """A part as it was in the first iteration."""
    return lambda s, right: right if s.first is None else s.first.parts[part]


def initial(name: str) -> Change:
    """The weights or biases, by their `name` "W" or "b", before the first iteration."""
    return lambda s, right: right if s.first is None else getattr(s.first, name)


def late(name: str) -> Change:
    """The weights or biases, by their `name` "W" or "b", before the iteration before."""
    return lambda s, right: right if s.before is None else getattr(s.before, name)


def _decay_of(weights: Change) -> Change:
    return lambda s, _right: s.L * weights(s, s.W)


def _old(name: str, parameter: str, before: str) -> list[Variant]:
    """Older weights or biases: throughout an iteration, or in U alone."""
    place = f"synaptic_inputs.{parameter}"
    found = []
    for older, when, words in (
        (initial(name), from_start, "the initial ones"),
        (late(name), several_updates, "those before the last update"),
    ):
        decay = {"weight_gradient.decay": _decay_of(older)} if name == "W" else {}
        found += [
            row({place: older, before: older, **decay}, when=when, detail=words),
            row({place: older}, when=when, detail=f"in U, {words}"),
        ]
    return found


_FROM_INITIAL = {
    **dict.fromkeys(("synaptic_inputs.weights", "weights.before"), initial("W")),
    **dict.fromkeys(("synaptic_inputs.biases", "biases.before"), initial("b")),
    "weight_gradient.decay": _decay_of(initial("W")),
    "bias_gradient.decay": lambda s, right: s.L * initial("b")(s, s.b) if s.exercise.descent.decay_biases else right,
    "cost.decay": lambda s, right: right if s.first is None else s.first.decay_cost(),
}
NOT_UPDATED = Mistake(
    "not-updated",
    "Weights and biases after the update are those before it: W - a dJ/dW and b - a dJ/db were not worked.",
    "Look at what the update changes.",
    # A gradient that cancels to 0 gives the same figures: it is much rarer.
    rows(row({"weights.rate": nothing, "biases.rate": nothing}, price=-2.0)),
)
MISTAKES = (
    Mistake(
        "ascent",
        "Descent goes against the gradient: W - a dJ/dW. Your step goes along it.",
        "Look at signs.",
        rows(
            row(UPHILL),
            *(replace(row(changes), of_step=True) for changes in ({"delta.factor": TURNED}, BACK)),
            row({"weights.rate": TURNED}, detail="in the weights' step"),
            row({"biases.rate": TURNED}, detail="in the biases' step"),
        ),
    ),
    Mistake(
        "delta-turned",
        "Delta is Y - D here. You took D - Y, and turned the step as well: the step is the same, but delta and the gradients "
        "have the other sign.",
        "Look at signs.",
        rows(row({"delta.factor": TURNED, "weight_gradient.decay": TURNED, **UPHILL})),
    ),
    Mistake(
        "delta-sign",
        "Delta is Y - D here. You wrote D - Y, and went on rightly.",
        "Look at the sign of delta.",
        rows(row({"delta.factor": TURNED, **BACK})),
    ),
    Mistake(
        "gradients-turned",
        "You wrote the gradients with the other sign, and went along them.",
        "Look at the sign of the gradients.",
        rows(row({"weight_gradient": TURNED, "bias_gradient": TURNED, **UPHILL})),
    ),
    Mistake(
        "rate-missing",
        "The step is the learning rate times the gradient. You took the gradient alone.",
        "Look at the length of the step.",
        rows(row({"weights.rate": ones, "biases.rate": ones})),
    ),
    Mistake(
        "rate-twice",
        "Your step has the learning rate as a factor twice.",
        "Look at the length of the step.",
        rows(
            row({"weights.rate": times(lambda s: s.a), "biases.rate": times(lambda s: s.a)}),
            row({"weight_gradient": times(lambda s: s.a), "bias_gradient": times(lambda s: s.a)}),
            *factor(lambda s: s.a, DELTA),
        ),
    ),
    Mistake(
        "rate-divided",
        "The step is the learning rate times the gradient. You divided by the learning rate.",
        "Look at the length of the step.",
        rows(row({"weights.rate": lambda _s, a: 1 / a, "biases.rate": lambda _s, a: 1 / a})),
    ),
    Mistake(
        "rate-on-one",
        "Both steps, of the weights and of the biases, have the learning rate as a factor. One of yours has not.",
        "Compare the two steps.",
        rows(
            row({"biases.rate": ones}, when=has_biases, detail="that of the biases"),
            row({"weights.rate": ones}, when=has_biases, detail="that of the weights"),
            row(
                {"biases.rate": times(lambda s: s.a)},
                when=has_biases,
                detail="that of the biases has it twice",
            ),
            row(
                {"weights.rate": times(lambda s: s.a)},
                when=has_biases,
                detail="that of the weights has it twice",
            ),
        ),
    ),
    Mistake(
        "stepped-twice",
        "An iteration is one step. You made two.",
        "Count the steps.",
        rows(
            *factor(2.0, STEPS),
            row(
                {f"{each}.gradient": two_steps(each) for each in GRADIENT_OF},
                detail="the second from where the first led",
                beyond=True,
            ),
            row({"weights.rate": times(2.0)}, detail="with the weights"),
            row({"biases.rate": times(2.0)}, detail="with the biases"),
        ),
    ),
    Mistake(
        "new-weights-for-biases",
        "Both gradients are those of the layer before the update. You used the new weights for the biases.",
        "Look at which weights the biases' gradient was taken at.",
        rows(
            row({"bias_gradient": gradient_with_new("weights", "bias_gradient", "bias_gradient")}, beyond=True),
            row({"biases.gradient": gradient_with_new("weights", "biases.gradient", "bias_gradient")}, beyond=True),
        ),
    ),
    Mistake(
        "biases-first",
        "Both gradients are those of the layer before the update. You updated the biases first, and used the new ones for the "
        "weights.",
        "Look at which biases the weights' gradient was taken at.",
        rows(
            row({"weight_gradient": gradient_with_new("biases", "weight_gradient", "weight_gradient")}, beyond=True),
            row({"weights.gradient": gradient_with_new("biases", "weights.gradient", "weight_gradient")}, beyond=True),
        ),
    ),
    Mistake(
        "biases-added",
        "The layer of this problem has no biases: U = X W. You gave it some, and updated them.",
        "Look at what there is to update.",
        rows(row({"bias_gradient.factor": ones}, when=all_of(not_(has_biases), from_start))),
    ),
    NOT_UPDATED,
    Mistake(
        "biases-not-updated",
        "The biases are updated too: b - a times the sum of delta. You left them unchanged.",
        "Look at the biases.",
        # The biases stand as they were: what else gives these figures is much rarer.
        rows(row({"biases.rate": nothing}, price=-2.0)),
    ),
    Mistake(
        "weights-not-updated",
        "The weights are updated too: W - a dJ/dW. You left them unchanged.",
        "Look at the weights.",
        rows(row({"weights.rate": nothing}, price=-2.0)),
    ),
    Mistake(
        "step-alone",
        "The new weights are the old ones minus the step. You wrote the step alone.",
        "Look at what the step starts from.",
        rows(
            row({"weights.before": nothing, "biases.before": nothing}),
            # From weights of 0 the step uphill is that of `ascent`.
            *rare([row({"weights.before": nothing, "biases.before": nothing, **UPHILL})]),
            *(row({f"{part}.before": nothing}, detail=f"for the {part}") for part in ("weights", "biases")),
        ),
    ),
    Mistake(
        "initial-gradient",
        "Each iteration has its own gradient. You took that of the first iteration again.",
        "Look at which iteration the gradient belongs to.",
        rows(
            row({each: of_first(each) for each in GRADIENT_OF.values()}, when=from_start, beyond=True),
            row(
                {f"{parameter}.gradient": of_first(gradient) for parameter, gradient in GRADIENT_OF.items()},
                when=from_start,
                detail="in the step",
                beyond=True,
            ),
            row({"delta": of_first("delta")}, when=from_start, beyond=True),
            *(row({each: of_first(each)}, when=from_start, beyond=True) for each in GRADIENT_OF.values()),
        ),
    ),
    Mistake(
        "updated-from-initial",
        "Each step starts from the weights and biases that the last one reached. Yours start from the initial ones.",
        "Look at what the step starts from.",
        rows(
            row({"weights.before": initial("W"), "biases.before": initial("b")}, when=from_start),
            row({"biases.before": initial("b")}, when=from_start, detail="of the biases"),
            row({"weights.before": initial("W")}, when=from_start, detail="of the weights"),
            row(_FROM_INITIAL, when=from_start, detail="and U is that of the first iteration"),
        ),
    ),
    Mistake(
        "old-biases",
        "An iteration takes the biases that the last one reached. You took older ones.",
        "Look at which biases go into U.",
        rows(*_old("b", "biases", "biases.before")),
    ),
    Mistake(
        "old-weights",
        "An iteration takes the weights that the last one reached. You took older ones.",
        "Look at which weights go into U.",
        rows(*_old("W", "weights", "weights.before")),
    ),
)
