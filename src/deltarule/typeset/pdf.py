"""PDF of LaTeX, by the LaTeX program that the machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deltarule.errors import InputError

# The programs that are looked for, in this order, each with its arguments. None may run others.
PROGRAMS = {
    "pdflatex": ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"),
    "lualatex": ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"),
    "xelatex": ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"),
    "tectonic": (),
}
# Seconds: a sheet takes two or three.
LONGEST = 120
# Letters of the end of a log that are told.
TOLD = 300


def pdf(latex: str) -> bytes:
    """A LaTeX document as PDF.

    Parameters
    ----------
    latex : the whole document. It is set once, so it has no references.

    Raises
    ------
    InputError
        If the machine has no LaTeX program, or it does not set the document.
    """
    program = next((name for name in PROGRAMS if shutil.which(name)), None)
    if program is None:
        raise InputError(
            "PDF",
            f"be made by a LaTeX program ({', '.join(PROGRAMS)})",
            "none",
            "Install one, or write .html and print that to PDF.",
        )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sheet.tex").write_text(latex, encoding="utf-8")
        # It reads and writes nothing outside of its folder but its own fonts and packages.
        environment = os.environ | {"openin_any": "p", "openout_any": "p"}
        try:
            ended = subprocess.run(  # noqa: S603 - the arguments are ours
                [str(shutil.which(program)), *PROGRAMS[program], "sheet.tex"],
                cwd=folder, env=environment, capture_output=True, timeout=LONGEST, check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            log = ended.stdout.decode("utf-8", "replace") + ended.stderr.decode("utf-8", "replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            log = str(error)
        made = Path(folder, "sheet.pdf")
        if not made.is_file():
            got = " ".join(log[-TOLD:].split())
            remedy = "Write .tex and set it yourself, or write .html and print that to PDF."
            raise InputError("PDF", f"be made by {program}", f"{got!r}", remedy)
        return made.read_bytes()
