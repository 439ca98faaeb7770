"""The exact optimum beside scikit-learn's lbfgs and PyTorch's LBFGS, in one run, as ratios of processor time.

    python -m benchmarks.optimum [--rows 50000] [--repeats 3] [--path-rows 60000]

Peers stop once their cost is within 1e-6 of the least; deltarule goes on to its certificate. scikit-learn is given ever tighter
tolerances, of which the first that is enough counts. Processor time, so that what else runs on the machine matters less; set
OPENBLAS_NUM_THREADS=1 for one thread.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import deltarule as dr

# How near peers come to the least cost, relative to it.
NEAR = 1e-6
TOLERANCES = (1e-4, 1e-6, 1e-8, 1e-10, 1e-12)
# Calls of PyTorch's optimiser, of 20 iterations each, before it is given up.
MOST_CALLS = 100


def main() -> None:
    """Measure, and print a line for each piece of work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="patterns of the probe")
    parser.add_argument("--repeats", type=int, default=3, help="runs, of which the median counts")
    parser.add_argument(
        "--path-rows", type=int, default=0, help="patterns of a path of 45 penalties on 784 inputs; 0: none"
    )
    options = parser.parse_args()
    if options.path_rows:
        path_at_size(options.path_rows)
        return
    along_penalties(options.repeats)
    probe(options.rows, options.repeats)


def along_penalties(repeats: int) -> None:
    """45 weight decays on scikit-learn's digits: one path, beside lbfgs at its tightest with warm starts."""
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    X, labels = load_digits(return_X_y=True)
    decays = np.logspace(4, -4.8, 45)
    start = dr.SoftmaxLayer(np.zeros((64, 10)), np.zeros(10), classes=tuple(range(10)))
    ours, found = timed(lambda: dr.path(start, X, labels, dr.Descent(1.0, 1), weight_decay=decays), repeats)
    model = LogisticRegression(tol=1e-12, max_iter=100_000, warm_start=True)
    theirs, worst = 0.0, -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for decay, one in zip(found.weight_decay, found.optima, strict=True):
            model.C = 1 / decay
            spent, _ = timed(lambda: model.fit(X, labels), 1)
            theirs += spent
            cost = start.with_parameters(model.coef_.T, model.intercept_).cost(X, labels, weight_decay=decay)
            worst = max(worst, (one.cost - cost) / cost)
    attained = sum(one.attained for one in found.optima)
    print(
        f"digits, 45 decays: {ours:.2f} s, {attained} certified; scikit-learn {theirs:.1f} s, {theirs / ours:.1f} times as long"
    )
    print(f"  the largest (cost - scikit-learn's) / scikit-learn's: {worst:.1e}")


def probe(rows: int, repeats: int) -> None:
    """A linear probe of 768 features and 10 classes, mean cost, weight decay 1e-4."""
    X, labels = made(rows, 768)
    decay = 1e-4
    start = dr.SoftmaxLayer(np.zeros((768, 10)), np.zeros(10), classes=tuple(range(10)))
    descent = dr.Descent(1.0, 1, reduction="mean", weight_decay=decay)
    ours, found = timed(lambda: dr.optimum(start, X, labels, descent), repeats)
    print(f"probe, {rows:,} x 768 x 10: {ours:.2f} s, {found}")
    for name, fit in (("scikit-learn lbfgs", scikit_learn), ("PyTorch LBFGS", pytorch)):
        spent, cost = fit(X, labels, decay, found.cost)
        above = (cost - found.cost) / found.cost
        print(f"  {name}: {spent:.2f} s to {above:.1e} above, {spent / ours:.1f} times as long")


