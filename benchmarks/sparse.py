"""Softmax regression on large sparse inputs, beside scikit-learn's solvers: processor time, memory, and the cost reached.

    python -m benchmarks.sparse [--patterns 100000] [--inputs 50000] [--classes 20] [--passes 20]

One entry in a thousand is not 0. Each solver runs in a process of its own, so that the peak of its memory is its own: what is given
is the peak during `fit`, less what the process held before. The cost is the sum over patterns with a weight decay of 1
(scikit-learn's C=1); "above" is what it is above the least that any solver reached, relative to it. saga and descent go over the
patterns a given number of times.
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from sklearn.linear_model import LogisticRegression

import deltarule as dr
from benchmarks.estimators import cost_of, sparse

BATCH = 16


def main() -> None:
    """Measure, and print a line for each solver."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("patterns", 100_000), ("inputs", 50_000), ("classes", 20), ("passes", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default="", help="the solvers whose names hold this")
    options = parser.parse_args()
    sizes = options.patterns, options.inputs, options.classes
    names = [name for name in solvers(options.patterns, options.passes) if options.only in name]
    found = {}
    for name in names:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            found[name] = pool.submit(measured, name, sizes, options.passes).result()
    least = min(cost for _, _, cost in found.values())
    print("| solver | seconds | memory | cost | above |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (seconds, memory, cost) in found.items():
        print(f"| {name} | {seconds:.1f} | {memory / 1e6:,.0f} MB | {cost:.6g} | {cost / least - 1:.1e} |")


def solvers(patterns: int, passes: int) -> dict[str, Any]:
    """The estimators by name.

    A batch holds its share of the decay, so that the updates of an epoch have the whole.
    """
    descent = dr.SoftmaxClassifier(
        solver="descent", weight_decay=BATCH / patterns, batch_size=BATCH, learning_rate=0.2, schedule="cosine", epochs=passes,
        tolerance=None, random_state=0,
    )  # fmt: skip
    return {
        "deltarule, exact": dr.SoftmaxClassifier(),
        f"deltarule, descent, {passes} epochs of batches of {BATCH}": descent,
        "scikit-learn, lbfgs": LogisticRegression(solver="lbfgs", max_iter=1000),
        f"scikit-learn, saga, {passes} passes": LogisticRegression(
            solver="saga", max_iter=passes, tol=0, random_state=0
        ),
    }


def measured(name: str, sizes: tuple[int, int, int], passes: int) -> tuple[float, float, float]:
    """Seconds of processor time, bytes, and the cost reached, in this process.

    Parameters
    ----------
    name : of the solver.
    sizes : P, N and K.
    passes : of saga and descent.
    """
    warnings.simplefilter("ignore")  # of solvers that stop before they converge
    X, y = sparse(*sizes)
    solver = solvers(sizes[0], passes)[name]
    dr.SoftmaxClassifier(solver="descent", epochs=1, learning_rate=0.1).fit(X[:1000], y[:1000])  # compiles
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    solver.fit(X, y)
    seconds = time.process_time() - began
    memory = 1024.0 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    layer = dr.SoftmaxLayer(solver.coef_.T, solver.intercept_, classes=solver.classes_.tolist())
    return seconds, memory, cost_of(layer, X, y)


if __name__ == "__main__":
    main()
