"""The handout's three questions: worked, drawn, and compared with what the handout prints."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Mapping, Sequence
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltarule.errors import InputError, MissingExtraError
from deltarule.tutorial.plan import FULL, Plan

if TYPE_CHECKING:
    from deltarule.tutorial.account import Answer

QUESTIONS = (1, 2, 3)


def run(
    out: Path | str,
    questions: Sequence[int] = QUESTIONS,
    *,
    plan: Plan = FULL,
    progress: bool = False,
    two_processes: bool = False,
) -> dict[str, Any]:
    """Answer the questions and write `out/index.html`, the figures as `out/*.svg`, and `out/results.json`.

    The handout's printed answers, their problems and their marks go to `out/printed`.

    Parameters
    ----------
    out : a folder, which is made if it does not exist.
    questions : any of 1, 2 and 3.
    plan : how much work is done; `deltarule.tutorial.plan.SMALL` takes seconds, and its figures are not those to read.
    progress : report the steps on standard error.
    two_processes : work the longest descents in a process beside this one; a script must then guard what it does with
        `if __name__ == "__main__"`. Times are taken while the other process does nothing.

    Returns
    -------
    The content of results.json.

    Raises
    ------
    InputError
        If there is no such question, or `out` cannot be written to.
    MissingExtraError
        If PyTorch is not installed.
    """
    from deltarule.files import made_folder, write_all
    from deltarule.tutorial.beside import beside
    from deltarule.tutorial.page import page
    from deltarule.tutorial.printed_answers import printed_files, problem_of
    from deltarule.tutorial.progress import reported

    questions = _chosen(questions)
    if find_spec("torch") is None:  # said before the work, not in the middle of it
        raise MissingExtraError("the tutorial", "PyTorch", "autograd")
    folder = Path(out)
    began = time.perf_counter()
    modules = {number: import_module(f"deltarule.tutorial.question{number}") for number in questions}
    problems = {number: problem_of(f"question_{number}") for number in questions}
    answers: dict[int, Answer] = {}
    drawn: dict[str, str] = {}
    with (
        made_folder(folder / "printed") as printed,
        reported({number: module.STEPS for number, module in modules.items()}, show=progress) as steps,
        beside(allowed=two_processes) as begin,
    ):
        # All that is worked beside is begun first, so that it never waits for this process.
        waits = {number: begin(module.beside(problems[number], plan)) for number, module in modules.items()}
        left = {
            number: module.answer(problems[number], steps, plan, waits[number]) for number, module in modules.items()
        }
        while left:
            for number, stages in list(left.items()):
                steps.question(number)
                try:
                    next(stages)
                except StopIteration as ended:
                    del left[number]
                    answers[number] = ended.value
                    if not left:
                        steps.begin_last()
                    drawn |= _drawn(number, ended.value)
        answers = dict(sorted(answers.items()))
        results = _results(answers, time.perf_counter() - began)
        marks = {name: each for answer in answers.values() for name, each in answer.marks.items()}
        shown = {f"question_{number}": answer.shown for number, answer in answers.items()}
        files = {folder / f"{name}.svg": svg for name, svg in drawn.items()}
        files |= {printed / name: text for name, text in printed_files(marks).items()}
        files[folder / "results.json"] = json.dumps(results, indent=1, allow_nan=False)
        files[folder / "index.html"] = page(results, shown, drawn)
        write_all(files)
    return results


def _drawn(number: int, answer: Answer) -> dict[str, str]:
    """The figures of the answer to a question, by name, as SVG."""
    from deltarule import plots
    from deltarule.tutorial.figures import FIGURES

    return {name: plots.svg_text(figure, title, name) for name, (figure, title) in FIGURES[number](answer).items()}


def _results(answers: Mapping[int, Answer], seconds: float) -> dict[str, Any]:
    """The content of results.json."""
    results: dict[str, Any] = {f"question_{number}": answer.results for number, answer in answers.items()}
    results["marks"] = {name: each.to_dict() for answer in answers.values() for name, each in answer.marks.items()}
    results["account"] = [entry.to_dict() for answer in answers.values() for entry in answer.account]
    results["about"] = {**_versions(), "seconds": round(seconds, 1)}
    return results


def _chosen(questions: Sequence[int]) -> list[int]:
    unknown = [number for number in questions if number not in QUESTIONS]
    if unknown or not questions:
        raise InputError("question", "be 1, 2 or 3", unknown[0] if unknown else "none", "Leave it out for all three.")
    return sorted(set(questions))


def _versions() -> dict[str, str]:
    packages = ("deltarule", "numpy", "scipy", "numba", "torch")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in packages}}
