"""The project's own tools: the faults that the mutation tester makes, and the circles that the tool for imports finds."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
if not (ROOT / "tools").is_dir():
    pytest.skip("the tools are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from tools.imports import circles, imports, modules  # noqa: E402
from tools.mutations import mutations  # noqa: E402


def changes(tmp_path, source):
    path = tmp_path / "source.py"
    path.write_text(source)
    return sorted(mutation.change for mutation in mutations(path))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a < b -> a <= b"]),
        ("a == b in c", ["a == b in c -> a != b in c", "a == b in c -> a == b not in c"]),
        ("a + b * c", ["a + b * c -> a - b * c", "b * c -> b / c"]),
        ("'a' + b", []),
        ("a and b", ["a and b -> a or b"]),
        ("not a", ["not a -> a"]),
        ("-a", ["-a -> a"]),
        ("0", ["0 -> 1"]),
        ("1", ["1 -> 0", "1 -> 2"]),
        ("True", ["True -> False"]),
        ("'text'", []),
        ("a[:b]", [":b -> :"]),
        ("a[::b]", ["::b -> :"]),
        ("f(a, strict=True)", ["f(a, strict=True) -> pass"]),
        ("b if a else c", ["a -> not a"]),
        ("[b for b in c if b]", ["b -> not b"]),
        ("a.b = c", ["a.b = c -> pass"]),
        ("a += b", ["a += b -> a -= b", "a += b -> pass"]),
        ("raise Error(f'{1 + a} is too many')", ["raise Error(f'{1 + a} is too many') -> pass"]),
        ("if TYPE_CHECKING:\n    a = 1", []),
        ("def f(a: int = 0):\n    '''At most 1.'''\n    return a", ["0 -> 1", "return a -> return None"]),
        ("def f():\n    a = b\n    return None", []),
        ("def f():\n    a = b\n    a = c(a)\n    return None", ["a = b -> pass", "a = c(a) -> pass"]),
    ],
)
def test_each_operator_makes_its_faults_and_no_other(tmp_path, source, expected):
    assert changes(tmp_path, source) == expected


def test_a_fault_knows_the_function_and_the_lines_that_meet_it(tmp_path):
    path = tmp_path / "source.py"
    path.write_text(
        "LIMIT = 0\nclass A:\n    def f(self, a=0):\n        if a < LIMIT:\n            return 0\n        return a\n"
    )
    found = {(mutation.scope, mutation.change): list(mutation.lines) for mutation in mutations(path)}
    assert found == {
        ("<module>", "0 -> 1"): [],  # the import runs it
        ("A.f", "0 -> 1"): [5],
        ("A.f", "a < LIMIT -> a <= LIMIT"): [4],
        ("A.f", "a < LIMIT -> not a < LIMIT"): [4],
        ("A.f", "return 0 -> return None"): [5],
        ("A.f", "return a -> return None"): [6],
    }


def test_a_fault_that_is_put_in_is_in_the_code(tmp_path):
    path = tmp_path / "source.py"
    path.write_text("def f(a):\n    return a + 1\n")
    (fault,) = (mutation for mutation in mutations(path) if mutation.change == "a + 1 -> a - 1")
    names = {}
    exec(compile(fault.apply(), path, "exec"), names)
    assert names["f"](5) == 4


def test_circles_are_found_whatever_their_length():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}, "g": set()}
    assert sorted(circles(graph)) == [["a", "b", "c"], ["d", "e"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []


def test_imports_are_found_in_functions_and_relative_ones_too(tmp_path):
    package = tmp_path / "p"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("import os\n\ndef f():\n    from p import b\n    from .c import name\n")
    (package / "b.py").write_text("import p.c\nfrom p.c import name\n")
    (package / "c.py").write_text("name = 1\n")
    known = modules(tmp_path)
    assert set(known) == {"p", "p.a", "p.b", "p.c"}
    assert list(imports("p.a", known["p.a"], known)) == [("p.b", 4), ("p.c", 5)]
    assert list(imports("p.b", known["p.b"], known)) == [("p.c", 1), ("p.c", 2)]
