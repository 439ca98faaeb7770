"""Which mistakes are named, and when silence is better."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from by_hand import (
    BIASES,
    LINE,
    POINTS,
    SOFTMAX,
    TANH,
    WEIGHTS,
    altered,
    costs,
    drawn,
    line,
    lost,
    names,
    page,
    rounded,
)
from deltarule.marking import answer_from, check
from deltarule.marking.diagnosis import diagnose
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.diagnosis.hypotheses import Hypotheses
from deltarule.marking.diagnosis.search import Search
from deltarule.marking.diagnosis.working import Working
from deltarule.marking.grading import iterations
from deltarule.marking.grading.judged import judged
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import nothing, ones, times
from deltarule.marking.mistakes.registry import EVERY, variants_of
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import COUNTS, PartName
from students import document, worked

EXERCISE = Exercise.of(SOFTMAX)


def without(*left_out):
    """The diagnosis with a table of mistakes that lacks some."""
    table = [each for each in EVERY if each.name not in left_out]
    return lambda *args, **kwargs: Diagnosis(*args, mistakes=table, **kwargs)


# ---- Two iterations.


def two_iterations(problem, decimals, **instead):
    """Iterations 1 and 2, with parts worked otherwise: `instead` has them by iteration and part."""
    first = page(problem, decimals, **instead.get("first", {}))
    exact = page(problem, 14, **instead.get("first", {}))["iteration"]["1"]
    later = drawn("softmax", exact["weights"], exact["biases"], POINTS, ["A", "B", "C", "A", "B"])
    second = page(later, decimals, **instead.get("second", {}))
    return {"decimals": decimals, "iteration": {"1": first["iteration"]["1"], "2": second["iteration"]["1"]}}


def test_one_odd_figure_is_wrong_among_later_iterations_that_look_alike():
    """With one decimal, the iterations after it could be figures of the ones before; those before it are what they are."""
    W, b, pages = [[0.14, 0.89], [0.11, -0.39], [0.16, -0.34]], [0.23, -0.65], {}
    data = {"inputs": [[1.9, 0.0, -0.7], [0.4, -1.5, 0.5]], "targets": [[1, 1], [0, 0]]}
    problem = drawn("logistic", W, b, epochs=10, **data)
    for number in range(1, 6):
        worked = page(drawn("logistic", W, b, **data), 1, carried=1)["iteration"]["1"]
        W, b, pages[str(number)] = worked["weights"], worked["biases"], worked
    pages["5"]["delta"][0][1] = -0.7
    marks = check(problem, {"decimals": 1, "iteration": pages})
    assert lost(marks) == {("delta", 1, 2)}
    assert marks["iteration.5.delta"].verdict == "wrong"


HALF = {"bias_gradient": lambda s: s.delta.sum(axis=0) / 2}


def details(marks):
    return [(each.name, "only" in each.why, "from iteration 2 on" in each.why) for each in marks.mistakes]


def test_a_mistake_that_is_made_throughout_is_told_without_iterations():
    marks = check(SOFTMAX, two_iterations(SOFTMAX, 4, first=HALF, second=HALF))
    assert details(marks) == [("half-extra", False, False)]


def test_a_mistake_in_iteration_1_only_is_told_as_such():
    marks = check(SOFTMAX, two_iterations(SOFTMAX, 4, first=HALF))
    assert details(marks) == [("half-extra", True, False)]
    assert "in iteration 1 only" in marks.mistakes[0].why


def test_a_mistake_in_a_later_iteration_only_is_told_as_such():
    document = two_iterations(SOFTMAX, 4, second=HALF)
    exact = page(SOFTMAX, 14)["iteration"]["1"]
    second = page(drawn("softmax", exact["weights"], exact["biases"], POINTS, ["A", "B", "C", "A", "B"]), 14, **HALF)
    second = second["iteration"]["1"]
    third = drawn("softmax", second["weights"], second["biases"], POINTS, ["A", "B", "C", "A", "B"])
    document["iteration"]["3"] = page(third, 4)["iteration"]["1"]
    marks = check(SOFTMAX, document)
    assert [each.name for each in marks.mistakes] == ["half-extra"]
    assert "in iteration 2 only" in marks.mistakes[0].why
    document["iteration"]["3"] = page(third, 4, **HALF)["iteration"]["1"]
    assert details(check(SOFTMAX, document)) == [("half-extra", False, True)]


def test_a_mistake_in_weights_that_are_not_written_is_told_by_the_iteration_after_it():
    document = two_iterations(SOFTMAX, 4, first=HALF)
    for part in ("weight_gradient", "bias_gradient", "weights", "biases"):
        del document["iteration"]["1"][part]
    marks = check(SOFTMAX, document)
    assert names(marks) == ["half-extra"]
    assert "in iteration 1 only" in marks.mistakes[0].why


def test_weights_that_are_written_as_they_were_before_each_update_are_told_where_the_work_goes_on_from_right_ones():
    document = two_iterations(SOFTMAX, 3)
    first, second = (document["iteration"][number] for number in ("1", "2"))
    second["weights"], first["weights"] = first["weights"], rounded(SOFTMAX.layer.weights, 3).tolist()
    marks = check(SOFTMAX, document)
    assert names(marks) == ["weights-not-updated"]
    assert "you went on without it" in marks.mistakes[0].why


def test_what_is_written_with_a_mistake_and_not_carried_on_is_told_as_such():
    """U without the biases; the outputs and all that follows are right."""
    document = page(SOFTMAX, 3)
    document["iteration"]["1"]["synaptic_inputs"] = rounded(SOFTMAX.X @ SOFTMAX.layer.weights, 3).tolist()
    marks = check(SOFTMAX, document)
    assert names(marks) == ["biases-left-out"]
    assert "you went on without it" in marks.mistakes[0].why
    carried = check(SOFTMAX, page(SOFTMAX, 3, synaptic_inputs=lambda s: s.X @ s.W))
    assert names(carried) == ["biases-left-out"]
    assert "you went on without it" not in carried.mistakes[0].why


@pytest.mark.parametrize(("by", "name"), [(0.5, "half-extra"), (2, "two-extra")])
def test_what_is_written_in_one_iteration_alone_and_not_carried_on_is_one_mistake(by, name):
    """Both gradients of iteration 1 are written with a factor; W, b and iteration 2 are right: no step has another length."""
    document = two_iterations(SOFTMAX, 4)
    for part in ("weight_gradient", "bias_gradient"):
        written = document["iteration"]["1"]
        written[part] = rounded(by * np.array(written[part]), 4).tolist()
    assert names(check(SOFTMAX, document)) == [name]


# ---- Several at once.


def test_two_mistakes_in_one_part_are_both_named():
    """Delta as D - Y, times a slope that cancels: no single mistake gives it."""
    both = {"delta": lambda s: (s.D - s.outputs) * s.outputs * (1 - s.outputs)}
    assert set(names(check(SOFTMAX, page(SOFTMAX, 4, **both)))) == {"ascent", "slope-extra"}


@pytest.mark.parametrize(
    ("from_it", "named"),
    [(True, {"ascent"}), (False, {"delta-sign", "delta-turned"})],  # gradients with the other sign are not written
    ids=["carried on", "written so alone"],
)
def test_only_who_goes_on_rightly_wrote_delta_alone_with_the_other_sign(from_it, named):
    turned, right = page(SOFTMAX, 3, delta=lambda s: s.D - s.outputs), page(SOFTMAX, 3)
    later = turned if from_it else right
    parts = {part: right["iteration"]["1"][part] for part in ("synaptic_inputs", "outputs", "cost")}
    parts |= {"delta": turned["iteration"]["1"]["delta"]}
    parts |= {part: later["iteration"]["1"][part] for part in ("weights", "biases")}
    found = names(check(SOFTMAX, {"decimals": 3, "iteration": {"1": parts}}))
    assert found
    assert set(found) <= named


@pytest.mark.parametrize(("rows", "named"), [(range(6), ["smallest-taken"]), ((1, 3, 4), [])])
def test_classes_that_are_exchanged_in_some_rows_alone_are_in_no_other_order(rows, named):
    """Of two classes every wrong one is the other: the smallest output, if all are."""
    problem = drawn("softmax", [[0.2, -0.1]], [0.1, -0.3], [[1], [2], [-1], [-3], [4], [-2]], list("ABABAB"))
    document = page(problem, 3)
    for row in rows:
        label = document["iteration"]["1"]["predicted"][row]
        document = altered(document, "predicted", (row,), {"A": "B", "B": "A"}[label])
    assert names(check(problem, document)) == named


def test_two_mistakes_in_different_parts_are_each_found_by_themselves():
    marks = check(SOFTMAX, page(SOFTMAX, 3, cost=lambda s: costs(s) / np.log(2), biases=lambda s: s.b))
    assert names(marks) == ["log-base-2", "biases-not-updated"]
    assert not marks.alternatives


def test_two_mistakes_of_one_name_are_named_once():
    marks = check(TANH, page(TANH, 4, cost=lambda s: costs(s) / 2, weight_gradient=lambda s: s.X.T @ s.delta / 2))
    assert names(marks) == ["half-extra"]


def test_a_mistake_and_an_unknown_one_in_another_part_leave_the_known_one_named():
    document = page(SOFTMAX, 3, delta=lambda s: (s.outputs - s.D) * s.outputs * (1 - s.outputs))
    document = altered(document, "biases", (0,), 7.123)
    assert "slope-extra" in names(check(SOFTMAX, document))


# ---- How much is enough.


@pytest.mark.parametrize(("times", "named"), [(1, ["half-missing"]), (60, [])])
def test_one_figure_does_not_tell_as_many_mistakes_apart_as_there_are_figures(monkeypatch, times, named):
    """Twice the cost of 20.75 at 1 decimal is one of 415 figures: enough for the table, and not for 60 such tables."""
    every = lambda *args, **kwargs: Diagnosis(*args, mistakes=EVERY * times, **kwargs)  # noqa: E731
    monkeypatch.setattr(iterations, "Diagnosis", every)
    assert names(check(LINE, {"decimals": 1, "iteration": {"1": {"cost": 41.5}}})) == named


@pytest.mark.parametrize(("wrong", "named"), [(1, ["slope-extra"]), (3, [])])
def test_a_mistake_that_leaves_much_of_what_it_changes_is_not_named(wrong, named):
    """Of 15 entries of delta, 1 or 3 are none that the mistake gives: the rest is a relative of it that nobody listed."""
    document = page(SOFTMAX, 3, delta=lambda s: (s.outputs - s.D) * s.outputs * (1 - s.outputs))
    document = {"decimals": 3, "iteration": {"1": {"delta": document["iteration"]["1"]["delta"]}}}
    for k in range(wrong):
        document = altered(document, "delta", (k % 5, k % 3), round(0.137 + 0.211 * k, 3))
    assert names(check(SOFTMAX, document)) == named


def test_alternatives_that_explain_an_answer_as_well_are_named_as_such():
    """With a learning rate of 1/2, half the step is that of the rate squared; other names are as good."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], 0.5)
    marks = check(
        problem,
        page(
            problem, 3, weights=lambda s: s.W - 0.25 * s.weight_gradient, biases=lambda s: s.b - 0.25 * s.bias_gradient
        ),
    )
    assert marks.alternatives
    assert {"rate-twice", "half-extra"} <= set(names(marks))