def path_at_size(rows: int) -> None:
    """45 weight decays on 784 inputs and 10 classes; lbfgs at its tightest has three of them, and counts for all."""
    from sklearn.linear_model import LogisticRegression

    X, labels = made(rows, 784)
    decays = np.logspace(-1, -6, 45)
    start = dr.SoftmaxLayer(np.zeros((784, 10)), np.zeros(10), classes=tuple(range(10)))
    descent = dr.Descent(1.0, 1, reduction="mean")
    ours, found = timed(lambda: dr.path(start, X, labels, descent, weight_decay=decays), 1)
    attained = sum(one.attained for one in found.optima)
    print(f"path, {rows:,} x 784 x 10, 45 decays: {ours:.1f} s, {attained} certified", flush=True)
    several = []
    for place in (0, 22, 44):
        decay, one = found.weight_decay[place], found.optima[place]
        model = LogisticRegression(C=1 / (decay * rows), tol=1e-12, max_iter=3000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            spent, _ = timed(partial(model.fit, X, labels), 1)
        several.append(spent)
        cost = start.with_parameters(model.coef_.T, model.intercept_).cost(X, labels, "mean", weight_decay=decay)
        print(
            f"  decay {decay:.1e}: scikit-learn {spent:.1f} s, (cost - scikit-learn's) / scikit-learn's "
            f"{(one.cost - cost) / cost:.1e}",
            flush=True,
        )
    theirs = len(decays) * sum(several) / len(several)
    print(f"  all 45 at their mean: {theirs:.0f} s, {theirs / ours:.1f} times as long")


def made(rows: int, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Features like a network's: 10 classes in 64 directions, mixed into many inputs, with noise. Classes overlap."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(64, inputs)) / 8
    centres = rng.normal(size=(10, 64))
    labels = rng.integers(0, 10, rows)
    X = (centres[labels] + 2 * rng.normal(size=(rows, 64))) @ mixing + 0.3 * rng.normal(size=(rows, inputs))
    return X, labels


def scikit_learn(X: np.ndarray, labels: np.ndarray, decay: float, least: float) -> tuple[float, float]:
    """The time of the first tolerance that is enough, and the cost."""
    from sklearn.linear_model import LogisticRegression

    spent, cost = np.inf, np.inf
    for tolerance in TOLERANCES:
        model = LogisticRegression(C=1 / (decay * len(X)), tol=tolerance, max_iter=100_000)
        spent, _ = timed(partial(model.fit, X, labels), 1)
        layer = dr.SoftmaxLayer(model.coef_.T, model.intercept_, classes=tuple(range(10)))
        cost = layer.cost(X, labels, "mean", weight_decay=decay)
        if cost <= least * (1 + NEAR):
            break
    return spent, cost


def pytorch(X: np.ndarray, labels: np.ndarray, decay: float, least: float) -> tuple[float, float]:
    """The time until the cost is near enough, and the cost."""
    import torch

    inputs, targets = torch.from_numpy(X), torch.from_numpy(labels)
    W, b = torch.zeros(X.shape[1], 10, dtype=torch.float64), torch.zeros(10, dtype=torch.float64)
    parameters = [W.requires_grad_(), b.requires_grad_()]
    optimiser = torch.optim.LBFGS(parameters, lr=1.0, max_iter=20, history_size=10, line_search_fn="strong_wolfe",
                                  tolerance_grad=0.0, tolerance_change=0.0)  # fmt: skip

    def cost() -> torch.Tensor:
        return torch.nn.functional.cross_entropy(inputs @ W + b, targets) + 0.5 * decay * (W**2).sum()

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = cost()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    begun = time.process_time()
    for _ in range(MOST_CALLS):
        optimiser.step(closure)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            reached = float(cost())
        if reached <= least * (1 + NEAR):
            break
    return time.process_time() - begun, reached


def timed(work: Callable[[], Any], repeats: int, of: Callable[[list[float]], float] = median) -> tuple[float, Any]:
    """The median of the processor time of some runs, or what else is made `of` them, and the last result."""
    spent = []
    for _ in range(repeats):
        begun = time.process_time()
        result = work()
        spent.append(time.process_time() - begun)
    return of(spent), result


if __name__ == "__main__":
    main()
