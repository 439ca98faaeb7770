"""Answers that nobody means to write: what can be read of them is read, and the rest is a fault of its own part."""

from __future__ import annotations

import contextlib
import cProfile
import json
import os
import tracemalloc
from decimal import Decimal

import numpy as np
import pytest

from by_hand import LINE
from deltarule.errors import AnswerError
from deltarule.files import read_regular
from deltarule.marking import answer_from, check, read_answer
from deltarule.marking.answer import values
from deltarule.problem import problem_from

SOFTMAX = problem_from(
    {
        "title": "Four patterns",
        "layer": {"kind": "softmax", "weights": [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]]},
        "data": {"inputs": [[4, 3], [-1, 3], [0, 1], [0, -3]], "targets": ["C", "B", "A", "A"]},
        "descent": {"learning_rate": 0.05, "epochs": 5},
    }
)
ROW = [0.1, 0.2, 0.7]


@pytest.fixture
def read(tmp_path):
    def of(text, name="a.toml"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_answer(tmp_path / name, SOFTMAX)

    return of


def faults(document):
    return answer_from(document, SOFTMAX).faults


# ---- Figures.

TOO_LARGE = ("1e309", "-1e999999999", "1e99999999999999999999", "9" * 400, "9" * 5000, "-" + "1" * 5000, "inf", "nan")


@pytest.mark.parametrize("figure", [*TOO_LARGE, "0x" + "f" * 5000], ids=lambda text: text[:24])
def test_a_figure_in_toml_that_float64_does_not_hold_costs_its_own_part_alone(read, figure):
    answer = read(
        f"[iteration.1]\ncost = {figure}\nbiases = [0.5, 1, {figure}]\nerrors = 2\npredicted = [{figure}, 1, 1, 1]"
    )
    assert list(answer.parts) == ["iteration.1.errors"]
    assert set(answer.faults) == {"iteration.1.cost", "iteration.1.biases", "iteration.1.predicted"}
    assert all(len(why) < 300 for why in answer.faults.values())


@pytest.mark.parametrize("figure", [*TOO_LARGE[:-2], "NaN", "Infinity", "-Infinity"], ids=lambda text: text[:24])
def test_a_figure_in_json_that_float64_does_not_hold_costs_its_own_part_alone(read, figure):
    parts = f'"cost": {figure}, "biases": [0.5, 1, {figure}], "errors": 2'
    answer = read(f'{{"iteration": {{"1": {{{parts}}}}}}}', "a.json")
    assert list(answer.parts) == ["iteration.1.errors"]
    assert set(answer.faults) == {"iteration.1.cost", "iteration.1.biases"}


@pytest.mark.parametrize("figure", [*TOO_LARGE, "sNaN", "-sNaN123"], ids=lambda text: text[:24])
def test_a_figure_in_csv_that_float64_does_not_hold_is_named(read, figure):
    for part, text in (("biases", f"0.5,1,{figure}"), ("predicted", f"A,B,C,{figure}"), ("cost", figure)):
        answer = read(text, f"iteration.1.{part}.csv")
        assert list(answer.faults) == [f"iteration.1.{part}"]


@pytest.mark.parametrize("figure", ["1e308", "-1.7976931348623157e308", "1e-320", "1e-999999999", "0.50"])
def test_a_figure_that_float64_holds_is_read_however_large_or_small(read, figure):
    values = [
        read(f"[iteration.1]\ncost = {figure}"),
        read(f'{{"iteration": {{"1": {{"cost": {figure}}}}}}}', "a.json"),
        read(figure, "iteration.1.cost.csv"),
    ]
    assert {float(answer.parts["iteration.1.cost"].values) for answer in values} == {float(figure)}


@pytest.mark.parametrize(
    "value", [10**5000, Decimal("sNaN"), np.array(3.5), [[[10**400]]], {"a": 10**5000}], ids=range(5)
)
def test_values_of_python_that_are_no_figure_or_no_part_are_faults_or_figures(value):
    document = {"iteration": {"1": {"cost": value, "predicted": [value] * 4, "biases": value, "errors": 1}}}
    answer = answer_from(document, SOFTMAX)
    assert {"iteration.1.predicted", "iteration.1.biases"} <= set(answer.faults)


@pytest.mark.parametrize("large", [1e308, -1e308, 1e154, 1e-308])
@pytest.mark.parametrize("part", ["weights", "outputs", "inputs", "biases"])
def test_a_trained_layer_of_the_largest_figures_is_marked(part, large):
    right = {"weights": [[1.0, 0, 0]] * 2, "outputs": [ROW] * 4, "inputs": [[1, 2]] * 4, "biases": [0, 0, 1.0]}
    matrix = np.array(right[part], float)
    matrix.flat[:2] = large
    marks = check(SOFTMAX, {"convergence": right | {part: matrix}, "metrics": {"training_cost": large}})
    assert marks[f"convergence.{part}"].verdict == "wrong"
    assert not marks.faults


@pytest.mark.parametrize("large", [1e308, 1e300, 1e154])
def test_scores_that_follow_from_weights_of_the_largest_figures_are_marked(large):
    document = {"convergence": {"weights": [[large]]}, "metrics": {"training_mse": [large], "training_r2": [-large]}}
    marks = check(LINE, document)
    assert [part.verdict for part in marks] == ["wrong"] * 3


@pytest.mark.parametrize("large", [1e154, 1e200, 1e300])
def test_a_step_of_the_largest_figures_is_marked(large):
    """Its learning rate, read off, is so large that its square is not a number that float64 holds."""
    marks = check(SOFTMAX, {"iteration": {"1": {"weights": [[0, 0, 0], [large, 0, 0]]}}})
    assert marks["iteration.1.weights"].verdict == "wrong"


# ---- Keys.


def test_two_spellings_of_an_iteration_are_one_and_what_stands_in_both_is_named(read):
    answer = read("[iteration.1]\nerrors = 3\ncost = 9.1\n[iteration.01]\nerrors = 4\nbiases = [0, 1, 2]")
    assert sorted(answer.parts) == ["iteration.1.biases", "iteration.1.cost"]
    assert answer.faults == {"iteration.1.errors": "This stands twice, as iteration 1 and iteration 01. Keep one."}


@pytest.mark.parametrize("other", ["00", "000"])
def test_iteration_zero_has_spellings_too(read, other):
    gradient = "bias_gradient = [1, 2, 3]\n"
    text = f"[iteration.0]\nerrors = 3\n{gradient}[iteration.{other}]\nerrors = 3\n[iteration.1]\nerrors = 2"
    answer = read(text)
    assert answer.counted_from_zero
    assert list(answer.parts) == ["iteration.1.bias_gradient", "iteration.2.errors"]
    assert list(answer.faults) == ["iteration.1.errors"]


@pytest.mark.parametrize("other", [3, 4])
def test_a_key_that_stands_twice_in_json_is_named_even_where_both_agree(read, other):
    answer = read(f'{{"iteration": {{"1": {{"errors": 3, "cost": 9.1, "errors": {other}}}}}}}', "a.json")
    assert list(answer.parts) == ["iteration.1.cost"]
    assert answer.faults == {"iteration.1.errors": "This stands twice. Keep one."}


def test_tables_that_stand_twice_in_json_are_one_and_lose_nothing(read):
    text = (
        '{"iteration": {"1": {"errors": 3}}, "iteration": {"1": {"cost": 9.1}, "2": {"errors": 1}, "2": 5},'
        ' "convergence": [], "convergence": {}, "title": "a", "title": "b"}'
    )
    answer = read(text, "a.json")
    assert sorted(answer.parts) == ["iteration.1.cost", "iteration.1.errors"]
    assert answer.faults == dict.fromkeys(["iteration.2", "convergence"], "This stands twice. Keep one.")


def test_rows_that_stand_twice_are_named_and_the_others_are_read(read):
    answer = read(f"[iteration.1.rows.outputs]\n1 = {ROW}\n01 = {ROW}\n2 = {ROW}")
    assert answer.faults == {"iteration.1.outputs.1": "This stands twice, as row 1 and row 01. Keep one."}
    assert answer.parts["iteration.1.outputs"].known.any(axis=1).tolist() == [False, True, False, False]


@pytest.mark.parametrize("first", ["outputs", "rows"])
def test_a_part_as_a_whole_and_by_rows_is_named_in_either_order(first):
    both = {"outputs": [ROW] * 4, "rows": {"outputs": {"1": ROW}, "delta": {"1": ROW}}}
    table = dict(sorted(both.items(), reverse=first == "rows"))
    for document in (
        {"iteration": {"1": table}},
        {"convergence": {"outputs": [ROW] * 4, "rows": {"outputs": {"1": ROW}}}},
    ):
        name = f"{'iteration.1' if 'iteration' in document else 'convergence'}.outputs"
        answer = answer_from(document, SOFTMAX)
        assert answer.faults == {name: "This stands twice, as a whole and by rows. Keep one."}
        assert name not in answer.parts


def test_a_boundary_and_its_turned_one_are_named_once():
    answer = answer_from({"boundaries": {"A-B": [1, 2, 3], "B-A": [-1, -2, -3], "C-A": [1, 2, 3]}}, SOFTMAX)
    assert answer.faults == {"boundaries.A-B": "This stands twice, as A-B and B-A. Keep one."}
    assert list(answer.parts) == ["boundaries.C-A"]


def two_patterns_of(classes):
    return problem_from(
        {
            "title": "Two patterns",
            "layer": {"kind": "softmax", "init": {"seed": 1}, "classes": classes},
            "data": {"inputs": [[0, 4], [-1, 3]], "targets": classes[:2]},
            "descent": {"learning_rate": 0.05, "epochs": 2},
        }
    )


@pytest.mark.slow
def test_of_thousands_of_classes_no_pairs_and_no_orders_are_made_but_those_that_are_asked_for():
    problem = two_patterns_of([f"c{number}" for number in range(1500)])
    given = {"boundaries": {"c0-c9": [1, 2, 3], "c1-x": [1, 2, 3], "-" * 100_000: 1}, "iteration": {"1": {"cost": 3}}}
    tracemalloc.start()
    marks = check(problem, given)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60e6  # all pairs take 400 MB, the usual ways of rounding all at once 90 MB
    assert [part.part for part in marks.parts] == ["iteration.1.cost", "boundaries.c0-c9"]
    assert marks.faults["boundaries.c1-x"] == (
        "There is no such pair of classes. Write two classes with a hyphen, as in c0-c1."
    )


def test_a_boundary_that_may_be_of_several_pairs_is_named():
    problem = two_patterns_of(["A", "B", "A-B", "B-A"])
    answer = answer_from({"boundaries": {"A-B-A": [1, 2, 3], "B-A-B": [1, 2, 3], "B-A": [1, 2, 3]}}, problem)
    why = "This may be several pairs of classes. Leave it out."
    assert answer.faults == {"boundaries.A-B-A": why, "boundaries.B-A-B": why}
    assert list(answer.parts) == ["boundaries.B-A"]


def test_boundaries_beside_weights_whose_differences_overflow_are_marked():
    marks = check(
        SOFTMAX,
        {
            "convergence": {"weights": [[1.7e308, -1.7e308, 1], [1, 2, 3]], "biases": [1, 2, 3]},
            "boundaries": {"A-B": [1.0, 2.0, 30.0]},
        },
    )
    assert [part.verdict for part in marks.parts] == ["wrong"] * 3


@pytest.mark.parametrize("key", ["9" * 5000, "1" * 19, "-1", "", "x" * 100_000, "1.5", "\x1b[31m", "½", "²"])
def test_a_row_or_an_iteration_by_a_key_that_is_no_number_is_a_fault_of_its_own(key):
    by_row = answer_from({"iteration": {"1": {"errors": 2, "rows": {"outputs": {key: ROW, "2": ROW}}}}}, SOFTMAX)
    by_iteration = answer_from({"iteration": {key: {"errors": 2}, "1": {"errors": 2}}}, SOFTMAX)
    for answer in (by_row, by_iteration):
        assert "iteration.1.errors" in answer.parts
        assert len(answer.faults) == 1
        assert all(len(name) < 300 and name.isprintable() and len(why) < 300 for name, why in answer.faults.items())


def test_long_names_that_are_alike_when_they_are_cut_are_faults_each():
    names = ["x" * 1000 + str(number) for number in range(5)]
    assert len(faults({"iteration": {"1": dict.fromkeys(names, 1)}})) == 5
    assert len(faults({**dict.fromkeys(names, 1), "boundaries": dict.fromkeys(names, 1)})) == 10


def test_more_than_ten_thousand_parts_that_cannot_be_read_are_no_answer():
    with pytest.raises(AnswerError, match=r"answer: More than 10,000 parts cannot be read"):
        answer_from({"iteration": {"1": dict.fromkeys(range(10_001), 1)}}, SOFTMAX)


def test_a_document_nested_two_thousand_deep_is_refused_by_name():
    value: object = 1
    for _ in range(2000):
        value = {"a": [value]}
    with pytest.raises(AnswerError, match="answer: The document must nest tables and lists at most 50 deep"):
        answer_from({"iteration": {"1": {"cost": value}}}, SOFTMAX)


# ---- Files.


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("../outside.csv", "must lie in"),
        ("sub/../../outside.csv", "must lie in"),
        ("ABSOLUTE", "must lie in"),
        ("link.csv", "must lie in"),
        ("pipe.csv", "must be a file"),
        ("sub.csv", "must be a file"),
        ("none.csv", "must be a file that exists"),
        ("words.csv", "must hold figures only. Got something else in row 2."),
        ("heading.csv", "must have 4 rows"),
        ("latin.csv", "must be CSV, as text in UTF-8"),
        ("a\\u0000.csv", "must have a path that the system can use"),
    ],
)
def test_a_matrix_is_read_from_a_regular_file_beside_the_answer_only(read, tmp_path, named, why):
    folder = tmp_path
    outside = tmp_path.parent / "outside.csv"
    outside.write_text("7777,7777\n")
    (folder / "link.csv").symlink_to(outside)
    os.mkfifo(folder / "pipe.csv")
    (folder / "sub").mkdir()
    (folder / "sub.csv").mkdir()
    (folder / "words.csv").write_text("0.1,0.2,0.7\nroot:x:0,secret,7777\n")
    (folder / "heading.csv").write_text("secret,words,7x\n1,2,3\n")
    (folder / "latin.csv").write_bytes(b"\x00\xe9")
    named = str(outside) if named == "ABSOLUTE" else named
    answer = read(f'[iteration.1]\ndelta = "{named}"\nerrors = 2')
    assert list(answer.parts) == ["iteration.1.errors"]
    assert why in answer.faults["iteration.1.delta"]
    assert not any(word in answer.faults["iteration.1.delta"] for word in ("7777", "secret", "root:x"))


