"""The answer file: any part of a worked answer, read with the digits that were written.

An answer file (TOML; in JSON the same tables)
----------------------------------------------
    decimals = 2                             # of its figures; left out: the problem's
    hints = 1                                # how many were asked for; left out: none

    [iteration.1]                            # any of these, of any iteration
    synaptic_inputs = [[2.72, -1.56, -0.76]] # U; a matrix is complete, or its rows are given one by one:
    rows.outputs.18 = [0.88, 0.10, 0.02]     # row 18 of f(U)
    predicted = ["A", "A"]                   # labels, or the numbers of the classes, from 1
    errors = 14
    cost = 34.50
    delta = "delta.csv"                      # a matrix may lie in a CSV file beside the answer
    weight_gradient = [[0.1, 0.2]]
    bias_gradient = [6.43, -5.33, -1.10]
    weights = [[0.28, -0.54, 0.89]]          # after the update
    biases = [-0.32, 0.27, 0.06]

    [convergence]
    updates = 1500
    weights = [[-0.15, -3.41, 4.18]]         # biases, cost, errors, outputs, predicted alike, and
    inputs = [[0, 4], [-1, 3]]               # the patterns, where they are written beside their outputs

    [boundaries]
    "A-B" = [3.25, 6.29, -13.63]             # a1 x1 + a2 x2 + c = 0, or any multiple

    [metrics]                                # training_ or test_: cost, errors, accuracy, mse, r2
    test_accuracy = 0.95

What is left blank, as "" in a template, counts as not given.

A CSV file by itself is one part, and its name says which: `iteration.1.delta.csv`, or `Ada.iteration.1.delta.csv`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from deltarule import checks
from deltarule.checks import whole
from deltarule.conventions import Conventions
from deltarule.documents import check_depth
from deltarule.errors import AnswerError, InputError, nearest
from deltarule.files import read_regular
from deltarule.marking.answer.document import CSV_SUFFIXES, HTML_SUFFIXES, TEXT_SUFFIXES, document_of
from deltarule.marking.answer.encodings import decoded
from deltarule.marking.answer.faults import LONGEST_NAME, Faults
from deltarule.marking.answer.naming import with_known_names
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.reader import Reader
from deltarule.marking.answer.twice import Twice, merged
from deltarule.marking.given import Answer
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import TABLES
from deltarule.problem import Problem
from deltarule.typeset.figures import decimals_shown

SUFFIXES = (".toml", ".json", *CSV_SUFFIXES, *TEXT_SUFFIXES, ".ipynb")
# Bytes of an answer: more than anybody writes by hand, and read in seconds whatever they are.
LARGEST_ANSWER = 4 * 2**20
# Hints that anybody asks for.
MOST_HINTS = 1000


def read_answer(path: str | os.PathLike[str], problem: Problem) -> Answer:
    """The answer of a TOML, JSON or CSV file, fitted to its problem.

    Parameters
    ----------
    path : the file. CSV files that it names lie beside it.
    problem : the problem that it answers.

    Raises
    ------
    AnswerError
        If the file cannot be read at all, or is empty. If only one part is wrong, it is among the answer's faults.
    """
    return read_for(Exercise.of(problem), path)


def read_for(exercise: Exercise, path: str | os.PathLike[str], *, root: Path | None = None) -> Answer:
    """`read_answer` for an exercise that is already made from its problem.

    Parameters
    ----------
    exercise : the exercise that is answered.
    path : the answer file.
    root : the folder that the file, and whatever a link there points at, must lie in; None: anywhere.
    """
    path = checks.path("answer", path)
    text = _text(path, root)
    try:
        document = document_of(path, text)
    except InputError as error:
        raise AnswerError(str(path), str(error)) from None
    except (ValueError, csv.Error) as error:
        form = path.suffix[1:].upper() or "TOML"
        why = str(error).removesuffix(".")
        raise AnswerError(str(path), f"This is not valid {form}: {why}. Correct it.") from None
    return answer_for(exercise, document, folder=path.parent, where=path.name)


def _text(path: Path, root: Path | None) -> str:
    """The text of an answer file; the parameters are those of `read_for`."""
    beside = "Put the answer itself there."
    inside = path if root is None else path.relative_to(root)
    try:
        content = read_regular(
            inside,
            "answer",
            root=root,
            limit=LARGEST_ANSWER,
            suffixes=(*SUFFIXES, *HTML_SUFFIXES),
            remedy=beside,
            smaller="Leave out what was not asked for.",
        )
        text = decoded(content)
    except InputError as error:
        raise AnswerError(path.name, str(error)) from None
    except UnicodeDecodeError:
        raise AnswerError(str(path), "The file is not text in UTF-8. Save it as UTF-8.") from None
    if not text.strip():
        raise AnswerError(str(path), "The file is empty. Write the parts that were worked, as in [iteration.1].")
    return text


def answer_from(
    document: Mapping[str, Any], problem: Problem, *, folder: Path | None = None, where: str = "answer"
) -> Answer:
    """The answer of a document: dictionaries where an answer file has tables; arrays are as good as lists.

    Parameters
    ----------
    document : the tables.
    problem : the problem that it answers.
    folder : where CSV files lie that the document names; None: it may name none.
    where : what messages call the document.

    Raises
    ------
    AnswerError
        If it is not such a document, or there is nothing in it to mark.

    Examples
    --------
    >>> from deltarule import problem_from
    >>> problem = problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> answer = answer_from({"iteration": {"1": {"biases": [0.6], "weigths": [[1.0]]}}}, problem)
    >>> list(answer.parts), answer.faults
    (['iteration.1.biases'], {'iteration.1.weigths': "There is no such part. Did you mean 'weights'?"})
    """
    folder = None if folder is None else checks.path("folder", folder)
    return answer_for(Exercise.of(problem), document, folder=folder, where=checks.text("name of the document", where))


def answer_for(
    exercise: Exercise, document: Mapping[str, Any], *, folder: Path | None = None, where: str = "answer"
) -> Answer:
    """`answer_from` for an exercise that is already made from its problem.

    Parameters
    ----------
    exercise : the exercise that is answered.
    document, folder, where : as in `answer_from`.
    """
    if not isinstance(document, Mapping):
        raise AnswerError(where, "An answer has tables, as in [iteration.1]. Write the parts that were worked.")
    if "layer" in document and "data" in document:
        raise AnswerError(where, "This is a problem. Give the problem first, then the answer.")
    try:
        check_depth(document)
    except InputError as error:
        raise AnswerError(where, str(error)) from None
    document = with_known_names(_with_epochs(document, exercise))
    faults = Faults(where)
    decimals = document.get("decimals", exercise.decimals)
    try:
        decimals = decimals_shown(decimals)
    except InputError as error:  # the rest is marked with those of the problem
        faults.add("decimals", str(decimals if isinstance(decimals, Twice) else error), decimals)
        decimals = exercise.decimals
    reader = Reader(exercise, decimals, folder, faults)
    for name, value in document.items():
        if name in TABLES:
            reader.table(name, value)
        elif part_named(str(name)) is not None:
            faults.add(str(name), "This stands in no iteration. Write it below the heading of its iteration.", value)
        elif name not in ("decimals", "hints", "title", "name"):
            faults.add(str(name), f"There is no such table. {nearest(str(name)[:LONGEST_NAME], TABLES)}", value)
    if not (reader.parts or faults.found or reader.has_blanks):
        raise AnswerError(where, "There is nothing to mark. Write the parts that were worked, as in [iteration.1].")
    try:
        hints = whole("number of hints", document.get("hints", 0), 0, "Write how many you asked for.", MOST_HINTS)
    except InputError as error:
        hints = 0
        faults.add("hints", str(error), document["hints"])
    parts = dict(sorted(reader.parts.items(), key=lambda item: item[0].place))
    again = partial(_read_in, exercise, document, folder, where)
    return Answer(parts, faults.found, decimals, reader.from_zero, hints, again, tuple(reader.last_taken))


def _with_epochs(document: Mapping[str, Any], exercise: Exercise) -> Mapping[str, Any]:
    """The document of a text whose headings number epochs, which are iterations where each has one update."""
    epochs = document.get("epoch")
    if not isinstance(epochs, Mapping) or not exercise.descent.is_full_batch(exercise.count):
        return document
    others = {key: value for key, value in document.items() if key != "epoch"}
    return {**others, "iteration": merged(others["iteration"], epochs) if "iteration" in others else epochs}


def _read_in(
    exercise: Exercise, document: Mapping[str, Any], folder: Path | None, where: str, conventions: Conventions
) -> Answer:
    """The same document as other conventions write it."""
    return answer_for(replace(exercise, conventions=conventions), document, folder=folder, where=where)
