"""Each row of the table of mistakes gives what a student who makes it works from the formulas."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import BIASES, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, names
from deltarule.marking import check
from deltarule.marking.mistakes.registry import BY_NAME, EVERY
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from right_answers import rate_in_force
from students import FORMULAS, again, decay, document, losses, places, slope, updated, worked

# A start far from 0, so that no two formulas agree by chance.
NUMBERS = [[0.7, -1.2, 0.4], [1.1, 0.3, -0.8], [-0.5, 0.9, 1.3], [0.2, -0.6, -1.1], [1.4, 0.8, 0.1]]
SHARES = [[0.2, 0.9, 0.4], [0.7, 0.3, 0.8], [0.5, 0.1, 0.6], [0.3, 0.6, 0.9], [0.8, 0.4, 0.1]]
ANSWERS = [[1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 0, 1]]
SIGNS = [[1, -1, -1], [-1, 1, 1], [1, 1, -1], [-1, -1, 1], [1, -1, 1]]
LABELS = ["A", "B", "C", "A", "B"]

LINEAR = drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03)
LINEAR_MEAN = drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03, reduction="mean")
LINEAR_HALF_MEAN = drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03, reduction="half-mean")
LINEAR_ANSWERS = drawn("linear", WEIGHTS, BIASES, POINTS, ANSWERS, 0.03)
LINEAR_SIGNS = drawn("linear", WEIGHTS, BIASES, POINTS, SIGNS, 0.03)
SIGMOID = drawn("perceptron", WEIGHTS, BIASES, POINTS, SHARES, 0.7, "sigmoid")
LOGISTIC = drawn("logistic", WEIGHTS, BIASES, POINTS, ANSWERS, 0.2)
LOGISTIC_MEAN = drawn("logistic", WEIGHTS, BIASES, POINTS, ANSWERS, 0.2, reduction="mean")
MEAN = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2, reduction="mean")
BATCHES = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2, batch_size=3, seed=3)
BATCHES_MEAN = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2, batch_size=3, seed=3, reduction="mean")
DECAY = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, weight_decay=0.3)
DECAYED_BIASES = drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03, weight_decay=0.3, decay_biases=True)
MOMENTUM = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, momentum=0.9)
MOMENTUM_OF_BATCHES = drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.02, momentum=0.8, batch_size=3, seed=3)
NESTEROV = drawn("perceptron", WEIGHTS, BIASES, POINTS, SHARES, 0.7, "sigmoid", momentum=0.7, nesterov=True)
STEPS = drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, schedule={"kind": "step", "every": 1, "factor": 0.5})
COSINE = drawn(
    "linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03, schedule={"kind": "cosine", "warm_up": 2}, batch_size=3, seed=3
)
BY_UPDATE = drawn(
    "logistic", WEIGHTS, BIASES, POINTS, ANSWERS, 0.2,
    schedule={"kind": "exponential", "factor": 0.7, "by": "update"}, batch_size=3, seed=3,
)  # fmt: skip
WIDE = drawn(
    "softmax", [*WEIGHTS, [0.61, -0.17, 0.29], [-0.46, 0.35, 0.22]], BIASES,
    [[*x, x[0] - 1, 2 - x[1]] for x in POINTS], LABELS, 0.2, reduction="mean",
)  # fmt: skip


def scaled(by, *parts):
    """Some parts times a number; the decay of a cost stays."""
    number = by if callable(by) else lambda _s: by
    return {part: lambda s, part=part: FORMULAS[part](s) * number(s) for part in parts}


GRADIENTS = ("weight_gradient", "bias_gradient")


def stepped(weights=lambda s: s.a, biases=lambda s: s.a):
    return {
        "weights": lambda s: s.W - weights(s) * s.weight_gradient,
        "biases": lambda s: s.b - biases(s) * s.bias_gradient,
    }


def activated(f, f_slope=None):
    """Another activation; with its own slope, where that is given."""
    formulas = {"outputs": lambda s: f(s.synaptic_inputs)}
    return formulas | ({} if f_slope is None else delta_of(slope=lambda s: f_slope(s.outputs)))


def delta_of(outputs=lambda s: s.outputs, targets=lambda s: s.D, slope=slope):
    return {"delta": lambda s: s.c * (outputs(s) - targets(s)) * slope(s)}


def cost_of(pattern_costs):
    return {"cost": lambda s: s.c * np.sum(pattern_costs(s)) + decay(s)}


def gradients_of(X=lambda s: s.X, delta=lambda s: s.delta, bias_delta=None):
    return {
        "weight_gradient": lambda s: X(s).T @ delta(s) + s.L * s.W,
        "bias_gradient": lambda s: (bias_delta or (lambda s: s.delta))(s).sum(axis=0),
    }


def decayed(gradient, cost):
    return {
        "cost": lambda s: s.c * np.sum(losses(s)) + cost(s),
        "weight_gradient": lambda s: s.X.T @ s.delta + gradient(s),
    }


def hard(s):
    return np.eye(s.K)[s.synaptic_inputs.argmax(axis=1)] if s.classes else (s.synaptic_inputs > 0).astype(float)


def swapped(X):
    return X[:, ::-1]


def only_wrong(s):
    off = np.any(hard(s) != s.D, axis=1, keepdims=True)
    return s.c * (s.outputs - s.D) * off


def with_new_biases(s):
    b = s.b - s.a * s.delta.sum(axis=0)
    return again(s, s.W, b).weight_gradient


def online(s):
    """Pattern after pattern: the synaptic inputs of each, and the weights and biases at the end."""
    W, b, rows = s.W.copy(), s.b.copy(), []
    for p in range(s.P):
        u = np.array([sum(s.X[p, n] * W[n, k] for n in range(s.N)) + b[k] for k in range(s.K)])
        e = np.exp(u) / np.exp(u).sum() - s.D[p]
        for k in range(s.K):
            for n in range(s.N):
                W[n, k] -= s.a * e[k] * s.X[p, n]
            b[k] -= s.a * e[k]
        rows.append(u)
    return SimpleNamespace(U=np.array(rows), W=W, b=b)


def softmax(U):
    return np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)


def sigmoid(U):
    return 1 / (1 + np.exp(-U))


def whole_set(s):
    P = len(s.every_D)
    c = s.c * s.P / P if s.mean else s.c
    return again(SimpleNamespace(**{**vars(s), "X": s.every_X, "D": s.every_D, "P": P, "c": c}), s.W, s.b)


WHOLE = {part: lambda s, part=part: getattr(whole_set(s), part) for part in FORMULAS}
TWO, DROP = 2, object()


def with_velocity(of_weights, of_biases):
    return {"weight_velocity": of_weights, "bias_velocity": of_biases}


def velocity(before=1.0, gradient=1.0):
    """m V and G, each times a number."""
    factors = [each if callable(each) else lambda _s, each=each: each for each in (before, gradient)]
    return with_velocity(
        lambda s: factors[0](s) * s.m * s.V + factors[1](s) * s.weight_gradient,
        lambda s: factors[0](s) * s.m * s.V_b + factors[1](s) * s.bias_gradient,
    )


def along(of_weights, of_biases):
    return {"weights": lambda s: s.W - s.a * of_weights(s), "biases": lambda s: s.b - s.a * of_biases(s)}


PLAIN = along(lambda s: s.weight_gradient, lambda s: s.bias_gradient)
BALL = along(lambda s: s.weight_velocity, lambda s: s.bias_velocity)
AHEAD = along(lambda s: s.weight_gradient + s.m * s.weight_velocity, lambda s: s.bias_gradient + s.m * s.bias_velocity)
AT_ONCE = {"weights": lambda s: s.W - s.weight_velocity, "biases": lambda s: s.b - s.bias_velocity}
ADDED = {"weights": lambda s: s.W + s.weight_velocity, "biases": lambda s: s.b + s.bias_velocity}


def gradients_before(s):
    return (0.0, 0.0) if s.before is None else (s.before.weight_gradient, s.before.bias_gradient)


def rated(rate):
    """Steps with another learning rate."""
    return {
        "weights": lambda s: s.W - rate(s) * s.weight_gradient,
        "biases": lambda s: s.b - rate(s) * s.bias_gradient,
    }


def of_update(problem, shift=0, **changes):
    """The rate in force so many updates later, with some parameters of the schedule changed."""
    descent = problem.document["descent"]
    schedule = descent["schedule"] | changes
    return lambda s: rate_in_force(descent | {"schedule": schedule}, max(s.number - 1 + shift, 0), s.per_epoch)


# A mistake, the problem in which it is made, how many iterations are worked, and what the student works otherwise.
CASES = [
    ("half-missing", LINEAR, 1, scaled(2, *GRADIENTS)),
    ("half-missing", LINEAR_HALF_MEAN, 1, scaled(2, "cost", "delta")),
    ("half-missing", LINEAR_HALF_MEAN, 2, scaled(2, *GRADIENTS)),
    ("mean-twice", LINEAR_HALF_MEAN, 2, scaled(lambda s: 1 / s.P, *GRADIENTS)),
    ("per-class-too", LINEAR_HALF_MEAN, 1, scaled(lambda s: 1 / s.K, "cost", "delta")),
    ("half-extra", LOGISTIC_MEAN, 2, scaled(0.5, *GRADIENTS)),
    ("half-extra", MEAN, 1, stepped(lambda s: s.a / 2, lambda s: s.a / 2)),
    ("half-extra", DECAY, 1, scaled(0.5, *GRADIENTS)),
    ("half-extra", DECAY, 1, {"weight_gradient": lambda s: 0.5 * s.X.T @ s.delta + s.L * s.W,
                              "bias_gradient": lambda s: 0.5 * s.delta.sum(axis=0)}),
    ("two-extra", DECAY, 1, scaled(2, "cost")),
    ("two-extra", SOFTMAX, 2, scaled(2, "delta")),
    ("two-extra", LINEAR_MEAN, 1, scaled(2, "cost", "delta")),
    ("mean-twice", MEAN, 2, scaled(lambda s: 1 / s.P, *GRADIENTS)),
    ("mean-twice", LINEAR_MEAN, 1, scaled(lambda s: 1 / s.P, "cost", "delta")),
    ("times-patterns", SOFTMAX, 1, scaled(lambda s: s.P, "cost", "delta")),
    ("mean-for-one-gradient", LOGISTIC_MEAN, 2, scaled(lambda s: s.P, "bias_gradient")),
    ("mean-for-one-gradient", LINEAR, 2, scaled(lambda s: 1 / s.P, "weight_gradient")),
    ("per-class-too", MEAN, 2, scaled(lambda s: 1 / s.K, "cost", "delta")),
    ("per-class-too", LINEAR, 1, scaled(lambda s: 1 / s.K, *GRADIENTS)),
    ("neurons-twice", LINEAR_MEAN, 1, scaled(lambda s: 1 / s.K, "cost", "delta")),
    ("neurons-forgotten", LOGISTIC_MEAN, 1, scaled(lambda s: s.K, "cost", "delta")),
    ("per-input-too", WIDE, 1, scaled(lambda s: 1 / s.N, *GRADIENTS)),
    ("per-input-too", WIDE, 1, scaled(lambda s: 1 / s.N, "weight_gradient")),
    ("gradient-per-batch", BATCHES, 2, scaled(lambda s: 1 / s.per_epoch, *GRADIENTS)),
    ("mean-over-whole-set", BATCHES_MEAN, 2, scaled(lambda s: s.P / len(s.every_D), "cost", "delta")),
    ("ascent", LOGISTIC, 1, stepped(biases=lambda s: -s.a)),
    ("delta-sign", SIGMOID, 2, {"delta": lambda s: (s.D - s.outputs) * slope(s),
                                "weight_gradient": lambda s: -s.X.T @ s.delta,
                                "bias_gradient": lambda s: -s.delta.sum(axis=0)}),
    ("gradients-turned", DECAY, 2, {"weight_gradient": lambda s: -s.X.T @ s.delta - s.L * s.W,
                                    "bias_gradient": lambda s: -s.delta.sum(axis=0),
                                    **stepped(lambda s: -s.a, lambda s: -s.a)}),
    ("rate-divided", SIGMOID, 1, stepped(lambda s: 1 / s.a, lambda s: 1 / s.a)),
    ("rate-on-one", SOFTMAX, 2, stepped(biases=lambda _s: 1)),
    ("rate-on-one", LINEAR, 1, stepped(weights=lambda _s: 1)),
    ("stepped-twice", MEAN, 1, stepped(lambda s: 2 * s.a, lambda s: 2 * s.a)),
    ("stepped-twice", LOGISTIC, 1, {"weights": lambda s: updated(updated(s)).W, "biases": lambda s: updated(updated(s)).b}),
    ("biases-first", LINEAR, 2, {"weight_gradient": with_new_biases}),
    ("biases-first", DECAY, 1, {"weights": lambda s: s.W - s.a * with_new_biases(s)}),
    ("weights-not-updated", LOGISTIC, 2, {"weights": lambda s: s.W}),
    ("step-alone", SOFTMAX, 1, {"biases": lambda s: -s.a * s.bias_gradient}),
    ("step-alone", SOFTMAX, 1, {"weights": lambda s: -s.a * s.weight_gradient, "biases": lambda s: -s.a * s.bias_gradient}),
    ("initial-gradient", LOGISTIC, 3, {part: lambda s, part=part: getattr(s.first or again(s, s.W, s.b), part)
                                       for part in GRADIENTS}),
    ("updated-from-initial", LOGISTIC, 3, {"synaptic_inputs": lambda s: s.X @ (s.first or s).W + (s.first or s).b,
                                           "weights": lambda s: (s.first or s).W - s.a * s.weight_gradient,
                                           "biases": lambda s: (s.first or s).b - s.a * s.bias_gradient}),
    ("updated-from-initial", SIGMOID, 3, {"weights": lambda s: (s.first or s).W - s.a * s.weight_gradient,
                                          "biases": lambda s: (s.first or s).b - s.a * s.bias_gradient}),
    ("old-biases", SOFTMAX, 3, {"synaptic_inputs": lambda s: s.X @ s.W + (s.before or s).b,
                                "biases": lambda s: (s.before or s).b - s.a * s.bias_gradient}),
    ("old-weights", DECAY, 3, {"synaptic_inputs": lambda s: s.X @ (s.first or s).W + s.b,
                               "weight_gradient": lambda s: s.X.T @ s.delta + s.L * (s.first or s).W,
                               "weights": lambda s: (s.first or s).W - s.a * s.weight_gradient}),
    ("initial-gradient", LINEAR, 3, {"weights": lambda s: s.W - s.a * (s.first or s).weight_gradient,
                                     "biases": lambda s: s.b - s.a * (s.first or s).bias_gradient}),
    ("old-biases", MEAN, 3, {"synaptic_inputs": lambda s: s.X @ s.W + (s.first or s).b}),
    ("old-biases", LINEAR, 3, {"synaptic_inputs": lambda s: s.X @ s.W + (s.before or s).b}),
    ("old-weights", LOGISTIC, 3, {"synaptic_inputs": lambda s: s.X @ (s.first or s).W + s.b}),
    ("slope-constant", SIGMOID, 2, delta_of(slope=lambda _s: 0.25)),
    ("slope-u-1-u", SIGMOID, 2, delta_of(slope=lambda s: s.synaptic_inputs * (1 - s.synaptic_inputs))),
    ("slope-u-1-u", TANH, 1, delta_of(slope=lambda s: 1 - s.synaptic_inputs**2)),
    ("slope-of-other-activation", SIGMOID, 1, delta_of(slope=lambda s: 1 - s.outputs**2)),
    ("slope-of-other-activation", TANH, 1, delta_of(slope=lambda s: s.outputs * (1 - s.outputs))),
    ("slope-of-other-activation", TANH, 1,
     delta_of(slope=lambda s: sigmoid(s.synaptic_inputs) * (1 - sigmoid(s.synaptic_inputs)))),
    ("slope-extra", LINEAR, 1, delta_of(slope=lambda s: s.outputs * (1 - s.outputs))),
    ("slope-sign", TANH, 1, delta_of(slope=lambda s: 1 + s.outputs**2)),
    ("slope-sign", SIGMOID, 1, delta_of(slope=lambda s: s.outputs * (1 + s.outputs))),
    ("slope-factor-missing", SIGMOID, 1, delta_of(slope=lambda s: 1 - s.outputs)),
    ("slope-twice", TANH, 1, delta_of(slope=lambda s: (1 - s.outputs**2) ** 2)),
    ("slope-extra", LOGISTIC, 1, delta_of(slope=lambda s: s.synaptic_inputs * (1 - s.synaptic_inputs))),
    ("delta-without-slope", SIGMOID, 1, gradients_of(delta=lambda s: s.outputs - s.D, bias_delta=lambda s: s.outputs - s.D)),
    ("one-pattern-only", LOGISTIC, 1, {"weight_gradient": lambda s: np.outer(s.X[-1], s.delta[-1])}),
    ("cost-of-one-pattern", MEAN, 1, {"cost": lambda s: s.c * losses(s)[0]}),
    ("pattern-left-out", LINEAR, 1, gradients_of(lambda s: s.X[1:], lambda s: s.delta[1:], lambda s: s.delta[1:])),
    ("pattern-twice", SIGMOID, 1, gradients_of(lambda s: s.X[[0, 0, 1, 2, 3, 4]], lambda s: s.delta[[0, 0, 1, 2, 3, 4]],
                                               lambda s: s.delta[[0, 0, 1, 2, 3, 4]])),
    ("outputs-left-out", LOGISTIC, 1, delta_of(outputs=lambda _s: 0)),
    ("hard-outputs", SOFTMAX, 1, delta_of(outputs=hard)),
    ("hard-outputs", LOGISTIC, 1, delta_of(outputs=hard)),
    ("hard-outputs", LINEAR_SIGNS, 1, delta_of(outputs=lambda s: np.where(s.outputs > 0, 1, -1))),
    ("hard-outputs", LINEAR_ANSWERS, 1, {"outputs": lambda s: 1 * (s.synaptic_inputs > 0.5)}),
    ("hard-outputs", LINEAR, 1, {"outputs": lambda s: 1 * (s.synaptic_inputs > 0)}),
    ("hard-outputs", TANH, 1, {"outputs": lambda s: np.sign(s.synaptic_inputs)}),
    ("only-wrong-patterns", SOFTMAX, 1, {"delta": only_wrong}),
    ("only-wrong-patterns", LOGISTIC_MEAN, 1, {"delta": only_wrong}),
    ("only-wrong-patterns", SOFTMAX, 1, gradients_of(delta=only_wrong, bias_delta=only_wrong)),
    ("synaptic-inputs-in-delta", SOFTMAX, 1, delta_of(outputs=lambda s: s.synaptic_inputs)),
    ("delta-squared", LINEAR, 1, {"delta": lambda s: (s.outputs - s.D) ** 2}),
    ("targets-minus-one-one", LOGISTIC, 1, delta_of(targets=lambda s: 2 * s.D - 1)),
    ("targets-minus-one-one", LINEAR_ANSWERS, 1, {**delta_of(targets=lambda s: 2 * s.D - 1),
                                                  "cost": lambda s: np.sum((2 * s.D - 1 - s.outputs) ** 2) / 2}),
    ("targets-zero-one", LINEAR_SIGNS, 1, delta_of(targets=lambda s: (s.D + 1) / 2)),
    ("targets-exchanged", LOGISTIC, 1, delta_of(targets=lambda s: 1 - s.D)),
    ("targets-of-other-patterns", BATCHES, 1, delta_of(targets=lambda s: s.every_D[:3])),
    ("target-columns-exchanged", LINEAR, 1, delta_of(targets=lambda s: swapped(s.D))),
    ("predicted-after-update", SOFTMAX, 1, {"predicted": lambda s: places(s, updated(s).synaptic_inputs)}),
    ("smallest-taken", LOGISTIC, 1, {"predicted": lambda s: (s.synaptic_inputs <= 0).astype(int)}),
    ("smallest-taken", SOFTMAX, 1, {"predicted": lambda s: s.synaptic_inputs.argmin(axis=1)}),
    ("threshold", LOGISTIC, 3, {"predicted": lambda s: (s.synaptic_inputs > 0.5).astype(int)}),
    ("errors-per-neuron", LOGISTIC, 3, {"errors": lambda s: int(np.sum(s.predicted != s.D))}),
    ("inputs-left-out", LOGISTIC_MEAN, 1, gradients_of(X=lambda s: np.ones_like(s.X))),
    ("product-of-sums", LINEAR, 1, {"weight_gradient": lambda s: np.outer(s.X.sum(axis=0), s.delta.sum(axis=0))}),
    ("inputs-squared", SIGMOID, 1, gradients_of(X=lambda s: s.X**2)),
    ("outputs-for-delta", LOGISTIC, 1, gradients_of(delta=lambda s: s.outputs)),
    ("outputs-for-delta", LOGISTIC, 1, {"bias_gradient": lambda s: s.outputs.sum(axis=0)}),
    ("outputs-for-delta", MEAN, 1, gradients_of(delta=lambda s: s.outputs)),
    ("inputs-of-other-patterns", BATCHES, 1, gradients_of(X=lambda s: s.every_X[:3])),
    ("inputs-of-other-patterns", LOGISTIC, 1, gradients_of(X=lambda s: s.X[[1, 2, 3, 4, 0]])),
    ("summed-over-neurons", SIGMOID, 1, {"bias_gradient": lambda s: np.full(s.K, s.delta.sum())}),
    ("biases-with-inputs", LOGISTIC, 1, {"bias_gradient": lambda s: s.X[:, 0] @ s.delta}),
    ("inputs-twice", LINEAR, 1, gradients_of(X=lambda s: s.X[:, [0, 0]])),
    ("biases-twice", SIGMOID, 1, {"synaptic_inputs": lambda s: s.X @ s.W + 2 * s.b}),
    ("biases-of-other-neurons", SOFTMAX, 1, {"synaptic_inputs": lambda s: s.X @ s.W + s.b[::-1]}),
    ("biases-of-other-neurons", LOGISTIC, 1, {"synaptic_inputs": lambda s: s.X @ s.W + s.b[0]}),
    ("inputs-exchanged", LINEAR, 1, {"synaptic_inputs": lambda s: s.X @ s.W[[1, 0]] + s.b,
                                     "weights": lambda s: s.W[[1, 0]] - s.a * s.weight_gradient}),
    ("inputs-exchanged", LINEAR, 1, {"synaptic_inputs": lambda s: swapped(s.X) @ s.W + s.b,
                                     **gradients_of(lambda s: swapped(s.X))}),
    ("neurons-exchanged", SIGMOID, 1, {"synaptic_inputs": lambda s: s.X @ s.W[:, [1, 0, 2]] + s.b,
                                       "weights": lambda s: s.W[:, [1, 0, 2]] - s.a * s.weight_gradient}),
    ("neurons-exchanged", DECAY, 1, gradients_of(delta=lambda s: s.delta[:, [0, 2, 1]])),
    ("neurons-exchanged", SOFTMAX, 1, {"synaptic_inputs": lambda s: s.X @ s.W[:, [2, 1, 0]] + s.b[[2, 1, 0]],
                                       "weights": lambda s: s.W[:, [2, 1, 0]] - s.a * s.weight_gradient,
                                       "biases": lambda s: s.b[[2, 1, 0]] - s.a * s.bias_gradient}),
    ("cost-per-pattern", LINEAR_MEAN, 1, scaled(1.5, "cost")),
    ("input-left-out", LOGISTIC, 1, {"synaptic_inputs": lambda s: s.X[:, :1] @ s.W[:1] + s.b}),
    ("softmax-over-all", SOFTMAX, 1, activated(lambda U: np.exp(U) / np.exp(U).sum())),
    ("exponential-left-out", SOFTMAX, 1, activated(lambda U: U / U.sum(axis=1, keepdims=True))),
    ("other-activation", LOGISTIC, 1, activated(softmax)),
    ("other-activation", SOFTMAX, 1, activated(sigmoid)),
    ("other-activation", SIGMOID, 1, activated(softmax)),
    ("other-activation", TANH, 1, activated(softmax)),
    ("other-activation", LINEAR, 1, activated(sigmoid, lambda Y: Y * (1 - Y))),
    ("other-activation", SIGMOID, 1, activated(np.tanh, lambda Y: 1 - Y**2)),
    ("activation-left-out", LOGISTIC_MEAN, 1, activated(lambda U: U)),
    ("activation-left-out", SIGMOID, 1, activated(lambda U: U, lambda _Y: 1)),
    ("activation-twice", SIGMOID, 1, activated(lambda U: sigmoid(sigmoid(U)))),
    ("exponent-sign-turned", LOGISTIC, 1, activated(lambda U: 1 / (1 + np.exp(U)))),
    ("exponent-sign-turned", SOFTMAX, 1, activated(lambda U: softmax(-U))),
    ("exponent-base-2", SOFTMAX, 1, activated(lambda U: 2**U / (2**U).sum(axis=1, keepdims=True))),
    ("cost-term-missing", LOGISTIC, 1, cost_of(lambda s: -s.D * np.log(s.outputs))),
    ("cost-term-missing", LOGISTIC_MEAN, 1, cost_of(lambda s: -(1 - s.D) * np.log(1 - s.outputs))),
    ("other-cost", MEAN, 1, cost_of(lambda s: -s.D * np.log(s.outputs) - (1 - s.D) * np.log(1 - s.outputs))),
    ("other-cost", LOGISTIC, 1, cost_of(lambda s: (s.D - s.outputs) ** 2 / 2)),
    ("other-cost", SIGMOID, 1, cost_of(lambda s: -s.D * np.log(s.outputs) - (1 - s.D) * np.log(1 - s.outputs))),
    ("cost-without-minus", SOFTMAX, 2, cost_of(lambda s: s.D * np.log(s.outputs))),
    ("logarithm-left-out", SOFTMAX, 1, cost_of(lambda s: -s.D * s.outputs)),
    ("cost-not-squared", LINEAR, 1, cost_of(lambda s: np.abs(s.D - s.outputs) / 2)),
    ("cost-square-of-sum", LINEAR, 1, {"cost": lambda s: np.sum(s.D - s.outputs) ** 2 / 2}),
    ("cost-root", LINEAR_MEAN, 1, {"cost": lambda s: np.sqrt(np.mean((s.D - s.outputs) ** 2))}),
    ("cost-of-synaptic-inputs", SIGMOID, 1, cost_of(lambda s: (s.D - s.synaptic_inputs) ** 2 / 2)),
    ("cost-after-update", DECAY, 1, {"cost": lambda s: updated(s).cost}),
    ("pattern-by-pattern", SOFTMAX, 2, {"weights": lambda s: online(s).W, "biases": lambda s: online(s).b}),
    ("pattern-by-pattern", MEAN, 2, {"synaptic_inputs": lambda s: online(s).U, "delta": lambda s: s.outputs - s.D,
                                     "weights": lambda s: online(s).W, "biases": lambda s: online(s).b}),
    ("whole-set-for-batch", BATCHES, 1, WHOLE),
    ("whole-set-for-batch", BATCHES_MEAN, 2, {"cost": lambda s: whole_set(s).cost}),
    ("whole-set-for-batch", BATCHES_MEAN, 2, {part: WHOLE[part] for part in GRADIENTS}),
    ("whole-set-for-batch", BATCHES, 1, {part: WHOLE[part] for part in GRADIENTS}),
    ("decay-without-rate", DECAY, 1, {"weight_gradient": lambda s: s.X.T @ s.delta + s.L * s.W / s.a}),
    ("decay-halved", DECAY, 1, decayed(lambda s: s.L / 2 * s.W, lambda s: s.L / 4 * np.sum(s.W**2))),
    ("decay-sign", DECAY, 1, decayed(lambda s: -s.L * s.W, lambda s: -s.L / 2 * np.sum(s.W**2))),
    ("decay-per-pattern", DECAY, 1, decayed(lambda s: s.L * s.W / s.P, lambda s: s.L / 2 / s.P * np.sum(s.W**2))),
    ("decay-times-patterns", DECAY, 1, decayed(lambda s: s.P * s.L * s.W, lambda s: s.L / 2 * s.P * np.sum(s.W**2))),
    ("decay-with-rate", DECAY, 1, decayed(lambda s: s.a * s.L * s.W, decay)),
    ("decay-without-rate", DECAY, 1, {"weights": lambda s: s.W - s.a * s.X.T @ s.delta - s.L * s.W}),
    ("decay-not-squared", DECAY, 1, decayed(lambda s: s.L * s.W, lambda s: s.L / 2 * np.sum(s.W))),
    ("decay-rate-left-out", DECAY, 1, decayed(lambda s: s.W, lambda s: np.sum(s.W**2) / 2)),
    ("decay-weights-left-out", DECAY, 1, decayed(lambda s: s.L + 0 * s.W, decay)),
    ("decay-root", DECAY, 1, decayed(lambda s: s.L * s.W, lambda s: s.L / 2 * np.sqrt(np.sum(s.W**2)))),
    ("decay-of-new-weights", DECAY, 1, {"cost": lambda s: np.sum(losses(s)) + decay(updated(s))}),
    ("decay-of-new-weights", DECAY, 1, {"weights": lambda s: (s.W - s.a * s.X.T @ s.delta) * (1 - s.a * s.L)}),
    ("decay-of-new-weights", DECAY, 1, {"weight_gradient": lambda s: s.X.T @ s.delta,
                                        "weights": lambda s: (s.W - s.a * s.weight_gradient) * (1 - s.a * s.L)}),
    ("biases-not-decayed", DECAYED_BIASES, 1, {"bias_gradient": lambda s: s.delta.sum(axis=0),
                                               "cost": lambda s: np.sum(losses(s)) + s.L / 2 * np.sum(s.W**2)}),
    ("biases-not-decayed", DECAYED_BIASES, 2, {"bias_gradient": lambda s: s.delta.sum(axis=0)}),
    ("momentum-left-out", MOMENTUM, 3, PLAIN),
    ("momentum-left-out", NESTEROV, 3, PLAIN),
    ("momentum-left-out", MOMENTUM_OF_BATCHES, 3, {"biases": PLAIN["biases"]}),
    ("velocity-not-carried", MOMENTUM, 3, velocity(0.0)),
    ("velocity-not-carried", NESTEROV, 3, velocity(0.0)),
    ("velocity-not-carried", MOMENTUM_OF_BATCHES, 3, with_velocity(
        lambda s: s.m * gradients_before(s)[0] + s.weight_gradient,
        lambda s: s.m * gradients_before(s)[1] + s.bias_gradient)),
    ("velocity-late", MOMENTUM, 3, along(lambda s: s.V, lambda s: s.V_b)),
    ("rate-in-velocity", MOMENTUM, 3, velocity(1.0, lambda s: s.a)),
    ("rate-in-velocity", MOMENTUM_OF_BATCHES, 3, velocity(1.0, lambda s: s.a) | AT_ONCE),
    ("rate-in-velocity", MOMENTUM, 3, velocity(1.0, lambda s: -s.a) | ADDED),
    ("velocity-averaged", MOMENTUM, 3, velocity(1.0, lambda s: 1 - s.m)),
    ("velocity-averaged", NESTEROV, 3, velocity(1.0, lambda s: 1 - s.m)),
    ("velocity-averaged", MOMENTUM_OF_BATCHES, 3, velocity(lambda s: (1 - s.m) / s.m, lambda s: s.m)),
    ("momentum-exchanged", MOMENTUM, 3, velocity(lambda s: (1 - s.m) / s.m)),
    ("velocity-sign", MOMENTUM, 3, velocity(-1.0)),
    ("velocity-sign", NESTEROV, 3, velocity(-1.0)),
    (
        "velocity-sign",
        MOMENTUM,
        2,
        velocity(1.0, -1.0)
        | {"weights": lambda s: s.W + s.a * s.weight_velocity, "biases": lambda s: s.b + s.a * s.bias_velocity},
    ),
    ("nesterov-added", MOMENTUM, 2, AHEAD),
    ("nesterov-added", MOMENTUM_OF_BATCHES, 3, AHEAD),
    ("nesterov-left-out", NESTEROV, 2, BALL),
    ("nesterov-left-out", NESTEROV, 3, along(lambda s: (1 + s.m) * s.weight_velocity,
                                             lambda s: (1 + s.m) * s.bias_velocity)),
    ("schedule-forgotten", STEPS, 3, rated(lambda s: s.initial_rate)),
    ("schedule-forgotten", COSINE, 4, rated(lambda s: s.initial_rate)),
    ("schedule-forgotten", COSINE, 4, rated(of_update(COSINE, warm_up=0))),
    ("schedule-shifted", STEPS, 3, rated(of_update(STEPS, 1))),
    ("schedule-shifted", STEPS, 3, rated(of_update(STEPS, -1))),
    ("schedule-shifted", BY_UPDATE, 4, rated(of_update(BY_UPDATE, 1))),
    ("schedule-of-others", BY_UPDATE, 4, rated(of_update(BY_UPDATE, by="epoch"))),
    ("schedule-of-others", COSINE, 4, rated(of_update(COSINE, by="update"))),
    ("schedule-compounded", STEPS, 4, rated(lambda s: s.initial_rate * 0.5 ** (s.number * (s.number - 1) / 2))),
]  # fmt: skip
# Mistakes whose figures are worked by hand elsewhere, or that other modules recognise.
ELSEWHERE = {
    *("counted-from-zero", "weights-transposed", "cost-per-batch", "mean-for-sum", "sum-for-mean"),
    *("delta-turned", "rate-missing", "rate-twice", "new-weights-for-biases", "biases-not-updated", "slope-at-output"),
    *("biases-one-pattern", "targets-left-out", "right-counted", "biases-left-out", "biases-subtracted"),
    "biases-added",
    *("softmax-over-patterns", "softmax-twice", "softmax-not-normalised", "log-base-2", "log-base-10"),
    *("cost-of-wrong-class", "classes-reordered", "decay-forgotten", "decay-twice", "biases-decayed"),
    *("deviation-n-minus-1", "scaled-on-all-data", "scaling-forgotten", "iteration-off-by-one", "sign-lost"),
    *("figures-cut-off", "copied-wrongly", "patterns-reordered", "not-updated", "first-rows"),
}
IDS = [f"{name}-{i}" for i, (name, *_) in enumerate(CASES)]


def same(prediction, pages):
    """Whether a prediction has the figures of the pages: all that the student could work, without a logarithm below 0."""
    for s in pages:
        for part in FORMULAS:
            if hasattr(s, part) and (s.m or "velocity" not in part):
                value = np.asarray(prediction[f"iteration.{s.number}.{part}"], float)
                own = np.asarray(getattr(s, part), float)
                known = np.isfinite(own)
                if value.shape != own.shape or not np.allclose(value[known], own[known], rtol=1e-9, atol=1e-12):
                    return False
    return True


@pytest.mark.parametrize(("name", "problem", "iterations", "instead"), CASES, ids=IDS)
def test_a_form_of_the_mistake_gives_all_figures_of_a_student_who_makes_it(name, problem, iterations, instead):
    pages, exercise = worked(problem, iterations, instead), Exercise.of(problem)
    numbers = range(1, iterations + 1)
    assert not same(rework(exercise, numbers), pages)
    forms = [
        rework(variant.exercise or exercise, numbers, variant.changes) for variant in BY_NAME[name].variants(exercise)
    ]
    assert any(same(form, pages) for form in forms)


@pytest.mark.parametrize(("name", "problem", "iterations", "instead"), CASES, ids=IDS)
def test_the_mistake_is_named(name, problem, iterations, instead):
    pages = worked(problem, iterations, instead)
    for s in pages:
        if not np.isfinite(s.cost):  # an output below 0 has no logarithm
            del s.cost
    assert name in names(check(problem, document(problem, pages)))


@pytest.mark.parametrize(
    "problem",
    [
        *(LINEAR, LINEAR_MEAN, LINEAR_HALF_MEAN, SIGMOID, LOGISTIC_MEAN, MEAN, BATCHES, BATCHES_MEAN, DECAY),
        *(DECAYED_BIASES, MOMENTUM, MOMENTUM_OF_BATCHES, NESTEROV, STEPS, COSINE, BY_UPDATE),
    ],
)
def test_the_students_here_work_rightly_where_they_make_no_mistake(problem):
    assert check(problem, document(problem, worked(problem, 3))).right


def test_each_row_of_the_table_has_a_student():
    assert {mistake.name for mistake in EVERY} == {name for name, *_ in CASES} | ELSEWHERE
    assert not {name for name, *_ in CASES} & ELSEWHERE
