"""A kind of layer has a row of notation, or is refused by name: nothing falls through to the formulas of another kind."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from deltarule import Descent, LinearLayer, iterate, train
from deltarule.layers import KINDS, AdalineLayer, RosenblattLayer
from deltarule.layers.numbers import NumberLayer
from deltarule.show.document import iteration_document
from deltarule.show.notation import NOTATIONS, SQUARED_ERROR, SYMBOLS, Activation, Notation, notation
from deltarule.show.sentences import layer_sentence
from deltarule.typeset.maths import maths
from samples import NAMES, refused, sample


@dataclass(frozen=True, eq=False)
class RectifiedLayer(NumberLayer):
    """A user's own kind: y = max(u, 0)."""

    kind: ClassVar[str] = "rectified"

    def activate(self, U):
        return np.maximum(U, 0)

    def output_slope(self, Y):
        return (Y > 0).astype(Y.dtype)

    def slope_change(self, U):
        return np.zeros_like(U)


@dataclass(frozen=True, eq=False)
class ShiftedLayer(LinearLayer):
    """A kind derived from one that has a row, with a formula of its own: y = u + 1."""

    def activate(self, U):
        return U + 1


@dataclass(frozen=True, eq=False)
class NamedLayer(LinearLayer):
    """A class derived from a kind without a change of its formulas."""

    label: str = ""


def test_every_kind_has_a_row():
    assert set(NOTATIONS) == {*KINDS.values(), AdalineLayer, RosenblattLayer}


@pytest.mark.parametrize("name", NAMES)
def test_a_row_shows_slopes_where_the_layer_has_them(name):
    layer = sample(name).layer
    assert (notation(layer).activation(layer).slope is not None) == layer.has_slopes


@pytest.mark.parametrize("kind", [RectifiedLayer, ShiftedLayer])
def test_a_kind_without_a_row_has_no_worked_step(kind):
    worked = iterate(kind([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(0.1, 1))
    with refused("layer", "be of a kind with a notation", f"a {kind.__name__}", "Print the iteration"):
        iteration_document(worked)


@pytest.mark.parametrize("kind", [RectifiedLayer, ShiftedLayer])
def test_the_iteration_of_a_kind_without_a_row_is_shown_by_its_matrices(kind):
    # u = 2 1 + 0.5 = 2.5; y = 2.5 or 3.5, delta = y - 1, and W = 2 - 0.1 delta
    worked = iterate(kind([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(0.1, 1))
    delta, after = ("1.50", "1.85") if kind is RectifiedLayer else ("2.50", "1.75")
    for text in (str(worked), worked._repr_html_(), worked._repr_latex_()):
        assert f"no formulas can be shown for a {kind.__name__}" in text
        assert delta in text
        assert after in text


def test_a_run_is_of_the_class_where_that_changes_the_formulas_of_its_kind():
    for kind, name in (
        (LinearLayer, "linear"),
        (NamedLayer, "linear"),
        (ShiftedLayer, "ShiftedLayer"),
        (RectifiedLayer, "rectified"),
    ):
        run = train(kind([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(0.1, 1), "direct")
        assert repr(run).startswith(f"<Run of a {name} layer: ")
        assert layer_sentence(run.layer) == f"{name} layer, 1 input, 1 neuron"


def test_a_users_layer_is_shown_without_a_formula():
    layer = RectifiedLayer([[2.0, 1.0]], [0.5, -1.0])
    assert str(layer).splitlines() == [
        "rectified layer, 1 input, 2 neurons",
        "",
        "           1        2",
        "x1    2.0000   1.0000",
        "b     0.5000  -1.0000",
    ]
    assert "rectified layer" in layer._repr_html_()


def test_a_layer_without_a_name_of_its_own_is_called_user_defined():
    @dataclass(frozen=True, eq=False)
    class Nameless(NumberLayer):
        activate = output_slope = slope_change = lambda self, U: U

    assert layer_sentence(Nameless([[1.0]], [0.0])) == "user-defined layer, 1 input, 1 neuron"


def test_a_class_derived_without_a_new_formula_has_the_row_of_its_base():
    layer = NamedLayer([[2.0]], [0.5], label="first")
    assert notation(layer) is NOTATIONS[LinearLayer]
    document = iteration_document(iterate(layer, [[1.0]], [[1.0]], Descent(0.1, 1)))
    assert document.part("outputs").formula.text == "Y = f(U), y = u"


def test_a_new_kind_needs_one_row(monkeypatch):
    shifted = Activation(maths("u + 1"), lambda figures: [maths(figure, "+ 1") for figure in figures])
    monkeypatch.setitem(
        NOTATIONS, ShiftedLayer, Notation("y", lambda _: shifted, SQUARED_ERROR, name=lambda _: "shifted")
    )
    document = iteration_document(iterate(ShiftedLayer([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(0.1, 1)))
    assert document.sentences[0] == "shifted layer, 1 input, 1 neuron"
    outputs = document.part("outputs")
    assert outputs.formula.text == "Y = f(U), y = u + 1"
    assert [piece.text for piece in outputs.lines[0]] == ["y_1,1", "= 2.50 + 1", "= 3.50"]


def test_symbols_of_parts_are_those_of_an_iteration():
    worked = iterate(LinearLayer([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(0.1, 1))
    assert all(hasattr(worked, part) for part in SYMBOLS)
    assert SYMBOLS["weight_gradient"].text == "dJ/dW"
    assert SYMBOLS["weight_gradient"].latex == r"\frac{\partial J}{\partial W}"
