"""The package without Numba, as in a browser: the direct engine does everything, with the same results."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import deltarule as dr
from deltarule.engines import models, running
from deltarule.engines.many_models import descend as by_kernels
from deltarule.engines.models import one_by_one
from deltarule.outcome import Reason

ROOT = Path(__file__).parents[2]
# Blocks Numba and llvmlite, and writes what each part of the package finds.
PROGRAM = """
import json, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numba", "llvmlite"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocked())
import numpy as np
import deltarule as dr

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
y = np.array(["a", "b", "c"])[X.argmax(axis=1)]
layer = dr.SoftmaxLayer.random(3, ["a", "b", "c"])
run = dr.train(layer, X, y, dr.Descent(0.01, 5, 8))
swept = dr.sweep(layer, X, y, learning_rate=[0.01, 0.1], epochs=5, batch_size=8, folds=2)
problem = dr.problem_from({
    "layer": {"kind": "linear", "weights": [[0.0]]},
    "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    "descent": {"learning_rate": 0.1, "epochs": 10},
})
answer = {"iteration": {"1": {
    "weight_gradient": [[-10.0]], "bias_gradient": [-6.0], "weights": [[-1.0]], "biases": [-0.6]
}}}
print(json.dumps({
    "engine": run.engine,
    "weights": run.layer.weights.tolist(),
    "swept": [each.layer.weights.tolist() for each in (swept[0], swept[1])],
    "costs": swept.columns["validation_cost"].tolist(),
    "swept engine": swept[0].engine,
    "optimum": dr.optimum(layer, X, y, dr.Descent(0.01, 5, weight_decay=1.0)).cost,
    "exact": dr.SoftmaxClassifier().fit(X, y).coef_.tolist(),
    "descended": dr.SoftmaxClassifier(solver="descent", epochs=5, tolerance=None, random_state=0).fit(X, y).coef_.tolist(),
    "mistakes": [mistake.name for mistake in dr.check(problem, answer).mistakes],
    "numba": any(name.partition(".")[0] in ("numba", "llvmlite") for name in sys.modules),
}))
"""


@pytest.mark.slow
def test_training_sweeps_optima_estimators_and_marks_work_without_numba(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.stderr == ""
    found = json.loads(done.stdout)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = np.array(["a", "b", "c"])[X.argmax(axis=1)]
    layer = dr.SoftmaxLayer.random(3, ["a", "b", "c"])
    run = dr.train(layer, X, y, dr.Descent(0.01, 5, 8), "direct")
    assert (found["engine"], found["swept engine"], found["numba"]) == ("direct", "direct", False)
    assert_array_equal(found["weights"], run.layer.weights)
    swept = dr.sweep(layer, X, y, learning_rate=[0.01, 0.1], epochs=5, batch_size=8, folds=2)
    assert_allclose(found["swept"], [swept[0].layer.weights, swept[1].layer.weights], rtol=1e-12)
    assert_allclose(found["costs"], swept.columns["validation_cost"], rtol=1e-12)
    decayed = dr.Descent(0.01, 5, weight_decay=1.0)
    assert_allclose(found["optimum"], dr.optimum(layer, X, y, decayed).cost, rtol=1e-12)
    assert_allclose(found["exact"], dr.SoftmaxClassifier().fit(X, y).coef_, rtol=1e-7)
    descended = dr.SoftmaxClassifier(solver="descent", epochs=5, tolerance=None, random_state=0).fit(X, y)
    assert_allclose(found["descended"], descended.coef_, rtol=1e-10)
    assert found["mistakes"] == ["ascent"]


def softmax_models():
    """Six models over the same patterns: shuffled mini-batches, momentum, one that diverges."""
    rng = np.random.default_rng(3)
    layer = dr.SoftmaxLayer(rng.normal(size=(3, 2)), [0.0, 0.0], classes=["a", "b"])
    X = rng.normal(size=(30, 3))
    patterns = layer.patterns(X, np.where(X[:, 0] > 0, "a", "b"))
    rates = [0.01, 0.1, 1e308]
    descents = [dr.Descent(rate, 6, 4, momentum=momentum, seed=1) for rate in rates for momentum in (0.0, 0.9)]
    return [layer] * len(descents), patterns, descents


@pytest.mark.kernels
@pytest.mark.parametrize("record_every", [0, 1, 4])
def test_models_one_by_one_are_those_of_the_kernels(ignore_overflow, record_every):
    layers, patterns, descents = softmax_models()
    told = []
    found = one_by_one(layers, patterns, patterns, descents, record_every, lambda *now: told.append(now))
    expected = by_kernels(layers, patterns, patterns, descents, record_every, lambda *_: None)
    for own, other in zip(found, expected, strict=True):
        assert (own.reason, own.epochs) == (other.reason, other.epochs)
        assert_allclose(own.layer.weights, other.layer.weights, rtol=1e-10)
        assert_allclose(own.recorded.table, other.recorded.table, rtol=1e-10)
    assert told[0] == (0.0, 0)
    assert told[-1] == (1.0, len(descents))
    assert told == sorted(told)


def test_models_that_are_not_started_when_ctrl_c_comes_keep_their_initial_layers():
    layers, patterns, _ = softmax_models()

    def interrupt(_share, ended):
        if ended == 1:
            raise KeyboardInterrupt

    found = one_by_one(layers[:3], patterns, None, [dr.Descent(0.01, 50)] * 3, 1, interrupt)
    assert [result.reason for result in found[1:]] == [Reason.INTERRUPTED] * 2
    assert_array_equal(found[2].layer.weights, layers[0].weights)
    assert isinstance(found[2], models.Result)
    assert models.Result is running.Result


def test_numba_is_no_requirement_where_python_runs_in_a_browser():
    packaging = pytest.importorskip("packaging.requirements")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (numba,) = (found for each in project["dependencies"] if (found := packaging.Requirement(each)).name == "numba")
    assert not numba.marker.evaluate({"sys_platform": "emscripten"})
    assert all(numba.marker.evaluate({"sys_platform": platform}) for platform in ("linux", "darwin", "win32"))
