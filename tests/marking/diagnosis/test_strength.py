"""Mistakes of the table with another strength: a rate, a decay or a factor that nobody listed."""

from __future__ import annotations

import math
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import FORMULAS, SOFTMAX, drawn, names, page
from deltarule.marking import check
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.diagnosis.strength import _fitted, _Fitting, _in_both, _of_iterations, are_one_factor
from deltarule.marking.grading import iterations
from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.mistakes.registry import EVERY
from deltarule.parts import PartName


def stepped(factor, decimals):
    """An iteration whose step is a factor too long."""
    return page(
        SOFTMAX,
        decimals,
        weights=lambda s: s.W - factor * s.a * s.weight_gradient,
        biases=lambda s: s.b - factor * s.a * s.bias_gradient,
    )


@pytest.mark.parametrize("factor", [0.45, 0.6, 1.7, 2.3, 1 / 3, 0.85])
@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_a_step_with_a_factor_that_is_not_in_the_table_has_no_name(factor, decimals):
    assert names(check(SOFTMAX, stepped(factor, decimals))) == []


@pytest.mark.parametrize(("factor", "name"), [(0.5, "half-extra"), (2.0, "stepped-twice")])
def test_a_step_with_a_factor_that_is_in_the_table_has_its_name(factor, name):
    assert name in names(check(SOFTMAX, stepped(factor, 3)))


@pytest.mark.parametrize(("halves", "named"), [((0.5, 0.5), True), ((0.5, 1 / 3), False)])
def test_a_factor_that_is_another_in_each_iteration_is_not_that_of_the_first(halves, named):
    """Half a step in iteration 2, and half or a third of one in iteration 3."""
    inputs, targets = [[1.0], [2.0], [-1.0], [3.0]], [2.5, 3.0, -1.0, 5.5]
    problem = drawn("linear", [[0.5]], [0.1], inputs, targets, 0.05, epochs=3)
    tables, (W, b) = {}, (0.5, 0.1)
    X, D = np.array(inputs)[:, 0], np.array(targets)
    for number, factor in enumerate((1.0, *halves), 1):
        delta = X * W + b - D
        W, b = W - factor * 0.05 * float(X @ delta), b - factor * 0.05 * float(delta.sum())
        tables[str(number)] = {"weights": [[round(W, 3)]], "biases": [round(b, 3)]}
    found = names(check(problem, {"decimals": 3, "iteration": tables}))
    assert ("half-extra" in found) == named


@pytest.mark.parametrize(
    ("middle", "half", "low", "high", "strength"),
    [
        (
            [1.0, 1.2],
            [0.2, 0.3],
            0.9,
            1.2,
            1.0,
        ),  # within 0.8 to 1.2, and 0.9 to 1.5: the table's own strength is one of them
        ([1.4, 1.6], [0.2, 0.3], 1.3, 1.6, 1.45),
        ([0.4, 0.6], [0.2, 0.3], 0.3, 0.6, 0.45),
    ],
)
def test_the_strengths_that_fit_are_those_in_all_ranges(middle, half, low, high, strength):
    """Of two orders of magnitude; figures that the table's own strength gives ask for no other."""
    fitted, mass = _fitted(np.array(middle), np.array(half), np.array([9.0, 9.0]))
    assert fitted == pytest.approx(strength)
    assert mass == pytest.approx(math.log10(high / low) / 2)


def test_where_no_strength_fits_all_figures_they_were_rounded_on_the_way():
    """0.9 to 1.1 and 1.4 to 1.6 are 0.8 to 1.2 and 1.1 to 1.9 then."""
    strength, mass = _fitted(np.array([1.0, 1.5]), np.array([0.1, 0.1]), np.array([0.1, 0.3]))
    assert strength == pytest.approx(1.15)
    assert mass == pytest.approx(math.log10(1.2 / 1.1) / 2)


def test_where_no_strength_fits_all_that_of_the_middle_figure_is_taken():
    strength, mass = _fitted(np.array([1.0, 2.0, 9.0]), np.array([0.1, 0.1, 0.1]), np.zeros(3))
    assert strength == pytest.approx(2.1)
    assert mass == pytest.approx(math.log10(2.2 / 2.0) / 2)


