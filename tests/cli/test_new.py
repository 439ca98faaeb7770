"""`deltarule new`: what it writes and says, every bad use."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import json
import tomllib

import pytest

import deltarule as dr
from deltarule.class_list import read_class_list
from deltarule.cli import main
from deltarule.cli.new import new
from deltarule.problem import problem_text
from deltarule.setting import ProblemRequest, new_problem


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(capsys):
    """Run a command in this process: exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["new", *map(str, arguments)])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


def files(folder):
    return sorted(file.name for file in folder.iterdir())


def test_one_problem_where_nothing_is_said(command, here):
    code, out, err = command()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Written: problem.toml",
        "Written: handouts/problem.toml",
        "Written: handouts/problem.sheet.html",
        "Written: handouts/problem.template.toml",
        "Written: solutions/problem.solution.html",
        "Written: solutions/problem.answer.toml",
    ]
    assert files(here) == ["handouts", "problem.toml", "solutions"]
    assert files(here / "handouts") == ["problem.sheet.html", "problem.template.toml", "problem.toml"]
    assert files(here / "solutions") == ["problem.answer.toml", "problem.solution.html"]
    assert (here / "problem.toml").read_text() == problem_text(new_problem())


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (
            ["--layer", "logistic", "--classes", "2", "--overlapping", "--patterns", "9"],
            {"kind": "logistic", "classes": 2, "separable": False, "patterns": 9},
        ),
        (
            ["--layer", "perceptron", "--neurons", "3", "--inputs", "1", "--one-decimal"],
            {"kind": "perceptron", "neurons": 3, "inputs": 1, "one_decimal": True},
        ),
        (
            ["--layer", "linear", "--learning-rate", "0.002", "--epochs", "7", "--decimals", "3", "--seed", "12"],
            {"kind": "linear", "learning_rate": 0.002, "epochs": 7, "decimals": 3, "seed": 12},
        ),
        (["--separable", "--patterns", "4"], {"separable": True, "patterns": 4}),
    ],
    ids=range(4),
)
def test_options_are_those_of_python(command, here, arguments, options):
    code, _, err = command(*arguments, "--out", "p.toml", "--forms", "terminal")
    assert (code, err) == (0, "")
    assert (here / "p.toml").read_text() == problem_text(new_problem(**options))
    assert dr.read_problem("p.toml").decimals == options.get("decimals", 2)


def test_a_folder_for_one_and_every_form(command, here):
    code, out, _ = command("--out", "week", "--patterns", 4, "--forms", "latex, markdown,terminal,html", "--json")
    assert code == 0
    printed = json.loads(out)
    assert files(here / "week") == ["handouts", "problem.toml", "solutions"]
    assert files(here / "week" / "solutions") == [
        f"problem.{ending}"
        for ending in ("answer.toml", "solution.html", "solution.md", "solution.tex", "solution.txt")
    ]
    assert files(here / "week" / "handouts") == [
        f"problem.{ending}" for ending in ("sheet.html", "sheet.md", "sheet.tex", "template.toml", "toml")
    ]
    assert printed["index"] is None
    (one,) = printed["problems"]
    assert one["student"] is None
    assert one["seed"] == 0
    assert one["problem"] == "week/problem.toml"
    assert one["answer"] == "week/solutions/problem.answer.toml"
    assert one["solutions"] == [f"week/solutions/problem.solution.{ending}" for ending in ("tex", "md", "txt", "html")]
    endings = ("toml", "sheet.tex", "sheet.md", "sheet.html", "template.toml")
    assert one["handouts"] == [f"week/handouts/problem.{ending}" for ending in endings]


