"""Feedback pages: one for each student, with their own marks alone, and an index that links them all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

import downloads as write
from by_hand import LINE, LINE_RIGHT
from deltarule.class_list import read_class_list
from deltarule.errors import InputError
from deltarule.marking import answer_text, mark_folder
from deltarule.marking.report.feedback import feedback_pages, write_feedback
from deltarule.problem import write_problem

PEOPLE = [
    ("Ann", "Lee", 1),
    ("Ann", "Lee", 2),
    ("ann", "lee", 3),
    ("../..", "/etc", 4),
    ("<b>", "Eve", 5),
    ("名前", "姓", 6),
]
ASCENT = LINE_RIGHT | {"weights": [-1.9], "biases": [-1.0]}


class Page(HTMLParser):
    """The texts, links and tags of a page."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.links, self.tags = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """The first is right, the second went uphill, the third's cannot be read, the fourth has none; two have a cost of their own."""
    tmp_path = tmp_path_factory.mktemp("class")
    write_problem(LINE, tmp_path / "line.toml")
    files = {}
    for person, parts in (
        (PEOPLE[0], LINE_RIGHT),
        (PEOPLE[1], ASCENT),
        (PEOPLE[4], LINE_RIGHT),
        (PEOPLE[5], LINE_RIGHT),
    ):
        cost = {} if parts is ASCENT or person[2] == 1 else {"cost": 700.0 + person[2]}
        files[f"s{person[2]}@uni.edu.toml"] = answer_text({"decimals": 2, "iteration": {"1": parts | cost}})
    files["s3@uni.edu.toml"] = "[iteration.1\n"
    (tmp_path / "list.csv").write_bytes(write.moodle_participants(PEOPLE))
    source = write.zipped(tmp_path / "a.zip", files)
    return mark_folder(tmp_path / "line.toml", source, class_list=read_class_list(tmp_path / "list.csv"))


def test_each_student_has_a_page_and_the_index_links_each(marks):
    pages = feedback_pages(marks)
    index = Page(pages["index.html"])
    assert len(pages) == len(PEOPLE) + 1
    assert [unquote(link) for link in index.links] == [name for name in pages if name != "index.html"]
    assert len({name.casefold() for name in pages}) == len(pages)
    assert all(re.fullmatch(r"students/[\w-]+\.html", name) for name in pages if name != "index.html")


def test_a_page_tells_of_its_own_student_alone(marks):
    pages = [text for name, text in feedback_pages(marks).items() if name != "index.html"]
    for person, text in zip(PEOPLE, pages, strict=True):
        page = Page(text)
        figures = {n for n in range(1, 7) if f"{700 + n}.00" in text}
        assert figures == ({person[2]} if person[2] in (5, 6) else set())
        assert page.links == []
        others = {write.full(other) for other in PEOPLE} - {write.full(person)}
        assert not [other for other in others if any(other in words for words in page.texts)]
        assert write.full(person) in " ".join(page.texts)
        assert "b" not in page.tags


def test_pages_say_the_mistakes_and_why_there_are_no_marks(marks):
    _, right, ascent, unread, absent, *_ = feedback_pages(marks).values()
    assert "All right: 100%." in right
    assert "<strong>ascent</strong>, first seen in iteration 1: W." in ascent
    assert "This is not valid TOML" in unread
    assert "No answer of yours was found." in absent


def test_an_error_that_tells_of_others_is_not_on_the_page(tmp_path):
    (tmp_path / "week").mkdir()
    write_problem(LINE, tmp_path / "week" / "Anna-Leeds.toml")
    (tmp_path / "list.csv").write_bytes(write.moodle_participants([("Ann", "Leeds", 1)]))
    source = write.zipped(tmp_path / "a.zip", {"Ann Leeds.toml": "[iteration.1]\ncost = 1.0\n"})
    marks = mark_folder(tmp_path / "week", source, class_list=read_class_list(tmp_path / "list.csv"))
    index, page = feedback_pages(marks).values()
    assert "Anna-Leeds" in index
    assert "Anna-Leeds" not in page
    assert "Ask your teacher." in page


def test_pages_are_written_all_or_none(tmp_path, marks):
    write_feedback(tmp_path / "feedback", marks)
    written = {str(path.relative_to(tmp_path / "feedback")) for path in (tmp_path / "feedback").rglob("*.html")}
    assert written == set(feedback_pages(marks))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x")
    with pytest.raises(InputError, match="be a new or an empty one"):
        write_feedback(tmp_path / "other", marks)
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["notes.txt"]


def test_without_a_list_each_answer_has_a_page(tmp_path):
    write_problem(LINE, tmp_path / "line.toml")
    source = write.zipped(tmp_path / "a.zip", dict.fromkeys(["Ann/answer.toml", "Bo.toml", "Bo.json"], "["))
    pages = feedback_pages(mark_folder(tmp_path / "line.toml", source))
    assert list(pages) == ["index.html", "students/Ann.html", "students/Bo.html", "students/Bo-2.html"]
