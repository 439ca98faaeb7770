"""Problems that are set: their conditions against formulas written out here, seeds, names of files, class lists, sets."""

from __future__ import annotations

import csv
import dataclasses
import tomllib
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import deltarule as dr
from deltarule.errors import InputError
from deltarule.file_names import MAX_BYTES
from deltarule.problem import problem_from, problem_text
from deltarule.setting import (
    FORMS,
    Wish,
    conditions,
    drawing,
    new_problem,
    read_students,
    student_seed,
    write_one,
    write_set,
    writing,
)
from deltarule.setting.conditions import near_half
from deltarule.setting.students import file_names
from samples import refused

WISHES = [
    {},
    {"patterns": 3},
    {"patterns": 12},
    {"patterns": 10, "separable": False},
    {"patterns": 5, "inputs": 1, "classes": 2},
    {"patterns": 6, "inputs": 1, "classes": 2, "separable": False},
    {"patterns": 6, "inputs": 4, "classes": 4},
    {"one_decimal": True},
    {"decimals": 4},
    {"decimals": 1, "patterns": 5},
    {"learning_rate": 0.03, "epochs": 1},
    {"kind": "logistic"},
    {"kind": "logistic", "classes": 2, "patterns": 10},
    {"kind": "logistic", "classes": 2, "patterns": 10, "separable": False, "one_decimal": True},
    {"kind": "logistic", "classes": 2, "patterns": 2},
    {"kind": "perceptron"},
    {"kind": "perceptron", "neurons": 1, "patterns": 12, "one_decimal": True},
    {"kind": "linear"},
    {"kind": "linear", "neurons": 3, "inputs": 3, "one_decimal": True, "decimals": 3},
    {"kind": "linear", "neurons": 1, "inputs": 1, "patterns": 1},
]
SEEDS = range(5)


def by_hand(text):
    """Two iterations of a problem's text, as formulas; nothing of the package is used."""
    document = tomllib.loads(text)
    kind, data, rate = document["layer"]["kind"], document["data"], document["descent"]["learning_rate"]
    W, b = np.array(document["layer"]["weights"]), np.array(document["layer"]["biases"])
    X = np.array(data["inputs"], dtype=float)
    K = W.shape[1]
    if kind in ("linear", "perceptron"):
        D = np.array(data["targets"], dtype=float)
    else:
        classes = sorted(set(data["targets"]))
        place = np.array([classes.index(label) for label in data["targets"]])
        D = place[:, None].astype(float) if K == 1 else np.eye(K)[place]
    found = []
    for _ in range(3):
        U = X @ W + b
        figures = {"synaptic_inputs": U}
        if kind == "linear":
            Y, delta = U, U - D
            cost = 0.5 * np.sum((D - U) ** 2)
        elif kind == "perceptron":
            Y = 1 / (1 + np.exp(-U))
            figures["slopes"] = Y * (1 - Y)
            delta = (Y - D) * Y * (1 - Y)
            cost = 0.5 * np.sum((D - Y) ** 2)
        elif kind == "logistic":
            Y = 1 / (1 + np.exp(-U))
            figures["slopes"] = Y * (1 - Y)
            delta = Y - D
            cost = -np.sum(D * np.log(Y) + (1 - D) * np.log(1 - Y))
        else:
            Y = np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
            delta = Y - D
            cost = -np.sum(D * np.log(Y))
        dW, db = X.T @ delta, delta.sum(axis=0)
        W, b = W - rate * dW, b - rate * db
        figures |= {"outputs": Y, "delta": delta, "cost": np.array(cost)}
        figures |= {"weight_gradient": dW, "bias_gradient": db, "weights": W, "biases": b}
        found.append(figures)
    return document, X, D, found


def separable(X, place, K):
    """Whether some W, b give every pattern's class the largest u by 1; and whether any at least none negative, some above 0."""
    X1 = np.column_stack([X, np.ones(len(X))])
    rows = []
    for x, k in zip(X1, place, strict=True):
        for other in set(range(K)) - {k}:
            row = np.zeros((K, X1.shape[1]))
            row[k], row[other] = x, -x
            rows.append(row.ravel())
    A = np.array(rows)
    strict = linprog(np.zeros(A.shape[1]), A_ub=-A, b_ub=-np.ones(len(A)), bounds=(None, None)).status == 0
    most = linprog(-A.sum(axis=0), A_ub=-A, b_ub=np.zeros(len(A)), bounds=(-1, 1))
    return strict, -most.fun > 1e-7


