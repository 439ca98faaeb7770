"""`deltarule sweep`: a problem's layer trained in many ways, and one of them chosen on held-out patterns."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli.output import check_writable, print_json, print_lines, width

if TYPE_CHECKING:
    from deltarule.layers import Layer
    from deltarule.problem import Problem
    from deltarule.sweeps import Score, Sweep
    from deltarule.typeset.columns import Line

ROWS = 20
SPLIT_SEED = 0
# A range of more learning rates than this is a slip.
MOST_VALUES = 100_000


def sweep(
    problem: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="A problem file (TOML).", show_default=False, readable=False)
    ],
    *,
    learning_rate: Annotated[
        str | None,
        typer.Option(
            "--learning-rate", metavar="LIST", help="0.01,0.1,1 or 1e-3:1:10, ten from 1e-3 to 1 by equal factors."
        ),
    ] = None,
    batch_size: Annotated[
        str | None, typer.Option("--batch-size", metavar="LIST", help="2,4,8,all (all: the full batch).")
    ] = None,
    weight_decay: Annotated[
        str | None, typer.Option("--weight-decay", metavar="LIST", help="0,1e-3 or a range as above.")
    ] = None,
    epochs: Annotated[str | None, typer.Option("--epochs", metavar="LIST", help="100 or 100,1000.")] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds", metavar="N", help="Seeds 0 to N-1, of the order and of a layer with init.", show_default=False
        ),
    ] = None,
    validation: Annotated[
        str | None,
        typer.Option("--validation", metavar="SHARE", help="Hold out 0.2 of the training patterns to choose by."),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", metavar="K", help="Or choose by k-fold cross-validation.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the table: .csv, .parquet or .json.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw cost against learning rate: .svg, .pdf or .png."),
    ] = None,
    best_out: Annotated[
        Path | None, typer.Option("--best-out", metavar="FILE", help="Write the problem with the best layer (TOML).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the sweep as one JSON document.")] = False,
) -> None:
    """Train the layer of a problem in many ways, and choose one.

    All combinations of the lists are trained; what is left out is as the problem
    says. The choice needs --validation or --folds: patterns held out of the
    training set, inputs scaled with it. The test set of the problem is looked at
    once, for the model chosen.

    Example:  deltarule sweep iris.toml --learning-rate 1e-3:1:10 --folds 5
    """
    from deltarule.problem import read_problem
    from deltarule.sweeps import sweep as run_sweep

    _check_files(out, plot, best_out)
    if best_out is not None and validation is None and folds is None:
        _refuse_best()
    given = read_problem(problem)
    values = _values(given, learning_rate, batch_size, weight_decay, epochs)
    start, seed = _seeds(given, seeds)
    training, held_out = _held_out(given, validation)
    result = run_sweep(
        start,
        *training,
        **values,
        seed=seed,
        reduction=given.descent.reduction,
        tolerance=given.descent.tolerance,
        validation=held_out,
        folds=folds,
        progress=True,
    )
    chosen = _chosen(result)
    score = None if chosen is None or given.test is None else result.test(*given.test)
    if json:
        print_json(_document(given, result, chosen, score))
    else:
        print_lines(_lines(given, result, chosen, score))
    written = _write(given, result, chosen, out, plot, best_out)
    if written and not json:
        typer.echo("\n" + "\n".join(f"Written: {path}" for path in written))


# ---- What is asked for.


def _check_files(out: Path | None, plot: Path | None, best_out: Path | None) -> None:
    """Raise an `InputError` before the training rather than after it."""
    from deltarule.errors import InputError
    from deltarule.plots.display import check_suffix
    from deltarule.sweeps.tables import check_table_suffix

    if out is not None:
        check_table_suffix(out)
    if plot is not None:
        check_suffix(plot)
    named = {"table's file": out, "figure's file": plot, "best problem's file": best_out}
    places: set[str] = set()
    for thing, path in named.items():
        if path is None:
            continue
        if os.path.realpath(path) in places:
            raise InputError(thing, "be another than the other files", repr(str(path)), "Give each its own name.")
        places.add(os.path.realpath(path))
        check_writable(thing, path)


def _refuse_best() -> None:
    from deltarule.errors import InputError

    raise InputError(
        "best problem", "be chosen on held-out patterns", "none", "Add --validation 0.2 or --folds 5 to --best-out."
    )


def _values(
    given: Problem, learning_rate: str | None, batch_size: str | None, weight_decay: str | None, epochs: str | None
) -> dict[str, Any]:
    """The values of each setting: those of the option, or the problem's."""
    return {
        "learning_rate": _numbers("learning rates", learning_rate, given.descent.learning_rate),
        "batch_size": _listed(
            "batch sizes",
            batch_size,
            given.descent.batch_size,
            lambda part: None if part == "all" else int(part),
            "2,4,8,all",
        ),
        "weight_decay": _numbers("weight decays", weight_decay, given.descent.weight_decay),
        "epochs": _listed("epochs", epochs, given.descent.epochs, int, "100,1000"),
    }


