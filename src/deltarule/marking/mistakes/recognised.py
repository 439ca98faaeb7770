"""Names and sentences of the mistakes and remarks that no variant makes; other modules recognise them in an answer.

ROUNDED_CARRIED : `diagnosis.diagnose`.
FEWER_DECIMALS, ANOTHER_PROBLEM : `grading.readings`, `grading.another_problem`.
NOT_ATTEMPTED : `grading.blank`.
OTHER_START, CHAOTIC : `grading.trained_layer`.
START_ROUNDED : `mistakes.rounded_start`.
R2_SWAPPED : `diagnosis.trained_layer`.
BIASES_ELSEWHERE : `other_conventions`.
LAST_TAKEN : `checking`.
"""

from __future__ import annotations

from deltarule.marking.mistakes.mistake import Mistake

ROUNDED_CARRIED = Mistake(
    "rounded-carried",
    "You went on with rounded figures. Keep more decimals until the end.",
    "Look at rounding.",
    is_mistake=False,
)
FEWER_DECIMALS = Mistake(
    "fewer-decimals",
    "Your figures have fewer decimals than the problem asks for, and are marked as such. Write `decimals` in the answer.",
    "Look at how many decimals are asked for.",
    is_mistake=False,
)
LAST_TAKEN = Mistake(
    "last-value-taken",
    "The notebook has different values of this part. The last one is marked.",
    "Look at which of your values is the last one.",
    is_mistake=False,
)
NOT_ATTEMPTED = Mistake(
    "not-attempted",
    "Nothing seems to have been worked here: the figures are all alike, or are numbers of the problem.",
    "Begin with U = X W + b.",
)
ANOTHER_PROBLEM = Mistake(
    "another-problem",
    "Hardly any figure fits this problem. Is it the answer to another problem?",
    "Compare your problem with this one.",
    is_mistake=False,
)
START_ROUNDED = Mistake(
    "start-rounded",
    "The initial weights of the problem are rounded, and your figures come from other weights that round to them. "
    "This is not your mistake.",
    "Your initial weights have more decimals than the problem's.",
    is_mistake=False,
)
OTHER_START = Mistake(
    "other-start",
    "The initial layer of this problem is drawn, and yours was another one: weights differ, and figures lie in the range that "
    "other draws give. This is not your mistake.",
    "The initial layer of this problem is drawn, and yours was another one.",
    is_mistake=False,
)
R2_SWAPPED = Mistake(
    "r2-swapped",
    "R2 takes the true values first. You gave it the predictions first; the two cannot be exchanged.",
    "Look at the order of the arguments of R2.",
)
BIASES_ELSEWHERE = Mistake(
    "biases-elsewhere",
    "Your biases stand in W, with a column of ones in X, where the problem has them beside W; or the other way round.",
    "Look at where the biases stand.",
)
CHAOTIC = Mistake(
    "chaotic",
    "This descent is chaotic: the last digits in which computers differ decide where it goes. What any right computation reaches "
    "counts, and yours may be one.",
    "No two computers agree on where this descent goes.",
    is_mistake=False,
)
