"""The page in a browser: what a student does, by mouse, touch and keyboard, and what Python says about the same."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from deltarule.analysis.optimum import optimum
from deltarule.descent import Descent
from deltarule.layers import SoftmaxLayer
from deltarule.playground.presets import presets, question
from deltarule.problem import read_problem
from deltarule.training import train
from deltarule.typeset.figures import figure, true_minus

pytestmark = pytest.mark.slow

DECIMALS = 6


def press(tab, name):
    tab.get_by_role("button", name=name, exact=True).click()


def reached(tab, updates):
    """Wait until the page shows the layer after so many updates."""
    tab.wait_for_function(
        "n => document.querySelector('#status dd').textContent.replace(/\\s/g, '').startsWith(n + '/')",
        arg=str(updates),
    )


def status(tab):
    names, values = tab.locator("#status dt").all_inner_texts(), tab.locator("#status dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


def set_field(tab, label, value):
    field = tab.get_by_role("textbox", name=label, exact=True)
    field.fill(str(value))
    field.press("Enter")
    field.blur()


def layer_shown(tab):
    """W over b, as the page prints them."""
    rows = tab.locator(".layers > div").first.locator("tbody tr")
    return [[cell.input_value() for cell in row.locator("input").all()] for row in rows.all()]


def printed(layer, decimals=DECIMALS):
    return [
        [true_minus(figure(value, decimals)) for value in row]
        for row in [*layer.weights.tolist(), layer.biases.tolist()]
    ]


def inputs_of(tab):
    fields = tab.locator("#pattern input")
    return [float(field.input_value()) for field in fields.all()]


def place(tab, pattern):
    """The middle of a pattern's mark, in pixels of the window."""
    box = tab.locator(f"[data-p='{pattern}'] .shape").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def trained(X, targets, **options):
    problem = question(1)
    layer = SoftmaxLayer(problem.layer.weights, problem.layer.biases, classes=problem.layer.classes)
    return train(layer, X, targets, Descent(0.05, 1500, **options)).layer


def test_question_1_after_1500_updates_is_as_the_handout_prints_it(opened):
    tab = opened()
    press(tab, "To the end")
    reached(tab, 1500)
    assert layer_shown(tab) == [["−0.15", "−3.41", "4.18"], ["5.27", "−1.02", "−4.15"], ["−7.82", "5.81", "2.02"]]
    assert status(tab)["Cost J"] == "0.5784"
    assert status(tab)["Errors"] == "0 of 18"
    assert "A | B: 3.25 x1 + 6.29 x2 − 13.63 = 0" in tab.locator("#boundaries").inner_text()


def test_a_pattern_that_is_dragged_gives_the_layer_that_python_trains_on_it(opened):
    tab = opened()
    set_field(tab, "Decimals", DECIMALS)
    press(tab, "To the end")
    reached(tab, 1500)
    x, y = place(tab, 1)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 60, y + 35, steps=8)
    tab.mouse.up()
    reached(tab, 1500)
    moved = inputs_of(tab)
    X = question(1).X.copy()
    assert moved != X[1].tolist()
    X[1] = moved
    expected = printed(trained(X, question(1).targets))
    tab.wait_for_function("w => document.querySelector('.layers input').value === w", arg=expected[0][0])
    assert layer_shown(tab) == expected


def test_a_finger_drags_a_pattern_on_a_phone(opened):
    tab = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab.locator("#figure").scroll_into_view_if_needed()
    x, y = place(tab, 2)
    touch = tab.context.new_cdp_session(tab)
    for kind, points in [
        ("touchStart", [{"x": x, "y": y}]),
        *[("touchMove", [{"x": x - 10 * n, "y": y + 5 * n}]) for n in range(1, 6)],
        ("touchEnd", []),
    ]:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert tab.locator("#pattern strong").inner_text() == "Pattern 3"
    across, upwards = inputs_of(tab)
    assert across < 2
    assert upwards < 3


