"""Sweeps: each model is the one trained alone; the choice is made on held-out patterns; the test set is seen once."""

import json
import os
import signal
import sys
import threading
import types

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.model_selection import KFold, StratifiedKFold

import deltarule as dr
from deltarule import Descent, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, Sweep, plots, sweep, train
from deltarule.engines import many_models
from deltarule.errors import MissingExtraError
from deltarule.layers import random_parameters
from deltarule.outcome import Reason
from samples import refused, sample

SOFTMAX = sample("softmax", patterns=30)
HELD_OUT = sample("softmax", patterns=12, seed=5)
TEST = sample("softmax", patterns=9, seed=6)
VALIDATION = (HELD_OUT.X, HELD_OUT.targets)
# Two points, so that the full batch diverges above a learning rate of 1: X^T X = 2, and 2 for the bias.
LINE = {"layer": LinearLayer([[0.0]], [0.0]), "X": [[-1.0], [1.0]], "targets": [[-2.0], [2.0]]}


def quiet(_share, _ended):
    pass


def softmax_sweep(**options):
    """24 models on overlapping classes, with a validation set."""
    given = {
        "learning_rate": [0.01, 0.3],
        "batch_size": [4, None],
        "weight_decay": [0, 0.1, 1],
        "seed": range(2),
        "epochs": 15,
        "reduction": "mean",
        "validation": VALIDATION,
    }
    return sweep("softmax", SOFTMAX.X, SOFTMAX.targets, **(given | options))


@pytest.fixture(scope="module")
def swept():
    """For tests that only read it."""
    return softmax_sweep()


def interrupt_at(share):
    """A progress that stands for Ctrl-C."""

    def progress(done, _ended):
        if done >= share:
            raise KeyboardInterrupt

    return progress


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
    assert "2 models did not end: the sweep was interrupted." in " ".join(str(result).split())


# ---- What is swept.


def test_the_grid_is_a_product_in_the_documented_order():
    result = softmax_sweep(epochs=[1, 2], tolerance=[None, 1e-9], validation=None)
    columns = result.columns
    order = ("learning_rate", "batch_size", "weight_decay", "epochs", "tolerance", "seed")
    assert len(result) == 2 * 2 * 3 * 2 * 2 * 2
    # From the left, the first changes slowest.
    assert columns["learning_rate"].tolist() == [0.01] * 48 + [0.3] * 48
    assert columns["batch_size"][:48].tolist() == [4] * 24 + [30] * 24  # None: all 30 patterns
    assert columns["weight_decay"][:24].tolist() == [0] * 8 + [0.1] * 8 + [1] * 8
    assert columns["epochs"][:8].tolist() == [1] * 4 + [2] * 4
    assert np.isnan(columns["tolerance"][:4]).tolist() == [True, True, False, False]
    assert columns["seed"][:4].tolist() == [0, 1, 0, 1]
    assert [getattr(result.descents[5], name) for name in order] == [0.01, 4, 0.0, 2, None, 1]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (0.1, [0.1]),
        ([0.1, 1], [0.1, 1.0]),
        ((0.1, 1), [0.1, 1.0]),
        (np.logspace(-1, 0, 2), [0.1, 1.0]),
        (np.float64(0.1), [0.1]),
        (np.array(0.5), [0.5]),
        (range(1, 3), [1.0, 2.0]),
    ],
)
def test_values_are_one_or_several_of_any_sort(values, wanted):
    assert sweep(**LINE, learning_rate=values, epochs=1).columns["learning_rate"].tolist() == wanted


def test_descents_may_be_given_one_by_one():
    descents = [Descent(0.1, 3, seed=4), Descent(0.2, 5, batch_size=1)]
    result = sweep(**LINE, descents=descents)
    assert result.descents == descents
    assert result.columns["seed"].tolist() == [4, 0]
    assert result.columns["updates"].tolist() == [3, 10]
    assert len(sweep(**LINE, descents=descents[0])) == 1


def test_a_batch_larger_than_the_set_is_the_full_one():
    result = sweep(**LINE, learning_rate=0.1, batch_size=[1, 2, 50], epochs=3)
    assert result.columns["batch_size"].tolist() == [1, 2, 2]
    assert result.columns["updates"].tolist() == [6, 3, 3]
    assert "larger than the set" in str(result[2].outcome)


