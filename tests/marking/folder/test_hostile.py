"""Nobody's answer harms another's: whatever is in one, it is named with its reason, and the others are marked."""

from __future__ import annotations

import json
import os

import pytest

from by_hand import LINE, LINE_RIGHT
from deltarule.errors import InputError
from deltarule.marking import answer_text, mark_folder
from deltarule.marking.folder import marking
from deltarule.marking.rework.chaos import OTHERS
from deltarule.problem import read_problem, write_problem

# Name, text, and a part of the reason. The first five cannot be read at all.
HOSTILE = (
    ("deep.toml", f"a = {'[' * 2000}{']' * 2000}", "at most 50 deep"),
    ("deep.json", '{"a":' * 2000 + "1" + "}" * 2000, "at most 50 deep"),
    ("keys.toml", f"[iteration.1]\ncost{'.a' * 2000} = 1", "at most 50 deep"),
    ("bytes.toml", b"# \x81", "UTF-8"),
    ("zero.toml", b"\0" * 100, "not valid TOML"),
    ("twice.toml", "[iteration.1]\ncost = 1\ncost = 2", "This stands twice"),
    ("large.toml", "[iteration.1]\ncost = 1e308\nerrors = 1", "iteration 1: errors: The problem has no such part"),
    ("digits.toml", f"[iteration.1]\ncost = 2\nrows.outputs.{'9' * 5000} = [1]", "There is no row 999"),
    ("again.toml", "[iteration.1]\ncost = 4\n[iteration.01]\ncost = 4", "This stands twice"),
    ("outside.toml", '[iteration.1]\ncost = 4\ndelta = "../secret.csv"', "must lie in"),
    ("pipe.toml", None, "This is not a file."),
    ("link.toml", "../secret.csv", "must lie in"),
    ("loop.toml", "loop.toml", "This is a link to nothing."),
)


@pytest.fixture
def place(tmp_path):
    """A problem and 43 answers: 30 right ones and 13 hostile ones."""
    write_problem(LINE, tmp_path / "line.toml")
    (tmp_path / "secret.csv").write_text("7777\n")
    folder = tmp_path / "answers"
    folder.mkdir()
    for number in range(30):
        text = answer_text({"decimals": 2, "iteration": {"1": LINE_RIGHT}})
        (folder / f"student-{number:02}.toml").write_text(text)
    for name, text, _ in HOSTILE:
        if text is None:
            os.mkfifo(folder / name)
        elif name in ("link.toml", "loop.toml"):
            (folder / name).symlink_to(text)
        else:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


@pytest.mark.parametrize("processes", [1, 2])
def test_thirteen_hostile_answers_are_named_and_the_thirty_others_are_marked(place, processes):
    marks = mark_folder(place / "line.toml", place / "answers", processes=processes)
    assert len(marks.answers) == 43
    assert [each.file for each in marks.answers] == sorted(each.file for each in marks.answers)
    assert all(each.right for each in marks.answers if each.file.startswith("student"))
    by_name = {each.file: each for each in marks.answers}
    text = " ".join(str(marks).split())
    for name, _, why in HOSTILE:
        assert not by_name[name].right
        assert why in " ".join(str(by_name[name].to_dict()).split()) or why in text
    assert all(by_name[name].marks is None for name, _, _ in HOSTILE[:5])
    assert not any(each.traceback for each in marks.answers)
    assert "7777" not in text


def test_what_nobody_foresaw_is_not_read_and_its_traceback_is_kept(place, monkeypatch):
    real = marking.check_file

    def check(problem, path, root):
        if path.name == "student-07.toml":
            raise OverflowError("34")
        if path.name == "student-08.toml":
            raise MemoryError
        return real(problem, path, root)

    monkeypatch.setattr(marking, "check_file", check)
    marks = mark_folder(place / "line.toml", place / "answers", processes=1)
    fault, memory = (each for each in marks.answers if each.file in ("student-07.toml", "student-08.toml"))
    assert "a fault of deltarule (OverflowError)" in fault.error
    assert "too much memory" in memory.error
    assert fault.traceback.rstrip().endswith("OverflowError: 34")
    assert "traceback" not in fault.to_dict()
    assert sum(each.right for each in marks.answers) == 28


def test_names_that_are_no_utf_8_are_shown_as_escapes_in_every_form(place):
    name = os.fsdecode("Zoé\x1b[2J.toml".encode("latin-1"))
    (place / "answers" / name).write_text("[iteration.1]\ncost = 'much'\n")
    (place / os.fsdecode(b"lin\xe9.toml")).write_bytes((place / "line.toml").read_bytes())
    marks = mark_folder(place / os.fsdecode(b"lin\xe9.toml"), place / "answers")
    document = json.dumps(marks.to_dict())
    for shown in (str(marks), marks._repr_html_(), document):
        shown.encode("utf-8")
        assert "\x1b" not in shown
        assert "Zo\\udce9\\x1b[2J" in shown or "Zo\\udce9\\u001b[2J" in shown


def test_problems_that_cannot_be_read_do_not_hide_whose_answer_another_is(tmp_path):
    for name in ("problems", "answers"):
        (tmp_path / name).mkdir()
    write_problem(LINE, tmp_path / "problems" / "ada.toml")
    (tmp_path / "problems" / "broken.toml").write_text("[layer]\n[data]")
    os.mkfifo(tmp_path / "problems" / "pipe.toml")
    (tmp_path / "answers" / "ada.toml").write_text(answer_text({"iteration": {"1": LINE_RIGHT}}))
    (tmp_path / "answers" / "broken.toml").write_text("[iteration.1]\ncost = 1")
    marks = mark_folder(tmp_path / "problems", tmp_path / "answers")
    assert [(each.file, each.right) for each in marks.answers] == [("ada.toml", True), ("broken.toml", False)]
    assert marks.answers[1].error.startswith("broken.toml")


def test_a_folder_that_is_none_and_a_number_of_processes_that_is_none_are_refused(place):
    with pytest.raises(InputError, match="folder must be one that can be read"):
        mark_folder(place / "line.toml", place / "nowhere")
    with pytest.raises(InputError, match="number of processes must be a whole number of at least 1"):
        mark_folder(place / "line.toml", place / "answers", processes=0)
    assert read_problem(place / "line.toml").title == LINE.title


def test_the_descent_is_trained_once_for_all_answers_of_a_process(place, monkeypatch):
    from deltarule import training

    runs, train = [], training.train
    monkeypatch.setattr(training, "train", lambda *a, **k: runs.append(a) or train(*a, **k))
    names = ("one.toml", "two.toml", "three.toml")
    for name in names:
        (place / "answers" / name).write_text("[convergence]\ncost = 99.5\n")
    answers = {
        each.file: each.marks for each in mark_folder(place / "line.toml", place / "answers", processes=1).answers
    }
    assert [answers[name].parts[0].part for name in names] == ["convergence.cost"] * 3
    # The descent itself, and those that show whether it is chaotic.
    assert len(runs) == 1 + OTHERS
