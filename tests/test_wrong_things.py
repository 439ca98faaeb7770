"""Whatever is given to a public function, it works or raises one of deltarule's errors, and no warning is shown.

A public callable without a row in `wrong_things.DOORS` fails the first test, so that new ones are tested too.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

import deltarule as dr
from wrong_things import DOORS, LABELS, WRONG, X, descent, layer, problem, public_doors, swept

# A function that is called with what has happened may be any callable: what it raises is its own.
CALLED = ("progress",)
CALLABLE = ("a class",)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Texts are paths to some functions, which write there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DELTARULE_THREADS", "")  # `set_threads` sets it: it is as before afterwards


def test_every_public_callable_has_right_arguments_here():
    assert public_doors() == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_right_arguments_are_right(door):
    function, arguments = DOORS[door]()
    if door == "SoftmaxLayer.output_slope":
        with pytest.raises(dr.InputError, match="must have a slope"):
            function(**arguments)
    else:
        function(**arguments)


def answer_to(door, parameter, wrong):
    """What became of a call with one thing that is wrong: None where it worked or was refused as it should."""
    function, arguments = DOORS[door]()
    arguments = {**arguments, parameter: WRONG[wrong]()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = function(**arguments)
            if isinstance(result, Iterator):
                next(result, None)
    except dr.DeltaruleError as error:
        return None if len(error.args) >= 2 and str(error) else f"{parameter}={wrong}: an error without fields"
    except BaseException as error:  # noqa: BLE001 - this is what must not be
        return f"{parameter}={wrong}: {type(error).__name__}: {error}"
    return None


def all_answers(door, things):
    _, arguments = DOORS[door]()
    found = [
        answer_to(door, parameter, wrong)
        for parameter in arguments
        for wrong in things
        if not (parameter in CALLED and wrong in CALLABLE)
    ]
    return [answer for answer in found if answer is not None]


@pytest.mark.parametrize("door", DOORS)
def test_some_wrong_things_are_refused_at_every_door(door):
    things = list(WRONG)
    place = sorted(DOORS).index(door)
    assert all_answers(door, ["None", *things[place % 12 :: 12]]) == []


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS)
def test_all_wrong_things_are_refused_at_every_door(door):
    assert all_answers(door, WRONG) == []


class OwnError(Exception):
    pass


@pytest.mark.parametrize("call", ["train", "sweep", "sweep_problem"])
def test_what_a_function_for_the_progress_raises_is_raised_as_it_is(call):
    def progress(*_):
        raise OwnError

    calls = {
        "train": lambda: dr.train(layer(), X, LABELS, descent(), progress=progress),
        "sweep": lambda: dr.sweep(layer(), X, LABELS, learning_rate=[0.1, 0.2], epochs=2, progress=progress),
        "sweep_problem": lambda: dr.sweep_problem(problem(), learning_rate=[0.1, 0.2], progress=progress),
    }
    with pytest.raises(OwnError):
        calls[call]()


@pytest.mark.parametrize("place", [2, -3, 10**9, 10**400, "0", 0.0, None, True])
def test_a_model_that_a_sweep_has_not_is_refused_by_its_place(place):
    with pytest.raises(dr.InputError, match="model must be"):
        swept()[place]


def test_a_formula_called_by_a_user_is_checked_and_one_called_by_an_engine_is_the_same():
    checked, written = layer().activate(X), layer().unchecked_activate(layer().check_inputs(X))
    assert checked.tolist() == written.tolist()
    with pytest.raises(dr.InputError, match=r"synaptic inputs must be a matrix"):
        layer().activate("x")
    with pytest.raises(dr.InputError, match=r"arguments of pattern_cost must fit the layer"):
        layer().pattern_cost(layer().synaptic_input(X), layer().encode(LABELS)[:3])


def test_a_formula_of_a_derived_class_is_used_and_checked():
    class Doubled(dr.LinearLayer):
        def activate(self, U):
            return 2 * U

    class Mixin:
        def activate(self, U):
            return 3 * U

    class Mixed(Mixin, dr.LinearLayer):
        pass

    for kind, factor in ((Doubled, 2), (Mixed, 3)):
        made = kind([[1.0]], [0.0])
        assert made.output([[1.0]]).tolist() == [[factor]]
        assert made.cost([[1.0]], [[0.0]]) == factor**2 / 2
        with pytest.raises(dr.InputError):
            made.activate(None)
