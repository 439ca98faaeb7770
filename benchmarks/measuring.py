"""First the proof that contenders do the same mathematics, then rounds in which all run in turn.

What disturbs the machine then disturbs all alike: times are medians over the rounds, ratios are taken within each round. The first
call of a contender, which compiles and warms up, is not timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.contenders import Contender
from benchmarks.contenders.by_numpy import loop
from benchmarks.task import Family, Task, Train, Trained

Record = dict[str, Any]
Workload = Task | Family
# The largest difference of a weight or bias from the float64 reference, over the largest weight: rounding alone.
AGREEMENT = {"float64": 1e-9, "float32": 1e-3}
# A shorter call is repeated until the clock has seen so many seconds.
SHORTEST = 0.05


@dataclass(frozen=True)
class Effort:
    """How thoroughly to measure."""

    rounds: int
    share: float = 1.0  # of the time that a contender may take

    @classmethod
    def quick(cls) -> Effort:
        """To see that all runs."""
        return cls(rounds=1, share=0.05)


@dataclass
class Runner:
    """A contender made ready: what to call, how many updates (of one model) that is, and its times."""

    contender: Contender
    train: Train
    updates: int
    calls: int
    record: Record
    times: list[float]

    def run(self) -> None:
        """One round: seconds for an update."""
        began = time.perf_counter()
        own = [self.train().seconds for _ in range(self.calls)]
        seconds = time.perf_counter() - began
        counted = sum(one for one in own if one is not None) or seconds
        self.times.append(counted / self.calls / self.updates)


def compare(
    about: Record,
    workload: Workload,
    proof: Workload,
    contenders: Sequence[Contender],
    effort: Effort,
    unit: str,
) -> list[Record]:
    """A record a contender; the first is the one that ratios are to.

    Parameters
    ----------
    about : what every record says: the work, its setting, the threads.
    workload : what is timed; a slow contender runs fewer epochs of it.
    proof : what the mathematics are proved on: the same, smaller.
    unit : "update", "epoch" or "whole" (all models, all epochs): what the times are of.
    """
    records, runners = [], []
    for contender in contenders:
        record = about | {"contender": contender.name, "unit": unit, "note": contender.note}
        records.append(record)
        _say(f"  {about['setting']}: {contender.name}")
        try:
            prepare = contender.load()
        except (ImportError, AttributeError) as error:
            record |= {"status": "missing", "why": str(error)}
            continue
        try:
            record |= {"proof": contender.proof, "apart": apart(contender, prepare, proof)}
            if not record["apart"] < AGREEMENT[_first(proof).W.dtype.name]:
                record |= {"status": "failed", "why": f"weights differ by {record['apart']:.1g} of the largest"}
                continue
            runners.append(_runner(contender, prepare, workload, effort, record))
        except Exception as error:  # noqa: BLE001 - a peer's failure of any kind is its result
            record |= {"status": "failed", "why": f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"}
    for _ in range(effort.rounds):
        for runner in runners:
            runner.run()
    _finish(runners, units_of(workload, unit), contenders[0].name)
    for record in records:
        if record["status"] != "measured":
            _say(f"    {record['contender']}: {record['status']}: {record['why']}")
    return records


def apart(contender: Contender, prepare: Callable[[Any], Train], proof: Workload) -> float:
    """The largest difference of any weight or bias from the NumPy loop in float64, over the largest weight."""
    if contender.proof == "given":
        proof = proof.having(seed=None)
    if contender.proof == "full":
        proof = proof.having(batch_size=None)
    train, places = ready(contender, prepare, proof)
    result = train()
    if isinstance(proof, Task):
        expected = loop(in_float64(proof))()
    else:
        models = proof.models
        reached = [loop(in_float64(models[place]))() for place in places]
        expected = Trained(np.stack([each.weights for each in reached]), np.stack([each.biases for each in reached]))
    scale = float(np.abs(expected.weights).max())
    pairs = ((result.weights, expected.weights), (result.biases, expected.biases))
    return max(float(np.abs(got - wanted).max()) for got, wanted in pairs) / scale


def in_float64(task: Task) -> Task:
    """The same numbers, in float64."""
    return task.having(**{name: getattr(task, name).astype(np.float64) for name in ("X", "D", "W", "b")})


def ready(contender: Contender, prepare: Callable[[Any], Train], workload: Workload) -> tuple[Train, Sequence[int]]:
    """What to call, and which models of a family that trains."""
    if isinstance(workload, Task):
        return prepare(workload), [0]
    models = workload.models
    if not contender.alone:
        return prepare(workload), range(len(models))
    places = np.unique(np.linspace(0, len(models) - 1, contender.alone).astype(int)).tolist()
    trains = [prepare(models[place]) for place in places]

    def one_after_another() -> Trained:
        done = [train() for train in trains]
        return Trained(np.stack([each.weights for each in done]), np.stack([each.biases for each in done]))

    return one_after_another, places


def units_of(workload: Workload, unit: str) -> int:
    """How many updates (of one model) a unit is."""
    task = _first(workload)
    models = 1 if isinstance(workload, Task) else len(workload.models)
    return {"update": models, "epoch": models * task.updates, "whole": models * task.updates * task.epochs}[unit]


def _runner(
    contender: Contender, prepare: Callable[[Any], Train], workload: Workload, effort: Effort, record: Record
) -> Runner:
    """As many epochs as its time allows, up to the workload's, found step by step; run before, to compile and warm up."""
    task, longest = _first(workload), contender.longest * effort.share
    epochs, wanted = 0, 1
    while wanted > 1.5 * epochs:
        epochs = wanted - wanted % 10 if wanted > 10 else wanted  # ten updates at a time, where these are unrolled
        train, places = ready(contender, prepare, workload.having(epochs=epochs))
        taken = _seconds(train)
        if task.epochs > 1:
            taken = _seconds(train)
        # What a call costs besides its epochs makes this too few, so once more if it was short.
        wanted = min(int(epochs * longest / taken), 100 * epochs, task.epochs)
    calls = max(1, round(SHORTEST * effort.share / taken))
    record |= {"epochs": epochs, "models": len(places), "calls": calls}
    return Runner(contender, train, epochs * task.updates * len(places), calls, record, [])


def _finish(runners: list[Runner], units: int, first: str) -> None:
    base = next((runner.times for runner in runners if runner.contender.name == first), None)
    for runner in runners:
        runner.record |= {"status": "measured", "seconds": spread([one * units for one in runner.times])}
        if base is not None:
            runner.record["times"] = spread([own / of for own, of in zip(runner.times, base, strict=True)])


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Median, least, greatest, and all."""
    return {"median": median(values), "min": min(values), "max": max(values), "rounds": list(values)}


def _first(workload: Workload) -> Task:
    return workload if isinstance(workload, Task) else workload.starts[0]


def _seconds(train: Train) -> float:
    began = time.perf_counter()
    train()
    return time.perf_counter() - began


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
