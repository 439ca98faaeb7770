"""What is saved is what is loaded: for every kind of layer, with and without biases, in both precisions."""

import hashlib
import json
import struct

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load_file, save_file

import deltarule as dr
from deltarule.data import Scaling, min_max, standardising
from deltarule.fitting import Columns, Preparation, fit_table
from deltarule.layers import LinearLayer
from deltarule.model import Model
from deltarule.storage.container import packed, unpacked
from deltarule.storage.document import layer_from
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.sources import source_of, source_of_frame
from samples import NAMES, sample


def saved(model, folder):
    path = folder / "model.safetensors"
    dr.save(model, path)
    return dr.load(path)


def assert_same(one, other):
    """The same values of the same types, in all parts of a record."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        assert_array_equal(one, other)
    elif isinstance(one, tuple | list):
        assert len(one) == len(other)
        for each, with_ in zip(one, other, strict=True):
            assert_same(each, with_)
    elif hasattr(one, "__dataclass_fields__"):
        for name in one.__dataclass_fields__:
            assert_same(getattr(one, name), getattr(other, name))
    else:
        assert one == other or str(one) == str(other) == "nan"


def whole_model(name, dtype=np.float64, biases=True):
    """A model with all that a model can have."""
    given = sample(name, dtype=dtype)
    layer = given.layer if biases else given.layer.with_parameters(given.layer.weights, None)
    layer = layer.with_names(["length", "colour=blue", "colour=red"])
    descent = dr.Descent(0.01, 5, 4, "mean", 0.1, 1e-9, 3, momentum=0.5, nesterov=True, schedule="cosine", patience=3)
    run = dr.train(layer, given.X, given.targets, descent, "direct", validation=(given.X, given.targets))
    return Model(
        run.layer,
        run,
        Encoding((InputColumn("length"), InputColumn("colour", ("blue", "red"))), np.array([0.5, 1.0, 0.0])),
        standardising(given.X),
        None if layer.has_classes else Scaling(np.arange(3.0), np.full(3, 0.5)),
        ("kind",) if layer.classes is not None else ("a", "b", "c"),
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("biases", [True, False])
def test_a_loaded_model_is_the_one_that_was_saved(name, dtype, biases, tmp_path):
    model = whole_model(name, dtype, biases)
    assert_same(saved(model, tmp_path), model)


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_and_a_run_are_saved_as_models(name, tmp_path):
    given = sample(name)
    run = dr.train(given.layer, given.X, given.targets, dr.Descent(0.01, 3), "direct")
    assert_same(saved(given.layer, tmp_path).layer, given.layer)
    assert_same(saved(run, tmp_path).run, run)
    assert_array_equal(saved(run, tmp_path).predict(given.X), run.layer.predict(given.X))


@pytest.mark.parametrize("kind", ["linear", "perceptron"])
def test_the_certificate_of_an_exact_fit_is_saved_with_the_model(kind, tmp_path):
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0, 5.0], "t": [1.0, 2.5, 3.5, 5.5]})
    columns, exact = Columns(("t",)), {"descent": {"weight_decay": 0.1}, "solver": "exact"}
    model = fit_table(source_of_frame("table", frame), columns, Preparation(), kind, **exact).model
    loaded = saved(model, tmp_path)
    assert_same(loaded, model)
    assert json.loads(json.dumps(loaded.to_dict()["exact"])) == model.exact.to_dict()


def test_training_goes_on_where_it_stopped(tmp_path):
    given = sample("softmax")
    half, all_ = dr.Descent(0.01, 10), dr.Descent(0.01, 20)
    loaded = saved(dr.train(given.layer, given.X, given.targets, half, "direct"), tmp_path)
    on = dr.train(loaded.layer, given.X, given.targets, loaded.run.descent, "direct")
    assert_array_equal(on.layer.weights, dr.train(given.layer, given.X, given.targets, all_, "direct").layer.weights)


@pytest.mark.parametrize(
    "classes", [("a", "b"), (1, 2), (True, False), (0.5, 1.5), (1, "1"), (2**70, -(2**70)), (("a", 1), ("a", 2))]
)
def test_classes_come_back_with_their_types(classes, tmp_path):
    layer = dr.SoftmaxLayer.random(2, classes)
    assert_same(saved(layer, tmp_path).layer.classes, classes)


def test_classes_that_no_file_can_hold_are_refused(tmp_path):
    layer = dr.SoftmaxLayer.random(2, [b"a", b"b"])
    with pytest.raises(dr.InputError, match=r"The classes to save must be texts, numbers or truth values. Got a bytes"):
        dr.save(layer, tmp_path / "m.safetensors")


def test_a_layer_of_the_users_own_is_refused_by_name(tmp_path):
    class Own(LinearLayer):
        pass

    with pytest.raises(dr.InputError, match=r"a kind that deltarule has.*Got a Own"):
        dr.save(Own([[1.0]], [0.0]), tmp_path / "m.safetensors")


def test_a_file_that_is_there_stays_as_it_is_where_saving_fails(tmp_path):
    path = tmp_path / "m.safetensors"
    dr.save(LinearLayer([[1.0]], [0.0]), path)
    before = path.read_bytes()
    with pytest.raises(dr.InputError):
        dr.save(dr.SoftmaxLayer.random(2, [b"a", b"b"]), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["m.safetensors"]


def test_other_programs_read_the_arrays_of_the_file(tmp_path):
    dr.save(LinearLayer([[1.0], [2.0]], [3.0]), tmp_path / "m.safetensors")
    assert (int.from_bytes((tmp_path / "m.safetensors").read_bytes()[:8], "little")) % 8 == 0
    arrays = load_file(tmp_path / "m.safetensors")
    assert {name: array.tolist() for name, array in arrays.items()} == {
        "layer.weights": [[1.0], [2.0]],
        "layer.biases": [3.0],
    }


# ---- Files that are not what was saved.


@pytest.fixture
def content():
    return packed({"layer": {"kind": "linear", "weights": np.eye(2), "biases": np.zeros(2)}})


def test_a_bit_that_changes_is_noticed_wherever_it_is(content):
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        with pytest.raises(dr.InputError, match=r"The model file must"):
            unpacked(bytes(changed), "m")


def test_every_file_that_is_cut_off_is_refused(content):
    for length in range(len(content)):
        with pytest.raises(dr.InputError, match=r"The model file must"):
            unpacked(content[:length], "m")


def test_a_file_that_is_cut_off_is_told_from_one_that_was_changed(content):
    with pytest.raises(dr.InputError, match=r"which is cut off"):
        unpacked(content[:-1], "m")
    with pytest.raises(dr.InputError, match=r"has been changed or damaged"):
        unpacked(content[:-1] + b"\1", "m")
    with pytest.raises(dr.InputError, match=r"which is empty"):
        unpacked(b"", "m")


def test_a_longer_file_is_refused(content):
    with pytest.raises(dr.InputError, match=r"has been changed or damaged"):
        unpacked(content + b"\0", "m")


def with_head(about, tensors=b""):
    """A file with a right checksum over what it says of itself."""
    head = json.dumps({"__metadata__": {**about, "checksum": "0" * 64}}, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    whole = struct.pack("<Q", len(head)) + head + tensors
    return whole.replace(b"0" * 64, hashlib.sha256(whole).hexdigest().encode(), 1)


def test_a_newer_format_is_refused_by_its_number():
    newer = with_head({"format": "deltarule", "format_version": "2", "document": "{}"})
    with pytest.raises(dr.InputError, match=r"a format of at most 1. Got format 2 in 'm'. Install a newer deltarule"):
        unpacked(newer, "m")


def test_a_file_of_another_program_is_named_so(tmp_path):
    save_file({"a": np.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(dr.InputError, match=r"a safetensors file that deltarule did not write"):
        dr.load(tmp_path / "other.safetensors")
    for other in (b"PK\3\4" * 9, b"\x80\x04" * 9, b"a,b\n1,2\n" * 9):
        (tmp_path / "other").write_bytes(other)
        with pytest.raises(dr.InputError, match=r"no safetensors file"):
            dr.load(tmp_path / "other")


@pytest.mark.parametrize("document", ["[]", "{}", '{"layer": 3}', "[" * 100_000, '{"layer": {"kind": "softmax"}}', "{"])
def test_a_document_that_is_no_model_is_refused_though_its_checksum_is_right(document, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(with_head({"format": "deltarule", "format_version": "1", "document": document}))
    with pytest.raises(dr.InputError, match=r"model"):
        dr.load(path)


def test_a_missing_file_is_named_with_the_nearest_name(tmp_path):
    dr.save(LinearLayer([[1.0]], [0.0]), tmp_path / "iris.safetensors")
    with pytest.raises(dr.InputError, match=r"Did you mean 'iris.safetensors'"):
        dr.load(tmp_path / "irs.safetensors")


def test_one_model_has_the_same_bytes_each_time():
    document = {name: np.arange(3.0) for name in "abcdef"}
    assert len({packed(document) for _ in range(20)}) == 1


# ---- Models in use.


def test_the_columns_of_a_frame_are_matched_by_name_and_scaled_and_filled():
    frame = pd.DataFrame({"colour": ["red", None, "blue"], "other": [1, 2, 3], "length": [3.0, 5.0, None]})
    encoding = Encoding((InputColumn("length"), InputColumn("colour", ("blue", "red"))), np.array([4.0, 1.0, 0.0]))
    model = Model(
        LinearLayer([[1.0], [10.0], [100.0]], [0.0]), encoding=encoding, input_scaling=Scaling([1.0, 0, 0], [2.0, 1, 1])
    )
    # (3 - 1) 2 + 100, (5 - 1) 2 + 10, (4 - 1) 2 + 10
    assert model.predict(frame).tolist() == [[104.0], [18.0], [16.0]]


def test_the_columns_of_a_frame_are_matched_by_the_names_of_the_layer_before_they_are_scaled():
    layer = LinearLayer([[1.0], [10.0]], [0.0], input_names=("a", "b"))
    model = Model(layer, input_scaling=Scaling([1.0, 2.0], [1.0, 1.0]))
    assert model.predict(pd.DataFrame({"b": [4.0], "a": [2.0]})).tolist() == [[21.0]]  # (2 - 1) + 10 (4 - 2)


def test_numbers_stand_for_a_table_without_categories_only():
    layer = LinearLayer([[1.0], [10.0]], [0.0])
    model = Model(layer, encoding=Encoding((InputColumn("a"), InputColumn("b"))))
    assert model.predict([[1.0, 2.0]]).tolist() == [[21.0]]
    words = Model(layer, encoding=Encoding((InputColumn("c", ("x", "y")),)))
    with pytest.raises(dr.InputError, match=r"a frame with categories in 'c'. Got numbers"):
        words.predict([[1.0, 2.0]])


def test_a_model_without_an_encoding_takes_the_columns_of_a_table_by_its_names_or_all_of_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("b,t,a\n2,7,1\n")
    layer = LinearLayer([[1.0], [10.0]], [0.0])
    named = Model(layer.with_names(("a", "b")))
    assert named.predict(source_of(path)).tolist() == [[21.0]]
    unnamed = Model(layer, target_names=("t",))
    assert unnamed.predict(source_of(path)).tolist() == [[12.0]]
    with pytest.raises(dr.InputError, match=r"must have 2 columns of inputs. Got 3 beside the targets"):
        Model(layer).predict(source_of(path))


def test_a_model_says_its_parts_in_json():
    document = whole_model("softmax").to_dict()
    assert document["target_names"] == ["kind"]
    assert document["encoding"]["columns"][1] == {"name": "colour", "levels": ["blue", "red"]}
    assert document["run"]["descent"]["momentum"] == 0.5
    assert document["target_scaling"] is None
    plain = Model(LinearLayer([[1.0]], [0.0])).to_dict()
    assert {name: plain[name] for name in ("run", "encoding", "input_scaling", "target_names")} == dict.fromkeys(
        ("run", "encoding", "input_scaling", "target_names")
    )


def test_the_index_of_a_frame_is_no_column():
    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=pd.Index([7, 9], name="i"))
    assert source_of_frame("inputs", frame).names == ("a",)


def test_a_model_shows_itself():
    model = whole_model("softmax")
    assert all(len(line) <= 80 for line in str(model).splitlines())
    assert "from 2 columns: length, colour (blue, red)" in str(model)
    assert "colour=red" in model._repr_html_()


def test_targets_are_scaled_back():
    scaling = min_max([[2.0], [6.0]])
    model = Model(LinearLayer([[1.0]], [0.0]), target_scaling=scaling)
    assert model.predict([[0.0], [0.5]]).tolist() == [[2.0], [4.0]]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("softmax", "logistic, one"))])
def test_probabilities_of_classes_add_up_to_one(name):
    given = sample(name)
    found = Model(given.layer).probabilities(given.X)
    assert found.shape == (len(given.X), len(given.layer.classes))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert_array_equal(np.array(given.layer.classes)[found.argmax(axis=1)], given.layer.predict(given.X))


def test_outputs_that_are_no_probabilities_are_not_called_so():
    with pytest.raises(dr.InputError, match=r"must have probabilities as outputs. Got a linear layer"):
        Model(LinearLayer([[1.0]], [0.0])).probabilities([[1.0]])


def test_parts_that_do_not_fit_are_refused():
    layer = LinearLayer([[1.0]], [0.0])
    with pytest.raises(dr.InputError, match=r"input_scaling of a model must fit the layer's 1 inputs. Got 2"):
        Model(layer, input_scaling=Scaling([0.0, 0.0], [1.0, 1.0]))
    with pytest.raises(dr.InputError, match=r"encoding of a model must fit"):
        Model(layer, encoding=Encoding((InputColumn("a", ("x", "y")),)))
    with pytest.raises(dr.InputError, match=r"must be a model, a run or a layer. Got a int"):
        dr.save(3, "m.safetensors")


# ---- Runs as JSON.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_run_is_read_back_from_json(name, dtype):
    run = whole_model(name, dtype).run
    assert_same(dr.run_from(json.loads(json.dumps(run.to_dict()))), run)


def test_a_run_without_biases_is_read_back_without_them():
    run = whole_model("softmax", biases=False).run
    assert not dr.run_from(run.to_dict()).layer.has_biases


def test_a_reason_that_is_not_known_is_refused():
    document = whole_model("softmax").run.to_dict()
    document["outcome"]["reason"] = "tired"
    with pytest.raises(dr.InputError, match=r"reason of the outcome must be one of epochs_done, .* Got 'tired'"):
        dr.run_from(document)


def test_columns_of_a_history_of_other_lengths_are_refused():
    document = whole_model("softmax").run.to_dict()
    document["history"]["errors"] = document["history"]["errors"][:-1]
    with pytest.raises(dr.InputError, match=r"errors of the history must be 6 numbers, one an epoch. Got 5"):
        dr.run_from(document)


def test_the_name_of_the_column_of_labels_is_no_name_of_neurons():
    document = dr.SoftmaxLayer.random(1, ["a", "b"]).to_dict() | {"target_names": ["kind"]}
    assert layer_from(document).target_names is None


def test_a_document_that_lacks_a_value_is_refused_by_its_name():
    document = whole_model("softmax").run.to_dict()
    del document["updates"]
    with pytest.raises(dr.InputError, match=r"none for 'updates'"):
        dr.run_from(document)
