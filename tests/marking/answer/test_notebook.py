"""Notebooks: what cells print, show and assign is read, and nothing of it is run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from deltarule.errors import AnswerError
from deltarule.marking import check, read_answer
from problem_files import four_patterns

SOFTMAX = four_patterns()
W, B = SOFTMAX.layer.weights, SOFTMAX.layer.biases


def code(source, *outputs):
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": list(outputs)}


def printed(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(text):
    return {
        "output_type": "execute_result",
        "data": {"text/html": ["<p>5</p>"], "text/plain": text},
        "execution_count": 1,
    }


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


@pytest.fixture
def read(tmp_path):
    def reading(*cells, of=SOFTMAX):
        (tmp_path / "a.ipynb").write_text(
            json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        )
        return read_answer(tmp_path / "a.ipynb", of)

    return reading


def figures(answer):
    return {str(name): part.values.tolist() for name, part in answer.parts.items()}


@pytest.mark.parametrize(
    "cell",
    [
        code("b = np.array([1.0, 2.0, 3.0])"),
        code("import numpy as np\n%matplotlib inline\nb: list = [1, 2, 3]  # after the update"),
        code("b, J = [1, 2, 3], None"),
        code("b = update()\nb", shown("array([1., 2., 3.])")),
        code("b.round(2)", shown(["array([1., 2.,\n", "       3.])"])),
        code("np.round(b, 2)", shown("array([1., 2., 3.])")),
        code("print(b)", printed("[1. 2. 3.]\n")),
        code("print('the end')\nprint(np.round(b, 2))", printed(["the end\n", "[1. 2. 3.]\n"])),
        code("print('b =', b)", printed("b = [1. 2. 3.]\n")),
        code("show(b)", printed("biases:\n[1. 2. 3.]\n")),
        code("b", shown("tensor([1., 2., 3.], dtype=torch.float64)")),
        code("print(b)", printed("\x1b[31m[1. 2. 3.]\x1b[0m\n")),
        markdown(["The biases are\n", "\n", "$$b = \\begin{bmatrix} 1 & 2 & 3 \\end{bmatrix}$$"]),
        markdown("| part | |\n|---|---|\n| b | 1, 2, 3 |"),
    ],
    ids=range(14),
)
def test_a_vector_is_found_in_these_cells(read, cell):
    answer = read(cell)
    assert (figures(answer), answer.faults) == ({"iteration.1.biases": [1.0, 2.0, 3.0]}, {})


def test_figures_of_code_have_the_decimals_that_were_written(read):
    answer = read(code("J, b = 12.2900, [\n  1.000,  # A\n  2.50000,\n  -3.0000]"))
    assert int(answer.parts["iteration.1.cost"].decimals) == 4
    assert answer.parts["iteration.1.biases"].decimals.tolist() == [3, 5, 4]


def test_headings_of_markdown_hold_for_the_cells_below(read):
    cells = [
        markdown("## Iteration 1"),
        code("J = 3.5"),
        markdown("## Iteration 2"),
        code("print(f'J = {J}')", printed("J = 2.5\n")),
    ]
    assert figures(read(*cells)) == {"iteration.1.cost": 3.5, "iteration.2.cost": 2.5}


def test_a_frame_of_pandas_is_a_matrix(read):
    text = "     A    B    C\n0  1.0  2.0  3.0\n1  4.0  5.0  6.0\n2  7.0  8.0  9.0\n3 -1.0 -2.0 -3.0"
    expected = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0], [-1.0, -2.0, -3.0]]
    for shown_text in (text, text.replace("A    B    C", "0    1    2")):
        assert figures(read(code("U", shown(shown_text)))) == {"iteration.1.synaptic_inputs": expected}


def test_the_last_of_several_values_is_marked_and_a_remark_says_so(read):
    answer = read(code("b = [1, 2, 3]"), code("b = [4, 5, 6]"), code("J = 1.50"), code("J", shown("1.5")))
    assert figures(answer) == {"iteration.1.biases": [4.0, 5.0, 6.0], "iteration.1.cost": 1.5}
    marks = check(SOFTMAX, answer)
    remarks = [(each.name, each.part, each.is_mistake) for each in marks.mistakes if each.name == "last-value-taken"]
    assert remarks == [("last-value-taken", "iteration.1.biases", False)]


def test_the_problems_own_weights_in_code_are_no_answer(read):
    given = code(
        f"W = np.array({W.tolist()})\nb = np.array({B.tolist()})\nX = [[0, 4], [-1, 3], [2, 1], [1, -2]]\nJ = 2.5"
    )
    assert figures(read(given)) == {"iteration.1.cost": 2.5}
    assert (
        figures(read(given, code("W -= a * dW\nW", shown(f"array({(W + 1).tolist()})"))))["iteration.1.weights"]
        == (W + 1).tolist()
    )
    unchanged = read(given, code("print(W)", printed(str(W))))  # shown as the answer, though nothing was updated
    np.testing.assert_array_equal(unchanged.parts["iteration.1.weights"].values, W)


def test_what_a_loop_changes_is_asked_back_unless_a_heading_says_of_which_iteration_it_is(read):
    loop = code("for epoch in range(1500):\n    b = b - a * db\nprint(b)", printed("[1. 2. 3.]\n"))
    answer = read(loop, code("J = 2.5"))
    assert figures(answer) == {"iteration.1.cost": 2.5}
    assert "This changes in a loop. Of which iteration is it?" in answer.faults["iteration.1.biases"]
    assert figures(read(markdown("# Convergence"), loop)) == {"convergence.biases": [1.0, 2.0, 3.0]}
    once = code("for epoch in range(1):\n    b = b - a * db\nprint(b)", printed("[1. 2. 3.]\n"))
    assert figures(read(once)) == {"iteration.1.biases": [1.0, 2.0, 3.0]}


def test_nothing_of_a_notebook_is_run(read, tmp_path):
    place = tmp_path / "ran"
    sources = [
        f"J = float(open({str(place)!r}, 'w').write('x'))",
        f"b = np.array([__import__('pathlib').Path({str(place)!r}).touch(), 2, 3])",
        f"exec(\"open({str(place)!r}, 'w')\")",
    ]
    answer = read(*map(code, sources), code("errors = 2"))
    assert figures(answer) == {"iteration.1.errors": 2.0}
    assert not place.exists()


@pytest.mark.parametrize(
    "source",
    [
        "x = (",
        "b = " + "(" * 500 + ")" * 500,
        "J = " + "-" * 50_000 + "1",
        "\0",
        "b = [1, 2, 3",
        "x = '\\d'",
        "J = 1" + "+1" * 20_000,
    ],
    ids=range(7),
)
def test_code_that_is_no_python_or_nests_too_deep_costs_its_cell_alone(read, source):
    assert figures(read(code(source), code("errors = 2"))) == {"iteration.1.errors": 2.0}


@pytest.mark.parametrize(
    "notebook",
    [[], {}, {"cells": 3}, {"cells": None, "worksheets": []}, {"worksheets": [{"cells": {}}]}, "x", 3, None],
    ids=range(8),
)
def test_what_is_no_notebook_is_refused(tmp_path, notebook):
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    with pytest.raises(AnswerError, match="notebook must have cells"):
        read_answer(tmp_path / "a.ipynb", SOFTMAX)


@pytest.mark.parametrize(
    "cell",
    [3, None, [], {"cell_type": 3}, {"cell_type": "code"}, code(3), code(["J = ", 3, "1"]), code("J", 3),
     code("J", {"output_type": []}), code("J", {"output_type": "stream", "text": 3}),
     code("J", {"output_type": "execute_result", "data": 3}), markdown(None)],
    ids=range(12),
)  # fmt: skip
def test_cells_that_are_none_are_passed_over(read, cell):
    assert figures(read(cell, code("errors = 2")))["iteration.1.errors"] == 2.0


def test_notebooks_of_version_3_are_read(tmp_path):
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Iteration 2"]},
        {"cell_type": "code", "input": ["J"], "outputs": [{"output_type": "pyout", "text": ["2.5"]}]},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}))
    assert figures(read_answer(tmp_path / "a.ipynb", SOFTMAX)) == {"iteration.2.cost": 2.5}


def test_what_is_looked_at_before_anything_is_worked_is_no_answer(read):
    given = f"W = np.array({W.tolist()})\nW"
    shown_first = shown(f"array({W.tolist()})")
    assert "iteration.1.weights" not in figures(read(code(given, shown_first), code("J = 2.5")))
    assert "iteration.1.weights" in figures(read(code(given), code("J", shown("2.5")), code("W", shown_first)))


def test_a_warning_is_no_value_and_a_frame_is_shown_as_its_figures(read):
    warning = {"output_type": "stream", "name": "stderr", "text": "RuntimeWarning: J = 99\n"}
    assert figures(read(code("print('J =', J)", printed("J = 2.5\n"), warning))) == {"iteration.1.cost": 2.5}
    frame = shown("     0    1    2\n0  1.5  2.5  3.5")
    assert figures(read(code("pd.DataFrame([b])", shown("")), code("J = 2.5"))) == {"iteration.1.cost": 2.5}
    assert figures(read(code("pd.DataFrame(b)", frame))) == {"iteration.1.biases": [1.5, 2.5, 3.5]}
