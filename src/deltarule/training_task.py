"""What is trained on what: a layer, patterns and a descent, given one by one or as a problem."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Protocol, cast, runtime_checkable

from numpy.typing import ArrayLike

from deltarule.checks import instance
from deltarule.conventions import HOUSE, Conventions
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.frames import refuse_stream
from deltarule.layers import Layer, Patterns


@runtime_checkable
class TrainingTask(Protocol):
    """Anything that holds all that training needs, as `deltarule.problem.Problem` does.

    Attributes
    ----------
    layer : the initial layer.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    descent : how to descend.
    test : inputs and targets of the test patterns; None where there are none.
    """

    @property
    def layer(self) -> Layer: ...  # noqa: D102 - see above
    @property
    def X(self) -> Any: ...  # noqa: D102
    @property
    def targets(self) -> Any: ...  # noqa: D102
    @property
    def descent(self) -> Descent: ...  # noqa: D102
    @property
    def test(self) -> tuple[Any, Any] | None: ...  # noqa: D102


class StreamLike(Protocol):
    """What holds patterns that are not in memory, as `deltarule.Stream` does."""

    is_stream: ClassVar[bool]


def is_stream(X: Any) -> bool:
    """Whether X is a `deltarule.Stream`; the room of streams is not loaded for the question."""
    return getattr(type(X), "is_stream", False) is True


class Parts(NamedTuple):
    """A task in parts: `layer`, `X`, `targets`, `descent` and `test` as in `TrainingTask`, and the `conventions` of a problem."""

    layer: Layer
    X: ArrayLike
    targets: Any
    descent: Descent
    test: tuple[ArrayLike, Any] | None
    conventions: Conventions = HOUSE


def task_parts(
    first: Layer | TrainingTask, X: Any, targets: Any, descent: Descent | None, *, streams: bool = False
) -> Parts:
    """The parts of a task, from the arguments of `train` or `iterate`.

    Parameters
    ----------
    first : a problem, which holds all the others, or the initial layer.
    X, targets, descent : with a layer they must be given; with a problem they must be None. A stream as X holds the targets: the
        descent may stand in their place.
    streams : whether a stream is taken; else the rows must be in memory.

    Raises
    ------
    InputError
        If an argument is missing, is given twice, or is of another kind.
    """
    if is_stream(X):
        if not streams:
            refuse_stream("inputs", X)
        if isinstance(first, Layer):
            return _parts_of_stream(first, X, targets, descent)
    others = {"inputs": X, "targets": targets, "descent": descent}
    if not isinstance(first, Layer) and isinstance(first, TrainingTask):  # the first question is the quicker one
        for name, given in others.items():
            if given is not None:
                raise InputError(
                    name, "be left out where a problem is given", type(given).__name__, "The problem holds its own."
                )
        conventions = getattr(first, "conventions", HOUSE)
        return Parts(first.layer, first.X, first.targets, first.descent, first.test, conventions)
    instance("layer", first, Layer, "Make one first, as in SoftmaxLayer.random(inputs=2, classes=['A', 'B']).")
    for name, given in others.items():
        if given is None:
            raise InputError(
                name, "be given with a layer", "none", "Give layer, X, targets and descent, or a problem alone."
            )
    instance("descent", descent, Descent, "Make one first, as in Descent(learning_rate=0.05, epochs=100).")
    return Parts(first, X, targets, cast("Descent", descent), None)


def _parts_of_stream(layer: Layer, stream: Any, targets: Any, descent: Descent | None) -> Parts:
    """The parts of a task where the targets are in a stream."""
    if descent is None and isinstance(targets, Descent):
        targets, descent = None, targets
    if targets is not None:
        got = f"{type(targets).__name__} beside a stream"
        remedy = "The stream holds its own. Write (layer, stream, descent), and all else by name."
        raise InputError("targets", "be left out where a stream is given", got, remedy)
    instance("descent", descent, Descent, "Make one first, as in Descent(learning_rate=0.05, epochs=1).")
    inputs = stream.input_names if layer.input_names is None else None
    variables = stream.variable_names if layer.target_names is None else None
    if inputs is not None or variables is not None:
        layer = layer.with_names(inputs, variables)
    return Parts(layer, stream, None, cast("Descent", descent), None)


def checked_patterns(layer: Layer, X: Any, targets: Any, sample_weight: Any = None) -> Patterns:
    """Patterns to train on, checked against the layer; sparse inputs stay sparse.

    Parameters
    ----------
    layer : the layer that is trained.
    X, targets, sample_weight : as in `Layer.patterns`; X may be a sparse array of scipy, or a stream, which holds its targets.

    Raises
    ------
    InputError
        If they do not fit the layer, or each other.
    """
    if is_stream(X):
        if sample_weight is not None:
            got = "some beside a stream"
            raise InputError("sample weights", "be left out where a stream is given", got, "Each row counts once.")
        return cast("Patterns", X.patterns(layer))
    if hasattr(X, "tocsr"):
        from deltarule.layers.sparse_rows import sparse_rows

        return layer.patterns_of_checked(sparse_rows(layer, X), targets, sample_weight)
    return layer.patterns(X, targets, sample_weight)


def validation_patterns(
    layer: Layer, validation: Any, name: str = "validation set", *, streams: bool = False
) -> Patterns:
    """A validation or test set, checked against the layer. What is wrong with it is said of this set by its name.

    Parameters
    ----------
    layer : the layer that is trained.
    validation : a pair: inputs (V, N), and labels (V,) or rows (V, K); or a stream.
    name : of the set, for messages.
    streams : whether a stream is taken.

    Raises
    ------
    InputError
        If it is not a pair, or does not fit the layer.
    """
    if is_stream(validation):
        if not streams:
            refuse_stream(name, validation)
        return checked_patterns(layer, validation, None)
    try:
        X, targets = validation
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        raise InputError(
            name,
            "be a pair (inputs, targets)",
            type(validation).__name__,
            f"Give {name.split(maxsplit=1)[0]}=(X, targets).",
        ) from None
    if is_stream(X):
        if not streams:
            refuse_stream(f"{name}'s inputs", X)
        got = "a stream with something beside it"
        raise InputError(name, "be a stream alone, which holds its targets", got, "Give validation=stream.")
    try:
        return checked_patterns(layer, X, targets)
    except InputError as error:
        raise InputError(f"{name}'s {error.name}", error.rule, error.got, error.remedy) from None


def check_patience(descent: Descent, layer: Layer, validation: Patterns | None) -> None:
    """Patience needs a validation set, and classes where it looks at the accuracy.

    Parameters
    ----------
    descent : how to descend.
    layer : the layer that is trained.
    validation : the set that is followed; None for none.

    Raises
    ------
    InputError
        If either is missing.
    """
    if descent.patience is None:
        return
    if validation is None:
        raise InputError(
            "patience",
            "go with a validation set",
            "none",
            "Give validation=(X, targets), in a problem file a test set (split = {test = 0.2, seed = 1}), or leave patience out.",
        )
    if descent.monitor == "accuracy" and not layer.has_classes:
        raise InputError(
            "monitor",
            "be the cost where the layer predicts numbers",
            "'accuracy'",
            'Write monitor = "cost", or leave it out.',
        )
