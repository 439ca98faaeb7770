"""`deltarule sheet`: a problem on paper, with places to fill in and without its solution."""

from __future__ import annotations

from typing import Annotated

import typer

from deltarule.cli.output import Out, ProblemFile, Root, echo, listed, print_document, print_json, print_notes
from deltarule.cli.written import check_writable, chosen_form
from deltarule.errors import InputError
from deltarule.show.forms import FORMS as OUTPUT_FORMS

# The forms that can be printed, and PDF, which is set from LaTeX.
ENDINGS = {ending: name for name, form in OUTPUT_FORMS.items() if name != "terminal" for ending in form.endings} | {
    ".pdf": "pdf"
}
FORMS = tuple(dict.fromkeys(ENDINGS.values()))


def sheet(
    problem: ProblemFile,
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"The form: {listed(FORMS)}.",
            show_default="by the ending of --out, or markdown",
        ),
    ] = None,
    out: Out = None,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="With the formula of each part.", show_default=False)
    ] = False,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was written as one JSON document.")] = False,
) -> None:
    """Write a problem sheet: data, layer, what is asked, places to fill in.

    Asks for the parts in [marking], or else those of iteration 1, and holds
    nothing of the solution. The ending of the --out file chooses the form: .html,
    .tex, .md, or .pdf where there is a LaTeX program.

    Example:  deltarule sheet problem.toml --out sheet.html
    """
    from deltarule.files import write_whole
    from deltarule.problem import read_problem
    from deltarule.setting.sheet import sheet as sheet_text
    from deltarule.typeset.pdf import pdf

    form = chosen_form(form, out, ENDINGS) or "markdown"
    if out is None and json:
        raise InputError("option --json", "stand beside --out", "no file", "Add --out sheet.html, or leave it out.")
    if out is None and form == "pdf":
        raise InputError("format", "be text on the terminal", "'pdf'", "Add --out sheet.pdf.")
    given = read_problem(problem, root=root)
    if out is not None:
        check_writable("file of --out", out)
    print_notes(given.remarks)
    text = sheet_text(given, "latex" if form == "pdf" else form, formulas=formulas)
    if out is None:
        print_document(text, end="")
        return
    write_whole(out, pdf(text) if form == "pdf" else text)
    if json:
        print_json({"title": given.title, "format": form, "sheet": str(out)})
    else:
        echo(f"Written: {out}")
