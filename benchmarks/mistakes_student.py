"""Students who make mistakes, each from the formulas alone (`mistakes_working`); and one who works rightly.

A mistake is drawn from the ways in which it can be made in a task; None where it cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.mistakes_working import (
    FUNCTIONS,
    OF_FIGURES,
    OF_NEURONS,
    OF_PATTERNS,
    RIGHT,
    SLOPES,
    Array,
    Made,
    Page,
    Part,
    Random,
    Step,
    Task,
    decay,
    factor,
    losses,
    rounded,
    slope,
    softmax,
    worked,
)


def pick(random: Random, *ways: Made) -> Made:
    """One of them."""
    return ways[random.integers(len(ways))]


def times(number: Part) -> Step:
    """The right figures times a number."""
    return lambda page, right: right * number(page)


def data_cost(number: Part) -> Step:
    """The cost's part of the data times a number."""
    return lambda page, right: (right - decay(page)) * number(page) + decay(page)


def cost_of(pattern_costs: Part) -> Step:
    """The cost with others of the patterns."""
    return lambda page, _right: factor(page) * float(np.sum(pattern_costs(page))) + decay(page)


def count(page: Page) -> int:
    """P."""
    return len(page.X)


def through(how: str, number: Part) -> Made:
    """Cost and delta times a number."""
    return Made(how, {"cost": data_cost(number), "delta": times(number)})


def mean_for_sum(task: Task, random: Random) -> Made | None:
    """The mean where the sum is asked for."""
    if task.reduction != "sum":
        return None
    each: Part = lambda page: 1 / count(page)  # noqa: E731
    return pick(
        random,
        through("cost and delta over P", each),
        Made("gradients over P", {"weight_gradient": times(each), "bias_gradient": times(each)}),
        Made("the mean's formulas", task=replace(task, reduction="mean")),
    )


def sum_for_mean(task: Task, random: Random) -> Made | None:
    """The sum where the mean is asked for."""
    if task.reduction != "mean":
        return None
    return pick(
        random,
        through("cost and delta times P", count),
        Made("gradients times P", {"weight_gradient": times(count), "bias_gradient": times(count)}),
        Made("the sum's formulas", task=replace(task, reduction="sum")),
    )


def half_missing(task: Task, random: Random) -> Made | None:
    """Squared errors without their 1/2."""
    if not task.numbers or task.reduction != "sum":
        return None
    return pick(
        random,
        through("cost and delta doubled", lambda _: 2.0),
        Made("cost doubled", {"cost": data_cost(lambda _: 2.0)}),
    )


def half_extra(task: Task, random: Random) -> Made | None:
    """A 1/2 where there is none."""
    if task.numbers and task.reduction == "sum":
        return None
    return pick(
        random,
        through("cost and delta halved", lambda _: 0.5),
        Made("cost halved", {"cost": data_cost(lambda _: 0.5)}),
    )


def stepped(how: str, rate: Part) -> Made:
    """Both updates by another rate."""
    return Made(
        how,
        {
            "weights": lambda page, _: page.W - rate(page) * page["weight_gradient"],
            "biases": lambda page, _: page.b - rate(page) * page["bias_gradient"],
        },
    )


def ascent(_task: Task, random: Random) -> Made:
    """Uphill."""
    return pick(
        random,
        stepped("plus in the updates", lambda page: -page.task.a),
        Made("delta = D - Y", {"delta": times(lambda _: -1)}),
    )


def delta_turned(_task: Task, _random: Random) -> Made:
    """Delta = D - Y, and the step along X^T delta."""
    gradient: Step = lambda page, _right: page.X.T @ page["delta"] - page.task.L * page.W  # noqa: E731
    turned = stepped("", lambda page: -page.task.a).steps
    return Made("", {"delta": times(lambda _: -1), "weight_gradient": gradient, **turned})


