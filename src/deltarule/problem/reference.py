"""The reference page of the problem file, docs/problem-file.md, made from the table of keys and from the reader's own messages.

`python -m deltarule.problem.reference > docs/problem-file.md` writes it.
"""

from __future__ import annotations

import sys
import tomllib
from typing import Any

from deltarule.errors import ProblemError
from deltarule.not_supported import SINGLE
from deltarule.problem.keys import KEYS, OUTER, TABLES, Key
from deltarule.problem.reading import problem_from
from deltarule.problem.unknown_keys import NOT_SUPPORTED, SYNONYMS

FILE = "problem.toml"
# A whole problem; the examples of mistakes are put into it, one at a time.
EXAMPLE = """\
title = "Three classes in the plane"

[layer]
kind = "softmax"
weights = [[0.88, 0.08], [0.68, -0.39]]  # a row an input, a column a neuron
biases = [0.0, 0.0]

[data]
inputs = [[0, 4], [-1, 3]]               # a row a pattern
targets = ["A", "B"]                     # one a pattern

[descent]
learning_rate = 0.05
epochs = 1000

[show]
decimals = 2
"""
HEAD = f"""\
# The problem file

A problem is a TOML file: a layer, data and a descent. `deltarule work`, `train`, `sweep` and `check` read it,
`deltarule new` writes one, and so do `dr.write_problem` and `deltarule train --out`. In Python, `dr.read_problem("problem.toml")`
reads a file, and `dr.problem_from(...)` takes the same tables as dictionaries.

```toml {FILE}
{EXAMPLE}```

Each key is described below: what its value is, what holds where it is left out, and what it means. Below each table stand
common mistakes, with the messages that they get. A key or a table that is not on this page is an error.
"""
PURPOSES = {
    "": "Above all tables.",
    "layer": "The kind of layer, and where it starts. deltarule trains single layers: there are no hidden layers.",
    "data": (
        "The patterns, from one of three sources: `inputs` and `targets` in the file; `table` and `target`; or `dataset`. "
        "They may be split and scaled."
    ),
    "descent": (
        "Gradient descent, with or without momentum and a schedule of the learning rate: no Adam, no L1. "
        "`deltarule.Descent` takes the same values."
    ),
    "conventions": (
        "How delta, weights and biases are written, in this file, in worked steps and in answers. The whole table may be left out."
    ),
    "show": "How results are shown. The whole table may be left out.",
    "marking": (
        "What is asked for, and what it is worth. The whole table may be left out. `deltarule template` and `deltarule sheet` "
        "write what is asked for, to be filled in; `deltarule check` marks by it."
    ),
}
TARGETS = """\
## Targets

- `linear`: numbers; rows, or a flat list for one neuron. With `classes`: labels, as for `logistic`.
- `perceptron`: numbers that its outputs can come close to, between 0 and 1 for `sigmoid`, between -1 and 1 for `tanh`.
  `scale_targets` brings any numbers to [0, 1].
  With `activation = "step"` or `"sign"`: labels, as for `logistic`, or rows of answers (0 and 1, or -1 and 1).
- `softmax`: labels (texts, whole numbers or booleans), one neuron a class; or one-hot rows.
- `logistic`: labels, with one neuron for two classes, or one a class; or rows of 0 and 1 for independent neurons.

The classes are the sorted labels of all patterns, the test set's too. The classes of one-hot rows are 1, 2, ... K; of a
table, the names of the columns. `classes` in `[layer]` names them instead, in the order of the neurons; then a class may have no
pattern. Labels of a table are read without the blanks around them, and a note says so where that makes one label of two.
"""


def reference() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for table in ("", *TABLES):
        heading = f"## `[{table}]`" if table else "## The title"
        keys = list(KEYS[table].items())
        inner = [(f"{outer}.{name}", key) for outer, keys_ in _braces(table) for name, key in keys_.items()]
        parts += [f"{heading}\n\n{PURPOSES[table]}\n", _described(keys + inner), _mistaken(table, keys + inner)]
        if table == "data":
            parts.append(TARGETS)
    return "\n".join([*parts, _others()])


def _others() -> str:
    """Words of other programs: for known keys, and for what is not supported."""
    synonyms = [f"| `{key}` | {', '.join(f'`{word}`' for word in words.split())} |" for key, words in SYNONYMS.items()]
    absent = [
        f"| {', '.join(f'`{word}`' for word in words.split())} | {remedy} |" for words, remedy in NOT_SUPPORTED.items()
    ]
    layers = f"| `[[layers]]`, `[hidden]`, `hidden` | {SINGLE} |"
    return "\n".join(
        [
            "## Other words\n",
            "These words are not keys; the message names the key that is probably intended.\n",
            *["| key | other words |", "| --- | --- |", *synonyms],
            "\n## Not supported\n",
            "The message says what there is instead.\n",
            *["| written | message |", "| --- | --- |", layers, *absent],
            "",
        ]
    )


def _braces(table: str) -> list[tuple[str, dict[str, Key]]]:
    """The tables in braces that stand in a table."""
    return [(name, KEYS[name]) for name, outer in OUTER.items() if outer == table]


def _described(keys: list[tuple[str, Key]]) -> str:
    """The keys of a table, one a row."""
    rows = ["| key | value | example | left out | meaning |", "| --- | --- | --- | --- | --- |"]
    for name, key in keys:
        left_out = key.left_out or "required"
        rows.append(f"| `{name}` | {key.type.name} | `{key.written}` | {left_out} | {key.meaning} |")
    return "\n".join(rows) + "\n"


def _mistaken(table: str, keys: list[tuple[str, Key]]) -> str:
    """What is wrong, and the message for it."""
    rows = ["| written | message |", "| --- | --- |"]
    for _, key in keys:
        rows += [f"| `{lines.replace(chr(10), '` `')}` | {message(table, lines)} |" for lines in key.mistakes]
    return "\n".join(rows) + "\n"


def message(table: str, lines: str) -> str:
    """What the reader says to lines put into a table of the example, in place of its keys of the same names.

    Examples
    --------
    >>> message("descent", "epochs = 0").partition("Got")[0]
    'problem.toml, [descent] epochs: The number of epochs must be a whole number of at least 1. '
    """
    document: dict[str, Any] = tomllib.loads(EXAMPLE)
    changes = tomllib.loads(lines)
    # The keys that the lines replace are removed: they would be a second mistake.
    if "init" in changes:
        document["layer"] = {"kind": "softmax"}
    if "table" in changes or "dataset" in changes:
        document["data"] = {}
    if changes.get("kind") == "perceptron":
        document["data"]["targets"] = [[1, 0], [0, 1]]
    (document.setdefault(table, {}) if table else document).update(changes)
    try:
        problem_from(document)
    except ProblemError as error:
        return str(error).replace("problem,", f"{FILE},", 1)
    raise ValueError(lines)


if __name__ == "__main__":
    sys.stdout.write(reference())
