"""A problem keeps its patterns, changes without losing its document, and shows itself."""

import numpy as np
import pytest

from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.problem import problem_from, problem_text
from problem_files import changed, document, question


def test_a_problem_keeps_its_patterns_encoded_once():
    problem = problem_from(changed("data", inputs=[[0, 1], [2, 3], [4, 6]], targets=["b", "a", "b"], standardise=True))
    X, D, v = problem.patterns
    assert np.shares_memory(X, problem.X)
    assert D.tolist() == [[0, 1], [1, 0], [0, 1]]  # one-hot, in the order of the classes a, b
    assert v.tolist() == [1, 1, 1]
    expected = problem.layer.patterns(problem.X, problem.targets)
    assert all(np.array_equal(one, other) for one, other in zip(problem.patterns, expected, strict=True))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_patterns_of_a_question_are_those_of_its_training_set(number):
    problem = question(number)
    expected = problem.layer.patterns(problem.X, problem.targets)
    assert all(np.array_equal(one, other) for one, other in zip(problem.patterns, expected, strict=True))


def test_a_problem_says_how_its_layer_and_its_inputs_were_made():
    given = problem_from(document())
    assert (given.init_seed, given.standardised) == (None, False)
    drawn = problem_from(document({"kind": "softmax", "init": {"seed": 4}}))
    assert drawn.init_seed == 4
    assert drawn.with_layer(drawn.layer).init_seed is None
    assert problem_from(changed("data", standardise=True)).standardised
    centred = problem_from(changed("data", centre=True))
    assert centred.input_scaling is not None
    assert not centred.standardised


def test_another_title_and_another_descent_are_in_the_document_too():
    problem = problem_from(document())
    descent = Descent(0.1, 7, batch_size=1, weight_decay=0.5)
    other = problem.with_title("Other").with_descent(descent)
    again = problem_from(other.to_dict())
    assert (again.title, again.descent) == ("Other", descent)
    assert (problem.title, problem.descent) == ("Two", Descent(0.5, 3))
    with pytest.raises(InputError, match="seed must be a whole number"):
        problem.with_descent(Descent(0.1, 7, seed=np.random.default_rng(0)))


def test_a_problem_as_plain_values_is_its_own_and_makes_the_same_problem():
    problem = problem_from(document())
    values = problem.to_dict()
    assert problem_text(problem_from(values)) == problem_text(problem)
    values["data"]["inputs"][0][0] = 99
    assert problem.document["data"]["inputs"][0][0] == 0


def test_a_problem_shows_itself_briefly():
    problem = question(3)
    assert repr(problem) == (
        f"Problem({problem.title!r}, softmax layer of 4 x 3, 90 training patterns, 60 test patterns)"
    )
    lines = str(problem).splitlines()
    assert lines[0] == problem.title
    assert "drawn with seed 0" in str(problem)
    assert "sepal_length" in str(problem)
    assert "data: 90 training patterns, 60 test patterns; inputs" in str(problem)
    assert "(centred)" in " ".join(str(problem).split())
    assert "learning rate 0.1" in str(problem)
    assert max(map(len, lines)) <= 80
    assert "(scaled to [0, 1])" in " ".join(str(question(2)).split())


def test_a_problem_shows_itself_in_a_notebook_with_its_title_escaped():
    shown = problem_from(document(title="a < b & c"))._repr_html_()
    assert "<h2>a &lt; b &amp; c</h2>" in shown
    assert "2 training patterns; inputs x1, x2; targets target" in shown
    assert "softmax layer" in shown


def test_the_names_of_many_inputs_are_cut():
    wide = problem_from(
        document({"kind": "linear", "init": {"seed": 0}}, {"inputs": [[0] * 20, [1] * 20], "targets": [1, 2]})
    )
    assert "x8 and 12 more" in " ".join(str(wide).split())
