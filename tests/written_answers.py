"""Answers written in the notations that people use. Nothing here comes from the code that reads them.

A part is a number, a list or a list of lists of figures as text, with the decimals that are meant: "0.40".
"""

import json


def decimal_comma(figure):
    return figure.replace(".", ",")


def typographic(figure):
    return figure.replace("-", "\N{MINUS SIGN}")


def bare(figure):
    """Without the 0 before the point, as some write: -.40."""
    return (
        figure[1:]
        if figure.startswith("0.")
        else figure.replace("-0.", "-.", 1)
        if figure.startswith("-0.")
        else figure
    )


def matrix(part):
    """Rows of figures, whatever the part is."""
    if isinstance(part, str):
        return [[part]]
    return part if isinstance(part[0], list) else [part]


def nested(part, comma, line):
    if isinstance(part, str):
        return part
    between = line if isinstance(part[0], list) else comma
    return f"[{between.join(nested(each, comma, line) for each in part)}]"


def numpy_print(part):
    return nested(part, " ", "\n ")


def numpy_repr(part):
    return "array(" + nested(part, ", ", ",\n       ") + ")"


def numpy_scalars(part):
    """A list of NumPy's scalars, as NumPy 2 shows it."""
    if isinstance(part, str):
        return f"np.float64({part})"
    return f"[{', '.join(map(numpy_scalars, part))}]"


def tensor(part):
    return "tensor(" + nested(part, ", ", ",\n        ") + ", dtype=torch.float64)"


def python_list(part):
    return nested(part, ", ", ", ")


def quoted_list(part):
    return json.dumps(part)


def typographic_list(part):
    return typographic(python_list(part))


def bare_list(part):
    if isinstance(part, str):
        return bare(part)
    return f"[{', '.join(map(bare_list, part))}]"


def matlab(part):
    return f"[{'; '.join(' '.join(row) for row in matrix(part))}]"


def comma_print(part):
    return decimal_comma(numpy_print(part))


def latex(part, environment="bmatrix", column=""):
    rows = " \\\\\n".join(" & ".join(row) for row in matrix(part))
    return f"\\begin{{{environment}}}{column}\n{rows}\n\\end{{{environment}}}"


def pmatrix(part):
    return latex(part, "pmatrix")


def latex_array(part):
    return f"\\left[{latex(part, 'array', '{' + 'r' * len(matrix(part)[0]) + '}')}\\right]"


def latex_commas(part):
    return latex(part).replace(".", "{,}")


def latex_rows(part):
    return " \\\\ ".join(" & ".join(row) for row in matrix(part))


def markdown(part, head=True):
    rows = matrix(part)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    heading = [f"| {' | '.join(f'n{place}' for place in range(len(rows[0])))} |", f"|{'---|' * len(rows[0])}"]
    return "\n".join(heading + lines if head else lines)


def csv(separator, comma=False, head=False):
    def written(part):
        rows = [[decimal_comma(figure) if comma else figure for figure in row] for row in matrix(part)]
        heading = [[f"n{place}" for place in range(len(rows[0]))]] if head else []
        return "\n".join(separator.join(row) for row in heading + rows) + "\n"

    return written


# Notations in which a matrix of figures may stand in a text. A single figure is a figure in each.
TEXTS = (
    numpy_print, numpy_repr, numpy_scalars, tensor, python_list, quoted_list, typographic_list, bare_list, matlab, comma_print,
    latex, pmatrix, latex_array, latex_commas, latex_rows, markdown,
)  # fmt: skip
CSVS = {
    "commas": csv(","),
    "semicolons": csv(";"),
    "tabs": csv("\t"),
    "semicolons and decimal commas": csv(";", comma=True),
    "tabs and decimal commas": csv("\t", comma=True),
    "a heading": csv(",", head=True),
    "a heading and decimal commas": csv(";", comma=True, head=True),
    "blanks": csv(" "),
}


# ---- Whole answers, of parts by their vulgar names.


def text_answer(parts, form=numpy_print, sign=" =\n"):
    """A plain text with a block a part."""
    blocks = [f"{name}{sign if isinstance(part, list) else ' = '}{form(part)}\n" for name, part in parts.items()]
    return "Ada, 3 May\n\nIteration 1\n\n" + "\n".join(blocks)


