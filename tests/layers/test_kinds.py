"""A table with one row a kind: the nearest class decides, and a changed formula makes another kind."""

from dataclasses import dataclass

import pytest

from deltarule.layers import KINDS, AdalineLayer, LinearLayer, LogisticLayer, RosenblattLayer, kind_name, row_of
from deltarule.layers.kinds import FORMULAS
from samples import NAMES, sample

TABLE = {kind: kind.__name__ for kind in (*KINDS.values(), AdalineLayer, RosenblattLayer)}


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_has_the_row_of_its_kind(name):
    layer = sample(name).layer
    assert row_of(TABLE, layer) == type(layer).__name__


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_with_a_row_of_its_own_bears_the_word_of_its_kind(name):
    layer = sample(name).layer
    assert kind_name(layer) == layer.kind


def test_adaline_does_not_have_the_row_of_a_layer_that_predicts_numbers():
    assert row_of({LinearLayer: "linear"}, sample("adaline, one neuron").layer) is None


def test_a_kind_without_a_row_has_none():
    assert row_of({LogisticLayer: "logistic"}, LinearLayer([[1.0]], [0.0])) is None


def test_a_derived_class_has_the_row_of_the_nearest_base():
    @dataclass(frozen=True, eq=False)
    class Derived(LinearLayer):
        label: str = ""

    assert row_of(TABLE, Derived([[1.0]], [0.0])) == "LinearLayer"
    assert row_of(TABLE | {Derived: "own"}, Derived([[1.0]], [0.0])) == "own"


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_derived_class_that_changes_a_formula_is_a_kind_of_its_own(formula):
    changed = type("Changed", (LinearLayer,), {formula: lambda *_: None})
    layer = object.__new__(changed)
    assert row_of(TABLE, layer) is None
    assert row_of(TABLE | {changed: "own"}, layer) == "own"
