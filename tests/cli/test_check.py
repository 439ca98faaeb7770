"""`deltarule check`: exit codes, the table, JSON, hints, pages and folders."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from html.parser import HTMLParser

import pytest

from deltarule.cli import main
from deltarule.marking import answer_text, worked_answer
from deltarule.problem import problem_from, problem_text
from deltarule.setting import new_problem

# U = 1, 3; U - d = -2, 1; J = (4 + 1) / 2 = 2.5; dJ/dw = -2 + 3 = 1, dJ/db = -1; w = 1 - 0.1, b = 0 + 0.1.
PROBLEM = """
title = "Double it"
[layer]
kind = "linear"
weights = [[1.0]]
[data]
inputs = [[1], [3]]
targets = [3, 2]
[descent]
learning_rate = 0.1
epochs = 10
"""
RIGHT = "[iteration.1]\nsynaptic_inputs = [1, 3]\ncost = 2.50\nweights = [0.9]\nbiases = [0.1]\n"
ASCENT = RIGHT.replace("0.9", "1.1").replace("0.1", "-0.1")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM)
    for name, text in (("right", RIGHT), ("ascent", ASCENT)):
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


@pytest.fixture
def command(capsys):
    """Run a command in this process: exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["check", *map(str, arguments)])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


# ---- One answer.


def test_a_right_answer(command):
    code, out, err = command("p.toml", "right.toml")
    assert (code, err) == (0, "")
    assert out.startswith("Double it\n")
    assert out.endswith("All right: 100%.\n")


def test_a_wrong_answer(command):
    code, out, err = command("p.toml", "ascent.toml")
    assert (code, err) == (1, "")
    assert "1.10, should be 0.90" in out
    assert "ascent, first seen in iteration 1: W" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_part_that_cannot_be_read_is_an_answer_that_is_not_right(command, here):
    (here / "a.toml").write_text(RIGHT + "delta = 'minus one'\n")
    code, out, _ = command("p.toml", "a.toml")
    assert code == 1
    assert "Not read\n  iteration 1: delta: " in out


def test_one_json_document(command):
    code, out, err = command("p.toml", "ascent.toml", "--json")
    document = json.loads(out)
    assert (code, err, out.count("\n")) == (1, "", 1)
    assert (document["right"], document["score"]) == (False, 0.5)
    assert document["mistakes"] == [
        {"name": "ascent", "part": "iteration.1.weights", "why": document["mistakes"][0]["why"]}
    ]
    verdicts = {part["part"]: (part["verdict"], part["follow_through"]) for part in document["parts"]}
    assert verdicts == {
        "iteration.1.synaptic_inputs": ("right", None),
        "iteration.1.cost": ("right", None),
        "iteration.1.weights": ("wrong", False),
        "iteration.1.biases": ("wrong", False),
    }
    assert all(
        set(entry) >= {"place", "given", "expected", "verdict"} for p in document["parts"] for entry in p["entries"]
    )


def test_hints_reveal_no_more_than_asked(command):
    where, kind, number = (command("p.toml", "ascent.toml", *["--hint"] * times)[1] for times in (1, 2, 3))
    assert where == "Look at iteration 1: W, row 1, column 1 first.\n"
    assert kind.startswith(where)
    assert len(kind) > len(where)
    assert number.startswith(kind)
    assert "0.90" in number
    for shown in (where, kind):
        assert not {"0.9", "0.90", "1.1", "1.10", "ascent"} & set(re.findall(r"[\w.]*\w", shown))
    assert command("p.toml", "right.toml", "--hint")[:2] == (0, "All right: 100%.\n")


def test_a_hint_where_nothing_is_wrong_but_a_part_is_not_read(command, here):
    (here / "a.toml").write_text(RIGHT + 'outputs = "twelve"\ndelta = "1,234"\n')
    where, kind, number = (command("p.toml", "a.toml", *["--hint"] * times)[1] for times in (1, 2, 3))
    assert where == "67%: 2 parts could not be read.\nCorrect iteration 1: f(U) first.\n"
    assert kind == number
    assert "The part must hold numbers. Got 'twelve'." in " ".join(kind.split())