def named_of(scores, relative=None, *, told=lambda finding: finding.name, same=False):
    """What is named of hypotheses by their names; with the scores of some relatives.

    `told` says what of each finding, and `same` whether all hypotheses give the same figures.
    """
    each = [
        SimpleNamespace(names=frozenset(names), mistakes=tuple(names), slip=None, score=score)
        for names, score in scores.items()
    ]
    diagnosis = Diagnosis.__new__(Diagnosis)
    diagnosis.__dict__["found"] = each
    diagnosis.__dict__["in_likeliest_manner"] = None
    diagnosis.__dict__["deciding"] = SimpleNamespace(
        score=lambda hypothesis: hypothesis.score,
        without=lambda _hypothesis: 0.0,
        relative=lambda hypothesis: (relative or {}).get("".join(hypothesis.mistakes), 0.0),
        are_same=lambda _one, _other: same,
    )
    diagnosis._is_fit = lambda _hypothesis: True
    diagnosis._of_other_strength = lambda _hypothesis, _names: -np.inf
    diagnosis._findings = lambda hypothesis: [
        Finding(name, PartName.parse("iteration.1.delta"), f"{name.upper()}.", "") for name in hypothesis.mistakes
    ]
    return [told(finding) for finding in diagnosis._of_wrong()[0]]


