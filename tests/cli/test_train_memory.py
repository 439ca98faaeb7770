"""What `deltarule train --data` needs beside the inputs, which are made once, and `predict` whatever the size of the table."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

STATUS = Path("/proc/self/status")
pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="only Linux says what a process needed at most")
COLUMNS, MANY, FEW = 50, 500_000, 5_000
# Bytes beside a fifth of the inputs: columns of the file, and rows of which products are made, are in memory some at once.
CONSTANT = 80e6
PROGRAM = f"""
import pathlib, sys
from deltarule.cli import main
try:
    main()
finally:
    print(pathlib.Path({str(STATUS)!r}).read_text(), file=sys.stderr)
"""


def write(path, rows, columns=COLUMNS):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, columns))
    frame = pd.DataFrame(X, columns=[f"f{n}" for n in range(columns)])
    frame["kind"] = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
    if path.suffix == ".parquet":
        frame.to_parquet(path, row_group_size=rows // 4)
    elif path.suffix == ".feather":
        frame.to_feather(path)


def peak(path):
    """The most bytes that were in memory together in a training."""
    options = ["--epochs", 1, "--batch-size", 500, "--engine", "direct", "--test", "0.2"]
    return peak_of("train", "--data", path, "--target", "kind", *options)


def peak_of(*command):
    """The most bytes that a command had in memory together."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, command)], capture_output=True, text=True, check=True
    )
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", done.stderr)[1])


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_table_is_trained_on_with_a_fifth_more_memory_than_its_inputs_take(tmp_path, ending):
    many, few = tmp_path / f"many.{ending}", tmp_path / f"few.{ending}"
    write(many, MANY)
    write(few, FEW)
    size = MANY * COLUMNS * 8
    assert size < peak(many) - peak(few) < 1.2 * size + CONSTANT


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_table_is_predicted_in_little_memory_whatever_its_size(tmp_path, ending):
    many, few, model = tmp_path / f"many.{ending}", tmp_path / f"few.{ending}", tmp_path / "m.safetensors"
    columns = 10  # pages of a Parquet file take a megabyte a column
    write(many, MANY * COLUMNS // columns, columns)
    write(few, FEW, columns)
    peak_of("train", "--data", few, "--target", "kind", "--epochs", 1, "--engine", "direct", "--out", model)
    of_many, of_few = (peak_of("predict", model, path, "--out", tmp_path / "out.parquet") for path in (many, few))
    assert of_many - of_few < MANY * COLUMNS * 8 / 2
