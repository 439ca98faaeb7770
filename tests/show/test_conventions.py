"""The worked step in the conventions of its problem: formulas, numbers put in, matrices, and every form."""

import itertools
import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

import forms
from deltarule import Descent, LinearLayer, LogisticLayer, SoftmaxLayer, iterate
from deltarule.conventions import BIASES, DELTAS, WEIGHTS, Conventions
from deltarule.iteration import iterations
from deltarule.problem import problem_from
from deltarule.setting.solutions import solutions
from deltarule.show.document import iteration_document
from deltarule.show.html import html
from deltarule.show.latex import latex
from deltarule.show.markdown import markdown
from deltarule.show.matrices import matrices_document
from deltarule.show.terminal import document_lines, parameter_lines
from deltarule.typeset.columns import joined
from samples import NAMES, sample

ALL = [Conventions(*values) for values in itertools.product(DELTAS, WEIGHTS, BIASES)]

# The hard outputs, as a worked step writes them.
HARD = {"step": lambda u: 1 if u >= 0 else 0, "sign": lambda u: 1 if u >= 0 else -1}


def texts(part):
    return [" ".join(piece.text for piece in line) for line in part.lines]


def value(expression):
    """A line's right-hand side as Python reads it."""
    expression = expression.replace("[", "(").replace("]", ")").replace("^", "**")
    expression = re.sub(r"\b(ln|tanh) (-?[\d.]+(?:e[+-]\d+)?)", r"\1(\2)", expression)
    expression = re.sub(r"([\d)]) (?=\()", r"\1 * ", expression)
    return eval(expression, {"e": math.e, "ln": math.log, "tanh": math.tanh, **HARD})


def worked_in(conventions, layer, X, targets, descent):
    return next(iterations(layer, X, targets, descent, conventions=conventions))


def matrix(table):
    return [[float(text) for text in row] for row in table.rows]


# ---- By hand.

LINEAR = {
    "layer": {"kind": "linear", "weights": [[1.0, 0.0], [0.0, 1.0]], "biases": [0.5, -0.5]},
    "data": {"inputs": [[1, 2], [3, 4]], "targets": [[2, 1], [3, 4]]},
    "descent": {"learning_rate": 0.1, "epochs": 1},
}
# U = X W + b = [[1.5, 1.5], [3.5, 3.5]], Y = U, D - Y = [[0.5, -0.5], [-0.5, 0.5]].
# dJ/dW = X^T (Y - D) = [[1 * -0.5 + 3 * 0.5, 1 * 0.5 - 3 * 0.5], [2 * -0.5 + 4 * 0.5, 2 * 0.5 - 4 * 0.5]] = [[1, -1], [1, -1]];
# dJ/db = [-0.5 + 0.5, 0.5 - 0.5] = [0, 0].
# W after = [[1 - 0.1, 0 + 0.1], [0 - 0.1, 1 + 0.1]] = [[0.9, 0.1], [-0.1, 1.1]]; b after = [0.5, -0.5].


def test_a_linear_step_worked_by_hand_with_delta_as_d_less_y():
    found = problem_from(LINEAR | {"conventions": {"delta": "D - Y"}})
    work = iteration_document(iterate(found), decimals=1)
    assert work.part("delta").formula.text == "delta = -dJ/dU = D - Y"
    assert matrix(work.part("delta").tables[0]) == [[0.5, -0.5], [-0.5, 0.5]]
    assert work.part("weight_gradient").formula.text == "dJ/dW = -X^T delta"
    assert matrix(work.part("weight_gradient").tables[0]) == [[1, -1], [1, -1]]
    assert texts(work.part("delta"))[0] == "delta_1,1 = 2 - 1.5 = 0.5"
    assert texts(work.part("weight_gradient"))[0] == "dJ/dw_1,1 = -(1 * 0.5 + 3 * (-0.5)) = 1.0"
    assert texts(work.part("bias_gradient"))[0] == "dJ/db_1 = -(0.5 + (-0.5)) = 0.0"
    assert work.part("weights").formula.text == "W <- W - a dJ/dW"
    assert matrix(work.part("weights").tables[0]) == [[0.9, 0.1], [-0.1, 1.1]]


