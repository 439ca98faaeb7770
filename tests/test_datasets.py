"""The shipped data are scikit-learn's, to the last bit."""

import numpy as np
import pytest
from sklearn.datasets import load_iris, load_linnerud

from deltarule.datasets import NAMES, load
from deltarule.errors import InputError


def test_iris_is_scikit_learns():
    ours, theirs = load("iris"), load_iris()
    assert ours.inputs.dtype == np.float64
    assert np.array_equal(ours.inputs, theirs.data)
    assert np.array_equal(ours.targets, theirs.target_names[theirs.target])
    assert ours.input_names == ("sepal_length", "sepal_width", "petal_length", "petal_width")
    assert [f"{name.replace('_', ' ')} (cm)" for name in ours.input_names] == theirs.feature_names
    assert ours.target_names == ("species",)


def test_linnerud_is_scikit_learns():
    ours, theirs = load("linnerud"), load_linnerud()
    assert ours.inputs.dtype == ours.targets.dtype == np.float64
    assert np.array_equal(ours.inputs, theirs.data)
    assert np.array_equal(ours.targets, theirs.target)
    assert [name.capitalize() for name in ours.input_names] == theirs.feature_names
    assert [name.capitalize() for name in ours.target_names] == theirs.target_names


@pytest.mark.parametrize("name", NAMES)
def test_each_set_says_where_it_is_from(name):
    assert load(name).name == name
    assert "(19" in load(name).source  # author and year


def test_a_set_has_a_short_repr():
    inputs = "('chins', 'situps', 'jumps')"
    assert (
        repr(load("linnerud"))
        == f"<Dataset 'linnerud' of 20 patterns: inputs {inputs}, targets ('weight', 'waist', 'pulse')>"
    )


@pytest.mark.parametrize(("name", "got"), [("irsi", "'irsi'"), (3, "3"), ("Iris", "'Iris'")])
def test_an_unknown_set_names_the_nearest(name, got):
    with pytest.raises(InputError, match=rf"^The data set must be one of iris, linnerud\. Got {got}\. ") as caught:
        load(name)
    assert caught.value.remedy in {"Did you mean 'iris'?", "Known: iris, linnerud."}
