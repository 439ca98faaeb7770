"""Which kernels a layer is trained by, for tests that hold of them all."""

import os
from contextlib import contextmanager

import numpy as np
import pytest

from deltarule.engines import thresholds

JIT_OFF = os.environ.get("NUMBA_DISABLE_JIT") == "1"
# Where the lanes of vectors hold patterns (of several models: models), where neurons, and where inputs.
FAMILIES = ("small", "wide", "few neurons")
every_family = pytest.mark.parametrize("family", FAMILIES)


@contextmanager
def kernels_of(family, threads=None, *, team=None, panel=None, unrolled=False):
    """Inside, every layer is trained by this family.

    threads : how many a sweep may use. team : how many divide each update of a wide layer, whatever its size.
    panel : patterns that are worked on together; None: as it is.
    unrolled : whether kernels are made for the shape; for any shape the same serve, and nothing compiles again.
    """
    largest = 10**9 if family == "small" else 0
    changes = {
        "lane_weights": largest,
        "lane_inputs": largest,
        "input_lanes_neurons": 10**9 if family == "few neurons" else 0,
    }
    if threads is not None:
        changes["threads"] = threads
    if team is not None:
        # The same shares of the inputs for every team, and that team alone.
        changes |= {
            "threads": team,
            "team_sizes": (team,),
            "team_multiplications": 1,
            "minimum_share": 1,
            "minimum_lanes_share": 1,
        }
    if panel is not None:
        changes |= {"models_panel": panel, "smallest_panel": panel, "largest_panel": panel}
    if not unrolled:
        changes["unrolled_weights"] = 0
    if JIT_OFF:
        changes["first_slice"] = 1
    # With the JIT off NumPy warns where an infinity is an outcome.
    with thresholds.using(**changes), np.errstate(over="ignore", invalid="ignore"):
        yield