def assert_meets_all(text, wish):
    """The conditions promised, from the text of the problem alone."""
    document, X, D, found = by_hand(text)
    decimals, K = document["show"]["decimals"], D.shape[1]
    assert X.shape == (wish.patterns, wish.inputs)
    assert len({tuple(x) for x in X.tolist()}) == len(X)
    digits, largest = (1, 2.0) if wish.one_decimal else (0, 4.0)
    assert (np.round(X, digits) == X).all()
    assert np.abs(X).max() <= largest
    for entries in (*document["layer"]["weights"], document["layer"]["biases"]):
        assert all(float(f"{entry:.2f}") == entry for entry in entries)
    for figures in found[:2]:
        for name, values in figures.items():
            units = np.abs(values) * 10**decimals
            assert (np.abs(units - np.floor(units) - 0.5) >= 0.02 - 1e-9).all(), name
    assert np.isfinite(found[2]["cost"])
    assert found[1]["cost"] < found[0]["cost"]
    if wish.classes is None:
        return
    labels = document["data"]["targets"]
    assert sorted(set(labels)) == list("ABCDEF"[: wish.classes])
    for figures in found[:2]:
        if K == 1:
            assert np.abs(figures["synaptic_inputs"]).min() >= 0.1 - 1e-9
        else:
            least, most = np.sort(figures["outputs"], axis=1)[:, -2:].T
            assert (most - least).min() >= 0.05 - 1e-9
    U = found[0]["synaptic_inputs"]
    wrong = (U[:, 0] > 0) != (D[:, 0] > 0) if K == 1 else U.argmax(axis=1) != D.argmax(axis=1)
    assert 0 < wrong.sum() < len(X)
    strict, some = separable(X, [sorted(set(labels)).index(label) for label in labels], wish.classes)
    assert (strict, some) == ((True, True) if wish.separable else (False, False))


# ---- Problems.


@pytest.mark.parametrize("options", WISHES, ids=str)
def test_problems_meet_the_conditions_by_formulas_written_out(options):
    for seed in SEEDS:
        problem = new_problem(**options, seed=seed)
        assert_meets_all(problem_text(problem), Wish(**options))
        assert conditions(problem, separable=Wish(**options).separable) == []


def test_a_problem_is_read_back_as_it_was_written(tmp_path):
    for kind in ("softmax", "logistic", "perceptron", "linear"):
        problem = new_problem(kind, seed=3)
        dr.write_problem(problem, tmp_path / "problem.toml")
        read = dr.read_problem(tmp_path / "problem.toml")
        np.testing.assert_array_equal(read.X, problem.X)
        np.testing.assert_array_equal(read.layer.weights, problem.layer.weights)
        assert read.targets.tolist() == problem.targets.tolist()
        assert read.descent == problem.descent
        assert read.layer.kind == kind


def test_the_seed_alone_decides():
    texts = [problem_text(new_problem(seed=seed)) for seed in (7, 7, np.random.default_rng(7), 8)]
    assert texts[0] == texts[1] == texts[2] != texts[3]


def test_classes_come_about_as_often():
    counts = [np.unique(new_problem(patterns=9, seed=seed).targets, return_counts=True)[1] for seed in range(20)]
    assert np.median(np.min(counts, axis=1)) >= 2


def test_targets_suit_the_kind():
    whole = new_problem("linear", seed=1).document["data"]
    assert all(isinstance(entry, int) for row in whole["targets"] + whole["inputs"] for entry in row)
    share = np.array(new_problem("perceptron", seed=1).document["data"]["targets"])
    assert ((share >= 0.1) & (share <= 0.9) & (np.round(share, 1) == share)).all()