def test_a_class(command, here):
    (here / "class.csv").write_text("id;name\n1;Ada Lovelace\n2;José Díaz\n", encoding="utf-8")
    code, out, err = command("--for", "class.csv", "--out", "week", "--patterns", 4, "--seed", 3)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Written: week/Ada-Lovelace.toml",
        "Written: week/José-Díaz.toml",
        "Written: week/index.csv",
        "Beside them lie the folders handouts and solutions.",
    ]
    with (here / "week" / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        problem = dr.read_problem(here / "week" / row["file"])
        again = new_problem(patterns=4, seed=int(row["seed"]))
        assert problem.document["data"] == again.document["data"]
        answer = here / "week" / "solutions" / row["file"].replace(".toml", ".answer.toml")
        assert set(tomllib.loads(answer.read_text(encoding="utf-8"))["iteration"]) == {"1", "2"}


def test_a_class_as_json(command, here):
    (here / "class.txt").write_text("Ada\nAlan\n")
    code, out, err = command("--for", "class.txt", "--layer", "linear", "--patterns", 3, "--json")
    assert (code, err) == (0, "")
    printed = json.loads(out)
    assert printed["title"] == "A linear layer: 3 patterns, 2 inputs, 2 neurons"
    assert printed["index"] == "problems/index.csv"
    assert [one["student"] for one in printed["problems"]] == ["Ada", "Alan"]
    listed = {"index.csv"} | {
        file.removeprefix("problems/")
        for one in printed["problems"]
        for file in (one["problem"], one["answer"], *one["solutions"], *one["handouts"])
    }
    assert listed == {str(file.relative_to(here / "problems")) for file in (here / "problems").rglob("*.*")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--layer", "softmx"], "Did you mean 'softmax'?"),
        (["--patterns", 2], "must be at least 3, one for each class. Got 2."),
        (["--neurons", 2], "Give classes instead."),
        (
            ["--forms", "html,pdf"],
            "The form of the solution must be one of terminal, latex, html, markdown. Got 'pdf'.",
        ),
        (["--forms", ""], "The form of the solution must be one of"),
        (["--out", "p.json"], "The problem file must end in .toml."),
        (["--for", "nobody.txt"], "The class list must be a file that exists. Got nobody.txt. Did you mean 'no.txt'?"),
        (["--for", "no.txt"], "Got 'Ada' in lines 1 and 2 of no.txt."),
        (["--for", "both.txt"], "Got 'Ann Lee' and 'ann-lee', both 'ann-lee'."),
        (
            ["--for", "one.txt", "--out", "full"],
            "The folder must be a new or an empty one. Got full, which holds files.",
        ),
        (["--for", "one.txt", "--out", "no.txt"], "a file of this name is there"),
        (
            ["--out", "no.toml"],
            "must not exist yet. Got no.toml, which exists already. Give another name, or remove it.",
        ),
        (["--out", "no.txt/p.toml"], "The folder must be one that can be made and written to."),
        (["--inputs", 1, "--patterns", 9, "--classes", 6], "most often, too few points had figures away from a half."),
        (["--seed", "x"], "Invalid value for '--seed': it must be a whole number. Got 'x'."),
        (["--learning-rate=fast"], "'--learning-rate': it must be a number. Got 'fast'."),
    ],
    ids=range(16),
)
def test_bad_use_ends_with_2_and_writes_nothing(command, here, arguments, message):
    (here / "no.txt").write_text("Ada\nAda\n")
    (here / "both.txt").write_text("Ann Lee\nann-lee\n")
    (here / "one.txt").write_text("Ada\n")
    (here / "no.toml").write_text("mine")
    (here / "full").mkdir()
    (here / "full" / "file").write_text("mine")
    before = sorted(here.rglob("*"))
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert message in " ".join(err.split())
    assert sorted(here.rglob("*")) == before
    assert (here / "no.toml").read_text() == "mine"


def test_help_has_an_example(command):
    code, out, _ = command("--help")
    assert code == 0
    assert "Example:  deltarule new --patterns 8 --classes 3 --for class.txt --out week1" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_options_are_the_fields_of_a_request_with_the_same_defaults():
    options = inspect.signature(new).parameters
    for field in dataclasses.fields(ProblemRequest):
        option = options["layer" if field.name == "kind" else field.name]
        assert option.default == field.default, field.name


def test_a_class_list_whose_names_cannot_be_told_asks_for_their_columns(command, here):
    (here / "class.csv").write_text("id,family,given\n1,Lovelace,Ada\n2,Turing,Alan\n")
    code, _, err = command("--for", "class.csv", "--out", "set")
    assert code == 2
    assert "show which column has the names. Got 'id', 'family', 'given'" in " ".join(err.split())
    code, out, _ = command("--for", "class.csv", "--names", "given", "--names", "family", "--out", "set")
    assert (code, out.splitlines()[0]) == (0, "Written: set/Ada-Lovelace.toml")