def of_iterations(middle, half=0.1):
    """What fits an entry of iteration 1 and one of iteration 2, of which there are two in each; the probability as it is."""
    numbers, every = np.array([1, 2]), np.array([1, 1, 2, 2])
    strength, mass = _of_iterations(np.array(middle), np.full(2, half), np.zeros(2), numbers, every)
    return strength.tolist(), math.exp(mass)


def test_nine_in_ten_have_one_strength_in_all_iterations_if_that_of_the_table_fits_all():
    """0.9 to 1.1 and 0.95 to 1.15 are 0.95 to 1.1 in both; where the table's own is not among them, each has its own."""
    strength, mass = of_iterations([1.0, 1.05])
    assert strength == [1.0] * 4
    assert mass == pytest.approx(0.9 * math.log10(1.1 / 0.95) / 2)
    for one, other in ((2.0, 2.05), (1.0, 1.5)):
        strength, mass = of_iterations([one, other])
        assert strength == pytest.approx([one, one, other, other])
        masses = [math.log10((each + 0.1) / (each - 0.1)) / 2 for each in (one, other)]
        assert mass == pytest.approx(masses[0] * masses[1])


def test_two_factors_in_the_same_places_are_one_factor_and_have_no_names(monkeypatch):
    """Cost and delta are doubled: whoever divides them by the patterns, and multiplies by these, has twice the sum of squares."""
    table = [each for each in EVERY if each.name not in {"half-missing", "two-extra"}]
    monkeypatch.setattr(iterations, "Diagnosis", partial(Diagnosis, mistakes=table))
    inputs = [[-2.4, 1.3], [-2.6, 1.8], [2.3, 1.9], [0.1, 0.0], [-0.3, 1.3]]
    problem = drawn("perceptron", [[0.88], [-0.99]], [0.39], inputs, [[0.9], [-0.5], [0.0], [0.0], [0.8]], 0.1, "tanh")
    answer = page(problem, 2, cost=lambda s: 2 * FORMULAS["cost"](s), delta=lambda s: 2 * FORMULAS["delta"](s))
    assert names(check(problem, answer)) == []


@pytest.mark.parametrize(("of_biases", "one_factor"), [(2.0, True), (2.019, True), (2.021, False), (-2.0, False)])
def test_two_mistakes_are_one_factor_where_each_part_has_them_with_the_same_strengths(of_biases, one_factor):
    """One changes dJ/dW twice as much as the other; dJ/db as much, within one in 100, or otherwise."""
    names = [PartName.parse(f"iteration.1.{part}_gradient") for part in ("weight", "bias")]
    parts = [SimpleNamespace(name=name, among=slice(2 * at, 2 * at + 2)) for at, name in enumerate(names)]

    def alone(change):
        return SimpleNamespace(
            changed=np.array([True, True]), follows=np.array([False, False]), predicted=[(np.array(change),)]
        )

    one, other = alone([1.0, -3.0, 0.5, 2.0]), alone([2.0, -6.0, 0.5 * of_biases, 2.0 * of_biases])
    assert are_one_factor(SimpleNamespace(parts=parts), alone([0.0] * 4), one, other) == one_factor


@pytest.mark.parametrize(("strength", "found"), [(2.0, True), (2.09, True), (3.0, False)])
def test_one_mistake_of_another_strength_gives_two_parts_with_one_strength(strength, found):
    """Twice as strong in one part, within 5 in 100, as its digits say; and in another part as strong, or not."""
    mistake = Variant()
    one = {mistake: _Fitting(mistake, 0.1, 1.9, 2.1)}
    other = {mistake: _Fitting(mistake, 0.3, 0.95 * strength, 1.05 * strength)}
    assert [each.share for _, each in _in_both(one, other)] == ([0.1] if found else [])
    assert list(_in_both(one, {})) == []


def test_two_mistakes_in_two_parts_are_not_one_of_another_strength():
    """A cost without squares and a halved delta: no one mistake of the table changes both so, with any one strength."""
    problem = drawn(
        "linear", [[0.5, -0.3], [0.2, 0.8]], [0.1, -0.2], [[1.0, 2.0], [-1.0, 0.5], [2.0, -1.5]], [[1.3, 0.2]] * 3
    )
    answer = page(problem, 3, cost=lambda s: np.abs(s.outputs - s.D).sum() / 2, delta=lambda s: (s.outputs - s.D) / 2)
    assert set(names(check(problem, answer))) == {"cost-not-squared", "half-extra"}
