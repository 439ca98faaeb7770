"""What all estimators share: scikit-learn's parameters and attributes, and the way to `train` and `optimum`.

An estimator holds no formula. It checks its input as scikit-learn does, makes a layer, trains it, and keeps it as `layer_`.
"""

from __future__ import annotations

import copy
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from deltarule.analysis.kinds import separates
from deltarule.analysis.near_limit import near_limit
from deltarule.analysis.optimum import Optimum, OptimumOutcome, optimum_of
from deltarule.analysis.path import descending, path_of
from deltarule.checks import Matrix, Vector, brief, choice, truth
from deltarule.curvature import largest_curvature
from deltarule.data import Scaling, split
from deltarule.descent import Descent, Monitor, Order
from deltarule.errors import InputError, SeparableWarning
from deltarule.estimators.plain import is_plain
from deltarule.estimators.translating import translated
from deltarule.estimators.units import of_raw, of_scaled, scaling_of, without_constant
from deltarule.frames import refuse_masked, refuse_stream
from deltarule.layers import Layer, Patterns, Reduction
from deltarule.logs import Log
from deltarule.outcome import Reason
from deltarule.schedules import Schedule
from deltarule.training import Progress, Run, train
from deltarule.training_task import checked_patterns

SOLVERS = ("exact", "descent")
# Epochs without anything better after which early stopping ends a run, where no patience is given: as in scikit-learn.
PATIENCE = 10
# The parameters on which the exact optimum does not depend, and what is said of them.
OF_DESCENT = (
    *("learning_rate", "epochs", "batch_size", "momentum", "nesterov", "schedule", "order", "tolerance"),
    *("early_stopping", "validation_fraction", "patience", "monitor", "min_change", "engine"),
)
LEFT_OUT = "be left out for the exact solver"
NO_DESCENT = 'Leave it out, or give solver="descent": the exact optimum does not depend on it.'
# Of seeds that are drawn.
LARGEST_SEED = 2**31 - 1
FLOATS = (np.float64, np.float32)
# What a `SeparableWarning` says of a descent, and the remedy.
SEPARATED = (
    "The layer reached tells all classes apart, so the cost has no minimum: it falls towards 0 for ever while the weights "
    "grow, and where descent ends is chance."
)
REMEDY = "Give a weight_decay above 0 for a minimum (1.0 is scikit-learn's C=1)."


