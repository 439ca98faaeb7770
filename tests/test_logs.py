"""Logs are told each recorded epoch once, whatever the engine and however the run ends."""

import numpy as np
import pytest

import deltarule as dr
from deltarule.engines import ENGINES
from deltarule.errors import InputError, MissingExtraError
from deltarule.logs import MLflowLog, TensorBoardLog

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
LABELS = np.array(["a", "b", "c"])[X.argmax(axis=1)]
LAYER = dr.SoftmaxLayer.random(3, ["a", "b", "c"])
VALIDATION = (X[:10], LABELS[:10])


class Kept:
    """A log that keeps what it is told."""

    def __init__(self):
        self.told = []

    def begin(self, settings):
        self.told.append(settings)

    def record(self, epoch, values):
        self.told.append((epoch, values))

    def end(self, reason):
        self.told.append(reason)


def as_told(history):
    """What a log is told of a history."""
    names = ("cost", "errors", "accuracy", "validation_cost", "validation_errors", "validation_accuracy")
    columns = {name: getattr(history, name) for name in names if getattr(history, name) is not None}
    return [
        (epoch, {name: column[row] for name, column in columns.items()})
        for row, epoch in enumerate(history.epoch.tolist())
    ]


@pytest.mark.kernels
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("record_every", "validation"), [(1, VALIDATION), (3, None), (0, None)])
def test_a_log_is_told_the_settings_the_history_and_the_reason(engine, record_every, validation):
    log = Kept()
    descent = dr.Descent(0.05, 10, 8, weight_decay=0.1)
    run = dr.train(LAYER, X, LABELS, descent, engine, validation=validation, record_every=record_every, log=log)
    settings, *told, reason = log.told
    assert told == as_told(run.history)
    assert reason == "EPOCHS_DONE"
    assert settings == {
        "layer": "softmax", "inputs": 3, "neurons": 3, "patterns": 40, "engine": engine, **descent.to_dict()
    }  # fmt: skip
    again = dr.train(LAYER, X, LABELS, descent, engine, validation=validation, record_every=record_every)
    assert again.layer == run.layer or np.array_equal(again.layer.weights, run.layer.weights)


def test_weights_of_patterns_count_in_the_accuracy():
    log, weights = Kept(), np.where(LABELS == "a", 3.0, 0.5)
    run = dr.train(LAYER, X, LABELS, dr.Descent(0.05, 4), "direct", sample_weight=weights, log=log)
    assert log.told[1:-1] == as_told(run.history)


def test_with_patience_epochs_after_the_best_layer_are_told_too():
    log = Kept()
    descent = dr.Descent(0.5, 200, 4, patience=5, monitor="accuracy", seed=1)
    run = dr.train(LAYER, X, LABELS, descent, "direct", validation=VALIDATION, log=log)
    epochs = [epoch for epoch, _ in log.told[1:-1]]
    assert epochs == list(range(run.outcome.epochs + run.outcome.later_epochs + 1))
    assert log.told[-1] == "PATIENCE_OVER"


def test_a_run_that_diverges_ends_its_log_with_the_reason():
    log = Kept()
    layer = dr.LinearLayer([[1.0]], [0.0])
    run = dr.train(layer, [[1.0], [2.0]], [[0.0], [1.0]], dr.Descent(1e80, 50), "direct", log=log)
    assert log.told[-1] == "COST_NOT_FINITE"
    assert log.told[1:-1] == as_told(run.history)


def test_an_error_in_the_log_ends_it_and_reaches_the_caller():
    class Full(Kept):
        def record(self, epoch, values):
            super().record(epoch, values)
            if epoch == 2:
                raise OSError("the disk is full")

    log = Full()
    with pytest.raises(OSError, match="the disk is full"):
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 10), "direct", log=log)
    assert log.told[-1] == "FAILED"


def test_an_interrupted_run_ends_its_log():
    class Impatient(Kept):
        def record(self, epoch, values):
            super().record(epoch, values)
            if epoch == 2:
                raise KeyboardInterrupt

    log = Impatient()
    run = dr.train(LAYER, X, LABELS, dr.Descent(0.05, 10_000), "direct", log=log)
    assert run.outcome.reason.name == log.told[-1] == "INTERRUPTED"


