"""The document of a worked step: what stands in it, and that the numbers put into the formulas give what they say."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from deltarule import Descent, LinearLayer, LogisticLayer, SoftmaxLayer, iterate
from deltarule.conventions import Conventions
from deltarule.iteration import iterations
from deltarule.show.document import iteration_document
from deltarule.show.forms import FORMS, rendered
from deltarule.show.table import folded
from deltarule.typeset.words import MAXIMUM_COLUMNS
from samples import NAMES, QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X, sample

BY_NEURON = Conventions(weights="neurons x inputs", biases="last column")

# The hard outputs, as a worked step writes them.
HARD = {"step": lambda u: 1 if u >= 0 else 0, "sign": lambda u: 1 if u >= 0 else -1}


def texts(part):
    return [" ".join(piece.text for piece in line) for line in part.lines]


def value(expression):
    """A line's right-hand side as Python reads it: 2/(4 * 1) [(1 - 2)^2 + 3] + ln 0.5."""
    expression = expression.replace("[", "(").replace("]", ")").replace("^", "**")
    expression = re.sub(r"\b(ln|tanh) (-?[\d.]+(?:e[+-]\d+)?)", r"\1(\2)", expression)
    expression = re.sub(r"([\d)]) (?=\()", r"\1 * ", expression)
    return eval(expression, {"e": math.e, "ln": math.log, "tanh": math.tanh, **HARD})


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("options", [{}, {"reduction": "mean"}, {"weight_decay": 0.1}, {"batch_size": 2}])
@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_put_in_give_the_figure_they_say(name, options, weighted):
    """Python, reading the lines, agrees with the record to the digits shown: 7 decimals in, products of a few such out."""
    found = sample(name, patterns=3, inputs=1)
    weights = [0.5, 1.25, 2.0] if weighted else None
    worked = iterate(found.layer, found.X, found.targets, Descent(0.1, 2, **options), sample_weight=weights)
    work = iteration_document(worked, decimals=7)
    read = set()
    for part in work.parts:
        for text in texts(part):
            _, *middle, right = text.split(" = ")
            if "..." in text or not middle:
                continue
            assert_allclose(value(middle[0]), float(right), rtol=1e-5, atol=1e-6, err_msg=text)
            read.add(part.name)
    assert {"synaptic_inputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases"} <= read
    assert "cost" in read or "..." in texts(work.part("cost"))[0]  # a long one is cut
    assert ("outputs" in read) == (not name.startswith(("linear", "adaline")))
    assert ("slopes" in read) == name.startswith(("perceptron", "logistic"))


def test_question_1_is_written_as_a_person_would():
    work = iteration_document(iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500)), rows=3)
    assert texts(work.part("synaptic_inputs"))[0] == "u_1,1 = 0 * 0.88 + 4 * 0.68 + 0.00 = 2.72"
    assert texts(work.part("outputs"))[0] == "y_1,1 = e^2.72 / (e^2.72 + e^-1.56 + e^-0.76) = 0.96"
    assert texts(work.part("cost")) == ["J = -(ln 0.96 + ln 0.75 + ... + ln 0.02) = 34.50"]
    assert texts(work.part("delta"))[0] == "delta_1,1 = 0.96 - 1 = -0.04"
    gradient = "dJ/dw_1,1 = 0 * (-0.04) + (-1) * (-0.25) + ... + 4 * 0.88 = 12.03"
    assert texts(work.part("weight_gradient"))[0] == gradient
    assert texts(work.part("weights"))[0] == "w_1,1 = 0.88 - 0.05 * 12.03 = 0.28"
    assert [table.gap for table in work.part("problem").tables] == [2, 2, None, None]
    assert work.part("delta").tables[0].labels == ("1", "2", "18")
    names = ["problem", "synaptic_inputs", "outputs", "predicted", "errors", "cost", "delta"]
    assert [part.name for part in work.parts] == [*names, "weight_gradient", "bias_gradient", "weights", "biases"]


def test_one_row_ends_in_an_ellipsis():
    work = iteration_document(iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1)), rows=1)
    assert texts(work.part("cost")) == ["J = -(ln 0.96 + ...) = 34.50"]
    assert texts(work.part("bias_gradient"))[0] == "dJ/db_1 = -0.04 + ... = 6.43"
    assert work.part("delta").tables[0].gap == 1


def test_logarithms_of_what_reads_as_nothing_have_a_power_of_ten():
    # u = -20 and 20: y = 2.06e-9 where 1 is wanted, 1 - y = 2.06e-9 where 0 is wanted.
    layer = LogisticLayer([[1.0]], [0.0])
    work = iteration_document(iterate(layer, [[-20.0], [20.0]], [[1], [0]], Descent(0.1, 1)))
    assert texts(work.part("cost")) == ["J = -[ln 2.06e-09 + ln 2.06e-09] = 40.00"]
    work = iteration_document(iterate(layer, [[-1.0], [1.0]], [[1], [0]], Descent(0.1, 1)))
    assert texts(work.part("cost")) == ["J = -[ln 0.27 + ln(1 - 0.73)] = 2.63"]


