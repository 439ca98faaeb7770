"""What the page takes for a state: what it has written itself, and nothing that is no problem of the page."""

import base64
import copy
import json
import tomllib
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deltarule.errors import InputError
from deltarule.layers import SoftmaxLayer
from deltarule.playground.presets import presets, question
from deltarule.playground.restored import is_same, problem_of
from deltarule.playground.state import kind_of, state_of
from deltarule.problem import problem_from
from playground_node import worked
from samples import NAMES, sample

TWO = {
    "layer": {"kind": "softmax", "weights": [[1.0, 0.0]]},
    "data": {"inputs": [[1], [2]], "targets": ["no", "yes"]},
    "descent": {"learning_rate": 0.1, "epochs": 10},
}
ODD = (
    None,
    True,
    -1,
    0,
    0.5,
    3,
    1e300,
    -1e13,
    "",
    "x",
    "__proto__",
    "<b>",
    [],
    {},
    [[]],
    [None],
    [1e13],
    {"kind": "step"},
    2**53,
)


KINDS = ("softmax", "logistic", "sigmoid", "tanh", "step", "sign", "adaline")


def with_change(problem, table, **keys):
    return {**problem, table: {**problem[table], **keys}}


def checked(states):
    return worked([{"what": "states", "states": states}])[0]


def places(value, path=()):
    """The way to each entry of nested lists and dictionaries."""
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(each, (*path, key))


def changed(rng, state):
    """A state with one to three of its entries replaced by something odd, removed, or said twice."""
    state = copy.deepcopy(state)
    for _ in range(rng.integers(1, 4)):
        ways = [path for path in places(state) if path]
        *way, last = ways[rng.integers(len(ways))]
        inner = state
        for key in way:
            inner = inner[key]
        action = rng.integers(3)
        if action == 0:
            inner[last] = copy.deepcopy(ODD[rng.integers(len(ODD))])
        elif action == 1:
            del inner[last]
        elif isinstance(inner, list):
            inner.append(inner[last])
    return state


def test_the_states_of_all_presets_and_kinds_of_layer_are_taken_as_they_are():
    states = [state_of(problem) for problem in presets().values()]
    for found, state in zip(checked(states), states, strict=True):
        taken = found["state"]
        assert {name: taken[name] for name in state if name != "descent"} == {
            name: state[name] for name in state if name != "descent"
        }
        assert taken["descent"] | {"schedule": None} == state["descent"] | {"schedule": None}


def hostile(count, seed):
    rng = np.random.default_rng(seed)
    small = [state_of(presets()[name]) for name in ("question_1", "line", "xor")]
    return [changed(rng, small[rng.integers(3)]) for _ in range(count)]


