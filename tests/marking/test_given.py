"""An answer shows itself briefly, and as plain values."""

from __future__ import annotations

import json

from by_hand import LINE, SOFTMAX, page
from deltarule.marking import answer_from

ANSWER = answer_from(
    {
        "iteration": {"1": {"rows": {"delta": {"2": [0.1, 0.25, -0.3]}}, "cost": 4.5, "luck": 1}},
        "metrics": {"training_cost": 1},
    },
    SOFTMAX,
)


def test_an_answer_shows_its_parts_and_what_was_not_read():
    text = str(ANSWER)
    assert text.startswith("An answer of 3 parts, with 2 decimals; 1 part could not be read.")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for row in ("iteration 1: cost J 1", "iteration 1: delta 3 of 15", "training cost 1"):
        assert row in lines
    assert any(line.startswith("iteration 1: luck: There is no such part.") for line in lines)
    assert max(map(len, text.splitlines())) <= 80


def test_an_answer_shows_itself_in_a_notebook_with_its_texts_escaped():
    answer = answer_from({"iteration": {"1": {"<b>": 1, "cost": 4}}}, SOFTMAX)
    shown = answer._repr_html_()
    assert "<td>iteration 1: cost J</td><td>1</td>" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_an_answer_has_a_short_repr():
    assert repr(ANSWER) == "Answer(parts=3, faults=1, decimals=2)"
    assert len(repr(answer_from(page(SOFTMAX), SOFTMAX))) < 80


def test_an_answer_as_plain_values():
    document = ANSWER.to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["decimals"], document["counted_from_zero"]) == (2, False)
    parts = {part["part"]: part for part in document["parts"]}
    assert parts["iteration.1.cost"] == {"part": "iteration.1.cost", "values": 4.5, "decimals": 2}
    assert parts["iteration.1.delta"]["values"][:2] == [[None] * 3, [0.1, 0.25, -0.3]]
    assert [fault["part"] for fault in document["faults"]] == ["iteration.1.luck"]


def test_parts_are_found_by_iteration():
    answer = answer_from(
        {"iteration": {"2": {"cost": 1, "biases": [1]}, "1": {"cost": 2}}, "convergence": {"cost": 3}}, LINE
    )
    assert answer.iterations() == [1, 2]
    assert list(answer.of_iterations()) == ["iteration.1.cost", "iteration.2.cost", "iteration.2.biases"]
    assert list(answer.of_iterations([2])) == ["iteration.2.cost", "iteration.2.biases"]
    assert answer.part(2, "cost").values == 1
    assert answer.part(3, "cost") is None
    assert list(answer.with_parts(answer.of_iterations([1])).parts) == ["iteration.1.cost"]
