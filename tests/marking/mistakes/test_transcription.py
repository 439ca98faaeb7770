"""Figures that were cut off: how many decimals, and how many figures, tell."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import SOFTMAX, names, page
from deltarule.marking import check
from deltarule.problem import problem_from

EXACT = page(SOFTMAX, 9)["iteration"]["1"]
MATRICES = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")


def cut(figures, decimals):
    return (np.trunc(np.array(figures) * 10**decimals) / 10**decimals).tolist()


@pytest.mark.parametrize(("decimals", "found"), [(1, False), (2, True), (3, True), (4, True), (5, False)])
def test_figures_may_be_cut_off_at_the_decimals_that_people_are_asked_for(decimals, found):
    """The problem asks for 6."""
    problem = problem_from(SOFTMAX.document | {"show": {"decimals": 6}})
    parts = {part: cut(EXACT[part], decimals) for part in MATRICES}
    marks = check(problem, {"decimals": decimals, "iteration": {"1": parts}})
    assert ("figures-cut-off" in names(marks)) == found


@pytest.mark.parametrize(("rows", "found"), [(1, False), (2, True)])
def test_six_figures_cut_off_tell_and_three_do_not(rows, found):
    """Rounded figures are as near to 0 as that in half of all cases."""
    written = {str(row): cut(EXACT["outputs"][row - 1], 2) for row in range(1, rows + 1)}
    marks = check(SOFTMAX, {"iteration": {"1": {"rows": {"outputs": written}}}})
    assert ("figures-cut-off" in names(marks)) == found
