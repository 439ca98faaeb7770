"""An answer shows what was read of it, and what was not."""

from __future__ import annotations

import pytest

from by_hand import LINE, SOFTMAX
from deltarule.marking import answer_from
from deltarule.marking.report.answer import summary_text


def lines(answer):
    return [line.rstrip() for line in str(answer).splitlines()]


def test_an_answer_shows_its_parts_and_how_many_figures_each_has():
    answer = answer_from({"decimals": 3, "iteration": {"1": {"cost": 20.75, "delta": [-1.5, "", -5.5]}}}, LINE)
    first, _, *table = lines(answer)
    assert first == "An answer of 2 parts, with 3 decimals."
    assert [line.rpartition("  ")[0].strip() for line in table][-2:] == ["iteration 1: cost J", "iteration 1: delta"]
    assert [line.rpartition("  ")[2] for line in table][-2:] == ["1", "2 of 3"]
    assert not any("Not read" in line for line in table)
    assert "<td>2 of 3</td>" in answer._repr_html_()
    assert "Not read" not in answer._repr_html_()


def test_an_answer_shows_why_parts_could_not_be_read():
    answer = answer_from({"iteration": {"1": {"cost": "much", "delta": [1.5]}}}, LINE)
    assert answer.parts == {}
    first, *rest = lines(answer)
    assert first == "An answer of 0 parts, with 2 decimals; 2 parts could not be read."
    assert rest[:2] == ["", "Not read"]
    assert rest[2].startswith("  iteration 1: cost J: ")
    assert not any("figures given" in line for line in rest)
    assert "<li>iteration 1: cost J: " in answer._repr_html_()
    assert "<table>" not in answer._repr_html_()


@pytest.mark.parametrize("width", [40, 80])
def test_lines_have_no_more_than_the_width(width):
    answer = answer_from({"iteration": {"1": {"cost": "much", "errors": "many", "biases": [0, 0, 0]}}}, SOFTMAX)
    longest = max(map(len, summary_text(answer, width).splitlines()))
    assert 0.8 * width < longest <= width


def test_what_is_wrong_with_a_whole_part_stands_beside_it():
    parts = {"weights": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]}
    answer = answer_from({"iteration": {"1": parts}}, SOFTMAX)
    assert lines(answer)[-1].endswith("6 (rows and columns are exchanged)")