def test_an_estimator_tells_a_log_of_its_descent():
    log = Kept()
    model = dr.SoftmaxClassifier(solver="descent", epochs=5, tolerance=None).fit(X, LABELS, log=log)
    assert [values["cost"] for _, values in log.told[1:-1]] == model.loss_curve_.tolist()
    with pytest.raises(InputError, match="log must be left out for the exact solver"):
        dr.SoftmaxClassifier().fit(X, LABELS, log=log)


@pytest.mark.parametrize("wrong", [3, "runs", Kept, [Kept()]])
def test_what_is_no_log_is_refused(wrong):
    with pytest.raises(InputError, match="log must have methods begin, record and end"):
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 1), "direct", log=wrong)


def test_tensorboard_reads_the_curves_of_both_sets(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    run = dr.train(
        LAYER, X, LABELS, dr.Descent(0.05, 6), "direct", validation=VALIDATION, log=TensorBoardLog(tmp_path / "first")
    )
    found = EventAccumulator(str(tmp_path / "first"))
    found.Reload()
    columns = {
        "cost/training": run.history.cost,
        "cost/validation": run.history.validation_cost,
        "accuracy/training": run.history.accuracy,
        "accuracy/validation": run.history.validation_accuracy,
        "errors/training": run.history.errors,
        "errors/validation": run.history.validation_errors,
    }
    assert sorted(found.Tags()["tensors"]) == sorted(columns)
    for tag, column in columns.items():
        events = found.Tensors(tag)
        assert [event.step for event in events] == run.history.epoch.tolist()
        assert [float(make_ndarray(event.tensor_proto)) for event in events] == column.astype(np.float32).tolist()


@pytest.mark.parametrize("below", ["", "/first"])
def test_a_folder_that_is_a_file_is_refused_for_tensorboard(tmp_path, below):
    pytest.importorskip("tensorboard")
    (tmp_path / "file").write_text("here")
    log = TensorBoardLog(f"{tmp_path}/file{below}")
    with pytest.raises(InputError, match="folder of the log must be one that can be made and written to"):
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 1), "direct", log=log)


def test_what_mlflow_refuses_is_told_as_an_error_of_input(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    pytest.importorskip("mlflow")
    log = MLflowLog(experiment="a" * 1000, tracking_uri=(tmp_path / "runs").as_uri())
    with pytest.raises(InputError, match="log must be one that MLflow takes"):
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 1), "direct", log=log)


def test_mlflow_keeps_the_settings_and_the_curves(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow = pytest.importorskip("mlflow")
    place = (tmp_path / "runs").as_uri()  # the store that mlflow-skinny has
    log = MLflowLog("first", experiment="softmax", tracking_uri=place)
    run = dr.train(LAYER, X, LABELS, dr.Descent(0.05, 6, weight_decay=0.5), "direct", log=log)
    client = mlflow.MlflowClient(place)
    found = client.get_run(log.run_id)
    assert (found.info.run_name, found.info.status, found.data.tags["reason"]) == ("first", "FINISHED", "EPOCHS_DONE")
    assert found.data.params["weight_decay"] == "0.5"
    history = client.get_metric_history(log.run_id, "cost")
    assert [(each.step, each.value) for each in history] == list(
        zip(run.history.epoch.tolist(), run.history.cost.tolist(), strict=True)
    )


def test_mlflow_takes_the_run_that_is_active_and_leaves_it_open(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow = pytest.importorskip("mlflow")
    mlflow.set_tracking_uri((tmp_path / "runs").as_uri())
    with mlflow.start_run() as active:
        log = MLflowLog()
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 2), "direct", log=log)
        assert log.run_id == active.info.run_id
        assert mlflow.MlflowClient().get_run(log.run_id).info.status == "RUNNING"


@pytest.mark.parametrize(("log", "library"), [(TensorBoardLog("runs"), "tensorboard"), (MLflowLog(), "mlflow")])
def test_a_log_whose_library_is_missing_says_how_to_get_it(log, library, monkeypatch):
    for module in (library, f"{library}.summary", f"{library}.entities"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'deltarule\[{library}\]'"):
        dr.train(LAYER, X, LABELS, dr.Descent(0.05, 1), "direct", log=log)
