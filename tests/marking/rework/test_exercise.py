"""The exercise that an answer is marked by."""

import os
import signal
import threading

import pytest

from deltarule import problem_from
from deltarule.marking import check

ENDLESS = {
    "layer": {"kind": "linear", "weights": [[1.0]]},
    "data": {"inputs": [[1], [3]], "targets": [3, 2]},
    "descent": {"learning_rate": 1e-9, "epochs": 10**9},
}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal reaches a wait there")
def test_ctrl_c_during_the_descent_ends_the_marking():
    """Half a descent has other figures than the problem: no answer is marked by them."""
    timer = threading.Timer(1, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        check(problem_from(ENDLESS), {"convergence": {"updates": 3}})
    timer.join()