def found(scores, names, **of_others):
    """What is named of single mistakes."""
    return named_of(dict(zip(names, scores, strict=True)), **of_others)


@pytest.mark.parametrize(("odds", "named"), [(5.9, []), (6.1, ["a"])])
def test_a_mistake_is_named_if_it_is_6_times_likelier_than_what_would_make_it_false(odds, named):
    assert found([np.log(odds)], "a") == named


@pytest.mark.parametrize(("less", "named"), [(1.9, ["a", "b"]), (2.1, ["a"])])
def test_mistakes_at_least_half_as_likely_are_alternatives(less, named):
    assert found([9.0, 9.0 - np.log(less)], "ab") == named


def test_what_is_less_likely_than_something_else_that_is_not_named_is_not_named():
    """The likelier one may be an unlisted mistake as well."""
    assert found([9.0, 7.0], "ab", relative={"a": 8.0}) == []
    assert found([9.0, 7.0], "ab") == ["a"]
    assert found([7.0, 9.0], "ba", relative={"a": 8.0}) == []


def test_alternatives_are_certain_together():
    assert found([np.log(4)], "a") == []
    assert found([np.log(4), np.log(3.9)], "ab") == ["a", "b"]


@pytest.mark.parametrize(("count", "named"), [(3, ["a", "b", "c"]), (4, [])])
def test_more_than_three_alternatives_are_not_named(count, named):
    assert found([9.0] * count, "abcd"[:count]) == named


