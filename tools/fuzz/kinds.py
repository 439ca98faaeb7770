"""The kinds of input, by their names."""

from __future__ import annotations

from tools.fuzz import caches, calls, commands, data_files, engines, folders, kills, silent
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
    "folder": Kind(folders.folder_cases, folders.attempt, size=50),
    "table": Kind(data_files.table_cases, command),
    "silent": Kind(silent.spoilt, command),
    "kills": Kind(kills.kills, kills.attempt, size=50, patience=600),
    "disks": Kind(kills.fulls, kills.attempt_full, size=50, patience=600),
    "cache": Kind(caches.rots, caches.attempt, size=15, patience=3000),
    "options": Kind(commands.option_cases, command),
    "calls": Kind(calls.snippets, calls.call, size=400),
    "engines": Kind(engines.descents, engines.compare, size=400),
}
