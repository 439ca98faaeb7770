r"""What a session of Python, IPython, R, MATLAB, Octave or Julia shows, as texts say it: `>>> U.round(2)` is `U =`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deltarule.marking.answer.part_words import part_named

# Longer lines are figures.
LONGEST_LINE = 400
_PROMPT = re.compile(r"[ \t]*+(?:>>>|In \[\d{1,6}\]:|>>|octave:\d{1,6}>|julia>)[ \t]?")
_PROMPT_OF_R = re.compile(r">[ ]")
_RESULT = re.compile(r"[ \t]*+Out\[\d{1,6}\]:[ \t]?")
# What stands above or below figures and says of which type they are.
_TYPE = re.compile(
    r"\s*+(?:dtype: \w{1,20}|Name: [^\n]{0,60}dtype: \w{1,20}|Levels: [^\n]{0,200}"
    r"|\d{1,6}[x×]\d{1,6}[ ][A-Za-z][^\n]{0,60}|\d{1,6}-element [^\n]{1,60}:)\s*+"
)
_HEADS_OF_R = re.compile(r"\s*+(?:\[,\d{1,4}\]\s*+)++")
_ENTRIES_OF_R = re.compile(r"\s*+\[(?P<first>\d{1,6})\][ ]++(?P<rest>[^\n]+)")
_IS_R = re.compile(r"^\s*\[1,?\][ ]", re.MULTILINE)
_SHOWN = (
    re.compile(
        r"(?:(?:np|numpy|torch)\.)?(?:print|round|around|signif|disp|display|float|format)\((?P<inner>.+?)"
        r"(?:, ?(?:digits ?= ?|decimals ?= ?)?-?\d{1,2})?\)"
    ),
    re.compile(r"(?P<inner>.+?)\.(?:round|numpy|detach|copy|tolist|item|squeeze)\(\d{0,2}\)"),
    re.compile(r"(?P<inner>.+?)\.values"),
)


def without_prompts(text: str) -> str:
    r"""A `text` in which a line of code that shows a part is its name with a sign, and marks of the program are left out.

    Examples
    --------
    >>> without_prompts(">>> np.round(dW, 2)\narray([[0.5]])"), without_prompts("> b\n[1] 0.5 1\n[3] 2")
    ('dW =\narray([[0.5]])', 'b =\n0.5 1 2')
    """
    is_r = _IS_R.search(text) is not None
    return "\n".join(_lines(text.splitlines(), is_r=is_r))


def _lines(lines: list[str], *, is_r: bool) -> Iterator[str]:
    waiting: str | None = None
    for line in lines:
        text = line if len(line) > LONGEST_LINE else _line(line, is_r=is_r)
        entries = _ENTRIES_OF_R.fullmatch(text) if is_r else None
        if entries is not None and entries["first"] != "1" and waiting is not None:
            waiting += f" {entries['rest']}"
            continue
        if waiting is not None:
            yield waiting
        waiting = text if entries is None else entries["rest"]
    if waiting is not None:
        yield waiting


def _line(line: str, *, is_r: bool) -> str:
    prompt = _PROMPT.match(line) or (_PROMPT_OF_R.match(line) if is_r else None)
    if prompt is not None:
        code = line[prompt.end() :].strip()
        name = _shown(code)
        return f"{name} =" if part_named(name.removesuffix(".T")) is not None else code
    if _TYPE.fullmatch(line) is not None or (is_r and _HEADS_OF_R.fullmatch(line) is not None):
        return ""
    result = _RESULT.match(line)
    return line if result is None else line[result.end() :]


def _shown(code: str) -> str:
    """The expression whose value a line of code shows, without what rounds it."""
    code = code.rstrip("; ")
    for _ in range(4):
        found = next((found for each in _SHOWN if (found := each.fullmatch(code)) is not None), None)
        if found is None:
            break
        code = found["inner"].strip()
    return code
