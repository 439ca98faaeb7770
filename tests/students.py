"""Students who work iterations from the formulas alone, rightly or otherwise; they share nothing with what marks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from by_hand import ACTIVATIONS, SLOPES, rounded
from deltarule import iterate
from right_answers import rate_in_force

SQUARED = ("linear", "perceptron")


def losses(s, Y=None):
    """Each pattern's cost (P,)."""
    Y = s.outputs if Y is None else Y
    if s.kind == "softmax":
        return -np.sum(s.D * np.log(Y), axis=1)
    if s.kind == "logistic":
        return -np.sum(s.D * np.log(Y) + (1 - s.D) * np.log(1 - Y), axis=1)
    return np.sum((s.D - Y) ** 2, axis=1) / 2


def slope(s):
    """f'(U) where it stands in delta."""
    return SLOPES[s.activation](s.outputs) if s.kind in SQUARED else 1.0


def decay(s):
    return s.L / 2 * np.sum(s.W**2) + s.L_b / 2 * np.sum(s.b**2)


def along(s, gradient, velocity):
    """What the step goes along."""
    if not s.m:
        return gradient
    return gradient + s.m * velocity if s.nesterov else velocity


def places(s, U=None):
    U = s.synaptic_inputs if U is None else U
    return U.argmax(axis=1) if s.classes and U.shape[1] > 1 else (U > 0).astype(int)


def wrong(s, predicted):
    if predicted.ndim == 2:
        return int(np.sum(np.any(predicted != s.D, axis=1)))
    return int(np.sum(predicted != s.D.argmax(axis=1)))


FORMULAS = {
    "synaptic_inputs": lambda s: s.X @ s.W + s.b,
    "outputs": lambda s: ACTIVATIONS[s.activation](s.synaptic_inputs),
    "predicted": places,
    "errors": lambda s: wrong(s, s.predicted),
    "cost": lambda s: s.c * np.sum(losses(s)) + decay(s),
    "delta": lambda s: s.c * (s.outputs - s.D) * slope(s),
    "weight_gradient": lambda s: s.X.T @ s.delta + s.L * s.W,
    "bias_gradient": lambda s: s.delta.sum(axis=0) + s.L_b * s.b,
    "weight_velocity": lambda s: s.m * s.V + s.weight_gradient,
    "bias_velocity": lambda s: s.m * s.V_b + s.bias_gradient,
    "weights": lambda s: s.W - s.a * along(s, s.weight_gradient, s.weight_velocity),
    "biases": lambda s: s.b - s.a * along(s, s.bias_gradient, s.bias_velocity),
}


def page_of(problem, number, W, b, first, before):
    """What an iteration begins with: c multiplies sums, as the reduction says."""
    batch = iterate(problem, iteration=number).batch
    D = problem.layer.encode(problem.targets)
    kind = problem.layer.kind
    s = SimpleNamespace(
        X=np.asarray(problem.X)[batch], D=D[batch], every_X=np.asarray(problem.X), every_D=D, W=W, b=b, number=number,
        kind=kind, has_classes=problem.layer.has_classes, classes=getattr(problem.layer, "classes", None),
        a=rate_in_force(problem.document["descent"], number - 1, problem.descent.updates_per_epoch(len(D))),
        initial_rate=problem.descent.learning_rate, m=problem.descent.momentum, nesterov=problem.descent.nesterov,
        L_b=problem.descent.weight_decay if problem.descent.decay_biases else 0.0,
        V=getattr(before, "weight_velocity", 0.0), V_b=getattr(before, "bias_velocity", 0.0),
        L=problem.descent.weight_decay, P=len(batch), N=W.shape[0], K=W.shape[1], first=first, before=before,
        per_epoch=problem.descent.updates_per_epoch(len(D)),
    )  # fmt: skip
    s.mean = problem.descent.reduction == "mean"
    s.activation = {"logistic": "sigmoid", "perceptron": getattr(problem.layer, "activation", "")}.get(kind, kind)
    over = {"softmax": s.P, "logistic": s.P * s.K}.get(kind, s.P * s.K / 2)
    s.c = {"sum": 1, "mean": 1 / over, "half-mean": 1 / s.P}[problem.descent.reduction]
    return s


def worked(problem, iterations=1, instead=None):
    """The pages of the first iterations, some parts worked otherwise: `instead` has a formula for each of these."""
    pages, W, b = [], problem.layer.weights, problem.layer.biases
    for number in range(1, iterations + 1):
        s = page_of(problem, number, W, b, pages[0] if pages else None, pages[-1] if pages else None)
        for part, formula in FORMULAS.items():
            if not s.has_classes and part in ("predicted", "errors"):
                continue
            with np.errstate(all="ignore"):
                setattr(s, part, (instead or {}).get(part, formula)(s))
        pages.append(s)
        W, b = s.weights, s.biases
    return pages


def again(s, W, b, instead=None):
    """The same patterns at another layer, worked rightly."""
    after = SimpleNamespace(**{**vars(s), "W": W, "b": b})
    for part, formula in FORMULAS.items():
        if s.has_classes or part not in ("predicted", "errors"):
            setattr(after, part, (instead or {}).get(part, formula)(after))
    return after


def updated(s):
    """The same patterns at the layer after a right update from the outputs of this page."""
    delta = FORMULAS["delta"](s)
    return again(s, s.W - s.a * (s.X.T @ delta + s.L * s.W), s.b - s.a * delta.sum(axis=0))


def document(problem, pages, decimals=4, parts=tuple(FORMULAS)):
    """Pages as an answer's document."""
    classes = getattr(problem.layer, "classes", None)
    tables = {}
    for s in pages:
        table = {}
        for part in parts:
            if not hasattr(s, part):
                continue
            value = getattr(s, part)
            if part in ("weight_velocity", "bias_velocity") and not s.m:
                continue
            if part == "predicted":
                value = np.asarray(value)
                if classes:
                    value = np.array([classes[k] for k in value.ravel()])
                table[part] = value.tolist()
            elif part == "errors":
                table[part] = value
            else:
                table[part] = np.asarray(rounded(value, decimals)).tolist()
        tables[str(s.number)] = table
    return {"decimals": decimals, "iteration": tables}
