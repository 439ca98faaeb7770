"""deltarule trains single layers of neurons by gradient descent and shows its work.

Public names are imported when first used, so that `import deltarule` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deltarule.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from deltarule.analysis.boundaries import Boundary, boundaries
    from deltarule.analysis.optimum import Optimum, optimum
    from deltarule.analysis.path import Path, path
    from deltarule.analysis.separability import Separability, separability
    from deltarule.checkpoints import Checkpoint
    from deltarule.descent import Descent
    from deltarule.engines.threads import set_threads
    from deltarule.errors import (
        AnswerError,
        DeltaruleError,
        InputError,
        MissingExtraError,
        ProblemError,
        SeparableWarning,
    )
    from deltarule.estimators import (
        LinearLayerRegressor,
        LinearLayerRegressorCV,
        LogisticClassifier,
        LogisticClassifierCV,
        PerceptronClassifier,
        PerceptronRegressor,
        PerceptronRegressorCV,
        SoftmaxClassifier,
        SoftmaxClassifierCV,
    )
    from deltarule.iteration import Iteration, iterate
    from deltarule.layers import Layer, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
    from deltarule.marking import Answer, Finding, FolderMarks, Marks, check, mark_folder, read_answer
    from deltarule.model import Model
    from deltarule.outcome import Outcome, Reason
    from deltarule.problem import Problem, problem_from, read_problem, write_problem
    from deltarule.schedules import Schedule
    from deltarule.setting import new_problem
    from deltarule.storage import load, run_from, save
    from deltarule.streams import Stream
    from deltarule.sweeps import ProblemSweep, Score, Sweep, sweep, sweep_problem
    from deltarule.training import History, Run, train

_HOMES = {
    "analysis.boundaries": ("Boundary", "boundaries"),
    "analysis.optimum": ("Optimum", "optimum"),
    "analysis.path": ("Path", "path"),
    "analysis.separability": ("Separability", "separability"),
    "checkpoints": ("Checkpoint",),
    "descent": ("Descent",),
    "schedules": ("Schedule",),
    "engines.threads": ("set_threads",),
    "errors": ("AnswerError", "DeltaruleError", "InputError", "MissingExtraError", "ProblemError", "SeparableWarning"),
    "estimators": (
        "LinearLayerRegressor",
        "LinearLayerRegressorCV",
        "LogisticClassifier",
        "LogisticClassifierCV",
        "PerceptronClassifier",
        "PerceptronRegressor",
        "PerceptronRegressorCV",
        "SoftmaxClassifier",
        "SoftmaxClassifierCV",
    ),
    "iteration": ("Iteration", "iterate"),
    "layers": ("Layer", "LinearLayer", "LogisticLayer", "PerceptronLayer", "SoftmaxLayer"),
    "marking": ("Answer", "Finding", "FolderMarks", "Marks", "check", "mark_folder", "read_answer"),
    "problem": ("Problem", "problem_from", "read_problem", "write_problem"),
    "setting": ("new_problem",),
    "sweeps": ("ProblemSweep", "Score", "Sweep", "sweep", "sweep_problem"),
    "model": ("Model",),
    "storage": ("load", "run_from", "save"),
    "streams": ("Stream",),
    "outcome": ("Outcome", "Reason"),
    "training": ("History", "Run", "train"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "AnswerError",
    "Boundary",
    "Checkpoint",
    "DeltaruleError",
    "Descent",
    "Finding",
    "FolderMarks",
    "History",
    "InputError",
    "Iteration",
    "Layer",
    "LinearLayer",
    "LinearLayerRegressor",
    "LinearLayerRegressorCV",
    "LogisticClassifier",
    "LogisticClassifierCV",
    "LogisticLayer",
    "Marks",
    "MissingExtraError",
    "Model",
    "Optimum",
    "Outcome",
    "Path",
    "PerceptronClassifier",
    "PerceptronLayer",
    "PerceptronRegressor",
    "PerceptronRegressorCV",
    "Problem",
    "ProblemError",
    "ProblemSweep",
    "Reason",
    "Run",
    "Schedule",
    "Score",
    "Separability",
    "SeparableWarning",
    "SoftmaxClassifier",
    "SoftmaxClassifierCV",
    "SoftmaxLayer",
    "Stream",
    "Sweep",
    "boundaries",
    "check",
    "iterate",
    "load",
    "mark_folder",
    "new_problem",
    "optimum",
    "path",
    "problem_from",
    "read_answer",
    "read_problem",
    "run_from",
    "save",
    "separability",
    "set_threads",
    "sweep",
    "sweep_problem",
    "train",
    "write_problem",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'deltarule' has no attribute {name!r}")
    value = getattr(import_module(f"deltarule.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_HOME_OF]
