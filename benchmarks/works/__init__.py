"""What is measured.

Each module has `THREADS`, the numbers of threads that it is measured with, and `run(threads, effort, quick)`, which gives
a JSON document.
"""

from __future__ import annotations

# In this order, fast ones first.
WORKS = ("start", "linnerud", "iris", "wide", "many", "probes", "growth")
