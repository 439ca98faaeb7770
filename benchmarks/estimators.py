"""The estimators beside scikit-learn's at the same optimum, in one run, as ratios of processor time.

    python -m benchmarks.estimators [--repeats 7] [--only iris]

scikit-learn's estimators stop once their cost is within 1e-6 of the least: each solver is given ever tighter tolerances, of which
the first that is enough counts. Ours go on to their certificate. A ratio above 1 says that scikit-learn takes so many times longer.
All run by turns, and of several runs the quickest of each counts, since others use the machine as well. Machine code is loaded
before.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from typing import Any

import numpy as np
from scipy.sparse import csr_array, random_array
from sklearn import datasets
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler

import deltarule as dr
from benchmarks.optimum import timed
from deltarule.analysis.compiled_newton import load

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
    load()
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
        "penguins": penguins,
    }
    numbers = {"diabetes": datasets.load_diabetes, "linnerud": datasets.load_linnerud}
    for name, load_data in classes.items():
        X, y = load_data(return_X_y=True)
        yield f"{name}", partial(classifying, X, y)
        yield f"{name}, standardised", partial(classifying, StandardScaler().fit_transform(X), y)
    for name, load_data in numbers.items():
        yield name, partial(regression, *load_data(return_X_y=True))
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 20_000)
    yield (
        "20,000 x 100 x 10 made",
        partial(classifying, rng.normal(size=(20_000, 100)) + rng.normal(size=(10, 100))[y] / 3, y),
    )
    yield "sparse, 20,000 x 20,000 x 20", partial(classifying, *sparse(20_000, 20_000, 20))
    for name, load_data in classes.items():
        X, y = load_data(return_X_y=True)
        yield f"{name}, standardised, 9 decays, 5 folds", partial(searching, StandardScaler().fit_transform(X), y)
    for name, load_data in numbers.items():
        yield f"{name}, 9 decays, 5 folds", partial(searching_ridge, *load_data(return_X_y=True))


def penguins(*, return_X_y: bool) -> tuple[Any, Any]:  # noqa: ARG001 - as scikit-learn's data sets are loaded
    """The species of 333 penguins from four sizes, their island and their sex, one-hot; those with missing values are left out."""
    from palmerpenguins import load_penguins

    table = load_penguins().dropna()
    sizes = [table[name] for name in ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")]
    levels = [table[name] == level for name in ("island", "sex") for level in sorted(set(table[name]))]
    return np.column_stack([*sizes, *levels]).astype(np.float64), table["species"].to_numpy(dtype=str)


def classifying(X: Any, y: Any, repeats: int) -> str:
    """Softmax regression, or of two classes logistic regression, with a decay of 1."""
    kind = dr.LogisticClassifier if len(np.unique(y)) == 2 else dr.SoftmaxClassifier
    model = kind().fit(X, y)
    least = cost_of(model.layer_, X, y)
    fits: dict[str, Callable[[], Any]] = {}
    costs: dict[str, float] = {}
    others: dict[str, Any] = {}
    for solver in ("lbfgs", "newton-cg", "newton-cholesky"):
        if solver == "newton-cholesky" and X.shape[1] > 1000:
            continue  # which would hold a square matrix of them
        for tolerance in TOLERANCES:
            fit = partial(LogisticRegression(solver=solver, tol=tolerance, max_iter=100_000).fit, X, y)
            spent, theirs = timed(fit, 1)
            cost = cost_of(model.layer_.with_parameters(theirs.coef_.T, theirs.intercept_), X, y)
            if cost <= least * (1 + NEAR) or spent > 60 or tolerance == TOLERANCES[-1]:
                fits[solver], costs[solver], others[solver] = fit, (cost - least) / least, theirs
                break
    times = by_turns({"": partial(kind().fit, X, y), **fits}, repeats)
    best = min((solver for solver in costs if costs[solver] <= NEAR), key=lambda solver: times[solver])
    wrong, others_wrong = (int((each.predict(X) != y).sum()) for each in (model, others[best]))
    default = times["lbfgs"] if costs["lbfgs"] <= NEAR else inf
    return told(times[""], default, times[best], f"{best}, {costs[best]:.1e}", f"{wrong}, {others_wrong}")


def by_turns(works: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """The least processor time of some runs of each, by turns; of one that takes some seconds, one run."""
    spent = dict.fromkeys(works, inf)
    for turn in range(repeats):
        for name, work in works.items():
            if turn == 0 or spent[name] < 2:
                spent[name] = min(spent[name], timed(work, 1)[0])
    return spent


def cost_of(layer: Any, X: Any, y: Any) -> float:
    """J with a decay of 1."""
    inputs: Any = csr_array(X) if hasattr(X, "nnz") else X
    return float(layer.evaluate(layer.patterns_of_checked(inputs, y), "sum", 1.0)[0])


def regression(X: Any, y: Any, repeats: int) -> str:
    """Ridge regression with a decay of 1."""
    fit, fit_ridge = partial(dr.LinearLayerRegressor(weight_decay=1.0).fit, X, y), partial(Ridge(alpha=1.0).fit, X, y)
    model, ridge = fit(), fit_ridge()
    least = model.layer_.cost(X, y, weight_decay=1.0)
    cost = model.layer_.with_parameters(np.atleast_2d(ridge.coef_).T, np.atleast_1d(ridge.intercept_)).cost(
        X, y, weight_decay=1.0
    )
    spent = by_turns({"": fit, "Ridge": fit_ridge}, 10 * repeats)
    return told(spent[""], spent["Ridge"], spent["Ridge"], f"Ridge, {(cost - least) / least:.1e}", "")


def searching(X: Any, y: Any, repeats: int) -> str:
    """The decay by folds; scikit-learn's with its own tolerance, and with that which comes near the least cost for a decay of 1."""
    kind = dr.LogisticClassifierCV if len(np.unique(y)) == 2 else dr.SoftmaxClassifierCV
    fit = partial(kind(weight_decays=DECAYS, cv=5).fit, X, y)
    alone = (dr.LogisticClassifier if len(np.unique(y)) == 2 else dr.SoftmaxClassifier)().fit(X, y).layer_
    theirs = {}
    for tolerance in TOLERANCES:
        one = LogisticRegression(tol=tolerance, max_iter=100_000).fit(X, y)
        theirs[tolerance] = partial(
            LogisticRegressionCV(Cs=1 / DECAYS, cv=5, max_iter=100_000, tol=tolerance).fit, X, y
        )
        if cost_of(alone.with_parameters(one.coef_.T, one.intercept_), X, y) <= cost_of(alone, X, y) * (1 + NEAR):
            break
    default, near = theirs[TOLERANCES[0]], theirs[tolerance]
    errors = ", ".join(str((each().predict(X) != y).sum()) for each in (fit, near))
    times = by_turns({"": fit, "default": default, "near": near}, repeats)
    return told(times[""], times["default"], times["near"], f"LogisticRegressionCV, tol={tolerance:g}", errors)