def latex_answer(parts):
    names = {
        "dW": r"\frac{\partial J}{\partial W}",
        "db": r"\nabla_b J",
        "delta": r"\delta",
        "errors": "\\text{errors}",
    }
    equations = [
        f"\\[ {names.get(name, name)} = {part if isinstance(part, str) else latex(part)} \\]"
        for name, part in parts.items()
    ]
    return (
        "\\documentclass{article}\n\\begin{document}\n\\section*{Iteration 1}\nWe work it.\n"
        + "\n".join(equations)
        + "\n\\end{document}\n"
    )


def markdown_answer(parts):
    blocks = [
        f"**{name}** = {part}\n"
        if isinstance(part, str)
        else f"### {name}\n\nThis is the result:\n\n{markdown(part)}\n"
        for name, part in parts.items()
    ]
    return "# Answer\n\n## Iteration 1\n\n" + "\n".join(blocks)


def csv_answer(parts):
    """One file of a spreadsheet, with semicolons and decimal commas."""
    written = csv(";", comma=True)
    blocks = [
        f"{name};{decimal_comma(part)}\n" if isinstance(part, str) else f"{name};;\n{written(part)}"
        for name, part in parts.items()
    ]
    return "\ufeffIteration 1;;\r\n" + ";;\r\n".join(blocks).replace("\n", "\r\n").replace("\r\r", "\r")


