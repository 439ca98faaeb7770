"""Figures, iterations, runs and progress as people read them."""

from __future__ import annotations

import copy
import io
import math
import re
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.metrics import mean_squared_error, r2_score

from deltarule import Descent, InputError, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, iterate, train
from deltarule.data import Scaling
from deltarule.metrics import Scores, mean_square_error, r2, scores
from deltarule.show.formulas import layer_formulas
from deltarule.show.run_document import milestones
from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.show.terminal import (
    history_lines,
    iteration_lines,
    iteration_text,
    run_text,
    score_lines,
)
from deltarule.typeset import progress
from deltarule.typeset.columns import Block, banded, joined, wrapped
from deltarule.typeset.figures import data_figures, duration, figure, figures, matrix_figures, scientific
from deltarule.typeset.words import places_shown, short_name, unbroken

# Question 1 of the handout.
X1 = [(0, 4), (-1, 3), (2, 3), (-2, 2), (0, 2), (1, 2), (-1, 2), (-3, 1), (-1, 1)]
X1 += [(2, 1), (4, 1), (-2, 0), (1, 0), (3, 0), (-3, -1), (-2, -1), (2, -1), (4, -1)]
T1 = list("AAABBABBBCCBCCBBCC")
LAYER1 = SoftmaxLayer([[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]], [0.0, 0.0, 0.0], classes=["A", "B", "C"])
DESCENT1 = Descent(learning_rate=0.05, epochs=1500)

rng = np.random.default_rng(0)
X7, D7 = rng.normal(size=(7, 2)), rng.uniform(size=(7, 3))


# ---- Numbers.


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.125, 2, "0.13"),  # exactly halfway in binary too; round() gives 0.12
        (2.675, 2, "2.68"),  # reads as halfway, is below it in binary; round() gives 2.67
        (-2.675, 2, "-2.68"),  # away from zero, not up
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.004, 2, "0.00"),  # never "-0.00"
        (-0.0, 1, "0.0"),
        (1e300, 0, "1" + "0" * 300),
        (1e-12, 2, "0.00"),
        (7, 2, "7.00"),
        (True, 1, "1.0"),
        (math.nan, 2, "nan"),
        (-math.inf, 2, "-inf"),
        (np.float64(34.4994), 2, "34.50"),
        # float32's 0.15 is 0.150000006: read as it prints, 0.15, like a float64
        (np.float32(0.15), 1, "0.2"),
        (np.float32(0.1), 10, "0.1000000000"),
    ],
)
def test_figures_round_half_away_from_zero_as_they_read(value, decimals, text):
    value = float(value) if isinstance(value, bool) else value
    assert figure(value, decimals) == text


@given(st.floats(-1e12, 1e12), st.integers(0, 15))
def test_a_figure_is_the_nearest_one_with_so_many_decimals(value, decimals):
    text = figure(value, decimals)
    assert len(text.partition(".")[2]) == decimals
    # Against exact fractions of the number as it prints: half a unit of the last digit away at the most.
    assert abs(Fraction(text) - Fraction(repr(value))) <= Fraction(1, 2 * 10**decimals)
    assert not re.fullmatch(r"-0(\.0*)?", text)
    assert figure(-value, decimals).lstrip("-") == text.lstrip("-")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 15))
def test_a_scientific_figure_is_right_to_its_last_digit(value, decimals):
    text = scientific(value, decimals)
    mantissa, power = text.split("e")
    assert len(mantissa.lstrip("-").replace(".", "")) == decimals + 1
    unit = Fraction(10) ** (int(power) - decimals)
    assert abs(Fraction(Decimal(text)) - Fraction(Decimal(repr(value)))) <= unit / 2


def test_scientific_figures_carry_and_name_what_is_no_number():
    assert scientific(9.996, 2) == "1.00e+01"
    assert scientific(2.25, 1) == "2.3e+00"  # halfway in binary too; half to even would give 2.2
    assert scientific(-1e-300, 0) == "-1e-300"
    assert scientific(math.inf, 2) == "inf"
    assert scientific(0, 2) == "0.00e+00"


