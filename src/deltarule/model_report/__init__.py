"""A page about a training: `write_report` puts curves, scores, weights and settings into one HTML file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from deltarule.evaluation import Evaluation
from deltarule.evaluation.figure import CalibrationCurve, confusion_picture, weights_picture
from deltarule.evaluation.text import named_scores
from deltarule.files import new_folder, write_whole
from deltarule.model import Model
from deltarule.plots import Display, learning_curves, svg_text
from deltarule.show.model_text import model_sentences
from deltarule.typeset.figures import figure
from deltarule.typeset.templating import templates

DECIMALS = 4


def write_report(
    folder: str | os.PathLike[str],
    model: Model,
    found: Mapping[str, Evaluation],
    *,
    title: str,
    settings: Mapping[str, Any],
    remarks: Sequence[str] = (),
) -> Path:
    """Write a new folder with one page, `index.html`, which needs nothing else. The result is the page.

    Parameters
    ----------
    folder : a new or an empty one; it is there whole or not at all.
    model : the model, with its run.
    found : the evaluations by the names of their sets.
    title : of the page.
    settings : what is needed to repeat it, by name, such as the command and the versions.
    remarks : what the reader should be told; sentences without full stops.

    Raises
    ------
    InputError
        If the folder holds files, or cannot be made.
    """
    with new_folder(folder) as draft:
        write_whole(draft / "index.html", report_page(model, found, title=title, settings=settings, remarks=remarks))
    return Path(folder) / "index.html"


def report_page(
    model: Model,
    found: Mapping[str, Evaluation],
    *,
    title: str,
    settings: Mapping[str, Any],
    remarks: Sequence[str] = (),
) -> str:
    """The text of the page. The parameters are those of `write_report`."""
    last = [*found.values()][-1] if found else None
    return (
        templates("deltarule.model_report")
        .get_template("report.html")
        .render(
            title=title,
            sentences=model_sentences(model),
            remarks=[f"{remark}." for remark in remarks],
            scores=_score_rows(found),
            heads=list(found),
            pictures=[_picture(name, display) for name, display in _displays(model, last, [*found][-1:])],
            settings=_settings(model, settings),
        )
    )


def _displays(model: Model, last: Evaluation | None, sets: list[str]) -> list[tuple[str, Display]]:
    """What is drawn, by what it is called: of the last of the sets, which is the test set where there is one."""
    shown: list[tuple[str, Display]] = []
    if model.run is not None and len(model.run.history.epoch) > 1:
        shown.append(("Learning curves", learning_curves(model.run, validation_label="test")))
    if last is not None and last.confusion is not None:
        shown.append((f"Confusion matrix of the {sets[0]} set", confusion_picture(last)))
    if last is not None and last.calibration is not None:
        shown.append((f"Calibration on the {sets[0]} set", CalibrationCurve(last)))
    return [*shown, ("Weights", weights_picture(model))]


def _picture(name: str, display: Display) -> dict[str, Any]:
    return {"name": name, "svg": Markup(svg_text(display, name, name))}  # noqa: S704 - `svg_text` makes names safe to show


def _score_rows(found: Mapping[str, Evaluation]) -> list[tuple[str, list[str]]]:
    """The scores, a row each, a column a set."""
    columns: list[dict[str, str]] = []
    for each in found.values():
        column = {"Patterns": f"{each.patterns:,}", **dict(named_scores(each, DECIMALS))}
        if each.scores is not None:
            rows = zip(
                each.target_names or (), each.scores.mean_square_error.tolist(), each.scores.r2.tolist(), strict=True
            )
            for name, error, r2 in rows:
                column |= {f"MSE of {name}": figure(error, DECIMALS), f"R2 of {name}": figure(r2, DECIMALS)}
        columns.append(column)
    names = dict.fromkeys(name for column in columns for name in column)
    return [(name, [column.get(name, "") for column in columns]) for name in names]


def _settings(model: Model, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is needed to repeat the training: what is given, the descent, and the versions."""
    rows = [(name, str(value)) for name, value in given.items()]
    if model.run is not None:
        descent = model.run.descent.to_dict() | {"schedule": str(model.run.descent.schedule)}
        rows += [(name.replace("_", " "), str(value)) for name, value in descent.items() if value is not None]
        rows.append(("engine", model.run.engine))
    if model.exact is not None:
        chosen = ("reduction", "weight_decay", "decay_biases")
        rows.append(("solver", "exact"))
        rows += [(name.replace("_", " "), str(getattr(model.exact, name))) for name in chosen]
    return [*rows, *model.versions.items()]
