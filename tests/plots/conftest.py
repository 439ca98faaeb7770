"""What tests of plots share."""

import pytest

from deltarule import plots
from deltarule.descent import Descent
from deltarule.training import train
from figures_read import PRINTED
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_LAYER as FIRST
from samples import QUESTION_1_X as X
from sweep_samples import softmax_sweep


@pytest.fixture(scope="session")
def run():
    """A run with classes and a validation set."""
    return train(FIRST, X, LABELS, Descent(0.05, epochs=40), "direct", validation=(X[::2], LABELS[::2]))


@pytest.fixture(scope="session")
def plane():
    return plots.decision_regions(PRINTED, X, LABELS)


@pytest.fixture(scope="session")
def swept():
    return softmax_sweep()
