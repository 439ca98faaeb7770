"""Markdown documents: labels as they are, formulas without marks of Markdown's."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deltarule import Descent, iterate
from deltarule.show import markdown
from deltarule.show.document import iteration_document
from deltarule.show.forms import rendered
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X

WORKED = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500))


@given(st.text("ab \\`*_{}[]<>()#+-.!|$~&@:/é名\"'", min_size=1, max_size=20).map(str.strip).filter(bool))
def test_markdown_reads_labels_as_they_are(text):
    """In a table, as labels stand; a reader gives back the text."""
    table = f"| a |\n| --- |\n| {markdown.escaped(text)} |\n"
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(table)
    cells = [tokens[place + 1] for place, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 1
    assert {child.type for child in cells[0].children} <= {"text", "text_special"}
    assert "".join(child.content for child in cells[0].children) == text


def test_markdown_titles_stay_on_one_line():
    source = rendered("markdown", [iteration_document(WORKED, title="one\n# two\r\n\u2028- three #")])
    assert source.splitlines()[0] == r"# one \# two - three \#"


def test_markdown_keeps_formulas_free_of_what_it_would_read():
    source = rendered("markdown", [iteration_document(WORKED, rows=4)])
    formulas = re.findall(r"\$([^$]+)\$", source)
    assert len(formulas) > 20
    # Backslashes only before letters: Markdown takes any other one as an escape. No asterisk, and underscores in words.
    assert not [formula for formula in formulas if re.search(r"\\[^a-zA-Z]|\*|`|<(?!-)", formula)]
