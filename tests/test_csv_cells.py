"""Text cells that no spreadsheet runs, and that are read back as they were."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.csv_cells import cell_text, text_cell
from deltarule.printable import printable


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_what_would_be_a_formula_has_an_apostrophe_before_it(first):
    assert text_cell(f"{first}cmd|' /C calc'!A0") == f"'{first}cmd|' /C calc'!A0"


@pytest.mark.parametrize("first", ["\t", "\r", "\n"])
def test_white_space_before_a_formula_is_an_escape_behind_an_apostrophe(first):
    assert text_cell(f"{first}=1") == f"'{printable(first)}=1"


@pytest.mark.parametrize("text", ["Ada Lovelace", "O'Neill", "'tis", "3", "a=b", "José", "名前", ""])
def test_other_texts_are_cells_as_they_are(text):
    assert text_cell(text) is text
    assert cell_text(text) is text


@given(st.text("='+-@a \"", max_size=6) | st.text())
def test_a_cell_is_read_back_as_the_text_that_was_written(text):
    if printable(text) != text:
        return  # what cannot be shown is shown as an escape
    file = io.StringIO()
    csv.writer(file).writerow([text_cell(text)])
    ((cell,),) = csv.reader(io.StringIO(file.getvalue())) if text else [[""]]
    assert cell_text(cell) == text
    assert cell[:1] not in ("=", "+", "-", "@")
