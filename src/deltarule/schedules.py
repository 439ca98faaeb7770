"""How the learning rate changes as a descent goes on: a factor for each epoch, or for each update."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import brief, choice, positive, whole
from deltarule.errors import InputError, nearest
from deltarule.json_values import json_value
from deltarule.views import Shown

Factors = NDArray[np.float64]
By = Literal["epoch", "update"]
BY = ("epoch", "update")
# Cosines that are worked from two at once.
BLOCK = 256


@dataclass(frozen=True)
class Schedule(Shown):
    """The learning rate in force is a f(t): a is that of the descent, t the epochs (or updates) done before, counted from 0.

    ==============  ============================================================  ==========================
    kind            f(t), in a run of T epochs (or updates)                       parameters
    ==============  ============================================================  ==========================
    constant        1
    step            factor^floor(t / every)                                       every, factor (0.1)
    exponential     factor^t                                                      factor
    inverse-time    1 / (1 + decay t)                                             decay
    cosine          final + (1 - final) (1 + cos(pi t / T)) / 2                   final (0)
    one-cycle       from start to 1 in the share `rising` of the run, then to     start (0.04), rising (0.3),
                    final, both along half a cosine                               final (4e-6)
    ==============  ============================================================  ==========================

    Parameters
    ----------
    kind : one of the above.
    every : epochs (or updates) between two steps, at least 1.
    factor : above 0.
    decay : at least 0.
    start, final : f at the start and at the end, from 0 to 1.
    rising : the share of the run in which the rate rises, above 0 and below 1.
    warm_up : so many epochs (or updates) come first, with f(t) = (t + 1) / (warm_up + 1). The schedule begins after them; T is
        what is left. One-cycle has none, since it rises by itself.
    by : "epoch": the rate is the same in all updates of an epoch. "update": it changes with each update.

    Raises
    ------
    InputError
        If a parameter is missing, out of its range, or of another kind of schedule.

    References
    ----------
    The same rates as PyTorch's StepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR (without its cycle of the momentum) and
    LinearLR. Loshchilov and Hutter, "SGDR", ICLR 2017: cosine. Smith and Topin, "Super-convergence", 2017: one-cycle. Goyal et
    al., "Accurate, large minibatch SGD", 2017, section 2.2: warm-up.

    Examples
    --------
    >>> Schedule("step", every=2, factor=0.5).factors(0, 5, total=5).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.25]
    >>> Schedule("cosine", warm_up=1).factors(0, 4, total=4).round(4).tolist()
    [0.5, 1.0, 0.75, 0.25]
    """

    kind: str = "constant"
    every: int | None = None
    factor: float | None = None
    decay: float | None = None
    start: float | None = None
    final: float | None = None
    rising: float | None = None
    warm_up: int = 0
    by: By = "epoch"

    def __post_init__(self) -> None:
        kind = choice("kind of schedule", self.kind, tuple(KINDS), SYNONYMS)
        object.__setattr__(self, "kind", kind)
        known = KINDS[kind].defaults
        for name, parameter in PARAMETERS.items():
            value = getattr(self, name)
            if value is None:
                value = known.get(name)
                if name in known and value is None:
                    raise InputError(
                        f"{kind} schedule",
                        f"have {'an' if name[0] in 'aeiou' else 'a'} {name}",
                        "none",
                        f'Write Schedule("{kind}", {name}={parameter.example:g}).',
                    )
            elif name not in known:
                takes = ", ".join([*known, *_SHARED]) if kind != "one-cycle" else ", ".join([*known, "by"])
                raise InputError(
                    f"{kind} schedule", f"have its own parameters only: {takes}", name, f"Leave {name} out."
                )
            if value is not None:
                object.__setattr__(self, name, parameter.check(value))
        warm_up = whole("warm-up of the schedule", self.warm_up, 0, "Give 0 for none.")
        if warm_up and kind == "one-cycle":
            raise InputError(
                "one-cycle schedule", "have no warm-up, since it rises by itself", warm_up, "Leave warm_up out."
            )
        object.__setattr__(self, "warm_up", warm_up)
        object.__setattr__(
            self, "by", choice("by of the schedule", self.by, BY, {"epochs": "epoch", "updates": "update"})
        )

    @property
    def is_constant(self) -> bool:
        """Whether the rate never changes."""
        return self.kind == "constant" and not self.warm_up

    def factors(self, first: int, count: int, total: int) -> Factors:
        """(count,) f(first), f(first + 1), ...

        Parameters
        ----------
        first : epochs (or updates) done before the first of them.
        count : how many.
        total : T, the epochs (or updates) of the whole run, warm-up included.
        """
        first = whole("epochs or updates done", first, 0, "The first is 0.")
        count = whole("number of epochs or updates", count, 0, "Give how many.")
        total = whole("epochs or updates of the run", total, 1, "Give those of the whole run.")
        warming = min(max(self.warm_up - first, 0), count)
        after = max(first - self.warm_up, 0)
        t = np.arange(after, after + count - warming, dtype=np.float64)
        kind = KINDS[self.kind]
        own = {name: getattr(self, name) for name in kind.defaults}
        with np.errstate(over="ignore"):  # a rate that grows for ever diverges, which is an outcome
            factors = kind.formula(t, max(total - self.warm_up, 1), **own)
        if not warming:
            return factors
        return np.concatenate([np.arange(first + 1, first + 1 + warming) / (self.warm_up + 1), factors])

    def to_dict(self) -> dict[str, Any]:
        """The kind and its parameters by name, for JSON and problem files; what is as by default is left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        defaults = KINDS[self.kind].defaults | {"kind": None, "warm_up": 0, "by": "epoch"}
        return {
            name: json_value(value) for name, value in values.items() if value is not None and value != defaults[name]
        }

    def __str__(self) -> str:
        """As in "cosine" or "step (every 10, factor 0.5; warm-up 5)"."""
        own = ", ".join(f"{name} {getattr(self, name):g}" for name in KINDS[self.kind].defaults)
        shared = [f"warm-up {self.warm_up}"] if self.warm_up else []
        shared += ["by update"] if self.by == "update" else []
        told = "; ".join(part for part in (own, ", ".join(shared)) if part)
        return f"{self.kind} ({told})" if told else self.kind


