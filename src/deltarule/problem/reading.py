"""`Problem`, from a file or from a document."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, brief, whole
from deltarule.data import Scaling
from deltarule.descent import Descent
from deltarule.errors import InputError, ProblemError
from deltarule.files import nearest_file
from deltarule.layers import KINDS, Layer, Patterns
from deltarule.problem import data_section
from deltarule.problem.initial_layer import starting_layer
from deltarule.problem.keys import KEYS, Section, section, top
from deltarule.typeset.figures import decimals_shown


@dataclass(frozen=True, eq=False)
class Problem:
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
        for attribute in ("kind", "inputs", "neurons", "classes", "activation"):
            required, got = getattr(self.layer, attribute, None), getattr(layer, attribute, None)
            if required != got:
                raise InputError(
                    "layer",
                    f"be like the problem's, whose {attribute} is {required!r}",
                    repr(got),
                    "Give a layer that was trained on this problem.",
                )
        keys = {key: value for key, value in self.document["layer"].items() if key != "init"}
        keys |= {"weights": layer.weights.tolist(), "biases": layer.biases.tolist()}
        return replace(self, layer=layer, init_seed=None, document=self.document | {"layer": keys})

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
        whole("seed", descent.seed, 0, "Give a whole number: a generator has no form in a file.")
        keys = {key: value for key, value in asdict(descent).items() if value is not None}
        return replace(self, descent=descent, document=self.document | {"descent": keys})

    def with_title(self, title: str) -> Problem:
        """The same problem under another title."""
        return replace(self, title=title, document=self.document | {"title": title})


def read_problem(path: str | os.PathLike[str]) -> Problem:
    """The problem of a TOML file.

    Raises
    ------
    ProblemError
        If the file cannot be read, or a key is unknown, missing, or breaks its rule; it names the key and the remedy.

    Examples
    --------
    >>> from importlib import resources
    >>> problem = read_problem(resources.files("deltarule.tutorial") / "problems/question_1.toml")
    >>> problem.layer.classes, round(problem.layer.cost(problem.X, problem.targets), 4)
    (('A', 'B', 'C'), 34.4994)
    """
    path = Path(path)
    return _problem(_load(path), path.parent, path.name, path.stem)


def problem_from(document: Mapping[str, Any], folder: str | os.PathLike[str] = Path()) -> Problem:
    """The problem of a document made in Python: dictionaries where a problem file has tables.

    Parameters
    ----------
    document : as `tomllib` would read it. Arrays and tuples do for lists; a value of None stands for a key left out.
    folder : what the path of a table is relative to.

    Raises
    ------
    ProblemError
        As `read_problem`.

    Examples
    --------
    >>> problem = problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> problem.layer.cost(problem.X, problem.targets)  # 1/2 (2^2 + 4^2)
    10.0
    """
    return _problem(document, Path(folder), "problem", "problem")


def _load(path: Path) -> dict[str, Any]:
    """The TOML of a file."""
    try:
        # utf-8-sig: an editor may have put a byte order mark first, which TOML does not know.
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ProblemError(str(path), f"There is no such file. {nearest_file(path, ['.toml'])}") from None
    except IsADirectoryError:
        raise ProblemError(str(path), "This is a directory. Give the problem file in it.") from None
    except OSError as error:
        raise ProblemError(str(path), f"The file cannot be read: {error.strerror}. Check its permissions.") from None
    except UnicodeDecodeError as error:
        raise ProblemError(
            path.name,
            f"A problem file must be UTF-8 text. Got another byte in place {error.start + 1}. Save it as UTF-8.",
        ) from None
    except (ValueError, RecursionError) as error:
        # Besides TOMLDecodeError: an integer of thousands of digits, and lists nested a thousand deep.
        raise ProblemError(
            path.name, f"A problem file must be TOML. Got: {error}. Text stands in quotation marks, lists in brackets."
        ) from None
    if not document:
        raise ProblemError(path.name, "The file says nothing. Write the tables [layer], [data] and [descent].")
    return document


def _problem(given: Mapping[str, Any], folder: Path, file: str, title: str) -> Problem:
    if not isinstance(given, Mapping):
        raise ProblemError(file, str(InputError("document", "be a dictionary", brief(given), "Give tables by name.")))
    document: dict[str, Any] = _plain(given)
    head = top(file, document)
    document["title"] = head.text("title") if "title" in head else title
    layer_keys, data_keys, descent_keys = (section(file, document, name) for name in ("layer", "data", "descent"))
    decimals = _decimals(section(file, document, "show", optional=True))
    descent = _descent(descent_keys)
    kind = layer_keys.one_of("kind", KINDS)

    table = data_section.read(data_keys, kind, folder)
    targets, classes = data_section.encoded(data_keys, kind, table)
    layer = starting_layer(layer_keys, kind, table.inputs.shape[1], targets, classes)
    with data_section.pointing(data_keys):
        patterns = layer.patterns(table.inputs, targets)
    prepared = data_section.prepare(data_keys, patterns, layer)
    return Problem(
        title=document["title"],
        layer=layer,
        X=prepared.training.X,
        targets=layer.decode(prepared.training.D),
        patterns=prepared.training,
        descent=descent,
        test=None if prepared.test is None else (prepared.test.X, layer.decode(prepared.test.D)),
        input_names=table.input_names,
        target_names=table.target_names,
        decimals=decimals,
        input_scaling=prepared.input_scaling,
        target_scaling=prepared.target_scaling,
        standardised=data_keys.flag("standardise"),
        init_seed=layer_keys.inner("init").get("seed") if "init" in layer_keys else None,
        document=document,
        folder=folder,
    )


def _plain(value: Any) -> Any:
    """A document, or a value in it, as plain Python values of its own, without the keys that are None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _decimals(keys: Section) -> int:
    with keys.pointing("decimals"):
        return decimals_shown(keys.values.get("decimals", 2))


def _descent(keys: Section) -> Descent:
    keys.need("learning_rate")
    keys.need("epochs")
    things = {key.replace("_", " "): key for key in KEYS["descent"]} | {"number of epochs": "epochs"}
    with keys.pointing(things):
        # In a document a seed is a number: a `numpy.random.Generator` could not be written.
        whole("seed", keys.values.get("seed", 0), 0, "Give a whole number.")
        return Descent(**keys.values)
