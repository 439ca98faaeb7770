"""What learning platforms download, given to the students of a class list: each answer to its own student, or to nobody."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import downloads as write
from deltarule.class_list import read_class_list
from deltarule.errors import InputError
from deltarule.marking.answer.document import document_of
from deltarule.marking.folder.downloads import handed_in
from deltarule.marking.folder.giving import one_each, to_students
from deltarule.marking.folder.whose import Roll

ANN, BO, ZOE, JORG = PEOPLE = [("Ann", "Lee", 1), ("Bo", "García López", 2), ("Zoë", "O'Brien", 3), ("Jörg", "Lee", 4)]


def nobody(_name):
    return False


def given_out(source, listed, folder):
    """(names of students, text of the answer or its error, note) of all that would be marked."""
    (folder / "list.csv").write_bytes(listed)
    class_list = read_class_list(folder / "list.csv")
    with handed_in(source, Roll(class_list).has) as (found, notes):
        assert notes == []
        return [
            (
                " and ".join(s.label for s in each.students),
                each.handed_in.error or each.handed_in.path.read_text(),
                each.note,
            )
            for each in to_students(found, class_list)
        ]


PLATFORMS = {
    "moodle": (write.moodle, write.moodle_worksheet),
    "moodle flat": (write.moodle_flat, write.moodle_worksheet),
    "moodle by names": (write.moodle, write.moodle_participants),
    "canvas": (write.canvas, write.canvas_gradebook),
    "canvas late": (lambda person: write.canvas(person, late=True), write.canvas_gradebook),
    "canvas by names": (write.canvas, write.moodle_participants),
    "blackboard": (write.blackboard, write.blackboard_list),
    "blackboard by logins": (write.blackboard, write.canvas_gradebook),
    "gradescope": (lambda person: write.gradescope([person]), write.moodle_participants),
    "folders": (lambda person: f"{write.full(person)}/my work.toml", write.moodle_participants),
    "files": (lambda person: f"{write.full(person)}.toml", write.moodle_participants),
    "addresses": (lambda person: f"s{person[2]}@uni.edu.toml", write.moodle_participants),
    "logins": (lambda person: f"user{person[2]}/answer.toml", write.blackboard_list),
}


@pytest.mark.parametrize("packed", ["zip", "folder", "zip in a folder"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_answer_is_given_to_its_student(tmp_path, platform, packed):
    name, listed = PLATFORMS[platform]
    files = {name(person): f"x = {person[2]}" for person in PEOPLE[:3]}
    if platform == "gradescope":
        files["assignment_77_export/submission_metadata.yml"] = write.gradescope_metadata(
            [[person] for person in PEOPLE]
        )
    source = tmp_path / "in"
    source.mkdir()
    if packed == "folder":
        for path, text in files.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text)
    else:
        zipped = write.zipped(source / "download.zip", files)
        source = zipped if packed == "zip" else source
    if packed == "zip in a folder" and platform in ("folders", "files", "addresses", "logins"):
        return  # a zip file in a folder, which no platform made, is a student's
    found = given_out(source, listed(PEOPLE), tmp_path)
    assert sorted(text for _, text, _ in found) == ["x = 1", "x = 2", "x = 3"]
    for owner, text, note in found:
        person = PEOPLE[int(text[-1]) - 1]
        assert person[0] in owner
        assert person[1] in owner
        assert note == ""


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "stage"))
    (tmp_path / "stage").mkdir()
    source = write.zipped(tmp_path / "a.zip", {write.moodle(ANN): "x = 1"})
    with handed_in(source, nobody) as (found, _):
        assert found[0].path.read_text() == "x = 1"
        assert not found[0].path.is_relative_to(source.parent / "in")
    with pytest.raises(KeyboardInterrupt), handed_in(source, nobody):
        raise KeyboardInterrupt
    assert list((tmp_path / "stage").iterdir()) == []


# ---- Properties.

HARD = [
    "Ann Lee",
    "Lee Ann",
    "José García",
    "Jose Garcia",
    "Anna van der Berg",
    "Zoë O'Brien",
    "Jörg Müller",
    "Joerg Mueller",
    "李 小龙",
]
PERSON = st.sampled_from(HARD).map(lambda name: (name.split()[0], name.partition(" ")[2]))


@given(
    st.lists(PERSON, min_size=1, max_size=8), st.sampled_from(["moodle", "moodle by names", "canvas", "blackboard", "gradescope"]),
    st.sets(st.integers(0, 7)), st.booleans(),
)  # fmt: skip
def test_nobodys_mark_lands_at_another(names, platform, absent, stranger):
    """Also where several have one name, or names that are spelled alike: who cannot be told apart gets nothing, and is named."""
    people = [(*name, place) for place, name in enumerate(names, 1)]
    name, listed = PLATFORMS[platform]
    came = [person for person in people if person[2] - 1 not in absent]
    files = {name(person): f"x = {person[2]}" for person in came}
    if stranger:
        files[name(("Eve", "Nobody", 99))] = "x = 99"
    everybody = [*people, ("Eve", "Nobody", 99)]
    if platform == "gradescope":
        files["assignment_77_export/submission_metadata.yml"] = write.gradescope_metadata(
            [[person] for person in everybody]
        )
    with tempfile.TemporaryDirectory() as folder:
        found = (
            given_out(write.zipped(Path(folder, "a.zip"), files), listed(people), Path(folder))
            if came or stranger
            else []
        )
    right = {f"{write.full(person)}": [] for person in people}
    for person in people:
        right[write.full(person)].append(f"x = {person[2]}")
    owned = [(re.sub(r" \(.*", "", owner), text) for owner, text, _ in found if owner]
    for owner, text in owned:
        forename, surname = owner.split(", ")[::-1] if ", " in owner else (owner, "")
        assert text in right[f"{forename} {surname}".strip()]
    assert max(Counter(text for _, text in owned).values(), default=1) == 1
    assert all(note for owner, _, note in found if not owner)
    if platform != "moodle by names":  # there is an id
        assert sorted(text for _, text in owned) == sorted(f"x = {person[2]}" for person in came)


# ---- Ids and names that do not agree.


@pytest.mark.parametrize(
    ("path", "listed", "why"),
    [
        (write.moodle(("Bo", "García López", 1)), write.moodle_worksheet, "the id of Bo García López (9001) is that of Ann Lee"),
        (write.moodle(("Bo", "García", 77)), write.moodle_worksheet, "nobody in the class list is Bo García (9077)"),
        (write.moodle(("Ann", "Lee", 77)), write.moodle_worksheet, "the name of Ann Lee (9077) is that of Ann Lee (9001)"),
        (write.moodle(("Eve", "Nobody", 1)), write.moodle_worksheet, "the id of Eve Nobody (9001) is that of Ann Lee"),
        (write.canvas(("Bo", "García López", 1)), write.canvas_gradebook, "the id of garcíalópezbo (5001) is that of Lee, Ann"),
        (write.blackboard(("", "", 77)), write.blackboard_list, "nobody in the class list is user77"),
        ("Bo Garcia.toml", write.moodle_participants, "the nearest name is Bo García López"),
        ("Ann B. Lee.toml", write.moodle_participants, "nobody in the class list is Ann B. Lee"),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_not_somebodys_for_certain_is_nobodys(tmp_path, path, listed, why):
    source = write.zipped(tmp_path / "a.zip", {path: "x = 1", write.moodle(ZOE): "x = 3"})
    found = [each for each in given_out(source, listed(PEOPLE), tmp_path) if each[1] == "x = 1"]
    assert [owner for owner, _, _ in found] == [""]
    assert why in found[0][2]


@pytest.mark.parametrize(
    ("name", "nearest"), [("Ann Leigh", "Ann Lee"), ("Ann Lehmann", ""), ("Zoe Brien", "Zoë O'Brien"), ("García", "")]
)
def test_a_name_that_is_alike_is_named_and_another_is_not(tmp_path, name, nearest):
    source = write.zipped(tmp_path / "a.zip", {f"{name}.toml": "x = 1", "Jörg Lee.toml": "x = 4"})
    note = next(note for owner, _, note in given_out(source, write.moodle_participants(PEOPLE), tmp_path) if not owner)
    assert note.partition("the nearest name is ")[2] == nearest


def test_where_work_is_marked_blindly_the_number_of_the_participant_tells(tmp_path):
    listed = write.table(
        [["Identifier", "Status", "Grade"], ["Participant 9001", "a", ""], ["Participant 9002", "a", ""]]
    )
    files = {write.moodle(("Participant", "", number)).replace(" ", "", 1): f"x = {number}" for number in (2, 5)}
    (nobody, other, note), (owner, own, _) = sorted(
        given_out(write.zipped(tmp_path / "a.zip", files), listed, tmp_path)
    )
    assert (owner, own) == ("Participant 9002 (9002)", "x = 2")
    assert (nobody, other) == ("", "x = 5")
    assert note.startswith("nobody in the class list is Participant (9005)")


def test_a_name_that_two_have_is_of_neither_and_both_are_named(tmp_path):
    people = [("Ann", "Lee", 1), ("Ann", "Lee", 2)]
    source = write.zipped(tmp_path / "a.zip", {write.moodle(("Ann", "Lee", 8)): "x = 1"})
    ((owner, _, note),) = given_out(source, write.moodle_participants(people), tmp_path)
    assert owner == ""
    assert "may be Ann Lee (1) or Ann Lee (2)" in note


def test_ids_of_another_kind_than_those_of_the_list_tell_nothing(tmp_path):
    """The numbers of Gradescope are none of the list's: names tell, unless some of the numbers are."""
    listed = write.table([["name", "id"], ["Ann Lee", "A-1"], ["Zoë O'Brien", "A-3"]])
    files = {write.gradescope([person]): f"x = {person[2]}" for person in (ANN, ZOE)}
    files["assignment_77_export/submission_metadata.yml"] = write.gradescope_metadata([[ANN], [ZOE]])
    assert [owner for owner, _, _ in given_out(write.zipped(tmp_path / "a.zip", files), listed, tmp_path)] == [
        "Ann Lee (A-1)", "Zoë O'Brien (A-3)",
    ]  # fmt: skip
    listed = write.table([["name", "id"], ["Ann Lee", "1"], ["Zoë O'Brien", "A-3"]])
    found = given_out(tmp_path / "a.zip", listed, tmp_path)
    assert [(owner, bool(note)) for owner, _, note in found] == [("Ann Lee (1)", False), ("", True)]