def test_a_wish_can_be_changed():
    wish = dataclasses.replace(Wish(patterns=8), patterns=12)
    assert (wish.patterns, wish.classes) == (12, 3)
    assert dataclasses.replace(Wish("linear"), inputs=3).neurons == 2


def test_the_rate_left_out_keeps_descent_going_down():
    # Below 2 over the largest second derivative of the cost, so that not only the second iteration is lower.
    for options in WISHES:
        problem = new_problem(**{**options, "learning_rate": None}, seed=1)
        descent = dr.Descent(problem.descent.learning_rate, 30)
        costs = dr.train(problem.layer, problem.X, problem.targets, descent, "direct").history.cost
        assert (np.diff(costs) < 1e-12).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "sotfmax"}, ("kind of layer", "be one of", "sotfmax", "Did you mean 'softmax'?")),
        ({"patterns": 2}, ("number of patterns", "at least 3, one a class", "2", "more patterns, or fewer classes")),
        ({"patterns": 3, "separable": False}, ("number of patterns", "at least 4", "3", "more patterns")),
        ({"patterns": 0}, ("number of patterns", "at least 1", "0", "1 to 100")),
        ({"patterns": 101}, ("number of patterns", "at most 100", "101", "1 to 100")),
        ({"patterns": 2.5}, ("number of patterns", "whole number", "2.5", "1 to 100")),
        ({"inputs": 21}, ("number of inputs", "at most 20", "21", "1 to 20")),
        ({"classes": 1}, ("number of classes", "at least 2", "1", "2 to 20")),
        ({"classes": 21, "patterns": 30}, ("number of classes", "at most 20", "21", "2 to 20")),
        ({"inputs": 1, "patterns": 10}, ("number of patterns", "at most 9", "10", "more inputs, or one decimal")),
        (
            {"inputs": 1, "patterns": 42, "one_decimal": True},
            ("number of patterns", "at most 41", "42", "Ask for more inputs."),
        ),
        ({"neurons": 3}, ("number of neurons", "left out for a softmax layer", "3", "classes instead")),
        ({"kind": "linear", "classes": 3}, ("number of classes", "left out for a linear", "3", "neurons instead")),
        (
            {"kind": "perceptron", "separable": False},
            ("wish for separable or overlapping classes", "left out", "False", "Leave"),
        ),
        ({"separable": 1}, ("wish for separable classes", "be a bool", "1", "True, False or None")),
        ({"one_decimal": "yes"}, ("choice of one decimal", "be a bool", "yes", "True or False")),
        ({"learning_rate": -1}, ("learning rate", "above 0", "-1", "Leave it out")),
        ({"epochs": 0}, ("number of epochs", "at least 1", "0", "epoch")),
        ({"decimals": 16}, ("number of decimals", "at most 15", "16", "0 to 15")),
        ({"seed": -1}, ("seed", "at least 0", "-1", "whole number")),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_at_once(options, message):
    with refused(*message):
        new_problem(**options)


@pytest.mark.parametrize(
    ("options", "why", "remedy"),
    [
        ({"learning_rate": 1e300}, "the cost did not fall", "smaller learning rate"),
        ({"learning_rate": 0.5, "kind": "linear"}, "the cost did not fall", "smaller learning rate"),
        ({"patterns": 30, "classes": 4, "inputs": 3}, "a figure lay next to a half", "fewer patterns"),
        # Four points of three classes in five dimensions: a common point of their hulls would be a rare accident.
        ({"patterns": 4, "inputs": 5, "separable": False}, "did not overlap", "more patterns"),
        ({"inputs": 1, "patterns": 9, "classes": 6}, "too few points", "fewer patterns"),
    ],
    ids=str,
)
def test_what_is_not_found_is_given_up_with_a_remedy(monkeypatch, options, why, remedy):
    monkeypatch.setattr(drawing, "LAYERS", 5)
    with refused("problem", "be among those that 1000 draws can find", why, remedy):
        new_problem(**options)


# ---- Conditions.