def test_a_linear_step_worked_by_hand_with_a_first_column_of_ones():
    document = LINEAR | {"conventions": {"biases": "first column"}}
    document["layer"] = {"kind": "linear", "weights": [[0.5, -0.5], [1.0, 0.0], [0.0, 1.0]]}
    work = iteration_document(iterate(problem_from(document)), decimals=1)
    X, _, W = work.part("problem").tables
    assert (X.heads, X.rows) == (("x0", "x1", "x2"), (("1", "1", "2"), ("1", "3", "4")))
    assert (W.labels, matrix(W)) == (("x0", "x1", "x2"), [[0.5, -0.5], [1, 0], [0, 1]])
    assert work.part("synaptic_inputs").formula.text == "U = X W"
    assert texts(work.part("synaptic_inputs"))[0] == "u_1,1 = 1 * 0.5 + 1 * 1.0 + 2 * 0.0 = 1.5"
    assert matrix(work.part("weight_gradient").tables[0]) == [[0, 0], [1, -1], [1, -1]]
    assert texts(work.part("weight_gradient")) == [
        "dJ/dw_1,1 = 1 * (-0.5) + 1 * 0.5 = 0.0",
        "dJ/dw_1,2 = 1 * 0.5 + 1 * (-0.5) = 0.0",
        "dJ/dw_2,1 = 1 * (-0.5) + 3 * 0.5 = 1.0",
        "dJ/dw_2,2 = 1 * 0.5 + 3 * (-0.5) = -1.0",
    ]
    assert matrix(work.part("weights").tables[0]) == [[0.5, -0.5], [0.9, 0.1], [-0.1, 1.1]]
    assert work.part("biases") is None
    assert work.part("bias_gradient") is None


SOFTMAX = {
    "layer": {"kind": "softmax", "weights": [[0.0, 0.0, 0.0]], "biases": [0.0, 0.0, 0.0]},
    "data": {"inputs": [[2], [4]], "targets": ["A", "B"]},
    "descent": {"learning_rate": 0.3, "epochs": 1, "weight_decay": 0.5},
}
# Three classes, all outputs 1/3. D - Y = [[2/3, -1/3, -1/3], [-1/3, 2/3, -1/3]].
# dJ/dW = -X^T delta = -[2 * 2/3 - 4/3, -2/3 + 8/3, -2/3 - 4/3] = [0, -2, 2], and 0.5 * 0 of decay;
# dJ/db = -[1/3, 1/3, -2/3]. W after = [0, 0.6, -0.6]; b after = [0.1, 0.1, -0.2].


def test_a_softmax_step_worked_by_hand_in_three_conventions_at_once():
    document = (
        LINEAR | SOFTMAX | {"conventions": {"delta": "D - Y", "weights": "neurons x inputs", "biases": "last column"}}
    )
    document["layer"] = {"kind": "softmax", "classes": ["A", "B", "C"], "weights": [[0, 0], [0, 0], [0, 0]]}
    work = iteration_document(iterate(problem_from(document)), decimals=2)
    assert [table.symbol.text for table in work.part("problem").tables] == ["X", "D", "W"]
    assert matrix(work.part("problem").tables[0]) == [[2, 1], [4, 1]]
    assert work.part("synaptic_inputs").formula.text == "U = X W^T"
    assert matrix(work.part("delta").tables[0]) == [[0.67, -0.33, -0.33], [-0.33, 0.67, -0.33]]
    gradient = work.part("weight_gradient")
    assert gradient.formula.text == "dJ/dW = -delta^T X + L W_0"
    assert [letter.text for letter in gradient.where] == ["W_0 = W with zeros for its last column"]
    assert matrix(gradient.tables[0]) == [[0, -0.33], [-2, -0.33], [2, 0.67]]
    assert gradient.tables[0].labels == ("A", "B", "C")
    assert gradient.tables[0].heads == ("x1", "x0")
    assert texts(gradient)[0] == "dJ/dw_1,1 = -(2 * 0.67 + 4 * (-0.33)) + 0.5 * 0.00 = 0.00"
    assert texts(gradient)[3] == "dJ/dw_1,2 = -(1 * 0.67 + 1 * (-0.33)) = -0.33"
    assert matrix(work.part("weights").tables[0]) == [[0, 0.1], [0.6, 0.1], [-0.6, -0.2]]
    assert work.part("cost").formula.text.endswith("L/2 sum W_0^2")