@pytest.mark.parametrize(
    ("descent", "others"),
    [
        ({"reduction": "mean"}, ["mean-twice", "gradient-per-batch", "mean-over-whole-set"]),
        ({"rate": 0.5}, []),  # the mean, a division by the neurons or the batches, the rate twice
    ],
)
def test_a_factor_that_is_true_of_all_is_named_before_up_to_three_alternatives(descent, others):
    """The batch has two patterns, the set two batches, and the layer two neurons and inputs: 1/2 may be one over each of them."""
    problem = drawn("linear", [[0.3, -0.2], [0.4, 0.1]], [0.1, 0.2], POINTS[:4], [[1, 0], [0, 1], [2, 1], [1, 1]],
                    batch_size=2, **descent)  # fmt: skip
    pages = worked(problem, 1, {"delta": lambda s: s.c * (s.outputs - s.D) / 2})
    marks = check(problem, document(problem, pages))
    assert (names(marks), marks.alternatives) == (["half-extra", *others], bool(others))


def is_fit(
    parts, changed, explained, agreed=0.6, without=None, agreed_without=0.6, numbers=None, size=2, **of_hypothesis
):
    """Whether a hypothesis is fit: of two entries a part, or `size`, those `explained` with it and `without` it."""
    count = size * len(parts)
    evidence = SimpleNamespace(
        parts=[
            SimpleNamespace(name=PartName.in_iteration(number, part), among=slice(size * at, size * at + size))
            for at, (part, number) in enumerate(zip(parts, numbers or [1] * len(parts), strict=True))
        ],
        values=np.zeros(count),
        counts=np.repeat([part in COUNTS for part in parts], size),
    )
    explained, without = (np.array(each, bool) for each in (explained, explained if without is None else without))
    agreed, agreed_without = (np.broadcast_to(each, count) for each in (agreed, agreed_without))
    diagnosis = Diagnosis.__new__(Diagnosis)
    none = SimpleNamespace(explained=without, likelihood=SimpleNamespace(agreed=agreed_without))
    diagnosis.__dict__["deciding"] = SimpleNamespace(evidence=evidence, none=none)
    hypothesis = {"mistakes": ("a",), "variants": (Variant(),), "slip": None, "carried_on": True} | of_hypothesis
    nowhere = {"acts": np.zeros(len(parts), bool), "follows": np.zeros(len(parts), bool)}
    hypothesis = {"names": frozenset(hypothesis["mistakes"]), **nowhere} | hypothesis
    return diagnosis._is_fit(
        SimpleNamespace(changed=changed, explained=explained, likelihood=SimpleNamespace(agreed=agreed), **hypothesis)
    )


