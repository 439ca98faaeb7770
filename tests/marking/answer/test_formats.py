"""Answers as people write them: each notation reads back the figures and the decimals that were written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from by_hand import page
from deltarule.marking import answer_text, check, read_answer, worked_answer
from deltarule.marking.answer.csv_file import csv_rows
from deltarule.marking.answer.figures import figures_of
from deltarule.marking.answer.matrix_text import matrix_of
from deltarule.problem import read_problem
from problem_files import four_patterns, question
from written_answers import CSVS, SESSIONS, TEXTS, WHOLE, text_answer

CASES = Path(__file__).parents[1] / "cases" / "formats"
VULGAR = {
    "synaptic_inputs": "U", "outputs": "Y", "cost": "J", "errors": "errors", "delta": "delta", "weight_gradient": "dW",
    "bias_gradient": "db", "weights": "W", "biases": "b",
}  # fmt: skip


@st.composite
def matrices(draw):
    """Rows of figures as text, with the same decimals in each figure: not three, of which a comma may say thousands."""
    rows, columns, decimals = draw(st.integers(2, 5)), draw(st.integers(2, 4)), draw(st.sampled_from([1, 2, 4]))
    figures = st.integers(-(10 ** (decimals + 2)), 10 ** (decimals + 2)).map(
        lambda n: f"{n / 10**decimals:.{decimals}f}"
    )
    row = st.lists(figures, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=rows, max_size=rows))


def reads_back(value, figures):
    shape = np.shape(figures)
    numbers, decimals = figures_of(value, shape)
    expected = np.array([float(each) for row in figures for each in row]).reshape(shape)
    np.testing.assert_array_equal(numbers, expected)
    if (expected != np.floor(expected)).any():  # whole floats say nothing of decimals
        assert (decimals == len(figures[0][0].partition(".")[2])).all()


@pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.__name__)
@settings(max_examples=30)
@given(figures=matrices())
def test_a_matrix_in_any_notation_reads_back_with_its_decimals(form, figures):
    reads_back(matrix_of(form(figures)), figures)


@pytest.mark.parametrize("form", CSVS.values(), ids=CSVS)
@settings(max_examples=30)
@given(figures=matrices())
def test_a_matrix_in_csv_reads_back_with_its_decimals(form, figures):
    reads_back(csv_rows(form(figures)), figures)


@pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.__name__)
@settings(max_examples=10)
@given(figures=matrices())
def test_a_row_in_any_notation_is_a_vector(form, figures):
    numbers, decimals = figures_of(matrix_of(form(figures[0])), (len(figures[0]),))
    np.testing.assert_array_equal(numbers, [float(each) for each in figures[0]])
    assert len(set(decimals.tolist())) == 1


# ---- Every door.

DOORS = {
    "TOML, as it stands": ("a.toml", "[iteration.1]\nU = {}\nJ = 1.5\n"),
    "TOML, a literal text": ("a.toml", "[iteration.1]\nU = '''\n{}'''\nJ = 1.5\n"),
    "TOML, a text in which signs are escaped": ("a.toml", '[iteration.1]\nU = """{}"""\nJ = 1.5\n'),
    "TOML, below a key": ("a.toml", "[iteration.1]\nJ = 1.5\nU =\n{}\n"),
    "JSON": ("a.json", '{{"iteration": {{"1": {{"J": 1.5, "U": JSON}}}}}}'),
    "JSON, as it stands": ("a.json", '{{"iteration": {{"1": {{"U": {}, "J": 1.5}}}}}}'),
    "a text": ("a.txt", "Iteration 1:\nU = {}\nJ = 1.5\n"),
    "Markdown": ("a.md", "## Iteration 1\n### U\n\n{}\n\n- J = 1.5\n"),
    "a fence": ("a.md", "## Iteration 1\nU:\n```\n{}\n```\n$J = 1.5$\n"),
    "LaTeX": ("a.tex", "\\section{{Iteration 1}}\n\\[ U = {} \\]\n\\( J = 1.5 \\)\n"),
    "a file beside": ("a.toml", '[iteration.1]\nU = "u.txt"\nJ = 1.5\n'),
    "a file alone": ("iteration.1.U.txt", "{}\n"),
}


@pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.__name__)
@pytest.mark.parametrize(("name", "document"), DOORS.values(), ids=DOORS)
def test_every_notation_is_read_through_every_door(form, name, document, tmp_path):
    figures = [
        ["0.50", "-0.25", "0.00"],
        ["12.00", "3.10", "-1.75"],
        ["0.01", "0.02", "0.03"],
        ["7.25", "8.00", "9.99"],
    ]
    written = form(figures)
    (tmp_path / "u.txt").write_text(written, "utf-8")
    (tmp_path / name).write_text(document.format(written).replace("JSON", json.dumps(written)), "utf-8")
    answer = read_answer(tmp_path / name, four_patterns())
    assert answer.faults == {}
    part = answer.parts["iteration.1.synaptic_inputs"]
    np.testing.assert_array_equal(part.values, [[float(figure) for figure in row] for row in figures])
    assert (part.decimals == 2).all()
    assert name.startswith("iteration") or answer.parts["iteration.1.cost"].values == 1.5


# ---- The samples.


def sample(name):
    return check(read_problem(CASES / "problem.toml"), CASES / name)


@pytest.mark.parametrize(
    "name",
    [
        "a.json",
        "dot.toml",
        "iteration.1.outputs.csv",
        "latex2.toml",
        "minus.toml",
        "numpy.toml",
        "numpytext.toml",
        "repr.toml",
    ],
)
def test_the_samples_of_notations_are_right(name):
    marks = sample(name)
    assert (marks.right, marks.score, marks.faults, marks.mistakes) == (True, 1.0, {}, ())


def test_commas_that_may_separate_figures_cost_their_matrix_alone():
    marks = sample("comma.toml")
    assert [(part.part, part.verdict) for part in marks] == [("iteration.1.cost", "right")]
    assert list(marks.faults) == ["iteration.1.outputs"]
    assert "say which commas separate figures" in marks.faults["iteration.1.outputs"]


def test_vulgar_names_are_those_of_parts_and_of_iterations():
    marks = sample("keys.toml")
    verdicts = {part.part.part: part.verdict for part in marks}
    assert {verdicts[part] for part in ("synaptic_inputs", "cost", "weights", "biases")} == {"right"}
    assert set(verdicts) == {"synaptic_inputs", "cost", "weight_gradient", "bias_gradient", "weights", "biases"}
    assert list(marks.faults) == ["iteration.1.outputs"]  # one row of four
    assert "must have 4 rows" in marks.faults["iteration.1.outputs"]


def test_iterations_0_and_1_are_asked_back():
    marks = sample("it.toml")
    assert not marks.parts
    for name in ("iteration.0", "iteration.1"):
        assert "Iteration 0 and iteration 1 both stand. Which is the first update?" in marks.faults[name]
    assert set(marks.faults) == {"iteration.0", "iteration.1", "iteration.1.5", "iteration.2000"}


# ---- The handout's first question in five formats.


def written_page(problem, decimals=2):
    """A right answer as figures in text, by vulgar names."""

    def text(value):
        return [text(each) for each in value] if isinstance(value, list) else f"{value:.{decimals}f}"

    worked = page(problem, decimals)["iteration"]["1"]
    return {name: str(worked[part]) if part == "errors" else text(worked[part]) for part, name in VULGAR.items()}


def wrong_page(problem):
    """One with a slip in the weights."""
    parts = written_page(problem)
    parts["W"][1][2] = "0.99"
    return parts


@pytest.fixture(scope="module")
def question_1():
    return question(1)


@pytest.mark.parametrize("worked", [written_page, wrong_page])
def test_five_formats_of_an_answer_to_question_1_have_the_same_marks(question_1, worked, tmp_path):
    parts, found = worked(question_1), {}
    for name, form in WHOLE.items():
        (tmp_path / name).write_text(form(parts), "utf-8")
        found[name] = check(question_1, tmp_path / name).to_dict()
    assert all(marks == found["answer.txt"] for marks in found.values())
    assert {part["part"].rpartition(".")[2] for part in found["answer.txt"]["parts"]} == set(VULGAR)
    assert found["answer.txt"]["right"] is (worked is written_page)
    assert not found["answer.txt"]["faults"]


@pytest.mark.parametrize("form", SESSIONS, ids=lambda form: form.__name__)
def test_question_1_reads_alike_as_sessions_programs_and_offices_write_it(question_1, form, tmp_path):
    parts, found = written_page(question_1), {}
    for name, text in (("plain.txt", text_answer(parts)), ("answer.md", form(parts))):
        (tmp_path / name).write_text(text, "utf-8")
        found[name] = read_answer(tmp_path / name, question_1).to_dict()
    assert found["answer.md"]["faults"] == []
    assert found["answer.md"] == found["plain.txt"]


def test_a_toml_answer_that_is_saved_as_text_is_the_same_answer(question_1, tmp_path):
    whole = answer_text(worked_answer(question_1, [1, 2]))
    rows = (
        "[iteration.3]\nrows.outputs.18 = [0.88, 0.10, 0.02]\ncost = 3.25\n[boundaries]\nA-B = [3.25, 6.29, -13.63]\n"
    )
    text = f"{whole}{rows}[metrics]\ntraining_accuracy = 1.0\n[convergence]\nupdates = 1500\n"
    found = {}
    for name in ("a.toml", "a.txt", "a.md"):
        (tmp_path / name).write_text(text)
        found[name] = read_answer(tmp_path / name, question_1).to_dict()
    assert found["a.txt"] == found["a.md"] == found["a.toml"]
    assert not found["a.toml"]["faults"]
    assert len(found["a.toml"]["parts"]) == 25


# ---- Headings.

REORDERED = {
    "iteration.1.U.csv": "C;A;B\n3;1;2\n6;4;5\n9;7;8\n3;1;2\n",
    "a.toml": '[iteration.1]\nU = """\nC A B\n3 1 2\n6 4 5\n9 7 8\n3 1 2\n"""\n',
    "a.md": "# Iteration 1\nU:\n\n|  | C | A | B |\n|---|---|---|---|\n| 1 | 3 | 1 | 2 |\n| 2 | 6 | 4 | 5 |\n| 3 | 9 | 7 | 8 |\n"
    "| 4 | 3 | 1 | 2 |\n",
    "a.tex": "\\section{Iteration 1}\n$U = \\begin{array}{ccc} C & A & B \\\\ 3 & 1 & 2 \\\\ 6 & 4 & 5 \\\\ 9 & 7 & 8 \\\\"
    " 3 & 1 & 2 \\end{array}$",
}


@pytest.mark.parametrize("name", REORDERED)
def test_columns_are_those_of_the_classes_that_stand_above_them(name, tmp_path):
    (tmp_path / name).write_text(REORDERED[name], "utf-8")
    answer = read_answer(tmp_path / name, four_patterns())
    assert answer.faults == {}
    assert answer.parts["iteration.1.synaptic_inputs"].values.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 2, 3]]


def test_rows_are_those_of_the_inputs_that_stand_beside_them(tmp_path):
    path = tmp_path / "iteration.1.weights.csv"
    path.write_text(";C;B;A\nx2;6;5;4\nx1;3;2;1\n", "utf-8")
    assert read_answer(path, four_patterns()).parts["iteration.1.weights"].values.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_single_row_is_in_the_order_of_its_headings(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('[iteration.1]\nb = """\nC A B\n3 1 2\n"""\n', "utf-8")
    assert read_answer(path, four_patterns()).parts["iteration.1.biases"].values.tolist() == [1, 2, 3]
