"""The option `--log`: where a run is told while it goes on."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from deltarule.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from deltarule.logs import Log

LogText = Annotated[
    str | None,
    typer.Option(
        "--log", metavar="WHERE", help="Tell the curves while it runs: tensorboard:FOLDER or mlflow[:EXPERIMENT]."
    ),
]
# What each log is for, and the library that it needs; the extra has the name of the log.
LIBRARIES = {"tensorboard": ("A log for TensorBoard", "tensorboard"), "mlflow": ("A log for MLflow", "mlflow-skinny")}


def log_of(text: str | None) -> Log | None:
    """The log that an option asks for; None where it is left out.

    Parameters
    ----------
    text : as it is typed: "tensorboard:FOLDER", "mlflow" or "mlflow:EXPERIMENT".

    Raises
    ------
    InputError
        If it is nothing of these.
    MissingExtraError
        If the library is not installed: before any work.

    Examples
    --------
    >>> log_of("tensorboard:runs/1").folder
    PosixPath('runs/1')
    """
    if text is None:
        return None
    kind, colon, where = text.partition(":")
    if kind not in LIBRARIES or bool(colon) != bool(where) or (kind == "tensorboard" and not where):
        remedy = "As in --log tensorboard:runs/first; with mlflow, the variable MLFLOW_TRACKING_URI says where runs are kept."
        raise InputError("log", "be tensorboard:FOLDER, mlflow or mlflow:EXPERIMENT", repr(text), remedy)
    if find_spec(kind) is None:
        purpose, library = LIBRARIES[kind]
        raise MissingExtraError(purpose, library, kind)
    from deltarule.logs import MLflowLog, TensorBoardLog

    if kind == "tensorboard":
        return TensorBoardLog(where)
    return MLflowLog(experiment=where) if where else MLflowLog()