COUNTS = [pytest.param(600, id="hundreds"), pytest.param(10_000, id="ten thousand", marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", COUNTS)
def test_a_state_that_was_changed_is_refused_or_worked_as_any_other(count):
    found = checked(hostile(count, count))
    assert all(each["fault"] is None for each in found)
    refused = sum(each["state"] is None for each in found)
    assert count / 10 < refused < count
    for each in found:
        if each["state"] is not None:
            json.dumps(each["state"], allow_nan=False)
            assert checked_shape(each["state"])


def checked_shape(state):
    P, N, K = len(state["inputs"]), len(state["inputs"][0]), len(state["weights"][0])
    return (
        len(state["targets"]) == P
        and np.shape(state["weights"]) == (N, K)
        and state["updates"] <= 100_000
        and 0 <= state["selected"] < P
        and (state["biases"] is None or len(state["biases"]) == K)
    )


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(max_examples=10)
def test_what_is_no_state_at_all_is_refused(value):
    found = checked([value, [value], {"kind": value}])
    assert [each["state"] for each in found] == [None, None, None]


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_layer_has_a_word(name):
    assert kind_of(sample(name).layer) == {
        "logistic": "logistic", "softmax": "softmax", "adaline": "adaline", "linear": "linear",
    }.get(name.split(",")[0], name.split(",")[0].removeprefix("perceptron "))  # fmt: skip


def test_a_layer_of_a_users_own_kind_is_refused_by_its_name():
    class Shifted(SoftmaxLayer):
        def activate(self, U):
            return super().activate(U) + 1

    with pytest.raises(InputError, match=r"be of a kind that it has formulas for .* Got a Shifted\."):
        kind_of(Shifted([[1.0, 0.0]], [0.0, 0.0], classes=["A", "B"]))


def test_a_state_holds_what_is_trained_on():
    state = state_of(presets()["question_2"])
    problem = question(2)
    assert state["inputs"] == problem.X.tolist()
    assert state["targets"] == problem.patterns.D.tolist()
    assert state["target_names"] == ["weight", "waist", "pulse"]


@pytest.mark.parametrize(
    ("table", "keys", "message"),
    [
        (
            "data",
            {"inputs": [[1]] * 2001, "targets": ["no", "yes"] + ["no"] * 1999},
            "number of patterns in the playground must be at most 2,000",
        ),
        ("data", {"inputs": [[1e13], [2]]}, "inputs in the playground must be at most 1e\\+12"),
        ("descent", {"epochs": 100_001}, "number of updates in the playground must be at most 100,000"),
        ("descent", {"learning_rate": 1e13}, "learning rate in the playground must be at most 1e\\+12"),
        ("descent", {"seed": 2**60}, "seed in the playground must be at most 9"),
        ("layer", {"weights": [[1e13, 0]]}, "weights in the playground must be at most 1e\\+12"),
    ],
)
def test_a_problem_that_the_page_does_not_show_is_refused_by_what_is_too_much(table, keys, message):
    with pytest.raises(InputError, match=message):
        state_of(problem_from(with_change(TWO, table, **keys)))


def test_labels_that_would_read_the_same_are_told_apart():
    long = "a" * 60
    state = state_of(problem_from(with_change(TWO, "data", targets=[long + "b", long + "c"])))
    assert len(set(state["classes"])) == 2
    assert all(len(name) <= 40 for name in state["classes"])
    assert checked([state])[0]["state"] is not None


CELLS = [
    "",
    "1",
    "-2.5",
    "1,5",
    "1e400",
    "nan",
    "A",
    "yes",
    '"q"',
    "<b>",
    "\u202e",
    "=1+1",
    "0x10",
    " ",
    "1 2",
    "__proto__",
]


def hostile_table(rng):
    """Cells of all kinds or of numbers alone, in rows of one length or not, with any separators."""
    separator = ["\t", ";", ",", " ", "\n"][rng.integers(5)]
    most = len(CELLS) if rng.random() < 0.3 else 4
    shape = rng.integers(0, 8), rng.integers(1, 6)
    rows = [[CELLS[place] for place in row] for row in rng.integers(1, most, shape)]
    if rows and rng.random() < 0.3:
        rows[-1] = rows[-1][:-1]
    return ["\n", "\r\n", "\r"][rng.integers(3)].join(separator.join(row) for row in rows)


@pytest.mark.parametrize("count", COUNTS)
def test_a_table_that_is_pasted_is_read_or_refused_in_a_sentence(count):
    rng = np.random.default_rng(count)
    texts = [hostile_table(rng) for _ in range(count)]
    (found,) = worked([{"what": "pastes", "texts": texts, "before": state_of(question(1))}])
    assert [each["fault"] for each in found] == [None] * count
    assert count / 20 < sum(each["state"] is not None for each in found) < count


def test_a_link_holds_the_state_and_a_hostile_one_is_refused_at_once():
    states = [state_of(problem) for problem in presets().values()]
    links = worked([{"what": "packed", "state": state} for state in states])
    back = checked(states)
    bomb = base64.urlsafe_b64encode(zlib.compressobj(9, zlib.DEFLATED, -15).compress(b" " * 60_000_000)).decode()
    wrong = ["", "AAAA", "%%%", "A" * 100_001, bomb, links[0][:-8], links[0][::-1]]
    (found,) = worked([{"what": "links", "links": links + wrong}])
    assert [each["state"] for each in found[: len(links)]] == [each["state"] for each in back]
    assert {each["refused"] for each in found[len(links) :]} <= {"damaged", "tooLong"}
    assert all(len(link) < 20_000 for link in links)


def link_of(data):
    deflated = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflated.compress(data) + deflated.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def hostile_link(rng, states):
    """The link of a state that was changed, or one whose letters, bytes or JSON were."""
    text = json.dumps(changed(rng, states[rng.integers(len(states))])).encode()
    form = rng.integers(4)
    if form == 1:
        place = rng.integers(len(text))
        text = text[:place] + rng.bytes(rng.integers(1, 4)) + text[place + rng.integers(0, 4) :]
    link = link_of(text)
    if form == 2:
        place = rng.integers(len(link))
        link = link[:place] + "-_A=%é\x00<"[rng.integers(8)] * int(rng.integers(1, 3)) + link[place + 1 :]
    return link[: rng.integers(len(link))] if form == 3 else link


@pytest.mark.parametrize("count", COUNTS)
def test_a_hostile_link_is_a_state_that_can_be_worked_or_refused_by_its_reason(count):
    rng = np.random.default_rng(count)
    small = [state_of(presets()[name]) for name in ("question_1", "line", "xor")]
    (found,) = worked([{"what": "links", "links": [hostile_link(rng, small) for _ in range(count)]}])
    states = [each["state"] for each in found if each["state"] is not None]
    assert {each["refused"] for each in found} <= {None, "damaged"}
    assert count / 50 < len(states) < count
    assert [each["state"] for each in checked(states)] == states


def test_a_problem_that_was_opened_is_saved_as_the_same_problem():
    states = [each["state"] for each in checked([state_of(problem) for problem in presets().values()])]
    (texts,) = worked([{"what": "files", "states": states}])
    for problem, text in zip(presets().values(), texts, strict=True):
        saved = problem_from(tomllib.loads(text))
        assert saved.title == problem.title
        assert saved.descent == problem.descent
        assert saved.layer.classes == problem.layer.classes
        for found, expected in [
            (saved.X, problem.X),
            (saved.patterns.D, problem.patterns.D),
            (saved.layer.weights, problem.layer.weights),
            (saved.layer.biases, problem.layer.biases),
        ]:
            np.testing.assert_array_equal(found, expected)


def of_kind(state, kind):
    """A preset with a layer of another kind."""
    inputs, classes = len(state["inputs"][0]), state["classes"]
    single = classes and len(classes) == 2 and kind in ("logistic", "step", "sign", "adaline")
    K = 1 if single else len(classes or state["weights"][0])
    return state | {
        "kind": kind,
        "weights": [[0.1 * (n + k) for k in range(K)] for n in range(inputs)],
        "biases": [0.5] * K,
        "descent": state["descent"] | {"momentum": 0.5, "schedule": {"kind": "step", "every": 3, "factor": 0.5}},
        "decimals": 4,
    }


def assert_same_problem(found, expected):
    assert (found.title, found.descent, found.decimals) == (expected.title, expected.descent, expected.decimals)
    assert (type(found.layer), found.layer.own_fields()) == (type(expected.layer), expected.layer.own_fields())
    for name in ("weights", "biases"):
        np.testing.assert_array_equal(getattr(found.layer, name), getattr(expected.layer, name))
    np.testing.assert_array_equal(found.X, expected.X)
    np.testing.assert_array_equal(found.patterns.D, expected.patterns.D)


def test_python_makes_the_problem_of_a_state_that_the_page_saves():
    states = [
        of_kind(state, kind)
        for state in (state_of(problem) for problem in presets().values())
        for kind in (KINDS if state["classes"] else ["linear"])
    ]
    (texts,) = worked([{"what": "files", "states": states}])
    for state, text in zip(states, texts, strict=True):
        made = problem_of(state)
        assert_same_problem(made, problem_from(tomllib.loads(text)))
        assert list(made.input_names) == state["input_names"]
        # A sigmoid or tanh layer predicts numbers, and a problem has no classes for it.
        assert is_same(state_of(made), state) == (state["kind"] not in ("sigmoid", "tanh"))


@pytest.mark.parametrize(
    "title", ['"quoted" \\ back', "a\u007fb", "line\nbreak", "\u202eturned", "</script><b>", "Łódź 名前"]
)
def test_a_title_is_saved_as_it_reads(title):
    state = {**checked([state_of(question(1))])[0]["state"], "title": title}
    taken = checked([state])[0]["state"]
    (text,) = worked([{"what": "files", "states": [taken]}])[0]
    assert tomllib.loads(text)["title"] == taken["title"]