def test_figures_that_belong_together_share_a_style():
    assert figures([0.004, 0.0], 2) == ["4.00e-03", "0.00e+00"]  # else both would read 0.00
    assert figures([0.005, 0.0], 2) == ["0.01", "0.00"]
    assert figures([0.0, -0.0], 2) == ["0.00", "0.00"]
    assert figures([9999999.0, 1.0], 0) == ["9999999", "1"]
    assert figures([1e7, 1.0], 0) == ["1e+07", "1e+00"]
    assert figures([math.nan, math.inf, 2.0], 1) == ["nan", "inf", "2.0"]
    assert figures([], 2) == []


def test_matrices_share_a_style_data_have_one_a_column():
    assert matrix_figures([[1e-12, 0.5]], 2) == [["0.00", "0.50"]]
    assert data_figures([[1.0, 1e9, 0.25], [-2.0, 1.0, 3.0]], 1) == [["1", "1e+09", "0.3"], ["-2", "1e+00", "3.0"]]
    assert data_figures([[math.nan], [1.0]], 1) == [["nan"], ["1.0"]]


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1, max_size=6), st.integers(1, 6))
def test_columns_align_on_the_decimal_point(rows, decimals):
    lines = Block("", ["", "", ""], [[figure(x, decimals) for x in row] for row in rows]).lines()[2:]
    points = {tuple(match.start() for match in re.finditer(r"\.", line)) for line in lines}
    assert len(points) == 1
    assert [[Decimal(x) for x in line.split()] for line in lines] == [
        [Decimal(figure(x, decimals)) for x in row] for row in rows
    ]


def test_durations_have_the_unit_that_suits_them():
    assert [duration(s) for s in (0.0, 7.4e-7, 1e-3, 0.25, 1.0, 90.0)] == [
        "0.0 us", "0.7 us", "1.0 ms", "250.0 ms", "1.0 s", "90.0 s",
    ]  # fmt: skip


# ---- Layout.


def test_rows_beyond_the_limit_are_cut_before_the_last():
    assert places_shown(500, 30) == [*range(29), None, 499]
    assert places_shown(30, 30) == list(range(30))
    assert places_shown(3, 1) == [0, None]
    # An ellipsis in place of one row alone saves nothing.
    assert (places_shown(2, 1), places_shown(31, 30)) == ([0, 1], list(range(31)))


def test_letters_that_take_two_cells_stand_in_line():
    names = Block("", ["name"], [["李雷"], ["Ada"]], words=True)
    told = joined(banded(names, [Block("", ["marks"], [["7"], ["12"]])], 40)).splitlines()
    assert told == ["name    marks", "李雷        7", "Ada        12"]


def test_blocks_go_side_by_side_below_or_fold():
    index = Block("", ["p"], [["1"], ["2"]])
    narrow = Block("A", ["a"], [["1.5"], ["-10.5"]])
    wide = Block("B", list("abcdefgh"), [["1.00"] * 8, ["2.00"] * 8])
    text = joined(banded(index, [narrow, narrow, wide], 27))  # four columns of B fill the line exactly
    assert text.splitlines() == [
        "     A        A",
        "p        a        a",
        "1      1.5      1.5",
        "2    -10.5    -10.5",
        "",
        "     B",
        "p       a     b     c     d",
        "1    1.00  1.00  1.00  1.00",
        "2    2.00  2.00  2.00  2.00",
        "",
        "     (continued)",
        "p       e     f     g     h",
        "1    1.00  1.00  1.00  1.00",
        "2    2.00  2.00  2.00  2.00",
    ]


def test_a_column_wider_than_the_page_still_stands():
    lines = banded(Block("", ["p"], [["1"]]), [Block("", ["a", "b"], [["x" * 50, "y"]])], 20)
    assert "x" * 50 in joined(lines)
    assert any(line.text.split() == ["1", "y"] for line in lines)


def test_an_ellipsis_stands_where_rows_were_left_out():
    index = Block("", ["p"], [["1"], ["9"]])
    block = Block("", ["a"], [["x"], ["y"]])
    assert [line.text.split() for line in banded(index, [block], 40, gaps=[1])] == [
        ["p", "a"],
        ["1", "x"],
        ["..."],
        ["9", "y"],
    ]
    assert [line.text.split() for line in banded(index, [block], 40, gaps=[2])][-1] == ["..."]


