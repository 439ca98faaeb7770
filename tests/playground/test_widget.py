"""The widget: what Python and the page in a notebook say to each other."""

import json
import subprocess
import sys

import numpy as np
import pytest

from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.playground.presets import presets, question
from deltarule.playground.state import state_of
from deltarule.training import train


@pytest.fixture
def widget():
    pytest.importorskip("anywidget", reason="anywidget is needed: pip install 'deltarule[notebook]'.")
    from deltarule.playground import Widget

    made = Widget()
    yield made
    made.close()


def sent(widget, **changes):
    """What the page sends when something is changed in it."""
    updates = changes.pop("updates", widget.iteration)
    widget.set_state({"_state": {**widget._state, **changes}, "iteration": updates})


def test_without_a_problem_it_shows_question_1_from_its_start(widget):
    assert widget.problem.title == question(1).title
    assert widget.iteration == 0
    np.testing.assert_array_equal(widget.layer.weights, question(1).layer.weights)


def test_the_layer_is_that_which_python_trains(widget):
    widget.iteration = 1500
    expected = train(question(1)).layer
    np.testing.assert_allclose(widget.layer.weights, expected.weights, rtol=1e-12)
    np.testing.assert_allclose(widget.layer.biases, expected.biases, rtol=1e-12)


@pytest.mark.parametrize("name", list(presets()))
def test_another_problem_is_shown_from_its_start_as_it_is(widget, name):
    problem = presets()[name]
    widget.iteration = 3
    widget.problem = problem
    assert widget.iteration == 0
    assert widget._state == state_of(problem)
    assert widget.problem is problem


def test_what_is_only_looked_at_leaves_the_problem_as_it_was_given(widget):
    given = widget.problem
    sent(widget, selected=4, shown=[1, 0], updates=12)
    assert widget.problem is given
    assert widget.iteration == 12


def test_what_is_changed_in_the_page_is_changed_in_the_problem(widget):
    told = []
    widget.observe(lambda change: told.append(change["name"]), ["problem", "iteration"])
    inputs = [row[:] for row in widget._state["inputs"]]
    inputs[1] = [2.5, -1.25]
    descent = {**widget._state["descent"], "learning_rate": 0.1, "epochs": 4000, "momentum": 0.5}
    sent(widget, inputs=inputs, descent=descent, updates=3000)
    assert sorted(told) == ["iteration", "problem"]
    assert widget.problem.X[1].tolist() == [2.5, -1.25]
    assert widget.problem.descent == Descent(0.1, 4000, momentum=0.5)
    assert widget.iteration == 3000
    np.testing.assert_allclose(widget.layer.weights, _after(widget.problem, 3000).weights, rtol=1e-12)


def _after(problem, epochs):
    descent = Descent(problem.descent.learning_rate, epochs, momentum=problem.descent.momentum)
    return train(problem.layer, problem.X, problem.targets, descent).layer


def test_a_layer_that_is_set_becomes_the_start(widget):
    widget.iteration = 700
    reached = widget.layer
    widget.layer = reached
    assert widget.iteration == 0
    np.testing.assert_array_equal(widget.problem.layer.weights, reached.weights)
    np.testing.assert_array_equal(widget._state["weights"], reached.weights)


@pytest.mark.parametrize(("value", "got"), [(-1, "-1"), (1501, "1501")])
def test_an_iteration_that_the_descent_has_not_is_refused(widget, value, got):
    with pytest.raises(InputError, match=rf"^The iteration must be .*Got {got}\."):
        widget.iteration = value
    assert widget.iteration == 0


def test_a_problem_that_the_page_cannot_show_is_refused_and_changes_nothing(widget):
    before = widget.problem
    with pytest.raises(InputError, match="number of updates in the playground must be at most 100,000"):
        widget.problem = before.with_descent(Descent(0.1, 100_001))
    with pytest.raises(InputError, match="The problem must be a"):
        widget.problem = "problem.toml"
    assert widget.problem is before
    assert widget._state == state_of(before)


