"""What a stream reads, in which order, and what it refuses."""

import gzip
import shutil

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

import deltarule as dr
from deltarule.data import centring, standardising
from deltarule.streams.orders import in_batches, in_windows
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.sources import source_of_frame

COLOURS = ["red", "blue", "green"]


def table(rows=100, seed=0):
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "length": rng.normal(3, 2, rows),
            "count": rng.integers(0, 9, rows),
            "colour": np.array(COLOURS)[rng.integers(0, 3, rows)],
            "old": rng.integers(0, 2, rows).astype(bool),
            "kind": np.array(["a", "b", "c"])[rng.integers(0, 3, rows)],
        }
    )


def write(folder, whole, *, files=2, group=17, name="part"):
    each = -(-len(whole) // files)
    for number in range(files):
        parquet.write_table(whole.slice(number * each, each), folder / f"{name}-{number}.parquet", row_group_size=group)
    return f"{folder}/{name}-*.parquet"


def all_patterns(stream, layer, **order):
    """Inputs and desired outputs of all rows."""
    blocks = list(stream.patterns(layer).blocks(**order))
    return np.concatenate([block.X for block in blocks]), np.concatenate([block.D for block in blocks])


def layer_for(stream):
    return dr.SoftmaxLayer.random(stream.inputs, stream.classes)


def test_columns_become_inputs_as_those_of_a_table_do(tmp_path):
    whole = table()
    stream = dr.Stream(write(tmp_path, whole), target="kind")
    X, D = all_patterns(stream, layer_for(stream))
    encoding = Encoding(
        (InputColumn("length"), InputColumn("count"), InputColumn("colour", tuple(sorted(COLOURS))), InputColumn("old"))
    )
    np.testing.assert_array_equal(X, encoding.apply(source_of_frame("inputs", whole)))
    assert stream.input_names == encoding.input_names
    assert stream.classes == ("a", "b", "c")
    np.testing.assert_array_equal(np.array(stream.classes)[D.argmax(axis=1)], whole["kind"].to_pylist())


def test_columns_of_numbers_alone_are_read_as_they_are(tmp_path):
    whole = table().select(["count", "length", "kind"])
    stream = dr.Stream(write(tmp_path, whole), target="kind", inputs=["length", "count"])
    X, _ = all_patterns(stream, layer_for(stream))
    np.testing.assert_array_equal(X, np.column_stack([whole["length"], whole["count"]]))


@pytest.mark.parametrize(("scale", "make"), [("standardise", standardising), ("centre", centring)])
def test_a_scaling_from_one_pass_is_that_of_all_rows(tmp_path, scale, make):
    whole = table(rows=1000)
    path = write(tmp_path, whole, files=3, group=29)
    plain = dr.Stream(path, target="kind")
    expected = make(all_patterns(plain, layer_for(plain))[0])
    stream = dr.Stream(path, target="kind", scale=scale, memory=300_000)
    np.testing.assert_allclose(stream.scaling.shift, expected.shift, rtol=1e-12)
    np.testing.assert_allclose(stream.scaling.scale, expected.scale, rtol=1e-12)
    given = dr.Stream(path, target="kind", scale=expected)
    X, _ = all_patterns(given, layer_for(given))
    np.testing.assert_allclose(X, expected.apply(all_patterns(plain, layer_for(plain))[0]), rtol=1e-12)


def test_a_constant_column_far_from_zero_is_only_centred(tmp_path):
    whole = table().append_column("fixed", pa.array(np.full(100, 1e8 + 0.1)))
    stream = dr.Stream(write(tmp_path, whole), target="kind", inputs=["fixed", "length"], scale="standardise")
    assert stream.scaling.scale[0] == 1


def test_levels_that_are_given_are_not_looked_for(tmp_path):
    path = write(tmp_path, table().select(["colour", "kind"]))
    stream = dr.Stream(path, target="kind", categories={"colour": ["green", "red", "blue", "none"]})
    assert stream.input_names == ("colour=green", "colour=red", "colour=blue", "colour=none")
    unknown = dr.Stream(path, target="kind", categories={"colour": ["green", "red"]})
    with pytest.raises(
        dr.InputError, match=r"known categories only.*'blue'.*part-0.parquet, row group 1, .*first in row"
    ):
        all_patterns(unknown, layer_for(unknown))


def test_numbers_are_categories_where_they_are_named(tmp_path):
    stream = dr.Stream(write(tmp_path, table().select(["count", "kind"])), target="kind", categories=["count"])
    assert stream.input_names == tuple(f"count={number}" for number in range(9))


def test_several_targets_are_numbers(tmp_path):
    whole = table().select(["length", "count", "old"])
    stream = dr.Stream(write(tmp_path, whole), target=["length", "count"])
    X, D = all_patterns(stream, dr.LinearLayer.random(1, 2))
    np.testing.assert_array_equal(D, np.column_stack([whole["length"], whole["count"]]))
    np.testing.assert_array_equal(X[:, 0], whole["old"])


@pytest.mark.parametrize("suffix", ["arrow", "feather"])
def test_files_in_arrows_format_are_read_by_batch(tmp_path, suffix):
    whole = table().select(["length", "count", "kind"])
    if suffix == "arrow":
        with ipc.new_file(tmp_path / "rows.arrow", whole.schema) as file:
            file.write_table(whole, max_chunksize=13)
    else:
        feather.write_feather(whole, tmp_path / "rows.feather", chunksize=13)
    stream = dr.Stream(tmp_path / f"rows.{suffix}", target="kind")
    assert stream.store.groups == (13,) * 7 + (9,)
    X, D = all_patterns(stream, layer_for(stream))
    np.testing.assert_array_equal(X, np.column_stack([whole["length"], whole["count"]]))
    np.testing.assert_array_equal(np.array(stream.classes)[D.argmax(axis=1)], whole["kind"].to_pylist())


def test_files_of_a_system_of_arrows_are_read_by_their_address(tmp_path):
    whole = table().select(["length", "count", "kind"])
    write(tmp_path, whole)
    stream = dr.Stream(f"file://{tmp_path}/part-*.parquet", target="kind")
    X, _ = all_patterns(stream, layer_for(stream))
    np.testing.assert_array_equal(X[:, 0], whole["length"])
    with pytest.raises(dr.InputError, match="stream must be files that exist"):
        dr.Stream(f"file://{tmp_path}/other-*.parquet", target="kind")
    with pytest.raises(dr.InputError, match="stream must be files that can be found"):
        dr.Stream("nowhere://bucket/part-*.parquet", target="kind")


@pytest.mark.parametrize("form", ["npy", "npz"])
def test_arrays_on_disk_are_read_in_pieces(tmp_path, form):
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(70_000, 2)).astype(np.float32), np.array(["no", "yes"])[rng.integers(0, 2, 70_000)]
    if form == "npy":
        np.save(tmp_path / "X.npy", X)
        np.save(tmp_path / "labels.npy", labels)
        stream = dr.Stream(tmp_path / "X.npy", target=tmp_path / "labels.npy")
    else:
        np.savez(tmp_path / "both.npz", X=X, labels=labels)
        stream = dr.Stream(tmp_path / "both.npz", inputs="X", target="labels")
    assert stream.store.groups == (65_536, 4_464)
    assert stream.classes == ("no", "yes")
    found, D = all_patterns(stream, layer_for(stream))
    np.testing.assert_array_equal(found, X)
    np.testing.assert_array_equal(np.array(stream.classes)[D.argmax(axis=1)], labels)
    (part,) = list(stream.parts(10_000, skip=69_000))
    np.testing.assert_array_equal(part.content[0], X[69_000:])


