"""The names of the parts of an answer, for this room; they stand in `deltarule.parts`, since a problem asks for parts too."""

from deltarule.parts import (
    COLUMNS_OF_NEURONS,
    CONVERGENCE_PARTS,
    COUNTS,
    ITERATION_PARTS,
    LONGEST_NUMBER,
    METRICS,
    ROWS_OF_PATTERNS,
    SETS,
    TABLES,
    PartName,
)

__all__ = [
    "COLUMNS_OF_NEURONS",
    "CONVERGENCE_PARTS",
    "COUNTS",
    "ITERATION_PARTS",
    "LONGEST_NUMBER",
    "METRICS",
    "ROWS_OF_PATTERNS",
    "SETS",
    "TABLES",
    "PartName",
]
