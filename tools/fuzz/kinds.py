"""The kinds of input, by their names."""

from __future__ import annotations

from tools.fuzz import calls, commands, engines
from tools.fuzz.case import Case, Verdict
from tools.fuzz.judging import judged
from tools.fuzz.rounds import Kind
from tools.fuzz.sandbox import run_command


def command(case: Case) -> Verdict:
    """Run a command, and judge it."""
    return judged(case, run_command(case))


KINDS = {
    "problem": Kind(commands.problem_cases, command),
    "answer": Kind(commands.answer_cases, command),
    "options": Kind(commands.option_cases, command),
    "calls": Kind(calls.snippets, calls.call, size=400),
    "engines": Kind(engines.descents, engines.compare, size=400),
}