@pytest.mark.parametrize("width", [320, 390, 768, 901, 1280])
@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_is_wider_than_the_window(opened, width, language):
    tab = opened(viewport={"width": width, "height": 800}, link=f"#lang={language}")
    for is_large in (False, True):
        if is_large:
            tab.locator("#tools button").first.click()
        for name in ("question_2", "question_3", "and"):
            tab.locator("#tools select").first.select_option(name)
            tab.evaluate("() => new Promise(requestAnimationFrame)")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, (is_large, name)


PERCEPTRON = {
    "title": "Three of each",
    "layer": {"kind": "perceptron", "weights": [[0.07, 0.08, -0.46], [-0.23, 0.31, 0.22], [-0.25, -0.39, 0.47]]},
    "data": {"inputs": [[-1, -1, 0], [-4, -4, -4], [1, 2, 2]], "targets": [[0.6, 0.7, 0.3], [0.9, 0.5, 0.3], [0.2, 0.5, 0.2]]},
    "descent": {"learning_rate": 0.05, "epochs": 100},
    "show": {"decimals": 2},
}  # fmt: skip


def test_three_inputs_and_three_sloped_neurons_fit_beside_the_figure(opened):
    tab = opened(PERCEPTRON)
    assert tab.evaluate("[...document.querySelectorAll('.scroll')].every(each => each.scrollWidth <= each.clientWidth)")


def test_of_a_problem_without_classes_the_page_speaks_of_none(opened):
    tab = opened(PERCEPTRON)
    tab.wait_for_selector("table.patterns")
    assert "class" not in tab.locator("#plane-help").inner_text()
    assert "class" not in tab.locator("#pasted").get_attribute("placeholder")
    assert tab.locator("#pattern label").all_inner_texts() == ["x1", "x2", "x3", "d1", "d2", "d3"]


def test_of_a_problem_with_classes_the_page_names_their_keys(opened):
    tab = opened()
    tab.wait_for_selector("table.patterns")
    assert ", 1 to 3 change its class, Delete" in tab.locator("#plane-help").inner_text()
    assert "class" in tab.locator("#pasted").get_attribute("placeholder")
    tab.locator("#tools select").first.select_option("question_2")
    tab.wait_for_function("() => !document.querySelector('#plane-help').textContent.includes('class')")


def test_a_tap_on_an_empty_place_adds_a_pattern_of_the_chosen_class(opened):
    tab = opened()
    tab.get_by_label("C", exact=True).check()
    box = tab.locator("#figure").bounding_box()
    tab.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"])
    tab.wait_for_function("() => document.querySelectorAll('.mark').length === 19")
    assert tab.locator("#pattern select").input_value() == "2"
    assert tab.locator("#said").inner_text().startswith("Pattern 19 is added at ")


def test_everything_of_a_pattern_is_done_by_the_keyboard(opened):
    tab = opened()
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('.mark')"):
            break
    focused = "document.activeElement.getAttribute('aria-label')"
    assert tab.evaluate(focused).startswith("Pattern 1: x1 = 0, x2 = 4; class A; predicted")
    tab.keyboard.press("PageDown")
    tab.wait_for_function(
        "() => document.activeElement.getAttribute('aria-label').startsWith('Pattern 2: x1 = −1, x2 = 3; class A')"
    )
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowUp")
    tab.wait_for_function("() => document.querySelectorAll('#pattern input')[1].value > 3")
    assert inputs_of(tab)[0] > -1
    tab.keyboard.press("3")
    tab.wait_for_function("() => document.activeElement.getAttribute('aria-label').includes('class C')")
    tab.keyboard.press("Insert")
    tab.wait_for_function("() => document.querySelectorAll('.mark').length === 19")
    tab.keyboard.press("Delete")
    tab.wait_for_function("() => document.querySelectorAll('.mark').length === 18")
    assert tab.locator("#said").inner_text() == "Pattern 19 is removed; 18 are left."