def test_batches_of_a_function_are_asked_for_in_each_pass():
    X, labels = np.arange(40.0).reshape(20, 2), np.array(["a", "b"] * 10)
    asked = []

    def batches():
        asked.append(1)
        return ((X[start : start + 7], labels[start : start + 7]) for start in range(0, 20, 7))

    stream = dr.Stream(batches)
    assert (stream.rows, stream.inputs, stream.classes) == (20, 2, ("a", "b"))
    passes = len(asked)
    found, _ = all_patterns(stream, layer_for(stream))
    np.testing.assert_array_equal(found, X)
    assert len(asked) == passes + 1


def test_a_pass_goes_on_at_any_row_in_any_order(tmp_path):
    stream = dr.Stream(write(tmp_path, table().select(["length", "count", "kind"])), target="kind", window=30)
    layer = layer_for(stream)
    for order in ({}, {"seed": 3, "epoch": 2}):
        whole, _ = all_patterns(stream, layer, **order)
        for skip in (0, 1, 17, 30, 31, 64, 99):
            rest, _ = all_patterns(stream, layer, **order, skip=skip)
            np.testing.assert_array_equal(rest, whole[skip:])


def test_blocks_are_no_larger_than_the_memory_allows(tmp_path):
    whole = table(rows=2000).select(["length", "count", "kind"])
    stream = dr.Stream(write(tmp_path, whole, files=1, group=2000), target="kind", memory=50_000)
    patterns = stream.patterns(layer_for(stream))
    sizes = [len(block.X) for block in patterns.blocks()]
    assert sum(sizes) == 2000
    assert max(sizes) == patterns.block < 100
    assert 3 * patterns.window * patterns.row_bytes <= 50_000


