"""`sweep`: Ctrl-C, progress, and input that is refused before any work."""

import os
import signal
import sys
import threading

import numpy as np
import pytest
import torch

import deltarule as dr
from deltarule import Descent, SoftmaxLayer, Sweep, sweep
from deltarule.engines import many_models
from deltarule.outcome import Reason
from samples import refused
from sweep_samples import SECOND, SOFTMAX, VALIDATION, interrupt_at, softmax_sweep


@pytest.mark.skipif(os.name == "nt", reason="no signal reaches a wait there")
def test_ctrl_c_keeps_what_was_reached():
    """Three models under way together; one that ended before may be chosen, those interrupted never are."""
    timers = []

    def press(_share, ended):
        if ended == 1 and not timers:
            timers.append(threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]))
            timers[0].start()

    result = sweep(
        SOFTMAX.layer,
        SOFTMAX.X,
        SOFTMAX.targets,
        learning_rate=0.001,
        epochs=[10**9, 7, 10**9],
        progress=press,
        validation=VALIDATION,
    )
    timers[0].join()
    assert result.columns["outcome"].tolist() == ["interrupted", "epochs_done", "interrupted"]
    epochs = result.columns["epochs"]
    assert epochs[1] == 7
    assert 7 < epochs[0] == epochs[2] < 10**9
    assert result.ranking().tolist() == [1]
    assert result[0].history.epoch.tolist() == [0, epochs[0]]
    text = " ".join(str(result).split())
    assert "2 models did not end: the sweep was interrupted." in text
    assert "a model that did not end may be better" in text
    assert result.to_dict()["interrupted"]


def test_progress_covers_the_folds():
    told = []
    softmax_sweep(folds=4, validation=None, progress=lambda *now: told.append(now))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (1.0, 24 * 5)


@pytest.mark.parametrize(("epochs", "share", "own"), [(10**9, 0.0, True), (3, 0.3, False), (3, 0.6, False)])
def test_an_interrupted_cross_validation_chooses_nothing(epochs, share, own):
    """In the models' own training, or in a fold: the progress of four folds is told at 0.2, 0.4 and so on at the latest."""
    result = softmax_sweep(epochs=epochs, folds=4, validation=None, progress=interrupt_at(share))
    assert np.isnan(result.columns["validation_cost"]).all()
    assert not len(result.ranking())
    assert ("interrupted" in result.columns["outcome"].tolist()) == own
    with refused("sweep", "have a model that ended", "interrupted", "Give fewer epochs, or wait until the sweep ends."):
        _ = result.best
    assert "interrupted" in str(result)


def test_folds_wait_for_no_model_that_was_interrupted(monkeypatch):
    """Whichever it was, not the last one only: models of other groups may have ended."""
    real, calls = many_models.descend, []

    def descend(*arguments):
        calls.append(arguments)
        results = real(*arguments)
        return [results[0]._replace(reason=Reason.INTERRUPTED), *results[1:]]

    monkeypatch.setattr(many_models, "descend", descend)
    result = softmax_sweep(folds=4, validation=None)
    assert len(calls) == 1
    assert np.isnan(result.columns["validation_cost"]).all()


@pytest.fixture
def no_work(monkeypatch):
    def work(*arguments):
        raise AssertionError("trained")

    monkeypatch.setattr(many_models, "descend", work)


