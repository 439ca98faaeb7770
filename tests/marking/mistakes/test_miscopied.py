"""A number of the problem that was copied wrongly: which one, and as what, is read off the answer."""

from __future__ import annotations

import pytest

from by_hand import BIASES, POINTS, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import check
from deltarule.marking.mistakes.miscopied import is_miscopy

TARGETS = TANH.targets.tolist()


def problem(weights=WEIGHTS, biases=BIASES, points=POINTS, targets=TARGETS, rate=0.2):
    return drawn("perceptron", weights, biases, points, targets, rate, "tanh")


def changed(rows, r, c, value):
    return [[value if (i, k) == (r, c) else entry for k, entry in enumerate(row)] for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("copied", "detail"),
    [
        ({"points": changed(POINTS, 3, 1, 2.0)}, "input 2 of pattern 4: 2 for 3"),
        ({"weights": changed(WEIGHTS, 1, 2, -0.68)}, "the weight of input 2 and neuron 3: -0.68 for 0.68"),
        ({"biases": [0.12, 0.21, 0.33]}, "the bias of neuron 2: 0.21 for -0.21"),
        ({"targets": changed(TARGETS, 2, 0, 0.3)}, "the target of pattern 3: 0.3 for -0.3"),
        ({"rate": 0.3}, "the learning rate: 0.3 for 0.2"),
    ],
    ids=["input", "weight", "bias", "target", "rate"],
)
def test_the_number_and_what_was_copied_are_named(copied, detail):
    marks = check(problem(), page(problem(**copied), 4))
    assert names(marks) == ["copied-wrongly"]
    assert f"({detail})" in marks.mistakes[0].why


@pytest.mark.parametrize(("rate", "found"), [(0.097, ["copied-wrongly"]), (0.099, [])])
def test_a_learning_rate_within_2_per_cent_is_not_another_one(rate, found):
    """0.1 for 0.097 is 3% off, for 0.099 only 1%."""
    marks = check(problem(rate=rate), page(problem(rate=0.1), 5))
    assert [name for name in names(marks) if name == "copied-wrongly"] == found


@pytest.mark.parametrize("copied", [-0.25, 2.5, 0.025, 0.24, 0.52, 0.3, 0.2, 2.25, 0.05])
def test_one_slip_of_the_pen_is_a_miscopy(copied):
    """A sign, the point, a digit, two exchanged, rounded, cut, one more; 0 for a digit."""
    assert is_miscopy(copied, 0.25 if copied != 0.3 else 0.34)


@pytest.mark.parametrize(("copied", "right"), [(0.033, 0.1), (0.0625, 0.25), (0.37, 0.25), (-0.24, 0.25)])
def test_a_number_that_was_computed_is_no_miscopy(copied, right):
    assert not is_miscopy(copied, right)
