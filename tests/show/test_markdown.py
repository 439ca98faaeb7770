"""Markdown documents: labels as they are, formulas without marks of Markdown's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deltarule import Descent, iterate
from deltarule.show import markdown
from deltarule.show.document import Document, iteration_document
from deltarule.show.forms import rendered
from deltarule.typeset.words import one_line
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


@given(st.text(st.characters()), st.text(st.characters()))
def test_markdown_reads_any_title_and_sentence_as_one_heading_and_one_paragraph(title, sentence):
    source = rendered("markdown", [Document(f"a{title}", "", (f"a{sentence}",), ())])
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(source)
    assert [token.type for token in tokens if token.nesting == 1] == ["heading_open", "paragraph_open"]
    for token, text in zip([token for token in tokens if token.type == "inline"], (title, sentence), strict=True):
        assert {child.type for child in token.children} <= {"text", "text_special"}
        assert "".join(child.content for child in token.children) == one_line(f"a{text}").strip()


@pytest.mark.parametrize(
    "sentence", ["- a", "+ a", "* a", "1. a", "12) a", "===", "---", "> a", "# a", "| a |", "    a"]
)
def test_a_sentence_that_begins_as_a_list_or_a_heading_is_a_paragraph(sentence):
    source = rendered("markdown", [Document("", "", ("first", sentence), ())])
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    assert [token.type for token in tokens if token.nesting == 1] == ["paragraph_open", "paragraph_open"]
    assert tokens[-2].children[0].content + "".join(c.content for c in tokens[-2].children[1:]) == sentence.strip()


def test_markdown_titles_stay_on_one_line():
    source = rendered("markdown", [iteration_document(WORKED, title="one\n# two\r\n\u2028- three #")])
    assert source.splitlines()[0] == r"# one \# two - three \#"


def test_markdown_keeps_formulas_free_of_what_it_would_read():
    source = rendered("markdown", [iteration_document(WORKED, rows=4)])
    formulas = re.findall(r"\$([^$]+)\$", source)
    assert len(formulas) > 20
    # Backslashes only before letters: Markdown takes any other one as an escape. No asterisk, and underscores in words.
    assert not [formula for formula in formulas if re.search(r"\\[^a-zA-Z]|\*|`|<(?!-)", formula)]
