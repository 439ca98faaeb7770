"""Class labels of any kind: found, sorted, placed, and given back as they came."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.labels import as_array, check_classes, plain, positions, sorted_classes
from deltarule.layers import SoftmaxLayer
from deltarule.training import train
from samples import refused

a_label = st.one_of(
    st.integers(-(2**70), 2**70), st.text(max_size=3), st.floats(allow_nan=False, allow_infinity=False),
    st.tuples(st.integers(0, 3), st.text(max_size=1)),
)  # fmt: skip


def test_numpys_labels_become_pythons():
    assert plain(np.array(["a", "b"])) == ["a", "b"]
    assert [type(label) for label in plain(np.array([3, 7]))] == [int, int]
    assert [type(label) for label in plain([np.float32(2), np.bool_(True), np.str_("a")])] == [float, bool, str]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["no", "yes", "no"], ("no", "yes")),
        ([7, 3, 7, 3], (3, 7)),
        (np.array([2.5, -1.0]), (-1.0, 2.5)),
        ([True, False], (False, True)),
        ([("b", 1), ("a", 2)], (("a", 2), ("b", 1))),
        # Not comparable: by the name of the type, then as text.
        (["b", 10, 9, "a"], (10, 9, "a", "b")),
        ([], ()),
    ],
)
def test_classes_are_found_and_sorted(labels, classes):
    found = sorted_classes(labels)
    assert found == classes
    assert [type(label) for label in found] == [type(label) for label in classes]


@given(st.lists(a_label), st.randoms())
def test_classes_do_not_depend_on_the_order_of_the_patterns(labels, random):
    once = sorted_classes(labels)
    random.shuffle(labels)
    assert set(sorted_classes(labels)) == set(once)
    if len({type(label) for label in labels}) <= 1:
        assert sorted_classes(labels) == once


@given(st.lists(a_label, min_size=2, unique=True), st.data())
def test_positions_and_classes_undo_each_other(classes, data):
    classes = check_classes(classes)
    labels = data.draw(st.lists(st.sampled_from(classes)))
    places = positions(labels, classes)
    assert [classes[k] for k in places] == labels
    back = as_array(classes)[places].tolist()
    assert back == labels


@pytest.mark.parametrize("classes", [("A", "B"), (3, 7), (False, True), (1.5, 2.5), ("a", 1), ((1, 2), (3, 4))])
def test_a_layer_says_its_classes_as_they_came(classes):
    layer = SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=classes)
    assert layer.classes == classes
    assert layer.predict([[-1.0], [1.0]]).tolist() == [classes[1], classes[0]]
    assert layer.errors([[1.0], [-1.0]], [classes[0], classes[0]]) == 1


def test_classes_of_one_type_make_an_array_of_it_others_of_objects():
    assert as_array(("A", "BC")).dtype.kind == "U"
    assert as_array((1, 2)).dtype.kind == "i"
    assert as_array((1, "a")).dtype == object
    pairs = as_array(((1, 2), (3, 4)))
    assert pairs.shape == (2,)
    assert pairs[1] == (3, 4)


@pytest.mark.parametrize("count", [3, 256, 257, 1000])
def test_positions_of_an_array_are_those_of_the_list_whether_few_or_many(count):
    array = np.array(["b", "a", "c"])[np.random.default_rng(count).integers(0, 3, count)]
    places = {"a": 0, "b": 1, "c": 2}
    assert_array_equal(positions(array, ("a", "b", "c")), [places[label] for label in array.tolist()])
    with pytest.raises(InputError, match="in row 3"):
        positions(np.r_[array[:2], ["d"], array], ("a", "b", "c"))


def test_positions_of_nothing():
    assert_array_equal(positions([], ("a", "b")), np.empty(0, np.intp))


def test_classes_keep_the_order_of_the_neurons():
    assert check_classes(["b", "a"]) == ("b", "a")
    assert check_classes(np.array([7, 3])) == (7, 3)


@pytest.mark.parametrize(
    ("classes", "rule", "got", "remedy"),
    [
        ("ab", "a list of labels", "'ab'", "['a', 'b']"),
        (None, "a list of labels", "None", "Give a list."),
        (["a", "b", "a"], "be distinct", "['a', 'b', 'a']", "once, in the order of the neurons"),
        ([1, 1.0], "be distinct", "[1, 1.0]", "once"),
        (
            [1, True],
            "not hold True beside 1",
            "True in place 2 and 1 in place 1",
            "booleans only, numbers only, or texts",
        ),
        ([0.0, "a", False], "not hold False beside 0", "False in place 3 and 0 in place 1", "booleans only"),
        ([1.0, -math.inf], "be finite where they are numbers", "-inf in place 2", "give texts"),
        (["a"], "be at least two for a class layer", "['a']", "Or use a linear or perceptron layer"),
        ([], "be at least two for a class layer", "[]", "Add patterns of another class"),
        ([math.nan, 1.0], "have no label missing", "nan in place 1", "Fill it in"),
        ([[1], [2]], "be labels", "[1] in place 1", "one label each"),
    ],
)
def test_classes_refused(classes, rule, got, remedy):
    with refused("classes", rule, got, remedy):
        check_classes(classes)


def test_labels_refused():
    with refused("targets", "be among the layer's classes ('a', 'b')", "'c' in row 2", "Correct the label"):
        positions(["a", "c", "d"], ("a", "b"))
    with refused("targets", "have no label missing", "None in row 2", "Fill it in"):
        plain(["a", None])
    with refused("targets", "a list of labels", "array(3)", "Give a list."):
        plain(np.array(3))


def test_labels_that_an_array_would_change_make_an_array_of_objects():
    for labels in (("A", "A\0"), (2**63, 1), (2**63, -1), (2**64, 2**64 + 1)):
        array = as_array(labels)
        assert array.dtype == object
        assert array.tolist() == list(labels)
    assert as_array(("A\0B", "C")).dtype.kind == "U"  # only the NULs at the end are lost
    big = np.array([2**63, 2**63 + 1], np.uint64)
    assert sorted_classes(big) == (2**63, 2**63 + 1)
    assert positions(big, (2**63, 2**63 + 1)).tolist() == [0, 1]


def test_labels_that_end_in_nul_are_kept_apart_from_data_to_prediction():
    layer = SoftmaxLayer.for_targets(1, ["A", "A\0", "A"])
    assert layer.classes == ("A", "A\0")
    run = train(layer, [[-1.0], [1.0], [-1.0]], ["A", "A\0", "A"], Descent(1.0, 50), "direct")
    assert run.layer.predict([[-1.0], [1.0]]).tolist() == ["A", "A\0"]
    assert run.history.errors[-1] == 0


@pytest.mark.parametrize("missing", [None, math.nan, np.float64("nan"), np.datetime64("NaT")])
def test_a_missing_label_of_any_sort_is_refused(missing):
    with refused("targets", "have no label missing", "in row 2", "Fill it in"):
        plain(["a", missing])


def test_dates_are_labels():
    dates = np.array(["2024-01-02", "2024-01-01"], "M8[ns]")
    assert sorted_classes(dates) == (dates[1], dates[0])
    assert positions(dates, (dates[1], dates[0])).tolist() == [1, 0]


def test_a_label_that_looks_like_a_class_of_another_type_is_told_the_type():
    with refused(
        "targets", "be among the layer's classes (0, 1)", "'0' in row 1", "The class is 0: give labels of its type."
    ):
        positions(["0", "1"], (0, 1))


@pytest.mark.parametrize("given", [{"a", "b"}, frozenset("ab"), {"a": 1, "b": 2}, bytearray(b"ab")])
def test_labels_without_an_order_of_the_patterns_are_refused(given):
    for door in (sorted_classes, lambda given: positions(given, ("a", "b"))):
        with pytest.raises(InputError, match="be a list of labels"):
            door(given)


@pytest.mark.parametrize(
    "infinite",
    [
        float("inf"),
        -np.float32("inf"),
        np.longdouble("inf"),
        Decimal("-Infinity"),
        complex("inf"),
        complex(0, math.inf),
    ],
)
def test_an_infinite_label_of_any_type_is_refused(infinite):
    with pytest.raises(InputError, match="be finite where they are numbers"):
        sorted_classes([infinite, 1])
    with pytest.raises(InputError, match="be finite where they are numbers"):
        sorted_classes(np.array([infinite, 1]))


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_column_of_a_matrix_and_arrays_without_dimensions_are_labels():
    assert sorted_classes(np.matrix([["b"], ["a"]])) == ("a", "b")
    assert sorted_classes([np.array(1), np.array(0)]) == (0, 1)
    assert sorted_classes(np.array([2, 1], np.longdouble)) == (1, 2)


@pytest.mark.parametrize("method", ["__str__", "__repr__", "__hash__"])
def test_a_label_that_cannot_be_told_or_shown_is_refused(method):
    def fails(self):
        raise ValueError("no")

    odd = type("Odd", (), {method: fails})
    with pytest.raises(InputError, match="be labels"):
        sorted_classes([odd(), "a"])


def test_labels_of_an_index_of_several_levels_are_tuples():
    pd = pytest.importorskip("pandas")
    assert sorted_classes(pd.MultiIndex.from_tuples([("b", 1), ("a", 2)])) == (("a", 2), ("b", 1))