def test_work_of_two_is_given_to_both(tmp_path):
    files = {
        write.gradescope([ANN, BO]): "x = 1",
        "assignment_77_export/submission_metadata.yml": write.gradescope_metadata([[ANN, BO]]),
    }
    source = write.zipped(tmp_path / "a.zip", files)
    ((owner, text, note),) = given_out(source, write.moodle_participants(PEOPLE), tmp_path)
    assert (owner, text, note) == ("Ann Lee (1) and Bo García López (2)", "x = 1", "")
    ((owner, text, note),) = given_out(source, write.moodle_participants([ANN]), tmp_path)
    assert (owner, text) == ("Ann Lee (1)", "x = 1")
    assert "nobody in the class list is Bo García López (2)" in note


# ---- Several answers of one student.


def test_the_latest_attempt_is_taken_and_said(tmp_path):
    files = {write.blackboard(ANN, when=f"2026-03-0{day}-10-00-00"): f"x = {day}" for day in (2, 4, 3)}
    files["Homework 1_user1_attempt_2026-03-04-10-00-00.txt"] = "Name: Ann Lee (user1)"
    files[write.blackboard(ANN, "scan.pdf", "2026-03-05-10-00-00")] = "%PDF"
    ((_, text, note),) = given_out(write.zipped(tmp_path / "a.zip", files), write.blackboard_list(PEOPLE), tmp_path)
    assert text == "x = 4"
    assert note.startswith("the latest of 3 answers")


