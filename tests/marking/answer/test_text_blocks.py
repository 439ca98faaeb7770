"""Answers in plain text, Markdown and LaTeX: what is a part's is found among prose and formulas, and nothing else is taken."""

from __future__ import annotations

import json

import numpy as np
import pytest

from deltarule.errors import AnswerError
from deltarule.marking import check, read_answer
from deltarule.marking.answer.text_blocks import text_document
from problem_files import four_patterns

SOFTMAX = four_patterns()
FIRST, SECOND = [[1.0, 2.0, 3.0]] * 4, [[0.5, -0.25, 0.0]] * 4


def test_a_class_that_is_called_as_a_part_keeps_its_column_and_its_row_in_a_table():
    table = "|  | x1 | x2 |\n|---|---|---|\n| A | 1 | 2 |\n| B | 3 | 4 |\n| C | 5 | 6 |"
    assert text_document(f"# Iteration 1\nW:\n\n{table}\n") == {"iteration": {"1": {"weights": table}}}
    table = "| B | A | C |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |"
    assert text_document(f"# Iteration 1\nY:\n\n{table}\n") == {"iteration": {"1": {"outputs": table}}}


def test_a_table_of_parts_below_the_name_of_its_first_has_each_of_them():
    table = "| part | A | B |\n|---|---|---|\n| W | 1 | 2 |\n| b | 3 | 4 |"
    found = text_document(f"# Iteration 1\nW:\n\n{table}\n")["iteration"]["1"]
    assert found["biases"] == "| 3 | 4 |"


@pytest.fixture
def read(tmp_path):
    def reading(text, name="a.txt", of=SOFTMAX):
        (tmp_path / name).write_text(text, "utf-8")
        return read_answer(tmp_path / name, of)

    return reading


def figures(answer):
    return {str(name): part.values.tolist() for name, part in answer.parts.items()}


U = """U = X W + b = [[0.5 -0.25 0.]
     [0.5 -0.25 0.]
     [0.5 -0.25 0.]
     [0.5 -0.25 0.]]"""
LATEX_U = r"\begin{bmatrix} " + r" \\ ".join([r"0.5 & -0.25 & 0"] * 4) + r" \end{bmatrix}"
TABLE = "| A | B | C |\n|--:|--:|--:|\n" + "| 0.5 | −0.25 | 0.0 |\n" * 4


@pytest.mark.parametrize(
    "text",
    [
        f"Iteration 1\n-----------\n{U}\nErrors: 3 of 4 patterns\nSo the cost is J = -sum ln y = 12.29.",
        f"First iteration:\n\n1. {U}\n2. errors = 3, cost = 12.29",
        f"# Ada Lovelace\n## Iteration 1\nWe work it.\n\n{U.replace('[[', '[[ ')}\n\n**Errors:** 3\n\n`J` ≈ 12.29 (rounded)",
        f"## Iteration 1\n### U\n\nThese are all:\n\n{TABLE}\n| part | value |\n|---|---|\n| errors | 3 |\n| J | 12,29 |",
        f"\\section{{Iteration 1}}\n\\[ U = XW + b = {LATEX_U}. \\]\nThere are $\\text{{errors}} = 3$ and $J = 12{{,}}29$.",
        f"\\begin{{align*}}\nU &= X W + b \\\\\n  &= {LATEX_U} \\\\\n\\text{{errors}} &= 3 \\\\\nJ &= 12.29\n\\end{{align*}}",
        f"```python\nU = np.array({[[0.5, -0.25, 0.0]] * 4},\n             dtype=float)\nerrors = 3\n```\ncost: 12.29",
        f"iteration.1.U = {[[0.5, -0.25, 0.0]] * 4}\niteration.1.errors = 3\niteration.1.J = 12.29",
        f"[iteration.1]\nU = {[[0.5, -0.25, 0.0]] * 4}\nerrors = 3\ncost = 12.29",
        "U:\n0.5, -0.25, 0\n0.5, -0.25, 0\n0.5, -0.25, 0\n0.5, -0.25, 0\n\nerrors: 3\nJ: 12.29",
        "U:\n0,5 -0,25 0,0\n0,5 -0,25 0,0\n0,5 -0,25 0,0\n0,5 -0,25 0,0\nerrors: 3\nJ: 12,29",
        "U =\n[0.5 -0.25 0.0]\n[0.5 -0.25 0.0]\n[0.5 -0.25 0.0]\n[0.5 -0.25 0.0]\nerrors: 3\nJ: 1.229e1",
        json.dumps({"iteration": {"1": {"U": SECOND, "errors": 3, "J": 12.29}}}),
    ],
    ids=range(13),
)  # fmt: skip
def test_parts_are_found_in_these_texts(read, text):
    answer = read(text)
    expected = {"iteration.1.synaptic_inputs": SECOND, "iteration.1.errors": 3.0, "iteration.1.cost": 12.29}
    assert (figures(answer), answer.faults) == (expected, {})


