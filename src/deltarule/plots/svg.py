"""A figure as text of an SVG or as bytes of a file: the same bytes for the same figure, text that stays text."""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from deltarule.plots.appearance import style
from deltarule.typeset.words import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# No dates and no versions: the same figure is the same bytes tomorrow.
_METADATA: dict[str, dict[str, None]] = {
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "pdf": dict.fromkeys(("CreationDate", "Creator", "Producer")),
    "png": {"Software": None},
}
_FAMILY = "DejaVu Sans"
_TAG, _STYLE = r"<[^>]*>", r' style="([^"]+)"'


def element(figure: Figure, title: str = "", name: str = "") -> str:
    """A figure as an `<svg>` element: matplotlib's, with identifiers, styles and a font of its own.

    Parameters
    ----------
    figure : a matplotlib figure.
    title : what the figure shows, for readers who cannot see it; "" for none.
    name : part of the identifiers; two copies of a figure in one page need two names.
    """
    title = one_line(title)
    text = rendered(figure, "svg").decode()
    text = text[text.index("<svg") :].strip()
    salt = "f" + hashlib.sha256(f"{name}\n{title}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:10]

    tags = re.findall(_TAG, text)
    used = {found for tag in tags for found in re.findall(r'(?:href="#|url\(#)([^")]+)', tag)}
    # Every marker brings its own style; as classes they take half the space.
    looks = Counter(found for tag in tags for found in re.findall(_STYLE, tag))
    classes = {look: f"{salt}-{place}" for place, (look, uses) in enumerate(looks.items()) if uses > 1}

    def rewritten(tag: re.Match[str]) -> str:
        new = re.sub(r' id="([^"]+)"', lambda m: f' id="{salt}-{m[1]}"' if m[1] in used else "", tag[0])
        new = re.sub(r'(href="#|url\(#)', rf"\g<1>{salt}-", new)
        new = re.sub(_STYLE, lambda m: f' class="{classes[m[1]]}"' if m[1] in classes else m[0], new)
        return new.replace(*_family(salt))

    shown = "".join(html.unescape(found) for found in re.findall(r">([^<]*)</(?:text|tspan)>", text))
    rules = "".join(f".{chosen}{{{look}}}".replace(*_family(salt)) for look, chosen in classes.items())
    if shown.strip():
        rules += f"@font-face{{font-family:{salt};src:url(data:font/woff;base64,{_glyphs(shown)})}}"
    text = re.sub(_TAG, rewritten, text)
    # What was a rule for every element, of the page too, is a property that this element hands down.
    text = re.sub(r"<style[^>]*>.*?</style>", lambda _: f"<style>{rules}</style>", text, count=1, flags=re.DOTALL)
    label = html.escape(title)
    opening = (
        f'<svg id="{salt}"'
        + (f' role="img" aria-label="{label}"' if title else "")
        + ' stroke-linejoin="round" stroke-linecap="butt"'
    )
    text = opening + text.removeprefix("<svg")
    return text.replace(">", f"><title>{label}</title>", 1) if title else text


def _family(salt: str) -> tuple[str, str]:
    """The font's name as matplotlib writes it, and as it should be: the embedded glyphs, or else what is there."""
    return f"font-family: '{_FAMILY}'", f"font-family: {salt}, '{_FAMILY}', Verdana, sans-serif"


def rendered(figure: Figure, kind: str) -> bytes:
    """The `figure` as the content of a file of this `kind`: "svg", "pdf" or "png"."""
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format=kind, metadata=_METADATA[kind])
    return buffer.getvalue()


def _glyphs(characters: str) -> str:
    """The font with these characters only, as WOFF in base 64: a machine that lacks the font sets the same widths."""
    import base64

    from fontTools import subset  # type: ignore[import-untyped]  # it has no stubs
    from matplotlib.font_manager import FontProperties, findfont

    options = subset.Options()
    options.flavor = "woff"
    options.hinting = False
    options.layout_features = ["kern"]
    options.name_IDs = []
    options.recalc_timestamp = False
    options.drop_tables += ["FFTM"]  # a font editor's time stamp
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(set(characters))))
    buffer = io.BytesIO()
    with subset.load_font(findfont(FontProperties(family=[_FAMILY])), options) as font:
        subsetter.subset(font)
        subset.save_font(font, buffer, options)
    return base64.b64encode(buffer.getvalue()).decode()