@pytest.mark.parametrize(
    ("names", "latest"),
    [
        (["answer.toml", "answer-1.toml", "answer-2.toml"], "answer-2.toml"),
        (["answer (2).toml", "answer.toml", "answer (1).toml"], "answer (2).toml"),
        (["answer.toml", "notes.json"], "answer.toml"),
        (["answer.json", "delta.csv", "iteration.1.cost.csv"], "answer.json"),
        (["mine.toml", "scan.pdf"], "mine.toml"),
        (["my answer.toml", "other.toml"], "my answer.toml"),
        (["iteration.1.delta.csv", "x.csv"], "iteration.1.delta.csv"),
    ],
    ids=range(7),
)
@pytest.mark.parametrize("platform", ["moodle", "canvas"])
def test_of_several_files_the_answer_is_found_and_the_latest_is_taken(tmp_path, platform, names, latest):
    source = write.zipped(
        tmp_path / "a.zip", {PLATFORMS[platform][0](ANN).replace("answer.toml", name): name for name in names}
    )
    ((owner, text, note),) = given_out(source, PLATFORMS[platform][1](PEOPLE), tmp_path)
    assert owner
    assert text == latest
    assert (latest in note) == (sum("answer" in name and name.endswith(".toml") for name in names) > 1)


def test_the_file_that_was_changed_last_is_taken_and_of_two_at_once_neither(tmp_path):
    folder = tmp_path / "in" / "Ann Lee_9001_assignsubmission_file_"
    folder.mkdir(parents=True)
    for name, time in (("one.toml", 2_000_000_000), ("two.toml", 1_900_000_000)):
        (folder / name).write_text(name)
        os.utime(folder / name, (time, time))
    assert given_out(tmp_path / "in", write.moodle_worksheet(PEOPLE), tmp_path)[0][1:] == (
        "one.toml", "the latest of 2 files: one.toml, two.toml",
    )  # fmt: skip
    os.utime(folder / "two.toml", (2_000_000_000, 2_000_000_000))
    ((owner, error, _),) = given_out(tmp_path / "in", write.moodle_worksheet(PEOPLE), tmp_path)
    assert owner == "Ann Lee (9001)"
    assert error == "it cannot be told which of 2 files is the latest: one.toml, two.toml; keep one"


