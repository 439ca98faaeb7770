"""What a search carries to the next: a preconditioner, made anew and from more patterns where that is worth it."""

import numpy as np
import pytest

from deltarule.analysis.newton import GROWTH, Carried
from deltarule.analysis.objective import objective
from deltarule.descent import Descent
from deltarule.layers import SoftmaxLayer


@pytest.fixture(scope="module")
def cost():
    """Of so many patterns that a preconditioner is made from a part of them at first, and from all when it has grown."""
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(6000, 80)), rng.integers(0, 4, 6000)
    layer = SoftmaxLayer(np.zeros((80, 4)), np.zeros(4), classes=range(4))
    return objective(layer, layer.patterns(X, labels), Descent(1.0, 1, weight_decay=1.0))


@pytest.fixture
def point(cost):
    return cost.at(np.zeros(cost.shape))


def test_it_is_made_from_more_patterns_once_it_has_cost_as_much(cost, point):
    carried = Carried()
    first = carried.at(cost, point, near=False)
    assert first.of_part
    carried.note(10, 1.0)
    assert carried.at(cost, point, near=False) is first
    carried.note(int(GROWTH * first.cost), 10.0)
    assert carried.at(cost, point, near=True) is first
    grown = carried.at(cost, point, near=False)
    assert not grown.of_part
    carried.note(2, 1.0)  # a fifth of the products: it has helped
    assert (carried.grows, carried.times_rows) == (True, GROWTH)


def test_what_does_not_help_is_given_up(cost, point):
    carried = Carried()
    first = carried.at(cost, point, near=False)
    carried.note(10, 1.0)
    carried.note(int(GROWTH * first.cost), 10.0)
    carried.at(cost, point, near=False)
    carried.note(9, 1.0)
    assert (carried.grows, carried.times_rows) == (False, 1)


def test_it_is_made_anew_once_it_has_wasted_as_much(cost, point):
    carried = Carried(grows=False)
    first = carried.at(cost, point, near=False)
    carried.note(20, 10.0)
    carried.note(20 + int(first.cost), 10.0)
    assert carried.at(cost, point, near=False) is first
    carried.note(22, 10.0)
    assert carried.at(cost, point, near=False) is not first


def test_few_products_waste_nothing(cost, point):
    carried = Carried(grows=False)
    first = carried.at(cost, point, near=False)
    carried.note(2, 10.0)
    for _ in range(100):
        carried.note(12, 10.0)
    assert carried.at(cost, point, near=False) is first
