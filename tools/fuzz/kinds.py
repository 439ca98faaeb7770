"""The kinds of input, by their names."""

from __future__ import annotations

from tools.fuzz import caches, calls, commands, data_files, engines, folders, kills, models, silent
from tools.fuzz.case import Case, Verdict
from tools.fuzz.judging import judged
from tools.fuzz.rounds import Kind
from tools.fuzz.sandbox import run_command


def command(case: Case) -> Verdict:
    """Run a command, and judge it."""
    return judged(case, run_command(case))


# Sizes and shares are such that the kinds take about as long as each other: an answer takes ten times as long as a call, and
# the last ones begin processes or compile.
KINDS = {
    "problem": Kind(commands.problem_cases, command, share=6),
    "answer": Kind(commands.answer_cases, command, size=50, share=4),
    "table": Kind(data_files.table_cases, command, share=6),
    "silent": Kind(silent.spoilt, command, share=6),
    "options": Kind(commands.option_cases, command, share=6),
    "calls": Kind(calls.snippets, calls.call, size=1000, share=6),
    "engines": Kind(engines.descents, engines.compare, size=400, share=6),
    "model": Kind(models.model_cases, models.read_model, share=3),
    "frame": Kind(models.frame_cases, models.read_frame, share=3),
    "model-kills": Kind(kills.model_kills, kills.attempt, size=25, share=1, patience=600),
    "folder": Kind(folders.folder_cases, folders.attempt, size=25, share=2),
    "kills": Kind(kills.kills, kills.attempt, size=25, share=3, patience=600),
    "disks": Kind(kills.fulls, kills.attempt_full, size=25, share=2, patience=600),
    "cache": Kind(caches.rots, caches.attempt, size=2, patience=3000, prepare=caches.sound),
}
