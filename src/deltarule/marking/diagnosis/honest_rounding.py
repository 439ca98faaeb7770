"""How likely honest rounding makes an answer of which every figure is near to the one that it should be.

Near is what rounding may do to each figure by itself. But people round in one way, and the figures of a part are those of one way,
all of them. So the parts are worked in all usual ways to round. Where one of them gives every part, rounding explains the answer.
Where each part is given by some of them, no two alike, it is as likely as these are among all ways. And a part that none gives
was rounded, if it was, in a manner of its own, which moves each figure by some deviation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtr

from deltarule.conventions import BESIDE
from deltarule.marking.diagnosis.evidence import Evidence, EvidencePart
from deltarule.marking.diagnosis.likelihood import DEVIATIONS_OF_REACH
from deltarule.marking.rework.following import Following
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.rounding import TWICE_ROUNDED
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName

# Of right answers that are rounded on the way, one in 20 is rounded in several ways, and one in 100 in a manner that is none of
# the usual ones.
LOG_SEVERAL_WAYS, LOG_OWN_MANNER = math.log(0.05), math.log(0.01)
# Gradients are worked in one step, from the same figures, and so are weights and biases, and velocities: whoever rounds in one
# rounds in the other.
SIBLINGS = {beside: part for part, beside in BESIDE.items()}
# Rounding in a manner of its own moves all figures of a step as far as it can, or less: with a decimal more by a tenth of that.
SCALES = (1.0, 0.3, 0.1)
# Where nothing was rounded before, a figure may still be a tenth of its half unit off; and no figure within the reach is less
# likely than its edge, 4 deviations off.
SMALLEST_DEVIATION, LEAST_LIKELY = 0.1, 1e-4


def log_honest(
    evidence: Evidence,
    ways: Iterable[Reworked],
    own: Following,
    right: Mapping[PartName, Any],
    first: int,
    parameters: int,
) -> float:
    """The logarithm of the probability of an answer, if it is right and was rounded on the way; 0 where a usual way gives all.

    Parameters
    ----------
    evidence : the entries of the answer.
    ways : its parts as people work them who round, from the exercise on or from the answer's own parts.
    own : what follows from the answer's own parts, and how far rounding takes it.
    right : the right figures.
    first : the number of the iteration that starts from the problem's own weights. In later ones all patterns come of the same few
        rounded weights and biases, and are not off independently: they count as often as there are of these.
    parameters : how many weights and biases there are.
    """
    given = np.array([[_gives(evidence, part, part.of(way)) for part in evidence.parts] for way in ways])
    # Classes are decided by the outputs or by the synaptic inputs, rounded or not, in whatever way the rest is rounded.
    decided = np.array([part.name.is_count for part in evidence.parts])
    given |= decided & given.any(axis=0)
    if given.all(axis=1).any():
        return 0.0
    shares = dict(zip((part.name for part in evidence.parts), given.mean(axis=0).tolist(), strict=True))
    steps: dict[tuple[int | None, str], list[EvidencePart]] = {}
    for part in evidence.parts:
        steps.setdefault((part.name.number, SIBLINGS.get(part.name.part, part.name.part)), []).append(part)
    total, several = 0.0, LOG_SEVERAL_WAYS
    for (number, _), parts in steps.items():
        if all(shares[part.name] for part in parts):
            total += sum(math.log(shares[part.name]) for part in parts)
        else:
            several = LOG_OWN_MANNER
            total += log_own_manner(evidence, parts, own, right, None if number == first else parameters)
    return several + total


def log_own_manner(
    evidence: Evidence,
    parts: Iterable[EvidencePart],
    own: Following,
    right: Mapping[PartName, Any],
    at_most: int | None,
) -> float:
    """The logarithm of the probability of the parts of one step, if they were rounded in a manner that is not usual.

    A figure that rounding moves with deviation s is the likelier the nearer it is to the one that it would be without that, as of a
    normal distribution. This is one figure for each way to carry on the answer's own parts; the way is one for all entries.
    So figures that are as they should be speak too: rounding that moves some moves others. How much it moves all of them is not
    known.

    Parameters
    ----------
    evidence, own, right : as in `log_honest`.
    parts : of the step; counts and classes say nothing.
    at_most : as how many entries each part counts at most; None: as many as are independent.
    """
    moved = [part for part in parts if part.name in own.rounding.reach]
    ways = range(len(next(iter(own.figures.values()))))
    carried = [{part.name: own.figures[part.name][way] for part in moved} for way in ways]
    return max(
        sum(_log_moved(evidence, part, part.of(way), scale * own.rounding.reach[part.name], at_most) for part in moved)
        for scale in SCALES
        for way in (right, *carried)
    )


def _gives(evidence: Evidence, part: EvidencePart, figures: Values) -> bool:
    """Whether all entries of a part are these figures, or may be if they were rounded twice."""
    return bool(within(evidence.values[part.among], figures, TWICE_ROUNDED * evidence.half[part.among]).all())


def _log_moved(evidence: Evidence, part: EvidencePart, figures: Values, reach: Values, at_most: int | None) -> float:
    """The logarithm of the probability of a part that rounding in a manner of its own makes of these figures."""
    half = evidence.half[part.among]
    off = np.abs(evidence.values[part.among] - figures)
    deviation = np.maximum(part.entries(reach) / DEVIATIONS_OF_REACH, SMALLEST_DEVIATION * half)
    likely = np.log(np.maximum(ndtr((half - off) / deviation) - ndtr((-half - off) / deviation), LEAST_LIKELY))
    if at_most is not None:
        return float(likely.mean()) * min(len(likely), at_most)
    return float((likely * np.where(within(off, 0.0, half), part.counting, 1.0)).sum())
