"""The name of a part is put together and taken apart in one place."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.parts import CONVERGENCE_PARTS, ITERATION_PARTS, PartName

NAMES = st.one_of(
    st.builds(PartName.in_iteration, st.integers(1, 10**6), st.sampled_from(ITERATION_PARTS)),
    st.builds(PartName, st.just("convergence"), st.none(), st.sampled_from(CONVERGENCE_PARTS)),
    st.builds(PartName, st.just("boundaries"), st.none(), st.text(min_size=1)),
    st.builds(PartName, st.just("metrics"), st.none(), st.sampled_from(["test_accuracy", "training_r2"])),
)


@given(NAMES)
def test_a_name_is_its_text_and_its_text_is_the_name(name):
    again = PartName.parse(str(name))
    assert again == name == str(name)
    assert (again.table, again.number, again.part) == (name.table, name.number, name.part)
    assert {name: 1}[str(name)] == 1


@given(NAMES)
def test_a_name_survives_copies_other_processes_and_json(name):
    for again in (copy.deepcopy(name), pickle.loads(pickle.dumps(name))):
        assert (type(again), again, again.table, again.number, again.part) == (
            PartName, name, name.table, name.number, name.part,
        )  # fmt: skip
    assert json.loads(json.dumps({name: name})) == {str(name): str(name)}


@pytest.mark.parametrize(
    ("text", "table", "number", "part"),
    [
        ("iteration.1", "iteration", 1, ""),
        ("iteration", "iteration", None, ""),
        ("iteration.x", "iteration", None, "x"),
        ("iteration.1.delta.4", "iteration", 1, "delta.4"),
        ("boundaries.1.5-2.5", "boundaries", None, "1.5-2.5"),
        ("cost", "cost", None, ""),
        # A number of 18 digits is one of an iteration; a longer one may not even be converted.
        (f"iteration.{'9' * 18}.delta", "iteration", 10**18 - 1, "delta"),
        (f"iteration.{'9' * 19}.delta", "iteration", None, f"{'9' * 19}.delta"),
    ],
)
def test_the_pieces_of_a_name_whole_or_not(text, table, number, part):
    name = PartName.parse(text)
    assert (name.table, name.number, name.part, str(name)) == (table, number, part, text)


def test_names_sort_as_the_parts_are_worked():
    worked = [
        "iteration.2.delta", "iteration.2.weights", "iteration.10.cost", "convergence.updates", "convergence.weights",
        "boundaries.A-B", "metrics.training_cost",
    ]  # fmt: skip
    names = [PartName.parse(text) for text in worked]
    assert sorted([*names[3:], *names[:3]], key=lambda name: name.place) == names


def test_what_a_name_says_about_its_part():
    predicted, delta = PartName.in_iteration(3, "predicted"), PartName.in_iteration(3, "delta")
    weights, accuracy = PartName("convergence", None, "weights"), PartName("metrics", None, "test_accuracy")
    assert [name.is_count for name in (predicted, delta, weights)] == [True, False, False]
    assert [name.has_rows_of_patterns for name in (predicted, delta, weights)] == [True, True, False]
    assert [name.is_parameter for name in (predicted, delta, weights)] == [False, False, True]
    assert accuracy.set_and_measure == ("test", "accuracy")
    assert delta.later(-2) == "iteration.1.delta"


def test_a_part_has_the_symbol_of_the_worked_step_or_a_word():
    symbols = [PartName.in_iteration(1, part).symbol for part in ITERATION_PARTS]
    assert symbols == ["U", "f(U)", "predicted", "errors", "cost J", "delta", "dJ/dW", "dJ/db", "V_W", "V_b", "W", "b"]
    assert PartName("convergence", None, "inputs").symbol == "patterns"