BAD = [
    ({"learning_rate": []}, "learning rate", "at least one value", "none", "list"),
    ({"learning_rate": None}, "learning rate", "be given", "none", "descents="),
    ({"epochs": None}, "epochs", "be given", "none", "descents="),
    ({"learning_rate": [0.1, -1]}, "learning rate", "above 0", "-1", "0.01"),
    ({"learning_rate": np.array([0.1, np.nan])}, "learning rate", "finite", "nan", "0.01"),
    ({"learning_rate": np.ones((2, 2))}, "learning rate", "a list of them", "(2, 2)", "ravel"),
    ({"learning_rate": torch.ones(2, 2, requires_grad=True)}, "learning rate", "a list of them", "(2, 2)", "ravel"),
    ({"learning_rate": torch.ones(2, 2).to_sparse()}, "learning rate", "a list of them", "(2, 2)", "ravel"),
    ({"learning_rate": "fast"}, "learning rate", "finite number", "'fast'", "0.01"),
    ({"learning_rate": {0.1, 0.2}}, "learning rate", "in an order", "a set", "sorted"),
    ({"batch_size": [4, 0]}, "batch size", "at least 1", "0", "None"),
    ({"batch_size": [4, 2.5]}, "batch size", "whole number", "2.5", "None"),
    ({"weight_decay": [0, -0.1]}, "weight decay", "at least 0", "-0.1", "0 for none"),
    ({"tolerance": [None, -1]}, "tolerance", "at least 0", "-1", "None"),
    ({"epochs": [1, 0]}, "number of epochs", "at least 1", "0", "pass"),
    ({"seed": [0, -1]}, "seed", "at least 0", "-1", "whole numbers"),
    ({"seed": np.random.default_rng(0)}, "seed", "whole number", "Generator", "trained again"),
    ({"reduction": "median"}, "reduction", "sum, mean", "'median'", "mean"),
    ({"record_every": -1}, "record_every", "at least 0", "-1", "first and the last"),
    ({"folds": 1}, "number of folds", "at least 2", "1", "5 is usual"),
    ({"folds": 31}, "number of folds", "number of patterns, 30", "31", "fewer"),
    ({"folds": 11}, "number of folds", "patterns of each class", "10 patterns of class", "2 to 10 folds"),
    ({"folds": 3, "validation": VALIDATION}, "validation patterns", "or folds", "both", "one of them"),
    ({"validation": SECOND.X}, "validation set", "a pair", "ndarray", "(X, targets)"),
    (
        {"validation": (SECOND.X[:, :2], SECOND.targets)},
        "validation set's inputs",
        "3 columns",
        "2",
        "columns",
    ),
    (
        {"validation": (SECOND.X, ["Z"] * 12)},
        "validation set's targets",
        "classes",
        "'Z'",
        "Correct the label",
    ),
    (
        {"validation": (SECOND.X[:3], SECOND.targets)},
        "validation set's targets",
        "rows of the inputs",
        "12",
        "one",
    ),
    ({"validation": (SOFTMAX.X, SOFTMAX.targets)}, "validation set", "other patterns", "itself", "Split the patterns"),
    ({"layer": "sofmax"}, "kind of layer", "one of", "'sofmax'", "'softmax'"),
    ({"layer": Descent}, "layer", "a kind of layer", "Descent", "'softmax'"),
    ({"layer": 3}, "layer", "a kind of layer", "int", "'softmax'"),
    ({"layer": lambda seed: seed}, "layer of each seed", "be a Layer", "0", "return a layer"),
    (
        {"layer": lambda seed: SoftmaxLayer.random(3 + seed, list("ABC"), seed), "seed": range(2)},
        "layers of a sweep",
        "one kind, shape and dtype",
        "for seed 1",
        "only",
    ),
    (
        {"layer": SoftmaxLayer.random(3, list("ABCD")), "validation": (SECOND.X, ["D", *SECOND.targets[1:]])},
        "training patterns",
        "every class of the validation set",
        "none of class 'D'",
        "leave it out",
    ),
    ({"targets": ["A"] * 30}, "classes", "at least two", "['A']", "another class"),
    ({"layer": "linear"}, "targets", "hold numbers only", "in entry 1", "Give a number"),
    ({"sample_weight": np.arange(30) == 0, "folds": 2}, "sample weights", "in each fold", "weight 0", "Leave out"),
    ({"descents": []}, "descents", "be given without learning_rate", "0.1", "Leave out learning_rate"),
    (
        {"descents": [], "learning_rate": None, "epochs": None},
        "descents",
        "at least one value",
        "none",
        "list",
    ),
    (
        {"descents": [3], "learning_rate": None, "epochs": None},
        "descents",
        "be a Descent",
        "3",
        "Descent(",
    ),
    (
        {"descents": [Descent(1, 1), Descent(1, 1, reduction="mean")], "learning_rate": None, "epochs": None},
        "descents",
        "one reduction",
        "mean and sum",
        "Choose one",
    ),
    (
        {"descents": [Descent(1, 1)], "learning_rate": None, "epochs": None, "weight_decay": [0, 1]},
        "descents",
        "without weight_decay",
        "[0, 1]",
        "Leave out",
    ),
]


@pytest.mark.parametrize(("changes", "name", "rule", "got", "remedy"), BAD)
def test_bad_input_is_named_before_any_work(no_work, changes, name, rule, got, remedy):
    given = {"layer": "softmax", "X": SOFTMAX.X, "targets": SOFTMAX.targets, "learning_rate": 0.1, "epochs": 2}
    with refused(name, rule, got, remedy):
        sweep(**(given | changes))


def test_the_function_stays_one_whatever_is_imported():
    import deltarule.sweeps  # noqa: F401

    assert callable(dr.sweep)
    assert dr.sweep is sweep
    assert dr.Sweep is Sweep
    assert {"sweep", "Sweep"} <= set(dr.__all__)


def test_a_bar_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("deltarule.typeset.progress.PATIENCE_SECONDS", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    softmax_sweep(progress=True)
    softmax_sweep(progress=True, folds=2, validation=None)
    assert capsys.readouterr().out == ""
