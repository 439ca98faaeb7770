"""The right answer as a file: it is read as it was written."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deltarule as dr
from deltarule.errors import InputError
from deltarule.marking import answer_from, answer_text, worked_answer
from problem_files import four_patterns

SOFTMAX = four_patterns()


@pytest.mark.parametrize("columns", [1, 3])
@settings(max_examples=25)
@given(data=st.data(), decimals=st.integers(0, 6), iterations=st.sets(st.integers(1, 5), min_size=1, max_size=3))
def test_a_worked_answer_reads_as_it_was_written(columns, data, decimals, iterations):
    kind = data.draw(st.sampled_from(["softmax", "linear", "perceptron"] if columns == 3 else ["logistic", "linear"]))
    texts = ["a", "b c", 'd"'] if columns == 3 else ["no", "yes"]
    numbers = [[0.1, 0.5, 0.9][:columns]] * 4
    targets = numbers if kind in ("linear", "perceptron") else [*texts, *texts][:4]
    asked = four_patterns(targets, kind, columns)
    document = worked_answer(asked, sorted(iterations), decimals)
    again = tomllib.loads(answer_text(document))
    assert again == document
    answer = answer_from(tomllib.loads(answer_text(document), parse_float=Decimal), asked)
    assert answer.faults == {}
    assert {name.number for name in answer.parts} == iterations
    for name, part in answer.parts.items():
        if not name.is_count:
            assert (part.decimals == decimals).all()


def test_other_tables_are_written_and_read_too():
    document = {
        "decimals": 2,
        "iteration": {"1": {"rows": {"delta": {"2": [0.25, -1.5, 1.25]}}, "errors": 2}},
        "convergence": {"updates": 5, "weights": [[0.5, 1.0, 1.5], [0.0, 0.25, -0.75]]},
        "boundaries": {"A-B": [1.0, -2.0, 0.25]},
        "metrics": {"training_accuracy": 0.75},
    }
    assert tomllib.loads(answer_text(document)) == document


def test_a_worked_answer_is_that_of_an_iteration_and_asks_for_one_there_is():
    worked = dr.iterate(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, SOFTMAX.descent, iteration=2)
    document = worked_answer(SOFTMAX, [2], 4)
    assert list(document["iteration"]) == ["2"]
    np.testing.assert_allclose(document["iteration"]["2"]["delta"], worked.delta, atol=0.50001e-4)
    for number in (0, -1, 1.5):
        with pytest.raises(InputError, match="iteration"):
            worked_answer(SOFTMAX, [number])
