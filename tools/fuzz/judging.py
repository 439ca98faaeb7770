"""What must hold of every command, whatever it was given."""

from __future__ import annotations

import html.parser
import io
import json
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from tools.fuzz.case import DONE, REFUSED, Case, Fault, Verdict
from tools.fuzz.sandbox import Ran, bounded_faults, run_command

# C0 without line feed and tab, DEL, C1, line separators, and what turns the direction of writing.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
CODES = (0, 1, 2)
OWN_FAULT = "fault of deltarule"
FRAME = re.compile(r'File ".*/deltarule/(.*)", line \d+, in (\S+)')
DRAFT = re.compile(r"(^|/)\.[^/]*$")


def judged(case: Case, ran: Ran) -> Verdict:
    """The verdict on a command that has been run."""
    verdict = Verdict({0: DONE, 1: "wrong"}.get(ran.code, REFUSED), bounded_faults(ran))
    if ran.error is not None:
        return verdict
    verdict.faults += _code_faults(case, ran)
    verdict.faults += _shown_faults("the output", ran.out) + _shown_faults("the message", ran.err)
    if _asks_json(case.argv) and ran.code in (0, 1):
        verdict.faults += _parsed("--json", "output.json", ran.out.encode())
    for name, data in ran.changed.items():
        verdict.faults += _file_faults(case, name, data)
    return verdict


def _code_faults(case: Case, ran: Ran) -> list[Fault]:
    faults = []
    told = f"exit code {ran.code}\n{ran.out[:2000]}\n{ran.err[:2000]}"
    if ran.code not in CODES or (ran.code == 1 and case.argv[0] != "check"):
        faults.append(Fault("exit code", str(ran.code), told))
    if ran.code == 2 and not _is_said(ran.err):
        faults.append(Fault("exit code", "2 without a message", told))
    if OWN_FAULT in ran.err + ran.out:
        faults.append(_own_fault(case, told))
    elif "Traceback (most" in ran.err or "Warning:" in ran.err:
        faults.append(Fault("traceback", "printed", told))
    if case.must_refuse is not None:
        name, *words = case.must_refuse
        if ran.code == 0:
            faults.append(Fault("silent", f"{name}: accepted", told))
        elif not any(word.casefold() in (ran.err + ran.out).casefold() for word in words):
            faults.append(Fault("silent", f"{name}: not named", told))
    return faults


def _own_fault(case: Case, told: str) -> Fault:
    """What a command calls a fault of its own, with the place that --debug shows."""
    again = run_command(Case(case.files, (*case.argv, "--debug")))
    said = again.err + again.out
    frames = FRAME.findall(said)
    error = re.findall(r"^(\w+(?:\.\w+)*)(?::|$)", said, re.MULTILINE)
    where = f"{frames[-1][0]}:{frames[-1][1]}" if frames else "nowhere"
    return Fault("traceback", f"{error[-1] if error else 'an error'} in {where}", f"{told}\n{said[-3000:]}")


def _is_said(err: str) -> bool:
    return "Error" in err or "Usage" in err


def _asks_json(argv: tuple[str, ...]) -> bool:
    return "--json" in argv and "--help" not in argv


def _shown_faults(where: str, text: str) -> list[Fault]:
    found = CONTROLS.search(text)
    if not found:
        return []
    around = text[max(0, found.start() - 60) : found.end() + 60]
    return [Fault("output", f"a control character in {where}", repr(around))]


def _file_faults(case: Case, name: str, data: bytes | None) -> list[Fault]:
    if name in case.files and not _may_be_replaced(case.argv, name):
        return [Fault("output", "an input was changed", name)]
    if data is None:
        return []
    if DRAFT.search(name):
        return [Fault("output", "a draft is left", name)]
    ending = name.rpartition(".")[2].lower()
    # A format that is asked for by its name may go into a file of any ending.
    faults = [] if "--format" in case.argv else _parsed(f"a .{ending} file", name, data)
    if ending in TEXTS:
        faults += _shown_faults(f"a .{ending} file", data.decode("utf-8", "replace"))
    return faults


def _may_be_replaced(argv: tuple[str, ...], name: str) -> bool:
    """Whether a file that was there is what an option of the command writes, and nothing that it reads."""
    written = [word for option, word in pairwise(argv) if option in OUTPUTS]
    read = [word for option, word in pairwise(argv) if option not in OUTPUTS]
    return name in written and not any(name == word or name.startswith(f"{word}/") for word in read)


OUTPUTS = ("--out", "--page", "--curves", "--plot", "--best-out")
TEXTS = ("html", "htm", "tex", "md", "txt", "toml", "json", "csv", "svg")


class _Page(html.parser.HTMLParser):
    """Sees to it that elements close in the order in which they open."""

    VOID = ("meta", "br", "hr", "img", "link", "input", "col", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts = self.tags = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.scripts += tag == "script"
        self.tags += 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing")


def form_fault(name: str, data: bytes) -> str | None:
    """Why a file is not whole, by its ending; None where it is.

    name : of the file.
    data : what is in it.
    """
    try:
        _check_form(name, data)
    except Exception as error:  # noqa: BLE001 - every parser has its own
        return f"{name}, {len(data)} bytes: {error!r}"
    return None


def _check_form(name: str, data: bytes) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending in FORMS:
        FORMS[ending](data)


def _check_page(data: bytes) -> None:
    page = _Page()
    page.feed(data.decode())
    if page.open or not page.tags or not data.rstrip().endswith(b">"):
        raise ValueError(f"{page.open} not closed")
    if page.scripts:
        raise ValueError("a script in a page")


def _check_lines(data: bytes) -> None:
    if not data.decode().endswith("\n"):
        raise ValueError("the last line has no end")


def _check_ends(head: bytes, tail: bytes, data: bytes) -> None:
    if not (data.startswith(head) and data.rstrip(b"\n").endswith(tail)):
        raise ValueError("cut")


def _check_model(data: bytes) -> None:
    from deltarule.storage.container import unpacked

    unpacked(data, "a model")


def _check_parquet(data: bytes) -> None:
    from pyarrow import parquet

    parquet.read_table(io.BytesIO(data))


FORMS: dict[str, Callable[[bytes], object]] = {
    "json": lambda data: json.loads(data.decode(), parse_constant=_no_number),
    "toml": lambda data: tomllib.loads(data.decode()),
    "svg": ET.fromstring,
    "html": _check_page,
    "htm": _check_page,
    "png": partial(_check_ends, b"\x89PNG", b"\xaeB`\x82"),
    "pdf": partial(_check_ends, b"%PDF", b"%%EOF"),
    "parquet": _check_parquet,
    "safetensors": _check_model,
    **dict.fromkeys(("csv", "tex", "md", "txt"), _check_lines),
}


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _parsed(where: str, name: str, data: bytes) -> list[Fault]:
    fault = form_fault(name, data)
    return [] if fault is None else [Fault("output", f"{where} that cannot be read", f"{fault}\n{data[:2000]!r}")]