@pytest.mark.parametrize("ending", ["txt", "md", "tex"])
def test_a_text_whose_name_says_a_part_is_that_part(read, ending):
    text = {"txt": "0.5 -0.25 0\n" * 4, "md": TABLE, "tex": LATEX_U}[ending]
    assert figures(read(text, f"Ada.iteration.1.U.{ending}")) == {"iteration.1.synaptic_inputs": SECOND}


@pytest.mark.parametrize("ending", ["txt", "md", "tex", "csv", "tsv"])
def test_a_part_may_lie_in_a_text_beside_the_answer(read, tmp_path, ending):
    text = {
        "txt": "0.5 -0.25 0\n" * 4,
        "md": TABLE,
        "tex": LATEX_U,
        "csv": "0,5;-0,25;0\n" * 4,
        "tsv": "0.5\t-0.25\t0\n" * 4,
    }
    (tmp_path / f"u.{ending}").write_text(text[ending], "utf-8")
    for answer in (read(f'[iteration.1]\nU = "u.{ending}"', "a.toml"), read(f"Iteration 1\nU = u.{ending}")):
        assert (figures(answer), answer.faults) == ({"iteration.1.synaptic_inputs": SECOND}, {})


def test_what_a_text_beside_the_answer_holds_is_not_told(read, tmp_path):
    (tmp_path / "u.txt").write_text("root:x:0:secret\n")
    why = read('[iteration.1]\nU = "u.txt"\nJ = 1', "a.toml").faults["iteration.1.synaptic_inputs"]
    assert "secret" not in why
    assert "root" not in why


def test_headings_say_of_which_iteration_a_part_is():
    text = "## Iteration 1\nJ = 3\n## Iteration 2\nJ = 2\n## At convergence\nJ = 1\nupdates: 5\n## Boundaries\nA-B: 1, 2, -3\n"
    assert text_document(text) == {
        "iteration": {"1": {"cost": "3"}, "2": {"cost": "2"}},
        "convergence": {"cost": "1", "updates": "5"},
        "boundaries": {"A-B": "1, 2, -3"},
    }


def test_prose_formulas_and_what_the_problem_gives_are_no_parts():
    text = """
    Iteration 1. With eta = 0.05 and X = [[1 2]
     [3 4]] we take U = XW + b, Y = softmax(U), delta = Y - D.
    j_1 = -ln(0.69) = 0.37 and u = 0.5 for the first pattern, y = 1/(1 + e^-u).
    W_0 = [[1 2]
     [3 4]]
    0.1 0.2 0.3
    D = [1 0 0]
    The sum is 3:
    4 5 6
    """
    assert text_document(text) == {}


@pytest.mark.parametrize("text", ["We could not do it.", "Iteration 1", "x", "U = X W + b"])
def test_a_text_without_parts_is_refused(read, text):
    with pytest.raises(AnswerError, match="must have parts of an answer, by their names"):
        read(text)


def test_a_part_that_has_two_values_is_asked_back_and_one_that_is_written_twice_alike_is_not(read):
    answer = read(
        "Iteration 1\nJ = 12.29\nerrors = 3\nWe see that J = 12.3 and errors = 3.\nb = 1, 2, 3\nb = [1.0 2.0 3.0]"
    )
    assert figures(answer) == {"iteration.1.errors": 3.0, "iteration.1.biases": [1.0, 2.0, 3.0]}
    assert answer.faults == {"iteration.1.cost": "This stands twice, with other values. Keep one."}


