"""Answers in the conventions of their problem, in others throughout, and in a mixture of them."""

import itertools

import numpy as np
import pytest

from deltarule.conventions import BIASES, DELTAS, WEIGHTS, Conventions
from deltarule.marking import Finding, PartName, answer_from, check, worked_answer
from deltarule.marking.mistakes.registry import BY_NAME
from deltarule.marking.written import in_words, with_words
from deltarule.problem import problem_from

ALL = [Conventions(*values) for values in itertools.product(DELTAS, WEIGHTS, BIASES)]
HOUSE = Conventions()


# Two of them take a second each where answers are wrong; the others are tried with the slow tests.
SOME = [HOUSE, Conventions("D - Y", "neurons x inputs", "first column")]
SOME_FIRST = [*SOME, *(pytest.param(each, marks=pytest.mark.slow) for each in ALL if each not in SOME)]


def named(conventions):
    return f"{conventions.delta}, {conventions.weights}, {conventions.biases}"


DATA = [[4, 3], [-1, 3], [0, 1], [0, -3], [2, -1]]
SOFTMAX = {
    "layer": {"kind": "softmax", "weights": [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]], "biases": [0.46, -0.13, 0.07]},
    "data": {"inputs": DATA, "targets": ["C", "B", "A", "A", "B"]},
    "descent": {"learning_rate": 0.05, "epochs": 20},
}
KINDS = {
    "softmax": SOFTMAX,
    "softmax, square": SOFTMAX
    | {
        "layer": {"kind": "softmax", "weights": [[0.02, 0.64], [0.63, -0.27]], "biases": [0.46, -0.13]},
        "data": {"inputs": DATA, "targets": ["B", "B", "A", "A", "B"]},
    },
    "linear, mean": {
        "layer": {"kind": "linear", "weights": [[0.5, -0.25], [0.75, 1.5]], "biases": [0.5, -1.0]},
        "data": {"inputs": DATA, "targets": [[1, 2], [0, 1], [2, 2], [-1, 0], [1, 1]]},
        "descent": {"learning_rate": 0.1, "epochs": 20, "reduction": "mean", "weight_decay": 0.2},
    },
    "tanh, mini-batches": {
        "layer": {"kind": "perceptron", "activation": "tanh", "weights": [[0.5], [-0.25]], "biases": [0.1]},
        "data": {"inputs": DATA, "targets": [0.5, -0.5, 0.25, 0, -0.75]},
        "descent": {"learning_rate": 0.3, "epochs": 20, "batch_size": 2},
    },
    "logistic": {
        "layer": {"kind": "logistic", "weights": [[0.3], [-0.2]], "biases": [0.1]},
        "data": {"inputs": DATA, "targets": ["no", "yes", "no", "yes", "yes"]},
        "descent": {"learning_rate": 0.2, "epochs": 20, "weight_decay": 0.5},
    },
}


def problem(kind="softmax", conventions=HOUSE, *, allowed="own"):
    return problem_from(KINDS[kind] | {"marking": {"conventions": allowed}}).with_conventions(conventions)


def names(marks):
    return [finding.name for finding in marks.mistakes]


# ---- In the conventions of the problem.


@pytest.mark.parametrize("conventions", ALL, ids=named)
@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_in_the_conventions_of_its_problem_is_right(kind, conventions):
    found = problem(kind, conventions)
    marks = check(found, worked_answer(found, [1, 2]))
    assert (marks.right, marks.score, names(marks)) == (True, 1.0, [])


