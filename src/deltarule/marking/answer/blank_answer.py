"""A blank answer: the keys and shapes of what a problem asks for, to be filled in. What stays blank counts as not given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any

from deltarule.checks import choice, instance
from deltarule.errors import InputError
from deltarule.marking.answer.right_answer import answer_text
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.worth import asked_for, shape_of
from deltarule.parts import PartName
from deltarule.problem import Problem
from deltarule.typeset.figures import figure
from deltarule.typeset.words import counted, one_line, short_name

# Figures of a blank answer: more than anybody fills in by hand.
MOST_FIGURES = 50_000
# Names that are listed in a comment.
MOST_NAMES = 12
BLANK = ""


def blank_answer(problem: Problem) -> dict[str, Any]:
    """The document of a blank answer: what the problem asks for, with an empty text in the place of each figure and label.

    Parameters
    ----------
    problem : without [marking] all parts of iteration 1 are asked for.

    Raises
    ------
    InputError
        If it asks for more than 50,000 figures.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ...     "marking": {"asked": ["iteration.1.delta", "iteration.1.biases", "metrics.training_cost"]},
    ... })
    >>> blank_answer(problem)
    {'decimals': 2, 'iteration': {'1': {'delta': [[''], ['']], 'biases': ['']}}, 'metrics': {'training_cost': ''}}
    """
    exercise = Exercise.of(problem)
    document: dict[str, Any] = {"decimals": problem.decimals}
    if problem.marking is not None and problem.marking.hint_cost:
        document["hints"] = 0
    for name, shape in _shapes(exercise):
        table = document.setdefault(name.table, {})
        if name.number is not None:
            table = table.setdefault(str(name.number), {})
        table[name.part] = _blanks(shape)
    return document


def template(problem: Problem, form: str = "toml") -> str:
    """A blank answer as the text of a file.

    Parameters
    ----------
    problem : without [marking] all parts of iteration 1 are asked for.
    form : "toml", with comments that say what rows and columns stand for, and what each part is worth; or "json".

    Raises
    ------
    InputError
        If there is no such form, or the problem asks for more than 50,000 figures.
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    return FORMS[choice("form of the template", form, tuple(FORMS))](problem)


def _toml(problem: Problem) -> str:
    exercise = Exercise.of(problem)
    notes = {name: note(exercise, name) for name, _ in _shapes(exercise)}
    return "\n".join(f"# {line}" for line in heading(problem)) + "\n" + answer_text(blank_answer(problem), notes)


def _json(problem: Problem) -> str:
    text = json.dumps(blank_answer(problem), indent=2, ensure_ascii=False)
    # A row of a matrix on one line; there is nothing between its brackets but blanks.
    return (
        re.sub(r"\[[\s\",]+\]", lambda found: re.sub(r"\s+", " ", found[0]).replace("[ ", "[").replace(" ]", "]"), text)
        + "\n"
    )


FORMS: dict[str, Callable[[Problem], str]] = {"toml": _toml, "json": _json}


def heading(problem: Problem) -> Iterator[str]:
    """The lines above a blank answer to a `problem`: whose it is, how it is filled in, and what hints cost."""
    yield f"An answer to: {one_line(problem.title)}"
    yield f"Write your figures between the quotation marks or in their place, rounded to {counted(problem.decimals, 'decimal')}."
    yield "What stays blank counts as not answered."
    marking = problem.marking
    if marking is not None and marking.hint_cost:
        share = f"{figure(100 * marking.hint_cost, 0)}%"
        yield f"Each hint that you ask for (deltarule check --hint) costs {share} of all marks: write how many."


def note(exercise: Exercise, name: PartName) -> str:
    """What a part is, in a line: its symbol, what its rows and columns stand for, and what it is worth.

    Parameters
    ----------
    exercise : what is answered.
    name : of the part.
    """
    rows, columns = exercise.heads(name)
    shape = shape_of(exercise, name) or ()
    words = []
    if name.table == "boundaries":
        words.append(f"{', '.join(f'a{n}' for n in range(1, shape[0]))}, c of a1 x1 + ... + c = 0")
    elif name.part == "predicted" and len(shape) == 1:
        words += [f"one a pattern ({_listed(rows)})", f"of {_listed([str(label) for label in exercise.classes])}"]
    elif len(shape) == 2:
        kind = "a pattern" if name.has_rows_of_patterns else "an input"
        words.append(f"a row {kind} ({_listed(rows)})")
        words.append(f"a column {'an input' if name.part == 'inputs' else 'a neuron'} ({_listed(columns)})")
    elif shape:
        words.append(f"one a neuron ({_listed(columns)})")
    worth = worth_text(exercise, name)
    title = name.symbol if name.table in ("iteration", "convergence") else name.heading
    return f"{title}: {', '.join([*words, *([worth] if worth else [])])}".removesuffix(": ")


def worth_text(exercise: Exercise, name: PartName) -> str:
    """What a part is worth of all that is asked for: "worth 2 of 12"; an empty text where the problem does not say.

    Parameters
    ----------
    exercise : what is answered.
    name : of the part.
    """
    marking = exercise.problem.marking
    if marking is None:
        return ""
    total = sum(map(marking.weight, asked_for(exercise)))
    return f"worth {marking.weight(name):g} of {total:g}"


def _shapes(exercise: Exercise) -> list[tuple[PartName, tuple[int, ...]]]:
    shapes = [(name, shape_of(exercise, name) or ()) for name in asked_for(exercise)]
    count = sum(prod(shape) for _, shape in shapes)
    if count > MOST_FIGURES:
        raise InputError(
            "problem", f"ask for at most {MOST_FIGURES:,} figures", f"{count:,}", "Ask for fewer parts in [marking]."
        )
    return shapes


def _blanks(shape: tuple[int, ...]) -> Any:
    return BLANK if not shape else [_blanks(shape[1:]) for _ in range(shape[0])]


def _listed(names: Sequence[str]) -> str:
    """Names in a comment; numbers in a row as "1 to 6", and many names as their first and last."""
    if len(names) > 2 and list(names) == [str(number) for number in range(1, len(names) + 1)]:
        return f"1 to {len(names)}"
    shown = [short_name(name) for name in names]
    return ", ".join(shown if len(shown) <= MOST_NAMES else [*shown[: MOST_NAMES - 2], "...", shown[-1]])