def test_the_problems_own_weights_written_down_first_are_not_those_after_the_update(read):
    W, b = SOFTMAX.layer.weights, SOFTMAX.layer.biases
    text = f"Iteration 1\nW = {W.tolist()}\nb = {b.tolist()}\nJ = 1\nW = {(W + 1).tolist()}\nNew biases b = {(b + 1).tolist()}"
    answer = read(text)
    np.testing.assert_allclose(answer.parts["iteration.1.weights"].values, W + 1)
    np.testing.assert_allclose(answer.parts["iteration.1.biases"].values, b + 1)
    assert answer.faults == {}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("[[0,5, 0,25, 0,0]]", "say which commas separate figures"),
        ("[[1 2 3]\n ...\n [1 2 3]]", "be complete"),
        ("[[1 2 3]\n [4 5 6", "close its brackets. Got 2 that are open"),
        ("[[1 2 3] [4 5 6]] [[1 2 3]]", "stand alone. Got 2 side by side"),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix} \begin{bmatrix} 3 & 4 \end{bmatrix}", "stand alone. Got 2 side by side"),
        (r"0.1 \begin{bmatrix} 1 & 2 \end{bmatrix}", "multiply a factor in"),
        ("[[1 2 x]\n [4 5 6]\n [4 5 6]\n [4 5 6]]", "hold numbers. Got 'x' in row 1, column 3"),
        ("[[1 2 nan]\n [4 5 6]\n [4 5 6]\n [4 5 6]]", "hold finite numbers"),
        ("[[1,5; 2,5]]", "say what its commas mean"),
    ],
)
def test_a_matrix_that_cannot_be_read_costs_itself_alone(read, value, why):
    answer = read(f"Iteration 1\nJ = 12.29\nU = {value}\nerrors = 3\n")
    assert figures(answer) == {"iteration.1.errors": 3.0, "iteration.1.cost": 12.29}
    assert list(answer.faults) == ["iteration.1.synaptic_inputs"]
    assert why in answer.faults["iteration.1.synaptic_inputs"]


@pytest.mark.parametrize(
    "written",
    ["A, B, C, A", "['A' 'B' 'C' 'A']", "A B C A", "1 2 3 1", "[1, 2, 3, 1]", '["A", "B",\n "C", "A"]', "A; B; C; A", "[A B C A]",
     r"\begin{pmatrix} A & B & C & A \end{pmatrix}", r"\begin{bmatrix} \text{A} \\ \text{B} \\ \text{C} \\ \text{A} \end{bmatrix}",
     "array(['A', 'B', 'C', 'A'], dtype='<U1')", "[1. 2. 3. 1.]"],
)  # fmt: skip
def test_predicted_classes_are_listed_in_any_of_these_ways(read, written):
    for answer in (
        read(f"Iteration 1\npredicted classes: {written}"),
        read(f"[iteration.1]\npredicted = {written}", "a.toml"),
    ):
        assert (figures(answer), answer.faults) == ({"iteration.1.predicted": [0.0, 1.0, 2.0, 0.0]}, {})


def test_a_text_of_very_many_lines_is_refused(read):
    with pytest.raises(AnswerError, match="at most 50,000 lines"):
        read("J = 1\n" * 50_001)


def test_decimals_of_a_text_hold_for_its_figures(read):
    answer = read("decimals: 4\nIteration 1\nJ = 12.3")
    assert (answer.decimals, int(answer.parts["iteration.1.cost"].decimals)) == (4, 4)
    assert check(SOFTMAX, answer).parts[0].entries[0].decimals == 4


def test_a_figure_with_another_part_behind_it_is_never_that_of_the_other():
    found = text_document("Iteration 1\nJ = 1.20 and errors = 2\n")
    assert found == {"iteration": {"1": {"cost": "1.20", "errors": "2"}}}
    found = text_document("Iteration 1\n**J** = 1.20, **errors** = 2\n")
    assert found == {"iteration": {"1": {"cost": "1.20", "errors": "2"}}}


@pytest.mark.parametrize("line", ["J = 12.29 accuracy = 0.5", "J = 12.29 with errors = 2", "J = 1.2 | errors = 2"])
def test_a_cost_with_the_figure_of_something_else_behind_it_is_asked_back(line):
    assert text_document(f"Iteration 1\n{line}\n") == {"iteration": {"1": {"cost": line.removeprefix("J =")}}}