LINEAR = {
    "layer": {"kind": "linear", "weights": [[1.0, 0.0], [0.0, 1.0]], "biases": [0.5, -0.5]},
    "data": {"inputs": [[1, 2], [3, 4]], "targets": [[2, 1], [3, 5]]},
    "descent": {"learning_rate": 0.1, "epochs": 1},
}
# Y = U = [[1.5, 1.5], [3.5, 3.5]], Y - D = [[-0.5, 0.5], [0.5, -1.5]].
# dJ/dW = X^T (Y - D) = [[-0.5 + 1.5, 0.5 - 4.5], [-1 + 2, 1 - 6]] = [[1, -4], [1, -5]]; dJ/db = [0, -1].
# W after = [[0.9, 0.4], [-0.1, 1.5]], b after = [0.5, -0.4].
LOGISTIC = {
    "layer": {"kind": "logistic", "weights": [[0.0], [0.0]], "biases": [0.0]},
    "data": {"inputs": [[2, 1], [4, -3]], "targets": ["no", "yes"]},
    "descent": {"learning_rate": 0.5, "epochs": 1},
}
# Y = 0.5, Y - D = [0.5, -0.5]; dJ/dW = [1 - 2, 0.5 + 1.5] = [-1, 2]; dJ/db = 0; W after = [0.5, -1], b after = 0.
BY_HAND = [
    (
        LINEAR,
        {"delta": "D - Y"},
        {"delta": [[0.5, -0.5], [-0.5, 1.5]], "weight_gradient": [[1, -4], [1, -5]], "bias_gradient": [0, -1]},
    ),
    (
        LINEAR,
        {"weights": "neurons x inputs"},
        {"weight_gradient": [[1, 1], [-4, -5]], "weights": [[0.9, -0.1], [0.4, 1.5]], "biases": [0.5, -0.4]},
    ),
    (
        LINEAR,
        {"biases": "first column"},
        {"weight_gradient": [[0, -1], [1, -4], [1, -5]], "weights": [[0.5, -0.4], [0.9, 0.4], [-0.1, 1.5]]},
    ),
    (
        LINEAR,
        {"biases": "last column", "weights": "neurons x inputs", "delta": "D - Y"},
        {
            "delta": [[0.5, -0.5], [-0.5, 1.5]],
            "weight_gradient": [[1, 1, 0], [-4, -5, -1]],
            "weights": [[0.9, -0.1, 0.5], [0.4, 1.5, -0.4]],
        },
    ),
    (
        LOGISTIC,
        {"delta": "D - Y"},
        {"delta": [-0.5, 0.5], "weight_gradient": [-1, 2], "weights": [0.5, -1], "biases": [0]},
    ),
    (LOGISTIC, {"weights": "neurons x inputs"}, {"weight_gradient": [[-1, 2]], "weights": [0.5, -1]}),
    (
        LOGISTIC,
        {"biases": "first column", "weights": "neurons x inputs"},
        {"weight_gradient": [[0, -1, 2]], "weights": [0, 0.5, -1]},
    ),
    (LOGISTIC, {"biases": "last column"}, {"weight_gradient": [[-1], [2], [0]], "weights": [0.5, -1, 0]}),
]


@pytest.mark.parametrize(("document", "conventions", "parts"), BY_HAND)
def test_answers_worked_by_hand_in_each_convention_are_right(document, conventions, parts):
    found = problem_from(document).with_conventions(Conventions(**conventions))
    marks = check(found, {"iteration": {"1": parts}})
    assert (marks.right, names(marks)) == (True, [])
    assert {str(part.part) for part in marks} == {f"iteration.1.{part}" for part in parts}
    for part, values in parts.items():
        figures = [entry.given for entry in marks[f"iteration.1.{part}"].entries]
        assert figures == np.ravel(values).tolist()


def test_the_trained_layer_is_marked_in_the_conventions_too():
    found = problem_from(LINEAR).with_conventions(Conventions("D - Y", "neurons x inputs", "first column"))
    marks = check(found, {"convergence": {"weights": [[0.5, 0.9, -0.1], [-0.4, 0.4, 1.6]]}})
    wrong = [entry for entry in marks["convergence.weights"].entries if entry.verdict == "wrong"]
    assert [(entry.place, entry.given, entry.expected) for entry in wrong] == [((2, 3), 1.6, pytest.approx(1.5))]


@pytest.mark.parametrize("conventions", SOME_FIRST, ids=named)
def test_a_wrong_entry_is_shown_where_and_as_it_was_written(conventions):
    found = problem("softmax", conventions)
    for part in ("delta", "weight_gradient", "weights"):
        document = worked_answer(found)
        matrix = document["iteration"]["1"][part]
        right = matrix[-1][0]
        matrix[-1][0] += 0.37
        marks = check(found, document)[f"iteration.1.{part}"]
        lost = [entry for entry in marks.entries if not entry.counts]
        assert [entry.place for entry in lost] == [(len(matrix), 1)]
        assert lost[0].given == pytest.approx(right + 0.37)
        assert lost[0].expected == pytest.approx(right, abs=0.006)
        assert marks.shape == np.shape(matrix)


def test_rows_and_columns_are_named_as_they_are_written():
    found = problem("softmax", Conventions(weights="neurons x inputs", biases="first column"))
    part = check(found, worked_answer(found))["iteration.1.weights"]
    assert (part.rows, part.columns) == (("A", "B", "C"), ("x0", "x1", "x2"))


