"""Separability: the verdict against linear programs written plainly, and its certificates checked by plain loops."""

import json
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import linprog

from deltarule.analysis.separability import SeparabilityOutcome, certify, separability
from deltarule.data import split
from deltarule.datasets import load
from deltarule.layers import LogisticLayer, SoftmaxLayer
from deltarule.problem import problem_from
from naive import synaptic_input
from samples import QUESTION_1_LABELS, QUESTION_1_X, refused
from separability_by_programs import plain_verdict, small_sets

XOR = [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]], ["even", "even", "odd", "odd"]
TOUCHING = [[0.0], [1.0], [1.0], [2.0]], ["a", "a", "b", "b"]


def by_loops(layer, X, targets):
    """Each margin u_label - u_k, and the sum of the absolute terms behind it; keys (p, k)."""
    W, b = layer.weights.tolist(), layer.biases.tolist()
    margins, sizes = {}, {}
    for p, (x, target) in enumerate(zip(np.asarray(X, dtype=float).tolist(), targets, strict=True)):
        own = layer.classes.index(target)
        u = synaptic_input(x, W, b)
        size = synaptic_input([abs(v) for v in x], [[abs(w) for w in row] for row in W], [abs(w) for w in b])
        for k in range(len(b)):
            if k != own:
                margins[p, k] = u[own] - u[k]
                sizes[p, k] = size[own] + size[k]
    return margins, sizes


def check(found, X, targets):
    """Everything that a `Separability` claims, from the data alone."""
    classes = sorted(set(targets))
    X = np.asarray(X, dtype=float).tolist()
    if found.layer is not None:
        assert found.layer.classes == tuple(classes)
        margins, sizes = by_loops(found.layer, X, targets)
        zero = {place for place in margins if abs(margins[place]) <= 1e-6 * (1 + sizes[place])}
        ahead = {place: margin for place, margin in margins.items() if place not in zero}
        assert min(ahead.values()) == pytest.approx(1, rel=1e-6)  # the solver holds equations to 1e-7
        assert sorted({p for p, _ in zero}) == found.touching.tolist()
    if found.multipliers is not None:
        lambdas = found.multipliers.tolist()
        assert len(lambdas) == len(X)
        assert all(weight >= 0 for row in lambdas for weight in row)
        assert sum(weight for row in lambdas for weight in row) == pytest.approx(1, rel=1e-12)
        # sum_pk lambda_pk (x_p, 1) outer (e_label - e_k), against the sum of the absolute terms
        balance = np.zeros((len(X[0]) + 1, len(classes)))
        terms = np.zeros_like(balance)
        for x, target, row in zip(X, targets, lambdas, strict=True):
            own = classes.index(target)
            assert row[own] == 0
            for k, weight in enumerate(row):
                for n, entry in enumerate([*x, 1.0]):
                    balance[n, own] += weight * entry
                    balance[n, k] -= weight * entry
                    terms[n, own] += weight * abs(entry)
                    terms[n, k] += weight * abs(entry)
        assert (np.abs(balance) <= 1e-6 * terms + 1e-12 * terms.max()).all()
        positive = {(p, k) for p, row in enumerate(lambdas) for k, weight in enumerate(row) if weight > 0}
        every = {(p, k) for p, t in enumerate(targets) for k in range(len(classes)) if k != classes.index(t)}
        if found.outcome is SeparabilityOutcome.OVERLAPPING:
            assert positive == every
        else:
            assert positive == zero  # as many as possible: all that are not above 0
        conflict = found.conflict.tolist()
        assert conflict == sorted(set(conflict))
        assert set(conflict) <= {p for p, _ in positive}
        # Caratheodory: at most one more than the independent equations, of which the last class's follow from the others.
        assert 2 <= len(conflict) <= (len(X[0]) + 1) * (len(classes) - 1) + 1
        assert (
            plain_verdict([X[p] for p in conflict], [targets[p] for p in conflict]) is not SeparabilityOutcome.SEPARABLE
        )
    assert {
        SeparabilityOutcome.SEPARABLE: (True, False, 0, 0),
        SeparabilityOutcome.QUASI_SEPARABLE: (True, True, len(found.touching) or -1, len(found.conflict) or -1),
        SeparabilityOutcome.OVERLAPPING: (False, True, 0, len(found.conflict) or -1),
    }[found.outcome] == (
        found.layer is not None, found.multipliers is not None, len(found.touching), len(found.conflict),
    )  # fmt: skip
    return found.outcome


