"""Problems for hand-work, drawn from seeds: one, or another for each student of a class.

A good problem
--------------
Everyone who works its first two iterations without a mistake writes the same figures, and sees each step in them:

- patterns differ, and every class is among them;
- the layer decides clearly: of several outputs the largest is at least 0.05 above the next; where a neuron decides alone, |u|
  is at least 0.1;
- no figure (U, f(U), f'(U), delta, gradients, W, b, cost) lies within 2% of a unit of its last decimal from a half;
- every part that can be forgotten shows: the cost, delta, both gradients, both updates, the learning rate, the biases in U and
  the weight decay each change some figure by a unit of its last decimal, and the sum is not the mean (`visibility`);
- at first the predictions are neither all right nor all wrong; the cost is finite, and falls;
- the classes are separable or overlapping, as was asked for.

`conditions` says which of these a problem does not meet.
"""

from deltarule.setting.conditions import conditions
from deltarule.setting.drawing import new_problem
from deltarule.setting.request import ProblemRequest
from deltarule.setting.sheet import sheet
from deltarule.setting.students import read_students, student_seed
from deltarule.setting.writing import WrittenProblem, write_one, write_set
from deltarule.show.forms import FORMS

__all__ = [
    "FORMS",
    "ProblemRequest",
    "WrittenProblem",
    "conditions",
    "new_problem",
    "read_students",
    "sheet",
    "student_seed",
    "write_one",
    "write_set",
]
