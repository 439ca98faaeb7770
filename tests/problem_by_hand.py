"""Two iterations of a problem file worked by formulas, and whether classes are separable: nothing of the package is used."""

from __future__ import annotations

import tomllib

import numpy as np
from scipy.optimize import linprog


def by_hand(text):
    """Two iterations of a problem's text, as formulas; nothing of the package is used."""
    document = tomllib.loads(text)
    kind, data, rate = document["layer"]["kind"], document["data"], document["descent"]["learning_rate"]
    W, b = np.array(document["layer"]["weights"]), np.array(document["layer"]["biases"])
    X = np.array(data["inputs"], dtype=float)
    K = W.shape[1]
    if kind in ("linear", "perceptron"):
        D = np.array(data["targets"], dtype=float)
    else:
        classes = sorted(set(data["targets"]))
        place = np.array([classes.index(label) for label in data["targets"]])
        D = place[:, None].astype(float) if K == 1 else np.eye(K)[place]
    found = []
    for _ in range(3):
        U = X @ W + b
        figures = {"synaptic_inputs": U}
        if kind == "linear":
            Y, delta = U, U - D
            cost = 0.5 * np.sum((D - U) ** 2)
        elif kind == "perceptron":
            Y = 1 / (1 + np.exp(-U))
            figures["slopes"] = Y * (1 - Y)
            delta = (Y - D) * Y * (1 - Y)
            cost = 0.5 * np.sum((D - Y) ** 2)
        elif kind == "logistic":
            Y = 1 / (1 + np.exp(-U))
            figures["slopes"] = Y * (1 - Y)
            delta = Y - D
            cost = -np.sum(D * np.log(Y) + (1 - D) * np.log(1 - Y))
        else:
            Y = np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
            delta = Y - D
            cost = -np.sum(D * np.log(Y))
        dW, db = X.T @ delta, delta.sum(axis=0)
        W, b = W - rate * dW, b - rate * db
        figures |= {"outputs": Y, "delta": delta, "cost": np.array(cost)}
        figures |= {"weight_gradient": dW, "bias_gradient": db, "weights": W, "biases": b}
        found.append(figures)
    return document, X, D, found


def separable(X, place, K):
    """Whether some W, b give every pattern's class the largest u by 1; and whether any at least none negative, some above 0."""
    X1 = np.column_stack([X, np.ones(len(X))])
    rows = []
    for x, k in zip(X1, place, strict=True):
        for other in set(range(K)) - {k}:
            row = np.zeros((K, X1.shape[1]))
            row[k], row[other] = x, -x
            rows.append(row.ravel())
    A = np.array(rows)
    strict = linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-np.ones(len(A)), bounds=(None, None)).status == 0
    most = linprog(-A.sum(axis=0), A_ub=-A, b_ub=np.zeros(len(A)), bounds=(-1, 1))
    return strict, -most.fun > 1e-7
