"""A logistic layer trained on Parquet files that are streamed, beside a scan of the files and scikit-learn's `partial_fit`.

    python -m benchmarks.streams [--rows 20000000] [--columns 40] [--memory 500MB] [--folder FOLDER]

The data are made once, in the folder: inputs, and an answer that mostly follows from them. Each contender goes over the rows once
in a process of its own, so that the peak of its memory is its own; "beside the program" is the peak less what the process held
before. "scan" decodes the same columns and does nothing with them: the limit of any reader. Log-losses are on rows that none has
seen. The last table has the peak for one, two and four times the rows.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import deltarule as dr

# Rows that are made at once, those of a file, and those of a group.
AT_ONCE, FILE, GROUP = 1 << 18, 1 << 20, 1 << 17
BATCH, RATE = 256, 0.1


class Measured(NamedTuple):
    """What one contender took: seconds, bytes beside the program, and the log-loss on new rows (NaN for a scan)."""

    seconds: float
    memory: float
    log_loss: float


def main() -> None:
    """Measure, and print a table of contenders, and one of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--memory", default="500MB")
    parser.add_argument("--folder", default=None, help="where the data are, or are to be; left out: a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.folder or temporary)
        make(folder, options.rows, options.columns)
        files = sorted(map(str, folder.glob("part-*.parquet")))
        print("| | seconds | rows a second | beside the program | log-loss |\n| --- | ---: | ---: | ---: | ---: |")
        for name in CONTENDERS:
            found = in_process(name, files, options.memory)
            speed = options.rows / found.seconds
            print(
                f"| {name} | {found.seconds:.1f} | {speed:,.0f} | {found.memory / 1e6:,.0f} MB | {found.log_loss:.5f} |"
            )
        print("\n| files | beside the program |\n| --- | ---: |")
        for share in (4, 2, 1):
            some = files[: max(1, len(files) // share)]
            print(f"| {len(some)} | {in_process(STREAM, some, options.memory).memory / 1e6:,.0f} MB |")


def make(folder: Path, rows: int, columns: int) -> None:
    """Write the data, where they are not there: training files, and one of new rows.

    Parameters
    ----------
    folder : where.
    rows : of all training files.
    columns : of inputs.
    """
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    weights = np.random.default_rng(0).normal(size=columns) / np.sqrt(columns)
    names = [f"part-{number:04}.parquet" for number in range(-(-rows // FILE))]
    for number, name in enumerate(["new.parquet", *names]):
        path = folder / name
        if path.exists():
            continue
        rng = np.random.default_rng([1, number])
        left = AT_ONCE if number == 0 else min(FILE, rows - (number - 1) * FILE)
        draft = path.with_suffix(".draft")
        schema = pa.schema([*((f"x{at}", pa.float64()) for at in range(columns)), ("y", pa.int8())])
        with parquet.ParquetWriter(draft, schema) as writer:
            while left:
                X = rng.normal(size=(min(AT_ONCE, left), columns))
                y = (2 * X @ weights + rng.logistic(size=len(X)) > 0).astype(np.int8)
                data = {f"x{at}": X[:, at] for at in range(columns)} | {"y": y}
                writer.write_table(pa.table(data, schema), row_group_size=GROUP)
                left -= len(X)
        draft.rename(path)


def in_process(name: str, files: list[str], memory: str) -> Measured:
    """What a contender takes in a process of its own.

    Parameters
    ----------
    name : of the contender.
    files : the training files.
    memory : what rows may take.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measured, name, files, memory).result()


def measured(name: str, files: list[str], memory: str) -> Measured:
    """What a contender takes in this process.

    Parameters
    ----------
    name, files, memory : as in `in_process`.
    """
    run = CONTENDERS[name]
    X, y = new_rows(files)
    run([str(Path(files[0]).with_name("new.parquet"))], memory)  # loads what is to be loaded
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    found = run(files, memory)
    seconds = time.perf_counter() - began
    peak = 1024.0 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    if found is None:
        return Measured(seconds, peak, float("nan"))
    weights, bias = found
    U = X @ weights + bias
    return Measured(seconds, peak, float(np.logaddexp(0, np.where(y > 0, -U, U)).mean()))


def new_rows(files: list[str]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Inputs and answers that no contender is trained on.

    Parameters
    ----------
    files : beside which they lie.
    """
    from pyarrow import parquet

    table = parquet.read_table(Path(files[0]).with_name("new.parquet"))
    return np.column_stack([table.column(at) for at in range(table.num_columns - 1)]), np.asarray(table["y"])


def streamed(files: list[str], memory: str) -> tuple[Any, Any]:
    """A pass of deltarule: as the files stand, since others shuffle nothing either."""
    folder = Path(files[0]).parent
    with tempfile.TemporaryDirectory(dir=folder) as chosen:  # a pattern stands for all files of a folder
        for file in files:
            Path(chosen, Path(file).name).symlink_to(file)
        stream = dr.Stream(f"{chosen}/*.parquet", target="y", memory=memory)
        layer = dr.LogisticLayer.random(stream.inputs, [0, 1])
        descent = dr.Descent(RATE, 1, batch_size=BATCH, reduction="mean", order="given")
        run = dr.train(layer, stream, descent, record_every=0)
    return run.layer.weights[:, 0], run.layer.biases[0]


def scan(files: list[str], _memory: str) -> None:
    """Decode all columns with Arrow, row group by row group."""
    from pyarrow import parquet

    for file in files:
        for _ in parquet.ParquetFile(file).iter_batches(1 << 16):
            pass


def polars_scan(files: list[str], _memory: str) -> None:
    """Read all columns with polars, and take one number of each."""
    import polars as pl

    pl.scan_parquet(files).sum().collect(engine="streaming")


def partial_fit(files: list[str], _memory: str) -> tuple[Any, Any]:
    """A pass of scikit-learn's SGDClassifier, whose every row is an update, over the same batches as Arrow reads them."""
    from pyarrow import parquet
    from sklearn.linear_model import SGDClassifier

    model = SGDClassifier(loss="log_loss", penalty=None, learning_rate="constant", eta0=0.001, random_state=0)
    for file in files:
        for batch in parquet.ParquetFile(file).iter_batches(1 << 16):
            X = np.column_stack([batch.column(at) for at in range(batch.num_columns - 1)])
            model.partial_fit(X, np.asarray(batch.column("y")), classes=[0, 1])
    return model.coef_[0], model.intercept_[0]


STREAM = "deltarule, a stream"
CONTENDERS: dict[str, Callable[[list[str], str], Any]] = {
    "scan, Arrow": scan,
    **({"scan, polars": polars_scan} if find_spec("polars") else {}),
    STREAM: streamed,
    "scikit-learn, partial_fit": partial_fit,
}


if __name__ == "__main__":
    main()
