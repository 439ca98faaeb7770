"""The sweep of a problem as text, and the score of its chosen model on the test set."""

from __future__ import annotations

from deltarule.metrics import scores
from deltarule.show.terminal import score_lines
from deltarule.sweeps.of_problem import ProblemSweep
from deltarule.sweeps.result import remedy_without_choice, why_without_choice
from deltarule.sweeps.score import Score
from deltarule.sweeps.text import DECIMALS, ROWS, sweep_lines
from deltarule.typeset.columns import Line, wrapped
from deltarule.typeset.figures import figure, figures
from deltarule.typeset.words import counted


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
    problem, score = found.problem, found.score
    if score is not None and score.accuracy is None and problem.test is not None:
        test = scores(found.sweep[score.model].layer, *problem.test, problem.target_scaling)
        units = " (in the units before scaling)" if problem.target_scaling is not None else ""
        lines += score_lines(problem.target_names, {"test": test}, decimals, width, units=units)
    return lines


def verdict(found: ProblemSweep, decimals: int) -> str:
    """The score on the test set, or why there is none, in sentences.

    Parameters
    ----------
    found : the sweep of a problem.
    decimals : of the cost.
    """
    if found.score is not None:
        return score_sentence(found.score, decimals)
    if found.chosen is not None:
        return "The problem has no test set to score it on. Add split to [data] for one."
    if "validation_cost" in found.sweep.columns:
        why, remedy = why_without_choice(found.sweep), remedy_without_choice(found.sweep)
        return f"No model is chosen, since {why}. {remedy}"
    return (
        "No model is chosen, and the test set is not used: training cost says nothing about other patterns. "
        "Add --validation 0.2 or --folds 5 (in Python validation=0.2 or folds=5)."
    )
