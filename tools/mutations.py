"""Small faults that can be put into Python source, one at a time, as changes of its syntax tree.

Each operator makes one kind of fault: a comparison, an arithmetic sign, `and` or `or`, a number, a truth value, a bound of
a slice is another one; a condition is negated; a result is not returned; a statement is missing. Default arguments are
numbers and truth values like others.

Left alone: strings, docstrings, type hints, decorators, `raise` but for its removal (error messages), `assert`,
`TYPE_CHECKING` blocks, `__all__`, and the arguments `strict` (of `zip`: lengths agree by design) and `stacklevel`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
# The negation of these is the comparison that COMPARISONS gives already.
OPPOSITES = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
ARGUMENTS_LEFT_ALONE = ("strict", "stacklevel")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True)
class Place:
    """Where a node stands: the field (and place in its list) of its parent, and what encloses it."""

    parent: ast.AST
    field: str
    index: int | None
    scope: tuple[ast.AST, ...]  # the classes and functions around it, from the outermost
    statement: ast.stmt
    default: bool  # it is in a default argument

    def put(self, node: ast.AST) -> None:
        """Put another node here."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True)
class Mutation:
    """A fault: `new` in place of `old`."""

    path: Path
    tree: ast.Module
    place: Place
    old: ast.AST
    new: ast.AST
    text: str  # the line of source

    @property
    def line(self) -> int:
        """The line of the fault."""
        return getattr(self.old, "lineno", self.place.statement.lineno)

    @property
    def scope(self) -> str:
        """The dotted name of the function or class."""
        return ".".join(getattr(node, "name", "") for node in self.place.scope) or "<module>"

    @property
    def change(self) -> str:
        """What becomes what, in source."""
        return f"{_brief(self.old)} -> {_brief(self.new)}"

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The outermost function that runs the fault, or None where the import of the module runs it."""
        functions = [node for node in self.place.scope if isinstance(node, FUNCTIONS)]
        return functions[0] if functions else None

    @property
    def lines(self) -> range:
        """The lines that a test must run to meet the fault; empty where the import runs it."""
        if self.function is None:
            return range(0)
        if self.place.default:
            return range(self.function.body[0].lineno, (self.function.end_lineno or 0) + 1)
        return _head(self.place.statement)

    def apply(self) -> ast.Module:
        """The module's tree with the fault in it. The tree is changed: call this in a process of its own."""
        self.place.put(ast.fix_missing_locations(ast.copy_location(self.new, self.old)))
        return self.tree


def mutations(path: Path) -> Iterator[Mutation]:
    """All faults of a file, in the order of its lines."""
    source = path.read_text()
    lines = source.splitlines()
    tree = ast.parse(source)
    for place, node in _places(tree):
        for new in _variants(node, place):
            line = getattr(node, "lineno", place.statement.lineno)
            yield Mutation(path, tree, place, node, new, lines[line - 1].strip())


def _brief(node: ast.AST) -> str:
    """The source of a node, on one line."""
    if isinstance(node, ast.Slice):
        return ast.unparse(ast.Subscript(ast.Name(""), node, ast.Load()))[1:-1]
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else text[:77] + "..."


def _head(statement: ast.stmt) -> range:
    """The lines of a statement without those of its body."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if body:
        last = max(statement.lineno, body[0].lineno - 1)
    return range(statement.lineno, last + 1)


# ---- which nodes


def _places(tree: ast.Module) -> Iterator[tuple[Place, ast.AST]]:
    """All nodes that may be changed, with their places."""

    def below(node: ast.AST, scope: tuple[ast.AST, ...], statement: ast.stmt | None, default: bool):
        for field, index, child in _children(node):
            here = child if isinstance(child, ast.stmt) else statement
            assert here is not None
            in_default = default or (isinstance(node, ast.arguments) and field in {"defaults", "kw_defaults"})
            yield Place(node, field, index, scope, here, in_default), child
            inner = (*scope, child) if isinstance(child, (*FUNCTIONS, ast.ClassDef)) else scope
            yield from below(child, inner, here, in_default)

    yield from below(tree, (), None, False)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """The fields of a node, without what is left alone."""
    for field, value in ast.iter_fields(node):
        if (field == "target" and isinstance(node, ast.AnnAssign)) or field in {
            "annotation",
            "returns",
            "decorator_list",
            "bases",
        }:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _left_alone(child):
                yield field, index, child


def _left_alone(node: ast.AST) -> bool:
    """Whether neither a node nor what is below it is changed."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg=name):
            return name in ARGUMENTS_LEFT_ALONE
    return False


# ---- what they become


def _variants(node: ast.AST, place: Place) -> Iterator[ast.AST]:
    """What a node may become."""
    if isinstance(place.statement, ast.Raise) and node is not place.statement:
        return
    match node:
        case ast.Compare():
            yield from _other_comparisons(node)
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in ARITHMETIC:
            if not _joins_text(node) and not (isinstance(operator, ast.BitOr) and not _in_function(place)):
                yield _with(node, op=ARITHMETIC[type(operator)]())
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant():
            yield from _other_constants(node)
        case ast.Slice():
            yield from (
                _with(node, **{bound: None}) for bound in ("lower", "upper", "step") if getattr(node, bound) is not None
            )
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
    if _is_condition(place) and not _is_negated_elsewhere(node):
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.stmt) and _removable(node, place):
        yield ast.Pass()


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields."""
    made = copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _other_comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        other = [*node.ops]
        other[index] = COMPARISONS[type(operator)]()
        yield _with(node, ops=other)


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield _with(node, value=not node.value)
        case int() | float():
            yield _with(node, value=node.value + 1)
            if node.value == 1:
                yield _with(node, value=type(node.value)(0))


def _joins_text(node: ast.AST) -> bool:
    """Whether an operator's operands are strings in plain view."""
    sides = (getattr(node, name, None) for name in ("left", "right", "value"))
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _in_function(place: Place) -> bool:
    return any(isinstance(node, FUNCTIONS) for node in place.scope)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_condition(place: Place) -> bool:
    if place.field == "test":
        return isinstance(place.parent, (ast.If, ast.While, ast.IfExp))
    return isinstance(place.parent, ast.comprehension) and place.field == "ifs"


def _is_negated_elsewhere(node: ast.AST) -> bool:
    """Whether the negation of a condition is the same as a change that another operator makes."""
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and isinstance(node.ops[0], OPPOSITES)
    return (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)) or isinstance(node, ast.Constant)


def _removable(node: ast.stmt, place: Place) -> bool:
    """Whether a statement can be missing without a name that nothing binds (which each test would find)."""
    match node:
        case ast.Raise() | ast.Break() | ast.Continue() | ast.AugAssign() | ast.Delete():
            return True
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            return True
        case ast.Assign(targets=targets):
            return all(
                isinstance(target, (ast.Attribute, ast.Subscript)) or _bound_twice(target, place) for target in targets
            )
    return False


def _bound_twice(target: ast.AST, place: Place) -> bool:
    """Whether another statement of the function, or an argument, binds a name too."""
    functions = [node for node in place.scope if isinstance(node, FUNCTIONS)]
    if not isinstance(target, ast.Name) or not functions:
        return False
    stores = sum(
        isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Store)
        for node in ast.walk(functions[-1])
    )
    return stores > 1 or any(
        isinstance(node, ast.arg) and node.arg == target.id for node in ast.walk(functions[-1].args)
    )
