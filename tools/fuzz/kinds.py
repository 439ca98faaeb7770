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


# The last ones begin processes, or compile: an input takes a second or a minute, and their turn comes less often.
KINDS = {
    "problem": Kind(commands.problem_cases, command, share=6),
    "answer": Kind(commands.answer_cases, command, share=6),
    "table": Kind(data_files.table_cases, command, share=6),
    "silent": Kind(silent.spoilt, command, share=6),
    "options": Kind(commands.option_cases, command, share=6),
    "calls": Kind(calls.snippets, calls.call, size=400, share=6),
    "engines": Kind(engines.descents, engines.compare, size=400, share=6),
    "folder": Kind(folders.folder_cases, folders.attempt, size=50, share=3),
    "kills": Kind(kills.kills, kills.attempt, size=50, share=3, patience=600),
    "disks": Kind(kills.fulls, kills.attempt_full, size=50, patience=600),
    "cache": Kind(caches.rots, caches.attempt, size=3, patience=3000),
}
