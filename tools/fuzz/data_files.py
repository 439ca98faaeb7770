"""Problems whose data stand in tables: CSV and Parquet files, right ones and odd ones."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.case import Case, Fifo, Folder, Link
from tools.fuzz.odd import broken, texts
from tools.fuzz.toml import text_of

HEADS = (
    "a",
    "b",
    "y",
    "length",
    "",
    " a",
    "a ",
    "A",
    "b",
    "x1",
    "\u00e9",
    "e\u0301",
    "=1",
    "-1",
    "1.5",
    "y",
    "\ufeffa",
    "a\x1b[1m",
    '"q"',
    "target",
    "a\x00",
)
LABELS = (
    "yes",
    "no",
    "yes ",
    " no",
    "A",
    "B",
    "",
    "NA",
    "nan",
    "None",
    "1",
    "0",
    "1.0",
    "01",
    "true",
    "False",
    "\u00e9",
    "e\u0301",
    "A\x00",
    "\x1b[31m",
    "-",
    "9223372036854775808",
    "1e400",
    "=1+1",
    "inf",
)
CELLS = (
    "1",
    "0",
    "-2.5",
    "1e3",
    "0.1",
    " 1",
    "1 ",
    "+1",
    "1,5",
    "1_000",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "1e308",
    "-1e308",
    "1e-320",
    "",
    "x",
    "NA",
    "0x10",
    "\u0661",
    "\u22121",
    "1.",
    ".5",
    "True",
)
TYPES = ("text", "whole", "bool", "date", "list", "decimal", "dictionary", "null", "binary", "missing")
WAYS = ("work", "train", "sweep", "train")


SPECIALS = (Fifo(), Folder(), Link("/dev/zero"), Link("/etc/passwd"), b"")
ASKED = (
    "*.csv",
    "**.csv",
    "[",
    "t?csv",
    "../t.csv",
    "/dev/zero",
    "/etc/*",
    "**/*",
    "no.csv",
    "{t}.csv",
    "~/t.csv",
    "",
    "t*",
    "u.csv",
)
MORE = (
    "standardise = true",
    "centre = true",
    "scale_targets = true",
    "split = {test = 2, seed = 1}",
    "header = false",
    "header = true",
    'separator = ";"',
    'decimal_mark = ","',
)


@st.composite
def table_cases(draw: st.DrawFn) -> Case:
    """A table, a problem that takes it, and a command. Two of five are right, or nearly so."""
    oddness = draw(st.integers(0, 4))

    def rarely(usual: Any, odd: st.SearchStrategy[Any], share: int = 9) -> Any:
        """What is usual; now and then, where things are odd, something else."""
        return draw(odd) if oddness > 1 and draw(st.integers(0, share)) == share else usual

    columns = draw(st.integers(2, 4))
    heads = [rarely(HEADS[place], st.sampled_from(HEADS)) for place in range(columns)]
    cell = st.integers(-30, 30).map(lambda n: str(n / 10))
    body = [
        [rarely(draw(cell), st.sampled_from(CELLS), 30) for _ in range(columns - 1)]
        + [rarely(("yes", "no", "so")[place % 3], st.sampled_from(LABELS), 6)]
        for place in range(draw(st.integers(3, 7)))
    ]
    body = rarely(body, st.just(body[:1]) | st.just([]), 20)
    files: dict[str, Any] = {}
    name = draw(st.sampled_from(["t.csv", "t.csv", "t.csv", "t.parquet", "T.CSV"]))
    if name == "t.parquet":
        files[name] = draw(parquets(heads, body, oddness))
    else:
        separator = rarely(",", st.sampled_from([";", "\t", "|"]), 15)
        end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"]))
        lines = [separator.join(map(quoted, row)) for row in rarely([heads, *body], st.just(body), 15)]
        files[name] = (end.join(lines) + (end if draw(st.booleans()) else "")).encode("utf-8", "surrogatepass")
        files |= rarely({}, st.just({"u.csv": files[name]}))
    files[name] = rarely(files[name], broken(files[name]) | st.sampled_from(SPECIALS), 6)
    target = rarely(heads[-1], st.sampled_from(HEADS), 15)
    kind = (
        draw(st.sampled_from(["softmax", "logistic"]))
        if oddness < 4
        else draw(st.sampled_from(["linear", "perceptron"]))
    )
    lines = ["[layer]", f'kind = "{kind}"', "init = {seed = 1}", "[data]"]
    lines.append(f"table = {text_of(rarely(name, st.sampled_from(ASKED), 12))}")
    lines.append(rarely(f"target = {text_of(target)}", st.just(f"target = [{', '.join(map(text_of, heads))}]"), 9))
    names = st.lists(st.sampled_from(heads) | texts(), max_size=3)
    lines += rarely([], names.map(lambda found: [f"inputs = [{', '.join(map(text_of, found))}]"]), 6)
    lines += draw(st.lists(st.sampled_from(MORE[:2] + MORE[3:4]), max_size=1)) if oddness < 2 else []
    lines += rarely([], st.lists(st.sampled_from(MORE), max_size=2, unique=True), 4)
    lines += ["[descent]", "learning_rate = 0.1", f"epochs = {draw(st.integers(1, 20))}"]
    files["problem.toml"] = "\n".join(lines).encode("utf-8", "surrogatepass")
    more = draw(st.sampled_from([(), (), ("--json",), ("--out", "out.toml")]))
    command = draw(st.sampled_from(WAYS if more != ("--out", "out.toml") else ("train",)))
    return Case(files, (command, "problem.toml", *more))


def quoted(cell: str) -> str:
    """A cell as CSV writes it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n\r') else cell


@st.composite
def parquets(draw: st.DrawFn, heads: list[str], body: list[list[str]], oddness: int) -> bytes:
    """A Parquet file with columns of whatever type where things are odd; numbers and labels otherwise."""
    import pyarrow as pa
    from pyarrow import parquet

    arrays = []
    for place in range(len(heads)):
        cells = [row[place] for row in body]
        kind = "text" if place == len(heads) - 1 else "float"
        if oddness > 1 and draw(st.integers(0, 2)) == 2:
            kind = draw(st.sampled_from(TYPES))
        numbers = [float(len(cell)) / 2 for cell in cells]
        arrays.append(
            {
                "float": lambda n=numbers: pa.array(n, pa.float64()),
                "text": lambda c=cells: pa.array(c),
                "whole": lambda n=numbers: pa.array(
                    [int(x) for x in n], draw(st.sampled_from([pa.int8(), pa.uint64(), pa.int64()]))
                ),
                "bool": lambda n=numbers: pa.array([x > 1 for x in n]),
                "date": lambda n=numbers: pa.array([int(x) for x in n], pa.date32()),
                "list": lambda n=numbers: pa.array([[x] for x in n], pa.list_(pa.float64())),
                "decimal": lambda n=numbers: pa.array([int(x) for x in n], pa.int64()).cast(pa.decimal128(30, 2)),
                "dictionary": lambda c=cells: pa.array(c, pa.string()).dictionary_encode(),
                "null": lambda n=numbers: pa.nulls(len(n)),
                "binary": lambda c=cells: pa.array([x.encode("utf-8", "surrogatepass") for x in c], pa.binary()),
                "missing": lambda n=numbers: pa.array([None, *n[1:]][: len(n)], pa.float64()),
            }[kind]()
        )
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, names=heads), out)
    return out.getvalue()
