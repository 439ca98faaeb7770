"""The playground in a real browser: Chromium, by Playwright."""

import shutil

import pytest

from deltarule.playground import page
from deltarule.problem import problem_from


# Not for longer than a module: Playwright keeps an event loop running, in which other tests could start none.
@pytest.fixture(scope="module")
def browser():
    """Chromium: that of the machine, or the one that Playwright has installed. The test is skipped where there is neither."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is needed: pip install playwright.")
    with api.sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        except api.Error as error:
            pytest.skip(f"Chromium is needed: install it, or run playwright install chromium ({str(error)[:80]}).")
        yield started
        started.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open the playground of a problem (question 1 if left out) from a disk, without a network. A fault in it fails the test."""
    faults, contexts = [], []

    def open_page(problem=None, link="", **options):
        path = tmp_path / "playground.html"
        path.write_text(page(None if problem is None else problem_from(problem)), encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_offline(True)
        tab = context.new_page()
        tab.set_default_timeout(30_000)
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
        tab.on("dialog", lambda dialog: (faults.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda request: None if request.url.startswith("file:") else faults.append(request.url))
        tab.goto(path.as_uri() + link)
        tab.locator("#status dd").first.wait_for(state="attached")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
