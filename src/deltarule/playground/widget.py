"""The playground in a notebook: one page in a frame of its own, whose problem and place in the descent Python shares.

A frame keeps the page's styles and names apart from the notebook's, and several of them from each other.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import Any

from deltarule.checks import instance, whole
from deltarule.errors import MissingExtraError
from deltarule.iteration import iterate
from deltarule.layers import Layer
from deltarule.playground.page import page
from deltarule.playground.presets import question
from deltarule.playground.restored import is_same, problem_of
from deltarule.playground.state import state_of
from deltarule.problem import Problem

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise MissingExtraError("deltarule.playground.Widget", "anywidget", "notebook") from error


@cache
def module() -> str:
    """The ES module of the widget: `render` for anywidget, and the page that it puts into a frame."""
    host = resources.files("deltarule.playground") / "widget.js"
    return f"const PAGE = {json.dumps(page())};\n{host.read_text(encoding='utf-8')}"


class Widget(anywidget.AnyWidget):
    """The playground in Jupyter, marimo and VS Code. What is changed in it is changed in Python, and the other way round.

    Parameters
    ----------
    problem : what it opens with; None: the handout's question 1.

    Attributes
    ----------
    problem : the problem in sight, a `deltarule.problem.Problem`. Set it to show another one, from its start. After a change in
        the page it is the problem that the page saves: its training patterns, without a test set, conventions or marks.
    iteration : how many updates are done, from 0. Set it to go there.
    layer : the layer after so many updates, as `deltarule.train` gives it. Set it to start from another one.

    Changes of `problem` and `iteration` can be observed, as those of any traitlet.

    Raises
    ------
    MissingExtraError
        On import, if anywidget is not installed.
    InputError
        If the problem is larger than the page shows, the iteration is not one of the descent, or the layer does not fit.

    Examples
    --------
    >>> from deltarule.playground import Widget  # doctest: +SKIP
    >>> widget = Widget()  # doctest: +SKIP
    >>> widget.iteration = 1500  # doctest: +SKIP
    >>> widget.layer.weights.round(2)  # doctest: +SKIP
    """

    _esm = traitlets.Unicode().tag(sync=True)
    # What the page takes (`state_of`), without the updates that are done.
    _state = traitlets.Dict().tag(sync=True)
    problem = traitlets.Any()
    iteration = traitlets.Int(0).tag(sync=True)
    # Whether the problem is being set to what the page has sent, which it need not be told.
    _follows = False

    def __init__(self, problem: Problem | None = None) -> None:
        problem = question(1) if problem is None else problem
        super().__init__(_esm=module(), problem=problem, _state=state_of(problem))

    @property
    def layer(self) -> Layer:
        """The layer after the updates that are done."""
        problem, done = self.problem, self.iteration
        return problem.layer if done == 0 else iterate(problem, iteration=done).layer

    @layer.setter
    def layer(self, layer: Layer) -> None:
        self.problem = self.problem.with_layer(layer)

    @traitlets.validate("problem")
    def _check_problem(self, proposal: Any) -> Any:
        problem = proposal["value"]
        instance("problem", problem, Problem, "Read one: deltarule.read_problem('problem.toml').")
        state_of(problem)
        return problem

    @traitlets.validate("iteration")
    def _check_iteration(self, proposal: Any) -> int:
        # Of the state, which comes from the page together with the iteration; the problem follows.
        descent, patterns = self._state["descent"], len(self._state["inputs"])
        last = descent["epochs"] * math.ceil(patterns / (descent["batch_size"] or patterns))
        return whole("iteration", proposal["value"], 0, "0 is the start of the descent.", maximum=last)

    @traitlets.observe("problem")
    def _show(self, change: Any) -> None:
        if not self._follows:
            self.iteration = 0
            self._state = state_of(change["new"])

    @traitlets.observe("_state")
    def _follow(self, change: Any) -> None:
        if is_same(change["new"], state_of(self.problem)):
            return
        self._follows = True
        try:
            self.problem = problem_of(change["new"])
        finally:
            self._follows = False