def test_an_entry_shows_its_sum_and_lights_what_it_is_made_of(opened):
    tab = opened()
    row = tab.locator(".patterns tbody tr").nth(1)
    row.locator("td span").nth(5).click()  # after x1, x2, and the three desired outputs: U of class A
    assert tab.locator("#told").inner_text() == (
        "u(2, A) = x₁ w₁ + x₂ w₂ + b = (−1.00) × 0.88 + 3.00 × 0.68 + 0.00 = 1.16"
    )
    assert tab.locator(".source").count() == 2 + 3
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#told").inner_text().startswith("u(2, B) = ")
    tab.keyboard.press("ArrowDown")
    assert tab.locator("#told").inner_text().startswith("u(3, B) = ")
    assert row.get_attribute("class") == "chosen"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("softmax", "J(2) = −ln y_label = −ln 0.75 = 0.29"),
        ("logistic", "J(2) = −Σ [d ln y + (1 − d) ln(1 − y)] = −[ln 0.76 + ln(1 − 0.22) + ln(1 − 0.44)] = 1.11"),
        ("sigmoid", "J(2) = ½ Σ (d − y)² = ½ [(1.00 − 0.76)² + (0.00 − 0.22)² + (0.00 − 0.44)²] = 0.15"),
        (
            "step",
            "J(2) = Σ (y − d) u = (1.00 − 1.00) × 1.16 + (0.00 − 0.00) × (−1.25) + (0.00 − 0.00) × (−0.23) = 0.00",
        ),
    ],
)
def test_the_cost_of_a_pattern_shows_its_sum(opened, kind, text):
    tab = opened()
    tab.get_by_label("Kind of layer").select_option(kind)
    tab.wait_for_function("kind => document.querySelector('#settings select').value === kind", arg=kind)
    tab.evaluate("() => new Promise(requestAnimationFrame)")
    tab.locator(".patterns tbody tr").nth(1).locator("td span").last.click()
    assert tab.locator("#told").inner_text() == text


def test_an_update_is_taken_back_and_the_way_is_scrubbed(opened):
    tab = opened()
    press(tab, "One update")
    press(tab, "One update")
    reached(tab, 2)
    after_two = layer_shown(tab)
    press(tab, "Back one update")
    reached(tab, 1)
    assert layer_shown(tab) == [["0.28", "−0.54", "0.89"], ["0.54", "−0.12", "−0.32"], ["−0.32", "0.27", "0.06"]]
    set_field(tab, "Updates done", 700)
    reached(tab, 700)
    tab.locator("#scrub").fill("2")
    reached(tab, 2)
    assert layer_shown(tab) == after_two
    press(tab, "To the start")
    reached(tab, 0)
    assert status(tab)["Cost J"] == "34.4994"


def test_it_plays_to_the_end_and_pauses(opened):
    tab = opened()
    tab.get_by_label("Speed").select_option("6000")
    press(tab, "Play")
    reached(tab, 1500)
    tab.get_by_role("button", name="Play", exact=True).wait_for()
    tab.get_by_label("Speed").select_option("15")  # so that it is not at the end before it pauses
    press(tab, "Play")
    press(tab, "Pause")
    assert tab.get_by_role("button", name="Play", exact=True).count() == 1


def test_an_entry_of_the_layer_that_is_edited_becomes_the_start(opened):
    tab = opened()
    press(tab, "One update")
    reached(tab, 1)
    cell = tab.locator(".layers input").first
    cell.fill("1,5")
    cell.press("Enter")
    reached(tab, 0)
    cell.blur()
    assert layer_shown(tab)[0] == ["1.50", "−0.54", "0.89"]


def test_a_rate_that_is_too_large_is_told_and_the_descent_stops_before_it(opened):
    tab = opened({
        "layer": {"kind": "linear", "weights": [[1.0]], "biases": [0.0]},
        "data": {"inputs": [[1], [3]], "targets": [2, 4]},
        "descent": {"learning_rate": 1e6, "epochs": 1000},
    })  # fmt: skip
    press(tab, "To the end")
    tab.wait_for_function(
        "() => document.querySelector('#warning').textContent.startsWith('It diverges: after update ')"
    )


