"""Whatever titles, names, labels and file names hold, what is shown has the structure that harmless names have."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from deltarule import views
from deltarule.printable import printable
from hostile import HARMLESS, NAMES, pages


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Records and pages, with hostile names and with harmless ones."""
    return [pages(names, tmp_path_factory.mktemp("folder")) for names in (NAMES, HARMLESS)]


class Tags(HTMLParser):
    """The elements of a page, with the names of their attributes; and its text outside them."""

    def __init__(self, source):
        super().__init__()
        self.found, self.text = set(), ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.add((tag, *sorted(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.found.add(("comment", data))


def commands(source):
    return set(re.findall(r"\\(?:[a-zA-Z]+|.)", source))


def tokens(source):
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return {child.type for token in parser.parse(source) for child in [token, *(token.children or ())]}


def test_every_type_of_record_that_has_a_view_is_tried(made):
    (found, _), _ = made
    assert set(views._VIEWS) <= {kind for record in found.values() for kind in type(record).__mro__}


def test_no_text_and_no_page_has_a_control_character(made):
    (_, hostile), _ = made
    assert {form for form, _ in hostile} == {"terminal", "html", "latex", "markdown"}
    for where, text in hostile.items():
        assert printable(text, keep="\n") == text, where


def test_what_is_replaced_can_be_seen(made):
    (_, hostile), _ = made
    assert r"\x1b[31mred" in hostile["terminal", "layer"]
    assert r'<th scope="col">\x1b[31mred</th>' in hostile["html", "layer"]
    assert r"\\x1b\[31mred" in hostile["markdown", "document"]
    assert r"\textbackslash{}x1b[31mred" in hostile["latex", "document"]


def test_pages_have_the_elements_that_harmless_names_give(made):
    (_, hostile), (_, harmless) = made
    for (form, name), text in hostile.items():
        if form == "html":
            assert Tags(text).found <= Tags(harmless[form, name]).found, name


def test_markdown_has_the_marks_that_harmless_names_give(made):
    (_, hostile), (_, harmless) = made
    found = tokens(hostile["markdown", "document"])
    assert found <= tokens(harmless["markdown", "document"]) | {"text_special"}


def test_latex_has_the_commands_that_harmless_names_give_and_those_of_letters(made):
    (_, hostile), (_, harmless) = made
    letters = {
        r"\textbackslash",
        r"\ttfamily",
        r"\textquotedblright",
        r"\textquoteright",
        r"\textquoteleft",
        r"\textbar",
    }
    letters |= {
        r"\textless",
        r"\textgreater",
        r"\textasciitilde",
        r"\textasciicircum",
        r"\dots",
        *(f"\\{c}" for c in "{}$&#%_"),
    }
    for (form, name), text in hostile.items():
        if form == "latex":
            assert text.isascii()
            assert commands(text) <= commands(harmless[form, name]) | letters, name
            assert text.count(r"\end{document}") <= 1
