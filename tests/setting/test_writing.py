"""Problems as files: one, or one for each student; written whole or not at all."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

import deltarule as dr
from deltarule.errors import InputError
from deltarule.marking import worked_answer
from deltarule.problem import problem_text
from deltarule.setting import (
    FORMS,
    ProblemRequest,
    new_problem,
    read_students,
    student_seed,
    write_one,
    write_set,
    writing,
)
from problem_by_hand import by_hand
from samples import refused


def test_one_problem_with_its_solutions_and_answer(tmp_path):
    request = ProblemRequest("perceptron", patterns=4, seed=5)
    written = write_one(tmp_path / "new" / "week.toml", request, forms=tuple(FORMS))
    names = {str(file.relative_to(tmp_path / "new")) for file in (tmp_path / "new").rglob("*.*")}
    solutions = [f"solutions/week.solution{ending}" for ending in (".html", ".tex", ".md", ".txt")]
    sheets = [f"handouts/week.sheet{ending}" for ending in (".html", ".tex", ".md")]
    alone = ["week.toml", "handouts/week.toml", "handouts/week.template.toml", "solutions/week.answer.toml"]
    assert names == {*alone, *sheets, *solutions}
    assert {str(file.relative_to(tmp_path / "new")) for file in written.files} == names
    assert written.problem.read_text() == problem_text(new_problem("perceptron", patterns=4, seed=5))


@pytest.mark.parametrize("kind", ["softmax", "logistic", "perceptron", "linear"])
def test_answers_and_solutions_hold_the_figures_worked_here(tmp_path, kind):
    written = write_one(tmp_path / "p.toml", ProblemRequest(kind, patterns=5, seed=1), forms=["terminal"])
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
    written = write_one(tmp_path / "p.toml", ProblemRequest(epochs=1), forms=["terminal"])
    assert set(tomllib.loads(written.answer.read_text())["iteration"]) == {"1"}
    assert "Iteration 2" not in written.solutions[0].read_text()


def test_a_path_may_be_text(tmp_path):
    written = write_one(str(tmp_path / "p.toml"), ProblemRequest("linear", patterns=3), forms=["terminal"])
    assert written.problem == tmp_path / "p.toml"
    (one,) = write_set(str(tmp_path / "set"), ["Ada"], ProblemRequest("linear", patterns=3), forms=["terminal"])
    assert one.problem == tmp_path / "set" / "Ada.toml"


def test_progress_tells_the_layers_tried(tmp_path):
    told = []
    request = ProblemRequest("logistic", classes=2, separable=False, patterns=6, inputs=1, seed=1)
    write_one(tmp_path / "p.toml", request, progress=lambda layers, cost: told.append((layers, cost)))
    assert [layers for layers, _ in told] == list(range(len(told)))
    assert len(told) > 1
    assert np.isnan([cost for _, cost in told]).all()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "p.answer.toml").write_text("mine")
    with refused("file to write", "not exist yet", "p.answer.toml", "Give another name"):
        write_one(tmp_path / "p.toml", ProblemRequest())
    assert [file.name for file in tmp_path.rglob("*.*")] == ["p.answer.toml"]
    with refused("folder", "be a new or an empty one", str(tmp_path), "Give another"):
        write_set(tmp_path, ["Ada"], ProblemRequest())
    assert [file.read_text() for file in tmp_path.rglob("*.*")] == ["mine"]
    with refused("problem file", "end in .toml", "p.json", "problem.toml"):
        write_one(tmp_path / "p.json", ProblemRequest())


def test_a_set_for_a_class(tmp_path):
    request = ProblemRequest("logistic", patterns=4, classes=2, seed=9)
    students = ["Ada Lovelace", "José Díaz", "名前"]
    told = []
    written = write_set(tmp_path / "set", students, request, progress=lambda done, _cost: told.append(done))
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
    assert len(list((tmp_path / "set").rglob("*.*"))) == 3 * 6 + 1
    assert read_students(tmp_path / "set" / "index.csv") == students


def test_the_index_runs_no_name_as_a_formula_and_reads_it_back(tmp_path):
    students = ["=HYPERLINK(evil)", "+Ada", "-Alan", "@Grace", "'=Emmy", "O'Neill, Jr."]
    write_set(tmp_path / "set", students, ProblemRequest("linear", patterns=3), forms=["terminal"])
    with (tmp_path / "set" / "index.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["student"] for row in csv.DictReader(file)]
    assert cells == ["'=HYPERLINK(evil)", "'+Ada", "'-Alan", "'@Grace", "''=Emmy", "O'Neill, Jr."]
    assert read_students(tmp_path / "set" / "index.csv") == students


def test_another_student_changes_nobody_elses(tmp_path):
    request = ProblemRequest("linear", patterns=3)
    write_set(tmp_path / "few", ["Ada", "Alan"], request, forms=["terminal"])
    (tmp_path / "more").mkdir()  # an empty folder will do
    write_set(tmp_path / "more", ["Grace", "Alan", "Ada"], request, forms=["terminal"])
    for file in (tmp_path / "few").rglob("*.*"):
        same = (tmp_path / "more" / file.relative_to(tmp_path / "few")).read_bytes() == file.read_bytes()
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
        write_set(folder, ["Ada", "Alan"], ProblemRequest("linear", patterns=3))
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
    ],
    ids=range(4),
)
def test_a_set_that_cannot_be_makes_no_folder(tmp_path, students, options, name):
    with pytest.raises(InputError) as caught:
        write_set(tmp_path / "set", students, ProblemRequest(), **options)
    assert caught.value.name == name
    assert not (tmp_path / "set").exists()


def test_files_are_written_of_a_whole_seed_alone(tmp_path):
    request = ProblemRequest(seed=np.random.default_rng(1))
    with refused("seed", "whole number of at least 0", "Generator", "Give a whole number."):
        write_one(tmp_path / "p.toml", request)
    with refused("seed", "whole number of at least 0", "Generator", "Give a whole number."):
        write_set(tmp_path / "set", ["Ada"], request)
    assert [*tmp_path.iterdir()] == []


def test_a_set_that_is_not_found_leaves_no_folder(tmp_path):
    with pytest.raises(InputError, match="most often, too few points had figures away from a half"):
        write_set(tmp_path / "set", ["Ada"], ProblemRequest(inputs=1, patterns=9, classes=6))
    assert [*tmp_path.iterdir()] == []


def test_a_written_problem_is_plain_values_as_a_dictionary(tmp_path):
    written = write_one(tmp_path / "p.toml", ProblemRequest(patterns=4, seed=3), forms=["latex", "terminal"])
    assert json.loads(json.dumps(written.to_dict())) == {
        "student": None,
        "seed": 3,
        "problem": str(tmp_path / "p.toml"),
        "answer": str(tmp_path / "solutions" / "p.answer.toml"),
        "solutions": [str(tmp_path / "solutions" / name) for name in ("p.solution.tex", "p.solution.txt")],
        "handouts": [str(tmp_path / "handouts" / name) for name in ("p.toml", "p.sheet.tex", "p.template.toml")],
    }


def test_handouts_hold_what_is_asked_for_and_nothing_of_the_solution(tmp_path):
    request = ProblemRequest("softmax", patterns=5, decimals=5, seed=2)
    marking = {"asked": ["iteration.1", "iteration.2.weights"], "weights": {"cost": 2}}
    written = write_one(tmp_path / "p.toml", request, forms=["html", "latex", "markdown"], marking=marking)
    problem = dr.read_problem(written.problem)
    assert problem.marking.asked[-1] == "iteration.2.weights"
    right = worked_answer(problem, [1, 2])["iteration"]
    figures = {
        f"{abs(value):.5f}" for part in ("delta", "weights") for each in "12" for value in np.ravel(right[each][part])
    }
    told = "".join(file.read_text() for file in written.handouts)
    assert "worth 2 of 12" in told
    assert not any(figure in told for figure in figures)
    assert all(figure in written.solutions[0].read_text() for figure in figures)


def test_only_terminal_solutions_leave_a_sheet_to_print(tmp_path):
    written = write_one(tmp_path / "p.toml", ProblemRequest("linear", patterns=3), forms=["terminal"])
    assert [file.name for file in written.handouts] == ["p.toml", "p.sheet.html", "p.template.toml"]
