"""A blank answer has the keys and shapes of what is asked for, and is an answer that nobody has written yet."""

from __future__ import annotations

import json
import re
import tomllib

import numpy as np
import pytest

import deltarule as dr
from deltarule.conventions import Conventions
from deltarule.errors import InputError
from deltarule.marking import blank_answer, check, read_answer, template, worked_answer
from hostile import NAMES
from right_answers import KINDS, drawn


def problem(kind="softmax", batch_size=None, **options):
    return dr.problem_from(drawn(kind, 3, reduction="sum", batch_size=batch_size, decay=0.0, decimals=2) | options)


def shapes(value):
    """The shapes of what a document's tables hold."""
    return {key: shapes(each) if isinstance(each, dict) else np.shape(each) for key, each in value.items()}


def leaves(value):
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for child in children for leaf in leaves(child)] if isinstance(value, dict | list) else [value]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_size", [None, 4])
def test_it_has_the_keys_and_shapes_of_the_right_answer_and_none_of_its_figures(kind, batch_size):
    asking = problem(kind, batch_size, marking={"asked": ["iteration.1", "iteration.2"]})
    blank, right = blank_answer(asking)["iteration"], worked_answer(asking, [1, 2])["iteration"]
    assert shapes(blank) == shapes(right)
    assert set(leaves(blank)) == {""}


def test_without_marking_it_is_all_of_iteration_1():
    asking = problem("linear")
    assert shapes(blank_answer(asking)["iteration"]) == shapes(worked_answer(asking)["iteration"])


def test_it_asks_for_the_trained_layer_boundaries_and_metrics_where_the_problem_does():
    asked = ["convergence.updates", "convergence.weights", "boundaries", "metrics.training_accuracy"]
    blank = blank_answer(problem(marking={"asked": asked}))
    assert blank == {
        "decimals": 2,
        "convergence": {"updates": "", "weights": [[""] * 3] * 3},
        "boundaries": {"A-B": [""] * 4, "A-C": [""] * 4, "B-C": [""] * 4},
        "metrics": {"training_accuracy": ""},
    }
    assert blank_answer(problem("tanh", marking={"asked": ["metrics.training_mse"]}))["metrics"] == {
        "training_mse": [""] * 3
    }


def filled(text, answer):
    """A blank answer in Markdown with the figures of a right one, by a writer that knows nothing of its maker."""
    table, lines, values = {}, [], []
    for line in text.splitlines():
        if heading := re.fullmatch(r"## Iteration (\d+)", line):
            table = answer["iteration"][heading[1]]
        if part := re.fullmatch(r"(\w+) = ?", line):
            value = table[part[1]]
            listed = isinstance(value, list)
            values = list(value) if listed and (isinstance(value[0], list) or part[1] == "predicted") else [value]
            lines.append(line if listed else f"{part[1]} = {value}")
        elif re.fullmatch(r"\| [^|]+ (\|  )+\|", line):
            row = values.pop(0)
            cells = [line.split("|")[1].strip(), *(row if isinstance(row, list) else [row])]
            lines.append(f"| {' | '.join(map(str, cells))} |")
        else:
            lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_size", [None, 4])
def test_markdown_reads_as_nothing_answered_and_filled_in_as_all_right(kind, batch_size, tmp_path):
    asking = problem(kind, batch_size, marking={"asked": ["iteration.1", "iteration.2"], "hint_cost": 0.1})
    text = template(asking, "markdown")
    (tmp_path / "blank.md").write_text(text)
    marks = check(asking, tmp_path / "blank.md")
    assert (marks.score, marks.answered, marks.mistakes, marks.faults) == (0, 0, (), {})
    assert marks.missing == asking.marking.asked
    (tmp_path / "filled.md").write_text(filled(text, worked_answer(asking, [1, 2])))
    marks = check(asking, tmp_path / "filled.md")
    assert (marks.faults, marks.missing) == ({}, ())
    assert (marks.right, marks.score) == (True, 1)


def test_a_figure_in_a_table_of_markdown_is_that_of_its_place_though_others_are_blank(tmp_path):
    asking = problem(
        marking={"asked": ["iteration.1.delta", "iteration.1.biases", "iteration.1.predicted", "boundaries.A-B"]}
    )
    text = template(asking, "markdown")
    for blank, half in (
        ("| pattern 2 |  |  |  |", "| pattern 2 |  | 0.25 |  |"),
        ("| figures |  |  |  |\n", "| figures |  |  | 0.5 |\n"),
        ("| pattern 3 |  |\n", "| pattern 3 | B |\n"),
        ("| figures |  |  |  |  |", "| figures |  | 1.5 |  | -2 |"),
    ):
        assert text.count(blank) == 1
        text = text.replace(blank, half)
    (tmp_path / "a.md").write_text(text)
    parts = read_answer(tmp_path / "a.md", asking).parts
    found = {
        name: [(*map(int, at), part.values[tuple(at)]) for at in np.argwhere(part.known)]
        for name, part in parts.items()
    }
    assert found == {
        "iteration.1.delta": [(1, 1, 0.25)],
        "iteration.1.biases": [(2, 0.5)],
        "iteration.1.predicted": [(2, 1)],
        "boundaries.A-B": [(1, 1.5), (3, -2)],
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["toml", "json"])
def test_the_texts_read_as_the_document_and_as_nothing_answered(kind, form):
    asking = problem(kind, marking={"asked": ["iteration.1", "metrics.training_cost"], "hint_cost": 0.1})
    text = template(asking, form)
    read = {"toml": tomllib.loads, "json": json.loads}[form](text)
    assert read == blank_answer(asking)
    marks = check(asking, read)
    assert (marks.score, marks.answered, marks.mistakes, marks.faults) == (0, 0, (), {})
    assert marks.missing == asking.marking.asked


