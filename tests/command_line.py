"""The command line as tests use it: problem files, the installed command, and what an error says."""

import os
import subprocess
import sys
from pathlib import Path

QUESTION_1 = """
title = "Three classes in the plane"
[layer]
kind = "softmax"
weights = [[0.88, 0.08, -0.34], [0.68, -0.39, -0.19]]
[data]
inputs = [[0, 4], [-1, 3], [2, 3], [-2, 2], [0, 2], [1, 2], [-1, 2], [-3, 1], [-1, 1],
    [2, 1], [4, 1], [-2, 0], [1, 0], [3, 0], [-3, -1], [-2, -1], [2, -1], [4, -1]]
targets = ["A", "A", "A", "B", "B", "A", "B", "B", "B", "C", "C", "B", "C", "C", "B", "B", "C", "C"]
[descent]
learning_rate = 0.05
epochs = 1500
"""

LINE = """
title = "A line"
[layer]
kind = "linear"
weights = [[0.0]]
[data]
inputs = [[-1], [1]]
targets = [-2, 2]
[descent]
learning_rate = 0.25
epochs = 60
"""

LINNERUD = """
title = "Linnerud"
[layer]
kind = "perceptron"
init = {seed = 0}
[data]
dataset = "linnerud"
standardise = true
scale_targets = true
split = {test = 0.25, seed = 1}
[descent]
learning_rate = 0.01
epochs = 20
"""


def written(folder, text, file="problem.toml"):
    path = folder / file
    path.write_text(text)
    return path


def process(*arguments, module=False, **variables):
    """Run the installed command, as a user does."""
    script = [sys.executable, "-m", "deltarule"] if module else [str(Path(sys.executable).with_name("deltarule"))]
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")} | variables
    return subprocess.run(
        [*script, *map(str, arguments)], capture_output=True, text=True, env=environment, check=False, timeout=60
    )


def one_message(err):
    """What an error says, its lines joined; it must begin with Error and have no traceback."""
    assert "Traceback" not in err
    assert err.startswith("Error:")
    return " ".join(err.split())
