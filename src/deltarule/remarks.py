"""What the user should be told about a run besides why it ended: what was noticed, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_FLOOR, Context
from typing import Any

import numpy as np

from deltarule.descent import Descent
from deltarule.engines.recorded import Recorded
from deltarule.layers import AdalineLayer, Layer, LinearLayer, Patterns
from deltarule.novikoff import mistake_bound
from deltarule.outcome import Reason

# A rise of the cost by less than this part of it is rounding, at a minimum.
RISE = 1e-9


def separability_question(layer: Layer) -> str:
    """What to ask next about a class `layer` that predicts some training patterns wrongly.

    The answer is a linear program, which may take longer than the training.
    """
    biases = "" if layer.has_biases else ", biases=False"
    if layer.independent and layer.neurons > 1:
        return f"dr.separability(X, targets[:, k]{biases}) tells whether neuron k can answer all of them rightly"
    return f"dr.separability(X, targets{biases}) tells whether any layer predicts all of them correctly"


def verdict_on_rest(layer: Layer, descent: Descent, *, separable: bool) -> str:
    """What the separability of the classes means for Rosenblatt's rule, to be added to a sentence; "" for nothing.

    Parameters
    ----------
    layer : one that predicts some training patterns wrongly.
    descent : how it was trained.
    separable : whether some layer predicts all of them correctly.
    """
    if not layer.learns_from_errors or descent.weight_decay or descent.momentum:
        return ""
    if not separable:
        return ", so Rosenblatt's rule never comes to rest on them"
    if layer.neurons > 1:
        return ", but a neuron comes to rest only where its class alone is separable from the rest"
    return "" if not descent.schedule.is_constant else ", and Rosenblatt's rule finds one after enough epochs"


def remarks(
    reason: Reason, layer: Layer, training: Patterns, descent: Descent, recorded: Recorded, reached: Layer
) -> tuple[str, ...]:
    """Sentences about a run, without full stops.

    Parameters
    ----------
    reason : why the run ended.
    layer : where it started.
    training : the patterns that it was trained on.
    descent : how it descended.
    recorded : costs and errors; the last entry is that of the layer reached.
    reached : the layer reached.
    """
    return tuple(_remarks(reason, layer, training, descent, recorded, reached))


def _remarks(
    reason: Reason, layer: Layer, training: Patterns, descent: Descent, recorded: Recorded, reached: Layer
) -> Iterator[str]:
    if descent.order == "given" and descent.seed != Descent.seed:
        yield "The seed was not used, since the order of the patterns is given"
    if descent.batch_size is not None and descent.batch_size > len(training.X):
        yield (
            f"The batch size {descent.batch_size} is larger than the set: each update used all {len(training.X)} patterns"
        )
    if isinstance(training, Patterns):  # those of a stream are not in memory
        yield from _unreachable(layer, training)
    if recorded.every:
        yield f"The history keeps one epoch in {recorded.every:,}, since all that were recorded are too many"
    if not len(recorded):
        yield "The weights of the initial layer, or the inputs, are too large: standardise the inputs"
    elif reason is Reason.COST_NOT_FINITE:
        yield "Descent diverges at this learning rate, and the layer kept is the last finite one"
        yield remedy(layer, training, descent)
    elif reason is Reason.NO_ERRORS and isinstance(training, Patterns):
        yield from _bound_on_mistakes(layer, reached, training, descent)
    elif not layer.learns_from_errors and recorded.cost[-1] > recorded.cost[0] * (1 + RISE):
        yield f"The cost rose from {recorded.cost[0]:.6g} to {recorded.cost[-1]:.6g}. {remedy(layer, training, descent)}"
    elif reason.ended and (layer.classes is not None or layer.learns_from_errors) and recorded.last("errors"):
        errors, patterns = recorded.last("errors"), float(training.sample_weight.sum())
        yield f"The layer predicts {errors:g} of {patterns:g} training patterns wrongly"
        if isinstance(training, Patterns):
            yield separability_question(layer)


def _bound_on_mistakes(layer: Layer, reached: Layer, training: Patterns, descent: Descent) -> Iterator[str]:
    """What the convergence theorem says of a run that came to rest."""
    found = mistake_bound(layer, reached, training, descent)
    if found is not None:
        extended = "(x, 1)" if layer.has_biases else "x"
        yield (
            f"By Novikoff's theorem the rule gives at most {found.mistakes:,} wrong answers on these patterns from this "
            f"start, whatever their order: |{extended}| is at most {found.radius:.4g}, and the layer reached "
            f"has a margin of {found.margin:.4g}"
        )


def _unreachable(layer: Layer, training: Patterns) -> Iterator[str]:
    """Targets outside the outputs of the layer. The limits themselves are allowed: outputs come close to them."""
    low, high = layer.output_range
    if layer.has_classes or low == -high == -np.inf:
        return  # targets of classes are the outputs that they stand for
    outside = (low > training.D) | (high < training.D)
    if not outside.any():
        return
    advice = "Scale the targets, or use a linear layer"
    if low == 0 and (np.abs(training.D) <= 1).all():
        advice = 'Use activation="tanh", or scale the targets'
    yield (
        f"The target {training.D[outside][0]:g} cannot be reached: the outputs of this layer lie between {low:g} and {high:g}. "
        f"{advice}"
    )


def _quadratic_bound(layer: Layer, training: Patterns, descent: Descent) -> float | None:
    """The learning rate a below which full-batch descent on a quadratic cost converges; None where the Hessian overflows.

    With the Hessian's largest eigenvalue H, a H < 2; with momentum m, a H < 2 (1 + m), with Nesterov's a H < 2 (1 + m) / (1 + 2m):
    where the two roots of r^2 - (1 + m - a H) r + m, or of r^2 - (1 + m) (1 - a H) r + m (1 - a H), are inside the unit circle.

    Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 4.3.1; Polyak, "Some methods of speeding up the
    convergence of iteration methods", USSR Comput. Math. Math. Phys. 4 (1964), for heavy balls.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        X = np.column_stack([training.X, np.full(len(training.X), float(layer.has_biases))]).astype(np.float64)
        hessian = (X.T * training.sample_weight) @ X * layer.scale(training.sample_weight, descent.reduction)
        decayed = np.full(layer.inputs + 1, descent.weight_decay)
        decayed[-1] *= descent.decay_biases and layer.has_biases
        hessian += np.diag(decayed)
    if not np.isfinite(hessian).all():
        return None
    m = descent.momentum
    return 2 * (1 + m) / (1 + 2 * m * descent.nesterov) / float(np.linalg.eigvalsh(hessian)[-1])


