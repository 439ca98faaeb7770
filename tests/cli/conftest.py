"""What tests of the command line share."""

import pytest

from command_line import QUESTION_1, written
from deltarule.cli import main


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def question_1(tmp_path):
    return written(tmp_path, QUESTION_1)


@pytest.fixture
def command(capsys):
    """Run a command in this process: exit code, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run
