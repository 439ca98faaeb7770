"""Whether honest rounding explains an answer of which every figure is near to the one that it should be.

Near is what rounding may do to each figure by itself. But people round in one way, and the figures of a part are those of one way,
all of them. So two questions are asked. Which parts does no usual way give as a whole? And how likely are these, if they were
rounded in a manner of their own, which moves each figure by some deviation?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtr

from deltarule.marking.diagnosis.evidence import Evidence, EvidencePart
from deltarule.marking.rework.following import Following
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.rounding import TWICE_ROUNDED
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import Reworked

# Gradients are worked in one step, from the same figures, and so are weights and biases: whoever rounds in one rounds in the other.
SIBLINGS = {"bias_gradient": "weight_gradient", "biases": "weights"}
# The reach of rounding is some 4 deviations: see `rework.rounding`.
DEVIATIONS_OF_REACH = 4.0
# Where nothing was rounded before, a figure may still be a tenth of its half unit off; and no figure within the reach is less
# likely than its edge, 4 deviations off.
SMALLEST_DEVIATION, LEAST_LIKELY = 0.1, 1e-4


def beyond_rounding(evidence: Evidence, ways: Iterable[Reworked]) -> list[EvidencePart]:
    """The parts of which no usual way of rounding gives every entry.

    Parameters
    ----------
    evidence : the entries of an answer.
    ways : its parts as people work them who round, from the exercise on or from the answer's own parts.
    """
    left = evidence.parts
    for way in ways:
        left = [part for part in left if not _gives(evidence, part, part.of(way), TWICE_ROUNDED)]
        if not left:
            break
    return left


def surprise(
    evidence: Evidence,
    beyond: Iterable[EvidencePart],
    own: Following,
    right: Mapping[Any, Any],
    first: int,
    parameters: int,
) -> float:
    """How unlikely rounding in a manner of its own makes parts, and their siblings: minus the logarithm of the probability.

    A figure that rounding moves with deviation s is the likelier the nearer it is to the one that it would be without that, as of a
    normal distribution. This is one figure for each way to carry on the answer's own parts; the way is one for all entries.
    So figures that are as they should be speak too: rounding that moves some moves others.

    Parameters
    ----------
    evidence : the entries of an answer.
    beyond : the parts that no usual way gives.
    own : what follows from the answer's own parts, and how far rounding takes it.
    right : the right figures.
    first : the number of the iteration that starts from the problem's own weights. In later ones all patterns come of the same few
        rounded weights and biases, and are not off independently: they count as often as there are of these.
    parameters : how many weights and biases there are.
    """
    steps = {(part.name.number, SIBLINGS.get(part.name.part, part.name.part)) for part in beyond}
    total = 0.0
    for number, step in sorted(steps, key=str):
        parts = [
            part
            for part in evidence.parts
            if (part.name.number, SIBLINGS.get(part.name.part, part.name.part)) == (number, step)
            and part.name in own.rounding.reach
        ]
        carried = [{part.name: own.figures[part.name][way] for part in parts} for way in range(_count(own))]
        of_ways = [
            sum(_nats(evidence, part, part.of(way), own, parameters if number != first else None) for part in parts)
            for way in (right, *carried)
        ]
        total += min(of_ways, default=0.0)
    return total


def _count(own: Following) -> int:
    """The number of ways to carry figures on."""
    return len(next(iter(own.figures.values())))


def _gives(evidence: Evidence, part: EvidencePart, figures: Values, half_units: float) -> bool:
    """Whether all entries of a part are these figures, within so many half units."""
    return bool(within(evidence.values[part.among], figures, half_units * evidence.half[part.among]).all())


def _nats(evidence: Evidence, part: EvidencePart, figures: Values, own: Following, at_most: int | None) -> float:
    """Minus the logarithm of the probability of a part that comes of these figures by rounding in a manner of its own."""
    half = evidence.half[part.among]
    off = np.abs(evidence.values[part.among] - figures)
    deviation = np.maximum(part.entries(own.rounding.reach[part.name]) / DEVIATIONS_OF_REACH, SMALLEST_DEVIATION * half)
    likely = ndtr((half - off) / deviation) - ndtr((-half - off) / deviation)
    nats: Values = -np.log(np.maximum(likely, LEAST_LIKELY))
    if at_most is not None:
        return float(nats.mean()) * min(len(nats), at_most)
    # Entries that are as they should be count as often as they do elsewhere: a part may follow from fewer figures.
    return float((nats * np.where(within(off, 0.0, half), part.counting, 1.0)).sum())
