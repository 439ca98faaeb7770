"""What happens until the kernels are compiled, once after an installation."""

from collections import defaultdict

import pytest
from numpy.testing import assert_array_equal

from deltarule.descent import Descent
from deltarule.engines import compiled, thresholds
from deltarule.engines.kernels.disk import say
from deltarule.training import train
from samples import sample


@pytest.fixture
def nothing_compiled(monkeypatch):
    """As after an installation: no kernels on disk, none loaded, and the direct engine may take a second in their place."""
    monkeypatch.setattr(compiled, "on_disk", lambda *_: False)
    monkeypatch.setattr(compiled, "_loaded", set())
    monkeypatch.setattr(compiled, "_spared", defaultdict(float))
    monkeypatch.setattr(compiled, "DISABLE_JIT", False)
    with thresholds.using(spared_seconds=1.0):
        yield


def test_a_short_run_does_not_wait_for_kernels_to_be_compiled(nothing_compiled):
    sampled = sample("softmax")
    run = train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 20))
    assert run.engine == "direct"
    assert_array_equal(
        run.layer.weights, train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 20), "direct").layer.weights
    )


def test_a_long_run_waits_for_kernels_to_be_compiled_and_says_so(nothing_compiled, caplog):
    sampled = sample("softmax")
    say.cache_clear()
    run = train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 50_000), record_every=0)
    assert run.engine == "compiled"
    assert [record.message for record in caplog.records] == [
        "deltarule: Kernels are compiled for this processor, once after an installation. This takes some seconds."
    ]
    # From now on they are there.
    assert train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 20)).engine == "compiled"


def test_short_runs_together_wait_for_kernels_in_the_end(nothing_compiled):
    sampled = sample("softmax")
    # 4,000 updates of 40 microseconds each: 6 of these runs are within a second, the seventh is not.
    done = [
        train(sampled.layer, sampled.X, sampled.targets, Descent(0.01, 4000), record_every=0).engine for _ in range(8)
    ]
    assert done == ["direct"] * 6 + ["compiled"] * 2
