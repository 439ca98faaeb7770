"""Time for an update of the three engines, beside a plain NumPy loop and PyTorch as its tutorials write it.

Each contender first shows that it does the same mathematics: its final weights agree with the direct engine's. Then all
run in turn, several rounds long, so that what disturbs the machine disturbs all alike; times are medians over the
rounds with the least and the greatest, ratios are taken within each round. Nothing is recorded on the way
(`record_every=0`).

    python benchmarks/engines.py --out DIR      writes DIR/engines.json and DIR/engines.md, and prints the table
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata, resources
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader, Sampler, TensorDataset

from deltarule import Problem, read_problem, train
from deltarule.engines import ENGINES
from deltarule.files import write_whole
from deltarule.show.numbers import duration, figure

ROUNDS = 7
BASE = "NumPy loop"
# Rounding alone: sums in another order, over some thousand updates.
AGREEMENT = 1e-9


class Result(NamedTuple):
    """Where a contender ended, and how long an update took it."""

    weights: NDArray[Any]
    biases: NDArray[Any]
    seconds_per_update: float


Contender = Callable[[Problem], Result]


def engine(name: str) -> Contender:
    """One of deltarule's engines."""

    def run(problem: Problem) -> Result:
        done = train(problem.layer, problem.X, problem.targets, problem.descent, name, record_every=0)
        return Result(done.layer.weights, done.layer.biases, done.seconds_per_update)

    return run


def numpy_loop(problem: Problem) -> Result:
    """What one writes without a library: the formulas, in a loop."""
    X, D = problem.X, problem.layer.encode(problem.targets)
    W, b = problem.layer.weights.copy(), problem.layer.biases.copy()
    a, size = problem.descent.learning_rate, problem.descent.batch_size or len(X)
    rng = np.random.default_rng(0)
    updates = 0
    began = time.perf_counter()
    for _ in range(problem.descent.epochs):
        if size < len(X):
            order = rng.permutation(len(X))
            batches = [(X[order[i : i + size]], D[order[i : i + size]]) for i in range(0, len(X), size)]
        else:
            batches = [(X, D)]
        for x, d in batches:
            u = x @ W + b
            if problem.layer.kind == "softmax":
                y = np.exp(u - u.max(axis=1, keepdims=True))
                y /= y.sum(axis=1, keepdims=True)
                delta = (y - d) / len(x)
            else:
                y = 1 / (1 + np.exp(-u))
                delta = (y - d) * y * (1 - y)
            W -= a * x.T @ delta
            b -= a * delta.sum(axis=0)
            updates += 1
    return Result(W, b, (time.perf_counter() - began) / updates)


class SameOrder(Sampler[int]):
    """A shuffle that every contender shares."""

    def __init__(self, count: int) -> None:
        self.count, self.rng = count, np.random.default_rng(0)

    def __iter__(self) -> Iterator[int]:
        return iter(self.rng.permutation(self.count).tolist())

    def __len__(self) -> int:
        return self.count


def pytorch_tutorial(problem: Problem) -> Result:
    """A module, a loss, `torch.optim.SGD` and, for mini-batches, a `DataLoader`."""
    softmax = problem.layer.kind == "softmax"
    D = problem.layer.encode(problem.targets)
    inputs = torch.tensor(problem.X)
    desired = torch.tensor(D.argmax(axis=1)) if softmax else torch.tensor(D)
    linear = nn.Linear(problem.layer.inputs, problem.layer.neurons, dtype=torch.float64)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(problem.layer.weights.T.copy()))
        linear.bias.copy_(torch.tensor(problem.layer.biases.copy()))
    model = linear if softmax else nn.Sequential(linear, nn.Sigmoid())
    loss_of = nn.CrossEntropyLoss() if softmax else nn.MSELoss(reduction="sum")
    # The direct form has 1/2 before the sum of squares, PyTorch's loss has not: half the step makes up for it.
    rate = problem.descent.learning_rate * (1 if softmax else 0.5)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    size = problem.descent.batch_size
    batches: Any = [(inputs, desired)]
    if size is not None:
        batches = DataLoader(TensorDataset(inputs, desired), batch_size=size, sampler=SameOrder(len(inputs)))
    updates = 0
    began = time.perf_counter()
    for _ in range(problem.descent.epochs):
        for x, d in batches:
            loss = loss_of(model(x), d)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            updates += 1
    seconds = (time.perf_counter() - began) / updates
    return Result(linear.weight.detach().numpy().T, linear.bias.detach().numpy(), seconds)