def test_pieces_keep_mini_batches_whole_over_the_borders_of_blocks():
    parts = [(np.arange(start, stop),) for start, stop in ((0, 5), (5, 6), (6, 7), (7, 20), (20, 21))]
    pieces = [piece[0] for piece in in_batches(parts, 4)]
    np.testing.assert_array_equal(np.concatenate(pieces), np.arange(21))
    assert [len(piece) % 4 for piece in pieces[:-1]] == [0] * (len(pieces) - 1)


def test_windows_hold_as_many_rows_as_they_should():
    parts = [(np.arange(start, stop),) for start, stop in ((0, 5), (5, 6), (6, 26))]
    windows = [window[0] for window in in_windows(parts, 8)]
    np.testing.assert_array_equal(np.concatenate(windows), np.arange(26))
    assert [len(window) for window in windows] == [8, 8, 8, 2]


# ---- What is refused.


def refused(match, *arguments, **options):
    with pytest.raises(dr.InputError, match=match):
        dr.Stream(*arguments, **options)


def test_a_pattern_that_no_file_matches_is_refused(tmp_path):
    write(tmp_path, table())
    refused("file that exists", f"{tmp_path}/other-*.parquet", target="kind")


def test_files_with_other_columns_name_the_column_and_the_file(tmp_path):
    write(tmp_path, table())
    parquet.write_table(table().drop_columns("length"), tmp_path / "part-1.parquet")
    refused(
        r"columns of the first, .*part-0.parquet. Got no column 'length' in .*part-1.parquet",
        f"{tmp_path}/part-*.parquet",
        target="kind",
    )


def test_a_column_of_another_type_in_one_file_names_both_types_and_the_file(tmp_path):
    write(tmp_path, table())
    other = table().set_column(0, "length", pa.array(["5"] * 100))
    parquet.write_table(other, tmp_path / "part-1.parquet")
    refused(r"'length' is double in .*part-0.parquet. Got string in .*part-1.parquet", f"{tmp_path}/*.parquet")


def test_whole_and_other_numbers_are_one_type_but_for_labels(tmp_path):
    whole = table().select(["length", "count"])
    parquet.write_table(whole, tmp_path / "part-0.parquet")
    floats = whole.set_column(1, "count", whole["count"].cast(pa.float64()))
    parquet.write_table(floats, tmp_path / "part-1.parquet")
    assert dr.Stream(f"{tmp_path}/*.parquet", target=["length"]).rows == 200
    refused("columns of one type: 'count' is int64", f"{tmp_path}/*.parquet", target="count")


def test_an_empty_file_is_refused(tmp_path):
    write(tmp_path, table())
    parquet.write_table(table().slice(0, 0), tmp_path / "part-1.parquet")
    refused(r"at least one row in each file. Got none in .*part-1.parquet", f"{tmp_path}/*.parquet", target="kind")
    (tmp_path / "part-1.parquet").write_bytes(b"")
    refused(r"readable as parquet. Got .*part-1.parquet", f"{tmp_path}/*.parquet", target="kind")


def test_a_file_that_is_cut_off_is_refused(tmp_path):
    write(tmp_path, table())
    last = tmp_path / "part-1.parquet"
    last.write_bytes(last.read_bytes()[:-200])
    refused(r"readable as parquet. Got .*part-1.parquet", f"{tmp_path}/*.parquet", target="kind")


