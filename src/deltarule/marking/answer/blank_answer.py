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
from deltarule.marking.worth import shape_of, worths
from deltarule.parts import PartName
from deltarule.problem import Problem
from deltarule.show.markdown import escaped as markdown_text
from deltarule.typeset.figures import figure
from deltarule.typeset.words import counted, one_line, short_name

# Figures of a blank answer: more than anybody fills in by hand.
MOST_FIGURES = 50_000
# Names that are listed in a comment.
MOST_NAMES = 12
BLANK = ""
# Words that read as figures.
NO_FIGURES = ("nan", "inf", "infinity")


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
    for name, shape in written_parts(exercise):
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
    form : "toml" or "markdown", which say what rows and columns stand for, and what each part is worth; or "json".

    Raises
    ------
    InputError
        If there is no such form, or the problem asks for more than 50,000 figures.
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    return FORMS[choice("form of the template", form, tuple(FORMS))](problem)


def _toml(problem: Problem) -> str:
    exercise = Exercise.of(problem)
    notes = {str(name): note(exercise, name) for name, _ in written_parts(exercise)}
    return "\n".join(f"# {line}" for line in heading(problem)) + "\n" + answer_text(blank_answer(problem), notes)


def _json(problem: Problem) -> str:
    text = json.dumps(blank_answer(problem), indent=2, ensure_ascii=False)
    # A row of a matrix on one line; there is nothing between its brackets but blanks.
    return (
        re.sub(r"\[[\s\",]+\]", lambda found: re.sub(r"\s+", " ", found[0]).replace("[ ", "[").replace(" ]", "]"), text)
        + "\n"
    )


def _markdown(problem: Problem) -> str:
    exercise, document = Exercise.of(problem), blank_answer(problem)
    above, *lines = heading(problem)
    blocks = [f"# {markdown_text(above)}", *map(markdown_text, lines)]
    blocks += [f"{key} = {document[key]}" for key in ("decimals", "hints") if key in document]
    headed = ""
    for name, shape in written_parts(exercise):
        table = name.table if name.number is None else f"{name.table} {name.number}"
        blocks += [f"## {table.capitalize()}"] if table != headed else []
        headed = table
        blocks.append(f"*{markdown_text(note(exercise, name))}*")
        blocks += [f"{name.part} =", _table(exercise, name, shape)] if shape else [f"{name.part} = "]
    return "\n\n".join(blocks) + "\n"


def _table(exercise: Exercise, name: PartName, shape: tuple[int, ...]) -> str:
    """A table of Markdown with empty cells. All names in it are words, so that no reader takes them for figures."""
    named = [
        [_worded(axis.rpartition(" ")[2], each) for each in names]
        for axis, names in axes(exercise, name) or [("one an entry", exercise.heads(name)[1])]
    ]
    if len(shape) == 2:
        heads, rows = named[1], named[0]
    elif name.has_rows_of_patterns:
        heads, rows = [BLANK], named[0]
    else:
        heads, rows = named[0], ["figures"]
    lines = [[BLANK, *heads], [":--"] * (1 + len(heads)), *([row, *[BLANK] * len(heads)] for row in rows)]
    return "\n".join(f"| {' | '.join(map(markdown_text, line))} |" for line in lines)


def _worded(kind: str, name: str) -> str:
    """A name that begins with a letter and is no figure: "A", or "pattern 1"."""
    return name if name[:1].isalpha() and name.lower() not in NO_FIGURES else f"{kind} {name}"


FORMS: dict[str, Callable[[Problem], str]] = {"toml": _toml, "json": _json, "markdown": _markdown}


def heading(problem: Problem) -> Iterator[str]:
    """The lines above a blank answer to a `problem`: whose it is, how it is filled in, and what hints cost."""
    yield f"An answer to: {one_line(problem.title)}"
    yield f"Write your figures into the blanks, rounded to {counted(problem.decimals, 'decimal')}."
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
    words = [f"{axis} ({_listed(names)})" if names else axis for axis, names in axes(exercise, name)]
    if name.table == "boundaries":
        words = [f"{', '.join(f'a{n}' for n in range(1, exercise.layer.inputs + 1))}, c of a1 x1 + ... + c = 0"]
    elif name.part == "predicted" and not exercise.layer.independent:
        words.append(f"of {_listed([str(label) for label in exercise.classes])}")
    worth = worth_text(exercise, name)
    title = name.symbol if name.table in ("iteration", "convergence") else name.heading
    return f"{title}: {', '.join([*words, *([worth] if worth else [])])}".removesuffix(": ")


def axes(exercise: Exercise, name: PartName) -> list[tuple[str, list[str]]]:
    """What the axes of a part stand for as it is written, "a row a pattern" and "a column a neuron", with their names.

    Parameters
    ----------
    exercise : what is answered; its problem says in which conventions.
    name : of the part.
    """
    conventions = exercise.conventions
    rows, columns = exercise.heads(name)
    length = len(shape_of(exercise, name) or ())
    if length == 1:
        return [("one a pattern", rows) if name.has_rows_of_patterns else ("one a neuron", columns)]
    if length == 0:
        return []
    if name.part == "inputs":
        return [("a row a pattern", rows), ("a column an input", conventions.names_with_one(columns))]
    if name.has_rows_of_patterns:
        return [("a row a pattern", rows), ("a column a neuron", columns)]
    inputs = conventions.names_with_one(rows)
    if conventions.by_neuron:
        return [("a row a neuron", columns), ("a column an input", inputs)]
    return [("a row an input", inputs), ("a column a neuron", columns)]


def worth_text(exercise: Exercise, name: PartName) -> str:
    """What a part is worth of all that is asked for: "worth 2 of 12"; an empty text where the problem does not say.

    Parameters
    ----------
    exercise : what is answered.
    name : of the part.
    """
    marking = exercise.problem.marking
    if marking is None or not marking.weighs:
        return ""
    expected = worths(exercise)
    return f"worth {expected[name].weight:g} of {sum(worth.weight for worth in expected.values()):g}"


def written_parts(exercise: Exercise) -> list[tuple[PartName, tuple[int, ...]]]:
    """The parts that an answer to the `exercise` is asked for, with their shapes as they are written.

    Raises
    ------
    InputError
        If they are more than 50,000 figures.
    """
    written = {name: worth.shape for name, worth in worths(exercise).items()}
    count = sum(map(prod, written.values()))
    if count > MOST_FIGURES:
        raise InputError(
            "problem", f"ask for at most {MOST_FIGURES:,} figures", f"{count:,}", "Ask for fewer parts in [marking]."
        )
    return list(written.items())


def _blanks(shape: tuple[int, ...]) -> Any:
    return BLANK if not shape else [_blanks(shape[1:]) for _ in range(shape[0])]


def _listed(names: Sequence[str]) -> str:
    """Names in a comment; numbers in a row as "1 to 6", and many names as their first and last."""
    if len(names) > 2 and list(names) == [str(number) for number in range(1, len(names) + 1)]:
        return f"1 to {len(names)}"
    shown = [short_name(name) for name in names]
    return ", ".join(shown if len(shown) <= MOST_NAMES else [*shown[: MOST_NAMES - 2], "...", shown[-1]])