def test_a_later_file_of_canvas_has_a_larger_number(tmp_path):
    files = {write.canvas(ANN, "work.toml", number=80): "old", write.canvas(ANN, "again.toml", number=90): "new"}
    ((_, text, note),) = given_out(write.zipped(tmp_path / "a.zip", files), write.canvas_gradebook(PEOPLE), tmp_path)
    assert (text, note) == ("new", "the latest of 2 files: again.toml, work.toml")


def test_matrices_lie_beside_the_answer_under_the_names_they_had(tmp_path):
    files = {
        write.canvas(ANN, "answer-1.toml", number=8): "x = 1", write.canvas(ANN, "delta-1.csv", number=9): "new",
        write.canvas(ANN, "delta.csv", number=7): "old", write.canvas(BO, "delta.csv", number=3): "another's",
        write.canvas(BO): "x = 2",
    }  # fmt: skip
    with handed_in(write.zipped(tmp_path / "a.zip", files), nobody) as (found, _):
        beside = {each.path.read_text(): (each.path.parent / "delta.csv").read_text() for each in found}
        assert all(each.path.parent == each.root for each in found)
    assert beside == {"x = 1": "new", "x = 2": "another's"}


def test_a_students_own_zip_file_is_opened_and_the_one_that_it_may_hold(tmp_path):
    inner = write.zipped(
        tmp_path / "inner.zip", {"work/answer.toml": "x = 1", "work/delta.csv": "d", "__MACOSX/._answer.toml": "?"}
    )
    deep = write.zipped(tmp_path / "deep.zip", {"inner.zip": inner.read_bytes()})
    deeper = write.zipped(tmp_path / "deeper.zip", {"deep.zip": deep.read_bytes()})
    zips = [inner.read_bytes(), deep.read_bytes(), deeper.read_bytes(), b"no zip file"]
    people = [ANN, BO, JORG, ZOE]
    files = {write.moodle(person, "all.zip"): held for person, held in zip(people, zips, strict=True)}
    source = write.zipped(tmp_path / "a.zip", files)
    (_, one, _), (_, two, _), (_, three, _), (_, four, _) = given_out(source, write.moodle_worksheet(people), tmp_path)
    assert one == two == "x = 1"
    assert "there is no answer" in three
    assert "must be a zip file" in four
    with handed_in(source, nobody) as (found, _):
        assert (next(each for each in found if not each.error).path.parent / "delta.csv").read_text() == "d"


