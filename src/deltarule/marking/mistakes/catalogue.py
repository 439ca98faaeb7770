"""The known mistakes: each a name, what it works instead, and the sentence that a kind tutor would say.

To add one, add an entry to `MISTAKES`: what is done otherwise, part by part, as functions of the worksheet so far and of the
part as it is rightly worked. One that is made in several variants has several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from deltarule.layers import LogisticLayer, NumberLayer, PerceptronLayer, SoftmaxLayer
from deltarule.marking.mistakes.class_orders import columns_in, orders_of
from deltarule.marking.mistakes.mistake import (
    Mistake,
    Variant,
    bias_gradient_of,
    cost_of,
    cost_times,
    factor,
    flipped,
    is_sum,
    kind,
    per_pattern,
    stepped,
    times,
    variant,
    weight_gradient_of,
)
from deltarule.marking.mistakes.rescaled import scaled_by_n_minus_1, scaled_on_all_data
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.marking.rework.worksheet import Change, Worksheet


def mean_for_sum(exercise: Exercise) -> Iterator[Variant]:
    if is_sum(exercise):
        yield Variant(exercise=flipped(exercise))
        yield variant(cost=cost_times(per_pattern), delta=times(per_pattern))
        yield variant(delta=times(per_pattern))
        yield variant(weight_gradient=times(per_pattern), bias_gradient=times(per_pattern))
        for part in ("weight_gradient", "bias_gradient"):
            yield Variant({part: times(per_pattern)}, price=1.0)


def sum_for_mean(exercise: Exercise) -> Iterator[Variant]:
    if not is_sum(exercise):
        yield Variant(exercise=flipped(exercise))
        yield variant(cost=cost_times(lambda s: s.P), delta=times(lambda s: s.P))
        yield variant(delta=times(lambda s: s.P))
        yield variant(weight_gradient=times(lambda s: s.P), bias_gradient=times(lambda s: s.P))
        yield variant(cost=cost_times(lambda s: 1 / s.scale()))


def half_missing(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, NumberLayer) and is_sum(exercise):
        double = cost_times(lambda _s: 2.0)
        yield variant(cost=double)
        yield variant(cost=double, delta=times(lambda _s: 2.0))
        yield variant(delta=times(lambda _s: 2.0))


def half_extra(exercise: Exercise) -> Iterator[Variant]:
    half = cost_times(lambda _s: 0.5)
    yield variant(cost=half)
    yield variant(cost=half, delta=times(lambda _s: 0.5))
    yield variant(delta=times(lambda _s: 0.5))


def ascent(exercise: Exercise) -> Iterator[Variant]:
    yield Variant(stepped(lambda s: -s.a))
    yield variant(delta=times(lambda _s: -1.0))
    for part in ("weights", "biases"):
        yield Variant({part: stepped(lambda s: -s.a)[part]}, price=2.0)


def delta_turned(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    gradient: Change = lambda s, right: right - 2 * L * s.W  # noqa: E731 - its decay has the other sign too
    yield Variant({"delta": times(lambda _s: -1.0), "weight_gradient": gradient, **stepped(lambda s: -s.a)})


def rate_twice(exercise: Exercise) -> Iterator[Variant]:
    yield Variant(stepped(lambda s: s.a**2))
    yield variant(weight_gradient=times(lambda s: s.a), bias_gradient=times(lambda s: s.a))


def weights_transposed(exercise: Exercise) -> Iterator[Variant]:
    yield Variant(flags=frozenset({"transposed"}))
    if exercise.layer.inputs == exercise.layer.neurons:
        yield variant(synaptic_inputs=lambda s, _: s.X @ s.W.T + s.b)
        yield Variant(shown=lambda name, value: value.T if name.endswith((".weights", ".weight_gradient")) else value)
        yield variant(weight_gradient=lambda _s, right: right.T)


def delta_without_slope(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, PerceptronLayer):
        yield variant(delta=lambda s, _: (s.Y - s.D) * factor(s))


def slope_at_output(exercise: Exercise) -> Iterator[Variant]:
    if isinstance(exercise.layer, PerceptronLayer):
        layer = exercise.layer
        yield variant(delta=lambda s, _: (s.Y - s.D) * layer.slope(s.Y) * factor(s))


def new_weights_for_biases(exercise: Exercise) -> Iterator[Variant]:
    def gradient(s: Worksheet, _right: Any) -> Any:
        W = s.W - s.a * s.parts["weight_gradient"]
        Y = s.exercise.layer.activate(s.X @ W + s.b)
        return (s.exercise.layer.output_delta(Y, s.D) * factor(s)).sum(axis=0)

    yield variant(bias_gradient=gradient)
    yield variant(biases=lambda s, right: s.b - s.a * gradient(s, right))


def biases_not_updated(exercise: Exercise) -> Iterator[Variant]:
    yield variant(biases=lambda s, _: s.b)
    yield Variant({"bias_gradient": times(lambda _s: 0.0)}, price=1.0)


def biases_one_pattern(exercise: Exercise) -> Iterator[Variant]:
    for p in (-1, 0):
        yield variant(bias_gradient=bias_gradient_of(p))


def one_pattern_only(exercise: Exercise) -> Iterator[Variant]:
    for p in (-1, 0):
        yield variant(weight_gradient=weight_gradient_of(p), bias_gradient=bias_gradient_of(p))
        yield variant(weight_gradient=weight_gradient_of(p))


def softmax_over_patterns(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, SoftmaxLayer):
        yield variant(outputs=lambda s, _: s.exercise.layer.activate(s.U.T).T)


def softmax_twice(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, SoftmaxLayer):
        layer = exercise.layer

        def chained(s: Worksheet, _right: Any) -> Any:
            outer = layer.pattern_delta(s.Y, s.D) * factor(s)
            return s.Y * (outer - np.sum(outer * s.Y, axis=1, keepdims=True))

        cost = cost_of(lambda s: layer.pattern_cost(s.Y, s.D))
        yield variant(outputs=lambda _s, right: layer.activate(right))
        yield variant(cost=cost)
        yield variant(cost=cost, delta=lambda s, _: layer.pattern_delta(s.Y, s.D) * factor(s))
        yield variant(cost=cost, delta=chained)


def log_base(base: float) -> Callable[[Exercise], Iterator[Variant]]:
    def variants(exercise: Exercise) -> Iterator[Variant]:
        if not exercise.predicts_numbers:
            yield variant(cost=cost_times(lambda _s: 1 / np.log(base)))

    return variants


def cost_of_wrong_class(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, SoftmaxLayer):
        yield variant(cost=cost_of(lambda s: -np.log(s.Y.max(axis=1))))
        yield variant(cost=cost_of(lambda s: -np.sum(np.log(s.Y) * (1 - s.D), axis=1)))
        yield variant(cost=cost_of(lambda s: -np.log(np.max(np.where(s.D > 0, 0, s.Y), axis=1))))
    elif kind(exercise, LogisticLayer):
        yield variant(cost=cost_of(lambda s: s.exercise.layer.pattern_cost(s.U, 1 - s.D)))
        yield variant(cost=cost_of(lambda s: s.exercise.layer.pattern_cost(s.U, (s.U > 0).astype(float))))


def cost_per_pattern(exercise: Exercise) -> Iterator[Variant]:
    if is_sum(exercise):
        yield variant(cost=cost_times(per_pattern))
        if exercise.descent.weight_decay:
            yield variant(cost=times(per_pattern))
    elif not kind(exercise, SoftmaxLayer):
        yield variant(cost=cost_times(lambda s: s.exercise.layer.neurons))


def cost_per_batch(exercise: Exercise) -> Iterator[Variant]:
    batches = exercise.descent.updates_per_epoch(exercise.count)
    if batches > 1:
        yield variant(cost=cost_times(lambda _s: 1 / batches))
        if not is_sum(exercise):
            yield variant(cost=cost_times(lambda s: 1 / s.exercise.count))


def classes_reordered(exercise: Exercise) -> Iterator[Variant]:
    orders = list(orders_of(exercise)) if exercise.classes and exercise.layer.neurons > 1 else []
    for order in orders:
        yield from columns_in(exercise, order, price=float(np.log(2 * len(orders))))


def iteration_off_by_one(exercise: Exercise) -> Iterator[Variant]:
    for shift in (1, -1):
        yield Variant(shift=shift)


def decay_forgotten(exercise: Exercise) -> Iterator[Variant]:
    if exercise.descent.weight_decay:
        none = exercise.having(descent=replace(exercise.descent, weight_decay=0.0))
        yield Variant(exercise=none)
        yield variant(weight_gradient=lambda s, right: right - s.exercise.descent.weight_decay * s.W)
        yield variant(cost=lambda s, right: right - s.decay_cost())


def biases_decayed(exercise: Exercise) -> Iterator[Variant]:
    if exercise.descent.weight_decay:
        L = exercise.descent.weight_decay
        gradient: Change = lambda s, right: right + L * s.b  # noqa: E731
        yield variant(bias_gradient=gradient)
        yield variant(bias_gradient=gradient, cost=lambda s, right: right + 0.5 * L * float(np.sum(s.b**2)))


def signs_lost(exercise: Exercise) -> Iterator[Variant]:
    for part in ("synaptic_inputs", "delta", "weight_gradient", "weights"):
        yield Variant({part: lambda _s, right: np.abs(right)}, said=f"in {part.replace('_', ' ')}")
    yield Variant(
        shown=lambda name, value: value if name.endswith(COUNTS) else np.abs(value), price=1.0, said="everywhere"
    )


def biases_left_out(exercise: Exercise) -> Iterator[Variant]:
    yield variant(synaptic_inputs=lambda s, _: s.X @ s.W)


def biases_subtracted(exercise: Exercise) -> Iterator[Variant]:
    yield variant(synaptic_inputs=lambda s, _: s.X @ s.W - s.b)


def targets_left_out(exercise: Exercise) -> Iterator[Variant]:
    yield variant(delta=lambda s, _: s.exercise.layer.output_delta(s.Y, np.zeros_like(s.D)) * factor(s))


def right_counted(exercise: Exercise) -> Iterator[Variant]:
    if not exercise.predicts_numbers:
        # One small count says little by itself; but where it is all that is wrong, what else should it be?
        yield Variant({"errors": lambda s, right: s.P - right}, price=-2.0)


def pattern_left_out(exercise: Exercise) -> Iterator[Variant]:
    def without(p: int) -> Variant:
        return variant(
            weight_gradient=lambda s, right: right - np.outer(s.X[p], s.delta[p]),
            bias_gradient=lambda s, right: right - s.delta[p],
        )

    yield from (without(p) for p in (-1, 0))


def decay_twice(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    if L:
        twice: Change = lambda s, right: right + L * s.W  # noqa: E731
        cost: Change = lambda s, right: right + s.decay_cost()  # noqa: E731
        yield variant(cost=cost)
        yield variant(weight_gradient=twice)
        yield variant(cost=cost, weight_gradient=twice)


def cut_off(exercise: Exercise) -> Iterator[Variant]:
    for decimals in {exercise.decimals, 2, 3, 4}:
        yield Variant(shown=partial(truncated, decimals), price=6.0)


def truncated(decimals: int, name: str, value: Any) -> Any:
    """Figures without what stands behind their last decimal."""
    unit = 10.0**-decimals
    return value if name.endswith(COUNTS) else np.trunc(np.asarray(value, float) / unit + 1e-9 * np.sign(value)) * unit


def not_normalised(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, SoftmaxLayer):
        yield variant(outputs=lambda s, _: np.exp(s.U))


def slope_extra(exercise: Exercise) -> Iterator[Variant]:
    if kind(exercise, LogisticLayer, SoftmaxLayer):
        yield variant(delta=lambda s, right: right * s.Y * (1 - s.Y))


def other_activation(exercise: Exercise) -> Iterator[Variant]:
    layer = exercise.layer
    if isinstance(layer, PerceptronLayer):
        other = "tanh" if layer.activation == "sigmoid" else "sigmoid"
        yield Variant(exercise=exercise.having(layer=PerceptronLayer(layer.weights, layer.biases, other)))


def tasks(make: Callable[[Exercise], Iterable[Exercise]]) -> Callable[[Exercise], Iterator[Variant]]:
    """Ways that rework another exercise."""
    return lambda exercise: (Variant(exercise=other) for other in make(exercise))


def from_zero(exercise: Exercise) -> Iterator[Variant]:
    yield Variant(flags=frozenset({"from_zero"}))


MISTAKES: tuple[Mistake, ...] = (
    Mistake("counted-from-zero", "Iterations and classes are counted from 1 here; you counted from 0.", "Look at where you begin to count.", from_zero),
    Mistake("weights-transposed", "Rows and columns are exchanged: W has a row for each input, U and delta have one for each pattern; neurons are columns.", "Look at rows and columns.", weights_transposed),
    Mistake("half-missing", "The squared error here has a 1/2 before it, which cancels the 2 of its derivative.", "Look at constant factors.", half_missing),
    Mistake("cost-per-batch", "You divided the cost by the number of batches, or what is a mean already by the patterns once more.", "Look at what the cost is divided by.", cost_per_batch),
    Mistake("mean-for-sum", "The cost here is a sum over the patterns; you divided by their number.", "Look at sum and mean.", mean_for_sum),
    Mistake("sum-for-mean", "The cost here is a mean; you left out the division.", "Look at sum and mean.", sum_for_mean),
    Mistake("cost-per-pattern", "Your cost is divided by the number of patterns, and by nothing else; that is not what is asked for.", "Look at what the cost is divided by.", cost_per_pattern),
    Mistake("half-extra", "There is a 1/2 that does not belong there.", "Look at constant factors.", half_extra),
    Mistake("ascent", "Descent goes against the gradient: W - a dJ/dW. Yours goes up.", "Look at signs.", ascent),
    Mistake("delta-turned", "Delta is Y - D here, and the step goes against it; yours is D - Y, and the step goes along: the same step with the signs of delta and the gradients turned.", "Look at signs.", delta_turned),
    Mistake("rate-missing", "The update is the learning rate times the gradient; you took the gradient alone.", "Look at the length of the step.", lambda _task: [Variant(stepped(lambda _s: 1.0))]),
    Mistake("rate-twice", "The learning rate stands in your update twice.", "Look at the length of the step.", rate_twice),
    Mistake("delta-without-slope", "Delta is (Y - D) times f'(U); the slope is missing.", "Look at the derivative of the activation.", delta_without_slope),
    Mistake("slope-at-output", "The slope is f'(U). You took f' at Y, as if Y were the synaptic input.", "Look at where the slope is taken.", slope_at_output),
    Mistake("slope-extra", "With the cross-entropy the slope cancels: delta is Y - D, without f'(U).", "Look at the derivative of the cost.", slope_extra),
    Mistake("new-weights-for-biases", "Both gradients belong to the layer before the update; you used the new weights for the biases.", "Look at which weights the biases' gradient was taken at.", new_weights_for_biases),
    Mistake("biases-not-updated", "The biases are updated too: b - a times the sum of delta.", "Look at the biases.", biases_not_updated),
    Mistake("biases-one-pattern", "The biases' gradient is the sum of delta over all patterns; you took one of them.", "Look at the biases' gradient.", biases_one_pattern),
    Mistake("one-pattern-only", "All patterns of the batch count in the gradient; you took one of them.", "Look at what is summed.", one_pattern_only),
    Mistake("biases-left-out", "U = X W + b: the biases are missing.", "Look at the synaptic inputs.", biases_left_out),
    Mistake("biases-subtracted", "U = X W + b: the biases are added; you took them off.", "Look at the synaptic inputs.", biases_subtracted),
    Mistake("targets-left-out", "Delta is Y - D; you left the targets out.", "Look at what delta compares.", targets_left_out),
    Mistake("right-counted", "Errors are the patterns that are predicted wrongly; you counted the right ones.", "Look at what is counted.", right_counted),
    Mistake("pattern-left-out", "All patterns of the batch count in the gradient; one of them is missing.", "Look at what is summed.", pattern_left_out),
    Mistake("softmax-over-patterns", "Softmax divides by the sum over a pattern's neurons (its row); you took the sum over the patterns (the column).", "Look at what adds up to 1.", softmax_over_patterns),
    Mistake("softmax-twice", "Softmax is applied once; the outputs went through it again.", "Count how often softmax is applied.", softmax_twice),
    Mistake("softmax-not-normalised", "Softmax divides by the sum of all e^u; the division is missing.", "Look at what adds up to 1.", not_normalised),
    Mistake("other-activation", "This layer has another activation.", "Look at the activation.", other_activation),
    Mistake("log-base-2", "The logarithm is the natural one; you took base 2.", "Look at the logarithm.", log_base(2)),
    Mistake("log-base-10", "The logarithm is the natural one; you took base 10.", "Look at the logarithm.", log_base(10)),
    Mistake("cost-of-wrong-class", "The cost is -log of the output of the pattern's own class; you took another's.", "Look at whose output goes into the cost.", cost_of_wrong_class),
    Mistake("classes-reordered", "The neurons stand for the classes in their order; yours are ordered otherwise.", "Look at which column is which class.", classes_reordered),
    Mistake("decay-forgotten", "There is a weight decay: L/2 sum W^2 in the cost, L W in the gradient.", "Look at the weight decay.", decay_forgotten),
    Mistake("decay-twice", "The decay is L/2 sum W^2 in the cost and L W in the gradient; yours is twice that.", "Look at the weight decay.", decay_twice),
    Mistake("biases-decayed", "Only weights decay; you let the biases decay too.", "Look at the weight decay.", biases_decayed),
    Mistake("deviation-n-minus-1", "Standardising divides by the deviation with 1/P; you took 1/(P - 1).", "Look at how the inputs are standardised.", tasks(scaled_by_n_minus_1)),
    Mistake("scaled-on-all-data", "Inputs are scaled by the training patterns alone; you used the test set too.", "Look at what the scaling is taken from.", tasks(scaled_on_all_data)),
    Mistake("iteration-off-by-one", "These are the figures of another iteration, the one beside it.", "Look at which iteration this is.", iteration_off_by_one),
    Mistake("sign-lost", "A minus sign got lost.", "Look at signs.", signs_lost),
    Mistake("figures-cut-off", "Figures are rounded, not cut off: 0.287 is 0.29.", "Look at how the last digit is found.", cut_off),
)  # fmt: skip
ROUNDED = Mistake(
    "rounded-carried", "You went on with rounded figures; keep more decimals until the end.", "Look at rounding."
)

CLASSES = next(mistake for mistake in MISTAKES if mistake.name == "classes-reordered")
