"""Two small sets of data, shipped as text so that they load without a library of data sets.

The values are those of scikit-learn's `load_iris` and `load_linnerud`, to the last bit (tests compare them).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, choice
from deltarule.views import Shown

# For each name: how many of its first columns are inputs, and the source of the data.
_SETS = {
    "iris": (
        4,
        "R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936) 179-188",
    ),
    "linnerud": (3, "M. Tenenhaus, La régression PLS: théorie et pratique, Technip, Paris (1998)"),
}
NAMES = tuple(_SETS)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(Shown):
    """Patterns with their names.

    Attributes
    ----------
    name : "iris" or "linnerud".
    inputs : (P, N) float64.
    targets : labels (P,), or numbers (P, K).
    input_names : (N,) names of the input columns.
    target_names : (K,) names of the target columns; one name for labels.
    source : the publication of the data.
    """

    name: str
    inputs: Matrix
    targets: NDArray[Any]
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    source: str

    def __repr__(self) -> str:
        return f"<Dataset {self.name!r} of {len(self.inputs)} patterns: inputs {self.input_names}, targets {self.target_names}>"


def load(name: str) -> Dataset:
    """A set of data by its name.

    Parameters
    ----------
    name : "iris" or "linnerud".
        Iris: 150 flowers; inputs are length and width of sepals and petals in cm, targets the species "setosa",
        "versicolor" or "virginica".
        Linnerud: 20 men of a fitness club; inputs are numbers of chin-ups, sit-ups and jumps, targets are weight (pounds),
        waist (inches) and pulse (beats a minute).

    Raises
    ------
    InputError
        If there is no set of that name.

    Examples
    --------
    >>> iris = load("iris")
    >>> iris.inputs.shape, iris.input_names[2], iris.targets[0].item()
    ((150, 4), 'petal_length', 'setosa')
    >>> load("linnerud").targets[0].tolist()
    [191.0, 36.0, 50.0]

    References
    ----------
    Iris: Fisher (1936), as corrected to the paper in R and scikit-learn (the copy at UCI differs in two flowers).
    Linnerud: A. C. Linnerud's data, in Tenenhaus (1998).
    """
    name = choice("data set", name, NAMES)
    count, source = _SETS[name]
    text = (resources.files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    names, *rows = list(csv.reader(text.splitlines()))
    inputs = np.array([row[:count] for row in rows], dtype=np.float64)
    targets: NDArray[Any] = np.array([row[count:] for row in rows])
    targets = targets[:, 0] if name == "iris" else targets.astype(np.float64)
    return Dataset(name, inputs, targets, tuple(names[:count]), tuple(names[count:]), source)