def test_the_same_grid_as_descents_is_the_same_sweep():
    grid = sweep(**LINE, learning_rate=[0.1, 0.2], seed=[0, 5], batch_size=1, epochs=4)
    again = sweep(
        **LINE, descents=[Descent(rate, 4, batch_size=1, seed=seed) for rate in (0.1, 0.2) for seed in (0, 5)]
    )
    assert grid.descents == again.descents
    assert_array_equal(grid.records, again.records)


# ---- Where models start.


@pytest.mark.parametrize(
    ("kind", "targets", "made"),
    [
        ("softmax", list("abcab"), lambda seed: SoftmaxLayer.random(2, list("abc"), seed)),
        ("softmax", np.eye(3)[[0, 1, 2, 0, 1]], lambda seed: SoftmaxLayer.random(2, (1, 2, 3), seed)),
        ("logistic", list("abbab"), lambda seed: LogisticLayer.random(2, list("ab"), None, seed)),
        ("logistic", list("abcab"), lambda seed: LogisticLayer.random(2, list("abc"), None, seed)),
        ("logistic", [[0, 1], [1, 1], [0, 0], [1, 0], [1, 1]], lambda seed: LogisticLayer.random(2, None, 2, seed)),
        ("linear", [[1.0, 2.0]] * 5, lambda seed: LinearLayer.random(2, 2, seed)),
        ("perceptron", [[0.5]] * 5, lambda seed: PerceptronLayer.random(2, 1, seed)),
    ],
)
def test_a_kind_starts_at_a_layer_drawn_by_the_seed(kind, targets, made):
    X = np.random.default_rng(0).normal(size=(5, 2))
    result = sweep(kind, X, targets, learning_rate=[0.1, 0.2], epochs=1, seed=[3, 8])
    for layer, seed in zip(result.layers, [3, 8, 3, 8], strict=True):
        wanted = made(seed)
        assert type(layer) is type(wanted)
        assert getattr(layer, "classes", None) == getattr(wanted, "classes", None)
        assert_array_equal(layer.weights, wanted.weights)
        assert_array_equal(layer.biases, wanted.biases)
    assert result.layers[0] is result.layers[2]


def test_inputs_of_float32_make_models_of_float32():
    result = sweep("linear", np.ones((3, 2), np.float32), np.ones((3, 1)), learning_rate=0.1, epochs=2)
    assert result.layers[0].dtype == result[0].layer.dtype == np.float32
    weights, _ = random_parameters(2, 1, 0)
    assert_array_equal(result.layers[0].weights, weights.astype(np.float32))


def test_a_layer_is_where_every_model_starts_and_a_function_gives_one_a_seed():
    result = sweep(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, learning_rate=0.1, epochs=1, seed=range(3))
    assert all(layer is SOFTMAX.layer for layer in result.layers)
    options = {"learning_rate": 0.1, "epochs": 1, "seed": range(3)}
    tanh = sweep(lambda seed: PerceptronLayer.random(1, 1, seed, activation="tanh"), [[1.0]], [[0.5]], **options)
    assert {run.layer.activation for run in tanh} == {"tanh"}
    assert len({float(layer.weights[0, 0]) for layer in tanh.layers}) == 3


# ---- The table and its members.


def test_a_member_is_the_run_that_train_returns(swept):
    result = softmax_sweep(record_every=4)
    for place in (0, 7, 23):
        run = result[place]
        alone = train(
            result.layers[place],
            SOFTMAX.X,
            SOFTMAX.targets,
            result.descents[place],
            "direct",
            validation=VALIDATION,
            record_every=4,
        )
        assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-9)
        assert run.outcome == alone.outcome
        assert run.updates == alone.updates
        for name in (
            "epoch",
            "cost",
            "errors",
            "accuracy",
            "validation_cost",
            "validation_errors",
            "validation_accuracy",
        ):
            assert_allclose(getattr(run.history, name), getattr(alone.history, name), rtol=1e-9)
    assert len(list(result)) == len(result) == 24
    assert_array_equal(result[-1].layer.weights, result[23].layer.weights)
    with pytest.raises(IndexError):
        result[24]
    # What is recorded on the way changes nothing.
    for name in ("cost", "validation_cost", "validation_accuracy"):
        assert_allclose(result.columns[name], swept.columns[name], rtol=1e-12)


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


