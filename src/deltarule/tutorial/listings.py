"""The code of question 2: what a student writes for (a) and (b), with the numbers of the problem in it.

Each listing is complete and runs by itself after the first one, which prepares the data. A test runs the listings as the
page shows them, and compares their weights with the tutorial's own.
"""

from __future__ import annotations

from deltarule.problem import Problem
from deltarule.typeset.templating import templates

NAMES = ("data", "direct", "autograd")


def listings(direct: Problem, autograd: Problem) -> dict[str, str]:
    """The code of the data, of (a) and of (b), by those names: "data", "direct", "autograd".

    Parameters
    ----------
    direct, autograd : the problems of (a) and (b): the numbers in the code are theirs.
    """
    environment = templates("deltarule.tutorial")
    environment.autoescape = False  # Python, not HTML
    forms = {"direct": direct.descent, "autograd": autograd.descent}
    return {
        name: environment.get_template(f"question2_{name}.py.txt").render(**forms, seed=direct.init_seed)
        for name in NAMES
    }
