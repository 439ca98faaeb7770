"""The models of a sweep: by the kernels, many at once, or one after another by the direct engine where there is no Numba."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from deltarule.descent import Descent
from deltarule.engines import running
from deltarule.engines.base import Work
from deltarule.engines.direct import DirectEngine
from deltarule.engines.numba_here import has_numba
from deltarule.engines.running import Result
from deltarule.engines.settling import settling
from deltarule.engines.thinning import rows_kept
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason

__all__ = ["Progress", "Result", "descend"]

Progress = Callable[[float, int], None]


def descend(
    layers: Sequence[Layer],
    training: Patterns,
    validation: Patterns | None,
    descents: Sequence[Descent],
    record_every: int,
    progress: Progress,
) -> list[Result]:
    """Each layer by its own descent, as `many_models.descend` does it, whose parameters are those of `many_models.descend`."""
    if has_numba():
        from deltarule.engines import many_models

        return many_models.descend(layers, training, validation, descents, record_every, progress)
    return one_by_one(layers, training, validation, descents, record_every, progress)


def one_by_one(
    layers: Sequence[Layer],
    training: Patterns,
    validation: Patterns | None,
    descents: Sequence[Descent],
    record_every: int,
    progress: Progress,
) -> list[Result]:
    """The same by the direct engine, one after another. The parameters are those of `many_models.descend`."""
    works = [
        Work(layer, training, validation, descent, record_every)
        for layer, descent in zip(layers, descents, strict=True)
    ]
    ends, done, limit = sum(descent.epochs for descent in descents), 0, rows_kept(len(layers))
    results: list[Result] = []

    def within(epochs: int, _cost: float) -> None:
        progress((done + epochs) / ends, len(results))

    try:
        progress(0.0, 0)
        for work in works:
            result, _ = running.run(work, partial(settling, DirectEngine), within, limit=limit)
            results.append(result)
            if result.reason is Reason.INTERRUPTED:
                break
            done += work.descent.epochs
            progress(done / ends, len(results))
    except KeyboardInterrupt:
        pass
    return results + [running.not_started(work) for work in works[len(results) :]]
