r"""Names and titles that would do harm if a renderer passed them on, and every record and page that shows them."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pyarrow as pa

from deltarule import Model, SoftmaxLayer, boundaries, iterate, optimum, path, separability, sweep_problem, train
from deltarule.conventions import Conventions
from deltarule.data import Scaling
from deltarule.datasets import Dataset
from deltarule.evaluation import evaluate
from deltarule.exact_fit import ExactFit
from deltarule.fitting import Columns, Preparation, fit_table, prepare_table
from deltarule.marking import Finding, PartName, answer_from, answer_text, check, mark_folder, worked_answer
from deltarule.marking.report.folder import folder_page
from deltarule.marking.report.hints import hint_lines
from deltarule.marking.report.page import marks_page
from deltarule.metrics import scores
from deltarule.model_report import report_page
from deltarule.novikoff import MistakeBound
from deltarule.problem import problem_from, write_problem
from deltarule.show.document import iteration_document
from deltarule.show.forms import FORMS, rendered
from deltarule.table_sweeps import sweep_table
from deltarule.tables import Table
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.sources import source_of_frame

# Each short enough to be shown whole in a table.
NAMES = (
    "\x1b[31mred",
    "\x9b2J\x07\x00",
    "\u202egnp.exe\u2066",
    "a\nb\tc\rd",
    "\u2028\u2029\x85",
    "\ud800\udcff",
    "<script>x",
    "</td></svg>",
    "\"'onclick=x",
    "&lt;b>",
    r"$\frac{",
    r"\input{/x}",
    r"\write18{ls}",
    r"}\end{x}%&#_^~",
    "{{ 7*7 }}",
    "{% raw %}",
    "[red]x[/red]",
    "|a|b|`c`",
    "**x** _y_ ~~z~~",
    "![x](y)",
    "[x](javascript:)",
    "# x",
    "- x",
    "1. x",
    "===",
    "www.x.example",
    "_hidden",
    ":smile:@all",
    "אבג",
    "名前名前",
    "",
    " ",
)
HARMLESS = tuple(f"name{k}" for k in range(len(NAMES)))


def title(names):
    return " ".join(names)


def shown_problem(names, targets=None):
    """A problem of two inputs with these names, and as many classes as names; or of these targets, with a linear layer."""
    labels = [name for name in names if name.strip()]
    given = problem_from(
        {
            "title": title(names),
            "layer": {"kind": "softmax" if targets is None else "linear", "init": {"seed": 1}},
            "data": {
                "inputs": [[k % 7, (5 * k) % 11] for k in range(2 * len(labels))],
                "targets": labels * 2 if targets is None else [[k, -k] for k in range(2 * len(labels))],
                **({} if targets is None else {"split": {"test": 4, "seed": 0}}),
            },
            "descent": {"learning_rate": 0.001, "epochs": 3},
        }
    )
    return replace(given, input_names=tuple(names[:2]), **({} if targets is None else {"target_names": tuple(targets)}))


def model_of(names):
    """A model whose columns, levels, classes and target have these names."""
    encoding = Encoding((InputColumn(names[6]), InputColumn(names[7], tuple(names))))
    layer = SoftmaxLayer.random(encoding.inputs, [names[0], names[1], names[7]], seed=1)
    return Model(layer, encoding=encoding, target_names=(names[8],), versions={names[0]: names[7]})


def data_records(names):
    """The records that go with data, with these names wherever they can have names."""
    data = np.arange(6.0).reshape(3, 2)
    source = source_of_frame("table", pa.table({names[0]: [1.0, 2, 4, 3], names[6]: ["a", "b", "a", "b"]}))
    prepared = prepare_table(source, Columns((names[6],)), Preparation("mean"))
    return {
        "scaling": Scaling([1.0, 2.0], [0.5, 4.0], (names[0], names[6])),
        "encoding": replace(model_of(names).encoding, fill=np.arange(len(names) + 1.0)),
        "table": Table(data, data, (names[0], names[6]), (names[1], names[7]), (names[8],)),
        "data set": Dataset(names[0], data, data, (names[0], names[6]), (names[1], names[7]), names[8]),
        "conventions": Conventions("D - Y"),
        "mistake bound": MistakeBound(3, 1.5, 0.2),
        "exact fit": ExactFit("minimum", names[6], True, 0.5, 0.0, 0.0, 0.0, np.zeros(1), "mean", 0.1, False, 4),
        "fit": fit_table(
            source, Columns((names[6],)), Preparation("mean"), descent={"weight_decay": 0.1}, solver="exact"
        ),
        "table sweep": sweep_table(prepared, (names[6],), {"learning_rate": [0.1, 0.2], "epochs": 3}),
    }


def records(names):
    """A record of every type that has a view, with these names wherever it can have names."""
    softmax, linear = shown_problem(names), shown_problem(names, names[6:8])
    run = train(softmax, engine="direct")
    two = SoftmaxLayer([[1.0, -1.0], [0.0, 0.0]], [0.0, 0.0], classes=names[:2])
    swept = sweep_problem(linear, learning_rate=[0.001, 0.002], validation=4)
    answer = answer_from(
        {
            "iteration": {
                "1": {"predicted": list(reversed(names)), "weights": [[0.5]], names[0]: [1], names[6]: {names[1]: 2}}
            },
            names[2]: {names[3]: 1},
        },
        softmax,
    )
    marks = check(softmax, answer)
    return {
        "layer": run.layer,
        "iteration": iterate(softmax),
        "run": run,
        "history": run.history,
        "outcome": run.outcome,
        "descent": run.descent,
        "schedule": run.descent.schedule,
        "scores": scores(linear.layer, linear.X, linear.targets),
        "model": model_of(names),
        "evaluation": evaluate(
            Model(model_of(names).layer), [[k] * (len(names) + 1) for k in range(9)], [names[0], names[1], names[7]] * 3
        ),
        "calibration": evaluate(
            Model(two), [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]], [names[0], names[1], names[0]]
        ).calibration,
        **data_records(names),
        "optimum": optimum(two, [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]], [names[0], names[1], names[0]], run.descent),
        "path": path(
            two,
            [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]],
            [names[0], names[1], names[0]],
            run.descent,
            weight_decay=[0.1, 1.0],
        ),
        "separability": separability([[0.0], [1.0], [2.0]], [names[0], names[1], names[0]]),
        "boundary": boundaries(two)[0],
        "problem": softmax,
        "sweep": swept.sweep,
        "score": swept.score,
        "problem sweep": swept,
        "answer": answer,
        "marks": marks,
        "finding": Finding(names[0], PartName.in_iteration(1, "delta"), names[1], names[2]),
    }


def folder_of(names, folder):
    """The marks of a folder: answers to the problem, whose file names are these, as far as the system takes them."""
    softmax = shown_problem(HARMLESS[:3])
    (folder / "answers").mkdir()
    problem_file = folder / "problem.toml"
    write_problem(softmax, problem_file)
    for name in names:
        with suppress(OSError, ValueError):
            text = answer_text(worked_answer(softmax)) if name == names[6] else "[x"
            (folder / "answers" / f"{name.replace('/', '')}.toml").write_text(text)
    return mark_folder(problem_file, folder / "answers", processes=1)


def pages(names, folder):
    """Every text and page that is made of records, by its form and what it shows."""
    found = records(names) | {"folder": folder_of(names, folder)}
    made = {("terminal", name): str(record) for name, record in found.items()}
    for name, record in found.items():
        for form, text in (("html", record._repr_html_()), ("latex", record._repr_latex_())):
            if text is not None:
                made[form, name] = text
    softmax = found["problem"]
    document = iteration_document(
        iterate(softmax), title=softmax.title, input_names=softmax.input_names, patterns=len(softmax.X)
    )
    made |= {(form, "document"): rendered(form, [document]) for form in FORMS}
    model, scores_of_it = found["model"], {names[0]: found["evaluation"]}
    told = {names[1]: names[7]}
    made["html", "report"] = report_page(model, scores_of_it, title=title(names), settings=told, remarks=names[:9])
    made["html", "marks page"] = marks_page(found["marks"], softmax.title, names[0])
    made["html", "folder page"] = folder_page(found["folder"])
    made["terminal", "hints"] = "\n".join(line.text for line in hint_lines(found["marks"], 3, 80))
    return found, made