@pytest.mark.parametrize(
    ("explained", "hypothesis", "fit"),
    [
        ([1, 1, 1, 1], {}, True),  # nothing is wrong before
        ([0, 1, 1, 1], {}, True),
        ([0, 1, 1, 0], {}, False),
        ([0, 1, 1, 1], {"carried_on": False}, False),
        ([0, 1, 1, 1], {"mistakes": ("a", "b")}, False),
    ],
)
def test_after_what_nobody_knows_one_mistake_carried_on_must_give_every_figure_that_it_changes(
    explained, hypothesis, fit
):
    assert is_fit(["outputs", "delta"], [False, True], explained, without=[0, 1, 0, 0], **hypothesis) == fit


@pytest.mark.parametrize(("explained", "fit"), [([0, 0, 1, 1, 0, 0, 1, 1], True), ([0, 0, 1, 1, 0, 0, 1, 0], False)])
def test_what_nobody_knows_may_show_in_the_same_part_of_later_iterations(explained, fit):
    """The cost of both iterations is wrong; delta is what the mistake makes it."""
    parts = ["cost", "delta"] * 2
    assert is_fit(parts, [False, True, True, True], explained, without=[0] * 8, numbers=[1, 1, 2, 2]) == fit


def test_a_mistake_is_not_named_with_a_second_one_where_an_unlisted_one_is_likelier():
    assert named_of({"b": 5.0, "ab": 4.0}) == ["b"]
    assert named_of({"ab": 4.0, "b": 3.9}) == ["a", "b"]


@pytest.mark.parametrize(("less", "named"), [(1.9, ["a"]), (2.1, ["a", "b"])])
def test_of_two_mistakes_one_is_not_named_where_another_is_at_least_half_as_likely(less, named):
    assert named_of({"ab": 9.0, "ac": 9.0 - np.log(less)}) == named


@pytest.mark.parametrize(
    ("stories", "told"),
    [
        (["ab", "ac"], ["A.", "B. Or, with the same figures: C."]),
        (["ab", "ac", "ad"], ["A.", "B. Or, with the same figures: C. Or, with the same figures: D."]),
        (["ab", "ac", "ad", "ae"], ["A."]),  # more than 3 tell a student nothing
        (["ab", "cd"], []),  # nothing is told alike
    ],
)
def test_what_is_told_otherwise_with_the_same_figures_is_told_in_all_words(stories, told):
    scores = {names: 9.0 - 0.01 * at for at, names in enumerate(stories)}
    assert named_of(scores, told=lambda finding: finding.why, same=True) == told


@pytest.mark.parametrize(("odds", "named"), [(4.9, ["a"]), (5.1, ["a", "b"])])
def test_two_mistakes_are_together_6_times_likelier_than_the_one_that_explains_what_is_wrong_first(odds, named):
    """5 to 1 for both, and 1 for what is alike: 6 to 1."""
    assert named_of({"ab": 9.0, "a": 9.0 - np.log(odds)}) == named


@pytest.mark.parametrize(
    ("parts", "explained", "fit"),
    [
        (["outputs", "predicted"], (7, 8), True),
        (["outputs", "predicted"], (6, 8), False),
        (["outputs", "predicted"], (0, 8), False),  # classes alone agree
        (["outputs", "delta"], (0, 8), False),  # a later part, not the first
        (["predicted", "delta"], (0, 7), True),
    ],
)
def test_a_mistake_gives_7_of_8_figures_of_the_first_part_that_it_changes(parts, explained, fit):
    among_8 = np.concatenate([np.arange(8) < count for count in explained])
    assert is_fit(parts, [True, True], among_8, without=[0] * 16, size=8) == fit


@pytest.mark.parametrize(
    ("made_in", "fit"),
    [(None, False), (range(2, 3), False), (range(2, 10**9), False)],
    ids=["all", "one", "from then on"],
)
def test_a_mistake_leaves_no_part_unexplained_that_it_gives_in_another_iteration(made_in, fit):
    found = is_fit(
        ["weights", "weights"],
        [True, True],
        [1, 1, 0, 0],
        without=[0] * 4,
        numbers=[2, 3],
        variants=(Variant(made_in=made_in),),
    )
    assert found == fit


