"""`sweep_table`: a layer trained on a table in many ways, one of them chosen on validation rows and scored on the test rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deltarule.errors import InputError
from deltarule.fitting import Prepared
from deltarule.layers import Layer
from deltarule.model import Model
from deltarule.sweeps import Sweep, sweep
from deltarule.sweeps.problem_sweep_text import chosen_lines, verdict
from deltarule.sweeps.result import remedy_without_choice
from deltarule.sweeps.score import Score
from deltarule.sweeps.text import DECIMALS, ROWS, sweep_lines
from deltarule.training import OnInterrupt
from deltarule.typeset.columns import Line, joined, wrapped
from deltarule.views import Shown, View, register

UNTESTED = "No test rows are kept to score it on. Add --test 0.2 (in Python test=0.2) for some."


@dataclass(frozen=True, eq=False)
class TableSweep(Shown):
    """The sweep of a table, the model that was chosen, and its score on the test rows.

    Attributes
    ----------
    prepared : the table, as it was trained on.
    sweep : all models.
    target_names : of the column of labels, or of the columns of numbers.
    chosen : the place of the model with the smallest validation cost; None without validation rows, or where no model ended
        with a finite cost.
    score : of that model on the test rows; None without a chosen model or test rows.
    """

    prepared: Prepared
    sweep: Sweep
    target_names: tuple[str, ...]
    chosen: int | None
    score: Score | None

    def best_model(self) -> Model:
        """The chosen model, with all that is needed to use it.

        Raises
        ------
        InputError
            If no model is chosen.
        """
        if self.chosen is None:
            raise InputError(
                "best model", "be a chosen one", "a sweep in which none is chosen", remedy_without_choice(self.sweep)
            )
        run, prepared = self.sweep[self.chosen], self.prepared
        return Model(
            run.layer, run, prepared.encoding, prepared.input_scaling, prepared.target_scaling, self.target_names
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: the sweep's, the names of inputs and targets, the best model and the score."""
        found, scalings = self.sweep.to_dict(), (self.prepared.input_scaling, self.prepared.target_scaling)
        best = None
        if self.chosen is not None:
            best = {"model": self.chosen, "by": "validation_cost", **self.sweep[self.chosen].to_dict()}
        return {
            "input_names": list(self.prepared.encoding.input_names),
            "target_names": list(self.target_names),
            "encoding": self.prepared.encoding.to_dict(),
            "input_scaling": None if scalings[0] is None else scalings[0].to_dict(),
            "target_scaling": None if scalings[1] is None else scalings[1].to_dict(),
            **found,
            "remarks": [*self.prepared.remarks, *found["remarks"]],
            "best": best,
            "test": None if self.score is None else self.score.to_dict(),
        }


def sweep_table(
    prepared: Prepared,
    target_names: tuple[str, ...],
    values: Mapping[str, Any],
    *,
    folds: int | None = None,
    progress: bool | Callable[[float, int], None] = False,
    on_interrupt: OnInterrupt = "keep",
) -> TableSweep:
    """Train a layer on a table in many ways, choose one model on validation rows, and score it on the test rows.

    Parameters
    ----------
    prepared : the table; see `deltarule.fitting.prepare_table`, which sets rows aside for the choice and for the test.
    target_names : of the column of labels, or of the columns of numbers.
    values : one value or several of what `deltarule.sweep` varies, and what its models share, by name. Seeds that are given draw
        the initial layers too.
    folds : the number of folds of a cross-validation, where no rows are set aside for the choice; None: none.
    progress, on_interrupt : as in `deltarule.sweep`.

    Returns
    -------
    TableSweep
        Without validation rows and folds no model is chosen, and the test rows are not used.

    Raises
    ------
    InputError
        If values and table do not fit, before any work.
    """
    validation = None if prepared.validation is None else prepared.scaled(prepared.validation)
    result = sweep(
        _redrawn(prepared.layer) if "seed" in values else prepared.layer,
        *prepared.scaled(prepared.training),
        **values,
        validation=validation,
        folds=folds,
        progress=progress,
        on_interrupt=on_interrupt,
    )
    ranking = result.ranking().tolist() if "validation_cost" in result.columns else []
    chosen = ranking[0] if ranking else None
    test = None if prepared.test is None else prepared.scaled(prepared.test)
    score = None if chosen is None or test is None else result.test(*test)
    return TableSweep(prepared, result, target_names, chosen, score)


def _redrawn(layer: Layer) -> Callable[[int], Layer]:
    """A function from seed to a layer like this one, drawn by that seed."""
    return lambda seed: layer.redrawn(seed).astype(layer.dtype)


def table_sweep_lines(found: TableSweep, title: str, width: int = 80, rows: int = ROWS) -> list[Line]:
    """The sweep of a table for a terminal: title, sweep, and the score on the test rows or why there is none.

    Parameters
    ----------
    found : the sweep.
    title : what is printed first.
    width : of the lines, in characters.
    rows : how many models the table has at most.
    """
    prepared = found.prepared
    test = None if prepared.test is None else prepared.scaled(prepared.test)
    lines = [*wrapped(title, width, style="bold"), *sweep_lines(found.sweep, DECIMALS, width, rows), Line("")]
    lines += wrapped(verdict(found, DECIMALS, UNTESTED), width)
    return lines + chosen_lines(found, test, prepared.target_scaling, found.target_names, DECIMALS, width)


register(TableSweep, View(lambda found: joined(table_sweep_lines(found, "Sweep"))))
