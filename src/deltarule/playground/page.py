"""The page: one HTML file that holds everything, works from a disk, and asks no network for anything.

The scripts are plain ES modules, which Node imports as they stand. A browser imports no module from a `file://` address, so the
page has them one after the other in a single script, without their imports and exports. A bundler would do no more here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from deltarule.playground.presets import presets, question
from deltarule.playground.state import state_of
from deltarule.problem import Problem
from deltarule.typeset.templating import templates
from deltarule.version import VERSION

# Each module may import those before it.
SCRIPTS = (
    "generator",
    "layers",
    "descent",
    "regions",
    "separable",
    "lowest",
    "history",
    "words",
    "state",
    "editing",
    "figures",
    "elements",
    "formulas",
    "mathml",
    "sums",
    "hands",
    "rounded",
    "judging",
    "mistakes",
    "practising",
    "reading",
    "drawing",
    "shown",
    "frame",
    "marks",
    "shading",
    "landscape",
    "plane",
    "matrices",
    "comparing",
    "curve",
    "toml",
    "opening",
    "pasting",
    "taking",
    "remembered",
    "exports",
    "keeping",
    "address",
    "hosted",
    "practice",
    "scorm",
    "looking",
    "pattern",
    "status",
    "stopping",
    "transport",
    "controls",
    "main",
)
IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
# Comments that have lines of their own: they are for who reads the sources, and half as long as the rest.
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)[ \t]*\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)


def page(problem: Problem | None = None, *, practice: bool = False) -> str:
    """The playground as one HTML page.

    Parameters
    ----------
    problem : what it opens with; None: the handout's question 1.
    practice : whether it is an exercise alone: matrices are typed, never shown.

    Raises
    ------
    InputError
        If the problem is larger than the page shows, or its layer is of a kind without formulas there.

    Examples
    --------
    >>> page()[:15]
    '<!DOCTYPE html>'
    """
    opened = state_of(question(1) if problem is None else problem)
    style, script = _file("page.css"), joined_scripts()
    return templates("deltarule.playground").get_template("page.html").render(
        title=opened["title"],
        practice=practice,
        version=VERSION,
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        style_hash=_hash(style),
        script_hash=_hash(script),
        opened=_data(opened),
        presets=_preset_data(),
    )  # fmt: skip


@cache
def joined_scripts() -> str:
    """All scripts as one module, without comments."""
    return "\n".join(EXPORT.sub("", IMPORT.sub("", COMMENT.sub("", _file(f"{name}.js")))) for name in SCRIPTS)


def _file(name: str) -> str:
    text = (resources.files("deltarule.playground") / "scripts" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _hash(text: str) -> str:
    """What a content security policy calls a script or a style by, so that the page runs no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _preset_data() -> Markup:
    states = {name: state_of(problem) for name, problem in presets().items()}
    states["question_3"]["shown"] = [2, 3]  # petals tell the species apart
    return _data(states)


def _data(value: Any) -> Markup:
    """A value as JSON that no browser takes for the end of its element, or for a comment."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
