"""One worked step, five forms: the same figures in each, for every kind of layer."""

import json
import re

import numpy as np
import pytest

import forms
from deltarule import Descent, SoftmaxLayer, iterate
from deltarule.iteration import iterations
from deltarule.show.document import iteration_document
from deltarule.show.forms import FORMS, rendered
from deltarule.show.html import html
from deltarule.show.latex import latex
from deltarule.show.markdown import markdown
from deltarule.show.terminal import document_lines
from deltarule.typeset.columns import joined
from deltarule.typeset.figures import figures, matrix_figures
from samples import NAMES, refused, sample

ODD = ("a&b_c%", "<b>", "$x$", "名前", "é|ö", "\\{}^~#`--'\"", "*a* [b]", "λ")
CASES = [
    ({}, None),
    ({"reduction": "mean", "weight_decay": 0.01}, 3),
    ({"batch_size": 5, "weight_decay": 0.1}, 4),
]
PARAMETERS = ("weight_gradient", "bias_gradient", "weights", "biases")


def worked_by(name, options, rows, weights=None, decimals=2):
    found = sample(name, patterns=12)
    descent = Descent(0.1, 3, **options)
    worked = iterate(found.layer, found.X, found.targets, descent, iteration=2, sample_weight=weights)
    return worked, iteration_document(worked, decimals, rows)


def stripped(rows, table):
    """What a reader found, less heads, ellipses and marks."""
    labelled = any(table.labels)
    kept = [row for row in rows if not (row[0] in forms.GAP or row[-1] in forms.GAP)]
    kept = kept[1:] if len(kept) > len(table.rows) else kept
    if labelled:
        assert [row[0] for row in kept] == list(table.labels)
    start = len(kept[0]) - len(table.heads) - bool(table.wrong)
    return [row[start : start + len(table.heads)] for row in kept]


def check_tables(parts, work):
    for part in work.parts:
        found = parts[part.title]
        assert len(found) == len(part.tables), part.title
        for rows, table in zip(found, part.tables, strict=True):
            assert stripped(rows, table) == [list(row) for row in table.rows], part.title


def check_lines(lines, work):
    written = [" ".join(piece.text for piece in line) for part in work.parts for line in part.lines]
    assert len(lines) == len(written)
    for line, text in zip(lines, written, strict=True):
        assert forms.powers(forms.digits(line)) == forms.powers(forms.digits(text))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("options", "rows"), CASES)
@pytest.mark.parametrize("name", NAMES)
def test_all_forms_hold_the_same_figures(name, options, rows, weighted):
    weights = np.linspace(0.5, 2, 12) if weighted else None
    worked, work = worked_by(name, options, rows, weights)
    for read, source in (
        (forms.from_latex, latex([work])),
        (forms.from_html, html([work], standalone=False)),
        (forms.from_markdown, markdown([work])),
    ):
        parts, lines = read(source)
        check_tables(parts, work)
        check_lines(lines, work)
    check_terminal(work)
    check_record(worked, work)


def check_terminal(work):
    """On a page as wide as it takes, a pattern has one line, with its row of each matrix in order."""
    text = joined(document_lines(work, 4000))
    lines = [line.split() for line in text.splitlines()]
    names = ("problem", "synaptic_inputs", "outputs", "slopes", "predicted", "delta")
    tables = [t for name in names if (part := work.part(name)) for t in part.tables]
    X, D, *v, W, b = work.part("problem").tables
    tables = [X, *v, D, *(t for t in tables if not any(t is each for each in (X, D, *v, W, b)))]
    for place, label in enumerate(X.labels):
        expected = [label]
        for table in tables:
            expected += table.rows[place]
            if table.wrong and place in table.wrong:
                expected.append("wrong")
        assert expected in lines
    gradient, gradient_b, after, after_b = (work.part(name).tables[0] for name in PARAMETERS)
    for place, label in enumerate(gradient.labels):
        assert [label, *W.rows[place]] in lines
        assert [label, *gradient.rows[place], *after.rows[place]] in lines
    assert ["b", *b.rows[0]] in lines
    assert ["b", *gradient_b.rows[0], *after_b.rows[0]] in lines
    assert any(line[-2:] == ["=", work.part("cost").value] for line in lines)