def test_the_text_filled_in_is_all_right():
    asking = problem(marking={"asked": ["iteration.1"]})
    filled = tomllib.loads(template(asking))
    filled["iteration"] = worked_answer(asking)["iteration"]
    assert check(asking, filled).right


def test_comments_say_what_rows_and_columns_are_and_what_parts_are_worth():
    marking = {"asked": ["iteration.1.cost", "iteration.1.delta", "iteration.1.biases"], "weights": {"delta": 2.5}}
    text = template(problem(marking=marking))
    count = len(problem().X)
    assert f"# delta: a row a pattern (1 to {count}), a column a neuron (A, B, C), worth 2.5 of 4.5\ndelta = [" in text
    assert "# cost J: worth 1 of 4.5\ncost = " in text
    assert "# b: one a neuron (A, B, C), worth 1 of 4.5\nbiases = " in text
    assert "worth" not in template(problem())


def test_comments_name_the_patterns_of_a_batch_in_its_order():
    asking = problem(batch_size=3)
    places = [str(p + 1) for p in dr.iterate(asking).batch]
    assert f"# U: a row a pattern ({', '.join(places)}), " in template(asking)


def test_hints_are_counted_where_they_cost_something():
    assert tomllib.loads(template(problem(marking={"hint_cost": 0.25})))["hints"] == 0
    assert "costs 25% of all marks" in template(problem(marking={"hint_cost": 0.25}))
    assert "hints" not in tomllib.loads(template(problem()))


@pytest.mark.parametrize("name", NAMES)
def test_names_from_files_do_not_leave_their_comment(name):
    data = {"inputs": [[1, 2], [3, 4], [5, 7]], "targets": [f"A{name}", "B", "B"]}
    layer = {"kind": "softmax", "init": {"seed": 1}}
    asking = dr.problem_from(
        {"title": name, "layer": layer, "data": data, "descent": {"learning_rate": 0.1, "epochs": 2}}
    )
    assert tomllib.loads(template(asking)) == blank_answer(asking)


@pytest.mark.parametrize(("patterns", "figures"), [(16_665, 50_000), (16_666, 50_003)])
def test_a_problem_asks_for_at_most_50_000_figures(patterns, figures):
    """Of one neuron with one input U, Y and delta of each pattern, and J, dJ/dW, dJ/db, W and b."""
    data = {"inputs": [[float(p)] for p in range(patterns)], "targets": [0.0] * patterns}
    asking = dr.problem_from(
        {"layer": {"kind": "linear", "weights": [[1.0]]}, "data": data, "descent": {"learning_rate": 0.1, "epochs": 2}}
    )
    if figures == 50_000:
        assert len(leaves(blank_answer(asking)["iteration"])) == figures
    else:
        with pytest.raises(InputError, match=r"at most 50,000 figures\. Got 50,003\. Ask for fewer parts"):
            blank_answer(asking)


@pytest.mark.parametrize(("classes", "listed"), [(12, "I, J, K, L)"), (13, "I, J, ..., M)")])
def test_up_to_12_names_are_listed_and_of_more_the_first_ten_and_the_last(classes, listed):
    labels = list("ABCDEFGHIJKLM"[:classes])
    layer = {"kind": "softmax", "weights": [[0.1] * classes], "biases": [0.0] * classes}
    data = {"inputs": [[float(p)] for p in range(classes)], "targets": labels}
    asking = dr.problem_from({"layer": layer, "data": data, "descent": {"learning_rate": 0.1, "epochs": 2}})
    assert f"a column a neuron (A, B, C, D, E, F, G, H, {listed}" in template(asking)


def test_a_form_that_is_not_known_is_refused():
    with pytest.raises(InputError, match=r"form of the template must be one of toml, json, markdown"):
        template(problem(), "docx")


@pytest.mark.parametrize("weights", ["inputs x neurons", "neurons x inputs"])
@pytest.mark.parametrize("biases", ["vector", "first column", "last column"])
def test_it_is_written_in_the_conventions_of_the_problem(weights, biases):
    conventions = Conventions(weights=weights, biases=biases)
    asked = ["iteration.1", "convergence.inputs", "convergence.biases"]
    asking = problem(marking={"asked": asked}).with_conventions(conventions)
    written = conventions.written(
        {
            name: getattr(dr.iterate(asking), name)
            for name in ("weight_gradient", "bias_gradient", "weights", "biases", "inputs")
        }
    )
    blank = blank_answer(asking)
    for part in ("weight_gradient", "bias_gradient", "weights", "biases"):
        assert (part in blank["iteration"]["1"]) == (part in written)
        if part in written:
            assert np.shape(blank["iteration"]["1"][part]) == np.shape(written[part])
    assert np.shape(blank["convergence"]["inputs"]) == np.shape(written["inputs"])
    assert sorted(blank["convergence"]) == (["biases", "inputs"] if biases == "vector" else ["inputs", "weights"])
    text = template(asking)
    assert ("a row a neuron (A, B, C), a column an input (" in text) == (weights == "neurons x inputs")
    assert ("(x0, x1, x2, x3)" in text) == (biases == "first column")
    assert ("(x1, x2, x3, x0)" in text) == (biases == "last column")
    assert ("W: a row an input (x0, x1, x2, x3), a column a neuron (A, B, C), worth 2 of 12" in text) == (
        (weights, biases) == ("inputs x neurons", "first column")
    )
