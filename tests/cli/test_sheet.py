"""`deltarule sheet`: what it writes, and bad use."""

from __future__ import annotations

import json

import pytest

import deltarule as dr
from deltarule.setting import new_problem, sheet


@pytest.fixture
def problem(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dr.write_problem(new_problem("softmax", 4, seed=1), tmp_path / "p.toml")
    return dr.read_problem("p.toml")


def test_it_is_printed_as_markdown_where_nothing_is_said(command, problem):
    assert command("sheet", "p.toml") == (0, sheet(problem, "markdown"), "")


@pytest.mark.parametrize(
    ("arguments", "form", "formulas"),
    [
        (("--out", "s.html"), "html", False),
        (("--out", "s.tex", "--formulas"), "latex", True),
        (("--out", "s.md"), "markdown", False),
        (("--out", "s.txt", "--format", "latex"), "latex", False),
    ],
)
def test_the_ending_or_the_format_chooses_the_form_of_the_file(command, problem, tmp_path, arguments, form, formulas):
    assert command("sheet", "p.toml", *arguments) == (0, f"Written: {arguments[1]}\n", "")
    assert (tmp_path / arguments[1]).read_text(encoding="utf-8") == sheet(problem, form, formulas=formulas)


def test_a_pdf_is_set_from_the_latex(command, problem, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pdflatex").write_text("#!/bin/sh\n/bin/cp sheet.tex sheet.pdf\n")
    (tmp_path / "bin" / "pdflatex").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert command("sheet", "p.toml", "--out", "s.pdf")[0] == 0
    assert (tmp_path / "s.pdf").read_text() == sheet(problem, "latex")


def test_without_a_latex_program_there_is_no_pdf_and_the_remedy_is_named(command, problem, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = command("sheet", "p.toml", "--out", "s.pdf")
    assert (code, out) == (2, "")
    assert "write .html and print that to PDF" in " ".join(err.split())
    assert not (tmp_path / "s.pdf").exists()


def test_json_says_what_was_written(command, problem):
    code, out, err = command("sheet", "p.toml", "--out", "s.html", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"title": problem.title, "format": "html", "sheet": "s.html"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "s.docx"), "must end in .tex, .html, .htm, .md or .pdf"),
        (("--format", "docx"), "must be one of latex, html, markdown, pdf"),
        (("--format", "pdf"), "Add --out sheet.pdf."),
        (("--json",), "Add --out sheet.html, or leave it out."),
        (("--out", "no/such/s.html"), "Make it first."),
    ],
)
def test_bad_use_is_refused_with_a_remedy(command, problem, arguments, told):
    code, out, err = command("sheet", "p.toml", *arguments)
    assert (code, out) == (2, "")
    assert told in " ".join(err.split())