def test_a_damaged_group_of_rows_is_named(tmp_path):
    whole = table(rows=200).select(["length", "kind"])
    path = tmp_path / "rows.parquet"
    parquet.write_table(whole, path, row_group_size=100, use_dictionary=False, write_page_checksum=True)
    at = parquet.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[at + 60 : at + 90] = bytes(30)
    path.write_bytes(content)
    stream = dr.Stream(path, target="kind")
    with pytest.raises(dr.InputError, match=r"readable as parquet. Got .*rows.parquet, row group 2: "):
        list(stream.parts(50))


def test_a_cell_without_a_value_is_named_by_file_group_and_row(tmp_path):
    values = np.arange(60.0)
    values[45] = np.nan
    parquet.write_table(pa.table({"x": values, "kind": ["a", "b"] * 30}), tmp_path / "r.parquet", row_group_size=40)
    for memory in ("1GB", 2_000):  # in blocks of all rows, and of few
        stream = dr.Stream(tmp_path / "r.parquet", target="kind", memory=memory)
        with pytest.raises(dr.InputError, match=r"in .*r.parquet, row group 2, column 'x', row 6\."):
            all_patterns(stream, dr.SoftmaxLayer.random(1, ("a", "b")))
    with pytest.raises(dr.InputError, match=r"in .*r.parquet, row group 2, column 'x', row 6\."):
        dr.Stream(tmp_path / "r.parquet", target="kind", scale="standardise").scaling  # noqa: B018


def test_an_empty_target_is_named_by_file_group_and_row(tmp_path):
    kinds = ["a", "b"] * 30
    kinds[50] = None
    parquet.write_table(pa.table({"x": np.arange(60.0), "kind": kinds}), tmp_path / "r.parquet", row_group_size=40)
    stream = dr.Stream(tmp_path / "r.parquet", target="kind")
    with pytest.raises(dr.InputError, match=r"in .*r.parquet, row group 2, column 'kind', row 11\."):
        stream.classes  # noqa: B018


def test_a_label_that_the_layer_does_not_know_is_named_by_file_group_and_row(tmp_path):
    write(tmp_path, table())
    other = table(rows=30).set_column(4, "kind", pa.array(["a"] * 25 + ["z"] + ["b"] * 4))
    parquet.write_table(other, tmp_path / "part-2.parquet", row_group_size=20)
    stream = dr.Stream(f"{tmp_path}/*.parquet", target="kind", inputs=["length"])
    with pytest.raises(dr.InputError, match=r"layer's classes.* Got 'z' in .*part-2.parquet, row group 2, row 6\."):
        all_patterns(stream, dr.SoftmaxLayer.random(1, ("a", "b", "c")))


def test_numbers_that_are_not_finite_in_an_array_are_named_by_their_row(tmp_path):
    X = np.ones((70_000, 2))
    X[69_000, 1] = np.inf
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", np.ones((70_000, 1)))
    stream = dr.Stream(tmp_path / "X.npy", target=tmp_path / "y.npy")
    with pytest.raises(dr.InputError, match=r"inf in .*X.npy, row 69001, column 2"):
        all_patterns(stream, dr.LinearLayer.random(2, 1))


def test_a_file_that_changes_between_passes_is_refused(tmp_path):
    path = write(tmp_path, table())
    stream = dr.Stream(path, target="kind", inputs=["length"])
    layer = dr.SoftmaxLayer.random(1, ("a", "b", "c"))
    all_patterns(stream, layer)
    write(tmp_path, table(rows=110, seed=1))
    with pytest.raises(dr.InputError, match=r"stay as it is while it is read. Got .*part-0.parquet, which has changed"):
        all_patterns(stream, layer)


def test_texts_that_are_numbers_and_names_of_rows_are_refused_as_categories(tmp_path):
    texts = table().set_column(1, "count", pa.array([str(number) for number in range(100)]))
    parquet.write_table(texts, tmp_path / "r.parquet")
    stream = dr.Stream(tmp_path / "r.parquet", target="kind", inputs=["count"])
    with pytest.raises(dr.InputError, match=r"categories that do not look like numbers. Got texts such as '0'"):
        stream.encoding  # noqa: B018
    names = pa.table({"name": [f"n{number}" for number in range(1500)], "kind": ["a", "b", "c"] * 500})
    parquet.write_table(names, tmp_path / "n.parquet")
    with pytest.raises(dr.InputError, match="at most 1000 categories"):
        dr.Stream(tmp_path / "n.parquet", target="kind").encoding  # noqa: B018