def _listed(thing: str, text: str | None, default: Any, read: Callable[[str], Any], example: str) -> list[Any]:
    """The parts of a text between commas."""
    from deltarule.errors import InputError

    if text is None:
        return [default]
    found = []
    for part in text.split(","):
        try:
            value = read(part.strip())
        except InputError:  # a `ValueError` too, and clearer
            raise
        except ValueError:
            raise InputError(
                thing, "be a list with commas between", repr(part), f"Write it without spaces, as in {example}."
            ) from None
        found += value if isinstance(value, list) else [value]
    return found


def _numbers(thing: str, text: str | None, default: float) -> list[float]:
    return _listed(thing, text, default, lambda part: _range(thing, part), "0.01,0.1,1 or 1e-3:1:10")


def _range(thing: str, part: str) -> list[float]:
    """A number, or LOW:HIGH:COUNT: so many numbers from low to high by equal factors."""
    if ":" not in part:
        return [float(part)]
    import numpy as np

    from deltarule.checks import positive, whole

    low, high, count = part.split(":")
    remedy = "Write LOW:HIGH:COUNT, as in 1e-3:1:10."
    first, last = (positive(f"range of {thing}", float(end), remedy) for end in (low, high))
    steps = whole(f"count of a range of {thing}", int(count), 2, remedy, maximum=MOST_VALUES)
    found: list[float] = np.geomspace(first, last, steps).tolist()
    return found


def _seeds(given: Problem, seeds: int | None) -> tuple[Layer | Callable[[int], Layer], Any]:
    """Where models start, and their seeds: those of the order, and of the layer where the problem draws it."""
    from deltarule.checks import whole
    from deltarule.layers import random_parameters

    layer = given.layer
    if seeds is None:
        return layer, given.descent.seed
    count = range(whole("number of seeds", seeds, 1, "Seeds 0 to N-1 are used."))
    if given.init_seed is None:
        return layer, count
    return (lambda seed: layer.with_parameters(*random_parameters(layer.inputs, layer.neurons, seed))), count


def _held_out(given: Problem, validation: str | None) -> tuple[tuple[Any, Any], tuple[Any, Any] | None]:
    """The training patterns, and those held out of them: by class where targets are labels."""
    if validation is None:
        return (given.X, given.targets), None
    from deltarule.data import split
    from deltarule.errors import InputError

    try:
        share = int(validation) if validation.isdigit() else float(validation)
    except ValueError:
        raise InputError(
            "validation share",
            "be a share between 0 and 1, or a whole number of patterns",
            repr(validation),
            "Try 0.2.",
        ) from None
    labelled = given.targets.ndim == 1
    labels = given.targets.tolist() if labelled else None
    try:
        kept, out = split(len(given.X), share, SPLIT_SEED, stratified=labelled, labels=labels)
    except InputError as error:
        thing = {"test set": "validation set", "stratified split": "validation set, split by class,"}
        remedy = "Hold out another share, or use --folds." if error.name == "stratified split" else error.remedy
        raise InputError(thing.get(error.name, error.name), error.rule, error.got, remedy) from None
    return (given.X[kept], given.targets[kept]), (given.X[out], given.targets[out])


