"""[data]: tables, splits and scalings, and each error at its key."""

# ruff: noqa: E501 - the tables of errors have a case a line

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_allclose

from deltarule.data import split
from deltarule.datasets import load
from deltarule.errors import InputError, ProblemError
from deltarule.problem import problem_from, problem_text, read_problem
from problem_files import changed, document, error, numbers_problem


def test_a_table_is_found_beside_the_file(toml, tmp_path):
    (tmp_path / "flowers.csv").write_text("length,width,species\n1,2,a\n3,4,b\n5,7,a\n")
    head, tail = (
        'title = "T"\n[layer]\nkind = "KIND"\ninit = {seed = 1}\n[data]\n',
        "\n[descent]\nlearning_rate = 1\nepochs = 1\n",
    )

    def read(kind, data):
        return read_problem(toml(head.replace("KIND", kind) + data + tail))

    problem = read("softmax", 'table = "flowers.csv"\ntarget = "species"')
    assert problem.X.tolist() == [[1, 2], [3, 4], [5, 7]]
    assert problem.targets.tolist() == ["a", "b", "a"]
    assert (problem.input_names, problem.target_names) == (("length", "width"), ("species",))
    problem = read("linear", 'table = "flowers.csv"\ntarget = "width"\ninputs = ["length"]\nscale_targets = true')
    assert problem.X.tolist() == [[1], [3], [5]]
    assert_allclose(problem.targets, [[0], [0.4], [1]], rtol=1e-15)  # (2, 4, 7) - 2 over 5
    assert problem.target_names == ("width",)


OUTSIDE = "Put it there, or state a folder above both: root= in Python, --root on the command line."


@pytest.fixture
def beside(tmp_path):
    """A folder of problems beside one of data."""
    for folder in ("problems", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data" / "t.csv").write_text("x,t\n1,a\n2,b\n")
    return tmp_path / "problems"


def of_table(table):
    return document({"kind": "softmax", "init": {"seed": 1}}, {"table": str(table), "target": "t"})


@pytest.mark.parametrize(
    "way", ["../data/t.csv", "absolute", "link.csv", "folder/t.csv", "../data/*.csv", "folder/*.csv"]
)
def test_a_table_outside_the_folder_of_its_problem_needs_a_root(beside, way):
    (beside / "link.csv").symlink_to("../data/t.csv")
    (beside / "folder").symlink_to("../data")
    made = of_table(beside.parent / "data" / "t.csv" if way == "absolute" else way)
    found = error(made, beside)
    assert found.where == "problem, [data] table"
    assert f"must lie in the folder '{beside}'" in found.why
    assert found.why.endswith(OUTSIDE)
    for root in (beside.parent, str(beside.parent), beside / ".."):
        assert problem_from(made, beside, root=root).X.tolist() == [[1], [2]]
    with pytest.raises(ProblemError, match=r"must lie in the folder '.*problems'\. Got"):
        problem_from(made, beside, root=beside)


def test_a_problem_file_may_read_its_table_below_a_stated_root(beside):
    (beside / "p.toml").write_text(problem_text(problem_from(of_table("../data/t.csv"), beside, root=beside.parent)))
    assert read_problem(beside / "p.toml", root=beside.parent).X.tolist() == [[1], [2]]
    with pytest.raises(ProblemError, match="must lie in the folder"):
        read_problem(beside / "p.toml")


def test_a_root_is_a_folder(beside):
    with pytest.raises(InputError, match=r"The root must be a folder that exists\. Got '.*t\.csv'\."):
        problem_from(of_table("t.csv"), root=beside.parent / "data" / "t.csv")


def test_columns_of_a_table_are_one_hot_classes_by_their_names(tmp_path):
    pq.write_table(pa.table({"x": [1.0, 2.0], "cat": [0, 1], "ant": [1, 0]}), tmp_path / "p1.parquet")
    data = {"table": "p*.parquet", "target": ["cat", "ant"]}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 1}}, data), tmp_path)
    assert problem.layer.classes == ("cat", "ant")
    assert problem.targets.tolist() == ["ant", "cat"]
    independent = problem_from(document({"kind": "logistic", "init": {"seed": 1}}, data), tmp_path)
    assert independent.layer.classes is None
    assert independent.targets.tolist() == [[0, 1], [1, 0]]


