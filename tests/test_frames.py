"""Frames, series, sparse matrices and masked arrays: read as they mean it at each door, or refused by name."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal
from scipy import sparse

import deltarule as dr
from deltarule.checks import numbers
from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.frames import column_names, dense, flat
from deltarule.metrics import mean_square_error, r2, scores
from samples import refused

X = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]]
LABELS = ["a", "b", "a", "b"]
DESCENT = dr.Descent(0.1, 3)
LAYER = dr.SoftmaxLayer([[0.5, -0.5], [0.1, 0.2]], [0.0, 0.1], classes=["a", "b"])
LINE = dr.LinearLayer([[0.5], [0.1]], [0.2])
PLANE = dr.LinearLayer([[0.5, 0.1], [0.1, 0.2]], [0.2, 0.0])

# Each takes a layer, inputs and labels.
OF_LABELS = {
    "train": lambda L, X, t: dr.train(L, X, t, DESCENT, "direct").layer.weights,
    "validation": lambda L, X, t: dr.train(
        L, X, t, DESCENT, "direct", validation=(X, t)
    ).history.validation_cost,
    "iterate": lambda L, X, t: dr.iterate(L, X, t, DESCENT).delta,
    "cost": lambda L, X, t: L.cost(X, t),
    "errors": lambda L, X, t: L.errors(X, t),
    "delta": lambda L, X, t: L.delta(X, t),
    "sweep": lambda L, X, t: dr.sweep(L, X, t, learning_rate=[0.1, 0.2], epochs=2).columns["cost"],
    "sweep of a kind": lambda L, X, t: dr.sweep("softmax", X, t, learning_rate=0.1, epochs=2).columns["cost"],
    "validation of a sweep": lambda L, X, t: dr.sweep(
        L, X, t, learning_rate=0.1, epochs=2, validation=(np.add(X, 0.5), t)
    ).columns["validation_cost"],
    "folds of a sweep": lambda L, X, t: dr.sweep("softmax", X, t, learning_rate=0.1, epochs=2, folds=2).columns["cost"],
    "separability": lambda L, X, t: dr.separability(X, t).layer.weights,
    "optimum": lambda L, X, t: dr.optimum(L, X, t, dr.Descent(0.1, 1, weight_decay=0.1)).layer.weights,
    "for_targets": lambda L, X, t: dr.SoftmaxLayer.for_targets(2, t).weights,
    "logistic": lambda L, X, t: dr.LogisticLayer.for_targets(2, t).cost(X, t),
}  # fmt: skip
# Each takes a layer, inputs and numbers for one neuron.
OF_NUMBERS = {
    "train": lambda L, X, t: dr.train(L, X, t, DESCENT, "direct").layer.weights,
    "validation": lambda L, X, t: dr.train(L, X, t, DESCENT, "direct", validation=(X, t)).history.validation_cost,
    "iterate": lambda L, X, t: dr.iterate(L, X, t, DESCENT).delta,
    "cost": lambda L, X, t: L.cost(X, t),
    "sweep": lambda L, X, t: dr.sweep(L, X, t, learning_rate=[0.1, 0.2], epochs=2).columns["cost"],
    "sweep of a kind": lambda L, X, t: dr.sweep("linear", X, t, learning_rate=0.1, epochs=2).columns["cost"],
    "folds of a sweep": lambda L, X, t: dr.sweep("linear", X, t, learning_rate=0.1, epochs=2, folds=2).columns["cost"],
    "test of a sweep": lambda L, X, t: dr.sweep(
        L, X, t, learning_rate=0.1, epochs=2, validation=(np.add(X, 0.5), t)
    ).test(np.add(X, 1), t).cost,
    "optimum": lambda L, X, t: dr.optimum(L, X, t, DESCENT).layer.weights,
    "for_targets": lambda L, X, t: dr.PerceptronLayer.for_targets(2, t).weights,
    "perceptron": lambda L, X, t: dr.PerceptronLayer.for_targets(2, t).cost(X, t),
    "independent logistic neuron": lambda L, X, t: dr.LogisticLayer.random(2, neurons=1).cost(X, np.asarray(t) > 0),
    "scores": lambda L, X, t: scores(L, X, t).r2,
    "scores of scaled targets": lambda L, X, t: scores(L, X, t, Scaling([0.0], [0.5])).mean_square_error,
    "mean_square_error": lambda L, X, t: mean_square_error(t, L.output(X)),
    "r2": lambda L, X, t: r2(t, L.output(X)),
}  # fmt: skip


def columns_of(labels: list) -> dict:
    """The labels as columns (P, 1) of all sorts."""
    return {
        "array": np.array(labels)[:, None],
        "objects": np.array(labels, dtype=object)[:, None],
        "list": [[label] for label in labels],
        "arrow": pa.table({"t": labels}),
    }


@pytest.mark.parametrize("form", ["array", "objects", "list", "arrow"])
@pytest.mark.parametrize(
    "labels", [LABELS, [3, 7, 3, 7], [False, True, False, True]], ids=["texts", "numbers", "flags"]
)
@pytest.mark.parametrize("door", OF_LABELS)
def test_a_column_of_labels_is_taken_as_labels(door, labels, form):
    layer = dr.SoftmaxLayer(LAYER.weights, LAYER.biases, sorted(set(labels)))
    assert_array_equal(OF_LABELS[door](layer, X, columns_of(labels)[form]), OF_LABELS[door](layer, X, labels))


@pytest.mark.parametrize("door", OF_NUMBERS)
def test_flat_numbers_are_one_column_for_one_neuron(door):
    numbers = [1.0, 0.0, 2.0, -1.0]
    expected = OF_NUMBERS[door](LINE, X, np.array(numbers)[:, None])
    for given in (numbers, np.array(numbers), pa.chunked_array([numbers]), [Decimal(1), 0, 2, -1]):
        if not (door.startswith("independent") and isinstance(given, pa.ChunkedArray)):
            assert_array_equal(OF_NUMBERS[door](LINE, X, given), expected)


def test_a_column_of_0_and_1_answers_no_and_yes_for_classes_that_are_no_such_numbers():
    layer = dr.LogisticLayer([[1.0], [0.0]], [0.0], classes=["no", "yes"])
    assert layer.encode([[0], [1]]).tolist() == [[0], [1]]
    assert layer.encode([["yes"], ["no"]]).tolist() == [[1], [0]]
    assert dr.LogisticLayer([[1.0]], [0.0], classes=[0, 1]).encode([[0], [1]]).tolist() == [[0], [1]]
    assert dr.LogisticLayer([[1.0]], [0.0], classes=[1, 2]).encode([[2], [1]]).tolist() == [[1], [0]]


@pytest.mark.parametrize(("classes", "column"), [([1, 0], [[0], [1]]), ([1, 2], [[1], [1]]), ([1.0, 0.0], [[1.0]])])
def test_a_column_that_could_be_labels_or_answers_is_refused(classes, column):
    layer = dr.LogisticLayer([[1.0]], [0.0], classes=classes)
    with refused("targets", "be labels (P,)", "which could be either", "targets.ravel()"):
        layer.encode(column)
    assert layer.encode([row[0] for row in column]).shape == (len(column), 1)


# ---- Masked arrays.

MASKED = {
    "inputs": lambda a: LAYER.predict(a([[0.0, 1.0]], [[0, 1]])),
    "rows of inputs": lambda a: LAYER.predict([a([0.0, 1.0], [0, 1]), [1.0, 1.0]]),
    "labels": lambda a: dr.train(LAYER, X, a(LABELS, [0, 0, 0, 1]), DESCENT, "direct"),
    "a column of labels": lambda a: LAYER.cost(X, a(np.array(LABELS)[:, None], np.array([[0, 0, 0, 1]]).T)),
    "validation labels": lambda a: dr.train(
        LAYER, X, LABELS, DESCENT, "direct", validation=(X, a(LABELS, [0, 0, 0, 1]))
    ),
    "labels of a sweep": lambda a: dr.sweep("softmax", X, a(LABELS, [0, 0, 0, 1]), learning_rate=1, epochs=1),
    "labels of a layer": lambda a: dr.SoftmaxLayer.for_targets(2, a(LABELS, [0, 0, 0, 1])),
    "labels to separate": lambda a: dr.separability(X, a(LABELS, [0, 0, 0, 1])),
    "labels to split": lambda a: split(4, 2, 0, stratified=True, labels=a(LABELS, [0, 0, 0, 1])),
    "classes": lambda a: dr.SoftmaxLayer.random(2, a(["a", "b"], [0, 1])),
    "rows of targets": lambda a: PLANE.cost([[1.0, 1.0]], a([[1.0, 2.0]], [[0, 1]])),
    "flat targets": lambda a: LINE.cost([[1.0, 1.0], [0.0, 0.0]], a([1.0, 2.0], [0, 1])),
    "one-hot rows": lambda a: LAYER.cost([[1.0, 1.0]], a([[1, 0]], [[0, 1]])),
    "sample weights": lambda a: LAYER.cost(X, LABELS, sample_weight=a([1.0] * 4, [0, 0, 0, 1])),
    "weights": lambda a: dr.LinearLayer(a([[1.0]], [[1]]), [0.0]),
    "biases": lambda a: dr.LinearLayer([[1.0]], a([1.0], [1])),
    "numbers to scale": lambda a: standardising(a(X, np.array(X) > 3)),
    "targets of scores": lambda a: r2(a([1.0, 2.0], [0, 1]), [1.0, 2.0]),
    "predictions": lambda a: r2([1.0, 2.0], a([1.0, 2.0], [0, 1])),
}


@pytest.mark.parametrize("door", MASKED)
def test_a_masked_entry_is_refused_at_each_door(door):
    with pytest.raises(dr.InputError, match="must have no entry masked"):
        MASKED[door](np.ma.masked_array)


@pytest.mark.parametrize("door", MASKED)
def test_a_masked_array_without_a_masked_entry_is_an_array(door):
    MASKED[door](lambda values, _mask: np.ma.masked_array(values, mask=False))


def test_a_masked_constant_in_a_list_is_masked():
    for values in ([[1.0, np.ma.masked]], [np.ma.masked, 1.0], ([1.0, 2.0], (np.ma.masked, 1.0))):
        with pytest.raises(dr.InputError, match="must have no entry masked"):
            dense("inputs", values)
    with pytest.raises(dr.InputError, match="must have no entry masked"):
        LAYER.cost(X, ["a", "b", np.ma.masked, "a"])


# ---- Sparse values.


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
def test_a_sparse_matrix_is_refused_with_the_way_to_a_dense_one(form):
    for door in (LAYER.predict, standardising, lambda X: LAYER.cost(X, LABELS)):
        with pytest.raises(dr.InputError, match=r"must be dense. Got sparse values .* Give X.toarray\(\)."):
            door(form(X))
    with pytest.raises(dr.InputError, match="targets must be dense"):
        LAYER.cost(X, form(np.eye(2)))


def test_a_sparse_tensor_is_refused_with_the_way_to_a_dense_one():
    torch = pytest.importorskip("torch")
    with refused("inputs", "be dense", "sparse values (Tensor)", "X.to_dense()"):
        LAYER.predict(torch.eye(2).to_sparse())


# ---- Frames.


def frame(**columns):
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def test_columns_of_a_frame_are_numbers_by_their_types():
    given = frame(whole=[1, 2], flag=[True, False], real=[0.5, 1.5], exact=[Decimal("0.1"), Decimal(2)])
    assert_array_equal(dense("inputs", given), [[1, 1, 0.5, 0.1], [2, 0, 1.5, 2]])
    assert dense("inputs", given.to_batches()[0]).shape == (2, 4)
    assert dense("inputs", frame(a=np.float32([1, 2]))).dtype == np.float32


@pytest.mark.parametrize(
    ("column", "rule", "got", "remedy"),
    [
        ([1, None], "have no value missing", "None in column 'c', row 2", "Fill it in"),
        (["1", "2"], "be numbers", "column 'c', of type String", "into numbers"),
        (
            pa.array(["x", "y"]).dictionary_encode(),
            "be numbers",
            "column 'c', of type Categorical",
            "for each category",
        ),
        (
            np.array(["2024-01-01", "2024-01-02"], "M8[D]"),
            "be numbers",
            "column 'c', of type Date",
            "days since a date",
        ),
    ],
)
def test_a_column_that_holds_no_numbers_is_named(column, rule, got, remedy):
    with refused("inputs", rule, got, remedy):
        LAYER.predict(frame(n=[1.0, 2.0], c=column))


def test_labels_of_series_are_their_values():
    for labels in (pa.array(LABELS), pa.chunked_array([LABELS]), pa.array(LABELS).dictionary_encode()):
        assert flat("targets", labels) == LABELS
        assert LAYER.cost(X, labels) == LAYER.cost(X, LABELS)
        assert dr.SoftmaxLayer.for_targets(2, labels).classes == ("a", "b")
    for labels in (pa.array(["a", None, "b", "a"]), pa.table({"y": ["a", None, "b", "a"]})):
        with refused("targets", "have no label missing", "None in row 2", "Fill it in"):
            dr.separability(X, labels)


def test_one_hot_columns_are_matched_to_the_classes_by_name():
    rows = [[1, 0], [0, 1], [1, 0], [0, 1]]
    a, b = zip(*rows, strict=True)
    for layer in (LAYER, dr.LogisticLayer(LAYER.weights, LAYER.biases, classes=["a", "b"])):
        expected = layer.encode(rows)
        assert_array_equal(layer.encode(frame(a=a, b=b)), expected)
        assert_array_equal(layer.encode(frame(b=b, a=a)), expected)
        assert layer.cost(X, frame(b=b, a=a)) == layer.cost(X, rows)
        with refused(
            "one-hot targets", "have columns of the names of the classes", "no column 'a'", "Did you mean 'aa'?"
        ):
            layer.encode(frame(b=b, aa=a))
    numbered = dr.SoftmaxLayer(LAYER.weights, LAYER.biases, classes=[3, 7])
    assert_array_equal(numbered.encode(frame(**{"7": b, "3": a})), rows)
    assert dr.SoftmaxLayer.for_targets(2, frame(b=b, a=a)).classes == ("b", "a")


def test_columns_named_at_training_are_matched_by_name():
    x1, x2 = zip(*X, strict=True)
    given, turned = frame(x1=x1, x2=x2), frame(x2=x2, x1=x1)
    run = dr.train(LAYER, given, LABELS, DESCENT, "direct", validation=(turned, LABELS))
    assert run.layer.input_names == ("x1", "x2")
    assert_array_equal(run.history.validation_cost, run.history.cost)
    for door in (run.layer.predict, run.layer.output, lambda X: run.layer.delta(X, LABELS)):
        assert_array_equal(door(turned), door(X))
    further = dr.train(run.layer, X, LABELS, DESCENT, "direct").layer
    assert_array_equal(dr.train(run.layer, turned, LABELS, DESCENT, "direct").layer.weights, further.weights)
    with refused(
        "inputs", "have columns of the names of the layer's inputs", "another column, 'x3'", "Choose these columns"
    ):
        run.layer.predict(frame(x1=x1, x2=x2, x3=x2))
    with refused(
        "inputs", "have columns of the names", "no column 'x1'", "Without names, columns are taken as they stand"
    ):
        run.layer.predict(frame(y=x1, x2=x2))


def test_the_models_of_a_sweep_know_the_names_of_their_inputs():
    x1, x2 = zip(*X, strict=True)
    for start in (LAYER, "softmax"):
        plain = dr.sweep(start, X, LABELS, learning_rate=[0.1, 0.2], epochs=3)
        named = dr.sweep(
            start, frame(x1=x1, x2=x2), LABELS, learning_rate=[0.1, 0.2], epochs=3,
            validation=(frame(x2=np.add(x2, 0.5), x1=np.add(x1, 0.5)), LABELS),
        )  # fmt: skip
        again = dr.sweep(start, X, LABELS, learning_rate=[0.1, 0.2], epochs=3, validation=(np.add(X, 0.5), LABELS))
        assert_array_equal(named.columns["cost"], plain.columns["cost"])
        assert_array_equal(named.columns["validation_cost"], again.columns["validation_cost"])
        assert named[1].layer.input_names == ("x1", "x2")


def test_target_variables_named_at_training_are_matched_by_name():
    a, b = [1.0, 0.0, 1.0, 0.0], [2.0, 1.0, 0.0, 1.0]
    rows = np.column_stack([a, b])
    run = dr.train(PLANE, X, frame(a=a, b=b), DESCENT, "direct", validation=(X, frame(b=b, a=a)))
    assert run.layer.target_names == ("a", "b")
    assert_array_equal(run.history.validation_cost, run.history.cost)
    assert run.layer.cost(X, frame(b=b, a=a)) == run.layer.cost(X, rows)
    assert_array_equal(scores(run.layer, X, frame(b=b, a=a)).r2, scores(run.layer, X, rows).r2)
    answers = dr.train(dr.LogisticLayer.random(2, neurons=2), X, frame(a=a, b=[0, 1, 0, 1]), DESCENT, "direct")
    assert_array_equal(answers.layer.encode(frame(b=[0], a=[1])), [[1, 0]])


@pytest.mark.parametrize("scaling", [standardising, centring, min_max])
def test_a_scaling_matches_columns_by_name(scaling):
    x1, x2 = zip(*X, strict=True)
    by = scaling(frame(x1=x1, x2=x2))
    expected = scaling(X).apply(X)
    assert_array_equal(by.apply(frame(x2=x2, x1=x1)), expected)
    assert_array_equal(by.apply(X), expected)
    with refused("numbers to scale", "have columns of the names", "no column 'x1'", "Did you mean 'x11'?"):
        by.apply(frame(x2=x2, x11=x1))


def test_names_of_a_layer_are_checked_kept_and_dropped_with_its_shape():
    layer = dr.LinearLayer([[1.0], [2.0]], [0.0], input_names=["a", "b"])
    assert layer.to_dict()["input_names"] == ["a", "b"]
    assert layer.with_parameters([[3.0], [4.0]], [0.0]).input_names == ("a", "b")
    assert layer.astype(np.float32).input_names == ("a", "b")
    assert layer.with_parameters([[3.0]], [0.0]).input_names is None
    for names in (["a"], ["a", "a"], "ab", 3):
        with pytest.raises(dr.InputError, match="input names must be 2 different names"):
            dr.LinearLayer([[1.0], [2.0]], [0.0], input_names=names)


# ---- pandas and polars.


def test_missing_labels_of_pandas_are_refused():
    pd = pytest.importorskip("pandas")
    for missing in (None, float("nan"), pd.NaT, pd.NA):
        for labels in (pd.Series(["a", missing, "b", "a"], dtype=object), ["a", missing, "b", "a"]):
            with refused("targets", "have no label missing", f"{missing} in row 2", "Fill it in"):
                dr.separability(X, labels)
    for dtype, value in {"string": "a", "Int64": 1, "boolean": True, "Float64": 1.5, "category": "a"}.items():
        with refused("targets", "have no label missing", "in row 2", "Fill it in"):
            LAYER.cost(X, pd.Series([value, None, value, value], dtype=dtype))


def test_nullable_columns_of_pandas_are_numbers_and_labels():
    pd = pytest.importorskip("pandas")
    given = pd.DataFrame(
        {"a": pd.array([1, 2], "Int64"), "b": pd.array([True, False], "boolean"), "c": pd.array([0.5, 1], "Float64")}
    )
    assert_array_equal(dense("inputs", given), [[1, 1, 0.5], [2, 0, 1]])
    assert_array_equal(dense("inputs", given["a"]), [1, 2])
    assert [type(label) for label in flat("targets", given["a"])] == [int, int]
    assert flat("targets", given["b"]) == [True, False]
    assert flat("targets", pd.Series([3, 7, 3], dtype="category")) == [3, 7, 3]
    with refused("inputs", "have no value missing", "<NA> in column 'a', row 2", "Fill it in"):
        dense("inputs", pd.DataFrame({"a": pd.array([1, None], "Int64")}))


def test_columns_of_pandas_without_numbers_are_named():
    pd = pytest.importorskip("pandas")
    columns = {
        "category": (pd.Categorical(["u", "v"]), "for each category"),
        "datetime64": (pd.to_datetime(["2024-01-01", "2024-01-02"]), "days since a date"),
        "timedelta64": (pd.to_timedelta([1, 2]), "days since a date"),
        "period": (pd.period_range("2024", periods=2, freq="D"), "days since a date"),
        "complex128": ([1j, 2j], "real and imaginary parts"),
        "Sparse": (pd.arrays.SparseArray([0, 1]), "frame.sparse.to_dense()"),
        "str": (["1", "2"], "into numbers"),
    }  # fmt: skip
    for word, (values, remedy) in columns.items():
        with refused("inputs", "be numbers", word, remedy):
            LAYER.predict(pd.DataFrame({"n": [1.0, 2.0], "c": values}))
    with refused("inputs", "be numbers", "'x' in column 'c', row 2", "into numbers"):
        LAYER.predict(pd.DataFrame({"n": [1.0, 2.0], "c": pd.Series([1, "x"], dtype=object)}))
    with refused("inputs", "have columns of different names", "'n' twice", "Rename one."):
        LAYER.predict(pd.DataFrame(X, columns=["n", "n"]))


def test_columns_of_pandas_that_are_only_counted_have_no_names():
    pd = pytest.importorskip("pandas")
    assert column_names(pd.DataFrame(X)) is None
    assert column_names(pd.DataFrame(X, columns=[2019, 2020])) == (2019, 2020)
    assert dr.train(LAYER, pd.DataFrame(X), LABELS, DESCENT, "direct").layer.input_names is None
    assert_array_equal(LAYER.encode(pd.DataFrame([[1, 0]])), [[1, 0]])
    assert_array_equal(LAYER.encode(pd.get_dummies(pd.Series(["b", "a"]))[["b", "a"]]), [[0, 1], [1, 0]])


def test_frames_of_polars_are_read():
    pl = pytest.importorskip("polars")
    given = pl.DataFrame({"x1": [row[0] for row in X], "x2": [row[1] for row in X]})
    assert_array_equal(dense("inputs", given), X)
    assert LAYER.cost(given, pl.Series(LABELS)) == LAYER.cost(X, LABELS)
    assert dr.train(LAYER, given, LABELS, DESCENT, "direct").layer.input_names == ("x1", "x2")
    with refused("inputs", "be read already", "a LazyFrame", "frame.collect()"):
        LAYER.predict(given.lazy())
    with refused("targets", "have no label missing", "None in row 2", "Fill it in"):
        LAYER.cost(X, pl.Series(["a", None, "b", "a"]))


# ---- Tensors, and what stands in lists.


@pytest.mark.parametrize("form", ["graph", "parameter", "half", "bfloat16", "rows", "scalars"])
def test_tensors_of_every_kind_are_their_numbers_at_each_door(form):
    torch = pytest.importorskip("torch")

    def tensor(values):
        made = torch.tensor(np.array(values, float), requires_grad=True)
        return {
            "graph": lambda: made * 1,
            "parameter": lambda: torch.nn.Parameter(made),
            "half": made.half,
            "bfloat16": made.bfloat16,
            "rows": lambda: list(made),
            "scalars": lambda: [[each] * 1 for each in made] if made.ndim == 1 else [list(row) for row in made],
        }[form]()

    whole, one_hot = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0]], [[1, 0], [0, 1], [1, 0]]
    assert_array_equal(numbers("inputs", tensor(whole), 2), whole)
    assert_array_equal(LAYER.encode(tensor(one_hot)), one_hot)
    assert_array_equal(dr.LinearLayer(tensor(one_hot[:2]), [0, 0]).weights, one_hot[:2])
    assert_array_equal(dr.LinearLayer([[1.0]], [0.0]).encode(tensor([0, 1, 1])), [[0], [1], [1]])


@pytest.mark.parametrize(
    ("made", "got"),
    [
        (lambda torch: torch.ones((2, 2), dtype=torch.complex64), "complex64"),
        (lambda torch: torch.ones((2, 2), device="meta"), "device meta"),
    ],
)
def test_a_tensor_without_real_numbers_is_refused_by_name(made, got):
    torch = pytest.importorskip("torch")
    with pytest.raises(dr.InputError, match=got):
        LAYER.predict(made(torch))
    with pytest.raises(dr.InputError, match="list of labels"):
        LAYER.encode(torch.ones(2, device="meta"))


def test_scalars_of_arrow_are_their_values_and_texts_are_no_numbers():
    assert dr.SoftmaxLayer.for_targets(2, list(pa.array(["b", "a"]))).classes == ("a", "b")
    assert numbers("targets", list(pa.array([1, 2])), 1).tolist() == [1, 2]
    with refused("targets", "hold numbers only", "'b' in entry 1", "Give a number"):
        numbers("targets", list(pa.array(["b", "a"])), 1)
    with refused("inputs", "hold numbers only", "'b' in row 1, column 2", "Give a number"):
        numbers("inputs", [[1, pa.scalar("b")]], 2)


# ---- Columns named by numbers, columns of classes, columns of predictions.


@pytest.mark.parametrize("given", [[0, 1, 2, 1], [False, True, True, False], [7, 3, 7, 5]])
def test_one_hot_columns_that_pandas_names_after_numbers_are_these_classes(given):
    pd = pytest.importorskip("pandas")
    columns = pd.get_dummies(pd.Series(given))
    layer = dr.SoftmaxLayer.for_targets(2, columns)
    assert layer.classes == tuple(sorted(set(given)))
    assert_array_equal(layer.encode(columns), layer.encode(given))
    backwards = dr.SoftmaxLayer.random(2, layer.classes[::-1])
    assert_array_equal(backwards.encode(columns), backwards.encode(given))


def test_columns_that_pandas_counts_are_matched_where_a_layer_has_their_numbers_as_names():
    pd = pytest.importorskip("pandas")
    counted = pd.DataFrame(X)
    layer = dr.train(LAYER, counted[[1, 0]], LABELS, DESCENT, "direct").layer
    assert layer.input_names == (1, 0)
    assert_array_equal(layer.synaptic_input(counted), layer.synaptic_input(counted[[1, 0]]))


def test_one_neuron_for_two_classes_reads_columns_that_are_named_after_them():
    layer = dr.LogisticLayer([[1.0]], [0.0], classes=["no", "yes"])
    no, yes = [1, 0, 1], [0, 1, 0]
    for frame in ({"no": no, "yes": yes}, {"yes": yes, "no": no}, {"no": no}, {"yes": yes}, {"answer": yes}):
        assert layer.encode(pa.table(frame)).ravel().tolist() == yes


def test_the_layer_of_an_optimum_knows_the_columns_of_its_inputs():
    a, b = [0.0, 1.0, 2.0, 5.0], [1.0, 0.0, 4.0, 1.0]
    found = dr.optimum(dr.LinearLayer([[0.0], [0.0]], [0.0]), pa.table({"a": a, "b": b}), [1.0, 2.0, 3.0, 5.0], DESCENT)
    assert found.layer.input_names == ("a", "b")
    assert_array_equal(found.layer.predict(pa.table({"b": b, "a": a})), found.layer.predict(np.column_stack([a, b])))


def test_scores_match_the_columns_of_targets_and_predictions_by_name():
    targets, predicted = pa.table({"a": [1.0, 2.0], "b": [5.0, 7.0]}), pa.table({"b": [5.0, 7.0], "a": [1.0, 3.0]})
    assert mean_square_error(targets, predicted).tolist() == [0.5, 0]
    assert r2(targets, predicted).tolist() == [-1, 1]
    other = predicted.rename_columns(["y1", "y2"])  # other names: as the columns stand
    assert mean_square_error(targets, other).tolist() == [20.5, 16]


class Unreadable(list):
    """A list that cannot be gone through."""

    def __iter__(self):
        raise RuntimeError("no")

    def __len__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize("given", [Unreadable(X), [Unreadable(row) for row in X]])
def test_lists_that_raise_are_refused(given):
    with pytest.raises(dr.InputError, match="Give a list or an array"):
        LAYER.predict(given)
    with pytest.raises(dr.InputError):
        LAYER.encode(given)


def test_rows_that_are_series_have_their_entries_in_one_order():
    pd = pytest.importorskip("pandas")
    rows = [row for _, row in pd.DataFrame(X, columns=["a", "b"]).iterrows()]
    assert_array_equal(numbers("inputs", rows, 2), X)
    assert_array_equal(numbers("inputs", [pd.Series(X[0]), pd.Series(X[1], index=[5, 6])], 2), X[:2])
    with refused("inputs", "same order in each row", "row 2 as in ['b', 'a']", "Give pandas.DataFrame(rows)."):
        numbers("inputs", [rows[0], rows[1][["b", "a"]]], 2)


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_very_many_digits_in_a_frame_is_shown_in_short(digits):
    pd = pytest.importorskip("pandas")
    with pytest.raises(dr.InputError, match="in column 'a', row 2") as caught:
        LAYER.predict(pd.DataFrame({"a": [1, 10**digits], "b": [1, 2]}))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("labels", [5, np.array(1), pa.table({"a": [1, 0, 0, 1], "b": [0, 1, 1, 0]}), {"a", "b"}])
def test_a_stratified_split_takes_labels_only(labels):
    with pytest.raises(dr.InputError, match="be a list of labels"):
        split(4, 0.5, 1, stratified=True, labels=labels)
    for given in (LABELS, pa.array(LABELS), pa.table({"y": LABELS}), np.array(LABELS)[:, None]):
        assert_array_equal(np.sort(np.concatenate(split(4, 0.5, 1, stratified=True, labels=given))), range(4))
