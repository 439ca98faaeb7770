"""What figures look like in a text: single ones, matrices with what stands round them, and the signs before them."""

from __future__ import annotations

import re

# Longer lines are figures or prose, and begin nothing.
LONGEST_LINE = 10_000
# An equals sign that is no comparison and no option of a call.
_OPTIONS = ("dtype", "device", "grad_fn", "requires_grad", "nrow", "ncol", "byrow")
EQUALS = re.compile(
    rf"{''.join(f'(?<!{option})(?<!{option} )' for option in _OPTIONS)}(?<![<>!:=])=(?!=)|:=|≈|≅|≃|←|<-(?=\s)"
    r"|\\(?:approx|simeq|cong|leftarrow|gets|coloneqq)(?![A-Za-z])"
)
# Parts that are one figure, and a figure.
SCALARS = ("cost", "errors", "updates")
SINGLE = re.compile(r"[-+]?[\d.,]++(?:[eE][-+]?\d++)?", re.ASCII)
# Figures, brackets and separators, and the commands of LaTeX round them.
_FIGURES = re.compile(
    r"(?:\\(?:begin|end)\{(?:[bBpvV]|small)?matrix\*?\}|\\(?:begin|end)\{(?:array|tabular)\}|\{[clr|]+\}"
    r"|\\(?:left|right|hline|text|mathrm|mathbf|[hv]?phantom|q?quad|times|cdot|cr|[a-z]?dots|toprule|midrule|bottomrule)(?![A-Za-z])"
    r"|array|tensor|matrix|dtype=[\w.]+|nan|inf|np\.|numpy\.|float(?:32|64)?|int(?:32|64)?"
    r"|c(?=\()|[cr]bind(?=\()|TRUE|(?:nrow|ncol|byrow) ?="
    r"|[\s\d.,;:+\-eE^⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹×·*&|~$'\"%#\[\](){}\\…`])*+"
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(?:\w*matrix\*?|array|tabular)\}")


def is_figures(text: str, *, labels: bool = False) -> bool:
    """Whether a text is figures, and what stands between them.

    Parameters
    ----------
    text : of a line, or of several.
    labels : whether words in quotation marks or brackets are as good.
    """
    if labels and text.lstrip().startswith(("[", "(", "'", '"', "|", "{", "array(", "c(")):
        return True
    return _FIGURES.fullmatch(text) is not None or text.lstrip().startswith("|")


def brackets_opened(text: str) -> int:
    """How many more brackets, and environments of LaTeX, a `text` opens than it closes."""
    environments = _ENVIRONMENT.findall(text)
    bare = _ENVIRONMENT.sub("", text) if environments else text
    depth = environments.count("begin") - environments.count("end")
    return depth + sum(map(bare.count, "[{(")) - sum(map(bare.count, "]})"))
