"""What the tutorial says while it works: each question's steps, with about how many seconds each takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

# Step -> what it is, and its share of the bar (about a second each).
Steps = Mapping[str, tuple[str, float]]
LAST = ("figures and page", 6.0)


class Teller:
    """Says which step is under way: `say("convergence")`, `say.within(0.5)`."""

    def __init__(self, table: Mapping[int, Steps], advance: Callable[[str, float], None]) -> None:
        self.table, self.advance = table, advance
        self.number, self.text, self.weight, self.done = 0, "", 0.0, 0.0

    @classmethod
    @contextmanager
    def of(cls, table: Mapping[int, Steps], *, show: bool) -> Iterator[Teller]:
        """A teller over these questions' steps; without `show` a silent one."""
        from deltarule.typeset.progress import steps

        total = LAST[1] + sum(weight for named in table.values() for _, weight in named.values())
        if not show:
            yield cls(table, lambda _text, _done: None)
            return
        with steps("deltarule tutorial", total) as advance:
            yield cls(table, advance)

    def question(self, number: int) -> None:
        """The steps named next are this question's."""
        self.number = number

    def __call__(self, step: str) -> None:
        """The step before is done; this one begins."""
        text, weight = self.table[self.number][step]
        self._begin(f"question {self.number}: {text}", weight)

    def last(self) -> None:
        """All questions are answered."""
        self._begin(*LAST)

    def within(self, share: float) -> None:
        """How much of the step is done, 0 to 1."""
        self.advance(self.text, self.done + share * self.weight)

    def _begin(self, text: str, weight: float) -> None:
        self.done += self.weight
        self.text, self.weight = text, weight
        self.within(0)
