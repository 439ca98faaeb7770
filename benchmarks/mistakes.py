"""Whether each known mistake is named: `python -m benchmarks.mistakes [--problems 200] [--only NAME] [--seed 0] [--out DIR]`.

For each mistake, problems of all kinds and sizes are worked with it by a student (`mistakes_student`, which shares nothing
with what marks), rounded to 2, 3 and 4 decimals and marked. A case counts if the mistake changes a printed digit. Right
answers, exact ones and ones worked with figures rounded in one way or another, ten times as many: none may be accused.

DIR/mistakes.md: the tables. DIR/mistakes.json: them, and of each mistake the first cases in which it was not named first,
problem and answer as files.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.mistakes_student import MISTAKES, rightly, scaled
from benchmarks.mistakes_working import Array, Made, Random, Task, answer, decided, worked
from deltarule.marking import answer_text, check
from deltarule.problem import problem_from, problem_text

RIGHT = "right answers"
HEAD = """# Mistakes, and how often each is named

`python -m benchmarks.mistakes --problems {problems} --seed {seed}`: for each mistake {problems} problems of all kinds and sizes
in which it changes a printed digit, worked with it by a student that shares nothing with the checker, rounded to 2, 3 and 4
decimals, and marked. Right answers: {right}, worked exactly or with figures rounded in one way or another; "named first"
says that nothing was wrong or named.

Two mistakes can give the very same figures (half the cost, and the cost over two batches). Both are named then; the third
column of shares counts that.

