"""docs/problem-file.md: made from the table of keys, up to date, and true."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from deltarule.descent import Descent
from deltarule.problem import problem_from
from deltarule.problem.keys import KEYS, OUTER, TABLES
from deltarule.problem.reference import EXAMPLE, message, reference

PAGE = Path(__file__).parents[2] / "docs" / "problem-file.md"
KEYS_IN_TABLES = [(table, key) for table, keys in KEYS.items() for key in keys.values()]


def test_the_page_is_what_the_reader_says():
    """To renew it: python -m deltarule.problem.reference > docs/problem-file.md."""
    assert PAGE.read_text("utf-8") == reference()


def test_the_example_of_the_page_is_a_problem():
    assert problem_from(tomllib.loads(EXAMPLE)).title == "Three classes in the plane"


@pytest.mark.parametrize(("table", "key"), KEYS_IN_TABLES, ids=lambda value: getattr(value, "name", value))
def test_each_key_has_an_example_that_is_toml_of_its_type_and_a_mistake(table, key):
    value = tomllib.loads(key.written)[key.name]
    assert key.type.python is None or isinstance(value, key.type.python)
    assert key.meaning.endswith((".", ")"))
    assert key.mistakes
    for lines in key.mistakes:
        # `message` raises where the reader finds nothing wrong.
        assert message(OUTER.get(table, table), lines).startswith("problem.toml, ")


def test_lines_without_a_mistake_have_no_message():
    with pytest.raises(ValueError, match="epochs = 3"):
        message("descent", "epochs = 3")


def test_the_keys_of_the_descent_are_its_fields():
    assert list(KEYS["descent"]) == [field.name for field in fields(Descent)]
    for field in fields(Descent)[2:]:
        assert KEYS["descent"][field.name].default == field.default


def test_tables_in_braces_stand_in_known_tables():
    assert OUTER == {"init": "layer", "split": "data"}
    assert set(KEYS) == {"", *TABLES, *OUTER}
