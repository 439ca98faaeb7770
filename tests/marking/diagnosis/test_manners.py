"""A mistake is named where the student rounds inside the steps: each product, each exponential, each term of a cost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import drawn, names, page
from deltarule.marking import check
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.diagnosis.manners import Manner, manners

WEIGHTS = [[-0.97, -0.34, 0.41], [-0.33, -1.0, -0.22], [0.35, 0.52, -0.38]]
POINTS = [
    [-1.8, 0.1, 0.2],
    [-1.9, 2.1, -0.9],
    [0.9, 0.3, 2.4],
    [1.6, 2, 0.5],
    [2.9, 3, 1.3],
    [-0.6, 0, 2.1],
    [0.2, -2.5, -2.2],
]
SEVEN = drawn("softmax", WEIGHTS, [0.79, 0.49, -0.75], POINTS, [0, 1, 1, 2, 1, 2, 2], 0.5)
GIVEN = ("outputs", "cost", "weights", "biases")


def products(left, right):
    """Left @ right, each product rounded to 2 decimals, halves to the even digit."""
    return np.round(left[:, :, None] * right[None], 2).sum(axis=1)


def each_product(times):
    """What a student writes who rounds each product, and takes delta `times` as large."""
    answer = page(
        SEVEN,
        synaptic_inputs=lambda s: products(s.X, s.W) + s.b,
        delta=lambda s: (s.outputs - s.D) * times,
        weight_gradient=lambda s: products(s.X.T, s.delta),
        weights=lambda s: s.W - np.round(s.a * s.weight_gradient, 2),
        biases=lambda s: s.b - np.round(s.a * s.bias_gradient, 2),
    )
    answer["iteration"]["1"] = {part: answer["iteration"]["1"][part] for part in GIVEN}
    return answer


def test_a_factor_is_told_from_another_factor_though_each_product_is_rounded():
    """Rounding moves the weights as another factor would; delta is times 7, the number of the patterns."""
    assert names(check(SEVEN, each_product(7))) == ["times-patterns"]
    assert names(check(SEVEN, each_product(6.9))) == []


def test_rounded_products_alone_are_right():
    marks = check(SEVEN, each_product(1))
    assert marks.right
    assert [finding.name for finding in marks.mistakes if finding.is_mistake] == []


@pytest.mark.parametrize(("even", "rounded"), [(False, 0.13), (True, 0.12)])
def test_a_manner_rounds_the_results_in_between_of_its_parts_alone(even, rounded):
    manner = Manner(2, frozenset({"outputs"}), even=even)
    assert manner.between("outputs", np.array(0.125)) == pytest.approx(rounded)
    assert manner.between("cost", np.array(0.125)) == 0.125
    assert manner.carried("cost", np.array(0.125)) == pytest.approx(rounded)


def test_products_exponentials_and_terms_are_rounded_each_with_each():
    every = [manner.places for manner in manners(2)]
    assert len(every) == len(set(every)) == 7
    assert all(places & {"synaptic_inputs", "outputs", "cost"} for places in every)
    assert not any(manner.even for manner in manners(2))


@pytest.mark.parametrize(("odds", "named"), [(555, False), (565, True)])
def test_what_is_named_in_a_manner_is_6_times_likelier_than_no_mistake_without_it(odds, named):
    """A manner is 1 of 14 of every second of 3 in 10 students, 1 in 93: 6 times 93 is 560."""
    other, here = Diagnosis.__new__(Diagnosis), Diagnosis.__new__(Diagnosis)
    other.__dict__["deciding"] = SimpleNamespace(score=lambda _hypothesis: np.log(odds))
    here.__dict__.update(found=[], deciding=SimpleNamespace(none=None, score=lambda _hypothesis: 0.0))
    here.worked_again = lambda _hypothesis: None
    assert here._is_likelier_in(other, SimpleNamespace(names=frozenset({"a"}))) == named


@pytest.mark.parametrize(("names", "named"), [({"a"}, True), ({"b"}, False)])
def test_a_mistake_that_is_likelier_without_the_manner_speaks_against_others_in_it(names, named):
    other, here = Diagnosis.__new__(Diagnosis), Diagnosis.__new__(Diagnosis)
    other.__dict__["deciding"] = SimpleNamespace(score=lambda _hypothesis: 9.0)
    plain = SimpleNamespace(names=frozenset({"a"}), score=8.0)
    here.__dict__.update(
        found=[plain], deciding=SimpleNamespace(none=SimpleNamespace(score=0.0), score=lambda each: each.score)
    )
    here.worked_again = lambda _hypothesis: None
    assert here._is_likelier_in(other, SimpleNamespace(names=frozenset(names))) == named