# ---- Worked by hand.


def test_two_pairs_apart_are_separable():
    X, targets = [[0.0], [1.0], [3.0], [4.0]], ["a", "a", "b", "b"]
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.SEPARABLE
    # u_b - u_a = w x + b is at least 1 at x = 3 and at most -1 at x = 1, and one of the two is met.
    w, b = np.diff(found.layer.weights[0])[0], np.diff(found.layer.biases)[0]
    assert min(3 * w + b, -w - b) == pytest.approx(1, rel=1e-9)
    assert found.layer.errors(X, targets) == 0


def test_classes_that_share_a_point_are_quasi_separable():
    X, targets = TOUCHING
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.QUASI_SEPARABLE
    assert found.touching.tolist() == found.conflict.tolist() == [1, 2]
    # The two margins at x = 1 are opposite, so half of each cancels; nothing else can be balanced.
    assert_allclose(found.multipliers, [[0, 0], [0, 0.5], [0.5, 0], [0, 0]], atol=1e-15)


def test_xor_overlaps():
    X, targets = XOR
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.OVERLAPPING
    # (0,0) + (1,1) = (0,1) + (1,0) is the only balance of the two classes, so all multipliers are equal; classes even, odd.
    assert_allclose(found.multipliers, [[0, 0.25], [0, 0.25], [0.25, 0], [0.25, 0]], atol=1e-15)
    assert found.conflict.tolist() == [0, 1, 2, 3]


def test_a_conflict_is_of_a_few_patterns():
    # Class b at 1.5 lies between two of class a; all else is of no account.
    X = [[float(x)] for x in (-9, -5, 1, 2, 7, 8)] + [[1.5]]
    targets = ["a"] * 6 + ["b"]
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.OVERLAPPING
    assert len(found.conflict) == 3
    assert found.conflict[-1] == 6


def test_the_18_points_of_question_1_are_separable():
    assert (
        check(separability(QUESTION_1_X, QUESTION_1_LABELS), QUESTION_1_X, QUESTION_1_LABELS)
        is SeparabilityOutcome.SEPARABLE
    )


@pytest.mark.parametrize("training", [False, True])
def test_iris_is_quasi_separable(training):
    iris = load("iris")
    rows = split(150, 0.4, 2)[0] if training else np.arange(150)
    X, targets = iris.inputs[rows], iris.targets[rows].tolist()
    assert X.shape == (90 if training else 150, 4)
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.QUASI_SEPARABLE
    # Setosa is apart: no flower of it touches, all others do, and the conflict is theirs.
    others = [p for p, target in enumerate(targets) if target != "setosa"]
    assert found.touching.tolist() == others
    assert set(found.conflict.tolist()) <= set(others)
    pair = [targets[p] for p in others]
    assert check(separability(X[others], pair), X[others], pair) is SeparabilityOutcome.OVERLAPPING
    rest = ["setosa" if target == "setosa" else "rest" for target in targets]
    assert check(separability(X, rest), X, rest) is SeparabilityOutcome.SEPARABLE


# ---- Of any data.


@settings(max_examples=30)
@given(small_sets())
def test_the_verdict_and_its_certificates_on_a_grid(patterns):
    X, targets = patterns
    assert check(separability(X, targets), X, targets) is plain_verdict(X, targets)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=10))
def test_on_a_line_the_verdict_is_that_of_the_ends_of_the_two_classes(patterns):
    low, high = ([x for x, is_high in patterns if is_high is expected] for expected in (False, True))
    assume(low and high)
    gap = max(min(high) - max(low), min(low) - max(high))
    same = {x for x, _ in patterns}
    # Apart; or touching at an end, where a pattern elsewhere is needed for a margin above 0; or neither.
    expected = SeparabilityOutcome.SEPARABLE if gap > 0 else SeparabilityOutcome.OVERLAPPING
    if gap == 0 and len(same) > 1:
        expected = SeparabilityOutcome.QUASI_SEPARABLE
    assert separability([[x] for x, _ in patterns], [is_high for _, is_high in patterns]).outcome is expected


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(2, 5))
def test_patterns_labelled_by_a_layer_are_separable(seed, inputs, kinds):
    rng = np.random.default_rng(seed)
    layer = SoftmaxLayer(rng.normal(size=(inputs, kinds)), rng.normal(size=kinds), classes=range(kinds))
    X = rng.normal(size=(40, inputs))
    U = np.sort(layer.synaptic_input(X), axis=1)
    X = X[U[:, -1] - U[:, -2] > 0.01]  # none near a boundary
    targets = layer.predict(X).tolist()
    assume(len(set(targets)) > 1)
    assert check(separability(X, targets), X, targets) is SeparabilityOutcome.SEPARABLE