@pytest.mark.parametrize(
    "inputs",
    [
        [[5e11, 5e11], [5e11 + 2**-13, 5e11 + 2**-13]],
        [[3, 3], [3, 3]],
        [[-1e12, 1e12], [1e12, -1e12]],
        [[1e-300, 0], [-1e-300, 0]],
    ],
    ids=["a bit apart", "equal", "far apart", "tiny"],
)
def test_patterns_anywhere_are_shown_and_zoomed_without_end(opened, inputs):
    tab = opened({
        "layer": {"kind": "softmax", "weights": [[1e12, -1e12], [1e12, 0]]},
        "data": {"inputs": inputs, "targets": ["no", "yes"]},
        "descent": {"learning_rate": 1e-6, "epochs": 10},
    })  # fmt: skip
    for name, times in (("Zoom in", 40), ("Zoom out", 80), ("Fit", 1)):
        for _ in range(times):
            tab.evaluate(
                "name => document.querySelector(`.zoom button[aria-label='${name}'], .zoom button:last-child`).click()",
                name,
            )
        tab.evaluate("() => new Promise(requestAnimationFrame)")
    press(tab, "One update")
    reached(tab, 1)


def test_a_number_that_breaks_its_rule_is_told_and_changes_nothing(opened):
    tab = opened()
    set_field(tab, "Learning rate", "-1")
    assert "Learning rate must be a number above 0." in tab.locator("#settings").inner_text()
    press(tab, "One update")
    assert status(tab)["Learning rate in force"] == "0.05"


def test_a_link_restores_everything_elsewhere(opened):
    tab = opened()
    set_field(tab, "Learning rate", 0.02)
    set_field(tab, "Batch size", 5)
    set_field(tab, "Momentum", 0.5)
    set_field(tab, "Decimals", 4)
    set_field(tab, "Updates done", 123)
    reached(tab, 123)
    tab.wait_for_function("() => location.hash.startsWith('#s=')")
    tab.wait_for_timeout(600)
    link = "#" + tab.evaluate("location.hash").lstrip("#")
    elsewhere = opened(link=link)
    reached(elsewhere, 123)
    assert layer_shown(elsewhere) == layer_shown(tab)
    assert status(elsewhere) == status(tab)
    assert elsewhere.get_by_role("textbox", name="Momentum").input_value() == "0.5"
    german = opened(link=link.replace("#", "#lang=de&"))
    reached(german, 123)
    assert german.get_by_role("textbox", name="Lernrate").input_value() == "0.02"


@pytest.mark.parametrize(
    "link",
    [
        "#s=",
        "#s=AAAA",
        "#s=%3Cscript%3Ealert(1)%3C/script%3E",
        "#s=" + "A" * 200_000,
        "#lang=__proto__&s=x",
        "#hide=<img src=x>",
    ],
)
def test_a_damaged_link_shows_the_pages_own_problem(opened, link):
    tab = opened(link=link)
    assert tab.locator("#problem-title").inner_text() == "Question 1: three classes in the plane"
    if "s=" in link:
        assert tab.locator("#said").inner_text().startswith("The link could not be read: it is ")


def test_names_in_a_link_are_text_whatever_they_hold(opened):
    tab = opened()
    bad = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    link = tab.evaluate(
        """async name => {
            const state = JSON.parse(document.getElementById("opened").textContent);
            state.title = state.input_names[0] = state.classes[0] = name;
            const packed = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
            const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
            return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        }""",
        bad[:200],
    )
    tab = opened(link="#s=" + link)
    assert tab.locator("#problem-title").inner_text() == bad
    assert tab.locator("img").count() == 0


def test_hidden_parts_are_hidden_and_the_language_is_the_links(opened):
    tab = opened(link="#hide=data,settings&lang=de")
    assert tab.locator("#settings").is_hidden()
    assert tab.locator("#paste").is_hidden()
    assert tab.locator("#matrices").is_visible()
    assert tab.get_by_role("button", name="Ein Schritt", exact=True).count() == 1


