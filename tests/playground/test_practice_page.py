"""Practice mode in a browser: figures are typed and pasted, marked at once, and a course takes the score."""

import json
import zipfile
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest

from deltarule.playground import page, scorm_package

pytestmark = pytest.mark.slow

PRACTICE = "#practice=1"
FIRST_ROWS = [
    ["2.72", "-1.56", "-0.76", "0.96", "0.01", "0.03", "-0.04", "0.01", "0.03"],
    ["1.16", "-1.25", "-0.23", "0.75", "0.07", "0.19", "-0.25", "0.07", "0.19"],
]


def fields(tab, row):
    return tab.locator("#practice table.patterns tbody tr").nth(row).locator("input")


def typed(tab, row, texts, first=0):
    for place, text in enumerate(texts, start=first):
        fields(tab, row).nth(place).fill(text)
        fields(tab, row).nth(place).press("Tab")


def marks(tab, row):
    cells = tab.locator("#practice table.patterns tbody tr").nth(row).locator("td:has(> input)")
    return [each.get_attribute("data-mark") for each in cells.all()]


def told(tab):
    return tab.locator("#practice-told").inner_text()


def score(tab):
    return tab.locator(".score").inner_text()


def test_practice_hides_the_matrices_and_marks_what_is_typed(opened):
    tab = opened()
    tab.get_by_role("button", name="Practise this update").click()
    for hidden in ("#matrices", "#told", "#status", "#curve", "#boundaries", "#keep"):
        assert tab.locator(hidden).is_hidden(), hidden
    assert score(tab) == "Score: 0 of 200 (0%)"
    for row, texts in enumerate(FIRST_ROWS):
        typed(tab, row, texts)
        assert marks(tab, row) == ["good"] * 9
    assert score(tab) == "Score: 18 of 200 (9%)"
    tab.get_by_role("button", name="Show the matrices").click()
    assert tab.locator("#matrices").is_visible()
    assert tab.locator("#practice").is_hidden()
    tab.get_by_role("button", name="Practise this update").click()
    assert score(tab) == "Score: 18 of 200 (9%)"


def test_what_follows_from_a_wrong_figure_counts_and_a_figure_too_coarse_is_neither(opened):
    tab = opened(link=PRACTICE)
    typed(tab, 0, ["2.72", "1.56", "-0.76"])
    assert marks(tab, 0)[:3] == ["good", "bad", "good"]
    assert told(tab) == ""
    fields(tab, 0).nth(1).focus()
    assert told(tab) == "U 1, B: wrong. A sign is wrong: a minus got lost, or stands where none belongs."
    typed(tab, 0, ["0.74", "0.23", "0.02"], first=3)
    assert marks(tab, 0)[3:6] == ["follows"] * 3
    typed(tab, 1, ["1.2", "x"])
    assert marks(tab, 1)[:2] == ["coarse", "unread"]
    fields(tab, 1).nth(0).focus()
    assert told(tab) == "U 2, A: write 2 decimals."
    assert score(tab) == "Score: 5 of 200 (3%)"


def test_three_hints_say_where_by_what_rule_and_the_figure(opened):
    tab = opened(link=PRACTICE)
    fields(tab, 1).nth(1).focus()
    for number, ending in [
        (1, "Where: row 2 of X; column B of W; column B of b."),
        (2, "Rule: u(2, B) = x₁ w₁ + x₂ w₂ + b."),
        (3, "It is −1.25."),
    ]:
        tab.get_by_role("button", name=f"Hint ({number} of 3)").click()
        assert told(tab).endswith(ending)
    assert tab.locator("#practice .source").count() == 2 + 2 + 1
    typed(tab, 1, ["-1.25"], first=1)
    assert marks(tab, 1)[1] == "good"
    assert score(tab) == "Score: 0 of 200 (0%)"


