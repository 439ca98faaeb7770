"""The text of an answer's bytes: in UTF-8, as PowerShell and spreadsheets write it in UTF-16, or in Windows-1252."""

from __future__ import annotations

import codecs

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes that no text has.
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))


def decoded(content: bytes) -> str:
    r"""The text of a file.

    Figures and names are the same bytes in all western encodings, so that what is no UTF-8 may be read as Windows-1252: a wrong
    letter stands in a label or a remark at worst, and a label that is not known is named.

    Parameters
    ----------
    content : of the file. UTF-16 has a byte order mark.

    Raises
    ------
    UnicodeDecodeError
        If it is no text.

    Examples
    --------
    >>> decoded("\ufeffJ = 1.5".encode("utf-16-le")), decoded("L\xf6sung: J = 1.5".encode("cp1252"))
    ('J = 1.5', 'L\xf6sung: J = 1.5')
    """
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if any(content.count(each) for each in _CONTROLS):
            raise
        return content.decode("cp1252")
