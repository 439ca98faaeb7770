"""The exercise that an answer is marked by."""

import os
import signal
import threading

import pytest

from by_hand import SOFTMAX
from deltarule import problem_from
from deltarule.errors import InputError
from deltarule.marking import check
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName

ENDLESS = {
    "layer": {"kind": "linear", "weights": [[1.0]]},
    "data": {"inputs": [[1], [3]], "targets": [3, 2]},
    "descent": {"learning_rate": 1e-9, "epochs": 10**9},
}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal reaches a wait there")
def test_ctrl_c_during_the_descent_ends_the_marking():
    """Half a descent has other figures than the problem: no answer is marked by them."""
    Exercise.of(SOFTMAX).trained()  # the engine is imported, which must not be interrupted half way
    timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        check(problem_from(ENDLESS), {"convergence": {"updates": 3}})
    timer.join()


@pytest.mark.parametrize(
    ("count", "shown"), [(10.0**15 - 1, "999999999999999"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (2.5, "2.5")]
)
def test_a_count_is_shown_whole_up_to_15_digits(count, shown):
    """float64 tells all whole numbers of 15 digits apart; of larger ones the digits at the end say nothing."""
    assert str(Exercise.of(SOFTMAX).as_shown(PartName.in_iteration(1, "errors"), count)) == shown


def test_an_exercise_is_made_of_a_problem():
    with pytest.raises(InputError, match="problem must be a Problem"):
        Exercise.of({"layer": {}})