def test_a_matrix_is_pasted_and_its_mistake_is_named(opened):
    tab = opened(link=PRACTICE)
    gradients = tab.locator("#practice caption", has_text="Gradients").locator("xpath=..")
    gradients.locator("input").first.focus()
    paste = """text => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
    }"""
    tab.evaluate(paste, "[[-12.03 -12.50 24.53]\n [-2.80 5.37 -2.57]]")
    cells = gradients.locator("td:has(> input)")
    assert [each.get_attribute("data-mark") for each in cells.all()] == ["bad"] * 6 + [""] * 3
    assert told(tab).startswith("6 figures are pasted.")
    assert told(tab).endswith("The gradient has the other sign.")
    tab.evaluate(paste, "12,03\t12,50\t-24,53\n2,80\t-5,37\t2,57")
    assert [each.get_attribute("data-mark") for each in cells.all()][:6] == ["good"] * 6
    tab.evaluate(paste, "0,69, 0,31")
    assert told(tab).startswith("What was pasted is no matrix")


def test_a_whole_sheet_is_worked_by_the_keyboard(opened):
    tab = opened({
        "layer": {"kind": "linear", "weights": [[0.0]], "biases": [0.0]},
        "data": {"inputs": [[1], [2]], "targets": [2, 4]},
        "descent": {"learning_rate": 0.1, "epochs": 10},
    }, link="#hide=settings,brushes,pattern,transport,data&practice=1&lang=en")  # fmt: skip
    focus = "document.activeElement.getAttribute('aria-label') ?? ''"
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate(focus).startswith("U 1"):
            break
    work = ["0", "0", "-2", "0", "0", "-4", "10", "-10", "-6", "1", "0.6"]
    for text in work:
        tab.keyboard.type(text)
        tab.keyboard.press("Tab")
    assert score(tab) == "Score: 11 of 11 (100%)"
    tab.get_by_label("U 1", exact=False).first.focus()
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate(focus) == "U 2, target: right"
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(focus) == "Y 2, target: right"


