"""Whether a reader could have told what was done wrong, worked from the slips of this harness alone.

A case is no failure if nobody could have told: if another story prints the very same figures, or if one of the slips changes no
written figure beyond what honest rounding does to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np

from benchmarks.marking.answers import EXACT_PARTS, Document, gaps, same
from benchmarks.marking.cases import WHEN, Case
from benchmarks.marking.exercises import Array
from benchmarks.marking.rounding import PLACES, half_up, to_even
from benchmarks.marking.slip import Slip
from benchmarks.marking.slips import SLIPS
from benchmarks.marking.working import PARTS

# Where honest students round: in any of the places.
ROUNDED_AT = tuple(frozenset(some) for count in range(1, len(PLACES) + 1) for some in combinations(PLACES, count))
CANNOT_BE_TOLD = "cannot be told"
UNSEEN = "a slip changes no figure beyond rounding"
SAME_FIGURES = "other slips print the same figures"
Story = tuple[tuple[Slip, ...], str]


@cache
def drawable() -> tuple[Slip, ...]:
    """The slips of which pairs are drawn: those with a name, in an ingredient."""
    return tuple(slip for slip in SLIPS if slip.names and not {"shown", "whole"} & slip.changes.keys())


def can_be_paired(one: Slip, other: Slip) -> bool:
    """Whether two slips are drawn together: in different ingredients, by different names."""
    return not (one.changes.keys() & other.changes.keys() or set(one.names) & set(other.names))


def cannot_be_told(case: Case) -> str:
    """Why nobody could have told what was done in a case; "" where a reader could."""
    if not case.slips or not case.plan.numbers:
        return ""
    if any(is_unseen(case, slip) for slip in case.slips):
        return UNSEEN
    if any(prints_the_same(case, story) for story in stories(case)):
        return SAME_FIGURES
    return ""


# ---- A slip that is not seen.


def is_unseen(case: Case, slip: Slip) -> bool:
    """Whether rounding does as much to each written figure of a student who does the rest, without this slip.

    What it does is worked: the figures are rounded on the way wherever honest students round. Where the case's own are, they may
    be off by a unit more.
    """
    rest = tuple(each for each in case.slips if each is not slip)
    exact = case.with_slips(*rest, exactly=True)
    if exact is None:
        return False
    rounded = [each for each in (case.with_slips(*rest), *_honestly(case, rest)) if each is not None]
    unit = 0.0 if case.style == "exact" else 10.0**-case.plan.decimals
    for number, parts in case.answer["iteration"].items():
        for part, value in parts.items():
            rightly = exact["iteration"][number][part]
            if part in EXACT_PARTS or np.shape(value) != np.shape(rightly):
                if value != rightly:
                    return False
            else:
                reach = np.max([_off(each["iteration"][number][part], rightly) for each in rounded], axis=0)
                if (_off(value, rightly) > reach + unit + 1e-9).any():
                    return False
    return True


def _off(one: Any, other: Any) -> Array:
    found: Array = np.abs(np.asarray(one, float) - np.asarray(other, float))
    return found


def _honestly(case: Case, slips: tuple[Slip, ...]) -> Iterator[Document | None]:
    """The same work with figures rounded on the way, as they are written, wherever honest students round."""
    for places, way in product(ROUNDED_AT, (to_even, half_up)):
        style = replace(
            case.plan.style, places=places, way=way, figures=case.plan.decimals, by_significance=False, written_so=False
        )
        yield replace(case, plan=replace(case.plan, style=style)).with_slips(*slips)


# ---- Other stories.


def stories(case: Case) -> Iterator[Story]:
    """What else may have been done: one slip, or where two were made two others, at any time, by another name."""
    every = [slip for slip in SLIPS if slip.where(case.task)]
    for slip, when in product(every, WHEN if case.when != "always" else ("always",)):
        if len(case.slips) > 1 or not _names(case.slips[0]) & _names(slip):
            yield (slip,), when
    if len(case.slips) > 1:
        yield from ((pair, "always") for pair in _pairs(case))


def _pairs(case: Case) -> Iterator[tuple[Slip, ...]]:
    """The pairs of which the first wrong part may come, but those that have the names of the case.

    Where one slip alone changes that part, it gives it.
    """
    right = case.with_slips()
    if right is None:
        return
    first = _first_wrong(case.answer, right)
    changing, giving, others = list[Slip](), list[Slip](), list[Slip]()
    for slip in drawable():
        found = case.with_slips(slip) if slip.where(case.task) else None
        if found is None:
            continue
        if _part(found, first) == _part(case.answer, first):
            giving.append(slip)
        if _first_wrong(found, right, first) is None:
            others.append(slip)
        else:
            changing.append(slip)
    pairs = [
        *((one, other) for one in giving for other in others),
        *((one, other) for at, one in enumerate(changing) for other in changing[at + 1 :]),
    ]
    # Those that share a slip with the case first: among them another story is found soonest.
    made = {slip.what for slip in case.slips}
    pairs.sort(key=lambda pair: not made & {slip.what for slip in pair})
    for one, other in pairs:
        if can_be_paired(one, other) and not _has_the_names(case, (one, other)):
            yield one, other


def _has_the_names(case: Case, pair: tuple[Slip, Slip]) -> bool:
    """Whether each slip of a case has a name of its own in a pair."""
    first, second = (_names(slip) for slip in case.slips)
    one, other = (_names(slip) for slip in pair)
    return bool((first & one and second & other) or (first & other and second & one))


def _names(slip: Slip) -> set[str]:
    return {*slip.names, *slip.near}


def _order(document: Document) -> list[tuple[str, str]]:
    """The written parts in the order in which they are worked."""
    return [(number, part) for number, parts in document["iteration"].items() for part in PARTS if part in parts]


def _part(document: Document, key: tuple[str, str]) -> Any:
    return document["iteration"][key[0]][key[1]]


def _first_wrong(answer: Document, right: Document, last: tuple[str, str] | None = None) -> Any:
    """The first part that is not as the right answer has it, up to a `last` one; None where all are."""
    for key in _order(right):
        if _part(answer, key) != _part(right, key):
            return key
        if key == last:
            return None
    return None


def prints_the_same(case: Case, story: Story) -> bool:
    """Whether a story prints the very figures of a case.

    Where figures were rounded on the way, within a unit of the last decimal too, if it is as near as what was done is.
    """
    slips, when = story
    found = case.with_slips(*slips, when=when)
    if found is None:
        return False
    if same(found, case.answer):
        return True
    if case.style == "exact":
        return False
    exact = case.with_slips(*slips, when=when, exactly=True)
    own = case.with_slips(*case.slips, exactly=True)
    if exact is None or own is None:
        return False
    unit = (1 + 1e-6) * 10.0**-case.plan.decimals
    off, own_off = gaps(exact, case.answer), gaps(own, case.answer)
    return all(gap <= min(unit, own_off[key] + 1e-9) for key, gap in off.items())