def check_record(worked, work):
    """The record's full figures, rounded, are those shown."""
    record = json.loads(json.dumps(worked.to_dict(), allow_nan=False))
    labels = [p + 1 for p in record["batch"]]
    for name in ("synaptic_inputs", "outputs", "slopes", "delta"):
        part = work.part(name)
        assert (record[name] is None) == (part is None)
        if part is not None:
            table = part.tables[0]
            rows = [record[name][labels.index(int(label))] for label in table.labels]
            assert matrix_figures(rows, 2) == [list(row) for row in table.rows]
    costs = work.part("cost").tables[0]
    rows = [record["pattern_costs"][labels.index(int(label))] for label in costs.labels]
    assert figures(rows, 2) == [row[0] for row in costs.rows]
    assert figures([record["cost"]], 2) == [work.part("cost").value]
    for W, b in (("weight_gradient", "bias_gradient"), ("weights", "biases")):
        *above, last = matrix_figures([*record[W], record[b]], 2)
        assert [list(row) for row in work.part(W).tables[0].rows] == above
        assert list(work.part(b).tables[0].rows[0]) == last
    if record["errors"] is None:
        assert work.part("errors") is None
    else:
        assert float(work.part("errors").value) == pytest.approx(record["errors"], abs=0.005)


def test_odd_labels_survive_every_form():
    rng = np.random.default_rng(0)
    layer = SoftmaxLayer.random(2, ODD, seed=1)
    worked = iterate(layer, rng.normal(size=(8, 2)), ODD, Descent(0.1, 1))
    work = iteration_document(worked, title="<i> & $5_%", input_names=["<i>", "a_b"])
    targets = [row[1] for row in work.part("predicted").tables[0].rows]
    assert targets == list(ODD)
    parts, _ = forms.from_html(html([work], standalone=False))
    assert [row[2] for row in parts["Predictions"][0]][1:] == list(ODD)
    assert [row[0] for row in parts["New weights"][0]][1:] == ["<i>", "a_b"]
    parts, _ = forms.from_markdown(markdown([work]))
    assert [row[2] for row in parts["Predictions"][0]][1:] == list(ODD)
    assert [row[0] for row in parts["New weights"][0]][1:] == ["<i>", "a_b"]
    source = latex([work])
    assert source.isascii()
    accents = r"""\'{e}\textbar{}\"{o}"""
    for shown in (r"a\&b\_c\%", r"\textless{}b\textgreater{}", r"\$x\$", accents, r"$\lambda$"):
        assert shown in source
    assert re.search(r"U\+540D", source)
    for label in ODD:
        assert label in joined(document_lines(work, 80))


@pytest.mark.parametrize(
    ("scale", "decimals"), [(1e-12, 2), (1e9, 2), (1.0, 0), (1.0, 15)], ids=["tiny", "huge", "0", "15"]
)
def test_other_figures_agree_too(scale, decimals):
    found = sample("linear", patterns=6)
    worked = iterate(found.layer, found.X * scale, found.targets * scale, Descent(1e-19, 1))
    work = iteration_document(worked, decimals)
    for read, source in (
        (forms.from_html, html([work], standalone=False)),
        (forms.from_markdown, markdown([work])),
    ):
        parts, lines = read(source)
        check_tables(parts, work)
        check_lines(lines, work)
    # LaTeX folds what is wide, so that its pieces are put together again, those of a matrix in order.
    parts, lines = forms.from_latex(latex([work]))
    check_lines(lines, work)
    for part in work.parts:
        entries = [cell for rows in parts[part.title] for row in rows for cell in row]
        for table in part.tables:
            assert {text for row in table.rows for text in row} <= set(entries)
    check_terminal(work)


def test_several_iterations_stand_in_one_document():
    found = sample("softmax", patterns=6)
    steps = [
        iteration_document(each, title="Three")
        for each in iterations(found.layer, found.X, found.targets, Descent(0.1, 9), 2, 4)
    ]
    for source, title in (
        (latex(steps), r"\section*{Three}"),
        (html(steps), "<h1>Three</h1>"),
        (markdown(steps), "# Three\n"),
    ):
        assert source.count(title) == 1
        places = [source.index(f"Iteration {n}, in epoch {n}") for n in (2, 3, 4)]
        assert places == sorted(places)


def test_each_ending_belongs_to_one_form():
    endings = [ending for form in FORMS.values() for ending in form.endings]
    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") for ending in endings)


@pytest.mark.parametrize("form", FORMS)
def test_a_fragment_is_refused_where_a_form_has_none(form):
    document = worked_by("linear", {}, None)[1]
    assert rendered(form, [document]).endswith("\n")
    if FORMS[form].has_fragment:
        assert rendered(form, [document], standalone=False) in rendered(form, [document])
    else:
        with refused("fragment", "be of LaTeX or HTML", form, "a whole file"):
            rendered(form, [document], standalone=False)


FORM_NAMES = (
    "terminal",
    "latex",
    "html",
    "markdown",
)


def test_an_unknown_form_is_refused():
    with refused("form", f"be one of {', '.join(FORM_NAMES)}", "'pdf'", "terminal, latex"):
        rendered("pdf", [])