def test_an_answer_that_is_no_regular_file_or_too_large_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_bytes(b"#" * (4 * 2**20 + 1))
    (tmp_path / "c.toml").mkdir()
    for name, why in (
        ("a.toml", "a device, pipe or socket"),
        ("b.toml", "at most 4,194,304 bytes"),
        ("c.toml", "a directory"),
    ):
        with pytest.raises(AnswerError, match=why):
            read_answer(tmp_path / name, SOFTMAX)


def test_a_csv_file_that_is_named_has_no_more_bytes_than_its_figures_may_have(read, tmp_path):
    (tmp_path / "d.csv").write_text("\n".join(["0.123456789012345678901234567890,1,2" + " " * 100] * 4))
    (tmp_path / "large.csv").write_text("1,2,3\n" * 2000)
    answer = read('[iteration.1]\ndelta = "d.csv"\nweights = "large.csv"')
    assert list(answer.parts) == ["iteration.1.delta"]
    assert answer.faults == {
        "iteration.1.weights": "The file must hold at most 4,480 bytes. Got more in 'large.csv'. "
        "Write the 6 figures of this part."
    }


def test_a_csv_file_that_many_parts_name_is_read_once(read, tmp_path, monkeypatch):
    (tmp_path / "d.csv").write_text("0.1,0.2,0.7\n" * 4)
    (tmp_path / "w.csv").write_text("x,2\n")
    reads = []
    monkeypatch.setattr(values, "read_regular", lambda name, *a, **k: reads.append(name) or read_regular(name, *a, **k))
    text = "".join(
        f'[iteration.{number}]\ndelta = "d.csv"\noutputs = "d.csv"\nweights = "w.csv"\n' for number in range(1, 6)
    )
    answer = read(text)
    assert sorted(reads) == ["d.csv", "w.csv"]
    assert (len(answer.parts), len(answer.faults)) == (10, 5)


