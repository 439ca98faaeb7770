"""What is known of the cost of each kind of layer: whether it is convex, and what its margins are. One row a kind.

Margins are linear functions of theta = (W; b), an (N+1, K) matrix whose last row holds the biases. With x~ = (x, 1):

    softmax    u_label - u_k = x~ . (theta_label - theta_k)      one for each pattern and each k other than its label
    logistic   (2d - 1) u_k = (2d - 1) x~ . theta_k              one for each pattern and each neuron

A layer makes no error where all its margins are above 0, and its cost falls as margins grow. So without weight decay the
cost has no minimum where margins can grow for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector
from deltarule.layers import AdalineLayer, Layer, LinearLayer, LogisticLayer, Patterns, PerceptronLayer, SoftmaxLayer


@dataclass(frozen=True, eq=False)
class MarginTerms:
    """Each margin as a sum of terms sign * x~_pattern . theta_column.

    Attributes
    ----------
    pattern : (M,) whose margin it is.
    neuron : (M,) the other neuron (softmax), or the margin's own neuron (logistic).
    terms : pairs of a column of theta (M,) and a sign (M,), one pair a term.
    """

    pattern: NDArray[np.intp]
    neuron: NDArray[np.intp]
    terms: tuple[tuple[NDArray[np.intp], Vector], ...]


@dataclass(frozen=True)
class CostKind:
    """What is known of a kind's cost.

    Attributes
    ----------
    convex : whether the cost is convex in (W, b), so that each of its minima is a least cost; delta is Y - d then, so that the
        second derivatives by U are the derivatives of Y = f(U), and outputs are bounded where they are probabilities.
    quadratic : whether the cost is a sum of squares of U - d, 1/2 each.
    relative : whether the same number added to all u of a pattern changes nothing.
    margin_terms : from desired outputs (P, K) the terms of all margins; None where the cost is not one of margins.
    one_hot : from desired outputs (P, K) those of softmax layers with the same margins, one for each set of neurons that has
        nothing to do with the others; None where the cost is not one of margins.
    one_sided : from desired outputs (P, K), for each neuron 0; or -1 or 1 where its class, or one of its answers, never occurs: its
        bias then falls or grows for ever, since biases are not decayed. None where the cost is not one of margins.
    """

    convex: bool
    quadratic: bool = False
    relative: bool = False
    margin_terms: Callable[[Matrix], MarginTerms] | None = None
    one_hot: Callable[[Matrix], list[Matrix]] | None = None
    one_sided: Callable[[Matrix], NDArray[np.int_]] | None = None


def cost_kind(layer: Layer) -> CostKind:
    """The row of a layer's kind. Nothing is known of a kind without a row, so it gets a row that claims nothing.

    A type that is derived from one with a row may have other formulas, so it does not inherit the row.
    """
    return KINDS.get(type(layer), UNKNOWN)


def separates(layer: Layer, patterns: Patterns) -> bool:
    """Whether all margins of a layer are above 0, so that it shows that its cost has no minimum without weight decay.

    Parameters
    ----------
    layer : of any kind; of one whose cost is not one of margins the answer is no.
    patterns : checked against the layer; those of weight 0 do not count.

    Examples
    --------
    >>> layer = LogisticLayer([[1.0]], [0.0], classes=["no", "yes"])
    >>> separates(layer, layer.patterns([[-1.0], [2.0]], ["no", "yes"])), separates(layer, layer.patterns([[1.0]], ["no"]))
    (True, False)
    """
    margin_terms = cost_kind(layer).margin_terms
    if margin_terms is None:
        return False
    found = margin_terms(patterns.D)
    U = layer.unchecked_synaptic_input(patterns.X)
    margins = np.sum([sign * U[found.pattern, column] for column, sign in found.terms], axis=0)
    return bool((margins > 0)[patterns.sample_weight[found.pattern] > 0].all())


def _against_other_neurons(D: Matrix) -> MarginTerms:
    pattern, neuron = np.nonzero(D == 0)
    ones = np.ones(len(pattern))
    return MarginTerms(pattern, neuron, ((D.argmax(axis=1)[pattern], ones), (neuron, -ones)))


def _of_each_neuron(D: Matrix) -> MarginTerms:
    pattern, neuron = (places.ravel() for places in np.indices(D.shape))
    return MarginTerms(pattern, neuron, ((neuron, 2 * D.ravel() - 1),))


def _no_and_yes(D: Matrix) -> list[Matrix]:
    """Of each neuron: u and 0 are the synaptic inputs of yes and no."""
    return [np.column_stack([1 - d, d]) for d in D.T]


def _class_missing(D: Matrix) -> NDArray[np.int_]:
    return np.where(D.max(axis=0) == 0, -1, 0)


def _answer_missing(D: Matrix) -> NDArray[np.int_]:
    return np.where(D.max(axis=0) == 0, -1, np.where(D.min(axis=0) == 1, 1, 0))


KINDS: dict[type[Layer], CostKind] = {
    LinearLayer: CostKind(convex=True, quadratic=True),
    AdalineLayer: CostKind(convex=True, quadratic=True),
    PerceptronLayer: CostKind(convex=False),
    LogisticLayer: CostKind(convex=True, margin_terms=_of_each_neuron, one_hot=_no_and_yes, one_sided=_answer_missing),
    SoftmaxLayer: CostKind(
        convex=True, relative=True, margin_terms=_against_other_neurons, one_hot=lambda D: [D], one_sided=_class_missing
    ),
}
UNKNOWN = CostKind(convex=False)