def test_a_new_problem_is_drawn_by_its_seed(opened):
    tab = opened(link=PRACTICE)
    seen = []
    for _ in range(2):
        tab.get_by_label("Seed of the problem").fill("7")
        tab.get_by_role("button", name="New problem").click()
        tab.wait_for_function("() => document.querySelector('#problem-title').textContent === 'Practice 7'")
        seen.append(tab.locator("#practice table.patterns").inner_text())
    assert seen[0] == seen[1]
    tab.get_by_role("button", name="New problem").click()
    tab.wait_for_function("() => document.querySelector('#problem-title').textContent === 'Practice 8'")
    assert tab.get_by_label("Seed of the problem").input_value() == "8"
    assert tab.locator("#practice table.patterns").inner_text() != seen[0]
    assert tab.locator(".mark").count() == 8
    for odd in ("-1", "1.5", "abc", ""):
        tab.get_by_label("Seed of the problem").fill(odd)
        tab.get_by_role("button", name="New problem").click()
        assert tab.locator("#practice-told").inner_text().startswith("Seed of the problem must be a whole number")
        assert tab.locator("#problem-title").inner_text() == "Practice 8"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_sheet_is_no_wider_than_the_window(opened, width, language):
    tab = opened(viewport={"width": width, "height": 800}, link=f"#practice=1&lang={language}")
    for name in ("question_1", "question_2", "question_3", "line"):
        tab.locator("#tools select").first.select_option(name)
        tab.evaluate("() => new Promise(requestAnimationFrame)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name


def test_an_update_of_too_many_patterns_is_not_practised(opened):
    tab = opened(link=PRACTICE)
    tab.locator("#tools select").first.select_option("moons")
    tab.get_by_text("Practice takes updates of at most 40 patterns. Give a smaller batch size.").wait_for()


# ---- A course.

STATUS, SCORE = "cmi.core.lesson_status", "cmi.core.score.raw"
HOST = """<!DOCTYPE html><title>course</title><script>
window.kept = %s; window.calls = [];
window.API = {
  LMSInitialize: () => (calls.push("Initialize"), "true"),
  LMSFinish: () => (calls.push("Finish"), "true"),
  LMSGetValue: name => kept[name] ?? "",
  LMSSetValue: (name, value) => { if (typeof value !== "string") throw "text"; kept[name] = value; return "true"; },
  LMSCommit: () => (calls.push("Commit"), "true"),
};
</script><iframe src="/index.html" width="1200" height="900"></iframe>"""


@pytest.fixture
def course(browser):
    """A course that shows the package in a frame, with what it kept of the last time; a fault of the page fails the test."""
    faults, contexts = [], []
    with zipfile.ZipFile(BytesIO(scorm_package())) as package:
        text = package.read("index.html").decode()

    def open_course(kept="", **before):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        host = HOST % json.dumps({STATUS: "not attempted", "cmi.suspend_data": kept, **before})

        def answer(route):
            body = text if route.request.url.endswith("index.html") else host
            route.fulfill(body=body, content_type="text/html")

        tab.route("**/*", answer)
        tab.goto("http://course.test/")
        frame = tab.frame_locator("iframe")
        frame.locator(".score").wait_for()
        return tab, frame

    yield open_course
    for context in contexts:
        context.close()
    assert faults == []


def test_a_course_is_told_the_score_and_gives_back_what_was_typed(course):
    tab, frame = course()
    assert tab.evaluate("calls")[:2] == ["Initialize", "Commit"]
    first = frame.locator("#practice table.patterns input").first
    first.fill("2.72")
    first.press("Tab")
    tab.wait_for_function("() => kept['cmi.core.score.raw'] === '1'")
    kept = tab.evaluate("kept")
    assert {name: kept[f"cmi.core.{name}"] for name in ("score.min", "score.max", "lesson_status")} == {
        "score.min": "0",
        "score.max": "100",
        "lesson_status": "incomplete",
    }
    assert len(kept["cmi.suspend_data"]) <= 4096
    assert kept["cmi.suspend_data"].endswith("|U 0 2.72")
    _, again = course(kept["cmi.suspend_data"])
    assert again.locator("#practice table.patterns input").first.input_value() == "2.72"
    assert again.locator(".score").inner_text() == "Score: 1 of 200 (1%)"


def test_a_page_that_no_course_hears_says_so(browser):
    tab = browser.new_page()
    tab.set_content(page(practice=True))
    tab.get_by_text("No learning management system hears this page").wait_for()
    tab.close()


def test_the_best_score_stays_and_what_was_completed_once(course):
    tab, frame = course(**{STATUS: "completed", SCORE: "80"})
    first = frame.locator("#practice table.patterns input").first
    first.fill("9")
    first.press("Tab")
    tab.wait_for_function("() => kept['cmi.suspend_data'].endsWith('|U 0 9')")
    assert (tab.evaluate("kept")[STATUS], tab.evaluate("kept")[SCORE]) == ("completed", "80")


def test_what_is_typed_last_is_told_when_the_page_is_left(course):
    tab, frame = course()
    first = frame.locator("#practice table.patterns input").first
    first.fill("2.72")
    first.press("Tab")
    tab.evaluate("document.querySelector('iframe').remove()")
    assert tab.evaluate("kept['cmi.suspend_data']").endswith("|U 0 2.72")
    assert tab.evaluate("calls").count("Finish") == 1


def test_a_course_hides_what_would_show_the_matrices_or_change_the_problem(course):
    _, frame = course()
    for name in ("#matrices", "#settings", "#paste", "#transport", "#keep", "#status"):
        assert frame.locator(name).is_hidden(), name
    for name in ("Show the matrices", "Copy link", "New problem"):
        assert frame.get_by_role("button", name=name).count() == 0, name
    assert frame.locator("#tools label").all_inner_texts()[0].startswith("Light or dark")
    assert frame.get_by_text("No learning management system").count() == 0


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}], ids=str
)
def test_axe_finds_nothing_that_hinders_practice(opened, options):
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core is needed: pip install axe-playwright-python.")
    tab = opened(bypass_csp=True, link=PRACTICE, **options)
    typed(tab, 0, ["2.72", "1.56", "-0.8", "0.74", "x"])
    tab.get_by_role("button", name="Hint (1 of 3)").click()
    tab.add_script_tag(path=Path(found.origin).parent / "axe.min.js")
    violations = tab.evaluate("() => axe.run()")["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
