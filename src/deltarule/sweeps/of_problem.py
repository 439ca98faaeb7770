"""`sweep_problem`: the sweep of a problem, from its data and initial layer to the score on its test set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import instance
from deltarule.data import split
from deltarule.errors import InputError
from deltarule.sweeps.grid import SHARED, listed, sized
from deltarule.sweeps.initial_layers import Start
from deltarule.sweeps.result import Sweep, remedy_without_choice
from deltarule.sweeps.score import Score
from deltarule.sweeps.sweeping import Values, sweep
from deltarule.training import OnInterrupt
from deltarule.views import Shown

if TYPE_CHECKING:
    from deltarule.problem import Problem

# What stands for a value that is not given, since None is a value of some (the full batch, no tolerance).
AS_IN_PROBLEM = "as in the problem"
# Of the choice of validation patterns. It is fixed, so that sweeps of one problem compare.
SPLIT_SEED = 0


@dataclass(frozen=True, eq=False, repr=False)
class ProblemSweep(Shown):
    """The sweep of a problem, the model that was chosen, and its score on the problem's test set.

    Attributes
    ----------
    problem : the problem.
    sweep : all models.
    chosen : the place of the model with the smallest validation cost; None without validation patterns, or where no model
        ended with a finite cost.
    score : of that model on the test set; None without a chosen model or a test set.
    """

    problem: Problem
    sweep: Sweep
    chosen: int | None
    score: Score | None

    def best_problem(self) -> Problem:
        """The problem with the chosen model as its initial layer, and the descent that led there.

        Raises
        ------
        InputError
            If no model is chosen.
        """
        if self.chosen is None:
            raise InputError(
                "best problem",
                "be that of a chosen model",
                "a sweep in which none is chosen",
                remedy_without_choice(self.sweep)
                if "validation_cost" in self.sweep.columns
                else "Give validation=0.2 or folds=5 to sweep_problem.",
            )
        run = self.sweep[self.chosen]
        return self.problem.with_layer(run.layer).with_descent(run.descent)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: the sweep's, title and names of columns, the best model and the score."""
        best = None
        if self.chosen is not None:
            best = {"model": self.chosen, "by": "validation_cost", **self.sweep[self.chosen].to_dict()}
        test = None if self.score is None else self.score.to_dict()
        names = {"input_names": list(self.problem.input_names), "target_names": list(self.problem.target_names)}
        return {"title": self.problem.title, **names, **self.sweep.to_dict(), "best": best, "test": test}

    def __repr__(self) -> str:
        return f"<ProblemSweep of {self.problem.title!r}: {self.sweep!r}>"


def sweep_problem(
    problem: Problem,
    *,
    learning_rate: Values = AS_IN_PROBLEM,
    batch_size: Values = AS_IN_PROBLEM,
    weight_decay: Values = AS_IN_PROBLEM,
    momentum: Values = AS_IN_PROBLEM,
    seed: Values = AS_IN_PROBLEM,
    epochs: Values = AS_IN_PROBLEM,
    tolerance: Values = AS_IN_PROBLEM,
    validation: float | None = None,
    folds: int | None = None,
    record_every: int = 0,
    progress: bool | Callable[[float, int], None] = False,
    on_interrupt: OnInterrupt = "keep",
) -> ProblemSweep:
    """Train the layer of a problem in many ways, choose one on validation patterns, and score it on the test set.

    Parameters
    ----------
    problem : from `read_problem` or `problem_from`.
    learning_rate, batch_size, weight_decay, momentum, seed, epochs, tolerance : one value or several, as in `sweep`. A value
        that is left out is the problem's, as are the schedule of the learning rate and all else about the descent. Seeds that
        are given draw the initial layers too, where the problem draws its layer (`init`).
    validation : the share of the training patterns, or their number, to choose by, split by class where targets are labels;
        None for no validation set.
    folds : the number of folds of a cross-validation instead; None for none.
    record_every : epochs between the rows of each model's history; 0 records the first and the last.
    progress, on_interrupt : as in `sweep`.

    Returns
    -------
    ProblemSweep
        Without `validation` and `folds` no model is chosen, and the test set is not used.

    Raises
    ------
    InputError
        If values and problem do not fit, before any work.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2], [3], [4]], "targets": [2, 4, 6, 8], "split": {"test": 1, "seed": 0}},
    ...     "descent": {"learning_rate": 0.1, "epochs": 50},
    ... })
    >>> found = sweep_problem(problem, learning_rate=[0.001, 0.03], folds=3)
    >>> found.chosen, found.score.patterns
    (1, 1)
    """
    from deltarule.problem import Problem

    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    descent = problem.descent
    given = {
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "weight_decay": weight_decay,
        "momentum": momentum,
        "seed": seed,
        "epochs": epochs,
        "tolerance": tolerance,
    }
    values: dict[str, Any] = {
        name: getattr(descent, name) if value is AS_IN_PROBLEM else value for name, value in given.items()
    }
    values |= {name: getattr(descent, name) for name in SHARED}
    # What the problem says of its own momentum or decay goes where all that are given are 0.
    for name, flag in (("momentum", "nesterov"), ("weight_decay", "decay_biases")):
        values[name] = listed(name, sized(name, values[name]))
        values[flag] = values[flag] and any(values[name])
    training, validation_set = _validation_split(problem, validation)
    result = sweep(
        problem.layer if seed is AS_IN_PROBLEM else _start(problem),
        *training,
        **values,
        validation=validation_set,
        folds=folds,
        record_every=record_every,
        progress=progress,
        on_interrupt=on_interrupt,
    )
    ranking = result.ranking().tolist() if "validation_cost" in result.columns else []
    chosen = ranking[0] if ranking else None
    score = None if chosen is None or problem.test is None else result.test(*problem.test)
    return ProblemSweep(problem, result, chosen, score)


def _start(problem: Problem) -> Start:
    """The layer of the problem; where the problem draws it, a function from seed to a layer drawn by that seed."""
    layer = problem.layer
    if problem.init_seed is None:
        return layer

    return layer.redrawn


Pair = tuple[ArrayLike, Any]


def _validation_split(problem: Problem, validation: float | None) -> tuple[Pair, Pair | None]:
    """The training patterns and the validation set of this share or number; None for no such set."""
    X, targets = problem.X, problem.targets
    if validation is None:
        return (X, targets), None
    training, chosen = validation_rows(len(X), validation, targets.tolist() if targets.ndim == 1 else None)
    return (X[training], targets[training]), (X[chosen], targets[chosen])


def validation_rows(count: int, validation: float, labels: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of the patterns that are trained on, and of those that models are chosen by.

    Parameters
    ----------
    count : of the patterns.
    validation : the share of those to choose by, or their number.
    labels : (P,) by which they are split; None: they are not labels.

    Raises
    ------
    InputError
        If either set is empty, or a class is too small to be in both.
    """
    try:
        return split(count, validation, SPLIT_SEED, stratified=labels is not None, labels=labels)
    except InputError as error:
        # Errors of the split name a test set; these words name the validation set.
        names = {"test set": "validation set", "stratified split": "split by class into training and validation set"}
        got = str(error.got).replace("test set", "validation set")
        remedy = "Give another share, or folds." if error.name == "stratified split" else error.remedy
        raise InputError(names.get(error.name, error.name), error.rule, got, remedy) from None
