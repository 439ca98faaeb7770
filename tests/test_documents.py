"""Documents are read as TOML reads them, and no deeper than is sensible."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.documents import DEEPEST, check_depth, toml_document
from deltarule.errors import InputError

PIECES = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True),
    st.sampled_from(['"a.b"', "'a#b'", r'"\""', r'"\\"', "'\"'"]),
)


@given(st.lists(PIECES, min_size=1, max_size=2 * DEEPEST), st.sampled_from([".", " . ", "\t."]))
def test_a_key_of_up_to_50_pieces_is_read_as_toml_and_a_longer_one_is_refused(pieces, point):
    text = f"{point.join(pieces)} = 1 # a.b"
    if len(pieces) > DEEPEST:
        with pytest.raises(InputError, match="at most 50 deep"):
            toml_document(text)
    else:
        assert toml_document(text) == tomllib.loads(text)


def test_points_in_strings_comments_and_figures_nest_nothing():
    many = ".".join("a" * 200)
    text = f'a = "{many}"\nb = \'{many}\' # {many}\nc = """\n{many}"\n\\"""" # "\nd = \'\'\'\n{many}\'\'\'\ne = [{"0.5, " * 200}]'
    assert toml_document(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 2000 + "]" * 2000,
        "a = " + "{a = " * 2000 + "1" + "}" * 2000,
        ".".join("a" * 2000) + " = 1",
        "[" + ".".join(['"#"'] * 2000) + "]",
        f"[{'.'.join('a' * 40)}]\n{'.'.join('b' * 40)} = 1",
        "a = " + "[" * 51 + "]" * 51,
    ],
    ids=["lists", "inline tables", "a key", "a quoted heading", "a heading and a key", "one list too many"],
)
def test_what_is_nested_too_deep_is_refused_by_name(text):
    with pytest.raises(InputError, match="must nest tables and lists at most 50 deep"):
        toml_document(text)


def test_text_that_is_no_toml_is_an_error_of_toml_after_a_time_in_proportion_to_its_length():
    for text in ('"' * 200_000, "'" * 200_000, 'a = "' + r"\"" * 200_000, "a." * 200_000):
        with pytest.raises(ValueError, match=r"line 1|end of document|deep"):
            toml_document(text)


def test_figures_keep_the_digits_that_were_written():
    assert str(toml_document("a = 0.50", Decimal)["a"]) == "0.50"


def test_a_list_that_holds_itself_twice_is_too_deep():
    inner: list = []
    inner += [inner, inner]
    with pytest.raises(InputError, match="at most 50 deep"):
        check_depth(inner)