@dataclass(kw_only=True, eq=False, repr=False)
class LayerEstimator(BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """A layer behind scikit-learn's interface, trained by gradient descent: the parameters are those of `deltarule.Descent`.

    Parameters
    ----------
    weight_decay : L, at least 0: adds L/2 sum W^2 to the cost as it stands.
    decay_biases : whether it adds L/2 sum b^2 too.
    fit_intercept : whether the layer has biases.
    reduction : "sum", "mean" or "half-mean" of the patterns' costs, see `deltarule.layers`.
    standardise : whether the layer is trained on standardised inputs, whose weights then decay; `layer_` is always that of the
        inputs as they are. None: for descent, whose way depends on the units of the inputs, and not for the exact solver.
    learning_rate : of the descent. None: 1 / (a bound on the curvature of the cost), see `deltarule.curvature`, at which
        the cost of full batches falls with each update.
    epochs : at most so many passes over the patterns.
    batch_size : patterns an update; None: all of them.
    momentum, nesterov, schedule, order, tolerance : as in `deltarule.Descent`.
    monitor, min_change : of early stopping, as in `deltarule.Descent`.
    patience : stop once the validation set shows nothing better for so many epochs. None: 10 with early stopping, else never.
    early_stopping : whether to keep the best layer by a validation set: X_val and y_val of `fit`, or else a part of the patterns.
    validation_fraction : the share of the patterns that early stopping sets apart.
    warm_start : whether `fit` goes on from the layer of the last `fit`.
    verbose : True shows a bar of progress; a function is called with the epochs done and the cost.
    random_state : a seed, or a `numpy.random.RandomState`: of the order of the patterns, what is set apart, a drawn first layer.
    engine : "compiled", "direct" or "autograd", see `deltarule.train`.
    """

    weight_decay: float = 0.0
    decay_biases: bool = False
    fit_intercept: bool = True
    reduction: Reduction = "sum"
    standardise: bool | None = None
    learning_rate: float | None = None
    epochs: int = 1000
    batch_size: int | None = None
    momentum: float = 0.0
    nesterov: bool = False
    schedule: str | Mapping[str, Any] | Schedule = "constant"
    order: Order = "shuffled"
    tolerance: float | None = 1e-7
    patience: int | None = None
    monitor: Monitor = "cost"
    min_change: float = 0.0
    early_stopping: bool = False
    validation_fraction: float = 0.1
    warm_start: bool = False
    verbose: Progress = False
    random_state: int | np.random.RandomState | None = None
    engine: str = "compiled"

    # Attributes that one kind of training has and another has not; they go where `fit` is called again.
    FITTED: ClassVar[tuple[str, ...]] = (
        "run_", "optimum_", "scaling_", "n_iter_", "loss_curve_", "validation_curve_", "layer_",
    )  # fmt: skip

    # ---- What a kind of estimator says.

    @abstractmethod
    def _targets(self, y: Any, *, reset: bool) -> Any:
        """The targets of the layer from checked y; with `reset` what they are told apart by is learnt from them."""

    @abstractmethod
    def _new_layer(self, inputs: int, seed: int) -> Layer:
        """The layer to start from."""

    def _weighted(self, y: Any, sample_weight: Any) -> Any:
        """The weights of the patterns, with those of their classes."""
        return sample_weight

    # ---- fit, partial_fit.

    def fit(
        self,
        X: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        log: Log | None = None,
    ) -> Self:
        """Train the layer.

        Parameters
        ----------
        X : (P, N) inputs.
        y : (P,) or (P, K) targets.
        sample_weight : (P,) at least 0: weight k counts as k copies of the pattern.
        X_val, y_val : a validation set, for descent: `validation_curve_` follows it, and early stopping keeps what is best on it.
        log : is told each epoch of a descent while it goes on, see `deltarule.logs`.
        """
        self._fit(X, y, sample_weight, (X_val, y_val), log)
        return self

    def _begun(self, X: Any, y: Any, sample_weight: Any) -> tuple[Any, Any, Any, Layer, int]:
        """Checked inputs, the layer's targets, the weights of the patterns, the layer to start from, and the seed."""
        X, y = self._checked(X, y, reset=True)
        known = getattr(self, "layer_", None) if truth("warm_start", self.warm_start) else None
        if not callable(self.verbose):
            truth("verbose", self.verbose)
        for name in set(self.FITTED) & set(vars(self)):
            delattr(self, name)
        targets = self._targets(y, reset=True)
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        layer = self._new_layer(X.shape[1], seed)
        layer = without_constant(layer, X) if known is None else _continued(known, layer)
        return X, targets, self._weighted(y, sample_weight), layer, seed

    def _first_epoch(self, X: Any, y: Any, sample_weight: Any, reset: bool) -> Self:
        """`partial_fit`: one epoch from the layer there is."""
        X, y = self._checked(X, y, reset=reset)
        targets = self._targets(y, reset=reset)
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        layer = self._new_layer(X.shape[1], seed) if reset else self.layer_
        scaling = getattr(self, "scaling_", None)
        self._train(layer, X, targets, self._weighted(y, sample_weight), None, seed, scaling, epochs=1)
        return self

    def _checked(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, Any]:
        if reset and is_plain(X, y, labels=not self._number_targets()):
            self.n_features_in_ = X.shape[1]
            if hasattr(self, "feature_names_in_"):
                del self.feature_names_in_
            return X, y
        refuse_stream("inputs", X)
        refuse_stream("targets", y)
        refuse_masked("inputs", X)
        refuse_masked("targets", y)
        options = {"dtype": FLOATS, "accept_sparse": "csr", "multi_output": self._many_targets()}
        return validate_data(self, X, y, reset=reset, y_numeric=self._number_targets(), **options)  # type: ignore[no-any-return]

    def _refuse_standardise(self) -> None:
        """Sparse inputs cannot be standardised."""
        if self._standardises(usual=False):
            remedy = "Leave it out, or scale the columns in a pipeline, by MaxAbsScaler."
            raise InputError("standardise", "be left out for sparse inputs, which it would fill", "True", remedy)

    def _standardises(self, *, usual: bool) -> bool:
        return usual if self.standardise is None else truth("standardise", self.standardise)

    def _many_targets(self) -> bool:
        return False

    def _number_targets(self) -> bool:
        return False

    def _validation(self, X_val: Any, y_val: Any) -> tuple[Any, Any] | None:
        if X_val is None and y_val is None:
            return None
        if X_val is None or y_val is None:
            got = "X_val alone" if y_val is None else "y_val alone"
            raise InputError("validation set", "have inputs and targets", got, "Give both X_val and y_val.")
        try:
            X, y = self._checked(X_val, y_val, reset=False)
            return X, self._targets(y, reset=False)
        except InputError as error:
            raise InputError(f"validation set's {error.name}", error.rule, error.got, error.remedy) from None
        except ValueError as error:  # of scikit-learn's checks
            remedy = "Give the columns and the kind of targets of fit."
            raise InputError("validation set", "be like the training set", error, remedy) from None

    # ---- Descent.

    def _fit(self, X: Any, y: Any, sample_weight: Any, validation: tuple[Any, Any], log: Log | None = None) -> None:
        X, targets, v, layer, seed = self._begun(X, y, sample_weight)
        followed = self._validation(*validation)
        early = truth("early_stopping", self.early_stopping)
        if early and followed is None:
            kept, apart = self._set_apart(X.shape[0], seed, targets)
            followed = X[apart], targets[apart]
            X, targets, v = X[kept], targets[kept], None if v is None else np.asarray(v)[kept]
        if self.patience is not None and followed is None:
            remedy = "Give early_stopping=True, or X_val and y_val to fit."
            raise InputError("patience", "go with a validation set", "none", remedy)
        patience = PATIENCE if early and self.patience is None else self.patience
        if patience is None:
            self._refuse_given(
                ("monitor", "min_change"), "go with early stopping", "Leave it out, or give early_stopping=True."
            )
        if not early:
            rule, remedy = "go with early stopping", "Leave it out, or give early_stopping=True."
            self._refuse_given(("validation_fraction",), rule, remedy)
        if issparse(X):
            self._refuse_standardise()
        wanted = not issparse(X) and self._standardises(usual=True)
        scaling = self._scaling(X, v, layer, wanted=wanted)
        run = self._train(layer, X, targets, v, followed, seed, scaling, epochs=self.epochs, patience=patience, log=log)
        reason = run.outcome.reason
        ended = reason is not Reason.COST_NOT_FINITE and patience is None
        if ended and self.weight_decay == 0 and separates(self.layer_, checked_patterns(self.layer_, X, targets, v)):
            warnings.warn(f"{SEPARATED} {REMEDY}", SeparableWarning, stacklevel=3)
        elif ended and reason is Reason.EPOCHS_DONE and layer.learns_from_errors:
            warnings.warn(str(run.outcome), ConvergenceWarning, stacklevel=3)
        elif ended and reason is Reason.EPOCHS_DONE and self.tolerance is not None:
            warnings.warn(f"{run.outcome} Give more epochs, or a larger tolerance.", ConvergenceWarning, stacklevel=3)
        elif reason is Reason.COST_NOT_FINITE:
            warnings.warn(str(run.outcome), ConvergenceWarning, stacklevel=3)

    def _refuse_given(self, names: tuple[str, ...], rule: str, remedy: str) -> None:
        """An `InputError` where one of these parameters is not what it is when nobody gives it, since it would do nothing."""
        for name in names:
            value = getattr(self, name)
            if not _equal(value, getattr(type(self), name)):
                raise InputError(name, rule, brief(value), remedy)

    def _set_apart(self, count: int, seed: int, targets: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The places of the patterns that are trained on, and of those that are set apart."""
        return split(count, self.validation_fraction, seed)

    def _train(
        self, layer: Layer, X: Any, targets: Any, v: Any, validation: Any, seed: int, scaling: Scaling | None,
        *, epochs: int, patience: int | None = None, log: Log | None = None,
    ) -> Run:  # fmt: skip
        if scaling is not None:
            if issparse(X):
                remedy = "Fit with sparse inputs, or give dense ones."
                raise InputError("inputs", "be dense, as those of fit, which were standardised", "sparse ones", remedy)
            layer, X = of_scaled(layer, scaling), scaling.apply(X).astype(X.dtype)
            validation = None if validation is None else (scaling.apply(validation[0]).astype(X.dtype), validation[1])
        layer = layer.astype(X.dtype)
        descent = self._with_rate(self._descent(epochs, patience, seed), layer, X, targets, v)
        run = train(
            layer, X, targets, descent, self.engine, validation=validation, sample_weight=v,
            progress=self.verbose, on_interrupt="raise", log=log,
        )  # fmt: skip
        self.run_, self.n_iter_ = run, run.outcome.epochs
        self.loss_curve_, self.validation_curve_ = run.history.cost, run.history.validation_cost
        self._keep(run.layer, scaling)
        return run

    def _descent(self, epochs: int, patience: int | None, seed: int = 0) -> Descent:
        """The descent that is asked for, with a learning rate of 1 where none is given."""
        return Descent(
            1.0 if self.learning_rate is None else self.learning_rate, epochs, self.batch_size, self.reduction, self.weight_decay,
            self.tolerance, seed, self.order, decay_biases=self.decay_biases, momentum=self.momentum, nesterov=self.nesterov,
            schedule=self.schedule, patience=patience, monitor=self.monitor if patience is not None else "cost",  # type: ignore[arg-type]
            min_change=self.min_change if patience is not None else 0.0,
        )  # fmt: skip

    def _with_rate(self, descent: Descent, layer: Layer, X: Any, targets: Any, v: Any) -> Descent:
        if self.learning_rate is not None:
            return descent
        bound = largest_curvature(layer, checked_patterns(layer, X, targets, v), descent)
        if bound is None:
            remedy = "Give a learning_rate, or inputs in another unit."
            raise InputError("learning rate", "be given where no bound on the curvature is known", "None", remedy)
        return replace(descent, learning_rate=1 / bound if bound > 0 else 1.0)

    # ---- What is kept, and predicted from.

    def _scaling(self, X: Any, v: Any, layer: Layer, *, wanted: bool) -> Scaling | None:
        return scaling_of(X, v, has_biases=layer.has_biases) if wanted else None

    def _keep(self, layer: Layer, scaling: Scaling | None) -> None:
        if scaling is not None:
            self.scaling_ = scaling
            layer = of_raw(layer, scaling)
        names = getattr(self, "feature_names_in_", None)
        self.layer_ = layer if names is None else layer.with_names(names.tolist())

    def _synaptic_input(self, X: Any) -> Matrix:
        check_is_fitted(self, "layer_")
        refuse_stream("inputs", X)
        refuse_masked("inputs", X)
        X = validate_data(self, X, reset=False, dtype=FLOATS, accept_sparse="csr")
        if issparse(X):
            return self.layer_.unchecked_synaptic_input(_rows(X))
        return self.layer_.synaptic_input(X)

    def _zeros(self, inputs: int, neurons: int) -> tuple[Matrix, Vector | None]:
        return np.zeros((inputs, neurons)), np.zeros(neurons) if truth("fit_intercept", self.fit_intercept) else None

    @property
    def coef_(self) -> Matrix:
        """The weights as scikit-learn has them, (K, N): one neuron a row."""
        return self.layer_.weights.T

    @property
    def intercept_(self) -> Vector:
        """(K,) the biases; zeros where there are none."""
        return self.layer_.biases

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "layer_")


@dataclass(kw_only=True, eq=False, repr=False)
class OptimisedEstimator(LayerEstimator):
    """An estimator whose cost has an optimum: `solver` chooses between it and descent.

    Parameters
    ----------
    solver : "exact": the optimum, which needs no learning rate and does not depend on the units of the inputs. "descent": gradient
        descent with the other parameters, which the exact solver refuses: a search over solvers and learning rates takes a list of
        grids, one for each solver. Both take sparse inputs (CSR, or CSC, which becomes CSR) as they are.
    """

    solver: str = "exact"

    @classmethod
    def from_sklearn_params(cls, estimator: Any) -> Self:
        """An estimator with the cost, and so the optimum, of one of scikit-learn's; docs/other-libraries.md has the table.

        `SoftmaxClassifier` and, of two classes, `LogisticClassifier` are LogisticRegression; `LogisticClassifier` is
        SGDClassifier with the log-loss; `LinearLayerRegressor` is LinearRegression, Ridge, and SGDRegressor.

        Parameters
        ----------
        estimator : that of scikit-learn, fitted or not; what of its parameters does not change the cost is not taken.

        Examples
        --------
        >>> from sklearn.linear_model import LogisticRegression
        >>> from deltarule import SoftmaxClassifier
        >>> SoftmaxClassifier.from_sklearn_params(LogisticRegression(C=0.1)).weight_decay
        10.0
        """
        return cls(**translated(cls.__name__, estimator))

    def fit_path(self, X: Any, y: Any, sample_weight: Any = None, *, weight_decays: Any) -> tuple[Vector, list[Self]]:
        """Fitted copies of this estimator, one for each weight decay, each exact, in one pass as in `deltarule.path`.

        Parameters
        ----------
        X, y, sample_weight : as in `fit`.
        weight_decays : (S,) at least 0, in any order; they stand in place of `weight_decay`.

        Returns
        -------
        (decays, models)
            The decays from the largest to the smallest, and their models.
        """
        return self._path(X, y, sample_weight, weight_decays, certified=True)

    def _path(
        self, X: Any, y: Any, sample_weight: Any, weight_decays: Any, *, certified: bool
    ) -> tuple[Vector, list[Self]]:
        """`fit_path`; where it need not be `certified`, near enough to compare scores."""
        layer, patterns, scaling = self._prepared(X, y, sample_weight)
        decays = descending(weight_decays)
        optima = path_of(layer, patterns, self._cost(weight_decay=float(decays[0])), decays, certified=certified)
        models = []
        for decay, found in zip(decays.tolist(), optima, strict=True):
            model = copy.copy(self)
            model.weight_decay = decay
            model._found(found)  # noqa: SLF001
            model._keep(self._optimal(found, layer, patterns, self._cost(weight_decay=decay)), scaling)  # noqa: SLF001
            models.append(model)
        return decays, models

    def _fit(self, X: Any, y: Any, sample_weight: Any, validation: tuple[Any, Any], log: Log | None = None) -> None:
        if choice("solver", self.solver, SOLVERS) == "descent":
            super()._fit(X, y, sample_weight, validation, log)
            return
        given = {"X_val": validation[0] is not None, "y_val": validation[1] is not None, "log": log is not None}
        for name in (name for name in given if given[name]):
            raise InputError(name, LEFT_OUT, "a value", NO_DESCENT)
        layer, patterns, scaling = self._prepared(X, y, sample_weight)
        descent = self._cost(weight_decay=self.weight_decay)
        self._found(optimum_of(layer, patterns, descent))
        self._keep(self._optimal(self.optimum_, layer, patterns, descent), scaling)

    def _prepared(self, X: Any, y: Any, sample_weight: Any) -> tuple[Layer, Patterns, Scaling | None]:
        """The layer to start from and the patterns, in the units of the scaling if there is one."""
        if choice("solver", self.solver, SOLVERS) == "exact":
            self._refuse_given(OF_DESCENT, LEFT_OUT, NO_DESCENT)
        X, targets, v, layer, _ = self._begun(X, y, sample_weight)
        if issparse(X):
            self._refuse_standardise()
            return layer, layer.patterns_of_checked(_rows(X), targets, v), None
        patterns = layer.patterns_of_checked(X.astype(layer.dtype, copy=False), targets, v)
        scaling = self._scaling(X, v, layer, wanted=self._standardises(usual=False))
        if scaling is not None:
            layer, patterns = of_scaled(layer, scaling), patterns._replace(X=scaling.apply(patterns.X))
        return layer, patterns, scaling

    def _cost(self, weight_decay: float) -> Descent:
        """What of a descent makes the cost."""
        return Descent(
            *(1.0, 1, None, self.reduction, weight_decay),
            decay_biases=truth("decay_biases", self.decay_biases) and weight_decay != 0,
        )

    def _found(self, found: Optimum) -> None:
        self.optimum_, self.loss_curve_ = found, np.array(found.costs)
        self.n_iter_ = max(1, len(found.costs) - 1)  # least squares are solved at once

    def _optimal(self, found: Optimum, layer: Layer, patterns: Patterns, descent: Descent) -> Layer:
        """The layer of an optimum; of none, one near the limit of the cost, with a warning."""
        if found.outcome in (OptimumOutcome.SEPARABLE, OptimumOutcome.QUASI_SEPARABLE, OptimumOutcome.ONE_SIDED):
            warnings.warn(_endless(found), SeparableWarning, stacklevel=4)
            return near_limit(layer, patterns, descent)
        if found.layer is None:
            remedy = "Give them in another unit, or standardise=True."
            raise InputError("inputs", "have an optimum that fits float64", str(found), remedy)
        if not found.attained and not np.isnan(found.gradient_norm):  # which is not known where nearly was enough
            warnings.warn(f"{found} Give a weight_decay above 0, or a larger one.", ConvergenceWarning, stacklevel=4)
        return found.layer


def _equal(value: Any, default: Any) -> bool:
    """Whether a value is the default, which is a number, a truth value, a text or None."""
    return value is default or (np.ndim(value) == 0 and bool(value == default))


def _continued(known: Layer, new: Layer) -> Layer:
    """The layer of the last fit, if it is of the kind of the `new` one."""
    if (known.inputs, known.neurons, known.classes) != (new.inputs, new.neurons, new.classes):
        raise InputError(
            "warm start",
            f"go on with {new!r}",
            f"{known!r} of the last fit",
            "Give warm_start=False, or a new estimator.",
        )
    return known


def _rows(X: Any) -> Any:
    """Sparse inputs as the array by rows that the formulas take; a matrix of scipy has other products."""
    return csr_array(X)


def _endless(found: Optimum) -> str:
    """What a `SeparableWarning` says."""
    certificate = "" if found.separability is None else " optimum_.separability is the certificate."
    return (
        f"{str(found).rstrip('.')}.{certificate} The layer kept is near the limit: outputs are within about 1e-6 of it. "
        f"{REMEDY.rstrip('.')}, or decay_biases=True where a bias runs away."
    )
