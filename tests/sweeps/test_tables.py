"""The table of a sweep in other libraries and in files."""

import json
import sys
import types

import pyarrow.csv
import pyarrow.parquet
import pytest
from numpy.testing import assert_array_equal

from deltarule.errors import MissingExtraError
from samples import refused


def test_the_table_goes_to_other_libraries_and_files(swept, tmp_path, monkeypatch):
    records = swept.records
    assert records.dtype.names == tuple(swept.columns)
    assert_array_equal(records["validation_cost"], swept.columns["validation_cost"])
    arrow = swept.to_arrow()
    assert arrow.column_names == list(swept.columns)
    assert arrow.column("seed").to_pylist() == swept.columns["seed"].tolist()
    document = json.loads(json.dumps(swept.to_dict(), allow_nan=False))
    assert document["models"]["cost"] == swept.columns["cost"].tolist()
    assert (document["kind"], document["reduction"], document["folds"]) == ("softmax", "mean", None)

    read = pyarrow.csv.read_csv(swept.save(tmp_path / "t.csv"))
    assert read.to_pydict() == arrow.to_pydict()
    assert pyarrow.parquet.read_table(swept.save(tmp_path / "t.parquet")).equals(arrow)
    assert json.loads(swept.save(tmp_path / "t.json").read_text()) == document
    with refused("table's file", "end in .csv, .parquet or .json", "t.xlsx", "Rename"):
        swept.save(tmp_path / "t.xlsx")

    for library, frame, made in [("pandas", "to_pandas", "DataFrame"), ("polars", "to_polars", "from_arrow")]:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(MissingExtraError, match=rf"{library}.*deltarule\[frames\]"):
            getattr(swept, frame)()
        monkeypatch.setitem(sys.modules, library, types.SimpleNamespace(**{made: lambda given: ("made of", given)}))
        made_of, given = getattr(swept, frame)()
        assert made_of == "made of"
        names = given.column_names if library == "polars" else list(given)
        assert names == list(swept.columns)
