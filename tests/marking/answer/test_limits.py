"""How long, large and many what is read of an answer may be: each limit from both sides."""

from __future__ import annotations

import json

import pytest

from by_hand import LINE, drawn
from deltarule.errors import AnswerError, InputError
from deltarule.marking import answer_from, read_answer
from deltarule.marking.answer.csv_file import csv_document
from deltarule.marking.answer.figures import classes_of, short
from deltarule.marking.answer.line_pieces import pieces_of_line, side_by_side
from deltarule.marking.answer.notebook import notebook_document
from deltarule.marking.answer.part_keys import keys_of
from deltarule.marking.answer.part_words import is_given, part_named
from deltarule.marking.answer.repairing import cut_toml
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.text_blocks import Blocks
from deltarule.marking.answer.twice import Twice, merged

COST = {"iteration": {"1": {"cost": 1.5}}}


def read(path, text, problem=LINE):
    path.write_text(text)
    return read_answer(path, problem)


@pytest.mark.parametrize(("hints", "taken"), [(1000, 1000), (1001, 0)])
def test_nobody_asks_for_more_than_a_thousand_hints(hints, taken):
    answer = answer_from(COST | {"hints": hints}, LINE)
    assert answer.hints == taken
    assert ("hints" in answer.faults) == (taken == 0)


@pytest.mark.parametrize(("parts", "refused"), [(10_000, False), (10_001, True)])
def test_ten_thousand_parts_that_cannot_be_read_are_named(parts, refused):
    document = {str(n): 1 for n in range(parts)}
    if refused:
        with pytest.raises(AnswerError, match="More than 10,000 parts cannot be read"):
            answer_from(document, LINE)
    else:
        assert len(answer_from(document, LINE).faults) == parts


@pytest.mark.parametrize(("letters", "shown"), [(88, "z" * 88), (89, "z" * 88 + "...")])
def test_a_name_is_shown_with_up_to_a_hundred_letters(letters, shown):
    """The 12 letters of "iteration.1." are among them."""
    assert next(iter(answer_from({"iteration": {"1": {"cost": 1.5, "z" * letters: 1}}}, LINE).faults)).endswith(shown)


@pytest.mark.parametrize(
    ("figure", "is_read"), [(10**308, True), (-(10**308), True), (2**1024 - 1, False), (2**1024, False)]
)
def test_whole_numbers_are_read_up_to_the_largest_that_float64_holds(figure, is_read):
    """10^308 has 1024 bits; so has 2^1024 - 1, which is rounded to infinity."""
    answer = answer_from({"iteration": {"1": {"cost": figure, "biases": [1.0]}}}, LINE)
    assert ("iteration.1.cost" in answer.faults) != is_read
    assert "iteration.1.biases" in answer.parts


@pytest.mark.parametrize("digits", [308, 309, 310, 4300, 4301, 20_000])
def test_a_whole_number_of_too_many_digits_in_json_costs_its_own_part_only(tmp_path, digits):
    text = json.dumps({"iteration": {"1": {"cost": "?", "biases": [1.0]}}}).replace('"?"', "1" * digits)
    answer = read(tmp_path / "a.json", text)
    assert ("iteration.1.cost" in answer.faults) == (digits > 308 + 1)
    assert "iteration.1.biases" in answer.parts


@pytest.mark.parametrize(("lines", "refused"), [(50_000, False), (50_001, True)])
def test_a_text_has_at_most_50_000_lines(lines, refused):
    text = "## Iteration 1\n\ncost = 1.5\n" + "\n" * (lines - 3)
    blocks = Blocks()
    if refused:
        with pytest.raises(InputError, match="at most 50,000 lines"):
            blocks.read(text)
    else:
        blocks.read(text)
        assert blocks.end()["iteration"]["1"] == {"cost": "1.5"}


@pytest.mark.parametrize(("classes", "told"), [(20, "Did you mean"), (21, "Write two classes with a hyphen")])
def test_of_up_to_20_classes_the_nearest_pair_is_named(classes, told):
    labels = [f"class{n:02}" for n in range(classes)]
    problem = drawn("softmax", [[0.1] * classes], [0.0] * classes, [[n] for n in range(classes)], labels)
    answer = answer_from({"boundaries": {"class01-clas02": [1.0, 2.0]}}, problem)
    assert told in answer.faults["boundaries.class01-clas02"]