def notebook_answer(parts):
    """A cell a part: worked, then shown in one of the ways that Jupyter knows."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Question 1\n", "## Iteration 1\n"]}]
    for place, (name, part) in enumerate(parts.items()):
        variable = {"errors": "errors"}.get(name, name)
        source, outputs = [f"{variable} = worked()\n"], []
        if place % 4 == 0:
            source.append(variable)
            outputs.append(
                {"output_type": "execute_result", "data": {"text/plain": numpy_repr(part) if part[0] != part else part}}
            )
        elif place % 4 == 1:
            source.append(f"print({variable}.round(2))")
            outputs.append(
                {"output_type": "stream", "name": "stdout", "text": numpy_print(part).splitlines(keepends=True)}
            )
        elif place % 4 == 2:
            source.append(f'print("{name} =", {variable})')
            outputs.append({"output_type": "stream", "name": "stdout", "text": [f"{name} = {numpy_print(part)}\n"]})
        else:
            source = [f"{variable} = {f'np.array({python_list(part)})' if isinstance(part, list) else part}"]
        cells.append(
            {"cell_type": "code", "metadata": {}, "execution_count": place, "source": source, "outputs": outputs}
        )
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


WHOLE = {
    "answer.txt": text_answer,
    "answer.tex": latex_answer,
    "answer.md": markdown_answer,
    "answer.csv": csv_answer,
    "answer.ipynb": notebook_answer,
}


# ---- Whole answers as sessions, programs and offices write them, of parts by their vulgar names.


def is_matrix(part):
    return isinstance(part, list) and isinstance(part[0], list)


def blocks(parts, listed, single="{name} = {part}\n", head="Iteration 1\n\n"):
    """A text of one block a part; `listed` writes matrices and vectors."""
    return head + "".join(
        listed(name, part) if isinstance(part, list) else single.format(name=name, part=part)
        for name, part in parts.items()
    )


def spaced(rows, between="  "):
    width = max(len(figure) for row in rows for figure in row)
    return "\n".join(between.join(figure.rjust(width) for figure in row) for row in rows)


def labels_of_rows(name, rows):
    """x1, x2 beside rows of inputs; p1, p2 beside those of patterns."""
    return [f"{'x' if name in ('W', 'dW') else 'p'}{place}" for place in range(1, len(rows) + 1)]


def shuffled(rows):
    """The rows in another order."""
    return rows[1::2] + rows[::2]


def python_session(parts):
    return blocks(parts, lambda name, part: f">>> {name}\n{numpy_repr(part)}\n", ">>> {name}\n{part}\n", "")


def python_session_rounded(parts):
    return blocks(
        parts,
        lambda name, part: f">>> np.round({name}, 2)\n{numpy_repr(part)}\n",
        ">>> {name}\nnp.float64({part})\n",
        ">>> U = X @ W + b\n",
    )


def python_session_printed(parts):
    return blocks(
        parts,
        lambda name, part: f">>> print({name}.round(2))\n{numpy_print(part)}\n",
        ">>> print({name})\n{part}\n",
        "",
    )


def ipython(parts):
    return blocks(
        parts,
        lambda name, part: f"In [1]: {name}\nOut[1]: \n{numpy_repr(part)}\n\n",
        "In [2]: {name}\nOut[2]: {part}\n\n",
        "",
    )


def r_print(part):
    if not is_matrix(part):
        middle = len(part) // 2  # R breaks a long vector
        return f"[1] {' '.join(part[:middle])}\n[{middle + 1}] {' '.join(part[middle:])}"
    head = "     " + " ".join(f"[,{place}]" for place in range(1, len(part[0]) + 1))
    return "\n".join([head, *(f"[{place},] {' '.join(row)}" for place, row in enumerate(part, start=1))])


def r_session(parts):
    return blocks(
        parts, lambda name, part: f"> round({name}, 2)\n{r_print(part)}\n", "> {name}\n[1] {part}\n", "> U <- X %*% W\n"
    )


def r_code(parts):
    def filled(name, part):
        if not is_matrix(part):
            return f"{name} <- c({', '.join(part)})\n"
        columns = ", ".join(figure for column in zip(*part, strict=True) for figure in column)
        return f"{name} <- matrix(c({columns}), nrow = {len(part)})\n"

    return blocks(parts, filled, "{name} <- {part}\n", "# iteration 1\n")


def matlab_session(parts):
    return blocks(
        parts,
        lambda name, part: f">> {name}\n\n{name} =\n\n{spaced(matrix(part), '   ')}\n\n",
        ">> {name}\n\n{name} =\n\n   {part}\n\n",
        "",
    )


def matlab_code(parts):
    return blocks(
        parts,
        lambda name, part: f"{name} = {matlab(part)};  % worked by hand\n",
        "{name} = {part};\n",
        "% iteration 1\n",
    )


def julia_session(parts):
    def shown(name, part):
        rows = part if is_matrix(part) else [[figure] for figure in part]
        kind = (
            f"{len(rows)}×{len(rows[0])} Matrix{{Float64}}:"
            if is_matrix(part)
            else f"{len(rows)}-element Vector{{Float64}}:"
        )
        return f"julia> {name}\n{kind}\n{spaced(rows)}\n\n"

    return blocks(parts, shown, "julia> {name}\n{part}\n\n", "")


def pandas_session(parts):
    def shown(name, part):
        if not is_matrix(part):
            series = "\n".join(f"{label}   {figure}" for label, figure in zip("ABC", part, strict=True))
            return f"{name}\n{series}\ndtype: float64\n\n"
        rows = [[label, *row] for label, row in zip(map(str, range(len(part))), part, strict=True)]
        return f"{name}\n{spaced([['', 'A', 'B', 'C'], *rows])}\n\n"

    return blocks(parts, shown)


def spreadsheet(parts):
    def pasted(name, part):
        head = [name, "A", "B", "C"]
        rows = part if is_matrix(part) else None
        if rows is None:
            return "\t".join([name, *map(decimal_comma, part)]) + "\n\n"
        lines = [[label, *map(decimal_comma, row)] for label, row in zip(labels_of_rows(name, rows), rows, strict=True)]
        return "\n".join("\t".join(line) for line in [head, *lines]) + "\n\n"

    return blocks(parts, pasted, "{name}\t{part}\n").replace(".", ",")


def rows_in_another_order(parts):
    def labelled(name, part):
        if not is_matrix(part):
            return (
                f"{name}: "
                + ", ".join(f"{label}: {figure}" for label, figure in zip("ABC", part, strict=True))
                + "\n\n"
            )
        lines = shuffled(
            [f"{label}:  {'  '.join(row)}" for label, row in zip(labels_of_rows(name, part), part, strict=True)]
        )
        return f"{name}:\n" + "\n".join(lines) + "\n\n"

    return blocks(parts, labelled)


def columns_in_another_order(parts):
    def labelled(name, part):
        rows = [[figures[place] for place in (2, 0, 1)] for figures in matrix(part)]
        lines = [f"{label}  {'  '.join(row)}" for label, row in zip(labels_of_rows(name, rows), rows, strict=True)]
        return f"{name}\n    C     A     B\n" + "\n".join(lines if is_matrix(part) else map(" ".join, rows)) + "\n\n"

    return blocks(parts, labelled)


def numbers_of_rows(parts):
    def rows(name, part):
        if not is_matrix(part):
            return f"{name} = ({', '.join(part)})  (rounded)\n"
        return (
            f"{name}\n" + "\n".join(f"{place}) ({', '.join(row)})" for place, row in enumerate(part, start=1)) + "\n\n"
        )

    return blocks(parts, rows)


def rows_with_signs(parts):
    def rows(name, part):
        if not is_matrix(part):
            return f"{name} = ({', '.join(part)})\n"
        lines = [f"{label} = [{', '.join(row)}]" for label, row in zip(labels_of_rows(name, part), part, strict=True)]
        return f"{name}\n" + "\n".join(lines) + "\n\n"

    return blocks(parts, rows)


def headings_alone(parts):
    return blocks(
        parts,
        lambda name, part: f"{name}\n---\n\n{spaced(matrix(part))}\n\nThat was it.\n\n",
        "{name}\n---\n{part}\n\n",
    )


def numbered_headings(parts):
    return blocks(
        parts,
        lambda name, part: f"### 1. {name}\n\n{markdown(part)}\n\n",
        "### 2) {name}\n\n{part}\n\n",
        "# HW 1\n\n## Iteration 1\n\n",
    )


def markdown_rows_in_another_order(parts):
    def table(name, part):
        rows = matrix(part)
        labelled = [[f"**{label}**", *row] for label, row in zip(labels_of_rows(name, rows), rows, strict=True)]
        lines = [
            f"| {' | '.join(row)} |"
            for row in (shuffled(labelled) if is_matrix(part) else [row[1:] for row in labelled])
        ]
        head = "| |**A**|**B**|**C**|\n|---|---|---|---|\n" if is_matrix(part) else "|A|B|C|\n|---|---|---|\n"
        return f"**{name}**\n\n{head}" + "\n".join(lines) + "\n\n"

    return blocks(parts, table, head="## Iteration 1\n\n")


def markdown_numbers_in_another_order(parts):
    text = markdown_rows_in_another_order(parts)
    for letter in "px":
        text = text.replace(f"**{letter}", "**")
    return text


def bold_figures(parts):
    def listed(name, part):
        return f"* **{name}** = " + python_list([[f"**{each}**" for each in row] for row in matrix(part)]) + "\n"

    return blocks(parts, listed, "* **{name}** = **{part}**\n", "## Iteration 1\n")


def one_table(parts):
    return blocks(
        parts,
        lambda name, part: f"| {name} | {matlab(part)} |\n",
        "| {name} | {part} |\n",
        "## Iteration 1\n\n| part | value |\n|---|---|\n",
    )


def grid(rows, corners="+++", across="-", upright="|"):
    width = max(len(figure) for row in rows for figure in row) + 2
    first, middle, last = (across * width for _ in range(3)), corners, upright
    rule = middle[0] + middle[1].join(first) + middle[2]
    return "\n".join([rule, *(last + last.join(figure.center(width) for figure in row) + last for row in rows), rule])


def ascii_grid(parts):
    return blocks(parts, lambda name, part: f"{name}:\n{grid(matrix(part))}\n\n")


def box(parts):
    return blocks(parts, lambda name, part: f"{name}\n{grid(matrix(part), '┌┬┐', '─', '│')}\n\n")


def tall_brackets(parts):
    def tall(name, part):
        rows = matrix(part)
        ends = "⎡⎤", "⎣⎦", "⎢⎥"
        lines = [
            f"{ends[0 if at == 0 else 1 if at == len(rows) - 1 else 2][0]}{' '.join(row)}"
            for at, row in enumerate(rows)
        ]
        closed = [
            f"{line}{ends[0 if at == 0 else 1 if at == len(rows) - 1 else 2][1]}" for at, line in enumerate(lines)
        ]
        return f"{name} =\n" + "\n".join(closed) + "\n\n"

    return blocks(parts, tall)


def html(parts):
    def table(name, part):
        rows = "\n".join("<tr>" + "".join(f"<td>{figure}</td>" for figure in row) + "</tr>" for row in matrix(part))
        return f"<p>{name} =</p>\n<table border='1'>{rows}</table>\n"

    return blocks(parts, table, "<p>{name} = {part}</p>\n", "<h2>Iteration 1</h2>\n")


def yaml(parts):
    def listed(name, part):
        rows = "".join(f"\n    - [{', '.join(row)}]" for row in part) if is_matrix(part) else f" [{', '.join(part)}]"
        return f"  {name}:{rows}\n"

    return blocks(parts, listed, "  {name}: {part}\n", "iteration 1:\n")


def tabular(parts):
    def table(name, part):
        rows = matrix(part)
        lines = [" & ".join([label, *row]) for label, row in zip(labels_of_rows(name, rows), rows, strict=True)]
        head = f"\\begin{{tabular}}{{c|{'c' * len(rows[0])}}}\n & A & B & C \\\\ \\hline\n"
        body = " \\\\\n".join(lines) + " \\\\\n\\end{tabular}\n\n"
        return (
            f"\\paragraph{{{name}}}\n{head}{body}"
            if is_matrix(part)
            else f"\\paragraph{{{name}}} $({', '.join(part)})$\n\n"
        )

    return blocks(parts, table, "\\paragraph{{{name}}} {part}\n\n", "\\section{Iteration 1}\n")


def siunitx(parts):
    def numbers(name, part):
        rows = [["\\num{" + figure + "}" for figure in row] for row in matrix(part)]
        return f"\\[ {name} \\approx {latex(rows)} \\]\n"

    return blocks(parts, numbers, "$ {name} \\approx \\num{{{part}}} $\n\n", "\\subsection*{1st iteration}\n")


def powers(figure):
    """1.2 x 10^-1, with the decimals of the figure."""
    digits = figure.lstrip("-").replace(".", "").lstrip("0")
    if not digits:
        return figure
    exponent = len(digits) - 1 - len(figure.partition(".")[2])
    return f"{'-' if figure.startswith('-') else ''}{digits[0]}.{digits[1:]}".rstrip(".") + f"·10^{exponent}"


def with_powers(parts):
    def lines(name, part):
        rows = "\n".join("  ".join(decimal_comma(powers(figure)) for figure in row) for row in matrix(part))
        return f"{name} =\n{rows}\n\n"

    return blocks(parts, lines)


def raised_powers(parts):
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

    def written(figure):
        digits, _, exponent = powers(figure).partition("·10^")
        return f"{digits}×10{exponent.translate(raised)}" if exponent else digits

    return blocks(
        parts, lambda name, part: f"{name} = {python_list([[written(each) for each in row] for row in matrix(part)])}\n"
    )


def full_width(parts):
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    return blocks(
        {name: json.loads(json.dumps(part, ensure_ascii=False).translate(wide)) for name, part in parts.items()},
        lambda name, part: f"{name} =\n{spaced(matrix(part), '　')}\n\n",
        "{name} ＝ {part}\n",
    )


def remarks(parts):
    return blocks(
        parts,
        lambda name, part: (
            f"{name} = {numpy_print(part)}  (rounded to 2 decimals)\nwhich looks right, since all 3 values are small.\n"
        ),
        "{name} = {part} and that is all of it\n",
    )


SESSIONS = (
    python_session, python_session_rounded, python_session_printed, ipython, r_session, r_code, matlab_session, matlab_code,
    julia_session, pandas_session, spreadsheet, rows_in_another_order, columns_in_another_order,
    numbers_of_rows, rows_with_signs, headings_alone,
    numbered_headings, markdown_rows_in_another_order, markdown_numbers_in_another_order, bold_figures, one_table, ascii_grid, box,
    tall_brackets, html, yaml, tabular, siunitx, with_powers, raised_powers, full_width, remarks,
)  # fmt: skip