def test_numbers_have_no_errors():
    result = sweep(**LINE, learning_rate=[0.1, 0.25], epochs=3, validation=([[3.0]], [[6.0]]))
    assert not {"errors", "accuracy", "validation_errors", "validation_accuracy"} & set(result.columns)
    with refused("score", "that the layer has", "validation_accuracy", "'validation_cost'"):
        result.best_by("validation_accuracy")
    with refused("score", "that the layer has", "errors", "'validation_cost'"):
        result.best_by("errors")
    # From 0 by a step of a (X^T X w = 2w): w = 2 (1 - (1 - 2a)^3).
    assert result.best.layer.weights[0, 0] == pytest.approx(2 * (1 - 0.5**3))


def test_the_table_goes_to_other_libraries_and_files(swept, tmp_path, monkeypatch):
    records = swept.records
    assert records.dtype.names == tuple(swept.columns)
    assert_array_equal(records["validation_cost"], swept.columns["validation_cost"])
    arrow = swept.to_arrow()
    assert arrow.column_names == list(swept.columns)
    assert arrow.column("seed").to_pylist() == swept.columns["seed"].tolist()
    document = json.loads(json.dumps(swept.to_dict(), allow_nan=False))
    assert document["models"]["cost"] == swept.columns["cost"].tolist()
    assert (document["kind"], document["reduction"], document["folds"]) == ("softmax", "mean", None)

    read = pyarrow.csv.read_csv(swept.save(tmp_path / "t.csv"))
    assert read.to_pydict() == arrow.to_pydict()
    assert pyarrow.parquet.read_table(swept.save(tmp_path / "t.parquet")).equals(arrow)
    assert json.loads(swept.save(tmp_path / "t.json").read_text()) == document
    with refused("table's file", "end in .csv, .parquet or .json", "t.xlsx", "Rename"):
        swept.save(tmp_path / "t.xlsx")

    for library, frame, made in [("pandas", "to_pandas", "DataFrame"), ("polars", "to_polars", "from_arrow")]:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(MissingExtraError, match=rf"{library}.*deltarule\[frames\]"):
            getattr(swept, frame)()
        monkeypatch.setitem(sys.modules, library, types.SimpleNamespace(**{made: lambda given: ("made of", given)}))
        said, given = getattr(swept, frame)()
        assert said == "made of"
        names = given.column_names if library == "polars" else list(given)
        assert names == list(swept.columns)


def test_what_json_lacks_is_null():
    result = sweep(LinearLayer([[1e200]], [0.0]), [[1e200]], [[0.0]], learning_rate=1, epochs=2)
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["models"]["cost"] == [None]
    assert "diverged" in str(result)


def test_the_text_shows_the_best_and_what_diverged(ignore_overflow):
    result = sweep(
        **LINE,
        learning_rate=[*np.linspace(0.1, 0.4, 12), 50],
        epochs=6000,
        validation=([[3.0]], [[7.0]]),
        tolerance=1e-3,
    )
    text = str(result)
    assert max(map(len, text.splitlines())) <= 80
    assert "13 models, linear layer" in text
    assert "compared on 1 validation pattern" in text
    assert "... and 3 more models" in text
    assert "1 of 13 models diverged, the least learning rate among them 50." in " ".join(text.split())
    first = next(line for line in text.splitlines() if line.split()[:1] == [str(result.best_place())])
    assert "tolerance met" in first
    assert f"Best by validation cost: model {result.best_place()}" in text
    assert "flattered" in text
    assert repr(result) == "<Sweep of 13 models>"


def test_a_best_rate_at_the_end_of_those_tried_is_said():
    options = {"epochs": 3, "validation": ([[3.0]], [[6.0]])}
    assert "the largest of those tried: try larger" in " ".join(
        str(sweep(**LINE, learning_rate=[0.01, 0.1], **options)).split()
    )
    assert "the least of those tried: try smaller" in " ".join(
        str(sweep(**LINE, learning_rate=[0.5, 0.9], **options)).split()
    )
    assert "those tried" not in str(sweep(**LINE, learning_rate=[0.1, 0.5, 0.9], **options))


def test_without_held_out_patterns_the_text_says_so():
    text = " ".join(str(sweep(**LINE, learning_rate=[0.1, 0.2], epochs=1)).split())
    assert "nothing was held out to choose by" in text
    assert "Best" not in text


