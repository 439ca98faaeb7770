"""When a mistake can be made: what an exercise must have for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.rework.exercise import Exercise

Condition = Callable[[Exercise], bool]


def all_of(*conditions: Condition) -> Condition:
    """Where all of some `conditions` hold."""
    return lambda exercise: all(condition(exercise) for condition in conditions)


def any_of(*conditions: Condition) -> Condition:
    """Where one of some `conditions` holds, or several."""
    return lambda exercise: any(condition(exercise) for condition in conditions)


def not_(condition: Condition) -> Condition:
    """Where a `condition` does not hold."""
    return lambda exercise: not condition(exercise)


def is_sum(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a sum over the patterns."""
    return exercise.descent.reduction == "sum"


def is_mean(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a mean over the patterns."""
    return exercise.descent.reduction != "sum"


def with_half(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a squared error with a factor 1/2."""
    return squared(exercise) and exercise.descent.reduction != "mean"


def has_biases(exercise: Exercise) -> bool:
    """Whether the layer of an `exercise` has biases."""
    return exercise.layer.has_biases


def has_decay(exercise: Exercise) -> bool:
    """Whether weights decay in an `exercise`."""
    return exercise.descent.weight_decay > 0


def has_momentum(exercise: Exercise) -> bool:
    """Whether the descent of an `exercise` has momentum, of either kind."""
    return exercise.momentum > 0


def nesterov(exercise: Exercise) -> bool:
    """Whether the descent of an `exercise` has Nesterov's momentum."""
    return exercise.descent.nesterov


def heavy_ball(exercise: Exercise) -> bool:
    """Whether the descent of an `exercise` has momentum that is not Nesterov's."""
    return has_momentum(exercise) and not nesterov(exercise)


def has_schedule(exercise: Exercise) -> bool:
    """Whether the learning rate of an `exercise` changes."""
    return not exercise.descent.schedule.is_constant


def decays_biases(exercise: Exercise) -> bool:
    """Whether biases decay in an `exercise`, and there are some."""
    return exercise.descent.decay_biases and has_biases(exercise)


def squared(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a squared error."""
    return kind_of(exercise.layer).squared_error


def cross_entropy(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a cross-entropy."""
    kind = kind_of(exercise.layer)
    return not (kind.squared_error or kind.perceptron_rule)


def perceptron_rule(exercise: Exercise) -> bool:
    """Whether Rosenblatt's rule trains the layer of an `exercise`."""
    return kind_of(exercise.layer).perceptron_rule


def softmax(exercise: Exercise) -> bool:
    """Whether the outputs of a pattern add up to 1 in an `exercise`."""
    return kind_of(exercise.layer).sums_to_one


def logistic(exercise: Exercise) -> bool:
    """Whether each neuron of an `exercise` answers yes or no, and its cost is a cross-entropy."""
    return cross_entropy(exercise) and not softmax(exercise)


def slope_in_delta(exercise: Exercise) -> bool:
    """Whether delta of an `exercise` is (Y - D) f'(U) with a slope that is not 1."""
    return squared(exercise) and exercise.layer.has_slopes


def linear(exercise: Exercise) -> bool:
    """Whether the outputs of an `exercise` are the synaptic inputs."""
    return squared(exercise) and not exercise.layer.has_slopes


def activated(exercise: Exercise) -> bool:
    """Whether the outputs of an `exercise` are not the synaptic inputs."""
    return not linear(exercise)


def sigmoid(exercise: Exercise) -> bool:
    """Whether the slope of an `exercise` is y (1 - y), and stands in delta."""
    return slope_in_delta(exercise) and getattr(exercise.layer, "activation", "") == "sigmoid"


def tanh(exercise: Exercise) -> bool:
    """Whether the slope of an `exercise` is 1 - y^2."""
    return getattr(exercise.layer, "activation", "") == "tanh"


def mean_over_neurons(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a mean over the neurons too."""
    return exercise.descent.reduction == "mean" and kind_of(exercise.layer).mean_over_neurons


def several_neurons(exercise: Exercise) -> bool:
    """Whether an `exercise` has two neurons or more."""
    return exercise.layer.neurons > 1


def several_inputs(exercise: Exercise) -> bool:
    """Whether an `exercise` has two inputs or more."""
    return exercise.layer.inputs > 1


def several_patterns(exercise: Exercise) -> bool:
    """Whether an update of an `exercise` has two patterns or more."""
    size = exercise.descent.batch_size
    return exercise.count > 1 and (size is None or size > 1)


def mini_batches(exercise: Exercise) -> bool:
    """Whether an epoch of an `exercise` has several updates."""
    return exercise.descent.updates_per_epoch(exercise.count) > 1


def several_updates(exercise: Exercise) -> bool:
    """Whether the descent of an `exercise` has several updates."""
    return exercise.updates > 1


def from_start(exercise: Exercise) -> bool:
    """Whether an `exercise` is worked from the initial layer on, and has several updates."""
    return several_updates(exercise) and not exercise.skipped


def zeros_and_ones(exercise: Exercise) -> bool:
    """Whether all targets of an `exercise` are 0 or 1."""
    D = exercise.patterns.D
    return bool(np.all((D == 0) | (D == 1)))


def ones_of_either_sign(exercise: Exercise) -> bool:
    """Whether all targets of an `exercise` are -1 or 1."""
    return bool(np.all(np.abs(exercise.patterns.D) == 1))


def without_classes(exercise: Exercise) -> bool:
    """Whether the neurons of an `exercise` stand for no classes."""
    return not exercise.classes


def predicts_classes(exercise: Exercise) -> bool:
    """Whether predictions of an `exercise` are right or wrong."""
    return not exercise.predicts_numbers
