"""A problem on paper: its data, its layer, and what is asked for with places to fill in; nothing of the solution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from deltarule.checks import choice, instance, truth
from deltarule.conventions import Conventions
from deltarule.iteration import iterate
from deltarule.marking.answer.blank_answer import axes, worth_text, written_parts
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName
from deltarule.problem import Problem
from deltarule.show.document import Document, Part, iteration_document
from deltarule.show.forms import FORMS as OUTPUT_FORMS
from deltarule.show.forms import rendered
from deltarule.show.notation import RATE, SYMBOLS
from deltarule.show.sentences import descent_sentence, schedule_sentence
from deltarule.show.table import blank_table
from deltarule.typeset.figures import figure, thousands
from deltarule.typeset.maths import Maths, maths, number
from deltarule.typeset.words import counted

# The forms that a sheet is written in: those that can be printed.
FORMS = tuple(form for form in OUTPUT_FORMS if form != "terminal")
# Patterns that are printed, and rows that are left to be filled in; of more, the first ones and the last.
MOST_ROWS = 100
TITLES = {
    "synaptic_inputs": "Synaptic inputs",
    "outputs": "Outputs",
    "predicted": "Predictions",
    "errors": "Errors",
    "cost": "Cost",
    "delta": "Delta",
    "weight_gradient": "Weight gradient",
    "bias_gradient": "Bias gradient",
    "weight_velocity": "Weight velocity",
    "bias_velocity": "Bias velocity",
    "weights": "New weights",
    "biases": "New biases",
}
TITLES_OF_TRAINED = {"updates": "Updates", "inputs": "Patterns", "weights": "Weights", "biases": "Biases"}
# What a number is, where its symbol does not say it.
COUNTED = {"errors": "wrong predictions"}
NO_SYMBOL = Maths("", "")


def sheet(problem: Problem, form: str = "html", *, formulas: bool = False) -> str:
    """A problem sheet as the text of a file.

    Parameters
    ----------
    problem : without [marking] all parts of iteration 1 are asked for.
    form : "html", "latex" or "markdown".
    formulas : whether the formula of each part stands beside it.

    Raises
    ------
    InputError
        If there is no such form, the layer is of a kind that has no notation, or more than 50,000 figures are asked for.
    """
    form = choice("form of the sheet", form, FORMS)
    return rendered(form, sheet_documents(problem, formulas=formulas))


def sheet_documents(problem: Problem, *, formulas: bool = False) -> list[Document]:
    """A problem sheet as documents: the problem, each iteration that is asked for, and the trained layer.

    Parameters
    ----------
    problem : without [marking] all parts of iteration 1 are asked for.
    formulas : whether the formula of each part stands beside it.

    Raises
    ------
    InputError
        If the layer is of a kind that has no notation, or more than 50,000 figures are asked for.
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    formulas = truth("formulas", formulas)
    exercise = Exercise.of(problem)
    worked = _worked(problem)
    grouped: dict[str, list[Part]] = {}
    for place, (name, _) in enumerate(written_parts(exercise), start=1):
        heading = f"Iteration {thousands(name.number)}" if name.number is not None else "After the whole descent"
        part = _part(exercise, name, place)
        known = worked.part(name.part) if formulas and name.number is not None else None
        if known is not None:
            part = replace(part, formula=known.formula, where=known.where)
        grouped.setdefault(heading, []).append(part)
    return [
        _problem(exercise, worked),
        *(Document(problem.title, heading, (), tuple(parts)) for heading, parts in grouped.items()),
    ]


def _worked(problem: Problem) -> Document:
    """Iteration 1 over all patterns: its problem is printed, and its formulas where they are asked for; its figures are not."""
    whole = problem.with_descent(replace(problem.descent, batch_size=None))
    return iteration_document(
        iterate(whole),
        problem.decimals,
        MOST_ROWS,
        title=problem.title,
        input_names=problem.input_names,
        neuron_names=problem.target_names,
        patterns=len(problem.X),
    )


def _problem(exercise: Exercise, worked: Document) -> Document:
    """What is given, and how it is to be answered."""
    problem = exercise.problem
    layer, _, *names = worked.sentences  # the second is on the full batch, the last on rounding
    sentences = [
        "Name: ______________________________",
        f"Given: a {layer}",
        f"Descent: {descent_sentence(problem.descent, len(problem.X))}",
        *names[:-1],
        f"Round figures to {counted(problem.decimals, 'decimal')}, and go on with all digits",
    ]
    if any(name.number is not None for name, _ in written_parts(exercise)):
        sentences.append(_of_iterations(problem.conventions))
    marking = problem.marking
    if marking is not None and marking.credit == "all-or-nothing":
        sentences.append("A part earns its marks if all of it is right, and nothing otherwise")
    if marking is not None and marking.hint_cost:
        sentences.append(f"Each hint costs {figure(100 * marking.hint_cost, 0)}% of all marks")
    given = worked.part("problem")
    if given is not None and not problem.descent.schedule.is_constant:  # the rate in force is the student's to work
        given = replace(given, formula=maths(RATE, "=", number(f"{problem.descent.learning_rate:g}")))
        sentences.insert(3, schedule_sentence(problem.descent, len(problem.X)))
    return Document(worked.title, "", tuple(sentences), () if given is None else (given,))


def _of_iterations(conventions: Conventions) -> str:
    parameters = "W and b" if conventions.writes("biases") else "W"
    return (
        f"An iteration is one update of {parameters}; all other figures of it are those of the layer before the update"
    )


def _part(exercise: Exercise, name: PartName, number: int) -> Part:
    """A part to be filled in, with its number on the sheet."""
    if name.table == "boundaries":
        title = f"Boundary {name.part}: a1 x1 + ... + c = 0"
    elif name.table == "metrics":
        title = name.heading.capitalize()
    else:
        title = TITLES[name.part] if name.number is not None else _title_of_trained(name)
    symbol = SYMBOLS.get(name.part, NO_SYMBOL) if name.table in ("iteration", "convergence") else NO_SYMBOL
    labels, heads = _names(exercise, name)
    remarks = [COUNTED.get(name.part, ""), *_patterns(exercise, name), worth_text(exercise, name)]
    table = blank_table(symbol, labels, heads, MOST_ROWS)
    return Part(str(name), f"{number}. {title}", tables=(table,), remark="; ".join(filter(None, remarks)))


def _title_of_trained(name: PartName) -> str:
    return TITLES_OF_TRAINED.get(name.part) or TITLES[name.part]


def _names(exercise: Exercise, name: PartName) -> tuple[list[str], list[str]]:
    """The names of the rows and of the columns of a part; one empty name where an axis has none."""
    if name.table == "boundaries":
        return [""], exercise.heads(name)[1]
    found = [names for _, names in axes(exercise, name)]
    if len(found) == 2:
        return found[0], found[1]
    if found and name.has_rows_of_patterns:
        return found[0], [""]
    return [""], found[0] if found else [""]


def _patterns(exercise: Exercise, name: PartName) -> Iterator[str]:
    """Which patterns a batch has, where it is a part of them."""
    if name.number is not None and not exercise.descent.is_full_batch(exercise.count):
        batch = exercise.batch(name.number)
        if name.part in ("errors", "cost"):
            yield f"of patterns {', '.join(str(p + 1) for p in batch)}"
