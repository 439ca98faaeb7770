"""How far out an answer is checked: beyond it a part is a fault, said at once; within it Ctrl-C is heard."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from deltarule.marking import check
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.reach import farthest, out_of_reach

DOCUMENT = {
    "layer": {"kind": "softmax", "weights": [[0.3, -0.2, 0.1]]},
    "data": {"inputs": [[1], [-2], [0.5], [3], [-1]], "targets": ["a", "b", "c", "a", "b"]},
    "descent": {"learning_rate": 0.001, "epochs": 10**12},
}


def problem(**descent):
    return dr.problem_from(DOCUMENT | {"descent": DOCUMENT["descent"] | descent})


@pytest.mark.parametrize("batch", [{}, {"batch_size": 2}])
@pytest.mark.parametrize("number", [100_001, 10**9, 10**12])
def test_an_iteration_too_far_out_is_a_fault_and_the_others_are_checked(number, batch):
    given = problem(**batch)
    first = dr.iterate(given)
    answer = {"1": {"weights": first.weights}, str(number): {"weights": first.weights}}
    marks = check(given, {"decimals": 9, "iteration": answer})
    assert [part.verdict for part in marks.parts] == ["right"]
    assert list(marks.faults) == [f"iteration.{number}"]
    assert "too far out to be checked: of this problem, those up to 100,000 are" in marks.faults[f"iteration.{number}"]


@pytest.mark.slow
def test_iterations_far_apart_are_not_checked_together():
    given = problem()
    weights = {number: dr.iterate(given, iteration=number).weights for number in (1, 1001, 1002)}
    marks = check(given, {"decimals": 9, "iteration": {str(n): {"weights": W} for n, W in weights.items()}})
    assert [(part.part.number, part.verdict) for part in marks.parts] == [(1, "right"), (1001, "right")]
    assert "too far from iteration 1 to be checked together" in marks.faults["iteration.1002"]
    alone = check(given, {"decimals": 9, "iteration": {"1002": {"weights": weights[1002]}}})
    assert alone.right


@pytest.mark.slow
@pytest.mark.parametrize("batch", [{}, {"batch_size": 2}])
def test_the_farthest_iteration_is_checked(batch):
    given = problem(epochs=10**5, **batch)
    X, t, descent = given.X, given.targets, given.descent
    per_epoch = descent.updates_per_epoch(len(X))
    last = 10**5 // per_epoch * per_epoch
    run = dr.train(given.layer, X, t, dr.Descent(0.001, last // per_epoch, descent.batch_size), record_every=0)
    answer = {str(last): {"weights": run.layer.weights, "biases": run.layer.biases}}
    assert check(given, {"decimals": 6, "iteration": answer}).right


def test_the_reach_depends_on_the_size_of_an_update_and_is_never_below_20():
    assert farthest(Exercise.of(problem())) == 100_000
    assert farthest(Exercise.of(problem(epochs=7))) == 7
    rng = np.random.default_rng(0)
    large = dr.problem_from({
        "layer": {"kind": "linear", "weights": np.zeros((100, 10)).tolist()},
        "data": {"inputs": rng.normal(size=(2000, 100)).tolist(), "targets": rng.normal(size=(2000, 10)).tolist()},
        "descent": {"learning_rate": 0.1, "epochs": 10**9},
    })  # fmt: skip
    # An update has 2000 x 100 x 10 multiplications; 10,000 of them are 2e10.
    assert farthest(Exercise.of(large)) == 10_000
    huge = Exercise.of(large).with_patterns(X=np.broadcast_to(0.0, (10**9, 100)))
    assert farthest(huge) == 20
    assert out_of_reach(huge, 20, 20) is None


@pytest.mark.parametrize("updates", [10**6 + 1, 10**12, 2**62])
def test_a_number_of_updates_too_large_to_follow_is_wrong_at_once(updates):
    given = problem(epochs=10)
    marks = check(given, {"convergence": {"updates": updates, "weights": [[0.31, -0.2, 0.1]]}})
    assert [part.verdict for part in marks.parts] == ["wrong", "wrong"]


@pytest.mark.parametrize(("first", "last"), [(1, 1001), (5000, 6000)])
def test_iterations_are_checked_together_that_are_at_most_1000_apart(first, last):
    exercise = Exercise.of(problem())
    assert out_of_reach(exercise, last, first) is None
    assert "at most 1,000 later" in out_of_reach(exercise, last + 1, first)