def test_a_table_is_pasted_and_a_fault_in_it_is_named(opened):
    tab = opened()
    field = tab.get_by_label("Paste a table")
    field.fill("length\twidth\tkind\n1,5\t2\tyes\n3\t4\tno\n")
    press(tab, "Use this table")
    assert tab.locator("#said").inner_text() == "2 patterns of 2 inputs are read."
    assert tab.locator(".mark").count() == 2
    assert "length" in tab.locator("#figure").text_content()
    field.fill("1 2 A\n3 x B")
    press(tab, "Use this table")
    assert tab.locator("#said").inner_text() == "Row 2, column 2: x is not a number."
    field.fill("1,2,3.5\n2,3,4.5\n4,5,6.5")
    press(tab, "Use this table")
    tab.wait_for_function("() => document.querySelector('#settings select').value === 'linear'")


def downloaded(tab, name):
    with tab.expect_download() as found:
        press(tab, name)
    return found.value.path()


def kinds_for(problem):
    if problem.layer.classes is None:
        return ["linear", "sigmoid", "tanh"] if problem.patterns.D.max() < 1.1 else ["linear"]
    return ["softmax", "logistic", "sigmoid", "tanh", "step", "sign", "adaline"]


@pytest.mark.parametrize("name", ["question_1", "question_2", "question_3", "and", "moons", "line"])
def test_each_problem_with_each_kind_of_layer_goes_as_the_file_that_it_saves(opened, tmp_path, name):
    tab = opened()
    tab.get_by_label("Problem").select_option(name)
    for kind in kinds_for(presets()[name]):
        tab.get_by_label("Kind of layer").select_option(kind)
        set_field(tab, "Epochs", 20)
        set_field(tab, "Learning rate", 0.01)
        set_field(tab, "Weight decay", 0.01)
        set_field(tab, "Decimals", DECIMALS)
        press(tab, "To the end")
        path = tmp_path / "problem.toml"
        path.write_bytes(downloaded(tab, "Problem file (.toml)").read_bytes())
        problem = read_problem(path)
        per_epoch = problem.descent.updates_per_epoch(len(problem.X))
        reached(tab, 20 * per_epoch)
        expected = train(problem).layer
        assert layer_shown(tab) == printed(expected), kind
        cost, errors = expected.evaluate(
            problem.patterns, problem.descent.reduction, problem.descent.weight_decay, problem.descent.decay_biases
        )
        assert status(tab)["Cost J"] == true_minus(figure(cost, DECIMALS)), kind
        if errors is not None:
            assert status(tab)["Errors"] == f"{errors:g} of {len(problem.X)}", kind


def test_what_is_taken_away_holds_the_update(opened):
    tab = opened()
    markdown = downloaded(tab, "This update (.md)").read_text("utf-8")
    assert "| 12.03 | 12.50 | −24.53 |" in markdown
    assert r"- $\delta =  (Y - D)$" in markdown
    latex = downloaded(tab, "This update (.tex)").read_text("utf-8")
    assert r"\[ U = X W + b \]" in latex
    assert "  12.03 & 12.50 & -24.53 \\\\" in latex
    press(tab, "One update")
    reached(tab, 1)
    assert downloaded(tab, "Costs (.csv)").read_text("utf-8").splitlines()[0] == "updates,cost,errors"
    svg = downloaded(tab, "Figure (.svg)").read_text("utf-8")
    assert svg.startswith("<svg")
    assert svg.count("<polygon") == 3


