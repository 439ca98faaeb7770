"""Tables of HTML as those of Markdown, and figures without the commands of LaTeX that typeset them."""

from __future__ import annotations

import html
import re

_NUMBER = re.compile(r"\\(?:num|SI|qty)\s*\{\s*([-+.,\d\seE^{}]{1,60}?)\s*\}(?:\{[^{}\n]{0,40}\})?(?=[^{}\d]|$)")
_BETWEEN = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]{0,200}>\s*<t[dh]\b[^<>]{0,200}>", re.IGNORECASE)
_ROW_END = re.compile(r"</t[dh]>\s*</tr>\s*", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|table|tbody|thead|tr|td|th|br|b|i|strong|em|sub|sup|div|span|center|pre|code|ul|ol|li)\b[^<>\n]{0,200}>",
    re.IGNORECASE,
)


_UNSEEN = re.compile(r"<(head|style|script)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_LINE_ENDS = re.compile(r"<br\b[^<>]{0,100}>|</(?:p|div|li|h[1-6]|pre|table)>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z!][^<>]{0,400}>", re.IGNORECASE)


def text_of_html(page: str) -> str:
    r"""The text of a `page` that a learning platform made of what a student typed there.

    Examples
    --------
    >>> text_of_html("<p>J&nbsp;= 3.5<br />errors = 3</p>")
    'J\xa0= 3.5\nerrors = 3\n'
    """
    text = without_markup(_LINE_ENDS.sub("\n", _UNSEEN.sub("", page)))
    return html.unescape(_ANY_TAG.sub("", text))


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
