"""Calls of public functions, as lines of Python, with wrong things in the places of right ones."""

from __future__ import annotations

import contextlib
import traceback
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.call_words import CALLS, LOOKS, SETUP, WRONG
from tools.fuzz.case import DONE, REFUSED, Fault, Snippet, Verdict, traceback_of
from tools.fuzz.judging import CONTROLS
from tools.fuzz.sandbox import MEMORY, bounded, folder, noting, quiet


@st.composite
def snippets(draw: st.DrawFn) -> Snippet:
    """A call, some of whose arguments are wrong, and a look at what it gives."""
    function, arguments = draw(st.sampled_from(CALLS))
    words = []
    for name, right in arguments.items():
        optional = name.endswith("=")
        if optional and draw(st.booleans()):
            continue
        word = draw(st.sampled_from(right + WRONG if draw(st.integers(0, 3)) == 3 else right))
        words.append(f"{name}{word}" if optional else word)
    call = f"{function}({', '.join(words)})"
    return Snippet(SETUP, draw(st.sampled_from(LOOKS)).format(call))


_prepared: dict[str, Any] = {}


def call(snippet: Snippet) -> Verdict:
    """Evaluate a snippet: it gives something, or raises one of deltarule's errors, whose four fields are there."""
    return quiet(lambda: _call(snippet))


def _call(snippet: Snippet) -> Verdict:
    from deltarule import DeltaruleError

    if not _prepared:
        exec(snippet.setup, _prepared)
    verdict, warned = Verdict(), list[str]()
    used = 0
    with folder(), noting(warned):
        try:
            with bounded() as peak:
                try:
                    given = eval(snippet.call, dict(_prepared))
                finally:
                    used = peak()
            if isinstance(given, str) and not snippet.call.startswith(("repr(", "str(")) and CONTROLS.search(given):
                verdict.faults.append(Fault("output", "a control character in what a call gives", repr(given)[:3000]))
        except DeltaruleError as error:
            verdict.ended = REFUSED
            verdict.faults += _message_faults(error)
        except BaseException as error:  # noqa: BLE001 - whatever comes out is the fault that is looked for
            if not _is_own(error):
                verdict.faults.append(traceback_of(error))
            verdict.ended = REFUSED
    if used > MEMORY:
        verdict.faults.append(Fault("memory", "more than 2 GB", f"{used / 2**30:.1f} GiB at the peak"))
    verdict.faults += [
        Fault("warning", text.partition(": ")[0], text) for text in warned if " in <string>:" not in text
    ]
    assert verdict.ended in (DONE, REFUSED)
    return verdict


def _is_own(error: BaseException) -> bool:
    """Whether an exception is of the snippet itself, not of deltarule: no line of the package is in its traceback.

    So it is where an argument is missing, or where a generator is to be copied.
    """
    return not any("/deltarule/" in frame.filename for frame in traceback.extract_tb(error.__traceback__))


def _message_faults(error: BaseException) -> list[Fault]:
    faults = []
    with contextlib.suppress(AttributeError):
        empty = [name for name in ("name", "rule", "remedy") if not str(getattr(error, name)).strip()]
        if empty:
            faults.append(Fault("output", f"an error without its {empty[0]}", str(error)))
    if CONTROLS.search(str(error)):
        faults.append(Fault("output", "a control character in an error", repr(str(error))[:2000]))
    return faults
