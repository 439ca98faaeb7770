"""The account: each figure that the handout prints, beside ours, with a verdict and the reason for it.

Verdicts
--------
equal : ours rounds to what is printed.
within rounding : ours does not, but an initial layer that rounds to the printed one gives a figure that does.
bracketed : the figure depends on what the handout does not give (a seed, a machine); the printed one lies in our range.
differs : none of these; the reason says why.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from deltarule.json_values import json_value
from deltarule.marking import Marks

Verdict = Literal["equal", "within rounding", "bracketed", "differs"]
VERDICTS: tuple[Verdict, ...] = ("equal", "within rounding", "bracketed", "differs")


@dataclass(frozen=True)
class Entry:
    """One printed figure (a number, a row, a matrix) and its verdict.

    Attributes
    ----------
    question : 1, 2 or 3.
    what : the figure, in words.
    printed, computed : the handout's and ours; `computed` may be a range, {"low", "median", "high"}.
    verdict : one of `VERDICTS`.
    why : the reason, as sentences; empty where the verdict needs none.
    decimals : of the printed figure; None where it has none.
    """

    question: int
    what: str
    printed: Any
    computed: Any
    verdict: Verdict
    why: str
    decimals: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        values: dict[str, Any] = json_value(asdict(self))
        return values


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Attributes
    ----------
    results : its part of results.json.
    account : its entries of the account.
    data : what its figures draw, by name.
    marks : the checker's marks of each printed answer, by name.
    shown : what its page shows besides results, by name.
    """

    results: dict[str, Any]
    account: list[Entry]
    data: dict[str, Any]
    marks: dict[str, Marks]
    shown: dict[str, Any] = field(default_factory=dict)


# A question is answered in stages. After the first, what is worked beside is waited for; after the second no process works beside
# this one, and times are taken. A question that needs neither has one stage.
Stages = Generator[None, None, Answer]


def rounds_to(computed: ArrayLike, printed: ArrayLike, decimals: int) -> bool:
    """Whether every figure computed is within half a unit of the last decimal of the one printed.

    Examples
    --------
    >>> rounds_to([0.2787, -0.5450], [0.28, -0.54], decimals=2)
    True
    """
    half = 0.5 * 10.0**-decimals
    # A figure exactly between two decimals may be printed either way; the allowance is for its binary form.
    return bool(np.all(np.abs(np.asarray(computed, float) - np.asarray(printed, float)) <= half * (1 + 1e-6)))


def compare(question: int, what: str, printed: ArrayLike, computed: ArrayLike, decimals: int, why: str = "") -> Entry:
    """An entry that is `equal` or `differs`.

    Parameters
    ----------
    question : 1, 2 or 3.
    what : the figure, in words.
    printed, computed : the handout's and ours, of one shape.
    decimals : of the printed figure.
    why : the reason for the verdict, as sentences; empty where it needs none.
    """
    same = rounds_to(computed, printed, decimals)
    return Entry(question, what, printed, computed, "equal" if same else "differs", why, decimals)


def bracket(question: int, what: str, printed: ArrayLike, samples: Sequence[ArrayLike], why: str) -> Entry:
    """An entry that is `bracketed` if every printed figure lies in the range of the samples, and else `differs`.

    Parameters
    ----------
    question : 1, 2 or 3.
    what : the figure, in words.
    printed : the handout's figure.
    samples : (S, ...) computed figures, one sample a seed, shuffle or run, each of the shape of `printed`.
    why : the reason for the verdict, as sentences.
    """
    values = np.asarray(samples, float)
    low, high = values.min(axis=0), values.max(axis=0)
    inside = bool(np.all((low <= np.asarray(printed, float)) & (np.asarray(printed, float) <= high)))
    computed = {"low": json_value(low), "median": json_value(np.median(values, axis=0)), "high": json_value(high)}
    return Entry(question, what, printed, computed, "bracketed" if inside else "differs", why)
