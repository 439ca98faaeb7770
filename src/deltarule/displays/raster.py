"""The regions of anything that predicts classes: it is asked at a raster of places in the plane of two inputs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.checks import Vector, numbers, whole
from deltarule.displays.base import fitted
from deltarule.errors import InputError
from deltarule.frames import columns_of, flat, frame_like, is_frame
from deltarule.model import Model
from deltarule.plots.box import extent, limits
from deltarule.plots.chosen_inputs import axis_names, given_values, note_of_others, numbered, pair_of
from deltarule.plots.plane import DecisionRegions
from deltarule.plots.polygons import Limits

# Places along each axis: as fine as a figure of five inches shows.
RESOLUTION = 400
REMEDY = "400 is as fine as a figure shows."
# Numbers of a block of places: 16 MB.
BLOCK = 2_000_000


def predicted_regions(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    inputs: tuple[int | str, int | str] = (0, 1),
    at: ArrayLike | Mapping[Any, Any] | None = None,
    names: Sequence[str] | None = None,
    x_limits: Limits | None = None,
    y_limits: Limits | None = None,
    resolution: int = RESOLUTION,
) -> DecisionRegions:
    """The regions in which an estimator predicts each class, by cells, and the patterns in them.

    Parameters
    ----------
    estimator : fitted, or a model.
    X : (P, N) inputs, an array or a frame.
    y : (P,) their labels.
    inputs, at, names, x_limits, y_limits : as in `deltarule.plots.decision_regions`; a column without numbers needs one in `at`.
    resolution : cells along each axis.

    Raises
    ------
    InputError
        If the estimator does not predict one label for each pattern, or a column without numbers has no value.
    """
    if not isinstance(estimator, Model):
        fitted(estimator)
    resolution = whole("resolution", resolution, 2, REMEDY)
    columns = _columns(X)
    known = list(columns)
    pair, given = pair_of(inputs, known), given_values(at, known)
    values = list(columns.values())
    for place, column in enumerate(values):
        if column is None and (place in pair or place not in given):
            remedy = "Choose other features." if place in pair else "Give its value, as in at={'colour': 'red'}."
            raise InputError(f"column {known[place]!r}", "hold numbers, or have a value in at", "neither", remedy)
    known_numbers = {place: column for place, column in enumerate(values) if column is not None}
    points = numbers("inputs of the plane", np.column_stack([known_numbers[place] for place in pair]), 2, np.float64)
    means = {place: float(np.nanmean(column)) for place, column in known_numbers.items()}
    box_x = extent(points[:, 0]) if x_limits is None else limits("x_limits", x_limits)
    box_y = extent(points[:, 1]) if y_limits is None else limits("y_limits", y_limits)
    for name, (low, high) in (("x limits", box_x), ("y limits", box_y)):
        if low >= high:
            raise InputError(name, "be two increasing numbers", (low, high), "Give them as in (-1, 1).")
    predicted, targets = _labels(estimator.predict(X), len(points)), _labels(flat("targets", y), len(points))
    classes = _classes(estimator)
    wrong = labels.positions(predicted, classes) != labels.positions(targets, classes)
    return DecisionRegions(
        classes=classes,
        polygons=(),
        boundaries=(),
        continuations=(),
        points=points,
        places=labels.positions(targets, classes),
        wrong=wrong,
        names=axis_names(names, pair, known),
        x_limits=box_x,
        y_limits=box_y,
        note=note_of_others(given, means, pair, known),
        raster=_raster(estimator, X, known, pair, means | given, classes, (box_x, box_y), resolution),
    )


def _columns(X: Any) -> dict[Hashable, Vector | None]:
    """The columns of the inputs by name; None for one that holds no numbers."""
    if is_frame(X):
        return columns_of("inputs", X)
    dense = numbers("inputs", X, 2)
    return dict(zip(numbered(dense.shape[1]), dense.T, strict=True))


def _raster(
    estimator: Any,
    X: Any,
    known: Sequence[Hashable],
    pair: Sequence[int],
    others: Mapping[int, Any],
    classes: tuple[labels.Label, ...],
    box: tuple[Limits, Limits],
    resolution: int,
) -> NDArray[np.intp]:
    """(R, R) the place of the class that is predicted in the middle of each cell, from the lower left."""
    along, up = (low + (np.arange(resolution) + 0.5) / resolution * (high - low) for low, high in box)
    rows = max(1, BLOCK // (resolution * len(known)))
    found = []
    for start in range(0, resolution, rows):
        heights = up[start : start + rows]
        at: dict[int, Any] = {place: np.full(resolution * len(heights), value) for place, value in others.items()}
        at[pair[0]], at[pair[1]] = np.tile(along, len(heights)), np.repeat(heights, resolution)
        columns = {name: at[place] for place, name in enumerate(known)}
        asked = frame_like(X, columns) if is_frame(X) else np.column_stack(list(columns.values()))
        found.append(labels.positions(_labels(estimator.predict(asked), len(asked)), classes))
    return np.concatenate(found).reshape(resolution, resolution)


def _labels(given: Any, count: int) -> NDArray[Any]:
    """Labels (P,), one for each pattern."""
    found = np.asarray(given)
    if found.shape != (count,):
        rule, remedy = "be one for each pattern", "Give what predicts one class for each pattern."
        raise InputError("labels", rule, f"an array of shape {found.shape} for {count} patterns", remedy)
    return found


def _classes(estimator: Any) -> tuple[labels.Label, ...]:
    known = estimator.layer.classes if isinstance(estimator, Model) else getattr(estimator, "classes_", None)
    if known is None:
        got, remedy = f"a {type(estimator).__name__} without classes", "Give a classifier."
        raise InputError("estimator", "predict classes", got, remedy)
    return tuple(np.asarray(known).tolist())
