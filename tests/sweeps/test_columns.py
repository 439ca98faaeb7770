"""The columns of a sweep are what the layers give."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule import LinearLayer, sweep
from sweep_samples import SOFTMAX, VALIDATION


def test_the_columns_are_what_the_layers_say(swept):
    columns = swept.columns
    for place, run in enumerate(swept):
        decay = run.descent.weight_decay
        assert columns["cost"][place] == pytest.approx(
            run.layer.cost(SOFTMAX.X, SOFTMAX.targets, "mean", weight_decay=decay), rel=1e-12
        )
        assert columns["errors"][place] == run.layer.errors(SOFTMAX.X, SOFTMAX.targets)
        right = run.layer.predict(SOFTMAX.X) == np.array(SOFTMAX.targets)
        assert columns["accuracy"][place] == pytest.approx(np.mean(right), rel=1e-15)
        # Without the decay, so that models of different decays can be compared.
        assert columns["validation_cost"][place] == pytest.approx(run.layer.cost(*VALIDATION, "mean"), rel=1e-12)
        assert columns["validation_errors"][place] == run.layer.errors(*VALIDATION)
        assert columns["updates"][place] == 15 * (8 if run.descent.batch_size else 1)
    assert set(columns["outcome"]) == {"epochs_done"}
    assert swept.seconds > 0


def test_weights_of_patterns_count_as_copies():
    weights = np.arange(1, 31) % 3
    result = sweep(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, learning_rate=0.01, epochs=5, sample_weight=weights)
    copies = np.repeat(np.arange(30), weights)
    labels = np.array(SOFTMAX.targets)
    again = sweep(SOFTMAX.layer, SOFTMAX.X[copies], labels[copies], learning_rate=0.01, epochs=5)
    for name in ("cost", "errors", "accuracy"):
        assert_allclose(result.columns[name], again.columns[name], rtol=1e-10)


def test_what_json_lacks_is_null():
    result = sweep(LinearLayer([[1e200]], [0.0]), [[1e200]], [[0.0]], learning_rate=1, epochs=2)
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["models"]["cost"] == [None]
    assert "diverged" in str(result)
