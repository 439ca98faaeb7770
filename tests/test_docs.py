"""The README and the pages in docs/: code runs, commands print what they are said to print, files are read, mistakes are named."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest
import typer
from numpy.testing import assert_allclose
from pyarrow import parquet

import deltarule as dr
from deltarule.cli import app, main
from deltarule.marking import answer_from, answer_text, read_answer, worked_answer
from deltarule.marking.mistakes.documentation import table
from deltarule.problem import problem_from

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("README", "answer-file", "instructors", "students")
# Its faults are what it is there for.
FAULTY = "faulty.toml"


def path_of(page):
    return (DOCS.parent if page == "README" else DOCS) / f"{page}.md"


def text_of(page):
    return path_of(page).read_text("utf-8")


def blocks(page):
    """The fenced blocks: language, file name (or nothing), text."""
    return re.findall(r"^```(\w*) ?(\S*)\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)


def transcripts(page):
    """What is typed, and what is printed then."""
    found = [text.partition("\n") for language, _, text in blocks(page) if language == "console"]
    return [(typed.removeprefix("$ "), printed) for typed, _, printed in found]


def command_lines(page):
    """Every line of a block, and every piece of inline code with arguments, that starts with `deltarule`."""
    lines = [line.removeprefix("$ ") for _, _, text in blocks(page) for line in text.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    lines += re.findall(r"`(deltarule \w+ [^`]+)`", prose)
    return [line for line in lines if line.startswith("deltarule ") and not line.startswith("deltarule -")]


def same(printed, shown):
    """Whether this was printed; a line of three points on a page stands for lines that it leaves out."""
    pattern = ".*".join(re.escape(piece) for piece in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def write_files(page, folder):
    """The page's files."""
    for _, name, text in blocks(page):
        if name:
            (folder / name).write_text(text)


def collect(folder):
    """Answers of six students to the problems in week1: of four worked otherwise than they should, one no TOML."""
    (folder / "answers").mkdir()
    for student in ("Ada", "Alan", "Emmy", "Grace", "Mary"):
        problem = dr.read_problem(folder / "week1" / f"{student}.toml")
        document = worked_answer(problem)
        parts, layer = document["iteration"]["1"], problem.layer
        it = dr.iterate(layer, problem.X, problem.targets, problem.descent)
        if student in ("Alan", "Mary"):  # divided by the number of patterns
            P, a = len(problem.X), problem.descent.learning_rate
            parts["weight_gradient"] = (it.weight_gradient / P).tolist()
            parts["bias_gradient"] = (it.bias_gradient / P).tolist()
            parts["weights"] = (layer.weights - a * it.weight_gradient / P).tolist()
            parts["biases"] = (layer.biases - a * it.bias_gradient / P).tolist()
        elif student == "Grace":  # left the biases as they were
            parts["biases"] = layer.biases.tolist()
        (folder / "answers" / f"{student}.toml").write_text(answer_text(document))
    (folder / "answers" / "Kurt.toml").write_text("I could not do it.\n")