@pytest.mark.parametrize(("explained", "fit"), [([1, 1, 1, 0], True), ([0, 0, 1, 1], False)])
def test_a_mistake_is_refuted_by_a_part_in_which_it_spoils_more_than_it_explains(explained, fit):
    """The biases are right, and the mistake changes them."""
    assert is_fit(["biases", "synaptic_inputs"], [True, True], explained, without=[1, 0, 0, 0]) == fit
    right = is_fit(["biases", "synaptic_inputs"], [True, True], [0, 1, 1, 1], without=[1, 1, 0, 0])
    assert not right


@pytest.mark.parametrize(
    ("agreed", "agreed_without", "slip", "fit"),
    [
        ([0.6, 0.3, 0.6, 0.6], 0.6, None, True),
        ([0.6, 0.0, 0.6, 0.6], 0.6, None, False),
        ([0.6, 0.0, 0.6, 0.6], [0.0, 0.0, 0.6, 0.0], None, True),  # a figure of delta is so rounded too
        ([0.6, 0.0, 0.6, 0.6], 0.6, "slip", True),
    ],
)
def test_a_mistake_in_the_cost_alone_gives_it_by_a_plain_way_of_rounding_unless_others_are_not(
    agreed, agreed_without, slip, fit
):
    found = is_fit(["cost", "delta"], [True, False], [1] * 4, agreed, [0, 0, 1, 1], agreed_without, slip=slip)
    assert found == fit
    in_delta = is_fit(["cost", "delta"], [True, True], [1] * 4, [0, 0, 0.6, 0.6], [0] * 4, agreed_without, slip=slip)
    assert in_delta  # it shows elsewhere too


@pytest.mark.parametrize(("agreed", "fit"), [([0, 0, 0.6, 0.6], True), ([0, 0, 0, 0.6], False)])
def test_half_of_the_figures_of_a_mistake_are_rounded_plainly_where_all_others_are(agreed, fit):
    assert is_fit(["outputs", "delta"], [True, True], [1] * 4, agreed, [0] * 4) == fit


@pytest.mark.parametrize(
    ("changes", "fit"),
    [
        (("cost.factor", "weight_gradient.factor"), True),
        (("delta.factor", "weight_gradient.factor"), False),
    ],
)
def test_a_factor_that_stands_twice_is_another_factor_but_for_the_cost_which_goes_into_nothing(changes, fit):
    variants = tuple(Variant({name: lambda _s, right: right / 2}) for name in changes)
    mistakes = (object(),) * 2
    hypothesis = SimpleNamespace(mistakes=mistakes, variants=variants)
    assert Diagnosis.__new__(Diagnosis)._is_made_once(hypothesis) == fit


@pytest.mark.parametrize(("given", "fit"), [(7, True), (6, False)])
def test_one_figure_in_eight_may_be_right_that_a_mistake_changes(given, fit):
    right = np.arange(8) >= given
    explained, without = np.append([True] * 8, ~right), np.append([False] * 8, right)
    assert is_fit(["outputs", "delta"], [True, True], explained, without=without, size=8) == fit


@pytest.mark.parametrize(("part", "given", "fit"), [("biases", 7, True), ("biases", 6, False), ("predicted", 6, True)])
def test_a_mistake_gives_7_of_8_figures_of_each_part_in_which_it_acts(part, given, fit):
    """Not of classes, of which one more or less is decided otherwise."""
    explained, acts = np.append([True] * 8, np.arange(8) < given), np.array([True, True])
    found = is_fit(["weights", part], [True, True], explained, without=[False] * 16, size=8, acts=acts)
    assert found == fit


@pytest.mark.parametrize(("explained", "fit"), [([1, 1, 1, 1], True), ([1, 1, 0, 0], False)])
def test_weights_alone_are_treated_otherwise_only_where_the_biases_are_explained(explained, fit):
    without, alone = [0, 0, *explained[2:]], frozenset({"rate-on-one"})
    assert is_fit(["weights", "biases"], [True, False], explained, without=without, names=alone) == fit


