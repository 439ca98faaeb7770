"""Problems, answers and tables that are right but for one thing that must be refused by name, as the documentation says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.case import Case
from tools.fuzz.odd import Raw, as_tables
from tools.fuzz.problems import Sizes, problems
from tools.fuzz.toml import toml_of

Document = dict[str, Any]
NAN, INF = Raw("nan"), Raw("inf")


def _cell(key: str, value: Any) -> Callable[[Document, Sizes, int], None]:
    """A wrong value in a matrix of [data] or [layer]."""

    def spoil(document: Document, _sizes: Sizes, place: int) -> None:
        table = document["data"] if key == "inputs" else document["layer"]
        rows = table[key]
        row = rows[place % len(rows)]
        row[place % len(row)] = value

    return spoil


def _key(table: str, key: str, value: Any) -> Callable[[Document, Sizes, int], None]:
    def spoil(document: Document, _sizes: Sizes, _place: int) -> None:
        document.setdefault(table, {})[key] = value

    return spoil


def _ragged(document: Document, _sizes: Sizes, place: int) -> None:
    rows = document["data"]["inputs"]
    rows[place % len(rows)] = [*rows[place % len(rows)], 1.0]


def _few(document: Document, _sizes: Sizes, _place: int) -> None:
    document["data"]["targets"] = document["data"]["targets"][:-1]


def _one_class(document: Document, sizes: Sizes, _place: int) -> None:
    document["layer"].pop("classes", None)  # which may name classes that no pattern has
    if sizes.labels:
        document["data"]["targets"] = [sizes.labels[0]] * sizes.P
    else:
        document["data"]["targets"] = ["A"] * sizes.P


def _mixed(document: Document, _sizes: Sizes, place: int) -> None:
    targets = document["data"]["targets"]
    targets[place % len(targets)] = {"odd": 1}


def _init_and_weights(document: Document, sizes: Sizes, _place: int) -> None:
    document["layer"] = {
        "kind": sizes.kind,
        "init": {"seed": 1},
        "weights": [[0.1] * sizes.K for _ in range(sizes.N)],
    }


def _wide_weights(document: Document, sizes: Sizes, _place: int) -> None:
    document["layer"].pop("init", None)
    document["layer"]["weights"] = [[0.1] * (sizes.K + 3) for _ in range(sizes.N)]
    document["layer"].pop("biases", None)


def _weights(document: Document, sizes: Sizes) -> None:
    document["layer"].pop("init", None)
    document["layer"]["weights"] = [[0.1] * sizes.K for _ in range(sizes.N)]


def _biases_held_twice(document: Document, sizes: Sizes, _place: int) -> None:
    document["layer"].pop("init", None)
    document["layer"] |= {"weights": [[0.1] * sizes.K for _ in range(sizes.N + 1)], "biases": [0.0] * sizes.K}
    document["conventions"] = {"biases": "first column"}


# What is wrong, by its name: how it is made, and words of which the message must have one.
DEFECTS: dict[str, tuple[Callable[[Document, Sizes, int], None], tuple[str, ...]]] = {
    "nan input": (_cell("inputs", NAN), ("inputs",)),
    "infinite input": (_cell("inputs", INF), ("inputs",)),
    "text input": (_cell("inputs", "0,5"), ("inputs",)),
    "boolean input": (_cell("inputs", True), ("inputs",)),
    "huge input": (_cell("inputs", Raw("1" * 400)), ("inputs",)),
    "nan weight": (_cell("weights", NAN), ("weights",)),
    "text weight": (_cell("weights", "1"), ("weights",)),
    "date input": (_cell("inputs", Raw("1979-05-27")), ("inputs",)),
    "ragged inputs": (_ragged, ("inputs",)),
    "few targets": (_few, ("targets",)),
    "one class": (_one_class, ("classes", "targets")),
    "mixed targets": (_mixed, ("targets",)),
    "init and weights": (_init_and_weights, ("init", "weights")),
    "wide weights": (_wide_weights, ("weights", "biases", "targets", "classes")),
    "unknown table": (_key("layr", "kind", 1), ("layr",)),
    "unknown key": (_key("descent", "speed", 1), ("speed",)),
    "momentum": (_key("descent", "momentum", 1.9), ("omentum",)),
    "rate zero": (_key("descent", "learning_rate", 0), ("learning_rate",)),
    "rate nan": (_key("descent", "learning_rate", NAN), ("learning_rate",)),
    "rate text": (_key("descent", "learning_rate", "0.1"), ("learning_rate",)),
    "rate boolean": (_key("descent", "learning_rate", True), ("learning_rate",)),
    "epochs half": (_key("descent", "epochs", 1.5), ("epochs",)),
    "epochs text": (_key("descent", "epochs", "5"), ("epochs",)),
    "epochs zero": (_key("descent", "epochs", 0), ("epochs",)),
    "batch zero": (_key("descent", "batch_size", 0), ("batch_size",)),
    "decay negative": (_key("descent", "weight_decay", -1), ("weight_decay",)),
    "tolerance nan": (_key("descent", "tolerance", NAN), ("tolerance",)),
    "reduction": (_key("descent", "reduction", "average"), ("reduction",)),
    "seed": (_key("descent", "seed", -1), ("seed",)),
    "delta": (_key("conventions", "delta", "T - Y"), ("delta",)),
    "biases held twice": (_biases_held_twice, ("biases", "weights")),
    "decimals many": (_key("show", "decimals", 16), ("decimals",)),
    "decimals half": (_key("show", "decimals", 1.5), ("decimals",)),
    "kind": (_key("layer", "kind", "softmx"), ("kind",)),
    "standardise number": (_key("data", "standardise", 1), ("standardise",)),
    "standardise and centre": (lambda d, *_: d["data"].update(standardise=True, centre=True), ("centre",)),
    "table and inputs": (_key("data", "table", "t.csv"), ("table", "target", "inputs")),
    "dataset and inputs": (_key("data", "dataset", "iris"), ("dataset", "inputs", "targets")),
    "split without seed": (_key("data", "split", {"test": 1}), ("seed",)),
    "split too large": (_key("data", "split", {"test": 99, "seed": 1}), ("split", "test")),
    "title": (_key("descent", "title", "x"), ("title",)),
    "layer list": (lambda d, *_: d.update(layer=[d["layer"]]), ("layer",)),
    "no data": (lambda d, *_: d.pop("data"), ("data",)),
    "no descent": (lambda d, *_: d.pop("descent"), ("descent", "learning_rate")),
    "no rate": (lambda d, *_: d["descent"].pop("learning_rate"), ("learning_rate",)),
    "empty inputs": (lambda d, *_: d["data"].update(inputs=[]), ("inputs", "targets")),
    "empty rows": (lambda d, s, _: d["data"].update(inputs=[[]] * s.P), ("inputs",)),
    "activation": (_key("layer", "activation", "relu"), ("activation",)),
    "nested title": (lambda d, *_: d.update(title={"a": 1}), ("title",)),
}


@st.composite
def spoilt_problems(draw: st.DrawFn) -> Case:
    """A problem with one thing that is wrong, and a command that must refuse it."""
    document, sizes = draw(problems())
    name = draw(st.sampled_from(sorted(DEFECTS)))
    spoil, words = DEFECTS[name]
    if "weight" in name and "weights" not in document["layer"]:
        _weights(document, sizes)
    document.setdefault("data", {})
    spoil(document, sizes, draw(st.integers(0, 50)))
    files: dict[str, Any] = {"problem.toml": toml_of(as_tables(document))}
    twice = draw(st.integers(0, 9))
    if twice == 9:
        files["problem.toml"] += "[descent]\nepochs = 3\n"
        name, words = "a table twice", ("descent", "line")
    command = draw(st.sampled_from([("work",), ("train",), ("sweep",), ("check",), ("train", "--json")]))
    argv = (command[0], "problem.toml", *(("answer.toml",) if command[0] == "check" else ()), *command[1:])
    return Case(files | {"answer.toml": b"[iteration.1]\ncost = 1.0\n"}, argv, (name, *words))


# Answers to SPARE of `commands.py`, and words of which one must be said; the answer is never right.
ANSWERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "iteration twice": ("[iteration.1]\nerrors = 3\n[iteration.01]\nerrors = 4\n", ("01", "twice")),
    "iteration zero": ("[iteration.-1]\nerrors = 3\n", ("-1",)),
    "iteration word": ("[iteration.one]\nerrors = 3\n", ("one",)),
    "unknown part": ("[iteration.1]\nU = 3\n", ("U",)),
    "unknown table": ("[iterations.1]\ncost = 3\n", ("iterations",)),
    "cost text": ('[iteration.1]\ncost = "1,500"\n', ("1.500",)),
    "cost nan": ("[iteration.1]\ncost = nan\n", ("nan",)),
    "cost boolean": ("[iteration.1]\ncost = true\n", ("rue",)),
    "shape": ("[iteration.1]\nweights = [[1.0]]\n", ("weights", "W")),
    "ragged": ("[iteration.1]\nweights = [[1.0, 2.0, 3.0], [1.0]]\n", ("weights", "W")),
    "infinite": ("[iteration.1]\nweights = [[inf, 2.0, 3.0], [1.0, 1.0, 1.0]]\n", ("inf",)),
    "outside": ('[iteration.1]\ndelta = "../problem.toml"\n', ("delta",)),
    "absolute": ('[iteration.1]\ndelta = "/etc/passwd"\n', ("delta",)),
    "no file": ('[iteration.1]\ndelta = "no.csv"\n', ("no.csv",)),
    "row number": ("[iteration.1]\nrows.outputs.99 = [0.1, 0.2, 0.7]\n", ("99",)),
    "row and matrix": (
        f"[iteration.1]\noutputs = {[[0.1, 0.2, 0.7]] * 6}\nrows.outputs.1 = [0.1, 0.2, 0.7]\n",
        ("outputs", "f(U)"),
    ),
    "unknown class": ('[iteration.1]\npredicted = ["A", "A", "A", "A", "A", "Z"]\n', ("Z",)),
    "far": ("[iteration.1000000000]\ncost = 1.0\n", ("1000000000", "20")),
    "decimals": ("decimals = -1\n[iteration.1]\ncost = 1.0\n", ("decimals",)),
    "pair": ("[boundaries]\nA-Z = [1.0, 2.0, 3.0]\n", ("A-Z",)),
    "empty": ("", ("nothing", "empty", "no part", "holds")),
    "half a count": ("[iteration.1]\nerrors = 2.5\n", ("2.5",)),
}


@st.composite
def spoilt_answers(draw: st.DrawFn) -> Case:
    """An answer that must be named for one thing."""
    from tools.fuzz.commands import FILES

    name = draw(st.sampled_from(sorted(ANSWERS)))
    text, words = ANSWERS[name]
    more = draw(st.sampled_from([(), ("--json",), ("--page", "out.html")]))
    files = {"problem.toml": FILES["problem.toml"], "sub/answer.toml": text}
    return Case(files, ("check", "problem.toml", "sub/answer.toml", *more), (name, *words))


# Tables, and words of which one must be said; the target is y.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "no names": ("5.0,3.4,a\n4.8,3.1,a\n6.8,3.1,b\n", ("header",)),
    "empty cell": ("a,b,y\n1,2,no\n3,,yes\n", ("'b'",)),
    "nan cell": ("a,b,y\n1,2,no\n3,nan,yes\n", ("'b'",)),
    "infinite cell": ("a,b,y\n1,2,no\n3,inf,yes\n", ("'b'",)),
    "huge cell": ("a,b,y\n1,2,no\n3,1e999,yes\n", ("'b'",)),
    "word cell": ("a,b,y\n1,2,no\n3,x,yes\n", ("'b'",)),
    "decimal comma": ('a,b,y\n1,2,no\n3,"1,5",yes\n', ("1.5",)),
    "empty label": ("a,b,y\n1,2,no\n3,4,\n", ("'y'", "targets")),
    "short line": ("a,b,y\n1,2,no\n3,yes\n", ("columns", "line", "row")),
    "long line": ("a,b,y\n1,2,no\n3,4,yes,5\n", ("columns", "line", "row")),
    "name twice": ("a,a,y\n1,2,no\n3,4,yes\n", ("'a'",)),
    "target twice": ("a,y,y\n1,2,no\n3,4,yes\n", ("'y'",)),
    "no target": ("a,b,z\n1,2,no\n3,4,yes\n", ("target",)),
    "semicolons": ("a;b;y\n1;2;no\n3;4;yes\n", ("semicolon",)),
    "tabs": ("a\tb\ty\n1\t2\tno\n3\t4\tyes\n", ("tab",)),
    "no rows": ("a,b,y\n", ("row",)),
    "one class": ("a,b,y\n1,2,no\n3,4,no\n", ("class",)),
    "empty": ("", ("empty", "names")),
    "column without a name": ("a,,y\n1,2,no\n3,4,yes\n", ("name",)),
}


@st.composite
def spoilt_tables(draw: st.DrawFn) -> Case:
    """A table that must be refused for one thing."""
    name = draw(st.sampled_from(sorted(TABLES)))
    text, words = TABLES[name]
    problem = """[layer]
kind = "softmax"
init = {seed = 1}
[data]
table = "t.csv"
target = "y"
[descent]
learning_rate = 0.1
epochs = 3
"""
    command = draw(st.sampled_from(["work", "train", "sweep"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return Case({"problem.toml": problem, "t.csv": text.replace("\n", end)}, (command, "problem.toml"), (name, *words))


def spoilt() -> st.SearchStrategy[Case]:
    """Any of them."""
    return spoilt_problems() | spoilt_problems() | spoilt_answers() | spoilt_tables()