GOOD = {
    "layer": {"kind": "softmax", "weights": [[0.5, -0.2], [0.1, 0.7]], "biases": [0.1, 0.0]},
    "data": {"inputs": [[1, 2], [-3, 1], [2, -2], [4, 0]], "targets": ["A", "B", "B", "A"]},
    "descent": {"learning_rate": 0.01, "epochs": 10},
}


def changed(table, **keys):
    return problem_from(GOOD | {table: GOOD[table] | keys})


@pytest.mark.parametrize(
    ("problem", "unmet"),
    [
        (changed("data", inputs=[[1, 2], [-3, 1], [1, 2], [4, 0]]), "Two patterns have the same inputs."),
        (
            changed("layer", weights=[[0.5, 0.5], [0.1, 0.1]], biases=[0, 0]),
            "the prediction of pattern 1 is a near-tie",
        ),
        (
            changed("layer", weights=[[0.505, -0.2], [0.1, 0.7]]),
            "Iteration 1: U has 0.805 (row 1, column 1), next to a half",
        ),
        (changed("layer", biases=[0.125, 0.0]), "Iteration 1: U has 0.825 (row 1, column 1), next to a half"),
        (changed("descent", learning_rate=50.0), "The cost does not fall from iteration 1 to iteration 2."),
        (changed("descent", learning_rate=1e308), "no longer finite"),
        (changed("data", targets=["B", "B", "A", "A"]), "At first the predictions are all right."),
        (changed("data", targets=["A", "A", "B", "B"]), "At first the predictions are all wrong."),
    ],
    ids=range(8),
)
def test_what_is_not_met_is_named(problem, unmet):
    assert any(unmet in sentence for sentence in conditions(problem))


def test_separable_and_overlapping_are_told_apart():
    X = [[0, 0], [2, 2], [0, 2], [2, 0]]
    crossed = changed("data", inputs=X, targets=["A", "A", "B", "B"])
    apart = changed("data", inputs=X, targets=["A", "B", "A", "B"])
    touching = changed("data", inputs=[[0, 0], [1, 0], [2, 0], [3, 3]], targets=["A", "B", "A", "B"])

    def said(problem, separable):
        return [text for text in conditions(problem, separable=separable) if text.startswith("The classes")]

    assert said(crossed, separable=False) == said(apart, separable=True) == []
    assert said(crossed, separable=True) == ["The classes are not separable but overlapping."]
    assert said(apart, separable=False) == ["The classes are not overlapping but separable."]
    assert said(touching, separable=False) == ["The classes are not overlapping but quasi-separable."]
    assert said(crossed, separable=None) == []


def test_a_class_that_only_the_test_patterns_have_is_missed():
    data = {"inputs": [[1], [2], [3], [4]], "targets": ["A", "A", "A", "B"], "split": {"test": 0.25, "seed": 1}}
    found = []
    for seed in range(20):
        data["split"] = {"test": 0.25, "seed": seed}
        layer = {"kind": "softmax", "weights": [[0.5, -0.2]]}
        found += conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert "No pattern is of class B." in found


def test_neurons_that_decide_alone_must_be_clear():
    data = {"inputs": [[1], [-1]], "targets": [[1, 0], [0, 1]]}
    layer = {"kind": "logistic", "weights": [[0.5, -0.09]]}
    found = conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert "Iteration 1: the prediction of pattern 1 is a near-tie." in found
    layer = {"kind": "logistic", "weights": [[0.5, -0.11]]}
    found = conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert not [text for text in found if text.startswith("Iteration 1") and "near-tie" in text]


def test_mini_batches_are_judged_by_the_whole_set():
    problem = new_problem(seed=2)
    batches = problem_from(problem.document | {"descent": {"learning_rate": 0.01, "epochs": 5, "batch_size": 3}})
    found = conditions(batches)
    first = dr.iterate(batches.layer, batches.X, batches.targets, batches.descent)
    fell = first.layer.cost(batches.X, batches.targets) < batches.layer.cost(batches.X, batches.targets)
    assert fell != ("The cost does not fall from iteration 1 to iteration 2." in found)


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 4))
def test_near_a_half_by_decimals(value, decimals):
    rest = abs(value).scaleb(decimals) % 1
    distance = abs(rest - Decimal("0.5"))
    if abs(distance - Decimal("0.02")) > Decimal("1e-9"):
        assert bool(near_half(float(value), decimals)) == (distance < Decimal("0.02"))


