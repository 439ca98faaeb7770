"""Labels of rows and columns say where these belong, in whatever order and in whatever form a table stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deltarule.marking import read_answer
from deltarule.marking.answer.file import answer_for
from deltarule.marking.answer.text_blocks import text_document
from deltarule.marking.rework.exercise import Exercise
from problem_files import four_patterns

FULL = four_patterns()
# Its first batch has the patterns 3, 1 and 2 in some order, or others.
BATCHES = four_patterns(descent={"batch_size": 3, "seed": 4})
U = [[1.25, 2.5, 3.75], [4.25, 5.5, 6.75], [7.25, 8.5, 9.75], [-1.25, -2.5, -3.75]]
ROW = "{0}  {1}  {2}"


def in_text(labels, rows):
    return "U:\n" + "\n".join(f"{label}:  {ROW.format(*row)}" for label, row in zip(labels, rows, strict=True))


def in_markdown(labels, rows):
    lines = [f"| {label} | {' | '.join(map(str, row))} |" for label, row in zip(labels, rows, strict=True)]
    return "**U**\n\n| | A | B | C |\n|---|---|---|---|\n" + "\n".join(lines)


def in_latex(labels, rows):
    lines = [f"{label} & {' & '.join(map(str, row))}" for label, row in zip(labels, rows, strict=True)]
    return "$U = \\begin{array}{c|ccc} & A & B & C \\\\ " + " \\\\ ".join(lines) + " \\end{array}$"


def in_tabs(labels, rows):
    lines = ["\t".join([label, *map(str, row)]) for label, row in zip(labels, rows, strict=True)]
    return "U\tA\tB\tC\n" + "\n".join(lines)


FORMS = (in_text, in_markdown, in_latex, in_tabs)


def read(text, problem=FULL):
    answer = answer_for(Exercise.of(problem), text_document(f"Iteration 1\n\n{text}\n\n"))
    return {name.part: part.values.tolist() for name, part in answer.parts.items()}, answer.faults


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", ["p{}", "pattern {}", "x{}", "{}"])
@settings(max_examples=10)
@given(order=st.permutations(range(4)))
def test_rows_with_numbers_stand_in_the_order_of_these(form, label, order):
    text = form([label.format(place + 1) for place in order], [U[place] for place in order])
    assert read(text) == ({"synaptic_inputs": U}, {})


@pytest.mark.parametrize("form", FORMS)
def test_rows_may_be_counted_from_0(form):
    assert read(form(["p2", "p0", "p1", "p3"], [U[2], U[0], U[1], U[3]])) == ({"synaptic_inputs": U}, {})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("labels", [["p1", "p3", "p3", "p4"], ["p1", "p2", "p4", "p3.5"], ["p9", "p8", "p7", "p6"]])
def test_numbers_that_are_not_those_of_the_rows_are_asked_back_or_count_nothing(form, labels):
    parts, faults = read(form(labels, U))
    assert parts in ({}, {"synaptic_inputs": U})
    if labels[0] == "p9" or labels[1] == labels[2]:
        assert "must say what each row is" in faults["iteration.1.synaptic_inputs"]


def test_rows_of_a_batch_have_the_numbers_of_its_patterns_or_are_counted():
    numbers = [int(p) + 1 for p in Exercise.of(BATCHES).batch(1)]
    rows = U[:3]
    turned = [2, 0, 1]
    own = in_text([f"p{numbers[place]}" for place in turned], [rows[place] for place in turned])
    assert read(own, BATCHES) == ({"synaptic_inputs": rows}, {})
    assert 4 in numbers  # so that 1, 2, 3 are no patterns of the batch
    counted = in_text([f"p{place + 1}" for place in turned], [rows[place] for place in turned])
    assert read(counted, BATCHES) == ({"synaptic_inputs": rows}, {})


def test_numbers_that_may_be_those_of_patterns_or_count_rows_are_asked_back():
    problem = next(
        problem
        for seed in range(200)
        for problem in [four_patterns(descent={"batch_size": 3, "seed": seed})]
        if sorted(Exercise.of(problem).batch(1)) == [0, 1, 2] and list(Exercise.of(problem).batch(1)) != [0, 1, 2]
    )
    parts, faults = read(in_text(["p1", "p2", "p3"], U[:3]), problem)
    assert parts == {}
    assert "must say what each row is" in faults["iteration.1.synaptic_inputs"]


@pytest.mark.parametrize("heads", ["C A B", "class C  class A  class B", "u3 u1 u2", "C\tA\tB"])
@pytest.mark.parametrize("labelled", [True, False])
def test_columns_stand_in_the_order_of_the_words_above_them(heads, labelled):
    lines = [
        f"{f'p{place}  ' if labelled else ''}{ROW.format(row[2], row[0], row[1])}"
        for place, row in enumerate(U, start=1)
    ]
    assert read(f"U:\n{heads}\n" + "\n".join(lines)) == ({"synaptic_inputs": U}, {})


@pytest.mark.parametrize(
    "text",
    ["b: C: 3, A: 1, B: 2", "b\nC 3\nA 1\nB 2", "b =\nclass C: 3\nclass A: 1\nclass B: 2", "b\tC\tA\tB\n\t3\t1\t2"],
)
def test_entries_of_a_vector_stand_in_the_order_of_their_classes(text):
    assert read(text) == ({"biases": [1, 2, 3]}, {})


@pytest.mark.parametrize(
    "text",
    [
        "predicted:\np3: C\np1: A\np4: A\np2: B",
        "predicted\n2   C\n0   A\n3   A\n1   B",
        "**predicted**\n\n| pattern | class |\n|---|---|\n| 3 | C |\n| 1 | A |\n| 4 | A |\n| 2 | B |",
        "**predicted**\n\n| p | class |\n|---|---|\n| p3 | C |\n| p1 | A |\n| p4 | A |\n| p2 | B |",
        "predicted:\n3) C\n1) A\n4) A\n2) B",
    ],
)
def test_predicted_classes_stand_in_the_order_of_their_patterns(text):
    assert read(text) == ({"predicted": [0, 1, 2, 0]}, {})


def test_rows_of_csv_stand_in_the_order_of_their_numbers(tmp_path):
    lines = [f"p{place + 1};{';'.join(map(str, U[place]))}" for place in (2, 0, 3, 1)]
    path = tmp_path / "iteration.1.U.csv"
    for head in (";A;B;C", "p;A;B;C"):
        for rows in (lines, [line[1:] for line in lines]):
            path.write_text("\n".join([head, *rows]).replace(".", ","), "utf-8")
            assert np.array_equal(read_answer(path, FULL).parts["iteration.1.synaptic_inputs"].values, U)


def test_a_first_column_of_figures_below_a_class_called_n_is_no_number_of_a_row(tmp_path):
    problem = four_patterns(targets=["n", "p", "n", "p"], columns=2)
    path = tmp_path / "iteration.1.U.csv"
    path.write_text("n;p\n5,5;1\n6;2\n7;3\n8;4\n", "utf-8")
    assert read_answer(path, problem).parts["iteration.1.synaptic_inputs"].values.tolist() == [
        [5.5, 1],
        [6, 2],
        [7, 3],
        [8, 4],
    ]
