"""The descent as machine code, made by Numba. `README.md` in this folder is the way in.

`descending` and `sweeping` are what engines call; the rest is what these are made of.

vectors <- lanes, memory <- functions (exp, log) <- formulas (delta, cost) <- patterns, neurons, models, heads (an update, an
evaluation) <- descending (one model), sweeping (many). The formulas are those of `deltarule.layers`; tests hold the
two together.
"""