def test_tied_words_and_long_words_are_not_broken():
    lines = [line.text for line in wrapped(f"say {unbroken('L = 0.01')} /a/very-long/path-that-is-longer", 12)]
    assert lines == ["say L = 0.01", "/a/very-long/path-that-is-longer"]


# ---- Formulas.


@pytest.mark.parametrize(
    ("layer", "options", "weighted", "cost", "delta"),
    [
        (LAYER1, {}, False, "-sum_p ln y_label", "Y - D"),
        (LAYER1, {"reduction": "mean"}, False, "-1/P sum_p ln y_label", "1/P (Y - D)"),
        (LAYER1, {"reduction": "mean"}, True, "-1/V sum_p v_p ln y_label", "1/V v_p (Y - D)"),
        (LAYER1, {"weight_decay": 0.1}, False, "-sum_p ln y_label + L/2 sum W^2", "Y - D"),
        (LogisticLayer.random(2, neurons=3), {}, False, "-sum_pk [d ln y + (1 - d) ln(1 - y)]", "Y - D"),
        (
            LogisticLayer.random(2, neurons=3),
            {"reduction": "mean"},
            False,
            "-1/(P K) sum_pk [d ln y + (1 - d) ln(1 - y)]",
            "1/(P K) (Y - D)",
        ),
        (LinearLayer.random(2, 3), {}, False, "1/2 sum_pk (d - y)^2", "Y - D"),
        (LinearLayer.random(2, 3), {}, True, "1/2 sum_pk v_p (d - y)^2", "v_p (Y - D)"),
        (LinearLayer.random(2, 3), {"reduction": "mean"}, False, "1/(P K) sum_pk (d - y)^2", "2/(P K) (Y - D)"),
        (PerceptronLayer.random(2, 3), {}, False, "1/2 sum_pk (d - y)^2", "(Y - D) * Y * (1 - Y)"),
        (
            PerceptronLayer.random(2, 3, activation="tanh"),
            {"reduction": "mean"},
            False,
            "1/(P K) sum_pk (d - y)^2",
            "2/(P K) (Y - D) * (1 - Y^2)",
        ),
    ],
)
def test_formulas_read_as_the_conventions_say(layer, options, weighted, cost, delta):
    found = layer_formulas(layer, Descent(0.1, 10, **options), weighted=weighted)
    assert (found.cost.text, found.delta.text) == (cost, delta)
    assert found.weight_gradient.text == ("X^T delta + L W" if "weight_decay" in options else "X^T delta")


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("layer", "targets"),
    [
        (SoftmaxLayer.random(2, ["a", "b", "c"], seed=1), list("abcabca")),
        (LogisticLayer.random(2, neurons=3, seed=1), (D7 > 0.5).astype(int)),
        (LinearLayer.random(2, 3, seed=1), D7),
        (PerceptronLayer.random(2, 3, seed=1), D7),
        (PerceptronLayer.random(2, 3, seed=1, activation="tanh"), D7),
    ],
    ids=["softmax", "logistic", "linear", "sigmoid", "tanh"],
)
def test_the_formulas_shown_compute_what_the_layer_does(layer, targets, reduction, weighted):
    """The text of cost and delta, read as Python, gives the layer's own figures."""
    v = np.arange(1.0, 8.0) if weighted else np.ones(7)
    descent = Descent(0.1, 10, reduction=reduction, weight_decay=0.3)
    found = layer_formulas(layer, descent, weighted=weighted)
    U = layer.synaptic_input(X7)
    Y, D = layer.output(X7), layer.encode(targets)
    names = {
        "Y": Y,
        "D": D,
        "P": 7,
        "K": 3,
        "V": v.sum(),
        "L": 0.3,
        "W": layer.weights,
        "v_p": v[:, None],
        "y": Y,
        "d": D,
    }
    names |= {
        "u": U,
        "e": math.e,
        "ln": np.log,
        "tanh": np.tanh,
        "sum": np.sum,
        "y_label": (Y * D).sum(axis=1, keepdims=True),
    }

    def value(expression):
        expression = re.sub(r"sum_pk? (.*?)( \+ L|$)", r"sum(\1)\2", expression)
        expression = re.sub(r"sum W\^2", "sum(W^2)", expression).replace("[", "(").replace("]", ")")
        expression = re.sub(r"ln (y\w*)", r"ln(\1)", expression).replace("tanh u", "tanh(u)")
        expression = re.sub(r"(?<=[\dPKVLpd)]) (?=[\w(])", " * ", expression).replace("P * K)", "P*K)")
        return eval(expression.replace("^", "**"), {}, names)

    patterns = layer.patterns(X7, targets, v)
    expected = layer.evaluate(patterns, reduction, 0.3)[0]
    # 1e-12: the same sums in another order.
    assert_allclose(value(found.cost.text), expected, rtol=1e-12)
    assert_allclose(
        value(found.delta.text), layer.delta(X7, targets, reduction, sample_weight=v), rtol=1e-12, atol=1e-15
    )
    if layer.kind != "softmax":
        assert_allclose(value(found.output.text), Y, rtol=1e-12)