@pytest.mark.parametrize("scale", [1e6, 1e-6, 1e100, 1e-100, [1e6, 1e-6, 1.0, 1e-3]])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_neither_the_scale_nor_the_origin_of_the_inputs_matters(scale, offset):
    iris = load("iris")
    X, targets = (iris.inputs + offset) * scale, iris.targets.tolist()
    found = separability(X, targets)
    assert check(found, X, targets) is SeparabilityOutcome.QUASI_SEPARABLE
    assert_array_equal(found.touching, np.arange(50, 150))
    X = (QUESTION_1_X + offset) * np.ravel(scale)[:2]
    assert check(separability(X, QUESTION_1_LABELS), X, QUESTION_1_LABELS) is SeparabilityOutcome.SEPARABLE
    X = (np.array(XOR[0]) + offset) * np.ravel(scale)[:2]
    assert check(separability(X, XOR[1]), X, XOR[1]) is SeparabilityOutcome.OVERLAPPING


@settings(max_examples=20)
@given(small_sets(), st.randoms(use_true_random=False), st.permutations("xyz"))
def test_neither_the_order_of_the_patterns_nor_the_names_of_the_classes_matters(patterns, random, names):
    X, targets = patterns
    order = list(range(len(X)))
    random.shuffle(order)
    name = dict(zip("abc", names, strict=True))
    one, other = separability(X, targets), separability([X[p] for p in order], [name[targets[p]] for p in order])
    assert one.outcome is other.outcome
    assert sorted(order[p] for p in other.touching) == one.touching.tolist()


def test_labels_of_any_kind_in_any_container():
    X = [[0.0], [1.0], [3.0]]
    for targets in ([7, 3, 7], (True, False, True), np.array(["u", "v", "u"]), [("a", 1), ("b", 2), ("a", 1)]):
        found = separability(X, targets)
        assert found.outcome is SeparabilityOutcome.OVERLAPPING
        assert found.conflict.tolist() == [0, 1, 2]
    assert separability(X, (name for name in "aab")).outcome is SeparabilityOutcome.SEPARABLE


@pytest.mark.parametrize("origin", [1e8, -1e10])
def test_inputs_far_from_the_origin_are_centred(origin):
    # Around 1e8 and 1e10 float64 holds the sums with 0, 1 and 2 exactly.
    for (X, targets), outcome in (
        (XOR, SeparabilityOutcome.OVERLAPPING),
        (TOUCHING, SeparabilityOutcome.QUASI_SEPARABLE),
        (([[0.0], [1.0], [2.0]], ["a", "a", "b"]), SeparabilityOutcome.SEPARABLE),
    ):
        assert separability(np.array(X) + origin, targets).outcome is outcome


def test_inputs_that_hardly_vary_count_as_constant():
    # Half the range, 5e-324 / 2, is 0 in float64; a weight for it would be infinite.
    for tiny in (5e-324, 1e-310):
        assert separability([[0.0], [tiny], [0.0], [tiny]], list("aabb")).outcome is SeparabilityOutcome.OVERLAPPING
        assert separability([[0.0, 1.0], [tiny, 2.0]], list("ab")).outcome is SeparabilityOutcome.SEPARABLE


def test_an_input_varies_where_half_its_range_is_above_1e_300():
    for half, outcome in ((1e-300, SeparabilityOutcome.OVERLAPPING), (1.01e-300, SeparabilityOutcome.SEPARABLE)):
        assert separability([[-half], [half], [-half], [half]], list("abab")).outcome is outcome


def test_the_largest_numbers_do_not_overflow():
    big = float(np.finfo(np.float64).max)
    X = [[-big], [-big / 2], [big / 2], [big]]
    assert separability(X, list("aabb")).outcome is SeparabilityOutcome.SEPARABLE
    assert separability(X, list("abab")).outcome is SeparabilityOutcome.OVERLAPPING


