"""The page of a small run: it loads nothing, leaves nothing unfilled, and shows what the results hold."""

import html
import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from deltarule.cli import main


class Links(HTMLParser):
    """What a page would fetch, what it links to, and its identifiers, tags and classes."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.linked: list[str] = []
        self.inside: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, given in attrs:
            if name in ("src", "href", "xlink:href") and given and given.startswith("#") and tag == "a":
                self.inside.append(given[1:])
            elif name in ("src", "href", "xlink:href") and given and not given.startswith(("#", "data:")):
                (self.linked if tag == "a" else self.fetched).append(given)
            if name == "id" and given:
                self.ids.append(given)


@pytest.fixture(scope="module")
def page(small) -> str:
    return (small / "index.html").read_text()


@pytest.fixture(scope="module")
def links(page) -> Links:
    links = Links()
    links.feed(page)
    return links


@pytest.fixture(scope="module")
def text(page) -> str:
    """What a reader reads, without drawings, code and formulas."""
    page = re.sub(r"<(style|svg|pre|math)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"</?(td|th|tr|li|p|h\d|br|caption|div|section)\b[^>]*>", " ", page)
    return html.unescape(re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", "", page)))


def test_it_fetches_nothing_and_runs_no_script(small, links):
    assert links.fetched == []
    assert "script" not in links.tags
    assert {"math", "svg", "table", "figure"} <= links.tags


def test_every_link_leads_somewhere(small, links):
    assert all((small / name).is_file() for name in links.linked)
    assert set(links.inside) <= set(links.ids)


def test_identifiers_are_unique_over_all_figures(links):
    assert len(links.ids) == len(set(links.ids))


def test_nothing_is_left_unfilled(text):
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b|\{\{|Undefined|np\.float", text)


def test_thousands_are_written_in_one_way(text):
    # With a comma from 10,000 on, in a table, in a sentence and on an axis.
    assert "10,000" in text
    assert not re.search(r"(?<![\d.,])\d{5,}(?![\d.])", text)
    assert not re.search(r"(?<![\d.,])\d,\d{3}", text)
    assert not re.search("\\d[\u2009\u202f\u00a0]\\d", text)


def test_axes_have_commas_too(small):
    ticks = re.findall(r">([\d,]+)</text>", (small / "question_2_direct.svg").read_text())
    assert "10,000" in ticks
    assert "10000" not in ticks


def test_small_numbers_are_powers_of_ten_as_people_write_them(text):
    assert not re.search(r"\d[eE][-+]?\d", text)


def test_each_question_is_put_before_it_is_answered(page):
    assert page.count('class="question"') == 3
    for number, heads in ((1, "abcd"), (2, "ab")):
        question = page[page.index(f'id="question-{number}"') :]
        for letter in heads:
            assert f'<h3 id="question-{number}-{letter}">({letter})' in question


def test_matrices_look_as_those_of_the_worked_steps(page):
    # The class is that of deltarule.show, whose style the page has once.
    assert page.count("deltarule-work table {") == 1
    assert page.count('<div class="deltarule-work">') > 5
    assert "<mtable" not in page


def test_every_figure_is_a_file_too(small):
    names = {path.name for path in small.glob("*.svg")}
    assert len(names) == 11
    for path in small.glob("*.svg"):
        assert path.read_text().rstrip().endswith("</svg>")


def test_figures_have_colours_for_dark_pages_as_well(page):
    assert "color-scheme: light dark" in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        colours = re.findall(r"(?:fill|stroke): (#\w{6}|light-dark)", svg)
        assert colours.count("light-dark") == len(colours) / 2


def test_counts_are_drawn_as_steps(small):
    # Errors and accuracies change at once: their lines run along one axis at a time.
    svg = (small / "question_1_curves.svg").read_text()
    path = re.findall(r'<path d="(M[^"]*)"[^>]*clip-path', svg)[-1]
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML] ([-\d.]+ [-\d.]+)", path)]
    assert len(points) > 4
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        assert x == next_x or y == next_y


def test_the_printed_answers_can_be_marked_again(small, small_results, capsys):
    for name, marked in small_results["marks"].items():
        files = (small / "printed" / f"{name}.{kind}.toml" for kind in ("problem", "answer"))
        with pytest.raises(SystemExit, match="1"):
            main(["check", *map(str, files), "--json"])
        assert json.loads(capsys.readouterr().out)["mistakes"] == marked["mistakes"]


def test_every_entry_of_the_account_is_shown(page, small_results):
    assert page.count('class="verdict') == len(small_results["account"]) + 4  # and the four of the legend
    for entry in small_results["account"]:
        assert entry["verdict"] in ("equal", "within rounding", "bracketed", "differs")
        if entry["verdict"] == "differs":
            assert entry["why"], entry["what"]
