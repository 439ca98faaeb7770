"""The three engines and the sweep on odd but legal input, each compared with plain loops and a bound on rounding.

They agree where every weight, bias and cost after every epoch lies within FACTOR times the running error bound of
`rough.py`. That bound grows with each update: descents are short, so that it says something. Where a number comes near
the largest float, or a bound passes it, engines may part, and nothing is compared from there on; such inputs are counted
as "vague", and so are those whose bounds are larger than the figures.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.case import DONE, Fault, Verdict, traceback_of
from tools.fuzz.rough import DOUBLE, SINGLE, State, Task, descend, within
from tools.fuzz.sandbox import bounded, noting, quiet

FACTOR = 4.0
VAGUE = 0.01  # a bound, as a share of the largest figure beside it, from which on it says little
KINDS = ("linear", "sigmoid", "tanh", "logistic", "one-against-rest", "softmax")
ODD = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    5e-324,
    1e-300,
    -1e-30,
    1e-8,
    1e8,
    -1e8,
    1e30,
    0.1,
    1 / 3,
    2.0**-24,
    1 + 2.0**-52,
    700.0,
    -745.0,
    40.0,
)


@dataclass(frozen=True)
class Descents:
    """A task, and the type of its floats."""

    task: Task
    single: bool

    def write(self, folder: Path) -> None:
        """The task as text, for a person to look at."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "task.txt").write_text(f"{self!r}\n")


