"""Problem files in the page: TOML is read as `tomllib` reads it, and a problem as Python reads it, or refused."""

import json
import math
import tomllib

import numpy as np
import pytest

from deltarule.errors import ProblemError
from deltarule.playground.presets import presets
from deltarule.playground.restored import is_same
from deltarule.playground.state import state_of
from deltarule.problem import problem_from
from playground_node import worked

PLAIN = """title = "Two classes"  # as in a lecture

[layer]
kind = "softmax"
weights = [
    [0.88, 0.08],
    [0.68, -0.39],
]
biases = [0.0, 1e-3]

[data]
inputs = [[0, 4], [-1, 3], [2.5, 1_000]]
targets = ["B", "A", "B"]

[descent]
learning_rate = 0.05
epochs = 10
batch_size = 2
momentum = 0.5
schedule = {kind = "step", every = 3, factor = 0.5}

[show]
decimals = 3
"""
LABELS = {
    "softmax": (["A", "b", "Z"], [10, 9, -1], [True, False, True], [[1, 0], [0, 1], [0, 1]]),
    "logistic": (["A", "B", "A"], ["A", "b", "é"], [[0], [1], [1]], [[0, 1], [1, 1], [0, 0]], [0, 1, 1], [[5], [6], [6]]),
    "step": (["A", "B", "A"], [[0], [1], [1]], [[0, 1], [1, 1], [0, 0]], [1, 0, 1]),
    "sign": (["A", "B", "A"], [[-1], [1], [1]], [[-1, 1], [1, 1], [-1, -1]], [1, -1, 1]),
    "sigmoid": ([0.5, 0.25, 1], [[0, 0.1], [1, 0.5], [0.3, 0.9]]),
    "tanh": ([-0.5, 0.25, 1], [[0, -0.1], [1, 0.5], [0.3, 0.9]]),
    "linear": ([1, -2.5, 7], [[1], [2], [3]], [[1, 2], [3, 4], [5, 6]]),
}  # fmt: skip


def toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def written(kind, targets, *more):
    hard = kind in ("step", "sign", "sigmoid", "tanh")
    return "\n".join([
        "[layer]",
        f'kind = "perceptron"\nactivation = "{kind}"' if hard else f'kind = "{kind}"',
        "init = {seed = 3}",
        *more,
        "[data]",
        "inputs = [[0, 4], [-1, 3], [2, 1]]",
        f"targets = {toml(targets)}",
        "[descent]",
        "learning_rate = 0.05",
        "epochs = 10",
    ])  # fmt: skip


def read(text):
    """The state of a problem file by Python; None where it is refused."""
    try:
        return state_of(problem_from(tomllib.loads(text.removeprefix("\ufeff"))))
    except (ProblemError, tomllib.TOMLDecodeError):
        return None


def assert_same(found, expected):
    assert found["refused"] is None
    assert is_same({**found["state"], "input_names": 0}, {**expected, "input_names": 0}), (found["state"], expected)


def test_a_problem_file_is_read_as_python_reads_it():
    texts = [PLAIN, *(written(kind, targets) for kind, every in LABELS.items() for targets in every)]
    texts += [
        written("linear", ["a", "b", "a"], 'classes = ["b", "a"]'),
        written("linear", ["a", "b", "c"], 'classes = ["a", "b", "c", "d"]'),
        written("softmax", ["a", "b", "a"], 'classes = ["b", "c", "a"]', "biases = false"),
    ]
    (found,) = worked([{"what": "opened", "texts": texts}])
    for each, text in zip(found, texts, strict=True):
        assert_same(each, read(text))
    assert found[0]["state"]["title"] == "Two classes"
    assert found[1]["state"]["title"] == "file"


def test_a_file_that_the_page_saves_is_opened_as_it_was():
    states = [state_of(problem) for problem in presets().values()]
    (texts,) = worked([{"what": "files", "states": states}])
    (found,) = worked([{"what": "opened", "texts": texts}])
    for each, state in zip(found, states, strict=True):
        names = {"input_names": state["input_names"], "target_names": state["target_names"]}
        assert_same({**each, "state": {**each["state"], **names}}, state)
        assert each["state"]["title"] == state["title"]