def test_weights_that_are_all_0_in_a_batch_say_nothing():
    layer, X = LinearLayer([[2.0]], [0.0]), [[1.0], [3.0]]
    descent = Descent(0.1, 1, batch_size=1, reduction="mean")
    order = next(descent.orders(2))
    v = np.ones(2)
    v[order[0]] = 0
    work = iteration_document(iterate(layer, X, [[1.0], [1.0]], descent, sample_weight=v))
    assert texts(work.part("delta"))[0].startswith(f"delta_{order[0] + 1},1 = 0 * 0 * (")
    assert work.part("cost").value == "0.00"


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_no_figure_reads_as_minus_nothing(x, decimals):
    work = iteration_document(iterate(LinearLayer([[x]], [0.0]), [[1e-3]], [[0.0]], Descent(1e-3, 1)), decimals)
    for part in work.parts:
        for text in [*texts(part), *(text for table in part.tables for row in table.rows for text in row)]:
            assert not re.search(r"-0(\.0*)?(?![\d.e])", text.replace(" - 0", " + 0"))


def test_wide_tables_are_cut_and_folded():
    layer = SoftmaxLayer.random(2, range(50))
    table = iteration_document(iterate(layer, np.eye(2), [0, 49], Descent(0.1, 1))).part("synaptic_inputs").tables[0]
    assert len(table.heads) == MAXIMUM_COLUMNS + 1
    assert (table.heads[-2:], table.rows[0][-2]) == (("...", "49"), "...")
    for room in (5, 40, 1000):
        pieces = folded(table, room)
        assert sum((piece.heads for piece in pieces), ()) == table.heads
        for row in range(2):
            assert sum((piece.rows[row] for piece in pieces), ()) == table.rows[row]
        assert all(len(p.heads) == 1 or sum(len(t) + 2 for t in p.rows[0]) <= room for p in pieces)


EVERYTHING = {"weight_decay": 0.1, "decay_biases": True, "schedule": {"kind": "step", "every": 1, "factor": 0.5}}


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("conventions", [Conventions(), Conventions(biases="first column"), BY_NEURON])
@pytest.mark.parametrize("name", NAMES)
def test_momentum_the_rate_in_force_and_the_decay_of_biases_are_put_into_the_lines(name, conventions, nesterov):
    found = sample(name, patterns=3, inputs=1)
    descent = Descent(0.1, 4, momentum=0.9, nesterov=nesterov, **EVERYTHING)
    *_, worked = iterations(found.layer, found.X, found.targets, descent, 2, 3, conventions=conventions)
    work = iteration_document(worked, decimals=7)
    read = set()
    for part in work.parts:
        for text in texts(part):
            _, *middle, right = text.split(" = ")
            if "..." not in text and middle:
                assert_allclose(value(middle[0]), float(right), rtol=1e-5, atol=2e-6, err_msg=text)
                read.add(part.name)
    parts = [part for part in ("weight_velocity", "bias_velocity", "weights", "biases") if conventions.writes(part)]
    assert {*parts} <= read
    assert work.part("problem").formula.text == "a = 0.1 * 0.25 = 0.025"
    assert [letter.text for letter in work.part("problem").where] == ["m = 0.9"]


def test_momentum_in_letters():
    layer, X, D = LinearLayer([[2.0]], [0.0]), [[1.0]], [[1.0]]
    plain = Descent(0.1, 2, momentum=0.9, weight_decay=0.5, decay_biases=True)
    for descent, step in ((plain, "V_W"), (replace(plain, nesterov=True), "(dJ/dW + m V_W)")):
        work = iteration_document(iterate(layer, X, D, descent, iteration=2))
        formulas = {part.name: part.formula.text for part in work.parts if part.formula is not None}
        assert formulas["weight_velocity"] == "V_W <- m V_W + dJ/dW"
        assert formulas["bias_velocity"] == "V_b <- m V_b + dJ/db"
        assert formulas["weights"] == f"W <- W - a {step}"
        assert formulas["biases"] == f"b <- b - a {step.replace('W', 'b')}"
        assert formulas["cost"] == "J = 1/2 sum_pk (d - y)^2 + L/2 sum W^2 + L/2 sum b^2"
        assert formulas["bias_gradient"] == "dJ/db = 1^T delta + L b"
    # Before iteration 2 w = 2 - 0.1 (1 + 0.5 * 2) = 1.8 and b = 0 - 0.1 * 1 = -0.1.
    work = iteration_document(iterate(layer, X, D, plain, iteration=2))
    assert texts(work.part("cost")) == ["J = 1/2 [(1 - 1.70)^2] + 0.5/2 (1.80^2 + (-0.10)^2) = 1.06"]
    assert texts(work.part("bias_gradient")) == ["dJ/db_1 = 0.70 + 0.5 * (-0.10) = 0.65"]


def test_the_velocity_before_and_after_the_update_is_shown_in_every_form():
    """dJ/dW = 1 + 0.5 * 2 = 2 at first, so that V = 2 and w = 1.8, b = 0.9; then V = 0.9 * 2 + 0.7 + 0.9 = 3.4."""
    layer, X, D = LinearLayer([[2.0]], [0.0]), [[1.0]], [[1.0]]
    descent = Descent(0.1, 2, momentum=0.9, weight_decay=0.5)
    work = iteration_document(iterate(layer, X, D, descent, iteration=2))
    assert texts(work.part("weight_velocity")) == ["v_1,1 = 0.9 * 2.00 + 1.60 = 3.40"]
    assert [table.symbol.text for table in work.part("problem").tables] == ["X", "D", "W", "b", "V_W", "V_b"]
    assert work.part("problem").tables[4].rows == (("2.00",),)
    for form in FORMS:
        assert rendered(form, [work]).count("3.40") == 3, form  # the line, the table, and the step
