"""The files that commands write: never an input of theirs, never two in one, and whole or absent; --json beside them."""

import json

import pytest

from command_line import one_message, written
from deltarule.cli.written import Output, check_outputs
from deltarule.errors import InputError

PROBLEM = """
title = "Line"
[layer]
kind = "linear"
weights = [[0.0]]
[data]
table = "t.csv"
target = ["t"]
[descent]
learning_rate = 0.1
epochs = 5
"""
ANSWER = '[iteration.1]\ndelta = "delta.csv"\n'
TABLE, DELTA = "x,t\n1,2\n2,4\n", "2\n4\n"
SWEEP = ("sweep", "p.toml", "--learning-rate", "0.01,0.1", "--validation", 1)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file, text in [("p.toml", PROBLEM), ("t.csv", TABLE)]:
        written(tmp_path, text, file)
    (tmp_path / "answers").mkdir()
    written(tmp_path / "answers", ANSWER, "a.toml")
    written(tmp_path / "answers", DELTA, "delta.csv")
    return tmp_path


CHECK = ("check", "p.toml", "answers/a.toml", "--page", "same.html")
FOLDER = ("check", "p.toml", "answers", "--page", "same.html")


@pytest.mark.parametrize("way", ["symlink_to", "hardlink_to"])
@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        *(
            (arguments, file)
            for file in ("p.toml", "t.csv")
            for arguments in [
                ("train", "p.toml", "--out", "same.toml"),
                ("train", "p.toml", "--curves", "same.svg"),
                ("work", "p.toml", "--out", "same.md"),
                ("work", "p.toml", "--out", "same.json", "--json"),
                (*SWEEP, "--out", "same.csv"),
                (*SWEEP, "--plot", "same.pdf"),
                (*SWEEP, "--best-out", "same.toml"),
                CHECK,
            ]
        ),
        (CHECK, "answers/a.toml"),
        (CHECK, "answers/delta.csv"),
        (FOLDER, "p.toml"),
        (FOLDER, "answers/a.toml"),
        (FOLDER, "answers/delta.csv"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else value,
)
def test_no_input_of_a_command_is_overwritten_through_a_link(command, here, arguments, file, way):
    before = (here / file).read_text()
    (output,) = (word for word in arguments if str(word).startswith("same"))
    getattr(here / output, way)(here / file)
    code, _, err = command(*arguments)
    assert code == 2
    assert "must be another file than those that are read. Got" in one_message(err)
    assert (here / file).read_text() == before


@pytest.mark.parametrize(
    "arguments",
    [("train", "p.toml", "--out", "p.toml"), (*SWEEP, "--out", "t.csv"), (*SWEEP, "--best-out", "./answers/../p.toml")],
)
def test_no_input_of_a_command_is_overwritten_by_its_name(command, here, arguments):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert "must be another file than those that are read. Got" in one_message(err)
    assert ((here / "p.toml").read_text(), (here / "t.csv").read_text()) == (PROBLEM, TABLE)


def test_a_page_may_lie_among_the_answers_and_be_written_again(command, here):
    for answer in ("answers/a.toml", "answers"):
        for _ in range(2):
            code, _, err = command("check", "p.toml", answer, "--page", "answers/marks.html")
            assert (code, err) == (1, "")


def test_a_class_list_is_not_overwritten(command, here):
    written(here, "Ada\nAlan\n", "problem.toml")
    code, _, err = command("new", "--for", "problem.toml", "--out", "problem.toml")
    assert code == 2
    one_message(err)
    assert (here / "problem.toml").read_text() == "Ada\nAlan\n"


