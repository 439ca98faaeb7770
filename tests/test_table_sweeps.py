"""The sweep of a table: rows for training, choice and test, and a chosen model that is used like any other."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes, load_iris

import deltarule as dr
from deltarule.data import split, standardising
from deltarule.fitting import Columns, Preparation, prepare_table
from deltarule.sweeps.of_problem import SPLIT_SEED
from deltarule.table_sweeps import sweep_table, table_sweep_lines
from deltarule.tables.sources import source_of_frame

IRIS = load_iris()
SPECIES = np.array(["setosa", "versicolor", "virginica"])[IRIS.target]
VALUES = {"learning_rate": [0.01, 0.1], "batch_size": [8, None], "epochs": 20, "reduction": "mean"}


def iris(**preparation):
    frame = pd.DataFrame(IRIS.data, columns=["a", "b", "c", "d"]).assign(species=SPECIES)
    return prepare_table(source_of_frame("table", frame), Columns(("species",)), Preparation(**preparation))


def swept(prepared, **options):
    return sweep_table(prepared, ("species",), VALUES, **options)


def test_each_model_is_what_train_gives_for_the_training_rows():
    found = swept(iris(test=0.2, validation=30))
    rest, test = split(150, 0.2, 0)
    rows, chosen = split(120, 30, SPLIT_SEED, stratified=True, labels=SPECIES[rest].tolist())
    scaling = standardising(IRIS.data[rest[rows]])
    X, labels = scaling.apply(IRIS.data[rest[rows]]), SPECIES[rest[rows]]
    for run in found.sweep:
        alone = dr.train(dr.SoftmaxLayer.random(4, sorted(set(SPECIES)), seed=0), X, labels, run.descent)
        assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-9)
    best = found.best_model()
    wrong = best.predict(IRIS.data[rest[chosen]]) != SPECIES[rest[chosen]]
    assert found.sweep.columns["validation_errors"][found.chosen] == wrong.sum()
    assert found.score.patterns == 30
    assert found.score.errors == (best.predict(IRIS.data[test]) != SPECIES[test]).sum()


def test_seeds_draw_the_initial_layers_also_of_float32():
    frame = pd.DataFrame(IRIS.data.astype(np.float32), columns=["a", "b", "c", "d"]).assign(species=SPECIES)
    prepared = prepare_table(source_of_frame("table", frame), Columns(("species",)), Preparation())
    found = sweep_table(prepared, ("species",), {"learning_rate": 0.1, "epochs": 1, "seed": range(2)})
    assert {run.layer.dtype.name for run in found.sweep} == {"float32"}
    assert (found.sweep.layers[0].weights != found.sweep.layers[1].weights).any()


def test_without_validation_rows_no_model_is_chosen():
    found = swept(iris(test=0.2))
    assert found.to_dict()["best"] is None
    assert "No model is chosen" in "".join(map(str, table_sweep_lines(found, "t", 500)))
    with pytest.raises(dr.InputError, match="best model must be a chosen one"):
        found.best_model()


def test_folds_choose_where_no_rows_are_set_aside():
    found = swept(iris(), folds=3)
    assert found.chosen == found.sweep.columns["validation_cost"].argmin()
    assert "Add --test 0.2" in "".join(map(str, table_sweep_lines(found, "t", 500)))


def test_numbers_are_scored_in_their_own_unit():
    frame = load_diabetes(as_frame=True).frame
    prepared = prepare_table(
        source_of_frame("table", frame), Columns(("target",)), Preparation(test=0.3, validation=0.3), "perceptron"
    )
    found = sweep_table(prepared, ("target",), {"learning_rate": 0.01, "epochs": 5})
    _, test = split(len(frame), 0.3, 0)
    predicted = found.best_model().predict(frame.iloc[test])[:, 0]
    error = np.mean((predicted - frame["target"].to_numpy()[test]) ** 2)
    assert f"{error:.4f}" in "".join(map(str, table_sweep_lines(found, "t", 500)))


def test_the_document_says_how_the_table_becomes_inputs():
    prepared = iris(validation=0.2)
    document = swept(prepared).to_dict()
    assert document["input_names"] == ["a", "b", "c", "d"]
    assert_array_equal(document["input_scaling"]["shift"], prepared.input_scaling.shift)
    assert document["encoding"]["columns"][0] == {"name": "a", "levels": None}
    assert any("standardised" in remark for remark in document["remarks"])
