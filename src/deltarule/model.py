"""`Model`: a layer with all that is needed to use it on new data, and to go on training."""

from __future__ import annotations

import platform
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, instance, numbers, table
from deltarule.data import Scaling
from deltarule.errors import InputError
from deltarule.exact_fit import ExactFit
from deltarule.frames import distinct_names, is_frame, places, places_of_names
from deltarule.layers import Layer, LogisticLayer, SoftmaxLayer, kind_name
from deltarule.streams import Stream
from deltarule.tables.encoding import Encoding
from deltarule.tables.sources import Source, source_of_frame
from deltarule.training import Run
from deltarule.typeset.words import counted
from deltarule.version import VERSION
from deltarule.views import Shown


def versions() -> dict[str, str]:
    """The versions of what computes here, by name."""
    return {"deltarule": VERSION, "numpy": np.__version__, "python": platform.python_version()}


@dataclass(frozen=True, eq=False, repr=False)
class Model(Shown):
    """A layer, how data become its inputs, and how it was trained.

    A `Run` alone could not be used on new data: it does not know the columns of the table, the levels of categories, or the scaling
    that its inputs had. So this record is what is saved, and what a file gives back; its `run` is the `Run`, from which training
    goes on: `train(model.layer, model.inputs_of(table), labels, model.run.descent)`. Velocities of a momentum begin at 0 then.

    Parameters
    ----------
    layer : the layer. Its inputs are encoded and scaled.
    run : how it was trained; None: that is not known.
    encoding : how the columns of a table become inputs; None: inputs are numbers (P, N).
    input_scaling : of the encoded inputs; None: they are taken as they are.
    target_scaling : by which the targets were scaled; it is undone in what is predicted. None: they were not.
    target_names : of the column of labels, or of the (K,) columns of numbers; None: they are not known.
    versions : of the programs that made it, by name.
    exact : the certificate of a layer that stands at the minimum of its cost, found without a descent; None: it was trained.

    Examples
    --------
    >>> from deltarule import LogisticLayer
    >>> from deltarule.data import Scaling
    >>> layer = LogisticLayer([[1.0]], [0.0], classes=["no", "yes"])
    >>> model = Model(layer, input_scaling=Scaling([10.0], [0.5]))
    >>> model.predict([[12.0], [7.0]]).tolist(), model.probabilities([[10.0]]).tolist()
    (['yes', 'no'], [[0.5, 0.5]])
    """

    layer: Layer
    run: Run | None = None
    encoding: Encoding | None = None
    input_scaling: Scaling | None = None
    target_scaling: Scaling | None = None
    target_names: tuple[Hashable, ...] | None = None
    versions: Mapping[str, str] = field(default_factory=versions)
    exact: ExactFit | None = None

    def __post_init__(self) -> None:
        instance("layer of a model", self.layer, Layer, "Give a layer.")
        kinds = {
            "run": Run,
            "encoding": Encoding,
            "input_scaling": Scaling,
            "target_scaling": Scaling,
            "exact": ExactFit,
        }
        for name, kind in kinds.items():
            if getattr(self, name) is not None:
                instance(f"{name} of a model", getattr(self, name), kind, f"Give a {kind.__name__}, or None.")
        sizes = {
            "encoding": (self.encoding.inputs if self.encoding else None, self.layer.inputs, "inputs"),
            "input_scaling": (
                len(self.input_scaling.shift) if self.input_scaling else None,
                self.layer.inputs,
                "inputs",
            ),
            "target_scaling": (
                len(self.target_scaling.shift) if self.target_scaling else None,
                self.layer.neurons,
                "neurons",
            ),
        }
        for name, (size, required, what) in sizes.items():
            if size is not None and size != required:
                raise InputError(
                    f"{name} of a model", f"fit the layer's {required} {what}", size, "Give that of its data."
                )
        if self.run is not None and self.run.layer.weights.shape != self.layer.weights.shape:
            raise InputError(
                "run of a model", "be that of its layer", repr(self.run.layer), "Give the layer of the run."
            )
        columns = 1 if self.layer.classes is not None else self.layer.neurons
        object.__setattr__(self, "target_names", distinct_names("target names", self.target_names, columns))
        given = table("versions", self.versions, "Leave them out.")
        object.__setattr__(self, "versions", {str(name): str(version) for name, version in given.items()})
        super().__post_init__()

    @classmethod
    def of(cls, given: Model | Run | Layer) -> Self | Model:
        """The model of a run or of a layer; a model as it is.

        Parameters
        ----------
        given : what was trained.

        Raises
        ------
        InputError
            If it is nothing of these.
        """
        if isinstance(given, Model):
            return given
        if isinstance(given, Run):
            return cls(given.layer, given)
        if isinstance(given, Layer):
            return cls(given)
        raise InputError(
            "model", "be a model, a run or a layer", f"a {type(given).__name__}", "Give what train returns."
        )

    @property
    def input_names(self) -> tuple[Hashable, ...] | None:
        """(N,) the names of the layer's inputs; None where they are not known."""
        return self.encoding.input_names if self.encoding is not None else self.layer.input_names

    def inputs_of(self, data: ArrayLike | Source) -> Matrix:
        """The layer's inputs (P, N) of new data: encoded, filled and scaled as those that the layer was trained on.

        Parameters
        ----------
        data : a table or a frame, whose columns are matched by name in any order; or numbers (P, N), one column for each column
            that the model was trained on.

        Raises
        ------
        InputError
            If a column is missing, a cell has no value (and none was asked to be filled), or a category is not known.
        """
        if isinstance(data, Source) or (self.encoding is not None and is_frame(data)):
            source = data if isinstance(data, Source) else source_of_frame("inputs", data)
            return self._encoded(self._encoding_for(source), source)
        X: Any = data
        if self.encoding is not None:
            words = [column.name for column in self.encoding.columns if column.levels is not None]
            if words:
                raise InputError(
                    "inputs", f"be a table or a frame with categories in {words[0]!r}", "numbers", "Give a frame."
                )
        else:
            # By the layer's names first: scaled numbers have none.
            order = places("inputs", data, self.layer.input_names, "the layer's inputs")
            X = data if order is None else numbers("inputs", data, 2)[:, order]
        if self.input_scaling is not None:
            X = self.input_scaling.apply(X)
        return self.layer.check_inputs(X)

    def input_blocks(self, source: Source | Stream) -> Iterator[Matrix]:
        """`inputs_of` a table or a stream, some rows at a time, so that little memory is needed however many there are.

        Parameters
        ----------
        source : the table, or the stream, whose rows are encoded and scaled as the model does it, not as the stream would.

        Raises
        ------
        InputError
            As `inputs_of`; where what is wrong stands in later rows, after earlier ones were given.
        """
        if isinstance(source, Stream):
            order = None if source.columns else self._order_of(source.input_names)
            return (self._inputs_of_piece(piece, order) for piece in source.pieces())
        instance("table", source, Source, "Give what deltarule.tables.sources.source_of gives.")
        encoding = self._encoding_for(source)
        encoding.check_columns(source)
        return encoding.in_blocks(source, lambda block: self._encoded(encoding, block))

    def _order_of(self, names: Sequence[Hashable] | None) -> NDArray[np.intp] | None:
        """The places of the columns that the model takes among those of frames; None where they are as it takes them."""
        encoding = self.encoding
        known = self.layer.input_names if encoding is None else tuple(column.name for column in encoding.columns)
        return None if names is None or known is None else places_of_names("inputs", names, known, "the layer's inputs")

    def _inputs_of_piece(self, piece: Any, order: NDArray[np.intp] | None) -> Matrix:
        """The inputs of some rows of a stream."""
        if isinstance(piece, Source):
            return self._encoded(self._encoding_for(piece), piece)
        return self.inputs_of(piece if order is None else piece[:, order])

    def _encoded(self, encoding: Encoding, source: Source) -> Matrix:
        scaled = None if self.input_scaling is None else self.input_scaling.apply_in_place
        X = encoding.apply(source, scaled, self.layer.dtype)
        encoding.check_finite(X, source, scaled=scaled is not None)
        return self.layer.check_inputs(X)

    def _encoding_for(self, source: Source) -> Encoding:
        """How a table becomes inputs; of a layer without an encoding the columns of its names are numbers."""
        from deltarule.tables.encoding import InputColumn

        if self.encoding is not None:
            return self.encoding

        names = self.layer.input_names
        if names is None:
            names = tuple(name for name in source.names if name not in (self.target_names or ()))
            if len(names) != self.layer.inputs:
                raise InputError(
                    "table",
                    f"have {counted(self.layer.inputs, 'column')} of inputs",
                    f"{len(names)} beside the targets",
                    "The model knows no names: give its columns alone, in their order.",
                )
        return Encoding(tuple(InputColumn(str(name)) for name in names))

    def predict(self, data: ArrayLike | Source) -> NDArray[Any]:
        """The prediction for each row: labels (P,), or numbers (P, K) in the targets' own units.

        Parameters
        ----------
        data : as for `inputs_of`.
        """
        found = self.layer.predict(self.inputs_of(data))
        return found if self.target_scaling is None else self.target_scaling.undo(found)

    def output(self, data: ArrayLike | Source) -> Matrix:
        """The outputs Y (P, K) of the layer, as it gives them: scaled as its targets were.

        Parameters
        ----------
        data : as for `inputs_of`.
        """
        return self.layer.output(self.inputs_of(data))

    def probabilities(self, data: ArrayLike | Source) -> Matrix:
        """The probability of each class (P, C), in the order of `layer.classes`; of independent neurons that of yes (P, K).

        Of one neuron for two classes they are 1 - y and y. Where each neuron tells its class from the rest, the outputs are
        divided by their sum, as scikit-learn does.

        Parameters
        ----------
        data : as for `inputs_of`.

        Raises
        ------
        InputError
            If the outputs of the layer are no probabilities.
        """
        return probabilities(self.layer, self.output(data))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: the layer, the run, and how data become inputs."""
        return {
            "layer": self.layer.to_dict(),
            "run": None if self.run is None else self.run.to_dict(),
            "encoding": None if self.encoding is None else self.encoding.to_dict(),
            "input_scaling": None if self.input_scaling is None else self.input_scaling.to_dict(),
            "target_scaling": None if self.target_scaling is None else self.target_scaling.to_dict(),
            "target_names": None if self.target_names is None else [str(name) for name in self.target_names],
            "versions": dict(self.versions),
            "exact": None if self.exact is None else self.exact.to_dict(),
        }

    def __repr__(self) -> str:
        trained = "" if self.run is None else f", {self.run.outcome.epochs} epochs"
        return f"<Model with a {kind_name(self.layer)} layer of {self.layer.inputs} x {self.layer.neurons}{trained}>"


def gives_probabilities(layer: Layer) -> bool:
    """Whether the outputs of a `layer` are probabilities: those of softmax and logistic layers."""
    return isinstance(layer, SoftmaxLayer | LogisticLayer)


def probabilities(layer: Layer, Y: Matrix) -> Matrix:
    """The probability of each class from the outputs of a layer; see `Model.probabilities`.

    Parameters
    ----------
    layer : a softmax or logistic layer.
    Y : (P, K) its outputs.

    Raises
    ------
    InputError
        If its outputs are no probabilities.
    """
    if not gives_probabilities(layer):
        raise InputError(
            "layer", "have probabilities as outputs", f"a {kind_name(layer)} layer", "Softmax and logistic layers have."
        )
    Y = numbers("outputs", Y, 2)
    if isinstance(layer, SoftmaxLayer) or layer.classes is None:
        return Y
    if layer.neurons == 1:
        return np.hstack([1 - Y, Y])
    total = Y.sum(axis=1, keepdims=True)
    # Where no neuron says yes at all, nothing is known.
    return np.where(total > 0, Y / np.where(total > 0, total, 1), 1 / layer.neurons).astype(Y.dtype)