def test_learning_curves_of_a_sweep_are_those_of_its_best_model():
    result = softmax_sweep(record_every=5)
    line, validation = plots.learning_curves(result).panels[0].lines
    assert_array_equal(line.y, result.best.history.cost)
    assert_array_equal(line.x, [0, 5, 10, 15])
    assert validation.label == "validation"
    chosen = plots.learning_curves({f"model {model}": result[model] for model in (0, 3)})
    assert [line.label for line in chosen.panels[0].lines][::2] == ["model 0, training", "model 3, training"]
    with refused("learning curves", "be of recorded epochs", "record_every=0", "record_every=1"):
        plots.learning_curves(softmax_sweep())


# ---- Folds.


def test_folds_are_scikit_learns_and_scores_are_means_over_them():
    """Each fold trained apart, by the direct engine."""
    options = {
        "learning_rate": [0.01, 0.1],
        "weight_decay": [0, 0.5],
        "batch_size": 4,
        "epochs": 6,
        "reduction": "mean",
    }
    result = sweep("softmax", SOFTMAX.X, SOFTMAX.targets, folds=3, **options)
    labels = np.array(SOFTMAX.targets)
    split = list(StratifiedKFold(3, shuffle=True, random_state=0).split(SOFTMAX.X, labels))
    for place, (layer, descent) in enumerate(zip(result.layers, result.descents, strict=True)):
        runs = [train(layer, SOFTMAX.X[kept], labels[kept], descent, "direct").layer for kept, _ in split]
        costs = [run.cost(SOFTMAX.X[out], labels[out], "mean") for run, (_, out) in zip(runs, split, strict=True)]
        wrong = [run.errors(SOFTMAX.X[out], labels[out]) for run, (_, out) in zip(runs, split, strict=True)]
        columns = {name: column[place] for name, column in result.columns.items()}
        assert columns["validation_cost"] == pytest.approx(np.mean(costs), rel=1e-9)
        assert columns["validation_cost_deviation"] == pytest.approx(np.std(costs, ddof=1), rel=1e-9)
        assert columns["validation_errors"] == sum(wrong)
        assert columns["validation_accuracy"] == pytest.approx(1 - np.mean(np.array(wrong) / 10), rel=1e-12)
        # The model itself is trained on all patterns.
        alone = train(layer, SOFTMAX.X, labels, descent, "direct")
        assert_allclose(result[place].layer.weights, alone.layer.weights, rtol=1e-9)
    refitted = result.refit()
    assert_array_equal(refitted.layer.weights, result.best.layer.weights)
    assert result.test(TEST.X, TEST.targets, refit=True) == result.test(TEST.X, TEST.targets)  # one model
    assert refitted.history.validation_cost is None
    text = str(result)
    assert "3-fold cross-validation" in text
    assert "+-" in text


def test_folds_of_numbers_are_not_stratified():
    X = np.arange(7.0)[:, None]
    result = sweep(LinearLayer([[0.0]], [0.0]), X, 2 * X, learning_rate=1e-3, epochs=4, folds=7)
    costs = []
    for kept, out in KFold(7, shuffle=True, random_state=0).split(X):
        run = train(LinearLayer([[0.0]], [0.0]), X[kept], 2 * X[kept], Descent(1e-3, 4), "direct")
        costs.append(run.layer.cost(X[out], 2 * X[out]))
    assert result.columns["validation_cost"][0] == pytest.approx(np.mean(costs), rel=1e-12)


def test_a_model_that_diverges_in_a_fold_is_named_and_not_chosen(ignore_overflow):
    # X^T X with the bias is at most diag(2.5, 5): a = 0.1 converges below 2/5 in every fold, a = 3 diverges in every one.
    X, targets = [[-1.0], [0.0], [1.0], [0.5], [-0.5]], [[-2.0], [0.0], [2.0], [1.0], [-1.0]]
    result = sweep(LinearLayer([[0.0]], [0.0]), X, targets, learning_rate=[0.1, 3], epochs=3000, folds=5)
    assert result.columns["diverged"].tolist() == [False, True]
    assert np.isnan(result.columns["validation_cost"][1])
    assert result.ranking().tolist() == [0]