def test_sentences_say_what_there_is():
    assert layer_sentence(LAYER1) == "softmax layer, 2 inputs, 3 neurons, one a class"
    assert layer_sentence(LogisticLayer.random(1, neurons=2)) == "logistic layer, 1 input, 2 neurons, each on its own"
    assert layer_sentence(PerceptronLayer.random(1, 1, activation="tanh")) == "tanh perceptron layer, 1 input, 1 neuron"
    full = Descent(0.1, 1, weight_decay=0.5, tolerance=1e-6)
    assert (
        descent_sentence(full) == "learning rate 0.1, 1 epoch, full batch, cost: sum, weight decay 0.5, tolerance 1e-06"
    )
    batch = Descent(0.1, 1, batch_size=6)
    assert "1 epoch, mini-batches of 6 (seed 0), cost" in descent_sentence(batch, 7)
    assert "1 epoch, full batch, cost" in descent_sentence(batch, 6)
    assert "1 epoch, full batch (batch size 6 is larger than the set of 4), cost" in descent_sentence(batch, 4)
    assert "mini-batches of 2, cost" in descent_sentence(Descent(0.1, 1, batch_size=2, seed=np.random.default_rng(0)))


# ---- An iteration.


def cells(text, row):
    """The words of the first line that begins with that word."""
    return next(line.split() for line in text.splitlines() if line.split()[:1] == [row])


def test_question_1_reads_as_the_handout_prints_it():
    text = str(iterate(LAYER1, X1, T1, DESCENT1))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    # facts.md: row 18 of U and f(U); errors 14; cost 34.4994; row 18 of delta; W1 and b1 to two decimals.
    row = next(line for line in lines if line.startswith("18 "))
    assert row.split() == ["18", "4", "-1", "0", "0", "1", "2.84", "0.71", "-1.17", "0.88", "0.10", "0.02"]
    last = [line for line in lines if line.startswith("18 ")][1]
    assert last.split() == ["18", "A", "C", "wrong", "0.88", "0.10", "-0.98"]
    assert "errors  14 of 18" in lines
    assert "cost    J = -sum_p ln y_label = 34.50" in lines
    after = {line.split()[0]: line.split()[4:] for line in lines[-3:]}
    assert after == {"x1": ["0.28", "-0.54", "0.89"], "x2": ["0.54", "-0.12", "-0.32"], "b": ["-0.32", "0.27", "0.06"]}
    # The formulas come before the matrices.
    assert text.index("U = X W + b") < text.index("Layer before the update") < text.index("Patterns")


