"""Prints the circles among the project's imports, those that run back up the house, and the sizes of its files.

    python -m tools.imports

Imports inside functions count like those at the head of a file; so do those under TYPE_CHECKING, since a reader follows
them too. A line of ORDER holds packages and modules that stand at one height: none imports another of its line, nor one
of a later line. Exit code 1: there is a circle, an upward import, or a package without a place in ORDER.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src"
PROJECT = "deltarule"

# The house from the ground to the top.
ORDER = """
printable interrupts version
immutable
errors views file_names json_values csv_cells
frames
checks documents files memory not_supported
labels sums logs exact_fit
typeset data datasets tables class_list
outcome layers schedules
conventions descent metrics
training_task curvature folds streams
iteration
engines novikoff
remarks telling
training
model
storage
checkpoints
analysis show
parts
problem
sweeps
marking plots estimators
table_optimum
fitting model_tables
stream_fitting
table_sweeps fit_text
evaluation
displays
model_report
setting tutorial playground
deltarule
cli
__main__
"""

Graph = Mapping[str, set[str]]


def modules(source: Path) -> dict[str, Path]:
    """The modules below a folder, by their dotted names."""
    named = {
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__"): path
        for path in source.rglob("*.py")
    }
    return dict(sorted(named.items()))


def imports(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[tuple[str, int]]:
    """The known modules that a module imports, with the lines that do so."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            found = [whole if (whole := f"{base}.{alias.name}") in known else base for alias in node.names]
        else:
            continue
        yield from ((module, node.lineno) for module in found if module in known and module != name)


def circles(graph: Graph) -> list[list[str]]:
    """The sets of nodes from which each reaches all the others (Tarjan's strongly connected components of two or more)."""
    place: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        place[node] = low[node] = len(place)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in place:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], place[other])
        if low[node] == place[node]:
            first = stack.index(node)
            if len(stack) - first > 1:
                found.append(sorted(stack[first:]))
            del stack[first:]

    for node in sorted(graph):
        if node not in place:
            visit(node)
    return found


def room(module: str) -> str:
    """The package, or the module directly below the project's own package, in which a module is."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def heights(order: str) -> dict[str, int]:
    """How high each room stands."""
    return {name: height for height, line in enumerate(order.strip().splitlines()) for name in line.split()}


def main() -> int:
    """Print, and say whether all is well."""
    known = modules(SOURCE)
    edges = [(name, other, line) for name, path in known.items() for other, line in imports(name, path, known)]
    of_modules: dict[str, set[str]] = defaultdict(set)
    of_rooms: dict[str, set[str]] = defaultdict(set)
    for name, other, _ in edges:
        of_modules[name].add(other)
        if room(name) != room(other):
            of_rooms[room(name)].add(room(other))
    height = heights(ORDER)
    unplaced = sorted({room(name) for name in known} - set(height))
    upward = [
        f"{name}:{line} imports {other}"
        for name, other, line in edges
        if room(name) != room(other) and height.get(room(other), 0) >= height.get(room(name), 0)
    ]
    faults = {
        "circles of modules": [" ".join(circle) for circle in circles(of_modules)],
        "circles of packages": [" ".join(circle) for circle in circles(of_rooms)],
        "upward imports": upward,
        "packages without a place in ORDER": unplaced,
    }
    for title, found in faults.items():
        print(f"{title}: {len(found)}", *found, sep="\n  ")
    sizes = sorted((len(path.read_text().splitlines()), name) for name, path in known.items())
    median = statistics.median(size for size, _ in sizes)
    print(f"files: {len(sizes)}; lines: median {median:.0f}, largest {sizes[-1][0]} ({sizes[-1][1]})")
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())
