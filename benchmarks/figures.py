"""The records as figures: how many times faster, an epoch by batch size, and growth against the machine's limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.contenders import ANY_SHAPE
from benchmarks.measuring import Record
from benchmarks.tables import by_work, documents, seconds, times
from deltarule.plots.appearance import (
    BLACK,
    DASHES,
    DOTS,
    FAINT,
    LINE_COLOURS,
    MARKERS,
    WIDE,
    new_figure,
    style,
)
from deltarule.plots.display import save
from deltarule.plots.legends import legend_over_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

AXES = {
    "patterns": "patterns P (full batch, 16 inputs, 4 neurons)",
    "inputs": "inputs N (batch 128, 10 neurons)",
    "neurons": "neurons K (batch 128, 64 inputs)",
    "models": "models (Iris, batch 16)",
}
# A library has the same look in every figure; PyTorch as tutorials write it has its own.
LOOKS = {
    "deltarule": "deltarule",
    "NumPy": "NumPy",
    "PyTorch": "PyTorch at its best",
    "JAX": "JAX",
    "scikit-learn": "scikit-learn",
    "PyTorch tutorial": "PyTorch as in tutorials",
    "skorch": "skorch",
    "mlxtend": "mlxtend",
}
COLOURS = (*LINE_COLOURS, FAINT)


def write(out: Path) -> None:
    """DIR/times.svg, DIR/iris.svg and DIR/growth.svg, and the same as PNG, of what was measured."""
    found = documents(out)
    grown = {each["threads"]: each for each in found if each["work"] == "growth"}
    iris = [record for each in found if each["work"] == "iris" for record in each["records"]]
    with style():
        drawn: dict[str, Figure] = {}
        if works := by_work(found):
            drawn["times"] = times_faster(works)
        if grown:
            drawn["growth"] = growth(grown)
        if iris:
            drawn["iris"] = batch_sizes(iris)
        for name, figure in drawn.items():
            for suffix in ("svg", "png"):
                save(figure, out / f"{name}.{suffix}")


def library(contender: str) -> str:
    """Whose look a contender has."""
    return max((name for name in LOOKS if contender.startswith(name)), key=len)


def look(contender: str) -> dict[str, Any]:
    """Colour, marker and dashes of a contender: its library's."""
    place = list(LOOKS).index(library(contender))
    return {
        "color": COLOURS[place],
        "marker": MARKERS[place],
        "linestyle": DASHES[place % len(DASHES)],
        "markersize": 4.5,
    }


def times_faster(works: dict[str, list[Record]]) -> Figure:
    """A row a work, a mark a contender: its time over deltarule's, with the spread over the rounds."""
    figure = new_figure(WIDE, 0.8 + 0.3 * len(works))
    axes = figure.subplots()
    handles: dict[str, Any] = {}
    for row, records in enumerate(works.values()):
        for record in records:
            ratio, name = record["times"], library(record["contender"])
            if name == "deltarule":
                continue
            marks = look(name) | {"linestyle": "none"}
            axes.plot([ratio["min"], ratio["max"]], [row, row], color=marks["color"], linewidth=1.0)
            (handles[name],) = axes.plot([ratio["median"]], [row], label=LOOKS[name], **marks)
    axes.axvline(1, color=BLACK, linestyle=DOTS)
    axes.set_yticks(range(len(works)), list(works))
    axes.set(
        xscale="log",
        ylim=(len(works) - 0.5, -0.5),
        xlabel="time over deltarule's (right of the dots, deltarule is faster)",
    )
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else times(value).rstrip("0"))
    axes.tick_params(axis="y", length=0)
    legend_over_figure(figure, [handles[name] for name in LOOKS if name in handles], WIDE)
    return figure


def batch_sizes(records: list[Record]) -> Figure:
    """An epoch against the batch size, every contender a line."""
    figure = new_figure(WIDE * 0.8, 3.6)
    axes = figure.subplots()
    shown = [record for record in records if record["contender"] not in ("PyTorch compiled", ANY_SHAPE.name)]
    handles = lines(axes, shown, "batch_size")
    axes.set(xscale="log", yscale="log", xlabel="patterns a batch", ylabel="an epoch")
    sizes = sorted({record["batch_size"] for record in records})
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_xticks([], minor=True)
    duration_ticks(axes.yaxis)
    legend_over_figure(figure, list(handles.values()), WIDE * 0.8)
    return figure


def growth(grown: dict[int, dict[str, Any]]) -> Figure:
    """A panel an axis: every contender on one thread, deltarule on two, and the machine's two limits on one."""
    figure = new_figure(WIDE, 5.6)
    fewest, most = min(grown), max(grown)
    handles: dict[str, Any] = {}
    for axes, (axis, label) in zip(figure.subplots(2, 2).flat, AXES.items(), strict=True):
        records = [record for record in grown[fewest]["records"] if record["axis"] == axis]
        found = lines(axes, records, "size")
        if most > fewest:
            more = [r for r in grown[most]["records"] if r["axis"] == axis and r["contender"] == "deltarule"]
            found |= lines(axes, more, "size", markerfacecolor="white", label=f"deltarule, {most} threads")
        handles |= found | limits(axes, records, grown[fewest]["machine"])
        axes.set(xscale="log", yscale="log", xlabel=label, ylabel="an update")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.xaxis.set_minor_formatter(lambda *_: "")
        duration_ticks(axes.yaxis)
    legend_over_figure(figure, list(handles.values()), WIDE)
    return figure


def lines(axes: Axes, records: list[Record], key: str, **options: Any) -> dict[str, Any]:
    """A line a contender; their handles by label."""
    handles: dict[str, Any] = {}
    for name in dict.fromkeys(record["contender"] for record in records):
        points = [(r[key], r["seconds"]["median"]) for r in records if r["contender"] == name and "seconds" in r]
        if points:
            looks: dict[str, Any] = {"label": LOOKS[library(name)]} | look(name) | options
            (handle,) = axes.plot(*zip(*points, strict=True), **looks)
            handles[looks["label"]] = handle
    return handles


def limits(axes: Axes, records: list[Record], machine: dict[str, Any]) -> dict[str, Any]:
    """What an update takes at the least, on one thread: to read its batch, and to multiply."""
    points = {record["size"]: record for record in records}
    read = [point["bytes"] / machine["read_bandwidth"] for point in points.values()]
    multiplied = [point["operations"] / machine["peak_arithmetic"][point["dtype"]] for point in points.values()]
    handles = {}
    for label, colour, values in (
        ("reading the batch from memory", FAINT, read),
        ("arithmetic at its peak", BLACK, multiplied),
    ):
        (handles[label],) = axes.plot(list(points), values, color=colour, linestyle=DOTS, label=label)
    return handles


def duration_ticks(axis: Axis) -> None:
    """Powers of ten as 100 ns, 1 µs, 10 ms."""
    axis.set_major_formatter(lambda value, _: seconds(value).replace(".00", "").replace(".0 ", " "))
    axis.set_minor_formatter(lambda *_: "")