@pytest.mark.parametrize(
    ("together", "one", "other", "made_in", "cancel"),
    [
        ((6, 6), (2, 2), (3, 3), ("delta", "weights"), False),
        ((0, 6), (2, 2), (3, 3), (), True),  # both show in delta first
        ((0, 6), (2, 2), (0, 3), ("weights",), False),  # the other is made in a later part
        ((6, 0), (2, 2), (3, 3), ("delta", "weights"), True),
        ((6, 0), (2, 2), (3, 3), ("delta",), False),  # no figure of the weights is worked by both
        ((2, 6), (2, 2), (3, 3), ("delta",), True),  # the other says nothing beside the first
        ((6, 3), (2, 0), (3, 3), ("delta", "weights"), False),  # the first does not show there
    ],
)
def test_two_mistakes_cancel_that_undo_or_hide_each_other_where_both_are_made(
    monkeypatch, together, one, other, made_in, cancel
):
    """Figures of delta and of the weights, 0 where they are right."""

    def found(figures, **of_hypothesis):
        return SimpleNamespace(predicted=figures, changed=np.array(figures) != 0, **of_hypothesis)

    names = [PartName.in_iteration(1, part) for part in ("delta", "weights")]
    monkeypatch.setattr(diagnose, "are_one_factor", lambda *_: False)
    diagnosis = Diagnosis.__new__(Diagnosis)
    diagnosis.__dict__["deciding"] = SimpleNamespace(
        without_one=lambda _, place: found(other if place == 0 else one),
        differs=lambda at, predicted, without: predicted[at] != without[at],
        none=found((0, 0)),
        evidence=SimpleNamespace(parts=[SimpleNamespace(name=name, among=at) for at, name in enumerate(names)]),
    )
    candidates = SimpleNamespace(made_in_parts=lambda _: frozenset(made_in))
    diagnosis.__dict__["search"] = SimpleNamespace(candidates=candidates)
    assert diagnosis._cancels(found(together, mistakes=("a", "b"), variants=("a", "b"))) == cancel


def test_two_mistakes_that_undo_each_other_in_a_part_are_not_named(monkeypatch):
    """dJ/dW alone is halved: that is no division by the two neurons in both gradients with a factor 2 in one of them."""
    inputs = [[1.0, 2.0, 0.5], [-1.0, 0.5, 1.5], [2.0, -1.5, 1.0], [0.5, 3.0, -2.0]]
    weights = [[0.4, -0.2], [0.1, 0.6], [-0.3, 0.7]]
    problem = drawn("linear", weights, [0.1, -0.2], inputs, [[1.3, 0.2]] * 4, reduction="mean")
    answer = page(
        problem,
        3,
        cost=lambda s: ((s.outputs - s.D) ** 2).mean(),
        delta=lambda s: 2 * (s.outputs - s.D) / s.D.size,
        weight_gradient=lambda s: s.X.T @ s.delta / 2,
    )
    monkeypatch.setattr(iterations, "Diagnosis", without("half-extra"))
    assert names(check(problem, answer)) == []


@pytest.mark.parametrize(
    ("first", "second", "depends"),
    [
        ({"delta.targets": nothing}, {"delta.targets": lambda _s, D: 1 - 2 * D}, True),
        ({"delta.factor": times(0.5)}, {"delta.factor": times(3.0)}, False),
        ({"delta.targets": nothing}, {"delta.slope": ones}, False),
    ],
)
def test_two_mistakes_in_one_ingredient_are_named_only_if_their_order_does_not_matter(first, second, depends):
    """Targets left out are -1 if they are coded after that, and 0 if before; two factors multiply."""
    answer = answer_from(page(SOFTMAX), SOFTMAX)
    working = Working(EXERCISE, EXERCISE, answer, rework(EXERCISE, [1]), answer.parts)
    diagnosis = Diagnosis.__new__(Diagnosis)
    diagnosis.__dict__["deciding"] = Hypotheses(working, {}, {})
    mistakes = tuple(Mistake(name, "Why.", "Look.") for name in ("first", "second"))
    found = diagnosis.deciding.hypothesis(mistakes, (Variant(first), Variant(second)), 0.0)
    assert diagnosis._depends_on_order(found) == depends


@pytest.mark.parametrize(("mistakes", "fit"), [((), True), (("a", "b"), False)])
def test_mistakes_that_together_change_nothing_are_none_and_a_slip_of_the_pen_is_one(mistakes, fit):
    assert is_fit(["cost", "delta"], [False, False], [0] * 4, mistakes=mistakes) == fit


