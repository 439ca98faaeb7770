"""Adds a kind of layer, an engine, a mistake and an output form, each to a copy of the project, and runs tests there.

python -m tools.grow [--only "engine"]      one line for each file touched; ends with 1 if a test fails

It shows what `docs/maintainers.md` says: how few files each of these touches, and that nothing else has to know.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.growths import GROWTHS, Edit, Growth

ROOT = Path(__file__).parents[1]


def copied(folder: Path) -> Path:
    """A copy of the files that git knows or would add, with the kernels' compiled code."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def edited(text: str, edit: Edit) -> str:
    """A file's text with the edit made: below the one line that starts as `edit.below` says."""
    if edit.below is None:
        return edit.text
    if text.count("\n" + edit.below) != 1:
        raise SystemExit(
            f"{edit.path}: {edit.below!r} must begin one line; it begins {text.count(chr(10) + edit.below)}."
        )
    start = text.index("\n" + edit.below) + 1
    end = text.index("\n", start) + 1  # below the first line, where several tell it from others
    return text[:end] + edit.text + text[end:]


def grown(growth: Growth) -> int:
    """Make the edits in a copy, print the files touched, run the tests there, and give pytest's exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name))
        for edit in growth.edits:
            path = folder / edit.path
            before = path.read_text(encoding="utf-8") if edit.below is not None else ""
            path.write_text(edited(before, edit), encoding="utf-8")
        for path in dict.fromkeys(edit.path for edit in growth.edits):
            added = sum(edit.text.count("\n") for edit in growth.edits if edit.path == path)
            print(f"  {path}: {added} lines", flush=True)
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *growth.tests]
        environment = os.environ | {"PYTHONPATH": str(folder / "src")}
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def main(arguments: list[str] | None = None) -> int:
    """Grow each, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=GROWTHS, action="append", help="one of them; again for more")
    chosen = parser.parse_args(arguments)
    failed = []
    for name in chosen.only or GROWTHS:
        print(f"{name}: {len({edit.path for edit in GROWTHS[name].edits})} files", flush=True)
        if grown(GROWTHS[name]):
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all tests passed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
