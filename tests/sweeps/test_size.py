"""Sweeps that do not fit into memory are refused before anything is made, with what would fit."""

import itertools
import re
import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest

from deltarule import Descent, LinearLayer, sweep
from deltarule.engines import thresholds
from deltarule.errors import InputError
from deltarule.sweeps.grid import count_of, first_of, sized
from deltarule.sweeps.size import Size, check_size, size_of
from sweep_samples import LINE, SOFTMAX, TEST

HUGE = 10**9


@contextmanager
def little_memory():
    """What is done inside takes less than 10 MB at a time."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10**7


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"seed": range(HUGE)}, "1,000,000,000 models (1,000,000,000 values of seed)"),
        ({"seed": range(0, 3 * HUGE, 3)}, "1,000,000,000 models (1,000,000,000 values of seed)"),
        ({"seed": range(10**30)}, f"{10**30:,} models"),
        ({"learning_rate": np.broadcast_to(0.1, HUGE)}, "1,000,000,000 models (1,000,000,000 values of learning_rate)"),
        (
            {name: np.broadcast_to(1, 1000) for name in ("learning_rate", "batch_size", "epochs", "seed")},
            "1,000,000,000,000 models (1,000 values of learning_rate, 1,000 of batch_size, 1,000 of epochs, 1,000 of seed)",
        ),
    ],
)
@pytest.mark.parametrize("start", [LINE["layer"], "linear", lambda seed: LinearLayer.random(1, 1, seed)])
def test_a_sweep_of_too_many_models_is_refused_before_any_is_made(start, values, named):
    with little_memory(), pytest.raises(InputError) as caught:
        sweep(start, LINE["X"], LINE["targets"], **({"learning_rate": 0.1, "epochs": 1} | values))
    assert caught.value.name == "sweep"
    assert named in caught.value.got
    assert re.fullmatch(r"At most [\d,]+ such models fit: give fewer values\.", caught.value.remedy)


@pytest.mark.parametrize("name", ["learning_rate", "seed", "descents"])
@pytest.mark.slow
def test_an_iterator_without_end_is_refused(name):
    value = itertools.repeat(Descent(0.1, 1)) if name == "descents" else itertools.count(1)
    options = {"descents": value} if name == "descents" else {"learning_rate": 0.1, "epochs": 1} | {name: value}
    with pytest.raises(InputError, match="at most 10,000,000 values"):
        sweep(**LINE, **options)


def test_as_many_models_fit_as_the_refusal_says():
    layer = SOFTMAX.layer
    for models, starts, folds in [(10**7, 0, False), (10**7, 10**7, True), (10**8, 10**4, False)]:
        size = size_of(layer, models, starts=starts, rows=2 * models, patterns=30, folds=folds)
        with pytest.raises(InputError) as caught:
            check_size(size, {"seed": models}, free=10**9)
        fit = int(re.search(r"[\d,]+", caught.value.remedy)[0].replace(",", ""))
        share = starts * fit // models
        check_size(size_of(layer, fit, starts=share, rows=2 * fit, patterns=30, folds=folds), {"seed": fit}, free=10**9)
        over = size_of(layer, fit + fit // 10, starts=share, rows=2 * fit, patterns=30, folds=folds)
        with pytest.raises(InputError):
            check_size(over, {"seed": fit}, free=10**9)


def test_layers_of_which_not_one_fits_are_refused_as_such():
    with pytest.raises(InputError, match="Not one such model fits: give fewer inputs"):
        check_size(Size(5, 10**9, 0), {"seed": 5}, free=10**8)


@pytest.mark.parametrize(
    ("options", "inputs"),
    [
        ({"learning_rate": np.geomspace(1e-3, 1e-1, 300)}, 3),
        ({"learning_rate": np.geomspace(1e-3, 1e-1, 300), "record_every": 1, "epochs": 200}, 3),
        ({"learning_rate": [0.001, 0.01], "seed": range(100)}, 3),
        ({"learning_rate": np.geomspace(1e-3, 1e-1, 40), "seed": range(2)}, 500),
        ({"learning_rate": np.geomspace(1e-3, 1e-1, 100), "folds": 3, "batch_size": 10}, 3),
    ],
)
def test_a_sweep_takes_about_as_much_as_it_says(options, inputs, capsys):
    """Of what NumPy and Python allocate, which is all but the threads' stacks: from a third of what is said to all of it."""
    rng = np.random.default_rng(0)
    X, targets = rng.normal(size=(30, inputs)), rng.integers(0, 3, 30)
    options = {"epochs": 2} | options
    sweep("softmax", X, targets, **(options | {"learning_rate": [0.1, 0.2, 0.3]}))  # loads kernels
    tracemalloc.start()
    sweep("softmax", X, targets, **options, progress=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    said = float(re.search(r"about ([\d.]+) MB", capsys.readouterr().err)[1]) * 1e6
    assert said / 3 <= peak <= 1.1 * said + 2e5


def test_the_histories_of_all_models_share_one_limit():
    """With 40 rows for 5 models each keeps 8, and the last."""
    with thresholds.using(sweep_rows=40):
        result = sweep(**LINE, learning_rate=[0.1, 0.2, 0.3, 0.4, 0.5], epochs=50, record_every=1)
    for run in result:
        assert run.history.epoch.tolist() == [0, 8, 16, 24, 32, 40, 48, 50]
        assert "The history keeps one epoch in 8" in str(run.outcome)


def test_progress_says_how_many_models_there_are_and_what_they_take(capsys):
    sweep(**LINE, learning_rate=[0.1, 0.2], seed=range(3), epochs=1, progress=True)
    assert capsys.readouterr().err == "Training 6 models, about 0.1 MB.\n"
    sweep(**LINE, learning_rate=[0.1, 0.2], epochs=1)
    assert capsys.readouterr().err == ""


# ---- How many values there are.


@pytest.mark.parametrize(
    ("value", "count", "first"),
    [
        (0.1, 1, 0.1),
        (None, 1, None),
        ("all", 1, "all"),
        (np.array(3), 1, 3),
        ([4, None], 2, 4),
        (np.arange(5), 5, 0),
        (range(3, 10, 2), 4, 3),
        (range(10, 3, -2), 4, 10),
        (range(5, 5), 0, None),
        ((n for n in (7, 8)), 2, 7),
    ],
)
def test_values_are_counted_without_a_list_of_them(value, count, first):
    found = sized("values", value)
    assert count_of(found) == count
    if count:
        assert first_of(found) == first


# ---- Ctrl-C.


@pytest.mark.parametrize("options", [{}, {"folds": 2}])
def test_ctrl_c_is_raised_where_it_is_asked_for(options):
    def interrupt(share, _ended):
        raise KeyboardInterrupt

    given = {"learning_rate": [0.1, 0.2], "epochs": 3, "progress": interrupt, **options}
    assert sweep("softmax", TEST.X, TEST.targets, **given).interrupted
    with pytest.raises(KeyboardInterrupt):
        sweep("softmax", TEST.X, TEST.targets, **given, on_interrupt="raise")


def test_what_is_said_counts_histories_with_their_limit(capsys):
    with thresholds.using(sweep_rows=40):
        sweep(**LINE, learning_rate=[0.01, 0.02, 0.03, 0.04, 0.05], epochs=20_000, record_every=1, progress=True)
    assert capsys.readouterr().err.startswith("Training 5 models, about 0.1 MB.\n")


def test_models_that_start_at_one_layer_share_it_with_its_names(monkeypatch):
    named, name = [], LinearLayer.with_names_of
    monkeypatch.setattr(LinearLayer, "with_names_of", lambda *given: named.append(given) or name(*given))
    result = sweep(**LINE, learning_rate=np.linspace(0.01, 0.1, 50), epochs=1)
    assert len(named) == 2  # for the patterns, and for all models
    assert len({id(layer) for layer in result.layers}) == 1