def rate_missing(task: Task, _random: Random) -> Made | None:
    """Updates without the learning rate."""
    return None if task.a == 1 else stepped("", lambda _: 1.0)


def rate_twice(task: Task, _random: Random) -> Made | None:
    """Updates by its square."""
    return None if task.a == 1 else stepped("", lambda page: page.task.a**2)


def weights_transposed(task: Task, _random: Random) -> Made | None:
    """W^T for W; where that does not fit, rows and columns exchanged as it is written."""
    N, K = task.W.shape
    if N == K > 1:
        return Made("U = X W^T + b", {"synaptic_inputs": lambda page, _: page.X @ page.W.T + page.b})
    if N == K:
        return None
    turned = ("weights", "weight_gradient")
    return Made("rows and columns", written=lambda part, value, *_: value.T if part in turned else value)


def delta_without_slope(task: Task, _random: Random) -> Made | None:
    """Y - D."""
    if task.kind != "perceptron":
        return None
    return Made("", {"delta": lambda page, _: factor(page) * (page["outputs"] - page.D)})


def slope_at_output(task: Task, _random: Random) -> Made | None:
    """f'(Y) for f'(U)."""
    if task.kind != "perceptron":
        return None

    def delta(page: Page, _right: Any) -> Any:
        Y = page["outputs"]
        return factor(page) * (Y - page.D) * SLOPES[task.activation](FUNCTIONS[task.activation](Y))

    return Made("", {"delta": delta})


def new_weights_for_biases(_task: Task, _random: Random) -> Made:
    """W is updated first, and the biases' gradient taken with it."""

    def gradient(page: Page, _right: Any) -> Any:
        after = Page(page.task, page.X, page.D, page.W - page.task.a * page["weight_gradient"], page.b, 0, 0)
        for part in ("synaptic_inputs", "outputs", "delta", "bias_gradient"):
            after.parts[part] = RIGHT[part](after)
        return after["bias_gradient"]

    return Made("", {"bias_gradient": gradient})


def biases_not_updated(_task: Task, _random: Random) -> Made:
    """The biases stay."""
    return Made("", {"biases": lambda page, _: page.b})


def biases_one_pattern(_task: Task, random: Random) -> Made:
    """One pattern's delta for their sum."""
    p = -int(random.integers(2))
    return Made("last" if p else "first", {"bias_gradient": lambda page, _: page["delta"][p]})


def one_pattern_only(_task: Task, random: Random) -> Made:
    """Both gradients of one pattern."""
    p = -int(random.integers(2))
    return Made(
        "last" if p else "first",
        {
            "weight_gradient": lambda page, _: np.outer(page.X[p], page["delta"][p]) + page.task.L * page.W,
            "bias_gradient": lambda page, _: page["delta"][p],
        },
    )


def pattern_left_out(task: Task, random: Random) -> Made | None:
    """Both gradients without one pattern."""
    if len(task.batches[0]) < 3:
        return None
    rest = slice(0, -1) if random.integers(2) else slice(1, None)
    return Made(
        "last" if rest.start == 0 else "first",
        {
            "weight_gradient": lambda page, _: page.X[rest].T @ page["delta"][rest] + page.task.L * page.W,
            "bias_gradient": lambda page, _: page["delta"][rest].sum(axis=0),
        },
    )


def biases_left_out(task: Task, _random: Random) -> Made | None:
    """X W."""
    return Made("", {"synaptic_inputs": lambda page, _: page.X @ page.W}) if task.b.any() else None


def biases_subtracted(task: Task, _random: Random) -> Made | None:
    """X W - b."""
    return Made("", {"synaptic_inputs": lambda page, _: page.X @ page.W - page.b}) if task.b.any() else None


def targets_left_out(_task: Task, _random: Random) -> Made:
    """Delta from Y alone."""
    return Made("", {"delta": lambda page, _: factor(page) * page["outputs"] * slope(page)})