def test_rows_are_given_one_by_one_in_the_shape_of_the_conventions():
    found = problem("softmax", Conventions(weights="neurons x inputs", biases="first column"))
    row = worked_answer(found)["iteration"]["1"]["weights"][1]
    marks = check(found, {"iteration": {"1": {"rows": {"weights": {"2": row}}}}})
    assert [entry.place for entry in marks["iteration.1.weights"].entries] == [(2, 1), (2, 2), (2, 3)]
    assert marks.right


def test_what_is_not_written_by_itself_is_a_fault_that_says_where_to_write_it():
    found = problem("softmax", Conventions(biases="first column"))
    document = worked_answer(found)
    document["iteration"]["1"] |= {"biases": [1, 2, 3], "weights": [[1, 2, 3], [4, 5, 6]]}
    faults = answer_from(document, found).faults
    held = "X has a first column of ones, and the biases are the first row of W"
    assert faults["iteration.1.biases"] == f"The problem has no such part: {held}. Write it in weights."
    assert faults["iteration.1.weights"].startswith(
        "The part must have 3 rows and 3 columns. Got 2 rows and 3 columns."
    )
    assert faults["iteration.1.weights"].endswith(f" In this problem {held}.")


# ---- What is said.


def test_sentences_are_true_of_the_conventions():
    turned = Conventions("D - Y", "neurons x inputs", "first column")
    assert in_words("Delta is Y - D. You took D - Y.", turned) == "Delta is D - Y. You took Y - D."
    assert in_words("dJ/dW = X^T delta.", turned) == "dJ/dW = -delta^T X."
    assert in_words("U = X W + b: the biases", turned) == "U = X W^T: the biases"
    assert in_words("The cost adds up squares of D - Y.", turned) == "The cost adds up squares of D - Y."
    for mistake in BY_NAME.values():
        assert in_words(mistake.why, HOUSE) == mistake.why


@pytest.mark.parametrize("conventions", [HOUSE, Conventions(delta="D - Y")], ids=named)
def test_a_minus_sign_lost_in_delta_is_one_that_the_conventions_ask_for(conventions):
    found = problem("softmax", conventions)
    document = worked_answer(found)
    delta = document["iteration"]["1"]["delta"]
    place = next(k for k, value in enumerate(delta[0]) if value < -0.1)
    delta[0][place] = -delta[0][place]
    assert names(check(found, document))[:1] == ["sign-lost"]


def test_figures_of_delta_are_quoted_with_the_sign_that_they_were_written_with():
    why = "A minus sign got lost: -0.31 should be 0.31."
    finding = Finding("sign-lost", PartName.parse("iteration.1.delta"), why, "Look at signs.")
    assert with_words(finding, Conventions(delta="D - Y")).why == "A minus sign got lost: 0.31 should be -0.31."
    assert with_words(finding, HOUSE).why == why
    elsewhere = Finding("sign-lost", PartName.parse("iteration.1.weights"), why, "Look at signs.")
    assert with_words(elsewhere, Conventions(delta="D - Y")).why == why


def test_a_mistake_in_a_bias_is_seen_in_the_part_that_holds_it():
    found = problem("softmax", Conventions(biases="first column"))
    document = worked_answer(found)
    document["iteration"]["1"]["weights"][0] = [0.46, -0.13, 0.07]  # as they were
    finding = check(found, document).mistakes[0]
    assert finding.part == "iteration.1.weights"


# ---- In other conventions throughout.


def expected_names(own, other):
    found = ["delta-sign"] if own.delta != other.delta else []
    found += ["weights-transposed"] if own.weights != other.weights else []
    return found + (["biases-elsewhere"] if own.biases != other.biases else [])


PAIRS = [
    *((HOUSE, other) for other in ALL if other != HOUSE),
    (Conventions("D - Y"), HOUSE),
    (Conventions("D - Y", biases="first column"), Conventions(weights="neurons x inputs")),
    (Conventions("D - Y", "neurons x inputs", "last column"), HOUSE),
]


@pytest.mark.parametrize(("own", "other"), PAIRS, ids=named)
@pytest.mark.parametrize("kind", ["softmax", "softmax, square"])
def test_an_answer_in_other_conventions_throughout_is_told_so(kind, own, other):
    document = worked_answer(problem(kind, other), [1, 2])
    marks = check(problem(kind, own), document)
    assert (marks.right, names(marks)) == (False, expected_names(own, other))
    assert marks.score < 1
    assert all(finding.is_mistake for finding in marks.mistakes)
    assert marks.mistakes[0].why.startswith("You follow another convention throughout: ")


