"""Inputs of commands: problems, answers and options, changed a little."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tools.fuzz.answers import KEYS as ANSWER_KEYS
from tools.fuzz.answers import answers
from tools.fuzz.case import Case, Fifo, Folder, Link
from tools.fuzz.odd import as_tables, broken, changed, texts
from tools.fuzz.problems import KEYS, Sizes, problems
from tools.fuzz.toml import json_of, toml_of

READERS = (
    ("work",),
    ("work",),
    ("work", "--json"),
    ("work", "--format", "html"),
    ("work", "--format", "latex"),
    ("work", "--format", "markdown"),
    ("work", "--iteration", "1:3"),
    ("train",),
    ("train", "--engine", "direct"),
    ("train", "--engine", "autograd"),
    ("train", "--json"),
    ("train", "--out", "out.toml"),
    ("train", "--curves", "out.svg"),
    ("sweep", "--learning-rate", "0.01,0.1"),
    ("sweep", "--seeds", "2", "--json"),
    ("work", "--out", "out.html"),
    ("work", "--out", "out.md"),
    ("work", "--out", "out.tex"),
    ("sweep", "--out", "out.csv"),
)
SPECIALS = (Fifo(), Folder(), Link("/dev/zero"), Link("/etc/passwd"), Link("problem.toml"), Link("nowhere"), b"")
# Drawing takes long: one in many.
RARE = ("--curves", "--plot")


def _command(problem: str) -> st.SearchStrategy[tuple[str, ...]]:
    usual = [command for command in READERS if not set(command) & set(RARE)]
    return st.sampled_from(usual * 4 + list(READERS)).map(lambda command: (command[0], problem, *command[1:]))


@st.composite
def changed_problem(draw: st.DrawFn) -> bytes:
    """The text of a problem that was right."""
    document, _ = draw(problems())
    return draw(broken(_encoded(toml_of(draw(changed(as_tables(document), 2, KEYS))))))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def problem_cases(draw: st.DrawFn) -> Case:
    """A changed problem, and a command that reads it."""
    files: dict[str, Any] = {"problem.toml": draw(changed_problem())}
    if draw(st.integers(0, 30)) == 30:
        files["problem.toml"] = draw(st.sampled_from(SPECIALS))
    return Case(files, draw(_command("problem.toml")))


@st.composite
def answer_text(draw: st.DrawFn, sizes: Sizes) -> tuple[str, bytes]:
    """A changed answer, and the ending of its file."""
    document = draw(changed(as_tables(draw(answers(sizes))), 2, ANSWER_KEYS))
    ending = draw(st.sampled_from(["toml", "toml", "json", "txt"]))
    return ending, draw(broken(_encoded(json_of(document) if ending == "json" else toml_of(document))))


BESIDE = (
    "delta.csv",
    "../delta.csv",
    "/etc/passwd",
    "sub/delta.csv",
    "link.csv",
    "fifo.csv",
    "folder.csv",
    "big.csv",
    "/dev/stdin",
    "problem.toml",
)


@st.composite
def answer_cases(draw: st.DrawFn) -> Case:
    """A right problem, a changed answer, and `check`."""
    document, sizes = draw(problems(most_epochs=30))
    files: dict[str, Any] = {"problem.toml": _encoded(toml_of(as_tables(document)))}
    if draw(st.integers(0, 6)) == 6:
        name = draw(
            st.sampled_from(
                [
                    "iteration.1.delta.csv",
                    "convergence.weights.csv",
                    "iteration.1.rows.csv",
                    "x.csv",
                    "iteration.01.cost.csv",
                ]
            )
        )
        cells = st.sampled_from(["1", "0.5", "-2.25", "x", "", "nan", "1e400", "\x00", " 1", '"1"', "1;2", "é", "0x1"])
        rows = draw(st.lists(st.lists(cells, min_size=1, max_size=4).map(",".join), max_size=4))
        files[name] = draw(broken("\n".join(rows).encode()))
    elif draw(st.integers(0, 8)) == 8:
        name = "answer.toml"
        part = draw(st.sampled_from(["delta", "weights", "outputs"]))
        files[name] = f'[iteration.1]\n{part} = "{draw(st.sampled_from(BESIDE))}"\n'.encode()
        files |= {"link.csv": Link("/etc/passwd"), "fifo.csv": Fifo(), "folder.csv": Folder(), "delta.csv": b"1,2\n"}
    else:
        ending, data = draw(answer_text(sizes))
        name = f"answer.{ending}"
        files[name] = data
        if draw(st.integers(0, 40)) == 40:
            files[name] = draw(st.sampled_from(SPECIALS))
    more = draw(
        st.sampled_from(
            [
                (),
                (),
                ("--json",),
                ("--page", "out.html"),
                ("--hint",),
                ("--hint", "--hint", "--hint"),
                ("--json", "--page", "out.html"),
            ]
        )
    )
    return Case(files, ("check", "problem.toml", name, *more))


SPARE = """title = "Spare"
[layer]
kind = "softmax"
weights = [[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]]
[data]
inputs = [[0, 4], [-1, 3], [-2, 2], [0, 2], [1, 0], [3, 0]]
targets = ["A", "A", "B", "B", "C", "C"]
[descent]
learning_rate = 0.05
epochs = 20
"""
FILES = {
    "problem.toml": SPARE.encode(),
    "answer.toml": b"[iteration.1]\nerrors = 3\ncost = 4.4\n",
    "class.txt": "Ada\nAlan\nAda Lovelace-\u00c9\n".encode(),
    "class.csv": b"id;name\n1;Ada\n2;=Bob\n",
    "answers/Ada.toml": b"[iteration.1]\nerrors = 3\n",
    "answers/Bob.json": b'{"iteration": {"1": {"cost": "x"}}}',
    "keep.txt": b"kept\n",
}
FILE_VALUES = (
    "out.html",
    "out.tex",
    "out.md",
    "out.txt",
    "out.json",
    "out.svg",
    "out.csv",
    "out.parquet",
    "out.toml",
    "out",
    "problem.toml",
    "answer.toml",
    "answers",
    ".",
    "..",
    "",
    "no/such/out.html",
    "keep.txt",
    "/dev/full",
    "/dev/null",
    "-",
    "out.HTML",
    "\x00",
    "a" * 300 + ".html",
    "out\n.html",
    "out\x1b.html",
    "answers/Ada.toml",
    "class.txt",
    "out.png",
    "out.pdf",
)
LISTS = (
    "0.01,0.1",
    "1e-3:1:3",
    "1e-3:1:0",
    "1:1e-3:2",
    "all",
    "2,all",
    "",
    ",",
    "nan",
    "inf",
    "1e400",
    "0",
    "-1",
    "1:2:3:4",
    "1e-3:1:1e9",
    "0.1,0.1",
    "0,05",
    "x",
    "1:10:100000000",
)
COUNTS = (
    "0",
    "1",
    "2",
    "3",
    "-1",
    "10",
    "1.5",
    "x",
    "",
    "99999999999999999999",
    "1e3",
    "nan",
    "0x3",
    " 2",
    "²",
    "15",
    "16",
    "100000",
    "1000000000",
)
OPTIONS: dict[str, dict[str, tuple[str, ...] | None]] = {
    "work": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--iteration": (*COUNTS, "1:3", "3:1", "1:", ":2", "0:1", "1:1000000000", "1:2:3"),
        "--format": ("terminal", "latex", "html", "markdown", "json", "pdf", ""),
        "--fragment": None,
        "--out": FILE_VALUES,
        "--rows": COUNTS,
        "--decimals": COUNTS,
        "--json": None,
    },
    "train": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--engine": ("direct", "autograd", "compiled", "numpy", ""),
        "--record-every": COUNTS,
        "--curves": FILE_VALUES,
        "--out": FILE_VALUES,
        "--log": ("tensorboard:keep.txt", "tensorboard:", "mlflow:", "runs", ""),
        "--json": None,
    },
    "sweep": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--learning-rate": LISTS,
        "--batch-size": LISTS,
        "--weight-decay": LISTS,
        "--epochs": LISTS,
        "--seeds": COUNTS,
        "--validation": (*COUNTS, "0.2", "0.99"),
        "--folds": COUNTS,
        "--out": FILE_VALUES,
        "--plot": FILE_VALUES,
        "--best-out": FILE_VALUES,
        "--json": None,
    },
    "check": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--hint": None,
        "--page": FILE_VALUES,
        "--list": (*FILE_VALUES, "class.csv", "class.csv"),
        "--names": ("name", "2", "0", "id", "", "x"),
        "--id": ("id", "1", "9", ""),
        "--grades": FILE_VALUES,
        "--grades-for": ("moodle", "canvas", "table", "ilias", ""),
        "--grade": ("Grade", "id", "", "="),
        "--json": None,
    },
    "new": {
        "--layer": ("softmax", "logistic", "linear", "perceptron", "softmx", ""),
        "--patterns": COUNTS[:14],
        "--inputs": COUNTS[:14],
        "--classes": COUNTS,
        "--neurons": COUNTS,
        "--separable": None,
        "--overlapping": None,
        "--one-decimal": None,
        "--learning-rate": ("0.1", "0", "-1", "nan", "1e308", "x"),
        "--epochs": COUNTS,
        "--decimals": COUNTS,
        "--seed": COUNTS,
        "--for": FILE_VALUES,
        "--out": FILE_VALUES,
        "--forms": ("html", "latex,html", "", ",", "pdf", "terminal,markdown", "html,html"),
        "--json": None,
    },
    "sheet": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--format": ("html", "latex", "markdown", "pdf", ""),
        "--out": FILE_VALUES,
        "--formulas": None,
        "--json": None,
    },
    "template": {
        "--root": (".", "..", "/", "answers", "no/such", "keep.txt", ""),
        "--format": ("toml", "json", "html", ""),
        "--out": FILE_VALUES,
        "--json": None,
    },
    "tutorial": {"--out": ("keep.txt", "no/such", "")},
}
POSITIONS = {"work": 1, "train": 1, "sweep": 1, "check": 2, "new": 0, "sheet": 1, "template": 1, "tutorial": 0}
PATHS = (
    "problem.toml",
    "problem.toml",
    "answer.toml",
    "answers",
    ".",
    "keep.txt",
    "nowhere.toml",
    "problm.toml",
    "/dev/zero",
    "/dev/null",
    "",
    "class.txt",
    "problem.toml\x00",
    "\udcff.toml",
)


@st.composite
def option_cases(draw: st.DrawFn) -> Case:
    """Files that are right, and a command line that may not be."""
    command = draw(
        st.sampled_from(
            ["work", "train", "sweep", "check", "new", "work", "sweep", "new", "check", "sheet", "template", "tutorial"]
        )
    )
    argv = [command]
    usual = ("problem.toml", draw(st.sampled_from(["answer.toml", "answers"])))[: POSITIONS[command]]
    argv += [draw(st.sampled_from(PATHS)) if draw(st.integers(0, 7)) == 7 else path for path in usual]
    if command == "tutorial":
        argv.append(draw(st.sampled_from(["4", "0", "x", "-1"])))
    options = OPTIONS[command]
    for name in draw(st.lists(st.sampled_from(sorted(options)), max_size=3)):
        words = options[name]
        argv.append(name)
        if words is not None:
            word = draw(
                st.sampled_from(words) | texts().map(_argument)
                if draw(st.integers(0, 9)) == 9
                else st.sampled_from(words)
            )
            argv.append(word)
    if draw(st.integers(0, 15)) == 15:
        argv.insert(
            draw(st.integers(0, len(argv))),
            draw(st.sampled_from(["--help", "--version", "--hlep", "--", "-", "extra", "--json=1"])),
        )
    return Case(dict(FILES), tuple(argv))


def _argument(word: str) -> str:
    """A text that the system can hand to a program."""
    return word.replace("\x00", "0").encode("utf-8", "replace").decode()
