"""A mistake that nobody listed, which is one of the table with another strength.

Halves, means, decays and rates are factors, and a student may have any other in their place, or one in each iteration: figures are
right + f (with - right), where the mistake of the table has f = 1. Where few digits fix f, its name is one of many.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.candidates import Candidate, Candidates
from deltarule.marking.diagnosis.evidence import Evidence, EvidencePart
from deltarule.marking.diagnosis.hypotheses import LOG_LISTED, LOG_UNLISTED, Hypotheses, Hypothesis
from deltarule.marking.diagnosis.likelihood import in_any_manner, likelihood
from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.rework.ingredients import Values

# Every fourth mistake that nobody listed is one of the table with another strength, of any order of magnitude from a tenth to ten
# times.
LOG_OTHER_STRENGTH = math.log(0.25)
WEAKEST, STRONGEST = 0.1, 10.0
# Nine in ten of these have the same strength in all iterations.
LOG_SAME = math.log(0.9)
# Mistakes of the table differ in strength alone if what they change has the same direction: its cosine is within one in 1000 of 1.
SAME_DIRECTION = 0.999
# And their strengths are the same in all parts, within one in 100.
SAME_STRENGTH = 0.01
# A mistake in more than one part at once may be none that changes the first part, and figures may fix a strength to the last digit:
# neither share is 0.
SMALLEST_SHARE = 1e-6


def of_other_strength(
    hypotheses: Hypotheses, candidates: Candidates, hypothesis: Hypothesis, names: frozenset[str]
) -> float:
    """The score of an unlisted mistake that is one of a hypothesis with another strength, in all iterations or in each its own.

    Of two mistakes each may be that one, and the other is made as it is; or it stands in the place of both.

    Parameters
    ----------
    hypotheses : about an answer.
    candidates : the mistakes of the table, part by part.
    hypothesis : one with mistakes.
    names : of those mistakes in whose place it may be.
    """
    shares = hypothesis.shares
    every: list[tuple[Hypothesis | None, tuple[float, ...]]] = [
        (hypotheses.without_one(hypothesis, place), (share,))
        for place, (mistake, share) in enumerate(zip(hypothesis.mistakes, shares, strict=False))
        if mistake.name in names
    ]
    every += [(hypotheses.none, shares)] if len(shares) > 1 else []
    scores = [
        _in_place(hypotheses, candidates, hypothesis, others, replaced)
        for others, replaced in every
        if others is not None
    ]
    return max(scores, default=-math.inf)


def are_one_factor(evidence: Evidence, none: Hypothesis, one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two mistakes, each alone, change the same parts in the same direction: together they are one of another strength.

    They are not where one is twice as strong in dJ/dW as the other, say, and as strong in dJ/db. Of a cost alone nobody sees a
    direction.

    Parameters
    ----------
    evidence : with the parts.
    none : the hypothesis of no mistake.
    one, other : those of each mistake alone.
    """
    acts, others = (each.changed & ~each.follows for each in (one, other))
    if not acts.any() or (acts != others).any():
        return False
    way = min(1, len(none.predicted) - 1, len(one.predicted) - 1, len(other.predicted) - 1)
    rightly = none.predicted[way][-1]
    first, second = (each.predicted[way][-1] - rightly for each in (one, other))
    acting = [part for part, each in zip(evidence.parts, acts, strict=True) if each]
    same = all(_is_same_direction(first[part.among], second[part.among]) for part in acting)
    if not same or all(part.name.part == "cost" for part in acting):
        return False
    strengths = [
        float(first[among] @ second[among] / (first[among] @ first[among])) for among in (p.among for p in acting)
    ]
    return max(strengths) - min(strengths) <= SAME_STRENGTH * max(map(abs, strengths))


def _is_same_direction(one: Values, other: Values) -> bool:
    """Whether two changes are the same but for a factor."""
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return bool(size and abs(float(one @ other)) >= SAME_DIRECTION * size)


def _in_place(
    hypotheses: Hypotheses,
    candidates: Candidates,
    hypothesis: Hypothesis,
    others: Hypothesis,
    replaced: tuple[float, ...],
) -> float:
    """The score where one of another strength stands in the place of those mistakes that are not among others.

    Parameters
    ----------
    hypotheses, candidates, hypothesis : as in `of_other_strength`.
    others : the hypothesis of the mistakes that are made as they are.
    replaced : the shares of those in whose place it stands.
    """
    evidence = hypotheses.evidence
    nearest, way = (1, -1) if len(hypothesis.predicted) > 1 else (0, 0)  # from the answer's own figures, if it can be
    if len(others.predicted) <= nearest:
        return -math.inf
    rightly = others.predicted[nearest][way]
    change = np.nan_to_num(hypothesis.predicted[nearest][way] - rightly, posinf=0.0, neginf=0.0)
    seen = hypothesis.likelihood.explained & (np.abs(change) > evidence.half)
    if not seen.any():
        return -math.inf
    reach = hypotheses.reach(hypothesis.variants[0])
    size = np.abs(change[seen])
    fitting = (evidence.values - rightly)[seen] / change[seen], evidence.half[seen] / size, reach[seen] / size
    strength, log_mass = _of_iterations(*fitting, evidence.numbers[seen], evidence.numbers)
    # What follows from the answer's own figures alike is not changed, but for their rounding.
    made = seen & np.repeat(~hypothesis.follows, [part.among.stop - part.among.start for part in evidence.parts])
    parts = [part for part in evidence.parts if made[part.among].any()]
    if len(replaced) == 1:  # in the place of two mistakes it gives what either changes, wherever that is first
        parts = [part for part in parts if part.name.number == parts[0].name.number]
    prior = log_mass + math.log(_share(evidence, candidates, others, rightly, change, made, parts))
    own, unlisted = _with_strength(evidence, hypothesis, others, strength, reach)
    # What else is unexplained may come from the same unlisted mistake; what is explained needs none.
    besides = np.where(evidence.whole(hypothesis.explained), own, np.maximum(own, unlisted))
    in_all = max(in_any_manner(each.sum(axis=-1)) for each in (own, besides))
    prior += LOG_UNLISTED + LOG_OTHER_STRENGTH - len(replaced) * LOG_LISTED
    return hypothesis.prior - sum(replaced) + prior + float(in_all)


