"""Scores of numbers as a table: mean square error and R2, a row a target variable."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from deltarule.show.document import Document, Part
from deltarule.show.table import Table
from deltarule.typeset.figures import figures
from deltarule.typeset.maths import Maths

if TYPE_CHECKING:
    from deltarule.metrics import Scores

HEADS = ("MSE", "R2")
UNDEFINED = "R2 is undefined where all targets are equal: there is no variance to explain."


def score_rows(scores: Scores, decimals: int) -> list[tuple[str, str]]:
    """The figures of each target variable under `HEADS`: those of MSE in one style, those of R2 each in its own.

    Parameters
    ----------
    scores : the scores.
    decimals : of each figure.
    """
    r2 = ["undefined" if math.isnan(r) else figures([r], decimals)[0] for r in scores.r2.tolist()]
    return list(zip(figures(scores.mean_square_error.tolist(), decimals), r2, strict=True))


def has_undefined(scores: Scores) -> bool:
    """Whether some R2 of the `scores` is undefined."""
    return any(math.isnan(r) for r in scores.r2.tolist())


def scores_document(scores: Scores, decimals: int = 4) -> Document:
    """The `scores` by themselves, with this number of `decimals`; their target variables are numbered."""
    rows = score_rows(scores, decimals)
    labels = tuple(str(k) for k in range(1, len(rows) + 1))
    table = Table(Maths("target", r"\text{target}"), labels, HEADS, tuple(rows))
    sentences = (UNDEFINED,) if has_undefined(scores) else ()
    return Document("", "Mean square error and R2", sentences, (Part("scores", "", tables=(table,)),))