@pytest.mark.parametrize(
    ("kind", "settings", "formulas"),
    [
        ("softmax", {}, ["U=XW+b", "yk=euk÷∑jeuj", "J=−∑plnylabel", "δ=(Y−D)", "∂J÷∂W=XTδ", "W←W−a∂J÷∂W"]),
        ("tanh", {"Weight decay": 0.1}, ["J=1÷2∑p,k(d−y)2+L÷2∑W2", "δ=(Y−D)∘f′(U)", "∂J÷∂W=XTδ+LW"]),
        ("logistic", {"Momentum": 0.5}, ["y=1÷1+e−u", "VW←mVW+∂J÷∂W", "W←W−aVW", "b←b−aVb"]),
    ],
)
def test_the_formulas_are_those_of_the_layer_and_the_descent(opened, kind, settings, formulas):
    tab = opened()
    tab.get_by_label("Kind of layer").select_option(kind)
    for label, value in settings.items():
        set_field(tab, label, value)
    tab.evaluate("() => new Promise(frame => requestAnimationFrame(() => requestAnimationFrame(frame)))")
    shown = tab.evaluate("""() => [...document.querySelectorAll('#formulas math')].map(math => {
        const copy = math.cloneNode(true);
        for (const each of copy.querySelectorAll('mfrac')) each.firstChild.after('÷');
        return copy.textContent;
    })""")
    assert set(formulas) <= set(shown)


