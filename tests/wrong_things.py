"""Wrong things to give to any parameter, and every public callable with arguments that are right.

`DOORS` has a row for each public callable: what it is called with when nothing is wrong. `public_doors` finds the callables.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator

import deltarule as dr
from deltarule.conventions import Conventions
from deltarule.data import centring, split

MODULES = (
    *(
        "deltarule",
        "deltarule.layers",
        "deltarule.plots",
        "deltarule.datasets",
        "deltarule.setting",
        "deltarule.sweeps",
    ),
    *("deltarule.problem", "deltarule.marking", "deltarule.data", "deltarule.metrics", "deltarule.tables"),
    *("deltarule.show.forms", "deltarule.engines", "deltarule.storage"),
)
# What the library makes and hands out: nobody calls these classes, but their methods are doors.
MADE = {
    *(
        "Answer",
        "Boundary",
        "Finding",
        "FolderMarks",
        "History",
        "Iteration",
        "Marks",
        "Optimum",
        "Outcome",
        "Path",
        "Problem",
    ),
    *(
        "ProblemSweep",
        "Reason",
        "Run",
        "Score",
        "Separability",
        "Sweep",
        "Entry",
        "GivenPart",
        "MarkedAnswer",
        "PartMarks",
    ),
    *("Dataset", "WrittenProblem", "Scores", "Table", "Form", "Scaling", "DecisionRegions", "Display", "Line", "Panel"),
    *("Strips", "SweepCurves", "Traces", "Engine", "Report", "Work", "Patterns"),
}
# Methods that engines call for each batch or update, with what was checked before: nothing is asked there again.
UNCHECKED = ("take", "with_unchecked_parameters", "patterns_of_checked", "apply_in_place", "parts", "keeping")
# Errors, types, abstract classes, and what is given numbers that were checked before.
NO_DOORS = {
    "refuse_tiny",
    "scaling_of_moments",
    "Display",
    *("AnswerError", "DeltaruleError", "InputError", "MissingExtraError", "ProblemError", "SeparableWarning"),
    *(
        "start",
        "is_streamed",
        "Reduction",
        "Layer",
        "ClassLayer",
        "NumberLayer",
        "AnsweringLayer",
        "class_of",
        "Engine",
        "Report",
        "Work",
    ),
}


# A hard output has no slope, and its cost does not follow from the outputs alone: these refuse whatever they are given.
REFUSED = {
    f"RosenblattLayer.{name}" for name in ("output_cost", "output_slope", "output_change", "slope", "slope_change")
}


class Raising:
    """Whatever is asked of it raises."""

    def _raise(self, *_: Any) -> Any:
        raise RuntimeError("asked")

    __array__ = __iter__ = __len__ = __index__ = __float__ = __getitem__ = __bool__ = __fspath__ = __contains__ = _raise
    __repr__ = __str__ = __eq__ = __lt__ = _raise
    __hash__ = None  # type: ignore[assignment]


class RaisingArray:
    """An array by its shape that has no entries to give."""

    shape, ndim, dtype = (4, 2), 2, np.dtype(float)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise ValueError("no entries")

    def __len__(self) -> int:
        return 4


def _generator() -> Iterator[int]:
    yield 1


def _in_itself() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


WRONG: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "5": lambda: 5,
    "-1": lambda: -1,
    "0.5": lambda: 0.5,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "a huge number": lambda: 10**400,
    "a large number": lambda: 2**63,
    "True": lambda: True,
    "a complex number": lambda: 1j,
    "a text": lambda: "x",
    "an empty text": lambda: "",
    "a text with NUL": lambda: "a\0b",
    "a lone surrogate": lambda: "\ud800",
    "bytes": lambda: b"bytes",
    "an empty list": list,
    "a list of None": lambda: [1, None],
    "a tensor with a gradient": lambda: torch.ones(4, 2, requires_grad=True),
    "a sparse tensor": lambda: torch.ones(4, 2).to_sparse(),
    "a ragged list": lambda: [[1.0], [1.0, 2.0], "x"],
    "a list of lists of lists": lambda: [[[1.0]]],
    "a list in itself": _in_itself,
    "an empty tuple": tuple,
    "a dictionary": lambda: {"a": 1},
    "a set": lambda: {1, 2},
    "a class": lambda: dict,
    "an object": object,
    "what raises": Raising,
    "an array that raises": RaisingArray,
    "a generator": _generator,
    "a 0-d array": lambda: np.array(3.0),
    "a 0-d text": lambda: np.array("x"),
    "an array of no rows": lambda: np.empty((0, 2)),
    "NaNs": lambda: np.full((4, 2), np.nan),
    "huge figures": lambda: np.full((4, 2), 1e308),
    "complex figures": lambda: np.ones((4, 2), complex),
    "times": lambda: np.array(["2020-01-01"] * 4, "datetime64[D]"),
    "records": lambda: np.zeros(4, [("a", float), ("b", int)]),
    "objects": lambda: np.array([None, object(), "x", 1], object),
    "four axes": lambda: np.ones((1, 1, 1, 1)),
}


# ---- Right arguments.

X = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]]
LABELS = ["A", "A", "B", "B"]
VALIDATION = [[0.5, 4.0], [-1.5, 3.0], [2.5, 3.0], [-2.5, 2.0]]
ROWS = [[0.0, 1.0], [1.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
W, B = [[0.1, -0.2], [0.3, 0.4]], [0.1, 0.2]
LAYERS: dict[str, tuple[Callable[[], dr.Layer], Any]] = {
    "LinearLayer": (lambda: dr.LinearLayer(W, B), ROWS),
    "PerceptronLayer": (lambda: dr.PerceptronLayer(W, B, activation="tanh"), ROWS),
    "LogisticLayer": (lambda: dr.LogisticLayer(W, B), ROWS),
    "AdalineLayer": (lambda: dr.LinearLayer(W, B, ["A", "B"]), LABELS),
    "RosenblattLayer": (lambda: dr.PerceptronLayer(W, B, activation="step"), ROWS),
    "SoftmaxLayer": (lambda: dr.SoftmaxLayer(W, B, ["A", "B"]), LABELS),
}
DOCUMENT: dict[str, Any] = {
    "title": "Drawn",
    "layer": {"kind": "softmax", "weights": W},
    "data": {"inputs": X, "targets": LABELS},
    "descent": {"learning_rate": 0.1, "epochs": 3},
}


def layer() -> dr.Layer:
    return LAYERS["SoftmaxLayer"][0]()


def descent() -> dr.Descent:
    return dr.Descent(learning_rate=0.1, epochs=2)


def problem() -> dr.Problem:
    return dr.problem_from(DOCUMENT)


def swept() -> dr.Sweep:
    return dr.sweep(layer(), X, LABELS, learning_rate=[0.1, 0.2], epochs=2, validation=(VALIDATION, LABELS))


def run() -> dr.Run:
    return dr.train(layer(), X, LABELS, descent())


def answer() -> dict[str, Any]:
    from deltarule.marking import worked_answer

    return worked_answer(problem())


def request() -> Any:
    from deltarule.setting import ProblemRequest

    return ProblemRequest(patterns=6)


def _layer_doors(name: str) -> dict[str, Callable[[], tuple[Callable[..., Any], dict[str, Any]]]]:
    make, targets = LAYERS[name]
    from deltarule import layers

    kind = getattr(layers, name)
    classes = {"classes": ["A", "B"]} if name in ("SoftmaxLayer", "AdalineLayer") else {}
    number = {"PerceptronLayer": {"activation": "tanh"}, "RosenblattLayer": {"activation": "step"}}.get(name, {})
    data = {"X": X, "targets": targets}
    weighted = {**data, "sample_weight": [1.0, 2.0, 1.0, 1.0]}
    random = {
        "SoftmaxLayer": {"inputs": 2, "classes": ["A", "B"], "seed": 1},
        "LogisticLayer": {"inputs": 2, "classes": None, "neurons": 2, "seed": 1},
        "AdalineLayer": {"inputs": 2, "neurons": 2, "seed": 1, "classes": ["A", "B"]},
    }.get(name, {"inputs": 2, "neurons": 2, "seed": 1})
    U, D = np.array(X), np.array(make().encode(targets))
    Y = make().activate(U)
    doors: dict[str, Callable[[], tuple[Callable[..., Any], dict[str, Any]]]] = {
        "": lambda: (
            kind,
            {
                "weights": W,
                "biases": B,
                "input_names": None,
                "target_names": None,
                "has_biases": True,
                **classes,
                **number,
            },
        ),
        "random": lambda: (kind.random, random),
        "for_targets": lambda: (kind.for_targets, {"inputs": 2, "targets": targets, "classes": None, "seed": 1}),
        "astype": lambda: (make().astype, {"dtype": "float32"}),
        "check_inputs": lambda: (make().check_inputs, {"X": X}),
        "cost": lambda: (make().cost, {**weighted, "reduction": "sum", "weight_decay": 0.1}),
        "delta": lambda: (make().delta, {**weighted, "reduction": "sum"}),
        "encode": lambda: (make().encode, {"targets": targets}),
        "errors": lambda: (make().errors, weighted),
        "output": lambda: (make().output, {"X": X}),
        "patterns": lambda: (make().patterns, weighted),
        "predict": lambda: (make().predict, {"X": X}),
        "synaptic_input": lambda: (make().synaptic_input, {"X": X}),
        "with_parameters": lambda: (make().with_parameters, {"weights": W, "biases": B}),
        "redrawn": lambda: (make().redrawn, {"seed": 1}),
        "factor_of_mean": lambda: (make().factor_of_mean, {"reduction": "mean"}),
        "scale": lambda: (make().scale, {"weights": np.ones(4), "reduction": "mean"}),
        "evaluate": lambda: (
            make().evaluate,
            {"patterns": make().patterns(X, targets), "reduction": "sum", "weight_decay": 0.1},
        ),
        "scaled_delta": lambda: (
            make().scaled_delta,
            {"U": U, "patterns": make().patterns(X, targets), "reduction": "sum"},
        ),
        "with_names_of": lambda: (make().with_names_of, {"X": X, "targets": targets}),
        "with_names": lambda: (
            make().with_names,
            {"input_names": list("abcdefgh")[: make().inputs], "target_names": list("stuvwxyz")[: make().neurons]},
        ),
        "decide": lambda: (make().decide, {"U": U}),
        "decode": lambda: (make().decode, {"D": D}),
        "wrong": lambda: (make().wrong, {"U": U, "D": D}),
        "activate": lambda: (make().activate, {"U": U}),
        "output_cost": lambda: (make().output_cost, {"Y": Y, "D": D}),
        "output_delta": lambda: (make().output_delta, {"Y": Y, "D": D}),
        "output_slope": lambda: (make().output_slope, {"Y": Y}),
        "worked_cost": lambda: (make().worked_cost, {"U": U, "Y": Y, "D": D}),
        "says_yes": lambda: (make().says_yes, {"values": U, "threshold": 0.0}),
        "output_change": lambda: (make().output_change, {"Y": Y, "V": U}),
        "pattern_cost": lambda: (make().pattern_cost, {"U": U, "D": D}),
        "pattern_delta": lambda: (make().pattern_delta, {"U": U, "D": D}),
        "pattern_curvature": lambda: (make().pattern_curvature, {"U": U, "D": D}),
        "slope": lambda: (make().slope, {"U": U}),
        "slope_change": lambda: (make().slope_change, {"U": U}),
    }
    named = {f"{name}.{door}".rstrip("."): row for door, row in doors.items() if hasattr(kind, door or "cost")}
    return {door: row for door, row in named.items() if door not in REFUSED}


def _options(function: Callable[..., Any]) -> dict[str, Any]:
    """The parameters with defaults, so that each can be replaced."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