def test_conditions_want_a_problem():
    with refused("problem", "be a Problem", "'x'", "Read one first"):
        conditions("x")


# ---- Students.

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(st.lists(NAMES, max_size=5))
def test_file_names_are_safe_and_differ(students):
    try:
        names = file_names(students)
    except InputError as error:
        assert error.name in ("student's name", "students' names")  # noqa: PT017 - either is right
        return
    assert list(names) == students
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert name
        assert not set(name) & set('/\\:*?"<>|.\0\n\r\t ')
        assert len(name.encode()) <= MAX_BYTES + 1
        assert Path("folder", name + ".toml").resolve().parent == Path("folder").resolve()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows", ".hidden", "a\0b", "~root", "CON", "a" * 999]
)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    (safe,) = file_names([name]).values()
    (tmp_path / f"{safe}.toml").write_text("here")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["here"]
    assert not safe.startswith((".", "~"))
    assert safe.upper() != "CON"


@pytest.mark.parametrize(
    ("students", "both"),
    [
        (["Ann Lee", "ann lee"], "'Ann Lee' and 'ann lee', both 'ann-lee'"),
        (["O'Neill", "O Neill"], "\"O'Neill\" and 'O Neill', both 'O-Neill'"),
        (["Jose\u0301", "José"], "both 'José'"),
        (["a" * 150 + "b", "a" * 150 + "c"], "both 'aaaa"),
        (["Ann", "Ann"], "'Ann' and 'Ann'"),
    ],
    ids=range(5),
)
def test_names_that_make_one_file_are_named(students, both):
    with refused("students' names", "make files of different names", both, "Tell the two apart"):
        file_names(students)


def test_a_name_without_letters_is_refused():
    with refused("student's name", "have a letter or a digit", "'../..'", "Write the name"):
        file_names(["../.."])


@given(st.integers(0, 2**70), NAMES, NAMES)
def test_a_students_seed_is_of_seed_and_name(seed, one, other):
    assert 0 <= student_seed(seed, one) < 2**48
    same = " ".join(one.split()) == " ".join(other.split())
    if same:
        assert student_seed(seed, one) == student_seed(seed, other)
    if one.isascii() and other.isascii() and not same:
        assert student_seed(seed, one) != student_seed(seed, other)
    assert student_seed(seed, one) != student_seed(seed + 1, one)


@pytest.mark.parametrize(
    ("file", "content", "names"),
    [
        ("a.txt", "Ada Lovelace\n\n  Alan   Turing \r\nSmith, John", ["Ada Lovelace", "Alan Turing", "Smith, John"]),
        ("a.txt", "\ufeffŁukasz Żak\n名前\nمريم\n", ["Łukasz Żak", "名前", "مريم"]),
        ("list", "Ada\n", ["Ada"]),
        ("a.csv", 'id,Name,mail\n1,Ada,a@x\n2,,b@x\n3,"Turing, Alan",c@x\n', ["Ada", "Turing, Alan"]),
        ("a.csv", "id;name\n1;Ada\n2\n3;Alan\n", ["Ada", "Alan"]),
        ("a.csv", "Ada,1\nAlan,2\n", ["Ada", "Alan"]),
        ("a.CSV", "Ada\nAlan\n", ["Ada", "Alan"]),
        ("a.csv", "student,file,seed\nAda,Ada.toml,3\n", ["Ada"]),
        ("a.csv", 'name\n"Ada\nLovelace"\n', ["Ada Lovelace"]),
    ],
    ids=range(9),
)
def test_class_lists(tmp_path, file, content, names):
    (tmp_path / file).write_bytes(content.encode())
    assert read_students(tmp_path / file) == names


