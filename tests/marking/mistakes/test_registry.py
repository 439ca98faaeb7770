"""Every known mistake stands in the registry, once; what depends on the kind of layer asks a table with a row for each."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

import numpy as np
import pytest

from by_hand import LINE, LINE_RIGHT, SOFTMAX, page
from deltarule import marking
from deltarule.errors import InputError
from deltarule.layers import Layer, LinearLayer
from deltarule.marking import check
from deltarule.marking.mistakes.documentation import table
from deltarule.marking.mistakes.layer_kinds import KINDS, kind_of
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.mistakes.registry import BY_NAME, EVERY, RECOGNISED


def every_mistake():
    """Every `Mistake` that some module of `deltarule.marking` holds."""
    modules = [
        importlib.import_module(info.name) for info in pkgutil.walk_packages(marking.__path__, "deltarule.marking.")
    ]
    held = [value for module in modules for value in vars(module).values()]
    held += [each for value in held if isinstance(value, tuple) for each in value]
    return {value for value in held if isinstance(value, Mistake)}


def test_every_mistake_of_every_module_stands_in_the_registry():
    found = every_mistake()
    assert found == set(BY_NAME.values())
    assert len(found) == len(BY_NAME)  # no name is used twice


def test_no_list_of_the_registry_names_a_mistake_twice():
    for mistakes in (EVERY, RECOGNISED):
        assert len({mistake.name for mistake in mistakes}) == len(mistakes)


def test_the_table_has_a_row_for_each_mistake():
    rows = table().splitlines()[2:]
    assert rows == sorted(rows)
    assert len(rows) == len(BY_NAME)


def test_a_finding_has_the_sentence_and_its_detail():
    mistake = BY_NAME["copied-wrongly"]
    finding = mistake.finding("iteration.1.delta", "the bias of neuron 1: 2 for 3")
    assert finding.why == f"{mistake.why} (the bias of neuron 1: 2 for 3)"
    assert (finding.name, finding.hint, finding.is_mistake) == ("copied-wrongly", mistake.hint, True)
    assert not BY_NAME["rounded-carried"].finding("iteration.1.delta").is_mistake


# ---- Kinds of layer.


class Cubed(LinearLayer):
    """Another formula than the kind from which it is derived."""

    kind = "cubed"

    def activate(self, U):
        return U**3


class Named(LinearLayer):
    """The same formulas under another name."""

    kind = "named"


def test_each_kind_of_layer_has_a_row():
    def kinds(kind):
        return {kind, *(each for derived in kind.__subclasses__() for each in kinds(derived))}

    own = {kind for kind in kinds(Layer) if kind.__module__.startswith("deltarule.") and not kind.__abstractmethods__}
    assert own == set(KINDS)


def test_a_kind_with_the_formulas_of_a_known_one_is_marked_like_it():
    problem = replace(LINE, layer=Named([[0.5]], [0.0]))
    assert kind_of(problem.layer) is KINDS[LinearLayer]
    assert check(problem, {"iteration": {"1": LINE_RIGHT}}).right
    assert [m.name for m in check(problem, {"iteration": {"1": LINE_RIGHT | {"cost": 41.5}}}).mistakes] == [
        "half-missing"
    ]


def test_a_kind_without_a_row_is_refused_by_name():
    problem = replace(LINE, layer=Cubed([[0.5]], [0.0]))
    with pytest.raises(InputError, match=r"a cubed layer \(Cubed\)\. Add a row for it to deltarule\.marking"):
        check(problem, {"iteration": {"1": LINE_RIGHT}})


def test_a_check_of_iterations_encodes_nothing_again(monkeypatch):
    """The problem holds its desired outputs: they are never decoded to labels and encoded again."""
    document, encoded = page(SOFTMAX, 2, cost=lambda s: 1.0), []
    kind, encode = type(SOFTMAX.layer), type(SOFTMAX.layer).encode

    def counted(layer, targets):
        encoded.append(np.ndim(targets))
        return encode(layer, targets)

    monkeypatch.setattr(kind, "encode", counted)
    assert not check(SOFTMAX, document).right
    assert encoded == []
