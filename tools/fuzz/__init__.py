"""Hostile and odd input for every door of deltarule, without end: `make fuzz`, or `python -m tools.fuzz`.

Written on hypothesis, which draws inputs and makes the first failing one of each fault as small as it can. Nothing here
is the oracle of itself: what is right is known from the documentation, or calculated in plain loops (`rough.py`).

`kinds.py` is the table of kinds of input. A round of each kind runs in a child of this process (`rounds.py`), in which
all libraries are loaded and kernels are compiled already: an input takes milliseconds. Linux is what it is made for; on
other systems with `fork` the peak of memory is not seen.
"""
