"""A problem's solution, in any form: its first iterations worked."""

from __future__ import annotations

from collections.abc import Sequence

from deltarule.iteration import iterations
from deltarule.problem import Problem
from deltarule.show.document import iteration_document
from deltarule.show.forms import rendered


def solutions(problem: Problem, last: int, forms: Sequence[str]) -> list[str]:
    """The first iterations of a problem, worked, in several forms; every row is shown.

    Parameters
    ----------
    problem : any.
    last : the last iteration that is worked, counted from 1.
    forms : keys of `deltarule.show.forms.FORMS`.

    Returns
    -------
    list of str
        One text for each form.
    """
    rows = max(len(problem.X), problem.layer.inputs)
    task = (problem.layer, problem.X, problem.targets, problem.descent)
    documents = [
        iteration_document(
            each,
            problem.decimals,
            rows,
            title=problem.title,
            input_names=problem.input_names,
            neuron_names=problem.target_names,
            patterns=len(problem.X),
        )
        for each in iterations(*task, last=last, conventions=problem.conventions)
    ]
    return [rendered(form, documents) for form in forms]
