"""Many answers at once: a table for the instructor, and which mistakes are commonest."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from deltarule.cli.output import check_writable, print_json, print_lines, width
from deltarule.errors import AnswerError, DeltaruleError, InputError
from deltarule.marking.answer.file import SUFFIXES, TABLES
from deltarule.marking.folder.pairing import composed, problem_for, problems_in, title

# Fewer answers than these are marked sooner in one process.
WORTH_PROCESSES = 40
CHUNK = 10
# Letters of a file's name in the table.
LONGEST = 36
# Mistakes in the table of the commonest, and problems without an answer that are named.
COMMONEST, MOST_MISSING = 12, 20


def check_folder(problem: Path, folder: Path, *, page: Path | None, json: bool) -> int:
    """Mark all answers of a folder, say what came out, and give the exit code: 0 where all are right."""
    if page is not None:
        check_writable("page", page)
    files = sorted(p for p in folder.iterdir() if _is_answer(p))
    if not files:
        raise InputError("folder", "hold answers (.toml, .json or .csv)", f"none in {str(folder)!r}", "Check its name.")
    jobs, missing = _jobs(problem, files)
    results = list(_marked(jobs))
    _tell_whose(results, jobs, problem)
    counts = Counter(name for each in results for name in each.get("names", ()))
    if page is not None:
        from deltarule.files import write_whole
        from deltarule.marking.report.page import folder_page

        write_whole(page, folder_page(results, counts.most_common(), missing))
    if json:
        print_json({"answers": [{"file": r["file"], **r.get("marks", {"error": r.get("error")}),
                                 **({"whose": r["whose"]} if "whose" in r else {})} for r in results],
                    "mistakes": dict(counts.most_common()), "missing": missing})  # fmt: skip
    else:
        print_lines(_lines(results, counts, missing))
    return 0 if all(each.get("right") for each in results) else 1


def _tell_whose(results: list[dict[str, Any]], jobs: list[Job], problem: Path) -> None:
    """Of answers to another problem, and of a folder of problems: which of them it is."""
    from deltarule.marking.checking import STRANGER, belongs
    from deltarule.problem import read_problem

    strange = [(each, job) for each, job in zip(results, jobs, strict=True) if STRANGER.name in each.get("names", ())]
    if not strange or not problem.is_dir():
        return
    others = {title(path): read_problem(path) for path in set(problems_in(problem).values())}
    for each, job in strange:
        whose = next((name for name, other in sorted(others.items()) if belongs(other, job.file)), None)
        if whose is not None:
            each["whose"] = whose
            each["summary"] += f" It is the answer to {whose}."


def _is_answer(path: Path) -> bool:
    """Whether a file is an answer: not hidden, and not a matrix beside one (a CSV file that is an answer names its table)."""
    if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES:
        return False
    return path.suffix.lower() != ".csv" or any(word in TABLES for word in path.stem.split("."))


class Job(NamedTuple):
    """An answer to mark; `why`: what keeps it from being read."""

    problem: Path
    file: Path
    why: str = ""


def _jobs(problem: Path, files: list[Path]) -> tuple[list[Job], list[str]]:
    """Each answer with its problem, and the problems that have none.

    The problem is the one given, or, of a folder, that of the same name.
    """
    from deltarule.problem import read_problem

    if not problem.is_dir():
        read_problem(problem)  # what is wrong with it is said once
        return [_job({}, file, problem) for file in files], []
    problems = problems_in(problem)
    jobs = [_job(problems, file) for file in files]
    answered = {job.problem for job in jobs}
    return jobs, sorted(title(path) for path in set(problems.values()) - answered)


def _job(problems: Mapping[str, Path], file: Path, problem: Path | None = None) -> Job:
    try:
        problem = problem or problem_for(file, problems)
    except InputError as error:
        return Job(Path(), file, str(error))
    if file.is_file():
        return Job(problem, file)
    found = "a folder" if file.is_dir() else "a link to nothing" if file.is_symlink() else "no file"
    return Job(problem, file, str(AnswerError(str(file), f"This is {found}. Put the answer itself there.")))


def _marked(jobs: list[Job]) -> Iterator[dict[str, Any]]:
    """The marks of each, with a bar; by as many processes as there are cores."""
    from deltarule.typeset.progress import bar

    update, close = bar("Marking", len(jobs))
    try:
        if len(jobs) < WORTH_PROCESSES:
            for done, job in enumerate(jobs, start=1):
                yield _mark(job)
                update(done, float("nan"))
            return
        with ProcessPoolExecutor(_cores()) as pool:
            for done, result in enumerate(pool.map(_mark, jobs, chunksize=CHUNK), start=1):
                yield result
                update(done, float("nan"))
    finally:
        close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# Those read by this process: most answers have the same.
_problems: dict[Path, Any] = {}


def _mark(job: Job) -> dict[str, Any]:
    """One answer's marks as plain values; what is wrong with the file where it cannot be marked."""
    from deltarule.marking import check
    from deltarule.marking.report.text import part_title, summary
    from deltarule.problem import read_problem

    problem, file, why = job
    found: dict[str, Any] = {"file": file.name}
    if why:
        return found | {"error": why, "right": False}
    try:
        path = problem.resolve()
        if path not in _problems:
            _problems[path] = read_problem(problem)
        marks = check(_problems[path], file)
    except DeltaruleError as error:
        return found | {"error": str(error), "right": False}
    return found | {
        "marks": marks.to_dict(),
        "right": marks.right,
        "score": marks.score,
        "names": [mistake.name for mistake in marks.mistakes if mistake.is_mistake],
        "lost": any(part.verdict == "wrong" for part in marks),
        "faults": [f"{part_title(part)}: {why}" for part, why in marks.faults.items()],
        "summary": summary(marks),
    }


