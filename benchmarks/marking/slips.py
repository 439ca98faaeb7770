"""All slips, and which of them are held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.marking import (
    slips_cost,
    slips_data,
    slips_forward,
    slips_gradient,
    slips_update,
    slips_written,
    true_names,
)
from benchmarks.marking.slip import Slip

MODULES = (slips_data, slips_forward, slips_cost, slips_gradient, slips_update, slips_written)
SLIPS: tuple[Slip, ...] = tuple(
    replace(
        slip,
        names=(*slip.names, *true_names.NAMES.get(slip.what, ())),
        near=(*slip.near, *true_names.NEAR.get(slip.what, ())),
    )
    for module in MODULES
    for slip in module.SLIPS
)
# Made in the figures of the trained layer, not in an iteration.
R2_EXCHANGED = Slip("R2 with its arguments exchanged", {}, ("r2-swapped",))
BY_WHAT = {slip.what: slip for slip in SLIPS}


def held_out(seed: int) -> frozenset[str]:
    """Every third slip, by a seed."""
    order = np.random.default_rng([seed, 3]).permutation(len(SLIPS))
    return frozenset(SLIPS[place].what for place in order[: len(SLIPS) // 3])


def named(known: frozenset[str]) -> list[Slip]:
    """Those that a documented name says exactly."""
    return [slip for slip in SLIPS if known.intersection(slip.names)]
