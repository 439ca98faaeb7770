"""Scores as a table."""

import numpy as np

from deltarule.metrics import Scores
from deltarule.show.terminal import (
    score_lines,
)
from deltarule.typeset.columns import joined


def test_undefined_scores_are_said():
    sets = {"training": Scores(np.array([1.0]), np.array([0.5])), "test": Scores(np.array([2.0]), np.array([np.nan]))}
    text = joined(score_lines(["pulse"], sets, 2, 80, units=" (in beats)"))
    assert "Mean square error and R2 (in beats)" in text
    row = next(line for line in text.splitlines() if line.startswith("pulse"))
    assert row.split() == ["pulse", "1.00", "0.50", "2.00", "undefined"]
    assert "R2 is undefined where all targets are equal" in text
    narrow = score_lines(["pulse"], sets, 2, 40, units=" (in the units before scaling)")
    assert max(len(line.text) for line in narrow) <= 40
