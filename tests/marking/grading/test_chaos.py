"""Late iterations of chaotic descents: what any right computation reaches is right, and how far apart they must be."""

from __future__ import annotations

import pytest

from by_hand import drawn
from deltarule.marking import answer_from
from deltarule.marking.grading.chaos import within_chaos
from deltarule.marking.grading.judged import judged
from deltarule.marking.rework.exercise import Exercise


def marked(off, *apart, number=21, decimals=12):
    """Verdicts of U = 0.25 and 0.5, of which the first is `off`, where right computations are `apart`; and the remarks.

    The rate is so small that the layer stays as it is; the layers beside it differ in the bias.
    """
    problem = drawn("linear", [[0.25]], [0.0], [[1.0], [2.0]], [0.3, 0.6], 1e-15, epochs=40)
    exercise, layer = Exercise.of(problem), problem.layer
    biases = (0.0, *apart)
    vars(exercise)["beside"] = [exercise.with_layer(layer.with_parameters(layer.weights, [b])) for b in biases]
    U = [[round(0.25 + off, decimals)], [0.5]]
    answer = answer_from({"decimals": decimals, "iteration": {str(number): {"synaptic_inputs": U}}}, problem)
    found, remarks = within_chaos(exercise, judged(exercise, answer))
    return [entry.verdict for part in found.parts for entry in part.entries], [each.name for each in remarks]


@pytest.mark.parametrize(("apart", "found"), [(0.9e-9, False), (1.1e-9, True)])
def test_computations_that_agree_to_a_billionth_are_not_chaotic_however_many_decimals_are_written(apart, found):
    verdicts, remarks = marked(0.5e-9, apart)
    assert remarks == ["chaotic"] * found
    assert verdicts == ["rounding" if found else "wrong", "right"]


@pytest.mark.parametrize(("apart", "found"), [(0.0049, False), (0.0051, True)])
def test_computations_part_where_they_are_half_a_unit_apart(apart, found):
    """Of two decimals."""
    verdicts, remarks = marked(0.01, apart, decimals=2)
    assert remarks == ["chaotic"] * found
    assert verdicts == ["rounding" if found else "wrong", "right"]


@pytest.mark.parametrize(
    ("off", "verdict"), [(0.19, "rounding"), (0.21, "wrong"), (-0.09, "rounding"), (-0.11, "wrong")]
)
def test_another_computation_may_lie_as_far_beyond_these_as_they_are_apart(off, verdict):
    """They are 0.1 apart, the right one among them at 0: from -0.1 to 0.2, each with half a unit."""
    assert marked(off, 0.1, decimals=2)[0][0] == verdict


@pytest.mark.parametrize(("number", "found"), [(20, False), (21, True)])
def test_the_first_20_iterations_are_not_chaotic(number, found):
    assert marked(0.1, 0.1, number=number, decimals=2)[1] == ["chaotic"] * found


@pytest.mark.parametrize(("second", "found"), [(0.000049, False), (0.000051, True)])
def test_where_the_first_two_agree_to_a_hundredth_of_half_a_unit_the_others_are_not_worked(second, found):
    """The third would be half a unit apart."""
    assert marked(0.1, second, 0.1, decimals=2)[1] == ["chaotic"] * found
