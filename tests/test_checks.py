"""The rules that every entrance shares, and the words in which each refuses."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from deltarule.checks import choice, generator, numbers, positive, whole
from deltarule.errors import InputError
from samples import refused


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([[1, 2], [3, 4]], np.float64),
        (np.array([[1, 2], [3, 4]], np.int8), np.float64),
        (np.array([[1, 2], [3, 4]], np.float32), np.float32),
        (np.array([[1, 2], [3, 4]], np.float16), np.float64),
        (np.array([[1, 2], [3, 4]], object), np.float64),
        ([[Fraction(1), Decimal(2)], [3, np.float64(4)]], np.float64),
        (np.array([[1, 3], [2, 4]], order="F").T.copy(order="F").T.T, np.float64),
    ],
)
def test_numbers_become_a_contiguous_array_of_floats(values, dtype):
    array = numbers("inputs", values, 2)
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert_array_equal(np.sort(array, axis=None), [1, 2, 3, 4])


def test_numbers_take_booleans_and_a_dtype():
    array = numbers("targets", [[True, False]], 2, np.float32)
    assert array.dtype == np.float32
    assert array.tolist() == [[1.0, 0.0]]


def test_numbers_whose_sum_overflows_are_finite_all_the_same():
    assert_array_equal(numbers("inputs", [[1e308, 1e308]], 2), [[1e308, 1e308]])


def test_a_matrix_without_rows_keeps_its_shape():
    assert numbers("inputs", np.empty((0, 3)), 2).shape == (0, 3)


@pytest.mark.parametrize(
    ("values", "dimensions", "rule", "got", "remedy"),
    [
        ([], 2, "at least one row", "none", "data were read"),
        ([1, 2], 2, "a matrix: a list of rows of numbers, all as long", "an array of shape (2,)", "[[0, 4], [-1, 3]]"),
        ([[1, 2]], 1, "a list of numbers", "an array of shape (1, 2)", "[0, 4]"),
        (5, 2, "a matrix", "an array of shape ()", "one row a pattern"),
        (None, 2, "a matrix", "an array of shape ()", "one row a pattern"),
        ([[1, 2], [3]], 2, "have rows of the same length", "2 numbers in row 1 and 1 in row 2", "row 1 or row 2."),
        ([["1", "2"]], 2, "hold numbers only", "'1' in row 1, column 1", "Write 1 without quotation marks."),
        (np.array([["1", 2]], object), 2, "hold numbers only", "'1' in row 1, column 1", "Write 1 without"),
        ([[3, 1 + 2j]], 2, "hold numbers only", "(1+2j) in row 1, column 2", "Give a number"),
        (np.array([[1 + 2j]]), 2, "hold real numbers", "complex128", "real and imaginary parts"),
        (np.array([["2024-01-01"]], "M8[D]"), 2, "hold real numbers", "datetime64[D]", "days since a date"),
        ([[{}, 1]], 2, "a matrix", "[[{}, 1]]", "numbers only"),
        ([[10**400]], 2, "hold numbers that fit float64", "1000", "Give smaller ones"),
        ([["x" * 100]], 2, "hold numbers only", "xxx...", "Give a number"),
        ([[np.datetime64("2020-01-01"), 1]], 2, "hold numbers only", "2020, 1, 1) in row 1, column 1", "Give a number"),
        ([1, np.timedelta64(1, "D")], 1, "hold numbers only", "in entry 2", "Give a number"),
        (["a"], 1, "hold numbers only", "'a' in entry 1", "Give a number, or leave it out."),
        (iter([[1]]), 2, "a matrix", "list_iterator", "Give a list or an array."),
        ({1: 2}, 2, "a matrix", "{1: 2}", "Give a list or an array."),
        (np.array([["1"]]), 2, "hold numbers only", "'1' in row 1, column 1", "Write 1 without"),
        (np.array("1"), 2, "a matrix", "'1'", "Give a list or an array."),
        ([[1, math.nan]], 2, "hold finite numbers only", "nan in row 1, column 2", "Remove or fill it"),
        ([[1, None]], 2, "hold finite numbers only", "None in row 1, column 2", "Remove or fill it"),
        (
            [[1, 2], [-math.inf, math.inf]],
            2,
            "hold finite numbers only",
            "-inf in row 2, column 1",
            "Remove or fill it",
        ),
        ([1, math.inf], 1, "hold finite numbers only", "inf in entry 2", "Remove or fill it"),
    ],
)
def test_numbers_refused(values, dimensions, rule, got, remedy):
    with refused("inputs", rule, got, remedy):
        numbers("inputs", values, dimensions)


def test_a_long_value_is_shortened():
    with pytest.raises(ValueError, match="inputs") as caught:
        numbers("inputs", [["x" * 1000]], 2)
    assert caught.value.got.startswith("'" + "x" * 56 + "... in row 1")


def test_a_number_too_large_for_float32_is_named():
    with refused("inputs", "fit float32", "1e+39 in row 1, column 2", "float64"):
        numbers("inputs", [[1.0, 1e39]], 2, np.float32)


@pytest.mark.parametrize(
    "value", [0.5, 1, np.float32(0.5), np.int64(3), Fraction(1, 2), Decimal("0.5"), 5e-324, 1.7e308]
)
def test_positive_numbers(value):
    assert positive("learning rate", value, "r.") == float(value)
    assert type(positive("learning rate", value, "r.")) is float


def test_a_tensor_of_no_dimensions_is_a_number_also_where_it_is_part_of_a_graph():
    assert positive("learning rate", torch.tensor(0.5, requires_grad=True), "r.") == 0.5


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (0, "0"),
        (-0.1, "-0.1"),
        (np.float64(-0.1), "-0.1"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (True, "True"),
        (np.True_, "True"),
        (b"1", "b'1'"),
        (None, "None"),
        (1j, "1j"),
        ([0.1], "[0.1]"),
        (10**400, "1000"),
        (np.ones(1), "array([1.])"),
        (torch.ones(1, requires_grad=True), "tensor([1.], requires_grad=True)"),
        (torch.ones(2, 2), "tensor([[1., 1.], [1., 1.]])"),
    ],
)
def test_positive_refuses(value, got):
    with refused("learning rate", "be a finite number above 0", got, "Try 0.05."):
        positive("learning rate", value, "Try 0.05.")


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("0.1", "Write 0.1 without quotation marks."),
        ("0,05", "Write 0.05, with a decimal point."),
        (" -1,5e-3 ", "Write -1.5e-3, with a decimal point."),
        ("fast", "Try 0.05."),
    ],
)
def test_a_number_in_quotation_marks_or_with_a_decimal_comma_gets_its_own_remedy(value, remedy):
    with refused("learning rate", "be a finite number above 0", repr(value), remedy):
        positive("learning rate", value, "Try 0.05.")
    with refused("batch size", "be a whole number of at least 1", repr(value), remedy):
        whole("batch size", value, 1, "Try 0.05.")


def test_a_row_of_another_length_is_named_and_commas_are_suspected_between_whole_numbers_only():
    with refused("weights", "the same length", "2 numbers in row 1 and 4 in row 3", "a point: 0.5, not 0,5."):
        numbers("weights", [[1, 2], [3, 4], [0, 5, 1, 25]], 2)
    with pytest.raises(InputError) as caught:
        numbers("weights", [[0.5, 2.0], [3.0], [1.5, 1.0]], 2)
    assert caught.value.remedy == "Correct row 2."


@pytest.mark.parametrize(("first", "length"), [([0, 5, 4], 3), ([4], 1)])
def test_the_row_that_differs_from_the_commonest_length_is_blamed_also_where_it_is_the_first(first, length):
    got = f"{length} numbers in row 1 and 2 in row 2".replace("1 numbers", "1 number")
    with refused("inputs", "the same length", got, "Correct row 1."):
        numbers("inputs", [first, [-1, 3], [0, 2], [4, 1]], 2)


def test_rows_of_two_lengths_in_equal_numbers_are_both_named():
    with refused("inputs", "the same length", "2 numbers in row 1 and 3 in row 2", "Correct row 1 or row 2."):
        numbers("inputs", [[0.5, 4.0], [-1.0, 3.0, 1.0], [1.0, 2.0, 2.0], [0.0, 1.5]], 2)


def test_positive_may_include_zero():
    assert positive("weight decay", 0, "r.", zero=True) == 0.0


@pytest.mark.parametrize("value", [-0.0, np.float32(-0.0)])
def test_minus_zero_is_zero(value):
    assert math.copysign(1, positive("weight decay", value, "r.", zero=True)) == 1.0
    with refused("weight decay", "be a finite number of at least 0", "-1", "0 for none."):
        positive("weight decay", -1, "0 for none.", zero=True)


@pytest.mark.parametrize("value", [1, 7, np.int32(7), np.uint8(200)])
def test_whole_numbers(value):
    assert whole("batch size", value, 1, "r.") == int(value)
    assert type(whole("batch size", value, 1, "r.")) is int


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (0, "0"),
        (np.int64(-3), "-3"),
        (True, "True"),
        (np.True_, "True"),
        (0.5, "0.5"),
        ("two", "'two'"),
        (None, "None"),
    ],
)
def test_whole_refuses(value, got):
    with refused("batch size", "be a whole number of at least 1", got, "Leave it out."):
        whole("batch size", value, 1, "Leave it out.")


@pytest.mark.parametrize(
    ("value", "remedy"),
    [(2.0, "Write 2, without a decimal point or an exponent."), (1e3, "Write 1000, "), (np.float32(7), "Write 7, ")],
)
def test_a_whole_number_written_as_a_fraction_is_told_how_to_write_it(value, remedy):
    with refused("batch size", "be a whole number of at least 1", str(value), remedy):
        whole("batch size", value, 1, "Leave it out.")


def test_a_number_that_is_too_large_is_not_told_to_be_written_in_another_way():
    with refused("batch size", "be a whole number of at least 1", "1e+30", "Leave it out."):
        whole("batch size", 1e30, 1, "Leave it out.")


def test_a_word_may_have_synonyms_that_a_message_proposes():
    with refused("engine", "be one of direct, autograd", "'Torch'", "Did you mean 'autograd'?"):
        choice("engine", "Torch", ("direct", "autograd"), {"torch": "autograd"})


def test_a_seed_makes_numpys_generator():
    assert generator("seed", 5).random() == np.random.default_rng(5).random()
    rng = np.random.default_rng(0)
    assert generator("seed", rng) is rng


@pytest.mark.parametrize(
    ("seed", "got"), [(-1, "-1"), (1.5, "1.5"), (None, "None"), (True, "True"), ("seven", "'seven'")]
)
def test_a_bad_seed(seed, got):
    with refused("seed", "be a whole number of at least 0", got, "numpy.random.Generator"):
        generator("seed", seed)


def test_choice():
    assert choice("engine", "direct", ("direct", "autograd")) == "direct"
    assert type(choice("engine", np.str_("direct"), ("direct", "autograd"))) is str


@pytest.mark.parametrize(
    ("value", "got", "remedy"),
    [
        ("dircet", "'dircet'", "Did you mean 'direct'?"),
        ("gpu", "'gpu'", "Known: direct, autograd."),
        (None, "None", "Known: direct, autograd."),
        (["direct"], "['direct']", "Did you mean 'direct'?"),
        (np.array([1, 2]), "array([1, 2])", "Known"),
    ],
)
def test_choice_refuses(value, got, remedy):
    with refused("engine", "be one of direct, autograd", got, remedy):
        choice("engine", value, ("direct", "autograd"))
