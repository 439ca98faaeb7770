"""One family of errors. Each message names the subject, the rule, the value got and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from deltarule.printable import printable


class DeltaruleError(Exception):
    """The base of all errors that deltarule reports to its user: catch this one to catch them all.

    Its text is safe to show on a terminal and in a page's source, whatever was given: see `deltarule.printable`. The attributes
    hold what was given as it is.
    """

    def __str__(self) -> str:
        return printable(self._message())

    def _message(self) -> str:
        return super().__str__()


class InputError(DeltaruleError, ValueError):
    """A value given to deltarule breaks a rule.

    The message reads "The NAME must RULE. Got GOT. REMEDY".

    Parameters
    ----------
    name : what the value is, as in "learning rate".
    rule : what must hold of it, as in "be above 0".
    got : the value, or a short description of it.
    remedy : what to do, as sentences.

    Examples
    --------
    >>> str(InputError("learning rate", "be a finite number above 0", -1, "Try 0.05."))
    'The learning rate must be a finite number above 0. Got -1. Try 0.05.'
    """

    def __init__(self, name: str, rule: str, got: object, remedy: str) -> None:
        super().__init__(name, rule, got, remedy)
        self.name, self.rule, self.got, self.remedy = name, rule, got, remedy

    def _message(self) -> str:
        return f"The {self.name} must {self.rule}. Got {_text(self.got)}. {self.remedy}"


class ProblemError(DeltaruleError, ValueError):
    """A problem file, or a document made in Python, is not a problem.

    Parameters
    ----------
    where : the file and the key, as in "iris.toml, [layer] kind".
    why : what is wrong and what to do, as sentences.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(where, why)
        self.where, self.why = where, why

    def _message(self) -> str:
        return f"{self.where}: {self.why}"


class AnswerError(ProblemError):
    """An answer file is not an answer; it has the parameters of `ProblemError`."""


class MissingExtraError(DeltaruleError, ImportError):
    """An optional library is needed, and is not installed.

    Parameters
    ----------
    purpose : what needs it, as in "The autograd engine".
    library : its name, as in "PyTorch".
    extra : the extra of deltarule that brings it, as in "autograd".
    """

    def __init__(self, purpose: str, library: str, extra: str) -> None:
        super().__init__(purpose, library, extra)
        self.purpose, self.library, self.extra = purpose, library, extra

    def _message(self) -> str:
        return f"{self.purpose} needs {self.library}. Install it with: pip install 'deltarule[{self.extra}]'"


class SeparableWarning(UserWarning):
    """A cost has no minimum, since it falls for ever while weights or biases grow: the classes are separable, say."""


def _text(value: object) -> str:
    """The text of any value; of one that has none (an int of 5,000 digits, a list nested too deep) its type."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - whatever an object of the user's raises, the message must be told
        return f"a value of type {type(value).__name__} that cannot be written out"


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy that names the known word nearest to a misspelt one; all known words if no word is near.

    Parameters
    ----------
    word : as it was written.
    known : the words that are allowed.

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