@pytest.mark.parametrize(
    ("file", "content", "rule", "got", "remedy"),
    [
        ("a.txt", b"", "have a name a line", "none in", "Write one student a line"),
        ("a.txt", b"\n \n", "have a name a line", "none in", "Write one student a line"),
        ("a.csv", b"", "have a name a line", "none in", "Write one student a line"),
        ("a.csv", b"id,name\n1,\n", "have a name a line", "none in", "Write one student a line"),
        ("a.txt", b"Ada\nAlan\nAda \n", "name each student once", "'Ada' in lines 1 and 3", "tell the two apart"),
        ("a.txt", b"Jos\xc3\xa9\nJose\xcc\x81\n", "name each student once", "in lines 1 and 2", "tell the two apart"),
        ("a.csv", b"name\nAda\nAda\n", "name each student once", "'Ada' in lines 2 and 3", "tell the two apart"),
        ("a.txt", b"Jos\xe9\n", "be UTF-8 text", "another byte in place 4", "Save it as UTF-8"),
        ("a.txt", b"PK\x03\x04\n", "hold names", "in line 1", "plain text or CSV"),
        ("a.csv", b'name\n"Ada\n', "be CSV", "in line 2", "Close each quotation"),
        ("a.csv", b"name\nA\x00a\n", "hold names", "in line 2", "plain text or CSV"),
    ],
    ids=range(11),
)
def test_class_lists_that_are_none(tmp_path, file, content, rule, got, remedy):
    (tmp_path / file).write_bytes(content)
    with refused("class list", rule, got, remedy):
        read_students(tmp_path / file)


def test_a_class_list_that_is_not_there_or_no_file(tmp_path):
    (tmp_path / "class.txt").write_text("Ada\n")
    with refused("class list", "be a file that exists", "clas.txt", "Did you mean 'class.txt'?"):
        read_students(tmp_path / "clas.txt")
    with refused("class list", "be a file that can be read", str(tmp_path), "Check it."):
        read_students(tmp_path)


# ---- Files.


def test_one_problem_with_its_solutions_and_answer(tmp_path):
    wish = Wish("perceptron", patterns=4)
    written = write_one(tmp_path / "new" / "week.toml", wish, seed=5, forms=tuple(FORMS))
    names = {file.name for file in (tmp_path / "new").iterdir()}
    endings = {f".solution{ending}" for ending in (".html", ".tex", ".md", ".txt")}
    assert names == {"week" + ending for ending in {".toml", ".answer.toml"} | endings}
    assert {file.name for file in written.files} == names
    assert written.problem.read_text() == problem_text(new_problem("perceptron", patterns=4, seed=5))


@pytest.mark.parametrize("kind", ["softmax", "logistic", "perceptron", "linear"])
def test_answers_and_solutions_hold_the_figures_worked_here(tmp_path, kind):
    written = write_one(tmp_path / "p.toml", Wish(kind, patterns=5), seed=1, forms=["terminal"])
    *_, found = by_hand(written.problem.read_text())
    answer = tomllib.loads(written.answer.read_text())["iteration"]
    assert set(answer) == {"1", "2"}
    solution = written.solutions[0].read_text()
    assert "Iteration 1" in solution
    assert "Iteration 2" in solution
    for number, figures in zip("12", found[:2], strict=True):
        for name, values in figures.items():
            if name in answer[number]:
                np.testing.assert_allclose(answer[number][name], values, rtol=0, atol=0.0049, err_msg=name)
        for value in [*figures["weights"].ravel(), figures["cost"], *figures["delta"].ravel()]:
            assert f"{value + 0.0:.2f}".replace("-0.00", "0.00") in solution


def test_a_descent_of_one_epoch_has_one_iteration(tmp_path):
    written = write_one(tmp_path / "p.toml", Wish(epochs=1), forms=["terminal"])
    assert set(tomllib.loads(written.answer.read_text())["iteration"]) == {"1"}
    assert "Iteration 2" not in written.solutions[0].read_text()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "p.answer.toml").write_text("mine")
    with refused("problem's files", "be new ones", "p.answer.toml", "Give another name"):
        write_one(tmp_path / "p.toml", Wish())
    assert [file.name for file in tmp_path.iterdir()] == ["p.answer.toml"]
    with refused("folder", "be a new or an empty one", str(tmp_path), "Give another"):
        write_set(tmp_path, ["Ada"], Wish())
    assert [file.read_text() for file in tmp_path.iterdir()] == ["mine"]
    with refused("problem file", "end in .toml", "p.json", "problem.toml"):
        write_one(tmp_path / "p.json", Wish())


