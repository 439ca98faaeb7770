"""The sweep of a problem as text, and the score of its chosen model on the test set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from deltarule.data import Scaling
from deltarule.metrics import scores
from deltarule.show.terminal import score_lines
from deltarule.sweeps.of_problem import ProblemSweep
from deltarule.sweeps.result import Sweep, remedy_without_choice, why_without_choice
from deltarule.sweeps.score import Score
from deltarule.sweeps.text import DECIMALS, ROWS, sweep_lines
from deltarule.typeset.columns import Line, wrapped
from deltarule.typeset.figures import figure, figures
from deltarule.typeset.words import counted

UNTESTED = "The problem has no test set to score it on. Add split to [data] for one."


def score_sentence(score: Score, decimals: int = DECIMALS) -> str:
    """The score of the chosen model on the test set, in a sentence.

    Parameters
    ----------
    score : the score.
    decimals : of the cost.

    Examples
    --------
    >>> score_sentence(Score(3, False, 45, 0.25, 2.0, 43 / 45, 0))
    'Test set, scored once, for model 3: cost 0.2500, 2 wrong of 45 patterns, accuracy 0.9556.'
    """
    refitted = " (refitted)" if score.refitted else ""
    text = f"Test set, scored once, for model {score.model}{refitted}: cost {figures([score.cost], decimals)[0]}"
    if score.accuracy is not None and score.errors is not None:
        text += f", {figure(score.errors, 0)} wrong of {counted(score.patterns, 'pattern')}"
        text += f", accuracy {figure(score.accuracy, 4)}"
    text += "."
    if score.seen_before:
        verb = "is" if score.seen_before == 1 else "are"
        text += f" {counted(score.seen_before, 'pattern')} of it {verb} also among the training or validation patterns."
    return text


def problem_sweep_lines(found: ProblemSweep, width: int = 80, rows: int = ROWS) -> list[Line]:
    """The sweep of a problem for a terminal: title, sweep, and the score on the test set or why there is none.

    Parameters
    ----------
    found : the sweep of a problem.
    width : of the lines, in characters.
    rows : how many models the table has at most.
    """
    decimals = max(found.problem.decimals, DECIMALS)
    lines = wrapped(found.problem.title, width, style="bold")
    lines += [*sweep_lines(found.sweep, decimals, width, rows), Line(""), *wrapped(verdict(found, decimals), width)]
    problem = found.problem
    return lines + chosen_lines(found, problem.test, problem.target_scaling, problem.target_names, decimals, width)


class Chosen(Protocol):
    """A sweep with a choice: `sweep`, `chosen` and `score` as in `ProblemSweep`."""

    @property
    def sweep(self) -> Sweep: ...  # noqa: D102 - see above
    @property
    def chosen(self) -> int | None: ...  # noqa: D102
    @property
    def score(self) -> Score | None: ...  # noqa: D102


def chosen_lines(
    found: Chosen,
    test: tuple[Any, Any] | None,
    scaling: Scaling | None,
    names: Sequence[str],
    decimals: int,
    width: int,
) -> list[Line]:
    """How well the chosen model predicts the numbers of the test set, in their own units; none where there are classes.

    Parameters
    ----------
    found : the sweep.
    test : inputs and targets of the test patterns; None without a test set.
    scaling : of the targets; None: they are as they were.
    names : of the targets.
    decimals : of the figures.
    width : of the lines, in characters.
    """
    if found.score is None or found.score.accuracy is not None or test is None:
        return []
    scored = scores(found.sweep[found.score.model].layer, *test, scaling)
    units = " (in the units before scaling)" if scaling is not None else ""
    return score_lines(names, {"test": scored}, decimals, width, units=units)


def verdict(found: Chosen, decimals: int, untested: str = UNTESTED) -> str:
    """The score on the test set, or why there is none, in sentences.

    Parameters
    ----------
    found : the sweep.
    decimals : of the cost.
    untested : what is said where there is no test set.
    """
    if found.score is not None:
        return score_sentence(found.score, decimals)
    if found.chosen is not None:
        return untested
    if "validation_cost" in found.sweep.columns:
        why, remedy = why_without_choice(found.sweep), remedy_without_choice(found.sweep)
        return f"No model is chosen, since {why}. {remedy}"
    return (
        "No model is chosen, and the test set is not used: training cost says nothing about other patterns. "
        "Add --validation 0.2 or --folds 5 (in Python validation=0.2 or folds=5)."
    )
