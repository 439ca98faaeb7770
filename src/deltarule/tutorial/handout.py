"""The figures that the handout prints: its worked answers as answer files (`printed`), and those that are part of no answer."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def printed(name: str) -> dict[str, Any]:
    """The figures of an answer file by its `name`: question_1, question_2_direct, question_2_autograd or question_3."""
    text = (resources.files("deltarule.tutorial") / "answers" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


# Question 2: scaling of the training set, the first rows of the data, and how the two forms were run.
INPUT_MEAN = (9.06666667, 161.6, 77.8)
INPUT_VARIANCE = (28.46222222, 3795.17333333, 2861.62666667)
TARGET_SCALE = (0.00917431, 0.06666667, 0.03571429)
TARGET_MIN = (-1.26605505, -2.06666667, -1.64285714)
FIRST_INPUTS = ((5.0, 162.0, 60.0), (2.0, 110.0, 60.0), (12.0, 101.0, 101.0), (12.0, 105.0, 37.0), (13.0, 155.0, 58.0))
FIRST_TARGETS = (
    (191.0, 36.0, 50.0),
    (189.0, 37.0, 52.0),
    (193.0, 38.0, 58.0),
    (162.0, 35.0, 62.0),
    (189.0, 35.0, 46.0),
)
MILLISECONDS = {"direct": 0.074, "autograd": 0.114}
EPOCHS = {"direct": 10_000, "autograd": 50_000}
BEST_PREDICTED = "waist"

# Question 3.
BATCH_SIZES = (2, 4, 8, 16, 24, 32, 64)