def test_who_handed_in_no_answer_is_named(tmp_path):
    files = {
        write.moodle(ANN, "scan.pdf"): "%PDF", write.moodle(BO, "answer.html"): "<p>x",
        write.canvas(ZOE, "link.html").replace("_70003", ""): "<p>x",
    }  # fmt: skip
    with handed_in(write.zipped(tmp_path / "a.zip", files), nobody) as (found, _):
        errors = {each.owners[0].names[0]: each.error for each in found}
    assert {name: error.partition(")")[2] for name, error in errors.items()} == {
        "Ann Lee": " among scan.pdf", "Bo García López": " among answer.html", "obrienzoë": " among link.html",
    }  # fmt: skip


def test_what_a_student_typed_on_the_platform_is_the_answer_where_no_file_was_handed_in(tmp_path):
    typed = "<html><head><style>b = [9]</style></head><p>Iteration&nbsp;1</p><p>J = 1,5<br/>b = [1 2]</p><div>3 &lt; 4</div>"
    files = {
        write.moodle(ANN, "onlinetext.html").replace("_file_", "_onlinetext_"): typed,
        write.moodle(BO, "onlinetext.html").replace("_file_", "_onlinetext_"): typed,
        write.moodle(BO, "answer.txt"): "x = 1",
        write.canvas(ZOE, "text.html").replace("_70003", ""): typed,
    }
    with handed_in(write.zipped(tmp_path / "a.zip", files), nobody) as (found, _):
        names = {each.owners[0].names[0]: each.path.name for each in found}
        assert names == {"Ann Lee": "onlinetext.html", "Bo García López": "answer.txt", "obrienzoë": "text.html"}
        one = next(each.path for each in found if each.path.suffix == ".html")
        assert document_of(one, one.read_text()) == {"iteration": {"1": {"cost": "1,5", "biases": "[1 2]"}}}


# ---- Hostile files.


def test_one_hostile_file_costs_no_other(tmp_path):
    files = {
        "../../Eve Nobody.toml": "x = 1", write.moodle(ANN): b"\0" * (3 * 2**20), write.moodle(BO): "x = 2",
        write.moodle(ZOE): "y" * (5 * 2**20),
    }  # fmt: skip
    with handed_in(write.zipped(tmp_path / "a.zip", files), nobody) as (found, notes):
        said = {each.owners[0].names[0]: each.error or each.path.read_text() for each in found}
    assert notes == ["a.zip holds what was passed over: '../../Eve Nobody.toml' leads out of it"]
    assert said["Bo García López"] == "x = 2"
    assert "shrink no file more than 200 times" in said["Ann Lee"]
    assert "hold at most 4,194,304 bytes" in said["Zoë O'Brien"]
    assert not (tmp_path.parent / "Eve Nobody.toml").exists()


