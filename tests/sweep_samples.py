"""Sweeps that several tests use."""

from deltarule import LinearLayer, sweep
from samples import sample

SOFTMAX = sample("softmax", patterns=30)
# Its patterns are the validation set.
SECOND = sample("softmax", patterns=12, seed=5)
TEST = sample("softmax", patterns=9, seed=6)
VALIDATION = (SECOND.X, SECOND.targets)
# Two points, so that the full batch diverges above a learning rate of 1: X^T X = 2, and 2 for the bias.
LINE = {"layer": LinearLayer([[0.0]], [0.0]), "X": [[-1.0], [1.0]], "targets": [[-2.0], [2.0]]}


def softmax_sweep(**options):
    """24 models on overlapping classes, with a validation set."""
    given = {
        "learning_rate": [0.01, 0.3],
        "batch_size": [4, None],
        "weight_decay": [0, 0.1, 1],
        "seed": range(2),
        "epochs": 15,
        "reduction": "mean",
        "validation": VALIDATION,
    }
    return sweep("softmax", SOFTMAX.X, SOFTMAX.targets, **(given | options))


def interrupt_at(share):
    """A progress that stands for Ctrl-C."""

    def progress(done, _ended):
        if done >= share:
            raise KeyboardInterrupt

    return progress
