"""Layers and runs as documents: which epochs of a history are shown."""

import pytest

from deltarule import Descent, train
from deltarule.show.run_document import layer_document, milestones, run_document
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X


@pytest.mark.parametrize("last", [1, 5, 13, 14, 99, 1500, 10_000, 50_000, 10_000_000])
def test_milestones_are_few_distinct_and_hold_both_ends(last):
    epochs = range(last + 1)
    places = milestones(epochs, 13)
    assert places[0] == 0
    assert places[-1] == last
    assert places == sorted(set(places))
    assert min(last + 1, 6) <= len(places) <= 13


def test_milestones_take_what_was_recorded():
    epochs = [*range(0, 1000, 7), 1000]
    chosen = [epochs[place] for place in milestones(epochs, 13)]
    assert chosen[:3] == [0, 7, 14]
    assert chosen[-1] == 1000
    assert milestones([0], 13) == [0]


def test_runs_and_layers_are_documents_too():
    run = train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 20), "direct")
    work = run_document(run)
    history = work.part("history").tables[0]
    assert history.labels == ("0", "1", "2", "5", "10", "20")
    assert history.rows[0] == ("34.4994", "14", "0.2222")
    assert work.part("outcome").remark == str(run.outcome)
    assert str(run.outcome).startswith("After 20 epochs: all epochs done.")
    W, b = layer_document(QUESTION_1_LAYER).part("weights").tables
    assert (W.rows[0], b.rows) == (("0.8800", "0.0800", "-0.3400"), (("0.0000",) * 3,))