def test_links_in_folders_are_not_followed(tmp_path):
    secret = tmp_path / "secret.toml"
    secret.write_text("x = 1")
    folder = tmp_path / "in" / "Ann Lee_9001_assignsubmission_file_"
    folder.mkdir(parents=True)
    (folder / "answer.toml").symlink_to(secret)
    (tmp_path / "in" / "Bo_9002_assignsubmission_file_").symlink_to(tmp_path, target_is_directory=True)
    ((owner, error, _),) = given_out(tmp_path / "in", write.moodle_worksheet(PEOPLE), tmp_path)
    assert owner == "Ann Lee (9001)"
    assert "must lie in the folder" in error


def test_folders_are_looked_into_eight_deep(tmp_path):
    for owner, depth in (("Ann", 8), ("Bo", 9)):
        place = tmp_path / owner / "/".join("d" * (depth - 1))
        place.mkdir(parents=True)
        (place / "answer.toml").write_text("x = 1")
    with handed_in(tmp_path, nobody) as (found, _):
        assert [each.owners[0].names[0] for each in found if not each.error] == ["Ann"]


def test_a_file_that_is_no_zip_file_is_an_error(tmp_path):
    (tmp_path / "a.zip").write_text("no")
    with pytest.raises(InputError, match="be a zip file"), handed_in(tmp_path / "a.zip", nobody):
        pass


# ---- Without a class list.


def test_without_a_list_each_is_called_as_the_platform_does_and_the_latest_is_taken(tmp_path):
    files = {write.blackboard(ANN, when=f"2026-03-0{day}-10-00-00"): f"x = {day}" for day in (2, 3)}
    files |= {write.moodle(BO): "x = 5", "notes/readme.pdf": "%PDF"}
    with handed_in(write.zipped(tmp_path / "a.zip", files), nobody) as (found, _):
        given = [(each.handed_in.shown, each.handed_in.path.read_text(), each.note) for each in one_each(found)]
    attempts = [f"user1/answer.toml (2026-03-0{day}-10-00-00)" for day in (3, 2)]
    assert given == [
        ("Bo García López (9002)/answer.toml", "x = 5", ""),
        (
            "user1/answer.toml",
            "x = 3",
            f"the latest of 2 answers: {', '.join(attempts)}",
        ),
    ]


def test_folders_beside_answers_are_left_alone_unless_they_are_somebodys(tmp_path):
    for path in ("Ann Lee.toml", "drafts/old.toml", "Bo/answer.toml", ".git/x.toml"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x = 1")
    with handed_in(tmp_path, lambda name: name == "Bo") as (found, _):
        assert [each.shown for each in found] == ["Ann Lee.toml", "Bo/answer.toml"]
    (tmp_path / "Ann Lee.toml").unlink()
    with handed_in(tmp_path, nobody) as (found, _):
        assert [each.shown for each in found] == ["Bo/answer.toml", "drafts/old.toml"]


def test_a_table_that_is_handed_in_alone_is_the_answer_and_beside_another_file_it_is_a_matrix(tmp_path):
    folder = write.moodle(ANN).rpartition("/")[0]
    alone = write.zipped(tmp_path / "a.zip", {f"{folder}/Lösung.csv": "x = 1"})
    ((_, text, _),) = given_out(alone, write.moodle_participants(PEOPLE), tmp_path)
    assert text == "x = 1"
    both = write.zipped(tmp_path / "b.zip", {f"{folder}/Lösung.csv": "x = 1", f"{folder}/mine.toml": "x = 2"})
    ((_, text, _),) = given_out(both, write.moodle_participants(PEOPLE), tmp_path)
    assert text == "x = 2"
