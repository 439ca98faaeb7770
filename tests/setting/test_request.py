"""What can be asked for, and what is refused at once."""

from __future__ import annotations

import dataclasses
import inspect
import json

import numpy as np
import pytest

from deltarule.setting import ProblemRequest, new_problem
from deltarule.setting.request import takes_fields_of
from samples import refused


def test_a_request_can_be_changed():
    request = dataclasses.replace(ProblemRequest(patterns=8), patterns=12)
    assert (request.patterns, request.classes) == (12, 3)
    assert dataclasses.replace(ProblemRequest("linear"), inputs=3).neurons == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "sotfmax"}, ("kind of layer", "be one of", "sotfmax", "Did you mean 'softmax'?")),
        (
            {"patterns": 2},
            ("number of patterns", "at least 3, one for each class", "2", "more patterns, or fewer classes"),
        ),
        ({"patterns": 3, "separable": False}, ("number of patterns", "at least 4", "3", "more patterns")),
        ({"patterns": 1}, ("number of patterns", "at least 2", "1", "2 to 100")),
        ({"patterns": 101}, ("number of patterns", "at most 100", "101", "2 to 100")),
        ({"patterns": 2.5}, ("number of patterns", "whole number", "2.5", "2 to 100")),
        ({"inputs": 0}, ("number of inputs", "at least 1", "0", "1 to 20")),
        ({"inputs": 21}, ("number of inputs", "at most 20", "21", "1 to 20")),
        ({"classes": 1}, ("number of classes", "at least 2", "1", "2 to 20")),
        ({"classes": 21, "patterns": 30}, ("number of classes", "at most 20", "21", "2 to 20")),
        ({"inputs": 1, "patterns": 10}, ("number of patterns", "at most 9", "10", "more inputs, or one decimal")),
        (
            {"inputs": 1, "patterns": 42, "one_decimal": True},
            ("number of patterns", "at most 41", "42", "Ask for more inputs."),
        ),
        ({"neurons": 3}, ("number of neurons", "left out for a softmax layer", "3", "classes instead")),
        ({"kind": "linear", "classes": 3}, ("number of classes", "left out for a linear", "3", "neurons instead")),
        (
            {"kind": "perceptron", "separable": False},
            ("request for separable or overlapping classes", "left out", "False", "Leave"),
        ),
        ({"separable": 1}, ("request for separable classes", "be a bool", "1", "True, False or None")),
        ({"one_decimal": "yes"}, ("choice of one decimal", "be a bool", "yes", "True or False")),
        ({"learning_rate": -1}, ("learning rate", "above 0", "-1", "Leave it out")),
        ({"learning_rate": 1}, ("learning rate", "not be 1", "1", "Give another")),
        (
            {"kind": "linear", "neurons": 1, "patterns": 2},
            ("number of patterns", "at least 3 for one neuron", "2", "more patterns or neurons"),
        ),
        ({"epochs": 0}, ("number of epochs", "at least 1", "0", "epoch")),
        ({"decimals": 16}, ("number of decimals", "at most 15", "16", "0 to 15")),
        ({"seed": -1}, ("seed", "at least 0", "-1", "whole number")),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_at_once(options, message):
    with refused(*message):
        new_problem(**options)


def test_a_request_is_plain_values_as_a_dictionary():
    record = ProblemRequest("linear", patterns=4, learning_rate=0.25, seed=7).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert ProblemRequest(**record) == ProblemRequest("linear", patterns=4, learning_rate=0.25, seed=7)
    assert ProblemRequest(seed=np.random.default_rng(1)).to_dict()["seed"] is None


def test_new_problem_takes_the_fields_of_a_request_and_documents_them():
    fields = dataclasses.fields(ProblemRequest)
    parameters = inspect.signature(new_problem).parameters
    assert list(parameters) == [field.name for field in fields]
    for field in fields:
        assert f"    {field.name} : " in new_problem.__doc__
        assert parameters[field.name].default == field.default
    assert new_problem.__doc__.count("Raises") == 1


