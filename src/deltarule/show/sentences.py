"""Sentences about a layer and its descent, and the names of its neurons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deltarule.descent import Descent
from deltarule.exact_fit import ExactFit
from deltarule.layers import Layer, kind_name, row_of
from deltarule.schedules import Schedule
from deltarule.show.notation import NOTATIONS
from deltarule.typeset.figures import thousands
from deltarule.typeset.words import counted


def layer_sentence(layer: Layer) -> str:
    """The kind and the size of a layer, and what its neurons stand for.

    A kind without a notation is named by `kind_name`, and nothing is said about its neurons.

    Examples
    --------
    >>> from deltarule import LogisticLayer
    >>> layer_sentence(LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]))
    'logistic layer, 1 input, 1 neuron; y is the probability of yes, against no'
    >>> layer_sentence(LogisticLayer([[1.0]], None, classes=["no", "yes"]))
    'logistic layer, 1 input, 1 neuron, no biases; y is the probability of yes, against no'
    """
    row = row_of(NOTATIONS, layer)
    name, neurons = (kind_name(layer), "") if row is None else (row.name(layer), row.neurons(layer))
    without = "" if layer.has_biases else ", no biases"
    rest = f"{without}{neurons}" if neurons.startswith(";") else f"{neurons}{without}"
    return f"{name} layer, {counted(layer.inputs, 'input')}, {counted(layer.neurons, 'neuron')}{rest}"


def parameters_title(layer: Layer) -> str:
    """What stands above the weights of a layer: "Weights and biases", or "Weights" where it has no biases."""
    return "Weights and biases" if layer.has_biases else "Weights"


def descent_sentence(descent: Descent, patterns: int | None = None) -> str:
    """The settings of a descent.

    Parameters
    ----------
    descent : the settings.
    patterns : the number of training patterns; with it, the sentence says whether the batch size makes a full batch.

    Examples
    --------
    >>> from deltarule import Descent
    >>> descent_sentence(Descent(learning_rate=0.1, epochs=1000, batch_size=16, reduction="mean"))
    'learning rate 0.1, 1000 epochs, mini-batches of 16 (seed 0), cost: mean'
    >>> descent_sentence(Descent(learning_rate=0.1, epochs=1, batch_size=6), patterns=4)
    'learning rate 0.1, 1 epoch, full batch (batch size 6 is larger than the set of 4), cost: sum'
    >>> descent_sentence(Descent(learning_rate=0.1, epochs=2, batch_size=1, order="given"))
    'learning rate 0.1, 2 epochs, mini-batches of 1 in the given order, cost: sum'
    >>> descent_sentence(Descent(0.1, 9, momentum=0.9, nesterov=True, schedule={"kind": "step", "every": 3}))
    "learning rate 0.1, schedule: step (every 3, factor 0.1), 9 epochs, full batch, cost: sum, Nesterov's momentum 0.9"
    """
    batches = "full batch"
    if patterns is not None and descent.is_full_batch(patterns):
        if descent.batch_size is not None and descent.batch_size > patterns:
            batches += f" (batch size {thousands(descent.batch_size)} is larger than the set of {thousands(patterns)})"
    elif descent.batch_size is not None:
        seed = f" (seed {descent.seed})" if isinstance(descent.seed, int) else ""
        order = seed if descent.order == "shuffled" else " in the given order"
        batches = f"mini-batches of {thousands(descent.batch_size)}{order}"
    parts = [f"learning rate {descent.learning_rate:g}"]
    if not descent.schedule.is_constant:
        parts.append(f"schedule: {descent.schedule}")
    parts += [counted(descent.epochs, "epoch"), batches, f"cost: {descent.reduction}"]
    if descent.momentum:
        kind = "Nesterov's momentum" if descent.nesterov else "momentum"
        parts.append(f"{kind} {descent.momentum:g}")
    if descent.weight_decay:
        of = " (of biases too)" if descent.decay_biases else ""
        parts.append(f"weight decay {descent.weight_decay:g}{of}")
    if descent.tolerance is not None:
        parts.append(f"tolerance {descent.tolerance:g}")
    return ", ".join(parts)


def exact_sentence(found: ExactFit) -> str:
    """What was minimised without a descent.

    Parameters
    ----------
    found : the exact fit.
    """
    parts = [f"exact solver, {counted(found.patterns, 'training pattern')}, cost: {found.reduction}"]
    if found.weight_decay:
        of = " (of biases too)" if found.decay_biases else ""
        parts.append(f"weight decay {found.weight_decay:g}{of}")
    return ", ".join(parts)


def schedule_sentence(descent: Descent, patterns: int) -> str:
    """How the learning rate changes, as a formula.

    Parameters
    ----------
    descent : with a schedule.
    patterns : the number of training patterns, which say how many updates there are.

    Examples
    --------
    >>> schedule_sentence(Descent(0.1, 9, schedule={"kind": "cosine", "warm_up": 1}), 4)
    'The learning rate is a f(t), t the epochs done before: f(t) = (t + 1) / 2 for t < 1, then (1 + cos(pi (t - 1) / 8)) / 2'
    """
    schedule = descent.schedule
    total = descent.epochs * (descent.updates_per_epoch(patterns) if schedule.by == "update" else 1)
    t = f"(t - {schedule.warm_up})" if schedule.warm_up else "t"
    formula = FACTORS[schedule.kind](schedule, t, total - schedule.warm_up)
    if schedule.warm_up:
        formula = f"(t + 1) / {schedule.warm_up + 1} for t < {schedule.warm_up}, then {formula}"
    return f"The learning rate is a f(t), t the {schedule.by}s done before: f(t) = {formula}"


def _cosine(schedule: Schedule, t: str, total: int) -> str:
    wave = f"(1 + cos(pi {t} / {total})) / 2"
    return f"{schedule.final:g} + {1 - (schedule.final or 0):g} {wave}" if schedule.final else wave


def _one_cycle(schedule: Schedule, t: str, total: int) -> str:
    top = (schedule.rising or 0) * total - 1
    up = f"{schedule.start:g} + {1 - (schedule.start or 0):g} (1 - cos(pi {t} / {top:g})) / 2 up to t = {top:g}"
    down = f"(1 + cos(pi ({t} - {top:g}) / {total - 1 - top:g})) / 2"
    return f"{up}, then {schedule.final:g} + (1 - {schedule.final:g}) {down}"


# f(t) of each kind, as `deltarule.schedules` works it: from the schedule, what is written for t, and T.
FACTORS: dict[str, Callable[[Schedule, str, int], str]] = {
    "constant": lambda _schedule, _t, _total: "1",
    "step": lambda schedule, t, _total: f"{schedule.factor:g}^floor({t} / {schedule.every})",
    "exponential": lambda schedule, t, _total: f"{schedule.factor:g}^{t}",
    "inverse-time": lambda schedule, t, _total: f"1 / (1 + {schedule.decay:g} {t})",
    "cosine": _cosine,
    "one-cycle": _one_cycle,
}


def neuron_names(layer: Layer, given: Sequence[str]) -> Sequence[object]:
    """The names of the neurons: the classes of the layer; `given`, the names of its targets, where it has no classes."""
    return given if layer.classes is None else layer.classes
