"""`benchmarks.marking`: its students are right where they should be, slip where they should, and are judged truly."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import deltarule as dr

ROOT = Path(__file__).parents[2]
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("the benchmarks are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from benchmarks.marking import __main__ as command  # noqa: E402
from benchmarks.marking import true_names  # noqa: E402
from benchmarks.marking.cases import Case, exercises, random_of, right_case, slipped_case  # noqa: E402
from benchmarks.marking.judging import (  # noqa: E402
    Said,
    copied_so,
    documented,
    is_true,
    of_right,
    of_slips,
    said,
    slips_told,
    with_copy,
)
from benchmarks.marking.kinds import case, result, subjects  # noqa: E402
from benchmarks.marking.nonsense import KINDS  # noqa: E402
from benchmarks.marking.rounding import NAMES, cut, half_up, significant, to_even  # noqa: E402
from benchmarks.marking.slips import BY_WHAT, SLIPS, held_out  # noqa: E402
from benchmarks.marking.telling import cannot_be_told  # noqa: E402
from benchmarks.marking.working import page, worked  # noqa: E402
from deltarule.problem import problem_from  # noqa: E402


def a_case(what: str, seed: int = 0) -> Case:
    """An answer with a slip, exactly worked."""
    for index in range(seed, seed + 50):
        found = slipped_case((BY_WHAT[what],), np.random.default_rng([7, index]))
        if found and found.style == "exact":
            return found
    raise AssertionError(what)


@pytest.mark.parametrize("seed", range(20))
def test_without_a_slip_the_student_works_what_the_package_works(seed):
    """Two sources of the same formulas: U, f(U), predictions, cost, delta, gradients, W and b of four iterations."""
    task = next(exercises(np.random.default_rng(seed)))
    problem = problem_from(task.document)
    for number, s in enumerate(worked(task, lambda _: {}, 4), 1):
        theirs = dr.iterate(problem, iteration=number)
        ours = page(s)
        pairs = {
            "synaptic_inputs": theirs.synaptic_inputs,
            "outputs": theirs.outputs,
            "cost": theirs.cost,
            "delta": theirs.delta,
            "weight_gradient": theirs.weight_gradient,
            "bias_gradient": theirs.bias_gradient,
            "weights": theirs.weights,
            "biases": theirs.biases,
        }
        for part, figures in pairs.items():
            np.testing.assert_allclose(ours[part], figures, rtol=1e-9, atol=1e-11, err_msg=part)
        if task.classes:
            assert ours["errors"] == theirs.errors


@pytest.mark.slow
def test_each_slip_changes_a_printed_figure_of_some_problem():
    def drawn(slip):
        return (slipped_case((slip,), np.random.default_rng([3, index])) for index in range(5))

    assert [slip.what for slip in SLIPS if not any(one and one.answer != one.right for one in drawn(slip))] == []


def test_names_of_slips_are_documented_and_stand_once():
    names = {slip.what: slip.names + slip.near for slip in SLIPS}
    assert {what for what, every in names.items() if len(set(every)) < len(every)} == set()
    assert {name for every in names.values() for name in every} <= set(documented())
    assert set(true_names.NAMES) | set(true_names.NEAR) <= set(names)


def test_every_third_slip_is_held_out_and_others_by_another_seed():
    assert len(held_out(0)) == len(SLIPS) // 3
    assert held_out(0) == held_out(0) != held_out(1)


def test_a_case_is_drawn_again_by_its_kind_subject_seed_and_index():
    one, other, another = (case("named", "ascent", 0, index) for index in (4, 4, 5))
    assert one.answer == other.answer
    assert one.task.document == other.task.document
    assert one.answer != another.answer


def test_an_exact_half_goes_to_even_or_up_and_a_figure_can_be_cut_off():
    half = np.array([0.125, -0.125, 0.287])
    np.testing.assert_array_equal(to_even(half, 2), [0.12, -0.12, 0.29])
    np.testing.assert_array_equal(half_up(half, 2), [0.13, -0.13, 0.29])
    np.testing.assert_array_equal(cut(half, 2), [0.12, -0.12, 0.28])


def test_significant_figures_count_from_the_first_digit_that_is_not_0():
    found = significant(np.array([0.0012345, 12.345, 1234.5, 0.0]), 3, half_up)
    np.testing.assert_allclose(found, [0.00123, 12.3, 1230, 0], rtol=1e-12)


# ---- Judging.


def test_a_right_answer_is_accused_where_a_mistake_is_named_and_marked_wrong_where_an_entry_is():
    drawn = right_case("exact", np.random.default_rng(0))
    assert of_right(drawn, Said(right=True)) == ""
    assert of_right(drawn, Said(("ascent",), right=True)) == "accused"
    assert of_right(drawn, Said(right=False)) == "marked wrong"
    assert of_right(drawn, Said(remarks=("rounded-carried",), right=True)) == "a false remark"
    rounded = right_case("each step", np.random.default_rng(0))
    assert of_right(rounded, Said(remarks=("rounded-carried",), right=True)) == ""


def test_a_name_beside_the_true_one_is_a_wrong_name_unless_they_are_alternatives():
    uphill = a_case("uphill")
    assert of_slips(uphill, Said(("ascent",))) == "named"
    assert of_slips(uphill, Said(("ascent", "log-base-2"))) == "wrong name"
    assert of_slips(uphill, Said(("log-base-2", "ascent"), alternatives=True)) == "among"
    assert of_slips(uphill, Said(("log-base-2",))) == "wrong name"
    assert of_slips(uphill, Said()) == "silence"
    assert of_slips(uphill, Said(right=True)) == "passed"


def test_another_name_is_true_if_the_mistake_that_it_names_prints_the_same_figures():
    """Where weights and biases alone are written, a turned delta and a step uphill cannot be told apart."""
    uphill = a_case("uphill")
    plan = replace(uphill.plan, parts=("weights", "biases"), numbers=(1,))
    shown = replace(uphill, plan=plan, slips=(BY_WHAT["delta turned, and gone against"],))
    shown = replace(shown, answer=shown.with_slips(*shown.slips))
    without_decay = shown.task.L == 0
    assert without_decay
    assert slips_told(shown, Said(), "ascent") == {0}
    assert is_true(shown, Said(("ascent",)))
    assert not slips_told(shown, Said(), "rate-twice")
    assert not is_true(shown, Said(("rate-twice",)))


def test_what_is_said_to_be_written_alone_is_true_if_the_work_goes_on_without_it():
    """At a rate of 1/2 the steps in place of the gradients are gradients with a factor 1/2, which are not gone on with."""
    drawn = a_case("steps in place of gradients")
    half = replace(drawn, task=replace(drawn.task, a=0.5), when="always")
    half = replace(half, answer=half.with_slips(*half.slips))
    alone = Said(
        ("half-extra",),
        sentences=("iteration.1.weight_gradient: half-extra: Why. (here only: you went on without it)",),
    )
    assert slips_told(half, alone, "half-extra") == {0}
    assert (
        slips_told(half, replace(alone, sentences=("iteration.1.weight_gradient: half-extra: Why.",)), "half-extra")
        == set()
    )


def shown_in(drawn: Case, *parts: str, **changed: object) -> Case:
    """The same student, who writes these parts of iteration 1 alone, with some of the plan changed."""
    fewer = replace(drawn, plan=replace(drawn.plan, parts=parts, numbers=(1,), **changed))
    return replace(fewer, answer=fewer.with_slips(*fewer.slips))


def test_nobody_can_tell_a_slip_where_another_of_another_name_prints_the_same_figures():
    """u - d is delta where the activation is left out, and where u is taken for y in delta alone: outputs tell them apart."""
    inputs = a_case("synaptic inputs for outputs in delta")
    assert cannot_be_told(shown_in(inputs, "outputs", "weights", "biases")) == ""
    assert cannot_be_told(shown_in(inputs, "weights", "biases")) == "other slips print the same figures"


def test_nobody_can_tell_a_slip_that_changes_no_figure_by_more_than_rounding_does():
    """The decay adds 0.07 to a cost of some 3, of which rounding to 2 decimals on the way moves as much."""
    without = a_case("the decay left out of the cost")
    few, many = (shown_in(without, "cost", "weights", decimals=decimals) for decimals in (2, 4))
    assert cannot_be_told(few) == "a slip changes no figure beyond rounding"
    assert cannot_be_told(many) == ""


def test_a_slip_in_iteration_1_alone_is_told_if_it_is_said_when():
    once = next(
        one
        for index in range(50)
        if (one := slipped_case((BY_WHAT["uphill"],), np.random.default_rng([9, index]), "in iteration 1"))
    )
    assert (
        of_slips(once, Said(("ascent",), sentences=("ascent: Your step goes along it. (in iteration 1 only)",)))
        == "named"
    )
    assert of_slips(once, Said(("ascent",), sentences=("ascent: Your step goes along it.",))) == "untimed"


def test_a_number_that_is_said_to_be_miscopied_is_put_into_the_problem():
    document = {
        "layer": {"weights": [[1.0, 2.0]], "biases": [3.0, 4.0]},
        "descent": {"learning_rate": 0.1},
        "data": {"inputs": [[5.0]]},
    }
    sentence = "A number was copied wrongly. ({}: 9 for 1)"
    assert with_copy(document, sentence.format("the learning rate"))["descent"]["learning_rate"] == 9
    assert with_copy(document, sentence.format("the weight of input 1 and neuron 2"))["layer"]["weights"] == [[1, 9]]
    assert with_copy(document, sentence.format("the bias of neuron 2"))["layer"]["biases"] == [3, 9]
    assert with_copy(document, "A number was copied wrongly.") is None
    assert document["descent"]["learning_rate"] == 0.1


def test_a_rate_that_is_said_to_be_miscopied_is_true_if_it_prints_the_same_figures():
    found = a_case("a rate copied wrongly, ten times as large")
    rate = found.task.a
    assert copied_so(found, Said(sentences=(f"(the learning rate: {10 * rate:g} for {rate:g})",)), "copied-wrongly")
    assert not copied_so(found, Said(sentences=(f"(the learning rate: {3 * rate:g} for {rate:g})",)), "copied-wrongly")


def test_the_documented_names_are_read_with_their_sentences():
    assert documented()["ascent"].startswith("Descent goes against the gradient")
    assert {"ascent", "half-extra", "softmax-twice"} <= set(subjects("named"))


def test_a_mistake_that_is_left_out_of_the_table_is_not_named():
    uphill = a_case("uphill")
    assert "ascent" in said(uphill).mistakes
    assert "ascent" not in said(uphill, ("ascent",)).mistakes


@pytest.mark.parametrize("module", sorted(p.name for p in (ROOT / "benchmarks" / "marking").glob("*.py")))
def test_what_students_do_shares_nothing_with_the_package(module):
    """Only where answers are marked and written down is it imported."""
    tree = ast.parse((ROOT / "benchmarks" / "marking" / module).read_text("utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    used = {name for name in imported if name.startswith("deltarule")}
    allowed = {
        "deltarule.marking",
        "deltarule.problem",
        "deltarule.marking.diagnosis.diagnose",
        "deltarule.marking.mistakes.registry",
    }
    assert used <= (allowed if module in {"judging.py", "failures.py"} else set())


def test_the_command_prints_a_table_and_shows_a_case_again(capsys, tmp_path):
    out = tmp_path / "marking.md"
    assert command.main(["--right", "2", "--once", "1", "--seed", "2", "--out", str(out)]) == 0
    assert "## Right answers" in out.read_text("utf-8")
    capsys.readouterr()
    assert command.main(["--show", "named/ascent", "3"]) == 0
    shown = capsys.readouterr().out
    assert "[layer]" in shown
    assert "[iteration.1]" in shown


def test_random_numbers_of_two_kinds_differ():
    one, other = (random_of(kind, "", 0, 0).random() for kind in ("pairs", "once"))
    assert one != other


# ---- A small part of what the benchmark measures.


@pytest.mark.slow
@pytest.mark.parametrize("style", NAMES)
def test_right_answers_in_a_style_of_rounding_are_neither_accused_nor_marked_wrong(style):
    found = [result("right", style, 11, index) for index in range(4)]
    assert [each.verdict for each in found] == [""] * 4


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_nobody_worked_earns_little_and_is_given_no_name(kind):
    found = [result("nonsense", kind, 11, index) for index in range(6)]
    assert np.mean([each.said.score for each in found]) < 0.15
    assert [each.verdict for each in found] == [""] * 6
