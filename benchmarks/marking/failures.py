"""Cases that failed, as problem and answer that can be tried again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.marking.answers import Document
from benchmarks.marking.cases import Case
from benchmarks.marking.judging import Said, said
from benchmarks.marking.kinds import Result, case, unknown, verdict
from benchmarks.marking.telling import CANNOT_BE_TOLD
from deltarule.problem import problem_from, problem_text

# Verdicts that ask for no change.
WELL = {"", "named", "named otherwise", CANNOT_BE_TOLD}
WRITTEN = 40
OF_EACH = 2


def toml(answer: Document) -> str:
    """An answer as a file, with its figures as they were written."""
    lines = [f"decimals = {answer['decimals']}"] if "decimals" in answer else []
    tables = {f"iteration.{number}": parts for number, parts in answer.get("iteration", {}).items()}
    tables |= {name: answer[name] for name in ("convergence", "metrics") if name in answer}
    for name, parts in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{part} = {_value(value)}" for part, value in parts.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return (
        f'"{value}"'
        if isinstance(value, str)
        else f"{value:.10f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else str(value)
    )


def shown(kind: str, subject: str, seed: int, index: int) -> str:
    """A case with its problem, its answer, what was said and what is right."""
    drawn = case(kind, subject, seed, index)
    if drawn is None:
        return "There is no such case."
    it = said(drawn, unknown(kind, drawn))
    return _told(drawn, it, verdict(kind, drawn, it), f"{kind}/{subject}" if subject else kind, seed, index)


def _again(result: Result, seed: int) -> str:
    """A case that was marked before."""
    drawn = case(result.kind, result.subject, seed, result.index)
    kind = f"{result.kind}/{result.subject}" if result.subject else result.kind
    return _told(drawn, result.said, result.verdict, kind, seed, result.index) if drawn else ""


def _told(drawn: Case, it: Said, found: str, kind: str, seed: int, index: int) -> str:
    did = " AND ".join(slip.what for slip in drawn.slips) or "nothing wrong"
    names = sorted({name for slip in drawn.slips for name in slip.names + slip.near})
    true = ", ".join(names) or "none: silence"
    lines = [
        f"### {found or 'well'}: {did} ({drawn.when}); `--show {kind} {index} --seed {seed}`",
        "",
        f"- rounding: {drawn.style}; kept on the way: {drawn.plan.style.figures}; decimals written: {drawn.plan.decimals}",
        f"- said: {', '.join(it.mistakes) or 'no mistake'}{' (alternatives)' if it.alternatives else ''}",
        f"- remarks: {', '.join(it.remarks) or '-'}; right: {it.right}; marks {it.score:.2f}; {it.crash}",
        f"- names that are right: {true}",
        f"- marked wrong: {', '.join(it.wrong_parts) or '-'}",
        f"- wrong entries: {'; '.join(it.entries) or '-'}",
        *(f"- {sentence}" for sentence in it.sentences),
        "",
        "```toml problem.toml",
        problem_text(problem_from(drawn.task.document)).strip(),
        "```",
        "```toml answer.toml",
        toml(drawn.answer).strip(),
        "```",
    ]
    if drawn.right and drawn.slips:
        lines += ["The right answer in the same style:", "```toml", toml(drawn.right).strip(), "```"]
    return "\n".join(lines) + "\n"


def write_failures(folder: Path, kind: str, results: list[Result], seed: int) -> None:
    """Some cases of each failure, the most frequent first, above those that were written before."""
    groups: dict[tuple[str, object, object], list[Result]] = {}
    for each in results:
        if each.verdict not in WELL:
            what = each.slips or (each.subject,)
            groups.setdefault((each.verdict, what, each.said.mistakes), []).append(each)
    order = sorted(
        groups.values(), key=lambda group: (group[0].verdict in {"silence", "among", "passed", "untimed"}, -len(group))
    )
    counts = Counter(each.verdict or "well" for each in results)
    lines = [f"# {kind}: {len(results)} cases, seed {seed}: {dict(counts.most_common())}", ""]
    for group in order[:WRITTEN]:
        lines.append(f"## {len(group)} times")
        lines += [_again(each, seed) for each in group[:OF_EACH]]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"failures_{kind}.md").write_text("\n".join(lines), encoding="utf-8")