def test_keys_and_texts_of_json_that_are_no_letters_are_told_as_escapes(read):
    text = json.dumps({"\ud800\x1b[2J": 1, "iteration": {"1": {"cost": "\ud800\x07"}}})
    assert all((name + why).isprintable() for name, why in read(text, "a.json").faults.items())


# ---- Texts that could take long.


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["toml", "json", "txt", "csv", "ipynb"])
@pytest.mark.parametrize(
    "piece",
    ["[", "{a = ", "'\"", "\\begin{bmatrix}", "U = [[1 2]\n", "a.b", " , ", "np.float64(", "J = %d\n", "& ", "|-",
     "p1: 0.5, ", "<td>", "1·10", ">>> round(", "| J | b |\n|---|---|\n", "A  B\n1 2\n", "[1] "],
)  # fmt: skip
def test_no_piece_that_is_repeated_makes_reading_take_long(read, piece, ending):
    """Ten times the text takes at most some ten times the steps: a step is a call that the profiler counts."""
    steps = []
    for count in (2_000, 20_000):
        pieces = "".join(piece % n if "%d" in piece else piece for n in range(count // len(piece)))
        text = (
            json.dumps({"cells": [{"cell_type": "markdown", "source": pieces}]})
            if ending == "ipynb"
            else f"U = {pieces}"
        )
        text = '{"U": ' + pieces if ending == "json" else text
        profile = cProfile.Profile()
        profile.enable()
        with contextlib.suppress(AnswerError):
            read(text, f"a.{ending}")
        profile.disable()
        steps.append(sum(entry.callcount for entry in profile.getstats()))
    assert steps[1] < 30 * steps[0] + 100_000


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.txt", "J = 1, " * 60_000, "at most 50,000 equals signs and colons"),
        ("a.csv", "U;1;b;2;" * 6_000, "at most 10,000 names of parts"),
    ],
)
def test_more_names_than_anybody_writes_are_refused(tmp_path, name, text, why):
    (tmp_path / name).write_text(text)
    with pytest.raises(AnswerError, match=why):
        read_answer(tmp_path / name, SOFTMAX)