def test_all_that_can_be_used_has_a_name(opened):
    tab = opened()
    tree = tab.locator("body").aria_snapshot()
    nameless = re.findall(r"- (button|textbox|combobox|checkbox|slider|radio)(?=:|$)", tree, re.MULTILINE)
    assert nameless == []


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}], ids=str
)
def test_axe_finds_nothing_that_hinders(opened, options):
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core is needed: pip install axe-playwright-python.")
    tab = opened(bypass_csp=True, **options)
    press(tab, "To the end")
    reached(tab, 1500)
    tab.locator(".patterns td span").first.click()
    tab.add_script_tag(path=Path(found.origin).parent / "axe.min.js")
    violations = tab.evaluate("() => axe.run()")["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


def test_a_problem_file_from_a_disk_opens_and_trains_as_the_command_line_trains_it(opened, tmp_path):
    tab = opened()
    path = tmp_path / "mine.toml"
    path.write_text(
        '[layer]\nkind = "logistic"\ninit = {seed = 4}\n[data]\ninputs = [[1, 2], [3, -1], [0, 1], [-2, 2]]\n'
        'targets = ["yes", "no", "no", "yes"]\n[descent]\nlearning_rate = 0.25\nepochs = 30\nbatch_size = 3\n'
        "[show]\ndecimals = 6\n"
    )
    tab.get_by_label("Open a file").set_input_files(path)
    tab.wait_for_function("() => document.querySelectorAll('.mark').length === 4")
    assert tab.locator("#said").inner_text() == "mine.toml is open: 4 patterns of 2 inputs."
    assert tab.locator("#problem-title").inner_text() == "mine"
    press(tab, "To the end")
    reached(tab, 60)
    assert layer_shown(tab) == printed(train(read_problem(path)).layer)
    path.write_text(path.read_text().replace("[descent]", "standardise = true\n[descent]"))
    tab.get_by_label("Open a file").set_input_files(path)
    tab.wait_for_function("() => document.querySelector('#said').textContent.includes('[data] standardise')")
    assert tab.locator(".mark").count() == 4
    table = tmp_path / "mine.csv"
    table.write_text("a;b;class\n1;2,5;x\n3;4;y\n5;6;x\n")
    tab.get_by_label("Open a file").set_input_files(table)
    tab.wait_for_function("() => document.querySelectorAll('.mark').length === 3")
    assert tab.locator("#said").inner_text() == "3 patterns of 2 inputs are read."


def test_playing_stops_after_an_epoch(opened):
    tab = opened()
    set_field(tab, "Batch size", 5)  # four updates an epoch
    set_field(tab, "Stop after epoch", 37)
    tab.get_by_label("Speed").select_option("6000")
    press(tab, "Play")
    tab.wait_for_function("() => document.querySelector('#said').textContent.startsWith('It stopped after epoch 37')")
    reached(tab, 148)
    press(tab, "Play")
    reached(tab, 6000)


@pytest.mark.parametrize(("speed", "epochs"), [("6000", 1500), ("600", 1500), ("6000", 9000)])
def test_playing_stops_at_the_first_epoch_whose_cost_is_low_enough(opened, speed, epochs):
    tab = opened()
    set_field(tab, "Epochs", epochs)
    set_field(tab, "Stop at cost", "1")
    tab.get_by_label("Speed").select_option(speed)
    press(tab, "Play")
    tab.wait_for_function("() => document.querySelector('#said').textContent.includes('cost is at most 1, as asked')")
    costs = train(question(1)).history.cost
    first = next(epoch for epoch, cost in enumerate(costs) if cost <= 1)
    reached(tab, first)
    assert status(tab)["Cost J"] == true_minus(figure(float(costs[first]), 4))


def test_errors_and_the_gradient_are_drawn_against_updates_too(opened):
    tab = opened()
    press(tab, "To the end")
    reached(tab, 1500)
    label = "document.querySelector('#curve title').textContent"
    assert tab.evaluate(label) == "Cost J: from 34.5 at the start to 0.5784 after 1\u202f500 updates."
    tab.get_by_label("Shown").select_option("errors")
    wrong = sum(question(1).layer.predict(question(1).X) != question(1).targets)
    tab.wait_for_function(f"() => {label} === 'Errors: from {wrong} at the start to 0 after 1\u202f500 updates.'")
    assert tab.locator("#curve-title").inner_text() == "Errors against updates"
    tab.get_by_label("Shown").select_option("gradient")
    tab.wait_for_function(f"() => {label}.startsWith('Gradient norm: from 3')")
    tab.locator("#tools select").first.select_option("line")
    tab.get_by_label("Shown").select_option("cost")
    tab.wait_for_function("() => document.querySelector('#curve-choice option[value=errors]').disabled")


PARTS = {
    *("problem", "theme", "language", "large", "link", "brushes", "pattern", "transport", "status", "boundaries"),
    *("help", "curve", "settings", "work", "formulas", "sums", "data", "keep", "updates", "speed", "stopEpoch"),
    *("stopCost", "kind", "learningRate", "epochs", "batchSize", "order", "seed", "reduction", "weightDecay"),
    *("decayBiases", "momentum", "nesterov", "schedule", "every", "factor", "decay", "start", "rising", "final"),
    *("warmUp", "biasesUsed", "decimals", "newStart"),
}


def test_each_part_and_each_control_can_be_hidden_by_the_link(opened):
    tab = opened()
    found = set(tab.evaluate("[...document.querySelectorAll('[data-part]')].map(each => each.dataset.part)"))
    assert found >= PARTS
    tab = opened(link="#hide=problem")
    tab.evaluate("link => { location.hash = link; }", f"hide={','.join(sorted(found)).upper()}")
    tab.wait_for_function("() => !document.querySelector('#status').checkVisibility()")
    visible = "[...document.querySelectorAll('[data-part]')].filter(each => each.checkVisibility()).length"
    assert tab.evaluate(visible) == 0
    assert tab.locator("#figure").is_visible()
    tab.evaluate("() => { location.hash = 'hide=momentum'; }")
    tab.wait_for_function("() => document.querySelector('[data-part=schedule]').checkVisibility()")
    assert not tab.evaluate("document.querySelector('[data-part=momentum]').checkVisibility()")


def test_the_browser_offers_to_go_on_where_one_was(opened):
    tab = opened()
    set_field(tab, "Updates done", 77)
    reached(tab, 77)
    tab.wait_for_function("() => Object.keys(localStorage).length === 1")
    tab.evaluate("() => history.replaceState(null, '', location.pathname)")
    tab.reload()
    reached(tab, 0)
    press(tab, "Go on")
    reached(tab, 77)


def test_without_a_storage_of_the_browser_nothing_is_missed(opened):
    tab = opened()
    tab.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
    tab.reload()
    set_field(tab, "Updates done", 5)
    reached(tab, 5)
    tab.wait_for_function("() => location.hash.startsWith('#s=')")
    assert tab.get_by_role("button", name="Go on", exact=True).count() == 0


def test_a_crowd_of_patterns_is_chosen_dragged_and_changed_as_few_are(opened):
    tab = opened()
    rows = "\n".join(f"{p % 20}\t{p // 20}\t{'AB'[p % 2]}" for p in range(400))
    tab.get_by_label("Paste a table").fill(rows)
    press(tab, "Use this table")
    tab.wait_for_function("() => document.querySelectorAll('.crowd path').length === 3")
    assert tab.locator(".mark").count() == 1
    assert tab.locator(".crowd path").first.get_attribute("d").count("M") == 200
    press(tab, "To the end")
    tab.evaluate("scrollTo(0, 0)")
    box = tab.locator("[data-p='0'] .shape").bounding_box()
    tab.locator(".mark").focus()
    tab.keyboard.press("End")
    tab.wait_for_function(
        "() => document.activeElement.getAttribute('aria-label')?.startsWith('Pattern 400: x1 = 19, x2 = 19; class B')"
    )
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.wait_for_function("() => document.querySelector('#pattern strong').textContent === 'Pattern 1'")
    tab.mouse.move(box["x"] + 50, box["y"] - 60, steps=4)
    tab.mouse.up()
    tab.wait_for_function("() => document.querySelectorAll('#pattern input')[1].value > 1")
    tab.keyboard.press("2")
    tab.wait_for_function(
        "() => document.querySelectorAll('.crowd path')[1].getAttribute('d').match(/M/g).length === 201"
    )
    reached(tab, 1000)
    tab.wait_for_function(
        "() => document.querySelector('.crosses').getAttribute('d').split('M').length - 1 ==="
        " parseInt(document.querySelectorAll('#status dd')[2].textContent)"
    )
    errors = int(status(tab)["Errors"].split()[0])
    assert errors > 0
    assert downloaded(tab, "Figure (.svg)").read_text("utf-8").count("l7,7") >= errors


def test_regions_are_shaded_by_probability_where_there_is_one(opened):
    tab = opened()
    press(tab, "To the end")
    reached(tab, 1500)
    tab.get_by_label("Shade by probability").check()
    tab.wait_for_function("() => document.querySelectorAll('.shade[d^=M]').length > 9")
    # The deepest shade of A lies at its pattern far above, a faint one beside the boundary.
    deepest = "[...document.querySelectorAll('.shade')].filter(each => each.isPointInFill(new DOMPoint({0}, {1})))"
    x, y = (float(each) for each in re.findall(r"[\d.]+", tab.locator("[data-p='0']").get_attribute("transform"))[:2])
    fills = tab.evaluate(
        f"{deepest.format(x, y)}.map(each => [each.getAttribute('fill'), each.getAttribute('fill-opacity')])"
    )
    assert fills == [["#0072B2", "0.593"]]
    assert downloaded(tab, "Figure (.svg)").read_text("utf-8").count('class="shade"') == 24
    tab.get_by_label("Kind of layer").select_option("step")
    tab.wait_for_function("() => document.querySelectorAll('.shade').length === 0")
    assert tab.get_by_label("Shade by probability").count() == 0


def test_what_is_known_of_a_problem_is_said_and_nothing_else(opened):
    tab = opened()
    said, lowest = tab.locator("#separability"), tab.locator("#lowest")
    assert said.inner_text() == ""
    press(tab, "To the end")
    reached(tab, 1500)
    assert said.inner_text() == "Linearly separable: this layer has all patterns right."
    assert lowest.inner_text() == "The cost can come as near to 0 as one likes, while the weights grow for ever."
    set_field(tab, "Weight decay", "0.1")
    state = question(1).with_descent(Descent(0.05, 1500, weight_decay=0.1))
    cost = true_minus(figure(optimum(state).cost, 4))
    lowest.filter(has_text=f"The lowest cost that this layer can come near to on these patterns is {cost}.").wait_for()
    tab.locator("#tools select").first.select_option("xor")
    said.filter(
        has_text="Not linearly separable: the line between patterns 1 and 4 of no and the line between patterns 2 and 3 of yes "
        "have a point in common"
    ).wait_for()
    tab.get_by_label("Kind of layer").select_option("tanh")
    tab.wait_for_function("() => document.querySelector('#separability').textContent === ''")
    tab.wait_for_function("() => document.querySelector('#lowest').textContent === ''")
