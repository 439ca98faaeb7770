"""[conventions]: a file is written in one hand, and means the same layer."""

import numpy as np
import pytest

from deltarule import LinearLayer
from deltarule.conventions import Conventions
from deltarule.errors import InputError, ProblemError
from deltarule.problem import problem_from, problem_text, read_problem, write_problem

DATA = {"inputs": [[0, 4], [-1, 3], [2, 2]], "targets": ["A", "B", "C"]}
# Two inputs, three neurons; biases 7, 8, 9.
WRITTEN = {
    ("inputs x neurons", "vector"): ([[1, 2, 3], [4, 5, 6]], [7, 8, 9]),
    ("neurons x inputs", "vector"): ([[1, 4], [2, 5], [3, 6]], [7, 8, 9]),
    ("inputs x neurons", "first column"): ([[7, 8, 9], [1, 2, 3], [4, 5, 6]], None),
    ("inputs x neurons", "last column"): ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], None),
    ("neurons x inputs", "first column"): ([[7, 1, 4], [8, 2, 5], [9, 3, 6]], None),
    ("neurons x inputs", "last column"): ([[1, 4, 7], [2, 5, 8], [3, 6, 9]], None),
}


def problem(weights, biases=None, /, **conventions):
    return problem_from(
        {
            "layer": {"kind": "softmax", "weights": weights, "biases": biases},
            "data": DATA,
            "descent": {"learning_rate": 0.1, "epochs": 5},
            "conventions": conventions,
        }
    )


@pytest.mark.parametrize(("weights", "biases"), WRITTEN)
def test_a_layer_is_the_same_in_whatever_hand_it_is_written(weights, biases, tmp_path):
    found = problem(*WRITTEN[weights, biases], weights=weights, biases=biases)
    assert found.layer.weights.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert found.layer.biases.tolist() == [7, 8, 9]
    write_problem(found, tmp_path / "again.toml")
    again = read_problem(tmp_path / "again.toml")
    assert again.conventions == found.conventions == Conventions(weights=weights, biases=biases)
    np.testing.assert_array_equal(again.layer.weights, found.layer.weights)


@pytest.mark.parametrize(("weights", "biases"), WRITTEN)
def test_a_problem_is_rewritten_in_other_conventions(weights, biases):
    house = problem(*WRITTEN["inputs x neurons", "vector"])
    W, b = WRITTEN[weights, biases]
    found = house.with_conventions(Conventions(weights=weights, biases=biases))
    written = found.to_dict()["layer"]
    assert (written["weights"], written.get("biases")) == (W, b)
    assert found.with_conventions(Conventions()).to_dict()["layer"] == house.to_dict()["layer"]
    np.testing.assert_array_equal(problem_from(found.to_dict()).layer.weights, house.layer.weights)


def test_a_trained_layer_is_written_in_the_conventions_of_the_problem():
    found = problem_from(
        {
            "layer": {"kind": "linear", "weights": [[0, 0, 0]]},
            "data": {"inputs": [[1, 2]], "targets": [1]},
            "descent": {"learning_rate": 0.1, "epochs": 5},
            "conventions": {"weights": "neurons x inputs", "biases": "first column"},
        }
    ).with_layer(LinearLayer([[1.0], [2.0]], [3.0]))
    assert found.to_dict()["layer"] == {"kind": "linear", "weights": [[3.0, 1.0, 2.0]]}
    assert problem_from(found.to_dict()).layer.biases.tolist() == [3.0]


def test_a_layer_that_is_drawn_is_the_same_in_all_conventions():
    document = {
        "layer": {"kind": "softmax", "init": {"seed": 1}},
        "data": DATA,
        "descent": {"learning_rate": 0.1, "epochs": 5},
    }
    turned = problem_from(document | {"conventions": {"weights": "neurons x inputs", "biases": "first column"}})
    np.testing.assert_array_equal(turned.layer.weights, problem_from(document).layer.weights)
    assert "weights" not in turned.with_conventions(Conventions(delta="D - Y")).to_dict()["layer"]


@pytest.mark.parametrize(
    ("weights", "conventions", "said"),
    [
        (
            [[1, 2, 3], [4, 5, 6]],
            {"weights": "neurons x inputs"},
            (
                "rows, one a neuron (3), and columns, one an input (2), as [conventions] say. Got 2 rows and 3 columns. "
                "They look transposed: swap rows and columns."
            ),
        ),
        (
            [[1, 2, 3], [4, 5, 6]],
            {"biases": "first column"},
            (
                "rows, one an input (2), and one for the biases before them, and columns, one a neuron (3), as [conventions] say. "
                "Got 2 rows and 3 columns. Write them so, or change [conventions]."
            ),
        ),
        (
            [[1, 2, 3]] * 4,
            {"biases": "last column", "weights": "neurons x inputs"},
            (
                "rows, one a neuron (3), and columns, one an input (2), and one for the biases behind them, as [conventions] say. "
                "Got 4 rows and 3 columns. Write them so, or change [conventions]."
            ),
        ),
    ],
)
def test_weights_of_another_shape_are_told_which_conventions_hold(weights, conventions, said):
    with pytest.raises(ProblemError) as error:
        problem(weights, **conventions)
    assert str(error.value) == f"problem, [layer] weights: The weights must have {said}"


def test_biases_beside_weights_that_hold_them_are_refused():
    with pytest.raises(ProblemError) as error:
        problem([[7, 8, 9], [1, 2, 3], [4, 5, 6]], [7, 8, 9], biases="first column")
    assert str(error.value) == (
        'problem, [layer] biases: [conventions] say biases = "first column": the weights hold the biases. Leave this key out.'
    )


def test_a_problem_says_its_conventions_where_they_are_not_the_usual_ones():
    assert "conventions: delta has D - Y, so that it is -dJ/dU" in str(problem([[1, 2, 3], [4, 5, 6]], delta="D - Y"))
    assert "conventions" not in str(problem([[1, 2, 3], [4, 5, 6]], delta="Y - D"))


def test_only_conventions_are_conventions():
    found = problem([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(InputError, match=r"Make some: Conventions\(delta='D - Y'\)"):
        found.with_conventions("D - Y")
    assert "[conventions]" not in problem_text(found.with_conventions(Conventions()))


def test_what_is_asked_for_stays_what_it_is_in_other_conventions():
    house = problem_from(
        {
            "layer": {"kind": "linear", "weights": [[1.0]], "biases": [0.5]},
            "data": {"inputs": [[1], [2]], "targets": [1, 2]},
            "descent": {"learning_rate": 0.1, "epochs": 5},
            "marking": {"asked": ["iteration.1.biases", "iteration.2"], "weights": {"biases": 2}},
        }
    )
    held = problem_from(house.with_conventions(Conventions(biases="first column")).to_dict())
    assert held.marking == house.marking