def test_every_matrix_of_an_iteration_is_shown():
    """Each figure of each matrix, read back from the text at full precision, is the record's."""
    worked = iterate(LAYER1, X1, T1, DESCENT1, iteration=2)
    lines = iteration_text(worked, decimals=15, width=400).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(" 1 "))
    numbers = [[float(word) for word in line.split() if re.match(r"-?\d", word)] for line in lines[start : start + 18]]
    expected = np.hstack(
        [np.arange(1, 19)[:, None], worked.inputs, worked.desired, worked.synaptic_inputs, worked.outputs, worked.delta]
    )
    # 15 decimals are written, and reading them back rounds once more.
    assert_allclose(numbers, expected, atol=1e-15, rtol=0)
    rows = [[float(word) for word in line.split()[1:]] for line in lines[-3:]]
    gradients = np.vstack([worked.weight_gradient, worked.bias_gradient])
    assert_allclose(rows, np.hstack([gradients, np.vstack([worked.weights, worked.biases])]), atol=5e-15, rtol=0)


@pytest.mark.parametrize("width", [40, 80, 132])
@pytest.mark.parametrize(
    ("layer", "X", "targets"),
    [
        (LAYER1, X1, T1),
        (LinearLayer.random(2, 3), X7, D7),
        (PerceptronLayer.random(2, 3, activation="tanh"), X7, D7),
        (LogisticLayer.random(2, ["no", "yes"]), X7, ["no", "yes"] * 3 + ["no"]),
        (LogisticLayer.random(2, neurons=3), X7, (D7 > 0.5).astype(int)),
        (LogisticLayer.random(2, ["a", "b", "c"]), X7, list("abcabca")),
        (SoftmaxLayer.random(30, range(20)), rng.normal(size=(500, 30)), [p % 20 for p in range(500)]),
        (LinearLayer.random(200, 60), rng.normal(size=(3, 200)), rng.normal(size=(3, 60))),
        (LinearLayer.random(2, 3), X7 * [1e9, 1e-12], D7 * 1e-12),
    ],
)
@pytest.mark.parametrize("options", [{}, {"batch_size": 3, "reduction": "mean", "weight_decay": 0.01}])
def test_no_line_is_wider_than_the_page(layer, X, targets, options, width):
    worked = iterate(layer, X, targets, Descent(1e-3, 2, **options), iteration=2)
    text = iteration_text(worked, width=width)
    too_wide = [line for line in text.splitlines() if len(line) > width]
    # A formula that has no blank to break at may stand out of a narrow page; figures never do.
    assert not [line for line in too_wide if re.search(r"\d\.\d\d|\d\de[+-]", line)]
    if width >= 80:
        assert not too_wide
    assert "\x1b" not in text
    assert "-0.00 " not in text


def test_wide_matrices_fold_and_wider_ones_are_cut():
    text = iteration_text(
        iterate(SoftmaxLayer.random(30, range(20)), np.eye(20, 30), range(20), Descent(0.1, 1)), rows=5
    )
    assert "(continued)" in text
    assert "x30" in text
    text = iteration_text(iterate(LinearLayer.random(200, 1), np.eye(3, 200), np.eye(3, 1), Descent(0.1, 1)))
    assert "x29" in text
    assert "x30 " not in text
    assert "x200" in text
    assert any(re.search(r"x29 +\.\.\. +x200", line) for line in text.splitlines())


def test_rows_beyond_the_limit_give_way_to_an_ellipsis():
    worked = iterate(LinearLayer.random(1, 1), np.arange(500.0)[:, None], np.zeros((500, 1)), Descent(1e-9, 1))
    places = [
        line.split()[0]
        for line in iteration_text(worked).splitlines()
        if re.match(r" *\d+ ", line) and len(line.split()) > 3
    ]
    assert places == [*map(str, range(1, 30)), "500"]
    short = iteration_text(worked, rows=3).splitlines()
    at = next(n for n, line in enumerate(short) if line.startswith("  2 "))
    assert [line.split()[0] for line in short[at : at + 3]] == ["2", "...", "500"]


def test_a_mini_batch_says_which_patterns():
    worked = iterate(LAYER1, X1, T1, Descent(0.05, 2, batch_size=4, reduction="mean", seed=3), iteration=7)
    text = str(worked)
    assert "Iteration 7, in epoch 2" in text
    assert "4 patterns in this batch" in text
    assert "P = 4" in text
    table = text[text.index("\nPatterns\n") :].splitlines()
    shown_places = [line.split()[0] for line in table if re.match(r" *\d+ ", line)][:4]
    assert shown_places == [str(place + 1) for place in worked.batch]


