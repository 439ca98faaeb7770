"""Views: a record finds the view of its type, and the room that renders it is imported when it is first shown."""

import subprocess
import sys
from importlib import import_module

import numpy as np
import pyarrow as pa
import pytest

from deltarule import Descent, LinearLayer, Schedule, iterate, train
from deltarule.conventions import Conventions
from deltarule.data import Scaling
from deltarule.datasets import load
from deltarule.evaluation import Calibration
from deltarule.exact_fit import ExactFit
from deltarule.fitting import Columns, Preparation, fit_table, prepare_table
from deltarule.metrics import Scores
from deltarule.novikoff import MistakeBound
from deltarule.outcome import Outcome, Reason
from deltarule.table_sweeps import sweep_table
from deltarule.tables import Table
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.sources import source_of_frame
from deltarule.views import RENDERERS, Shown, View, register, view

RUN = train(LinearLayer([[0.0]], [0.0]), [[1.0], [2.0]], [[2.0], [4.0]], Descent(0.1, 3), "direct")
SOURCE = source_of_frame("table", pa.table({"x": [1.0, 2, 4, 3], "kind": ["a", "b", "a", "b"]}))
FIT = fit_table(SOURCE, Columns(("kind",)), Preparation("mean"), descent={"weight_decay": 0.1}, solver="exact")
RECORDS = {
    "layer": RUN.layer,
    "iteration": iterate(LinearLayer([[0.0]], [0.0]), [[1.0]], [[2.0]], Descent(0.1, 3)),
    "run": RUN,
    "history": RUN.history,
    "outcome": Outcome(Reason.COST_NOT_FINITE, 3, ("Try 0.1",)),
    "descent": Descent(0.1, 3),
    "scaling": Scaling([1.0, 2.0], [0.5, 4.0], ("length", "width")),
    "encoding": Encoding((InputColumn("length"), InputColumn("colour", ("blue", "red"))), np.array([1.5, 0.0, 1.0])),
    "table": Table(np.zeros((3, 2)), np.zeros(3), ("length", "width"), ("kind",), ("A label was trimmed",)),
    "data set": load("linnerud"),
    "conventions": Conventions("D - Y", has_biases=False),
    "mistake bound": MistakeBound(3, 1.5, 0.2),
    "exact fit": ExactFit("minimum", "The minimum.", True, 0.5, 0.0, 0.0, 0.0, np.zeros(1), "mean", 0.1, True, 4),
    "calibration": Calibration(np.array([0.25]), np.array([0.5]), np.array([3]), 0.25),
    "fit": FIT,
    "scores": Scores(np.array([0.25, 2.0]), np.array([0.5, np.nan])),
}
every_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)


def test_a_record_without_a_view_is_its_repr_and_leaves_html_to_the_notebook():
    class Bare(Shown):
        def __repr__(self):
            return "bare"

    assert view(Bare()) is None
    assert str(Bare()) == "bare"
    assert Bare()._repr_html_() is None
    assert Bare()._repr_latex_() is None


def test_a_derived_record_has_the_view_of_its_nearest_base():
    class Base(Shown):
        pass

    class Derived(Base):
        pass

    register(Base, View(text=lambda _: "base", html=lambda _: "<b>base</b>"))
    assert (str(Derived()), Derived()._repr_html_(), Derived()._repr_latex_()) == ("base", "<b>base</b>", None)
    register(Derived, View(text=lambda _: "derived", latex=lambda _: "$derived$"))
    assert (str(Derived()), Derived()._repr_html_(), Derived()._repr_latex_()) == ("derived", None, "$derived$")
    assert str(Base()) == "base"


@pytest.mark.parametrize("room", RENDERERS)
def test_the_renderer_of_each_room_exists(room):
    import_module(f"deltarule.{room}")
    import_module(RENDERERS[room])


@every_record
def test_every_record_shows_itself_in_a_notebook(record):
    page = record._repr_html_()
    assert page.startswith('<div class="deltarule-work">')
    assert page.rstrip().endswith("</div>")
    assert len(str(record).splitlines()) >= 1
    assert max(map(len, str(record).splitlines())) <= 80


def test_the_text_of_records():
    assert str(RECORDS["descent"]) == "learning rate 0.1, 3 epochs, full batch, cost: sum"
    assert str(RECORDS["outcome"]) == "After 3 epochs: the cost, a weight or a bias is not finite. Try 0.1."
    assert str(RECORDS["scores"]).splitlines() == [
        "Mean square error and R2",
        "        MSE         R2",
        "1    0.2500     0.5000",
        "2    2.0000  undefined",
        "R2 is undefined where all targets are equal: there is no variance to explain.",
    ]


def test_the_text_of_records_that_go_with_data():
    assert str(RECORDS["scaling"]).splitlines() == [
        "scaling of 2 columns: (x - shift) * scale",
        "",
        "          shift  scale",
        "length        1    0.5",
        "width         2      4",
    ]
    assert [line.split() for line in str(RECORDS["encoding"]).splitlines()[2:]] == [
        ["becomes", "no", "value"],
        ["length", "a", "number", "1.5"],
        ["colour", "categories:", "blue,", "red", "red"],
    ]
    assert str(RECORDS["table"]).splitlines() == [
        "3 patterns", "2 inputs: length, width", "1 target: kind", "A label was trimmed"
    ]  # fmt: skip
    assert str(RECORDS["conventions"]) == "delta: D - Y, weights: inputs x neurons, no biases"
    assert str(RECORDS["mistake bound"]) == "at most 3 wrong answers: radius 1.5, margin 0.2"
    assert str(RECORDS["exact fit"]).splitlines() == [
        "exact solver, 4 training patterns, cost: mean, weight decay 0.1 (of biases too)",
        "The minimum.",
    ]
    assert str(RECORDS["calibration"]).splitlines()[-1].split() == ["0.2500", "0.5000", "3"]
    assert str(FIT).startswith("4 training patterns\nThe inputs are standardised")


def test_of_a_record_of_many_rows_twenty_are_shown():
    text = str(Scaling(np.zeros(500), np.ones(500)))
    assert "20 of 500 rows are shown" in text
    assert "x20 " in text
    assert "x21 " not in text


def test_a_sweep_of_a_table_shows_itself_in_a_notebook():
    prepared = prepare_table(SOURCE, Columns(("kind",)), Preparation())
    found = sweep_table(prepared, ("kind",), {"learning_rate": [0.1, 0.2], "epochs": 3})
    assert found._repr_html_().startswith("<pre>")
    assert "2 models, softmax layer" in str(found)


def test_importing_records_imports_no_renderer():
    program = "import deltarule.training, sys; print([name for name in sys.modules if 'deltarule.show' in name])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_view_of_text_alone_is_shown_in_a_notebook_as_it_stands():
    class Plain(Shown):
        pass

    register(Plain, View(text=lambda _: "a < b\n1   2"))
    assert Plain()._repr_html_() == "<pre>a &lt; b\n1   2</pre>"


def test_a_schedule_shows_itself_in_a_notebook():
    schedule = Schedule("step", every=10, factor=0.5)
    assert schedule._repr_html_() == "<p>Learning rate: step (every 10, factor 0.5)</p>"
