r"""`printable` leaves what people write, and shows what terminals obey or nobody sees."""

import json
import sys
import tomllib
import unicodedata

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from deltarule.json_values import json_text
from deltarule.printable import printable, toml_safe

# Texts that must stay: scripts with marks, joiners and directions, emoji joined by U+200D, mathematics, wide letters.
KEPT = [
    "Ada Lovelace",
    "José",
    "名前",
    "שלום\u200f!",
    "می\u200cخواهم",
    "👩\u200d🔬",
    "क्\u200dष",
    "x₁ ≤ −½ µ",
    "a\u00a0b",
    "全\u3000角",
    "\\x1b",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_stays_as_it_is(text):
    assert printable(text) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\0b\x7f\a\b", r"a\x00b\x7f\x07\x08"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\u202etxt.exe\u202c \u2066x\u2069", r"\u202etxt.exe\u202c \u2066x\u2069"),
        ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
        ("name\udce9.toml", r"name\udce9.toml"),
        ("yes\u200b", r"yes\u200b"),
        ("\ufeffyes\U000e0041", r"\ufeffyes\U000e0041"),
    ],
)
def test_what_a_terminal_obeys_or_nobody_sees_is_an_escape(text, shown):
    assert printable(text) == shown


def test_a_letter_to_keep_is_kept():
    assert printable("a\nb\x1b", keep="\n") == "a\nb\\x1b"


def test_every_control_separator_and_surrogate_of_unicode_is_escaped():
    unsafe = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert len(unsafe) == 65 + 2048 + 2
    assert all(printable(c).isascii() and printable(c).isprintable() for c in unsafe)


def test_every_letter_mark_number_and_sign_of_unicode_stays():
    seen = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] in "LMNPS"]
    assert printable("".join(seen)) == "".join(seen)


@given(st.text(st.characters()))
def test_what_was_made_printable_stays_so(text):
    shown = printable(text)
    assert printable(shown) == shown
    shown.encode()  # no lone surrogate is left


@given(st.text(st.characters()))
def test_json_shows_no_control_and_reads_the_same(text):
    written = json_text({"title": text})
    assert printable(written) is written
    assert json.loads(written) == json.loads(json.dumps({"title": text}))


@pytest.mark.parametrize("letter", ["\x7f", "\x9b", "\u202e", "\U000e0041", "\udce9"])
def test_json_escapes_what_the_standard_library_leaves(letter):
    written = json_text([letter])
    assert written.isascii()
    assert json.loads(written) == [letter]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_toml_shows_no_control_and_reads_the_same(text):
    written = toml_safe(tomlkit.dumps({"title": text, text: 1}))
    assert printable(written, keep="\n\t\r") == written
    assert tomllib.loads(written) == {"title": text, text: 1}
