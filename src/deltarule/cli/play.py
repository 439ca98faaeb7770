"""`deltarule play`: the playground, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.output import Root, echo, print_json, print_notes
from deltarule.cli.written import PAGE_SUFFIXES, Output, check_outputs


def play(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROBLEM",
            help="A problem file (TOML); the handout's question 1 if left out.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the page (.html) and open no browser.", show_default=False),
    ] = None,
    scorm: Annotated[
        Path | None,
        typer.Option(
            "--scorm",
            metavar="FILE",
            help="Write a package (.zip) for a learning management system: practice mode, with a score.",
            show_default=False,
        ),
    ] = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print where the page is, as one JSON document.")] = False,
) -> None:
    """Open the playground: drag points, step, see every matrix.

    It is one HTML file that needs no network and no installation: put it on a
    course page, or send it to students. Without --out it opens in the browser.

    With --scorm the update is practised, and the course takes the score.

    Example:  deltarule play problem.toml --out page.html
    """
    from deltarule.files import write_all
    from deltarule.playground import notes, page, scorm_package
    from deltarule.problem import read_problem

    given = None if problem is None else read_problem(problem, root=root)
    check_outputs(Output("--out", out, PAGE_SUFFIXES), Output("--scorm", scorm, (".zip",)))
    if given is not None:
        print_notes((*given.remarks, *notes(given)))
    files: dict[Path, str | bytes] = {} if scorm is None else {scorm: scorm_package(given)}
    path = _temporary() if out is None and scorm is None else out
    if path is not None:
        files[path] = page(given)
    write_all(files)
    opened = path is not None and out is None and _opened(path)
    if json:
        written = {} if scorm is None else {"package": str(scorm), "package_bytes": len(files[scorm])}
        if path is not None:
            written |= {"page": str(path), "bytes": len(str(files[path]).encode()), "opened": opened}
        print_json(written)
    elif out is not None or scorm is not None:
        for each in files:
            echo(f"Written: {each}")
    elif opened:
        echo(f"Opened in the browser: {path}")
    else:
        echo(f"There is no browser that could be started. Open this file in one: {path}")


def _temporary() -> Path:
    """A file of its own, which stays: the browser may read it after the command has ended."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="deltarule-")) / "playground.html"


def _opened(path: Path) -> bool:
    """Whether a browser was started with the page."""
    import webbrowser

    return webbrowser.open(path.resolve().as_uri())
