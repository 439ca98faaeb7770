"""LaTeX and HTML documents, Markdown and what notebooks show: escaped, whole, and in need of nothing else."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import forms
from deltarule import Descent, iterate, train
from deltarule.show import latex, markdown
from deltarule.show.document import iteration_document
from deltarule.show.forms import rendered
from samples import NAMES, QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X, sample

WORKED = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500))


@given(st.text(max_size=30))
def test_escaped_latex_is_ascii_without_a_command_of_its_own(text):
    source = latex.escaped(text)
    assert source.isascii()
    # What is left beside our own commands, groups and single escapes are plain letters.
    rest = re.sub(
        r"\\text[a-z]+\{\}|\\[`'^~\"rvu=.Hc]\{(\\[ij]\{\}|.)\}|\{\\(ttfamily U\+[0-9A-F]+|[a-zA-Z]+)\}", "", source
    )
    rest = re.sub(r"\$(\\[a-z]+|-)\$|\\[{}$&#%_]|\{\}", "", rest)
    assert not re.search(r"[\\{}$&#%_^\"'`<>|]|--|,,", rest)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("naïve Zoë", r"na\"{\i{}}ve Zo\"{e}"),
        ("Łódź", r"{\L}\'{o}d\'{z}"),
        ("50% & #1_a", r"50\% \& \#1\_a"),
        ("C:\\{x}^2~", r"C:\textbackslash{}\{x\}\textasciicircum{}2\textasciitilde{}"),
        ("a--b,,c", "a-{}-b,{},c"),
        ("α−1", r"$\alpha$$-$1"),
        ("\N{SNOWMAN}", r"{\ttfamily U+2603}"),
    ],
)
def test_latex_escapes(text, source):
    assert latex.escaped(text) == source


def test_labels_in_scripts_that_latex_lacks_are_kept_short():
    found = sample("softmax")
    layer = type(found.layer)(found.layer.weights, found.layer.biases, classes=["名前名前名前", "b", "c"])
    worked = iterate(layer, found.X, ["b"] * len(found.X), Descent(0.1, 1))
    source = rendered("latex", [iteration_document(worked, rows=2)])
    # In the sentence that explains the numbers, whole; in tables, the first few.
    assert source.count("U+540D") >= 3
    assert not re.search(r"\\text\{(\{\\ttfamily U\+\w+\}){4}", source)


@pytest.mark.parametrize("name", NAMES)
def test_latex_is_balanced_and_its_columns_are_as_many_as_said(name):
    found = sample(name, patterns=80, inputs=40)
    worked = iterate(found.layer, found.X, found.targets, Descent(1e-3, 1))
    source = rendered("latex", [iteration_document(worked, 6, 50)])
    assert source.startswith(r"\documentclass")
    assert source.rstrip().endswith(r"\end{document}")
    assert source.count("{") == source.count("}")
    assert source.count("$") % 2 == 0
    for columns, body in re.findall(r"\\begin\{array\}\{([^}]*)\}\n(.*?)\\end\{array\}", source, flags=re.DOTALL):
        rows = body.strip().splitlines()
        assert all(row.count("&") == len(columns.replace("|", "")) - 1 for row in rows)
        assert len(rows) <= latex.LONGEST + 2
        # About 6 points a character, and 8 between columns, on the narrowest page that a fragment is pasted into.
        widths = [sum(6 * len(cell.strip()) + 8 for cell in row[:-3].split("&")) for row in rows if "dots" not in row]
        assert all(width < 420 for width in widths)


def test_a_matrix_longer_than_a_page_is_divided_in_order():
    found = sample("softmax", patterns=90)
    worked = iterate(found.layer, found.X, found.targets, Descent(1e-3, 1))
    document = iteration_document(worked, rows=80)
    table = document.part("predicted").tables[0]
    pieces = forms.from_latex(rendered("latex", [document]))[0]["Predictions"]
    rows = [row for piece in pieces for row in piece]
    rows = [[cell.strip() for cell in row] for row in rows if "predicted" not in row]
    at = [place for place, row in enumerate(rows) if row[0] == r"\vdots"]
    assert at == [79]
    del rows[79]
    assert [row[0] for row in rows] == list(table.labels)
    assert [row[1:3] for row in rows] == [list(row) for row in table.rows]
    assert [place for place, row in enumerate(rows) if row[3] == "wrong"] == list(table.wrong)
    assert 0 < len(table.wrong) < 80


def test_a_fragment_is_the_document_without_its_frame():
    whole, part = (
        rendered("latex", [iteration_document(WORKED)]),
        rendered("latex", [iteration_document(WORKED)], standalone=False),
    )
    assert part in whole
    assert r"\documentclass" not in part
    assert part.startswith("% Needs \\usepackage{amsmath}.\n\\begingroup")
    assert part.endswith("\\endgroup\n")


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


@pytest.mark.parametrize("shows", [WORKED, QUESTION_1_LAYER, None], ids=["iteration", "layer", "run"])
def test_notebooks_show_a_fragment_whose_style_stays_inside(shows):
    shows = shows or train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 5), "direct")
    root = ET.fromstring(shows._repr_html_())
    assert (root.tag, root.get("class")) == ("div", "deltarule-work")
    style = re.sub(r"@media print \{(.*)\}", r"\1", root.find("style").text, flags=re.DOTALL)
    rules = [rule.split("{")[0] for rule in style.split("}") if "{" in rule]
    assert rules
    assert all(selector.strip().startswith(".deltarule-work") for rule in rules for selector in rule.split(","))
    figures = {cell.text for cell in root.iter("td")}
    assert "−0.34" in figures or "−0.3400" in figures or shows is not WORKED
    assert str(shows)
    assert repr(shows) != str(shows)


def test_layers_say_their_kind_and_weights():
    assert str(QUESTION_1_LAYER).splitlines() == [
        "softmax layer, 2 inputs, 3 neurons, one a class",
        "",
        "           A        B        C",
        "x1    0.8800   0.0800  -0.3400",
        "x2    0.6800  -0.3900  -0.1900",
        "b     0.0000   0.0000   0.0000",
    ]
    assert "0.8800 & 0.0800 & -0.3400" in QUESTION_1_LAYER._repr_latex_()
    assert WORKED._repr_latex_() == rendered("latex", [iteration_document(WORKED)], standalone=False)


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
