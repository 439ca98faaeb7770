"""Progress on standard error: a bar on a terminal, plain lines elsewhere."""

import io
import math
import sys

import pytest

from deltarule import Descent, train
from deltarule.typeset import progress
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Calls that make standard error a terminal: in the test itself, since pytest sets its own after the fixtures."""
    for variable in ("NO_COLOR", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()

    def begin():
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return begin


def test_a_bar_shows_the_cost_on_a_terminal_and_goes(terminal, monkeypatch):
    stream = terminal()
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    update, close = progress.bar("Training", 100)
    update(10, 2.0)
    update(50, 0.12345)
    update(60, math.nan)
    update(70, 0.12345)
    close()
    text = stream.getvalue()
    assert "Training" in text
    assert "70%" in text
    assert "cost 0.1235" in text
    # Moves up and clears its line at the end: transient.
    assert text.endswith("\x1b[2K")


def test_a_short_job_shows_no_bar(terminal):
    stream = terminal()
    update, close = progress.bar("Training", 100)
    update(100, 1.0)
    close()
    assert stream.getvalue() == ""


def test_elsewhere_short_work_is_silent(capsys):
    update, close = progress.bar("Training", 100)
    update(100, 1.0)
    close()
    assert capsys.readouterr() == ("", "")


def test_what_went_before_the_first_epochs_is_not_part_of_the_pace(capsys):
    """By a clock of ours: 30 seconds until 20 of 500 epochs are done, then 20 epochs a second."""
    now = 0.0
    update, _ = progress.bar("Training", 500, clock=lambda: now)
    for epoch, now in ((20, 30.0), (220, 40.0)):  # noqa: B007 - the clock reads it
        update(epoch, 0.5)
    assert capsys.readouterr().err.splitlines() == [
        "Training [  4%] cost 0.5000",
        "Training [ 44%] cost 0.5000, about 14.0 s left",
    ]


def test_elsewhere_a_plain_line_comes_every_ten_seconds_and_at_the_end(capsys):
    """By a clock of ours: begun at 0 s, 20 epochs a second."""
    now = 0.0
    update, close = progress.bar("Training", 500, clock=lambda: now)
    for epoch in range(20, 501, 20):
        now += 1.0
        update(epoch, math.nan if epoch > 400 else 1 / epoch)
    close()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Training [ 40%] cost 0.0050, about 15.0 s left",
        "Training [ 80%] cost 0.0025, about 5.0 s left",
        "Training [100%]",
    ]


def test_elsewhere_work_that_is_broken_off_says_how_far_it_came(capsys):
    now = 0.0
    update, close = progress.bar("Training", 100, clock=lambda: now)
    now = 11.0
    update(50, 1.0)
    now = 12.0
    update(60, 2.0)
    close()
    assert capsys.readouterr().err.splitlines() == [
        "Training [ 50%] cost 1.0000",
        "Training [ 60%] cost 2.0000, about 4.0 s left",
    ]


def test_a_line_that_says_all_is_not_said_again(capsys):
    now = 0.0
    update, close = progress.bar("Training", 100, clock=lambda: now)
    now = 11.0
    update(100, 1.0)
    close()
    assert capsys.readouterr().err.splitlines() == ["Training [100%] cost 1.0000"]


def test_the_same_line_is_not_printed_again(capsys):
    now = 0.0
    update, close = progress.bar("Training 6 models", 1000, clock=lambda: now)
    for done, now in ((0, 11.0), (2, 22.0), (4, 33.0), (300, 44.0)):  # noqa: B007 - the clock reads it
        update(done, math.nan)
    close()
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Training 6 models [  0%]"
    assert len(lines) == len(set(lines)) == 4


def test_training_calls_the_bar_and_closes_it(terminal, monkeypatch):
    stream = terminal()
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 20), "direct", progress=True)
    assert "Training" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K")  # at the end it is cleared


def test_training_shows_no_bar_unless_asked(terminal, monkeypatch):
    stream = terminal()
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 20), "direct")
    assert stream.getvalue() == ""


def test_steps_are_lines_where_there_is_no_terminal(capsys):
    with progress.steps("tutorial", 4) as advance:
        advance("a")
        advance("b")
        advance("b", 1.5)
        advance("c", 3)
        advance("d")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "tutorial [  0%] a", "tutorial [ 25%] b", "tutorial [ 75%] c", "tutorial [100%] d", "tutorial [100%] done",
    ]  # fmt: skip


def test_steps_are_lines_above_a_bar_on_a_terminal(terminal):
    stream = terminal()
    with progress.steps("tutorial", 2) as advance:
        advance("first")
        advance("second")
    text = stream.getvalue()
    assert "tutorial [ 50%] second" in text
    assert "\x1b[" in text


def test_steps_can_be_silent_and_pass_errors_on(capsys):
    with progress.steps("tutorial", 0, show=False) as advance:
        advance("a")
    assert capsys.readouterr().err == ""
    with progress.steps("tutorial", 0) as advance:
        advance("a")
    assert capsys.readouterr().err.splitlines() == ["tutorial [100%] a", "tutorial [100%] done"]
    with pytest.raises(ZeroDivisionError), progress.steps("tutorial", 2):
        1 / 0  # noqa: B018 - something goes wrong under way
    assert "done" not in capsys.readouterr().err