def test_a_set_for_a_class(tmp_path):
    wish = Wish("logistic", patterns=4, classes=2)
    students = ["Ada Lovelace", "José Díaz", "名前"]
    told = []
    written = write_set(tmp_path / "set", students, wish, seed=9, progress=lambda done, _cost: told.append(done))
    assert told == [1, 2, 3]
    assert [one.student for one in written] == students
    with (tmp_path / "set" / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == students
    texts = set()
    for row, one in zip(rows, written, strict=True):
        assert row["seed"] == str(one.seed) == str(student_seed(9, one.student))
        problem = dr.read_problem(tmp_path / "set" / row["file"])
        assert problem.title.endswith(f"({one.student})")
        again = new_problem("logistic", 4, classes=2, seed=int(row["seed"]))
        assert problem.document | {"title": ""} == again.document | {"title": ""}
        assert one.student in one.solutions[0].read_text(encoding="utf-8")
        texts.add(str(problem.document["data"]))
    assert len(texts) == 3
    assert len(list((tmp_path / "set").iterdir())) == 3 * 3 + 1
    assert read_students(tmp_path / "set" / "index.csv") == students


def test_another_student_changes_nobody_elses(tmp_path):
    wish = Wish("linear", patterns=3)
    write_set(tmp_path / "few", ["Ada", "Alan"], wish, forms=["terminal"])
    (tmp_path / "more").mkdir()  # an empty folder will do
    write_set(tmp_path / "more", ["Grace", "Alan", "Ada"], wish, forms=["terminal"])
    for file in (tmp_path / "few").iterdir():
        same = (tmp_path / "more" / file.name).read_bytes() == file.read_bytes()
        assert same == (file.name != "index.csv")


@pytest.mark.parametrize("there", [False, True])
def test_a_set_is_written_whole_or_not_at_all(tmp_path, monkeypatch, there):
    folder = tmp_path / "set"
    if there:
        folder.mkdir()
    calls = []

    def full(path, text):
        calls.append(path)
        if len(calls) == 5:
            raise InputError("file", "be one that can be written", f"{path} (No space left)", "Give another.")
        Path(path).write_text(text, encoding="utf-8")

    monkeypatch.setattr(writing, "write_whole", full)
    with pytest.raises(InputError, match="No space left"):
        write_set(folder, ["Ada", "Alan"], Wish("linear", patterns=3))
    assert len(calls) == 5
    assert folder.exists() == there
    assert [*tmp_path.rglob("*.toml")] == []


@pytest.mark.parametrize(
    ("students", "options", "name"),
    [
        ([], {}, "students"),
        (["Ada", "ada"], {}, "students' names"),
        ([3], {}, "student's name"),
        (["Ada"], {"forms": ["pdf"]}, "form of the solution"),
        (["Ada"], {"seed": -1}, "seed"),
        (["Ada"], {"seed": 1.5}, "seed"),
    ],
    ids=range(6),
)
def test_a_set_that_cannot_be_makes_no_folder(tmp_path, students, options, name):
    with pytest.raises(InputError) as caught:
        write_set(tmp_path / "set", students, Wish(), **options)
    assert caught.value.name == name
    assert not (tmp_path / "set").exists()


def test_a_set_that_is_not_found_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "LAYERS", 2)
    with pytest.raises(InputError, match="most often the cost did not fall"):
        write_set(tmp_path / "set", ["Ada"], Wish(learning_rate=100.0))
    assert [*tmp_path.iterdir()] == []


def test_the_oracle_of_separability_is_right_itself():
    square = np.array(list(product([0.0, 1.0], repeat=2)))
    assert separable(square, [0, 0, 1, 1], 2) == (True, True)
    assert separable(square, [0, 1, 1, 0], 2) == (False, False)
    assert separable(np.array([[0.0], [1.0], [1.0], [2.0]]), [0, 0, 1, 1], 2) == (False, True)