def test_a_memory_that_holds_no_block_is_refused(tmp_path):
    stream = dr.Stream(write(tmp_path, table()), target="kind", inputs=["length"], memory=200)
    with pytest.raises(dr.InputError, match="memory of the stream must hold what is read at once"):
        stream.patterns(dr.SoftmaxLayer.random(1, ("a", "b", "c")))
    refused("memory of the stream must be a size", f"{tmp_path}/*.parquet", target="kind", memory="much")
    windows = dr.Stream(f"{tmp_path}/*.parquet", target="kind", inputs=["length"], memory=20_000, window=10_000)
    with pytest.raises(dr.InputError, match="a window of 10,000 rows needs"):
        windows.patterns(dr.SoftmaxLayer.random(1, ("a", "b", "c")))


def test_a_layer_of_other_inputs_is_refused(tmp_path):
    stream = dr.Stream(write(tmp_path, table()), target="kind", inputs=["length", "count"])
    with pytest.raises(dr.InputError, match=r"have the 3 inputs of the layer\. Got 2 inputs of"):
        stream.patterns(dr.SoftmaxLayer.random(3, ("a", "b", "c")))
    named = dr.SoftmaxLayer.random(2, ("a", "b", "c")).with_names(("count", "length"))
    with pytest.raises(dr.InputError, match="inputs of the layer in their order"):
        stream.patterns(named)


def test_columns_that_are_not_there_or_chosen_twice_are_refused(tmp_path):
    path = write(tmp_path, table())
    refused("target must be columns of", path, target="kinds")
    refused("inputs must be columns of", path, target="kind", inputs=["size"])
    refused("other columns than the targets", path, target="kind", inputs=["length", "kind"])
    refused("categories must be among the inputs", path, target="kind", categories=["size"])


def test_arrays_that_cannot_be_read_in_pieces_are_refused(tmp_path):
    X = np.arange(12.0).reshape(6, 2)
    np.save(tmp_path / "columns.npy", np.asfortranarray(X))
    refused("hold its rows one after the other", tmp_path / "columns.npy")
    np.savez_compressed(tmp_path / "packed.npz", X=X)
    refused("readable in pieces. Got .*, which is compressed", tmp_path / "packed.npz", inputs="X")
    np.savez(tmp_path / "plain.npz", X=X, y=np.ones(5))
    refused("be among X, y", tmp_path / "plain.npz", inputs="Z")
    refused("be as many as the rows", tmp_path / "plain.npz", inputs="X", target="y")
    np.save(tmp_path / "X.npy", X)
    whole = (tmp_path / "X.npy").read_bytes()
    (tmp_path / "X.npy").write_bytes(whole[:-8])
    refused("be whole. Got .*, which is cut off", tmp_path / "X.npy")
    with (tmp_path / "X.npy").open("rb") as plain, gzip.open(tmp_path / "zipped.npy", "wb") as zipped:
        shutil.copyfileobj(plain, zipped)
    refused("readable as npy", tmp_path / "zipped.npy")


def test_batches_that_are_no_pairs_or_change_are_refused():
    refused("pairs of inputs", lambda: [(np.ones((2, 1)), [1])])
    refused("at least one row", list)
    refused("be given without an error. Got ZeroDivisionError", lambda: [1 / 0])
    ones = iter([[(np.ones((4, 1)), np.ones((4, 1)))], [(np.ones((2, 1)), np.ones((2, 1)))]])
    stream = dr.Stream(lambda: next(ones))
    with pytest.raises(dr.InputError, match=r"be the same in each pass\. Got 2 rows after 4"):
        all_patterns(stream, dr.LinearLayer.random(1, 1))


@pytest.mark.parametrize(
    ("batch", "match"),
    [
        (["a", None], r"no label missing\. Got None in .*, row 4\."),
        (np.array(["a", None], object), r"no label missing\. Got None in .*, row 4\."),
        ([1.0, np.nan], r"no label missing\. Got nan in .*, row 4\."),
        ([1.0, np.inf], r"finite where they are numbers\. Got inf in .*, row 4\."),
        (np.ones((2, 2)), r"labels \(P,\)\. Got an array of shape \(2, 2\) in .*, from row 3 on"),
    ],
)
def test_labels_of_batches_that_are_none_are_named_by_their_row(batch, match):
    stream = dr.Stream(lambda: [(np.ones((2, 1)), ["a", "b"]), (np.ones((2, 1)), batch)])
    with pytest.raises(dr.InputError, match=match):
        stream.classes  # noqa: B018


