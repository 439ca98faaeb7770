"""What people say behind figures: 12.29 nats, 3 (of 4), [1, 2]  # rounded; and where figures have something else behind them."""

from __future__ import annotations

import re

from deltarule.marking.answer.figure_text import SCALARS, SINGLE

# Behind a single figure. A percent sign is a part of the figure, unless MATLAB's comment stands there.
_BEHIND_FIGURE = re.compile(
    r"\s*+(?:\((?:[A-Za-z][^()]{0,200}|[^()\d]{0,200})\)|(?:nats?|bits?)\b(?:\s*+\([^()]{0,200}\))?|of\s++\d{1,9}.{0,200}"
    r"|[,;]\s++[A-Za-z].{0,200}|(?:rounded|wrong|since|so|because|where|as|which|weil)\b[^=\d]{0,200}"
    r"|(?:patterns?|errors?|and|und)\b[^=]{0,200}|#.{0,200}|(?<=\s)%\s*+(?!of\b|der\b|de\b|correct|right|wrong)[^\s\d].{0,200})$"
)
# Behind a matrix or a list: not the names of classes, which may say in which order figures stand.
_BEHIND_LIST = re.compile(
    r"[ \t]++\((?:all|rounded|to|two|in|with|from|as|after|before|see|sum|mean|approx|about|ca|gerundet|auf|nach)\b"
    r"[^()\[\]]{0,200}\)[.\s]*+$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?<=[\])};])[ \t]*+(?:#|%|//)[^\n]{0,200}$")
_ABOUT = re.compile(
    r"(?:ca\.?|circa|about|approx(?:\.|imately)?|roughly|around|etwa|env\.?|~)\s*+(?=[-+.\d])", re.IGNORECASE
)
# Errors as a share of the patterns: 3/4.
_SHARE = re.compile(r"(?<=\d)\s*+/\s*+\d{1,9}(?!\d)", re.ASCII)
# A figure with something else behind it than what goes on with a formula; several figures.
_FIGURE_FIRST = re.compile(
    r"[-+]?[\d.,]*\d(?:[eE][-+]?\d{1,4})?(?:\s*+%|\s++(?![-+*/^×·(\\<>])\S|\s*+\(\s*+\d)", re.ASCII
)
_FIGURES_FIRST = re.compile(r"[-+]?[\d.,]*\d(?:/\d+)?\s*[\s,;]\s*[-+]?[\d.,]*\d(?![\d.,]*\s*[*/^×·])", re.ASCII)


def figure_before_remark(text: str, part: str) -> str:
    """The single figure that a `text` begins with, if nothing, or a remark, stands behind it; empty otherwise.

    Parameters
    ----------
    text : of the value of a part.
    part : the part's name.

    Examples
    --------
    >>> [figure_before_remark(text, "errors") for text in ("3 (of 4)", "3/4", "ca. 3", "3 of N", "75 %", "3 % by hand")]
    ['3', '3', '3', '', '', '3']
    """
    text = _ABOUT.sub("", text.replace("$", ""), count=1)
    text = _SHARE.sub("", text) if part == "errors" else text
    found = SINGLE.match(text)
    behind = "" if found is None else text[found.end() :]
    return found[0].rstrip(",.") if found is not None and (not behind.strip() or _BEHIND_FIGURE.match(behind)) else ""


def without_remark(text: str) -> str:
    """A `text` without what is said behind a matrix or a list.

    Examples
    --------
    >>> without_remark("[1, 2]  # both"), without_remark("1 2 (rounded to 0 decimals)"), without_remark("1 2 (B, A)")
    ('[1, 2]', '1 2', '1 2 (B, A)')
    """
    return _COMMENT.sub("", _BEHIND_LIST.sub("", text.rstrip()))


def begins_with_figures(text: str, part: str) -> bool:
    """Whether a `text` that is no value begins as one, so that it is asked what it means; a formula is passed over.

    Parameters
    ----------
    text : in the place of a value.
    part : the part's name.

    Examples
    --------
    >>> [begins_with_figures(text, "cost") for text in ("75 %", "3 of N", "1/2 sum", "2 (y - d)", "-ln y")]
    [True, True, False, False, False]
    """
    return (_FIGURE_FIRST if part in SCALARS else _FIGURES_FIRST).match(text.lstrip("$`* ")) is not None