def right_counted(task: Task, _random: Random) -> Made | None:
    """Right predictions for errors."""
    return None if task.numbers else Made("", {"errors": lambda page, right: count(page) - right}, slipped="errors")


def softmax_not_normalised(task: Task, _random: Random) -> Made | None:
    """e^u."""
    if task.kind != "softmax":
        return None
    return Made("", {"outputs": lambda page, _: np.exp(page["synaptic_inputs"])})


def slope_extra(task: Task, _random: Random) -> Made | None:
    """(Y - D) f'(U) with the cross-entropy."""
    if task.numbers:
        return None
    return Made("", {"delta": lambda page, right: right * page["outputs"] * (1 - page["outputs"])})


def other_activation(task: Task, _random: Random) -> Made | None:
    """Tanh for the sigmoid, or the other way round."""
    if task.kind != "perceptron":
        return None
    return Made("", task=replace(task, activation="tanh" if task.activation == "sigmoid" else "sigmoid"))


def figures_cut_off(_task: Task, _random: Random) -> Made:
    """0.287 as 0.28."""

    def cut(part: str, value: Any, _number: int, digits: int) -> Any:
        if part in {"predicted", "errors"}:
            return value
        return np.trunc(np.asarray(value) * 10.0**digits + 1e-7 * np.sign(value)) / 10.0**digits

    return Made("", written=cut)


def softmax_over_patterns(task: Task, _random: Random) -> Made | None:
    """Columns that add up to 1."""
    return Made("", {"outputs": lambda p, _: softmax(p["synaptic_inputs"], 0)}) if task.kind == "softmax" else None


def softmax_twice(task: Task, random: Random) -> Made | None:
    """Softmax of the outputs."""
    if task.kind != "softmax":
        return None
    return pick(
        random,
        Made("outputs", {"outputs": lambda _, right: softmax(right)}),
        Made("cost", {"cost": cost_of(lambda p: losses(task, softmax(p["outputs"]), p.D))}),
    )


def log_base(base: float) -> Callable[[Task, Random], Made | None]:
    """Logarithms to another base."""
    return lambda task, _: None if task.numbers else Made("", {"cost": data_cost(lambda _: 1 / np.log(base))})


def cost_of_wrong_class(task: Task, random: Random) -> Made | None:
    """The logarithm of another output than the label's."""
    if task.numbers:
        return None
    others = Made("the others", {"cost": cost_of(lambda p: losses(task, p["outputs"], 1 - p.D))})
    if task.kind != "softmax":
        return others
    largest = Made("the largest", {"cost": cost_of(lambda p: -np.log(p["outputs"].max(axis=1)))})
    return pick(random, others, largest)


def cost_per_pattern(task: Task, random: Random) -> Made | None:
    """The cost alone over P."""
    if task.reduction != "sum":
        return None
    each: Part = lambda page: 1 / count(page)  # noqa: E731
    if not task.L:
        return Made("", {"cost": times(each)})
    return pick(random, Made("", {"cost": data_cost(each)}), Made("the decay's part too", {"cost": times(each)}))


def cost_per_batch(task: Task, _random: Random) -> Made | None:
    """The cost over the number of batches."""
    return Made("", {"cost": data_cost(lambda _: 1 / task.per_epoch)}) if task.per_epoch > 1 else None


def another_order(random: Random, length: int) -> Array:
    """A permutation that moves something: two exchanged, backwards, or any."""
    order = np.arange(length)
    how = random.integers(3)
    if how == 0:
        i, j = random.choice(length, 2, replace=False)
        order[[i, j]] = order[[j, i]]
        return order
    while (order == np.arange(length)).all():
        order = order[::-1] if how == 1 else random.permutation(length)
    return order


