"""Runs over a stream that are kept in a file on the way, and go on from it as if they had never stopped."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from deltarule import checks
from deltarule.checks import brief, choice, truth, whole
from deltarule.engines import ENGINES, SYNONYMS, Work
from deltarule.engines.base import Best
from deltarule.engines.numba_here import usable
from deltarule.engines.running import Begun
from deltarule.engines.settling import settles
from deltarule.engines.streaming import Position, StreamEngine, start_stream
from deltarule.engines.thinning import Thinned, rows_kept
from deltarule.errors import InputError
from deltarule.files import open_regular, write_whole
from deltarule.iteration import Velocity
from deltarule.layers import Layer, kind_name
from deltarule.storage.container import packed, unpacked

# What the document of a checkpoint has, and no model.
MARK = "checkpoint"
SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}
_TIME = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """Where a run over a stream is kept, how often, and whether it goes on from there.

    The file holds all that the rest of the run depends on: layer, velocity, position in the stream, the seed of the order, what was
    recorded, and the best layer. So a run that goes on has the bits of one that was never stopped.

    Parameters
    ----------
    path : the file. It is written whole or not at all, and stays when the run has ended. It must be new, unless the run goes on
        from it: progress that was kept is not lost by a slip.
    every : the time between two writings, as in "5min", "30s" or "2h", or seconds. At an interruption it is written once more.
    epochs : written after each so many epochs as well; None: by time alone.
    resume : whether the run goes on from the file, which must be there, and be of the same training. Of files that were changed
        since it is known; of the batches of a function only how many rows they have.

    Raises
    ------
    InputError
        If a value breaks its rule.

    Examples
    --------
    >>> Checkpoint("run.checkpoint", every="2min").seconds
    120.0
    """

    path: str | os.PathLike[str]
    every: str | float = "5min"
    epochs: int | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(checks.path("checkpoint", self.path)))
        object.__setattr__(self, "resume", truth("resume", self.resume))
        if self.epochs is not None:
            object.__setattr__(
                self, "epochs", whole("epochs of the checkpoint", self.epochs, 1, "Leave it out for time.")
            )
        self.seconds  # noqa: B018 - so that a wrong time is refused at once

    @property
    def seconds(self) -> float:
        """The seconds between two writings."""
        given = self.every
        found = _TIME.fullmatch(str(given)) if isinstance(given, str | int | float) and given is not True else None
        unit = None if found is None else SECONDS.get(found[2])
        if found is None or unit is None:
            raise InputError("every", "be a time such as '5min' or '30s'", brief(given), "Write it like '5min'.")
        return float(found[1]) * unit

    @contextmanager
    def keeping(self, name: str, work: Work) -> Iterator[Kept]:
        """The run of a work: what starts its engine, and what was reached before. It is written when the run is interrupted.

        Parameters
        ----------
        name : of the engine asked for.
        work : what is trained on what; its patterns are those of a stream.

        Raises
        ------
        InputError
            If the patterns are in memory, or the file is of another training.
        """
        kept = Kept(self, name, work)
        try:
            yield kept
        except BaseException as error:
            if not isinstance(error, Exception):  # SIGTERM, Ctrl-C
                kept.write()
            raise


class Kept:
    """A run over a stream that is kept in a file.

    Parameters
    ----------
    checkpoint : where, and how often.
    name, work : as in `Checkpoint.keeping`.

    Attributes
    ----------
    begun : what was reached before; None at the start.
    """

    def __init__(self, checkpoint: Checkpoint, name: str, work: Work) -> None:
        name = usable(choice("engine", name, ENGINES, SYNONYMS))
        self.checkpoint, self.name, self.work = checkpoint, name, work
        if settles(work):
            got = f"a {kind_name(work.layer)} layer whose training ends where no pattern is wrong"
            raise InputError("checkpoint", "go with a layer that has a cost of its own", got, "Leave it out.")
        self.about = _about(name, work)
        self.engine: StreamEngine | None = None
        self.begun: Begun | None = None
        self.spent = 0.0
        self._position: Position | None = None
        self._seed: int | None = None
        if checkpoint.resume:
            self._read()
        elif os.path.lexists(checkpoint.path):
            remedy = "Go on from it (resume=True, --resume), give another name, or remove it."
            raise InputError(MARK, "be a new file", f"{str(checkpoint.path)!r}, which is there", remedy)
        self.last = self.started = time.monotonic()

    def start(self, work: Work) -> StreamEngine:
        """The engine at its start, or where the run goes on.

        Parameters
        ----------
        work : what is trained on what.
        """
        self.engine = start_stream(self.name, work, self._position, self._seed)
        self.engine.on_block = self._look
        return self.engine

    def _look(self, engine: StreamEngine) -> None:
        """Write, where it is time to."""
        each = self.checkpoint.epochs
        due = each is not None and engine.position.rows == 0 and engine.position.epoch % each == 0
        if due or time.monotonic() - self.last >= self.checkpoint.seconds:
            self.write()

    def write(self) -> None:
        """Write where the run stands."""
        if self.engine is None:
            return
        position, layer = self.engine.position, self.work.layer
        state: dict[str, Any] = {
            "epoch": position.epoch,
            "rows": position.rows,
            "seed": self.engine.seed,
            "layer": _parameters(position.layer),
            "before": _parameters(position.before),
            "velocity": None if position.velocity is None else _arrays(*position.velocity),
            "numbers": np.array([position.cost, self.spent + time.monotonic() - self.started]),
            "best": None,
            "kept": {
                "table": position.kept.table(position.epoch),
                "last": position.kept.last,
                "every": position.kept.kept[2],
            },
        }
        if position.best is not None:
            best = position.best
            state["best"] = _parameters(best.layer) | {"epoch": best.epoch, "value": np.array([best.value])}
        document = {MARK: self.about, "state": state, "biases": layer.has_biases}
        write_whole(self.checkpoint.path, packed(document))
        self.last = time.monotonic()

    def _read(self) -> None:
        """Take up what the file holds."""
        path = self.checkpoint.path
        with open_regular(path, MARK) as file:
            content = file.read()
        try:
            document = unpacked(content, str(path))
        except InputError as error:
            raise InputError(MARK, error.rule, error.got, "Start the run anew, without resume.") from None
        if MARK not in document:
            raise InputError(
                MARK, "be one that a run wrote", f"{str(path)!r}, a model", "Give the file of a checkpoint."
            )
        _check_same(document[MARK], self.about, str(path))
        state, layer, work = document["state"], self.work.layer, self.work

        def layer_of(values: Mapping[str, Any]) -> Layer:
            return layer.with_unchecked_parameters(np.array(values["weights"]), np.array(values["biases"]))

        best = state["best"]
        if best is not None:
            best = Best(layer_of(best), int(best["epoch"]), float(best["value"][0]))
        velocity = state["velocity"]
        cost, self.spent = map(float, state["numbers"])
        before = layer_of(state["before"])
        epoch = int(state["epoch"])
        self._seed = state["seed"]
        self._position = Position(
            epoch,
            int(state["rows"]),
            layer_of(state["layer"]),
            before,
            None if velocity is None else Velocity(np.array(velocity["weights"]), np.array(velocity["biases"])),
            cost,
            best,
            _thinned(state["kept"], work),
        )
        self.begun = Begun(before, epoch, self.spent, best, _thinned(state["kept"], work))


def _thinned(kept: Mapping[str, Any], work: Work) -> Thinned:
    """What was recorded, as it was kept."""
    table = np.array(kept["table"])
    found = Thinned(table[:1], work.record_every, rows_kept())
    every = int(kept["every"])
    rows = table if not every else table[table[:, 0] % every == 0]
    found.kept, found.last = ([rows], len(rows), every), np.array(kept["last"])
    return found


def _parameters(layer: Layer) -> dict[str, Any]:
    return _arrays(layer.weights, layer.biases)


def _arrays(weights: Any, biases: Any) -> dict[str, Any]:
    return {"weights": np.array(weights), "biases": np.array(biases)}


def _about(name: str, work: Work) -> dict[str, Any]:
    """All that the path of a run depends on, as plain values."""
    streamed: Any = work.training
    stream, layer = streamed.stream, work.layer
    about = layer.to_dict()
    followed: Any = work.validation
    validation = None
    if followed is not None:
        known = getattr(followed, "stream", None)
        validation = [len(followed.X), _digest(followed.X, followed.D) if known is None else known.store.state()]
    scaling = stream.scaling
    return {
        "layer": {key: value for key, value in about.items() if key not in ("weights", "biases")},
        "initial weights": _digest(layer.weights, layer.biases),
        "descent": work.descent.to_dict(),
        "engine": name,
        "files": stream.store.state(),
        "columns": [] if stream.encoding is None else stream.encoding.to_dict()["columns"],
        "target": list(stream.target_names),
        "scaling": None if scaling is None else scaling.to_dict(),
        "rows": stream.rows,
        "rows of a block": streamed.block,
        "window": streamed.window,
        "validation": validation,
        "record_every": work.record_every,
    }


def _digest(*arrays: Any) -> str:
    """A checksum of arrays; of sparse ones of their entries."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array.data if hasattr(array, "indptr") else array).tobytes())
    return found.hexdigest()


def _check_same(there: Mapping[str, Any], here: Mapping[str, Any], where: str) -> None:
    """An `InputError` that names what is another one than in the file."""
    for name, value in here.items():
        known = there.get(name)
        if known == value:
            continue
        remedy = "Resume with what the run was started with, or start it anew."
        if isinstance(value, dict) and isinstance(known, dict):
            odd = next(key for key in value.keys() | known.keys() if value.get(key) != known.get(key))
            got = f"{odd} = {brief(value.get(odd))} where {where} has {brief(known.get(odd))}"
        elif name == "files" and isinstance(known, list) and len(known) == len(value):
            odd = next(new for new, old in zip(value, known, strict=True) if new != old)
            got = f"{odd[0]}, which has changed since {where} was written"
        else:
            got = f"{brief(value)} where {where} has {brief(known)}"
        raise InputError(f"{name} of a run that goes on", "be as before", got, remedy)
