"""File names made of people's names: safe on every system, and the same for every spelling of a name."""

from __future__ import annotations

import unicodedata

# File systems allow 255 bytes for a name; the endings, such as ".solution.markdown", need some of them.
MAX_BYTES = 120
# Windows reserves these names for devices, with any ending.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def normalised(name: str) -> str:
    """One spelling of a name: single spaces, and each accent as a part of its letter (Unicode NFC).

    Examples
    --------
    >>> normalised(" Ada   Lovelace ")
    'Ada Lovelace'
    """
    return unicodedata.normalize("NFC", " ".join(name.split()))


def file_name(name: str) -> str:
    """A file name without ending for a person's name: its letters and digits of any script, joined by hyphens.

    Parameters
    ----------
    name : any text.

    Returns
    -------
    str
        At most 120 bytes of UTF-8. Empty where the name has no letter and no digit.

    Examples
    --------
    >>> [file_name(name) for name in ("Ada Lovelace", "../José O'Neill", "nul", "...")]
    ['Ada-Lovelace', 'José-O-Neill', 'nul-', '']
    """
    # L: letters, M: marks on them, N: numbers. Nothing else is left, so no path, no hidden file and no quotation mark.
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in normalised(name))
    safe = "-".join(letters.split())
    while len(safe.encode()) > MAX_BYTES:
        safe = safe[:-1]
    return f"{safe}-" if safe.casefold() in DEVICES else safe