def classes_reordered(task: Task, random: Random) -> Made | None:
    """Columns in another order."""
    K = task.W.shape[1]
    if not task.labels or K == 1:
        return None
    order = another_order(random, K)
    desired = replace(task, D=task.D[:, order])
    first = task.batches[0]

    def columns(part: str, value: Any, *_: int) -> Any:
        return value[..., order] if part in OF_NEURONS else value

    moved = Made("columns of the neurons", written=columns)
    if (desired.D[first] != task.D[first]).any(axis=1).sum() < 2:  # of one pattern: its target copied wrongly
        return moved
    renamed = Made("one-hot columns, and labels with them", task=desired, written=_with_labels(order))
    return pick(random, Made("one-hot columns", task=desired), renamed, moved)


def _with_labels(order: Array) -> Callable[[str, Any, int, int], Any]:
    """Column k stands for class order[k] to this student, in what is predicted too."""
    return lambda part, value, *_: order[value] if part == "predicted" else value


def patterns_reordered(task: Task, random: Random) -> Made | None:
    """Rows written in another order."""
    sizes = [len(batch) for batch in task.batches[:2]]
    if sizes[0] < 2:
        return None
    order = another_order(random, sizes[0])
    orders = [order, order if sizes[1] == sizes[0] else np.arange(sizes[1])]
    if task.per_epoch > 1 and random.integers(2):  # as the data are listed
        orders = [np.argsort(batch) for batch in task.batches[:2]]
    return Made("", written=lambda part, value, number, _: value[orders[number - 1]] if part in OF_PATTERNS else value)


def counted_from_zero(task: Task, random: Random) -> Made | None:
    """Iterations, or classes, counted from 0."""
    tables = Made("iterations", zero="tables")
    return pick(random, tables, Made("classes", zero="classes")) if task.labels else tables


def deviation_n_minus_1(task: Task, _random: Random) -> Made | None:
    """Deviations of a sample."""
    if task.raw is None:
        return None
    return Made("", task=replace(task, X=scaled(task.raw, task.raw, 1)))


def scaled_on_all_data(task: Task, _random: Random) -> Made | None:
    """Mean and deviation of training and test patterns."""
    if task.raw is None or task.everything is None or len(task.raw) == len(task.everything):
        return None
    return Made("", task=replace(task, X=scaled(task.raw, task.everything, 0)))


def scaled(X: Array, by: Array, ddof: int) -> Array:
    """(X - mean) / deviation."""
    found: Array = (X - by.mean(axis=0)) / by.std(axis=0, ddof=ddof)
    return found


def iteration_off_by_one(task: Task, random: Random) -> Made | None:
    """The figures of the next iteration, or the last one."""
    if len({len(batch) for batch in task.batches[:3]}) > 1:
        return None
    return pick(random, Made("a later one", shift=1), Made("an earlier one", shift=-1))


def decay_forgotten(task: Task, random: Random) -> Made | None:
    """Without weight decay."""
    if not task.L:
        return None
    gradient: Step = lambda page, right: right - page.task.L * page.W  # noqa: E731
    return pick(
        random,
        Made("altogether", task=replace(task, L=0.0)),
        Made("in the gradient", {"weight_gradient": gradient}),
    )


def decay_twice(task: Task, random: Random) -> Made | None:
    """L sum W^2 in the cost, 2 L W in the gradient."""
    if not task.L:
        return None
    cost: Step = lambda page, right: right + decay(page)  # noqa: E731
    gradient: Step = lambda page, right: right + page.task.L * page.W  # noqa: E731
    return pick(random, Made("in the cost", {"cost": cost}), Made("in the gradient", {"weight_gradient": gradient}))


def biases_decayed(task: Task, random: Random) -> Made | None:
    """Weight decay of the biases too."""
    if not task.L:
        return None
    gradient: Step = lambda page, right: right + page.task.L * page.b  # noqa: E731
    cost: Step = lambda page, right: right + 0.5 * page.task.L * float((page.b**2).sum())  # noqa: E731
    return pick(
        random,
        Made("in the gradient", {"bias_gradient": gradient}),
        Made("in gradient and cost", {"bias_gradient": gradient, "cost": cost}),
    )


