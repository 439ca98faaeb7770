"""The views of sweeps and scores: text for a terminal, HTML for notebooks."""

from __future__ import annotations

from deltarule.show.html import html
from deltarule.sweeps.of_problem import ProblemSweep
from deltarule.sweeps.problem_sweep_text import problem_sweep_lines, score_sentence, verdict
from deltarule.sweeps.result import Sweep
from deltarule.sweeps.score import Score
from deltarule.sweeps.text import DECIMALS, sweep_document, sweep_lines
from deltarule.typeset.columns import joined
from deltarule.typeset.templating import escaped
from deltarule.views import View, register


def _problem_sweep_html(found: ProblemSweep) -> str:
    decimals = max(found.problem.decimals, DECIMALS)
    return (
        html([sweep_document(found.sweep, decimals)], standalone=False) + f"<p>{escaped(verdict(found, decimals))}</p>"
    )


register(
    Sweep,
    View(
        lambda sweep: joined(sweep_lines(sweep)),
        html=lambda sweep: html([sweep_document(sweep)], standalone=False),
    ),
)
register(Score, View(score_sentence, html=lambda score: f"<p>{escaped(score_sentence(score))}</p>"))
register(ProblemSweep, View(lambda found: joined(problem_sweep_lines(found)), html=_problem_sweep_html))