def _doors() -> dict[str, Callable[[], tuple[Callable[..., Any], dict[str, Any]]]]:
    from deltarule import datasets, marking, metrics, plots, setting, storage, tables
    from deltarule import layers as rooms
    from deltarule.problem import problem_text
    from deltarule.show import forms

    def called(function: Callable[..., Any], **arguments: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
        return function, {**_options(function), **arguments}

    def figure() -> Any:
        return plots.decision_regions(layer(), X, LABELS)

    def empty() -> Any:
        from matplotlib.figure import Figure

        return Figure(figsize=(1, 1))

    def curves() -> Any:
        return plots.learning_curves({"a": run()})

    return {
        **{door: row for name in LAYERS for door, row in _layer_doors(name).items()},
        "Descent": lambda: called(dr.Descent, learning_rate=0.1, epochs=2),
        "Descent.batches": lambda: called(descent().batches, order=np.arange(4)),
        "Descent.is_shuffled": lambda: called(descent().is_shuffled, patterns=4),
        "Descent.batch_key": lambda: called(descent().batch_key, patterns=4),
        "Descent.is_full_batch": lambda: called(descent().is_full_batch, patterns=4),
        "Descent.orders": lambda: called(descent().orders, patterns=4),
        "Descent.rates": lambda: called(descent().rates, done=0, epochs=2, patterns=4),
        "Schedule": lambda: called(dr.Schedule, kind="step", every=2),
        "Schedule.factors": lambda: called(dr.Schedule("cosine").factors, first=0, count=2, total=4),
        "Descent.updates_per_epoch": lambda: called(descent().updates_per_epoch, patterns=4),
        "Answer.of_iterations": lambda: called(marking.answer_from(answer(), problem()).of_iterations, numbers=[1]),
        "Answer.part": lambda: called(marking.answer_from(answer(), problem()).part, number=1, part="cost"),
        "Answer.with_parts": lambda: called(marking.answer_from(answer(), problem()).with_parts, parts={}),
        "Boundary.equation": lambda: called(dr.boundaries(layer())[0].equation, names=["u", "v"]),
        "Marks.__getitem__": lambda: called(dr.check(problem(), answer()).__getitem__, name="iteration.1.cost"),
        "Problem.with_conventions": lambda: called(problem().with_conventions, conventions=Conventions("D - Y")),
        "Problem.with_descent": lambda: called(problem().with_descent, descent=descent()),
        "Problem.with_layer": lambda: called(problem().with_layer, layer=layer()),
        "Problem.with_title": lambda: called(problem().with_title, title="T"),
        "Sweep.__getitem__": lambda: called(swept().__getitem__, model=0),
        "Sweep.best_by": lambda: called(swept().best_by, score="validation_cost"),
        "Sweep.best_place": lambda: called(swept().best_place),
        "Sweep.ranking": lambda: called(swept().ranking),
        "Sweep.refit": lambda: called(swept().refit),
        "Sweep.save": lambda: called(swept().save, path="sweep.json"),
        "Sweep.test": lambda: called(swept().test, X=[[9.0, 9.0]], targets=["A"]),
        "boundaries": lambda: called(dr.boundaries, layer=layer()),
        "check": lambda: called(dr.check, problem=problem(), answer=answer()),
        "iterate": lambda: called(dr.iterate, layer=layer(), X=X, targets=LABELS, descent=descent()),
        "mark_folder": lambda: called(dr.mark_folder, problem=_written(), folder=_answers(), class_list=_class_list()),
        "new_problem": lambda: called(dr.new_problem, patterns=6),
        "optimum": lambda: called(dr.optimum, layer=layer(), X=X, targets=LABELS, descent=descent()),
        "path": lambda: called(dr.path, layer=layer(), X=X, targets=LABELS, descent=descent(), weight_decay=[0.1, 1.0]),
        "problem_from": lambda: called(dr.problem_from, document=DOCUMENT),
        "read_answer": lambda: called(dr.read_answer, path=_answers() / "a.toml", problem=problem()),
        "read_problem": lambda: called(dr.read_problem, path=_written()),
        "set_threads": lambda: called(dr.set_threads, threads=None),
        "separability": lambda: called(dr.separability, X=X, targets=LABELS),
        "sweep": lambda: called(dr.sweep, layer=layer(), X=X, targets=LABELS, learning_rate=[0.1, 0.2], epochs=2),
        "sweep_problem": lambda: called(dr.sweep_problem, problem=problem(), learning_rate=[0.1, 0.2]),
        "train": lambda: called(dr.train, layer=layer(), X=X, targets=LABELS, descent=descent()),
        "write_problem": lambda: called(dr.write_problem, problem=problem(), path="p.toml"),
        "kind_name": lambda: called(rooms.kind_name, layer=layer()),
        "random_parameters": lambda: called(rooms.random_parameters, inputs=2, neurons=2, seed=1),
        "row_of": lambda: called(rooms.row_of, table={dr.Layer: 1}, layer=layer()),
        "DecisionRegions.draw": lambda: called(figure().draw),
        "DecisionRegions.handles": lambda: called(figure().handles),
        "DecisionRegions.save": lambda: called(figure().save, path="f.svg"),
        "Strips.draw": lambda: called(plots.strips({"a": [1.0, 2.0]}).draw),
        "Strips.save": lambda: called(plots.strips({"a": [1.0, 2.0]}).save, path="f.svg"),
        "SweepCurves.draw": lambda: called(plots.sweep_curves(swept()).draw),
        "SweepCurves.save": lambda: called(plots.sweep_curves(swept()).save, path="f.svg"),
        "Traces.draw": lambda: called(curves().draw),
        "Traces.save": lambda: called(curves().save, path="f.svg"),
        "against_batch_size": lambda: called(
            plots.against_batch_size, sizes=[1, 2], panels={"cost": {"a": [1.0, 2.0]}}
        ),
        "decision_regions": lambda: called(plots.decision_regions, layer=layer(), X=X, targets=LABELS),
        "grid": lambda: called(plots.grid, displays=[figure()]),
        "learning_curves": lambda: called(plots.learning_curves, runs={"a": run()}),
        "save": lambda: called(plots.save, figure=empty(), path="f.svg"),
        "strips": lambda: called(plots.strips, values={"a": [1.0, 2.0]}),
        "style": lambda: called(plots.style),
        "svg_text": lambda: called(plots.svg_text, figure=empty()),
        "sweep_curves": lambda: called(plots.sweep_curves, sweep=swept()),
        "traces": lambda: called(plots.traces, x=[1.0, 2.0], lines={"cost": {"a": [1.0, 2.0]}}),
        "with_dark_mode": lambda: called(plots.with_dark_mode, svg="<svg></svg>"),
        "load": lambda: called(datasets.load, name="iris"),
        "ProblemRequest": lambda: called(setting.ProblemRequest, patterns=6),
        "conditions": lambda: called(setting.conditions, problem=problem()),
        "read_students": lambda: called(setting.read_students, path=_students(), column="1"),
        "student_seed": lambda: called(setting.student_seed, seed=1, name="Ada"),
        "write_one": lambda: called(
            setting.write_one,
            path="q.toml",
            request=request(),
            forms=["markdown"],
            marking={"credit": "entries"},
        ),
        "write_set": lambda: called(
            setting.write_set,
            folder="set",
            students=["Ada"],
            request=request(),
            forms=["markdown"],
            marking={"credit": "entries"},
        ),
        "sheet": lambda: called(setting.sheet, problem=problem(), form="markdown", formulas=True),
        "problem_text": lambda: called(problem_text, problem=problem()),
        "PartName": lambda: called(marking.PartName, table="iteration", number=1, part="cost"),
        "PartName.in_iteration": lambda: called(marking.PartName.in_iteration, number=1, part="cost"),
        "PartName.later": lambda: called(marking.PartName("iteration", 1, "cost").later, updates=1),
        "PartName.parse": lambda: called(marking.PartName.parse, name="iteration.1.cost"),
        "answer_from": lambda: called(marking.answer_from, document=answer(), problem=problem()),
        "answer_text": lambda: called(marking.answer_text, document=answer(), notes={"iteration.1.cost": "J"}),
        "blank_answer": lambda: called(marking.blank_answer, problem=problem()),
        "template": lambda: called(marking.template, problem=problem(), form="toml"),
        "Marks.weight": lambda: called(_marks().weight, name="iteration.1.cost"),
        "Marks.earned": lambda: called(_marks().earned, part=_marks().parts[0]),
        "worked_answer": lambda: called(marking.worked_answer, problem=problem()),
        "split": lambda: called(split, count=10, test=3, seed=1),
        "Scaling.apply": lambda: called(centring(X).apply, X=X),
        "Scaling.undo": lambda: called(centring(X).undo, X=X),
        **{name: _scaling_door(name) for name in ("standardising", "centring", "min_max")},
        "scores": lambda: called(metrics.scores, layer=LAYERS["LinearLayer"][0](), X=X, targets=ROWS),
        "mean_square_error": lambda: called(metrics.mean_square_error, targets=ROWS, predicted=ROWS),
        "scores_of": lambda: called(metrics.scores_of, targets=ROWS, predicted=ROWS),
        "r2": lambda: called(metrics.r2, targets=ROWS, predicted=ROWS),
        "read_table": lambda: called(tables.read_table, path=_table(), target="c", header=True),
        "rendered": lambda: called(forms.rendered, form="markdown", documents=_documents()),
        "Model": lambda: called(dr.Model, layer=layer()),
        "Checkpoint": lambda: called(dr.Checkpoint, path="run.checkpoint", every="5min"),
        "Stream": lambda: called(dr.Stream, source=_parquet(), target="c", inputs=["a", "b"]),
        "Stream.patterns": lambda: called(dr.Stream(_parquet(), target="c").patterns, layer=layer()),
        "Model.of": lambda: called(dr.Model.of, given=layer()),
        "Model.input_blocks": lambda: called(dr.Model(layer()).input_blocks, source=_source()),
        **{f"Model.{name}": _model_door(name) for name in ("inputs_of", "output", "predict", "probabilities")},
        "run_from": lambda: called(dr.run_from, document=run().to_dict()),
        "storage.run_from": lambda: called(storage.run_from, document=run().to_dict()),
        "storage.save": lambda: called(storage.save, model=run(), path="m.safetensors"),
        "storage.load": lambda: called(storage.load, path=_saved()),
        "storage.to_onnx": lambda: called(storage.to_onnx, model=layer(), path="m.onnx"),
        "storage.to_torch": lambda: called(storage.to_torch, model=layer()),
        "storage.from_torch": lambda: called(
            storage.from_torch, source=torch.nn.Linear(2, 2), kind="softmax", classes=["A", "B"]
        ),
        "storage.to_sklearn": lambda: called(storage.to_sklearn, layer=layer()),
        "storage.from_sklearn": lambda: called(storage.from_sklearn, estimator=storage.to_sklearn(layer())),
    }


def _documents() -> Any:
    from deltarule.show.run_document import layer_document

    return [layer_document(layer())]


def _model_door(name: str) -> Callable[[], tuple[Callable[..., Any], dict[str, Any]]]:
    return lambda: (getattr(dr.Model(layer()), name), {"data": X})


def _source() -> Any:
    import pyarrow as pa

    from deltarule.tables.sources import source_of_frame

    return source_of_frame("table", pa.table({"a": [1.0, 2.0], "b": [3.0, 4.0]}))


def _parquet() -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"a": [1.0, 2.0], "b": [2.0, 1.0], "c": ["A", "B"]}), "rows.parquet")
    return Path("rows.parquet")


