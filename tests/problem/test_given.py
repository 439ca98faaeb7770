"""Problems given in Python whose inputs and targets are frames, series, tensors and scalars of other libraries."""

import numpy as np
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal

import deltarule as dr
from deltarule.problem import problem_from, read_problem, write_problem

X = np.array([[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]])
LABELS = ["b", "a", "b", "a"]
FRAME = pa.table({"length": X[:, 0], "width": X[:, 1]})
SWAPPED = pa.table({"width": X[:, 1], "length": X[:, 0]})


def problem(inputs, targets, kind="softmax", **layer):
    return problem_from(
        {
            "layer": {"kind": kind, "init": {"seed": 1}, **layer},
            "data": {"inputs": inputs, "targets": targets},
            "descent": {"learning_rate": 0.1, "epochs": 3},
        }
    )


def test_the_layer_of_a_problem_knows_the_columns_of_frames():
    layer = dr.train(problem(FRAME, LABELS), engine="direct").layer
    assert layer.input_names == ("length", "width")
    assert_array_equal(layer.synaptic_input(SWAPPED), layer.synaptic_input(X))
    assert problem(FRAME, FRAME, "linear").layer.target_names == ("length", "width")
    assert problem(X, LABELS).layer.input_names is None


@pytest.mark.parametrize("classes", [("b", "a"), (7, 3), (True, False), ("b", "a", "none")])
def test_one_hot_columns_of_a_problem_bear_the_names_of_its_classes(tmp_path, classes):
    pd = pytest.importorskip("pandas")
    labels = [classes[0] if label == "b" else classes[1] for label in LABELS]
    columns = pd.DataFrame({name: [int(label == name) for label in labels] for name in classes})
    made = problem(FRAME, columns)
    assert (made.layer.classes, list(made.targets)) == (classes, labels)
    write_problem(made, tmp_path / "p.toml")
    again = read_problem(tmp_path / "p.toml")
    assert (again.layer.classes, list(again.targets)) == (classes, labels)
    backwards = problem(FRAME, columns, classes=classes[::-1])
    assert (backwards.layer.classes, list(backwards.targets)) == (classes[::-1], labels)
    independent = problem(FRAME, columns, "logistic")
    assert (independent.layer.classes, independent.layer.target_names) == (None, classes)


def test_columns_that_are_not_one_hot_are_refused_as_rows_are():
    with pytest.raises(dr.ProblemError, match=r"single 1 a row and 0 elsewhere\. Got \[1\.0, 1\.0\] in row 2"):
        problem(FRAME, pa.table({"a": [0, 1, 0, 1], "b": [1, 1, 1, 0]}))


def test_tensors_and_scalars_of_other_libraries_are_their_values():
    torch = pytest.importorskip("torch")
    plain = problem(X, [1, 0, 1, 0])
    inputs, targets = torch.tensor(X, requires_grad=True), torch.tensor([1, 0, 1, 0])
    for one, other in ((inputs, targets), (list(inputs), list(targets)), ([list(row) for row in inputs], targets)):
        assert_array_equal(problem(one, other).patterns.D, plain.patterns.D)
        assert_array_equal(problem(one, other).X, X)
    assert_array_equal(problem(X, inputs, "linear").targets, X)
    assert problem(X, list(pa.array(LABELS)), classes=pa.array(["b", "a"])).layer.classes == ("b", "a")
    assert problem(X.astype(np.longdouble), np.array([1, 0, 1, 0], np.longdouble)).layer.classes == (0, 1)