def test_long_names_are_numbered_and_explained():
    layer = SoftmaxLayer.random(2, ["setosa", "versicolor", "a most unusual and long name"])
    worked = iterate(layer, X7, ["setosa"] * 7, Descent(0.1, 1))
    text = joined(iteration_lines(worked, input_names=["length", "width"]))
    assert "inputs: x1 = length, x2 = width" in text
    assert "neurons: 1 = setosa, 2 = versicolor, 3 = a most unusua..." in text
    text = joined(iteration_lines(iterate(LAYER1, X1, T1, DESCENT1), input_names=["x1", "x2"]))
    assert "inputs:" not in text
    assert "neurons:" not in text


def test_names_stay_on_one_line():
    assert short_name("a\nb") == "'a\\nb'"
    assert short_name(("p", 1)) == "('p', 1)"
    assert short_name("x" * 20) == "x" * 13 + "..."


def test_independent_neurons_show_rows_of_0_and_1():
    layer = LogisticLayer([[1.0, -1.0]], [0.0, 0.0])
    text = str(iterate(layer, [[2.0], [1.0]], [[1, 0], [1, 1]], Descent(0.1, 1)))
    # u = (2, -2) and (1, -1): both say 1 0; the second pattern wants 1 1.
    assert "predicted" in text
    wrong = [line.split() for line in text.splitlines() if "wrong" in line]
    assert [row[0] for row in wrong] == ["2"]
    assert "errors  1 of 2" in text


def test_pattern_weights_are_shown_where_they_matter():
    v = np.array([1.0, 2.0, 0.5, 1, 1, 1, 1])
    worked = copy.copy(
        iterate(
            LogisticLayer.random(2, ["a", "b"]), X7, list("abababa"), Descent(0.1, 1, reduction="mean"), sample_weight=v
        )
    )
    object.__setattr__(worked, "sample_weight", v)
    text = str(worked)
    assert "v_p" in text
    assert "V = sum_p v_p" in text
    assert "by weight" in text
    object.__setattr__(worked, "sample_weight", np.ones(7))
    assert "v_p" not in str(worked)


def test_tiny_and_huge_figures_stay_readable():
    worked = iterate(LinearLayer([[1e-12]], [0.0]), [[1e9]], [[0.0]], Descent(1e-12, 1))
    text = str(worked)
    # u = 1e9 * 1e-12 = 0.001, delta = u, dJ/dW = 1e9 * 0.001 = 1e6.
    table = text[text.index("\nPatterns\n") :]
    assert cells(table, "1") == ["1", "1e+09", "0", "1.00e-03", "1.00e-03", "1.00e-03"]
    assert "cost    J = 1/2 sum_pk (d - y)^2 = 5.00e-07" in text.splitlines()
    assert "1000000.00" in text


# ---- A run.


def test_a_run_shows_costs_weights_and_outcome():
    run = train(LAYER1, X1, T1, DESCENT1, "direct")
    text = str(run)
    assert max(map(len, text.splitlines())) <= 80
    # facts.md: cost 34.4994 and 14 errors before, 0.5784 and none at 1500 updates.
    assert cells(text, "0") == ["0", "34.4994", "14", "0.2222"]
    assert cells(text, "1500") == ["1500", "0.5784", "0", "1.0000"]
    assert cells(text, "b") == ["b", "-7.8237", "5.8055", "2.0182"]
    assert "direct engine, 1500 updates" in text
    assert text.endswith("After 1500 epochs: all epochs done.")


def test_a_run_with_a_validation_set_shows_both():
    run = train(LinearLayer.random(2, 3), X7, D7, Descent(0.01, 3), "direct", validation=(X7[:2], D7[:2]))
    text = run_text(run)
    assert "training" in text
    assert "validation" in text
    assert cells(text, "3")[1:] == [figure(run.history.cost[-1], 4), figure(run.history.validation_cost[-1], 4)]


def test_a_run_that_never_had_a_finite_cost_says_so():
    run = train(LinearLayer([[1e200]], [0.0]), [[1e200]], [[0.0]], Descent(0.1, 3), "direct")
    assert len(run.history.epoch) == 0
    text = str(run)
    assert "No cost could be recorded." in text
    assert "0 updates\n" in text
    assert "not finite" in text


