"""`mark_folder`: the marks of a folder of answers, from Python."""

from __future__ import annotations

import json
import os

import pytest

from by_hand import LINE, LINE_RIGHT
from deltarule.errors import InputError, ProblemError
from deltarule.marking import answer_text, mark_folder
from deltarule.problem import write_problem


@pytest.fixture
def place(tmp_path):
    """A problem and five answers: two right, one ascent, one that is not TOML, one with a part that cannot be read."""
    write_problem(LINE, tmp_path / "line.toml")
    (tmp_path / "answers").mkdir()
    ascent = LINE_RIGHT | {"weights": [-1.9], "biases": [-1.0]}
    for name, parts in (
        ("ada", LINE_RIGHT),
        ("bo", ascent),
        ("emmy", LINE_RIGHT),
        ("grace", LINE_RIGHT | {"cost": "much"}),
    ):
        text = answer_text({"decimals": 2, "iteration": {"1": parts}})
        (tmp_path / "answers" / f"{name}.toml").write_text(text)
    (tmp_path / "answers" / "finn.toml").write_text("[iteration.1\n")
    return tmp_path


def test_each_answer_has_its_marks_or_its_error(place):
    marks = mark_folder(place / "line.toml", place / "answers")
    assert [(each.file, each.right, each.mistakes) for each in marks.answers] == [
        ("ada.toml", True, []), ("bo.toml", False, ["ascent"]), ("emmy.toml", True, []), ("finn.toml", False, []),
        ("grace.toml", False, []),
    ]  # fmt: skip
    finn, grace = marks.answers[3:]
    assert finn.marks is None
    assert "not valid TOML" in finn.error
    assert set(grace.marks.faults) == {"iteration.1.cost"}
    assert (marks.right, marks.mistakes, marks.missing) == (False, [("ascent", 1)], ())


def test_one_process_or_two_give_the_same(place):
    one, two = (mark_folder(place / "line.toml", str(place / "answers"), processes=n) for n in (1, 2))
    assert one == two


def test_the_marks_of_a_folder_show_themselves_and_are_plain_values(place):
    marks = mark_folder(place / "line.toml", place / "answers")
    assert "5 answers, 2 right." in str(marks)
    shown = marks._repr_html_()
    assert shown.startswith('<div class="deltarule-marks">')
    assert "finn.toml" in shown
    assert repr(marks) == "FolderMarks(answers=5, right=2, missing=0)"
    document = marks.to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert [set(each) >= {"file", "right", "parts"} or set(each) == {"file", "error"} for each in document["answers"]]


def test_of_a_folder_of_problems_each_answer_has_its_own_and_the_rest_are_missing(place):
    (place / "problems").mkdir()
    for name in ("ada", "bo", "emmy", "finn", "zoe"):
        write_problem(LINE, place / "problems" / f"{name}.toml")
    marks = mark_folder(place / "problems", place / "answers")
    assert marks.missing == ("zoe",)
    assert [each.file for each in marks.answers if "have a problem of the same name" in each.error] == ["grace.toml"]


def test_a_student_may_have_a_folder_beside_the_answers_of_others(place):
    (place / "problems").mkdir()
    for name in ("Zoe-Lee", "bo"):
        write_problem(LINE, place / "problems" / f"{name}.toml")
    for folder in ("Zoe Lee", "drafts"):
        (place / "answers" / folder).mkdir()
        (place / "answers" / folder / "answer.toml").write_text((place / "answers" / "ada.toml").read_text())
    marks = mark_folder(place / "problems", place / "answers")
    assert [each.file for each in marks.answers if each.marks is not None] == ["Zoe Lee/answer.toml", "bo.toml"]
    assert "drafts" not in str(marks)


def test_a_problem_that_cannot_be_read_and_a_folder_without_answers_are_errors(place):
    (place / "bare").mkdir()
    (place / "bad.toml").write_text("[layer]\n")
    with pytest.raises(ProblemError, match=r"bad\.toml"):
        mark_folder(place / "bad.toml", place / "answers")
    with pytest.raises(InputError, match="hold answers"):
        mark_folder(place / "line.toml", place / "bare")
    with pytest.raises(InputError, match="hold problems"):
        mark_folder(place / "bare", place / "answers")


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the cores are counted otherwise there")
@pytest.mark.parametrize(("count", "in_others"), [(39, False), (40, True)])
def test_from_40_answers_on_other_processes_mark_them(place, monkeypatch, count, in_others):
    """Until others have started, this one has marked some dozens."""
    folder = place / "many"
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.toml").write_text("")
    given = []

    def worked(mark, jobs, processes, _given_up):
        given.append((len(jobs), processes))
        return enumerate(map(mark, jobs))

    monkeypatch.setattr("deltarule.marking.folder.marking.worked", worked)
    assert len(mark_folder(place / "line.toml", folder).answers) == count
    assert given == ([(count, len(os.sched_getaffinity(0)))] if in_others else [])
