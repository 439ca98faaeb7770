"""Files of models and tables for them, changed in a few places: refused with a message, or read as they stand."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.case import Case, Fault, Verdict
from tools.fuzz.data_files import CELLS, quoted
from tools.fuzz.judging import judged
from tools.fuzz.odd import broken
from tools.fuzz.sandbox import Ran, run_command

COLUMNS = ("length", "width", "colour", "sold", "kind")
COLOURS = ("blue", "green", "red")
ROWS = [
    (round(3 + n % 7 * 0.7, 1), n * 5 % 11, COLOURS[n % 3], n % 2 == 0, ("yes", "no")[n % 4 // 2]) for n in range(12)
]
FORMS = ("csv", "parquet", "feather", "jsonl")
MODEL = "m.safetensors"
# As Arrow reads numbers and truth values.
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
TRUE, FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
READERS = (
    ("inspect", MODEL),
    ("inspect", MODEL, "--json"),
    ("predict", MODEL, "t.csv"),
    ("evaluate", MODEL, "t.csv", "--json"),
)


@cache
def right() -> dict[str, bytes]:
    """A model, and its table in all forms."""
    import pandas as pd

    from deltarule.fitting import Columns, Preparation, fit_table
    from deltarule.storage import save
    from deltarule.tables.sources import source_of

    frame = pd.DataFrame(ROWS, columns=COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        frame.to_csv(here / "t.csv", index=False)
        frame.to_parquet(here / "t.parquet")
        frame.to_feather(here / "t.feather")
        frame.to_json(here / "t.jsonl", orient="records", lines=True)
        descent = {"learning_rate": 0.5, "epochs": 20}
        fit = fit_table(source_of(here / "t.csv"), Columns(("kind",)), Preparation(), descent=descent, engine="direct")
        save(fit.model, here / MODEL)
        return {file.name: file.read_bytes() for file in here.iterdir()}


@st.composite
def model_cases(draw: st.DrawFn) -> Case:
    """The file of a model, and a command that reads it."""
    content = draw(broken(right()[MODEL]) | _flipped(right()[MODEL]))
    return Case({MODEL: content, "t.csv": right()["t.csv"]}, draw(st.sampled_from(READERS)))


@st.composite
def _flipped(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with up to three of them changed, or cut off."""
    found = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        found[draw(st.integers(0, len(found) - 1))] = draw(st.integers(0, 255))
    return bytes(found[: draw(st.integers(0, len(found)))] if draw(st.integers(0, 4)) == 4 else found)


def read_model(case: Case) -> Verdict:
    """Run the command: a file that was changed must be refused."""
    ran = run_command(case)
    verdict = judged(case, ran)
    if (ran.code == 0) != (case.files[MODEL] == right()[MODEL]):
        what = "a changed model is read" if ran.code == 0 else "a model that is whole is refused"
        verdict.faults.append(Fault("silent", what, f"{case}\n{ran.out[:500]}\n{ran.err[:500]}"))
    return verdict


@st.composite
def frame_cases(draw: st.DrawFn) -> Case:
    """A table for the model: one that was right, changed in its cells or in its bytes."""
    form = draw(st.sampled_from(FORMS))
    content = right()[f"t.{form}"]
    if form == "csv" and draw(st.booleans()):
        cells = [list(map(str, row)) for row in (COLUMNS, *ROWS)]
        for _ in range(draw(st.integers(1, 3))):
            row = draw(st.sampled_from(cells[1:] + cells[:1]))
            row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(CELLS))
        order = draw(st.permutations(range(len(COLUMNS))))
        content = "\n".join(",".join(quoted(row[place]) for place in order) for row in cells).encode() + b"\n"
    else:
        content = draw(broken(content) | _flipped(content))
    return Case({MODEL: right()[MODEL], f"t.{form}": content}, ("predict", MODEL, f"t.{form}", "--out", "out.jsonl"))


def read_frame(case: Case) -> Verdict:
    """Run the command: what it predicts must be what the table says, read by other programs."""
    ran = run_command(case)
    verdict = judged(case, ran)
    if ran.code == 0:
        name = case.argv[2]
        text = _disagreement(name, case.files[name], ran)
        if text:
            verdict.faults.append(Fault("silent", f"a {name[2:]} file is read otherwise", text))
    return verdict


def _disagreement(name: str, content: bytes, ran: Ran) -> str:
    """Why predictions are not those of the table, or "" where they are."""
    found = [json.loads(line) for line in (ran.changed["out.jsonl"] or b"").decode().splitlines()]
    try:
        rows = _READERS[name.rpartition(".")[2]](content)
    except Exception as error:  # noqa: BLE001 - every reader has its own
        return f"another reader: {error!r}"
    if len(rows) != len(found):
        return f"{len(found)} rows instead of {len(rows)}"
    for number, (row, told) in enumerate(zip(rows, found, strict=True), 1):
        try:
            expected = _probability(row)
        except (ValueError, KeyError, TypeError) as error:
            return f"row {number} is read: {row!r} ({error!r})"
        if not math.isclose(expected, told["P(yes)"], rel_tol=1e-9, abs_tol=1e-12):
            return f"row {number}: {told!r} instead of {expected} for {row!r}"
    return ""


def _probability(row: dict[str, Any]) -> float:
    """The probability of yes, worked by plain Python."""
    model = _loaded()
    colour = row["colour"].strip()
    x = [
        _number(row["length"]),
        _number(row["width"]),
        *(float(colour == each) for each in COLOURS),
        _number(row["sold"]),
    ]
    if colour not in COLOURS:
        raise ValueError(colour)
    shift, scale = model.input_scaling.shift.tolist(), model.input_scaling.scale.tolist()
    x = [(value - s) * f for value, s, f in zip(x, shift, scale, strict=True)]
    W, b = model.layer.weights.tolist(), model.layer.biases.tolist()
    u = [math.fsum(value * w[k] for value, w in zip(x, W, strict=True)) + b[k] for k in range(2)]
    if u[0] - u[1] > 700:
        return 0.0
    return 1 / (1 + math.exp(u[0] - u[1]))


def _number(cell: Any) -> float:
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in TRUE + FALSE:
            return float(cell in TRUE)
        if not NUMBER.fullmatch(cell):
            raise ValueError(cell)
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


@cache
def _loaded() -> Any:
    from deltarule.storage.container import unpacked
    from deltarule.storage.document import model_from

    return model_from(unpacked(right()[MODEL], MODEL), MODEL)


def _csv_rows(content: bytes) -> list[dict[str, Any]]:
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row]
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("ragged")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _arrow_rows(content: bytes, form: str) -> list[dict[str, Any]]:
    from pyarrow import feather, parquet

    reader = parquet.read_table if form == "parquet" else feather.read_table
    # The labels are not looked at, so that a fault in them is none.
    rows: list[dict[str, Any]] = reader(io.BytesIO(content), columns=list(COLUMNS[:4])).to_pylist()
    return rows


def _json_rows(content: bytes) -> list[dict[str, Any]]:
    """The documents of a text, one behind the other: a line may end where a blank may stand."""
    text, rows, place = content.decode("utf-8-sig", "replace").strip(), [], 0
    while place < len(text):
        row, place = json.JSONDecoder().raw_decode(text, place)
        rows.append(row)
        place += len(text[place:]) - len(text[place:].lstrip())
    return rows


_READERS = {
    "csv": _csv_rows,
    "jsonl": _json_rows,
    "parquet": lambda content: _arrow_rows(content, "parquet"),
    "feather": lambda content: _arrow_rows(content, "feather"),
}
