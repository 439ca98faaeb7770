"""The handout's three questions: worked, drawn, and held against what the handout prints."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Sequence
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deltarule.errors import InputError, MissingExtraError

QUESTIONS = (1, 2, 3)


def run(out: Path | str, questions: Sequence[int] = QUESTIONS, *, progress: bool = False) -> dict[str, Any]:
    """Answer the questions and write `out/index.html`, the figures as `out/*.svg`, and `out/results.json`; returns the results.

    The handout's printed answers, their problems and their marks go to `out/printed`.

    Raises
    ------
    InputError
        If there is no such question, or `out` cannot be written to.
    MissingExtraError
        If PyTorch is not installed.
    """
    from deltarule.files import make_folder, write_whole
    from deltarule.tutorial.page import page
    from deltarule.tutorial.printed_answers import files, problem_of
    from deltarule.tutorial.progress import Teller

    questions = _chosen(questions)
    if find_spec("torch") is None:  # said before the work, not in the middle of it
        raise MissingExtraError("the tutorial", "PyTorch", "autograd")
    folder = make_folder(out)
    began = time.perf_counter()
    answers, drawn = {}, {}
    modules = {number: import_module(f"deltarule.tutorial.question{number}") for number in questions}
    table = {number: module.STEPS for number, module in modules.items()}
    with Teller.of(table, show=progress) as say:
        from deltarule import plots
        from deltarule.tutorial.figures import FIGURES

        for number, module in modules.items():
            say.question(number)
            answers[number] = module.answer(problem_of(f"question_{number}"), say)
        say.last()
        for number, answer in answers.items():
            for name, (figure, title) in FIGURES[number](answer).items():
                drawn[name] = plots.svg_text(figure, title, name)
        results: dict[str, Any] = {f"question_{number}": answer.results for number, answer in answers.items()}
        marks = {name: each for answer in answers.values() for name, each in answer.marks.items()}
        results["marks"] = {name: each.to_dict() for name, each in marks.items()}
        results["account"] = [entry.to_dict() for answer in answers.values() for entry in answer.account]
        results["about"] = {**_versions(), "seconds": round(time.perf_counter() - began, 1)}
        for name, svg in drawn.items():
            write_whole(folder / f"{name}.svg", svg)
        printed = make_folder(folder / "printed")
        for name, text in files(marks).items():
            write_whole(printed / name, text)
        write_whole(folder / "results.json", json.dumps(results, indent=1, allow_nan=False))
        write_whole(folder / "index.html", page(results, drawn))
    return results


def _chosen(questions: Sequence[int]) -> list[int]:
    unknown = [number for number in questions if number not in QUESTIONS]
    if unknown or not questions:
        raise InputError("question", "be 1, 2 or 3", unknown[0] if unknown else "none", "Leave it out for all three.")
    return sorted(set(questions))


def _versions() -> dict[str, str]:
    packages = ("deltarule", "numpy", "scipy", "numba", "torch")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in packages}}
