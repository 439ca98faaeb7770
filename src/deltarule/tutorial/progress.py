"""The tutorial's progress: the steps of each question, with about how many seconds each takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

# Name of a step -> its description, and about how many seconds it takes: its share of the bar.
Steps = Mapping[str, tuple[str, float]]
LAST_STEP = ("figures and page", 6.0)


class Progress:
    """Reports which step is under way: `begin("convergence")`, then `within(0.5)` when half of it is done.

    Parameters
    ----------
    steps : question -> its steps, in the order in which they begin.
    advance : called with the text of the step under way and the seconds' worth of work that is done.
    """

    def __init__(self, steps: Mapping[int, Steps], advance: Callable[[str, float], None]) -> None:
        self.steps, self.advance = steps, advance
        self.number, self.text, self.weight, self.done = 0, "", 0.0, 0.0

    def question(self, number: int) -> None:
        """The steps that begin next are those of this question."""
        self.number = number

    def begin(self, step: str) -> None:
        """The step before is done; this one begins."""
        text, weight = self.steps[self.number][step]
        self._begin(f"question {self.number}: {text}", weight)

    def begin_last(self) -> None:
        """All questions are answered; the figures and the page follow."""
        self._begin(*LAST_STEP)

    def within(self, share: float) -> None:
        """How much of the step is done, from 0 to 1."""
        self.advance(self.text, self.done + share * self.weight)

    def _begin(self, text: str, weight: float) -> None:
        self.done += self.weight
        self.text, self.weight = text, weight
        self.within(0)


@contextmanager
def reported(steps: Mapping[int, Steps], *, show: bool) -> Iterator[Progress]:
    """Progress through these questions' steps, as a bar or as lines on standard error; silent unless `show`."""
    from deltarule.typeset.progress import steps as shown_steps

    total = LAST_STEP[1] + sum(weight for named in steps.values() for _, weight in named.values())
    with shown_steps("deltarule tutorial", total, show=show) as advance:
        yield Progress(steps, advance)
