"""Tables whose columns are parts, and vectors whose entries bear names."""

from __future__ import annotations

import pytest

from deltarule.marking import read_answer
from deltarule.problem import problem_from
from problem_files import four_patterns, numbers_problem

SOFTMAX = four_patterns()
ONE_NEURON = problem_from(numbers_problem())


@pytest.fixture
def read(tmp_path):
    def reading(text, name="a.md", of=SOFTMAX):
        (tmp_path / name).write_text(text, "utf-8")
        answer = read_answer(tmp_path / name, of)
        return {str(part): given.values.tolist() for part, given in answer.parts.items()}, answer.faults

    return reading


ITERATIONS = {
    "iteration.1.errors": 3.0, "iteration.1.cost": 3.25, "iteration.2.errors": 2.0, "iteration.2.cost": 2.5,
}  # fmt: skip


@pytest.mark.parametrize("first", ["Iteration", "it.", "Iter", "Itération"])
def test_a_row_an_iteration_gives_costs_and_errors(read, first):
    table = f"| {first} | J | **errors** |\n|---|--:|--:|\n| 1 | 3.25 | 3 |\n| 2 | 2.5 | 2 |\n"
    assert read(f"# Costs\n\n{table}\nThe cost falls.\n") == (ITERATIONS, {})
    assert read(f"{first};J;errors\n1;3,25;3\n2;2,5;2\n", "answer.csv") == (ITERATIONS, {})


def test_a_row_a_pattern_gives_the_columns_of_one_neuron(read):
    table = (
        "| p | U | delta |\n|---|---|---|\n| 2 | 1 | -2 |\n| 1 | 0.5 | -0.5 |\n| 4 | 2 | -3.5 |\n| 3 | 1.5 | -1.5 |\n"
    )
    expected = {
        "iteration.1.synaptic_inputs": [[0.5], [1], [1.5], [2]],
        "iteration.1.delta": [[-0.5], [-2], [-1.5], [-3.5]],
    }
    assert read(f"## Iteration 1\n\n{table}\n", of=ONE_NEURON) == (expected, {})


def test_a_row_of_names_above_a_row_of_figures_gives_each(read):
    assert read("## Iteration 1\n\n| J | errors |\n|---|---|\n| 3.25 | 3 |\n") == (
        {"iteration.1.errors": 3.0, "iteration.1.cost": 3.25},
        {},
    )


def test_columns_of_several_neurons_are_asked_back(read):
    table = "| p | U | Y |\n|---|---|---|\n" + "".join(f"| {p} | 0.5 | 0.6 |\n" for p in range(1, 5))
    parts, faults = read(f"## Iteration 1\n\n{table}\nJ = 3.25\n")
    assert parts == {"iteration.1.cost": 3.25}
    assert {*faults} == {"iteration.1.synaptic_inputs", "iteration.1.outputs"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "[iteration.1]\nb = {C = 3, A = 1, B = 2}\n"),
        ("a.json", '{"iteration": {"1": {"b": {"C": 3, "A": 1, "B": 2}}}}'),
        ("a.txt", "Iteration 1\nb = {'C': 3, 'A': 1, 'B': 2}\n"),
        ("a.txt", "Iteration 1\nb: [C: 3, A: 1, B: 2]\n"),
        ("a.txt", "Iteration 1\nb: C → 3, A → 1, B → 2\n"),
        ("a.txt", "Iteration 1\nb(0) = (0.1, 0, -0.1)\nb(1) = (1, 2, 3)\n"),
    ],
)
def test_entries_bear_the_names_of_their_classes(read, name, text):
    assert read(text, name) == ({"iteration.1.biases": [1, 2, 3]}, {})


@pytest.mark.parametrize(
    "written",
    ["p1: A, p2: B, p3: C, p4: A", "p3 → C, p1 → A, p2 → B, p4 → A", "(A, B, C, A)^T", "1: A; 2: B; 3: C; 4: A"],
)
def test_predicted_classes_in_a_line_may_have_numbers(read, written):
    assert read(f"Iteration 1\npredicted: {written}\n") == ({"iteration.1.predicted": [0, 1, 2, 0]}, {})


def test_predicted_classes_may_stand_below_the_numbers_of_the_patterns(read):
    table = "| pattern | 1 | 2 | 3 | 4 |\n|---|---|---|---|---|\n| predicted | A | B | C | A |\n"
    assert read(f"## Iteration 1\n\n{table}") == ({"iteration.1.predicted": [0, 1, 2, 0]}, {})


@pytest.mark.parametrize("written", ["1/2, 1, 3/4", "[1/2, 1, 3/4]", "[½, 1, 3]", "[O.5, 1, 2]", "1 | x | 3"])
def test_what_is_no_figure_in_a_list_is_asked_back(read, written):
    parts, faults = read(f"Iteration 1\nb = {written}\nJ = 3.25\n")
    assert parts == {"iteration.1.cost": 3.25}
    assert "must hold numbers" in faults["iteration.1.biases"]
