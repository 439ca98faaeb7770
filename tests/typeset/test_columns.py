"""Blocks of columns side by side, below each other, folded and cut."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from deltarule.typeset.columns import Block, Line, banded, cut, joined, wrapped
from deltarule.typeset.figures import figure
from deltarule.typeset.words import unbroken


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1, max_size=6), st.integers(1, 6))
def test_columns_align_on_the_decimal_point(rows, decimals):
    lines = Block("", ["", "", ""], [[figure(x, decimals) for x in row] for row in rows]).lines()[2:]
    points = {tuple(match.start() for match in re.finditer(r"\.", line)) for line in lines}
    assert len(points) == 1
    assert [[Decimal(x) for x in line.split()] for line in lines] == [
        [Decimal(figure(x, decimals)) for x in row] for row in rows
    ]


def test_letters_that_take_two_cells_stand_in_line():
    names = Block("", ["name"], [["李雷"], ["Ada"]], words=True)
    told = joined(banded(names, [Block("", ["marks"], [["7"], ["12"]])], 40)).splitlines()
    assert told == ["name    marks", "李雷        7", "Ada        12"]


def test_blocks_go_side_by_side_below_or_fold():
    index = Block("", ["p"], [["1"], ["2"]])
    narrow = Block("A", ["a"], [["1.5"], ["-10.5"]])
    wide = Block("B", list("abcdefgh"), [["1.00"] * 8, ["2.00"] * 8])
    text = joined(banded(index, [narrow, narrow, wide], 27))  # four columns of B fill the line exactly
    assert text.splitlines() == [
        "     A        A",
        "p        a        a",
        "1      1.5      1.5",
        "2    -10.5    -10.5",
        "",
        "     B",
        "p       a     b     c     d",
        "1    1.00  1.00  1.00  1.00",
        "2    2.00  2.00  2.00  2.00",
        "",
        "     (continued)",
        "p       e     f     g     h",
        "1    1.00  1.00  1.00  1.00",
        "2    2.00  2.00  2.00  2.00",
    ]


def test_a_column_wider_than_the_page_still_stands():
    lines = banded(Block("", ["p"], [["1"]]), [Block("", ["a", "b"], [["x" * 50, "y"]])], 20)
    assert "x" * 50 in joined(lines)
    assert any(line.text.split() == ["1", "y"] for line in lines)


def test_an_ellipsis_stands_where_rows_were_left_out():
    index = Block("", ["p"], [["1"], ["9"]])
    block = Block("", ["a"], [["x"], ["y"]])
    assert [line.text.split() for line in banded(index, [block], 40, gaps=[1])] == [
        ["p", "a"],
        ["1", "x"],
        ["..."],
        ["9", "y"],
    ]
    assert [line.text.split() for line in banded(index, [block], 40, gaps=[2])][-1] == ["..."]


def test_tied_words_and_long_words_are_not_broken():
    lines = [line.text for line in wrapped(f"say {unbroken('L = 0.01')} /a/very-long/path-that-is-longer", 12)]
    assert lines == ["say L = 0.01", "/a/very-long/path-that-is-longer"]


def test_a_sentence_in_wide_letters_is_broken_behind_any_of_them():
    """East Asian sentences have no spaces, and their letters take two cells."""
    lines = [line.text for line in wrapped("ab " + "名" * 25 + " c", 20)]
    assert lines == ["ab " + "名" * 8, "名" * 10, "名" * 7 + " c"]
    assert max(map(cell_len, lines)) <= 20


@given(st.text("ab 名é\u0301", max_size=60), st.integers(4, 30))
def test_no_line_of_short_words_is_wider_than_the_page_and_no_letter_is_lost(text, width):
    words = " ".join(word[:3] for word in text.split())
    lines = [line.text for line in wrapped(words, width)]
    assert max(map(cell_len, lines), default=0) <= width
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_lines_and_blocks_show_controls_as_escapes_of_their_width():
    block = Block("\x1b", ["a\x07"], [["\u202e1"], ["2"]])
    assert block.lines() == [r"\x1b   ", r"  a\x07", r"\u202e1", "      2"]
    assert [line.text for line in wrapped("a\x1b[31m b\nc\td", 80)] == [r"a\x1b[31m b c d"]
    assert joined([Line("a\x9b"), Line("b")]) == "a\\x9b\nb"


def test_a_text_is_cut_by_the_cells_that_it_takes():
    assert cut("名前名前", 8) == "名前名前"
    assert cut("名前名前", 6) == "名..."
    assert cut("abcdefgh", 7) == "abcd..."