def test_students_of_one_name_have_problems_of_their_own_and_are_given_their_answers(command, here):
    head = "Identifier,Full name,Grade\n"
    (here / "list.csv").write_text(
        f"{head}Participant 101,Ann Lee,\nParticipant 102,Bo Lee,\nParticipant 103,Ann Lee,\n"
    )
    code, _, err = command("--for", "list.csv", "--patterns", 4, "--out", "set")
    assert (code, err) == (0, "")
    assert {path.stem for path in (here / "set").glob("*.toml")} == {"Ann-Lee-101", "Ann-Lee-103", "Bo-Lee"}
    class_list = read_class_list(here / "list.csv")
    as_moodle, by_hand = here / "moodle", here / "answers"
    for number in (101, 103):
        right = (here / "set" / "solutions" / f"Ann-Lee-{number}.answer.toml").read_text()
        folder = as_moodle / f"Ann Lee_{number}_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "answer.toml").write_text(right)
        by_hand.mkdir(exist_ok=True)
        (by_hand / f"Ann-Lee-{number}.toml").write_text(right)
    for answers in (as_moodle, by_hand):
        for known in (class_list, None):
            marks = dr.mark_folder(here / "set", answers, class_list=known)
            assert [each.right for each in marks.answers] == [True, True]
        assert dr.mark_folder(here / "set", answers, class_list=class_list).missing == ("Bo Lee",)


def test_what_is_asked_for_goes_into_each_problem_its_sheet_and_its_template(command, here):
    (here / "class.txt").write_text("Ada\nAlan\n")
    (here / "asks.toml").write_text('[marking]\nasked = ["iteration.3.delta", "boundaries"]\nweights = {delta = 2}\n')
    code, _, err = command("--for", "class.txt", "--patterns", 4, "--marking", "asks.toml")
    assert (code, err) == (0, "")
    for name in ("Ada", "Alan"):
        problem = dr.read_problem(here / "problems" / f"{name}.toml")
        assert problem.marking.asked[0] == "iteration.3.delta"
        handouts = here / "problems" / "handouts"
        assert (handouts / f"{name}.toml").read_text() == (here / "problems" / f"{name}.toml").read_text()
        blank = tomllib.loads((handouts / f"{name}.template.toml").read_text())
        assert list(blank["iteration"]["3"]) == ["delta"]
        assert list(blank["boundaries"]) == ["A-B", "A-C", "B-C"]
        assert "worth 2 of 5" in (handouts / f"{name}.sheet.html").read_text()
        answer = tomllib.loads((here / "problems" / "solutions" / f"{name}.answer.toml").read_text())
        assert "3" in answer["iteration"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[layer]\nkind = 3\n",
            "must have a table [marking] or [conventions]. Got none in 'asks.toml'. Write it there.",
        ),
        ('[marking]\nasked = ["iteration.1.dleta"]\n', "Did you mean 'iteration.1.delta'?"),
        ('[marking]\nhint_cost = 0.1\n[conventons]\ndelta = "D - Y"\n', "Did you mean 'conventions'?"),
        (
            '[conventions]\ndelta = "T - Y"\n',
            "asks.toml, [conventions] delta: The convention of delta must be one of Y - D, D - Y.",
        ),
    ],
)
def test_a_file_that_asks_for_what_there_is_not_is_refused(command, here, text, told):
    (here / "asks.toml").write_text(text)
    code, out, err = command("--marking", "asks.toml")
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())
    assert files(here) == ["asks.toml"]


def test_conventions_go_into_each_file_of_each_problem(command, here):
    (here / "class.txt").write_text("Ada\nAlan\n")
    (here / "ours.toml").write_text(
        '[conventions]\ndelta = "D - Y"\nweights = "neurons x inputs"\nbiases = "first column"\n'
    )
    assert command("--for", "class.txt", "--patterns", 4, "--out", "usual")[0] == 0
    assert command("--for", "class.txt", "--patterns", 4, "--marking", "ours.toml", "--out", "ours")[0] == 0
    for name in ("Ada", "Alan"):
        usual, ours = (dr.read_problem(here / folder / f"{name}.toml") for folder in ("usual", "ours"))
        assert ours.layer.biases.tolist() == usual.layer.biases.tolist()
        weights = ours.to_dict()["layer"]["weights"]
        assert [row[1:] for row in weights] == usual.layer.weights.T.tolist()
        solutions = here / "ours" / "solutions"
        assert "delta has D - Y" in (solutions / f"{name}.solution.html").read_text()
        blank = tomllib.loads((here / "ours" / "handouts" / f"{name}.template.toml").read_text())
        assert [len(row) for row in blank["iteration"]["1"]["weights"]] == [3, 3, 3]
        marks = dr.check(ours, solutions / f"{name}.answer.toml")
        assert (marks.right, marks.mistakes) == (True, ())