def test_the_expected_figure_has_the_decimals_of_the_given_one(command, here):
    """0.00178 is 0.00 where figures have two decimals, not 1.78e-03."""
    (here / "p.toml").write_text(PROBLEM.replace("1.0", "0.00178"))
    (here / "a.toml").write_text("[iteration.1]\nrows.synaptic_inputs.1 = [0.04]\n")
    assert "row 1, column 1: 0.04, should be 0.00\n" in command("p.toml", "a.toml")[1]
    assert "There should be 0.00 instead of 0.04." in command("p.toml", "a.toml", "--hint", "--hint", "--hint")[1]


@pytest.mark.parametrize("other", [["--json"], ["--page", "p.html"]])
def test_a_hint_together_with_all_marks_is_bad_use(command, here, other):
    code, out, err = command("p.toml", "ascent.toml", "--hint", *other)
    assert (code, out) == (2, "")
    assert "--hint" in err
    assert not (here / "p.html").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["none.toml", "right.toml"], "none.toml"),
        (["p.toml", "none.toml"], "exists. Got 'none.toml'"),
        (["p.toml", "rigth.toml"], "Did you mean 'right.toml'?"),
        (["problems", "nix"], "exists. Got 'nix'"),
        (["p.toml", "empty.toml"], "empty"),
        (["p.toml", "binary.toml"], "UTF-8"),
        (["p.toml", "p.toml"], "This is a problem"),
        (["bare.toml", "right.toml"], "[layer]"),
        (["p.toml", "right.toml", "--page", "none/page.html"], "No such file or directory"),
        (["p.toml"], "ANSWER"),
        (["problems", "right.toml"], "have a problem of the same name"),
    ],
    ids=range(11),
)  # fmt: skip
def test_bad_use_gives_a_message_and_no_traceback(command, here, arguments, why):
    (here / "empty.toml").write_text("")
    (here / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (here / "bare.toml").write_text(PROBLEM.replace("weights = [[1.0]]", ""))
    (here / "problems").mkdir()
    (here / "problems" / "p.toml").write_text(PROBLEM)
    code, out, err = command(*arguments)
    assert code == 2
    shown = " ".join((out + err).split())
    assert why.lower() in shown.lower()
    assert "Traceback" not in shown


def test_nothing_of_an_answer_reaches_the_terminal_as_a_command(command, here):
    text = '{"iteration": {"1": {"\\u001b[31mred": 1, "\\ud800": 1, "cost": "\\u001b[2J"}}, "\\n\\n\\n": 1}'
    (here / "a.json").write_text(text)
    for more in ([], ["--json"], ["--hint"], ["--page", "page.html"]):
        code, out, err = command("p.toml", "a.json", *more)
        assert (code, err) == (1, "")
        assert "\x1b" not in out
    assert "\\x1b[31mred" in command("p.toml", "a.json")[1]


# ---- A page.


class Page(HTMLParser):
    """What a page asks for, and what is written in it."""

    def __init__(self):
        super().__init__()
        self.text, self.asked = [], []

    def handle_starttag(self, tag, attrs):
        links = ("src", "href", "action")
        self.asked += [v for k, v in attrs if k in links and v and not v.startswith(("#", "data:"))]

    def handle_data(self, data):
        self.text.append(data)


def test_a_page_marks_each_entry_in_its_place(command, here):
    code, out, err = command("p.toml", "ascent.toml", "--page", "page.html")
    assert (code, err) == (1, "")
    assert "ascent" in out
    assert out.endswith("\n\nWritten: page.html\n")
    page = Page()
    text = (here / "page.html").read_text(encoding="utf-8")
    page.feed(text)
    words = " ".join(" ".join(page.text).split())
    assert page.asked == []
    assert "@import" not in text
    for word in ("Double it", "ascent.toml", "1.10", "0.90", "−0.10", "✗", "ascent"):
        assert word in words, word


def test_texts_of_an_answer_are_escaped_on_a_page(command, here):
    (here / "<i>.toml").write_text(RIGHT + '"<script>alert(1)</script>" = 3\n')
    command("p.toml", "<i>.toml", "--page", "page.html")
    text = (here / "page.html").read_text()
    assert "<script>alert" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text


# ---- A folder.


@pytest.fixture
def folder(here):
    """Six answers: two right, two wrong, two that cannot be read."""
    folder = here / "answers"
    folder.mkdir()
    for name, text in (
        ("anna.toml", RIGHT), ("bo.json", json.dumps({"iteration": {"1": {"cost": 2.5}}})), ("carl.toml", ASCENT),
        ("dora.toml", ASCENT), ("eva.toml", "[iteration.1\ncost"), ("finn.toml", ""), ("notes.txt", "x"), (".hidden.toml", "x"),
    ):  # fmt: skip
        (folder / name).write_text(text)
    return folder


def test_a_folder_is_a_table(command, folder):
    code, out, _ = command("p.toml", "answers")
    assert code == 1
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for row in (
        "anna.toml 100% 50% right",
        "bo.json 100% 13% right",
        "carl.toml 50% 50% ascent",
        "dora.toml 50% 50% ascent",
    ):
        assert any(line.startswith(row) for line in lines), row
    for row in ("eva.toml - - not read", "finn.toml - - not read", "2 ascent", "6 answers, 2 right."):
        assert row in lines, row
    assert "This is not valid TOML" in out
    assert "empty" in out
    assert "notes" not in out
    assert "hidden" not in out


def test_a_folder_as_json(command, folder):
    code, out, _ = command("p.toml", "answers", "--json")
    document = json.loads(out)
    assert code == 1
    assert document["mistakes"] == {"ascent": 2}
    assert [(a["file"], a.get("right"), "error" in a) for a in document["answers"]] == [
        ("anna.toml", True, False), ("bo.json", True, False), ("carl.toml", False, False),
        ("dora.toml", False, False), ("eva.toml", None, True), ("finn.toml", None, True),
    ]  # fmt: skip


def test_a_folder_that_is_all_right(command, folder):
    for name in ("carl", "dora", "eva", "finn"):
        (folder / f"{name}.toml").unlink()
    assert command("p.toml", "answers")[0] == 0


def test_a_folder_as_a_page(command, here, folder):
    (folder / "<b>.toml").write_text(RIGHT)
    assert command("p.toml", "answers", "--page", "page.html")[1].endswith("\n\nWritten: page.html\n")
    for answer in ("right.toml", "answers"):  # JSON stays one document
        json.loads(command("p.toml", answer, "--json", "--page", "page.html")[1])
    text = (here / "page.html").read_text(encoding="utf-8")
    for word in ("anna.toml", "carl.toml", "finn.toml", "ascent", "50%", "&lt;b&gt;.toml"):
        assert word in text
    assert "<b>.toml" not in text


def test_many_answers_are_marked_by_several_processes_alike(command, folder):
    few = json.loads(command("p.toml", "answers", "--json")[1])["answers"]
    for number in range(60):
        (folder / f"x{number}.toml").write_text(ASCENT if number % 2 else RIGHT)
    many = json.loads(command("p.toml", "answers", "--json")[1])
    assert many["answers"][:6] == few
    assert [a["right"] for a in many["answers"][6:]].count(True) == 30
    assert many["mistakes"] == {"ascent": 32}


def test_a_folder_of_problems_each_answer_to_its_own(command, here):
    for place, rate in enumerate((0.1, 0.2, 0.3)):
        name = ("anna", "bo", "carl")[place]
        problem = problem_from({
            "title": name, "layer": {"kind": "linear", "weights": [[1.0]]}, "data": {"inputs": [[1], [2]], "targets": [2, 4]},
            "descent": {"learning_rate": rate, "epochs": 10},
        })  # fmt: skip
        for folder, text in (("problems", problem_text(problem)), ("own", answer_text(worked_answer(problem)))):
            (here / folder).mkdir(exist_ok=True)
            (here / folder / f"{name}.toml").write_text(text)
    code, out, _ = command("problems", "own")
    assert (code, out.endswith("3 answers, 3 right.\n")) == (0, True)
    (here / "own" / "anna.toml").rename(here / "own" / "zoe.toml")
    code, out, _ = command("problems", "own")
    assert (code, out.endswith("3 answers, 2 right.\n")) == (1, True)
    assert "have a problem of the same name. Got zoe.toml" in " ".join(out.split())


@pytest.mark.parametrize(
    ("problem", "answers", "why"),
    [("none.toml", "answers", "none.toml"), ("p.toml", "bare", "hold answers"), ("bare", "answers", "problems")],
)
def test_a_folder_that_cannot_be_marked_is_bad_use(command, here, folder, problem, answers, why):
    """Not a table in which each answer is at fault."""
    (here / "bare").mkdir()
    code, out, err = command(problem, answers)
    assert (code, out) == (2, "")
    assert why in err


@pytest.fixture
def week(here):
    """A folder of three students' problems, and one for their answers."""
    for name in ("problems", "own"):
        (here / name).mkdir()
    for name in ("Ada", "José", "Jörg-Müller"):
        (here / "problems" / f"{name}.toml").write_text(PROBLEM)
    return here / "own"


@pytest.mark.parametrize(
    "name",
    ["Jörg-Müller.toml", "Jörg Müller.toml", "jörg müller.second try.toml", unicodedata.normalize("NFD", "José.toml"),
     "José.json", "Ada.iteration.1.cost.csv"],
)  # fmt: skip
def test_an_answer_finds_its_problem_however_its_name_is_spelled(command, week, name):
    texts = {".csv": "2.50", ".json": '{"iteration": {"1": {"cost": 2.5}}}'}
    (week / name).write_text(texts.get(name[name.rindex(".") :], RIGHT))
    code, out, _ = command("problems", "own")
    assert (code, out.endswith("1 answer, 1 right.\n")) == (0, True)
    assert command("problems", f"own/{name}")[0] == 0


def test_a_name_with_points_finds_its_problem(command, week, here):
    (here / "problems" / "J-Smith.toml").write_text(PROBLEM)
    (week / "J. Smith.toml").write_text(RIGHT)
    assert command("problems", "own")[0] == 0


def test_of_names_that_differ_in_a_capital_each_finds_its_own(command, week, here):
    (here / "problems" / "ada.toml").write_text(PROBLEM.replace("1.0", "2.0"))
    (week / "Ada.toml").write_text(RIGHT)
    (week / "ada.toml").write_text("[iteration.1]\nsynaptic_inputs = [2, 6]\n")
    assert command("problems", "own")[0] == 0


def test_the_nearest_problem_is_named_where_none_fits(command, week):
    for name in ("Jörg-Muller", "Xenia"):
        (week / f"{name}.toml").write_text(RIGHT)
    code, out, _ = command("problems", "own")
    shown = " ".join(out.split())
    assert code == 1
    assert "Got Jörg-Muller.toml. Did you mean 'Jörg-Müller'?" in shown
    assert "Got Xenia.toml. Rename it, or give one problem for all." in shown


def test_problems_without_an_answer_are_named(command, week, here):
    (week / "Ada.toml").write_text(RIGHT)
    command("problems", "own", "--page", "page.html")
    out = command("problems", "own")[1]
    assert "\nNo answer: José, Jörg-Müller\n\n1 answer, 1 right.\n" in out
    assert json.loads(command("problems", "own", "--json")[1])["missing"] == ["José", "Jörg-Müller"]
    assert "No answer: José, Jörg-Müller" in (here / "page.html").read_text(encoding="utf-8")
    for number in range(40):
        (here / "problems" / f"x{number}.toml").write_text(PROBLEM)
    assert "and 22 more" in command("problems", "own")[1]


def test_something_that_looks_like_an_answer_but_is_not_a_file_is_named(command, folder):
    (folder / "gina.toml").mkdir()
    (folder / "hans.json").symlink_to(folder / "gone.json")
    os.mkfifo(folder / "ida.csv.iteration.1.cost.csv")
    out = command("p.toml", "answers")[1]
    shown = " ".join(out.split())
    for word in (
        "gina.toml: This is a folder.",
        "hans.json: This is a link to nothing.",
        "cost.csv: This is not a file.",
    ):
        assert word in shown
    assert "9 answers, 2 right." in shown


def test_the_table_shows_parts_that_could_not_be_read(command, here, folder):
    (folder / "gina.toml").write_text(RIGHT + "delta = 'minus one'\n")
    (folder / "hans.toml").write_text(ASCENT + "delta = 'minus one'\n")
    command("p.toml", "answers", "--page", "page.html")
    lines = [" ".join(line.split()) for line in command("p.toml", "answers")[1].splitlines()]
    assert "gina.toml 80% 50% 1 part not read" in lines
    assert "hans.toml 40% 50% ascent, 1 part not read" in lines
    assert any(line.startswith("gina.toml, iteration 1: delta: The part must") for line in lines)
    page = (here / "page.html").read_text(encoding="utf-8")
    assert "iteration 1: delta: The part must" in page
    assert "This is not valid TOML" in page


def test_long_names_can_be_distinguished(command, folder):
    for group in ("morning", "evening"):
        (folder / f"kowalska.wilhelmina.{group}.toml").write_text(RIGHT)
    out = command("p.toml", "answers")[1]
    assert "kowalska.wilhelmina.morning.toml" in out
    assert "kowalska.wilhelmina.evening.toml" in out
    assert max(map(len, out.splitlines())) <= 80


def test_an_answer_to_anothers_problem_says_whose(command, here):
    for name, seed in (("Ada", 1), ("Emmy", 2), ("Kurt", 3)):
        problem = new_problem(patterns=6, seed=seed)
        (here / "week1").mkdir(exist_ok=True)
        (here / "week1" / f"{name}.toml").write_text(problem_text(problem), encoding="utf-8")
        (here / "handed").mkdir(exist_ok=True)
        # Kurt hands in Emmy's.
        own = new_problem(patterns=6, seed=2 if name == "Kurt" else seed)
        (here / "handed" / f"{name}.toml").write_text(answer_text(worked_answer(own)), encoding="utf-8")
    code, out, _ = command("week1", "handed")
    assert code == 1
    assert "another-problem (Emmy)" in out
    assert out.count("right") == 3  # Ada, Emmy, and the last line
    document = json.loads(command("week1", "handed", "--json")[1])
    assert [each.get("whose") for each in document["answers"]] == [None, None, "Emmy"]


# ---- Problems and answers in one folder.


@pytest.fixture
def together(here):
    (here / "both").mkdir()
    (here / "both" / "p.toml").write_text(PROBLEM)
    (here / "both" / "p.answer.toml").write_text(RIGHT)
    return here / "both"


@pytest.mark.parametrize("problem", ["both/p.toml", "both"])
def test_a_problem_in_the_folder_of_answers_is_not_among_them(command, together, problem):
    code, out, err = command(problem, "both")
    assert (code, err) == (0, "")
    assert "p.answer.toml" in out
    assert out.endswith("1 answer, 1 right.\n")


def test_an_answer_is_not_its_own_problem(command, together):
    assert command("both", "both/p.answer.toml")[0] == 0
    (together / "answer.toml").write_text(RIGHT)
    code, out, err = command("both", "both/answer.toml")
    assert (code, out) == (2, "")
    told = " ".join(err.split())
    assert "must have a problem of the same name. Got answer.toml. Rename it, or give one problem for all." in told


def test_a_folder_that_holds_the_problem_only_has_no_answers(command, together):
    (together / "p.answer.toml").unlink()
    code, _, err = command("both/p.toml", "both")
    assert code == 2
    assert "hold answers" in err


def test_names_of_files_that_are_no_utf_8_are_shown_in_every_form(command, here, folder):
    """As old zip files leave them: é as one byte."""
    (folder / os.fsdecode(b"Zo\xe9.toml")).write_text(RIGHT + "delta = 'minus one'\n")
    problem = os.fsdecode(b"\xe9.toml")
    (here / problem).write_bytes((here / "p.toml").read_bytes())
    code, out, _ = command(problem, "answers", "--page", "marks.html")
    assert code == 1
    assert "Zo\\udce9.toml" in out
    assert "Zo\\udce9.toml" in (here / "marks.html").read_text("utf-8")
    code, out, _ = command(problem, "answers", "--json")
    names = [each["file"] for each in json.loads(out)["answers"]]
    assert [os.fsencode(name) for name in names if not name.isascii()] == [b"Zo\xe9.toml"]
    for options in ([], ["--json"], ["--page", "one.html"], ["--hint"]):
        assert command(problem, folder / os.fsdecode(b"Zo\xe9.toml"), *options)[0] == 1


def test_a_fault_of_deltarule_in_one_answer_is_not_read_and_shown_with_debug(command, here, folder, monkeypatch):
    from deltarule.marking.folder import marking

    def check(problem, path, root):
        raise OverflowError("34")

    monkeypatch.setattr(marking, "check_file", check)
    code, out, err = command("p.toml", "answers")
    assert code == 1
    assert " ".join(out.split()).count("a fault of deltarule (OverflowError)") == 6
    assert "Traceback" not in out + err
    assert command("--debug", "p.toml", "answers")[2].count("OverflowError: 34") == 6


def test_a_hint_says_what_it_costs_until_the_answer_says_so_itself(command, here):
    (here / "asks.toml").write_text((here / "p.toml").read_text() + "\n[marking]\nhint_cost = 0.1\n")
    (here / "a.toml").write_text(ASCENT)
    out = " ".join(command("asks.toml", "a.toml", "--hint", "--hint")[1].split())
    assert out.endswith("2 hints cost 20% of all marks. Write hints = 2 at the top of the answer.")
    (here / "a.toml").write_text(f"hints = 2\n{ASCENT}")
    out = " ".join(command("asks.toml", "a.toml", "--hint")[1].split())
    assert out.endswith("2 hints cost 20% of all marks.")
    assert "cost" not in command("p.toml", "a.toml", "--hint")[1]
    assert "30%: " in command("asks.toml", "a.toml")[1]


def test_the_page_and_the_table_of_a_class_say_what_is_missing(command, here):
    (here / "asks.toml").write_text(
        (here / "p.toml").read_text() + '\n[marking]\nasked = ["iteration.1"]\nweights = {delta = 3}\n'
    )
    folder = here / "few"
    folder.mkdir()
    (folder / "ann.toml").write_text("[iteration.1]\ncost = 2.5\n")
    (folder / "bob.toml").write_text('[iteration.1]\ncost = ""\n')
    command("asks.toml", "few/ann.toml", "--page", "ann.html")
    page = (here / "ann.html").read_text(encoding="utf-8")
    assert "<strong>iteration 1: delta</strong> (0 of 3)" in page
    assert "worth 1 of 1" in page
    lines = [" ".join(line.split()) for line in command("asks.toml", "few")[1].splitlines()]
    assert "ann.toml 10% 10% 7 parts missing" in lines
    assert "bob.toml 0% 0% nothing answered" in lines