"""
DIGITS = (2, 3, 4)
PARTS = (
    *("synaptic_inputs", "outputs", "predicted", "errors", "cost", "delta"),
    *("weight_gradient", "bias_gradient", "weights", "biases"),
)
LABELS = (("A", "B", "C", "D", "E"), ("ant", "bee", "cat", "dog", "elk"), (1, 2, 3, 4, 5))
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
# Weights beyond this after two updates are no exercise: the descent diverges.
LARGEST = 50.0
# Cases in which a mistake was not named first that mistakes.json holds.
FAILURES_WRITTEN = 12


# ---- Problems.


def drawn(random: Random) -> dict[str, Any]:
    """The document of a problem of any kind and size."""
    kind = str(
        random.choice(["softmax", "softmax", "one", "rest", "independent", "perceptron", "perceptron", "linear"])
    )
    P, N = int(random.integers(3, 21)), int(random.integers(1, 6))
    low, high = {"softmax": (2, 5), "rest": (3, 5), "one": (1, 1), "independent": (2, 4)}.get(kind, (1, 4))
    K = min(int(random.integers(low, high + 1)), max(P, low))
    whole = bool(random.integers(2))
    inputs = random.integers(-5, 6, (P, N)) if whole else random.integers(-40, 41, (P, N)) / 10
    layer: dict[str, Any] = {
        "kind": {"one": "logistic", "rest": "logistic", "independent": "logistic"}.get(kind, kind),
        "weights": (random.integers(-100, 101, (N, K)) / 100).tolist(),
    }
    if random.random() < 0.7:
        layer["biases"] = (random.integers(-100, 101, K) / 100).tolist()
    if kind == "perceptron":
        layer["activation"] = str(random.choice(["sigmoid", "tanh"]))
    data: dict[str, Any] = {"inputs": inputs.tolist(), "targets": _targets(kind, layer, P, K, random)}
    if random.random() < 0.15:
        data["standardise"] = True
    if "standardise" in data and random.random() < 0.6:
        data["split"] = {"test": int(random.integers(1, max(2, P // 2))), "seed": int(random.integers(100))}
    descent: dict[str, Any] = {"learning_rate": float(random.choice(RATES)), "epochs": int(random.integers(3, 51))}
    if random.random() < 0.3:
        descent |= {"batch_size": int(random.integers(1, P)), "seed": int(random.integers(100))}
    if random.random() < 0.4:
        descent["reduction"] = "mean"
    if random.random() < 0.35:
        descent["weight_decay"] = float(random.choice([0.01, 0.05, 0.1, 0.5]))
    document: dict[str, Any] = {"title": "Drawn"}
    return document | {"layer": layer, "data": data, "descent": descent, "show": {"decimals": 2}}


def _targets(kind: str, layer: dict[str, Any], P: int, K: int, random: Random) -> list[Any]:
    if kind in {"softmax", "rest", "one"}:
        classes = max(K, 2)
        places = random.permutation(np.concatenate([np.arange(classes), random.integers(0, classes, P)])[:P])
        return [LABELS[P % 3][k] for k in places]
    if kind == "independent":
        return [[int(d) for d in row] for row in random.integers(0, 2, (P, K))]
    low, high = (-30, 30) if kind == "linear" else (0, 10) if layer["activation"] == "sigmoid" else (-10, 10)
    tenths: list[Any] = (random.integers(low, high + 1, (P, K)) / 10).tolist()
    return tenths


def task_of(document: dict[str, Any]) -> Task:
    """The problem as the student reads it."""
    layer, data, descent = document["layer"], document["data"], document["descent"]
    X, W = np.array(data["inputs"], float), np.array(layer["weights"])
    kind, targets = layer["kind"], data["targets"]
    labels: tuple[Any, ...] = ()
    if isinstance(targets[0], list):
        D = np.array(targets, float)
    else:
        labels = tuple(sorted(set(targets)))
        D = np.array([[float(label == each) for each in labels] for label in targets])
        D = D[:, 1:] if W.shape[1] == 1 else D
    raw = everything = None
    if data.get("standardise"):
        everything, rows = X, np.arange(len(X))
        if "split" in data:
            rows = np.random.RandomState(data["split"]["seed"]).permutation(len(X))[data["split"]["test"] :]
        raw, D = X[rows], D[rows]
        with np.errstate(all="ignore"):
            X = scaled(raw, raw, 0)
    batches, per_epoch = _batches(len(X), descent)
    default = {"softmax": "softmax", "logistic": "sigmoid", "linear": "identity"}.get(kind, "")
    return Task(
        kind=kind,
        activation=layer.get("activation", default),
        X=X,
        D=D,
        W=W,
        b=np.array(layer.get("biases", [0.0] * W.shape[1])),
        labels=labels,
        a=descent["learning_rate"],
        reduction=descent.get("reduction", "sum"),
        L=descent.get("weight_decay", 0.0),
        batches=batches,
        per_epoch=per_epoch,
        raw=raw,
        everything=everything,
    )


def _batches(count: int, descent: dict[str, Any]) -> tuple[list[Array], int]:
    """The patterns of each update, and how many updates make an epoch."""
    size, epochs = descent.get("batch_size", count), descent["epochs"]
    if size >= count:
        return [np.arange(count)] * epochs, 1
    random = np.random.default_rng(descent["seed"])
    orders = (random.permutation(count) for _ in range(epochs))
    return [order[i : i + size] for order in orders for i in range(0, count, size)], -(-count // size)


def sound(task: Task) -> bool:
    """Whether the problem can be worked by hand: finite, no output beyond what a logarithm can take, no ties."""
    if not np.isfinite(task.X).all():
        return False
    for page in worked(task, {}, 3, 4):
        U, Y = page["synaptic_inputs"], page["outputs"]
        if not (np.isfinite(page["cost"]) and np.abs(page["weights"]).max() < LARGEST):
            return False
        nudge = 1e-9 * np.arange(1, U.shape[1] + 1)
        if not task.numbers and (
            min(Y.min(), 1 - Y.max()) < 1e-9 or (decided(task, U + nudge) != decided(task, U - nudge)).any()
        ):
            return False
    return True


# ---- Cases.


@dataclass(frozen=True)
class Case:
    """An answer that was marked.

    Attributes
    ----------
    how, digits : the variant of the mistake, and the decimals of the answer.
    named : the names of the findings, the first one first; of an answer that could not be read, the faults.
    alike : whether the findings are alternatives.
    wrong : whether an entry is wrong, or a part could not be read.
    files : the problem and the answer as files.
    """

    how: str
    digits: int
    named: tuple[str, ...]
    alike: bool
    wrong: bool
    files: tuple[str, str]


def parts_of(random: Random) -> tuple[str, ...]:
    """Which parts are written: all, or some in a third of the cases."""
    if random.random() < 2 / 3:
        return PARTS
    left_out = {"errors", "weight_gradient", "bias_gradient"} | {
        p for p in ("predicted", "cost") if random.random() < 0.5
    }
    return tuple(part for part in PARTS if part not in left_out)


def numbers_of(made: Made, random: Random) -> tuple[int, ...]:
    """Which iterations are written: the first, sometimes the second too."""
    if made.shift < 0:
        return (2,) if random.random() < 0.5 else (1, 2)
    return (1, 2) if random.random() < 0.3 else (1,)


def figures(document: dict[str, Any]) -> list[Any]:
    """All that is printed."""
    iterations = document.get("iteration", {})
    return [list(iterations), *iterations.values(), document.get("metrics")]


def finite(value: Any) -> bool:
    """Whether every number in tables and lists is."""
    if isinstance(value, dict | list):
        return all(finite(each) for each in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) or bool(np.isfinite(value))


def marked(name: str, random: Random, every: tuple[int, ...] = DIGITS) -> list[Case]:
    """One problem worked with a mistake, or rightly, and marked at each number of decimals; none where nothing can be seen."""
    document = drawn(random)
    task = task_of(document)
    with np.errstate(all="ignore"):
        if not sound(task):
            return []
        made = rightly(random) if name == RIGHT else MISTAKES[name](task, random)
        if made is None:
            return []
        parts, numbers = parts_of(random), numbers_of(made, random)
        if made.slipped and made.slipped not in parts:
            return []
        every = every if name != RIGHT else (int(random.choice(every)),)
        right = Made("", document=made.rightly)
        pairs = [(d, answer(task, made, d, parts, numbers), answer(task, right, d, parts, numbers)) for d in every]
    seen = [
        (digits, own)
        for digits, own, right_one in pairs
        if finite(own) and (name == RIGHT or figures(own) != figures(right_one))
    ]
    if not seen:
        return []
    problem = problem_from(document)
    cases = []
    named: tuple[str, ...]
    for digits, own in seen:
        try:
            marks = check(problem, own)
        except Exception as error:  # noqa: BLE001 - whatever stops the checker counts as a failure
            named, alike, wrong = (f"{type(error).__name__}: {error}"[:80],), False, True
        else:
            faults = tuple(f"fault: {why}"[:80] for why in marks.faults.values())
            named, alike = tuple(each.name for each in marks.mistakes) or faults, marks.alternatives
            wrong = bool(faults) or any(part.verdict == "wrong" for part in marks.parts)
        files = problem_text(problem), answer_text(own)
        cases.append(Case(made.how or "-", digits, named, alike, wrong, files))
    return cases


def good(name: str, case: Case) -> bool:
    """Whether the mistake is named first; a right answer neither accused nor marked wrong."""
    if name != RIGHT:
        return case.named[:1] == (name,)
    return not case.wrong and set(case.named) <= (set() if case.how == "exact" else {"rounded-carried"})


def cases_of(name: str, problems: int, seed: int) -> Iterator[Case]:
    """Of as many problems in which the mistake can be seen."""
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    for _ in range(400 * problems):
        found = marked(name, random)
        yield from found
        problems -= bool(found)
        if not problems:
            return


# ---- Tables.


@dataclass
class Tally:
    """What became of a mistake's cases."""

    name: str
    cases: int = 0
    first: int = 0
    among: int = 0
    alike: int = 0
    instead: Counter[str] = field(default_factory=Counter)
    ways: dict[str, list[int]] = field(default_factory=dict)
    digits: dict[str, list[int]] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


