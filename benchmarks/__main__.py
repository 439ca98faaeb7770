"""Every work, in one process for each number of threads; then the tables and figures.

python -m benchmarks --out DIR [--quick] [--only WORK]      DIR/*.json, DIR/benchmarks.md, DIR/*.svg
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.works import WORKS

# What the libraries read when they are imported.
VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


def environment(threads: int) -> dict[str, str]:
    """For a process whose libraries have so many threads; XLA goes by the affinity too."""
    xla = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1" if threads == 1 else ""
    return os.environ | dict.fromkeys(VARIABLES, str(threads)) | {"XLA_FLAGS": xla, "JAX_PLATFORMS": "cpu"}


def main(arguments: list[str] | None = None) -> int:
    """Run the workers, then draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where everything goes")
    parser.add_argument("--quick", action="store_true", help="one round, small numbers: to see that all runs")
    parser.add_argument(
        "--only", choices=WORKS, action="append", metavar="WORK", help=f"one of {', '.join(WORKS)}; again for more"
    )
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    if not chosen.only:
        for before in chosen.out.glob("*-*.json"):
            before.unlink()  # tables and figures are of one run
    began = time.perf_counter()

    cores = sorted(os.sched_getaffinity(0))
    plan: dict[int, list[str]] = {}
    for name in chosen.only or WORKS:
        for count in {min(count, len(cores)) for count in import_module(f"benchmarks.works.{name}").THREADS}:
            plan.setdefault(count, []).append(name)
    status = 0
    for threads, works in sorted(plan.items()):
        print(f"{threads} thread(s): {', '.join(works)}", file=sys.stderr, flush=True)
        os.sched_setaffinity(0, cores[:threads])  # the worker inherits it
        options = ["--out", str(chosen.out), "--threads", str(threads), *(["--quick"] if chosen.quick else [])]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.worker", *options, *works], env=environment(threads), check=False
        )
        status = max(status, abs(done.returncode))
    os.sched_setaffinity(0, cores)

    from benchmarks import figures, tables

    print(tables.write(chosen.out))
    figures.write(chosen.out)
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes", file=sys.stderr)
    return min(status, 1)


if __name__ == "__main__":
    sys.exit(main())
