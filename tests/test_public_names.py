"""Public names stand in three places of `deltarule/__init__.py`, since type checkers read only what is written out: they agree."""

import ast
from pathlib import Path

import deltarule as dr


def imported_for_type_checkers():
    (block,) = [node for node in ast.parse(Path(dr.__file__).read_text("utf-8")).body if isinstance(node, ast.If)]
    return {name.name: node.module for node in block.body for name in node.names}


def test_the_names_for_type_checkers_are_those_that_are_imported_when_used():
    assert imported_for_type_checkers().keys() == dr._HOME_OF.keys() == set(dr.__all__)
    assert sorted(dr.__all__) == dr.__all__


def test_each_name_is_that_of_the_module_that_type_checkers_see():
    for name, module in imported_for_type_checkers().items():
        assert module.startswith(f"deltarule.{dr._HOME_OF[name]}")
        assert getattr(dr, name).__name__ == name
