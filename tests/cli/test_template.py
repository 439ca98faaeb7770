"""`deltarule template`: what it writes, and bad use."""

from __future__ import annotations

import json
import tomllib

import pytest

import deltarule as dr
from deltarule.marking import blank_answer, template
from deltarule.setting import new_problem


@pytest.fixture
def problem(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dr.write_problem(new_problem("softmax", 4, seed=1), tmp_path / "p.toml")
    return dr.read_problem("p.toml")


def test_it_is_printed_in_toml_where_nothing_is_said(command, problem):
    assert command("template", "p.toml") == (0, template(problem), "")


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        (("--out", "a.toml"), "toml"),
        (("--out", "a.json"), "json"),
        (("--out", "a.md"), "markdown"),
        (("--out", "a.txt", "--format", "json"), "json"),
    ],
)
def test_the_ending_or_the_format_chooses_the_form_of_the_file(command, problem, tmp_path, arguments, form):
    assert command("template", "p.toml", *arguments) == (0, f"Written: {arguments[1]}\n", "")
    assert (tmp_path / arguments[1]).read_text(encoding="utf-8") == template(problem, form)


def test_json_is_one_document_whatever_is_written(command, problem, tmp_path):
    for more in ((), ("--out", "a.toml")):
        code, out, err = command("template", "p.toml", "--json", *more)
        assert (code, json.loads(out), err) == (0, blank_answer(problem), "")
    assert tomllib.loads((tmp_path / "a.toml").read_text()) == blank_answer(problem)


def test_an_untouched_template_is_worth_nothing_and_no_mistake_is_named(command, problem):
    command("template", "p.toml", "--out", "a.toml")
    code, out, err = command("check", "p.toml", "a.toml")
    assert (code, err) == (1, "")
    assert out.endswith("0%: nothing is answered.\n")
    assert "Mistake" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "a.docx"), "must end in .toml, .json or .md"),
        (("--format", "docx"), "must be one of toml, json, markdown"),
        (("--json", "--format", "toml"), "must be one of json"),
        (("--out", "p.toml"), "p.toml"),
        (("--out", "no/such/a.toml"), "Make it first."),
    ],
)
def test_bad_use_is_refused_with_a_remedy(command, problem, tmp_path, arguments, told):
    before = (tmp_path / "p.toml").read_text()
    code, out, err = command("template", "p.toml", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert (tmp_path / "p.toml").read_text() == before