def _said(result: dict[str, Any]) -> str:
    """What is in the last column of the table."""
    from deltarule.typeset.words import counted

    if "error" in result:
        return "not read"
    whose = f" ({result['whose']})" if "whose" in result else ""
    told = [name + whose * (name == "another-problem") for name in result["names"]]
    told = told or (["no known mistake"] if result["lost"] else [])
    unread = [f"{counted(len(result['faults']), 'part')} not read"] if result["faults"] else []
    return ", ".join([*told, *unread]) or "right"


def _lines(results: list[dict[str, Any]], counts: Counter[str], missing: list[str]) -> list[Any]:
    from deltarule.typeset.columns import Block, Line, banded, wrapped
    from deltarule.typeset.figures import figure
    from deltarule.typeset.words import counted, short_name

    index = Block("", ["answer"], [[short_name(composed(r["file"]), LONGEST)] for r in results], words=True)
    scores = [[f"{figure(100 * r['score'], 0)}%" if "score" in r else "-"] for r in results]
    said = [[_said(r)] for r in results]
    styles = ["" if r["right"] else "red" for r in results]
    blocks = [Block("", ["score"], scores), Block("", ["mistakes"], said, words=True)]
    lines = banded(index, blocks, width(), styles=styles)
    unread = [why for r in results for why in _unread(r)]
    if unread:
        lines += [Line(""), Line("Not read", "bold")]
        for why in unread:
            lines += wrapped(f"  {why}", width(), indent="    ")
    if counts:
        lines += [Line(""), Line("Commonest mistakes", "bold")]
        lines += [Line(f"  {count:>4}  {mistake}") for mistake, count in counts.most_common(COMMONEST)]
    if missing:
        more = [f"and {len(missing) - MOST_MISSING} more"] if len(missing) > MOST_MISSING else []
        named = ", ".join([*(short_name(each, LONGEST) for each in missing[:MOST_MISSING]), *more])
        lines += [Line(""), *wrapped(f"No answer: {named}", width(), indent="  ")]
    right = sum(bool(r["right"]) for r in results)
    return [*lines, Line(""), Line(f"{counted(len(results), 'answer')}, {right} right.", "bold")]


def _unread(result: dict[str, Any]) -> list[str]:
    """What could not be read of an answer, or the whole of it, and why."""
    from deltarule.typeset.words import short_name

    if "error" in result:
        return [result["error"]]
    return [f"{short_name(composed(result['file']), LONGEST)}, {fault}" for fault in result["faults"]]
