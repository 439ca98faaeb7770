"""The convergence theorem of Rosenblatt's rule: how many wrong answers it can make before it comes to rest.

Of a neuron with theta = (w, b), and x~ = (x, 1), let some theta* of norm 1 answer each pattern rightly with a margin of at least
g > 0, and let |x~| <= R. Each wrong answer changes theta by c x~ or -c x~, c being the length of the rule's step. M of them raise
theta . theta* by c g M at least, and in batches of B they raise |theta|^2 by c^2 R^2 B M at most. Since theta . theta* <= |theta|,

    A + c g M <= sqrt(S + c^2 R^2 B M),    A = theta_0 . theta*,    S = |theta_0|^2,

which bounds M. From theta_0 = 0, a pattern at a time, M <= (R / g)^2.

References
----------
Novikoff, "On convergence proofs on perceptrons", Proc. Symp. on the Mathematical Theory of Automata 12 (1962): from 0, B = 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns, RosenblattLayer
from deltarule.views import Shown

# A margin that is smaller, against R, may be rounding.
SMALLEST_MARGIN = 1e-6


@dataclass(frozen=True)
class MistakeBound(Shown):
    """What the theorem says.

    Attributes
    ----------
    mistakes : the largest number of wrong answers that the rule can make, of all neurons together.
    radius : R, the largest |(x, 1)|; |x| without biases.
    margin : g, the smallest distance of a pattern from the boundary of a neuron of the separating layer, in (x, 1).
    """

    mistakes: int
    radius: float
    margin: float


def mistake_bound(start: Layer, separating: Layer, patterns: Patterns, descent: Descent) -> MistakeBound | None:
    """The theorem for a descent from `start`, by a layer that answers each pattern rightly.

    Parameters
    ----------
    start : where the rule starts.
    separating : of the same shape; each of its neurons answers each pattern rightly.
    patterns : the training patterns, checked against the layer.
    descent : its rate and batches.

    Returns
    -------
    MistakeBound or None
        None where the theorem does not hold: another rule, patterns of different weights, or steps of different lengths (by a
        schedule, momentum, decay, or means over batches of different sizes); and where a margin is not clearly above 0.

    Examples
    --------
    >>> from deltarule import Descent, PerceptronLayer
    >>> start, found = PerceptronLayer([[0.0]], [0.0], "sign"), PerceptronLayer([[1.0]], [0.0], "sign")
    >>> mistake_bound(start, found, start.patterns([[-1.0], [2.0]], [[-1], [1]]), Descent(0.1, 100, batch_size=1)).mistakes
    5
    """
    size = _step_length(start, patterns, descent)
    if size is None:
        return None
    batch = len(patterns.X) if descent.batch_size is None else min(descent.batch_size, len(patterns.X))
    X: Any = patterns.X
    one = float(start.has_biases)
    theta_0, theta = (np.vstack([layer.weights, layer.biases]).astype(np.float64) for layer in (start, separating))
    with np.errstate(all="ignore"):
        theta = theta / np.linalg.norm(theta, axis=0)
        if isinstance(X, np.ndarray):
            squares = np.einsum("pn,pn->p", X, X, dtype=np.float64)
        else:  # sparse
            squares = np.asarray(X.astype(np.float64).power(2).sum(axis=1))
        radius = float(np.sqrt(squares.max() + one))
        margins = np.where(patterns.D > 0, 1, -1) * (X @ theta[:-1].astype(X.dtype) + theta[-1])
        # Less what rounding may have added.
        smallest = margins.min(axis=0) - len(theta) * float(np.finfo(X.dtype).eps) * radius
        if not smallest.min() > SMALLEST_MARGIN * radius:  # also of NaN
            return None
        steps = size * smallest
        # (A + s M)^2 = S + q M, the larger root; A^2 <= S, so that there is one.
        A, S, q = (theta_0 * theta).sum(axis=0), (theta_0**2).sum(axis=0), size**2 * radius**2 * batch
        half = q / 2 - A * steps
        bounds = (half + np.sqrt(half**2 + steps**2 * np.maximum(S - A**2, 0.0))) / steps**2
        total = float(bounds.sum())
    # What is rounded down here is a whole number of mistakes; a part in 10^9 more allows for the rounding of the bound itself.
    return MistakeBound(math.floor(total * (1 + 1e-9)), radius, float(smallest.min())) if math.isfinite(total) else None


def _step_length(start: Layer, patterns: Patterns, descent: Descent) -> float | None:
    """c: how far a wrong answer changes theta, in multiples of (x, 1); None where it is not the same in all updates."""
    v, count = patterns.sample_weight, len(patterns.X)
    moved = descent.weight_decay or descent.momentum or not descent.schedule.is_constant
    if not isinstance(start, RosenblattLayer) or moved or (v != v[0]).any():
        return None
    batch = count if descent.batch_size is None else min(descent.batch_size, count)
    if descent.reduction != "sum" and count % batch:
        return None
    low, high = start.answers
    return float(descent.learning_rate * (high - low) * float(v[0]) * start.scale(v[:batch], descent.reduction))
