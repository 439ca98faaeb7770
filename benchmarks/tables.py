"""The records as Markdown: how many times deltarule is faster comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.contenders import WHOLE_CALL
from benchmarks.measuring import Record
from benchmarks.works import WORKS
from deltarule.files import write_whole

PROOFS = {
    "order": "same weights, same order of patterns",
    "given": "same weights, patterns in the order given",
    "full": "same weights, full batch",
    "loss": "same loss reached",
}
HEAD = """# Benchmarks

Made by `make bench` in one run: {machine}. {packages}.

Medians of {rounds} round(s) in which all contenders run in turn, with the least and the greatest. The ratio, *times*, is the
contender's time over deltarule's of the same round: above 1, deltarule is faster. Compiling and warming up are timed in the
first section alone.
Each contender has first shown that it does the same mathematics: its weights are those of a plain NumPy loop in float64, to
1e-9 of the largest in float64 and 1e-3 in float32.{quick}
"""


def documents(out: Path) -> list[dict[str, Any]]:
    """What the workers wrote, in the order of the works and by threads."""
    found = [json.loads(path.read_text()) for path in out.glob("*-*.json")]
    return sorted(found, key=lambda each: (WORKS.index(each["work"]), each["threads"]))


def write(out: Path) -> str:
    """All tables, into DIR/benchmarks.md; gives the text."""
    found = documents(out)
    text = "\n".join([head(found), summary(found), *(section(each) for each in found)])
    write_whole(out / "benchmarks.md", text.encode())
    return text


def head(found: list[dict[str, Any]]) -> str:
    """How it was measured, and on what."""
    about = found[0]["about"]
    versions = ", ".join(f"{name} {version}" for name, version in about["packages"].items() if version)
    rounds = max(
        len(record["seconds"]["rounds"]) for each in found for record in each["records"] if "seconds" in record
    )
    return HEAD.format(
        machine=f"{about['processor']}, {max(each['threads'] for each in found)} cores used at the most",
        packages=f"Python {about['python']}, {versions}",
        rounds=rounds,
        quick=" **A quick run, with small numbers: no figure here means anything.**" if found[0]["quick"] else "",
    )


def by_work(found: list[dict[str, Any]]) -> dict[str, list[Record]]:
    """The records with ratios of each work, setting and number of threads, growth left out; deltarule's own is the first."""
    groups = {
        setting + (f", {each['threads']} threads" if each["threads"] > 1 else ""): records
        for each in found
        if each["work"] not in ("growth", "start")
        for setting, records in by_setting(each["records"]).items()
    }
    timed = {name: [record for record in records if "times" in record] for name, records in groups.items()}
    return {name: records for name, records in timed.items() if records}


def summary(found: list[dict[str, Any]]) -> str:
    """A line a work: against the tutorials' PyTorch, and against the fastest peer that does the same mathematics."""
    rows = []
    for name, (own, *others) in by_work(found).items():
        peers = [r for r in others if "deltarule" not in r["contender"] and r["proof"] != "loss"]
        tutorial = [r for r in peers if r["contender"].startswith("PyTorch tutorial")]
        best = min(peers, key=lambda r: r["times"]["median"], default=None)
        rows.append(
            [
                name,
                times(tutorial[0]["times"]["median"]) if tutorial else "",
                f"{times(best['times']['median'])} ({best['contender']})" if best else "",
                seconds(own["seconds"]["median"]),
            ]
        )
    header = ["work", "times PyTorch as its tutorials write it", "times the fastest peer", "deltarule"]
    return markdown(header, rows, "lrrr")


def section(document: dict[str, Any]) -> str:
    """One work, one number of threads."""
    records = document["records"]
    title = f"## {document['title']} ({document['threads']} thread{'s' if document['threads'] > 1 else ''})\n"
    if document["work"] == "start":
        rows = [[seconds(r["seconds"]["median"]), between(r["seconds"]), r["setting"]] for r in records]
        return title + "\n" + markdown(["median", "min to max", "what"], rows, "rrl")
    if document["work"] in ("iris", "growth"):
        return title + "\n" + "\n".join(pivot(part) for part in by_axis(records))
    parts = [
        f"### {setting[0].upper() + setting[1:]}\n\n{listing(part)}" for setting, part in by_setting(records).items()
    ]
    return title + "\n" + "\n".join(parts)


def listing(records: Sequence[Record]) -> str:
    """A row a contender."""
    rows = []
    for record in records:
        if record["status"] == "measured":
            ratio = (
                f"{times(record['times']['median'])} ({between(record['times'], times)})" if "times" in record else ""
            )
            spent = [seconds(record["seconds"]["median"]), between(record["seconds"])]
            proof = PROOFS[record["proof"]] + (f" ({record['apart']:.0e})" if "apart" in record else "")
            rows.append(
                [ratio, record["contender"], *spent, proof, "; ".join(filter(None, (record["note"], scaled(record))))]
            )
        else:
            rows.append(["", record["contender"], record["status"], "", "", record["why"]])
    return markdown(["times (min to max)", "contender", "median", "min to max", "proof", "note"], rows, "rlrrll")


def scaled(record: Record) -> str:
    """How long a call was, where that matters; that a time was scaled up."""
    if record["contender"] == WHOLE_CALL.name:
        return f"{record['epochs']} epochs a call"
    if "one after another" not in record["contender"]:
        return ""
    return f"measured on {record['models']} models for {record['epochs']} epochs, and scaled"


def pivot(records: Sequence[Record]) -> str:
    """Ratios of all contenders, a column a setting; deltarule's own times below."""
    settings = list(dict.fromkeys(record["setting"] for record in records))
    cells = {(record["contender"], record["setting"]): record for record in records}
    names = dict.fromkeys(record["contender"] for record in records if record["contender"] != "deltarule")
    rows = [[f"times {name}", *(_cell(cells.get((name, setting))) for setting in settings)] for name in names]
    own = [cells["deltarule", setting] for setting in settings]
    rows.append(["deltarule", *(seconds(r["seconds"]["median"]) if "seconds" in r else r["status"] for r in own)])
    return markdown(["", *settings], rows, "l" + "r" * len(settings))


def _cell(record: Record | None) -> str:
    if record is None:
        return ""
    return times(record["times"]["median"]) if "times" in record else str(record["status"])


def by_setting(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The records of each setting."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["setting"], []).append(record)
    return found


def by_axis(records: Iterable[Record]) -> list[list[Record]]:
    """The records of each axis of growth; all, where there is none."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.get("axis", ""), []).append(record)
    return list(found.values())


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]], alignment: str) -> str:
    """A table; `alignment` has an l or r for each column."""
    rules = ["---:" if side == "r" else "---" for side in alignment]
    lines = [" | ".join(row) for row in (header, rules, *rows)]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def seconds(value: float) -> str:
    """Three digits, in the unit that suits: 136 ns, 1.27 s."""
    unit, size = next(
        ((unit, size) for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)) if value >= 0.9995 * size),
        ("ns", 1e-9),
    )
    return f"{digits(value / size)} {unit}"


def times(value: float) -> str:
    """Three digits: 0.912, 1,230."""
    return digits(value)


def digits(value: float) -> str:
    """Three of them, and none after the point where there are more before it."""
    return f"{value:,.0f}" if value >= 999.5 else f"{value:#.3g}".rstrip(".")


def between(of: dict[str, float], write: Any = seconds) -> str:
    """The least to the greatest."""
    return f"{write(of['min'])} to {write(of['max'])}"
