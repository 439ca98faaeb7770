"""How much work the tutorial does: all of it for the page that is read, little of it where only the page's form is tested."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deltarule.descent import Descent


@dataclass(frozen=True)
class Plan:
    """Numbers of seeds, shuffles and timed runs, and how long the slow descents are.

    Attributes
    ----------
    many_seeds : initial layers where a range over them is reported (questions 2 and 3).
    few_seeds : initial layers of what is slower, or only compared.
    shuffles : orders of the patterns from which the handout's loss of question 3 is computed.
    timed_runs : runs of which each time is the median.
    shorter : the epochs of the descents by autograd, and of all descents of question 3, are divided by this whole number.

    Examples
    --------
    >>> SMALL.shortened(Descent(learning_rate=0.1, epochs=1000)).epochs
    20
    """

    many_seeds: int = 100
    few_seeds: int = 20
    shuffles: int = 200
    timed_runs: int = 5
    shorter: int = 1

    def epochs(self, epochs: int) -> int:
        """A number of epochs, divided by `shorter`; at least 1."""
        return max(1, epochs // self.shorter)

    def shortened(self, descent: Descent) -> Descent:
        """The descent with its number of epochs divided by `shorter`."""
        return replace(descent, epochs=self.epochs(descent.epochs))


FULL = Plan()
SMALL = Plan(many_seeds=4, few_seeds=2, shuffles=3, timed_runs=1, shorter=50)
