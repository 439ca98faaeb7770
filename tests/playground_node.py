"""Node, which runs the playground's core in tests: that of the machine, or the one that comes with Playwright."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

import deltarule.playground

SCRIPTS = Path(deltarule.playground.__file__).parent / "scripts"
WORKER = Path(__file__).parent / "playground" / "golden.mjs"


def node() -> str:
    """The program; the test is skipped where there is none."""
    found = shutil.which("node")
    playwright = find_spec("playwright")
    if found is None and playwright is not None and playwright.origin is not None:
        beside = Path(playwright.origin).parent / "driver" / "node"
        found = str(beside) if beside.exists() else None
    if found is None:
        pytest.skip("Node is needed: install it, or the Python package playwright, which brings it.")
    return found


def worked(tasks: list[dict]) -> list:
    """What the core makes of some tasks; see `golden.mjs`."""
    done = subprocess.run(
        [node(), str(WORKER), SCRIPTS.as_uri()], input=json.dumps(tasks), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
