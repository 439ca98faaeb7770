"""Answers that nobody worked: zeros, ones, whole numbers, copies of the problem, noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.marking.answers import EXACT_PARTS, Document
from benchmarks.marking.exercises import Array, Exercise, Random

KINDS = ("zeros", "ones", "whole numbers", "copies", "noise")


def nonsense(kind: str, task: Exercise, right: Document, random: Random) -> Document:
    """The right answer with other figures in the places of its own; classes are left out but where they are guessed or copied."""
    iterations = {}
    for number, parts in right["iteration"].items():
        found = {part: _filled(kind, part, value, task, right, random) for part, value in parts.items()}
        iterations[number] = {part: value for part, value in found.items() if value is not None}
    return {**right, "iteration": {number: parts for number, parts in iterations.items() if parts}}


def _filled(kind: str, part: str, value: Any, task: Exercise, right: Document, random: Random) -> Any:
    if part == "predicted":
        return _guessed(kind, value, task, random)
    if part == "errors":
        return {"zeros": 0, "ones": 1, "copies": len(task.X)}.get(kind, int(random.integers(0, len(task.X) + 1)))
    shape = np.asarray(value).shape
    decimals = right.get("decimals", task.decimals)
    if kind in {"zeros", "ones"}:
        figures = np.full(shape, float(kind == "ones"))
    elif kind == "whole numbers":
        figures = random.integers(-3, 4, shape).astype(float)
    elif kind == "copies":
        figures = _copied(part, shape, task, random)
    else:
        figures = np.round(random.normal(0, 1, shape), decimals)
    return np.asarray(figures).tolist()


def _guessed(kind: str, value: Any, task: Exercise, random: Random) -> Any:
    if kind in {"zeros", "ones"} or not task.labels:
        return None
    return [task.labels[place] for place in random.integers(0, len(task.labels), len(value))]


def _copied(part: str, shape: tuple[int, ...], task: Exercise, random: Random) -> Array:
    """Numbers that stand in the problem: a matrix of the same shape, or any in their order."""
    sources = [task.raw, task.W, task.b, task.D]
    fitting = [source for source in sources if source.shape == shape]
    if part not in EXACT_PARTS and fitting and random.random() < 0.7:
        return np.asarray(fitting[int(random.integers(len(fitting)))])
    source = sources[int(random.integers(len(sources)))].reshape(-1)
    return np.asarray(np.resize(source, shape))