# ---- Other layers.


def logistic_verdict(X, D):
    layer = LogisticLayer(np.zeros((len(X[0]), len(D[0]))), np.zeros(len(D[0])))
    return certify(layer, layer.patterns(X, D))


def test_several_logistic_neurons_have_one_verdict_together():
    X = [[0.0], [1.0], [2.0], [3.0]]
    apart, mixed, shifted = [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1]
    found = logistic_verdict(X, np.column_stack([apart, shifted]))
    assert found.outcome is SeparabilityOutcome.SEPARABLE
    # Margins (2d - 1) u, by loops; the least is 1.
    U = [synaptic_input(x, found.layer.weights.tolist(), found.layer.biases.tolist()) for x in X]
    margins = [(2 * d - 1) * u[k] for k, row in enumerate((apart, shifted)) for u, d in zip(U, row, strict=True)]
    assert min(margins) == pytest.approx(1, rel=1e-9)
    assert logistic_verdict(X, np.column_stack([mixed, mixed])).outcome is SeparabilityOutcome.OVERLAPPING
    found = logistic_verdict(X, np.column_stack([apart, mixed]))
    assert found.outcome is SeparabilityOutcome.QUASI_SEPARABLE
    # The second neuron's multipliers alone are above 0; weighted by the signs, they balance (x, 1).
    assert found.multipliers[:, 0].tolist() == [0, 0, 0, 0]
    assert (found.multipliers[:, 1] > 0).all()
    signs = 2 * np.array(mixed) - 1
    assert_allclose((found.multipliers[:, 1] * signs) @ np.column_stack([X, np.ones(4)]), 0, atol=1e-12)


# ---- What is said.


def test_the_messages():
    cases = {
        "separable": ([[0.0], [1.0]], ["a", "b"]),
        "quasi_separable": TOUCHING,
        "overlapping": XOR,
    }
    texts = {}
    for name, (X, targets) in cases.items():
        found = separability(X, targets)
        plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert list(plain) == ["outcome", "message", "layer", "touching", "multipliers", "conflict"]
        assert plain["outcome"] == name
        assert plain["message"] == str(found)
        assert plain["conflict"] == found.conflict.tolist()
        assert plain["touching"] == found.touching.tolist()
        assert (plain["layer"] is None) == (name == "overlapping")
        assert (plain["multipliers"] is None) == (name == "separable")
        if plain["layer"]:
            assert plain["layer"]["weights"] == found.layer.weights.tolist()
            assert plain["layer"]["biases"] == found.layer.biases.tolist()
        texts[name] = str(found)
    assert texts == {
        "separable": "The classes are separable: some layer has all margins above 0, so that it makes no error.",
        "quasi_separable": (
            "The classes are quasi-separable: some layer has no margin below 0, but none has all of them above 0. "
            "The patterns of rows 2, 3 (counted from 1) cannot all have theirs above 0."
        ),
        "overlapping": (
            "The classes are overlapping: each layer that has a margin above 0 has one below 0 as well. "
            "The patterns of rows 1, 2, 3, 4 (counted from 1) cannot all have theirs above 0."
        ),
    }


def test_a_message_names_eight_rows_at_most():
    # The corners of a simplex in 8 dimensions, and a point inside: without any corner, it is outside.
    X = np.vstack([np.zeros(8), np.eye(8), np.full(8, float(Fraction(1, 9)))])
    found = separability(X, ["corner"] * 9 + ["inside"])
    assert found.conflict.tolist() == list(range(10))
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8, ... (counted from 1)" in str(found)


def test_a_message_names_all_of_eight_rows():
    # The corners of a simplex in 6 dimensions, and a point inside.
    X = np.vstack([np.zeros(6), np.eye(6), np.full(6, float(Fraction(1, 7)))])
    found = separability(X, ["corner"] * 7 + ["inside"])
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8 (counted from 1)" in str(found)


# ---- What is refused.


