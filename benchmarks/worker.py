"""One process of the benchmarks: some works with a number of threads that was set before anything was imported.

Started by `python -m benchmarks`, which sets the affinity and the libraries' variables; it writes DIR/WORK-THREADS.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

from benchmarks.measuring import Effort
from deltarule.files import write_whole

ROUNDS = 5
PACKAGES = ("deltarule", "numpy", "numba", "scipy", "scikit-learn", "torch", "jax", "skorch", "mlxtend")


def about() -> dict[str, Any]:
    """Versions, and the threads that there really are."""
    found = {name: _version(name) for name in PACKAGES}
    threads: dict[str, Any] = {"affinity": len(os.sched_getaffinity(0))}
    threads |= {pool["prefix"]: pool["num_threads"] for pool in threadpool_info()}
    if found["torch"]:
        import torch

        threads["torch"] = torch.get_num_threads()
    return {
        "python": platform.python_version(),
        "packages": found,
        "processor": _processor(),
        "threads": threads,
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    """Its model's name and the widest vectors it has."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = facts.get("flags", "").split()
    widest = next((name for name in ("avx512f", "avx2", "avx") if name in flags), "")
    return " ".join(filter(None, (facts.get("model name", platform.processor()), widest)))


def main() -> int:
    """Run the works asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("works", nargs="+")
    chosen = parser.parse_args()
    effort = Effort.quick() if chosen.quick else Effort(ROUNDS)
    for name in chosen.works:
        document = import_module(f"benchmarks.works.{name}").run(chosen.threads, effort, chosen.quick)
        document = {"work": name, "threads": chosen.threads, "quick": chosen.quick, "about": about()} | document
        text = json.dumps(document, indent=1, default=float)
        write_whole(chosen.out / f"{name}-{chosen.threads}.json", text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