def _saved() -> Path:
    dr.save(layer(), "saved.safetensors")
    return Path("saved.safetensors")


def _scaling_door(name: str) -> Callable[[], tuple[Callable[..., Any], dict[str, Any]]]:
    from deltarule import data

    return lambda: (getattr(data, name), {"X": X})


def _file(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _written() -> Path:
    from deltarule.problem import problem_text

    return _file("right.toml", problem_text(problem()))


def _marks() -> dr.Marks:
    return dr.check(problem(), answer())


def _table() -> Path:
    return _file("t.csv", "a,b,c\n1,2,A\n3,4,B\n")


def _students() -> Path:
    return _file("class.txt", "Ada\nBob\n")


def _class_list() -> Any:
    from deltarule.class_list import read_class_list

    return read_class_list(_students())


def _answers() -> Path:
    from deltarule.marking import answer_text

    return _file("answers/a.toml", answer_text(answer())).parent


DOORS = _doors()


def public_doors() -> set[str]:
    """The public callables by their names in `DOORS`; an inherited method belongs to the classes that can be made."""
    found = set()
    for module in map(import_module, MODULES):
        own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
        for name in getattr(module, "__all__", own):
            value = getattr(module, name)
            if name.startswith("_") or not callable(value) or name in NO_DOORS:
                continue
            if inspect.isclass(value) and issubclass(value, BaseEstimator):
                continue  # these keep scikit-learn's rules: see `tests/estimators`
            if name not in MADE:
                # Files of models, figures and data sets are saved and loaded by functions of the same names.
                found.add(f"storage.{name}" if module.__name__ == "deltarule.storage" else name)
            if inspect.isclass(value):
                found |= {f"{name}.{method}" for method in _methods(value)}
    return found - REFUSED


def _methods(kind: type) -> Iterator[str]:
    for name, value in inspect.getmembers(kind, callable):
        own = str(getattr(value, "__module__", "")).startswith("deltarule")
        hidden = name.startswith(("_", "unchecked_")) and name != "__getitem__"
        if own and not hidden and name not in UNCHECKED and set(inspect.signature(value).parameters) - {"self"}:
            yield name
