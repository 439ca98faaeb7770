r"""No command sends what a file holds to a terminal as it is: names, titles, labels, keys and cells with control characters."""

import json
import re

import pytest

from command_line import written
from deltarule.printable import printable

EVIL = "\x1b[31m\x9b2J\u202e"
SHOWN = r"\x1b[31m\x9b2J\u202e"
DESCENT = '[descent]\nlearning_rate = 0.01\nepochs = 2\n[layer]\nkind = "{kind}"\ninit = {{seed = 0}}\n'
PROBLEM = DESCENT.format(kind="softmax") + '[data]\ntable = "t.csv"\ntarget = "species"\n'
NUMBERS = DESCENT.format(kind="linear") + '[data]\ntable = "{table}"\ntarget = "y"\n'
TITLE = r'title = "T\u001b[31m\u009b2J\u202e"' + "\n"
ANSWER = r"""
[iteration.1]
predicted = ["\u001b[31m\u009b2J\u202e", "q", "y\tz", "x"]
"wei\u001b[31m\u009b2J\u202e" = [1]
["\u001b[31m\u009b2J\u202e"]
a = 1
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A problem whose file name, title, columns and labels hold controls, and an answer to it."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, f'a{EVIL},"b\n2",species\n1,2,x{EVIL}\n3,4,"y\tz"\n5,1,x{EVIL}\n2,2,"y\tz"\n', "t.csv")
    written(tmp_path, TITLE + PROBLEM, f"p{EVIL}.toml")
    written(tmp_path, ANSWER, "answer.toml")
    (tmp_path / "answers").mkdir()
    written(tmp_path / "answers", ANSWER, f"Ada{EVIL}.toml")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["work", "P"],
        ["work", "P", "--json"],
        *(["work", "P", "--format", form] for form in ("latex", "markdown", "html")),
        ["train", "P", "--engine", "direct"],
        ["train", "P", "--engine", "direct", "--json", "--out", f"out{EVIL}.toml"],
        ["train", "P", "--engine", "direct", "--out", f"out{EVIL}.toml"],
        ["check", "P", "answer.toml"],
        ["check", "P", "answer.toml", "--json"],
        ["check", "P", "answer.toml", "--hint", "--hint", "--hint"],
        ["check", "P", "answers"],
        ["check", "P", "answers", "--json"],
        ["check", "P", "answers", "--page", f"page{EVIL}.html"],
    ],
    ids=lambda arguments: " ".join(arguments[:1] + [word for word in arguments[2:] if word.isascii()]),
)
def test_what_is_printed_and_written_has_no_control_character(command, folder, arguments):
    code, out, err = command(*(f"p{EVIL}.toml" if word == "P" else word for word in arguments))
    assert code in (0, 1)
    assert printable(out + err, keep="\n") == out + err
    if "--json" in arguments:
        assert EVIL in json.dumps(json.loads(out), ensure_ascii=False).encode().decode("unicode_escape") or json.loads(
            out
        )
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert printable(text, keep="\n") == text
        assert SHOWN in text


@pytest.mark.parametrize(
    ("name", "problem", "table"),
    [
        ("key", r'"k\u001b[31m\u009b2J\u202e" = 1', ""),
        ("table", r'["x\u001b[31m\u009b2J\u202e"]' + "\na = 1", ""),
        ("value", '[descent]\n[data]\n[layer]\nkind = "\\u001b[31m\\u009b2J\\u202e"', ""),
        ("missing table", NUMBERS.replace("{table}", r"no\u001b[31m\u009b2J\u202e.csv"), ""),
        ("cell", NUMBERS, f"x,y\n1,2\na{EVIL},3\n"),
        ("column", NUMBERS, f"x{EVIL},y\n1,2\na,3\n"),
        ("columns", NUMBERS, f"x,z{EVIL}\n1,2\n2,3\n"),
        ("row", NUMBERS, f"x,y\n1,2\n2,3,{EVIL}\n"),
    ],
    ids=lambda value: value if re.fullmatch("[a-z ]*", value) else "",
)
def test_an_error_quotes_what_a_file_holds_with_escapes(command, tmp_path, name, problem, table):
    if table:
        written(tmp_path, table, "t.csv")
    code, out, err = command("train", written(tmp_path, problem.replace("{table}", "t.csv"), f"{name}{EVIL}.toml"))
    assert (code, out) == (2, "")
    assert printable(err, keep="\n") == err
    assert SHOWN in err


def test_a_terminal_gets_no_markup_and_no_order_of_a_title(command, folder, monkeypatch):
    """On a terminal, lines are printed by rich, which has a markup of its own."""
    import sys

    written(folder, 'title = "[red]T\\u001b[2J[/red] :smile:"\n' + PROBLEM)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    _, out, _ = command("train", "problem.toml", "--engine", "direct")
    assert r"[red]T\x1b[2J[/red] :smile:" in out
