"""`deltarule tutorial`: the handout's three questions, worked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.output import echo, print_json

# The verdicts of the account, in the words of a sentence that counts them.
VERDICT_WORDS = {
    "equal": "equal",
    "within rounding": "equal within rounding",
    "bracketed": "in the range of our runs",
    "differs": "different",
}


def tutorial(
    questions: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="QUESTION", help="1, 2 or 3, or several of them; all three if left out.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="The folder for the page, its figures and the results.", show_default=True
        ),
    ] = Path("tutorial"),
    json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON document.")] = False,
) -> None:
    """Answer the handout's three questions on a page.

    The page also compares every figure that the handout prints with ours.
    Writes DIR/index.html (for a browser), the figures beside it,
    DIR/results.json and DIR/printed. All three questions take about half a
    minute.

    Example:  deltarule tutorial 1 --out build/tutorial
    """
    from deltarule.tutorial import QUESTIONS, run

    results = run(out, questions or QUESTIONS, progress=True, two_processes=True)
    if json:
        print_json(results)
        return
    for name in ("index.html", "results.json"):
        echo(f"{out / name}")
    verdicts = Counter(entry["verdict"] for entry in results["account"])
    counts = ", ".join(f"{verdicts[verdict]} {words}" for verdict, words in VERDICT_WORDS.items() if verdicts[verdict])
    echo(f"The handout prints {len(results['account'])} figures. Compared with ours: {counts}.")
