"""An iteration, a run, a figure or progress as people read them.

No arithmetic: what is shown was computed elsewhere.
"""
