"""How a problem shows itself: its title, layer, data and descent."""

from __future__ import annotations

from deltarule.problem.problem import Problem
from deltarule.show.document import Document
from deltarule.show.records import document_view
from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.typeset.columns import Line, joined, wrapped
from deltarule.typeset.words import counted, short_name
from deltarule.views import register

# Names of columns in a sentence; more are cut.
NAMES = 8
WIDTH = 80


def problem_facts(problem: Problem) -> dict[str, str]:
    """What a problem is made of, one sentence each: layer, data, descent, and conventions other than the house's.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem_facts(problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... }))["data"]
    '2 training patterns; inputs x1; targets target'
    """
    sizes = counted(len(problem.X), "training pattern")
    if problem.test is not None:
        sizes += f", {counted(len(problem.test[0]), 'test pattern')}"
    scaled = "standardised" if problem.standardised else "centred"
    inputs = _listed(problem.input_names) + (f" ({scaled})" if problem.input_scaling is not None else "")
    targets = _listed(problem.target_names) + (" (scaled to [0, 1])" if problem.target_scaling is not None else "")
    drawn = "" if problem.init_seed is None else f"; drawn with seed {problem.init_seed}"
    facts = {
        "layer": layer_sentence(problem.layer) + drawn,
        "data": f"{sizes}; inputs {inputs}; targets {targets}",
        "descent": descent_sentence(problem.descent, len(problem.X)),
    }
    written = "; ".join(problem.conventions.sentences)
    return facts | ({"conventions": written} if written else {})


def problem_summary(problem: Problem) -> str:
    """A problem as plain text of at most 80 columns."""
    lines: list[Line] = wrapped(problem.title, WIDTH, style="bold")
    for fact, sentence in problem_facts(problem).items():
        lines += wrapped(f"{fact}: {sentence}", WIDTH, indent="  ")
    for remark in problem.remarks:
        lines += wrapped(f"note: {remark}", WIDTH, indent="  ")
    return joined(lines)


def problem_document(problem: Problem) -> Document:
    """A problem as a document: its title, the sentences on layer, data and descent, and what should be noted."""
    facts = (f"{fact}: {text}" for fact, text in problem_facts(problem).items())
    notes = (f"note: {remark}" for remark in problem.remarks)
    return Document("", problem.title, (*facts, *notes), ())


def _listed(names: tuple[str, ...]) -> str:
    """Names with commas between, the first of them where they are many."""
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(short_name(each) for each in names[:NAMES]) + more


register(Problem, document_view(problem_summary, problem_document))