def one_entry(random: Random, parts: tuple[str, ...], change: Callable[[Array, int], Array]) -> Made:
    """One entry written otherwise, in the first iteration; carried on or not. `change`: the entries as they would then be."""
    part, place, carried = str(random.choice(parts)), random.random(), bool(random.integers(2))

    def slipped(value: Any, digits: int) -> Any:
        flat = np.atleast_1d(np.asarray(value, float)).ravel()
        others = change(flat, digits)
        candidates = np.flatnonzero(others != flat)
        if not len(candidates):
            return value
        at = candidates[int(place * len(candidates))]
        found = flat.copy()
        found[at] = others[at]
        return found.reshape(np.shape(value))

    if carried:
        step: Step = lambda page, right: slipped(right, page.digits) if page.number == 1 else right  # noqa: E731
        return Made(f"{part}, carried on", {part: step}, slipped=part)
    return Made(
        f"{part}, not carried on",
        written=lambda name, value, number, digits: slipped(value, digits) if (name, number) == (part, 1) else value,
        slipped=part,
    )


def sign_lost(_task: Task, random: Random) -> Made:
    """A minus left out."""
    return one_entry(random, OF_FIGURES, lambda flat, digits: np.where(rounded(flat, digits) < 0, -flat, flat))


def digits_swapped(_task: Task, random: Random) -> Made:
    """Two neighbouring digits exchanged."""
    which = random.random()

    def swapped(value: float, digits: int) -> float:
        text = f"{rounded(value, digits):.{digits}f}"
        places = [i for i in range(len(text) - 1) if text[i : i + 2].isdigit() and text[i] != text[i + 1]]
        if not places:
            return value
        i = places[int(which * len(places))]
        return float(text[:i] + text[i + 1] + text[i] + text[i + 2 :])

    return one_entry(random, (*OF_FIGURES, "cost"), lambda flat, digits: np.array([swapped(v, digits) for v in flat]))


def copied_wrongly(task: Task, random: Random) -> Made | None:
    """A number of the problem misread."""
    what = str(random.choice(["X", "W", "b", "D"]))
    if what == "X" and task.raw is not None:
        return None
    numbers = getattr(task, what).copy()
    place = tuple(int(random.integers(n)) for n in numbers.shape)
    if what in {"X", "D"} and (place[0] not in task.batches[0] or len(task.batches[0]) < 2):
        return None  # not seen; or, of one pattern, classes in another order
    if what == "D" and not task.numbers:
        other = random.permutation(numbers.shape[1])
        if task.labels and len(other) > 1:
            numbers[place[0]] = numbers[place[0]][other]
        else:
            numbers[place] = 1 - numbers[place]
    else:
        numbers[place] = misread(float(numbers[place]), random)
    return None if (numbers == getattr(task, what)).all() else Made(what, task=replace(task, **{what: numbers}))


def misread(value: float, random: Random) -> float:
    """Its sign, or one of its digits, otherwise."""
    if random.integers(3) == 0:
        return -value
    text = f"{value:g}"
    place = random.choice([i for i, c in enumerate(text) if c.isdigit()])
    return float(text[:place] + str(random.integers(10)) + text[place + 1 :])


def rounded_carried(_task: Task, _random: Random) -> Made:
    """Figures rounded before they are used."""
    return carried("", (*OF_FIGURES, "cost"), lambda digits: digits)


def carried(how: str, parts: tuple[str, ...], decimals: Callable[[int], int]) -> Made:
    """Parts rounded to some decimals, given those that are written, before they are used."""
    return Made(how, {part: lambda page, right: rounded(right, decimals(page.digits)) for part in parts})


