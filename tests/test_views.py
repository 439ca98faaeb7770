"""Views: a record finds the view of its type, and the room that renders it is imported when it is first shown."""

import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest

from deltarule import Descent, LinearLayer, Schedule, iterate, train
from deltarule.metrics import Scores
from deltarule.outcome import Outcome, Reason
from deltarule.views import RENDERERS, Shown, View, register, view

RUN = train(LinearLayer([[0.0]], [0.0]), [[1.0], [2.0]], [[2.0], [4.0]], Descent(0.1, 3), "direct")
RECORDS = {
    "layer": RUN.layer,
    "iteration": iterate(LinearLayer([[0.0]], [0.0]), [[1.0]], [[2.0]], Descent(0.1, 3)),
    "run": RUN,
    "history": RUN.history,
    "outcome": Outcome(Reason.COST_NOT_FINITE, 3, ("Try 0.1",)),
    "descent": Descent(0.1, 3),
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
