"""Linear layers: linear regression, and with classes Adaline."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from deltarule import labels
from deltarule.checks import Matrix, Seed, brief
from deltarule.errors import InputError
from deltarule.layers.answers import AnsweringLayer
from deltarule.layers.numbers import NumberLayer


@dataclass(frozen=True, eq=False, repr=False)
class LinearLayer(NumberLayer):
    """Y = U: linear regression by gradient descent. Targets: (P, K) numbers.

    Parameters
    ----------
    classes : labels to tell apart, which make an `AdalineLayer`. None: the layer predicts numbers.

    Examples
    --------
    >>> LinearLayer([[2.0], [1.0]], [0.5]).predict([[1.0, 3.0]])
    array([[5.5]])
    >>> LinearLayer([[2.0], [1.0]], [0.5], classes=["no", "yes"]).predict([[1.0, 3.0]]).tolist()
    ['yes']
    """

    classes: InitVar[Iterable[Any] | None] = None

    kind: ClassVar[str] = "linear"

    def __new__(cls, *given: Any, **named: Any) -> Self:
        """An `AdalineLayer` where there are classes."""
        classes = named.get("classes", given[2] if len(given) > 2 else None)
        return object.__new__(AdalineLayer if cls is LinearLayer and classes is not None else cls)  # type: ignore[return-value]

    def __post_init__(self, classes: Iterable[Any] | None = None) -> None:  # noqa: RUF033 - called by hand too
        super().__post_init__()
        if classes is not None:
            name = type(self).__name__
            raise InputError(
                "classes", f"be left out for a {name}", brief(classes), "Derive it from AdalineLayer to have classes."
            )

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; with classes it is an `AdalineLayer`."""
        if cls is LinearLayer and classes is not None:
            return AdalineLayer.for_targets(inputs, targets, classes=classes, seed=seed, **options)  # type: ignore[return-value]
        return super().for_targets(inputs, targets, classes=classes, seed=seed, **options)

    def activate(self, U: Matrix) -> Matrix:
        """Y = U."""
        return U

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(u) = 1."""
        return np.ones_like(Y)

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = 0."""
        return np.zeros_like(U)


@dataclass(frozen=True, eq=False, repr=False)
class AdalineLayer(AnsweringLayer, LinearLayer):
    """Y = U, with classes: the squared error is descended as by a `LinearLayer`, and the prediction is thresholded.

    One neuron has two classes, with desired outputs -1 and 1, and predicts the second where y >= 0. Otherwise there is one neuron
    a class; the desired outputs are one-hot rows, and the largest output decides.

    Parameters
    ----------
    classes : the labels that the neurons tell apart.

    References
    ----------
    Widrow and Hoff, "Adaptive switching circuits", IRE WESCON Convention Record 4 (1960): the adaptive linear neuron.

    Examples
    --------
    >>> layer = AdalineLayer([[1.0]], [0.0], classes=["no", "yes"])
    >>> layer.predict([[0.5], [-2.0]]).tolist(), layer.cost([[0.5], [-2.0]], ["yes", "no"])  # 1/2 (0.5^2 + 1^2)
    (['yes', 'no'], 0.625)
    """

    classes: tuple[labels.Label, ...] = field()

    yes_at_threshold: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.classes is None:
            raise InputError("classes", "be given for an Adaline", "none", 'Give them, as in classes=["no", "yes"].')
        super().__post_init__()

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; classes of None are those of the labels."""
        classes = labels.sorted_classes(targets) if classes is None else classes
        return super().for_targets(inputs, targets, classes=classes, seed=seed, **options)

    @property
    def threshold(self) -> float:
        """0, since y = u."""
        return 0.0

    @property
    def answers(self) -> tuple[float, float]:
        """-1 and 1 of one neuron, 0 and 1 of several."""
        return (-1.0, 1.0) if self.neurons == 1 else (0.0, 1.0)


LinearLayer.__new__.__signature__ = inspect.signature(LinearLayer.__init__)  # type: ignore[attr-defined]