def searching_ridge(X: Any, y: Any, repeats: int) -> str:
    """The decay of ridge regression by folds."""
    fit = partial(dr.LinearLayerRegressorCV(weight_decays=DECAYS, cv=5).fit, X, y)
    spent = by_turns({"": fit, "theirs": partial(RidgeCV(alphas=DECAYS, cv=5).fit, X, y)}, repeats)
    return told(spent[""], spent["theirs"], spent["theirs"], "RidgeCV", "")


def sparse(patterns: int, inputs: int, classes: int) -> tuple[Any, Any]:
    """Inputs of which one in a thousand is not 0, and classes drawn by a softmax layer."""
    rng = np.random.default_rng(0)
    X: Any = random_array((patterns, inputs), density=0.001, rng=rng, format="csr")
    U: Any = X @ rng.normal(size=(inputs, classes)) * 3
    return X, (U + rng.gumbel(size=U.shape)).argmax(axis=1)


def told(ours: float, default: float, fastest: float, which: str, errors: str) -> str:
    """The cells of a line. A default solver that does not come near the least cost took infinitely long."""
    times = f"{default / ours:.2f}" if default < inf else "never near"
    return f"{1000 * ours:.2f} ms | {times} | {fastest / ours:.2f} | {which} | {errors}"


if __name__ == "__main__":
    main()