def test_fractional_errors_keep_their_fraction():
    v = np.array([0.5, *np.ones(17)])
    run = train(LAYER1, X1, T1, Descent(0.05, 1), "direct", sample_weight=v)
    wrong_first = train(LAYER1, X1, ["C", *T1[1:]], Descent(0.05, 1), "direct", sample_weight=v)
    assert cells(joined(history_lines(run.history, 1, 80)), "0")[2] == "14"
    assert cells(joined(history_lines(wrong_first.history, 1, 80)), "0")[2] == "14.5"


@pytest.mark.parametrize("last", [1, 5, 13, 14, 99, 1500, 10_000, 50_000, 10_000_000])
def test_milestones_are_few_distinct_and_hold_both_ends(last):
    epochs = range(last + 1)
    places = milestones(epochs, 13)
    assert places[0] == 0
    assert places[-1] == last
    assert places == sorted(set(places))
    assert min(last + 1, 6) <= len(places) <= 13


def test_milestones_take_what_was_recorded():
    epochs = [*range(0, 1000, 7), 1000]
    chosen = [epochs[place] for place in milestones(epochs, 13)]
    assert chosen[:3] == [0, 7, 14]
    assert chosen[-1] == 1000
    assert milestones([0], 13) == [0]


# ---- Metrics.


@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 1000))
def test_metrics_agree_with_scikit_learn(patterns, columns, seed):
    source = np.random.default_rng(seed)
    D, Y = source.normal(size=(2, patterns, columns)) * 10.0 ** source.integers(-3, 4, size=columns)
    # 1e-10: sums in another order, and 1 - (nearly 1) may cancel some digits.
    assert_allclose(mean_square_error(D, Y), mean_squared_error(D, Y, multioutput="raw_values"), rtol=1e-10)
    assert_allclose(r2(D, Y), r2_score(D, Y, multioutput="raw_values"), rtol=1e-10, atol=1e-10)


def test_metrics_by_hand():
    # d = 1, 2, 3; y = 1, 2, 5: squares 0, 0, 4; mean 4/3; SS_tot = 1 + 0 + 1 = 2; R2 = 1 - 4/2 = -1.
    assert mean_square_error([[1], [2], [3]], [[1], [2], [5]]).tolist() == [4 / 3]
    assert r2([[1], [2], [3]], [[1], [2], [5]]).tolist() == [-1]
    # The other way round: mean of y 8/3, SS_tot = (25 + 4 + 49) / 9 = 26/3, R2 = 1 - 4 / (26/3) = 14/26.
    assert_allclose(r2([[1], [2], [5]], [[1], [2], [3]]), [14 / 26], rtol=1e-14)


def test_r2_of_constant_targets_is_undefined_even_where_their_mean_rounds():
    # The mean of three 0.1 is 0.10000000000000002 in floating point: SS_tot is no exact zero.
    assert np.isnan(r2([[0.1]] * 3, [[0.1], [0.2], [0.3]])).all()
    assert np.isnan(r2([[5.0]], [[5.0]])).all()


def test_metrics_of_a_layer_are_in_the_units_before_scaling():
    D = np.array([[10.0, 0.2], [30.0, 0.1], [20.0, 0.4]])
    scaling = Scaling([10.0, 0.1], [0.05, 2.0])
    layer = LinearLayer.random(2, 2, seed=4)
    X = rng.normal(size=(3, 2))
    found = scores(layer, X, scaling.apply(D), scaling)
    Y = scaling.undo(layer.output(X))
    # 1e-12: rounding of the scaling and back.
    assert_allclose(found.mean_square_error, mean_squared_error(D, Y, multioutput="raw_values"), rtol=1e-12)
    assert_allclose(found.r2, r2_score(D, Y, multioutput="raw_values"), rtol=1e-12)
    assert_allclose(scores(layer, X, D).r2, r2(D, layer.output(X)), rtol=0)