def test_a_mistake_is_named_alone_where_the_second_one_may_be_of_another_strength():
    """Delta is doubled. The cost has the biases' decay, 0.02 of 0.26: so few digits do not tell it from a part of that."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], weight_decay=0.2)
    W, b = np.array(WEIGHTS), np.array(BIASES)
    answer = page(
        problem,
        2,
        cost=lambda s: costs(s) + 0.1 * (W**2).sum() + 0.1 * (b**2).sum(),
        delta=lambda s: 2 * (s.outputs - s.D),
        weight_gradient=lambda s: s.X.T @ s.delta + 0.2 * W,
    )
    assert names(check(problem, answer)) == ["two-extra"]


# ---- Mistakes that the table lacks.


@pytest.mark.parametrize(
    ("name", "problem", "instead"),
    [
        ("slope-extra", SOFTMAX, {"delta": lambda s: (s.outputs - s.D) * s.outputs * (1 - s.outputs)}),
        ("targets-left-out", SOFTMAX, {"delta": lambda s: s.outputs}),
        ("log-base-10", SOFTMAX, {"cost": lambda s: costs(s) / np.log(10)}),
        ("pattern-left-out", TANH, {"weight_gradient": lambda s: s.X[:-1].T @ s.delta[:-1],
                                    "bias_gradient": lambda s: s.delta[:-1].sum(axis=0)}),
        # Of classes the deltas add up to 0: the biases stay, and were updated.
        ("summed-over-neurons", SOFTMAX, {"bias_gradient": lambda s: 0 * s.b + s.delta.sum()}),
    ],
)  # fmt: skip
def test_a_mistake_that_is_not_in_the_table_has_no_name(monkeypatch, name, problem, instead):
    document = page(problem, 3, **instead)
    assert name in names(check(problem, document))
    monkeypatch.setattr(iterations, "Diagnosis", without(name))
    assert names(check(problem, document)) == []


def test_a_late_answer_of_fifty_iterations_is_decided_by_the_first_wrong_one(monkeypatch):
    """The iteration before it and two after it are looked at."""
    seen = []

    class Seen(Diagnosis):
        @property
        def deciding(self):
            found = super().deciding
            seen.append(found.working.numbers)
            return found

    monkeypatch.setattr(iterations, "Diagnosis", Seen)
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], epochs=50)
    W, b = np.array(WEIGHTS), np.array(BIASES)
    tables = {}
    for number in range(1, 31):
        here = drawn("softmax", W.tolist(), b.tolist(), POINTS, ["A", "B", "C", "A", "B"])
        exact = page(here, 14)["iteration"]["1"]
        W, b = np.array(exact["weights"]), np.array(exact["biases"])
        if number >= 7:
            b = b + np.array([0.02, 0, 0])  # it drifts
        tables[str(number)] = {"weights": rounded(W, 4).tolist(), "biases": rounded(b, 4).tolist()}
    check(problem, {"decimals": 4, "iteration": tables})
    assert set(map(tuple, seen)) == {(6, 7, 8, 9)}


def test_the_answer_that_is_right_is_not_searched():
    marks = check(LINE, line())
    assert marks.right
    assert names(marks) == []
    assert answer_from(line(), LINE).iterations() == [1]


@pytest.mark.parametrize(("likelier", "named"), [(4.99, []), (5.01, ["decay-forgotten"])])
def test_beside_all_right_a_mistake_is_named_that_is_e_to_5_likelier_than_honest_rounding(likelier, named):
    """The decay is 0.02 times the weights: whoever forgets it has figures within rounding, in all parts exactly."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], weight_decay=0.02)
    exercise, answer = Exercise.of(problem), answer_from(page(problem), problem)
    found = judged(exercise, answer)
    of = Diagnosis(exercise, answer, found.right, found.rounding, found.own, found.trusted, within_rounding=True)
    search = Search(of.every, list(variants_of(exercise, answer, found.right)), exactly=True)
    of.__dict__["log_honest"] = search.found()[0].prior - likelier
    assert [each.name for each in of.instead_of_rounding] == named