# ---- Properties.


@pytest.mark.parametrize("conventions", ALL, ids=lambda c: f"{c.delta}, {c.weights}, {c.biases}")
@pytest.mark.parametrize("options", [{"weight_decay": 0.1}, {"reduction": "mean"}])
@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_put_in_give_the_figure_they_say(name, options, conventions):
    """Python, reading the lines, agrees with the record to the digits shown: 7 decimals in, products of a few such out."""
    found = sample(name, patterns=3, inputs=1)
    work = iteration_document(
        worked_in(conventions, found.layer, found.X, found.targets, Descent(0.1, 2, **options)), 7
    )
    for part in work.parts:
        for text in texts(part):
            _, *middle, right = text.split(" = ")
            if middle and "..." not in text:
                assert_allclose(value(middle[0]), float(right), rtol=1e-5, atol=1e-6, err_msg=text)


@pytest.mark.parametrize("conventions", ALL, ids=lambda c: f"{c.delta}, {c.weights}, {c.biases}")
@pytest.mark.parametrize("name", ["perceptron tanh", "softmax"])
def test_the_matrices_shown_obey_the_formulas_shown(name, conventions):
    """The oracle reads the tables of the document, and computes as its formulas say."""
    found = sample(name, patterns=5, inputs=2)
    worked = worked_in(conventions, found.layer, found.X, found.targets, Descent(0.1, 2))
    work = iteration_document(worked, decimals=9)
    X, _, W, *b = (np.array(matrix(table)) for table in work.part("problem").tables)
    product = X @ (W.T if work.part("synaptic_inputs").formula.text.startswith("U = X W^T") else W)
    U = product + (b[0].ravel() if b else 0.0)
    assert_allclose(U, matrix(work.part("synaptic_inputs").tables[0]), atol=1e-7)
    delta = np.array(matrix(work.part("delta").tables[0]))
    formula = work.part("weight_gradient").formula.text
    gradient = {"X^T delta": X.T @ delta, "delta^T X": delta.T @ X}[formula.removeprefix("dJ/dW = ").lstrip("-")]
    gradient = -gradient if "= -" in formula else gradient
    assert_allclose(gradient, matrix(work.part("weight_gradient").tables[0]), atol=1e-7)
    assert_allclose(W - 0.1 * gradient, matrix(work.part("weights").tables[0]), atol=1e-7)
    record = worked.to_dict()
    assert record["conventions"] == conventions.to_dict()
    assert_allclose(record["weights"], matrix(work.part("weights").tables[0]), atol=1e-9)
    assert_allclose(record["initial"]["weights"], matrix(work.part("problem").tables[2]), atol=1e-9)
    assert_allclose(record["inputs"], X, atol=1e-9)
    assert_allclose(record["delta"], delta, atol=1e-9)
    assert ("biases" in record) == ("bias_gradient" in record) == ("biases" in record["initial"]) == bool(b)


