"""Sweeps: many descents over the same data, and an honest choice among them.

The test set has no place in `sweep`. Models are compared on held-out patterns (`validation=` or `folds=`), one is chosen, and
`Sweep.test` looks at the test set once, for that one.

(The package is not called `sweep`, since `deltarule.sweep` is the function.)
"""

from __future__ import annotations

from deltarule.sweeps.result import Sweep
from deltarule.sweeps.score import Score
from deltarule.sweeps.sweeping import sweep

__all__ = ["Score", "Sweep", "sweep"]
