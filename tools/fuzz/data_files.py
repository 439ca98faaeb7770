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
WAYS = ("work", "train", "sweep", "train")


@st.composite
def table_cases(draw: st.DrawFn) -> Case:
    """A table, a problem that takes it, and a command."""
    columns = draw(st.integers(1, 4))
    oddness = draw(st.integers(0, 3))
    heads = [draw(st.sampled_from(HEADS)) if oddness == 3 else HEADS[place] for place in range(columns)]
    rows = draw(st.integers(0, 6))
    plain = st.integers(-30, 30).map(lambda n: str(n / 10))
    cell = plain if oddness < 2 else plain | st.sampled_from(CELLS)
    label = st.sampled_from(LABELS[:2] if oddness == 0 else LABELS)
    body = [[draw(cell) for _ in range(columns - 1)] + [draw(label)] for _ in range(rows)]
    files: dict[str, Any] = {}
    name = draw(st.sampled_from(["t.csv", "t.csv", "t.csv", "t.parquet", "T.CSV"]))
    if name == "t.parquet":
        files[name] = draw(broken(draw(parquets(heads, body))))
    else:
        separator = draw(st.sampled_from([",", ",", ",", ",", ";", "\t", "|"]))
        end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"]))
        lines = [separator.join(map(quoted, row)) for row in ([heads, *body] if draw(st.integers(0, 9)) < 9 else body)]
        text = end.join(lines) + (end if draw(st.booleans()) else "")
        files[name] = draw(broken(text.encode("utf-8", "surrogatepass")))
        if draw(st.integers(0, 9)) == 9:
            files["u.csv"] = draw(broken(text.encode("utf-8", "surrogatepass")))
    if draw(st.integers(0, 40)) == 40:
        files[name] = draw(st.sampled_from([Fifo(), Folder(), Link("/dev/zero"), Link("/etc/passwd"), b""]))
    asked = draw(
        st.sampled_from(
            [name] * 8
            + [
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
            ]
        )
    )
    target = draw(st.sampled_from([heads[-1]] * 8 + list(HEADS)))
    lines = [
        "[layer]",
        f'kind = "{draw(st.sampled_from(["softmax", "logistic", "linear", "perceptron"]))}"',
        "init = {seed = 1}",
        "[data]",
        f"table = {text_of(asked)}",
    ]
    lines.append(
        f"target = {text_of(target)}" if draw(st.integers(0, 5)) < 5 else f"target = [{', '.join(map(text_of, heads))}]"
    )
    if draw(st.integers(0, 3)) == 3:
        lines.append(
            f"inputs = [{', '.join(text_of(draw(st.sampled_from(heads) | texts())) for _ in range(draw(st.integers(0, 3))))}]"
        )
    for line in (
        "standardise = true",
        "centre = true",
        "scale_targets = true",
        "split = {test = 2, seed = 1}",
        "header = false",
    ):
        if draw(st.integers(0, 5)) == 5:
            lines.append(line)
    lines += ["[descent]", "learning_rate = 0.1", f"epochs = {draw(st.integers(1, 20))}"]
    files["problem.toml"] = "\n".join(lines).encode("utf-8", "surrogatepass")
    more = draw(st.sampled_from([(), (), ("--json",), ("--out", "out.toml")]))
    return Case(files, (draw(st.sampled_from(WAYS)), "problem.toml", *more))


def quoted(cell: str) -> str:
    """A cell as CSV writes it."""
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n\r') else cell


@st.composite
def parquets(draw: st.DrawFn, heads: list[str], body: list[list[str]]) -> bytes:
    """A Parquet file with columns of whatever type."""
    import pyarrow as pa
    from pyarrow import parquet

    arrays = []
    for place in range(len(heads)):
        cells = [row[place] for row in body]
        kind = draw(
            st.sampled_from(
                [
                    "float",
                    "float",
                    "text",
                    "whole",
                    "bool",
                    "date",
                    "list",
                    "decimal",
                    "dictionary",
                    "null",
                    "binary",
                    "missing",
                ]
            )
        )
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
                "decimal": lambda n=numbers: pa.array([int(x) for x in n], pa.int64()).cast(pa.decimal128(20, 2)),
                "dictionary": lambda c=cells: pa.array(c, pa.string()).dictionary_encode(),
                "null": lambda n=numbers: pa.nulls(len(n)),
                "binary": lambda c=cells: pa.array([x.encode("utf-8", "surrogatepass") for x in c], pa.binary()),
                "missing": lambda n=numbers: pa.array([None, *n[1:]][: len(n)], pa.float64()),
            }[kind]()
        )
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, names=heads), out)
    return out.getvalue()
