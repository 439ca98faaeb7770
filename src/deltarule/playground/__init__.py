"""The playground: one HTML file in which a descent is watched, changed and stepped through, with every matrix.

`scripts/` holds its JavaScript: the core (generator, layers, descent, regions) has the formulas of `deltarule.layers` and
`deltarule.iteration` again, which tests compare entry by entry; the rest shows it.
"""

from deltarule.playground.page import page
from deltarule.playground.state import notes

__all__ = ["notes", "page"]
