"""Rows that do not fit into memory: `Stream` reads them some at a time, in each pass anew.

ahead (a thread that reads ahead), orders (stored or shuffled), places (files) <- stores (what holds the rows: arrow_stores,
array_stores) <- decoding (rows as inputs and targets) <- survey (what one pass tells) <- stream <- patterns (for a layer).
"""

from deltarule.streams.patterns import StreamedPatterns
from deltarule.streams.stream import Stream

__all__ = ["Stream", "StreamedPatterns"]
