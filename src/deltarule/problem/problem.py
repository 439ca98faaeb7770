"""`Problem`: what a problem file asks for, ready to train."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from deltarule.checks import Matrix, instance, text, whole
from deltarule.conventions import HOUSE, Conventions
from deltarule.data import Scaling
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns
from deltarule.layers.base import NAMES
from deltarule.problem.marking_section import Marking
from deltarule.typeset.words import counted
from deltarule.views import Shown


@dataclass(frozen=True, eq=False)
class Problem(Shown):
    """A problem file, read and checked, ready to train.

    Attributes
    ----------
    title : what the problem is called.
    layer : the initial layer.
    X : (P, N) inputs of the training patterns, scaled as the file asks for.
    targets : of the training patterns: labels (P,), or numbers (P, K) scaled as the file asks for.
    patterns : the training patterns as the formulas take them: X, desired outputs D (P, K), and a weight of 1 each.
    descent : learning rate, epochs and the rest.
    test : inputs and targets of the test patterns, scaled like the training patterns; None without a split.
    input_names : (N,) names of the input columns.
    target_names : (K,) names of the target columns; one name where the targets are labels.
    decimals : decimals of the figures shown.
    input_scaling, target_scaling : how inputs and targets were scaled, from the training patterns; None: as they were.
    standardised : whether the inputs were standardised; centred inputs have an `input_scaling`, but are not standardised.
    init_seed : the seed by which the initial layer was drawn; None where the file gives the weights.
    document : the problem file as plain Python values.
    folder : the folder to which the path of a table is relative.
    marking : what is asked for, and what it is worth; None where the file does not say.
    remarks : what the reader of the file should be told, as of labels that are read as one; sentences without full stops.
    conventions : how delta, weights and biases are written in the file, in worked steps and in answers. All attributes here are
        in the house's own conventions.
    """

    title: str
    layer: Layer
    X: Matrix
    targets: NDArray[Any]
    patterns: Patterns
    descent: Descent
    test: tuple[Matrix, NDArray[Any]] | None
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    decimals: int
    input_scaling: Scaling | None
    target_scaling: Scaling | None
    standardised: bool
    init_seed: int | None
    document: dict[str, Any]
    folder: Path = Path()
    marking: Marking | None = None
    remarks: tuple[str, ...] = ()
    conventions: Conventions = HOUSE

    def with_layer(self, layer: Layer) -> Problem:
        """The same problem with another initial layer, given by its weights and biases.

        Parameters
        ----------
        layer : of the problem's kind, shape, classes and activation.

        Raises
        ------
        InputError
            If the layer does not fit the problem.
        """
        instance("layer", layer, Layer, "Give a layer that was trained on this problem.")
        for attribute in ("kind", "inputs", "neurons", *self.layer.own_fields(), "input_names", "target_names"):
            required, got = getattr(self.layer, attribute), getattr(layer, attribute)
            if required != got and not (attribute in NAMES and None in (required, got)):
                raise InputError(
                    "layer",
                    f"be like the problem's, whose {attribute} is {required!r}",
                    repr(got),
                    "Give a layer that was trained on this problem.",
                )
        written = _written(self.document["layer"], layer, self.conventions)
        return replace(self, layer=layer, init_seed=None, document=self.document | {"layer": written})

    def with_conventions(self, conventions: Conventions) -> Problem:
        """The same problem, written in other conventions.

        Parameters
        ----------
        conventions : how delta, weights and biases are written.

        Examples
        --------
        >>> from deltarule.problem import problem_from
        >>> problem = problem_from({
        ...     "layer": {"kind": "linear", "weights": [[1.0], [2.0]], "biases": [0.5]},
        ...     "data": {"inputs": [[1, 0], [2, 1]], "targets": [2, 4]},
        ...     "descent": {"learning_rate": 0.1, "epochs": 10},
        ... })
        >>> problem.with_conventions(Conventions(biases="first column")).to_dict()["layer"]
        {'kind': 'linear', 'weights': [[0.5], [1.0], [2.0]]}
        """
        instance("conventions", conventions, Conventions, "Make some: Conventions(delta='D - Y').")
        document = {name: keys for name, keys in self.document.items() if name != "conventions"}
        conventions = conventions.of_layer(self.layer)
        if conventions != HOUSE.of_layer(self.layer):
            document["conventions"] = conventions.to_dict()
        if "weights" in document["layer"]:
            document["layer"] = _written(document["layer"], self.layer, conventions)
        return replace(self, conventions=conventions, document=document)

    def with_descent(self, descent: Descent) -> Problem:
        """The same problem with another descent.

        Parameters
        ----------
        descent : its seed must be a whole number, since a generator has no form in a file.

        Raises
        ------
        InputError
            If the seed is a generator.
        """
        instance("descent", descent, Descent, "Give a deltarule.Descent.")
        whole("seed", descent.seed, 0, "Give a whole number: a generator has no form in a file.")
        plain = Descent(descent.learning_rate, descent.epochs).to_dict()
        needed = ("learning_rate", "epochs")
        keys = {key: value for key, value in descent.to_dict().items() if key in needed or value != plain[key]}
        return replace(self, descent=descent, document=self.document | {"descent": keys})

    def with_title(self, title: str) -> Problem:
        """The same problem under another title."""
        title = text("title", title)
        return replace(self, title=title, document=self.document | {"title": title})

    def to_dict(self) -> dict[str, Any]:
        """The problem file as plain Python values of its own: `problem_from` makes the same problem of it."""
        return copy.deepcopy(self.document)

    def __repr__(self) -> str:
        sizes = counted(len(self.X), "training pattern")
        if self.test is not None:
            sizes += f", {counted(len(self.test[0]), 'test pattern')}"
        return (
            f"Problem({self.title!r}, {self.layer.kind} layer of {self.layer.inputs} x {self.layer.neurons}, {sizes})"
        )


def _written(keys: Mapping[str, Any], layer: Layer, conventions: Conventions) -> dict[str, Any]:
    """The keys of [layer] with the weights and biases of a layer, as the conventions write them."""
    kept = {key: value for key, value in keys.items() if key not in ("init", "weights", "biases")}
    written = conventions.of_layer(layer).written({"weights": layer.weights, "biases": layer.biases})
    none = {} if layer.has_biases else {"biases": False}
    return kept | {key: value.tolist() for key, value in written.items()} | none
