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
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print where the page is, as one JSON document.")] = False,
) -> None:
    """Open the playground: drag points, step, see every matrix.

    It is one HTML file that needs no network and no installation: put it on a
    course page, or send it to students. Without --out it opens in the browser.

    Example:  deltarule play problem.toml --out page.html
    """
    from deltarule.files import write_whole
    from deltarule.playground import notes, page
    from deltarule.problem import read_problem

    given = None if problem is None else read_problem(problem, root=root)
    if out is not None:
        check_outputs(Output("--out", out, PAGE_SUFFIXES))
    if given is not None:
        print_notes((*given.remarks, *notes(given)))
    text = page(given)
    path = _temporary() if out is None else out
    write_whole(path, text)
    opened = out is None and _opened(path)
    if json:
        print_json({"page": str(path), "bytes": len(text.encode()), "opened": opened})
    elif out is not None:
        echo(f"Written: {path}")
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