def test_a_stratified_split_keeps_the_shares():
    data = {"dataset": "iris", "split": {"test": 30, "seed": 3, "stratified": True}}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 1}}, data))
    assert np.unique(problem.test[1], return_counts=True)[1].tolist() == [10, 10, 10]
    training, _ = split(150, 30, 3, stratified=True, labels=load("iris").targets.tolist())
    assert np.array_equal(problem.X, load("iris").inputs[training])


ALIKE = "The targets must be all texts, all numbers, all booleans or all rows. Got "


@pytest.mark.parametrize(
    ("data", "key", "why"),
    [
        ({"standardise": True}, "", "This table names no data. Give inputs and targets, or table and target, or dataset."),
        ({"inputs": [[0, 1]], "targets": ["a"], "target": "t"}, " target", "This key names columns of a table. Add table, or write targets instead."),
        ({"table": "t.csv", "dataset": "iris"}, " dataset", "A problem has one source of data. Keep table or dataset."),
        ({"table": "t.csv", "targets": ["a"]}, " targets", "This key does not go with table. Choose columns with target and inputs."),
        ({"dataset": "iris", "targets": ["a"]}, " targets", "This key does not go with dataset. Leave it out."),
        ({"dataset": "iris", "inputs": ["a"]}, " inputs", "This key does not go with dataset. Leave it out."),
        ({"dataset": "iriss"}, " dataset", "The data set must be one of iris, linnerud. Got 'iriss'. Did you mean 'iris'?"),
        ({"table": 3, "target": "t"}, " table", 'The value of table must be text. Got 3. Write table = "flowers.csv".'),
        ({"table": "t.csv"}, " target", 'This key is missing. Add target = "species", or target = ["weight", "waist"].'),
        ({"table": "none.csv", "target": "t"}, " table", "The table must be a file that exists. Got none.csv. Check the path."),
        ({"inputs": [[], []], "targets": ["a", "b"]}, " inputs", "The inputs must have at least one column. Got empty rows."),
        ({"inputs": [], "targets": ["a", "b"]}, " inputs", "The inputs must have at least one row. Got none."),
        ({"inputs": [[0, "x"], [1, 2]], "targets": ["a", "b"]}, " inputs", "The inputs must hold numbers only. Got 'x' in row 1, column 2."),
        ({"inputs": [[0, 1], [1, float("inf")]], "targets": ["a", "b"]}, " inputs", "The inputs must hold finite numbers only. Got inf in row 2, column 2."),
        ({"inputs": [[0, 1], [1]], "targets": ["a", "b"]}, " inputs", "The inputs must have rows of the same length. Got 2 numbers in row 1 and 1 in row 2."),
        ({"inputs": [[0], [1]], "targets": ["a", "b"]}, " inputs", "The inputs must have 2 columns, one for each input of the layer. Got 1."),
        ({"inputs": {"a": 1}, "targets": ["a", "b"]}, " inputs", "The inputs must be a matrix: "),
        ({"inputs": [[0, 1], [2, 3]], "targets": []}, " targets", "The targets must be a list of one a pattern. Got []. Write targets = "),
        ({"inputs": [[0, 1], [2, 3]], "targets": "ab"}, " targets", "The targets must be a list of one a pattern. Got 'ab'. Write targets = "),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", "b", "a"]}, " targets", "The targets must be as many as the rows of the inputs, 2. Got 3. Give one target a pattern."),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", "a"]}, " targets", "The classes must be at least two for a class layer. Got ['a']. Add patterns of another class"),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["a", " "]}, " targets", "The targets must have no label missing. Got ' ' in entry 2. Fill it in"),
        ({"inputs": [[0, 1], [2, 3]], "targets": ["", "a"]}, " targets", "The targets must have no label missing. Got '' in entry 1. Fill it in"),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1, "1"]}, " targets", ALIKE + "'1' in entry 2. Write all of them in the same form; texts are best for classes."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1, True]}, " targets", ALIKE + "True in entry 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1, 0], 1]}, " targets", ALIKE + "1 in entry 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [{"a": 1}]}, " targets", ALIKE + "{'a': 1} in entry 1."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1.0, float("nan")]}, " targets", "The targets must have no label missing. Got nan in row 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [1, 2.5]}, " targets", "The targets must be texts, whole numbers or booleans for a softmax layer. Got 2.5 in row 2. Use a linear or perceptron layer to predict numbers; write labels in quotation marks"),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1, 0], [1, 1]]}, " targets", "The one-hot targets must hold a single 1 a row and 0 elsewhere. Got [1.0, 1.0] in row 2."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[1], [1]]}, " targets", "The classes must be at least two for a class layer. Got [1]."),
        ({"inputs": [[0, 1], [2, 3]], "targets": [[True, 0], [0, 1]]}, " targets", "The targets must hold numbers only. Got True in row 1, column 1."),
    ],
)  # fmt: skip
def test_data_that_cannot_be_are_reported(data, key, why):
    found = error(document(data=data))
    assert found.where == f"problem, [data]{key}"
    assert found.why.startswith(why)