def test_without_anywidget_it_is_said_what_to_install():
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "import deltarule.playground as playground\n"
        "try: playground.Widget\n"
        "except ImportError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "MissingExtraError deltarule.playground.Widget needs anywidget. "
        "Install it with: pip install 'deltarule[notebook]'"
    )


# A notebook as small as it can be: a model with anywidget's interface, and a place for the widget.
HOST = """<!DOCTYPE html><meta charset="utf-8"><title>host</title><div id="place"></div><script type="module">
const module = await import(URL.createObjectURL(new Blob([ESM], {type: "text/javascript"})));
const values = STATE, listeners = {};
window.saved = [];
window.model = {
  get: name => structuredClone(values[name]),
  set: (name, value) => { const isNew = JSON.stringify(values[name]) !== JSON.stringify(value); values[name] = value;
    if (isNew) for (const each of listeners["change:" + name] ?? []) each(); },
  save_changes: () => window.saved.push(structuredClone(values)),
  on: (name, act) => (listeners[name] ??= []).push(act),
  off: (name, act) => { listeners[name] = listeners[name].filter(each => each !== act); },
};
window.listeners = listeners;
window.close = module.default.render({model: window.model, el: document.getElementById("place")});
</script>"""


@pytest.fixture
def notebook(browser, widget, tmp_path):
    """A page that holds the widget, and the page inside it."""

    def script(value):
        return json.dumps(value).replace("<", "\\u003c")

    path = tmp_path / "host.html"
    state = {"_state": widget._state, "iteration": widget.iteration}
    path.write_text(HOST.replace("ESM", script(widget._esm)).replace("STATE", script(state)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1100, "height": 700}, locale="en-GB")
    context.set_offline(True)
    tab, faults = context.new_page(), []
    tab.set_default_timeout(30_000)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    tab.goto(path.as_uri())
    frame = tab.frame_locator("iframe")
    frame.locator("#status dd").first.wait_for()
    yield tab, frame
    context.close()
    assert faults == []


@pytest.mark.slow
def test_a_change_in_the_page_reaches_the_model_and_python(notebook, widget):
    tab, frame = notebook
    frame.get_by_role("button", name="One update", exact=True).click()
    tab.wait_for_function("() => window.model.get('iteration') === 1")
    field = frame.get_by_role("textbox", name="Learning rate", exact=True)
    field.fill("0.02")
    field.press("Enter")
    tab.wait_for_function("() => window.saved.at(-1)?._state.descent.learning_rate === 0.02")
    widget.set_state(tab.evaluate("() => window.saved.at(-1)"))
    assert widget.problem.descent.learning_rate == 0.02
    assert widget.iteration == 1


@pytest.mark.slow
def test_a_change_in_python_reaches_the_page(notebook, widget):
    tab, frame = notebook
    tab.evaluate("() => window.model.set('iteration', 1500)")
    frame.locator("#status dd", has_text="0.5784").wait_for()
    widget.problem = presets()["xor"]
    tab.evaluate("state => { window.model.set('iteration', 0); window.model.set('_state', state); }", widget._state)
    frame.locator("#problem-title", has_text="XOR, a truth table").wait_for()
    assert frame.locator(".mark").count() == 4


@pytest.mark.slow
def test_the_frame_is_as_high_as_its_page_and_what_is_removed_hears_no_more(notebook):
    tab, frame = notebook
    tab.wait_for_function("() => { const f = document.querySelector('iframe'); return f.clientHeight > 1000; }")
    height = tab.evaluate("() => document.querySelector('iframe').clientHeight")
    inside = frame.locator("body").evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
    assert height == inside
    tab.set_viewport_size({"width": 390, "height": 700})
    tab.wait_for_function("before => document.querySelector('iframe').clientHeight > before", arg=height)
    tab.evaluate("() => window.close()")
    assert tab.evaluate("() => Object.values(window.listeners).flat()") == []


@pytest.mark.slow
def test_a_page_in_a_notebook_offers_no_link_to_itself(notebook):
    _, frame = notebook
    assert frame.get_by_role("button", name="Large", exact=True).count() == 1
    assert frame.get_by_role("button", name="Copy link", exact=True).count() == 0