def test_a_model_that_diverges_in_a_fold_only_is_not_chosen_by_training_cost_either(ignore_overflow):
    # The mean's Hessian is 2/4 10^2 = 50 (the biases apart) on all patterns, 2/3 10^2 without one at 0: a = 0.035 lies between
    # 2 over the one and 2 over the other.
    X, targets = [[10.0], [0.0], [0.0], [0.0]], [[1.0], [0.0], [0.0], [0.0]]
    result = sweep(
        LinearLayer([[0.0]], [0.0]), X, targets, learning_rate=[0.035, 0.001], epochs=9000, reduction="mean", folds=4
    )
    assert result.columns["outcome"].tolist() == ["epochs_done"] * 2
    assert result.columns["diverged"].tolist() == [True, False]
    assert result.columns["cost"][0] < result.columns["cost"][1]
    assert result.best_place("cost") == 1
    assert "diverged in a fold" in str(result)


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
    with refused("sweep", "have a model that ended", "interrupted", "Try"):
        _ = result.best
    assert ("interrupted" in str(result)) == own


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


# ---- The choice.


def test_the_best_has_the_least_validation_cost(swept):
    costs = [run.layer.cost(*VALIDATION, "mean") for run in swept]
    assert swept.best_place() == int(np.argmin(costs))
    assert_array_equal(swept.best.layer.weights, swept[int(np.argmin(costs))].layer.weights)
    assert_array_equal(swept.ranking(), np.argsort(swept.columns["validation_cost"], kind="stable"))
    accuracies = [np.mean(run.layer.predict(HELD_OUT.X) == np.array(HELD_OUT.targets)) for run in swept]
    assert swept.best_place("validation_accuracy") == int(np.argmax(accuracies))  # of equal ones the first
    assert swept.best_place("validation_errors") == int(np.argmax(accuracies))
    assert swept.best_place("cost") == int(np.argmin(swept.columns["cost"]))
    assert swept.best_by("accuracy").history.accuracy[-1] == max(swept.columns["accuracy"])


def test_of_equal_models_the_first_is_chosen():
    result = sweep(**LINE, learning_rate=[0.1, 0.25, 0.25], epochs=3, validation=([[3.0]], [[6.0]]))
    assert result.ranking().tolist() == [1, 2, 0]
    alike = sweep(**LINE, learning_rate=[0.25] * 99, epochs=1, validation=([[3.0]], [[6.0]]))
    assert alike.ranking().tolist() == list(range(99))


def test_weight_decay_is_no_part_of_the_comparison():
    """From the same layer, too slow to move: equal on held-out patterns, though the decays differ."""
    result = sweep(
        SOFTMAX.layer,
        SOFTMAX.X,
        SOFTMAX.targets,
        learning_rate=1e-300,
        weight_decay=[5, 0],
        epochs=1,
        validation=VALIDATION,
    )
    assert result.columns["validation_cost"][0] == pytest.approx(result.columns["validation_cost"][1], rel=1e-14)
    assert result.columns["cost"][0] > result.columns["cost"][1]


def test_a_diverged_model_is_named_and_never_chosen(ignore_overflow):
    # X^T delta = 0 by symmetry, so only the bias moves, to 1 at a rate of 0.25; at 1e200 the first cost overflows. The layer
    # kept is then the initial one, which happens to fit the validation pattern best.
    layer, X, targets = LinearLayer([[0.0]], [0.0]), [[1.0], [-1.0]], [[1.0], [1.0]]
    result = sweep(layer, X, targets, learning_rate=[1e200, 0.25], epochs=5, validation=([[1.0]], [[0.0]]))
    assert result.columns["diverged"].tolist() == [True, False]
    assert result.columns["validation_cost"][0] == 0 < result.columns["validation_cost"][1]
    assert result.ranking().tolist() == [1]
    assert result.best_place("cost") == 1
    assert result[0].outcome.reason is Reason.COST_NOT_FINITE
    assert "diverges" in str(result[0].outcome)


def test_where_all_diverge_the_remedy_is_a_smaller_rate(ignore_overflow):
    result = sweep(**LINE, learning_rate=[5.0, 50.0], epochs=2000, validation=([[3.0]], [[6.0]]))
    with refused("sweep", "finite validation cost", "none of 2: 2 diverged", "below 5"):
        _ = result.best