def test_classes_of_batches_are_those_of_their_labels_together():
    batches = [(np.ones((2, 1)), np.array(["b", "a"])), (np.ones((2, 1)), [["c"], ["a"]])]
    assert dr.Stream(lambda: batches).classes == ("a", "b", "c")
    mixed = [(np.ones((2, 1)), ["b", "a"]), (np.ones((2, 1)), [2, 1])]
    assert dr.Stream(lambda: mixed).classes == (1, 2, "a", "b")


def test_a_stream_without_targets_says_how_to_give_them_for_its_kind_of_file(tmp_path):
    X = np.ones((4, 2))
    np.save(tmp_path / "X.npy", X)
    np.savez(tmp_path / "both.npz", X=X, y=np.ones(4))
    parquet.write_table(pa.table({"a": X[:, 0], "b": X[:, 1]}), tmp_path / "rows.parquet")
    layer = dr.SoftmaxLayer.random(2, ("a", "b"))
    for stream, remedy in {
        dr.Stream(tmp_path / "X.npy"): "target='y.npy', their file",
        dr.Stream(tmp_path / "both.npz", inputs="X"): "target='y', the name of the array",
        dr.Stream(tmp_path / "rows.parquet"): "target='...', the name of a column",
    }.items():
        for ask in (lambda s: s.classes, lambda s: s.targets(), lambda s: dr.train(layer, s, dr.Descent(0.1, 1))):
            with pytest.raises(dr.InputError, match=rf"The target must be .* Got none.*{remedy}"):
                ask(stream)


def test_remedies_of_a_stream_are_those_that_a_stream_has(tmp_path):
    whole = pa.table({"x": [1.0, None, 2.0], "colour": ["red", "rot", "red"], "kind": ["a", "b", "a"]})
    parquet.write_table(whole, tmp_path / "rows.parquet")
    numbers = dr.Stream(tmp_path / "rows.parquet", target="kind", inputs=["x"])
    with pytest.raises(
        dr.InputError, match=r"column 'x', row 2\. Fill it, or remove the rows: a stream .* fills no cell"
    ):
        all_patterns(numbers, layer_for(numbers))
    stated = dr.Stream(tmp_path / "rows.parquet", target="kind", inputs=["colour"], categories={"colour": ["red"]})
    with pytest.raises(dr.InputError, match=r"'rot'.*Correct it, or add it to categories=\{'colour': \[\.\.\.\]\}\."):
        all_patterns(stated, layer_for(stated))


def test_a_memory_that_is_too_small_by_little_is_told_in_bytes():
    stream = dr.Stream(lambda: [(np.ones((4, 2)), ["a", "b"] * 2)], memory="900B")
    with pytest.raises(dr.InputError, match=r"Got 900 bytes, where a row needs 1,[0-9]{3}\. Give more"):
        stream.patterns(dr.SoftmaxLayer.random(2, ("a", "b")))


def test_a_damaged_file_and_a_pattern_without_files_are_told_in_whole_sentences(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"no table" * 20)
    with pytest.raises(dr.InputError, match=r"not a parquet file\. The file may be cut off"):
        dr.Stream(tmp_path / "bad.parquet")
    refused(r"Correct the pattern: its folder holds 'bad\.parquet'\.", f"{tmp_path}/nix-*.parquet")
    refused(r"Check the folder: it holds no \.feather file\.", f"{tmp_path}/nix-*.feather")


def test_a_stream_shows_itself_in_a_notebook_with_its_names_escaped(tmp_path):
    parquet.write_table(pa.table({"<b>x\u202e": [1.0], "kind": ["a"]}), tmp_path / "rows.parquet")
    shown = dr.Stream(tmp_path / "rows.parquet", target="kind")._repr_html_()
    assert shown.startswith("<pre>&lt;Stream of 1 row: inputs &#x27;&lt;b&gt;x")
    assert "\u202e" not in shown
