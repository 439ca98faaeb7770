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
