"""The playground: one HTML file in which a descent is watched, changed and stepped through, with every matrix.

`scripts/` holds its JavaScript: the core (generator, layers, descent, regions) has the formulas of `deltarule.layers` and
`deltarule.iteration` again, which tests compare entry by entry; the rest shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deltarule.playground.page import page
from deltarule.playground.scorm import scorm_package
from deltarule.playground.state import notes

if TYPE_CHECKING:
    from deltarule.playground.widget import Widget

__all__ = ["Widget", "notes", "page", "scorm_package"]


def __getattr__(name: str) -> Any:
    """The widget when it is used: it needs anywidget, and a page does not."""
    if name == "Widget":
        from deltarule.playground.widget import Widget

        return Widget
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
