"""An iteration worked by hand: plain NumPy from the formulas, nothing of deltarule's.

The page holds the parts of one iteration, each worked from those before it. A mistake (`mistakes_student`) works some parts
otherwise, works another task, or writes something else than was worked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Random = np.random.Generator
OF_PATTERNS = ("synaptic_inputs", "outputs", "predicted", "delta")
OF_NEURONS = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")
OF_FIGURES = OF_NEURONS


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked: a layer, patterns (D one-hot for classes) and a descent.

    kind : linear | perceptron | logistic | softmax.  activation : identity | sigmoid | tanh | softmax.
    batches : the patterns of each update.
    labels : of the classes; none of numbers and of independent neurons.
    raw, everything : the inputs before they were standardised: the training patterns', and all; None where they were not.
    """

    kind: str
    activation: str
    X: Array
    D: Array
    W: Array
    b: Array
    labels: tuple[Any, ...]
    a: float
    reduction: str
    L: float
    batches: list[Array]
    per_epoch: int
    raw: Array | None = None
    everything: Array | None = None

    @property
    def numbers(self) -> bool:
        """Whether the targets are numbers."""
        return self.kind in {"linear", "perceptron"}


@dataclass(eq=False)
class Page:
    """One iteration under way: `parts` are worked in the order of `RIGHT`. `digits`: to how many decimals it will be written."""

    task: Task
    X: Array
    D: Array
    W: Array
    b: Array
    digits: int
    number: int
    parts: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, part: str) -> Any:
        return self.parts[part]


Part = Callable[[Page], Any]
Step = Callable[[Page, Any], Any]


@dataclass(frozen=True, eq=False)
class Made:
    """A mistake as it is made once.

    how : the way, in a few words.
    steps : parts worked otherwise, from the page and the right figures, and carried on.
    task : what is worked instead.
    written : what is written of a part, given the iteration and the digits; not carried on.
    shift : the iteration that is written is so many later.
    zero : "tables" or "classes", whichever are counted from 0.
    slipped : the part that must be written for the mistake to be seen; "" for any.
    document, rightly : all that is written, given the digits, with the mistake and without; None: iterations.
    """

    how: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    task: Task | None = None
    written: Callable[[str, Any, int, int], Any] | None = None
    shift: int = 0
    zero: str = ""
    slipped: str = ""
    document: Callable[[int], dict[str, Any]] | None = None
    rightly: Callable[[int], dict[str, Any]] | None = None


# ---- The right formulas.


def softmax(U: Array, axis: int = 1) -> Array:
    """e^u over its sum."""
    powers = np.exp(U - U.max(axis=axis, keepdims=True))
    found: Array = powers / powers.sum(axis=axis, keepdims=True)
    return found


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda U: U,
    "sigmoid": lambda U: 1 / (1 + np.exp(-U)),
    "tanh": np.tanh,
    "softmax": softmax,
}
SLOPES: dict[str, Callable[[Array], Array]] = {
    "identity": np.ones_like,
    "sigmoid": lambda Y: Y * (1 - Y),
    "tanh": lambda Y: 1 - Y**2,
}


def losses(task: Task, Y: Array, D: Array) -> Array:
    """(P,) each pattern's cost."""
    if task.numbers:
        found: Array = 0.5 * ((D - Y) ** 2).sum(axis=1)
    elif task.kind == "softmax":
        found = -(D * np.log(Y)).sum(axis=1)
    else:
        found = -(D * np.log(Y) + (1 - D) * np.log(1 - Y)).sum(axis=1)
    return found


def factor(page: Page) -> float:
    """What the reduction makes of the sum: 1, or the mean's."""
    P, K = page.D.shape
    if page.task.reduction == "sum":
        return 1.0
    mean: float = {"softmax": 1 / P, "logistic": 1 / (P * K)}.get(page.task.kind, 2 / (P * K))
    return mean


def decay(page: Page) -> float:
    """L/2 sum W^2."""
    return 0.5 * page.task.L * float((page.W**2).sum())


def decided(task: Task, U: Array) -> Array:
    """Places of the classes; 0 and 1 of independent neurons."""
    if not task.labels:
        return (U > 0).astype(int)
    place: Array = (U[:, 0] > 0).astype(int) if U.shape[1] == 1 else U.argmax(axis=1)
    return place


def wrong(page: Page) -> int:
    """Patterns whose prediction is not the target."""
    target = decided(page.task, page.D - 0.5)
    differs = page["predicted"] != target
    return int((differs.any(axis=1) if differs.ndim == 2 else differs).sum())


def slope(page: Page) -> Array | float:
    """f'(U) of a perceptron; with the cross-entropy it cancels."""
    return SLOPES[page.task.activation](page["outputs"]) if page.task.kind == "perceptron" else 1.0


RIGHT: dict[str, Part] = {
    "synaptic_inputs": lambda p: p.X @ p.W + p.b,
    "outputs": lambda p: FUNCTIONS[p.task.activation](p["synaptic_inputs"]),
    "predicted": lambda p: decided(p.task, p["synaptic_inputs"]),
    "errors": wrong,
    "cost": lambda p: factor(p) * float(losses(p.task, p["outputs"], p.D).sum()) + decay(p),
    "delta": lambda p: factor(p) * (p["outputs"] - p.D) * slope(p),
    "weight_gradient": lambda p: p.X.T @ p["delta"] + p.task.L * p.W,
    "bias_gradient": lambda p: p["delta"].sum(axis=0),
    "weights": lambda p: p.W - p.task.a * p["weight_gradient"],
    "biases": lambda p: p.b - p.task.a * p["bias_gradient"],
}


def worked(task: Task, steps: Mapping[str, Step], iterations: int, digits: int) -> list[dict[str, Any]]:
    """The parts of the first iterations, all worked with full precision."""
    W, b, found = task.W, task.b, []
    for number, batch in enumerate(task.batches[:iterations], start=1):
        page = Page(task, task.X[batch], task.D[batch], W, b, digits, number)
        for part, formula in RIGHT.items():
            if not (task.numbers and part in {"predicted", "errors"}):
                right = formula(page)
                page.parts[part] = steps[part](page, right) if part in steps else right
        W, b = page["weights"], page["biases"]
        found.append(page.parts)
    return found


def rounded(value: Any, digits: int) -> Any:
    """Half away from zero, as people do: a half that binary fractions miss by a hair is one."""
    size = np.floor(np.abs(value) * 10.0**digits + 0.5 + 1e-7) / 10.0**digits
    return np.sign(value) * size + 0.0


def answer(task: Task, made: Made, digits: int, parts: tuple[str, ...], numbers: tuple[int, ...]) -> dict[str, Any]:
    """The document: iterations of those numbers worked with the mistake, and rounded at the end."""
    if made.document is not None:
        return made.document(digits)
    pages = worked(made.task or task, made.steps, numbers[-1] + abs(made.shift), digits)
    tables = {}
    for number in numbers:
        shown = pages[max(number - 1 + made.shift, 0)]
        table = {}
        for part in parts:
            if part in shown:
                value = shown[part] if made.written is None else made.written(part, shown[part], number, digits)
                table[part] = _figures(task, part, value, digits, made.zero == "classes")
        tables[str(number - (made.zero == "tables"))] = table
    return {"decimals": digits, "iteration": tables}


def _figures(task: Task, part: str, value: Any, digits: int, from_zero: bool) -> Any:
    if part == "predicted":
        return value.tolist() if not task.labels or from_zero else [task.labels[k] for k in value]
    return value if part == "errors" else rounded(np.asarray(value), digits).tolist()
