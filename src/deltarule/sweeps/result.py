"""`Sweep`: the models of a sweep as a table, the choice of one, and the one look at the test set."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import choice
from deltarule.descent import Descent
from deltarule.engines import Work, many_models
from deltarule.engines.many_models import Result
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason
from deltarule.plain import plain
from deltarule.sweeps import tables
from deltarule.sweeps.held_out import score
from deltarule.sweeps.score import Score, occurring
from deltarule.training import Run, finished
from deltarule.views import Shown

# What models may be chosen by, and whether more of it is better.
SCORES: Mapping[str, bool] = {
    "validation_cost": False,
    "validation_accuracy": True,
    "validation_errors": False,
    "cost": False,
    "accuracy": True,
    "errors": False,
}
ENDED = tuple(reason.name.lower() for reason in (Reason.EPOCHS_DONE, Reason.TOLERANCE_MET))


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Shown):
    """What `sweep` returns. Models are counted from 0, in the order of the grid or list.

    `sweep[i]` is model i as a `Run`: what `train` would return for it alone (its seconds are the sweep's, shared out).

    Attributes
    ----------
    columns : name -> (models,); see `records`. learning_rate, batch_size (the number of patterns for a full batch),
        weight_decay, tolerance (where any model has one), seed; epochs and updates done; cost, and errors and accuracy of a class
        layer, on the training patterns, as in `History`; validation_cost, validation_errors and validation_accuracy where
        patterns were held out; outcome (the name of a `Reason` in small letters); diverged (in training, or in a fold).
        validation_cost is J without weight decay, since costs with different decays cannot be compared. With folds,
        validation_cost and validation_accuracy are means over the folds, validation_errors is their sum, and
        validation_cost_deviation is the standard deviation of the folds' costs; NaN where a fold diverged.
    training, validation : the patterns; `validation` is None without a validation set.
    folds : their number, or None.
    layers, descents, results : one a model.
    record_every : what was asked for.
    seconds : wall time of the sweep.
    """

    columns: Mapping[str, NDArray[Any]]
    training: Patterns
    validation: Patterns | None
    folds: int | None
    layers: list[Layer]
    descents: list[Descent]
    results: list[Result]
    record_every: int
    seconds: float
    _looks: list[tuple[int, bool]] = field(default_factory=list)

    # ---- The models.

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, model: int) -> Run:
        result = self.results[operator.index(model)]
        layer, descent = self.layers[model], self.descents[model]
        return self._run(layer, self.training, self.validation, descent, result, self._seconds_per_update())

    def __iter__(self) -> Iterator[Run]:
        return (self[model] for model in range(len(self)))

    # ---- The choice.

    def ranking(self, by: str = "validation_cost") -> NDArray[np.intp]:
        """The places of the models that may be chosen, best first; of equal ones the first in the grid.

        Those that diverged (in training or in a fold), were interrupted, or have no finite score are left out.

        by : a score of held-out patterns; or, asked for by name, one of the training patterns ("cost", "accuracy", "errors").
        """
        choice("score", by, tuple(SCORES))
        if by not in self.columns:
            if by.startswith("validation") and "validation_cost" not in self.columns:
                raise InputError(
                    "choice of a model",
                    "be made on held-out patterns",
                    "a sweep without any",
                    "Give validation=(X, targets) or folds=5 to sweep; to choose by training cost, say best_by('cost').",
                )
            raise InputError(
                "score",
                "be one that the layer has",
                f"{by}, of a layer that predicts numbers",
                "Give 'validation_cost'.",
            )
        values = self.columns[by].astype(np.float64)
        ended = np.isin(self.columns["outcome"], ENDED) & ~self.columns["diverged"] & np.isfinite(values)
        places = np.flatnonzero(ended)
        order: NDArray[np.intp] = places[np.argsort(-values[places] if SCORES[by] else values[places], kind="stable")]
        return order

    def best_place(self, by: str = "validation_cost") -> int:
        """The place of the best model: the first of `ranking`, which must have one."""
        ranking = self.ranking(by)
        if not len(ranking):
            diverged = int(self.columns["diverged"].sum())
            raise InputError(
                "sweep",
                f"have a model that ended with a finite {by.replace('_', ' ')}",
                f"none of {len(self)}: {diverged} diverged, the others were interrupted or overflow there",
                f"Try learning rates below {self.columns['learning_rate'].min():g}, or standardise the inputs.",
            )
        return int(ranking[0])

    @property
    def best(self) -> Run:
        """The model with the least validation cost.

        Raises
        ------
        InputError
            If no patterns were held out, or no model ended.
        """
        return self.best_by("validation_cost")

    def best_by(self, score: str) -> Run:
        """The best model by a score: see `ranking`."""
        return self[self.best_place(score)]

    def refit(self, by: str = "validation_cost") -> Run:
        """The chosen model's descent again, from its initial layer, over the training and the validation patterns together.

        With folds, the chosen model itself: it was trained on all patterns already.
        """
        place = self.best_place(by)
        if self.validation is None:
            return self[place]
        together = Patterns(*(np.concatenate(parts) for parts in zip(self.training, self.validation, strict=True)))
        layer, descent = self.layers[place], self.descents[place]
        (result,) = many_models.descend(
            [layer], together, None, [descent], self.record_every, lambda _share, _ended: None
        )
        return self._run(layer, together, None, descent, result, 0.0)

    def test(self, X: ArrayLike, targets: Any, *, by: str = "validation_cost", refit: bool = False) -> Score:
        """Look at the test set, once: the score of the chosen model on it.

        Parameters
        ----------
        X, targets : the test patterns.
        by : what the model is chosen by: see `ranking`.
        refit : score the model that `refit` gives.

        Returns
        -------
        Score
            The same look again gives the same score.

        Raises
        ------
        InputError
            If another model of this sweep was scored before: a choice among test scores flatters the one chosen.
            If all test patterns were trained on.
        """
        place, refit = self.best_place(by), refit and self.validation is not None
        patterns = self.layers[place].patterns(X, targets)
        if self._looks and self._looks[0] != (place, refit):
            raise InputError(
                "test set",
                "be looked at once, for one chosen model",
                f"a second choice, {_named(place, refit=refit)}, after {_named(*self._looks[0])}",
                "Report the first score, or compare models by their validation scores; a model chosen by its test score has no "
                "honest one.",
            )
        known = [self.training] if self.validation is None else [self.training, self.validation]
        seen = occurring(patterns, known)
        if seen == len(patterns.X):
            raise InputError(
                "test set",
                "be patterns that the sweep has not seen",
                "only patterns of its training or validation set",
                "Hold a test set out before the sweep.",
            )
        run = self.refit(by) if refit else self[place]
        self._looks.append((place, refit))
        cost, errors = score(run.layer, patterns, run.descent)
        accuracy = None if errors is None else 1 - errors / len(patterns.X)
        return Score(place, refit, len(patterns.X), cost, errors, accuracy, seen)

    # ---- The table.

    @property
    def records(self) -> NDArray[Any]:
        """The columns as one NumPy structured array, a row a model."""
        dtype: list[Any] = [(name, column.dtype) for name, column in self.columns.items()]
        records = np.empty(len(self), dtype)
        for name, column in self.columns.items():
            records[name] = column
        return records

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`, a row a model."""
        return tables.to_arrow(self.columns)

    def to_pandas(self) -> Any:
        """A pandas data frame, a row a model."""
        return tables.to_pandas(self.columns)

    def to_polars(self) -> Any:
        """A polars data frame, a row a model."""
        return tables.to_polars(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: the columns under "models"."""
        return {
            "kind": self.layers[0].kind,
            "reduction": self.descents[0].reduction,
            "folds": self.folds,
            "seconds": self.seconds,
            "models": plain(dict(self.columns)),
        }

    def save(self, path: str | Path) -> Path:
        """Write the table: .csv or .parquet, a row a model; .json, as `to_dict`."""
        return tables.save(self.columns, self.to_dict, Path(path))

    def __repr__(self) -> str:
        return f"<Sweep of {len(self)} models>"

    def _seconds_per_update(self) -> float:
        return self.seconds / max(int(self.columns["updates"].sum()), 1)

    def _run(
        self,
        layer: Layer,
        training: Patterns,
        validation: Patterns | None,
        descent: Descent,
        result: Result,
        seconds_per_update: float,
    ) -> Run:
        initial = float(result.rows[0, 1]) if len(result.rows) else np.nan
        work = Work(layer, training, validation, descent, self.record_every, initial)
        updates = result.epochs * descent.updates_per_epoch(len(training.X))
        return finished(
            work, result.layer, result.epochs, result.rows, result.reason, seconds_per_update * updates, "compiled"
        )


def _named(place: int, refit: bool) -> str:
    return f"model {place}{' refitted' if refit else ''}"
