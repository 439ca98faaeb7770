"""What the page says of separability: its proofs hold in fractions, and it finds one wherever two classes of the plane overlap."""

from fractions import Fraction

import numpy as np
import pytest

from deltarule.analysis.separability import separability
from playground_node import worked


def exact(row):
    """A place in fractions of what the numbers read."""
    return tuple(Fraction(str(value)) for value in row) + (Fraction(0),) * (2 - len(row))


def turn(p, q, r):
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def common_point(a, b):
    """A point in the hulls of one to three places each, in fractions; None if this is not of the forms of a proof."""
    if len(a) == len(b) == 2:
        (p, q), (r, s) = a, b
        along, across = turn(r, s, p), turn(r, s, q)
        share = along / (along - across)
        point = (p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1]))
        return point if 0 <= share <= 1 and is_inside(point, b) else None
    (point,), other = (a, b) if len(a) == 1 else (b, a)
    return point if is_inside(point, other) else None


def is_inside(point, corners):
    """Whether a place is a mean of one to three others with weights of at least 0: Cramer's rule."""
    if len(corners) == 1:
        return point == corners[0]
    if len(corners) == 2:
        p, q = corners
        inside = sum((point[n] - p[n]) * (point[n] - q[n]) for n in range(2)) <= 0
        return turn(p, q, point) == 0 and inside
    whole = turn(*corners)
    weights = [turn(corners[n], corners[(n + 1) % 3], point) / whole for n in range(3)]
    return all(weight >= 0 for weight in weights)


def drawn(rng):
    """Few places of a coarse grid, so that they coincide, lie on lines, touch and overlap."""
    P, N, K = int(rng.integers(2, 14)), int(rng.integers(1, 3)), int(rng.integers(2, 4))
    unit = [1, 0.1, 0.25, 1e-5, 300][rng.integers(5)]
    inputs = (rng.integers(-4, 5, (P, N)) * unit).round(7)
    if rng.random() < 0.5:  # mostly apart
        labels = (inputs @ rng.normal(size=N) > 0).astype(int)
        labels[rng.integers(P)] = rng.integers(K)
    else:
        labels = rng.integers(K, size=P)
    return {"inputs": inputs.tolist(), "labels": labels.tolist(), "classes": K}


@pytest.mark.parametrize("count", [pytest.param(200, id="few"), pytest.param(1500, id="many", marks=pytest.mark.slow)])
def test_classes_that_overlap_are_proved_to_and_others_are_never_said_to(count):
    rng = np.random.default_rng(count)
    problems = [drawn(rng) for _ in range(count)]
    (found,) = worked([{"what": "separable", "problems": problems}])
    forms = set()
    for problem, proof in zip(problems, found, strict=True):
        labels, there = np.array(problem["labels"]), sorted(set(problem["labels"]))
        if proof is not None:
            places = [[exact(problem["inputs"][p]) for p in proof["patterns"][name]] for name in "ab"]
            owners = [{problem["labels"][p] for p in proof["patterns"][name]} for name in "ab"]
            assert owners == [{k} for k in proof["classes"]], problem
            assert common_point(*places) is not None, (problem, proof)
            forms.add(tuple(map(len, places)))
        elif len(there) == 2:
            scaled = np.array(problem["inputs"]) / (np.abs(problem["inputs"]).max() or 1)
            assert separability(scaled, labels).outcome.label == "separable", problem
    assert count < 1000 or forms == {(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)}


def test_of_more_than_two_inputs_and_of_numbers_too_far_apart_nothing_is_said():
    apart = {"inputs": [[1e-30, 0], [1e30, 0]], "labels": [0, 1], "classes": 2}
    three = {"inputs": [[1, 2, 3], [1, 2, 3]], "labels": [0, 1], "classes": 2}
    empty = {"inputs": [[1, 2], [1, 2]], "labels": [0, 0], "classes": 3}
    (found,) = worked([{"what": "separable", "problems": [apart, three, empty]}])
    assert found == [None, None, None]