@st.composite
def descents(draw: st.DrawFn) -> Descents:
    """A short descent on odd numbers."""
    kind, single = draw(st.sampled_from(KINDS)), draw(st.booleans())
    P, N, K = draw(st.integers(1, 9)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    if kind in ("softmax", "one-against-rest"):
        K = max(K, 2)
    oddness = draw(st.integers(0, 3))
    plain = st.integers(-300, 300).map(lambda n: n / 100)
    figure = [plain, plain | st.sampled_from(ODD[:8]), st.floats(-1e4, 1e4), plain | st.sampled_from(ODD)][oddness]

    def rows(count: int, width: int, of: st.SearchStrategy[float] = figure) -> list[list[float]]:
        return draw(st.lists(st.lists(of, min_size=width, max_size=width), min_size=count, max_size=count))

    if kind in ("softmax", "one-against-rest"):
        labels = draw(st.lists(st.integers(0, K - 1), min_size=P, max_size=P))
        D = [[float(k == label) for k in range(K)] for label in labels]
    elif kind == "logistic":
        D = rows(P, K, st.sampled_from([0.0, 1.0]))
    else:
        D = rows(P, K, figure if kind == "linear" else st.integers(0, 10).map(lambda n: n / 10))
    weights = st.sampled_from([1.0, 1.0, 0.0, 2.0, 0.5, 1e-8, 1e8])
    v = draw(st.lists(weights, min_size=P, max_size=P)) if draw(st.integers(0, 2)) == 2 else [1.0] * P
    if not any(v):
        v[0] = 1.0
    task = Task(
        kind,
        rows(P, N),
        D,
        v,
        rows(N, K),
        rows(1, K)[0],
        rate=draw(st.sampled_from([0.1, 0.01, 1.0, 1e-8, 30.0, 1e-300])),
        epochs=draw(st.integers(1, 4)),
        batch=draw(st.sampled_from([None, None, 1, 2, 3, P, P + 3])),
        mean=draw(st.booleans()),
        decay=draw(st.sampled_from([0.0, 0.0, 0.1, 2.0, 1e-12])),
        seed=draw(st.sampled_from([0, 1, 2**40])),
    )
    return Descents(_as_single(task) if single else task, single)


def _as_single(task: Task) -> Task:
    """The task with the numbers that float32 holds."""
    import numpy as np

    def rounded(rows: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.clip(np.asarray(rows, dtype=np.float32), -3e38, 3e38).astype(float).tolist()

    return task._replace(**{name: rounded(getattr(task, name)) for name in ("X", "D", "v", "W", "b")})


def layer_of(descents: Descents) -> Any:
    """The task's layer."""
    import numpy as np

    import deltarule as dr

    task, dtype = descents.task, np.float32 if descents.single else np.float64
    W, b = np.array(task.W, dtype).reshape(len(task.W), -1), np.array(task.b, dtype)
    classes = list(range(len(task.b)))
    match task.kind:
        case "linear":
            return dr.LinearLayer(W, b)
        case "sigmoid" | "tanh":
            return dr.PerceptronLayer(W, b, task.kind)
        case "softmax":
            return dr.SoftmaxLayer(W, b, classes)
        case "logistic":
            return dr.LogisticLayer(W, b)
    return dr.LogisticLayer(W, b, classes)


def found_by_engines(descents: Descents) -> dict[str, Any]:
    """What each engine, the other families of kernels and a sweep reach: layers, costs and errors by epoch."""
    import numpy as np

    import deltarule as dr
    from deltarule.engines import thresholds

    task, layer = descents.task, layer_of(descents)
    X, D = (np.array(rows, layer.dtype) for rows in (task.X, task.D))
    reduction = "mean" if task.mean else "sum"
    descent = dr.Descent(task.rate, task.epochs, task.batch, reduction, task.decay, None, task.seed)
    given = layer, X, D, descent
    weights = None if all(v == 1 for v in task.v) else task.v
    runs: dict[str, Any] = {
        name: dr.train(*given, name, sample_weight=weights) for name in ("direct", "autograd", "compiled")
    }
    for few, name in ((0, "of many neurons"), (10**9, "of few neurons")):
        with thresholds.using(lane_weights=0, lane_inputs=0, input_lanes_neurons=few):
            runs[f"compiled, as large layers {name} are"] = dr.train(*given, "compiled", sample_weight=weights)
    if task.kind in ("softmax", "one-against-rest") and not all(map(any, zip(*task.D, strict=True))):
        return runs  # a sweep asks for patterns of every class
    swept = dr.sweep(
        layer,
        X,
        D,
        descents=[descent] * 2
        + [dr.Descent(task.rate / 2, task.epochs, task.batch, reduction, task.decay, None, task.seed)],
        sample_weight=weights,
        record_every=1,
    )
    runs["sweep"] = swept[0]
    return runs


def compare(descents: Descents) -> Verdict:
    """Run everything, and compare."""
    return quiet(lambda: _compare(descents))


def _compare(descents: Descents) -> Verdict:
    verdict, warned = Verdict(), list[str]()
    with noting(warned):
        try:
            with bounded():
                runs = found_by_engines(descents)
        except BaseException as error:  # noqa: BLE001 - whatever comes out is the fault that is looked for
            return Verdict("refused", [traceback_of(error)])
    verdict.faults += [Fault("warning", text.partition(": ")[0], text) for text in warned]
    states = descend(descents.task, SINGLE if descents.single else DOUBLE)
    whole = len(states) == descents.task.epochs + 1
    verdict.ended = DONE if whole and not _is_vague(states[-1]) else "vague"
    for name, run in runs.items():
        verdict.faults += [
            Fault(
                "difference",
                f"{name}, {descents.task.kind}, {'float32' if descents.single else 'float64'}: {where}",
                f"{name}: {text}",
            )
            for where, text in _differences(run, states, whole=whole)
        ]
    return verdict


def _is_vague(state: State) -> bool:
    numbers = [w for row in state.W for w in row] + state.b
    return max(x.e for x in numbers) > VAGUE * max(abs(x.v) for x in numbers) + 1e-30


def _differences(run: Any, states: list[State], *, whole: bool) -> list[tuple[str, str]]:
    from deltarule import Reason

    found = []
    costs = dict(zip(run.history.epoch.tolist(), run.history.cost.tolist(), strict=True))
    errors = (
        {}
        if run.history.errors is None
        else dict(zip(run.history.epoch.tolist(), run.history.errors.tolist(), strict=True))
    )
    for epoch, state in enumerate(states):
        if epoch not in costs:
            found.append(("epochs", f"no epoch {epoch}; {run.outcome}"))
            break
        if not within(costs[epoch], state.cost, FACTOR):
            found.append(("cost", f"cost after epoch {epoch}: {costs[epoch]!r}, expected {state.cost}"))
        low, high = state.errors
        if errors and not low * (1 - 1e-6) <= errors[epoch] <= high * (1 + 1e-6):
            found.append(("errors", f"errors after epoch {epoch}: {errors[epoch]}, expected {low} to {high}"))
    if whole:
        if run.outcome.reason is not Reason.EPOCHS_DONE:
            found.append(("outcome", str(run.outcome)))
        last = states[-1]
        for n, row in enumerate(last.W):
            for k, w in enumerate(row):
                if not within(run.layer.weights[n, k], w, FACTOR):
                    found.append(("weights", f"w[{n}, {k}]: {run.layer.weights[n, k]!r}, expected {w}"))
        for k, b in enumerate(last.b):
            if not within(run.layer.biases[k], b, FACTOR):
                found.append(("biases", f"b[{k}]: {run.layer.biases[k]!r}, expected {b}"))
    return list({where: (where, text) for where, text in reversed(found)}.values())