@pytest.mark.parametrize(("own", "other"), PAIRS, ids=named)
@pytest.mark.parametrize("kind", ["softmax, square", "linear, mean", "logistic"])
def test_an_answer_in_other_conventions_loses_nothing_where_any_will_do(kind, own, other):
    document = worked_answer(problem(kind, other), [1, 2])
    marks = check(problem(kind, own, allowed="any"), document)
    assert (marks.right, marks.score) == (True, 1.0)
    # A column of weights that is a list reads the same as a row.
    assert set(names(marks)) <= set(expected_names(own, other))
    assert marks.mistakes or other.weights != own.weights
    assert not any(finding.is_mistake for finding in marks.mistakes)


def test_the_sentence_names_both_conventions():
    marks = check(problem(), worked_answer(problem("softmax", Conventions("D - Y", biases="first column"))))
    sign, place = (finding.why for finding in marks.mistakes)
    assert sign == "You follow another convention throughout: delta as D - Y. The problem has Y - D."
    assert place == (
        "You follow another convention throughout: a first column of ones in X, and the biases as the first row of W. "
        "The problem has the biases as a vector b beside W."
    )
    marks = check(problem(allowed="any"), worked_answer(problem("softmax", Conventions(weights="neurons x inputs"))))
    (shape,) = (finding.why for finding in marks.mistakes)
    assert shape == (
        "You follow another convention throughout: W with a row for each neuron and a column for each input. "
        "The problem has W with a row for each input and a column for each neuron. "
        "Any convention will do: no mark is lost, and your figures are shown as the problem writes them."
    )


def turned_throughout(document):
    """Delta as D - Y, gradients as X^T delta, and a step along them."""
    for parts in document["iteration"].values():
        for part in ("delta", "weight_gradient", "bias_gradient"):
            parts[part] = (-np.array(parts[part])).tolist()
    return document


def test_gradients_as_products_with_d_less_y_are_a_convention_where_the_step_is_right():
    document = turned_throughout(worked_answer(problem(), [1, 2]))
    assert names(check(problem(), document)) == ["delta-turned"]
    marks = check(problem(allowed="any"), document)
    assert (marks.right, marks.score, names(marks)) == (True, 1.0, ["delta-turned"])
    for parts in document["iteration"].values():
        del parts["weights"], parts["biases"]
    assert not check(problem(allowed="any"), document).right


def test_where_no_gradient_is_written_it_may_have_the_other_sign_too():
    document = worked_answer(problem(), [1])
    parts = document["iteration"]["1"]
    parts["delta"] = (-np.array(parts["delta"])).tolist()
    assert names(check(problem(), document)) == ["delta-sign"]
    del parts["weight_gradient"], parts["bias_gradient"]
    assert names(check(problem(), document)) == ["delta-turned"]


def test_a_further_mistake_is_named_beside_the_convention_and_costs_what_it_costs():
    """The learning rate 0.05 is forgotten in the weights of an answer whose delta is D - Y."""
    found = problem()
    parts = worked_answer(found)["iteration"]["1"]
    W, b = (np.array(SOFTMAX["layer"][name]) for name in ("weights", "biases"))
    parts["delta"] = (-np.array(parts["delta"])).tolist()
    parts["weights"] = (W - parts["weight_gradient"]).tolist()
    parts["biases"] = (b - parts["bias_gradient"]).tolist()
    marks = check(problem(allowed="any"), {"iteration": {"1": parts}})
    assert names(marks) == ["delta-sign", "rate-missing"]
    assert [str(part.part) for part in marks if part.verdict == "wrong"] == [
        "iteration.1.weights",
        "iteration.1.biases",
    ]


# ---- What is no convention.


