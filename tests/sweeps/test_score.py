"""The test set is scored once, for the chosen model."""

import json

import numpy as np
import pytest

from deltarule import LinearLayer, sweep
from deltarule.engines import many_models
from deltarule.outcome import Reason
from samples import refused
from sweep_samples import SECOND, SOFTMAX, TEST, softmax_sweep


def test_the_test_set_is_looked_at_for_one_model():
    result = softmax_sweep()
    accurate = next(
        by for by in ("accuracy", "cost", "validation_accuracy") if result.best_place(by) != result.best_place()
    )
    with refused("test set's inputs", "3 columns", "2", "columns"):
        result.test(TEST.X[:, :2], TEST.targets)  # no look: nothing was scored
    score = result.test(TEST.X, TEST.targets)
    layer = result.best.layer
    assert score.model == result.best_place()
    assert score.cost == pytest.approx(layer.cost(TEST.X, TEST.targets, "mean"), rel=1e-12)
    assert score.errors == layer.errors(TEST.X, TEST.targets)
    assert score.accuracy == pytest.approx(1 - score.errors / 9)
    assert (score.patterns, score.refitted, score.seen_before) == (9, False, 0)
    assert result.test(TEST.X, TEST.targets) == score
    for other in ({"by": accurate}, {"refit": True}):
        with refused("test set", "once, for one chosen model", f"after model {score.model}", "validation scores"):
            result.test(TEST.X, TEST.targets, **other)
    assert json.loads(json.dumps(score.to_dict()))["model"] == score.model


def test_the_refitted_model_may_be_the_one_tested():
    result = softmax_sweep()
    score = result.test(TEST.X, TEST.targets, refit=True)
    assert score.refitted
    assert score.cost == pytest.approx(result.refit().layer.cost(TEST.X, TEST.targets, "mean"), rel=1e-12)


def test_a_refit_that_ctrl_c_ends_is_not_scored(monkeypatch):
    result, real = softmax_sweep(), many_models.descend
    interrupted = lambda *given: [each._replace(reason=Reason.INTERRUPTED) for each in real(*given)]  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(many_models, "descend", interrupted)
        with pytest.raises(KeyboardInterrupt):
            result.test(TEST.X, TEST.targets, refit=True)
    assert not result.test(TEST.X, TEST.targets).refitted  # it was no look at the test set


def test_test_patterns_seen_before_are_counted_and_a_test_set_of_them_is_refused():
    result = softmax_sweep()
    X = np.vstack([TEST.X, SOFTMAX.X[:2], SECOND.X[:1]])
    targets = [*TEST.targets, *SOFTMAX.targets[:2], *SECOND.targets[:1]]
    assert result.test(X, targets).seen_before == 3
    for known in (SOFTMAX, SECOND):
        with refused("test set", "not seen", "training or validation set", "before the sweep"):
            result.test(known.X, known.targets)


def test_zero_with_a_sign_is_zero():
    result = sweep(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0]], [[0.0], [1.0]], learning_rate=0.1, epochs=1)
    assert result.test([[-0.0], [2.0]], [[-0.0], [2.0]], by="cost").seen_before == 1
