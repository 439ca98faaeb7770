"""Whether any layer predicts all training patterns correctly, said in the outcome of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deltarule.training import Run

# With these numbers of patterns and inputs or fewer, the linear program of `separability` takes less than a second.
SMALL_PATTERNS, SMALL_INPUTS = 2000, 50


def with_verdict(run: Run, X: Any, targets: Any) -> Run:
    """The run, whose outcome says whether any layer predicts all patterns correctly, where that is found in a moment.

    Parameters
    ----------
    run : the run.
    X, targets : the training patterns.
    """
    from dataclasses import replace

    from deltarule.analysis.separability import SeparabilityOutcome, separability
    from deltarule.errors import InputError
    from deltarule.remarks import separability_question, verdict_on_rest

    patterns, inputs = X.shape
    question = separability_question(run.layer)
    if question not in run.outcome.remarks or patterns > SMALL_PATTERNS or inputs > SMALL_INPUTS:
        return run
    try:
        found = separability(X, targets, biases=run.layer.has_biases).outcome
    except InputError:  # one class only, or rounding decides
        return run
    # Without biases an input of 0 is answered rightly at u = 0, on the boundary.
    unsure = found is SeparabilityOutcome.QUASI_SEPARABLE and not run.layer.has_biases
    separable = found is SeparabilityOutcome.SEPARABLE
    rest = "" if unsure else verdict_on_rest(run.layer, run.descent, separable=separable)
    more = "" if separable and rest else ": train for more epochs, or at another rate"
    sentence = {
        SeparabilityOutcome.SEPARABLE: f"Some layer predicts all of them correctly{more}",
        SeparabilityOutcome.QUASI_SEPARABLE: "No layer separates the classes: some patterns would lie on a boundary",
        SeparabilityOutcome.OVERLAPPING: "No layer predicts all of them correctly: the classes overlap",
    }[found] + rest
    remarks = tuple(sentence if remark == question else remark for remark in run.outcome.remarks)
    return replace(run, outcome=replace(run.outcome, remarks=remarks))
