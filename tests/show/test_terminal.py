"""An iteration and a run as lines of plain text."""

import copy
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule import Descent, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, iterate, train
from deltarule.show.sentences import descent_sentence
from deltarule.show.terminal import (
    history_lines,
    iteration_lines,
    iteration_text,
    parameter_lines,
    run_text,
)
from deltarule.typeset.columns import joined
from deltarule.typeset.figures import figure
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X

rng = np.random.default_rng(0)


X7, D7 = rng.normal(size=(7, 2)), rng.uniform(size=(7, 3))


DESCENT1 = Descent(learning_rate=0.05, epochs=1500)


def cells(text, row):
    """The words of the first line that begins with that word."""
    return next(line.split() for line in text.splitlines() if line.split()[:1] == [row])


def test_question_1_reads_as_the_handout_prints_it():
    text = str(iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, DESCENT1))
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
    worked = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, DESCENT1, iteration=2)
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
        (QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS),
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
    worked = iterate(
        QUESTION_1_LAYER,
        QUESTION_1_X,
        QUESTION_1_LABELS,
        Descent(0.05, 2, batch_size=4, reduction="mean", seed=3),
        iteration=7,
    )
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
    text = joined(
        iteration_lines(iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, DESCENT1), input_names=["x1", "x2"])
    )
    assert "inputs:" not in text
    assert "neurons:" not in text


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


def test_a_run_shows_costs_weights_and_outcome():
    run = train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, DESCENT1, "direct")
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
    run = train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1), "direct", sample_weight=v)
    wrong_first = train(
        QUESTION_1_LAYER, QUESTION_1_X, ["C", *QUESTION_1_LABELS[1:]], Descent(0.05, 1), "direct", sample_weight=v
    )
    assert cells(joined(history_lines(run.history, 1, 80)), "0")[2] == "14"
    assert cells(joined(history_lines(wrong_first.history, 1, 80)), "0")[2] == "14.5"


def test_large_counts_have_commas():
    run = train(LinearLayer([[0.5]], [0.0]), [[1.0]], [[1.0]], Descent(1e-4, 10_001), "direct", record_every=10_000)
    text = str(run)
    assert "learning rate 0.0001, 10,001 epochs, full batch" in text
    assert cells(text, "10,000")[0] == "10,000"
    assert "After 10,001 epochs" in text
    worked = iterate(LinearLayer([[0.5]], [0.0]), [[1.0]], [[1.0]], Descent(1e-4, 10_001), iteration=10_000)
    assert str(worked).splitlines()[0] == "Iteration 10,000, in epoch 10,000"
    assert "mini-batches of 20,000 (seed 0)" in descent_sentence(Descent(0.1, 1, batch_size=20_000))


@pytest.mark.parametrize(("names", "bias"), [(["a", "c"], "b"), (["a", "b"], "bias"), (["bias", "b"], "(bias)")])
def test_the_row_of_the_biases_is_told_from_an_input_named_b(names, bias):
    layer = LinearLayer([[1.0], [2.0]], [3.0])
    shown = [line.text.split() for line in parameter_lines(layer, 2, 80, input_names=names)]
    assert shown == [["1"], [names[0], "1.00"], [names[1], "2.00"], [bias, "3.00"]]
    worked = iterate(layer, X7, D7[:, :1], DESCENT1)
    lines = joined(iteration_lines(worked, input_names=names)).splitlines()
    assert [line.split()[0] for line in lines[-3:]] == [*names, bias]


def test_the_number_of_a_pattern_is_told_from_an_input_named_p():
    worked = iterate(LinearLayer([[1.0], [2.0]], [3.0]), X7, D7[:, :1], DESCENT1)
    text = joined(iteration_lines(worked, input_names=["p", "q"]))
    assert re.search(r"^pattern +p +q ", text, re.MULTILINE)


def test_long_names_that_begin_alike_are_told_apart():
    names = ["a name that is too long, first", "a name that is too long, second"]
    shown = [line.text for line in parameter_lines(LinearLayer([[1.0], [2.0]], [3.0]), 2, 80, input_names=names)]
    assert shown[1].split()[-2:] == ["(1)", "1.00"]
    assert shown[2].split()[-2:] == ["(2)", "2.00"]


def test_the_names_that_a_layer_knows_stand_beside_its_weights():
    layer = LinearLayer([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], input_names=["length", "width"], target_names=["u", "v"])
    words = [line.split() for line in str(layer).splitlines()[2:]]
    assert [row[0] for row in words] == ["u", "length", "width", "b"]
    assert [float(figure) for figure in words[1][1:]] == [1, 2]
    worked = str(iterate(layer, [[1.0, 2.0]], [[0.0, 0.0]], DESCENT1))
    assert "inputs: x1 = length, x2 = width" in worked
