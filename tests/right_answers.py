"""Right answers by a writer that shares nothing with the marker: formulas in plain NumPy, figures rounded by `decimal`.

Two honest styles: each figure from exact ones, rounded at the end; and each from the rounded figures before it. A half is
rounded up (away from zero) or to the even digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np

KINDS = (
    *("linear", "sigmoid", "tanh"),
    *("one neuron", "independent", "one against rest", "softmax"),
)
NUMBERS = ("linear", "sigmoid", "tanh")
STYLES = ("exact", "rounded")
HALVES = (ROUND_HALF_UP, ROUND_HALF_EVEN)
COUNTS = ("predicted", "errors")
WIDE = 400


@dataclass(frozen=True)
class Style:
    """How a student works.

    Attributes
    ----------
    decimals : of the figures written.
    carried : whether each figure is worked from the rounded ones before it.
    half : how `decimal` rounds a half.
    digits_of_rates : significant digits of the learning rates that a schedule gives; None: all.
    """

    decimals: int
    carried: bool = False
    half: str = ROUND_HALF_UP
    digits_of_rates: int | None = None

    def rounded(self, values: Any) -> Any:
        if np.ndim(values):
            return np.array([self.rounded(each) for each in values])
        exact = Decimal(repr(float(values)))
        # A half that binary fractions miss by a hair is one: 15 digits are all that float64 has.
        near = Context(prec=15).plus(exact)
        return float(near.quantize(Decimal(1).scaleb(-self.decimals), self.half, Context(prec=WIDE))) + 0.0


def drawn(
    kind: str, seed: int, *, reduction: str, batch_size: int | None, decay: float, decimals: int
) -> dict[str, Any]:
    """The document of a problem of a kind: 3 inputs, 3 neurons (one of "one neuron"), 6 to 12 patterns."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    P, N, K = int(rng.integers(6, 13)), 3, 1 if kind == "one neuron" else 3
    layer: dict[str, Any] = {
        "kind": {"linear": "linear", "softmax": "softmax", "sigmoid": "perceptron", "tanh": "perceptron"}.get(
            kind, "logistic"
        ),
        "weights": (rng.integers(-100, 101, (N, K)) / 100).tolist(),
        "biases": (rng.integers(-100, 101, K) / 100).tolist(),
    }
    if layer["kind"] == "perceptron":
        layer["activation"] = kind
    targets: Any
    if kind in NUMBERS:
        low = {"linear": -30, "tanh": -10, "sigmoid": 0}[kind]
        targets = (rng.integers(low, abs(low) + 1 if low else 11, (P, K)) / 10).tolist()
    elif kind == "independent":
        targets = rng.integers(0, 2, (P, K)).tolist()
    else:
        classes = "AB" if K == 1 else "ABC"
        targets = [classes[p % len(classes)] for p in rng.permutation(P)]
    descent = {
        "learning_rate": float(rng.choice([0.05, 0.1, 0.5])),
        "epochs": 5,
        "reduction": reduction,
        "weight_decay": decay,
    }
    if batch_size:
        descent |= {"batch_size": batch_size, "seed": seed}
    return {
        "title": "Drawn",
        "layer": layer,
        "data": {"inputs": (rng.integers(-30, 31, (P, N)) / 10).tolist(), "targets": targets},
        "descent": descent,
        "show": {"decimals": decimals},
    }


