"""`Sweep`: the models of a sweep as a table, the choice of one, and the one look at the test set."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import checks
from deltarule.checks import choice, truth, whole
from deltarule.descent import Descent
from deltarule.engines import Work
from deltarule.engines import models as models_of
from deltarule.engines.numba_here import usable
from deltarule.engines.running import Result
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason
from deltarule.sweeps import tables
from deltarule.sweeps.score import Score, occurring
from deltarule.sweeps.validation import score
from deltarule.training import Run, finished
from deltarule.training_task import validation_patterns
from deltarule.typeset.words import counted
from deltarule.views import Shown

# The scores that models may be chosen by, and whether a larger one is better.
SCORES: Mapping[str, bool] = {
    "validation_cost": False,
    "validation_accuracy": True,
    "validation_errors": False,
    "cost": False,
    "accuracy": True,
    "errors": False,
}
ENDED = tuple(reason.key for reason in Reason if reason.ended)


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Shown):
    """The models of a sweep. They are counted from 0, in the order of the grid or list.

    `sweep[i]` is model i as a `Run`: what `train` would return for it alone (without a time
    for an update: models share the work, and folds are part of it).

    Attributes
    ----------
    columns : name -> (models,). learning_rate, batch_size (the number of patterns for a full batch), weight_decay, momentum
        and tolerance (where any model has one) and seed are the settings; epochs and updates those done. cost, and errors and
        accuracy of a class layer, are those of the training patterns, as in `History`; validation_cost, validation_errors and
        validation_accuracy of the validation patterns, where there are any. outcome is the key of a `Reason`; diverged is
        true of a model that diverged in the training or in a fold; identical_to, where any models are identical, is the
        place of the first such model. validation_cost is J without weight decay, since costs with different decays cannot
        be compared. With folds, validation_cost and validation_accuracy are means over the folds, validation_errors is a
        sum, and validation_cost_deviation is the standard deviation of the folds' costs; NaN where a fold diverged.
    training : the training patterns.
    validation : the patterns of the validation set; None without one.
    folds : their number; None without folds.
    layers, descents, results : one a model: the initial layer, the descent, and how it ended.
    record_every : of `sweep`.
    remarks : sentences for the user: why models are identical, and what the folds do to batch sizes.
    seconds : wall time of the sweep.
    interrupted : whether Ctrl-C ended the sweep, in the training of the models or in a fold.
    """

    columns: Mapping[str, NDArray[Any]]
    training: Patterns
    validation: Patterns | None
    folds: int | None
    layers: list[Layer]
    descents: list[Descent]
    results: list[Result]
    record_every: int
    remarks: tuple[str, ...]
    seconds: float
    interrupted: bool
    _looks: list[tuple[int, bool]] = field(default_factory=list)

    # ---- The models.

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, model: int) -> Run:
        count, remedy = len(self.results), "Models are counted from 0, and from the last one by -1, -2, ..."
        model = whole("model", model, -count, remedy, maximum=count - 1)
        result = self.results[model]
        layer, descent = self.layers[model], self.descents[model]
        return self._run(layer, self.training, self.validation, descent, result)

    def __iter__(self) -> Iterator[Run]:
        return (self[model] for model in range(len(self)))

    @property
    def distinct(self) -> NDArray[np.intp]:
        """The places of the models that differ; of identical ones the first."""
        return np.unique(self.columns.get("identical_to", np.arange(len(self)))).astype(np.intp)

    # ---- The choice.

    def ranking(self, by: str = "validation_cost") -> NDArray[np.intp]:
        """The places of the models that may be chosen, best first; equal ones in the order of the grid.

        Models that diverged (in training or in a fold), were interrupted, or have no finite score are left out.

        Parameters
        ----------
        by : a score of the validation patterns: "validation_cost", "validation_accuracy" or "validation_errors"; or one of
            the training patterns: "cost", "accuracy" or "errors".

        Raises
        ------
        InputError
            If the sweep has no such score.
        """
        choice("score", by, tuple(SCORES))
        if by not in self.columns:
            if by.startswith("validation") and "validation_cost" not in self.columns:
                raise InputError(
                    "choice of a model",
                    "be made by validation patterns",
                    "a sweep without any",
                    "Give validation=(X, targets) or folds=5 to sweep; to choose by training cost, call best_by('cost').",
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
        """The place of the best model.

        Parameters
        ----------
        by : a score: see `ranking`.

        Raises
        ------
        InputError
            If the sweep has no such score, or no model ended.
        """
        ranking = self.ranking(by)
        if not len(ranking):
            raise InputError(
                "sweep",
                f"have a model that ended with a finite {by.replace('_', ' ')}",
                f"none of {len(self)}: {why_without_choice(self)}",
                remedy_without_choice(self),
            )
        return int(ranking[0])

    @property
    def best(self) -> Run:
        """The model with the smallest validation cost.

        Raises
        ------
        InputError
            If the sweep has no validation patterns, or no model ended.
        """
        return self.best_by("validation_cost")

    def best_by(self, score: str) -> Run:
        """The best model by a score.

        Parameters
        ----------
        score : see `ranking`.

        Raises
        ------
        InputError
            If the sweep has no such score, or no model ended.
        """
        return self[self.best_place(score)]

    def refit(self, by: str = "validation_cost") -> Run:
        """Train the best model again, from its initial layer, over training and validation patterns together.

        With folds, the result is the best model itself, since it was trained on all patterns already; it has no time an update
        then, as no model of the sweep has.

        Parameters
        ----------
        by : a score: see `ranking`.

        Raises
        ------
        InputError
            If the best model stopped by patience: no patterns would be left to stop by.
        """
        place = self.best_place(by)
        if self.validation is None:
            return self[place]
        if self.descents[place].patience is not None:
            raise InputError(
                "refitted model",
                "stop by other patterns than it is trained on",
                f"a patience of {self.descents[place].patience} epochs, and no patterns but those of both sets",
                "Take the best model as it is.",
            )
        together = Patterns(*(np.concatenate(parts) for parts in zip(self.training, self.validation, strict=True)))
        layer, descent = self.layers[place], self.descents[place]
        began = time.perf_counter()
        (result,) = models_of.descend(
            [layer], together, None, [descent], self.record_every, lambda _share, _ended: None
        )
        return self._run(layer, together, None, descent, result, time.perf_counter() - began)

    def test(self, X: ArrayLike, targets: Any, *, by: str = "validation_cost", refit: bool = False) -> Score:
        """Score the best model on the test set. Only one model of a sweep can be scored so.

        Parameters
        ----------
        X, targets : the test patterns: (P, N), and labels (P,) or rows (P, K).
        by : the score that the model is chosen by: see `ranking`.
        refit : whether the model that `refit` gives is scored instead.

        Returns
        -------
        Score
            The same score where it is asked for again.

        Raises
        ------
        InputError
            If another model of this sweep was scored before: a choice among test scores flatters the one chosen.
            If all test patterns were trained on.
        KeyboardInterrupt
            At Ctrl-C while the model is refitted; the test set is not looked at then.
        """
        place, refit = self.best_place(by), truth("refit", refit) and self.validation is not None
        patterns = validation_patterns(self.layers[place], (X, targets), "test set")
        if self._looks and self._looks[0] != (place, refit):
            raise InputError(
                "test set",
                "be looked at once, for one chosen model",
                f"a second choice, {_named(place, refit=refit)}, after {_named(*self._looks[0])}",
                "Report the first score, or compare models by their validation scores: a test score is honest only for a model "
                "that was chosen without it.",
            )
        known = [self.training] if self.validation is None else [self.training, self.validation]
        seen = occurring(patterns, known)
        if seen == len(patterns.X):
            raise InputError(
                "test set",
                "be patterns that the sweep has not seen",
                "only patterns of its training or validation set",
                "Set a test set aside before the sweep.",
            )
        run = self.refit(by) if refit else self[place]
        if run.outcome.reason is Reason.INTERRUPTED:
            raise KeyboardInterrupt  # a refitted model that did not end is not the one that was chosen
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
        """Plain numbers and lists, for JSON: the kind of layer with its classes or activation, and the columns under "models"."""
        layer = self.layers[0].to_dict()
        return {
            **{name: value for name, value in layer.items() if name not in ("weights", "biases")},
            "reduction": self.descents[0].reduction,
            "folds": self.folds,
            "remarks": list(self.remarks),
            "interrupted": self.interrupted,
            "seconds": self.seconds,
            "models": json_value(dict(self.columns)),
        }

    def save(self, path: str | Path) -> Path:
        """Write the table to a file, whole or not at all. The result is the path.

        Parameters
        ----------
        path : the file. The ending of its name decides: .csv or .parquet, a row a model; .json, as `to_dict`.

        Raises
        ------
        InputError
            If the name has another ending, or the file cannot be written.
        """
        return tables.save(self.columns, self.to_dict, checks.path("table's file", path))

    def __repr__(self) -> str:
        return f"<Sweep of {counted(len(self), 'model')}>"

    def _run(
        self,
        layer: Layer,
        training: Patterns,
        validation: Patterns | None,
        descent: Descent,
        result: Result,
        seconds: float = math.nan,
    ) -> Run:
        return finished(
            result, Work(layer, training, validation, descent, self.record_every), seconds, usable("compiled")
        )


def overflowing(sweep: Sweep) -> NDArray[np.bool_]:
    """(models,) which models of a `sweep` have no finite cost from the start: no learning rate is to blame."""
    return np.array([not len(result.recorded) for result in sweep.results])


def why_without_choice(sweep: Sweep) -> str:
    """Why no model of a `sweep` can be chosen: how many diverged, and what is the matter with the others."""
    if overflowing(sweep).all():
        return "the costs of the initial layers overflow"
    diverged = int(sweep.columns["diverged"].sum())
    if diverged == len(sweep):
        return "all diverged"
    others = "the sweep was interrupted" if sweep.interrupted else "costs overflow"
    return f"{diverged} diverged, and {others}" if diverged else others


def remedy_without_choice(sweep: Sweep) -> str:
    """What to do about a `sweep` in which no model can be chosen. Waiting helps no model that diverged."""
    diverged, sentences = sweep.columns["diverged"], []
    by_rate = diverged & ~overflowing(sweep)
    if sweep.interrupted and not diverged.all():
        sentences.append("Give fewer epochs, or wait until the sweep ends.")
    if by_rate.any():
        smallest = sweep.columns["learning_rate"][by_rate].min()
        sentences.append(f"Try learning rates below {smallest:g}, or standardise the inputs.")
    return " ".join(sentences) or "Standardise the inputs, or scale the targets."


def _named(place: int, refit: bool) -> str:
    """A model for a message."""
    return f"model {place}{' refitted' if refit else ''}"