def rightly(random: Random) -> Made:
    """A right answer, as people work: exactly, or with figures rounded in one way or another."""
    ways = (
        Made("exact"),
        carried("all rounded", OF_FIGURES, lambda digits: digits),
        carried("a decimal more", OF_FIGURES, lambda digits: digits + 1),
        carried("two decimals more", OF_FIGURES, lambda digits: digits + 2),
        carried("now more, now fewer", OF_FIGURES, lambda digits: digits + int(random.integers(4))),
        carried("only U rounded", ("synaptic_inputs",), lambda digits: digits),
        carried("only f(U) rounded", ("outputs",), lambda digits: digits),
        carried("only W and b rounded", ("weights", "biases"), lambda digits: digits),
    )
    return pick(random, ways[0], pick(random, *ways[1:]))


def r2_swapped(task: Task, random: Random) -> Made | None:
    """1 - SS_res / SS_tot, with SS_tot of the predictions."""
    if not task.numbers:
        return None
    W, b = reached(task)
    Y = FUNCTIONS[task.activation](task.X @ W + b)
    squares = ((Y - task.D) ** 2).mean(axis=0)
    with_weights = bool(random.integers(2))

    def document(true: Array, digits: int) -> dict[str, Any]:
        def figures(values: Array) -> Any:
            return rounded(values, digits).tolist()

        scores = {"training_mse": figures(squares), "training_r2": figures(1 - squares / true.var(axis=0))}
        layer = {"weights": figures(W), "biases": figures(b)}
        return {"decimals": digits, **({"convergence": layer} if with_weights else {}), "metrics": scores}

    how = "with the weights" if with_weights else "alone"
    return Made(how, document=partial(document, Y), rightly=partial(document, task.D))


def reached(task: Task) -> tuple[Array, Array]:
    """Weights and biases after the whole descent."""
    last = worked(task, {}, len(task.batches), 0)[-1]
    return last["weights"], last["biases"]


MISTAKES: dict[str, Callable[[Task, Random], Made | None]] = {
    "mean-for-sum": mean_for_sum,
    "sum-for-mean": sum_for_mean,
    "half-missing": half_missing,
    "half-extra": half_extra,
    "ascent": ascent,
    "delta-turned": delta_turned,
    "rate-missing": rate_missing,
    "rate-twice": rate_twice,
    "weights-transposed": weights_transposed,
    "delta-without-slope": delta_without_slope,
    "slope-at-output": slope_at_output,
    "new-weights-for-biases": new_weights_for_biases,
    "biases-not-updated": biases_not_updated,
    "biases-one-pattern": biases_one_pattern,
    "one-pattern-only": one_pattern_only,
    "pattern-left-out": pattern_left_out,
    "biases-left-out": biases_left_out,
    "biases-subtracted": biases_subtracted,
    "targets-left-out": targets_left_out,
    "right-counted": right_counted,
    "slope-extra": slope_extra,
    "other-activation": other_activation,
    "softmax-not-normalised": softmax_not_normalised,
    "softmax-over-patterns": softmax_over_patterns,
    "softmax-twice": softmax_twice,
    "log-base-2": log_base(2),
    "log-base-10": log_base(10),
    "cost-of-wrong-class": cost_of_wrong_class,
    "cost-per-pattern": cost_per_pattern,
    "cost-per-batch": cost_per_batch,
    "classes-reordered": classes_reordered,
    "patterns-reordered": patterns_reordered,
    "counted-from-zero": counted_from_zero,
    "deviation-n-minus-1": deviation_n_minus_1,
    "scaled-on-all-data": scaled_on_all_data,
    "r2-swapped": r2_swapped,
    "iteration-off-by-one": iteration_off_by_one,
    "decay-forgotten": decay_forgotten,
    "decay-twice": decay_twice,
    "biases-decayed": biases_decayed,
    "sign-lost": sign_lost,
    "digits-swapped": digits_swapped,
    "copied-wrongly": copied_wrongly,
    "figures-cut-off": figures_cut_off,
    "rounded-carried": rounded_carried,
}