@pytest.mark.parametrize(("letters", "is_file"), [(255, True), (256, False)])
def test_a_text_is_the_name_of_a_file_up_to_what_file_systems_allow(tmp_path, letters, is_file):
    name = "a" * (letters - 4) + ".csv"
    answer = answer_from(COST | {"iteration": {"1": {"cost": 1.5, "delta": name}}}, LINE, folder=tmp_path)
    assert ("file" in answer.faults["iteration.1.delta"]) == is_file


@pytest.mark.parametrize(("letters", "is_read"), [(100_000, True), (100_001, False)])
def test_a_cell_of_a_notebook_is_read_up_to_100_000_letters(letters, is_read):
    code = "cost = 1.5\n"
    cells = [
        {"cell_type": "markdown", "source": "## Iteration 1"},
        {"cell_type": "code", "source": code + "#" * (letters - len(code)), "outputs": []},
    ]
    found = notebook_document({"cells": cells, "nbformat": 4})
    assert ("cost" in found.get("iteration", {}).get("1", {})) == is_read


@pytest.mark.parametrize(("letters", "is_heading"), [(200, True), (201, False)])
def test_a_heading_has_up_to_200_letters(letters, is_heading):
    heading = "## Iteration 1 "
    text = f"{heading}{'-' * (letters - len(heading) + 3)}\n\ncost = 1.5\n"
    blocks = Blocks()
    blocks.read(text)
    assert ("iteration" in blocks.end()) == is_heading


@pytest.mark.parametrize(("words", "is_heading"), [(10, True), (11, False)])
def test_a_heading_has_up_to_ten_words(words, is_heading):
    blocks = Blocks()
    blocks.read(f"## Iteration 1 {' '.join(['(all)'] * (words - 2))}\n\ncost = 1.5\n")
    assert ("iteration" in blocks.end()) == is_heading


@pytest.mark.parametrize(("keys", "refused"), [(10_000, False), (10_001, True)])
def test_what_is_not_valid_toml_has_at_most_10_000_keys(keys, refused):
    text = "\n".join(f"k{n} = 1" for n in range(keys))
    if refused:
        with pytest.raises(InputError, match="at most 10,000 keys"):
            cut_toml(text, float)
    else:
        assert len(cut_toml(text, float)) == keys


@pytest.mark.parametrize(("lines", "is_table"), [(500, True), (501, False)])
def test_a_table_in_braces_is_one_value_up_to_500_lines(lines, is_table):
    """The first line opens it, the last one closes it. Longer ones are read line by line, as are those that nothing closes."""
    text = "\n".join(["table = {", *(f"k{n} = 1," for n in range(lines - 2)), "}"])
    found = cut_toml(text, float)
    assert ("k7" in found["table"]) == is_table
    assert ("k7" in found) != is_table


@pytest.mark.parametrize(("letters", "is_read"), [(10_000, True), (10_001, False)])
def test_a_line_begins_a_part_up_to_10_000_letters(letters, is_read):
    blocks = Blocks()
    blocks.read("## Iteration 1\n\n" + "cost = 1.5".replace(" 1", " " * (letters - 9) + "1"))
    assert ("iteration" in blocks.end()) == is_read


@pytest.mark.parametrize(("letters", "pieces"), [(10_000, 2), (10_001, 1)])
def test_a_line_is_cut_into_parts_up_to_10_000_letters(letters, pieces):
    assert len(pieces_of_line("errors = 3," + " " * (letters - 22) + "cost = 12.5")) == pieces


@pytest.mark.parametrize(("letters", "parts"), [(10_000, 2), (10_001, 0)])
def test_parts_stand_side_by_side_in_a_line_of_up_to_10_000_letters(letters, parts):
    """U = and Y =, with blanks between."""
    assert len(side_by_side("U =" + " " * (letters - 6) + "Y =", ("iteration", "1"))) == parts


@pytest.mark.parametrize(("letters", "is_name"), [(120, True), (121, False)])
def test_a_name_has_up_to_120_letters(letters, is_name):
    assert part_named("U".rjust(letters, "_")) == ("synaptic_inputs" if is_name else None)
    assert is_given("X".rjust(letters, "_")) == is_name
    assert table_named("iteration" + "7".rjust(letters - 9, ".")) == (("iteration", "7") if is_name else ())