# The exact bound of the learning rate in the full batch, a row a kind, by its exact type: a derived one may have another.
# A kind that has no row has no such bound: its Hessian changes as it descends.
BOUNDS: dict[type[Layer], Callable[[Layer, Patterns, Descent], float | None]] = {
    LinearLayer: _quadratic_bound,
    AdalineLayer: _quadratic_bound,
}


def remedy(layer: Layer, training: Patterns, descent: Descent) -> str:
    """What to change in a descent that diverges: the exact bound of the learning rate where there is one.

    Parameters
    ----------
    layer : where the descent starts.
    training : the patterns that it is trained on.
    descent : the one that diverges.
    """
    rate, decay = descent.learning_rate, descent.weight_decay
    bound = None
    streamed = not isinstance(training, Patterns)
    sparse = not isinstance(training.X, np.ndarray)  # where the bound would take all of N x N
    if (
        type(layer) in BOUNDS
        and not (sparse or streamed)
        and descent.is_full_batch(len(training.X))
        and descent.schedule.is_constant
    ):
        bound = BOUNDS[type(layer)](layer, training, descent)
    if bound is not None:
        # Rounded down, so that the figure given is itself below the bound.
        shown = Context(prec=3, rounding=ROUND_FLOOR).create_decimal(bound)
        return f"Descent on these patterns converges below a learning rate of {shown:g}; this one is {rate:g}"
    if rate * decay >= 2 and not descent.momentum:
        return f"The learning rate times the weight decay must stay below 2; it is {rate * decay:g}"
    limit = float(np.finfo(training.X.dtype).max) ** 0.3  # an update holds products of inputs
    largest = 0.0 if streamed else _largest(training.X.data if sparse else training.X.reshape(-1), limit)
    if largest > limit:
        return f"The inputs are as large as {largest:.3g}: standardise them, or give them in another unit"
    mean = ", or reduction='mean'" if descent.reduction == "sum" else ""
    return f"Try a learning rate of {rate / 10:g}{mean}. If the inputs are of very different sizes, standardise them"


def _largest(X: Any, limit: float) -> float:
    """The largest absolute value of inputs X (flat), or a bound on it where that is below a limit."""
    with np.errstate(over="ignore", invalid="ignore"):
        length = float(np.vdot(X, X)) ** 0.5  # no entry is larger; it takes half the time
    return length if length <= limit else float(np.abs(X).max())