def printed_by(line, folder, capsys):
    """What a command of a page prints in the folder."""
    program, *arguments = shlex.split(line)
    if program == "cat":
        return (folder / arguments[0]).read_text()
    if "answers" in arguments:
        collect(folder)
    with pytest.raises(SystemExit):
        main(arguments)
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_says(page, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    write_files(page, tmp_path)
    shown = transcripts(page)
    assert shown
    for typed, expected in shown:
        printed = printed_by(typed, tmp_path, capsys)
        assert same(printed, expected), f"{typed}\n{printed}"


@pytest.mark.parametrize("page", PAGES)
def test_commands_parse(page):
    commands = typer.main.get_command(app).commands
    lines = command_lines(page)
    assert lines
    for line in lines:
        _, name, *arguments = shlex.split(line, comments=True)
        assert commands[name].make_context(name, arguments).params, line


@pytest.mark.parametrize("page", PAGES)
def test_files_are_read_without_fault(page, tmp_path):
    write_files(page, tmp_path)
    documents = [
        (name, json.loads(text) if language == "json" else tomllib.loads(text))
        for language, name, text in blocks(page)
        if language in ("toml", "json")
    ]
    problems = [problem_from(document) for _, document in documents if "data" in document]
    answers = [(name, document) for name, document in documents if "data" not in document]
    for name, document in answers:
        answer = answer_from(document, problems[0], folder=tmp_path)
        assert bool(answer.faults) == (name == FAULTY), answer.faults
        if name:
            assert read_answer(tmp_path / name, problems[0]).parts.keys() == answer.parts.keys()


def test_the_answer_of_the_page_is_right(tmp_path):
    write_files("answer-file", tmp_path)
    problem = dr.read_problem(tmp_path / "problem.toml")
    whole = next(text for _, name, text in blocks("answer-file") if not name and "[convergence]" in text)
    (tmp_path / "answer.toml").write_text(whole)
    marks = dr.check(problem, tmp_path / "answer.toml")
    assert {part.part: part.verdict for part in marks if part.verdict != "right"} == {}
    assert marks.right
    assert len(marks.parts) == 13


def test_the_table_of_mistakes_is_that_of_the_registry():
    assert text_of("answer-file").endswith(f"\n{table()}")


def test_links_lead_somewhere():
    for page in (*PAGES, "maintainers", "models", "problem-file"):
        for target in re.findall(r"\]\(([^)]+)\)", text_of(page)):
            name, _, anchor = target.partition("#")
            linked = path_of(page).parent / name if name else path_of(page)
            assert linked.exists(), target
            if anchor:
                heads = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.MULTILINE)
                assert anchor in [head.lower().replace(" ", "-") for head in heads], target


def test_modules_that_maintainers_are_sent_to_exist():
    source = DOCS.parent / "src" / "deltarule"
    named = re.findall(r"`([\w./]+/(?:[a-z_]+\.py)?)`", text_of("maintainers"))
    assert len(named) > 20
    for name in named:
        assert (DOCS.parent / name).exists() or list(source.rglob(name.rstrip("/"))), name


@pytest.mark.parametrize("place", range(4))
def test_each_python_block_of_the_readme_runs_alone(place, capsys):
    found = [text for language, _, text in blocks("README") if language == "python"]
    assert len(found) == 4
    exec(compile(found[place], f"README, block {place + 1}", "exec"), {"__name__": "__main__"})
    out = capsys.readouterr().out
    assert ["classes are separable", "The layer kept is the best one", "960 models", "the least to rounding"][
        place
    ] in out


def test_the_python_block_of_the_page_on_models_runs_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _, found = [text for language, _, text in blocks("models") if language == "python"]
    exec(compile(found, "docs/models.md", "exec"), {"__name__": "__main__"})
    assert "no" in capsys.readouterr().out


def test_the_python_block_on_streams_makes_files_and_trains_on_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, _ = [text for language, _, text in blocks("models") if language == "python"]
    names = {}
    exec(compile(found, "docs/models.md", "exec"), names)
    model = names["model"]
    assert (model.run.updates, model.layer.classes, model.input_names) == (8, ("no", "yes"), ("x",))
    x = [parquet.read_table(f"part-{part}.parquet")["x"] for part in (0, 1)]
    assert_allclose(model.input_scaling.shift, np.concatenate(x).mean())


def test_each_command_of_the_readme_runs_on_its_own_problem(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    write_files("README", tmp_path)
    lines = [line for line in command_lines("README") if " tutorial " not in line]  # which has tests of its own
    assert len(lines) > 5
    for line in lines:
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(line, comments=True)[1:])
        out, err = capsys.readouterr()
        wrong = line.startswith("deltarule check")  # whose answer has a mistake
        assert (ended.value.code or 0, "Error" in err) == (int(wrong), False), line
        assert out, line
