"""Tables of HTML as those of Markdown, and figures without the commands of LaTeX that typeset them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\\(?:num|SI|qty)\s*\{\s*([-+.,\d\seE^{}]{1,60}?)\s*\}(?:\{[^{}\n]{0,40}\})?(?=[^{}\d]|$)")
_BETWEEN = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]{0,200}>\s*<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_ROW_END = re.compile(r"</t[dh]>\s*</tr>\s*", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|table|tbody|thead|tr|td|th|br|b|i|strong|em|sub|sup|div|span|center|pre|code|ul|ol|li)\b[^<>\n]{0,200}>",
    re.IGNORECASE,
)


def without_markup(text: str) -> str:
    r"""A `text` with tables of Markdown for those of HTML, and without what only typesets it.

    Examples
    --------
    >>> without_markup("<table><tr><td>0.5</td><td>1</td></tr></table>"), without_markup(r"\num{0.5}")
    ('| 0.5 | 1 |\n', '0.5')
    """
    if "\\" in text:
        text = _NUMBER.sub(r"\1", text)
    if "<" not in text:
        return text
    return _TAG.sub("", _ROW.sub("| ", _ROW_END.sub(" |\n", _BETWEEN.sub(" | ", text))))