class _Kind(NamedTuple):
    """A kind of schedule.

    formula : f from t (an array), T, and the schedule's own parameters by name.
    defaults : those parameters, with what they are where they are not given; None where they must be.
    """

    formula: Callable[..., Factors]
    defaults: dict[str, float | None]


class _Parameter(NamedTuple):
    """A parameter: how it is checked, and an example of it."""

    check: Callable[[Any], float]
    example: float


def _share(name: str) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        number = positive(f"{name} of the schedule", value, "It is a share of the learning rate.", zero=True)
        if number > 1:
            raise InputError(
                f"{name} of the schedule", "be at most 1", brief(value), "It is a share of the learning rate."
            )
        return number

    return check


def _rising(value: Any) -> float:
    number = positive("rising of the schedule", value, "It is a share of the run: 0.3 is usual.")
    if number >= 1:
        raise InputError(
            "rising of the schedule", "be below 1", brief(value), "It is a share of the run: 0.3 is usual."
        )
    return number


def _step(t: Factors, _total: int, every: float, factor: float) -> Factors:
    """Each power is taken once, for it takes long."""
    steps = np.floor(t / every).astype(np.int64)
    first = steps[0] if len(steps) else 0
    powers: Factors = factor ** np.arange(first, steps[-1] + 1 if len(steps) else 0, dtype=np.float64)
    return powers[steps - first]


def _cosine(t: Factors, total: int, final: float) -> Factors:
    return _half_cosine(t, 0.0, float(total), 1.0, final)


def _half_cosine(t: Factors, first: float, last: float, high: float, low: float) -> Factors:
    """From `high` at `first` to `low` at `last`, and that from there on.

    t : one after another, each 1 more than the one before.
    """
    if last <= first or not len(t):
        return np.where(t < last, high, low)
    # cos(a + b) = cos a cos b - sin a sin b, for blocks of t: NumPy's cosine of each takes longer than these products. The blocks
    # begin at multiples of BLOCK, so that a rate has the same bits whichever others are worked with it.
    step, before = np.pi / (last - first), int(t[0]) % BLOCK
    blocks = np.arange(t[0] - before, t[-1] + 1, BLOCK)[:, None]
    a, b = step * (blocks - first), step * np.arange(BLOCK)
    cosines = np.cos(a) * np.cos(b)
    cosines -= np.sin(a) * np.sin(b)
    found: Factors = cosines.reshape(-1)[before : before + len(t)]
    found *= (high - low) / 2
    found += (high + low) / 2
    found[int(np.searchsorted(t, last)) :] = low
    return found


