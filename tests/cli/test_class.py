"""`deltarule check` of a class: from a list and a download to pages and grades."""

from __future__ import annotations

import csv
import json

import pytest

import downloads as write
from by_hand import LINE, LINE_RIGHT
from deltarule.marking import answer_text
from deltarule.problem import write_problem

PEOPLE = [("Ann", "Lee", 1), ("Bo", "García López", 2), ("Zoë", "O'Brien", 3)]


def document(parts):
    return answer_text({"decimals": 2, "iteration": {"1": parts}})


@pytest.fixture
def check(command, tmp_path, monkeypatch):
    """The command in a folder with a problem, a list, and a download: Ann is right, Bo went uphill, Zoë has no answer."""
    monkeypatch.chdir(tmp_path)
    write_problem(LINE, "p.toml")
    (tmp_path / "list.csv").write_bytes(write.moodle_worksheet(PEOPLE))
    texts = {
        PEOPLE[0]: LINE_RIGHT,
        PEOPLE[1]: LINE_RIGHT | {"weights": [-1.9], "biases": [-1.0]},
        ("Eve", "X", 9): LINE_RIGHT,
    }
    files = {write.moodle(person): document(parts) for person, parts in texts.items()}
    files[write.moodle(PEOPLE[0], "answer-1.toml")] = document(LINE_RIGHT)
    write.zipped(tmp_path / "d.zip", files)
    return lambda *arguments: command("check", "p.toml", *arguments)


def test_a_class_is_marked_from_a_list_and_a_download(check, tmp_path):
    code, out, err = check("d.zip", "--list", "list.csv", "--page", "feedback", "--grades", "grades.csv")
    assert code == 1
    assert "Traceback" not in err
    lines = [" ".join(line.split()) for line in out.splitlines()]
    names = [next((name for name in map(write.full, PEOPLE) if line.startswith(name)), "") for line in lines]
    assert [name for name in names[1:5] if name] == [write.full(person) for person in PEOPLE]
    for line in (
        "Ann Lee 100% 100% right", "Zoë O'Brien - - no answer", "Eve X (9009)/answer.toml 100% 100% right",
        "Nobody in the class list is Eve X (9009).", "Ann Lee: the latest of 2 files: answer-1.toml, answer.toml.",
        "No answer: Zoë O'Brien", "3 answers of 3 students, 2 right.", "Written: feedback", "Written: grades.csv",
    ):  # fmt: skip
        assert line in lines
    assert len(list((tmp_path / "feedback" / "students").iterdir())) == 4
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        grades = {row["Identifier"]: row["Grade"] for row in csv.DictReader(file)}
    assert (grades["Participant 9001"], grades["Participant 9003"]) == ("100.00", "")


def test_json_stays_one_document(check, tmp_path):
    code, out, _ = check("d.zip", "--list", "list.csv", "--page", "feedback", "--grades", "grades.csv", "--json")
    found = json.loads(out)
    assert code == 1
    assert [each.get("students") for each in found["answers"]] == [["Ann Lee"], ["Bo García López"], None]
    assert found["missing"] == ["Zoë O'Brien"]
    assert (tmp_path / "feedback" / "index.html").exists()


def test_a_download_needs_no_list(check):
    code, out, _ = check("d.zip")
    assert code == 1
    assert "Eve X (9009)/answer.toml" in out
    assert out.endswith("3 answers, 2 right.\n")


def test_each_student_has_the_problem_of_their_name_however_the_platform_spells_it(check, command, tmp_path):
    (tmp_path / "week").mkdir()
    for person in PEOPLE:
        write_problem(LINE, tmp_path / "week" / f"{write.full(person).replace(' ', '-')}.toml")
    write.zipped(tmp_path / "c.zip", {write.canvas(person): document(LINE_RIGHT) for person in PEOPLE[1:]})
    (tmp_path / "list.csv").write_bytes(write.canvas_gradebook(PEOPLE))
    for options, missing in (([], "Ann-Lee"), (["--list", "list.csv"], "Lee, Ann")):
        code, out, _ = command("check", "week", "c.zip", *options)
        assert (code, f"No answer: {missing}\n" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["a.toml", "--list", "list.csv"],
            "option --list must go with a class: a folder or a zip file of answers. Got 'a.toml'.",
        ),
        (["a.toml", "--grades", "g.csv"], "option --grades must go with a class"),
        (["d.zip", "--grades-for", "moodle"], "option --grades-for must go with --grades FILE"),
        (["d.zip", "--grade", "Mark"], "option --grade must go with --grades FILE"),
        (["d.zip", "--names", "Full name"], "option --names must go with --list LIST"),
        (
            ["d.zip", "--grades", "g.csv", "--grades-for", "ilias"],
            "form of the grades must be moodle, canvas or table. Got 'ilias'.",
        ),
        (["d.zip", "--grades", "g.html"], "file of --grades must end in .csv. Got 'g.html'."),
        (["d.zip", "--list", "list.csv", "--grades", "list.csv"], "be another file than those that are read"),
        (["d.zip", "--page", "taken"], "folder must be a new or an empty one"),
        (["d.zip", "--list", "none.csv"], "class list must be a file that exists"),
        (["d.zip", "--grades", "g.csv", "--grades-for", "canvas"], "marks must be of a class list"),
        (
            ["d.zip", "--list", "list.csv", "--grades", "g.csv", "--page", "feedback", "--grade", "Grad"],
            "column of grades must be a column of the list. Got 'Grad'. Did you mean 'Grade'?",
        ),
        (["no.zip"], "zip file must be a zip file"),
        (["d.zip", "--hint"], "option --hint must stand alone"),
    ],
    ids=range(14),
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(check, tmp_path, arguments, why):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("x")
    (tmp_path / "a.toml").write_text(document(LINE_RIGHT))
    (tmp_path / "no.zip").write_text("no")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, out, err = check(*arguments)
    assert code == 2
    assert why in " ".join((out + err).split())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_marks_are_printed_though_the_column_of_grades_cannot_be_told(check, tmp_path):
    (tmp_path / "list.csv").write_bytes(write.canvas_gradebook(PEOPLE, ("One (1)", "Two (2)")))
    code, out, err = check("d.zip", "--list", "list.csv", "--grades", "g.csv", "--page", "marks.html")
    assert code == 2
    assert "column of grades must be told" in " ".join(err.split())
    assert "3 answers of 3 students" in out
    assert (tmp_path / "marks.html").exists()
    assert not (tmp_path / "g.csv").exists()


def test_a_zip_file_that_is_read_is_not_overwritten(check, tmp_path):
    (tmp_path / "d.zip").rename(tmp_path / "d.csv.zip")
    (tmp_path / "g.csv").symlink_to(tmp_path / "d.csv.zip")
    before = (tmp_path / "d.csv.zip").read_bytes()
    code, _, err = check("d.csv.zip", "--grades", "g.csv")
    assert code == 2
    assert "be another file than those that are read" in " ".join(err.split())
    assert (tmp_path / "d.csv.zip").read_bytes() == before
