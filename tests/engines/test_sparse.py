"""Descent on sparse inputs gives what dense ones give, to rounding, and never makes them dense."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import coo_array, csc_array, csc_matrix, csr_array, csr_matrix, random_array

import deltarule as dr
from deltarule.errors import InputError
from samples import NAMES, sample

# What is added to the plain mini-batches of each kind.
OPTIONS = {
    "mini-batches": {"batch_size": 4},
    "full batch": {},
    "one by one, as given": {"batch_size": 1, "order": "given"},
    "decay": {"batch_size": 4, "weight_decay": 0.3},
    "decay of biases, a mean": {"batch_size": 4, "weight_decay": 0.3, "decay_biases": True, "reduction": "mean"},
    "half-mean, a schedule": {"batch_size": 7, "reduction": "half-mean", "schedule": dr.Schedule("cosine")},
    "momentum": {"batch_size": 4, "weight_decay": 0.1, "momentum": 0.9},
    "Nesterov": {"momentum": 0.5, "nesterov": True},
}


def thinned(name, dtype=np.float64, seed=0):
    """A sample of a kind of layer, with two thirds of the inputs 0, and a column and a row of zeros."""
    made = sample(name, patterns=30, inputs=7, seed=seed, dtype=dtype)
    X = np.where(np.random.default_rng(seed).random(made.X.shape) < 2 / 3, 0, made.X).astype(dtype)
    X[:, 2] = 0
    X[5] = 0
    return made.layer, X, made.targets


def assert_same(sparse, dense, rtol=1e-9):
    assert sparse.outcome.epochs == dense.outcome.epochs
    assert sparse.outcome.reason is dense.outcome.reason
    assert_allclose(sparse.layer.weights, dense.layer.weights, rtol=rtol, atol=rtol)
    assert_allclose(sparse.layer.biases, dense.layer.biases, rtol=rtol, atol=rtol)
    assert_allclose(sparse.history.cost, dense.history.cost, rtol=rtol, atol=rtol)
    if dense.history.errors is not None:
        assert_array_equal(sparse.history.errors, dense.history.errors)


@pytest.mark.kernels
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_layer_descends_as_with_dense_inputs(name, options):
    layer, X, targets = thinned(name)
    weights = 1.0 + np.arange(30) % 3
    descent = dr.Descent(0.02, 12, **options)
    dense = dr.train(layer, X, targets, descent, "direct", sample_weight=weights)
    for engine in ("compiled", "direct"):
        run = dr.train(layer, csr_array(X), targets, descent, engine, sample_weight=weights)
        assert run.engine == engine
        assert_same(run, dense)


@pytest.mark.kernels
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_float32_and_layers_without_biases(options):
    layer, X, targets = thinned("softmax", np.float32)
    descent = dr.Descent(0.02, 12, **options | {"decay_biases": False})
    run, dense = (
        dr.train(layer, Z, targets, descent, engine) for Z, engine in ((csr_array(X), "compiled"), (X, "direct"))
    )
    assert run.layer.dtype == np.float32
    assert_same(run, dense, rtol=1e-4)
    bare = dr.SoftmaxLayer(layer.weights.astype(float), None, classes=layer.classes)
    run, dense = (
        dr.train(bare, Z, targets, descent, engine) for Z, engine in ((csr_array(X), "compiled"), (X, "direct"))
    )
    assert_same(run, dense)
    assert not run.layer.has_biases


def test_sums_over_many_patterns_in_float32_keep_what_float64_keeps():
    rng = np.random.default_rng(0)
    X = random_array((5_000, 5), density=0.3, rng=rng, dtype=np.float32).tocsr()
    targets = (X @ np.ones((5, 1)) + 1.0).astype(np.float32)
    descent = dr.Descent(0.2, 20, reduction="mean")
    exact = dr.train(dr.LinearLayer(np.zeros((5, 1)), [0.0]), X.astype(np.float64), targets, descent, "direct")
    for engine in ("compiled", "direct"):
        run = dr.train(dr.LinearLayer(np.zeros((5, 1), np.float32), [0.0]), X, targets, descent, engine)
        assert_allclose(run.layer.weights, exact.layer.weights, rtol=1e-6)


@pytest.mark.kernels
@pytest.mark.parametrize("rate", [1.0, 1.5, 1.999999, 2.5, 1e-3])
def test_a_decay_that_takes_all_turns_signs_or_grows_is_exact(rate):
    layer, X, targets = thinned("linear")
    descent = dr.Descent(rate, 60, 10, weight_decay=1.0, reduction="mean")
    tiny = 1e-4 * X  # so that it is the decay that moves the weights
    run, dense = (
        dr.train(layer, Z, targets, descent, engine) for Z, engine in ((csr_array(tiny), "compiled"), (tiny, "direct"))
    )
    assert_same(run, dense)


@pytest.mark.kernels
def test_a_validation_set_patience_and_tolerance_work_as_with_dense_inputs():
    layer, X, targets = thinned("softmax", seed=3)
    for options in ({"patience": 5}, {"patience": 9, "monitor": "accuracy"}, {"tolerance": 1e-2}):
        descent = dr.Descent(0.5, 300, 5, weight_decay=0.01, **options)
        run, dense = (
            dr.train(layer, form(X), targets, descent, engine, validation=(form(X[:9]), targets[9:18]))
            for form, engine in ((csr_array, "compiled"), (np.asarray, "direct"))
        )
        assert run.outcome.epochs < 300
        assert_same(run, dense)
        assert_allclose(run.history.validation_cost, dense.history.validation_cost, rtol=1e-9)


@pytest.mark.kernels
def test_a_run_that_diverges_ends_with_its_last_finite_layer():
    layer, X, targets = thinned("linear")
    run, dense = (
        dr.train(layer, Z, targets, dr.Descent(50.0, 500, 10), engine)
        for Z, engine in ((csr_array(X), "compiled"), (X, "direct"))
    )
    assert run.outcome.reason is dense.outcome.reason is dr.Reason.COST_NOT_FINITE
    assert run.outcome.epochs == dense.outcome.epochs
    assert np.isfinite(run.layer.weights).all()


@pytest.mark.kernels
@pytest.mark.parametrize("form", [csr_array, csc_array, csr_matrix, csc_matrix, coo_array])
def test_forms_duplicates_and_read_only_arrays_are_one(form):
    layer, X, targets = thinned("softmax")
    expected = dr.train(layer, X, targets, dr.Descent(0.1, 5, 8), "direct").layer.weights
    assert_allclose(dr.train(layer, form(X), targets, dr.Descent(0.1, 5, 8)).layer.weights, expected, rtol=1e-9)
    half = csr_array(X / 2)
    twice = coo_array(
        (np.concatenate([half.data] * 2), tuple(np.concatenate([part] * 2) for part in half.tocoo().coords)),
        shape=X.shape,
    )
    assert_allclose(dr.train(layer, twice, targets, dr.Descent(0.1, 5, 8)).layer.weights, expected, rtol=1e-9)
    locked = csr_array(X)
    for part in (locked.data, locked.indices, locked.indptr):
        part.flags.writeable = False
    before = locked.toarray()
    assert_allclose(dr.train(layer, locked, targets, dr.Descent(0.1, 5, 8)).layer.weights, expected, rtol=1e-9)
    assert_array_equal(locked.toarray(), before)


def test_memory_is_that_of_the_entries_and_the_weights():
    rng = np.random.default_rng(0)
    X = random_array((4_000, 20_000), density=0.001, rng=rng).tocsr()  # 640 MB if dense
    layer = dr.SoftmaxLayer(np.zeros((20_000, 4)), np.zeros(4), classes=range(4))
    dr.train(layer, X[:100], np.arange(100) % 4, dr.Descent(0.1, 1, 50, weight_decay=0.1))
    tracemalloc.start()
    dr.train(layer, X, np.arange(4_000) % 4, dr.Descent(0.1, 2, 50, weight_decay=0.1))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20e6  # W is 0.64 MB, the entries 1.3 MB


@pytest.mark.parametrize(
    ("X", "engine", "message"),
    [
        (csr_array((3, 6)), "compiled", "inputs must have 7 columns, one for each input of the layer. Got 6"),
        (csr_array((0, 7)), "compiled", "inputs must have at least one row"),
        (csr_array(np.full((3, 7), np.nan)), "direct", "inputs must"),
        (csr_array(np.eye(3, 7) * 1j), "compiled", "inputs must"),
        (csr_array(np.eye(3, 7)), "autograd", "engine must be one that takes sparse inputs. Got 'autograd'"),
    ],
)
def test_sparse_inputs_that_do_not_fit_are_refused(X, engine, message):
    layer, _, targets = thinned("softmax")
    with pytest.raises(InputError, match=message):
        dr.train(layer, X, targets[: X.shape[0]], dr.Descent(0.1, 2), engine)


def test_a_file_in_memory_is_dense(tmp_path):
    layer, X, targets = thinned("softmax")
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    run, dense = (dr.train(layer, Z, targets, dr.Descent(0.1, 3), "direct") for Z in (mapped, X))
    assert_array_equal(run.layer.weights, dense.layer.weights)