def _one_cycle(t: Factors, total: int, start: float, rising: float, final: float) -> Factors:
    """As PyTorch counts: the rate is highest at step `rising` T - 1, and lowest at the last, T - 1."""
    top = rising * total - 1
    split = int(np.searchsorted(t, top, side="right"))
    rises, falls = t[:split], t[split:]
    return np.concatenate(
        [
            _half_cosine(rises, 0.0, top, start, 1.0),
            _half_cosine(falls, top, total - 1.0, 1.0, final),
        ]
    )


KINDS: dict[str, _Kind] = {
    "constant": _Kind(lambda t, _total: np.ones_like(t), {}),
    "step": _Kind(_step, {"every": None, "factor": 0.1}),
    "exponential": _Kind(lambda t, _total, factor: factor**t, {"factor": None}),
    "inverse-time": _Kind(lambda t, _total, decay: 1 / (1 + decay * t), {"decay": None}),
    "cosine": _Kind(_cosine, {"final": 0.0}),
    "one-cycle": _Kind(_one_cycle, {"start": 0.04, "rising": 0.3, "final": 4e-6}),
}
PARAMETERS: dict[str, _Parameter] = {
    "every": _Parameter(
        lambda value: whole("every of the schedule", value, 1, "Give a number of epochs (or updates)."), 10
    ),
    "factor": _Parameter(lambda value: positive("factor of the schedule", value, "0.5 halves the rate."), 0.95),
    "decay": _Parameter(lambda value: positive("decay of the schedule", value, "Give 0 for none.", zero=True), 0.1),
    "start": _Parameter(_share("start"), 0.04),
    "final": _Parameter(_share("final"), 0.0),
    "rising": _Parameter(_rising, 0.3),
}
_SHARED = ("warm_up", "by")
# Names that textbooks and other programs use.
SYNONYMS = {
    "none": "constant",
    "steps": "step",
    "step_decay": "step",
    "steplr": "step",
    "exponentiallr": "exponential",
    "exponential_decay": "exponential",
    "inverse_time": "inverse-time",
    "invscaling": "inverse-time",
    "time-based": "inverse-time",
    "cosine-annealing": "cosine",
    "cosineannealinglr": "cosine",
    "one_cycle": "one-cycle",
    "onecycle": "one-cycle",
    "1cycle": "one-cycle",
    "onecyclelr": "one-cycle",
}
CONSTANT = Schedule()


def schedule_from(value: Any) -> Schedule:
    """A schedule from one, from the name of its kind, or from its parameters by name.

    Parameters
    ----------
    value : as in "cosine", {"kind": "step", "every": 10} or a `Schedule`. None: constant.

    Raises
    ------
    InputError
        If it is none of these, or a parameter is unknown or breaks its rule.

    Examples
    --------
    >>> schedule_from({"kind": "step", "every": 10}).factor
    0.1
    """
    if value is None:
        return CONSTANT
    if isinstance(value, Schedule):
        return replace(value)
    if isinstance(value, str):
        return Schedule(value)
    if not isinstance(value, Mapping):
        raise InputError(
            "schedule",
            'be the name of a kind, or its parameters by name, as in {"kind": "step", "every": 10}',
            brief(value),
            f"The kinds are {', '.join(KINDS)}.",
        )
    names = [field.name for field in fields(Schedule)]
    for name in value:
        if name not in names:
            raise InputError(
                "schedule", f"have known parameters only: {', '.join(names)}", brief(name), nearest(name, names)
            )
    if "kind" not in value:
        raise InputError("schedule", "have a kind", brief(dict(value)), f"The kinds are {', '.join(KINDS)}.")
    return Schedule(**value)
