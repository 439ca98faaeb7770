"""An evaluation as lines: scores, the confusion matrix, the calibration."""

from __future__ import annotations

from collections.abc import Sequence

from deltarule.evaluation.scoring import Calibration, Evaluation
from deltarule.show.data_records import Shape, shape_view
from deltarule.show.document import Document, Part
from deltarule.show.records import document_view
from deltarule.show.score_table import HEADS, score_rows
from deltarule.show.table import Table
from deltarule.show.terminal import score_lines
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.maths import Maths
from deltarule.typeset.words import counted, short_name
from deltarule.views import register

# Classes of a confusion matrix that a terminal shows.
MOST_CLASSES = 20
CALIBRATION_HEADS = ("probability", "true of", "patterns")


def evaluation_lines(found: Evaluation, width: int, decimals: int = 4) -> list[Line]:
    """The scores, and below them the confusion matrix and the calibration, or mean square error and R2.

    Parameters
    ----------
    found : the evaluation.
    width : characters a line.
    decimals : of each figure.
    """
    lines = wrapped(f"{counted(found.patterns, 'pattern')}", width)
    if found.scores is not None and found.target_names is not None:
        names = [str(name) for name in found.target_names]
        return [*lines, Line(""), *score_lines(names, {"": found.scores}, decimals, width)]
    lines += [Line(f"{name}: {value}") for name, value in named_scores(found, decimals)]
    if found.confusion is not None and found.classes is not None:
        lines += [Line(""), *_confusion_lines(found, width)]
    if found.calibration is not None:
        lines += [Line(""), *_calibration_lines(found.calibration, found, width, decimals)]
    return lines


def named_scores(found: Evaluation, decimals: int) -> list[tuple[str, str]]:
    """The scores of classes with their names, as texts; those that are not defined are left out.

    Parameters
    ----------
    found : the evaluation.
    decimals : of each figure.
    """
    named = {
        "Accuracy": found.accuracy,
        "Balanced accuracy": found.balanced_accuracy,
        "Log-loss": found.log_loss,
        "AUC": found.auc,
        "Calibration error": None if found.calibration is None else found.calibration.error,
    }
    return [(name, f"{value:.{decimals}f}") for name, value in named.items() if value is not None]


def _confusion_lines(found: Evaluation, width: int) -> list[Line]:
    classes = [short_name(str(label)) for label in found.classes or ()]
    if len(classes) > MOST_CLASSES:
        return wrapped(f"The confusion matrix of {len(classes)} classes is in the JSON document (--json).", width)
    rows = [] if found.confusion is None else [[str(count) for count in row] for row in found.confusion.tolist()]
    index = Block("", [""], [[name] for name in classes], words=True)
    head = wrapped("Confusion matrix: true classes in rows, predicted ones in columns", width, style="bold")
    return [*head, *banded(index, [Block("", classes, rows)], width)]


def _calibration_lines(given: Calibration, found: Evaluation, width: int, decimals: int) -> list[Line]:
    rows = _calibration_rows(given, decimals)
    index = Block("", [""], [[""] for _ in rows], words=True)
    head = wrapped(f"Calibration: {calibrated(found)}", width, style="bold")
    return [*head, *banded(index, [Block("", CALIBRATION_HEADS, rows)], width)]


def _calibration_rows(given: Calibration, decimals: int) -> list[list[str]]:
    columns = (given.predicted.tolist(), given.observed.tolist(), given.patterns.tolist())
    return [
        [f"{predicted:.{decimals}f}", f"{observed:.{decimals}f}", str(patterns)]
        for predicted, observed, patterns in zip(*columns, strict=True)
    ]


def calibrated(found: Evaluation) -> str:
    """What the calibration of an evaluation, `found`, is about."""
    classes = found.classes or ()
    return f"the probability of {classes[1]}" if len(classes) == 2 else "the probability of the predicted class"


def evaluation_text(found: Evaluation) -> str:
    """An evaluation, `found`, as plain text of at most 80 columns."""
    return joined(evaluation_lines(found, 80))


def evaluation_document(found: Evaluation, decimals: int = 4) -> Document:
    """An evaluation as a document, for notebooks.

    Parameters
    ----------
    found : the evaluation.
    decimals : of each figure.
    """
    sentences = (
        counted(found.patterns, "pattern"),
        *(f"{name}: {value}" for name, value in named_scores(found, decimals)),
    )
    tables: list[tuple[str, Table]] = []
    if found.scores is not None and found.target_names is not None:
        names = tuple(str(name) for name in found.target_names)
        tables.append(("Mean square error and R2", _table("target", names, HEADS, score_rows(found.scores, decimals))))
    if found.confusion is not None and found.classes is not None and len(found.classes) <= MOST_CLASSES:
        names = tuple(str(label) for label in found.classes)
        rows = [tuple(map(str, row)) for row in found.confusion.tolist()]
        tables.append(
            ("Confusion matrix: true classes in rows, predicted ones in columns", _table("", names, names, rows))
        )
    if found.calibration is not None:
        rows = [tuple(row) for row in _calibration_rows(found.calibration, decimals)]
        tables.append((f"Calibration: {calibrated(found)}", _table("", ("",) * len(rows), CALIBRATION_HEADS, rows)))
    parts = tuple(Part("scores", title, tables=(table,)) for title, table in tables)
    return Document("", "Evaluation", sentences, parts)


def _table(symbol: str, labels: Sequence[str], heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(Maths(symbol, rf"\text{{{symbol}}}" if symbol else ""), tuple(labels), tuple(heads), tuple(rows))


def calibration_shape(found: Calibration) -> Shape:
    """What a calibration, `found`, shows of itself."""
    rows = _calibration_rows(found, 4)
    return Shape((f"calibration error: {found.error:.4f}",), ("",) * len(rows), CALIBRATION_HEADS, rows)


register(Evaluation, document_view(evaluation_text, evaluation_document))
register(Calibration, shape_view(calibration_shape))
