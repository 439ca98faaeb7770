"""An answer that its reader refuses is read part by part: what is missing in one part costs no other."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from by_hand import SOFTMAX, page
from deltarule.errors import AnswerError
from deltarule.marking import read_answer

# A right answer to five patterns of three classes.
PARTS = page(SOFTMAX)["iteration"]["1"]
MATRICES = [name for name, value in PARTS.items() if isinstance(value, list)]


def toml(parts):
    lines = [f"{name} = {text}" for name, text in parts.items()]
    return "\n".join(["decimals = 2", "[iteration.1]", *lines, "[convergence]", "updates = 4"])


def json_text(parts):
    inner = ", ".join(f'"{name}": {text}' for name, text in parts.items())
    return f'{{"decimals": 2, "iteration": {{"1": {{{inner}}}}}, "convergence": {{"updates": 4}}}}'


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")

    def reading(text, name="a.toml", of=SOFTMAX):
        (folder / name).write_text(text, "utf-8")
        return read_answer(folder / name, of)

    return reading


def others_are_read(answer, name):
    assert set(answer.faults) <= {f"iteration.1.{name}"}
    for part, value in PARTS.items():
        if part not in (name, "predicted"):
            np.testing.assert_array_equal(answer.parts[f"iteration.1.{part}"].values.ravel(), np.ravel(value))
    assert answer.parts["convergence.updates"].values == 4
    assert answer.decimals == 2


@pytest.mark.parametrize(("form", "name"), [(toml, "a.toml"), (json_text, "a.json")])
@settings(max_examples=60)
@given(data=st.data())
def test_a_sign_that_is_missing_costs_its_part_alone(read, form, name, data):
    part = data.draw(st.sampled_from(MATRICES))
    text = json.dumps(PARTS[part])
    gone = data.draw(st.sampled_from([at for at, sign in enumerate(text) if sign in '[],"']))
    parts = {key: json.dumps(value) for key, value in PARTS.items()} | {part: text[:gone] + text[gone + 1 :]}
    others_are_read(read(form(parts), name), part)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "[[0.1, 0.2",
        "0.1 0.2]",
        "[[0,1, 0,2, 0,3]]",
        "(see the sheet)",
        '"open',
        "'''open",
        "{a = 1",
        "[[0.1 0.2]\n [0.3",
        "#",
    ],
)
@pytest.mark.parametrize("part", ["outputs", "weights"])
def test_whatever_stands_for_a_part_costs_that_part_alone(read, value, part):
    parts = {key: json.dumps(entries) for key, entries in PARTS.items()} | {part: value}
    answer = read(toml(parts))
    others_are_read(answer, part)
    assert f"iteration.1.{part}" not in answer.parts


@pytest.mark.parametrize(
    "text",
    [
        "[iteration.1\ncost = 4.5\n[convergence]\nupdates = 4",
        "[iteration 1]\ncost = 4.5\n[convergence\nupdates = 4",
        "[[iteration.1]]\ncost = 4.5\n[convergence]\nupdates = 4",
        "iteration.1.cost = 4.5\nconvergence.updates = 04",
        "iteration.1 = {cost = 4.5, }\nconvergence = {updates = 4\n",
        "iteration = {\n 1 = {\n  cost = 4.5,\n }\n}\n[convergence]\nupdates: 4",
        "[Iteration1] # mine\ncost = 4.5 # of all\n[CONVERGENCE]\nupdates = 4.",
        "cost = 4.5\n[convergence]\nupdates = 4",
    ],
)
def test_headings_and_keys_are_understood_in_these_forms(read, text):
    answer = read(text)
    found = {str(name): float(part.values) for name, part in answer.parts.items()}
    assert (found, answer.faults) == ({"iteration.1.cost": 4.5, "convergence.updates": 4.0}, {})


def test_a_key_that_stands_twice_in_toml_costs_its_part_alone(read):
    answer = read("[iteration.1]\ncost = 4.5\nerrors = 2\ncost = 4.5")
    assert list(answer.parts) == ["iteration.1.errors"]
    assert answer.faults == {"iteration.1.cost": "This stands twice. Keep one."}


def test_a_heading_that_stands_twice_in_toml_is_one_table(read):
    answer = read("[iteration.1]\ncost = 4.5\n[iteration.1]\nerrors = 2")
    assert (list(answer.parts), answer.faults) == (["iteration.1.errors", "iteration.1.cost"], {})


@pytest.mark.parametrize(("first", "second"), [("U", "synaptic_inputs"), ("dW", "grad_W"), ("b", "bias")])
def test_two_names_of_one_part_are_asked_back(read, first, second):
    value = {"U": PARTS["synaptic_inputs"], "dW": PARTS["weight_gradient"], "b": PARTS["biases"]}[first]
    answer = read(f"[iteration.1]\n{first} = {value}\n{second} = {value}\nJ = 1.0")
    assert list(answer.parts) == ["iteration.1.cost"]
    assert list(answer.faults.values()) == [f"This stands twice, as {first} and {second}. Keep one."]


def test_a_part_in_no_iteration_beside_iterations_is_asked_back(read):
    answer = read("J = 1.0\n[iteration.2]\nJ = 2.0")
    assert list(answer.parts) == ["iteration.2.cost"]
    assert answer.faults == {"J": "This stands in no iteration. Write it below the heading of its iteration."}


def test_a_document_of_very_many_keys_that_is_not_valid_is_refused(read):
    for name, text in (("a.toml", "k = \n" * 10_001), ("a.json", "{" + '"k": x, ' * 10_001)):
        with pytest.raises(AnswerError, match="at most 10,000 keys"):
            read(text, name)
