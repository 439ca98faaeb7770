"""Factors too many or too few: sums and means, halves, divisions by the patterns, the neurons or the batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deltarule.marking.mistakes.conditions import (
    Condition,
    all_of,
    any_of,
    has_biases,
    is_mean,
    is_sum,
    mean_over_neurons,
    mini_batches,
    not_,
    several_inputs,
    several_neurons,
    several_patterns,
    squared,
    with_half,
)
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import (
    BIAS_GRADIENT,
    COST,
    DELTA,
    GRADIENTS,
    STEPS,
    THROUGHOUT,
    WEIGHT_GRADIENT,
    factor,
    neurons,
    patterns,
    per_batch,
    per_neuron,
    per_pattern,
    plain,
    rare,
    row,
    rows,
    times,
)
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Worksheet


def _other_reduction(exercise: Exercise) -> Iterator[Variant]:
    """The other reduction throughout, whatever it divides by."""
    other = "mean" if is_sum(exercise) else "sum"
    yield Variant(exercise=exercise.with_descent(reduction=other))


def _mean_for_sum(exercise: Exercise) -> Iterator[Variant]:
    if is_sum(exercise) and several_patterns(exercise):
        yield from _other_reduction(exercise)
        yield from _MEANS(exercise)


_MEANS = rows(
    *plain(factor(per_pattern, THROUGHOUT, GRADIENTS, DELTA)),
    *plain(factor(per_pattern, STEPS)),
    *plain(
        factor(lambda s: 1 / (s.P * s.K), THROUGHOUT, GRADIENTS, DELTA, when=several_neurons),
        "and by the number of neurons",
    ),
    *plain(factor(lambda s: 1 / (s.P * s.K), COST, when=several_neurons), "in the cost, and by the neurons"),
)
MEAN_FOR_SUM = Mistake(
    "mean-for-sum",
    "The cost here is a sum over the patterns. You divided by their number.",
    "Look at sum and mean.",
    _mean_for_sum,
)


# In batches of one pattern there is nothing to divide by, but the neurons where the mean is over them too. Then the two reductions
# may differ in the factor 1/2 alone.
_DIVIDES = any_of(several_patterns, all_of(several_neurons, mean_over_neurons))


def _sum_for_mean(exercise: Exercise) -> Iterator[Variant]:
    if is_mean(exercise) and _DIVIDES(exercise):
        yield from _other_reduction(exercise)
        yield from _SUMS(exercise)


def _undone(s: Worksheet) -> float:
    return 1 / s.scale()


_SEVERAL_SQUARED = all_of(squared, several_neurons)
_MEAN_OF_SQUARES = all_of(squared, mean_over_neurons)
_SUMS = rows(
    *plain(factor(patterns, THROUGHOUT, GRADIENTS, DELTA)),
    *plain(factor(_undone, COST, GRADIENTS, DELTA)),
    *plain(factor(lambda s: s.P * s.K, THROUGHOUT, GRADIENTS, DELTA, when=_SEVERAL_SQUARED)),
    *plain(factor(patterns, STEPS)),
    *plain(factor(_undone, STEPS, when=several_neurons)),
    *plain(factor(lambda s: s.P * s.K, STEPS, when=_SEVERAL_SQUARED)),
)
SUM_FOR_MEAN = Mistake(
    "sum-for-mean", "The cost here is a mean. You left out the division.", "Look at sum and mean.", _sum_for_mean
)

COST_PER_BATCH = Mistake(
    "cost-per-batch",
    "You divided the cost by the number of batches, or divided a mean by the number of patterns once more.",
    "Look at what the cost is divided by.",
    rows(
        *factor(per_batch, COST, when=mini_batches),
        *factor(lambda s: 1 / s.exercise.count, COST, when=all_of(mini_batches, is_mean)),
    ),
)


def _in_one(number: Callable[[Worksheet], float], what: str, when: Condition) -> list[Variant]:
    """The other reduction in one of the two gradients: `what` was taken there."""
    return rare(
        row({f"{gradient}.factor": times(number)}, when=when, detail=f"{what} for the {of}")
        for gradient, of in (("bias_gradient", "biases"), ("weight_gradient", "weights"))
    )


def _half_the_neurons(s: Worksheet) -> float:
    """K/2: a mean over patterns and neurons has no 1/2, and a sum has."""
    return s.K / 2


_HALVED = (THROUGHOUT, COST, GRADIENTS, DELTA)
_RARELY_HALVED = (WEIGHT_GRADIENT, BIAS_GRADIENT)

MISTAKES = (
    Mistake(
        "half-missing",
        "The squared error here has a factor 1/2, which cancels the 2 of its derivative. You left it out.",
        "Look at constant factors.",
        rows(*factor(2.0, *_HALVED, when=with_half), *factor(2.0, *_RARELY_HALVED, when=with_half)),
    ),
    COST_PER_BATCH,
    MEAN_FOR_SUM,
    SUM_FOR_MEAN,
    Mistake(
        "cost-per-pattern",
        "You divided the cost by the number of patterns and by nothing else. Divide as the problem's reduction says.",
        "Look at what the cost is divided by.",
        rows(
            *factor(per_pattern, COST, when=is_sum),
            *factor(neurons, COST, when=mean_over_neurons),
            *plain(factor(_half_the_neurons, COST, when=_MEAN_OF_SQUARES), "in the cost, with the factor 1/2 of a sum"),
        ),
    ),
    Mistake(
        "half-extra",
        "You have a factor 1/2 that is not in the formula.",
        "Look at constant factors.",
        rows(
            *factor(0.5, *_HALVED),
            *rare(factor(0.5, STEPS), 0.5),  # at a rate of 1/2 it is likelier that the rate stands twice
            *rare(factor(0.5, *_RARELY_HALVED)),
        ),
    ),
    Mistake(
        "two-extra",
        "You have a factor 2 that is not in the formula.",
        "Look at constant factors.",
        rows(
            # At a learning rate of 1/2 the gradient alone, or two steps, have the same figures.
            *rare(factor(2.0, *_HALVED, *_RARELY_HALVED, when=not_(with_half))),
        ),
    ),
    Mistake(
        "mean-twice",
        "The cost here is a mean already. You divided by the number of patterns twice.",
        "Look at what is divided by the number of patterns.",
        rows(
            *factor(per_pattern, THROUGHOUT, GRADIENTS, DELTA, when=is_mean),
            *factor(per_pattern, COST, STEPS, when=is_mean),
        ),
    ),
    Mistake(
        "times-patterns",
        "The cost here is a sum over the patterns. You multiplied by their number.",
        "Look at sum and mean.",
        rows(*factor(patterns, THROUGHOUT, COST, GRADIENTS, DELTA, when=is_sum)),
    ),
    Mistake(
        "mean-for-one-gradient",
        "Both gradients are reduced alike. You took the mean in one of them and the sum in the other.",
        "Compare the two gradients.",
        # Where one gradient is written, `mean-for-sum` and its converse have the same figures.
        rows(
            *_in_one(per_pattern, "the mean", all_of(has_biases, is_sum, several_patterns)),
            *_in_one(patterns, "the sum", all_of(has_biases, is_mean, several_patterns)),
            *_in_one(_undone, "the sum", all_of(has_biases, mean_over_neurons, _DIVIDES)),
        ),
    ),
    Mistake(
        "per-class-too",
        "You divided by the number of neurons (classes) too. Nothing here is divided by it.",
        "Look at what is divided by what.",
        rows(*factor(per_neuron, *_HALVED, when=all_of(several_neurons, not_(mean_over_neurons)))),
    ),
    Mistake(
        "neurons-twice",
        "The mean here is over patterns and neurons. You divided by the number of neurons twice.",
        "Look at what is divided by what.",
        # Of two neurons it is a factor 1/2.
        rows(*rare(factor(per_neuron, *_HALVED, when=all_of(several_neurons, mean_over_neurons)))),
    ),
    Mistake(
        "neurons-forgotten",
        "The mean here is over patterns and neurons. You did not divide by the number of neurons.",
        "Look at what is divided by what.",
        rows(*factor(neurons, THROUGHOUT, GRADIENTS, DELTA, when=all_of(several_neurons, mean_over_neurons))),
    ),
    Mistake(
        "per-input-too",
        "You divided by the number of inputs. Nothing here is divided by it.",
        "Look at what is divided by what.",
        rows(*rare(factor(lambda s: 1 / s.exercise.layer.inputs, *_HALVED, WEIGHT_GRADIENT, when=several_inputs))),
    ),
    Mistake(
        "gradient-per-batch",
        "You divided the gradient by the number of batches. An update takes the gradient of its own batch as it is.",
        "Look at what the gradient is divided by.",
        rows(
            *factor(per_batch, GRADIENTS, DELTA, when=mini_batches),
            *factor(per_batch, THROUGHOUT, STEPS, when=mini_batches),
        ),
    ),
    Mistake(
        "mean-over-whole-set",
        "The mean of a batch divides by the batch's own number of patterns. You divided by that of the whole set.",
        "Look at what the mean is divided by.",
        rows(*factor(lambda s: s.P / s.exercise.count, *_HALVED, when=all_of(mini_batches, is_mean))),
    ),
)
