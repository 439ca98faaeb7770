"""What all displays share: data that are kept, and a figure of them when asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Display(ABC):
    """Data to be seen; as scikit-learn's displays, it is computed once and drawn as often as needed."""

    @abstractmethod
    def draw(self, axes: Any = None) -> Figure:
        """The figure: a new one, or that of the given axes."""

    def save(self, path: str | Path) -> Path:
        """Draw it and write it: see `deltarule.plots.save`."""
        from deltarule.plots.saving import save

        return save(self, path)

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        from deltarule.plots.saving import svg_text

        return svg_text(self)
