"""Every parameter of a public function, and every field of an exported record, is described where it is defined."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import pytest
import typer

import deltarule as dr
from deltarule.cli import app

SOURCE = Path(dr.__file__).parent
COMMANDS = sorted(command.callback.__name__ for command in app.registered_commands)
# The kernels' arguments are described together, in the README of their folder. The parameters of a command are its options.
MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if "kernels" not in path.parts and not (path.parent.name == "cli" and path.stem in (*COMMANDS, "__init__"))
]
# Such a docstring leaves the parameters to the function that it names.
ELSEWHERE = re.compile(r"[Pp]arameters are those of `")
# The decorated function has other parameters than the one that is written.
REWRITTEN = ("overload", "takes_fields_of")


def undescribed(docstring, names):
    """The names that do not stand in the docstring as words of their own."""
    if ELSEWHERE.search(docstring):
        return []
    return [name for name in names if not re.search(rf"(?<![\w.]){name}(?!\w)", docstring)]


def public(names):
    return [name for name in names if not name.startswith("_") and name not in ("self", "cls")]


def parameters(function):
    every = function.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs, *filter(None, (every.vararg, every.kwarg))]
    return public([each.arg for each in named])


def public_functions(path):
    for node in ast.parse(path.read_text("utf-8")).body:
        rewritten = isinstance(node, ast.FunctionDef) and any(
            word in ast.unparse(decorator) for decorator in node.decorator_list for word in REWRITTEN
        )
        if isinstance(node, ast.FunctionDef) and public([node.name]) and not rewritten:
            yield node


def public_records(path):
    """The dataclasses and named tuples of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and public([node.name]):
            marks = [ast.unparse(each) for each in (*node.decorator_list, *node.bases)]
            if any(mark.startswith(("dataclass", "NamedTuple")) for mark in marks):
                yield node


def fields(record):
    """The fields that the class adds; a class variable is not a field."""
    annotated = [each for each in record.body if isinstance(each, ast.AnnAssign)]
    return public([each.target.id for each in annotated if "ClassVar" not in ast.unparse(each.annotation)])


every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())


@every_module
def test_a_public_record_describes_each_field(path):
    found = {node.name: undescribed(ast.get_docstring(node) or "", fields(node)) for node in public_records(path)}
    assert {name: missing for name, missing in found.items() if missing} == {}


@every_module
def test_a_public_function_describes_each_parameter(path):
    found = {node.name: undescribed(ast.get_docstring(node) or "", parameters(node)) for node in public_functions(path)}
    assert {name: missing for name, missing in found.items() if missing} == {}


def methods_of(kind):
    """The public methods that the class itself brings: one that its base has too means the same there."""
    for name, value in vars(kind).items():
        method = getattr(value, "__func__", value)
        if public([name]) and inspect.isfunction(method) and not any(hasattr(base, name) for base in kind.__mro__[1:]):
            yield f"{kind.__name__}.{name}", method


def test_an_exported_function_or_method_describes_each_parameter():
    exported = [getattr(dr, name) for name in dr.__all__]
    functions = {each.__name__: each for each in exported if inspect.isfunction(each)}
    for kind in filter(inspect.isclass, exported):
        functions |= dict(methods_of(kind))
    found = {
        name: undescribed(inspect.getdoc(function) or "", public(inspect.signature(function).parameters))
        for name, function in functions.items()
    }
    assert {name: missing for name, missing in found.items() if missing} == {}


def test_an_exported_record_describes_each_field():
    records = [kind for kind in (getattr(dr, name) for name in dr.__all__) if dataclasses.is_dataclass(kind)]
    found = {}
    for kind in records:
        text = "\n".join(inspect.getdoc(base) or "" for base in kind.__mro__)
        found[kind.__name__] = undescribed(text, public([field.name for field in dataclasses.fields(kind)]))
    assert {name: missing for name, missing in found.items() if missing} == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_help_text_for_each_argument_and_option(name):
    parameters = typer.main.get_command(app).commands[name].params
    assert [each.name for each in parameters if not each.help and each.name != "help"] == []
