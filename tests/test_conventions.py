"""Conventions: what the house writes one way, in each of the ways that an instructor may write it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from deltarule.conventions import BIASES, DELTAS, HOUSE, WEIGHTS, Conventions
from deltarule.errors import InputError

ALL = [Conventions(*values) for values in product(DELTAS, WEIGHTS, BIASES)]
W, B = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [7.0, 8.0, 9.0]


@pytest.mark.parametrize(
    ("weights", "biases", "written"),
    [
        ("inputs x neurons", "vector", [[1, 2, 3], [4, 5, 6]]),
        ("neurons x inputs", "vector", [[1, 4], [2, 5], [3, 6]]),
        ("inputs x neurons", "first column", [[7, 8, 9], [1, 2, 3], [4, 5, 6]]),
        ("inputs x neurons", "last column", [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        ("neurons x inputs", "first column", [[7, 1, 4], [8, 2, 5], [9, 3, 6]]),
        ("neurons x inputs", "last column", [[1, 4, 7], [2, 5, 8], [3, 6, 9]]),
    ],
)
def test_weights_and_biases_stand_where_the_conventions_say(weights, biases, written):
    found = Conventions(weights=weights, biases=biases).written({"weights": W, "biases": B})
    assert found["weights"].tolist() == written
    assert ("biases" in found) == (biases == "vector")


def test_delta_changes_its_sign_and_no_gradient_does():
    parts = {"delta": [[1.0, 0.0]], "weight_gradient": [[2.0, -3.0]], "bias_gradient": [1.0, 0.0]}
    found = Conventions(delta="D - Y").written(parts)
    assert {name: np.asarray(value).tolist() for name, value in found.items()} == parts | {"delta": [[-1.0, 0.0]]}
    assert not np.signbit(found["delta"][0, 1])  # no -0.0


def test_a_column_of_ones_stands_in_x_where_the_weights_hold_the_biases():
    X = [[2.0, 3.0], [4.0, 5.0]]
    assert Conventions(biases="first column").with_ones(X).tolist() == [[1, 2, 3], [1, 4, 5]]
    assert Conventions(biases="last column").with_ones(X).tolist() == [[2, 3, 1], [4, 5, 1]]
    assert HOUSE.with_ones(X).tolist() == X


@pytest.mark.parametrize("conventions", ALL, ids=str)
@given(data=st.data())
def test_what_is_written_and_read_again_is_the_same_to_the_last_bit(conventions, data):
    P, N, K = (data.draw(st.integers(1, 4)) for _ in range(3))
    numbers = st.floats(-1e300, 1e300)
    shapes = {"inputs": (P, N), "synaptic_inputs": (P, K), "delta": (P, K), "weights": (N, K), "biases": (K,)}
    shapes |= {"weight_gradient": (N, K), "bias_gradient": (K,)}
    parts = {name: data.draw(arrays(float, shape, elements=numbers)) for name, shape in shapes.items()}
    written = conventions.written(parts)
    assert {name: value.shape for name, value in written.items()} == {
        name: conventions.shape(name, shape) for name, shape in shapes.items() if conventions.writes(name)
    }
    again = conventions.internal(written)
    assert again.keys() == parts.keys()
    for name, value in parts.items():
        np.testing.assert_array_equal(again[name], value)


@pytest.mark.parametrize("conventions", ALL, ids=str)
def test_every_convention_computes_the_same_synaptic_inputs(conventions):
    rng = np.random.default_rng(0)
    X, weights, biases = rng.normal(size=(5, 2)), rng.normal(size=(2, 3)), rng.normal(size=3)
    written = conventions.written({"inputs": X, "weights": weights, "biases": biases})
    W = written["weights"].T if conventions.weights == "neurons x inputs" else written["weights"]
    U = written["inputs"] @ W + written.get("biases", 0.0)
    np.testing.assert_allclose(U, X @ weights + biases, rtol=1e-13)  # the sums have another order


def test_a_part_that_is_not_written_by_itself_names_the_part_that_holds_it():
    first = Conventions(biases="first column")
    assert [first.part_of(part) for part in ("biases", "bias_gradient", "cost")] == [
        "weights",
        "weight_gradient",
        "cost",
    ]
    assert first.shape("biases", (3,)) is None
    assert HOUSE.part_of("biases") == "biases"


def test_only_what_differs_is_said():
    assert HOUSE.sentences == ()
    assert Conventions("D - Y", "neurons x inputs", "last column").sentences == (
        "delta has D - Y, so that it is -dJ/dU",
        "W has a row for each neuron and a column for each input",
        "X has a last column of ones, and the biases are the last column of W",
    )


@pytest.mark.parametrize("name", ["delta", "weights", "biases"])
def test_an_unknown_convention_is_refused_by_name(name):
    with pytest.raises(InputError, match=rf"The convention of {name} must be one of .* Got 'no'"):
        Conventions(**{name: "no"})