def _with_strength(
    evidence: Evidence, hypothesis: Hypothesis, others: Hypothesis, strength: Values, reach: Values
) -> tuple[Values, Values]:
    """How likely each part is with another strength, or with that of the table where this is likelier; see `Hypothesis`.

    A part that no strength changes is as likely as with the table's.
    """
    right, made = others.predicted, hypothesis.predicted
    works = [
        tuple(rightly + strength * (way - rightly) for way, rightly in zip(ways, right_ways, strict=True))
        for ways, right_ways in zip(made, right, strict=False)
    ]
    found = likelihood(evidence, slice(None), [*works, *made[len(right) :]], reach)
    likelier = np.maximum(evidence.by_part(found.own), hypothesis.own)
    return np.where(hypothesis.changed, likelier, hypothesis.own), hypothesis.unlisted


def _share(
    evidence: Evidence,
    candidates: Candidates,
    others: Hypothesis,
    rightly: Values,
    change: Values,
    seen: NDArray[np.bool_],
    parts: Iterable[EvidencePart],
) -> float:
    """How much of the table's mistakes have this direction, in all of some parts that are changed, as a probability.

    One strength must make a mistake of the table what is changed in each of these parts, as far as their digits say.
    """
    fitting: dict[Variant, _Fitting] | None = None
    for part in parts:
        among = part.among
        certain = 1 - float((evidence.half[among][seen[among]] / np.abs(change[among][seen[among]])).min())
        every = candidates.of_part(others, part)
        here = {each.variant: each for each in _of_direction(every, change[among], rightly[among], certain)}
        fitting = here if fitting is None else dict(_in_both(fitting, here))
    return min(max(sum(each.share for each in (fitting or {}).values()), SMALLEST_SHARE), 1.0)


@dataclass(frozen=True)
class _Fitting:
    """A mistake of the table in a direction, its probability, and between which strengths it makes the change."""

    variant: Variant
    share: float
    low: float
    high: float


def _of_direction(every: Iterable[Candidate], direction: Values, rightly: Values, certain: float) -> Iterator[_Fitting]:
    """The mistakes that change a part in a direction.

    Parameters
    ----------
    every : the mistakes that change the part.
    direction : the change.
    rightly : the part without it.
    certain : which share of the change its digits fix.
    """
    for each in every:
        other = each.worked - rightly
        if _is_same_direction(other, direction):
            ((_, variant),) = each.items
            strength = float(other @ direction) / float(other @ other)
            low, high = sorted((strength * certain, strength * (2 - certain)))
            yield _Fitting(variant, math.exp(each.prior), low, high)


def _in_both(one: dict[Variant, _Fitting], other: dict[Variant, _Fitting]) -> Iterator[tuple[Variant, _Fitting]]:
    """The mistakes that change two parts with the same strength."""
    for variant, first in one.items():
        second = other.get(variant)
        if second is not None and max(first.low, second.low) <= min(first.high, second.high):
            low, high = max(first.low, second.low), min(first.high, second.high)
            yield variant, replace(first, low=low, high=high)


def _of_iterations(
    middle: Values, half: Values, reach: Values, numbers: NDArray[np.intp], every: NDArray[np.intp]
) -> tuple[Values, float]:
    """The strength of each entry that fits figures, and the logarithm of the probability of such strengths.

    Of mistakes that have another strength, nine in ten have the same in all iterations. It is seen where figures ask for none but
    the table's own; where they do, rounding moved them in each iteration otherwise.

    Parameters
    ----------
    middle, half, reach : of some entries, as in `_fitted`.
    numbers : their iterations.
    every : the iteration of each entry.
    """
    strength, own = np.ones(len(every)), 0.0
    for number in np.unique(numbers):
        here = numbers == number
        strength[every == number], mass = _fitted(middle[here], half[here], reach[here])
        own += math.log(mass)
    same, mass = _fitted(middle, half, np.zeros_like(reach))
    return strength, max(own, math.log(mass) + LOG_SAME) if same == 1 else own


def _fitted(middle: Values, half: Values, reach: Values) -> tuple[float, float]:
    """The strength that fits figures, and how many strengths do, as a probability.

    Parameters
    ----------
    middle : the strength that gives each figure.
    half, reach : by how much another may differ from it: by half a unit, and by what rounding on the way may do besides.
    """
    for wide in (half, half + reach):
        low, high = max(float((middle - wide).max()), WEAKEST), min(float((middle + wide).min()), STRONGEST)
        if high > low:
            break
    else:  # none fits all of them
        low = float(np.clip(np.median(middle), WEAKEST, STRONGEST))
        high = low + 2 * float(half.min())
    # Where the table's own strength is one of them, figures ask for no other.
    return 1.0 if low <= 1 <= high else (low + high) / 2, max(
        math.log(high / low) / math.log(STRONGEST / WEAKEST), SMALLEST_SHARE
    )
