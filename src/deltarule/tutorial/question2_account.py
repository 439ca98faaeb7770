"""The account of question 2: the data, the scores and times that the handout prints, and its conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deltarule.datasets import load
from deltarule.marking import Marks
from deltarule.problem import Problem
from deltarule.tutorial import handout
from deltarule.tutorial.account import Entry, Verdict, bracket, compare
from deltarule.tutorial.linnerud import Linnerud, Scores
from deltarule.tutorial.printed_answers import findings
from deltarule.typeset.figures import thousands

# The handout's code sets learning rate 0.001, and the caption of its figure says 0.0011.
CODE_RATE, CAPTION_RATE = 0.001, 0.0011


def account(
    data: Linnerud,
    results: dict[str, Any],
    marks: dict[str, Marks],
    spread: dict[str, list[Scores]],
    times: dict[str, list[float]],
) -> list[Entry]:
    """The entries of the account.

    Parameters
    ----------
    data : the problem.
    results : the question's part of results.json.
    marks : of the printed answers, by form: "direct" and "autograd".
    spread : scores on the test set over initial layers, by form and kind of layer.
    times : seconds for an update in each timed run, by engine.
    """
    uniform = "uniform on (-1/sqrt(3), 1/sqrt(3)), as PyTorch draws them"
    by_form = {
        "direct": [*spread["direct"], *spread["directnormal_layer"]],
        "autograd": [*spread["autograd"], *spread["autograd_faster"]],
    }
    seeds, faster = results["seeds"], len(spread["autograd_faster"])
    layers = {
        "direct": f"{seeds} layers {uniform}, and as many with standard normal weights and zero biases.",
        "autograd": f"{seeds} layers {uniform}, at learning rate {CODE_RATE}, and over {faster} at {CAPTION_RATE}.",
    }
    entries = _data_entries(data)
    for form, scores in by_form.items():
        entries += _score_entries(form, data, marks[form], scores, f"The range is over {layers[form]}")
        milliseconds = [1000 * seconds for seconds in times[form]]
        why = f"The handout's machine is another one. Ours is the range of {len(milliseconds)} runs here."
        entries.append(bracket(2, f"{form}: time for an update, ms", handout.MILLISECONDS[form], milliseconds, why))
    return [
        *entries,
        _epochs(results),
        Entry(
            2,
            "autograd: learning rate",
            [CODE_RATE, CAPTION_RATE],
            results["autograd"]["learning_rate"],
            "equal",
            f"The code says {CODE_RATE}, the caption {CAPTION_RATE}; both are run.",
        ),
        _best_predicted(results),
    ]


def _data_entries(data: Linnerud) -> list[Entry]:
    """The data and their scaling."""
    raw = load("linnerud")
    training = raw.inputs[_training_rows(raw.inputs, data.problem)]
    low, high = data.train[1].min(axis=0), data.train[1].max(axis=0)
    scale = 1 / (high - low)
    return [
        compare(2, "first five rows: inputs", handout.FIRST_INPUTS, raw.inputs[:5], 1),
        compare(2, "first five rows: targets", handout.FIRST_TARGETS, np.asarray(raw.targets)[:5], 1),
        compare(2, "training inputs: mean", handout.INPUT_MEAN, training.mean(axis=0), 8),
        compare(2, "training inputs: variance", handout.INPUT_VARIANCE, training.var(axis=0), 8),
        compare(2, "training targets: scale", handout.TARGET_SCALE, scale, 8),
        compare(2, "training targets: min", handout.TARGET_MIN, -low * scale, 8),
    ]


def _training_rows(inputs: Any, problem: Problem) -> Any:
    """(P,) whether the problem trains on a row of the data: whether, scaled, it is one of its inputs."""
    if problem.input_scaling is None:
        raise ValueError("question 2's problem file standardises its inputs")
    scaled = problem.input_scaling.apply(inputs)
    return (np.abs(scaled[:, None, :] - problem.X[None, :, :]).max(axis=2) < 1e-12).any(axis=1)


def _score_entries(form: str, data: Linnerud, marks: Marks, scores: Sequence[Scores], range_of: str) -> list[Entry]:
    """Mean square error and R2 on the test set, in the range over initial layers."""
    printed = handout.printed(f"question_2_{form}")["metrics"]
    right = _row(1 - np.array(printed["test_mse"]) / data.test[1].var(axis=0), 4)
    low, high = np.min([s.r2 for s in scores], axis=0), np.max([s.r2 for s in scores], axis=0)
    ours = ", ".join(f"{a:.2f} to {b:.2f}" for a, b in zip(low, high, strict=True))
    unknown = f"The initial layer is not given. {range_of}"
    why = (
        f"{findings(marks, 'metrics.test_r2')} From the printed mean square errors R2 is {right}. {unknown} It is computed "
        f"as the handout does; computed correctly it is {ours}."
    )
    return [
        bracket(2, f"{form}: mean square error (test)", printed["test_mse"], [s.mse for s in scores], unknown),
        bracket(2, f"{form}: R2 (test)", printed["test_r2"], [s.r2_swapped for s in scores], why),
    ]


def _epochs(results: dict[str, Any]) -> Entry:
    """Epochs to convergence: what the handout ran, beside the medians of what it takes."""
    needed, ratio = results["epochs_to_criterion"], results["step_length"]["direct_to_autograd"]
    direct, autograd = handout.EPOCHS["direct"], handout.EPOCHS["autograd"]
    why = (
        f"Neither had converged. Ours are the medians, by direct gradients and by autograd, over {needed['initial_layers']} "
        f"initial layers, of the first epoch at which the {needed['criterion']}. Both forms are one descent at two step "
        f"lengths: a direct step (1/2 sum) is as long as P K / 2 = {ratio:g} autograd steps (mean over patterns and outputs), "
        f"so {thousands(autograd)} of those go as far as {autograd / ratio:.0f} direct ones."
    )
    computed = [round(needed[form]["median"]) for form in ("direct", "autograd")]
    return Entry(2, "epochs to convergence", [direct, autograd], computed, "differs", why)


def _best_predicted(results: dict[str, Any]) -> Entry:
    counts, seeds = results["best_predicted_counts"], results["seeds"]
    printed = handout.BEST_PREDICTED
    why = (
        f"By R2 on the test set, {printed} is best in {counts['direct'][printed]} of {seeds} initial layers after "
        f"{thousands(results['direct']['epochs'])} direct updates, and in {counts['autograd'][printed]} of {seeds} after "
        f"{thousands(results['autograd']['epochs'])} autograd updates."
    )
    verdict: Verdict = "equal" if results["best_predicted"] == printed else "differs"
    return Entry(2, "the variable best predicted", printed, results["best_predicted"], verdict, why)


def _row(values: Any, decimals: int) -> str:
    return ", ".join(f"{value:.{decimals}f}" for value in values)