def right_answer(document: dict[str, Any], style: Style, iterations: int = 1) -> dict[str, Any]:
    """The document of a right answer to such a problem."""
    kind, data, descent = _kind(document), document["data"], document["descent"]
    X = np.array(data["inputs"], float)
    W, b = (np.array(document["layer"][part], float) for part in ("weights", "biases"))
    labels = sorted(set(data["targets"])) if isinstance(data["targets"][0], str) else []
    D = np.array(
        [[float(label == each) for each in labels] for label in data["targets"]] if labels else data["targets"], float
    )
    D = D[:, 1:] if labels and W.shape[1] == 1 else D
    batches = _batches(len(X), descent)
    tables = {}
    V: tuple[Any, Any] = (0.0, 0.0)
    for number in range(1, iterations + 1):
        rows = batches[number - 1]
        rate = rate_in_force(descent, number - 1, len(batches) // descent["epochs"])
        if style.digits_of_rates is not None:
            rate = float(f"{rate:.{style.digits_of_rates}g}")
        exact, written = _worked(kind, X[rows], D[rows], W, b, V, rate, descent, style)
        tables[str(number)] = _plain(written, labels)
        W, b = exact["weights"], exact["biases"]
        V = (exact.get("weight_velocity", 0.0), exact.get("bias_velocity", 0.0))
    return {"decimals": style.decimals, "iteration": tables}


def rate_in_force(descent: dict[str, Any], done: int, per_epoch: int) -> float:
    """The learning rate after so many updates, as the schedules of textbooks have it."""
    schedule = descent.get("schedule", "constant")
    schedule = {"kind": schedule} if isinstance(schedule, str) else schedule
    t, T = (
        (done, descent["epochs"] * per_epoch)
        if schedule.get("by") == "update"
        else (done // per_epoch, descent["epochs"])
    )
    rising = schedule.get("warm_up", 0)
    if t < rising:
        return descent["learning_rate"] * (t + 1) / (rising + 1)
    t, T = t - rising, T - rising
    share = {
        "constant": lambda: 1.0,
        "step": lambda: schedule.get("factor", 0.1) ** (t // schedule["every"]),
        "exponential": lambda: schedule["factor"] ** t,
        "inverse-time": lambda: 1 / (1 + schedule["decay"] * t),
        "cosine": lambda: (
            schedule.get("final", 0.0) + (1 - schedule.get("final", 0.0)) * (1 + np.cos(np.pi * t / T)) / 2
        ),
        "one-cycle": lambda: _one_cycle(t, T),
    }[schedule["kind"]]()
    return float(descent["learning_rate"] * share)


def _one_cycle(t: int, T: int) -> float:
    """Up from 0.04 along half a cosine, until 30% of the run are over, and down to 4e-6 with its last step."""
    top = 0.3 * T - 1
    if t <= top:
        return float(1 - 0.96 * (1 + np.cos(np.pi * t / top)) / 2)
    return float(4e-6 + (1 - 4e-6) * (1 + np.cos(np.pi * (t - top) / (T - 1 - top))) / 2)


def _kind(document: dict[str, Any]) -> str:
    layer, targets = document["layer"], document["data"]["targets"]
    if layer["kind"] == "perceptron":
        return str(layer["activation"])
    if layer["kind"] != "logistic":
        return str(layer["kind"])
    return (
        "independent"
        if isinstance(targets[0], list)
        else "one neuron"
        if len(layer["biases"]) == 1
        else "one against rest"
    )


def _batches(count: int, descent: dict[str, Any]) -> list[np.ndarray]:
    size = descent.get("batch_size", count)
    if size >= count:
        return [np.arange(count)] * descent["epochs"]
    rng = np.random.default_rng(descent["seed"])
    orders = [rng.permutation(count) for _ in range(descent["epochs"])]
    return [order[i : i + size] for order in orders for i in range(0, count, size)]


def _worked(kind: str, X, D, W, b, V, a: float, descent, style: Style) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is carried on, and what is written."""
    carried: dict[str, Any] = {}
    written: dict[str, Any] = {}

    def note(part: str, value: Any) -> Any:
        written[part] = value if part in COUNTS else style.rounded(value)
        carried[part] = written[part] if style.carried else value
        return carried[part]

    P, K = D.shape
    L, m = descent["weight_decay"], descent.get("momentum", 0.0)
    L_b = L if descent.get("decay_biases") else 0.0
    mean = {"softmax": P, "linear": P * K / 2, "sigmoid": P * K / 2, "tanh": P * K / 2}.get(kind, P * K)
    factor = {"sum": 1.0, "mean": 1 / mean, "half-mean": 1 / P}[descent["reduction"]]
    U = note("synaptic_inputs", X @ W + b)
    exact_Y = _activated(kind, U)
    Y = note("outputs", exact_Y)
    if kind not in NUMBERS:
        predicted = note(
            "predicted", (U > 0).astype(int) if kind in ("one neuron", "independent") else U.argmax(axis=1)
        )
        target = D.astype(int) if kind in ("one neuron", "independent") else D.argmax(axis=1)
        note("errors", int(np.any((predicted != target).reshape(P, -1), axis=1).sum()))
    loss = _loss(kind, Y, D)
    # The logarithm of an output that was rounded to 0 cannot be taken: then the unrounded output is.
    loss = loss if np.isfinite(loss) else _loss(kind, exact_Y, D)
    note("cost", factor * loss + L / 2 * (W**2).sum() + L_b / 2 * (b**2).sum())
    slope = {"sigmoid": Y * (1 - Y), "tanh": 1 - Y**2}.get(kind, 1.0)
    delta = note("delta", factor * (Y - D) * slope)
    gradient = note("weight_gradient", X.T @ delta + L * W)
    bias_gradient = note("bias_gradient", delta.sum(axis=0) + L_b * b)
    steps = gradient, bias_gradient
    if m:
        steps = note("weight_velocity", m * V[0] + gradient), note("bias_velocity", m * V[1] + bias_gradient)
    if descent.get("nesterov"):
        steps = gradient + m * steps[0], bias_gradient + m * steps[1]
    note("weights", W - a * steps[0])
    note("biases", b - a * steps[1])
    return carried, written


def _activated(kind: str, U):
    if kind == "linear":
        return U
    if kind == "tanh":
        return np.tanh(U)
    if kind == "softmax":
        return np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
    return 1 / (1 + np.exp(-U))


def _loss(kind: str, Y, D) -> float:
    if kind in NUMBERS:
        return float(0.5 * ((Y - D) ** 2).sum())
    with np.errstate(all="ignore"):
        terms = np.where(D == 1, -np.log(Y), 0.0)
        if kind != "softmax":
            terms = terms + np.where(D == 0, -np.log(1 - Y), 0.0)
    return float(terms.sum())


def _plain(written: dict[str, Any], labels: list[str]) -> dict[str, Any]:
    found = {}
    for part, value in written.items():
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        if part == "predicted" and labels:
            plain = [labels[k] for k in np.ravel(value)]
        found[part] = plain
    return found