CONTENDERS: dict[str, Contender] = {
    BASE: numpy_loop,
    "PyTorch tutorial": pytorch_tutorial,
    **{f"deltarule {name}": engine(name) for name in ENGINES},
}


def problems() -> dict[str, Problem]:
    """The tutorial's problems 2 and 3, shortened."""
    chosen = {}
    for title, question, epochs in (("Linnerud, full batch", 2, 1000), ("Iris, batches of 16", 3, 60)):
        file = resources.files("deltarule.tutorial") / "problems" / f"question_{question}.toml"
        with resources.as_file(file) as path:
            problem = read_problem(path)
        chosen[title] = replace(problem, descent=replace(problem.descent, epochs=epochs, seed=0))
    return chosen


def disagreement(problem: Problem) -> float:
    """The largest difference of any weight or bias from the direct engine, over the largest weight; also a warm-up."""
    results = [run(problem) for run in CONTENDERS.values()]
    reference = results[list(CONTENDERS).index("deltarule direct")]
    apart = max(
        float(np.abs(part - other).max())
        for result in results
        for part, other in zip(result[:2], reference[:2], strict=True)
    )
    return apart / float(np.abs(reference.weights).max())


def measured(title: str, problem: Problem, rounds: int) -> list[dict[str, Any]]:
    """A record a contender: seconds an update, and the ratio to the NumPy loop of the same round."""
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, run in CONTENDERS.items():
            times[name].append(run(problem).seconds_per_update)
    ratios = {name: [t / base for t, base in zip(own, times[BASE], strict=True)] for name, own in times.items()}
    return [
        {
            "problem": title,
            "contender": name,
            "seconds_per_update": {"median": median(own), "min": min(own), "max": max(own), "rounds": own},
            "times_the_numpy_loop": {
                "median": median(ratios[name]),
                "min": min(ratios[name]),
                "max": max(ratios[name]),
            },
        }
        for name, own in times.items()
    ]


def table(records: list[dict[str, Any]]) -> str:
    """The records as a Markdown table."""
    lines = [
        "| problem | contender | an update: median (min to max) | times the NumPy loop |",
        "| --- | --- | ---: | ---: |",
    ]
    for record in records:
        t, r = record["seconds_per_update"], record["times_the_numpy_loop"]
        seconds = f"{duration(t['median'])} ({duration(t['min'])} to {duration(t['max'])})"
        ratio = f"{figure(r['median'], 2)} ({figure(r['min'], 2)} to {figure(r['max'], 2)})"
        lines.append(f"| {record['problem']} | {record['contender']} | {seconds} | {ratio} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Check, measure, write and print; 1 where contenders disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where engines.json and engines.md go")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each contender (%(default)s)")
    chosen = parser.parse_args(arguments)
    records = []
    for title, problem in problems().items():
        apart = disagreement(problem)
        if not apart < AGREEMENT:
            print(
                f"{title}: contenders differ by {apart:.2g} of the largest weight; nothing was measured.",
                file=sys.stderr,
            )
            return 1
        print(f"{title}: final weights agree to {apart:.1g}", file=sys.stderr)
        records += measured(title, problem, chosen.rounds)
    packages = ("deltarule", "numpy", "numba", "torch")
    about = {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in packages},
        "cores": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
    }
    chosen.out.mkdir(parents=True, exist_ok=True)
    document = json.dumps({"about": about, "rounds": chosen.rounds, "records": records}, indent=1, allow_nan=False)
    write_whole(chosen.out / "engines.json", document.encode())
    write_whole(chosen.out / "engines.md", table(records).encode())
    print(table(records), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
