"""What else is taken away from the page, and two updates side by side."""

import base64
import os
import struct
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import deltarule
from deltarule.iteration import iterate
from deltarule.playground.presets import presets, question
from deltarule.playground.state import state_of
from deltarule.typeset.figures import figure, true_minus
from playground_node import worked


def run_lines(state, path):
    """What Python prints that runs the lines of a state."""
    ((text,),) = worked([{"what": "python", "states": [state]}])
    path.write_text(text, encoding="utf-8")
    sources = str(Path(deltarule.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(path)],
        env={**os.environ, "PYTHONPATH": sources},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_lines_work_the_same_update_and_train_the_same_layer(tmp_path):
    state = {**state_of(question(1)), "updates": 2, "title": "'''quoted''' \\ \"back\""}
    update = iterate(question(1), iteration=3)
    layer = deltarule.train(question(1)).layer
    expected = "".join(
        f"{line}\n"
        for line in (
            f"{update.synaptic_inputs} {update.outputs} {update.delta}",
            f"{update.weight_gradient} {update.weights} {update.biases}",
            f"{layer.weights} {layer.biases}",
        )
    )
    assert run_lines(state, tmp_path / "update.py") == expected


class Tables(HTMLParser):
    """The cells of each table, by its caption."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.within, self.caption = {}, "", ""
        self.feed(text)

    def handle_starttag(self, tag, _attributes):
        self.within = tag
        if tag == "tr":
            self.tables.setdefault(self.caption, []).append([])

    def handle_data(self, data):
        if self.within == "caption" and data.strip():
            self.caption = data
        elif self.within == "td" and data.strip():
            self.tables[self.caption][-1].append(data)


def downloaded(tab, name):
    with tab.expect_download() as found:
        tab.get_by_role("button", name=name, exact=True).click()
    return found.value.path()


@pytest.mark.slow
def test_the_update_as_a_page_has_every_matrix(opened):
    tab = opened()
    found = Tables(downloaded(tab, "This update (.html)").read_text("utf-8")).tables
    update = iterate(question(1), iteration=1)
    for name, values in [("U", update.synaptic_inputs), ("delta", update.delta), ("W after", update.weights)]:
        assert found[name] == [[true_minus(figure(value, 2)) for value in row] for row in values.tolist()]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Figure (.png)", "Costs (.png)"])
@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
def test_a_figure_is_drawn_as_png_on_the_pages_own_paper(opened, name, options):
    tab = opened(**options)
    content = downloaded(tab, name).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    size = tab.evaluate(
        "id => Object.values((({width, height}) => ({width, height}))(document.querySelector(id).viewBox.baseVal))",
        "#figure" if name.startswith("Figure") else "#curve",
    )
    width, height = struct.unpack(">II", content[16:24])
    assert [width, height] == [2 * int(side) for side in size]
    pixels = tab.evaluate(
        """async text => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
            const canvas = new OffscreenCanvas(picture.width, picture.height);
            const paint = canvas.getContext("2d");
            paint.drawImage(picture, 0, 0);
            const {data} = paint.getImageData(0, 0, picture.width, picture.height);
            const colours = new Set();
            for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 4).join());
            return [data.slice(0, 4).join(), colours.size];
        }""",
        base64.b64encode(content).decode(),
    )
    paper = "22,24,27,255" if options else "255,255,255,255"
    assert pixels[0] == paper
    assert pixels[1] > 20


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_two_updates_stand_side_by_side(opened, width):
    tab = opened(viewport={"width": width, "height": 900})
    field = tab.get_by_label("Compare with update")
    field.fill("1500")
    field.press("Enter")
    tab.wait_for_function("() => document.querySelector('#compared h3').textContent.startsWith('Update 1')")
    update = iterate(question(1), iteration=1500)
    cells = tab.locator("#compared .layers > div").first.locator("tbody tr").first.locator("input")
    assert [each.input_value() for each in cells.all()] == [
        true_minus(figure(value, 2)) for value in iterate(question(1), iteration=1499).weights[0].tolist()
    ]
    after = tab.locator("#compared .layers > div").last.locator("tbody tr").first.locator("td").all_inner_texts()
    assert after[-3:] == [true_minus(figure(value, 2)) for value in update.weights[0].tolist()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    if width > 1000:
        first, second = (tab.locator(each).bounding_box() for each in ("#matrices", "#compared"))
        assert first["x"] + first["width"] <= second["x"]
    tab.get_by_role("button", name="No comparison").click()
    assert tab.locator("#compared").is_hidden()


@pytest.mark.slow
def test_the_lines_of_each_preset_run(tmp_path):
    for name in ("question_2", "and", "moons", "line"):
        problem = presets()[name]
        printed = run_lines(state_of(problem), tmp_path / f"{name}.py")
        layer = deltarule.train(problem).layer
        assert printed.endswith(f"{layer.weights} {layer.biases}\n"), name
        assert np.isfinite(layer.weights).all()
