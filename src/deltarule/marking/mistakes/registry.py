"""Every known mistake, in one place.

To add one: a row in `MISTAKES` of the module whose subject it is. `docs/answer-file.md` ends with a table of all, which
`python -m deltarule.marking.mistakes.documentation` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deltarule.marking.given import Answer
from deltarule.marking.mistakes import (
    costs,
    decays,
    deltas,
    exchanges,
    momentum,
    online,
    outputs,
    patterns_summed,
    predictions,
    reductions,
    scalings,
    schedules,
    slopes,
    sums,
    updates,
)
from deltarule.marking.mistakes.class_orders import CLASSES_REORDERED
from deltarule.marking.mistakes.first_rows import FIRST_ROWS
from deltarule.marking.mistakes.miscopied import COPIED_WRONGLY
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.pattern_orders import PATTERNS_REORDERED
from deltarule.marking.mistakes.recognised import (
    ANOTHER_PROBLEM,
    BIASES_ELSEWHERE,
    CHAOTIC,
    FEWER_DECIMALS,
    LAST_TAKEN,
    NOT_ATTEMPTED,
    OTHER_START,
    R2_SWAPPED,
    ROUNDED_CARRIED,
    START_ROUNDED,
)
from deltarule.marking.mistakes.slips import DIGITS_SWAPPED, SIGN_LOST
from deltarule.marking.mistakes.transcription import (
    COUNTED_FROM_ZERO,
    FIGURES_CUT_OFF,
    ITERATION_OFF_BY_ONE,
    WEIGHTS_TRANSPOSED,
)
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked

# All that are tried in variants: those that can be made in an exercise, and those that are read off an answer. If two explain an
# answer equally well, the one that stands first here is named first.
EVERY: tuple[Mistake, ...] = (
    COUNTED_FROM_ZERO,
    WEIGHTS_TRANSPOSED,
    *reductions.MISTAKES,
    *updates.MISTAKES,
    *momentum.MISTAKES,
    *schedules.MISTAKES,
    *slopes.MISTAKES,
    *patterns_summed.MISTAKES,
    *deltas.MISTAKES,
    *predictions.MISTAKES,
    *sums.MISTAKES,
    *exchanges.MISTAKES,
    *outputs.MISTAKES,
    *costs.MISTAKES,
    *online.MISTAKES,
    CLASSES_REORDERED,
    *decays.MISTAKES,
    *scalings.MISTAKES,
    FIRST_ROWS,
    ITERATION_OFF_BY_ONE,
    SIGN_LOST,
    FIGURES_CUT_OFF,
    COPIED_WRONGLY,
    PATTERNS_REORDERED,
)
# Those that are recognised by other means.
RECOGNISED: tuple[Mistake, ...] = (
    DIGITS_SWAPPED,
    R2_SWAPPED,
    ANOTHER_PROBLEM,
    NOT_ATTEMPTED,
    ROUNDED_CARRIED,
    FEWER_DECIMALS,
    LAST_TAKEN,
    START_ROUNDED,
    OTHER_START,
    BIASES_ELSEWHERE,
    CHAOTIC,
)
BY_NAME: dict[str, Mistake] = {mistake.name: mistake for mistake in (*EVERY, *RECOGNISED)}


def variants_of(
    exercise: Exercise, answer: Answer, right: Reworked, mistakes: Sequence[Mistake] = EVERY
) -> Iterator[tuple[Mistake, Variant]]:
    """Every mistake in every variant: those that can be made in the exercise, then those read off the answer.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    mistakes : those that are tried.
    """
    for mistake in mistakes:
        for variant in mistake.variants(exercise):
            yield mistake, variant
    yield from read_off(exercise, answer, right, mistakes)


def read_off(
    exercise: Exercise, answer: Answer, right: Reworked, mistakes: Sequence[Mistake]
) -> Iterator[tuple[Mistake, Variant]]:
    """The variants of mistakes that are read off an answer. The parameters are those of `variants_of`."""
    for mistake in mistakes:
        for variant in mistake.read_off(exercise, answer, right):
            yield mistake, variant
