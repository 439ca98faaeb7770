"""The estimators beside scikit-learn's at the same optimum, in one run, as ratios of processor time.

    python -m benchmarks.estimators [--repeats 7] [--only iris]

scikit-learn's estimators stop once their cost is within 1e-6 of the least: each solver is given ever tighter tolerances, of which
the first that is enough counts. Ours go on to their certificate. A ratio above 1 says that scikit-learn takes so many times longer.
Of several runs the quickest counts, since others use the machine as well.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse import csr_array, random_array
from sklearn import datasets
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler

import deltarule as dr
from benchmarks.optimum import timed

# How near scikit-learn comes to the least cost, relative to it, and the tolerances that are tried.
NEAR = 1e-6
TOLERANCES = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12)
# The decays of the searches: for LogisticRegressionCV their inverses.
DECAYS = np.logspace(-4, 4, 9)


def main() -> None:
    """Measure, and print a line for each piece of work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7, help="runs, of which the quickest counts")
    parser.add_argument("--only", default="", help="the works whose names hold this")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # of scikit-learn's that stop before they converge
    print(
        "| work | deltarule | times its default solver | times its fastest | the fastest, its cost above ours | errors |"
    )
    print("| --- | ---: | ---: | ---: | --- | ---: |")
    for name, work in works():
        if options.only in name:
            print(f"| {name} | {work(options.repeats)} |", flush=True)


def works() -> Iterator[tuple[str, Callable[[int], str]]]:
    """The pieces of work by name."""
    classes = {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
    }
    for name, load in classes.items():
        X, y = load(return_X_y=True)
        yield f"{name}", partial(classifying, X, y)
        yield f"{name}, standardised", partial(classifying, StandardScaler().fit_transform(X), y)
    for name, load in {"diabetes": datasets.load_diabetes, "linnerud": datasets.load_linnerud}.items():
        yield name, partial(regression, *load(return_X_y=True))
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 20_000)
    yield (
        "20,000 x 100 x 10 made",
        partial(classifying, rng.normal(size=(20_000, 100)) + rng.normal(size=(10, 100))[y] / 3, y),
    )
    yield "sparse, 20,000 x 20,000 x 20", partial(classifying, *sparse(20_000, 20_000, 20))
    for name in ("iris", "breast cancer"):
        X, y = classes[name](return_X_y=True)
        yield f"{name}, 9 decays, 5 folds", partial(searching, StandardScaler().fit_transform(X), y)
    yield "diabetes, 9 decays, 5 folds", partial(searching_ridge, *datasets.load_diabetes(return_X_y=True))


def classifying(X: Any, y: Any, repeats: int) -> str:
    """Softmax regression, or of two classes logistic regression, with a decay of 1."""
    kind = dr.LogisticClassifier if len(np.unique(y)) == 2 else dr.SoftmaxClassifier
    ours, model = quickest(lambda: kind().fit(X, y), repeats)
    least = cost_of(model.layer_, X, y)
    found = {}
    for solver in ("lbfgs", "newton-cg", "newton-cholesky"):
        if solver == "newton-cholesky" and X.shape[1] > 1000:
            continue  # which would hold a square matrix of them
        for tolerance in TOLERANCES:
            fit = LogisticRegression(solver=solver, tol=tolerance, max_iter=100_000).fit
            spent, theirs = quickest(partial(fit, X, y), 1)
            cost = cost_of(model.layer_.with_parameters(theirs.coef_.T, theirs.intercept_), X, y)
            if cost <= least * (1 + NEAR) or spent > 60:
                spent = min(spent, quickest(partial(fit, X, y), repeats)[0]) if spent < 1 else spent
                found[solver] = (spent, (cost - least) / least, theirs)
                break
    near = {solver: each for solver, each in found.items() if each[1] <= NEAR}
    best = min(near, key=lambda solver: near[solver][0])
    spent, above, theirs = near[best]
    wrong, others = (float((each.predict(X) != y).sum()) for each in (model, theirs))
    return told(ours, found["lbfgs"][0], spent, f"{best}, {above:.1e}", f"{wrong:g}, {others:g}")


def cost_of(layer: Any, X: Any, y: Any) -> float:
    """J with a decay of 1."""
    inputs: Any = csr_array(X) if hasattr(X, "nnz") else X
    return float(layer.evaluate(layer.patterns_of_checked(inputs, y), "sum", 1.0)[0])


def regression(X: Any, y: Any, repeats: int) -> str:
    """Ridge regression with a decay of 1."""
    ours, model = quickest(lambda: dr.LinearLayerRegressor(weight_decay=1.0).fit(X, y), repeats)
    least = model.layer_.cost(X, y, weight_decay=1.0)
    theirs, ridge = quickest(lambda: Ridge(alpha=1.0).fit(X, y), repeats)
    cost = model.layer_.with_parameters(np.atleast_2d(ridge.coef_).T, np.atleast_1d(ridge.intercept_)).cost(
        X, y, weight_decay=1.0
    )
    return told(ours, theirs, theirs, f"Ridge, {(cost - least) / least:.1e}", "")


def searching(X: Any, y: Any, repeats: int) -> str:
    """The decay by folds."""
    kind = dr.LogisticClassifierCV if len(np.unique(y)) == 2 else dr.SoftmaxClassifierCV
    ours, model = quickest(lambda: kind(weight_decays=DECAYS, cv=5).fit(X, y), repeats)
    theirs, other = quickest(lambda: LogisticRegressionCV(Cs=1 / DECAYS, cv=5, max_iter=10_000).fit(X, y), 1)
    errors = f"{(model.predict(X) != y).sum()}, {(other.predict(X) != y).sum()}"
    return told(ours, theirs, theirs, "LogisticRegressionCV", errors)


def searching_ridge(X: Any, y: Any, repeats: int) -> str:
    """The decay of ridge regression by folds."""
    ours, _ = quickest(lambda: dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=5).fit(X, y), repeats)
    theirs, _ = quickest(lambda: RidgeCV(alphas=DECAYS, cv=5).fit(X, y), repeats)
    return told(ours, theirs, theirs, "RidgeCV", "")


def sparse(patterns: int, inputs: int, classes: int) -> tuple[Any, Any]:
    """Inputs of which one in a thousand is not 0, and classes drawn by a softmax layer."""
    rng = np.random.default_rng(0)
    X: Any = random_array((patterns, inputs), density=0.001, rng=rng, format="csr")
    U: Any = X @ rng.normal(size=(inputs, classes)) * 3
    return X, (U + rng.gumbel(size=U.shape)).argmax(axis=1)


def told(ours: float, default: float, fastest: float, which: str, errors: str) -> str:
    """The cells of a line."""
    return f"{1000 * ours:.2f} ms | {default / ours:.2f} | {fastest / ours:.2f} | {which} | {errors}"


def quickest(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """The least processor time of some runs, and the last result."""
    return timed(work, repeats, of=min)


if __name__ == "__main__":
    main()
