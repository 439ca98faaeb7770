"""How far out in a descent an answer is checked: every iteration before it is worked as well, many of them many times."""

from __future__ import annotations

from deltarule.iteration import FARTHEST
from deltarule.marking.rework.exercise import Exercise

# Multiplications that the engine does on the way to an iteration, or to an answer's own number of updates: some seconds.
MAXIMUM_WORK = 2e10
# Iterations up to 20 are checked however large the problem is.
ALWAYS = 20
# From the first iteration of an answer to its last, all are worked some thirty times, with rounded figures: some seconds.
LONGEST_SPAN = 1000


def farthest(exercise: Exercise) -> int:
    """The last iteration that is checked.

    Parameters
    ----------
    exercise : what is answered.
    """
    return min(exercise.updates, FARTHEST, max(ALWAYS, int(MAXIMUM_WORK / multiplications(exercise))))


def within_reach(exercise: Exercise, updates: int) -> bool:
    """Whether a layer is trained so many updates far to see whether it is the answer's.

    Parameters
    ----------
    exercise : what is trained.
    updates : of the answer.
    """
    return updates * multiplications(exercise) <= MAXIMUM_WORK


def out_of_reach(exercise: Exercise, number: int, first: int) -> str | None:
    """Why an iteration of an answer cannot be checked, and what to write instead; None where it can.

    Parameters
    ----------
    exercise : what is answered.
    number : of the iteration, which the descent has.
    first : the number of the answer's first iteration.
    """
    last = farthest(exercise)
    if number > last:
        return (
            f"This iteration is too far out to be checked: of this problem, those up to {last:,} are. Write an earlier one, or "
            "the layer at the end, in [convergence]."
        )
    if number > first + LONGEST_SPAN:
        return (
            f"This iteration is too far from iteration {first} to be checked together: at most {LONGEST_SPAN:,} later. "
            "Write it in a file of its own."
        )
    return None


def multiplications(exercise: Exercise) -> int:
    """How many an update takes: each pattern of the batch times each weight.

    Parameters
    ----------
    exercise : what is worked.
    """
    batch = min(exercise.descent.batch_size or exercise.count, exercise.count)
    return batch * exercise.layer.weights.size