@pytest.mark.parametrize("conventions", ALL, ids=lambda c: f"{c.delta}, {c.weights}, {c.biases}")
def test_all_forms_hold_the_same_figures(conventions):
    layer = SoftmaxLayer([[0.1, -0.2, 0.3], [0.5, 0.4, -0.6]], [0.1, 0.2, 0.3], classes=["A", "B", "C"])
    X = np.arange(10).reshape(5, 2) / 4
    work = iteration_document(
        worked_in(conventions, layer, X, ["A", "B", "C", "A", "B"], Descent(0.1, 2, weight_decay=0.1))
    )
    for read, source in (
        (forms.from_latex, latex([work])),
        (forms.from_html, html([work], standalone=False)),
        (forms.from_markdown, markdown([work])),
    ):
        parts, _ = read(source)
        for part in work.parts:
            assert len(parts[part.title]) == len(part.tables)
            for table, rows in zip(part.tables, parts[part.title], strict=True):
                if not table.words:
                    entries = [row[-len(table.heads) :] for row in rows[-len(table.rows) :]]
                    assert entries == [list(row) for row in table.rows]
    lines = [line.split() for line in joined(document_lines(work, 4000)).splitlines()]
    gradient, after = (work.part(name).tables[0] for name in ("weight_gradient", "weights"))
    beside = [table for name in ("bias_gradient", "biases") if (part := work.part(name)) for table in part.tables]
    for place, label in enumerate(gradient.labels):
        columns = [gradient, *beside[:1], after, *beside[1:]] if conventions.by_neuron else [gradient, after]
        assert [label, *(text for table in columns for text in table.rows[place])] in lines


def test_a_wide_matrix_of_neurons_is_cut_like_a_tall_one():
    layer = LinearLayer(np.arange(120.0).reshape(40, 3), [7.0, 8.0, 9.0])
    turned = Conventions(weights="neurons x inputs", biases="first column")
    descent = Descent(0.1, 1)
    worked = worked_in(turned, layer, np.zeros((1, 40)), np.zeros((1, 3)), descent)
    W = iteration_document(worked, 0, rows=5).part("problem").tables[2]
    assert W.heads == ("x0", "x1", "x2", "x3", "x4", "...", "x40")
    assert W.rows[1] == ("8", "1", "4", "7", "10", "...", "118")
    many = worked_in(turned, LinearLayer(np.ones((3, 40)), np.ones(40)), np.zeros((1, 3)), np.zeros((1, 40)), descent)
    W = iteration_document(many, 0, rows=5).part("problem").tables[2]
    assert (W.labels, W.gap) == (("1", "2", "3", "4", "40"), 4)


def test_an_input_named_x0_is_told_apart_from_the_ones():
    worked = worked_in(
        Conventions(biases="last column"), LinearLayer([[1.0]], [0.0]), [[1.0]], [[1.0]], Descent(0.1, 1)
    )
    assert iteration_document(worked, input_names=["x0"]).part("problem").tables[0].heads == ("x0", "one")


def test_a_layer_without_a_notation_is_shown_in_its_conventions():
    class Own(LogisticLayer):
        pass

    layer = Own([[0.5], [0.25]], [0.125], classes=["no", "yes"])
    turned = Conventions("D - Y", "neurons x inputs", "first column")
    work = matrices_document(worked_in(turned, layer, [[1, 2], [3, 4]], ["no", "yes"], Descent(0.1, 1)), 3)
    assert work.part("initial").tables[0].rows == (("0.125", "0.500", "0.250"),)
    assert "W has a row for each neuron and a column for each input" in work.sentences


def test_solutions_follow_the_conventions_of_their_problem():
    found = problem_from(LINEAR | {"conventions": {"delta": "D - Y"}})
    assert "-dJ/dU = D - Y" in solutions(found, 1, ["terminal"])[0]


def test_a_layer_is_printed_as_its_problem_writes_it():
    layer = LinearLayer([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0])
    by_neuron = parameter_lines(layer, 0, 80, conventions=Conventions(weights="neurons x inputs"))
    assert [line.text.split() for line in by_neuron] == [
        ["W", "b"],
        ["x1", "x2"],
        ["1", "1", "3", "5"],
        ["2", "2", "4", "6"],
    ]
    held = parameter_lines(layer, 0, 80, conventions=Conventions(biases="first column"))
    assert [line.text.split() for line in held][-3:] == [["x0", "5", "6"], ["x1", "1", "2"], ["x2", "3", "4"]]
