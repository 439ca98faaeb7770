"""A problem sheet: what is given and what is asked for, in every form, and nothing of the solution."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import deltarule as dr
from deltarule.conventions import Conventions
from deltarule.errors import InputError
from deltarule.iteration import iterations
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.worth import worths
from deltarule.problem import problem_from
from deltarule.setting import sheet
from deltarule.setting.sheet import FORMS, sheet_documents
from hostile import NAMES
from right_answers import KINDS, drawn


def problem(kind="softmax", batch_size=None, decimals=2, **options):
    return problem_from(drawn(kind, 4, reduction="sum", batch_size=batch_size, decay=0.0, decimals=decimals) | options)


def boxes(text, form):
    """How many places there are to fill in."""
    if form == "html":
        bodies = re.findall(r'<table class="blank">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)
        return sum(body.count("<td></td>") for body in bodies)
    if form == "latex":
        return text.count(r"\hspace{3.2em}")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|") and "--" not in line]
    return sum(cell == " " * len(cell) and len(cell) > 4 for row in rows for cell in row)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_there_is_a_place_for_each_figure_that_is_asked_for(kind, form):
    asking = problem(
        kind, marking={"asked": ["iteration.1", "iteration.2.cost", "convergence.outputs", "metrics.training_cost"]}
    )
    exercise = Exercise.of(asking)
    count = sum(math.prod(worth.shape) for worth in worths(exercise).values())
    assert boxes(sheet(asking, form), form) == count


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("formulas", [False, True])
def test_no_figure_of_the_solution_is_on_it(kind, form, formulas):
    asking = problem(kind, decimals=5, marking={"asked": ["iteration.1", "iteration.2"]})
    text = sheet(asking, form, formulas=formulas).replace("−", "-")
    steps = list(iterations(asking.layer, asking.X, asking.targets, asking.descent, 1, 2))
    found = [
        getattr(each, part) for each in steps for part in ("synaptic_inputs", "outputs", "delta", "weights", "biases")
    ]
    figures = {f"{abs(value):.5f}" for values in found for value in np.ravel(values)}
    given = {f"{abs(value):.5f}" for values in (asking.layer.weights, asking.layer.biases) for value in values.ravel()}
    solution = figures - given - {f"{value:.5f}" for value in (0, 1)}
    assert len(solution) > 20
    assert not any(figure in text for figure in solution)
    assert "wrong" not in text.replace("wrong predictions", "").replace(".wrong td", "")


@pytest.mark.parametrize("form", FORMS)
def test_the_data_the_layer_and_the_descent_stand_on_it(form):
    asking = problem("tanh")
    text = sheet(asking, form).replace("−", "-")
    for values in (asking.layer.weights, asking.layer.biases):
        for value in values.ravel():
            assert f"{value:.2f}" in text
    for value in asking.X.ravel():
        assert f"{value:g}" in text
    assert f"learning rate {asking.descent.learning_rate:g}" in text
    assert "Given: a tanh perceptron layer, 3 inputs, 3 neurons" in text
    assert "Round figures to 2 decimals" in text


def test_mini_batches_have_all_patterns_on_it_and_rows_of_their_own():
    asking = problem("linear", batch_size=4, marking={"asked": ["iteration.2.delta", "iteration.2.cost"]})
    first, second = sheet_documents(asking)
    batch = [str(p + 1) for p in Exercise.of(asking).batch(2)]
    assert len(first.part("problem").tables[0].rows) == len(asking.X)
    assert second.part("iteration.2.delta").tables[0].labels == tuple(batch)
    assert f"of patterns {', '.join(batch)}" in second.part("iteration.2.cost").remark
    assert any("mini-batches of 4" in sentence for sentence in first.sentences)


def test_parts_are_numbered_through_and_say_what_they_are_worth():
    marking = {"asked": ["iteration.1.cost", "iteration.2.delta", "boundaries.A-B"], "weights": {"delta": 2}}
    documents = sheet_documents(problem(marking=marking))
    parts = [part for document in documents[1:] for part in document.parts]
    assert [document.heading for document in documents[1:]] == ["Iteration 1", "Iteration 2", "After the whole descent"]
    assert [(part.title, part.remark) for part in parts] == [
        ("1. Cost", "worth 1 of 4"),
        ("2. Delta", "worth 2 of 4"),
        ("3. Boundary A-B: a1 x1 + ... + c = 0", "worth 1 of 4"),
    ]


def test_what_marking_says_beside_the_parts_is_said():
    sentences = sheet_documents(problem(marking={"credit": "all-or-nothing", "hint_cost": 0.2}))[0].sentences
    assert "A part earns its marks if all of it is right, and nothing otherwise" in sentences
    assert "Each hint costs 20% of all marks" in sentences
    plain = sheet_documents(problem())[0].sentences
    assert not any("marks" in sentence or "hint" in sentence for sentence in plain)


def test_formulas_stand_beside_the_parts_only_where_they_are_asked_for():
    with_formulas, without = (sheet_documents(problem(), formulas=asked)[1] for asked in (True, False))
    assert with_formulas.part("iteration.1.delta").formula.text.endswith("= Y - D")
    assert all(part.formula is None for part in without.parts)


@pytest.mark.parametrize("weights", ["inputs x neurons", "neurons x inputs"])
@pytest.mark.parametrize("biases", ["vector", "first column"])
def test_it_follows_the_conventions_of_the_problem(weights, biases):
    asking = problem("linear").with_conventions(Conventions(delta="D - Y", weights=weights, biases=biases))
    first, second = sheet_documents(asking)
    given = first.part("problem").tables
    asked = second.part("iteration.1.weights").tables[0]
    W = given[2]
    assert (asked.labels, asked.heads) == (W.labels, W.heads)
    assert (second.part("iteration.1.biases") is None) == (biases == "first column")
    assert any(sentence.startswith("delta has D - Y") for sentence in first.sentences)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_names_from_files_do_not_leave_their_text(form, name):
    data = {"inputs": [[1, 2], [3, 4], [5, 7]], "targets": [f"A{name}", "B", "B"]}
    document = {
        "title": name,
        "layer": {"kind": "softmax", "init": {"seed": 1}},
        "data": data,
        "descent": {"learning_rate": 0.1, "epochs": 2},
        "marking": {"asked": ["iteration.1.delta", "boundaries"]},
    }
    text = sheet(problem_from(document), form)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]", text)
    assert "<script>x" not in text
    if form == "latex":
        assert r"\input{/x}" not in text
        assert r"\write18{ls}" not in text


def test_a_form_that_is_not_known_is_refused():
    with pytest.raises(InputError, match="form of the sheet must be one of latex, html, markdown"):
        sheet(problem(), "pdf")
    with pytest.raises(InputError, match="problem"):
        sheet(dr.Descent(0.1, 1))
