"""Folders of answers: hostile ones beside right ones, which must be marked as if they were alone."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.case import Case, Fault, Fifo, Folder, Link, Verdict
from tools.fuzz.commands import FILES, answer_text
from tools.fuzz.judging import judged
from tools.fuzz.problems import Sizes
from tools.fuzz.rough import DOUBLE, Task, descend
from tools.fuzz.sandbox import run_command

SPARE = Sizes("softmax", 6, 2, 3, 20, ["A", "B", "C"])  # of FILES["problem.toml"]
NAMES = (
    "Ada",
    "\u00c9mile",
    "E\u0301mile",
    "=cmd",
    "\x1b[31mred",
    "a\nb",
    "<script>",
    "\udcff\udcfe",
    "..",
    "-",
    "x" * 200,
    "Ada.v2",
    "a|b",
    "$(id)",
    "\u202eknarf",
    "con",
    "problem",
    "1",
    " ",
)
RIGHT = re.compile(r"R(ight|\d+)\.toml")
DEEP = b"[iteration.1]\n" + b"a." * 2000 + b"b = 1\n"
HOSTILE: tuple[Any, ...] = (
    DEEP,
    b"\xff\xfe\x00",
    b"",
    b"{",
    b"[" * 5000,
    Fifo(),
    Link("/dev/zero"),
    Link("/etc/passwd"),
    Link("nowhere"),
    Folder(),
    Link(".."),
    b"[convergence]\noutputs = [[1e308, 1e308, 0]" + b", [0.1, 0.2, 0.7]" * 5 + b"]\n",
    b'{"iteration": {"1": {"weights": [[0, 0, 0], [3, 0, 1' + b"0" * 310 + b"]]}}}",
    b"[iteration.1]\nweights = [[1e154, 0.0, 0.0], [0.0, 0.0, 0.0]]\nbiases = [1e308, -1e308, 1e308]\n",
    b'[iteration.1]\ndelta = "/dev/zero"\n',
    b'[iteration.1]\ndelta = "../problem.toml"\n',
    b"[iteration.1]\nerrors = 3\n[iteration.01]\nerrors = 4\n",
    b'name = "\\u001b[31m=1+1"\n',
    b"[iteration.99999999999999999999]\ncost = 1.0\n",
    b"[iteration.1]\ncost = 1e308\n",
    b"[iteration.1]\n" + b"x = 1\n" * 2,
)


def right_answer() -> bytes:
    """Cost, weights and biases of the first update of FILES["problem.toml"], to two decimals, by plain loops."""
    X = [[0.0, 4.0], [-1.0, 3.0], [-2.0, 2.0], [0.0, 2.0], [1.0, 0.0], [3.0, 0.0]]
    D = [[float(k == label) for k in range(3)] for label in (0, 0, 1, 1, 2, 2)]
    W = [[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]]
    start, after = descend(Task("softmax", X, D, [1.0] * 6, W, [0.0] * 3, 0.05, 1, None, False, 0.0, 0), DOUBLE)
    rows = [[round(w.v, 2) for w in row] for row in after.W]
    return f"[iteration.1]\ncost = {start.cost.v:.2f}\nweights = {rows}\nbiases = {[round(b.v, 2) for b in after.b]}\n".encode()


@st.composite
def folder_cases(draw: st.DrawFn) -> Case:
    """A right answer or two, and hostile ones, in all outputs."""
    files: dict[str, Any] = {"problem.toml": FILES["problem.toml"], "answers/Right.toml": right_answer()}
    many = draw(st.integers(0, 60)) == 60
    if many:
        files |= {f"answers/R{number}.toml": right_answer() for number in range(45)}
    for _ in range(draw(st.integers(1, 4))):
        name, ending = draw(st.sampled_from(NAMES)), draw(st.sampled_from(["toml", "toml", "json", "csv", "TOML"]))
        content = draw(st.sampled_from(HOSTILE)) if draw(st.booleans()) else draw(answer_text(SPARE))[1]
        files[f"answers/{name}.{ending}".replace("/..", "/dots")] = content
    more = draw(
        st.sampled_from([("--json",), ("--json",), (), ("--page", "out.html"), ("--json", "--page", "out.html")])
    )
    return Case(files, ("check", "problem.toml", "answers", *more))


def attempt(case: Case) -> Verdict:
    """Mark the folder: each right answer is right, and everybody is named."""
    ran = run_command(case)
    verdict = judged(case, ran)
    if ran.error is None and ran.code not in (0, 1):
        verdict.faults.append(Fault("exit code", "the folder is not marked", ran.err))
    if "--json" not in case.argv or ran.code not in (0, 1):
        return verdict
    try:
        answers = {each["file"]: each for each in json.loads(ran.out)["answers"]}
    except ValueError:
        return verdict
    for name in case.files:
        short = name.removeprefix("answers/")
        if RIGHT.match(short) and not answers.get(short, {}).get("right"):
            verdict.faults.append(Fault("difference", "a right answer is not right", f"{short}: {answers.get(short)}"))
    return verdict
