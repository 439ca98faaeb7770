"""`deltarule play`: where the page goes, and what it opens with."""

import json
import tempfile
import webbrowser
from pathlib import Path

import pytest

from deltarule.playground import page, scorm_package
from deltarule.problem import read_problem


@pytest.fixture
def browser(monkeypatch, tmp_path):
    """The addresses that a browser was asked for; files of their own go to the test's folder."""
    asked = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(asked.append(address)) or True)
    return asked


def test_the_page_is_written_and_no_browser_opens(command, question_1, browser, tmp_path):
    code, out, err = command("play", question_1, "--out", tmp_path / "page.html")
    assert (code, out, err) == (0, f"Written: {tmp_path / 'page.html'}\n", "")
    assert (tmp_path / "page.html").read_text("utf-8") == page(read_problem(question_1))
    assert browser == []


def test_without_a_file_the_page_opens_in_the_browser(command, browser):
    code, out, err = command("play")
    assert (code, err) == (0, "")
    (address,) = browser
    path = Path(out.removeprefix("Opened in the browser: ").strip())
    assert path.as_uri() == address
    assert path.read_text("utf-8") == page()


def test_where_no_browser_starts_the_file_is_named(command, monkeypatch, browser):
    monkeypatch.setattr(webbrowser, "open", lambda _address: False)
    code, out, _ = command("play")
    assert code == 0
    assert out.startswith("There is no browser that could be started. Open this file in one: ")


def test_what_the_page_has_not_of_a_problem_is_told(command, question_1, browser, tmp_path):
    text = question_1.read_text("utf-8")
    text = text.replace("epochs = ", "tolerance = 1e-9\nepochs = ") + '\n[conventions]\ndelta = "D - Y"\n'
    question_1.write_text(text, encoding="utf-8")
    code, _, err = command("play", question_1, "--out", tmp_path / "page.html")
    assert code == 0
    assert " ".join(err.split()) == (
        "Note: The page writes delta, weights and biases in deltarule's own conventions, not in those of the problem. "
        "Note: The page runs all epochs: it stops neither by tolerance nor by patience."
    )


def test_json_says_where_the_page_is(command, browser, tmp_path):
    code, out, _ = command("play", "--out", tmp_path / "page.html", "--json")
    assert code == 0
    assert json.loads(out) == {
        "page": str(tmp_path / "page.html"),
        "bytes": (tmp_path / "page.html").stat().st_size,
        "opened": False,
    }


def test_a_file_that_is_no_page_is_refused_before_the_work(command, tmp_path, browser):
    code, _, err = command("play", "--out", tmp_path / "page.toml")
    assert code == 2
    assert "must end in .html or .htm" in err
    assert list(tmp_path.iterdir()) == []


def test_a_package_for_a_course_is_written_and_no_browser_opens(command, question_1, browser, tmp_path):
    path = tmp_path / "exercise.zip"
    code, out, err = command("play", question_1, "--scorm", path)
    assert (code, out, err) == (0, f"Written: {path}\n", "")
    assert path.read_bytes() == scorm_package(read_problem(question_1))
    assert browser == []


def test_a_package_and_a_page_are_written_at_once(command, browser, tmp_path):
    package, written = tmp_path / "exercise.zip", tmp_path / "page.html"
    code, out, _ = command("play", "--scorm", package, "--out", written, "--json")
    assert code == 0
    assert json.loads(out) == {
        "package": str(package),
        "package_bytes": package.stat().st_size,
        "page": str(written),
        "bytes": written.stat().st_size,
        "opened": False,
    }
    assert browser == []


def test_a_package_under_the_name_of_a_page_is_refused_before_the_work(command, tmp_path, browser):
    code, _, err = command("play", "--scorm", tmp_path / "page.html")
    assert code == 2
    assert "Give it to --out, which writes .html files." in " ".join(err.split())
    assert list(tmp_path.iterdir()) == []
