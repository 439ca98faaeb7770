"""HTML documents: well formed, and in need of nothing else."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule import Descent, iterate
from deltarule.printable import printable
from deltarule.show.document import Document, iteration_document
from deltarule.show.forms import rendered
from samples import NAMES, sample


class Reader(HTMLParser):
    """What is opened and closed, and what would be loaded from elsewhere."""

    VOID = ("meta", "wbr")

    def __init__(self):
        super().__init__()
        self.open, self.loaded = [], []

    def handle_starttag(self, tag, attrs):
        self.loaded += [name for name, _ in attrs if name in ("src", "href", "action", "data") or name.startswith("on")]
        if tag in ("script", "link", "img", "iframe", "object"):
            self.loaded.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_html_is_well_formed_and_loads_nothing(name):
    found = sample(name, patterns=12)
    page = rendered("html", [iteration_document(iterate(found.layer, found.X, found.targets, Descent(0.1, 1)), rows=4)])
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert (reader.open, reader.loaded) == ([], [])
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/1998/Math)", page)
    assert page.startswith("<!doctype html>")
    assert "color-scheme: light dark" in page
    assert "<math" in page
    assert "−0.00<" not in page
    for body in re.findall(r"<td>([^<]*)</td>", page):
        assert not re.match(r"-\d", body)  # a true minus sign


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_stands_in_its_own_element_on_one_line(title, sentence):
    """A reader of XML refuses control characters, and tags that are not closed."""
    page = rendered("html", [Document(title, "", (sentence,), ())], standalone=False)
    root = ET.fromstring(page)
    assert {element.tag for element in root.iter()} == {"div", "style", "p", *(["h1"] if title else [])}
    for tag, text in (("h1", title), ("p", sentence)):
        if found := root.findtext(tag):
            shown = printable(re.sub("[\t\n\v\f\r\x85\u2028\u2029]+", " ", text))
            assert found == shown