def test_without_held_out_patterns_nothing_is_chosen_unless_by_training_cost():
    result = sweep(**LINE, learning_rate=[0.1, 0.25], epochs=3)
    with refused("choice of a model", "on held-out patterns", "without any", "best_by('cost')"):
        _ = result.best
    with refused("choice of a model", "on held-out patterns", "without any", "folds=5"):
        result.test([[4.0]], [[8.0]])
    assert result.best_by("cost").descent.learning_rate == 0.25
    assert result.refit("cost").layer.weights.tolist() == result[1].layer.weights.tolist()
    with refused("score", "be one of", "'validation_costs'", "'validation_cost'"):
        result.best_by("validation_costs")


def test_refit_trains_on_training_and_validation_patterns_together(swept):
    place = swept.best_place()
    run = swept.refit()
    X = np.vstack([SOFTMAX.X, HELD_OUT.X])
    alone = train(swept.layers[place], X, [*SOFTMAX.targets, *HELD_OUT.targets], swept.descents[place], "direct")
    assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-9)
    assert run.updates == alone.updates
    assert run.history.validation_cost is None


def test_the_test_set_is_looked_at_for_one_model():
    result = softmax_sweep()
    accurate = next(
        by for by in ("accuracy", "cost", "validation_accuracy") if result.best_place(by) != result.best_place()
    )
    with refused("inputs", "3 columns", "2", "columns"):
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


def test_test_patterns_seen_before_are_counted_and_a_test_set_of_them_is_refused():
    result = softmax_sweep()
    X = np.vstack([TEST.X, SOFTMAX.X[:2], HELD_OUT.X[:1]])
    targets = [*TEST.targets, *SOFTMAX.targets[:2], *HELD_OUT.targets[:1]]
    assert result.test(X, targets).seen_before == 3
    for known in (SOFTMAX, HELD_OUT):
        with refused("test set", "not seen", "training or validation set", "before the sweep"):
            result.test(known.X, known.targets)


def test_zero_with_a_sign_is_zero():
    result = sweep(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0]], [[0.0], [1.0]], learning_rate=0.1, epochs=1)
    assert result.test([[-0.0], [2.0]], [[-0.0], [2.0]], by="cost").seen_before == 1


# ---- Bad input, named before any work.


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
    ({"folds": 11}, "number of folds", "patterns of each class", "10 patterns of class", "fewer folds"),
    ({"folds": 3, "validation": VALIDATION}, "held-out patterns", "or folds", "both", "one of them"),
    ({"validation": HELD_OUT.X}, "validation set", "a pair", "ndarray", "(X, targets)"),
    ({"validation": (HELD_OUT.X[:, :2], HELD_OUT.targets)}, "validation set's inputs", "3 columns", "2", "columns"),
    ({"validation": (HELD_OUT.X, ["Z"] * 12)}, "validation set's targets", "classes", "'Z'", "Correct the label"),
    ({"validation": (HELD_OUT.X[:3], HELD_OUT.targets)}, "validation set's targets", "rows of the inputs", "12", "one"),
    ({"validation": (SOFTMAX.X, SOFTMAX.targets)}, "validation set", "other patterns", "itself", "Hold some"),
    ({"layer": "sofmax"}, "kind of layer", "one of", "'sofmax'", "'softmax'"),
    ({"layer": SoftmaxLayer}, "layer", "a kind of layer", "SoftmaxLayer", "'softmax'"),
    ({"layer": 3}, "layer", "a kind of layer", "int", "'softmax'"),
    ({"layer": lambda seed: seed}, "layer of each seed", "be a Layer", "0", "return a layer"),
    (
        {"layer": lambda seed: SoftmaxLayer.random(3 + seed, list("ABC"), seed), "seed": range(2)},
        "layers of a sweep",
        "one kind, shape",
        "for seed 1",
        "only",
    ),
    (
        {"layer": SoftmaxLayer.random(3, list("ABCD"))},
        "training patterns",
        "every class of the layer",
        "none of class 'D'",
        "without it",
    ),
    ({"targets": ["A"] * 30}, "classes", "at least two", "['A']", "another class"),
    ({"layer": "linear"}, "targets", "be a matrix", "['", "numbers only"),
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


@pytest.mark.parametrize(("changes", "thing", "rule", "got", "remedy"), BAD)
def test_bad_input_is_named_before_any_work(no_work, changes, thing, rule, got, remedy):
    given = {"layer": "softmax", "X": SOFTMAX.X, "targets": SOFTMAX.targets, "learning_rate": 0.1, "epochs": 2}
    with refused(thing, rule, got, remedy):
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