@pytest.mark.parametrize(
    ("D", "Y", "message"),
    [
        ([[1.0]], [[1.0], [2.0]], "The predictions must have the shape of the targets, (1, 1). Got (2, 1)."),
        (np.empty((0, 2)), np.empty((0, 2)), "The targets must have at least one row (pattern). Got none."),
        ([[math.nan]], [[1.0]], "The targets must hold finite numbers only. Got nan in row 1, column 1."),
        ([[1.0]], [1.0], "The predictions must be a matrix"),
    ],
)
def test_metrics_refuse_what_does_not_fit(D, Y, message):
    for metric in (mean_square_error, r2):
        with pytest.raises(InputError) as caught:
            metric(D, Y)
        assert str(caught.value).startswith(message)


def test_huge_errors_are_infinite_without_a_warning():
    assert mean_square_error([[0.0], [1.0]], [[1e200], [1.0]]).tolist() == [math.inf]
    assert r2([[0.0], [1.0]], [[1e200], [1.0]]).tolist() == [-math.inf]


def test_undefined_scores_are_said():
    sets = {"training": Scores(np.array([1.0]), np.array([0.5])), "test": Scores(np.array([2.0]), np.array([np.nan]))}
    text = joined(score_lines(["pulse"], sets, 2, 80, units=" (in beats)"))
    assert "Mean square error and R2 (in beats)" in text
    assert cells(text, "pulse") == ["pulse", "1.00", "0.50", "2.00", "undefined"]
    assert "R2 is undefined where all targets are equal" in text
    narrow = score_lines(["pulse"], sets, 2, 40, units=" (in the units before scaling)")
    assert max(len(line.text) for line in narrow) <= 40


# ---- Progress.


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Calls that make standard error a terminal: in the test itself, since pytest sets its own after the fixtures."""
    for variable in ("NO_COLOR", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()

    def begin():
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return begin


def test_a_bar_shows_the_cost_on_a_terminal_and_goes(terminal, monkeypatch):
    stream = terminal()
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    update, close = progress.bar("Training", 100)
    update(10, 2.0)
    update(50, 0.12345)
    update(60, math.nan)
    update(70, 0.12345)
    close()
    text = stream.getvalue()
    assert "Training" in text
    assert "70%" in text
    assert "cost 0.1235" in text
    # Moves up and clears its line at the end: transient.
    assert text.endswith("\x1b[2K")


def test_a_short_job_shows_no_bar(terminal):
    stream = terminal()
    update, close = progress.bar("Training", 100)
    update(100, 1.0)
    close()
    assert stream.getvalue() == ""


def test_elsewhere_a_bar_is_silent(capsys):
    update, close = progress.bar("Training", 100)
    update(100, 1.0)
    close()
    assert capsys.readouterr() == ("", "")


def test_training_calls_the_bar(terminal, monkeypatch):
    stream = terminal()
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    train(LAYER1, X1, T1, Descent(0.05, 20), "direct", progress=True)
    assert "Training" in stream.getvalue()


def test_steps_are_lines_where_there_is_no_terminal(capsys):
    with progress.steps("tutorial", 4) as advance:
        advance("a")
        advance("b")
        advance("b", 1.5)
        advance("c", 3)
        advance("d")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "tutorial [  0%] a", "tutorial [ 25%] b", "tutorial [ 75%] c", "tutorial [100%] d", "tutorial [100%] done",
    ]  # fmt: skip


def test_steps_are_lines_above_a_bar_on_a_terminal(terminal):
    stream = terminal()
    with progress.steps("tutorial", 2) as advance:
        advance("first")
        advance("second")
    text = stream.getvalue()
    assert "tutorial [ 50%] second" in text
    assert "\x1b[" in text


def test_steps_can_be_silent_and_pass_errors_on(capsys):
    with progress.steps("tutorial", 0, show=False) as advance:
        advance("a")
    assert capsys.readouterr().err == ""
    with progress.steps("tutorial", 0) as advance:
        advance("a")
    assert capsys.readouterr().err.splitlines() == ["tutorial [100%] a", "tutorial [100%] done"]
    with pytest.raises(ZeroDivisionError), progress.steps("tutorial", 2):
        1 / 0  # noqa: B018 - something goes wrong under way
    assert "done" not in capsys.readouterr().err
