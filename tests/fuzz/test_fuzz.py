"""The harness finds faults that are planted, makes them small, and goes on; a small part of it runs here."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
if not (ROOT / "tools").is_dir() or not hasattr(os, "fork"):
    pytest.skip("the tools are not part of this copy, or the system has no fork", allow_module_level=True)
sys.path.insert(0, str(ROOT))

import naive  # noqa: E402
from tools.fuzz import case, engines, judging, kills, odd, rough, sandbox, toml  # noqa: E402
from tools.fuzz.case import Case, Fault, Fifo, Verdict  # noqa: E402
from tools.fuzz.kinds import KINDS, command  # noqa: E402
from tools.fuzz.rounds import Child, Kind, run_here  # noqa: E402
from tools.fuzz.warming import train_all  # noqa: E402


def faulty(value):
    """Two faults: figures above 100, and those below -10."""
    large = [Fault("traceback", "large", str(value))] if value > 100 else []
    return Verdict("done", large + ([Fault("silent", "small", str(value))] if value < -10 else []))


def deadly(value):
    if value == 500:
        os._exit(3)
    return Verdict()


WHOLE = Kind(lambda: st.integers(-1000, 1000), faulty)


def test_each_fault_is_found_once_and_made_small():
    tally = run_here(WHOLE, 1, 300, set(), lambda value: None)
    assert {key: value for key, (_, value) in tally.found.items()} == {
        ("traceback", "large"): 101,
        ("silent", "small"): -11,
    }
    assert tally.inputs == 300
    assert tally.faults["silent", "small"] > 1


def test_a_fault_that_is_known_is_counted_and_not_made_small():
    tally = run_here(WHOLE, 1, 300, {("traceback", "large"), ("silent", "small")}, lambda value: None)
    assert not tally.found
    assert tally.faults["traceback", "large"] > 100


def test_equal_seeds_try_equal_inputs():
    tried = [[], []]
    for values in tried:
        run_here(Kind(st.integers, lambda _: Verdict()), 5, 50, set(), values.append)
    assert tried[0] == tried[1]


def test_what_a_child_had_when_it_died_is_the_fault():
    child = Child(Kind(lambda: st.sampled_from([500]), deadly), 1, 5, set())
    while (tally := child.tally()) is None:
        time.sleep(0.01)
    assert tally.found[("died", "status 3")][1] == 500
    assert not child.place.exists()


def test_what_waits_for_ever_is_a_hang(monkeypatch):
    monkeypatch.setattr(sandbox, "WAITING_SECONDS", 0.5)
    with pytest.raises(sandbox.Hang), sandbox.bounded():
        time.sleep(30)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b'{"a": 1}'),
        ("a.toml", b"[a]\nb = [1, 2]\n"),
        ("a.svg", b"<svg><g/></svg>"),
        ("a.html", b"<!DOCTYPE html><html><p>a<br></p></html>"),
    ],
)
def test_a_file_that_is_cut_is_not_whole(name, data):
    assert judging.form_fault(name, data) is None
    ends = range(1, len(data.rstrip())) if name != "a.toml" else [2, 5, 9, len(data) - 2]
    assert all(judging.form_fault(name, data[:end]) for end in ends)


@pytest.mark.parametrize(
    ("argv", "ran", "sort"),
    [
        (("work", "p"), sandbox.Ran(3), "exit code"),
        (("work", "p"), sandbox.Ran(1), "exit code"),
        (("work", "p"), sandbox.Ran(2), "exit code"),
        (("train", "p", "--json"), sandbox.Ran(0, "NaN"), "output"),
        (("work", "p"), sandbox.Ran(0, "a\x1b[31m"), "output"),
        (("work", "p"), sandbox.Ran(0, changed={"p": b""}), "output"),
        (("work", "p"), sandbox.Ran(0, changed={".draft": b""}), "output"),
        (("work", "p"), sandbox.Ran(0, warned=["RuntimeWarning in a.py:1: b"]), "warning"),
        (("work", "p"), sandbox.Ran(error=ValueError("a")), "traceback"),
        (("work", "p"), sandbox.Ran(0, peak=3 << 30), "memory"),
    ],
)
def test_what_is_wrong_with_a_command_is_seen(argv, ran, sort):
    assert [fault.sort for fault in judging.judged(Case({"p": b"x"}, argv), ran).faults] == [sort]


@pytest.mark.parametrize(
    ("argv", "count"),
    [
        (("train", "p.toml", "--out", "q.toml"), 0),
        (("train", "q.toml", "--out", "q.toml"), 1),
        (("train", "p.toml", "--out", "r.toml"), 1),
    ],
)
def test_a_file_that_is_not_read_may_be_replaced_by_an_output(argv, count):
    ran = sandbox.Ran(0, changed={"q.toml": b"a = 1\n"})
    assert len(judging.judged(Case({"q.toml": b"x"}, argv), ran).faults) == count


def test_what_must_be_refused_must_be_refused_by_name():
    spoilt = Case({}, ("work", "p"), ("nan input", "inputs"))
    wheres = [
        [fault.where for fault in judging.judged(spoilt, ran).faults]
        for ran in (sandbox.Ran(0), sandbox.Ran(2, err="Error: no"), sandbox.Ran(2, err="Error: Inputs"))
    ]
    assert wheres == [["nan input: accepted"], ["nan input: not named"], []]


def test_documents_are_written_as_they_are():
    document = odd.as_tables({"a": 'é"\\\x00', "b": {"c": [1.5, {"d": True}], "1": {"e": 1}}})
    document.append(("a", odd.Raw("nan")))
    assert toml.toml_of(document) == ('a = "é\\"\\\\\\u0000"\na = nan\n[b]\nc = [1.5, {d = true}]\n[b.1]\ne = 1\n')
    assert (
        toml.json_of(document)
        == '{"a": "\\u00e9\\"\\\\\\u0000", "b": {"c": [1.5, {"d": true}], "1": {"e": 1}}, "a": nan}'
    )


TASK = rough.Task(
    "softmax", [[0.5, -1.0], [2.0, 0.25], [1.0, 1.0]], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], [1.0, 2.0, 0.5],
    [[0.1, -0.2, 0.3], [0.5, 0.25, -1.0]], [0.1, 0.0, -0.1], 0.2, 3, 2, True, 0.01, 4,
)  # fmt: skip


@pytest.mark.parametrize("kind", engines.KINDS)
def test_rough_numbers_follow_the_plain_loops_within_bounds_that_say_something(kind):
    task = TASK._replace(kind=kind, D=[[0.2, 0.8, 0.5]] * 3 if kind in naive.SQUARED else TASK.D)
    expected = naive.descend(
        kind, task.X, task.D, task.v, task.W, task.b,
        learning_rate=task.rate, epochs=task.epochs, batch_size=task.batch, reduction="mean", decay=task.decay, seed=task.seed,
    )  # fmt: skip
    states = rough.descend(task, rough.DOUBLE)
    assert len(states) == 4
    for (W, b, cost, errors), state in zip(expected, states, strict=True):
        figures = [*(pair for rows in zip(W, state.W, strict=True) for pair in zip(*rows, strict=True))]
        for plain, figure in [*figures, *zip(b, state.b, strict=True), (cost, state.cost)]:
            assert rough.within(plain, figure, 2)
            assert figure.e < 1e-12
        assert state.errors == (errors, errors)


def test_where_numbers_become_huge_nothing_is_compared():
    assert len(rough.descend(TASK._replace(kind="linear", rate=1e80), rough.DOUBLE)) < 4


@pytest.mark.parametrize("change", [0.999, 1 + 1e-6])
def test_an_engine_that_is_a_little_off_is_seen(change, monkeypatch):
    import deltarule as dr

    descents = engines.Descents(TASK._replace(batch=None), single=False)
    layer = engines.layer_of(descents)
    D = dr.Descent(TASK.rate * change, TASK.epochs, None, "mean", TASK.decay)
    run = dr.train(layer, TASK.X, TASK.D, D, "direct", sample_weight=TASK.v)
    monkeypatch.setattr(engines, "found_by_engines", lambda _: {"direct": run})
    assert {fault.where.rpartition(": ")[2] for fault in engines.compare(descents).faults} == {
        "cost",
        "weights",
        "biases",
    }


def test_a_command_that_is_killed_leaves_whole_files():
    here = kills.Kill(("work", "problem.toml", "--out", "out.md"), 9, 0.9, again=True, anew=False)
    assert not kills.attempt(here).faults


def test_a_fifo_is_laid_as_one(tmp_path):
    Case({"a/b": Fifo()}).lay(tmp_path)
    assert (tmp_path / "a/b").is_fifo()


def test_the_place_of_an_error_is_the_last_line_of_the_package():
    import deltarule as dr

    with pytest.raises(dr.InputError) as caught:
        dr.Descent("x", 1)
    assert case.place_of(caught.value).startswith("InputError in checks.py:")


@pytest.fixture(scope="module")
def compiled():
    """All kernels, compiled where they are not yet: that takes longer than an input may."""
    train_all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("problem", 25),
        ("answer", 12),
        ("folder", 4),
        ("table", 20),
        ("silent", 25),
        ("options", 20),
        ("calls", 25),
        ("engines", 25),
        ("model", 40),
        ("frame", 25),
        ("kills", 3),
        ("model-kills", 3),
        ("disks", 3),
    ],
)
def test_a_few_inputs_of_each_kind_find_nothing(name, count, compiled):
    tally = run_here(KINDS[name], 2026, count, set(), lambda value: None)
    assert tally.found == {}
    assert tally.inputs == count


def test_a_right_problem_is_no_fault():
    assert not command(Case({"problem.toml": kills.INPUTS["problem.toml"]}, ("work", "problem.toml"))).faults