# ---- The figure.


def test_the_figure_has_a_line_a_batch_size_and_a_panel_a_decay(swept):
    display = plots.sweep_curves(swept)
    assert len(display.panels) == 3
    for panel, decay in zip(display.panels, (0, 0.1, 1), strict=True):
        assert panel.label == f"validation cost\nweight decay {decay:g}"
        assert [line.label for line in panel.lines] == ["batch size 4", "batch size 30 (full)"]
        for line, size in zip(panel.lines, (4, 30), strict=True):
            assert line.x.tolist() == [0.01, 0.3]
            for rate, middle, low, high in zip(line.x, line.y, line.low, line.high, strict=True):
                costs = [
                    run.layer.cost(*VALIDATION, "mean")
                    for run in swept
                    if (run.descent.learning_rate, run.descent.weight_decay) == (rate, decay)
                    and (run.descent.batch_size or 30) == size
                ]
                assert len(costs) == 2
                assert_allclose([middle, low, high], [np.median(costs), min(costs), max(costs)], rtol=1e-12)
    looks = {(line.colour, line.marker, str(line.dashes)) for line in display.panels[0].lines}
    assert len(looks) == len({colour for colour, _, _ in looks}) == 2
    first = display.draw().axes[0]
    assert [text.get_text() for text in first.get_legend().get_texts()] == ["batch size 4", "batch size 30 (full)"]
    assert plots.sweep_curves(swept, "cost").panels[0].label == "training cost\nweight decay 0"
    with refused("cost of a sweep", "be one of validation_cost, cost", "'costs'", "cost"):
        plots.sweep_curves(swept, "costs")


def test_what_diverged_is_marked_at_the_top_edge(ignore_overflow):
    # Above a = 1 the full batch diverges: by a = 1.01, 1 - 2a = -1.02 a step, far beyond the initial cost after 2000 epochs.
    result = sweep(**LINE, learning_rate=[0.1, 0.3, 1.01, 50], batch_size=[1, None], epochs=2000)
    display = plots.sweep_curves(result)
    full = display.panels[0].lines[1]
    assert full.x.tolist() == [0.1, 0.3]
    assert full.low is None  # one seed has no spread
    assert display.diverged[0][1].tolist() == [1.01, 50]
    assert result.columns["diverged"].tolist()[-1] is True
    figure = display.draw()
    figure.draw_without_rendering()
    (axes,) = figure.axes
    marks = [line for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    rows = {tuple(line.get_xdata()): line for line in marks}
    assert (1.01, 50) in rows
    assert rows[(1.01, 50)].get_color() == full.colour
    # Inside the axes, above all data.
    assert all(0.5 < height < 1 for line in marks for height in line.get_ydata())
    low, high = axes.get_xlim()
    assert low < 0.1
    assert high > 50
    top = axes.transData.inverted().transform(axes.transAxes.transform((0, min(m.get_ydata()[0] for m in marks))))[1]
    assert top > max(line.y.max() for line in display.panels[0].lines)
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["batch size 1", "batch size 2 (full)", "diverged"]


def test_marks_above_a_linear_axis(ignore_overflow):
    result = sweep(**LINE, learning_rate=[0.1, 0.101, 50], epochs=3)
    display = plots.sweep_curves(result)
    assert not display.panels[0].log
    assert display.diverged[0][0].tolist() == [50]  # finite after 3 epochs, but far above the initial cost
    assert not result.columns["diverged"].any()
    figure = display.draw()
    figure.draw_without_rendering()
    assert figure.axes[0].get_ylim()[1] > display.panels[0].lines[0].y.max()


def test_a_figure_of_nothing_is_refused(ignore_overflow):
    result = sweep(**LINE, learning_rate=[50.0], epochs=2000)
    with refused("sweep", "have a model that ended", "none", "smaller learning rates"):
        plots.sweep_curves(result)


def test_many_rows_of_marks_leave_room_for_the_lines(ignore_overflow):
    result = sweep(
        "linear", np.ones((30, 1)), np.ones((30, 1)), learning_rate=[1e-3, 1e3], batch_size=range(1, 21), epochs=200
    )
    figure = plots.sweep_curves(result).draw()
    (axes,) = figure.axes
    heights = [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert len(heights) == 20
    assert min(heights) > 0.5
