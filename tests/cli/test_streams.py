"""Commands whose output cannot be written: the work is done, no exit code means a wrong answer, and there is no traceback."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import QUESTION_1, written
from deltarule.cli import main

WRONG = "[iteration.1]\nbiases = [9.0, 9.0, 9.0]\n"


class Failing(io.StringIO):
    """A stream whose writing, or whose flushing only, fails."""

    def __init__(self, error, at="write"):
        super().__init__()
        setattr(self, at, self.fail)
        self.error = error

    def fail(self, *_):
        raise self.error


def ended(*arguments):
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    return end.value.code


FULL = OSError(errno.ENOSPC, "No space left on device")
GONE = BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize("at", ["write", "flush"])
@pytest.mark.parametrize(("error", "code"), [(FULL, 2), (ValueError("I/O operation on closed file"), 2), (GONE, 0)])
def test_what_was_worked_is_written_to_files_though_nothing_can_be_shown(
    question_1, monkeypatch, capsys, error, code, at
):
    monkeypatch.setattr(sys, "stdout", Failing(error, at))
    assert ended("train", question_1, "--out", question_1.with_name("trained.toml")) == code
    assert question_1.with_name("trained.toml").exists()
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert ("The standard output cannot be written to the end" in " ".join(err.split())) == (code == 2)


@pytest.mark.parametrize("error", [FULL, GONE])
def test_a_wrong_answer_whose_marks_nobody_sees_ends_with_2(question_1, monkeypatch, error):
    answer = written(question_1.parent, WRONG, "answer.toml")
    assert ended("check", question_1, answer) == 1
    monkeypatch.setattr(sys, "stdout", Failing(error))
    assert ended("check", question_1, answer) == 2


def test_a_message_that_cannot_be_written_changes_no_exit_code(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Failing(FULL))
    assert ended("train", "none.toml") == 2
    assert ended("--version") == 0


def test_streams_are_the_same_again_after_a_command(question_1):
    before = sys.stdout, sys.stderr
    ended("work", question_1)
    assert (sys.stdout, sys.stderr) == before


def test_streams_that_are_closed_before_the_start(question_1, tmp_path):
    """Nothing is written into a file that gets the number of a closed stream, and no work is done that nobody can see."""
    done = subprocess.run(
        [sys.executable, "-m", "deltarule", "train", str(question_1), "--out", str(tmp_path / "x.toml")],
        check=False,
        preexec_fn=lambda: os.closerange(0, 2),
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "(it is closed)" in " ".join(done.stderr.split())
    assert not (tmp_path / "x.toml").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
def test_a_full_disk_at_the_end_of_the_process():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deltarule", "--version"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("Error: The standard output cannot be written to the end")
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("form", ["json", "html", "markdown"])
def test_a_document_on_the_standard_output_is_that_of_a_file_whatever_letters_a_terminal_has(
    tmp_path, monkeypatch, encoding, form
):
    problem = written(tmp_path, QUESTION_1.replace('"A"', '"Ä 名"'))
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    assert ended("work", problem, "--format", form) == 0
    assert ended("work", problem, "--format", form, "--out", tmp_path / "file", "--json") == 0
    printed, document = out.buffer.getvalue(), (tmp_path / "file").read_bytes()
    assert "Ä 名".encode() in printed
    assert printed.startswith(document)