def test_data_that_do_not_fit_are_refused():
    X = [[1.0], [2.0]]
    with refused("classes", "be at least two for a class layer", "['a']", "Add patterns of another class"):
        separability(X, ["a", "a"])
    with refused("inputs", "finite numbers only", "nan in row 2, column 1", "Remove or fill it."):
        separability([[1.0], [np.nan]], ["a", "b"])
    with refused("targets", "be as many as the rows of the inputs, 2", "3", "one target a pattern"):
        separability(X, ["a", "b", "c"])
    for rows in ([[1, 0], [0, 1]], np.eye(2), [np.array([1, 0]), np.array([0, 1])]):
        with refused("targets", "be labels, one a pattern", "rows", "layer.decode(rows)"):
            separability(X, rows)
    with refused("targets", "have no label missing", "None in row 2", "Fill it in"):
        separability(X, ["a", None])
    with refused("inputs", "have at least one row", "none", "data were read"):
        separability([], [])
    for nothing in (5, np.array(5)):
        with refused("targets", "be a list of labels", "5", "Give a list."):
            separability(X, nothing)


def test_a_solver_that_gives_up_is_reported(monkeypatch):
    def give_up(*_, **__):
        return scipy.optimize.OptimizeResult(status=4, message="numerical difficulties")

    monkeypatch.setattr(scipy.optimize, "linprog", give_up)
    with refused("inputs", "linear program that can be solved", "numerical difficulties", "Scale the inputs."):
        separability(*XOR)


def test_a_certificate_that_fails_its_check_is_not_given(monkeypatch):
    def careless(*arguments, **options):
        found = linprog(*arguments, **options)
        found.eqlin.marginals = np.zeros_like(found.eqlin.marginals)  # a layer of zeros: no margin above 0
        return found

    monkeypatch.setattr(scipy.optimize, "linprog", careless)
    with refused("inputs", "by more than rounding", "differ by about as little", "that were measured."):
        separability([[0.0], [1.0]], ["a", "b"])


@pytest.mark.parametrize("gap", 10.0 ** -np.arange(4, 16))
def test_classes_hardly_apart_are_separable_or_touch(gap):
    X, targets = [[0.0], [1.0], [1.0 + gap], [2.0]], ["a", "a", "b", "b"]
    found = separability(X, targets)
    assert found.outcome is SeparabilityOutcome.SEPARABLE or (
        gap < 1e-8 and found.outcome is SeparabilityOutcome.QUASI_SEPARABLE
    )
    if found.outcome is SeparabilityOutcome.SEPARABLE:  # and it is, in exact arithmetic
        (w,), b = np.diff(found.layer.weights)[0].tolist(), float(np.diff(found.layer.biases)[0])
        leads = [Fraction(w) * Fraction(x) + Fraction(b) for (x,) in X]
        assert max(leads[:2]) < 0 < min(leads[2:])
    else:
        assert found.touching.tolist() == [1, 2]


# ---- Problems; how separability shows itself.


def test_a_problem_is_its_inputs_and_labels():
    X, targets = TOUCHING
    document = {
        "layer": {"kind": "softmax", "weights": [[0.5, 0.1]]},
        "data": {"inputs": X, "targets": targets},
        "descent": {"learning_rate": 0.1, "epochs": 5},
    }
    problem = problem_from(document)
    assert separability(problem).to_dict() == separability(X, targets).to_dict()
    with refused("targets", "be left out where a problem is given", "list", "The problem holds its own."):
        separability(problem, targets)
    numbers = document | {
        "layer": {"kind": "linear", "weights": [[0.5]]},
        "data": {"inputs": X, "targets": [1, 2, 3, 4]},
    }
    with refused("problem", "have patterns of classes", "a linear layer without classes", "Give inputs and labels."):
        separability(problem_from(numbers))


@pytest.mark.parametrize("outcome", SeparabilityOutcome)
def test_outcomes_begin_with_their_label_and_all_of_them_end_the_work(outcome):
    assert outcome.value.startswith(f"{outcome.label}: ")
    assert outcome.key == outcome.label.replace("-", "_")
    assert outcome.ended


def test_separability_shows_itself_briefly():
    touching = separability(*TOUCHING)
    assert repr(touching) == "<Separability: quasi-separable, 2 patterns in conflict>"
    assert touching._repr_html_().startswith(
        f"<p>{touching}</p><table><caption>a layer that shows it</caption><thead>"
        '<tr><td></td><th scope="col">u1</th><th scope="col">u2</th></tr></thead>'
    )
    assert repr(separability([[0.0], [1.0]], ["a", "b"])) == "<Separability: separable>"
    assert separability(*XOR)._repr_html_() == f"<p>{separability(*XOR)}</p>"
