"""Sweeps: many descents over the same data, and an honest choice among them.

`sweep` takes no test set. Models are compared on validation patterns (`validation=` or `folds=`), one is chosen, and
`Sweep.test` scores that one on the test set, once.

(The package is not called `sweep`, since `deltarule.sweep` is the function.)
"""

from __future__ import annotations

from deltarule.sweeps.of_problem import ProblemSweep, sweep_problem
from deltarule.sweeps.result import Sweep
from deltarule.sweeps.score import Score
from deltarule.sweeps.sweeping import sweep

__all__ = ["ProblemSweep", "Score", "Sweep", "sweep", "sweep_problem"]
