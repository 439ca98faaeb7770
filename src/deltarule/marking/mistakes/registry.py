"""Every known mistake, in one place.

To add one: write its `Mistake` in the module whose subject it is, and its name here. `docs/answer-file.md` ends with a table of
all, which `python -m deltarule.marking.mistakes.documentation` prints.
"""

from __future__ import annotations

from collections.abc import Iterator

from deltarule.marking.given import Answer
from deltarule.marking.mistakes.class_orders import CLASSES_REORDERED
from deltarule.marking.mistakes.costs import COST_OF_WRONG_CLASS, LOG_BASE_2, LOG_BASE_10, RIGHT_COUNTED
from deltarule.marking.mistakes.decays import BIASES_DECAYED, DECAY_FORGOTTEN, DECAY_TWICE
from deltarule.marking.mistakes.first_rows import FIRST_ROWS
from deltarule.marking.mistakes.gradients import (
    BIASES_ONE_PATTERN,
    DELTA_WITHOUT_SLOPE,
    ONE_PATTERN_ONLY,
    PATTERN_LEFT_OUT,
    SLOPE_AT_OUTPUT,
    SLOPE_EXTRA,
    TARGETS_LEFT_OUT,
)
from deltarule.marking.mistakes.miscopied import COPIED_WRONGLY
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.outputs import (
    BIASES_LEFT_OUT,
    BIASES_SUBTRACTED,
    OTHER_ACTIVATION,
    SOFTMAX_NOT_NORMALISED,
    SOFTMAX_OVER_PATTERNS,
    SOFTMAX_TWICE,
)
from deltarule.marking.mistakes.pattern_orders import PATTERNS_REORDERED
from deltarule.marking.mistakes.recognised import (
    ANOTHER_PROBLEM,
    CHAOTIC,
    FEWER_DECIMALS,
    NOT_ATTEMPTED,
    OTHER_START,
    R2_SWAPPED,
    ROUNDED_CARRIED,
    START_ROUNDED,
)
from deltarule.marking.mistakes.reductions import (
    COST_PER_BATCH,
    COST_PER_PATTERN,
    HALF_EXTRA,
    HALF_MISSING,
    MEAN_FOR_SUM,
    SUM_FOR_MEAN,
)
from deltarule.marking.mistakes.scalings import DEVIATION_N_MINUS_1, SCALED_ON_ALL_DATA
from deltarule.marking.mistakes.slips import DIGITS_SWAPPED, SIGN_LOST
from deltarule.marking.mistakes.transcription import (
    COUNTED_FROM_ZERO,
    FIGURES_CUT_OFF,
    ITERATION_OFF_BY_ONE,
    WEIGHTS_TRANSPOSED,
)
from deltarule.marking.mistakes.updates import (
    ASCENT,
    BIASES_NOT_UPDATED,
    DELTA_TURNED,
    NEW_WEIGHTS_FOR_BIASES,
    NOT_UPDATED,
    RATE_MISSING,
    RATE_TWICE,
)
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked

# Those that can be made in an exercise. If two explain an answer equally well, the one that stands first here is named first.
FROM_EXERCISE: tuple[Mistake, ...] = (
    COUNTED_FROM_ZERO,
    WEIGHTS_TRANSPOSED,
    HALF_MISSING,
    COST_PER_BATCH,
    MEAN_FOR_SUM,
    SUM_FOR_MEAN,
    COST_PER_PATTERN,
    HALF_EXTRA,
    ASCENT,
    DELTA_TURNED,
    RATE_MISSING,
    RATE_TWICE,
    DELTA_WITHOUT_SLOPE,
    SLOPE_AT_OUTPUT,
    SLOPE_EXTRA,
    NEW_WEIGHTS_FOR_BIASES,
    NOT_UPDATED,
    BIASES_NOT_UPDATED,
    BIASES_ONE_PATTERN,
    ONE_PATTERN_ONLY,
    BIASES_LEFT_OUT,
    BIASES_SUBTRACTED,
    TARGETS_LEFT_OUT,
    RIGHT_COUNTED,
    PATTERN_LEFT_OUT,
    SOFTMAX_OVER_PATTERNS,
    SOFTMAX_TWICE,
    SOFTMAX_NOT_NORMALISED,
    OTHER_ACTIVATION,
    LOG_BASE_2,
    LOG_BASE_10,
    COST_OF_WRONG_CLASS,
    CLASSES_REORDERED,
    DECAY_FORGOTTEN,
    DECAY_TWICE,
    BIASES_DECAYED,
    DEVIATION_N_MINUS_1,
    SCALED_ON_ALL_DATA,
    FIRST_ROWS,
    ITERATION_OFF_BY_ONE,
    SIGN_LOST,
    FIGURES_CUT_OFF,
)
# Those that are read off an answer; they come after the others.
READ_OFF: tuple[Mistake, ...] = (COPIED_WRONGLY, PATTERNS_REORDERED, CLASSES_REORDERED, SIGN_LOST)
# Those that are recognised by other means.
RECOGNISED: tuple[Mistake, ...] = (
    DIGITS_SWAPPED,
    R2_SWAPPED,
    ANOTHER_PROBLEM,
    NOT_ATTEMPTED,
    ROUNDED_CARRIED,
    FEWER_DECIMALS,
    START_ROUNDED,
    OTHER_START,
    CHAOTIC,
)
BY_NAME: dict[str, Mistake] = {mistake.name: mistake for mistake in (*FROM_EXERCISE, *READ_OFF, *RECOGNISED)}


def variants_of(exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[tuple[Mistake, Variant]]:
    """Every mistake in every variant: those that can be made in the exercise, then those read off the answer.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    """
    for mistake in FROM_EXERCISE:
        for variant in mistake.variants(exercise):
            yield mistake, variant
    for mistake in READ_OFF:
        for variant in mistake.read_off(exercise, answer, right):
            yield mistake, variant
