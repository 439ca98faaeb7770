"""File names made of people's names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.file_names import MAX_BYTES, file_name, normalised

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(NAMES)
def test_a_file_name_holds_letters_marks_and_digits_joined_by_single_hyphens(name):
    found = file_name(name)
    assert all(c == "-" or unicodedata.category(c)[0] in "LMN" for c in found)
    assert "--" not in found
    assert not found.startswith("-")
    assert len(found.encode()) <= MAX_BYTES + 1
    assert (found == "") == (not any(unicodedata.category(c)[0] in "LMN" for c in unicodedata.normalize("NFC", name)))


@given(NAMES)
def test_the_spelling_of_a_name_does_not_matter(name):
    spelled = f"  {unicodedata.normalize('NFD', name)} ".replace(" ", "  ")
    assert normalised(spelled) == normalised(name)
    assert file_name(spelled) == file_name(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "Ada-Lovelace"),
        ("O'Neill, Ann-Marie 2", "O-Neill-Ann-Marie-2"),
        ("名前", "名前"),
        ("con", "con-"),
        ("LPT9", "LPT9-"),
        ("com", "com"),
        ("a" * 120, "a" * 120),
        ("a" * 121, "a" * 120),
        ("é" * 61, "é" * 60),  # two bytes each
        ("../..", ""),
    ],
)
def test_names_as_file_names(name, expected):
    assert file_name(name) == expected