def tally(name: str, problems: int, seed: int) -> Tally:
    """A mistake's."""
    found, began = Tally(name), time.perf_counter()
    for case in cases_of(name, problems, seed):
        first = good(name, case)
        found.cases += 1
        found.first += first
        found.among += first or name in case.named
        found.alike += first or (case.alike and name in case.named)
        for by, key in ((found.ways, case.how), (found.digits, str(case.digits))):
            pair = by.setdefault(key, [0, 0])
            pair[0] += first
            pair[1] += 1
        if not first:
            found.instead[case.named[0] if case.named else "marked wrong" if name == RIGHT else "nothing"] += 1
            if len(found.failures) < FAILURES_WRITTEN:
                failure = asdict(case)
                failure["problem"], failure["answer"] = failure.pop("files")
                found.failures.append(failure)
    found.seconds = time.perf_counter() - began
    return found


def share(part: int, whole: int) -> str:
    """In per cent, rounded down so that only all is 100."""
    return f"{np.floor(1000 * part / whole) / 10:.1f}" if whole else "-"


def table(tallies: list[Tally]) -> str:
    """By mistake; then by way, where not all were named first."""
    lines = [
        "| mistake | cases | named first % | among the named % | or as likely as the first % | instead, most often |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for t in tallies:
        instead = ", ".join(f"{name} ({n})" for name, n in t.instead.most_common(3)) or "-"
        shares = " | ".join(share(n, t.cases) for n in (t.first, t.among, t.alike))
        lines.append(f"| {t.name} | {t.cases} | {shares} | {instead} |")
    below = [
        (t.name, way, first, every) for t in tallies for way, (first, every) in t.ways.items() if first < 0.98 * every
    ]
    if below:
        lines += ["", "| mistake | way | cases | named first % |", "|---|---|--:|--:|"]
        lines += [f"| {name} | {way} | {every} | {share(first, every)} |" for name, way, first, every in below]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Work, mark and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--problems", type=int, default=200, help="for each mistake (default 200); right answers: ten times as many"
    )
    parser.add_argument(
        "--only",
        choices=[*MISTAKES, RIGHT],
        action="append",
        metavar="NAME",
        help="a mistake, or 'right answers'; again for more",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where mistakes.md and mistakes.json go")
    chosen = parser.parse_args(arguments)
    names = chosen.only or [*MISTAKES, RIGHT]
    counts = [chosen.problems * (10 if name == RIGHT else 1) for name in names]
    tallies = []
    with ProcessPoolExecutor() as pool:
        for found in pool.map(tally, names, counts, repeat(chosen.seed)):
            tallies.append(found)
            print(
                f"{found.name}: {share(found.first, found.cases)} of {found.cases}, {found.seconds:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    text = table(tallies)
    print(text)
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        head = HEAD.format(problems=chosen.problems, right=10 * chosen.problems, seed=chosen.seed)
        (chosen.out / "mistakes.md").write_text(head + text, encoding="utf-8")
        record = {"seed": chosen.seed, "problems": chosen.problems, "mistakes": [vars(t) for t in tallies]}
        (chosen.out / "mistakes.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
