"""What could not be read of an answer, by the names of its parts: names and reasons that are safe and short enough to show."""

from __future__ import annotations

from collections import Counter
from typing import Any

from deltarule.errors import AnswerError
from deltarule.marking.answer.twice import Twice
from deltarule.printable import printable

# Letters of a name: the longest that anybody means to write is that of a boundary between two classes.
LONGEST_NAME = 100
# More parts that cannot be read are no answer; each takes some time to name.
MOST = 10_000


class Faults:
    """Collects faults.

    Parameters
    ----------
    where : what messages call the document.

    Attributes
    ----------
    found : why each part could not be read, by its name.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: dict[str, str] = {}
        self._names: Counter[str] = Counter()

    def add(self, name: str, why: str, value: Any = None) -> None:
        """Note a fault.

        Parameters
        ----------
        name : of the part, or of the key that is none.
        why : it cannot be read, and what to do.
        value : of the key; where it stands twice, that is the fault.

        Raises
        ------
        AnswerError
            If there are too many.
        """
        if len(self.found) == MOST:
            raise AnswerError(self.where, f"More than {MOST:,} parts cannot be read. Look at how an answer is written.")
        shown = printable(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}...")
        self._names[shown] += 1
        again = f" ({self._names[shown]})" if self._names[shown] > 1 else ""  # names that are alike when they are cut
        self.found[shown + again] = printable(str(value) if isinstance(value, Twice) else why)