def test_numbers_are_no_one_hot_rows():
    found = error(document({"kind": "softmax", "init": {"seed": 1}}, {"dataset": "linnerud"}))
    assert str(found).startswith(
        "problem, [data] dataset: The one-hot targets must hold a single 1 a row and 0 elsewhere. Got [191.0, 36.0, 50.0]"
    )


@pytest.mark.parametrize(
    ("keys", "key", "why"),
    [
        ({"standardise": 1}, "standardise", "The value of standardise must be true or false. Got 1. Write standardise = true."),
        ({"centre": "yes"}, "centre", "The value of centre must be true or false. Got 'yes'. Write centre = true."),
        ({"standardise": True, "centre": True}, "centre", "Standardised inputs are centred already. Leave out centre."),
        ({"scale_targets": True}, "scale_targets", "The targets of a softmax layer are classes, not sizes. Leave the key out."),
        ({"split": 0.4}, "split", "The value of split must be a table in braces. Got 0.4. Write split = {test = 0.4, seed = 2}."),
        ({"split": {"test": 1}}, "split.seed", "This key is missing. Add seed = 2."),
        ({"split": {"seed": 1}}, "split.test", "This key is missing. Add test = 0.4."),
        ({"split": {"test": 1, "seed": 1, "stratify": True}}, "split.stratify", "There is no such key. Did you mean 'stratified'?"),
        ({"split": {"test": 1, "seed": 1, "stratified": 1}}, "split.stratified", "The value of stratified must be true or false. Got 1. Write stratified = true."),
        ({"split": {"test": 2, "seed": 1}}, "split.test", "The test set must be a share between 0 and 1, or a whole number of patterns from 1 to 1. Got 2 of 2"),
        ({"split": {"test": "1", "seed": 1}}, "split.test", "The test set must be a share between 0 and 1, or a whole number of patterns"),
        ({"split": {"test": 1, "seed": "x"}}, "split.seed", "The seed of the split must be a whole number of at least 0. Got 'x'."),
        ({"split": {"test": 1, "seed": 1, "stratified": True}}, "split.stratified", "The stratified split must have enough patterns of each class for both sets. Got one pattern of 'a'."),
        ({"inputs": [[1e308, 0], [-1e308, 1]], "standardise": True}, "standardise", "The numbers to scale must have a mean and a spread that float64 can hold. Got column 1"),
        ({"inputs": [[1e308, 0], [1e308, 1]], "centre": True}, "centre", "The numbers to scale must have a mean and a spread that float64 can hold. Got column 1"),
        ({"inputs": [[1e308, 0], [-1e308, 1]], "centre": True, "split": {"test": 1, "seed": 1}}, "inputs", "The scaled numbers must hold finite numbers only. Got "),
    ],
)  # fmt: skip
def test_a_split_or_a_scaling_that_cannot_be_is_reported(keys, key, why):
    found = error(changed("data", **keys))
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("keys", "key", "why"),
    [
        ({"targets": ["a", "b", "c", "d"]}, "targets", "The targets of a linear layer must hold numbers only. Got 'a' in row 1. Write numbers; softmax and logistic layers take labels."),
        ({"targets": [True, False, True, True]}, "targets", "The targets of a linear layer must hold numbers only. Got True in row 1."),
        ({"targets": [1, 2, float("inf"), 3]}, "targets", "The targets of a linear layer must hold finite numbers only. Got inf in entry 3."),
        ({"targets": [[1, 2]] * 4}, "targets", "The targets must have 1 column, one for each neuron. Got 2."),
        ({"targets": [1e308, -1e308, 0, 0], "scale_targets": True}, "scale_targets", "The numbers to scale must have a mean and a spread"),
        ({"targets": [1e100, 1e-300, 0, 0], "scale_targets": True, "split": {"test": 1, "seed": 4}}, "targets", "The scaled numbers must hold finite"),
        ({"split": {"test": 1, "seed": 1, "stratified": True}}, "split.stratified", "The stratified split must have a label for each pattern. Got none."),
        ({"inputs": [[1]], "targets": [1], "split": {"test": 0.5, "seed": 1}}, "split", "The number of patterns must be a whole number of at least 2. Got 1."),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_targets_are_reported(keys, key, why):
    found = error(numbers_problem(**keys))
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("kind", "keys", "key", "why"),
    [
        ("softmax", {"target": "specis"}, "target", "The targets must be columns of {t}. Got 'specis'. Did you mean 'species'?"),
        ("softmax", {"target": 3}, "target", "The targets must be a list of column names. Got 3."),
        ("softmax", {"target": "species", "inputs": ["lenght"]}, "inputs", "The inputs must be columns of {t}. Got 'lenght'. Did you mean 'length'?"),
        ("linear", {"target": "species"}, "target", "The targets must be numbers. Got 'a' in {t}, column 'species', row 1."),
        ("linear", {"target": "length"}, "table", "The inputs must be numbers. Got 'a' in {t}, column 'species', row 1."),
        ("softmax", {"target": "length", "inputs": ["width"], "table": "flower.csv"}, "table", "The table must be a file that exists. Got flower.csv. Did you mean 'flowers.csv'?"),
        ("softmax", {"target": "species", "table": "**.csv"}, "table", "The table must have a pattern that can be used, in the name of the file alone and without **. Got '**.csv'. Write one like 'part-*.csv'."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_points_at_its_key(tmp_path, kind, keys, key, why):
    path = tmp_path / "flowers.csv"
    path.write_text("length,width,species\n1,2,a\n3,4,b\n")
    found = error(document({"kind": kind, "init": {"seed": 1}}, {"table": "flowers.csv", **keys}), tmp_path)
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why.format(t=path))


# ---- Classes that no pattern has, columns of labels, tables without names


def test_classes_are_named_in_the_order_of_the_neurons():
    weights = [[-2.0, -1.0, -0.5], [-1.0, -1.5, -0.75]]
    data = {"inputs": [[1, 0], [0, 1]], "targets": [0, 2]}
    problem = problem_from(document({"kind": "softmax", "weights": weights, "classes": [0, 1, 2]}, data))
    assert problem.layer.classes == (0, 1, 2)
    assert problem.targets.tolist() == [0, 2]
    assert problem.patterns.D.tolist() == [[1, 0, 0], [0, 0, 1]]
    turned = problem_from(document({"kind": "softmax", "weights": weights, "classes": [2, 1, 0]}, data))
    assert turned.patterns.D.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert problem_from(turned.to_dict()).layer.classes == (2, 1, 0)
    one = problem_from(
        document(
            {"kind": "logistic", "init": {"seed": 1}, "classes": ["-", "+"]}, {"inputs": [[3, 2]], "targets": ["+"]}
        )
    )
    assert (one.layer.neurons, one.patterns.D.tolist()) == (1, [[1]])
    drawn = problem_from(document({"kind": "softmax", "init": {"seed": 1}, "classes": ["a", "b", "c"]}))
    assert (drawn.layer.neurons, drawn.layer.predict([[0, 1]]).shape) == (3, (1,))


def test_named_one_hot_columns_follow_the_classes(tmp_path):
    pq.write_table(pa.table({"x": [1.0, 2.0], "cat": [0, 1], "ant": [1, 0]}), tmp_path / "p.parquet")
    data = {"table": "p.parquet", "target": ["cat", "ant"]}
    problem = problem_from(
        document({"kind": "softmax", "init": {"seed": 1}, "classes": ["ant", "cat"]}, data), tmp_path
    )
    assert problem.layer.classes == ("ant", "cat")
    assert problem.targets.tolist() == ["ant", "cat"]
    found = error(document({"kind": "softmax", "init": {"seed": 1}, "classes": ["ant", "dog"]}, data), tmp_path)
    assert found.where == "problem, [layer] classes"
    assert "must be the columns of the targets ('cat', 'ant'). Got 'ant', 'dog'." in found.why


@pytest.mark.parametrize(
    ("layer", "where", "why"),
    [
        ({"classes": ["a"]}, "[layer] classes", "The classes must be at least two for a class layer. Got ['a']."),
        ({"classes": "ab"}, "[layer] classes", "The value of classes must be a list of labels. Got 'ab'."),
        ({"classes": ["a", "a"]}, "[layer] classes", "The classes must be distinct."),
        ({"classes": ["a", ["b"]]}, "[layer] classes", "The classes must be labels: text, numbers or anything else hashable."),
        ({"classes": [1, True]}, "[layer] classes", "The classes must not hold True beside 1, which equals it."),
        ({"classes": ["a", "c"]}, "[data] targets", "The targets must be among the layer's classes ('a', 'c'). Got 'b' in row 1."),
        ({"classes": ["a", "b", "c"]}, "[layer] weights", "The classes must be 2 for this layer (one neuron a class)."),
        ({"kind": "perceptron", "classes": ["a", "b"]}, "[layer] classes", "The classes must be left out for a perceptron layer."),
    ],
)  # fmt: skip
def test_classes_that_cannot_be_are_reported(layer, where, why):
    kind = {"kind": "softmax", "weights": [[1, 0], [0, 1]]}
    data = {"inputs": [[0, 1], [2, 3]], "targets": [0.5, 1]} if "kind" in layer else None
    found = error(document(layer=kind | layer, data=data))
    assert found.where == f"problem, {where}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("kind", "targets", "labels"),
    [
        ("softmax", [["a"], ["b"]], ["a", "b"]),
        ("softmax", [[0], [1]], [0, 1]),
        ("softmax", [[True], [False]], [True, False]),
        ("logistic", [["a"], ["b"]], ["a", "b"]),
        ("logistic", [[1], [2]], [1, 2]),
        ("logistic", [[0], [1]], [[0], [1]]),  # a neuron that answers yes or no
    ],
)
def test_a_column_of_labels_is_taken_as_labels(kind, targets, labels):
    data = {"inputs": [[0, 1], [2, 3]], "targets": targets}
    problem = problem_from(document({"kind": kind, "init": {"seed": 1}}, data))
    assert problem.targets.tolist() == labels
    assert [type(label) for label in problem.layer.classes or ()] == [
        type(label) for label in labels[: (problem.layer.classes and 2) or 0]
    ]


def test_a_list_of_one_column_of_labels_is_that_column(tmp_path):
    (tmp_path / "t.csv").write_text("x,kind,answer\n1,a,0\n2,b,1\n")
    layer = {"kind": "softmax", "init": {"seed": 1}}
    read = lambda kind, target: problem_from(  # noqa: E731
        document(layer | {"kind": kind}, {"table": "t.csv", "inputs": ["x"], "target": [target]}), tmp_path
    )
    assert read("softmax", "kind").targets.tolist() == ["a", "b"]
    assert read("softmax", "answer").layer.classes == (0, 1)
    assert read("logistic", "kind").layer.classes == ("a", "b")
    assert read("logistic", "answer").layer.classes is None
    assert read("linear", "answer").targets.tolist() == [[0], [1]]


def test_a_table_without_names_is_read_by_places(tmp_path):
    (tmp_path / "t.csv").write_text("5.0,3.4,setosa\n4.8,3.1,setosa\n6.8,3.1,versicolor\n")
    layer = {"kind": "softmax", "init": {"seed": 1}}
    found = error(document(layer, {"table": "t.csv", "target": "species"}), tmp_path)
    assert found.where == "problem, [data] table"
    assert "whose first row looks like data: 5.0, 3.4, setosa. Write header = false" in found.why
    problem = problem_from(document(layer, {"table": "t.csv", "target": 3, "header": False}), tmp_path)
    assert problem.X.tolist() == [[5.0, 3.4], [4.8, 3.1], [6.8, 3.1]]
    assert problem.targets.tolist() == ["setosa", "setosa", "versicolor"]
    assert problem.input_names == ("x1", "x2")
    read = problem_from(
        document(layer, {"table": "t.csv", "target": "setosa", "header": True, "inputs": ["5.0"]}), tmp_path
    )
    assert read.X.tolist() == [[4.8], [6.8]]


def test_labels_that_are_read_as_one_are_noted(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,yes\n2,1,no\n3,1,yes \n")
    problem = problem_from(
        document({"kind": "logistic", "init": {"seed": 1}}, {"table": "t.csv", "target": "y"}), tmp_path
    )
    assert problem.layer.classes == ("no", "yes")
    assert problem.remarks == (
        "The labels 'yes' and 'yes ' of the table are read as one, 'yes': blanks around a label do not count",
    )
    assert "note: The labels 'yes' and 'yes ' of the table" in " ".join(str(problem).split())
    # A text in the problem file stands as it was written.
    kept = problem_from(
        document({"kind": "softmax", "init": {"seed": 1}}, {"inputs": [[1], [2]], "targets": ["a", "a "]})
    )
    assert kept.layer.classes == ("a", "a ")


def test_labels_that_end_in_nul_and_whole_labels_of_any_size_are_kept_apart():
    for labels in (["A", "A\0"], [2**63, 2**63 + 1], [2**63, -1], [2**53, 2**53 + 1]):
        problem = problem_from(
            document({"kind": "softmax", "init": {"seed": 1}}, {"inputs": [[1], [2]], "targets": labels})
        )
        assert problem.targets.tolist() == labels
        assert sorted(problem.layer.classes) == sorted(labels)
    infinite = error(changed("data", targets=[float("inf"), 1.0]))
    assert infinite.why.startswith("The targets must be finite where they are numbers. Got inf in row 1.")


def test_a_layer_knows_the_names_of_the_columns_of_its_table(tmp_path):
    (tmp_path / "t.csv").write_text("width,length,y\n1,2,a\n2,1,b\n")
    layer = {"kind": "softmax", "init": {"seed": 1}}
    problem = problem_from(document(layer, {"table": "t.csv", "target": "y"}), tmp_path)
    assert problem.layer.input_names == ("width", "length")
    turned = pa.table({"length": [2.0, 1.0], "width": [1.0, 2.0]})
    assert problem.layer.output(turned).tolist() == problem.layer.output(problem.X).tolist()
    assert problem_from(document()).layer.input_names is None
    with pytest.raises(InputError, match="whose input_names is"):
        problem.with_layer(problem.layer.with_names(("length", "width")))


def test_frames_and_series_in_a_document_are_its_rows_and_labels():
    inputs, labels = pa.table({"a": [0.0, 2.0], "b": [1.0, 3.0]}), pa.chunked_array([["b", "a"]])
    problem = problem_from(document(data={"inputs": inputs, "targets": labels}))
    assert problem.to_dict()["data"] == {"inputs": [[0.0, 1.0], [2.0, 3.0]], "targets": ["b", "a"]}
    assert problem_from(problem.to_dict()).targets.tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("data", "key", "why"),
    [
        ({"inputs": pa.table({"a": ["x", "y"]})}, "inputs", "The inputs must be numbers. Got column 'a', of type String."),
        ({"targets": pa.array(["a", None])}, "targets", "The targets must have no label missing. Got None in row 2."),
        ({"targets": np.ma.array([1, 2], mask=[0, 1])}, "targets", "The targets must have no entry masked."),
        ({"inputs": np.ma.array([[0, 1], [2, 3]], mask=[[0, 1], [0, 0]])}, "inputs", "The inputs must have no entry masked."),
    ],
)  # fmt: skip
def test_frames_in_a_document_that_cannot_be_are_reported(data, key, why):
    found = error(document(data={"inputs": [[0, 1], [2, 3]], "targets": ["b", "a"]} | data))
    assert found.where == f"problem, [data] {key}"
    assert found.why.startswith(why)
