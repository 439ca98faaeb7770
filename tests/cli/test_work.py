"""`deltarule work`: every form, to standard output or a file, of one iteration or several; and the pass that computes them."""

import json

import numpy as np
import pytest

import forms
from deltarule import Descent, iterate
from deltarule.cli import main
from deltarule.iteration import iterations
from deltarule.problem import read_problem
from deltarule.show.document import iteration_document
from deltarule.show.forms import rendered
from samples import NAMES, refused, sample

ENDINGS = (
    ".txt",
    ".tex",
    ".html",
    ".htm",
    ".md",
)
PROBLEM = """
title = "Two & <two>"
[layer]
kind = "softmax"
weights = [[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]]
biases = [0.0, 0.0, 0.0]
[data]
inputs = [[0, 4], [-1, 3], [2, 3], [-2, 2], [0, 2], [1, 2]]
targets = ["A", "A", "B", "B", "C", "A"]
[descent]
learning_rate = 0.05
epochs = 10
batch_size = 4
[show]
decimals = 3
"""


@pytest.fixture
def problem(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "problem.toml"
    path.write_text(PROBLEM)
    return path


@pytest.fixture
def work(capsys, problem):
    """Run the command in this process: exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["work", str(problem), *map(str, arguments)])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


def worked(problem, iteration=1):
    given = read_problem(problem)
    found = iterate(given.layer, given.X, given.targets, given.descent, iteration=iteration)
    return found, {"title": given.title, "patterns": 6}


@pytest.mark.parametrize("option", [(), ("--fragment",)])
def test_every_form_is_what_python_gives(work, problem, option):
    found, about = worked(problem, 3)
    standalone = not option
    document = iteration_document(found, 3, 2, **about)
    for form in ("latex", "html", "markdown") if standalone else ("latex", "html"):
        expected = rendered(form, [document], standalone=standalone)
        assert work("--iteration", 3, "--format", form, "--rows", 2, *option) == (0, expected, "")


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("a.tex", r"\documentclass"),
        ("a.html", "<!doctype html>"),
        ("a.HTM", "<!doctype html>"),
        ("a.md", "# Two &amp; &lt;two&gt;"),
        ("a.json", '{"title": "Two & <two>"'),
        ("a.txt", "Two & <two>"),
    ],
)
def test_the_form_is_that_of_the_files_name(work, tmp_path, file, begins):
    path = tmp_path / file
    assert work("--out", path) == (0, f"Written: {path}\n", "")
    text = path.read_text()
    assert text.startswith(begins)
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 80 or not file.endswith("txt")


def test_a_format_asked_for_comes_before_the_files_name(work, tmp_path):
    assert work("--out", tmp_path / "a.inc", "--format", "latex", "--fragment")[0] == 0
    assert (tmp_path / "a.inc").read_text().startswith("% Needs")


def test_a_range_is_one_document_in_every_form(work, problem):
    for form in ("terminal", "latex", "html", "markdown"):
        _, out, _ = work("--iteration", "2:4", "--format", form)
        places = [out.index(f"Iteration {n}, in epoch {(n + 1) // 2}") for n in (2, 3, 4)]
        assert places == sorted(places)
        assert "Iteration 5" not in out
    document = json.loads(work("--iteration", "2:4", "--json")[1])
    assert (document["title"], document["kind"]) == ("Two & <two>", "softmax")
    assert [each["iteration"] for each in document["iterations"]] == [2, 3, 4]
    assert document["iterations"][1] == worked(problem, 3)[0].to_dict()
    # One iteration is that iteration itself.
    assert json.loads(work("--iteration", "3:3", "--json")[1])["iteration"] == 3


def test_figures_in_documents_are_those_of_the_record(work):
    record = json.loads(work("--iteration", 2, "--json")[1])
    parts, _ = forms.from_html(work("--iteration", 2, "--format", "html", "--fragment", "--decimals", 4)[1])
    rows = [[float(text) for text in row[1:]] for row in parts["Delta"][0][1:]]
    # Four decimals are within half a unit of the fourth.
    np.testing.assert_allclose(rows, record["delta"], rtol=0, atol=0.5000001e-4)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--iteration", "3:2"], "range of iterations must go upwards. Got '3:2'. Give 2:3."),
        (["--iteration", "1:2:3"], "a whole number, or a range such as 1:3. Got '1:2:3'"),
        (["--iteration", "0:2"], "at least 1"),
        (["--iteration", "1:21"], "one of the descent's 20 (10 epochs of 2). Got 21"),
        (["--fragment"], "The fragment must be of LaTeX or HTML. Got terminal."),
        (["--fragment", "--json"], "The fragment must be of LaTeX or HTML. Got json."),
        (
            ["--out", "a.docx"],
            f"The file of --out must end in {', '.join(ENDINGS)} or .json. Got 'a.docx'. Or choose the form with --format.",
        ),
        (["--out", "no/such/folder/a.tex"], "'no/such/folder' does not exist. Make it first."),
        (["--format", "pdf"], "format must be one of"),
    ],
)
def test_bad_use_is_reported(work, arguments, expected):
    code, out, err = work(*arguments)
    assert (code, out) == (2, "")
    assert expected in " ".join(err.split())


def test_nothing_is_written_where_the_descent_diverges(work, problem, tmp_path):
    problem.write_text(PROBLEM.replace("0.05", "1e308"))
    code, _, err = work("--iteration", "1:20", "--out", tmp_path / "a.tex")
    assert code == 2
    assert "diverges" in err
    assert not (tmp_path / "a.tex").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_range_is_each_iteration_in_turn(name):
    found = sample(name, patterns=7)
    descent = Descent(0.05, 4, batch_size=3, seed=5, weight_decay=0.1)
    done = []
    steps = list(
        iterations(found.layer, found.X, found.targets, descent, 4, 9, progress=lambda n, cost: done.append((n, cost)))
    )
    assert [each.iteration for each in steps] == [4, 5, 6, 7, 8, 9]
    for each in steps:
        alone = iterate(found.layer, found.X, found.targets, descent, iteration=each.iteration)
        assert each.to_dict() == alone.to_dict()
    assert [n for n, _ in done] == list(range(1, 10))
    assert [np.isnan(cost) for _, cost in done] == [True] * 3 + [False] * 6
    whole = list(iterations(found.layer, found.X, found.targets, descent))
    assert [each.iteration for each in whole] == list(range(1, 13))


def test_a_range_is_checked_before_it_is_run():
    found = sample("linear", patterns=4)
    descent = Descent(0.1, 2)
    with refused("iteration", "at least 2", "1", "A range goes upwards."):
        iterations(found.layer, found.X, found.targets, descent, 2, 1)
    with refused("iteration", "be one of the descent's 2 (2 epochs of 1)", "3", "Give a smaller one"):
        iterations(found.layer, found.X, found.targets, descent, 1, 3)


# ---- Sizes.


@pytest.mark.parametrize(
    ("iteration", "message"),
    [
        ("1000000000", "The iteration must be at most 100,000, since all before it are worked too. Got 1,000,000,000."),
        ("1:1000000", "The range of iterations must hold at most 1,000 of this problem. Got 1,000,000."),
        ("1:1000000000000", "The range of iterations must hold at most 1,000 of this problem. Got 1,000,000,000,000."),
        ("1" * 5000, "The iteration must be a number of at most 18 digits. Got 5000 digits."),
        ("1:" + "1" * 5000, "The iteration must be a number of at most 18 digits. Got 5000 digits."),
        ("9" * 18, "The iteration must be one of the descent's 3000000000000"),
    ],
)
def test_iterations_that_would_take_for_ever_are_refused_at_once(work, problem, iteration, message):
    problem.write_text(PROBLEM.replace("epochs = 10", f"epochs = {15 * 10**11}"))
    code, out, err = work("--iteration", iteration)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())


def test_of_a_problem_with_many_figures_fewer_iterations_are_worked_at_once(work, problem):
    """6,000 patterns of 3 classes have 96,024 figures an update."""
    rows, labels = "[0, 4], [-1, 3], [2, 3], " * 2000, '"A", "B", "C", ' * 2000
    start, _, rest = PROBLEM.partition("inputs =")
    descent = rest[rest.index("[descent]") :].replace("batch_size = 4", "").replace("epochs = 10", "epochs = 1000")
    text = f"{start}inputs = [{rows}]\ntargets = [{labels}]\n{descent}"
    problem.write_text(text)
    code, _, err = work("--iteration", "1:53")
    assert code == 2
    assert "at most 52 of this problem. Got 53." in " ".join(err.split())


@pytest.mark.parametrize(
    "arguments", [["work"], ["train", "--engine", "direct"], ["sweep", "--learning-rate", "0.1,0.2"]]
)
def test_what_should_be_known_about_the_data_is_noted(command, tmp_path, arguments):
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,yes\n2,1,no\n3,1,yes \n0,1,no\n")
    path = tmp_path / "noted.toml"
    path.write_text(
        '[layer]\nkind = "logistic"\ninit = {seed = 1}\n[data]\ntable = "t.csv"\ntarget = "y"\n'
        "[descent]\nlearning_rate = 0.1\nepochs = 2\n"
    )
    code, out, err = command(arguments[0], path, *arguments[1:], "--json")
    assert code == 0
    assert json.loads(out)
    assert "Note: The labels 'yes' and 'yes ' of the table are read as one, 'yes': blanks around" in " ".join(
        err.split()
    )
