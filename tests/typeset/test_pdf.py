"""PDF is made by a LaTeX program, which is found on the path; here by programs that stand for it."""

from __future__ import annotations

import pytest

from deltarule.errors import InputError
from deltarule.typeset.pdf import pdf


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a shell script on the path, as the only LaTeX program."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name, script):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return put


@pytest.mark.parametrize("name", ["pdflatex", "lualatex", "xelatex", "tectonic"])
def test_the_program_gets_the_document_in_a_folder_of_its_own(program, name):
    program(name, 'read first < sheet.tex; echo "%PDF of $first by $*" > sheet.pdf')
    made = pdf("\\documentclass{article}\n").decode()
    assert made.startswith("%PDF of ")
    assert made.rstrip().endswith("sheet.tex")
    assert ("-no-shell-escape" in made) == (name != "tectonic")


def test_the_first_program_that_is_there_is_taken(program):
    program("xelatex", "echo xelatex > sheet.pdf")
    program("pdflatex", "echo pdflatex > sheet.pdf")
    assert pdf("x") == b"pdflatex\n"


def test_without_a_program_the_error_says_what_else_can_be_done(program):
    with pytest.raises(InputError, match=r"Got none. Install one, or write .html and print that to PDF."):
        pdf("x")


def test_a_document_that_cannot_be_set_is_named_with_the_end_of_the_log(program):
    program("pdflatex", 'echo "! Undefined control sequence."; exit 1')
    with pytest.raises(InputError, match=r"be made by pdflatex. Got '! Undefined control sequence.'"):
        pdf("x")