@pytest.mark.parametrize(
    ("options", "rate"),
    [
        # Curvature c, and the trace P (1 + N m) with m the mean square of an input: 60/9 of whole ones, 1.4 of one decimal.
        ({}, 0.02),  # 2 / (0.5 * 8 * (1 + 2 * 6.667)) = 0.0349
        ({"patterns": 3}, 0.05),  # 2 / (0.5 * 3 * 14.33) = 0.093
        ({"one_decimal": True}, 0.1),  # 2 / (0.5 * 8 * 3.8) = 0.132
        ({"kind": "logistic", "classes": 2}, 0.05),  # 2 / (0.25 * 8 * 14.33) = 0.0698
        ({"kind": "perceptron"}, 0.1),  # 2 / (0.16 * 8 * 14.33) = 0.109
        ({"kind": "linear"}, 0.01),  # 2 / (8 * 14.33) = 0.0174
        # 2 / (0.16 * 3 * 2.4) = 1.74: the largest round rate below 1.
        ({"kind": "perceptron", "patterns": 3, "inputs": 1, "one_decimal": True}, 0.5),
        # A bias changes by a unit with the rate 4 * 0.1 / 8 = 0.05: above the safe 0.02, and below 4 * 0.0349.
        ({"decimals": 1}, 0.05),
        # 4 * 1 / 8 = 0.5 is above 4 * 0.0349: the safe one stays.
        ({"decimals": 0}, 0.02),
        # 4 * 1 / 8 = 0.5 is below 4 * 2 / (0.5 * 8 * 3.8) = 0.526.
        ({"decimals": 0, "one_decimal": True}, 0.5),
        # 4 * 1 / 4 = 1 is above all round rates: the largest, 0.5, is below 4 * 2 / (0.5 * 4 * 3.8) = 1.05.
        ({"decimals": 0, "one_decimal": True, "patterns": 4}, 0.5),
    ],
    ids=str,
)
def test_the_rate_left_out_is_a_round_one_that_suits_the_sizes(options, rate):
    assert ProblemRequest(**options).descent.learning_rate == rate


def test_what_is_left_out_is_as_documented():
    assert ProblemRequest().to_dict() == {
        "kind": "softmax",
        "patterns": 8,
        "inputs": 2,
        "classes": 3,
        "neurons": None,
        "separable": True,
        "one_decimal": False,
        "learning_rate": None,
        "epochs": 1000,
        "decimals": 2,
        "seed": 0,
    }


def test_inputs_are_whole_up_to_4_or_of_one_decimal_up_to_2():
    assert ProblemRequest().values.tolist() == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    values = ProblemRequest(one_decimal=True).values
    assert (values[0], values[-1], len(values)) == (-2, 2, 41)
    np.testing.assert_allclose(np.diff(values), 0.1)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({}, "A softmax layer: 8 patterns, 2 inputs, 3 classes"),
        ({"kind": "logistic", "classes": 2, "inputs": 1}, "A logistic layer: 8 patterns, 1 input, 2 classes"),
        ({"kind": "linear", "neurons": 1, "patterns": 3}, "A linear layer: 3 patterns, 2 inputs, 1 neuron"),
    ],
    ids=str,
)
def test_the_title_has_the_sizes(options, title):
    assert ProblemRequest(**options).title == title


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({"inputs": 1, "patterns": 9}, 9),
        ({"inputs": 1, "patterns": 41, "one_decimal": True}, 41),
        ({"patterns": 3}, 3),
        ({"patterns": 4, "separable": False}, 4),
        ({"patterns": 100, "inputs": 3}, 100),
        ({"inputs": 20}, 8),
        ({"classes": 20, "patterns": 20}, 20),
        ({"kind": "linear", "neurons": 20, "patterns": 2}, 2),
        ({"kind": "linear", "neurons": 1, "patterns": 3}, 3),
        ({"kind": "perceptron", "neurons": 2, "patterns": 2}, 2),
        ({"decimals": 15}, 8),
        ({"epochs": 1}, 8),
    ],
    ids=str,
)
def test_the_smallest_and_the_largest_that_can_be_are_taken(options, count):
    assert ProblemRequest(**options).patterns == count


@dataclasses.dataclass
class Box:
    """A box.

    Parameters
    ----------
    width : in metres.
    height : in metres. None: as the width.

    Raises
    ------
    ValueError
        If a side is below 0.
    """

    width: float
    height: float = 2.0


def test_a_function_of_a_record_can_take_its_fields():
    def area(box: Box) -> float:
        """The area.

        Raises
        ------
        TypeError
            If a side is no number.
        """
        return box.width * box.height

    # Docstrings of modules are indented by four columns.
    area.__doc__ = area.__doc__.replace("\n        ", "\n    ")
    of_fields = takes_fields_of(Box)(area)
    assert of_fields(3.0) == 6
    assert of_fields(3.0, height=5.0) == 15
    parameters = inspect.signature(of_fields).parameters
    assert list(parameters) == ["width", "height"]
    assert parameters["height"].default == 2
    assert inspect.signature(of_fields).return_annotation == "float"
    assert inspect.getdoc(of_fields) == inspect.cleandoc("""The area.

        Parameters
        ----------
        width : in metres.
        height : in metres. None: as the width.

        Raises
        ------
        TypeError
            If a side is no number.
    """)