def test_two_outputs_are_two_files(here):
    (here / "a.toml").symlink_to("b.svg")  # leads nowhere yet
    outputs = (Output("--out", here / "a.toml", (".toml",)), Output("--curves", here / "b.svg", (".svg",)))
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            check_outputs(*outputs)
        assert (caught.value.name, caught.value.rule) == ("file of --curves", "be another than that of --out")
        (here / "b.svg").write_text("now there")
    with pytest.raises(InputError):  # one file where capitals do not count
        check_outputs(Output("--out", here / "new.a", (".a",)), Output("--other", here / "NEW.a", (".a",)))


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (("train", "p.toml", "--out", "a.toml", "--curves", "a.svg"), ["a.toml", "a.svg"]),
        (("work", "p.toml", "--out", "a.md"), ["a.md"]),
        (("work", "p.toml", "--out", "a.json"), ["a.json"]),
        (("work", "p.toml", "--out", "a.txt", "--format", "html"), ["a.txt"]),
        ((*SWEEP, "--out", "a.csv", "--plot", "a.svg", "--best-out", "a.toml"), ["a.csv", "a.svg", "a.toml"]),
        (("check", "p.toml", "answers/a.toml", "--page", "a.html"), ["a.html"]),
        (("check", "p.toml", "answers", "--page", "a.html"), ["a.html"]),
        (("new", "--patterns", 4, "--out", "new.toml"), ["new.toml"]),
    ],
    ids=str,
)
def test_json_is_printed_alone_beside_files_that_are_written(command, here, arguments, files):
    code, out, _ = command(*arguments, "--json")
    assert code in (0, 1)
    assert isinstance(json.loads(out), dict)
    assert all((here / file).stat().st_size for file in files)


def test_the_file_beside_json_has_the_form_of_its_ending(command, here):
    command("work", "p.toml", "--json", "--out", "a.md")
    assert (here / "a.md").read_text().startswith("# Line")
    _, out, _ = command("work", "p.toml", "--json", "--out", "a.json")
    assert json.loads(out) == json.loads((here / "a.json").read_text())


def test_json_and_another_format_exclude_each_other_on_standard_output(command, here):
    code, out, err = command("work", "p.toml", "--json", "--format", "html")
    assert (code, out) == (2, "")
    assert "The format must be json beside --json. Got 'html'." in one_message(err)


@pytest.mark.parametrize("answer", ["answers/a.toml", "answers"])
@pytest.mark.parametrize("page", ["none/a.html", "folder.html", "protected.html", "pipe/a.html"])
def test_marks_are_printed_though_their_page_cannot_be_written(command, here, answer, page):
    (here / "folder.html").mkdir()
    written(here, "", "protected.html").chmod(0o444)
    written(here, "", "pipe")
    marks = command("check", "p.toml", answer)
    code, out, err = command("check", "p.toml", answer, "--page", page)
    assert (code, out) == (2, marks[1])
    one_message(err)
    code, out, err = command("check", "p.toml", answer, "--page", page, "--json")
    assert code == 2
    assert json.loads(out)
    one_message(err)


def test_a_file_that_cannot_be_written_costs_no_other_nor_what_is_printed(command, here, monkeypatch):
    def fail(*_):
        raise InputError("file", "be one that can be written", "a.toml (No space left on device)", "Make room.")

    printed = command("train", "p.toml")[1]
    monkeypatch.setattr("deltarule.problem.write_problem", fail)
    code, out, err = command("train", "p.toml", "--out", "a.toml", "--curves", "a.svg")
    assert code == 2
    assert out.splitlines()[:3] == printed.splitlines()[:3]
    assert out.endswith("\n\nWritten: a.svg\n")
    assert "No space left on device" in one_message(err)
    assert (here / "a.svg").exists()


@pytest.mark.parametrize(
    "command_and_rest",
    [
        ("work", []),
        ("train", []),
        ("sweep", ["--learning-rate", "0.1"]),
        ("check", ["answers/a.toml"]),
        ("check", ["answers"]),
    ],
    ids=str,
)
def test_a_table_outside_the_folder_of_its_problem_needs_the_option_root(command, here, command_and_rest):
    (here / "deep").mkdir()
    (here / "p.toml").rename(here / "deep" / "p.toml")
    written(here / "deep", PROBLEM.replace("t.csv", "../t.csv"), "p.toml")
    name, rest = command_and_rest
    code, out, err = command(name, "deep/p.toml", *rest)
    assert (code, out) == (2, "")
    assert "must lie in the folder 'deep'. Got '../t.csv'." in one_message(err)
    code, _, err = command(name, "deep/p.toml", *rest, "--root", ".")
    assert (code, "Error" in err) == (1 if name == "check" else 0, False)


def test_no_answer_that_other_processes_have_read_is_overwritten(command, here, monkeypatch):
    monkeypatch.setattr("deltarule.marking.folder.marking.WORTH_PROCESSES", 0)
    answer = here / "answers" / "a.toml"
    (here / "page.html").symlink_to(answer)
    code, _, err = command("check", "p.toml", "answers", "--page", "page.html")
    assert (code, answer.read_text()) == (2, ANSWER)
    assert "must be another file than those that are read. Got" in " ".join(err.split())
