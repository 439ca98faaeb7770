"""No array of a public record can be written: in the record itself, and in each sort of copy of it."""

import copy
import dataclasses
import io
import pickle
from collections.abc import Mapping

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator

import deltarule as dr
from deltarule.data import standardising
from deltarule.datasets import load
from deltarule.evaluation import evaluate
from deltarule.exact_fit import ExactFit
from deltarule.immutable import Immutable
from deltarule.metrics import scores
from deltarule.tables import read_table
from deltarule.tables.encoding import Encoding, InputColumn
from problem_files import document, four_patterns


def through_joblib(record):
    file = io.BytesIO()
    joblib.dump(record, file)
    file.seek(0)
    return joblib.load(file)


COPIES = {
    "itself": lambda record: record,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda record: pickle.loads(pickle.dumps(record)),
    "joblib": through_joblib,
}
X, LABELS = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]], ["A", "A", "B", "B"]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """A record of each public type, by its type."""
    folder = tmp_path_factory.mktemp("records")
    (folder / "t.csv").write_text("a,b,t\n0,4,A\n-1,3,A\n2,3,B\n-2,2,C\n")
    data = {"table": "t.csv", "target": "t", "standardise": True, "split": {"test": 1, "seed": 1}}
    problem = dr.problem_from(document({"kind": "softmax", "init": {"seed": 1}}, data), folder)
    drawn = four_patterns()
    line = dr.LinearLayer([[1.0], [2.0]], [0.5])
    exercise, answers = folder / "exercise.toml", folder / "answers"
    dr.write_problem(drawn, exercise)
    answers.mkdir()
    answer = answers / "one.toml"
    answer.write_text("[iteration.1]\nweights = [[0.4, -0.1, 0.1], [0.3, 0.3, -0.6]]\n")
    descent = dr.Descent(0.1, 3)
    layer = dr.SoftmaxLayer.random(2, ["A", "B"])
    numbers = np.array([1.0, 2.0, 3.0, 4.0])
    encoding = Encoding((InputColumn("a"), InputColumn("b")), np.array([1.0, 2.0]))
    found = [
        line,
        layer,
        dr.PerceptronLayer([[1.0]], [0.0]),
        dr.LogisticLayer([[1.0]], [0.0]),
        descent,
        problem,
        dr.train(problem, engine="direct"),
        dr.train(problem, engine="direct").history,
        dr.Model(layer, input_scaling=standardising(X), encoding=encoding),
        encoding,
        ExactFit("minimum", "The minimum.", True, 0.5, 1e-17, 1e-18, np.nan, numbers, "mean", 0.1, False, 4),
        evaluate(dr.Model(layer), X, LABELS),
        dr.train(problem, engine="direct").outcome,
        dr.iterate(problem),
        dr.iterate(line, X, numbers, descent),
        dr.separability(X, LABELS),
        dr.separability([[0.0], [1.0], [1.0], [2.0]], LABELS),
        dr.optimum(layer, X, LABELS, dr.Descent(0.1, 1, weight_decay=0.1)),
        dr.optimum(layer, X, LABELS, descent),
        dr.path(layer, X, LABELS, descent, weight_decay=[0.1, 1.0], validation=(X, LABELS)),
        dr.boundaries(layer)[0],
        dr.sweep(line, X, numbers, learning_rate=[0.01, 0.02], epochs=3, validation=(np.add(X, 1), numbers)),
        dr.sweep_problem(drawn, learning_rate=[0.01, 0.02]),
        dr.sweep(line, X, numbers, learning_rate=0.01, epochs=3, validation=(np.add(X, 1), numbers)).test(
            np.add(X, 2), numbers
        ),
        dr.check(drawn, answer),
        dr.read_answer(answer, drawn),
        dr.mark_folder(exercise, answers, processes=1),
        standardising(X),
        scores(line, X, numbers),
        load("iris"),
        read_table(folder / "t.csv", target="t"),
    ]
    return {f"{type(each).__name__} {place}": each for place, each in enumerate(found)}


def arrays(value, path=""):
    """The arrays in a record, by where they are."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from arrays(item, f"{path}[{key!r}]")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from arrays(item, f"{path}[{place}]")
    elif type(value).__module__.startswith("deltarule") and hasattr(value, "__dict__") and not isinstance(value, type):
        for name, item in vars(value).items():
            yield from arrays(item, f"{path}.{name}")


@pytest.mark.parametrize("way", COPIES)
def test_no_array_of_a_record_or_of_its_copies_can_be_written(records, way):
    writeable = []
    for name, record in records.items():
        made = COPIES[way](record)
        assert type(made) is type(record)
        before, after = dict(arrays(record)), dict(arrays(made))
        assert before.keys() == after.keys()
        for path, array in after.items():
            assert_array_equal(array, before[path])
            if array.flags.writeable:
                writeable.append(name + path)
    assert writeable == []


def test_all_public_records_are_among_them(records):
    public = {
        kind.__name__
        for kind in (getattr(dr, name) for name in dr.__all__)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and not getattr(kind, "__abstractmethods__", ())
        if not issubclass(kind, BaseEstimator)  # which scikit-learn changes
    }
    assert public <= {type(record).__name__ for record in records.values()} | {
        "Checkpoint",
        "Finding",
        "Schedule",
    }  # they have no array


def test_the_arrays_of_a_caller_stay_as_they_are():
    inputs, targets, weights = np.array(X), np.array([1.0, 2.0, 3.0, 4.0])[:, None], np.ones(4)
    line = dr.LinearLayer([[1.0], [2.0]], [0.5])
    dr.iterate(line, inputs, targets, dr.Descent(0.1, 3), sample_weight=weights)
    dr.sweep(line, inputs, targets, learning_rate=0.01, epochs=3, sample_weight=weights)
    for array in (inputs, targets, weights):
        assert array.flags.writeable


def test_a_copy_of_a_record_works_as_the_record_does(records):
    run = next(record for name, record in records.items() if name.startswith("Run"))
    again = pickle.loads(pickle.dumps(run))
    assert_array_equal(again.layer.predict([[1.0, 2.0]]), run.layer.predict([[1.0, 2.0]]))
    assert again.layer.with_parameters([[1, 2, 3], [4, 5, 6]], [0, 0, 0]).input_names == ("a", "b")
    assert again.to_dict() == run.to_dict()
    assert isinstance(again, Immutable)