def test_a_name_leads_through_five_tables_to_a_figure():
    assert keys_of("iteration.1.rows.delta.2", ()) == ("iteration", "1", "rows", "delta", "2")
    assert keys_of("iteration.1.rows.delta.2.3", ()) is None


@pytest.mark.parametrize(("tables", "is_merged"), [(5, True), (6, False)])
def test_what_stands_twice_is_looked_for_in_up_to_five_tables_in_each_other(tables, is_merged):
    one, other = {"a": 1}, {"b": 2}
    for _ in range(tables - 1):
        one, other = {"t": one}, {"t": other}
    found = merged(one, other)
    for _ in range(tables - 1):
        found = found["t"]
    assert (found == {"a": 1, "b": 2}) == is_merged
    assert isinstance(found, Twice) != is_merged


@pytest.mark.parametrize("sign", ["=", ":"])
@pytest.mark.parametrize(("signs", "refused"), [(50_000, False), (50_001, True)])
def test_a_text_has_at_most_50_000_equals_signs_and_colons(sign, signs, refused):
    blocks = Blocks()
    text = f"## Iteration 1\n\ncost = 1.5\n{sign * (signs - 1)}\n"
    if refused:
        with pytest.raises(InputError, match="at most 50,000 equals signs and colons"):
            blocks.read(text)
    else:
        blocks.read(text)
        assert blocks.end()["iteration"]["1"] == {"cost": "1.5"}


def test_of_many_values_of_a_part_the_first_20_and_the_last_are_kept():
    blocks = Blocks()
    blocks.read("## Iteration 1\n\n" + "".join(f"cost = {n}\n" for n in range(30)))
    assert [int(each) for each in blocks.end()["iteration"]["1"]["cost"].values] == [*range(20), 29]


@pytest.mark.parametrize(("names", "refused"), [(10_000, False), (10_001, True)])
def test_a_csv_file_has_at_most_10_000_names_of_parts(names, refused):
    text = "cost;1\n" * names
    if refused:
        with pytest.raises(InputError, match="at most 10,000 names of parts"):
            csv_document(text)
    else:
        assert isinstance(csv_document(text)["cost"], Twice)


@pytest.mark.parametrize(("lines", "is_document"), [(50_000, True), (50_001, False)])
def test_a_csv_file_of_more_than_50_000_lines_is_one_part(lines, is_document):
    assert bool(csv_document("cost;1\n" + "\n" * (lines - 1))) == is_document


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_file_with_a_part_has_4096_bytes_and_64_for_each_figure(tmp_path, more, is_read):
    """The biases are one figure."""
    (tmp_path / "b.csv").write_bytes(b"1.5".ljust(4096 + 64 + more))
    answer = answer_from({"iteration": {"1": {"biases": "b.csv"}}}, LINE, folder=tmp_path)
    assert ("iteration.1.biases" in answer.parts) == is_read


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_an_answer_has_at_most_4_mebibytes(tmp_path, more, is_read):
    (tmp_path / "a.toml").write_bytes(b"[iteration.1]\ncost = 1.5\n".ljust(4 * 2**20 + more, b"#"))
    if is_read:
        assert "iteration.1.cost" in read_answer(tmp_path / "a.toml", LINE).parts
    else:
        with pytest.raises(AnswerError, match="at most 4,194,304 bytes"):
            read_answer(tmp_path / "a.toml", LINE)


@pytest.mark.parametrize(("letters", "shown"), [(40, "9" * 40), (41, "9" * 37 + "...")])
def test_a_figure_is_shown_with_up_to_40_letters(letters, shown):
    assert short("9" * letters) == shown


@pytest.mark.parametrize(("digits", "is_class"), [(18, True), (19, False)])
def test_the_number_of_a_class_has_up_to_18_digits(digits, is_class):
    """It may begin with zeros. Python converts no number of more than 4300 digits."""
    number = "1".zfill(digits)
    if is_class:
        assert classes_of([number, 2], 2, ["A", "B"])[0].tolist() == [0.0, 1.0]
    else:
        with pytest.raises(InputError, match="must be among A, B, or 1 to 2"):
            classes_of([number, 2], 2, ["A", "B"])
