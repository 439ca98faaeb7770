"""Many answers at once: a table for the instructor, and which mistakes are commonest."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from deltarule.cli.output import check_writable, print_json, print_lines, width
from deltarule.errors import DeltaruleError, InputError
from deltarule.marking.answers import TABLES

SUFFIXES = (".toml", ".json", ".csv")
# Fewer answers than these are marked sooner in one process.
WORTH_PROCESSES = 40
CHUNK = 10
# Letters of a file's name in the table.
LONGEST = 40
# Mistakes in the table of the commonest.
COMMONEST = 12


def check_folder(problem: Path, folder: Path, *, page: Path | None, json: bool) -> int:
    """Mark all answers of a folder, say what came out, and give the exit code: 0 where all are right."""
    if page is not None:
        check_writable("page", page)
    files = sorted(p for p in folder.iterdir() if _is_answer(p))
    if not files:
        raise InputError("folder", "hold answers (.toml, .json or .csv)", f"none in {str(folder)!r}", "Check its name.")
    jobs = list(_jobs(problem, files))
    results = list(_marked(jobs))
    counts = Counter(name for each in results for name in each.get("names", ()))
    if page is not None:
        from deltarule.files import write_whole
        from deltarule.marking.page import folder_page

        write_whole(page, folder_page(results, counts.most_common()))
    if json:
        print_json({"answers": [{"file": r["file"], **r.get("marks", {"error": r.get("error")})} for r in results],
                    "mistakes": dict(counts.most_common())})  # fmt: skip
    else:
        print_lines(_lines(results, counts))
    return 0 if all(each.get("right") for each in results) else 1


def _is_answer(path: Path) -> bool:
    """Whether a file is an answer: not hidden, and not a matrix beside one (a CSV file that is an answer names its table)."""
    if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    return path.suffix.lower() != ".csv" or any(word in TABLES for word in path.stem.split("."))


def _jobs(problem: Path, files: list[Path]) -> Iterator[tuple[str, str]]:
    """Each answer with its problem: the one given, or, of a folder, that of the same name up to the first point."""
    from deltarule.problem import read_problem

    if not problem.is_dir():
        read_problem(problem)  # what is wrong with it is said once
        yield from ((str(problem), str(file)) for file in files)
        return
    own = {p.name.partition(".")[0]: p for p in sorted(problem.glob("*.toml"), key=lambda p: -p.name.count("."))}
    if not own:
        raise InputError("folder", "hold problems (.toml)", f"none in {str(problem)!r}", "Check its name.")
    for file in files:
        yield str(own.get(file.name.partition(".")[0], "")), str(file)


def _marked(jobs: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The marks of each, with a bar; by as many processes as there are cores."""
    from deltarule.show.progress import bar

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


_problems: dict[str, Any] = {}


def _mark(job: tuple[str, str]) -> dict[str, Any]:
    """One answer's marks as plain values; what is wrong with the file where it cannot be marked."""
    from deltarule.marking import check
    from deltarule.marking.text import summary
    from deltarule.problem import read_problem

    problem, file = job
    found: dict[str, Any] = {"file": Path(file).name}
    try:
        if not problem:
            remedy = "Rename it, or give one problem for all."
            raise InputError("answer", "have a problem of the same name", Path(file).name, remedy)
        if problem not in _problems:
            _problems[problem] = read_problem(problem)
        marks = check(_problems[problem], file)
    except DeltaruleError as error:
        return found | {"error": str(error), "right": False}
    return found | {
        "marks": marks.to_dict(),
        "right": marks.right,
        "score": marks.score,
        "names": [mistake.name for mistake in marks.mistakes if mistake.wrong],
        "summary": summary(marks),
    }


def _said(result: dict[str, Any]) -> str:
    """What is in the last column of the table."""
    if "error" in result:
        return "not read"
    return ", ".join(result["names"]) or ("right" if result["right"] else "no known mistake")


def _lines(results: list[dict[str, Any]], counts: Counter[str]) -> list[Any]:
    from deltarule.show.formulas import counted
    from deltarule.show.layout import Block, Line, banded, wrapped
    from deltarule.show.names import name
    from deltarule.show.numbers import figure

    index = Block("", ["answer"], [[name(r["file"], LONGEST)] for r in results], words=True)
    scores = [[f"{figure(100 * r['score'], 0)}%" if "score" in r else "-"] for r in results]
    said = [[_said(r)] for r in results]
    styles = ["" if r["right"] else "red" for r in results]
    blocks = [Block("", ["score"], scores), Block("", ["mistakes"], said, words=True)]
    lines = banded(index, blocks, width(), styles=styles)
    unread = [r for r in results if "error" in r]
    if unread:
        lines += [Line(""), Line("Not read", "bold")]
        for each in unread:
            lines += wrapped(f"  {each['error']}", width(), indent="    ")
    if counts:
        lines += [Line(""), Line("Commonest mistakes", "bold")]
        lines += [Line(f"  {count:>4}  {mistake}") for mistake, count in counts.most_common(COMMONEST)]
    right = sum(bool(r["right"]) for r in results)
    return [*lines, Line(""), Line(f"{counted(len(results), 'answer')}, {right} right.", "bold")]