def wrong_answers(conventions):
    """Answers that are wrong in every convention, written in one, with why."""
    found = problem("softmax", conventions)

    def answer():
        return worked_answer(found, [1, 2])

    document = answer()
    document["iteration"]["2"]["delta"] = (-np.array(document["iteration"]["2"]["delta"])).tolist()
    yield "delta with the other sign in iteration 2 only", document
    document = answer()
    part = document["iteration"]["1"]["weight_gradient"]
    document["iteration"]["1"]["weight_gradient"] = np.array(part).T.tolist()
    yield "dJ/dW transposed, W not", document
    document = answer()
    for parts in document["iteration"].values():
        for part, value in parts.items():
            parts[part] = value if part in ("predicted", "errors") else np.zeros_like(np.array(value)).tolist()
    yield "zeros", document
    rng = np.random.default_rng(0)
    document = answer()
    for parts in document["iteration"].values():
        for part, value in parts.items():
            if part not in ("predicted", "errors"):
                parts[part] = np.round(rng.normal(size=np.shape(value)), 2).tolist()
    yield "noise", document
    document = answer()
    parts = document["iteration"]["1"]
    del document["iteration"]["2"]
    before = conventions.written({"weights": found.layer.weights, "biases": found.layer.biases})
    parts["delta"] = (-np.array(parts["delta"])).tolist()
    for part in ("weight_gradient", "bias_gradient"):
        if part in parts:
            parts[part] = (-np.array(parts[part])).tolist()
            new = "weights" if part == "weight_gradient" else "biases"
            parts[new] = np.round(before[new] - 0.05 * np.array(parts[part]), 2).tolist()
    yield "uphill from a delta with the other sign", document
    document = {"iteration": {"1": {name: parts[name] for name in ("delta", "weights")}}}
    yield "uphill, without its gradients", document


@pytest.mark.parametrize("conventions", SOME_FIRST, ids=named)
def test_a_wrong_answer_stays_wrong_where_any_convention_will_do(conventions):
    found = problem("softmax", conventions, allowed="any")
    for why, document in wrong_answers(conventions):
        marks = check(found, document)
        assert not marks.right, why
        assert marks.score < 1, why
        assert "another convention" not in "".join(finding.why for finding in marks.mistakes), why


def test_matrices_that_read_the_same_both_ways_tell_nothing():
    """A symmetric W and its gradient: nobody knows which way they are written."""
    document = {
        "layer": {"kind": "linear", "weights": [[1.0, 0.5], [0.5, 2.0]], "biases": [0.0, 0.0]},
        "data": {"inputs": [[1, 0], [0, 1]], "targets": [[0, 0], [0, 0]]},
        "descent": {"learning_rate": 0.5, "epochs": 1},
    }
    # Y = W, delta = W, dJ/dW = W: W after = W / 2 = [[0.5, 0.25], [0.25, 1]], b after = -1/2 [1.5, 2.5].
    found = problem_from(document | {"marking": {"conventions": "any"}})
    marks = check(found, {"iteration": {"1": {"weights": [[0.5, 0.25], [0.25, 1.0]], "biases": [9.0, 9.0]}}})
    assert "another convention" not in "".join(finding.why for finding in marks.mistakes)


def test_an_answer_of_which_only_some_parts_are_kept_is_not_read_again():
    found = problem(allowed="any")
    answer = answer_from(worked_answer(problem("softmax", Conventions("D - Y"))), found)
    assert check(found, answer).right
    kept = {name: part for name, part in answer.parts.items() if name.part == "delta"}
    marks = check(found, answer.with_parts(kept))
    assert [str(part.part) for part in marks] == ["iteration.1.delta"]


def test_what_the_biases_are_worth_is_in_the_weights_that_hold_them():
    asked = {"asked": ["iteration.1.delta", "iteration.1.weights", "iteration.1.biases"], "weights": {"biases": 2}}
    found = problem_from(SOFTMAX | {"marking": asked}).with_conventions(Conventions(biases="first column"))
    parts = worked_answer(found)["iteration"]["1"]
    marks = check(found, {"iteration": {"1": {"weights": parts["weights"]}}})
    assert [str(name) for name in marks.missing] == ["iteration.1.delta"]
    assert marks.score == pytest.approx(3 / 4)  # delta is worth 1, W and b in it 1 + 2


def test_one_figure_that_agrees_by_chance_is_no_convention():
    """Whole numbers that nobody worked: delta = 3 is D - Y of their own Y = -2 and D = 1, and nothing else fits."""
    problem = problem_from(
        {
            "title": "One neuron",
            "layer": {"kind": "logistic", "weights": [[-0.63]], "biases": [-0.17]},
            "data": {"inputs": [[0.4], [-1.4], [1.7]], "targets": [0, 1, 1]},
            "descent": {"learning_rate": 0.05, "epochs": 50, "batch_size": 1, "seed": 86},
        }
    )
    page = {
        "synaptic_inputs": [[-1]],
        "outputs": [[-2]],
        "predicted": [0],
        "errors": 3,
        "cost": -3,
        "delta": [[3]],
        "weight_gradient": [[-2]],
        "bias_gradient": [-2],
        "weights": [[2]],
        "biases": [2],
    }
    assert not check(problem, {"decimals": 3, "iteration": {"1": page}}).mistakes
