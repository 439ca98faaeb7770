"""One family of errors. Each message names the subject, the rule, the value got and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DeltaruleError(Exception):
    """Anything that deltarule reports to its user; catch this to catch them all."""


class InputError(DeltaruleError, ValueError):
    """Something given to deltarule breaks a rule.

    The message reads "The NAME must RULE. Got VALUE. REMEDY".

    Examples
    --------
    >>> str(InputError("learning rate", "be a finite number above 0", -1, "Try 0.05."))
    'The learning rate must be a finite number above 0. Got -1. Try 0.05.'
    """

    def __init__(self, name: str, rule: str, got: object, remedy: str) -> None:
        super().__init__(name, rule, got, remedy)
        self.name, self.rule, self.got, self.remedy = name, rule, got, remedy

    def __str__(self) -> str:
        return f"The {self.name} must {self.rule}. Got {self.got}. {self.remedy}"


class ProblemError(DeltaruleError, ValueError):
    """A problem file cannot be read as one: `where` points at the file and the key."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(where, why)
        self.where, self.why = where, why

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


class AnswerError(ProblemError):
    """An answer file cannot be read as one: `where` points at the file and the key."""


class MissingExtraError(DeltaruleError, ImportError):
    """An optional library is needed for what was asked, and is not installed."""

    def __init__(self, purpose: str, library: str, extra: str) -> None:
        super().__init__(purpose, library, extra)
        self.purpose, self.library, self.extra = purpose, library, extra

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.library}. Install it with: pip install 'deltarule[{self.extra}]'"


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word, or all of them where none is near.

    Examples
    --------
    >>> nearest("learning_rat", ["learning_rate", "epochs"])
    "Did you mean 'learning_rate'?"
    >>> nearest("zzz", ["a", "b"])
    'Known: a, b.'
    """
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."
