"""An iteration or a run as lines of plain text of a given width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deltarule.conventions import HOUSE, Conventions
from deltarule.show.document import Document, Part, iteration_document
from deltarule.show.run_document import about_sentences, history_columns
from deltarule.show.score_table import HEADS, UNDEFINED, has_undefined, score_rows
from deltarule.show.sentences import layer_sentence, parameters_title
from deltarule.show.table import Table, parameter_tables
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.figures import DEFAULT_DECIMALS
from deltarule.typeset.words import short_name, unbroken, unlike

if TYPE_CHECKING:
    from deltarule.iteration import Iteration
    from deltarule.layers import Layer
    from deltarule.metrics import Scores
    from deltarule.training import History, Run


def iteration_text(
    iteration: Iteration, decimals: int = DEFAULT_DECIMALS, rows: int | None = None, width: int = 80
) -> str:
    r"""An iteration as plain text: the formulas, then every matrix.

    Parameters
    ----------
    iteration : of a layer whose kind has a notation.
    decimals : of each figure; where all figures of a matrix would read as 0, they have powers of ten instead.
    rows : the largest number of patterns (and of rows of W) shown; if there are more, the first ones and the last. None: 30.
    width : characters a line; matrices that do not fit side by side stand below each other, and wider ones fold.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> descent = Descent(learning_rate=0.1, epochs=1)
    >>> worked = iterate(LinearLayer([[2.0]], [0.0]), [[1.0], [3.0]], [[1.0], [5.0]], descent)
    >>> print("\n".join(iteration_text(worked).splitlines()[-5:]))
    Gradients and update
          dJ/dW, dJ/db    W, b after
             1                1
    x1    4.00             1.60
    b     2.00            -0.20
    """
    return joined(iteration_lines(iteration, decimals, rows, width))


def run_text(run: Run, decimals: int = 4, width: int = 80) -> str:
    """A run as plain text: the layer, the cost at about ten epochs, weights and biases, and how it ended.

    Parameters
    ----------
    run : the run.
    decimals : of each figure.
    width : characters a line.
    """
    return joined(run_lines(run, decimals, width))


def iteration_lines(
    iteration: Iteration, decimals: int = DEFAULT_DECIMALS, rows: int | None = None, width: int = 80, **options: Any
) -> list[Line]:
    """`iteration_text`, line by line. The parameters are those of `iteration_text`.

    Parameters
    ----------
    options : further ones of `deltarule.show.document.iteration_document`.
    """
    return document_lines(iteration_document(iteration, decimals, rows, **options), width)


def documents_lines(documents: Sequence[Document], width: int) -> list[Line]:
    """Worked steps, one below the other, each title once above those that share it.

    Parameters
    ----------
    documents : the worked steps, in order.
    width : characters a line.
    """
    lines: list[Line] = []
    title = ""
    for document in documents:
        if document.title != title:
            title = document.title
            lines += [*([Line("")] if lines else []), *wrapped(title, width, style="bold")]
        lines += [*([Line("")] if lines else []), *document_lines(document, width)]
    return lines


def document_lines(work: Document, width: int) -> list[Line]:
    """A worked step: formulas, matrices side by side, and the first entries with the numbers put in.

    Parameters
    ----------
    work : the document of the step.
    width : characters a line.
    """
    parts = {part.name: part for part in work.parts}
    lines = [Line(work.heading, "bold")]
    for sentence in work.sentences:
        lines += wrapped(sentence, width)

    lines += [Line(""), Line("Formulas", "bold")]
    for part in work.parts:
        if part.formula is not None:
            where = f"  ({', '.join(unbroken(letter.text) for letter in part.where)})" if part.where else ""
            label = "learning rate" if part.name == "problem" else part.title.lower()
            lines += wrapped(f"  {label:<17}{part.formula.text}{where}", width, indent=" " * 19)

    parameters = 2 if "biases" in parts else 1
    has_velocity = "weight_velocity" in parts
    X, D, *v = parts["problem"].tables[: -parameters * (1 + has_velocity)]
    before = parts["problem"].tables[len(v) + 2 :]
    matrices = [("W, b", ("W", "b"), before[:parameters])]
    if has_velocity:
        matrices.append(("V_W, V_b", ("V_W", "V_b"), before[parameters:]))
    lines += [Line(""), Line("Layer before the update", "bold"), *_parameters(matrices, width)]
    lines += [Line(""), Line("Patterns", "bold"), *_pattern_lines(parts, [X, *v, D], width)]

    lines.append(Line(""))
    if "errors" in parts:
        lines.append(Line(f"errors  {parts['errors'].value} {parts['errors'].remark}"))
    cost = parts["cost"]
    if cost.formula is not None:
        lines += wrapped(f"cost    {cost.formula.text} = {cost.value}", width, indent=" " * 8)

    lines += [Line(""), Line("With the numbers, entry by entry", "bold")]
    for part in work.parts:
        for pieces in part.lines:
            # A line is broken between terms, unless one is as long as a line.
            texts = [unbroken(piece.text) if len(piece.text) < width - 8 else piece.text for piece in pieces]
            lines += wrapped("  " + " ".join(texts), width, indent=" " * 6)

    lines += [Line(""), Line("Gradients and update", "bold")]
    shown = [
        ("dJ/dW, dJ/db", ("dJ/dW", "dJ/db"), ("weight_gradient", "bias_gradient")),
        ("V_W, V_b after", ("V_W after", "V_b after"), ("weight_velocity", "bias_velocity")),
        ("W, b after", ("W after", "b after"), ("weights", "biases")),
    ]
    tables = [
        (title, titles, tuple(parts[name].tables[0] for name in pair if name in parts)) for title, titles, pair in shown
    ]
    return lines + _parameters([each for each in tables if each[2]], width)


def _pattern_lines(parts: Mapping[str, Part], given: Sequence[Table], width: int) -> list[Line]:
    """A row a pattern: X and D, U, Y, the prediction, delta; wrong predictions are marked."""
    blocks = [Block(table.symbol.text, table.heads, table.rows) for table in given]
    styles: list[str] = []
    for key in ("synaptic_inputs", "outputs", "slopes", "predicted", "delta"):
        if key not in parts:
            continue
        table, formula = parts[key].tables[0], parts[key].formula
        if key != "predicted":
            title = {"outputs": "Y = f(U)", "slopes": "f'(U)"}.get(key, "" if formula is None else formula.text)
            blocks.append(Block(title.replace("-dJ/dU = ", "").replace("dJ/dU = ", ""), table.heads, table.rows))
            continue
        wrong = [place in table.wrong for place in range(len(table.rows))]
        styles = ["red" if is_wrong else "" for is_wrong in wrong]
        marks = [["wrong" if is_wrong else ""] for is_wrong in wrong]
        if table.words:
            rows = [[*row, *mark] for row, mark in zip(table.rows, marks, strict=True)]
            blocks.append(Block("", [*table.heads, ""], rows, words=True))
        else:  # independent neurons: a row of 0 and 1, to be compared with D
            blocks += [Block("predicted", table.heads, table.rows), Block("", [""], marks, words=True)]
    columns = [head for table in given for head in table.heads]
    index = Block("", [unlike(columns, "p", "pattern")], [[label] for label in given[0].labels])
    return banded(index, blocks, width, gaps=_gaps(given[0]), styles=styles)


def _parameters(matrices: Sequence[tuple[str, tuple[str, str], Sequence[Table]]], width: int) -> list[Line]:
    """Matrices shaped as W, side by side, each with what is shaped as b: below it, beside it as a column, or in it.

    Parameters
    ----------
    matrices : the title of both together, the titles of the two apart, and their tables: only the first where it holds the biases.
    width : characters a line.
    """
    tables = matrices[0][2]
    if len(tables) == 2 and tables[1].labels == ("",):
        return _below([(title, pair[0], pair[1]) for title, _, pair in matrices], width)
    index = Block("", [""], [[label] for label in tables[0].labels], words=True)
    apart = [(title, table) for _, titles, pair in matrices for title, table in zip(titles, pair, strict=False)]
    return banded(
        index, [Block(title, table.heads, table.rows) for title, table in apart], width, gaps=_gaps(tables[0])
    )


def _below(matrices: Sequence[tuple[str, Table, Table]], width: int) -> list[Line]:
    """Matrices shaped as W, each with its row shaped as b below, side by side."""
    first = matrices[0][1]
    index = Block("", [""], [*([label] for label in first.labels), [unlike(first.labels, "b", "bias")]], words=True)
    blocks = [Block(title, W.heads, [*W.rows, *b.rows]) for title, W, b in matrices]
    return banded(index, blocks, width, gaps=_gaps(first))


def _gaps(table: Table) -> list[int]:
    return [] if table.gap is None else [table.gap]


def run_lines(run: Run, decimals: int = 4, width: int = 80) -> list[Line]:
    """`run_text`, line by line. The parameters are those of `run_text`."""
    lines = [*about_lines(run, width), Line(""), *history_lines(run.history, decimals, width), Line("")]
    lines += [Line(parameters_title(run.layer), "bold"), *parameter_lines(run.layer, decimals, width)]
    return [*lines, Line(""), *wrapped(str(run.outcome), width)]


def about_lines(run: Run, width: int, patterns: int | None = None) -> list[Line]:
    """The layer and the descent of a run, and what was done.

    Parameters
    ----------
    run : the run.
    width : characters a line.
    patterns : the number of training patterns; None where it is not known.
    """
    return [line for sentence in about_sentences(run, patterns) for line in wrapped(sentence, width)]


def history_lines(history: History, decimals: int, width: int, second_set: str = "validation") -> list[Line]:
    """Cost, errors and accuracy at about ten of the recorded epochs: early ones close together, late ones far apart.

    `second_set` names the set that training followed beside the training set.

    Parameters
    ----------
    history : the history.
    decimals : of each cost.
    width : characters a line.
    second_set : the name of the set that training followed beside the training set.
    """
    labels, sets = history_columns(history, decimals, second_set)
    if not sets:
        return [Line("No cost could be recorded.")]
    return banded(Block("", ["epoch"], [[label] for label in labels]), [Block(*each) for each in sets], width)


def layer_text(layer: Layer, decimals: int = 4, width: int = 80) -> str:
    """A layer as plain text: its kind and size, weights and biases.

    Parameters
    ----------
    layer : any layer.
    decimals : of each figure.
    width : characters a line.
    """
    return joined([*wrapped(layer_sentence(layer), width), Line(""), *parameter_lines(layer, decimals, width)])


def parameter_lines(
    layer: Layer,
    decimals: int,
    width: int,
    *,
    input_names: Sequence[str] = (),
    neuron_names: Sequence[str] = (),
    conventions: Conventions = HOUSE,
) -> list[Line]:
    """Weights and, below them, biases, a column for each neuron.

    Parameters
    ----------
    layer : any layer.
    decimals : of each figure.
    width : characters a line.
    input_names : (N,) the names of the inputs; if empty, x1, x2, ...
    neuron_names : (K,) the names of the neurons of a layer without classes; if empty, 1, 2, ...
    conventions : how they are written: the biases may stand in W, or beside it as a column.
    """
    tables = parameter_tables(layer, decimals, input_names, neuron_names, conventions)
    return _parameters([("", ("W", "b"), tables)], width)


def score_lines(
    names: Sequence[str], sets: Mapping[str, Scores], decimals: int, width: int, *, units: str = ""
) -> list[Line]:
    """Mean square error and R2, a row a target variable, a pair of columns a set of patterns.

    Parameters
    ----------
    names : (K,) the target variables.
    sets : the scores of each set of patterns, by its name.
    decimals : of each figure.
    width : characters a line.
    units : what the heading adds on the units, as in " (in kg)".
    """
    index = Block("", [""], [[short_name(n)] for n in names], words=True)
    blocks = [Block(title, HEADS, score_rows(found, decimals)) for title, found in sets.items()]
    lines = [*wrapped(f"Mean square error and R2{units}", width, style="bold"), *banded(index, blocks, width)]
    return [*lines, *(wrapped(UNDEFINED, width) if any(map(has_undefined, sets.values())) else [])]


def scores_text(scores: Scores, decimals: int = 4, width: int = 80) -> str:
    """The scores by themselves; their target variables are numbered.

    Parameters
    ----------
    scores : the scores.
    decimals : of each figure.
    width : characters a line.
    """
    names = [str(k) for k in range(1, len(scores.r2) + 1)]
    return joined(score_lines(names, {"": scores}, decimals, width))


def history_text(history: History, decimals: int = 4, width: int = 80) -> str:
    """Cost, errors and accuracy at about ten of the recorded epochs. The parameters are those of `history_lines`."""
    return joined(history_lines(history, decimals, width))
