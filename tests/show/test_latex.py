"""LaTeX documents: escaped, balanced, and narrow enough for a page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms
from deltarule import Descent, iterate
from deltarule.show import latex
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