# ---- What comes of it.


def _chosen(result: Sweep) -> int | None:
    """The place of the model chosen on held-out patterns; None where there are none, or no model ended."""
    if "validation_cost" not in result.columns:
        return None
    ranking = result.ranking()
    return int(ranking[0]) if len(ranking) else None


def _document(given: Problem, result: Sweep, chosen: int | None, score: Score | None) -> dict[str, Any]:
    best = None if chosen is None else {"model": chosen, "by": "validation_cost", **result[chosen].to_dict()}
    return {
        "title": given.title,
        **result.to_dict(),
        "best": best,
        "test": None if score is None else score.to_dict(),
    }


def _lines(given: Problem, result: Sweep, chosen: int | None, score: Score | None) -> list[Line]:
    from deltarule.sweeps.text import sweep_lines
    from deltarule.typeset.columns import Line, wrapped

    wide, decimals = width(), max(given.decimals, 4)
    lines = [*wrapped(given.title, wide, style="bold"), *sweep_lines(result, decimals, wide, ROWS), Line("")]
    if chosen is None:
        return lines + wrapped(_nothing_chosen(result), wide)
    if score is None:
        return lines + wrapped("The problem has no test set to score it on: add split to [data] for one.", wide)
    return lines + _test_lines(given, result, chosen, score, decimals, wide)


def _nothing_chosen(result: Sweep) -> str:
    if "validation_cost" in result.columns:
        return "No model is chosen, since none ended with a finite validation cost. Try smaller learning rates."
    return (
        "No model is chosen, and the test set is not looked at: training cost says nothing about other patterns. "
        "Add --validation 0.2 or --folds 5."
    )


def _test_lines(given: Problem, result: Sweep, chosen: int, score: Score, decimals: int, wide: int) -> list[Line]:
    """The one look at the test set."""
    from deltarule.metrics import scores
    from deltarule.show.terminal import score_lines
    from deltarule.typeset.columns import wrapped
    from deltarule.typeset.figures import figure, figures
    from deltarule.typeset.words import counted

    said = f"Test, looked at once, for model {chosen}: cost {figures([score.cost], decimals)[0]}"
    if score.accuracy is not None and score.errors is not None:
        said += f", {figure(score.errors, 0)} wrong of {counted(score.patterns, 'pattern')}"
        said += f", accuracy {figure(score.accuracy, 4)}"
    said += "."
    if score.seen_before:
        said += f" {counted(score.seen_before, 'pattern')} of it also occurs among those trained or chosen on."
    lines = wrapped(said, wide)
    if score.accuracy is None and given.test is not None:
        found = scores(result[chosen].layer, *given.test, given.target_scaling)
        units = " (in the units before scaling)" if given.target_scaling is not None else ""
        lines += score_lines(given.target_names, {"test": found}, decimals, wide, units=units)
    return lines


def _write(
    given: Problem, result: Sweep, chosen: int | None, out: Path | None, plot: Path | None, best_out: Path | None
) -> list[Path]:
    """The files asked for, as far as there is something to write."""
    import numpy as np

    written = []
    if out is not None:
        written.append(result.save(out))
    if plot is not None and len(result.ranking("cost")) and not np.all(result.columns["diverged"]):
        from deltarule.plots import save, sweep_curves

        written.append(save(sweep_curves(result), plot))
    if best_out is not None and chosen is not None:
        from deltarule.problem import write_problem

        write_problem(_with_best(given, result, chosen), best_out)
        written.append(best_out)
    return written


def _with_best(given: Problem, result: Sweep, chosen: int) -> Problem:
    """The problem from the best layer on, by the descent that led there."""
    run = result[chosen]
    return given.with_layer(run.layer).with_descent(run.descent)
