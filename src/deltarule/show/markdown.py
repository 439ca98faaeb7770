"""Documents as Markdown: formulas between dollar signs, matrices as tables.

GitHub, GitLab and notebooks set `$...$` as mathematics. Formulas hold no label, only letters, figures and commands, so that no
reader takes a part of them for emphasis or an escape; labels stand in tables, which read well as plain text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from deltarule.show.document import Document, Part
from deltarule.show.table import Table
from deltarule.typeset.figures import ELLIPSIS, true_minus
from deltarule.typeset.maths import Pieces
from deltarule.typeset.words import one_line


def markdown(documents: Iterable[Document]) -> str:
    """The `documents`, at least one, one below the other."""
    blocks: list[str] = []
    title = ""
    for each in documents:
        if each.title != title:
            title = each.title
            blocks.append(f"# {escaped(title)}")
        blocks += [*([f"## {escaped(each.heading)}"] if each.heading else []), *map(escaped, each.sentences)]
        for part in each.parts:
            blocks += _part(part)
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""Any text, as itself in Markdown.

    Examples
    --------
    >>> print(escaped("a&b_c%"), escaped("<b>"), escaped("$x$"), escaped("a|b"))
    a&amp;b\_c% &lt;b&gt; &#36;x&#36; a&#124;b
    """
    text = one_line(text).strip(" ")  # a block ends where a line does, and four spaces would begin a block of code
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(letter, entity)
    text = re.sub(r"([\\`*_\[\]#~])", r"\\\1", text)
    text = re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", text)  # no list, and no line below a heading
    text = text.replace("www.", "www&#46;")  # no link
    return text.replace("$", "&#36;").replace("|", "&#124;").replace("://", ":&#47;/").replace("@", "&#64;")


def _part(part: Part) -> list[str]:
    blocks = [f"### {escaped(part.title)}"]
    if part.formula is not None:
        where = f" ({', '.join(f'${letter.latex}$' for letter in part.where)})" if part.where else ""
        blocks.append(f"${part.formula.latex}${where}")
    if part.value and not part.lines:
        blocks.append(f"{true_minus(part.value)} {escaped(part.remark)}".rstrip())
    elif part.remark:
        blocks.append(escaped(part.remark))
    # A list, so that each line stands on its own without a blank between them.
    blocks += ["\n".join(f"- {_written(line)}" for line in part.lines)] if part.lines else []
    return [*blocks, *map(_table, part.tables)]


def _written(line: Pieces) -> str:
    return f"${' '.join(piece.latex for piece in line)}$"


def _table(table: Table) -> str:
    symbol = f"${table.symbol.latex}$" if table.symbol.latex else ""
    heads = [symbol, *map(_cell, table.heads), *([""] if table.wrong else [])]
    side = ":--" if table.words else "--:"
    lines = [heads, [":--", *[side] * len(table.heads), *([":--"] if table.wrong else [])]]
    for place, (label, row) in enumerate(zip(table.labels, table.rows, strict=True)):
        if place == table.gap:
            lines.append(["…"] * len(heads))
        mark = ["wrong" if place in table.wrong else ""] if table.wrong else []
        lines.append([escaped(label), *map(_cell if table.words else true_minus, row), *mark])
    if table.gap == len(table.rows):
        lines.append(["…"] * len(heads))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return "…" if text == ELLIPSIS else escaped(text)