REFUSED = {
    "The page does not know [data] table. Open the file by the command: deltarule play FILE": (
        "inputs = [[0, 4], [-1, 3], [2.5, 1_000]]",
        'table = "flowers.csv"',
    ),
    "The page does not know [data] standardise. Open the file by the command: deltarule play FILE": (
        "[descent]",
        "standardise = true\n[descent]",
    ),
    "The page does not know conventions. Open the file by the command: deltarule play FILE": (
        "[show]",
        '[conventions]\ndelta = "D - Y"\n[show]',
    ),
    "[descent] epochs is missing in the file.": ("epochs = 10", ""),
    "[layer] weights is missing in the file.": ("weights = [\n    [0.88, 0.08],\n    [0.68, -0.39],\n]", ""),
    "Line 13 is not written as in a problem file.": ("[-1, 3]", "[-1, 3"),
    "What the file has for [descent] schedule does not fit.": ("every = 3, ", ""),
    "What the file has for [descent] nesterov does not fit.": ("momentum = 0.5", "nesterov = true"),
    "What the file has for learning rate does not fit.": ("learning_rate = 0.05", "learning_rate = -1"),
    "What the file has for weights does not fit.": ("[0.88, 0.08]", "[0.88, 0.08, 1]"),
    "What the file has for [layer] kind does not fit.": ('"softmax"', '"relu"'),
    "What the file has for [data] targets does not fit.": ('"B", "A", "B"', '"B", "A"'),
}  # fmt: skip


def test_what_the_page_cannot_train_on_is_named():
    texts = [PLAIN.replace(*change) for change in REFUSED.values()]
    assert PLAIN not in texts
    (found,) = worked([{"what": "opened", "texts": texts}])
    assert [each["refused"] for each in found] == list(REFUSED)


PIECES = [
    *(
        "\n",
        "[",
        "]",
        "{",
        "}",
        ",",
        "=",
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "#",
        ".",
        "_",
        "-",
        "+",
        "0",
        "1",
        "e",
        " ",
        "\t",
    ),
    *("a = 1\n", "[a]\n", "[a.b]\n", "a.b = 2\n", "[layer]\n", "true", "inf", "nan", "0x1F", "0b101", "\\u00e9", "\\n"),
    *(
        "é",
        "\u2028",
        "\x00",
        "\r",
        "\r\n",
        "__proto__",
        "constructor",
        '""',
        "[]",
        "{}",
        "1_0",
        "01",
        "1.",
        ".5",
        "\ufeff",
    ),
]


def mutated(rng):
    text = PLAIN if rng.random() < 0.7 else ""
    for _ in range(rng.integers(1, 6) if text else rng.integers(1, 12)):
        place = rng.integers(len(text) + 1)
        length = rng.integers(0, 4) if rng.random() < 0.5 else 0
        text = text[:place] + PIECES[rng.integers(len(PIECES))] + text[place + length :]
    return text


def plain(value):
    """Numbers that JSON has not as texts, as the page's reader gives them to the test."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


COUNTS = [pytest.param(1500, id="hundreds"), pytest.param(10_000, id="ten thousand", marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", COUNTS)
def test_a_text_is_read_as_tomllib_reads_it_or_refused_by_its_line(count):
    rng = np.random.default_rng(count)
    texts = [mutated(rng) for _ in range(count)]
    (found,) = worked([{"what": "toml", "texts": texts}])
    (files,) = worked([{"what": "opened", "texts": texts}])
    read_by_both = 0
    for text, each, file in zip(texts, found, files, strict=True):
        try:
            expected = plain(tomllib.loads(text.removeprefix("\ufeff")))
        except tomllib.TOMLDecodeError:
            expected = None
        assert file["fault"] is None, text
        if each["line"] is None:
            assert expected is not None, repr(text)
            assert json.loads(each["value"]) == expected, text
            read_by_both += 1
        else:
            assert 1 <= each["line"] <= text.count("\n") + 2
            # What problem files have no use for: lists of tables, dates.
            assert expected is None or "[[" in text or "-" in text, text
        if file["state"] is not None and (state := read(text)) is not None:
            assert_same(file, state)
    assert count / 50 < read_by_both < count


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "a = " + "[" * 100_000, "a = " + "{a = " * 50_000, "a." * 100_000, "#" * 3_000_000, 'a = "' + "x" * 500_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_a_monstrous_text_is_refused_at_once(text):
    (found,) = worked([{"what": "opened", "texts": [text]}])
    assert found[0]["fault"] is None
    assert found[0]["state"] is None
