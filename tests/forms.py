"""The figures of a worked step read back out of each form, by readers that know nothing of what wrote them."""

import re
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

GAP = ("⋮", "…", "...", r"\vdots", r"\cdots")


def figure(text):
    """A figure as plain text, from any form."""
    text = re.sub(r"^\\text\{(.*)\}$", r"\1", text.strip().replace("−", "-"))
    return re.sub(r"^\{(.*) \\times 10\^\{(-?)(\d+)\}\}$", lambda m: f"{m[1]}e{m[2] or '+'}{int(m[3]):02d}", text)


def digits(text):
    """The figures of a formula in order, without signs; a power of ten as its exponent."""
    return re.findall(r"\d+(?:\.\d+)?", re.sub(r"\\times\s*10|×\s*10|e(?=[+-]\d)|\.\.\.", " ", text).replace(",", " "))


def powers(found):
    """Exponents without leading zeros."""
    return [text if "." in text else str(int(text)) for text in found]


def from_latex(source):
    """Part's title -> tables, each a list of rows; and the lines with numbers."""
    parts, lines = {}, []
    for section in re.split(r"\\medskip\\textbf\{", source)[1:]:
        title, rest = section.split("}", 1)
        tables = []
        for body in re.findall(r"\\begin\{array\}\{[^}]*\}\n(.*?)\\end\{array\}", rest, flags=re.DOTALL):
            rows = [re.split(r"(?<!\\)&", line.replace(r"\hline", "").rstrip(" \n\\")) for line in body.splitlines()]
            tables.append([[figure(cell) for cell in row] for row in rows])
        parts[title] = tables
        lines += re.findall(r"^\$\\displaystyle (.*)\$\\par$", rest, flags=re.MULTILINE)
    return parts, lines


def from_html(fragment):
    parts, lines = {}, []
    for section in ET.fromstring(fragment).iter("section"):
        tables = []
        for table in section.iter("table"):
            rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
            tables.append([[figure(cell) for cell in row] for row in rows])
        parts[section.find("h3").text] = tables
        lines += [" ".join(p.itertext()) for p in section.iter("p") if p.get("class") == "line"]
    return parts, lines


def from_markdown(source):
    parts, lines, title, rows = {}, [], "", []
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            title = text_of(tokens[place + 1])
            parts[title] = []
        elif token.type == "table_open":
            rows = []
            parts[title].append(rows)
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append(figure(text_of(tokens[place + 1])))
        elif token.type == "list_item_open":
            lines.append(tokens[place + 2].content.strip("$"))
    return parts, lines


def text_of(inline):
    return "".join(child.content for child in inline.children)
